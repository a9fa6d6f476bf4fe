/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are also words: decision rule 7. Each row is one kind of evidence that the word is a
 * child here. */
#include <string.h>

#include "judging.h"

#define ON(strength) (1u << (strength))

enum {
    ON_WEAK = 1u << STRENGTH_WEAK,
    ON_PROPER = 1u << STRENGTH_PROPER,
    ON_FUNCTION = 1u << STRENGTH_FUNCTION,
    ON_ALL = ON_WEAK | ON_PROPER | ON_FUNCTION
};

struct evidence_row {
    const char *name;
    unsigned applies; /* to which strengths */
    bool (*holds)(const struct doubtful *);
};

static bool has_letters(const struct judging *j, size_t i)
{
    return token_has(j, i, TOKEN_LETTERS);
}

static bool ends_with(struct text word, const char *ending)
{
    size_t n = strlen(ending);
    return word.n > n + 2 && memcmp(word.at + word.n - n, ending, n) == 0;
}

static bool is_possessive(const struct doubtful *d)
{
    return token_has(d->j, d->i + d->n - 1, TOKEN_POSSESSIVE) && !d->j->r->title_case;
}

static bool is_praised(const struct doubtful *d)
{
    return phrase_before(d->j, d->i, ENTRY_PRAISE);
}

static bool is_called(const struct doubtful *d)
{
    return !(d->strength == STRENGTH_FUNCTION && d->j->r->title_case) &&
           phrase_before(d->j, d->i, ENTRY_CALLED) && !is_animals_name(d->j, d->i, d->n);
}

/* "The Meadows children", "the Field family" */
static bool is_family(const struct doubtful *d)
{
    static const char *const THE[] = {"the"};
    static const char *const KIN[] = {"family", "families", "children", "twins",
                                      "boys",   "girls",    "brothers", "sisters",
                                      "kids",   "siblings", "clan"};
    size_t next = d->i + d->n;
    return d->i && WORD_IN(d->j, d->i - 1, THE) && judging_join(d->j, d->i) == JOIN_SPACE &&
           judging_join(d->j, next) == JOIN_SPACE && WORD_IN(d->j, next, KIN) &&
           !d->j->r->title_case;
}

/* "Grace, you are a star", "May, we miss you" */
static bool is_spoken_to(const struct doubtful *d)
{
    static const char *const YOU[] = {"you", "your", "youre", "youve", "we"};
    size_t next = d->i + d->n;
    return judging_join(d->j, next) == JOIN_COMMA && WORD_IN(d->j, next, YOU) &&
           token_has(d->j, d->i, TOKEN_STARTS);
}

/* "Maisie, 6, with her loom bands", "Rose (7)" */
bool has_age_beside(const struct doubtful *d)
{
    enum { OLDEST = 18, MOST_DIGITS = 2 };
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    enum join before = judging_join(j, next), after = judging_join(j, next + 1);
    if ((before != JOIN_COMMA && before != JOIN_PUNCT) || after < JOIN_COMMA ||
        reading_token(j->r, next)->n_folded > MOST_DIGITS) {
        return false;
    }
    struct text word = token_word(j->r, next);
    int age = 0;
    for (size_t k = 0; k < word.n; k++) {
        if (word.at[k] < '0' || word.at[k] > '9') {
            return false;
        }
        age = age * 10 + (word.at[k] - '0');
    }
    return age >= 2 && age <= OLDEST;
}

/* "Year 3", "Y3", "Yr 3", "4B", "Reception" from token `i` on: the tokens used. */
static size_t year_length(const struct judging *j, size_t i)
{
    static const char *const NUMBERED[] = {"year", "yr", "y"};
    static const char *const NAMED[] = {"reception", "nursery", "preschool"};
    if (WORD_IN(j, i, NAMED)) {
        return 1;
    }
    /* "4B": a class, perhaps of another school */
    struct text word = i < j->r->n_tokens ? token_word(j->r, i) : TEXT_NONE;
    if ((word.n == 2 || word.n == 3) && word.at[0] >= '1' && word.at[0] <= '9' &&
        word.at[word.n - 1] >= 'a' && word.at[word.n - 1] <= 'z') {
        return 1;
    }
    bool number = i + 1 < j->r->n_tokens && judging_join(j, i + 1) <= JOIN_SPACE &&
                  reading_token(j->r, i + 1)->shape == SHAPE_DIGITS;
    return number && WORD_IN(j, i, NUMBERED) ? 2 : 0;
}

bool is_year_before(const struct judging *j, size_t i)
{
    return (i && (year_length(j, i - 1) == 1 || token_is(j, i - 1, ENTRY_CLASS))) ||
           (i > 1 && year_length(j, i - 2) == 2);
}

/* "Evie (Y3) and her hamster", "Rose, Year 2, ...": the year stands by itself. "In May, Year 4
 * went" has a verb after it. */
bool has_year_beside(const struct doubtful *d)
{
    const struct judging *j = d->j;
    size_t next = d->i + d->n, n = year_length(j, next);
    enum join before = judging_join(j, next);
    return n && (before == JOIN_COMMA || before == JOIN_PUNCT) &&
           judging_join(j, next + n) >= JOIN_COMMA;
}

/* "Grace, 3P", "Mei (2W)", "Ivy in 4R", "Rose, aged 9", "Will from Year 6" */
bool has_class_beside(const struct doubtful *d)
{
    static const char *const LINKS[] = {"in", "from", "of"};
    static const char *const AGES[] = {"aged", "age"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (judging_join(j, next) == JOIN_SENTENCE) {
        return false;
    }
    if (WORD_IN(j, next, AGES)) {
        return true;
    }
    if (phrase_at(j, next, ENTRY_CLASS) && !has_letters(j, next)) {
        return false;
    }
    bool linked = WORD_IN(j, next, LINKS) && d->forename;
    size_t at = next + (linked ? 1 : 0);
    if (at >= j->r->n_tokens || (linked && d->strength == STRENGTH_FUNCTION)) {
        return false;
    }
    return phrase_at(j, at, ENTRY_CLASS) ||
           (d->strength == STRENGTH_WEAK && linked && year_length(j, at));
}

/* "Sunny scored", "Olive tasting an olive", "Mark and his volcano" */
static bool acts(const struct doubtful *d)
{
    static const char *const OWN[] = {"his", "her", "their"};
    static const char *const WITH[] = {"and", "with", "on", "in", "at", "showing", "lost"};
    static const char *const DETERMINERS[] = {
        "a",    "an", "the", "his",  "her",  "their", "our", "at",   "in",   "on", "with",
        "some", "up", "out", "down", "over", "to",    "for", "this", "that", "its"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (judging_join(j, next) != JOIN_SPACE || (d->strength == STRENGTH_FUNCTION && !d->forename)) {
        return false;
    }
    static const char *const ARTICLE[] = {"an"};
    static const char *const OBJECTS[] = {"a",   "an",   "the",   "his",  "her",  "their", "our",
                                          "my",  "some", "this",  "that", "its",  "us",    "up",
                                          "out", "two",  "three", "over", "into", "one",   "me"};
    /* "An organised chaos": after the article a word with a vowel is an adjective. */
    bool adjective = WORD_IN(j, d->i, ARTICLE) && strchr("aeiou", token_word(j->r, next).at[0]);
    /* "Amber points at the fox", "Marsh plants": a verb or a thing, what follows decides. */
    bool doubtful = token_is(j, next, ENTRY_THING) &&
                    !(judging_join(j, next + 1) == JOIN_SPACE && WORD_IN(j, next + 1, OBJECTS));
    if ((token_is(j, next, ENTRY_VERB) && !adjective && !doubtful) ||
        (WORD_IN(j, next, WITH) && WORD_IN(j, next + 1, OWN))) {
        return true;
    }
    struct text word = token_word(j->r, next);
    if (d->strength != STRENGTH_WEAK || doubtful ||
        reading_token(j->r, next)->shape != SHAPE_LOWER) {
        return false;
    }
    return d->forename && (ends_with(word, "ed") ||
                           (ends_with(word, "ing") && judging_join(j, next + 1) == JOIN_SPACE &&
                            WORD_IN(j, next + 1, DETERMINERS)));
}

/* Another name that can stand in a list with this one. */
static bool is_partner(const struct doubtful *d, size_t i)
{
    const struct judging *j = d->j;
    if (i >= j->r->n_tokens || token_has(j, i, TOKEN_MASKED)) {
        return false;
    }
    if (token_has(j, i, TOKEN_CLAIMED) && !token_has(j, i, TOKEN_DOUBTED)) {
        return true;
    }
    const struct entry *e = lexicon_find(j->l, token_word(j->r, i), ENTRY_FORENAME);
    bool lower = !j->r->has_upper;
    return e && (lower || token_is_capital(j, i)) && e->strength != STRENGTH_FUNCTION &&
           (d->strength != STRENGTH_PROPER || e->strength != STRENGTH_PROPER);
}

/* "Holly and Ivy", "Will, Grace, Rose" */
static bool is_listed(const struct doubtful *d)
{
    static const char *const AND[] = {"and"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (!d->forename && d->strength != STRENGTH_WEAK) {
        return false;
    }
    if (judging_join(j, next) == JOIN_COMMA && is_partner(d, next)) {
        return true;
    }
    size_t after = next + (judging_join(j, next) <= JOIN_COMMA && WORD_IN(j, next, AND) ? 1 : 0);
    if (after > next && judging_join(j, after) <= JOIN_COMMA && is_partner(d, after)) {
        return true;
    }
    if (d->i == 0 || judging_join(j, d->i) > JOIN_COMMA) {
        return false;
    }
    size_t before = d->i - 1;
    if (WORD_IN(j, before, AND)) {
        return before > 0 && judging_join(j, before) <= JOIN_COMMA && is_partner(d, before - 1);
    }
    return judging_join(j, d->i) == JOIN_COMMA && is_partner(d, before);
}

static bool has_initial(const struct doubtful *d)
{
    return d->initial_after || d->initial_before;
}

/* Part of some longer proper name ("Hope Street"): its capital is not its own. */
static bool is_in_proper_name(const struct doubtful *d)
{
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    bool after = judging_join(j, next) == JOIN_SPACE && token_is_capital(j, next) &&
                 !token_is_initial(j, next) && !token_has(j, next, TOKEN_CLAIMED);
    /* The first word of a sentence has a capital anyway; but a surname follows a forename, not any
     * such word ("Polish Day"). */
    uint32_t flags = d->i ? reading_token(j->r, d->i - 1)->flags : 0;
    bool named = (flags & TOKEN_CLAIMED) && !(flags & TOKEN_DOUBTED);
    bool before = d->i && judging_join(j, d->i) == JOIN_SPACE && token_is_capital(j, d->i - 1) &&
                  !named && !(d->forename && (flags & TOKEN_STARTS));
    return after || before;
}

static bool has_own_capital(const struct doubtful *d)
{
    const struct judging *j = d->j;
    const struct token *t = reading_token(j->r, d->i);
    return j->r->role != TEXT_ROLE_FILE_NAME && t->shape == SHAPE_TITLE && t->n_glyphs > 1 &&
           !(t->flags & (TOKEN_STARTS | TOKEN_TAG | TOKEN_LINK)) && !j->r->title_case &&
           j->r->has_lower && !is_in_proper_name(d);
}

static const struct evidence_row EVIDENCE[] = {
    {"possessive", ON_WEAK | ON_FUNCTION, is_possessive},
    {"praised", ON_ALL, is_praised},
    {"called", ON_ALL, is_called},
    {"class or age beside it", ON_ALL, has_class_beside},
    {"year beside it", ON_WEAK | ON_PROPER, has_year_beside},
    {"age beside it", ON_WEAK | ON_PROPER, has_age_beside},
    {"spoken to", ON_WEAK | ON_PROPER, is_spoken_to},
    {"family", ON_WEAK | ON_PROPER, is_family},
    {"acts", ON_ALL, acts},
    {"in a list of names", ON_WEAK | ON_PROPER, is_listed},
    {"initial beside it", ON_ALL, has_initial},
    {"capital in mid-sentence", ON_WEAK | ON_FUNCTION, has_own_capital},
};

/* "in Chester", "22 June", "June 2024": a place or a month, as its capital promised. */
static bool is_place_or_date(const struct doubtful *d)
{
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (phrase_before(j, d->i, ENTRY_PLACE_BEFORE)) {
        return true;
    }
    bool number_before = d->i && judging_join(j, d->i) <= JOIN_SPACE &&
                         reading_token(j->r, d->i - 1)->shape == SHAPE_DIGITS &&
                         !token_is(j, d->i - 1, ENTRY_CLASS);
    bool number_after = judging_join(j, next) <= JOIN_COMMA &&
                        reading_token(j->r, next)->shape == SHAPE_DIGITS &&
                        !token_is(j, next, ENTRY_CLASS);
    return number_before || number_after;
}

/* "the Jordan", "a Grace", "the Rose and Crown": no child has an article. But "the Marsh twins",
 * "the Fields". */
static bool has_article(const struct doubtful *d)
{
    static const char *const ARTICLES[] = {"a", "an", "the"};
    const struct judging *j = d->j;
    const struct entry *e = lexicon_find(j->l, reading_window(j->r, d->i, d->n), ENTRY_SURNAME);
    return d->i && d->strength != STRENGTH_FUNCTION && judging_join(j, d->i) == JOIN_SPACE &&
           WORD_IN(j, d->i - 1, ARTICLES) && !(e && e->plural) &&
           !token_is(j, d->i + d->n, ENTRY_PERSON_WORD) && !is_possessive(d) && !is_listed(d) &&
           !has_class_beside(d) && !has_year_beside(d) && !has_age_beside(d) && !has_initial(d);
}

/* "Our Florence trip" */
static bool is_journey(const struct doubtful *d)
{
    static const char *const JOURNEYS[] = {"trip",      "tour",  "residential", "exchange",
                                           "excursion", "visit", "expedition",  "pilgrimage"};
    size_t next = d->i + d->n;
    return d->strength == STRENGTH_PROPER && judging_join(d->j, next) == JOIN_SPACE &&
           WORD_IN(d->j, next, JOURNEYS) && !is_possessive(d);
}

enum judgement doubtful_judged(const struct doubtful *d)
{
    const struct judging *j = d->j;
    bool shop = d->strength == STRENGTH_WEAK && !j->r->title_case && is_business(j, d->i, d->n);
    if (has_article(d) || shop || is_journey(d) || is_called_animal(j, d->i)) {
        return JUDGE_ALLOW;
    }
    bool capital = token_is_capital(j, d->i);
    bool file = j->r->role == TEXT_ROLE_FILE_NAME || token_has(j, d->i, TOKEN_TAG | TOKEN_LINK);
    bool held = false;
    for (size_t k = 0; !held && k < sizeof EVIDENCE / sizeof EVIDENCE[0]; k++) {
        held = (EVIDENCE[k].applies & ON(d->strength)) && EVIDENCE[k].holds(d);
    }
    if (d->strength == STRENGTH_PROPER && !is_praised(d) && !has_age_beside(d) &&
        is_place_or_date(d)) {
        return JUDGE_ALLOW;
    }
    if (held && capital) {
        /* "Golding's novel" at the start of a sentence: a surname alone may be anybody's. */
        bool anybody = !d->forename && is_possessive(d) && token_has(j, d->i, TOKEN_STARTS);
        return anybody ? JUDGE_REVIEW : JUDGE_BLOCK;
    }
    if (held) {
        /* Lower case where capitals are in use: only praise makes a word a name. */
        return !j->r->has_upper ? JUDGE_BLOCK : is_praised(d) ? JUDGE_REVIEW : JUDGE_ALLOW;
    }
    if (d->strength == STRENGTH_FUNCTION) {
        return JUDGE_ALLOW;
    }
    bool alone = file && j->r->n_tokens == d->n;
    return alone || (capital && !is_harmless(d)) ? JUDGE_REVIEW : JUDGE_ALLOW;
}
