/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and boxes in XMP, as programs of many countries write them. strtod is no help: it follows
 * the locale and takes "nan". */
#include "image/xmp_regions.h"

#include <math.h>

static bool is_digit(struct text t, size_t i)
{
    return i < t.n && t.at[i] >= '0' && t.at[i] <= '9';
}

static size_t digits(struct text t, size_t i, double *value)
{
    while (is_digit(t, i)) {
        *value = *value * 10 + (t.at[i++] - '0');
    }
    return i;
}

static bool is_at(struct text t, size_t i, char a, char b)
{
    return i < t.n && (t.at[i] == a || t.at[i] == b);
}

bool xmp_number(struct text t, double *out)
{
    double value = 0, fraction = 0, exponent = 0;
    t = text_trim(t);
    size_t i = is_at(t, 0, '-', '+');
    bool negative = is_at(t, 0, '-', '-');
    size_t from = i;
    /* Longer than any printed double: some digits of it are not a number. */
    if (t.n > 64) {
        return false;
    }
    i = digits(t, i, &value);
    size_t n_digits = i - from;
    if (is_at(t, i, '.', ',')) {
        size_t end = digits(t, i + 1, &fraction);
        value += fraction / pow(10, (double)(end - i - 1));
        n_digits += end - i - 1;
        i = end;
    }
    if (n_digits && is_at(t, i, 'e', 'E')) {
        bool smaller = is_at(t, i + 1, '-', '-');
        i += 1 + is_at(t, i + 1, '-', '+');
        if (!is_digit(t, i)) {
            return false;
        }
        i = digits(t, i, &exponent);
        value *= pow(10, smaller ? -exponent : exponent);
    }
    if (n_digits == 0 || i != t.n || !isfinite(value)) {
        return false;
    }
    *out = negative ? -value : value;
    return true;
}

/* A comma with a space behind it separates; without one it may be the decimal comma. */
bool xmp_rectangle(struct text t, double out[4])
{
    struct text part[8];
    size_t n = 0, from = 0, n_spaced = 0;
    t = text_trim(t);
    for (size_t i = 0; i < t.n; i++) {
        n_spaced += t.at[i] == ',' && i + 1 < t.n && t.at[i + 1] == ' ';
    }
    for (size_t i = 0; i <= t.n; i++) {
        bool separates =
            i == t.n || (t.at[i] == ',' && (n_spaced != 3 || (i + 1 < t.n && t.at[i + 1] == ' ')));
        if (separates) {
            if (n == 8) {
                return false;
            }
            part[n++] = text_slice(t, from, i - from);
            from = i + 1;
        }
    }
    if (n == 8) {
        for (size_t i = 0; i < 4; i++) {
            part[i] = (struct text){part[2 * i].at, part[2 * i].n + 1 + part[2 * i + 1].n};
            if (!part[i].at) {
                return false;
            }
        }
        n = 4;
    }
    for (size_t i = 0; i < 4; i++) {
        if (n != 4 || !xmp_number(part[i], &out[i])) {
            return false;
        }
    }
    return true;
}

static int32_t to_ppm(double part)
{
    return (int32_t)lround(part * 1e6);
}

bool xmp_box(double x, double y, double w, double h, struct box *out)
{
    /* Written so that NaN fails each test. A hair over 1 is rounding. */
    const double largest = 1.001;
    if (!(w > 0 && w <= largest && h > 0 && h <= largest)) {
        return false;
    }
    double middle_x = x + w / 2, middle_y = y + h / 2;
    if (!(middle_x >= 0 && middle_x <= 1 && middle_y >= 0 && middle_y <= 1)) {
        return false;
    }
    int32_t left = to_ppm(fmax(x, 0)), top = to_ppm(fmax(y, 0));
    int32_t right = to_ppm(fmin(x + w, 1)), bottom = to_ppm(fmin(y + h, 1));
    if (right <= left || bottom <= top) {
        return false;
    }
    *out = (struct box){left, top, right - left, bottom - top};
    return true;
}
