/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One folder through the gate. The parent is a single thread: it opens files, hands them to
 * examiners, judges what comes back, and is the only writer. Photos are examined in any order and
 * settled in intake order, so the result does not depend on who was faster. */
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
#include "run_photo.h"

/* Photos that may be under way at once, ahead of the first unsettled one: bounds descriptors and
 * memory. */
enum { WINDOW_PER_WORKER = 4, WINDOW_MORE = 16 };

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory during the run");
}

/* The same bytes as a photo settled before, although their files were not the same when the run
 * began. */
static enum status settle_copy(struct run *r, struct work *w, struct err *err)
{
    static const struct digest NO_BYTES = {{0}};
    if (w->evidence.duplicate_of_earlier != KNOWN_NO ||
        digest_equal(&w->evidence.digest, &NO_BYTES)) {
        return STATUS_OK;
    }
    const struct work *first = work_first_with(r->m, w);
    return first ? photo_is_copy(r, w, first, err) : STATUS_OK;
}

static enum status settle(struct run *r, struct work *w, struct err *err)
{
    enum status st = settle_copy(r, w, err);
    struct run_result *res = r->result;
    w->outcome = (struct outcome){
        .evidence = &w->evidence,
        .ruling = &w->decision.ruling,
        .source = w->source,
        .proof = w->proven ? &w->proof : NULL,
        .release = w->proven ? buffer_view(&w->released) : (struct bytes){NULL, 0},
        .earlier = &w->earlier,
    };
    if (st == STATUS_OK && r->committer) {
        st = committer_add(r->committer, &w->outcome, err);
    }
    buffer_release(&w->released); /* it is in staging/ now, or not needed */
    if (w->outcome.as_before && w->decision.ruling.verdict == VERDICT_APPROVED) {
        w->proven = record_read_picture(w->earlier.body, &w->proof);
        res->alarm = res->alarm || w->earlier.standing == STANDS_ALTERED;
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
            st = photo_unexamined(
                r, w, w->item->class == ITEM_SPECIAL ? EXAM_NOT_REGULAR : EXAM_UNREADABLE,
                TEXT_NONE, err);
        } else if (worker < 0) {
            break;
        } else {
            st = photo_start(r, w, worker, err);
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
            st = photo_answer(r, &r->m->works[a.ticket], &a, err);
        }
    }
    return st;
}

/* The run's record: what was in force. */
static json_t *describe_run(const struct run *r)
{
    char policy[DIGEST_HEX_BYTES], people[DIGEST_HEX_BYTES], date[DATE_TEXT_BYTES];
    char intake[PSEUDONYM_BYTES];
    struct err ignored = {0};
    if (intake_pseudonym(r->options->intake, r->home->ledger, intake, &ignored) != STATUS_OK) {
        return NULL;
    }
    const struct policy *p = r->bench.policy;
    const struct report *rep = &r->result->report;
    return json_pack("{s:s, s:s%, s:s%, s:s, s:s%, s:s, s:s, s:I, s:s, s:s%, s:s%, s:s}", "intake",
                     intake, "batch", rep->batch.at, rep->batch.n, "channel", rep->channel->name.at,
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
    struct pool_options options = {.n_workers = jobs,
                                   .model = model,
                                   .wall_ms = EXAMINER_WALL_MS,
                                   .wishes = {.max_edge_px = r->home->policy->max_edge_px,
                                              .jpeg_quality = r->home->policy->jpeg_quality}};
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
    const struct captions_context captions = {r->home, &res->report, r->m->lexicon,
                                              r->home->policy->names_with_photo};
    size_t n_blanked;
    bool edited;
    st = run_write_batch(&captions, &n_blanked, &edited, err);
    if (st == STATUS_OK) {
        st = run_report_captions(r->m, &res->report, n_blanked, edited, err);
    }
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
