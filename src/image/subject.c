/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/subject.h"

#include "image/png_picture.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

enum { HEAD_BYTES = 4096, SCRATCH_BYTES = 16 * 1024 * 1024 };

struct subject subject_of(struct bytes file)
{
    enum file_kind kind = file_identify(bytes_slice(file, 0, HEAD_BYTES));
    return (struct subject){.file = file, .kind = kind, .foreign = foreign_format(kind)};
}

struct turn subject_turn(const struct subject *s)
{
    return turn_for(s->facts.is_upright ? 1 : s->orientation);
}

enum status subject_inventory(struct subject *s, enum inventory_depth depth, struct gathering *g,
                              struct err *err)
{
    if (s->foreign) {
        return s->foreign->inventory(s->file, g, &s->facts, err);
    }
    if (s->kind == FILE_JPEG) {
        return jpeg_inventory(s->file, depth, g, &s->frame, err);
    }
    enum status st = png_inventory(s->file, g, &s->header, err);
    return st == STATUS_OK && depth == INVENTORY_ORIENTATION ? png_read_orientation(s->file, g, err)
                                                             : st;
}

enum status subject_find_orientation(struct subject *s, struct err *err)
{
    struct arena scratch;
    struct gathering g;
    arena_init(&scratch, SCRATCH_BYTES);
    enum status st = gathering_init(&g, &scratch, err);
    if (st == STATUS_OK) {
        st = subject_inventory(s, INVENTORY_ORIENTATION, &g, err);
    }
    if (st == STATUS_OK) {
        s->orientation = s->facts.orientation ? s->facts.orientation : g.orientation;
    }
    arena_release(&scratch);
    return st;
}

enum status subject_check_size(const struct subject *s, struct err *err)
{
    if (s->foreign) {
        uint64_t n = (uint64_t)s->facts.width_px * s->facts.height_px;
        return n <= MAX_CONVERTED_PIXELS
                   ? STATUS_OK
                   : err_set(err, STATUS_LIMIT, "%u x %u px is more than %u million pixels",
                             (unsigned)s->facts.width_px, (unsigned)s->facts.height_px,
                             MAX_CONVERTED_PIXELS / 1000000);
    }
    if (s->kind == FILE_JPEG) {
        return s->frame.sof ? jpeg_frame_check(&s->frame, err) : STATUS_OK;
    }
    return s->header.width_px ? png_header_check(&s->header, err) : STATUS_OK;
}

bool subject_is_for_printing(const struct subject *s)
{
    return s->kind == FILE_JPEG && s->frame.n_components == JPEG_MAX_COMPONENTS;
}

struct edges subject_edges(const struct subject *s)
{
    return s->foreign             ? (struct edges){s->facts.width_px, s->facts.height_px}
           : s->kind == FILE_JPEG ? (struct edges){s->frame.width_px, s->frame.height_px}
                                  : (struct edges){s->header.width_px, s->header.height_px};
}
