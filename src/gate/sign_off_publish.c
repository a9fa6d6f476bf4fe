/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From awaiting/ into approved/, by the protocol of a run (ARCHITECTURE.md, "Commit, and what a
 * kill leaves"): the bytes are read and checked, those very bytes go to staging/, and the intents
 * are committed before the first rename. What is in awaiting/ stays there until all is recorded, so
 * that whatever a kill leaves, the photo is either out or still waiting. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clearing.h"
#include "commit.h"
#include "photogate/limits.h"
#include "photogate/ruling.h"
#include "photogate/run.h"
#include "record.h"
#include "run_files.h"
#include "signing.h"

enum deed { DEED_NONE, DEED_PUBLISH, DEED_TURN_DOWN };

struct publication {
    struct sign_off *s;
    const struct sign_off_order *order;
    struct sign_off_result result;
    enum deed *deeds; /* one for each photo */
    int64_t *intents;
    int approved, staging;
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while signing off");
}

#define STAGED_BYTES 40

static void staged_name(size_t i, char out[STAGED_BYTES])
{
    (void)snprintf(out, STAGED_BYTES, "signed-%06zu.part", i);
}

/* What is to be done with each photo. */
static enum status plan(struct publication *p, struct err *err)
{
    const struct sign_off *s = p->s;
    for (size_t i = 0; i < s->n; i++) {
        p->deeds[i] = s->photos[i].bar == BAR_NONE ? DEED_PUBLISH : DEED_NONE;
    }
    for (size_t k = 0; k < p->order->n_turned_down; k++) {
        struct text file = p->order->turned_down[k];
        size_t i = 0;
        while (i < s->n && !text_equal(file, text_of(s->photos[i].file))) {
            i++;
        }
        if (i == s->n) {
            return err_set(err, STATUS_USAGE, "no photo '%.*s' waits in batch %s",
                           TEXT_ARG(text_slice(file, 0, 64)), s->batch);
        }
        p->deeds[i] = DEED_TURN_DOWN; /* a no needs no second person */
    }
    size_t n_out = 0;
    for (size_t i = 0; i < s->n; i++) {
        n_out += p->deeds[i] == DEED_PUBLISH;
        p->result.n_left += p->deeds[i] == DEED_NONE;
    }
    return p->order->n_turned_down || (s->alone && n_out)
               ? reason_check(s->home, p->order->reason, err)
               : STATUS_OK;
}

/* The bytes that wait, if they are what was checked before; a copy of them goes to staging/. */
static enum status stage(struct publication *p, size_t i, struct err *err)
{
    struct proof proof;
    struct buffer b;
    char staged[STAGED_BYTES];
    const struct waiting *w = p->s->open[i];
    buffer_init(&b, 2 * (size_t)MAX_PHOTO_BYTES);
    enum status st = record_read_picture(p->s->bodies[i], &proof)
                         ? file_read(p->s->awaiting, w->file, b.max, &b, err)
                         : err_set(err, STATUS_BROKEN, "ledger entry %lld describes no picture",
                                   (long long)w->entry);
    if (st == STATUS_OK && release_matches(buffer_view(&b), &proof, NULL) != STATUS_OK) {
        st = err_set(err, STATUS_BROKEN,
                     "awaiting/%s/%s is not the picture that was checked; nothing was published",
                     w->batch, w->file);
    }
    staged_name(i, staged);
    if (st == STATUS_OK) { /* whole, synced, and under its name */
        st = file_replace(p->staging, staged, buffer_view(&b), 0640, err);
    }
    buffer_release(&b);
    return st;
}

/* Who signed, in which role, and what they confirmed. */
static json_t *signature(const struct publication *p)
{
    json_t *points = json_array();
    char today[DATE_TEXT_BYTES];
    json_t *o = json_pack("{s:s, s:o, s:b, s:s}", "role", role_name(p->result.role), "checked",
                          points, "alone", p->s->alone, "on", date_format(date_today(), today));
    int bad = o ? actor_record(&p->s->actor, o) != STATUS_OK : 1;
    for (int c = 0; !bad && c < N_CHECK_POINTS; c++) {
        bad |= json_array_append_new(points, json_string(check_name((enum check_point)c)));
    }
    if (!bad && p->s->alone) {
        bad |=
            json_object_set_new(o, "reason", json_stringn(p->order->reason.at, p->order->reason.n));
    }
    if (bad) {
        json_decref(o);
        o = NULL;
    }
    return o;
}

static enum status append_intent(struct publication *p, size_t i, const char *now, struct err *err)
{
    json_t *body = json_deep_copy(p->s->bodies[i]);
    int bad = body ? 0 : 1;
    if (!bad) {
        (void)json_object_del(body, "renews");
        bad |= json_object_set_new(body, "awaiting", json_integer(p->s->open[i]->entry));
        bad |= json_object_set_new(body, "signed", signature(p));
    }
    enum status st =
        bad ? no_memory(err)
            : ledger_append(p->s->home->ledger, ENTRY_INTENT, now, body, &p->intents[i], err);
    json_decref(body);
    return st;
}

/* Held with a case of its own, exactly as the next run will rule (rule S02). */
static enum status append_no(struct publication *p, size_t i, const char *now, int64_t case_no,
                             struct err *err)
{
    static const char *const NOT_OF_HELD[] = {"photo",  "file",    "release",   "picture",
                                              "renews", "cleared", "renewed_by"};
    struct ledger *l = p->s->home->ledger;
    char facts[PSEUDONYM_BYTES];
    char *reason = strndup(p->order->reason.at, p->order->reason.n);
    json_t *body = json_deep_copy(p->s->bodies[i]);
    enum status st =
        body && reason ? ledger_pseudonym(l, TEXT(TURNED_DOWN_WORDS), facts, err) : no_memory(err);
    if (st == STATUS_OK) {
        for (size_t k = 0; k < sizeof NOT_OF_HELD / sizeof NOT_OF_HELD[0]; k++) {
            (void)json_object_del(body, NOT_OF_HELD[k]);
        }
        json_t *hits = json_pack("[{s:s, s:s, s:s}]", "code", RULE_TURNED_DOWN, "verdict", "held",
                                 "facts", facts);
        int bad = json_object_set_new(body, "hits", hits);
        bad |= json_object_set_new(body, "verdict", json_string("held"));
        bad |= json_object_set_new(body, "case", json_integer(case_no));
        st = bad ? no_memory(err) : ledger_append(l, ENTRY_HELD, now, body, NULL, err);
    }
    if (st == STATUS_OK) {
        st = waiting_decline(l, p->s->open[i], now, &p->s->actor, p->result.role, reason, case_no,
                             err);
    }
    json_decref(body);
    free(reason);
    return st;
}

static enum status record_all(struct publication *p, struct err *err)
{
    struct ledger *l = p->s->home->ledger;
    char now[TIME_TEXT_BYTES];
    int64_t last_case = 0;
    time_now(now);
    enum status st = ledger_last_case(l, &last_case, err);
    p->result.first_case = last_case + 1;
    if (st == STATUS_OK) {
        st = ledger_begin(l, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    for (size_t i = 0; st == STATUS_OK && i < p->s->n; i++) {
        if (p->deeds[i] == DEED_PUBLISH) {
            st = append_intent(p, i, now, err);
        } else if (p->deeds[i] == DEED_TURN_DOWN) {
            st = append_no(p, i, now, ++last_case, err);
            p->result.n_turned_down++;
        }
    }
    st = st == STATUS_OK ? ledger_commit(l, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(l);
    }
    return st;
}

static enum status put_in_place(struct publication *p, struct err *err)
{
    for (size_t i = 0; i < p->s->n; i++) {
        char staged[STAGED_BYTES];
        staged_name(i, staged);
        if (p->deeds[i] == DEED_PUBLISH && renameat2(p->staging, staged, p->approved,
                                                     p->s->open[i]->file, RENAME_NOREPLACE) != 0) {
            return err_set(err, errno == EEXIST ? STATUS_BROKEN : STATUS_IO, "approved/%s/%s: %s",
                           p->s->batch, p->s->open[i]->file, strerror(errno));
        }
    }
    return fsync(p->approved) == 0
               ? STATUS_OK
               : err_set(err, STATUS_IO, "approved/%s: %s", p->s->batch, strerror(errno));
}

static enum status record_published(struct publication *p, struct err *err)
{
    struct ledger *l = p->s->home->ledger;
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = ledger_begin(l, err);
    for (size_t i = 0; st == STATUS_OK && i < p->s->n; i++) {
        if (p->deeds[i] != DEED_PUBLISH) {
            continue;
        }
        json_t *body = json_pack("{s:I, s:b}", "intent", (json_int_t)p->intents[i], "recovered", 0);
        st = body ? ledger_append(l, ENTRY_PUBLISHED, now, body, NULL, err) : no_memory(err);
        json_decref(body);
        p->result.n_published++;
    }
    if (st == STATUS_OK) {
        st = ledger_commit(l, err);
    } else {
        ledger_rollback(l);
    }
    return st;
}

/* captions.csv and SHA256SUMS over the whole batch, and nothing left in awaiting/. */
static enum status tidy(struct publication *p, struct err *err)
{
    struct sign_off *s = p->s;
    struct lexicon *lexicon = NULL;
    struct captions_told told;
    const struct report report = {.school = s->home->school->name,
                                  .batch = text_of(s->batch),
                                  .channel = s->channel,
                                  .policy = s->home->policy,
                                  .snapshot = &s->people,
                                  .date = date_today()};
    enum status st = awaiting_sweep(s->home, err);
    if (st == STATUS_OK) {
        st = lexicon_build(&s->people, s->home->policy, &lexicon, err);
    }
    if (st == STATUS_OK) {
        const struct captions_context captions = {s->home, &report, lexicon,
                                                  s->home->policy->names_with_photo};
        st = run_write_batch(&captions, &told, err);
    }
    lexicon_free(lexicon);
    return st;
}

static enum status carry_out(struct publication *p, struct err *err)
{
    struct sign_off *s = p->s;
    enum status st = plan(p, err);
    if (st == STATUS_OK) {
        st = approved_open(s->home, text_of(s->batch), &p->approved, err);
    }
    if (st == STATUS_OK) {
        st = folder_open(s->home->fd, "staging", 0700, &p->staging, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < s->n; i++) {
        st = p->deeds[i] == DEED_PUBLISH ? stage(p, i, err) : STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = record_all(p, err);
    }
    if (st == STATUS_OK) {
        st = put_in_place(p, err);
    }
    if (st == STATUS_OK) {
        st = record_published(p, err);
    }
    return st == STATUS_OK ? tidy(p, err) : st;
}

enum status sign_off_role(const struct sign_off *s, enum role asked, enum role *out,
                          struct err *err)
{
    /* the policy may ask for fewer roles than may look at what is held */
    unsigned roles = s->channel->sign_off_roles ? s->channel->sign_off_roles : ROLES_THAT_LOOK;
    return actor_role(s->home->school, &s->actor, roles, asked, out, err);
}

enum status sign_off_do(struct sign_off *s, const struct sign_off_order *order,
                        struct sign_off_result *out, struct err *err)
{
    struct publication p = {.s = s, .order = order, .approved = -1, .staging = -1};
    p.deeds = calloc(s->n, sizeof *p.deeds);
    p.intents = calloc(s->n, sizeof *p.intents);
    enum status st =
        p.deeds && p.intents ? sign_off_role(s, order->as, &p.result.role, err) : no_memory(err);
    if (st == STATUS_OK) {
        st = carry_out(&p, err);
    }
    free(p.deeds);
    free(p.intents);
    if (p.approved >= 0) {
        (void)close(p.approved);
    }
    if (p.staging >= 0) {
        (void)close(p.staging);
    }
    if (st == STATUS_OK) {
        *out = p.result;
    }
    return st;
}
