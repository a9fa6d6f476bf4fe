/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a photo gives away beside names and texts, as it is told to people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "examine_photo.h"
#include "image/exif_facts.h"
#include "photogate/wire.h"

static const char *fact_of(const struct look *l, enum fact_id id)
{
    for (size_t i = 0; i < l->e.n_facts; i++) {
        if (l->e.facts[i].id == id) {
            return l->e.facts[i].value.at; /* arena_dup puts a NUL behind it */
        }
    }
    return NULL;
}

/* --- EXIF, built entry by entry --- */

struct tiff {
    uint8_t at[1024];
    size_t n_entries, n_values, gps_at;
};

enum { VALUES_AT = 512 };

static void le16(uint8_t *to, unsigned v)
{
    to[0] = (uint8_t)v;
    to[1] = (uint8_t)(v >> 8);
}

static void le32(uint8_t *to, uint32_t v)
{
    le16(to, v & 0xFFFF);
    le16(to + 2, v >> 16);
}

static void add_entry(struct tiff *t, size_t ifd, size_t i, unsigned tag, unsigned type, uint32_t n,
                      const void *value, size_t n_bytes)
{
    uint8_t *entry = t->at + ifd + 2 + 12 * i;
    le16(entry, tag);
    le16(entry + 2, type);
    le32(entry + 4, n);
    if (n_bytes <= 4) {
        memcpy(entry + 8, value, n_bytes);
    } else {
        le32(entry + 8, (uint32_t)(VALUES_AT + t->n_values));
        memcpy(t->at + VALUES_AT + t->n_values, value, n_bytes);
        t->n_values += (n_bytes + 1) / 2 * 2;
    }
    le16(t->at + ifd, (unsigned)i + 1);
}

static void add_ascii(struct tiff *t, unsigned tag, const char *value)
{
    add_entry(t, 8, t->n_entries++, tag, 2, (uint32_t)strlen(value) + 1, value, strlen(value) + 1);
}

struct position {
    char ref;
    uint32_t parts[6];
};

static void start(struct tiff *t)
{
    *t = (struct tiff){.gps_at = 300};
    memcpy(t->at, "II*\0\10\0\0\0", 8);
}

static void add_gps(struct tiff *t, struct position latitude, struct position longitude,
                    uint32_t error_m)
{
    const struct position *both[] = {&latitude, &longitude};
    uint8_t pointer[4], rationals[24], error[8];
    le32(pointer, (uint32_t)t->gps_at);
    add_entry(t, 8, t->n_entries++, 0x8825, 4, 1, pointer, 4);
    for (size_t k = 0; k < 2; k++) {
        char ref[2] = {both[k]->ref, '\0'};
        for (size_t i = 0; i < 6; i++) {
            le32(rationals + 4 * i, both[k]->parts[i]);
        }
        add_entry(t, t->gps_at, 2 * k, (unsigned)(1 + 2 * k), 2, 2, ref, 2);
        add_entry(t, t->gps_at, 2 * k + 1, (unsigned)(2 + 2 * k), 5, 3, rationals, 24);
    }
    if (error_m) {
        le32(error, error_m);
        le32(error + 4, 1);
        add_entry(t, t->gps_at, 4, 0x1F, 5, 1, error, 8);
    }
}

static void look_at_exif(const struct tiff *t, struct look *l)
{
    struct buffer photo;
    uint8_t payload[6 + sizeof t->at] = "Exif\0";
    memcpy(payload + 6, t->at, sizeof t->at);
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
    add_segment(&photo, AFTER_SOI, 0xE1, payload, sizeof payload);
    look_at(l, &photo);
    buffer_release(&photo);
}

static void a_place_is_told_in_figures(void **state)
{
    (void)state;
    static const struct {
        struct position latitude, longitude;
        uint32_t error_m;
        const char *want;
    } CASES[] = {
        {{'N', {51, 1, 30, 1, 2646, 100}},
         {'W', {0, 1, 7, 1, 39936, 1000}},
         5,
         "51.50735 N, 0.12776 W (within 5 m)"},
        {{'S', {33, 1, 51396, 1000, 0, 1}},
         {'E', {151, 1, 12, 1, 36, 1}},
         0,
         "33.85660 S, 151.21000 E"},
        {{'N', {51, 1, 0, 0, 0, 0}}, {'E', {1, 1, 0, 0, 0, 0}}, 0, "51.00000 N, 1.00000 E"},
        {{'N', {0, 0, 0, 0, 0, 0}}, {'E', {0, 0, 0, 0, 0, 0}}, 0, NULL}, /* no fix */
        {{'N', {0, 1, 0, 1, 0, 1}}, {'E', {0, 1, 0, 1, 0, 1}}, 0, NULL},
        {{'N', {91, 1, 0, 1, 0, 1}}, {'E', {1, 1, 0, 1, 0, 1}}, 0, NULL}, /* nowhere on earth */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct tiff t;
        struct look l;
        start(&t);
        add_gps(&t, CASES[i].latitude, CASES[i].longitude, CASES[i].error_m);
        look_at_exif(&t, &l);
        check_carrier(&l, CARRIER_EXIF_GPS, CARRIER_DROPPED);
        const char *place = fact_of(&l, FACT_PLACE);
        if (CASES[i].want) {
            assert_non_null(place);
            assert_string_equal(place, CASES[i].want);
        } else {
            assert_null(place);
        }
        look_away(&l);
    }
}

static void camera_time_owner_and_serial_number_are_told(void **state)
{
    (void)state;
    struct tiff t;
    struct look l;
    start(&t);
    add_ascii(&t, 0x010F, "Larkfield");
    add_ascii(&t, 0x0110, "Larkfield LF-12");
    add_ascii(&t, 0x0131, "LF Studio 4");
    add_ascii(&t, 0x0132, "2026:11:13 10:30:00");
    add_ascii(&t, 0x013B, "Ottoline Marchbanks");
    add_ascii(&t, 0xC62F, "LF12-004711");
    look_at_exif(&t, &l);
    assert_string_equal(fact_of(&l, FACT_CAMERA), "Larkfield LF-12");
    assert_string_equal(fact_of(&l, FACT_TAKEN), "2026:11:13 10:30:00");
    assert_string_equal(fact_of(&l, FACT_OWNER), "Ottoline Marchbanks");
    assert_string_equal(fact_of(&l, FACT_SERIAL), "LF12-004711");
    assert_string_equal(fact_of(&l, FACT_SOFTWARE), "LF Studio 4");
    assert_null(fact_of(&l, FACT_PLACE));
    look_away(&l);
}

/* A text that would act on a terminal, one without an end, one outside: not told, and nothing is
 * held for it. */
static void what_cannot_be_shown_is_not_told(void **state)
{
    (void)state;
    struct tiff t;
    struct look l;
    start(&t);
    add_ascii(&t, 0x010F, "\x1B[31mred");
    add_entry(&t, 8, t.n_entries++, 0x0110, 2, 0x7FFFFFFF, "long", 4);
    look_at_exif(&t, &l);
    check_carrier(&l, CARRIER_EXIF, CARRIER_READ);
    assert_null(fact_of(&l, FACT_CAMERA));
    look_away(&l);
}

static void xmp_tells_places_and_serial_numbers(void **state)
{
    (void)state;
    static const char SEGMENT[] =
        "http://ns.adobe.com/xap/1.0/\0"
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        "xmlns:exif='http://ns.adobe.com/exif/1.0/' "
        "xmlns:aux='http://ns.adobe.com/exif/1.0/aux/' "
        "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' exif:GPSLatitude='51,30.441N' "
        "exif:GPSLongitude='0,7,39.936W' aux:SerialNumber='LF12-004711' "
        "photoshop:City='Little Wickering'/></rdf:RDF></x:xmpmeta>";
    struct buffer photo;
    struct look l;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
    add_segment(&photo, AFTER_SOI, 0xE1, SEGMENT, sizeof SEGMENT - 1);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_XMP, CARRIER_READ);
    assert_string_equal(fact_of(&l, FACT_PLACE), "51.50735 N, 0.12776 W");
    assert_string_equal(fact_of(&l, FACT_SERIAL), "LF12-004711");
    assert_string_equal(fact_of(&l, FACT_PLACE_NAME), "Little Wickering");
    look_away(&l);
    buffer_release(&photo);
}

static void a_video_behind_the_picture_is_called_one(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *want;
    } CASES[] = {
        {"\0\0\0\30ftypmp42....hdlr....vide....hdlr....soun", 44, "a video with sound, 44 bytes"},
        {"\0\0\0\30ftypmp42....hdlr....vide", 28, "a video without sound, 28 bytes"},
        {"\xFF\xD8\xFF\xE0....", 8, "another picture, 8 bytes"},
        {"notes", 5, "data of an unknown kind, 5 bytes"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer photo;
        struct look l;
        make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
        buffer_add(&photo, CASES[i].bytes, CASES[i].n);
        look_at(&l, &photo);
        assert_string_equal(fact_of(&l, FACT_INSIDE), CASES[i].want);
        look_away(&l);
        buffer_release(&photo);
    }
}

static void more_facts_than_are_told_hold_nothing(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_DONE};
    struct gathering g;
    struct arena a;
    char line[16];
    arena_init(&a, MAX_MESSAGE_BYTES);
    assert_int_equal(gathering_init(&g, &a, &err), STATUS_OK);
    for (unsigned i = 0; i < 2 * MAX_FACTS_FOUND; i++) {
        (void)snprintf(line, sizeof line, "place %u", i);
        gather_fact(&g, CARRIER_XMP, FACT_PLACE_NAME, text_of(line));
        gather_fact(&g, CARRIER_XMP, FACT_PLACE_NAME, text_of(line)); /* told once */
    }
    assert_int_equal(gathering_finish(&g, &e, &err), STATUS_OK);
    assert_int_equal(e.n_facts, MAX_FACTS_FOUND);
    assert_int_equal(e.n_carriers, 0);
    arena_release(&a);
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
        cmocka_unit_test(a_place_is_told_in_figures),
        cmocka_unit_test(camera_time_owner_and_serial_number_are_told),
        cmocka_unit_test(what_cannot_be_shown_is_not_told),
        cmocka_unit_test(xmp_tells_places_and_serial_numbers),
        cmocka_unit_test(a_video_behind_the_picture_is_called_one),
        cmocka_unit_test(more_facts_than_are_told_hold_nothing),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
