/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "examine_photo.h"

static void plain(struct buffer *out)
{
    make_png(
        (struct png_recipe){
            .width = 61, .height = 43, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
        out);
}

static void set_edges(struct buffer *png, uint32_t width, uint32_t height)
{
    put_be32(png->at + 16, width);
    put_be32(png->at + 20, height);
    put_be32(png->at + 29, crc_of(png->at + 12, 17));
}

static void a_plain_picture_is_examined_to_the_end(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    plain(&photo);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    assert_int_equal(l.e.kind, FILE_PNG);
    assert_int_equal(l.e.width_px, 61);
    assert_int_equal(l.e.height_px, 43);
    assert_int_equal(l.e.n_carriers, 0);
    assert_true(l.e.preview.n);
    look_away(&l);
    buffer_release(&photo);
}

static void orientation_is_read_from_the_exif_chunk(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    uint8_t exif[EXIF_BYTES];
    plain(&photo);
    (void)exif_with_orientation(6, exif);
    add_chunk(&photo, AFTER_IHDR, "eXIf", exif + 6, EXIF_BYTES - 6);
    look_at(&l, &photo);
    assert_int_equal(l.e.orientation, 6);
    assert_int_equal(l.e.width_px, 43);
    assert_int_equal(l.e.height_px, 61);
    check_carrier(&l, CARRIER_EXIF, CARRIER_READ);
    look_away(&l);
    buffer_release(&photo);
}

/* A text as libpng compresses it. */
static void make_with_texts(struct buffer *out, png_text *texts, int n)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    uint8_t row[32 * 3] = {1, 2, 3};
    buffer_init(out, TEST_CEILING);
    png_set_write_fn(png, out, png_to_buffer, png_no_flush);
    png_set_IHDR(png, info, 32, 1, 8, PNG_COLOR_TYPE_RGB, 0, 0, 0);
    png_set_text(png, info, texts, n);
    png_write_info(png, info);
    png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

static void texts_are_read_plain_and_compressed(void **state)
{
    (void)state;
    char key[] = "Comment", plain_text[] = "Zo\xEB in Latin-1",
         international[] = "Zo\xC3\xAB in UTF-8";
    char squeezed[2001];
    memset(squeezed, 'a', 2000);
    squeezed[2000] = '\0';
    png_text texts[] = {
        {.compression = PNG_TEXT_COMPRESSION_NONE, .key = key, .text = plain_text},
        {.compression = PNG_TEXT_COMPRESSION_zTXt, .key = key, .text = squeezed},
        {.compression = PNG_ITXT_COMPRESSION_zTXt, .key = key, .text = international},
    };
    struct buffer photo;
    struct look l;
    make_with_texts(&photo, texts, 3);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, CARRIER_PNG_TEXT, CARRIER_READ);
    assert_true(says(&l, CARRIER_PNG_TEXT, "Zo\xC3\xAB in Latin-1"));
    assert_true(says(&l, CARRIER_PNG_TEXT, squeezed));
    assert_true(says(&l, CARRIER_PNG_TEXT, "Zo\xC3\xAB in UTF-8"));
    look_away(&l);
    buffer_release(&photo);
}

static void a_text_that_inflates_without_end_is_refused(void **state)
{
    (void)state;
    size_t n = 40 * 1000 * 1000;
    char key[] = "Comment", *bomb = malloc(n + 1);
    assert_non_null(bomb);
    memset(bomb, 'a', n);
    bomb[n] = '\0';
    png_text text = {.compression = PNG_TEXT_COMPRESSION_zTXt, .key = key, .text = bomb};
    struct buffer photo;
    struct look l;
    make_with_texts(&photo, &text, 1);
    assert_true(photo.n < 100000);
    look_at(&l, &photo);
    assert_true(l.e.exam == EXAM_DAMAGED || l.e.exam == EXAM_OVER_LIMIT ||
                l.e.exam == EXAM_OUT_OF_MEMORY);
    look_away(&l);
    buffer_release(&photo);
    free(bomb);
}

/* "Raw profile type exif", as ImageMagick writes it. */
static void hexadecimal_profiles_are_read(void **state)
{
    (void)state;
    uint8_t exif[EXIF_BYTES];
    char hex[600] = "Raw profile type exif";
    size_t n = strlen(hex) + 1;
    struct buffer photo;
    struct look l;
    (void)exif_with_orientation(6, exif);
    n += (size_t)snprintf(hex + n, sizeof hex - n, "\nexif\n%8d\n", EXIF_BYTES);
    for (size_t i = 0; i < EXIF_BYTES; i++) {
        n += (size_t)snprintf(hex + n, sizeof hex - n, "%02x%s", exif[i], i % 36 == 35 ? "\n" : "");
    }
    plain(&photo);
    add_chunk(&photo, AFTER_IHDR, "tEXt", hex, n);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, CARRIER_EXIF, CARRIER_READ);
    check_carrier(&l, CARRIER_PNG_TEXT, CARRIER_READ);
    assert_int_equal(l.e.width_px, 61); /* no viewer turns by it */
    look_away(&l);
    buffer_release(&photo);

    plain(&photo);
    add_chunk(&photo, AFTER_IHDR, "tEXt", hex, n - 3);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_PNG_TEXT, CARRIER_UNPARSABLE);
    look_away(&l);
    buffer_release(&photo);

    plain(&photo);
    add_chunk(&photo, AFTER_IHDR, "tEXt", "Raw profile type odd\0\nodd\n 1\n00", 31);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_PNG_TEXT, CARRIER_UNPARSABLE);
    look_away(&l);
    buffer_release(&photo);
}

static void each_other_chunk_is_found(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    plain(&photo);
    add_chunk(&photo, photo.n - IEND_BYTES, "fdAT", "....frame", 9);
    add_chunk(&photo, AFTER_IHDR, "acTL", "\0\0\0\2\0\0\0\0", 8);
    add_chunk(&photo, AFTER_IHDR, "tIME", "\x07\xE8\1\1\1\1\1", 7);
    add_chunk(&photo, AFTER_IHDR, "prVt", "private", 7);
    add_chunk(&photo, AFTER_IHDR, "caBX", "credentials", 11);
    buffer_add(&photo, "trailing bytes", 14);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, CARRIER_PNG_FRAMES, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_PNG_TIME, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_PNG_OTHER, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_C2PA, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_TRAILER, CARRIER_DROPPED);
    look_away(&l);
    buffer_release(&photo);
}

static void edges_over_the_limit_are_not_decoded(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    set_edges(&photo, 19000, 19000);
    check_exam(&photo, EXAM_OVER_LIMIT);
    set_edges(&photo, 20001, 10);
    check_exam(&photo, EXAM_OVER_LIMIT);
    set_edges(&photo, 0x7FFFFFFF, 0x7FFFFFFF);
    check_exam(&photo, EXAM_OVER_LIMIT);
    set_edges(&photo, 0, 43);
    check_exam(&photo, EXAM_DAMAGED);
    set_edges(&photo, 61, 0);
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void a_wrong_height_is_damage(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    set_edges(&photo, 61, 44);
    check_exam(&photo, EXAM_DAMAGED);
    set_edges(&photo, 61, 40); /* rows beyond the height */
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void every_flipped_bit_is_damage(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    for (size_t i = 8; i < photo.n; i += 11) {
        photo.at[i] ^= 0x10;
        struct look l;
        look_at(&l, &photo);
        assert_true(l.e.exam == EXAM_DAMAGED || l.e.exam == EXAM_OVER_LIMIT);
        look_away(&l);
        photo.at[i] ^= 0x10;
    }
    check_exam(&photo, EXAM_DONE);
    buffer_release(&photo);
}

static void chunks_out_of_order_are_damage(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    add_chunk(&photo, photo.n - IEND_BYTES, "teSt", "", 0);
    add_chunk(&photo, photo.n - IEND_BYTES, "IDAT", "more", 4);
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
    plain(&photo);
    add_chunk(&photo, AFTER_IHDR, "IEND", "", 0);
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
    plain(&photo);
    add_chunk(&photo, 8, "teSt", "", 0);
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void what_is_clear_shows_white(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    make_png((struct png_recipe){.width = 200,
                                 .height = 100,
                                 .bit_depth = 8,
                                 .hidden_colours = true,
                                 .colour_type = PNG_COLOR_TYPE_RGB_ALPHA},
             &photo);
    look_at(&l, &photo);
    struct image p = decode_jpeg(l.e.preview);
    assert_int_equal(p.width, 200);
    for (size_t c = 0; c < 3; c++) {
        assert_in_range(p.at[(50 * 200 + 20) * 3 + c], 250, 255);
        assert_in_range(p.at[(50 * 200 + 140) * 3 + c], 0, 245);
    }
    free(p.at);
    look_away(&l);
    buffer_release(&photo);
}

static void every_form_is_examined(void **state)
{
    (void)state;
    static const int FORMS[][2] = {
        {PNG_COLOR_TYPE_GRAY, 1},       {PNG_COLOR_TYPE_GRAY, 16},      {PNG_COLOR_TYPE_PALETTE, 4},
        {PNG_COLOR_TYPE_PALETTE, 8},    {PNG_COLOR_TYPE_RGB, 8},        {PNG_COLOR_TYPE_RGB, 16},
        {PNG_COLOR_TYPE_GRAY_ALPHA, 8}, {PNG_COLOR_TYPE_RGB_ALPHA, 16},
    };
    for (size_t i = 0; i < 2 * sizeof FORMS / sizeof FORMS[0]; i++) {
        struct buffer photo;
        make_png((struct png_recipe){.width = 61,
                                     .height = 43,
                                     .colour_type = FORMS[i / 2][0],
                                     .bit_depth = FORMS[i / 2][1],
                                     .interlaced = i & 1},
                 &photo);
        check_exam(&photo, EXAM_DONE);
        buffer_release(&photo);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_picture_is_examined_to_the_end),
        cmocka_unit_test(orientation_is_read_from_the_exif_chunk),
        cmocka_unit_test(texts_are_read_plain_and_compressed),
        cmocka_unit_test(a_text_that_inflates_without_end_is_refused),
        cmocka_unit_test(hexadecimal_profiles_are_read),
        cmocka_unit_test(each_other_chunk_is_found),
        cmocka_unit_test(edges_over_the_limit_are_not_decoded),
        cmocka_unit_test(a_wrong_height_is_damage),
        cmocka_unit_test(every_flipped_bit_is_damage),
        cmocka_unit_test(chunks_out_of_order_are_damage),
        cmocka_unit_test(what_is_clear_shows_white),
        cmocka_unit_test(every_form_is_examined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
