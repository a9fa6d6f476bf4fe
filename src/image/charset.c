/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/charset.h"

#include <limits.h>

#include <unicode/ucnv.h>

static const char *icu_name(enum charset charset)
{
    switch (charset) {
    case CHARSET_UTF8_OR_1252:
        return "windows-1252";
    case CHARSET_UTF16_LE:
        return "UTF-16LE";
    case CHARSET_UTF16_BE:
        return "UTF-16BE";
    case CHARSET_JIS:
        return "ISO-2022-JP";
    case CHARSET_UNKNOWN:
        break;
    }
    return NULL;
}

enum status charset_decode(enum charset charset, struct bytes raw, struct buffer *out,
                           struct err *err)
{
    const char *name = icu_name(charset);
    buffer_reset(out);
    if (!name) {
        return err_set(err, STATUS_BUG, "an encoding without a name");
    }
    if (raw.n == 0) {
        return STATUS_OK;
    }
    if (charset == CHARSET_UTF8_OR_1252 &&
        text_is_utf8((struct text){(const char *)raw.at, raw.n})) {
        buffer_add(out, raw.at, raw.n);
        return buffer_status(out, err);
    }
    /* No byte of these encodings becomes more than three of UTF-8. */
    if (raw.n > out->max / 3 || raw.n > INT_MAX / 3) {
        return err_set(err, STATUS_LIMIT, "a text too long to decode");
    }
    uint8_t *room = buffer_extend(out, raw.n * 3);
    if (!room) {
        return buffer_status(out, err);
    }
    UErrorCode code = U_ZERO_ERROR;
    int32_t n = ucnv_convert("UTF-8", name, (char *)room, (int32_t)(raw.n * 3),
                             (const char *)raw.at, (int32_t)raw.n, &code);
    if (U_FAILURE(code) || n < 0) {
        buffer_reset(out);
        if (code == U_MEMORY_ALLOCATION_ERROR) {
            return err_set(err, STATUS_NOMEM, "no memory to decode a text");
        }
        /* A sequence cut short is the text's fault, not the library's. */
        if (code == U_TRUNCATED_CHAR_FOUND || code == U_INVALID_CHAR_FOUND ||
            code == U_ILLEGAL_CHAR_FOUND || code == U_ILLEGAL_ESCAPE_SEQUENCE ||
            code == U_UNSUPPORTED_ESCAPE_SEQUENCE || code == U_BUFFER_OVERFLOW_ERROR) {
            return err_set(err, STATUS_FORMAT, "a text that does not fit its encoding");
        }
        return err_set(err, STATUS_LIBRARY, "ICU cannot decode %s: %s", name, u_errorName(code));
    }
    out->n = (size_t)n;
    return STATUS_OK;
}

enum charset charset_of_utf16(struct bytes wide, enum charset otherwise)
{
    size_t little = 0, big = 0;
    if (bytes_start_with(wide, "\xFF\xFE", 2)) {
        return CHARSET_UTF16_LE;
    }
    if (bytes_start_with(wide, "\xFE\xFF", 2)) {
        return CHARSET_UTF16_BE;
    }
    for (size_t i = 0; i + 1 < wide.n; i += 2) {
        little += wide.at[i] != 0 && wide.at[i + 1] == 0;
        big += wide.at[i] == 0 && wide.at[i + 1] != 0;
    }
    return little > big ? CHARSET_UTF16_LE : little < big ? CHARSET_UTF16_BE : otherwise;
}

bool charset_is_filler(struct bytes raw)
{
    size_t n_letters = 0, n_high = 0;
    for (size_t i = 0; i < raw.n; i++) {
        uint8_t b = raw.at[i];
        if ((b < ' ' && b != '\t' && b != '\r' && b != '\n') || b == 0x7F) {
            return true;
        }
        n_letters += (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
        n_high += b >= 0x80;
    }
    return text_is_utf8((struct text){(const char *)raw.at, raw.n}) ? n_letters + n_high < 2
                                                                    : n_letters < n_high;
}

enum status charset_prepare(struct err *err)
{
    static const enum charset ALL[] = {CHARSET_UTF8_OR_1252, CHARSET_UTF16_LE, CHARSET_UTF16_BE,
                                       CHARSET_JIS};
    static const uint8_t SAMPLE[] = {0xE9, 0x41};
    struct buffer out;
    buffer_init(&out, 64);
    enum status st = STATUS_OK;
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0] && st == STATUS_OK; i++) {
        struct err own = {.status = STATUS_BUG};
        st = charset_decode(ALL[i], (struct bytes){SAMPLE, sizeof SAMPLE}, &out, &own);
        if (st == STATUS_FORMAT) {
            st = STATUS_OK; /* the converter is loaded, which is all that is asked */
        } else if (st != STATUS_OK) {
            (void)err_set(err, st, "%s", own.text);
        }
    }
    buffer_release(&out);
    return st;
}
