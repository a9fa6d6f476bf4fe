/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The differences a refused row makes: it takes away and never gives. What would be lost by not
 * understanding it is held until a sound row comes. */
#include "register/import_differ.h"

/* Has another refused row taken the yes away, as firmly? */
static bool taken_already(const struct differ *d, enum purpose purpose, enum answer said)
{
    bool firmly = said != ANSWER_REQUESTED && said != ANSWER_UNCLEAR;
    for (size_t i = 0; d->other && i < d->other->n_events; i++) {
        const struct consent *c = &d->other->events[i];
        if (c->purpose == purpose && (differ_is_no(c->state) || !firmly)) {
            return true;
        }
    }
    return false;
}

/* A list as a refused row takes it: on it goes, and from unclear to yes. */
static bool tighten(struct differ *d, const char *list, enum known says, enum known *known)
{
    if (says == KNOWN_NO || *known == KNOWN_YES || *known == says) {
        return false;
    }
    *known = says;
    d->details = true;
    differ_tell(
        d, CHANGE_DENY_ON,
        line_format(&d->plan->arena, says == KNOWN_YES ? "%s: yes" : "%s: unclear, held", list));
    return true;
}

/* Cells may stand in the wrong columns: nothing is certain but that something was said of them. */
static void hold_garbled(struct differ *d)
{
    if (d->now.do_not_publish == KNOWN_NO) {
        d->now.do_not_publish = KNOWN_UNKNOWN;
        d->now.do_not_publish_unclear = ROW_REFUSED;
        d->details = true;
        differ_tell(d, CHANGE_DENY_ON,
                    TEXT("do not publish: row refused, held until a sound row comes"));
    }
}

static void tighten_roll(struct differ *d)
{
    const struct person *says = &d->row->says;
    struct date now = d->now.date_of_leaving;
    bool sooner = date_is_set(says->date_of_leaving) &&
                  (!date_is_set(now) || date_compare(says->date_of_leaving, now) < 0);
    if (d->now.on_roll == KNOWN_YES && (says->on_roll != KNOWN_YES || sooner)) {
        differ_roll(d);
    }
}

/* What a refused row does to the person it is about: only take away. What it says that is no clear
 * yes might have ended a yes, had the row been understood. */
void differ_refused(struct differ *d)
{
    const struct import_row *row = d->row;
    if (row->garbled) {
        hold_garbled(d);
        return;
    }
    if (row->has[FIELD_DO_NOT_PUBLISH] &&
        tighten(d, "do not publish", row->says.do_not_publish, &d->now.do_not_publish)) {
        d->now.do_not_publish_unclear = row->says.do_not_publish_unclear;
    }
    if (row->has[FIELD_CHILD_OBJECTION]) {
        (void)tighten(d, "the child objects", row->says.child_objection, &d->now.child_objection);
    }
    tighten_roll(d);
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES; p++) {
        enum answer said = row->answers[p];
        const struct consent *before = differ_latest(d->was, (enum purpose)p);
        if (row->has[FIELD_CONSENT + p] && said != ANSWER_YES && before &&
            before->state == CONSENT_GRANTED && !taken_already(d, (enum purpose)p, said)) {
            differ_purpose(d, (enum purpose)p);
        }
    }
}

/* A refused row about nobody known: the name, so that no namesake stands alone under it and
 * captions know it, and not one yes. */
void differ_hold_name(struct differ *d)
{
    const struct person *says = &d->row->says;
    d->now.legal_forename = says->legal_forename;
    d->now.legal_surname = says->legal_surname;
    d->now.do_not_publish_unclear = ROW_REFUSED;
    d->now.do_not_publish = KNOWN_UNKNOWN;
    if (!d->row->garbled) {
        d->now.title = says->title;
        d->now.middle_names = says->middle_names;
        d->now.known_forename = says->known_forename;
        d->now.known_surname = says->known_surname;
        d->now.year_group = says->year_group;
        d->now.reg_group = says->reg_group;
        d->now.staff_role = says->staff_role;
        d->now.child_objection = says->child_objection;
        differ_roll(d);
    }
    if (!d->row->garbled && says->do_not_publish == KNOWN_YES) {
        d->now.do_not_publish = KNOWN_YES;
        d->now.do_not_publish_unclear = TEXT_NONE;
        differ_tell(d, CHANGE_DENY_ON,
                    TEXT("somebody new, known by name only; do not publish: yes"));
    } else {
        differ_tell(d, CHANGE_DENY_ON,
                    TEXT("somebody new, known by name only: held until a sound row comes"));
    }
}
