/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/text.h"

#include <string.h>

struct text text_of(const char *cstr)
{
    return cstr ? (struct text){cstr, strlen(cstr)} : TEXT_NONE;
}

bool text_equal(struct text a, struct text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool text_equal_nocase(struct text a, struct text b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (ascii_lower(a.at[i]) != ascii_lower(b.at[i])) {
            return false;
        }
    }
    return true;
}

int text_compare(struct text a, struct text b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.at, b.at, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool text_starts_with(struct text t, struct text prefix)
{
    return t.n >= prefix.n && text_equal(text_slice(t, 0, prefix.n), prefix);
}

bool text_ends_with_nocase(struct text t, struct text suffix)
{
    return t.n >= suffix.n && text_equal_nocase(text_slice(t, t.n - suffix.n, suffix.n), suffix);
}

static bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text text_trim(struct text t)
{
    while (t.n && is_ascii_space(t.at[0])) {
        t.at++;
        t.n--;
    }
    while (t.n && is_ascii_space(t.at[t.n - 1])) {
        t.n--;
    }
    return t;
}

struct text text_slice(struct text t, size_t from, size_t n)
{
    if (from >= t.n) {
        return TEXT_NONE;
    }
    size_t left = t.n - from;
    return (struct text){t.at + from, n < left ? n : left};
}

struct text text_cut(struct text t, char separator, struct text *rest)
{
    const char *at = t.n ? memchr(t.at, separator, t.n) : NULL;
    if (!at) {
        *rest = TEXT_NONE;
        return t;
    }
    size_t n = (size_t)(at - t.at);
    *rest = text_slice(t, n + 1, t.n);
    return text_slice(t, 0, n);
}

/* The Unicode Standard 15.0, table 3-7: the second byte's range depends on the first. */
uint32_t text_next(struct text t, size_t *i)
{
    const unsigned char *s = (const unsigned char *)t.at + *i;
    size_t left = t.n - *i;
    unsigned first = s[0];
    (*i)++;
    if (first < 0x80) {
        return first;
    }
    size_t more;
    uint32_t code;
    unsigned low = 0x80, high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        more = 1;
        code = first & 0x1Fu;
    } else if (first >= 0xE0 && first <= 0xEF) {
        more = 2;
        code = first & 0x0Fu;
        low = first == 0xE0 ? 0xA0 : low;
        high = first == 0xED ? 0x9F : high;
    } else if (first >= 0xF0 && first <= 0xF4) {
        more = 3;
        code = first & 0x07u;
        low = first == 0xF0 ? 0x90 : low;
        high = first == 0xF4 ? 0x8F : high;
    } else {
        return UINT32_MAX;
    }
    if (left <= more) {
        return UINT32_MAX;
    }
    for (size_t k = 1; k <= more; k++) {
        if (s[k] < low || s[k] > high) {
            return UINT32_MAX;
        }
        code = code << 6 | (s[k] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *i += more;
    return code;
}

bool text_is_utf8(struct text t)
{
    for (size_t i = 0; i < t.n;) {
        if (text_next(t, &i) == UINT32_MAX) {
            return false;
        }
    }
    return true;
}

void text_append_codepoint(struct buffer *b, uint32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        c = 0xFFFD;
    }
    if (c < 0x80) {
        buffer_add_byte(b, (uint8_t)c);
    } else if (c < 0x800) {
        buffer_add_byte(b, (uint8_t)(0xC0 | c >> 6));
        buffer_add_byte(b, (uint8_t)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buffer_add_byte(b, (uint8_t)(0xE0 | c >> 12));
        buffer_add_byte(b, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
        buffer_add_byte(b, (uint8_t)(0x80 | (c & 0x3F)));
    } else {
        buffer_add_byte(b, (uint8_t)(0xF0 | c >> 18));
        buffer_add_byte(b, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
        buffer_add_byte(b, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
        buffer_add_byte(b, (uint8_t)(0x80 | (c & 0x3F)));
    }
}

struct range {
    uint32_t first, last;
};

/* What must not reach a terminal or a line of a file as it is: C0 and C1 controls, and the
 * characters that move or hide others (UAX #9 bidi controls; zero-width and other
 * default-ignorables that show nothing; line separators; tags). */
static const struct range UNPRINTABLE[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},
    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},
    {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF},
};

static bool is_printable(uint32_t c)
{
    for (size_t i = 0; i < sizeof UNPRINTABLE / sizeof UNPRINTABLE[0]; i++) {
        if (c >= UNPRINTABLE[i].first && c <= UNPRINTABLE[i].last) {
            return false;
        }
    }
    return true;
}

void text_print(struct buffer *b, struct text t)
{
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        uint32_t c = text_next(t, &i);
        if (c == UINT32_MAX || (c < 0x80 && !is_printable(c))) {
            buffer_format(b, "\\x%02X", (unsigned)(unsigned char)t.at[from]);
        } else if (!is_printable(c)) {
            buffer_format(b, "\\u{%X}", (unsigned)c);
        } else {
            buffer_add(b, t.at + from, i - from);
        }
    }
}

bool text_is_printable(struct text t)
{
    for (size_t i = 0; i < t.n;) {
        uint32_t c = text_next(t, &i);
        if (c == UINT32_MAX || !is_printable(c)) {
            return false;
        }
    }
    return true;
}

bool text_to_number(struct text t, uint64_t max, uint64_t *out)
{
    if (t.n == 0) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(t.at[i] - '0');
        if (value > (max - digit) / 10 || digit > max) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}
