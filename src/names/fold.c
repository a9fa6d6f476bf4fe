/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fold.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "photogate/names.h"
#include "photogate/text.h"
#include "reading.h"

struct letter_row {
    uint32_t code; /* lower case */
    const char *plain, *germanic;
};

/* Letters that Unicode does not take apart into a base letter and a mark, and those a German or
 * Danish keyboard writes with two letters. Order by code. */
static const struct letter_row LETTERS[] = {
    {0xDF, "ss", "ss"}, {0xE4, "a", "ae"}, {0xE5, "a", "aa"},    {0xE6, "ae", "ae"},
    {0xF0, "d", "d"},   {0xF6, "o", "oe"}, {0xF8, "o", "oe"},    {0xFC, "u", "ue"},
    {0xFE, "th", "th"}, {0x111, "d", "d"}, {0x127, "h", "h"},    {0x131, "i", "i"},
    {0x138, "k", "k"},  {0x142, "l", "l"}, {0x14B, "n", "n"},    {0x153, "oe", "oe"},
    {0x167, "t", "t"},  {0x180, "b", "b"}, {0x188, "c", "c"},    {0x192, "f", "f"},
    {0x199, "k", "k"},  {0x19A, "l", "l"}, {0x1DD, "e", "e"},    {0x253, "b", "b"},
    {0x257, "d", "d"},  {0x259, "e", "e"}, {0x25B, "e", "e"},    {0x254, "o", "o"},
    {0x268, "i", "i"},  {0x272, "n", "n"}, {0x1E9E, "ss", "ss"},
};

static const char *letter_row_of(uint32_t lower, enum fold_style style)
{
    for (size_t i = 0; i < sizeof LETTERS / sizeof LETTERS[0]; i++) {
        if (LETTERS[i].code == lower) {
            return style == FOLD_GERMANIC ? LETTERS[i].germanic : LETTERS[i].plain;
        }
    }
    return NULL;
}

bool is_mark(uint32_t code)
{
    return code >= 0x300 && (U_GET_GC_MASK((UChar32)code) & U_GC_M_MASK) != 0;
}

/* The variation selectors and keycap marks that follow an emoji are marks of no word. */
bool is_word_glyph(uint32_t code)
{
    if (code < 0x80) {
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
               (code >= 'A' && code <= 'Z');
    }
    if (code == 0x20E3 || (code >= 0xFE00 && code <= 0xFE0F)) {
        return false;
    }
    return u_isalnum((UChar32)code) || is_mark(code);
}

bool is_apostrophe(uint32_t code)
{
    static const uint32_t MARKS[] = {'\'',  '`',    0xB4,   0x2B9,  0x2BB,  0x2BC, 0x2BD,
                                     0x2C8, 0x2018, 0x2019, 0x201B, 0x2032, 0x5F3, 0xFF07};
    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++) {
        if (MARKS[i] == code) {
            return true;
        }
    }
    return false;
}

bool is_hyphen(uint32_t code)
{
    return code == '-' || (code >= 0x2010 && code <= 0x2012) || code == 0x2212 || code == 0xAD ||
           code == 0xFE63 || code == 0xFF0D || code == 0x30FB;
}

uint32_t utf16_next(const uint16_t *units, int32_t *i, int32_t n)
{
    uint32_t lead = units[(*i)++];
    if (lead < 0xD800 || lead > 0xDBFF || *i >= n) {
        return lead;
    }
    return 0x10000 + ((lead - 0xD800) << 10) + (units[(*i)++] - 0xDC00u);
}

/* What the letter before it, the last of `out`, makes of a mark: an accent of a Latin, Greek or
 * Cyrillic letter is left out; elsewhere marks are vowels (Devanagari, Thai, Arabic) or make
 * another letter (Japanese), and without them different names were the same. */
static void fold_mark(struct buffer *out, uint32_t mark)
{
    size_t from = out->n;
    while (from && (out->at[from - 1] & 0xC0) == 0x80) {
        from--;
    }
    if (from == out->n || from == 0) {
        return; /* nothing, or ASCII, before it */
    }
    size_t i = from - 1;
    struct text written = {(const char *)out->at, out->n};
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)text_next(written, &i), &status);
    if (U_SUCCESS(status) && script != USCRIPT_LATIN && script != USCRIPT_GREEK &&
        script != USCRIPT_CYRILLIC) {
        text_append_codepoint(out, mark);
    }
}

/* Decompose, fold the marks, append what is left. */
static void fold_by_decomposition(struct buffer *out, UChar32 lower)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    UChar parts[32];
    int32_t n = U_SUCCESS(status) ? unorm2_getDecomposition(nfd, lower, parts, 32, &status) : -1;
    if (U_FAILURE(status) || n <= 0) {
        const char *letters = letter_row_of((uint32_t)lower, FOLD_PLAIN);
        if (letters) {
            buffer_add_cstr(out, letters);
        } else {
            text_append_codepoint(out, (uint32_t)lower);
        }
        return;
    }
    for (int32_t i = 0; i < n;) {
        uint32_t c = utf16_next((const uint16_t *)parts, &i, n);
        if (is_mark(c)) {
            fold_mark(out, c);
            continue;
        }
        const char *letters = letter_row_of(c, FOLD_PLAIN);
        if (letters) {
            buffer_add_cstr(out, letters);
        } else {
            text_append_codepoint(out, c);
        }
    }
}

void fold_codepoint(struct buffer *out, uint32_t code, enum fold_style style)
{
    if (code < 0x80) {
        buffer_add_byte(out, (uint8_t)(code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code));
        return;
    }
    if (is_mark(code)) {
        fold_mark(out, code);
        return;
    }
    UChar32 lower = u_foldCase((UChar32)code, U_FOLD_CASE_DEFAULT);
    if (code == 0x130) { /* Turkish dotted capital I: its simple folding is itself */
        lower = 'i';
    }
    const char *letters = letter_row_of((uint32_t)lower, style);
    if (letters) {
        buffer_add_cstr(out, letters);
    } else {
        fold_by_decomposition(out, lower);
    }
}

enum status name_fold(struct text name, struct buffer *out, struct err *err)
{
    if (!text_is_utf8(name)) {
        return err_set(err, STATUS_FORMAT, "a name that is not UTF-8");
    }
    struct reading reading;
    reading_init(&reading);
    enum status st = reading_glyphs(&reading, name, false, err);
    size_t begun = out->n;
    bool space = false;
    const struct glyph *glyphs = reading_glyph(&reading, 0);
    for (size_t i = 0; st == STATUS_OK && i < reading.n_glyphs; i++) {
        uint32_t code = glyphs[i].code;
        if (is_apostrophe(code)) {
            continue;
        }
        if (!is_word_glyph(code)) {
            space = true;
            continue;
        }
        if (space && out->n > begun) {
            buffer_add_byte(out, ' ');
        }
        space = false;
        fold_codepoint(out, code, FOLD_PLAIN);
    }
    reading_release(&reading);
    return st == STATUS_OK ? buffer_status(out, err) : st;
}
