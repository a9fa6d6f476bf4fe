/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is harmless here although it looks like a name: staff (decision rule 4), safe phrases and
 * houses (rule 5). */
#include "judging.h"

static void mask(struct judging *j, size_t i, size_t n)
{
    for (size_t k = i; k < i + n; k++) {
        reading_token(j->r, k)->flags |= TOKEN_MASKED;
    }
}

/* A member of staff stands at tokens [i, i + n): what policy says about that. */
static void staff_found(struct judging *j, size_t i, size_t n, bool doubtful)
{
    enum staff_names policy = j->l->policy->staff;
    struct finding f = {.kind = FINDING_STAFF, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
    mask(j, i, n);
    if (policy == STAFF_ALLOW && !doubtful) {
        return;
    }
    if (policy != STAFF_ALLOW && policy != STAFF_HOLD) {
        f.judgement = JUDGE_BLOCK;
    }
    judging_claim(j, i, n, f, FINDING_UNKNOWN);
}

static size_t single_at(const struct judging *j, size_t i, enum entry_class class)
{
    return i < j->r->n_tokens && reading_token(j->r, i)->join <= JOIN_SPACE ? phrase_at(j, i, class)
                                                                            : 0;
}

static bool any_claimed(const struct judging *j, size_t i, size_t n)
{
    for (size_t k = i; k < i + n; k++) {
        if (token_has(j, k, TOKEN_CLAIMED)) {
            return true;
        }
    }
    return false;
}

/* How many tokens the safe phrase has that covers a title and the word behind it; 0 without one.
 * "Fantastic Mr Fox" is nobody's father, "Dr King" may be somebody's mother. */
static size_t safe_phrase_over(const struct judging *j, size_t title)
{
    enum { MOST_BEFORE = 3 };
    size_t first = title > MOST_BEFORE ? title - MOST_BEFORE : 0;
    for (size_t i = first; i <= title; i++) {
        size_t n = phrase_at(j, i, ENTRY_SAFE);
        if (i + n > title + 1) {
            return n;
        }
    }
    return 0;
}

/* After a title: a member of staff by surname, forename or both, or else a pupil's family. Returns
 * the tokens used. */
static size_t after_title(struct judging *j, size_t i)
{
    size_t n = single_at(j, i, ENTRY_STAFF_FULL);
    if (n == 0) {
        n = single_at(j, i, ENTRY_STAFF_SURNAME);
    }
    if (n == 0 && token_is_initial(j, i)) {
        n = single_at(j, i + 1, ENTRY_STAFF_SURNAME);
        n += n ? 1 : 0;
    }
    if (n == 0 && !token_is_capital(j, i + 1)) {
        n = single_at(j, i, ENTRY_STAFF_FORENAME);
    }
    if (n) {
        staff_found(j, i, n, false);
        return n;
    }
    size_t skip = token_is_initial(j, i) ? 1 : 0;
    n = single_at(j, i + skip, ENTRY_SURNAME);
    const struct entry *e =
        n ? lexicon_find(j->l, reading_window(j->r, i + skip, n), ENTRY_SURNAME) : NULL;
    bool strong = e && e->strength == STRENGTH_STRONG;
    if (e && (strong || token_is_capital(j, i + skip) || !j->r->has_upper)) {
        struct finding f = {.kind = FINDING_PARENT, .judgement = JUDGE_BLOCK, .person = NO_PERSON};
        bool visitor = is_office_holder(j, i);
        f.judgement = visitor || (i && safe_phrase_over(j, i - 1)) ? JUDGE_REVIEW : JUDGE_BLOCK;
        judging_claim(j, i, skip + n, f, FINDING_UNKNOWN);
        return skip + n;
    }
    return 0;
}

/* "A. Whitfield": staff by initial and surname; in doubt when a pupil shares both. */
static bool staff_by_initial(struct judging *j, size_t i)
{
    size_t n = token_is_initial(j, i) ? single_at(j, i + 1, ENTRY_STAFF_SURNAME) : 0;
    if (n == 0 || any_claimed(j, i, n + 1)) {
        return false;
    }
    struct text key = reading_window(j->r, i + 1, n);
    char initial = token_word(j->r, i).at[0];
    bool staff = false, pupil = false;
    for (const struct entry *e = NULL; (e = lexicon_next(j->l, key, e));) {
        staff = staff || (e->class == ENTRY_STAFF_SURNAME && (e->initials & initial_bit(initial)));
        pupil = pupil || e->class == ENTRY_SURNAME;
    }
    if (staff) {
        staff_found(j, i, n + 1, pupil);
    }
    return staff;
}

void judge_staff(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        if (token_is(j, i, ENTRY_TITLE) && !token_has(j, i, TOKEN_CLAIMED) &&
            safe_phrase_over(j, i) <= 2 && i + 1 < j->r->n_tokens &&
            !token_has(j, i + 1, TOKEN_CLAIMED)) {
            size_t n = after_title(j, i + 1);
            if (n) {
                mask(j, i, 1);
                i += n;
                continue;
            }
        }
        size_t n = phrase_at(j, i, ENTRY_STAFF_FULL);
        if (n > 1 && !any_claimed(j, i, n)) {
            staff_found(j, i, n, false);
            i += n - 1;
        } else {
            (void)staff_by_initial(j, i);
        }
    }
}

/* Token `i` is one of the words, folded. */
static bool word_is(const struct judging *j, size_t i, const char *word)
{
    return i < j->r->n_tokens && text_equal(token_word(j->r, i), text_of(word));
}

/* "Nightingale House", "Team Wren", "Wren, Nightingale and Turing": a house's name is a house's
 * beside the word or another house. */
static bool is_house_here(const struct judging *j, size_t i, size_t n)
{
    size_t next = i + n;
    static const char *const WORDS[] = {"house", "houses", "team"};
    for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++) {
        if (word_is(j, next, WORDS[k]) || (i && word_is(j, i - 1, WORDS[k]))) {
            return true;
        }
    }
    static const char *const POINTS[] = {"points", "point", "pts"};
    if (WORD_IN(j, next + 1, POINTS) && reading_token(j->r, next)->shape == SHAPE_DIGITS) {
        return true;
    }
    next += word_is(j, next, "and") ? 1 : 0;
    size_t before = i;
    before -= before && word_is(j, before - 1, "and") ? 1 : 0;
    return phrase_at(j, next, ENTRY_HOUSE) > 0 || (before && token_is(j, before - 1, ENTRY_HOUSE));
}

/* "George and the dragon he made": a phrase that goes on as a sentence about somebody is no title.
 */
static bool goes_on(const struct judging *j, size_t next)
{
    static const char *const WORDS[] = {"he", "she", "they", "who", "his", "her"};
    return judging_join(j, next) == JOIN_SPACE && WORD_IN(j, next, WORDS);
}

/* "May, you won": the comma makes a name of what else would be a wish. */
static bool is_spoken_to(const struct judging *j, size_t i, size_t n)
{
    return n > 1 && judging_join(j, i + 1) == JOIN_COMMA && word_is(j, i + 1, "you");
}

void judge_masks(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        size_t n = phrase_at(j, i, ENTRY_SAFE);
        if (n && !any_claimed(j, i, n) && !is_spoken_to(j, i, n) &&
            !(token_is(j, i, ENTRY_FORENAME) && goes_on(j, i + n))) {
            mask(j, i, n);
            i += n - 1;
            continue;
        }
        n = phrase_at(j, i, ENTRY_HOUSE);
        if (n && !any_claimed(j, i, n) && is_house_here(j, i, n)) {
            mask(j, i, n);
            i += n - 1;
        }
    }
}
