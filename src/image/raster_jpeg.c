/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "image/jpeg_session.h"
#include "image/raster.h"

enum { INKS = 4, FULL_COLOUR_PIXELS = 1000 * 1000, FULL_COLOUR_QUALITY = 95 };

struct decode_job {
    struct jpeg_session *session;
    struct bytes file;
    struct raster *out;
    struct ink_converter *converter; /* owned */
    JOCTET *profile;                 /* owned; libjpeg gives it by malloc */
    unsigned profile_bytes;
    uint8_t *inks; /* owned; one row */
};

/* --- reading --- */

static void open_work(void *at)
{
    struct decode_job *job = at;
    struct jpeg_session *s = job->session;
    jpeg_session_open_in(s, job->file);
    (void)jpeg_read_icc_profile(&s->in, &job->profile, &job->profile_bytes);
    J_COLOR_SPACE space = s->in.jpeg_color_space;
    bool is_inks = space == JCS_CMYK || space == JCS_YCCK;
    if (is_inks && !s->in.saw_Adobe_marker) {
        jpeg_session_fail(s, STATUS_UNSUPPORTED,
                          "a JPEG for printing that does not say how its inks count");
    }
    s->in.out_color_space = is_inks                  ? JCS_CMYK
                            : space == JCS_GRAYSCALE ? JCS_GRAYSCALE
                                                     : JCS_EXT_BGR;
}

static enum status make_room(struct decode_job *job, struct err *err)
{
    const struct jpeg_decompress_struct *in = &job->session->in;
    struct bytes profile = {job->profile, job->profile_bytes};
    bool is_inks = in->out_color_space == JCS_CMYK;
    enum status st =
        raster_alloc(job->out, in->image_width, in->image_height,
                     in->out_color_space == JCS_GRAYSCALE ? RASTER_GRAY : RASTER_BGR, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!is_inks) {
        return raster_take_profile(job->out, profile, err);
    }
    job->inks = malloc((size_t)in->image_width * INKS);
    if (!job->inks) {
        return err_set(err, STATUS_NOMEM, "no memory for a row");
    }
    /* Adobe's programs store inks inverted, and everybody else who writes their marker follows. */
    return ink_converter_new(profile, true, &job->converter, err);
}

static void read_work(void *at)
{
    struct decode_job *job = at;
    struct jpeg_session *s = job->session;
    (void)jpeg_start_decompress(&s->in);
    jpeg_session_check_complete(s);
    while (s->in.output_scanline < s->in.output_height) {
        uint8_t *to = raster_row(job->out, s->in.output_scanline);
        JSAMPROW row = job->inks ? job->inks : to;
        (void)jpeg_read_scanlines(&s->in, &row, 1);
        if (job->inks) {
            ink_convert(job->converter, job->inks, job->out->width_px, to);
        }
    }
    (void)jpeg_finish_decompress(&s->in);
}

enum status raster_from_jpeg(struct bytes file, struct raster *out, struct err *err)
{
    struct decode_job job = {.session = jpeg_session_new(err), .file = file, .out = out};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = jpeg_session_run(job.session, open_work, &job, err);
    if (st == STATUS_OK) {
        st = make_room(&job, err);
    }
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, read_work, &job, err);
    }
    ink_converter_free(job.converter);
    free(job.inks);
    free(job.profile);
    jpeg_session_free(job.session);
    if (st != STATUS_OK) {
        raster_release(out);
    }
    return st;
}

/* --- writing --- */

struct encode_job {
    struct jpeg_session *session;
    const struct raster *raster;
    int quality;
    struct buffer *out;
};

static void encode_work(void *at)
{
    struct encode_job *job = at;
    const struct raster *r = job->raster;
    struct jpeg_compress_struct *out = &job->session->out;
    jpeg_session_open_out(job->session, job->out);
    out->image_width = r->width_px;
    out->image_height = r->height_px;
    out->input_components = (int)r->channels;
    out->in_color_space = r->channels == RASTER_GRAY ? JCS_GRAYSCALE : JCS_EXT_BGR;
    jpeg_set_defaults(out);
    jpeg_set_quality(out, job->quality, TRUE);
    if ((uint64_t)r->width_px * r->height_px <= FULL_COLOUR_PIXELS ||
        job->quality >= FULL_COLOUR_QUALITY) {
        out->comp_info[0].h_samp_factor = out->comp_info[0].v_samp_factor = 1;
    }
    out->optimize_coding = TRUE;
    out->dct_method = JDCT_ISLOW;
    jpeg_start_compress(out, TRUE);
    if (r->profile.n) {
        jpeg_write_icc_profile(out, r->profile.at, (unsigned)r->profile.n);
    }
    while (out->next_scanline < out->image_height) {
        JSAMPROW row = raster_row(r, out->next_scanline);
        (void)jpeg_write_scanlines(out, &row, 1);
    }
    jpeg_finish_compress(out);
}

enum status raster_to_jpeg(const struct raster *r, unsigned quality, struct buffer *out,
                           struct err *err)
{
    struct encode_job job = {
        .session = jpeg_session_new(err), .raster = r, .quality = (int)quality, .out = out};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = jpeg_session_run(job.session, encode_work, &job, err);
    jpeg_session_free(job.session);
    return st;
}
