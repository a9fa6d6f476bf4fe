/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was published where, and how long it may still be there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/posted.h"

enum { SECONDS_AN_HOUR = 3600, SECONDS_A_MINUTE = 60, SECONDS_A_DAY = 86400, FIRST_ROWS = 64 };

#define POSTINGS_BYTES ((size_t)1024 * 1024 * 1024)

struct reading {
    struct ledger *l;
    const struct policy *policy;
    struct posting *at; /* in `memory` once all are read; by entry */
    size_t n, cap;
    struct arena *memory;
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while reading where photos were published");
}

static bool keep(struct reading *r, const json_t *body, const char *key, const char **out)
{
    const json_t *s = json_object_get(body, key);
    struct text kept, t = {json_string_value(s), json_string_length(s)};
    bool ok = arena_dup(r->memory, t, &kept);
    *out = ok ? kept.at : "";
    return ok;
}

static enum status add_posted(struct reading *r, const struct entry *e, struct err *err)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : FIRST_ROWS;
        struct posting *grown = realloc(r->at, cap * sizeof *grown);
        if (!grown) {
            return no_memory(err);
        }
        r->at = grown;
        r->cap = cap;
    }
    struct posting *p = &r->at[r->n];
    *p = (struct posting){.entry = e->seq,
                          .intent = json_integer_value(json_object_get(e->body, "intent")),
                          .recalled = "",
                          .taken_down = ""};
    if (!keep(r, e->body, "url", &p->url) || !keep(r, e->body, "by", &p->by) ||
        !keep(r, e->body, "on", &p->on)) {
        return no_memory(err);
    }
    r->n++;
    return STATUS_OK;
}

/* Recalled after it was posted, or taken down. Postings are few beside entries. */
static enum status add_end(struct reading *r, const struct entry *e, struct err *err)
{
    bool down = e->kind == ENTRY_TAKEN_DOWN;
    int64_t named = json_integer_value(json_object_get(e->body, down ? "posted" : "intent"));
    for (size_t i = 0; i < r->n; i++) {
        struct posting *p = &r->at[i];
        struct text time;
        if (named != (down ? p->entry : p->intent)) {
            continue;
        }
        if (!arena_dup(r->memory, text_of(e->time), &time)) {
            return no_memory(err);
        }
        *(down ? &p->taken_down : &p->recalled) = time.at;
    }
    return STATUS_OK;
}

static enum status read_entry(void *context, const struct entry *e, struct err *err)
{
    struct reading *r = context;
    return e->kind == ENTRY_POSTED ? add_posted(r, e, err) : add_end(r, e, err);
}

static enum status name_photo(struct reading *r, struct posting *p, struct err *err)
{
    struct entry e;
    bool found = false;
    enum status st = ledger_entry(r->l, p->intent, &e, &found, err);
    if (st != STATUS_OK || !found) {
        return st == STATUS_OK ? err_set(err, STATUS_BROKEN,
                                         "ledger entry %lld tells where a photo was published that "
                                         "the ledger does not know",
                                         (long long)p->entry)
                               : st;
    }
    if (!keep(r, e.body, "batch", &p->batch) || !keep(r, e.body, "file", &p->file) ||
        !keep(r, e.body, "channel", &p->channel)) {
        st = no_memory(err);
    }
    entry_release(&e);
    const struct channel_policy *c = policy_channel(r->policy, text_of(p->channel));
    p->takedown_hours = c ? c->takedown_hours : 0;
    return st;
}

enum status postings_read(struct ledger *l, const struct policy *policy, struct postings *out,
                          struct err *err)
{
    struct reading r = {.l = l, .policy = policy, .memory = calloc(1, sizeof *r.memory)};
    struct postings all = {.memory = r.memory};
    if (!r.memory) {
        return no_memory(err);
    }
    arena_init(r.memory, POSTINGS_BYTES);
    enum status st = ledger_each(
        l, 1u << ENTRY_POSTED | 1u << ENTRY_RECALLED | 1u << ENTRY_TAKEN_DOWN, read_entry, &r, err);
    for (size_t i = 0; st == STATUS_OK && i < r.n; i++) {
        st = name_photo(&r, &r.at[i], err);
    }
    struct posting *at = st == STATUS_OK ? arena_alloc(r.memory, r.n, sizeof *at) : NULL;
    if (st == STATUS_OK && !at) {
        st = no_memory(err);
    }
    if (st == STATUS_OK) {
        if (r.n) {
            memcpy(at, r.at, r.n * sizeof *at);
        }
        all.at = at;
        all.n = r.n;
        *out = all;
    } else {
        postings_release(&all);
    }
    free(r.at);
    return st;
}

void postings_release(struct postings *all)
{
    if (all->memory) {
        arena_release(all->memory);
        free(all->memory);
    }
    *all = (struct postings){0};
}

bool posting_is_open(const struct posting *p)
{
    return p->recalled[0] && !p->taken_down[0];
}

size_t postings_open(const struct postings *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        n += posting_is_open(&all->at[i]);
    }
    return n;
}

/* RFC 3339, UTC, as the ledger writes it. One that is none is the beginning of time: overdue. */
static int64_t seconds_of(const char *time)
{
    struct text t = text_of(time);
    struct date day;
    uint64_t hour, minute, second;
    if (t.n != 20 || !date_parse_iso(text_slice(t, 0, 10), &day) ||
        !text_to_number(text_slice(t, 11, 2), 23, &hour) ||
        !text_to_number(text_slice(t, 14, 2), 59, &minute) ||
        !text_to_number(text_slice(t, 17, 2), 60, &second)) {
        return 0;
    }
    struct date epoch;
    (void)date_make(1970, 1, 1, &epoch);
    int64_t days = (int64_t)date_to_days(day) - date_to_days(epoch);
    return days * SECONDS_A_DAY + (int64_t)hour * SECONDS_AN_HOUR +
           (int64_t)minute * SECONDS_A_MINUTE + (int64_t)second;
}

static int64_t due_at(const struct posting *p)
{
    return seconds_of(p->recalled) + (int64_t)p->takedown_hours * SECONDS_AN_HOUR;
}

int64_t posting_seconds_left(const struct posting *p, time_t now)
{
    return due_at(p) - (int64_t)now;
}

/* "23 hours", "40 minutes": whole ones, so that nobody has less time than is said. */
static void add_span(struct buffer *out, int64_t seconds)
{
    bool hours = seconds >= SECONDS_AN_HOUR;
    long long n = (long long)(seconds / (hours ? SECONDS_AN_HOUR : SECONDS_A_MINUTE));
    buffer_format(out, "%lld %s%s", n, hours ? "hour" : "minute", n == 1 ? "" : "s");
}

void posting_words(const struct posting *p, time_t now, struct buffer *out)
{
    char when[32] = "";
    struct tm local;
    time_t due = (time_t)due_at(p);
    int64_t left = posting_seconds_left(p, now);
    if (!localtime_r(&due, &local) || strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local) == 0) {
        when[0] = '\0';
    }
    buffer_format(out, "take down %s (%s/%s) by %s (", p->url, p->batch, p->file, when);
    if (left < 0) {
        buffer_add_cstr(out, "OVERDUE by ");
        add_span(out, -left);
    } else {
        add_span(out, left);
        buffer_add_cstr(out, " left");
    }
    buffer_add_cstr(out, ")");
}
