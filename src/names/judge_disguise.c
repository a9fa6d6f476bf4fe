/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disguises: decision rules 2 and 9. Letters that hide, dress up or come from another script; names
 * spelt with spaces, digits. */
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "fold.h"
#include "judging.h"

enum {
    MIN_HIDDEN_NAME = 3,
    MAX_SPELT = 48,
    MAX_LEET = 48,
    MAX_OPEN_SIGNS = 4,
    MAX_END_SIGNS = 3,
    MIN_MIXED_GLYPHS = 3
};

static void block_run(struct judging *j, size_t from, size_t to, enum finding_kind kind,
                      enum judgement judgement)
{
    struct finding f = {.kind = kind,
                        .judgement = judgement,
                        .start = reading_glyph(j->r, from)->start,
                        .end = reading_glyph(j->r, to - 1)->end,
                        .person = NO_PERSON};
    buffer_add(&j->findings, &f, sizeof f);
}

static UScriptCode script_of(uint32_t code)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = code < 0x80 ? USCRIPT_LATIN : uscript_getScript((UChar32)code, &status);
    return U_SUCCESS(status) ? script : USCRIPT_INVALID_CODE;
}

/* Scripts whose letters pass for Latin ones (UTS #39, confusables). */
static bool passes_for_latin(UScriptCode s)
{
    return s == USCRIPT_CYRILLIC || s == USCRIPT_GREEK || s == USCRIPT_CHEROKEE ||
           s == USCRIPT_ARMENIAN || s == USCRIPT_COPTIC || s == USCRIPT_LISU ||
           s == USCRIPT_GEORGIAN || s == USCRIPT_DESERET || s == USCRIPT_INVALID_CODE;
}

/* Joiners are ordinary letters of these scripts' spelling. */
static bool uses_joiners(uint32_t code)
{
    UScriptCode s = script_of(code);
    return s != USCRIPT_LATIN && !passes_for_latin(s) && s != USCRIPT_COMMON;
}

/* A Latin letter that no English keyboard can stand in for: phonetic signs and clicks, which look
 * like l, i, j and others. Letters of names have a plain form (fold.c). */
static bool is_strange(uint32_t code)
{
    enum { FIRST_STRANGE = 0x180 }; /* before it, all belong to languages of Europe */
    if (code < FIRST_STRANGE || script_of(code) != USCRIPT_LATIN) {
        return false;
    }
    struct buffer plain;
    buffer_init(&plain, 64);
    fold_codepoint(&plain, code, FOLD_PLAIN);
    bool strange = plain.failed != STATUS_OK;
    for (size_t i = 0; i < plain.n; i++) {
        strange |= plain.at[i] >= 0x80;
    }
    buffer_release(&plain);
    return strange;
}

/* "Ramadan kareem", in its own letters: part of a phrase on the list of safe ones. */
static bool is_known_phrase(const struct judging *j, size_t from)
{
    size_t at = judging_token_at(j, reading_glyph(j->r, from)->start);
    size_t first = at > MAX_WINDOW_TOKENS ? at - MAX_WINDOW_TOKENS : 0;
    for (size_t i = first; i <= at && i < j->r->n_tokens; i++) {
        if (i + phrase_at(j, i, ENTRY_SAFE) > at) {
            return true;
        }
    }
    return false;
}

static void judge_run(struct judging *j, size_t from, size_t to)
{
    size_t styled = 0, latin = 0, alike = 0, greek = 0, other = 0, letters = 0, strange = 0;
    bool hidden = false;
    for (size_t i = from; i < to; i++) {
        const struct glyph *g = reading_glyph(j->r, i);
        UScriptCode script = script_of(g->code);
        bool letter = g->code < 0x80 ? (g->code | 0x20) >= 'a' : u_isalpha((UChar32)g->code);
        styled += (g->flags & GLYPH_STYLED) != 0;
        hidden |= i > from && (g->flags & GLYPH_HIDDEN_BEFORE) && !uses_joiners(g->code);
        letters += letter;
        latin += letter && script == USCRIPT_LATIN;
        alike += letter && passes_for_latin(script);
        greek += letter && script == USCRIPT_GREEK;
        strange += letter && is_strange(g->code);
        other += letter && script != USCRIPT_LATIN && script != USCRIPT_COMMON &&
                 script != USCRIPT_INHERITED;
    }
    /* "µm" and "kΩ" are units, and the only mixed words with a use. */
    bool unit = greek == other && to - from < MIN_MIXED_GLYPHS;
    if (hidden || styled > 1 || (latin && alike && !unit)) {
        block_run(j, from, to, FINDING_DISGUISED, JUDGE_BLOCK);
    } else if (other > 1 && other == letters && is_known_phrase(j, from)) {
        return;
    } else if (other > 1 && other == letters) {
        block_run(j, from, to, FINDING_UNREADABLE, JUDGE_REVIEW);
    } else if ((other && !unit) || (strange && latin > strange)) {
        block_run(j, from, to, FINDING_DISGUISED, JUDGE_REVIEW);
    }
}

void judge_disguises(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_glyphs;) {
        size_t from = i;
        while (i < j->r->n_glyphs && is_word_glyph(reading_glyph(j->r, i)->code)) {
            if (reading_glyph(j->r, i)->flags & GLYPH_BIDI_BEFORE) {
                block_run(j, i, i + 1, FINDING_DISGUISED, JUDGE_BLOCK);
            }
            i++;
        }
        if (i > from) {
            judge_run(j, from, i);
        } else {
            if (reading_glyph(j->r, i)->flags & GLYPH_BIDI_BEFORE) {
                block_run(j, i, i + 1, FINDING_DISGUISED, JUDGE_BLOCK);
            }
            i++;
        }
    }
}

static bool is_name(const struct judging *j, struct text letters)
{
    for (const struct entry *e = NULL; (e = lexicon_next(j->l, letters, e));) {
        if (e->class == ENTRY_FULL_NAME || e->class == ENTRY_FORENAME ||
            e->class == ENTRY_SURNAME) {
            return true;
        }
    }
    return false;
}

static void claim_disguised(struct judging *j, size_t i, size_t n)
{
    struct finding f = {.kind = FINDING_DISGUISED, .judgement = JUDGE_BLOCK, .person = NO_PERSON};
    judging_claim(j, i, n, f, FINDING_UNKNOWN);
}

/* "J a c k S m i t h", "T_o_b_i": letters one by one. Any name within the run counts; two letters
 * must be all of it and not stand apart like initials. */
static size_t judge_spelt(struct judging *j, size_t i)
{
    size_t n = 0;
    bool apart = false;
    while (n < MAX_SPELT && i + n < j->r->n_tokens) {
        const struct token *t = reading_token(j->r, i + n);
        if (t->n_glyphs != 1 || (n && t->join == JOIN_SENTENCE)) {
            break;
        }
        apart |= n && (t->join != JOIN_GLUE || (reading_token(j->r, i + n - 1)->flags & TOKEN_DOT));
        n++;
    }
    if (n < 2 || token_has(j, i, TOKEN_CLAIMED | TOKEN_MASKED)) {
        return n ? n : 1;
    }
    if (n == 2 && !apart && is_name(j, reading_window(j->r, i, 2))) {
        claim_disguised(j, i, 2);
        return n;
    }
    for (size_t k = i; k < i + n; k++) {
        for (size_t m = MIN_HIDDEN_NAME; m <= i + n - k; m++) {
            if (is_name(j, reading_window(j->r, k, m))) {
                claim_disguised(j, i, n);
                return n;
            }
        }
    }
    return n;
}

/* The letters that a digit or sign may stand for: the first, and for '1' and its like another. */
static const char *leet_letters(uint32_t c)
{
    switch (c) {
    case '0':
        return "o";
    case '1':
    case '!':
    case '|':
        return "il";
    case '3':
        return "e";
    case '4':
    case '@':
        return "a";
    case '5':
    case '$':
        return "s";
    case '7':
    case '+':
        return "t";
    case '8':
        return "b";
    case '9':
        return "g";
    default:
        return NULL;
    }
}

/* One way to read glyphs [from, to) plainly: bit k of `second` takes the second letter for the k-th
 * sign that has two. Nothing when no glyph is a stand-in or all are. *n_open: how many signs have
 * two. */
static size_t leet_plain(const struct reading *r, size_t from, size_t to, unsigned second,
                         size_t *n_open, char out[MAX_LEET])
{
    struct buffer folded;
    size_t stand_ins = 0, letters = 0, n = 0;
    *n_open = 0;
    buffer_init(&folded, MAX_LEET);
    for (size_t i = from; i < to; i++) {
        uint32_t c = reading_glyph(r, i)->code;
        const char *plain = leet_letters(c);
        if (plain && plain[1]) {
            bool other = *n_open < MAX_OPEN_SIGNS && (second >> *n_open & 1);
            plain += other ? 1 : 0;
            (*n_open)++;
        }
        if (plain) {
            stand_ins++;
            buffer_add_byte(&folded, (uint8_t)plain[0]);
        } else if (!is_apostrophe(c)) {
            letters++;
            fold_codepoint(&folded, c, FOLD_PLAIN);
        }
    }
    if (folded.failed == STATUS_OK && stand_ins && letters && folded.n >= MIN_HIDDEN_NAME) {
        memcpy(out, folded.at, folded.n);
        n = folded.n;
    }
    buffer_release(&folded);
    return n;
}

static bool is_leet_glyph(uint32_t c)
{
    return is_word_glyph(c) || is_apostrophe(c) || (c < 0x80 && leet_letters(c));
}

/* Glyphs [from, to) read plainly are a name: claim them. */
static bool claim_leet(struct judging *j, size_t from, size_t to)
{
    char plain[MAX_LEET];
    size_t n_open = 0;
    if (to - from < MIN_HIDDEN_NAME) {
        return false;
    }
    for (unsigned second = 0; second < 1u << MAX_OPEN_SIGNS; second++) {
        size_t n = leet_plain(j->r, from, to, second, &n_open, plain);
        if (n && is_name(j, (struct text){plain, n})) {
            struct finding f = {.kind = FINDING_DISGUISED,
                                .judgement = JUDGE_BLOCK,
                                .start = reading_glyph(j->r, from)->start,
                                .end = reading_glyph(j->r, to - 1)->end,
                                .person = NO_PERSON};
            judging_claim_bytes(j, f);
            return true;
        }
        if (n == 0 || second + 1 >= 1u << (n_open < MAX_OPEN_SIGNS ? n_open : MAX_OPEN_SIGNS)) {
            break;
        }
    }
    return false;
}

/* How many glyphs at that end are signs, MAX_END_SIGNS at most. */
static size_t end_signs(const struct judging *j, size_t from, size_t to, bool front)
{
    size_t n = 0;
    while (n < MAX_END_SIGNS && from + n < to &&
           !is_word_glyph(reading_glyph(j->r, front ? from + n : to - 1 - n)->code)) {
        n++;
    }
    return n;
}

/* As it stands; without signs at its ends, which may be punctuation; without a possessive. */
static bool judge_leet(struct judging *j, size_t from, size_t to)
{
    size_t front = end_signs(j, from, to, true), back = end_signs(j, from, to, false);
    for (size_t f = 0; f <= front; f++) {
        for (size_t b = 0; b <= back && from + f + b < to; b++) {
            if (claim_leet(j, from + f, to - b)) {
                return true;
            }
        }
    }
    to -= to - from > back ? back : 0;
    bool possessive = to - from > 2 && is_apostrophe(reading_glyph(j->r, to - 2)->code);
    return possessive && claim_leet(j, from, to - 2);
}

/* "H0pe+4bara": signs that stand between names as well as for letters. */
static void judge_leet_pieces(struct judging *j, size_t from, size_t to)
{
    while (from < to) {
        size_t end = from;
        while (end < to && reading_glyph(j->r, end)->code != '+' &&
               reading_glyph(j->r, end)->code != '|') {
            end++;
        }
        (void)judge_leet(j, from, end);
        from = end + 1;
    }
}

void judge_spellings(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens;) {
        i += judge_spelt(j, i);
    }
    for (size_t i = 0; i < j->r->n_glyphs;) {
        size_t from = i;
        while (i < j->r->n_glyphs && is_leet_glyph(reading_glyph(j->r, i)->code)) {
            i++;
        }
        if (i - from >= MIN_HIDDEN_NAME && i - from <= MAX_LEET) {
            if (!judge_leet(j, from, i)) {
                judge_leet_pieces(j, from, i);
            }
        }
        i += i == from;
    }
}
