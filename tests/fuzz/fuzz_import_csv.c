/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A school's export up to its columns: whatever the encoding, UTF-8 comes out; every cell is text of it, trimmed; every column
 * found is one of the heading's. */
#include "fuzz.h"
#include "register/import_parts.h"

#define LITERAL(s)                                                                                 \
    {                                                                                              \
        (s), sizeof(s) - 1                                                                         \
    }
static const struct column_map COLUMNS[] = {
    {LITERAL("photo_website"), LITERAL("photo_website|Web pictures")},
    {LITERAL("photo_social_media"), LITERAL("photo_social_media|Social media")},
    {LITERAL("photo_press"), LITERAL("photo_press|Press")},
    {LITERAL("photo_displays"), LITERAL("photo_displays|Displays")},
    {LITERAL("name_with_photo"), LITERAL("name_with_photo|Name beside photo")},
};
static const char SEPARATORS[] = ",;\t";
enum { MAX_FUZZ_ROWS = 10000 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static void check_columns(const struct table *t)
{
    struct policy policy = {.columns = COLUMNS, .n_columns = sizeof COLUMNS / sizeof COLUMNS[0]};
    struct err err = {.status = STATUS_BUG};
    struct columns c;
    bool found = false;
    (void)columns_score(t, &policy);
    enum status st = columns_find(t, &policy, &c, &found, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    if (st != STATUS_OK || !found) {
        return;
    }
    FUZZ_CHECK(c.heading < t->n_rows, "a heading outside the table");
    for (size_t i = 0; i < N_FIELDS; i++) {
        FUZZ_CHECK(c.at[i] == NO_COLUMN || c.at[i] < c.n_headings, "a column outside the heading");
    }
    for (uint32_t i = 0; i < c.n_headings; i++) {
        (void)column_note(t, &c, i);
    }
}

static void check_table(struct text csv, uint32_t line, char separator)
{
    struct err err = {.status = STATUS_BUG};
    struct table t = {.n_rows = 0};
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    enum status st = table_parse(csv, line, separator, MAX_FUZZ_ROWS, &a, &t, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    for (size_t i = 0; st == STATUS_OK && i < t.n_rows; i++) {
        FUZZ_CHECK(i == 0 || t.rows[i].line > t.rows[i - 1].line, "lines in disorder");
        for (uint32_t k = 0; k < t.rows[i].n_cells; k++) {
            struct text cell = t.rows[i].cells[k];
            FUZZ_CHECK(text_is_utf8(cell) && text_trim(cell).n == cell.n, "a cell is no text");
        }
    }
    if (st == STATUS_OK) {
        check_columns(&t);
    }
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer text;
    uint32_t line = 1;
    buffer_init(&text, MAX_IMPORT_BYTES);
    enum status st = import_decode((struct bytes){at, n}, &text, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    if (st == STATUS_OK) {
        struct text csv = fuzz_text(buffer_view(&text));
        FUZZ_CHECK(text_is_utf8(csv), "decoded to something else than UTF-8");
        char named = table_separator(&csv, &line);
        for (const char *s = SEPARATORS; *s; s++) {
            if (!named || named == *s) {
                check_table(csv, line, *s);
            }
        }
    }
    buffer_release(&text);
    return 0;
}
