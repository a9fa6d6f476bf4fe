/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats that browsers do not all show, or that hold more than a picture: read, and converted for
 * the release. One row for each. */
#ifndef PHOTOGATE_IMAGE_FOREIGN_H
#define PHOTOGATE_IMAGE_FOREIGN_H

#include "image/carrier_table.h"
#include "image/gathering.h"
#include "image/raster.h"

struct foreign_facts {
    uint32_t width_px, height_px; /* as decoded; 0 until known */
    uint32_t orientation;         /* 1..8; 0 = as EXIF or XMP say */
    bool is_upright;              /* the decoder has turned it already */
};

struct foreign_format {
    enum file_kind kind;

    /* Record everything that is no picture; hand what has a reader to it.
     * *facts   written as soon as known
     * fails    FORMAT, LIMIT, UNSUPPORTED (an animation, several pages), NOMEM, LIBRARY, BUG */
    enum status (*inventory)(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                             struct err *err);

    /* Decode strictly into an empty raster, with its neutral profile. Fails as above. */
    enum status (*decode)(struct bytes file, struct raster *out, struct err *err);

    /* NULL, or what the library must do before the process is confined. Fails LIBRARY, NOMEM. */
    enum status (*prepare)(struct err *err);
};

/* NULL for a kind that has no row. */
const struct foreign_format *foreign_format(enum file_kind kind);

/* Every row's prepare. */
enum status foreign_prepare(struct err *err);

/* Record a structure that no reader is for, as its row says; a part of the picture is none. */
void foreign_note(struct gathering *g, const struct carrier_row *row, size_t size_bytes);

/* A free text of a row's carrier, of no declared encoding: UTF-8, or unparsable. Fails NOMEM,
 * LIBRARY. */
enum status foreign_text(struct gathering *g, enum carrier_id carrier, struct bytes text,
                         struct err *err);

/* The rows' functions. */
enum status heif_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                           struct err *err);
enum status heif_picture(struct bytes file, struct raster *out, struct err *err);
enum status heif_prepare(struct err *err);
enum status webp_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                           struct err *err);
enum status webp_picture(struct bytes file, struct raster *out, struct err *err);
enum status tiff_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                           struct err *err);
enum status tiff_picture(struct bytes file, struct raster *out, struct err *err);
enum status tiff_prepare(struct err *err);
enum status gif_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                          struct err *err);
enum status gif_picture(struct bytes file, struct raster *out, struct err *err);

#endif
