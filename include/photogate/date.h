/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calendar date without a time or zone: what consents and leaving dates are made of. Proleptic
 * Gregorian. */
#ifndef PHOTOGATE_DATE_H
#define PHOTOGATE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

struct date {
    int16_t year; /* 1900..2200; 0 = no date */
    uint8_t month, day;
};

#define DATE_NONE ((struct date){0, 0, 0})
#define DATE_TEXT_BYTES 11 /* "2026-11-20" and NUL */

bool date_is_set(struct date d);

/* True and *out set if the three make a real day of 1900..2200. Pure. */
bool date_make(int year, int month, int day, struct date *out);

/* YYYY-MM-DD exactly (ISO 8601-1, 5.2.2.1 extended form). Pure. */
bool date_parse_iso(struct text t, struct date *out);

/* <0, 0, >0; no date sorts first. Pure. */
int date_compare(struct date a, struct date b);

/* Days since 1970-01-01, and back. DATE_NONE gives INT32_MIN. Pure. */
int32_t date_to_days(struct date d);
struct date date_from_days(int32_t days);

/* `months` later, the day clipped to the month's end. Pure. */
struct date date_add_months(struct date d, int months);

/* Whole years from `birth` to `on`; -1 when either is missing or in the wrong order. Pure. */
int date_years_between(struct date birth, struct date on);

/* ISO form into `out`, empty for no date. Returns `out`. Pure. */
const char *date_format(struct date d, char out[DATE_TEXT_BYTES]);

#ifdef __cplusplus
}
#endif
#endif
