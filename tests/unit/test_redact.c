/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A covered face is gone: two photos that differ under the cover alone give the same release, to
 * the last byte, whatever the format, sampling and orientation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../fixtures/draw.h"
#include "../../fixtures/write_photo.h"
#include "image/raster.h"
#include "image/redact.h"
#include "make_picture.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

enum { WIDTH = 331, HEIGHT = 253, GRAY = 128 };

static const char CASCADE_DIR[] = "/usr/share/opencv4/haarcascades";

/* Not on any grid, so that blocks hold covered and uncovered pixels. */
static const struct box COVERED = {371003, 180007, 293011, 417001};

static void draw_head(struct drawing *d, unsigned skin, unsigned hair, bool is_long)
{
    struct head head = {.x_px = 171,
                        .y_px = 95,
                        .width_px = 62,
                        .skin = skin,
                        .hair = hair,
                        .clothes = 1,
                        .long_hair = is_long};
    struct scene scene = {.seed = 7,
                          .backdrop = BACKDROP_HALL,
                          .width_px = WIDTH,
                          .height_px = HEIGHT,
                          .heads = &head,
                          .n_heads = 1};
    assert_true(drawing_make(&scene, d));
}

/* Two drawings with two faces, equal outside the area of the box. */
static void draw_two(struct drawing two[2])
{
    draw_head(&two[0], 0, 0, false);
    draw_head(&two[1], 5, 4, true);
    struct area a = area_of_box(&COVERED, WIDTH, HEIGHT, 0, 0);
    unsigned differ = 0;
    for (uint32_t y = 0; y < HEIGHT; y++) {
        for (uint32_t x = 0; x < WIDTH; x++) {
            size_t at = ((size_t)y * WIDTH + x) * 3;
            bool under = x >= a.left && x < a.right && y >= a.top && y < a.bottom;
            differ += under && memcmp(two[0].rgb + at, two[1].rgb + at, 3) != 0;
            if (!under) {
                memcpy(two[1].rgb + at, two[0].rgb + at, 3);
            }
        }
    }
    assert_true(differ > 1000);
}

struct recipe {
    int h, v;
    bool gray, progressive;
};

static void encode(const struct drawing *d, struct recipe r, struct buffer *out)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *at = NULL;
    unsigned long n = 0;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &at, &n);
    c.image_width = d->width_px;
    c.image_height = d->height_px;
    c.input_components = 3;
    c.in_color_space = JCS_RGB;
    jpeg_set_defaults(&c);
    if (r.gray) {
        jpeg_set_colorspace(&c, JCS_GRAYSCALE);
    }
    jpeg_set_quality(&c, 93, TRUE);
    c.comp_info[0].h_samp_factor = r.h;
    c.comp_info[0].v_samp_factor = r.v;
    if (r.progressive) {
        jpeg_simple_progression(&c);
    }
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = d->rgb + (size_t)c.next_scanline * d->width_px * 3;
        (void)jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    buffer_add(out, at, n);
    free(at);
}

static struct proof cleanse(const struct buffer *photo, const struct release_wishes *wishes,
                            struct buffer *release)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof = {.n_covered = 77};
    const struct cover cover = {&COVERED, 1};
    buffer_init(release, TEST_CEILING);
    enum status st =
        photo_cleanse_covered(buffer_view(photo), wishes, &cover, NULL, release, &proof, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_int_equal(proof.same_picture, KNOWN_YES);
    assert_int_equal(proof.n_covered, 1);
    assert_int_equal(release_check(buffer_view(release), &err), STATUS_OK);
    return proof;
}

/* A decoder of the test's own reads libjpeg's plain way; ours, with its smoothing, is used too. */
static void check_gray(const struct buffer *release, const struct proof *p)
{
    struct raster r;
    struct err err = {.status = STATUS_BUG};
    raster_init(&r);
    assert_int_equal(p->kind == FILE_PNG ? raster_from_png(buffer_view(release), &r, &err)
                                         : raster_from_jpeg(buffer_view(release), &r, &err),
                     STATUS_OK);
    /* by hand, not by area_of_box; a turn may have cut off less than one MCU */
    uint32_t left = (uint32_t)((uint64_t)(uint32_t)COVERED.x_ppm * r.width_px / 1000000);
    uint32_t top = (uint32_t)((uint64_t)(uint32_t)COVERED.y_ppm * r.height_px / 1000000);
    uint32_t right =
        (uint32_t)((uint64_t)(uint32_t)(COVERED.x_ppm + COVERED.w_ppm) * r.width_px / 1000000);
    uint32_t bottom =
        (uint32_t)((uint64_t)(uint32_t)(COVERED.y_ppm + COVERED.h_ppm) * r.height_px / 1000000);
    assert_true(right > left + 10 && bottom > top + 10);
    for (uint32_t y = top; y < bottom; y++) {
        for (uint32_t i = left * r.channels; i < right * r.channels; i++) {
            bool alpha = r.channels == RASTER_BGRA && i % RASTER_BGRA == RASTER_BGR;
            assert_int_equal(raster_row(&r, y)[i], alpha ? 255 : GRAY);
        }
    }
    uint8_t corner[3];
    memcpy(corner, raster_row(&r, 0), 3);
    assert_false(corner[0] == GRAY && corner[1] == GRAY && corner[2] == GRAY);
    raster_release(&r);
}

static void check_equal(struct buffer photos[2], const struct release_wishes *wishes,
                        enum file_kind kind)
{
    struct buffer releases[2];
    assert_false(photos[0].n == photos[1].n &&
                 memcmp(photos[0].at, photos[1].at, photos[0].n) == 0);
    for (int i = 0; i < 2; i++) {
        struct proof p = cleanse(&photos[i], wishes, &releases[i]);
        assert_int_equal(p.kind, kind);
        check_gray(&releases[i], &p);
    }
    assert_int_equal(releases[0].n, releases[1].n);
    assert_memory_equal(releases[0].at, releases[1].at, releases[0].n);
    for (int i = 0; i < 2; i++) {
        buffer_release(&photos[i]);
        buffer_release(&releases[i]);
    }
}

static void two_faces_under_a_cover_are_one_release_in_every_kind_of_jpeg(void **state)
{
    (void)state;
    static const struct recipe RECIPES[] = {
        {1, 1, false, false}, {2, 2, false, false}, {2, 1, false, false}, {1, 2, false, false},
        {4, 1, false, false}, {1, 1, true, false},  {2, 2, false, true}};
    struct drawing two[2];
    draw_two(two);
    for (size_t i = 0; i < sizeof RECIPES / sizeof RECIPES[0]; i++) {
        struct buffer photos[2];
        for (int k = 0; k < 2; k++) {
            buffer_init(&photos[k], TEST_CEILING);
            encode(&two[k], RECIPES[i], &photos[k]);
        }
        check_equal(photos, NULL, FILE_JPEG);
    }
    drawing_release(&two[0]);
    drawing_release(&two[1]);
}

static void check_spec(struct photo_spec spec, const struct release_wishes *wishes,
                       enum file_kind kind)
{
    struct drawing two[2];
    struct buffer photos[2];
    struct err err = {.status = STATUS_BUG};
    draw_two(two);
    for (int k = 0; k < 2; k++) {
        spec.picture = &two[k];
        spec.exif.thumbnail = spec.form == PHOTO_JPEG_OR_PNG && !spec.is_png ? &two[k] : NULL;
        buffer_init(&photos[k], TEST_CEILING);
        if (photo_write(&spec, &photos[k], &err) != STATUS_OK) {
            fail_msg("%s", err.text);
        }
    }
    check_equal(photos, wishes, kind);
    drawing_release(&two[0]);
    drawing_release(&two[1]);
}

static void the_cover_is_upright_for_every_orientation(void **state)
{
    (void)state;
    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        check_spec((struct photo_spec){.orientation = orientation}, NULL, FILE_JPEG);
        check_spec((struct photo_spec){.orientation = orientation, .is_png = true}, NULL, FILE_PNG);
    }
}

static void a_picture_made_smaller_holds_nothing_beside_the_cover(void **state)
{
    (void)state;
    const struct release_wishes wishes = {.max_edge_px = 200, .jpeg_quality = 80};
    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        check_spec((struct photo_spec){.orientation = orientation}, &wishes, FILE_JPEG);
    }
    check_spec((struct photo_spec){.is_png = true}, &wishes, FILE_PNG);
}

static void lossless_pictures_of_other_formats_are_covered(void **state)
{
    (void)state;
    check_spec((struct photo_spec){.form = PHOTO_TIFF}, NULL, FILE_PNG);
    check_spec((struct photo_spec){.form = PHOTO_GIF}, NULL, FILE_PNG);
}

static void every_kind_of_png_is_covered_and_opaque_there(void **state)
{
    (void)state;
    static const struct png_recipe RECIPES[] = {
        {WIDTH, HEIGHT, PNG_COLOR_TYPE_RGB_ALPHA, 8, false, false, true},
        {WIDTH, HEIGHT, PNG_COLOR_TYPE_RGB_ALPHA, 16, true, false, false},
        {WIDTH, HEIGHT, PNG_COLOR_TYPE_GRAY_ALPHA, 8, false, false, false},
        {WIDTH, HEIGHT, PNG_COLOR_TYPE_GRAY, 16, false, false, false},
        {WIDTH, HEIGHT, PNG_COLOR_TYPE_RGB, 8, false, true, false},
        {WIDTH, HEIGHT, PNG_COLOR_TYPE_PALETTE, 4, true, true, false}};
    for (size_t i = 0; i < sizeof RECIPES / sizeof RECIPES[0]; i++) {
        struct buffer photo, release;
        make_png(RECIPES[i], &photo);
        struct proof p = cleanse(&photo, NULL, &release);
        assert_int_equal(p.kind, FILE_PNG);
        check_gray(&release, &p);
        buffer_release(&photo);
        buffer_release(&release);
    }
}

/* The cover is what differs from the release without it, and it is no larger than it must be. */
static void the_rest_of_a_jpeg_is_not_touched(void **state)
{
    (void)state;
    struct drawing two[2];
    struct buffer photo, release;
    draw_two(two);
    buffer_init(&photo, TEST_CEILING);
    encode(&two[0], (struct recipe){2, 2, false, false}, &photo);
    (void)cleanse(&photo, NULL, &release);
    struct image was = decode_jpeg(buffer_view(&photo)), now = decode_jpeg(buffer_view(&release));
    struct area a = area_of_box(&COVERED, WIDTH, HEIGHT, 0, 0);
    for (uint32_t y = 0; y < HEIGHT; y++) {
        for (uint32_t x = 0; x < WIDTH; x++) {
            bool near =
                x + 18 >= a.left && x < a.right + 18 && y + 18 >= a.top && y < a.bottom + 18;
            size_t at = ((size_t)y * WIDTH + x) * 3;
            assert_true(near || memcmp(was.at + at, now.at + at, 3) == 0);
        }
    }
    free(was.at);
    free(now.at);
    buffer_release(&photo);
    buffer_release(&release);
    drawing_release(&two[0]);
    drawing_release(&two[1]);
}

static void covers_at_the_edges_and_on_one_another_are_filled(void **state)
{
    (void)state;
    static const struct box BOXES[] = {
        {-5000, -5000, 105000, 105000}, {950000, 960000, 60000, 50000}, {0, 0, 200000, 90000}};
    const struct cover cover = {BOXES, 3};
    struct drawing two[2];
    struct buffer photo, release;
    struct proof proof;
    struct err err = {.status = STATUS_BUG};
    draw_two(two);
    buffer_init(&photo, TEST_CEILING);
    buffer_init(&release, TEST_CEILING);
    encode(&two[0], (struct recipe){2, 2, false, false}, &photo);
    assert_int_equal(
        photo_cleanse_covered(buffer_view(&photo), NULL, &cover, NULL, &release, &proof, &err),
        STATUS_OK);
    assert_int_equal(proof.n_covered, 3);
    struct image now = decode_jpeg(buffer_view(&release));
    const uint8_t *last = now.at + ((size_t)WIDTH * HEIGHT - 1) * 3;
    assert_true(now.at[0] == GRAY && last[0] == GRAY && last[2] == GRAY);
    free(now.at);
    buffer_release(&photo);
    buffer_release(&release);
    drawing_release(&two[0]);
    drawing_release(&two[1]);
}

static void a_cover_of_nothing_is_refused(void **state)
{
    (void)state;
    static const struct box BOXES[] = {
        {0, 0, 0, 500000}, {1000001, 0, 5000, 5000}, {-9000, 0, 9000, 500000}};
    struct drawing two[2];
    struct buffer photo, release;
    draw_two(two);
    buffer_init(&photo, TEST_CEILING);
    buffer_init(&release, TEST_CEILING);
    encode(&two[0], (struct recipe){1, 1, false, false}, &photo);
    for (size_t i = 0; i < sizeof BOXES / sizeof BOXES[0]; i++) {
        struct proof proof;
        struct err err = {.status = STATUS_OK};
        const struct box both[] = {COVERED, BOXES[i]};
        const struct cover cover = {both, 2};
        assert_int_equal(
            photo_cleanse_covered(buffer_view(&photo), NULL, &cover, NULL, &release, &proof, &err),
            STATUS_FORMAT);
        assert_int_equal(release.n, 0);
        assert_true(err.text[0]);
    }
    buffer_release(&photo);
    buffer_release(&release);
    drawing_release(&two[0]);
    drawing_release(&two[1]);
}

/* A release with the face in the open is what the last look is for. */
static void a_release_that_shows_what_was_to_be_covered_is_refused(void **state)
{
    (void)state;
    struct head head = {.x_px = 360, .y_px = 230, .width_px = 110, .skin = 1, .hair = 3};
    struct scene scene = {.seed = 9,
                          .backdrop = BACKDROP_FIELD,
                          .width_px = 720,
                          .height_px = 480,
                          .heads = &head,
                          .n_heads = 1};
    struct face_box f = head_face_box(&head);
    const struct box face = {(int32_t)(f.x_px / 720 * 1000000), (int32_t)(f.y_px / 480 * 1000000),
                             (int32_t)(f.w_px / 720 * 1000000), (int32_t)(f.h_px / 480 * 1000000)};
    const struct box beside = {10000, 10000, 150000, 150000};
    const struct cover right = {&face, 1}, wrong = {&beside, 1};
    struct drawing d;
    struct buffer photo, release, plain;
    struct proof proof;
    struct detector *detector = NULL;
    struct err err = {.status = STATUS_BUG};
    assert_true(drawing_make(&scene, &d));
    buffer_init(&photo, TEST_CEILING);
    buffer_init(&release, TEST_CEILING);
    buffer_init(&plain, TEST_CEILING);
    encode(&d, (struct recipe){2, 2, false, false}, &photo);
    assert_int_equal(
        detector_open((struct bytes){NULL, 0}, CASCADE_DIR, FACES_STRICT, &detector, &err),
        STATUS_OK);
    assert_int_equal(
        photo_cleanse_covered(buffer_view(&photo), NULL, &right, detector, &release, &proof, &err),
        STATUS_OK);
    assert_int_equal(
        photo_cleanse_covered(buffer_view(&photo), NULL, &wrong, detector, &release, &proof, &err),
        STATUS_OK); /* another face stays: it is not there that nobody may be */
    assert_int_equal(photo_cleanse(buffer_view(&photo), NULL, &plain, &proof, &err), STATUS_OK);
    assert_int_equal(proof.n_covered, 0);
    assert_int_equal(
        release_prove_covered(buffer_view(&plain), &proof, 720, 480, &right, detector, &err),
        STATUS_BUG);
    assert_int_equal(release_prove_no_face(buffer_view(&plain), &proof, &right, detector, &err),
                     STATUS_FORMAT);
    assert_int_equal(release_prove_no_face(buffer_view(&release), &proof, &wrong, detector, &err),
                     STATUS_OK);
    detector_close(detector);
    buffer_release(&photo);
    buffer_release(&release);
    buffer_release(&plain);
    drawing_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_faces_under_a_cover_are_one_release_in_every_kind_of_jpeg),
        cmocka_unit_test(the_cover_is_upright_for_every_orientation),
        cmocka_unit_test(a_picture_made_smaller_holds_nothing_beside_the_cover),
        cmocka_unit_test(lossless_pictures_of_other_formats_are_covered),
        cmocka_unit_test(every_kind_of_png_is_covered_and_opaque_there),
        cmocka_unit_test(the_rest_of_a_jpeg_is_not_touched),
        cmocka_unit_test(covers_at_the_edges_and_on_one_another_are_filled),
        cmocka_unit_test(a_cover_of_nothing_is_refused),
        cmocka_unit_test(a_release_that_shows_what_was_to_be_covered_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
