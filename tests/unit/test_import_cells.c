/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "register/import_parts.h"

static const struct date ON = {2026, 3, 1};

static void only_the_listed_words_are_a_yes(void **state)
{
    (void)state;
    static const char *const YES[] = {"Y",         "y",        "Yes",   "yes.",
                                      "TRUE",      "T",        "1",     "Granted",
                                      "Confirmed", "Received", "given", "Consented"};
    for (size_t i = 0; i < COUNT_OF(YES); i++) {
        assert_int_equal(cell_answer(text_of(YES[i])), ANSWER_YES);
    }
}

static void a_condition_a_question_mark_or_a_lone_x_is_unclear(void **state)
{
    (void)state;
    static const char *const UNCLEAR[] = {"Y - not Facebook",
                                          "?",
                                          "Y?",
                                          "X",
                                          "x",
                                          "yes but ask",
                                          "Y*",
                                          "\xE2\x9C\x93",
                                          "2",
                                          "ask mum",
                                          "N?",
                                          "=A1",
                                          "Only at school",
                                          "YesNo",
                                          "Y/N"};
    for (size_t i = 0; i < COUNT_OF(UNCLEAR); i++) {
        assert_int_equal(cell_answer(text_of(UNCLEAR[i])), ANSWER_UNCLEAR);
    }
}

static void everything_that_takes_away_is_read_by_its_first_word(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        enum answer answer;
    } CASES[] = {
        {"", ANSWER_BLANK},
        {"  ", ANSWER_BLANK},
        {"N", ANSWER_NO},
        {"no", ANSWER_NO},
        {"n/a", ANSWER_NO},
        {"Not Granted", ANSWER_NO},
        {"FALSE", ANSWER_NO},
        {"0", ANSWER_NO},
        {"No - see letter", ANSWER_NO},
        {"Refused", ANSWER_NO},
        {"Withdrawn 3/4/25", ANSWER_WITHDRAWN},
        {"Objects", ANSWER_OBJECTED},
        {"Pending", ANSWER_REQUESTED},
        {"Requested", ANSWER_REQUESTED},
        {"Awaiting reply", ANSWER_REQUESTED},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        assert_int_equal(cell_answer(text_of(CASES[i].cell)), CASES[i].answer);
    }
}

static void a_list_cell_errs_towards_being_listed(void **state)
{
    (void)state;
    static const char *const NO[] = {"",  " ", "N",    "no",  "No.", "FALSE",
                                     "F", "0", "None", "n/a", "NA",  "-"};
    static const char *const YES[] = {"Y",
                                      "yes",
                                      "True",
                                      "t",
                                      "1",
                                      "Refused",
                                      "Objected",
                                      "Withheld",
                                      "Declined",
                                      "NEVER",
                                      "Denied",
                                      "Listed",
                                      "do not publish",
                                      "Yes - ask the office"};
    static const char *const HELD[] = {"Not",       "No photos",   "X",       "?",
                                       "N?",        "Withdrawn",   "Pending", "not yet",
                                       "no longer", "N - see file"};
    for (size_t i = 0; i < COUNT_OF(NO); i++) {
        assert_int_equal(cell_listed(text_of(NO[i])), KNOWN_NO);
    }
    for (size_t i = 0; i < COUNT_OF(YES); i++) {
        assert_int_equal(cell_listed(text_of(YES[i])), KNOWN_YES);
    }
    for (size_t i = 0; i < COUNT_OF(HELD); i++) {
        assert_int_equal(cell_listed(text_of(HELD[i])), KNOWN_UNKNOWN);
    }
}

static void enrolment_is_read_by_the_whole_cell(void **state)
{
    (void)state;
    static const char *const UNCLEAR[] = {
        "",         "maybe",         "1 - left", "Single reg, left",
        "Y?",       "Yes - leaving", "F",        "current until July",
        "Left: no", "Y\xC2\xA0left"};
    assert_int_equal(cell_on_roll(TEXT("Y")), KNOWN_YES);
    assert_int_equal(cell_on_roll(TEXT("Current (single registration)")), KNOWN_YES);
    assert_int_equal(cell_on_roll(TEXT("Current - Single Registration at this School")), KNOWN_YES);
    assert_int_equal(cell_on_roll(TEXT("Leaver")), KNOWN_NO);
    assert_int_equal(cell_on_roll(TEXT("N")), KNOWN_NO);
    for (size_t i = 0; i < COUNT_OF(UNCLEAR); i++) {
        assert_int_equal(cell_on_roll(text_of(UNCLEAR[i])), KNOWN_UNKNOWN);
    }
}

static void dates_are_read_day_first(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int year, month, day; /* year 0: no date */
    } CASES[] = {
        {"02/10/2023", 2023, 10, 2},
        {"2/3/2023", 2023, 3, 2},
        {"31/12/2025", 2025, 12, 31},
        {"04/13/2023", 0, 0, 0},
        {"2023-10-02", 2023, 10, 2},
        {"2023-10-02T00:00:00", 2023, 10, 2},
        {"02/10/2023 00:00", 2023, 10, 2},
        {"02-Oct-23", 2023, 10, 2},
        {"02-Oct-2023", 2023, 10, 2},
        {"2 October 2023", 2023, 10, 2},
        {"01-Sep-15", 2015, 9, 1},
        {"01-Sept-15", 2015, 9, 1},
        {"01/09/46", 2046, 9, 1},
        {"01/09/47", 1947, 9, 1},
        {"02.10.2023", 2023, 10, 2},
        {"45201", 2023, 10, 2},
        {"45201.0", 2023, 10, 2},
        {"42248", 2015, 9, 1},
        {"45201.5", 0, 0, 0},
        {"2023", 0, 0, 0},
        {"29/02/2023", 0, 0, 0},
        {"29/02/2024", 2024, 2, 29},
        {"October 2023", 0, 0, 0},
        {"00/10/2023", 0, 0, 0},
        {"02/10/23/1", 0, 0, 0},
        {"02/Okt/2023", 0, 0, 0},
        {"yesterday", 0, 0, 0},
        {"", 0, 0, 0},
        {"99999999999999999999", 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct date d = DATE_NONE;
        bool read = cell_date(text_of(CASES[i].cell), ON, &d);
        char iso[DATE_TEXT_BYTES], wanted[40] = "";
        if (CASES[i].year) {
            (void)snprintf(wanted, sizeof wanted, "%04d-%02d-%02d", CASES[i].year, CASES[i].month,
                           CASES[i].day);
        }
        assert_string_equal(date_format(d, iso), wanted);
        assert_int_equal(read, CASES[i].year != 0);
    }
}

static void formulas_errors_and_powers_of_ten_are_seen(void **state)
{
    (void)state;
    assert_true(cell_is_formula(TEXT("=A2")));
    assert_true(cell_is_formula(TEXT("=\"0123\"")));
    assert_true(cell_is_formula(TEXT("@SUM(A1)")));
    assert_true(cell_is_formula(TEXT("+cmd")));
    assert_true(cell_is_formula(TEXT("#NAME?")));
    assert_false(cell_is_formula(TEXT("-")));
    assert_false(cell_is_formula(TEXT("-3")));
    assert_false(cell_is_formula(TEXT("#1")));
    assert_false(cell_is_formula(TEXT("Smith-Jones")));
    assert_true(cell_is_scientific(TEXT("9.99E+11")));
    assert_true(cell_is_scientific(TEXT("1e5")));
    assert_false(cell_is_scientific(TEXT("E12")));
    assert_false(cell_is_scientific(TEXT("4E")));
    assert_false(cell_is_scientific(TEXT("12345")));
}

static void a_written_method_is_the_whole_cell(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        enum consent_method method;
    } CASES[] = {
        {"Phone call", METHOD_VERBAL},
        {"phone call, form to follow", METHOD_VERBAL},
        {"said yes, form to follow", METHOD_VERBAL},
        {"told us by e-mail", METHOD_VERBAL},
        {"Verbal", METHOD_VERBAL},
        {"Paper form", METHOD_PAPER},
        {"Form (paper)", METHOD_UNKNOWN},
        {"Signed form", METHOD_PAPER},
        {"LETTER", METHOD_PAPER},
        {"Parent app", METHOD_APP},
        {"ParentMail", METHOD_APP},
        {"Online form", METHOD_APP},
        {"E-mail", METHOD_EMAIL},
        {"email", METHOD_EMAIL},
        {"mum is happy", METHOD_UNKNOWN},
        {"approval", METHOD_UNKNOWN},
        {"WhatsApp", METHOD_UNKNOWN},
        {"informal", METHOD_UNKNOWN},
        {"no form returned", METHOD_UNKNOWN},
        {"not the app", METHOD_UNKNOWN},
        {"awaiting form", METHOD_UNKNOWN},
        {"form?", METHOD_UNKNOWN},
        {"pigeon", METHOD_UNKNOWN},
        {"a form that is described at a length which no list of forms ever had", METHOD_UNKNOWN},
        {" - ", METHOD_UNKNOWN},
        {"", METHOD_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        assert_int_equal(cell_method(text_of(CASES[i].cell)), CASES[i].method);
    }
}

static void honest_names_have_no_fault(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"Zoë",    "Łukasz", "O'Neill", "Ana-María", "Åsa",    "李",
                                        "Nguyễn", "Ünal",   "Ægir",    "Siân",      "D’Arcy", ""};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        assert_null(cell_name_fault(text_of(NAMES[i])));
    }
    assert_non_null(cell_name_fault(TEXT("Zo?")));
    assert_non_null(cell_name_fault(TEXT("Zo\xEF\xBF\xBD")));
    assert_non_null(cell_name_fault(TEXT("Zo\u00C3\u00AB")));
    assert_non_null(cell_name_fault(TEXT("Mi\u00C5\u201Aosz")));
    assert_non_null(cell_name_fault(TEXT("Zo\u200Be")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_listed_words_are_a_yes),
        cmocka_unit_test(a_condition_a_question_mark_or_a_lone_x_is_unclear),
        cmocka_unit_test(everything_that_takes_away_is_read_by_its_first_word),
        cmocka_unit_test(a_list_cell_errs_towards_being_listed),
        cmocka_unit_test(enrolment_is_read_by_the_whole_cell),
        cmocka_unit_test(dates_are_read_day_first),
        cmocka_unit_test(formulas_errors_and_powers_of_ten_are_seen),
        cmocka_unit_test(a_written_method_is_the_whole_cell),
        cmocka_unit_test(honest_names_have_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
