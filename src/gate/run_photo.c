/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_photo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/file_name.h"
#include "photogate/limits.h"
#include "record.h"

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory during the run");
}

/* By the rules, and then by what people decided about this very photo. */
static enum status judge_on(struct run *r, const struct bench *bench, struct work *w,
                            struct err *err)
{
    w->evidence.past = history_past(&r->m->history, r->context.batch, &w->evidence.digest);
    enum status st = decide(bench, &w->evidence, &w->arena, &w->decision, err);
    if (st != STATUS_OK) {
        return st;
    }
    const struct outcome o = {.evidence = &w->evidence,
                              .ruling = &w->decision.ruling,
                              .source = w->source,
                              .owner = w->owner};
    struct ruling ruling = w->decision.ruling;
    st = history_clear(&r->m->history, &r->context, &o, r->bench.face_assurance, &w->arena, &ruling,
                       err);
    w->decision.ruling = st == STATUS_OK ? ruling : w->decision.ruling;
    return st;
}

/* An approved photo keeps the release it has. If in that release a face is to be seen that has to
 * be covered today, covering comes too late: the photo is judged as if it could not be, and its
 * release recalled; the next run makes another. */
static enum status judge(struct run *r, struct work *w, struct err *err)
{
    enum status st = judge_on(r, &r->bench, w, err);
    const struct ruling *ruling = &w->decision.ruling;
    if (st == STATUS_OK && ruling->verdict == VERDICT_APPROVED && w->earlier.known &&
        w->earlier.verdict == VERDICT_APPROVED &&
        !record_covers(&r->context, w->earlier.body, ruling)) {
        struct bench bench = r->bench;
        bench.stands_uncovered = true;
        st = judge_on(r, &bench, w, err);
    }
    return st;
}

static bool is_copy(const struct work *w)
{
    return w->evidence.duplicate_of_earlier != KNOWN_NO;
}

/* Under which digest the ledger knows this photo: that of its bytes. A file whose bytes were never
 * read, and a second copy, have none of their own: theirs is made from the keyed pseudonym of their
 * name, so that the next run finds their case again. */
static enum status find_earlier(struct run *r, struct work *w, struct err *err)
{
    static const struct digest NO_BYTES = {{0}};
    enum status st = STATUS_OK;
    w->source = w->evidence.digest;
    earlier_release(&w->earlier);
    if (!r->committer) {
        return STATUS_OK;
    }
    if (is_copy(w) || digest_equal(&w->source, &NO_BYTES)) {
        char pseudonym[PSEUDONYM_BYTES];
        st = ledger_pseudonym(r->home->ledger, w->evidence.name, pseudonym, err);
        if (st == STATUS_OK) {
            st = digest_fold(&w->source,
                             (struct bytes){(const uint8_t *)pseudonym, sizeof pseudonym - 1}, err);
        }
    }
    return st == STATUS_OK ? committer_earlier(r->committer, &w->source, &w->earlier, err) : st;
}

/* The evidence is whole once what lies beside the photo is added. What is said of a copy is said of
 * this picture; a copy itself is held, whatever is said of it. */
static enum status prepare(struct run *r, struct work *w, struct err *err)
{
    const struct beside beside = {r->m->companions, r->m->manifests, r->m->n_manifests};
    enum status st = STATUS_OK;
    w->stage = WORK_SETTLEABLE;
    for (const struct work *c = w; st == STATUS_OK && c; c = is_copy(w) ? NULL : c->next_copy) {
        st = evidence_add_statement(&w->evidence, c->item, &beside, &w->arena, err);
    }
    if (st == STATUS_OK) {
        st = find_earlier(r, w, err);
    }
    return st == STATUS_OK ? judge(r, w, err) : st;
}

static void close_files(struct work *w)
{
    for (size_t i = 0; i < w->n_files; i++) {
        (void)close(w->files[i].fd);
    }
    w->n_files = 0;
}

static void drop_release(struct work *w)
{
    if (w->release >= 0) {
        (void)close(w->release);
        w->release = -1;
    }
    buffer_release(&w->released);
    w->proven = false;
}

/* A photo that could not be examined is judged all the same: that is what holds it. */
enum status photo_unexamined(struct run *r, struct work *w, enum exam exam, struct text note,
                             struct err *err)
{
    bool judged_before = w->stage == WORK_CLEANSING || w->stage == WORK_SETTLEABLE;
    static const struct digest NO_BYTES = {{0}};
    if (w->n_files && digest_equal(&w->evidence.digest, &NO_BYTES)) {
        /* So that its case is found again when a later run can examine it. */
        struct err unread = {0};
        (void)file_digest(w->files[0].fd, &w->evidence.digest, &unread);
    }
    close_files(w);
    drop_release(w);
    w->evidence.exam = exam;
    w->evidence.preview = (struct bytes){NULL, 0};
    if (!arena_dup(&w->arena, note, &w->evidence.exam_note)) {
        return no_memory(err);
    }
    w->stage = WORK_SETTLEABLE;
    return judged_before ? judge(r, w, err) : prepare(r, w, err);
}

static enum exam exam_of_status(enum status st)
{
    switch (st) {
    case STATUS_LIMIT:
        return EXAM_OVER_LIMIT;
    case STATUS_UNSUPPORTED:
        return EXAM_UNSUPPORTED;
    case STATUS_FORMAT:
        return EXAM_DAMAGED;
    case STATUS_NOMEM:
        return EXAM_OUT_OF_MEMORY;
    case STATUS_IO:
        return EXAM_UNREADABLE;
    case STATUS_BUG:
    case STATUS_OK:
    case STATUS_LIBRARY:
    case STATUS_BUSY:
    case STATUS_BROKEN:
    case STATUS_USAGE:
        break;
    }
    return EXAM_CRASHED;
}

static enum status open_file(struct run *r, struct work *w, const struct item *item, uint64_t most,
                             struct err *why)
{
    struct opened *f = &w->files[w->n_files];
    enum status st = intake_open_item(&r->m->intake, item, most, &f->fd, &f->facts, why);
    w->n_files += st == STATUS_OK;
    return st;
}

/* `beside` speaks of `photo`, which is the work's own or a copy of it. */
static enum status open_companion(struct run *r, struct work *w, const struct item *photo,
                                  const struct item *beside, struct err *why)
{
    struct companion_file *f = &w->beside[w->n_files - 1];
    enum status st = open_file(r, w, beside, MAX_COMPANION_BYTES, why);
    if (st != STATUS_OK) {
        err_prefix(why, beside->class == ITEM_SIDECAR ? "its sidecar: " : "a file beside it: ");
        return st;
    }
    *f = (struct companion_file){.fd = w->files[w->n_files - 1].fd,
                                 .kind = companion_kind_of(beside, photo),
                                 .siblings = companions_siblings(r->m->companions, beside)};
    return file_name_fold(photo->base, &w->arena, &f->name, why);
}

/* The sidecars of the photo, and of each copy of it. */
static enum status open_sidecars(struct run *r, struct work *w, struct err *why)
{
    enum status st = STATUS_OK;
    for (const struct work *c = w; st == STATUS_OK && c; c = is_copy(w) ? NULL : c->next_copy) {
        size_t beside[MAX_SIDECARS];
        size_t n = companions_of(r->m->companions, c->item, beside, MAX_SIDECARS);
        if (n > MAX_SIDECARS - (w->n_files - 1)) {
            return err_set(why, STATUS_LIMIT, "more than %u sidecars", MAX_SIDECARS);
        }
        for (size_t i = 0; st == STATUS_OK && i < n; i++) {
            st = open_companion(r, w, c->item, &r->m->intake.items[beside[i]], why);
        }
    }
    return st;
}

enum status photo_start(struct run *r, struct work *w, int worker, struct err *err)
{
    struct err why = {0};
    enum status st = open_file(r, w, w->item, MAX_PHOTO_BYTES, &why);
    if (st == STATUS_OK) {
        w->owner = w->files[0].facts.st_uid;
        st = open_sidecars(r, w, &why);
    }
    if (st != STATUS_OK) {
        enum exam exam = st == STATUS_UNSUPPORTED ? EXAM_NOT_REGULAR : exam_of_status(st);
        return photo_unexamined(r, w, exam, text_of(why.text), err);
    }
    w->stage = WORK_EXAMINING;
    return pool_examine(r->pool, worker, w->index, w->files[0].fd, w->beside, w->n_files - 1, err);
}

/* Did the photo and its sidecars stay the same from before the examiner read them until after? */
static bool unchanged(const struct work *w)
{
    for (size_t i = 0; i < w->n_files; i++) {
        struct stat now;
        if (fstat(w->files[i].fd, &now) != 0 || !intake_same_file(&w->files[i].facts, &now)) {
            return false;
        }
    }
    return true;
}

/* The examiner writes into memory that can be sealed: after that not even it can change a byte. */
static enum status start_cleansing(struct run *r, struct work *w, int worker, struct err *err)
{
    const struct ruling *ruling = &w->decision.ruling;
    struct box *boxes = arena_alloc(&w->arena, ruling->n_covered, sizeof *boxes);
    if (!boxes) {
        return no_memory(err);
    }
    for (size_t i = 0; i < ruling->n_covered; i++) {
        boxes[i] = ruling->covered[i].box;
    }
    w->release = memfd_create("release", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (w->release < 0) {
        return err_set(err, STATUS_IO, "no room to clean a photo in: %s", strerror(errno));
    }
    w->stage = WORK_CLEANSING;
    const struct cover cover = {boxes, ruling->n_covered};
    return pool_cleanse(r->pool, worker, w->index, &cover, w->release, err);
}

static enum status distrust(struct run *r, struct work *w, int worker, struct text why,
                            struct err *err)
{
    enum status st = pool_distrust(r->pool, worker, err);
    return st == STATUS_OK ? photo_unexamined(r, w, EXAM_BAD_REPLY, why, err) : st;
}

/* The small picture is only needed for what the office has to look at; it is borrowed until now. */
static enum status keep_preview(struct work *w, struct bytes preview, struct err *err)
{
    struct text copy = TEXT_NONE;
    if (!arena_dup(&w->arena, (struct text){(const char *)preview.at, preview.n}, &copy)) {
        return no_memory(err);
    }
    w->evidence.preview = (struct bytes){(const uint8_t *)copy.at, copy.n};
    return STATUS_OK;
}

static enum status take_evidence(struct run *r, struct work *w, const struct answer *a,
                                 struct err *err)
{
    struct err why = {0};
    struct digest bytes;
    if (!unchanged(w)) {
        return photo_unexamined(r, w, EXAM_CHANGED, TEXT_NONE, err);
    }
    enum status st = wire_get_evidence(a->payload, &w->arena, &w->evidence, &why);
    if (st == STATUS_NOMEM) {
        return no_memory(err);
    }
    if (st == STATUS_OK) {
        st = file_digest(w->files[0].fd, &bytes, &why);
    }
    if (st == STATUS_IO) {
        return photo_unexamined(r, w, EXAM_UNREADABLE, text_of(why.text), err);
    }
    if (st != STATUS_OK || !digest_equal(&bytes, &w->evidence.digest)) {
        return distrust(r, w, a->worker, TEXT("its answer is not about this photo"), err);
    }
    close_files(w);
    struct bytes preview = w->evidence.preview;
    w->evidence.preview = (struct bytes){NULL, 0};
    st = prepare(r, w, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (w->decision.ruling.verdict != VERDICT_APPROVED) {
        return keep_preview(w, preview, err);
    }
    bool before = w->earlier.known && w->earlier.verdict == VERDICT_APPROVED;
    return r->committer && !before ? start_cleansing(r, w, a->worker, err) : STATUS_OK;
}

/* Seal, read once, check what was read: it is these bytes that will be written. */
static enum status take_sealed(struct work *w, struct err *why)
{
    if (fcntl(w->release, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) !=
        0) {
        return err_set(why, STATUS_BROKEN, "the cleaned photo is still being written to");
    }
    enum status st = file_content(w->release, 2 * (size_t)MAX_PHOTO_BYTES, &w->released, why);
    return st == STATUS_OK ? release_matches(buffer_view(&w->released), &w->proof, why) : st;
}

static enum status take_release(struct run *r, struct work *w, const struct answer *a,
                                struct err *err)
{
    struct err why = {0};
    enum status st = wire_get_proof(a->payload, &w->proof, &why);
    if (st == STATUS_OK && w->proof.n_covered != w->decision.ruling.n_covered) {
        st = err_set(&why, STATUS_BROKEN, "a face was left uncovered");
    }
    if (st == STATUS_OK) {
        st = take_sealed(w, &why);
    }
    if (st == STATUS_OK) {
        (void)close(w->release);
        w->release = -1;
        w->proven = true;
        w->stage = WORK_SETTLEABLE;
        return STATUS_OK;
    }
    if (st == STATUS_NOMEM || st == STATUS_IO) {
        return err_set(err, st, "%s", why.text);
    }
    r->result->alarm = true; /* the gate's own output was not clean: nobody may pass this over */
    return distrust(r, w, a->worker, text_of(why.text), err);
}

/* The examiner said it could not, or it is no more. */
static enum status take_failure(struct run *r, struct work *w, const struct answer *a,
                                struct err *err)
{
    bool cleansing = w->stage == WORK_CLEANSING;
    if (cleansing && a->status == STATUS_IO) { /* no room is not the photo's fault */
        return err_set(err, STATUS_IO, "%s", a->words.text);
    }
    enum exam exam = a->exam;
    if (exam == EXAM_CRASHED && a->status != STATUS_LIBRARY) {
        exam = exam_of_status(a->status);
    }
    if (cleansing && a->status == STATUS_FORMAT && w->decision.ruling.n_covered) {
        exam = EXAM_NOT_COVERED;
    }
    r->result->alarm = r->result->alarm || (cleansing && a->status == STATUS_BUG);
    return exam == EXAM_BAD_REPLY ? distrust(r, w, a->worker, text_of(a->words.text), err)
                                  : photo_unexamined(r, w, exam, text_of(a->words.text), err);
}

enum status photo_answer(struct run *r, struct work *w, const struct answer *a, struct err *err)
{
    if (a->type == FRAME_FAILED) {
        return take_failure(r, w, a, err);
    }
    if (w->stage == WORK_EXAMINING && a->type == FRAME_EVIDENCE) {
        return take_evidence(r, w, a, err);
    }
    if (w->stage == WORK_CLEANSING && a->type == FRAME_RELEASE) {
        return take_release(r, w, a, err);
    }
    return distrust(r, w, a->worker, TEXT("an answer to another question"), err);
}

enum status photo_is_copy(struct run *r, struct work *w, const struct work *first, struct err *err)
{
    w->evidence.duplicate_of_earlier = KNOWN_YES;
    w->evidence.duplicate_position = first->evidence.position;
    drop_release(w);
    enum status st = find_earlier(r, w, err);
    return st == STATUS_OK ? judge(r, w, err) : st;
}

enum status photo_look_alike(struct run *r, struct work *w, bool *changed, struct err *err)
{
    enum verdict before = w->decision.ruling.verdict;
    *changed = false;
    if (before == VERDICT_REJECTED || w->evidence.near_refused == KNOWN_YES) {
        return STATUS_OK;
    }
    enum status st = near_copies_look(r->near, &w->source, &w->evidence, err);
    if (st != STATUS_OK || w->evidence.near_refused != KNOWN_YES) {
        return st;
    }
    st = judge(r, w, err);
    *changed = w->decision.ruling.verdict != before;
    if (st == STATUS_OK && *changed) {
        drop_release(w);
        st = find_earlier(r, w, err);
    }
    return st;
}
