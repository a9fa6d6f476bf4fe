/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/png_inventory.h"

#include "image/carrier_table.h"
#include "photogate/limits.h"

static enum status note_chunk(struct gathering *g, const struct png_chunk *c,
                              struct png_header *header, struct err *err)
{
    if (png_chunk_is(c, "IHDR")) {
        return png_header_parse(c, header, err);
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
