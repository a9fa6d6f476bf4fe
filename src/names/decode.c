/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo what software does to letters on the way: HTML entities, %xx, \uXXXX, UTF-8 read as
 * Windows-1252. */
#include <string.h>

#include "reading.h"

struct entity_row {
    const char *name;
    uint32_t code;
};

/* HTML Living Standard, 13.5 Named character references: those that stand in names or between
 * words. */
static const struct entity_row ENTITIES[] = {
    {"nbsp", ' '},     {"amp", '&'},       {"apos", '\''},     {"quot", '"'},     {"lt", '<'},
    {"gt", '>'},       {"rsquo", 0x2019},  {"lsquo", 0x2018},  {"prime", 0x2032}, {"ndash", 0x2013},
    {"mdash", 0x2014}, {"hyphen", 0x2010}, {"shy", 0xAD},      {"zwnj", 0x200C},  {"zwj", 0x200D},
    {"szlig", 0xDF},   {"aelig", 0xE6},    {"AElig", 0xC6},    {"oelig", 0x153},  {"OElig", 0x152},
    {"eth", 0xF0},     {"ETH", 0xD0},      {"thorn", 0xFE},    {"THORN", 0xDE},   {"oslash", 0xF8},
    {"Oslash", 0xD8},  {"lstrok", 0x142},  {"Lstrok", 0x141},  {"dstrok", 0x111}, {"Dstrok", 0x110},
    {"inodot", 0x131}, {"imath", 0x131},   {"ensp", ' '},      {"emsp", ' '},     {"thinsp", ' '},
    {"period", '.'},   {"comma", ','},     {"lowbar", '_'},    {"commat", '@'},   {"Tab", ' '},
    {"NewLine", '\n'}, {"bull", 0x2022},   {"hellip", 0x2026}, {"middot", 0xB7},
};

/* &euml; is a letter and the name of its mark. */
static const struct entity_row ENTITY_MARKS[] = {
    {"acute", 0x301}, {"grave", 0x300}, {"circ", 0x302},  {"uml", 0x308},   {"tilde", 0x303},
    {"cedil", 0x327}, {"ring", 0x30A},  {"caron", 0x30C}, {"breve", 0x306}, {"macr", 0x304},
    {"dot", 0x307},   {"ogon", 0x328},  {"dblac", 0x30B},
};

/* What Windows-1252 shows for the bytes 0x80 to 0x9F; 0 where it shows nothing. */
static const uint16_t WINDOWS_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static bool hex_digit(char c, uint32_t *value)
{
    if (c >= '0' && c <= '9') {
        *value = *value * 16 + (uint32_t)(c - '0');
    } else if (c >= 'a' && c <= 'f') {
        *value = *value * 16 + (uint32_t)(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
        *value = *value * 16 + (uint32_t)(c - 'A' + 10);
    } else {
        return false;
    }
    return true;
}

static bool is_scalar(uint32_t c)
{
    return c && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

/* What an escape may stand for: white space, but no other control character. */
static bool is_allowed(uint32_t c)
{
    return is_scalar(c) && (c >= 0x20 || c == '\t' || c == '\n' || c == '\r');
}

static bool word_is(struct text t, const char *word)
{
    return text_equal(t, text_of(word));
}

/* &name; or &#233; or &#xE9; with at most ten characters between. Two code points at most. */
static size_t read_entity(struct text t, size_t at, uint32_t out[2], size_t *n_out)
{
    enum { LONGEST = 10 };
    size_t end = at + 1;
    while (end < t.n && end - at <= LONGEST && t.at[end] != ';') {
        end++;
    }
    if (end >= t.n || t.at[end] != ';' || end == at + 1) {
        return 0;
    }
    struct text body = text_slice(t, at + 1, end - at - 1);
    *n_out = 1;
    if (body.at[0] == '#') {
        bool hex = body.n > 1 && (body.at[1] == 'x' || body.at[1] == 'X');
        uint32_t value = 0;
        size_t i = hex ? 2 : 1;
        bool some = i < body.n;
        for (; i < body.n; i++) {
            if (hex ? !hex_digit(body.at[i], &value) : (body.at[i] < '0' || body.at[i] > '9')) {
                return 0;
            }
            value = hex ? value : value * 10 + (uint32_t)(body.at[i] - '0');
            if (value > 0x10FFFF) {
                return 0;
            }
        }
        out[0] = value;
        return some && is_scalar(value) ? end + 1 - at : 0;
    }
    for (size_t i = 0; i < sizeof ENTITIES / sizeof ENTITIES[0]; i++) {
        if (word_is(body, ENTITIES[i].name)) {
            out[0] = ENTITIES[i].code;
            return end + 1 - at;
        }
    }
    struct text mark = text_slice(body, 1, body.n);
    for (size_t i = 0; i < sizeof ENTITY_MARKS / sizeof ENTITY_MARKS[0]; i++) {
        if (word_is(mark, ENTITY_MARKS[i].name)) {
            out[0] = (uint32_t)(unsigned char)body.at[0];
            out[1] = ENTITY_MARKS[i].code;
            *n_out = 2;
            return end + 1 - at;
        }
    }
    return 0;
}

/* "&", "&amp;", "&#38;amp;": an ampersand, however often it was encoded itself. Returns its bytes.
 */
static size_t ampersand_length(struct text t, size_t at)
{
    static const char *const AGAIN[] = {"amp;", "#38;", "#x26;", "#X26;"};
    size_t n = 1;
    for (size_t k = 0; k < sizeof AGAIN / sizeof AGAIN[0];) {
        if (text_starts_with(text_slice(t, at + n, t.n), text_of(AGAIN[k]))) {
            n += strlen(AGAIN[k]);
            k = 0;
        } else {
            k++;
        }
    }
    return n;
}

/* %C3, and %25C3 where the sign itself was encoded again. Returns the bytes read, 0 when it is
 * none. */
static size_t percent_byte(struct text t, size_t at, char *byte)
{
    size_t i = at + 1;
    if (at >= t.n || t.at[at] != '%') {
        return 0;
    }
    while (i + 3 < t.n && t.at[i] == '2' && t.at[i + 1] == '5') {
        uint32_t skipped = 0;
        if (!hex_digit(t.at[i + 2], &skipped) || !hex_digit(t.at[i + 3], &skipped)) {
            break;
        }
        i += 2;
    }
    uint32_t value = 0;
    if (i + 1 >= t.n || !hex_digit(t.at[i], &value) || !hex_digit(t.at[i + 1], &value)) {
        return 0;
    }
    *byte = (char)value;
    return i + 2 - at;
}

/* %C3%AB: as many %xx as one UTF-8 sequence needs (RFC 3986, 2.1). */
static size_t read_percent(struct text t, size_t at, uint32_t *out)
{
    char raw[4];
    size_t read[sizeof raw], n = 0, end = at;
    while (n < sizeof raw) {
        size_t used = percent_byte(t, end, &raw[n]);
        if (used == 0) {
            break;
        }
        end += used;
        read[n++] = end - at;
    }
    if (n == 0) {
        return 0;
    }
    size_t used = 0;
    *out = text_next((struct text){raw, n}, &used);
    return is_allowed(*out) ? read[used - 1] : 0;
}

/* \u0144 as JSON and program text write it, \u{144}, and surrogate pairs. */
static size_t read_backslash_u(struct text t, size_t at, uint32_t *out)
{
    if (at + 5 >= t.n || t.at[at + 1] != 'u') {
        return 0;
    }
    uint32_t value = 0;
    for (size_t i = 2; i < 6; i++) {
        if (!hex_digit(t.at[at + i], &value)) {
            return 0;
        }
    }
    if (value >= 0xD800 && value <= 0xDBFF && at + 11 < t.n && t.at[at + 6] == '\\' &&
        t.at[at + 7] == 'u') {
        uint32_t low = 0;
        for (size_t i = 8; i < 12; i++) {
            if (!hex_digit(t.at[at + i], &low)) {
                return 0;
            }
        }
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *out = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
            return 12;
        }
    }
    *out = value;
    return is_allowed(value) ? 6 : 0;
}

/* The byte that Windows-1252 (or Latin-1) shows as `c`, or -1. */
static int windows_byte(uint32_t c)
{
    if (c >= 0x80 && c <= 0xFF) {
        return (int)c;
    }
    for (int i = 0; i < 32; i++) {
        if (WINDOWS_1252[i] == c) {
            return 0x80 + i;
        }
    }
    return -1;
}

/* "Ã«" is the two bytes of "ë" shown as Windows-1252. Only the leads of Latin letters are undone.
 */
static size_t read_mojibake(struct text t, size_t at, uint32_t first, uint32_t *out)
{
    if (first < 0xC3 || first > 0xC5) {
        return 0;
    }
    size_t i = at;
    (void)text_next(t, &i);
    if (i >= t.n) {
        return 0;
    }
    int byte = windows_byte(text_next(t, &i));
    if (byte < 0x80 || byte > 0xBF) {
        return 0;
    }
    *out = (first & 0x1Fu) << 6 | ((uint32_t)byte & 0x3Fu);
    return i - at;
}

static void add_point(struct buffer *points, uint32_t code, size_t start, size_t end)
{
    struct glyph g = {.code = code, .start = (uint32_t)start, .end = (uint32_t)end, .flags = 0};
    buffer_add(points, &g, sizeof g);
}

void decode_points(struct reading *r, struct text text, bool decode, struct buffer *points)
{
    for (size_t i = 0; i < text.n;) {
        size_t start = i;
        uint32_t code = text_next(text, &i);
        uint32_t made[2] = {0, 0};
        size_t n_made = 1, used = 0;
        if (decode && code == '&') {
            size_t sign = ampersand_length(text, start);
            used = read_entity(text, start + sign - 1, made, &n_made);
            used += used ? sign - 1 : 0;
            if (used == 0 && sign > 1) {
                made[0] = '&';
                used = sign;
            }
        } else if (decode && code == '%') {
            used = read_percent(text, start, &made[0]);
        } else if (decode && code == '\\') {
            used = read_backslash_u(text, start, &made[0]);
        } else if (decode && code >= 0xC3 && code <= 0xC5) {
            used = read_mojibake(text, start, code, &made[0]);
        }
        if (used == 0) {
            add_point(points, code, start, i);
            continue;
        }
        i = start + used;
        r->changed_by_decoding = true;
        for (size_t k = 0; k < n_made; k++) {
            add_point(points, made[k], start, i);
        }
    }
}
