/* SPDX-License-Identifier: GPL-3.0-or-later */
/* V: do the faces found, the people tagged and the people counted agree? Faces are counted, never
 * recognised.
 *
 * The rules divide the cases among themselves, so that one fault gives one hit: an untagged photo
 * is T01's, a photo said to be without recognisable pupils V04's, a count that differs from the
 * tags V03's, more faces than people V01's; V07's is what numbers do not show: a box lies on nobody
 * found, and somebody found is under no box. */
#include "rules/rule_table.h"

#include <stdio.h>

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
    return cast_unnamed_faces(c) > 0 && !is_flooded(h);
}

enum { MAX_PLACES = 9, MAX_PLACES_BYTES = MAX_PLACES * 32 };

/* "at the left", of several "2 at the top and one in the middle", in reading order. `which` picks n
 * of the faces. */
static struct text say_places(struct rule_sink *k, const struct evidence *e, const uint32_t *which,
                              size_t n)
{
    struct {
        const char *words;
        size_t n;
    } places[MAX_PLACES] = {{NULL, 0}};
    char line[MAX_PLACES_BYTES];
    size_t n_places = 0, used = 0;
    for (size_t i = 0; i < n; i++) {
        const char *words = box_place_words(&e->faces[which[i]].box);
        size_t at = 0;
        while (at < n_places && places[at].words != words) {
            at++;
        }
        n_places += at == n_places;
        places[at].words = words;
        places[at].n++;
    }
    if (n == 1) {
        return text_of(places[0].words);
    }
    for (size_t i = 0; i < n_places; i++) {
        const char *joint = i == 0 ? "" : i + 1 == n_places ? " and " : ", ";
        char number[24] = "one";
        if (places[i].n > 1) {
            (void)snprintf(number, sizeof number, "%zu", places[i].n);
        }
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s %s", joint, number,
                                 places[i].words);
    }
    return sink_say(k, "%.*s", (int)used, line);
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
    const char *are = people == 1 ? "person is" : "people are";
    struct text sentence;
    if (c->faces.n_owners) {
        struct text where = say_places(k, h->evidence, c->faces.uncovered, c->faces.n_uncovered);
        sentence = sink_say(k,
                            "%zu faces were found in this photo, but only %zu %s accounted for. "
                            "Not marked: the %s %.*s.",
                            n_faces, people, are, c->faces.n_uncovered == 1 ? "one" : "ones",
                            (int)where.n, where.at);
    } else {
        sentence = sink_say(k, "%zu faces were found in this photo, but only %zu %s accounted for.",
                            n_faces, people, are);
    }
    face_hit(k, sentence);
}

void check_face_not_marked(const struct hearing *h, struct rule_sink *k)
{
    const struct cast *c = k->cast;
    size_t people = cast_accounted(c);
    size_t counted_more = c->counted && c->count > people ? c->count - people : 0;
    if (!c->examined || c->none_identifiable || c->faces.n_owners == 0 || is_flooded(h) ||
        cast_unnamed_faces(c) <= counted_more || h->evidence->n_faces > people + counted_more) {
        return;
    }
    size_t n = c->faces.n_uncovered;
    struct text where = say_places(k, h->evidence, c->faces.uncovered, n);
    if (n == 1) {
        face_hit(k, sink_say(k, "The face %.*s has no name: nobody is marked there.", (int)where.n,
                             where.at));
    } else if (c->n_boxless == 0) {
        face_hit(k, sink_say(k, "%zu faces have no name, nobody is marked there: %.*s.", n,
                             (int)where.n, where.at));
    } else {
        face_hit(k, sink_say(k, "%zu faces are not marked: %.*s. Only %zu %s named without a mark.",
                             n, (int)where.n, where.at, c->n_boxless,
                             c->n_boxless == 1 ? "person is" : "people are"));
    }
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
    const struct cast *c = k->cast;
    size_t tagged = c->n_tagged, faces = h->evidence->n_faces;
    if (!c->examined || !contradicts_none(h, c)) {
        return;
    }
    const char *who = tagged == 1 ? "person is tagged" : "people are tagged";
    const char *seen = faces == 1 ? "face was found" : "faces were found";
    struct text found = faces ? sink_say(k, "%zu %s", faces, seen) : TEXT_NONE;
    struct text sentence;
    if (tagged) {
        sentence =
            sink_say(k, "photos.csv says no pupil can be recognised, but %zu %s%s%.*s.", tagged,
                     who, faces ? " and " : "", (int)found.n, found.n ? found.at : "");
    } else {
        sentence = sink_say(k, "photos.csv says no pupil can be recognised, but %.*s.",
                            (int)found.n, found.n ? found.at : "");
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
