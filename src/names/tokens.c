/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Glyphs to tokens. A run of letters and digits is cut at CamelCase and between letters and digits;
 * apostrophes inside a word vanish from its folded form, a possessive comes off its end. */
#include <string.h>

#include <unicode/uchar.h>

#include "fold.h"
#include "reading.h"

enum { TITLE_CASE_MIN_WORDS = 4 };

struct run {
    size_t first, end; /* glyphs */
    uint32_t flags;    /* for every token of the run */
};

static uint32_t code_at(const struct reading *r, size_t i)
{
    return i < r->n_glyphs ? reading_glyph(r, i)->code : 0;
}

static bool is_upper(uint32_t c)
{
    return c < 0x80 ? (c >= 'A' && c <= 'Z') : u_isupper((UChar32)c) || u_istitle((UChar32)c);
}

static bool is_digit(uint32_t c)
{
    return c < 0x80 ? (c >= '0' && c <= '9') : u_isdigit((UChar32)c);
}

static bool is_letter(uint32_t c)
{
    return is_word_glyph(c) && !is_digit(c) && !is_mark(c);
}

static bool is_white(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x80 && u_isUWhiteSpace((UChar32)c));
}

static bool ends_sentence(uint32_t c)
{
    return c == '!' || c == '?' || c == ':' || c == 0x2026 || c == '\n' || c == '\r' ||
           c == 0x2029 || c == 0xBF || c == 0xA1 || c == 0x2022;
}

/* A dot after "Mr", "St" or a letter shortens a word; after others it ends a sentence. */
static bool dot_shortens(const struct token *before)
{
    return before && before->n_glyphs <= 3 && before->shape == SHAPE_TITLE;
}

/* What stands in the glyphs [from, to) between two runs. */
static enum join join_of(const struct reading *r, const struct token *before, size_t from,
                         size_t to)
{
    bool white = false, sentence = false, comma = false, punct = false;
    for (size_t i = from; i < to; i++) {
        uint32_t c = code_at(r, i);
        if (c == '\n' || c == '\r') {
            sentence = true;
        } else if (is_white(c)) {
            white = true;
        } else if (c == '.' && dot_shortens(before)) {
            continue;
        } else if (ends_sentence(c) || c == '.') {
            sentence = true;
        } else if (c == ',' || c == '&' || c == ';') {
            comma = true;
        } else {
            punct = true;
        }
    }
    if (!white && to - from == 1 && is_hyphen(code_at(r, from))) {
        return JOIN_HYPHEN;
    }
    if (!white && code_at(r, from) != ',' && code_at(r, from) != ';' && code_at(r, from) != '/' &&
        code_at(r, from) != '\n' && code_at(r, from) != ':') {
        return JOIN_GLUE;
    }
    return sentence ? JOIN_SENTENCE : punct ? JOIN_PUNCT : comma ? JOIN_COMMA : JOIN_SPACE;
}

/* An emoji, a bullet, an opening quotation mark or a line separator before a word starts a
 * sentence, too. */
static bool opens_sentence(const struct reading *r, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        uint32_t c = code_at(r, i);
        if (c == '"' || c == 0x2028 || c == 0x201C || c == 0x2018 || c == 0xAB ||
            (c == '*' && from == 0) || (c >= 0x2600 && U_GET_GC_MASK((UChar32)c) & U_GC_S_MASK)) {
            return true;
        }
    }
    return false;
}

/* The glyph after the run that starts at `i`. An apostrophe belongs to it when a letter follows. */
static size_t run_end(const struct reading *r, size_t i)
{
    while (i < r->n_glyphs) {
        uint32_t c = code_at(r, i);
        bool inner = is_apostrophe(c) && i > 0 && is_letter(code_at(r, i - 1)) &&
                     is_letter(code_at(r, i + 1));
        if (!is_word_glyph(c) && !inner) {
            break;
        }
        i++;
    }
    return i;
}

/* Whether the run is cut before glyph `i`, which is not its first. */
static bool cuts_before(const struct reading *r, const struct run *run, size_t i)
{
    uint32_t here = code_at(r, i), after = code_at(r, i + 1);
    if (is_mark(here) || is_apostrophe(here)) {
        return false;
    }
    size_t back = i - 1;
    while (back > run->first && is_mark(code_at(r, back))) {
        back--; /* a letter struck out is the letter */
    }
    uint32_t before = code_at(r, back);
    if (is_apostrophe(before) && i >= run->first + 2) {
        before = code_at(r, i - 2);
    }
    if (is_digit(here)) {
        return is_letter(before);
    }
    if (is_digit(before)) {
        return run->end - i > 2; /* "4B", "3rd" and "12pm" stay whole */
    }
    bool last = i + 1 >= run->end;
    return is_upper(here) && (!is_upper(before) || (!last && !is_upper(after) && is_letter(after)));
}

static enum shape shape_of(const struct reading *r, size_t first, size_t end)
{
    size_t upper = 0, lower = 0, digits = 0;
    for (size_t i = first; i < end; i++) {
        uint32_t c = code_at(r, i);
        if (is_digit(c)) {
            digits++;
        } else if (is_upper(c)) {
            upper++;
        } else if (is_letter(c)) {
            lower++;
        }
    }
    if (digits) {
        return SHAPE_DIGITS;
    }
    if (upper == 0) {
        return lower ? SHAPE_LOWER : SHAPE_OTHER;
    }
    if (lower == 0 && upper > 1) {
        return SHAPE_CAPS;
    }
    return upper == 1 && is_upper(code_at(r, first)) ? SHAPE_TITLE : SHAPE_OTHER;
}

static void add_token(struct reading *r, const struct run *run, size_t first, size_t end,
                      enum join join)
{
    struct token t = {
        .start = reading_glyph(r, first)->start,
        .end = reading_glyph(r, end - 1)->end,
        .glyph = (uint32_t)first,
        .n_glyphs = (uint32_t)(end - first),
        .folded = (uint32_t)r->folded.n,
        .flags = run->flags,
        .join = join,
        .shape = shape_of(r, first, end),
    };
    const struct token *before = r->n_tokens ? reading_token(r, r->n_tokens - 1) : NULL;
    t.run = before ? before->run + (join == JOIN_CAMEL ? 0 : 1) : 0;
    for (size_t i = first; i < end; i++) {
        uint32_t c = code_at(r, i);
        if (!is_apostrophe(c)) {
            fold_codepoint(&r->folded, c, FOLD_PLAIN);
        }
        t.flags |= is_letter(c) ? (uint32_t)TOKEN_LETTERS : 0;
    }
    t.n_folded = (uint32_t)r->folded.n - t.folded;
    if (join == JOIN_SENTENCE || r->n_tokens == 0) {
        t.flags |= TOKEN_STARTS;
    } else if (join == JOIN_CAMEL) {
        t.flags &= ~(uint32_t)TOKEN_STARTS;
    }
    r->has_lower |= t.shape == SHAPE_LOWER || (t.shape == SHAPE_TITLE && t.n_glyphs > 1);
    r->has_upper |= t.shape == SHAPE_CAPS || t.shape == SHAPE_TITLE;
    buffer_add(&r->tokens, &t, sizeof t);
    r->n_tokens = r->tokens.n / sizeof t;
}

/* How many glyphs a possessive takes off the end of the run: 's, or the apostrophe after a final s.
 */
static size_t possessive_length(const struct reading *r, const struct run *run)
{
    uint32_t last = code_at(r, run->end - 1);
    if (run->end - run->first > 2 && (last == 's' || last == 'S') &&
        is_apostrophe(code_at(r, run->end - 2))) {
        return 2;
    }
    return 0;
}

static void cut_run(struct reading *r, struct run *run, enum join join)
{
    size_t off = possessive_length(r, run);
    size_t end = run->end;
    bool possessive = off > 0;
    run->end -= off;
    size_t first = run->first;
    for (size_t i = run->first + 1; i <= run->end; i++) {
        if (i == run->end || cuts_before(r, run, i)) {
            add_token(r, run, first, i, join);
            join = JOIN_CAMEL;
            first = i;
        }
    }
    uint32_t after = code_at(r, end);
    uint32_t last = code_at(r, end - 1);
    possessive = possessive || (is_apostrophe(after) && (last == 's' || last == 'S'));
    struct token *t = reading_token(r, r->n_tokens - 1);
    if (r->tokens.failed == STATUS_OK && r->n_tokens) {
        t->flags |= possessive ? (uint32_t)TOKEN_POSSESSIVE : 0;
        t->flags |= after == '.' ? (uint32_t)TOKEN_DOT : 0;
        t->end = off ? reading_glyph(r, end - 1)->end : t->end;
    }
}

/* Most words of a heading have capitals: there a capital is no sign of a name. */
static void note_title_case(struct reading *r)
{
    size_t words = 0, capitals = 0;
    for (size_t i = 0; i < r->n_tokens; i++) {
        const struct token *t = reading_token(r, i);
        if (t->n_folded > 3 && (t->flags & (TOKEN_LETTERS | TOKEN_TAG)) == TOKEN_LETTERS) {
            words++;
            capitals += t->shape != SHAPE_LOWER;
        }
    }
    r->title_case = words >= TITLE_CASE_MIN_WORDS && capitals * 5 >= words * 4;
}

void tokens_cut(struct reading *r)
{
    size_t gap = 0;
    bool in_tag = false;
    for (size_t i = 0; i < r->n_glyphs;) {
        uint32_t c = code_at(r, i);
        if (is_white(c)) {
            in_tag = false;
        } else if (c == '#' || c == '@' || c == 0xFF03 || c == 0xFF20) {
            in_tag = !(c == '@' && i > 0 && is_word_glyph(code_at(r, i - 1)));
        }
        if (!is_word_glyph(c) || is_mark(c)) {
            i++;
            continue;
        }
        struct run run = {i, run_end(r, i), 0};
        const struct token *before = r->n_tokens ? reading_token(r, r->n_tokens - 1) : NULL;
        enum join join = before ? join_of(r, before, gap, i) : JOIN_SENTENCE;
        run.flags = (in_tag ? (uint32_t)TOKEN_TAG : 0) |
                    (opens_sentence(r, gap, i) ? (uint32_t)TOKEN_STARTS : 0);
        size_t end = run.end;
        cut_run(r, &run, join);
        gap = i = end;
    }
    note_title_case(r);
}
