/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether two JPEGs are one picture: all that a decoder makes it of, compared piece by piece. */
#ifndef PHOTOGATE_IMAGE_JPEG_SAME_H
#define PHOTOGATE_IMAGE_JPEG_SAME_H

#include "image/jpeg_session.h"

/* Borrowed from libjpeg's structs. */
struct jpeg_coefficients {
    uint32_t width_px, height_px;
    J_COLOR_SPACE space;
    int n_components;
    const jpeg_component_info *components;
    JQUANT_TBL *const *tables; /* by the component's quant_tbl_no */
    jvirt_barray_ptr *blocks;
};

/* Inside jpeg_session_run. Size, colours, sampling, quantisation tables and every coefficient of
 * every block that is shown; blocks that only fill the last MCU are no part of the picture:
 * decoders pass over them. Ends the session BUG at the first difference, FORMAT when a table is
 * missing. */
void jpeg_same_or_fail(struct jpeg_session *s, const struct jpeg_coefficients *meant,
                       const struct jpeg_coefficients *found);

#endif
