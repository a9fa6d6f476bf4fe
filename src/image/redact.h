/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas of a picture covered by solid gray, and the proof that they are.
 *
 * Gray of 128 is the one colour that every JPEG holds exactly: all of its coefficients are 0 (T.81,
 * A.3.1: samples are shifted by 128), so no quantisation moves it.
 */
#ifndef PHOTOGATE_IMAGE_REDACT_H
#define PHOTOGATE_IMAGE_REDACT_H

#include "photogate/photo.h"
#include "image/raster.h"

enum { COVER_GRAY = 128 };

/* Pixels of an upright picture, the right and bottom ones excluded. */
struct area {
    uint32_t left, top, right, bottom;
};

/* The pixels of a box in an upright picture whose whole size is `width_px` by `height_px`, of which
 * up to `lost_x` columns and `lost_y` rows were cut off at either side: all that the box may be on.
 * Empty for a box outside the picture. Pure. */
struct area area_of_box(const struct box *b, uint32_t width_px, uint32_t height_px, uint32_t lost_x,
                        uint32_t lost_y);
bool area_is_empty(const struct area *a);

/* The steps of a grid that an area touches, in pixels, and the steps that a decoder's smoothing of
 * colours would carry into it. Pure. */
struct area area_on_grid(const struct area *a, uint32_t step_x_px, uint32_t step_y_px,
                         uint32_t width_px, uint32_t height_px);

/* Fill the boxes of an upright picture, and as much around each as the blocks of the JPEG that is
 * made of it smear; full alpha. `as_decoded`: nothing was done to it since it was decoded, so the
 * losses of the format it came in may smear too. */
void raster_cover(struct raster *r, const struct cover *cover, bool as_decoded);

/* Decode the release: is each area one colour, opaque, and does the detector find no face half of
 * which lies in one?
 *
 * whole_*   the upright picture's before an edge was cut off
 * detector  may be NULL
 * fails     FORMAT a face is still found there; BUG an area is not one colour; LIMIT; NOMEM;
 *           LIBRARY
 */
enum status release_prove_covered(struct bytes release, const struct proof *proof,
                                  uint32_t whole_width_px, uint32_t whole_height_px,
                                  const struct cover *cover, struct detector *detector,
                                  struct err *err);

/* The last of it alone: no face, half of which lies in one area. Fails FORMAT, LIMIT, NOMEM,
 * LIBRARY. */
enum status release_prove_no_face(struct bytes release, const struct proof *proof,
                                  const struct cover *cover, struct detector *d, struct err *err);

#endif
