/* SPDX-License-Identifier: GPL-3.0-or-later */
/* awaiting/: photos that passed every rule and wait for a second person.
 *
 * An entry `awaiting` holds all that an intent would. It is over when a photo of it was published
 * (an intent names it), when it was declined, or when a later one renews it. Only what an open
 * entry names, with its digest, ever leaves awaiting/ for approved/; other files there are
 * nobody's.
 */
#ifndef PHOTOGATE_GATE_AWAITING_H
#define PHOTOGATE_GATE_AWAITING_H

#include "photogate/actor.h"
#include "photogate/home.h"

struct waiting {
    int64_t entry, photo;
    char batch[65], file[PHOTO_FILE_BYTES];
    char name[PSEUDONYM_BYTES]; /* pseudonym of the original's file name */
    struct digest source, release;
    int64_t intent; /* that would publish it, or has; 0 for none */
    bool over;
};

struct waitings {
    struct waiting *at; /* owned; by entry */
    size_t n, cap;
};

/* All that ever waited. fails IO, NOMEM, BROKEN */
enum status waitings_read(struct ledger *l, struct waitings *out, struct err *err);
void waitings_release(struct waitings *all);

/* The open one of that source in the batch, the last if there were several; or NULL. */
struct waiting *waitings_find(const struct waitings *all, struct text batch,
                              const struct digest *source);
/* The open one of that file, or NULL. */
struct waiting *waitings_file(const struct waitings *all, struct text batch, struct text file);
/* Highest number a photo of the batch was given; 0 for none. */
int64_t waitings_last_photo(const struct waitings *all, struct text batch);

/* Open awaiting/BATCH, making it when missing. */
enum status awaiting_open(const struct home *home, struct text batch, int *fd, struct err *err);

/* Delete what an entry that is over left standing: it was published, or may not be. Called under
 * the lock, when no intent is open. */
enum status awaiting_sweep(const struct home *home, struct err *err);

/* Append a `declined` entry for `w` and mark it over. `by` and `role` for a person's no, else NULL
 * and ROLE_NONE; `case_no` 0 for none. */
enum status waiting_decline(struct ledger *l, struct waiting *w, const char *now,
                            const struct actor *by, enum role role, const char *reason,
                            int64_t case_no, struct err *err);

#endif
