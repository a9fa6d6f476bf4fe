/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows and notes of a run's report. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "photogate/limits.h"
#include "run_memory.h"

struct notes {
    struct run_memory *m;
    struct report_note *rows;
    size_t n, cap;
    enum status failed;
};

/* Notes carry no pupil's name: what may be one (file names, cells) is told by its row or place. */
static void note(struct notes *all, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct notes *all, const char *format, ...)
{
    char line[600];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (all->n < all->cap && all->failed == STATUS_OK) {
        if (arena_dup(&all->m->memory, text_of(line), &all->rows[all->n].text)) {
            all->n++;
        } else {
            all->failed = STATUS_NOMEM;
        }
    }
}

/* Rows of a manifest that speak of no file of their folder: a typing mistake, and perhaps an unprotected child. */
static void note_manifest(struct notes *all, const struct folder_manifest *f)
{
    const struct intake *in = &all->m->intake;
    if (f->trouble.n) {
        note(all, "%s cannot be used, and every photo of its folder is held: %.*s",
             f->folder.n ? "photos.csv of a sub-folder" : "photos.csv", TEXT_ARG(f->trouble));
        return;
    }
    for (size_t i = 0; i < f->manifest.n_rows; i++) {
        const struct manifest_row *row = &f->manifest.rows[i];
        bool there = false;
        for (size_t k = 0; !there && k < in->n_items; k++) {
            const struct item *it = &in->items[k];
            there = text_equal(it->folder, f->folder) &&
                    manifest_row_for(&f->manifest, it->base) == row;
        }
        if (!there) {
            note(all, "photos.csv, row %u: there is no file of that name in its folder",
                 row->said.row);
        }
    }
}

static void note_photos(struct notes *all)
{
    for (size_t i = 0; i < all->m->n_works; i++) {
        const struct work *w = &all->m->works[i];
        if (w->earlier.known && w->earlier.verdict == VERDICT_APPROVED &&
            w->decision.ruling.verdict != VERDICT_APPROVED) {
            note(all,
                 "%s was approved in an earlier run and would not be today (case %lld): take it "
                 "out of approved/, and down from wherever it was published",
                 w->earlier.file, (long long)w->outcome.case_no);
        }
    }
}

static enum status gather_notes(struct run_memory *m, struct report *report, struct err *err)
{
    struct notes all = {.m = m, .failed = STATUS_OK};
    all.cap = m->n_works + 1;
    for (size_t i = 0; i < m->n_manifests; i++) {
        all.cap += m->manifests[i].manifest.n_rows + 1;
    }
    all.rows = arena_alloc(&m->memory, all.cap, sizeof *all.rows);
    if (!all.rows) {
        return err_set(err, STATUS_NOMEM, "out of memory while writing the report");
    }
    note_photos(&all);
    for (size_t i = 0; i < m->n_manifests; i++) {
        note_manifest(&all, &m->manifests[i]);
    }
    report->notes = all.rows;
    report->n_notes = all.n;
    return all.failed == STATUS_OK
               ? STATUS_OK
               : err_set(err, all.failed, "out of memory while writing the report");
}

enum status run_report_items(struct run_memory *m, struct report *report, struct err *err)
{
    struct report_item *items = arena_alloc(&m->memory, m->n_works, sizeof *items);
    if (!items) {
        return err_set(err, STATUS_NOMEM, "out of memory while writing the report");
    }
    for (size_t i = 0; i < m->n_works; i++) {
        const struct work *w = &m->works[i];
        bool approved = w->decision.ruling.verdict == VERDICT_APPROVED;
        items[i] = (struct report_item){
            .evidence = &w->evidence,
            .ruling = &w->decision.ruling,
            .shown_name = w->decision.shown_name,
            .published_name = text_of(w->outcome.file),
            .published_caption = approved ? evidence_caption(&w->evidence) : TEXT_NONE,
            .published_credit = approved ? w->evidence.said.credit : TEXT_NONE,
            .case_no = w->outcome.case_no,
            .proof = w->proven ? &w->proof : NULL,
            .as_before = w->outcome.as_before,
        };
    }
    report->items = items;
    report->n_items = m->n_works;
    report->n_litter = 0;
    for (size_t i = 0; i < m->intake.n_items; i++) {
        report->n_litter += m->intake.items[i].class == ITEM_LITTER;
    }
    return gather_notes(m, report, err);
}
