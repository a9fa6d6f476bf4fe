/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/clearance.h"

#include <stdio.h>
#include <string.h>

#include "clearing.h"
#include "photogate/limits.h"
#include "photogate/names.h"
#include "photogate/ruling.h"
#include "photogate/run.h"

enum { LOOK_UP_BYTES = 1024 * 1024 * 1024, REASON_BYTES = 64 * 1024 * 1024 };

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

/* Findings that tell who somebody is, of a pupil or a parent. A member of staff may be named, a
 * word may be a word. */
static bool gives_away(const struct finding *f)
{
    return f->judgement == JUDGE_BLOCK && f->kind != FINDING_STAFF && f->kind != FINDING_LINK;
}

bool reason_names_nobody(const struct lexicon *lexicon, struct text reason)
{
    struct arena a;
    struct err ignored = {0};
    const struct finding *findings;
    size_t n = 0;
    enum judgement verdict;
    arena_init(&a, REASON_BYTES);
    bool nobody = names_judge(lexicon, reason, TEXT_ROLE_CAPTION, NAMES_NEVER, &a, &findings, &n,
                              &verdict, &ignored) == STATUS_OK;
    for (size_t i = 0; nobody && i < n; i++) {
        nobody = !gives_away(&findings[i]);
    }
    arena_release(&a);
    return nobody;
}

enum status reason_check(struct home *home, struct text reason, struct err *err)
{
    struct arena a;
    struct snapshot people;
    struct lexicon *lexicon = NULL;
    if (!text_trim(reason).n) {
        return err_set(err, STATUS_USAGE, "say why, in one line: --reason \"...\"");
    }
    if (reason.n > MAX_REASON_BYTES || !text_is_utf8(reason) || !text_is_printable(reason)) {
        return err_set(err, STATUS_USAGE, "a reason is one line of at most %u bytes",
                       MAX_REASON_BYTES);
    }
    arena_init(&a, LOOK_UP_BYTES);
    enum status st = register_snapshot(home->people, &a, &people, err);
    if (st == STATUS_OK) {
        st = lexicon_build(&people, home->policy, &lexicon, err);
    }
    if (st == STATUS_OK && !reason_names_nobody(lexicon, reason)) {
        st = err_set(err, STATUS_USAGE,
                     "the reason would stand in the ledger for good, and it names somebody or "
                     "gives a number away; say it without");
    }
    lexicon_free(lexicon);
    arena_release(&a);
    return st;
}

enum status case_find(struct home *home, int64_t case_no, struct entry *out, struct err *err)
{
    struct entry last;
    struct digest source;
    bool found = false, ruled = false;
    enum status st = ledger_case(home->ledger, case_no, out, &found, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!found) {
        return err_set(err, STATUS_USAGE, "there is no case %lld", (long long)case_no);
    }
    if (!digest_from_hex(text_of(body_text(out->body, "source")), &source)) {
        st = err_set(err, STATUS_BROKEN, "case %lld names no photo", (long long)case_no);
        goto out;
    }
    st = ledger_last_ruling(home->ledger, text_of(body_text(out->body, "batch")), &source, &last,
                            &ruled, err);
    if (st == STATUS_OK && ruled) {
        if (last.seq != out->seq) {
            st = err_set(err, STATUS_USAGE,
                         "case %lld is settled: the photo was ruled on again since, on %.10s",
                         (long long)case_no, last.time);
        }
        entry_release(&last);
    }
out:
    if (st != STATUS_OK) {
        entry_release(out);
    }
    return st;
}

unsigned case_roles(const json_t *body, const struct policy *policy, bool *all,
                    const struct rule **stands)
{
    unsigned any = ~0u, each = 0;
    size_t i;
    const json_t *hit;
    *stands = NULL;
    json_array_foreach(json_object_get(body, "hits"), i, hit)
    {
        bool hit_all;
        const struct rule *rule = rule_by_code(text_of(body_text(hit, "code")));
        unsigned may = rule ? rule_cleared_by(rule, policy, &hit_all) : 0;
        if (!may || strcmp(body_text(hit, "verdict"), "held") != 0) {
            *stands = rule;
            return 0;
        }
        if (hit_all) {
            each |= may;
        } else {
            any &= may;
        }
    }
    *all = each != 0;
    return any == ~0u && !each ? 0 : each ? each : any;
}

static enum status refuse_rule(const struct rule *rule, int64_t case_no, struct err *err)
{
    return err_set(err, STATUS_USAGE,
                   "case %lld cannot be cleared: nobody may clear rule %s (%s). What to do: %s",
                   (long long)case_no, rule->code, rule->title, rule->remedy);
}

bool channel_wants_nobody(const struct home *home, const char *channel)
{
    const struct channel_policy *c = policy_channel(home->policy, text_of(channel));
    return c && c->second_person == SECOND_NEVER;
}

/* Clearances of this very entry so far. */
struct given {
    int64_t held;
    unsigned roles;
    const char *account; /* whose own is looked for */
    bool own;
};

static enum status note_given(void *context, const struct entry *e, struct err *err)
{
    struct given *g = context;
    (void)err;
    if (json_integer_value(json_object_get(e->body, "held")) == g->held) {
        g->roles |= ROLE_BIT(role_from_name(text_of(body_text(e->body, "role"))));
        g->own = g->own || strcmp(body_text(e->body, "by"), g->account) == 0;
    }
    return STATUS_OK;
}

static enum status record_clearance(struct home *home, const struct clear_request *r,
                                    const struct entry *held, enum role role, struct err *err)
{
    char now[TIME_TEXT_BYTES];
    size_t i;
    const json_t *hit;
    time_now(now);
    json_t *codes = json_array();
    json_t *body =
        json_pack("{s:I, s:I, s:s, s:s, s:s, s:s%, s:o}", "held", (json_int_t)held->seq, "case",
                  (json_int_t)r->case_no, "batch", body_text(held->body, "batch"), "source",
                  body_text(held->body, "source"), "role", role_name(role), "reason", r->reason.at,
                  r->reason.n, "rules", codes);
    int bad = body ? actor_record(r->actor, body) != STATUS_OK : 1;
    if (!bad) {
        json_array_foreach(json_object_get(held->body, "hits"), i, hit)
        {
            bad |= json_array_append_new(codes, json_string(body_text(hit, "code")));
        }
    }
    enum status st = bad ? err_set(err, STATUS_NOMEM, "out of memory while writing the ledger")
                         : ledger_record(home->ledger, ENTRY_CLEARED, now, body, err);
    json_decref(body);
    return st;
}

enum status ledger_record(struct ledger *l, enum entry_kind kind, const char *now, json_t *body,
                          struct err *err)
{
    enum status st = ledger_begin(l, err);
    if (st == STATUS_OK) {
        st = ledger_append(l, kind, now, body, NULL, err);
        st = st == STATUS_OK ? ledger_commit(l, err) : st;
        if (st != STATUS_OK) {
            ledger_rollback(l);
        }
    }
    return st;
}

/* One account is one person, whatever its roles. */
static enum status refuse_second_role(int64_t case_no, unsigned done, unsigned left,
                                      struct err *err)
{
    struct buffer did, must;
    buffer_init(&did, 200);
    buffer_init(&must, 200);
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        struct buffer *b = done & ROLE_BIT(r) ? &did : left & ROLE_BIT(r) ? &must : NULL;
        if (b) {
            buffer_format(b, "%s%s", b->n ? " and " : "", role_words((enum role)r));
        }
    }
    enum status st = err_set(err, STATUS_USAGE,
                             "case %lld is cleared already by %.*s; %.*s must clear it too, from "
                             "another account",
                             (long long)case_no, (int)did.n, did.n ? (const char *)did.at : "",
                             (int)must.n, must.n ? (const char *)must.at : "");
    buffer_release(&did);
    buffer_release(&must);
    return st;
}

/* What is cleared: each rule once, in the order of the ruling. */
static void list_rules(const json_t *body, struct clear_result *out)
{
    size_t i;
    const json_t *hit;
    out->n_rules = 0;
    json_array_foreach(json_object_get(body, "hits"), i, hit)
    {
        const struct rule *rule = rule_by_code(text_of(body_text(hit, "code")));
        bool again = !rule || out->n_rules == CLEAR_MAX_RULES;
        for (size_t k = 0; !again && k < out->n_rules; k++) {
            again = out->rules[k] == rule;
        }
        if (!again) {
            out->rules[out->n_rules++] = rule;
        }
    }
}

/* Everything that can be wrong with clearing `held`, and the role in which it is cleared. */
static enum status may_clear(struct home *home, const struct clear_request *r,
                             const struct entry *held, struct given *given,
                             struct clear_result *out, struct err *err)
{
    bool all = false;
    const struct rule *stands;
    if (held->kind != ENTRY_HELD) {
        return err_set(err, STATUS_USAGE,
                       "case %lld is rejected, and a rejected photo is never cleared; use another",
                       (long long)r->case_no);
    }
    unsigned roles = case_roles(held->body, home->policy, &all, &stands);
    if (!roles) {
        return stands ? refuse_rule(stands, r->case_no, err)
                      : err_set(err, STATUS_USAGE,
                                "case %lld cannot be cleared: no one role may clear all its rules; "
                                "mend what the report says and run again",
                                (long long)r->case_no);
    }
    if (actor_handed_in(r->actor, held->body) &&
        !channel_wants_nobody(home, body_text(held->body, "channel"))) {
        return err_set(err, STATUS_USAGE,
                       "the account '%s' handed this photo in; somebody else must look at it",
                       r->actor->name);
    }
    enum status st = ledger_each(home->ledger, 1u << ENTRY_CLEARED, note_given, given, err);
    if (st != STATUS_OK) {
        return st;
    }
    unsigned left = all ? roles & ~given->roles : roles;
    if (!left || (!all && given->roles)) {
        return err_set(err, STATUS_USAGE, "case %lld is cleared already; run the folder again",
                       (long long)r->case_no);
    }
    if (given->own) {
        return refuse_second_role(r->case_no, given->roles, left, err);
    }
    st = actor_role(home->school, r->actor, left, r->as, &out->role, err);
    out->missing = all && st == STATUS_OK ? left & ~ROLE_BIT(out->role) : 0;
    return st;
}

enum status case_clear(struct home *home, const struct clear_request *r, struct clear_result *out,
                       struct err *err)
{
    struct entry held;
    struct clear_result result = {.role = ROLE_NONE};
    enum status st = case_find(home, r->case_no, &held, err);
    if (st != STATUS_OK) {
        return st;
    }
    struct given given = {.held = held.seq, .account = r->actor->name};
    (void)snprintf(result.batch, sizeof result.batch, "%s", body_text(held.body, "batch"));
    list_rules(held.body, &result);
    st = may_clear(home, r, &held, &given, &result, err);
    if (st == STATUS_OK && (r->reason.n || !r->dry_run)) {
        st = reason_check(home, r->reason, err);
    }
    if (st == STATUS_OK && !r->dry_run) {
        st = record_clearance(home, r, &held, result.role, err);
    }
    entry_release(&held);
    if (st == STATUS_OK) {
        *out = result;
    }
    return st;
}
