/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Children who are on no list: decision rule 10. A word that no list knows, written like a name,
 * where a sentence speaks of a child: beside an age, a class, praise, a birthday, its work, or what
 * a person does. Nothing here blocks: the word may be a team, a firm or a place that no list knows
 * either. */
#include "judging.h"

/* Words of the span that may be a name, from its first token on. */
struct stranger {
    const struct judging *j;
    size_t i, n;
};

static bool is_in_classes(const struct judging *j, struct text word, const enum entry_class *list,
                          size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (lexicon_find(j->l, word, list[k])) {
            return true;
        }
    }
    return false;
}

/* The plural, or another form by its ending, of a word that is known: "Kingfishers". */
static bool is_form_of_known(const struct judging *j, struct text word)
{
    static const enum entry_class WORDS[] = {ENTRY_WEAK,  ENTRY_THING,       ENTRY_VERB,
                                             ENTRY_TOPIC, ENTRY_PERSON_WORD, ENTRY_PLACE_NOUN};
    static const char *const ENDINGS[] = {"s", "es", "ed", "d", "ing", "er", "ers", "y", "ish"};
    enum { SHORTEST_STEM = 4 };
    for (size_t k = 0; k < sizeof ENDINGS / sizeof ENDINGS[0]; k++) {
        struct text ending = text_of(ENDINGS[k]);
        if (word.n >= SHORTEST_STEM + ending.n && text_ends_with_nocase(word, ending) &&
            is_in_classes(j, text_slice(word, 0, word.n - ending.n), WORDS,
                          sizeof WORDS / sizeof WORDS[0])) {
            return true;
        }
    }
    return false;
}

/* An ordinary word by its ending: "Handwriting", "Citizenship". No name but a few ends so, and
 * those are on the lists. */
static bool has_words_ending(struct text word)
{
    static const char *const ENDINGS[] = {
        "ing",  "tion",  "sion", "ment", "ness",  "ity",  "ship", "ism",    "ance", "ence", "less",
        "able", "ology", "ics",  "ball", "craft", "work", "time", "graphy", "ers",  "ians"};
    enum { SHORTEST = 7 };
    for (size_t k = 0; word.n >= SHORTEST && k < sizeof ENDINGS / sizeof ENDINGS[0]; k++) {
        if (text_ends_with_nocase(word, text_of(ENDINGS[k]))) {
            return true;
        }
    }
    return false;
}

bool is_unknown(const struct judging *j, size_t i)
{
    static const enum entry_class KNOWN[] = {
        ENTRY_WEAK,    ENTRY_PROPER,        ENTRY_FUNCTION,       ENTRY_PRAISE,
        ENTRY_VERB,    ENTRY_TITLE,         ENTRY_THING,          ENTRY_PERSON_WORD,
        ENTRY_COMMAND, ENTRY_PLACE_NOUN,    ENTRY_ACRONYM,        ENTRY_CLASS,
        ENTRY_HOUSE,   ENTRY_STAFF_SURNAME, ENTRY_STAFF_FORENAME, ENTRY_CONDITION,
        ENTRY_TOPIC,   ENTRY_ORGANISATION,  ENTRY_CALLED,         ENTRY_PLACE_BEFORE,
        ENTRY_SAFE,    ENTRY_SENSITIVE,     ENTRY_COMMON_FORENAME};
    struct text word = token_word(j->r, i);
    return !is_in_classes(j, word, KNOWN, sizeof KNOWN / sizeof KNOWN[0]) &&
           !is_form_of_known(j, word) && !has_words_ending(word);
}

/* A forename of the list that is no word besides. */
static bool is_only_forename(const struct judging *j, size_t i)
{
    return token_is(j, i, ENTRY_COMMON_FORENAME) && !token_is(j, i, ENTRY_WEAK) &&
           !token_is(j, i, ENTRY_THING) && !token_is(j, i, ENTRY_TOPIC) &&
           !token_is(j, i, ENTRY_FUNCTION) && !token_is(j, i, ENTRY_PERSON_WORD);
}

/* Letters of a name, and nobody's finding yet. */
static bool is_free(const struct judging *j, size_t i)
{
    enum { FEWEST_LETTERS = 3 };
    return i < j->r->n_tokens && reading_token(j->r, i)->n_glyphs >= FEWEST_LETTERS &&
           token_has(j, i, TOKEN_LETTERS) &&
           !token_has(j, i, TOKEN_CLAIMED | TOKEN_MASKED | TOKEN_LINK | TOKEN_TAG);
}

static bool is_written_as_name(const struct judging *j, size_t i)
{
    return is_free(j, i) && reading_token(j->r, i)->shape == SHAPE_TITLE;
}

/* A grown-up's office, a saint's or a sovereign's title: what follows is no child. */
static bool is_role(const struct judging *j, size_t i)
{
    static const char *const ROLES[] = {"chef",  "coach",    "nurse", "king",  "queen", "prince",
                                        "santa", "princess", "saint", "st",    "san",   "farmer",
                                        "lady",  "author",   "poet",  "uncle", "aunty"};
    return is_office(j, i) || WORD_IN(j, i, ROLES) || token_is(j, i, ENTRY_TITLE);
}

/* A word that may be a surname behind a forename: none that a list knows, or one that is a name,
 * too ("Quillon Brown"), but no team's or thing's last word. What ends the names of places is a
 * surname behind a known forename only: "Emily Green". */
static bool may_be_surname(const struct judging *j, size_t i, bool forename)
{
    static const char *const SURNAMES[] = {"brown", "white", "black", "gray",   "grey", "wood",
                                           "woods", "cook",  "king",  "knight", "fox",  "bell",
                                           "price", "stone", "rose",  "bird",   "west", "cole"};
    static const char *const OF_PLACES[] = {"green", "hill", "hall",  "park",  "lane",  "mills",
                                            "field", "ford", "banks", "brook", "brooks"};
    static const enum entry_class OTHER[] = {ENTRY_PLACE_NOUN,  ENTRY_THING,    ENTRY_TOPIC,
                                             ENTRY_PERSON_WORD, ENTRY_FUNCTION, ENTRY_ORGANISATION};
    if (is_unknown(j, i) || WORD_IN(j, i, SURNAMES) || (forename && WORD_IN(j, i, OF_PLACES))) {
        return true;
    }
    bool name = token_is(j, i, ENTRY_WEAK) || token_is(j, i, ENTRY_COMMON_FORENAME) ||
                token_is(j, i, ENTRY_STAFF_SURNAME);
    return name && !is_in_classes(j, token_word(j->r, i), OTHER, sizeof OTHER / sizeof OTHER[0]);
}

/* The tokens of a name from `i` on: "Tariro", "Wanjiru Kamau", "Emily Watkins", "Tariro
 * Moyo-Dube". 0 without one, or when it is a known forename alone: judge_context has seen that. */
static size_t stranger_length(const struct judging *j, size_t i)
{
    enum { MOST_WORDS = 4 };
    bool forename = token_is(j, i, ENTRY_COMMON_FORENAME);
    if (!is_written_as_name(j, i) || !(is_unknown(j, i) || is_only_forename(j, i))) {
        return 0;
    }
    size_t n = 1;
    while (n < MOST_WORDS && judging_join(j, i + n) <= JOIN_SPACE &&
           !token_has(j, i + n - 1, TOKEN_POSSESSIVE) && is_written_as_name(j, i + n) &&
           (may_be_surname(j, i + n, forename) || judging_join(j, i + n) < JOIN_SPACE)) {
        n++;
    }
    return n == 1 && forename ? 0 : n;
}

/* "Oakmere Tigers", "Tesco Extra": a longer name with a known word in it, or a word of teams. */
static bool is_other_thing(const struct stranger *s)
{
    static const char *const TEAMS[] = {
        "tigers",  "lions",   "eagles",   "hawks",   "panthers", "bears",     "wolves",
        "sharks",  "foxes",   "owls",     "rhinos",  "warriors", "giants",    "rovers",
        "rangers", "united",  "athletic", "city",    "town",     "wanderers", "albion",
        "fc",      "rfc",     "afc",      "cc",      "county",   "harriers",  "strikers",
        "raiders", "knights", "dragons",  "bulls",   "saints",   "falcons",   "sixers",
        "juniors", "colts",   "primary",  "academy", "council"};
    const struct judging *j = s->j;
    size_t next = s->i + s->n;
    for (size_t k = s->i; k <= next; k++) {
        if ((k == s->i || judging_join(j, k) <= JOIN_SPACE) && WORD_IN(j, k, TEAMS)) {
            return true;
        }
    }
    /* A capital in mid-sentence beside it makes one name of both. */
    bool after = judging_join(j, next) == JOIN_SPACE && token_is_capital(j, next) &&
                 !token_is_initial(j, next) && !token_is(j, next, ENTRY_CLASS);
    bool before = s->i && judging_join(j, s->i) <= JOIN_SPACE && token_is_capital(j, s->i - 1) &&
                  !token_has(j, s->i - 1, TOKEN_STARTS | TOKEN_POSSESSIVE) &&
                  !phrase_before(j, s->i, ENTRY_PRAISE);
    return after || before || (s->i && is_role(j, s->i - 1)) || is_animals_name(j, s->i, s->n) ||
           is_business(j, s->i, s->n);
}

/* "Kahoot quiz", "Acme staff": a thing or people of that name follow. */
static bool is_attribute(const struct stranger *s)
{
    const struct judging *j = s->j;
    size_t next = s->i + s->n;
    return judging_join(j, next) == JOIN_SPACE && !token_has(j, next - 1, TOKEN_POSSESSIVE) &&
           (token_is(j, next, ENTRY_THING) || token_is(j, next, ENTRY_PERSON_WORD)) &&
           !token_is(j, next, ENTRY_FUNCTION) && !token_is(j, next, ENTRY_VERB);
}

/* "Year 3's Tariro", "4B's Tariro": behind a digit the possessive's s is a token of its own. */
static bool is_of_class(const struct stranger *s)
{
    static const char *const POSSESSIVE[] = {"s"};
    size_t owner = s->i;
    if (owner == 0 || judging_join(s->j, owner) != JOIN_SPACE) {
        return false;
    }
    bool apart = owner > 1 && WORD_IN(s->j, owner - 1, POSSESSIVE) &&
                 judging_join(s->j, owner - 1) < JOIN_SPACE;
    bool owned = apart || token_has(s->j, owner - 1, TOKEN_POSSESSIVE);
    return owned && is_year_before(s->j, apart ? owner - 1 : owner) && !is_attribute(s);
}

/* An age, a class or a year beside it. */
static bool has_child_beside(const struct stranger *s)
{
    const struct doubtful d = {
        .j = s->j, .i = s->i, .n = s->n, .strength = STRENGTH_WEAK, .forename = true};
    return is_of_class(s) || has_age_beside(&d) || has_year_beside(&d) || has_class_beside(&d);
}

/* "Happy 7th birthday Persephone": whatever name is wished so. */
static bool has_birthday(const struct judging *j, size_t i)
{
    static const char *const DAY[] = {"birthday"};
    static const char *const HAPPY[] = {"happy"};
    enum { MOST_BETWEEN = 4 };
    if (!is_written_as_name(j, i) || i == 0 || judging_join(j, i) > JOIN_COMMA ||
        !WORD_IN(j, i - 1, DAY) || token_is(j, i, ENTRY_FUNCTION) ||
        token_is(j, i, ENTRY_PERSON_WORD) || token_is(j, i, ENTRY_ORGANISATION) || is_role(j, i)) {
        return false;
    }
    for (size_t k = 2; k <= MOST_BETWEEN && k <= i; k++) {
        if (WORD_IN(j, i - k, HAPPY)) {
            return true;
        }
    }
    return false;
}

/* "Star of the week: Yevheniia", "Player of the match - Lorcan" */
static bool is_awarded(const struct stranger *s)
{
    enum { FEWEST_WORDS = 3, MOST_WORDS = 5 };
    const struct judging *j = s->j;
    if (s->i == 0 || judging_join(j, s->i) <= JOIN_COMMA) {
        return false;
    }
    const struct token *before = reading_token(j->r, s->i - 1);
    for (size_t g = (size_t)before->glyph + before->n_glyphs; g < reading_token(j->r, s->i)->glyph;
         g++) {
        uint32_t c = reading_glyph(j->r, g)->code;
        if (c == '.' || c == '!' || c == '?') {
            return false;
        }
    }
    static const char *const AWARDS[] = {
        "scorer", "award",       "winner",     "champion", "captain",  "medal",   "prize",  "star",
        "place",  "certificate", "goalkeeper", "goalie",   "narrator", "soloist", "monitor"};
    if (WORD_IN(j, s->i - 1, AWARDS)) {
        return true;
    }
    for (size_t n = FEWEST_WORDS; n <= MOST_WORDS && n <= s->i; n++) {
        if (phrase_at(j, s->i - n, ENTRY_PRAISE) == n) {
            return true;
        }
    }
    return false;
}

/* "Proud of you, Caradoc", "Good luck at your new school, Emeka!": called by name at the end of
 * what is said to a child. */
static bool is_addressed(const struct stranger *s)
{
    static const char *const YOU[] = {"you", "your", "youre", "done", "luck", "welcome", "bravo"};
    enum { MOST_BEFORE = 8 };
    const struct judging *j = s->j;
    if (s->i == 0 || judging_join(j, s->i) != JOIN_COMMA ||
        judging_join(j, s->i + s->n) != JOIN_SENTENCE) {
        return false;
    }
    for (size_t k = 1; k <= MOST_BEFORE && k <= s->i; k++) {
        if (WORD_IN(j, s->i - k, YOU)) {
            return true;
        }
        if (judging_join(j, s->i - k) > JOIN_COMMA) {
            break;
        }
    }
    return false;
}

/* "Welcome back Obinna", but not "Welcome to Whitby" */
static bool is_praised_before(const struct judging *j, size_t i)
{
    static const char *const TO[] = {"to"};
    return phrase_before(j, i, ENTRY_PRAISE) ||
           (phrase_before(j, i, ENTRY_STARTER) && !WORD_IN(j, i - 1, TO));
}

/* "Well done Quillon!", "Thanks Wanjiru" */
static bool is_praised(const struct stranger *s)
{
    return is_praised_before(s->j, s->i) && !is_attribute(s);
}

/* "Two goals from Kofi Mensah-Boadu": a known forename and a surname; "by" may be an author's. */
static bool is_from(const struct stranger *s)
{
    static const char *const FROM[] = {"from", "for"};
    return s->n > 1 && s->i && judging_join(s->j, s->i) == JOIN_SPACE &&
           WORD_IN(s->j, s->i - 1, FROM) && token_is(s->j, s->i, ENTRY_COMMON_FORENAME);
}

/* "Tariro's poem": what a child makes or has. */
static bool owns_work(const struct stranger *s)
{
    static const char *const WORKS[] = {
        "poem",     "poems",    "story",   "painting",    "picture",  "drawing",   "artwork",
        "model",    "writing",  "letter",  "diary",       "medal",    "mum",       "dad",
        "gran",     "nan",      "grandad", "family",      "parents",  "brother",   "sister",
        "goal",     "goals",    "project", "homework",    "cake",     "recipe",    "idea",
        "birthday", "smile",    "mummy",   "daddy",       "portrait", "sculpture", "design",
        "son",      "daughter", "first",   "collage",     "puppet",   "hat",       "teacher",
        "book",     "mother",   "father",  "grandmother", "solo",     "speech",    "hair",
        "poster",   "work",     "turn",    "certificate", "friend",   "friends"};
    size_t next = s->i + s->n;
    return token_has(s->j, next - 1, TOKEN_POSSESSIVE) && !s->j->r->title_case &&
           judging_join(s->j, next) == JOIN_SPACE && WORD_IN(s->j, next, WORKS);
}

/* "Wanjiru Kamau won the cup", "Quillon is so proud of his model" */
static bool does_as_person(const struct stranger *s)
{
    static const char *const OWN[] = {"his", "her", "himself", "herself", "he", "she"};
    static const char *const LINKS[] = {"is",  "was",  "has",     "had",     "and",     "with",
                                        "got", "will", "can",     "loves",   "showed",  "made",
                                        "on",  "in",   "showing", "holding", "wearing", "using"};
    enum { FEW_WORDS = 6 };
    const struct judging *j = s->j;
    size_t next = s->i + s->n;
    if (judging_join(j, next) != JOIN_SPACE || j->r->title_case ||
        token_has(j, next - 1, TOKEN_POSSESSIVE) ||
        reading_token(j->r, next)->shape != SHAPE_LOWER) {
        return false;
    }
    static const char *const ARTICLES[] = {"the", "a", "an", "our", "this", "some", "your", "my"};
    if (s->i && judging_join(j, s->i) <= JOIN_SPACE && WORD_IN(j, s->i - 1, ARTICLES)) {
        return false;
    }
    /* "Foil kept teddy dry": the first word of a sentence may be any; what it does must be a
     * child's. */
    static const char *const CHILDS[] = {
        "won",       "wrote",    "scored",      "swam",        "painted",    "read",     "drew",
        "sang",      "danced",   "played",      "said",        "says",       "loves",    "loved",
        "enjoyed",   "earned",   "achieved",    "baked",       "ran",        "cycled",   "planted",
        "learnt",    "learned",  "built",       "told",        "tried",      "thinks",   "thought",
        "chose",     "shared",   "showed",      "practised",   "joined",     "wins",     "reads",
        "writes",    "plays",    "recited",     "performed",   "designed",   "finished", "passed",
        "jumped",    "climbed",  "caught",      "wore",        "hopes",      "wants",    "brought",
        "found",     "took",     "spoke",       "met",         "visited",    "dressed",  "spotted",
        "carved",    "sewed",    "knitted",     "coded",       "solved",     "rode",     "threw",
        "collected", "received", "represented", "volunteered", "celebrated", "kicked",   "hid",
        "made",      "counted",  "explained",   "asked",       "helped",     "worked",   "came",
        "raised"};
    bool first = s->n == 1 && token_has(j, s->i, TOKEN_STARTS);
    bool likely = !first || (WORD_IN(j, next, CHILDS) &&
                             !text_ends_with_nocase(token_word(j->r, s->i), TEXT("ed")));
    if (likely && token_is(j, next, ENTRY_VERB) && !token_is(j, next, ENTRY_THING)) {
        return true;
    }
    for (size_t k = next + 1;
         WORD_IN(j, next, LINKS) && k < next + FEW_WORDS && judging_join(j, k) <= JOIN_SPACE; k++) {
        if (WORD_IN(j, k, OWN)) {
            return true;
        }
    }
    return false;
}

/* "This is Tariro", "young Quillon", "said Anesu" */
static bool is_presented(const struct stranger *s)
{
    static const char *const THIS[] = {"this", "name", "here", "i"};
    static const char *const IS[] = {"is", "am", "s", "comes"};
    static const char *const YOUNG[] = {"young",   "little",    "said",    "says",
                                        "asked",   "pupil",     "student", "shouted",
                                        "replied", "classmate", "friend"};
    const struct judging *j = s->j;
    if (s->i == 0 || judging_join(j, s->i) > JOIN_COMMA || token_has(j, s->i, TOKEN_STARTS)) {
        return false;
    }
    bool presented = s->i > 1 && WORD_IN(j, s->i - 1, IS) && WORD_IN(j, s->i - 2, THIS);
    return (presented || WORD_IN(j, s->i - 1, YOUNG)) && !is_attribute(s);
}

/* "well done nnamdi": where nothing has a capital, the word that ends the praise. */
static bool is_praised_in_small(const struct judging *j, size_t i)
{
    enum { FEWEST_LETTERS = 4 };
    return !j->r->has_upper && is_free(j, i) && (is_unknown(j, i) || is_only_forename(j, i)) &&
           reading_token(j->r, i)->n_glyphs >= FEWEST_LETTERS && is_praised_before(j, i) &&
           judging_join(j, i + 1) >= JOIN_COMMA;
}

struct stranger_row {
    const char *name; /* for a person in a debugger */
    bool (*holds)(const struct stranger *);
};

static const struct stranger_row SIGNS[] = {
    {"age or class", has_child_beside}, {"praised", is_praised},     {"work", owns_work},
    {"acts", does_as_person},           {"presented", is_presented}, {"awarded", is_awarded},
    {"addressed", is_addressed},        {"from", is_from},
};

static void review(struct judging *j, size_t i, size_t n)
{
    struct finding f = {
        .kind = FINDING_UNREGISTERED, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
    judging_claim(j, i, n, f, FINDING_UNKNOWN);
}

void judge_strangers(struct judging *j)
{
    if (j->r->role != TEXT_ROLE_CAPTION) {
        return;
    }
    for (size_t i = 0; i < j->r->n_tokens;) {
        struct stranger s = {.j = j, .i = i, .n = stranger_length(j, i)};
        bool child = false;
        if (s.n && !is_other_thing(&s)) {
            for (size_t k = 0; !child && k < sizeof SIGNS / sizeof SIGNS[0]; k++) {
                child = SIGNS[k].holds(&s);
            }
        }
        if (child || is_praised_in_small(j, i) || has_birthday(j, i)) {
            review(j, i, s.n ? s.n : 1);
        }
        i += s.n ? s.n : 1;
    }
}
