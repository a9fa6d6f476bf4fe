/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules/person_index.h"

#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"

enum { FIRST_KEYS = 256, MAX_KEY_BYTES = 64 * 1024, SHORTEST_PART = 3 };

static int compare_keys(const struct key *a, const struct key *b)
{
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return text_compare(a->folded, b->folded);
}

static int compare_for_sort(const void *x, const void *y)
{
    const struct key *a = x, *b = y;
    int order = compare_keys(a, b);
    return order ? order : (a->person > b->person) - (a->person < b->person);
}

enum status fold_key(struct text t, bool squeeze, struct buffer *out, struct err *err)
{
    buffer_reset(out);
    enum status st = name_fold(t, out, err);
    st = st == STATUS_OK ? buffer_status(out, err) : st;
    if (st == STATUS_OK && squeeze) {
        size_t n = 0;
        for (size_t i = 0; i < out->n; i++) {
            if (out->at[i] != ' ') {
                out->at[n++] = out->at[i];
            }
        }
        out->n = n;
    }
    return st;
}

enum status person_index_add(struct person_index *x, enum key_kind kind, uint32_t person,
                             struct text folded, struct err *err)
{
    if (folded.n == 0) {
        return STATUS_OK;
    }
    if (x->n_keys == x->cap) {
        size_t cap = x->cap ? x->cap * 2 : FIRST_KEYS;
        struct key *keys = reallocarray(x->keys, cap, sizeof keys[0]);
        if (!keys) {
            return err_set(err, STATUS_NOMEM, "out of memory for the names of the register");
        }
        x->keys = keys;
        x->cap = cap;
    }
    struct text kept;
    if (!arena_dup(&x->memory, folded, &kept)) {
        return err_set(err, STATUS_NOMEM, "out of memory for the names of the register");
    }
    x->keys[x->n_keys++] = (struct key){.kind = kind, .person = person, .folded = kept};
    return STATUS_OK;
}

/* Room for one person's raw and folded spellings while they are indexed. */
struct spelling {
    struct person_index *index;
    uint32_t person;
    struct buffer raw, folded;
    struct err *err;
};

static enum status add_spelling(struct spelling *s, enum key_kind kind, bool squeeze)
{
    enum status st = buffer_status(&s->raw, s->err);
    if (st == STATUS_OK) {
        st =
            fold_key((struct text){(const char *)s->raw.at, s->raw.n}, squeeze, &s->folded, s->err);
    }
    if (st == STATUS_OK) {
        st = person_index_add(s->index, kind, s->person,
                              (struct text){(const char *)s->folded.at, s->folded.n}, s->err);
    }
    return st;
}

static bool is_apostrophe_sign(uint32_t c)
{
    return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0xB4;
}

/* Put the words behind one another; `split` writes O'Neill as O Neill, which folding alone makes
 * oneill. */
static bool join(struct buffer *raw, const struct text *words, size_t n, bool split)
{
    bool any = false;
    buffer_reset(raw);
    for (size_t w = 0; w < n; w++) {
        for (size_t i = 0; i < words[w].n;) {
            uint32_t c = text_next(words[w], &i);
            bool apostrophe = split && is_apostrophe_sign(c);
            any = any || apostrophe;
            text_append_codepoint(raw, apostrophe ? ' ' : c);
        }
        buffer_add_byte(raw, ' ');
    }
    return any;
}

static enum status add_words(struct spelling *s, enum key_kind kind, const struct text *words,
                             size_t n)
{
    (void)join(&s->raw, words, n, false);
    enum status st = add_spelling(s, kind, false);
    if (st == STATUS_OK && kind == KEY_FULL_NAME) {
        st = add_spelling(s, KEY_JOINED_NAME, true);
    }
    if (st == STATUS_OK && join(&s->raw, words, n, true)) {
        st = add_spelling(s, kind, false);
    }
    return st;
}

/* Every way to write forename and surname as a full name. */
static enum status add_full(struct spelling *s, const struct person *p, struct text first,
                            struct text last)
{
    if (text_trim(first).n == 0 || text_trim(last).n == 0) {
        return STATUS_OK; /* one word is nobody's full name */
    }
    const struct text plain[][2] = {{first, last}, {last, first}};
    const struct text middle[][3] = {{first, p->middle_names, last},
                                     {last, first, p->middle_names}};
    const struct text titled[] = {p->title, first, last};
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < 2; i++) {
        st = add_words(s, KEY_FULL_NAME, plain[i], 2);
        if (st == STATUS_OK && p->middle_names.n) {
            st = add_words(s, KEY_FULL_NAME, middle[i], 3);
        }
    }
    if (st == STATUS_OK && p->title.n) {
        st = add_words(s, KEY_FULL_NAME, titled, 3);
    }
    return st;
}

/* Each part of a double-barrelled surname; not particles, which are in everybody's mouth. */
static enum status add_parts(struct spelling *s, struct text surname)
{
    (void)join(&s->raw, &surname, 1, false);
    enum status st = add_spelling(s, KEY_SURNAME, false);
    struct text rest =
        st == STATUS_OK ? (struct text){(const char *)s->folded.at, s->folded.n} : TEXT_NONE;
    while (st == STATUS_OK && rest.n) {
        struct text part = text_cut(rest, ' ', &rest);
        if (part.n >= SHORTEST_PART) {
            st = person_index_add(s->index, KEY_SURNAME, s->person, part, s->err);
        }
    }
    return st;
}

static enum status add_number(struct spelling *s, enum key_kind kind, struct text number)
{
    (void)join(&s->raw, &number, 1, false);
    return add_spelling(s, kind, true);
}

static enum status add_person(struct spelling *s, const struct person *p)
{
    const struct text firsts[] = {p->legal_forename, p->known_forename};
    const struct text lasts[] = {p->legal_surname, p->known_surname};
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < 4; i++) {
        st = add_full(s, p, firsts[i / 2], lasts[i % 2]);
    }
    for (size_t i = 0; st == STATUS_OK && i < 2; i++) {
        st = add_words(s, KEY_FORENAME, &firsts[i], 1);
        st = st == STATUS_OK ? add_parts(s, lasts[i]) : st;
    }
    st = st == STATUS_OK ? add_number(s, KEY_UPN, p->upn) : st;
    return st == STATUS_OK ? add_number(s, KEY_ADMISSION_NO, p->admission_no) : st;
}

void person_index_sort(struct person_index *x)
{
    if (x->n_keys == 0) {
        return;
    }
    qsort(x->keys, x->n_keys, sizeof x->keys[0], compare_for_sort);
    size_t kept = 1;
    for (size_t i = 1; i < x->n_keys; i++) {
        if (compare_for_sort(&x->keys[i], &x->keys[kept - 1]) != 0) {
            x->keys[kept++] = x->keys[i];
        }
    }
    x->n_keys = kept;
}

enum status person_index_build(const struct snapshot *s, struct person_index **out, struct err *err)
{
    struct person_index *x = calloc(1, sizeof *x);
    if (!x) {
        return err_set(err, STATUS_NOMEM, "out of memory for the names of the register");
    }
    x->snapshot = s;
    arena_init(&x->memory, MAX_INDEX_BYTES);
    struct spelling spelling = {.index = x, .err = err};
    buffer_init(&spelling.raw, MAX_KEY_BYTES);
    buffer_init(&spelling.folded, MAX_KEY_BYTES);
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < s->n_people; i++) {
        spelling.person = (uint32_t)i;
        st = add_person(&spelling, &s->people[i]);
    }
    buffer_release(&spelling.raw);
    buffer_release(&spelling.folded);
    if (st != STATUS_OK) {
        person_index_free(x);
        return st;
    }
    person_index_sort(x);
    *out = x;
    return STATUS_OK;
}

void person_index_free(struct person_index *index)
{
    if (index) {
        arena_release(&index->memory);
        free(index->keys);
        free(index);
    }
}

/* The first key that is not before `want`. */
static size_t lower_bound(const struct person_index *x, const struct key *want, bool after)
{
    size_t low = 0, high = x->n_keys;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_keys(&x->keys[middle], want);
        if (order < 0 || (after && order == 0)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct key_range person_index_find(const struct person_index *index, enum key_kind kind,
                                   struct text folded)
{
    struct key want = {.kind = kind, .folded = folded};
    size_t from = lower_bound(index, &want, false), to = lower_bound(index, &want, true);
    return (struct key_range){from < to ? &index->keys[from] : NULL, to - from};
}
