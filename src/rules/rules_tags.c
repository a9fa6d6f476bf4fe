/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T: is everybody in the photo named, and known? */
#include "rules/rule_table.h"

static enum verdict verdict_under(const struct rule_sink *k, enum tag_policy policy)
{
    return policy == TAGS_HOLD ? k->rule->verdict : VERDICT_REJECTED;
}

static const char *manifest_silence(const struct statement *said)
{
    if (said->present == KNOWN_YES) {
        return "photos.csv says neither who is in it nor that nobody can be recognised";
    }
    return said->present == KNOWN_NO ? "photos.csv does not mention it" : "there is no photos.csv";
}

void check_untagged(const struct hearing *h, struct rule_sink *k)
{
    if (!k->cast->examined || !cast_is_untagged(k->cast)) {
        return;
    }
    sink_hit(k, verdict_under(k, h->policy->untagged), NO_PERSON, NULL,
             TEXT("Nobody says who is in this photo."),
             sink_say(k, "No tag names anybody; faces found: %zu; %s.", h->evidence->n_faces,
                      manifest_silence(&h->evidence->said)));
}

/* Which of the three doubts a doubtful tag is. Whatever does not fit the other two is an unknown
 * person. */
static enum resolution doubt_of(const struct tag *t)
{
    bool clear = t->kind != TAG_UNKNOWN &&
                 (t->resolution == RESOLVED_AMBIGUOUS || t->resolution == RESOLVED_UNNAMED);
    return clear ? t->resolution : RESOLVED_UNKNOWN;
}

static const char *where(const struct tag *t)
{
    return t->carrier > CARRIER_UNKNOWN && t->carrier < N_CARRIERS ? carrier_words(t->carrier)
                                                                   : "data of an unknown kind";
}

/* One hit for each different name: the same one stands in several carriers as a rule. */
static void named_doubts(struct rule_sink *k, enum resolution doubt, enum verdict verdict,
                         const char *office, const char *dpo)
{
    const struct tag *last = NULL;
    for (size_t i = 0; k->cast->examined && i < k->cast->n_doubtful; i++) {
        const struct tag *t = k->cast->doubtful[i];
        if (doubt_of(t) != doubt || (last && text_equal(last->name, t->name))) {
            continue;
        }
        last = t;
        struct text name = sink_print(k, t->name);
        sink_hit(k, verdict, NO_PERSON, NULL, sink_say(k, "%s (in: %s).", office, where(t)),
                 sink_say(k, "The tag \"%.*s\" (%s) %s.", TEXT_ARG(name), where(t), dpo));
    }
}

void check_unknown_person(const struct hearing *h, struct rule_sink *k)
{
    named_doubts(k, RESOLVED_UNKNOWN, verdict_under(k, h->policy->unknown_tag),
                 "A tag in this photo matches nobody on the register",
                 "matches nobody on the register");
}

void check_ambiguous_person(const struct hearing *h, struct rule_sink *k)
{
    named_doubts(k, RESOLVED_AMBIGUOUS, verdict_under(k, h->policy->ambiguous_tag),
                 "A tag in this photo may mean more than one person on the register",
                 "may mean more than one person, or a person or a topic");
}

void check_unnamed_region(const struct hearing *h, struct rule_sink *k)
{
    size_t n = 0;
    for (size_t i = 0; k->cast->examined && i < k->cast->n_doubtful; i++) {
        n += doubt_of(k->cast->doubtful[i]) == RESOLVED_UNNAMED;
    }
    if (n) {
        struct text sentence = n == 1 ? TEXT("One face is marked in this photo without a name.")
                                      : sink_say(k, "%zu faces are marked without a name.", n);
        sink_hit(k, verdict_under(k, h->policy->unnamed_region), NO_PERSON, NULL, sentence,
                 sentence);
    }
}

/* ---- T05 ------------------------------------------------------------------------------------- */

/* Whether `p` has left by `date`. Staff leave only when the register says so; of a pupil, unknown
 * counts as left. */
static bool has_left(const struct person *p, struct date date)
{
    if (date_is_set(p->date_of_leaving) && date_compare(p->date_of_leaving, date) < 0) {
        return true;
    }
    return p->kind == PERSON_STAFF ? p->on_roll == KNOWN_NO : p->on_roll != KNOWN_YES;
}

/* Days of grace run from a leaving date that is known and not in the future. */
static bool is_in_grace(const struct person *p, const struct policy *policy, struct date date)
{
    if (policy->leavers != LEAVERS_GRACE || !date_is_set(p->date_of_leaving)) {
        return false;
    }
    int64_t since = (int64_t)date_to_days(date) - date_to_days(p->date_of_leaving);
    return since >= 0 && since <= (int64_t)policy->leaver_grace_days;
}

void check_leaver(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_tagged; i++) {
        uint32_t person = k->cast->tagged[i];
        const struct person *p = &h->snapshot->people[person];
        if (!has_left(p, h->date) || is_in_grace(p, h->policy, h->date)) {
            continue;
        }
        char left[DATE_TEXT_BYTES];
        struct text name = sink_person(k, h, person);
        sink_hit(k, k->rule->verdict, person, NULL,
                 TEXT("One person tagged in this photo is no longer at the school."),
                 date_is_set(p->date_of_leaving)
                     ? sink_say(k, "%.*s left on %s.", TEXT_ARG(name),
                                date_format(p->date_of_leaving, left))
                     : sink_say(k, "%.*s is not shown as on roll; no leaving date is recorded.",
                                TEXT_ARG(name)));
    }
}

/* ---- T06 ------------------------------------------------------------------------------------- */

static bool is_tagged(const struct cast *c, uint32_t person)
{
    for (size_t i = 0; i < c->n_tagged; i++) {
        if (c->tagged[i] == person) {
            return true;
        }
    }
    return false;
}

/* Where a person is mentioned: the first of the carriers in the order of their list, so that the
 * order of texts is no matter. */
static const char *place_of_mention(const struct hearing *h, uint32_t person)
{
    enum carrier_id first = N_CARRIERS;
    for (size_t i = 0; i < h->n_mentions; i++) {
        if (h->mentions[i].person == person && h->mentions[i].carrier < first) {
            first = h->mentions[i].carrier;
        }
    }
    return first == CARRIER_UNKNOWN ? "the file's name" : carrier_words(first);
}

void check_mentioned_not_tagged(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_shown; i++) {
        uint32_t person = k->cast->shown[i];
        if (is_tagged(k->cast, person) || h->snapshot->people[person].kind == PERSON_STAFF) {
            continue;
        }
        const char *place = place_of_mention(h, person);
        struct text name = sink_person(k, h, person);
        sink_hit(k, k->rule->verdict, person, NULL,
                 sink_say(k, "Words with this photo name a pupil who is not tagged in it (in: %s).",
                          place),
                 sink_say(k, "%.*s is named in %s, but not tagged.", TEXT_ARG(name), place));
    }
}
