/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour profiles: colour survives, words do not.
 *
 * A profile names its maker's machine, the person who calibrated it and the second it was exported.
 * It is rebuilt by lcms2 from its colour tags alone, under neutral texts and a fixed date, so that
 * the same profile always gives the same bytes.
 */
#ifndef PHOTOGATE_IMAGE_ICC_H
#define PHOTOGATE_IMAGE_ICC_H

#include "photogate/bytes.h"

enum icc_space { ICC_GRAY = 1, ICC_RGB };

/* Rebuild.
 *
 * profile  borrowed; hostile
 * space    of the picture. Of a profile for colours a gray picture gets the grays; any other
 *          profile for another space is ignored by everything that shows pictures, and dropped
 * out      appended to; stays empty when the profile is dropped
 * fails    FORMAT not a profile, or its colours cannot be read; LIMIT over MAX_ICC_BYTES;
 *          UNSUPPORTED a device link or named colours; NOMEM
 * source   ICC.1:2022; Cherry Trees s3
 */
enum status icc_rebuild(struct bytes profile, enum icc_space space, struct buffer *out,
                        struct err *err);

/* Make lcms2 and the C library do now what they do once: creating a profile asks for the time,
 * whose zone stands in a file. Fails LIBRARY, NOMEM. */
enum status icc_prepare(struct err *err);

/* Whether a profile is one that icc_rebuild writes: neutral header, known colour tags, neutral
 * texts, every byte accounted for. Pure, no library. Fails FORMAT. */
enum status icc_check(struct bytes profile, struct err *err);

#endif
