/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which faces lie under somebody's box. Places only: whose face it is, nobody looks. Pure.
 *
 * Programs draw boxes round heads, faces or whole people, and a little off; so a box covers a face
 * if they share a quarter of the smaller one. But each of those tagged has one face: however many
 * boxes somebody has, in however many carriers, they cover one face between them. So no box,
 * however large, hides a second child. Of the ways to give boxes to faces one that covers most
 * faces is taken, the closest pairs first; equal evidence in another order gives the same answer.
 */
#ifndef PHOTOGATE_FACE_MATCH_H
#define PHOTOGATE_FACE_MATCH_H

#include "photogate/arena.h"
#include "photogate/evidence.h"

/* Of those tagged with a box: somebody on the register, or one doubtful tag. */
struct boxed {
    const struct tag *tag; /* with has_box */
    uint32_t owner;        /* boxes of one owner cover one face between them */
};

struct face_match {
    size_t n_owners;           /* who have a box */
    const uint32_t *uncovered; /* indexes of faces under no box, by their places from the top */
    size_t n_uncovered;
};

/* Order boxes from the top, then from the left: for qsort. */
int box_compare(const struct box *a, const struct box *b);

/* Match faces with boxes.
 *
 * boxed    borrowed, reordered; owners are any numbers
 * *out     in arena `a`
 * fails    NOMEM
 */
enum status faces_match(const struct face *faces, size_t n_faces, struct boxed *boxed,
                        size_t n_boxed, struct arena *a, struct face_match *out, struct err *err);

#endif
