/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One photo, examined without a detector. For the tests of photo_examine. */
#ifndef PHOTOGATE_TESTS_EXAMINE_PHOTO_H
#define PHOTOGATE_TESTS_EXAMINE_PHOTO_H

#include "make_picture.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

struct look {
    struct arena arena;
    struct evidence e;
};

static void look_at(struct look *l, const struct buffer *photo)
{
    struct err err = {.status = STATUS_BUG};
    arena_init(&l->arena, MAX_MESSAGE_BYTES);
    l->e = (struct evidence){.exam = EXAM_NOT_DONE};
    enum status st = photo_examine(buffer_view(photo), NULL, 0, NULL, &l->arena, &l->e, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
}

static void look_away(struct look *l)
{
    arena_release(&l->arena);
}

/* Examine and expect an end; a finding comes with a note that a report can print. */
UNUSED_OK static void check_exam(const struct buffer *photo, enum exam want)
{
    struct look l;
    look_at(&l, photo);
    if (l.e.exam != want) {
        fail_msg("%s (%.*s), not %s", exam_words(l.e.exam), TEXT_ARG(l.e.exam_note),
                 exam_words(want));
    }
    assert_int_equal(l.e.exam_note.n == 0, want == EXAM_DONE);
    assert_true(text_is_printable(l.e.exam_note));
    look_away(&l);
}

static const struct carrier *carrier_of(const struct look *l, enum carrier_id id)
{
    for (size_t i = 0; i < l->e.n_carriers; i++) {
        if (l->e.carriers[i].id == id) {
            return &l->e.carriers[i];
        }
    }
    return NULL;
}

UNUSED_OK static void check_carrier(const struct look *l, enum carrier_id id,
                                    enum carrier_state state)
{
    const struct carrier *c = carrier_of(l, id);
    if (!c || c->state != state) {
        fail_msg("%s: %s", carrier_words(id), c ? "another state" : "not found");
    }
}

UNUSED_OK static bool says(const struct look *l, enum carrier_id id, const char *text)
{
    for (size_t i = 0; i < l->e.n_texts; i++) {
        if (l->e.texts[i].carrier == id && text_equal(l->e.texts[i].text, text_of(text))) {
            return true;
        }
    }
    return false;
}

#endif
