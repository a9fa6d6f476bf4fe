/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/exif_texts.h"

#include <string.h>

#include "image/charset.h"
#include "image/loose_text.h"

enum { TYPE_UNDEFINED = 7, HEADER_BYTES = 8, MAX_VALUE_BYTES = 0x10000 };

static enum status gather(struct gathering *g, enum charset charset, struct bytes raw,
                          struct buffer *text, struct err *err)
{
    struct err own = {.status = STATUS_BUG};
    enum status st = charset_decode(charset, raw, text, &own);
    if (st == STATUS_LIMIT || st == STATUS_FORMAT) {
        gather_carrier(g, CARRIER_EXIF, CARRIER_UNPARSABLE, 0, "EXIF text that cannot be read");
        return STATUS_OK;
    }
    if (st != STATUS_OK) {
        return err_set(err, st, "%s", own.text);
    }
    loose_text_gather(g, CARRIER_EXIF, (struct text){(const char *)text->at, text->n});
    return STATUS_OK;
}

/* Each of the strings that end with NUL: an older one may stand behind the first. */
static enum status gather_strings(struct gathering *g, struct bytes raw, struct buffer *text,
                                  struct err *err)
{
    enum status st = STATUS_OK;
    while (raw.n && st == STATUS_OK) {
        const uint8_t *nul = memchr(raw.at, 0, raw.n);
        size_t n = nul ? (size_t)(nul - raw.at) : raw.n;
        struct bytes string = bytes_slice(raw, 0, n);
        if (!charset_is_filler(string)) {
            st = gather(g, CHARSET_UTF8_OR_1252, string, text, err);
        }
        raw = bytes_slice(raw, nul ? n + 1 : n, raw.n);
    }
    return st;
}

static enum status gather_comment(struct gathering *g, struct bytes tiff, struct bytes raw,
                                  struct buffer *text, struct err *err)
{
    struct bytes value = bytes_slice(raw, HEADER_BYTES, raw.n);
    if (bytes_start_with(raw, "UNICODE\0", HEADER_BYTES)) {
        value.n -= value.n % 2;
        return gather(
            g, charset_of_utf16(value, tiff.at[0] == 'I' ? CHARSET_UTF16_LE : CHARSET_UTF16_BE),
            value, text, err);
    }
    if (bytes_start_with(raw, "JIS\0\0\0\0\0", HEADER_BYTES)) {
        return gather(g, CHARSET_JIS, value, text, err);
    }
    bool has_header = bytes_start_with(raw, "ASCII\0\0\0", HEADER_BYTES) ||
                      bytes_start_with(raw, "\0\0\0\0\0\0\0\0", HEADER_BYTES);
    return gather_strings(g, has_header ? value : raw, text, err);
}

enum status exif_texts_see(struct gathering *g, struct bytes tiff, const struct tiff_entry *e,
                           struct err *err)
{
    struct bytes raw = tiff_value(tiff, e);
    struct buffer text;
    enum status st = STATUS_OK;
    if (raw.n == 0) {
        return STATUS_OK;
    }
    buffer_init(&text, (size_t)3 * MAX_VALUE_BYTES);
    if (e->type == TIFF_TYPE_ASCII || e->type == TIFF_TYPE_UTF8) {
        st = gather_strings(g, raw, &text, err);
    } else if (e->type == TIFF_TYPE_BYTE || e->type == TYPE_UNDEFINED) {
        st = gather_comment(g, tiff, raw, &text, err);
    }
    buffer_release(&text);
    return st;
}
