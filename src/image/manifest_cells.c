/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/manifest_cells.h"

#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum {
    /* NAME_MAX of the file systems in use: no file is named longer */
    MAX_FILENAME_BYTES = 255
};

typedef void (*take_cell)(struct manifest_parse *p, struct text cell, void *field);

struct column {
    const char *heading;
    take_cell take;
    size_t offset; /* in struct manifest_row; not used by every `take` */
};

#define SAID(member) offsetof(struct manifest_row, said.member)

static void take_filename(struct manifest_parse *p, struct text cell, void *field);
static void take_people(struct manifest_parse *p, struct text cell, void *field);
static void take_text(struct manifest_parse *p, struct text cell, void *field);
static void take_count(struct manifest_parse *p, struct text cell, void *field);
static void take_known(struct manifest_parse *p, struct text cell, void *field);

static const struct column COLUMNS[MANIFEST_COLUMNS] = {
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

void manifest_fail(struct manifest_parse *p, enum status status, const char *words)
{
    if (p->status == STATUS_OK) {
        p->status = err_set(p->err, status, "row %u: %s", (unsigned)p->row_line, words);
    }
}

/* Either the manifest holds more than its reader may keep, which is its own fault and holds its
 * photos, or the machine has no memory left, which stops the batch. */
void manifest_fail_room(struct manifest_parse *p, size_t wanted)
{
    bool full = wanted > (p->arena->max_bytes - p->arena->used_bytes) / 2;
    manifest_fail(p, full ? STATUS_LIMIT : STATUS_NOMEM,
                  full ? "too much text in all" : "out of memory");
}

void manifest_trouble(struct manifest_row *row, const char *words)
{
    if (row->trouble.n == 0) {
        row->trouble = text_of(words);
    }
}

/* A name typed on one system must find the file written by another: macOS decomposes accents. */
struct text manifest_name(struct text name, char *room, enum status *status)
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
    (void)u_strToUTF8(room, (int32_t)MANIFEST_NAME_ROOM, &n, composed, n, &code);
    if (U_FAILURE(code)) {
        *status = STATUS_LIBRARY;
        return name;
    }
    return (struct text){room, (size_t)n};
}

static void take_filename(struct manifest_parse *p, struct text cell, void *field)
{
    char composed[MANIFEST_NAME_ROOM];
    enum status st;
    if (cell.n == 0) {
        return;
    }
    if (memchr(cell.at, '/', cell.n) || memchr(cell.at, '\\', cell.n)) {
        manifest_fail(p, STATUS_FORMAT,
                      "the file is in another folder: give that folder a photos.csv of its own");
        return;
    }
    if (cell.n > MAX_FILENAME_BYTES) {
        manifest_fail(p, STATUS_FORMAT, "the file's name is longer than any file's can be");
        return;
    }
    struct text name = manifest_name(cell, composed, &st);
    if (st != STATUS_OK) {
        manifest_fail(p, st, "ICU could not normalise the file's name");
    } else if (!arena_dup(p->arena, name, field)) {
        manifest_fail_room(p, name.n);
    }
}

static void take_text(struct manifest_parse *p, struct text cell, void *field)
{
    if (cell.n > MAX_TEXT_BYTES) {
        manifest_trouble(&p->row, "a text is too long");
    } else if (!arena_dup(p->arena, cell, field)) {
        manifest_fail_room(p, cell.n);
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
            manifest_trouble(&p->row, "a name under 'people' is too long");
            return;
        }
        if (memchr(name.at, '?', name.n)) {
            manifest_trouble(&p->row, "a '?' under 'people': somebody is not known for certain");
        }
    }
    if (n > MAX_TAGS) {
        manifest_trouble(&p->row, "too many names under 'people'");
        return;
    }
    struct text *people = arena_alloc(p->arena, n, sizeof *people);
    if (!people) {
        manifest_fail_room(p, n * sizeof *people);
        return;
    }
    rest = cell;
    for (size_t i = 0; i < n; i++) {
        if (!arena_dup(p->arena, next_name(&rest), &people[i])) {
            manifest_fail_room(p, MAX_TAG_BYTES);
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
        manifest_trouble(&p->row, "people_count is not a whole number from 0 to 10000");
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
        manifest_trouble(&p->row, "no_pupils_identifiable is neither yes nor no");
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

int manifest_column(struct text heading)
{
    for (int i = 0; i < MANIFEST_COLUMNS; i++) {
        if (heading_is(heading, COLUMNS[i].heading)) {
            return i;
        }
    }
    return COLUMN_BLANK;
}

void manifest_take_cell(struct manifest_parse *p, int column, struct text cell)
{
    const struct column *c = &COLUMNS[column];
    c->take(p, cell, (char *)&p->row + c->offset);
}
