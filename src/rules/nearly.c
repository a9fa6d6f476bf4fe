/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a name nearly names, for a person to look at. Nothing is decided by it. */
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

uint32_t person_index_nearly(const struct person_index *index, struct text folded)
{
    size_t best = folded.n >= LONG_NAME_BYTES ? MOST_SLIPS : 1;
    uint32_t found = 0;
    bool is_one = true;
    if (folded.n < SHORTEST_BYTES) {
        return 0;
    }
    for (size_t i = 0; i < index->n_keys && index->keys[i].kind == KEY_FULL_NAME; i++) {
        const struct key *k = &index->keys[i];
        size_t n = slips(folded, k->folded);
        if (n < best || (n == best && found == 0)) {
            best = n;
            found = k->person + 1;
            is_one = true;
        } else if (n == best && found != k->person + 1) {
            is_one = false;
        }
    }
    return is_one ? found : 0;
}
