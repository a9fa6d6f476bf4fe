/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JPEG rebuilt without decoding it: coefficients are read, turned, covered where nobody may see
 * them, coded anew, read back and compared. Nothing of the file but these and the rebuilt colour
 * profile reaches the release. */
#include <stdlib.h>

#include "image/icc.h"
#include "image/jpeg_cover.h"
#include "image/jpeg_picture.h"
#include "image/jpeg_same.h"
#include "image/jpeg_session.h"
#include "image/jpeg_turn.h"
#include "photogate/limits.h"

struct rebuild_job {
    struct jpeg_session *session;
    struct jpeg_session *proving; /* holds what was turned, and reads the release back */
    struct bytes file;
    struct jpeg_turning turning;
    const struct cover *cover; /* borrowed; NULL: none */
    struct buffer *out;
    jvirt_barray_ptr *stored; /* the session's; not after a turned picture has been written */
    JOCTET *profile;          /* owned; libjpeg gives it by malloc */
    unsigned profile_bytes;
    struct buffer neutral; /* the rebuilt profile */
};

/* --- reading --- */

static bool is_turned(const struct rebuild_job *job)
{
    return !turn_is_none(job->turning.turn);
}

static void check_colours(struct jpeg_session *s)
{
    J_COLOR_SPACE space = s->in.jpeg_color_space;
    if (space != JCS_GRAYSCALE && space != JCS_YCbCr && space != JCS_RGB) {
        jpeg_session_fail(s, STATUS_UNSUPPORTED, "a JPEG of unusual colours");
    }
}

static void read_work(void *at)
{
    struct rebuild_job *job = at;
    struct jpeg_session *s = job->session;
    jpeg_session_open_in(s, job->file);
    check_colours(s);
    if (is_turned(job)) {
        jpeg_turn_plan(s, &job->turning);
    }
    job->stored = jpeg_read_coefficients(&s->in);
    jpeg_session_check_complete(s);
}

static void read_profile_work(void *at)
{
    struct rebuild_job *job = at;
    (void)jpeg_read_icc_profile(&job->session->in, &job->profile, &job->profile_bytes);
}

/* --- turning and writing --- */

static void turn_work(void *at)
{
    struct rebuild_job *job = at;
    jpeg_session_begin_in(job->proving);
    jpeg_turn_blocks(job->session, job->stored, job->proving, &job->turning);
}

static jvirt_barray_ptr *upright_blocks(struct rebuild_job *job)
{
    return is_turned(job) ? job->turning.blocks : job->stored;
}

/* T.81, B.2.4.1: a quantiser is 1 at least. What is multiplied by 0 shows nowhere and says
 * something. */
static void refuse_zero_quantisers(struct rebuild_job *job)
{
    const struct jpeg_compress_struct *out = &job->session->out;
    for (int c = 0; c < out->num_components; c++) {
        const JQUANT_TBL *q = out->quant_tbl_ptrs[out->comp_info[c].quant_tbl_no];
        for (int i = 0; q && i < DCTSIZE2; i++) {
            if (q->quantval[i] == 0) {
                jpeg_session_fail(job->session, STATUS_FORMAT, "a quantiser of the picture is 0");
            }
        }
    }
}

/* The tables of T.81, K.3, say nothing, and cost one pass in place of two; they have a code for
 * whatever is_usual. Tables made for the picture are for the rest: what came progressive is small
 * and stays so, and a coefficient that has no code at all is refused by libjpeg when it counts
 * them. A file's own tables are never used: they might say something, and a damaged file passes
 * through them unnoticed (measured). */
static void set_parameters(struct rebuild_job *job)
{
    struct jpeg_compress_struct *out = &job->session->out;
    jpeg_copy_critical_parameters(&job->session->in, out); /* sets the tables of K.3 */
    if (is_turned(job)) {
        jpeg_turn_parameters(job->session, &job->turning);
    }
    for (int c = 0; c < out->num_components; c++) {
        out->comp_info[c].component_id = jpeg_component_name(out->jpeg_color_space, c);
    }
    refuse_zero_quantisers(job);
    bool may_be_usual = is_turned(job) && job->turning.is_usual && !job->cover;
    out->optimize_coding = !may_be_usual || job->session->in.progressive_mode;
    out->JFIF_major_version = 1;
    out->JFIF_minor_version = 1;
    out->density_unit = 0;
    out->X_density = out->Y_density = 1;
}

/* Once the parameters of the upright picture are set. */
static void cover_blocks(struct rebuild_job *job)
{
    const struct jpeg_compress_struct *out = &job->session->out;
    const struct jpeg_decompress_struct *in = &job->session->in;
    bool transpose = job->turning.turn.transpose;
    /* Turned, they are of the proving session's memory, but the error is this one's. */
    struct cover_blocks work = {.owner = (j_common_ptr)&job->session->in,
                                .blocks = upright_blocks(job),
                                .components = out->comp_info,
                                .n_components = out->num_components,
                                .width_px = out->image_width,
                                .height_px = out->image_height,
                                .whole_width_px = transpose ? in->image_height : in->image_width,
                                .whole_height_px = transpose ? in->image_width : in->image_height};
    jpeg_cover_blocks(&work, job->cover);
}

static void write_work(void *at)
{
    struct rebuild_job *job = at;
    struct jpeg_compress_struct *out = &job->session->out;
    jpeg_session_open_out(job->session, job->out);
    set_parameters(job);
    if (job->cover) {
        cover_blocks(job);
    }
    if (is_turned(job)) {
        jpeg_destroy_decompress(&job->session->in); /* a third less memory at the most */
    }
    jpeg_write_coefficients(out, upright_blocks(job));
    if (job->neutral.n) {
        jpeg_write_icc_profile(out, job->neutral.at, (unsigned)job->neutral.n);
    }
    jpeg_finish_compress(out);
}

/* --- proving --- */

static struct jpeg_coefficients meant_picture(struct rebuild_job *job)
{
    const struct jpeg_compress_struct *out = &job->session->out;
    return (struct jpeg_coefficients){.width_px = out->image_width,
                                      .height_px = out->image_height,
                                      .space = out->jpeg_color_space,
                                      .n_components = out->num_components,
                                      .components = out->comp_info,
                                      .tables = out->quant_tbl_ptrs,
                                      .blocks = upright_blocks(job)};
}

/* The release is read from nothing but its bytes, and compared with what was given to the encoder.
 */
static void prove_work(void *at)
{
    struct rebuild_job *job = at;
    struct jpeg_session *s = job->proving;
    jpeg_session_open_in(s, buffer_view(job->out));
    struct jpeg_coefficients meant = meant_picture(job);
    struct jpeg_coefficients found = {.blocks = jpeg_read_coefficients(&s->in)};
    jpeg_session_check_complete(s);
    found.width_px = s->in.image_width;
    found.height_px = s->in.image_height;
    found.space = s->in.jpeg_color_space;
    found.n_components = s->in.num_components;
    found.components = s->in.comp_info;
    found.tables = s->in.quant_tbl_ptrs;
    jpeg_same_or_fail(s, &meant, &found);
}

/* The machine's limits may end the second reading too; anything else is a fault of ours. */
static enum status prove(struct rebuild_job *job, struct err *err)
{
    struct err unheard = {.status = STATUS_BUG};
    enum status st = jpeg_session_run(job->proving, prove_work, job, &unheard);
    if (st == STATUS_OK || st == STATUS_NOMEM || st == STATUS_LIMIT) {
        return st == STATUS_OK ? st : err_set(err, st, "%s", unheard.text);
    }
    return err_set(err, STATUS_BUG, "the release is not the same picture");
}

/* --- in order --- */

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
    job->proving = job->session ? jpeg_session_new(err) : NULL;
    return job->proving ? STATUS_OK : STATUS_NOMEM;
}

static void job_close(struct rebuild_job *job)
{
    buffer_release(&job->neutral);
    free(job->profile);
    jpeg_session_free(job->proving);
    jpeg_session_free(job->session);
}

static void note_facts(const struct rebuild_job *job, struct jpeg_facts *out)
{
    *out = (struct jpeg_facts){.width_px = job->session->out.image_width,
                               .height_px = job->session->out.image_height,
                               .trimmed_right_px = job->turning.trimmed_right_px,
                               .trimmed_bottom_px = job->turning.trimmed_bottom_px};
}

enum status jpeg_rebuild(struct bytes file, struct turn turn, const struct cover *cover,
                         struct buffer *out, struct jpeg_facts *facts, struct err *err)
{
    struct rebuild_job job;
    enum status st = job_open(&job, file, err);
    if (st != STATUS_OK) {
        goto out;
    }
    job.turning.turn = turn;
    job.cover = cover && cover->n ? cover : NULL;
    job.out = out;
    st = jpeg_session_run(job.session, read_work, &job, err);
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, read_profile_work, &job, err);
    }
    if (st == STATUS_OK && job.profile) {
        st = rebuild_profile(&job, err);
    }
    if (st == STATUS_OK && is_turned(&job)) {
        st = jpeg_session_run(job.proving, turn_work, &job, err);
    }
    if (st == STATUS_OK) {
        st = jpeg_session_run(job.session, write_work, &job, err);
    }
    if (st == STATUS_OK) {
        st = prove(&job, err);
    }
    if (st == STATUS_OK) {
        note_facts(&job, facts);
    }
out:
    job_close(&job);
    return st;
}
