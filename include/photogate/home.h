/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A school's folder: where everything of one school lives (README.md has the table of who reads
 * what).
 *
 *     photogate.conf  register.db  ledger.db  ledger.key  approved/  awaiting/  reports/  captions/
 *     recalled/  set-aside/  subject-access/  staging/  words/  policies/  lock
 *
 * Everything is reached from the folder's descriptor, so that renaming the folder during a run does
 * no harm.
 */
#ifndef PHOTOGATE_HOME_H
#define PHOTOGATE_HOME_H

#include "photogate/ledger.h"
#include "photogate/limits.h"
#include "photogate/policy.h"
#include "photogate/register.h"

#ifdef __cplusplus
extern "C" {
#endif

struct home {
    char path[MAX_PATH_BYTES];
    int fd; /* the folder, open for reading: new names in it are synced */
    int lock; /* -1, or the held lock */
    struct school *school;
    struct policy *policy;
    struct register_db *people;
    struct ledger *ledger;
};

/* What a command needs of the folder; a set. */
enum home_need {
    HOME_POLICY = 1,
    HOME_REGISTER = 2,
    HOME_REGISTER_WRITE = 4,
    HOME_LEDGER = 8,
    HOME_LEDGER_WRITE = 16,
    HOME_LOCK = 32 /* one writer at a time */
};

/* Make a new school's folder: configuration with comments, databases, templates, modes 0700 and
 * 0600. The folder may exist if it is empty; nothing existing is overwritten. fails IO, USAGE (not
 * empty) */
enum status home_init(const char *path, const char *school_name, struct err *err);

/* Open the folder and the parts named by `needs`. fails with the file and what to do. */
enum status home_open(const char *path, unsigned needs, struct home *out, struct err *err);
void home_close(struct home *h);

/* Is the register the one that the ledger last heard of? A newer one is an import whose entry a
 * kill prevented: where the ledger is open for writing, under the lock, the entry is made up for.
 * fails    BROKEN an older copy, or one that was changed by something else; IO, NOMEM */
enum status register_check(struct ledger *l, const struct snapshot *s, bool may_write,
                           struct err *err);

/* Path of something in the folder, for libraries that want one. Returns false if it would not fit.
 */
bool home_path(const struct home *h, const char *name, char *out, size_t cap);

/* Where profiles and word lists are looked for: the school's, then PHOTOGATE_DATADIR (environment
 * or build time), then the tree the program was built in. */
struct home_places {
    char text[8][MAX_PATH_BYTES];
    const char *profiles[4], *words[4];
    struct policy_places places;
};
void home_places(const char *home, struct home_places *out);

/* "photo-0001.jpg" and NUL, with room for any 64-bit number. */
#define PHOTO_FILE_BYTES 32

/* RFC 3339, UTC, whole seconds, from the system's clock: "2026-11-20T16:05:00Z". */
#define TIME_TEXT_BYTES 24
void time_now(char out[TIME_TEXT_BYTES]);
struct date date_today(void); /* local calendar date */

/* The operating system's name of the account this program runs as, or "uid 1000" where it has none:
 * who did something, as far as a computer can tell. Returns `out`. */
#define ACCOUNT_BYTES 64
const char *account_name(char out[ACCOUNT_BYTES]);

/* Write a file whole under `dir`: temporary, fsync, rename over, fsync of the folder. */
enum status file_replace(int dir, const char *name, struct bytes content, unsigned mode,
                         struct err *err);
/* Read a file whole. */
enum status file_read(int dir, const char *name, size_t max_bytes, struct buffer *out,
                      struct err *err);
/* The content of an open regular file, from its start, at most `max_bytes`; appended to `out`. */
enum status file_content(int fd, size_t max_bytes, struct buffer *out, struct err *err);
/* SHA-256 of an open file's content, read in pieces. */
enum status file_digest(int fd, struct digest *out, struct err *err);
/* Open a sub-folder, making it with `mode` when it is missing. Never follows a link. */
enum status folder_open(int dir, const char *name, unsigned mode, int *fd, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
