/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an EXIF block gives away, for telling people: place, time, camera, serial numbers, owner.
 * The location directory and the maker's notes are not given to libexif (exif.c); figures and plain
 * texts of the rest are read here, as they stand. Nothing here holds a photo: what cannot be read
 * is not told.
 *
 *     struct exif_facts f = {.tiff = tiff};
 *     tiff_walk(...): exif_facts_see(&f, entry) for each
 *     exif_facts_record(&f, g);
 */
#ifndef PHOTOGATE_IMAGE_EXIF_FACTS_H
#define PHOTOGATE_IMAGE_EXIF_FACTS_H

#include "image/gathering.h"
#include "image/tiff_walk.h"

struct exif_facts {
    struct bytes tiff;       /* borrowed */
    struct text make, model; /* borrowed from `tiff` */
    struct text taken, taken_by_ifd0;
    struct {
        struct text owner, serial, lens, lens_serial, raw_serial, artist, editor, software;
    } said;
    struct {
        char ref; /* 'N', 'S', 'E', 'W', or 0 */
        bool is_given;
        double degrees;
    } latitude, longitude;
    bool has_error;
    double error_m; /* half the width of the place, as the receiver says */
};

void exif_facts_see(struct exif_facts *f, const struct tiff_entry *e);
void exif_facts_record(const struct exif_facts *f, struct gathering *g);

/* "51.50735 N, 0.12776 W (within 5 m)", the last part when `has_error`; nothing for figures that
 * are no place on earth. */
void gather_place(struct gathering *g, enum carrier_id carrier, double latitude, double longitude,
                  bool has_error, double error_m);

#endif
