/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row held against one person, on the way to changes and an operation. What a sound row does is
 * import_diff.c, what a refused one does import_refused.c. */
#ifndef REGISTER_IMPORT_DIFFER_H
#define REGISTER_IMPORT_DIFFER_H

#include "register/import_parts.h"

struct differ {
    struct import *plan;
    const struct import_row *row;
    const struct person *was; /* NULL: a new person */
    struct person now;
    bool details; /* the person's own row changes */
    struct consent events[N_PURPOSES];
    size_t n_events;
    const struct plan_op
        *other; /* what another refused row about the same person has done, or NULL */
    struct err *err;
    enum status failed;
};

/* A change to show; an empty `what` is one that memory was lacking for. */
void differ_tell(struct differ *d, enum change_kind kind, struct text what);

/* On roll, and the date of leaving, as the row says. */
void differ_roll(struct differ *d);

/* The consent for one purpose, as the row says: at most one event. */
void differ_purpose(struct differ *d, enum purpose purpose);

const struct consent *differ_latest(const struct person *p, enum purpose purpose); /* or NULL */
bool differ_is_no(enum consent_state s);

/* A refused row about somebody known. */
void differ_refused(struct differ *d);

/* A refused row about nobody known, with a name that can be read. */
void differ_hold_name(struct differ *d);

#endif
