/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only writer. Photos come in intake order, are gathered into groups, and leave in this
 * sequence (ARCHITECTURE.md, "Commit, and what a kill leaves"):
 *
 *   staged file verified and fdatasync'ed -> ledger: last group's `published`, this group's intents
 *   and refusals, one commit
 *   ->  register version looked at again -> renameat2(NOREPLACE) into approved/BATCH/ -> folder
 *       fsynced once
 *
 * Where the channel asks for a second person, a photo that passes has an `awaiting` entry in place
 * of its intent, and its file goes to awaiting/BATCH (awaiting.h, photogate/sign_off.h).
 *
 * The group's `published` entries ride in the next commit. A kill anywhere leaves what run_recover
 * can tell apart.
 */
#ifndef PHOTOGATE_GATE_COMMIT_H
#define PHOTOGATE_GATE_COMMIT_H

#include <sys/types.h>

#include "photogate/actor.h"
#include "photogate/home.h"
#include "photogate/photo.h"
#include "photogate/ruling.h"

struct committer;

struct commit_context {
    struct home *home; /* ledger open for writing, lock held */
    struct text batch;
    const struct channel_policy *channel;
    const struct snapshot *snapshot;
    struct date date;
    const struct actor *actor; /* who runs it */
    json_t *run; /* body of the RUN entry, written before the first other entry; borrowed */
};

enum status committer_open(const struct commit_context *context, struct committer **out,
                           struct err *err);
void committer_close(struct committer *c);

/* Is this what its examiner proved it to be: the proof's digest and kind, the same picture, and
 * nothing in it but a picture?
 * fails    BROKEN when it is not */
enum status release_matches(struct bytes release, const struct proof *proof, struct err *err);

/* What the ledger already says of this photo in this batch. */
enum standing { STANDS_NOT_KNOWN, STANDS_GONE, STANDS_ALTERED, STANDS };

struct earlier {
    bool known;
    enum verdict verdict;
    int64_t case_no;
    int64_t intent;         /* approved and published: its entry; 0 otherwise */
    int64_t waiting;        /* approved and waiting for a second person: its entry; 0 otherwise */
    enum standing standing; /* approved: is the photo still in approved/, byte for byte? */
    char file[PHOTO_FILE_BYTES];
    json_t *body; /* of the last ruling; owned: earlier_release */
};
enum status committer_earlier(struct committer *c, const struct digest *source, struct earlier *out,
                              struct err *err);
void earlier_release(struct earlier *e);

#define NO_OWNER ((uid_t)-1)

/* One photo's outcome, to be recorded. */
struct outcome {
    const struct evidence *evidence;
    const struct ruling *ruling;
    struct digest source;      /* under which the ledger knows the photo */
    const struct proof *proof; /* approved and new: NULL otherwise */
    struct bytes release;      /* approved and new: the checked bytes, borrowed for the call */
    const struct earlier *earlier;
    uid_t owner; /* of the original's file; NO_OWNER: it was never opened */

    /* set by committer_add */
    bool as_before;
    int64_t case_no;
    char file[PHOTO_FILE_BYTES]; /* "photo-0001.jpg"; empty unless approved */
    bool waits;                  /* approved: for a second person, in awaiting/ */
    /* refused: what an earlier run published of it, or left waiting, now taken out */
    char recalled[PHOTO_FILE_BYTES], declined[PHOTO_FILE_BYTES];
};

/* Take the next photo, in intake order. May commit a group. `o` must live until committer_finish.
 */
enum status committer_add(struct committer *c, struct outcome *o, struct err *err);

/* Commit a group whose time has come (COMMIT_GROUP_MS). */
enum status committer_tick(struct committer *c, struct err *err);

/* Commit what is left. Afterwards everything is durable. */
enum status committer_finish(struct committer *c, struct err *err);

/* Finish, and take what this run has published for what an earlier one did: then a photo of it can
 * be added again, refused, and is recalled. */
enum status committer_start_over(struct committer *c, struct err *err);

/* Open approved/BATCH, making it when missing. */
enum status approved_open(const struct home *home, struct text batch, int *fd, struct err *err);

/* One line per published photo of a batch, for sha256sum -c. Appends to `out`. */
enum status batch_sums(struct ledger *l, struct text batch, struct buffer *out, struct err *err);

/* The regular file `name` in `dir`: gone, altered, or with this digest? Its bytes are made durable
 * before they count. */
enum standing file_standing(int dir, const char *name, const struct digest *want);

/* What the last run of a batch recorded, in arena `a`: its channel, and its intake's pseudonym.
 * Both empty when it had none. */
enum status intake_pseudonym(const char *intake, const struct ledger *l, char out[PSEUDONYM_BYTES],
                             struct err *err);
enum status batch_last_run(struct ledger *l, struct text batch, struct arena *a,
                           struct text *channel, struct text *intake, struct err *err);

#endif
