/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a photo to its release, and the proof that it is the same picture. */
#include "photogate/photo.h"

#include "image/convert.h"
#include "image/jpeg_picture.h"
#include "image/png_picture.h"
#include "image/redact.h"
#include "image/subject.h"
#include "photogate/limits.h"

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

/* A picture that stands upright is carried over if its data allow it: a fifth of the cost of
 * rebuilding it. */
static enum status cleanse_jpeg(const struct subject *s, const struct cover *cover,
                                struct buffer *out, struct proof *p, struct err *err)
{
    struct jpeg_facts facts;
    bool carried = false;
    enum status st = STATUS_OK;
    if (turn_is_none(turn_for(s->orientation)) && cover->n == 0) {
        st = jpeg_carry(s->file, out, &facts, &carried, err);
    }
    if (st == STATUS_OK && !carried) {
        st = jpeg_rebuild(s->file, subject_turn(s), cover, out, &facts, err);
    }
    if (st == STATUS_OK) {
        note_jpeg(&facts, p);
    }
    return st;
}

static enum status cleanse_png(const struct subject *s, struct buffer *out, struct proof *p,
                               struct err *err)
{
    struct png_facts intended, found;
    enum status st = png_rebuild(s->file, subject_turn(s), out, &intended, err);
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

/* Whether the picture cannot leave as it came. A PNG is covered pixel by pixel. */
static bool must_convert(const struct subject *s, const struct release_wishes *wishes,
                         const struct cover *cover)
{
    struct edges stored = subject_edges(s);
    uint32_t most = wishes->max_edge_px ? wishes->max_edge_px : UINT32_MAX;
    return s->foreign || (s->kind == FILE_PNG && cover->n) || subject_is_for_printing(s) ||
           stored.width_px > most || stored.height_px > most;
}

/* Everything asked for has been covered, or nothing leaves. */
static enum status prove_covered(const struct subject *s, bool converted, const struct cover *cover,
                                 struct detector *detector, struct bytes release, struct proof *p,
                                 struct err *err)
{
    struct edges whole = {p->width_px, p->height_px};
    if (!converted) {
        whole = subject_edges(s);
        if (subject_turn(s).transpose) {
            whole = (struct edges){whole.height_px, whole.width_px};
        }
    }
    enum status st =
        release_prove_covered(release, p, whole.width_px, whole.height_px, cover, detector, err);
    if (st == STATUS_OK) {
        p->n_covered = (uint32_t)cover->n;
    }
    return st;
}

static enum status cleanse_subject(struct subject *s, const struct release_wishes *wishes,
                                   const struct cover *cover, struct detector *detector,
                                   struct buffer *out, struct proof *p, struct err *err)
{
    bool converted = false;
    enum status st = subject_find_orientation(s, err);
    if (st == STATUS_OK) {
        st = subject_check_size(s, err);
    }
    if (st == STATUS_OK && must_convert(s, wishes, cover)) {
        converted = true;
        st = picture_convert(s->file, s->kind, subject_turn(s), wishes, cover, out, p, err);
    } else if (st == STATUS_OK) {
        st = s->kind == FILE_JPEG ? cleanse_jpeg(s, cover, out, p, err)
                                  : cleanse_png(s, out, p, err);
    }
    if (st == STATUS_OK && cover->n) {
        st = prove_covered(s, converted, cover, detector, buffer_view(out), p, err);
    }
    if (st == STATUS_OK) {
        st = release_check(buffer_view(out), err);
        st = st == STATUS_OK ? st : STATUS_BUG;
    }
    return st == STATUS_OK ? digest_of(buffer_view(out), &p->release_digest, err) : st;
}

static bool covers_something(const struct cover *cover)
{
    for (size_t i = 0; i < cover->n; i++) {
        if (box_common(&cover->boxes[i], &cover->boxes[i]) == 0) {
            return false;
        }
    }
    return true;
}

enum status photo_cleanse_covered(struct bytes file, const struct release_wishes *wishes,
                                  const struct cover *cover, struct detector *detector,
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
    } else if (!covers_something(cover)) {
        st = err_set(err, STATUS_FORMAT, "an area to be covered lies outside the picture");
    } else {
        st = cleanse_subject(&s, &wanted, cover, detector, out, &p, err);
    }
    if (st == STATUS_OK) {
        *proof = p;
    } else {
        buffer_reset(out);
    }
    return st;
}

enum status photo_cleanse(struct bytes file, const struct release_wishes *wishes,
                          struct buffer *out, struct proof *proof, struct err *err)
{
    static const struct cover NOTHING = {NULL, 0};
    return photo_cleanse_covered(file, wishes, &NOTHING, NULL, out, proof, err);
}
