/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules/rule_table.h"

#include <stdlib.h>

#include "photogate/limits.h"

static int compare_index(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Sort and drop repeats; returns how many are left. */
static size_t distinct(uint32_t *at, size_t n)
{
    if (n == 0) {
        return 0;
    }
    qsort(at, n, sizeof at[0], compare_index);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++) {
        if (at[i] != at[kept - 1]) {
            at[kept++] = at[i];
        }
    }
    return kept;
}

static int compare_tags(const void *x, const void *y)
{
    const struct tag *a = *(const struct tag *const *)x, *b = *(const struct tag *const *)y;
    int order = text_compare(a->name, b->name);
    if (order == 0) {
        order = (a->carrier > b->carrier) - (a->carrier < b->carrier);
    }
    if (order == 0) {
        order = (a->resolution > b->resolution) - (a->resolution < b->resolution);
    }
    return order ? order : box_compare(&a->box, &b->box);
}

/* A tag counts as a person only if everything about it says so; a topic only as a keyword; all else
 * is in doubt. */
static bool names_person(const struct hearing *h, const struct tag *t)
{
    return t->kind != TAG_UNKNOWN && t->resolution == RESOLVED_PERSON &&
           t->person < h->snapshot->n_people;
}

static bool is_topic(const struct tag *t)
{
    return t->kind == TAG_KEYWORD && t->resolution == RESOLVED_TOPIC;
}

/* Everybody who has a box, one entry a box. Owners are people of the register, then doubtful tags,
 * each for itself. */
static size_t list_boxed(const struct hearing *h, const struct cast *c, struct boxed *out)
{
    const struct evidence *e = h->evidence;
    size_t n = 0;
    for (size_t i = 0; i < e->n_tags; i++) {
        if (e->tags[i].has_box && names_person(h, &e->tags[i])) {
            out[n++] = (struct boxed){&e->tags[i], e->tags[i].person};
        }
    }
    for (size_t i = 0; i < c->n_doubtful; i++) {
        if (c->doubtful[i]->has_box) {
            out[n++] = (struct boxed){c->doubtful[i], (uint32_t)(h->snapshot->n_people + i)};
        }
    }
    return n;
}

/* A crowd is not matched: V06 holds it. */
static enum status cast_match_faces(const struct hearing *h, struct arena *a, struct cast *c,
                                    struct err *err)
{
    const struct evidence *e = h->evidence;
    struct boxed *boxed = arena_alloc(a, e->n_tags, sizeof *boxed);
    if (!boxed) {
        return err_set(err, STATUS_NOMEM, "%s while judging a photo", status_words(STATUS_NOMEM));
    }
    size_t n = list_boxed(h, c, boxed);
    enum status st = STATUS_OK;
    c->faces.n_uncovered = e->n_faces;
    if (n && e->n_faces <= MAX_FACES) {
        st = faces_match(e->faces, e->n_faces, boxed, n, a, &c->faces, err);
    }
    c->n_boxless = cast_accounted(c) - c->faces.n_owners;
    return st;
}

static void cast_hear_manifest(const struct statement *said, struct cast *c)
{
    c->word_lost = said->trouble.n != 0;
    if (said->present == KNOWN_YES && !c->word_lost) {
        c->none_identifiable = said->no_pupils_identifiable == KNOWN_YES;
        c->counted = said->count_given == KNOWN_YES;
        c->count = c->counted ? said->people_count : 0;
    }
}

enum status cast_make(const struct hearing *h, struct arena *a, struct cast *out, struct err *err)
{
    const struct evidence *e = h->evidence;
    uint32_t *tagged = arena_alloc(a, e->n_tags, sizeof tagged[0]);
    uint32_t *shown = arena_alloc(a, e->n_tags + h->n_mentions, sizeof shown[0]);
    const struct tag **doubtful = arena_alloc(a, e->n_tags, sizeof doubtful[0]);
    if (!tagged || !shown || !doubtful) {
        return err_set(err, STATUS_NOMEM, "%s while judging a photo", status_words(STATUS_NOMEM));
    }
    struct cast c = {.tagged = tagged, .shown = shown, .doubtful = doubtful};
    c.examined = e->exam == EXAM_DONE;
    for (size_t i = 0; i < e->n_tags; i++) {
        const struct tag *t = &e->tags[i];
        if (names_person(h, t)) {
            tagged[c.n_tagged++] = t->person;
            shown[c.n_shown++] = t->person;
        } else if (!is_topic(t)) {
            doubtful[c.n_doubtful++] = t;
        }
    }
    for (size_t i = 0; i < h->n_mentions; i++) {
        if (h->mentions[i].person >= h->snapshot->n_people) {
            return err_set(err, STATUS_BUG, "a mention of nobody on the register");
        }
        shown[c.n_shown++] = h->mentions[i].person;
    }
    c.n_tagged = distinct(tagged, c.n_tagged);
    c.n_shown = distinct(shown, c.n_shown);
    if (c.n_doubtful) {
        qsort(doubtful, c.n_doubtful, sizeof doubtful[0], compare_tags);
    }
    cast_hear_manifest(&e->said, &c);
    enum status st = cast_match_faces(h, a, &c, err);
    if (st == STATUS_OK) {
        *out = c;
    }
    return st;
}

size_t cast_accounted(const struct cast *c)
{
    return c->n_tagged + c->n_doubtful;
}

size_t cast_unnamed_faces(const struct cast *c)
{
    return c->faces.n_uncovered > c->n_boxless ? c->faces.n_uncovered - c->n_boxless : 0;
}

bool cast_is_untagged(const struct cast *c)
{
    bool said_empty = c->none_identifiable || (c->counted && c->count == 0);
    return cast_accounted(c) == 0 && !said_empty && !c->word_lost;
}
