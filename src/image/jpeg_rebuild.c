/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JPEG rebuilt without decoding it: coefficients are read, turned, and coded anew. Nothing of the
 * file but these and the rebuilt colour profile reaches the release. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "image/icc.h"
#include "image/jpeg_picture.h"
#include "image/jpeg_session.h"
#include "photogate/limits.h"

struct rebuild_job {
    struct jpeg_session *session;
    struct bytes file;
    struct turn turn;
    struct buffer *out;
    struct jpeg_facts facts;
    jvirt_barray_ptr *stored; /* the session's */
    jvirt_barray_ptr turned[MAX_COMPONENTS];
    JOCTET *profile; /* owned; libjpeg gives it by malloc */
    unsigned profile_bytes;
    struct buffer neutral; /* the rebuilt profile */
    struct err icc_err;
    EVP_MD_CTX *md; /* owned */
};

/* --- what makes a picture --- */

struct picture_view {
    uint32_t width_px, height_px;
    J_COLOR_SPACE space;
    int n_components;
    const jpeg_component_info *components;
    JQUANT_TBL *const *tables; /* by the component's quant_tbl_no */
    jvirt_barray_ptr *blocks;
};

static void digest_add(struct rebuild_job *job, const void *at, size_t n)
{
    if (EVP_DigestUpdate(job->md, at, n) != 1) {
        jpeg_session_fail(job->session, STATUS_LIBRARY, "SHA-256 failed");
    }
}

static void digest_component(struct rebuild_job *job, const struct picture_view *v, int c)
{
    const jpeg_component_info *info = &v->components[c];
    const JQUANT_TBL *table = v->tables[info->quant_tbl_no];
    uint32_t shape[] = {(uint32_t)info->h_samp_factor, (uint32_t)info->v_samp_factor,
                        info->width_in_blocks, info->height_in_blocks};
    digest_add(job, shape, sizeof shape);
    if (table) {
        digest_add(job, table->quantval, sizeof table->quantval);
    } else {
        jpeg_session_fail(job->session, STATUS_FORMAT, "a quantisation table is missing");
    }
    j_common_ptr owner = (j_common_ptr)&job->session->in;
    for (JDIMENSION y = 0; y < info->height_in_blocks; y++) {
        JBLOCKARRAY row = (*owner->mem->access_virt_barray)(owner, v->blocks[c], y, 1, FALSE);
        digest_add(job, row[0], info->width_in_blocks * sizeof(JBLOCK));
    }
}

/* Dummy blocks that fill the last MCU are no part of the picture: decoders pass over them. */
static void digest_picture(struct rebuild_job *job, const struct picture_view *v)
{
    uint32_t shape[] = {v->width_px, v->height_px, (uint32_t)v->space, (uint32_t)v->n_components};
    unsigned n = DIGEST_BYTES;
    if (EVP_DigestInit_ex(job->md, EVP_sha256(), NULL) != 1) {
        jpeg_session_fail(job->session, STATUS_LIBRARY, "SHA-256 failed");
    }
    digest_add(job, shape, sizeof shape);
    for (int c = 0; c < v->n_components; c++) {
        digest_component(job, v, c);
    }
    if (EVP_DigestFinal_ex(job->md, job->facts.coefficients.b, &n) != 1) {
        jpeg_session_fail(job->session, STATUS_LIBRARY, "SHA-256 failed");
    }
    job->facts.width_px = v->width_px;
    job->facts.height_px = v->height_px;
}

/* --- reading --- */

static void check_colours(struct jpeg_session *s)
{
    J_COLOR_SPACE space = s->in.jpeg_color_space;
    if (space != JCS_GRAYSCALE && space != JCS_YCbCr && space != JCS_RGB) {
        jpeg_session_fail(s, STATUS_UNSUPPORTED, "a JPEG of unusual colours");
    }
}

static uint32_t round_down(uint32_t n, uint32_t to)
{
    return n - n % to;
}

/* A mirror moves the partial MCU at the far edge to the near one, where JPEG has no partial MCU: it
 * is cut off. */
static void plan_turn(struct rebuild_job *job)
{
    j_decompress_ptr in = &job->session->in;
    uint32_t mcu_w = BLOCK_EDGE, mcu_h = BLOCK_EDGE;
    uint32_t w = in->image_width, h = in->image_height;
    if (in->num_components > 1) {
        mcu_w *= (uint32_t)in->max_h_samp_factor;
        mcu_h *= (uint32_t)in->max_v_samp_factor;
    }
    uint32_t keep_w = job->turn.mirror_x ? round_down(w, mcu_w) : w;
    uint32_t keep_h = job->turn.mirror_y ? round_down(h, mcu_h) : h;
    if (keep_w == 0 || keep_h == 0) {
        jpeg_session_fail(job->session, STATUS_UNSUPPORTED,
                          "a picture too small to be turned without loss");
    }
    job->facts.trimmed_right_px = w - keep_w;
    job->facts.trimmed_bottom_px = h - keep_h;
}

/* The size of one component of the upright picture, in blocks: T.81, A.1.1 and A.2.4. */
struct grid {
    uint32_t width, height;
    uint32_t h, v; /* sampling factors */
};

static uint32_t blocks_for(uint64_t edge_px, uint32_t samp, uint32_t max_samp)
{
    uint64_t unit = (uint64_t)BLOCK_EDGE * max_samp;
    return (uint32_t)((edge_px * samp + unit - 1) / unit);
}

static struct grid stored_grid(const struct rebuild_job *job, int c)
{
    const struct jpeg_decompress_struct *in = &job->session->in;
    const jpeg_component_info *info = &in->comp_info[c];
    uint32_t w = in->image_width - job->facts.trimmed_right_px;
    uint32_t h = in->image_height - job->facts.trimmed_bottom_px;
    struct grid g = {.h = (uint32_t)info->h_samp_factor, .v = (uint32_t)info->v_samp_factor};
    g.width = blocks_for(w, g.h, (uint32_t)in->max_h_samp_factor);
    g.height = blocks_for(h, g.v, (uint32_t)in->max_v_samp_factor);
    return g;
}

static struct grid upright_grid(const struct rebuild_job *job, int c)
{
    struct grid g = stored_grid(job, c);
    return job->turn.transpose ? (struct grid){g.height, g.width, g.v, g.h} : g;
}

static uint32_t round_up(uint32_t n, uint32_t to)
{
    return (n + to - 1) / to * to;
}

static void request_turned(struct rebuild_job *job)
{
    j_common_ptr owner = (j_common_ptr)&job->session->in;
    for (int c = 0; c < job->session->in.num_components; c++) {
        struct grid g = upright_grid(job, c);
        job->turned[c] = (*owner->mem->request_virt_barray)(
            owner, JPOOL_IMAGE, TRUE, round_up(g.width, g.h), round_up(g.height, g.v), g.v);
    }
}

static void read_work(void *at)
{
    struct rebuild_job *job = at;
    struct jpeg_session *s = job->session;
    jpeg_session_open_in(s, job->file);
    check_colours(s);
    if (!turn_is_none(job->turn)) {
        plan_turn(job);
        request_turned(job); /* all arrays must be asked for before the first is used */
    }
    job->stored = jpeg_read_coefficients(&s->in);
    jpeg_session_check_complete(s);
}

static void read_profile_work(void *at)
{
    struct rebuild_job *job = at;
    (void)jpeg_read_icc_profile(&job->session->in, &job->profile, &job->profile_bytes);
}

/* --- turning --- */

static void turn_component(struct rebuild_job *job, int c)
{
    j_common_ptr owner = (j_common_ptr)&job->session->in;
    struct grid from = stored_grid(job, c), to = upright_grid(job, c);
    for (uint32_t y = 0; y < to.height; y++) {
        JBLOCKARRAY out = (*owner->mem->access_virt_barray)(owner, job->turned[c], y, 1, TRUE);
        for (uint32_t x = 0; x < to.width; x++) {
            uint32_t sx, sy;
            turn_locate(job->turn, from.width, from.height, x, y, &sx, &sy);
            JBLOCKARRAY in = (*owner->mem->access_virt_barray)(owner, job->stored[c], sy, 1, FALSE);
            turn_block(job->turn, in[0][sx], out[0][x]);
        }
    }
}

static void turn_work(void *at)
{
    struct rebuild_job *job = at;
    for (int c = 0; c < job->session->in.num_components; c++) {
        turn_component(job, c);
    }
}

/* --- writing --- */

static void transpose_parameters(struct jpeg_compress_struct *out)
{
    for (int c = 0; c < out->num_components; c++) {
        int h = out->comp_info[c].h_samp_factor;
        out->comp_info[c].h_samp_factor = out->comp_info[c].v_samp_factor;
        out->comp_info[c].v_samp_factor = h;
    }
    for (int t = 0; t < NUM_QUANT_TBLS; t++) {
        JQUANT_TBL *table = out->quant_tbl_ptrs[t];
        for (int v = 0; table && v < DCTSIZE; v++) {
            for (int u = 0; u < v; u++) {
                UINT16 q = table->quantval[v * DCTSIZE + u];
                table->quantval[v * DCTSIZE + u] = table->quantval[u * DCTSIZE + v];
                table->quantval[u * DCTSIZE + v] = q;
            }
        }
    }
}

static void set_parameters(struct rebuild_job *job)
{
    struct jpeg_compress_struct *out = &job->session->out;
    jpeg_copy_critical_parameters(&job->session->in, out);
    uint32_t w = job->session->in.image_width - job->facts.trimmed_right_px;
    uint32_t h = job->session->in.image_height - job->facts.trimmed_bottom_px;
    out->image_width = job->turn.transpose ? h : w;
    out->image_height = job->turn.transpose ? w : h;
    if (job->turn.transpose) {
        transpose_parameters(out);
    }
    for (int c = 0; c < out->num_components; c++) {
        out->comp_info[c].component_id = jpeg_component_name(out->jpeg_color_space, c);
    }
    out->optimize_coding =
        TRUE; /* with the source's tables a damaged file passes through (measured) */
    out->JFIF_major_version = 1;
    out->JFIF_minor_version = 1;
    out->density_unit = 0;
    out->X_density = out->Y_density = 1;
}

static void write_work(void *at)
{
    struct rebuild_job *job = at;
    struct jpeg_compress_struct *out = &job->session->out;
    jvirt_barray_ptr *blocks = turn_is_none(job->turn) ? job->stored : job->turned;
    jpeg_session_open_out(job->session, job->out);
    set_parameters(job);
    jpeg_write_coefficients(out, blocks);
    if (job->neutral.n) {
        jpeg_write_icc_profile(out, job->neutral.at, (unsigned)job->neutral.n);
    }
    struct picture_view v = {.width_px = out->image_width,
                             .height_px = out->image_height,
                             .space = out->jpeg_color_space,
                             .n_components = out->num_components,
                             .components = out->comp_info,
                             .tables = out->quant_tbl_ptrs,
                             .blocks = blocks};
    digest_picture(job, &v);
    jpeg_finish_compress(out);
}

static enum status rebuild_profile(struct rebuild_job *job, struct err *err)
{
    bool is_gray = job->session->in.jpeg_color_space == JCS_GRAYSCALE;
    struct bytes profile = {job->profile, job->profile_bytes};
    return icc_rebuild(profile, is_gray ? ICC_GRAY : ICC_RGB, &job->neutral, err);
}

static enum status job_open(struct rebuild_job *job, struct bytes file, struct err *err)
{
    *job = (struct rebuild_job){.file = file};
    buffer_init(&job->neutral, MAX_ICC_BYTES);
    job->session = jpeg_session_new(err);
    job->md = EVP_MD_CTX_new();
    if (job->session && job->md) {
        return STATUS_OK;
    }
    return err_set(err, STATUS_NOMEM, "no memory to rebuild a JPEG");
}

static void job_close(struct rebuild_job *job)
{
    EVP_MD_CTX_free(job->md);
    buffer_release(&job->neutral);
    free(job->profile);
    jpeg_session_free(job->session);
}

enum status jpeg_rebuild(struct bytes file, struct turn turn, struct buffer *out,
                         struct jpeg_facts *intended, struct err *err)
{
    struct rebuild_job job;
    enum status st = job_open(&job, file, err);
    if (st != STATUS_OK) {
        goto out;
    }
    job.turn = turn;
    job.out = out;
    st = jpeg_session_run(job.session, read_work, &job, err);
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, read_profile_work, &job, err);
    }
    if (st == STATUS_OK && job.profile) {
        st = rebuild_profile(&job, err);
    }
    if (st == STATUS_OK && !turn_is_none(turn)) {
        st = jpeg_session_run(job.session, turn_work, &job, err);
    }
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, write_work, &job, err);
    }
    if (st == STATUS_OK) {
        *intended = job.facts;
    }
out:
    job_close(&job);
    return st;
}

static void facts_work(void *at)
{
    struct rebuild_job *job = at;
    struct jpeg_decompress_struct *in = &job->session->in;
    struct picture_view v = {.width_px = in->image_width,
                             .height_px = in->image_height,
                             .space = in->jpeg_color_space,
                             .n_components = in->num_components,
                             .components = in->comp_info,
                             .tables = in->quant_tbl_ptrs,
                             .blocks = job->stored};
    digest_picture(job, &v);
}

enum status jpeg_facts_of(struct bytes file, struct jpeg_facts *out, struct err *err)
{
    struct rebuild_job job;
    enum status st = job_open(&job, file, err);
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, read_work, &job, err);
    }
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, facts_work, &job, err);
    }
    if (st == STATUS_OK) {
        *out = job.facts;
    }
    job_close(&job);
    return st;
}
