/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers of what lies beside a photo, XMP apart. Like the readers of gathering.h: what cannot be
 * parsed turns its carrier UNPARSABLE, which holds the photo. */
#ifndef PHOTOGATE_IMAGE_COMPANION_READERS_H
#define PHOTOGATE_IMAGE_COMPANION_READERS_H

#include "image/gathering.h"
#include "photogate/photo.h"

/* Google Takeout's file of a photo, or of the album the photo is in.
 *
 * file     borrowed; JSON (RFC 8259); hostile
 * fails    NOMEM
 * source   what Google Takeout wrote in 2018 to 2025; there is no specification
 */
enum status takeout_read(struct gathering *g, struct bytes file, bool is_album, struct err *err);

/* Picasa's files among `beside`; the others are passed over. Each of kind PICASA is read for the
 * section that bears its `name`; people are known by a number, whose name any of the files may
 * tell.
 *
 * Of a face: rect64 is left, top, right and bottom in 65,535ths of the picture as it is stored, 16
 * bits each, written in hexadecimal without leading zeros; ffffffffffffffff is nobody, and a number
 * that no file knows is a face whose name is lost. Both are recorded as faces without a name. A
 * photo without a section, beside faces of one that is not here, may be that one: the carrier is
 * UNPARSABLE.
 *
 * fails    NOMEM, LIBRARY
 * source   what Picasa 3.9 writes; there is no specification
 */
enum status picasa_read(struct gathering *g, const struct sidecar *beside, size_t n,
                        struct err *err);

/* jansson's seed and ICU's tables are fetched now, before the process is confined. Once. */
enum status companion_readers_prepare(struct err *err);

#endif
