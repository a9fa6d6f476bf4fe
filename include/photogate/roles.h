/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roles a school gives to people: who may settle what a rule leaves to a person.
 *
 * photogate.conf lists the operating system's accounts of each role in [roles]. A role that nobody
 * has is a role in which nothing can be done.
 */
#ifndef PHOTOGATE_ROLES_H
#define PHOTOGATE_ROLES_H

#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* name in photogate.conf and the ledger, words for messages */
#define ROLE_LIST(X)                                                                               \
    X(OFFICE, "office", "the office")                                                              \
    X(SENIOR, "senior", "a senior member of staff")                                                \
    X(HEAD, "head", "the head")                                                                    \
    X(DPO, "dpo", "the data protection officer")

enum role {
    ROLE_NONE,
#define X(symbol, name, words) ROLE_##symbol,
    ROLE_LIST(X)
#undef X
    N_ROLES
};

#define ROLE_BIT(r) (1u << (r))
/* Whoever leads or protects: they look at what a rule held, and at what waits to go out. */
#define ROLES_THAT_LOOK (ROLE_BIT(ROLE_SENIOR) | ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_DPO))

const char *role_name(enum role r);  /* "dpo"; "none" */
const char *role_words(enum role r); /* "the data protection officer"; "nobody" */
enum role role_from_name(struct text name); /* ROLE_NONE for no such role */

/* "senior, head or dpo", of a set of roles; "nobody" for none. Appends. */
void roles_words(struct buffer *out, unsigned roles);

#ifdef __cplusplus
}
#endif
#endif
