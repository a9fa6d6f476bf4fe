/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as British spreadsheets write them. The day comes first: 04/13/2026 is no date, and
 * 03/04/2026 is in April. */
#include "register/import_parts.h"

#include <string.h>

static const char *const MONTHS[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};

/* A month's name or its first three letters or more; 0 for neither. */
static int month_of(struct text t)
{
    for (size_t i = 0; i < COUNT_OF(MONTHS) && t.n >= 3; i++) {
        if (text_equal_nocase(t, text_slice(text_of(MONTHS[i]), 0, t.n))) {
            return (int)i + 1;
        }
    }
    return 0;
}

/* Two digits mean the century that puts them within 20 years ahead of today and 79 behind it. */
static int full_year(uint64_t two_digits, struct date on)
{
    int year = on.year / 100 * 100 + (int)two_digits;
    if (year > on.year + 20) {
        year -= 100;
    } else if (year <= on.year - 80) {
        year += 100;
    }
    return year;
}

/* Three parts, day first, with one of the usual separators between them. */
static bool day_month_year(struct text t, struct date on, struct date *out)
{
    struct text part[3], rest = t;
    for (size_t i = 0; i < COUNT_OF(part); i++) {
        size_t n = 0;
        while (n < rest.n && !strchr("/.- ", rest.at[n])) {
            n++;
        }
        part[i] = text_slice(rest, 0, n);
        rest = text_slice(rest, n + 1, rest.n);
    }
    uint64_t day, month, year;
    if (rest.n || part[0].n > 2 || !text_to_number(part[0], 31, &day) ||
        !text_to_number(part[2], 9999, &year)) {
        return false;
    }
    if (!text_to_number(part[1], 12, &month)) {
        month = (uint64_t)month_of(part[1]);
    }
    if (part[2].n == 2) {
        year = (uint64_t)full_year(year, on);
    } else if (part[2].n != 4) {
        return false;
    }
    return date_make((int)year, (int)month, (int)day, out);
}

/* Days since 1899-12-30, as spreadsheets count after February 1900; 5000 is in 1913, so that a bare
 * year is no date. */
static bool serial(struct text t, struct date *out)
{
    enum { FIRST = 5000, LAST = 80000, EPOCH = -25569 };
    struct text fraction;
    uint64_t days, zero;
    struct text whole = text_cut(t, '.', &fraction);
    if (!text_to_number(whole, LAST, &days) || days < FIRST ||
        (fraction.n && !text_to_number(fraction, 0, &zero))) {
        return false;
    }
    struct date d = date_from_days((int32_t)days + EPOCH);
    if (!date_is_set(d)) {
        return false;
    }
    *out = d;
    return true;
}

/* "2026-11-20T00:00:00", "20/11/2026 00:00": what follows the day must be a clock time. */
static struct text without_time(struct text t)
{
    for (size_t i = 8; i + 4 < t.n; i++) {
        if (t.at[i] != ' ' && t.at[i] != 'T') {
            continue;
        }
        struct text time = text_slice(t, i + 1, t.n);
        bool clock = memchr(time.at, ':', time.n) != NULL;
        for (size_t k = 0; clock && k < time.n; k++) {
            clock = (time.at[k] >= '0' && time.at[k] <= ':') || strchr(".Z", time.at[k]);
        }
        if (clock) {
            return text_slice(t, 0, i);
        }
    }
    return t;
}

bool cell_date(struct text cell, struct date on, struct date *out)
{
    struct text t = without_time(text_trim(cell));
    return date_parse_iso(t, out) || serial(t, out) || day_month_year(t, on, out);
}
