/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From evidence to ruling: what the words with a photo say about who is in it. Nobody in it exists.
 */
#include "gate/decide.h"
#include "names_school.h"

/* Decide on a photo of nobody with this tag and statement. */
static void decide_on(struct names_school *s, struct evidence *e, struct arena *a,
                      struct decision *out)
{
    struct person_index *index = NULL;
    struct err err = {.text = ""};
    const struct channel_policy channel = {.name = TEXT("website"), .official = true};
    struct bench b = {.policy = &s->policy,
                      .channel = &channel,
                      .snapshot = &s->snapshot,
                      .lexicon = s->lexicon,
                      .index = NULL};
    assert_true(date_make(2026, 10, 1, &b.date));
    assert_int_equal(person_index_build(&s->snapshot, &index, &err), STATUS_OK);
    assert_int_equal(person_index_learn_topics(index, &s->policy, &err), STATUS_OK);
    b.index = index;
    e->exam = EXAM_DONE;
    e->kind = FILE_JPEG;
    e->name = TEXT("IMG_0001.jpg");
    e->said.present = KNOWN_YES;
    assert_int_equal(decide(&b, e, a, out, &err), STATUS_OK);
    person_index_free(index);
}

static const struct hit *hit_of(const struct decision *d, const char *code)
{
    for (size_t i = 0; i < d->ruling.n_hits; i++) {
        if (strcmp(d->ruling.hits[i].rule->code, code) == 0) {
            return &d->ruling.hits[i];
        }
    }
    return NULL;
}

static enum resolution keyword_resolved(struct names_school *s, const char *keyword)
{
    struct arena a;
    struct decision d;
    struct tag tag = {
        .kind = TAG_KEYWORD, .carrier = CARRIER_XMP_KEYWORDS, .name = text_of(keyword)};
    struct evidence e = {.tags = &tag, .n_tags = 1};
    arena_init(&a, (size_t)16 * 1024 * 1024);
    decide_on(s, &e, &a, &d);
    enum resolution found = e.tags[0].resolution;
    bool is_held = found != RESOLVED_TOPIC && found != RESOLVED_PERSON;
    assert_int_equal(is_held, hit_of(&d, "T02") || hit_of(&d, "T03") || hit_of(&d, "T07"));
    arena_release(&a);
    return found;
}

static void a_keyword_that_gives_a_name_away_is_no_topic(void **state)
{
    static const char *const NAMES[] = {"si\u00F4n",
                                        "gwynfryn",
                                        "Si\u00F4n in goal",
                                        "team kayode",
                                        "K. Okonedo",
                                        "Kayode O",
                                        "KayodeOkonedo",
                                        "Kayode Okonedo's",
                                        "\u041Aayode",
                                        "k@yode",
                                        "Places|Kayode",
                                        "\u041A\u0430\u0443\u043E\u0501\u0435",
                                        "People|Finley Marsh",
                                        "year 4/kayode wins",
                                        "Kayode  Okonedo and friends"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        enum resolution found = keyword_resolved(*state, NAMES[i]);
        if (found == RESOLVED_TOPIC) {
            fail_msg("\"%s\" is taken for a topic", NAMES[i]);
        }
    }
}

static void an_ordinary_topic_stays_one(void **state)
{
    static const char *const TOPICS[] = {"sports day",
                                         "Sports Day",
                                         "grace",
                                         "will",
                                         "2024",
                                         "Year 4",
                                         "4T",
                                         "april",
                                         "Harvest Festival",
                                         "choir",
                                         "football",
                                         "poppy",
                                         "Events|Autumn",
                                         "\u2605",
                                         ""};
    for (size_t i = 0; i < sizeof TOPICS / sizeof TOPICS[0]; i++) {
        enum resolution found = keyword_resolved(*state, TOPICS[i]);
        if (found != RESOLVED_TOPIC) {
            fail_msg("\"%s\" is no topic: %d", TOPICS[i], (int)found);
        }
    }
}

/* The place the office is told of, for a photo with these words. */
static void assert_mentions(struct names_school *s, struct evidence e, const char *place)
{
    struct arena a;
    struct decision d;
    arena_init(&a, (size_t)16 * 1024 * 1024);
    decide_on(s, &e, &a, &d);
    const struct hit *hit = hit_of(&d, "T06");
    assert_int_equal(hit != NULL, place != NULL);
    if (hit) {
        assert_int_equal(hit->person, 0);
        assert_non_null(memmem(hit->office.at, hit->office.n, place, strlen(place)));
    }
    arena_release(&a);
}

static void a_pupil_named_in_any_words_with_the_photo_is_mentioned(void **state)
{
    struct names_school *s = *state;
    const struct text name = TEXT("Trophy for Kayode Okonedo");
    const char *manifest = carrier_words(CARRIER_MANIFEST);
    const char *owner = carrier_words(CARRIER_EXIF_OWNER);
    assert_mentions(s, (struct evidence){.said.event = name}, manifest);
    assert_mentions(s, (struct evidence){.said.photographer = name}, manifest);
    assert_mentions(s, (struct evidence){.said.caption = name}, manifest);
    assert_mentions(s, (struct evidence){.creator = name}, owner);
    assert_mentions(s, (struct evidence){.copyright = name}, owner);
    assert_mentions(
        s, (struct evidence){.own_caption = name, .own_caption_carrier = CARRIER_IPTC_TEXT},
        carrier_words(CARRIER_IPTC_TEXT));
    /* in two places: the first of their list */
    assert_mentions(s, (struct evidence){.said.event = name, .creator = name}, owner);
    assert_mentions(s,
                    (struct evidence){.said.event = TEXT("Sports day"),
                                      .said.photographer = TEXT("Dr Alan Featherstone")},
                    NULL);
}

static void a_pupil_who_must_not_be_shown_is_not_to_be_mentioned_either(void **state)
{
    struct names_school *s = *state;
    struct arena a;
    struct decision d;
    struct evidence e = {.said.event = TEXT("Trophy for Kayode Okonedo")};
    arena_init(&a, (size_t)16 * 1024 * 1024);
    s->people[0].do_not_publish = KNOWN_YES;
    decide_on(s, &e, &a, &d);
    s->people[0].do_not_publish = KNOWN_NO;
    assert_non_null(hit_of(&d, "P01"));
    arena_release(&a);
}

static void assert_protected(struct names_school *s, struct evidence e, bool is_protected)
{
    struct arena a;
    struct decision d;
    arena_init(&a, (size_t)16 * 1024 * 1024);
    s->people[0].do_not_publish = KNOWN_YES;
    decide_on(s, &e, &a, &d);
    s->people[0].do_not_publish = KNOWN_NO;
    if ((hit_of(&d, "P01") != NULL) != is_protected) {
        fail_msg("\"%.*s\", \"%.*s\": %s", TEXT_ARG(e.n_tags ? e.tags[0].name : TEXT_NONE),
                 TEXT_ARG(e.n_texts ? e.texts[0].text : TEXT_NONE),
                 is_protected ? "no P01" : "P01");
    }
    arena_release(&a);
}

static void a_tag_in_doubt_protects_whom_it_names_all_the_same(void **state)
{
    static const struct {
        const char *name;
        enum tag_kind kind;
        bool is_protected;
    } CASES[] = {{"KayodeOkonedo", TAG_STATED, true},
                 {"#kayodeokonedo", TAG_PERSON, true},
                 {"Pobl|Blwyddyn 6|Kayode Okonedo", TAG_KEYWORD, true},
                 {"Kayode", TAG_PERSON, true},
                 {"Kayode in goal", TAG_KEYWORD, true},
                 {"Kayode Vanbrugh", TAG_STATED, false}, /* somebody else, and unknown */
                 {"Ottilie Vanbrugh", TAG_STATED, false}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct tag tag = {
            .kind = CASES[i].kind, .carrier = CARRIER_XMP_PERSON, .name = text_of(CASES[i].name)};
        assert_protected(*state, (struct evidence){.tags = &tag, .n_tags = 1},
                         CASES[i].is_protected);
    }
}

static void a_pupil_named_by_one_name_inside_the_photo_is_mentioned(void **state)
{
    static const struct {
        const char *words;
        bool is_mentioned;
    } CASES[] = {{"for Kayode", true},
                 {"Kayode", true},
                 {"Sports day", false},
                 {"In the summer", false},
                 {"", false}};
    struct arena a;
    struct decision d;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct found_text text = {CARRIER_XMP_TEXT, text_of(CASES[i].words)};
        struct evidence e = {.texts = &text, .n_texts = 1};
        arena_init(&a, (size_t)16 * 1024 * 1024);
        decide_on(*state, &e, &a, &d);
        assert_int_equal(hit_of(&d, "T06") != NULL, CASES[i].is_mentioned);
        arena_release(&a);
        assert_protected(*state, e, CASES[i].is_mentioned);
    }
}

static void words_that_cannot_be_read_hold_the_photo(void **state)
{
    struct arena a;
    struct decision d;
    struct evidence e = {.said.event = TEXT("Caf\xE9")};
    arena_init(&a, (size_t)16 * 1024 * 1024);
    decide_on(*state, &e, &a, &d);
    assert_non_null(hit_of(&d, "K06"));
    arena_release(&a);
}

static void assert_code(struct names_school *s, struct evidence e, const char *code)
{
    struct arena a;
    struct decision d;
    arena_init(&a, (size_t)16 * 1024 * 1024);
    decide_on(s, &e, &a, &d);
    if (!hit_of(&d, code)) {
        fail_msg("\"%.*s\" and \"%.*s\": no %s", TEXT_ARG(e.said.event), TEXT_ARG(e.said.caption),
                 code);
    }
    arena_release(&a);
}

static void what_goes_with_a_photo_is_judged_together(void **state)
{
    struct names_school *s = *state;
    /* each of the two says nothing alone */
    const struct text praise = TEXT("Well done"), name = TEXT("Will"), word = TEXT("Cakes");
    struct arena a;
    struct decision d;
    struct evidence apart = {.said.event = praise, .said.caption = word};
    arena_init(&a, (size_t)16 * 1024 * 1024);
    decide_on(s, &apart, &a, &d);
    assert_null(hit_of(&d, "K01"));
    assert_null(hit_of(&d, "K10"));
    arena_release(&a);
    assert_code(s, (struct evidence){.said.event = praise, .said.caption = name}, "K01");
    assert_code(s, (struct evidence){.said.event = name, .said.caption = praise}, "K10");
    assert_code(s, (struct evidence){.said.caption = praise, .said.credit = name}, "K07");
    assert_code(s, (struct evidence){.own_caption = praise, .said.credit = name}, "K07");
    assert_code(s, (struct evidence){.said.event = TEXT("Kayode"), .said.caption = word}, "K10");
    assert_code(s, (struct evidence){.said.event = TEXT("New starter Finley")}, "K11");
}

static int set_up(void **state)
{
    struct names_school *s = names_school_new();
    for (size_t i = 0; i < s->snapshot.n_people; i++) {
        s->people[i].on_roll = KNOWN_YES;
        s->people[i].do_not_publish = s->people[i].child_objection = KNOWN_NO;
    }
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    names_school_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_keyword_that_gives_a_name_away_is_no_topic),
        cmocka_unit_test(an_ordinary_topic_stays_one),
        cmocka_unit_test(a_pupil_named_in_any_words_with_the_photo_is_mentioned),
        cmocka_unit_test(a_pupil_who_must_not_be_shown_is_not_to_be_mentioned_either),
        cmocka_unit_test(a_tag_in_doubt_protects_whom_it_names_all_the_same),
        cmocka_unit_test(a_pupil_named_by_one_name_inside_the_photo_is_mentioned),
        cmocka_unit_test(words_that_cannot_be_read_hold_the_photo),
        cmocka_unit_test(what_goes_with_a_photo_is_judged_together),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
