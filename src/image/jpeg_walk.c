/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_walk.h"

#include <string.h>

#include "photogate/limits.h"

void jpeg_walk_init(struct jpeg_walk *w, struct bytes file)
{
    *w = (struct jpeg_walk){.file = file, .at = 0, .n_segments = 0, .ended = false};
}

struct bytes jpeg_walk_rest(const struct jpeg_walk *w)
{
    return bytes_slice(w->file, w->at, w->file.n);
}

bool jpeg_marker_is_frame(unsigned marker)
{
    return marker >= JPEG_SOF0 && marker <= JPEG_SOF15 && marker != JPEG_DHT &&
           marker != JPEG_JPG && marker != JPEG_DAC;
}

/* What may stand in a file that holds one picture. JPGn, RES, DHP, EXP (hierarchical) and DNL
 * (height told afterwards) may not: nothing that shows photos reads them, so they are somewhere to
 * hide. */
static bool is_allowed(unsigned marker)
{
    return (marker >= JPEG_APP0 && marker <= JPEG_APP15) || jpeg_marker_is_frame(marker) ||
           marker == JPEG_COM || marker == JPEG_DHT || marker == JPEG_DQT || marker == JPEG_DRI ||
           marker == JPEG_SOS || marker == JPEG_EOI || marker == JPEG_DAC;
}

/* B.1.1.2: a marker is 0xFF and a byte that is neither 0 nor 0xFF; any number of 0xFF may stand
 * before it. */
static enum status read_marker(struct jpeg_walk *w, struct jpeg_segment *out, struct err *err)
{
    size_t from = w->at;
    if (from >= w->file.n) {
        return err_set(err, STATUS_FORMAT, "the file ends at byte %zu, before the picture's end",
                       w->file.n);
    }
    if (w->file.at[from] != 0xFF) {
        return err_set(err, STATUS_FORMAT, "stray bytes between segments at byte %zu", from);
    }
    size_t at = from;
    while (at < w->file.n && w->file.at[at] == 0xFF) {
        at++;
    }
    if (at >= w->file.n) {
        return err_set(err, STATUS_FORMAT, "the file ends at byte %zu, before the picture's end",
                       w->file.n);
    }
    out->n_fill = at - from - 1;
    out->offset = at - 1;
    out->marker = w->file.at[at];
    w->at = at + 1;
    return STATUS_OK;
}

/* F.1.2.3: in entropy-coded data a 0xFF byte is followed by a stuffed 0; E.1.4: RSTn stand between
 * its intervals. */
static enum status read_scan(struct jpeg_walk *w, struct jpeg_segment *out, struct err *err)
{
    size_t at = w->at;
    for (;;) {
        const uint8_t *ff =
            at + 1 < w->file.n ? memchr(w->file.at + at, 0xFF, w->file.n - 1 - at) : NULL;
        if (!ff) {
            return err_set(err, STATUS_FORMAT,
                           "the file ends at byte %zu, within the picture's data", w->file.n);
        }
        at = (size_t)(ff - w->file.at);
        unsigned next = w->file.at[at + 1];
        if (next == 0 || (next >= JPEG_RST0 && next <= JPEG_RST7)) {
            at += 2;
        } else {
            break; /* a marker, or its fill bytes */
        }
    }
    out->scan = bytes_slice(w->file, w->at, at - w->at);
    w->at = at;
    return STATUS_OK;
}

enum status jpeg_walk_next(struct jpeg_walk *w, struct jpeg_segment *out, struct err *err)
{
    struct jpeg_segment s = {.marker = 0};
    if (w->n_segments == 0) {
        if (!bytes_start_with(w->file, "\xFF\xD8", 2)) {
            return err_set(err, STATUS_FORMAT, "no start of image (SOI)");
        }
        s.marker = JPEG_SOI;
        w->at = 2;
        w->n_segments = 1;
        *out = s;
        return STATUS_OK;
    }
    if (w->n_segments >= MAX_SEGMENTS) {
        return err_set(err, STATUS_LIMIT, "more than %u segments", MAX_SEGMENTS);
    }
    enum status st = read_marker(w, &s, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!is_allowed(s.marker)) {
        return err_set(err, STATUS_FORMAT, "marker 0x%02X has no place in a photo, at byte %zu",
                       s.marker, s.offset);
    }
    if (s.marker == JPEG_EOI) {
        w->ended = true;
    } else {
        size_t left = w->file.n - w->at;
        size_t length = left >= 2 ? bytes_be16(w->file, w->at) : 0;
        if (length < 2 || length > left) {
            return err_set(err, STATUS_FORMAT, "segment 0x%02X at byte %zu has a wrong length",
                           s.marker, s.offset);
        }
        s.payload = bytes_slice(w->file, w->at + 2, length - 2);
        w->at += length;
        if (s.marker == JPEG_SOS) {
            st = read_scan(w, &s, err);
        }
    }
    w->n_segments++;
    if (st == STATUS_OK) {
        *out = s;
    }
    return st;
}

/* B.2.2: precision, height, width, number of components, then three bytes for each. */
enum status jpeg_frame_parse(const struct jpeg_segment *s, struct jpeg_frame *out, struct err *err)
{
    struct bytes p = s->payload;
    struct jpeg_frame f = {.sof = s->marker};
    if (p.n < 6 || p.n != 6 + 3 * (size_t)p.at[5]) {
        return err_set(err, STATUS_FORMAT, "the frame header has a wrong length");
    }
    f.precision = p.at[0];
    f.height_px = bytes_be16(p, 1);
    f.width_px = bytes_be16(p, 3);
    f.n_components = p.at[5];
    if (f.width_px == 0 || f.height_px == 0 || f.n_components == 0) {
        return err_set(err, STATUS_FORMAT, "the frame header says %u x %u px, %u components",
                       (unsigned)f.width_px, (unsigned)f.height_px, (unsigned)f.n_components);
    }
    if (f.n_components > JPEG_MAX_COMPONENTS) {
        return err_set(err, STATUS_UNSUPPORTED, "%u colour components", (unsigned)f.n_components);
    }
    for (size_t i = 0; i < f.n_components; i++) {
        const uint8_t *c = p.at + 6 + 3 * i;
        struct jpeg_component *to = &f.components[i];
        *to = (struct jpeg_component){c[0], c[1] >> 4, c[1] & 15, c[2]};
        if (to->h < 1 || to->h > 4 || to->v < 1 || to->v > 4 || to->quant_table > 3) {
            return err_set(err, STATUS_FORMAT, "component %zu of the frame is out of range", i + 1);
        }
    }
    *out = f;
    return STATUS_OK;
}
