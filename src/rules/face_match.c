/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules/face_match.h"

#include <stdlib.h>
#include <string.h>

enum { WHOLE_PPM = 1000000, SHARE_OF_SMALLER = 4 };
#define NOBODY UINT32_MAX

/* That a box of `owner` covers `face`, and how closely. Both count from 0: faces by their places,
 * owners in ascending order. */
struct pair {
    uint32_t face, owner;
    int64_t closeness_ppm; /* common part, of their union */
};

struct matching {
    const struct pair *pairs; /* of face f: those from first[f] to first[f + 1] */
    const uint32_t *first;
    uint32_t *owner_of; /* of a face, or NOBODY */
    uint32_t *face_of;  /* of an owner, or NOBODY */
    bool *seen;         /* owners looked at on this search */
};

static int compare_numbers(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

int box_compare(const struct box *a, const struct box *b)
{
    const int32_t x[] = {a->y_ppm, a->x_ppm, a->h_ppm, a->w_ppm};
    const int32_t y[] = {b->y_ppm, b->x_ppm, b->h_ppm, b->w_ppm};
    int order = 0;
    for (size_t i = 0; order == 0 && i < sizeof x / sizeof x[0]; i++) {
        order = (x[i] > y[i]) - (x[i] < y[i]);
    }
    return order;
}

static int by_place(const void *x, const void *y)
{
    const struct face *a = *(const struct face *const *)x, *b = *(const struct face *const *)y;
    int order = box_compare(&a->box, &b->box);
    return order ? order : compare_numbers(a->score_ppm, b->score_ppm);
}

static int by_owner(const void *x, const void *y)
{
    const struct boxed *a = x, *b = y;
    int order = compare_numbers(a->owner, b->owner);
    return order ? order : box_compare(&a->tag->box, &b->tag->box);
}

static int by_closeness(const void *x, const void *y)
{
    const struct pair *a = *(const struct pair *const *)x, *b = *(const struct pair *const *)y;
    int order = compare_numbers(b->closeness_ppm, a->closeness_ppm);
    order = order ? order : compare_numbers(a->face, b->face);
    return order ? order : compare_numbers(a->owner, b->owner);
}

/* The part of [at, at + length) inside the picture. */
static int64_t clipped(int32_t at, int32_t length, int64_t *from)
{
    int64_t low = at < 0 ? 0 : at, high = (int64_t)at + length;
    high = high > WHOLE_PPM ? WHOLE_PPM : high;
    *from = low;
    return high > low ? high - low : 0;
}

static int64_t common_length(int64_t a, int64_t a_length, int64_t b, int64_t b_length)
{
    int64_t low = a > b ? a : b;
    int64_t high = a + a_length < b + b_length ? a + a_length : b + b_length;
    return high > low ? high - low : 0;
}

/* 0 if the box does not cover the face. All areas are at most 10^12. */
static int64_t closeness(const struct box *face, const struct box *box)
{
    int64_t fx, fy, bx, by;
    int64_t fw = clipped(face->x_ppm, face->w_ppm, &fx),
            fh = clipped(face->y_ppm, face->h_ppm, &fy);
    int64_t bw = clipped(box->x_ppm, box->w_ppm, &bx), bh = clipped(box->y_ppm, box->h_ppm, &by);
    int64_t common = common_length(fx, fw, bx, bw) * common_length(fy, fh, by, bh);
    int64_t smaller = fw * fh < bw * bh ? fw * fh : bw * bh;
    if (common == 0 || common * SHARE_OF_SMALLER < smaller) {
        return 0;
    }
    return 1 + common * WHOLE_PPM / (fw * fh + bw * bh - common);
}

/* How closely the best of an owner's boxes, boxed[*at] and those after it, covers the face; *at is
 * moved behind them. */
static int64_t closest(const struct box *face, const struct boxed *boxed, size_t n, size_t *at)
{
    uint32_t owner = boxed[*at].owner;
    int64_t best = 0;
    for (; *at < n && boxed[*at].owner == owner; ++*at) {
        int64_t c = closeness(face, &boxed[*at].tag->box);
        best = c > best ? c : best;
    }
    return best;
}

static size_t count_owners(const struct boxed *boxed, size_t n)
{
    size_t owners = 0;
    for (size_t i = 0; i < n; i++) {
        owners += i == 0 || boxed[i].owner != boxed[i - 1].owner;
    }
    return owners;
}

/* Every pair, face by face; returns how many. `pairs` and `first` may be NULL: then they are only
 * counted. */
static size_t list_pairs(const struct face *const *faces, size_t n_faces, const struct boxed *boxed,
                         size_t n_boxed, struct pair *pairs, uint32_t *first)
{
    size_t n = 0;
    for (size_t f = 0; f < n_faces; f++) {
        if (first) {
            first[f] = (uint32_t)n;
        }
        uint32_t owner = 0;
        for (size_t at = 0; at < n_boxed; owner++) {
            int64_t c = closest(&faces[f]->box, boxed, n_boxed, &at);
            if (c && pairs) {
                pairs[n] = (struct pair){(uint32_t)f, owner, c};
            }
            n += c != 0;
        }
    }
    if (first) {
        first[n_faces] = (uint32_t)n;
    }
    return n;
}

/* Give the face an owner, if need be by giving that owner's face another (an augmenting path). A
 * face that has one keeps one. */
static bool give(struct matching *m, uint32_t face)
{
    for (uint32_t i = m->first[face]; i < m->first[face + 1]; i++) {
        uint32_t owner = m->pairs[i].owner;
        if (m->seen[owner]) {
            continue;
        }
        m->seen[owner] = true;
        if (m->face_of[owner] == NOBODY || give(m, m->face_of[owner])) {
            m->face_of[owner] = face;
            m->owner_of[face] = owner;
            return true;
        }
    }
    return false;
}

static void match(struct matching *m, const struct pair **closest_first, size_t n_pairs,
                  size_t n_faces, size_t n_owners)
{
    for (size_t i = 0; i < n_owners; i++) {
        m->face_of[i] = NOBODY;
    }
    for (size_t i = 0; i < n_faces; i++) {
        m->owner_of[i] = NOBODY;
    }
    for (size_t i = 0; i < n_pairs; i++) {
        const struct pair *p = closest_first[i];
        if (m->owner_of[p->face] == NOBODY && m->face_of[p->owner] == NOBODY) {
            m->owner_of[p->face] = p->owner;
            m->face_of[p->owner] = p->face;
        }
    }
    for (uint32_t f = 0; f < n_faces; f++) {
        if (m->owner_of[f] == NOBODY) {
            memset(m->seen, 0, n_owners * sizeof m->seen[0]);
            (void)give(m, f);
        }
    }
}

enum status faces_match(const struct face *faces, size_t n_faces, struct boxed *boxed,
                        size_t n_boxed, struct arena *a, struct face_match *out, struct err *err)
{
    struct matching m = {.pairs = NULL};
    const struct face **placed = arena_alloc(a, n_faces, sizeof(const struct face *));
    uint32_t *uncovered = arena_alloc(a, n_faces, sizeof *uncovered);
    uint32_t *first = arena_alloc(a, n_faces + 1, sizeof *first);
    m.owner_of = arena_alloc(a, n_faces, sizeof *m.owner_of);
    m.face_of = arena_alloc(a, n_boxed, sizeof *m.face_of);
    m.seen = arena_alloc(a, n_boxed, sizeof *m.seen);
    if (!placed || !uncovered || !first || !m.owner_of || !m.face_of || !m.seen) {
        return err_set(err, STATUS_NOMEM, "out of memory while matching faces");
    }
    for (size_t i = 0; i < n_faces; i++) {
        placed[i] = &faces[i];
    }
    if (n_faces) {
        qsort(placed, n_faces, sizeof placed[0], by_place);
    }
    if (n_boxed) {
        qsort(boxed, n_boxed, sizeof boxed[0], by_owner);
    }
    size_t n_pairs = list_pairs(placed, n_faces, boxed, n_boxed, NULL, NULL);
    struct pair *pairs = arena_alloc(a, n_pairs, sizeof *pairs);
    const struct pair **sorted = arena_alloc(a, n_pairs, sizeof(const struct pair *));
    if (!pairs || !sorted) {
        return err_set(err, STATUS_NOMEM, "out of memory while matching faces");
    }
    (void)list_pairs(placed, n_faces, boxed, n_boxed, pairs, first);
    for (size_t i = 0; i < n_pairs; i++) {
        sorted[i] = &pairs[i];
    }
    if (n_pairs) {
        qsort(sorted, n_pairs, sizeof sorted[0], by_closeness);
    }
    m.pairs = pairs;
    m.first = first;
    struct face_match found = {.n_owners = count_owners(boxed, n_boxed), .uncovered = uncovered};
    match(&m, sorted, n_pairs, n_faces, found.n_owners);
    for (size_t f = 0; f < n_faces; f++) {
        if (m.owner_of[f] == NOBODY) {
            uncovered[found.n_uncovered++] = (uint32_t)(placed[f] - faces);
        }
    }
    *out = found;
    return STATUS_OK;
}
