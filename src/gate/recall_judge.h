/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May the people whom an intent names still be shown? The same rows of the rule table answer as in
 * a run; a person's answer for a channel is worked out once. */
#ifndef PHOTOGATE_GATE_RECALL_JUDGE_H
#define PHOTOGATE_GATE_RECALL_JUDGE_H

#include "history.h"
#include "photogate/home.h"

struct recall_judge;

/* Borrows all but `err`. fails NOMEM, IO (no key) */
enum status recall_judge_open(struct home *home, const struct snapshot *people,
                              const struct history *history, struct date date,
                              struct recall_judge **out, struct err *err);
void recall_judge_close(struct recall_judge *j);

/* May the photo of an intent (its body) stand? fails NOMEM, LIMIT, BUG */
enum status recall_may_stand(struct recall_judge *j, const json_t *intent, bool *may,
                             struct err *err);

/* Why not, for the ledger and for the DPO. Only of an intent that may not.
 *
 * *hits    a new array as in a ruling's entry: [{"code", "verdict", "person", "event"}, ...];
 *          "code" is missing where no rule has one for it, and "why" says it
 * *reasons in arena `a`; name pupils
 */
enum status recall_reasons(struct recall_judge *j, const json_t *intent, struct arena *a,
                           json_t **hits, const struct text **reasons, size_t *n, struct err *err);

#endif
