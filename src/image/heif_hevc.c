/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/heif_hevc.h"

#include <stdlib.h>
#include <string.h>

#include <libde265/de265.h>
#include <libheif/heif.h>
#include <libheif/heif_plugin.h>

#include "photogate/bytes.h"
#include "photogate/limits.h"

enum { API_VERSION = 3, ABOVE_THE_OTHERS = 1000, LENGTH_BYTES = 4 };
enum { STEPS = 64, STEPS_A_UNIT = 16 };

struct hevc {
    de265_decoder_context *context; /* owned */
    size_t n_units;
};

static const struct heif_error GOOD = {heif_error_Ok, heif_suberror_Unspecified, "Success"};
static const struct heif_error DAMAGED = {heif_error_Decoder_plugin_error,
                                          heif_suberror_Unspecified,
                                          "the picture's data are damaged or cut short"};
static const struct heif_error ODD = {heif_error_Unsupported_feature, heif_suberror_Unspecified,
                                      "a HEIC of unusual colours"};
static const struct heif_error NO_MEMORY = {heif_error_Memory_allocation_error,
                                            heif_suberror_Unspecified, "no memory to decode HEIC"};

static const char *plugin_name(void)
{
    return "libde265 in one thread";
}

static int supports(enum heif_compression_format format)
{
    return format == heif_compression_HEVC ? ABOVE_THE_OTHERS : 0;
}

static struct heif_error decoder_new(void **out)
{
    struct hevc *d = calloc(1, sizeof *d);
    if (d) {
        d->context = de265_new_decoder();
    }
    if (!d || !d->context) {
        free(d);
        return NO_MEMORY;
    }
    *out = d;
    return GOOD;
}

static void decoder_free(void *decoder)
{
    struct hevc *d = decoder;
    (void)de265_free_decoder(d->context);
    free(d);
}

static void decoder_set_strict(void *decoder, int strict)
{
    (void)decoder;
    (void)strict; /* always */
}

/* ISO/IEC 14496-15, 8.3.2: NAL units, each behind its length. libheif sees to it that lengths are
 * of four bytes. */
static struct heif_error decoder_push(void *decoder, const void *data, size_t size)
{
    struct hevc *d = decoder;
    struct bytes rest = {data, size};
    while (rest.n) {
        size_t n = rest.n >= LENGTH_BYTES ? bytes_be32(rest, 0) : 0;
        if (rest.n < LENGTH_BYTES || n > rest.n - LENGTH_BYTES ||
            de265_push_NAL(d->context, rest.at + LENGTH_BYTES, (int)n, 0, NULL) != DE265_OK) {
            return DAMAGED;
        }
        d->n_units++;
        rest = bytes_slice(rest, LENGTH_BYTES + n, rest.n);
    }
    return GOOD;
}

static struct heif_error copy_plane(const struct de265_image *from, int c, struct heif_image *to,
                                    enum heif_channel channel)
{
    int width = de265_get_image_width(from, c), height = de265_get_image_height(from, c);
    int bits = de265_get_bits_per_pixel(from, c), from_stride = 0, to_stride = 0;
    struct heif_error e = heif_image_add_plane(to, channel, width, height, bits);
    if (e.code != heif_error_Ok) {
        return e;
    }
    const uint8_t *in = de265_get_image_plane(from, c, &from_stride);
    uint8_t *out = heif_image_get_plane(to, channel, &to_stride);
    size_t row_bytes = (size_t)width * (bits > 8 ? 2 : 1);
    for (size_t y = 0; y < (size_t)height; y++) {
        memcpy(out + y * (size_t)to_stride, in + y * (size_t)from_stride, row_bytes);
    }
    return GOOD;
}

/* ITU-T H.265, annex E.3.1: what the stream itself says of its colours. */
static struct heif_error copy_colours(const struct de265_image *from, struct heif_image *to)
{
    struct heif_color_profile_nclx *nclx = heif_nclx_color_profile_alloc();
    if (!nclx) {
        return NO_MEMORY;
    }
    struct heif_error e = heif_nclx_color_profile_set_color_primaries(
        nclx, (uint16_t)de265_get_image_colour_primaries(from));
    if (e.code == heif_error_Ok) {
        e = heif_nclx_color_profile_set_transfer_characteristics(
            nclx, (uint16_t)de265_get_image_transfer_characteristics(from));
    }
    if (e.code == heif_error_Ok) {
        e = heif_nclx_color_profile_set_matrix_coefficients(
            nclx, (uint16_t)de265_get_image_matrix_coefficients(from));
    }
    if (e.code == heif_error_Ok) {
        nclx->full_range_flag = de265_get_image_full_range_flag(from) != 0;
        e = heif_image_set_nclx_color_profile(to, nclx);
    }
    heif_nclx_color_profile_free(nclx);
    return e;
}

static struct heif_error copy_picture(const struct de265_image *from, struct heif_image **out)
{
    static const enum heif_channel CHANNELS[] = {heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
    enum de265_chroma chroma = de265_get_chroma_format(from);
    int width = de265_get_image_width(from, 0), height = de265_get_image_height(from, 0);
    int n = chroma == de265_chroma_mono ? 1 : 3;
    struct heif_image *to = NULL;
    if (width <= 0 || height <= 0 || (uint64_t)width * (uint64_t)height > MAX_CONVERTED_PIXELS) {
        return ODD;
    }
    struct heif_error e = heif_image_create(
        width, height, n == 1 ? heif_colorspace_monochrome : heif_colorspace_YCbCr,
        (enum heif_chroma)chroma, &to);
    for (int c = 0; c < n && e.code == heif_error_Ok; c++) {
        e = copy_plane(from, c, to, CHANNELS[c]);
    }
    if (e.code == heif_error_Ok) {
        e = copy_colours(from, to);
    }
    if (e.code != heif_error_Ok) {
        heif_image_release(to);
        return e;
    }
    *out = to;
    return GOOD;
}

/* The library asks for more steps for ever, with data that make no picture and behind the last one.
 */
static struct heif_error decoder_decode(void *decoder, struct heif_image **out)
{
    struct hevc *d = decoder;
    size_t left = STEPS + STEPS_A_UNIT * d->n_units;
    int more = 1;
    de265_error did = de265_flush_data(d->context);
    const struct de265_image *picture = NULL;
    while (did == DE265_OK && more && left && !picture) {
        more = 0;
        left--;
        did = de265_decode(d->context, &more);
        picture = de265_get_next_picture(d->context);
    }
    if (did == DE265_ERROR_OUT_OF_MEMORY) {
        return NO_MEMORY;
    }
    if (did != DE265_OK || !picture || de265_get_warning(d->context) != DE265_OK) {
        return DAMAGED;
    }
    return copy_picture(picture, out);
}

enum status heif_hevc_register(struct err *err)
{
    static const struct heif_decoder_plugin PLUGIN = {
        .plugin_api_version = API_VERSION,
        .get_plugin_name = plugin_name,
        .does_support_format = supports,
        .new_decoder = decoder_new,
        .free_decoder = decoder_free,
        .push_data = decoder_push,
        .decode_image = decoder_decode,
        .set_strict_decoding = decoder_set_strict,
        .id_name = HEIF_HEVC_ID,
    };
    struct heif_error e = heif_register_decoder_plugin(&PLUGIN);
    return e.code == heif_error_Ok
               ? STATUS_OK
               : err_set(err, STATUS_LIBRARY, "the HEIF library takes no decoder");
}
