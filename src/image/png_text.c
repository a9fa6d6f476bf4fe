/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of a PNG: plain ones, XMP, and the hexadecimal profiles that ImageMagick and its kin write
 * for want of an eXIf chunk. */
#include <string.h>

#include "image/png_inventory.h"
#include "photogate/limits.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MAX_PROFILE_BYTES = 4 * 1024 * 1024 };

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* "\nexif\n      1234\n" and then pairs of digits in lines of 72. */
static bool unhex(struct text value, struct buffer *out)
{
    struct text rest, length;
    uint64_t n;
    if (value.n == 0 || value.at[0] != '\n') {
        return false;
    }
    (void)text_cut(text_slice(value, 1, value.n), '\n', &rest);
    length = text_trim(text_cut(rest, '\n', &rest));
    if (!text_to_number(length, MAX_PROFILE_BYTES, &n)) {
        return false;
    }
    int high = -1;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.at[i];
        int digit = hex_value(c);
        if (digit < 0 && c != '\n' && c != '\r' && c != ' ' && c != '\0') {
            return false;
        }
        if (digit >= 0 && high < 0) {
            high = digit;
        } else if (digit >= 0) {
            buffer_add_byte(out, (uint8_t)(high << 4 | digit));
            high = -1;
        }
    }
    return high < 0 && out->n == n;
}

static enum status read_exif(struct gathering *g, struct bytes b, struct err *err)
{
    static const char XMP[] = "http://ns.adobe.com/xap/1.0/";
    if (bytes_start_with(b, XMP, sizeof XMP)) { /* an APP1 segment may be either */
        return xmp_read(g, CARRIER_XMP, bytes_slice(b, sizeof XMP, b.n), err);
    }
    bool has_signature = bytes_start_with(b, "Exif\0\0", 6);
    return exif_read(g, has_signature ? bytes_slice(b, 6, b.n) : b, err);
}

static enum status read_iptc(struct gathering *g, struct bytes b, struct err *err)
{
    static const char PHOTOSHOP[] = "Photoshop 3.0";
    if (bytes_start_with(b, PHOTOSHOP, sizeof PHOTOSHOP)) {
        b = bytes_slice(b, sizeof PHOTOSHOP, b.n);
    }
    return bytes_start_with(b, "8BIM", 4) ? photoshop_read(g, b, err) : iptc_read(g, b, err);
}

static enum status read_xmp(struct gathering *g, struct bytes b, struct err *err)
{
    return xmp_read(g, CARRIER_XMP, b, err);
}

static enum status read_icc(struct gathering *g, struct bytes b, struct err *err)
{
    (void)err;
    gather_carrier(g, CARRIER_ICC, CARRIER_DROPPED, b.n, "");
    return STATUS_OK;
}

struct profile_row {
    const char *name; /* after "Raw profile type ", any case */
    enum status (*read)(struct gathering *g, struct bytes b, struct err *err);
};

static const struct profile_row PROFILE_ROWS[] = {
    {"exif", read_exif}, {"APP1", read_exif}, {"iptc", read_iptc}, {"8bim", read_iptc},
    {"xmp", read_xmp},   {"icc", read_icc},   {"icm", read_icc},
};

static enum status note_profile(struct gathering *g, struct text name, struct text value,
                                struct err *err)
{
    const struct profile_row *row = NULL;
    for (size_t i = 0; i < COUNT(PROFILE_ROWS) && !row; i++) {
        if (text_equal_nocase(name, text_of(PROFILE_ROWS[i].name))) {
            row = &PROFILE_ROWS[i];
        }
    }
    struct buffer bytes;
    buffer_init(&bytes, MAX_PROFILE_BYTES);
    bool read = row && unhex(value, &bytes) && bytes.failed == STATUS_OK;
    enum status st = STATUS_OK;
    if (bytes.failed == STATUS_NOMEM) {
        st = buffer_status(&bytes, err);
    } else if (read) {
        gather_carrier(g, CARRIER_PNG_TEXT, CARRIER_READ, value.n, "");
        st = row->read(g, buffer_view(&bytes), err);
    } else {
        gather_carrier(g, CARRIER_PNG_TEXT, CARRIER_UNPARSABLE, value.n,
                       "a raw profile of an unknown form");
    }
    buffer_release(&bytes);
    return st;
}

/* 11.3.3.2: tEXt and zTXt are ISO 8859-1, whose 256 codes are Unicode's first. */
static enum status note_latin1(struct gathering *g, struct text key, struct text value,
                               struct err *err)
{
    struct buffer utf8;
    buffer_init(&utf8, (size_t)2 * MAX_PNG_CHUNK_BYTES + 256);
    for (size_t i = 0; i < value.n; i++) {
        text_append_codepoint(&utf8, (unsigned char)value.at[i]);
    }
    enum status st = buffer_status(&utf8, err);
    if (st == STATUS_OK) {
        struct text t = {(const char *)utf8.at, utf8.n};
        st = text_read(g, CARRIER_PNG_TEXT, key, t, err);
    }
    buffer_release(&utf8);
    return st;
}

enum status png_text_note(struct gathering *g, struct text key, struct text value, bool is_utf8,
                          struct err *err)
{
    const struct text profile = TEXT("Raw profile type ");
    if (text_equal(key, TEXT("XML:com.adobe.xmp"))) {
        return xmp_read(g, CARRIER_XMP, (struct bytes){(const uint8_t *)value.at, value.n}, err);
    }
    if (text_starts_with(key, profile)) {
        return note_profile(g, text_slice(key, profile.n, key.n), value, err);
    }
    /* Many programs write UTF-8 into tEXt whatever the standard says; what is UTF-8 by chance in
     * Latin-1 is no name. */
    if (is_utf8 || text_is_utf8(value)) {
        return text_read(g, CARRIER_PNG_TEXT, key, value, err);
    }
    return note_latin1(g, key, value, err);
}
