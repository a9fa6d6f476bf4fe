/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture inside a JPEG: decoded small for the detector, encoded small for the report, rebuilt
 * without loss for the release. */
#ifndef PHOTOGATE_IMAGE_JPEG_PICTURE_H
#define PHOTOGATE_IMAGE_JPEG_PICTURE_H

#include "photogate/digest.h"
#include "photogate/faces.h"
#include "image/turn.h"

/* Decode strictly, as stored, at the smallest of the DCT scales 1/8..8/8 whose longest edge is at
 * least `edge_px`.
 *
 * *out   pixels_release
 * fails  FORMAT, LIMIT, UNSUPPORTED, NOMEM
 */
enum status jpeg_decode(struct bytes file, uint32_t edge_px, struct pixels *out, struct err *err);

/* Encode a small picture; nothing in it but the picture. Fails NOMEM, LIMIT over the ceiling of
 * `out`. */
enum status jpeg_encode(const struct pixels *p, int quality, struct buffer *out, struct err *err);

/* Of a release that was proved the same picture. */
struct jpeg_facts {
    uint32_t width_px, height_px;
    uint32_t trimmed_right_px, trimmed_bottom_px; /* of the stored picture */
};

/* Carry a picture that stands upright already over into a release without decoding it: markers and
 * colour profile written anew, the tables that are used and the entropy-coded data byte for byte.
 *
 * What is written is taken apart again and compared with the file: the same size, sampling, tables
 * and data give the same coefficients in every decoder. Then the data are read to their last bit
 * (jpeg_scan_is_exact), so that nothing but coefficients is among them.
 *
 * *carried  false, with `out` empty and OK, when the file is not plain or its data say more than
 *           the picture: it may still be rebuilt, or be damaged
 * *facts    written when carried
 * fails     NOMEM; LIMIT over the ceiling of `out`; what icc_rebuild fails with; LIBRARY; BUG when
 *           what was written is not the same
 * source    ITU-T T.81, Annexes B and F
 */
enum status jpeg_carry(struct bytes file, struct buffer *out, struct jpeg_facts *facts,
                       bool *carried, struct err *err);

/* Rebuild: the coefficients, turned, and a neutral colour profile; baseline or extended sequential;
 * Huffman tables of T.81, K.3, or made for the picture, never the file's.
 *
 * Then `out` is read strictly from its bytes alone, and compared with what was given to the
 * encoder: size, colours, sampling, quantisation tables, and every coefficient of every block that
 * is shown, one by one. That they were turned as they should be is turn_block's affair: another
 * decoder is its referee (tests/unit/test_jpeg_lossless.c).
 *
 * cover     of the upright picture: coefficients there are replaced by gray's; NULL or empty: none
 * *facts    written on success
 * fails     FORMAT, LIMIT, UNSUPPORTED (too small to be turned), NOMEM; BUG when `out` is not the
 *           same picture
 * source    ITU-T T.81, Annexes B, F and K.3
 */
struct cover;
enum status jpeg_rebuild(struct bytes file, struct turn turn, const struct cover *cover,
                         struct buffer *out, struct jpeg_facts *facts, struct err *err);

#endif
