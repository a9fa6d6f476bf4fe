/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: one folder through the whole gate, and its pieces.
 *
 * run_batch is what `photogate run` does: recover what a kill left, list the intake, have every
 * photo examined, judge it, cleanse the approved, commit in intake order, write the reports. It
 * returns when everything is durable.
 */
#ifndef PHOTOGATE_RUN_H
#define PHOTOGATE_RUN_H

#include "photogate/actor.h"
#include "photogate/home.h"
#include "photogate/report.h"

#ifdef __cplusplus
extern "C" {
#endif

struct run_options {
    const char *intake;
    struct text channel; /* empty: the school's default */
    struct text batch;   /* empty: from the intake folder's name */
    struct text request; /* what the batch answers: a reference that names nobody; may be empty */
    const struct actor *actor; /* who runs it; NULL: whoever the system says */
    struct text only;    /* explain: the one file to judge, path below the intake; else empty */
    struct date date;    /* day to rule for; DATE_NONE: today; another day only on a dry run */
    unsigned jobs;       /* 0: as configured, else the number of cores */
    bool dry_run;        /* judge, write nothing */
    /* called after each photo's ruling is final; may be NULL */
    void (*progress)(void *context, size_t done, size_t total, size_t held, size_t rejected);
    void *progress_context;
};

struct run_result {
    struct report report; /* everything borrowed from `memory` and the home */
    size_t n_approved, n_held, n_rejected, n_as_before;
    size_t n_awaiting; /* passed, and wait for a second person; not among the approved */
    /* photos of earlier runs that left approved/, the run's own refusals apart */
    size_t n_recalled;
    bool alarm;           /* an invariant was found broken: exit 4 */
    char report_path[MAX_PATH_BYTES]; /* report.html; empty on a dry run */
    char approved_path[MAX_PATH_BYTES];
    struct run_memory *memory;
};

enum status run_batch(struct home *home, const struct run_options *options, struct run_result *out,
                      struct err *err);
void run_release(struct run_result *r);

/* Put right what a kill or a power cut left: intents without their file, files without their entry.
 * What no longer waits leaves awaiting/. Under the lock. n_recovered published after all,
 * n_abandoned to be judged again, n_alarms files set aside that nobody intended; *out is set on
 * failure too, as far as it got */
struct recovery {
    size_t n_recovered, n_abandoned, n_alarms;
    char first_alarm[160];
};
enum status run_recover(struct home *home, struct recovery *out, struct err *err);

/* Does approved/ hold exactly what the ledger names, byte for byte? Reads only. */
struct approved_state {
    size_t n_files, n_missing, n_altered, n_unknown;
    char first_trouble[256];
};
enum status approved_verify(const struct home *home, struct approved_state *out, struct err *err);

/* A batch's default name: the folder's name and the channel, made safe, unless it names a pupil;
 * with a number behind it when another folder of the same name has had it. In arena `a`. */
struct lexicon;
enum status batch_name(const char *intake, struct text channel, const struct lexicon *lexicon,
                       struct ledger *l, struct arena *a, struct text *out, struct err *err);
/* Would a batch of that name tell of nobody? An error in judging is a no. */
bool batch_names_nobody(const struct lexicon *lexicon, struct text name, struct arena *a);
bool batch_name_is_valid(struct text name);
/* Does a reason or reference, which will stand in the ledger, name no pupil and hold nobody's
 * number? Words that may mean somebody pass; an error in judging is a no. */
bool reason_names_nobody(const struct lexicon *lexicon, struct text reason);

#ifdef __cplusplus
}
#endif
#endif
