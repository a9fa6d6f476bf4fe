/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From evidence to ruling, inside the gate: what the parent alone knows is added, the evidence is
 * frozen, every rule is asked. */
#ifndef PHOTOGATE_GATE_DECIDE_H
#define PHOTOGATE_GATE_DECIDE_H

#include "photogate/intake.h"
#include "photogate/manifest.h"
#include "photogate/names.h"
#include "photogate/ruling.h"

/* What every photo of a run is judged against. Borrowed; frozen for the run. */
struct bench {
    const struct policy *policy;
    const struct channel_policy *channel;
    const struct snapshot *snapshot;
    const struct lexicon *lexicon;
    const struct person_index *index;
    struct date date;
    int face_assurance;
    bool stands_uncovered; /* of the photo that is judged now; see struct hearing */
};

/* The manifests of an intake, one per folder that has one. */
struct folder_manifest {
    struct text folder;
    struct manifest manifest;
    struct text trouble; /* why none of it can be used; empty when it can */
    uint32_t lost_row;   /* a row that names no file of the folder; 0 for none */
};

/* Read every photos.csv of the intake. One that cannot be used, or that is not the only one of its
 * folder, is recorded as such, and holds its folder's photos. *out in arena `a`. fails NOMEM */
enum status manifests_read(const struct intake *in, struct arena *a, struct folder_manifest **out,
                           size_t *n_out, struct err *err);

/* What lies beside a photo and speaks of it. */
struct beside {
    const struct companions *companions;
    const struct folder_manifest *manifests;
    size_t n_manifests;
};

/* Add to the evidence what is said of one file that holds the photo: its manifest's row, and that
 * something lies beside it unread. Called for the photo's own file first, then for each copy of it.
 * In arena `a`. fails NOMEM */
enum status evidence_add_statement(struct evidence *e, const struct item *item,
                                   const struct beside *beside, struct arena *a, struct err *err);

struct decision {
    struct ruling ruling;
    struct text shown_name; /* the file's name for the office: printable, names masked */
};

/* Resolve the tags, judge the texts, ask every rule. `e` is frozen afterwards. Everything in arena
 * `a`. */
enum status decide(const struct bench *b, struct evidence *e, struct arena *a, struct decision *out,
                   struct err *err);

#endif
