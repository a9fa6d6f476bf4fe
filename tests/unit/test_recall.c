/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recall judges people from the ledger alone, and must come to what the rules say of a photo of
 * them. */
#include "gate/recall_judge.h"
#include "rules_case.h"

#include <stdlib.h>
#include <unistd.h>

struct room {
    struct rules_case c;
    struct home home;
    char folder[64];
    struct history history;
};

static const char *const REFERENCES[N_CAST] = {"ref-jack", "ref-amy", "ref-teacher", "ref-left"};

static int room_opens(void **state)
{
    struct room *r = test_calloc(1, sizeof *r);
    struct err err = {0};
    case_init(&r->c);
    for (int i = 0; i < N_CAST; i++) {
        r->c.people[i].reference = text_of(REFERENCES[i]);
    }
    r->c.policy.channels = &r->c.channel;
    r->c.policy.n_channels = 1;
    r->home.policy = &r->c.policy;
    (void)snprintf(r->folder, sizeof r->folder, "/tmp/photogate-recall-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    assert_int_equal(ledger_open(r->folder, LEDGER_CREATE, &r->home.ledger, &err), STATUS_OK);
    *state = r;
    return 0;
}

static int room_closes(void **state)
{
    static const char *const FILES[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm",
                                        "ledger.key"};
    struct room *r = *state;
    char path[128];
    ledger_close(r->home.ledger);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", r->folder, FILES[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(r->folder), 0);
    case_release(&r->c);
    test_free(r);
    return 0;
}

static json_t *someone(const struct room *r, const char *reference)
{
    char pseudonym[PSEUDONYM_BYTES];
    struct err err = {0};
    assert_int_equal(ledger_pseudonym(r->home.ledger, text_of(reference), pseudonym, &err),
                     STATUS_OK);
    return json_pack("{s:s, s:[]}", "person", pseudonym, "events");
}

static json_t *intent_of(const struct room *r, const char *reference)
{
    return json_pack("{s:s, s:s, s:s, s:[o]}", "batch", "trip", "channel", "website", "source",
                     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "people",
                     someone(r, reference));
}

/* May it stand? And if not: at least one reason is told, and one hit for each. */
static bool stands(struct room *r, const json_t *intent)
{
    struct recall_judge *j = NULL;
    struct err err = {0};
    bool may = false;
    assert_int_equal(
        recall_judge_open(&r->home, &r->c.snapshot, &r->history, r->c.hearing.date, &j, &err),
        STATUS_OK);
    assert_int_equal(recall_may_stand(j, intent, &may, &err), STATUS_OK);
    if (!may) {
        struct arena a;
        json_t *hits = NULL;
        const struct text *reasons;
        size_t n = 0;
        arena_init(&a, (size_t)64 * 1024 * 1024);
        assert_int_equal(recall_reasons(j, intent, &a, &hits, &reasons, &n, &err), STATUS_OK);
        assert_true(n > 0 && reasons[0].n > 0);
        assert_int_equal(json_array_size(hits), n);
        json_decref(hits);
        arena_release(&a);
    }
    recall_judge_close(j);
    return may;
}

static bool stands_with(struct room *r, json_t *intent)
{
    bool may = stands(r, intent);
    json_decref(intent);
    return may;
}

static bool jack_stands(struct room *r)
{
    return stands_with(r, intent_of(r, "ref-jack"));
}

/* Of the rules, those about one pupil: the case has nothing else against it. */
static void agree(struct room *r, size_t *n_stand, size_t *n_not)
{
    bool may = jack_stands(r);
    arena_release(&r->c.arena);
    case_judge(&r->c);
    assert_int_equal(may, r->c.ruling.verdict == VERDICT_APPROVED);
    ++*(may ? n_stand : n_not);
}

static void a_photo_stands_exactly_while_the_rules_would_approve_it(void **state)
{
    struct room *r = *state;
    static const enum consent_state STATES[] = {
        CONSENT_UNKNOWN,   CONSENT_REFUSED, CONSENT_WITHDRAWN, CONSENT_OBJECTED,
        CONSENT_REQUESTED, CONSENT_UNCLEAR, CONSENT_GRANTED};
    static const enum known KNOWN[] = {KNOWN_UNKNOWN, KNOWN_NO, KNOWN_YES};
    struct person *p = &r->c.people[JACK];
    size_t n_stand = 0, n_not = 0;
    for (size_t s = 0; s < 7; s++) {
        for (size_t k = 0; k < 27; k++) {
            for (unsigned other = 0; other < 8; other++) {
                r->c.consents[JACK][0].state = STATES[s];
                p->do_not_publish = KNOWN[k % 3];
                p->child_objection = KNOWN[k / 3 % 3];
                p->on_roll = KNOWN[k / 9];
                r->c.consents[JACK][0].method = other & 1 ? METHOD_VERBAL : METHOD_PAPER;
                r->c.policy.purposes[PURPOSE_WEBSITE].written_only = true;
                r->c.channel.official = !(other & 2);
                r->c.channel.needs[PURPOSE_PRESS] = other & 4;
                agree(r, &n_stand, &n_not);
            }
        }
    }
    assert_true(n_stand > 0 && n_not > 0);
}

static void a_consent_that_lapses_with_the_day_ends_it(void **state)
{
    struct room *r = *state;
    r->c.consents[JACK][0].expires = r->c.hearing.date;
    assert_true(jack_stands(r));
    r->c.hearing.date = date_from_days(date_to_days(r->c.hearing.date) + 1);
    assert_false(jack_stands(r));
}

static void a_tightened_policy_ends_it(void **state)
{
    struct room *r = *state;
    assert_true(jack_stands(r));
    r->c.policy.purposes[PURPOSE_WEBSITE].max_age_months = 1;
    r->c.hearing.date = day(2027, 3, 1);
    assert_false(jack_stands(r));
}

static void whoever_left_ends_it(void **state)
{
    struct room *r = *state;
    assert_false(stands_with(r, intent_of(r, "ref-left")));
}

static void a_pseudonym_that_is_nobodys_ends_it(void **state)
{
    struct room *r = *state;
    assert_false(stands_with(r, intent_of(r, "ref-erased")));
}

static void what_is_not_known_ends_it(void **state)
{
    struct room *r = *state;
    json_t *intent = intent_of(r, "ref-jack");
    assert_true(stands(r, intent));
    assert_int_equal(json_object_set_new(intent, "channel", json_string("fan-page")), 0);
    assert_false(stands(r, intent));
    assert_int_equal(json_object_set_new(intent, "channel", json_string("website")), 0);
    assert_int_equal(json_object_del(intent, "people"), 0);
    assert_false(stands(r, intent));
    assert_int_equal(json_object_set_new(intent, "people", json_array()), 0);
    assert_true(stands(r, intent)); /* it shows nobody */
    assert_int_equal(json_object_del(intent, "source"), 0);
    assert_false(stands(r, intent));
    json_decref(intent);
}

static void one_of_several_ends_it(void **state)
{
    struct room *r = *state;
    json_t *intent = intent_of(r, "ref-jack");
    assert_int_equal(
        json_array_append_new(json_object_get(intent, "people"), someone(r, "ref-amy")), 0);
    assert_true(stands(r, intent));
    r->c.people[AMY].do_not_publish = KNOWN_YES;
    assert_false(stands(r, intent));
    json_decref(intent);
}

static void destroyed_bytes_do_not_stand_in_any_batch(void **state)
{
    struct room *r = *state;
    struct past_deed deed = {.kind = ENTRY_DESTROYED, .batch = "another"};
    assert_true(digest_from_hex(
        TEXT("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"), &deed.source));
    assert_true(jack_stands(r));
    r->history.at = &deed;
    r->history.n = 1;
    assert_false(jack_stands(r));
}

static void a_covered_face_needs_no_consent_but_bears_no_objection(void **state)
{
    struct room *r = *state;
    json_t *intent = intent_of(r, "ref-jack");
    struct consent *c = &r->c.consents[JACK][0];
    r->c.policy.no_consent = NO_CONSENT_REDACT;
    assert_int_equal(
        json_object_set_new(intent, "covered", json_pack("[o]", someone(r, "ref-jack"))), 0);
    c->state = CONSENT_WITHDRAWN;
    assert_true(stands(r, intent));
    r->c.policy.no_consent = NO_CONSENT_REJECT; /* the policy covers nobody any more */
    assert_false(stands(r, intent));
    r->c.policy.no_consent = NO_CONSENT_REDACT;
    c->state = CONSENT_OBJECTED;
    assert_false(stands(r, intent));
    c->state = CONSENT_UNCLEAR;
    assert_false(stands(r, intent));
    c->state = CONSENT_WITHDRAWN;
    r->c.people[JACK].child_objection = KNOWN_YES;
    assert_false(stands(r, intent));
    r->c.people[JACK].child_objection = KNOWN_NO;
    r->c.people[JACK].on_roll = KNOWN_NO;
    assert_false(stands(r, intent));
    json_decref(intent);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
#define ROOM(f) cmocka_unit_test_setup_teardown(f, room_opens, room_closes)
        ROOM(a_photo_stands_exactly_while_the_rules_would_approve_it),
        ROOM(a_consent_that_lapses_with_the_day_ends_it),
        ROOM(a_tightened_policy_ends_it),
        ROOM(whoever_left_ends_it),
        ROOM(a_pseudonym_that_is_nobodys_ends_it),
        ROOM(what_is_not_known_ends_it),
        ROOM(one_of_several_ends_it),
        ROOM(destroyed_bytes_do_not_stand_in_any_batch),
        ROOM(a_covered_face_needs_no_consent_but_bears_no_objection),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
