/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colour_difference ORIGINAL RELEASE ORIENTATION
 *
 * How far the colours of a release are from its original's, both as lcms2 shows them on an sRGB screen. One line:
 *
 *     ENCODING  MEAN  MEAN-OF-BLOCKS
 *
 * ENCODING is how the original says its colours are meant (icc, gama, cmyk, rgb, nclx); MEAN the mean difference of a sample, of 255;
 * MEAN-OF-BLOCKS the same between the averages of blocks of 8 x 8 pixels, which leaves out what encoding a JPEG anew costs. Nothing is
 * printed for an original that says nothing of its colours, or of a format that is not decoded here.
 *
 * A referee: it shares no code with photogate. ORIENTATION (EXIF's, 1 to 8) is how the original is to be turned. A release may have
 * lost a strip at the stored right and bottom edges. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <lcms2.h>
#include <libheif/heif.h>
#include <png.h>

enum { MOST = 255, MOST_16 = 65535, BLOCK = 8, INKS = 4, COLOURS = 3, WITH_ALPHA = 4 };

struct picture {
    uint32_t width, height;
    unsigned channels;     /* of `at`: 3, or 4 with alpha or inks */
    bool is_inks, is_gray; /* a gray picture stands as three equal colours */
    uint16_t *at;
    const char *encoding; /* NULL: nothing is said */
    cmsHPROFILE profile;  /* NULL: sRGB */
};

static _Noreturn void give_up(const char *what)
{
    (void)fprintf(stderr, "colour_difference: %s\n", what);
    exit(3);
}

static void *room(size_t n)
{
    void *at = malloc(n ? n : 1);
    if (!at) {
        give_up("no memory");
    }
    return at;
}

static uint16_t *room_for(struct picture *p)
{
    p->at = room((size_t)p->width * p->height * p->channels * sizeof *p->at);
    return p->at;
}

/* A profile of other colours than the picture's is passed over by everything that shows pictures. */
static void take_profile(struct picture *p, const void *at, size_t n)
{
    cmsHPROFILE profile = cmsOpenProfileFromMem(at, (cmsUInt32Number)n);
    cmsColorSpaceSignature want = p->is_inks   ? cmsSigCmykData
                                  : p->is_gray ? cmsSigGrayData
                                               : cmsSigRgbData;
    if (profile && cmsGetColorSpace(profile) == want) {
        p->profile = profile;
        p->encoding = p->encoding ? p->encoding : "icc";
    } else if (profile) {
        (void)cmsCloseProfile(profile);
    }
}

/* --- JPEG --- */

static void read_jpeg(FILE *f, struct picture *p)
{
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr errors;
    JOCTET *icc = NULL;
    unsigned n_icc = 0;
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_stdio_src(&d, f);
    jpeg_save_markers(&d, JPEG_APP0 + 2, MOST_16);
    (void)jpeg_read_header(&d, TRUE);
    p->is_inks = d.num_components == INKS;
    p->is_gray = d.num_components == 1;
    p->encoding = p->is_inks ? "cmyk" : d.jpeg_color_space == JCS_RGB ? "rgb" : NULL;
    if (jpeg_read_icc_profile(&d, &icc, &n_icc)) {
        take_profile(p, icc, n_icc);
    }
    d.out_color_space = p->is_inks ? JCS_CMYK : p->is_gray ? JCS_GRAYSCALE : JCS_RGB;
    (void)jpeg_start_decompress(&d);
    p->width = d.output_width;
    p->height = d.output_height;
    p->channels = p->is_inks ? INKS : COLOURS;
    uint16_t *to = room_for(p);
    JSAMPROW row = room((size_t)p->width * (size_t)d.output_components);
    while (d.output_scanline < d.output_height) {
        (void)jpeg_read_scanlines(&d, &row, 1);
        for (size_t i = 0; i < (size_t)p->width * p->channels; i++) {
            *to++ = (uint16_t)(row[p->is_gray ? i / COLOURS : i] * (MOST_16 / MOST));
        }
    }
    (void)jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    free(row);
    free(icc);
}

/* --- PNG --- */

/* PNG third edition, 12.1: iCCP, else sRGB, else gAMA with cHRM. */
static void read_png_colours(png_structp png, png_infop info, struct picture *p)
{
    png_charp name = NULL;
    png_bytep icc = NULL;
    png_uint_32 n_icc = 0;
    int method = 0, intent = 0;
    double gamma = 0, c[8] = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};
    if (png_get_iCCP(png, info, &name, &method, &icc, &n_icc)) {
        take_profile(p, icc, n_icc);
    } else if (!png_get_sRGB(png, info, &intent) && png_get_gAMA(png, info, &gamma) && gamma > 0) {
        (void)png_get_cHRM(png, info, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7]);
        const cmsCIExyY white = {c[0], c[1], 1};
        const cmsCIExyYTRIPLE primaries = {{c[2], c[3], 1}, {c[4], c[5], 1}, {c[6], c[7], 1}};
        cmsToneCurve *curve = cmsBuildGamma(NULL, 1 / gamma);
        cmsToneCurve *const curves[] = {curve, curve, curve};
        p->profile = p->is_gray ? cmsCreateGrayProfile(cmsD50_xyY(), curve)
                                : cmsCreateRGBProfile(&white, &primaries, curves);
        p->encoding = "gama";
        cmsFreeToneCurve(curve);
    }
}

static void read_png(FILE *f, struct picture *p)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        give_up("a PNG that cannot be read");
    }
    png_init_io(png, f);
    png_set_benign_errors(png, 1);
    png_read_info(png, info);
    p->is_gray = !(png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR);
    read_png_colours(png, info, p);
    png_set_expand_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, MOST_16, PNG_FILLER_AFTER);
    png_set_swap(png);
    (void)png_set_interlace_handling(png);
    png_read_update_info(png, info);
    p->width = png_get_image_width(png, info);
    p->height = png_get_image_height(png, info);
    p->channels = WITH_ALPHA;
    if (png_get_rowbytes(png, info) != (size_t)p->width * WITH_ALPHA * sizeof *p->at) {
        give_up("a PNG of an unexpected form");
    }
    (void)room_for(p);
    png_bytepp rows = room(p->height * sizeof *rows);
    for (size_t y = 0; y < p->height; y++) {
        rows[y] = (png_bytep)(p->at + y * p->width * WITH_ALPHA);
    }
    png_read_image(png, rows);
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
}

/* --- HEIF --- */

/* ITU-T H.273: 12 is Display P3, 1 what sRGB has. */
static void read_heif_colours(struct heif_image_handle *handle, struct picture *p)
{
    struct heif_color_profile_nclx *nclx = NULL;
    size_t n = heif_image_handle_get_raw_color_profile_size(handle);
    if (n) {
        void *icc = room(n);
        (void)heif_image_handle_get_raw_color_profile(handle, icc);
        take_profile(p, icc, n);
        free(icc);
    } else if (heif_image_handle_get_nclx_color_profile(handle, &nclx).code == heif_error_Ok &&
               nclx->color_primaries == 12) {
        static const cmsCIExyY WHITE = {0.3127, 0.3290, 1};
        static const cmsCIExyYTRIPLE P3 = {{0.68, 0.32, 1}, {0.265, 0.69, 1}, {0.15, 0.06, 1}};
        const cmsFloat64Number curve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
        cmsToneCurve *srgb = cmsBuildParametricToneCurve(NULL, 4, curve);
        cmsToneCurve *const curves[] = {srgb, srgb, srgb};
        p->profile = cmsCreateRGBProfile(&WHITE, &P3, curves);
        p->encoding = "nclx";
        cmsFreeToneCurve(srgb);
    }
    heif_nclx_color_profile_free(nclx);
}

static void read_heif(const char *path, struct picture *p)
{
    struct heif_context *context = heif_context_alloc();
    struct heif_image_handle *handle = NULL;
    struct heif_image *image = NULL;
    int stride = 0;
    if (heif_context_read_from_file(context, path, NULL).code != heif_error_Ok ||
        heif_context_get_primary_image_handle(context, &handle).code != heif_error_Ok ||
        heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, NULL)
                .code != heif_error_Ok) {
        give_up("a HEIF that cannot be read");
    }
    read_heif_colours(handle, p);
    const uint8_t *from = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    p->width = (uint32_t)heif_image_get_width(image, heif_channel_interleaved);
    p->height = (uint32_t)heif_image_get_height(image, heif_channel_interleaved);
    p->channels = COLOURS;
    uint16_t *to = room_for(p);
    for (size_t y = 0; y < p->height; y++, from += stride) {
        for (size_t i = 0; i < (size_t)p->width * COLOURS; i++) {
            *to++ = (uint16_t)(from[i] * (MOST_16 / MOST));
        }
    }
    heif_image_release(image);
    heif_image_handle_release(handle);
    heif_context_free(context);
}

/* --- colours --- */

/* False for a format that is not decoded here. */
static bool read_picture(const char *path, struct picture *p)
{
    uint8_t head[12] = {0};
    FILE *f = fopen(path, "rb");
    if (!f || fread(head, 1, sizeof head, f) == 0) {
        give_up("a file that cannot be read");
    }
    rewind(f);
    bool is_jpeg = head[0] == 0xFF && head[1] == 0xD8, is_png = head[0] == 0x89 && head[1] == 'P';
    bool is_heif = memcmp(head + 4, "ftyp", 4) == 0;
    if (is_jpeg) {
        read_jpeg(f, p);
    } else if (is_png) {
        read_png(f, p);
    } else if (is_heif) {
        read_heif(path, p);
    }
    (void)fclose(f);
    return is_jpeg || is_png || is_heif;
}

/* What a browser shows of inks without a profile: each takes its share of white. Adobe's JPEGs count what is not printed. */
static void show_inks(struct picture *p)
{
    uint16_t *from = p->at, *to = p->at;
    for (size_t i = 0; i < (size_t)p->width * p->height; i++, from += INKS) {
        uint32_t white = from[3];
        for (size_t c = 0; c < COLOURS; c++) {
            *to++ = (uint16_t)(from[c] * white / MOST_16);
        }
    }
}

/* In place, to sRGB; four inks become three colours. */
static void show(struct picture *p)
{
    size_t n = (size_t)p->width * p->height;
    if (!p->profile) {
        if (p->is_inks) {
            show_inks(p);
            p->channels = COLOURS;
        }
        return;
    }
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    bool has_alpha = !p->is_inks && p->channels == WITH_ALPHA;
    cmsUInt32Number to = has_alpha ? TYPE_RGBA_16 : TYPE_RGB_16;
    cmsUInt32Number from = p->is_inks ? TYPE_CMYK_16_REV : to;
    if (p->is_gray) { /* the first of three equal colours; the others are passed over as extra */
        from = COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | EXTRA_SH(p->channels - 1) | BYTES_SH(2);
    }
    cmsHTRANSFORM t = cmsCreateTransform(p->profile, from, srgb, to, INTENT_PERCEPTUAL, 0);
    uint16_t *shown = room(n * (p->is_inks ? COLOURS : p->channels) * sizeof *shown);
    if (!t) {
        give_up("lcms2 makes no transform of the profile");
    }
    if (has_alpha) {
        memcpy(shown, p->at,
               n * p->channels * sizeof *shown); /* lcms2 leaves alpha as it finds it */
    }
    cmsDoTransform(t, p->at, shown, (cmsUInt32Number)n);
    free(p->at);
    p->at = shown;
    p->channels = p->is_inks ? COLOURS : p->channels;
    cmsDeleteTransform(t);
    (void)cmsCloseProfile(srgb);
}

/* Where the upright picture's (x, y) is stored. EXIF 2.32, 4.6.4 A, Orientation. */
static const uint16_t *stored_at(const struct picture *p, unsigned orientation, uint32_t width,
                                 uint32_t height, uint32_t x, uint32_t y)
{
    uint32_t right = width - 1 - x, bottom = height - 1 - y, column = x, row = y;
    switch (orientation) {
    case 2:
        column = right;
        break;
    case 3:
        column = right;
        row = bottom;
        break;
    case 4:
        row = bottom;
        break;
    case 5:
        column = y;
        row = x;
        break;
    case 6:
        column = y;
        row = right;
        break;
    case 7:
        column = bottom;
        row = right;
        break;
    case 8:
        column = bottom;
        row = x;
        break;
    default:
        break;
    }
    return p->at + ((size_t)row * p->width + column) * p->channels;
}

struct sums {
    double total, of_blocks;
    double block[COLOURS]; /* signed, of the block at hand */
    size_t n, n_blocks;
};

static void add_block(struct sums *s, const struct picture *a, unsigned orientation,
                      const struct picture *b, uint32_t left, uint32_t top)
{
    size_t n = 0;
    memset(s->block, 0, sizeof s->block);
    for (uint32_t y = top; y < top + BLOCK && y < b->height; y++) {
        for (uint32_t x = left; x < left + BLOCK && x < b->width; x++) {
            const uint16_t *was = stored_at(a, orientation, b->width, b->height, x, y);
            const uint16_t *is = b->at + ((size_t)y * b->width + x) * b->channels;
            if (a->channels == WITH_ALPHA && was[COLOURS] == 0) {
                continue; /* nobody sees it */
            }
            for (size_t c = 0; c < COLOURS; c++) {
                double d = ((double)was[c] - is[c]) * MOST / MOST_16;
                s->total += fabs(d);
                s->block[c] += d;
            }
            n++;
        }
    }
    s->n += n * COLOURS;
    for (size_t c = 0; c < COLOURS && n; c++) {
        s->of_blocks += fabs(s->block[c]) / (double)n;
        s->n_blocks++;
    }
}

static void print_difference(const struct picture *a, unsigned orientation, const struct picture *b)
{
    struct sums s = {0};
    bool swap = orientation >= 5;
    uint32_t width = swap ? b->height : b->width, height = swap ? b->width : b->height;
    if (width > a->width || height > a->height || a->width - width > 15 ||
        a->height - height > 15) {
        give_up("the release has another size");
    }
    for (uint32_t y = 0; y < b->height; y += BLOCK) {
        for (uint32_t x = 0; x < b->width; x += BLOCK) {
            add_block(&s, a, orientation, b, x, y);
        }
    }
    (void)printf("%s %.3f %.3f\n", a->encoding, s.n ? s.total / (double)s.n : 0,
                 s.n_blocks ? s.of_blocks / (double)s.n_blocks : 0);
}

int main(int argc, char **argv)
{
    struct picture original = {0}, release = {0};
    if (argc != 4) {
        (void)fputs("usage: colour_difference ORIGINAL RELEASE ORIENTATION\n", stderr);
        return 2;
    }
    if (!read_picture(argv[1], &original) || !original.encoding) {
        return 0;
    }
    if (!read_picture(argv[2], &release)) {
        give_up("a release of an unknown format");
    }
    unsigned orientation = (unsigned)strtoul(argv[3], NULL, 10);
    bool is_heif = strstr(argv[1], ".HEIC") || strstr(argv[1], ".heif") || strstr(argv[1], ".heic");
    show(&original);
    show(&release);
    print_difference(&original, is_heif ? 1 : orientation, &release); /* libheif turns */
    return 0;
}
