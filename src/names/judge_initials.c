/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Initials: decision rule 8. Dotted ("C.O.", "Ł.Sz."), bare capitals ("HP"), and single capitals
 * side by side ("T F"). */
#include <string.h>

#include "judging.h"

enum { MAX_INITIALS = 6, FEW_TOKENS = 3 };

static enum join join_at(const struct judging *j, size_t i)
{
    return i < j->r->n_tokens ? reading_token(j->r, i)->join : JOIN_SENTENCE;
}

static bool is_used(const struct judging *j, size_t i)
{
    return token_has(j, i, TOKEN_CLAIMED | TOKEN_MASKED | TOKEN_LINK);
}

static bool is_acronym(const struct judging *j, struct text letters)
{
    return lexicon_find(j->l, letters, ENTRY_ACRONYM) || lexicon_find(j->l, letters, ENTRY_TITLE) ||
           lexicon_find(j->l, letters, ENTRY_CLASS);
}

static void claim(struct judging *j, size_t i, size_t n, struct text letters,
                  enum judgement judgement)
{
    struct finding f = {.kind = FINDING_INITIALS, .judgement = judgement, .person = NO_PERSON};
    size_t found = 0;
    for (const struct entry *e = NULL; (e = lexicon_next(j->l, letters, e));) {
        if (e->class == ENTRY_INITIALS) {
            f.person = found++ == 0 || f.person == e->person ? e->person : NO_PERSON;
        }
    }
    judging_claim(j, i, n, f, FINDING_INITIALS);
}

/* "By MR", "MR, aged 9", "HP 2, TB 1": what is said of a person, not of an organisation. */
static bool is_attributed(const struct judging *j, size_t i, size_t n)
{
    size_t next = i + n;
    bool aged = (join_at(j, next) == JOIN_COMMA || join_at(j, next) == JOIN_PUNCT) &&
                next < j->r->n_tokens && text_equal(token_word(j->r, next), TEXT("aged"));
    bool counted = join_at(j, next) == JOIN_SPACE &&
                   reading_token(j->r, next)->shape == SHAPE_DIGITS &&
                   join_at(j, next + 1) >= JOIN_COMMA;
    /* "MS in 4R got distinction": a class, and what a child did */
    static const char *const IN[] = {"in", "from", "of"};
    size_t class = next + 1 < j->r->n_tokens && WORD_IN(j, next, IN) ? next + 1 : next;
    size_t n_class = phrase_at(j, class, ENTRY_CLASS);
    static const char *const GOT[] = {"got", "has", "is", "was"};
    bool did = n_class && join_at(j, class) <= JOIN_PUNCT &&
               (token_is(j, class + n_class, ENTRY_VERB) || WORD_IN(j, class + n_class, GOT));
    return aged || counted || did || phrase_before(j, i, ENTRY_CALLED) ||
           phrase_before(j, i, ENTRY_PRAISE);
}

/* "the AA", "GW Theatre": an organisation. */
static bool is_organisation(const struct judging *j, size_t i)
{
    static const char *const THE[] = {"the"};
    bool article = i && join_at(j, i) == JOIN_SPACE && WORD_IN(j, i - 1, THE);
    return article || is_business(j, i, 1);
}

/* A word that capitals alone do not make initials: "ON", "DAY". */
static bool is_word(const struct judging *j, size_t i)
{
    static const enum entry_class WORDS[] = {ENTRY_FUNCTION, ENTRY_WEAK, ENTRY_THING, ENTRY_VERB,
                                             ENTRY_PERSON_WORD};
    for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++) {
        if (token_is(j, i, WORDS[k])) {
            return true;
        }
    }
    return false;
}

/* "Written by KB, Year 1": initials of a child whom the register does not know. */
static bool is_strangers(const struct judging *j, size_t i)
{
    static const char *const BY[] = {"by"};
    static const char *const CHILD[] = {"year", "yr", "y", "age", "aged", "reception", "nursery"};
    enum { MOST_LETTERS = 3 };
    size_t n = reading_token(j->r, i)->n_folded;
    return n >= 2 && n <= MOST_LETTERS && i && WORD_IN(j, i - 1, BY) &&
           !is_acronym(j, token_word(j->r, i)) && join_at(j, i + 1) <= JOIN_PUNCT &&
           (WORD_IN(j, i + 1, CHILD) || phrase_at(j, i + 1, ENTRY_CLASS));
}

static void judge_bare(struct judging *j, size_t i)
{
    const struct token *t = reading_token(j->r, i);
    struct text letters = token_word(j->r, i);
    bool tagged = j->r->role == TEXT_ROLE_FILE_NAME || (t->flags & TOKEN_TAG);
    bool whole = tagged || (t->join != JOIN_CAMEL && join_at(j, i + 1) != JOIN_CAMEL);
    if (t->shape != SHAPE_CAPS || t->n_folded > MAX_INITIALS || !whole) {
        return;
    }
    if (!lexicon_find(j->l, letters, ENTRY_INITIALS)) {
        if (j->r->has_lower && is_strangers(j, i)) {
            claim(j, i, 1, letters, JUDGE_REVIEW);
        }
        return;
    }
    if (is_organisation(j, i)) {
        return;
    }
    if (is_acronym(j, letters)) {
        if (is_attributed(j, i, 1) && j->r->has_lower &&
            !lexicon_find(j->l, letters, ENTRY_CLASS)) {
            claim(j, i, 1, letters, JUDGE_REVIEW);
        }
    } else if (j->r->has_lower || j->r->n_tokens <= FEW_TOKENS) {
        claim(j, i, 1, letters, JUDGE_BLOCK);
    } else if (is_attributed(j, i, 1) || !is_word(j, i)) {
        claim(j, i, 1, letters, JUDGE_REVIEW); /* a heading in capitals: "ON" may be a word */
    }
}

/* How many letters with dots, or single capitals, stand from `i` on; their first letters go to
 * `letters`. */
static size_t initials_run(const struct judging *j, size_t i, char letters[MAX_INITIALS],
                           bool *dotted)
{
    size_t n = 0;
    *dotted = false;
    while (n < MAX_INITIALS && i + n < j->r->n_tokens) {
        const struct token *t = reading_token(j->r, i + n);
        bool dot = t->flags & TOKEN_DOT;
        bool two = t->n_glyphs == 2 && t->shape == SHAPE_TITLE && dot; /* "Sz." */
        if (is_used(j, i + n) || !(token_is_initial(j, i + n) || two) ||
            (n && t->join != JOIN_GLUE && t->join != JOIN_SPACE && t->join != JOIN_HYPHEN)) {
            break;
        }
        *dotted |= dot;
        letters[n] = token_word(j->r, i + n).at[0];
        n++;
    }
    return n;
}

/* "L.S. Lowry": initials before a surname that is no pupil's belong to somebody else. */
static bool is_authors(const struct judging *j, size_t next)
{
    static const char *const GROUPS[] = {"year", "reception", "nursery", "class", "head", "house"};
    if (join_at(j, next) > JOIN_SPACE || reading_token(j->r, next)->shape != SHAPE_TITLE ||
        reading_token(j->r, next)->n_glyphs < 3) {
        return false;
    }
    for (size_t k = 0; k < sizeof GROUPS / sizeof GROUPS[0]; k++) {
        if (text_equal(token_word(j->r, next), text_of(GROUPS[k]))) {
            return false;
        }
    }
    return !token_is(j, next, ENTRY_SURNAME);
}

static size_t judge_spaced(struct judging *j, size_t i)
{
    char letters[MAX_INITIALS];
    bool dotted;
    size_t n = initials_run(j, i, letters, &dotted);
    if (n < 2 || n > 5) {
        return n ? n : 1;
    }
    struct text key = {letters, n};
    bool article =
        !dotted && (letters[0] == 'a' || letters[0] == 'i') && token_has(j, i, TOKEN_STARTS);
    bool authors = dotted && is_authors(j, i + n);
    if (lexicon_find(j->l, key, ENTRY_INITIALS) && !article && !authors) {
        /* "P.E." is a lesson, "O.T." may be a child: with dots a person looks, without them it is
         * an acronym. */
        bool acronym = lexicon_find(j->l, key, ENTRY_ACRONYM);
        if (!acronym || is_attributed(j, i, n)) {
            claim(j, i, n, key, JUDGE_BLOCK);
        } else if (dotted) {
            claim(j, i, n, key, JUDGE_REVIEW);
        }
    }
    return n;
}

void judge_initials(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens;) {
        if (is_used(j, i)) {
            i++;
        } else if (reading_token(j->r, i)->shape == SHAPE_CAPS) {
            judge_bare(j, i);
            i++;
        } else {
            i += judge_spaced(j, i);
        }
    }
}
