/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everywhere in a JPEG or PNG that something can stand: what it may hold, who says so, and what
 * becomes of it. The inventories go by these rows, `photogate inspect --carriers` prints them, and
 * a test hides something in each. Pure. */
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
    READER_TEXT
};

struct carrier_row {
    enum file_kind format; /* JPEG or PNG */
    unsigned marker;       /* JPEG: its second byte; 0 in a row that is no segment */
    const char
        *key; /* JPEG: what the payload starts with; PNG: the chunk's type; "": anything else */
    uint8_t n_key;
    enum carrier_id carrier; /* UNKNOWN: part of the picture, or refused */
    enum handling handling;
    enum carrier_reader reader;
    const char *place;  /* "APP1 Exif" */
    const char *source; /* the standard and its section */
    const char *holds;  /* what it may hold */
};

/* All rows; the first that fits is a structure's. */
const struct carrier_row *carrier_rows(size_t *n);

/* The row of a segment (APPn or COM) by its marker and payload; of a chunk by its type. Never NULL.
 */
const struct carrier_row *carrier_row_for_segment(unsigned marker, struct bytes payload);
const struct carrier_row *carrier_row_for_chunk(const char type[4]);

const char *handling_words(enum handling h); /* "read, then left out" */

#endif
