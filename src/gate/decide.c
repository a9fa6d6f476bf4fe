/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decide.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"

/* Texts found inside the photo, and its file's name, say who may be in it. */
static enum status gather_mentions(const struct bench *b, const struct evidence *e,
                                   const struct hearing *h, struct arena *a, struct mention **out,
                                   size_t *n_out, struct err *err)
{
    uint32_t *people = arena_alloc(a, MAX_TAGS, sizeof *people);
    struct mention *mentions = arena_alloc(a, MAX_TAGS, sizeof *mentions);
    if (!people || !mentions) {
        return err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
    }
    size_t n = 0;
    for (size_t i = 0; i < h->n_file_name && n < MAX_TAGS; i++) {
        /* A full name says who is in the photo; "Summer_fair.jpg" does not. */
        const struct finding *f = &h->file_name[i];
        if (f->kind == FINDING_FULL_NAME && f->person != NO_PERSON) {
            mentions[n++] = (struct mention){CARRIER_UNKNOWN, f->person};
        }
    }
    for (size_t i = 0; i < e->n_texts; i++) {
        size_t found = 0;
        enum status st =
            names_mentioned(b->lexicon, e->texts[i].text, people, MAX_TAGS, &found, err);
        if (st != STATUS_OK) {
            return st;
        }
        for (size_t k = 0; k < found && n < MAX_TAGS; k++) {
            mentions[n++] = (struct mention){e->texts[i].carrier, people[k]};
        }
    }
    *out = mentions;
    *n_out = n;
    return STATUS_OK;
}

/* The file's name as the office may see it: findings masked, unprintable bytes spelt out. A name that could not be judged is shown by
 * its place alone. */
static enum status show_name(const struct hearing *h, struct arena *a, struct text *out,
                             struct err *err)
{
    const struct evidence *e = h->evidence;
    struct buffer masked, shown;
    buffer_init(&masked, 4 * MAX_PATH_BYTES);
    buffer_init(&shown, 16 * MAX_PATH_BYTES);
    if (h->judged == KNOWN_YES) {
        names_mask(&masked, e->name, h->file_name, h->n_file_name);
        text_print(&shown, (struct text){(const char *)masked.at, masked.n});
    } else {
        buffer_format(&shown, "file %u of the folder", (unsigned)e->position);
    }
    enum status st = buffer_status(&masked, err);
    st = st == STATUS_OK ? buffer_status(&shown, err) : st;
    if (st == STATUS_OK && !arena_dup(a, (struct text){(const char *)shown.at, shown.n}, out)) {
        st = err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
    }
    buffer_release(&masked);
    buffer_release(&shown);
    return st;
}

/* Fill the three lists of the hearing. A text that cannot be judged leaves `judged` unset, which holds the photo. */
static enum status judge_texts(const struct bench *b, struct hearing *h, struct arena *a,
                               struct err *err)
{
    const struct evidence *e = h->evidence;
    enum judgement ignored;
    struct mention *mentions = NULL;
    enum status st =
        names_judge(b->lexicon, evidence_caption(e), TEXT_ROLE_CAPTION, b->policy->names_with_photo,
                    a, &h->caption, &h->n_caption, &ignored, err);
    if (st == STATUS_OK) {
        st = names_judge(b->lexicon, e->said.credit, TEXT_ROLE_CREDIT, b->policy->names_with_photo,
                         a, &h->credit, &h->n_credit, &ignored, err);
    }
    if (st == STATUS_OK) {
        st = names_judge(b->lexicon, e->name, TEXT_ROLE_FILE_NAME, b->policy->names_with_photo, a,
                         &h->file_name, &h->n_file_name, &ignored, err);
    }
    if (st == STATUS_OK) {
        st = gather_mentions(b, e, h, a, &mentions, &h->n_mentions, err);
        h->mentions = mentions;
    }
    if (st == STATUS_OK) {
        h->judged = KNOWN_YES;
    } else if (st == STATUS_FORMAT || st == STATUS_LIMIT || st == STATUS_UNSUPPORTED) {
        err_clear(err); /* the rule for texts that could not be judged holds the photo */
        st = STATUS_OK;
    }
    return st;
}

enum status decide(const struct bench *b, struct evidence *e, struct arena *a, struct decision *out,
                   struct err *err)
{
    /* The evidence's tags are our own copy (evidence_add_statement): naming them is the last change before it is frozen. */
    struct tag *tags = arena_alloc(a, e->n_tags, sizeof *tags);
    if (!tags) {
        return err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
    }
    if (e->n_tags) {
        memcpy(tags, e->tags, e->n_tags * sizeof *tags);
    }
    enum status st = resolve_people(b->index, tags, e->n_tags, err);
    if (st != STATUS_OK) {
        return st;
    }
    e->tags = tags;
    struct hearing h = {
        .evidence = e,
        .policy = b->policy,
        .channel = b->channel,
        .snapshot = b->snapshot,
        .date = b->date,
        .face_assurance = b->face_assurance,
    };
    struct decision d = {0};
    st = judge_texts(b, &h, a, err);
    if (st == STATUS_OK) {
        st = rules_judge(&h, a, &d.ruling, err);
    }
    if (st == STATUS_OK) {
        st = show_name(&h, a, &d.shown_name, err);
    }
    if (st == STATUS_OK) {
        *out = d;
    }
    return st;
}
