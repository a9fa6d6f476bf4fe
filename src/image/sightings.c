/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/sightings.h"

#include <assert.h>
#include <stdlib.h>

#define SAME_FACE 0.3

static double length(double from, double to)
{
    return to > from ? to - from : 0;
}

static double area(const struct finding *f)
{
    return length(f->x0, f->x1) * length(f->y0, f->y1);
}

bool finding_is_same(const struct finding *a, const struct finding *b)
{
    double common = length(a->x0 > b->x0 ? a->x0 : b->x0, a->x1 < b->x1 ? a->x1 : b->x1) *
                    length(a->y0 > b->y0 ? a->y0 : b->y0, a->y1 < b->y1 ? a->y1 : b->y1);
    return common > SAME_FACE * (area(a) + area(b) - common);
}

static int compare(double x, double y)
{
    return (x > y) - (x < y);
}

/* Surest first, then by place: the order, and so the answer, does not depend on the passes'. */
static int by_sureness(const void *x, const void *y)
{
    const struct finding *a = x, *b = y;
    int order = compare(b->score, a->score);
    order = order ? order : compare(a->y0, b->y0);
    order = order ? order : compare(a->x0, b->x0);
    return order ? order : compare(a->pass, b->pass);
}

static int by_size(const void *x, const void *y)
{
    int order = compare(area(y), area(x));
    return order ? order : by_sureness(x, y);
}

size_t findings_agree(struct finding *found, size_t n, double alone, double together)
{
    size_t n_faces = 0, left = n;
    if (n) {
        qsort(found, n, sizeof found[0], by_sureness);
    }
    /* The surest of those left takes what overlaps it; the others stay in order behind it. */
    for (size_t at = 0; at < left;) {
        struct finding best = found[at];
        double best_in[MAX_PASSES] = {0}, sum = 0;
        size_t kept = at;
        for (size_t i = at; i < left; i++) {
            if (finding_is_same(&best, &found[i]) || i == at) {
                assert(found[i].pass < MAX_PASSES);
                double *score = &best_in[found[i].pass];
                *score = found[i].score > *score ? found[i].score : *score;
            } else {
                found[kept++] = found[i];
            }
        }
        left = kept;
        for (size_t p = 0; p < MAX_PASSES; p++) {
            sum += best_in[p];
        }
        if (best.score >= alone || sum >= together) {
            /* At least `best` was taken out, so there is room for it in front. */
            for (size_t i = left; i > at; i--) {
                found[i] = found[i - 1];
            }
            found[at++] = best;
            left++;
            n_faces++;
        }
    }
    return n_faces;
}

static double clamp(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

size_t findings_merge(struct finding *found, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        found[i].x0 = clamp(found[i].x0);
        found[i].y0 = clamp(found[i].y0);
        found[i].x1 = clamp(found[i].x1);
        found[i].y1 = clamp(found[i].y1);
    }
    if (n) {
        qsort(found, n, sizeof found[0], by_sureness);
    }
    for (size_t i = 0; i < n; i++) {
        bool is_new = area(&found[i]) > 0;
        for (size_t k = 0; k < kept && is_new; k++) {
            is_new = !finding_is_same(&found[i], &found[k]);
        }
        if (is_new) {
            found[kept++] = found[i];
        }
    }
    if (kept) {
        qsort(found, kept, sizeof found[0], by_size);
    }
    return kept;
}
