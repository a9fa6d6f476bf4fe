/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names one slip of the pen away ("Chidima"), and names spelt as they sound ("Ruqaya" for
 * Ruqayyah).
 *
 * An index beside the lexicon's keys: for each name that is nothing but a name, the hash of its
 * letters, of its letters less one, and of its sound. What it finds may only hold a text, never
 * clear one.
 */
#ifndef NAMES_NEAR_H
#define NAMES_NEAR_H

#include "photogate/bytes.h"
#include "photogate/text.h"

struct lexicon;
struct entry;

enum { MAX_NEAR = 16 };

/* Index entry number `at`, which has just been added. */
void near_add(struct buffer *index, struct text letters, uint32_t at);
/* Once all are added. */
void near_sort(struct buffer *index);

/* Entries within one slip (a letter too many, missing, wrong, or two swapped) of `letters`. Returns
 * how many, MAX_NEAR at most. */
size_t near_find(const struct lexicon *l, struct text letters, const struct entry *out[MAX_NEAR]);
/* An entry that sounds the same and is not the same, or NULL. */
const struct entry *near_sound(const struct lexicon *l, struct text letters);

#endif
