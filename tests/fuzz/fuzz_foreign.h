/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for any reader of a format that is converted (image/foreign.h). */
#ifndef PHOTOGATE_TESTS_FUZZ_FOREIGN_H
#define PHOTOGATE_TESTS_FUZZ_FOREIGN_H

#include "fuzz.h"
#include "image/foreign.h"

static inline void fuzz_check_raster(const struct raster *r, const struct foreign_facts *facts)
{
    struct err err = {.status = STATUS_BUG};
    FUZZ_CHECK(r->width_px == facts->width_px && r->height_px == facts->height_px,
               "%u x %u px were said, %u x %u came", (unsigned)facts->width_px,
               (unsigned)facts->height_px, (unsigned)r->width_px, (unsigned)r->height_px);
    FUZZ_CHECK(r->channels == RASTER_GRAY || r->channels == RASTER_BGR ||
                   r->channels == RASTER_BGRA,
               "%u channels", r->channels);
    FUZZ_CHECK(r->profile.n == 0 || icc_check(buffer_view(&r->profile), &err) == STATUS_OK,
               "a profile that is not neutral: %s", err.text);
}

/* Decoded twice, the picture is the same: no sample is what happened to lie in memory. */
static inline void fuzz_check_picture(const struct foreign_format *f, struct bytes file,
                                      const struct foreign_facts *facts)
{
    struct err err = {.status = STATUS_BUG};
    struct raster once, again;
    raster_init(&once);
    raster_init(&again);
    enum status st = f->decode(file, &once, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(st == STATUS_OK || once.at == NULL, "a picture of a failure");
    if (st == STATUS_OK) {
        fuzz_check_raster(&once, facts);
        FUZZ_CHECK(f->decode(file, &again, &err) == STATUS_OK, "%s", err.text);
        fuzz_check_raster(&again, facts);
        FUZZ_CHECK(once.channels == again.channels &&
                       memcmp(once.at, again.at, raster_row_bytes(&once) * once.height_px) == 0,
                   "another picture");
    }
    raster_release(&once);
    raster_release(&again);
}

/* `file` is of the kind `f` reads, by its first bytes. */
static inline void fuzz_foreign(const struct foreign_format *f, struct bytes file)
{
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_DONE, .kind = f->kind};
    struct foreign_facts facts = {.width_px = 0};
    struct gathering g;
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    FUZZ_CHECK(gathering_init(&g, &a, &err) == STATUS_OK, "no gathering");
    enum status st = f->inventory(file, &g, &facts, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(st == STATUS_OK || err.text[0], "a refusal without words");
    FUZZ_CHECK(facts.orientation <= 8, "orientation %u", (unsigned)facts.orientation);
    FUZZ_CHECK(g.nesting == 0, "a carrier never left");
    if (st == STATUS_OK && (uint64_t)facts.width_px * facts.height_px <= FUZZ_PIXELS) {
        fuzz_check_picture(f, file, &facts);
    }
    gathering_turn_boxes(&g, facts.orientation ? facts.orientation : g.orientation);
    FUZZ_CHECK(gathering_finish(&g, &e, &err) == STATUS_OK, "%s", err.text);
    fuzz_check_evidence(&e);
    arena_release(&a);
}

/* The row for the input, or NULL when it would not be handed to a reader of `kind`. */
static inline const struct foreign_format *fuzz_format(struct bytes file, enum file_kind kind)
{
    enum { HEAD_BYTES = 4096 };
    return file_identify(bytes_slice(file, 0, HEAD_BYTES)) == kind ? foreign_format(kind) : NULL;
}

#endif
