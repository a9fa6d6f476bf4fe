/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv_row.h"
#include "report_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define JOINED_MAX_BYTES ((size_t)16 * 1024 * 1024) /* all reasons of one photo */

static bool is_blank_or_quote(uint32_t c)
{
    return c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == '"' || c == '\'' || c == '`' || c == 0xAB ||
           c == 0xBB || (c >= 0x2018 && c <= 0x201F);
}

/* ASCII, small and full-width forms (Unicode blocks Small Form Variants, Halfwidth and Fullwidth
 * Forms): some spreadsheets take all of them for the start of a formula. */
static bool starts_a_formula(uint32_t c)
{
    static const uint32_t SIGNS[] = {'=',    '+',    '-',    '@',    '\t',   '\r',   '\n',  0xFE62,
                                     0xFE63, 0xFE66, 0xFE6B, 0xFF0B, 0xFF0D, 0xFF1D, 0xFF20};
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++) {
        if (c == SIGNS[i]) {
            return true;
        }
    }
    return false;
}

/* Would a spreadsheet run it, perhaps after trimming blanks, quotes and what does not show? (OWASP,
 * CSV Injection) */
static bool is_formula(struct text cell)
{
    for (size_t i = 0; i < cell.n;) {
        size_t from = i;
        uint32_t c = text_next(cell, &i);
        if (starts_a_formula(c)) {
            return true;
        }
        if (!is_blank_or_quote(c) && text_is_printable(text_slice(cell, from, i - from))) {
            return false;
        }
    }
    return false;
}

/* RFC 4180, 2, rules 5 to 7; the semicolon too, which parts cells where the comma is the decimal
 * sign. */
static bool needs_quotes(struct text cell)
{
    return cell.n &&
           (memchr(cell.at, ',', cell.n) || memchr(cell.at, ';', cell.n) ||
            memchr(cell.at, '"', cell.n) || cell.at[0] == ' ' || cell.at[cell.n - 1] == ' ');
}

void csv_cell(struct buffer *out, struct text cell)
{
    bool quoted = needs_quotes(cell);
    if (quoted) {
        buffer_add_byte(out, '"');
    }
    if (is_formula(cell)) {
        buffer_add_byte(out, '\'');
    }
    struct text rest = cell;
    while (rest.n) {
        const char *quote = memchr(rest.at, '"', rest.n);
        size_t n = quote ? (size_t)(quote - rest.at) : rest.n;
        text_print(out, text_slice(rest, 0, n));
        buffer_add_cstr(out, quote ? "\"\"" : "");
        rest = text_slice(rest, quote ? n + 1 : n, rest.n);
    }
    if (quoted) {
        buffer_add_byte(out, '"');
    }
}

void csv_open(struct csv_rows *c, struct buffer *out, const char *const *headings, size_t n_columns)
{
    *c = (struct csv_rows){.out = out, .n_columns = n_columns};
    buffer_init(&c->joined, JOINED_MAX_BYTES);
    buffer_add_cstr(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < n_columns; i++) {
        csv_put_cstr(c, headings[i]);
    }
}

enum status csv_close(struct csv_rows *c, struct err *err)
{
    assert(c->column == 0);
    enum status st = buffer_status(&c->joined, err);
    if (st == STATUS_OK) {
        st = buffer_status(c->out, err);
    }
    buffer_release(&c->joined);
    return st;
}

void csv_put(struct csv_rows *c, struct text cell)
{
    csv_cell(c->out, cell);
    c->column++;
    if (c->column == c->n_columns) {
        buffer_add_cstr(c->out, "\r\n");
        c->column = 0;
    } else {
        buffer_add_byte(c->out, ',');
    }
}

void csv_put_cstr(struct csv_rows *c, const char *cell)
{
    csv_put(c, text_of(cell));
}

void csv_put_number(struct csv_rows *c, int64_t n)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%lld", (long long)n);
    csv_put_cstr(c, n ? digits : "");
}

void csv_put_date(struct csv_rows *c, struct date d)
{
    char iso[DATE_TEXT_BYTES];
    csv_put_cstr(c, date_format(d, iso));
}

void csv_put_digest(struct csv_rows *c, const struct digest *d)
{
    char hex[DIGEST_HEX_BYTES];
    csv_put_cstr(c, digest_is_known(d) ? digest_hex(d, hex) : "");
}

/* What some program starts a new line at (Unicode Standard, 5.8). */
static bool is_line_end(uint32_t c)
{
    return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

void csv_put_line(struct csv_rows *c, struct text t)
{
    assert(c->joined.n == 0);
    bool ended = false;
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        if (is_line_end(text_next(t, &i))) {
            ended = true;
            continue;
        }
        if (ended) {
            buffer_add_byte(&c->joined, ' ');
            ended = false;
        }
        buffer_add(&c->joined, t.at + from, i - from);
    }
    csv_put_joined(c);
}

void csv_join(struct csv_rows *c, struct text piece)
{
    buffer_add_cstr(&c->joined, c->joined.n && piece.n ? " " : "");
    buffer_add(&c->joined, piece.at, piece.n);
}

/* After a failure the cell may be half a cell; the failure stays, and csv_close returns it. */
void csv_put_joined(struct csv_rows *c)
{
    csv_put(c, (struct text){(const char *)c->joined.at, c->joined.n});
    if (c->joined.failed == STATUS_OK) {
        buffer_reset(&c->joined);
    }
}
