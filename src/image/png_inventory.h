/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a PNG carries beside its picture. */
#ifndef PHOTOGATE_IMAGE_PNG_INVENTORY_H
#define PHOTOGATE_IMAGE_PNG_INVENTORY_H

#include "image/gathering.h"
#include "image/png_walk.h"

/* Walk the whole file: record every chunk that is no picture, read eXIf. Texts are compressed:
 * libpng gives them with the picture, and they go through png_text_note.
 *
 * *header  written as soon as it is known
 * fails    FORMAT, LIMIT as png_walk; NOMEM, LIBRARY, BUG from the readers
 */
enum status png_inventory(struct bytes file, struct gathering *g, struct png_header *header,
                          struct err *err);

/* LIMIT over MAX_PHOTO_PIXELS or MAX_PNG_EDGE_PX. */
enum status png_header_check(const struct png_header *h, struct err *err);

/* One text as libpng gives it: tEXt and zTXt are Latin-1, iTXt is UTF-8. Hands XMP and hexadecimal
 * profiles to their readers. */
enum status png_text_note(struct gathering *g, struct text key, struct text value, bool is_utf8,
                          struct err *err);

#endif
