/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/redact.h"

#include <string.h>

#include "image/convert.h"
#include "image/reduce.h"
#include "photogate/limits.h"

enum {
    WHOLE_PPM = 1000000,
    OPAQUE = 255,
    SMEAR_PX = 2,     /* a decoder that smooths colours of half the resolution reaches so far */
    MOST_MCU_PX = 16, /* of what is encoded here */
    LOSSY_PX = 34,    /* the widest MCU of a JPEG, and its smoothing: so far its losses reach */
    SMALLEST_FOR_DETECTOR_PX = 16
};

/* --- where --- */

static uint32_t pixel_below(int64_t ppm, uint32_t edge_px)
{
    int64_t p = ppm * edge_px / WHOLE_PPM;
    return ppm <= 0 ? 0 : p > edge_px ? edge_px : (uint32_t)p;
}

static uint32_t pixel_above(int64_t ppm, uint32_t edge_px)
{
    int64_t p = (ppm * edge_px + WHOLE_PPM - 1) / WHOLE_PPM;
    return ppm <= 0 ? 0 : p > edge_px ? edge_px : (uint32_t)p;
}

/* What is lost at the left or top moves the picture; at the right or bottom it does not: both. */
static uint32_t moved(uint32_t at, uint32_t lost)
{
    return at > lost ? at - lost : 0;
}

struct area area_of_box(const struct box *b, uint32_t width_px, uint32_t height_px, uint32_t lost_x,
                        uint32_t lost_y)
{
    uint32_t right = pixel_above((int64_t)b->x_ppm + b->w_ppm, width_px);
    uint32_t bottom = pixel_above((int64_t)b->y_ppm + b->h_ppm, height_px);
    struct area a = {.left = moved(pixel_below(b->x_ppm, width_px), lost_x),
                     .top = moved(pixel_below(b->y_ppm, height_px), lost_y),
                     .right = right < width_px - lost_x ? right : width_px - lost_x,
                     .bottom = bottom < height_px - lost_y ? bottom : height_px - lost_y};
    return a;
}

bool area_is_empty(const struct area *a)
{
    return a->left >= a->right || a->top >= a->bottom;
}

static uint32_t grid_below(uint32_t at, uint32_t step)
{
    uint32_t from = at > SMEAR_PX ? at - SMEAR_PX : 0;
    return from / step * step;
}

static uint32_t grid_above(uint32_t at, uint32_t step, uint32_t edge)
{
    uint32_t to = (at + SMEAR_PX + step - 1) / step * step;
    return to < edge ? to : edge;
}

struct area area_on_grid(const struct area *a, uint32_t step_x, uint32_t step_y, uint32_t width_px,
                         uint32_t height_px)
{
    return (struct area){.left = grid_below(a->left, step_x),
                         .top = grid_below(a->top, step_y),
                         .right = grid_above(a->right, step_x, width_px),
                         .bottom = grid_above(a->bottom, step_y, height_px)};
}

/* --- pixels --- */

static void fill_row(struct raster *r, const struct area *a, uint32_t y)
{
    uint8_t *at = raster_row(r, y) + (size_t)a->left * r->channels;
    size_t n = (size_t)(a->right - a->left) * r->channels;
    memset(at, COVER_GRAY, n);
    for (size_t i = RASTER_BGR; r->channels == RASTER_BGRA && i < n; i += RASTER_BGRA) {
        at[i] = OPAQUE;
    }
}

static struct area grown(struct area a, uint32_t by, const struct raster *r)
{
    a.left = moved(a.left, by);
    a.top = moved(a.top, by);
    a.right = r->width_px - a.right > by ? a.right + by : r->width_px;
    a.bottom = r->height_px - a.bottom > by ? a.bottom + by : r->height_px;
    return a;
}

void raster_cover(struct raster *r, const struct cover *cover, bool as_decoded)
{
    uint32_t more = as_decoded && !r->is_lossless ? LOSSY_PX : 0;
    for (size_t i = 0; i < cover->n; i++) {
        struct area exact = area_of_box(&cover->boxes[i], r->width_px, r->height_px, 0, 0);
        if (area_is_empty(&exact)) {
            continue;
        }
        exact = grown(exact, more, r);
        struct area a = area_on_grid(&exact, MOST_MCU_PX, MOST_MCU_PX, r->width_px, r->height_px);
        for (uint32_t y = a.top; y < a.bottom; y++) {
            fill_row(r, &a, y);
        }
    }
}

/* --- proving --- */

static bool is_gray_row(const struct raster *r, const struct area *a, uint32_t y)
{
    const uint8_t *at = raster_row(r, y) + (size_t)a->left * r->channels;
    size_t n = (size_t)(a->right - a->left) * r->channels;
    for (size_t i = 0; i < n; i++) {
        bool is_alpha = r->channels == RASTER_BGRA && i % RASTER_BGRA == RASTER_BGR;
        if (at[i] != (is_alpha ? OPAQUE : COVER_GRAY)) {
            return false;
        }
    }
    return true;
}

static bool is_covered(const struct raster *r, const struct area *a)
{
    if (area_is_empty(a) || a->right > r->width_px || a->bottom > r->height_px) {
        return false;
    }
    for (uint32_t y = a->top; y < a->bottom; y++) {
        if (!is_gray_row(r, a, y)) {
            return false;
        }
    }
    return true;
}

static enum status prove_gray(struct bytes release, const struct proof *proof, uint32_t width_px,
                              uint32_t height_px, const struct cover *cover, struct err *err)
{
    struct raster r;
    raster_init(&r);
    enum status st = proof->kind == FILE_PNG ? raster_from_png(release, &r, err)
                                             : raster_from_jpeg(release, &r, err);
    if (st == STATUS_OK && (r.width_px > width_px || r.height_px > height_px)) {
        st = err_set(err, STATUS_BUG, "the release is larger than the picture");
    }
    for (size_t i = 0; st == STATUS_OK && i < cover->n; i++) {
        struct area a = area_of_box(&cover->boxes[i], width_px, height_px, width_px - r.width_px,
                                    height_px - r.height_px);
        if (!is_covered(&r, &a)) {
            st = err_set(err, STATUS_BUG, "an area of the release is not covered");
        }
    }
    raster_release(&r);
    return st;
}

/* Half of it or more under one cover. */
static bool lies_under(const struct box *face, const struct cover *cover)
{
    for (size_t i = 0; i < cover->n; i++) {
        if (box_common(face, &cover->boxes[i]) * 2 >= box_common(face, face)) {
            return true;
        }
    }
    return false;
}

enum status release_prove_no_face(struct bytes release, const struct proof *proof,
                                  const struct cover *cover, struct detector *d, struct err *err)
{
    struct pixels p = {NULL, 0, 0};
    struct face faces[MAX_FACES];
    size_t n = 0;
    enum status st = picture_decode(release, proof->kind, detector_edge_px(d), &p, err);
    if (st == STATUS_OK && p.width_px >= SMALLEST_FOR_DETECTOR_PX &&
        p.height_px >= SMALLEST_FOR_DETECTOR_PX) {
        st = detector_find(d, &p, faces, MAX_FACES, &n, err);
    }
    if (st == STATUS_OK && n > MAX_FACES) {
        st = err_set(err, STATUS_LIMIT, "more than %u faces", MAX_FACES);
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        if (lies_under(&faces[i].box, cover)) {
            st = err_set(err, STATUS_FORMAT, "a face is still found where one was covered");
        }
    }
    pixels_release(&p);
    return st;
}

enum status release_prove_covered(struct bytes release, const struct proof *proof,
                                  uint32_t whole_width_px, uint32_t whole_height_px,
                                  const struct cover *cover, struct detector *detector,
                                  struct err *err)
{
    enum status st = prove_gray(release, proof, whole_width_px, whole_height_px, cover, err);
    if (st == STATUS_FORMAT || st == STATUS_UNSUPPORTED) {
        st = STATUS_BUG; /* we wrote it */
    }
    return st == STATUS_OK && detector ? release_prove_no_face(release, proof, cover, detector, err)
                                       : st;
}
