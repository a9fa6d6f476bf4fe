/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of cells by libcsv, strict. It is handed one physical line after another, so that each row
 * knows the line it began on although a quoted cell may hold line ends: the number a person reads
 * in an editor. */
#include "register/import_parts.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "photogate/limits.h"

struct builder {
    struct arena *arena;
    struct err *err;
    struct table *table;
    size_t cap_rows, max_rows;
    struct text cells[MAX_IMPORT_COLUMNS];
    uint32_t n_cells;
    uint32_t row_line; /* where the row being read began */
    bool row_ended;    /* by the line just handed over */
    enum status failed;
};

static void builder_fail(struct builder *b, enum status st, const char *what)
{
    if (b->failed == STATUS_OK) {
        b->failed = err_set(b->err, st, "line %u: %s", (unsigned)b->row_line, what);
    }
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x2007 || c == 0x202F;
}

/* A copy without white space at its ends and with runs of it made one space: no-break spaces and
 * line ends count. */
static struct text tidy(struct builder *b, struct text t)
{
    char *copy = arena_alloc(b->arena, t.n + 1, 1);
    if (!copy) {
        builder_fail(b, STATUS_NOMEM, "out of memory");
        return TEXT_NONE;
    }
    size_t n = 0;
    bool space = false;
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        uint32_t c = text_next(t, &i);
        if (is_space(c)) {
            space = n > 0;
            continue;
        }
        if (space) {
            copy[n++] = ' ';
            space = false;
        }
        memcpy(copy + n, t.at + from, i - from);
        n += i - from;
    }
    return n ? (struct text){copy, n} : TEXT_NONE;
}

static void on_cell(void *at, size_t n, void *data)
{
    struct builder *b = data;
    if (n > MAX_FIELD_BYTES) {
        builder_fail(b, STATUS_LIMIT, "a cell of this row is too long (a quotation mark missing?)");
    } else if (b->n_cells == MAX_IMPORT_COLUMNS) {
        builder_fail(b, STATUS_LIMIT, "too many columns");
    } else if (b->failed == STATUS_OK) {
        b->cells[b->n_cells++] = tidy(b, (struct text){at, n});
    }
}

static void on_row(int end, void *data)
{
    (void)end;
    struct builder *b = data;
    struct table *t = b->table;
    b->row_ended = true;
    if (b->failed != STATUS_OK) {
        return;
    }
    if (t->n_rows == MAX_IMPORT_ROWS) {
        builder_fail(b, STATUS_LIMIT, "too many rows");
        return;
    }
    if (t->n_rows == b->cap_rows) {
        size_t cap = b->cap_rows ? 2 * b->cap_rows : 256;
        struct table_row *rows = realloc(t->rows, cap * sizeof *rows);
        if (!rows) {
            builder_fail(b, STATUS_NOMEM, "out of memory");
            return;
        }
        t->rows = rows;
        b->cap_rows = cap;
    }
    struct text *cells = arena_alloc(b->arena, b->n_cells, sizeof *cells);
    if (!cells) {
        builder_fail(b, STATUS_NOMEM, "out of memory");
        return;
    }
    memcpy(cells, b->cells, b->n_cells * sizeof *cells);
    t->rows[t->n_rows++] = (struct table_row){b->row_line, b->n_cells, cells};
    b->n_cells = 0;
}

/* Bytes of the first line of `t`, its end (LF, CR LF or CR) included. */
static size_t line_length(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] == '\n') {
            return i + 1;
        }
        if (t.at[i] == '\r') {
            return i + 1 < t.n && t.at[i + 1] == '\n' ? i + 2 : i + 1;
        }
    }
    return t.n;
}

char table_separator(struct text *csv, uint32_t *line)
{
    size_t n = line_length(*csv);
    struct text first = text_slice(*csv, 0, n), rest;
    while (first.n && (first.at[first.n - 1] == '\n' || first.at[first.n - 1] == '\r')) {
        first.n--;
    }
    if (first.n > 2 && first.at[0] == '"' && first.at[first.n - 1] == '"') {
        first = text_slice(first, 1, first.n - 2);
    }
    *line = 1;
    if (!text_equal_nocase(text_slice(first, 0, 4), TEXT("sep=")) || first.n != 5 ||
        !strchr(",;\t|", first.at[4])) {
        return 0;
    }
    rest = text_slice(*csv, n, csv->n);
    *csv = rest;
    *line = 2;
    return first.at[4];
}

static enum status feed(struct builder *b, struct csv_parser *p, struct text csv,
                        uint32_t first_line)
{
    bool open = false; /* a row goes on from the line before */
    uint32_t line = first_line;
    while (csv.n && b->failed == STATUS_OK && b->table->n_rows < b->max_rows) {
        size_t n = line_length(csv);
        struct text this_line = text_slice(csv, 0, n);
        if (!open) {
            b->row_line = line;
        }
        b->row_ended = false;
        if (csv_parse(p, this_line.at, n, on_cell, on_row, b) != n) {
            builder_fail(b, csv_error(p) == CSV_ENOMEM ? STATUS_NOMEM : STATUS_FORMAT,
                         "a quotation mark in the middle of a cell");
        }
        bool blank = text_trim(this_line).n == 0 && !memchr(this_line.at, p->delim_char, n);
        open = !b->row_ended && (open || !blank);
        csv = text_slice(csv, n, csv.n);
        line++;
    }
    if (b->failed == STATUS_OK && b->table->n_rows < b->max_rows &&
        csv_fini(p, on_cell, on_row, b) != 0) {
        builder_fail(b, STATUS_FORMAT, "a quotation mark that is never closed");
    }
    return b->failed;
}

enum status table_parse(struct text csv, uint32_t first_line, char separator, size_t max_rows,
                        struct arena *a, struct table *out, struct err *err)
{
    struct csv_parser p;
    struct table t = {NULL, 0};
    struct builder *b = calloc(1, sizeof *b);
    if (!b) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    *b = (struct builder){.arena = a,
                          .err = err,
                          .table = &t,
                          .max_rows = max_rows,
                          .row_line = first_line,
                          .failed = STATUS_OK};
    enum status st = STATUS_NOMEM;
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        (void)err_set(err, st, "out of memory");
        goto out;
    }
    csv_set_delim(&p, (unsigned char)separator);
    st = feed(b, &p, csv, first_line);
    csv_free(&p);
    if (st == STATUS_OK) {
        /* The rows are in use as long as their cells: into the arena with them. */
        struct table_row *rows = arena_alloc(a, t.n_rows, sizeof *rows);
        if (!rows) {
            st = err_set(err, STATUS_NOMEM, "out of memory");
            goto out;
        }
        if (t.n_rows) {
            memcpy(rows, t.rows, t.n_rows * sizeof *rows);
        }
        *out = (struct table){rows, t.n_rows};
    }
out:
    free(t.rows);
    free(b);
    return st;
}
