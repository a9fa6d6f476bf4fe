/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stranger's look at a PNG release: only the chunks that png_rebuild writes. W3C PNG, third
 * edition, 11. What follows the last row inside the compressed pixels shows only when they are
 * inflated: the examiner does that when it proves the release. */
#include "image/release_check.h"

#include "image/icc.h"
#include "image/png_walk.h"
#include "photogate/limits.h"

static enum status wrong(const struct png_chunk *c, const char *what, struct err *err)
{
    return err_set(err, STATUS_FORMAT, "chunk %s at byte %zu: %s", c->type, c->offset, what);
}

static enum status look_at_header(const struct png_chunk *c, struct err *err)
{
    struct png_header h;
    enum status st = png_header_parse(c, &h, err);
    if (st != STATUS_OK) {
        return st;
    }
    bool depth = h.bit_depth == 8 || h.bit_depth == 16;
    bool colours =
        h.colour_type == 0 || h.colour_type == 2 || h.colour_type == 4 || h.colour_type == 6;
    return depth && colours && h.interlace == 0 ? STATUS_OK
                                                : wrong(c, "not as a release is written", err);
}

/* RFC 1950 and RFC 1951, 3.2.4: a stream of stored blocks, which is how png_rebuild writes
 * profiles. */
static enum status unstore(struct bytes z, struct buffer *out, struct err *err)
{
    bool last = false;
    size_t at = 2;
    uint32_t a = 1, b = 0; /* Adler-32 */
    bool good = z.n >= 2 && (z.at[0] & 15) == 8 && bytes_be16(z, 0) % 31 == 0 && !(z.at[1] & 32);
    while (good && !last) {
        good = z.n - at >= 5 && z.at[at] <= 1;
        if (!good) {
            break;
        }
        size_t n = (size_t)z.at[at + 1] | (size_t)z.at[at + 2] << 8;
        size_t inverse = (size_t)z.at[at + 3] | (size_t)z.at[at + 4] << 8;
        last = z.at[at] == 1;
        at += 5;
        good = (n ^ inverse) == 0xFFFF && z.n - at >= n;
        if (good) {
            buffer_add(out, z.at + at, n);
            at += n;
        }
    }
    for (size_t i = 0; i < out->n; i++) {
        a = (a + out->at[i]) % 65521;
        b = (b + a) % 65521;
    }
    if (!good || z.n - at != 4 || bytes_be32(z, at) != (b << 16 | a)) {
        return err_set(err, STATUS_FORMAT, "the colour profile is not stored plainly");
    }
    return buffer_status(out, err);
}

/* 11.3.2.3: name, NUL, method 0, then the profile. */
static enum status look_at_profile(const struct png_chunk *c, struct err *err)
{
    static const char NAME[] = "photogate\0"; /* and the method */
    if (!bytes_start_with(c->data, NAME, sizeof NAME)) {
        return wrong(c, "a name of its own", err);
    }
    struct buffer profile;
    buffer_init(&profile, MAX_ICC_BYTES);
    enum status st = unstore(bytes_slice(c->data, sizeof NAME, c->data.n), &profile, err);
    if (st == STATUS_OK) {
        st = icc_check(buffer_view(&profile), err);
    }
    buffer_release(&profile);
    return st;
}

struct look {
    bool profile, srgb, gamma, chroma, pixels;
};

static enum status look_once(const struct png_chunk *c, bool *seen, bool excluded, size_t n,
                             struct err *err)
{
    if (*seen || excluded || c->data.n != n) {
        return wrong(c, "a second one, or of a wrong length", err);
    }
    *seen = true;
    return STATUS_OK;
}

static enum status look_at(struct look *l, const struct png_chunk *c, struct err *err)
{
    if (png_chunk_is(c, "IHDR")) {
        return look_at_header(c, err);
    }
    if (png_chunk_is(c, "IDAT") || png_chunk_is(c, "IEND")) {
        l->pixels = true;
        return STATUS_OK;
    }
    if (l->pixels) {
        return wrong(c, "after the pixels", err);
    }
    if (png_chunk_is(c, "sRGB")) {
        enum status st = look_once(c, &l->srgb, l->profile || l->gamma || l->chroma, 1, err);
        return st == STATUS_OK && c->data.at[0] > 3 ? wrong(c, "no rendering intent", err) : st;
    }
    if (png_chunk_is(c, "gAMA")) {
        return look_once(c, &l->gamma, l->profile || l->srgb, 4, err);
    }
    if (png_chunk_is(c, "cHRM")) {
        return look_once(c, &l->chroma, l->profile || l->srgb, 32, err);
    }
    if (png_chunk_is(c, "iCCP")) {
        enum status st =
            look_once(c, &l->profile, l->srgb || l->gamma || l->chroma, c->data.n, err);
        return st == STATUS_OK ? look_at_profile(c, err) : st;
    }
    return wrong(c, "has no place in a release", err);
}

enum status release_check_png(struct bytes release, struct err *err)
{
    struct look l = {.profile = false};
    struct png_walk w;
    enum status st = STATUS_OK;
    png_walk_init(&w, release);
    while (st == STATUS_OK && !w.ended) {
        struct png_chunk c;
        st = png_walk_next(&w, &c, err);
        if (st == STATUS_OK) {
            st = look_at(&l, &c, err);
        }
    }
    if (st == STATUS_OK && png_walk_rest(&w).n) {
        st = err_set(err, STATUS_FORMAT, "bytes after the end of the picture, at %zu", w.at);
    }
    return st;
}
