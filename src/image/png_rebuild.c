/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PNG written anew from its pixels. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "image/icc.h"
#include "image/png_picture.h"
#include "image/png_session.h"
#include "photogate/limits.h"

enum {
    COMPRESSION_LEVEL = 6
}; /* zlib's own middle; 9 costs three times as much for a hundredth less */

struct rebuild_job {
    struct png_session *session;
    struct bytes file;
    struct turn turn;
    struct buffer *out;
    struct png_facts facts;
    uint32_t stored_width, stored_height;
    unsigned channels, sample_bytes;
    struct buffer neutral; /* the rebuilt profile */
    uint8_t *upright;      /* owned; one row of a picture that is turned */
    EVP_MD_CTX *md;        /* owned */
};

static void digest_add(struct rebuild_job *job, const void *at, size_t n)
{
    if (EVP_DigestUpdate(job->md, at, n) != 1) {
        png_session_fail(job->session, STATUS_LIBRARY, "SHA-256 failed");
    }
}

static size_t pixel_bytes(const struct rebuild_job *job)
{
    return (size_t)job->channels * job->sample_bytes;
}

/* 12.2 of the standard lets colour under full transparency be anything: so it is nothing. */
static void clear_hidden(const struct rebuild_job *job, uint8_t *row)
{
    static const uint8_t TRANSPARENT[2] = {0, 0};
    size_t n = pixel_bytes(job), alpha_at = n - job->sample_bytes;
    if (job->channels != 2 && job->channels != 4) {
        return;
    }
    for (uint32_t x = 0; x < job->stored_width; x++, row += n) {
        if (memcmp(row + alpha_at, TRANSPARENT, job->sample_bytes) == 0) {
            memset(row, 0, n);
        }
    }
}

/* --- reading --- */

/* One form for all: whole bytes a sample, no palette, no colour key. Gray of 1, 2 or 4 bits becomes
 * 8, the same gray. */
static void normalise(struct png_session *s)
{
    png_set_expand(s->in);
    (void)png_set_interlace_handling(s->in);
    png_read_update_info(s->in, s->in_info);
}

static void open_work(void *at)
{
    struct rebuild_job *job = at;
    struct png_session *s = job->session;
    png_session_open_in(s, job->file, PNG_WANTS_PICTURE);
    normalise(s);
    job->stored_width = png_get_image_width(s->in, s->in_info);
    job->stored_height = png_get_image_height(s->in, s->in_info);
    job->channels = png_get_channels(s->in, s->in_info);
    job->sample_bytes = png_get_bit_depth(s->in, s->in_info) / 8u;
    bool swap = job->turn.transpose;
    job->facts.width_px = swap ? job->stored_height : job->stored_width;
    job->facts.height_px = swap ? job->stored_width : job->stored_height;
}

static enum status rebuild_profile(struct rebuild_job *job, struct err *err)
{
    png_charp name = NULL;
    png_bytep profile = NULL;
    int method = 0;
    png_uint_32 n = 0;
    if (!png_get_iCCP(job->session->in, job->session->in_info, &name, &method, &profile, &n)) {
        return STATUS_OK;
    }
    return icc_rebuild((struct bytes){profile, n}, job->channels <= 2 ? ICC_GRAY : ICC_RGB,
                       &job->neutral, err);
}

/* --- what makes a picture --- */

static void digest_begin(struct rebuild_job *job)
{
    struct png_session *s = job->session;
    png_fixed_point gamma = 0, chroma[8] = {0};
    int intent = -1;
    uint32_t shape[] = {job->facts.width_px, job->facts.height_px, job->channels,
                        job->sample_bytes};
    if (EVP_DigestInit_ex(job->md, EVP_sha256(), NULL) != 1) {
        png_session_fail(s, STATUS_LIBRARY, "SHA-256 failed");
    }
    digest_add(job, shape, sizeof shape);
    digest_add(job, job->neutral.at, job->neutral.n);
    if (job->neutral.n == 0 && !png_get_sRGB(s->in, s->in_info, &intent)) {
        (void)png_get_gAMA_fixed(s->in, s->in_info, &gamma);
        (void)png_get_cHRM_fixed(s->in, s->in_info, &chroma[0], &chroma[1], &chroma[2], &chroma[3],
                                 &chroma[4], &chroma[5], &chroma[6], &chroma[7]);
    }
    digest_add(job, &gamma, sizeof gamma);
    digest_add(job, chroma, sizeof chroma);
    digest_add(job, &intent, sizeof intent);
}

static void digest_end(struct rebuild_job *job)
{
    unsigned n = DIGEST_BYTES;
    if (EVP_DigestFinal_ex(job->md, job->facts.pixels.b, &n) != 1) {
        png_session_fail(job->session, STATUS_LIBRARY, "SHA-256 failed");
    }
}

/* --- writing --- */

/* 4.3: a profile comes before sRGB, sRGB before gAMA and cHRM. Only what counts is written. */
static void write_colour(struct rebuild_job *job)
{
    struct png_session *s = job->session;
    png_fixed_point gamma, c[8];
    int intent;
    if (job->neutral.n) {
        /* Stored, not compressed, so that the stranger's look needs no inflater. */
        png_set_text_compression_level(s->out, 0);
        png_set_iCCP(s->out, s->out_info, "photogate", PNG_COMPRESSION_TYPE_BASE, job->neutral.at,
                     (png_uint_32)job->neutral.n);
        return;
    }
    if (png_get_sRGB(s->in, s->in_info, &intent)) {
        png_set_sRGB(s->out, s->out_info, intent);
        return;
    }
    if (png_get_gAMA_fixed(s->in, s->in_info, &gamma)) {
        png_set_gAMA_fixed(s->out, s->out_info, gamma);
    }
    if (png_get_cHRM_fixed(s->in, s->in_info, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6],
                           &c[7])) {
        png_set_cHRM_fixed(s->out, s->out_info, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
    }
}

static int colour_type(unsigned channels)
{
    static const int TYPES[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    return TYPES[channels];
}

static void write_row(struct rebuild_job *job, const uint8_t *row)
{
    digest_add(job, row, pixel_bytes(job) * job->facts.width_px);
    if (job->session->out) {
        png_write_row(job->session->out, row);
    }
}

static void take_row(void *at, uint32_t y, uint8_t *row)
{
    struct rebuild_job *job = at;
    (void)y;
    clear_hidden(job, row);
    if (turn_is_none(job->turn)) {
        write_row(job, row);
    }
}

static void write_turned(struct rebuild_job *job)
{
    size_t n = pixel_bytes(job);
    job->upright = malloc(n * job->facts.width_px);
    if (!job->upright) {
        png_session_fail(job->session, STATUS_NOMEM, "no memory for a row");
    }
    for (uint32_t y = 0; y < job->facts.height_px; y++) {
        for (uint32_t x = 0; x < job->facts.width_px; x++) {
            uint32_t sx, sy;
            turn_locate(job->turn, job->stored_width, job->stored_height, x, y, &sx, &sy);
            memcpy(job->upright + n * x,
                   job->session->whole + ((size_t)sy * job->stored_width + sx) * n, n);
        }
        write_row(job, job->upright);
    }
}

static void copy_rows(struct rebuild_job *job)
{
    bool turned = !turn_is_none(job->turn);
    digest_begin(job);
    png_session_read_rows(job->session, turned, take_row, job);
    if (turned) {
        write_turned(job);
    }
    digest_end(job);
}

static void write_work(void *at)
{
    struct rebuild_job *job = at;
    struct png_session *s = job->session;
    png_session_open_out(s, job->out);
    png_set_IHDR(s->out, s->out_info, job->facts.width_px, job->facts.height_px,
                 (int)job->sample_bytes * 8, colour_type(job->channels), PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
    png_set_compression_level(s->out, COMPRESSION_LEVEL);
    write_colour(job);
    png_write_info(s->out, s->out_info);
    copy_rows(job);
    png_write_end(s->out, NULL);
}

static void facts_work(void *at)
{
    copy_rows(at);
}

static enum status run(struct bytes file, struct turn turn, struct buffer *out,
                       struct png_facts *facts, struct err *err)
{
    struct rebuild_job job = {.file = file, .turn = turn, .out = out};
    enum status st = STATUS_NOMEM;
    buffer_init(&job.neutral, MAX_ICC_BYTES);
    job.session = png_session_new(err);
    job.md = EVP_MD_CTX_new();
    if (!job.session || !job.md) {
        st = err_set(err, STATUS_NOMEM, "no memory to rebuild a PNG");
        goto out;
    }
    st = png_session_run(job.session, open_work, &job, err);
    if (st == STATUS_OK) {
        st = rebuild_profile(&job, err);
    }
    if (st == STATUS_OK) {
        st = png_session_run(job.session, out ? write_work : facts_work, &job, err);
    }
    if (st == STATUS_OK) {
        *facts = job.facts;
    }
out:
    EVP_MD_CTX_free(job.md);
    buffer_release(&job.neutral);
    free(job.upright);
    png_session_free(job.session);
    return st;
}

enum status png_rebuild(struct bytes file, struct turn turn, struct buffer *out,
                        struct png_facts *intended, struct err *err)
{
    return run(file, turn, out, intended, err);
}

enum status png_facts_of(struct bytes file, struct png_facts *out, struct err *err)
{
    return run(file, turn_for(1), NULL, out, err);
}
