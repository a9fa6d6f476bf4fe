/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile for colours that a file gives as figures (PNG's gAMA and cHRM, nclx in HEIF). */
#ifndef PHOTOGATE_IMAGE_ICC_MAKE_H
#define PHOTOGATE_IMAGE_ICC_MAKE_H

#include "image/icc.h"

/* Chromaticities as CIE x, y. */
struct icc_figures {
    double white[2], red[2], green[2], blue[2];
    double gamma; /* of the display; 0 = the curve of sRGB */
};

/* IEC 61966-2-1; SMPTE EG 432-1 with D65 and the curve of sRGB (Display P3). */
extern const struct icc_figures ICC_SRGB, ICC_DISPLAY_P3;

/* Write a neutral profile into `out` (empty before). Fails FORMAT for figures that are no colours,
 * NOMEM. */
enum status icc_make(const struct icc_figures *f, enum icc_space space, struct buffer *out,
                     struct err *err);

#endif
