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

void turn_block(struct turn t, const int16_t stored[BLOCK_SIZE], int16_t out[BLOCK_SIZE])
{
    for (int v = 0; v < BLOCK_EDGE; v++) {
        for (int u = 0; u < BLOCK_EDGE; u++) {
            bool negative = (t.mirror_x && (u & 1)) != (t.mirror_y && (v & 1));
            int value = stored[v * BLOCK_EDGE + u];
            out[t.transpose ? u * BLOCK_EDGE + v : v * BLOCK_EDGE + u] =
                (int16_t)(negative ? -value : value);
        }
    }
}
