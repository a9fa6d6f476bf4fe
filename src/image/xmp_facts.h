/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PHOTOGATE_IMAGE_XMP_FACTS_H
#define PHOTOGATE_IMAGE_XMP_FACTS_H

#include <exempi/xmp.h>

#include "image/gathering.h"

/* What an XMP packet gives away beside names and texts, for telling people. Fails NOMEM. */
enum status xmp_facts_read(struct gathering *g, enum carrier_id carrier, XmpPtr xmp,
                           struct err *err);

#endif
