/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recall_judge.h"

#include <stdlib.h>
#include <string.h>

#include "photogate/ruling.h"

enum { MEMORY_BYTES = 1024 * 1024 * 1024, SCRATCH_BYTES = 64 * 1024 * 1024 };

enum answer { ANSWER_UNKNOWN, ANSWER_MAY_NOT, ANSWER_MAY };

struct known_person {
    char pseudonym[PSEUDONYM_BYTES];
    uint32_t person; /* index into the snapshot */
};

struct recall_judge {
    struct home *home;
    const struct snapshot *people;
    const struct history *history;
    struct date date;
    struct known_person *known; /* sorted by pseudonym */
    uint8_t *answers;           /* enum answer by channel, person, and whether they are covered */
    struct arena memory;
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while judging approved photos again");
}

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

static int pseudonym_order(const void *a, const void *b)
{
    return strcmp(((const struct known_person *)a)->pseudonym,
                  ((const struct known_person *)b)->pseudonym);
}

static enum status learn_people(struct recall_judge *j, struct err *err)
{
    size_t n = j->people->n_people;
    j->known = arena_alloc(&j->memory, n, sizeof j->known[0]);
    j->answers = arena_alloc(&j->memory, j->home->policy->n_channels * n * 2, 1);
    if (!j->known || !j->answers) {
        return no_memory(err);
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        j->known[i].person = (uint32_t)i;
        st = ledger_pseudonym(j->home->ledger, j->people->people[i].reference,
                              j->known[i].pseudonym, err);
    }
    if (n) {
        qsort(j->known, n, sizeof j->known[0], pseudonym_order);
    }
    return st;
}

enum status recall_judge_open(struct home *home, const struct snapshot *people,
                              const struct history *history, struct date date,
                              struct recall_judge **out, struct err *err)
{
    struct recall_judge *j = calloc(1, sizeof *j);
    if (!j) {
        return no_memory(err);
    }
    j->home = home;
    j->people = people;
    j->history = history;
    j->date = date;
    arena_init(&j->memory, MEMORY_BYTES);
    enum status st = learn_people(j, err);
    if (st == STATUS_OK) {
        *out = j;
    } else {
        recall_judge_close(j);
    }
    return st;
}

void recall_judge_close(struct recall_judge *j)
{
    if (j) {
        arena_release(&j->memory);
        free(j);
    }
}

/* NO_PERSON: the pseudonym is nobody's any more. */
static uint32_t person_of(const struct recall_judge *j, const char *pseudonym)
{
    struct known_person key = {.person = 0};
    if (strlen(pseudonym) >= sizeof key.pseudonym || j->people->n_people == 0) {
        return NO_PERSON;
    }
    memcpy(key.pseudonym, pseudonym, strlen(pseudonym) + 1);
    const struct known_person *k =
        bsearch(&key, j->known, j->people->n_people, sizeof key, pseudonym_order);
    return k ? k->person : NO_PERSON;
}

/* Is their face covered in the photo that went out? */
static bool is_covered(const json_t *intent, const char *pseudonym)
{
    size_t i;
    const json_t *o;
    json_array_foreach(json_object_get(intent, "covered"), i, o)
    {
        if (strcmp(body_text(o, "person"), pseudonym) == 0) {
            return true;
        }
    }
    return false;
}

/* Of a photo nobody looks at again, the rules about this person count: consent, protection, having
 * left. To whoever's face is covered the mere lack of a yes does no harm, while the policy covers
 * faces; an objection, an unclear record or protection stands (rules/redaction.h). */
static bool hit_counts(const struct recall_judge *j, const struct hit *hit, bool covered)
{
    const char *code = hit->rule->code;
    bool about_them = hit->rule->protects || strcmp(code, "T05") == 0;
    bool mere_lack = code[0] == 'C' && strcmp(code, "C08") != 0 && strcmp(code, "C10") != 0;
    bool excused = covered && mere_lack && j->home->policy->no_consent == NO_CONSENT_REDACT;
    return about_them && !excused;
}

/* One person, alone in a photo for that channel, before every rule of the table. The hits that
 * count are moved to the front of *hits. */
static enum status judge_person(const struct recall_judge *j, const struct channel_policy *channel,
                                uint32_t person, bool covered, struct arena *a,
                                const struct hit **hits, size_t *n, struct err *err)
{
    const struct tag tag = {
        .kind = TAG_STATED, .resolution = RESOLVED_PERSON, .person = person, .name = TEXT_NONE};
    const struct evidence evidence = {.exam = EXAM_DONE, .tags = &tag, .n_tags = 1};
    const struct hearing hearing = {.evidence = &evidence,
                                    .policy = j->home->policy,
                                    .channel = channel,
                                    .snapshot = j->people,
                                    .date = j->date,
                                    .judged = KNOWN_YES};
    struct ruling ruling;
    enum status st = rules_judge(&hearing, a, &ruling, err);
    if (st != STATUS_OK) {
        return st;
    }
    struct hit *kept = arena_alloc(a, ruling.n_hits, sizeof *kept);
    *n = 0;
    for (size_t i = 0; kept && i < ruling.n_hits; i++) {
        if (ruling.hits[i].person == person && hit_counts(j, &ruling.hits[i], covered)) {
            kept[(*n)++] = ruling.hits[i];
        }
    }
    *hits = kept;
    return kept ? STATUS_OK : no_memory(err);
}

/* A sheet for whoever picks photos says the same (may_appear); were it stricter, so are we. */
static enum status person_may(struct recall_judge *j, const struct channel_policy *channel,
                              uint32_t person, bool covered, bool *may, struct err *err)
{
    size_t at = (size_t)(channel - j->home->policy->channels) * j->people->n_people + person;
    uint8_t *answer = &j->answers[at * 2 + covered];
    enum status st = STATUS_OK;
    if (*answer == ANSWER_UNKNOWN) {
        struct arena a;
        const struct hit *hits;
        size_t n = 0;
        arena_init(&a, SCRATCH_BYTES);
        st = judge_person(j, channel, person, covered, &a, &hits, &n, err);
        bool appears = covered || may_appear(&j->people->people[person], j->home->policy, channel,
                                             j->date) == APPEARS;
        if (st == STATUS_OK) {
            *answer = n == 0 && appears ? ANSWER_MAY : ANSWER_MAY_NOT;
        }
        arena_release(&a);
    }
    *may = *answer == ANSWER_MAY;
    return st;
}

static bool was_destroyed(const struct recall_judge *j, const json_t *intent)
{
    struct digest source;
    return !digest_from_hex(text_of(body_text(intent, "source")), &source) ||
           history_past(j->history, text_of(body_text(intent, "batch")), &source) == PAST_DESTROYED;
}

/* NULL: nothing may go there. The rule asks for a channel of the school's own that needs consent.
 */
static const struct channel_policy *open_channel(const struct recall_judge *j, const json_t *intent)
{
    const struct channel_policy *c =
        policy_channel(j->home->policy, text_of(body_text(intent, "channel")));
    bool needs = false;
    for (int p = PURPOSE_UNKNOWN + 1; c && p < N_PURPOSES; p++) {
        needs = needs || c->needs[p];
    }
    return c && c->official && needs && !c->needs[PURPOSE_UNKNOWN] ? c : NULL;
}

enum status recall_may_stand(struct recall_judge *j, const json_t *intent, bool *may,
                             struct err *err)
{
    const struct channel_policy *channel = open_channel(j, intent);
    enum status st = STATUS_OK;
    size_t i;
    const json_t *o;
    bool all = channel && !was_destroyed(j, intent) &&
               json_is_array(json_object_get(intent, "people")); /* unknown refuses */
    json_array_foreach(json_object_get(intent, "people"), i, o)
    {
        const char *who = body_text(o, "person");
        uint32_t person = person_of(j, who);
        if (st != STATUS_OK || !all) {
            break;
        }
        if (person == NO_PERSON) {
            all = false;
        } else {
            st = person_may(j, channel, person, is_covered(intent, who), &all, err);
        }
    }
    *may = st == STATUS_OK && all;
    return st;
}

/* --- why not --- */

struct telling {
    const struct recall_judge *j;
    struct arena *a;
    json_t *hits;
    struct text *reasons;
    size_t n, cap;
};

static enum status tell(struct telling *t, json_t *hit, struct text reason, struct err *err)
{
    if (t->n == t->cap || !arena_dup(t->a, reason, &t->reasons[t->n]) ||
        json_array_append(t->hits, hit) != 0) {
        json_decref(hit);
        return no_memory(err);
    }
    t->n++;
    json_decref(hit);
    return STATUS_OK;
}

/* What no row of the table says. */
static enum status tell_why(struct telling *t, const char *code, const char *why, const char *who,
                            struct err *err)
{
    struct text reason = text_of(why);
    json_t *hit = json_pack("{s:s, s:s}", "verdict", "rejected", "why", why);
    if (!hit || (code && json_object_set_new(hit, "code", json_string(code)) != 0) ||
        (who && json_object_set_new(hit, "person", json_string(who)) != 0)) {
        json_decref(hit);
        return no_memory(err);
    }
    return tell(t, hit, reason, err);
}

static enum status tell_hit(struct telling *t, const struct hit *h, const char *who,
                            struct err *err)
{
    struct buffer b;
    buffer_init(&b, SCRATCH_BYTES);
    buffer_format(&b, "%s %s: %.*s", h->rule->code, h->rule->title, TEXT_ARG(h->dpo));
    json_t *hit = json_pack("{s:s, s:s, s:s}", "code", h->rule->code, "verdict",
                            verdict_name(h->verdict), "person", who);
    enum status st = hit ? buffer_status(&b, err) : no_memory(err);
    if (st == STATUS_OK && h->consent &&
        json_object_set_new(hit, "event", json_integer(h->consent->event)) != 0) {
        st = no_memory(err);
    }
    if (st == STATUS_OK) {
        st = tell(t, hit, (struct text){(const char *)b.at, b.n}, err);
    } else {
        json_decref(hit);
    }
    buffer_release(&b);
    return st;
}

static enum status tell_person(struct telling *t, const struct channel_policy *channel,
                               const json_t *intent, const char *who, struct err *err)
{
    uint32_t person = person_of(t->j, who);
    if (person == NO_PERSON) {
        return tell_why(t, NULL, "somebody in it is no longer on the register (erased)", who, err);
    }
    const struct hit *hits;
    size_t n = 0, before = t->n;
    bool covered = is_covered(intent, who);
    enum status st = judge_person(t->j, channel, person, covered, t->a, &hits, &n, err);
    struct text *grown = arena_alloc(t->a, t->cap + n + 1, sizeof *grown);
    if (st == STATUS_OK && !grown) {
        st = no_memory(err);
    }
    if (st == STATUS_OK) {
        memcpy(grown, t->reasons, t->n * sizeof *grown);
        t->reasons = grown;
        t->cap += n + 1;
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = tell_hit(t, &hits[i], who, err);
    }
    if (st == STATUS_OK && t->n == before && !covered &&
        may_appear(&t->j->people->people[person], t->j->home->policy, channel, t->j->date) !=
            APPEARS) {
        st = tell_why(t, NULL, "somebody in it may not be shown there today", who, err);
    }
    return st;
}

enum status recall_reasons(struct recall_judge *j, const json_t *intent, struct arena *a,
                           json_t **hits, const struct text **reasons, size_t *n, struct err *err)
{
    const json_t *people = json_object_get(intent, "people");
    const struct channel_policy *channel = open_channel(j, intent);
    struct telling t = {.j = j, .a = a, .hits = json_array(), .cap = json_array_size(people) + 3};
    t.reasons = arena_alloc(a, t.cap, sizeof *t.reasons);
    enum status st = t.hits && t.reasons ? STATUS_OK : no_memory(err);
    if (st == STATUS_OK && !channel) {
        st = tell_why(&t, "H01", "the policy lets nothing go to its channel any more", NULL, err);
    }
    if (st == STATUS_OK && was_destroyed(j, intent)) {
        st = tell_why(&t, "S01", "its original was destroyed, and may not come back", NULL, err);
    }
    if (st == STATUS_OK && !json_is_array(people)) {
        st = tell_why(&t, NULL, "its entry does not say who is in it", NULL, err);
    }
    size_t i;
    const json_t *o;
    json_array_foreach(people, i, o)
    {
        if (st == STATUS_OK && channel) {
            st = tell_person(&t, channel, intent, body_text(o, "person"), err);
        }
    }
    if (st == STATUS_OK) {
        *hits = t.hits;
        *reasons = t.reasons;
        *n = t.n;
    } else {
        json_decref(t.hits);
    }
    return st;
}
