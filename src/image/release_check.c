/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stranger's look at a JPEG release: only the segments that jpeg_rebuild writes, in the order
 * it writes them, each holding what the picture needs and no more. ITU-T T.81, Annex B; ITU-T T.871
 * (JFIF). */
#include "image/release_check.h"

#include <string.h>

#include "image/icc.h"
#include "image/jpeg_walk.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

/* The order of a release. A segment may repeat its stage or come later, never earlier. */
enum stage {
    STAGE_START,
    STAGE_HEADER,
    STAGE_PROFILE,
    STAGE_QUANT,
    STAGE_FRAME,
    STAGE_HUFFMAN,
    STAGE_INTERVAL,
    STAGE_SCAN
};

struct look {
    struct jpeg_frame frame;
    enum stage stage;
    unsigned quant_defined;      /* bits of table numbers */
    unsigned huffman_defined[2]; /* DC, AC */
    unsigned n_scans;
    unsigned restart_interval;
    bool is_rgb;
    unsigned profile_parts, profile_part; /* as announced; the last seen */
    struct buffer profile;
};

static enum status wrong(const struct jpeg_segment *s, const char *what, struct err *err)
{
    return err_set(err, STATUS_FORMAT, "segment 0x%02X at byte %zu: %s", s->marker, s->offset,
                   what);
}

static enum status enter(struct look *l, enum stage stage, const struct jpeg_segment *s,
                         struct err *err)
{
    if (stage < l->stage || (stage == l->stage && stage == STAGE_HEADER)) {
        return wrong(s, "out of order", err);
    }
    l->stage = stage;
    return STATUS_OK;
}

/* One header: JFIF 1.01 without units or thumbnail, or Adobe's saying that the three colours are
 * RGB. */
static enum status look_at_header(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    static const uint8_t JFIF[] = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
    static const uint8_t ADOBE[] = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    bool is_jfif =
        s->marker == JPEG_APP0 && bytes_equal(s->payload, (struct bytes){JFIF, sizeof JFIF});
    bool is_adobe =
        s->marker == JPEG_APP0 + 14 && bytes_equal(s->payload, (struct bytes){ADOBE, sizeof ADOBE});
    if (!is_jfif && !is_adobe) {
        return wrong(s, "not a plain header", err);
    }
    l->is_rgb = is_adobe;
    return enter(l, STAGE_HEADER, s, err);
}

/* ICC.1:2022, B.4: "ICC_PROFILE\0", the part's number, how many there are. */
static enum status look_at_profile(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    enum { SIGNATURE = 12, PREFIX = 14 };
    if (s->payload.n <= PREFIX || !bytes_start_with(s->payload, "ICC_PROFILE\0", SIGNATURE)) {
        return wrong(s, "not a colour profile", err);
    }
    unsigned part = s->payload.at[12], parts = s->payload.at[13];
    if (part != l->profile_part + 1 || part > parts ||
        (l->profile_part && parts != l->profile_parts)) {
        return wrong(s, "a colour profile in disorder", err);
    }
    l->profile_part = part;
    l->profile_parts = parts;
    struct bytes rest = bytes_slice(s->payload, PREFIX, s->payload.n);
    buffer_add(&l->profile, rest.at, rest.n);
    return enter(l, STAGE_PROFILE, s, err);
}

/* B.2.4.1: precision and number in one byte, then 64 values of one or two bytes. */
static enum status look_at_quant(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    struct bytes p = s->payload;
    while (p.n) {
        unsigned precision = p.at[0] >> 4, id = p.at[0] & 15;
        size_t n = 1 + 64 * (size_t)(precision + 1);
        if (precision > 1 || id > 3 || p.n < n || (l->quant_defined & 1u << id)) {
            return wrong(s, "not one of the picture's tables", err);
        }
        l->quant_defined |= 1u << id;
        p = bytes_slice(p, n, p.n);
    }
    return enter(l, STAGE_QUANT, s, err);
}

static enum status look_at_frame(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    if (l->frame.sof || (s->marker != JPEG_SOF0 && s->marker != JPEG_SOF1)) {
        return wrong(s, "a second frame, or of another kind", err);
    }
    enum status st = jpeg_frame_parse(s, &l->frame, err);
    if (st != STATUS_OK) {
        return st;
    }
    unsigned used = 0;
    bool named = true;
    for (size_t i = 0; i < l->frame.n_components; i++) {
        const struct jpeg_component *c = &l->frame.components[i];
        used |= 1u << c->quant_table;
        named = named && i < 3 && c->id == (l->is_rgb ? (uint8_t) "RGB"[i] : i + 1);
    }
    if (!named) {
        return wrong(s, "colours with names of their own", err);
    }
    if (used != l->quant_defined || l->frame.precision != 8 ||
        (l->frame.n_components != 1 && l->frame.n_components != 3)) {
        return wrong(s, "tables that no colour uses, or odd colours", err);
    }
    return enter(l, STAGE_FRAME, s, err);
}

/* B.2.4.2: class and number in one byte, 16 counts, then as many values. */
static enum status look_at_huffman(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    struct bytes p = s->payload;
    while (p.n) {
        unsigned class = p.at[0] >> 4, id = p.at[0] & 15;
        size_t n = 17;
        for (size_t i = 1; i <= 16 && p.n >= 17; i++) {
            n += p.at[i];
        }
        if (class > 1 || id > 3 || n > 17 + 256 || p.n < n ||
            (l->huffman_defined[class] & 1u << id)) {
            return wrong(s, "not one of the picture's tables", err);
        }
        l->huffman_defined[class] |= 1u << id;
        p = bytes_slice(p, n, p.n);
    }
    return enter(l, STAGE_HUFFMAN, s, err);
}

/* B.2.4.4. */
static enum status look_at_interval(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    if (l->restart_interval || s->payload.n != 2 || bytes_be16(s->payload, 0) == 0) {
        return wrong(s, "not the one restart interval", err);
    }
    l->restart_interval = bytes_be16(s->payload, 0);
    return enter(l, STAGE_INTERVAL, s, err);
}

/* A.2: how many MCUs the picture has. */
static uint64_t count_mcus(const struct jpeg_frame *f)
{
    uint32_t h = 8, v = 8;
    for (size_t i = 0; i < f->n_components && f->n_components > 1; i++) {
        h = 8u * f->components[i].h > h ? 8u * f->components[i].h : h;
        v = 8u * f->components[i].v > v ? 8u * f->components[i].v : v;
    }
    return (uint64_t)((f->width_px + h - 1) / h) * ((f->height_px + v - 1) / v);
}

/* E.1.4: restart markers count round from 0 to 7, one between two intervals, and no more. */
static bool restarts_are_right(const struct look *l, struct bytes scan)
{
    uint64_t n_mcus = count_mcus(&l->frame), n = 0;
    uint64_t expected = l->restart_interval ? (n_mcus - 1) / l->restart_interval : 0;
    for (size_t at = 0; at + 1 < scan.n; at += 2) {
        const uint8_t *ff = memchr(scan.at + at, 0xFF, scan.n - 1 - at);
        if (!ff) {
            break;
        }
        at = (size_t)(ff - scan.at);
        if (ff[1] != 0 && ff[1] != JPEG_RST0 + n++ % 8) {
            return false;
        }
    }
    return n == expected;
}

/* B.2.3: one scan of all colours, all frequencies, all bits; every table defined is used. */
static enum status look_at_scan(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    struct bytes p = s->payload;
    unsigned used[2] = {0, 0};
    size_t n = l->frame.n_components;
    if (l->n_scans++ || n == 0 || p.n != 4 + 2 * n || p.at[0] != n) {
        return wrong(s, "a second scan, or one of some colours only", err);
    }
    for (size_t i = 0; i < n; i++) {
        if (p.at[1 + 2 * i] != l->frame.components[i].id || (p.at[2 + 2 * i] & 0xCC)) {
            return wrong(s, "colours in disorder", err);
        }
        used[0] |= 1u << (p.at[2 + 2 * i] >> 4);
        used[1] |= 1u << (p.at[2 + 2 * i] & 15);
    }
    if (memcmp(p.at + 1 + 2 * n, "\0\x3F\0", 3) != 0 || used[0] != l->huffman_defined[0] ||
        used[1] != l->huffman_defined[1]) {
        return wrong(s, "tables that no colour uses", err);
    }
    if (!restarts_are_right(l, s->scan)) {
        return wrong(s, "restart markers that are missing, too many or in disorder", err);
    }
    return enter(l, STAGE_SCAN, s, err);
}

static enum status look_at(struct look *l, const struct jpeg_segment *s, struct err *err)
{
    if (s->n_fill) {
        return wrong(s, "fill bytes before it", err);
    }
    switch (s->marker) {
    case JPEG_SOI:
        return STATUS_OK;
    case JPEG_APP0:
    case JPEG_APP0 + 14:
        return look_at_header(l, s, err);
    case JPEG_APP0 + 2:
        return look_at_profile(l, s, err);
    case JPEG_DQT:
        return look_at_quant(l, s, err);
    case JPEG_SOF0:
    case JPEG_SOF1:
        return look_at_frame(l, s, err);
    case JPEG_DHT:
        return look_at_huffman(l, s, err);
    case JPEG_DRI:
        return look_at_interval(l, s, err);
    case JPEG_SOS:
        return look_at_scan(l, s, err);
    case JPEG_EOI:
        return l->stage == STAGE_SCAN ? STATUS_OK : wrong(s, "no picture before it", err);
    default:
        return wrong(s, "has no place in a release", err);
    }
}

enum status release_check_jpeg(struct bytes release, struct err *err)
{
    struct look l = {.stage = STAGE_START};
    struct jpeg_walk w;
    enum status st = STATUS_OK;
    buffer_init(&l.profile, MAX_ICC_BYTES);
    jpeg_walk_init(&w, release);
    while (st == STATUS_OK && !w.ended) {
        struct jpeg_segment s;
        st = jpeg_walk_next(&w, &s, err);
        if (st == STATUS_OK) {
            st = look_at(&l, &s, err);
        }
    }
    if (st == STATUS_OK && jpeg_walk_rest(&w).n) {
        st = err_set(err, STATUS_FORMAT, "bytes after the end of the picture, at %zu", w.at);
    }
    if (st == STATUS_OK && l.profile_part) {
        st = buffer_status(&l.profile, err);
        if (st == STATUS_OK && l.profile_part != l.profile_parts) {
            st = err_set(err, STATUS_FORMAT, "a part of the colour profile is missing");
        }
        if (st == STATUS_OK) {
            st = icc_check(buffer_view(&l.profile), err);
        }
    }
    buffer_release(&l.profile);
    return st;
}

enum status release_check(struct bytes release, struct err *err)
{
    enum { HEAD_BYTES = 4096 };
    enum file_kind kind = file_identify(bytes_slice(release, 0, HEAD_BYTES));
    if (kind == FILE_JPEG) {
        return release_check_jpeg(release, err);
    }
    if (kind == FILE_PNG) {
        return release_check_png(release, err);
    }
    return err_set(err, STATUS_FORMAT, "neither a JPEG nor a PNG");
}
