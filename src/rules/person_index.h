/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names and numbers of the register, folded, for exact look-up. Private to the room. */
#ifndef PHOTOGATE_PERSON_INDEX_H
#define PHOTOGATE_PERSON_INDEX_H

#include "photogate/ruling.h"

enum key_kind {
    KEY_FULL_NAME,   /* forename and surname in either order, with or without the middle names */
    KEY_JOINED_NAME, /* the same without spaces */
    KEY_FORENAME,
    KEY_SURNAME, /* whole, and each part of a double-barrelled one */
    KEY_UPN,     /* numbers: without spaces */
    KEY_ADMISSION_NO
};

struct key {
    enum key_kind kind;
    uint32_t person; /* index into snapshot->people */
    struct text folded;
};

struct person_index {
    const struct snapshot *snapshot; /* borrowed */
    struct arena memory;             /* the keys' text */
    struct key *keys;                /* sorted by kind, text, person; no repeats */
    size_t n_keys, cap;
};

struct key_range {
    const struct key *at;
    size_t n;
};

/* The people who have this key. Pure. */
struct key_range person_index_find(const struct person_index *index, enum key_kind kind,
                                   struct text folded);

/* name_fold; with `squeeze`, the spaces taken out too. Replaces what `out` holds. */
enum status fold_key(struct text t, bool squeeze, struct buffer *out, struct err *err);

#endif
