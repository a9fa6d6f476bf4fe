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

/* Does a body say of a release that all are covered in it whom the ruling covers, where it does?
 * False when out of memory too. */
bool record_covers(const struct commit_context *context, const json_t *body,
                   const struct ruling *ruling);

/* What was proved of a release, as an object of an intent's body, and back. NULL, false: out of
 * memory; not there. */
json_t *record_picture(const struct proof *proof);
bool record_read_picture(const json_t *intent, struct proof *out);

/* The words that go out with a photo, as a keyed digest ("texts" of a body): whether they are the
 * same, and no more. */
enum status record_texts(const struct ledger *l, struct text caption, struct text credit,
                         char out[PSEUDONYM_BYTES], struct err *err);

/* Do two bodies tell of the same ruling? What moves by itself (date, register and policy versions,
 * examiner's tags of the run) does not count. */
bool record_same_ruling(const json_t *a, const json_t *b);

#endif
