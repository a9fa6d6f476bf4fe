/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies in a HEIF or AVIF file, by its boxes. Pure; decodes nothing. */
#ifndef PHOTOGATE_IMAGE_HEIF_WALK_H
#define PHOTOGATE_IMAGE_HEIF_WALK_H

#include "photogate/bytes.h"
#include "photogate/status.h"

struct heif_layout {
    bool has_items;       /* a meta box: single pictures */
    size_t n_items;       /* pictures, tiles and metadata */
    size_t n_exif, n_xmp; /* items of these kinds */
    uint32_t orientation; /* what irot and imir of the first picture amount to, 1..8 as in EXIF */
};

/* Told of each box, item, name of an item, property and reference.
 *
 * place    enum carrier_place
 * key      the type, then the first bytes of what follows it; an item's: its content type
 * content  of the box; an item's: its entry, for the item itself is elsewhere
 */
struct heif_visitor {
    enum status (*visit)(void *context, unsigned place, struct bytes key, struct bytes content,
                         struct err *err);
    void *context;
};

/* Walk the file.
 *
 * visitor  NULL: nobody is told
 * fails    FORMAT a box over its end, bytes after the last box, two lists of items, two items of
 *          one number, a picture composed of what is none (libheif 1.15 aborts on it); LIMIT over
 *          MAX_HEIF_ITEMS or MAX_HEIF_COMPOSED, or pictures composed of more parts than there are;
 *          UNSUPPORTED pictures composed of composed ones: a few hundred bytes of these would be
 *          decoded for years; what the visitor fails with
 * source   ISO/IEC 14496-12 (boxes, items); ISO/IEC 23008-12, 6.5.10 (irot), 6.5.12 (imir)
 */
enum status heif_walk(struct bytes file, const struct heif_visitor *visitor,
                      struct heif_layout *out, struct err *err);

#endif
