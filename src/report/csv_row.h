/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows for a spreadsheet. Private to the room.
 *
 * A file starts with a BOM, without which Excel takes UTF-8 for Windows-1252, and its lines end
 * with CRLF (RFC 4180, 2). No cell holds a line end, so that a line is a row for whoever cuts the
 * file at them.
 *
 * csv_open, then for each row as many csv_put as there are headings, then csv_close, whatever
 * happened in between.
 */
#ifndef PHOTOGATE_CSV_ROW_H
#define PHOTOGATE_CSV_ROW_H

#include "photogate/report.h"

struct csv_rows {
    struct buffer *out;
    size_t n_columns, column;
    struct buffer joined; /* a cell that is put together from pieces */
};

void csv_open(struct csv_rows *c, struct buffer *out, const char *const *headings,
              size_t n_columns);
enum status csv_close(struct csv_rows *c, struct err *err);

void csv_put(struct csv_rows *c, struct text cell);
void csv_put_cstr(struct csv_rows *c, const char *cell);
void csv_put_number(struct csv_rows *c, int64_t n); /* 0 leaves the cell empty */
void csv_put_date(struct csv_rows *c, struct date d);
void csv_put_digest(struct csv_rows *c, const struct digest *d);
void csv_put_line(struct csv_rows *c, struct text t); /* line ends become spaces */

/* A cell from pieces: csv_join any number of times, a space between, then csv_put_joined. */
void csv_join(struct csv_rows *c, struct text piece);
void csv_put_joined(struct csv_rows *c);

#endif
