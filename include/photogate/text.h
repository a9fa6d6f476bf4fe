/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: pointer and length, UTF-8 unless said otherwise, may hold NUL. Never owned by `struct text`
 * itself.
 *
 * Text from outside is hostile until printed through `text_print`: it may hold escapes, line ends,
 * right-to-left overrides, or not be UTF-8 at all.
 */
#ifndef PHOTOGATE_TEXT_H
#define PHOTOGATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "photogate/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

struct text {
    const char *at; /* borrowed; NULL only when n is 0 */
    size_t n;       /* bytes */
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})
#define TEXT_NONE ((struct text){NULL, 0})
/* For printf: "%.*s" with TEXT_ARG(t). Only for text known to be printable. */
#define TEXT_ARG(t) (int)(t).n, ((t).n ? (t).at : "")

struct text text_of(const char *cstr); /* NULL gives TEXT_NONE */
bool text_equal(struct text a, struct text b);
bool text_equal_nocase(struct text a, struct text b); /* ASCII letters only */
int text_compare(struct text a, struct text b);       /* bytewise, shorter first */
bool text_starts_with(struct text t, struct text prefix);
bool text_ends_with_nocase(struct text t, struct text suffix); /* ASCII letters only */
struct text text_trim(struct text t);                          /* ASCII white space off both ends */
struct text text_slice(struct text t, size_t from, size_t n);  /* clipped */

/* Split off what stands before the first `separator`; `*rest` is what follows it, or empty. Pure.
 */
struct text text_cut(struct text t, char separator, struct text *rest);

/* Well-formed UTF-8 by The Unicode Standard, table 3-7: no surrogates, nothing over U+10FFFF,
 * nothing overlong. */
bool text_is_utf8(struct text t);

/* Decode the code point at `*i` and step over it. An ill-formed byte gives UINT32_MAX and a step of
 * one. The caller has checked that *i < t.n. Pure. */
uint32_t text_next(struct text t, size_t *i);

/* Append one code point as UTF-8; surrogates and values over U+10FFFF become U+FFFD. Pure. */
void text_append_codepoint(struct buffer *b, uint32_t codepoint);

/* Append `t` made harmless for a terminal or a line of a file: control characters, line ends, bidi
 * controls, zero-width characters and ill-formed bytes as \xNN or \u{N}. Pure. */
void text_print(struct buffer *b, struct text t);

/* Whether text_print would leave `t` as it is. Pure. */
bool text_is_printable(struct text t);

/* A decimal number of digits only, within 0..max; false leaves *out alone. Pure. */
bool text_to_number(struct text t, uint64_t max, uint64_t *out);

#ifdef __cplusplus
}
#endif
#endif
