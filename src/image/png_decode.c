/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "image/loose_text.h"
#include "image/png_inventory.h"
#include "image/png_picture.h"
#include "image/png_session.h"
#include "image/reduce.h"
#include "photogate/limits.h"

enum { OPAQUE = 255, WITH_ALPHA = 4 };

struct decode_job {
    struct png_session *session;
    struct bytes file;
    uint32_t edge_px;
    unsigned channels;
    uint32_t width_px;
    struct reducer reducer; /* owned */
};

/* What a reader sees on a white page. */
static void lay_on_white(uint8_t *row, uint32_t width)
{
    const uint8_t *from = row;
    for (uint32_t x = 0; x < width; x++, from += WITH_ALPHA) {
        unsigned alpha = from[3];
        for (size_t c = 0; c < 3; c++) {
            *row++ = (uint8_t)((from[c] * alpha + OPAQUE * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE);
        }
    }
}

static void take_row(void *at, uint32_t y, uint8_t *row)
{
    struct decode_job *job = at;
    (void)y;
    if (job->channels == WITH_ALPHA) {
        lay_on_white(row, job->width_px);
    }
    reducer_add(&job->reducer, row);
}

static void decode_work(void *at)
{
    struct decode_job *job = at;
    struct png_session *s = job->session;
    png_session_open_in(s, job->file, PNG_WANTS_TEXTS_TOO);
    png_set_expand(s->in);
    png_set_scale_16(s->in);
    png_set_gray_to_rgb(s->in);
    png_set_bgr(s->in);
    bool whole = png_get_interlace_type(s->in, s->in_info) != PNG_INTERLACE_NONE;
    if (whole) {
        (void)png_set_interlace_handling(s->in);
    }
    png_read_update_info(s->in, s->in_info);
    job->channels = png_get_channels(s->in, s->in_info);
    job->width_px = png_get_image_width(s->in, s->in_info);
    uint32_t height = png_get_image_height(s->in, s->in_info);
    uint32_t longest = job->width_px > height ? job->width_px : height;
    uint32_t factor = longest / job->edge_px;
    if (reducer_init(&job->reducer, job->width_px, height, factor ? factor : 1, NULL) !=
        STATUS_OK) {
        png_session_fail(s, STATUS_NOMEM, "no memory for a small picture");
    }
    png_session_read_rows(s, whole, take_row, job);
}

/* libpng: compression says which chunk it came from; a tEXt's length is in text_length, an iTXt's
 * in itxt_length. */
static enum status note_texts(const struct png_session *s, struct gathering *g, struct err *err)
{
    png_textp texts = NULL;
    int n = 0;
    enum status st = STATUS_OK;
    (void)png_get_text(s->in, s->in_info, &texts, &n);
    for (int i = 0; i < n && st == STATUS_OK; i++) {
        bool international = texts[i].compression >= PNG_ITXT_COMPRESSION_NONE;
        struct text value = {texts[i].text,
                             international ? texts[i].itxt_length : texts[i].text_length};
        if (!value.at) {
            value = TEXT_NONE;
        }
        st = png_text_note(g, text_of(texts[i].key), value, international, err);
        if (international && texts[i].lang_key) {
            loose_text_gather(g, CARRIER_PNG_TEXT, text_of(texts[i].lang_key));
        }
    }
    return st;
}

/* --- the orientation --- */

/* Its XMP packet may say it. EXIF in hexadecimal may too, but no viewer turns a PNG by that. */
static bool may_say_orientation(const struct png_chunk *c)
{
    static const char XMP[] = "XML:com.adobe.xmp";
    bool is_text = png_chunk_is(c, "tEXt") || png_chunk_is(c, "zTXt") || png_chunk_is(c, "iTXt");
    return is_text && bytes_start_with(c->data, XMP, sizeof XMP);
}

/* libpng gives texts with the pixels only, before and behind them: so they are put before the
 * pixels of a picture of one pixel, which are never read. */
static enum status collect_texts(struct bytes file, struct buffer *out, size_t *n, struct err *err)
{
    static const uint8_t BEFORE[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0"
                                    "\x3A\x7E\x9B\x55";
    enum { FRAME_BYTES = 12 };
    struct png_walk w;
    enum status st = STATUS_OK;
    png_walk_init(&w, file);
    buffer_add(out, BEFORE, sizeof BEFORE - 1);
    while (st == STATUS_OK && !w.ended) {
        struct png_chunk c;
        st = png_walk_next(&w, &c, err);
        if (st == STATUS_OK && may_say_orientation(&c)) {
            buffer_add(out, file.at + c.offset, c.data.n + FRAME_BYTES);
            ++*n;
        }
    }
    buffer_add(out, "\0\0\0\0IDAT", 8);
    return st == STATUS_OK ? buffer_status(out, err) : st;
}

static void texts_work(void *at)
{
    struct decode_job *job = at;
    png_session_open_in(job->session, job->file, PNG_WANTS_TEXTS_TOO);
}

enum status png_read_orientation(struct bytes file, struct gathering *g, struct err *err)
{
    struct buffer texts;
    struct decode_job job = {.session = NULL};
    size_t n = 0;
    buffer_init(&texts, file.n + 64);
    enum status st = collect_texts(file, &texts, &n, err);
    if (st != STATUS_OK || n == 0) {
        goto out;
    }
    job.file = buffer_view(&texts);
    job.session = png_session_new(err);
    st = job.session ? png_session_run(job.session, texts_work, &job, err) : STATUS_NOMEM;
    if (st == STATUS_OK) {
        st = note_texts(job.session, g, err);
    }
out:
    png_session_free(job.session);
    buffer_release(&texts);
    return st;
}

/* --- the picture --- */

enum status png_decode(struct bytes file, uint32_t edge_px, struct gathering *g, struct pixels *out,
                       struct err *err)
{
    struct decode_job job = {.session = png_session_new(err), .file = file, .edge_px = edge_px};
    if (!job.session) {
        return STATUS_NOMEM;
    }
    enum status st = png_session_run(job.session, decode_work, &job, err);
    if (st == STATUS_OK) {
        st = note_texts(job.session, g, err);
    }
    if (st == STATUS_OK && job.session->has_surplus) {
        gather_carrier(g, CARRIER_TRAILER, CARRIER_DROPPED, 0, "behind the compressed picture");
    }
    if (st == STATUS_OK) {
        *out = reducer_take(&job.reducer);
    }
    reducer_release(&job.reducer);
    png_session_free(job.session);
    return st;
}
