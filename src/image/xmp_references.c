/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/xmp_references.h"

#include <string.h>

enum { MAX_CODE_POINT = 0x10FFFF };

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* XML 1.0, production 2. */
static bool is_char(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= MAX_CODE_POINT);
}

/* What stands between "&#" and ";" from the start of `t`; *used is its length with the ';'. False
 * for anything that is no character. */
static bool reference(struct text t, uint32_t *code_point, size_t *used)
{
    bool is_hex = text_starts_with(t, TEXT("x"));
    uint32_t base = is_hex ? 16 : 10, value = 0;
    size_t from = is_hex, i = from;
    for (; i < t.n && t.at[i] != ';'; i++) {
        int digit = digit_of(t.at[i]);
        if (digit < 0 || (uint32_t)digit >= base) {
            return false;
        }
        value = value * base + (uint32_t)digit;
        if (value > MAX_CODE_POINT) {
            return false;
        }
    }
    *code_point = value;
    *used = i + 1;
    return i > from && i < t.n && is_char(value);
}

const char *xmp_references(struct text packet, struct buffer *out)
{
    static const char START[] = "&#";
    while (packet.n) {
        uint32_t code_point;
        size_t used;
        const char *found = memmem(packet.at, packet.n, START, sizeof START - 1);
        size_t before = found ? (size_t)(found - packet.at) : packet.n;
        buffer_add(out, packet.at, before);
        packet = text_slice(packet, before, packet.n);
        if (!found) {
            break;
        }
        packet = text_slice(packet, sizeof START - 1, packet.n);
        if (!reference(packet, &code_point, &used)) {
            return "XMP with a reference to no character";
        }
        buffer_format(out, "&#%u;", (unsigned)code_point);
        packet = text_slice(packet, used, packet.n);
    }
    return NULL;
}
