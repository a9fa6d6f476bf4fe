/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/date.h"

#include <stdio.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2200 };

bool date_is_set(struct date d)
{
    return d.year != 0;
}

static int days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap);
}

bool date_make(int year, int month, int day, struct date *out)
{
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month)) {
        return false;
    }
    *out = (struct date){(int16_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

bool date_parse_iso(struct text t, struct date *out)
{
    uint64_t year, month, day;
    return t.n == 10 && t.at[4] == '-' && t.at[7] == '-' &&
           text_to_number(text_slice(t, 0, 4), 9999, &year) &&
           text_to_number(text_slice(t, 5, 2), 99, &month) &&
           text_to_number(text_slice(t, 8, 2), 99, &day) &&
           date_make((int)year, (int)month, (int)day, out);
}

int date_compare(struct date a, struct date b)
{
    long x = a.year * 10000L + a.month * 100L + a.day;
    long y = b.year * 10000L + b.month * 100L + b.day;
    return (x > y) - (x < y);
}

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": the year starts in March, so that
 * the leap day is its last. */
int32_t date_to_days(struct date d)
{
    if (!date_is_set(d)) {
        return INT32_MIN;
    }
    int y = d.year - (d.month <= 2);
    int era = y / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int32_t days)
{
    struct date out = DATE_NONE;
    struct date first = {FIRST_YEAR, 1, 1}, last = {LAST_YEAR, 12, 31};
    if (days < date_to_days(first) || days > date_to_days(last)) {
        return out;
    }
    int z = days + 719468;
    int era = z / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int mp = (5 * day_of_year + 2) / 153;
    int day = day_of_year - (153 * mp + 2) / 5 + 1;
    int month = mp < 10 ? mp + 3 : mp - 9;
    (void)date_make(year_of_era + era * 400 + (month <= 2), month, day, &out);
    return out;
}

struct date date_add_months(struct date d, int months)
{
    struct date out = DATE_NONE;
    if (!date_is_set(d) || months < -12 * 400 || months > 12 * 400) {
        return out;
    }
    int index = d.year * 12 + (d.month - 1) + months;
    int year = index / 12, month = index % 12 + 1;
    if (year < FIRST_YEAR || year > LAST_YEAR) {
        return out;
    }
    int last = days_in_month(year, month);
    (void)date_make(year, month, d.day < last ? d.day : last, &out);
    return out;
}

int date_years_between(struct date birth, struct date on)
{
    if (!date_is_set(birth) || !date_is_set(on) || date_compare(birth, on) > 0) {
        return -1;
    }
    bool before_birthday =
        on.month < birth.month || (on.month == birth.month && on.day < birth.day);
    return on.year - birth.year - before_birthday;
}

const char *date_format(struct date d, char out[DATE_TEXT_BYTES])
{
    out[0] = '\0';
    if (date_is_set(d)) {
        (void)snprintf(out, DATE_TEXT_BYTES, "%04u-%02u-%02u", (unsigned)d.year % 10000u,
                       (unsigned)d.month % 100u, (unsigned)d.day % 100u);
    }
    return out;
}
