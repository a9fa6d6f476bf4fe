/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies in a HEIF or AVIF file, by its boxes. Pure; decodes nothing. */
#ifndef PHOTOGATE_IMAGE_HEIF_WALK_H
#define PHOTOGATE_IMAGE_HEIF_WALK_H

#include "photogate/bytes.h"

struct heif_layout {
    bool has_items;       /* a meta box: single pictures */
    size_t n_items;       /* pictures, tiles and metadata */
    size_t n_exif, n_xmp; /* items of these kinds */
    size_t n_other_texts; /* metadata items of any other kind */
    uint32_t orientation; /* what irot and imir of the first picture amount to, 1..8 as in EXIF */
    size_t content_bytes; /* of content credentials */
    size_t beside_bytes;  /* boxes that are no part of a picture: films, makers' own */
};

/* Walk the file.
 *
 * fails    FORMAT a box over its end, bytes after the last box; LIMIT over MAX_HEIF_ITEMS or MAX_HEIF_COMPOSED, or
 *          pictures composed of more parts than there are; UNSUPPORTED pictures composed of composed ones: a
 *          few hundred bytes of these would be decoded for years
 * source   ISO/IEC 14496-12 (boxes, items); ISO/IEC 23008-12, 6.5.10 (irot), 6.5.12 (imir)
 */
enum status heif_walk(struct bytes file, struct heif_layout *out, struct err *err);

#endif
