/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The structure of an EXIF block, checked before libexif is let at it: libexif passes over what it
 * cannot read without a word.
 *
 * Nothing is interpreted but offsets, counts and types. Five directories at most are visited, each
 * once.
 */
#ifndef PHOTOGATE_IMAGE_TIFF_WALK_H
#define PHOTOGATE_IMAGE_TIFF_WALK_H

#include "photogate/bytes.h"

enum tiff_ifd { TIFF_IFD_0, TIFF_IFD_1, TIFF_IFD_EXIF, TIFF_IFD_GPS, N_TIFF_IFDS };

enum {
    TIFF_TAG_EXIF_IFD = 0x8769,
    TIFF_TAG_GPS_IFD = 0x8825,
    TIFF_TAG_SUB_IFDS = 330,
    TIFF_TAG_XMP = 700,
    TIFF_TAG_IPTC = 33723,
    TIFF_TAG_PHOTOSHOP = 34377,
    TIFF_TAG_ICC = 34675,
    TIFF_TAG_MAKER_NOTE = 37500,
    TIFF_TAG_PICTURE = 273, /* where strips lie: the first of those that make the picture */
    TIFF_ENTRY_BYTES = 12,
    TIFF_TYPE_BYTE = 1,
    TIFF_TYPE_ASCII = 2,
    TIFF_TYPE_SHORT = 3,
    TIFF_TYPE_LONG = 4,
    TIFF_TYPE_UTF8 = 129 /* EXIF 3.0 */
};

struct tiff_entry {
    enum tiff_ifd ifd;
    uint16_t tag, type;
    uint64_t n_bytes; /* of the value; 0 for an unknown type or no components */
    size_t at;        /* of the 12-byte entry, from the start of the structure */
    bool is_inside;   /* the value lies within the structure */
};

/* Walk IFD0, IFD1, the EXIF and the GPS directory of `tiff`, calling `visit` for each entry. A
 * fault in the GPS directory is none: it names nobody, and many cameras leave an empty or broken
 * one behind.
 *
 * tiff     borrowed; "II*\0" or "MM\0*" first; hostile
 * returns  NULL, or what is wrong: one static printable line. Entries before the fault have been
 *          visited
 * threads  pure
 * source   TIFF 6.0, section 2; EXIF 2.32, 4.6.2, 4.6.3
 */
const char *tiff_walk(struct bytes tiff, void (*visit)(void *context, const struct tiff_entry *),
                      void *context);

/* The value of an entry of `tiff`, borrowed; empty when it is not inside. Pure. */
struct bytes tiff_value(struct bytes tiff, const struct tiff_entry *e);

/* 2 or 4 bytes at `from`, which the caller has checked, in the structure's byte order. */
uint16_t tiff_u16(struct bytes tiff, size_t from);
uint32_t tiff_u32(struct bytes tiff, size_t from);

#endif
