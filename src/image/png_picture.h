/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture inside a PNG: decoded small for the detector, decoded whole and written anew for the
 * release. */
#ifndef PHOTOGATE_IMAGE_PNG_PICTURE_H
#define PHOTOGATE_IMAGE_PNG_PICTURE_H

#include "photogate/digest.h"
#include "photogate/faces.h"
#include "image/gathering.h"
#include "image/turn.h"

/* Decode strictly, as stored, on white, reduced by a whole factor so that the longest edge is still
 * at least `edge_px`; note the texts that libpng inflates on the way.
 *
 * g      borrowed; gets the texts
 * *out   pixels_release
 * fails  FORMAT, LIMIT (an interlaced one must be held whole: MAX_PNG_WHOLE_BYTES), NOMEM,
 *        LIBRARY, BUG
 */
enum status png_decode(struct bytes file, uint32_t edge_px, struct gathering *g, struct pixels *out,
                       struct err *err);

/* Read the text that may say how the picture is to be turned: its XMP packet. Fails FORMAT, LIMIT,
 * NOMEM, LIBRARY, BUG. */
enum status png_read_orientation(struct bytes file, struct gathering *g, struct err *err);

/* What makes a picture: dimensions, channels, depth, colour space and every pixel, colour under
 * alpha 0 apart. */
struct png_facts {
    struct digest pixels;
    uint32_t width_px, height_px;
};

/* Rebuild: 8 or 16 bits; gray, gray with alpha, RGB or RGBA, so that neither a palette nor a colour
 * key remains; colour under alpha 0 cleared; turned; not interlaced; gAMA and cHRM, or sRGB, or a
 * neutral profile. Fails FORMAT, LIMIT, NOMEM, LIBRARY. */
enum status png_rebuild(struct bytes file, struct turn turn, struct buffer *out,
                        struct png_facts *intended, struct err *err);

/* Read the pixels of a PNG strictly, as png_rebuild writes them. */
enum status png_facts_of(struct bytes file, struct png_facts *out, struct err *err);

#endif
