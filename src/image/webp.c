/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebP: RFC 9649. The container is walked here, the picture is libwebp's. */
#include <string.h>

#include <webp/decode.h>

#include "image/foreign.h"
#include "photogate/limits.h"

enum { RIFF_HEADER_BYTES = 12, CHUNK_HEADER_BYTES = 8 };

struct chunk {
    char type[5];
    struct bytes data;
};

/* 2.3: type, length (little-endian), data, padded to even. */
static enum status next_chunk(struct bytes *rest, struct chunk *out, struct err *err)
{
    const uint8_t *at = rest->at;
    if (rest->n < CHUNK_HEADER_BYTES) {
        return err_set(err, STATUS_FORMAT, "the file is cut short");
    }
    size_t n = (size_t)at[4] | (size_t)at[5] << 8 | (size_t)at[6] << 16 | (size_t)at[7] << 24;
    if (n > rest->n - CHUNK_HEADER_BYTES) {
        return err_set(err, STATUS_FORMAT, "the file is cut short");
    }
    memcpy(out->type, at, 4);
    out->type[4] = '\0';
    out->data = bytes_slice(*rest, CHUNK_HEADER_BYTES, n);
    *rest = bytes_slice(*rest, CHUNK_HEADER_BYTES + n + n % 2, rest->n);
    return STATUS_OK;
}

static bool is(const struct chunk *c, const char *type)
{
    return memcmp(c->type, type, 4) == 0;
}

static enum status note_chunk(const struct chunk *c, struct gathering *g, struct err *err)
{
    const struct carrier_row *row =
        carrier_row_for(FILE_WEBP, 0, (struct bytes){(const uint8_t *)c->type, 4});
    if (row->reader == READER_EXIF) {
        /* Some programs put the APP1 segment's signature before it. */
        bool has_signature = bytes_start_with(c->data, "Exif\0\0", 6);
        return exif_read(g, has_signature ? bytes_slice(c->data, 6, c->data.n) : c->data, err);
    }
    if (row->reader == READER_XMP) {
        return xmp_read(g, CARRIER_XMP, c->data, err);
    }
    foreign_note(g, row, c->data.n);
    return STATUS_OK;
}

struct found {
    struct bytes profile;
    bool has_frames;
};

/* Visit each chunk; what lies behind the container is told apart. */
static enum status walk(struct bytes file, struct gathering *g, struct found *found,
                        struct err *err)
{
    const uint8_t *at = file.at;
    if (file.n < RIFF_HEADER_BYTES) {
        return err_set(err, STATUS_FORMAT, "the file is cut short");
    }
    size_t n = (size_t)at[4] | (size_t)at[5] << 8 | (size_t)at[6] << 16 | (size_t)at[7] << 24;
    size_t n_chunks = 0;
    enum status st = STATUS_OK;
    if (n < 4 || n > file.n - CHUNK_HEADER_BYTES) {
        return err_set(err, STATUS_FORMAT, "the file is cut short");
    }
    struct bytes rest = bytes_slice(file, RIFF_HEADER_BYTES, n - 4);
    while (st == STATUS_OK && rest.n) {
        struct chunk c;
        st = next_chunk(&rest, &c, err);
        if (st == STATUS_OK && ++n_chunks > MAX_SEGMENTS) {
            st = err_set(err, STATUS_LIMIT, "more than %u chunks", MAX_SEGMENTS);
        }
        if (st == STATUS_OK && g) {
            st = note_chunk(&c, g, err);
        }
        if (st == STATUS_OK && is(&c, "ICCP") && found->profile.n == 0) {
            found->profile = c.data;
        }
        found->has_frames = found->has_frames || (st == STATUS_OK && is(&c, "ANMF"));
    }
    size_t whole = CHUNK_HEADER_BYTES + n + n % 2;
    if (st == STATUS_OK && g && file.n > whole) {
        gather_trailer(g, bytes_slice(file, whole, file.n));
    }
    return st;
}

static enum status features(struct bytes file, WebPBitstreamFeatures *f, struct err *err)
{
    VP8StatusCode code = WebPGetFeatures(file.at, file.n, f);
    if (code != VP8_STATUS_OK || f->width <= 0 || f->height <= 0) {
        return err_set(err, STATUS_FORMAT, "the picture's header is damaged");
    }
    return STATUS_OK;
}

/* The header says so; one that does not, and has frames all the same, is no less of one. */
static enum status refuse_frames(const WebPBitstreamFeatures *f, bool has_frames, struct err *err)
{
    return f->has_animation || has_frames ? err_set(err, STATUS_UNSUPPORTED, "an animation")
                                          : STATUS_OK;
}

enum status webp_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                           struct err *err)
{
    WebPBitstreamFeatures f;
    struct found found = {.profile = {NULL, 0}};
    enum status st = features(file, &f, err);
    if (st == STATUS_OK) {
        facts->width_px = (uint32_t)f.width;
        facts->height_px = (uint32_t)f.height;
        st = walk(file, g, &found, err);
    }
    return st == STATUS_OK ? refuse_frames(&f, found.has_frames, err) : st;
}

static enum status decode(struct bytes file, const WebPBitstreamFeatures *f, struct raster *out,
                          struct err *err)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) {
        return err_set(err, STATUS_LIBRARY, "the WebP library is of another version");
    }
    enum status st = raster_alloc(out, (uint32_t)f->width, (uint32_t)f->height,
                                  f->has_alpha ? RASTER_BGRA : RASTER_BGR, err);
    if (st != STATUS_OK) {
        return st;
    }
    config.output.colorspace = f->has_alpha ? MODE_BGRA : MODE_BGR;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = out->at;
    config.output.u.RGBA.stride = (int)raster_row_bytes(out);
    config.output.u.RGBA.size = raster_row_bytes(out) * out->height_px;
    VP8StatusCode code = WebPDecode(file.at, file.n, &config);
    WebPFreeDecBuffer(&config.output);
    if (code == VP8_STATUS_OUT_OF_MEMORY) {
        return err_set(err, STATUS_NOMEM, "no memory to decode a WebP");
    }
    return code == VP8_STATUS_OK
               ? STATUS_OK
               : err_set(err, STATUS_FORMAT, "the picture's data are damaged or cut short");
}

enum status webp_picture(struct bytes file, struct raster *out, struct err *err)
{
    enum { LOSSLESS = 2 };
    WebPBitstreamFeatures f;
    struct found found = {.profile = {NULL, 0}};
    enum status st = features(file, &f, err);
    if (st == STATUS_OK) {
        st = walk(file, NULL, &found, err);
    }
    if (st == STATUS_OK) {
        st = refuse_frames(&f, found.has_frames, err);
    }
    if (st == STATUS_OK) {
        st = decode(file, &f, out, err);
    }
    if (st == STATUS_OK) {
        out->is_lossless = f.format == LOSSLESS;
        st = raster_take_profile(out, found.profile, err);
    }
    if (st != STATUS_OK) {
        raster_release(out);
    }
    return st;
}
