/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pupil numbers, admission numbers and postcodes: decision rule 11. Matchers by hand, each reads a
 * glyph a fixed number of times. */
#include "fold.h"
#include "judging.h"

enum { UPN_GLYPHS = 13, MIN_ADMISSION_BYTES = 4, MIN_BARE_ADMISSION_BYTES = 5 };

static uint32_t code_at(const struct reading *r, size_t i)
{
    return i < r->n_glyphs ? reading_glyph(r, i)->code : 0;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}
static bool is_upper(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}
static bool is_ascii_letter(uint32_t c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool starts_word(const struct reading *r, size_t i)
{
    return i == 0 || !is_word_glyph(code_at(r, i - 1));
}

static void block(struct judging *j, size_t from, size_t to, enum finding_kind kind,
                  uint32_t person)
{
    judging_claim_bytes(j, (struct finding){.kind = kind,
                                            .judgement = JUDGE_BLOCK,
                                            .start = reading_glyph(j->r, from)->start,
                                            .end = reading_glyph(j->r, to - 1)->end,
                                            .person = person});
}

/* Letter, eleven digits, digit or letter (DfE, Unique Pupil Numbers guide), spaces and hyphens
 * between them allowed. The check letter is not asked: a number with a slip in it still points to a
 * child. Returns the glyph behind it, or 0. */
static size_t upn_end(const struct reading *r, size_t i)
{
    size_t n = 0;
    for (; i < r->n_glyphs && n < UPN_GLYPHS; i++) {
        uint32_t c = code_at(r, i);
        if (n && n < UPN_GLYPHS && (c == ' ' || is_hyphen(c))) {
            continue;
        }
        bool fits = n == 0                ? is_ascii_letter(c)
                    : n == UPN_GLYPHS - 1 ? is_digit(c) || is_ascii_letter(c)
                                          : is_digit(c);
        if (!fits) {
            return 0;
        }
        n++;
    }
    return n == UPN_GLYPHS && !is_word_glyph(code_at(r, i)) ? i : 0;
}

/* Postcode (BS 7666, annex C): area, district, one or no space, sector, unit; letters of the unit
 * are never CIKMOV. All in one case, so that "KS2 4th" is none. Returns the glyph behind it, or 0.
 */
static size_t postcode_end(const struct reading *r, size_t i)
{
    size_t at = i, upper = 0, lower = 0, area = 0;
    while (area < 2 && is_ascii_letter(code_at(r, at))) {
        area++;
        at++;
    }
    if (area == 0 || !is_digit(code_at(r, at))) {
        return 0;
    }
    at++;
    bool spaced = code_at(r, at) == ' ';
    if (!spaced && is_word_glyph(code_at(r, at)) && code_at(r, at + 1) != 0 &&
        !(is_digit(code_at(r, at)) && is_ascii_letter(code_at(r, at + 1)))) {
        at++; /* the district's second digit or letter */
        spaced = code_at(r, at) == ' ';
    }
    at += spaced ? 1 : 0;
    if (!is_digit(code_at(r, at)) || !is_ascii_letter(code_at(r, at + 1)) ||
        !is_ascii_letter(code_at(r, at + 2)) || is_word_glyph(code_at(r, at + 3))) {
        return 0;
    }
    for (size_t k = i; k < at + 3; k++) {
        uint32_t c = code_at(r, k);
        upper += is_upper(c);
        lower += is_ascii_letter(c) && !is_upper(c);
    }
    for (size_t k = at + 1; k < at + 3; k++) {
        uint32_t c = code_at(r, k) & ~0x20u;
        if (c == 'C' || c == 'I' || c == 'K' || c == 'M' || c == 'O' || c == 'V') {
            return 0;
        }
    }
    return upper == 0 || lower == 0 ? at + 3 : 0;
}

static bool is_announced(const struct judging *j, size_t i)
{
    static const char *const WORDS[] = {"admission", "adm", "adno", "no", "number", "id", "pupil"};
    for (size_t k = 0; i && k < sizeof WORDS / sizeof WORDS[0]; k++) {
        if (text_equal(token_word(j->r, i - 1), text_of(WORDS[k]))) {
            return true;
        }
    }
    return false;
}

/* Numbers of the register itself. A short one of digits alone may be any number: it must be
 * announced. */
static void judge_register_number(struct judging *j, size_t i)
{
    for (size_t n = window_limit(j, i); n; n--) {
        struct text key = reading_window(j->r, i, n);
        const struct entry *e = lexicon_find(j->l, key, ENTRY_UPN);
        enum finding_kind kind = FINDING_UPN;
        if (!e) {
            e = lexicon_find(j->l, key, ENTRY_ADMISSION_NO);
            kind = FINDING_ADMISSION_NO;
        }
        bool odd;
        if (!e || !window_fits(j->r, i, n, e, JOIN_SPACE, &odd)) {
            continue;
        }
        bool letters = !is_digit((unsigned char)key.at[0]);
        size_t least = letters ? MIN_ADMISSION_BYTES : MIN_BARE_ADMISSION_BYTES;
        if (kind == FINDING_UPN || key.n >= least || is_announced(j, i)) {
            struct finding f = {.kind = kind, .judgement = JUDGE_BLOCK, .person = e->person};
            judging_claim(j, i, n, f, FINDING_UNKNOWN);
            return;
        }
    }
}

void judge_identifiers(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_glyphs; i++) {
        size_t end;
        if (!starts_word(j->r, i)) {
            continue;
        }
        if ((end = upn_end(j->r, i))) {
            block(j, i, end, FINDING_UPN, NO_PERSON);
        } else if ((end = postcode_end(j->r, i))) {
            block(j, i, end, FINDING_POSTCODE, NO_PERSON);
        }
    }
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        judge_register_number(j, i);
    }
}
