/* SPDX-License-Identifier: GPL-3.0-or-later */
/* K: do the words that go with the photo give somebody away? The office is told which word, by its
 * number, and never the word: the report must not repeat what the caption may not say. */
#include "rules/rule_table.h"

enum { MAX_PLACES = 8 }; /* words listed for one hit; more help nobody */

/* Which findings a rule is about. */
enum concern { CONCERN_NAME, CONCERN_DETAIL, CONCERN_BLOCK, CONCERN_REVIEW };

struct judged_text {
    const char *what; /* "the caption" */
    struct text text;
    const struct finding *findings;
    size_t n;
};

/* Everything else that may not be said (numbers, addresses, places, whatever comes to be found) is
 * a personal detail. */
static bool is_name(enum finding_kind kind)
{
    return kind == FINDING_FULL_NAME || kind == FINDING_FORENAME || kind == FINDING_SURNAME ||
           kind == FINDING_INITIALS || kind == FINDING_WEAK_NAME || kind == FINDING_DISGUISED ||
           kind == FINDING_PARENT || kind == FINDING_STAFF || kind == FINDING_UNREGISTERED;
}

/* A judgement outside the list is one that nobody understood: a person looks. */
static bool is_about(const struct finding *f, enum concern concern)
{
    bool block = f->judgement == JUDGE_BLOCK;
    switch (concern) {
    case CONCERN_NAME:
        return block && is_name(f->kind);
    case CONCERN_DETAIL:
        return block && !is_name(f->kind);
    case CONCERN_BLOCK:
        return block;
    case CONCERN_REVIEW:
        return !block && f->judgement != JUDGE_ALLOW;
    }
    return true;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x3000;
}

/* The number of the word that holds byte `at`, from 1; 0 when the text does not reach that far. */
static size_t word_number(struct text t, size_t at)
{
    size_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < t.n && i <= at;) {
        bool space = is_space(text_next(t, &i));
        words += !space && !inside;
        inside = !space;
    }
    return at < t.n ? words : 0;
}

static const char *ordinal_suffix(size_t n)
{
    if (n % 100 >= 11 && n % 100 <= 13) {
        return "th";
    }
    return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

/* "the 3rd and 4th word", of all findings of one kind that the rule is about. */
static struct text places(struct rule_sink *k, const struct judged_text *j, enum finding_kind kind,
                          enum concern concern)
{
    size_t numbers[MAX_PLACES], n = 0, more = 0;
    for (size_t i = 0; i < j->n; i++) {
        const struct finding *f = &j->findings[i];
        size_t number =
            f->kind == kind && is_about(f, concern) ? word_number(j->text, f->start) : 0;
        if (number == 0 || (n && numbers[n - 1] == number)) {
            continue;
        }
        if (n < MAX_PLACES) {
            numbers[n++] = number;
        } else {
            more++;
        }
    }
    if (n == 0) {
        return TEXT("A word");
    }
    struct text out = TEXT("The ");
    for (size_t i = 0; i < n; i++) {
        const char *joint = i == 0 ? "" : i + 1 == n && !more ? " and " : ", ";
        out = sink_say(k, "%.*s%s%zu%s", TEXT_ARG(out), joint, numbers[i],
                       ordinal_suffix(numbers[i]));
    }
    return more ? sink_say(k, "%.*s and %zu further words", TEXT_ARG(out), more)
                : sink_say(k, "%.*s word", TEXT_ARG(out));
}

static bool is_first_of_its_kind(const struct judged_text *j, size_t i, enum concern concern)
{
    for (size_t b = 0; b < i; b++) {
        if (j->findings[b].kind == j->findings[i].kind && is_about(&j->findings[b], concern)) {
            return false;
        }
    }
    return true;
}

/* One hit for each kind of finding; its remedy stands beside it, for each kind has its own. */
static void text_hits(const struct hearing *h, struct rule_sink *k, const struct judged_text *j,
                      enum concern concern)
{
    for (size_t i = 0; i < j->n; i++) {
        const struct finding *f = &j->findings[i];
        if (!is_about(f, concern) || !is_first_of_its_kind(j, i, concern)) {
            continue;
        }
        uint32_t person = f->person < h->snapshot->n_people ? f->person : NO_PERSON;
        struct text where = places(k, j, f->kind, concern);
        struct text whole = sink_print(k, j->text);
        struct text name = person == NO_PERSON ? TEXT_NONE : sink_person(k, h, person);
        sink_hit(k, k->rule->verdict, person, NULL,
                 sink_say(k, "%.*s of %s: %s. %s", TEXT_ARG(where), j->what, finding_words(f->kind),
                          finding_fix(f->kind)),
                 sink_say(k, "%.*s of %s (\"%.*s\"): %s%s%.*s.", TEXT_ARG(where), j->what,
                          TEXT_ARG(whole), finding_words(f->kind), name.n ? ", " : "",
                          TEXT_ARG(name)));
    }
}

static struct judged_text caption_of(const struct hearing *h)
{
    return (struct judged_text){"the caption", evidence_caption(h->evidence), h->caption,
                                h->n_caption};
}

/* Words of a file name are not told apart by spaces: no number is given. */
static struct judged_text file_name_of(const struct hearing *h)
{
    return (struct judged_text){"the file's name", TEXT_NONE, h->file_name, h->n_file_name};
}

static struct judged_text credit_of(const struct hearing *h)
{
    return (struct judged_text){"the credit line", h->evidence->said.credit, h->credit,
                                h->n_credit};
}

static struct judged_text event_of(const struct hearing *h)
{
    return (struct judged_text){"the event", h->evidence->said.event, h->event, h->n_event};
}

static void caption_rule(const struct hearing *h, struct rule_sink *k, enum concern concern)
{
    if (k->cast->examined) {
        struct judged_text j = caption_of(h);
        text_hits(h, k, &j, concern);
    }
}

static void credit_rule(const struct hearing *h, struct rule_sink *k, enum concern concern)
{
    if (k->cast->examined) {
        struct judged_text j = credit_of(h);
        text_hits(h, k, &j, concern);
    }
}

static void event_rule(const struct hearing *h, struct rule_sink *k, enum concern concern)
{
    if (k->cast->examined) {
        struct judged_text j = event_of(h);
        text_hits(h, k, &j, concern);
    }
}

/* A name is there whether or not the file could be examined. */
static void file_name_rule(const struct hearing *h, struct rule_sink *k, enum concern concern)
{
    struct judged_text j = file_name_of(h);
    text_hits(h, k, &j, concern);
}

/* May the one that `f` names be named beside a photo, once somebody clears it? Only a pupil whom
 * the register knows for certain, whom nothing protects, with the additional consent. What else is
 * a name (a disguise, a family, a member of staff) no consent of a pupil covers. */
static bool may_be_named(const struct hearing *h, const struct finding *f,
                         const struct consent **event)
{
    bool plain = f->kind == FINDING_FULL_NAME || f->kind == FINDING_FORENAME ||
                 f->kind == FINDING_SURNAME || f->kind == FINDING_INITIALS;
    if (!plain || f->person >= h->snapshot->n_people) {
        return false;
    }
    const struct person *p = &h->snapshot->people[f->person];
    return p->kind == PERSON_PUPIL && p->do_not_publish == KNOWN_NO &&
           p->child_objection == KNOWN_NO && !has_left(p, h->policy, h->date) &&
           consent_on(p, PURPOSE_NAME_WITH_PHOTO, &h->policy->purposes[PURPOSE_NAME_WITH_PHOTO],
                      h->date, event) == STANDING_GRANTED;
}

/* Who the policy says must clear a name; NULL when nobody can, or nobody understood. */
static const char *clearing_role(enum name_exception exception)
{
    switch (exception) {
    case EXCEPTION_HEAD:
        return "the head";
    case EXCEPTION_DPO:
        return "the DPO";
    case EXCEPTION_BOTH:
        return "the head and the DPO";
    case EXCEPTION_NONE:
        break;
    }
    return NULL;
}

/* Is every name in the caption one that the policy's exception covers? One that is not closes the
 * door for all. */
static bool is_exception(const struct hearing *h)
{
    size_t n = 0;
    const struct consent *ignored;
    for (size_t i = 0; i < h->n_caption; i++) {
        if (!is_about(&h->caption[i], CONCERN_NAME)) {
            continue;
        }
        if (!may_be_named(h, &h->caption[i], &ignored)) {
            return false;
        }
        n++;
    }
    return n && clearing_role(h->policy->name_exception);
}

void check_caption_name(const struct hearing *h, struct rule_sink *k)
{
    if (!is_exception(h)) {
        caption_rule(h, k, CONCERN_NAME);
    }
}

static bool is_named_before(const struct hearing *h, size_t i)
{
    for (size_t b = 0; b < i; b++) {
        if (is_about(&h->caption[b], CONCERN_NAME) &&
            h->caption[b].person == h->caption[i].person) {
            return true;
        }
    }
    return false;
}

/* One hit for each pupil, with the consent it rests on. */
void check_caption_exception(const struct hearing *h, struct rule_sink *k)
{
    const char *role = clearing_role(h->policy->name_exception);
    for (size_t i = 0; k->cast->examined && is_exception(h) && i < h->n_caption; i++) {
        const struct finding *f = &h->caption[i];
        const struct consent *event = NULL;
        if (!is_about(f, CONCERN_NAME) || is_named_before(h, i) || !may_be_named(h, f, &event)) {
            continue;
        }
        struct judged_text j = caption_of(h);
        struct text whole = sink_print(k, j.text);
        struct text name = sink_person(k, h, f->person);
        sink_hit(k, k->rule->verdict, f->person, event,
                 sink_say(k, "The caption names a pupil. By the policy %s must clear that.", role),
                 sink_say(k,
                          "The %zu%s word of the caption (\"%.*s\") names %.*s, with consent to be "
                          "named; %s must clear it.",
                          word_number(j.text, f->start),
                          ordinal_suffix(word_number(j.text, f->start)), TEXT_ARG(whole),
                          TEXT_ARG(name), role));
    }
}

void check_caption_identifier(const struct hearing *h, struct rule_sink *k)
{
    caption_rule(h, k, CONCERN_DETAIL);
}

void check_caption_review(const struct hearing *h, struct rule_sink *k)
{
    caption_rule(h, k, CONCERN_REVIEW);
}

void check_file_name_name(const struct hearing *h, struct rule_sink *k)
{
    file_name_rule(h, k, CONCERN_BLOCK);
}

void check_file_name_review(const struct hearing *h, struct rule_sink *k)
{
    file_name_rule(h, k, CONCERN_REVIEW);
}

void check_text_not_judged(const struct hearing *h, struct rule_sink *k)
{
    if (k->cast->examined && h->judged != KNOWN_YES) {
        struct text sentence = TEXT("The words with this photo could not be checked.");
        sink_hit(k, k->rule->verdict, NO_PERSON, NULL, sentence, sentence);
    }
}

void check_credit_name(const struct hearing *h, struct rule_sink *k)
{
    credit_rule(h, k, CONCERN_BLOCK);
}

void check_credit_review(const struct hearing *h, struct rule_sink *k)
{
    credit_rule(h, k, CONCERN_REVIEW);
}

void check_event_name(const struct hearing *h, struct rule_sink *k)
{
    event_rule(h, k, CONCERN_BLOCK);
}

void check_event_review(const struct hearing *h, struct rule_sink *k)
{
    event_rule(h, k, CONCERN_REVIEW);
}
