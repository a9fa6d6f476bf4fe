/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "photogate/register.h"

static void digits_801200005001_give_the_letter_b(void **state)
{
    (void)state;
    assert_true(upn_is_valid(TEXT("B801200005001")));
}

static void every_other_first_letter_is_wrong(void **state)
{
    (void)state;
    char upn[] = "?801200005001";
    for (char c = 'A'; c <= 'Z'; c++) {
        upn[0] = c;
        assert_int_equal(upn_is_valid((struct text){upn, 13}), c == 'B');
    }
}

static void one_wrong_digit_or_two_swapped_are_found(void **state)
{
    (void)state;
    const char good[] = "B801200005001";
    for (size_t i = 1; i < 13; i++) {
        char bad[14];
        memcpy(bad, good, sizeof bad);
        bad[i] = bad[i] == '9' ? '0' : (char)(bad[i] + 1);
        assert_false(upn_is_valid((struct text){bad, 13}));
    }
    assert_false(upn_is_valid(TEXT("B081200005001")));
}

static void a_temporary_number_ends_in_a_letter_that_counts(void **state)
{
    (void)state;
    /* the last letter counts 13 times its place in the alphabet of check letters: A is 0, B is 1 */
    assert_true(upn_is_valid(TEXT("M80120000500A")));
    assert_false(upn_is_valid(TEXT("M80120000500B")));
    assert_true(upn_is_valid(TEXT("B80120000500B")));
    assert_false(upn_is_valid(TEXT("M80120000500O")));
}

static void what_is_not_of_the_form_is_not_valid(void **state)
{
    (void)state;
    const struct text bad[] = {TEXT(""),
                               TEXT("B80120000500"),
                               TEXT("B8012000050011"),
                               TEXT("b801200005001"),
                               TEXT("B80120000A001"),
                               TEXT("8801200005001"),
                               TEXT("9.99E+11"),
                               TEXT("B80120000500\0")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(upn_is_valid(bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_801200005001_give_the_letter_b),
        cmocka_unit_test(every_other_first_letter_is_wrong),
        cmocka_unit_test(one_wrong_digit_or_two_swapped_are_found),
        cmocka_unit_test(a_temporary_number_ends_in_a_letter_that_counts),
        cmocka_unit_test(what_is_not_of_the_form_is_not_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
