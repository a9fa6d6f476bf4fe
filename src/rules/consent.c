/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Consent as at a date, out of events that are never changed.
 *
 * Whoever asks about a past date asks what the school knew then: events recorded later are not
 * seen, even if they carry an earlier day. Whoever asks for today sees everything. The order that
 * counts is the order of recording, since the register only grows and a correction is a further
 * event; `ruling.h` states the three cautions that keep an old form, entered late, from undoing a
 * "no".
 *
 * source   UK GDPR Art 4(11), 5(1)(b), 7(1), 7(3)
 */
#include "photogate/ruling.h"

#include <assert.h>
#include <limits.h>

/* Was the event on record on `date`? An event without a recording day can only restrict. */
static bool is_known(const struct consent *c, struct date date)
{
    if (!date_is_set(c->recorded_on)) {
        return c->state != CONSENT_GRANTED;
    }
    return date_compare(c->recorded_on, date) <= 0;
}

static bool is_in_force(const struct consent *grant, struct date date)
{
    return date_compare(grant->event_date, date) <= 0 &&
           date_compare(grant->effective_from, date) <= 0;
}

static struct date day_said(const struct consent *c)
{
    return date_is_set(c->event_date) ? c->event_date : c->recorded_on;
}

/* What is asked of one person's events. */
struct question {
    const struct person *person;
    const struct purpose_policy *policy;
    struct date date;
};

static bool said_by_pupil(const struct consent *c)
{
    static const char *const WORDS[] = {"pupil", "student", "child", "self", "young person"};
    struct text by = text_trim(c->given_by);
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (text_equal_nocase(by, text_of(WORDS[i]))) {
            return true;
        }
    }
    return false;
}

/* Is this grant from who may decide? Where the policy lets pupils decide from some age on, that is
 * the pupil from that birthday, and somebody else before it; of unknown age, nobody can tell who,
 * and no grant counts. A "no" counts from anybody. */
static bool may_decide(const struct question *q, const struct consent *grant)
{
    uint32_t age = q->policy->pupil_decides_from_age;
    if (age == 0 || q->person->kind == PERSON_STAFF) {
        return true;
    }
    if (!date_is_set(q->person->date_of_birth)) {
        return false;
    }
    int months = age > INT_MAX / 12 ? INT_MAX : (int)age * 12;
    struct date birthday = date_add_months(q->person->date_of_birth, months);
    bool decides = date_is_set(birthday) && date_compare(birthday, q->date) <= 0;
    return decides == said_by_pupil(grant);
}

/* Only who said this "no" can take it back? So it is with an objection, and, where the policy says
 * that parents who differ do not agree, with a refusal or withdrawal by somebody who is named. */
static bool is_the_givers_own(const struct question *q, const struct consent *no)
{
    return no->state == CONSENT_OBJECTED ||
           ((no->state == CONSENT_REFUSED || no->state == CONSENT_WITHDRAWN) &&
            q->policy->any_refusal_wins && text_trim(no->given_by).n > 0);
}

/* Does a "no" that was already on record stand in the way of a grant recorded after it? */
static bool outlasts(const struct question *q, const struct consent *no,
                     const struct consent *grant)
{
    struct text giver = text_trim(no->given_by);
    if (is_the_givers_own(q, no) &&
        (giver.n == 0 || !text_equal_nocase(giver, text_trim(grant->given_by)))) {
        return true;
    }
    switch (no->state) {
    case CONSENT_OBJECTED:
    case CONSENT_WITHDRAWN:
    case CONSENT_REFUSED:
        return date_compare(day_said(grant), day_said(no)) < 0;
    case CONSENT_UNKNOWN:
    case CONSENT_REQUESTED:
    case CONSENT_UNCLEAR:
    case CONSENT_GRANTED:
        return false;
    }
    return true;
}

/* A "no" that its own author has taken back since, by a grant recorded before event `until`. */
static bool is_lifted(const struct question *q, size_t no, size_t until)
{
    const struct person *p = q->person;
    for (size_t i = no + 1; i < until; i++) {
        const struct consent *c = &p->consents[i];
        if (c->purpose == p->consents[no].purpose && c->state == CONSENT_GRANTED &&
            is_known(c, q->date) && is_in_force(c, q->date) && may_decide(q, c) &&
            !outlasts(q, &p->consents[no], c)) {
            return true;
        }
    }
    return false;
}

static bool is_open_objection(const struct question *q, size_t i, size_t until)
{
    return q->person->consents[i].state == CONSENT_OBJECTED && !is_lifted(q, i, until);
}

static bool grant_prevails(const struct question *q, size_t grant)
{
    const struct consent *g = &q->person->consents[grant];
    for (size_t i = 0; i < grant; i++) {
        const struct consent *c = &q->person->consents[i];
        if (c->purpose != g->purpose || !is_known(c, q->date) || !outlasts(q, c, g)) {
            continue;
        }
        if (!is_the_givers_own(q, c) || !is_lifted(q, i, grant)) {
            return false;
        }
    }
    return may_decide(q, g);
}

/* The last day where all consents end together: the first such day after this one was said. */
static struct date last_of_year(const struct consent *grant, const struct purpose_policy *policy)
{
    struct date last = DATE_NONE;
    int month = (int)(policy->ends_each_year / 100), day = (int)(policy->ends_each_year % 100);
    int year = grant->event_date.year;
    if (!date_is_set(grant->event_date) || !date_make(year, month, day, &last)) {
        return DATE_NONE;
    }
    if (date_compare(last, grant->event_date) <= 0 && !date_make(year + 1, month, day, &last)) {
        return DATE_NONE;
    }
    return last;
}

static struct date sooner(struct date a, struct date b)
{
    return date_compare(a, b) < 0 ? a : b;
}

/* Does a grant end some day, by its own word or the policy's? */
static bool ends(const struct consent *grant, const struct purpose_policy *policy)
{
    return date_is_set(grant->expires) || policy->max_age_months || policy->ends_each_year;
}

struct date consent_last_day(const struct consent *grant, const struct purpose_policy *policy)
{
    struct date last = {INT16_MAX, 0, 0}; /* after every day there is */
    if (!ends(grant, policy)) {
        return DATE_NONE;
    }
    if (date_is_set(grant->expires)) {
        last = grant->expires;
    }
    if (policy->max_age_months) {
        int months = policy->max_age_months > INT_MAX ? INT_MAX : (int)policy->max_age_months;
        last = sooner(date_add_months(grant->event_date, months), last);
    }
    return policy->ends_each_year ? sooner(last_of_year(grant, policy), last) : last;
}

/* Out of the calendar's range, or never dated: no last day, and no last day before today is not
 * "still good". */
static bool is_expired(const struct consent *grant, const struct purpose_policy *policy,
                       struct date date)
{
    return ends(grant, policy) && date_compare(consent_last_day(grant, policy), date) < 0;
}

static enum consent_standing standing_of(const struct consent *c,
                                         const struct purpose_policy *policy, struct date date)
{
    switch (c->state) {
    case CONSENT_REFUSED:
        return STANDING_REFUSED;
    case CONSENT_WITHDRAWN:
        return STANDING_WITHDRAWN;
    case CONSENT_OBJECTED:
        return STANDING_OBJECTED;
    case CONSENT_REQUESTED:
        return STANDING_REQUESTED;
    case CONSENT_GRANTED:
        if (is_expired(c, policy, date)) {
            return STANDING_EXPIRED;
        }
        return policy->written_only && !consent_method_is_written(c->method) ? STANDING_NOT_WRITTEN
                                                                             : STANDING_GRANTED;
    case CONSENT_UNKNOWN:
    case CONSENT_UNCLEAR:
        break;
    }
    return STANDING_UNCLEAR;
}

enum consent_standing consent_on(const struct person *p, enum purpose purpose,
                                 const struct purpose_policy *policy, struct date date,
                                 const struct consent **event)
{
    assert(p && policy && event);
    const struct question q = {p, policy, date};
    const struct consent *stands = NULL, *to_come = NULL, *objection = NULL;
    for (size_t i = 0; i < p->n_consents; i++) {
        const struct consent *c = &p->consents[i];
        assert(i == 0 || p->consents[i - 1].event <= c->event);
        if (c->purpose != purpose || !is_known(c, date)) {
            continue;
        }
        if (is_open_objection(&q, i, p->n_consents)) {
            objection = c;
        }
        if (c->state != CONSENT_GRANTED) {
            stands = c;
        } else if (!grant_prevails(&q, i)) {
            continue;
        } else if (is_in_force(c, date)) {
            stands = c;
        } else {
            to_come = c;
        }
    }
    /* Neither a question asked since nor another's answer covers an open objection up. */
    if (objection) {
        stands = objection;
    }
    *event = stands ? stands : to_come;
    if (stands) {
        return standing_of(stands, policy, date);
    }
    return to_come ? STANDING_NOT_YET : STANDING_NONE;
}

const char *consent_standing_words(enum consent_standing s)
{
    static const char *const WORDS[] = {
        [STANDING_NONE] = "nothing on record",
        [STANDING_REFUSED] = "refused",
        [STANDING_WITHDRAWN] = "withdrawn",
        [STANDING_OBJECTED] = "objected to",
        [STANDING_REQUESTED] = "asked for, not answered",
        [STANDING_UNCLEAR] = "unclear",
        [STANDING_NOT_YET] = "granted from a later day",
        [STANDING_EXPIRED] = "granted, but lapsed",
        [STANDING_NOT_WRITTEN] = "granted, but not in writing",
        [STANDING_GRANTED] = "granted",
    };
    size_t i = (size_t)s;
    return i < sizeof WORDS / sizeof WORDS[0] ? WORDS[i] : "unknown";
}
