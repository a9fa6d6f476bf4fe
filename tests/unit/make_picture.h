/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures for tests, made with libjpeg and libpng themselves, and the surgery that hides things in
 * them. Included once by each test that needs it. */
#ifndef PHOTOGATE_TESTS_MAKE_PICTURE_H
#define PHOTOGATE_TESTS_MAKE_PICTURE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "photogate/bytes.h"

#define UNUSED_OK __attribute__((unused))

enum { TEST_CEILING = 64 * 1024 * 1024 };

/* A scene without any symmetry: light from one corner, a bright disc in another, stripes along one
 * edge. */
static inline void scene(uint32_t x, uint32_t y, uint32_t w, uint32_t h, uint8_t rgb[3])
{
    long dx = (long)x - (long)w / 4, dy = (long)y - (long)h / 3, r = (long)(w < h ? w : h) / 6;
    bool disc = dx * dx + dy * dy < r * r;
    bool stripe = y > h - h / 6 && x / 5 % 2;
    rgb[0] = (uint8_t)(disc ? 240 : 30 + 150 * x / w);
    rgb[1] = (uint8_t)(disc ? 60 : 20 + 180 * y / h);
    rgb[2] = (uint8_t)(stripe ? 230 : 40 + 90 * (x + y) / (w + h));
}

struct jpeg_recipe {
    uint32_t width, height;
    int h, v;       /* sampling of the first component; 0 = 1 */
    bool gray, rgb; /* else YCbCr */
    bool progressive;
    unsigned restart; /* MCUs between restart markers */
};

UNUSED_OK static void make_jpeg(struct jpeg_recipe r, struct buffer *out)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *at = NULL;
    unsigned long n = 0;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &at, &n);
    c.image_width = r.width;
    c.image_height = r.height;
    c.input_components = r.gray ? 1 : 3;
    c.in_color_space = r.gray ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&c);
    if (r.rgb) {
        jpeg_set_colorspace(&c, JCS_RGB);
    }
    jpeg_set_quality(&c, 92, TRUE);
    c.comp_info[0].h_samp_factor = r.h ? r.h : 1;
    c.comp_info[0].v_samp_factor = r.v ? r.v : 1;
    c.restart_interval = r.restart;
    if (r.progressive) {
        jpeg_simple_progression(&c);
    }
    jpeg_start_compress(&c, TRUE);
    uint8_t *row = malloc((size_t)r.width * 3);
    assert(row);
    for (uint32_t y = 0; y < r.height; y++) {
        for (uint32_t x = 0; x < r.width; x++) {
            uint8_t rgb[3];
            scene(x, y, r.width, r.height, rgb);
            if (r.gray) {
                row[x] = (uint8_t)((2 * rgb[0] + rgb[1]) / 3);
            } else {
                memcpy(row + 3 * (size_t)x, rgb, 3);
            }
        }
        JSAMPROW rows = row;
        (void)jpeg_write_scanlines(&c, &rows, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    buffer_init(out, TEST_CEILING);
    buffer_add(out, at, n);
    free(row);
    free(at);
}

/* Put bytes in between. */
UNUSED_OK static void splice(struct buffer *b, size_t at, const void *bytes, size_t n)
{
    uint8_t *tail = malloc(b->n - at + 1);
    size_t n_tail = b->n - at;
    assert(tail && at <= b->n);
    memcpy(tail, b->at + at, n_tail);
    b->n = at;
    buffer_add(b, bytes, n);
    buffer_add(b, tail, n_tail);
    free(tail);
}

UNUSED_OK static void add_segment(struct buffer *jpeg, size_t at, uint8_t marker,
                                  const void *payload, size_t n)
{
    uint8_t head[4] = {0xFF, marker, (uint8_t)((n + 2) >> 8), (uint8_t)(n + 2)};
    splice(jpeg, at, payload, n);
    splice(jpeg, at, head, sizeof head);
}

enum { AFTER_SOI = 2, EXIF_BYTES = 6 + 8 + 2 + 12 + 4 };

/* A TIFF structure whose only entry is the orientation. */
UNUSED_OK static size_t exif_with_orientation(uint8_t orientation, uint8_t out[EXIF_BYTES])
{
    static const uint8_t TEMPLATE[EXIF_BYTES] = {'E', 'x', 'i', 'f', 0, 0,    'I',  'I', '*', 0, 8,
                                                 0,   0,   0,   1,   0, 0x12, 0x01, 3,   0,   1, 0,
                                                 0,   0,   1,   0,   0, 0,    0,    0,   0,   0};
    memcpy(out, TEMPLATE, EXIF_BYTES);
    out[24] = orientation;
    return EXIF_BYTES;
}

UNUSED_OK static void add_orientation(struct buffer *jpeg, uint8_t orientation)
{
    uint8_t exif[EXIF_BYTES];
    add_segment(jpeg, AFTER_SOI, 0xE1, exif, exif_with_orientation(orientation, exif));
}

struct image {
    uint8_t *at; /* RGB or RGBA, owned */
    uint32_t width, height;
    unsigned channels;
};

/* Decode without the smoothing between chroma samples, which rounds one way and so is not
 * symmetric. */
UNUSED_OK static struct image decode_jpeg(struct bytes jpeg)
{
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr errors;
    struct image out = {.channels = 3};
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, jpeg.at, jpeg.n);
    (void)jpeg_read_header(&d, TRUE);
    d.out_color_space = JCS_EXT_RGB;
    d.do_fancy_upsampling = FALSE;
    (void)jpeg_start_decompress(&d);
    out.width = d.output_width;
    out.height = d.output_height;
    out.at = malloc((size_t)out.width * out.height * 3);
    assert(out.at);
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = out.at + (size_t)d.output_scanline * out.width * 3;
        (void)jpeg_read_scanlines(&d, &row, 1);
    }
    (void)jpeg_finish_decompress(&d);
    assert(errors.num_warnings == 0);
    jpeg_destroy_decompress(&d);
    return out;
}

/* Where a stored pixel is shown, by EXIF 2.32, table 6 (which edge is the 0th row, which the 0th
 * column). */
UNUSED_OK static struct image turned(const struct image *p, unsigned orientation)
{
    bool swap = orientation >= 5;
    struct image out = {.channels = p->channels,
                        .width = swap ? p->height : p->width,
                        .height = swap ? p->width : p->height};
    size_t n = p->channels;
    out.at = malloc((size_t)out.width * out.height * n);
    assert(out.at);
    for (uint32_t y = 0; y < p->height; y++) {
        for (uint32_t x = 0; x < p->width; x++) {
            uint32_t right = p->width - 1 - x, below = p->height - 1 - y;
            const uint32_t to[9][2] = {{x, y},         {x, y},         {right, y},
                                       {right, below}, {x, below},     {y, x},
                                       {below, x},     {below, right}, {y, right}};
            memcpy(out.at + ((size_t)to[orientation][1] * out.width + to[orientation][0]) * n,
                   p->at + ((size_t)y * p->width + x) * n, n);
        }
    }
    return out;
}

/* The largest difference of a sample; 256 when the dimensions differ. */
UNUSED_OK static unsigned difference(const struct image *a, const struct image *b)
{
    unsigned largest = 0;
    if (a->width != b->width || a->height != b->height || a->channels != b->channels) {
        return 256;
    }
    for (size_t i = 0; i < (size_t)a->width * a->height * a->channels; i++) {
        unsigned d = (unsigned)abs(a->at[i] - b->at[i]);
        largest = d > largest ? d : largest;
    }
    return largest;
}

/* --- PNG --- */

struct png_recipe {
    uint32_t width, height;
    int colour_type, bit_depth;
    bool interlaced;
    bool colour_key;     /* tRNS */
    bool hidden_colours; /* colour under alpha 0 */
};

static inline void png_to_buffer(png_structp png, png_bytep at, size_t n)
{
    buffer_add(png_get_io_ptr(png), at, n);
}

static inline void png_no_flush(png_structp png)
{
    (void)png;
}

static inline void png_sample_row(struct png_recipe r, uint32_t y, uint8_t *row)
{
    for (uint32_t x = 0; x < r.width; x++) {
        uint8_t rgb[3];
        bool clear = r.hidden_colours && x < r.width / 2;
        scene(x, y, r.width, r.height, rgb);
        unsigned alpha = clear ? 0 : 128 + x % 128;
        unsigned samples[4] = {rgb[0], rgb[1], rgb[2], alpha}, n = 3;
        if (r.colour_type == PNG_COLOR_TYPE_PALETTE || r.colour_type == PNG_COLOR_TYPE_GRAY) {
            samples[0] = (unsigned)rgb[1] >> (r.bit_depth < 8 ? 8 - r.bit_depth : 0);
            n = 1;
        } else if (r.colour_type == PNG_COLOR_TYPE_GRAY_ALPHA) {
            samples[1] = alpha;
            n = 2;
        } else if (r.colour_type == PNG_COLOR_TYPE_RGB_ALPHA) {
            n = 4;
        }
        for (unsigned s = 0; s < n; s++) {
            *row++ = (uint8_t)samples[s];
            if (r.bit_depth == 16) {
                *row++ = (uint8_t)(samples[s] ? x + s : 0);
            }
        }
    }
}

UNUSED_OK static void make_png(struct png_recipe r, struct buffer *out)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_color palette[256];
    png_byte fade[4] = {0, 80, 160, 255};
    png_color_16 key = {.red = 40, .green = 40, .blue = 40, .gray = 3};
    int n_palette = r.bit_depth < 8 ? 1 << r.bit_depth : 256;
    assert(png && info);
    buffer_init(out, TEST_CEILING);
    png_set_write_fn(png, out, png_to_buffer, png_no_flush);
    png_set_IHDR(png, info, r.width, r.height, r.bit_depth, r.colour_type,
                 r.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
                 PNG_FILTER_TYPE_BASE);
    for (int i = 0; i < n_palette; i++) {
        palette[i] = (png_color){(png_byte)(255 - i), (png_byte)(i / 2), (png_byte)i};
    }
    if (r.colour_type == PNG_COLOR_TYPE_PALETTE) {
        png_set_PLTE(png, info, palette, n_palette);
    }
    if (r.colour_key) {
        bool is_palette = r.colour_type == PNG_COLOR_TYPE_PALETTE;
        png_set_tRNS(png, info, is_palette ? fade : NULL, is_palette ? 2 : 0, &key);
    }
    png_write_info(png, info);
    png_set_packing(png);
    int passes = png_set_interlace_handling(png);
    uint8_t *row = malloc((size_t)r.width * 8);
    assert(row);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < r.height; y++) {
            png_sample_row(r, y, row);
            png_write_row(png, row);
        }
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(row);
}

static inline uint32_t crc_of(const uint8_t *at, size_t n)
{
    uint32_t c = 0xFFFFFFFFu;
    for (size_t i = 0; i < n; i++) {
        c ^= at[i];
        for (int k = 0; k < 8; k++) {
            c = c & 1 ? 0xEDB88320u ^ c >> 1 : c >> 1;
        }
    }
    return ~c;
}

static inline void put_be32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

enum { AFTER_IHDR = 8 + 25, IEND_BYTES = 12 };

UNUSED_OK static void add_chunk(struct buffer *png, size_t at, const char *type, const void *data,
                                size_t n)
{
    uint8_t *chunk = malloc(n + 12);
    assert(chunk);
    put_be32(chunk, (uint32_t)n);
    memcpy(chunk + 4, type, 4);
    memcpy(chunk + 8, data, n);
    put_be32(chunk + 8 + n, crc_of(chunk + 4, n + 4));
    splice(png, at, chunk, n + 12);
    free(chunk);
}

enum { PNG_PIXEL_BYTES = 8 };

static inline void png_from_bytes(png_structp png, png_bytep to, size_t n)
{
    struct bytes *left = png_get_io_ptr(png);
    assert(n <= left->n);
    memcpy(to, left->at, n);
    *left = bytes_slice(*left, n, left->n);
}

/* Every form of PNG as 16-bit RGBA, eight bytes a pixel, nothing rounded. */
UNUSED_OK static struct image decode_png(struct bytes file)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    struct image out = {.channels = PNG_PIXEL_BYTES};
    assert(png && info);
    png_set_read_fn(png, &file, png_from_bytes);
    png_read_info(png, info);
    png_set_expand_16(png);
    png_set_gray_to_rgb(png);
    png_set_tRNS_to_alpha(png);
    png_set_add_alpha(png, 0xFFFF, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    out.width = png_get_image_width(png, info);
    out.height = png_get_image_height(png, info);
    size_t row_bytes = (size_t)out.width * PNG_PIXEL_BYTES;
    assert(png_get_rowbytes(png, info) == row_bytes);
    out.at = calloc(out.height, row_bytes);
    assert(out.at);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < out.height; y++) {
            png_read_row(png, out.at + y * row_bytes, NULL);
        }
    }
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    return out;
}

UNUSED_OK static bool is_clear(const uint8_t pixel[PNG_PIXEL_BYTES])
{
    return pixel[6] == 0 && pixel[7] == 0;
}

/* Whether a chunk of this type stands in a PNG; a signature, in any file. */
UNUSED_OK static bool holds(const struct buffer *b, const char *what)
{
    return b->n && memmem(b->at, b->n, what, strlen(what)) != NULL;
}

#endif
