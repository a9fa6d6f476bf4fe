/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_inventory.h"

#include <string.h>

#include "photogate/limits.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef enum status reader(struct gathering *g, struct bytes payload, struct err *err);

static enum status read_xmp_packet(struct gathering *g, struct bytes packet, struct err *err)
{
    return xmp_read(g, CARRIER_XMP, packet, err);
}

/* Application segments by marker and signature. An unknown segment is application data that goes,
 * but in APP1 and APP13, where names and places live, what nobody understands holds the photo. */
struct app_row {
    uint8_t app; /* n of APPn */
    uint8_t n_signature;
    const char *signature;
    enum carrier_id carrier;
    enum carrier_state state; /* when there is no reader */
    reader *read;             /* records the carrier itself */
};

static const struct app_row APP_ROWS[] = {
    {0, 5, "JFIF\0", CARRIER_JFIF, CARRIER_DROPPED, NULL},
    {0, 5, "JFXX\0", CARRIER_JFIF, CARRIER_DROPPED, NULL},
    {1, 6, "Exif\0\0", CARRIER_EXIF, CARRIER_NOT_READ, exif_read},
    {1, 6, "Exif\0\xFF", CARRIER_EXIF, CARRIER_NOT_READ, exif_read},
    {1, 29, "http://ns.adobe.com/xap/1.0/\0", CARRIER_XMP, CARRIER_NOT_READ, read_xmp_packet},
    {1, 35, "http://ns.adobe.com/xmp/extension/\0", CARRIER_XMP_EXTENDED, CARRIER_NOT_READ, NULL},
    {1, 5, "FLIR\0", CARRIER_APP_OTHER, CARRIER_DROPPED, NULL},
    {1, 0, "", CARRIER_APP_OTHER, CARRIER_NOT_READ, NULL},
    {2, 12, "ICC_PROFILE\0", CARRIER_ICC, CARRIER_DROPPED, NULL},
    {2, 4, "MPF\0", CARRIER_MPF, CARRIER_DROPPED, NULL},
    {11, 2, "JP", CARRIER_C2PA, CARRIER_DROPPED, NULL},
    {13, 14, "Photoshop 3.0\0", CARRIER_PHOTOSHOP, CARRIER_NOT_READ, photoshop_read},
    {13, 9, "Adobe_CM\0", CARRIER_APP_OTHER, CARRIER_DROPPED, NULL},
    {13, 0, "", CARRIER_APP_OTHER, CARRIER_NOT_READ, NULL},
    {14, 5, "Adobe", CARRIER_ADOBE, CARRIER_DROPPED, NULL},
};

static enum status note_app(struct gathering *g, const struct jpeg_segment *s,
                            enum inventory_depth depth, struct err *err)
{
    for (size_t i = 0; i < COUNT(APP_ROWS); i++) {
        const struct app_row *r = &APP_ROWS[i];
        if (s->marker != (unsigned)JPEG_APP0 + r->app ||
            !bytes_start_with(s->payload, r->signature, r->n_signature)) {
            continue;
        }
        if (r->read && (depth == INVENTORY_ALL || r->read == exif_read)) {
            return r->read(g, bytes_slice(s->payload, r->n_signature, s->payload.n), err);
        }
        gather_carrier(g, r->carrier, r->state, s->payload.n,
                       r->carrier == CARRIER_APP_OTHER ? "of an unknown form" : "");
        return STATUS_OK;
    }
    gather_carrier(g, CARRIER_APP_OTHER, CARRIER_DROPPED, s->payload.n, "");
    return STATUS_OK;
}

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
    unsigned components_seen;
    unsigned n_scans;
};

static enum status note_segment(struct inventory *in, const struct jpeg_segment *s, struct err *err)
{
    if (s->marker >= JPEG_APP0 && s->marker <= JPEG_APP15) {
        return note_app(in->g, s, in->depth, err);
    }
    if (s->marker == JPEG_COM) {
        return in->depth == INVENTORY_ALL ? note_comment(in->g, s->payload, err) : STATUS_OK;
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
    struct bytes rest = jpeg_walk_rest(&w);
    if (rest.n) {
        gather_carrier(g, CARRIER_TRAILER, CARRIER_DROPPED, rest.n, "");
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
    if (f->sof != JPEG_SOF0 && f->sof != JPEG_SOF1 && f->sof != JPEG_SOF2) {
        return err_set(err, STATUS_UNSUPPORTED,
                       f->sof > JPEG_JPG ? "a JPEG with arithmetic coding"
                                         : "a lossless or hierarchical JPEG");
    }
    if (f->precision != 8) {
        return err_set(err, STATUS_UNSUPPORTED, "a JPEG of %u bits a colour",
                       (unsigned)f->precision);
    }
    if (f->n_components != 1 && f->n_components != 3) {
        return err_set(err, STATUS_UNSUPPORTED,
                       f->n_components == 4 ? "a JPEG for printing, in four colours (CMYK)"
                                            : "a JPEG of two colours");
    }
    return STATUS_OK;
}
