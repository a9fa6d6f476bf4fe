/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that lives as long as a run: the intake, the register snapshot, and a row of work for
 * every photo. */
#ifndef PHOTOGATE_GATE_RUN_MEMORY_H
#define PHOTOGATE_GATE_RUN_MEMORY_H

#include <sys/stat.h>

#include "commit.h"
#include "decide.h"
#include "history.h"
#include "photogate/examiner.h"
#include "photogate/limits.h"
#include "photogate/recall.h"
#include "photogate/run.h"

enum work_stage { WORK_WAITING, WORK_EXAMINING, WORK_CLEANSING, WORK_SETTLEABLE, WORK_SETTLED };

struct work {
    size_t index;
    const struct item *item;
    enum work_stage stage;
    struct opened {
        int fd;
        struct stat facts;
    } files[1 + MAX_SIDECARS]; /* the photo and its sidecars, while they are examined */
    size_t n_files;
    uid_t owner; /* of the photo's file: who put it there; NO_OWNER until it is opened */
    struct companion_file beside[MAX_SIDECARS]; /* of files[1] on: what each is; same descriptors */
    int release;            /* sealed memory the examiner writes into, while it cleanses; else -1 */
    struct buffer released; /* what it wrote, checked; taken by the committer */
    struct arena arena;     /* evidence and ruling; lives until the reports are written */
    struct evidence evidence;
    struct decision decision;
    struct digest source; /* under which the ledger knows it */
    struct earlier earlier;
    struct work *next_copy; /* another file with the same bytes, later in the intake; or NULL */
    struct proof proof;
    bool proven;
    struct outcome outcome;
};

struct run_memory {
    struct arena memory; /* snapshot, manifests, report rows, texts */
    struct intake intake;
    struct companions *companions;
    struct snapshot snapshot;
    struct lexicon *lexicon;
    struct history history; /* what people decided about photos before */
    struct person_index *index;
    struct folder_manifest *manifests;
    size_t n_manifests;
    struct work *works; /* one per candidate, in intake order */
    size_t n_works;
    uint32_t *
        /* open addressing, power of two: index + 1 of the first settled photo with a digest */
        by_digest;
    size_t by_digest_mask;
    /* this run; of other batches, of its own */
    struct recall_result recalled_before, recalled_after;
    const struct report_note *recall_notes; /* what the report says of that, and of publications */
    size_t n_recall_notes;
    struct report_note *notes; /* of the report, with room for those about captions.csv */
};

enum status run_memory_new(struct run_memory **out, struct err *err);
void run_memory_free(struct run_memory *m);

/* Register, lexicon, intake, manifests, batch and channel; fills the bench and the report's head.
 */
enum status run_load(struct run_memory *m, struct home *home, const struct run_options *options,
                     struct bench *bench, struct run_result *result, struct err *err);

/* What the examiners said of themselves, into the report; refuses what the policy does not accept.
 */
enum status run_take_readiness(struct run_memory *m, const struct readiness *ready,
                               const struct policy *policy, struct report *report, struct err *err);

/* Rows and notes of the report, once every photo is settled. */
enum status run_report_items(struct run_memory *m, struct report *report, struct err *err);

/* Notes about captions.csv, behind the others. */
struct captions_told;
enum status run_report_captions(struct run_memory *m, struct report *report,
                                const struct captions_told *told, struct err *err);

/* Find photos with the same bytes. fails NOMEM */
enum status copies_find(struct run_memory *m, struct err *err);

/* The earlier photo of the run with the same bytes; NULL when `w` is the first, which is
 * remembered. */
const struct work *work_first_with(struct run_memory *m, const struct work *w);

/* How many examiners: asked, configured or as many as cores; never more than photos. */
unsigned run_jobs(unsigned asked, unsigned configured, size_t n_photos);

#endif
