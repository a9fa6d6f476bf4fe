/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names spelt wrongly: two words side by side that are one pupil's name but for a slip, and a word
 * that sounds like a name. A person looks; nothing here clears or blocks. */
#include <string.h>

#include "judging.h"
#include "near.h"

/* A word that may be a misspelt name: written like one, and nothing else that we know. */
static bool may_be_name(const struct judging *j, size_t i)
{
    static const enum entry_class KNOWN[] = {
        ENTRY_WEAK,  ENTRY_PROPER,        ENTRY_FUNCTION,   ENTRY_THING,
        ENTRY_VERB,  ENTRY_TITLE,         ENTRY_ACRONYM,    ENTRY_CLASS,
        ENTRY_HOUSE, ENTRY_STAFF_SURNAME, ENTRY_PLACE_NOUN, ENTRY_STAFF_FORENAME};
    if (i >= j->r->n_tokens || token_has(j, i, TOKEN_CLAIMED | TOKEN_MASKED | TOKEN_LINK) ||
        !token_is_capital(j, i)) {
        return false;
    }
    for (size_t k = 0; k < sizeof KNOWN / sizeof KNOWN[0]; k++) {
        if (token_is(j, i, KNOWN[k])) {
            return false;
        }
    }
    return true;
}

/* The spellings to try for token `i`: its own and those one slip away. */
static size_t spellings_of(const struct judging *j, size_t i, struct text out[MAX_NEAR + 1])
{
    const struct entry *near[MAX_NEAR];
    size_t n = near_find(j->l, token_word(j->r, i), near);
    out[0] = token_word(j->r, i);
    for (size_t k = 0; k < n; k++) {
        out[k + 1] = lexicon_key(j->l, near[k]);
    }
    return n + 1;
}

static bool is_full_name(const struct judging *j, struct text first, struct text second)
{
    char both[MAX_KEY_BYTES];
    if (first.n + second.n > sizeof both) {
        return false;
    }
    memcpy(both, first.at, first.n);
    memcpy(both + first.n, second.at, second.n);
    return lexicon_find(j->l, (struct text){both, first.n + second.n}, ENTRY_FULL_NAME) != NULL;
}

/* "Chidima Okonkow" */
static bool judge_pair(struct judging *j, size_t i)
{
    struct text first[MAX_NEAR + 1], second[MAX_NEAR + 1];
    if (judging_join(j, i + 1) > JOIN_COMMA || !may_be_name(j, i) || !may_be_name(j, i + 1)) {
        return false;
    }
    size_t n_first = spellings_of(j, i, first);
    size_t n_second = spellings_of(j, i + 1, second);
    for (size_t a = 0; a < n_first; a++) {
        for (size_t b = a == 0 ? 1 : 0; b < n_second; b++) {
            if (is_full_name(j, first[a], second[b])) {
                struct finding f = {
                    .kind = FINDING_FULL_NAME, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
                judging_claim(j, i, 2, f, FINDING_FULL_NAME);
                return true;
            }
        }
    }
    return false;
}

static void judge_sound(struct judging *j, size_t i)
{
    const struct entry *e = may_be_name(j, i) ? near_sound(j->l, token_word(j->r, i)) : NULL;
    if (e) {
        enum finding_kind kind = e->class == ENTRY_FORENAME ? FINDING_FORENAME : FINDING_SURNAME;
        struct finding f = {.kind = kind, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
        judging_claim(j, i, 1, f, kind);
    }
}

/* "Kaleigh" for Kayleigh: one slip from a long forename that is nothing else, in a word that no
 * list knows. */
static void judge_slip(struct judging *j, size_t i)
{
    enum { FEWEST_LETTERS = 6 };
    const struct entry *near[MAX_NEAR];
    struct text word = token_word(j->r, i);
    if (!may_be_name(j, i) || word.n < FEWEST_LETTERS || j->r->role != TEXT_ROLE_CAPTION ||
        token_has(j, i, TOKEN_TAG) || !is_unknown(j, i)) {
        return;
    }
    size_t n = near_find(j->l, word, near);
    for (size_t k = 0; k < n; k++) {
        struct text name = lexicon_key(j->l, near[k]);
        if (near[k]->class == ENTRY_FORENAME && name.n >= FEWEST_LETTERS &&
            name.at[0] == word.at[0]) {
            struct finding f = {
                .kind = FINDING_FORENAME, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
            judging_claim(j, i, 1, f, FINDING_FORENAME);
            return;
        }
    }
}

void judge_near(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        if (judge_pair(j, i)) {
            i++;
        } else {
            judge_sound(j, i);
            judge_slip(j, i);
        }
    }
}
