/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T: is everybody in the photo named, and known? */
#include <string.h>

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

struct doubt_words {
    const char *office, *dpo;
};

/* A keyword may be a topic that nobody has listed, and a link is neither a topic nor a person. */
static struct doubt_words words_for_unknown(const struct tag *t)
{
    if (t->kind != TAG_KEYWORD) {
        return (struct doubt_words){"A tag in this photo matches nobody on the register",
                                    "matches nobody on the register"};
    }
    bool is_link = t->name.n &&
                   (memmem(t->name.at, t->name.n, "://", 3) ||
                    memmem(t->name.at, t->name.n, "www.", 4) || memchr(t->name.at, '@', t->name.n));
    if (is_link) {
        return (struct doubt_words){"A keyword of this photo is a link or an address",
                                    "is a link or an address: neither a person nor a topic"};
    }
    return (struct doubt_words){
        "A keyword of this photo is neither a person on the register nor a known topic",
        "is neither a person on the register nor a known topic"};
}

/* A slip of the pen must not take the protection off a child: T07 instead of T02, which can be
 * cleared. */
static bool nearly_a_pupil(const struct tag *t)
{
    return t->nearly_pupil && doubt_of(t) == RESOLVED_UNKNOWN;
}

static struct doubt_words words_for(const struct tag *t, enum resolution doubt)
{
    if (nearly_a_pupil(t)) {
        return (struct doubt_words){"A tag in this photo is nearly the name of a pupil",
                                    "matches nobody on the register, but nearly a pupil"};
    }
    return doubt == RESOLVED_UNKNOWN
               ? words_for_unknown(t)
               : (struct doubt_words){
                     "A tag in this photo may mean more than one person on the register",
                     "may mean more than one person, or a person or a topic"};
}

/* "; did you mean Jack Smith?", for the DPO alone: the office is told no name. */
static struct text guess(const struct hearing *h, struct rule_sink *k, const struct tag *t)
{
    if (t->nearly == 0 || t->nearly > h->snapshot->n_people) {
        return TEXT_NONE;
    }
    struct text who = sink_person(k, h, t->nearly - 1);
    return sink_say(k, "; did you mean %.*s?", TEXT_ARG(who));
}

/* One hit for each different name: the same one stands in several carriers as a rule. */
static void named_doubts(const struct hearing *h, struct rule_sink *k, enum resolution doubt,
                         bool nearly, enum verdict verdict)
{
    const struct tag *last = NULL;
    for (size_t i = 0; k->cast->examined && i < k->cast->n_doubtful; i++) {
        const struct tag *t = k->cast->doubtful[i];
        if (doubt_of(t) != doubt || nearly_a_pupil(t) != nearly ||
            (last && text_equal(last->name, t->name))) {
            continue;
        }
        last = t;
        struct doubt_words words = words_for(t, doubt);
        struct text name = sink_print(k, t->name), who = guess(h, k, t);
        sink_hit(k, verdict, NO_PERSON, NULL, sink_say(k, "%s (in: %s).", words.office, where(t)),
                 sink_say(k, "The %s \"%.*s\" (%s) %s%.*s",
                          t->kind == TAG_KEYWORD ? "keyword" : "tag", TEXT_ARG(name), where(t),
                          words.dpo, TEXT_ARG(who.n ? who : TEXT("."))));
    }
}

void check_unknown_person(const struct hearing *h, struct rule_sink *k)
{
    named_doubts(h, k, RESOLVED_UNKNOWN, false, verdict_under(k, h->policy->unknown_tag));
}

void check_nearly_a_pupil(const struct hearing *h, struct rule_sink *k)
{
    named_doubts(h, k, RESOLVED_UNKNOWN, true, verdict_under(k, h->policy->unknown_tag));
}

void check_ambiguous_person(const struct hearing *h, struct rule_sink *k)
{
    named_doubts(h, k, RESOLVED_AMBIGUOUS, false, verdict_under(k, h->policy->ambiguous_tag));
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

void check_leaver(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_tagged; i++) {
        uint32_t person = k->cast->tagged[i];
        const struct person *p = &h->snapshot->people[person];
        if (!has_left(p, h->policy, h->date)) {
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

/* Whatever mentions them holds the photo already. */
static bool is_told(const struct hearing *h, uint32_t person)
{
    bool told = true;
    for (size_t i = 0; i < h->n_mentions; i++) {
        told = told && (h->mentions[i].person != person || h->mentions[i].told);
    }
    return told;
}

void check_mentioned_not_tagged(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_shown; i++) {
        uint32_t person = k->cast->shown[i];
        if (is_tagged(k->cast, person) || h->snapshot->people[person].kind == PERSON_STAFF ||
            is_told(h, person)) {
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
