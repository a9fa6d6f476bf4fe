/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/exif_facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    RATIONAL_BYTES = 8,
    TYPE_RATIONAL = 5,
    GPS_LATITUDE_REF = 1,
    GPS_LATITUDE = 2,
    GPS_LONGITUDE_REF = 3,
    GPS_LONGITUDE = 4,
    GPS_ERROR = 0x1F
};

static const double MAX_ERROR_M = 1e6;

static struct text ascii_of(const struct exif_facts *f, const struct tiff_entry *e)
{
    struct bytes v = tiff_value(f->tiff, e);
    if ((e->type != TIFF_TYPE_ASCII && e->type != TIFF_TYPE_UTF8) || v.n == 0) {
        return TEXT_NONE;
    }
    const uint8_t *nul = memchr(v.at, 0, v.n);
    return text_trim((struct text){(const char *)v.at, nul ? (size_t)(nul - v.at) : v.n});
}

/* One RATIONAL: two LONGs. False for a division by nothing. */
static bool rational_at(const struct exif_facts *f, struct bytes v, size_t i, double *out)
{
    if (v.n < (i + 1) * RATIONAL_BYTES) {
        return false;
    }
    size_t at = (size_t)(v.at - f->tiff.at) + i * RATIONAL_BYTES;
    double above = tiff_u32(f->tiff, at), below = tiff_u32(f->tiff, at + 4);
    if (below == 0) {
        return false;
    }
    *out = above / below;
    return true;
}

/* EXIF 2.32, 4.6.6 A: degrees, minutes, seconds; those that a receiver leaves out are 0/1, or 0/0.
 */
static bool degrees_of(const struct exif_facts *f, const struct tiff_entry *e, double *out)
{
    struct bytes v = tiff_value(f->tiff, e);
    double degrees = 0, minutes = 0, seconds = 0;
    if (e->type != TYPE_RATIONAL || !rational_at(f, v, 0, &degrees)) {
        return false;
    }
    (void)rational_at(f, v, 1, &minutes);
    (void)rational_at(f, v, 2, &seconds);
    *out = degrees + minutes / 60 + seconds / 3600;
    return true;
}

static void see_gps(struct exif_facts *f, const struct tiff_entry *e)
{
    struct text t = ascii_of(f, e);
    switch (e->tag) {
    case GPS_LATITUDE_REF:
        f->latitude.ref = t.n ? t.at[0] : '\0';
        break;
    case GPS_LATITUDE:
        f->latitude.is_given = degrees_of(f, e, &f->latitude.degrees);
        break;
    case GPS_LONGITUDE_REF:
        f->longitude.ref = t.n ? t.at[0] : '\0';
        break;
    case GPS_LONGITUDE:
        f->longitude.is_given = degrees_of(f, e, &f->longitude.degrees);
        break;
    case GPS_ERROR:
        f->has_error =
            e->type == TYPE_RATIONAL && rational_at(f, tiff_value(f->tiff, e), 0, &f->error_m);
        break;
    default:
        break;
    }
}

/* EXIF 2.32, 4.6.4 and 4.6.5; DNG for 0xC62F; EXIF 3.0 for 0xA438. */
void exif_facts_see(struct exif_facts *f, const struct tiff_entry *e)
{
    const struct {
        uint16_t tag;
        struct text *to;
    } rows[] = {
        {0x010F, &f->make},
        {0x0110, &f->model},
        {0x0131, &f->said.software},
        {0x0132, &f->taken_by_ifd0},
        {0x013B, &f->said.artist},
        {0x013C, &f->said.software},
        {0x9003, &f->taken},
        {0xA430, &f->said.owner},
        {0xA431, &f->said.serial},
        {0xA434, &f->said.lens},
        {0xA435, &f->said.lens_serial},
        {0xA438, &f->said.editor},
        {0xC62F, &f->said.raw_serial},
    };
    if (e->ifd == TIFF_IFD_GPS) {
        see_gps(f, e);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && e->ifd != TIFF_IFD_1; i++) {
        if (rows[i].tag == e->tag) {
            *rows[i].to = ascii_of(f, e);
        }
    }
}

void gather_place(struct gathering *g, enum carrier_id carrier, double latitude, double longitude,
                  bool has_error, double error_m)
{
    char line[96], within[32] = "";
    /* 0, 0 is in the Gulf of Guinea, and what a receiver writes that has found nothing. */
    bool is_somewhere = fabs(latitude) <= 90 && fabs(longitude) <= 180 &&
                        (latitude < 0 || latitude > 0 || longitude < 0 || longitude > 0);
    if (!is_somewhere) {
        return;
    }
    if (has_error && error_m > 0 && error_m < MAX_ERROR_M) {
        (void)snprintf(within, sizeof within, " (within %.0f m)", ceil(error_m));
    }
    (void)snprintf(line, sizeof line, "%.5f %c, %.5f %c%s", fabs(latitude),
                   latitude < 0 ? 'S' : 'N', fabs(longitude), longitude < 0 ? 'W' : 'E', within);
    gather_fact(g, carrier, FACT_PLACE, text_of(line));
}

/* The model often names its maker once more. */
static void record_camera(const struct exif_facts *f, struct gathering *g)
{
    char line[160];
    bool twice = text_starts_with(f->model, f->make);
    if (f->make.n + f->model.n < sizeof line) {
        (void)snprintf(line, sizeof line, "%.*s%s%.*s", TEXT_ARG(twice ? TEXT_NONE : f->make),
                       twice || f->make.n == 0 ? "" : " ", TEXT_ARG(f->model));
        gather_fact(g, CARRIER_EXIF, FACT_CAMERA, text_of(line));
    }
    gather_fact(g, CARRIER_EXIF, FACT_CAMERA, f->said.lens);
}

void exif_facts_record(const struct exif_facts *f, struct gathering *g)
{
    if (f->latitude.is_given && f->longitude.is_given) {
        gather_place(g, CARRIER_EXIF_GPS,
                     f->latitude.ref == 'S' ? -f->latitude.degrees : f->latitude.degrees,
                     f->longitude.ref == 'W' ? -f->longitude.degrees : f->longitude.degrees,
                     f->has_error, f->error_m);
    }
    gather_fact(g, CARRIER_EXIF, FACT_TAKEN, f->taken.n ? f->taken : f->taken_by_ifd0);
    gather_fact(g, CARRIER_EXIF_OWNER, FACT_OWNER, f->said.owner);
    gather_fact(g, CARRIER_EXIF_OWNER, FACT_OWNER, f->said.artist);
    gather_fact(g, CARRIER_EXIF_OWNER, FACT_OWNER, f->said.editor);
    gather_fact(g, CARRIER_EXIF_SERIAL, FACT_SERIAL, f->said.serial);
    gather_fact(g, CARRIER_EXIF_SERIAL, FACT_SERIAL, f->said.raw_serial);
    gather_fact(g, CARRIER_EXIF_SERIAL, FACT_SERIAL, f->said.lens_serial);
    record_camera(f, g);
    gather_fact(g, CARRIER_EXIF, FACT_SOFTWARE, f->said.software);
}
