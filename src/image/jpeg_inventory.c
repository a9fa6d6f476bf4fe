/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_inventory.h"

#include <string.h>

#include "image/carrier_table.h"
#include "image/ducky.h"
#include "image/xmp_extended.h"
#include "photogate/limits.h"

/* A comment has no declared encoding (B.2.4.5): what is not UTF-8 could be any of a dozen, and a
 * name read in the wrong one matches nobody. */
static enum status note_comment(struct gathering *g, struct bytes comment, struct err *err)
{
    struct text t = {(const char *)comment.at, comment.n};
    while (t.n && t.at[t.n - 1] == '\0') {
        t.n--;
    }
    if (!text_is_utf8(t)) {
        gather_carrier(g, CARRIER_COMMENT, CARRIER_UNPARSABLE, comment.n,
                       "its encoding is not known");
        return STATUS_OK;
    }
    return text_read(g, CARRIER_COMMENT, TEXT_NONE, t, err);
}

/* B.2.3: which components a scan holds. Bits of the frame's components, for those whose first
 * coefficients it codes. */
static enum status note_scan(const struct jpeg_segment *s, const struct jpeg_frame *f,
                             unsigned *seen, struct err *err)
{
    struct bytes p = s->payload;
    if (f->sof == 0 || p.n < 1 || p.n != 4 + 2 * (size_t)p.at[0]) {
        return err_set(err, STATUS_FORMAT, "the scan header at byte %zu is wrong", s->offset);
    }
    if (p.at[p.n - 3] != 0) {
        return STATUS_OK; /* Ss > 0: a progressive scan of higher frequencies */
    }
    for (size_t i = 0; i < p.at[0]; i++) {
        for (unsigned c = 0; c < f->n_components; c++) {
            *seen |= f->components[c].id == p.at[1 + 2 * i] ? 1u << c : 0;
        }
    }
    return STATUS_OK;
}

static enum status note_frame(const struct jpeg_segment *s, struct jpeg_frame *frame,
                              struct err *err)
{
    if (frame->sof != 0) {
        return err_set(err, STATUS_FORMAT, "a second frame header at byte %zu", s->offset);
    }
    return jpeg_frame_parse(s, frame, err);
}

struct inventory {
    struct gathering *g;
    struct jpeg_frame *frame;
    enum inventory_depth depth;
    struct xmp_extended extended;
    unsigned components_seen;
    unsigned n_scans;
};

/* An application segment or a comment, as its row in the table says. */
static enum status note_carrier(struct inventory *in, const struct jpeg_segment *s, struct err *err)
{
    const struct carrier_row *row = carrier_row_for_segment(s->marker, s->payload);
    struct bytes rest = bytes_slice(s->payload, row->n_key, s->payload.n);
    bool says_orientation = row->reader == READER_EXIF || row->reader == READER_XMP;
    if (in->depth == INVENTORY_ORIENTATION && !says_orientation) {
        return STATUS_OK;
    }
    switch (row->reader) {
    case READER_EXIF:
        return exif_read(in->g, rest, err);
    case READER_XMP:
        return xmp_read(in->g, CARRIER_XMP, rest, err);
    case READER_PHOTOSHOP:
        return photoshop_read(in->g, rest, err);
    case READER_TEXT:
        return note_comment(in->g, rest, err);
    case READER_DUCKY:
        return ducky_read(in->g, rest, err);
    case READER_XMP_EXTENDED:
        xmp_extended_add(&in->extended, rest);
        return STATUS_OK;
    case READER_IPTC: /* in Photoshop's resources only */
    case READER_NONE:
        break;
    }
    bool is_held = row->handling == HANDLING_HELD;
    gather_carrier(in->g, row->carrier, is_held ? CARRIER_NOT_READ : CARRIER_DROPPED, s->payload.n,
                   row->carrier == CARRIER_APP_OTHER ? "of an unknown form" : "");
    return STATUS_OK;
}

static enum status note_segment(struct inventory *in, const struct jpeg_segment *s, struct err *err)
{
    if ((s->marker >= JPEG_APP0 && s->marker <= JPEG_APP15) || s->marker == JPEG_COM) {
        return note_carrier(in, s, err);
    }
    if (jpeg_marker_is_frame(s->marker)) {
        return note_frame(s, in->frame, err);
    }
    if (s->marker == JPEG_SOS) {
        if (++in->n_scans > MAX_JPEG_SCANS) {
            return err_set(err, STATUS_LIMIT, "more than %d scans", MAX_JPEG_SCANS);
        }
        return note_scan(s, in->frame, &in->components_seen, err);
    }
    return STATUS_OK;
}

enum status jpeg_inventory(struct bytes file, enum inventory_depth depth, struct gathering *g,
                           struct jpeg_frame *frame, struct err *err)
{
    struct jpeg_walk w;
    struct inventory in = {.g = g, .frame = frame, .depth = depth};
    enum status st = STATUS_OK;
    *frame = (struct jpeg_frame){.sof = 0};
    jpeg_walk_init(&w, file);
    while (st == STATUS_OK && !w.ended) {
        struct jpeg_segment s;
        st = jpeg_walk_next(&w, &s, err);
        if (st == STATUS_OK) {
            st = note_segment(&in, &s, err);
        }
    }
    if (st != STATUS_OK) {
        return st;
    }
    gather_trailer(g, jpeg_walk_rest(&w));
    if (in.extended.n_bytes) {
        st = xmp_extended_read(&in.extended, g, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    /* ISO 16684-3, JPEG: xmpNote:HasExtendedXMP names a packet that goes with the first. */
    if (g->has_promised_xmp && in.extended.n_bytes == 0 && depth != INVENTORY_ORIENTATION) {
        gather_carrier(g, CARRIER_XMP_EXTENDED, CARRIER_UNPARSABLE, 0,
                       "extended XMP that is spoken of and not there");
    }
    if (in.components_seen != (1u << frame->n_components) - 1 || frame->sof == 0) {
        return err_set(err, STATUS_FORMAT, "the picture's data do not hold all its colours");
    }
    return STATUS_OK;
}

enum status jpeg_frame_check(const struct jpeg_frame *f, struct err *err)
{
    if ((uint64_t)f->width_px * f->height_px > MAX_PHOTO_PIXELS) {
        return err_set(err, STATUS_LIMIT, "%u x %u px is more than %u million pixels",
                       (unsigned)f->width_px, (unsigned)f->height_px, MAX_PHOTO_PIXELS / 1000000);
    }
    /* 9 and 10 are 1 and 2 with arithmetic coding: transcoded to Huffman's, which every viewer
     * knows. */
    if (f->sof != JPEG_SOF0 && f->sof != JPEG_SOF1 && f->sof != JPEG_SOF2 && f->sof != JPEG_SOF9 &&
        f->sof != JPEG_SOF10) {
        return err_set(err, STATUS_UNSUPPORTED, "a lossless or hierarchical JPEG");
    }
    if (f->precision != 8) {
        return err_set(err, STATUS_UNSUPPORTED, "a JPEG of %u bits a colour",
                       (unsigned)f->precision);
    }
    if (f->n_components == 2) {
        return err_set(err, STATUS_UNSUPPORTED, "a JPEG of two colours");
    }
    if (f->n_components == JPEG_MAX_COMPONENTS &&
        (uint64_t)f->width_px * f->height_px > MAX_CONVERTED_PIXELS) {
        return err_set(err, STATUS_LIMIT, "%u x %u px is more than %u million pixels of four inks",
                       (unsigned)f->width_px, (unsigned)f->height_px,
                       MAX_CONVERTED_PIXELS / 1000000);
    }
    return STATUS_OK;
}
