/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose face may be covered instead of refusing the photo, and who never. */
#include "rules_case.h"

enum { WHOLE = 1000000 };

static const struct box FACE = {400000, 300000, 100000, 150000};

static void mark(struct rules_case *c, uint32_t person, struct box box)
{
    tag_person(c, person);
    struct tag *t = &c->tags[c->evidence.n_tags - 1];
    t->kind = TAG_REGION;
    t->carrier = CARRIER_XMP_REGIONS;
    t->has_box = true;
    t->box = box;
}

/* Jack did not agree and is marked where the one face is; the policy lets it be covered. */
static void redact_case(struct rules_case *c)
{
    case_init(c);
    c->evidence.n_tags = 0;
    c->consents[JACK][0].state = CONSENT_REFUSED;
    c->policy.no_consent = NO_CONSENT_REDACT;
    c->faces[0].box = FACE;
    mark(c, JACK, FACE);
}

static void a_marked_pupil_without_consent_is_covered_and_looked_at(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    assert_codes(&c, "V08");
    assert_int_equal(c.ruling.verdict, VERDICT_HELD);
    assert_int_equal(c.ruling.n_covered, 1);
    const struct covered_face *f = c.ruling.covered;
    assert_int_equal(f->person, JACK);
    assert_true(f->seen);
    assert_int_equal(f->box.x_ppm, 360000);
    assert_int_equal(f->box.y_ppm, 240000);
    assert_int_equal(f->box.w_ppm, 180000);
    assert_int_equal(f->box.h_ppm, 270000);
    assert_int_equal(c.ruling.hits[0].person, JACK);
    assert_true(text_holds(c.ruling.hits[0].dpo, "Jack Smith"));
    assert_true(text_holds(c.ruling.hits[0].dpo, "refused"));
    assert_true(text_holds(c.ruling.hits[0].dpo, "from 36.0000 to 54.0000 %"));
    assert_true(text_holds(c.ruling.hits[0].office, "in the middle"));
    assert_false(text_holds(c.ruling.hits[0].office, "Jack"));
    case_release(&c);
}

static void the_policy_may_let_it_go_without_a_look_where_a_face_was_found(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    c.policy.redacted_may_pass = true;
    assert_codes(&c, "");
    assert_int_equal(c.ruling.verdict, VERDICT_APPROVED);
    assert_int_equal(c.ruling.n_covered, 1);
    c.evidence.n_faces = 0;
    assert_codes(&c, "V08");
    assert_false(c.ruling.covered[0].seen);
    assert_true(text_holds(c.ruling.hits[0].office, "No face was found"));
    case_release(&c);
}

static void without_the_policy_nobody_is_covered(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    c.policy.no_consent = NO_CONSENT_REJECT;
    assert_codes(&c, "C02");
    assert_int_equal(c.ruling.n_covered, 0);
    case_release(&c);
}

/* Each spoils one thing, and the photo is refused as it always was, with nobody covered. */
typedef void spoil(struct rules_case *c);

static void refused_by(spoil *s, const char *codes)
{
    struct rules_case c;
    redact_case(&c);
    c.policy.redacted_may_pass = true;
    s(&c);
    assert_codes(&c, codes);
    assert_int_equal(c.ruling.n_covered, 0);
    assert_int_equal(c.ruling.verdict, VERDICT_REJECTED);
    case_release(&c);
}

static void list_jack(struct rules_case *c)
{
    c->people[JACK].do_not_publish = KNOWN_YES;
}

static void list_is_unclear(struct rules_case *c)
{
    c->people[JACK].do_not_publish = KNOWN_UNKNOWN;
}

static void jack_objects(struct rules_case *c)
{
    c->people[JACK].child_objection = KNOWN_YES;
}

static void objection_is_unclear(struct rules_case *c)
{
    c->people[JACK].child_objection = KNOWN_UNKNOWN;
}

static void somebody_objects(struct rules_case *c)
{
    c->consents[JACK][0].state = CONSENT_OBJECTED;
}

static void jack_left(struct rules_case *c)
{
    c->people[JACK].on_roll = KNOWN_NO;
}

static void another_purpose_is_unclear(struct rules_case *c)
{
    c->channel.needs[PURPOSE_PRESS] = true;
    c->consents[JACK][1] = said(20, PURPOSE_PRESS, CONSENT_UNCLEAR, day(2026, 9, 1));
    c->people[JACK].n_consents = 2;
}

static void a_teacher(struct rules_case *c)
{
    c->people[JACK].kind = PERSON_STAFF;
}

static void nobody_is_safer_covered_than_refused(void **state)
{
    (void)state;
    refused_by(list_jack, "C02 P01");
    refused_by(list_is_unclear, "C02 P03");
    refused_by(jack_objects, "C02 P02");
    refused_by(objection_is_unclear, "C02 P03");
    refused_by(somebody_objects, "C10");
    refused_by(jack_left, "T05 C02");
    refused_by(another_purpose_is_unclear, "C02 C08");
    refused_by(a_teacher, "C02");
}

static void no_box(struct rules_case *c)
{
    c->tags[0].has_box = false;
}

static void only_in_the_manifest(struct rules_case *c)
{
    c->tags[0].kind = TAG_STATED;
}

static void a_box_elsewhere_too(struct rules_case *c)
{
    mark(c, JACK, (struct box){700000, 300000, 100000, 150000});
}

static void a_box_that_is_amys_too(struct rules_case *c)
{
    mark(c, AMY, (struct box){410000, 310000, 100000, 150000});
}

static void a_box_of_no_size(struct rules_case *c)
{
    c->tags[0].box.w_ppm = 0;
    c->evidence.n_faces = 0;
}

static void a_box_beside_the_picture(struct rules_case *c)
{
    c->tags[0].box = (struct box){1000000 + 400000, 300000, 100000, 150000};
    c->evidence.n_faces = 0;
}

static void a_tiny_box_without_a_face(struct rules_case *c)
{
    c->tags[0].box = (struct box){100000, 100000, 9000, 9000};
    c->evidence.n_faces = 0;
}

static void stands_published(struct rules_case *c)
{
    c->hearing.stands_uncovered = true;
}

static void nobody_is_covered_where_the_place_is_in_doubt(void **state)
{
    (void)state;
    refused_by(no_box, "C02");
    refused_by(only_in_the_manifest, "C02");
    refused_by(a_box_elsewhere_too, "C02");
    refused_by(a_box_that_is_amys_too, "C02");
    refused_by(a_box_of_no_size, "C02");
    refused_by(a_box_beside_the_picture, "C02");
    refused_by(a_tiny_box_without_a_face, "C02");
    refused_by(stands_published, "C02");
}

static void mentioned(struct rules_case *c)
{
    c->mentions[0] = (struct mention){CARRIER_EXIF_TEXT, JACK, false};
    c->hearing.n_mentions = 1;
}

static void named(struct rules_case *c)
{
    c->findings[0] =
        (struct finding){.kind = FINDING_FORENAME, .judgement = JUDGE_BLOCK, .person = JACK};
    c->hearing.caption = c->findings;
    c->hearing.n_caption = 1;
    c->evidence.said.present = KNOWN_YES;
    c->evidence.said.caption = TEXT("Well done Jack");
}

static void words_where_names_may_stand(struct rules_case *c)
{
    c->policy.names_with_photo = NAMES_FORENAME;
    c->evidence.said.present = KNOWN_YES;
    c->evidence.said.caption = TEXT("Well done Jack");
}

static void nobody_is_covered_and_named(void **state)
{
    (void)state;
    refused_by(mentioned, "C02");
    refused_by(named, "C02 K01");
    refused_by(words_where_names_may_stand, "C02");
}

static void every_mere_lack_of_consent_can_be_covered(void **state)
{
    (void)state;
    static const enum consent_state STATES[] = {CONSENT_REFUSED, CONSENT_WITHDRAWN,
                                                CONSENT_REQUESTED};
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0] + 4; i++) {
        struct rules_case c;
        redact_case(&c);
        struct consent *consent = &c.consents[JACK][0];
        bool is_state = i < sizeof STATES / sizeof STATES[0];
        consent->state = is_state ? STATES[i] : CONSENT_GRANTED;
        switch (i - sizeof STATES / sizeof STATES[0]) {
        case 0:
            consent->effective_from = day(2026, 12, 1);
            break;
        case 1:
            consent->expires = day(2026, 9, 15);
            break;
        case 2:
            consent->method = METHOD_VERBAL;
            c.policy.purposes[PURPOSE_WEBSITE].written_only = true;
            break;
        case 3:
            c.people[JACK].n_consents = 0;
            break;
        default:
            break;
        }
        assert_codes(&c, "V08");
        assert_int_equal(c.ruling.n_covered, 1);
        case_release(&c);
    }
}

/* Several carriers mark the face, one of them the whole child; the face found is a little larger
 * than any mark of it. */
static void the_cover_holds_every_mark_and_the_face(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    c.tags[0].box = (struct box){420000, 340000, 60000, 20000}; /* the eyes */
    mark(&c, JACK, (struct box){390000, 290000, 110000, 160000});
    assert_codes(&c, "V08");
    const struct box *b = &c.ruling.covered[0].box;
    assert_true(c.ruling.covered[0].seen);
    assert_true(b->x_ppm < 390000 - 40000 && b->y_ppm < 290000 - 60000);
    assert_true(b->x_ppm + b->w_ppm > 500000 + 40000 && b->y_ppm + b->h_ppm > 450000 + 60000);
    case_release(&c);
}

static void the_cover_stays_in_the_picture(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    c.tags[0].box = c.faces[0].box = (struct box){-10000, 900000, 1020000, 110000};
    assert_codes(&c, "V08");
    const struct box *b = &c.ruling.covered[0].box;
    assert_int_equal(b->x_ppm, 0);
    assert_int_equal(b->w_ppm, WHOLE);
    assert_int_equal(b->y_ppm, 856000);
    assert_int_equal(b->y_ppm + b->h_ppm, WHOLE);
    case_release(&c);
}

static void order_of_tags(struct rules_case *c, bool turned)
{
    redact_case(c);
    c->consents[AMY][0].state = CONSENT_WITHDRAWN;
    c->evidence.n_tags = 0;
    c->evidence.n_faces = 2;
    c->faces[1].box = (struct box){700000, 300000, 100000, 150000};
    mark(c, turned ? AMY : JACK, c->faces[turned ? 1 : 0].box);
    mark(c, turned ? JACK : AMY, c->faces[turned ? 0 : 1].box);
    assert_codes(c, "V08 V08");
}

static void two_may_be_covered_in_any_order_of_tags(void **state)
{
    (void)state;
    struct rules_case a, b;
    order_of_tags(&a, false);
    order_of_tags(&b, true);
    assert_int_equal(a.ruling.n_covered, 2);
    assert_int_equal(b.ruling.n_covered, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(a.ruling.covered[i].person, i);
        assert_int_equal(b.ruling.covered[i].person, i);
        assert_memory_equal(&a.ruling.covered[i].box, &b.ruling.covered[i].box, sizeof(struct box));
    }
    case_release(&a);
    case_release(&b);
}

/* One of two is protected: the photo is refused, whoever else could be covered. */
static void one_who_is_protected_is_enough(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    c.people[AMY].do_not_publish = KNOWN_YES;
    c.evidence.n_faces = 2;
    c.faces[1].box = (struct box){700000, 300000, 100000, 150000};
    mark(&c, AMY, c.faces[1].box);
    assert_codes(&c, "P01 V08");
    assert_int_equal(c.ruling.verdict, VERDICT_REJECTED);
    case_release(&c);
}

static void a_clearance_keeps_the_cover(void **state)
{
    (void)state;
    struct rules_case c;
    struct ruling cleared;
    const struct clearance given = {
        .role = ROLE_DPO, .by = TEXT("dpo"), .reason = TEXT("looked"), .entry = 7};
    redact_case(&c);
    assert_codes(&c, "V08");
    assert_int_equal(rules_clear(&c.hearing, &c.ruling, &given, 1, &c.arena, &cleared, &c.err),
                     STATUS_OK);
    assert_int_equal(cleared.verdict, VERDICT_APPROVED);
    assert_int_equal(cleared.n_covered, 1);
    assert_memory_equal(&cleared.covered[0].box, &c.ruling.covered[0].box, sizeof(struct box));
    case_release(&c);
}

static void a_photo_that_could_not_be_covered_is_held(void **state)
{
    (void)state;
    struct rules_case c;
    redact_case(&c);
    c.evidence.exam = EXAM_NOT_COVERED;
    assert_codes(&c, "F03");
    assert_int_equal(c.ruling.n_covered, 0);
    case_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_marked_pupil_without_consent_is_covered_and_looked_at),
        cmocka_unit_test(the_policy_may_let_it_go_without_a_look_where_a_face_was_found),
        cmocka_unit_test(without_the_policy_nobody_is_covered),
        cmocka_unit_test(nobody_is_safer_covered_than_refused),
        cmocka_unit_test(nobody_is_covered_where_the_place_is_in_doubt),
        cmocka_unit_test(nobody_is_covered_and_named),
        cmocka_unit_test(every_mere_lack_of_consent_can_be_covered),
        cmocka_unit_test(the_cover_holds_every_mark_and_the_face),
        cmocka_unit_test(the_cover_stays_in_the_picture),
        cmocka_unit_test(two_may_be_covered_in_any_order_of_tags),
        cmocka_unit_test(one_who_is_protected_is_enough),
        cmocka_unit_test(a_clearance_keeps_the_cover),
        cmocka_unit_test(a_photo_that_could_not_be_covered_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
