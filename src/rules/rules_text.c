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

/* A name is there whether or not the file could be examined. */
static void file_name_rule(const struct hearing *h, struct rule_sink *k, enum concern concern)
{
    struct judged_text j = file_name_of(h);
    text_hits(h, k, &j, concern);
}

void check_caption_name(const struct hearing *h, struct rule_sink *k)
{
    caption_rule(h, k, CONCERN_NAME);
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
