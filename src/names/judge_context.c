/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sentence is about: children who are not on the register (decision rule 10), sensitive
 * facts and phrases of whereabouts (rule 11). */
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
    static const char *const BABY[] = {"baby"};
    size_t at = i;
    if (at && judging_join(j, i) == JOIN_SPACE && WORD_IN(j, at - 1, BABY)) {
        return true;
    }
    if (at && WORD_IN(j, at - 1, BE)) {
        at--;
    }
    return at > 1 && judging_join(j, i) <= JOIN_COMMA && WORD_IN(j, at - 1, CHILDREN) &&
           WORD_IN(j, at - 2, NEW);
}

/* "Reverend Pauline", "Chef Marco": a grown-up, not on the staff list. */
static bool is_grown_up(const struct judging *j, size_t i)
{
    static const char *const ROLES[] = {
        "reverend",    "rev",        "vicar",    "canon",       "pastor",     "father",   "imam",
        "rabbi",       "chef",       "coach",    "nurse",       "officer",    "pc",       "author",
        "illustrator", "councillor", "cllr",     "mayor",       "constable",  "farmer",   "dj",
        "santa",       "poet",       "olympian", "paralympian", "footballer", "novelist", "ranger",
        "captain",     "king",       "queen",    "prince",      "princess",   "saint",    "st",
        "san",         "santa"};
    return i && judging_join(j, i) <= JOIN_COMMA && WORD_IN(j, i - 1, ROLES);
}

/* "by Sarah Crossan": forename and surname of nobody here, who wrote or painted something. */
static bool is_makers(const struct judging *j, size_t i)
{
    static const char *const BY[] = {"by"};
    size_t next = i + 1;
    return i && WORD_IN(j, i - 1, BY) && judging_join(j, next) == JOIN_SPACE &&
           reading_token(j->r, next)->shape == SHAPE_TITLE &&
           reading_token(j->r, next)->n_glyphs > 1 && !token_has(j, next, TOKEN_CLAIMED);
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
    if (!written_so || !token_is(j, i, ENTRY_COMMON_FORENAME) || is_grown_up(j, i) ||
        is_animals_name(j, i, 1) || is_business(j, i, 1)) {
        return false;
    }
    /* A word or a place that is a forename too says less than one that is nothing else. */
    bool other = token_is(j, i, ENTRY_WEAK) || token_is(j, i, ENTRY_PROPER) ||
                 token_is(j, i, ENTRY_THING) || token_is(j, i, ENTRY_STAFF_FORENAME);
    struct doubtful d = {.j = j,
                         .i = i,
                         .n = 1,
                         .strength = other ? STRENGTH_PROPER : STRENGTH_WEAK,
                         .forename = true};
    if (phrase_before(j, i, ENTRY_STARTER) || is_addressed(j, i)) {
        return true;
    }
    /* "Lottie has left us" */
    static const char *const BE[] = {"has", "is", "was", "had", "will", "can"};
    if (!other && token_has(j, i, TOKEN_STARTS) && judging_join(j, i + 1) == JOIN_SPACE &&
        WORD_IN(j, i + 1, BE)) {
        return true;
    }
    return doubtful_judged(&d) == JUDGE_BLOCK && !is_makers(j, i);
}

/* "he", "our pupil", "the boy": not "your child", "all children". */
static bool points_at_child(const struct judging *j, size_t i)
{
    static const char *const CHILD[] = {
        "he",       "she",     "his",    "her",     "him",      "boy",      "girl",    "child",
        "children", "pupil",   "pupils", "student", "students", "group",    "learner", "kids",
        "twin",     "brother", "sister", "son",     "learners", "daughter", "arrivals"};
    static const char *const ANY[] = {"your", "any", "all", "every", "each", "some", "other"};
    return WORD_IN(j, i, CHILD) &&
           !(i && judging_join(j, i) <= JOIN_SPACE && WORD_IN(j, i - 1, ANY));
}

/* A condition, and in the same sentence somebody who has it. */
static void judge_conditions(struct judging *j)
{
    bool child = false;
    size_t at = 0, n = 0;
    for (size_t i = 0; i <= j->r->n_tokens; i++) {
        if (judging_join(j, i) == JOIN_SENTENCE) {
            if (child && n) {
                review(j, at, n, FINDING_SENSITIVE);
            }
            child = false;
            n = 0;
        }
        if (i == j->r->n_tokens || token_has(j, i, TOKEN_MASKED)) {
            continue;
        }
        child |= points_at_child(j, i);
        size_t found = n ? 0 : phrase_at(j, i, ENTRY_CONDITION);
        at = found ? i : at;
        n = found ? found : n;
    }
}

void judge_context(struct judging *j)
{
    judge_conditions(j);
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        claim_phrase(j, i, ENTRY_SENSITIVE, FINDING_SENSITIVE);
        claim_phrase(j, i, ENTRY_WHEREABOUTS, FINDING_WHEREABOUTS);
        if (is_other_child(j, i)) {
            struct finding f = {
                .kind = FINDING_UNREGISTERED, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
            judging_claim(j, i, 1, f, FINDING_UNKNOWN);
        }
    }
}
