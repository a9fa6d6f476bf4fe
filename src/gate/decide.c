/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decide.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"

/* A failure that holds this photo; any other stops the batch. */
static bool is_about_the_text(enum status st)
{
    return st == STATUS_FORMAT || st == STATUS_LIMIT || st == STATUS_UNSUPPORTED;
}

/* A list of mentions under way: each person once. */
struct mentions {
    uint32_t *people; /* room for those of one text */
    struct mention *at;
    size_t n;
};

/* Of several carriers the first in the order of their list is kept. */
static enum status add_mention(struct mentions *m, struct mention found, struct err *err)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->at[i].person == found.person) {
            bool told = m->at[i].told && found.told;
            m->at[i] = found.carrier < m->at[i].carrier ? found : m->at[i];
            m->at[i].told = told;
            return STATUS_OK;
        }
    }
    if (m->n == MAX_TAGS) {
        return err_set(err, STATUS_LIMIT, "texts that name more than %u people", MAX_TAGS);
    }
    m->at[m->n++] = found;
    return STATUS_OK;
}

/* Whom a text names in full, namesakes each. */
static enum status mention_people(const struct bench *b, struct found_text t, bool told,
                                  struct mentions *m, struct err *err)
{
    size_t found = 0;
    enum status st = names_mentioned(b->lexicon, t.text, m->people, MAX_TAGS, &found, err);
    for (size_t k = 0; st == STATUS_OK && k < found; k++) {
        st = add_mention(m, (struct mention){t.carrier, m->people[k], told}, err);
    }
    return st;
}

/* A name that stands for one pupil for certain. A word that is also a name ("Grace", "Daisy") is
 * none; initials are anybody's. */
static bool names_one_pupil(const struct bench *b, const struct finding *f)
{
    bool is_name = f->kind == FINDING_FULL_NAME || f->kind == FINDING_FORENAME ||
                   f->kind == FINDING_SURNAME || f->kind == FINDING_DISGUISED;
    return is_name && f->judgement == JUDGE_BLOCK && f->person < b->snapshot->n_people &&
           b->snapshot->people[f->person].kind == PERSON_PUPIL;
}

static bool is_whole(struct text t, const struct finding *f)
{
    return text_trim(text_slice(t, 0, f->start)).n == 0 &&
           text_trim(text_slice(t, f->end, t.n)).n == 0;
}

/* Whom a text names by one name alone ("for Siân"). `whole`: only when it says nothing else. */
static enum status mention_by_name(const struct bench *b, struct found_text t, bool whole,
                                   bool told, struct arena *a, struct mentions *m, struct err *err)
{
    const struct finding *findings = NULL;
    size_t n = 0;
    enum judgement ignored;
    enum status st = names_judge(b->lexicon, t.text, TEXT_ROLE_CAPTION, NAMES_NEVER, a, &findings,
                                 &n, &ignored, err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        const struct finding *f = &findings[i];
        if (names_one_pupil(b, f) &&
            (!whole || f->kind == FINDING_FULL_NAME || is_whole(t.text, f))) {
            st = add_mention(m, (struct mention){t.carrier, f->person, told}, err);
        }
    }
    return st;
}

/* A tag in doubt may name somebody all the same ("JackSmith", "#jacksmith", "Jack"): who must not
 * be shown is protected from it. One that cannot be read is held by its doubt. */
static enum status mention_doubtful(const struct bench *b, const struct evidence *e,
                                    struct arena *a, struct mentions *m, struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < e->n_tags; i++) {
        const struct tag *t = &e->tags[i];
        if (t->resolution == RESOLVED_UNKNOWN || t->resolution == RESOLVED_AMBIGUOUS) {
            struct found_text said = {t->carrier, t->name};
            st = mention_by_name(b, said, t->kind != TAG_KEYWORD, true, a, m, err);
        }
        if (is_about_the_text(st)) {
            err_clear(err);
            st = STATUS_OK;
        }
        if (st == STATUS_OK && t->resolution == RESOLVED_AMBIGUOUS && t->nearly) {
            st = add_mention(m, (struct mention){t->carrier, t->nearly - 1, true}, err);
        }
    }
    return st;
}

/* Texts found inside the photo, those that go with it, and its file's name say who may be in it. Of
 * who took it only the full name counts: a photographer may be called as a pupil is. */
static enum status gather_mentions(const struct bench *b, const struct evidence *e,
                                   const struct hearing *h, struct arena *a, struct mention **out,
                                   size_t *n_out, struct err *err)
{
    const struct found_text posted[] = {{CARRIER_MANIFEST, e->said.caption},
                                        {CARRIER_MANIFEST, e->said.event},
                                        {e->own_caption_carrier, e->own_caption}};
    const struct found_text makers[] = {{CARRIER_MANIFEST, e->said.photographer},
                                        {CARRIER_EXIF_OWNER, e->creator},
                                        {CARRIER_EXIF_OWNER, e->copyright}};
    enum {
        N_POSTED = sizeof posted / sizeof posted[0],
        N_MAKERS = sizeof makers / sizeof makers[0]
    };
    struct mentions m = {.people = arena_alloc(a, MAX_TAGS, sizeof *m.people),
                         .at = arena_alloc(a, MAX_TAGS, sizeof *m.at)};
    if (!m.people || !m.at) {
        return err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < h->n_file_name; i++) {
        /* A full name says who is in the photo; "Summer_fair.jpg" does not. */
        const struct finding *f = &h->file_name[i];
        if (f->kind == FINDING_FULL_NAME && f->person != NO_PERSON) {
            st = add_mention(&m, (struct mention){CARRIER_UNKNOWN, f->person, false}, err);
        }
    }
    for (size_t i = 0; st == STATUS_OK && i < e->n_texts + N_POSTED; i++) {
        struct found_text t = i < e->n_texts ? e->texts[i] : posted[i - e->n_texts];
        bool judged = text_equal(t.text, evidence_caption(e)) || text_equal(t.text, e->said.event);
        st = mention_people(b, t, false, &m, err);
        st = st == STATUS_OK ? mention_by_name(b, t, false, judged, a, &m, err) : st;
    }
    for (size_t i = 0; st == STATUS_OK && i < N_MAKERS; i++) {
        st = mention_people(b, makers[i], false, &m, err);
    }
    st = st == STATUS_OK ? mention_doubtful(b, e, a, &m, err) : st;
    *out = m.at;
    *n_out = m.n;
    return st;
}

/* A keyword that is nobody's name may still give one away ("sian", "Sian in goal", look-alike
 * letters): then it is no topic. */
static enum status doubt_topics(const struct bench *b, struct tag *tags, size_t n, struct arena *a,
                                struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        const struct finding *findings;
        size_t n_findings;
        enum judgement verdict;
        if (tags[i].kind != TAG_KEYWORD || tags[i].resolution != RESOLVED_TOPIC) {
            continue;
        }
        st = names_judge(b->lexicon, tags[i].name, TEXT_ROLE_CAPTION, NAMES_NEVER, a, &findings,
                         &n_findings, &verdict, err);
        if (st != STATUS_OK || verdict != JUDGE_ALLOW) {
            tags[i].resolution = RESOLVED_UNKNOWN;
        }
        if (is_about_the_text(st)) {
            err_clear(err);
            st = STATUS_OK;
        }
    }
    return st;
}

/* The file's name as the office may see it: findings masked, unprintable bytes spelt out. A name
 * that could not be judged is shown by its place alone. */
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

/* The findings of one field. They stand together: names_judge_fields sorts by field. */
static enum status field_findings(const struct field_finding *all, size_t n_all, size_t field,
                                  struct arena *a, const struct finding **out, size_t *n_out,
                                  struct err *err)
{
    size_t n = 0;
    struct finding *found = arena_alloc(a, n_all, sizeof *found);
    if (!found) {
        return err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
    }
    for (size_t i = 0; i < n_all; i++) {
        if (all[i].field == field) {
            found[n++] = all[i].finding;
        }
    }
    *out = found;
    *n_out = n;
    return STATUS_OK;
}

/* What goes with the photo, in the order in which a post shows it: each alone and joined. */
static enum status judge_fields(const struct bench *b, struct hearing *h, struct arena *a,
                                struct err *err)
{
    const struct evidence *e = h->evidence;
    const struct text_field fields[] = {{e->said.event, TEXT_ROLE_CAPTION},
                                        {evidence_caption(e), TEXT_ROLE_CAPTION},
                                        {e->said.credit, TEXT_ROLE_CREDIT},
                                        {e->name, TEXT_ROLE_FILE_NAME}};
    enum { N_FIELDS = sizeof fields / sizeof fields[0] };
    const struct {
        const struct finding **at;
        size_t *n;
    } lists[N_FIELDS] = {{&h->event, &h->n_event},
                         {&h->caption, &h->n_caption},
                         {&h->credit, &h->n_credit},
                         {&h->file_name, &h->n_file_name}};
    const struct field_finding *all;
    size_t n_all;
    enum judgement ignored;
    enum status st = names_judge_fields(b->lexicon, fields, N_FIELDS, b->policy->names_with_photo,
                                        a, &all, &n_all, &ignored, err);
    for (size_t i = 0; st == STATUS_OK && i < N_FIELDS; i++) {
        st = field_findings(all, n_all, i, a, lists[i].at, lists[i].n, err);
    }
    return st;
}

/* Fill the five lists of the hearing. A text that cannot be judged leaves `judged` unset, which
 * holds the photo. */
static enum status judge_texts(const struct bench *b, struct hearing *h, struct arena *a,
                               struct err *err)
{
    struct mention *mentions = NULL;
    enum status st = judge_fields(b, h, a, err);
    if (st == STATUS_OK) {
        st = gather_mentions(b, h->evidence, h, a, &mentions, &h->n_mentions, err);
        h->mentions = mentions;
    }
    if (st == STATUS_OK) {
        h->judged = KNOWN_YES;
    } else if (is_about_the_text(st)) {
        err_clear(err); /* the rule for texts that could not be judged holds the photo */
        st = STATUS_OK;
    }
    return st;
}

enum status decide(const struct bench *b, struct evidence *e, struct arena *a, struct decision *out,
                   struct err *err)
{
    /* The evidence's tags are our own copy (evidence_add_statement): naming them is the last change
     * before it is frozen. */
    struct tag *tags = arena_alloc(a, e->n_tags, sizeof *tags);
    if (!tags) {
        return err_set(err, STATUS_NOMEM, "out of memory while judging a photo");
    }
    if (e->n_tags) {
        memcpy(tags, e->tags, e->n_tags * sizeof *tags);
    }
    enum status st = resolve_people(b->index, tags, e->n_tags, err);
    st = st == STATUS_OK ? doubt_topics(b, tags, e->n_tags, a, err) : st;
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
        .stands_uncovered = b->stands_uncovered,
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
