/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a post carries is judged together; misspelt names are held; a big register is built in
 * linear time. */
#include <time.h>

#include "names_school.h"

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

struct judged_fields {
    const struct field_finding *found;
    size_t n;
    enum judgement verdict;
};

static struct judged_fields judge_fields(struct names_school *s, const struct text_field *fields,
                                         size_t n)
{
    struct judged_fields j = {.verdict = JUDGE_BLOCK};
    struct err err = {.text = ""};
    arena_release(&s->results);
    assert_int_equal(names_judge_fields(s->lexicon, fields, n, NAMES_NEVER, &s->results, &j.found,
                                        &j.n, &j.verdict, &err),
                     STATUS_OK);
    for (size_t i = 0; i < j.n; i++) {
        assert_true(j.found[i].field < n);
        assert_true(j.found[i].finding.start < j.found[i].finding.end);
        assert_true(j.found[i].finding.end <= fields[j.found[i].field].text.n);
    }
    return j;
}

#define FIELD(literal)                                                                             \
    {                                                                                              \
        TEXT(literal), TEXT_ROLE_CAPTION                                                           \
    }

static void praise_in_one_field_and_a_name_in_the_next_are_seen_together(void **state)
{
    struct names_school *s = *state;
    const struct text_field alone[] = {FIELD("Well done")};
    assert_int_equal(judge_fields(s, alone, 1).verdict, JUDGE_ALLOW);
    const struct text_field post[] = {FIELD("Well done"), FIELD("Grace")};
    struct judged_fields j = judge_fields(s, post, 2);
    assert_int_equal(j.verdict, JUDGE_BLOCK);
    assert_true(j.n >= 1);
    assert_int_equal(j.found[0].field, 1);
    const struct text_field backward[] = {FIELD("Grace"), FIELD("Well done")};
    assert_int_equal(judge_fields(s, backward, 2).verdict, JUDGE_BLOCK);
}

static void a_full_name_over_two_fields_is_found_in_both(void **state)
{
    struct names_school *s = *state;
    const struct text_field post[] = {FIELD("Our champion is Florence"),
                                      FIELD("Bolton at full speed")};
    struct judged_fields j = judge_fields(s, post, 2);
    assert_int_equal(j.verdict, JUDGE_BLOCK);
    bool in[2] = {false, false};
    for (size_t i = 0; i < j.n; i++) {
        in[j.found[i].field] = true;
    }
    assert_true(in[0] && in[1]);
}

static void harmless_fields_stay_harmless_together(void **state)
{
    struct names_school *s = *state;
    const struct text_field post[] = {FIELD("Summer fair"),
                                      FIELD("Olive oil tasting on the field"),
                                      {TEXT("IMG_2041.jpg"), TEXT_ROLE_FILE_NAME},
                                      {TEXT_NONE, TEXT_ROLE_CAPTION}};
    assert_int_equal(judge_fields(s, post, 4).verdict, JUDGE_ALLOW);
    assert_int_equal(judge_fields(s, post, 0).verdict, JUDGE_ALLOW);
}

static void a_field_that_cannot_be_read_is_held(void **state)
{
    struct names_school *s = *state;
    const struct text_field post[] = {FIELD("Year 4"), FIELD("Caf\xC3( day")};
    assert_int_equal(judge_fields(s, post, 2).verdict, JUDGE_REVIEW);
}

static void a_slip_of_the_pen_holds_a_full_name(void **state)
{
    struct names_school *s = *state;
    assert_judged(s, "Kayide Okonedro with the shield", JUDGE_REVIEW);
    assert_judged(s, "Navdep Dhalival in the team", JUDGE_REVIEW);
    assert_judged(s, "Okonedi, Kayodi", JUDGE_REVIEW);
    assert_judged(s, "Bogoslawa on the beam", JUDGE_REVIEW); /* as it sounds */
    assert_judged(s, "Great Britain on the map", JUDGE_ALLOW);
    assert_judged(s, "Kayaks and canoes on the lake", JUDGE_ALLOW);
}

/* Every spelling of every family, as forename and as surname: a spelling that stands in two
 * families is found by both. */
static void every_spelling_of_every_family_can_be_a_pupil(void **state)
{
    struct names_school *s = *state;
    struct word_list families = {.words = NULL};
    for (size_t i = 0; i < s->policy.n_lists; i++) {
        if (text_equal(s->policy.lists[i].name, TEXT("spelling-families"))) {
            families = s->policy.lists[i];
        }
    }
    assert_true(families.n_words > 0);
    struct person *people = calloc(4096, sizeof *people);
    assert_non_null(people);
    size_t n = 0;
    for (size_t i = 0; i < families.n_words; i++) {
        for (struct text rest = families.words[i]; rest.n;) {
            struct text word = text_cut(rest, ' ', &rest);
            assert_true(n < 4096);
            people[n++] = (struct person){.kind = PERSON_PUPIL,
                                          .legal_forename = word,
                                          .legal_surname = word,
                                          .reg_group = TEXT("4B")};
        }
    }
    struct snapshot snapshot = {.people = people, .n_people = n};
    struct lexicon *l = NULL;
    struct err err = {.text = ""};
    assert_int_equal(lexicon_build(&snapshot, &s->policy, &l, &err), STATUS_OK);
    lexicon_free(l);
    free(people);
}

/* Many pupils of one name: the build must not walk through all of them for each. */
static void a_name_that_thousands_share_is_no_burden(void **state)
{
    enum { PUPILS = 8000 };
    struct names_school *s = *state;
    struct person *people = calloc(PUPILS, sizeof *people);
    assert_non_null(people);
    for (size_t i = 0; i < PUPILS; i++) {
        people[i] = (struct person){.kind = PERSON_PUPIL,
                                    .legal_forename = TEXT("Muhammad"),
                                    .legal_surname = TEXT("Hussain"),
                                    .reg_group = TEXT("4B")};
    }
    struct snapshot snapshot = {.people = people, .n_people = PUPILS};
    struct lexicon *l = NULL;
    struct err err = {.text = ""};
    clock_t begun = clock();
    assert_int_equal(lexicon_build(&snapshot, &s->policy, &l, &err), STATUS_OK);
    assert_true((double)(clock() - begun) / CLOCKS_PER_SEC < 20.0); /* a walk would take an hour */
    lexicon_free(l);
    free(people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(praise_in_one_field_and_a_name_in_the_next_are_seen_together),
        cmocka_unit_test(a_full_name_over_two_fields_is_found_in_both),
        cmocka_unit_test(harmless_fields_stay_harmless_together),
        cmocka_unit_test(a_field_that_cannot_be_read_is_held),
        cmocka_unit_test(a_slip_of_the_pen_holds_a_full_name),
        cmocka_unit_test(every_spelling_of_every_family_can_be_a_pupil),
        cmocka_unit_test(a_name_that_thousands_share_is_no_burden),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
