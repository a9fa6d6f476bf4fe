/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old encodings of text in metadata, turned into UTF-8 by ICU. */
#ifndef PHOTOGATE_IMAGE_CHARSET_H
#define PHOTOGATE_IMAGE_CHARSET_H

#include "photogate/bytes.h"
#include "photogate/text.h"

enum charset {
    CHARSET_UNKNOWN,
    /* UTF-8 when it is well-formed, else Windows-1252: what programs write where ASCII is
     * prescribed */
    CHARSET_UTF8_OR_1252,
    CHARSET_UTF16_LE,
    CHARSET_UTF16_BE,
    CHARSET_JIS /* ISO-2022-JP, the form of JIS X 0208 in EXIF */
};

/* `raw` as UTF-8, in `out` (reset first). What has no meaning in the encoding becomes U+FFFD.
 *
 * fails    LIMIT over the buffer's ceiling; NOMEM; LIBRARY when ICU lacks the encoding; BUG for
 *          CHARSET_UNKNOWN
 * threads  pure, after charset_prepare
 */
enum status charset_decode(enum charset charset, struct bytes raw, struct buffer *out,
                           struct err *err);

/* The byte order of UTF-16: as its mark says, else the one under which more characters are below
 * U+0100 (writers disagree about which order is meant where), else `otherwise`. Pure. */
enum charset charset_of_utf16(struct bytes wide, enum charset otherwise);

/* Whether `raw` is what cameras leave uncleared in a field, and no text: it has control characters,
 * or hardly a letter. Pure. */
bool charset_is_filler(struct bytes raw);

/* Load every converter once, before the process is confined. */
enum status charset_prepare(struct err *err);

#endif
