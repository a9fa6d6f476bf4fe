/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of EXIF tags that no table knows. Private to the EXIF reader. */
#ifndef PHOTOGATE_IMAGE_EXIF_TEXTS_H
#define PHOTOGATE_IMAGE_EXIF_TEXTS_H

#include "image/gathering.h"
#include "image/tiff_walk.h"

/* If the entry's value is text (ASCII, UTF-8, bytes with the header of a comment, bytes that are
 * letters), record it as a loose text of EXIF. An entry outside the data is passed over: no viewer
 * reads it either.
 *
 * tiff     the structure that `e` is of; hostile
 * fails    NOMEM, LIBRARY
 * source   EXIF 2.32, 4.6.2 (types), 4.6.5 D (UserComment), 4.6.6 A (GPSProcessingMethod,
 *          GPSAreaInformation)
 */
enum status exif_texts_see(struct gathering *g, struct bytes tiff, const struct tiff_entry *e,
                           struct err *err);

#endif
