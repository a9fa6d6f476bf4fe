/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single names: decision rules 6 (names that are nothing else) and 7 (names that are also words).
 */
#include "judging.h"

/* "Cha rlie": one name in two pieces of which at least one is no word. May be chance: a person
 * looks. */
static bool is_torn(const struct judging *j, size_t i, size_t n, const struct entry *e)
{
    static const enum entry_class WORDS[] = {ENTRY_FUNCTION, ENTRY_WEAK, ENTRY_THING, ENTRY_VERB};
    enum { MIN_TORN_BYTES = 6 };
    if (n != 2 || e->strength != STRENGTH_STRONG || e->n_key < MIN_TORN_BYTES ||
        reading_token(j->r, i + 1)->join != JOIN_SPACE ||
        reading_token(j->r, i + 1)->shape != SHAPE_LOWER) {
        return false;
    }
    bool words = true;
    for (size_t k = i; k < i + n; k++) {
        bool word = false;
        for (size_t c = 0; c < sizeof WORDS / sizeof WORDS[0]; c++) {
            word |= token_is(j, k, WORDS[c]);
        }
        words &= word;
    }
    return !words;
}

/* All that the register knows about one window of tokens. */
struct single {
    bool forename, surname, odd, torn, capitals, any;
    bool initial_after, initial_before;
    enum strength strength; /* the strongest meaning */
    uint32_t person;
};

/* The single letter at `i`, where it may be the initial of a name: "I" and "A" are words unless a
 * dot follows. */
static char initial_at(const struct judging *j, size_t i)
{
    if (!token_is_initial(j, i)) {
        return 0;
    }
    char letter = token_word(j->r, i).at[0];
    bool word = (letter == 'i' || letter == 'a') && !token_has(j, i, TOKEN_DOT);
    return word ? 0 : letter;
}

static struct single look_up(const struct judging *j, size_t i, size_t n)
{
    struct single s = {.strength = STRENGTH_FUNCTION, .person = NO_PERSON};
    struct text key = reading_window(j->r, i, n);
    size_t after = i + n;
    bool near = after < j->r->n_tokens && reading_token(j->r, after)->join <= JOIN_SPACE;
    char after_initial = near ? initial_at(j, after) : 0;
    char before_initial =
        i && reading_token(j->r, i)->join <= JOIN_SPACE ? initial_at(j, i - 1) : 0;
    for (const struct entry *e = NULL; (e = lexicon_next(j->l, key, e));) {
        bool odd;
        if (e->class != ENTRY_FORENAME && e->class != ENTRY_SURNAME) {
            continue;
        }
        if (!window_fits(j->r, i, n, e, JOIN_SPACE, &odd)) {
            s.torn |= is_torn(j, i, n, e);
            continue;
        }
        bool forename = e->class == ENTRY_FORENAME;
        s.person = !s.any || s.person == e->person ? e->person : NO_PERSON;
        s.any = true;
        s.odd |= odd;
        s.forename |= forename;
        s.surname |= !forename;
        s.capitals |= e->capitals;
        s.strength = (enum strength)(e->strength < s.strength ? e->strength : s.strength);
        s.initial_after |= forename && (e->initials & initial_bit(after_initial));
        s.initial_before |= !forename && (e->initials & initial_bit(before_initial));
    }
    return s;
}

static bool is_tagged(const struct judging *j, size_t i)
{
    return j->r->role == TEXT_ROLE_FILE_NAME || token_has(j, i, TOKEN_TAG | TOKEN_LINK);
}

/* A piece of a CamelCase word in running text ("Art" of McArt) is no word by itself. */
static bool is_camel_piece(const struct judging *j, size_t i, size_t n)
{
    bool before = i && reading_token(j->r, i)->join == JOIN_CAMEL;
    bool after = i + n < j->r->n_tokens && reading_token(j->r, i + n)->join == JOIN_CAMEL &&
                 reading_token(j->r, i + n)->shape != SHAPE_DIGITS;
    return !is_tagged(j, i) && (before || after);
}

/* One or two letters: written as a name they are one; otherwise a person looks. */
static enum judgement short_judged(const struct judging *j, size_t i, const struct single *s)
{
    const struct token *t = reading_token(j->r, i);
    if (t->n_folded < 2) {
        return JUDGE_ALLOW;
    }
    if (t->shape == SHAPE_TITLE || (t->shape == SHAPE_CAPS && (s->capitals || !j->r->has_lower))) {
        return JUDGE_BLOCK;
    }
    return JUDGE_REVIEW;
}

static bool try_window(struct judging *j, size_t i, size_t n)
{
    for (size_t k = i; k < i + n; k++) {
        if (token_has(j, k, TOKEN_CLAIMED | TOKEN_MASKED)) {
            return false;
        }
    }
    struct single s = look_up(j, i, n);
    if (!s.any && s.torn) {
        struct finding torn = {
            .kind = FINDING_DISGUISED, .judgement = JUDGE_REVIEW, .person = NO_PERSON};
        judging_claim(j, i, n, torn, FINDING_UNKNOWN);
        return true;
    }
    if (!s.any) {
        return false;
    }
    enum finding_kind form = s.forename ? FINDING_FORENAME : FINDING_SURNAME;
    struct finding f = {.kind = form, .judgement = JUDGE_BLOCK, .person = s.person};
    bool with_initial_joined = s.initial_after && token_is_initial(j, i + n); /* "ChaseT" */
    if (s.strength != STRENGTH_STRONG && !with_initial_joined && is_camel_piece(j, i, n)) {
        return false;
    }
    if (s.strength == STRENGTH_SHORT) {
        f.judgement = s.initial_after ? JUDGE_BLOCK : short_judged(j, i, &s);
    } else if (s.strength != STRENGTH_STRONG) {
        struct doubtful d = {.j = j,
                             .i = i,
                             .n = n,
                             .strength = s.strength,
                             .forename = s.forename,
                             .surname = s.surname,
                             .initial_after = s.initial_after,
                             .initial_before = s.initial_before};
        f.judgement = doubtful_judged(&d);
        f.kind = f.judgement == JUDGE_REVIEW ? FINDING_WEAK_NAME : form;
    }
    if (f.judgement == JUDGE_ALLOW) {
        return false;
    }
    bool shop = s.strength == STRENGTH_STRONG && (is_business(j, i, n) || is_work(j, i, n));
    if (!s.odd && (shop || is_office_holder(j, i))) {
        /* "Rosa's Thai Cafe" is a shop, or a corner of the classroom; "PC Davies" a visitor, or a
         * child dressed up */
        f.judgement = JUDGE_REVIEW;
    }
    if (s.odd) {
        f.kind = FINDING_DISGUISED;
    }
    judging_claim(j, i, n, f, s.odd ? FINDING_UNKNOWN : form);
    for (size_t k = i; f.kind == FINDING_WEAK_NAME && k < i + n; k++) {
        reading_token(j->r, k)->flags |= TOKEN_DOUBTED;
    }
    return true;
}

/* "Mo R.", "J Smith": the initial goes with the name. */
static size_t with_initial(struct judging *j, size_t i, size_t n)
{
    size_t after = i + n;
    if (after < j->r->n_tokens && reading_token(j->r, after)->join <= JOIN_SPACE &&
        initial_at(j, after)) {
        reading_token(j->r, after)->flags |= TOKEN_CLAIMED;
        return n + 1;
    }
    return n;
}

void judge_names(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens;) {
        size_t n = window_limit(j, i);
        while (n && !try_window(j, i, n)) {
            n--;
        }
        i += n ? with_initial(j, i, n) : 1;
    }
}
