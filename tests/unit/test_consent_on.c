/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Consent as at a date. Events are written in the order recorded; days are of 2026. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "photogate/ruling.h"

enum { MAX_EVENTS = 6 };

struct history {
    struct consent events[MAX_EVENTS];
    size_t n;
    struct purpose_policy policy;
    struct date born;
    bool is_staff;
};

static struct date on(int month, int of_month)
{
    struct date d = DATE_NONE;
    assert_true(date_make(2026, month, of_month, &d));
    return d;
}

static struct consent *add(struct history *h, enum consent_state state, struct date said,
                           struct date recorded)
{
    assert_true(h->n < MAX_EVENTS);
    struct consent *c = &h->events[h->n];
    *c = (struct consent){.event = (int64_t)++h->n,
                          .purpose = PURPOSE_WEBSITE,
                          .state = state,
                          .method = METHOD_PAPER,
                          .given_by = TEXT("Mother"),
                          .event_date = said,
                          .recorded_on = recorded};
    return c;
}

static enum consent_standing ask(const struct history *h, struct date date, int64_t *event)
{
    struct person p = {.kind = h->is_staff ? PERSON_STAFF : PERSON_PUPIL,
                       .date_of_birth = h->born,
                       .consents = h->events,
                       .n_consents = h->n};
    const struct consent *found = NULL;
    enum consent_standing s = consent_on(&p, PURPOSE_WEBSITE, &h->policy, date, &found);
    *event = found ? found->event : 0;
    return s;
}

#define assert_standing(h, date, standing, rests_on)                                               \
    do {                                                                                           \
        int64_t event_;                                                                            \
        assert_string_equal(consent_standing_words(ask((h), (date), &event_)),                     \
                            consent_standing_words(standing));                                     \
        assert_int_equal(event_, (rests_on));                                                      \
    } while (0)

static void nothing_said_is_nothing(void **state)
{
    (void)state;
    struct history h = {0};
    assert_standing(&h, on(10, 1), STANDING_NONE, 0);
    assert_int_equal(STANDING_NONE, 0);
}

static void another_purpose_is_no_answer(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1))->purpose = PURPOSE_PRESS;
    assert_standing(&h, on(10, 1), STANDING_NONE, 0);
}

static void a_grant_counts_from_the_day_it_is_recorded(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 3));
    assert_standing(&h, on(9, 2), STANDING_NONE, 0);
    assert_standing(&h, on(9, 3), STANDING_GRANTED, 1);
}

static void a_grant_waits_for_the_day_it_is_effective(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1))->effective_from = on(9, 10);
    assert_standing(&h, on(9, 9), STANDING_NOT_YET, 1);
    assert_standing(&h, on(9, 10), STANDING_GRANTED, 1);
}

static void a_grant_dated_in_the_future_waits_too(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(9, 10), on(9, 1))->effective_from = on(9, 2);
    assert_standing(&h, on(9, 9), STANDING_NOT_YET, 1);
    assert_standing(&h, on(9, 10), STANDING_GRANTED, 1);
}

static void a_future_grant_hides_no_earlier_answer(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_REFUSED, on(9, 1), on(9, 1));
    add(&h, CONSENT_GRANTED, on(9, 5), on(9, 5))->effective_from = on(10, 1);
    assert_standing(&h, on(9, 30), STANDING_REFUSED, 1);
    assert_standing(&h, on(10, 1), STANDING_GRANTED, 2);

    struct history renewed = {0};
    add(&renewed, CONSENT_GRANTED, on(1, 1), on(1, 1));
    add(&renewed, CONSENT_GRANTED, on(9, 5), on(9, 5))->effective_from = on(10, 1);
    assert_standing(&renewed, on(9, 30), STANDING_GRANTED, 1);
}

static void a_no_counts_at_once_whatever_day_it_carries(void **state)
{
    (void)state;
    static const enum consent_state NOS[] = {CONSENT_REFUSED,   CONSENT_WITHDRAWN, CONSENT_OBJECTED,
                                             CONSENT_REQUESTED, CONSENT_UNCLEAR,   CONSENT_UNKNOWN};
    static const enum consent_standing STANDINGS[] = {STANDING_REFUSED,  STANDING_WITHDRAWN,
                                                      STANDING_OBJECTED, STANDING_REQUESTED,
                                                      STANDING_UNCLEAR,  STANDING_UNCLEAR};
    for (size_t i = 0; i < sizeof NOS / sizeof NOS[0]; i++) {
        struct history h = {0};
        add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1));
        struct consent *no = add(&h, NOS[i], on(8, 1), on(9, 8)); /* said before, recorded after */
        no->effective_from = on(12, 1);
        assert_standing(&h, on(9, 7), STANDING_GRANTED, 1);
        assert_standing(&h, on(9, 8), STANDINGS[i], 2);
    }
}

static void an_old_form_entered_late_does_not_undo_a_withdrawal(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_WITHDRAWN, on(9, 10), on(9, 10));
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 20));
    assert_standing(&h, on(9, 30), STANDING_WITHDRAWN, 1);
    add(&h, CONSENT_GRANTED, on(9, 10), on(9, 25)); /* the same day, recorded later */
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 3);
}

static void a_withdrawal_without_a_day_counts_as_said_when_recorded(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_WITHDRAWN, DATE_NONE, on(9, 10));
    add(&h, CONSENT_GRANTED, on(9, 9), on(9, 20));
    assert_standing(&h, on(9, 30), STANDING_WITHDRAWN, 1);
    add(&h, CONSENT_GRANTED, DATE_NONE, on(9, 21));
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 3);
}

static void a_refusal_without_a_day_counts_as_said_when_recorded(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_REFUSED, DATE_NONE, on(9, 10));
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 20));
    assert_standing(&h, on(9, 30), STANDING_REFUSED, 1);
    add(&h, CONSENT_GRANTED, on(9, 10), on(9, 21)); /* the same day, recorded later */
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 3);
    struct history dated = {0};
    add(&dated, CONSENT_REFUSED, on(9, 10), on(9, 10));
    add(&dated, CONSENT_GRANTED, on(9, 1), on(9, 20));
    assert_standing(&dated, on(9, 30), STANDING_REFUSED, 1);
}

static void only_who_objected_can_lift_the_objection(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_OBJECTED, on(9, 1), on(9, 1))->given_by = TEXT("Pupil");
    add(&h, CONSENT_GRANTED, on(9, 5), on(9, 5));
    add(&h, CONSENT_REQUESTED, on(9, 6), on(9, 6));
    assert_standing(&h, on(9, 30), STANDING_OBJECTED, 1);
    add(&h, CONSENT_GRANTED, on(9, 7), on(9, 7))->given_by = TEXT("pupil ");
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 4);
    assert_standing(&h, on(9, 6), STANDING_OBJECTED, 1);
    /* lifted is lifted: a later refusal by another may be undone by that other */
    add(&h, CONSENT_REFUSED, on(9, 8), on(9, 8));
    assert_standing(&h, on(9, 30), STANDING_REFUSED, 5);
    add(&h, CONSENT_GRANTED, on(9, 9), on(9, 9));
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 6);
}

static void an_objection_by_nobody_in_particular_stays(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_OBJECTED, on(9, 1), on(9, 1))->given_by = TEXT_NONE;
    add(&h, CONSENT_GRANTED, on(9, 5), on(9, 5))->given_by = TEXT_NONE;
    assert_standing(&h, on(9, 30), STANDING_OBJECTED, 1);
}

static void one_parents_no_stands_until_the_same_parent_says_yes(void **state)
{
    (void)state;
    static const enum consent_state NOES[] = {CONSENT_REFUSED, CONSENT_WITHDRAWN};
    static const enum consent_standing STANDINGS[] = {STANDING_REFUSED, STANDING_WITHDRAWN};
    for (size_t i = 0; i < 2; i++) {
        struct history h = {0};
        add(&h, NOES[i], on(9, 1), on(9, 1))->given_by = TEXT("Father");
        add(&h, CONSENT_GRANTED, on(9, 5), on(9, 5));
        assert_standing(&h, on(9, 30), STANDING_GRANTED, 2); /* unless the policy says otherwise */
        h.policy.any_refusal_wins = true;
        assert_standing(&h, on(9, 30), STANDINGS[i], 1);
        add(&h, CONSENT_GRANTED, on(9, 6), on(9, 6))->given_by = TEXT_NONE; /* whose yes is it? */
        assert_standing(&h, on(9, 30), STANDINGS[i], 1);
        add(&h, CONSENT_GRANTED, on(9, 7), on(9, 7))->given_by = TEXT(" father");
        assert_standing(&h, on(9, 30), STANDING_GRANTED, 4);
        add(&h, CONSENT_GRANTED, on(9, 8), on(9, 8)); /* the father's no is lifted for everybody */
        assert_standing(&h, on(9, 30), STANDING_GRANTED, 5);
    }
}

/* A school that never wrote down who said no could not lift it: any later yes does. */
static void a_no_by_nobody_in_particular_is_lifted_by_a_later_yes(void **state)
{
    (void)state;
    struct history h = {.policy = {.any_refusal_wins = true}};
    add(&h, CONSENT_REFUSED, on(9, 1), on(9, 1))->given_by = TEXT("  ");
    assert_standing(&h, on(9, 30), STANDING_REFUSED, 1);
    add(&h, CONSENT_GRANTED, on(9, 5), on(9, 5));
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 2);
}

static void both_parents_noes_need_both_yeses(void **state)
{
    (void)state;
    struct history h = {.policy = {.any_refusal_wins = true}};
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1));
    add(&h, CONSENT_REFUSED, on(9, 2), on(9, 2))->given_by = TEXT("Father");
    add(&h, CONSENT_REFUSED, on(9, 3), on(9, 3));
    add(&h, CONSENT_GRANTED, on(9, 4), on(9, 4));
    assert_standing(&h, on(9, 30), STANDING_REFUSED, 3);
    add(&h, CONSENT_GRANTED, on(9, 5), on(9, 5))->given_by = TEXT("Father");
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 5);
}

static void from_some_birthday_on_only_the_pupils_own_yes_counts(void **state)
{
    (void)state;
    struct history h = {.policy = {.pupil_decides_from_age = 13}};
    assert_true(date_make(2013, 9, 15, &h.born));
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1));
    assert_standing(&h, on(9, 14), STANDING_GRANTED, 1);
    assert_standing(&h, on(9, 15), STANDING_NONE, 0); /* thirteen today */
    add(&h, CONSENT_GRANTED, on(9, 2), on(9, 2))->given_by = TEXT(" Pupil");
    assert_standing(&h, on(9, 14), STANDING_GRANTED, 1); /* not the child's to give yet */
    assert_standing(&h, on(9, 15), STANDING_GRANTED, 2);
    add(&h, CONSENT_WITHDRAWN, on(9, 20), on(9, 20)); /* a no counts from anybody */
    assert_standing(&h, on(9, 30), STANDING_WITHDRAWN, 3);
}

static void of_unknown_age_nobody_can_tell_who_decides(void **state)
{
    (void)state;
    struct history h = {.policy = {.pupil_decides_from_age = 13}};
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1));
    add(&h, CONSENT_GRANTED, on(9, 2), on(9, 2))->given_by = TEXT("pupil");
    assert_standing(&h, on(9, 30), STANDING_NONE, 0);
    h.is_staff = true;
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 2);
    h.is_staff = false;
    h.policy.pupil_decides_from_age = UINT32_MAX; /* no calendar reaches so far */
    assert_true(date_make(2013, 9, 15, &h.born));
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 1);
}

/* A pupil's objection is lifted by the pupil, and by the policy that lets the pupil decide only
 * once the pupil may. */
static void a_yes_that_does_not_count_lifts_nothing(void **state)
{
    (void)state;
    struct history h = {.policy = {.pupil_decides_from_age = 13}};
    assert_true(date_make(2015, 9, 15, &h.born));
    add(&h, CONSENT_OBJECTED, on(9, 1), on(9, 1))->given_by = TEXT("Pupil");
    add(&h, CONSENT_GRANTED, on(9, 2), on(9, 2))->given_by = TEXT("Pupil");
    add(&h, CONSENT_GRANTED, on(9, 3), on(9, 3));
    assert_standing(&h, on(9, 30), STANDING_OBJECTED, 1);
}

static void all_consents_may_end_with_one_day_of_the_year(void **state)
{
    (void)state;
    struct history h = {.policy = {.ends_each_year = 930}};
    struct consent *c = add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1));
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 1);
    assert_standing(&h, on(10, 1), STANDING_EXPIRED, 1);
    h.policy.max_age_months = 120;
    assert_standing(&h, on(10, 1), STANDING_EXPIRED, 1); /* the sooner end counts */
    h.policy.max_age_months = 0;
    c->expires = on(9, 15);
    assert_standing(&h, on(9, 16), STANDING_EXPIRED, 1);
    c->expires = DATE_NONE;
    c->event_date = on(9, 30); /* said on that day, it is good for the year to come */
    assert_standing(&h, on(10, 1), STANDING_GRANTED, 1);
    assert_standing(&h, on(12, 31), STANDING_GRANTED, 1);
    c->event_date = on(9, 1);
    h.policy.ends_each_year = 1399; /* no day of any year */
    assert_standing(&h, on(9, 2), STANDING_EXPIRED, 1);
}

static void the_last_day_counts_and_the_next_does_not(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1))->expires = on(9, 30);
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 1);
    assert_standing(&h, on(10, 1), STANDING_EXPIRED, 1);
}

static void a_maximum_age_runs_from_the_day_it_was_said(void **state)
{
    (void)state;
    struct history h = {.policy = {.max_age_months = 6}};
    add(&h, CONSENT_GRANTED, on(3, 31), on(4, 2));
    assert_standing(&h, on(9, 30), STANDING_GRANTED, 1); /* 31 September is the 30th */
    assert_standing(&h, on(10, 1), STANDING_EXPIRED, 1);
    h.policy.max_age_months = UINT32_MAX; /* no calendar reaches so far */
    assert_standing(&h, on(10, 1), STANDING_EXPIRED, 1);
    h.policy.max_age_months = 0;
    assert_standing(&h, on(10, 1), STANDING_GRANTED, 1);
}

static void a_grant_without_a_day_has_no_age_to_show(void **state)
{
    (void)state;
    struct history h = {.policy = {.max_age_months = 6}};
    add(&h, CONSENT_GRANTED, DATE_NONE, on(9, 1));
    assert_standing(&h, on(9, 2), STANDING_EXPIRED, 1);
    h.policy.max_age_months = 0;
    assert_standing(&h, on(9, 2), STANDING_GRANTED, 1);
}

static void only_what_is_known_to_be_written_is_written(void **state)
{
    (void)state;
    struct history h = {.policy = {.written_only = true}};
    struct consent *c = add(&h, CONSENT_GRANTED, on(9, 1), on(9, 1));
    static const enum consent_method WRITTEN[] = {METHOD_PAPER, METHOD_APP, METHOD_EMAIL};
    for (size_t i = 0; i < 3; i++) {
        c->method = WRITTEN[i];
        assert_standing(&h, on(9, 2), STANDING_GRANTED, 1);
    }
    c->method = METHOD_VERBAL;
    assert_standing(&h, on(9, 2), STANDING_NOT_WRITTEN, 1);
    c->method = METHOD_UNKNOWN;
    assert_standing(&h, on(9, 2), STANDING_NOT_WRITTEN, 1);
    h.policy.written_only = false;
    assert_standing(&h, on(9, 2), STANDING_GRANTED, 1);
}

static void an_event_without_a_recording_day_can_only_restrict(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(9, 1), DATE_NONE);
    assert_standing(&h, on(9, 2), STANDING_NONE, 0);
    add(&h, CONSENT_REFUSED, on(9, 1), DATE_NONE);
    assert_standing(&h, on(9, 2), STANDING_REFUSED, 2);
}

static void a_past_date_is_answered_with_what_was_known_then(void **state)
{
    (void)state;
    struct history h = {0};
    add(&h, CONSENT_GRANTED, on(1, 10), on(1, 10));
    add(&h, CONSENT_WITHDRAWN, on(3, 1), on(3, 15));
    assert_standing(&h, on(3, 14), STANDING_GRANTED, 1);
    assert_standing(&h, on(3, 15), STANDING_WITHDRAWN, 2);
    assert_standing(&h, DATE_NONE, STANDING_NONE, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said_is_nothing),
        cmocka_unit_test(another_purpose_is_no_answer),
        cmocka_unit_test(a_grant_counts_from_the_day_it_is_recorded),
        cmocka_unit_test(a_grant_waits_for_the_day_it_is_effective),
        cmocka_unit_test(a_grant_dated_in_the_future_waits_too),
        cmocka_unit_test(a_future_grant_hides_no_earlier_answer),
        cmocka_unit_test(a_no_counts_at_once_whatever_day_it_carries),
        cmocka_unit_test(an_old_form_entered_late_does_not_undo_a_withdrawal),
        cmocka_unit_test(a_withdrawal_without_a_day_counts_as_said_when_recorded),
        cmocka_unit_test(a_refusal_without_a_day_counts_as_said_when_recorded),
        cmocka_unit_test(only_who_objected_can_lift_the_objection),
        cmocka_unit_test(an_objection_by_nobody_in_particular_stays),
        cmocka_unit_test(one_parents_no_stands_until_the_same_parent_says_yes),
        cmocka_unit_test(a_no_by_nobody_in_particular_is_lifted_by_a_later_yes),
        cmocka_unit_test(both_parents_noes_need_both_yeses),
        cmocka_unit_test(from_some_birthday_on_only_the_pupils_own_yes_counts),
        cmocka_unit_test(of_unknown_age_nobody_can_tell_who_decides),
        cmocka_unit_test(a_yes_that_does_not_count_lifts_nothing),
        cmocka_unit_test(all_consents_may_end_with_one_day_of_the_year),
        cmocka_unit_test(the_last_day_counts_and_the_next_does_not),
        cmocka_unit_test(a_maximum_age_runs_from_the_day_it_was_said),
        cmocka_unit_test(a_grant_without_a_day_has_no_age_to_show),
        cmocka_unit_test(only_what_is_known_to_be_written_is_written),
        cmocka_unit_test(an_event_without_a_recording_day_can_only_restrict),
        cmocka_unit_test(a_past_date_is_answered_with_what_was_known_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
