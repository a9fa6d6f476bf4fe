/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The differences between a row and what is known: changes to show, and what to write.
 *
 * Consents become events by difference. A "no" after a yes is a withdrawal of the day it was
 * learnt, unless the row gives a later day than the yes had; a blank cell after a yes is one too. A
 * yes that an earlier "no" outlasts (consent_on, ruling.h) is not written. A refused row takes away
 * everything that is not a clear yes in it, and gives nothing. */
#include "register/import_differ.h"

#include <assert.h>
#include <string.h>

#include "photogate/ruling.h"

void differ_tell(struct differ *d, enum change_kind kind, struct text what)
{
    if (d->failed == STATUS_OK) {
        d->failed = what.n ? plan_change(d->plan, kind, d->row, d->row->who, what, d->err)
                           : err_set(d->err, STATUS_NOMEM, "out of memory");
    }
}

/* the person ---------------------------------------------------------------------------------- */

struct detail {
    enum field field;
    const char *words;
    size_t offset;      /* of the struct text in struct person */
    bool keep_if_blank; /* a number once known is not forgotten */
};

static const struct detail DETAILS[] = {
    {FIELD_UPN, "UPN", offsetof(struct person, upn), true},
    {FIELD_ADMISSION_NO, "admission number", offsetof(struct person, admission_no), true},
    {FIELD_TITLE, "title", offsetof(struct person, title), false},
    {FIELD_LEGAL_FORENAME, "forename", offsetof(struct person, legal_forename), false},
    {FIELD_MIDDLE_NAMES, "middle names", offsetof(struct person, middle_names), false},
    {FIELD_LEGAL_SURNAME, "surname", offsetof(struct person, legal_surname), false},
    {FIELD_PREFERRED_FORENAME, "preferred forename", offsetof(struct person, known_forename),
     false},
    {FIELD_PREFERRED_SURNAME, "preferred surname", offsetof(struct person, known_surname), false},
    {FIELD_YEAR_GROUP, "year group", offsetof(struct person, year_group), false},
    {FIELD_REG_GROUP, "class", offsetof(struct person, reg_group), false},
    {FIELD_ROLE, "role", offsetof(struct person, staff_role), false},
};

static struct text *person_text(struct person *p, size_t offset)
{
    return (struct text *)((char *)p + offset);
}

static void diff_details(struct differ *d)
{
    struct text changed = TEXT_NONE;
    struct person says = d->row->says;
    for (size_t i = 0; i < COUNT_OF(DETAILS); i++) {
        const struct detail *x = &DETAILS[i];
        struct text *known = person_text(&d->now, x->offset);
        struct text said = *person_text(&says, x->offset);
        if (!d->row->has[x->field] || (x->keep_if_blank && !said.n) || text_equal(*known, said)) {
            continue;
        }
        *known = said;
        changed = changed.n ? line_format(&d->plan->arena, "%.*s, %s", TEXT_ARG(changed), x->words)
                            : text_of(x->words);
    }
    if (d->row->has[FIELD_DATE_OF_BIRTH] &&
        date_compare(d->now.date_of_birth, says.date_of_birth) != 0) {
        d->now.date_of_birth = says.date_of_birth;
        changed = changed.n ? line_format(&d->plan->arena, "%.*s, date of birth", TEXT_ARG(changed))
                            : TEXT("date of birth");
    }
    if (changed.n) {
        d->details = true;
        if (d->was) {
            differ_tell(d, CHANGE_DETAILS,
                        line_format(&d->plan->arena, "changed: %.*s", TEXT_ARG(changed)));
        }
    }
}

void differ_roll(struct differ *d)
{
    const struct person *says = &d->row->says;
    enum known before = d->was ? d->was->on_roll : KNOWN_UNKNOWN;
    struct date left = says->date_of_leaving;
    if (says->on_roll == KNOWN_NO && !date_is_set(left)) {
        left = before == KNOWN_NO ? d->now.date_of_leaving : d->plan->options.on;
    }
    if (d->was && says->on_roll == before && date_compare(left, d->now.date_of_leaving) == 0) {
        return;
    }
    d->now.on_roll = says->on_roll;
    d->now.date_of_leaving = left;
    d->details = true;
    if (!d->was) {
        return;
    }
    char iso[DATE_TEXT_BYTES];
    struct arena *a = &d->plan->arena;
    if (says->on_roll == KNOWN_YES && before != KNOWN_YES) {
        differ_tell(d, CHANGE_RETURNED, TEXT("on the roll again"));
    } else if (says->on_roll != KNOWN_YES && before == KNOWN_YES) {
        differ_tell(d, CHANGE_LEFT,
                    says->on_roll == KNOWN_NO
                        ? line_format(a, "marked as left on %s", date_format(left, iso))
                        : TEXT("on roll or not is no longer clear: treated as a leaver"));
    } else {
        differ_tell(d, CHANGE_DETAILS,
                    line_format(a, "changed: date of leaving %s",
                                date_is_set(left) ? date_format(left, iso) : "(none)"));
    }
}

/* One list, whatever it is called; an unclear cell keeps a photo back as a yes does, so it counts
 * as being on. */
static void diff_list(struct differ *d, const char *list, enum known says, enum known *known)
{
    enum known before = d->was ? *known : KNOWN_NO;
    struct arena *a = &d->plan->arena;
    if (!d->was || *known != says) {
        *known = says;
        d->details = true;
    }
    if (before == says) {
        return;
    }
    if (says == KNOWN_NO) {
        differ_tell(d, CHANGE_DENY_OFF, line_format(a, "%s: no longer", list));
    } else {
        differ_tell(d, CHANGE_DENY_ON,
                    line_format(a, says == KNOWN_YES ? "%s: yes" : "%s: unclear, held", list));
    }
}

static void diff_protection(struct differ *d)
{
    const struct person *says = &d->row->says;
    if (d->row->has[FIELD_DO_NOT_PUBLISH]) {
        diff_list(d, "do not publish", says->do_not_publish, &d->now.do_not_publish);
        if (!text_equal(d->now.do_not_publish_unclear, says->do_not_publish_unclear)) {
            d->now.do_not_publish_unclear = says->do_not_publish_unclear;
            d->details = true;
        }
    }
    if (!d->row->has[FIELD_DO_NOT_PUBLISH] &&
        text_equal(d->now.do_not_publish_unclear, ROW_REFUSED)) { /* a staff list: no such column */
        diff_list(d, "do not publish", KNOWN_NO, &d->now.do_not_publish);
        d->now.do_not_publish_unclear = TEXT_NONE;
    }
    if (d->row->has[FIELD_CHILD_OBJECTION]) {
        diff_list(d, "the child objects", says->child_objection, &d->now.child_objection);
    }
}

/* consents ------------------------------------------------------------------------------------ */

const struct consent *differ_latest(const struct person *p, enum purpose purpose)
{
    const struct consent *found = NULL;
    for (size_t i = 0; p && i < p->n_consents; i++) {
        if (p->consents[i].purpose == purpose) {
            found = &p->consents[i];
        }
    }
    return found;
}

bool differ_is_no(enum consent_state s)
{
    return s == CONSENT_REFUSED || s == CONSENT_WITHDRAWN || s == CONSENT_OBJECTED;
}

/* The state that a cell amounts to after `before`; UNKNOWN when there is nothing to record. */
static enum consent_state state_after(enum answer answer, enum consent_state before)
{
    bool granted = before == CONSENT_GRANTED;
    switch (answer) {
    case ANSWER_YES:
        return CONSENT_GRANTED;
    case ANSWER_BLANK:
        return granted ? CONSENT_WITHDRAWN : CONSENT_UNKNOWN;
    case ANSWER_NO:
        return granted                ? CONSENT_WITHDRAWN
               : differ_is_no(before) ? CONSENT_UNKNOWN
                                      : CONSENT_REFUSED;
    case ANSWER_WITHDRAWN:
        return before == CONSENT_WITHDRAWN ? CONSENT_UNKNOWN : CONSENT_WITHDRAWN;
    case ANSWER_OBJECTED:
        return before == CONSENT_OBJECTED ? CONSENT_UNKNOWN : CONSENT_OBJECTED;
    case ANSWER_REQUESTED:
        return before == CONSENT_REQUESTED ? CONSENT_UNKNOWN : CONSENT_REQUESTED;
    case ANSWER_UNCLEAR:
        return before == CONSENT_UNCLEAR ? CONSENT_UNKNOWN : CONSENT_UNCLEAR;
    }
    return CONSENT_UNKNOWN;
}

static struct date earlier(struct date a, struct date b)
{
    return date_compare(a, b) < 0 ? a : b;
}

/* Has a yes ever been recorded that `said` (or no day at all) does not come after? */
static bool was_granted_on_or_after(const struct person *p, enum purpose purpose, struct date said)
{
    for (size_t i = 0; p && i < p->n_consents; i++) {
        const struct consent *c = &p->consents[i];
        if (c->purpose == purpose && c->state == CONSENT_GRANTED &&
            (!date_is_set(said) || date_compare(said, c->effective_from) <= 0)) {
            return true;
        }
    }
    return false;
}

/* The event of a "no" or a question. It counts from today at the latest: a refusal never waits. */
static struct consent event_taking(const struct differ *d, enum purpose purpose,
                                   enum consent_state state)
{
    const struct import_row *row = d->row;
    struct date on = d->plan->options.on, said = row->consent_date;
    /* The form's day is the day of a yes it once held, not of the no that stands there now. */
    if (differ_is_no(state) && was_granted_on_or_after(d->was, purpose, said)) {
        said = on;
    }
    said = earlier(said, on);
    return (struct consent){
        .purpose = purpose,
        .state = state,
        .method = row->method,
        .given_by = row->given_by,
        .notice_version = row->notice_version,
        .event_date = said,
        .effective_from = date_is_set(said) ? said : on,
        .recorded_on = on,
        .source_row = row->line,
    };
}

/* The event of a yes. What the file has no column for, or no day, stays as it was with an unchanged
 * yes: leaving a column out must not make an old consent fresh or endless. */
static struct consent event_giving(const struct differ *d, enum purpose purpose,
                                   const struct consent *before)
{
    const struct import_row *row = d->row;
    struct date on = d->plan->options.on;
    struct consent c = {
        .purpose = purpose,
        .state = CONSENT_GRANTED,
        .method = row->method,
        .given_by = row->given_by,
        .notice_version = row->notice_version,
        .event_date = row->consent_date,
        .expires = row->consent_expiry,
        .recorded_on = on,
        .source_row = row->line,
    };
    c.effective_from = date_is_set(c.event_date) ? c.event_date : on;
    if (before && before->state == CONSENT_GRANTED) {
        c.method = row->has[FIELD_CONSENT_METHOD] ? c.method : before->method;
        c.given_by = row->has[FIELD_CONSENT_GIVEN_BY] ? c.given_by : before->given_by;
        c.notice_version =
            row->has[FIELD_NOTICE_VERSION] ? c.notice_version : before->notice_version;
        c.expires = row->has[FIELD_CONSENT_EXPIRY] ? c.expires : before->expires;
        if (!date_is_set(c.event_date)) {
            c.event_date = before->event_date;
            c.effective_from = before->effective_from;
        }
    }
    return c;
}

static bool same_grant(const struct consent *a, const struct consent *b)
{
    return a->state == CONSENT_GRANTED && b->state == CONSENT_GRANTED && a->method == b->method &&
           text_equal(a->given_by, b->given_by) &&
           text_equal(a->notice_version, b->notice_version) &&
           date_compare(a->event_date, b->event_date) == 0 &&
           date_compare(a->expires, b->expires) == 0;
}

/* Would the yes count once its day has come, or does an earlier "no" outlast it? Asked of the rule
 * that will be applied. */
static bool grant_counts(struct differ *d, const struct consent *grant)
{
    static const struct purpose_policy ANY = {.written_only = false, .max_age_months = 0};
    size_t n = d->was ? d->was->n_consents : 0;
    struct consent *events = arena_alloc(&d->plan->arena, n + 1, sizeof *events);
    if (!events) {
        d->failed = err_set(d->err, STATUS_NOMEM, "out of memory");
        return false;
    }
    if (n) {
        memcpy(events, d->was->consents, n * sizeof *events);
    }
    events[n] = *grant;
    events[n].event = n ? events[n - 1].event + 1 : 1;
    struct person p = {.consents = events, .n_consents = n + 1};
    struct date day = d->plan->options.on;
    if (date_compare(grant->effective_from, day) > 0) {
        day = grant->effective_from;
    }
    const struct consent *stands = NULL;
    (void)consent_on(&p, grant->purpose, &ANY, day, &stands);
    return stands == &events[n];
}

static void tell_consent(struct differ *d, const struct consent *before, const struct consent *now)
{
    bool was_yes = before && before->state == CONSENT_GRANTED;
    bool is_yes = now->state == CONSENT_GRANTED;
    const char *purpose = purpose_name(now->purpose);
    struct arena *a = &d->plan->arena;
    if (was_yes && is_yes) {
        differ_tell(d, CHANGE_CONSENT_OTHER,
                    line_format(a, "%s: granted anew, or its details changed", purpose));
    } else {
        differ_tell(d,
                    was_yes  ? CHANGE_CONSENT_LOST
                    : is_yes ? CHANGE_CONSENT_GIVEN
                             : CHANGE_CONSENT_OTHER,
                    line_format(a, "%s: %s -> %s", purpose,
                                before ? consent_state_name(before->state) : "nothing on record",
                                consent_state_name(now->state)));
    }
}

void differ_purpose(struct differ *d, enum purpose purpose)
{
    const struct consent *before = differ_latest(d->was, purpose);
    enum consent_state state =
        state_after(d->row->answers[purpose], before ? before->state : CONSENT_UNKNOWN);
    struct consent event;
    if (state == CONSENT_UNKNOWN) {
        return;
    }
    if (state != CONSENT_GRANTED) {
        event = event_taking(d, purpose, state);
    } else {
        event = event_giving(d, purpose, before);
        if (before && same_grant(before, &event)) {
            return;
        }
        if (!grant_counts(d, &event)) {
            differ_tell(
                d, CHANGE_ROW_WARNING,
                line_format(
                    &d->plan->arena,
                    "%s: this yes is older than the no on record, or not from who objected: "
                    "still %s; enter the day of the new consent",
                    purpose_name(purpose), before ? consent_state_name(before->state) : "refused"));
            return;
        }
    }
    d->events[d->n_events++] = event;
    if (d->was) {
        tell_consent(d, before, &event);
    }
}

static void diff_consents(struct differ *d)
{
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES && d->failed == STATUS_OK; p++) {
        if (d->row->has[FIELD_CONSENT + p]) {
            differ_purpose(d, (enum purpose)p);
        }
    }
}

/* "website granted, press refused": what a new person comes with. */
static struct text summary(struct differ *d)
{
    struct arena *a = &d->plan->arena;
    struct text out = d->row->says.on_roll == KNOWN_YES ? TEXT("on roll") : TEXT("not on roll");
    for (size_t i = 0; i < d->n_events && out.n; i++) {
        out = line_format(a, "%.*s, %s %s", TEXT_ARG(out), purpose_name(d->events[i].purpose),
                          consent_state_name(d->events[i].state));
    }
    return out;
}

static void write_op(struct differ *d)
{
    if (d->failed != STATUS_OK || (d->was && !d->details && d->n_events == 0)) {
        return;
    }
    struct consent *events = arena_alloc(&d->plan->arena, d->n_events, sizeof *events);
    if (events && d->n_events) {
        memcpy(events, d->events, d->n_events * sizeof *events);
    }
    const struct plan_op op = {.was = d->was,
                               .now = d->now,
                               .details = d->details,
                               .events = events,
                               .n_events = d->n_events,
                               .file = d->row->file};
    if (!events || !plan_add(d->plan, &op)) {
        d->failed = err_set(d->err, STATUS_NOMEM, "out of memory");
    }
}

enum status import_diff(struct import *plan, const struct import_row *row, struct err *err)
{
    struct differ d = {.plan = plan, .row = row, .err = err, .failed = STATUS_OK};
    bool refused = row->refused.n > 0;
    if (row->person != NO_PERSON) {
        assert(row->person < plan->was.n_people);
        uint32_t op = plan->op_of[row->person];
        d.was = &plan->was.people[row->person];
        d.other = op ? &plan->ops[op - 1] : NULL;
        d.now = d.other ? d.other->now : *d.was;
    } else {
        d.now.kind = row->says.kind;
        d.now.do_not_publish = d.now.child_objection = KNOWN_NO;
    }
    assert(refused || !d.other); /* two sound rows are never about one person (import_match) */
    if (refused) {
        differ_tell(&d, CHANGE_ROW_REFUSED, row->refused);
        if (d.was) {
            differ_refused(&d);
        } else if (row->held_by_name) {
            differ_hold_name(&d);
        }
    } else {
        diff_details(&d);
        differ_roll(&d);
        diff_consents(&d);
        if (!d.was) {
            differ_tell(&d, CHANGE_NEW, summary(&d));
        }
        diff_protection(&d);
    }
    for (size_t i = 0; i < row->n_notes && !(refused && row->garbled); i++) {
        differ_tell(&d, CHANGE_ROW_WARNING, row->notes[i]);
    }
    if (!refused || d.was || row->held_by_name) {
        write_op(&d);
    }
    return d.failed;
}
