/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judging: every rule over one hearing, hits into one sink. */
#include "photogate/ruling.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "photogate/faces.h"
#include "rules/redaction.h"
#include "rules/rule_table.h"

enum { FIRST_HITS = 8, MAX_SENTENCE_BYTES = 64 * 1024 };

static void sink_fail(struct rule_sink *k, enum status status)
{
    if (k->failed == STATUS_OK) {
        k->failed = err_set(k->err, status, "%s while judging a photo", status_words(status));
    }
}

void *sink_alloc(struct rule_sink *k, size_t n, size_t size)
{
    void *at = arena_alloc(k->a, n, size);
    if (!at) {
        sink_fail(k, STATUS_NOMEM);
    }
    return at;
}

static bool sink_grow(struct rule_sink *k)
{
    size_t cap = k->cap ? k->cap * 2 : FIRST_HITS;
    struct hit *hits = sink_alloc(k, cap, sizeof hits[0]);
    if (!hits) {
        return false;
    }
    for (size_t i = 0; i < k->n; i++) {
        hits[i] = k->hits[i];
    }
    k->hits = hits;
    k->cap = cap;
    return true;
}

void sink_hit(struct rule_sink *k, enum verdict verdict, uint32_t person,
              const struct consent *consent, struct text office, struct text dpo)
{
    assert(verdict != VERDICT_APPROVED);
    if (k->failed != STATUS_OK || (k->n == k->cap && !sink_grow(k))) {
        return;
    }
    k->hits[k->n++] = (struct hit){.rule = k->rule,
                                   .verdict = verdict,
                                   .office = office,
                                   .dpo = dpo,
                                   .person = person,
                                   .consent = consent};
}

struct text sink_say(struct rule_sink *k, const char *format, ...)
{
    struct text out = TEXT_NONE;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    char *at = sink_alloc(k, (size_t)n + 1, 1);
    if (at) {
        (void)vsnprintf(at, (size_t)n + 1, format, again);
        out = (struct text){at, (size_t)n};
    }
    va_end(again);
    return out;
}

/* The contents of `b` as text in the arena. */
static struct text sink_keep(struct rule_sink *k, const struct buffer *b)
{
    struct text out = TEXT_NONE;
    if (b->failed != STATUS_OK) {
        sink_fail(k, b->failed);
    } else if (!arena_dup(k->a, (struct text){(const char *)b->at, b->n}, &out)) {
        sink_fail(k, STATUS_NOMEM);
    }
    return out;
}

struct text sink_print(struct rule_sink *k, struct text t)
{
    struct buffer b;
    buffer_init(&b, MAX_SENTENCE_BYTES);
    text_print(&b, t);
    struct text out = sink_keep(k, &b);
    buffer_release(&b);
    return out;
}

struct text sink_fold(struct rule_sink *k, struct text t)
{
    if (!text_is_utf8(t)) {
        return TEXT_NONE;
    }
    struct text out = TEXT_NONE;
    struct buffer b;
    buffer_init(&b, MAX_SENTENCE_BYTES);
    enum status st = name_fold(t, &b, k->err);
    if (st == STATUS_OK) {
        out = sink_keep(k, &b);
    } else {
        sink_fail(k, st);
    }
    buffer_release(&b);
    return out;
}

struct text sink_person(struct rule_sink *k, const struct hearing *h, uint32_t person)
{
    if (person >= h->snapshot->n_people) {
        return TEXT("somebody who is not on the register");
    }
    const struct person *p = &h->snapshot->people[person];
    struct text forename = sink_print(k, p->legal_forename);
    struct text surname = sink_print(k, p->legal_surname);
    if (p->kind == PERSON_STAFF) {
        struct text title = sink_print(k, p->title);
        return sink_say(k, "%.*s%s%.*s %.*s (staff)", TEXT_ARG(title), title.n ? " " : "",
                        TEXT_ARG(forename), TEXT_ARG(surname));
    }
    struct text known = TEXT_NONE;
    if (p->known_forename.n || p->known_surname.n) {
        struct text first = p->known_forename.n ? sink_print(k, p->known_forename) : forename;
        struct text last = p->known_surname.n ? sink_print(k, p->known_surname) : surname;
        known = sink_say(k, ", known as %.*s %.*s", TEXT_ARG(first), TEXT_ARG(last));
    }
    struct text group = sink_print(k, p->reg_group.n ? p->reg_group : p->year_group);
    return sink_say(k, "%.*s %.*s%.*s%s%.*s%s", TEXT_ARG(forename), TEXT_ARG(surname),
                    TEXT_ARG(known), group.n ? " (" : "", TEXT_ARG(group), group.n ? ")" : "");
}

struct text sink_refused_sentence(struct rule_sink *k, const struct hearing *h)
{
    struct text title = sink_print(k, h->channel->title.n ? h->channel->title : h->channel->name);
    return sink_say(k, "One person in this photo may not be shown here (%.*s).", TEXT_ARG(title));
}

struct text sink_unsettled_sentence(struct rule_sink *k, const struct hearing *h)
{
    struct text title = sink_print(k, h->channel->title.n ? h->channel->title : h->channel->name);
    return sink_say(k, "The record of one person in this photo does not yet allow it here (%.*s).",
                    TEXT_ARG(title));
}

/* Silence is no approval: beside the absence of hits there must be something to stand on. Each fact
 * here has a rule of its own that hits without it; a rule lost from the table must not become an
 * approval. A tag in doubt that a person has settled (`doubt_settled`) counts as somebody known. */
static bool has_ground(const struct hearing *h, const struct cast *c, bool doubt_settled)
{
    const struct evidence *e = h->evidence;
    bool people_known = c->n_tagged > 0 || c->none_identifiable || (c->counted && c->count == 0) ||
                        (doubt_settled && c->n_doubtful > 0);
    return e->exam == EXAM_DONE && file_kind_is_releasable(e->kind) &&
           e->faces_looked_for == KNOWN_YES && h->face_assurance != ASSURANCE_NONE &&
           h->judged == KNOWN_YES && h->channel->official && people_known &&
           (c->n_doubtful == 0 || doubt_settled);
}

static bool is_complete(const struct hearing *h)
{
    return h && h->evidence && h->policy && h->channel && h->snapshot && date_is_set(h->date);
}

enum status rules_judge(const struct hearing *h, struct arena *a, struct ruling *out,
                        struct err *err)
{
    if (!is_complete(h)) {
        return err_set(err, STATUS_BUG,
                       "a hearing without evidence, policy, channel, register or date");
    }
    struct cast cast;
    enum status st = cast_make(h, a, &cast, err);
    if (st == STATUS_OK) {
        st = redaction_find(h, &cast, a, &cast.covered, &cast.n_covered, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    struct rule_sink sink = {.a = a, .err = err, .failed = STATUS_OK, .cast = &cast};
    size_t n_rules;
    const struct rule *rules = rules_all(&n_rules);
    for (size_t i = 0; i < n_rules; i++) {
        sink.rule = &rules[i];
        rules[i].check(h, &sink);
    }
    if (sink.failed != STATUS_OK) {
        return sink.failed;
    }
    struct ruling ruling = {.verdict = VERDICT_APPROVED,
                            .hits = sink.hits,
                            .n_hits = sink.n,
                            .covered = cast.covered,
                            .n_covered = cast.n_covered};
    for (size_t i = 0; i < sink.n; i++) {
        if (sink.hits[i].verdict < ruling.verdict) {
            ruling.verdict = sink.hits[i].verdict;
        }
    }
    if (ruling.verdict == VERDICT_APPROVED && !has_ground(h, &cast, false)) {
        return err_set(err, STATUS_BUG, "no rule hit, yet nothing says the photo may pass");
    }
    *out = ruling;
    return STATUS_OK;
}

unsigned rule_cleared_by(const struct rule *rule, const struct policy *policy, bool *all)
{
    *all = false;
    if (rule->cleared_by != CLEARED_BY_EXCEPTION) {
        return rule->cleared_by & ~CLEARED_BY_EXCEPTION;
    }
    switch (policy->name_exception) {
    case EXCEPTION_HEAD:
        return ROLE_BIT(ROLE_HEAD);
    case EXCEPTION_DPO:
        return ROLE_BIT(ROLE_DPO);
    case EXCEPTION_BOTH:
        *all = true;
        return ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_DPO);
    case EXCEPTION_NONE:
        break;
    }
    return 0;
}

bool rule_is_cleared(const struct rule *rule, const struct policy *policy, unsigned roles)
{
    bool all;
    unsigned may = rule_cleared_by(rule, policy, &all);
    return may != 0 && (all ? (roles & may) == may : (roles & may) != 0);
}

/* The roles of those who cleared, an account counting once: who is head and DPO in one is one
 * person. */
static unsigned roles_given(const struct clearance *given, size_t n)
{
    unsigned roles = 0;
    for (size_t i = 0; i < n; i++) {
        bool again = given[i].role <= ROLE_NONE || given[i].role >= N_ROLES;
        for (size_t k = 0; k < i && !again; k++) {
            again = text_equal(given[k].by, given[i].by);
        }
        roles |= again ? 0u : ROLE_BIT(given[i].role);
    }
    return roles;
}

/* Whose hits, once cleared, settle a tag that is in doubt. */
static bool settles_doubt(const struct rule *rule)
{
    return rule->check == check_unknown_person || rule->check == check_unnamed_region;
}

enum status rules_clear(const struct hearing *h, const struct ruling *r,
                        const struct clearance *given, size_t n_given, struct arena *a,
                        struct ruling *out, struct err *err)
{
    if (!is_complete(h)) {
        return err_set(err, STATUS_BUG,
                       "a hearing without evidence, policy, channel, register or date");
    }
    unsigned roles = roles_given(given, n_given);
    bool settled = r->verdict == VERDICT_HELD && r->n_hits > 0, doubt_settled = false;
    for (size_t i = 0; settled && i < r->n_hits; i++) {
        const struct hit *hit = &r->hits[i];
        settled = hit->verdict == VERDICT_HELD && rule_is_cleared(hit->rule, h->policy, roles);
        doubt_settled = doubt_settled || settles_doubt(hit->rule);
    }
    struct cast cast;
    enum status st = settled ? cast_make(h, a, &cast, err) : STATUS_OK;
    if (st != STATUS_OK) {
        return st;
    }
    if (!settled || !has_ground(h, &cast, doubt_settled)) {
        *out = *r;
        return STATUS_OK;
    }
    *out = (struct ruling){.verdict = VERDICT_APPROVED,
                           .covered = r->covered,
                           .n_covered = r->n_covered,
                           .cleared = r->hits,
                           .n_cleared = r->n_hits,
                           .clearances = given,
                           .n_clearances = n_given};
    return STATUS_OK;
}

const char *verdict_name(enum verdict v)
{
    return v == VERDICT_APPROVED ? "approved" : v == VERDICT_HELD ? "held" : "rejected";
}
