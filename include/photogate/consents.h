/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to the register about consent: what stands, what stood on a day, what is missing, what
 * lapses soon, what has changed. Each answer names the event it rests on.
 */
#ifndef PHOTOGATE_CONSENTS_H
#define PHOTOGATE_CONSENTS_H

#include "photogate/ruling.h"

#ifdef __cplusplus
extern "C" {
#endif

enum consent_ask {
    ASK_STANDING, /* of each purpose, and the entries of the lists */
    ASK_MISSING,  /* purposes for which nobody has said a clear yes or no that still counts */
    ASK_EXPIRING, /* grants that count now and lapse within `days` */
    ASK_CHANGED   /* events recorded after `since`, or by the imports after `since_import` */
};

struct consent_query {
    enum consent_ask ask;
    struct date date;    /* the day asked about */
    struct text person;  /* UPN, admission number or name; empty: all pupils */
    struct text group;   /* class or year; empty: all */
    const struct channel_policy *channel; /* only the purposes it needs; NULL: all */
    uint32_t days;
    struct date since;
    int64_t since_import; /* 0: by `since` */
};

/* One line of the answer: about a purpose (field == N_STATUS_FIELDS) or an entry of the register.
 */
struct consent_answer {
    const struct person *person;
    enum purpose purpose;
    enum consent_standing standing;
    const struct consent *event; /* NULL: none */
    struct date last_day;        /* of a grant that counts and ends */
    enum status_field field;
    enum known value;
    int64_t import;     /* that said so */
    struct date since;  /* day of that import */
};

/* Answers, by person and purpose, in arena `a`.
 *
 * snapshot, policy, index   borrowed; the answers point into the snapshot
 * fails    USAGE the person is not on the register or is several, no pupil in the class, a day
 *          before the first import; NOMEM; LIBRARY
 * threads  pure
 */
enum status consents_ask(const struct snapshot *s, const struct policy *policy,
                         const struct person_index *index, const struct consent_query *q,
                         struct arena *a, const struct consent_answer **out, size_t *n,
                         struct err *err);

/* May they be shown on `channel`, by what was on record on `date`? Pure. */
enum appearance consents_may_appear(const struct person *p, const struct policy *policy,
                                    const struct channel_policy *channel, struct date date);

#ifdef __cplusplus
}
#endif
#endif
