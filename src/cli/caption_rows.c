/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "caption_rows.h"

#include <errno.h>
#include <string.h>

#include <csv.h>

#include "photogate/limits.h"

enum { MAX_POST_BYTES = MAX_POST_FIELDS * MAX_TEXT_BYTES, MAX_HEADING_BYTES = 64 };

struct heading {
    const char *name; /* letters only */
    const char *ours;
    enum text_role role;
};

/* What a post may carry. */
static const struct heading HEADINGS[] = {
    {"caption", "caption", TEXT_ROLE_CAPTION},
    {"text", "text", TEXT_ROLE_CAPTION},
    {"post", "text", TEXT_ROLE_CAPTION},
    {"title", "title", TEXT_ROLE_CAPTION},
    {"headline", "headline", TEXT_ROLE_CAPTION},
    {"description", "description", TEXT_ROLE_CAPTION},
    {"alt", "alt text", TEXT_ROLE_CAPTION},
    {"alttext", "alt text", TEXT_ROLE_CAPTION},
    {"alternativetext", "alt text", TEXT_ROLE_CAPTION},
    {"batch", "batch text", TEXT_ROLE_CAPTION},
    {"batchtext", "batch text", TEXT_ROLE_CAPTION},
    {"event", "event", TEXT_ROLE_CAPTION},
    {"eventname", "event", TEXT_ROLE_CAPTION},
    {"credit", "credit", TEXT_ROLE_CREDIT},
    {"creditline", "credit", TEXT_ROLE_CREDIT},
    {"photographer", "photographer", TEXT_ROLE_CREDIT},
    {"filename", "file name", TEXT_ROLE_FILE_NAME},
    {"file", "file name", TEXT_ROLE_FILE_NAME},
    {"folder", "folder", TEXT_ROLE_FILE_NAME},
    {"foldername", "folder", TEXT_ROLE_FILE_NAME},
};

struct rows {
    enum status (*judge)(void *, const struct post *, struct err *);
    void *to;
    const struct heading *columns[MAX_POST_FIELDS]; /* NULL: passed over */
    size_t n_columns, row, cell;
    struct buffer cells; /* of this row, one behind the other */
    size_t start[MAX_POST_FIELDS + 1];
    struct err *err;
    enum status status;
};

static void fail(struct rows *r, enum status status, const char *words)
{
    if (r->status == STATUS_OK) {
        r->status = err_set(r->err, status, "row %zu: %s", r->row + 1, words);
    }
}

static const struct heading *heading_of(struct text cell)
{
    char letters[MAX_HEADING_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < cell.n && n < sizeof letters; i++) {
        char c = cell.at[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        if (c >= 'a' && c <= 'z') {
            letters[n++] = c;
        }
    }
    for (size_t k = 0; k < sizeof HEADINGS / sizeof HEADINGS[0]; k++) {
        if (text_equal((struct text){letters, n}, text_of(HEADINGS[k].name))) {
            return &HEADINGS[k];
        }
    }
    return NULL;
}

static void on_cell(void *at, size_t n, void *rows)
{
    struct rows *r = rows;
    if (r->status != STATUS_OK) {
        return;
    }
    if (r->cell == MAX_POST_FIELDS) {
        fail(r, STATUS_FORMAT, "too many columns");
        return;
    }
    r->start[r->cell++] = r->cells.n;
    buffer_add(&r->cells, at, n);
    if (buffer_status(&r->cells, r->err) != STATUS_OK) {
        r->status = r->cells.failed;
    }
}

static struct text cell_at(const struct rows *r, size_t i)
{
    size_t end = i + 1 < r->cell ? r->start[i + 1] : r->cells.n;
    return (struct text){r->cells.at ? (const char *)r->cells.at + r->start[i] : "",
                         end - r->start[i]};
}

static void read_headings(struct rows *r)
{
    bool some = false;
    for (size_t i = 0; i < r->cell; i++) {
        r->columns[i] = heading_of(cell_at(r, i));
        some |= r->columns[i] != NULL;
    }
    r->n_columns = r->cell;
    if (!some) {
        fail(r, STATUS_FORMAT, "no column to judge; one must be headed 'caption' or 'text'");
    }
}

static void on_row(int ending, void *rows)
{
    struct rows *r = rows;
    (void)ending;
    if (r->status == STATUS_OK && r->row == 0) {
        read_headings(r);
    } else if (r->status == STATUS_OK && r->cell > r->n_columns) {
        fail(r, STATUS_FORMAT, "more cells than headings");
    } else if (r->status == STATUS_OK) {
        struct text_field fields[MAX_POST_FIELDS];
        const char *headings[MAX_POST_FIELDS];
        struct post post = {r->row + 1, headings, fields, 0};
        for (size_t i = 0; i < r->cell; i++) {
            if (r->columns[i]) {
                headings[post.n_fields] = r->columns[i]->ours;
                fields[post.n_fields++] = (struct text_field){cell_at(r, i), r->columns[i]->role};
            }
        }
        r->status = r->judge(r->to, &post, r->err);
    }
    r->row++;
    r->cell = 0;
    buffer_reset(&r->cells);
}

enum status caption_rows(FILE *from,
                         enum status (*judge)(void *to, const struct post *, struct err *),
                         void *to, struct err *err)
{
    static const char MARK[] = "\xEF\xBB\xBF";
    char block[16384];
    size_t n;
    struct csv_parser parser;
    struct rows r = {.judge = judge, .to = to, .err = err, .status = STATUS_OK};
    buffer_init(&r.cells, MAX_POST_BYTES);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return err_set(err, STATUS_NOMEM, "out of memory while reading posts");
    }
    bool first = true;
    while (r.status == STATUS_OK && (n = fread(block, 1, sizeof block, from)) > 0) {
        size_t skip = first && n >= 3 && memcmp(block, MARK, 3) == 0 ? 3 : 0;
        first = false;
        if (csv_parse(&parser, block + skip, n - skip, on_cell, on_row, &r) != n - skip) {
            fail(&r, STATUS_FORMAT, csv_strerror(csv_error(&parser)));
        }
    }
    if (r.status == STATUS_OK && ferror(from)) {
        r.status = err_set(err, STATUS_IO, "%s", strerror(errno));
    }
    if (r.status == STATUS_OK && csv_fini(&parser, on_cell, on_row, &r) != 0) {
        fail(&r, STATUS_FORMAT, csv_strerror(csv_error(&parser)));
    }
    csv_free(&parser);
    buffer_release(&r.cells);
    return r.status;
}
