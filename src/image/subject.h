/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One photo under examination or cleansing: what differs between JPEG, PNG and the other formats.
 */
#ifndef PHOTOGATE_IMAGE_SUBJECT_H
#define PHOTOGATE_IMAGE_SUBJECT_H

#include "image/foreign.h"
#include "image/jpeg_inventory.h"
#include "image/png_inventory.h"
#include "image/turn.h"

struct subject {
    struct bytes file; /* borrowed */
    enum file_kind kind;
    struct jpeg_frame frame;              /* of a JPEG */
    struct png_header header;             /* of a PNG */
    const struct foreign_format *foreign; /* of any other */
    struct foreign_facts facts;
    uint32_t orientation; /* EXIF's, else XMP's; of HEIF its own; 1..8; 0 = not given */
};

struct edges {
    uint32_t width_px, height_px;
};

/* Only its kind is known yet. Pure. */
struct subject subject_of(struct bytes file);

/* Walk the file and record what it carries; the header's facts are filled in as they are found.
 * Fails FORMAT, LIMIT, UNSUPPORTED, NOMEM, LIBRARY, BUG. */
enum status subject_inventory(struct subject *s, enum inventory_depth depth, struct gathering *g,
                              struct err *err);

/* The same, for the orientation and the header's facts alone. */
enum status subject_find_orientation(struct subject *s, struct err *err);

/* Limits come first: a bomb is not decoded, and not blamed for what follows its header. Fails
 * LIMIT, UNSUPPORTED. */
enum status subject_check_size(const struct subject *s, struct err *err);

/* As stored. */
struct edges subject_edges(const struct subject *s);

/* What is still to be turned: HEIF's decoder has done it. */
struct turn subject_turn(const struct subject *s);

/* Four inks: a JPEG for printing, which libjpeg does not turn into colours. */
bool subject_is_for_printing(const struct subject *s);

#endif
