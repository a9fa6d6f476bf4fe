/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Street addresses, dates of birth in words, grid references and degrees: decision rule 11, as
 * tokens rather than glyphs. */
#include <string.h>

#include "judging.h"

static bool has_shape(const struct judging *j, size_t i, enum shape shape)
{
    return i < j->r->n_tokens && reading_token(j->r, i)->shape == shape;
}

static void block(struct judging *j, size_t i, size_t n, enum finding_kind kind)
{
    struct finding f = {.kind = kind, .judgement = JUDGE_BLOCK, .person = NO_PERSON};
    judging_claim(j, i, n, f, FINDING_UNKNOWN);
}

/* The number that token `i` begins with ("27b" is 27); -1 when it begins with none, or is longer
 * than `digits`. */
static int leading_number(const struct judging *j, size_t i, size_t digits)
{
    if (!has_shape(j, i, SHAPE_DIGITS)) {
        return -1;
    }
    struct text word = token_word(j->r, i);
    int value = 0;
    size_t n = 0;
    while (n < word.n && word.at[n] >= '0' && word.at[n] <= '9') {
        value = n < digits ? value * 10 + (word.at[n] - '0') : value;
        n++;
    }
    return n && n <= digits ? value : -1;
}

/* "14 Acacia Avenue", "27b High Street": a house number, one to three words with a capital, the
 * last of them a street's. */
static size_t street_length(const struct judging *j, size_t i)
{
    static const char *const STREETS[] = {
        "street", "road",  "lane",    "avenue", "close",  "drive",    "crescent", "terrace",
        "mews",   "grove", "gardens", "way",    "square", "court",    "cottages", "parade",
        "rd",     "ave",   "cres",    "row",    "rise",   "crossing", "view",     "villas"};
    static const char *const COUNTED[] = {"year",  "years", "class",  "room",    "stage", "grade",
                                          "level", "group", "lesson", "chapter", "the",   "ks",
                                          "unit",  "week",  "day",    "number"};
    enum { HOUSE_DIGITS = 4, MOST_WORDS = 4, MOST_LETTERS_BEHIND = 1 };
    int house = leading_number(j, i, HOUSE_DIGITS);
    size_t digits = 0;
    struct text word = house < 0 ? TEXT_NONE : token_word(j->r, i);
    while (digits < word.n && word.at[digits] >= '0' && word.at[digits] <= '9') {
        digits++;
    }
    if (house < 1 || word.n - digits > MOST_LETTERS_BEHIND || token_is(j, i, ENTRY_CLASS) ||
        (i && WORD_IN(j, i - 1, COUNTED) && judging_join(j, i) <= JOIN_SPACE)) {
        return 0;
    }
    for (size_t n = 1; n < MOST_WORDS; n++) {
        enum join join = judging_join(j, i + n);
        if (join > (n == 1 ? JOIN_COMMA : JOIN_SPACE) || !token_is_capital(j, i + n)) {
            return 0;
        }
        if (n > 1 && WORD_IN(j, i + n, STREETS)) {
            return n + 1;
        }
    }
    return 0;
}

/* "Flat 3" */
static size_t flat_length(const struct judging *j, size_t i)
{
    static const char *const FLATS[] = {"flat", "apartment"};
    bool flat = WORD_IN(j, i, FLATS) && token_is_capital(j, i) &&
                judging_join(j, i + 1) == JOIN_SPACE && has_shape(j, i + 1, SHAPE_DIGITS);
    return flat ? 2 : 0;
}

static int month_of(const struct judging *j, size_t i)
{
    static const char *const MONTHS[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    if (i >= j->r->n_tokens) {
        return 0;
    }
    struct text word = token_word(j->r, i);
    for (int m = 0; m < 12; m++) {
        struct text month = text_of(MONTHS[m]);
        bool cut = (word.n == 3 || word.n == 4) && word.n < month.n &&
                   memcmp(word.at, month.at, word.n) == 0; /* "Sept", "Feb" */
        if (text_equal(word, month) || cut) {
            return m + 1;
        }
    }
    return 0;
}

/* "20 September 2014", "21st of July 2017", "July 21, 2017". Returns the tokens used. */
static size_t date_length(const struct judging *j, size_t i, struct date *out)
{
    static const char *const FILLERS[] = {"of", "the", "st", "nd", "rd", "th"};
    enum { DAY_DIGITS = 2, YEAR_DIGITS = 4, FEW_DIGITS_YEAR = 100, CENTURY = 2000, MOST = 6 };
    int day = 0, month = 0, year = -1;
    size_t n = 0;
    for (; n < MOST && i + n < j->r->n_tokens && (day == 0 || month == 0 || year < 0); n++) {
        int number = leading_number(j, i + n, YEAR_DIGITS);
        if (n && judging_join(j, i + n) > JOIN_COMMA) {
            return 0;
        }
        if (month == 0 && month_of(j, i + n)) {
            month = month_of(j, i + n);
        } else if (number >= 0 && day == 0 && number <= 31) {
            day = number;
        } else if (number >= 0 && day && month) {
            year = number < FEW_DIGITS_YEAR ? CENTURY + number : number;
        } else if (n == 0 || !WORD_IN(j, i + n, FILLERS)) {
            return 0;
        }
    }
    return year >= 0 && date_make(year, month, day, out) ? n : 0;
}

/* "born", "DOB", "date of birth", "birthday" within a few words before: then any child's year will
 * do. */
static bool is_announced(const struct judging *j, size_t i)
{
    static const char *const WORDS[] = {"born", "birth", "birthday", "birthdays", "dob"};
    enum { FEW = 4 };
    for (size_t k = 1; k <= FEW && k <= i; k++) {
        if (WORD_IN(j, i - k, WORDS)) {
            return true;
        }
    }
    return i >= 3 && text_equal(reading_window(j->r, i - 3, 3), TEXT("dob")); /* "d.o.b." */
}

bool date_is_birthday(const struct judging *j, size_t i, struct date d)
{
    enum { FIRST_YEAR = 2000 }; /* pupils of today; grown-ups and the dead were born before */
    return lexicon_is_birthday(j->l, d) || (d.year >= FIRST_YEAR && is_announced(j, i));
}

/* "grid ref SK 123 456", "SK123456": two letters and six, eight or ten digits (Ordnance Survey
 * National Grid). */
static size_t grid_length(const struct judging *j, size_t i)
{
    static const char *const GRID[] = {"grid", "gridref", "os"};
    enum { MOST = 3, GRID_LETTERS = 2 };
    bool announced = (i > 0 && WORD_IN(j, i - 1, GRID)) || (i > 1 && WORD_IN(j, i - 2, GRID));
    if (!has_shape(j, i, SHAPE_CAPS) || reading_token(j->r, i)->n_glyphs != GRID_LETTERS) {
        return 0;
    }
    size_t digits = 0, n = 1;
    while (n < MOST && has_shape(j, i + n, SHAPE_DIGITS) && judging_join(j, i + n) <= JOIN_SPACE) {
        digits += reading_token(j->r, i + n)->n_folded;
        n++;
    }
    bool joined = n == 2 && judging_join(j, i + 1) == JOIN_CAMEL && digits >= 6;
    bool even = digits >= 4 && digits <= 10 && digits % 2 == 0;
    return even && (announced || joined) ? n : 0;
}

/* 53°11'26"N: a number, the degree sign, and a letter for the quarter of the sky not far behind. */
static size_t degrees_length(const struct judging *j, size_t i)
{
    enum { DEGREE = 0xB0, MOST = 5 };
    if (!has_shape(j, i, SHAPE_DIGITS)) {
        return 0;
    }
    const struct token *t = reading_token(j->r, i);
    size_t behind = (size_t)t->glyph + t->n_glyphs;
    if (behind >= j->r->n_glyphs || reading_glyph(j->r, behind)->code != DEGREE ||
        leading_number(j, i, 3) > 180) {
        return 0;
    }
    size_t numbers = 1;
    for (size_t n = 1; n < MOST && i + n < j->r->n_tokens; n++) {
        struct text word = token_word(j->r, i + n);
        if (word.n && strchr("nsew", word.at[word.n - 1]) && (word.n == 1 || word.at[0] <= '9') &&
            numbers > 1) {
            return n + 1;
        }
        if (!has_shape(j, i + n, SHAPE_DIGITS)) {
            return 0;
        }
        numbers++;
    }
    return 0;
}

/* "She turns 8 on 14th June": an age of school and a month say what a year would. */
static size_t coming_age_length(const struct judging *j, size_t i)
{
    static const char *const TURNS[] = {"turns", "turn", "turning", "turned"};
    enum { OLDEST = 18, FEW_WORDS = 7 };
    int age = WORD_IN(j, i, TURNS) ? leading_number(j, i + 1, 2) : -1;
    if (age < 2 || age > OLDEST) {
        return 0;
    }
    for (size_t k = i + 2; k < i + FEW_WORDS && judging_join(j, k) <= JOIN_COMMA; k++) {
        if (month_of(j, k)) {
            return k - i + 1;
        }
    }
    return 0;
}

/* "from Acacia Avenue", "lives on Mill Lane", "at Tesco on Mill Lane": where somebody comes from or
 * lives. */
static size_t home_street_length(const struct judging *j, size_t i)
{
    static const char *const FROM[] = {"from"};
    static const char *const LIVES[] = {"lives", "live", "living", "works", "moved", "home"};
    static const char *const ON[] = {"on", "in", "at", "to"};
    static const char *const STREETS[] = {"street", "road",     "lane",    "avenue", "close",
                                          "drive",  "crescent", "terrace", "mews",   "grove"};
    enum { MOST_WORDS = 3, FEW_WORDS = 4 };
    bool lives = WORD_IN(j, i, FROM);
    for (size_t k = 1; WORD_IN(j, i, ON) && k <= FEW_WORDS && k <= i; k++) {
        lives |= WORD_IN(j, i - k, LIVES);
    }
    for (size_t n = 1; lives && n <= MOST_WORDS; n++) {
        if (judging_join(j, i + n) != JOIN_SPACE || !token_is_capital(j, i + n)) {
            return 0;
        }
        if (n > 1 && WORD_IN(j, i + n, STREETS)) {
            return n + 1;
        }
    }
    return 0;
}

/* What a person should look at, without a house's number or a year. */
static size_t review_place(struct judging *j, size_t i)
{
    size_t n = coming_age_length(j, i);
    enum finding_kind kind = n ? FINDING_DATE_OF_BIRTH : FINDING_ADDRESS;
    n = n ? n : home_street_length(j, i);
    if (n) {
        struct finding f = {.kind = kind, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
        judging_claim(j, i, n, f, FINDING_UNKNOWN);
    }
    return n;
}

void judge_places(struct judging *j)
{
    bool file = j->r->role == TEXT_ROLE_FILE_NAME; /* its numbers are dates and counts */
    for (size_t i = 0; i < j->r->n_tokens;) {
        struct date date;
        size_t n = street_length(j, i);
        n = n ? n : flat_length(j, i);
        if (n) {
            block(j, i, n, FINDING_ADDRESS);
        } else if ((n = grid_length(j, i)) || (n = degrees_length(j, i))) {
            block(j, i, n, FINDING_LOCATION);
        } else if ((n = file ? 0 : date_length(j, i, &date)) && date_is_birthday(j, i, date)) {
            block(j, i, n, FINDING_DATE_OF_BIRTH);
        } else if (!file) {
            n = review_place(j, i);
        }
        i += n ? n : 1;
    }
}
