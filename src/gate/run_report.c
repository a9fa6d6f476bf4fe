/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows and notes of a run's report. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "photogate/limits.h"
#include "run_files.h"
#include "run_memory.h"

enum { CAPTION_NOTES = 3 };

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

/* A manifest that cannot be used, or that speaks of a file that is not there: a typing mistake, and
 * perhaps an unprotected child. */
static void note_manifest(struct notes *all, const struct folder_manifest *f)
{
    const char *which = f->folder.n ? "photos.csv of a sub-folder" : "photos.csv";
    if (f->trouble.n) {
        note(all, "%s cannot be used, and every photo of its folder is held: %.*s", which,
             TEXT_ARG(f->trouble));
    } else if (f->lost_row) {
        note(all,
             "%s, row %u: there is no file of that name; photos of its folder that have no row are "
             "held, since the row may mean one of them",
             which, f->lost_row);
    }
}

/* What was approved before and is no more, or is no longer what it was. */
static void note_photos(struct notes *all)
{
    for (size_t i = 0; i < all->m->n_works; i++) {
        const struct work *w = &all->m->works[i];
        const struct earlier *e = &w->earlier;
        bool approved = w->decision.ruling.verdict == VERDICT_APPROVED;
        if (w->outcome.recalled[0]) {
            note(all,
                 "%s was approved in an earlier run and may not be published today (case %lld): it "
                 "was "
                 "taken out of approved/; take it down from wherever it was published",
                 w->outcome.recalled, (long long)w->outcome.case_no);
        } else if (w->outcome.declined[0]) {
            note(all,
                 "%s waited for a second person and may not be published today (case %lld): it was "
                 "taken out of awaiting/",
                 w->outcome.declined, (long long)w->outcome.case_no);
        } else if (!approved || !e->known || e->verdict != VERDICT_APPROVED) {
            continue;
        } else if (e->standing == STANDS_GONE) {
            note(
                all,
                "%s was approved in an earlier run and is no longer in approved/: copy photos from "
                "there, and put this one back, so that the record stays whole",
                e->file);
        } else if (e->standing == STANDS_ALTERED) {
            note(all,
                 "%s in approved/ is no longer the picture that was approved: do not publish it",
                 e->file);
        }
    }
}

static enum status gather_notes(struct run_memory *m, struct report *report, struct err *err)
{
    struct notes all = {.m = m, .failed = STATUS_OK};
    all.cap = m->n_works + m->n_manifests + m->n_recall_notes + CAPTION_NOTES;
    all.rows = arena_alloc(&m->memory, all.cap, sizeof *all.rows);
    if (!all.rows) {
        return err_set(err, STATUS_NOMEM, "out of memory while writing the report");
    }
    note_photos(&all);
    for (size_t i = 0; i < m->n_recall_notes; i++) {
        all.rows[all.n++] = m->recall_notes[i];
    }
    for (size_t i = 0; i < m->n_manifests; i++) {
        note_manifest(&all, &m->manifests[i]);
    }
    m->notes = all.rows;
    report->notes = all.rows;
    report->n_notes = all.n;
    return all.failed == STATUS_OK
               ? STATUS_OK
               : err_set(err, all.failed, "out of memory while writing the report");
}

/* Who signed it off, as its intent tells. */
static enum status signed_words(struct run_memory *m, const struct work *w, struct text *out,
                                struct err *err)
{
    const json_t *o = json_object_get(w->earlier.body, "signed");
    const char *by = json_string_value(json_object_get(o, "by"));
    const char *role = json_string_value(json_object_get(o, "role"));
    const char *on = json_string_value(json_object_get(o, "on"));
    const char *reason = json_string_value(json_object_get(o, "reason"));
    char line[1024];
    *out = TEXT_NONE;
    if (!by || !role || !on || w->decision.ruling.verdict != VERDICT_APPROVED) {
        return STATUS_OK;
    }
    (void)snprintf(line, sizeof line, "by the account %s as %s on %s%s%s", by, role, on,
                   reason ? ", alone: " : "", reason ? reason : "");
    return arena_dup(&m->memory, text_of(line), out)
               ? STATUS_OK
               : err_set(err, STATUS_NOMEM, "out of memory while writing the report");
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
            .published_name = w->outcome.waits ? TEXT_NONE : text_of(w->outcome.file),
            .waiting_name = w->outcome.waits ? text_of(w->outcome.file) : TEXT_NONE,
            .published_caption = approved ? evidence_caption(&w->evidence) : TEXT_NONE,
            .published_credit = approved ? w->evidence.said.credit : TEXT_NONE,
            .case_no = w->outcome.case_no,
            .proof = w->proven ? &w->proof : NULL,
            .as_before = w->outcome.as_before,
        };
        enum status st = signed_words(m, w, &items[i].signed_off, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    report->items = items;
    report->n_items = m->n_works;
    report->n_litter = 0;
    for (size_t i = 0; i < m->intake.n_items; i++) {
        report->n_litter += m->intake.items[i].class == ITEM_LITTER;
    }
    return gather_notes(m, report, err);
}

enum status run_report_captions(struct run_memory *m, struct report *report,
                                const struct captions_told *told, struct err *err)
{
    size_t n_blanked = told->n_blanked, n_kept = told->n_kept;
    struct notes all = {.m = m, .rows = m->notes, .n = report->n_notes, .failed = STATUS_OK};
    all.cap = report->n_notes + CAPTION_NOTES;
    if (n_blanked) {
        note(&all,
             "%zu caption%s of photos approved earlier would not pass today and %s left out of "
             "captions.csv",
             n_blanked, n_blanked == 1 ? "" : "s", n_blanked == 1 ? "was" : "were");
    }
    if (n_kept) {
        note(&all,
             "%zu caption%s changed after %s photo%s had been signed off; captions.csv keeps what "
             "the second person saw",
             n_kept, n_kept == 1 ? " was" : "s were", n_kept == 1 ? "its" : "their",
             n_kept == 1 ? "" : "s");
    }
    if (told->edited) {
        note(&all,
             "captions.csv had been changed by hand; it was kept in set-aside/ and written anew: "
             "a caption is changed in photos.csv, so that it is judged");
    }
    report->n_notes = all.n;
    return all.failed == STATUS_OK
               ? STATUS_OK
               : err_set(err, all.failed, "out of memory while writing the report");
}
