/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture made smaller by whole factors, row by row: no large picture need be held. Pure. */
#ifndef PHOTOGATE_IMAGE_REDUCE_H
#define PHOTOGATE_IMAGE_REDUCE_H

#include "photogate/faces.h"

struct reducer {
    uint32_t width_px, height_px; /* of the large picture */
    uint32_t factor;              /* each pixel is the mean of factor x factor large ones */
    uint32_t y;                   /* rows taken */
    uint64_t *sums;               /* owned; three for each pixel of a small row */
    struct pixels small;          /* owned until reducer_take */
};

/* Fails NOMEM. */
enum status reducer_init(struct reducer *r, uint32_t width_px, uint32_t height_px, uint32_t factor,
                         struct err *err);
void reducer_release(struct reducer *r); /* zeroed storage is accepted */

/* One row of blue, green, red. */
void reducer_add(struct reducer *r, const uint8_t *bgr);

/* The small picture, after the last row; its memory is the caller's. */
struct pixels reducer_take(struct reducer *r);

void pixels_release(struct pixels *p); /* zeroed storage is accepted */

#endif
