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

#include "photogate/limits.h"
#include "record.h"

/* A photo of the group being gathered. */
struct pending {
    struct outcome *outcome;
    json_t *body; /* owned until appended */
    char staged[32];
    int64_t intent; /* its ledger entry, once committed */
};

struct committer {
    struct commit_context context;
    int approved, staging; /* approved/BATCH, staging */
    int64_t last_photo, last_case;
    struct pending group[COMMIT_GROUP_PHOTOS];
    size_t n_group;
    int64_t published
        [COMMIT_GROUP_PHOTOS]; /* intents renamed, whose `published` rides in the next commit */
    size_t n_published;
    int64_t first_ms; /* when the group was begun */
    size_t n_new;
    bool run_recorded;
};

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

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
    if (st != STATUS_OK) {
        committer_close(c);
        return st;
    }
    *out = c;
    return STATUS_OK;
}

void committer_close(struct committer *c)
{
    if (!c) {
        return;
    }
    for (size_t i = 0; i < c->n_group; i++) {
        json_decref(c->group[i].body);
        if (c->group[i].outcome->staged_fd >= 0) {
            (void)close(c->group[i].outcome->staged_fd);
            c->group[i].outcome->staged_fd = -1;
        }
    }
    if (c->approved >= 0) {
        (void)close(c->approved);
    }
    if (c->staging >= 0) {
        (void)close(c->staging);
    }
    free(c);
}

size_t committer_new(const struct committer *c)
{
    return c->n_new;
}

enum status committer_stage(struct committer *c, uint32_t position, int *fd, struct err *err)
{
    char name[32];
    staged_name(position, name);
    int opened = openat(c->staging, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (opened < 0) {
        return err_set(err, STATUS_IO, "staging/%s: %s", name, strerror(errno));
    }
    *fd = opened;
    return STATUS_OK;
}

void committer_unstage(struct committer *c, uint32_t position)
{
    char name[32];
    staged_name(position, name);
    (void)unlinkat(c->staging, name, 0); /* what stays is swept at the next start */
}

enum status committer_check(int fd, const struct proof *proof, struct err *err)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0 || facts.st_size <= 0 ||
        (uint64_t)facts.st_size > 2ull * MAX_PHOTO_BYTES) {
        return err_set(err, STATUS_BROKEN, "the cleaned photo has no sensible size");
    }
    struct buffer b;
    buffer_init(&b, 2 * (size_t)MAX_PHOTO_BYTES);
    size_t size = (size_t)facts.st_size, done = 0;
    uint8_t *at = buffer_extend(&b, size);
    enum status st = at ? STATUS_OK : buffer_status(&b, err);
    while (st == STATUS_OK && done < size) {
        ssize_t n = pread(fd, at + done, size - done, (off_t)done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            st = err_set(err, STATUS_IO, "the cleaned photo could not be read back");
        }
    }
    struct digest now;
    if (st == STATUS_OK) {
        st = digest_of(buffer_view(&b), &now, err);
    }
    if (st == STATUS_OK &&
        (!digest_equal(&now, &proof->release_digest) || proof->same_picture != KNOWN_YES)) {
        st = err_set(err, STATUS_BROKEN, "the cleaned photo is not what its examiner proved");
    }
    if (st == STATUS_OK && release_check(buffer_view(&b), err) != STATUS_OK) {
        st = STATUS_BROKEN;
    }
    buffer_release(&b);
    return st;
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
    out->known = true;
    out->body = json_incref(e.body);
    out->verdict = e.kind == ENTRY_INTENT ? VERDICT_APPROVED
                   : e.kind == ENTRY_HELD ? VERDICT_HELD
                                          : VERDICT_REJECTED;
    out->case_no = json_integer_value(json_object_get(e.body, "case"));
    out->photo = json_integer_value(json_object_get(e.body, "photo"));
    const char *file = json_string_value(json_object_get(e.body, "file"));
    (void)snprintf(out->file, sizeof out->file, "%s", file ? file : "");
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
    return st;
}

/* Has somebody imported a new register since this run took its snapshot? Then what was judged may no longer hold. */
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

/* Into approved/, never over anything. One fsync of the folder makes the group's names durable. */
static enum status rename_group(struct committer *c, struct err *err)
{
    bool any = false;
    for (size_t i = 0; i < c->n_group; i++) {
        struct pending *p = &c->group[i];
        if (p->outcome->ruling->verdict != VERDICT_APPROVED) {
            continue;
        }
        if (renameat2(c->staging, p->staged, c->approved, p->outcome->file, RENAME_NOREPLACE) !=
            0) {
            return errno == EEXIST
                       ? err_set(err, STATUS_BROKEN,
                                 "approved/%.*s/%s is there already, and the ledger does not know "
                                 "it",
                                 TEXT_ARG(c->context.batch), p->outcome->file)
                       : err_set(err, STATUS_IO, "approved/%.*s/%s: %s", TEXT_ARG(c->context.batch),
                                 p->outcome->file, strerror(errno));
        }
        c->published[c->n_published++] = p->intent;
        any = true;
    }
    if (any && fsync(c->approved) != 0) {
        return err_set(err, STATUS_IO, "approved/%.*s: %s", TEXT_ARG(c->context.batch),
                       strerror(errno));
    }
    return STATUS_OK;
}

/* The bytes and the mode of every new photo are on disk before the ledger names them. */
static enum status sync_group(struct committer *c, struct err *err)
{
    for (size_t i = 0; i < c->n_group; i++) {
        struct outcome *o = c->group[i].outcome;
        if (o->staged_fd < 0) {
            continue;
        }
        bool ok = fchmod(o->staged_fd, 0640) == 0 && fdatasync(o->staged_fd) == 0;
        int why = errno;
        (void)close(o->staged_fd);
        o->staged_fd = -1;
        if (!ok) { /* never retried: after a failed sync nobody knows what is on the disk */
            return err_set(err, STATUS_IO, "staging/%s: %s", c->group[i].staged, strerror(why));
        }
    }
    return STATUS_OK;
}

static enum status flush(struct committer *c, struct err *err)
{
    if (c->n_group == 0 && c->n_published == 0) {
        return STATUS_OK;
    }
    struct ledger *l = c->context.home->ledger;
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = sync_group(c, err);
    if (st != STATUS_OK) {
        return st;
    }
    st = ledger_begin(l, err);
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
    if (c->n_group) {
        st = register_unchanged(c, &unchanged, err);
    }
    if (st == STATUS_OK) {
        st = unchanged ? rename_group(c, err) : abandon_group(c, err);
    }
    for (size_t i = 0; i < c->n_group; i++) {
        json_decref(c->group[i].body);
    }
    c->n_group = 0;
    return st;
}

/* Nothing new to tell: the same ruling is in the ledger already. */
static bool is_as_before(const struct outcome *o, const json_t *body)
{
    if (!o->earlier || !o->earlier->known || o->earlier->verdict != o->ruling->verdict) {
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
        assert(o->proof && o->staged_fd >= 0);
        char hex[DIGEST_HEX_BYTES];
        int64_t photo = ++c->last_photo;
        (void)snprintf(o->file, sizeof o->file, "photo-%04lld.%s", (long long)photo,
                       o->proof->kind == FILE_PNG ? "png" : "jpg");
        staged_name(o->evidence->position, p->staged);
        bad |= json_object_set_new(p->body, "photo", json_integer(photo));
        bad |= json_object_set_new(p->body, "file", json_string(o->file));
        bad |= json_object_set_new(p->body, "staged", json_string(p->staged));
        bad |= json_object_set_new(p->body, "release",
                                   json_string(digest_hex(&o->proof->release_digest, hex)));
        bad |= json_object_set_new(p->body, "picture", record_picture(o->proof));
    } else {
        bool had = o->earlier && o->earlier->known && o->earlier->case_no;
        o->case_no = had ? o->earlier->case_no : ++c->last_case;
        bad |= json_object_set_new(p->body, "case", json_integer(o->case_no));
    }
    return bad ? err_set(err, STATUS_NOMEM, "out of memory while writing the ledger") : STATUS_OK;
}

enum status committer_add(struct committer *c, struct outcome *o, struct err *err)
{
    json_t *body = record_ruling(&c->context, o, err);
    if (!body) {
        return err ? err->status : STATUS_NOMEM;
    }
    if (is_as_before(o, body)) {
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
    *p = (struct pending){.outcome = o, .body = body};
    enum status st = number(c, p, err);
    c->n_new++;
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
