/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/consents.h"

#include <stdlib.h>
#include <string.h>

enum { PER_PERSON = N_PURPOSES + N_STATUS_FIELDS };

struct asking {
    const struct snapshot *snapshot;
    const struct policy *policy;
    const struct consent_query *q;
    struct arena *a;
    struct consent_answer *at;
    size_t n, cap;
    struct err *err;
};

static enum status answer(struct asking *k, struct consent_answer one)
{
    if (k->n == k->cap) {
        size_t cap = k->cap ? 2 * k->cap : 64;
        struct consent_answer *more = arena_alloc(k->a, cap, sizeof *more);
        if (!more) {
            return err_set(k->err, STATUS_NOMEM, "out of memory for the answers");
        }
        if (k->n) {
            memcpy(more, k->at, k->n * sizeof *more);
        }
        k->at = more;
        k->cap = cap;
    }
    k->at[k->n++] = one;
    return STATUS_OK;
}

static bool is_asked_for(const struct asking *k, enum purpose purpose)
{
    return !k->q->channel || k->q->channel->needs[purpose];
}

static struct consent_answer stands(const struct asking *k, const struct person *p,
                                    enum purpose purpose)
{
    const struct purpose_policy *policy = &k->policy->purposes[purpose];
    struct consent_answer one = {.person = p, .purpose = purpose, .field = N_STATUS_FIELDS};
    one.standing = consent_on(p, purpose, policy, k->q->date, &one.event);
    if (one.event) {
        one.since = one.event->recorded_on;
        if (one.event->state == CONSENT_GRANTED) {
            one.last_day = consent_last_day(one.event, policy);
        }
    }
    return one;
}

static bool is_missing(enum consent_standing s)
{
    switch (s) {
    case STANDING_NONE:
    case STANDING_REQUESTED:
    case STANDING_UNCLEAR:
    case STANDING_EXPIRED:
    case STANDING_NOT_WRITTEN:
        return true;
    case STANDING_REFUSED:
    case STANDING_WITHDRAWN:
    case STANDING_OBJECTED:
    case STANDING_NOT_YET:
    case STANDING_GRANTED:
        break;
    }
    return false;
}

static bool lapses(const struct asking *k, const struct consent_answer *one)
{
    return one->standing == STANDING_GRANTED && date_is_set(one->last_day) &&
           date_to_days(one->last_day) - date_to_days(k->q->date) <= (int64_t)k->q->days;
}

static enum status ask_purposes(struct asking *k, const struct person *p)
{
    enum status st = STATUS_OK;
    for (int n = PURPOSE_UNKNOWN + 1; st == STATUS_OK && n < N_PURPOSES; n++) {
        if (!is_asked_for(k, (enum purpose)n)) {
            continue;
        }
        struct consent_answer one = stands(k, p, (enum purpose)n);
        if (k->q->ask == ASK_STANDING || (k->q->ask == ASK_MISSING && is_missing(one.standing)) ||
            (k->q->ask == ASK_EXPIRING && lapses(k, &one))) {
            st = answer(k, one);
        }
    }
    return st;
}

static enum status ask_status(struct asking *k, const struct person *p)
{
    enum status st = STATUS_OK;
    for (int f = 0; st == STATUS_OK && f < N_STATUS_FIELDS; f++) {
        struct consent_answer one = {.person = p, .field = (enum status_field)f};
        one.value = status_on(p, one.field, k->q->date, &one.import);
        for (size_t i = 0; i < p->n_history; i++) {
            if (p->history[i].import == one.import) {
                one.since = p->history[i].recorded_on;
            }
        }
        st = answer(k, one);
    }
    return st;
}

/* Was it recorded after the import or the day asked about, and by the day of the question? */
static bool is_later(const struct asking *k, int64_t import, struct date recorded_on)
{
    bool after = k->q->since_import ? import > k->q->since_import
                                    : date_compare(recorded_on, k->q->since) > 0;
    return after && date_compare(recorded_on, k->q->date) <= 0;
}

static enum status ask_changes(struct asking *k, const struct person *p)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < p->n_consents; i++) {
        const struct consent *c = &p->consents[i];
        const struct consent *now;
        if (!is_later(k, c->import, c->recorded_on) || !is_asked_for(k, c->purpose)) {
            continue;
        }
        struct consent_answer one = {
            .person = p, .purpose = c->purpose, .field = N_STATUS_FIELDS, .event = c};
        one.since = c->recorded_on;
        one.standing =
            consent_on(p, c->purpose, &k->policy->purposes[c->purpose], k->q->date, &now);
        st = answer(k, one);
    }
    for (size_t i = 0; st == STATUS_OK && i < p->n_history; i++) {
        const struct status_event *e = &p->history[i];
        if (is_later(k, e->import, e->recorded_on)) {
            st = answer(k, (struct consent_answer){.person = p,
                                                   .field = e->field,
                                                   .value = e->value,
                                                   .import = e->import,
                                                   .since = e->recorded_on});
        }
    }
    return st;
}

static enum status ask_of(struct asking *k, const struct person *p)
{
    if (k->q->ask == ASK_CHANGED) {
        return ask_changes(k, p);
    }
    enum status st = ask_purposes(k, p);
    return st == STATUS_OK && k->q->ask == ASK_STANDING ? ask_status(k, p) : st;
}

/* Nothing is known of days before the register was begun: no answer is better than "no". */
static enum status check_day(const struct asking *k)
{
    struct date first = DATE_NONE;
    char asked[DATE_TEXT_BYTES], began[DATE_TEXT_BYTES];
    for (size_t i = 0; i < k->snapshot->n_people; i++) {
        const struct person *p = &k->snapshot->people[i];
        if (p->n_history &&
            (!date_is_set(first) || date_compare(p->history[0].recorded_on, first) < 0)) {
            first = p->history[0].recorded_on;
        }
    }
    if (!date_is_set(first)) {
        return err_set(k->err, STATUS_USAGE, "the register is empty: nothing was imported yet");
    }
    return date_compare(k->q->date, first) >= 0
               ? STATUS_OK
               : err_set(k->err, STATUS_USAGE, "nothing is known of %s: the first import was on %s",
                         date_format(k->q->date, asked), date_format(first, began));
}

static enum status ask_one(struct asking *k, const struct person_index *index)
{
    struct tag tag = {.kind = TAG_STATED, .name = k->q->person};
    enum status st = resolve_people(index, &tag, 1, k->err);
    if (st != STATUS_OK) {
        return st;
    }
    if (tag.resolution == RESOLVED_AMBIGUOUS) {
        return err_set(k->err, STATUS_USAGE,
                       "several people are called that; add the class (\"Jack Smith 4B\") or give "
                       "the UPN or admission number");
    }
    if (tag.resolution != RESOLVED_PERSON) {
        return err_set(k->err, STATUS_USAGE,
                       "nobody of that name or number is on the register; give the full name, the "
                       "UPN or the admission number");
    }
    return ask_of(k, &k->snapshot->people[tag.person]);
}

static enum status ask_all(struct asking *k)
{
    enum status st = STATUS_OK;
    bool found = false;
    for (size_t i = 0; st == STATUS_OK && i < k->snapshot->n_people; i++) {
        const struct person *p = &k->snapshot->people[i];
        bool in = p->kind == PERSON_PUPIL;
        if (in && k->q->ask != ASK_CHANGED && p->on_roll == KNOWN_NO) {
            in = false;
        }
        if (in && k->q->group.n) {
            st = person_in_group(p, k->q->group, &in, k->err);
        }
        if (st == STATUS_OK && in) {
            found = true;
            st = ask_of(k, p);
        }
    }
    if (st == STATUS_OK && !found && k->q->group.n) {
        st = err_set(k->err, STATUS_USAGE, "no pupil on the register is in that class or year");
    }
    return st;
}

enum status consents_ask(const struct snapshot *s, const struct policy *policy,
                         const struct person_index *index, const struct consent_query *q,
                         struct arena *a, const struct consent_answer **out, size_t *n,
                         struct err *err)
{
    struct asking k = {.snapshot = s, .policy = policy, .q = q, .a = a, .err = err};
    enum status st = check_day(&k);
    if (st == STATUS_OK && q->since_import > s->version) {
        st = err_set(err, STATUS_USAGE, "there was no import %lld yet: the last is %lld",
                     (long long)q->since_import, (long long)s->version);
    }
    if (st == STATUS_OK) {
        st = q->person.n ? ask_one(&k, index) : ask_all(&k);
    }
    if (st == STATUS_OK) {
        *out = k.at;
        *n = k.n;
    }
    return st;
}

enum appearance consents_may_appear(const struct person *p, const struct policy *policy,
                                    const struct channel_policy *channel, struct date date)
{
    struct person then = *p;
    int64_t import;
    then.on_roll = status_on(p, STATUS_OF_ON_ROLL, date, &import);
    then.do_not_publish = status_on(p, STATUS_OF_DO_NOT_PUBLISH, date, &import);
    then.child_objection = status_on(p, STATUS_OF_CHILD_OBJECTION, date, &import);
    return may_appear(&then, policy, channel, date);
}
