/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules together: what approves, what never may, and what each reader is told. */
#include "rules_case.h"

static void state_no_pupils(struct rules_case *c)
{
    c->evidence.said.present = KNOWN_YES;
    c->evidence.said.no_pupils_identifiable = KNOWN_YES;
}

static void state_count(struct rules_case *c, uint32_t n)
{
    c->evidence.said.present = KNOWN_YES;
    c->evidence.said.count_given = KNOWN_YES;
    c->evidence.said.people_count = n;
}

static void empty_photo(struct rules_case *c)
{
    case_init(c);
    c->evidence.n_tags = 0;
    c->evidence.n_faces = 0;
}

static void a_clean_photo_is_approved(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    assert_codes(&c, "");
    assert_int_equal(c.ruling.verdict, VERDICT_APPROVED);
    case_release(&c);
}

static void a_zeroed_evidence_is_refused(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.evidence = (struct evidence){0};
    c.hearing.judged = KNOWN_UNKNOWN;
    assert_codes(&c, "F03 F07 F08 S01");
    assert_int_equal(c.ruling.verdict, VERDICT_REJECTED);
    case_release(&c);
}

static void a_zeroed_evidence_of_an_examined_photo_is_refused(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.evidence = (struct evidence){.exam = EXAM_DONE};
    c.hearing.judged = KNOWN_UNKNOWN;
    c.hearing.face_assurance = 0;
    assert_codes(&c, "F01 F06 F07 F08 F09 T01 V05 K06 S01");
    case_release(&c);
}

static void an_incomplete_hearing_is_a_fault_of_ours(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    const struct hearing whole = c.hearing;
    struct hearing without[5] = {whole, whole, whole, whole, whole};
    without[0].evidence = NULL;
    without[1].policy = NULL;
    without[2].channel = NULL;
    without[3].snapshot = NULL;
    without[4].date = DATE_NONE;
    for (int i = 0; i < 5; i++) {
        struct err err = {0};
        assert_int_equal(rules_judge(&without[i], &c.arena, &c.ruling, &err), STATUS_BUG);
        assert_true(err.text[0]);
    }
    assert_int_equal(rules_judge(NULL, &c.arena, &c.ruling, NULL), STATUS_BUG);
    c.mentions[0] = (struct mention){CARRIER_UNKNOWN, NO_PERSON, false};
    c.hearing.n_mentions = 1;
    assert_int_equal(rules_judge(&c.hearing, &c.arena, &c.ruling, NULL), STATUS_BUG);
    case_release(&c);
}

/* Whatever memory there is, the answer is the whole ruling or none. */
static void too_little_memory_never_loses_a_hit(void **state)
{
    (void)state;
    bool failed = false, done = false;
    for (size_t bytes = 0; !done; bytes += 64) {
        struct rules_case c;
        case_init(&c);
        c.people[JACK].do_not_publish = KNOWN_YES;
        c.consents[JACK][0].state = CONSENT_REFUSED;
        c.evidence.creator = TEXT("Tempest");
        arena_init(&c.arena, bytes);
        enum status st = rules_judge(&c.hearing, &c.arena, &c.ruling, &c.err);
        if (st == STATUS_OK) {
            char codes[64];
            assert_string_equal(case_codes(&c, codes, sizeof codes), "M02 C02 P01");
            done = true;
        } else {
            assert_int_equal(st, STATUS_NOMEM);
            assert_null(c.ruling.hits);
            failed = true;
        }
        case_release(&c);
    }
    assert_true(failed);
}

static void all_rules_run_and_the_worst_decides(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.evidence.duplicate_of_earlier = KNOWN_YES;
    c.carriers[0].state = CARRIER_UNPARSABLE;
    c.people[JACK].on_roll = KNOWN_NO;
    c.people[JACK].do_not_publish = KNOWN_YES;
    c.people[JACK].child_objection = KNOWN_UNKNOWN;
    c.consents[JACK][0].state = CONSENT_WITHDRAWN;
    c.evidence.n_faces = 2;
    c.hearing.judged = KNOWN_NO;
    c.channel.official = false;
    assert_codes(&c, "F06 M01 T05 C03 P01 P03 V01 K06 H01");
    assert_int_equal(c.ruling.verdict, VERDICT_REJECTED);
    case_release(&c);
}

static void an_unexamined_photo_is_told_about_its_file_alone(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.evidence.exam = EXAM_CRASHED;
    c.evidence.duplicate_of_earlier = KNOWN_UNKNOWN;
    c.evidence.n_faces = 7;
    c.evidence.faces_looked_for = KNOWN_NO;
    c.carriers[0].state = CARRIER_NOT_READ;
    c.evidence.creator = TEXT("Tempest");
    c.people[JACK].do_not_publish = KNOWN_YES;
    c.people[JACK].n_consents = 0;
    c.hearing.judged = KNOWN_NO;
    tag_doubt(&c, "", RESOLVED_UNNAMED);
    assert_codes(&c, "F03");
    case_release(&c);
}

static bool same_ruling(const struct ruling *a, const struct ruling *b)
{
    if (a->verdict != b->verdict || a->n_hits != b->n_hits) {
        return false;
    }
    for (size_t i = 0; i < a->n_hits; i++) {
        const struct hit *x = &a->hits[i], *y = &b->hits[i];
        if (x->rule != y->rule || x->person != y->person || !text_equal(x->office, y->office) ||
            !text_equal(x->dpo, y->dpo)) {
            return false;
        }
    }
    return true;
}

static void the_order_of_tags_is_no_matter(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_person(&c, AMY);
    tag_person(&c, LEFT);
    tag_person(&c, AMY);
    tag_doubt(&c, "Zed", RESOLVED_UNKNOWN);
    tag_doubt(&c, "Abe", RESOLVED_UNKNOWN);
    tag_doubt(&c, "Mia", RESOLVED_AMBIGUOUS);
    c.people[AMY].do_not_publish = KNOWN_YES;
    c.people[JACK].n_consents = 0;
    c.mentions[0] = (struct mention){CARRIER_XMP_TEXT, TEACHER, false};
    c.mentions[1] = (struct mention){CARRIER_UNKNOWN, JACK, false};
    c.hearing.n_mentions = 2;
    case_judge(&c);
    const struct ruling first = c.ruling;
    assert_true(first.n_hits >= 5);
    const size_t n = c.evidence.n_tags;
    for (size_t turn = 0; turn < n; turn++) {
        struct tag moved = c.tags[0];
        memmove(c.tags, c.tags + 1, (n - 1) * sizeof c.tags[0]);
        c.tags[n - 1] = moved;
        struct mention m = c.mentions[0];
        c.mentions[0] = c.mentions[1];
        c.mentions[1] = m;
        case_judge(&c);
        assert_true(same_ruling(&first, &c.ruling));
    }
    case_release(&c);
}

static void policy_can_reject_what_is_held_otherwise(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.policy.unknown_tag = c.policy.ambiguous_tag = TAGS_REJECT;
    c.policy.unnamed_region = TAGS_REJECT;
    tag_doubt(&c, "Zed", RESOLVED_UNKNOWN);
    tag_doubt(&c, "Mia", RESOLVED_AMBIGUOUS);
    tag_doubt(&c, "", RESOLVED_UNNAMED);
    assert_codes(&c, "T02 T03 T04");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(c.ruling.hits[i].verdict, VERDICT_REJECTED);
    }
    c.evidence.n_tags = 0;
    c.policy.untagged = TAGS_REJECT;
    assert_codes(&c, "T01");
    assert_int_equal(c.ruling.verdict, VERDICT_REJECTED);
    case_release(&c);
}

static void a_photo_said_to_be_without_people_may_pass(void **state)
{
    (void)state;
    struct rules_case c;
    empty_photo(&c);
    assert_codes(&c, "T01");
    state_no_pupils(&c);
    assert_codes(&c, "");
    c.hearing.face_assurance = ASSURANCE_LOW;
    assert_codes(&c, "");
    state_count(&c, 6); /* six people from behind */
    assert_codes(&c, "");
    case_release(&c);

    empty_photo(&c);
    state_count(&c, 0);
    assert_codes(&c, "");
    c.hearing.face_assurance = ASSURANCE_LOW;
    assert_codes(&c, "");
    case_release(&c);
}

static void a_manifest_that_does_not_mention_the_photo_says_nothing(void **state)
{
    (void)state;
    struct rules_case c;
    empty_photo(&c);
    state_no_pupils(&c);
    state_count(&c, 0);
    c.evidence.said.present = KNOWN_NO;
    assert_codes(&c, "T01");
    c.evidence.said.present = KNOWN_UNKNOWN;
    assert_codes(&c, "T01");
    case_release(&c);
}

static void an_unusable_manifest_is_one_fault_and_not_three(void **state)
{
    (void)state;
    struct rules_case c;
    empty_photo(&c);
    state_no_pupils(&c);
    c.evidence.said.trouble = TEXT("row 3 is not UTF-8");
    c.hearing.face_assurance = ASSURANCE_LOW;
    assert_codes(&c, "M03");
    assert_true(text_holds(c.ruling.hits[0].office, "row 3 is not UTF-8"));
    case_release(&c);
}

static void a_portrait_of_staff_shows_no_pupil(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.tags[0].person = TEACHER;
    state_no_pupils(&c);
    assert_codes(&c, "");
    c.evidence.n_faces = 2;
    assert_codes(&c, "V04");
    case_release(&c);
}

static void a_count_by_a_person_stands_in_for_the_better_detector(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.hearing.face_assurance = ASSURANCE_LOW;
    assert_codes(&c, "V02");
    assert_true(strstr(c.ruling.hits[0].rule->remedy, "scripts/fetch-face-model") != NULL);
    state_count(&c, 1);
    assert_codes(&c, "");
    state_count(&c, 2);
    assert_codes(&c, "V03");
    c.evidence.n_faces = 3;
    assert_codes(&c, "V01 V03");
    case_release(&c);
}

static void an_untagged_person_who_was_counted_is_one_fault(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    state_count(&c, 3);
    c.evidence.n_faces = 3;
    assert_codes(&c, "V03");
    case_release(&c);
}

static void one_person_in_two_carriers_is_one_person(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_person(&c, JACK);
    state_count(&c, 1);
    assert_codes(&c, "");
    c.evidence.n_faces = 2;
    assert_codes(&c, "V01");
    case_release(&c);
}

static void a_doubtful_tag_is_no_second_fault_for_the_faces(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_doubt(&c, "Zed", RESOLVED_UNKNOWN);
    tag_doubt(&c, "Zed", RESOLVED_UNKNOWN);
    c.evidence.n_faces = 2;
    state_count(&c, 2);
    assert_codes(&c, "T02");
    case_release(&c);
}

static void a_topic_is_nobody(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.tags[0].kind = TAG_KEYWORD;
    c.tags[0].resolution = RESOLVED_TOPIC;
    assert_codes(&c, "T01");
    case_release(&c);
}

static void leavers_have_the_grace_the_policy_gives(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.tags[0].person = LEFT;
    c.policy.leavers = LEAVERS_GRACE;
    c.policy.leaver_grace_days = 73; /* 20 July to 1 October */
    assert_codes(&c, "");
    c.policy.leaver_grace_days = 72;
    assert_codes(&c, "T05");
    c.policy.leaver_grace_days = 1000;
    c.people[LEFT].date_of_leaving = DATE_NONE;
    assert_codes(&c, "T05");
    c.people[LEFT].date_of_leaving = day(2026, 12, 1);
    assert_codes(&c, "T05");
    case_release(&c);
}

static void a_leaving_date_that_has_passed_beats_on_roll(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.people[JACK].date_of_leaving = day(2026, 9, 30);
    assert_codes(&c, "T05");
    c.people[JACK].date_of_leaving = day(2026, 10, 1);
    assert_codes(&c, "");
    case_release(&c);
}

static void staff_are_present_until_the_register_says_they_left(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.tags[0].person = TEACHER;
    c.people[TEACHER].on_roll = KNOWN_UNKNOWN;
    assert_codes(&c, "");
    c.people[TEACHER].on_roll = KNOWN_NO;
    assert_codes(&c, "T05");
    case_release(&c);
}

static void whom_nobody_may_show_counts_even_when_only_mentioned(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.mentions[0] = (struct mention){CARRIER_UNKNOWN, AMY, false};
    c.hearing.n_mentions = 1;
    c.people[AMY].do_not_publish = KNOWN_YES;
    assert_codes(&c, "T06 P01");
    assert_int_equal(c.ruling.hits[1].person, AMY);
    assert_true(text_holds(c.ruling.hits[0].office, "the file's name"));
    case_release(&c);
}

static void a_mention_of_staff_or_of_a_tagged_pupil_is_no_fault(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.mentions[0] = (struct mention){CARRIER_EXIF_TEXT, TEACHER, false};
    c.mentions[1] = (struct mention){CARRIER_EXIF_TEXT, JACK, false};
    c.hearing.n_mentions = 2;
    assert_codes(&c, "");
    case_release(&c);
}

static void every_purpose_of_the_channel_is_needed(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.channel.needs[PURPOSE_SOCIAL_MEDIA] = true;
    assert_codes(&c, "C06");
    c.consents[JACK][1] = said(50, PURPOSE_SOCIAL_MEDIA, CONSENT_REFUSED, day(2026, 9, 2));
    c.people[JACK].n_consents = 2;
    assert_codes(&c, "C02");
    c.consents[JACK][1].state = CONSENT_GRANTED;
    assert_codes(&c, "");
    case_release(&c);
}

static void a_person_has_one_hit_for_a_rule_whatever_the_purposes(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_person(&c, AMY);
    c.channel.needs[PURPOSE_PRESS] = true;
    c.people[JACK].n_consents = c.people[AMY].n_consents = 0;
    assert_codes(&c, "C01 C01");
    assert_int_equal(c.ruling.hits[0].person, JACK);
    assert_int_equal(c.ruling.hits[1].person, AMY);
    assert_true(text_holds(c.ruling.hits[0].dpo, purpose_words(PURPOSE_WEBSITE)));
    assert_true(text_holds(c.ruling.hits[0].dpo, purpose_words(PURPOSE_PRESS)));
    case_release(&c);
}

static void a_channel_that_needs_no_consent_lets_nothing_pass(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.channel.needs[PURPOSE_WEBSITE] = false;
    assert_codes(&c, "H01");
    c.channel.needs[PURPOSE_WEBSITE] = c.channel.needs[PURPOSE_UNKNOWN] = true;
    assert_codes(&c, "H01");
    case_release(&c);
}

static void the_dpo_reads_the_event_the_office_reads_none_of_it(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.consents[JACK][0].state = CONSENT_REFUSED;
    assert_codes(&c, "C02");
    const struct hit *hit = &c.ruling.hits[0];
    assert_ptr_equal(hit->consent, &c.consents[JACK][0]);
    assert_string_equal(
        hit->dpo.at, "Jack Smith (4B): the school website: refused (event 10: refused, said on "
                     "2026-09-01, by Mother, paper, recorded on 2026-09-01, pupils.csv row 12).");
    assert_string_equal(hit->office.at,
                        "One person in this photo may not be shown here (School website).");
    case_release(&c);
}

static void the_dpo_is_told_why_a_later_grant_does_not_count(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.consents[JACK][0].state = CONSENT_WITHDRAWN;
    c.consents[JACK][1] = said(51, PURPOSE_WEBSITE, CONSENT_GRANTED, day(2026, 8, 1));
    c.consents[JACK][1].recorded_on = day(2026, 9, 20);
    c.people[JACK].n_consents = 2;
    assert_codes(&c, "C03");
    assert_true(
        text_holds(c.ruling.hits[0].dpo, "event 51 (granted), recorded later, does not undo it"));
    case_release(&c);
}

static void hostile_names_reach_the_dpo_made_harmless(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_doubt(&c, "Eve\x1B[31m\n", RESOLVED_UNKNOWN);
    assert_codes(&c, "T02");
    assert_true(text_is_printable(c.ruling.hits[0].dpo));
    assert_true(text_holds(c.ruling.hits[0].dpo, "Eve\\x1B[31m\\x0A"));
    assert_false(text_holds(c.ruling.hits[0].office, "Eve"));
    case_release(&c);
}

static void find_words(struct rules_case *c, const char *caption, size_t a, size_t b)
{
    c->evidence.own_caption = text_of(caption);
    size_t starts[] = {a, b};
    for (int i = 0; i < 2; i++) {
        c->findings[i] = (struct finding){.kind = FINDING_FORENAME,
                                          .judgement = JUDGE_BLOCK,
                                          .start = starts[i],
                                          .end = starts[i] + 3,
                                          .person = AMY};
    }
    c->hearing.caption = c->findings;
    c->hearing.n_caption = 2;
}

static void the_office_is_told_which_word_and_not_the_word(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    find_words(&c, "Well  done\u00A0Amy and Amy!", 12, 20);
    assert_codes(&c, "K01");
    const struct hit *hit = &c.ruling.hits[0];
    assert_true(text_starts_with(hit->office, TEXT("The 3rd and 5th word of the caption: ")));
    assert_true(text_holds(hit->office, finding_fix(FINDING_FORENAME)));
    assert_false(text_holds(hit->office, "Amy"));
    assert_true(text_holds(hit->dpo, "Amy Jones"));
    find_words(&c, "Amy", 0, 99); /* one lies outside the text given */
    assert_codes(&c, "K01");
    assert_true(text_starts_with(c.ruling.hits[0].office, TEXT("The 1st word of the caption: ")));
    case_release(&c);
}

static void assert_rights(const char *creator, const char *copyright, const char *codes)
{
    struct rules_case c;
    case_init(&c);
    c.evidence.creator = text_of(creator);
    c.evidence.copyright = text_of(copyright);
    assert_codes(&c, codes);
    case_release(&c);
}

static void the_schools_own_rights_are_known_however_they_are_written(void **state)
{
    (void)state;
    assert_rights("Ann Okafor", "", "");
    assert_rights("ANN OKAFOR", "\u00A9 2026 Oakmere Primary School. All rights reserved.", "");
    assert_rights("", "Copyright (c) 2025-2026 Oakmere Primary School and Ann Okafor", "");
    assert_rights("  ", " \u00A9 ", "");
    assert_rights("Photo by Ann Okafor", "", "");
}

static void what_is_not_wholly_the_schools_is_anothers(void **state)
{
    (void)state;
    assert_rights("Ann Okafor-Bell", "", "M02");
    assert_rights("Ann", "", "M02");
    assert_rights("Tempest for Oakmere Primary School", "", "M02");
    assert_rights("", "All rights reserved", "M02");
    assert_rights("Fotograf \xFC", "", "M02"); /* not UTF-8: nobody knows whose */
}

static void a_credit_line_acknowledges_whom_it_names(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.evidence.creator = TEXT("J. Tempest");
    c.evidence.copyright = TEXT("(c) Tempest 2026");
    c.evidence.said = (struct statement){.present = KNOWN_YES, .credit = TEXT("Photo: J Tempest")};
    assert_codes(&c, "");
    c.evidence.said.credit = TEXT("Photo: somebody else");
    assert_codes(&c, "M02");
    c.evidence.said.photographer = TEXT("J Tempest");
    assert_codes(&c, "");
    c.evidence.said.credit = TEXT_NONE;
    assert_codes(&c, "M02");
    c.policy.third_party_rights_hold = false;
    assert_codes(&c, "");
    case_release(&c);
}

static void a_file_of_another_kind_comes_with_what_to_do(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.evidence.exam = EXAM_UNSUPPORTED;
    const struct {
        enum file_kind kind;
        const char *advice;
    } cases[] = {{FILE_HEIF, "Export it as JPEG"}, {FILE_VIDEO, "cannot be checked"},
                 {FILE_RAW, "Develop it"},         {FILE_ARCHIVE, "Unpack it first"},
                 {FILE_EMPTY, "Copy it again"},    {FILE_UNKNOWN, "Take it out"},
                 {FILE_JPEG, "ordinary JPEG"},     {N_FILE_KINDS, "Take it out"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        c.evidence.kind = cases[i].kind;
        assert_codes(&c, "F01");
        assert_true(text_holds(c.ruling.hits[0].office, cases[i].advice));
    }
    case_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_photo_is_approved),
        cmocka_unit_test(a_zeroed_evidence_is_refused),
        cmocka_unit_test(a_zeroed_evidence_of_an_examined_photo_is_refused),
        cmocka_unit_test(an_incomplete_hearing_is_a_fault_of_ours),
        cmocka_unit_test(too_little_memory_never_loses_a_hit),
        cmocka_unit_test(all_rules_run_and_the_worst_decides),
        cmocka_unit_test(an_unexamined_photo_is_told_about_its_file_alone),
        cmocka_unit_test(the_order_of_tags_is_no_matter),
        cmocka_unit_test(policy_can_reject_what_is_held_otherwise),
        cmocka_unit_test(a_photo_said_to_be_without_people_may_pass),
        cmocka_unit_test(a_manifest_that_does_not_mention_the_photo_says_nothing),
        cmocka_unit_test(an_unusable_manifest_is_one_fault_and_not_three),
        cmocka_unit_test(a_portrait_of_staff_shows_no_pupil),
        cmocka_unit_test(a_count_by_a_person_stands_in_for_the_better_detector),
        cmocka_unit_test(an_untagged_person_who_was_counted_is_one_fault),
        cmocka_unit_test(one_person_in_two_carriers_is_one_person),
        cmocka_unit_test(a_doubtful_tag_is_no_second_fault_for_the_faces),
        cmocka_unit_test(a_topic_is_nobody),
        cmocka_unit_test(leavers_have_the_grace_the_policy_gives),
        cmocka_unit_test(a_leaving_date_that_has_passed_beats_on_roll),
        cmocka_unit_test(staff_are_present_until_the_register_says_they_left),
        cmocka_unit_test(whom_nobody_may_show_counts_even_when_only_mentioned),
        cmocka_unit_test(a_mention_of_staff_or_of_a_tagged_pupil_is_no_fault),
        cmocka_unit_test(every_purpose_of_the_channel_is_needed),
        cmocka_unit_test(a_person_has_one_hit_for_a_rule_whatever_the_purposes),
        cmocka_unit_test(a_channel_that_needs_no_consent_lets_nothing_pass),
        cmocka_unit_test(the_dpo_reads_the_event_the_office_reads_none_of_it),
        cmocka_unit_test(the_dpo_is_told_why_a_later_grant_does_not_count),
        cmocka_unit_test(hostile_names_reach_the_dpo_made_harmless),
        cmocka_unit_test(the_office_is_told_which_word_and_not_the_word),
        cmocka_unit_test(the_schools_own_rights_are_known_however_they_are_written),
        cmocka_unit_test(what_is_not_wholly_the_schools_is_anothers),
        cmocka_unit_test(a_credit_line_acknowledges_whom_it_names),
        cmocka_unit_test(a_file_of_another_kind_comes_with_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
