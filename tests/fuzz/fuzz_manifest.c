/* SPDX-License-Identifier: GPL-3.0-or-later */
/* photos.csv. Rows come out sorted, each is found under its name, and what is wrong with one can be printed. */
#include "fuzz.h"
#include "photogate/manifest.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static void check_row(const struct manifest *m, size_t i)
{
    const struct manifest_row *r = &m->rows[i], *found = manifest_row_for(m, r->filename);
    FUZZ_CHECK(r->filename.n && text_is_utf8(r->filename), "a row without a name");
    FUZZ_CHECK(found && text_equal(found->filename, r->filename), "a row that is not found");
    FUZZ_CHECK(i == 0 || text_compare(m->rows[i - 1].filename, r->filename) <= 0, "not sorted");
    FUZZ_CHECK(text_is_printable(r->trouble), "trouble that cannot be printed");
    FUZZ_CHECK(text_is_utf8(r->said.caption) && text_is_utf8(r->said.credit), "no text");
    for (size_t k = 0; k < r->n_people; k++) {
        FUZZ_CHECK(r->people[k].n && text_is_utf8(r->people[k]), "nobody");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct err err = {.status = STATUS_BUG};
    struct manifest m = {.n_rows = 0};
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    enum status st = manifest_parse((struct bytes){at, n}, &a, &m, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(st == STATUS_OK || err.text[0], "a refusal without words");
    for (size_t i = 0; st == STATUS_OK && i < m.n_rows; i++) {
        check_row(&m, i);
    }
    arena_release(&a);
    return 0;
}
