/* SPDX-License-Identifier: GPL-3.0-or-later */
/* V: do the faces found, the people tagged and the people counted agree? Faces are counted, never
 * recognised.
 *
 * The rules divide the cases among themselves, so that one fault gives one hit: an untagged photo
 * is T01's, a photo said to be without recognisable pupils V04's, a count that differs from the
 * tags V03's, what is left V01's. */
#include "rules/rule_table.h"

#include "photogate/faces.h"
#include "photogate/limits.h"

static void face_hit(struct rule_sink *k, struct text sentence)
{
    sink_hit(k, k->rule->verdict, NO_PERSON, NULL, sentence, sentence);
}

static bool is_flooded(const struct hearing *h)
{
    return h->evidence->n_faces > MAX_FACES;
}

/* V04's: the manifest says that no pupil can be recognised, and a pupil is tagged or a face is
 * nobody's. Staff may be tagged. */
static bool contradicts_none(const struct hearing *h, const struct cast *c)
{
    if (!c->none_identifiable) {
        return false;
    }
    for (size_t i = 0; i < c->n_tagged; i++) {
        if (h->snapshot->people[c->tagged[i]].kind != PERSON_STAFF) {
            return true;
        }
    }
    return h->evidence->n_faces > cast_accounted(c) && !is_flooded(h);
}

void check_more_faces(const struct hearing *h, struct rule_sink *k)
{
    const struct cast *c = k->cast;
    size_t n_faces = h->evidence->n_faces;
    size_t people = cast_accounted(c);
    bool nobody_said = people == 0 && !c->counted;
    people = c->counted && c->count > people ? c->count : people;
    if (!c->examined || c->none_identifiable || nobody_said || is_flooded(h) || n_faces <= people) {
        return;
    }
    face_hit(k, sink_say(k, "%zu faces were found in this photo, but only %zu %s accounted for.",
                         n_faces, people, people == 1 ? "person is" : "people are"));
}

void check_low_assurance(const struct hearing *h, struct rule_sink *k)
{
    const struct cast *c = k->cast;
    const struct evidence *e = h->evidence;
    if (!c->examined || h->face_assurance != ASSURANCE_LOW) {
        return;
    }
    if (h->policy->require_high_face_assurance) {
        face_hit(k, TEXT("The policy asks for the better face detector, which is not installed."));
        return;
    }
    bool said_empty = c->none_identifiable && cast_accounted(c) == 0 && e->n_faces == 0;
    if (c->counted || c->word_lost || said_empty || cast_is_untagged(c) || contradicts_none(h, c)) {
        return;
    }
    face_hit(k, TEXT("The face detector in use misses faces, and nobody has counted the people."));
}

/* Each doubtful tag may be somebody or another's second tag, so any count between is no
 * contradiction. Uncounted people are none either where no pupil can be recognised: they may be
 * seen from behind. */
void check_count_contradicted(const struct hearing *h, struct rule_sink *k)
{
    (void)h; /* the cast holds both numbers */
    const struct cast *c = k->cast;
    if (!c->examined || !c->counted) {
        return;
    }
    if (c->count < c->n_tagged || (c->count > cast_accounted(c) && !c->none_identifiable)) {
        face_hit(k, sink_say(k, "photos.csv counts %u in this photo, but %zu %s tagged.",
                             (unsigned)c->count, cast_accounted(c),
                             cast_accounted(c) == 1 ? "is" : "are"));
    }
}

void check_no_people_contradicted(const struct hearing *h, struct rule_sink *k)
{
    size_t tagged = k->cast->n_tagged, faces = h->evidence->n_faces;
    if (!k->cast->examined || !contradicts_none(h, k->cast)) {
        return;
    }
    const char *who = tagged == 1 ? "person is tagged" : "people are tagged";
    const char *seen = faces == 1 ? "face was found" : "faces were found";
    struct text sentence;
    if (tagged && faces) {
        sentence = sink_say(k, "photos.csv says no pupil can be recognised, but %zu %s and %zu %s.",
                            tagged, who, faces, seen);
    } else {
        sentence = sink_say(k, "photos.csv says no pupil can be recognised, but %zu %s.",
                            tagged ? tagged : faces, tagged ? who : seen);
    }
    face_hit(k, sentence);
}

void check_faces_not_looked_for(const struct hearing *h, struct rule_sink *k)
{
    bool detector = h->face_assurance == ASSURANCE_LOW || h->face_assurance == ASSURANCE_HIGH;
    if (k->cast->examined && (h->evidence->faces_looked_for != KNOWN_YES || !detector)) {
        face_hit(k, TEXT("Nothing looked for faces in this photo."));
    }
}

void check_too_many_faces(const struct hearing *h, struct rule_sink *k)
{
    if (k->cast->examined && is_flooded(h)) {
        face_hit(k, sink_say(k, "%zu faces were found, more than can be checked (%u).",
                             h->evidence->n_faces, (unsigned)MAX_FACES));
    }
}
