/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names run together: decision rule 9. "#proudofchidinma", "saoirseoneill.jpg". */
#include "judging.h"

enum {
    MIN_WHOLE = 4,  /* letters of a name at an end of the run: a person looks */
    MIN_INSIDE = 6, /* letters of a name anywhere in it: long enough to be no chance */
    MIN_AT_END = 5, /* letters of a full name that ends a tag */
    MAX_INSIDE = 32,
    MAX_FULL = 48 /* of a full name, across the pieces of a tag */
};

/* A name that is nothing else, written as one word here. */
static const struct entry *strong_name(const struct judging *j, struct text letters)
{
    for (const struct entry *e = NULL; (e = lexicon_next(j->l, letters, e));) {
        bool name =
            e->class == ENTRY_FULL_NAME || e->class == ENTRY_FORENAME || e->class == ENTRY_SURNAME;
        if (name && e->strength == STRENGTH_STRONG) {
            return e;
        }
    }
    return NULL;
}

/* Every stretch of the word that is a name: each start, each length up to MAX_INSIDE; linear in the
 * word. */
static void judge_run_together(struct judging *j, size_t i)
{
    struct text word = token_word(j->r, i);
    struct finding f = {.kind = FINDING_FORENAME, .judgement = JUDGE_ALLOW, .person = NO_PERSON};
    for (size_t from = 0; from + MIN_WHOLE <= word.n; from++) {
        for (size_t n = MIN_WHOLE; n <= MAX_INSIDE && from + n <= word.n; n++) {
            bool at_end = from == 0 || from + n == word.n;
            const struct entry *e =
                n >= MIN_INSIDE || at_end ? strong_name(j, text_slice(word, from, n)) : NULL;
            if (!e) {
                continue;
            }
            enum judgement judged = n >= MIN_INSIDE ? JUDGE_BLOCK : JUDGE_REVIEW;
            if (judged < f.judgement) {
                f.judgement = judged;
                f.person = e->person;
                f.kind = e->class == ENTRY_FULL_NAME ? FINDING_FULL_NAME
                         : e->class == ENTRY_SURNAME ? FINDING_SURNAME
                                                     : FINDING_FORENAME;
            }
        }
    }
    if (f.judgement != JUDGE_ALLOW) {
        judging_claim(j, i, 1, f, f.kind);
    }
}

static bool is_tagged(const struct judging *j, size_t i)
{
    return j->r->role == TEXT_ROLE_FILE_NAME || token_has(j, i, TOKEN_TAG | TOKEN_LINK);
}

static bool holds_full_name(const struct judging *j, struct text word)
{
    for (size_t from = 0; from + MIN_AT_END <= word.n; from++) {
        for (size_t n = MIN_AT_END; n <= MAX_FULL && from + n <= word.n; n++) {
            if (n < MIN_INSIDE && from + n < word.n) {
                continue;
            }
            const struct entry *e = strong_name(j, text_slice(word, from, n));
            if (e && e->class == ENTRY_FULL_NAME) {
                return true;
            }
        }
    }
    return false;
}

/* "#goiVYcARTWRIGHT": capitals in odd places cut a tag into pieces that hold no name, but the whole
 * does. Returns the tokens of the tag. */
static size_t judge_whole_tag(struct judging *j, size_t i)
{
    size_t n = 1;
    bool claimed = token_has(j, i, TOKEN_CLAIMED);
    while (i + n < j->r->n_tokens && judging_join(j, i + n) <= JOIN_GLUE && is_tagged(j, i + n)) {
        claimed |= token_has(j, i + n, TOKEN_CLAIMED);
        n++;
    }
    if (n > 1 && !claimed && holds_full_name(j, reading_window(j->r, i, n))) {
        struct finding f = {
            .kind = FINDING_DISGUISED, .judgement = JUDGE_BLOCK, .person = NO_PERSON};
        judging_claim(j, i, n, f, FINDING_UNKNOWN);
    }
    return n;
}

void judge_tags(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens;) {
        i += is_tagged(j, i) ? judge_whole_tag(j, i) : 1;
    }
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        const struct token *t = reading_token(j->r, i);
        if (is_tagged(j, i) && !(t->flags & (TOKEN_CLAIMED | TOKEN_MASKED)) &&
            t->shape != SHAPE_DIGITS) {
            judge_run_together(j, i);
        }
    }
}
