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
    KEY_ADMISSION_NO,
    /* words and phrases that are nobody (topics.h); their person is NO_PERSON */
    KEY_TOPIC,
    KEY_TOPIC_WORD,
    KEY_WEAK_WORD, /* also a name: no topic by itself when it has a capital */
    KEY_COMMON_FORENAME
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

/* Add a key, copied; an empty one is passed over. Then sort, once all are added. fails NOMEM */
enum status person_index_add(struct person_index *x, enum key_kind kind, uint32_t person,
                             struct text folded, struct err *err);
void person_index_sort(struct person_index *x);

/* Whom a name nearly names: a letter or two added, left out, changed or swapped. */
struct near_miss {
    uint32_t nearest; /* 1 + the one person who is nearest; 0 when nobody is, or two are */
    bool pupil;       /* some pupil is that near */
};

/* `folded` against the full names, with their spaces when it has any, and without. It never makes a
 * tag name somebody. Pure. */
struct near_miss person_index_nearly(const struct person_index *index, struct text folded);

/* name_fold; with `squeeze`, the spaces taken out too. Replaces what `out` holds. */
enum status fold_key(struct text t, bool squeeze, struct buffer *out, struct err *err);

#endif
