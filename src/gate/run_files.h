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

/* Write captions.csv into approved/BATCH (`dir`), rows of earlier runs judged again and kept.
 * *n_blanked captions that would not pass today; *edited when somebody had changed the file, and
 * their copy was set aside. */
enum status captions_write(const struct captions_context *c, int dir, size_t *n_blanked,
                           bool *edited, struct err *err);

/* approved/BATCH/captions.csv and SHA256SUMS, over the whole batch. Outs as for captions_write. */
enum status run_write_batch(const struct captions_context *c, size_t *n_blanked, bool *edited,
                            struct err *err);

/* reports/BATCH/...; *path of report.html. */
enum status run_write_reports(struct home *home, const struct report *r, char *path, size_t cap,
                              struct err *err);

#endif
