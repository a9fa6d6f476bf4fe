/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What personal data is kept where, how much, since when, and when it goes (UK GDPR Art 5(1)(e),
 * 30(1)(f)). Counted from what stands there, not from what should. */
#ifndef PHOTOGATE_INVENTORY_H
#define PHOTOGATE_INVENTORY_H

#include "photogate/home.h"

#ifdef __cplusplus
extern "C" {
#endif

struct inventory_row {
    struct text name;    /* "register" */
    struct text where;   /* below the school's folder: "register.db" */
    struct text what;    /* "names, numbers, birth dates, classes and lists" */
    struct text unit;    /* what `n` counts: "people" */
    uint64_t n, bytes;   /* bytes of the files; consents are part of the register's */
    struct date oldest;  /* none: there is nothing */
    struct text goes;    /* when: "365 days after leaving" */
    uint32_t days;       /* of the policy's [retention]; 0: none, or another reason ends it */
    struct date next;    /* the first day on which something of it is due; none */
};

struct inventory {
    struct inventory_row *rows;
    size_t n_rows;
    struct date today;
    struct arena memory;
};

/* Count. `home` has policy, register and ledger open, for reading.
 *
 * *out     owned; inventory_release, on failure too
 * fails    IO, LIMIT, NOMEM, BROKEN */
enum status inventory_take(struct home *home, struct date today, struct inventory *out,
                           struct err *err);
void inventory_release(struct inventory *i);

#ifdef __cplusplus
}
#endif
#endif
