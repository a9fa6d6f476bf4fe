/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where approved photos were published, and what still has to come down.
 *
 * photogate publishes nothing itself. Whoever puts an approved photo on a page tells so
 * (posted_record: a `posted` entry with the address). When that photo is recalled, the clock of its
 * channel starts (takedown_hours of the policy, counted from the `recalled` entry), and stops when
 * somebody tells that it is gone (posted_end: a `taken-down` entry).
 *
 * The addresses stand in the ledger for good: one that names a pupil is refused.
 */
#ifndef PHOTOGATE_POSTED_H
#define PHOTOGATE_POSTED_H

#include <time.h>

#include "photogate/actor.h"
#include "photogate/home.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lexicon;

/* One place where one photo was published. */
struct posting {
    int64_t entry, intent;
    const char *batch, *file, *channel;
    const char *url, *by;
    const char *on;          /* the day it was published, "2026-11-20" */
    const char *recalled;    /* when it was recalled, RFC 3339, UTC; empty: it was not */
    const char *taken_down;  /* when that was told; empty: it is still there */
    /* the channel's today; 0 = at once, also for a channel that is no more */
    uint32_t takedown_hours;
};

struct postings {
    const struct posting *at; /* in the order they were recorded */
    size_t n;
    struct arena *memory; /* owns all of the above */
};

/* Everything ever recorded. fails as the ledger; NOMEM */
enum status postings_read(struct ledger *l, const struct policy *policy, struct postings *out,
                          struct err *err);
void postings_release(struct postings *all);

/* Must it come down: its photo is recalled, and nobody told that it is gone? Pure. */
bool posting_is_open(const struct posting *p);
size_t postings_open(const struct postings *all);

/* Seconds until it must be down, negative when that is over. For an open one. Pure. */
int64_t posting_seconds_left(const struct posting *p, time_t now);

/* "take down https://... (trip/photo-0001.jpg) by 2026-11-21 17:05 (23 hours left)", or "...
 * OVERDUE by 2 hours"; local time. Appended to `out`; for an open one. */
void posting_words(const struct posting *p, time_t now, struct buffer *out);

/* May this address stand in the ledger? http or https, a host, no user name, plain printable ASCII,
 * at most MAX_URL_BYTES, and nothing in it that names a pupil.
 * fails    USAGE with what is wrong */
enum status posted_url_check(const struct lexicon *lexicon, struct text url, struct err *err);

/* The intent of a photo that was approved, also if it was recalled since: "BATCH/photo-0001.jpg",
 * or a path that ends so. fails USAGE when there is none; as the ledger */
enum status posted_find(struct ledger *l, struct text photo, int64_t *intent, struct err *err);

/* Record that each of `photos` ("BATCH/photo-0001.jpg", or a path that ends so) stands at `url`
 * since the day `on`. All of them, or none.
 * fails    USAGE not approved, recalled, recorded already, or the address; as the ledger */
enum status posted_record(struct home *home, const struct text *photos, size_t n, struct text url,
                          struct date on, const struct actor *actor, struct err *err);

/* Record that a photo is no longer at `url` (empty: at any address recorded for it).
 * reason   one line that names nobody; may be empty
 * *n       how many addresses that were
 * fails    USAGE none is recorded that still stands; as the ledger */
enum status posted_end(struct home *home, struct text photo, struct text url, struct text reason,
                       const struct actor *actor, size_t *n, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
