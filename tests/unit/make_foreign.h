/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scene of make_picture.h in other formats, written by their own libraries. Included once by
 * each test that needs it. */
#ifndef PHOTOGATE_TESTS_MAKE_FOREIGN_H
#define PHOTOGATE_TESTS_MAKE_FOREIGN_H

#include <sys/mman.h>
#include <unistd.h>

#include <gif_lib.h>
#include <libheif/heif.h>
#include <tiffio.h>
#include <webp/encode.h>

#include "make_picture.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
/* The encoder that the tests write HEIC with keeps some of its memory for itself. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libx265\n";
}
#endif

enum { SCENE_CHANNELS = 3 };

/* RGB; free(at). */
UNUSED_OK static struct image scene_of(uint32_t width, uint32_t height)
{
    struct image p = {.width = width, .height = height, .channels = SCENE_CHANNELS};
    p.at = malloc((size_t)width * height * SCENE_CHANNELS);
    assert(p.at);
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            scene(x, y, width, height, p.at + ((size_t)y * width + x) * SCENE_CHANNELS);
        }
    }
    return p;
}

/* --- HEIC and AVIF --- */

struct heif_recipe {
    enum heif_compression_format form;
    unsigned orientation;   /* written as irot and imir; 0 = none */
    struct bytes exif, xmp; /* may be empty */
    struct bytes profile;   /* may be empty */
    int primaries, curve;   /* nclx; 0 = none */
    unsigned n_pictures;    /* the same one over; 0 = 1 */
    const char *item_type;  /* a metadata item; NULL = none */
    const char *item_form;  /* its content type, or NULL */
    struct bytes item;
};

static inline struct heif_error heif_to_buffer(struct heif_context *c, const void *at, size_t n,
                                               void *to)
{
    (void)c;
    buffer_add(to, at, n);
    return (struct heif_error){heif_error_Ok, heif_suberror_Unspecified, ""};
}

static inline void heif_good(struct heif_error e)
{
    if (e.code != heif_error_Ok) {
        fail_msg("libheif: %s", e.message);
    }
}

static inline struct heif_image *heif_scene(const struct image *p, const struct heif_recipe *r)
{
    struct heif_image *image = NULL;
    int stride = 0;
    heif_good(heif_image_create((int)p->width, (int)p->height, heif_colorspace_RGB,
                                heif_chroma_interleaved_RGB, &image));
    heif_good(
        heif_image_add_plane(image, heif_channel_interleaved, (int)p->width, (int)p->height, 8));
    uint8_t *to = heif_image_get_plane(image, heif_channel_interleaved, &stride);
    for (size_t y = 0; y < p->height; y++) {
        size_t n = (size_t)p->width * SCENE_CHANNELS;
        memcpy(to + y * (size_t)stride, p->at + y * n, n);
    }
    if (r->profile.n) {
        heif_good(heif_image_set_raw_color_profile(image, "prof", r->profile.at, r->profile.n));
    }
    return image;
}

/* False when this libheif has no encoder for it. */
UNUSED_OK static bool make_heif(const struct heif_recipe *r, const struct image *p,
                                struct buffer *out)
{
    static struct heif_writer writer = {1, heif_to_buffer};
    struct heif_context *context = heif_context_alloc();
    struct heif_encoder *encoder = NULL;
    struct heif_image_handle *handle = NULL;
    buffer_init(out, TEST_CEILING);
    if (!heif_have_encoder_for_format(r->form) ||
        heif_context_get_encoder_for_format(context, r->form, &encoder).code != heif_error_Ok) {
        heif_context_free(context);
        return false;
    }
    (void)heif_encoder_set_lossy_quality(encoder, 90);
    struct heif_image *image = heif_scene(p, r);
    struct heif_encoding_options *options = heif_encoding_options_alloc();
    options->image_orientation = (enum heif_orientation)(r->orientation ? r->orientation : 1);
    struct heif_color_profile_nclx *nclx = heif_nclx_color_profile_alloc();
    if (r->primaries) {
        nclx->color_primaries = (enum heif_color_primaries)r->primaries;
        nclx->transfer_characteristics = (enum heif_transfer_characteristics)r->curve;
        nclx->matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6;
        heif_good(heif_image_set_nclx_color_profile(image, nclx));
        options->output_nclx_profile = nclx;
        options->macOS_compatibility_workaround_no_nclx_profile = 0;
    }
    heif_good(heif_context_encode_image(context, image, encoder, options, &handle));
    if (r->exif.n) {
        heif_good(heif_context_add_exif_metadata(context, handle, r->exif.at, (int)r->exif.n));
    }
    if (r->xmp.n) {
        heif_good(heif_context_add_XMP_metadata(context, handle, r->xmp.at, (int)r->xmp.n));
    }
    if (r->item_type) {
        heif_good(heif_context_add_generic_metadata(context, handle, r->item.at, (int)r->item.n,
                                                    r->item_type, r->item_form));
    }
    for (unsigned i = 1; i < r->n_pictures; i++) {
        heif_good(heif_context_encode_image(context, image, encoder, options, NULL));
    }
    heif_good(heif_context_write(context, &writer, out));
    heif_nclx_color_profile_free(nclx);
    heif_encoding_options_free(options);
    heif_image_handle_release(handle);
    heif_image_release(image);
    heif_encoder_release(encoder);
    heif_context_free(context);
    return true;
}

/* --- WebP --- */

UNUSED_OK static void make_webp(const struct image *p, bool is_lossless, struct buffer *out)
{
    uint8_t *at = NULL;
    int w = (int)p->width, h = (int)p->height, stride = w * SCENE_CHANNELS;
    size_t n = is_lossless ? WebPEncodeLosslessRGB(p->at, w, h, stride, &at)
                           : WebPEncodeRGB(p->at, w, h, stride, 90, &at);
    assert(n);
    buffer_init(out, TEST_CEILING);
    buffer_add(out, at, n);
    WebPFree(at);
}

static inline void put_le(uint8_t *to, uint32_t value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

/* A chunk at the end, with the VP8X header that a file of several chunks has (RFC 9649, 2.7). */
UNUSED_OK static void add_webp_chunk(struct buffer *webp, const struct image *p, const char *type,
                                     uint8_t flags, struct bytes data)
{
    uint8_t head[18] = "VP8X\x0A";
    uint8_t chunk[8];
    head[8] = flags;
    put_le(head + 12, p->width - 1, 3);
    put_le(head + 15, p->height - 1, 3);
    if (memcmp(webp->at + 12, "VP8X", 4) == 0) {
        webp->at[20] |= flags;
    } else {
        splice(webp, 12, head, sizeof head);
    }
    memcpy(chunk, type, 4);
    put_le(chunk + 4, (uint32_t)data.n, 4);
    buffer_add(webp, chunk, sizeof chunk);
    buffer_add(webp, data.at, data.n);
    if (data.n % 2) {
        buffer_add_byte(webp, 0);
    }
    put_le(webp->at + 4, (uint32_t)webp->n - 8, 4);
}

/* --- TIFF --- */

struct tiff_recipe {
    uint16_t compression; /* 0 = none */
    uint16_t orientation; /* 0 = none given */
    bool gray, sixteen, inks;
    unsigned pages; /* 0 = 1 */
    const char *artist, *description;
    struct bytes xmp;
};

static inline void tiff_page(TIFF *t, const struct tiff_recipe *r, const struct image *p)
{
    unsigned samples = r->gray ? 1 : r->inks ? 4 : 3, bytes = r->sixteen ? 2 : 1;
    TIFFSetField(t, TIFFTAG_IMAGEWIDTH, p->width);
    TIFFSetField(t, TIFFTAG_IMAGELENGTH, p->height);
    TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 8 * bytes);
    TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, 16);
    TIFFSetField(t, TIFFTAG_COMPRESSION, r->compression ? r->compression : COMPRESSION_NONE);
    TIFFSetField(t, TIFFTAG_PHOTOMETRIC,
                 r->gray   ? PHOTOMETRIC_MINISBLACK
                 : r->inks ? PHOTOMETRIC_SEPARATED
                           : PHOTOMETRIC_RGB);
    if (r->orientation) {
        TIFFSetField(t, TIFFTAG_ORIENTATION, r->orientation);
    }
    if (r->artist) {
        TIFFSetField(t, TIFFTAG_ARTIST, r->artist);
    }
    if (r->description) {
        TIFFSetField(t, TIFFTAG_IMAGEDESCRIPTION, r->description);
    }
    if (r->xmp.n) {
        TIFFSetField(t, TIFFTAG_XMLPACKET, (uint32_t)r->xmp.n, r->xmp.at);
    }
    uint8_t *row = calloc(p->width, (size_t)samples * bytes);
    assert(row);
    for (uint32_t y = 0; y < p->height; y++) {
        for (uint32_t x = 0; x < p->width; x++) {
            const uint8_t *rgb = p->at + ((size_t)y * p->width + x) * SCENE_CHANNELS;
            for (unsigned s = 0; s < samples; s++) {
                uint8_t v = r->inks ? (s < 3 ? (uint8_t)(255 - rgb[s]) : 0) : rgb[s];
                memset(row + ((size_t)x * samples + s) * bytes, v, bytes);
            }
        }
        assert(TIFFWriteScanline(t, row, y, 0) == 1);
    }
    free(row);
}

UNUSED_OK static void make_tiff(struct tiff_recipe r, const struct image *p, struct buffer *out)
{
    int fd = memfd_create("tiff", MFD_CLOEXEC);
    assert(fd >= 0);
    TIFF *t = TIFFFdOpen(dup(fd), "made", "w");
    assert(t);
    for (unsigned page = 0; page < (r.pages ? r.pages : 1); page++) {
        tiff_page(t, &r, p);
        assert(TIFFWriteDirectory(t) == 1);
    }
    TIFFClose(t);
    off_t n = lseek(fd, 0, SEEK_END);
    buffer_init(out, TEST_CEILING);
    uint8_t *at = buffer_extend(out, (size_t)n);
    assert(at && pread(fd, at, (size_t)n, 0) == n);
    (void)close(fd);
}

/* --- GIF --- */

static inline int gif_to_buffer(GifFileType *gif, const GifByteType *at, int n)
{
    buffer_add(gif->UserData, at, (size_t)n);
    return n;
}

/* Six levels a colour; nothing is lost that was not lost here: `p` is changed to what the file
 * holds. */
static inline uint8_t gif_index(uint8_t *rgb)
{
    unsigned index = 0;
    for (size_t c = 0; c < SCENE_CHANNELS; c++) {
        unsigned level = (rgb[c] + 25u) / 51u;
        rgb[c] = (uint8_t)(level * 51);
        index = index * 6 + level;
    }
    return (uint8_t)index;
}

UNUSED_OK static void make_gif(struct image *p, unsigned frames, const char *comment,
                               struct buffer *out)
{
    GifColorType colours[256] = {{0, 0, 0}};
    for (unsigned i = 0; i < 216; i++) {
        colours[i] = (GifColorType){(GifByteType)(i / 36 * 51), (GifByteType)(i / 6 % 6 * 51),
                                    (GifByteType)(i % 6 * 51)};
    }
    int code = 0, w = (int)p->width, h = (int)p->height;
    ColorMapObject *map = GifMakeMapObject(256, colours);
    buffer_init(out, TEST_CEILING);
    GifFileType *gif = EGifOpen(out, gif_to_buffer, &code);
    assert(gif && map);
    EGifSetGifVersion(gif, true);
    assert(EGifPutScreenDesc(gif, w, h, 8, 0, map) == GIF_OK);
    if (comment) {
        assert(EGifPutComment(gif, comment) == GIF_OK);
    }
    uint8_t *row = malloc(p->width);
    assert(row);
    for (unsigned f = 0; f < frames; f++) {
        assert(EGifPutImageDesc(gif, 0, 0, w, h, false, NULL) == GIF_OK);
        for (uint32_t y = 0; y < p->height; y++) {
            for (uint32_t x = 0; x < p->width; x++) {
                row[x] = gif_index(p->at + ((size_t)y * p->width + x) * SCENE_CHANNELS);
            }
            assert(EGifPutLine(gif, row, w) == GIF_OK);
        }
    }
    free(row);
    GifFreeMapObject(map);
    assert(EGifCloseFile(gif, &code) == GIF_OK);
}

/* --- what came out --- */

/* JPEG or PNG, as RGB. */
UNUSED_OK static struct image decode_release(const struct buffer *release)
{
    if (!holds(release, "\x89PNG")) {
        return decode_jpeg(buffer_view(release));
    }
    struct image wide = decode_png(buffer_view(release));
    struct image out = {.width = wide.width, .height = wide.height, .channels = SCENE_CHANNELS};
    size_t n = (size_t)wide.width * wide.height;
    out.at = malloc(n * SCENE_CHANNELS);
    assert(out.at);
    for (size_t i = 0; i < n * SCENE_CHANNELS; i++) {
        size_t pixel = i / SCENE_CHANNELS;
        out.at[i] = wide.at[pixel * PNG_PIXEL_BYTES + 2 * (i % SCENE_CHANNELS)];
    }
    free(wide.at);
    return out;
}

/* The mean difference of a sample, in hundredths; 25600 when the dimensions differ. */
UNUSED_OK static unsigned mean_difference(const struct image *a, const struct image *b)
{
    uint64_t total = 0, n = (uint64_t)a->width * a->height * a->channels;
    if (a->width != b->width || a->height != b->height || a->channels != b->channels) {
        return 25600;
    }
    for (uint64_t i = 0; i < n; i++) {
        total += (unsigned)abs(a->at[i] - b->at[i]);
    }
    return (unsigned)(total * 100 / n);
}

#endif
