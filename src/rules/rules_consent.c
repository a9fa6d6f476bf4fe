/* SPDX-License-Identifier: GPL-3.0-or-later */
/* C: did everybody tagged agree to every purpose of the channel? One rule for each way of not
 * having agreed; one hit for each person and rule, whatever the number of purposes. Of whoever's
 * face is covered instead, V08 tells. */
#include "rules/redaction.h"
#include "rules/rule_table.h"

static enum consent_standing standing_for(const struct hearing *h, const struct person *p,
                                          enum purpose purpose, const struct consent **event)
{
    return consent_on(p, purpose, &h->policy->purposes[purpose], h->date, event);
}

static bool agreed_to_another(const struct hearing *h, const struct person *p, enum purpose purpose)
{
    for (int other = PURPOSE_UNKNOWN + 1; other < N_PURPOSES; other++) {
        const struct consent *event;
        if ((enum purpose)other != purpose &&
            standing_for(h, p, (enum purpose)other, &event) == STANDING_GRANTED) {
            return true;
        }
    }
    return false;
}

/* The last thing recorded for the purpose by the ruling's day. When it is not the event that
 * stands, the DPO will wonder why. */
static const struct consent *last_recorded(const struct hearing *h, const struct person *p,
                                           enum purpose purpose)
{
    const struct consent *last = NULL;
    for (size_t i = 0; i < p->n_consents; i++) {
        if (p->consents[i].purpose == purpose &&
            date_compare(p->consents[i].recorded_on, h->date) <= 0) {
            last = &p->consents[i];
        }
    }
    return last;
}

/* ", from 2026-09-01" or nothing. */
static struct text dated(struct rule_sink *k, const char *what, struct date d)
{
    char day[DATE_TEXT_BYTES];
    return date_is_set(d) ? sink_say(k, ", %s %s", what, date_format(d, day)) : TEXT_NONE;
}

/* "the school website: refused (event 57: refused, said on 2026-09-01, by Mother, paper, recorded
 * on 2026-09-02, pupils.csv row 12)" */
static struct text describe(const struct hearing *h, struct rule_sink *k, const struct person *p,
                            enum purpose purpose, enum consent_standing standing,
                            const struct consent *c)
{
    if (!c) {
        return sink_say(k, "%s: %s", purpose_words(purpose), consent_standing_words(standing));
    }
    struct text by = sink_print(k, c->given_by);
    struct text file = sink_print(k, c->source_file);
    struct text notice = sink_print(k, c->notice_version);
    struct text said = dated(k, "said on", c->event_date);
    struct text from = dated(k, "counts from", c->effective_from);
    struct text until = dated(k, "counts until", c->expires);
    struct text recorded = dated(k, "recorded on", c->recorded_on);
    struct text overtaken = TEXT_NONE;
    const struct consent *last = last_recorded(h, p, purpose);
    if (last && last != c) {
        overtaken = sink_say(k, "; event %lld (%s), recorded later, does not undo it",
                             (long long)last->event, consent_state_name(last->state));
    }
    return sink_say(k, "%s: %s (event %lld: %s%.*s%.*s%.*s%s%.*s, %s%s%.*s%.*s%s%.*s row %u%.*s)",
                    purpose_words(purpose), consent_standing_words(standing), (long long)c->event,
                    consent_state_name(c->state), TEXT_ARG(said), TEXT_ARG(from), TEXT_ARG(until),
                    by.n ? ", by " : "", TEXT_ARG(by), consent_method_name(c->method),
                    notice.n ? ", notice " : "", TEXT_ARG(notice), TEXT_ARG(recorded),
                    file.n ? ", " : ", source", TEXT_ARG(file), (unsigned)c->source_row,
                    TEXT_ARG(overtaken));
}

static const struct covered_face *covered_as(const struct cast *c, uint32_t person)
{
    for (size_t i = 0; i < c->n_covered; i++) {
        if (c->covered[i].person == person) {
            return &c->covered[i];
        }
    }
    return NULL;
}

/* Which people have `standing` for a purpose the channel needs? With NONE, `elsewhere` tells those
 * who agreed to something else (C06) from those who agreed to nothing (C01). */
static void consent_hits(const struct hearing *h, struct rule_sink *k,
                         enum consent_standing standing, bool elsewhere)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_tagged; i++) {
        uint32_t person = k->cast->tagged[i];
        const struct person *p = &h->snapshot->people[person];
        const struct consent *first = NULL;
        struct text facts = TEXT_NONE;
        bool is_covered = covered_as(k->cast, person) != NULL;
        for (int n = PURPOSE_UNKNOWN + 1; !is_covered && n < N_PURPOSES; n++) {
            enum purpose purpose = (enum purpose)n;
            const struct consent *event;
            if (!h->channel->needs[purpose] || standing_for(h, p, purpose, &event) != standing ||
                (standing == STANDING_NONE && agreed_to_another(h, p, purpose) != elsewhere)) {
                continue;
            }
            struct text fact = describe(h, k, p, purpose, standing, event);
            first = first ? first : event;
            facts = facts.n ? sink_say(k, "%.*s; %.*s", TEXT_ARG(facts), TEXT_ARG(fact)) : fact;
        }
        if (facts.n) {
            struct text name = sink_person(k, h, person);
            struct text office = k->rule->verdict == VERDICT_HELD ? sink_unsettled_sentence(k, h)
                                                                  : sink_refused_sentence(k, h);
            sink_hit(k, k->rule->verdict, person, first, office,
                     sink_say(k, "%.*s: %.*s%s.", TEXT_ARG(name), TEXT_ARG(facts),
                              elsewhere ? ", though there is consent for another purpose" : ""));
        }
    }
}

void check_consent_none(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_NONE, false);
}

void check_consent_refused(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_REFUSED, false);
}

void check_consent_withdrawn(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_WITHDRAWN, false);
}

void check_consent_expired(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_EXPIRED, false);
}

void check_consent_not_yet(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_NOT_YET, false);
}

void check_consent_wrong_purpose(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_NONE, true);
}

void check_consent_not_written(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_NOT_WRITTEN, false);
}

void check_consent_unclear(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_UNCLEAR, false);
}

void check_consent_requested(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_REQUESTED, false);
}

void check_consent_objected(const struct hearing *h, struct rule_sink *k)
{
    consent_hits(h, k, STANDING_OBJECTED, false);
}

/* What the person covered did not agree to, as the other rules would tell it. */
static struct text lacking(const struct hearing *h, struct rule_sink *k, const struct person *p,
                           const struct consent **first)
{
    struct text facts = TEXT_NONE;
    *first = NULL;
    for (int n = PURPOSE_UNKNOWN + 1; n < N_PURPOSES; n++) {
        enum purpose purpose = (enum purpose)n;
        const struct consent *event = NULL;
        if (!h->channel->needs[purpose]) {
            continue;
        }
        enum consent_standing standing = standing_for(h, p, purpose, &event);
        if (redaction_standing_is_mere_lack(standing)) {
            struct text fact = describe(h, k, p, purpose, standing, event);
            *first = *first ? *first : event;
            facts = facts.n ? sink_say(k, "%.*s; %.*s", TEXT_ARG(facts), TEXT_ARG(fact)) : fact;
        }
    }
    return facts;
}

/* "12.3456": no locale, and no figure lost. */
static struct text percent(struct rule_sink *k, int32_t ppm)
{
    enum { PERCENT_PPM = 10000 };
    return sink_say(k, "%d.%04d", (int)(ppm / PERCENT_PPM), (int)(ppm % PERCENT_PPM));
}

/* Where no face was found the mark may be on the wrong place: somebody looks, whatever the policy
 * says. The DPO's words hold the place to the last figure, so that who clears it clears no other.
 */
void check_redacted_look(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; i < k->cast->n_covered; i++) {
        const struct covered_face *c = &k->cast->covered[i];
        const struct box *b = &c->box;
        if (h->policy->redacted_may_pass && c->seen) {
            continue;
        }
        const char *where = box_place_words(b);
        const char *doubt = c->seen ? "" : " No face was found where the mark is.";
        const struct consent *event;
        struct text name = sink_person(k, h, c->person);
        struct text facts = lacking(h, k, &h->snapshot->people[c->person], &event);
        struct text left = percent(k, b->x_ppm), right = percent(k, b->x_ppm + b->w_ppm);
        struct text top = percent(k, b->y_ppm), bottom = percent(k, b->y_ppm + b->h_ppm);
        sink_hit(k, k->rule->verdict, c->person, event,
                 sink_say(k, "The face %s will be covered with gray before this photo goes out.%s",
                          where, doubt),
                 sink_say(k,
                          "%.*s: %.*s. The face %s will be covered, from %.*s to %.*s %% of the "
                          "width and %.*s to %.*s %% of the height.%s",
                          TEXT_ARG(name), TEXT_ARG(facts), where, TEXT_ARG(left), TEXT_ARG(right),
                          TEXT_ARG(top), TEXT_ARG(bottom), doubt));
    }
}
