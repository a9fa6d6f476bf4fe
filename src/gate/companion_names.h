/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which photo a companion means, by their names alone. Names are folded (image/file_name.h). Pure.
 */
#ifndef PHOTOGATE_GATE_COMPANION_NAMES_H
#define PHOTOGATE_GATE_COMPANION_NAMES_H

#include "photogate/text.h"

/* "img_1.jpg" -> "img_1"; a leading dot is no suffix. */
struct text name_stem(struct text base);

/* Whether Google Takeout's file `json` (without its ".json") may speak of `photo` (with its
 * suffix).
 *
 * Takeout names it after the photo: "IMG_1.jpg" or "IMG_1.jpg.supplemental-metadata", cut at 46
 * characters wherever that falls, the photo's own name too ("IMG_1.jpg.supple"). Of a second photo
 * of the same name, "IMG_1(1).jpg", the number moves to the end: "IMG_1.jpg(1)" or
 * "IMG_1.jpg.supplemental-metadata(1)". An edited copy, "IMG_1-edited.jpg", has no file of its own:
 * the original's is its. Rather one photo too many than one too few: what is read names people who
 * must then be accounted for.
 */
bool takeout_may_mean(struct text json, struct text photo);

/* What every `json` that may mean `photo` begins with, in byte order one after another. */
struct text takeout_common_start(struct text photo);

/* Whether it speaks of a whole album: "metadata", in the languages seen. */
bool takeout_is_of_album(struct text json);

#endif
