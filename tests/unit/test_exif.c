/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metadata_room.h"

#include <libexif/exif-data.h>
#include <libexif/exif-utils.h>

enum { SIGNATURE_BYTES = 6 };

/* An EXIF block as libexif writes it. */
static void put(ExifData *data, ExifIfd ifd, unsigned tag, ExifFormat format, const void *value,
                size_t n)
{
    ExifMem *mem = exif_mem_new_default();
    ExifEntry *entry = exif_entry_new_mem(mem);
    assert_non_null(entry);
    uint8_t *copy = exif_mem_alloc(mem, (ExifLong)n);
    assert_non_null(copy);
    memcpy(copy, value, n);
    entry->tag = (ExifTag)tag;
    entry->format = format;
    entry->components = (unsigned long)(n / exif_format_get_size(format));
    entry->data = copy;
    entry->size = (unsigned)n;
    exif_content_add_entry(data->ifd[ifd], entry);
    exif_mem_unref(mem);
    exif_entry_unref(entry);
}

static void put_ascii(ExifData *data, ExifIfd ifd, unsigned tag, const char *value)
{
    put(data, ifd, tag, EXIF_FORMAT_ASCII, value, strlen(value) + 1);
}

static void put_short(ExifData *data, ExifIfd ifd, unsigned tag, uint16_t value)
{
    uint8_t raw[2];
    exif_set_short(raw, exif_data_get_byte_order(data), value);
    put(data, ifd, tag, EXIF_FORMAT_SHORT, raw, sizeof raw);
}

static ExifData *exif_new(ExifByteOrder order)
{
    ExifData *data = exif_data_new();
    assert_non_null(data);
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_set_byte_order(data, order);
    return data;
}

/* The TIFF structure, in memory of exactly its size. Consumes `data`. */
static struct bytes saved(ExifData *data)
{
    unsigned char *at = NULL;
    unsigned n = 0;
    exif_data_save_data(data, &at, &n);
    exif_data_unref(data);
    assert_true(n > SIGNATURE_BYTES);
    struct bytes tiff = exact(at + SIGNATURE_BYTES, n - SIGNATURE_BYTES);
    free(at);
    return tiff;
}

static const char XP_NAMES[] = "M\0i\0a\0 \0O\0s\0e\0i\0;\0f\0a\0r\0m\0\0";

static struct bytes full_block(ExifByteOrder order)
{
    ExifData *data = exif_new(order);
    put_ascii(data, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, "Year 4 at the farm");
    put_short(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, 6);
    put_ascii(data, EXIF_IFD_0, EXIF_TAG_ARTIST, "Press Pictures");
    put(data, EXIF_IFD_0, EXIF_TAG_COPYRIGHT, EXIF_FORMAT_ASCII, "(c) A\0(c) B", 12);
    put(data, EXIF_IFD_0, EXIF_TAG_XP_KEYWORDS, EXIF_FORMAT_BYTE, XP_NAMES, sizeof XP_NAMES);
    put(data, EXIF_IFD_0, EXIF_TAG_XP_COMMENT, EXIF_FORMAT_BYTE, "w\0i\0t\0h\0 \0Z\0o\0\xEB\0\0",
        18);
    put(data, EXIF_IFD_EXIF, EXIF_TAG_USER_COMMENT, EXIF_FORMAT_UNDEFINED,
        "ASCII\0\0\0Kofi and Mia", 20);
    put(data, EXIF_IFD_EXIF, EXIF_TAG_MAKER_NOTE, EXIF_FORMAT_UNDEFINED, "Panasonic\0\0\0secret",
        18);
    put_ascii(data, EXIF_IFD_EXIF, 0xA430, "School Office");
    put_ascii(data, EXIF_IFD_EXIF, 0xA431, "SN0012345");
    put(data, EXIF_IFD_GPS, 0x0000, EXIF_FORMAT_BYTE, "\2\3\0\0", 4);
    put_ascii(data, EXIF_IFD_GPS, 0x0001, "N");
    return saved(data);
}

static void read_block(struct room *r, struct bytes tiff)
{
    room_open(r);
    assert_int_equal(exif_read(&r->g, tiff, &r->err), STATUS_OK);
}

static void everything_that_matters_is_read_in_both_byte_orders(void **state)
{
    (void)state;
    static const ExifByteOrder ORDERS[] = {EXIF_BYTE_ORDER_INTEL, EXIF_BYTE_ORDER_MOTOROLA};
    for (size_t i = 0; i < 2; i++) {
        struct room r;
        struct bytes tiff = full_block(ORDERS[i]);
        read_block(&r, tiff);
        assert_state(&r, CARRIER_EXIF, CARRIER_READ);
        assert_state(&r, CARRIER_EXIF_TEXT, CARRIER_READ);
        assert_state(&r, CARRIER_EXIF_OWNER, CARRIER_READ);
        assert_state(&r, CARRIER_EXIF_SERIAL, CARRIER_DROPPED);
        assert_state(&r, CARRIER_EXIF_GPS, CARRIER_DROPPED);
        assert_state(&r, CARRIER_EXIF_MAKERNOTE, CARRIER_DROPPED);
        assert_null(room_carrier(&r, CARRIER_EXIF_THUMBNAIL));
        assert_int_equal(r.g.orientation, 6);
        assert_text(r.g.caption, "Year 4 at the farm");
        assert_text(r.g.creator, "Press Pictures");
        assert_text(r.g.copyright, "(c) A; (c) B");
        assert_true(room_has_text(&r, CARRIER_EXIF_TEXT, "Year 4 at the farm"));
        assert_true(room_has_text(&r, CARRIER_EXIF_TEXT, "Kofi and Mia"));
        assert_true(room_has_text(&r, CARRIER_EXIF_TEXT, "with Zo\xC3\xAB"));
        assert_non_null(room_tag(&r, CARRIER_EXIF_TEXT, TAG_KEYWORD, "Mia Osei"));
        assert_non_null(room_tag(&r, CARRIER_EXIF_TEXT, TAG_KEYWORD, "farm"));
        assert_int_equal(r.g.n_tags, 2);
        assert_true(room_has_text(&r, CARRIER_EXIF_OWNER, "School Office"));
        assert_int_equal(r.g.n_texts, 4);
        room_close(&r);
        exact_free(tiff);
    }
}

static void a_cut_block_is_read_whole_or_held(void **state)
{
    (void)state;
    struct bytes whole = full_block(EXIF_BYTE_ORDER_INTEL);
    for (size_t n = 0; n < whole.n; n++) {
        struct room r;
        struct bytes cut = exact(whole.at, n);
        read_block(&r, cut);
        const struct carrier *c = room_carrier(&r, CARRIER_EXIF);
        if (!c) {
            fail_msg("cut at %zu: not recorded", n);
            return;
        }
        if (c->state == CARRIER_READ) {
            assert_int_equal(r.g.n_texts, 4);
            assert_int_equal(r.g.n_tags, 2);
            assert_int_equal(r.g.orientation, 6);
            assert_non_null(room_carrier(&r, CARRIER_EXIF_GPS));
            assert_text(r.g.creator, "Press Pictures");
        } else {
            assert_int_equal(c->state, CARRIER_UNPARSABLE);
        }
        room_close(&r);
        exact_free(cut);
    }
    exact_free(whole);
}

static void a_flipped_byte_never_crashes_the_reader(void **state)
{
    (void)state;
    static const uint8_t FLIPS[] = {0x01, 0x80, 0xFF};
    struct bytes whole = full_block(EXIF_BYTE_ORDER_MOTOROLA);
    for (size_t n = 0; n < whole.n; n++) {
        for (size_t k = 0; k < sizeof FLIPS; k++) {
            struct room r;
            struct buffer bent;
            buffer_init(&bent, whole.n);
            buffer_add(&bent, whole.at, whole.n);
            assert_int_equal(buffer_status(&bent, NULL), STATUS_OK);
            bent.at[n] ^= FLIPS[k];
            read_block(&r, buffer_view(&bent));
            assert_non_null(room_carrier(&r, CARRIER_EXIF));
            room_close(&r);
            buffer_release(&bent);
        }
    }
    exact_free(whole);
}

/* ImageHistory, a receiver's area, and a tag that nobody knows. */
static void a_name_in_any_tag_is_a_text(void **state)
{
    (void)state;
    static const struct {
        ExifIfd ifd;
        uint16_t tag;
        ExifFormat format;
        const char *value;
        unsigned n;
    } CASES[] = {
        {EXIF_IFD_EXIF, 0x9213, EXIF_FORMAT_ASCII, "Mia Osei", 9},
        {EXIF_IFD_EXIF, 0x9213, EXIF_FORMAT_UNDEFINED, "Mia Osei", 8},
        {EXIF_IFD_GPS, 0x001C, EXIF_FORMAT_UNDEFINED, "ASCII\0\0\0Mia Osei", 16},
        {EXIF_IFD_GPS, 0x001C, EXIF_FORMAT_UNDEFINED, "UNICODE\0M\0i\0a\0 \0O\0s\0e\0i\0", 24},
        {EXIF_IFD_GPS, 0x0008, EXIF_FORMAT_ASCII, "Mia Osei", 9},
        {EXIF_IFD_0, 0x010F, EXIF_FORMAT_ASCII, "Mia Osei", 9},
        {EXIF_IFD_0, 0xC123, EXIF_FORMAT_ASCII, "Canon\0Mia Osei", 15},
        {EXIF_IFD_EXIF, 0xA434, EXIF_FORMAT_ASCII, "Mia Osei", 9},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct room r;
        ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
        put_short(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, 1);
        put(data, CASES[i].ifd, (ExifTag)CASES[i].tag, CASES[i].format, CASES[i].value, CASES[i].n);
        struct bytes tiff = saved(data);
        read_block(&r, tiff);
        assert_state(&r, CARRIER_EXIF, CARRIER_READ);
        assert_true(room_has_text(&r, CARRIER_EXIF, "Mia Osei"));
        room_close(&r);
        exact_free(tiff);
    }
}

static void orientation_is_one_to_eight_or_not_given(void **state)
{
    (void)state;
    static const uint16_t VALUES[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 65535};
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        struct room r;
        ExifData *data = exif_new(EXIF_BYTE_ORDER_MOTOROLA);
        put_short(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, VALUES[i]);
        struct bytes tiff = saved(data);
        read_block(&r, tiff);
        assert_state(&r, CARRIER_EXIF, CARRIER_READ);
        assert_int_equal(r.g.orientation, VALUES[i] <= 8 ? VALUES[i] : 0);
        room_close(&r);
        exact_free(tiff);
    }
}

static void two_blocks_that_disagree_about_orientation_are_held(void **state)
{
    (void)state;
    struct room r;
    ExifData *first = exif_new(EXIF_BYTE_ORDER_INTEL), *second = exif_new(EXIF_BYTE_ORDER_INTEL);
    put_short(first, EXIF_IFD_0, EXIF_TAG_ORIENTATION, 6);
    put_short(second, EXIF_IFD_0, EXIF_TAG_ORIENTATION, 3);
    struct bytes a = saved(first), b = saved(second);
    read_block(&r, a);
    assert_int_equal(exif_read(&r.g, a, &r.err), STATUS_OK);
    assert_state(&r, CARRIER_EXIF, CARRIER_READ);
    assert_int_equal(exif_read(&r.g, b, &r.err), STATUS_OK);
    assert_state(&r, CARRIER_EXIF, CARRIER_UNPARSABLE);
    room_close(&r);
    exact_free(a);
    exact_free(b);
}

struct comment_case {
    const char *raw;
    size_t n;
    const char *text; /* NULL: none */
};

static void a_user_comment_is_decoded_by_its_code(void **state)
{
    (void)state;
    static const struct comment_case CASES[] = {
        {"ASCII\0\0\0Zo\xEB Ward\0\0", 18, "Zo\xC3\xAB Ward"},
        {"UNICODE\0Z\0o\0\xEB\0", 14, "Zo\xC3\xAB"},
        {"UNICODE\0\0Z\0o\0\xEB", 14, "Zo\xC3\xAB"},
        {"UNICODE\0\xFE\xFF\0Z\0o", 14, "Zo"},
        {"JIS\0\0\0\0\0\x1B$B;3\x1B(B", 16, "\xE5\xB1\xB1"},
        {"\0\0\0\0\0\0\0\0Mia Osei", 16, "Mia Osei"},
        {"Mia Osei at sea", 15, "Mia Osei at sea"},
        {"ASCII\0\0\0        ", 16, NULL},
        {"\0\0\0\0\0\0\0\0\x14\x01\xFF\xFF", 12, NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct room r;
        ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
        put(data, EXIF_IFD_EXIF, EXIF_TAG_USER_COMMENT, EXIF_FORMAT_UNDEFINED, CASES[i].raw,
            CASES[i].n);
        struct bytes tiff = saved(data);
        read_block(&r, tiff);
        assert_state(&r, CARRIER_EXIF, CARRIER_READ);
        assert_int_equal(r.g.n_texts, CASES[i].text != NULL);
        if (CASES[i].text) {
            assert_text(r.g.texts[0].text, CASES[i].text);
        }
        room_close(&r);
        exact_free(tiff);
    }
}

static void a_text_behind_a_nul_is_found_and_filler_is_not(void **state)
{
    (void)state;
    struct room r;
    ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
    put(data, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, EXIF_FORMAT_ASCII,
        "At sea\0Mia Osei\0\x01\x02\x03\0\xFF\xFF\xAA", 24);
    struct bytes tiff = saved(data);
    read_block(&r, tiff);
    assert_int_equal(r.g.n_texts, 2);
    assert_true(room_has_text(&r, CARRIER_EXIF_TEXT, "Mia Osei"));
    assert_text(r.g.caption, "At sea");
    room_close(&r);
    exact_free(tiff);
}

/* Blocks written byte by byte, little-endian. */
struct writer {
    uint8_t at[4096];
    size_t n;
};

static void w16(struct writer *w, unsigned v)
{
    w->at[w->n++] = (uint8_t)v;
    w->at[w->n++] = (uint8_t)(v >> 8);
}

static void w32(struct writer *w, uint32_t v)
{
    w16(w, v & 0xFFFF);
    w16(w, v >> 16);
}

static void w_entry(struct writer *w, unsigned tag, unsigned type, uint32_t n, uint32_t value)
{
    w16(w, tag);
    w16(w, type);
    w32(w, n);
    w32(w, value);
}

static void w_start(struct writer *w, unsigned n_entries)
{
    *w = (struct writer){.n = 0};
    memcpy(w->at, "II*\0\x08\0\0\0", 8);
    w->n = 8;
    w16(w, n_entries);
}

static void assert_block(struct writer *w, enum carrier_state expected)
{
    struct room r;
    struct bytes tiff = exact(w->at, w->n);
    read_block(&r, tiff);
    assert_state(&r, CARRIER_EXIF, expected);
    room_close(&r);
    exact_free(tiff);
}

static void directories_in_a_loop_are_held(void **state)
{
    (void)state;
    struct writer w;
    w_start(&w, 0);
    w32(&w, 8); /* the next directory is this one */
    assert_block(&w, CARRIER_UNPARSABLE);
    w_start(&w, 1);
    w_entry(&w, 0x8769, 4, 1, 8); /* the EXIF directory is this one */
    w32(&w, 0);
    assert_block(&w, CARRIER_UNPARSABLE);
    w_start(&w, 1);
    w_entry(&w, 0x8769, 4, 1, 26);
    w32(&w, 0);
    w16(&w, 1); /* the EXIF directory points at itself */
    w_entry(&w, 0x8769, 4, 1, 26);
    w32(&w, 0);
    assert_block(&w, CARRIER_UNPARSABLE);
}

static void what_matters_must_lie_inside(void **state)
{
    (void)state;
    static const struct {
        unsigned tag, type;
        uint32_t n, value;
        enum carrier_state expected;
    } CASES[] = {
        {0x010E, 2, 100, 26, CARRIER_UNPARSABLE},         /* description past the end */
        {0x010E, 2, 5, 0xFFFFFFF0, CARRIER_UNPARSABLE},   /* offset near 2^32 */
        {0x010E, 12, 0xFFFFFFFF, 26, CARRIER_UNPARSABLE}, /* size near 2^35 */
        {0x010E, 77, 5, 26, CARRIER_UNPARSABLE},          /* a type that nobody knows */
        {0x010E, 2, 0, 0, CARRIER_READ},                  /* empty */
        {0x8769, 4, 1, 5000, CARRIER_UNPARSABLE},         /* EXIF directory outside */
        {0x8769, 2, 9, 26, CARRIER_UNPARSABLE},           /* EXIF pointer that is a text */
        {0x8825, 4, 1, 5000, CARRIER_READ},               /* location goes anyway */
        {0x927C, 7, 90000, 5000, CARRIER_READ},           /* so do maker notes */
        {0x0201, 4, 1, 5000, CARRIER_READ},               /* and thumbnails */
        {0x0100, 4, 100, 5000, CARRIER_READ},             /* and what nobody reads */
        {0x010E, 129, 4, 0x0061694D, CARRIER_READ},       /* EXIF 3.0's UTF-8 */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct writer w;
        w_start(&w, 1);
        w_entry(&w, CASES[i].tag, CASES[i].type, CASES[i].n, CASES[i].value);
        w32(&w, 0);
        assert_block(&w, CASES[i].expected);
    }
}

static void utf8_of_exif_3_is_read(void **state)
{
    (void)state;
    struct room r;
    struct writer w;
    w_start(&w, 1);
    w_entry(&w, 0x010E, 129, 4, 0x0061694D); /* "Mia" */
    w32(&w, 0);
    read_block(&r, (struct bytes){w.at, w.n});
    assert_text(r.g.caption, "Mia");
    room_close(&r);
}

static void an_entry_given_twice_is_held_unless_it_says_the_same(void **state)
{
    (void)state;
    struct writer w;
    w_start(&w, 2);
    w_entry(&w, 0x010E, 2, 4, 0x0061694D);
    w_entry(&w, 0x010E, 2, 4, 0x0061694D);
    w32(&w, 0);
    assert_block(&w, CARRIER_READ);
    w_start(&w, 2);
    w_entry(&w, 0x010E, 2, 4, 0x0061694D);
    w_entry(&w, 0x010E, 2, 4, 0x0061694E);
    w32(&w, 0);
    assert_block(&w, CARRIER_UNPARSABLE);
}

static void a_location_directory_with_only_its_version_is_no_location(void **state)
{
    (void)state;
    struct room r;
    ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
    put(data, EXIF_IFD_GPS, 0x0000, EXIF_FORMAT_BYTE, "\2\3\0\0", 4);
    struct bytes tiff = saved(data);
    read_block(&r, tiff);
    assert_state(&r, CARRIER_EXIF, CARRIER_READ);
    assert_null(room_carrier(&r, CARRIER_EXIF_GPS));
    room_close(&r);
    exact_free(tiff);
}

static void a_thumbnail_is_recorded(void **state)
{
    (void)state;
    struct room r;
    ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
    put_short(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, 1);
    data->data = malloc(64);
    assert_non_null(data->data);
    memset(data->data, 0xAB, 64);
    data->size = 64;
    struct bytes tiff = saved(data);
    read_block(&r, tiff);
    assert_state(&r, CARRIER_EXIF, CARRIER_READ);
    assert_state(&r, CARRIER_EXIF_THUMBNAIL, CARRIER_DROPPED);
    room_close(&r);
    exact_free(tiff);
}

static void iptc_and_xmp_within_exif_are_read(void **state)
{
    (void)state;
    struct room r;
    ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
    put(data, EXIF_IFD_0, EXIF_TAG_IPTC_NAA, EXIF_FORMAT_UNDEFINED,
        "\x1C\x02\x19\0\x08Mia Osei\0\0\0", 16);
    put(data, EXIF_IFD_0, EXIF_TAG_XML_PACKET, EXIF_FORMAT_BYTE, "<x:broken", 9);
    struct bytes tiff = saved(data);
    read_block(&r, tiff);
    assert_non_null(room_tag(&r, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, "Mia Osei"));
    assert_state(&r, CARRIER_XMP, CARRIER_UNPARSABLE);
    room_close(&r);
    exact_free(tiff);
}

static void a_block_within_itself_ends(void **state)
{
    (void)state;
    /* Photoshop resources with an EXIF block that holds Photoshop resources ... */
    struct bytes inner = full_block(EXIF_BYTE_ORDER_INTEL);
    for (int depth = 0; depth < 6; depth++) {
        struct buffer b;
        buffer_init(&b, 65536);
        buffer_add(&b, "8BIM\x04\x22\0\0", 8);
        const uint8_t size[4] = {0, 0, (uint8_t)(inner.n >> 8), (uint8_t)inner.n};
        buffer_add(&b, size, 4);
        buffer_add(&b, inner.at, inner.n);
        ExifData *data = exif_new(EXIF_BYTE_ORDER_INTEL);
        assert_int_equal(buffer_status(&b, NULL), STATUS_OK);
        put(data, EXIF_IFD_0, EXIF_TAG_IMAGE_RESOURCES, EXIF_FORMAT_UNDEFINED, b.at, b.n);
        exact_free(inner);
        buffer_release(&b);
        inner = saved(data);
    }
    struct room r;
    read_block(&r, inner);
    assert_true(r.g.nesting == 0);
    const struct carrier *exif = room_carrier(&r, CARRIER_EXIF);
    const struct carrier *photoshop = room_carrier(&r, CARRIER_PHOTOSHOP);
    assert_true((exif && exif->state == CARRIER_UNPARSABLE) ||
                (photoshop && photoshop->state == CARRIER_UNPARSABLE));
    room_close(&r);
    exact_free(inner);
}

static void a_block_larger_than_the_library_reads_is_held_when_something_is_lost(void **state)
{
    (void)state;
    struct room r;
    struct buffer b;
    buffer_init(&b, 200000);
    struct writer w;
    w_start(&w, 1);
    w_entry(&w, 0x010E, 2, 9, 100000);
    w32(&w, 0);
    buffer_add(&b, w.at, w.n);
    uint8_t *rest = buffer_extend(&b, 150000);
    assert_non_null(rest);
    memset(rest, 'x', 150000);
    read_block(&r, buffer_view(&b));
    assert_state(&r, CARRIER_EXIF, CARRIER_UNPARSABLE);
    room_close(&r);
    buffer_release(&b);
}

static void what_is_no_tiff_is_held(void **state)
{
    (void)state;
    static const char *const NONE[] = {"", "II", "II*", "MM*\0\0\0\0\x08", "JUNKJUNKJUNK"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        struct room r;
        struct bytes b = exact(NONE[i], strlen(NONE[i]));
        read_block(&r, b);
        assert_state(&r, CARRIER_EXIF, CARRIER_UNPARSABLE);
        room_close(&r);
        exact_free(b);
    }
}

static int prepare(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    return metadata_prepare(&err) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_that_matters_is_read_in_both_byte_orders),
        cmocka_unit_test(a_cut_block_is_read_whole_or_held),
        cmocka_unit_test(a_flipped_byte_never_crashes_the_reader),
        cmocka_unit_test(a_name_in_any_tag_is_a_text),
        cmocka_unit_test(orientation_is_one_to_eight_or_not_given),
        cmocka_unit_test(two_blocks_that_disagree_about_orientation_are_held),
        cmocka_unit_test(a_user_comment_is_decoded_by_its_code),
        cmocka_unit_test(a_text_behind_a_nul_is_found_and_filler_is_not),
        cmocka_unit_test(directories_in_a_loop_are_held),
        cmocka_unit_test(what_matters_must_lie_inside),
        cmocka_unit_test(utf8_of_exif_3_is_read),
        cmocka_unit_test(an_entry_given_twice_is_held_unless_it_says_the_same),
        cmocka_unit_test(a_location_directory_with_only_its_version_is_no_location),
        cmocka_unit_test(a_thumbnail_is_recorded),
        cmocka_unit_test(iptc_and_xmp_within_exif_are_read),
        cmocka_unit_test(a_block_within_itself_ends),
        cmocka_unit_test(a_block_larger_than_the_library_reads_is_held_when_something_is_lost),
        cmocka_unit_test(what_is_no_tiff_is_held),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
