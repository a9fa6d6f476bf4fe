/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everywhere in a photo that something can stand: what it may hold, who says so, and what becomes
 * of it. The inventories go by these rows, `photogate inspect --carriers` prints them, and a test
 * hides something in each. Pure. */
#ifndef PHOTOGATE_IMAGE_CARRIER_TABLE_H
#define PHOTOGATE_IMAGE_CARRIER_TABLE_H

#include "photogate/bytes.h"
#include "photogate/evidence.h"

enum handling {
    HANDLING_HELD, /* nobody can say what it is: the photo is held */
    HANDLING_READ, /* for names, places and texts; then it goes */
    /* it goes, unread: by its definition it names nobody, or it is nobody's to read */
    HANDLING_DROPPED,
    /* the picture is made of it: written anew, in one form, with nothing that is not used */
    HANDLING_PICTURE,
    HANDLING_REFUSED /* it has no place in a whole file: damaged, or made to hide something */
};

enum carrier_reader {
    READER_NONE,
    READER_EXIF,
    READER_XMP,
    READER_XMP_EXTENDED,
    READER_PHOTOSHOP,
    READER_IPTC,
    READER_TEXT,
    READER_DUCKY
};

/* Where in a HEIF or AVIF; what in a TIFF that its tag does not say. */
enum carrier_place {
    PLACE_HEIF_BOX = 1, /* at the top */
    PLACE_HEIF_META,    /* a box in the list of items */
    PLACE_HEIF_ITEM,
    PLACE_HEIF_ITEM_NAME,
    PLACE_HEIF_PROPERTY,
    PLACE_HEIF_REFERENCE,
    PLACE_TIFF_PRIVATE_BYTES = 0x10000, /* beyond all tags */
    PLACE_TIFF_PRIVATE_NUMBERS,
    PLACE_TIFF_SECOND_PICTURE,
    PLACE_TIFF_FURTHER_PAGE,
    PLACE_GIF_FURTHER_PICTURE = 0x100 /* beyond all labels */
};

struct carrier_row {
    enum file_kind format; /* HEIF stands for AVIF too */
    /* JPEG: the marker's second byte; GIF: the extension's label; TIFF: the tag; HEIF: an enum
     * carrier_place; 0: none, or any */
    unsigned place;
    /* What it starts with: a JPEG's payload, a GIF's application; of a PNG and WebP the chunk's
     * type, of a HEIF the box's or item's, and what follows it. "": anything else. NULL: found
     * otherwise */
    const char *key;
    uint8_t n_key, n_keys;   /* `key` is `n_keys` keys of `n_key` bytes each */
    enum carrier_id carrier; /* UNKNOWN: part of the picture, or refused */
    enum handling handling;
    enum carrier_reader reader;
    const char *where;  /* "APP1 Exif" */
    const char *source; /* the standard and its section */
    const char *holds;  /* what it may hold */
};

/* All rows; the first that fits is a structure's. */
const struct carrier_row *carrier_rows(size_t *n);

/* The row of a structure of a format. Never NULL: each format has a row for anything else. */
const struct carrier_row *carrier_row_for(enum file_kind format, unsigned place, struct bytes key);

/* The same, of a segment (APPn or COM) by its marker and payload; of a PNG's chunk by its type. */
const struct carrier_row *carrier_row_for_segment(unsigned marker, struct bytes payload);
const struct carrier_row *carrier_row_for_chunk(const char type[4]);

const char *carrier_format_name(enum file_kind format); /* "HEIF" */
const char *handling_words(enum handling h);            /* "read, then left out" */

#endif
