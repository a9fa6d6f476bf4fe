/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People and their consents, as a run sees them: a frozen snapshot of the register.
 *
 * A consent is an event and is never changed: what counts on a date is worked out from the events
 * (consent_on, rules.h). Plain data, no functions that touch a file: the pure rooms read it. Fields
 * follow ISO/IEC TS 27560:2023 (consent record) and the Kantara consent receipt 1.1: who, when,
 * how, what they were told, whether withdrawn.
 */
#ifndef PHOTOGATE_PERSON_H
#define PHOTOGATE_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "photogate/date.h"
#include "photogate/digest.h"
#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum known { KNOWN_UNKNOWN, KNOWN_NO, KNOWN_YES };

/* What a picture is used for. The names are those of configuration, CSV and reports. */
#define PURPOSE_LIST(X)                                                                            \
    X(WEBSITE, "website", "the school website")                                                    \
    X(SOCIAL_MEDIA, "social_media", "the school's social media accounts")                          \
    X(PRESS, "press", "newspapers and other press")                                                \
    X(DISPLAYS, "displays", "displays inside the school")                                          \
    X(NAME_WITH_PHOTO, "name_with_photo", "a name beside a photo")

enum purpose {
    PURPOSE_UNKNOWN,
#define X(symbol, name, words) PURPOSE_##symbol,
    PURPOSE_LIST(X)
#undef X
    N_PURPOSES
};

/* What somebody said. UNCLEAR is a condition, a question mark or a lone X: a person must read it.
 */
#define CONSENT_STATE_LIST(X)                                                                      \
    X(REFUSED, "refused")                                                                          \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(OBJECTED, "objected")                                                                        \
    X(REQUESTED, "requested")                                                                      \
    X(UNCLEAR, "unclear")                                                                          \
    X(GRANTED, "granted")

enum consent_state {
    CONSENT_UNKNOWN,
#define X(symbol, name) CONSENT_##symbol,
    CONSENT_STATE_LIST(X)
#undef X
};

#define CONSENT_METHOD_LIST(X)                                                                     \
    X(VERBAL, "verbal", false)                                                                     \
    X(PAPER, "paper", true)                                                                        \
    X(APP, "app", true)                                                                            \
    X(EMAIL, "e-mail", true)

enum consent_method {
    METHOD_UNKNOWN, /* does not count as written */
#define X(symbol, name, written) METHOD_##symbol,
    CONSENT_METHOD_LIST(X)
#undef X
};

struct consent {
    int64_t event; /* the register's event number, from 1, in the order recorded */
    enum purpose purpose;
    enum consent_state state;
    enum consent_method method;
    struct text given_by;       /* "Mother", "Parent", "Pupil"; as the school wrote it */
    struct text notice_version; /* which privacy notice they were shown */
    struct date event_date;     /* when it was said; may be missing */
    struct date effective_from; /* counts from this day */
    struct date expires;        /* last day it counts; none = no end of its own */
    struct date recorded_on;    /* when it entered the register */
    struct text source_file;    /* the import it was read from ... */
    uint32_t source_row;        /* ... its row, the header being row 1 of the file's lines ... */
    struct digest source_digest; /* ... and the file's SHA-256 */
    int64_t import;              /* number of that import */
};

/* What the register said of somebody from an import on. */
#define STATUS_FIELD_LIST(X)                                                                       \
    X(ON_ROLL, "on_roll")                                                                          \
    X(DO_NOT_PUBLISH, "do_not_publish")                                                            \
    X(CHILD_OBJECTION, "child_objection")

enum status_field {
#define X(symbol, name) STATUS_OF_##symbol,
    STATUS_FIELD_LIST(X)
#undef X
    N_STATUS_FIELDS
};

struct status_event {
    enum status_field field;
    enum known value;
    struct date recorded_on;
    int64_t import; /* number of the import that said so */
};

enum person_kind { PERSON_UNKNOWN, PERSON_PUPIL, PERSON_STAFF };

struct person {
    enum person_kind kind;
    int64_t id;            /* the register's own number; never leaves the school */
    struct text reference; /* 32 hex digits, random: what pseudonyms are made from */
    struct text upn, admission_no;
    struct text title; /* staff: "Mrs" */
    struct text legal_forename, middle_names, legal_surname;
    struct text known_forename, known_surname; /* empty = as the legal one */
    struct text year_group, reg_group;
    struct text staff_role; /* staff: "Teacher 4B" */
    struct date date_of_birth, date_of_leaving;
    enum known on_roll;         /* UNKNOWN counts as a leaver without a date */
    /* blank is NO by the rule "blank = not listed" (ARCHITECTURE.md, principle 1) */
    enum known do_not_publish;
    enum known child_objection; /* likewise */
    /* the cell, when it is neither yes nor no: then do_not_publish is UNKNOWN */
    struct text do_not_publish_unclear;
    const struct consent *consents; /* ordered by event */
    size_t n_consents;
    const struct status_event *history; /* ordered as recorded */
    size_t n_history;
};

#define NO_PERSON UINT32_MAX /* an index into snapshot.people that names nobody */

struct snapshot {
    const struct person *people; /* pupils and staff, by id */
    size_t n_people;
    int64_t version;      /* counts imports and erasures; 0 = empty register */
    struct digest digest; /* over everything above, so that a ruling can name what it saw */
};

const char *purpose_name(enum purpose p);  /* "social_media"; "unknown" */
const char *purpose_words(enum purpose p); /* "the school's social media accounts" */
enum purpose purpose_from_name(struct text name);
const char *consent_state_name(enum consent_state s);
const char *consent_method_name(enum consent_method m);
bool consent_method_is_written(enum consent_method m);
const char *status_field_name(enum status_field f);
const char *known_name(enum known k); /* "yes", "no", "unknown" */

#ifdef __cplusplus
}
#endif
#endif
