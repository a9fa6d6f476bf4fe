/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture held whole, eight bits a sample: what a format that cannot be rebuilt as it stands
 * (HEIF, WebP, TIFF, GIF, CMYK) is decoded into, and what is made smaller.
 *
 * Samples are gray; gray's one channel; or blue, green, red; or these and alpha, not premultiplied.
 */
#ifndef PHOTOGATE_IMAGE_RASTER_H
#define PHOTOGATE_IMAGE_RASTER_H

#include <stdbool.h>

#include "photogate/bytes.h"
#include "image/icc.h"
#include "image/turn.h"

enum { RASTER_GRAY = 1, RASTER_BGR = 3, RASTER_BGRA = 4 };

struct raster {
    uint8_t *at; /* owned; rows without padding */
    uint32_t width_px, height_px;
    unsigned channels;
    struct buffer profile; /* neutral, as icc_rebuild makes it; empty = sRGB */
    bool is_lossless;      /* the format it came in loses nothing */
};

/* An empty picture; nothing is allocated. */
void raster_init(struct raster *r);
void raster_release(struct raster *r); /* zeroed storage is accepted */

/* Room for the pixels of an empty raster. Fails LIMIT over MAX_CONVERTED_PIXELS, NOMEM, FORMAT
 * without width or height. */
enum status raster_alloc(struct raster *r, uint32_t width_px, uint32_t height_px, unsigned channels,
                         struct err *err);

size_t raster_row_bytes(const struct raster *r);
uint8_t *raster_row(const struct raster *r, uint32_t y); /* borrowed */

/* Rebuild `profile` (hostile; may be empty) as the raster's own; one of other colours is dropped.
 * Fails as icc_rebuild. */
enum status raster_take_profile(struct raster *r, struct bytes profile, struct err *err);

/* Stand upright. Fails NOMEM; then the raster is as it was. */
enum status raster_turn(struct raster *r, struct turn turn, struct err *err);

/* What a reader sees on a white page: alpha goes. */
void raster_lay_on_white(struct raster *r);

/* Colour under alpha 0 is nobody's to see. Alpha that is full everywhere goes. */
void raster_clear_hidden(struct raster *r);

/* Make smaller, so that no edge is longer than `max_edge_px`; 0, or a picture small enough: as it
 * is. Each new pixel is a windowed-sinc mean (Lanczos, three lobes) of all the pixels it stands
 * for. Fails NOMEM. */
enum status raster_shrink(struct raster *r, uint32_t max_edge_px, struct err *err);

/* Four inks to colours. `inks` is interleaved; `is_inverted`: 255 is no ink (Adobe's JPEGs).
 * With a profile for inks through it to sRGB, perceptually; without, each ink takes its share of
 * white, which is what browsers show.
 *
 * profile  hostile; may be empty
 * bgr      3 bytes a pixel
 * fails    FORMAT, LIMIT, NOMEM
 */
struct ink_converter;
enum status ink_converter_new(struct bytes profile, bool is_inverted, struct ink_converter **out,
                              struct err *err);
void ink_convert(const struct ink_converter *c, const uint8_t *inks, size_t n_pixels, uint8_t *bgr);
void ink_converter_free(struct ink_converter *c);

/* A whole JPEG, strictly, as stored; CMYK and YCCK are converted. Fails as jpeg_decode; UNSUPPORTED
 * for inks of which nobody says how they count. */
enum status raster_from_jpeg(struct bytes file, struct raster *out, struct err *err);

/* Encode: JFIF, neutral profile, Huffman tables of its own; colour at full resolution for small
 * pictures and high quality. `r` without alpha. Fails NOMEM, LIMIT. */
enum status raster_to_jpeg(const struct raster *r, unsigned quality, struct buffer *out,
                           struct err *err);

/* A whole PNG, strictly, as stored, as eight bits; gAMA and cHRM become a profile. */
enum status raster_from_png(struct bytes file, struct raster *out, struct err *err);
enum status raster_to_png(const struct raster *r, struct buffer *out, struct err *err);

#endif
