/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom do the tags name? All people are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "names_school.h"
#include "photogate/ruling.h"

/* TEXT for tables: a compound literal is no constant to a pedantic compiler. */
#define T(literal)                                                                                 \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }
#define PUPIL(first, last, group, number, admission)                                               \
    {                                                                                              \
        .kind = PERSON_PUPIL, .legal_forename = T(first), .legal_surname = T(last),                \
        .reg_group = T(group), .upn = T(number), .admission_no = T(admission)                      \
    }

enum { SMITH_4B, SMITH_5C, ONEILL, SMITH_JONES, ELODIE, KNOWN_AS, TEACHER, GRACE, LEE, N_PEOPLE };

static const struct person PEOPLE[N_PEOPLE] = {
    [SMITH_4B] = {.kind = PERSON_PUPIL,
                  .legal_forename = T("Jack"),
                  .legal_surname = T("Smith"),
                  .reg_group = T("4B"),
                  .year_group = T("Year 4"),
                  .upn = T("B801200005001"),
                  .admission_no = T("002341")},
    [SMITH_5C] = {.kind = PERSON_PUPIL,
                  .legal_forename = T("Jack"),
                  .legal_surname = T("Smith"),
                  .reg_group = T("5 Cedar"),
                  .year_group = T("5"),
                  .upn = T("H801200005002"),
                  .admission_no = T("2024")},
    [ONEILL] = PUPIL("Zo\u00EB", "O\u2019Neill", "4B", "", ""),
    [SMITH_JONES] = PUPIL("Amy", "Smith-Jones", "4B", "", ""),
    [ELODIE] = PUPIL("\u00C9lodie", "\u0141ukasz", "6A", "", ""),
    [KNOWN_AS] = {.kind = PERSON_PUPIL,
                  .legal_forename = T("Mohammed"),
                  .middle_names = T("Ali"),
                  .legal_surname = T("Rahman"),
                  .known_forename = T("Mo"),
                  .reg_group = T("3A")},
    [TEACHER] = {.kind = PERSON_STAFF,
                 .title = T("Mrs"),
                 .legal_forename = T("Ann"),
                 .legal_surname = T("Okafor")},
    [GRACE] = PUPIL("Grace", "Field", "2B", "", ""),
    [LEE] = PUPIL("Anna", "Lee", "1A", "", "77"),
};

/* The word lists that the program ships with. */
static struct names_school *lists;

static struct person_index *index_over(const struct snapshot *s)
{
    struct person_index *index = NULL;
    struct err err = {0};
    assert_int_equal(person_index_build(s, &index, &err), STATUS_OK);
    assert_int_equal(person_index_learn_topics(index, &lists->policy, &err), STATUS_OK);
    return index;
}

static struct person_index *index_of_all(void)
{
    static const struct snapshot ALL = {.people = PEOPLE, .n_people = N_PEOPLE};
    return index_over(&ALL);
}

struct expectation {
    const char *name;
    enum resolution resolution;
    uint32_t person;
};

static void assert_resolves(enum tag_kind kind, const struct expectation *expected, size_t n)
{
    struct person_index *index = index_of_all();
    for (size_t i = 0; i < n; i++) {
        struct tag t = {.kind = kind, .name = text_of(expected[i].name), .person = 99};
        struct err err = {0};
        assert_int_equal(resolve_people(index, &t, 1, &err), STATUS_OK);
        if (t.resolution != expected[i].resolution) {
            fail_msg("\"%s\" resolves to %d, not %d", expected[i].name, (int)t.resolution,
                     (int)expected[i].resolution);
        }
        uint32_t person = t.resolution == RESOLVED_PERSON ? expected[i].person : NO_PERSON;
        assert_int_equal(t.person, person);
    }
    person_index_free(index);
}

#define RESOLVES(kind, ...)                                                                        \
    do {                                                                                           \
        static const struct expectation expected_[] = {__VA_ARGS__};                               \
        assert_resolves((kind), expected_, sizeof expected_ / sizeof expected_[0]);                \
    } while (0)

static void full_names_in_any_order_and_spelling(void **state)
{
    (void)state;
    RESOLVES(TAG_REGION, {"Grace Field", RESOLVED_PERSON, GRACE},
             {"Field Grace", RESOLVED_PERSON, GRACE}, {"Field, Grace", RESOLVED_PERSON, GRACE},
             {"  GRACE   field ", RESOLVED_PERSON, GRACE}, {"Zoe ONeill", RESOLVED_PERSON, ONEILL},
             {"zo\u00EB o'neill", RESOLVED_PERSON, ONEILL},
             {"Zoe O Neill", RESOLVED_PERSON, ONEILL},
             {"Amy Smith Jones", RESOLVED_PERSON, SMITH_JONES},
             {"Smith\u2010Jones, Amy", RESOLVED_PERSON, SMITH_JONES},
             {"Elodie Lukasz", RESOLVED_PERSON, ELODIE});
}

static void legal_known_as_and_middle_names(void **state)
{
    (void)state;
    RESOLVES(TAG_PERSON, {"Mohammed Rahman", RESOLVED_PERSON, KNOWN_AS},
             {"Mo Rahman", RESOLVED_PERSON, KNOWN_AS},
             {"Mohammed Ali Rahman", RESOLVED_PERSON, KNOWN_AS},
             {"Rahman, Mohammed Ali", RESOLVED_PERSON, KNOWN_AS});
}

static void staff_by_full_name_and_title(void **state)
{
    (void)state;
    RESOLVES(TAG_STATED, {"Ann Okafor", RESOLVED_PERSON, TEACHER},
             {"Mrs Ann Okafor", RESOLVED_PERSON, TEACHER},
             {"Mrs. Okafor", RESOLVED_PERSON, TEACHER}, {"MRS OKAFOR", RESOLVED_PERSON, TEACHER},
             {"Mr Okafor", RESOLVED_UNKNOWN, 0}, {"Okafor", RESOLVED_UNKNOWN, 0},
             {"Mrs", RESOLVED_UNKNOWN, 0},
             {"Mrs Field", RESOLVED_UNKNOWN, 0}); /* a pupil's mother */
    static const struct person NAMESAKES[] = {{.kind = PERSON_STAFF,
                                               .title = T("Mrs"),
                                               .legal_forename = T("Ann"),
                                               .legal_surname = T("Okafor")},
                                              {.kind = PERSON_STAFF,
                                               .title = T("Mrs"),
                                               .legal_forename = T("Ruth"),
                                               .legal_surname = T("Okafor")},
                                              {.kind = PERSON_STAFF,
                                               .title = T("Miss"),
                                               .legal_forename = T("Ida"),
                                               .legal_surname = T("Field")},
                                              PUPIL("Grace", "Field", "2B", "", "")};
    static const struct snapshot SCHOOL = {.people = NAMESAKES, .n_people = 4};
    struct person_index *index = index_over(&SCHOOL);
    struct tag tags[] = {{.kind = TAG_STATED, .name = T("Mrs Okafor")},
                         {.kind = TAG_STATED, .name = T("Miss Field")}};
    assert_int_equal(resolve_people(index, tags, 2, NULL), STATUS_OK);
    assert_int_equal(tags[0].resolution, RESOLVED_AMBIGUOUS);
    assert_int_equal(tags[1].resolution, RESOLVED_UNKNOWN);
    person_index_free(index);
}

static void numbers_with_or_without_spaces_and_case(void **state)
{
    (void)state;
    RESOLVES(TAG_STATED, {"B801200005001", RESOLVED_PERSON, SMITH_4B},
             {" b 8012 0000 5001", RESOLVED_PERSON, SMITH_4B},
             {"H801200005002", RESOLVED_PERSON, SMITH_5C}, {"002341", RESOLVED_PERSON, SMITH_4B},
             {"2341", RESOLVED_UNKNOWN, 0}, {"2024", RESOLVED_PERSON, SMITH_5C},
             {"B801200005002", RESOLVED_UNKNOWN, 0});
}

static void namesakes_are_ambiguous_until_something_decides(void **state)
{
    (void)state;
    RESOLVES(TAG_REGION, {"Jack Smith", RESOLVED_AMBIGUOUS, 0},
             {"Smith, Jack", RESOLVED_AMBIGUOUS, 0}, {"Jack Smith 4B", RESOLVED_PERSON, SMITH_4B},
             {"Jack Smith (4b)", RESOLVED_PERSON, SMITH_4B},
             {"4B Jack Smith", RESOLVED_PERSON, SMITH_4B},
             {"Jack Smith, Class 4B", RESOLVED_PERSON, SMITH_4B},
             {"Smith Jack - Year 4", RESOLVED_PERSON, SMITH_4B},
             {"Jack Smith Y5", RESOLVED_PERSON, SMITH_5C},
             {"Jack Smith 5 Cedar", RESOLVED_PERSON, SMITH_5C},
             {"Jack Smith 002341", RESOLVED_PERSON, SMITH_4B},
             {"Jack Smith [H801200005002]", RESOLVED_PERSON, SMITH_5C},
             {"Jack Smith Year", RESOLVED_UNKNOWN, 0});
}

static void a_class_that_does_not_fit_makes_nobody_of_it(void **state)
{
    (void)state;
    RESOLVES(TAG_REGION, {"Jack Smith 6A", RESOLVED_UNKNOWN, 0},
             {"Grace Field 2B", RESOLVED_PERSON, GRACE}, {"Grace Field 4B", RESOLVED_UNKNOWN, 0});
}

static void namesakes_in_one_class_stay_ambiguous(void **state)
{
    (void)state;
    static const struct person TWINS[] = {PUPIL("Sam", "Hill", "4B", "", "1"),
                                          PUPIL("Sam", "Hill", "4B", "", "2")};
    const struct snapshot s = {.people = TWINS, .n_people = 2};
    struct person_index *index = index_over(&s);
    struct tag tags[] = {{.kind = TAG_REGION, .name = TEXT("Sam Hill 4B")},
                         {.kind = TAG_REGION, .name = TEXT("Sam Hill 2")}};
    assert_int_equal(resolve_people(index, tags, 2, NULL), STATUS_OK);
    assert_int_equal(tags[0].resolution, RESOLVED_AMBIGUOUS);
    assert_int_equal(tags[1].resolution, RESOLVED_PERSON);
    assert_int_equal(tags[1].person, 1);
    person_index_free(index);
}

static void near_misses_are_nobody(void **state)
{
    (void)state;
    RESOLVES(TAG_REGION, {"Grace Feild", RESOLVED_UNKNOWN, 0}, {"Grace", RESOLVED_UNKNOWN, 0},
             {"Field", RESOLVED_UNKNOWN, 0}, {"G Field", RESOLVED_UNKNOWN, 0},
             {"Ann Alee", RESOLVED_AMBIGUOUS, 0}, {"AnnaLee", RESOLVED_AMBIGUOUS, 0},
             {"Amy Smith", RESOLVED_UNKNOWN, 0}, {"Amy Jones", RESOLVED_UNKNOWN, 0},
             {"Grace Field and Jack Smith", RESOLVED_UNKNOWN, 0}, {"\u2605", RESOLVED_UNKNOWN, 0});
}

static void a_region_without_a_name_is_unnamed_a_list_entry_without_one_is_unknown(void **state)
{
    (void)state;
    RESOLVES(TAG_REGION, {"", RESOLVED_UNNAMED, 0}, {" \t ", RESOLVED_UNNAMED, 0});
    RESOLVES(TAG_PERSON, {"", RESOLVED_UNKNOWN, 0});
    RESOLVES(TAG_STATED, {"", RESOLVED_UNKNOWN, 0});
    RESOLVES(TAG_KEYWORD, {"", RESOLVED_TOPIC, 0});
}

static void a_tag_of_no_kind_names_nobody(void **state)
{
    (void)state;
    RESOLVES(TAG_UNKNOWN, {"Grace Field", RESOLVED_UNKNOWN, 0}, {"", RESOLVED_UNKNOWN, 0});
}

static void keywords_are_topics_unless_they_name_somebody(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"sports day", RESOLVED_TOPIC, 0}, {"Sports Day", RESOLVED_TOPIC, 0},
             {"4B", RESOLVED_TOPIC, 0}, {"Grace Field", RESOLVED_PERSON, GRACE},
             {"grace field", RESOLVED_PERSON, GRACE}, {"Jack Smith", RESOLVED_AMBIGUOUS, 0},
             {"Jack Smith 4B", RESOLVED_PERSON, SMITH_4B},
             {"B801200005001", RESOLVED_PERSON, SMITH_4B},
             {"Grace Dieu Priory", RESOLVED_UNKNOWN, 0}, {"\u2605", RESOLVED_TOPIC, 0});
}

static void a_keyword_that_is_one_name_is_held_unless_in_lower_case(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"Jack", RESOLVED_UNKNOWN, 0}, {"JACK", RESOLVED_UNKNOWN, 0},
             {"Smith", RESOLVED_UNKNOWN, 0}, {"Jones", RESOLVED_UNKNOWN, 0},
             {"Grace", RESOLVED_UNKNOWN, 0}, {"grace", RESOLVED_TOPIC, 0},
             {"field", RESOLVED_TOPIC, 0}, {"\u00E9lodie", RESOLVED_UNKNOWN, 0},
             {"Amy Smith", RESOLVED_UNKNOWN, 0}, {"Grace O'Neill", RESOLVED_UNKNOWN, 0},
             {"amy field", RESOLVED_UNKNOWN, 0});
}

static void a_name_among_other_words_of_a_keyword_is_held(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"Grace Field and friends", RESOLVED_AMBIGUOUS, 0},
             {"with Mo Rahman", RESOLVED_AMBIGUOUS, 0},
             {"Grace Field; Anna Lee", RESOLVED_AMBIGUOUS, 0},
             {"pupil B801200005001 here", RESOLVED_AMBIGUOUS, 0},
             {"Grace Field's team", RESOLVED_AMBIGUOUS, 0},
             {"Grace Field\u2019s", RESOLVED_AMBIGUOUS, 0},
             {"team of grace field", RESOLVED_AMBIGUOUS, 0});
}

static void a_name_without_its_space_is_held(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"GraceField", RESOLVED_AMBIGUOUS, 0},
             {"fieldgrace", RESOLVED_AMBIGUOUS, 0}, {"Zo\u00EBO\u2019Neill", RESOLVED_AMBIGUOUS, 0},
             {"GraceField's team", RESOLVED_AMBIGUOUS, 0}, {"gra ce fie ld", RESOLVED_AMBIGUOUS, 0},
             {"gracefields school", RESOLVED_AMBIGUOUS, 0}, {"Sportsday", RESOLVED_TOPIC, 0},
             {"Sportsfeld", RESOLVED_UNKNOWN, 0});
    RESOLVES(TAG_PERSON, {"GraceField", RESOLVED_AMBIGUOUS, 0},
             {"#gracefield", RESOLVED_AMBIGUOUS, 0});
    RESOLVES(TAG_STATED, {"GraceField", RESOLVED_AMBIGUOUS, 0});
}

static void a_name_with_an_initial_is_held(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"G. Field", RESOLVED_UNKNOWN, 0}, {"Grace F", RESOLVED_UNKNOWN, 0},
             {"Grace F.", RESOLVED_UNKNOWN, 0}, {"\u00C9lodie \u0141", RESOLVED_UNKNOWN, 0},
             {"Smith, J.", RESOLVED_UNKNOWN, 0}, {"Field 2", RESOLVED_TOPIC, 0},
             {"Plan B", RESOLVED_TOPIC, 0}, {"x", RESOLVED_TOPIC, 0});
}

static void a_keyword_of_two_scripts_is_held(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"Gr\u0430ce", RESOLVED_UNKNOWN, 0}, /* a Cyrillic a */
             {"summer f\u0430ir", RESOLVED_UNKNOWN, 0},
             {"\u043B\u0435\u0442\u043E", RESOLVED_UNKNOWN, 0}, /* Russian for summer: who knows? */
             {"caf\u00E9 No. 2 \u2605", RESOLVED_TOPIC, 0});
}

static void below_a_heading_for_people_nobody_is_an_unknown_person(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"People|Finley Marsh", RESOLVED_UNKNOWN, 0},
             {"People/Finley Marsh", RESOLVED_UNKNOWN, 0},
             {"personen|finley marsh", RESOLVED_UNKNOWN, 0},
             {"Album|Who's in it|Finley Marsh", RESOLVED_UNKNOWN, 0},
             {"People|Family|Finley Marsh", RESOLVED_UNKNOWN, 0},
             {"People|Finley Marsh|Year 4", RESOLVED_UNKNOWN, 0},
             {"People|Finley Marsh|Grace Field", RESOLVED_AMBIGUOUS, 0},
             {"People|\u2605", RESOLVED_UNKNOWN, 0}, {"People", RESOLVED_TOPIC, 0},
             {"People|", RESOLVED_TOPIC, 0}, {"People|Year 4", RESOLVED_TOPIC, 0},
             {"People|Year 4|Grace Field", RESOLVED_PERSON, GRACE},
             {"Places|Finley Marsh", RESOLVED_UNKNOWN, 0}, {"Places|Seaside", RESOLVED_TOPIC, 0},
             {"Sport|people", RESOLVED_TOPIC, 0}, {"Plant|oak", RESOLVED_TOPIC, 0});
}

/* Children who are not on the register must not pass for topics; what a school writes every day
 * must. */
static void what_is_neither_a_person_nor_a_known_topic_is_held(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"Finley", RESOLVED_UNKNOWN, 0}, {"finley", RESOLVED_UNKNOWN, 0},
             {"Finley Marsh", RESOLVED_UNKNOWN, 0}, {"finley marsh", RESOLVED_UNKNOWN, 0},
             {"Rose Harper", RESOLVED_UNKNOWN, 0}, {"Heath Brook", RESOLVED_UNKNOWN, 0},
             {"Summer Woods", RESOLVED_UNKNOWN, 0}, {"Poppy", RESOLVED_UNKNOWN, 0},
             {"Ottilie V", RESOLVED_UNKNOWN, 0}, {"Team Ottilie", RESOLVED_UNKNOWN, 0},
             {"Ottilies birthday", RESOLVED_UNKNOWN, 0}, {"Mrs Vanbrugh", RESOLVED_UNKNOWN, 0},
             {"Summer May", RESOLVED_UNKNOWN, 0}, {"https://example.org/a", RESOLVED_UNKNOWN, 0},
             {"Xqzt", RESOLVED_UNKNOWN, 0});
}

static void topics_are_phrases_of_the_lists_or_made_of_their_words(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"trip", RESOLVED_TOPIC, 0}, {"School Trip", RESOLVED_TOPIC, 0},
             {"Year 4", RESOLVED_TOPIC, 0}, {"Y4 farm trip", RESOLVED_TOPIC, 0},
             {"Year 4 Trip to the Zoo", RESOLVED_TOPIC, 0}, {"#SportsDay", RESOLVED_TOPIC, 0},
             {"sports day 2026", RESOLVED_TOPIC, 0}, {"Children's Library", RESOLVED_TOPIC, 0},
             {"5 Cedar", RESOLVED_TOPIC, 0}, {"World Book Day", RESOLVED_TOPIC, 0},
             {"poppy", RESOLVED_TOPIC, 0}, {"rose garden", RESOLVED_TOPIC, 0},
             {"KS2", RESOLVED_TOPIC, 0}, {"Farm Trip", RESOLVED_TOPIC, 0},
             {"Summer Trip", RESOLVED_TOPIC, 0}, {"June 2026", RESOLVED_TOPIC, 0},
             {"12th June", RESOLVED_TOPIC, 0}, {"St George's Day", RESOLVED_TOPIC, 0},
             {"Football Team", RESOLVED_TOPIC, 0}, {"christmas fair - cakes", RESOLVED_TOPIC, 0},
             {"Cathedral visit", RESOLVED_TOPIC, 0},
             {"Events|Autumn Term|Harvest Festival", RESOLVED_TOPIC, 0});
}

static void a_school_adds_its_topics_and_without_lists_nothing_is_one(void **state)
{
    (void)state;
    const struct text words[] = {TEXT("Vanbrugh Hall")};
    const struct word_list own = {.name = TEXT("topics"), .words = words, .n_words = 1};
    const struct policy policy = {.lists = &own, .n_lists = 1};
    const struct snapshot s = {.people = PEOPLE, .n_people = N_PEOPLE};
    struct person_index *index = NULL;
    struct tag tags[] = {{.kind = TAG_KEYWORD, .name = TEXT("vanbrugh hall")},
                         {.kind = TAG_KEYWORD, .name = TEXT("sports day")}};
    assert_int_equal(person_index_build(&s, &index, NULL), STATUS_OK);
    assert_int_equal(resolve_people(index, tags, 2, NULL), STATUS_OK);
    assert_int_equal(tags[0].resolution, RESOLVED_UNKNOWN);
    assert_int_equal(person_index_learn_topics(index, &policy, NULL), STATUS_OK);
    assert_int_equal(resolve_people(index, tags, 2, NULL), STATUS_OK);
    assert_int_equal(tags[0].resolution, RESOLVED_TOPIC);
    assert_int_equal(tags[1].resolution, RESOLVED_UNKNOWN);
    person_index_free(index);
}

static void a_near_miss_is_told_and_names_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t nearly;
        bool pupil;
    } CASES[] = {{"Grace Feild", 1 + GRACE, true},
                 {"Graec Field", 1 + GRACE, true},
                 {"Grace Fields", 1 + GRACE, true},
                 {"Zoe Oneil", 1 + ONEILL, true},
                 {"Jack Smyth", 0, true} /* two are as near */,
                 {"#gracefield", 1 + GRACE, false}, /* ambiguous: for a person to write out */
                 {"#gracefeild", 1 + GRACE, true},
                 {"Pobl|Blwyddyn 6|Graec Field", 1 + GRACE, true},
                 {"Graec Field|Year 4", 1 + GRACE, true},
                 {"Well done Graec Field again", 1 + GRACE, true},
                 {"The goal of Graec Field", 1 + GRACE, true},
                 {"Grace Field", 0, false},
                 {"Ottilie Vanbrugh", 0, false},
                 {"Ann Lee", 1 + LEE, true},
                 {"", 0, false}};
    struct person_index *index = index_of_all();
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct tag t = {.kind = TAG_PERSON, .name = text_of(CASES[i].name)};
        assert_int_equal(resolve_people(index, &t, 1, NULL), STATUS_OK);
        if (t.nearly != CASES[i].nearly || t.nearly_pupil != CASES[i].pupil) {
            fail_msg("\"%s\" is near %u, a pupil: %d", CASES[i].name, (unsigned)t.nearly,
                     t.nearly_pupil);
        }
        assert_int_equal(t.resolution == RESOLVED_PERSON,
                         strcmp(CASES[i].name, "Grace Field") == 0);
    }
    person_index_free(index);
}

static void a_keyword_number_is_no_person_by_itself(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"2024", RESOLVED_TOPIC, 0}, {"002341", RESOLVED_AMBIGUOUS, 0},
             {"77", RESOLVED_AMBIGUOUS, 0}, {"78", RESOLVED_TOPIC, 0});
}

static void each_level_of_a_hierarchy_is_looked_at(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"People|Grace Field", RESOLVED_PERSON, GRACE},
             {"Personen/Grace Field", RESOLVED_PERSON, GRACE},
             {"People|Year 4|Jack Smith 4B", RESOLVED_PERSON, SMITH_4B},
             {"Places|School|Field trip", RESOLVED_TOPIC, 0},
             {"People|Grace Field|Anna Lee", RESOLVED_AMBIGUOUS, 0},
             {"People|Grace Field|Grace Field", RESOLVED_PERSON, GRACE},
             {"People|Jack", RESOLVED_UNKNOWN, 0}, {"|", RESOLVED_TOPIC, 0});
}

static void what_cannot_be_read_is_held(void **state)
{
    (void)state;
    RESOLVES(TAG_KEYWORD, {"Gr\xE9goire", RESOLVED_UNKNOWN, 0},
             {"Grace\u200B Field", RESOLVED_UNKNOWN, 0}, {"a\nb", RESOLVED_UNKNOWN, 0});
    RESOLVES(TAG_REGION, {"Grace Field\xFF", RESOLVED_UNKNOWN, 0});
}

static void an_empty_register_knows_nobody(void **state)
{
    (void)state;
    const struct snapshot s = {0};
    struct person_index *index = index_over(&s);
    struct tag tags[] = {{.kind = TAG_REGION, .name = TEXT("Grace Field")},
                         {.kind = TAG_KEYWORD, .name = TEXT("Sports Day")}};
    assert_int_equal(resolve_people(index, tags, 2, NULL), STATUS_OK);
    assert_int_equal(tags[0].resolution, RESOLVED_UNKNOWN);
    assert_int_equal(tags[1].resolution, RESOLVED_TOPIC);
    person_index_free(index);
    person_index_free(NULL);
}

static void a_person_with_one_name_is_found_by_number_alone(void **state)
{
    (void)state;
    static const struct person MONONYM[] = {PUPIL("", "Suharto", "4B", "", "9")};
    const struct snapshot s = {.people = MONONYM, .n_people = 1};
    struct person_index *index = index_over(&s);
    struct tag tags[] = {{.kind = TAG_REGION, .name = TEXT("Suharto")},
                         {.kind = TAG_STATED, .name = TEXT("9")}};
    assert_int_equal(resolve_people(index, tags, 2, NULL), STATUS_OK);
    assert_int_equal(tags[0].resolution, RESOLVED_UNKNOWN);
    assert_int_equal(tags[1].resolution, RESOLVED_PERSON);
    person_index_free(index);
}

static int set_up(void **state)
{
    (void)state;
    lists = names_school_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    names_school_free(lists);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_names_in_any_order_and_spelling),
        cmocka_unit_test(legal_known_as_and_middle_names),
        cmocka_unit_test(staff_by_full_name_and_title),
        cmocka_unit_test(numbers_with_or_without_spaces_and_case),
        cmocka_unit_test(namesakes_are_ambiguous_until_something_decides),
        cmocka_unit_test(a_class_that_does_not_fit_makes_nobody_of_it),
        cmocka_unit_test(namesakes_in_one_class_stay_ambiguous),
        cmocka_unit_test(near_misses_are_nobody),
        cmocka_unit_test(a_region_without_a_name_is_unnamed_a_list_entry_without_one_is_unknown),
        cmocka_unit_test(a_tag_of_no_kind_names_nobody),
        cmocka_unit_test(keywords_are_topics_unless_they_name_somebody),
        cmocka_unit_test(a_keyword_that_is_one_name_is_held_unless_in_lower_case),
        cmocka_unit_test(a_name_among_other_words_of_a_keyword_is_held),
        cmocka_unit_test(a_name_without_its_space_is_held),
        cmocka_unit_test(a_name_with_an_initial_is_held),
        cmocka_unit_test(a_keyword_of_two_scripts_is_held),
        cmocka_unit_test(below_a_heading_for_people_nobody_is_an_unknown_person),
        cmocka_unit_test(what_is_neither_a_person_nor_a_known_topic_is_held),
        cmocka_unit_test(topics_are_phrases_of_the_lists_or_made_of_their_words),
        cmocka_unit_test(a_school_adds_its_topics_and_without_lists_nothing_is_one),
        cmocka_unit_test(a_near_miss_is_told_and_names_nobody),
        cmocka_unit_test(a_keyword_number_is_no_person_by_itself),
        cmocka_unit_test(each_level_of_a_hierarchy_is_looked_at),
        cmocka_unit_test(what_cannot_be_read_is_held),
        cmocka_unit_test(an_empty_register_knows_nobody),
        cmocka_unit_test(a_person_with_one_name_is_found_by_number_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
