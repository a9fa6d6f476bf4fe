/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that are also names, and that the sentence shows to be words: decision rule 7, the other
 * side.
 *
 * Asked only after no evidence of a person was found. Each row is one turn of the language in which
 * the word cannot be a child; what no row knows stays with a person.
 */
#include <string.h>

#include "judging.h"

static bool ends_with(struct text word, const char *ending)
{
    size_t n = strlen(ending);
    return word.n > n + 2 && memcmp(word.at + word.n - n, ending, n) == 0;
}

/* A word in lower case, or in whatever case the whole text is written. */
static bool is_plain_word(const struct judging *j, size_t i)
{
    if (i >= j->r->n_tokens || token_has(j, i, TOKEN_CLAIMED | TOKEN_POSSESSIVE)) {
        return false;
    }
    enum shape shape = reading_token(j->r, i)->shape;
    return shape == SHAPE_LOWER || (shape == SHAPE_TITLE && j->r->title_case) ||
           (shape == SHAPE_CAPS && !j->r->has_lower);
}

/* A listed thing, or a word that by its ending is one: "moorland", "decorations". */
static bool is_thing(const struct judging *j, size_t i)
{
    static const char *const ENDINGS[] = {
        "tion", "tions", "sion", "ment", "ments", "ness", "ship", "hood",  "land",   "ware",
        "work", "works", "ings", "ance", "ence",  "ity",  "ism",  "berry", "berries"};
    if (!is_plain_word(j, i)) {
        return false;
    }
    for (size_t k = 0; k < sizeof ENDINGS / sizeof ENDINGS[0]; k++) {
        if (ends_with(token_word(j->r, i), ENDINGS[k])) {
            return true;
        }
    }
    return token_is(j, i, ENTRY_THING);
}

/* "brambles", not "friends" nor "swimmers" */
static bool is_plural_thing(const struct judging *j, size_t i)
{
    static const char *const PEOPLE[] = {"ers",   "ors", "ists", "ians",
                                         "mates", "ss",  "ents", "ants"};
    if (!is_plain_word(j, i) || !ends_with(token_word(j->r, i), "s") ||
        token_is(j, i, ENTRY_PERSON_WORD)) {
        return false;
    }
    for (size_t k = 0; k < sizeof PEOPLE / sizeof PEOPLE[0]; k++) {
        if (ends_with(token_word(j->r, i), PEOPLE[k])) {
            return false;
        }
    }
    return true;
}

/* A thing, or another word that is also a name, written small: "Violet and scarlet", "Rose, oak or
 * beech". */
static bool is_small_word(const struct judging *j, size_t i)
{
    return is_plain_word(j, i) && !token_is(j, i, ENTRY_PERSON_WORD) &&
           (token_is(j, i, ENTRY_THING) || token_is(j, i, ENTRY_WEAK));
}

/* "Holly wreaths", "Penny drive", "Pat-a-cake"; but "Jasmine lights the candles" has a verb. */
static bool is_compound(const struct doubtful *d)
{
    static const char *const OBJECTS[] = {"a",    "an",   "the",  "his",  "her",  "their", "our",
                                          "my",   "some", "this", "that", "its",  "up",    "out",
                                          "down", "off",  "away", "back", "over", "into"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (token_has(j, next - 1, TOKEN_POSSESSIVE)) {
        return false;
    }
    if (judging_join(j, next) == JOIN_HYPHEN) {
        /* "pat-a-cake"; but in a file's name the hyphen is a space */
        return j->r->role != TEXT_ROLE_FILE_NAME && reading_token(j->r, next)->shape == SHAPE_LOWER;
    }
    return judging_join(j, next) == JOIN_SPACE && is_thing(j, next) &&
           !token_is(j, next, ENTRY_VERB) &&
           !(judging_join(j, next + 1) == JOIN_SPACE && WORD_IN(j, next + 1, OBJECTS));
}

/* "Field trip", "Young scientists": a surname before a plain noun describes it. */
static bool is_describing(const struct doubtful *d)
{
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (d->forename || d->strength != STRENGTH_WEAK || token_has(j, next - 1, TOKEN_POSSESSIVE) ||
        judging_join(j, next) != JOIN_SPACE || !is_plain_word(j, next) ||
        token_is(j, next, ENTRY_FUNCTION) || token_is(j, next, ENTRY_VERB)) {
        return false;
    }
    struct text word = token_word(j->r, next);
    bool people = ends_with(word, "ings") || ends_with(word, "ers") || ends_with(word, "ors") ||
                  ends_with(word, "ists") || ends_with(word, "ians");
    bool verb = ends_with(word, "ed") || (ends_with(word, "s") && !people);
    return !verb;
}

/* "Heather and gorse", "Miles and miles", "Prince or pauper" */
static bool is_paired(const struct doubtful *d)
{
    static const char *const LINKS[] = {"and", "or", "nor", "versus", "v", "vs"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n, after = next + 1;
    if (judging_join(j, next) > JOIN_SPACE || !WORD_IN(j, next, LINKS) ||
        judging_join(j, after) > JOIN_SPACE || !is_plain_word(j, after)) {
        return false;
    }
    bool same = text_equal(token_word(j->r, d->i), token_word(j->r, after));
    return same || is_small_word(j, after) || is_plural_thing(j, after);
}

/* "Lake, river, sea", "Rose, oak or beech", "Chase, catch and dodge": the first of a list of
 * things, at least three long. */
static bool is_in_list_of_things(const struct doubtful *d)
{
    static const char *const LINKS[] = {"and", "or"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    bool commands = token_is(j, d->i, ENTRY_COMMAND) && token_is(j, next, ENTRY_COMMAND) &&
                    is_plain_word(j, next);
    bool adjectives = !d->forename && is_plain_word(j, next) && is_plain_word(j, next + 2) &&
                      !token_is(j, next, ENTRY_PERSON_WORD) && !token_is(j, next, ENTRY_FUNCTION);
    /* "Grace, poise and balance" */
    bool three = is_plain_word(j, next) && WORD_IN(j, next + 1, LINKS) && is_thing(j, next + 2) &&
                 !token_is(j, next, ENTRY_PERSON_WORD) && !token_is(j, next, ENTRY_FUNCTION) &&
                 !token_is(j, next, ENTRY_VERB) && !token_is(j, next + 2, ENTRY_VERB);
    return judging_join(j, next) == JOIN_COMMA &&
           (commands || adjectives || three || is_small_word(j, next)) &&
           (judging_join(j, next + 1) == JOIN_COMMA || WORD_IN(j, next + 1, LINKS));
}

/* "Chase the dragon's tail", "Mark your calendars" */
static bool is_command(const struct doubtful *d)
{
    static const char *const OBJECTS[] = {"the",  "your", "a",     "an",   "our",
                                          "this", "that", "these", "some", "all",
                                          "it",   "them", "up",    "us",   "every"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return token_has(j, d->i, TOKEN_STARTS) && d->n == 1 && token_is(j, d->i, ENTRY_COMMAND) &&
           !token_has(j, d->i, TOKEN_POSSESSIVE) && judging_join(j, next) == JOIN_SPACE &&
           is_plain_word(j, next) && WORD_IN(j, next, OBJECTS);
}

/* "Banks of daffodils", "Hunt for the golden egg": a surname is no subject here. */
static bool is_followed_by_of(const struct doubtful *d)
{
    static const char *const OF[] = {"of", "for"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return !d->forename && token_has(j, d->i, TOKEN_STARTS) &&
           judging_join(j, next) == JOIN_SPACE && WORD_IN(j, next, OF) &&
           is_plain_word(j, next + 1);
}

/* "Max. 20 children": a dot and a number shorten a word. */
static bool is_shortened(const struct doubtful *d)
{
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return token_has(j, next - 1, TOKEN_DOT) && next < j->r->n_tokens &&
           reading_token(j->r, next)->shape == SHAPE_DIGITS && !token_is(j, next, ENTRY_CLASS);
}

/* "Fisher were the winners": one child takes no plural. */
static bool is_plural_subject(const struct doubtful *d)
{
    static const char *const PLURAL[] = {"are", "were", "have"};
    static const char *const AND[] = {"and"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    bool listed = d->i && (WORD_IN(j, d->i - 1, AND) || judging_join(j, d->i) == JOIN_COMMA);
    return !listed && judging_join(j, next) == JOIN_SPACE && WORD_IN(j, next, PLURAL);
}

static bool is_registered(const struct judging *j, size_t i)
{
    return token_is(j, i, ENTRY_FORENAME) || token_is(j, i, ENTRY_COMMON_FORENAME);
}

/* A month or place that is nobody's name. */
static bool is_plain_proper(const struct judging *j, size_t i)
{
    return token_is(j, i, ENTRY_PROPER) && token_is_capital(j, i) && !is_registered(j, i) &&
           !token_is(j, i, ENTRY_SURNAME);
}

/* "Georgia, Armenia and Azerbaijan", "June and July", "April to July" */
static bool is_among_places(const struct doubtful *d)
{
    static const char *const LINKS[] = {"and", "or", "to", "versus", "v", "vs"};
    const struct judging *j = d->j;
    size_t after = d->i + d->n;
    if (d->strength != STRENGTH_PROPER || token_has(j, after - 1, TOKEN_POSSESSIVE)) {
        return false;
    }
    if (judging_join(j, after) == JOIN_COMMA && is_plain_proper(j, after)) {
        return true;
    }
    if (judging_join(j, after) == JOIN_SPACE && WORD_IN(j, after, LINKS) &&
        judging_join(j, after + 1) == JOIN_SPACE && is_plain_proper(j, after + 1)) {
        return true;
    }
    if (d->i == 0 || judging_join(j, d->i) > JOIN_COMMA) {
        return false;
    }
    size_t before = d->i - 1;
    before -= before && WORD_IN(j, before, LINKS) ? 1 : 0;
    return before + 1 <= d->i && is_plain_proper(j, before);
}

/* "Durham Cathedral", "Sydney Opera House", "Turner Prize" */
static bool is_named_place(const struct doubtful *d)
{
    enum { MOST_BETWEEN = 2 };
    const struct judging *j = d->j;
    size_t at = d->i + d->n;
    if (token_has(j, at - 1, TOKEN_POSSESSIVE) && d->forename) {
        return false;
    }
    for (size_t k = 0; k <= MOST_BETWEEN; k++, at++) {
        if (judging_join(j, at) != JOIN_SPACE || !token_is_capital(j, at) ||
            token_has(j, at, TOKEN_CLAIMED)) {
            return false;
        }
        if (token_is(j, at, ENTRY_PLACE_NOUN)) {
            return true;
        }
    }
    return false;
}

/* "Polish Day", "Sycamore Hill": the last word of such a name, when the word before is no child's.
 */
static bool is_end_of_place(const struct doubtful *d)
{
    const struct judging *j = d->j;
    return !d->forename && d->n == 1 && d->i && judging_join(j, d->i) <= JOIN_SPACE &&
           token_is(j, d->i, ENTRY_PLACE_NOUN) && token_is_capital(j, d->i - 1) &&
           !token_is_initial(j, d->i - 1) && !is_registered(j, d->i - 1) &&
           !token_is(j, d->i - 1, ENTRY_TITLE);
}

/* "Prince Florimund": a title before a name that is no pupil's. */
static bool is_title_here(const struct doubtful *d)
{
    static const char *const RANKS[] = {"prince", "king",   "queen", "princess", "duke", "earl",
                                        "baron",  "bishop", "pope",  "lord",     "dame", "saint"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return WORD_IN(j, d->i, RANKS) && judging_join(j, next) == JOIN_SPACE &&
           token_is_capital(j, next) && !token_is_initial(j, next) &&
           !token_has(j, next, TOKEN_CLAIMED) && !token_is(j, next, ENTRY_SURNAME);
}

/* "#SummerOfSport", "#JoyOfReading": words follow in the same tag. */
static bool is_in_tag_of_words(const struct doubtful *d)
{
    static const char *const NAMES_BEFORE[] = {"go",  "team",  "well", "done", "by",
                                               "our", "happy", "love", "for",  "proud"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    bool praised =
        d->i && judging_join(j, d->i) == JOIN_CAMEL && WORD_IN(j, d->i - 1, NAMES_BEFORE);
    return token_has(j, d->i, TOKEN_TAG) && !praised && judging_join(j, next) == JOIN_CAMEL &&
           (token_is(j, next, ENTRY_THING) || token_is(j, next, ENTRY_FUNCTION) ||
            token_is(j, next, ENTRY_PLACE_NOUN));
}

/* "found Florence on the map" */
static bool is_on_the_map(const struct doubtful *d)
{
    static const char *const MAPS[] = {"map", "globe", "atlas", "maps"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return d->strength == STRENGTH_PROPER && judging_join(j, next) == JOIN_SPACE &&
           judging_join(j, next + 2) == JOIN_SPACE && WORD_IN(j, next + 2, MAPS) &&
           (token_word(j->r, next).n == 2); /* on, in */
}

struct harmless_row {
    const char *name; /* for a person in a debugger */
    bool (*holds)(const struct doubtful *);
};

static const struct harmless_row HARMLESS[] = {
    {"compound", is_compound},
    {"describing", is_describing},
    {"paired", is_paired},
    {"list of things", is_in_list_of_things},
    {"command", is_command},
    {"of", is_followed_by_of},
    {"shortened", is_shortened},
    {"plural", is_plural_subject},
    {"among places", is_among_places},
    {"named place", is_named_place},
    {"end of a place", is_end_of_place},
    {"title", is_title_here},
    {"on the map", is_on_the_map},
    {"tag of words", is_in_tag_of_words},
};

bool is_harmless(const struct doubtful *d)
{
    for (size_t k = 0; k < sizeof HARMLESS / sizeof HARMLESS[0]; k++) {
        if (HARMLESS[k].holds(d)) {
            return true;
        }
    }
    return false;
}
