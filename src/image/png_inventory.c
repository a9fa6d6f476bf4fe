/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/png_inventory.h"

#include "photogate/limits.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Chunks by type: what they are, and that nobody's tag is in them by their definition. `carrier`
 * UNKNOWN: part of the picture. The texts stay NOT_READ until png_text_note has had them. A type
 * that is not here is PNG_OTHER and goes, unread. */
struct chunk_row {
    char type[5];
    enum carrier_id carrier;
};

static const struct chunk_row CHUNK_ROWS[] = {
    {"IHDR", CARRIER_UNKNOWN},    {"PLTE", CARRIER_UNKNOWN},    {"IDAT", CARRIER_UNKNOWN},
    {"IEND", CARRIER_UNKNOWN},    {"tRNS", CARRIER_UNKNOWN},    {"gAMA", CARRIER_UNKNOWN},
    {"cHRM", CARRIER_UNKNOWN},    {"sRGB", CARRIER_UNKNOWN},    {"tEXt", CARRIER_UNKNOWN},
    {"zTXt", CARRIER_UNKNOWN},    {"iTXt", CARRIER_UNKNOWN},    {"iCCP", CARRIER_ICC},
    {"tIME", CARRIER_PNG_TIME},   {"acTL", CARRIER_PNG_FRAMES}, {"fcTL", CARRIER_PNG_FRAMES},
    {"fdAT", CARRIER_PNG_FRAMES}, {"caBX", CARRIER_C2PA},
};

static enum carrier_id carrier_for(const struct png_chunk *c)
{
    for (size_t i = 0; i < COUNT(CHUNK_ROWS); i++) {
        if (png_chunk_is(c, CHUNK_ROWS[i].type)) {
            return CHUNK_ROWS[i].carrier;
        }
    }
    return CARRIER_PNG_OTHER;
}

static enum status note_chunk(struct gathering *g, const struct png_chunk *c,
                              struct png_header *header, struct err *err)
{
    if (png_chunk_is(c, "IHDR")) {
        return png_header_parse(c, header, err);
    }
    if (png_chunk_is(c, "eXIf")) {
        return exif_read(g, c->data, err);
    }
    enum carrier_id carrier = carrier_for(c);
    if (carrier != CARRIER_UNKNOWN) {
        gather_carrier(g, carrier, CARRIER_DROPPED, c->data.n, "");
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
    struct bytes rest = png_walk_rest(&w);
    if (st == STATUS_OK && rest.n) {
        gather_carrier(g, CARRIER_TRAILER, CARRIER_DROPPED, rest.n, "");
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
