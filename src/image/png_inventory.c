/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/png_inventory.h"

#include "image/carrier_table.h"
#include "photogate/limits.h"

/* PNG third edition, 11.3.2.6; ITU-T H.273: what is shown as sRGB is, passes. A viewer that does
 * not know the chunk shows other colours than one that does, and the release would be one of the
 * two. */
static enum status check_code_points(struct bytes cicp, struct err *err)
{
    enum { BT709 = 1, BT601 = 6, SRGB = 13, BT2020_10 = 14, BT2020_12 = 15, FULL_RANGE = 1 };
    bool is_whole = cicp.n == 4;
    unsigned curve = is_whole ? cicp.at[1] : 0;
    bool is_srgb = is_whole && cicp.at[0] == BT709 && cicp.at[2] == 0 && cicp.at[3] == FULL_RANGE &&
                   (curve == BT709 || curve == BT601 || curve == SRGB || curve == BT2020_10 ||
                    curve == BT2020_12);
    return is_srgb ? STATUS_OK
                   : err_set(err, STATUS_UNSUPPORTED,
                             "colours beyond those of ordinary screens (cICP); save it as sRGB");
}

static enum status note_chunk(struct gathering *g, const struct png_chunk *c,
                              struct png_header *header, struct err *err)
{
    if (png_chunk_is(c, "IHDR")) {
        return png_header_parse(c, header, err);
    }
    if (png_chunk_is(c, "cICP")) {
        return check_code_points(c->data, err);
    }
    const struct carrier_row *row = carrier_row_for_chunk(c->type);
    if (row->reader == READER_EXIF) {
        return exif_read(g, c->data, err);
    }
    if (row->handling == HANDLING_DROPPED) {
        gather_carrier(g, row->carrier, CARRIER_DROPPED, c->data.n, "");
    }
    return STATUS_OK;
}

enum status png_inventory(struct bytes file, struct gathering *g, struct png_header *header,
                          struct err *err)
{
    struct png_walk w;
    enum status st = STATUS_OK;
    *header = (struct png_header){.width_px = 0};
    png_walk_init(&w, file);
    while (st == STATUS_OK && !w.ended) {
        struct png_chunk c;
        st = png_walk_next(&w, &c, err);
        if (st == STATUS_OK) {
            st = note_chunk(g, &c, header, err);
        }
    }
    if (st == STATUS_OK) {
        gather_trailer(g, png_walk_rest(&w));
    }
    return st;
}

enum status png_header_check(const struct png_header *h, struct err *err)
{
    if ((uint64_t)h->width_px * h->height_px > MAX_PHOTO_PIXELS || h->width_px > MAX_PNG_EDGE_PX ||
        h->height_px > MAX_PNG_EDGE_PX) {
        return err_set(err, STATUS_LIMIT, "%u x %u px is over %u million pixels or %u px an edge",
                       (unsigned)h->width_px, (unsigned)h->height_px, MAX_PHOTO_PIXELS / 1000000,
                       MAX_PNG_EDGE_PX);
    }
    return STATUS_OK;
}
