/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "examine_photo.h"

/* Where the frame header's fields are, from its marker. */
static uint8_t *frame_of(struct buffer *jpeg)
{
    uint8_t *at = memmem(jpeg->at, jpeg->n, "\xFF\xC0\0", 3);
    assert_non_null(at);
    return at;
}

enum { AT_MARKER = 1, AT_PRECISION = 4, AT_HEIGHT = 5, AT_WIDTH = 7 };

static void plain(struct buffer *out)
{
    make_jpeg((struct jpeg_recipe){.width = 100, .height = 70, .h = 2, .v = 2}, out);
}

static void a_plain_photo_is_examined_to_the_end(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    struct digest d;
    plain(&photo);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    assert_int_equal(l.e.kind, FILE_JPEG);
    assert_int_equal(l.e.width_px, 100);
    assert_int_equal(l.e.height_px, 70);
    assert_int_equal(l.e.orientation, 0);
    assert_int_equal(digest_of(buffer_view(&photo), &d, NULL), STATUS_OK);
    assert_true(digest_equal(&d, &l.e.digest));
    check_carrier(&l, CARRIER_JFIF, CARRIER_DROPPED);
    assert_int_equal(l.e.n_carriers, 1);
    look_away(&l);
    buffer_release(&photo);
}

static void without_a_detector_nobody_looked_for_faces(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    plain(&photo);
    look_at(&l, &photo);
    assert_int_equal(l.e.faces_looked_for, KNOWN_NO);
    assert_int_equal(l.e.n_faces, 0);
    look_away(&l);
    buffer_release(&photo);
}

static void a_turned_photo_has_upright_edges_and_preview(void **state)
{
    (void)state;
    for (unsigned o = 1; o <= 8; o++) {
        struct buffer photo;
        struct look l;
        make_jpeg((struct jpeg_recipe){.width = 600, .height = 400, .h = 2, .v = 2}, &photo);
        add_orientation(&photo, (uint8_t)o);
        look_at(&l, &photo);
        assert_int_equal(l.e.exam, EXAM_DONE);
        assert_int_equal(l.e.orientation, o);
        assert_int_equal(l.e.width_px, o >= 5 ? 400 : 600);
        assert_int_equal(l.e.height_px, o >= 5 ? 600 : 400);
        struct image preview = decode_jpeg(l.e.preview);
        struct image scene_small = {.channels = 3, .width = 200, .height = 134};
        assert_int_equal(preview.width, o >= 5 ? 134 : 200);
        assert_int_equal(preview.height, o >= 5 ? 200 : 134);
        scene_small.at = malloc((size_t)200 * 134 * 3);
        assert_non_null(scene_small.at);
        for (uint32_t i = 0; i < 200 * 134; i++) {
            scene(i % 200 * 3 + 1, i / 200 * 3 + 1, 600, 400, scene_small.at + (size_t)3 * i);
        }
        struct image upright = turned(&scene_small, o);
        uint64_t sum = 0;
        for (size_t i = 0; i < (size_t)200 * 134 * 3; i++) {
            sum += (uint64_t)abs(upright.at[i] - preview.at[i]);
        }
        assert_true(sum / (200 * 134 * 3) < 8); /* another turn gives 30 and more */
        free(scene_small.at);
        free(upright.at);
        free(preview.at);
        look_away(&l);
        buffer_release(&photo);
    }
}

static void a_preview_is_small_and_clean(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    struct err err = {.status = STATUS_BUG};
    make_jpeg((struct jpeg_recipe){.width = 3000, .height = 2000, .h = 2, .v = 2}, &photo);
    add_segment(&photo, AFTER_SOI, 0xFE, "CANARY", 6);
    look_at(&l, &photo);
    assert_in_range(l.e.preview.n, 100, MAX_PREVIEW_BYTES);
    assert_int_equal(release_check(l.e.preview, &err), STATUS_OK);
    struct image p = decode_jpeg(l.e.preview);
    assert_in_range(p.width, PREVIEW_EDGE_PX * 2 / 3, PREVIEW_EDGE_PX);
    free(p.at);
    look_away(&l);
    buffer_release(&photo);
}

static void a_header_that_promises_too_much_is_over_the_limit_before_it_is_decoded(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    memcpy(frame_of(&photo) + AT_HEIGHT, "\xFF\xDC\xFF\xDC", 4); /* 65500 x 65500 */
    check_exam(&photo, EXAM_OVER_LIMIT);
    photo.n -= 200; /* and cut short */
    check_exam(&photo, EXAM_OVER_LIMIT);
    buffer_release(&photo);
}

static void an_edge_of_zero_is_damage(void **state)
{
    (void)state;
    for (int field = AT_HEIGHT; field <= AT_WIDTH; field += 2) {
        struct buffer photo;
        plain(&photo);
        memcpy(frame_of(&photo) + field, "\0\0", 2);
        check_exam(&photo, EXAM_DAMAGED);
        buffer_release(&photo);
    }
}

static void a_lowered_height_is_damage(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    memcpy(frame_of(&photo) + AT_HEIGHT, "\0\x20", 2);
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void kinds_of_jpeg_that_cannot_be_rebuilt_are_unsupported(void **state)
{
    (void)state;
    static const uint8_t FRAMES[] = {0xC3, 0xC5, 0xCB, 0xCD};
    struct buffer photo;
    for (size_t i = 0; i < sizeof FRAMES; i++) {
        plain(&photo);
        frame_of(&photo)[AT_MARKER] = FRAMES[i];
        check_exam(&photo, EXAM_UNSUPPORTED);
        buffer_release(&photo);
    }
    plain(&photo);
    frame_of(&photo)[AT_PRECISION] = 12;
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
}

static void a_cut_photo_is_damaged_at_every_length(void **state)
{
    (void)state;
    struct buffer photo;
    plain(&photo);
    size_t whole = photo.n;
    for (size_t n = 3; n < whole; n += whole < 4000 ? 1 : whole / 500) {
        photo.n = n;
        check_exam(&photo, EXAM_DAMAGED);
    }
    photo.n = whole;
    check_exam(&photo, EXAM_DONE);
    buffer_release(&photo);
}

static void a_marker_without_a_place_in_a_photo_is_damage(void **state)
{
    (void)state;
    static const uint8_t MARKERS[] = {0xF0, 0xFD, 0xDC, 0xDE, 0xDF, 0x01, 0x02, 0xBF, 0xD8};
    for (size_t i = 0; i < sizeof MARKERS; i++) {
        struct buffer photo;
        plain(&photo);
        add_segment(&photo, AFTER_SOI + 18, MARKERS[i], "hidden", 6);
        check_exam(&photo, EXAM_DAMAGED);
        buffer_release(&photo);
    }
}

static void a_progressive_picture_without_its_last_scans_is_damage(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .progressive = true}, &photo);
    /* Cut before the second scan of a progressive photo, and put an end there. */
    uint8_t *first = memmem(photo.at, photo.n, "\xFF\xDA", 2);
    assert_non_null(first);
    size_t from = (size_t)(first - photo.at) + 2;
    uint8_t *second = memmem(photo.at + from, photo.n - from, "\xFF\xC4", 2);
    assert_non_null(second);
    photo.n = (size_t)(second - photo.at);
    buffer_add(&photo, "\xFF\xD9", 2);
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void thousands_of_scans_are_over_the_limit(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 16, .height = 16, .gray = true, .progressive = true},
              &photo);
    photo.n -= 2;
    for (int i = 0; i < 200; i++) { /* of one frequency, no bits */
        buffer_add(&photo, "\xFF\xDA\0\x08\1\1\0\1\1\0\0", 11);
    }
    buffer_add(&photo, "\xFF\xD9", 2);
    check_exam(&photo, EXAM_OVER_LIMIT);
    buffer_release(&photo);
}

static void each_carrier_is_found(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    plain(&photo);
    add_segment(&photo, AFTER_SOI, 0xE5, "anything", 8);
    add_segment(&photo, AFTER_SOI, 0xE2, "MPF\0....", 8);
    add_segment(&photo, AFTER_SOI, 0xEB, "JP\0\0....", 8);
    add_segment(&photo, AFTER_SOI, 0xE1, "http://ns.adobe.com/xmp/extension/\0....", 39);
    add_segment(&photo, AFTER_SOI, 0xFE, "Year 4 at the farm", 18);
    add_orientation(&photo, 1);
    buffer_add(&photo, "trailing bytes", 14);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, CARRIER_APP_OTHER, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_MPF, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_C2PA, CARRIER_DROPPED);
    check_carrier(&l, CARRIER_XMP_EXTENDED, CARRIER_UNPARSABLE);
    check_carrier(&l, CARRIER_COMMENT, CARRIER_READ);
    check_carrier(&l, CARRIER_EXIF, CARRIER_READ);
    check_carrier(&l, CARRIER_TRAILER, CARRIER_DROPPED);
    const struct carrier *trailer = carrier_of(&l, CARRIER_TRAILER);
    assert_true(trailer && trailer->size_bytes == 14);
    assert_true(says(&l, CARRIER_COMMENT, "Year 4 at the farm"));
    look_away(&l);
    buffer_release(&photo);
}

#define PROMISE                                                                                    \
    "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "                  \
    "xmlns:rdf='http://"                                                                           \
    "www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' xmlns:n='http://ns."      \
    "adobe.com/xmp/note/' n:HasExtendedXMP='0123456789ABCDEF0123456789ABCDEF'/></rdf:RDF>"         \
    "</x:xmpmeta>"

static void extended_xmp_that_is_spoken_of_and_not_there_is_held(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    plain(&photo);
    add_segment(&photo, AFTER_SOI, 0xE1, PROMISE, sizeof PROMISE - 1);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, CARRIER_XMP, CARRIER_READ);
    check_carrier(&l, CARRIER_XMP_EXTENDED, CARRIER_UNPARSABLE);
    look_away(&l);
    buffer_release(&photo);
}

static void a_comment_saved_for_the_web_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        size_t n;
        enum carrier_state state;
        bool says;
    } CASES[] = {
        {"Ducky\0\1\0\4\0\0\0\x3C\0\0", 15, CARRIER_READ, false},
        {"Ducky\0\1\0\4\0\0\0\x3C\0\2\0\x10\0\0\0\6\0M\0i\0a\0 \0L\0i\0\0", 35, CARRIER_READ, true},
        {"Ducky\0\3\0\x10\0\0\0\6\0M\0i\0a\0 \0L\0i", 25, CARRIER_READ, true},
        {"Ducky\0\2\0\x10\0\0\0\6\0M\0i\0a\0 \0L\0", 24, CARRIER_UNPARSABLE, false},
        {"Ducky\0\2\0", 8, CARRIER_UNPARSABLE, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer photo;
        struct look l;
        plain(&photo);
        add_segment(&photo, AFTER_SOI, 0xEC, CASES[i].at, CASES[i].n);
        look_at(&l, &photo);
        assert_int_equal(l.e.exam, EXAM_DONE);
        check_carrier(&l, CARRIER_COMMENT, CASES[i].state);
        assert_int_equal(says(&l, CARRIER_COMMENT, "Mia Li"), CASES[i].says);
        look_away(&l);
        buffer_release(&photo);
    }
}

static void what_hides_where_tags_live_is_not_passed_over(void **state)
{
    (void)state;
    static const uint8_t MARKERS[] = {0xE1, 0xED};
    for (size_t i = 0; i < sizeof MARKERS; i++) {
        struct buffer photo;
        struct look l;
        plain(&photo);
        add_segment(&photo, AFTER_SOI, MARKERS[i], "meta\0\0of a sort", 15);
        look_at(&l, &photo);
        check_carrier(&l, CARRIER_APP_OTHER, CARRIER_NOT_READ);
        look_away(&l);
        buffer_release(&photo);
    }
}

static void a_comment_in_an_unknown_encoding_is_unparsable(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    plain(&photo);
    add_segment(&photo, AFTER_SOI, 0xFE, "Zo\xEB", 3);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_COMMENT, CARRIER_UNPARSABLE);
    look_away(&l);
    buffer_release(&photo);
}

static void other_files_are_named_for_what_they_are(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    buffer_init(&photo, TEST_CEILING);
    buffer_add(&photo, "8BPS\0\1...", 9);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_UNSUPPORTED);
    assert_int_equal(l.e.kind, FILE_PSD);
    look_away(&l);
    buffer_reset(&photo);
    buffer_add(&photo, "%PDF-1.4", 8);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_NOT_A_PHOTO);
    look_away(&l);
    buffer_reset(&photo);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_NOT_A_PHOTO);
    assert_int_equal(l.e.kind, FILE_EMPTY);
    look_away(&l);
    buffer_release(&photo);
}

static void an_arena_without_room_is_no_finding(void **state)
{
    (void)state;
    struct buffer photo;
    struct arena a;
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_DONE};
    plain(&photo);
    arena_init(&a, 1000);
    assert_int_equal(photo_examine(buffer_view(&photo), NULL, 0, NULL, &a, &e, &err), STATUS_NOMEM);
    assert_int_equal(e.exam, EXAM_NOT_DONE);
    arena_release(&a);
    buffer_release(&photo);
}

static void preparing_succeeds(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    assert_int_equal(photo_prepare(&err), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preparing_succeeds),
        cmocka_unit_test(a_plain_photo_is_examined_to_the_end),
        cmocka_unit_test(without_a_detector_nobody_looked_for_faces),
        cmocka_unit_test(a_turned_photo_has_upright_edges_and_preview),
        cmocka_unit_test(a_preview_is_small_and_clean),
        cmocka_unit_test(a_header_that_promises_too_much_is_over_the_limit_before_it_is_decoded),
        cmocka_unit_test(an_edge_of_zero_is_damage),
        cmocka_unit_test(a_lowered_height_is_damage),
        cmocka_unit_test(kinds_of_jpeg_that_cannot_be_rebuilt_are_unsupported),
        cmocka_unit_test(a_cut_photo_is_damaged_at_every_length),
        cmocka_unit_test(a_marker_without_a_place_in_a_photo_is_damage),
        cmocka_unit_test(a_progressive_picture_without_its_last_scans_is_damage),
        cmocka_unit_test(thousands_of_scans_are_over_the_limit),
        cmocka_unit_test(each_carrier_is_found),
        cmocka_unit_test(extended_xmp_that_is_spoken_of_and_not_there_is_held),
        cmocka_unit_test(a_comment_saved_for_the_web_is_read),
        cmocka_unit_test(what_hides_where_tags_live_is_not_passed_over),
        cmocka_unit_test(a_comment_in_an_unknown_encoding_is_unparsable),
        cmocka_unit_test(other_files_are_named_for_what_they_are),
        cmocka_unit_test(an_arena_without_room_is_no_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
