/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encoding a spreadsheet's export is in. The choice is between the four that schools' systems
 * write (UTF-8, UTF-16 either way, Windows-1252), and none is guessed by language: a wrong guess
 * would make of Zoë a name that no caption matches. A file that is partly one and partly another is
 * refused. */
#include "register/import_parts.h"

#include <string.h>

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include "photogate/limits.h"

/* Files that are not text at all, by their first bytes. */
static const struct {
    const char *magic;
    size_t n;
    const char *what;
} NOT_TEXT[] = {
    {"PK\x03\x04", 4,
     "an Excel workbook or a zip file; in Excel choose File, Save As, 'CSV UTF-8'"},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook; in Excel choose File, Save As, 'CSV UTF-8'"},
    {"%PDF", 4, "a PDF; export the list as CSV"},
    {"\xFF\xFE\0\0", 4, "UTF-32 text; save it as 'CSV UTF-8'"},
};

/* A byte that means nothing is an error, never a substitute. */
static UConverter *strict_converter(const char *charset, UErrorCode *code)
{
    UConverter *c = ucnv_open(charset, code);
    if (c) {
        ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, code);
        ucnv_setFromUCallBack(c, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, code);
    }
    return c;
}

static UErrorCode convert_all(UConverter *from, UConverter *to, struct bytes in, struct buffer *out)
{
    UChar pivot[1024];
    UChar *pivot_from = pivot, *pivot_to = pivot;
    const char *source = (const char *)in.at;
    const char *const end = source + in.n;
    UErrorCode code;
    UBool reset = 1;
    do {
        char chunk[4096];
        char *target = chunk;
        code = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &target, chunk + sizeof chunk, &source, end, pivot, &pivot_from,
                       &pivot_to, pivot + COUNT_OF(pivot), reset, 1, &code);
        buffer_add(out, chunk, (size_t)(target - chunk));
        reset = 0;
    } while (code == U_BUFFER_OVERFLOW_ERROR && out->failed == STATUS_OK);
    return code;
}

static enum status convert(const char *charset, struct bytes in, struct buffer *out,
                           struct err *err)
{
    UErrorCode code = U_ZERO_ERROR;
    enum status st = STATUS_LIBRARY;
    UConverter *from = strict_converter(charset, &code);
    UConverter *to = strict_converter("UTF-8", &code);
    if (U_FAILURE(code)) {
        (void)err_set(err, st, "ICU has no converter for %s: %s", charset, u_errorName(code));
    } else if (in.n && U_FAILURE(code = convert_all(from, to, in, out)) &&
               code != U_BUFFER_OVERFLOW_ERROR) {
        st = err_set(err, STATUS_FORMAT, "not readable as %s; save it as 'CSV UTF-8'", charset);
    } else {
        st = buffer_status(out, err);
    }
    ucnv_close(from);
    ucnv_close(to);
    return st;
}

/* UTF-16 without a mark: the high bytes of Latin letters, digits and separators are zero. NULL when
 * it does not look like it. */
static const char *unmarked_utf16(struct bytes b)
{
    enum { LOOK_AT = 4096 };
    size_t n = (b.n < LOOK_AT ? b.n : LOOK_AT) & ~(size_t)1;
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < n; i += 2) {
        even += b.at[i] == 0;
        odd += b.at[i + 1] == 0;
    }
    if (b.n % 2 || n == 0) {
        return NULL;
    }
    if (odd * 4 > n && even == 0) { /* more than half of the pairs */
        return "UTF-16LE";
    }
    return even * 4 > n && odd == 0 ? "UTF-16BE" : NULL;
}

/* Text that is not UTF-8 yet holds whole UTF-8 letters was pasted together: neither reading of it
 * is right. */
static bool holds_utf8_letters(struct text t)
{
    for (size_t i = 0; i < t.n;) {
        uint32_t c = text_next(t, &i);
        if (c != UINT32_MAX && c >= 0x80) {
            return true;
        }
    }
    return false;
}

/* Controls other than tab and line ends: a NUL hides what follows from some programs, the rest have
 * no business in a list. */
static enum status plain_text(struct text t, struct err *err)
{
    uint32_t line = 1;
    for (size_t i = 0; i < t.n;) {
        uint32_t c = text_next(t, &i);
        line += c == '\n';
        bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\v') ||
                       (c >= 0x7F && c <= 0x9F);
        if (control || c == UINT32_MAX) {
            return err_set(err, STATUS_FORMAT, "line %u: a control character (%X)", (unsigned)line,
                           (unsigned)c);
        }
    }
    return STATUS_OK;
}

static enum status choose(struct bytes file, struct buffer *out, struct err *err)
{
    const char *utf16 = NULL;
    size_t mark = 0;
    if (bytes_start_with(file, "\xEF\xBB\xBF", 3)) {
        mark = 3;
    } else if (bytes_start_with(file, "\xFF\xFE", 2)) {
        mark = 2;
        utf16 = "UTF-16LE";
    } else if (bytes_start_with(file, "\xFE\xFF", 2)) {
        mark = 2;
        utf16 = "UTF-16BE";
    } else {
        utf16 = unmarked_utf16(file);
    }
    struct bytes body = bytes_slice(file, mark, file.n);
    struct text text = {(const char *)body.at, body.n};
    if (utf16) {
        return convert(utf16, body, out, err);
    }
    if (text_is_utf8(text)) {
        buffer_add(out, body.at, body.n);
        return buffer_status(out, err);
    }
    if (mark || holds_utf8_letters(text)) {
        return err_set(err, STATUS_FORMAT,
                       "damaged UTF-8, or two encodings in one file; save it as 'CSV UTF-8'");
    }
    return convert("windows-1252", body, out, err);
}

enum status import_decode(struct bytes file, struct buffer *out, struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(NOT_TEXT); i++) {
        if (bytes_start_with(file, NOT_TEXT[i].magic, NOT_TEXT[i].n)) {
            return err_set(err, STATUS_FORMAT, "this is %s", NOT_TEXT[i].what);
        }
    }
    enum status st = choose(file, out, err);
    return st == STATUS_OK ? plain_text((struct text){(const char *)out->at, out->n}, err) : st;
}
