/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/likeness.h"

enum {
    WIDTH = LIKENESS_EDGE + 1, /* fields in a row: each but the last is compared with the next */
    HEIGHT = LIKENESS_EDGE,
    CHANNELS = 3,
    /* Of 255. Less between neighbours is noise, not a picture: such fields count as equal, and of
     * those there may not be too many. */
    LEAST_STEP = 2,
    MOST_PLAIN_FIELDS = LIKENESS_EDGE * LIKENESS_EDGE * 3 / 4
};

/* ITU-R BT.601 luma of blue, green, red, in 256ths. */
static uint32_t luma(const uint8_t *bgr)
{
    return (29u * bgr[0] + 150u * bgr[1] + 77u * bgr[2]) >> 8;
}

/* The mean luma, in 256ths, of the pixels of one field. */
static uint32_t field_mean(const struct pixels *p, uint32_t column, uint32_t row)
{
    uint32_t x0 = (uint32_t)((uint64_t)p->width_px * column / WIDTH);
    uint32_t x1 = (uint32_t)((uint64_t)p->width_px * (column + 1) / WIDTH);
    uint32_t y0 = (uint32_t)((uint64_t)p->height_px * row / HEIGHT);
    uint32_t y1 = (uint32_t)((uint64_t)p->height_px * (row + 1) / HEIGHT);
    uint64_t sum = 0;
    for (uint32_t y = y0; y < y1; y++) {
        const uint8_t *at = p->at + ((size_t)y * p->width_px + x0) * CHANNELS;
        for (uint32_t x = x0; x < x1; x++, at += CHANNELS) {
            sum += luma(at);
        }
    }
    return (uint32_t)(sum * 256 / ((uint64_t)(x1 - x0) * (y1 - y0)));
}

struct likeness likeness_of(const struct pixels *p)
{
    struct likeness l = {.known = KNOWN_NO};
    unsigned plain = 0, bit = 0;
    if (p->width_px < WIDTH || p->height_px < HEIGHT) {
        return l;
    }
    for (uint32_t row = 0; row < HEIGHT; row++) {
        uint32_t left = field_mean(p, 0, row);
        for (uint32_t column = 1; column < WIDTH; column++, bit++) {
            uint32_t right = field_mean(p, column, row);
            uint32_t step = left > right ? left - right : right - left;
            plain += step < LEAST_STEP * 256;
            if (left < right && step >= LEAST_STEP * 256) {
                l.fields[bit / 64] |= (uint64_t)1 << (bit % 64);
            }
            left = right;
        }
    }
    l.known = plain <= MOST_PLAIN_FIELDS ? KNOWN_YES : KNOWN_NO;
    return l;
}
