/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names_school.h"

static void assert_folds(const char *name, const char *want)
{
    struct buffer b;
    struct err err = {.text = ""};
    buffer_init(&b, 4096);
    assert_int_equal(name_fold(text_of(name), &b, &err), STATUS_OK);
    buffer_add_byte(&b, 0);
    assert_string_equal((const char *)b.at, want);
    buffer_release(&b);
}

static void accents_and_case_do_not_tell_names_apart(void **state)
{
    (void)state;
    assert_folds("Zoë", "zoe");
    assert_folds("ZOE\u0308", "zoe"); /* a combining mark */
    assert_folds("Łukasz", "lukasz");
    assert_folds("Szymański", "szymanski");
    assert_folds("Llŷr", "llyr");
    assert_folds("Gökçe YILDIRIM", "gokce yildirim");
    assert_folds("Yıldırım", "yildirim");
    assert_folds("İpek", "ipek");
    assert_folds("Søren Bjørnstad", "soren bjornstad");
    assert_folds("Weiß", "weiss");
    assert_folds("Þórdís Æsa", "thordis aesa");
    assert_folds("Nguyễn", "nguyen");
}

static void quotes_vanish_and_hyphens_part_words(void **state)
{
    (void)state;
    assert_folds("O'Neill", "oneill");
    assert_folds("O’Neill", "oneill");
    assert_folds("D`Souza", "dsouza");
    assert_folds("Anna-Maria", "anna maria");
    assert_folds("Anna\u2011Maria", "anna maria");
    assert_folds("  St.  John ", "st john");
    assert_folds("Smith, Jack", "smith jack");
}

static void styled_letters_are_plain(void **state)
{
    (void)state;
    assert_folds("Ｊａｃｋ", "jack");
    assert_folds("Ⓙⓐⓒⓚ", "jack");
    assert_folds("𝓙𝓪𝓬𝓴", "jack");
    assert_folds("ﬁnn", "finn");
    assert_folds("Ja\u200Bck", "jack");
}

static void letters_of_other_scripts_stay(void **state)
{
    (void)state;
    assert_folds("Оксана", "оксана");
    assert_folds("محمد", "محمد");
    assert_folds("राम वर्मा", "राम वर्मा");
    assert_folds("रमा वर्मा", "रमा वर्मा"); /* another child: vowel signs are letters */
    assert_folds("สมชาย", "สมชาย");
    assert_folds("น้ำ", "น\u0E49\u0E4Dา");
    assert_folds("まなか", "まなか");
    assert_folds("かが", "かか\u3099");
    assert_folds("かか\u3099", "かか\u3099");
    assert_folds("Ελένη", "ελενη");
    assert_folds("Андре\u0306й", "андреи"); /* composed or not, a breve is an accent */
    assert_folds("Ja\u093Eck", "jack");     /* a foreign mark on a Latin letter is one, too */
}

static void different_names_stay_different(void **state)
{
    (void)state;
    assert_folds("Sue", "sue");
    assert_folds("Joe", "joe");
    assert_folds("Samuel", "samuel");
    assert_folds("", "");
}

static void folding_appends_to_what_is_there(void **state)
{
    (void)state;
    struct buffer b;
    struct err err = {.text = ""};
    buffer_init(&b, 64);
    buffer_add_cstr(&b, "a|");
    assert_int_equal(name_fold(TEXT(" Siôn"), &b, &err), STATUS_OK);
    assert_memory_equal(b.at, "a|sion", 6);
    assert_int_equal(b.n, 6);
    buffer_release(&b);
}

static void a_name_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    struct buffer b;
    struct err err = {.text = ""};
    buffer_init(&b, 64);
    assert_int_equal(name_fold(TEXT("Zo\xEB"), &b, &err), STATUS_FORMAT);
    assert_null(strstr(err.text, "Zo"));
    assert_int_equal(b.n, 0);
    buffer_release(&b);
}

static void a_name_over_the_callers_ceiling_fails(void **state)
{
    (void)state;
    struct buffer b;
    struct err err = {.text = ""};
    buffer_init(&b, 3);
    assert_int_equal(name_fold(TEXT("Tobias"), &b, &err), STATUS_LIMIT);
    buffer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accents_and_case_do_not_tell_names_apart),
        cmocka_unit_test(quotes_vanish_and_hyphens_part_words),
        cmocka_unit_test(styled_letters_are_plain),
        cmocka_unit_test(letters_of_other_scripts_stay),
        cmocka_unit_test(different_names_stay_different),
        cmocka_unit_test(folding_appends_to_what_is_there),
        cmocka_unit_test(a_name_that_is_not_utf8_is_refused),
        cmocka_unit_test(a_name_over_the_callers_ceiling_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
