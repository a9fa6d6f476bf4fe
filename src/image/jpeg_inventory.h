/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a JPEG carries beside its picture, and whether the picture is one that can be released. Pure
 * but for the readers. */
#ifndef PHOTOGATE_IMAGE_JPEG_INVENTORY_H
#define PHOTOGATE_IMAGE_JPEG_INVENTORY_H

#include "image/gathering.h"
#include "image/jpeg_walk.h"

/* INVENTORY_ORIENTATION reads only EXIF and XMP: all that cleansing must know. */
enum inventory_depth { INVENTORY_ORIENTATION, INVENTORY_ALL };

/* Walk the whole file; hand each carrier to its reader.
 *
 * *frame  written as soon as it is known, even when the walk fails after it
 * fails   FORMAT, LIMIT, UNSUPPORTED as jpeg_walk; FORMAT two frames, scans that leave out a
 *         component; NOMEM, LIBRARY, BUG from the readers
 */
enum status jpeg_inventory(struct bytes file, enum inventory_depth depth, struct gathering *g,
                           struct jpeg_frame *frame, struct err *err);

/* Whether this version can release it: UNSUPPORTED arithmetic, lossless, 12-bit, four-colour; LIMIT
 * over MAX_PHOTO_PIXELS. */
enum status jpeg_frame_check(const struct jpeg_frame *f, struct err *err);

#endif
