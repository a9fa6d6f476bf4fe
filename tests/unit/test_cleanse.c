/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <lcms2.h>

#include "make_picture.h"
#include "photogate/photo.h"

enum {
    ROUNDING = 4
}; /* the inverse DCT of a turned block rounds elsewhere; YCbCr to RGB doubles it */

static struct proof release_of(const struct buffer *photo, struct buffer *release)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof;
    buffer_init(release, TEST_CEILING);
    enum status st = photo_cleanse(buffer_view(photo), NULL, release, &proof, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_int_equal(proof.same_picture, KNOWN_YES);
    assert_int_equal(release_check(buffer_view(release), &err), STATUS_OK);
    return proof;
}

static void check_refused(const struct buffer *photo, enum status want)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer release;
    struct proof proof;
    buffer_init(&release, TEST_CEILING);
    assert_int_equal(photo_cleanse(buffer_view(photo), NULL, &release, &proof, &err), want);
    assert_int_equal(release.n, 0);
    assert_true(err.text[0]);
    buffer_release(&release);
}

/* The release shows what the photo shows, and cleansing it again changes nothing. */
static void check_same_jpeg(struct buffer *photo, unsigned tolerance, const struct image *expected)
{
    struct buffer release, again;
    (void)release_of(photo, &release);
    struct image got = decode_jpeg(buffer_view(&release));
    unsigned d = difference(&got, expected);
    if (d > tolerance) {
        fail_msg("differs by %u", d);
    }
    (void)release_of(&release, &again);
    assert_int_equal(release.n, again.n);
    assert_memory_equal(release.at, again.at, release.n);
    free(got.at);
    buffer_release(&release);
    buffer_release(&again);
}

static void check_recipe(struct jpeg_recipe recipe)
{
    struct buffer photo;
    make_jpeg(recipe, &photo);
    struct image plain = decode_jpeg(buffer_view(&photo));
    check_same_jpeg(&photo, 0, &plain);
    free(plain.at);
    buffer_release(&photo);
}

static void every_form_of_jpeg_keeps_every_pixel(void **state)
{
    (void)state;
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .h = 2, .v = 2});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .h = 2, .v = 1});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .h = 1, .v = 2});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .h = 4, .v = 1});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .gray = true});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .gray = true, .h = 2, .v = 2});
    check_recipe((struct jpeg_recipe){.width = 123, .height = 77, .h = 2, .v = 2, .restart = 3});
    check_recipe((struct jpeg_recipe){.width = 1, .height = 1, .h = 2, .v = 2});
}

static void a_progressive_jpeg_comes_out_sequential(void **state)
{
    (void)state;
    struct buffer photo, release;
    struct jpeg_recipe r = {.width = 123, .height = 77, .h = 2, .v = 2, .progressive = true};
    check_recipe(r);
    make_jpeg(r, &photo);
    assert_true(holds(&photo, "\xFF\xC2"));
    (void)release_of(&photo, &release);
    assert_false(holds(&release, "\xFF\xC2"));
    assert_true(holds(&release, "\xFF\xC0"));
    buffer_release(&photo);
    buffer_release(&release);
}

static void an_rgb_jpeg_stays_rgb(void **state)
{
    (void)state;
    struct buffer photo, release;
    struct jpeg_recipe r = {.width = 64, .height = 48, .rgb = true};
    check_recipe(r);
    make_jpeg(r, &photo);
    (void)release_of(&photo, &release);
    assert_true(holds(&release, "Adobe"));
    assert_false(holds(&release, "JFIF"));
    buffer_release(&photo);
    buffer_release(&release);
}

static void check_turned(struct jpeg_recipe r, unsigned orientation)
{
    struct buffer photo;
    make_jpeg(r, &photo);
    struct image stored = decode_jpeg(buffer_view(&photo));
    struct image upright = turned(&stored, orientation);
    add_orientation(&photo, (uint8_t)orientation);
    check_same_jpeg(&photo, ROUNDING, &upright);
    for (unsigned other = 1; other <= 8; other++) { /* the test can fail: no other turn would do */
        struct image wrong = turned(&stored, other);
        assert_true(other == orientation || difference(&wrong, &upright) > 50);
        free(wrong.at);
    }
    free(stored.at);
    free(upright.at);
    buffer_release(&photo);
}

static void every_orientation_is_turned_upright_without_loss(void **state)
{
    (void)state;
    for (unsigned o = 1; o <= 8; o++) {
        check_turned((struct jpeg_recipe){.width = 96, .height = 64, .h = 2, .v = 2}, o);
        check_turned((struct jpeg_recipe){.width = 96, .height = 64, .h = 2, .v = 1}, o);
        check_turned((struct jpeg_recipe){.width = 96, .height = 64}, o);
        check_turned((struct jpeg_recipe){.width = 96, .height = 64, .gray = true}, o);
        check_turned((struct jpeg_recipe){.width = 96, .height = 64, .rgb = true}, o);
        check_turned(
            (struct jpeg_recipe){.width = 96, .height = 64, .h = 2, .v = 2, .progressive = true},
            o);
    }
}

/* 100 x 70 at 4:2:0 leaves partial MCUs of 4 columns and 6 rows. */
static void a_turn_trims_less_than_one_mcu_and_says_so(void **state)
{
    (void)state;
    for (unsigned o = 1; o <= 8; o++) {
        struct buffer photo, release;
        make_jpeg((struct jpeg_recipe){.width = 100, .height = 70, .h = 2, .v = 2}, &photo);
        struct image stored = decode_jpeg(buffer_view(&photo));
        add_orientation(&photo, (uint8_t)o);
        struct proof p = release_of(&photo, &release);
        bool mirror_x = o == 2 || o == 3 || o == 7 || o == 8;
        bool mirror_y = o == 3 || o == 4 || o == 6 || o == 7;
        uint32_t w = mirror_x ? 96 : 100, h = mirror_y ? 64 : 70;
        assert_int_equal(p.trimmed_right_px, 100 - w);
        assert_int_equal(p.trimmed_bottom_px, 70 - h);
        assert_int_equal(p.width_px, o >= 5 ? h : w);
        assert_int_equal(p.height_px, o >= 5 ? w : h);
        struct image kept = {.channels = 3, .width = w, .height = h};
        kept.at = malloc((size_t)w * h * 3);
        assert_non_null(kept.at);
        for (uint32_t y = 0; y < h; y++) {
            memcpy(kept.at + (size_t)y * w * 3, stored.at + (size_t)y * 100 * 3, (size_t)w * 3);
        }
        struct image upright = turned(&kept, o), got = decode_jpeg(buffer_view(&release));
        assert_true(difference(&upright, &got) <= ROUNDING);
        free(kept.at);
        free(upright.at);
        free(got.at);
        free(stored.at);
        buffer_release(&photo);
        buffer_release(&release);
    }
}

static void a_picture_smaller_than_an_mcu_is_not_turned_away_to_nothing(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 12, .height = 12, .h = 2, .v = 2}, &photo);
    add_orientation(&photo, 3);
    check_refused(&photo, STATUS_UNSUPPORTED);
    buffer_release(&photo);
}

static void nothing_but_the_picture_leaves_a_jpeg(void **state)
{
    (void)state;
    struct buffer photo, release;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
    struct image plain = decode_jpeg(buffer_view(&photo));
    add_segment(&photo, AFTER_SOI, 0xE5, "CANARY app5", 11);
    add_segment(&photo, AFTER_SOI, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x>CANARY xmp</x>", 46);
    add_segment(&photo, AFTER_SOI, 0xE2, "MPF\0CANARY mpf", 14);
    add_segment(&photo, AFTER_SOI, 0xEB, "JP\0\0CANARY jumbf", 16);
    add_segment(&photo, AFTER_SOI, 0xED,
                "Photoshop 3.0\0"
                "8BIMCANARY",
                24);
    add_segment(&photo, AFTER_SOI, 0xEE, "CANARY app14", 12);
    add_segment(&photo, AFTER_SOI, 0xFE, "CANARY comment", 14);
    uint8_t unused_table[65] = {3, 'C', 'A', 'N', 'A', 'R', 'Y'};
    for (size_t i = 7; i < sizeof unused_table; i++) {
        unused_table[i] = 1;
    }
    add_segment(&photo, AFTER_SOI, 0xDB, unused_table, sizeof unused_table);
    buffer_add(&photo, "CANARY trailer", 14);
    check_same_jpeg(&photo, 0, &plain);
    (void)release_of(&photo, &release);
    assert_true(holds(&photo, "CANARY"));
    assert_false(holds(&release, "CANARY"));
    free(plain.at);
    buffer_release(&photo);
    buffer_release(&release);
}

static void a_damaged_jpeg_is_refused(void **state)
{
    (void)state;
    for (unsigned progressive = 0; progressive <= 1; progressive++) {
        struct buffer photo;
        make_jpeg((struct jpeg_recipe){.width = 200, .height = 150, .progressive = progressive},
                  &photo);
        size_t whole = photo.n;
        for (size_t n = 3; n < whole; n += whole / 23) {
            photo.n = n;
            check_refused(&photo, STATUS_FORMAT);
            buffer_add(&photo, "\xFF\xD9", 2); /* with an end put on again */
            check_refused(&photo, STATUS_FORMAT);
            photo.n = whole;
            buffer_release(&photo);
            make_jpeg((struct jpeg_recipe){.width = 200, .height = 150, .progressive = progressive},
                      &photo);
        }
        splice(&photo, photo.n - 2, "hidden after the last MCU", 25);
        check_refused(&photo, STATUS_FORMAT);
        buffer_release(&photo);
    }
}

static void bytes_between_segments_are_refused(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
    splice(&photo, AFTER_SOI + 18, "\0\0", 2); /* behind the JFIF segment */
    check_refused(&photo, STATUS_FORMAT);
    buffer_release(&photo);
}

/* --- colour profiles --- */

static size_t make_profile(bool gray, double version, uint8_t *out, size_t cap)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, 1.8);
    cmsHPROFILE p = gray ? cmsCreateGrayProfile(cmsD50_xyY(), curve) : cmsCreate_sRGBProfile();
    cmsMLU *text = cmsMLUalloc(NULL, 1);
    cmsUInt32Number n = 0;
    (void)cmsMLUsetASCII(text, "en", "US", "CANARY of somebody's laptop");
    cmsSetProfileVersion(p, version);
    assert_true(cmsWriteTag(p, cmsSigProfileDescriptionTag, text));
    assert_true(cmsWriteTag(p, cmsSigDeviceMfgDescTag, text));
    assert_true(cmsSaveProfileToMem(p, NULL, &n) && n <= cap);
    assert_true(cmsSaveProfileToMem(p, out, &n));
    cmsMLUfree(text);
    cmsFreeToneCurve(curve);
    (void)cmsCloseProfile(p);
    return n;
}

static void add_profile(struct buffer *jpeg, const uint8_t *profile, size_t n)
{
    struct buffer segment;
    buffer_init(&segment, TEST_CEILING);
    buffer_add(&segment, "ICC_PROFILE\0\1\1", 14);
    buffer_add(&segment, profile, n);
    add_segment(jpeg, AFTER_SOI, 0xE2, segment.at, segment.n);
    buffer_release(&segment);
}

static void a_profile_keeps_its_colours_and_loses_its_words(void **state)
{
    (void)state;
    static uint8_t profile[65000];
    static const double VERSIONS[] = {2.1, 4.3};
    for (size_t i = 0; i < 4; i++) {
        bool gray = i >= 2;
        struct buffer photo, release;
        make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .gray = gray}, &photo);
        struct image plain = decode_jpeg(buffer_view(&photo));
        add_profile(&photo, profile, make_profile(gray, VERSIONS[i % 2], profile, sizeof profile));
        check_same_jpeg(&photo, 0, &plain);
        (void)release_of(&photo, &release);
        assert_true(holds(&release, "ICC_PROFILE"));
        assert_true(holds(&release, gray ? "kTRC" : "rTRC"));
        assert_false(holds(&release, "CANARY"));
        assert_false(memmem(release.at, release.n, "\0C\0A\0N\0A\0R\0Y", 12));
        assert_false(holds(&release, "dmnd"));
        free(plain.at);
        buffer_release(&photo);
        buffer_release(&release);
    }
}

static void a_profile_of_other_colours_is_dropped_and_a_broken_one_holds(void **state)
{
    (void)state;
    static uint8_t profile[65000];
    struct buffer photo, release;
    size_t n = make_profile(true, 4.3, profile, sizeof profile);
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
    add_profile(&photo, profile, n);
    (void)release_of(&photo, &release);
    assert_false(holds(&release, "ICC_PROFILE"));
    buffer_release(&photo);
    buffer_release(&release);

    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .gray = true}, &photo);
    add_profile(&photo, profile, n / 2);
    check_refused(&photo, STATUS_FORMAT);
    buffer_release(&photo);
}

/* --- PNG --- */

static void check_png(struct png_recipe r)
{
    struct buffer photo, release, again;
    make_png(r, &photo);
    (void)release_of(&photo, &release);
    struct image before = decode_png(buffer_view(&photo)),
                 after = decode_png(buffer_view(&release));
    for (size_t i = 0; i < (size_t)before.width * before.height; i++) {
        uint8_t *pixel = before.at + i * PNG_PIXEL_BYTES;
        if (is_clear(pixel)) {
            memset(pixel, 0, PNG_PIXEL_BYTES); /* nobody sees it */
        }
    }
    unsigned d = difference(&before, &after);
    if (d) {
        fail_msg("colour type %d, %d bits, interlaced %d, key %d: differs by %u", r.colour_type,
                 r.bit_depth, r.interlaced, r.colour_key, d);
    }
    (void)release_of(&release, &again);
    assert_int_equal(release.n, again.n);
    assert_memory_equal(release.at, again.at, release.n);
    free(before.at);
    free(after.at);
    buffer_release(&photo);
    buffer_release(&release);
    buffer_release(&again);
}

static void every_form_of_png_keeps_every_pixel(void **state)
{
    (void)state;
    static const int FORMS[][2] = {
        {PNG_COLOR_TYPE_GRAY, 1},        {PNG_COLOR_TYPE_GRAY, 2},
        {PNG_COLOR_TYPE_GRAY, 4},        {PNG_COLOR_TYPE_GRAY, 8},
        {PNG_COLOR_TYPE_GRAY, 16},       {PNG_COLOR_TYPE_PALETTE, 1},
        {PNG_COLOR_TYPE_PALETTE, 2},     {PNG_COLOR_TYPE_PALETTE, 4},
        {PNG_COLOR_TYPE_PALETTE, 8},     {PNG_COLOR_TYPE_RGB, 8},
        {PNG_COLOR_TYPE_RGB, 16},        {PNG_COLOR_TYPE_GRAY_ALPHA, 8},
        {PNG_COLOR_TYPE_GRAY_ALPHA, 16}, {PNG_COLOR_TYPE_RGB_ALPHA, 8},
        {PNG_COLOR_TYPE_RGB_ALPHA, 16},
    };
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        for (unsigned variant = 0; variant < 4; variant++) {
            struct png_recipe r = {.width = 61,
                                   .height = 43,
                                   .colour_type = FORMS[i][0],
                                   .bit_depth = FORMS[i][1],
                                   .interlaced = variant & 1,
                                   .colour_key = variant & 2};
            r.colour_key =
                r.colour_key && !(r.colour_type & PNG_COLOR_MASK_ALPHA) && r.bit_depth > 1;
            check_png(r);
        }
    }
}

static void sixteen_bits_stay_sixteen(void **state)
{
    (void)state;
    struct buffer photo, release;
    make_png(
        (struct png_recipe){
            .width = 32, .height = 24, .colour_type = PNG_COLOR_TYPE_RGB, .bit_depth = 16},
        &photo);
    (void)release_of(&photo, &release);
    assert_int_equal(release.at[8 + 8 + 8], 16);
    buffer_release(&photo);
    buffer_release(&release);
}

static void colour_under_alpha_0_is_cleared(void **state)
{
    (void)state;
    for (int depth = 8; depth <= 16; depth += 8) {
        struct buffer photo, release;
        make_png((struct png_recipe){.width = 40,
                                     .height = 30,
                                     .bit_depth = depth,
                                     .colour_type = PNG_COLOR_TYPE_RGB_ALPHA,
                                     .hidden_colours = true},
                 &photo);
        (void)release_of(&photo, &release);
        struct image before = decode_png(buffer_view(&photo)),
                     after = decode_png(buffer_view(&release));
        uint32_t hidden = 0;
        for (size_t i = 0; i < (size_t)40 * 30; i++) {
            static const uint8_t NOTHING[PNG_PIXEL_BYTES];
            const uint8_t *was = before.at + i * PNG_PIXEL_BYTES;
            hidden += is_clear(was) && was[0] != 0;
            assert_memory_equal(after.at + i * PNG_PIXEL_BYTES, is_clear(was) ? NOTHING : was,
                                PNG_PIXEL_BYTES);
        }
        assert_true(hidden > 100);
        free(before.at);
        free(after.at);
        buffer_release(&photo);
        buffer_release(&release);
    }
}

static void every_orientation_of_a_png_is_turned_upright(void **state)
{
    (void)state;
    for (unsigned o = 1; o <= 8; o++) {
        struct buffer photo, release;
        uint8_t exif[EXIF_BYTES];
        make_png((struct png_recipe){.width = 61,
                                     .height = 43,
                                     .bit_depth = 8,
                                     .colour_type = PNG_COLOR_TYPE_RGB,
                                     .interlaced = o & 1},
                 &photo);
        struct image stored = decode_png(buffer_view(&photo)), upright = turned(&stored, o);
        (void)exif_with_orientation((uint8_t)o, exif);
        add_chunk(&photo, AFTER_IHDR, "eXIf", exif + 6, EXIF_BYTES - 6);
        (void)release_of(&photo, &release);
        struct image got = decode_png(buffer_view(&release));
        assert_int_equal(difference(&upright, &got), 0);
        assert_false(holds(&release, "eXIf"));
        free(stored.at);
        free(upright.at);
        free(got.at);
        buffer_release(&photo);
        buffer_release(&release);
    }
}

static void nothing_but_the_picture_leaves_a_png(void **state)
{
    (void)state;
    static const uint8_t GAMMA[4] = {0, 0, 0xB1, 0x8F}, FRAMES[8] = {0, 0, 0, 2};
    struct buffer photo, release;
    make_png(
        (struct png_recipe){
            .width = 61, .height = 43, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
        &photo);
    struct image plain = decode_png(buffer_view(&photo));
    add_chunk(&photo, photo.n - IEND_BYTES, "fdAT", "0000CANARY frame", 16);
    add_chunk(&photo, photo.n - IEND_BYTES, "tEXt", "Comment\0CANARY after", 20);
    add_chunk(&photo, AFTER_IHDR, "tEXt", "Comment\0CANARY text", 19);
    add_chunk(&photo, AFTER_IHDR, "iTXt", "Comment\0\0\0\0\0CANARY utf8", 23);
    add_chunk(&photo, AFTER_IHDR, "tIME", "\x07\xE8\1\1\1\1\1", 7);
    add_chunk(&photo, AFTER_IHDR, "acTL", FRAMES, sizeof FRAMES);
    add_chunk(&photo, AFTER_IHDR, "prVt", "CANARY private", 14);
    add_chunk(&photo, AFTER_IHDR, "gAMA", GAMMA, sizeof GAMMA);
    buffer_add(&photo, "CANARY trailer", 14);
    (void)release_of(&photo, &release);
    struct image got = decode_png(buffer_view(&release));
    assert_int_equal(difference(&plain, &got), 0);
    assert_false(holds(&release, "CANARY"));
    assert_false(holds(&release, "acTL") || holds(&release, "tIME") || holds(&release, "fdAT"));
    assert_true(holds(&release, "gAMA"));
    free(plain.at);
    free(got.at);
    buffer_release(&photo);
    buffer_release(&release);
}

static void a_png_profile_is_rebuilt(void **state)
{
    (void)state;
    static uint8_t profile[65000];
    struct buffer photo, release, again;
    size_t n = make_profile(false, 2.1, profile, sizeof profile);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    uint8_t row[3 * 16] = {1, 2, 3};
    buffer_init(&photo, TEST_CEILING);
    png_set_write_fn(png, &photo, png_to_buffer, png_no_flush);
    png_set_IHDR(png, info, 16, 1, 8, PNG_COLOR_TYPE_RGB, 0, 0, 0);
    png_set_iCCP(png, info, "CANARY name", 0, profile, (png_uint_32)n);
    png_write_info(png, info);
    png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    assert_true(holds(&photo, "CANARY name"));
    (void)release_of(&photo, &release);
    assert_true(holds(&release, "iCCPphotogate"));
    assert_false(holds(&release, "CANARY"));
    assert_false(memmem(release.at, release.n, "\0C\0A\0N\0A\0R\0Y", 12));
    (void)release_of(&release, &again);
    assert_int_equal(release.n, again.n);
    assert_memory_equal(release.at, again.at, release.n);
    buffer_release(&photo);
    buffer_release(&release);
    buffer_release(&again);
}

static void a_damaged_png_is_refused(void **state)
{
    (void)state;
    struct buffer photo;
    make_png(
        (struct png_recipe){
            .width = 61, .height = 43, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
        &photo);
    for (size_t i = 8; i < photo.n; i += 7) { /* one bit anywhere after the signature */
        photo.at[i] ^= 1;
        check_refused(&photo, STATUS_FORMAT);
        photo.at[i] ^= 1;
    }
    size_t whole = photo.n;
    for (size_t n = 8; n < whole; n += whole / 17) {
        photo.n = n;
        check_refused(&photo, STATUS_FORMAT);
    }
    photo.n = whole;
    buffer_release(&photo);
}

static void a_release_over_its_ceiling_is_no_release(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    struct buffer photo, release;
    struct proof proof;
    make_jpeg((struct jpeg_recipe){.width = 300, .height = 200}, &photo);
    buffer_init(&release, 500);
    assert_int_equal(photo_cleanse(buffer_view(&photo), NULL, &release, &proof, &err),
                     STATUS_LIMIT);
    assert_int_equal(release.n, 0);
    buffer_release(&photo);
    buffer_release(&release);
}

static void what_is_no_photo_is_not_released(void **state)
{
    (void)state;
    struct buffer photo;
    buffer_init(&photo, TEST_CEILING);
    check_refused(&photo, STATUS_UNSUPPORTED);
    buffer_add(&photo, "8BPS, and so on.", 16);
    check_refused(&photo, STATUS_UNSUPPORTED);
    buffer_release(&photo);
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
        cmocka_unit_test(every_form_of_jpeg_keeps_every_pixel),
        cmocka_unit_test(a_progressive_jpeg_comes_out_sequential),
        cmocka_unit_test(an_rgb_jpeg_stays_rgb),
        cmocka_unit_test(every_orientation_is_turned_upright_without_loss),
        cmocka_unit_test(a_turn_trims_less_than_one_mcu_and_says_so),
        cmocka_unit_test(a_picture_smaller_than_an_mcu_is_not_turned_away_to_nothing),
        cmocka_unit_test(nothing_but_the_picture_leaves_a_jpeg),
        cmocka_unit_test(a_damaged_jpeg_is_refused),
        cmocka_unit_test(bytes_between_segments_are_refused),
        cmocka_unit_test(a_profile_keeps_its_colours_and_loses_its_words),
        cmocka_unit_test(a_profile_of_other_colours_is_dropped_and_a_broken_one_holds),
        cmocka_unit_test(every_form_of_png_keeps_every_pixel),
        cmocka_unit_test(sixteen_bits_stay_sixteen),
        cmocka_unit_test(colour_under_alpha_0_is_cleared),
        cmocka_unit_test(every_orientation_of_a_png_is_turned_upright),
        cmocka_unit_test(nothing_but_the_picture_leaves_a_png),
        cmocka_unit_test(a_png_profile_is_rebuilt),
        cmocka_unit_test(a_damaged_png_is_refused),
        cmocka_unit_test(a_release_over_its_ceiling_is_no_release),
        cmocka_unit_test(what_is_no_photo_is_not_released),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
