/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one exception from "no name beside a photo": who may be named, and who must clear it. Nobody
 * in it exists. */
#include "rules_case.h"

/* "Jack Smith and Amy" with the policy's exception, and both allowed to be named. */
static void named_case(struct rules_case *c)
{
    static const uint32_t PEOPLE[] = {JACK, AMY};
    case_init(c);
    c->evidence.said.present = KNOWN_YES;
    c->evidence.said.caption = TEXT("Jack Smith and Amy");
    c->findings[0] = (struct finding){FINDING_FULL_NAME, JUDGE_BLOCK, 0, 10, JACK};
    c->findings[1] = (struct finding){FINDING_FORENAME, JUDGE_BLOCK, 15, 18, AMY};
    c->hearing.caption = c->findings;
    c->hearing.n_caption = 2;
    c->policy.name_exception = EXCEPTION_HEAD;
    for (size_t i = 0; i < sizeof PEOPLE / sizeof PEOPLE[0]; i++) {
        c->consents[PEOPLE[i]][1] =
            said(30 + (int64_t)i, PURPOSE_NAME_WITH_PHOTO, CONSENT_GRANTED, day(2026, 9, 2));
        c->people[PEOPLE[i]].n_consents = 2;
    }
}

static void every_named_pupil_with_the_consent_is_held_for_clearance(void **state)
{
    (void)state;
    struct rules_case c;
    named_case(&c);
    assert_codes(&c, "K09 K09");
    assert_int_equal(c.ruling.verdict, VERDICT_HELD);
    const struct hit *jack = &c.ruling.hits[0], *amy = &c.ruling.hits[1];
    assert_int_equal(jack->person, JACK);
    assert_int_equal(amy->person, AMY);
    assert_ptr_equal(jack->consent, &c.consents[JACK][1]);
    assert_true(text_holds(jack->dpo, "The 1st word") && text_holds(jack->dpo, "Jack Smith"));
    assert_true(text_holds(amy->dpo, "The 4th word") && text_holds(amy->dpo, "Amy Jones"));
    assert_false(text_holds(amy->office, "Amy"));
    c.findings[0] = c.findings[1]; /* the same pupil twice is one hit */
    assert_codes(&c, "K09");
    case_release(&c);
}

static void the_message_says_who_must_clear_it(void **state)
{
    (void)state;
    static const struct {
        enum name_exception exception;
        const char *who;
    } ROLES[] = {{EXCEPTION_HEAD, "policy the head must"},
                 {EXCEPTION_DPO, "policy the DPO must"},
                 {EXCEPTION_BOTH, "policy the head and the DPO must"}};
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        struct rules_case c;
        named_case(&c);
        c.policy.name_exception = ROLES[i].exception;
        assert_codes(&c, "K09 K09");
        assert_true(text_holds(c.ruling.hits[0].office, ROLES[i].who));
        assert_true(text_holds(text_of(c.ruling.hits[0].rule->remedy), "photogate clear CASE"));
        case_release(&c);
    }
}

static void no_exception(struct rules_case *c)
{
    c->policy.name_exception = EXCEPTION_NONE;
}
static void exception_out_of_range(struct rules_case *c)
{
    c->policy.name_exception = (enum name_exception)(EXCEPTION_BOTH + 1);
}
static void never_asked(struct rules_case *c)
{
    c->people[AMY].n_consents = 1;
}
static void refused(struct rules_case *c)
{
    c->consents[AMY][1].state = CONSENT_REFUSED;
}
static void withdrawn(struct rules_case *c)
{
    c->consents[AMY][1].state = CONSENT_WITHDRAWN;
}
static void expired(struct rules_case *c)
{
    c->consents[AMY][1].expires = day(2026, 9, 30);
}
static void granted_from_tomorrow(struct rules_case *c)
{
    c->consents[AMY][1].effective_from = day(2026, 10, 2);
}
static void verbal_only(struct rules_case *c)
{
    c->policy.purposes[PURPOSE_NAME_WITH_PHOTO].written_only = true;
    c->consents[AMY][1].method = METHOD_VERBAL;
}
static void do_not_publish(struct rules_case *c)
{
    c->people[AMY].do_not_publish = KNOWN_YES;
}
static void list_unclear(struct rules_case *c)
{
    c->people[AMY].do_not_publish = KNOWN_UNKNOWN;
}
static void child_objects(struct rules_case *c)
{
    c->people[AMY].child_objection = KNOWN_YES;
}
static void child_unclear(struct rules_case *c)
{
    c->people[AMY].child_objection = KNOWN_UNKNOWN;
}
static void leaver(struct rules_case *c)
{
    c->people[AMY].on_roll = KNOWN_NO;
}
static void staff(struct rules_case *c)
{
    c->people[AMY].kind = PERSON_STAFF;
}
static void namesakes(struct rules_case *c)
{
    c->findings[1].person = NO_PERSON;
}
static void out_of_register(struct rules_case *c)
{
    c->findings[1].person = N_CAST;
}
static void disguised(struct rules_case *c)
{
    c->findings[1].kind = FINDING_DISGUISED;
}
static void family(struct rules_case *c)
{
    c->findings[1].kind = FINDING_PARENT;
}

static void one_name_that_is_not_covered_closes_the_door_for_all(void **state)
{
    (void)state;
    static void (*const SPOIL[])(struct rules_case *) = {no_exception,
                                                         exception_out_of_range,
                                                         never_asked,
                                                         refused,
                                                         withdrawn,
                                                         expired,
                                                         granted_from_tomorrow,
                                                         verbal_only,
                                                         leaver,
                                                         do_not_publish,
                                                         list_unclear,
                                                         child_objects,
                                                         child_unclear,
                                                         staff,
                                                         namesakes,
                                                         out_of_register,
                                                         disguised,
                                                         family};
    for (size_t i = 0; i < sizeof SPOIL / sizeof SPOIL[0]; i++) {
        struct rules_case c;
        named_case(&c);
        SPOIL[i](&c);
        case_judge(&c);
        bool rejected = false;
        for (size_t k = 0; k < c.ruling.n_hits; k++) {
            const char *code = c.ruling.hits[k].rule->code;
            if (strcmp(code, "K09") == 0) {
                fail_msg("spoiling %zu is an exception", i);
            }
            rejected = rejected || strcmp(code, "K01") == 0;
        }
        assert_true(rejected);
        assert_int_equal(c.ruling.verdict, VERDICT_REJECTED);
        case_release(&c);
    }
}

static void the_exception_lifts_nothing_but_names(void **state)
{
    (void)state;
    struct rules_case c;
    named_case(&c);
    c.findings[1] = (struct finding){FINDING_PHONE, JUDGE_BLOCK, 11, 14, NO_PERSON};
    assert_codes(&c, "K02 K09");
    c.findings[1] = (struct finding){FINDING_UNREGISTERED, JUDGE_REVIEW, 11, 14, NO_PERSON};
    assert_codes(&c, "K03 K09");
    c.hearing.credit = c.findings;
    c.hearing.n_credit = 1;
    assert_codes(&c, "K03 K07 K09");
    case_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_named_pupil_with_the_consent_is_held_for_clearance),
        cmocka_unit_test(the_message_says_who_must_clear_it),
        cmocka_unit_test(one_name_that_is_not_covered_closes_the_door_for_all),
        cmocka_unit_test(the_exception_lifts_nothing_but_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
