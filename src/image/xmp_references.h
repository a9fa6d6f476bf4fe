/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Character references of an XMP packet, written so that exempi reads them.
 *
 * exempi looks for control characters before it parses, and takes every reference of one or two
 * hexadecimal digits for one: "Zo&#xeb;" becomes "Zo", with a space for each sign of the rest.
 * Decimal references it leaves alone.
 */
#ifndef PHOTOGATE_IMAGE_XMP_REFERENCES_H
#define PHOTOGATE_IMAGE_XMP_REFERENCES_H

#include "photogate/bytes.h"
#include "photogate/text.h"

/* Append `packet` to `out`, each numeric reference in its shortest decimal form. Those in comments
 * and CDATA sections too, where they are plain text: which of them a parser will take for what
 * cannot be told without being that parser, and for a name one form is as good as the other.
 *
 * returns  NULL, or why the packet may not go to exempi: one static printable line. Failed appends
 *          stay in `out`
 * threads  pure
 * source   XML 1.0 (fifth edition), productions 2 (Char) and 66 (CharRef)
 */
const char *xmp_references(struct text packet, struct buffer *out);

#endif
