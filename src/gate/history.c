/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

enum { HISTORY_BYTES = 256 * 1024 * 1024, MAX_CLEARANCES_OF_CASE = 8 };

static struct text text_in(const json_t *body, const char *key)
{
    const json_t *s = json_object_get(body, key);
    return (struct text){json_string_value(s), json_string_length(s)};
}

static bool keep(struct history *h, struct text from, struct text *to)
{
    return arena_dup(&h->texts, from, to);
}

static enum status note_deed(void *context, const struct entry *e, struct err *err)
{
    struct history *h = context;
    struct text by = text_in(e->body, "by"), batch = text_in(e->body, "batch");
    if (e->kind == ENTRY_DECLINED && by.n == 0) {
        return STATUS_OK; /* a run's, not a person's */
    }
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 64;
        struct past_deed *grown = realloc(h->at, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while reading the ledger");
        }
        h->at = grown;
        h->cap = cap;
    }
    struct past_deed d = {.kind = e->kind,
                          .entry = e->seq,
                          .held = json_integer_value(json_object_get(e->body, "held"))};
    (void)snprintf(d.batch, sizeof d.batch, "%.*s", TEXT_ARG(batch));
    d.clearance.entry = e->seq;
    d.clearance.role = role_from_name(text_in(e->body, "role"));
    if (!digest_from_hex(text_in(e->body, "source"), &d.source)) {
        return err_set(err, STATUS_BROKEN, "ledger entry %lld names no photo", (long long)e->seq);
    }
    if (!keep(h, by, &d.clearance.by) ||
        !keep(h, text_slice(text_of(e->time), 0, 10), &d.clearance.on) ||
        !keep(h, text_in(e->body, "reason"), &d.clearance.reason)) {
        return err_set(err, STATUS_NOMEM, "out of memory while reading the ledger");
    }
    h->at[h->n++] = d;
    return STATUS_OK;
}

enum status history_read(struct ledger *l, struct history *out, struct err *err)
{
    arena_init(&out->texts, HISTORY_BYTES);
    out->at = NULL;
    out->n = out->cap = 0;
    enum status st = ledger_each(
        l, 1u << ENTRY_CLEARED | 1u << ENTRY_DECLINED | 1u << ENTRY_DESTROYED, note_deed, out, err);
    if (st != STATUS_OK) {
        history_release(out);
    }
    return st;
}

void history_release(struct history *h)
{
    free(h->at);
    arena_release(&h->texts);
    *h = (struct history){0};
}

enum past history_past(const struct history *h, struct text batch, const struct digest *source)
{
    enum past past = PAST_NOTHING;
    for (size_t i = 0; i < h->n; i++) {
        const struct past_deed *d = &h->at[i];
        if (d->kind == ENTRY_CLEARED || !digest_equal(&d->source, source)) {
            continue;
        }
        if (d->kind == ENTRY_DESTROYED) {
            return PAST_DESTROYED;
        }
        if (text_equal(text_of(d->batch), batch)) {
            past = PAST_TURNED_DOWN;
        }
    }
    return past;
}

/* The last time these bytes were turned down in the batch: a clearance from before it does not
 * answer it. */
static int64_t last_turned_down(const struct history *h, struct text batch,
                                const struct digest *source)
{
    int64_t last = 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct past_deed *d = &h->at[i];
        if (d->kind == ENTRY_DECLINED && digest_equal(&d->source, source) &&
            text_equal(text_of(d->batch), batch)) {
            last = d->entry;
        }
    }
    return last;
}

/* Is the ruling of entry `held` this one, to the last fact that counts? */
static enum status is_same(struct ledger *l, int64_t held, const json_t *now, bool *same,
                           struct err *err)
{
    struct entry e;
    bool found = false;
    *same = false;
    enum status st = ledger_entry(l, held, &e, &found, err);
    if (st == STATUS_OK && found) {
        *same = e.kind == ENTRY_HELD && record_same_ruling(e.body, now) &&
                json_equal(json_object_get(e.body, "policy"), json_object_get(now, "policy")) &&
                json_equal(json_object_get(e.body, "faces"), json_object_get(now, "faces"));
        entry_release(&e);
    }
    return st;
}

enum status history_clear(const struct history *h, const struct commit_context *context,
                          const struct outcome *o, int face_assurance, struct arena *a,
                          struct ruling *ruling, struct err *err)
{
    struct clearance *given = NULL;
    size_t n = 0;
    json_t *now = NULL;
    enum status st = STATUS_OK;
    int64_t since = last_turned_down(h, context->batch, &o->evidence->digest);
    for (size_t i = 0; st == STATUS_OK && ruling->verdict == VERDICT_HELD && i < h->n; i++) {
        const struct past_deed *d = &h->at[i];
        bool same;
        if (d->kind != ENTRY_CLEARED || d->entry < since || n == MAX_CLEARANCES_OF_CASE ||
            !digest_equal(&d->source, &o->source) ||
            !text_equal(text_of(d->batch), context->batch)) {
            continue;
        }
        now = now ? now : record_ruling(context, o, err);
        given = given ? given : arena_alloc(a, MAX_CLEARANCES_OF_CASE, sizeof *given);
        if (!now || !given) {
            st = err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
            break;
        }
        st = is_same(context->home->ledger, d->held, now, &same, err);
        if (st == STATUS_OK && same) {
            given[n++] = d->clearance;
        }
    }
    json_decref(now);
    if (st != STATUS_OK || n == 0) {
        return st;
    }
    /* A rule whose hit can be cleared means that the texts were judged. */
    const struct hearing hearing = {.evidence = o->evidence,
                                    .policy = context->home->policy,
                                    .channel = context->channel,
                                    .snapshot = context->snapshot,
                                    .date = context->date,
                                    .face_assurance = face_assurance,
                                    .judged = KNOWN_YES};
    const struct ruling held = *ruling;
    return rules_clear(&hearing, &held, given, n, a, ruling, err);
}
