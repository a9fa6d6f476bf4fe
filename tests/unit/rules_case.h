/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hearing that every rule approves, for tests to spoil one fact at a time. All pupils are made
 * up. */
#ifndef RULES_CASE_H
#define RULES_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "photogate/faces.h"
#include "photogate/limits.h"
#include "photogate/ruling.h"

enum { JACK, AMY, TEACHER, LEFT, N_CAST, MAX_CASE_TAGS = 8 };

struct rules_case {
    struct consent consents[N_CAST][2];
    struct person people[N_CAST];
    struct snapshot snapshot;
    struct channel_policy channel;
    struct policy policy;
    struct tag tags[MAX_CASE_TAGS];
    struct face faces[2];
    struct carrier carriers[2];
    struct finding findings[2];
    struct mention mentions[2];
    struct text own_rights[2];
    struct evidence evidence;
    struct hearing hearing;
    struct arena arena;
    struct ruling ruling;
    struct err err;
};

static inline struct date day(int year, int month, int of_month)
{
    struct date d;
    assert_true(date_make(year, month, of_month, &d));
    return d;
}

static inline struct consent said(int64_t event, enum purpose purpose, enum consent_state state,
                                  struct date on)
{
    return (struct consent){.event = event,
                            .purpose = purpose,
                            .state = state,
                            .method = METHOD_PAPER,
                            .given_by = TEXT("Mother"),
                            .event_date = on,
                            .recorded_on = on,
                            .source_file = TEXT("pupils.csv"),
                            .source_row = 12};
}

static inline void case_people(struct rules_case *c)
{
    struct person pupil = {.kind = PERSON_PUPIL,
                           .on_roll = KNOWN_YES,
                           .do_not_publish = KNOWN_NO,
                           .child_objection = KNOWN_NO,
                           .n_consents = 1};
    for (int i = 0; i < N_CAST; i++) {
        c->people[i] = pupil;
        c->consents[i][0] = said(10 + i, PURPOSE_WEBSITE, CONSENT_GRANTED, day(2026, 9, 1));
        c->people[i].consents = c->consents[i];
    }
    c->people[JACK].legal_forename = TEXT("Jack");
    c->people[JACK].legal_surname = TEXT("Smith");
    c->people[JACK].reg_group = TEXT("4B");
    c->people[AMY].legal_forename = TEXT("Amy");
    c->people[AMY].legal_surname = TEXT("Jones");
    c->people[TEACHER].kind = PERSON_STAFF;
    c->people[TEACHER].title = TEXT("Mrs");
    c->people[TEACHER].legal_forename = TEXT("Ann");
    c->people[TEACHER].legal_surname = TEXT("Okafor");
    c->people[LEFT].legal_forename = TEXT("Leo");
    c->people[LEFT].legal_surname = TEXT("Gone");
    c->people[LEFT].on_roll = KNOWN_NO;
    c->people[LEFT].date_of_leaving = day(2026, 7, 20);
}

static inline void tag_person(struct rules_case *c, uint32_t person)
{
    assert_true(c->evidence.n_tags < MAX_CASE_TAGS);
    c->tags[c->evidence.n_tags++] = (struct tag){.kind = TAG_PERSON,
                                                 .carrier = CARRIER_XMP_PERSON,
                                                 .name = TEXT("somebody"),
                                                 .resolution = RESOLVED_PERSON,
                                                 .person = person};
}

static inline void tag_doubt(struct rules_case *c, const char *name, enum resolution resolution)
{
    assert_true(c->evidence.n_tags < MAX_CASE_TAGS);
    c->tags[c->evidence.n_tags++] = (struct tag){.kind = TAG_REGION,
                                                 .carrier = CARRIER_XMP_REGIONS,
                                                 .name = text_of(name),
                                                 .resolution = resolution,
                                                 .person = NO_PERSON};
}

/* One pupil tagged, one face found, consent for the website, nothing else. */
static inline void case_init(struct rules_case *c)
{
    memset(c, 0, sizeof *c);
    case_people(c);
    c->snapshot = (struct snapshot){.people = c->people, .n_people = N_CAST, .version = 1};
    c->channel = (struct channel_policy){
        .name = TEXT("website"), .title = TEXT("School website"), .official = true};
    c->channel.needs[PURPOSE_WEBSITE] = true;
    c->own_rights[0] = TEXT("Oakmere Primary School");
    c->own_rights[1] = TEXT("Ann Okafor");
    c->policy = (struct policy){
        .third_party_rights_hold = true, .own_rights = c->own_rights, .n_own_rights = 2};
    c->evidence = (struct evidence){.name = TEXT("trip/IMG_0001.jpg"),
                                    .position = 3,
                                    .exam = EXAM_DONE,
                                    .duplicate_of_earlier = KNOWN_NO,
                                    .name_clash = KNOWN_NO,
                                    .near_refused = KNOWN_NO,
                                    .likeness = {.known = KNOWN_NO},
                                    .past = PAST_NOTHING,
                                    .kind = FILE_JPEG,
                                    .carriers = c->carriers,
                                    .n_carriers = 1,
                                    .tags = c->tags,
                                    .faces_looked_for = KNOWN_YES,
                                    .faces = c->faces,
                                    .n_faces = 1};
    c->carriers[0] = (struct carrier){.id = CARRIER_XMP, .state = CARRIER_READ};
    tag_person(c, JACK);
    c->hearing = (struct hearing){.evidence = &c->evidence,
                                  .policy = &c->policy,
                                  .channel = &c->channel,
                                  .snapshot = &c->snapshot,
                                  .date = day(2026, 10, 1),
                                  .face_assurance = ASSURANCE_HIGH,
                                  .mentions = c->mentions,
                                  .judged = KNOWN_YES};
    arena_init(&c->arena, 16 * 1024 * 1024);
}

static inline void case_judge(struct rules_case *c)
{
    assert_int_equal(rules_judge(&c->hearing, &c->arena, &c->ruling, &c->err), STATUS_OK);
}

static inline void case_release(struct rules_case *c)
{
    arena_release(&c->arena);
}

/* The codes of the ruling's hits, "T01 V02", each as often as it hit. */
static inline const char *case_codes(const struct rules_case *c, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < c->ruling.n_hits && n < size; i++) {
        int wrote = snprintf(out + n, size - n, "%s%s", i ? " " : "", c->ruling.hits[i].rule->code);
        assert_true(wrote > 0);
        n += (size_t)wrote;
    }
    return out;
}

#define assert_codes(c, expected)                                                                  \
    do {                                                                                           \
        char codes_[512];                                                                          \
        case_judge(c);                                                                             \
        assert_string_equal(case_codes((c), codes_, sizeof codes_), (expected));                   \
    } while (0)

static inline bool text_holds(struct text t, const char *part)
{
    return t.n && memmem(t.at, t.n, part, strlen(part)) != NULL;
}

#endif
