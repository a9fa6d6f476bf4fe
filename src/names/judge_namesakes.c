/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that are also names of children, and that name something else here: a place, a month, an
 * animal, a shop. Decision rule 7, the other side, as in judge_harmless.c. */
#include "judging.h"

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

static bool is_animal(const struct judging *j, size_t i)
{
    static const char *const ANIMALS[] = {
        "animal",   "bear",      "bird",  "bunny",    "bull",     "butterfly", "cat",
        "chick",    "chicken",   "cow",   "deer",     "dinosaur", "dog",       "donkey",
        "dragon",   "duck",      "ducks", "elf",      "fish",     "fox",       "frog",
        "gecko",    "giraffe",   "goat",  "goats",    "goose",    "hamster",   "hawk",
        "hedgehog", "hen",       "hens",  "horse",    "kitten",   "lamb",      "lambs",
        "lion",     "lizard",    "llama", "monkey",   "mouse",    "owl",       "parrot",
        "penguin",  "pig",       "pigs",  "pony",     "puppy",    "rabbit",    "ram",
        "robot",    "scarecrow", "sheep", "snail",    "snake",    "snowman",   "spider",
        "squirrel", "stick",     "teddy", "tiger",    "tortoise", "turtle",    "unicorn",
        "worm",     "alpaca",    "calf",  "skeleton", "engine",   "tractor",   "minibus",
        "mascot",   "puppet"};
    return WORD_IN(j, i, ANIMALS);
}

bool is_called_animal(const struct judging *j, size_t i)
{
    static const char *const CALLED[] = {"called", "named"};
    return i > 1 && WORD_IN(j, i - 1, CALLED) &&
           (is_animal(j, i - 2) || (is_thing(j, i - 2) && !token_is(j, i - 2, ENTRY_PERSON_WORD)));
}

bool is_animals_name(const struct judging *j, size_t i, size_t n)
{
    static const char *const THE[] = {"the", "our"};
    size_t next = i + n;
    /* "Daisy the cow", "Derek, our donkey" */
    bool told = judging_join(j, next) <= JOIN_COMMA && WORD_IN(j, next, THE) &&
                (is_animal(j, next + 1) ||
                 (is_animal(j, next + 2) && judging_join(j, next + 2) <= JOIN_SPACE));
    bool before = i && judging_join(j, i) <= JOIN_COMMA && is_animal(j, i - 1) &&
                  reading_token(j->r, i - 1)->shape == SHAPE_LOWER;
    return is_called_animal(j, i) || told || before;
}

static bool is_an_animal(const struct doubtful *d)
{
    return is_animals_name(d->j, d->i, d->n);
}

bool is_business(const struct judging *j, size_t i, size_t n)
{
    static const char *const NOUNS[] = {
        "cafe",         "garage",     "bakery",   "bakers",    "butchers",    "deli",
        "delicatessen", "restaurant", "pizzeria", "florist",   "florists",    "barbers",
        "salon",        "coaches",    "takeaway", "kitchen",   "tearoom",     "tearooms",
        "bistro",       "diner",      "grill",    "stores",    "supermarket", "motors",
        "plumbing",     "electrical", "ltd",      "plc",       "bar",         "inn",
        "arms",         "tavern",     "farm",     "nurseries", "builders",    "solicitors",
        "opticians",    "pharmacy",   "chemist",  "travel",    "taxis",       "catering",
        "photography",  "fisheries",  "chippy",   "pizza",     "theatre",     "foundation",
        "trust"};
    enum { MOST_WORDS = 3 };
    if (j->r->role == TEXT_ROLE_FILE_NAME) {
        return false;
    }
    for (size_t k = i + n; k < i + n + MOST_WORDS; k++) {
        if (judging_join(j, k) != JOIN_SPACE || !token_is_capital(j, k) ||
            token_has(j, k, TOKEN_CLAIMED)) {
            return false;
        }
        if (WORD_IN(j, k, NOUNS)) {
            return true;
        }
    }
    return false;
}

bool is_work(const struct judging *j, size_t i, size_t n)
{
    static const char *const THE[] = {"the"};
    static const char *const WORKS[] = {"musical", "film", "movie", "ballet", "opera", "pantomime"};
    size_t next = i + n, the = next + (WORD_IN(j, next, THE) ? 1 : 0);
    bool animal = judging_join(j, next) == JOIN_SPACE && is_animal(j, next) &&
                  reading_token(j->r, next)->shape == SHAPE_LOWER;
    return animal || (WORD_IN(j, the, WORKS) && judging_join(j, the) <= JOIN_SENTENCE);
}

/* "Florence is in Italy", "Paris was the destination" */
static bool is_told_as_place(const struct doubtful *d)
{
    static const char *const IS[] = {"is", "was"};
    static const char *const PLACES[] = {"country", "city",      "capital", "town",
                                         "island",  "place",     "county",  "destination",
                                         "venue",   "continent", "village", "state"};
    static const char *const IN[] = {"in"};
    static const char *const ARTICLES[] = {"a", "an", "the", "our"};
    static const char *const BEHIND[] = {"in", "of", "where", "we", "for"};
    enum { FEW_WORDS = 4 };
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    if (d->strength != STRENGTH_PROPER || judging_join(j, next) != JOIN_SPACE ||
        !WORD_IN(j, next, IS)) {
        return false;
    }
    static const char *const MAPS[] = {"atlas", "map", "globe"};
    if (WORD_IN(j, next + 1, IN) && (is_plain_proper(j, next + 2) || WORD_IN(j, next + 3, MAPS))) {
        return true;
    }
    for (size_t k = next + 2; WORD_IN(j, next + 1, ARTICLES) && k <= next + FEW_WORDS &&
                              judging_join(j, k) <= JOIN_SPACE;
         k++) {
        if (WORD_IN(j, k, PLACES)) {
            return judging_join(j, k + 1) >= JOIN_COMMA || WORD_IN(j, k + 1, BEHIND);
        }
    }
    return false;
}

/* "Matilda by Roald Dahl": of somebody whom the lists know. */
static bool is_title_of_work(const struct doubtful *d)
{
    static const char *const BY[] = {"by"};
    size_t next = d->i + d->n;
    return judging_join(d->j, next) <= JOIN_COMMA && WORD_IN(d->j, next, BY) &&
           token_has(d->j, next + 1, TOKEN_MASKED) && token_is_capital(d->j, next + 1);
}

bool is_office(const struct judging *j, size_t i)
{
    static const char *const OFFICES[] = {
        "pc",        "pcso",      "imam",       "rabbi",   "reverend",  "rev",
        "revd",      "father",    "canon",      "vicar",   "pastor",    "bishop",
        "deacon",    "mp",        "councillor", "cllr",    "mayor",     "mayoress",
        "officer",   "constable", "sergeant",   "sgt",     "inspector", "firefighter",
        "paramedic", "fr",        "sr",         "sir",     "dame",      "lord",
        "minister",  "brigadier", "major",      "colonel", "wpc",       "governor"};
    return WORD_IN(j, i, OFFICES);
}

bool is_office_holder(const struct judging *j, size_t i)
{
    return i && judging_join(j, i) <= JOIN_COMMA && is_office(j, i - 1) &&
           (token_is_capital(j, i - 1) || !token_is(j, i - 1, ENTRY_PERSON_WORD));
}

static int month_at(const struct judging *j, size_t i)
{
    static const char *const MONTHS[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    for (int m = 0; m < 12; m++) {
        if (judging_word(j, i, &MONTHS[m], 1)) {
            return m + 1;
        }
    }
    return 0;
}

/* The month next in the list after token `i`, or before it when `back`: "April, May and June". */
static int listed_month(const struct judging *j, size_t i, bool back)
{
    static const char *const AND[] = {"and"};
    if (back) {
        size_t at = i && WORD_IN(j, i - 1, AND) ? i - 1 : i;
        return at && judging_join(j, at) <= JOIN_COMMA ? month_at(j, at - 1) : 0;
    }
    size_t at = WORD_IN(j, i + 1, AND) ? i + 2 : i + 1;
    return judging_join(j, i + 1) <= JOIN_COMMA ? month_at(j, at) : 0;
}

/* Three months in the order of the year; or "From April, ..." */
static bool is_calendar(const struct doubtful *d)
{
    static const char *const FROM[] = {"from", "by", "before", "after"};
    static const char *const AND[] = {"and"};
    const struct judging *j = d->j;
    int month = month_at(j, d->i);
    if (month == 0 || d->n != 1) {
        return false;
    }
    int before = listed_month(j, d->i, true), after = listed_month(j, d->i, false);
    size_t second = WORD_IN(j, d->i + 1, AND) ? d->i + 2 : d->i + 1;
    size_t first = d->i && WORD_IN(j, d->i - 1, AND) ? d->i - 2 : d->i - 1;
    bool three =
        (before == month - 1 && after == month + 1) ||
        (after == month + 1 && listed_month(j, second, false) == month + 2) ||
        (d->i && before && before == month - 1 && listed_month(j, first, true) == month - 2);
    /* "May is walk to school month" */
    static const char *const IS[] = {"is", "was"};
    static const char *const SPANS[] = {"month", "week", "day", "season"};
    bool span = false;
    enum { FEW_WORDS = 8 };
    for (size_t k = d->i + 2;
         WORD_IN(j, d->i + 1, IS) && k < d->i + FEW_WORDS && judging_join(j, k) < JOIN_SENTENCE;
         k++) {
        span |= WORD_IN(j, k, SPANS);
    }
    bool from = d->i && WORD_IN(j, d->i - 1, FROM) && token_has(j, d->i - 1, TOKEN_STARTS) &&
                judging_join(j, d->i + 1) == JOIN_COMMA;
    return three || from || span;
}

/* "From Durham to Dakar" */
static bool is_end_of_a_way(const struct doubtful *d)
{
    static const char *const FROM[] = {"from"};
    static const char *const TO[] = {"to"};
    const struct judging *j = d->j;
    size_t next = d->i + d->n;
    return d->strength == STRENGTH_PROPER && d->i && WORD_IN(j, d->i - 1, FROM) &&
           judging_join(j, next) == JOIN_SPACE && WORD_IN(j, next, TO) &&
           token_is_capital(j, next + 1) && !is_registered(j, next + 1);
}

struct other_row {
    const char *name; /* for a person in a debugger */
    bool (*holds)(const struct doubtful *);
};

static const struct other_row OTHERS[] = {
    {"among places", is_among_places},
    {"named place", is_named_place},
    {"end of a place", is_end_of_place},
    {"on the map", is_on_the_map},
    {"animal", is_an_animal},
    {"calendar", is_calendar},
    {"way", is_end_of_a_way},
    {"told as a place", is_told_as_place},
    {"title of a work", is_title_of_work},
};

bool names_something_else(const struct doubtful *d)
{
    for (size_t k = 0; k < sizeof OTHERS / sizeof OTHERS[0]; k++) {
        if (OTHERS[k].holds(d)) {
            return true;
        }
    }
    return false;
}
