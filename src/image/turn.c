/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/turn.h"

#include <string.h>

struct turn turn_for(uint32_t orientation)
{
    static const struct turn TURNS[] = {
        [1] = {false, false, false}, [2] = {false, true, false}, [3] = {false, true, true},
        [4] = {false, false, true},  [5] = {true, false, false}, [6] = {true, false, true},
        [7] = {true, true, true},    [8] = {true, true, false},
    };
    return TURNS[orientation >= 1 && orientation <= 8 ? orientation : 1];
}

bool turn_is_none(struct turn t)
{
    return !t.transpose && !t.mirror_x && !t.mirror_y;
}

void turn_locate(struct turn t, uint32_t width, uint32_t height, uint32_t x, uint32_t y,
                 uint32_t *stored_x, uint32_t *stored_y)
{
    uint32_t sx = t.transpose ? y : x;
    uint32_t sy = t.transpose ? x : y;
    *stored_x = t.mirror_x ? width - 1 - sx : sx;
    *stored_y = t.mirror_y ? height - 1 - sy : sy;
}

void turn_pixels(struct turn t, const uint8_t *stored, uint32_t width, uint32_t height,
                 size_t pixel_bytes, uint8_t *out)
{
    uint32_t out_width = t.transpose ? height : width;
    uint32_t out_height = t.transpose ? width : height;
    for (uint32_t y = 0; y < out_height; y++) {
        for (uint32_t x = 0; x < out_width; x++) {
            uint32_t sx, sy;
            turn_locate(t, width, height, x, y, &sx, &sy);
            memcpy(out, stored + ((size_t)sy * width + sx) * pixel_bytes, pixel_bytes);
            out += pixel_bytes;
        }
    }
}

/* One row of a block; compilers for every processor know these. */
typedef int16_t row __attribute__((vector_size(BLOCK_EDGE * sizeof(int16_t))));
#define MERGE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/* Merge rows i and i + 4, lane by lane, three times over: 64 values in transposed order. */
static inline void transpose_step(const row from[BLOCK_EDGE], row to[BLOCK_EDGE])
{
    for (int i = 0; i < BLOCK_EDGE / 2; i++) {
        row a = from[i], b = from[i + BLOCK_EDGE / 2];
        to[2 * i] = MERGE(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
        to[2 * i + 1] = MERGE(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
}

void turn_block(struct turn t, const int16_t stored[BLOCK_SIZE], int16_t out[BLOCK_SIZE])
{
    row a[BLOCK_EDGE], b[BLOCK_EDGE];
    int16_t mx = t.mirror_x ? -1 : 0, my = t.mirror_y ? -1 : 0;
    row flips = {0, mx, 0, mx, 0, mx, 0, mx}; /* -1 where the sign changes */
    memcpy(a, stored, sizeof a);
    for (int v = 0; v < BLOCK_EDGE; v++) {
        row flip = v & 1 ? flips ^ my : flips;
        a[v] = (a[v] ^ flip) - flip;
    }
    if (t.transpose) {
        transpose_step(a, b);
        transpose_step(b, a);
        transpose_step(a, b);
    }
    memcpy(out, t.transpose ? b : a, sizeof a);
}
