/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What clearing, destroying and signing off share. */
#ifndef PHOTOGATE_GATE_CLEARING_H
#define PHOTOGATE_GATE_CLEARING_H

#include "photogate/actor.h"
#include "photogate/ruling.h"

/* Is it one line, and does it name nobody? fails USAGE with what is wrong */
enum status reason_check(struct home *home, struct text reason, struct err *err);

/* The entry of a case that stands: *out is to be released. fails USAGE when there is none, or when
 * the photo was ruled on again since */
enum status case_find(struct home *home, int64_t case_no, struct entry *out, struct err *err);

/* Who may clear every hit of a recorded ruling: ROLE_BITs. `all`: each of them must. 0: nobody, and
 * *stands is a rule that nobody clears, or NULL when no one role clears all. */
unsigned case_roles(const json_t *body, const struct policy *policy, bool *all,
                    const struct rule **stands);

/* Does the channel's policy want no second person at all? An unknown channel wants one. */
bool channel_wants_nobody(const struct home *home, const char *channel);

/* One entry, in a transaction of its own. */
enum status ledger_record(struct ledger *l, enum entry_kind kind, const char *now, json_t *body,
                          struct err *err);

#endif
