/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos with something odd beside a whole picture: they are read, and released without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "image/jpeg_walk.h" /* before libjpeg's header, which has macros of the same names */

#include "examine_photo.h"

static const char CASCADE_DIR[] = "/usr/share/opencv4/haarcascades";
static const char XMP[] =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/"
    "22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/"
    "Iptc4xmpExt/2008-02-29/\" xmlns:GDepth=\"http://ns.google.com/photos/1.0/depthmap/\" "
    "GDepth:Mime=\"image/jpeg\" GDepth:Data=\"";
static const char XMP_END[] = "\"><Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Maya Fenwick</rdf:li>"
                              "</rdf:Bag></Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF>"
                              "</x:xmpmeta>";

static int prepare(void **state)
{
    struct err err = {.status = STATUS_BUG};
    (void)state;
    return photo_prepare(&err) == STATUS_OK ? 0 : 1;
}

static void check_maya_is_tagged(const struct buffer *photo, enum carrier_id where)
{
    struct look l;
    look_at(&l, photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, where, CARRIER_READ);
    assert_int_equal(l.e.n_tags, 1);
    assert_true(text_equal(l.e.tags[0].name, TEXT("Maya Fenwick")));
    look_away(&l);
}

static void check_released_without(const struct buffer *photo, const char *what)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer release;
    struct proof proof = {.same_picture = KNOWN_UNKNOWN};
    buffer_init(&release, TEST_CEILING);
    assert_true(holds(photo, what));
    assert_int_equal(photo_cleanse(buffer_view(photo), NULL, &release, &proof, &err), STATUS_OK);
    assert_int_equal(proof.same_picture, KNOWN_YES);
    assert_false(holds(&release, what));
    buffer_release(&release);
}

static void exif_under_a_signature_in_small_letters_is_read(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    uint8_t exif[EXIF_BYTES];
    make_jpeg((struct jpeg_recipe){.width = 32, .height = 24}, &photo);
    size_t n = exif_with_orientation(6, exif);
    memcpy(exif, "exif", 4);
    add_segment(&photo, AFTER_SOI, JPEG_APP0 + 1, exif, n);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_EXIF, CARRIER_READ);
    assert_int_equal(l.e.orientation, 6);
    assert_int_equal(l.e.width_px, 24);
    look_away(&l);
    check_released_without(&photo, "exif");
    buffer_release(&photo);
}

static void put_packet(const char *signature, size_t n, struct buffer *out)
{
    buffer_init(out, TEST_CEILING);
    buffer_add(out, signature, n);
    buffer_add(out, XMP, sizeof XMP - 1);
    buffer_add(out, XMP_END, sizeof XMP_END - 1);
}

static void xmp_whose_address_was_overwritten_is_read(void **state)
{
    (void)state;
    static const char SIGNATURE[] = "XMP\0://ns.adobe.com/xap/1.0/";
    struct buffer photo, payload;
    make_jpeg((struct jpeg_recipe){.width = 32, .height = 24}, &photo);
    put_packet(SIGNATURE, sizeof SIGNATURE, &payload);
    add_segment(&photo, AFTER_SOI, JPEG_APP0 + 1, payload.at, payload.n);
    check_maya_is_tagged(&photo, CARRIER_XMP);
    check_released_without(&photo, "Maya Fenwick");
    buffer_release(&payload);
    buffer_release(&photo);
}

/* Extended XMP in segments, the last one first in the file. */
static void add_extended(struct buffer *photo, const struct buffer *packet)
{
    enum { PART_BYTES = 60000, HEAD_BYTES = 35 + 32 + 8 };
    static const char HEAD[] = "http://ns.adobe.com/xmp/extension/\0"
                               "0123456789ABCDEF0123456789ABCDEF";
    for (size_t at = 0; at < packet->n; at += PART_BYTES) {
        size_t n = packet->n - at < PART_BYTES ? packet->n - at : PART_BYTES;
        struct buffer payload;
        uint8_t numbers[8];
        buffer_init(&payload, TEST_CEILING);
        put_be32(numbers, (uint32_t)packet->n);
        put_be32(numbers + 4, (uint32_t)at);
        buffer_add(&payload, HEAD, sizeof HEAD - 1);
        buffer_add(&payload, numbers, sizeof numbers);
        assert_int_equal(payload.n, HEAD_BYTES);
        buffer_add(&payload, packet->at + at, n);
        add_segment(photo, AFTER_SOI, JPEG_APP0 + 1, payload.at, payload.n);
        buffer_release(&payload);
    }
}

/* A packet with `n` bytes of what stands for a depth map; `c` is what they are made of. */
static void make_depth_photo(size_t n, char c, struct buffer *photo)
{
    struct buffer packet;
    buffer_init(&packet, TEST_CEILING);
    buffer_add(&packet, XMP, sizeof XMP - 1);
    for (size_t i = 0; i < n; i++) {
        buffer_add_byte(&packet, (uint8_t)c);
    }
    buffer_add(&packet, XMP_END, sizeof XMP_END - 1);
    make_jpeg((struct jpeg_recipe){.width = 32, .height = 24}, photo);
    add_extended(photo, &packet);
    buffer_release(&packet);
}

static void people_are_read_beside_a_depth_map_larger_than_a_packet(void **state)
{
    (void)state;
    struct buffer photo;
    make_depth_photo(3 * (size_t)MAX_XMP_BYTES, 'A', &photo);
    check_maya_is_tagged(&photo, CARRIER_XMP_EXTENDED);
    check_released_without(&photo, "Maya Fenwick");
    buffer_release(&photo);
}

static void extended_xmp_that_is_large_with_words_stays_unread(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    make_depth_photo(3 * (size_t)MAX_XMP_BYTES, '.', &photo);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_XMP_EXTENDED, CARRIER_UNPARSABLE);
    look_away(&l);
    buffer_release(&photo);
}

/* Bytes behind the zlib stream, inside the only IDAT. */
static void add_surplus(struct buffer *png, const char *what)
{
    enum { TYPE_BYTES = 4, CRC_BYTES = 4 };
    uint8_t *type = memmem(png->at, png->n, "IDAT", TYPE_BYTES);
    assert_non_null(type);
    size_t at = (size_t)(type - png->at);
    uint32_t n = bytes_be32(buffer_view(png), at - 4);
    splice(png, at + TYPE_BYTES + n, what, strlen(what));
    n += (uint32_t)strlen(what);
    put_be32(png->at + at - 4, n);
    put_be32(png->at + at + TYPE_BYTES + n, crc_of(png->at + at, TYPE_BYTES + n));
    assert_true(at + TYPE_BYTES + n + CRC_BYTES < png->n);
}

static void make_surplus(struct buffer *png)
{
    make_png(
        (struct png_recipe){
            .width = 31, .height = 23, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
        png);
    add_surplus(png, "CANARY behind the stream");
}

static void bytes_behind_the_compressed_picture_of_a_png_are_dropped(void **state)
{
    (void)state;
    struct buffer photo;
    struct look l;
    make_surplus(&photo);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    check_carrier(&l, CARRIER_TRAILER, CARRIER_DROPPED);
    look_away(&l);
    check_released_without(&photo, "CANARY");
    buffer_release(&photo);
}

static void a_png_whose_checksum_is_wrong_is_damaged_whatever_stands_behind_it(void **state)
{
    (void)state;
    struct buffer photo;
    make_surplus(&photo);
    uint8_t *surplus = memmem(photo.at, photo.n, "CANARY", 6);
    uint8_t *type = memmem(photo.at, photo.n, "IDAT", 4);
    assert_true(surplus && type);
    surplus[-1] ^= 1; /* RFC 1950, 2.2: ADLER32 ends the stream */
    uint32_t n = bytes_be32(buffer_view(&photo), (size_t)(type - photo.at) - 4);
    put_be32(type + 4 + n, crc_of(type, 4 + n));
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void a_picture_smaller_than_the_detector_takes_is_looked_at(void **state)
{
    (void)state;
    static const uint32_t EDGES[][2] = {{1, 1}, {15, 15}, {3, 400}, {400, 3}};
    struct err err = {.status = STATUS_BUG};
    struct detector *detector = NULL;
    assert_int_equal(
        detector_open((struct bytes){NULL, 0}, CASCADE_DIR, FACES_STRICT, &detector, &err),
        STATUS_OK);
    for (size_t i = 0; i < sizeof EDGES / sizeof EDGES[0]; i++) {
        struct buffer photo;
        struct arena a;
        struct evidence e = {.exam = EXAM_NOT_DONE};
        make_jpeg((struct jpeg_recipe){.width = EDGES[i][0], .height = EDGES[i][1]}, &photo);
        arena_init(&a, MAX_MESSAGE_BYTES);
        assert_int_equal(photo_examine(buffer_view(&photo), NULL, 0, detector, &a, &e, &err),
                         STATUS_OK);
        assert_int_equal(e.exam, EXAM_DONE);
        assert_int_equal(e.faces_looked_for, KNOWN_YES);
        assert_int_equal(e.n_faces, 0);
        arena_release(&a);
        buffer_release(&photo);
    }
    detector_close(detector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exif_under_a_signature_in_small_letters_is_read),
        cmocka_unit_test(xmp_whose_address_was_overwritten_is_read),
        cmocka_unit_test(people_are_read_beside_a_depth_map_larger_than_a_packet),
        cmocka_unit_test(extended_xmp_that_is_large_with_words_stays_unread),
        cmocka_unit_test(bytes_behind_the_compressed_picture_of_a_png_are_dropped),
        cmocka_unit_test(a_png_whose_checksum_is_wrong_is_damaged_whatever_stands_behind_it),
        cmocka_unit_test(a_picture_smaller_than_the_detector_takes_is_looked_at),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
