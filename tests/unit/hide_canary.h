/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photo of each format with something hidden in the place of a row of the carrier table. */
#ifndef PHOTOGATE_TESTS_HIDE_CANARY_H
#define PHOTOGATE_TESTS_HIDE_CANARY_H

#include "image/carrier_table.h"
#include "image/tiff_walk.h"
#include "make_foreign.h"

#define CANARY "CANARY of the table"

enum { HIDING_WIDTH = 48, HIDING_HEIGHT = 32, KEY_TYPE_BYTES = 4 };

static const uint8_t *canary(void)
{
    return (const uint8_t *)CANARY;
}

/* What follows the type in a row's key, then the canary. */
static void put_payload(const struct carrier_row *r, size_t n_type, struct buffer *out)
{
    buffer_init(out, TEST_CEILING);
    if (r->key && r->n_key > n_type) {
        buffer_add(out, r->key + n_type, r->n_key - n_type);
    }
    buffer_add(out, CANARY, sizeof CANARY);
}

/* --- JPEG, PNG, WebP --- */

static void hide_in_jpeg(const struct carrier_row *r, struct buffer *photo)
{
    struct buffer payload;
    unsigned marker = r->place ? r->place : JPEG_APP0 + 7u;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .h = 2, .v = 2}, photo);
    put_payload(r, 0, &payload);
    if (r->key) {
        add_segment(photo, AFTER_SOI, (uint8_t)marker, payload.at, payload.n);
    } else {
        buffer_add(photo, payload.at, payload.n);
    }
    buffer_release(&payload);
}

static void hide_in_png(const struct carrier_row *r, struct buffer *photo)
{
    struct png_recipe recipe = {
        .width = 31, .height = 23, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB};
    make_png(recipe, photo);
    if (r->key) {
        add_chunk(photo, AFTER_IHDR, r->n_key ? r->key : "prVt", CANARY, sizeof CANARY);
    } else {
        buffer_add(photo, CANARY, sizeof CANARY);
    }
}

static void hide_in_webp(const struct carrier_row *r, struct buffer *photo)
{
    struct image p = scene_of(HIDING_WIDTH, HIDING_HEIGHT);
    make_webp(&p, false, photo);
    if (r->key) {
        add_webp_chunk(photo, &p, r->n_key ? r->key : "prVt", r->handling == HANDLING_HELD ? 2 : 0,
                       (struct bytes){canary(), sizeof CANARY});
    } else {
        buffer_add(photo, CANARY, sizeof CANARY);
    }
    free(p.at);
}

/* --- TIFF --- */

struct tiff_field {
    uint16_t tag, type;
    uint32_t count, value; /* `value` is where it lies when it is longer than four bytes */
};

static void put_directory(struct buffer *out, const struct tiff_field *fields, size_t n)
{
    uint8_t b[TIFF_ENTRY_BYTES];
    put_le(b, (uint32_t)n, 2);
    buffer_add(out, b, 2);
    for (size_t i = 0; i < n; i++) {
        put_le(b, fields[i].tag, 2);
        put_le(b + 2, fields[i].type, 2);
        put_le(b + 4, fields[i].count, 4);
        put_le(b + 8, fields[i].value, 4);
        buffer_add(out, b, sizeof b);
    }
    put_le(b, 0, 4);
    buffer_add(out, b, 4);
}

static int by_tag(const void *a, const void *b)
{
    const struct tiff_field *x = a, *y = b;
    return (x->tag > y->tag) - (x->tag < y->tag);
}

enum { TIFF_PIXELS_AT = 8, TIFF_EDGE = 16, TIFF_FIELDS = 10, TIFF_CANARY_AT = 8 + 16 * 16 };

/* Sixteen by sixteen, gray, and `extra` if it has a tag. */
static size_t put_tiff_page(struct buffer *out, uint32_t subfile_type, struct tiff_field extra)
{
    struct tiff_field fields[TIFF_FIELDS + 1] = {{254, 4, 1, subfile_type},
                                                 {256, 4, 1, TIFF_EDGE},
                                                 {257, 4, 1, TIFF_EDGE},
                                                 {258, 3, 1, 8},
                                                 {259, 3, 1, 1},
                                                 {262, 3, 1, 1},
                                                 {273, 4, 1, TIFF_PIXELS_AT},
                                                 {277, 3, 1, 1},
                                                 {278, 4, 1, TIFF_EDGE},
                                                 {279, 4, 1, TIFF_EDGE * TIFF_EDGE},
                                                 extra};
    size_t at = out->n, n = extra.tag ? TIFF_FIELDS + 1 : TIFF_FIELDS;
    qsort(fields, n, sizeof fields[0], by_tag);
    put_directory(out, fields, n);
    return at;
}

/* A directory's end says where the next one is. */
static void put_second_page(struct buffer *out, uint32_t subfile_type)
{
    size_t link = out->n - 4;
    put_le(out->at + link, (uint32_t)out->n, 4);
    (void)put_tiff_page(out, subfile_type, (struct tiff_field){0, 0, 0, 0});
}

static struct tiff_field tiff_field_for(const struct carrier_row *r, struct buffer *photo)
{
    enum { ASCII = 2, SHORT = 3, LONG = 4, UNDEFINED = 7, MAKER = 37500, DESCRIPTION = 270 };
    struct tiff_field f = {(uint16_t)r->place, UNDEFINED, sizeof CANARY, TIFF_CANARY_AT};
    switch (r->place) {
    case TIFF_TAG_EXIF_IFD:
    case TIFF_TAG_MAKER_NOTE:
    case TIFF_TAG_GPS_IFD: {
        struct tiff_field inner = {r->place == TIFF_TAG_MAKER_NOTE ? MAKER : 0x9286, UNDEFINED,
                                   sizeof CANARY, TIFF_CANARY_AT};
        if (r->place == TIFF_TAG_GPS_IFD) {
            inner = (struct tiff_field){0x1D, ASCII, sizeof CANARY, TIFF_CANARY_AT};
        }
        f = (struct tiff_field){r->place == TIFF_TAG_GPS_IFD ? TIFF_TAG_GPS_IFD : TIFF_TAG_EXIF_IFD,
                                LONG, 1, (uint32_t)photo->n};
        put_directory(photo, &inner, 1);
        return f;
    }
    case TIFF_TAG_SUB_IFDS:
        return (struct tiff_field){TIFF_TAG_SUB_IFDS, LONG, 1, TIFF_CANARY_AT};
    case PLACE_TIFF_PRIVATE_BYTES:
        f.tag = 50000;
        return f;
    case PLACE_TIFF_PRIVATE_NUMBERS:
        return (struct tiff_field){50000, SHORT, sizeof CANARY / 2, TIFF_CANARY_AT};
    case PLACE_TIFF_SECOND_PICTURE:
    case PLACE_TIFF_FURTHER_PAGE:
        return (struct tiff_field){0, 0, 0, 0};
    case 0:
        return r->key ? (struct tiff_field){DESCRIPTION, ASCII, sizeof CANARY, TIFF_CANARY_AT}
                      : (struct tiff_field){0, 0, 0, 0};
    default:
        return f;
    }
}

static void hide_in_tiff(const struct carrier_row *r, struct buffer *photo)
{
    uint8_t head[TIFF_PIXELS_AT] = {'I', 'I', '*', 0};
    buffer_init(photo, TEST_CEILING);
    buffer_add(photo, head, sizeof head);
    for (unsigned i = 0; i < TIFF_EDGE * TIFF_EDGE; i++) {
        buffer_add_byte(photo, (uint8_t)i);
    }
    buffer_add(photo, CANARY, sizeof CANARY);
    struct tiff_field extra = tiff_field_for(r, photo);
    put_le(photo->at + 4, (uint32_t)put_tiff_page(photo, 0, extra), 4);
    if (r->place == PLACE_TIFF_SECOND_PICTURE || r->place == PLACE_TIFF_FURTHER_PAGE) {
        put_second_page(photo, r->place == PLACE_TIFF_SECOND_PICTURE ? 1 : 0);
    }
    if (!r->key) {
        buffer_add(photo, CANARY, sizeof CANARY);
    }
}

/* --- GIF --- */

static void hide_in_gif(const struct carrier_row *r, struct buffer *photo)
{
    enum { AFTER_COLOURS = 13 + 768, APPLICATION = 0xFF, NAME = 11, NOBODYS_LABEL = 0x77 };
    struct image p = scene_of(HIDING_WIDTH, HIDING_HEIGHT);
    struct buffer block;
    bool is_frame = r->place == PLACE_GIF_FURTHER_PICTURE;
    make_gif(&p, is_frame ? 2 : 1, NULL, photo);
    free(p.at);
    if (!r->key || is_frame) { /* a frame has no room for words */
        buffer_add(photo, CANARY, sizeof CANARY);
        return;
    }
    buffer_init(&block, TEST_CEILING);
    buffer_add_byte(&block, 0x21);
    buffer_add_byte(&block, (uint8_t)(r->place ? r->place : NOBODYS_LABEL));
    if (r->place == APPLICATION) {
        buffer_add_byte(&block, NAME);
        buffer_add(&block, r->n_key ? r->key : "PRIVATE 1.0", NAME);
    }
    bool is_xmp = r->reader == READER_XMP; /* the packet as it is, then the magic trailer */
    if (!is_xmp) {
        buffer_add_byte(&block, sizeof CANARY);
    }
    buffer_add(&block, CANARY, sizeof CANARY);
    for (unsigned i = 0; is_xmp && i < 257; i++) {
        buffer_add_byte(&block, (uint8_t)(i ? 256 - i : 1));
    }
    buffer_add_byte(&block, 0);
    splice(photo, AFTER_COLOURS, block.at, block.n);
    buffer_release(&block);
}

/* --- HEIF --- */

static size_t child_of(const struct buffer *b, size_t from, const char *type)
{
    size_t at = from;
    while (at + 8 <= b->n && memcmp(b->at + at + 4, type, KEY_TYPE_BYTES) != 0) {
        at += bytes_be32(buffer_view(b), at);
    }
    assert(at + 8 <= b->n);
    return at;
}

/* ISO/IEC 14496-12, 8.11.3, as libheif writes it: versions 0 and 1, offsets and lengths of 4 bytes,
 * a base of 4 bytes that is 0. */
static void move_items(struct buffer *b, size_t iloc, uint32_t by)
{
    struct bytes v = buffer_view(b);
    unsigned version = b->at[iloc + 8];
    size_t at = iloc + 14, n = bytes_be16(v, iloc + 14);
    assert(version <= 1 && b->at[iloc + 12] == 0x44 && b->at[iloc + 13] == 0x40);
    at += 2;
    for (size_t i = 0; i < n; i++) {
        bool is_in_idat = version == 1 && (bytes_be16(v, at + 2) & 15) == 1;
        at += version == 1 ? 10 : 8;
        size_t n_extents = bytes_be16(v, at);
        at += 2;
        for (size_t k = 0; k < n_extents; k++, at += 8) {
            if (!is_in_idat) {
                put_be32(b->at + at, bytes_be32(v, at) + by);
            }
        }
    }
}

/* Insert at `at`; the sizes of the boxes around it, and where items lie, are put right. */
static void insert_in_meta(struct buffer *b, size_t at, const size_t *around, size_t n_around,
                           const void *data, size_t n)
{
    splice(b, at, data, n);
    for (size_t i = 0; i < n_around; i++) {
        put_be32(b->at + around[i], bytes_be32(buffer_view(b), around[i]) + (uint32_t)n);
    }
    move_items(b, child_of(b, around[0] + 12, "iloc"), (uint32_t)n);
}

static size_t end_of_box(const struct buffer *b, size_t at)
{
    return at + bytes_be32(buffer_view(b), at);
}

static void hide_in_boxes(const struct carrier_row *r, struct buffer *photo)
{
    enum { MAX_BOX = 256 };
    uint8_t made[MAX_BOX];
    struct buffer payload;
    put_payload(r, KEY_TYPE_BYTES, &payload);
    assert(payload.n + 8 <= MAX_BOX);
    put_be32(made, (uint32_t)payload.n + 8);
    memcpy(made + 4, r->n_key ? r->key : "prVt", KEY_TYPE_BYTES);
    memcpy(made + 8, payload.at, payload.n);
    size_t n = payload.n + 8, meta = child_of(photo, 0, "meta");
    if (r->place == PLACE_HEIF_BOX) {
        buffer_add(photo, made, n);
    } else if (r->place == PLACE_HEIF_META) {
        insert_in_meta(photo, end_of_box(photo, meta), &meta, 1, made, n);
    } else if (r->place == PLACE_HEIF_REFERENCE) {
        const size_t around[] = {meta, child_of(photo, meta + 12, "iref")};
        static const uint8_t FROM_NOBODY[] = {0, 0, 0, 14, 't', 'h', 'm', 'b', 3, 231, 0, 1, 0, 1};
        memcpy(made, FROM_NOBODY, sizeof FROM_NOBODY);
        memcpy(made + 4, r->key, KEY_TYPE_BYTES);
        insert_in_meta(photo, end_of_box(photo, around[1]), around, 2, made, sizeof FROM_NOBODY);
        buffer_add(photo,
                   "\0\0\0\x1C"
                   "free" CANARY,
                   8 + sizeof CANARY);
    } else {
        size_t iprp = child_of(photo, meta + 12, "iprp");
        const size_t around[] = {meta, iprp, child_of(photo, iprp + 8, "ipco")};
        insert_in_meta(photo, end_of_box(photo, around[2]), around, 3, made, n);
    }
    buffer_release(&payload);
}

/* False when this libheif has no encoder. */
static bool hide_in_heif(const struct carrier_row *r, struct buffer *photo)
{
    struct image p = scene_of(HIDING_WIDTH, HIDING_HEIGHT);
    char type[KEY_TYPE_BYTES + 1] = "prVt";
    struct heif_recipe recipe = {.form = heif_compression_HEVC,
                                 .xmp = {(const uint8_t *)"<x/>", 4},
                                 .n_pictures = r->key ? 1 : 2};
    if (r->place == PLACE_HEIF_ITEM && r->n_key) {
        memcpy(type, r->key, KEY_TYPE_BYTES);
    }
    if (r->place == PLACE_HEIF_ITEM) {
        recipe.item_type = type;
        recipe.item_form = r->n_key > KEY_TYPE_BYTES ? r->key + KEY_TYPE_BYTES : NULL;
        recipe.item = (struct bytes){canary(), sizeof CANARY};
    }
    bool done = make_heif(&recipe, &p, photo);
    free(p.at);
    if (done && r->place == PLACE_HEIF_ITEM_NAME) {
        size_t meta = child_of(photo, 0, "meta"), iinf = child_of(photo, meta + 12, "iinf");
        const size_t around[] = {meta, iinf, child_of(photo, iinf + 14, "infe")};
        enum { NAME_AT = 8 + 4 + 2 + 2 + 4 }; /* version 2 */
        insert_in_meta(photo, around[2] + NAME_AT, around, 3, CANARY, sizeof CANARY - 1);
    } else if (done && r->key && r->place != PLACE_HEIF_ITEM) {
        hide_in_boxes(r, photo);
    } else if (done && !r->key) { /* beside the second picture: what is not looked for here */
        buffer_add(photo,
                   "\0\0\0\x1C"
                   "free" CANARY,
                   8 + sizeof CANARY);
    }
    return done;
}

/* False when the format cannot be written here. */
UNUSED_OK static bool hide_canary(const struct carrier_row *r, struct buffer *photo)
{
    switch ((int)r->format) {
    case FILE_JPEG:
        hide_in_jpeg(r, photo);
        return true;
    case FILE_PNG:
        hide_in_png(r, photo);
        return true;
    case FILE_WEBP:
        hide_in_webp(r, photo);
        return true;
    case FILE_TIFF:
        hide_in_tiff(r, photo);
        return true;
    case FILE_GIF:
        hide_in_gif(r, photo);
        return true;
    case FILE_HEIF:
        return hide_in_heif(r, photo);
    default:
        fail_msg("no photo of this format can be made");
        return false;
    }
}

#endif
