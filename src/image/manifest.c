/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/manifest.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>
#include "image/manifest_cells.h"

/* By its place alone: the heading's text may be a pupil's name, and the office reads this. */
static void unknown_heading(struct manifest_parse *p, unsigned column)
{
    if (p->status == STATUS_OK) {
        p->status =
            err_set(p->err, STATUS_FORMAT,
                    "row %u: column %u is none that photos.csv knows; known are filename, people, "
                    "caption, event, taken_on, people_count, no_pupils_identifiable, photographer, "
                    "credit",
                    (unsigned)p->row_line, column);
    }
}

/* The heading row is whole: which of its cells is which column? */
static void take_heading(struct manifest_parse *p)
{
    const struct text *cells = p->headings;
    bool seen[MANIFEST_COLUMNS] = {false};
    int first_unknown = -1;
    for (size_t i = 0; i < p->n_cells; i++) {
        int column = p->columns[i] = manifest_column(cells[i]);
        if (column == COLUMN_BLANK) {
            first_unknown = cells[i].n && first_unknown < 0 ? (int)i : first_unknown;
            continue;
        }
        if (seen[column]) {
            manifest_fail(p, STATUS_FORMAT, "two columns have the same heading");
            return;
        }
        seen[column] = true;
    }
    /* Without 'filename' this may be no heading row at all, and its cells not to be repeated. */
    if (!seen[0]) {
        manifest_fail(p, STATUS_FORMAT, "no column 'filename': the first row must be the headings");
    } else if (first_unknown >= 0) {
        unknown_heading(p, (unsigned)first_unknown + 1);
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
            manifest_fail(p, STATUS_LIMIT, "too many columns");
        } else if (!arena_dup(p->arena, cell, &p->headings[i])) {
            manifest_fail_room(p, cell.n);
        }
        return;
    }
    if (i >= p->n_columns || p->columns[i] == COLUMN_BLANK) {
        if (cell.n) {
            manifest_fail(
                p, STATUS_FORMAT,
                "more fields than headings; a text with a comma needs quotation marks around it");
        }
        return;
    }
    manifest_take_cell(p, p->columns[i], cell);
}

static void take_row(struct manifest_parse *p)
{
    if (p->row.filename.n == 0) {
        manifest_fail(p, STATUS_FORMAT, "no file name: which photo is meant?");
    }
    if (p->n_cells < p->n_columns) {
        manifest_trouble(&p->row, "fewer fields than there are headings");
    }
    if (p->rows.n / sizeof p->row >= MAX_MANIFEST_ROWS) {
        manifest_fail(p, STATUS_LIMIT, "too many rows");
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

/* What separates the fields: the one of comma, semicolon and tab that the first line with text has
 * most of, outside quotes. */
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
        manifest_fail(p, STATUS_FORMAT,
                      "a quotation mark in the wrong place; inside a text it is written twice");
    } else {
        manifest_fail(p, csv_error(csv) == CSV_ENOMEM ? STATUS_NOMEM : STATUS_LIBRARY,
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
        manifest_fail_room(p, n * sizeof *rows);
        return;
    }
    if (n) {
        memcpy(rows, p->rows.at, p->rows.n);
        qsort(rows, n, sizeof *rows, by_filename);
    }
    for (size_t i = 1; i < n; i++) {
        if (text_equal(rows[i - 1].filename, rows[i].filename)) {
            manifest_trouble(&rows[i - 1], "the same file stands in two rows");
            manifest_trouble(&rows[i], "the same file stands in two rows");
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
    char composed[MANIFEST_NAME_ROOM];
    enum status st;
    struct text name = manifest_name(filename, composed, &st);
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
