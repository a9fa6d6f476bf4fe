/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the metadata readers share: a gathering in an arena, and questions to ask of
 * it. */
#ifndef PHOTOGATE_TESTS_METADATA_ROOM_H
#define PHOTOGATE_TESTS_METADATA_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/gathering.h"
#include "photogate/limits.h"

struct room {
    struct arena arena;
    struct gathering g;
    struct err err;
};

static inline void room_open(struct room *r)
{
    memset(r, 0, sizeof *r);
    arena_init(&r->arena, (size_t)32 * 1024 * 1024);
    assert_int_equal(gathering_init(&r->g, &r->arena, &r->err), STATUS_OK);
}

static inline void room_close(struct room *r)
{
    arena_release(&r->arena);
}

static inline const struct carrier *room_carrier(const struct room *r, enum carrier_id id)
{
    for (size_t i = 0; i < r->g.n_carriers; i++) {
        if (r->g.carriers[i].id == id) {
            return &r->g.carriers[i];
        }
    }
    return NULL;
}

static inline void assert_state(const struct room *r, enum carrier_id id, enum carrier_state state)
{
    const struct carrier *c = room_carrier(r, id);
    if (!c) {
        fail_msg("%s: not recorded", carrier_words(id));
        return;
    }
    assert_int_equal(c->state, state);
    /* What holds a photo says why; what does not has nothing to explain. */
    assert_int_equal(c->note.n > 0, state == CARRIER_UNPARSABLE);
}

static inline const struct tag *room_tag(const struct room *r, enum carrier_id carrier,
                                         enum tag_kind kind, const char *name)
{
    for (size_t i = 0; i < r->g.n_tags; i++) {
        const struct tag *t = &r->g.tags[i];
        if (t->carrier == carrier && t->kind == kind && text_equal(t->name, text_of(name))) {
            return t;
        }
    }
    return NULL;
}

static inline bool room_has_text(const struct room *r, enum carrier_id carrier, const char *text)
{
    for (size_t i = 0; i < r->g.n_texts; i++) {
        if (r->g.texts[i].carrier == carrier && text_equal(r->g.texts[i].text, text_of(text))) {
            return true;
        }
    }
    return false;
}

static inline void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.n ? t.at : "", expected, t.n);
}

/* A copy in memory of exactly its size, so that the sanitizer sees a read past its end. Freed by
 * the caller. */
static inline struct bytes exact(const void *at, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    if (n) {
        memcpy(copy, at, n);
    }
    return (struct bytes){copy, n};
}

static inline void exact_free(struct bytes b)
{
    union {
        const uint8_t *view;
        uint8_t *own;
    } at = {b.at};
    free(at.own);
}

#endif
