/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something is hidden in every place of the table that is no part of the picture: it is found, as
 * the row says, and is in no release. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "image/jpeg_walk.h" /* before libjpeg's header, which has macros of the same names */

#include "examine_photo.h"
#include "hide_canary.h"

static void make_photo(enum file_kind format, struct buffer *out)
{
    if (format == FILE_JPEG) {
        make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .h = 2, .v = 2}, out);
    } else {
        make_png(
            (struct png_recipe){
                .width = 31, .height = 23, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
            out);
    }
}

static bool is_hideable(const struct carrier_row *r)
{
    return r->carrier != CARRIER_UNKNOWN;
}

static void check_found(const struct carrier_row *r, const struct buffer *photo)
{
    struct look l;
    look_at(&l, photo);
    const struct carrier *c = carrier_of(&l, r->carrier);
    bool is_damage = l.e.exam == EXAM_DAMAGED; /* a chunk that libpng reads, and cannot */
    bool is_png = r->format == FILE_PNG;
    const char *format = carrier_format_name(r->format);
    if (!c && !(is_damage && is_png)) {
        fail_msg("%s, %s: not found (%s: %.*s)", format, r->where, exam_words(l.e.exam),
                 TEXT_ARG(l.e.exam_note));
    }
    if (c && r->handling == HANDLING_HELD) {
        assert_int_equal(c->state, CARRIER_NOT_READ);
    } else if (c && r->handling == HANDLING_READ) {
        assert_true(c->state == CARRIER_READ || c->state == CARRIER_UNPARSABLE);
    } else if (c && c->state != CARRIER_DROPPED) {
        fail_msg("%s, %s: in another state", format, r->where);
    }
    look_away(&l);
}

/* Whether it was released: what cannot be held whole or rebuilt is refused, and nothing leaves. */
static bool check_gone(const struct carrier_row *r, const struct buffer *photo)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer release;
    struct proof proof;
    buffer_init(&release, TEST_CEILING);
    enum status st = photo_cleanse(buffer_view(photo), NULL, &release, &proof, &err);
    bool is_refusal =
        st == STATUS_FORMAT || (st == STATUS_UNSUPPORTED && r->handling == HANDLING_HELD);
    if (st != STATUS_OK && !is_refusal) {
        fail_msg("%s: %s: %s", r->where, status_symbol(st), err.text);
    }
    if (st == STATUS_OK) {
        assert_int_equal(release_check(buffer_view(&release), &err), STATUS_OK);
        if (holds(&release, CANARY)) {
            fail_msg("%s leaves with the photo", r->where);
        }
    }
    assert_int_equal(st == STATUS_OK, release.n > 0);
    buffer_release(&release);
    return st == STATUS_OK;
}

static void what_is_hidden_anywhere_is_found_and_does_not_leave(void **state)
{
    (void)state;
    size_t n, n_hideable = 0, n_tried = 0, n_released = 0;
    const struct carrier_row *rows = carrier_rows(&n);
    for (size_t i = 0; i < n; i++) {
        struct buffer photo;
        if (!is_hideable(&rows[i])) {
            continue;
        }
        n_hideable++;
        if (hide_canary(&rows[i], &photo)) {
            n_tried++;
            if (!holds(&photo, CANARY)) {
                fail_msg("%s: nothing was hidden there", rows[i].where);
            }
            check_found(&rows[i], &photo);
            n_released += check_gone(&rows[i], &photo);
        }
        buffer_release(&photo);
    }
    print_message("%zu places, %zu tried, %zu of these released\n", n_hideable, n_tried,
                  n_released);
    assert_true(n_tried > 70);
    assert_true(n_released > 60);
}

/* The rows that hide nothing are those of the picture, and of what is refused. */
static void every_row_says_where_and_by_whom(void **state)
{
    (void)state;
    size_t n;
    const struct carrier_row *rows = carrier_rows(&n);
    for (size_t i = 0; i < n; i++) {
        const struct carrier_row *r = &rows[i];
        assert_true(r->where[0] && r->source[0] && r->holds[0]);
        assert_int_equal(is_hideable(r),
                         r->handling != HANDLING_PICTURE && r->handling != HANDLING_REFUSED);
        assert_int_equal(r->handling == HANDLING_READ, r->reader != READER_NONE);
        assert_string_not_equal(carrier_format_name(r->format), "other");
    }
}

static void any_marker_and_any_chunk_has_a_row(void **state)
{
    (void)state;
    for (unsigned m = JPEG_APP0; m <= JPEG_APP15; m++) {
        const struct carrier_row *r = carrier_row_for_segment(m, (struct bytes){NULL, 0});
        assert_int_equal(r->handling, m == JPEG_APP0 + 1 || m == JPEG_APP0 + 13 ? HANDLING_HELD
                                                                                : HANDLING_DROPPED);
    }
    assert_int_equal(carrier_row_for_chunk("zzZz")->handling, HANDLING_DROPPED);
    assert_int_equal(carrier_row_for_chunk("IDAT")->handling, HANDLING_PICTURE);
}

/* What T.81 names and no photo needs is refused where it stands. */
static void markers_without_a_place_are_refused(void **state)
{
    (void)state;
    static const uint8_t MARKERS[] = {0x01, 0xC8, 0xDC, 0xDE, 0xDF, 0xF0, 0xFD, 0x02};
    for (size_t i = 0; i < sizeof MARKERS; i++) {
        struct buffer photo;
        make_photo(FILE_JPEG, &photo);
        add_segment(&photo, AFTER_SOI, MARKERS[i], CANARY, sizeof CANARY);
        check_exam(&photo, EXAM_DAMAGED);
        buffer_release(&photo);
    }
}

/* Inside IDAT, behind the zlib stream: libpng shows the picture all the same. */
static void bytes_behind_the_last_row_of_a_png_are_found_and_do_not_leave(void **state)
{
    (void)state;
    struct buffer photo, grown;
    make_photo(FILE_PNG, &photo);
    const uint8_t *type = memmem(photo.at, photo.n, "IDAT", 4);
    assert_non_null(type);
    size_t at = (size_t)(type - photo.at) - 4;
    size_t n = (size_t)bytes_be32(buffer_view(&photo), at), after = at + 12 + n;
    buffer_init(&grown, TEST_CEILING);
    buffer_add(&grown, photo.at + at + 8, n);
    buffer_add(&grown, CANARY, sizeof CANARY);
    memmove(photo.at + at, photo.at + after, photo.n - after);
    photo.n -= after - at;
    add_chunk(&photo, at, "IDAT", grown.at, grown.n);
    const struct carrier_row behind = {
        .carrier = CARRIER_TRAILER, .handling = HANDLING_DROPPED, .where = "IDAT"};
    check_found(&behind, &photo);
    assert_true(check_gone(&behind, &photo));
    buffer_release(&photo);
    buffer_release(&grown);
}

/* ISO/IEC 23008-12, 6.5.20, and the names of items. */
static void words_in_the_boxes_of_a_heif_are_read(void **state)
{
    (void)state;
    static const char DESCRIPTION[] = "\0\0\0\x2D"
                                      "udes\0\0\0\0en\0Maya Fenwick\0at the fair\0fair\0";
    static const uint8_t NO_KEY[] = "name";
    struct buffer photo;
    struct look l;
    const struct carrier_row *name =
        carrier_row_for(FILE_HEIF, PLACE_HEIF_ITEM_NAME, (struct bytes){NO_KEY, 4});
    if (!hide_canary(name, &photo)) {
        skip();
    }
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    assert_true(says(&l, CARRIER_COMMENT, CANARY));
    look_away(&l);
    size_t meta = child_of(&photo, 0, "meta"), iprp = child_of(&photo, meta + 12, "iprp");
    const size_t around[] = {meta, iprp, child_of(&photo, iprp + 8, "ipco")};
    assert_int_equal(sizeof DESCRIPTION - 1, 0x2D);
    insert_in_meta(&photo, end_of_box(&photo, around[2]), around, 3, DESCRIPTION,
                   sizeof DESCRIPTION - 1);
    look_at(&l, &photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    assert_true(says(&l, CARRIER_COMMENT, "Maya Fenwick"));
    assert_true(says(&l, CARRIER_COMMENT, "at the fair"));
    look_away(&l);
    buffer_release(&photo);
}

/* --- extended XMP --- */

#define SIGNATURE "http://ns.adobe.com/xmp/extension/\0"
#define GUID "0123456789ABCDEF0123456789ABCDEF"

static const char PACKET[] =
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject><rdf:Bag><rdf:li>Ottoline "
    "Marchbanks</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>";

static void add_part(struct buffer *photo, const char *guid, uint32_t length, uint32_t offset,
                     const void *at, size_t n)
{
    struct buffer payload;
    uint8_t numbers[8];
    put_be32(numbers, length);
    put_be32(numbers + 4, offset);
    buffer_init(&payload, TEST_CEILING);
    buffer_add(&payload, SIGNATURE, sizeof SIGNATURE - 1);
    buffer_add(&payload, guid, 32);
    buffer_add(&payload, numbers, sizeof numbers);
    buffer_add(&payload, at, n);
    add_segment(photo, AFTER_SOI, JPEG_APP0 + 1, payload.at, payload.n);
    buffer_release(&payload);
}

enum { N_PACKET = sizeof PACKET - 1, HALF = N_PACKET / 2 };

static void check_extended(const struct buffer *photo, enum carrier_state want)
{
    struct look l;
    look_at(&l, photo);
    check_carrier(&l, CARRIER_XMP_EXTENDED, want);
    assert_int_equal(l.e.n_tags, want == CARRIER_READ);
    look_away(&l);
}

static void extended_xmp_is_put_together_and_read(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 2; first++) { /* in either order */
        struct buffer photo;
        make_photo(FILE_JPEG, &photo);
        for (unsigned k = 0; k < 2; k++) {
            unsigned half = k ^ first;
            add_part(&photo, GUID, N_PACKET, half ? HALF : 0, PACKET + (half ? HALF : 0),
                     half ? N_PACKET - HALF : HALF);
        }
        check_extended(&photo, CARRIER_READ);
        buffer_release(&photo);
    }
}

static void extended_xmp_that_is_not_whole_holds(void **state)
{
    (void)state;
    static const struct {
        const char *guid;
        uint32_t length, offset;
    } SECOND[] = {
        {GUID, N_PACKET, HALF + 1},                           /* a gap */
        {GUID, N_PACKET, HALF - 1},                           /* an overlap */
        {GUID, N_PACKET, 0},                                  /* the first once more */
        {GUID, N_PACKET + 1, HALF},                           /* of another length */
        {"FEDCBA9876543210FEDCBA9876543210", N_PACKET, HALF}, /* of another packet */
        {GUID, 2 * 1024 * 1024, HALF},                        /* too large */
    };
    for (size_t i = 0; i < sizeof SECOND / sizeof SECOND[0]; i++) {
        struct buffer photo;
        make_photo(FILE_JPEG, &photo);
        add_part(&photo, SECOND[i].guid, SECOND[i].length, SECOND[i].offset, PACKET + HALF,
                 N_PACKET - HALF);
        add_part(&photo, GUID, N_PACKET, 0, PACKET, HALF);
        check_extended(&photo, CARRIER_UNPARSABLE);
        buffer_release(&photo);
    }
    struct buffer photo;
    make_photo(FILE_JPEG, &photo);
    add_part(&photo, GUID, N_PACKET, 0, PACKET, HALF); /* the second half is missing */
    check_extended(&photo, CARRIER_UNPARSABLE);
    buffer_release(&photo);
    make_photo(FILE_JPEG, &photo);
    add_segment(&photo, AFTER_SOI, JPEG_APP0 + 1, SIGNATURE, sizeof SIGNATURE - 1);
    add_segment(&photo, AFTER_SOI, JPEG_APP0 + 1, SIGNATURE "x", sizeof SIGNATURE);
    check_extended(&photo, CARRIER_UNPARSABLE);
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
        cmocka_unit_test(what_is_hidden_anywhere_is_found_and_does_not_leave),
        cmocka_unit_test(every_row_says_where_and_by_whom),
        cmocka_unit_test(any_marker_and_any_chunk_has_a_row),
        cmocka_unit_test(markers_without_a_place_are_refused),
        cmocka_unit_test(bytes_behind_the_last_row_of_a_png_are_found_and_do_not_leave),
        cmocka_unit_test(words_in_the_boxes_of_a_heif_are_read),
        cmocka_unit_test(extended_xmp_is_put_together_and_read),
        cmocka_unit_test(extended_xmp_that_is_not_whole_holds),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
