/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/evidence.h"

enum { WHOLE_PPM = 1000000 };

/* The length that two stretches have in common inside the picture. */
static uint64_t common_length(int32_t a, int32_t a_length, int32_t b, int32_t b_length)
{
    int64_t low = a > b ? a : b;
    int64_t a_end = (int64_t)a + a_length, b_end = (int64_t)b + b_length;
    int64_t high = a_end < b_end ? a_end : b_end;
    low = low < 0 ? 0 : low;
    high = high > WHOLE_PPM ? WHOLE_PPM : high;
    return high > low ? (uint64_t)(high - low) : 0;
}

uint64_t box_common(const struct box *a, const struct box *b)
{
    return common_length(a->x_ppm, a->w_ppm, b->x_ppm, b->w_ppm) *
           common_length(a->y_ppm, a->h_ppm, b->y_ppm, b->h_ppm);
}
