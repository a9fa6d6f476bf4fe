/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chunks of a PNG file, one after the other, strictly (W3C PNG, third edition, 5). Pure;
 * inflates and decodes nothing.
 *
 *     struct png_walk w;
 *     png_walk_init(&w, file);
 *     while (!w.ended && (st = png_walk_next(&w, &chunk, err)) == STATUS_OK) { ... }
 */
#ifndef PHOTOGATE_IMAGE_PNG_WALK_H
#define PHOTOGATE_IMAGE_PNG_WALK_H

#include "photogate/bytes.h"

struct png_chunk {
    char type[5];
    size_t offset;     /* of its length, from the start of the file */
    struct bytes data; /* borrowed */
};

struct png_walk {
    struct bytes file; /* borrowed */
    size_t at, n_chunks;
    bool begun, in_pixels, pixels_done, ended;
    uint32_t crc_table[256];
};

struct png_header {
    uint32_t width_px, height_px; /* 0 until found */
    uint8_t bit_depth, colour_type, interlace;
};

void png_walk_init(struct png_walk *w, struct bytes file);

/* The next chunk. Fails FORMAT: no signature, IHDR not first, a length over the end, a CRC that is
 * wrong, IDAT in two places, no IEND; LIMIT: over MAX_SEGMENTS chunks, IDAT apart. */
enum status png_walk_next(struct png_walk *w, struct png_chunk *out, struct err *err);

struct bytes png_walk_rest(const struct png_walk *w);
bool png_chunk_is(const struct png_chunk *c, const char *type);

/* 11.2.1. Fails FORMAT. */
enum status png_header_parse(const struct png_chunk *c, struct png_header *out, struct err *err);

#endif
