/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings of metadata that no table knows: a program may write a name into any of them. They are
 * read like free texts, but for those that cannot hold a name whoever wrote them. */
#ifndef PHOTOGATE_IMAGE_LOOSE_TEXT_H
#define PHOTOGATE_IMAGE_LOOSE_TEXT_H

#include "image/gathering.h"

/* Nobody can be named by it in full: numbers, times, identifiers in hexadecimal, addresses of the
 * schemas of programs, data in base64. A pupil's UPN is none of these. Pure. */
bool loose_text_is_nobodys(struct text t);

/* Record `t` as a text of `carrier` that is there already, unless it is nobody's or given before. A
 * text over MAX_TEXT_BYTES is recorded in pieces that overlap; over MAX_LOOSE_BYTES in one photo,
 * over MAX_TEXTS, or when it is no UTF-8: the carrier turns UNPARSABLE. */
void loose_text_gather(struct gathering *g, enum carrier_id carrier, struct text t);

#endif
