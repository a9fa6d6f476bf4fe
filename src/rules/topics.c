/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules/topics.h"

#include <string.h>

#include <unicode/uchar.h>

enum { MAX_WORDS = 24, MAX_PHRASE_WORDS = 8, LONGEST_CLASS_BYTES = 5 };

/* ---- what the index learns ------------------------------------------------------------------- */

/* The lists, and what they are good for here. A list that a policy does not have knows nothing. */
static const struct {
    const char *list;
    enum key_kind kind;
} LISTS[] = {
    {"topics", KEY_TOPIC},
    {"safe-phrases", KEY_TOPIC},
    {"acronyms", KEY_TOPIC},
    {"things", KEY_TOPIC_WORD},
    {"place-nouns", KEY_TOPIC_WORD},
    {"people-words", KEY_TOPIC_WORD},
    {"person-verbs", KEY_TOPIC_WORD},
    {"proper-words", KEY_TOPIC_WORD},
    {"praise", KEY_TOPIC_WORD},
    {"function-words", KEY_TOPIC_WORD},
    {"weak-names", KEY_WEAK_WORD},
    {"common-forenames", KEY_COMMON_FORENAME},
};

/* (policy_words does the same; policy stands above this room.) */
static struct word_list list_of(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->n_lists; i++) {
        if (text_equal(policy->lists[i].name, text_of(name))) {
            return policy->lists[i];
        }
    }
    return (struct word_list){.name = TEXT_NONE};
}

static enum status add_phrase(struct person_index *x, enum key_kind kind, struct text phrase,
                              struct buffer *b, struct err *err)
{
    /* "#SportsDay" */
    for (int squeeze = 0, most = kind == KEY_TOPIC ? 1 : 0; squeeze <= most; squeeze++) {
        enum status st = fold_key(phrase, squeeze, b, err);
        if (st == STATUS_OK) {
            struct text folded = {(const char *)b->at, b->n};
            st = person_index_add(x, kind, NO_PERSON, folded, err);
        }
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

enum status person_index_learn_topics(struct person_index *x, const struct policy *policy,
                                      struct err *err)
{
    struct buffer b;
    enum status st = STATUS_OK;
    buffer_init(&b, (size_t)64 * 1024);
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++) {
        struct word_list list = list_of(policy, LISTS[i].list);
        for (size_t k = 0; st == STATUS_OK && k < list.n_words; k++) {
            struct text rest;
            st = add_phrase(x, LISTS[i].kind, text_cut(list.words[k], '\t', &rest), &b, err);
        }
    }
    for (size_t i = 0; st == STATUS_OK && i < x->snapshot->n_people; i++) {
        const struct person *p = &x->snapshot->people[i];
        st = p->reg_group.n ? add_phrase(x, KEY_TOPIC, p->reg_group, &b, err) : st;
        if (st == STATUS_OK && p->year_group.n) {
            st = add_phrase(x, KEY_TOPIC, p->year_group, &b, err);
        }
    }
    buffer_release(&b);
    person_index_sort(x);
    return st;
}

/* ---- one keyword ----------------------------------------------------------------------------- */

static bool has(const struct person_index *x, enum key_kind kind, struct text t)
{
    return person_index_find(x, kind, t).n > 0;
}

/* In one number or the other: "cake" for "cakes", "trips" for "trip". */
static bool has_either_number(const struct person_index *x, enum key_kind kind, struct text t)
{
    char plural[128];
    if (has(x, kind, t)) {
        return true;
    }
    if (t.n > 3 && t.at[t.n - 1] == 's' &&
        (has(x, kind, text_slice(t, 0, t.n - 1)) ||
         (t.at[t.n - 2] == 'e' && has(x, kind, text_slice(t, 0, t.n - 2))))) {
        return true;
    }
    if (t.n < 3 || t.n + 1 > sizeof plural) {
        return false;
    }
    memcpy(plural, t.at, t.n);
    plural[t.n] = 's';
    return has(x, kind, (struct text){plural, t.n + 1});
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "2026", "12th", "4b", "y4", "ks2": a number with few letters. A letter by itself is nobody. */
static bool is_number(struct text word)
{
    size_t n_digits = 0;
    for (size_t i = 0; i < word.n; i++) {
        n_digits += is_digit(word.at[i]);
    }
    return n_digits == word.n || word.n == 1 || (n_digits && word.n <= LONGEST_CLASS_BYTES);
}

static bool is_lower_case(struct text t)
{
    for (size_t i = 0; i < t.n;) {
        UChar32 c = (UChar32)text_next(t, &i);
        if (u_isupper(c) || u_istitle(c)) {
            return false;
        }
    }
    return true;
}

struct cover {
    const struct person_index *index;
    struct text words[MAX_WORDS];
    size_t n;
    bool is_lower;
    size_t n_sure;                           /* words that cannot be a name */
    size_t n_numbers, n_topics, n_forenames; /* of the topics and forenames each by itself */
};

static bool cut(struct cover *c, struct text folded)
{
    while (folded.n) {
        struct text word = text_cut(folded, ' ', &folded);
        if (c->n == MAX_WORDS) {
            return false;
        }
        c->words[c->n++] = word;
    }
    return c->n > 0;
}

/* Words `from` to `to`, which stand one behind the other in one text. */
static struct text phrase(const struct cover *c, size_t from, size_t to)
{
    const char *end = c->words[to - 1].at + c->words[to - 1].n;
    return (struct text){c->words[from].at, (size_t)(end - c->words[from].at)};
}

/* How many words from `at` on are a topic; 0 when none is. */
static size_t step(struct cover *c, size_t at)
{
    size_t most = c->n - at < MAX_PHRASE_WORDS ? c->n - at : MAX_PHRASE_WORDS;
    for (size_t n = most; n > 1; n--) {
        if (has_either_number(c->index, KEY_TOPIC, phrase(c, at, at + n))) {
            c->n_sure += n;
            return n;
        }
    }
    struct text word = c->words[at];
    bool is_topic = has_either_number(c->index, KEY_TOPIC, word);
    bool is_weak = has(c->index, KEY_WEAK_WORD, word);
    bool is_forename = has(c->index, KEY_COMMON_FORENAME, word);
    if (is_number(word)) {
        c->n_numbers++;
        return 1;
    }
    if (is_forename && !c->is_lower && !is_topic) {
        return 0;
    }
    c->n_topics += is_topic;
    c->n_forenames += is_forename;
    c->n_sure += !is_weak && !is_forename;
    return is_topic || has_either_number(c->index, KEY_TOPIC_WORD, word) ||
           (is_weak && c->is_lower);
}

bool topic_is_known(const struct person_index *index, struct text written, struct text folded)
{
    struct cover c = {.index = index, .is_lower = is_lower_case(written)};
    if (folded.n == 0 || has_either_number(index, KEY_TOPIC, folded)) {
        return true;
    }
    if (!cut(&c, folded)) {
        return false;
    }
    for (size_t at = 0; at < c.n;) {
        size_t n = step(&c, at);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    /* "Farm Trip" and "June 2026" are topics side by side; "Summer Woods" may be a child. */
    bool is_of_topics = c.n_numbers + c.n_topics == c.n && (c.n_topics <= 1 || !c.n_forenames);
    return c.is_lower || c.n_sure > 0 || is_of_topics;
}
