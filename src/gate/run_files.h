/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run leaves beside the photos: reports, captions, sums. */
#ifndef PHOTOGATE_GATE_RUN_FILES_H
#define PHOTOGATE_GATE_RUN_FILES_H

#include "photogate/names.h"
#include "photogate/run.h"

/* What captions are judged by, and for whom they are written. */
struct captions_context {
    struct home *home;
    const struct report *report;
    const struct lexicon *lexicon;
    enum name_policy names;
};

/* What became of them. */
struct captions_told {
    size_t n_blanked; /* would not pass today */
    size_t n_kept;    /* were changed after their photo was signed off: the signed ones stay */
    bool edited;      /* somebody had changed captions.csv, and their copy was set aside */
};

/* The captions and credits kept for a batch, of waiting photos too: an object of
 * {"photo-0001.jpg": {"caption": ..., "credit": ...}}, a new reference. */
enum status captions_kept(const struct home *home, struct text batch, json_t **out,
                          struct err *err);

/* Write captions.csv into approved/BATCH (`dir`), rows of earlier runs judged again and kept.
 * Photos that wait have no row in it. `listed`: false keeps the captions and writes no file. */
enum status captions_write(const struct captions_context *c, int dir, bool listed,
                           struct captions_told *told, struct err *err);

/* The same by somebody who has read the ledger. */
struct named_files;
struct waitings;
enum status captions_rewrite(const struct captions_context *c, const struct named_files *named,
                             const struct waitings *waiting, int dir, bool listed,
                             struct captions_told *told, struct err *err);

/* How many photos of captions_kept have words beside them that would not pass today. */
size_t captions_failing(const struct captions_context *c, const json_t *photos);

/* Forget what was kept beside photos that stand and wait no longer, and write captions.csv into
 * `dir` without them; judges nothing. `listed`: false deletes captions.csv, and forgets the batch
 * once nothing of it waits. */
enum status captions_prune(struct home *home, struct text batch, int dir, bool listed,
                           struct err *err);

/* approved/BATCH/captions.csv and SHA256SUMS, over the whole batch. */
enum status run_write_batch(const struct captions_context *c, struct captions_told *told,
                            struct err *err);

/* reports/BATCH/...; *path of report.html. */
enum status run_write_reports(struct home *home, const struct report *r, char *path, size_t cap,
                              struct err *err);

#endif
