/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JPEG's entropy-coded data read to the last bit, and nothing kept of it. libjpeg cannot be
 * asked: it passes over the padding of each restart interval, over a few bytes behind the last MCU,
 * and over blocks beyond the edge. */
#include "image/jpeg_parts.h"

#include <string.h>

enum {
    LOOK_BITS = 11, /* of a picture's four tables, all fit the fastest cache */
    LOOK_ENTRIES = 1 << LOOK_BITS,
    MAX_CODE_BITS = 16,
    BLOCK = 64,
    MAX_DC_SIZE = 11, /* T.81, table F.1 */
    MAX_AC_SIZE = 10, /* table F.2 */
    MOST_BITS = 26,   /* of a code and its value */
    ZRL = 0xF0
};

/* One function in the end: the bits then stay in registers from the first block to the last. */
#define INLINE static inline __attribute__((always_inline))

/* What one code does: bits of it and of the value behind it, coefficients it steps over. */
struct symbol {
    uint8_t n_bits;           /* 0: the code is longer than LOOK_BITS, or none */
    uint8_t step;             /* AC: run + 1, or STEP_*; DC: 0 if the difference is */
    uint8_t code_bits, place; /* place in `values` */
};
enum { STEP_ZRL = 64, STEP_END = 128, STEP_WRONG = 255 };

/* What all the AC codes do that stand whole in the next LOOK_BITS bits, up to the block's end: one
 * look for several of them. */
struct stride {
    uint8_t n_bits,
        /* STEP_ZRL and more: it starts with something else than a run and a value, or the end */
        step;
    uint8_t ends;
    uint8_t unused; /* four bytes are one load */
};

struct table {
    struct symbol first[LOOK_ENTRIES];
    struct stride strides[LOOK_ENTRIES];
    bool looked[LOOK_ENTRIES], strode[LOOK_ENTRIES]; /* was first, was strides ever used? */
    struct symbol symbols[256];                      /* by place in `values` */
    uint8_t used[256];
    uint32_t first_code[MAX_CODE_BITS + 1], n_codes[MAX_CODE_BITS + 1];
    unsigned first_place[MAX_CODE_BITS + 1];
    struct bytes values;
    bool is_needed; /* some component uses it */
};

/* The bits not used yet, the next one highest. */
struct bits {
    uint64_t window;
    unsigned n, n_invented; /* of n, zeros behind the end of the interval */
    const uint8_t *at, *end;
};

struct geometry {
    uint32_t mcus_x, mcus_y;
    struct {
        uint32_t h, v, width, height; /* blocks in an MCU, blocks in the picture */
        struct table *dc, *ac;
    } components[JPEG_MAX_COMPONENTS];
    size_t n_components;
};

/* --- tables --- */

/* F.1.2.1.2 and F.1.2.2.1: what the values mean in a sequential picture of 8 bits. */
static struct symbol symbol_for(unsigned class, unsigned value, unsigned code_bits, unsigned place)
{
    unsigned size = value & 15, run = value >> 4;
    struct symbol s = {.code_bits = (uint8_t)code_bits, .place = (uint8_t)place};
    unsigned n_bits = code_bits, step = STEP_WRONG;
    if (class == JPEG_DC && value <= MAX_DC_SIZE) {
        n_bits += value;
        step = value;
    } else if (class == JPEG_AC && (value == 0 || value == ZRL)) {
        step = value ? STEP_ZRL : STEP_END;
    } else if (class == JPEG_AC && size > 0 && size <= MAX_AC_SIZE) {
        n_bits += size;
        step = run + 1;
    }
    s.n_bits = (uint8_t)n_bits;
    s.step = (uint8_t)step;
    return s;
}

static void fill_look(struct table *t, uint32_t code, struct symbol s)
{
    uint32_t from = code << (LOOK_BITS - s.code_bits), n = 1u << (LOOK_BITS - s.code_bits);
    for (uint32_t i = from; i < from + n; i++) {
        t->first[i] = s;
    }
}

/* The AC codes that stand whole at the front of `front`, one after the other. Calls them used when
 * `mark`. */
static struct stride stride_for(struct table *t, uint32_t front, bool mark)
{
    struct stride s = {.n_bits = 0};
    unsigned at = 0;
    while (at < LOOK_BITS && !s.ends) {
        struct symbol next = t->first[front << at & (LOOK_ENTRIES - 1)];
        bool is_whole = next.n_bits && next.code_bits <= LOOK_BITS - at;
        if (!is_whole || (next.step >= STEP_ZRL && next.step != STEP_END)) {
            break;
        }
        s.ends = next.step == STEP_END;
        s.step = (uint8_t)(s.step + (s.ends ? 0 : next.step));
        at += next.n_bits;
        t->used[next.place] |= mark;
    }
    s.n_bits = (uint8_t)at;
    if (at == 0 || s.step > BLOCK) {
        s.step = BLOCK;
    }
    return s;
}

/* C.2: codes of one length follow each other, and none is all ones. False for a table that is no
 * code, or gives a value twice. */
static bool table_build(struct table *t, unsigned class, struct bytes dht)
{
    bool seen[256] = {false};
    uint32_t code = 0;
    unsigned place = 0;
    memset(t, 0, sizeof *t);
    t->values = bytes_slice(dht, JPEG_COUNT_BYTES, dht.n);
    for (unsigned bits = 1; bits <= MAX_CODE_BITS; bits++, code <<= 1) {
        t->first_code[bits] = code;
        t->n_codes[bits] = dht.at[bits - 1];
        t->first_place[bits] = place;
        if (code + t->n_codes[bits] >= 1u << bits) {
            return false;
        }
        for (uint32_t i = 0; i < t->n_codes[bits]; i++, code++, place++) {
            unsigned value = t->values.at[place];
            if (seen[value]) {
                return false;
            }
            seen[value] = true;
            t->symbols[place] = symbol_for(class, value, bits, place);
            if (bits <= LOOK_BITS) {
                fill_look(t, code, t->symbols[place]);
            }
        }
    }
    for (uint32_t i = 0; class == JPEG_AC && i < LOOK_ENTRIES; i++) {
        t->strides[i] = stride_for(t, i, false);
    }
    return true;
}

/* Nothing can be said in a table of which all is used; and nothing in one that everybody uses. */
static bool table_says_nothing(struct table *t, struct bytes dht, const struct bytes *usual,
                               size_t n_usual)
{
    for (size_t i = 0; i < n_usual; i++) {
        if (bytes_equal(dht, usual[i])) {
            return true;
        }
    }
    for (uint32_t i = 0; i < LOOK_ENTRIES; i++) {
        if (t->strode[i]) {
            (void)stride_for(t, i, true);
        }
        if (t->looked[i]) {
            t->used[t->first[i].place] = 1;
        }
    }
    return t->values.n == 0 || !memchr(t->used, 0, t->values.n);
}

/* --- bits --- */

/* F.1.2.3: 0xFF is followed by a stuffed 0; anything else behind it is a marker, and ends the
 * interval. By value, so that the caller's copy stays in registers. */
__attribute__((noinline)) static struct bits refill_bytewise(struct bits b)
{
    while (b.n < 56) {
        uint64_t byte = 0;
        bool is_marker = b.at < b.end && *b.at == 0xFF && (b.end - b.at < 2 || b.at[1] != 0);
        if (b.at == b.end || is_marker) {
            b.n_invented += 8;
        } else {
            byte = *b.at;
            b.at += byte == 0xFF ? 2 : 1;
        }
        b.window |= byte << (56 - b.n);
        b.n += 8;
    }
    return b;
}

/* At least 56 bits. Eight bytes without 0xFF among them, which is most, go in at once; bits above
 * b.n that are already there are those of the same byte. */
INLINE void refill(struct bits *b)
{
    const uint64_t lows = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t v;
    if (b->end - b->at < 8) {
        *b = refill_bytewise(*b);
        return;
    }
    memcpy(&v, b->at, sizeof v);
    if ((~v - lows) & v & highs) {
        *b = refill_bytewise(*b);
        return;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    unsigned n_bytes = (63 - b->n) / 8;
    b->window |= v >> b->n;
    b->at += n_bytes;
    b->n += 8 * n_bytes;
}

/* The code at the front, when it is longer than the look-up table knows. n_bits 0: none. */
static struct symbol look_longer(struct table *t, uint64_t window)
{
    for (unsigned bits = LOOK_BITS + 1; bits <= MAX_CODE_BITS; bits++) {
        uint32_t code = (uint32_t)(window >> (64 - bits));
        if (code >= t->first_code[bits] && code - t->first_code[bits] < t->n_codes[bits]) {
            unsigned place = t->first_place[bits] + (code - t->first_code[bits]);
            t->used[place] = 1;
            return t->symbols[place];
        }
    }
    return (struct symbol){.step = STEP_WRONG};
}

INLINE struct symbol next_symbol(struct table *t, struct bits *b)
{
    uint32_t front = (uint32_t)(b->window >> (64 - LOOK_BITS));
    struct symbol s = t->first[front];
    if (s.n_bits == 0) {
        s = look_longer(t, b->window);
    } else {
        t->looked[front] = true;
    }
    b->window <<= s.n_bits;
    b->n -= s.n_bits;
    return s;
}

/* --- blocks --- */

/* How far a block is. */
struct progress {
    struct bits bits;
    unsigned k; /* the next coefficient */
    bool ended, is_wrong;
};

/* One code, whatever it is. 16 zeros (ZRL) are followed by something other than the end, or two
 * ways of writing one block would say something. By value, so that the caller's copy stays in
 * registers. */
__attribute__((noinline, cold)) static struct progress step_slowly(struct table *ac,
                                                                   struct progress p)
{
    bool after_zrl = false;
    while (p.k < BLOCK) {
        refill(&p.bits);
        struct symbol s = next_symbol(ac, &p.bits);
        if (s.step < STEP_ZRL) {
            p.k += s.step;
            p.is_wrong = p.k > BLOCK;
            return p;
        }
        if (s.step != STEP_ZRL) {
            p.is_wrong = s.step != STEP_END || after_zrl;
            p.ended = true;
            return p;
        }
        p.k += 16;
        after_zrl = true;
    }
    p.is_wrong = true;
    return p;
}

/* All the codes that one look tells. False, with nothing read, when they are to be taken one by
 * one. */
INLINE bool stride(struct table *ac, struct bits *b, unsigned *k, bool *ended)
{
    uint32_t front = (uint32_t)(b->window >> (64 - LOOK_BITS));
    struct stride s = ac->strides[front];
    if (*k + s.step >= BLOCK) {
        return false;
    }
    ac->strode[front] = true;
    b->window <<= s.n_bits;
    b->n -= s.n_bits;
    *k += s.step;
    *ended = s.ends;
    return true;
}

/* F.1.2.2: the coefficients 1..63, as runs of zeros and a value. A look takes 26 bits at most: two
 * to a refill. */
INLINE bool read_ac(struct table *ac, struct bits *b)
{
    unsigned k = 1;
    bool ended = false;
    while (k < BLOCK && !ended) {
        refill(b);
        if (stride(ac, b, &k, &ended) && (ended || stride(ac, b, &k, &ended))) {
            continue;
        }
        struct progress p = step_slowly(ac, (struct progress){.bits = *b, .k = k});
        if (p.is_wrong) {
            return false;
        }
        *b = p.bits;
        k = p.k;
        ended = p.ended;
    }
    return true;
}

INLINE bool read_block(struct table *dc, struct table *ac, struct bits *b)
{
    refill(b);
    return next_symbol(dc, b).step != STEP_WRONG && read_ac(ac, b);
}

/* A block beyond the edge: no difference, no coefficients. */
INLINE bool read_filler(struct table *dc, struct table *ac, struct bits *b)
{
    refill(b);
    return next_symbol(dc, b).step == 0 && next_symbol(ac, b).step == STEP_END;
}

INLINE bool read_mcu(const struct geometry *g, uint32_t mcu_x, uint32_t mcu_y, struct bits *b)
{
    for (size_t c = 0; c < g->n_components; c++) {
        for (uint32_t v = 0; v < g->components[c].v; v++) {
            for (uint32_t h = 0; h < g->components[c].h; h++) {
                bool is_shown = mcu_x * g->components[c].h + h < g->components[c].width &&
                                mcu_y * g->components[c].v + v < g->components[c].height;
                struct table *dc = g->components[c].dc, *ac = g->components[c].ac;
                if (!(is_shown ? read_block(dc, ac, b) : read_filler(dc, ac, b))) {
                    return false;
                }
            }
        }
    }
    return b->n_invented <= b->n;
}

/* F.1.2.3 and B.1.1.5: filled up with 1-bits, and then the marker or the scan's end. */
INLINE bool interval_ends(const struct bits *b)
{
    if (b->n < b->n_invented || b->n - b->n_invented > 7) {
        return false;
    }
    unsigned left = b->n - b->n_invented;
    bool is_end = b->at == b->end || (*b->at == 0xFF && b->end - b->at >= 2 && b->at[1] != 0);
    return is_end && (left == 0 || b->window >> (64 - left) == (1u << left) - 1);
}

/* E.1.4: RST0 to RST7, round and round. */
INLINE bool restart(struct bits *b, unsigned *n_restarts)
{
    if (!interval_ends(b) || b->end - b->at < 2 || b->at[1] != JPEG_RST0 + *n_restarts % 8) {
        return false;
    }
    ++*n_restarts;
    *b = (struct bits){.at = b->at + 2, .end = b->end};
    return true;
}

static bool read_scan(const struct geometry *g, struct bytes scan, unsigned interval)
{
    struct bits b = {.at = scan.at, .end = scan.at + scan.n};
    unsigned n_restarts = 0, left = interval;
    for (uint32_t y = 0; y < g->mcus_y; y++) {
        for (uint32_t x = 0; x < g->mcus_x; x++) {
            if (interval && left == 0) {
                if (!restart(&b, &n_restarts)) {
                    return false;
                }
                left = interval;
            }
            left--;
            if (!read_mcu(g, x, y, &b)) {
                return false;
            }
        }
    }
    return interval_ends(&b) && b.at == b.end;
}

/* --- the whole --- */

/* A.1.1, A.2: one component alone is scanned block by block, whatever its sampling factors. */
static void lay_out(const struct jpeg_frame *f, struct geometry *g)
{
    uint32_t h_max = 1, v_max = 1;
    g->n_components = f->n_components;
    for (size_t i = 0; i < f->n_components && f->n_components > 1; i++) {
        h_max = f->components[i].h > h_max ? f->components[i].h : h_max;
        v_max = f->components[i].v > v_max ? f->components[i].v : v_max;
    }
    g->mcus_x = (f->width_px + 8 * h_max - 1) / (8 * h_max);
    g->mcus_y = (f->height_px + 8 * v_max - 1) / (8 * v_max);
    for (size_t i = 0; i < f->n_components; i++) {
        uint32_t h = f->n_components > 1 ? f->components[i].h : 1;
        uint32_t v = f->n_components > 1 ? f->components[i].v : 1;
        g->components[i].h = h;
        g->components[i].v = v;
        g->components[i].width = (f->width_px * h + 8 * h_max - 1) / (8 * h_max);
        g->components[i].height = (f->height_px * v + 8 * v_max - 1) / (8 * v_max);
    }
}

bool jpeg_scan_is_exact(const struct jpeg_parts *p, const struct bytes *usual, size_t n_usual)
{
    struct table tables[2][JPEG_TABLES];
    struct geometry g;
    lay_out(&p->frame, &g);
    for (unsigned class = JPEG_DC; class <= JPEG_AC; class ++) {
        for (unsigned id = 0; id < JPEG_TABLES; id++) {
            tables[class][id].is_needed = false;
        }
        for (size_t i = 0; i < p->frame.n_components; i++) {
            unsigned id = p->selected[i][class];
            struct table *t = &tables[class][id];
            if (!t->is_needed && !table_build(t, class, p->huffman[class][id])) {
                return false;
            }
            t->is_needed = true;
            *(class == JPEG_DC ? &g.components[i].dc : &g.components[i].ac) = t;
        }
    }
    if (!read_scan(&g, p->scan, p->restart_interval)) {
        return false;
    }
    bool quiet = true;
    for (unsigned class = JPEG_DC; class <= JPEG_AC; class ++) {
        for (unsigned id = 0; id < JPEG_TABLES; id++) {
            quiet = quiet &&
                    (!tables[class][id].is_needed ||
                     table_says_nothing(&tables[class][id], p->huffman[class][id], usual, n_usual));
        }
    }
    return quiet;
}
