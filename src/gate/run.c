/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One folder through the gate. The parent is a single thread: it opens files, hands them to
 * examiners, judges what comes back, and is the only writer. Photos are examined in any order and
 * settled in intake order, so the result does not depend on who was faster. */
#include "photogate/run.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commit.h"
#include "decide.h"
#include "photogate/checkpoint.h"
#include "photogate/examiner.h"
#include "photogate/face_model.h"
#include "photogate/limits.h"
#include "record.h"
#include "run_files.h"
#include "run_photo.h"
#include "run_recall.h"

/* Photos that may be under way at once, ahead of the first unsettled one: bounds descriptors and
 * memory. A photo is settled when LOOK_AHEAD after it have been ruled on: the others of a burst
 * follow close behind, and what is refused in one is looked for in all. */
enum { WINDOW_PER_WORKER = 4, WINDOW_MORE = 16, LOOK_AHEAD = 8 };
static_assert(LOOK_AHEAD < WINDOW_MORE, "the photos looked ahead at are under way");

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

static void count(struct run_result *res, const struct work *w, bool more)
{
    const enum verdict v = w->decision.ruling.verdict;
    size_t *of = v == VERDICT_HELD       ? &res->n_held
                 : v == VERDICT_REJECTED ? &res->n_rejected
                 : w->outcome.waits      ? &res->n_awaiting
                                         : &res->n_approved;
    *of += more ? 1 : (size_t)-1;
    res->n_as_before += w->outcome.as_before ? (more ? 1 : (size_t)-1) : 0;
}

static enum status record(struct run *r, struct work *w, struct err *err)
{
    enum status st = STATUS_OK;
    struct run_result *res = r->result;
    w->outcome = (struct outcome){
        .evidence = &w->evidence,
        .ruling = &w->decision.ruling,
        .source = w->source,
        .proof = w->proven ? &w->proof : NULL,
        .release = w->proven ? buffer_view(&w->released) : (struct bytes){NULL, 0},
        .earlier = &w->earlier,
        .owner = w->owner,
    };
    if (r->committer) {
        st = committer_add(r->committer, &w->outcome, err);
    }
    buffer_release(&w->released); /* it is in staging/ now, or not needed */
    if (w->outcome.as_before && w->decision.ruling.verdict == VERDICT_APPROVED) {
        w->proven = record_read_picture(w->earlier.body, &w->proof);
        res->alarm = res->alarm || w->earlier.standing == STANDS_ALTERED;
    }
    w->stage = WORK_SETTLED;
    count(res, w, true);
    return st;
}

static enum status settle(struct run *r, struct work *w, struct err *err)
{
    bool changed;
    enum status st = settle_copy(r, w, err);
    st = st == STATUS_OK ? photo_look_alike(r, w, &changed, err) : st;
    return st == STATUS_OK ? record(r, w, err) : st;
}

/* Have the photos up to LOOK_AHEAD behind the next been ruled on? Those, and no others, are told to
 * `near`, however far the examiners have come: the result must not depend on who was faster. */
static enum status tell_ahead(struct run *r, bool *ready, struct err *err)
{
    size_t last =
        r->settled + LOOK_AHEAD < r->m->n_works ? r->settled + LOOK_AHEAD : r->m->n_works - 1;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && r->told <= last) {
        const struct work *w = &r->m->works[r->told];
        if (w->stage != WORK_CLEANSING && w->stage != WORK_SETTLEABLE) {
            break;
        }
        st = near_copies_judged(r->near, &w->source, &w->evidence, &w->decision.ruling, err);
        r->told++;
    }
    *ready = r->told > last && r->m->works[r->settled].stage == WORK_SETTLEABLE;
    return st;
}

static enum status settle_ready(struct run *r, struct err *err)
{
    enum status st = STATUS_OK;
    bool ready = true;
    while (st == STATUS_OK && ready && r->settled < r->m->n_works) {
        st = tell_ahead(r, &ready, err);
        if (st != STATUS_OK || !ready) {
            break;
        }
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

/* It looks like one that was refused much later: judged again, and if it has gone out already, it
 * is recalled as by a later run. */
static enum status settle_again(struct run *r, struct work *w, struct err *err)
{
    bool changed = false;
    count(r->result, w, false);
    enum status st = photo_look_alike(r, w, &changed, err);
    if (st == STATUS_OK && changed) {
        return record(r, w, err);
    }
    count(r->result, w, true);
    return st;
}

/* Now that all have been ruled on: nothing that looks like a refused photo is let stand. */
static enum status look_back(struct run *r, struct err *err)
{
    enum status st = STATUS_OK;
    bool started_over = r->committer == NULL;
    for (size_t i = 0; st == STATUS_OK && i < r->m->n_works; i++) {
        struct work *w = &r->m->works[i];
        struct evidence e = w->evidence;
        if (w->decision.ruling.verdict != VERDICT_APPROVED) {
            continue;
        }
        st = near_copies_look(r->near, &w->source, &e, err);
        if (st != STATUS_OK || e.near_refused != KNOWN_YES) {
            continue;
        }
        if (!started_over) {
            st = committer_start_over(r->committer, err);
            started_over = true;
        }
        st = st == STATUS_OK ? settle_again(r, w, err) : st;
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
    return st == STATUS_OK ? look_back(r, err) : st;
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
    json_t *body = json_pack(
        "{s:s, s:s%, s:s%, s:s, s:s%, s:s, s:s, s:I, s:s, s:s%, s:s%, s:s}", "intake", intake,
        "batch", rep->batch.at, rep->batch.n, "channel", rep->channel->name.at,
        rep->channel->name.n, "date", date_format(rep->date, date), "policy_name", p->name.at,
        p->name.n, "policy", digest_hex(&p->digest, policy), "register",
        digest_hex(&r->bench.snapshot->digest, people), "register_version",
        (json_int_t)r->bench.snapshot->version, "faces", assurance_name(rep->face_assurance),
        "face_detector", rep->face_detector.at, rep->face_detector.n, "confinement",
        rep->confinement.at, rep->confinement.n, "program", "photogate " PHOTOGATE_VERSION);
    const struct text request = r->options->request;
    if (body && (actor_record(&r->actor, body) != STATUS_OK ||
                 (request.n && json_object_set_new(body, "request",
                                                   json_stringn(request.at, request.n)) != 0))) {
        json_decref(body);
        body = NULL;
    }
    return body;
}

static enum status start_pool(struct run *r, struct err *err)
{
    struct face_model model;
    enum status st = face_model_find(r->home->school, &model, err);
    if (st != STATUS_OK) {
        return st;
    }
    unsigned jobs = run_jobs(r->options->jobs, r->home->school->jobs, r->m->n_works);
    struct pool_options options = {.n_workers = jobs,
                                   .model = model.fd,
                                   .search = r->home->policy->face_search,
                                   .wall_ms = EXAMINER_WALL_MS,
                                   .wishes = {.max_edge_px = r->home->policy->max_edge_px,
                                              .jpeg_quality = r->home->policy->jpeg_quality}};
    st = pool_open(&options, &r->pool, err);
    face_model_close(&model);
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
    r->context.run = r->run_body;
    return committer_open(&r->context, &r->committer, err);
}

/* Everything that must be right before the first photo is touched. */
static enum status get_ready(struct run *r, struct err *err)
{
    enum status st = run_load(r->m, r->home, r->options, &r->bench, r->result, err);
    if (st == STATUS_OK) {
        r->context = (struct commit_context){
            .home = r->home,
            .batch = r->result->report.batch,
            .channel = r->result->report.channel,
            .snapshot = r->bench.snapshot,
            .date = r->bench.date,
            .actor = &r->actor,
        };
        st = r->options->dry_run ? STATUS_OK : run_recall_others(r, err);
    }
    if (st == STATUS_OK) {
        st = history_read(r->home->ledger, &r->m->history, err);
    }
    if (st == STATUS_OK) {
        const struct near_grounds grounds = {r->bench.snapshot, r->bench.policy, r->bench.channel,
                                             r->bench.date};
        st = near_copies_open(r->home->ledger, r->result->report.batch, &grounds, &r->near, err);
    }
    if (st == STATUS_OK) {
        st = start_pool(r, err);
    }
    if (st == STATUS_OK) {
        r->bench.face_assurance = r->result->report.face_assurance;
        st = r->options->dry_run ? STATUS_OK : start_committer(r, err);
    }
    return st;
}

/* A key that is not here or may not be read leaves the report unsigned; one that is another's does
 * not. */
static enum status sign(struct run *r, struct report *report, struct err *err)
{
    struct buffer note;
    struct err why = {0};
    buffer_init(&note, CHECKPOINT_MAX_BYTES);
    enum status st = checkpoint_sign(r->home->fd, r->home->ledger, &note, &why);
    if (st == STATUS_OK && !arena_dup(&r->m->memory, (struct text){(const char *)note.at, note.n},
                                      &report->checkpoint)) {
        st = no_memory(err);
    } else if (st == STATUS_BROKEN || st == STATUS_NOMEM) {
        (void)err_set(err, st, "%s", why.text);
    } else {
        st = STATUS_OK;
    }
    buffer_release(&note);
    return st;
}

static enum status write_results(struct run *r, struct err *err)
{
    struct run_result *res = r->result;
    enum status st = r->options->dry_run ? STATUS_OK : run_recall_own(r, err);
    if (st == STATUS_OK && !r->options->dry_run) {
        st = run_recall_notes(r, err);
    }
    if (st == STATUS_OK) {
        st = run_report_items(r->m, &res->report, err);
    }
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
    st = sign(r, &res->report, err);
    if (st != STATUS_OK) {
        return st;
    }
    const struct captions_context captions = {r->home, &res->report, r->m->lexicon,
                                              r->home->policy->names_with_photo};
    struct captions_told told;
    st = run_write_batch(&captions, &told, err);
    if (st == STATUS_OK) {
        st = run_report_captions(r->m, &res->report, &told, err);
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
    if (options->actor) {
        r.actor = *options->actor;
    } else {
        actor_now(&r.actor);
    }
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
    near_copies_close(r.near);
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
