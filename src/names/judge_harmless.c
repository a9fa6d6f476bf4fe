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

bool is_plain_word(const struct judging *j, size_t i)
{
    if (i >= j->r->n_tokens || token_has(j, i, TOKEN_CLAIMED | TOKEN_POSSESSIVE)) {
        return false;
    }
    enum shape shape = reading_token(j->r, i)->shape;
    return shape == SHAPE_LOWER || (shape == SHAPE_TITLE && j->r->title_case) ||
           (shape == SHAPE_CAPS && !j->r->has_lower);
}

bool is_thing(const struct judging *j, size_t i)
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
    /* "Bright stars, dark skies": nothing follows that the stars could do it to */
    bool ends = judging_join(j, next + 1) >= JOIN_COMMA;
    bool verb = ends_with(word, "ed") || (ends_with(word, "s") && !people && !ends);
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
           (is_plain_word(j, next + 1) ||
            (token_is(j, next + 1, ENTRY_PROPER) && !token_is(j, next + 1, ENTRY_FORENAME)));
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

/* "Will next year be better?", "May I leave the table?" */
static bool is_question(const struct doubtful *d)
{
    static const char *const AUXILIARIES[] = {"will", "may"};
    static const char *const VERBS[] = {"is", "was", "has", "and", "with", "in", "at", "on"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (!token_has(j, d->i, TOKEN_STARTS) || !WORD_IN(j, d->i, AUXILIARIES) ||
        judging_join(j, next) != JOIN_SPACE || !is_plain_word(j, next) || WORD_IN(j, next, VERBS)) {
        return false;
    }
    size_t last = next;
    while (judging_join(j, last + 1) != JOIN_SENTENCE) {
        last++;
    }
    const struct token *t = reading_token(j->r, last);
    size_t behind = (size_t)t->glyph + t->n_glyphs;
    return behind < j->r->n_glyphs && reading_glyph(j->r, behind)->code == '?';
}

/* "Skye terrier", "River deep": at the start of a sentence a plain word that is no verb, nor says
 * how a child is or was, makes the name part of a thing. */
static bool is_before_plain_word(const struct doubtful *d)
{
    static const char *const ENDINGS[] = {"s", "ed", "ing", "ly", "er", "est", "ful", "y"};
    static const char *const OF_CHILDREN[] = {"ready",      "top",     "best",
                                              "joint",      "brave",   "safe",
                                              "home",       "back",    "first",
                                              "second",     "third",   "able",
                                              "keen",       "asleep",  "awake",
                                              "alone",      "big",     "brilliant",
                                              "super",      "great",   "hard",
                                              "fast",       "full",    "again",
                                              "also",       "alike",   "proud",
                                              "everywhere", "still",   "never",
                                              "always",     "often",   "then",
                                              "after",      "before",  "without",
                                              "against",    "behind",  "beside",
                                              "between",    "under",   "during",
                                              "through",    "about",   "above",
                                              "across",     "along",   "around",
                                              "beyond",     "near",    "past",
                                              "since",      "until",   "while",
                                              "because",    "like",    "unlike",
                                              "versus",     "when",    "whose",
                                              "which",      "that",    "together",
                                              "today",      "next",    "last",
                                              "inside",     "outside", "among",
                                              "upon",       "towards", "plus",
                                              "mid",        "high",    "low",
                                              "aloft",      "onstage", "backstage",
                                              "upside",     "head",    "extraordinaire",
                                              "age",        "aged",    "vs",
                                              "v",          "x",       "is",
                                              "will",       "can",     "may",
                                              "pre",        "post",    "en",
                                              "et",         "y",       "yn",
                                              "a'i",        "aka",     "chief",
                                              "supreme",    "number",  "runner",
                                              "player",     "mvp",     "winning",
                                              "captain"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (!token_has(j, d->i, TOKEN_STARTS) || d->strength != STRENGTH_WEAK ||
        token_has(j, next - 1, TOKEN_POSSESSIVE) || judging_join(j, next) != JOIN_SPACE ||
        next >= j->r->n_tokens || reading_token(j->r, next)->shape != SHAPE_LOWER ||
        token_word(j->r, next).n < 3 || !is_plain_word(j, next) || WORD_IN(j, next, OF_CHILDREN) ||
        token_is(j, next, ENTRY_VERB) || token_is(j, next, ENTRY_FUNCTION) ||
        token_is(j, next, ENTRY_PERSON_WORD)) {
        return false;
    }
    for (size_t k = 0; k < sizeof ENDINGS / sizeof ENDINGS[0]; k++) {
        if (ends_with(token_word(j->r, next), ENDINGS[k])) {
            return false;
        }
    }
    return true;
}

/* "Amber leaves and acorn cups": what could be done by a child stands beside a thing. */
static bool is_things_and_things(const struct doubtful *d)
{
    static const char *const LINKS[] = {"and", "or"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return token_has(j, d->i, TOKEN_STARTS) && judging_join(j, next) == JOIN_SPACE &&
           is_thing(j, next) && WORD_IN(j, next + 1, LINKS) && is_thing(j, next + 2) &&
           !token_is(j, next + 2, ENTRY_VERB);
}

/* "Grace is what we say before lunch" */
static bool is_defined(const struct doubtful *d)
{
    static const char *const IS[] = {"is"};
    static const char *const WHAT[] = {"what", "when", "where", "how", "why"};
    size_t next = d->i + d->n;
    return token_has(d->j, d->i, TOKEN_STARTS) && judging_join(d->j, next) == JOIN_SPACE &&
           WORD_IN(d->j, next, IS) && WORD_IN(d->j, next + 1, WHAT);
}

/* "Stone by stone" */
static bool is_repeated(const struct doubtful *d)
{
    static const char *const BY[] = {"by", "after", "upon"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n, after = next + 1;
    return WORD_IN(j, next, BY) && is_plain_word(j, after) &&
           text_equal(token_word(j->r, d->i), token_word(j->r, after));
}

/* "Faith, our school value this term" */
static bool is_explained(const struct doubtful *d)
{
    static const char *const NOUNS[] = {"value",  "values", "word",  "theme",  "topic", "motto",
                                        "virtue", "house",  "focus", "colour", "flower"};
    enum { FEW_WORDS = 5 };
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (judging_join(j, next) != JOIN_COMMA && judging_join(j, next) != JOIN_PUNCT) {
        return false;
    }
    for (size_t k = next; k < next + FEW_WORDS && (k == next || judging_join(j, k) <= JOIN_SPACE);
         k++) {
        if (token_is(j, k, ENTRY_PERSON_WORD) || token_is(j, k, ENTRY_VERB)) {
            return false;
        }
        if (WORD_IN(j, k, NOUNS)) {
            return true;
        }
    }
    return false;
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
    {"title", is_title_here},
    {"tag of words", is_in_tag_of_words},
    {"before a plain word", is_before_plain_word},
    {"things", is_things_and_things},
    {"explained", is_explained},
    {"defined", is_defined},
    {"repeated", is_repeated},
    {"question", is_question},
    {"another's name", names_something_else},
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
