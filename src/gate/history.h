/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided about photos before: clearances, refusals at sign-off, destroyed originals.
 */
#ifndef PHOTOGATE_GATE_HISTORY_H
#define PHOTOGATE_GATE_HISTORY_H

#include "commit.h"
#include "photogate/ruling.h"

struct past_deed {
    enum entry_kind kind; /* CLEARED, DECLINED (by a person), DESTROYED */
    int64_t entry, held;  /* held: the ruling it answers, for CLEARED */
    char batch[65];
    struct digest source;
    struct clearance clearance; /* for CLEARED */
};

struct history {
    struct past_deed *at; /* owned; by entry */
    size_t n, cap;
    struct arena texts;
};

/* fails IO, NOMEM, BROKEN; *out is to be released after success */
enum status history_read(struct ledger *l, struct history *out, struct err *err);
void history_release(struct history *h);

/* What the ledger knows of these bytes: destroyed anywhere, or turned down in this batch. */
enum past history_past(const struct history *h, struct text batch, const struct digest *source);

/* Settle a held ruling by the clearances that answer exactly it: the ruling that was cleared is
 * recorded with the same photo, policy, channel, people, consents, texts and facts.
 *
 * face_assurance  of this run
 * *ruling  rewritten in arena `a` when it is cleared
 * fails    NOMEM, IO, BROKEN
 */
enum status history_clear(const struct history *h, const struct commit_context *context,
                          const struct outcome *o, int face_assurance, struct arena *a,
                          struct ruling *ruling, struct err *err);

#endif
