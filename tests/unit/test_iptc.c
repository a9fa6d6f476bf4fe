/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metadata_room.h"

#include <libiptcdata/iptc-data.h>

static void put(IptcData *data, unsigned record, unsigned tag, const char *value, size_t n)
{
    assert_true(iptc_data_add_dataset_with_contents(data, (IptcRecord)record, (IptcTag)tag,
                                                    (const unsigned char *)value, (unsigned)n,
                                                    IPTC_DONT_VALIDATE) >= 0);
}

static void put_text(IptcData *data, unsigned tag, const char *value)
{
    put(data, 2, tag, value, strlen(value));
}

/* The stream as libiptcdata writes it, in memory of exactly its size. Consumes `data`. */
static struct bytes saved(IptcData *data)
{
    unsigned char *at = NULL;
    unsigned n = 0;
    assert_int_equal(iptc_data_save(data, &at, &n), 0);
    struct bytes iim = exact(at, n);
    iptc_data_free_buf(data, at);
    iptc_data_unref(data);
    return iim;
}

static struct bytes full_stream(void)
{
    IptcData *data = iptc_data_new();
    assert_non_null(data);
    put_text(data, 5, "The farm");
    put_text(data, 25, "Mia Osei");
    put_text(data, 25, "sports day");
    put_text(data, 25, "Kofi Mensah;Ana Li");
    put_text(data, 80, "Press Pictures");
    put_text(data, 105, "Year 4 visit");
    put_text(data, 110, "An Agency");
    put_text(data, 116, "(c) Press");
    put_text(data, 120, "Mia feeds a lamb");
    put_text(data, 122, "J. Writer");
    put_text(data, 55, "20260112");
    return saved(data);
}

static void read_stream(struct room *r, struct bytes iim)
{
    room_open(r);
    assert_int_equal(iptc_read(&r->g, iim, &r->err), STATUS_OK);
}

static void everything_that_matters_is_read(void **state)
{
    (void)state;
    struct room r;
    struct bytes iim = full_stream();
    read_stream(&r, iim);
    assert_state(&r, CARRIER_IPTC, CARRIER_READ);
    assert_state(&r, CARRIER_IPTC_KEYWORDS, CARRIER_READ);
    assert_state(&r, CARRIER_IPTC_TEXT, CARRIER_READ);
    assert_int_equal(r.g.n_tags, 4);
    assert_non_null(room_tag(&r, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, "Mia Osei"));
    assert_non_null(room_tag(&r, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, "Kofi Mensah"));
    assert_non_null(room_tag(&r, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, "Ana Li"));
    assert_int_equal(r.g.n_texts, 4);
    assert_true(room_has_text(&r, CARRIER_IPTC_TEXT, "The farm"));
    assert_true(room_has_text(&r, CARRIER_IPTC_TEXT, "Year 4 visit"));
    assert_true(room_has_text(&r, CARRIER_IPTC_TEXT, "J. Writer"));
    assert_text(r.g.caption, "Mia feeds a lamb");
    assert_text(r.g.creator, "Press Pictures; An Agency");
    assert_text(r.g.copyright, "(c) Press");
    room_close(&r);
    exact_free(iim);
}

static void a_cut_or_bent_stream_never_crashes_the_reader(void **state)
{
    (void)state;
    struct bytes whole = full_stream();
    for (size_t n = 0; n < whole.n; n++) {
        struct room r;
        struct bytes cut = exact(whole.at, n);
        read_stream(&r, cut);
        assert_non_null(room_carrier(&r, CARRIER_IPTC));
        room_close(&r);
        exact_free(cut);
        struct buffer bent;
        buffer_init(&bent, whole.n);
        buffer_add(&bent, whole.at, whole.n);
        assert_int_equal(buffer_status(&bent, NULL), STATUS_OK);
        bent.at[n] ^= 0x81;
        read_stream(&r, buffer_view(&bent));
        assert_non_null(room_carrier(&r, CARRIER_IPTC));
        room_close(&r);
        buffer_release(&bent);
    }
    exact_free(whole);
}

static void a_stream_cut_within_a_data_set_is_held(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        size_t n;
        enum carrier_state expected;
    } CASES[] = {
        {"", 0, CARRIER_READ},
        {"\0\0\0", 3, CARRIER_READ},
        {"\x1C\x02\x19\0\x03Mia", 8, CARRIER_READ},
        {"\x1C\x02\x19\0\x03Mia\0\0", 10, CARRIER_READ}, /* padding */
        {"\x1C\x02\x19\0\x03Mi", 7, CARRIER_UNPARSABLE},
        {"\x1C\x02\x19\0", 4, CARRIER_UNPARSABLE},
        {"\x1C", 1, CARRIER_UNPARSABLE},
        {"\x1C\x02\x19\0\x03MiaMia", 11, CARRIER_UNPARSABLE},
        {"\x1C\x02\x19\0\x03Mia\0\x1C\x02\x19\0\x03Ana", 17, CARRIER_UNPARSABLE},
        {"\x1C\x02\x19\x80\x09\0\0\0\0\0\0\0\0\x03Mia", 17, CARRIER_UNPARSABLE},
        {"\x1C\x02\x19\x80\x04\xFF\xFF\xFF\xFFMia", 12, CARRIER_UNPARSABLE},
        {"\x1C\x02\x19\x80\0Mia", 8, CARRIER_UNPARSABLE},
        {"Mia", 3, CARRIER_UNPARSABLE},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct room r;
        struct bytes iim = exact(CASES[i].at, CASES[i].n);
        read_stream(&r, iim);
        assert_state(&r, CARRIER_IPTC, CASES[i].expected);
        room_close(&r);
        exact_free(iim);
    }
}

static void a_long_length_is_followed_or_held(void **state)
{
    (void)state;
    struct room r;
    struct bytes iim = exact("\x1C\x02\x19\x80\x04\0\0\0\x08Mia Osei", 17);
    read_stream(&r, iim);
    const struct carrier *c = room_carrier(&r, CARRIER_IPTC);
    bool is_found = room_tag(&r, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, "Mia Osei") != NULL;
    assert_true(c && (is_found ? c->state == CARRIER_READ : c->state == CARRIER_UNPARSABLE));
    room_close(&r);
    exact_free(iim);
}

struct charset_case {
    const char *charset; /* 1:90; NULL: none */
    const char *raw;
    const char *text; /* NULL: the carrier is held */
};

static void text_is_decoded_by_the_charset_that_is_named(void **state)
{
    (void)state;
    static const struct charset_case CASES[] = {
        {"\x1B%G", "Zo\xC3\xAB Ward", "Zo\xC3\xAB Ward"},
        {NULL, "Zo\xC3\xAB Ward", "Zo\xC3\xAB Ward"},
        {NULL, "Zo\xEB Ward", "Zo\xC3\xAB Ward"},
        {"\x1B.A", "Zo\xEB Ward", "Zo\xC3\xAB Ward"},
        {NULL, "O\x92Neill", "O\xE2\x80\x99Neill"},
        {"\x1B%G", "Ana Zo\xC3", "Ana Zo"}, /* cut within a character */
        {"\x1B%G", "Zo\xEB Ward", NULL},    /* not what it says */
        {"\x1B-L", "\xBC\xD8\xEF", NULL},   /* Cyrillic: not understood */
        {"\x1B-L", "Mia", "Mia"},           /* and not needed */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct room r;
        IptcData *data = iptc_data_new();
        assert_non_null(data);
        if (CASES[i].charset) {
            put(data, 1, 90, CASES[i].charset, strlen(CASES[i].charset));
        }
        put_text(data, 25, CASES[i].raw);
        struct bytes iim = saved(data);
        read_stream(&r, iim);
        assert_state(&r, CARRIER_IPTC, CASES[i].text ? CARRIER_READ : CARRIER_UNPARSABLE);
        assert_int_equal(r.g.n_tags, CASES[i].text != NULL);
        if (CASES[i].text) {
            assert_text(r.g.tags[0].name, CASES[i].text);
        }
        room_close(&r);
        exact_free(iim);
    }
}

static void thousands_of_keywords_are_held(void **state)
{
    (void)state;
    struct room r;
    struct buffer b;
    buffer_init(&b, 1u << 20);
    for (unsigned i = 0; i < 10000; i++) {
        buffer_add(&b, "\x1C\x02\x19\0\x06", 5);
        buffer_format(&b, "k%05u", i);
    }
    assert_int_equal(buffer_status(&b, NULL), STATUS_OK);
    read_stream(&r, buffer_view(&b));
    assert_state(&r, CARRIER_IPTC, CARRIER_UNPARSABLE);
    room_close(&r);
    read_stream(&r, bytes_slice(buffer_view(&b), 0, (size_t)600 * 11));
    assert_state(&r, CARRIER_IPTC_KEYWORDS, CARRIER_UNPARSABLE);
    assert_int_equal(r.g.n_tags, MAX_TAGS);
    room_close(&r);
    buffer_release(&b);
}

static void a_very_long_keyword_is_held(void **state)
{
    (void)state;
    struct room r;
    struct buffer b;
    buffer_init(&b, 1u << 16);
    buffer_add(&b, "\x1C\x02\x19\x20\x00", 5); /* 8192 bytes */
    uint8_t *room = buffer_extend(&b, 8192);
    assert_non_null(room);
    memset(room, 'x', 8192);
    read_stream(&r, buffer_view(&b));
    assert_state(&r, CARRIER_IPTC_KEYWORDS, CARRIER_UNPARSABLE);
    assert_int_equal(r.g.n_tags, 0);
    room_close(&r);
    buffer_release(&b);
}

static void add_block(struct buffer *b, unsigned id, const char *name, struct bytes data)
{
    const uint8_t head[] = {'8', 'B', 'I', 'M', (uint8_t)(id >> 8), (uint8_t)id};
    const uint8_t size[] = {(uint8_t)(data.n >> 24), (uint8_t)(data.n >> 16),
                            (uint8_t)(data.n >> 8), (uint8_t)data.n};
    size_t n = strlen(name);
    buffer_add(b, head, sizeof head);
    buffer_add_byte(b, (uint8_t)n);
    buffer_add(b, name, n);
    if (n % 2 == 0) {
        buffer_add_byte(b, 0);
    }
    buffer_add(b, size, sizeof size);
    buffer_add(b, data.at, data.n);
    if (data.n % 2) {
        buffer_add_byte(b, 0);
    }
}

static void photoshop_resources_lead_to_iptc(void **state)
{
    (void)state;
    struct room r;
    struct buffer b;
    struct bytes iim = full_stream();
    buffer_init(&b, 1u << 16);
    add_block(&b, 0x040C, "", (struct bytes){(const uint8_t *)"thumb", 5});
    add_block(&b, 0x03ED, "resolution", (struct bytes){(const uint8_t *)"72", 2});
    add_block(&b, 0x0404, "odd", iim);
    room_open(&r);
    assert_int_equal(photoshop_read(&r.g, buffer_view(&b), &r.err), STATUS_OK);
    assert_state(&r, CARRIER_PHOTOSHOP, CARRIER_DROPPED);
    assert_state(&r, CARRIER_IPTC, CARRIER_READ);
    assert_int_equal(r.g.n_tags, 4);
    assert_int_equal(r.g.nesting, 0);
    room_close(&r);
    /* Cut anywhere, also within the IPTC block: held, unless nothing but padding is gone or the cut
     * lies between blocks. */
    for (size_t n = 0; n < b.n; n++) {
        struct bytes cut = exact(b.at, n);
        room_open(&r);
        assert_int_equal(photoshop_read(&r.g, cut, &r.err), STATUS_OK);
        const struct carrier *c = room_carrier(&r, CARRIER_PHOTOSHOP);
        assert_true(c && (c->state == CARRIER_UNPARSABLE || c->state == CARRIER_DROPPED));
        assert_true((r.g.n_tags > 0) == (c && n >= b.n - iim.n % 2 && c->state == CARRIER_DROPPED));
        room_close(&r);
        exact_free(cut);
    }
    buffer_release(&b);
    exact_free(iim);
}

static void what_is_no_resource_is_held(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        size_t n;
    } CASES[] = {
        {"8BIX\x04\x04\0\0\0\0\0\0", 12},         {"8BIM\x04\x04\xFF\0\0\0\0\0", 12},
        {"8BIM\x04\x04\0\0\xFF\xFF\xFF\xFF", 12}, {"8BIM\x04\x04", 6},
        {"8BIM\x04\x09\0\0\0\0\0\0junk", 16},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct room r;
        struct bytes b = exact(CASES[i].at, CASES[i].n);
        room_open(&r);
        assert_int_equal(photoshop_read(&r.g, b, &r.err), STATUS_OK);
        assert_state(&r, CARRIER_PHOTOSHOP, CARRIER_UNPARSABLE);
        room_close(&r);
        exact_free(b);
    }
}

/* 2:20 supplemental category, 2:26 and 2:27 content location, 2:92 sub-location, 2:118 contact,
 * 2:121 local caption, 2:255 catalogue sets, and one that IIM does not have. */
static void a_name_in_any_data_set_is_a_text(void **state)
{
    (void)state;
    static const uint8_t SETS[] = {20, 26, 27, 92, 118, 121, 255, 199};
    for (size_t i = 0; i < sizeof SETS; i++) {
        static const char VALUE[] = "Mia Osei";
        uint8_t iim[5 + sizeof VALUE - 1] = {0x1C, 2, SETS[i], 0, sizeof VALUE - 1};
        struct room r;
        memcpy(iim + 5, VALUE, sizeof VALUE - 1);
        struct bytes b = exact(iim, sizeof iim);
        read_stream(&r, b);
        assert_state(&r, CARRIER_IPTC, CARRIER_READ);
        assert_true(room_has_text(&r, CARRIER_IPTC, VALUE));
        room_close(&r);
        exact_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_that_matters_is_read),
        cmocka_unit_test(a_cut_or_bent_stream_never_crashes_the_reader),
        cmocka_unit_test(a_stream_cut_within_a_data_set_is_held),
        cmocka_unit_test(a_long_length_is_followed_or_held),
        cmocka_unit_test(text_is_decoded_by_the_charset_that_is_named),
        cmocka_unit_test(thousands_of_keywords_are_held),
        cmocka_unit_test(a_very_long_keyword_is_held),
        cmocka_unit_test(photoshop_resources_lead_to_iptc),
        cmocka_unit_test(what_is_no_resource_is_held),
        cmocka_unit_test(a_name_in_any_data_set_is_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
