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

/* Does a "no" that was already on record stand in the way of a grant recorded after it? */
static bool outlasts(const struct consent *no, const struct consent *grant)
{
    switch (no->state) {
    case CONSENT_OBJECTED: {
        /* Objection beats every consent from anybody else: only who objected can lift it. */
        struct text objector = text_trim(no->given_by);
        if (objector.n == 0 || !text_equal_nocase(objector, text_trim(grant->given_by))) {
            return true;
        }
        return date_compare(day_said(grant), day_said(no)) < 0;
    }
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

/* An objection that its own author has taken back since, by a grant recorded before event `until`.
 */
static bool is_lifted(const struct person *p, size_t objection, size_t until, struct date date)
{
    for (size_t i = objection + 1; i < until; i++) {
        const struct consent *c = &p->consents[i];
        if (c->purpose == p->consents[objection].purpose && c->state == CONSENT_GRANTED &&
            is_known(c, date) && is_in_force(c, date) && !outlasts(&p->consents[objection], c)) {
            return true;
        }
    }
    return false;
}

static bool is_open_objection(const struct person *p, size_t i, size_t until, struct date date)
{
    return p->consents[i].state == CONSENT_OBJECTED && !is_lifted(p, i, until, date);
}

static bool grant_prevails(const struct person *p, size_t grant, struct date date)
{
    const struct consent *g = &p->consents[grant];
    for (size_t i = 0; i < grant; i++) {
        const struct consent *c = &p->consents[i];
        if (c->purpose != g->purpose || !is_known(c, date) || !outlasts(c, g)) {
            continue;
        }
        if (c->state != CONSENT_OBJECTED || is_open_objection(p, i, grant, date)) {
            return false;
        }
    }
    return true;
}

static bool is_expired(const struct consent *grant, const struct purpose_policy *policy,
                       struct date date)
{
    if (date_is_set(grant->expires) && date_compare(grant->expires, date) < 0) {
        return true;
    }
    if (policy->max_age_months == 0) {
        return false;
    }
    /* Out of the calendar's range, or never dated: no last day, and no last day before today is not
     * "still good". */
    int months = policy->max_age_months > INT_MAX ? INT_MAX : (int)policy->max_age_months;
    return date_compare(date_add_months(grant->event_date, months), date) < 0;
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
    const struct consent *stands = NULL, *to_come = NULL, *objection = NULL;
    for (size_t i = 0; i < p->n_consents; i++) {
        const struct consent *c = &p->consents[i];
        assert(i == 0 || p->consents[i - 1].event <= c->event);
        if (c->purpose != purpose || !is_known(c, date)) {
            continue;
        }
        if (is_open_objection(p, i, p->n_consents, date)) {
            objection = c;
        }
        if (c->state != CONSENT_GRANTED) {
            stands = c;
        } else if (!grant_prevails(p, i, date)) {
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
