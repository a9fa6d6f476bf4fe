/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <lcms2.h>

#include "make_picture.h"
#include "photogate/photo.h"

static void release_jpeg(struct jpeg_recipe r, bool profile, struct buffer *out)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer photo;
    struct proof proof;
    make_jpeg(r, &photo);
    if (profile) {
        uint8_t at[4096] = "ICC_PROFILE\0\1\1";
        cmsHPROFILE p = cmsCreate_sRGBProfile();
        cmsUInt32Number n = sizeof at - 14;
        assert_true(cmsSaveProfileToMem(p, NULL, &n) && n < sizeof at - 14);
        assert_true(cmsSaveProfileToMem(p, at + 14, &n));
        add_segment(&photo, AFTER_SOI, 0xE2, at, n + 14);
        (void)cmsCloseProfile(p);
    }
    buffer_init(out, TEST_CEILING);
    assert_int_equal(photo_cleanse(buffer_view(&photo), NULL, out, &proof, &err), STATUS_OK);
    buffer_release(&photo);
}

static void plain_jpeg(struct buffer *out)
{
    release_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, false, out);
}

static void plain_png(struct buffer *out)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer photo;
    struct proof proof;
    make_png(
        (struct png_recipe){
            .width = 61, .height = 43, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
        &photo);
    buffer_init(out, TEST_CEILING);
    assert_int_equal(photo_cleanse(buffer_view(&photo), NULL, out, &proof, &err), STATUS_OK);
    buffer_release(&photo);
}

static void check(struct buffer *b, enum status want)
{
    struct err err = {.status = STATUS_BUG};
    enum status st = release_check(buffer_view(b), &err);
    if (st != want) {
        fail_msg("%s (%s), not %s", status_symbol(st), err.text, status_symbol(want));
    }
    assert_int_equal(st == STATUS_OK, err.text[0] == '\0');
}

static void check_and_release(struct buffer *b, enum status want)
{
    check(b, want);
    buffer_release(b);
}

static void a_release_of_each_form_passes(void **state)
{
    (void)state;
    struct buffer b;
    plain_jpeg(&b);
    check_and_release(&b, STATUS_OK);
    release_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .rgb = true}, false, &b);
    check_and_release(&b, STATUS_OK);
    release_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .gray = true}, false, &b);
    check_and_release(&b, STATUS_OK);
    release_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .h = 2, .v = 2}, true, &b);
    check_and_release(&b, STATUS_OK);
    plain_png(&b);
    check_and_release(&b, STATUS_OK);
}

static void a_photo_as_it_comes_does_not_pass(void **state)
{
    (void)state;
    struct buffer b;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .progressive = true}, &b);
    check_and_release(&b, STATUS_FORMAT);
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &b);
    uint8_t *frame = memmem(b.at, b.n, "\xFF\xC0", 2);
    frame[10] = 'a'; /* a name of its own for a colour */
    check_and_release(&b, STATUS_FORMAT);
    make_png(
        (struct png_recipe){
            .width = 61, .height = 43, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_PALETTE},
        &b);
    check_and_release(&b, STATUS_FORMAT);
    make_png((struct png_recipe){.width = 61,
                                 .height = 43,
                                 .bit_depth = 8,
                                 .interlaced = true,
                                 .colour_type = PNG_COLOR_TYPE_RGB},
             &b);
    check_and_release(&b, STATUS_FORMAT);
    make_png((struct png_recipe){.width = 61,
                                 .height = 43,
                                 .bit_depth = 8,
                                 .colour_key = true,
                                 .colour_type = PNG_COLOR_TYPE_RGB},
             &b);
    check_and_release(&b, STATUS_FORMAT);
    buffer_init(&b, TEST_CEILING);
    check(&b, STATUS_FORMAT);
    buffer_add(&b, "GIF89a", 6);
    check_and_release(&b, STATUS_FORMAT);
}

/* 48 MCUs in intervals of 2: 23 restart markers, in order. */
static void restart_markers_stand_where_the_interval_says(void **state)
{
    (void)state;
    struct jpeg_recipe r = {.width = 64, .height = 48, .restart = 2};
    struct buffer b;
    make_jpeg(r, &b);
    check(&b, STATUS_OK);
    uint8_t *third = memmem(b.at, b.n, "\xFF\xD2", 2), *interval = memmem(b.at, b.n, "\xFF\xDD", 2);
    third[1] = 0xD3;
    check(&b, STATUS_FORMAT);
    third[1] = 0xD2;
    interval[5] = 3;
    check_and_release(&b, STATUS_FORMAT);
    make_jpeg(r, &b);
    splice(&b, b.n - 2, "\xFF\xD7", 2);
    check_and_release(&b, STATUS_FORMAT);
}

/* Any marker at all, at the start and right before the frame. */
static void no_segment_can_be_added_to_a_jpeg(void **state)
{
    (void)state;
    for (unsigned marker = 0; marker < 256; marker++) {
        static const char *const PLACES[] = {"\xFF\xE0", "\xFF\xC0", "\xFF\xDA", "\xFF\xD9"};
        for (size_t p = 0; p < sizeof PLACES / sizeof PLACES[0]; p++) {
            struct buffer b;
            plain_jpeg(&b);
            uint8_t *at = memmem(b.at, b.n, PLACES[p], 2);
            assert_non_null(at);
            if (p == 3 && (marker == 0 || (marker >= 0xD0 && marker <= 0xD7))) {
                buffer_release(&b); /* a stuffed byte: the scan's own data */
                continue;
            }
            add_segment(&b, (size_t)(at - b.at), (uint8_t)marker, "CANARY", 6);
            check_and_release(&b, STATUS_FORMAT);
        }
    }
}

static void nothing_may_stand_before_between_or_behind(void **state)
{
    (void)state;
    struct buffer b;
    plain_jpeg(&b);
    size_t whole = b.n;
    for (size_t n = 0; n < whole; n += 13) { /* cut short */
        b.n = n;
        check(&b, STATUS_FORMAT);
    }
    b.n = whole;
    buffer_add_byte(&b, 0);
    check_and_release(&b, STATUS_FORMAT);

    plain_jpeg(&b);
    splice(&b, AFTER_SOI + 18, "\xFF", 1); /* a fill byte */
    check_and_release(&b, STATUS_FORMAT);
    plain_jpeg(&b);
    splice(&b, AFTER_SOI + 18, "\0", 1);
    check_and_release(&b, STATUS_FORMAT);
    plain_png(&b);
    buffer_add_byte(&b, 0);
    check_and_release(&b, STATUS_FORMAT);
}

static void a_jfif_header_holds_nothing_of_its_own(void **state)
{
    (void)state;
    struct buffer b;
    plain_jpeg(&b);
    for (size_t i = AFTER_SOI + 2; i < AFTER_SOI + 18;
         i++) { /* length, version, density, thumbnail */
        b.at[i] ^= 1;
        check(&b, STATUS_FORMAT);
        b.at[i] ^= 1;
    }
    check_and_release(&b, STATUS_OK);
}

static void tables_that_no_colour_uses_are_found(void **state)
{
    (void)state;
    struct buffer b;
    uint8_t table[65];
    memset(table, 1, sizeof table);
    plain_jpeg(&b);
    table[0] = 3;
    add_segment(&b, AFTER_SOI + 18, 0xDB, table, sizeof table);
    check_and_release(&b, STATUS_FORMAT);
    plain_jpeg(&b);
    table[0] = 0; /* a second one of the same number */
    add_segment(&b, AFTER_SOI + 18, 0xDB, table, sizeof table);
    check_and_release(&b, STATUS_FORMAT);
    plain_jpeg(&b);
    uint8_t *scan = memmem(b.at, b.n, "\xFF\xDA", 2);
    assert_non_null(scan);
    uint8_t huffman[18] = {0x02, 1};
    add_segment(&b, (size_t)(scan - b.at), 0xC4, huffman, sizeof huffman);
    check_and_release(&b, STATUS_FORMAT);
}

/* Numbers may be any; words, header and layout may not: at least half of the profile's bytes are
 * watched, and all of its words. */
static void a_profile_must_be_neutral(void **state)
{
    (void)state;
    struct buffer b;
    release_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, true, &b);
    uint8_t *profile = memmem(b.at, b.n, "ICC_PROFILE", 11);
    assert_non_null(profile);
    size_t from = (size_t)(profile - b.at) - 2, n = bytes_be16(buffer_view(&b), from);
    size_t watched = 0;
    for (size_t i = from; i < from + n; i++) {
        struct err err = {.status = STATUS_BUG};
        b.at[i] ^= 0x20;
        watched += release_check(buffer_view(&b), &err) != STATUS_OK;
        b.at[i] ^= 0x20;
    }
    assert_true(watched > n / 2);
    check(&b, STATUS_OK);
    uint8_t *word = memmem(b.at, b.n, "\0p\0h\0o\0t\0o\0g\0a\0t\0e", 18);
    assert_non_null(word);
    word[1] = 'P';
    check_and_release(&b, STATUS_FORMAT);
}

static void no_chunk_can_be_added_to_a_png(void **state)
{
    (void)state;
    static const char *const TYPES[] = {"tEXt", "zTXt", "iTXt", "eXIf", "tIME", "pHYs", "sPLT",
                                        "bKGD", "hIST", "sBIT", "PLTE", "tRNS", "acTL", "fcTL",
                                        "fdAT", "caBX", "prVt", "IDAT", "IHDR", "IEND", "iCCP",
                                        "sRGB", "gAMA", "cHRM", "cICP", "PRVT"};
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        struct buffer b;
        plain_png(&b);
        add_chunk(&b, AFTER_IHDR, TYPES[i], "CANARY", 6);
        if (strcmp(TYPES[i], "IDAT") == 0) { /* part of the pixels, which the examiner inflates */
            check_and_release(&b, STATUS_OK);
            continue;
        }
        check_and_release(&b, STATUS_FORMAT);
        plain_png(&b);
        add_chunk(&b, b.n - IEND_BYTES, TYPES[i], "CANARY", 6);
        check_and_release(&b, STATUS_FORMAT);
    }
}

static void colour_chunks_stand_once_and_alone(void **state)
{
    (void)state;
    static const uint8_t GAMMA[4] = {0, 0, 0xB1, 0x8F};
    struct buffer b;
    plain_png(&b);
    add_chunk(&b, AFTER_IHDR, "gAMA", GAMMA, 4);
    check(&b, STATUS_OK);
    add_chunk(&b, AFTER_IHDR, "sRGB", "\0", 1);
    check_and_release(&b, STATUS_FORMAT);
    plain_png(&b);
    add_chunk(&b, AFTER_IHDR, "sRGB", "\0", 1);
    check(&b, STATUS_OK);
    add_chunk(&b, AFTER_IHDR, "sRGB", "\0", 1);
    check_and_release(&b, STATUS_FORMAT);
    plain_png(&b);
    add_chunk(&b, AFTER_IHDR, "sRGB", "\x7F", 1);
    check_and_release(&b, STATUS_FORMAT);
    plain_png(&b);
    add_chunk(&b, b.n - IEND_BYTES, "gAMA", GAMMA, 4);
    check_and_release(&b, STATUS_FORMAT);
}

static void every_flipped_bit_of_a_png_shows(void **state)
{
    (void)state;
    struct buffer b;
    plain_png(&b);
    for (size_t i = 0; i < b.n; i += 5) {
        b.at[i] ^= 4;
        check(&b, STATUS_FORMAT);
        b.at[i] ^= 4;
    }
    check_and_release(&b, STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_of_each_form_passes),
        cmocka_unit_test(a_photo_as_it_comes_does_not_pass),
        cmocka_unit_test(restart_markers_stand_where_the_interval_says),
        cmocka_unit_test(no_segment_can_be_added_to_a_jpeg),
        cmocka_unit_test(nothing_may_stand_before_between_or_behind),
        cmocka_unit_test(a_jfif_header_holds_nothing_of_its_own),
        cmocka_unit_test(tables_that_no_colour_uses_are_found),
        cmocka_unit_test(a_profile_must_be_neutral),
        cmocka_unit_test(no_chunk_can_be_added_to_a_png),
        cmocka_unit_test(colour_chunks_stand_once_and_alone),
        cmocka_unit_test(every_flipped_bit_of_a_png_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
