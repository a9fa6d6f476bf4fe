/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "awaiting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commit.h"
#include "photogate/run.h"

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

/* Entries come in the order of their numbers. */
static struct waiting *by_entry(const struct waitings *all, int64_t entry)
{
    size_t low = 0, high = all->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->at[middle].entry < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < all->n && all->at[low].entry == entry ? &all->at[low] : NULL;
}

static enum status add_waiting(struct waitings *all, const struct entry *e, struct err *err)
{
    if (all->n == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 64;
        struct waiting *grown = realloc(all->at, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while reading the ledger");
        }
        all->at = grown;
        all->cap = cap;
    }
    struct waiting w = {.entry = e->seq,
                        .photo = json_integer_value(json_object_get(e->body, "photo"))};
    (void)snprintf(w.batch, sizeof w.batch, "%s", body_text(e->body, "batch"));
    (void)snprintf(w.file, sizeof w.file, "%s", body_text(e->body, "file"));
    (void)snprintf(w.name, sizeof w.name, "%s", body_text(e->body, "name"));
    if (!batch_name_is_valid(text_of(w.batch)) || !w.file[0] || strchr(w.file, '/') ||
        !digest_from_hex(text_of(body_text(e->body, "source")), &w.source) ||
        !digest_from_hex(text_of(body_text(e->body, "release")), &w.release)) {
        return err_set(err, STATUS_BROKEN, "ledger entry %lld names no photo", (long long)e->seq);
    }
    struct waiting *older = by_entry(all, json_integer_value(json_object_get(e->body, "renews")));
    if (older) {
        older->over = true;
    }
    all->at[all->n++] = w;
    return STATUS_OK;
}

static enum status note_entry(void *context, const struct entry *e, struct err *err)
{
    struct waitings *all = context;
    struct waiting *w = by_entry(all, json_integer_value(json_object_get(e->body, "awaiting")));
    if (e->kind == ENTRY_AWAITING) {
        return add_waiting(all, e, err);
    }
    if (e->kind == ENTRY_ABANDONED) { /* rare: a kill in the middle of a sign-off */
        json_int_t intent = json_integer_value(json_object_get(e->body, "intent"));
        for (size_t i = 0; i < all->n; i++) {
            if (all->at[i].intent == intent) {
                all->at[i].intent = 0;
                all->at[i].over = false;
            }
        }
    } else if (w) {
        w->over = true;
        w->intent = e->kind == ENTRY_INTENT ? e->seq : 0;
    }
    return STATUS_OK;
}

enum status waitings_read(struct ledger *l, struct waitings *out, struct err *err)
{
    struct waitings all = {0};
    enum status st = ledger_each(
        l, 1u << ENTRY_AWAITING | 1u << ENTRY_DECLINED | 1u << ENTRY_INTENT | 1u << ENTRY_ABANDONED,
        note_entry, &all, err);
    if (st == STATUS_OK) {
        *out = all;
    } else {
        waitings_release(&all);
    }
    return st;
}

void waitings_release(struct waitings *all)
{
    free(all->at);
    *all = (struct waitings){0};
}

struct waiting *waitings_find(const struct waitings *all, struct text batch,
                              const struct digest *source)
{
    for (size_t i = all->n; i > 0; i--) {
        struct waiting *w = &all->at[i - 1];
        if (!w->over && digest_equal(&w->source, source) && text_equal(text_of(w->batch), batch)) {
            return w;
        }
    }
    return NULL;
}

struct waiting *waitings_file(const struct waitings *all, struct text batch, struct text file)
{
    for (size_t i = all->n; i > 0; i--) {
        struct waiting *w = &all->at[i - 1];
        if (!w->over && text_equal(text_of(w->file), file) &&
            text_equal(text_of(w->batch), batch)) {
            return w;
        }
    }
    return NULL;
}

int64_t waitings_last_photo(const struct waitings *all, struct text batch)
{
    int64_t last = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (all->at[i].photo > last && text_equal(text_of(all->at[i].batch), batch)) {
            last = all->at[i].photo;
        }
    }
    return last;
}

enum status awaiting_open(const struct home *home, struct text batch, int *fd, struct err *err)
{
    int awaiting = -1;
    char name[65];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARG(batch));
    enum status st = folder_open(home->fd, "awaiting", 0700, &awaiting, err);
    if (st == STATUS_OK) {
        st = folder_open(awaiting, name, 0700, fd, err);
        (void)close(awaiting);
    }
    return st;
}

enum status awaiting_sweep(const struct home *home, struct err *err)
{
    struct waitings all = {0};
    enum status st = waitings_read(home->ledger, &all, err);
    for (size_t i = 0; st == STATUS_OK && i < all.n; i++) {
        const struct waiting *w = &all.at[i];
        char path[160];
        /* a renewed entry's file is the newer one's too */
        if (!w->over || waitings_file(&all, text_of(w->batch), text_of(w->file))) {
            continue;
        }
        (void)snprintf(path, sizeof path, "awaiting/%s/%s", w->batch, w->file);
        if (unlinkat(home->fd, path, 0) != 0 && errno != ENOENT) {
            st = err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
        }
    }
    waitings_release(&all);
    return st;
}

enum status waiting_decline(struct ledger *l, struct waiting *w, const char *now,
                            const struct actor *by, enum role role, const char *reason,
                            int64_t case_no, struct err *err)
{
    char hex[DIGEST_HEX_BYTES];
    json_t *body = json_pack("{s:I, s:s, s:s, s:s}", "awaiting", (json_int_t)w->entry, "batch",
                             w->batch, "source", digest_hex(&w->source, hex), "reason", reason);
    int bad = body ? 0 : 1;
    if (!bad && case_no) {
        bad |= json_object_set_new(body, "case", json_integer(case_no));
    }
    if (!bad && by) {
        bad |= json_object_set_new(body, "role", json_string(role_name(role)));
        bad |= actor_record(by, body) != STATUS_OK;
    }
    enum status st = bad ? err_set(err, STATUS_NOMEM, "out of memory while writing the ledger")
                         : ledger_append(l, ENTRY_DECLINED, now, body, NULL, err);
    json_decref(body);
    w->over = w->over || st == STATUS_OK;
    return st;
}
