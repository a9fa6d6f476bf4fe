/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each rule: the smallest spoiling of an approved photo that trips it, and nothing but it. */
#include "rules_case.h"

struct spoiling {
    const char *code;
    enum verdict verdict;
    void (*spoil)(struct rules_case *c);
};

#define EXAM(name, value)                                                                          \
    static void name(struct rules_case *c)                                                         \
    {                                                                                              \
        c->evidence.exam = (value);                                                                \
    }
EXAM(not_a_photo, EXAM_NOT_A_PHOTO)
EXAM(unsupported, EXAM_UNSUPPORTED)
EXAM(damaged, EXAM_DAMAGED)
EXAM(not_done, EXAM_NOT_DONE)
EXAM(crashed, EXAM_CRASHED)
EXAM(timed_out, EXAM_TIMED_OUT)
EXAM(out_of_memory, EXAM_OUT_OF_MEMORY)
EXAM(over_limit, EXAM_OVER_LIMIT)
EXAM(bad_reply, EXAM_BAD_REPLY)
EXAM(no_exam_at_all, N_EXAMS)
EXAM(changed, EXAM_CHANGED)
EXAM(unreadable, EXAM_UNREADABLE)
EXAM(not_regular, EXAM_NOT_REGULAR)
EXAM(not_covered, EXAM_NOT_COVERED)

static void raw_photo(struct rules_case *c)
{
    c->evidence.kind = FILE_RAW;
}
static void unknown_kind(struct rules_case *c)
{
    c->evidence.kind = FILE_UNKNOWN;
}
static void copy(struct rules_case *c)
{
    c->evidence.duplicate_of_earlier = KNOWN_YES;
    c->evidence.duplicate_position = 2;
}
static void perhaps_copy(struct rules_case *c)
{
    c->evidence.duplicate_of_earlier = KNOWN_UNKNOWN;
}
static void no_name(struct rules_case *c)
{
    c->evidence.name = TEXT_NONE;
}
static void newline_in_name(struct rules_case *c)
{
    c->evidence.name = TEXT("a\nb.jpg");
}
static void latin1_name(struct rules_case *c)
{
    c->evidence.name = TEXT("fu\xDF"
                            "ball.jpg");
}
static void bidi_in_name(struct rules_case *c)
{
    c->evidence.name = TEXT("a\u202Egpj.exe.jpg");
}
static void clash(struct rules_case *c)
{
    c->evidence.name_clash = KNOWN_YES;
}
static void perhaps_clash(struct rules_case *c)
{
    c->evidence.name_clash = KNOWN_UNKNOWN;
}

static void destroyed(struct rules_case *c)
{
    c->evidence.past = PAST_DESTROYED;
}
static void perhaps_destroyed(struct rules_case *c)
{
    c->evidence.past = PAST_UNKNOWN;
}
static void turned_down(struct rules_case *c)
{
    c->evidence.past = PAST_TURNED_DOWN;
}

static void near_copy(struct rules_case *c)
{
    c->evidence.near_refused = KNOWN_YES;
    c->evidence.near_position = 2;
}
static void near_copy_of_old(struct rules_case *c)
{
    c->evidence.near_refused = KNOWN_YES;
    c->evidence.near_case = 17;
}
static void never_compared(struct rules_case *c)
{
    c->evidence.likeness.known = KNOWN_UNKNOWN;
}
static void perhaps_near_copy(struct rules_case *c)
{
    c->evidence.near_refused = KNOWN_UNKNOWN;
}

static void unread_carrier(struct rules_case *c)
{
    c->carriers[0].state = CARRIER_NOT_READ;
}
static void broken_carrier(struct rules_case *c)
{
    c->carriers[0].state = CARRIER_UNPARSABLE;
}
static void unnamed_carrier(struct rules_case *c)
{
    c->carriers[0].id = CARRIER_UNKNOWN;
}
static void stranger_took_it(struct rules_case *c)
{
    c->evidence.creator = TEXT("Tempest Ltd");
}
static void stranger_holds_it(struct rules_case *c)
{
    c->evidence.copyright = TEXT("\u00A9 2026 Tempest, for Oakmere Primary School");
}
static void bad_manifest(struct rules_case *c)
{
    c->evidence.said.trouble = TEXT("row 7 has too many fields");
}

static void untag(struct rules_case *c)
{
    c->evidence.n_tags = 0;
}
static void unknown_person(struct rules_case *c)
{
    untag(c);
    tag_doubt(c, "Nobody Known", RESOLVED_UNKNOWN);
}
static void near_miss(struct rules_case *c)
{
    unknown_person(c);
    c->tags[0].nearly = 1;
    c->tags[0].nearly_pupil = true;
}
static void near_miss_of_two(struct rules_case *c)
{
    unknown_person(c);
    c->tags[0].nearly_pupil = true;
}
static void ambiguous_person(struct rules_case *c)
{
    untag(c);
    tag_doubt(c, "Jack Smith", RESOLVED_AMBIGUOUS);
}
static void unnamed_region(struct rules_case *c)
{
    untag(c);
    tag_doubt(c, "", RESOLVED_UNNAMED);
}
static void tag_of_no_kind(struct rules_case *c)
{
    c->tags[0].kind = TAG_UNKNOWN;
}
static void person_out_of_register(struct rules_case *c)
{
    c->tags[0].person = N_CAST;
}
static void topic_in_a_region(struct rules_case *c)
{
    c->tags[0].kind = TAG_REGION;
    c->tags[0].resolution = RESOLVED_TOPIC;
}
static void leaver(struct rules_case *c)
{
    c->tags[0].person = LEFT;
}
static void perhaps_leaver(struct rules_case *c)
{
    c->people[JACK].on_roll = KNOWN_UNKNOWN;
}
static void mention(struct rules_case *c)
{
    c->mentions[0] = (struct mention){CARRIER_IPTC_TEXT, AMY, false};
    c->hearing.n_mentions = 1;
}

static void nothing_said(struct rules_case *c)
{
    c->people[JACK].n_consents = 0;
}
static void state(struct rules_case *c, enum consent_state s)
{
    c->consents[JACK][0].state = s;
}
static void refused(struct rules_case *c)
{
    state(c, CONSENT_REFUSED);
}
static void withdrawn(struct rules_case *c)
{
    state(c, CONSENT_WITHDRAWN);
}
static void requested(struct rules_case *c)
{
    state(c, CONSENT_REQUESTED);
}
static void unclear(struct rules_case *c)
{
    state(c, CONSENT_UNCLEAR);
}
static void no_state(struct rules_case *c)
{
    state(c, CONSENT_UNKNOWN);
}
static void objected(struct rules_case *c)
{
    state(c, CONSENT_OBJECTED);
}
static void expired(struct rules_case *c)
{
    c->consents[JACK][0].expires = day(2026, 9, 30);
}
static void too_old(struct rules_case *c)
{
    c->policy.purposes[PURPOSE_WEBSITE].max_age_months = 12;
    c->consents[JACK][0].event_date = day(2025, 9, 30);
}
static void not_yet(struct rules_case *c)
{
    c->consents[JACK][0].effective_from = day(2026, 10, 2);
}
static void wrong_purpose(struct rules_case *c)
{
    c->consents[JACK][0].purpose = PURPOSE_PRESS;
}
static void verbal(struct rules_case *c)
{
    c->policy.purposes[PURPOSE_WEBSITE].written_only = true;
    c->consents[JACK][0].method = METHOD_VERBAL;
}
static void staff_refused(struct rules_case *c)
{
    c->tags[0].person = TEACHER;
    c->consents[TEACHER][0].state = CONSENT_REFUSED;
}

static void do_not_publish(struct rules_case *c)
{
    c->people[JACK].do_not_publish = KNOWN_YES;
}
static void child_objects(struct rules_case *c)
{
    c->people[JACK].child_objection = KNOWN_YES;
}
static void list_unclear(struct rules_case *c)
{
    c->people[JACK].do_not_publish = KNOWN_UNKNOWN;
}
static void child_unclear(struct rules_case *c)
{
    c->people[JACK].child_objection = KNOWN_UNKNOWN;
}

static void two_faces(struct rules_case *c)
{
    c->evidence.n_faces = 2;
}
static void low_assurance(struct rules_case *c)
{
    c->hearing.face_assurance = ASSURANCE_LOW;
}
static void high_demanded(struct rules_case *c)
{
    low_assurance(c);
    c->policy.require_high_face_assurance = true;
    c->evidence.said =
        (struct statement){.present = KNOWN_YES, .count_given = KNOWN_YES, .people_count = 1};
}
static void count(struct rules_case *c, uint32_t n)
{
    c->evidence.said =
        (struct statement){.present = KNOWN_YES, .count_given = KNOWN_YES, .people_count = n};
}
static void counted_more(struct rules_case *c)
{
    count(c, 2);
}
static void counted_none(struct rules_case *c)
{
    count(c, 0);
}
/* Jack is marked at the left; the one face is at the right. */
static void marked_elsewhere(struct rules_case *c)
{
    c->tags[0].has_box = true;
    c->tags[0].box = (struct box){100000, 400000, 100000, 150000};
    c->faces[0].box = (struct box){700000, 400000, 100000, 150000};
}
/* Jack did not agree, is marked where the face is, and the policy has it covered. */
static void to_be_covered(struct rules_case *c)
{
    c->policy.no_consent = NO_CONSENT_REDACT;
    c->consents[JACK][0].state = CONSENT_REFUSED;
    c->tags[0].kind = TAG_REGION;
    c->tags[0].has_box = true;
    c->tags[0].box = c->faces[0].box = (struct box){700000, 400000, 100000, 150000};
}
static void more_faces_than_counted(struct rules_case *c)
{
    count(c, 0);
    untag(c);
}
static void nobody_recognisable(struct rules_case *c)
{
    c->evidence.said =
        (struct statement){.present = KNOWN_YES, .no_pupils_identifiable = KNOWN_YES};
}
static void face_where_nobody_is(struct rules_case *c)
{
    nobody_recognisable(c);
    untag(c);
}
static void no_look(struct rules_case *c)
{
    c->evidence.faces_looked_for = KNOWN_NO;
}
static void no_detector(struct rules_case *c)
{
    c->hearing.face_assurance = ASSURANCE_NONE;
}
static void crowd(struct rules_case *c)
{
    c->evidence.n_faces = MAX_FACES + 1;
}

static void find(struct rules_case *c, enum finding_kind kind, enum judgement judgement)
{
    c->evidence.own_caption = TEXT("Well done Jack in the final");
    c->findings[0] = (struct finding){
        .kind = kind, .judgement = judgement, .start = 10, .end = 14, .person = JACK};
    c->hearing.caption = c->findings;
    c->hearing.n_caption = 1;
}
static void caption_name(struct rules_case *c)
{
    find(c, FINDING_FORENAME, JUDGE_BLOCK);
}
static void caption_of_no_kind(struct rules_case *c)
{
    find(c, FINDING_UNKNOWN, JUDGE_BLOCK);
}
static void caption_number(struct rules_case *c)
{
    find(c, FINDING_PHONE, JUDGE_BLOCK);
}
static void caption_review(struct rules_case *c)
{
    find(c, FINDING_WEAK_NAME, JUDGE_REVIEW);
}
static void caption_judged_oddly(struct rules_case *c)
{
    find(c, FINDING_FORENAME, (enum judgement)(JUDGE_ALLOW + 1));
}
static void file_name(struct rules_case *c, enum judgement judgement)
{
    find(c, FINDING_FORENAME, judgement);
    c->hearing.n_caption = 0;
    c->hearing.file_name = c->findings;
    c->hearing.n_file_name = 1;
}
static void file_name_name(struct rules_case *c)
{
    file_name(c, JUDGE_BLOCK);
}
static void file_name_review(struct rules_case *c)
{
    file_name(c, JUDGE_REVIEW);
}
static void credit(struct rules_case *c, enum judgement judgement)
{
    find(c, FINDING_FULL_NAME, judgement);
    c->hearing.n_caption = 0;
    c->hearing.credit = c->findings;
    c->hearing.n_credit = 1;
}
static void credit_name(struct rules_case *c)
{
    credit(c, JUDGE_BLOCK);
}
static void credit_review(struct rules_case *c)
{
    credit(c, JUDGE_REVIEW);
}
static void exception(struct rules_case *c)
{
    find(c, FINDING_FORENAME, JUDGE_BLOCK);
    c->findings[0].person = AMY;
    c->policy.name_exception = EXCEPTION_HEAD;
    c->consents[AMY][1] = said(30, PURPOSE_NAME_WITH_PHOTO, CONSENT_GRANTED, day(2026, 9, 2));
    c->people[AMY].n_consents = 2;
}
static void event(struct rules_case *c, enum judgement judgement)
{
    find(c, FINDING_FULL_NAME, judgement);
    c->hearing.n_caption = 0;
    c->hearing.event = c->findings;
    c->hearing.n_event = 1;
}
static void event_name(struct rules_case *c)
{
    event(c, JUDGE_BLOCK);
}
static void event_review(struct rules_case *c)
{
    event(c, JUDGE_REVIEW);
}
static void not_judged(struct rules_case *c)
{
    c->hearing.judged = KNOWN_UNKNOWN;
}

static void private_account(struct rules_case *c)
{
    c->channel.official = false;
}

static const struct spoiling SPOILINGS[] = {
    {"F01", VERDICT_HELD, not_a_photo},
    {"F01", VERDICT_HELD, unsupported},
    {"F01", VERDICT_HELD, raw_photo},
    {"F01", VERDICT_HELD, unknown_kind},
    {"F02", VERDICT_HELD, damaged},
    {"F03", VERDICT_HELD, not_done},
    {"F03", VERDICT_HELD, crashed},
    {"F03", VERDICT_HELD, timed_out},
    {"F03", VERDICT_HELD, out_of_memory},
    {"F03", VERDICT_HELD, over_limit},
    {"F03", VERDICT_HELD, bad_reply},
    {"F03", VERDICT_HELD, not_covered},
    {"F03", VERDICT_HELD, no_exam_at_all},
    {"F04", VERDICT_HELD, changed},
    {"F05", VERDICT_HELD, unreadable},
    {"F05", VERDICT_HELD, not_regular},
    {"F06", VERDICT_HELD, copy},
    {"F06", VERDICT_HELD, perhaps_copy},
    {"F07", VERDICT_HELD, no_name},
    {"F07", VERDICT_HELD, newline_in_name},
    {"F07", VERDICT_HELD, latin1_name},
    {"F07", VERDICT_HELD, bidi_in_name},
    {"F08", VERDICT_HELD, clash},
    {"F08", VERDICT_HELD, perhaps_clash},
    {"F09", VERDICT_HELD, near_copy},
    {"F09", VERDICT_HELD, near_copy_of_old},
    {"F09", VERDICT_HELD, perhaps_near_copy},
    {"F09", VERDICT_HELD, never_compared},
    {"M01", VERDICT_HELD, unread_carrier},
    {"M01", VERDICT_HELD, broken_carrier},
    {"M01", VERDICT_HELD, unnamed_carrier},
    {"M02", VERDICT_HELD, stranger_took_it},
    {"M02", VERDICT_HELD, stranger_holds_it},
    {"M03", VERDICT_HELD, bad_manifest},
    {"T01", VERDICT_HELD, untag},
    {"T02", VERDICT_HELD, unknown_person},
    {"T02", VERDICT_HELD, tag_of_no_kind},
    {"T02", VERDICT_HELD, person_out_of_register},
    {"T02", VERDICT_HELD, topic_in_a_region},
    {"T03", VERDICT_HELD, ambiguous_person},
    {"T04", VERDICT_HELD, unnamed_region},
    {"T05", VERDICT_REJECTED, leaver},
    {"T05", VERDICT_REJECTED, perhaps_leaver},
    {"T06", VERDICT_HELD, mention},
    {"T07", VERDICT_HELD, near_miss},
    {"T07", VERDICT_HELD, near_miss_of_two},
    {"C01", VERDICT_REJECTED, nothing_said},
    {"C02", VERDICT_REJECTED, refused},
    {"C02", VERDICT_REJECTED, staff_refused},
    {"C03", VERDICT_REJECTED, withdrawn},
    {"C04", VERDICT_REJECTED, expired},
    {"C04", VERDICT_REJECTED, too_old},
    {"C05", VERDICT_REJECTED, not_yet},
    {"C06", VERDICT_REJECTED, wrong_purpose},
    {"C07", VERDICT_REJECTED, verbal},
    {"C08", VERDICT_HELD, unclear},
    {"C08", VERDICT_HELD, no_state},
    {"C09", VERDICT_REJECTED, requested},
    {"C10", VERDICT_REJECTED, objected},
    {"P01", VERDICT_REJECTED, do_not_publish},
    {"P02", VERDICT_REJECTED, child_objects},
    {"P03", VERDICT_HELD, list_unclear},
    {"P03", VERDICT_HELD, child_unclear},
    {"V01", VERDICT_HELD, two_faces},
    {"V01", VERDICT_HELD, more_faces_than_counted},
    {"V02", VERDICT_HELD, low_assurance},
    {"V02", VERDICT_HELD, high_demanded},
    {"V03", VERDICT_HELD, counted_more},
    {"V03", VERDICT_HELD, counted_none},
    {"V04", VERDICT_HELD, nobody_recognisable},
    {"V04", VERDICT_HELD, face_where_nobody_is},
    {"V05", VERDICT_HELD, no_look},
    {"V05", VERDICT_HELD, no_detector},
    {"V06", VERDICT_HELD, crowd},
    {"V07", VERDICT_HELD, marked_elsewhere},
    {"V08", VERDICT_HELD, to_be_covered},
    {"K01", VERDICT_REJECTED, caption_name},
    {"K02", VERDICT_REJECTED, caption_of_no_kind},
    {"K02", VERDICT_REJECTED, caption_number},
    {"K03", VERDICT_HELD, caption_review},
    {"K03", VERDICT_HELD, caption_judged_oddly},
    {"K04", VERDICT_REJECTED, file_name_name},
    {"K05", VERDICT_HELD, file_name_review},
    {"K06", VERDICT_HELD, not_judged},
    {"K07", VERDICT_REJECTED, credit_name},
    {"K08", VERDICT_HELD, credit_review},
    {"K09", VERDICT_HELD, exception},
    {"K10", VERDICT_REJECTED, event_name},
    {"K11", VERDICT_HELD, event_review},
    {"S01", VERDICT_REJECTED, destroyed},
    {"S01", VERDICT_REJECTED, perhaps_destroyed},
    {"S02", VERDICT_HELD, turned_down},
    {"H01", VERDICT_REJECTED, private_account},
};
enum { N_SPOILINGS = sizeof SPOILINGS / sizeof SPOILINGS[0] };

/* No word of a name may reach the office, whatever the reason. */
static void assert_says_no_name(struct text office)
{
    static const char *const NAMES[] = {"Jack", "Smith",  "Amy",  "Jones",
                                        "Ann",  "Okafor", "Gone", "Nobody Known"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        assert_false(text_holds(office, NAMES[i]));
    }
}

static void each_spoiling_trips_its_rule_and_only_it(void **state_)
{
    (void)state_;
    for (size_t i = 0; i < N_SPOILINGS; i++) {
        struct rules_case c;
        case_init(&c);
        SPOILINGS[i].spoil(&c);
        case_judge(&c);
        char codes[512];
        if (strcmp(case_codes(&c, codes, sizeof codes), SPOILINGS[i].code) != 0) {
            fail_msg("spoiling %zu for %s trips \"%s\"", i, SPOILINGS[i].code, codes);
        }
        assert_int_equal(c.ruling.verdict, SPOILINGS[i].verdict);
        const struct hit *hit = &c.ruling.hits[0];
        assert_true(hit->office.n > 0 && hit->dpo.n > 0);
        assert_says_no_name(hit->office);
        assert_true(text_is_printable(hit->office) && text_is_printable(hit->dpo));
        case_release(&c);
    }
}

static void every_rule_has_a_spoiling(void **state_)
{
    (void)state_;
    size_t n;
    const struct rule *rules = rules_all(&n);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < N_SPOILINGS; k++) {
            found = found || strcmp(SPOILINGS[k].code, rules[i].code) == 0;
        }
        if (!found) {
            fail_msg("no spoiling for %s", rules[i].code);
        }
    }
}

static void the_table_is_whole_and_its_codes_are_unique(void **state_)
{
    (void)state_;
    size_t n;
    const struct rule *rules = rules_all(&n);
    for (size_t i = 0; i < n; i++) {
        const struct rule *r = &rules[i];
        assert_true(r->name && r->title && r->clause && r->remedy && r->check);
        assert_int_not_equal(r->verdict, VERDICT_APPROVED);
        assert_ptr_equal(rule_by_code(text_of(r->code)), r);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(rules[k].name, r->name);
        }
    }
    assert_null(rule_by_code(TEXT("F00")));
    assert_null(rule_by_code(TEXT_NONE));
}

static void nothing_about_a_person_tells_the_office_why(void **state_)
{
    (void)state_;
    struct text rejected = TEXT_NONE, held = TEXT_NONE;
    struct rules_case cases[N_SPOILINGS];
    for (size_t i = 0; i < N_SPOILINGS; i++) {
        struct rules_case *c = &cases[i];
        case_init(c);
        SPOILINGS[i].spoil(c);
        case_judge(c);
        const struct hit *hit = &c->ruling.hits[0];
        char family = hit->rule->code[0];
        if (family != 'C' && family != 'P') {
            assert_false(hit->rule->protects);
            continue;
        }
        assert_true(hit->rule->protects);
        assert_int_equal(hit->person, c->tags[0].person);
        struct text *same = hit->verdict == VERDICT_HELD ? &held : &rejected;
        *same = same->n ? *same : hit->office;
        assert_true(text_equal(*same, hit->office));
        const struct rule *first =
            rule_by_code(hit->verdict == VERDICT_HELD ? TEXT("P03") : TEXT("P01"));
        assert_string_equal(hit->rule->remedy, first->remedy);
    }
    assert_true(rejected.n > 0 && held.n > 0);
    for (size_t i = 0; i < N_SPOILINGS; i++) {
        case_release(&cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_spoiling_trips_its_rule_and_only_it),
        cmocka_unit_test(every_rule_has_a_spoiling),
        cmocka_unit_test(the_table_is_whole_and_its_codes_are_unique),
        cmocka_unit_test(nothing_about_a_person_tells_the_office_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
