/* SPDX-License-Identifier: GPL-3.0-or-later */
/* photogate.conf and the profiles. Every setting is printable, has a line of its own, and stands once. */
#include "fuzz.h"
#include "policy/ini_file.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static bool is_printable_lines(struct text t)
{
    while (t.n) {
        struct text line = text_cut(t, '\n', &t);
        while (line.n) {
            struct text part = text_cut(line, '\t', &line);
            if (!text_is_printable(part)) {
                return false;
            }
        }
    }
    return true;
}

static void check_setting(const struct settings *s, size_t i, size_t n_bytes)
{
    const struct setting *a = &s->at[i];
    FUZZ_CHECK(a->key.n && is_printable_lines(a->key) && is_printable_lines(a->section), "no name");
    FUZZ_CHECK(is_printable_lines(a->value), "a value that cannot be printed");
    FUZZ_CHECK(text_trim(a->value).n == a->value.n, "a value that is not trimmed");
    FUZZ_CHECK(a->line >= 1 && a->line <= n_bytes, "line %u", (unsigned)a->line);
    for (size_t k = 0; k < i; k++) {
        const struct setting *b = &s->at[k];
        FUZZ_CHECK(b->line < a->line, "lines in disorder");
        FUZZ_CHECK(!text_equal(a->key, b->key) || !text_equal(a->section, b->section), "twice");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct err err = {.status = STATUS_BUG};
    struct settings s = {.n = 0};
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    enum status st = settings_parse((struct bytes){at, n}, TEXT("fuzz.ini"), &a, &s, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(st == STATUS_OK || err.text[0], "a refusal without words");
    for (size_t i = 0; st == STATUS_OK && i < s.n; i++) {
        check_setting(&s, i, n);
    }
    arena_release(&a);
    return 0;
}
