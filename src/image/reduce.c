/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/reduce.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHANNELS = 3 };

static uint32_t divide_up(uint32_t n, uint32_t by)
{
    return n / by + (n % by != 0);
}

enum status reducer_init(struct reducer *r, uint32_t width_px, uint32_t height_px, uint32_t factor,
                         struct err *err)
{
    assert(width_px && height_px && factor);
    *r = (struct reducer){.width_px = width_px, .height_px = height_px, .factor = factor};
    r->small.width_px = divide_up(width_px, factor);
    r->small.height_px = divide_up(height_px, factor);
    r->sums = calloc(r->small.width_px, CHANNELS * sizeof *r->sums);
    r->small.at = calloc((size_t)r->small.width_px * r->small.height_px, CHANNELS);
    if (!r->sums || !r->small.at) {
        reducer_release(r);
        return err_set(err, STATUS_NOMEM, "no memory for a small picture");
    }
    return STATUS_OK;
}

void reducer_release(struct reducer *r)
{
    free(r->sums);
    pixels_release(&r->small);
    *r = (struct reducer){.sums = NULL};
}

void pixels_release(struct pixels *p)
{
    free(p->at);
    *p = (struct pixels){.at = NULL};
}

/* Boxes at the right and bottom edge may hold fewer pixels than the others. */
static void reducer_emit(struct reducer *r)
{
    uint32_t row = (r->y - 1) / r->factor;
    uint32_t rows = r->y - row * r->factor;
    uint8_t *to = r->small.at + (size_t)row * r->small.width_px * CHANNELS;
    for (uint32_t x = 0; x < r->small.width_px; x++) {
        uint32_t left = r->width_px - x * r->factor;
        uint64_t n = (uint64_t)rows * (left < r->factor ? left : r->factor);
        for (size_t c = 0; c < CHANNELS; c++) {
            *to++ = (uint8_t)((r->sums[x * CHANNELS + c] + n / 2) / n);
        }
    }
    memset(r->sums, 0, (size_t)r->small.width_px * CHANNELS * sizeof *r->sums);
}

void reducer_add(struct reducer *r, const uint8_t *bgr)
{
    assert(r->y < r->height_px);
    for (uint32_t x = 0, small_x = 0, n = 0; x < r->width_px; x++) {
        for (size_t c = 0; c < CHANNELS; c++) {
            r->sums[small_x * CHANNELS + c] += *bgr++;
        }
        if (++n == r->factor) {
            n = 0;
            small_x++;
        }
    }
    r->y++;
    if (r->y % r->factor == 0 || r->y == r->height_px) {
        reducer_emit(r);
    }
}

struct pixels reducer_take(struct reducer *r)
{
    assert(r->y == r->height_px);
    struct pixels p = r->small;
    r->small = (struct pixels){.at = NULL};
    return p;
}
