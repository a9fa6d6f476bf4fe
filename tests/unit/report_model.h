/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of a batch of eight photos, made by hand, for tests of the reports. All pupils are made
 * up. */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "photogate/report.h"

enum { PRIYA, OSKAR, TEACHER, N_MODEL_PEOPLE };
enum {
    SPORTS_DAY, /* approved, Priya tagged */
    EMPTY_HALL, /* approved, nobody tagged */
    UNTAGGED,   /* held: T01, V02 */
    PROTECTED,  /* rejected: C02 twice, P01: one sentence */
    MIXED,      /* rejected: P01, C08, K01 */
    DAMAGED,    /* held: F02 */
    NO_REASON,  /* rejected without a hit: a fault */
    CAME_BACK,  /* rejected today; the ledger still knows its name in approved/ */
    N_MODEL_PHOTOS
};

#define SECRET_REFUSED "One person in this photo may not be shown here (School website)."
#define SECRET_UNSETTLED                                                                           \
    "The record of one person in this photo does not yet allow it here (School website)."

struct report_model {
    struct consent consents[N_MODEL_PEOPLE];
    struct person people[N_MODEL_PEOPLE];
    struct snapshot snapshot;
    struct channel_policy channel;
    struct policy policy;
    struct column_map clauses[1];
    struct evidence evidence[N_MODEL_PHOTOS];
    struct tag tags[N_MODEL_PHOTOS][4];
    struct carrier carriers[3];
    struct found_fact facts[1];
    struct hit hits[N_MODEL_PHOTOS][4];
    struct ruling rulings[N_MODEL_PHOTOS];
    struct proof proof;
    struct report_item items[N_MODEL_PHOTOS];
    struct report_note notes[1];
    struct report report;
};

static inline struct date model_day(int year, int month, int day)
{
    struct date d;
    assert_true(date_make(year, month, day, &d));
    return d;
}

static inline struct hit model_hit(const char *code, const char *office, const char *dpo,
                                   uint32_t person, const struct consent *consent)
{
    const struct rule *rule = rule_by_code(text_of(code));
    assert_non_null(rule);
    return (struct hit){.rule = rule,
                        .verdict = rule->verdict,
                        .office = text_of(office),
                        .dpo = text_of(dpo),
                        .person = person,
                        .consent = consent};
}

static inline void model_person(struct report_model *m, size_t i, const char *forename,
                                const char *surname, enum consent_state state)
{
    m->consents[i] = (struct consent){.event = 41 + (int64_t)i,
                                      .purpose = PURPOSE_WEBSITE,
                                      .state = state,
                                      .method = METHOD_PAPER,
                                      .given_by = TEXT("Mother"),
                                      .notice_version = TEXT("2026-1"),
                                      .event_date = model_day(2026, 9, 3),
                                      .recorded_on = model_day(2026, 9, 4),
                                      .source_file = TEXT("pupils.csv"),
                                      .source_row = 12 + (uint32_t)i};
    m->people[i] = (struct person){.kind = PERSON_PUPIL,
                                   .id = 1 + (int64_t)i,
                                   .legal_forename = text_of(forename),
                                   .legal_surname = text_of(surname),
                                   .reg_group = TEXT("4B"),
                                   .on_roll = KNOWN_YES,
                                   .do_not_publish = KNOWN_NO,
                                   .child_objection = KNOWN_NO,
                                   .consents = &m->consents[i],
                                   .n_consents = 1};
}

static inline void model_photo(struct report_model *m, size_t i, const char *raw, const char *shown,
                               enum verdict verdict, size_t n_hits)
{
    struct evidence *e = &m->evidence[i];
    *e = (struct evidence){.name = text_of(raw),
                           .position = 1 + (uint32_t)i,
                           .size_bytes = 2345678,
                           .exam = EXAM_DONE,
                           .kind = FILE_JPEG,
                           .width_px = 4000,
                           .height_px = 3000,
                           .orientation = 1,
                           .carriers = m->carriers,
                           .n_carriers = 3,
                           .facts = m->facts,
                           .n_facts = 1,
                           .tags = m->tags[i],
                           .faces_looked_for = KNOWN_YES,
                           .n_faces = 1,
                           .duplicate_of_earlier = KNOWN_NO,
                           .name_clash = KNOWN_NO,
                           .past = PAST_NOTHING};
    memset(e->digest.b, (int)(0xA0 + i), DIGEST_BYTES);
    m->rulings[i] = (struct ruling){.verdict = verdict, .hits = m->hits[i], .n_hits = n_hits};
    m->items[i] =
        (struct report_item){.evidence = e,
                             .ruling = &m->rulings[i],
                             .shown_name = text_of(shown),
                             .case_no = verdict == VERDICT_APPROVED ? 0 : 16 + (int64_t)i};
}

static inline void model_tag(struct report_model *m, size_t photo, uint32_t person,
                             const char *name)
{
    struct evidence *e = &m->evidence[photo];
    m->tags[photo][e->n_tags++] = (struct tag){.kind = TAG_PERSON,
                                               .carrier = CARRIER_XMP_PERSON,
                                               .name = text_of(name),
                                               .resolution = RESOLVED_PERSON,
                                               .person = person};
}

static inline void model_photos(struct report_model *m)
{
    model_photo(m, SPORTS_DAY, "sports/IMG_0001.jpg", "sports/IMG_0001.jpg", VERDICT_APPROVED, 0);
    model_tag(m, SPORTS_DAY, PRIYA, "Priya Raman");
    model_tag(m, SPORTS_DAY, PRIYA, "Priya Raman 4B");
    m->items[SPORTS_DAY].published_name = TEXT("photo-0001.jpg");
    m->items[SPORTS_DAY].published_caption = TEXT("Relay, the last\nlap");
    m->items[SPORTS_DAY].published_credit = TEXT("Photo: the school");
    m->items[SPORTS_DAY].proof = &m->proof;
    model_photo(m, EMPTY_HALL, "hall.png", "hall.png", VERDICT_APPROVED, 0);
    m->items[EMPTY_HALL].published_name = TEXT("photo-0002.png");
    m->items[EMPTY_HALL].proof = &m->proof;
    model_photo(m, UNTAGGED, "IMG_0003.jpg", "IMG_0003.jpg", VERDICT_HELD, 2);
    m->hits[UNTAGGED][0] = model_hit("T01", "Nobody says who is in this photo.",
                                     "Nobody says who is in this photo.", NO_PERSON, NULL);
    m->hits[UNTAGGED][1] = model_hit("V02", "Nobody has counted the people.",
                                     "Nobody has counted the people.", NO_PERSON, NULL);
    model_photo(m, PROTECTED, "Oskar_Brandt.jpg", "[name].jpg", VERDICT_REJECTED, 3);
    model_tag(m, PROTECTED, OSKAR, "Oskar Brandt");
    m->hits[PROTECTED][0] =
        model_hit("C02", SECRET_REFUSED, "Oskar Brandt (4B): refused.", OSKAR, &m->consents[OSKAR]);
    m->hits[PROTECTED][1] =
        model_hit("C02", SECRET_REFUSED, "Priya Raman (4B): refused.", PRIYA, &m->consents[PRIYA]);
    m->hits[PROTECTED][2] = model_hit(
        "P01", SECRET_REFUSED, "Oskar Brandt (4B) is on the do-not-publish list.", OSKAR, NULL);
    model_photo(m, MIXED, "IMG_0005.jpg", "IMG_0005.jpg", VERDICT_REJECTED, 3);
    model_tag(m, MIXED, OSKAR, "Oskar Brandt");
    m->hits[MIXED][0] = model_hit("C08", SECRET_UNSETTLED, "Priya Raman (4B): unclear.", PRIYA,
                                  &m->consents[PRIYA]);
    m->hits[MIXED][1] = model_hit("P01", SECRET_REFUSED,
                                  "Oskar Brandt (4B) is on the do-not-publish list.", OSKAR, NULL);
    m->hits[MIXED][2] = model_hit("K01", "The caption names a pupil: word 3.",
                                  "The caption names Oskar Brandt.", NO_PERSON, NULL);
    m->evidence[MIXED].own_caption = TEXT("Goal by Oskar Brandt");
    model_photo(m, DAMAGED, "IMG_0006.jpg", "IMG_0006.jpg", VERDICT_HELD, 1);
    m->hits[DAMAGED][0] = model_hit("F02", "This file is damaged or cut short.",
                                    "This file is damaged or cut short.", NO_PERSON, NULL);
    model_photo(m, NO_REASON, "IMG_0007.jpg", "IMG_0007.jpg", VERDICT_REJECTED, 0);
    model_photo(m, CAME_BACK, "IMG_0008.jpg", "IMG_0008.jpg", VERDICT_REJECTED, 1);
    m->hits[CAME_BACK][0] = model_hit("F06", "The same photo is there twice.",
                                      "The same photo is there twice.", NO_PERSON, NULL);
    m->items[CAME_BACK].published_name = TEXT("photo-0009.jpg");
    m->items[CAME_BACK].published_caption = TEXT("not for captions.csv");
}

static inline void model_make(struct report_model *m)
{
    memset(m, 0, sizeof *m);
    model_person(m, PRIYA, "Priya", "Raman", CONSENT_GRANTED);
    model_person(m, OSKAR, "Oskar", "Brandt", CONSENT_REFUSED);
    model_person(m, TEACHER, "Ruth", "Adeyemi", CONSENT_GRANTED);
    m->people[TEACHER].kind = PERSON_STAFF;
    m->people[TEACHER].title = TEXT("Mrs");
    m->people[OSKAR].do_not_publish = KNOWN_YES;
    m->snapshot = (struct snapshot){.people = m->people, .n_people = N_MODEL_PEOPLE, .version = 3};
    memset(m->snapshot.digest.b, 0x33, DIGEST_BYTES);
    m->channel = (struct channel_policy){
        .name = TEXT("website"), .title = TEXT("School website"), .official = true};
    m->channel.needs[PURPOSE_WEBSITE] = true;
    m->clauses[0] = (struct column_map){TEXT("people.untagged"), TEXT("Section 11, paragraph 4")};
    m->policy = (struct policy){.name = TEXT("safe-default"),
                                .title = TEXT("Safe default"),
                                .version = TEXT("1"),
                                .review_date = model_day(2027, 9, 1),
                                .channels = &m->channel,
                                .n_channels = 1,
                                .clauses = m->clauses,
                                .n_clauses = 1};
    memset(m->policy.digest.b, 0x44, DIGEST_BYTES);
    m->facts[0] = (struct found_fact){FACT_PLACE, CARRIER_EXIF_GPS, TEXT("51.50735 N, 0.12776 W")};
    m->carriers[0] =
        (struct carrier){.id = CARRIER_EXIF_GPS, .state = CARRIER_READ, .size_bytes = 98};
    m->carriers[1] =
        (struct carrier){.id = CARRIER_XMP_PERSON, .state = CARRIER_READ, .size_bytes = 3012};
    m->carriers[2] =
        (struct carrier){.id = CARRIER_EXIF_MAKERNOTE, .state = CARRIER_DROPPED, .size_bytes = 900};
    m->proof = (struct proof){.width_px = 4000,
                              .height_px = 2992,
                              .kind = FILE_JPEG,
                              .trimmed_bottom_px = 8,
                              .same_picture = KNOWN_YES};
    memset(m->proof.release_digest.b, 0x55, DIGEST_BYTES);
    model_photos(m);
    m->notes[0].text = TEXT("photos.csv, row 7: there is no file of that name in its folder");
    m->report = (struct report){.school = TEXT("Oakmere Community Primary School"),
                                .batch = TEXT("sports-week"),
                                .dpo_contact = TEXT("Mrs Hale, dpo@oakmere.example"),
                                .program_version = TEXT("0.1.0"),
                                .channel = &m->channel,
                                .policy = &m->policy,
                                .snapshot = &m->snapshot,
                                .date = model_day(2026, 11, 20),
                                .face_assurance = ASSURANCE_LOW,
                                .face_detector = TEXT("Debian's cascades"),
                                .confinement = TEXT("Landlock ABI 6, seccomp"),
                                .ledger_entries = 77,
                                .items = m->items,
                                .n_items = N_MODEL_PHOTOS,
                                .notes = m->notes,
                                .n_notes = 1,
                                .n_litter = 2};
    memset(m->report.ledger_head.b, 0x66, DIGEST_BYTES);
}

/* The report as NUL-terminated text; the caller releases the buffer. */
typedef enum status report_writer(const struct report *r, struct buffer *out, struct err *err);

static inline const char *model_write(report_writer *write, const struct report *r,
                                      struct buffer *out)
{
    struct err err = {0};
    buffer_init(out, (size_t)64 * 1024 * 1024);
    enum status st = write(r, out, &err);
    if (st != STATUS_OK) {
        fail_msg("%s", err.text);
    }
    buffer_add_byte(out, 0);
    assert_int_equal(out->failed, STATUS_OK);
    return (const char *)out->at;
}

static inline size_t count_of(const char *haystack, const char *needle)
{
    size_t n = 0;
    for (const char *at = strstr(haystack, needle); at; at = strstr(at + 1, needle)) {
        n++;
    }
    return n;
}

static inline void assert_has(const char *haystack, const char *needle)
{
    if (!strstr(haystack, needle)) {
        fail_msg("not there: %s", needle);
    }
}

static inline void assert_lacks(const char *haystack, const char *needle)
{
    const char *at = strstr(haystack, needle);
    if (at) {
        fail_msg("there: %s in ...%.60s", needle, at);
    }
}

#endif
