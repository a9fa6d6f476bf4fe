/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has been kept as long as the policy's [retention] says, and its deletion (UK GDPR Art
 * 5(1)(e)). 0 days: no limit.
 *
 * Sequence: purge_look under the lock, show it, purge_do, purge_release.
 */
#ifndef PHOTOGATE_PURGE_H
#define PHOTOGATE_PURGE_H

#include "photogate/actor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Name, words, which of the policy's times. */
#define PURGE_KIND_LIST(X)                                                                         \
    X(LEAVER, "leavers", "people who left", leavers_days)                                          \
    X(APPROVED, "approved", "approved photos", approved_days)                                      \
    X(RECALLED, "recalled", "recalled photos", approved_days)                                      \
    X(SET_ASIDE, "set_aside", "files set aside", approved_days)                                    \
    X(LOOK_FOR, "look_for", "look-for sheets", approved_days)                                      \
    X(REPORTS, "reports", "reports of batches", reports_days)                                      \
    X(COPIES, "copies", "copies made for people", reports_days)

enum purge_kind {
#define X(symbol, name, words, days) PURGE_##symbol,
    PURGE_KIND_LIST(X)
#undef X
    N_PURGE_KINDS
};

struct purge_item {
    enum purge_kind kind;
    struct text path;            /* below the school's folder; empty for a leaver */
    const struct person *person; /* a leaver; else NULL */
    struct date since;           /* left, published, last written */
    const char *stays;           /* why it stays all the same; NULL: it goes */
    int64_t intent;              /* of an approved photo */
    struct text batch, file;     /* likewise */
    char pseudonym[PSEUDONYM_BYTES]; /* of a leaver */
};

struct purge {
    struct date today;
    struct purge_item *items; /* by kind */
    size_t n_items, cap_items;
    size_t n_going[N_PURGE_KINDS], n_staying[N_PURGE_KINDS];
    struct snapshot people;
    struct arena memory;
};

/* The policy's days for a kind; 0: no limit. Pure. */
uint32_t purge_days(const struct policy *policy, enum purge_kind kind);
const char *purge_kind_name(enum purge_kind k);
const char *purge_kind_words(enum purge_kind k);

/* Work out what is due on `today`. A leaver stays whom an approved or waiting photo shows that does
 * not go itself, or who is protected: that takes a person's decision (subject erase).
 *
 * home     policy, register and ledger open
 * *out     owned; purge_release, on failure too
 * fails    IO, LIMIT, NOMEM, BROKEN */
enum status purge_look(struct home *home, struct date today, struct purge *out, struct err *err);

/* Record it, and delete what goes. Register and ledger open for writing. After a kill it can be
 * given again. */
enum status purge_do(struct home *home, const struct purge *p, const struct actor *actor,
                     struct err *err);
void purge_release(struct purge *p);

#ifdef __cplusplus
}
#endif
#endif
