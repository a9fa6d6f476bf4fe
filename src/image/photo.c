/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/photo.h"

#include <stdlib.h>
#include <string.h>

#include "image/companion_readers.h"
#include "image/convert.h"
#include "image/gathering.h"
#include "image/icc.h"
#include "image/jpeg_picture.h"
#include "image/png_picture.h"
#include "image/reduce.h"
#include "image/likeness.h"
#include "image/subject.h"
#include "photogate/limits.h"

enum {
    CHANNELS = 3,
    SMALLEST_FOR_DETECTOR_PX = 16,
    MIDDLE_GRAY = 128,
    PREVIEW_QUALITY = 70,
    PREVIEW_QUALITY_STEP = 20,
    NOTE_BYTES = 160
};

/* No larger than the detector can use: most of a large JPEG's decoding is saved. */
static enum status decode_stored(const struct subject *s, const struct detector *d,
                                 struct gathering *g, struct pixels *out, struct err *err)
{
    uint32_t edge_px = d ? detector_edge_px(d) : DETECT_EDGE_PX;
    if (s->foreign || subject_is_for_printing(s)) {
        return picture_decode(s->file, s->kind, edge_px, out, err);
    }
    return s->kind == FILE_JPEG ? jpeg_decode(s->file, edge_px, out, err)
                                : png_decode(s->file, edge_px, g, out, err);
}

static enum status stand_upright(struct pixels *p, struct turn turn, struct err *err)
{
    if (turn_is_none(turn)) {
        return STATUS_OK;
    }
    uint8_t *upright = malloc((size_t)p->width_px * p->height_px * CHANNELS);
    if (!upright) {
        return err_set(err, STATUS_NOMEM, "no memory to turn the picture");
    }
    turn_pixels(turn, p->at, p->width_px, p->height_px, CHANNELS, upright);
    free(p->at);
    *p = (struct pixels){.at = upright,
                         .width_px = turn.transpose ? p->height_px : p->width_px,
                         .height_px = turn.transpose ? p->width_px : p->height_px};
    return STATUS_OK;
}

/* The detector takes nothing smaller: a smaller picture is laid on gray, in the corner. */
static enum status lay_on_gray(const struct pixels *p, struct pixels *out, struct err *err)
{
    uint32_t least = SMALLEST_FOR_DETECTOR_PX;
    uint32_t width = p->width_px > least ? p->width_px : least;
    uint32_t height = p->height_px > least ? p->height_px : least;
    size_t row_bytes = (size_t)width * CHANNELS, n = (size_t)p->width_px * CHANNELS;
    uint8_t *at = malloc(row_bytes * height);
    if (!at) {
        return err_set(err, STATUS_NOMEM, "no memory for the face detector");
    }
    memset(at, MIDDLE_GRAY, row_bytes * height);
    for (uint32_t y = 0; y < p->height_px; y++) {
        memcpy(at + y * row_bytes, p->at + y * n, n);
    }
    *out = (struct pixels){.at = at, .width_px = width, .height_px = height};
    return STATUS_OK;
}

static enum status look_for_faces(struct detector *d, const struct pixels *p, struct arena *a,
                                  struct evidence *e, struct err *err)
{
    struct pixels roomy = {.at = NULL};
    bool is_small =
        p->width_px < SMALLEST_FOR_DETECTOR_PX || p->height_px < SMALLEST_FOR_DETECTOR_PX;
    e->faces_looked_for = KNOWN_NO;
    if (!d) {
        return STATUS_OK;
    }
    struct face *faces = arena_alloc(a, MAX_FACES, sizeof *faces);
    size_t n = 0;
    if (!faces) {
        return err_set(err, STATUS_NOMEM, "no memory for faces");
    }
    enum status st = is_small ? lay_on_gray(p, &roomy, err) : STATUS_OK;
    if (st == STATUS_OK) {
        st = detector_find(d, is_small ? &roomy : p, faces, MAX_FACES, &n, err);
    }
    pixels_release(&roomy);
    if (st != STATUS_OK) {
        return st;
    }
    if (n > MAX_FACES) {
        return err_set(err, STATUS_LIMIT, "more than %u faces", MAX_FACES);
    }
    e->faces = faces;
    e->n_faces = n;
    e->faces_looked_for = KNOWN_YES;
    return STATUS_OK;
}

/* A picture that stays too large at any quality has no preview: a report can do without. */
static enum status encode_preview(const struct pixels *small, struct arena *a,
                                  struct bytes *preview, struct err *err)
{
    enum status st = STATUS_LIMIT;
    struct buffer b;
    buffer_init(&b, MAX_PREVIEW_BYTES);
    for (int quality = PREVIEW_QUALITY; quality > 0 && st == STATUS_LIMIT;
         quality -= PREVIEW_QUALITY_STEP) {
        struct err unheard = {.status = STATUS_BUG};
        buffer_reset(&b);
        st = jpeg_encode(small, quality, &b, &unheard);
    }
    if (st == STATUS_OK) {
        struct text copy;
        if (arena_dup(a, (struct text){(const char *)b.at, b.n}, &copy)) {
            *preview = (struct bytes){(const uint8_t *)copy.at, copy.n};
        } else {
            st = err_set(err, STATUS_NOMEM, "no memory for the preview");
        }
    } else if (st == STATUS_LIMIT) {
        st = STATUS_OK;
    } else {
        st = err_set(err, st, "the preview cannot be written");
    }
    buffer_release(&b);
    return st;
}

static enum status make_preview(const struct pixels *p, struct arena *a, struct bytes *preview,
                                struct err *err)
{
    uint32_t longest = p->width_px > p->height_px ? p->width_px : p->height_px;
    uint32_t factor = (longest + PREVIEW_EDGE_PX - 1) / PREVIEW_EDGE_PX;
    struct reducer r;
    enum status st = reducer_init(&r, p->width_px, p->height_px, factor, err);
    if (st != STATUS_OK) {
        return st;
    }
    for (uint32_t y = 0; y < p->height_px; y++) {
        reducer_add(&r, p->at + (size_t)y * p->width_px * CHANNELS);
    }
    struct pixels small = reducer_take(&r);
    reducer_release(&r);
    st = encode_preview(&small, a, preview, err);
    pixels_release(&small);
    return st;
}

static enum status look_at_picture(const struct subject *s, struct detector *d, struct gathering *g,
                                   struct evidence *e, struct err *err)
{
    struct pixels p = {.at = NULL};
    struct turn turn = subject_turn(s);
    enum status st = decode_stored(s, d, g, &p, err);
    if (st == STATUS_OK) {
        st = stand_upright(&p, turn, err);
    }
    if (st == STATUS_OK) {
        e->likeness = likeness_of(&p);
        st = make_preview(&p, g->a, &e->preview, err);
    }
    if (st == STATUS_OK) {
        st = look_for_faces(d, &p, g->a, e, err);
    }
    pixels_release(&p);
    return st;
}

static void note_size(const struct subject *s, struct evidence *e)
{
    struct edges stored = subject_edges(s);
    bool swap = subject_turn(s).transpose;
    e->width_px = swap ? stored.height_px : stored.width_px;
    e->height_px = swap ? stored.width_px : stored.height_px;
}

static enum status take_inventory(struct subject *s, struct gathering *g, struct err *err)
{
    struct err size_err = {.status = STATUS_BUG};
    enum status st = subject_inventory(s, INVENTORY_ALL, g, err);
    enum status size = subject_check_size(s, &size_err);
    if (size != STATUS_OK) {
        err_clear(err);
        return err_set(err, size, "%s", size_err.text);
    }
    return st;
}

/* A status of the picture's own is a finding; the others say nothing about the photo. */
static enum exam exam_for(enum status st)
{
    switch (st) {
    case STATUS_OK:
        return EXAM_DONE;
    case STATUS_FORMAT:
        return EXAM_DAMAGED;
    case STATUS_LIMIT:
        return EXAM_OVER_LIMIT;
    case STATUS_UNSUPPORTED:
        return EXAM_UNSUPPORTED;
    case STATUS_NOMEM:
        return EXAM_OUT_OF_MEMORY;
    case STATUS_BUG:
    case STATUS_IO:
    case STATUS_LIBRARY:
    case STATUS_BUSY:
    case STATUS_BROKEN:
    case STATUS_USAGE:
        return EXAM_NOT_DONE;
    }
    return EXAM_NOT_DONE;
}

/* Turn the end of the look into the finding. `st` and `why` are of the last step. */
static enum status conclude(enum status st, const struct err *why, struct arena *a,
                            struct evidence *e, struct err *err)
{
    e->exam = exam_for(st);
    if (e->exam == EXAM_NOT_DONE) {
        return err_set(err, st, "%s", why->text);
    }
    if (e->exam != EXAM_DONE) {
        struct text note = text_slice(text_of(why->text), 0, NOTE_BYTES);
        if (!arena_dup(a, note, &e->exam_note)) {
            return err_set(err, STATUS_NOMEM, "no memory for a photo's evidence");
        }
    }
    return STATUS_OK;
}

/* A file that cannot be released whatever is in it. An iPhone lays a film of three seconds beside
 * each Live Photo; the office should not look for a video that nobody made (QuickTime File Format,
 * metadata keys). */
static enum status name_other(const struct subject *s, struct arena *a, struct evidence *e,
                              struct err *err)
{
    static const char LIVE[] = "com.apple.quicktime.content.identifier";
    bool is_some_photo = s->kind == FILE_BMP || s->kind == FILE_RAW || s->kind == FILE_PSD;
    bool is_live =
        s->kind == FILE_VIDEO && memmem(s->file.at, s->file.n, LIVE, sizeof LIVE - 1) != NULL;
    e->exam = is_some_photo ? EXAM_UNSUPPORTED : EXAM_NOT_A_PHOTO;
    if (is_live &&
        !arena_dup(a, TEXT("the moving part of a Live Photo; its photo is a file of its own"),
                   &e->exam_note)) {
        return err_set(err, STATUS_NOMEM, "no memory for a photo's evidence");
    }
    return STATUS_OK;
}

static enum status read_sidecars(const struct sidecar *sidecars, size_t n, struct gathering *g,
                                 struct err *err)
{
    if (n > MAX_SIDECARS) {
        gather_carrier(g, CARRIER_SIDECAR, CARRIER_NOT_READ, 0, "more sidecars than can be read");
        n = MAX_SIDECARS;
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n && st == STATUS_OK; i++) {
        switch (sidecars[i].kind) {
        case COMPANION_XMP:
            st = xmp_read(g, CARRIER_SIDECAR, sidecars[i].bytes, err);
            break;
        case COMPANION_TAKEOUT:
        case COMPANION_TAKEOUT_ALBUM:
            st = takeout_read(g, sidecars[i].bytes, sidecars[i].kind == COMPANION_TAKEOUT_ALBUM,
                              err);
            break;
        case COMPANION_PICASA:
        case COMPANION_PICASA_CONTACTS: /* together, below */
            break;
        case COMPANION_UNKNOWN:
        case N_COMPANION_KINDS:
            gather_carrier(g, CARRIER_SIDECAR, CARRIER_NOT_READ, 0, "a file of an unknown kind");
            break;
        }
    }
    return st == STATUS_OK ? picasa_read(g, sidecars, n, err) : st;
}

static enum status examine_subject(struct subject *s, struct detector *detector,
                                   struct gathering *g, struct evidence *e, struct err *err)
{
    struct err why = {.status = STATUS_BUG};
    enum status st = take_inventory(s, g, &why);
    if (st == STATUS_OK) {
        st = subject_find_orientation(s, &why);
    }
    note_size(s, e);
    if (st == STATUS_OK) {
        st = look_at_picture(s, detector, g, e, &why);
    }
    return conclude(st, &why, g->a, e, err);
}

enum status photo_examine(struct bytes file, const struct sidecar *sidecars, size_t n_sidecars,
                          struct detector *detector, struct arena *a, struct evidence *e,
                          struct err *err)
{
    struct gathering g;
    struct subject s = subject_of(file);
    struct err why = {.status = STATUS_BUG};
    e->exam = EXAM_NOT_DONE;
    e->kind = s.kind;
    enum status st = digest_of(file, &e->digest, err);
    if (st == STATUS_OK) {
        st = gathering_init(&g, a, err);
    }
    if (st == STATUS_OK) {
        st = read_sidecars(sidecars, n_sidecars, &g, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (file.n > MAX_PHOTO_BYTES) {
        st = conclude(err_set(&why, STATUS_LIMIT, "a file of %zu bytes", file.n), &why, a, e, err);
    } else if (!file_kind_is_releasable(s.kind)) {
        st = name_other(&s, a, e, err);
    } else {
        st = examine_subject(&s, detector, &g, e, err);
    }
    if (st == STATUS_OK) {
        gathering_turn_boxes(&g, s.orientation);
        st = gathering_finish(&g, e, err);
    }
    if (st == STATUS_OK) {
        e->orientation = s.orientation;
    } else {
        e->exam = EXAM_NOT_DONE;
    }
    return st;
}

/* --- before confinement --- */

/* libcrypto fetches its digests, libjpeg asks the processor what it can do: one small picture
 * through both makes them do it now. */
enum status photo_prepare(struct err *err)
{
    uint8_t gray[SMALLEST_FOR_DETECTOR_PX * SMALLEST_FOR_DETECTOR_PX * CHANNELS];
    struct pixels picture = {gray, SMALLEST_FOR_DETECTOR_PX, SMALLEST_FOR_DETECTOR_PX};
    struct buffer jpeg, release;
    struct proof proof;
    memset(gray, 128, sizeof gray);
    buffer_init(&jpeg, MAX_PREVIEW_BYTES);
    buffer_init(&release, MAX_PREVIEW_BYTES);
    enum status st = metadata_prepare(err);
    if (st == STATUS_OK) {
        st = companion_readers_prepare(err);
    }
    if (st == STATUS_OK) {
        st = icc_prepare(err);
    }
    if (st == STATUS_OK) {
        st = foreign_prepare(err);
    }
    if (st == STATUS_OK) {
        st = jpeg_encode(&picture, PREVIEW_QUALITY, &jpeg, err);
    }
    if (st == STATUS_OK) {
        st = photo_cleanse(buffer_view(&jpeg), NULL, &release, &proof, err);
    }
    buffer_release(&jpeg);
    buffer_release(&release);
    return st;
}
