/* SPDX-License-Identifier: GPL-3.0-or-later */
/* approved/BATCH/captions.csv, over all runs of a batch.
 *
 * People edit that file, so it is never read back as ours. What was published is kept in
 * captions/BATCH.json (0600); every run judges all of it again with today's register, writes
 * captions.csv from it, and sets a hand-edited one aside rather than over it. */
#include "run_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "approved.h"
#include "awaiting.h"
#include "photogate/limits.h"
#include "photogate/names.h"

#define STORE_MAX_BYTES ((size_t)1024 * 1024 * 1024)

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while writing captions.csv");
}

static void store_name(struct text batch, char out[80])
{
    (void)snprintf(out, 80, "%.*s.json", TEXT_ARG(batch));
}

/* {"photos": {"photo-0001.jpg": {"caption": "...", "credit": "..."}}, "written": "digest of
 * captions.csv"} */
static enum status store_load(int dir, const char *name, json_t **out, struct err *err)
{
    struct buffer b;
    struct err why = {0};
    buffer_init(&b, STORE_MAX_BYTES);
    json_t *store = NULL;
    enum status st = STATUS_OK;
    if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        st = file_read(dir, name, STORE_MAX_BYTES, &b, &why);
        store = st == STATUS_OK ? json_loadb((const char *)b.at, b.n, JSON_REJECT_DUPLICATES, NULL)
                                : NULL;
        if (!store || !json_is_object(json_object_get(store, "photos"))) {
            st = err_set(err, STATUS_FORMAT,
                         "captions/%s cannot be read; move it away and run again", name);
        }
    } else {
        store = json_pack("{s:{}}", "photos");
        st = store ? STATUS_OK : no_memory(err);
    }
    buffer_release(&b);
    if (st != STATUS_OK) {
        json_decref(store);
        return st;
    }
    *out = store;
    return STATUS_OK;
}

static struct text text_in(const json_t *row, const char *key)
{
    const json_t *s = json_object_get(row, key);
    return (struct text){json_string_value(s), json_string_length(s)};
}

/* Where a second person signs, nobody changes the words behind their back. */
static bool was_signed(const struct report *r, const struct report_item *it, const json_t *row)
{
    enum second_person second = r->channel->second_person;
    return row && it->as_before && it->published_name.n &&
           (second == SECOND_ALWAYS || second == SECOND_IF_POSSIBLE) &&
           !(text_equal(text_in(row, "caption"), it->published_caption) &&
             text_equal(text_in(row, "credit"), it->published_credit));
}

/* `cleared`: a person looked at these words. `today`: in this run, so that nothing judges them
 * again. */
static enum status store_items(json_t *photos, const struct report *r, size_t *n_kept,
                               struct err *err)
{
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *it = &r->items[i];
        struct text name = it->published_name.n ? it->published_name : it->waiting_name;
        char file[PHOTO_FILE_BYTES];
        (void)snprintf(file, sizeof file, "%.*s", TEXT_ARG(name));
        if (!name.n) {
            continue;
        }
        if (was_signed(r, it, json_object_get(photos, file))) {
            ++*n_kept;
            continue;
        }
        json_t *row = json_pack(
            "{s:s%, s:s%}", "caption", it->published_caption.n ? it->published_caption.at : "",
            it->published_caption.n, "credit",
            it->published_credit.n ? it->published_credit.at : "", it->published_credit.n);
        int bad = row ? 0 : 1;
        if (!bad && it->ruling->n_cleared) {
            bad |= json_object_set_new(row, "cleared", json_true());
            bad |= json_object_set_new(row, "today", json_true());
        }
        if (bad || json_object_set_new(photos, file, row) != 0) {
            return no_memory(err);
        }
    }
    return STATUS_OK;
}

/* May this text still go out beside a photo? An error in judging is a no. What a person cleared
 * passes while it blocks nothing. */
static bool still_allowed(const struct captions_context *c, struct text text, enum text_role role,
                          bool cleared)
{
    struct arena a;
    struct err ignored = {0};
    const struct finding *findings;
    size_t n;
    enum judgement verdict = JUDGE_BLOCK;
    arena_init(&a, (size_t)64 * 1024 * 1024);
    bool ok = names_judge(c->lexicon, text, role, c->names, &a, &findings, &n, &verdict,
                          &ignored) == STATUS_OK &&
              (verdict == JUDGE_ALLOW || (cleared && verdict == JUDGE_REVIEW));
    arena_release(&a);
    return ok;
}

/* Forget photos that no longer stand in the batch; blank captions that would not pass today. */
static enum status review(json_t *photos, const struct named_files *named,
                          const struct waitings *waiting, const struct captions_context *c,
                          size_t *n_blanked, struct err *err)
{
    const char *file;
    json_t *row;
    void *next;
    char batch[65];
    (void)snprintf(batch, sizeof batch, "%.*s", TEXT_ARG(c->report->batch));
    json_object_foreach_safe(photos, next, file, row)
    {
        const struct named_file *f = named_files_find(named, batch, file);
        if ((!f || f->recalled) && !waitings_file(waiting, c->report->batch, text_of(file))) {
            (void)json_object_del(photos, file);
            continue;
        }
        bool cleared = json_is_true(json_object_get(row, "cleared"));
        if (json_object_del(row, "today") == 0 ||
            (still_allowed(c, text_in(row, "caption"), TEXT_ROLE_CAPTION, cleared) &&
             still_allowed(c, text_in(row, "credit"), TEXT_ROLE_CREDIT, cleared))) {
            continue;
        }
        ++*n_blanked;
        if (json_object_set_new(row, "caption", json_string("")) != 0 ||
            json_object_set_new(row, "credit", json_string("")) != 0) {
            return no_memory(err);
        }
    }
    return STATUS_OK;
}

static int name_order(const void *a, const void *b)
{
    return text_compare(((const struct report_item *)a)->published_name,
                        ((const struct report_item *)b)->published_name);
}

/* captions.csv has the form of a report of the whole batch. */
static enum status render(const json_t *photos, const struct named_files *named,
                          const struct report *of, struct buffer *out, struct err *err)
{
    static const struct ruling APPROVED = {.verdict = VERDICT_APPROVED};
    size_t n = json_object_size(photos), i = 0;
    struct report_item *items = calloc(n ? n : 1, sizeof *items);
    if (!items) {
        return no_memory(err);
    }
    static const struct evidence NONE;
    /* jansson's iteration takes no const object; nothing is changed */
    for (void *it = json_object_iter((json_t *)(uintptr_t)photos); it;
         it = json_object_iter_next((json_t *)(uintptr_t)photos, it)) {
        const json_t *row = json_object_iter_value(it);
        char batch[65];
        (void)snprintf(batch, sizeof batch, "%.*s", TEXT_ARG(of->batch));
        if (!named_files_find(named, batch, json_object_iter_key(it))) {
            continue; /* it waits */
        }
        items[i++] = (struct report_item){
            .evidence = &NONE,
            .ruling = &APPROVED,
            .published_name = text_of(json_object_iter_key(it)),
            .published_caption = text_in(row, "caption"),
            .published_credit = text_in(row, "credit"),
        };
    }
    n = i;
    qsort(items, n, sizeof *items, name_order);
    struct report whole = *of;
    whole.items = items;
    whole.n_items = n;
    enum status st = report_captions_csv(&whole, out, err);
    free(items);
    return st;
}

/* Somebody has changed captions.csv since we wrote it: their copy is kept. */
static enum status set_edited_aside(const struct captions_context *c, int dir, const json_t *store,
                                    bool *edited, struct err *err)
{
    struct digest was, is = {{0}};
    struct err ignored = {0};
    char hex[DIGEST_HEX_BYTES], kept[64];
    *edited = false;
    int fd = openat(dir, "captions.csv", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return STATUS_OK;
    }
    bool ours = file_digest(fd, &is, &ignored) == STATUS_OK &&
                digest_from_hex(text_in(store, "written"), &was) && digest_equal(&was, &is);
    (void)close(fd);
    if (ours) {
        return STATUS_OK;
    }
    int aside = -1;
    (void)snprintf(kept, sizeof kept, "captions-%.16s.csv", digest_hex(&is, hex));
    enum status st = folder_open(c->home->fd, "set-aside", 0700, &aside, err);
    if (st == STATUS_OK && renameat(dir, "captions.csv", aside, kept) != 0) {
        st = err_set(err, STATUS_IO, "captions.csv could not be set aside: %s", strerror(errno));
    }
    if (aside >= 0) {
        (void)close(aside);
    }
    *edited = st == STATUS_OK;
    return st;
}

static enum status write_both(const struct captions_context *c, const struct named_files *named,
                              int dir, int stores, json_t *store, bool listed, bool *edited,
                              struct err *err)
{
    struct buffer csv;
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];
    char *dump = NULL, name[80];
    store_name(c->report->batch, name);
    buffer_init(&csv, STORE_MAX_BYTES);
    enum status st = render(json_object_get(store, "photos"), named, c->report, &csv, err);
    if (st == STATUS_OK && listed) {
        st = set_edited_aside(c, dir, store, edited, err);
    }
    if (st == STATUS_OK) {
        st = digest_of(buffer_view(&csv), &digest, err);
    }
    if (st == STATUS_OK &&
        (json_object_set_new(store, "written", json_string(digest_hex(&digest, hex))) != 0 ||
         !(dump = json_dumps(store, JSON_INDENT(1) | JSON_SORT_KEYS)))) {
        st = no_memory(err);
    }
    if (st == STATUS_OK && listed) {
        st = file_replace(dir, "captions.csv", buffer_view(&csv), 0640, err);
    }
    if (st == STATUS_OK) {
        struct bytes whole = {(const uint8_t *)dump, strlen(dump)};
        st = file_replace(stores, name, whole, 0600, err);
    }
    free(dump);
    buffer_release(&csv);
    return st;
}

enum status captions_kept(const struct home *home, struct text batch, json_t **out, struct err *err)
{
    char name[80];
    int stores = -1;
    json_t *store = NULL;
    store_name(batch, name);
    enum status st = folder_open(home->fd, "captions", 0700, &stores, err);
    if (st == STATUS_OK) {
        st = store_load(stores, name, &store, err);
    }
    if (st == STATUS_OK) {
        *out = json_incref(json_object_get(store, "photos"));
    }
    json_decref(store);
    if (stores >= 0) {
        (void)close(stores);
    }
    return st;
}

size_t captions_failing(const struct captions_context *c, const json_t *photos)
{
    size_t n = 0;
    struct text passed = TEXT_NONE; /* a batch has one photographer, mostly */
    /* jansson's iteration takes no const object; nothing is changed */
    for (void *it = json_object_iter((json_t *)(uintptr_t)photos); it;
         it = json_object_iter_next((json_t *)(uintptr_t)photos, it)) {
        const json_t *row = json_object_iter_value(it);
        struct text caption = text_in(row, "caption"), credit = text_in(row, "credit");
        bool cleared = json_is_true(json_object_get(row, "cleared"));
        bool known = text_equal(credit, passed);
        bool fails = (caption.n && !still_allowed(c, caption, TEXT_ROLE_CAPTION, cleared)) ||
                     (!known && !still_allowed(c, credit, TEXT_ROLE_CREDIT, cleared));
        n += fails;
        passed = fails || cleared ? passed : credit;
    }
    return n;
}

enum status captions_rewrite(const struct captions_context *c, const struct named_files *named,
                             const struct waitings *waiting, int dir, bool listed,
                             struct captions_told *told, struct err *err)
{
    char name[80];
    int stores = -1;
    json_t *store = NULL;
    *told = (struct captions_told){0};
    store_name(c->report->batch, name);
    enum status st = folder_open(c->home->fd, "captions", 0700, &stores, err);
    if (st == STATUS_OK) {
        st = store_load(stores, name, &store, err);
    }
    if (st == STATUS_OK) {
        st = store_items(json_object_get(store, "photos"), c->report, &told->n_kept, err);
    }
    if (st == STATUS_OK) {
        st = review(json_object_get(store, "photos"), named, waiting, c, &told->n_blanked, err);
    }
    if (st == STATUS_OK) {
        st = write_both(c, named, dir, stores, store, listed, &told->edited, err);
    }
    json_decref(store);
    if (stores >= 0) {
        (void)close(stores);
    }
    return st;
}

enum status captions_write(const struct captions_context *c, int dir, bool listed,
                           struct captions_told *told, struct err *err)
{
    struct named_files named = {0};
    struct waitings waiting = {0};
    *told = (struct captions_told){0};
    enum status st = named_files_read(c->home->ledger, &named, err);
    if (st == STATUS_OK) {
        st = waitings_read(c->home->ledger, &waiting, err);
    }
    if (st == STATUS_OK) {
        st = captions_rewrite(c, &named, &waiting, dir, listed, told, err);
    }
    named_files_release(&named);
    waitings_release(&waiting);
    return st;
}

/* A file of the list is forgotten where nothing of its name is published or waits. */
static enum status forget_gone(struct ledger *l, struct text batch, json_t *photos,
                               struct named_files *named, struct err *err)
{
    struct waitings waiting = {0};
    const char *file;
    json_t *row;
    void *next;
    char name[65];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARG(batch));
    enum status st = named_files_read(l, named, err);
    st = st == STATUS_OK ? waitings_read(l, &waiting, err) : st;
    if (st == STATUS_OK) {
        json_object_foreach_safe(photos, next, file, row)
        {
            const struct named_file *f = named_files_find(named, name, file);
            if ((!f || f->recalled) && !waitings_file(&waiting, batch, text_of(file))) {
                (void)json_object_del(photos, file);
            }
        }
    }
    waitings_release(&waiting);
    return st;
}

enum status captions_prune(struct home *home, struct text batch, int dir, bool listed,
                           struct err *err)
{
    static const struct snapshot NOBODY; /* the rows are as they were judged */
    const struct report of = {.batch = batch,
                              .channel = &home->policy->channels[0],
                              .policy = home->policy,
                              .snapshot = &NOBODY};
    const struct captions_context c = {.home = home, .report = &of};
    struct named_files named = {0};
    json_t *store = NULL;
    char name[80];
    bool edited = false;
    int stores = -1;
    store_name(batch, name);
    enum status st = folder_open(home->fd, "captions", 0700, &stores, err);
    st = st == STATUS_OK ? store_load(stores, name, &store, err) : st;
    json_t *photos = json_object_get(store, "photos");
    size_t n = json_object_size(photos);
    st = st == STATUS_OK ? forget_gone(home->ledger, batch, photos, &named, err) : st;
    bool same = json_object_size(photos) == n; /* then a list changed by hand may stay, too */
    if (st == STATUS_OK && !listed) {
        st = set_edited_aside(&c, dir, store, &edited, err);
        (void)unlinkat(dir, "captions.csv", 0);
    }
    if (st == STATUS_OK && !listed && json_object_size(photos) == 0) {
        (void)unlinkat(stores, name, 0);
    } else if (st == STATUS_OK && !same) {
        st = write_both(&c, &named, dir, stores, store, listed, &edited, err);
    }
    named_files_release(&named);
    json_decref(store);
    if (stores >= 0) {
        (void)close(stores);
    }
    return st;
}
