/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas of a JPEG covered without decoding it. */
#ifndef PHOTOGATE_IMAGE_JPEG_COVER_H
#define PHOTOGATE_IMAGE_JPEG_COVER_H

#include "photogate/photo.h"
#include "image/jpeg_session.h"

/* The coefficients of an upright JPEG before it is written: the MCUs that a box touches, and those
 * whose colours a decoder's smoothing would carry into it. Called inside jpeg_session_run. */
struct cover_blocks {
    j_common_ptr owner; /* whose memory the blocks are in, and which an error ends */
    jvirt_barray_ptr *blocks;
    const jpeg_component_info *components; /* upright sampling factors */
    int n_components;
    uint32_t width_px, height_px;             /* of the release */
    uint32_t whole_width_px, whole_height_px; /* before an edge was cut off */
};
void jpeg_cover_blocks(const struct cover_blocks *work, const struct cover *cover);

#endif
