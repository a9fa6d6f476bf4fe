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

#include "approved.h"
#include "photogate/limits.h"
#include "record.h"

/* A photo of the group being gathered. */
struct pending {
    struct outcome *outcome;
    json_t *body; /* owned until appended */
    char staged[32];
    int fd;         /* the staged file, until it is durable; else -1 */
    int64_t intent; /* its ledger entry, once committed */
};

/* A photo to be taken out of approved/: what was published of it, and the case that says why. */
struct recall {
    struct named_file *file;
    struct outcome *outcome;
};

struct committer {
    struct commit_context context;
    struct named_files standing; /* what earlier runs published */
    struct recall *recalls;      /* of the group; owned */
    size_t n_recalls, cap_recalls;
    int approved, staging; /* approved/BATCH, staging */
    int64_t last_photo, last_case;
    struct pending group[COMMIT_GROUP_PHOTOS];
    size_t n_group;
    int64_t published
        [COMMIT_GROUP_PHOTOS]; /* intents renamed, whose `published` rides in the next commit */
    size_t n_published;
    int64_t first_ms; /* when the group was begun */
    bool run_recorded;
    bool failed; /* something may be half done: nothing more is written, recovery will tell */
};

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

enum status committer_open(const struct commit_context *context, struct committer **out,
                           struct err *err)
{
    struct committer *c = calloc(1, sizeof *c);
    if (!c) {
        return err_set(err, STATUS_NOMEM, "out of memory while getting ready to publish");
    }
    c->context = *context;
    c->approved = c->staging = -1;
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
        st = named_files_read(context->home->ledger, &c->standing, err);
    }
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
    c->n_recalls = 0;
}

void committer_close(struct committer *c)
{
    if (!c) {
        return;
    }
    drop_group(c);
    free(c->recalls);
    named_files_release(&c->standing);
    if (c->approved >= 0) {
        (void)close(c->approved);
    }
    if (c->staging >= 0) {
        (void)close(c->staging);
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

/* What this batch's last published ruling of the photo left standing. */
static void look_at_standing(const struct committer *c, struct earlier *e)
{
    struct digest release;
    const char *hex = json_string_value(json_object_get(e->body, "release"));
    e->standing = hex && digest_from_hex(text_of(hex), &release)
                      ? file_standing(c->approved, e->file, &release)
                      : STANDS_ALTERED;
}

static bool was_recalled(const struct committer *c, const json_t *intent)
{
    const char *batch = json_string_value(json_object_get(intent, "batch"));
    const char *file = json_string_value(json_object_get(intent, "file"));
    const struct named_file *f = batch && file ? named_files_find(&c->standing, batch, file) : NULL;
    return f && f->recalled;
}

enum status committer_earlier(struct committer *c, const struct digest *source, struct earlier *out,
                              struct err *err)
{
    struct entry e;
    bool found = false;
    *out = (struct earlier){0};
    enum status st =
        ledger_last_ruling(c->context.home->ledger, c->context.batch, source, &e, &found, err);
    if (st != STATUS_OK || !found) {
        return st;
    }
    if (e.kind == ENTRY_INTENT && was_recalled(c, e.body)) {
        entry_release(&e); /* it stands no longer: the photo is new again */
        return STATUS_OK;
    }
    out->known = true;
    out->body = json_incref(e.body);
    out->case_no = json_integer_value(json_object_get(e.body, "case"));
    out->verdict = e.kind == ENTRY_INTENT ? VERDICT_APPROVED
                   : e.kind == ENTRY_HELD ? VERDICT_HELD
                                          : VERDICT_REJECTED;
    if (e.kind == ENTRY_INTENT) {
        const char *file = json_string_value(json_object_get(e.body, "file"));
        out->intent = e.seq;
        (void)snprintf(out->file, sizeof out->file, "%s", file ? file : "");
        look_at_standing(c, out);
    }
    entry_release(&e);
    return STATUS_OK;
}

void earlier_release(struct earlier *e)
{
    json_decref(e->body);
    *e = (struct earlier){0};
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
    if (st == STATUS_OK && c->n_group && !c->run_recorded) {
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

static enum status append_group(struct committer *c, const char *now, struct err *err)
{
    static const enum entry_kind KINDS[] = {
        [VERDICT_REJECTED] = ENTRY_REJECTED,
        [VERDICT_HELD] = ENTRY_HELD,
        [VERDICT_APPROVED] = ENTRY_INTENT,
    };
    enum status st = append_preface(c, now, err);
    for (size_t i = 0; st == STATUS_OK && i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        st = ledger_append(c->context.home->ledger, KINDS[p->outcome->ruling->verdict], now,
                           p->body, &p->intent, err);
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

static enum status abandon_group(struct committer *c, struct err *err)
{
    struct ledger *l = c->context.home->ledger;
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = ledger_begin(l, err);
    for (size_t i = 0; st == STATUS_OK && i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        if (p->outcome->ruling->verdict == VERDICT_APPROVED) {
            int64_t seq;
            json_t *body = json_pack("{s:I, s:s}", "intent", (json_int_t)p->intent, "reason",
                                     "the register changed during the run");
            st = body ? ledger_append(l, ENTRY_ABANDONED, now, body, &seq, err)
                      : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
            json_decref(body);
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
    return STATUS_OK;
}

/* Into approved/, never over anything. One fsync of the folder makes the group's names durable. */
static enum status rename_group(struct committer *c, struct err *err)
{
    int64_t put[COMMIT_GROUP_PHOTOS] = {0};
    size_t n = 0;
    for (size_t i = 0; i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        const char *file = p->outcome->file;
        if (p->outcome->ruling->verdict != VERDICT_APPROVED) {
            continue;
        }
        if (renameat2(c->staging, p->staged, c->approved, file, RENAME_NOREPLACE) != 0) {
            return errno == EEXIST
                       ? err_set(
                             err, STATUS_BROKEN,
                             "approved/%.*s/%s is there already, and the ledger does not know it",
                             TEXT_ARG(c->context.batch), file)
                       : err_set(err, STATUS_IO, "approved/%.*s/%s: %s", TEXT_ARG(c->context.batch),
                                 file, strerror(errno));
        }
        put[n++] = p->intent;
    }
    if (n && fsync(c->approved) != 0) {
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
    c->run_recorded = c->run_recorded || c->n_group;
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
    if (c->failed || (c->n_group == 0 && c->n_published == 0)) {
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
    if (o->ruling->verdict == VERDICT_APPROVED) {
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
    } else {
        bool had = o->earlier->known && o->earlier->case_no;
        o->case_no = had ? o->earlier->case_no : ++c->last_case;
        bad |= json_object_set_new(p->body, "case", json_integer(o->case_no));
    }
    return bad ? err_set(err, STATUS_NOMEM, "out of memory while writing the ledger") : STATUS_OK;
}

/* What earlier runs published of a photo that is refused now: the same bytes, or another version of
 * the file of that name (tags were added to it, say). */
static enum status find_recalls(struct committer *c, struct outcome *o, struct err *err)
{
    char name[PSEUDONYM_BYTES];
    enum status st = ledger_pseudonym(c->context.home->ledger, o->evidence->name, name, err);
    for (size_t i = 0; st == STATUS_OK && i < c->standing.n; i++) {
        struct named_file *f = &c->standing.at[i];
        /* for the bytes of a copy their first file speaks */
        bool of_first =
            digest_equal(&f->source, &o->evidence->digest) && !digest_equal(&f->source, &o->source);
        if (f->recalled || of_first || !text_equal(text_of(f->batch), c->context.batch) ||
            (!digest_equal(&f->source, &o->source) && strcmp(f->name, name) != 0)) {
            continue;
        }
        if (c->n_recalls == c->cap_recalls) {
            size_t cap = c->cap_recalls ? c->cap_recalls * 2 : COMMIT_GROUP_PHOTOS;
            struct recall *grown = realloc(c->recalls, cap * sizeof *grown);
            if (!grown) {
                return err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
            }
            c->recalls = grown;
            c->cap_recalls = cap;
        }
        f->recalled = true;
        c->recalls[c->n_recalls++] = (struct recall){f, o};
        (void)snprintf(o->recalled, sizeof o->recalled, "%s", f->file);
    }
    return st;
}

enum status committer_add(struct committer *c, struct outcome *o, struct err *err)
{
    size_t had = c->n_recalls;
    if (o->ruling->verdict != VERDICT_APPROVED) {
        enum status found = find_recalls(c, o, err);
        if (found != STATUS_OK) {
            return found;
        }
    }
    json_t *body = record_ruling(&c->context, o, err);
    if (!body) {
        return err ? err->status : STATUS_NOMEM;
    }
    if (c->n_recalls == had && is_as_before(o, body)) {
        json_decref(body);
        o->as_before = true;
        o->case_no = o->ruling->verdict == VERDICT_APPROVED ? 0 : o->earlier->case_no;
        (void)snprintf(o->file, sizeof o->file, "%s",
                       o->ruling->verdict == VERDICT_APPROVED ? o->earlier->file : "");
        return STATUS_OK;
    }
    if (c->n_group == 0) {
        c->first_ms = now_ms();
    }
    struct pending *p = &c->group[c->n_group++];
    *p = (struct pending){.outcome = o, .body = body, .fd = -1};
    enum status st = number(c, p, err);
    if (st == STATUS_OK && o->release.n) {
        st = stage(c, p, o->release, err);
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
