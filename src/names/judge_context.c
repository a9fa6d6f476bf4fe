/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sentence is about: children who are not on the register (decision rule 10), sensitive
 * facts and whereabouts (rule 11). */
#include "judging.h"

static void review(struct judging *j, size_t i, size_t n, enum finding_kind kind)
{
    struct finding f = {.kind = kind,
                        .judgement = JUDGE_REVIEW,
                        .start = reading_token(j->r, i)->start,
                        .end = reading_token(j->r, i + n - 1)->end,
                        .person = NO_PERSON};
    buffer_add(&j->findings, &f, sizeof f);
}

static void claim_phrase(struct judging *j, size_t i, enum entry_class class,
                         enum finding_kind kind)
{
    size_t n = phrase_at(j, i, class);
    if (n && !token_has(j, i, TOKEN_MASKED)) {
        review(j, i, n, kind);
    }
}

/* "Welcome to our school, Kofi!": called by name at the end of a sentence. */
static bool is_addressed(const struct judging *j, size_t i)
{
    return i && judging_join(j, i) == JOIN_COMMA && judging_join(j, i + 1) == JOIN_SENTENCE;
}

/* "birthday girl Ottoline", "our new starter Tarquin": whatever stands here in capitals is a
 * child's name. */
static bool is_introduced(const struct judging *j, size_t i)
{
    static const char *const CHILDREN[] = {"boy",    "girl",    "starter", "starters",  "pupil",
                                           "pupils", "student", "child",   "classmate", "arrival"};
    static const char *const NEW[] = {"new", "birthday", "newest", "youngest", "oldest"};
    static const char *const BE[] = {"is", "are", "s"};
    size_t at = i;
    if (at && WORD_IN(j, at - 1, BE)) {
        at--;
    }
    return at > 1 && judging_join(j, i) <= JOIN_COMMA && WORD_IN(j, at - 1, CHILDREN) &&
           WORD_IN(j, at - 2, NEW);
}

/* A forename that nobody on the register has, where a child is spoken of. */
static bool is_other_child(const struct judging *j, size_t i)
{
    static const char *const AGES[] = {"aged", "age"};
    bool written_so = reading_token(j->r, i)->shape == SHAPE_TITLE &&
                      reading_token(j->r, i)->n_glyphs > 1 &&
                      !token_has(j, i, TOKEN_CLAIMED | TOKEN_MASKED | TOKEN_LINK);
    bool word = token_is(j, i, ENTRY_FUNCTION) || token_is(j, i, ENTRY_PERSON_WORD);
    if (written_so && !word &&
        (is_introduced(j, i) ||
         (judging_join(j, i + 1) <= JOIN_PUNCT && WORD_IN(j, i + 1, AGES)))) {
        return true;
    }
    if (!written_so || !token_is(j, i, ENTRY_COMMON_FORENAME)) {
        return false;
    }
    struct doubtful d = {.j = j, .i = i, .n = 1, .strength = STRENGTH_PROPER, .forename = true};
    return phrase_before(j, i, ENTRY_STARTER) || is_addressed(j, i) ||
           doubtful_judged(&d) == JUDGE_BLOCK;
}

/* What one sentence says of where children are. */
struct presence {
    bool group; /* we, Year 4, the children */
    bool soon;  /* now, tomorrow, next Tuesday */
    size_t at;  /* the token of "are at"; n_tokens = none */
};

static bool is_group(const struct judging *j, size_t i)
{
    static const char *const GROUPS[] = {"we",    "they",      "children", "pupils",   "class",
                                         "year",  "reception", "nursery",  "everyone", "everybody",
                                         "coach", "students",  "ks1",      "ks2",      "eyfs"};
    return WORD_IN(j, i, GROUPS) || token_is(j, i, ENTRY_CLASS);
}

/* "now", "tomorrow", "this afternoon", "next Tuesday" */
static bool is_soon(const struct judging *j, size_t i)
{
    static const char *const NOW[] = {"now", "tomorrow", "tonight", "today", "currently"};
    static const char *const NEAR[] = {"this", "next", "tomorrow"};
    static const char *const TIMES[] = {"morning",  "afternoon", "evening",   "week",     "weekend",
                                        "monday",   "tuesday",   "wednesday", "thursday", "friday",
                                        "saturday", "sunday",    "lunchtime"};
    return WORD_IN(j, i, NOW) || (WORD_IN(j, i, NEAR) && WORD_IN(j, i + 1, TIMES));
}

/* "are at", "will be swimming at", "are all still on": being or doing, then a place. */
static bool is_being_somewhere(const struct judging *j, size_t i)
{
    static const char *const BE[] = {"are", "be", "were", "theyre", "is"};
    static const char *const FILL[] = {"now",   "all",  "currently", "still", "just", "already",
                                       "here",  "off",  "out",       "away",  "back", "both",
                                       "today", "over", "up",        "down"};
    static const char *const PLACE[] = {"at", "in", "on", "to", "outside", "inside", "near"};
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
        if (WORD_IN(j, k, PLACE)) {
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

/* One sentence from `i` on: tells of it when a group is somewhere now or soon. Returns the token
 * behind it. */
static size_t judge_presence(struct judging *j, size_t i)
{
    size_t first = i;
    struct presence p = {.at = j->r->n_tokens};
    for (; i < j->r->n_tokens && (i == first || judging_join(j, i) != JOIN_SENTENCE); i++) {
        bool contracted = reading_token(j->r, i)->n_glyphs > reading_token(j->r, i)->n_folded;
        bool somewhere = is_being_somewhere(j, i);
        p.group |= is_group(j, i) || (somewhere && contracted);
        p.soon |= is_soon(j, i) || (somewhere && contracted && is_away(j, i + 1));
        if (somewhere && p.at == j->r->n_tokens) {
            p.at = i;
        }
    }
    if (p.group && p.soon && p.at < j->r->n_tokens) {
        review(j, p.at, 1, FINDING_WHEREABOUTS);
    }
    return i;
}

void judge_context(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        claim_phrase(j, i, ENTRY_SENSITIVE, FINDING_SENSITIVE);
        claim_phrase(j, i, ENTRY_WHEREABOUTS, FINDING_WHEREABOUTS);
        if (is_other_child(j, i)) {
            struct finding f = {
                .kind = FINDING_UNREGISTERED, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
            judging_claim(j, i, 1, f, FINDING_UNKNOWN);
        }
    }
    for (size_t i = 0; i < j->r->n_tokens;) {
        i = judge_presence(j, i);
    }
}
