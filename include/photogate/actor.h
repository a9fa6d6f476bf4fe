/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the keyboard, as far as a computer can tell, and in which roles.
 *
 * A school's folder belongs to one account, so several people reach it through sudo or su, and the
 * account the program runs as is the same for all of them. The kernel remembers who logged in
 * (the login's audit id): sudo does not change it and only the superuser could. Where it knows, it
 * counts; else the account the program runs as. SUDO_USER is written down and believed in nothing.
 */
#ifndef PHOTOGATE_ACTOR_H
#define PHOTOGATE_ACTOR_H

#include <sys/types.h>

#include "photogate/home.h"
#include "photogate/roles.h"

#ifdef __cplusplus
extern "C" {
#endif

struct actor {
    char name[ACCOUNT_BYTES];      /* the account that counts */
    char runs_as[ACCOUNT_BYTES];   /* the program's, where it is another; else empty */
    char sudo_user[ACCOUNT_BYTES]; /* the environment's, where it is another; else empty */
};

void actor_now(struct actor *out);

/* Put the actor into a ledger entry's body as "by", with "runs_as" and "sudo_user" where there are
 * any. A member of staff's account is no secret of a child's: it stands there in clear, so that the
 * record can be read by whoever inherits it. fails NOMEM */
enum status actor_record(const struct actor *a, json_t *body);

/* Name of an account by its number; empty where it has none that fits. Returns `out`. */
const char *account_of(uid_t uid, char out[ACCOUNT_BYTES]);

/* Did the actor hand in the photo of a ruling's entry: ran the run, or owns the original's file? A
 * nightly run finds what others put there. Pure. */
bool actor_handed_in(const struct actor *a, const json_t *body);

/* ROLE_BITs that photogate.conf gives the actor. Pure. */
unsigned actor_roles(const struct school *school, const struct actor *a);

/* In which of the roles `allowed` does the actor act? `asked` narrows it (ROLE_NONE: any), else the
 * least of them that the actor has.
 * fails    USAGE, with what to write into photogate.conf */
enum status actor_role(const struct school *school, const struct actor *a, unsigned allowed,
                       enum role asked, enum role *out, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
