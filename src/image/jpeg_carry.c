/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain JPEG that stands upright already: markers written anew, the entropy-coded data carried
 * over as it is. No coefficient is decoded, so none can change; what must be proved is that the
 * data hold nothing but coefficients. */
#include <stdlib.h>
#include <string.h>

#include "image/icc.h"
#include "image/jpeg_parts.h"
#include "image/jpeg_picture.h"
#include "image/jpeg_session.h"
#include "photogate/limits.h"

enum {
    N_USUAL = 4,
    ICC_PREFIX_BYTES = 14,
    ICC_PART_BYTES = 65519,
    MAX_TABLE_BYTES = JPEG_COUNT_BYTES + 256
};

struct carry_job {
    struct jpeg_session *session;
    struct bytes file;
    J_COLOR_SPACE space;
    JOCTET *profile; /* owned; libjpeg gives it by malloc */
    unsigned profile_bytes;
    struct buffer neutral; /* the rebuilt profile */
    uint8_t usual_bytes[N_USUAL][MAX_TABLE_BYTES];
    struct bytes usual[N_USUAL];
};

/* The tables of T.81, K.3, which most cameras use whole: libjpeg has them. */
static void take_usual(struct carry_job *job)
{
    struct jpeg_compress_struct *c = &job->session->out;
    jpeg_create_compress(c);
    c->in_color_space = JCS_RGB;
    c->input_components = 3;
    jpeg_set_defaults(c);
    for (int i = 0; i < N_USUAL; i++) {
        const JHUFF_TBL *t = i < 2 ? c->dc_huff_tbl_ptrs[i] : c->ac_huff_tbl_ptrs[i - 2];
        size_t n = 0;
        for (int bits = 1; bits <= JPEG_COUNT_BYTES; bits++) {
            job->usual_bytes[i][bits - 1] = t->bits[bits];
            n += t->bits[bits];
        }
        memcpy(job->usual_bytes[i] + JPEG_COUNT_BYTES, t->huffval, n);
        job->usual[i] = (struct bytes){job->usual_bytes[i], JPEG_COUNT_BYTES + n};
    }
}

/* What the colours are, libjpeg says: JFIF, Adobe and the components' names all have a part in it.
 */
static void open_work(void *at)
{
    struct carry_job *job = at;
    struct jpeg_session *s = job->session;
    jpeg_session_open_in(s, job->file);
    job->space = s->in.jpeg_color_space;
    (void)jpeg_read_icc_profile(&s->in, &job->profile, &job->profile_bytes);
    take_usual(job);
}

/* --- writing, as libjpeg does: a segment for each table, in the order of first use --- */

static void put_segment(struct buffer *out, unsigned marker, const void *payload, size_t n)
{
    uint8_t head[] = {0xFF, (uint8_t)marker, (uint8_t)((n + 2) >> 8), (uint8_t)(n + 2)};
    buffer_add(out, head, sizeof head);
    buffer_add(out, payload, n);
}

static void put_header(const struct carry_job *job, struct buffer *out)
{
    static const uint8_t JFIF[] = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
    static const uint8_t ADOBE_RGB[] = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    buffer_add(out, "\xFF\xD8", 2);
    if (job->space == JCS_RGB) {
        put_segment(out, JPEG_APP0 + 14, ADOBE_RGB, sizeof ADOBE_RGB);
    } else {
        put_segment(out, JPEG_APP0, JFIF, sizeof JFIF);
    }
}

/* ICC.1:2022, B.4. */
static void put_profile(struct bytes profile, struct buffer *out)
{
    size_t n_parts = (profile.n + ICC_PART_BYTES - 1) / ICC_PART_BYTES;
    for (size_t i = 0; i < n_parts; i++) {
        struct bytes part = bytes_slice(profile, i * ICC_PART_BYTES, ICC_PART_BYTES);
        size_t n = ICC_PREFIX_BYTES + part.n + 2;
        uint8_t head[] = {0xFF, JPEG_APP0 + 2, (uint8_t)(n >> 8), (uint8_t)n};
        buffer_add(out, head, sizeof head);
        buffer_add(out, "ICC_PROFILE", ICC_PREFIX_BYTES - 2);
        buffer_add_byte(out, (uint8_t)(i + 1));
        buffer_add_byte(out, (uint8_t)n_parts);
        buffer_add(out, part.at, part.n);
    }
}

static void put_table(struct buffer *out, unsigned marker, unsigned name, struct bytes table)
{
    uint8_t payload[1 + MAX_TABLE_BYTES] = {(uint8_t)name};
    memcpy(payload + 1, table.at, table.n);
    put_segment(out, marker, payload, 1 + table.n);
}

static void put_quant(const struct jpeg_parts *p, struct buffer *out)
{
    unsigned done = 0;
    for (size_t i = 0; i < p->frame.n_components; i++) {
        unsigned id = p->frame.components[i].quant_table;
        if (!(done & 1u << id)) {
            put_table(out, JPEG_DQT, id, p->quant[id]);
        }
        done |= 1u << id;
    }
}

/* B.2.2: baseline has two tables of a class. */
static void put_frame(const struct jpeg_parts *p, J_COLOR_SPACE space, struct buffer *out)
{
    const struct jpeg_frame *f = &p->frame;
    uint8_t payload[6 + 3 * JPEG_MAX_COMPONENTS] = {8,
                                                    (uint8_t)(f->height_px >> 8),
                                                    (uint8_t)f->height_px,
                                                    (uint8_t)(f->width_px >> 8),
                                                    (uint8_t)f->width_px,
                                                    f->n_components};
    bool is_baseline = true;
    for (size_t i = 0; i < f->n_components; i++) {
        const struct jpeg_component *c = &f->components[i];
        payload[6 + 3 * i] = jpeg_component_name(space, (int)i);
        payload[7 + 3 * i] = (uint8_t)(c->h << 4 | c->v);
        payload[8 + 3 * i] = c->quant_table;
        is_baseline = is_baseline && p->selected[i][JPEG_DC] < 2 && p->selected[i][JPEG_AC] < 2;
    }
    put_segment(out, is_baseline ? JPEG_SOF0 : JPEG_SOF1, payload, 6 + 3 * (size_t)f->n_components);
}

static void put_huffman(const struct jpeg_parts *p, struct buffer *out)
{
    unsigned done[2] = {0, 0};
    for (size_t i = 0; i < p->frame.n_components; i++) {
        for (unsigned class = JPEG_DC; class <= JPEG_AC; class ++) {
            unsigned id = p->selected[i][class];
            if (!(done[class] & 1u << id)) {
                put_table(out, JPEG_DHT, class << 4 | id, p->huffman[class][id]);
            }
            done[class] |= 1u << id;
        }
    }
}

static void put_scan(const struct jpeg_parts *p, J_COLOR_SPACE space, struct buffer *out)
{
    size_t n = p->frame.n_components;
    uint8_t interval[] = {(uint8_t)(p->restart_interval >> 8), (uint8_t)p->restart_interval};
    uint8_t payload[4 + 2 * JPEG_MAX_COMPONENTS] = {(uint8_t)n};
    for (size_t i = 0; i < n; i++) {
        payload[1 + 2 * i] = jpeg_component_name(space, (int)i);
        payload[2 + 2 * i] = (uint8_t)(p->selected[i][JPEG_DC] << 4 | p->selected[i][JPEG_AC]);
    }
    payload[2 + 2 * n] = BLOCK_SIZE - 1; /* the last of the frequencies */
    if (p->restart_interval) {
        put_segment(out, JPEG_DRI, interval, sizeof interval);
    }
    put_segment(out, JPEG_SOS, payload, 4 + 2 * n);
    buffer_add(out, p->scan.at, p->scan.n);
    buffer_add(out, "\xFF\xD9", 2);
}

static void put_all(const struct carry_job *job, const struct jpeg_parts *p, struct buffer *out)
{
    put_header(job, out);
    put_profile(buffer_view(&job->neutral), out);
    put_quant(p, out);
    put_frame(p, job->space, out);
    put_huffman(p, out);
    put_scan(p, job->space, out);
}

/* --- proving --- */

/* Everything that a decoder makes a picture of, but for the names of the components. */
static bool same_picture(const struct jpeg_parts *a, const struct jpeg_parts *b)
{
    bool same = a->frame.width_px == b->frame.width_px &&
                a->frame.height_px == b->frame.height_px &&
                a->frame.n_components == b->frame.n_components &&
                a->restart_interval == b->restart_interval && bytes_equal(a->scan, b->scan);
    for (size_t i = 0; same && i < a->frame.n_components; i++) {
        const struct jpeg_component *x = &a->frame.components[i], *y = &b->frame.components[i];
        same = x->h == y->h && x->v == y->v &&
               bytes_equal(a->quant[x->quant_table], b->quant[y->quant_table]);
        for (unsigned class = JPEG_DC; same && class <= JPEG_AC; class ++) {
            same = bytes_equal(a->huffman[class][a->selected[i][class]],
                               b->huffman[class][b->selected[i][class]]);
        }
    }
    return same;
}

static enum status carry(struct carry_job *job, const struct jpeg_parts *p, struct buffer *out,
                         bool *carried, struct err *err)
{
    struct jpeg_parts got;
    put_all(job, p, out);
    enum status st = buffer_status(out, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!jpeg_parts_of(buffer_view(out), &got) || !same_picture(p, &got)) {
        return err_set(err, STATUS_BUG, "the release is not the same picture");
    }
    *carried = jpeg_scan_is_exact(&got, job->usual, N_USUAL);
    if (!*carried) {
        buffer_reset(out);
    }
    return STATUS_OK;
}

/* Whether the colours are ones that are carried, and their profile rebuilt. A fault in the file is
 * for the rebuild to name. */
static enum status open_job(struct carry_job *job, bool *good, struct err *err)
{
    struct err unheard = {.status = STATUS_BUG};
    enum status st = jpeg_session_run(job->session, open_work, job, &unheard);
    *good = st == STATUS_OK &&
            (job->space == JCS_GRAYSCALE || job->space == JCS_YCbCr || job->space == JCS_RGB);
    if (st == STATUS_NOMEM || st == STATUS_LIBRARY || st == STATUS_BUG) {
        return err_set(err, st, "%s", unheard.text);
    }
    if (*good && job->profile) {
        return icc_rebuild((struct bytes){job->profile, job->profile_bytes},
                           job->space == JCS_GRAYSCALE ? ICC_GRAY : ICC_RGB, &job->neutral, err);
    }
    return STATUS_OK;
}

enum status jpeg_carry(struct bytes file, struct buffer *out, struct jpeg_facts *facts,
                       bool *carried, struct err *err)
{
    struct jpeg_parts parts;
    bool good = false;
    enum status st = STATUS_OK;
    *carried = false;
    if (!jpeg_parts_of(file, &parts)) {
        return st;
    }
    struct carry_job *job = calloc(1, sizeof *job);
    if (!job) {
        return err_set(err, STATUS_NOMEM, "no memory to carry a JPEG over");
    }
    job->file = file;
    buffer_init(&job->neutral, MAX_ICC_BYTES);
    job->session = jpeg_session_new(err);
    st = job->session ? open_job(job, &good, err) : STATUS_NOMEM;
    if (st == STATUS_OK && good) {
        st = carry(job, &parts, out, carried, err);
    }
    if (st == STATUS_OK && *carried) {
        *facts = (struct jpeg_facts){.width_px = parts.frame.width_px,
                                     .height_px = parts.frame.height_px};
    }
    buffer_release(&job->neutral);
    free(job->profile);
    jpeg_session_free(job->session);
    free(job);
    return st;
}
