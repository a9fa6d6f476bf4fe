/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The segments of a JPEG file, one after the other, strictly (ITU-T T.81, Annex B). Pure; reads
 * markers, decodes nothing.
 *
 *     struct jpeg_walk w;
 *     jpeg_walk_init(&w, file);
 *     while (!w.ended && (st = jpeg_walk_next(&w, &segment, err)) == STATUS_OK) { ... }
 *
 * After EOI `ended` is set and jpeg_walk_rest gives what follows it.
 */
#ifndef PHOTOGATE_IMAGE_JPEG_WALK_H
#define PHOTOGATE_IMAGE_JPEG_WALK_H

#include "photogate/bytes.h"

/* T.81, table B.1. */
enum jpeg_marker {
    JPEG_SOF0 = 0xC0,
    JPEG_SOF1 = 0xC1,
    JPEG_SOF2 = 0xC2,
    JPEG_SOF9 = 0xC9,
    JPEG_SOF10 = 0xCA,
    JPEG_SOF15 = 0xCF,
    JPEG_DHT = 0xC4,
    JPEG_JPG = 0xC8,
    JPEG_DAC = 0xCC,
    JPEG_RST0 = 0xD0,
    JPEG_RST7 = 0xD7,
    JPEG_SOI = 0xD8,
    JPEG_EOI = 0xD9,
    JPEG_SOS = 0xDA,
    JPEG_DQT = 0xDB,
    JPEG_DRI = 0xDD,
    JPEG_APP0 = 0xE0,
    JPEG_APP15 = 0xEF,
    JPEG_COM = 0xFE
};

struct jpeg_segment {
    unsigned marker;      /* its second byte */
    size_t offset;        /* of its 0xFF, from the start of the file */
    size_t n_fill;        /* fill bytes (0xFF) before it */
    struct bytes payload; /* borrowed; what its length counts, without the length */
    struct bytes scan;    /* after SOS: the entropy-coded data with its restart markers */
};

struct jpeg_walk {
    struct bytes file; /* borrowed */
    size_t at, n_segments;
    bool ended;
};

enum { JPEG_MAX_COMPONENTS = 4 };

struct jpeg_component {
    uint8_t id, h, v, quant_table;
};

struct jpeg_frame {
    unsigned sof; /* 0 until found */
    uint32_t width_px, height_px;
    uint8_t precision, n_components;
    struct jpeg_component components[JPEG_MAX_COMPONENTS];
};

void jpeg_walk_init(struct jpeg_walk *w, struct bytes file);

/* The next segment. Fails FORMAT: no SOI, bytes between segments, a marker that has no place in a
 * picture, a length over the end, no EOI; LIMIT: over MAX_SEGMENTS. */
enum status jpeg_walk_next(struct jpeg_walk *w, struct jpeg_segment *out, struct err *err);

struct bytes jpeg_walk_rest(const struct jpeg_walk *w);

bool jpeg_marker_is_frame(unsigned marker); /* SOF0..SOF15 without DHT, JPG, DAC */

/* Read a frame header. Fails FORMAT: lengths, zero edges, tables or sampling out of range;
 * UNSUPPORTED: more than four components. */
enum status jpeg_frame_parse(const struct jpeg_segment *s, struct jpeg_frame *out, struct err *err);

#endif
