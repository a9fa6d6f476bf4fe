/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos that leave approved/ because a person asked or their time is over, not for a rule. */
#ifndef PHOTOGATE_GATE_TAKE_OUT_H
#define PHOTOGATE_GATE_TAKE_OUT_H

#include "photogate/actor.h"

struct leaving {
    const char *batch, *file; /* below approved/ */
    int64_t intent;           /* that was published and is not recalled */
};

/* Record each as `recalled`, in one transaction; then take the files out, write the lists of
 * their batches without them, and delete them. A kill after the entries leaves photos in recalled/,
 * or what run_recover moves there.
 *
 * why      stands in the entries: "erasure"
 * fails    as the ledger; IO */
enum status photos_take_out(struct home *home, const struct leaving *photos, size_t n,
                            const char *why, const struct actor *actor, struct err *err);

/* Write SHA256SUMS, captions.csv and the captions kept of a batch without what stands and waits no
 * longer; a batch that holds nothing more loses its folders. fails IO, as the ledger */
enum status batch_lists_renew(struct home *home, const char *batch, struct err *err);

#endif
