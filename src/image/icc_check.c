/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stranger's look at a colour profile: ICC.1:2022, 7.2 (header), 7.3 (tag table), 10 (tag
 * types). Reads bytes only. */
#include "image/icc.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { HEADER_BYTES = 128, ENTRY_BYTES = 12, MAX_TAGS_IN_PROFILE = 17 };

enum tag_form {
    FORM_XYZ = 1,
    FORM_CURVE,
    FORM_MATRIX,
    FORM_TABLE,
    FORM_DESCRIPTION,
    FORM_COPYRIGHT
};

struct tag_row {
    char signature[5];
    enum tag_form form;
};

static const struct tag_row TAG_ROWS[] = {
    {"wtpt", FORM_XYZ},         {"chad", FORM_MATRIX},    {"rXYZ", FORM_XYZ},
    {"gXYZ", FORM_XYZ},         {"bXYZ", FORM_XYZ},       {"rTRC", FORM_CURVE},
    {"gTRC", FORM_CURVE},       {"bTRC", FORM_CURVE},     {"kTRC", FORM_CURVE},
    {"A2B0", FORM_TABLE},       {"A2B1", FORM_TABLE},     {"A2B2", FORM_TABLE},
    {"B2A0", FORM_TABLE},       {"B2A1", FORM_TABLE},     {"B2A2", FORM_TABLE},
    {"desc", FORM_DESCRIPTION}, {"cprt", FORM_COPYRIGHT},
};

/* "photogate" as version 4 writes texts (10.15, multiLocalizedUnicodeType, one record, enUS) ... */
static const uint8_t TEXT_V4[] = {'m', 'l', 'u', 'c', 0,   0,   0,   0,   0, 0,   0, 1,
                                  0,   0,   0,   12,  'e', 'n', 'U', 'S', 0, 0,   0, 18,
                                  0,   0,   0,   28,  0,   'p', 0,   'h', 0, 'o', 0, 't',
                                  0,   'o', 0,   'g', 0,   'a', 0,   't', 0, 'e'};
/* ... and as version 2 does (ICC.1:2001-04, 6.5.17 textDescriptionType, whose Macintosh part is 67
 * + 3 zeros; 6.5.18 textType). */
static const uint8_t DESCRIPTION_V2[120] = {
    'd', 'e', 's', 'c', 0,   0,   0, 0,   0, 0,   0, 10,  'p', 'h', 'o', 't',
    'o', 'g', 'a', 't', 'e', 0,   0, 0,   0, 0,   0, 0,   0,   10,  0,   'p',
    0,   'h', 0,   'o', 0,   't', 0, 'o', 0, 'g', 0, 'a', 0,   't', 0,   'e'};
static const uint8_t COPYRIGHT_V2[] = {'t', 'e', 'x', 't', 0,   0,   0,   0,   'p',
                                       'h', 'o', 't', 'o', 'g', 'a', 't', 'e', 0};

static bool is(struct bytes tag, const uint8_t *want, size_t n)
{
    return tag.n == n && memcmp(tag.at, want, n) == 0;
}

/* 10.6 curveType; 10.18 parametricCurveType: one to seven numbers by its function. */
static bool is_curve(struct bytes tag)
{
    static const size_t PARAMETRIC_BYTES[] = {16, 24, 28, 32, 40};
    if (tag.n < 12) {
        return false;
    }
    if (bytes_start_with(tag, "curv\0\0\0\0", 8)) {
        return tag.n == 12 + 2 * (size_t)bytes_be32(tag, 8);
    }
    unsigned function = bytes_be16(tag, 8);
    return bytes_start_with(tag, "para\0\0\0\0", 8) && bytes_be16(tag, 10) == 0 &&
           function < COUNT(PARAMETRIC_BYTES) && tag.n == PARAMETRIC_BYTES[function];
}

static bool is_table(struct bytes tag)
{
    return bytes_start_with(tag, "mft1\0\0\0\0", 8) || bytes_start_with(tag, "mft2\0\0\0\0", 8) ||
           bytes_start_with(tag, "mAB \0\0\0\0", 8) || bytes_start_with(tag, "mBA \0\0\0\0", 8);
}

static bool has_form(struct bytes tag, enum tag_form form)
{
    switch (form) {
    case FORM_XYZ:
        return tag.n == 20 && bytes_start_with(tag, "XYZ \0\0\0\0", 8);
    case FORM_MATRIX:
        return tag.n == 44 && bytes_start_with(tag, "sf32\0\0\0\0", 8);
    case FORM_CURVE:
        return is_curve(tag);
    case FORM_TABLE:
        return is_table(tag);
    case FORM_DESCRIPTION:
        return is(tag, TEXT_V4, sizeof TEXT_V4) || is(tag, DESCRIPTION_V2, sizeof DESCRIPTION_V2);
    case FORM_COPYRIGHT:
        return is(tag, TEXT_V4, sizeof TEXT_V4) || is(tag, COPYRIGHT_V2, sizeof COPYRIGHT_V2);
    }
    return false;
}

static bool is_zero(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        if (b.at[i] != 0) {
            return false;
        }
    }
    return true;
}

static bool header_is_neutral(struct bytes p)
{
    static const char CLASSES[][5] = {"mntr", "scnr", "prtr", "spac"};
    static const char SPACES[][5] = {"RGB ", "GRAY"}, CONNECTIONS[][5] = {"XYZ ", "Lab "};
    static const uint8_t DATE[] = {0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
    static const uint8_t D50[] = {0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D};
    bool class_known = false, space_known = false, connection_known = false;
    for (size_t i = 0; i < COUNT(CLASSES); i++) {
        class_known = class_known || memcmp(p.at + 12, CLASSES[i], 4) == 0;
    }
    for (size_t i = 0; i < COUNT(SPACES); i++) {
        space_known = space_known || memcmp(p.at + 16, SPACES[i], 4) == 0;
        connection_known = connection_known || memcmp(p.at + 20, CONNECTIONS[i], 4) == 0;
    }
    return bytes_be32(p, 0) == p.n && is_zero(bytes_slice(p, 4, 4)) && p.at[8] >= 2 &&
           p.at[8] <= 4 && is_zero(bytes_slice(p, 10, 2)) && class_known && space_known &&
           connection_known && memcmp(p.at + 24, DATE, sizeof DATE) == 0 &&
           memcmp(p.at + 36, "acsp", 4) == 0 && is_zero(bytes_slice(p, 40, 24)) &&
           bytes_be32(p, 64) <= 3 && memcmp(p.at + 68, D50, sizeof D50) == 0 &&
           is_zero(bytes_slice(p, 80, 48));
}

static const struct tag_row *row_for(const uint8_t *signature)
{
    for (size_t i = 0; i < COUNT(TAG_ROWS); i++) {
        if (memcmp(TAG_ROWS[i].signature, signature, 4) == 0) {
            return &TAG_ROWS[i];
        }
    }
    return NULL;
}

/* Tags stand one behind the other, each padded to four bytes with zeros: no byte is nobody's. */
enum status icc_check(struct bytes p, struct err *err)
{
    if (p.n < HEADER_BYTES + 4 || !header_is_neutral(p)) {
        return err_set(err, STATUS_FORMAT, "the colour profile's header is not neutral");
    }
    size_t n_tags = bytes_be32(p, HEADER_BYTES);
    size_t expected = HEADER_BYTES + 4 + n_tags * ENTRY_BYTES;
    if (n_tags > MAX_TAGS_IN_PROFILE || expected > p.n) {
        return err_set(err, STATUS_FORMAT, "the colour profile has %zu tags", n_tags);
    }
    for (size_t i = 0; i < n_tags; i++) {
        size_t entry = HEADER_BYTES + 4 + i * ENTRY_BYTES;
        const struct tag_row *row = row_for(p.at + entry);
        size_t offset = bytes_be32(p, entry + 4), n = bytes_be32(p, entry + 8);
        if (!row || offset != expected || n > p.n - offset ||
            !has_form(bytes_slice(p, offset, n), row->form)) {
            return err_set(err, STATUS_FORMAT, "tag %zu of the colour profile is not neutral", i);
        }
        expected = offset + (n + 3) / 4 * 4;
        if (expected > p.n || !is_zero(bytes_slice(p, offset + n, expected - offset - n))) {
            return err_set(err, STATUS_FORMAT, "bytes behind tag %zu of the colour profile", i);
        }
    }
    return expected == p.n ? STATUS_OK
                           : err_set(err, STATUS_FORMAT, "bytes at the colour profile's end");
}
