/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/png_walk.h"

#include <string.h>

#include "photogate/limits.h"

enum { SIGNATURE_BYTES = 8, FRAME_BYTES = 12 /* length, type, CRC */ };

/* PNG, annex D: the CRC of ISO 3309, reflected. */
void png_walk_init(struct png_walk *w, struct bytes file)
{
    *w = (struct png_walk){.file = file};
    for (uint32_t n = 0; n < 256; n++) {
        uint32_t c = n;
        for (int k = 0; k < 8; k++) {
            c = c & 1 ? 0xEDB88320u ^ c >> 1 : c >> 1;
        }
        w->crc_table[n] = c;
    }
}

static uint32_t crc_of(const struct png_walk *w, struct bytes b)
{
    uint32_t c = 0xFFFFFFFFu;
    for (size_t i = 0; i < b.n; i++) {
        c = w->crc_table[(c ^ b.at[i]) & 0xFF] ^ c >> 8;
    }
    return ~c;
}

struct bytes png_walk_rest(const struct png_walk *w)
{
    return bytes_slice(w->file, w->at, w->file.n);
}

bool png_chunk_is(const struct png_chunk *c, const char *type)
{
    return memcmp(c->type, type, 4) == 0;
}

static bool is_type(struct bytes type)
{
    for (size_t i = 0; i < type.n; i++) {
        if ((type.at[i] < 'A' || type.at[i] > 'Z') && (type.at[i] < 'a' || type.at[i] > 'z')) {
            return false;
        }
    }
    return true;
}

/* 5.6: IHDR first, IDAT chunks together, IEND last. */
static enum status note_order(struct png_walk *w, const struct png_chunk *c, struct err *err)
{
    bool is_pixels = png_chunk_is(c, "IDAT");
    if (w->begun == png_chunk_is(c, "IHDR")) {
        return err_set(err, STATUS_FORMAT, "the header (IHDR) is not the first chunk, once");
    }
    if (is_pixels && w->pixels_done) {
        return err_set(err, STATUS_FORMAT, "pixel data in two places, at byte %zu", c->offset);
    }
    w->pixels_done = w->pixels_done || (w->in_pixels && !is_pixels);
    w->in_pixels = is_pixels;
    w->begun = true;
    if (png_chunk_is(c, "IEND")) {
        if (!w->pixels_done || c->data.n) {
            return err_set(err, STATUS_FORMAT,
                           "the end (IEND) comes without pixels, or is not empty");
        }
        w->ended = true;
    }
    if (!is_pixels && ++w->n_chunks > MAX_SEGMENTS) {
        return err_set(err, STATUS_LIMIT, "more than %u chunks", MAX_SEGMENTS);
    }
    return STATUS_OK;
}

enum status png_walk_next(struct png_walk *w, struct png_chunk *out, struct err *err)
{
    if (!w->begun) {
        if (!bytes_start_with(w->file, "\x89PNG\r\n\x1A\n", SIGNATURE_BYTES)) {
            return err_set(err, STATUS_FORMAT, "no PNG signature");
        }
        w->at = SIGNATURE_BYTES;
    }
    size_t left = w->file.n - w->at;
    if (left < FRAME_BYTES || bytes_be32(w->file, w->at) > left - FRAME_BYTES) {
        return err_set(err, STATUS_FORMAT, "the file ends at byte %zu, before the picture's end",
                       w->file.n);
    }
    struct png_chunk c = {.offset = w->at};
    size_t n = bytes_be32(w->file, w->at);
    struct bytes type = bytes_slice(w->file, w->at + 4, 4);
    struct bytes checked = bytes_slice(w->file, w->at + 4, 4 + n);
    memcpy(c.type, type.at, 4);
    c.data = bytes_slice(w->file, w->at + 8, n);
    if (!is_type(type)) {
        return err_set(err, STATUS_FORMAT, "no chunk at byte %zu", c.offset);
    }
    if (crc_of(w, checked) != bytes_be32(w->file, w->at + 8 + n)) {
        return err_set(err, STATUS_FORMAT, "chunk %s at byte %zu is damaged (CRC)", c.type,
                       c.offset);
    }
    enum status st = note_order(w, &c, err);
    if (st == STATUS_OK) {
        w->at += FRAME_BYTES + n;
        *out = c;
    }
    return st;
}

enum status png_header_parse(const struct png_chunk *c, struct png_header *out, struct err *err)
{
    if (c->data.n != 13) {
        return err_set(err, STATUS_FORMAT, "the header (IHDR) has a wrong length");
    }
    struct png_header h = {.width_px = bytes_be32(c->data, 0),
                           .height_px = bytes_be32(c->data, 4),
                           .bit_depth = c->data.at[8],
                           .colour_type = c->data.at[9],
                           .interlace = c->data.at[12]};
    if (h.width_px == 0 || h.height_px == 0 || c->data.at[10] != 0 || c->data.at[11] != 0 ||
        h.interlace > 1) {
        return err_set(err, STATUS_FORMAT, "the header (IHDR) says %u x %u px, or unknown methods",
                       (unsigned)h.width_px, (unsigned)h.height_px);
    }
    *out = h;
    return STATUS_OK;
}
