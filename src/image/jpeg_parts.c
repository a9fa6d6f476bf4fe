/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_parts.h"

#include <string.h>

/* T.81, B.2.3: at most ten blocks in an MCU. */
enum { MAX_MCU_BLOCKS = 10 };

struct taking {
    struct jpeg_parts parts;
    bool has_interval, has_scan;
};

/* B.2.4.1. Tables of 16-bit values are rare enough to be somebody else's work. */
static bool take_quant(struct taking *t, struct bytes p)
{
    while (p.n) {
        unsigned id = p.at[0];
        if (id >= JPEG_TABLES || p.n < 1 + JPEG_QUANT_BYTES || t->parts.quant[id].n) {
            return false;
        }
        struct bytes table = bytes_slice(p, 1, JPEG_QUANT_BYTES);
        if (memchr(table.at, 0, table.n)) {
            return false;
        }
        t->parts.quant[id] = table;
        p = bytes_slice(p, 1 + JPEG_QUANT_BYTES, p.n);
    }
    return true;
}

/* B.2.4.2. */
static bool take_huffman(struct taking *t, struct bytes p)
{
    while (p.n) {
        unsigned class = p.at[0] >> 4, id = p.at[0] & 15;
        size_t n = JPEG_COUNT_BYTES;
        if (class > JPEG_AC || id >= JPEG_TABLES || p.n < 1 + n || t->parts.huffman[class][id].n) {
            return false;
        }
        for (size_t i = 1; i <= JPEG_COUNT_BYTES; i++) {
            n += p.at[i];
        }
        if (n > JPEG_COUNT_BYTES + 256 || p.n < 1 + n) {
            return false;
        }
        t->parts.huffman[class][id] = bytes_slice(p, 1, n);
        p = bytes_slice(p, 1 + n, p.n);
    }
    return true;
}

/* B.2.2; A.1.1: chroma that is no whole fraction of luma is not even decoded everywhere. */
static bool take_frame(struct taking *t, const struct jpeg_segment *s)
{
    struct jpeg_frame *f = &t->parts.frame;
    unsigned h_max = 1, v_max = 1, n_blocks = 0;
    if (f->sof || (s->marker != JPEG_SOF0 && s->marker != JPEG_SOF1) ||
        jpeg_frame_parse(s, f, NULL) != STATUS_OK || f->precision != 8 ||
        (f->n_components != 1 && f->n_components != 3)) {
        return false;
    }
    for (size_t i = 0; i < f->n_components; i++) {
        const struct jpeg_component *c = &f->components[i];
        h_max = c->h > h_max ? c->h : h_max;
        v_max = c->v > v_max ? c->v : v_max;
        n_blocks += (unsigned)c->h * c->v;
    }
    for (size_t i = 0; i < f->n_components; i++) {
        if (h_max % f->components[i].h || v_max % f->components[i].v) {
            return false;
        }
    }
    return f->n_components == 1 || n_blocks <= MAX_MCU_BLOCKS;
}

/* B.2.3: all components in the frame's order, all frequencies, all bits. */
static bool take_scan(struct taking *t, const struct jpeg_segment *s)
{
    struct bytes p = s->payload;
    struct jpeg_parts *parts = &t->parts;
    size_t n = parts->frame.n_components;
    if (t->has_scan || n == 0 || p.n != 4 + 2 * n || p.at[0] != n ||
        memcmp(p.at + 1 + 2 * n, "\0\x3F\0", 3) != 0) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct jpeg_component *c = &parts->frame.components[i];
        unsigned dc = p.at[2 + 2 * i] >> 4, ac = p.at[2 + 2 * i] & 15;
        if (p.at[1 + 2 * i] != c->id || dc >= JPEG_TABLES || ac >= JPEG_TABLES ||
            !parts->huffman[JPEG_DC][dc].n || !parts->huffman[JPEG_AC][ac].n ||
            !parts->quant[c->quant_table].n) {
            return false;
        }
        parts->selected[i][JPEG_DC] = (uint8_t)dc;
        parts->selected[i][JPEG_AC] = (uint8_t)ac;
    }
    parts->scan = s->scan;
    t->has_scan = true;
    return true;
}

static bool take_interval(struct taking *t, struct bytes p)
{
    if (t->has_interval || p.n != 2) {
        return false;
    }
    t->has_interval = true;
    t->parts.restart_interval = bytes_be16(p, 0);
    return true;
}

static bool take_segment(struct taking *t, const struct jpeg_segment *s)
{
    bool is_note = (s->marker >= JPEG_APP0 && s->marker <= JPEG_APP15) || s->marker == JPEG_COM;
    if (s->marker == JPEG_SOI || s->marker == JPEG_EOI || is_note) {
        return true;
    }
    if (t->has_scan) {
        return false; /* tables for a scan that never comes, or a second scan */
    }
    switch (s->marker) {
    case JPEG_DQT:
        return take_quant(t, s->payload);
    case JPEG_DHT:
        return take_huffman(t, s->payload);
    case JPEG_DRI:
        return take_interval(t, s->payload);
    case JPEG_SOS:
        return take_scan(t, s);
    default:
        return take_frame(t, s);
    }
}

bool jpeg_parts_of(struct bytes file, struct jpeg_parts *out)
{
    struct taking t = {.has_scan = false};
    struct jpeg_walk w;
    jpeg_walk_init(&w, file);
    while (!w.ended) {
        struct jpeg_segment s;
        if (jpeg_walk_next(&w, &s, NULL) != STATUS_OK || !take_segment(&t, &s)) {
            return false;
        }
    }
    if (t.has_scan) {
        *out = t.parts;
    }
    return t.has_scan;
}
