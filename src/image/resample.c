/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a picture smaller: first across, then down, each by a table of weights. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/raster.h"

enum { LOBES = 3, OPAQUE = 255, MAX_CHANNELS = 4 };

/* One axis: new pixel i is the sum of weights[i * n_taps + k] * old pixel first[i] + k. */
struct axis {
    uint32_t n_taps;
    uint32_t *first; /* owned */
    float *weights;  /* owned */
};

static double lanczos(double x)
{
    const double pi_x = M_PI * x;
    if (fabs(x) < 1e-9) {
        return 1;
    }
    return fabs(x) >= LOBES ? 0 : LOBES * sin(pi_x) * sin(pi_x / LOBES) / (pi_x * pi_x);
}

static void axis_release(struct axis *a)
{
    free(a->first);
    free(a->weights);
}

static void axis_fill(struct axis *a, uint32_t from, uint32_t i, double ratio)
{
    const double centre = (i + 0.5) * ratio, reach = LOBES * ratio;
    double left = ceil(centre - reach - 0.5), sum = 0;
    uint32_t first = left < 0 ? 0 : (uint32_t)left;
    first = first > from - a->n_taps ? from - a->n_taps : first;
    float *w = a->weights + (size_t)i * a->n_taps;
    a->first[i] = first;
    for (uint32_t k = 0; k < a->n_taps; k++) {
        w[k] = (float)lanczos((first + k + 0.5 - centre) / ratio);
        sum += (double)w[k];
    }
    for (uint32_t k = 0; k < a->n_taps; k++) {
        w[k] = (float)((double)w[k] / sum);
    }
}

static enum status axis_init(struct axis *a, uint32_t from, uint32_t to, struct err *err)
{
    const double ratio = (double)from / to;
    uint32_t taps = (uint32_t)ceil(2 * LOBES * ratio) + 1;
    *a = (struct axis){.n_taps = taps < from ? taps : from};
    a->first = calloc(to, sizeof *a->first);
    a->weights = calloc((size_t)to * a->n_taps, sizeof *a->weights);
    if (!a->first || !a->weights) {
        axis_release(a);
        return err_set(err, STATUS_NOMEM, "no memory to make the picture smaller");
    }
    for (uint32_t i = 0; i < to; i++) {
        axis_fill(a, from, i, ratio);
    }
    return STATUS_OK;
}

/* Colour counts by its alpha, or what is hidden would bleed into what is seen. */
static void load_row(const struct raster *r, uint32_t y, float *to)
{
    const uint8_t *from = raster_row(r, y);
    if (r->channels != RASTER_BGRA) {
        for (size_t i = 0; i < raster_row_bytes(r); i++) {
            to[i] = from[i];
        }
        return;
    }
    for (uint32_t x = 0; x < r->width_px; x++, from += RASTER_BGRA, to += RASTER_BGRA) {
        for (size_t c = 0; c < RASTER_BGR; c++) {
            to[c] = (float)from[c] * from[3] / OPAQUE;
        }
        to[3] = from[3];
    }
}

static uint8_t to_sample(float v)
{
    return v <= 0 ? 0 : v >= OPAQUE ? OPAQUE : (uint8_t)(v + 0.5F);
}

static void store_row(const struct raster *r, uint32_t y, const float *from)
{
    uint8_t *to = raster_row(r, y);
    size_t n = r->channels;
    for (uint32_t x = 0; x < r->width_px; x++, from += n, to += n) {
        float alpha = n == RASTER_BGRA ? from[3] : OPAQUE;
        for (size_t c = 0; c < n; c++) {
            bool scaled = n == RASTER_BGRA && c < RASTER_BGR && alpha > 0;
            to[c] = to_sample(scaled ? from[c] * OPAQUE / alpha : from[c]);
        }
    }
}

static void shrink_across(const struct axis *a, const float *from, uint32_t width, size_t channels,
                          float *to)
{
    for (uint32_t x = 0; x < width; x++, to += channels) {
        const float *w = a->weights + (size_t)x * a->n_taps;
        const float *at = from + (size_t)a->first[x] * channels;
        float sum[MAX_CHANNELS] = {0};
        for (uint32_t k = 0; k < a->n_taps; k++) {
            for (size_t c = 0; c < channels; c++) {
                sum[c] += w[k] * *at++;
            }
        }
        memcpy(to, sum, channels * sizeof *to);
    }
}

/* A window of rows, already narrow, slides down the picture; row y stands at y % n_taps. */
static void shrink_down(const struct raster *from, struct raster *to, const struct axis *across,
                        const struct axis *down, float *wide, float *window, float *sum)
{
    size_t n = raster_row_bytes(to);
    uint32_t loaded = 0;
    for (uint32_t y = 0; y < to->height_px; y++) {
        for (; loaded < down->first[y] + down->n_taps; loaded++) {
            load_row(from, loaded, wide);
            shrink_across(across, wide, to->width_px, to->channels,
                          window + n * (loaded % down->n_taps));
        }
        memset(sum, 0, n * sizeof *sum);
        for (uint32_t k = 0; k < down->n_taps; k++) {
            const float *row = window + n * ((down->first[y] + k) % down->n_taps);
            float w = down->weights[(size_t)y * down->n_taps + k];
            for (size_t i = 0; i < n; i++) {
                sum[i] += w * row[i];
            }
        }
        store_row(to, y, sum);
    }
}

static uint32_t shorter(uint32_t edge, uint32_t longest, uint32_t max_edge)
{
    uint64_t n = ((uint64_t)edge * max_edge + longest / 2) / longest;
    return n ? (uint32_t)n : 1;
}

static enum status shrink_to(struct raster *r, struct raster *small, struct err *err)
{
    struct axis across = {.first = NULL}, down = {.first = NULL};
    float *wide = NULL, *window = NULL, *sum = NULL;
    enum status st = axis_init(&across, r->width_px, small->width_px, err);
    if (st == STATUS_OK) {
        st = axis_init(&down, r->height_px, small->height_px, err);
    }
    if (st != STATUS_OK) {
        axis_release(&across);
        return st;
    }
    size_t n = raster_row_bytes(small);
    wide = malloc(raster_row_bytes(r) * sizeof *wide);
    window = malloc(n * down.n_taps * sizeof *window);
    sum = malloc(n * sizeof *sum);
    if (wide && window && sum) {
        shrink_down(r, small, &across, &down, wide, window, sum);
    } else {
        st = err_set(err, STATUS_NOMEM, "no memory to make the picture smaller");
    }
    free(wide);
    free(window);
    free(sum);
    axis_release(&across);
    axis_release(&down);
    return st;
}

enum status raster_shrink(struct raster *r, uint32_t max_edge_px, struct err *err)
{
    uint32_t longest = r->width_px > r->height_px ? r->width_px : r->height_px;
    if (max_edge_px == 0 || longest <= max_edge_px) {
        return STATUS_OK;
    }
    struct raster small;
    raster_init(&small);
    enum status st = raster_alloc(&small, shorter(r->width_px, longest, max_edge_px),
                                  shorter(r->height_px, longest, max_edge_px), r->channels, err);
    if (st == STATUS_OK) {
        st = shrink_to(r, &small, err);
    }
    if (st == STATUS_OK) {
        free(r->at);
        r->at = small.at;
        r->width_px = small.width_px;
        r->height_px = small.height_px;
        small.at = NULL;
    }
    raster_release(&small);
    return st;
}
