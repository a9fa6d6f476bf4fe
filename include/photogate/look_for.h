/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom must whoever picks photos look out for? A sheet for a class, a year or the people on a trip,
 * made from the register as of a day.
 *
 * Sequence: sheet_make, print it, sheet_record, sheet_release.
 */
#ifndef PHOTOGATE_LOOK_FOR_H
#define PHOTOGATE_LOOK_FOR_H

#include "photogate/actor.h"
#include "photogate/home.h"
#include "photogate/report.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sheet_options {
    const char *const *groups; /* classes and years as the register writes them ("4B", "Year 4") */
    size_t n_groups;           /* none, and no lists: the whole school */
    const char *const *lists;  /* files, one pupil a line */
    size_t n_lists;
    bool staff;          /* members of staff too, in a table of their own */
    struct text channel; /* empty: each of the school's own */
    struct date date;    /* DATE_NONE: today */
};

struct sheet_made {
    struct sheet sheet; /* all borrowed from `memory` and the home */
    json_t *record;     /* what the ledger will say of it */
    struct actor actor; /* who has it made */
    struct arena memory;
};

/* Work the sheet out. `home` has the policy and the register open.
 *
 * A list is a text or CSV file in UTF-8 with a pupil on each line: UPN, admission number, or name,
 * perhaps with the class; its other cells are passed over. A line that names nobody for certain
 * stands on the sheet.
 * *out     owned; sheet_release, on failure too
 * fails    USAGE no pupil in a class of that name, or no such channel; IO, FORMAT, LIMIT of a list,
 *          with its name; NOMEM
 */
enum status sheet_make(const struct home *home, const struct sheet_options *options,
                       struct sheet_made *out, struct err *err);

/* Put down in the ledger that it was made: by whom, when, of which classes, with the digest of the
 * page. `home` has the ledger open for writing, under the lock. */
enum status sheet_record(const struct home *home, const struct sheet_made *made,
                         const struct digest *page, struct err *err);
void sheet_release(struct sheet_made *made);

#ifdef __cplusplus
}
#endif
#endif
