/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Adobe's "Save for Web" lays into a JPEG: how strongly it was compressed, and perhaps a
 * comment and a copyright line. */
#ifndef PHOTOGATE_IMAGE_DUCKY_H
#define PHOTOGATE_IMAGE_DUCKY_H

#include "image/gathering.h"

/* Record the comment and the rest as texts of the carrier COMMENT, which is UNPARSABLE when the
 * blocks do not hold together.
 *
 * ducky    an APP12 segment behind its signature; hostile
 * fails    NOMEM, LIBRARY
 * source   ExifTool, Image::ExifTool::APP12, tag table Ducky (Adobe has published none)
 */
enum status ducky_read(struct gathering *g, struct bytes ducky, struct err *err);

#endif
