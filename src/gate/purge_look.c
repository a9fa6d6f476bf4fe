/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/purge.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "approved.h"
#include "awaiting.h"
#include "folder_tree.h"

#define PURGE_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while looking for what is due");
}

uint32_t purge_days(const struct policy *policy, enum purge_kind kind)
{
    switch (kind) {
#define X(symbol, name, words, days)                                                               \
    case PURGE_##symbol:                                                                           \
        return policy->retention.days;
        PURGE_KIND_LIST(X)
#undef X
    case N_PURGE_KINDS:
        break;
    }
    return 0;
}

static const char *const NAMES[][2] = {
#define X(symbol, name, words, days) {name, words},
    PURGE_KIND_LIST(X)
#undef X
};

const char *purge_kind_name(enum purge_kind k)
{
    return NAMES[k][0];
}

const char *purge_kind_words(enum purge_kind k)
{
    return NAMES[k][1];
}

/* A look under way. */
struct looking {
    struct home *home;
    struct purge *out;
    json_t *shown; /* pseudonyms of those whom a photo shows that stays */
    enum purge_kind kind;
    const char *folder; /* walked now: "recalled" */
    struct err *err;
};

static bool is_due(const struct looking *k, enum purge_kind kind, struct date since)
{
    uint32_t days = purge_days(k->home->policy, kind);
    return days && date_is_set(since) &&
           (int64_t)date_to_days(k->out->today) - date_to_days(since) > (int64_t)days;
}

static enum status add_item(struct looking *k, const struct purge_item *item)
{
    struct purge *p = k->out;
    if (p->n_items == p->cap_items) {
        size_t cap = p->cap_items ? 2 * p->cap_items : 64;
        struct purge_item *grown = realloc(p->items, cap * sizeof *grown);
        if (!grown) {
            return no_memory(k->err);
        }
        p->items = grown;
        p->cap_items = cap;
    }
    p->items[p->n_items++] = *item;
    p->n_going[item->kind] += !item->stays;
    p->n_staying[item->kind] += item->stays != NULL;
    return STATUS_OK;
}

/* ---- approved photos ------------------------------------------------------------------------- */

/* When an intent was published. */
struct publication {
    int64_t intent;
    struct date on;
};

struct publications {
    struct publication *at;
    size_t n, cap;
};

static enum status note_published(void *context, const struct entry *e, struct err *err)
{
    struct publications *all = context;
    struct publication one = {.intent = json_integer_value(json_object_get(e->body, "intent"))};
    (void)date_parse_iso(text_slice(text_of(e->time), 0, 10), &one.on);
    if (all->n == all->cap) {
        size_t cap = all->cap ? 2 * all->cap : 256;
        struct publication *grown = realloc(all->at, cap * sizeof *grown);
        if (!grown) {
            return no_memory(err);
        }
        all->at = grown;
        all->cap = cap;
    }
    all->at[all->n++] = one;
    return STATUS_OK;
}

static int by_intent(const void *a, const void *b)
{
    const struct publication *x = a, *y = b;
    return (x->intent > y->intent) - (x->intent < y->intent);
}

static struct date published_on(const struct publications *all, int64_t intent)
{
    const struct publication wanted = {.intent = intent};
    const struct publication *p =
        all->n ? bsearch(&wanted, all->at, all->n, sizeof *all->at, by_intent) : NULL;
    return p ? p->on : DATE_NONE;
}

static enum status add_approved(struct looking *k, struct named_file *f, struct date published)
{
    char path[160];
    struct purge_item item = {.kind = PURGE_APPROVED, .since = published, .intent = f->intent};
    if (f->recalled || !is_due(k, PURGE_APPROVED, published)) {
        return STATUS_OK;
    }
    f->seen = true; /* it goes */
    (void)snprintf(path, sizeof path, "approved/%s/%s", f->batch, f->file);
    return arena_dup(&k->out->memory, text_of(path), &item.path) &&
                   arena_dup(&k->out->memory, text_of(f->batch), &item.batch) &&
                   arena_dup(&k->out->memory, text_of(f->file), &item.file)
               ? add_item(k, &item)
               : no_memory(k->err);
}

/* Whom does a photo show that stays: published and neither recalled nor going, or waiting. */
struct shown {
    struct looking *k;
    json_t *staying; /* entries, as keys */
};

static enum status note_shown(void *context, const struct entry *e, struct err *err)
{
    const struct shown *s = context;
    char seq[24];
    size_t i;
    const json_t *one;
    (void)snprintf(seq, sizeof seq, "%lld", (long long)e->seq);
    if (!json_object_get(s->staying, seq)) {
        return STATUS_OK;
    }
    json_array_foreach(json_object_get(e->body, "people"), i, one)
    {
        const char *who = json_string_value(json_object_get(one, "person"));
        if (who && json_object_set_new(s->k->shown, who, json_true()) != 0) {
            return no_memory(err);
        }
    }
    return STATUS_OK;
}

static enum status note_staying(struct shown *s, int64_t entry)
{
    char seq[24];
    (void)snprintf(seq, sizeof seq, "%lld", (long long)entry);
    return json_object_set_new(s->staying, seq, json_true()) == 0 ? STATUS_OK
                                                                  : no_memory(s->k->err);
}

static enum status look_at_named(struct looking *k, struct shown *s)
{
    struct named_files named = {0};
    struct publications published = {0};
    struct waitings waiting = {0};
    enum status st = named_files_read(k->home->ledger, &named, k->err);
    st = st == STATUS_OK ? waitings_read(k->home->ledger, &waiting, k->err) : st;
    st = st == STATUS_OK ? ledger_each(k->home->ledger, 1u << ENTRY_PUBLISHED, note_published,
                                       &published, k->err)
                         : st;
    if (st == STATUS_OK && published.n) {
        qsort(published.at, published.n, sizeof *published.at, by_intent);
    }
    for (size_t i = 0; st == STATUS_OK && i < named.n; i++) {
        struct named_file *f = &named.at[i];
        st = add_approved(k, f, published_on(&published, f->intent));
        st = st == STATUS_OK && !f->recalled && !f->seen ? note_staying(s, f->intent) : st;
    }
    for (size_t i = 0; st == STATUS_OK && i < waiting.n; i++) {
        st = waiting.at[i].over ? STATUS_OK : note_staying(s, waiting.at[i].entry);
    }
    free(published.at);
    waitings_release(&waiting);
    named_files_release(&named);
    return st;
}

static enum status look_at_approved(struct looking *k)
{
    struct shown s = {k, json_object()};
    enum status st = s.staying ? look_at_named(k, &s) : no_memory(k->err);
    st = st == STATUS_OK ? ledger_each(k->home->ledger, 1u << ENTRY_INTENT | 1u << ENTRY_AWAITING,
                                       note_shown, &s, k->err)
                         : st;
    json_decref(s.staying);
    return st;
}

/* ---- people ---------------------------------------------------------------------------------- */

static enum status look_at_leavers(struct looking *k)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < k->out->people.n_people; i++) {
        const struct person *p = &k->out->people.people[i];
        struct purge_item item = {.kind = PURGE_LEAVER, .person = p, .since = p->date_of_leaving};
        if (p->on_roll == KNOWN_YES || !is_due(k, PURGE_LEAVER, p->date_of_leaving)) {
            continue;
        }
        st = ledger_pseudonym(k->home->ledger, p->reference, item.pseudonym, k->err);
        if (p->do_not_publish != KNOWN_NO || p->child_objection != KNOWN_NO) {
            item.stays = "may not be shown, which erasing would forget: subject PUPIL erase "
                         "--forget-protection";
        } else if (st == STATUS_OK && json_object_get(k->shown, item.pseudonym)) {
            item.stays = "stands in a photo that stays: subject PUPIL erase --also-photos";
        }
        st = st == STATUS_OK ? add_item(k, &item) : st;
    }
    return st;
}

/* ---- files ----------------------------------------------------------------------------------- */

static struct date day_of(time_t at)
{
    struct date day = DATE_NONE;
    struct tm local;
    if (localtime_r(&at, &local)) {
        (void)date_make(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &day);
    }
    return day;
}

static enum status look_at_file(void *context, const char *below, const struct stat *facts,
                                struct err *err)
{
    struct looking *k = context;
    struct purge_item item = {.kind = k->kind, .since = day_of(facts->st_mtime)};
    char path[MAX_PATH_BYTES + 32];
    if (!is_due(k, k->kind, item.since)) {
        return STATUS_OK;
    }
    (void)snprintf(path, sizeof path, "%s/%s", k->folder, below);
    return arena_dup(&k->out->memory, text_of(path), &item.path) ? add_item(k, &item)
                                                                 : no_memory(err);
}

static enum status look_at_files(struct looking *k, enum purge_kind kind, const char *folder)
{
    k->kind = kind;
    k->folder = folder;
    return tree_each(k->home->fd, folder, look_at_file, k, k->err);
}

static enum status note_newest(void *context, const char *below, const struct stat *facts,
                               struct err *err)
{
    time_t *newest = context;
    (void)below;
    (void)err;
    *newest = facts->st_mtime > *newest ? facts->st_mtime : *newest;
    return STATUS_OK;
}

/* Folders that go as a whole, by their newest file. */
static enum status look_at_folders(struct looking *k, enum purge_kind kind, const char *folder)
{
    int fd = openat(k->home->fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int why = errno;
        if (fd >= 0) {
            (void)close(fd);
        }
        return why == ENOENT ? STATUS_OK
                             : err_set(k->err, STATUS_IO, "%s: %s", folder, strerror(why));
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(dir); e && st == STATUS_OK; e = readdir(dir)) {
        struct purge_item item = {.kind = kind};
        time_t newest = 0;
        char path[300];
        if (e->d_name[0] == '.') {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        st = tree_each(k->home->fd, path, note_newest, &newest, k->err);
        item.since = newest ? day_of(newest) : DATE_NONE;
        if (st == STATUS_OK && is_due(k, kind, item.since)) {
            st = arena_dup(&k->out->memory, text_of(path), &item.path) ? add_item(k, &item)
                                                                       : no_memory(k->err);
        }
    }
    (void)closedir(dir);
    return st;
}

static int item_order(const void *a, const void *b)
{
    const struct purge_item *x = a, *y = b;
    int order = (x->kind > y->kind) - (x->kind < y->kind);
    order = order ? order : text_compare(x->path, y->path);
    return order || !x->person || !y->person
               ? order
               : (x->person->id > y->person->id) - (x->person->id < y->person->id);
}

enum status purge_look(struct home *home, struct date today, struct purge *out, struct err *err)
{
    struct looking k = {.home = home, .out = out, .shown = json_object(), .err = err};
    *out = (struct purge){.today = today};
    arena_init(&out->memory, PURGE_MEMORY_BYTES);
    enum status st =
        k.shown ? register_snapshot(home->people, &out->memory, &out->people, err) : no_memory(err);
    st = st == STATUS_OK ? register_check(home->ledger, &out->people, home->lock >= 0, err) : st;
    st = st == STATUS_OK ? look_at_approved(&k) : st;
    st = st == STATUS_OK ? look_at_leavers(&k) : st;
    st = st == STATUS_OK ? look_at_files(&k, PURGE_RECALLED, "recalled") : st;
    st = st == STATUS_OK ? look_at_files(&k, PURGE_SET_ASIDE, "set-aside") : st;
    st = st == STATUS_OK ? look_at_files(&k, PURGE_LOOK_FOR, "look-for") : st;
    st = st == STATUS_OK ? look_at_folders(&k, PURGE_REPORTS, "reports") : st;
    st = st == STATUS_OK ? look_at_folders(&k, PURGE_COPIES, "subject-access") : st;
    if (st == STATUS_OK && out->n_items) {
        qsort(out->items, out->n_items, sizeof *out->items, item_order);
    }
    json_decref(k.shown);
    return st;
}

void purge_release(struct purge *p)
{
    free(p->items);
    arena_release(&p->memory);
    *p = (struct purge){0};
}
