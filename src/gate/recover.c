/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kill or a power cut left, put right at the next start. For each intent without an end:
 *
 *   its final name stands with its digest    -> published (recovered)
 *   it does not                              -> abandoned; the photo is judged again
 *
 * A photo that was only staged is not put in place now: since it was judged, a consent may have
 * been withdrawn. What was recalled and still stands is taken out. Then staging/ is swept (only we
 * write there), and what stands in approved/ without an entry is set aside with an alarm. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "approved.h"
#include "awaiting.h"
#include "commit.h"
#include "photogate/run.h"

struct left_over {
    int64_t intent;
    char batch[65], file[PHOTO_FILE_BYTES];
    struct digest release;
};

struct left_overs {
    struct left_over *at;
    size_t n, cap;
};

static enum status add_left_over(void *context, const struct entry *e, struct err *err)
{
    struct left_overs *all = context;
    if (all->n == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 64;
        struct left_over *grown = realloc(all->at, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while recovering");
        }
        all->at = grown;
        all->cap = cap;
    }
    struct left_over *o = &all->at[all->n];
    const char *batch = json_string_value(json_object_get(e->body, "batch"));
    const char *file = json_string_value(json_object_get(e->body, "file"));
    const char *release = json_string_value(json_object_get(e->body, "release"));
    if (!batch || !file || !release || strchr(file, '/') || !batch_name_is_valid(text_of(batch)) ||
        !digest_from_hex(text_of(release), &o->release)) {
        return err_set(err, STATUS_BROKEN, "ledger entry %lld is no intent", (long long)e->seq);
    }
    o->intent = e->seq;
    (void)snprintf(o->batch, sizeof o->batch, "%s", batch);
    (void)snprintf(o->file, sizeof o->file, "%s", file);
    all->n++;
    return STATUS_OK;
}

/* *published tells which end the intent comes to. */
static enum status finish_intent(struct home *home, const struct left_over *o, bool *published,
                                 struct err *err)
{
    int batch = -1;
    enum status st = approved_open(home, text_of(o->batch), &batch, err);
    if (st != STATUS_OK) {
        return st;
    }
    *published = file_standing(batch, o->file, &o->release) == STANDS;
    if (*published && fsync(batch) != 0) {
        st = err_set(err, STATUS_IO, "approved/%s: %s", o->batch, strerror(errno));
    }
    (void)close(batch);
    return st;
}

static enum status record_end(struct ledger *l, const struct left_over *o, bool published,
                              struct err *err)
{
    char now[TIME_TEXT_BYTES];
    time_now(now);
    int64_t seq;
    json_t *body = published
                       ? json_pack("{s:I, s:b}", "intent", (json_int_t)o->intent, "recovered", 1)
                       : json_pack("{s:I, s:s}", "intent", (json_int_t)o->intent, "reason",
                                   "the run was cut short before the photo was in place");
    enum status st =
        body ? ledger_append(l, published ? ENTRY_PUBLISHED : ENTRY_ABANDONED, now, body, &seq, err)
             : err_set(err, STATUS_NOMEM, "out of memory while recovering");
    json_decref(body);
    return st;
}

static enum status end_intents(struct home *home, struct recovery *out, struct err *err)
{
    struct left_overs all = {0};
    enum status st = ledger_pending(home->ledger, add_left_over, &all, err);
    if (st == STATUS_OK && all.n) {
        st = ledger_begin(home->ledger, err);
        for (size_t i = 0; st == STATUS_OK && i < all.n; i++) {
            bool published = false;
            st = finish_intent(home, &all.at[i], &published, err);
            if (st == STATUS_OK) {
                st = record_end(home->ledger, &all.at[i], published, err);
                out->n_recovered += published;
                out->n_abandoned += !published;
            }
        }
        if (st == STATUS_OK) {
            st = ledger_commit(home->ledger, err);
        } else {
            ledger_rollback(home->ledger);
        }
    }
    free(all.at);
    return st;
}

static enum status sweep_staging(int staging, struct err *err)
{
    int copy = openat(staging, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    if (!dir) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return err_set(err, STATUS_IO, "staging: %s", strerror(errno));
    }
    for (const struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        struct text name = text_of(e->d_name);
        if (text_ends_with_nocase(name, TEXT(".part")) ||
            text_ends_with_nocase(name, TEXT(".part.new"))) {
            (void)unlinkat(staging, e->d_name, 0);
        }
    }
    (void)closedir(dir);
    return STATUS_OK;
}

struct alarms {
    struct home *home;
    struct named_files named;
    struct recovery *recovery;
};

/* Moved, not deleted: it may be somebody's only copy. The name may be a pupil's, so neither ledger
 * nor message carries it. */
static enum status set_aside(struct alarms *a, int dir, const char *batch, const char *name,
                             struct err *err)
{
    char now[TIME_TEXT_BYTES], kept[64];
    time_now(now);
    int aside = -1;
    int64_t seq;
    json_t *body = NULL;
    struct entry head;
    bool found = false;
    enum status st = folder_open(a->home->fd, "set-aside", 0700, &aside, err);
    if (st == STATUS_OK) {
        st = ledger_head(a->home->ledger, &head, &found, err);
    }
    if (st != STATUS_OK) {
        goto out;
    }
    /* named after the entry that will tell of it: no two alike */
    (void)snprintf(kept, sizeof kept, "entry-%lld", (long long)(found ? head.seq + 1 : 1));
    if (found) {
        entry_release(&head);
    }
    body = json_pack("{s:s, s:s, s:s}", "batch", batch, "kept", kept, "what",
                     "a file stood in approved/ that no ledger entry names");
    st = body ? ledger_begin(a->home->ledger, err)
              : err_set(err, STATUS_FORMAT, "a folder in approved/ has a name that is not text");
    if (st == STATUS_OK) {
        st = ledger_append(a->home->ledger, ENTRY_ALARM, now, body, &seq, err);
        st = st == STATUS_OK ? ledger_commit(a->home->ledger, err) : st;
        if (st != STATUS_OK) {
            ledger_rollback(a->home->ledger);
        }
    }
    json_decref(body);
    if (st == STATUS_OK && (renameat2(dir, name, aside, kept, RENAME_NOREPLACE) != 0 ||
                            fsync(aside) != 0 || fsync(dir) != 0)) {
        st = err_set(err, STATUS_IO,
                     "a file that nobody approved could not be moved out of approved/: %s",
                     strerror(errno));
    }
    if (st == STATUS_OK && a->recovery->n_alarms++ == 0) {
        (void)snprintf(a->recovery->first_alarm, sizeof a->recovery->first_alarm,
                       "approved/%s held a file that nobody approved; it is now set-aside/%s",
                       batch, kept);
    }
out:
    if (aside >= 0) {
        (void)close(aside);
    }
    return st;
}

static enum status look_at(void *context, int dir, const char *batch, const char *name,
                           struct err *err)
{
    struct alarms *a = context;
    const struct named_file *f = named_files_find(&a->named, batch, name);
    if (f && f->recalled) { /* a kill came between the entry and the move */
        return recalled_move(a->home, dir, batch, name, err);
    }
    return f ? STATUS_OK : set_aside(a, dir, batch, name, err);
}

enum status run_recover(struct home *home, struct recovery *out, struct err *err)
{
    struct recovery r = {0};
    struct alarms a = {.home = home, .recovery = &r};
    int staging = -1;
    enum status st = folder_open(home->fd, "staging", 0700, &staging, err);
    if (st == STATUS_OK) {
        st = end_intents(home, &r, err);
    }
    if (st == STATUS_OK) {
        st = sweep_staging(staging, err);
    }
    if (st == STATUS_OK) {
        st = awaiting_sweep(home, err);
    }
    if (st == STATUS_OK) {
        st = named_files_read(home->ledger, &a.named, err);
    }
    if (st == STATUS_OK) {
        st = approved_each(home, look_at, &a, err);
    }
    named_files_release(&a.named);
    if (staging >= 0) {
        (void)close(staging);
    }
    *out = r; /* on failure too: an alarm must be told */
    return st;
}
