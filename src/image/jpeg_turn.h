/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JPEG's coefficients stood upright, block by block, without decoding them. All of it runs inside
 * jpeg_session_run. */
#ifndef PHOTOGATE_IMAGE_JPEG_TURN_H
#define PHOTOGATE_IMAGE_JPEG_TURN_H

#include "image/jpeg_session.h"
#include "image/turn.h"

struct jpeg_turning {
    struct turn turn;
    uint32_t trimmed_right_px, trimmed_bottom_px; /* of the stored picture; under one MCU each */
    jvirt_barray_ptr blocks[MAX_COMPONENTS];      /* coefficients, upright */
    /* Every coefficient, and every difference between two of the DC ones, has a code in the tables
     * of T.81, K.3: F.1.2.1 and F.1.2.2 allow no others in 8 bits. */
    bool is_usual;
};

/* After the header: decide what is cut off. `t->turn` is set. Ends the session UNSUPPORTED when
 * nothing would be left. */
void jpeg_turn_plan(struct jpeg_session *s, struct jpeg_turning *t);

/* Fill t->blocks, in memory of `to`'s, from `stored`, the coefficients that `from` has read. It is
 * `to` whose work this is, and which an error ends. */
void jpeg_turn_blocks(const struct jpeg_session *from, jvirt_barray_ptr *stored,
                      struct jpeg_session *to, struct jpeg_turning *t);

/* After jpeg_copy_critical_parameters: size, sampling and quantisation of the upright picture. */
void jpeg_turn_parameters(struct jpeg_session *s, const struct jpeg_turning *t);

#endif
