/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/raster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"

enum { OPAQUE = 255 };

void raster_init(struct raster *r)
{
    *r = (struct raster){.at = NULL};
    buffer_init(&r->profile, MAX_ICC_BYTES);
}

void raster_release(struct raster *r)
{
    free(r->at);
    buffer_release(&r->profile);
    raster_init(r);
}

enum status raster_alloc(struct raster *r, uint32_t width_px, uint32_t height_px, unsigned channels,
                         struct err *err)
{
    assert(!r->at &&
           (channels == RASTER_GRAY || channels == RASTER_BGR || channels == RASTER_BGRA));
    if (width_px == 0 || height_px == 0) {
        return err_set(err, STATUS_FORMAT, "a picture without width or height");
    }
    if ((uint64_t)width_px * height_px > MAX_CONVERTED_PIXELS) {
        return err_set(err, STATUS_LIMIT,
                       "%u x %u px is more than the %u million pixels that can be converted",
                       (unsigned)width_px, (unsigned)height_px, MAX_CONVERTED_PIXELS / 1000000);
    }
    r->at = malloc((size_t)width_px * height_px * channels);
    if (!r->at) {
        return err_set(err, STATUS_NOMEM, "no memory for the picture");
    }
    r->width_px = width_px;
    r->height_px = height_px;
    r->channels = channels;
    return STATUS_OK;
}

size_t raster_row_bytes(const struct raster *r)
{
    return (size_t)r->width_px * r->channels;
}

uint8_t *raster_row(const struct raster *r, uint32_t y)
{
    return r->at + raster_row_bytes(r) * y;
}

enum status raster_take_profile(struct raster *r, struct bytes profile, struct err *err)
{
    if (profile.n == 0) {
        return STATUS_OK;
    }
    return icc_rebuild(profile, r->channels == RASTER_GRAY ? ICC_GRAY : ICC_RGB, &r->profile, err);
}

enum status raster_turn(struct raster *r, struct turn turn, struct err *err)
{
    if (turn_is_none(turn)) {
        return STATUS_OK;
    }
    uint8_t *upright = malloc(raster_row_bytes(r) * r->height_px);
    if (!upright) {
        return err_set(err, STATUS_NOMEM, "no memory to turn the picture");
    }
    turn_pixels(turn, r->at, r->width_px, r->height_px, r->channels, upright);
    free(r->at);
    r->at = upright;
    if (turn.transpose) {
        uint32_t width = r->width_px;
        r->width_px = r->height_px;
        r->height_px = width;
    }
    return STATUS_OK;
}

/* In place: a pixel is never written before it is read. */
static void drop_alpha(struct raster *r, bool on_white)
{
    size_t n = (size_t)r->width_px * r->height_px;
    const uint8_t *from = r->at;
    uint8_t *to = r->at;
    for (size_t i = 0; i < n; i++, from += RASTER_BGRA) {
        unsigned alpha = on_white ? from[3] : OPAQUE;
        for (size_t c = 0; c < RASTER_BGR; c++) {
            *to++ = (uint8_t)((from[c] * alpha + OPAQUE * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE);
        }
    }
    r->channels = RASTER_BGR;
}

void raster_lay_on_white(struct raster *r)
{
    if (r->channels == RASTER_BGRA) {
        drop_alpha(r, true);
    }
}

void raster_clear_hidden(struct raster *r)
{
    if (r->channels != RASTER_BGRA) {
        return;
    }
    size_t n = (size_t)r->width_px * r->height_px;
    bool is_opaque = true;
    uint8_t *at = r->at;
    for (size_t i = 0; i < n; i++, at += RASTER_BGRA) {
        is_opaque = is_opaque && at[3] == OPAQUE;
        if (at[3] == 0) {
            memset(at, 0, RASTER_BGR);
        }
    }
    if (is_opaque) {
        drop_alpha(r, false);
    }
}
