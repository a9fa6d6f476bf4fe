/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture looks like, in 256 bits: the difference hash of its gray values. */
#ifndef PHOTOGATE_IMAGE_LIKENESS_H
#define PHOTOGATE_IMAGE_LIKENESS_H

#include "photogate/evidence.h"
#include "photogate/faces.h"

/* Of an upright picture of any size; one of fewer than 17 x 16 pixels is not known. Pure. */
struct likeness likeness_of(const struct pixels *picture);

#endif
