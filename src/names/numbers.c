/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers, dates of birth, coordinates and what3words: decision rule 11. */
#include <string.h>

#include "fold.h"
#include "judging.h"

enum {
    MIN_PHONE_DIGITS = 10, /* Ofcom, National Telephone Numbering Plan: 0 and nine or ten digits */
    MAX_PHONE_DIGITS = 15, /* ITU-T E.164, 6.1 */
    MAX_PHONE_GLYPHS = 32,
    MIN_DECIMALS = 3 /* of a degree: about 100 m */
};

static uint32_t code_at(const struct reading *r, size_t i)
{
    return i < r->n_glyphs ? reading_glyph(r, i)->code : 0;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static void block(struct judging *j, size_t from, size_t to, enum finding_kind kind,
                  uint32_t person)
{
    judging_claim_bytes(j, (struct finding){.kind = kind,
                                            .judgement = JUDGE_BLOCK,
                                            .start = reading_glyph(j->r, from)->start,
                                            .end = reading_glyph(j->r, to - 1)->end,
                                            .person = person});
}

struct phone {
    char digits[MAX_PHONE_DIGITS + 1]; /* national form: "0..." for the United Kingdom */
    size_t n, end;                     /* end: glyph behind it */
};

static void to_national(struct phone *p)
{
    size_t off = 0;
    if (p->n > 4 && memcmp(p->digits, "0044", 4) == 0) {
        off = 4;
    } else if (p->n > 2 && memcmp(p->digits, "44", 2) == 0) {
        off = 2;
    }
    if (off) {
        bool zero = p->digits[off] == '0'; /* +44 (0)20 */
        size_t keep = zero ? off : off - 1;
        memmove(p->digits, p->digits + keep, p->n - keep);
        p->n -= keep;
        p->digits[0] = '0';
    }
}

/* "O77OO 9OO123": letters that pass for digits. 0 for another. */
static uint32_t as_digit(uint32_t c)
{
    return c == 'O' || c == 'o' ? '0' : c == 'l' || c == 'I' ? '1' : is_digit(c) ? c : 0;
}

/* Digits with spaces, dots, hyphens and brackets between, beginning with + or 0. */
static bool read_phone(const struct reading *r, size_t i, struct phone *p)
{
    bool plus = code_at(r, i) == '+';
    size_t at = i + plus, gap = 0, real = 0;
    *p = (struct phone){.n = 0, .end = 0};
    for (; at < r->n_glyphs && at - i < MAX_PHONE_GLYPHS; at++) {
        uint32_t c = code_at(r, at);
        if (as_digit(c)) {
            real += is_digit(c);
            if (p->n == MAX_PHONE_DIGITS) {
                return false;
            }
            p->digits[p->n++] = (char)as_digit(c);
            p->end = at + 1;
            gap = 0;
        } else if (c == ' ' || c == '(' || c == ')' || c == '.' || is_hyphen(c)) {
            if (++gap > 2) {
                break;
            }
        } else {
            break;
        }
    }
    if (p->n < MIN_PHONE_DIGITS || real * 2 < p->n || (!plus && p->digits[0] != '0') ||
        (is_word_glyph(code_at(r, p->end)))) {
        return false;
    }
    bool international = plus || (p->digits[0] == '0' && p->digits[1] == '0');
    if (!international && p->n > 11) {
        return false;
    }
    to_national(p);
    return true;
}

static bool is_own_phone(const struct policy *policy, const struct phone *p)
{
    for (size_t i = 0; i < policy->n_own_phones; i++) {
        struct phone own = {.n = 0};
        struct text t = policy->own_phones[i];
        for (size_t k = 0; k < t.n && own.n < MAX_PHONE_DIGITS; k++) {
            if (t.at[k] >= '0' && t.at[k] <= '9') {
                own.digits[own.n++] = t.at[k];
            }
        }
        to_national(&own);
        if (own.n && own.n == p->n && memcmp(own.digits, p->digits, p->n) == 0) {
            return true;
        }
    }
    return false;
}

static size_t read_number(const struct reading *r, size_t i, size_t max_digits, int *value)
{
    size_t n = 0;
    *value = 0;
    while (n < max_digits && is_digit(code_at(r, i + n))) {
        *value = *value * 10 + (int)(code_at(r, i + n) - '0');
        n++;
    }
    return n;
}

/* dd/mm/yyyy, d.m.yy, yyyy-mm-dd: the separator twice the same. Returns the glyph behind it, or 0.
 */
static size_t read_date(const struct reading *r, size_t i, struct date *out)
{
    int part[3];
    size_t n[3], at = i;
    uint32_t separator = 0;
    for (int k = 0; k < 3; k++) {
        n[k] = read_number(r, at, 4, &part[k]);
        at += n[k];
        if (n[k] == 0 || (k == 2 && is_word_glyph(code_at(r, at)))) {
            return 0;
        }
        if (k < 2) {
            uint32_t c = code_at(r, at++);
            if ((c != '/' && c != '.' && c != '-' && c != ' ') || (k && c != separator)) {
                return 0;
            }
            separator = c;
        }
    }
    int year = n[0] == 4 ? part[0] : part[2];
    int day = n[0] == 4 ? part[2] : part[0];
    if (n[0] != 4 && n[2] == 2) {
        year += 2000;
    }
    return date_make(year, part[1], day, out) ? at : 0;
}

/* 51.5074, -0.1278: two numbers with decimals, the first within 90, the second within 180 (ISO
 * 6709). */
static size_t read_degrees(const struct reading *r, size_t i, int most, size_t least_decimals)
{
    int value, rest;
    i += code_at(r, i) == '-' || code_at(r, i) == '+' || code_at(r, i) == 0x2212;
    size_t n = read_number(r, i, 3, &value);
    if (n == 0 || value > most || code_at(r, i + n) != '.') {
        return 0;
    }
    size_t decimals = read_number(r, i + n + 1, 9, &rest);
    return decimals >= least_decimals ? i + n + 1 + decimals : 0;
}

/* What may stand between the two numbers: the index behind it. *quarter: N or S did. */
static size_t skip_between(const struct reading *r, size_t at, bool *quarter)
{
    static const uint32_t BETWEEN[] = {' ', ',', 0xB0, 'N', 'S', ';', '/'};
    enum { MOST_BETWEEN = 5 };
    size_t end = at + MOST_BETWEEN;
    for (bool more = true; more && at < end;) {
        more = false;
        for (size_t k = 0; k < sizeof BETWEEN / sizeof BETWEEN[0]; k++) {
            more |= code_at(r, at) == BETWEEN[k];
        }
        *quarter |= code_at(r, at) == 'N' || code_at(r, at) == 'S';
        at += more;
    }
    return at;
}

/* Quarters of the sky on both ("52.48N 1.90W") make coordinates of any two numbers. */
static size_t read_coordinates(const struct reading *r, size_t i)
{
    bool quarter = false;
    size_t first = read_degrees(r, i, 90, 1);
    size_t next = first ? skip_between(r, first, &quarter) : 0;
    if (next == first) {
        return 0;
    }
    size_t end = quarter ? read_degrees(r, next, 180, 1) : 0;
    size_t east = end;
    while (east && east < end + 2 && (code_at(r, east) == 0xB0 || code_at(r, east) == ' ')) {
        east++;
    }
    if (end && (code_at(r, east) == 'E' || code_at(r, east) == 'W')) {
        return east + 1;
    }
    return read_degrees(r, i, 90, MIN_DECIMALS) ? read_degrees(r, next, 180, MIN_DECIMALS) : 0;
}

/* ///lamp.spoon.cactus, or three such words announced as w3w. */
static size_t read_what3words(const struct reading *r, size_t i)
{
    static const char *const SIGNS[] = {"///", "w3w", "what3words"};
    size_t at = 0;
    for (size_t k = 0; !at && k < sizeof SIGNS / sizeof SIGNS[0]; k++) {
        size_t n = 0;
        while (SIGNS[k][n] && (code_at(r, i + n) | 0x20) == ((uint32_t)SIGNS[k][n] | 0x20)) {
            n++;
        }
        at = SIGNS[k][n] ? 0 : i + n;
    }
    if (!at) {
        return 0;
    }
    for (size_t gap = 0; gap < 6 && !is_word_glyph(code_at(r, at)); gap++) {
        at++;
    }
    for (int word = 0; word < 3; word++) {
        size_t from = at;
        while (is_word_glyph(code_at(r, at))) {
            at++;
        }
        if (at == from || (word < 2 && code_at(r, at++) != '.')) {
            return 0;
        }
    }
    return at;
}

/* The sign that may open a number: not one that stands inside another. */
static bool may_start(const struct reading *r, size_t i)
{
    uint32_t before = i ? code_at(r, i - 1) : ' ', c = code_at(r, i);
    return !is_word_glyph(before) && before != '+' &&
           (is_digit(c) || (as_digit(c) && as_digit(code_at(r, i + 1))) || c == '+' || c == '-' ||
            c == 0x2212 || c == '/' || (c | 0x20) == 'w');
}

void judge_numbers(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_glyphs;) {
        struct phone phone;
        struct date date;
        size_t end = 0;
        if (!may_start(j->r, i)) {
            i++;
            continue;
        }
        if (read_phone(j->r, i, &phone)) {
            end = phone.end;
            if (is_own_phone(j->l->policy, &phone)) {
                judging_flag_bytes(j, reading_glyph(j->r, i)->start,
                                   reading_glyph(j->r, end - 1)->end, TOKEN_MASKED);
            } else if (j->r->role != TEXT_ROLE_FILE_NAME) {
                block(j, i, end, FINDING_PHONE, NO_PERSON);
            }
        } else if ((end = read_coordinates(j->r, i)) || (end = read_what3words(j->r, i))) {
            block(j, i, end, FINDING_LOCATION, NO_PERSON);
        } else if ((end = read_date(j->r, i, &date)) &&
                   date_is_birthday(j, judging_token_at(j, reading_glyph(j->r, i)->start), date)) {
            block(j, i, end, FINDING_DATE_OF_BIRTH, NO_PERSON);
        }
        i = end ? end : i + 1;
    }
}
