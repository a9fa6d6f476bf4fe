/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a plain JPEG: sequential, 8 bits, one scan that holds all colours, each table
 * defined once.
 *
 * A plain JPEG can be written anew without touching its entropy-coded data. Everything here is
 * pure, uses no library and is safe on hostile bytes.
 */
#ifndef PHOTOGATE_IMAGE_JPEG_PARTS_H
#define PHOTOGATE_IMAGE_JPEG_PARTS_H

#include "image/jpeg_walk.h"

enum { JPEG_TABLES = 4, JPEG_QUANT_BYTES = 64, JPEG_COUNT_BYTES = 16, JPEG_DC = 0, JPEG_AC = 1 };

struct jpeg_parts {
    struct jpeg_frame frame;
    struct bytes quant[JPEG_TABLES];          /* 64 values of 8 bits; empty = not defined */
    struct bytes huffman[2][JPEG_TABLES];     /* [JPEG_DC|JPEG_AC]: 16 counts, then the values */
    uint8_t selected[JPEG_MAX_COMPONENTS][2]; /* which of them each component uses */
    unsigned restart_interval;                /* MCUs; 0 = none */
    struct bytes scan;                        /* entropy-coded data with its restart markers */
};

/* Take a JPEG apart.
 *
 * file     borrowed; whole file; hostile
 * *out     borrows from `file`; written only on success
 * returns  false for anything that is not plain: it may be a good JPEG all the same
 * source   ITU-T T.81, B.2
 */
bool jpeg_parts_of(struct bytes file, struct jpeg_parts *out);

/* Whether the scan holds the coefficients of the frame and not one bit more:
 *
 * - every code is in its table, every block ends within its 64 coefficients, in the one way an
 * encoder ends it
 * - blocks that only fill the last MCU are empty
 * - restart markers stand where the interval says, in order
 * - each interval is filled up to a whole byte with 1-bits, and the next marker follows at once
 * - each Huffman table is one of `usual` (T.81, K.3: whole, whatever the scan uses), or every code
 * in it is used
 *
 * Stricter than any decoder: a decoder that follows T.81 finds nothing to complain of in what
 * passes. Time is linear in the scan.
 *
 * usual    `n_usual` tables, counts and values as in a DHT
 */
bool jpeg_scan_is_exact(const struct jpeg_parts *p, const struct bytes *usual, size_t n_usual);

#endif
