/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/manifest.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "photogate/limits.h"

enum {
    MAX_FILENAME_BYTES = 255
}; /* NAME_MAX of the file systems in use: no file is named longer */

/* What a cell means. Each of our columns is a row of COLUMNS. */
struct manifest_parse;
typedef void (*take_cell)(struct manifest_parse *p, struct text cell, void *field);

struct column {
    const char *heading;
    take_cell take;
    size_t offset; /* in struct manifest_row; not used by every `take` */
};

enum { COLUMN_BLANK = -1 };

struct manifest_parse {
    struct arena *arena;
    uint32_t line;     /* being fed to libcsv */
    uint32_t row_line; /* in which the row at hand starts */
    bool row_ended;    /* since the line began */
    bool have_heading;
    int columns[MAX_MANIFEST_COLUMNS]; /* index into COLUMNS, or COLUMN_BLANK */
    size_t n_columns;
    size_t n_cells;                             /* of the row at hand */
    bool any_text;                              /* a cell of the row at hand is not blank */
    struct text headings[MAX_MANIFEST_COLUMNS]; /* until the heading row is whole; in the arena */
    struct manifest_row row;
    struct buffer rows; /* struct manifest_row */
    enum status status;
    struct err *err;
};

#define SAID(member) offsetof(struct manifest_row, said.member)

static void take_filename(struct manifest_parse *p, struct text cell, void *field);
static void take_people(struct manifest_parse *p, struct text cell, void *field);
static void take_text(struct manifest_parse *p, struct text cell, void *field);
static void take_count(struct manifest_parse *p, struct text cell, void *field);
static void take_known(struct manifest_parse *p, struct text cell, void *field);

static const struct column COLUMNS[] = {
    {"filename", take_filename, offsetof(struct manifest_row, filename)},
    {"people", take_people, 0},
    {"caption", take_text, SAID(caption)},
    {"event", take_text, SAID(event)},
    {"taken_on", take_text, SAID(taken_on)},
    {"people_count", take_count, 0},
    {"no_pupils_identifiable", take_known, SAID(no_pupils_identifiable)},
    {"photographer", take_text, SAID(photographer)},
    {"credit", take_text, SAID(credit)},
};

enum { N_COLUMNS = sizeof COLUMNS / sizeof COLUMNS[0] };

static void fail(struct manifest_parse *p, enum status status, const char *words)
{
    if (p->status == STATUS_OK) {
        p->status = err_set(p->err, status, "row %u: %s", (unsigned)p->row_line, words);
    }
}

/* The arena gave nothing: the manifest holds more than its reader may keep, or the machine has no memory left. The first is the
 * manifest's fault and holds its photos, the second stops the batch. */
static void fail_room(struct manifest_parse *p, size_t wanted)
{
    bool full = wanted > (p->arena->max_bytes - p->arena->used_bytes) / 2;
    fail(p, full ? STATUS_LIMIT : STATUS_NOMEM, full ? "too much text in all" : "out of memory");
}

/* The first trouble of a row stays. `words` is a literal. */
static void trouble(struct manifest_row *row, const char *words)
{
    if (row->trouble.n == 0) {
        row->trouble = text_of(words);
    }
}

/* Unicode Normalization Form C of a file's name, so that a name typed on one system finds the file written by another (macOS
 * decomposes accents). Without room for it or not UTF-8: the name as it is, compared bytewise. UAX #15. Pure. */
static struct text name_nfc(struct text name, char *out, size_t room, enum status *status)
{
    enum { UNITS = 4 * MAX_FILENAME_BYTES };
    UChar wide[UNITS], composed[UNITS];
    int32_t n = 0;
    UErrorCode code = U_ZERO_ERROR;
    *status = STATUS_OK;
    if (name.n == 0 || name.n > MAX_FILENAME_BYTES || !text_is_utf8(name)) {
        return name;
    }
    (void)u_strFromUTF8(wide, UNITS, &n, name.at, (int32_t)name.n, &code);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    n = unorm2_normalize(nfc, wide, n, composed, UNITS, &code);
    (void)u_strToUTF8(out, (int32_t)room, &n, composed, n, &code);
    if (U_FAILURE(code)) {
        *status = STATUS_LIBRARY;
        return name;
    }
    return (struct text){out, (size_t)n};
}

enum { NFC_ROOM = 4 * MAX_FILENAME_BYTES };

static void take_filename(struct manifest_parse *p, struct text cell, void *field)
{
    char composed[NFC_ROOM];
    enum status st;
    if (cell.n == 0) {
        return;
    }
    if (memchr(cell.at, '/', cell.n) || memchr(cell.at, '\\', cell.n)) {
        fail(p, STATUS_FORMAT,
             "the file is in another folder: give that folder a photos.csv of its own");
        return;
    }
    if (cell.n > MAX_FILENAME_BYTES) {
        fail(p, STATUS_FORMAT, "the file's name is longer than any file's can be");
        return;
    }
    struct text name = name_nfc(cell, composed, sizeof composed, &st);
    if (st != STATUS_OK) {
        fail(p, st, "ICU could not normalise the file's name");
    } else if (!arena_dup(p->arena, name, field)) {
        fail_room(p, name.n);
    }
}

static void take_text(struct manifest_parse *p, struct text cell, void *field)
{
    if (cell.n > MAX_TEXT_BYTES) {
        trouble(&p->row, "a text is too long");
    } else if (!arena_dup(p->arena, cell, field)) {
        fail_room(p, cell.n);
    }
}

/* The next name of a list separated by ';' or line ends; empty when there is none. */
static struct text next_name(struct text *rest)
{
    while (rest->n) {
        size_t n = 0;
        while (n < rest->n && rest->at[n] != ';' && rest->at[n] != '\n' && rest->at[n] != '\r') {
            n++;
        }
        struct text name = text_trim(text_slice(*rest, 0, n));
        *rest = text_slice(*rest, n + 1, rest->n);
        if (name.n) {
            return name;
        }
    }
    return TEXT_NONE;
}

static void take_people(struct manifest_parse *p, struct text cell, void *field)
{
    (void)field;
    size_t n = 0;
    struct text rest = cell;
    for (struct text name = next_name(&rest); name.n; name = next_name(&rest)) {
        n++;
        if (name.n > MAX_TAG_BYTES) {
            trouble(&p->row, "a name under 'people' is too long");
            return;
        }
        if (memchr(name.at, '?', name.n)) {
            trouble(&p->row, "a '?' under 'people': somebody is not known for certain");
        }
    }
    if (n > MAX_TAGS) {
        trouble(&p->row, "too many names under 'people'");
        return;
    }
    struct text *people = arena_alloc(p->arena, n, sizeof *people);
    if (!people) {
        fail_room(p, n * sizeof *people);
        return;
    }
    rest = cell;
    for (size_t i = 0; i < n; i++) {
        if (!arena_dup(p->arena, next_name(&rest), &people[i])) {
            fail_room(p, MAX_TAG_BYTES);
            return;
        }
    }
    p->row.people = people;
    p->row.n_people = n;
}

static void take_count(struct manifest_parse *p, struct text cell, void *field)
{
    (void)field;
    uint64_t count;
    if (cell.n == 0) {
        return;
    }
    if (!text_to_number(cell, MAX_PEOPLE_COUNT, &count)) {
        trouble(&p->row, "people_count is not a whole number from 0 to 10000");
        return;
    }
    p->row.said.people_count = (uint32_t)count;
    p->row.said.count_given = KNOWN_YES;
}

static void take_known(struct manifest_parse *p, struct text cell, void *field)
{
    static const struct {
        const char *word;
        enum known known;
    } WORDS[] = {{"yes", KNOWN_YES}, {"y", KNOWN_YES}, {"true", KNOWN_YES}, {"1", KNOWN_YES},
                 {"no", KNOWN_NO},   {"n", KNOWN_NO},  {"false", KNOWN_NO}, {"0", KNOWN_NO}};
    enum known *known = field;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (text_equal_nocase(cell, text_of(WORDS[i].word))) {
            *known = WORDS[i].known;
            return;
        }
    }
    if (cell.n) {
        trouble(&p->row, "no_pupils_identifiable is neither yes nor no");
    }
}

/* A heading without what varies: case (compared so), space, underscore. */
static bool heading_is(struct text cell, const char *want)
{
    struct text w = text_of(want);
    size_t k = 0;
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.at[i] == ' ' || cell.at[i] == '_') {
            continue;
        }
        while (k < w.n && w.at[k] == '_') {
            k++;
        }
        if (k == w.n || !text_equal_nocase(text_slice(cell, i, 1), text_slice(w, k, 1))) {
            return false;
        }
        k++;
    }
    return k == w.n && cell.n;
}

static void unknown_heading(struct manifest_parse *p, struct text cell)
{
    struct buffer shown;
    buffer_init(&shown, (size_t)4 * 64);
    text_print(&shown, text_slice(cell, 0, 64));
    if (p->status == STATUS_OK) {
        p->status =
            err_set(p->err, STATUS_FORMAT,
                    "row %u: unknown column \"%.*s\"; known are filename, people, caption, "
                    "event, taken_on, people_count, no_pupils_identifiable, photographer, "
                    "credit",
                    (unsigned)p->row_line, (int)shown.n, shown.n ? (const char *)shown.at : "");
    }
    buffer_release(&shown);
}

/* The heading row is whole: which of its cells is which column? */
static void take_heading(struct manifest_parse *p)
{
    const struct text *cells = p->headings;
    bool seen[N_COLUMNS] = {false};
    int first_unknown = -1;
    for (size_t i = 0; i < p->n_cells; i++) {
        p->columns[i] = COLUMN_BLANK;
        for (int k = 0; k < N_COLUMNS; k++) {
            if (heading_is(cells[i], COLUMNS[k].heading)) {
                p->columns[i] = k;
                if (seen[k]) {
                    fail(p, STATUS_FORMAT, "two columns have the same heading");
                    return;
                }
                seen[k] = true;
            }
        }
        if (p->columns[i] == COLUMN_BLANK && cells[i].n && first_unknown < 0) {
            first_unknown = (int)i;
        }
    }
    /* Without 'filename' this may be no heading row at all, and its cells not to be repeated. */
    if (!seen[0]) {
        fail(p, STATUS_FORMAT, "no column 'filename': the first row must be the headings");
    } else if (first_unknown >= 0) {
        unknown_heading(p, cells[first_unknown]);
    }
    for (size_t i = 0; i < p->n_cells; i++) {
        p->n_columns = p->columns[i] == COLUMN_BLANK ? p->n_columns : i + 1;
    }
    p->have_heading = true;
}

static void row_begin(struct manifest_parse *p)
{
    p->n_cells = 0;
    p->any_text = false;
    p->row = (struct manifest_row){.said = {.present = KNOWN_YES}};
}

/* libcsv: a field is whole. */
static void on_cell(void *at, size_t n, void *user)
{
    struct manifest_parse *p = user;
    struct text cell = text_trim((struct text){at, n});
    if (p->status != STATUS_OK) {
        return;
    }
    size_t i = p->n_cells++;
    p->any_text = p->any_text || cell.n;
    if (!p->have_heading) {
        if (p->n_cells > MAX_MANIFEST_COLUMNS) {
            fail(p, STATUS_LIMIT, "too many columns");
        } else if (!arena_dup(p->arena, cell, &p->headings[i])) {
            fail_room(p, cell.n);
        }
        return;
    }
    if (i >= p->n_columns || p->columns[i] == COLUMN_BLANK) {
        if (cell.n) {
            fail(p, STATUS_FORMAT,
                 "more fields than headings; a text with a comma needs quotation marks around it");
        }
        return;
    }
    const struct column *c = &COLUMNS[p->columns[i]];
    c->take(p, cell, (char *)&p->row + c->offset);
}

static void take_row(struct manifest_parse *p)
{
    if (p->row.filename.n == 0) {
        fail(p, STATUS_FORMAT, "no file name: which photo is meant?");
    }
    if (p->n_cells < p->n_columns) {
        trouble(&p->row, "fewer fields than there are headings");
    }
    if (p->rows.n / sizeof p->row >= MAX_MANIFEST_ROWS) {
        fail(p, STATUS_LIMIT, "too many rows");
    }
    p->row.said.row = p->row_line;
    buffer_add(&p->rows, &p->row, sizeof p->row);
}

/* libcsv: a row is whole. */
static void on_row(int end, void *user)
{
    (void)end;
    struct manifest_parse *p = user;
    p->row_ended = true;
    if (p->status == STATUS_OK && p->any_text && !p->have_heading) {
        take_heading(p);
    } else if (p->status == STATUS_OK && p->any_text) {
        take_row(p);
    }
    row_begin(p);
}

/* One line of the file with its end: LF, CR LF or CR. */
static struct bytes next_line(struct bytes *rest)
{
    size_t n = 0;
    while (n < rest->n && rest->at[n] != '\n' && rest->at[n] != '\r') {
        n++;
    }
    if (n < rest->n) {
        n += rest->at[n] == '\r' && n + 1 < rest->n && rest->at[n + 1] == '\n' ? 2 : 1;
    }
    struct bytes line = bytes_slice(*rest, 0, n);
    *rest = bytes_slice(*rest, n, rest->n);
    return line;
}

static bool line_is_blank(struct bytes line)
{
    return text_trim((struct text){(const char *)line.at, line.n}).n == 0;
}

/* What separates the fields: the one of comma, semicolon and tab that the first line with text in it has most of, outside
 * quotes. */
static unsigned char sniff_delimiter(struct bytes file)
{
    static const unsigned char CANDIDATES[] = {CSV_COMMA, ';', CSV_TAB};
    size_t counts[sizeof CANDIDATES] = {0};
    struct bytes line = next_line(&file);
    while (file.n && line_is_blank(line)) {
        line = next_line(&file);
    }
    bool quoted = false;
    for (size_t i = 0; i < line.n; i++) {
        quoted ^= line.at[i] == CSV_QUOTE;
        for (size_t k = 0; k < sizeof CANDIDATES && !quoted; k++) {
            counts[k] += line.at[i] == CANDIDATES[k];
        }
    }
    size_t best = 0;
    for (size_t k = 1; k < sizeof CANDIDATES; k++) {
        best = counts[k] > counts[best] ? k : best;
    }
    return CANDIDATES[best];
}

static void csv_trouble(struct manifest_parse *p, struct csv_parser *csv)
{
    if (csv_error(csv) == CSV_EPARSE) {
        fail(p, STATUS_FORMAT,
             "a quotation mark in the wrong place; inside a text it is written twice");
    } else {
        fail(p, csv_error(csv) == CSV_ENOMEM ? STATUS_NOMEM : STATUS_LIBRARY,
             csv_strerror(csv_error(csv)));
    }
}

/* Feed libcsv line by line, so that the line in which a row starts is known. */
static void feed(struct manifest_parse *p, struct csv_parser *csv, struct bytes file)
{
    bool inside = false; /* a row, by way of a line end in quotes */
    while (file.n && p->status == STATUS_OK) {
        struct bytes line = next_line(&file);
        p->line++;
        p->row_line = inside ? p->row_line : p->line;
        p->row_ended = false;
        if (csv_parse(csv, line.at, line.n, on_cell, on_row, p) != line.n) {
            csv_trouble(p, csv);
        }
        inside = !p->row_ended && (inside || !line_is_blank(line));
    }
    if (p->status == STATUS_OK && csv_fini(csv, on_cell, on_row, p) != 0) {
        csv_trouble(p, csv);
    }
    if (p->status == STATUS_OK && !p->have_heading) {
        p->status = err_set(p->err, STATUS_FORMAT, "there is no row of headings");
    }
}

static int by_filename(const void *a, const void *b)
{
    const struct manifest_row *x = a, *y = b;
    int order = text_compare(x->filename, y->filename);
    return order ? order : (x->said.row > y->said.row) - (x->said.row < y->said.row);
}

/* The rows, sorted, in the arena; a file named twice is trouble in each of its rows. */
static void finish(struct manifest_parse *p, struct manifest *out)
{
    size_t n = p->rows.n / sizeof(struct manifest_row);
    if (buffer_status(&p->rows, p->err) != STATUS_OK) {
        p->status = p->rows.failed;
        return;
    }
    struct manifest_row *rows = arena_alloc(p->arena, n, sizeof *rows);
    if (!rows) {
        fail_room(p, n * sizeof *rows);
        return;
    }
    if (n) {
        memcpy(rows, p->rows.at, p->rows.n);
        qsort(rows, n, sizeof *rows, by_filename);
    }
    for (size_t i = 1; i < n; i++) {
        if (text_equal(rows[i - 1].filename, rows[i].filename)) {
            trouble(&rows[i - 1], "the same file stands in two rows");
            trouble(&rows[i], "the same file stands in two rows");
        }
    }
    *out = (struct manifest){.rows = rows, .n_rows = n};
}

/* The file as a whole, before libcsv sees it. */
static enum status check_bytes(struct bytes file, struct err *err)
{
    if (file.n > MAX_MANIFEST_BYTES) {
        return err_set(err, STATUS_LIMIT, "larger than %u bytes", MAX_MANIFEST_BYTES);
    }
    uint32_t number = 0;
    while (file.n) {
        struct bytes line = next_line(&file);
        number++;
        if (!text_is_utf8((struct text){(const char *)line.at, line.n}) ||
            memchr(line.at, '\0', line.n)) {
            return err_set(err, STATUS_FORMAT, "row %u: not UTF-8: save it as \"CSV UTF-8\"",
                           (unsigned)number);
        }
    }
    return STATUS_OK;
}

enum status manifest_parse(struct bytes file, struct arena *a, struct manifest *out,
                           struct err *err)
{
    struct csv_parser csv;
    enum status st = check_bytes(file, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (bytes_start_with(file, "\xEF\xBB\xBF", 3)) {
        file = bytes_slice(file, 3, file.n);
    }
    if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return err_set(err, STATUS_LIBRARY, "libcsv could not start");
    }
    csv_set_delim(&csv, sniff_delimiter(file));
    csv_set_blk_size(&csv, 4096);
    struct manifest_parse p = {.arena = a, .status = STATUS_OK, .err = err};
    buffer_init(&p.rows, (size_t)MAX_MANIFEST_ROWS * sizeof(struct manifest_row));
    row_begin(&p);
    feed(&p, &csv, file);
    if (p.status == STATUS_OK) {
        finish(&p, out);
    }
    csv_free(&csv);
    buffer_release(&p.rows);
    return p.status;
}

const struct manifest_row *manifest_row_for(const struct manifest *m, struct text filename)
{
    char composed[NFC_ROOM];
    enum status st;
    struct text name = name_nfc(filename, composed, sizeof composed, &st);
    size_t low = 0, high = m->n_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(m->rows[middle].filename, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < m->n_rows && text_equal(m->rows[low].filename, name) ? &m->rows[low] : NULL;
}
