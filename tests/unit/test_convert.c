/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos that cannot leave as they came: of four inks, of arithmetic coding, larger than wished. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <lcms2.h>

#include "examine_photo.h"
#include "image/icc_make.h"
#include "image/raster.h"
#include "make_foreign.h"

enum { WIDTH = 160, HEIGHT = 120, LOSS = 450 };

static struct proof cleanse(const struct buffer *photo, uint32_t max_edge_px, unsigned quality,
                            struct buffer *release)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof = {.same_picture = KNOWN_UNKNOWN};
    struct release_wishes wishes = {max_edge_px, quality};
    buffer_init(release, TEST_CEILING);
    enum status st = photo_cleanse(buffer_view(photo), &wishes, release, &proof, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_int_equal(proof.same_picture, KNOWN_YES);
    assert_int_equal(release_check(buffer_view(release), &err), STATUS_OK);
    return proof;
}

static void check_like(const struct buffer *release, const struct image *meant, unsigned bound)
{
    struct image got = decode_release(release);
    unsigned d = mean_difference(&got, meant);
    if (d > bound) {
        fail_msg("differs by %u hundredths", d);
    }
    free(got.at);
}

/* --- inks --- */

/* As Adobe's programs write it: 255 is no ink. */
static void make_cmyk(const struct image *p, J_COLOR_SPACE space, bool adobe, struct bytes profile,
                      struct buffer *out)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *at = NULL;
    unsigned long n = 0;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &at, &n);
    c.image_width = p->width;
    c.image_height = p->height;
    c.input_components = 4;
    c.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&c);
    jpeg_set_colorspace(&c, space);
    jpeg_set_quality(&c, 95, TRUE);
    c.write_Adobe_marker = adobe;
    jpeg_start_compress(&c, TRUE);
    if (profile.n) {
        jpeg_write_icc_profile(&c, profile.at, (unsigned)profile.n);
    }
    uint8_t *row = malloc((size_t)p->width * 4);
    assert_non_null(row);
    for (uint32_t y = 0; y < p->height; y++) {
        for (size_t x = 0; x < p->width; x++) {
            memcpy(row + 4 * x, p->at + 3 * (y * (size_t)p->width + x), 3);
            row[4 * x + 3] = 255;
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

static void inks_become_the_colours_that_a_browser_shows(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    static const J_COLOR_SPACE SPACES[] = {JCS_CMYK, JCS_YCCK};
    for (size_t i = 0; i < 2; i++) {
        struct buffer photo, release;
        make_cmyk(&p, SPACES[i], true, (struct bytes){NULL, 0}, &photo);
        check_exam(&photo, EXAM_DONE);
        assert_int_equal(cleanse(&photo, 0, 0, &release).kind, FILE_JPEG);
        check_like(&release, &p, LOSS);
        assert_false(holds(&release, "Adobe"));
        buffer_release(&release);
        buffer_release(&photo);
    }
    free(p.at);
}

static void inks_that_do_not_say_how_they_count_are_unsupported(void **state)
{
    (void)state;
    struct buffer photo;
    struct image p = scene_of(WIDTH, HEIGHT);
    make_cmyk(&p, JCS_CMYK, false, (struct bytes){NULL, 0}, &photo);
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    free(p.at);
}

/* A printer without colours: whatever ink, its amount makes the page darker. */
static int as_gray(const cmsUInt16Number inks[], cmsUInt16Number lab[], void *cargo)
{
    uint32_t colour = ((uint32_t)inks[0] + inks[1] + inks[2]) / 3;
    uint32_t light = (0xFFFFu - colour) * (0xFFFFu - inks[3]) / 0xFFFFu;
    (void)cargo;
    lab[0] = (cmsUInt16Number)(light / 0x101 * 0x100); /* ICC version 2: 0xFF00 is white */
    lab[1] = lab[2] = 0x8000;
    return 1;
}

static void make_ink_profile(struct buffer *out)
{
    cmsHPROFILE p = cmsCreateProfilePlaceholder(NULL);
    cmsPipeline *lut = cmsPipelineAlloc(NULL, 4, 3);
    cmsStage *table = cmsStageAllocCLut16bit(NULL, 5, 4, 3, NULL);
    cmsUInt32Number n = 0;
    assert_true(p && lut && table && cmsStageSampleCLut16bit(table, as_gray, NULL, 0));
    cmsSetProfileVersion(p, 2.4);
    cmsSetDeviceClass(p, cmsSigOutputClass);
    cmsSetColorSpace(p, cmsSigCmykData);
    cmsSetPCS(p, cmsSigLabData);
    cmsPipelineInsertStage(lut, cmsAT_BEGIN, table);
    assert_true(cmsWriteTag(p, cmsSigAToB0Tag, lut) && cmsSaveProfileToMem(p, NULL, &n));
    buffer_init(out, MAX_ICC_BYTES);
    assert_true(cmsSaveProfileToMem(p, buffer_extend(out, n), &n));
    cmsPipelineFree(lut);
    cmsCloseProfile(p);
}

static void inks_with_a_profile_go_through_it(void **state)
{
    (void)state;
    struct buffer profile, photo, release;
    struct image p = scene_of(WIDTH, HEIGHT);
    make_ink_profile(&profile);
    make_cmyk(&p, JCS_CMYK, true, buffer_view(&profile), &photo);
    (void)cleanse(&photo, 0, 98, &release);
    struct image got = decode_release(&release);
    for (size_t i = 0; i < (size_t)got.width * got.height; i++) {
        const uint8_t *rgb = got.at + 3 * i, *before = p.at + 3 * i;
        int light = (before[0] + before[1] + before[2]) / 3;
        assert_in_range(abs(rgb[0] - rgb[1]) + abs(rgb[1] - rgb[2]), 0, 24);
        assert_in_range(abs(rgb[1] - light), 0, 48);
    }
    assert_false(holds(&release, "ICC_PROFILE"));
    free(got.at);
    free(p.at);
    buffer_release(&release);
    buffer_release(&photo);
    buffer_release(&profile);
}

/* --- arithmetic coding --- */

static void an_arithmetic_jpeg_leaves_with_every_coefficient(void **state)
{
    (void)state;
    struct buffer photo, release, arithmetic;
    struct jpeg_decompress_struct d;
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *at = NULL;
    unsigned long n = 0;
    make_jpeg((struct jpeg_recipe){.width = WIDTH, .height = HEIGHT, .h = 2, .v = 2}, &photo);
    d.err = c.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_create_compress(&c);
    jpeg_mem_src(&d, photo.at, photo.n);
    (void)jpeg_read_header(&d, TRUE);
    jvirt_barray_ptr *blocks = jpeg_read_coefficients(&d);
    jpeg_copy_critical_parameters(&d, &c);
    c.arith_code = TRUE;
    jpeg_mem_dest(&c, &at, &n);
    jpeg_write_coefficients(&c, blocks);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    jpeg_destroy_decompress(&d);
    buffer_init(&arithmetic, TEST_CEILING);
    buffer_add(&arithmetic, at, n);
    free(at);
    check_exam(&arithmetic, EXAM_DONE);
    (void)cleanse(&arithmetic, 0, 0, &release);
    struct image plain = decode_jpeg(buffer_view(&photo));
    check_like(&release, &plain, 0);
    free(plain.at);
    buffer_release(&arithmetic);
    buffer_release(&photo);
    buffer_release(&release);
}

/* --- size and quality --- */

static void a_picture_longer_than_wished_is_made_smaller(void **state)
{
    (void)state;
    struct buffer photos[4], release;
    struct image p = scene_of(WIDTH * 2, HEIGHT * 2), small = scene_of(WIDTH, HEIGHT);
    make_jpeg((struct jpeg_recipe){.width = WIDTH * 2, .height = HEIGHT * 2}, &photos[0]);
    make_webp(&p, false, &photos[1]);
    make_tiff((struct tiff_recipe){0}, &p, &photos[2]);
    make_png((struct png_recipe){.width = WIDTH * 2,
                                 .height = HEIGHT * 2,
                                 .colour_type = PNG_COLOR_TYPE_RGB,
                                 .bit_depth = 8},
             &photos[3]);
    for (size_t i = 0; i < 4; i++) {
        struct proof proof = cleanse(&photos[i], WIDTH, 0, &release);
        assert_int_equal(proof.width_px, WIDTH);
        assert_int_equal(proof.height_px, HEIGHT);
        assert_int_equal(proof.kind, i >= 2 ? FILE_PNG : FILE_JPEG);
        check_like(&release, &small, 900); /* the stripes of five pixels do not shrink with it */
        buffer_release(&release);
        buffer_release(&photos[i]);
    }
    free(p.at);
    free(small.at);
}

static void the_longer_edge_counts_and_a_turned_picture_is_turned(void **state)
{
    (void)state;
    struct buffer photo, release;
    make_jpeg((struct jpeg_recipe){.width = WIDTH * 2, .height = HEIGHT * 2}, &photo);
    add_orientation(&photo, 6);
    struct image small = scene_of(WIDTH, HEIGHT), upright = turned(&small, 6);
    struct proof proof = cleanse(&photo, WIDTH, 0, &release);
    assert_int_equal(proof.width_px, HEIGHT);
    assert_int_equal(proof.height_px, WIDTH);
    check_like(&release, &upright, 900);
    free(small.at);
    free(upright.at);
    buffer_release(&release);
    buffer_release(&photo);
}

static void a_picture_that_is_small_enough_leaves_without_loss(void **state)
{
    (void)state;
    struct buffer photo, release;
    make_jpeg((struct jpeg_recipe){.width = WIDTH, .height = HEIGHT}, &photo);
    struct image plain = decode_jpeg(buffer_view(&photo));
    (void)cleanse(&photo, WIDTH, 50, &release);
    check_like(&release, &plain, 0);
    free(plain.at);
    buffer_release(&release);
    buffer_release(&photo);
}

static void quality_is_as_wished(void **state)
{
    (void)state;
    struct buffer photo, coarse, fine;
    struct image p = scene_of(WIDTH, HEIGHT);
    make_webp(&p, false, &photo);
    (void)cleanse(&photo, 0, 50, &coarse);
    (void)cleanse(&photo, 0, 98, &fine);
    assert_true(coarse.n * 3 < fine.n * 2);
    buffer_release(&coarse);
    buffer_release(&fine);
    buffer_release(&photo);
    free(p.at);
}

static void colours_given_as_figures_become_a_profile(void **state)
{
    (void)state;
    struct buffer photo, release, profile;
    struct err err = {.status = STATUS_BUG};
    static const uint8_t GAMMA[4] = {0, 0, 0xC3, 0x50}; /* 0.5 */
    make_png(
        (struct png_recipe){
            .width = WIDTH, .height = HEIGHT, .colour_type = PNG_COLOR_TYPE_RGB, .bit_depth = 8},
        &photo);
    add_chunk(&photo, AFTER_IHDR, "gAMA", GAMMA, sizeof GAMMA);
    struct icc_figures f = ICC_SRGB;
    f.gamma = 2;
    buffer_init(&profile, MAX_ICC_BYTES);
    assert_int_equal(icc_make(&f, ICC_RGB, &profile, &err), STATUS_OK);
    (void)cleanse(&photo, HEIGHT, 0, &release);
    assert_non_null(memmem(release.at, release.n, profile.at, profile.n));
    buffer_release(&profile);
    buffer_release(&release);
    buffer_release(&photo);
}

/* A picture that nothing can be blamed for: each pixel anything. */
static void noise_is_proven_too(void **state)
{
    (void)state;
    uint32_t seed = 7;
    struct image p = scene_of(WIDTH * 8, HEIGHT * 8);
    for (size_t i = 0; i < (size_t)p.width * p.height * 3; i++) {
        seed = seed * 1664525u + 1013904223u;
        p.at[i] = (uint8_t)(seed >> 24);
    }
    for (unsigned quality = MIN_JPEG_QUALITY; quality <= MAX_JPEG_QUALITY; quality += 24) {
        struct buffer photo, release;
        make_tiff((struct tiff_recipe){.compression = COMPRESSION_JPEG}, &p, &photo);
        (void)cleanse(&photo, 0, quality, &release);
        buffer_release(&release);
        buffer_release(&photo);
    }
    free(p.at);
}

/* --- raster --- */

static void making_smaller_leaves_an_even_picture_even(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    static const unsigned CHANNELS[] = {RASTER_GRAY, RASTER_BGR, RASTER_BGRA};
    for (size_t i = 0; i < 3; i++) {
        struct raster r;
        raster_init(&r);
        assert_int_equal(raster_alloc(&r, 301, 57, CHANNELS[i], &err), STATUS_OK);
        memset(r.at, 201, raster_row_bytes(&r) * r.height_px);
        assert_int_equal(raster_shrink(&r, 23, &err), STATUS_OK);
        assert_int_equal(r.width_px, 23);
        assert_int_equal(r.height_px, 4);
        for (size_t k = 0; k < raster_row_bytes(&r) * r.height_px; k++) {
            assert_int_equal(r.at[k], 201);
        }
        raster_release(&r);
    }
}

static void what_is_hidden_does_not_bleed_when_made_smaller(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    struct raster r;
    raster_init(&r);
    assert_int_equal(raster_alloc(&r, 64, 64, RASTER_BGRA, &err), STATUS_OK);
    for (size_t i = 0; i < 64 * 64; i++) {
        const uint8_t hidden[] = {255, 0, 0, 0}, seen[] = {0, 90, 90, 255};
        memcpy(r.at + 4 * i, i % 64 < 30 ? hidden : seen, 4);
    }
    assert_int_equal(raster_shrink(&r, 16, &err), STATUS_OK);
    for (size_t i = 0; i < 16 * 16; i++) {
        assert_true(r.at[4 * i + 3] == 0 || r.at[4 * i] <= 1);
    }
    raster_clear_hidden(&r);
    assert_int_equal(r.channels, RASTER_BGRA);
    raster_lay_on_white(&r);
    assert_int_equal(r.channels, RASTER_BGR);
    assert_int_equal(r.at[0], 255);
    raster_release(&r);
}

static void make_png_with_text(png_text *text, bool is_behind, struct buffer *out)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png), end = png_create_info_struct(png);
    enum { EDGE = 24, ROWS = 16 };
    buffer_init(out, TEST_CEILING);
    png_set_write_fn(png, out, png_to_buffer, png_no_flush);
    png_set_IHDR(png, info, EDGE, ROWS, 8, PNG_COLOR_TYPE_RGB, 0, 0, 0);
    png_set_text(png, is_behind ? end : info, text, 1);
    png_write_info(png, info);
    for (unsigned y = 0; y < ROWS; y++) {
        uint8_t row[EDGE * 3];
        for (unsigned i = 0; i < sizeof row; i++) {
            row[i] = (uint8_t)(y * 16 + i);
        }
        png_write_row(png, row);
    }
    png_write_end(png, end);
    png_destroy_info_struct(png, &end);
    png_destroy_write_struct(&png, &info);
}

/* What a browser shows, in sRGB. */
static void show_grays(const struct buffer *profile, const uint8_t ramp[256], uint8_t rgb[256][3])
{
    cmsHPROFILE from = cmsOpenProfileFromMem(profile->at, (cmsUInt32Number)profile->n);
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    assert_non_null(from);
    cmsHTRANSFORM t =
        cmsCreateTransform(from, TYPE_GRAY_8, to, TYPE_RGB_8, INTENT_RELATIVE_COLORIMETRIC, 0);
    assert_non_null(t);
    cmsDoTransform(t, ramp, rgb, 256);
    cmsDeleteTransform(t);
    (void)cmsCloseProfile(from);
    (void)cmsCloseProfile(to);
}

/* XMP specification part 2, 3.2 (tiff:Orientation). EXIF's word, where there is one, counts. */
static void xmp_turns_a_photo_whose_exif_does_not(void **state)
{
    (void)state;
    static const char XMP[] =
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
        "rdf:about=\"\" xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"6\"/>"
        "</rdf:RDF></x:xmpmeta>";
    struct buffer photo, release;
    struct look l;
    make_jpeg((struct jpeg_recipe){.width = WIDTH, .height = HEIGHT}, &photo);
    add_segment(&photo, AFTER_SOI, 0xE1, XMP, sizeof XMP - 1);
    look_at(&l, &photo);
    assert_int_equal(l.e.orientation, 6);
    assert_int_equal(l.e.width_px, HEIGHT);
    look_away(&l);
    assert_int_equal(cleanse(&photo, 0, 0, &release).width_px, HEIGHT);
    buffer_release(&release);
    add_orientation(&photo, 1);
    assert_int_equal(cleanse(&photo, 0, 0, &release).width_px, WIDTH);
    buffer_release(&release);
    buffer_release(&photo);
}

/* The same in a PNG, plain and compressed, before the pixels and behind them. */
static void xmp_turns_a_png_too(void **state)
{
    (void)state;
    char key[] = "XML:com.adobe.xmp", none[] = "";
    for (unsigned o = 1; o <= 8; o++) {
        for (unsigned form = 0; form < 4; form++) {
            char packet[400];
            (void)snprintf(
                packet, sizeof packet,
                "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/"
                "02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
                "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"%u\"/>"
                "</rdf:RDF></x:xmpmeta>",
                o);
            png_text text = {.compression =
                                 form % 2 ? PNG_ITXT_COMPRESSION_zTXt : PNG_ITXT_COMPRESSION_NONE,
                             .key = key,
                             .text = packet,
                             .lang = none,
                             .lang_key = none};
            struct buffer photo, release;
            struct look l;
            make_png_with_text(&text, form >= 2, &photo);
            look_at(&l, &photo);
            assert_int_equal(l.e.exam, EXAM_DONE);
            assert_int_equal(l.e.orientation, o);
            look_away(&l);
            struct image stored = decode_png(buffer_view(&photo));
            struct image meant = turned(&stored, o);
            (void)cleanse(&photo, 0, 0, &release);
            struct image got = decode_png(buffer_view(&release));
            assert_int_equal(difference(&got, &meant), 0);
            free(stored.at);
            free(meant.at);
            free(got.at);
            buffer_release(&release);
            buffer_release(&photo);
        }
    }
}

/* Browsers show a gray picture by the grays of a profile for colours. */
static void a_gray_picture_keeps_the_grays_of_a_profile_for_colours(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    struct icc_figures linear = ICC_SRGB;
    struct buffer colours, grays, wanted;
    linear.gamma = 1.8;
    buffer_init(&colours, MAX_ICC_BYTES);
    buffer_init(&grays, MAX_ICC_BYTES);
    buffer_init(&wanted, MAX_ICC_BYTES);
    assert_int_equal(icc_make(&linear, ICC_RGB, &colours, &err), STATUS_OK);
    assert_int_equal(icc_rebuild(buffer_view(&colours), ICC_GRAY, &grays, &err), STATUS_OK);
    assert_int_equal(icc_check(buffer_view(&grays), &err), STATUS_OK);
    assert_int_equal(icc_make(&linear, ICC_GRAY, &wanted, &err), STATUS_OK);
    uint8_t ramp[256], by_grays[256][3], by_wanted[256][3];
    for (unsigned i = 0; i < 256; i++) {
        ramp[i] = (uint8_t)i;
    }
    show_grays(&grays, ramp, by_grays);
    show_grays(&wanted, ramp, by_wanted);
    assert_memory_equal(by_grays, by_wanted, sizeof by_grays);
    assert_true(by_grays[64][0] > 64 + 10); /* lighter than sRGB has it */
    buffer_reset(&grays);
    assert_int_equal(icc_rebuild(buffer_view(&wanted), ICC_RGB, &grays, &err), STATUS_OK);
    assert_int_equal(grays.n, 0); /* of grays a picture in colours has no use */
    buffer_release(&colours);
    buffer_release(&grays);
    buffer_release(&wanted);
}

/* RFC 1950, RFC 1951, 3.2.4: one stored block. */
static void add_stored_profile(struct buffer *png, const struct buffer *profile)
{
    struct buffer data;
    uint32_t a = 1, b = 0;
    uint8_t sizes[4], adler[4];
    assert_true(profile->n < 0x10000);
    put_le(sizes, (uint32_t)profile->n, 2);
    put_le(sizes + 2, (uint32_t)profile->n ^ 0xFFFF, 2);
    for (size_t i = 0; i < profile->n; i++) {
        a = (a + profile->at[i]) % 65521;
        b = (b + a) % 65521;
    }
    put_be32(adler, b << 16 | a);
    buffer_init(&data, TEST_CEILING);
    buffer_add(&data, "profile\0\0\x78\x01\x01", 12);
    buffer_add(&data, sizes, sizeof sizes);
    buffer_add(&data, profile->at, profile->n);
    buffer_add(&data, adler, sizeof adler);
    add_chunk(png, AFTER_IHDR, "iCCP", data.at, data.n);
    buffer_release(&data);
}

/* PNG third edition, 11.3.2.3: such a profile is an error; some viewers use it, some do not. */
static void a_png_under_a_profile_of_another_kind_is_held_and_says_so(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 4; k++) {
        bool is_gray_picture = k & 1, is_gray_profile = k & 2;
        struct err err = {.status = STATUS_BUG};
        struct buffer photo, profile;
        struct look l;
        buffer_init(&profile, MAX_ICC_BYTES);
        assert_int_equal(
            icc_make(&ICC_DISPLAY_P3, is_gray_profile ? ICC_GRAY : ICC_RGB, &profile, &err),
            STATUS_OK);
        make_png((struct png_recipe){.width = WIDTH,
                                     .height = HEIGHT,
                                     .bit_depth = 8,
                                     .colour_type = is_gray_picture ? PNG_COLOR_TYPE_GRAY
                                                                    : PNG_COLOR_TYPE_RGB},
                 &photo);
        add_stored_profile(&photo, &profile);
        look_at(&l, &photo);
        if (is_gray_picture == is_gray_profile) {
            assert_int_equal(l.e.exam, EXAM_DONE);
        } else {
            assert_int_equal(l.e.exam, EXAM_UNSUPPORTED);
            assert_non_null(memmem(l.e.exam_note.at, l.e.exam_note.n, "of grays", 8));
        }
        look_away(&l);
        buffer_release(&profile);
        buffer_release(&photo);
    }
}

static void colours_by_code_points_are_held_unless_they_are_srgb(void **state)
{
    (void)state;
    static const struct {
        uint8_t points[4];
        enum exam want;
    } CASES[] = {{{1, 13, 0, 1}, EXAM_DONE},
                 {{1, 1, 0, 1}, EXAM_DONE},
                 {{12, 13, 0, 1}, EXAM_UNSUPPORTED},
                 {{9, 16, 0, 1}, EXAM_UNSUPPORTED},
                 {{1, 13, 0, 0}, EXAM_UNSUPPORTED}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer photo;
        make_png((struct png_recipe){.width = WIDTH,
                                     .height = HEIGHT,
                                     .bit_depth = 8,
                                     .colour_type = PNG_COLOR_TYPE_RGB},
                 &photo);
        add_chunk(&photo, AFTER_IHDR, "cICP", CASES[i].points, 4);
        check_exam(&photo, CASES[i].want);
        buffer_release(&photo);
    }
}

static int prepare(void **state)
{
    struct err err = {.status = STATUS_BUG};
    (void)state;
    return photo_prepare(&err) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inks_become_the_colours_that_a_browser_shows),
        cmocka_unit_test(inks_that_do_not_say_how_they_count_are_unsupported),
        cmocka_unit_test(inks_with_a_profile_go_through_it),
        cmocka_unit_test(an_arithmetic_jpeg_leaves_with_every_coefficient),
        cmocka_unit_test(a_picture_longer_than_wished_is_made_smaller),
        cmocka_unit_test(the_longer_edge_counts_and_a_turned_picture_is_turned),
        cmocka_unit_test(a_picture_that_is_small_enough_leaves_without_loss),
        cmocka_unit_test(quality_is_as_wished),
        cmocka_unit_test(colours_given_as_figures_become_a_profile),
        cmocka_unit_test(xmp_turns_a_photo_whose_exif_does_not),
        cmocka_unit_test(xmp_turns_a_png_too),
        cmocka_unit_test(a_gray_picture_keeps_the_grays_of_a_profile_for_colours),
        cmocka_unit_test(a_png_under_a_profile_of_another_kind_is_held_and_says_so),
        cmocka_unit_test(colours_by_code_points_are_held_unless_they_are_srgb),
        cmocka_unit_test(noise_is_proven_too),
        cmocka_unit_test(making_smaller_leaves_an_even_picture_even),
        cmocka_unit_test(what_is_hidden_does_not_bleed_when_made_smaller),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
