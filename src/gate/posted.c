/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ends of a publication, into the ledger. */
#include "photogate/posted.h"

#include <stdlib.h>
#include <string.h>

#include "approved.h"
#include "clearing.h"
#include "photogate/names.h"

enum { LOOK_UP_BYTES = 1024 * 1024 * 1024 };

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
}

/* "trip/photo-0001.jpg" of any path that ends so. */
static bool split_photo(struct text photo, char batch[65], char file[PHOTO_FILE_BYTES])
{
    size_t slash = photo.n, before;
    while (slash > 0 && photo.at[slash - 1] != '/') {
        slash--;
    }
    if (slash < 2) {
        return false;
    }
    for (before = slash - 1; before > 0 && photo.at[before - 1] != '/';) {
        before--;
    }
    size_t n_batch = slash - 1 - before, n_file = photo.n - slash;
    if (n_batch == 0 || n_batch > 64 || n_file == 0 || n_file >= PHOTO_FILE_BYTES) {
        return false;
    }
    memcpy(batch, photo.at + before, n_batch);
    batch[n_batch] = '\0';
    memcpy(file, photo.at + slash, n_file);
    file[n_file] = '\0';
    return true;
}

static enum status find_photo(const struct named_files *named, struct text photo,
                              const struct named_file **out, struct err *err)
{
    char batch[65], file[PHOTO_FILE_BYTES];
    const struct named_file *f =
        split_photo(photo, batch, file) ? named_files_find(named, batch, file) : NULL;
    if (!f) {
        return err_set(err, STATUS_USAGE,
                       "'%.*s' is no approved photo; name it as it stands in approved/: "
                       "BATCH/photo-0001.jpg",
                       TEXT_ARG(text_slice(photo, 0, 120)));
    }
    *out = f;
    return STATUS_OK;
}

enum status posted_find(struct ledger *l, struct text photo, int64_t *intent, struct err *err)
{
    struct named_files named = {0};
    const struct named_file *f = NULL;
    enum status st = named_files_read(l, &named, err);
    if (st == STATUS_OK) {
        st = find_photo(&named, photo, &f, err);
    }
    if (st == STATUS_OK) {
        *intent = f->intent;
    }
    named_files_release(&named);
    return st;
}

static bool is_recorded(const struct postings *all, int64_t intent, struct text url)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct posting *p = &all->at[i];
        if (p->intent == intent && !p->taken_down[0] && text_equal(text_of(p->url), url)) {
            return true;
        }
    }
    return false;
}

static enum status check_photo(const struct named_file *f, const struct postings *known,
                               struct text url, struct err *err)
{
    if (f->recalled) {
        return err_set(err, STATUS_USAGE,
                       "%s/%s was recalled and may not be published: take it down from there now",
                       f->batch, f->file);
    }
    return is_recorded(known, f->intent, url)
               ? err_set(err, STATUS_USAGE, "it is recorded already that %s/%s stands there",
                         f->batch, f->file)
               : STATUS_OK;
}

static enum status append_posted(struct ledger *l, int64_t intent, struct text url, struct date on,
                                 const struct actor *actor, const char *now, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    json_t *body = json_pack("{s:I, s:s%, s:s}", "intent", (json_int_t)intent, "url", url.at, url.n,
                             "on", date_format(on, day));
    enum status st = body && actor_record(actor, body) == STATUS_OK
                         ? ledger_append(l, ENTRY_POSTED, now, body, NULL, err)
                         : no_memory(err);
    json_decref(body);
    return st;
}

static enum status check_url(struct home *home, struct text url, struct err *err)
{
    struct arena a;
    struct snapshot people;
    struct lexicon *lexicon = NULL;
    arena_init(&a, LOOK_UP_BYTES);
    enum status st = register_snapshot(home->people, &a, &people, err);
    if (st == STATUS_OK) {
        st = lexicon_build(&people, home->policy, &lexicon, err);
    }
    if (st == STATUS_OK) {
        st = posted_url_check(lexicon, url, err);
    }
    lexicon_free(lexicon);
    arena_release(&a);
    return st;
}

static enum status append_all(struct home *home, const struct named_file *const *found, size_t n,
                              struct text url, struct date on, const struct actor *actor,
                              struct err *err)
{
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = ledger_begin(home->ledger, err);
    if (st != STATUS_OK) {
        return st;
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++) {
            again = again || found[k] == found[i];
        }
        st = again ? STATUS_OK
                   : append_posted(home->ledger, found[i]->intent, url, on, actor, now, err);
    }
    st = st == STATUS_OK ? ledger_commit(home->ledger, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(home->ledger);
    }
    return st;
}

enum status posted_record(struct home *home, const struct text *photos, size_t n, struct text url,
                          struct date on, const struct actor *actor, struct err *err)
{
    struct named_files named = {0};
    struct postings known = {0};
    const struct named_file **found = calloc(n ? n : 1, sizeof *found);
    enum status st = found ? check_url(home, url, err) : no_memory(err);
    if (st == STATUS_OK && date_compare(on, date_today()) > 0) {
        st = err_set(err, STATUS_USAGE, "that day has not come yet");
    }
    if (st == STATUS_OK) {
        st = named_files_read(home->ledger, &named, err);
    }
    if (st == STATUS_OK) {
        st = postings_read(home->ledger, home->policy, &known, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = find_photo(&named, photos[i], &found[i], err);
        st = st == STATUS_OK ? check_photo(found[i], &known, url, err) : st;
    }
    if (st == STATUS_OK) {
        st = append_all(home, found, n, url, on, actor, err);
    }
    named_files_release(&named);
    postings_release(&known);
    free(found);
    return st;
}

static enum status append_end(struct ledger *l, const struct posting *p, struct text reason,
                              const struct actor *actor, const char *now, struct err *err)
{
    json_t *body = json_pack("{s:I}", "posted", (json_int_t)p->entry);
    bool bad =
        !body || actor_record(actor, body) != STATUS_OK ||
        (reason.n && json_object_set_new(body, "reason", json_stringn(reason.at, reason.n)) != 0);
    enum status st =
        bad ? no_memory(err) : ledger_append(l, ENTRY_TAKEN_DOWN, now, body, NULL, err);
    json_decref(body);
    return st;
}

static enum status end_all(struct home *home, const struct postings *known, int64_t intent,
                           struct text url, struct text reason, const struct actor *actor,
                           size_t *n, struct err *err)
{
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = ledger_begin(home->ledger, err);
    if (st != STATUS_OK) {
        return st;
    }
    for (size_t i = 0; st == STATUS_OK && i < known->n; i++) {
        const struct posting *p = &known->at[i];
        if (p->intent == intent && !p->taken_down[0] &&
            (!url.n || text_equal(url, text_of(p->url)))) {
            st = append_end(home->ledger, p, reason, actor, now, err);
            ++*n;
        }
    }
    if (st == STATUS_OK && *n == 0) {
        st = err_set(err, STATUS_USAGE,
                     "nothing is recorded of that photo that still stands %s; 'photogate published "
                     "--list' tells what is",
                     url.n ? "at that address" : "anywhere");
    }
    st = st == STATUS_OK ? ledger_commit(home->ledger, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(home->ledger);
    }
    return st;
}

enum status posted_end(struct home *home, struct text photo, struct text url, struct text reason,
                       const struct actor *actor, size_t *n, struct err *err)
{
    struct named_files named = {0};
    struct postings known = {0};
    const struct named_file *f = NULL;
    size_t ended = 0;
    enum status st = reason.n ? reason_check(home, reason, err) : STATUS_OK;
    if (st == STATUS_OK) {
        st = named_files_read(home->ledger, &named, err);
    }
    if (st == STATUS_OK) {
        st = find_photo(&named, photo, &f, err);
    }
    if (st == STATUS_OK) {
        st = postings_read(home->ledger, home->policy, &known, err);
    }
    if (st == STATUS_OK) {
        st = end_all(home, &known, f->intent, url, reason, actor, &ended, err);
    }
    named_files_release(&named);
    postings_release(&known);
    if (st == STATUS_OK) {
        *n = ended;
    }
    return st;
}
