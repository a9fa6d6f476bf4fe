/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos that were refused for somebody's sake, by what they look like: a copy or near copy of one,
 * the next of a burst or the same picture saved anew, in which that person is not listed, is not
 * let out unseen. Where the person is listed, the rules have judged the photo by them.
 *
 * Known are those of this run, as they are noted, and those of earlier runs that the ledger still
 * has as refused: of any batch for the same channel, and those that nobody may show anywhere.
 */
#ifndef PHOTOGATE_GATE_NEAR_COPIES_H
#define PHOTOGATE_GATE_NEAR_COPIES_H

#include "photogate/ledger.h"
#include "photogate/ruling.h"

struct near_copies;

/* Was it refused because of somebody in it, and so that a look-alike is suspect? Pure. */
bool refuses_somebody(const struct ruling *ruling);
/* ... and not for this channel alone? Pure. */
bool refuses_everywhere(const struct ruling *ruling);

/* 64 hex digits and NUL, and back. A picture that is not known has no likeness: false. Pure. */
bool likeness_hex(const struct likeness *l, char out[DIGEST_HEX_BYTES]);
bool likeness_from_hex(const char *hex, struct likeness *out);

/* By what people are judged today; all borrowed. */
struct near_grounds {
    const struct snapshot *people;
    const struct policy *policy;
    const struct channel_policy *channel;
    struct date date;
};

/* *out  owned; near_copies_close. It borrows the ledger and the batch's name. */
enum status near_copies_open(struct ledger *l, struct text batch,
                             const struct near_grounds *grounds, struct near_copies **out,
                             struct err *err);
void near_copies_close(struct near_copies *n); /* NULL is accepted */

/* A photo of this run was ruled on. Each photo once or again; in intake order, so that the answers
 * of near_copies_look do not depend on who was faster. */
enum status near_copies_judged(struct near_copies *n, const struct digest *source,
                               const struct evidence *e, const struct ruling *ruling,
                               struct err *err);

/* Set `near_refused` and what goes with it. `source` is the digest under which the ledger knows the
 * photo: it is no near copy of itself. */
enum status near_copies_look(struct near_copies *n, const struct digest *source, struct evidence *e,
                             struct err *err);

#endif
