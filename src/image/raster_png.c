/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "image/icc_make.h"
#include "image/png_session.h"
#include "image/raster.h"

enum { COMPRESSION_LEVEL = 6, FIXED_ONE = 100000, WITH_ALPHA = PNG_COLOR_MASK_ALPHA };

struct job {
    struct png_session *session;
    struct bytes file;
    struct raster *in;        /* what is read */
    const struct raster *out; /* what is written */
    struct buffer *sink;
};

/* --- reading --- */

static void open_work(void *at)
{
    struct job *job = at;
    struct png_session *s = job->session;
    png_session_open_in(s, job->file, PNG_WANTS_PICTURE);
    png_set_expand(s->in);
    png_set_scale_16(s->in);
    bool is_transparent = (png_get_color_type(s->in, s->in_info) & WITH_ALPHA) ||
                          png_get_valid(s->in, s->in_info, PNG_INFO_tRNS);
    if (is_transparent) {
        png_set_gray_to_rgb(s->in);
    }
    png_set_bgr(s->in);
    (void)png_set_interlace_handling(s->in);
    png_read_update_info(s->in, s->in_info);
}

/* 11.3.2.2, 11.3.2.1: gAMA is the encoding's exponent, the display's is its inverse. Without cHRM
 * the colours are sRGB's. */
static enum status take_figures(const struct job *job, struct err *err)
{
    const struct png_session *s = job->session;
    png_fixed_point gamma = 0, c[8];
    int intent;
    if (png_get_sRGB(s->in, s->in_info, &intent)) {
        return STATUS_OK;
    }
    bool has_gamma = png_get_gAMA_fixed(s->in, s->in_info, &gamma) && gamma > 0;
    bool has_chroma = png_get_cHRM_fixed(s->in, s->in_info, &c[0], &c[1], &c[2], &c[3], &c[4],
                                         &c[5], &c[6], &c[7]) != 0;
    if (!has_gamma && !has_chroma) {
        return STATUS_OK;
    }
    struct icc_figures f = ICC_SRGB;
    f.gamma = has_gamma ? (double)FIXED_ONE / gamma : 0;
    double *const into[] = {f.white, f.red, f.green, f.blue};
    for (size_t i = 0; has_chroma && i < 4; i++) {
        into[i][0] = (double)c[2 * i] / FIXED_ONE;
        into[i][1] = (double)c[2 * i + 1] / FIXED_ONE;
    }
    return icc_make(&f, job->in->channels == RASTER_GRAY ? ICC_GRAY : ICC_RGB, &job->in->profile,
                    err);
}

static enum status make_room(const struct job *job, struct err *err)
{
    const struct png_session *s = job->session;
    png_charp name = NULL;
    png_bytep profile = NULL;
    int method = 0;
    png_uint_32 n = 0;
    enum status st = raster_alloc(job->in, png_get_image_width(s->in, s->in_info),
                                  png_get_image_height(s->in, s->in_info),
                                  png_get_channels(s->in, s->in_info), err);
    if (st != STATUS_OK) {
        return st;
    }
    job->in->is_lossless = true;
    return png_get_iCCP(s->in, s->in_info, &name, &method, &profile, &n)
               ? raster_take_profile(job->in, (struct bytes){profile, n}, err)
               : take_figures(job, err);
}

static void take_row(void *at, uint32_t y, uint8_t *row)
{
    const struct job *job = at;
    memcpy(raster_row(job->in, y), row, raster_row_bytes(job->in));
}

static void read_work(void *at)
{
    struct job *job = at;
    png_session_read_rows(job->session, false, take_row, job);
}

enum status raster_from_png(struct bytes file, struct raster *out, struct err *err)
{
    struct job job = {.session = png_session_new(err), .file = file, .in = out};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = png_session_run(job.session, open_work, &job, err);
    if (st == STATUS_OK) {
        st = make_room(&job, err);
    }
    if (st == STATUS_OK) {
        st = png_session_run(job.session, read_work, &job, err);
    }
    png_session_free(job.session);
    if (st != STATUS_OK) {
        raster_release(out);
    }
    return st;
}

/* --- writing --- */

static void write_work(void *at)
{
    struct job *job = at;
    struct png_session *s = job->session;
    const struct raster *r = job->out;
    int type = r->channels == RASTER_GRAY   ? PNG_COLOR_TYPE_GRAY
               : r->channels == RASTER_BGRA ? PNG_COLOR_TYPE_RGB_ALPHA
                                            : PNG_COLOR_TYPE_RGB;
    png_session_open_out(s, job->sink);
    png_set_IHDR(s->out, s->out_info, r->width_px, r->height_px, 8, type, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
    png_set_compression_level(s->out, COMPRESSION_LEVEL);
    if (r->profile.n) { /* as png_rebuild.c writes it, for the stranger's look */
        png_set_text_compression_level(s->out, 0);
        png_set_iCCP(s->out, s->out_info, "photogate", PNG_COMPRESSION_TYPE_BASE, r->profile.at,
                     (png_uint_32)r->profile.n);
    }
    png_write_info(s->out, s->out_info);
    png_set_bgr(s->out);
    for (uint32_t y = 0; y < r->height_px; y++) {
        png_write_row(s->out, raster_row(r, y));
    }
    png_write_end(s->out, NULL);
}

enum status raster_to_png(const struct raster *r, struct buffer *out, struct err *err)
{
    struct job job = {.session = png_session_new(err), .out = r, .sink = out};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = png_session_run(job.session, write_work, &job, err);
    png_session_free(job.session);
    return st;
}
