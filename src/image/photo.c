/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/photo.h"

#include <stdlib.h>
#include <string.h>

#include "image/convert.h"
#include "image/foreign.h"
#include "image/gathering.h"
#include "image/icc.h"
#include "image/jpeg_inventory.h"
#include "image/jpeg_picture.h"
#include "image/png_inventory.h"
#include "image/png_picture.h"
#include "image/reduce.h"
#include "photogate/limits.h"

enum {
    HEAD_BYTES = 4096,
    CHANNELS = 3,
    SMALLEST_FOR_DETECTOR_PX = 16,
    PREVIEW_QUALITY = 70,
    PREVIEW_QUALITY_STEP = 20,
    SCRATCH_BYTES = 16 * 1024 * 1024,
    NOTE_BYTES = 160
};

/* --- the picture: what differs between JPEG, PNG and the other formats --- */

struct subject {
    struct bytes file;
    enum file_kind kind;
    struct jpeg_frame frame;  /* of a JPEG */
    struct png_header header; /* of a PNG */
    const struct foreign_format *foreign; /* of any other */
    struct foreign_facts facts;
    uint32_t orientation; /* EXIF's, else XMP's; of HEIF its own; 1..8; 0 = not given */
};

static struct subject subject_of(struct bytes file)
{
    enum file_kind kind = file_identify(bytes_slice(file, 0, HEAD_BYTES));
    return (struct subject){.file = file, .kind = kind, .foreign = foreign_format(kind)};
}

/* What is still to be turned: HEIF's decoder has done it. */
static struct turn turn_of(const struct subject *s)
{
    return turn_for(s->facts.is_upright ? 1 : s->orientation);
}

static enum status inventory(struct subject *s, enum inventory_depth depth, struct gathering *g,
                             struct err *err)
{
    if (s->foreign) {
        return s->foreign->inventory(s->file, g, &s->facts, err);
    }
    return s->kind == FILE_JPEG ? jpeg_inventory(s->file, depth, g, &s->frame, err)
                                : png_inventory(s->file, g, &s->header, err);
}

static enum status find_orientation(struct subject *s, struct err *err)
{
    struct arena scratch;
    struct gathering g;
    arena_init(&scratch, SCRATCH_BYTES);
    enum status st = gathering_init(&g, &scratch, err);
    if (st == STATUS_OK) {
        st = inventory(s, INVENTORY_ORIENTATION, &g, err);
    }
    if (st == STATUS_OK) {
        s->orientation = s->facts.orientation ? s->facts.orientation : g.orientation;
    }
    arena_release(&scratch);
    return st;
}

/* Limits come first: a bomb is not decoded, and not blamed for what follows its header. */
static enum status check_size(const struct subject *s, struct err *err)
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

/* Four inks: a picture for printing, which libjpeg does not turn into colours. */
static bool is_for_printing(const struct subject *s)
{
    return s->kind == FILE_JPEG && s->frame.n_components == JPEG_MAX_COMPONENTS;
}

static enum status decode_stored(const struct subject *s, struct gathering *g, struct pixels *out,
                                 struct err *err)
{
    if (s->foreign || is_for_printing(s)) {
        return picture_decode(s->file, s->kind, DETECT_EDGE_PX, out, err);
    }
    return s->kind == FILE_JPEG ? jpeg_decode(s->file, DETECT_EDGE_PX, out, err)
                                : png_decode(s->file, DETECT_EDGE_PX, g, out, err);
}

/* --- examining --- */

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

static enum status look_for_faces(struct detector *d, const struct pixels *p, struct arena *a,
                                  struct evidence *e, struct err *err)
{
    if (!d || p->width_px < SMALLEST_FOR_DETECTOR_PX || p->height_px < SMALLEST_FOR_DETECTOR_PX) {
        e->faces_looked_for = KNOWN_NO;
        return STATUS_OK;
    }
    struct face *faces = arena_alloc(a, MAX_FACES, sizeof *faces);
    size_t n = 0;
    if (!faces) {
        return err_set(err, STATUS_NOMEM, "no memory for faces");
    }
    enum status st = detector_find(d, p, faces, MAX_FACES, &n, err);
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
    struct turn turn = turn_of(s);
    enum status st = decode_stored(s, g, &p, err);
    if (st == STATUS_OK) {
        st = stand_upright(&p, turn, err);
    }
    if (st == STATUS_OK) {
        st = make_preview(&p, g->a, &e->preview, err);
    }
    if (st == STATUS_OK) {
        st = look_for_faces(d, &p, g->a, e, err);
    }
    pixels_release(&p);
    return st;
}

struct edges {
    uint32_t width_px, height_px;
};

static struct edges edges_of(const struct subject *s)
{
    return s->foreign             ? (struct edges){s->facts.width_px, s->facts.height_px}
           : s->kind == FILE_JPEG ? (struct edges){s->frame.width_px, s->frame.height_px}
                                  : (struct edges){s->header.width_px, s->header.height_px};
}

static void note_size(const struct subject *s, struct evidence *e)
{
    struct edges stored = edges_of(s);
    bool swap = turn_of(s).transpose;
    e->width_px = swap ? stored.height_px : stored.width_px;
    e->height_px = swap ? stored.width_px : stored.height_px;
}

static enum status take_inventory(struct subject *s, struct gathering *g, struct err *err)
{
    struct err size_err = {.status = STATUS_BUG};
    enum status st = inventory(s, INVENTORY_ALL, g, err);
    enum status size = check_size(s, &size_err);
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

/* A file that cannot be released whatever is in it. An iPhone lays a film of three seconds beside each
 * Live Photo; the office should not look for a video that nobody made (QuickTime File Format, metadata keys). */
static enum status name_other(const struct subject *s, struct arena *a, struct evidence *e,
                              struct err *err)
{
    static const char LIVE[] = "com.apple.quicktime.content.identifier";
    bool is_some_photo = s->kind == FILE_BMP || s->kind == FILE_RAW || s->kind == FILE_PSD;
    bool is_live = s->kind == FILE_VIDEO &&
                   memmem(s->file.at, s->file.n, LIVE, sizeof LIVE - 1) != NULL;
    e->exam = is_some_photo ? EXAM_UNSUPPORTED : EXAM_NOT_A_PHOTO;
    if (is_live && !arena_dup(a, TEXT("the moving part of a Live Photo; its photo is a file of its own"),
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
        st = xmp_read(g, CARRIER_SIDECAR, sidecars[i].bytes, err);
    }
    return st;
}

static enum status examine_subject(struct subject *s, struct detector *detector,
                                   struct gathering *g, struct evidence *e, struct err *err)
{
    struct err why = {.status = STATUS_BUG};
    enum status st = take_inventory(s, g, &why);
    if (st == STATUS_OK) {
        st = find_orientation(s, &why);
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

/* --- cleansing --- */

/* The machine's limits may end the second reading too; anything else is a fault of ours. */
static enum status not_the_same(enum status st, struct err *err)
{
    if (st == STATUS_NOMEM || st == STATUS_LIMIT || st == STATUS_LIBRARY) {
        return st;
    }
    return err_set(err, STATUS_BUG, "the release is not the same picture");
}

static void note_jpeg(const struct jpeg_facts *f, struct proof *p)
{
    p->width_px = f->width_px;
    p->height_px = f->height_px;
    p->trimmed_right_px = f->trimmed_right_px;
    p->trimmed_bottom_px = f->trimmed_bottom_px;
    p->same_picture = KNOWN_YES;
}

static enum status rebuild_jpeg(const struct subject *s, struct buffer *out, struct proof *p,
                                struct err *err)
{
    struct jpeg_facts intended, found;
    enum status st = jpeg_rebuild(s->file, turn_of(s), out, &intended, err);
    if (st != STATUS_OK) {
        return st;
    }
    st = jpeg_facts_of(buffer_view(out), &found, err);
    bool same = st == STATUS_OK && intended.width_px == found.width_px &&
                intended.height_px == found.height_px &&
                digest_equal(&intended.coefficients, &found.coefficients);
    if (!same) {
        return not_the_same(st, err);
    }
    note_jpeg(&intended, p);
    return STATUS_OK;
}

/* A picture that stands upright is carried over if its data allow it: a fifth of the cost of rebuilding it. */
static enum status cleanse_jpeg(const struct subject *s, struct buffer *out, struct proof *p,
                                struct err *err)
{
    struct jpeg_facts facts;
    bool carried = false;
    enum status st = STATUS_OK;
    if (turn_is_none(turn_for(s->orientation))) {
        st = jpeg_carry(s->file, out, &facts, &carried, err);
    }
    if (st == STATUS_OK && carried) {
        note_jpeg(&facts, p);
    } else if (st == STATUS_OK) {
        st = rebuild_jpeg(s, out, p, err);
    }
    return st;
}

static enum status cleanse_png(const struct subject *s, struct buffer *out, struct proof *p,
                               struct err *err)
{
    struct png_facts intended, found;
    enum status st = png_rebuild(s->file, turn_of(s), out, &intended, err);
    if (st != STATUS_OK) {
        return st;
    }
    st = png_facts_of(buffer_view(out), &found, err);
    bool same = st == STATUS_OK && intended.width_px == found.width_px &&
                intended.height_px == found.height_px &&
                digest_equal(&intended.pixels, &found.pixels);
    if (!same) {
        return not_the_same(st, err);
    }
    p->width_px = found.width_px;
    p->height_px = found.height_px;
    p->same_picture = KNOWN_YES;
    return STATUS_OK;
}

/* Whether the picture can leave as it came. */
static bool must_convert(const struct subject *s, const struct release_wishes *wishes)
{
    struct edges stored = edges_of(s);
    uint32_t most = wishes->max_edge_px ? wishes->max_edge_px : UINT32_MAX;
    return s->foreign || is_for_printing(s) || stored.width_px > most || stored.height_px > most;
}

static enum status cleanse_subject(struct subject *s, const struct release_wishes *wishes,
                                   struct buffer *out, struct proof *p, struct err *err)
{
    enum status st = find_orientation(s, err);
    if (st == STATUS_OK) {
        st = check_size(s, err);
    }
    if (st == STATUS_OK && must_convert(s, wishes)) {
        st = picture_convert(s->file, s->kind, turn_of(s), wishes, out, p, err);
    } else if (st == STATUS_OK) {
        st = s->kind == FILE_JPEG ? cleanse_jpeg(s, out, p, err) : cleanse_png(s, out, p, err);
    }
    if (st == STATUS_OK) {
        st = release_check(buffer_view(out), err);
        st = st == STATUS_OK ? st : STATUS_BUG;
    }
    return st == STATUS_OK ? digest_of(buffer_view(out), &p->release_digest, err) : st;
}

enum status photo_cleanse(struct bytes file, const struct release_wishes *wishes,
                          struct buffer *out, struct proof *proof, struct err *err)
{
    struct release_wishes wanted = wishes ? *wishes : (struct release_wishes){0, 0};
    wanted.jpeg_quality = wanted.jpeg_quality ? wanted.jpeg_quality : DEFAULT_JPEG_QUALITY;
    struct subject s = subject_of(file);
    struct proof p = {.kind = s.kind};
    enum status st;
    buffer_reset(out);
    if (!file_kind_is_releasable(s.kind)) {
        st = err_set(err, STATUS_UNSUPPORTED, "a %s cannot be released", file_kind_words(s.kind));
    } else if (file.n > MAX_PHOTO_BYTES) {
        st = err_set(err, STATUS_LIMIT, "a file of %zu bytes", file.n);
    } else {
        st = cleanse_subject(&s, &wanted, out, &p, err);
    }
    if (st == STATUS_OK) {
        *proof = p;
    } else {
        buffer_reset(out);
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
