/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run does about photos that were approved before, and what its reports tell of them. */
#ifndef PHOTOGATE_GATE_RUN_RECALL_H
#define PHOTOGATE_GATE_RUN_RECALL_H

#include "run_photo.h"

/* Recall photos of all other batches, before the first photo of this run; so a withdrawal takes
 * effect whatever folder is run. fails as recall_photos */
enum status run_recall_others(struct run *r, struct err *err);

/* Recall photos of this run's batch whose originals have left the folder; those still in it were
 * judged by the run, and their recall names its case. After the committer has finished. */
enum status run_recall_own(struct run *r, struct err *err);

/* Lines about what was recalled and what must be taken down for the reports: `office` for both,
 * `dpo` with reasons and addresses. In run memory. fails NOMEM; as the ledger */
enum status run_recall_notes(struct run *r, struct err *err);

#endif
