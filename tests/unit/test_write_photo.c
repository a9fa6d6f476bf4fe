/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photos that other tests run on: what a specification asks for stands in the file, as the
 * libraries read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <exempi/xmp.h>
#include <jpeglib.h>
#include <libexif/exif-data.h>
#include <libiptcdata/iptc-data.h>
#include <libiptcdata/iptc-jpeg.h>
#include <png.h>

#include "../../fixtures/write_photo.h"

enum { WIDTH_PX = 48, HEIGHT_PX = 32, MAX_PHOTO = 1 << 20 };

static const char NS_REGIONS[] = "http://www.metadataworkinggroup.com/schemas/regions/";
static const char NS_PERSON[] = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
static const char NS_TITLES[] = "http://purl.org/dc/elements/1.1/";

/* Four quarters of known colours: red, green over blue, white. */
static struct drawing quarters(void)
{
    struct drawing d = {malloc((size_t)WIDTH_PX * HEIGHT_PX * 3), WIDTH_PX, HEIGHT_PX};
    static const uint8_t COLOURS[4][3] = {
        {220, 20, 20}, {20, 200, 20}, {20, 20, 220}, {240, 240, 240}};
    assert_non_null(d.rgb);
    for (size_t i = 0; i < (size_t)WIDTH_PX * HEIGHT_PX; i++) {
        size_t x = i % WIDTH_PX, y = i / WIDTH_PX;
        memcpy(d.rgb + 3 * i, COLOURS[(x >= WIDTH_PX / 2) + 2 * (y >= HEIGHT_PX / 2)], 3);
    }
    return d;
}

static const char *const PEOPLE[] = {"Ada Brook", "Zoë O'Hara", NULL};
static const char *const KEYWORDS[] = {"sports day", "Year 4", NULL};
static const struct photo_region REGIONS[] = {
    {.name = "Ada Brook", .box = {6, 4, 12, 8}},
    {.name = NULL, .box = {30, 4, 12, 8}},
    {.name = "Rex", .type = "Pet", .box = {0, 16, 24, 16}},
};

static struct photo_spec full(const struct drawing *d)
{
    return (struct photo_spec){
        .picture = d,
        .exif = {.make = "Acme",
                 .model = "Snapper 5",
                 .serial = "SN-0042",
                 .taken = "2024:06:14 10:30:00",
                 .artist = "P. Hotographer",
                 .copyright = "(c) Acme",
                 .description = "Ada at sports day",
                 .user_comment = "a comment",
                 .has_place = true,
                 .latitude = 51.5,
                 .longitude = -0.125,
                 .maker_note = "ACME face: Ada",
                 .thumbnail = d},
        .xmp = {.regions = REGIONS,
                .n_regions = 3,
                .people = PEOPLE,
                .keywords = KEYWORDS,
                .title = "Sports day",
                .description = "Ada runs",
                .creator = "P. Hotographer",
                .rights = "(c) Acme"},
        .iptc = {.caption = "Ada in IPTC", .by_line = "P. Hotographer", .keywords = KEYWORDS},
        .comment = "a comment in COM",
    };
}

static struct buffer written(const struct photo_spec *spec)
{
    struct buffer out;
    struct err err = {.status = STATUS_BUG};
    buffer_init(&out, MAX_PHOTO);
    if (photo_write(spec, &out, &err) != STATUS_OK) {
        fail_msg("%s", err.text);
    }
    return out;
}

/* The first segment of this marker whose contents start so; jpeglib reads. Owned. */
static struct bytes segment(const struct buffer *jpeg, int marker, const void *start, size_t n)
{
    struct jpeg_decompress_struct c;
    struct jpeg_error_mgr manager;
    struct bytes found = {NULL, 0};
    c.err = jpeg_std_error(&manager);
    jpeg_create_decompress(&c);
    jpeg_mem_src(&c, jpeg->at, jpeg->n);
    jpeg_save_markers(&c, marker, 0xffff);
    assert_int_equal(jpeg_read_header(&c, TRUE), JPEG_HEADER_OK);
    for (jpeg_saved_marker_ptr m = c.marker_list; m && !found.at; m = m->next) {
        if (m->data_length >= n && memcmp(m->data, start, n) == 0) {
            uint8_t *copy = malloc(m->data_length);
            assert_non_null(copy);
            memcpy(copy, m->data, m->data_length);
            found = (struct bytes){copy, m->data_length};
        }
    }
    jpeg_destroy_decompress(&c);
    assert_non_null(found.at);
    return found;
}

static void let_go(struct bytes b)
{
    free((void *)(uintptr_t)b.at);
}

static void exif_text_is(ExifData *d, ExifIfd ifd, ExifTag tag, const char *expected)
{
    ExifEntry *e = exif_content_get_entry(d->ifd[ifd], tag);
    assert_non_null(e);
    assert_int_equal(e->size, strlen(expected) + 1);
    assert_memory_equal(e->data, expected, e->size);
}

static void exif_reads_back(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = full(&d);
    struct buffer jpeg = written(&spec);
    ExifData *e = exif_data_new_from_data(jpeg.at, (unsigned)jpeg.n);
    assert_non_null(e);
    exif_text_is(e, EXIF_IFD_0, EXIF_TAG_MAKE, "Acme");
    exif_text_is(e, EXIF_IFD_0, EXIF_TAG_MODEL, "Snapper 5");
    exif_text_is(e, EXIF_IFD_0, EXIF_TAG_ARTIST, "P. Hotographer");
    exif_text_is(e, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, "Ada at sports day");
    exif_text_is(e, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, "2024:06:14 10:30:00");
    exif_text_is(e, EXIF_IFD_EXIF, EXIF_TAG_BODY_SERIAL_NUMBER, "SN-0042");
    exif_text_is(e, EXIF_IFD_GPS, EXIF_TAG_GPS_LONGITUDE_REF, "W");
    ExifEntry *place = exif_content_get_entry(e->ifd[EXIF_IFD_GPS], EXIF_TAG_GPS_LATITUDE);
    assert_non_null(place);
    assert_int_equal(place->components, 3);
    ExifRational minutes = exif_get_rational(place->data + 8, exif_data_get_byte_order(e));
    assert_int_equal(minutes.numerator, 30);
    ExifEntry *note = exif_content_get_entry(e->ifd[EXIF_IFD_EXIF], EXIF_TAG_MAKER_NOTE);
    assert_non_null(note);
    assert_memory_equal(note->data, "ACME face: Ada", 14);
    assert_true(e->size > 4 && e->data[0] == 0xff && e->data[1] == 0xd8); /* thumbnail */
    exif_data_unref(e);
    buffer_release(&jpeg);
    drawing_release(&d);
}

static void xmp_is(XmpPtr x, const char *ns, const char *path, const char *expected)
{
    XmpStringPtr s = xmp_string_new();
    if (!xmp_get_property(x, ns, path, s, NULL)) {
        fail_msg("no %s", path);
    }
    assert_string_equal(xmp_string_cstr(s), expected);
    xmp_string_free(s);
}

static void xmp_reads_back(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = full(&d);
    struct buffer jpeg = written(&spec);
    static const char NAME[] = "http://ns.adobe.com/xap/1.0/";
    struct bytes app1 = segment(&jpeg, JPEG_APP0 + 1, NAME, sizeof NAME);
    assert_true(xmp_init());
    XmpPtr x = xmp_new((const char *)app1.at + sizeof NAME, app1.n - sizeof NAME);
    assert_non_null(x);
    xmp_is(x, NS_TITLES, "dc:subject[2]", "Year 4");
    xmp_is(x, NS_TITLES, "dc:creator[1]", "P. Hotographer");
    xmp_is(x, NS_TITLES, "dc:description[1]", "Ada runs");
    xmp_is(x, NS_PERSON, "Iptc4xmpExt:PersonInImage[2]", "Zoë O'Hara");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Name", "Ada Brook");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Type", "Face");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Area/stArea:x", "0.250000");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Area/stArea:h", "0.250000");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[3]/mwg-rs:Type", "Pet");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:AppliedToDimensions/stDim:w", "48");
    XmpStringPtr s = xmp_string_new();
    assert_false(xmp_get_property(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[2]/mwg-rs:Name",
                                  s, NULL));
    xmp_string_free(s);
    xmp_free(x);
    let_go(app1);
    buffer_release(&jpeg);
    drawing_release(&d);
}

static void iptc_reads_back(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = full(&d);
    struct buffer jpeg = written(&spec);
    struct bytes app13 = segment(&jpeg, JPEG_APP0 + 13, "Photoshop 3.0", 14);
    unsigned n = 0;
    int at = iptc_jpeg_ps3_find_iptc(app13.at, (unsigned)app13.n, &n);
    assert_true(at > 0 && n > 0);
    IptcData *data = iptc_data_new_from_data(app13.at + at, n);
    assert_non_null(data);
    IptcDataSet *caption = iptc_data_get_dataset(data, IPTC_RECORD_APP_2, IPTC_TAG_CAPTION);
    assert_non_null(caption);
    assert_int_equal(caption->size, strlen("Ada in IPTC"));
    assert_memory_equal(caption->data, "Ada in IPTC", caption->size);
    iptc_dataset_unref(caption);
    IptcDataSet *keyword = iptc_data_get_dataset(data, IPTC_RECORD_APP_2, IPTC_TAG_KEYWORDS);
    assert_non_null(keyword);
    assert_memory_equal(keyword->data, "sports day", keyword->size);
    iptc_dataset_unref(keyword);
    assert_int_equal(iptc_data_get_encoding(data), IPTC_ENCODING_UTF8);
    iptc_data_unref(data);
    let_go(app13);
    buffer_release(&jpeg);
    drawing_release(&d);
}

static void a_comment_stands_in_com(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = full(&d);
    struct buffer jpeg = written(&spec);
    struct bytes com = segment(&jpeg, JPEG_COM, "a comment in COM", 16);
    assert_int_equal(com.n, 16);
    let_go(com);
    buffer_release(&jpeg);
    drawing_release(&d);
}

/* Which quarter of the drawing is at the stored top left: its colour, by the side EXIF's table 4
 * says the 0th row and column are. */
static void pictures_are_stored_as_their_orientation_says(void **state)
{
    (void)state;
    static const int TOP_LEFT[9] = {0, 0, 1, 3, 2, 0, 1, 3, 2};
    static const int TOP_RIGHT[9] = {1, 1, 0, 2, 3, 2, 3, 1, 0};
    struct drawing d = quarters();
    for (unsigned o = 1; o <= 8; o++) {
        struct photo_spec spec = {.picture = &d, .orientation = o, .is_png = true};
        struct buffer png = written(&spec);
        png_image image = {.version = PNG_IMAGE_VERSION};
        assert_true(png_image_begin_read_from_memory(&image, png.at, png.n));
        image.format = PNG_FORMAT_RGB;
        uint8_t *rgb = malloc(PNG_IMAGE_SIZE(image));
        assert_non_null(rgb);
        assert_true(png_image_finish_read(&image, NULL, rgb, 0, NULL));
        assert_int_equal(image.width, o >= 5 ? HEIGHT_PX : WIDTH_PX);
        const size_t corner[4] = {0, WIDTH_PX - 1, (size_t)WIDTH_PX * (HEIGHT_PX - 1),
                                  (size_t)WIDTH_PX * HEIGHT_PX - 1};
        assert_memory_equal(rgb, d.rgb + 3 * corner[TOP_LEFT[o]], 3);
        assert_memory_equal(rgb + 3 * (image.width - 1), d.rgb + 3 * corner[TOP_RIGHT[o]], 3);
        free(rgb);
        buffer_release(&png);
    }
    drawing_release(&d);
}

/* Orientation 6: the stored picture lies on its left side, and so does the region. */
static void regions_are_of_the_stored_picture(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = {
        .picture = &d, .orientation = 6, .xmp = {.regions = REGIONS, .n_regions = 1}};
    struct buffer packet;
    struct err err = {.status = STATUS_BUG};
    buffer_init(&packet, MAX_PHOTO);
    assert_int_equal(photo_xmp(&spec, &packet, &err), STATUS_OK);
    assert_true(xmp_init());
    XmpPtr x = xmp_new((const char *)packet.at, packet.n);
    assert_non_null(x);
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Area/stArea:x", "0.250000");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Area/stArea:y", "0.750000");
    xmp_is(x, NS_REGIONS, "mwg-rs:Regions/mwg-rs:AppliedToDimensions/stDim:w", "32");
    xmp_free(x);
    buffer_release(&packet);
    drawing_release(&d);
}

static void a_png_carries_exif_xmp_and_comment(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = full(&d);
    spec.is_png = true;
    memset(&spec.iptc, 0, sizeof spec.iptc);
    struct buffer png = written(&spec);
    assert_non_null(memmem(png.at, png.n, "eXIfII*", 7));
    assert_non_null(memmem(png.at, png.n, "iTXtXML:com.adobe.xmp", 21));
    assert_non_null(memmem(png.at, png.n, "tEXtComment", 11));
    buffer_release(&png);

    spec = full(&d); /* IPTC has no place in a PNG */
    spec.is_png = true;
    struct err err = {.status = STATUS_BUG};
    buffer_init(&png, MAX_PHOTO);
    assert_int_equal(photo_write(&spec, &png, &err), STATUS_BUG);
    buffer_release(&png);
    drawing_release(&d);
}

static void a_plain_photo_carries_nothing(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = {.picture = &d};
    struct buffer jpeg = written(&spec);
    assert_null(memmem(jpeg.at, jpeg.n, "Exif", 4));
    assert_null(memmem(jpeg.at, jpeg.n, "ns.adobe.com", 12));
    assert_null(memmem(jpeg.at, jpeg.n, "Photoshop", 9));
    assert_memory_equal(jpeg.at + jpeg.n - 2, "\xff\xd9", 2);
    buffer_release(&jpeg);

    spec.after_end = (struct bytes){(const uint8_t *)"behind", 6};
    jpeg = written(&spec);
    assert_memory_equal(jpeg.at + jpeg.n - 8,
                        "\xff\xd9"
                        "behind",
                        8);
    buffer_release(&jpeg);
    drawing_release(&d);
}

static void the_same_specification_gives_the_same_bytes(void **state)
{
    (void)state;
    struct drawing d = quarters();
    struct photo_spec spec = full(&d);
    struct buffer a = written(&spec), b = written(&spec);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.at, b.at, a.n);
    buffer_release(&a);
    buffer_release(&b);
    drawing_release(&d);
}

static void metadata_over_a_segment_is_refused(void **state)
{
    (void)state;
    struct drawing d = quarters();
    char *long_text = malloc(70001);
    assert_non_null(long_text);
    memset(long_text, 'x', 70000);
    long_text[70000] = 0;
    struct photo_spec spec = {.picture = &d, .comment = long_text};
    struct buffer out;
    struct err err = {.status = STATUS_BUG};
    buffer_init(&out, MAX_PHOTO);
    assert_int_equal(photo_write(&spec, &out, &err), STATUS_LIMIT);
    err_clear(&err);
    spec = (struct photo_spec){.picture = &d, .iptc = {.caption = long_text}};
    assert_int_not_equal(photo_write(&spec, &out, &err), STATUS_OK);
    assert_int_equal(out.n, 0);
    buffer_release(&out);
    err_clear(&err);
    buffer_init(&out, 100);
    spec = (struct photo_spec){.picture = &d};
    assert_int_equal(photo_write(&spec, &out, &err), STATUS_LIMIT);
    buffer_release(&out);
    free(long_text);
    drawing_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exif_reads_back),
        cmocka_unit_test(xmp_reads_back),
        cmocka_unit_test(iptc_reads_back),
        cmocka_unit_test(a_comment_stands_in_com),
        cmocka_unit_test(pictures_are_stored_as_their_orientation_says),
        cmocka_unit_test(regions_are_of_the_stored_picture),
        cmocka_unit_test(a_png_carries_exif_xmp_and_comment),
        cmocka_unit_test(a_plain_photo_carries_nothing),
        cmocka_unit_test(the_same_specification_gives_the_same_bytes),
        cmocka_unit_test(metadata_over_a_segment_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
