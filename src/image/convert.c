/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/convert.h"

#include <stdlib.h>
#include <string.h>

#include "image/foreign.h"
#include "image/redact.h"
#include "image/reduce.h"
#include "photogate/limits.h"

enum { MAX_DIFFERENCE = 3, BLOCK_PX = 8, CHANNELS = 3 };

static enum status decode(struct bytes file, enum file_kind kind, struct raster *out,
                          struct err *err)
{
    const struct foreign_format *f = foreign_format(kind);
    if (f) {
        return f->decode(file, out, err);
    }
    return kind == FILE_PNG ? raster_from_png(file, out, err) : raster_from_jpeg(file, out, err);
}

/* --- small, for the detector --- */

static const uint8_t *as_colours(const struct raster *r, uint32_t y, uint8_t *row)
{
    const uint8_t *from = raster_row(r, y);
    if (r->channels == RASTER_BGR) {
        return from;
    }
    for (uint32_t x = 0; x < r->width_px; x++) {
        memset(row + (size_t)x * CHANNELS, from[x], CHANNELS);
    }
    return row;
}

static enum status reduce(const struct raster *r, uint32_t edge_px, struct pixels *out,
                          struct err *err)
{
    uint32_t longest = r->width_px > r->height_px ? r->width_px : r->height_px;
    uint32_t factor = longest / edge_px;
    struct reducer reducer;
    enum status st = reducer_init(&reducer, r->width_px, r->height_px, factor ? factor : 1, err);
    if (st != STATUS_OK) {
        return st;
    }
    uint8_t *row = malloc((size_t)r->width_px * CHANNELS);
    if (!row) {
        reducer_release(&reducer);
        return err_set(err, STATUS_NOMEM, "no memory for a row");
    }
    for (uint32_t y = 0; y < r->height_px; y++) {
        reducer_add(&reducer, as_colours(r, y, row));
    }
    *out = reducer_take(&reducer);
    reducer_release(&reducer);
    free(row);
    return STATUS_OK;
}

enum status picture_decode(struct bytes file, enum file_kind kind, uint32_t edge_px,
                           struct pixels *out, struct err *err)
{
    struct raster r;
    raster_init(&r);
    enum status st = decode(file, kind, &r, err);
    if (st == STATUS_OK) {
        raster_lay_on_white(&r);
        st = reduce(&r, edge_px, out, err);
    }
    raster_release(&r);
    return st;
}

/* --- the proof --- */

/* The sum of a block's samples of one channel; blocks at the right and bottom edge are smaller. */
static uint32_t block_sum(const struct raster *r, uint32_t x, uint32_t y, size_t c, uint32_t *n)
{
    uint32_t right = x + BLOCK_PX < r->width_px ? x + BLOCK_PX : r->width_px;
    uint32_t bottom = y + BLOCK_PX < r->height_px ? y + BLOCK_PX : r->height_px;
    uint32_t sum = 0;
    for (uint32_t row = y; row < bottom; row++) {
        const uint8_t *at = raster_row(r, row) + (size_t)x * r->channels + c;
        for (uint32_t column = x; column < right; column++, at += r->channels) {
            sum += *at;
        }
    }
    *n = (right - x) * (bottom - y);
    return sum;
}

static bool is_alike(const struct raster *a, const struct raster *b)
{
    enum { PRECISION = 256 };
    uint64_t total = 0, n_means = 0;
    for (uint32_t y = 0; y < a->height_px; y += BLOCK_PX) {
        for (uint32_t x = 0; x < a->width_px; x += BLOCK_PX) {
            for (size_t c = 0; c < a->channels; c++, n_means++) {
                uint32_t n;
                uint32_t p = block_sum(a, x, y, c, &n), q = block_sum(b, x, y, c, &n);
                total += (uint64_t)(p > q ? p - q : q - p) * PRECISION / n;
            }
        }
    }
    return total <= n_means * MAX_DIFFERENCE * PRECISION;
}

static bool is_same(const struct raster *meant, const struct raster *found, enum file_kind kind)
{
    if (meant->width_px != found->width_px || meant->height_px != found->height_px ||
        meant->channels != found->channels ||
        !bytes_equal(buffer_view(&meant->profile), buffer_view(&found->profile))) {
        return false;
    }
    return kind == FILE_PNG
               ? memcmp(meant->at, found->at, raster_row_bytes(meant) * meant->height_px) == 0
               : is_alike(meant, found);
}

static enum status prove(const struct raster *meant, struct bytes release, struct proof *proof,
                         struct err *err)
{
    struct raster found;
    raster_init(&found);
    enum status st = decode(release, proof->kind, &found, err);
    if (st == STATUS_OK && !is_same(meant, &found, proof->kind)) {
        st = err_set(err, STATUS_BUG, "the release is not the same picture");
    } else if (st == STATUS_FORMAT || st == STATUS_UNSUPPORTED) {
        st = STATUS_BUG; /* we wrote it */
    }
    if (st == STATUS_OK) {
        proof->width_px = found.width_px;
        proof->height_px = found.height_px;
        proof->same_picture = KNOWN_YES;
    }
    raster_release(&found);
    return st;
}

/* --- converting --- */

static enum status make_ready(struct raster *r, struct turn turn, uint32_t max_edge_px,
                              struct err *err)
{
    enum status st = raster_shrink(r, max_edge_px, err);
    if (st == STATUS_OK) {
        st = raster_turn(r, turn, err);
    }
    return st;
}

/* Covered before it is made smaller: each new pixel is a mean of those around it too. */
static enum status make_ready_covered(struct raster *r, struct turn turn, uint32_t max_edge_px,
                                      const struct cover *cover, struct err *err)
{
    enum status st = raster_turn(r, turn, err);
    if (st == STATUS_OK) {
        raster_cover(r, cover, true);
        st = raster_shrink(r, max_edge_px, err);
    }
    if (st == STATUS_OK) {
        raster_cover(r, cover, false);
    }
    return st;
}

/* A drawing or a screenshot stays sharp as PNG; a photo would be five times as large. */
static enum file_kind kind_for(const struct raster *r, bool stays_png)
{
    if (stays_png) {
        return FILE_PNG;
    }
    bool is_small = (uint64_t)r->width_px * r->height_px <= MAX_LOSSLESS_PIXELS;
    return r->is_lossless && is_small ? FILE_PNG : FILE_JPEG;
}

static enum status encode(struct raster *r, enum file_kind kind, unsigned quality,
                          struct buffer *out, struct err *err)
{
    if (kind == FILE_PNG) {
        raster_clear_hidden(r);
        return raster_to_png(r, out, err);
    }
    raster_lay_on_white(r);
    return raster_to_jpeg(r, quality, out, err);
}

enum status picture_convert(struct bytes file, enum file_kind kind, struct turn turn,
                            const struct release_wishes *wishes, const struct cover *cover,
                            struct buffer *out, struct proof *proof, struct err *err)
{
    struct raster r;
    bool is_covered = cover && cover->n, stays_png = false;
    raster_init(&r);
    enum status st = decode(file, kind, &r, err);
    if (st == STATUS_OK) {
        uint32_t longest = r.width_px > r.height_px ? r.width_px : r.height_px;
        bool fits = wishes->max_edge_px == 0 || longest <= wishes->max_edge_px;
        stays_png = is_covered && kind == FILE_PNG && fits;
        st = is_covered ? make_ready_covered(&r, turn, wishes->max_edge_px, cover, err)
                        : make_ready(&r, turn, wishes->max_edge_px, err);
    }
    if (st == STATUS_OK) {
        proof->kind = kind_for(&r, stays_png);
        st = encode(&r, proof->kind, wishes->jpeg_quality, out, err);
    }
    if (st == STATUS_OK) {
        st = prove(&r, buffer_view(out), proof, err);
    }
    raster_release(&r);
    return st;
}
