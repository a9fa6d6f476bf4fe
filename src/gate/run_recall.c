/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_recall.h"

#include <stdarg.h>
#include <stdio.h>

#include "photogate/posted.h"
#include "run_memory.h"

#define LINE_BYTES ((size_t)64 * 1024)

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while writing the report");
}

static struct recall_options options_of(const struct run *r)
{
    return (struct recall_options){.people = r->bench.snapshot,
                                   .lexicon = r->bench.lexicon,
                                   .actor = &r->actor,
                                   .date = r->bench.date};
}

enum status run_recall_others(struct run *r, struct err *err)
{
    struct recall_options options = options_of(r);
    options.except = r->result->report.batch;
    enum status st = recall_photos(r->home, &options, &r->m->recalled_before, err);
    r->result->n_recalled += st == STATUS_OK ? r->m->recalled_before.n_photos : 0;
    return st;
}

enum status run_recall_own(struct run *r, struct err *err)
{
    struct recall_options options = options_of(r);
    options.only = r->result->report.batch;
    options.leave_lists = true; /* the run writes them next */
    enum status st = recall_photos(r->home, &options, &r->m->recalled_after, err);
    r->result->n_recalled += st == STATUS_OK ? r->m->recalled_after.n_photos : 0;
    return st;
}

/* --- what the reports tell --- */

struct lines {
    struct run_memory *m;
    struct report_note *at;
    size_t n, cap;
};

static enum status add_line(struct lines *l, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum status add_line(struct lines *l, struct err *err, const char *format, ...)
{
    va_list args, again;
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 32;
        struct report_note *grown = arena_alloc(&l->m->memory, cap, sizeof *grown);
        if (!grown) {
            return no_memory(err);
        }
        for (size_t i = 0; i < l->n; i++) {
            grown[i] = l->at[i];
        }
        l->at = grown;
        l->cap = cap;
    }
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    char *line = n < 0 ? NULL : arena_alloc(&l->m->memory, (size_t)n + 1, 1);
    if (line) {
        (void)vsnprintf(line, (size_t)n + 1, format, again);
        l->at[l->n++].text = (struct text){line, (size_t)n};
    }
    va_end(again);
    va_end(args);
    return line ? STATUS_OK : no_memory(err);
}

static enum status tell_recalled(const struct recall_result *done, struct lines *office,
                                 struct lines *dpo, struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < done->n_photos; i++) {
        const struct recalled_photo *p = &done->photos[i];
        st = add_line(office, err, "%s/%s %s", p->batch, p->file, RECALL_OFFICE_WORDS);
        for (size_t k = 0; st == STATUS_OK && k < p->n_reasons; k++) {
            st = add_line(dpo, err, "%s/%s was recalled: %.*s", p->batch, p->file,
                          TEXT_ARG(p->reasons[k]));
        }
    }
    if (st == STATUS_OK && done->n_captions) {
        st =
            add_line(office, err,
                     "%zu caption%s of other batches would not pass today and %s left out of their "
                     "captions.csv",
                     done->n_captions, done->n_captions == 1 ? "" : "s",
                     done->n_captions == 1 ? "was" : "were");
    }
    if (st == STATUS_OK && done->n_edited) {
        st = add_line(office, err,
                      "captions.csv of %zu other batch%s had been changed by hand; it was kept in "
                      "set-aside/ and written anew",
                      done->n_edited, done->n_edited == 1 ? "" : "es");
    }
    return st;
}

/* The office must know what is to come down; where else photos of this batch are is for the DPO. */
static enum status tell_posting(const struct posting *p, struct text batch, time_t now,
                                struct lines *office, struct lines *dpo, struct err *err)
{
    if (posting_is_open(p)) {
        struct buffer b;
        buffer_init(&b, LINE_BYTES);
        posting_words(p, now, &b);
        enum status st = buffer_status(&b, err);
        st = st == STATUS_OK ? add_line(office, err, "%.*s; then: photogate taken-down %s/%s",
                                        (int)b.n, (const char *)b.at, p->batch, p->file)
                             : st;
        buffer_release(&b);
        return st;
    }
    if (!text_equal(text_of(p->batch), batch)) {
        return STATUS_OK;
    }
    return p->taken_down[0] ? add_line(dpo, err,
                                       "%s/%s was published on %s at %s (recorded by %s) and taken "
                                       "down; that was told on %.10s",
                                       p->batch, p->file, p->on, p->url, p->by, p->taken_down)
                            : add_line(dpo, err, "%s/%s was published on %s at %s (recorded by %s)",
                                       p->batch, p->file, p->on, p->url, p->by);
}

enum status run_recall_notes(struct run *r, struct err *err)
{
    struct lines office = {.m = r->m}, dpo = {.m = r->m};
    struct postings posted;
    time_t now = time(NULL);
    enum status st = tell_recalled(&r->m->recalled_before, &office, &dpo, err);
    if (st == STATUS_OK) {
        st = tell_recalled(&r->m->recalled_after, &office, &dpo, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    st = postings_read(r->home->ledger, r->home->policy, &posted, err);
    for (size_t i = 0; st == STATUS_OK && i < posted.n; i++) {
        st = tell_posting(&posted.at[i], r->result->report.batch, now, &office, &dpo, err);
    }
    if (st == STATUS_OK) {
        postings_release(&posted);
    }
    r->m->recall_notes = office.at;
    r->m->n_recall_notes = office.n;
    r->result->report.dpo_notes = dpo.at;
    r->result->report.n_dpo_notes = dpo.n;
    return st;
}
