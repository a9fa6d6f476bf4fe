/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written so that no list finds it: full names backwards or with letters masked by signs
 * ("Ch*se T*rnbull"), telephone numbers in words, and where a child can be found on the net. */
#include <string.h>

#include "fold.h"
#include "judging.h"

enum {
    MOST_MASKS = 8,     /* signs in one name: for letters, its own hyphens, a full stop */
    MOST_RUNS = 6,      /* words of one name */
    MOST_MASKED = 4096, /* windows of one text that are compared with every name */
    SHORTEST_BACKWARDS = 4,
    CERTAIN_BACKWARDS = 7
};

static void claim(struct judging *j, size_t i, size_t n, enum finding_kind kind,
                  enum judgement judgement)
{
    struct finding f = {.kind = kind, .judgement = judgement, .person = NO_PERSON};
    judging_claim(j, i, n, f, FINDING_UNKNOWN);
}

/* -- backwards -- */

static bool is_full_name(const struct judging *j, const char *at, size_t n)
{
    return lexicon_find(j->l, (struct text){at, n}, ENTRY_FULL_NAME) != NULL;
}

/* "llubnruT esahC" and "esahC llubnruT": all letters from last to first, or each word so. */
static size_t backwards_length(const struct judging *j, size_t i, size_t *n_letters)
{
    char whole[MAX_KEY_BYTES], words[MAX_KEY_BYTES];
    size_t most = window_limit(j, i);
    for (size_t n = 1;
         n <= most && judging_join(j, i + n - 1) <= (n == 1 ? JOIN_SENTENCE : JOIN_PUNCT); n++) {
        struct text letters = reading_window(j->r, i, n), last = token_word(j->r, i + n - 1);
        if (letters.n > sizeof whole) {
            break;
        }
        for (size_t k = 0; k < letters.n; k++) {
            whole[k] = letters.at[letters.n - 1 - k];
        }
        for (size_t k = 0; k < last.n; k++) {
            words[letters.n - last.n + k] = last.at[last.n - 1 - k];
        }
        *n_letters = letters.n;
        if (letters.n >= SHORTEST_BACKWARDS &&
            (is_full_name(j, whole, letters.n) || (n > 1 && is_full_name(j, words, letters.n)))) {
            return n;
        }
    }
    return 0;
}

static void judge_backwards(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        size_t letters = 0, n = 0;
        if (!token_has(j, i, TOKEN_CLAIMED) && token_has(j, i, TOKEN_LETTERS)) {
            n = backwards_length(j, i, &letters);
        }
        if (n) {
            claim(j, i, n, FINDING_DISGUISED,
                  letters >= CERTAIN_BACKWARDS ? JUDGE_BLOCK : JUDGE_REVIEW);
            i += n - 1;
        }
    }
}

/* -- masked letters -- */

/* A word with signs in it, as a pattern: letters; '*' for one letter, '-' for one or none. */
struct masked {
    char at[MAX_KEY_BYTES];
    size_t n, n_masks;
    size_t from, to; /* glyphs */
};

/* '*' and '#' stand for a letter; what also joins words may stand for none. */
static char mask_of(uint32_t c)
{
    if (c == '*' || c == '#') {
        return '*';
    }
    return c == '.' || c == '_' || is_hyphen(c) ? '-' : '\0';
}

static bool masked_matches(const char *pattern, size_t n, struct text letters)
{
    while (n) {
        if (*pattern == '-' && masked_matches(pattern + 1, n - 1, letters)) {
            return true;
        }
        if (letters.n == 0 || (*pattern != '*' && *pattern != '-' && *pattern != *letters.at)) {
            return false;
        }
        pattern++;
        n--;
        letters = text_slice(letters, 1, letters.n);
    }
    return letters.n == 0;
}

/* The word from glyph `i` on, up to white space; false when it is too long or no word. */
static bool read_masked(const struct reading *r, size_t i, struct masked *m)
{
    struct buffer folded;
    bool fits = true;
    *m = (struct masked){.from = i, .to = i};
    buffer_init(&folded, MAX_KEY_BYTES);
    for (; m->to < r->n_glyphs; m->to++) {
        uint32_t c = reading_glyph(r, m->to)->code;
        char mask = mask_of(c);
        if (mask) {
            m->n_masks++;
            buffer_add_byte(&folded, (uint8_t)mask);
        } else if (is_word_glyph(c)) {
            fold_codepoint(&folded, c, FOLD_PLAIN);
        } else if (!is_apostrophe(c)) {
            break;
        }
    }
    fits = folded.failed == STATUS_OK && folded.n > 0;
    if (fits) {
        memcpy(m->at, folded.at, folded.n);
        m->n = folded.n;
    }
    buffer_release(&folded);
    return fits;
}

/* Add the next word to the pattern; false when it becomes too long. */
static bool add_word(struct masked *m, const struct masked *next)
{
    if (m->n + next->n > sizeof m->at) {
        return false;
    }
    memcpy(m->at + m->n, next->at, next->n);
    m->n += next->n;
    m->n_masks += next->n_masks;
    m->to = next->to;
    return true;
}

/* A full stop at the end of a word, or a hash before it, masks nothing: tried without, too. */
static bool is_masked_name(const struct judging *j, const struct masked *m)
{
    const uint32_t *full = (const uint32_t *)(const void *)j->l->full_names.at;
    size_t n_full = j->l->full_names.n / sizeof *full;
    for (size_t k = 0; k < n_full; k++) {
        const struct entry *e = lexicon_entry(j->l, full[k]);
        if (e->n_key > m->n || e->n_key + m->n_masks < m->n) {
            continue;
        }
        struct text key = lexicon_key(j->l, e);
        bool ends = m->at[m->n - 1] == '-' || m->at[m->n - 1] == '*';
        if (masked_matches(m->at, m->n, key) ||
            (m->at[0] == '*' && masked_matches(m->at + 1, m->n - 1, key)) ||
            (ends && masked_matches(m->at, m->n - 1, key))) {
            return true;
        }
    }
    return false;
}

/* Any window of words from glyph `i` on with a mask in it; the comparisons are counted, for they
 * go through all names. */
static void judge_masked(struct judging *j, size_t i, size_t *n_compared)
{
    struct masked name, word;
    if (!read_masked(j->r, i, &name)) {
        return;
    }
    for (size_t runs = 1; runs <= MOST_RUNS && name.n_masks <= MOST_MASKS; runs++) {
        size_t letters = name.n - name.n_masks;
        if (name.n_masks && letters > name.n_masks && *n_compared < MOST_MASKED) {
            (*n_compared)++;
            if (is_masked_name(j, &name)) {
                judging_claim_bytes(j,
                                    (struct finding){.kind = FINDING_DISGUISED,
                                                     .judgement = JUDGE_BLOCK,
                                                     .start = reading_glyph(j->r, name.from)->start,
                                                     .end = reading_glyph(j->r, name.to - 1)->end,
                                                     .person = NO_PERSON});
                return;
            }
        }
        size_t next = name.to;
        while (next < j->r->n_glyphs && next < name.to + 3 &&
               !is_word_glyph(reading_glyph(j->r, next)->code) &&
               !mask_of(reading_glyph(j->r, next)->code)) {
            next++;
        }
        if (next >= j->r->n_glyphs || !read_masked(j->r, next, &word) || !add_word(&name, &word)) {
            return;
        }
    }
}

/* A sign inside a word, before it, or behind it where it is no punctuation: enough to look. */
static bool has_masks(const struct reading *r)
{
    for (size_t i = 0; i < r->n_glyphs; i++) {
        bool before = i && is_word_glyph(reading_glyph(r, i - 1)->code);
        bool behind = i + 1 < r->n_glyphs && is_word_glyph(reading_glyph(r, i + 1)->code);
        uint32_t c = reading_glyph(r, i)->code;
        if (mask_of(c) && (behind || (before && c != '.'))) {
            return true;
        }
    }
    return false;
}

static void judge_masked_names(struct judging *j)
{
    size_t n_compared = 0;
    if (j->r->role == TEXT_ROLE_FILE_NAME || !has_masks(j->r)) {
        return;
    }
    for (size_t i = 0; i < j->r->n_glyphs; i++) {
        uint32_t c = reading_glyph(j->r, i)->code,
                 before = i ? reading_glyph(j->r, i - 1)->code : ' ';
        bool opens = !is_word_glyph(before) && !mask_of(before) && !is_apostrophe(before);
        if (opens && (is_word_glyph(c) || mask_of(c))) {
            judge_masked(j, i, &n_compared);
        }
    }
    if (n_compared == MOST_MASKED) {
        judging_claim_bytes(j, (struct finding){.kind = FINDING_UNREADABLE,
                                                .judgement = JUDGE_REVIEW,
                                                .end = j->r->text.n,
                                                .person = NO_PERSON});
    }
}

/* -- numbers in words -- */

/* The digit that a word says; -1 for another word. */
static int spelt_digit(const struct judging *j, size_t i)
{
    static const char *const DIGITS[] = {"zero", "one", "two",   "three", "four",
                                         "five", "six", "seven", "eight", "nine"};
    static const char *const ZERO[] = {"oh", "nought"};
    for (int d = 0; d < 10; d++) {
        if (judging_word(j, i, &DIGITS[d], 1)) {
            return d;
        }
    }
    return WORD_IN(j, i, ZERO) ? 0 : -1;
}

/* "zero seven seven double zero nine": six digits or more, one word each; not where somebody counts
 * up or down. */
static void judge_spelt_digits(struct judging *j)
{
    static const char *const TIMES[] = {"double", "treble", "triple"};
    enum { FEWEST = 6 };
    for (size_t i = 0; i < j->r->n_tokens;) {
        size_t n = 0, digits = 0, steps = 0;
        while ((spelt_digit(j, i + n) >= 0 || WORD_IN(j, i + n, TIMES)) &&
               (n == 0 || judging_join(j, i + n) <= JOIN_PUNCT)) {
            int digit = spelt_digit(j, i + n), last = n ? spelt_digit(j, i + n - 1) : -1;
            digits += digit >= 0;
            steps += digit >= 0 && last >= 0 && (digit == last + 1 || digit == last - 1);
            n++;
        }
        if (digits >= FEWEST && steps * 2 < digits) {
            claim(j, i, n, FINDING_PHONE, JUDGE_BLOCK);
        }
        i += n ? n : 1;
    }
}

/* A service's name, at token `i` and the one joined to it: "TikTok" is two tokens. */
static bool is_platform(const struct judging *j, size_t i, const char *const *names, size_t n)
{
    bool joined = judging_join(j, i + 1) == JOIN_CAMEL;
    struct text word = joined ? reading_window(j->r, i, 2) : token_word(j->r, i);
    for (size_t k = 0; k < n; k++) {
        if (text_equal(word, text_of(names[k]))) {
            return true;
        }
    }
    return false;
}

/* "add me on TikTok ellab10", "my Roblox is ..." */
static void judge_platforms(struct judging *j)
{
    static const char *const PLATFORMS[] = {
        "tiktok",    "snapchat", "snap",        "insta",    "instagram", "roblox",
        "fortnite",  "discord",  "whatsapp",    "xbox",     "psn",       "twitch",
        "minecraft", "facebook", "messenger",   "telegram", "youtube",   "steam",
        "skype",     "twitter",  "playstation", "signal"};
    static const char *const MINE[] = {"me", "my", "him", "his"};
    enum { MOST_BEFORE = 3 };
    for (size_t i = 1; i < j->r->n_tokens; i++) {
        if (!is_platform(j, i, PLATFORMS, sizeof PLATFORMS / sizeof PLATFORMS[0])) {
            continue;
        }
        for (size_t k = 1; k <= MOST_BEFORE && k <= i && judging_join(j, i - k + 1) <= JOIN_SPACE;
             k++) {
            if (WORD_IN(j, i - k, MINE)) {
                claim(j, i, 1, FINDING_LINK, JUDGE_REVIEW);
                break;
            }
        }
    }
}

void judge_hidden(struct judging *j)
{
    judge_backwards(j);
    judge_masked_names(j);
    judge_spelt_digits(j);
    judge_platforms(j);
}
