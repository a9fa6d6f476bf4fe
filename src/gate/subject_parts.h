/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about one person share. */
#ifndef PHOTOGATE_GATE_SUBJECT_PARTS_H
#define PHOTOGATE_GATE_SUBJECT_PARTS_H

#include "photogate/subject.h"

/* Does the pseudonym stand anywhere in the value? Pure. */
bool json_names(const json_t *value, const char *pseudonym);

/* A copy of an entry's body without what is about other people: their pseudonyms, the hits of rules
 * on them, and keyed digests, which say nothing to a reader. *n_others counts those people.
 * NULL: out of memory. */
json_t *json_without_others(const json_t *body, const char *pseudonym, size_t *n_others);

/* An entry as the copy tells it: number, time, kind, what it means, and its body without others. Of
 * a photo with several people in it that was refused, neither verdict nor any reason but their own
 * is told: from "refused, and not because of your child" a parent would know of the other one's.
 * So it is with what was recalled or declined.
 *
 * among_others   the entry it is about has others in it. A new object; NULL: out of memory */
json_t *subject_entry_told(const struct entry *e, const char *pseudonym, bool among_others,
                           size_t *n_others);

/* What an entry of that kind says of the person it is about, in plain words. */
const char *subject_entry_words(enum entry_kind kind);

/* Everything held on them, as subject.json has it: a new object. NULL with `err` set. */
json_t *subject_model(struct home *home, const struct subject *s, struct err *err);

/* The proofs of their entries: files of proofs/ and dpo/ below `dir`, checkpoint.txt and
 * verifier-key.txt in it. *size: entries that the checkpoint is about */
enum status subject_proofs_write(struct home *home, const struct subject *s, int dir, int64_t *size,
                                 struct err *err);

/* Record that people leave the register, delete the copies made for them, and their rows. Each
 * entry is recorded once, however often this is called. `counts` is borrowed, may be NULL. */
struct erasure {
    const struct person *person;
    char pseudonym[PSEUDONYM_BYTES];
    json_t *counts;
};
enum status people_erase(struct home *home, const struct erasure *people, size_t n,
                         const struct actor *actor, struct text reason, int64_t *version,
                         struct err *err);

#endif
