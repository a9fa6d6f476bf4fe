/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run leaves beside the photos: reports, captions, sums. */
#ifndef PHOTOGATE_GATE_RUN_FILES_H
#define PHOTOGATE_GATE_RUN_FILES_H

#include "photogate/run.h"

/* approved/BATCH/captions.csv and SHA256SUMS, over the whole batch: rows of earlier runs are kept. */
enum status run_write_batch(struct home *home, const struct report *r, struct err *err);

/* reports/BATCH/...; *path of report.html. */
enum status run_write_reports(struct home *home, const struct report *r, char *path, size_t cap,
                              struct err *err);

#endif
