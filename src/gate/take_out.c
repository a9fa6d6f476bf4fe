/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "take_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "approved.h"
#include "commit.h"
#include "run_files.h"

#define SUMS_MAX_BYTES ((size_t)256 * 1024 * 1024)

static enum status record(struct home *home, const struct leaving *photos, size_t n,
                          const char *why, const struct actor *actor, struct err *err)
{
    char when[TIME_TEXT_BYTES];
    time_now(when);
    enum status st = ledger_begin(home->ledger, err);
    if (st != STATUS_OK) {
        return st;
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        json_t *body =
            json_pack("{s:I, s:s}", "intent", (json_int_t)photos[i].intent, "reason", why);
        st = body && actor_record(actor, body) == STATUS_OK
                 ? ledger_append(home->ledger, ENTRY_RECALLED, when, body, NULL, err)
                 : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
        json_decref(body);
    }
    st = st == STATUS_OK ? ledger_commit(home->ledger, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(home->ledger);
    }
    return st;
}

/* Into recalled/, as every photo goes: while it stands there, the lists may still name it. */
static enum status move_file(struct home *home, const struct leaving *p, int batch, struct err *err)
{
    char path[160];
    if (faccessat(batch, p->file, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return STATUS_OK; /* somebody was faster; `photogate verify` told of it */
    }
    (void)snprintf(path, sizeof path, "recalled/%s/%s", p->batch, p->file);
    (void)unlinkat(home->fd, path, 0);
    return recalled_move(home, batch, p->batch, p->file, err);
}

static enum status delete_file(struct home *home, const struct leaving *p, struct err *err)
{
    char path[160];
    (void)snprintf(path, sizeof path, "recalled/%s/%s", p->batch, p->file);
    return unlinkat(home->fd, path, 0) == 0 || errno == ENOENT
               ? STATUS_OK
               : err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
}

/* SHA256SUMS and captions.csv without what has left. A batch without photos needs neither. */
static enum status write_lists(struct home *home, const char *batch, int dir, struct err *err)
{
    struct buffer sums;
    buffer_init(&sums, SUMS_MAX_BYTES);
    enum status st = batch_sums(home->ledger, text_of(batch), &sums, err);
    st = st == STATUS_OK ? captions_prune(home, text_of(batch), dir, sums.n > 0, err) : st;
    if (st == STATUS_OK && sums.n) {
        st = file_replace(dir, "SHA256SUMS", buffer_view(&sums), 0640, err);
    } else if (st == STATUS_OK && unlinkat(dir, "SHA256SUMS", 0) != 0 && errno != ENOENT) {
        st = err_set(err, STATUS_IO, "SHA256SUMS: %s", strerror(errno));
    }
    buffer_release(&sums);
    return st;
}

/* Folders stay where something is left in them. */
static void remove_empty(struct home *home, const char *batch)
{
    char path[80];
    (void)snprintf(path, sizeof path, "approved/%s", batch);
    (void)unlinkat(home->fd, path, AT_REMOVEDIR);
    (void)snprintf(path, sizeof path, "recalled/%s", batch);
    (void)unlinkat(home->fd, path, AT_REMOVEDIR);
}

enum status batch_lists_renew(struct home *home, const char *batch, struct err *err)
{
    int dir = -1;
    enum status st = approved_open(home, text_of(batch), &dir, err);
    st = st == STATUS_OK ? write_lists(home, batch, dir, err) : st;
    if (dir >= 0) {
        (void)close(dir);
    }
    remove_empty(home, batch);
    return st;
}

static bool is_first_of_batch(const struct leaving *photos, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(photos[k].batch, photos[i].batch) == 0) {
            return false;
        }
    }
    return true;
}

static enum status empty_batch(struct home *home, const struct leaving *photos, size_t first,
                               size_t n, struct err *err)
{
    const char *batch = photos[first].batch;
    int dir = -1;
    enum status st = approved_open(home, text_of(batch), &dir, err);
    for (size_t i = first; st == STATUS_OK && i < n; i++) {
        st = strcmp(photos[i].batch, batch) == 0 ? move_file(home, &photos[i], dir, err) : st;
    }
    if (dir >= 0) {
        (void)close(dir);
    }
    st = st == STATUS_OK ? batch_lists_renew(home, batch, err) : st;
    for (size_t i = first; st == STATUS_OK && i < n; i++) {
        st = strcmp(photos[i].batch, batch) == 0 ? delete_file(home, &photos[i], err) : st;
    }
    remove_empty(home, batch);
    return st;
}

enum status photos_take_out(struct home *home, const struct leaving *photos, size_t n,
                            const char *why, const struct actor *actor, struct err *err)
{
    enum status st = n ? record(home, photos, n, why, actor, err) : STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        if (is_first_of_batch(photos, i)) {
            st = empty_batch(home, photos, i, n, err);
        }
    }
    return st;
}
