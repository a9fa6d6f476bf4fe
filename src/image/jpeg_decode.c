/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "image/jpeg_picture.h"
#include "image/jpeg_session.h"

enum { CHANNELS = 3, SCALE_DENOMINATOR = 8 };

struct decode_job {
    struct jpeg_session *session;
    struct bytes file;
    uint32_t edge_px;
    struct pixels picture;
};

static unsigned scale_for(uint32_t longest_px, uint32_t edge_px)
{
    unsigned scale = 1;
    while (scale < SCALE_DENOMINATOR &&
           (uint64_t)longest_px * scale < (uint64_t)edge_px * SCALE_DENOMINATOR) {
        scale++;
    }
    return scale;
}

static void decode_work(void *at)
{
    struct decode_job *job = at;
    struct jpeg_session *s = job->session;
    jpeg_session_open_in(s, job->file);
    uint32_t w = s->in.image_width, h = s->in.image_height;
    s->in.scale_num = scale_for(w > h ? w : h, job->edge_px);
    s->in.scale_denom = SCALE_DENOMINATOR;
    s->in.out_color_space = JCS_EXT_BGR;
    (void)jpeg_start_decompress(&s->in); /* reads every scan of a progressive picture */
    jpeg_session_check_complete(s);
    struct pixels *p = &job->picture;
    p->width_px = s->in.output_width;
    p->height_px = s->in.output_height;
    size_t row_bytes = (size_t)p->width_px * CHANNELS;
    p->at = malloc(row_bytes * p->height_px);
    if (!p->at) {
        jpeg_session_fail(s, STATUS_NOMEM, "no memory for the picture");
    }
    while (s->in.output_scanline < s->in.output_height) {
        JSAMPROW row = p->at + row_bytes * s->in.output_scanline;
        (void)jpeg_read_scanlines(&s->in, &row, 1);
    }
    (void)jpeg_finish_decompress(&s->in);
}

enum status jpeg_decode(struct bytes file, uint32_t edge_px, struct pixels *out, struct err *err)
{
    struct decode_job job = {.session = jpeg_session_new(err), .file = file, .edge_px = edge_px};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = jpeg_session_run(job.session, decode_work, &job, err);
    jpeg_session_free(job.session);
    if (st == STATUS_OK) {
        *out = job.picture;
    } else {
        free(job.picture.at);
    }
    return st;
}

struct encode_job {
    struct jpeg_session *session;
    const struct pixels *picture;
    int quality;
    struct buffer *out;
};

static void encode_work(void *at)
{
    struct encode_job *job = at;
    struct jpeg_session *s = job->session;
    jpeg_session_open_out(s, job->out);
    s->out.image_width = job->picture->width_px;
    s->out.image_height = job->picture->height_px;
    s->out.input_components = CHANNELS;
    s->out.in_color_space = JCS_EXT_BGR;
    jpeg_set_defaults(&s->out);
    jpeg_set_quality(&s->out, job->quality, TRUE);
    s->out.optimize_coding = TRUE;
    jpeg_start_compress(&s->out, TRUE);
    size_t row_bytes = (size_t)job->picture->width_px * CHANNELS;
    while (s->out.next_scanline < s->out.image_height) {
        JSAMPROW row = job->picture->at + row_bytes * s->out.next_scanline;
        (void)jpeg_write_scanlines(&s->out, &row, 1);
    }
    jpeg_finish_compress(&s->out);
}

enum status jpeg_encode(const struct pixels *p, int quality, struct buffer *out, struct err *err)
{
    struct encode_job job = {
        .session = jpeg_session_new(err), .picture = p, .quality = quality, .out = out};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = jpeg_session_run(job.session, encode_work, &job, err);
    jpeg_session_free(job.session);
    return st;
}
