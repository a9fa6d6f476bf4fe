/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside approved photos, in every batch: captions judged again, and lists that say
 * what the ledger says. */
#ifndef PHOTOGATE_GATE_RECALL_LISTS_H
#define PHOTOGATE_GATE_RECALL_LISTS_H

#include "approved.h"
#include "awaiting.h"
#include "photogate/names.h"

struct recall_lists {
    struct home *home;
    const struct snapshot *people;
    const struct lexicon *lexicon;
    struct date date;
    struct text only, except;             /* as in recall_options */
    const struct named_files *named;      /* with what was recalled marked so */
    struct waitings waiting;              /* its own */
    size_t n_captions, n_lists, n_edited; /* what became of them */
};

/* Write captions.csv and SHA256SUMS of each batch where a caption would not pass today, or where
 * SHA256SUMS is not what the ledger says: after a recall, or a kill that came between one and its
 * lists. SHA256SUMS is written last, so that it tells of both. fails IO, NOMEM, BROKEN */
enum status recall_write_lists(struct recall_lists *l, struct err *err);

#endif
