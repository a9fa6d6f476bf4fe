/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of a manifest: what each column's text becomes. Private to manifest.c and
 * manifest_cells.c. */
#ifndef PHOTOGATE_IMAGE_MANIFEST_CELLS_H
#define PHOTOGATE_IMAGE_MANIFEST_CELLS_H

#include "photogate/limits.h"
#include "photogate/manifest.h"

enum { MANIFEST_COLUMNS = 9, COLUMN_BLANK = -1 };

struct manifest_parse {
    struct arena *arena;
    uint32_t line;     /* being fed to libcsv */
    uint32_t row_line; /* in which the row at hand starts */
    bool row_ended;    /* since the line began */
    bool have_heading;
    int columns[MAX_MANIFEST_COLUMNS]; /* a column of ours, or COLUMN_BLANK */
    size_t n_columns;
    size_t n_cells;                             /* of the row at hand */
    bool any_text;                              /* a cell of the row at hand is not blank */
    struct text headings[MAX_MANIFEST_COLUMNS]; /* until the heading row is whole; in the arena */
    struct manifest_row row;
    struct buffer rows; /* struct manifest_row */
    enum status status;
    struct err *err;
};

/* The manifest cannot be used: "row N: words". The first failure stays. */
void manifest_fail(struct manifest_parse *p, enum status status, const char *words);

/* The arena gave nothing for `wanted` bytes: LIMIT or NOMEM. */
void manifest_fail_room(struct manifest_parse *p, size_t wanted);

/* The row cannot be used. The first trouble stays. `words` is a literal. */
void manifest_trouble(struct manifest_row *row, const char *words);

/* Which of our columns a heading is, 0 being the file's name; COLUMN_BLANK for none. Pure. */
int manifest_column(struct text heading);

/* Put a cell of column `column` into p->row. */
void manifest_take_cell(struct manifest_parse *p, int column, struct text cell);

/* NFC of a file's name. UAX #15.
 *
 * room      MANIFEST_NAME_ROOM bytes that the result may point into
 * returns   the name as it is when it is not UTF-8 or longer than a file's name can be
 * *status   LIBRARY when ICU fails, else OK
 */
#define MANIFEST_NAME_ROOM ((size_t)4 * 255)
struct text manifest_name(struct text name, char *room, enum status *status);

#endif
