/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Held photos that a person settles: cleared after a look, or destroyed.
 *
 * A clearance answers one recorded ruling of one photo: the next run of the batch lifts exactly its
 * hits, if everything about the photo is as it was (gate/history.h). Nothing is published here. A
 * rejected photo is never cleared. Who handed a photo in does not clear it, unless the channel's
 * policy wants no second person at all.
 *
 * All functions need the ledger open for writing, the register, and the lock.
 */
#ifndef PHOTOGATE_CLEARANCE_H
#define PHOTOGATE_CLEARANCE_H

#include <sys/stat.h>

#include "photogate/actor.h"

#ifdef __cplusplus
extern "C" {
#endif

struct clear_request {
    const struct actor *actor;
    int64_t case_no;
    enum role as;       /* ROLE_NONE: the least of the actor's that serves */
    struct text reason; /* one line; names nobody */
    bool dry_run;       /* look whether it could be cleared, and record nothing */
};

#define CLEAR_MAX_RULES 96 /* more than there are */

struct clear_result {
    char batch[65];
    enum role role;
    unsigned missing; /* ROLE_BITs of who must clear it too before it counts; 0 = it counts */
    /* the rules that are lifted, each once; static */
    const struct rule *rules[CLEAR_MAX_RULES];
    size_t n_rules;
};

/* Clear a held case.
 *
 * fails    USAGE no such case, it is rejected or settled already, a rule that nobody or another
 *          role clears, the submitter, a reason that is none or names somebody; as the ledger fails
 */
enum status case_clear(struct home *home, const struct clear_request *r, struct clear_result *out,
                       struct err *err);

/* A case that stands as held, and who may clear it. */
struct held_case {
    int64_t case_no;
    const char *batch, *held_on; /* "2026-11-20" */
    struct text codes;           /* "T02, V01" */
    unsigned roles;              /* ROLE_BITs who may clear all of it; 0 = nobody */
    bool all;                    /* each of them must */
    unsigned given;              /* ROLE_BITs in which it was cleared so far */
    bool own;                    /* the actor handed it in */
};

/* Call `each` for every case that stands as held, in the order of the ledger; borrowed for the
 * call. A newer ruling takes its place: of the file of that name in the batch, or of the very photo
 * for that channel in any batch. */
enum status cases_held(struct home *home, const struct actor *actor,
                       enum status (*each)(void *context, const struct held_case *c,
                                           struct err *err),
                       void *context, struct err *err);

/* Delete the original of a refused case, and keep only its digest: the picture may not come back
 * (rule S01). In two steps, so that a person can be asked between.
 *
 * Reports of the batch hold a small picture of it: they are removed too, and written anew by the
 * next run. Copies elsewhere (a phone, a backup) are out of reach.
 *
 * path     the original; must be an ordinary file with the digest of the case
 * fails    USAGE; IO; BROKEN when the file changed between the steps
 */
struct destruction {
    struct clear_request request;
    struct clear_result result;
    int folder; /* where the original stands; -1: none */
    char name[256];
    struct stat facts;
    struct digest source;
    uint64_t n_links; /* names the file has: 1, or there is another way to it */
};
enum status destruction_check(struct home *home, const struct clear_request *r, const char *path,
                              struct destruction *out, struct err *err);
enum status destruction_do(struct home *home, struct destruction *d, struct err *err);
void destruction_release(struct destruction *d);

#ifdef __cplusplus
}
#endif
#endif
