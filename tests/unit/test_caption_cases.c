/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/captions/cases.tsv, line by line. Every line is tried before the test fails. */
#include "names_school.h"

enum { LONGEST_LINE = 4096, LEAST_CASES = 80 };

static bool finds(const struct names_school *s, struct text names)
{
    if (text_equal(names, TEXT("-"))) {
        return s->n_found == 0;
    }
    while (names.n) {
        struct text name = text_cut(names, ',', &names);
        bool found = false;
        for (size_t i = 0; i < s->n_found; i++) {
            found |= text_equal(name, text_of(finding_name(s->found[i].kind)));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool case_holds(struct names_school *s, struct text line)
{
    struct text rest, names, caption;
    struct text verdict = text_cut(line, '\t', &rest);
    caption = text_cut(rest, '\t', &names);
    assert_true(names.n > 0);
    enum text_role role = TEXT_ROLE_CAPTION;
    if (text_starts_with(caption, TEXT("file:"))) {
        caption = text_slice(caption, 5, caption.n);
        role = TEXT_ROLE_FILE_NAME;
    }
    enum judgement got = judged_as(s, caption, role, NAMES_NEVER);
    if (text_equal(verdict, text_of(judgement_name(got))) && finds(s, names)) {
        return true;
    }
    print_error("%s instead of %.*s: %.*s", judgement_name(got), TEXT_ARG(verdict),
                TEXT_ARG(caption));
    for (size_t i = 0; i < s->n_found; i++) {
        print_error(" [%s]", finding_name(s->found[i].kind));
    }
    print_error("\n");
    return false;
}

static void every_caption_is_judged_as_its_line_says(void **state)
{
    (void)state;
    struct names_school *s = names_school_new();
    const char *folder = getenv("TESTS_DIR");
    char path[1024], line[LONGEST_LINE];
    assert_true(snprintf(path, sizeof path, "%s/captions/cases.tsv", folder ? folder : "tests") <
                (int)sizeof path);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t cases = 0, failed = 0;
    while (fgets(line, sizeof line, f)) {
        struct text t = text_of(line);
        assert_true(text_ends_with_nocase(t, TEXT("\n")));
        t.n--;
        if (t.n && t.at[0] != '#') {
            cases++;
            failed += !case_holds(s, t);
        }
    }
    (void)fclose(f);
    names_school_free(s);
    assert_int_equal(failed, 0);
    assert_true(cases >= LEAST_CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_caption_is_judged_as_its_line_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
