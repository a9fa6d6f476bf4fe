/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a name nearly names, for a person to look at. Nobody is found by it; a pupil nearly named
 * holds the photo (rule T07). */
#include "rules/person_index.h"

enum {
    MOST_SLIPS = 2, /* one in a short name */
    LONG_NAME_BYTES = 9,
    SHORTEST_BYTES = 5,
    LONGEST_BYTES = 64
};

/* Letters added, left out, changed or swapped between `a` and `b`, up to MOST_SLIPS; more count as
 * MOST_SLIPS + 1. Damerau's distance, without going back over what was swapped. */
static size_t slips(struct text a, struct text b)
{
    size_t rows[3][LONGEST_BYTES + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    if (a.n > LONGEST_BYTES || b.n > LONGEST_BYTES || a.n > b.n + MOST_SLIPS ||
        b.n > a.n + MOST_SLIPS) {
        return MOST_SLIPS + 1;
    }
    for (size_t k = 0; k <= b.n; k++) {
        last[k] = before[k] = k;
    }
    for (size_t i = 1; i <= a.n; i++) {
        size_t least = now[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t cost = last[k - 1] + (a.at[i - 1] != b.at[k - 1]);
            cost = last[k] + 1 < cost ? last[k] + 1 : cost;
            cost = now[k - 1] + 1 < cost ? now[k - 1] + 1 : cost;
            bool swapped =
                i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1];
            now[k] = swapped && before[k - 2] + 1 < cost ? before[k - 2] + 1 : cost;
            least = now[k] < least ? now[k] : least;
        }
        if (least > MOST_SLIPS) {
            return MOST_SLIPS + 1;
        }
        size_t *done = before;
        before = last;
        last = now;
        now = done;
    }
    return last[b.n];
}

/* The search under way: the fewest slips so far, and who has them. */
struct nearest {
    struct near_miss miss;
    size_t slips;
    bool is_one;
};

static void try_key(const struct person_index *index, const struct key *k, struct text name,
                    struct nearest *x)
{
    size_t n = slips(name, k->folded);
    if (n > (name.n >= LONG_NAME_BYTES ? MOST_SLIPS : 1)) {
        return;
    }
    x->miss.pupil = x->miss.pupil || index->snapshot->people[k->person].kind != PERSON_STAFF;
    if (x->miss.nearest == 0 || n < x->slips) {
        *x = (struct nearest){{k->person + 1, x->miss.pupil}, n, true};
    } else if (n == x->slips && x->miss.nearest != k->person + 1) {
        x->is_one = false;
    }
}

struct near_miss person_index_nearly(const struct person_index *index, struct text folded)
{
    char squeezed[LONGEST_BYTES];
    struct text joined = {squeezed, 0};
    struct nearest x = {.is_one = true};
    if (folded.n < SHORTEST_BYTES || folded.n > LONGEST_BYTES) {
        return x.miss;
    }
    for (size_t i = 0; i < folded.n; i++) {
        if (folded.at[i] != ' ') {
            squeezed[joined.n++] = folded.at[i];
        }
    }
    for (size_t i = 0; i < index->n_keys && index->keys[i].kind <= KEY_JOINED_NAME; i++) {
        const struct key *k = &index->keys[i];
        if (k->kind == KEY_FULL_NAME || joined.n >= SHORTEST_BYTES) {
            try_key(index, k, k->kind == KEY_FULL_NAME ? folded : joined, &x);
        }
    }
    x.miss.nearest = x.is_one ? x.miss.nearest : 0;
    return x.miss;
}
