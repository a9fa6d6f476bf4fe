/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where children are now or will be: decision rule 11. A sentence is read for who, where and when;
 * what is over is harmless, and so is what happens in the school itself. */
#include "judging.h"

/* What one sentence says of where children are. */
struct presence {
    bool group;    /* we, Year 4, the children */
    bool soon;     /* now, tomorrow, next Tuesday, until Friday */
    bool clock;    /* a time of day, or a day of the week */
    bool habit;    /* each morning, every Tuesday */
    bool school;   /* in the hall: nobody need be told where that is */
    bool place;    /* at Dale Baths, at the stadium */
    bool later;    /* this afternoon, tomorrow: not over yet, as today may be */
    size_t at;     /* the token of "are at"; n_tokens = none */
    size_t coming; /* of "will be walking along", "stops at"; n_tokens = none */
    size_t where;  /* of the last "at ..." */
    size_t n_words;
};

static bool is_group(const struct judging *j, size_t i)
{
    static const char *const GROUPS[] = {"we",    "they",      "children", "pupils",   "class",
                                         "year",  "reception", "nursery",  "everyone", "everybody",
                                         "coach", "students",  "ks1",      "ks2",      "eyfs",
                                         "club",  "team",      "squad",    "choir",    "band",
                                         "bus",   "minibus",   "4s",       "5s",       "6s"};
    return WORD_IN(j, i, GROUPS) || token_is(j, i, ENTRY_CLASS);
}

static bool is_weekday(const struct judging *j, size_t i)
{
    static const char *const DAYS[] = {
        "monday",  "tuesday",  "wednesday",  "thursday",  "friday",  "saturday",  "sunday",
        "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"};
    return WORD_IN(j, i, DAYS);
}

/* "now", "tomorrow", "this afternoon", "next Tuesday", "until Friday" */
static bool is_soon(const struct judging *j, size_t i)
{
    static const char *const NOW[] = {"now", "tomorrow", "tonight", "today", "currently"};
    static const char *const NEAR[] = {"this", "next", "tomorrow"};
    static const char *const UNTIL[] = {"until", "till", "til"};
    static const char *const TIMES[] = {"morning", "afternoon", "evening",
                                        "week",    "weekend",   "lunchtime"};
    bool time = WORD_IN(j, i + 1, TIMES) || is_weekday(j, i + 1);
    bool number = i + 1 < j->r->n_tokens && reading_token(j->r, i + 1)->shape == SHAPE_DIGITS;
    return WORD_IN(j, i, NOW) || (WORD_IN(j, i, NEAR) && time) ||
           (WORD_IN(j, i, UNTIL) && (time || number || WORD_IN(j, i + 1, NOW)));
}

/* "at 1 pm", "from 10", "8:05": a number of one or two digits behind a word of time. */
static bool is_clock(const struct judging *j, size_t i)
{
    static const char *const BEFORE[] = {"at", "from", "by", "around", "until", "till", "between"};
    static const char *const BEHIND[] = {"am", "pm", "oclock", "noon"};
    enum { MOST_DIGITS = 2 };
    bool number = i < j->r->n_tokens && reading_token(j->r, i)->shape == SHAPE_DIGITS &&
                  reading_token(j->r, i)->n_folded <= MOST_DIGITS;
    static const char *const NOON[] = {"noon", "midday", "lunchtime"};
    return WORD_IN(j, i, NOON) ||
           (number && ((i && WORD_IN(j, i - 1, BEFORE)) || WORD_IN(j, i + 1, BEHIND)));
}

/* "each morning", "every Tuesday" */
static bool is_habit(const struct judging *j, size_t i)
{
    static const char *const EACH[] = {"each", "every"};
    static const char *const TIMES[] = {"morning", "afternoon", "evening",
                                        "day",     "week",      "lunchtime"};
    return WORD_IN(j, i, EACH) && (WORD_IN(j, i + 1, TIMES) || is_weekday(j, i + 1));
}

static bool is_school(const struct judging *j, size_t i)
{
    static const char *const ROOMS[] = {"hall",     "playground", "classroom", "library",
                                        "assembly", "classrooms", "studio",    "gym"};
    /* "walking to the library" is out of it */
    static const char *const TO[] = {"to"};
    static const char *const GO[] = {"walking", "walk", "walks", "cycling", "cycle"};
    bool out = i > 2 && WORD_IN(j, i - 2, TO) && WORD_IN(j, i - 3, GO);
    return WORD_IN(j, i, ROOMS) && !out;
}

/* "are at", "will be swimming at", "are all still on": being or doing, then a place. */
static bool is_being_somewhere(const struct judging *j, size_t i)
{
    static const char *const BE[] = {"are", "be", "were", "theyre", "is"};
    static const char *const FILL[] = {"now",   "all",  "currently", "still", "just", "already",
                                       "here",  "off",  "out",       "away",  "back", "both",
                                       "today", "over", "up",        "down"};
    static const char *const PLACE[] = {"at",   "in",    "on",      "to",     "outside", "inside",
                                        "near", "along", "through", "around", "across"};
    static const char *const THERE[] = {"visiting", "exploring", "touring"};
    enum { MOST_FILLERS = 3 };
    if (!WORD_IN(j, i, BE)) {
        return false;
    }
    struct text word = token_word(j->r, i);
    /* "were" is past, "we're" is not: the apostrophe is in the glyphs alone */
    if (text_equal(word, TEXT("were")) && reading_token(j->r, i)->n_glyphs == word.n) {
        return false;
    }
    for (size_t k = i + 1; k <= i + 1 + MOST_FILLERS && judging_join(j, k) <= JOIN_COMMA; k++) {
        if (WORD_IN(j, k, PLACE) || (k > i && WORD_IN(j, k, THERE))) {
            return true;
        }
        bool doing = text_ends_with_nocase(token_word(j->r, k), TEXT("ing"));
        if (!doing && !WORD_IN(j, k, FILL)) {
            return false;
        }
    }
    return false;
}

/* "we're at", "we're off to": now, without saying so; "we're in the final" is no place. */
static bool is_away(const struct judging *j, size_t i)
{
    static const char *const AWAY[] = {"at", "off", "out", "here"};
    return WORD_IN(j, i, AWAY);
}

/* "will be walking along", "stops at", "meet outside": where they can be found at the time named.
 */
static bool is_coming(const struct judging *j, size_t i)
{
    static const char *const WILL[] = {"will", "shall", "well", "theyll"};
    static const char *const MEETING[] = {"meet",  "meets",  "stops",   "leaves", "wait",
                                          "waits", "gather", "departs", "leave",  "starts"};
    static const char *const PLACE[] = {"at", "outside", "by", "near", "from", "the", "school"};
    static const char *const COME[] = {"come"};
    static const char *const SEE[] = {"see", "watch", "hear", "cheer", "support", "join", "meet"};
    static const char *const MEET[] = {"meet", "join"};
    static const char *const US[] = {"us"};
    if (WORD_IN(j, i, MEET) && WORD_IN(j, i + 1, US) && WORD_IN(j, i + 2, PLACE)) {
        return true;
    }
    bool will = i && WORD_IN(j, i - 1, WILL) && is_being_somewhere(j, i);
    bool invited = WORD_IN(j, i, COME) && WORD_IN(j, i + 2, SEE);
    return will || invited || (WORD_IN(j, i, MEETING) && WORD_IN(j, i + 1, PLACE));
}

/* "have just got to", "has just left for": arriving or leaving at this moment. */
static bool is_moving(const struct judging *j, size_t i)
{
    static const char *const HAVE[] = {"have", "has", "weve", "theyve", "ive"};
    static const char *const JUST[] = {"just"};
    static const char *const WAYS[] = {"to",  "at",  "in",   "into",   "on",
                                       "off", "for", "from", "through"};
    if (!WORD_IN(j, i, JUST) || i == 0 || !WORD_IN(j, i - 1, HAVE)) {
        return false;
    }
    static const char *const MOVES[] = {
        "got",     "gone",    "come", "left",   "arrived", "reached", "landed",  "pulled",
        "boarded", "checked", "set",  "walked", "driven",  "climbed", "crossed", "stopped"};
    return WORD_IN(j, i + 1, MOVES) && (WORD_IN(j, i + 2, WAYS) || WORD_IN(j, i + 3, WAYS));
}

/* "back at 5", "home by 3.30": when they come, and that they are away. */
static bool is_return(const struct judging *j, size_t i)
{
    static const char *const BACK[] = {"back", "home",       "return",  "returning", "returns",
                                       "due",  "collection", "collect", "pickup",    "pick"};
    static const char *const AT[] = {"at", "by", "around", "about", "for", "up"};
    enum { MOST_BETWEEN = 4 };
    if (!WORD_IN(j, i, BACK) || !WORD_IN(j, i + 1, AT)) {
        return false;
    }
    for (size_t k = i + 2; k < i + 2 + MOST_BETWEEN && judging_join(j, k) <= JOIN_SPACE; k++) {
        if (is_clock(j, k)) {
            return true;
        }
    }
    return false;
}

/* "at Dale Baths", "outside the station", "walk to the church" */
static bool is_place(const struct judging *j, size_t i)
{
    static const char *const AT[] = {"at", "outside"};
    static const char *const GO[] = {"walk", "walks", "go", "goes", "travel", "cycle", "swim"};
    static const char *const TO[] = {"to"};
    static const char *const THE[] = {"the"};
    bool way = WORD_IN(j, i, TO) && i && WORD_IN(j, i - 1, GO);
    return (WORD_IN(j, i, AT) || way) && judging_join(j, i + 1) <= JOIN_SPACE &&
           (WORD_IN(j, i + 1, THE) || (token_is_capital(j, i + 1) && j->r->has_lower));
}

/* "this afternoon", "tomorrow" */
static bool is_later(const struct judging *j, size_t i)
{
    static const char *const LATER[] = {"tomorrow", "tonight"};
    static const char *const THIS[] = {"this"};
    static const char *const TIMES[] = {"afternoon", "evening"};
    return WORD_IN(j, i, LATER) || (WORD_IN(j, i, THIS) && WORD_IN(j, i + 1, TIMES));
}

/* "are on the 10.15 train": whoever is on it is on it now. */
static bool is_riding(const struct judging *j, size_t i)
{
    static const char *const RIDES[] = {"train", "bus",  "coach", "minibus",
                                        "ferry", "boat", "plane", "tram"};
    static const char *const ON[] = {"on"};
    enum { FEW_WORDS = 5 };
    if (!is_being_somewhere(j, i) || !WORD_IN(j, i + 1, ON)) {
        return false;
    }
    for (size_t k = i + 2; k < i + 2 + FEW_WORDS; k++) {
        if (WORD_IN(j, k, RIDES)) {
            return true;
        }
    }
    return false;
}

/* "Currently halfway up Mam Tor": now, and a place, without a verb. */
static bool is_now_somewhere(const struct judging *j, size_t i)
{
    static const char *const NOW[] = {"currently", "now"};
    static const char *const PLACE[] = {"at",   "in",   "on",      "up",     "outside",
                                        "near", "down", "halfway", "aboard", "inside"};
    return WORD_IN(j, i, NOW) && judging_join(j, i + 1) == JOIN_SPACE && WORD_IN(j, i + 1, PLACE) &&
           token_has(j, i, TOKEN_STARTS);
}

static void read_token(const struct judging *j, size_t i, struct presence *p)
{
    bool contracted = reading_token(j->r, i)->n_glyphs > reading_token(j->r, i)->n_folded;
    bool somewhere = is_being_somewhere(j, i) || is_now_somewhere(j, i);
    p->group |= is_group(j, i) || (somewhere && contracted);
    p->soon |= is_riding(j, i) || is_soon(j, i) || (somewhere && contracted && is_away(j, i + 1));
    p->clock |= is_clock(j, i) || is_weekday(j, i);
    p->habit |= is_habit(j, i);
    p->school |= is_school(j, i);
    p->place |= is_place(j, i);
    p->later |= is_later(j, i);
    p->where = is_place(j, i) ? i : p->where;
    p->at = somewhere && p->at == j->r->n_tokens ? i : p->at;
    p->coming = is_coming(j, i) && p->coming == j->r->n_tokens ? i : p->coming;
    p->n_words++;
}

static void review(struct judging *j, size_t i)
{
    struct finding f = {.kind = FINDING_WHEREABOUTS,
                        .judgement = JUDGE_REVIEW,
                        .start = reading_token(j->r, i)->start,
                        .end = reading_token(j->r, i)->end,
                        .person = NO_PERSON};
    buffer_add(&j->findings, &f, sizeof f);
}

/* A few words beside a sentence may hold its time: "We are at the beach. Back at five!", "Today!
 * Year 2 are at the zoo." */
static bool is_aside(const struct presence *p)
{
    enum { FEW_WORDS = 4 };
    return p->soon && p->n_words <= FEW_WORDS;
}

static void judge_sentence(struct judging *j, const struct presence *p,
                           const struct presence *beside)
{
    bool soon = p->soon || is_aside(beside);
    if (p->group && soon && p->at < j->r->n_tokens) {
        review(j, p->at);
    } else if (p->coming < j->r->n_tokens && p->clock && !p->school && (p->group || p->habit)) {
        review(j, p->coming);
    } else if (p->group && p->habit && p->clock && !p->school && p->at < j->r->n_tokens) {
        review(j, p->at); /* "are walking to the library every Wednesday" */
    } else if (p->place && !p->school && p->group && (p->later || (p->habit && p->clock))) {
        review(j, p->where);
    }
}

void judge_presence(struct judging *j)
{
    struct presence last = {.at = j->r->n_tokens, .coming = j->r->n_tokens}, now = last;
    struct presence none = last;
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        if (is_return(j, i) || is_moving(j, i)) {
            review(j, i);
        }
        if (i && judging_join(j, i) == JOIN_SENTENCE) {
            judge_sentence(j, &now, &last);
            judge_sentence(j, &last, &now);
            last = now;
            now = none;
        }
        read_token(j, i, &now);
    }
    judge_sentence(j, &now, &last);
    judge_sentence(j, &last, &now);
}
