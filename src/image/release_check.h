/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of release_check (photogate/photo.h). Pure, no library. */
#ifndef PHOTOGATE_IMAGE_RELEASE_CHECK_H
#define PHOTOGATE_IMAGE_RELEASE_CHECK_H

#include "photogate/bytes.h"

enum status release_check_jpeg(struct bytes release, struct err *err);
enum status release_check_png(struct bytes release, struct err *err);

#endif
