/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recall_lists.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run_files.h"

#define SUMS_MAX_BYTES ((size_t)1024 * 1024 * 1024)

/* A batch's rows of `named`: sorted, they stand together. */
struct batch_rows {
    const struct named_file *at;
    size_t n;
};

static enum status add_sums(const struct batch_rows *rows, struct buffer *out, struct err *err)
{
    for (size_t i = 0; i < rows->n; i++) {
        char hex[DIGEST_HEX_BYTES];
        if (!rows->at[i].recalled) {
            buffer_format(out, "%s  %s\n", digest_hex(&rows->at[i].release, hex), rows->at[i].file);
        }
    }
    return buffer_status(out, err);
}

/* Does the file say so already? A batch without photos needs none. */
static bool sums_agree(int dir, const struct buffer *sums)
{
    struct buffer is;
    struct err ignored = {0};
    bool there = faccessat(dir, "SHA256SUMS", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    if (!there) {
        return sums->n == 0;
    }
    buffer_init(&is, SUMS_MAX_BYTES);
    bool same = file_read(dir, "SHA256SUMS", SUMS_MAX_BYTES, &is, &ignored) == STATUS_OK &&
                is.n == sums->n && (is.n == 0 || memcmp(is.at, sums->at, is.n) == 0);
    buffer_release(&is);
    return same;
}

static enum status write_lists(struct recall_lists *l, const struct captions_context *c, int dir,
                               const struct buffer *sums, struct err *err)
{
    struct captions_told told = {0};
    enum status st = STATUS_OK;
    if (l->n_lists == 0) { /* seldom needed, and it reads the ledger */
        st = waitings_read(l->home->ledger, &l->waiting, err);
    }
    if (st == STATUS_OK) {
        st = captions_rewrite(c, l->named, &l->waiting, dir, true, &told, err);
    }
    if (st == STATUS_OK) {
        st = file_replace(dir, "SHA256SUMS", buffer_view(sums), 0640, err);
    }
    l->n_captions += told.n_blanked;
    l->n_edited += told.edited;
    l->n_lists++;
    return st;
}

static enum status look_at_batch(struct recall_lists *l, const struct batch_rows *rows,
                                 struct err *err)
{
    char path[sizeof "approved/" + sizeof rows->at->batch];
    const char *batch = rows->at->batch;
    const struct policy *policy = l->home->policy;
    const struct report report = {.school = l->home->school->name,
                                  .batch = text_of(batch),
                                  .channel = &policy->channels[0], /* nothing of it is written */
                                  .policy = policy,
                                  .snapshot = l->people,
                                  .date = l->date};
    const struct captions_context c = {l->home, &report, l->lexicon, policy->names_with_photo};
    struct buffer sums;
    json_t *photos = NULL;
    (void)snprintf(path, sizeof path, "approved/%s", batch);
    int dir = openat(l->home->fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0) { /* `photogate verify` tells of photos that are gone */
        return errno == ENOENT ? STATUS_OK
                               : err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
    }
    buffer_init(&sums, SUMS_MAX_BYTES);
    enum status st = add_sums(rows, &sums, err);
    if (st == STATUS_OK) {
        st = captions_kept(l->home, text_of(batch), &photos, err);
    }
    if (st == STATUS_OK && (!sums_agree(dir, &sums) || captions_failing(&c, photos))) {
        st = write_lists(l, &c, dir, &sums, err);
    }
    json_decref(photos);
    buffer_release(&sums);
    (void)close(dir);
    return st;
}

enum status recall_write_lists(struct recall_lists *l, struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < l->named->n;) {
        struct batch_rows rows = {&l->named->at[i], 0};
        while (i < l->named->n && strcmp(l->named->at[i].batch, rows.at->batch) == 0) {
            rows.n++;
            i++;
        }
        struct text batch = text_of(rows.at->batch);
        if ((!l->only.n || text_equal(l->only, batch)) &&
            (!l->except.n || !text_equal(l->except, batch))) {
            st = look_at_batch(l, &rows, err);
        }
    }
    waitings_release(&l->waiting);
    return st;
}
