/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures that cannot leave as they came: of another format, for printing, or larger than wished.
 * They are decoded whole, made upright and small, and encoded anew. */
#ifndef PHOTOGATE_IMAGE_CONVERT_H
#define PHOTOGATE_IMAGE_CONVERT_H

#include "photogate/photo.h"
#include "image/turn.h"

/* Decode whole, lay on white, and reduce by a whole factor so that the longest edge is still at
 * least `edge_px`. As stored, for kinds whose decoder does not turn.
 *
 * *out   pixels_release
 * fails  FORMAT, LIMIT, UNSUPPORTED, NOMEM, LIBRARY
 */
enum status picture_decode(struct bytes file, enum file_kind kind, uint32_t edge_px,
                           struct pixels *out, struct err *err);

/* Convert, then decode the result and compare it with what was meant: a PNG is equal in every
 * pixel; a JPEG has the same edges and colour profile, and the mean of no more than MAX_DIFFERENCE
 * between the averages of each block of 8 x 8 pixels, which is what its quantisation leaves alone.
 *
 * wishes  filled in: a quality within the limits
 * cover   of the upright picture: filled before it is made smaller, and again after, so that no
 *         pixel beside it holds anything of what was there; then a PNG stays one unless it was made
 *         smaller. NULL or empty: none
 * *proof  kind, width_px, height_px, same_picture
 * fails   FORMAT, LIMIT, UNSUPPORTED, NOMEM, LIBRARY; BUG when the proof fails
 */
enum status picture_convert(struct bytes file, enum file_kind kind, struct turn turn,
                            const struct release_wishes *wishes, const struct cover *cover,
                            struct buffer *out, struct proof *proof, struct err *err);

#endif
