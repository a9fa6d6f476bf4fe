/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eight ways a picture may be stored (TIFF 6.0, tag 274; EXIF 2.32, 4.6.5), and how to stand it
 * upright. Pure. */
#ifndef PHOTOGATE_IMAGE_TURN_H
#define PHOTOGATE_IMAGE_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Upright pixel (x, y) is the stored picture's pixel (x, y) - or (y, x) with `transpose` - counted
 * from the right edge with `mirror_x`, from the bottom with `mirror_y`. Mirrors are of the stored
 * picture's axes. */
struct turn {
    bool transpose, mirror_x, mirror_y;
};

/* For orientation 1..8; anything else stands upright already. */
struct turn turn_for(uint32_t orientation);
bool turn_is_none(struct turn t);

/* Where upright (x, y) is stored. `width`, `height` are the stored picture's, in whatever unit x
 * and y are. */
void turn_locate(struct turn t, uint32_t width, uint32_t height, uint32_t x, uint32_t y,
                 uint32_t *stored_x, uint32_t *stored_y);

/* Copy a picture of `width` x `height` pixels of `pixel_bytes` upright into `out` (as large, edges
 * swapped with transpose). */
void turn_pixels(struct turn t, const uint8_t *stored, uint32_t width, uint32_t height,
                 size_t pixel_bytes, uint8_t *out);

enum { BLOCK_EDGE = 8, BLOCK_SIZE = 64 };

/* Turn the 64 coefficients of one block. A mirrored axis changes the sign of its odd frequencies,
 * for the basis cos((2x+1)u*pi/16) becomes (-1)^u of itself under x -> 7-x (T.81, A.3.3);
 * transposition swaps the two frequencies. */
void turn_block(struct turn t, const int16_t stored[BLOCK_SIZE], int16_t out[BLOCK_SIZE]);

#endif
