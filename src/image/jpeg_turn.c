/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_turn.h"

/* T.81, tables F.1 and F.2: 11 bits for a difference of DC, 10 for an AC coefficient. */
enum { MOST_DC = 1023, LEAST_DC = -1024, MOST_AC = 1023 };

static uint32_t round_down(uint32_t n, uint32_t to)
{
    return n - n % to;
}

static uint32_t round_up(uint32_t n, uint32_t to)
{
    return (n + to - 1) / to * to;
}

/* A mirror moves the partial MCU at the far edge to the near one, where JPEG has no partial MCU: it
 * is cut off. */
void jpeg_turn_plan(struct jpeg_session *s, struct jpeg_turning *t)
{
    j_decompress_ptr in = &s->in;
    uint32_t mcu_w = BLOCK_EDGE, mcu_h = BLOCK_EDGE;
    uint32_t w = in->image_width, h = in->image_height;
    if (in->num_components > 1) {
        mcu_w *= (uint32_t)in->max_h_samp_factor;
        mcu_h *= (uint32_t)in->max_v_samp_factor;
    }
    uint32_t keep_w = t->turn.mirror_x ? round_down(w, mcu_w) : w;
    uint32_t keep_h = t->turn.mirror_y ? round_down(h, mcu_h) : h;
    if (keep_w == 0 || keep_h == 0) {
        jpeg_session_fail(s, STATUS_UNSUPPORTED, "a picture too small to be turned without loss");
    }
    t->trimmed_right_px = w - keep_w;
    t->trimmed_bottom_px = h - keep_h;
}

/* The size of one component, in blocks: T.81, A.1.1 and A.2.4. */
struct grid {
    uint32_t width, height;
    uint32_t h, v; /* sampling factors */
};

static uint32_t blocks_for(uint64_t edge_px, uint32_t samp, uint32_t max_samp)
{
    uint64_t unit = (uint64_t)BLOCK_EDGE * max_samp;
    return (uint32_t)((edge_px * samp + unit - 1) / unit);
}

static struct grid stored_grid(const struct jpeg_session *s, const struct jpeg_turning *t, int c)
{
    const struct jpeg_decompress_struct *in = &s->in;
    const jpeg_component_info *info = &in->comp_info[c];
    uint32_t w = in->image_width - t->trimmed_right_px;
    uint32_t h = in->image_height - t->trimmed_bottom_px;
    struct grid g = {.h = (uint32_t)info->h_samp_factor, .v = (uint32_t)info->v_samp_factor};
    g.width = blocks_for(w, g.h, (uint32_t)in->max_h_samp_factor);
    g.height = blocks_for(h, g.v, (uint32_t)in->max_v_samp_factor);
    return g;
}

static struct grid upright_grid(const struct jpeg_session *s, const struct jpeg_turning *t, int c)
{
    struct grid g = stored_grid(s, t, c);
    return t->turn.transpose ? (struct grid){g.height, g.width, g.v, g.h} : g;
}

/* The bits of every coefficient's size so far; of the DC ones as of the ones' complement, so that
 * -1024 fits where 1023 does. */
struct sizes {
    uint16_t bits[BLOCK_SIZE];
    uint16_t dc;
};

static void note_sizes(const int16_t *restrict block, struct sizes *restrict z)
{
    for (int k = 0; k < BLOCK_SIZE; k++) {
        z->bits[k] |= (uint16_t)(block[k] < 0 ? -block[k] : block[k]);
    }
    z->dc |= (uint16_t)(block[0] < 0 ? ~block[0] : block[0]);
}

static bool sizes_are_usual(const struct sizes *z)
{
    unsigned ac = 0;
    for (int k = 1; k < BLOCK_SIZE; k++) {
        ac |= z->bits[k];
    }
    _Static_assert(LEAST_DC == ~MOST_DC, "one mask tests both");
    return ac <= MOST_AC && z->dc <= MOST_DC;
}

struct turning_work {
    const struct jpeg_session *from;
    j_common_ptr owner; /* whose memory it is does not matter to libjpeg, whose error it is does */
    jvirt_barray_ptr *stored;
    struct jpeg_turning *t;
    struct sizes sizes;
};

static void request_blocks(struct turning_work *w)
{
    for (int c = 0; c < w->from->in.num_components; c++) {
        struct grid g = upright_grid(w->from, w->t, c);
        w->t->blocks[c] = (*w->owner->mem->request_virt_barray)(
            w->owner, JPOOL_IMAGE, TRUE, round_up(g.width, g.h), round_up(g.height, g.v), g.v);
    }
    (*w->owner->mem->realize_virt_arrays)(w->owner);
}

static void turn_component(struct turning_work *w, int c)
{
    struct grid from = stored_grid(w->from, w->t, c), to = upright_grid(w->from, w->t, c);
    const struct turn turn = w->t->turn;
    for (uint32_t y = 0; y < to.height; y++) {
        JBLOCKARRAY out =
            (*w->owner->mem->access_virt_barray)(w->owner, w->t->blocks[c], y, 1, TRUE);
        for (uint32_t x = 0; x < to.width; x++) {
            uint32_t sx, sy;
            turn_locate(turn, from.width, from.height, x, y, &sx, &sy);
            JBLOCKARRAY in =
                (*w->owner->mem->access_virt_barray)(w->owner, w->stored[c], sy, 1, FALSE);
            turn_block(turn, in[0][sx], out[0][x]);
            note_sizes(out[0][x], &w->sizes);
        }
    }
}

void jpeg_turn_blocks(const struct jpeg_session *from, jvirt_barray_ptr *stored,
                      struct jpeg_session *to, struct jpeg_turning *t)
{
    struct turning_work w = {
        .from = from, .owner = (j_common_ptr)&to->in, .stored = stored, .t = t};
    request_blocks(&w);
    for (int c = 0; c < from->in.num_components; c++) {
        turn_component(&w, c);
    }
    t->is_usual = sizes_are_usual(&w.sizes);
}

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

void jpeg_turn_parameters(struct jpeg_session *s, const struct jpeg_turning *t)
{
    uint32_t w = s->in.image_width - t->trimmed_right_px;
    uint32_t h = s->in.image_height - t->trimmed_bottom_px;
    s->out.image_width = t->turn.transpose ? h : w;
    s->out.image_height = t->turn.transpose ? w : h;
    if (t->turn.transpose) {
        transpose_parameters(&s->out);
    }
}
