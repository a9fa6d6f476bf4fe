/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JPEG's entropy-coded data read to the last bit, and nothing kept of it. libjpeg cannot be asked: it passes over the padding of
 * each restart interval, over a few bytes behind the last MCU, and over blocks beyond the edge. */
#include "image/jpeg_parts.h"

#include <string.h>

enum {
    LOOK_BITS =
        10, /* longer codes are one in a hundred; the tables of a picture fit the fastest cache */
    LOOK_ENTRIES = 1 << LOOK_BITS,
    MAX_CODE_BITS = 16,
    BLOCK = 64,
    MAX_DC_SIZE = 11, /* T.81, table F.1 */
    MAX_AC_SIZE = 10, /* table F.2 */
    ZRL = 0xF0
};

/* What a code does: bits of it and of the value behind it, coefficients it steps over. */
struct entry {
    uint8_t n_bits; /* 0: the code is longer than LOOK_BITS, or none */
    uint8_t step;   /* AC: run + 1, or STEP_*; DC: 0 if the difference is */
};
enum { STEP_ZRL = 64, STEP_END = 128, STEP_WRONG = 255 };

struct table {
    struct entry look[LOOK_ENTRIES];
    uint8_t looked[LOOK_ENTRIES]; /* was it ever used? */
    struct entry longer[256];     /* by place in `values` */
    uint8_t used[256];
    uint32_t first_code[MAX_CODE_BITS + 1], n_codes[MAX_CODE_BITS + 1];
    unsigned first_place[MAX_CODE_BITS + 1];
    struct bytes values;
    uint8_t is_needed; /* some component uses it */
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
static struct entry entry_for(unsigned class, unsigned value, unsigned code_bits)
{
    unsigned size = value & 15, run = value >> 4;
    if (class == JPEG_DC) {
        return value > MAX_DC_SIZE ? (struct entry){(uint8_t)code_bits, STEP_WRONG}
                                   : (struct entry){(uint8_t)(code_bits + value), (uint8_t)value};
    }
    if (value == 0 || value == ZRL) {
        return (struct entry){(uint8_t)code_bits, value ? STEP_ZRL : STEP_END};
    }
    if (size == 0 || size > MAX_AC_SIZE) {
        return (struct entry){(uint8_t)code_bits, STEP_WRONG};
    }
    return (struct entry){(uint8_t)(code_bits + size), (uint8_t)(run + 1)};
}

static void fill_look(struct table *t, uint32_t code, unsigned code_bits, struct entry e)
{
    uint32_t from = code << (LOOK_BITS - code_bits), n = 1u << (LOOK_BITS - code_bits);
    for (uint32_t i = from; i < from + n; i++) {
        t->look[i] = e;
    }
}

/* C.2: codes of one length follow each other, and none is all ones. False for a table that is no code, or gives a value twice. */
static bool table_build(struct table *t, unsigned class, struct bytes dht)
{
    uint8_t seen[256] = {0};
    uint32_t code = 0;
    unsigned place = 0;
    memset(t->look, 0, sizeof t->look);
    memset(t->looked, 0, sizeof t->looked);
    memset(t->used, 0, sizeof t->used);
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
            if (seen[value]++) {
                return false;
            }
            t->longer[place] = entry_for(class, value, bits);
            if (bits <= LOOK_BITS) {
                fill_look(t, code, bits, t->longer[place]);
            }
        }
    }
    return true;
}

/* Nothing can be said in a table of which all is used; and nothing in one that everybody uses. */
static bool table_says_nothing(struct table *t, struct bytes dht, const struct bytes *usual,
                               size_t n_usual)
{
    unsigned place = 0;
    for (size_t i = 0; i < n_usual; i++) {
        if (bytes_equal(dht, usual[i])) {
            return true;
        }
    }
    for (unsigned bits = 1; bits <= LOOK_BITS; bits++) {
        for (uint32_t i = 0; i < t->n_codes[bits]; i++, place++) {
            uint32_t from = (t->first_code[bits] + i) << (LOOK_BITS - bits);
            const uint8_t *looked = t->looked + from;
            t->used[place] = memchr(looked, 1, (size_t)1 << (LOOK_BITS - bits)) != NULL;
        }
    }
    return t->values.n == 0 || !memchr(t->used, 0, t->values.n);
}

/* --- bits --- */

/* F.1.2.3: 0xFF is followed by a stuffed 0; anything else behind it is a marker, and ends the interval. By value, so that the
 * caller's copy stays in registers. */
static struct bits refill_bytewise(struct bits b)
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

/* At least 56 bits. Eight bytes without 0xFF among them, which is most, go in at once; bits above b.n that are already there are
 * those of the same byte. */
static inline struct bits refill(struct bits b)
{
    const uint64_t lows = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t v;
    if (b.end - b.at < 8) {
        return refill_bytewise(b);
    }
    memcpy(&v, b.at, sizeof v);
    if ((~v - lows) & v & highs) {
        return refill_bytewise(b);
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    unsigned n_bytes = (63 - b.n) / 8;
    b.window |= v >> b.n;
    b.at += n_bytes;
    b.n += 8 * n_bytes;
    return b;
}

/* The code at the front, when it is longer than the look-up table knows. n_bits 0: none. */
static struct entry look_longer(struct table *t, uint64_t window)
{
    for (unsigned bits = LOOK_BITS + 1; bits <= MAX_CODE_BITS; bits++) {
        uint32_t code = (uint32_t)(window >> (64 - bits));
        if (code >= t->first_code[bits] && code - t->first_code[bits] < t->n_codes[bits]) {
            unsigned place = t->first_place[bits] + (code - t->first_code[bits]);
            t->used[place] = 1;
            return t->longer[place];
        }
    }
    return (struct entry){0, STEP_WRONG};
}

static inline struct entry next(struct table *t, struct bits *b)
{
    uint32_t front = (uint32_t)(b->window >> (64 - LOOK_BITS));
    struct entry e = t->look[front];
    t->looked[front] = 1;
    if (e.n_bits == 0) {
        e = look_longer(t, b->window);
    }
    b->window <<= e.n_bits;
    b->n -= e.n_bits;
    return e;
}

/* --- blocks --- */

/* F.1.2.2: the coefficients 1..63, as runs of zeros and a value. 16 zeros (ZRL) are followed by something other than the end, or
 * two ways of writing one block would say something. A code and its value are at most 26 bits: two to a refill. */
static inline bool read_ac(struct table *ac, struct bits *bits)
{
    struct bits b = *bits;
    unsigned k = 1;
    bool after_zrl = false;
    while (k < BLOCK) {
        b = refill(b);
        for (int i = 0; i < 2 && k < BLOCK; i++) {
            struct entry e = next(ac, &b);
            if (e.step < STEP_ZRL) {
                k += e.step;
                after_zrl = false;
            } else if (e.step == STEP_END && !after_zrl) {
                *bits = b;
                return true;
            } else if (e.step == STEP_ZRL && k + 16 < BLOCK) {
                k += 16;
                after_zrl = true;
            } else {
                return false;
            }
        }
    }
    *bits = b;
    return k == BLOCK;
}

static inline bool read_block(struct table *dc, struct table *ac, struct bits *b)
{
    *b = refill(*b);
    return next(dc, b).step != STEP_WRONG && read_ac(ac, b);
}

/* A block beyond the edge: no difference, no coefficients. */
static bool read_filler(struct table *dc, struct table *ac, struct bits *b)
{
    *b = refill(*b);
    return next(dc, b).step == 0 && next(ac, b).step == STEP_END;
}

static bool read_mcu(const struct geometry *g, uint32_t mcu_x, uint32_t mcu_y, struct bits *b)
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
static bool interval_ends(const struct bits *b)
{
    if (b->n < b->n_invented || b->n - b->n_invented > 7) {
        return false;
    }
    unsigned left = b->n - b->n_invented;
    bool is_end = b->at == b->end || (*b->at == 0xFF && b->end - b->at >= 2 && b->at[1] != 0);
    return is_end && (left == 0 || b->window >> (64 - left) == (1u << left) - 1);
}

/* E.1.4: RST0 to RST7, round and round. */
static bool restart(struct bits *b, unsigned *n_restarts)
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
            tables[class][id].is_needed = 0;
        }
        for (size_t i = 0; i < p->frame.n_components; i++) {
            unsigned id = p->selected[i][class];
            struct table *t = &tables[class][id];
            if (!t->is_needed && !table_build(t, class, p->huffman[class][id])) {
                return false;
            }
            t->is_needed = 1;
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
