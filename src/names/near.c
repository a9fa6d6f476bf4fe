/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include <stdlib.h>
#include <string.h>

#include "lexicon.h"

/* Shorter names have too many neighbours that are words, longer ones do not occur. */
enum { MIN_NEAR = 4, MAX_NEAR_LETTERS = 32, MIN_SOUND = 5 };

struct near_row {
    uint32_t hash, entry;
};

static uint32_t hash_without(struct text t, size_t skip, uint32_t seed)
{
    uint32_t h = seed;
    for (size_t i = 0; i < t.n; i++) {
        h = i == skip ? h : (h ^ (unsigned char)t.at[i]) * 0x01000193u;
    }
    return h ^ h >> 15;
}

enum { LETTERS_SEED = 0x1505, SOUND_SEED = 0x9747 };

struct sound {
    char at[MAX_NEAR_LETTERS];
    size_t n;
};

/* The letter as it sounds in most ways of writing a foreign name in ours; 0 for none. */
static char sound_of(struct text t, size_t i)
{
    char c = t.at[i], next = i + 1 < t.n ? t.at[i + 1] : 0, before = i ? t.at[i - 1] : 0;
    switch (c) {
    case 'h': /* kh, gh, dh, and at the end: breath; ch, sh, th, ph are other sounds */
        return i && !strchr("cst", before) ? 0 : 'h';
    case 'q':
    case 'k':
        return 'k';
    case 'c':
        return next == 'h' ? 'c' : 'k';
    case 'p':
        return next == 'h' ? 'f' : 'p';
    case 'w':
        return 'v';
    case 'e':
    case 'y':
        return 'i';
    case 'o':
        return 'u';
    default:
        return c;
    }
}

static bool sound_make(struct sound *s, struct text t)
{
    s->n = 0;
    if (t.n > MAX_NEAR_LETTERS) {
        return false;
    }
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] < 'a' || t.at[i] > 'z') {
            return false;
        }
        char c = sound_of(t, i);
        if (c && (s->n == 0 || s->at[s->n - 1] != c)) {
            s->at[s->n++] = c;
        }
    }
    return s->n >= MIN_SOUND;
}

static void add_row(struct buffer *index, uint32_t hash, uint32_t at)
{
    struct near_row row = {hash, at};
    buffer_add(index, &row, sizeof row);
}

void near_add(struct buffer *index, struct text letters, uint32_t at)
{
    struct sound sound;
    if (letters.n < MIN_NEAR || letters.n > MAX_NEAR_LETTERS) {
        return;
    }
    for (size_t skip = 0; skip <= letters.n; skip++) {
        add_row(index, hash_without(letters, skip, LETTERS_SEED), at);
    }
    if (sound_make(&sound, letters)) {
        add_row(index, hash_without((struct text){sound.at, sound.n}, sound.n, SOUND_SEED), at);
    }
}

static int row_order(const void *left, const void *right)
{
    const struct near_row *a = left, *b = right;
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

void near_sort(struct buffer *index)
{
    if (index->n) {
        qsort(index->at, index->n / sizeof(struct near_row), sizeof(struct near_row), row_order);
    }
}

/* The first row of that hash, and how many there are. */
static const struct near_row *rows_of(const struct lexicon *l, uint32_t hash, size_t *n)
{
    const struct near_row *rows = (const struct near_row *)(const void *)l->near.at;
    size_t total = l->near.n / sizeof *rows, low = 0, high = total;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (*n = 0; low + *n < total && rows[low + *n].hash == hash; (*n)++) {
    }
    return rows + low;
}

/* One letter more, less or other, or two neighbours swapped; or no difference at all. */
static bool is_one_slip(struct text a, struct text b)
{
    size_t head = 0, tail = 0;
    size_t least = a.n < b.n ? a.n : b.n, most = a.n < b.n ? b.n : a.n;
    while (head < least && a.at[head] == b.at[head]) {
        head++;
    }
    while (tail < least - head && a.at[a.n - 1 - tail] == b.at[b.n - 1 - tail]) {
        tail++;
    }
    size_t left = most - head - tail;
    if (left <= 1) {
        return true;
    }
    return left == 2 && a.n == b.n && a.at[head] == b.at[head + 1] && a.at[head + 1] == b.at[head];
}

size_t near_find(const struct lexicon *l, struct text letters, const struct entry *out[MAX_NEAR])
{
    size_t n = 0;
    if (letters.n < MIN_NEAR || letters.n > MAX_NEAR_LETTERS) {
        return 0;
    }
    for (size_t skip = 0; skip <= letters.n; skip++) {
        size_t rows;
        const struct near_row *row = rows_of(l, hash_without(letters, skip, LETTERS_SEED), &rows);
        for (size_t i = 0; i < rows && n < MAX_NEAR; i++) {
            const struct entry *e = lexicon_entry(l, row[i].entry);
            bool known = false;
            for (size_t k = 0; k < n; k++) {
                known |= out[k] == e;
            }
            if (!known && is_one_slip(letters, lexicon_key(l, e))) {
                out[n++] = e;
            }
        }
    }
    return n;
}

const struct entry *near_sound(const struct lexicon *l, struct text letters)
{
    struct sound sound, other;
    if (!sound_make(&sound, letters)) {
        return NULL;
    }
    size_t rows;
    const struct near_row *row =
        rows_of(l, hash_without((struct text){sound.at, sound.n}, sound.n, SOUND_SEED), &rows);
    for (size_t i = 0; i < rows; i++) {
        const struct entry *e = lexicon_entry(l, row[i].entry);
        if (sound_make(&other, lexicon_key(l, e)) && other.n == sound.n &&
            memcmp(other.at, sound.at, sound.n) == 0 && !text_equal(lexicon_key(l, e), letters)) {
            return e;
        }
    }
    return NULL;
}
