/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cameras and programs write into every picture: no caption, and about nobody. */
#ifndef PHOTOGATE_IMAGE_STOCK_TEXT_H
#define PHOTOGATE_IMAGE_STOCK_TEXT_H

#include "photogate/text.h"

/* Whether the whole of `t`, trimmed, is such a text. Pure. */
bool stock_text(struct text t);

#endif
