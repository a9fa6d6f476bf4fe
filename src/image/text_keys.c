/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Free texts of PNG and JPEG, and the blocks of other formats that programs write as PNG text. */
#include "image/gathering.h"

#include "image/loose_text.h"
#include "photogate/limits.h"

enum use {
    USE_UNLISTED, /* the key is as good a place for a name as the text */
    USE_TEXT,
    USE_CAPTION,
    USE_CREATOR,
    USE_COPYRIGHT,
    USE_MACHINE, /* a program, a machine or a time, unless somebody wrote something else */
    USE_NOTHING,
    USE_XMP,
    USE_HEX_EXIF,
    USE_HEX_APP1, /* EXIF or XMP, with its JPEG signature */
    USE_HEX_IPTC,
    USE_HEX_XMP,
};

struct row {
    const char *key;
    enum use use;
};

/* PNG (W3C, third edition) 11.3.3.1, table of keywords; XMP: ISO 16684-1 and Adobe XMP part 3,
 * 1.1.5; "Raw profile type": what ImageMagick and, after it, many others write. */
static const struct row ROWS[] = {
    {"Author", USE_CREATOR},
    {"Artist", USE_CREATOR},
    {"Copyright", USE_COPYRIGHT},
    {"Description", USE_CAPTION},
    {"Title", USE_TEXT},
    {"Disclaimer", USE_TEXT},
    {"Warning", USE_TEXT},
    {"Source", USE_TEXT},
    {"Comment", USE_TEXT},
    {"Collection", USE_TEXT},
    {"Software", USE_MACHINE},
    {"Creation Time", USE_MACHINE},
    {"date:create", USE_MACHINE},
    {"date:modify", USE_MACHINE},
    {"date:timestamp", USE_MACHINE},
    {"XML:com.adobe.xmp", USE_XMP},
    {"Raw profile type exif", USE_HEX_EXIF},
    {"Raw profile type APP1", USE_HEX_APP1},
    {"Raw profile type iptc", USE_HEX_IPTC},
    {"Raw profile type 8bim", USE_HEX_IPTC},
    {"Raw profile type xmp", USE_HEX_XMP},
    {"Raw profile type icc", USE_NOTHING},
    {"Raw profile type icm", USE_NOTHING},
};

static enum use use_of(struct text key)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (text_equal_nocase(key, text_of(ROWS[i].key))) {
            return ROWS[i].use;
        }
    }
    return key.n ? USE_UNLISTED : USE_TEXT;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* A raw profile: line end, name, line end, length in bytes, then that many bytes in hexadecimal
 * with line ends between. False for anything else. */
static bool raw_profile(struct text value, struct buffer *out)
{
    uint64_t n_bytes;
    struct text rest;
    (void)text_cut(text_trim(value), '\n', &rest);
    struct text length = text_trim(text_cut(text_trim(rest), '\n', &rest));
    if (!text_to_number(length, MAX_PNG_CHUNK_BYTES, &n_bytes)) {
        return false;
    }
    int high = -1;
    for (size_t i = 0; i < rest.n; i++) {
        int digit = hex_digit(rest.at[i]);
        if (digit >= 0 && high >= 0) {
            buffer_add_byte(out, (uint8_t)(high << 4 | digit));
            high = -1;
        } else if (digit >= 0) {
            high = digit;
        } else if (text_trim(text_slice(rest, i, 1)).n) {
            return false;
        }
    }
    return high < 0 && out->n == n_bytes;
}

static enum status use_profile(struct gathering *g, enum use use, struct bytes b, struct err *err)
{
    static const char XMP_SIGNATURE[] = "http://ns.adobe.com/xap/1.0/";
    if (use == USE_HEX_XMP) {
        return xmp_read(g, CARRIER_XMP, b, err);
    }
    if (use == USE_HEX_IPTC) {
        return bytes_start_with(b, "\x1C", 1) ? iptc_read(g, b, err) : photoshop_read(g, b, err);
    }
    if (use == USE_HEX_APP1 && bytes_start_with(b, XMP_SIGNATURE, sizeof XMP_SIGNATURE)) {
        return xmp_read(g, CARRIER_XMP, bytes_slice(b, sizeof XMP_SIGNATURE, b.n), err);
    }
    return exif_read(g, bytes_start_with(b, "Exif\0\0", 6) ? bytes_slice(b, 6, b.n) : b, err);
}

static enum status use_hex(struct gathering *g, enum carrier_id carrier, enum use use,
                           struct text value, struct err *err)
{
    struct buffer bytes;
    buffer_init(&bytes, MAX_PNG_CHUNK_BYTES);
    enum status st = STATUS_OK;
    bool is_profile = raw_profile(value, &bytes);
    if (bytes.failed == STATUS_NOMEM) {
        st = err_set(err, STATUS_NOMEM, "no memory for PNG text");
    } else if (!is_profile || bytes.failed != STATUS_OK) {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, "a raw profile that cannot be read");
    } else {
        st = use_profile(g, use, buffer_view(&bytes), err);
    }
    buffer_release(&bytes);
    return st;
}

enum status text_read(struct gathering *g, enum carrier_id carrier, struct text key,
                      struct text value, struct err *err)
{
    gather_carrier(g, carrier, CARRIER_READ, value.n, NULL);
    enum use use = use_of(key);
    switch (use) {
    case USE_UNLISTED:
        loose_text_gather(g, carrier, key);
        break;
    case USE_TEXT:
        break;
    case USE_CAPTION:
        gather_caption(g, carrier, value);
        break;
    case USE_CREATOR:
        gather_creator(g, carrier, value);
        return STATUS_OK;
    case USE_COPYRIGHT:
        gather_copyright(g, carrier, value);
        return STATUS_OK;
    case USE_MACHINE:
        loose_text_gather(g, carrier, value);
        return STATUS_OK;
    case USE_NOTHING:
        return STATUS_OK;
    case USE_XMP:
        return xmp_read(g, CARRIER_XMP, (struct bytes){(const uint8_t *)value.at, value.n}, err);
    case USE_HEX_EXIF:
    case USE_HEX_APP1:
    case USE_HEX_IPTC:
    case USE_HEX_XMP:
        return use_hex(g, carrier, use, value, err);
    }
    gather_text(g, carrier, value);
    return STATUS_OK;
}
