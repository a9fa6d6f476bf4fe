/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names_school.h"

#include "photogate/limits.h"

static int set_up(void **state)
{
    *state = names_school_new();
    return 0;
}

static int tear_down(void **state)
{
    names_school_free(*state);
    return 0;
}

static enum judgement with_names(struct names_school *s, const char *caption,
                                 enum name_policy names)
{
    return judged_as(s, text_of(caption), TEXT_ROLE_CAPTION, names);
}

static void the_policy_for_names_lets_its_form_pass_and_no_more(void **state)
{
    struct names_school *s = *state;
    assert_int_equal(with_names(s, "Well done Kayode!", NAMES_NEVER), JUDGE_BLOCK);
    assert_int_equal(with_names(s, "Well done Kayode!", NAMES_INITIALS), JUDGE_BLOCK);
    assert_int_equal(with_names(s, "Well done Kayode!", NAMES_FORENAME), JUDGE_ALLOW);
    assert_int_equal(with_names(s, "Well done Kayode Okonedo!", NAMES_FORENAME), JUDGE_BLOCK);
    assert_int_equal(with_names(s, "Well done Kayode Okonedo!", NAMES_FULL), JUDGE_ALLOW);
    assert_int_equal(with_names(s, "Well done K.O.!", NAMES_NEVER), JUDGE_BLOCK);
    assert_int_equal(with_names(s, "Well done K.O.!", NAMES_INITIALS), JUDGE_ALLOW);
    assert_int_equal(with_names(s, "Well done Okonedo!", NAMES_FORENAME), JUDGE_BLOCK);
    assert_int_equal(with_names(s, "Mr Okonedo helped.", NAMES_FULL), JUDGE_BLOCK);
    assert_int_equal(with_names(s, "K4y0de helped.", NAMES_FULL), JUDGE_BLOCK);
    /* A value outside the list is no permission. */
    assert_int_equal(with_names(s, "Well done Kayode!", (enum name_policy)99), JUDGE_BLOCK);
}

static void staff_pass_hold_or_block_as_the_policy_says(void **state)
{
    struct names_school *s = *state;
    const char *caption = "Mrs Ravensworth opened the fair.";
    assert_judged(s, caption, JUDGE_ALLOW);
    s->policy.staff = STAFF_HOLD;
    assert_judged(s, caption, JUDGE_REVIEW);
    assert_true(has_finding(s, FINDING_STAFF));
    s->policy.staff = STAFF_BLOCK;
    assert_judged(s, caption, JUDGE_BLOCK);
    s->policy.staff = STAFF_ALLOW;
    /* A pupil's surname behind a title is family, unless a member of staff has it too. */
    assert_judged(s, "Mr Carter ran the stall.", JUDGE_ALLOW);
    assert_judged(s, "Mr Dhaliwal ran the stall.", JUDGE_BLOCK);
    assert_true(has_finding(s, FINDING_PARENT));
}

static void a_full_name_comes_before_any_mask(void **state)
{
    struct names_school *s = *state;
    /* "Carter House" is masked and so is staff; the pupil's full name is not. */
    assert_judged(s, "Carter House won the cup.", JUDGE_ALLOW);
    assert_judged(s, "Will Carter House won the cup.", JUDGE_BLOCK);
    assert_judged(s, "Miss Poppy Meadows", JUDGE_BLOCK);
}

static void text_that_cannot_be_read_is_held(void **state)
{
    struct names_school *s = *state;
    assert_int_equal(judged_as(s, TEXT("Zo\xEB at the fair"), TEXT_ROLE_CAPTION, NAMES_FULL),
                     JUDGE_REVIEW);
    assert_true(has_finding(s, FINDING_NOT_TEXT));
    assert_judged(s, "A lone surrogate: \xED\xA0\x80", JUDGE_REVIEW);
    assert_true(has_finding(s, FINDING_NOT_TEXT));
    assert_judged(s, "An end \xEF\xBF\xBD that was lost", JUDGE_REVIEW);
    assert_true(has_finding(s, FINDING_CONTROL));
    assert_judged(s, "Right to left \u202Egnilrats", JUDGE_BLOCK);
    assert_int_equal(judged_as(s, TEXT("A\0B"), TEXT_ROLE_CAPTION, NAMES_FULL), JUDGE_REVIEW);
    assert_true(has_finding(s, FINDING_CONTROL));
    assert_judged(s, "A \x1b[2J trick", JUDGE_REVIEW);
    assert_judged(s, "Line one\nLine two\tok", JUDGE_ALLOW);
    static char longest[MAX_TEXT_BYTES + 1];
    memset(longest, '.', sizeof longest);
    assert_int_equal(
        judged_as(s, (struct text){longest, MAX_TEXT_BYTES}, TEXT_ROLE_CAPTION, NAMES_NEVER),
        JUDGE_ALLOW);
    assert_int_equal(
        judged_as(s, (struct text){longest, MAX_TEXT_BYTES + 1}, TEXT_ROLE_CAPTION, NAMES_NEVER),
        JUDGE_REVIEW);
    assert_true(has_finding(s, FINDING_TOO_LONG));
    assert_int_equal(judged_as(s, TEXT_NONE, TEXT_ROLE_CAPTION, NAMES_NEVER), JUDGE_ALLOW);
}

static void file_names_are_split_at_capitals_digits_and_underscores(void **state)
{
    static const char *const BLOCKED[] = {"KayodeOkonedo.jpg",     "IMG_kayode_2024.png",
                                          "trip2024-navdeep.jpeg", "SportsDay_KO_final.jpg",
                                          "4T/gráinne.jpg",        "xiu_ouyang.jpg",
                                          "TobiasJ4.jpg"};
    static const char *const PASSED[] = {"IMG_20240614_120301.jpg", "Sports_Day_2024_17.jpg",
                                         "2024/06/farm-visit-3.jpeg", "DSC01234.JPG"};
    struct names_school *s = *state;
    for (size_t i = 0; i < sizeof BLOCKED / sizeof BLOCKED[0]; i++) {
        enum judgement got = judged_as(s, text_of(BLOCKED[i]), TEXT_ROLE_FILE_NAME, NAMES_NEVER);
        if (got != JUDGE_BLOCK) {
            print_error("%s: %s\n", BLOCKED[i], judgement_name(got));
        }
        assert_int_equal(got, JUDGE_BLOCK);
    }
    for (size_t i = 0; i < sizeof PASSED / sizeof PASSED[0]; i++) {
        enum judgement got = judged_as(s, text_of(PASSED[i]), TEXT_ROLE_FILE_NAME, NAMES_NEVER);
        if (got != JUDGE_ALLOW) {
            print_error("%s: %s\n", PASSED[i], judgement_name(got));
        }
        assert_int_equal(got, JUDGE_ALLOW);
    }
}

static void a_text_tells_whom_it_names_in_full(void **state)
{
    struct names_school *s = *state;
    struct err err = {.text = ""};
    uint32_t people[4];
    size_t n = 99;
    struct text text = TEXT("Dhaliwal, Navdeep; kayode okonedo; Kayode Okonedo; Grace; B20418");
    assert_int_equal(names_mentioned(s->lexicon, text, people, 4, &n, &err), STATUS_OK);
    assert_int_equal(n, 3);
    assert_int_equal(people[0], 0);
    assert_int_equal(people[1], 1);
    assert_int_equal(people[2], 4);
    assert_int_equal(names_mentioned(s->lexicon, text, people, 2, &n, &err), STATUS_LIMIT);
    assert_int_equal(n, 3); /* untouched */
    err_clear(&err);
    assert_int_equal(names_mentioned(s->lexicon, TEXT("\xFF"), people, 4, &n, &err), STATUS_FORMAT);
}

static void a_mask_covers_each_finding_once(void **state)
{
    struct names_school *s = *state;
    const char *caption = "Well done Kayode Okonedo and Xiu!";
    assert_judged(s, caption, JUDGE_BLOCK);
    struct buffer masked;
    buffer_init(&masked, 1024);
    names_mask(&masked, text_of(caption), s->found, s->n_found);
    buffer_add_byte(&masked, 0);
    assert_string_equal((const char *)masked.at, "Well done [name] and [name]!");
    buffer_release(&masked);
}

static void a_word_list_line_without_letters_is_an_error(void **state)
{
    struct names_school *s = *state;
    static const struct text WORDS[] = {{"...", 3}};
    struct word_list list = {TEXT("acronyms"), WORDS, 1};
    struct policy policy = {.lists = &list, .n_lists = 1};
    struct lexicon *l = NULL;
    struct err err = {.text = ""};
    assert_int_equal(lexicon_build(&s->snapshot, &policy, &l, &err), STATUS_FORMAT);
    assert_non_null(strstr(err.text, "acronyms"));
    assert_null(l);
}

static void a_name_too_long_to_look_for_is_told_and_a_dash_is_no_name(void **state)
{
    struct names_school *s = *state;
    static char words[120];
    for (size_t i = 0; i < sizeof words; i++) {
        words[i] = i % 2 ? ' ' : 'q';
    }
    struct person people[2] = {{.kind = PERSON_PUPIL}, {.kind = PERSON_PUPIL}};
    people[0].legal_forename = TEXT("Suharto");
    people[0].legal_surname = TEXT("-");
    people[1].legal_forename = TEXT("Qi");
    people[1].legal_surname = (struct text){words, sizeof words};
    struct snapshot one = {.people = people, .n_people = 1},
                    two = {.people = people, .n_people = 2};
    struct lexicon *full = s->lexicon;
    struct err err = {.text = ""};
    assert_int_equal(lexicon_build(&one, &s->policy, &s->lexicon, &err), STATUS_OK);
    assert_judged(s, "Well done Suharto!", JUDGE_BLOCK);
    lexicon_free(s->lexicon);
    s->lexicon = full;
    struct lexicon *l = NULL;
    assert_int_equal(lexicon_build(&two, &s->policy, &l, &err), STATUS_FORMAT);
    assert_non_null(strstr(err.text, "person 2"));
    assert_null(strstr(err.text, "Qi"));
}

static void without_word_lists_more_is_stopped_not_less(void **state)
{
    struct names_school *s = *state;
    struct policy none = {.staff = STAFF_BLOCK};
    struct lexicon *full = s->lexicon;
    struct err err = {.text = ""};
    assert_int_equal(lexicon_build(&s->snapshot, &none, &s->lexicon, &err), STATUS_OK);
    assert_judged(s, "grace and hope", JUDGE_BLOCK);
    assert_judged(s, "Kayode Okonedo", JUDGE_BLOCK);
    lexicon_free(s->lexicon);
    s->lexicon = full;
}

static void every_finding_has_words_and_a_remedy(void **state)
{
    (void)state;
    for (int k = 0; k <= N_FINDINGS; k++) {
        assert_true(strlen(finding_name((enum finding_kind)k)) > 2);
        assert_true(strlen(finding_words((enum finding_kind)k)) > 5);
        assert_true(strlen(finding_fix((enum finding_kind)k)) > 10);
    }
    assert_string_equal(finding_name(FINDING_FULL_NAME), "full-name");
    assert_string_equal(judgement_name((enum judgement)7), "block");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_for_names_lets_its_form_pass_and_no_more),
        cmocka_unit_test(staff_pass_hold_or_block_as_the_policy_says),
        cmocka_unit_test(a_full_name_comes_before_any_mask),
        cmocka_unit_test(text_that_cannot_be_read_is_held),
        cmocka_unit_test(file_names_are_split_at_capitals_digits_and_underscores),
        cmocka_unit_test(a_text_tells_whom_it_names_in_full),
        cmocka_unit_test(a_mask_covers_each_finding_once),
        cmocka_unit_test(a_word_list_line_without_letters_is_an_error),
        cmocka_unit_test(a_name_too_long_to_look_for_is_told_and_a_dash_is_no_name),
        cmocka_unit_test(without_word_lists_more_is_stopped_not_less),
        cmocka_unit_test(every_finding_has_words_and_a_remedy),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
