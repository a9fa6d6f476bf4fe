/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ledger says of a ruling: digests, codes, pseudonyms, numbers. Never a name, a caption or
 * a file name. */
#ifndef PHOTOGATE_GATE_RECORD_H
#define PHOTOGATE_GATE_RECORD_H

#include "commit.h"

/* The body of an intent, held or rejected entry, without the fields that committer adds ("release",
 * "file", "photo", "case"). Returned owned; NULL with `err` set on failure. */
json_t *record_ruling(const struct commit_context *context, const struct outcome *o,
                      struct err *err);

/* What was proved of a release, as an object of an intent's body, and back. NULL, false: out of
 * memory; not there. */
json_t *record_picture(const struct proof *proof);
bool record_read_picture(const json_t *intent, struct proof *out);

/* Do two bodies tell of the same ruling? What moves by itself (date, register and policy versions,
 * examiner's tags of the run) does not count. */
bool record_same_ruling(const json_t *a, const json_t *b);

#endif
