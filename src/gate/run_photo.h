/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run under way, and what happens to one photo in it: opened, examined, judged, cleansed. run.c
 * decides when. */
#ifndef PHOTOGATE_GATE_RUN_PHOTO_H
#define PHOTOGATE_GATE_RUN_PHOTO_H

#include "near_copies.h"
#include "run_memory.h"

struct run {
    struct home *home;
    const struct run_options *options;
    struct run_memory *m;
    struct bench bench;
    struct pool *pool;
    struct committer *committer; /* NULL on a dry run */
    json_t *run_body;
    struct actor actor;
    struct commit_context context;
    struct near_copies *near;
    size_t next, settled; /* first photo not handed out; first not settled */
    size_t told;          /* first photo whose ruling `near` does not know */
    size_t window;
    struct run_result *result;
};

/* Open the photo and what lies beside it and hand all to an idle worker; what cannot be opened is
 * judged at once. */
enum status photo_start(struct run *r, struct work *w, int worker, struct err *err);

/* Judge a photo that no examiner gets to see, or that none could answer for. `note` is one
 * printable line. */
enum status photo_unexamined(struct run *r, struct work *w, enum exam exam, struct text note,
                             struct err *err);

/* An examiner has answered about this photo. */
enum status photo_answer(struct run *r, struct work *w, const struct answer *a, struct err *err);

/* It turned out to be a copy of a photo before it: forget its release, judge it as one. */
enum status photo_is_copy(struct run *r, struct work *w, const struct work *first, struct err *err);

/* Does it look like a photo that was refused for somebody's sake? Then it is judged again, with
 * that. *changed tells whether its verdict became another. */
enum status photo_look_alike(struct run *r, struct work *w, bool *changed, struct err *err);

#endif
