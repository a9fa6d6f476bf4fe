/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding: the letters under which two spellings of a name are the same. */
#ifndef NAMES_FOLD_H
#define NAMES_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "photogate/bytes.h"

/* Two ways to write a letter without its mark: "Jürgen" is "jurgen" to most keyboards and "juergen"
 * to a German one. */
enum fold_style { FOLD_PLAIN, FOLD_GERMANIC };

/* Append the folded letters of one code point (already NFKC): lower case, marks off. A combining
 * mark after a Latin, Greek or Cyrillic letter, the last of `out`, appends nothing; after others,
 * where it may be a vowel, it stays. Pure. */
void fold_codepoint(struct buffer *out, uint32_t code, enum fold_style style);

bool is_apostrophe(uint32_t code);
bool is_hyphen(uint32_t code);
/* A letter, a digit, or a mark that belongs to one. */
bool is_word_glyph(uint32_t code);
bool is_mark(uint32_t code);

/* The code point at `*i` of well-formed UTF-16 (what ICU's normaliser returns), stepping over it.
 */
uint32_t utf16_next(const uint16_t *units, int32_t *i, int32_t n);

#endif
