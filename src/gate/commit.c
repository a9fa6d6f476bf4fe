/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commit.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "committer.h"
#include "record.h"

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* As much of a file as tells what it is (photo.h). */
enum { IDENTIFY_BYTES = 4096 };

static void staged_name(uint32_t position, char out[32])
{
    (void)snprintf(out, 32, "%07u.part", (unsigned)position);
}

static enum status read_past(struct committer *c, struct err *err)
{
    named_files_release(&c->standing);
    waitings_release(&c->waiting);
    enum status st = named_files_read(c->context.home->ledger, &c->standing, err);
    return st == STATUS_OK ? waitings_read(c->context.home->ledger, &c->waiting, err) : st;
}

enum status committer_open(const struct commit_context *context, struct committer **out,
                           struct err *err)
{
    struct committer *c = calloc(1, sizeof *c);
    if (!c) {
        return err_set(err, STATUS_NOMEM, "out of memory while getting ready to publish");
    }
    c->context = *context;
    c->approved = c->staging = c->awaiting = -1;
    c->second = context->channel->second_person == SECOND_ALWAYS ||
                context->channel->second_person == SECOND_IF_POSSIBLE;
    enum status st = approved_open(context->home, context->batch, &c->approved, err);
    if (st == STATUS_OK) {
        st = folder_open(context->home->fd, "staging", 0700, &c->staging, err);
    }
    if (st == STATUS_OK) {
        st = ledger_last_case(context->home->ledger, &c->last_case, err);
    }
    if (st == STATUS_OK) {
        st = ledger_last_photo(context->home->ledger, context->batch, &c->last_photo, err);
    }
    if (st == STATUS_OK) {
        st = read_past(c, err);
    }
    int64_t last_waiting = waitings_last_photo(&c->waiting, context->batch);
    if (st == STATUS_OK && (c->second || last_waiting)) {
        st = awaiting_open(context->home, context->batch, &c->awaiting, err);
    }
    c->last_photo = last_waiting > c->last_photo ? last_waiting : c->last_photo;
    if (st != STATUS_OK) {
        committer_close(c);
        return st;
    }
    *out = c;
    return STATUS_OK;
}

static void drop_group(struct committer *c)
{
    for (size_t i = 0; i < c->n_group; i++) {
        json_decref(c->group[i].body);
        if (c->group[i].fd >= 0) {
            (void)close(c->group[i].fd);
        }
    }
    c->n_group = 0;
    c->n_recalls = c->n_declines = 0;
}

void committer_close(struct committer *c)
{
    if (!c) {
        return;
    }
    drop_group(c);
    free(c->recalls);
    free(c->declines);
    named_files_release(&c->standing);
    waitings_release(&c->waiting);
    if (c->approved >= 0) {
        (void)close(c->approved);
    }
    if (c->staging >= 0) {
        (void)close(c->staging);
    }
    if (c->awaiting >= 0) {
        (void)close(c->awaiting);
    }
    free(c);
}

enum status release_matches(struct bytes release, const struct proof *proof, struct err *err)
{
    struct digest now;
    enum status st = digest_of(release, &now, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!digest_equal(&now, &proof->release_digest) || proof->same_picture != KNOWN_YES ||
        file_identify(bytes_slice(release, 0, IDENTIFY_BYTES)) != proof->kind) {
        return err_set(err, STATUS_BROKEN, "the cleaned photo is not what its examiner proved");
    }
    return release_check(release, err) == STATUS_OK ? STATUS_OK : STATUS_BROKEN;
}

/* A new file in staging/, the gate's own: no examiner ever has it open. */
static enum status stage(struct committer *c, struct pending *p, struct bytes release,
                         struct err *err)
{
    p->fd =
        openat(c->staging, p->staged, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = p->fd >= 0;
    for (size_t done = 0; ok && done < release.n;) {
        ssize_t n = write(p->fd, release.at + done, release.n - done);
        ok = n > 0 || (n < 0 && errno == EINTR);
        done += n > 0 ? (size_t)n : 0;
    }
    return ok ? STATUS_OK
              : err_set(err, STATUS_IO, "a cleaned photo could not be written to staging/: %s",
                        strerror(errno));
}

/* Entries that other entries of this run rest on, and `published` rows of the group before. */
static enum status append_preface(struct committer *c, const char *now, struct err *err)
{
    struct ledger *l = c->context.home->ledger;
    enum status st = STATUS_OK;
    int64_t seq;
    for (size_t i = 0; st == STATUS_OK && i < c->n_published; i++) {
        json_t *body =
            json_pack("{s:I, s:b}", "intent", (json_int_t)c->published[i], "recovered", 0);
        st = body ? ledger_append(l, ENTRY_PUBLISHED, now, body, &seq, err)
                  : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
        json_decref(body);
    }
    if (st == STATUS_OK && (c->n_group || c->n_declines) && !c->run_recorded) {
        st = ledger_append(l, ENTRY_RUN, now, c->context.run, &seq, err);
    }
    return st;
}

static enum status append_recall(struct committer *c, const struct recall *r, const char *now,
                                 struct err *err)
{
    int64_t seq;
    json_t *body = json_pack("{s:I, s:I}", "intent", (json_int_t)r->file->intent, "case",
                             (json_int_t)r->outcome->case_no);
    enum status st =
        body ? ledger_append(c->context.home->ledger, ENTRY_RECALLED, now, body, &seq, err)
             : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    json_decref(body);
    return st;
}

static enum entry_kind kind_of(const struct pending *p)
{
    switch (p->goes) {
    case GOES_OUT:
        return ENTRY_INTENT;
    case GOES_WAITING:
    case GOES_ON_WAITING:
        return ENTRY_AWAITING;
    case GOES_NOWHERE:
        break;
    }
    return p->outcome->ruling->verdict == VERDICT_HELD ? ENTRY_HELD : ENTRY_REJECTED;
}

static enum status append_group(struct committer *c, const char *now, struct err *err)
{
    enum status st = append_preface(c, now, err);
    for (size_t i = 0; st == STATUS_OK && i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        st = ledger_append(c->context.home->ledger, kind_of(p), now, p->body, &p->entry, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < c->n_declines; i++) {
        const struct decline *d = &c->declines[i];
        bool refused = d->outcome->ruling->verdict != VERDICT_APPROVED;
        st = waiting_decline(c->context.home->ledger, d->waiting, now, NULL, ROLE_NONE,
                             refused ? "it may not be published any more"
                                     : "another version takes its place",
                             d->outcome->case_no, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < c->n_recalls; i++) {
        st = append_recall(c, &c->recalls[i], now, err);
    }
    return st;
}

/* Has somebody imported a new register since this run took its snapshot? Then what was judged may
 * no longer hold. */
static enum status register_unchanged(struct committer *c, bool *unchanged, struct err *err)
{
    int64_t now = -1;
    enum status st = register_version(c->context.home->people, &now, err);
    if (st == STATUS_OK) {
        *unchanged = now == c->context.snapshot->version;
    }
    return st;
}

/* It was judged by a register that is no more. */
static enum status abandon(struct committer *c, const struct pending *p, const char *now,
                           struct err *err)
{
    static const char WHY[] = "the register changed during the run";
    struct ledger *l = c->context.home->ledger;
    struct waiting w = {.entry = p->entry, .source = p->outcome->source};
    if (p->goes == GOES_WAITING || p->goes == GOES_ON_WAITING) {
        (void)snprintf(w.batch, sizeof w.batch, "%.*s", TEXT_ARG(c->context.batch));
        return waiting_decline(l, &w, now, NULL, ROLE_NONE, WHY, 0, err);
    }
    json_t *body = json_pack("{s:I, s:s}", "intent", (json_int_t)p->entry, "reason", WHY);
    enum status st = body ? ledger_append(l, ENTRY_ABANDONED, now, body, NULL, err)
                          : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    json_decref(body);
    return st;
}

static enum status abandon_group(struct committer *c, struct err *err)
{
    struct ledger *l = c->context.home->ledger;
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = ledger_begin(l, err);
    for (size_t i = 0; st == STATUS_OK && i < c->n_group; i++) {
        if (c->group[i].goes != GOES_NOWHERE) {
            st = abandon(c, &c->group[i], now, err);
        }
    }
    if (st == STATUS_OK) {
        st = ledger_commit(l, err);
    } else {
        ledger_rollback(l);
    }
    return st == STATUS_OK
               ? err_set(err, STATUS_BUSY,
                         "the register was changed during the run; nothing more was published; "
                         "run again")
               : st;
}

/* Out of approved/ goes what may no longer stand there, whatever becomes of the rest of the group.
 */
static enum status move_recalled(struct committer *c, struct err *err)
{
    for (size_t i = 0; i < c->n_recalls; i++) {
        const struct named_file *f = c->recalls[i].file;
        enum status st = faccessat(c->approved, f->file, F_OK, AT_SYMLINK_NOFOLLOW) == 0
                             ? recalled_move(c->context.home, c->approved, f->batch, f->file, err)
                             : STATUS_OK; /* somebody took it out before us */
        if (st != STATUS_OK) {
            return st;
        }
    }
    for (size_t i = 0; i < c->n_declines; i++) { /* never published: nobody needs to keep it */
        const char *file = c->declines[i].waiting->file;
        if (unlinkat(c->awaiting, file, 0) != 0 && errno != ENOENT) {
            return err_set(err, STATUS_IO, "awaiting/%.*s/%s: %s", TEXT_ARG(c->context.batch), file,
                           strerror(errno));
        }
    }
    return STATUS_OK;
}

/* Into approved/ or awaiting/, never over anything. One fsync of a folder makes the group's names
 * in it durable. */
static enum status rename_group(struct committer *c, struct err *err)
{
    int64_t put[COMMIT_GROUP_PHOTOS] = {0};
    size_t n = 0, n_waiting = 0;
    for (size_t i = 0; i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        const char *file = p->outcome->file;
        bool out = p->goes == GOES_OUT;
        if (!out && p->goes != GOES_WAITING) {
            continue;
        }
        const char *top = out ? "approved" : "awaiting";
        if (renameat2(c->staging, p->staged, out ? c->approved : c->awaiting, file,
                      RENAME_NOREPLACE) != 0) {
            return errno == EEXIST
                       ? err_set(err, STATUS_BROKEN,
                                 "%s/%.*s/%s is there already, and the ledger does not know it",
                                 top, TEXT_ARG(c->context.batch), file)
                       : err_set(err, STATUS_IO, "%s/%.*s/%s: %s", top, TEXT_ARG(c->context.batch),
                                 file, strerror(errno));
        }
        if (out) {
            put[n++] = p->entry;
        } else {
            n_waiting++;
        }
    }
    if ((n && fsync(c->approved) != 0) || (n_waiting && fsync(c->awaiting) != 0)) {
        return err_set(err, STATUS_IO, "approved/%.*s: %s", TEXT_ARG(c->context.batch),
                       strerror(errno));
    }
    memcpy(c->published, put, n * sizeof *put);
    c->n_published = n;
    return STATUS_OK;
}

/* The bytes and the mode of every new photo are on disk before the ledger names them. */
static enum status sync_group(struct committer *c, struct err *err)
{
    for (size_t i = 0; i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        if (p->fd < 0) {
            continue;
        }
        bool ok = fchmod(p->fd, 0640) == 0 && fdatasync(p->fd) == 0;
        int why = errno;
        (void)close(p->fd);
        p->fd = -1;
        if (!ok) { /* never retried: after a failed sync nobody knows what is on the disk */
            return err_set(err, STATUS_IO, "a cleaned photo could not be made durable: %s",
                           strerror(why));
        }
    }
    return STATUS_OK;
}

static enum status flush_steps(struct committer *c, struct err *err)
{
    struct ledger *l = c->context.home->ledger;
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = sync_group(c, err);
    if (st == STATUS_OK) {
        st = ledger_begin(l, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    st = append_group(c, now, err);
    st = st == STATUS_OK ? ledger_commit(l, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(l);
        return st;
    }
    c->n_published = 0;
    c->run_recorded = c->run_recorded || c->n_group || c->n_declines;
    bool unchanged = true;
    st = move_recalled(c, err);
    if (st == STATUS_OK && c->n_group) {
        st = register_unchanged(c, &unchanged, err);
    }
    if (st == STATUS_OK) {
        st = unchanged ? rename_group(c, err) : abandon_group(c, err);
    }
    return st;
}

static enum status flush(struct committer *c, struct err *err)
{
    if (c->failed || (c->n_group == 0 && c->n_published == 0 && c->n_declines == 0)) {
        return STATUS_OK;
    }
    enum status st = flush_steps(c, err);
    c->failed = st != STATUS_OK;
    drop_group(c);
    return st;
}

/* Nothing new to tell: the same ruling is in the ledger already. */
static bool is_as_before(const struct outcome *o, const json_t *body)
{
    if (!o->earlier->known || o->earlier->verdict != o->ruling->verdict) {
        return false;
    }
    return o->ruling->verdict == VERDICT_APPROVED ? true
                                                  : record_same_ruling(o->earlier->body, body);
}

static enum status number(struct committer *c, struct pending *p, struct err *err)
{
    struct outcome *o = p->outcome;
    int bad = 0;
    if (p->goes == GOES_NOWHERE) {
        bool had = o->earlier->known && o->earlier->case_no;
        o->case_no = had ? o->earlier->case_no : ++c->last_case;
        bad |= json_object_set_new(p->body, "case", json_integer(o->case_no));
    } else {
        assert(o->proof && o->release.n);
        char hex[DIGEST_HEX_BYTES];
        int64_t photo = ++c->last_photo;
        (void)snprintf(o->file, sizeof o->file, "photo-%04lld.%s", (long long)photo,
                       o->proof->kind == FILE_PNG ? "png" : "jpg");
        staged_name(o->evidence->position, p->staged);
        bad |= json_object_set_new(p->body, "photo", json_integer(photo));
        bad |= json_object_set_new(p->body, "file", json_string(o->file));
        bad |= json_object_set_new(p->body, "release",
                                   json_string(digest_hex(&o->proof->release_digest, hex)));
        bad |= json_object_set_new(p->body, "picture", record_picture(o->proof));
    }
    return bad ? err_set(err, STATUS_NOMEM, "out of memory while writing the ledger") : STATUS_OK;
}

/* Its entry speaks of a register or policy that is no more: judged again, it goes on waiting under
 * a new one. Who handed it in stays the same. */
static bool is_stale(const struct outcome *o, const json_t *body)
{
    static const char *const MOVES[] = {"policy", "register_version", "cleared"};
    const json_t *was = o->earlier->body;
    for (size_t i = 0; i < sizeof MOVES / sizeof MOVES[0]; i++) {
        const json_t *x = json_object_get(was, MOVES[i]), *y = json_object_get(body, MOVES[i]);
        if ((x || y) && !json_equal(x, y)) {
            return true;
        }
    }
    return !record_same_ruling(was, body) || /* who is listed, the words beside it */
           (o->ruling->n_clearances &&
            !json_equal(json_object_get(was, "date"), json_object_get(body, "date")));
}

static enum status renew(struct pending *p, struct err *err)
{
    static const char *const KEPT[] = {"photo",   "file",      "release", "picture", "by",
                                       "runs_as", "sudo_user", "owner",   "covered"};
    const struct earlier *was = p->outcome->earlier;
    int bad = json_object_set(p->body, "renewed_by", json_object_get(p->body, "by"));
    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++) {
        json_t *value = json_object_get(was->body, KEPT[i]);
        if (value) {
            bad |= json_object_set(p->body, KEPT[i], value);
        } else {
            (void)json_object_del(p->body, KEPT[i]);
        }
    }
    bad |= json_object_set_new(p->body, "renews", json_integer(was->waiting));
    return bad ? err_set(err, STATUS_NOMEM, "out of memory while writing the ledger") : STATUS_OK;
}

/* What is as it was before. */
static void stay(struct outcome *o)
{
    bool approved = o->ruling->verdict == VERDICT_APPROVED;
    o->as_before = true;
    o->waits = o->earlier->waiting != 0;
    o->case_no = approved ? 0 : o->earlier->case_no;
    (void)snprintf(o->file, sizeof o->file, "%s", approved ? o->earlier->file : "");
}

static struct pending *join_group(struct committer *c, struct outcome *o, json_t *body,
                                  enum goes goes)
{
    if (c->n_group == 0) {
        c->first_ms = now_ms();
    }
    struct pending *p = &c->group[c->n_group++];
    *p = (struct pending){.outcome = o, .body = body, .fd = -1, .goes = goes};
    return p;
}

enum status committer_add(struct committer *c, struct outcome *o, struct err *err)
{
    bool approved = o->ruling->verdict == VERDICT_APPROVED;
    size_t had = c->n_recalls + c->n_declines;
    enum status st = find_superseded(c, o, err);
    if (st != STATUS_OK) {
        return st;
    }
    bool superseded = !approved && c->n_recalls + c->n_declines != had;
    json_t *body = record_ruling(&c->context, o, err);
    if (!body) {
        return err ? err->status : STATUS_NOMEM;
    }
    if (!superseded && is_as_before(o, body)) {
        stay(o);
        if (o->waits && is_stale(o, body)) {
            st = renew(join_group(c, o, body, GOES_ON_WAITING), err);
        } else {
            json_decref(body);
        }
    } else {
        struct pending *p = join_group(c, o, body,
                                       !approved   ? GOES_NOWHERE
                                       : c->second ? GOES_WAITING
                                                   : GOES_OUT);
        o->waits = p->goes == GOES_WAITING;
        st = number(c, p, err);
        if (st == STATUS_OK && o->release.n) {
            st = stage(c, p, o->release, err);
        }
    }
    c->failed = st != STATUS_OK;
    if (st == STATUS_OK && c->n_group == COMMIT_GROUP_PHOTOS) {
        st = flush(c, err);
    }
    return st;
}

enum status committer_tick(struct committer *c, struct err *err)
{
    bool due = c->n_group && now_ms() - c->first_ms >= COMMIT_GROUP_MS;
    return due ? flush(c, err) : STATUS_OK;
}

enum status committer_finish(struct committer *c, struct err *err)
{
    enum status st = flush(c, err);              /* the last photos */
    return st == STATUS_OK ? flush(c, err) : st; /* and that they were published */
}

enum status committer_start_over(struct committer *c, struct err *err)
{
    enum status st = committer_finish(c, err);
    return st == STATUS_OK ? read_past(c, err) : st;
}
