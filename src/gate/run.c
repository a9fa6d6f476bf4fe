/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One folder through the gate. The parent is a single thread: it opens files, hands them to examiners, judges what comes back, and is
 * the only writer. Photos are examined in any order and settled in intake order, so the result does not depend on who was faster. */
#include "photogate/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commit.h"
#include "decide.h"
#include "photogate/examiner.h"
#include "photogate/limits.h"
#include "record.h"
#include "run_files.h"
#include "run_memory.h"

/* Photos that may be under way at once, ahead of the first unsettled one: bounds descriptors and memory. */
enum { WINDOW_PER_WORKER = 4, WINDOW_MORE = 16 };

struct run {
    struct home *home;
    const struct run_options *options;
    struct run_memory *m;
    struct bench bench;
    struct pool *pool;
    struct committer *committer; /* NULL on a dry run */
    json_t *run_body;
    size_t next, settled; /* first photo not handed out; first not settled */
    size_t window;
    struct run_result *result;
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory during the run");
}

/* The provisional ruling: everything but whether an earlier photo of the batch is the same. */
static enum status judge(struct run *r, struct work *w, struct err *err)
{
    return decide(&r->bench, &w->evidence, &w->arena, &w->decision, err);
}

/* Under which digest the ledger knows this photo: that of its bytes. A file whose bytes were never read, and a second copy, have
 * none of their own: theirs is made from the keyed pseudonym of their name, so that the next run finds their case again. */
static enum status find_earlier(struct run *r, struct work *w, struct err *err)
{
    static const struct digest NO_BYTES = {{0}};
    bool copy = w->evidence.duplicate_of_earlier == KNOWN_YES;
    enum status st = STATUS_OK;
    w->source = w->evidence.digest;
    earlier_release(&w->earlier);
    if (!r->committer) {
        return STATUS_OK;
    }
    if (copy || digest_equal(&w->source, &NO_BYTES)) {
        char pseudonym[PSEUDONYM_BYTES];
        st = ledger_pseudonym(r->home->ledger, w->evidence.name, pseudonym, err);
        if (st == STATUS_OK) {
            st = digest_fold(&w->source,
                             (struct bytes){(const uint8_t *)pseudonym, sizeof pseudonym - 1}, err);
        }
    }
    return st == STATUS_OK ? committer_earlier(r->committer, &w->source, &w->earlier, err) : st;
}

static enum status prepare(struct run *r, struct work *w, struct err *err)
{
    w->stage = WORK_SETTLEABLE;
    enum status st = evidence_add_statement(&w->evidence, &r->m->intake, w->item, r->m->manifests,
                                            r->m->n_manifests, &w->arena, err);
    if (st == STATUS_OK) {
        st = find_earlier(r, w, err);
    }
    return st == STATUS_OK ? judge(r, w, err) : st;
}

/* A photo that could not be examined is judged all the same: that is what holds it. */
static enum status fail_exam(struct run *r, struct work *w, enum exam exam, struct text note,
                             struct err *err)
{
    w->evidence.exam = exam;
    w->evidence.preview = (struct bytes){NULL, 0};
    if (!arena_dup(&w->arena, note, &w->evidence.exam_note)) {
        return no_memory(err);
    }
    return w->stage == WORK_EXAMINING || w->stage == WORK_WAITING ? prepare(r, w, err)
                                                                  : judge(r, w, err);
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

/* Open the photo and what lies beside it, and hand all to a worker. */
static enum status start_photo(struct run *r, struct work *w, int worker, struct err *err)
{
    const struct intake *in = &r->m->intake;
    struct err why = {0};
    size_t beside[MAX_SIDECARS + 1];
    int sidecars[MAX_SIDECARS];
    size_t n = 0;
    size_t n_beside = intake_companions(in, w->item, ITEM_SIDECAR, beside, MAX_SIDECARS + 1);
    enum status st = n_beside > MAX_SIDECARS
                         ? err_set(&why, STATUS_LIMIT, "more than %u sidecars", MAX_SIDECARS)
                         : intake_open_item(in, w->item, MAX_PHOTO_BYTES, &w->fd, &w->facts, &why);
    while (st == STATUS_OK && n < n_beside) {
        struct stat facts;
        st = intake_open_item(in, &in->items[beside[n]], MAX_XMP_BYTES, &sidecars[n], &facts, &why);
        n += st == STATUS_OK;
        if (st != STATUS_OK) {
            err_prefix(&why, "its sidecar: ");
        }
    }
    if (st != STATUS_OK) {
        enum exam exam = st == STATUS_UNSUPPORTED ? EXAM_NOT_REGULAR : exam_of_status(st);
        st = fail_exam(r, w, exam, text_of(why.text), err);
    } else {
        w->stage = WORK_EXAMINING;
        st = pool_examine(r->pool, worker, w->index, w->fd, sidecars, n, err);
    }
    for (size_t i = 0; i < n; i++) {
        (void)close(sidecars[i]);
    }
    return st;
}

/* Did the file stay the same from before the examiner read it until after? */
static bool unchanged(struct work *w)
{
    struct stat now;
    bool same = fstat(w->fd, &now) == 0 && intake_same_file(&w->facts, &now);
    (void)close(w->fd);
    w->fd = -1;
    return same;
}

static enum status start_cleansing(struct run *r, struct work *w, int worker, struct err *err)
{
    enum status st = committer_stage(r->committer, w->evidence.position, &w->staged, err);
    if (st == STATUS_OK) {
        w->stage = WORK_CLEANSING;
        st = pool_cleanse(r->pool, worker, w->index, w->staged, err);
    }
    return st;
}

static enum status take_evidence(struct run *r, struct work *w, const struct answer *a,
                                 struct err *err)
{
    struct err why = {0};
    bool same = unchanged(w);
    if (!same) {
        return fail_exam(r, w, EXAM_CHANGED, TEXT_NONE, err);
    }
    enum status st = wire_get_evidence(a->payload, &w->arena, &w->evidence, &why);
    if (st != STATUS_OK) {
        return st == STATUS_NOMEM ? no_memory(err)
                                  : fail_exam(r, w, EXAM_BAD_REPLY, text_of(why.text), err);
    }
    struct bytes preview = w->evidence.preview; /* borrowed from the answer */
    w->evidence.preview = (struct bytes){NULL, 0};
    st = prepare(r, w, err);
    bool approved = st == STATUS_OK && w->decision.ruling.verdict == VERDICT_APPROVED;
    if (st == STATUS_OK && !approved) {
        struct text copy = TEXT_NONE;
        if (!arena_dup(&w->arena, (struct text){(const char *)preview.at, preview.n}, &copy)) {
            return no_memory(err);
        }
        w->evidence.preview = (struct bytes){(const uint8_t *)copy.at, copy.n};
    }
    bool before = w->earlier.known && w->earlier.verdict == VERDICT_APPROVED;
    return approved && r->committer && !before ? start_cleansing(r, w, a->worker, err) : st;
}

static void drop_staged(struct run *r, struct work *w)
{
    if (w->staged >= 0) {
        (void)close(w->staged);
        w->staged = -1;
        committer_unstage(r->committer, w->evidence.position);
    }
}

static enum status take_release(struct run *r, struct work *w, const struct answer *a,
                                struct err *err)
{
    struct err why = {0};
    w->stage = WORK_SETTLEABLE;
    enum status st = wire_get_proof(a->payload, &w->proof, &why);
    if (st == STATUS_OK) {
        st = committer_check(w->staged, &w->proof, &why);
    }
    if (st == STATUS_OK) {
        w->proven = true;
        return STATUS_OK;
    }
    drop_staged(r, w);
    if (st == STATUS_NOMEM || st == STATUS_IO) {
        return err_set(err, st, "%s", why.text);
    }
    r->result->alarm = true; /* the gate's own output was not clean: nobody may pass this over */
    return fail_exam(r, w, EXAM_BAD_REPLY, text_of(why.text), err);
}

/* The examiner said it could not, or it is no more. */
static enum status take_failure(struct run *r, struct work *w, const struct answer *a,
                                struct err *err)
{
    bool cleansing = w->stage == WORK_CLEANSING;
    if (w->fd >= 0) {
        /* So that the case is found again when a later run can examine the photo. */
        struct err unread = {0};
        (void)file_digest(w->fd, &w->evidence.digest, &unread);
        (void)close(w->fd);
        w->fd = -1;
    }
    drop_staged(r, w);
    if (cleansing && a->status == STATUS_IO) { /* a full disk is not the photo's fault */
        return err_set(err, STATUS_IO, "%s", a->words.text);
    }
    enum exam exam = a->exam;
    if (exam == EXAM_CRASHED && a->status != STATUS_LIBRARY) {
        exam = exam_of_status(a->status);
    }
    if (cleansing && a->status == STATUS_BUG) {
        r->result->alarm = true;
    }
    w->stage = cleansing ? WORK_SETTLEABLE : WORK_EXAMINING;
    return fail_exam(r, w, exam, text_of(a->words.text), err);
}

static enum status take_answer(struct run *r, const struct answer *a, struct err *err)
{
    struct work *w = &r->m->works[a->ticket];
    if (w->stage == WORK_EXAMINING && a->type == FRAME_EVIDENCE) {
        return take_evidence(r, w, a, err);
    }
    if (w->stage == WORK_CLEANSING && a->type == FRAME_RELEASE) {
        return take_release(r, w, a, err);
    }
    struct answer bad = *a;
    if (a->type != FRAME_FAILED) {
        bad.exam = EXAM_BAD_REPLY;
        bad.status = STATUS_FORMAT;
    }
    return take_failure(r, w, &bad, err);
}

/* The same bytes as an earlier photo of this run? Only known in intake order. */
static enum status settle_duplicate(struct run *r, struct work *w, struct err *err)
{
    const struct work *first = NULL;
    if (w->evidence.exam == EXAM_DONE) {
        first = work_first_with(r->m, w);
    }
    if (!first) {
        return STATUS_OK;
    }
    w->evidence.duplicate_of_earlier = KNOWN_YES;
    w->evidence.duplicate_position = first->evidence.position;
    drop_staged(r, w);
    w->proven = false;
    enum status st = find_earlier(r, w, err);
    return st == STATUS_OK ? judge(r, w, err) : st;
}

static enum status settle(struct run *r, struct work *w, struct err *err)
{
    enum status st = settle_duplicate(r, w, err);
    struct run_result *res = r->result;
    w->outcome = (struct outcome){
        .evidence = &w->evidence,
        .ruling = &w->decision.ruling,
        .source = w->source,
        .proof = w->proven ? &w->proof : NULL,
        .staged_fd = w->staged,
        .earlier = &w->earlier,
    };
    if (st == STATUS_OK && r->committer) {
        st = committer_add(r->committer, &w->outcome, err);
        w->staged = -1;
    }
    if (w->outcome.as_before && w->decision.ruling.verdict == VERDICT_APPROVED) {
        w->proven = record_read_picture(w->earlier.body, &w->proof);
    }
    w->stage = WORK_SETTLED;
    res->n_approved += w->decision.ruling.verdict == VERDICT_APPROVED;
    res->n_held += w->decision.ruling.verdict == VERDICT_HELD;
    res->n_rejected += w->decision.ruling.verdict == VERDICT_REJECTED;
    res->n_as_before += w->outcome.as_before;
    return st;
}

static enum status settle_ready(struct run *r, struct err *err)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && r->settled < r->m->n_works &&
           r->m->works[r->settled].stage == WORK_SETTLEABLE) {
        st = settle(r, &r->m->works[r->settled], err);
        r->settled++;
        if (r->options->progress) {
            r->options->progress(r->options->progress_context, r->settled, r->m->n_works,
                                 r->result->n_held, r->result->n_rejected);
        }
    }
    if (st == STATUS_OK && r->committer) {
        st = committer_tick(r->committer, err);
    }
    return st;
}

/* Give every idle worker something to do. */
static enum status hand_out(struct run *r, struct err *err)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && r->next < r->m->n_works && r->next - r->settled < r->window) {
        struct work *w = &r->m->works[r->next];
        int worker = pool_idle(r->pool);
        if (w->item->class == ITEM_SPECIAL || w->item->class == ITEM_UNREADABLE) {
            st =
                fail_exam(r, w, w->item->class == ITEM_SPECIAL ? EXAM_NOT_REGULAR : EXAM_UNREADABLE,
                          TEXT_NONE, err);
        } else if (worker < 0) {
            break;
        } else {
            st = start_photo(r, w, worker, err);
        }
        r->next++;
    }
    return st;
}

static enum status work_through(struct run *r, struct err *err)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && r->settled < r->m->n_works) {
        struct answer a;
        bool got = false;
        st = hand_out(r, err);
        if (st == STATUS_OK) {
            st = settle_ready(r, err);
        }
        if (st != STATUS_OK || r->settled == r->m->n_works) {
            break;
        }
        st = pool_wait(r->pool, r->committer ? COMMIT_GROUP_MS : -1, &a, &got, err);
        if (st == STATUS_OK && got) {
            st = take_answer(r, &a, err);
        }
    }
    return st;
}

/* The run's record: what was in force. */
static json_t *describe_run(const struct run *r)
{
    char policy[DIGEST_HEX_BYTES], people[DIGEST_HEX_BYTES], date[DATE_TEXT_BYTES];
    const struct policy *p = r->bench.policy;
    const struct report *rep = &r->result->report;
    return json_pack("{s:s%, s:s%, s:s, s:s%, s:s, s:s, s:I, s:s, s:s%, s:s%, s:s}", "batch",
                     rep->batch.at, rep->batch.n, "channel", rep->channel->name.at,
                     rep->channel->name.n, "date", date_format(rep->date, date), "policy_name",
                     p->name.at, p->name.n, "policy", digest_hex(&p->digest, policy), "register",
                     digest_hex(&r->bench.snapshot->digest, people), "register_version",
                     (json_int_t)r->bench.snapshot->version, "faces",
                     assurance_name(rep->face_assurance), "face_detector", rep->face_detector.at,
                     rep->face_detector.n, "confinement", rep->confinement.at, rep->confinement.n,
                     "program", "photogate " PHOTOGATE_VERSION);
}

static enum status start_pool(struct run *r, struct err *err)
{
    int model = -1;
    enum status st = face_model_open(r->home->school, &model, err);
    if (st != STATUS_OK) {
        return st;
    }
    unsigned jobs = run_jobs(r->options->jobs, r->home->school->jobs, r->m->n_works);
    struct pool_options options = {.n_workers = jobs, .model = model, .wall_ms = EXAMINER_WALL_MS};
    st = pool_open(&options, &r->pool, err);
    if (model >= 0) {
        (void)close(model);
    }
    r->window = jobs * (size_t)WINDOW_PER_WORKER + WINDOW_MORE;
    return st == STATUS_OK ? run_take_readiness(r->m, pool_readiness(r->pool), r->home->policy,
                                                &r->result->report, err)
                           : st;
}

static enum status start_committer(struct run *r, struct err *err)
{
    r->run_body = describe_run(r);
    if (!r->run_body) {
        return no_memory(err);
    }
    struct commit_context context = {
        .home = r->home,
        .batch = r->result->report.batch,
        .channel = r->result->report.channel,
        .snapshot = r->bench.snapshot,
        .date = r->bench.date,
        .run = r->run_body,
    };
    return committer_open(&context, &r->committer, err);
}

/* Everything that must be right before the first photo is touched. */
static enum status get_ready(struct run *r, struct err *err)
{
    enum status st = run_load(r->m, r->home, r->options, &r->bench, r->result, err);
    if (st == STATUS_OK) {
        st = start_pool(r, err);
    }
    if (st == STATUS_OK) {
        r->bench.face_assurance = r->result->report.face_assurance;
        st = r->options->dry_run ? STATUS_OK : start_committer(r, err);
    }
    return st;
}

static enum status write_results(struct run *r, struct err *err)
{
    struct run_result *res = r->result;
    enum status st = run_report_items(r->m, &res->report, err);
    if (st != STATUS_OK || r->options->dry_run) {
        return st;
    }
    struct ledger_state state;
    st = ledger_verify(r->home->ledger, &state, err);
    if (st == STATUS_OK && state.first_bad) {
        st = err_set(err, STATUS_BROKEN, "the ledger is broken: %s", state.trouble);
    }
    if (st != STATUS_OK) {
        return st;
    }
    res->report.ledger_head = state.head;
    res->report.ledger_entries = state.n_entries;
    st = run_write_batch(r->home, &res->report, err);
    if (st == STATUS_OK) {
        st = run_write_reports(r->home, &res->report, res->report_path, sizeof res->report_path,
                               err);
    }
    (void)snprintf(res->approved_path, sizeof res->approved_path, "%.*s/approved/%.*s",
                   (int)sizeof res->approved_path - 80, r->home->path, TEXT_ARG(res->report.batch));
    return st;
}

enum status run_batch(struct home *home, const struct run_options *options, struct run_result *out,
                      struct err *err)
{
    struct run_result result = {0};
    struct run r = {.home = home, .options = options, .result = &result};
    enum status st = run_memory_new(&r.m, err);
    if (st == STATUS_OK) {
        result.memory = r.m;
        st = get_ready(&r, err);
    }
    if (st == STATUS_OK) {
        st = work_through(&r, err);
    }
    if (r.committer) {
        /* What was settled before a failure is made durable all the same, if it still can be. */
        struct err second = {0};
        enum status end = st == STATUS_OK || st == STATUS_IO || st == STATUS_LIBRARY
                              ? committer_finish(r.committer, st == STATUS_OK ? err : &second)
                              : STATUS_OK;
        st = st == STATUS_OK ? end : st;
        result.n_new = committer_new(r.committer);
        committer_close(r.committer);
    }
    pool_close(r.pool);
    json_decref(r.run_body);
    if (st == STATUS_OK) {
        st = write_results(&r, err);
    }
    if (st == STATUS_OK) {
        *out = result;
    } else {
        run_release(&result);
    }
    return st;
}

void run_release(struct run_result *r)
{
    if (r) {
        run_memory_free(r->memory);
        *r = (struct run_result){0};
    }
}
