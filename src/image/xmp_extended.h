/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extended XMP: a packet too large for one JPEG segment, in parts that may stand in any order. Put
 * together, it is read like any packet.
 *
 * source   ISO 16684-3 (XMP part 3), JPEG: GUID of the packet (32 hexadecimal digits), its length,
 *          the part's offset, the part
 */
#ifndef PHOTOGATE_IMAGE_XMP_EXTENDED_H
#define PHOTOGATE_IMAGE_XMP_EXTENDED_H

#include "image/gathering.h"

enum { MAX_XMP_PARTS = 1024 }; /* of MAX_XMP_EXTENDED_BYTES, with parts of a quarter of a segment */

struct xmp_extended {
    struct {
        uint32_t offset;
        struct bytes bytes; /* borrowed */
    } parts[MAX_XMP_PARTS];
    size_t n_parts, n_bytes; /* bytes of all segments */
    struct bytes guid;       /* of the first part */
    uint32_t length;
    const char *fault; /* the first */
};

/* One segment, without its signature. */
void xmp_extended_add(struct xmp_extended *x, struct bytes payload);

/* After the last segment: record the carrier, read the packet. Fails NOMEM, LIBRARY, BUG. */
enum status xmp_extended_read(struct xmp_extended *x, struct gathering *g, struct err *err);

#endif
