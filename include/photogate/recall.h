/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recall: what was approved and may no longer be shown leaves approved/, wherever its original is.
 *
 * The ledger knows of every photo that stands in approved/ whom it shows (pseudonyms) and for which
 * channel it was approved. recall_photos judges those people again, by the rows of the rule table
 * about consent, protection, leavers and the channel, as of today's register and policy. It looks
 * at no picture: what a tag, a face or a text in the file would say is judged by a run over its
 * folder.
 *
 * A pseudonym that is nobody's (erased) may no longer be shown. Captions that were published beside
 * photos are judged again too; one that would not pass is blanked, and its photo stays.
 *
 * Sequence of writing: all `recalled` entries in one transaction; each file into recalled/BATCH;
 * captions.csv, then SHA256SUMS. A kill leaves what run_recover (files) and the next recall (lists
 * that do not say what the ledger says) put right.
 */
#ifndef PHOTOGATE_RECALL_H
#define PHOTOGATE_RECALL_H

#include "photogate/actor.h"
#include "photogate/home.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lexicon;

struct recall_options {
    const struct snapshot *people; /* today's register; NULL: read here */
    const struct lexicon *lexicon; /* over it; NULL exactly when `people` is */
    const struct actor *actor;
    struct date date;   /* the day to judge for */
    struct text only;   /* this batch alone; empty: all */
    struct text except; /* all but this batch; empty: all */
    bool dry_run;       /* judge, write nothing */
    bool leave_lists;   /* whoever calls writes captions.csv and SHA256SUMS of what it touched */
};

/* A photo that may no longer be shown. */
struct recalled_photo {
    int64_t intent;
    const char *batch, *file;
    /* for the DPO: the rule's code, who and on which event, as a report tells it; one line for each
     * hit. Names pupils. */
    const struct text *reasons;
    size_t n_reasons;
};

struct recall_result {
    const struct recalled_photo *photos; /* by batch and file */
    size_t n_photos;
    size_t n_looked;   /* photos that stood in approved/ */
    size_t n_captions; /* no longer fit to stand beside a photo, and blanked */
    size_t n_lists;    /* batches whose captions.csv and SHA256SUMS were written anew */
    size_t n_edited;   /* of those, where captions.csv had been changed by hand; set aside */
    struct arena *memory; /* owns all of the above */
};

/* home     policy, register and ledger open; for writing, with the lock, unless dry_run;
 *          run_recover has been called
 * *out     set on success; recall_release
 * fails    as the ledger; USAGE empty register; BROKEN a register that is not the ledger's, or an
 *          entry that was altered; IO; NOMEM; LIMIT
 * units    time grows with the entries of the ledger, memory with its intents
 */
enum status recall_photos(struct home *home, const struct recall_options *options,
                          struct recall_result *out, struct err *err);
void recall_release(struct recall_result *r);

/* What the office may read of any of them; no reason. */
#define RECALL_OFFICE_WORDS                                                                        \
    "may not be published any more: it was taken out of approved/; do not use copies of it"

#ifdef __cplusplus
}
#endif
#endif
