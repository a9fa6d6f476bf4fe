/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several looks at one picture saw, put together to faces. Pure. */
#ifndef PHOTOGATE_IMAGE_SIGHTINGS_H
#define PHOTOGATE_IMAGE_SIGHTINGS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MAX_PASSES = 8 };

/* A face in parts of the picture's width and height; it may stand out of the picture. */
struct finding {
    double x0, y0, x1, y1;
    double score;  /* 0 to 1 */
    unsigned pass; /* which look saw it; under MAX_PASSES */
};

/* Two boxes that share three tenths of their union are one face: heads of a group overlap less. */
bool finding_is_same(const struct finding *a, const struct finding *b);

/* Put the passes together: of findings that overlap the surest keeps its box, and each pass adds
 * its best score. A face is what has a score of `alone` in one pass or a sum of `together` over
 * all.
 *
 * found    n of them, in any order; the faces are left in front, surest first
 * returns  how many faces
 */
size_t findings_agree(struct finding *found, size_t n, double alone, double together);

/* One finding a face: each clipped to the picture, of those that overlap the surest stays; the
 * largest first. Returns how many are left in front. */
size_t findings_merge(struct finding *found, size_t n);

#ifdef __cplusplus
}
#endif
#endif
