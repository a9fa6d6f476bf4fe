/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register: people and append-only consent events, in SQLite.
 *
 * `photogate import` writes, and erasure deletes. A wide export of the school's information system
 * (one row per pupil) is read, compared with what is known, shown, and applied in one transaction:
 * consents become events by difference. Triggers refuse to change or delete an event;
 * register_erase lifts them for the people it deletes.
 *
 * Sequence: register_open; register_snapshot for a run; or import_read, import_print by cli,
 * import_apply; register_close.
 */
#ifndef PHOTOGATE_REGISTER_H
#define PHOTOGATE_REGISTER_H

#include "photogate/arena.h"
#include "photogate/person.h"
#include "photogate/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

struct register_db;

enum register_mode { REGISTER_READ, REGISTER_WRITE, REGISTER_CREATE };

/* Open school register `path`. CREATE makes a new file, mode 0600, and refuses an existing one.
 * fails    IO missing or unreadable; FORMAT not a register, damaged (SQLite's integrity check), or
 *          of a newer version; BUSY */
enum status register_open(const char *path, enum register_mode mode, struct register_db **out,
                          struct err *err);
void register_close(struct register_db *r);

/* Everything a run needs, frozen, in arena `a`, with its version and digest. Same content, same
 * digest. */
enum status register_snapshot(struct register_db *r, struct arena *a, struct snapshot *out,
                              struct err *err);

/* The register's version: counts up by one with every import or erasure. Inside a transaction it
 * stays true until the end of it. */
enum status register_version(struct register_db *r, int64_t *out, struct err *err);

/* What an import would change. */
enum change_kind {
    CHANGE_UNKNOWN,
    CHANGE_NEW,          /* a person not known before */
    CHANGE_RETURNED,     /* on the roll again */
    CHANGE_LEFT,         /* no longer in the file, or marked as left */
    CHANGE_DETAILS,      /* name, class, UPN ... */
    CHANGE_DENY_ON,      /* now do-not-publish, or objecting */
    CHANGE_DENY_OFF,     /* no longer */
    CHANGE_CONSENT_GIVEN, /* a purpose turns to granted */
    CHANGE_CONSENT_LOST, /* a purpose turns from granted to anything else */
    CHANGE_CONSENT_OTHER,
    /* the row could not be understood: it gives nobody anything, but what it takes away counts */
    CHANGE_ROW_REFUSED,
    /* the row is used, but something in it was not (a reason that must not be stored, a wrong UPN)
     */
    CHANGE_ROW_WARNING,
    N_CHANGE_KINDS
};

struct change {
    enum change_kind kind;
    struct text file; /* as given on the command line */
    uint32_t row;     /* line of the file, from 1; 0 when the person is not in the file */
    struct text who;  /* "Smith, Jack (4B)" */
    struct text what; /* one printable line: "website: granted -> withdrawn" */
};

struct import; /* a plan that has been read and not applied */

struct import_options {
    bool partial;   /* people missing from the files have not left */
    bool full;      /* they have, however many */
    /* today: day a consent counts from where a row gives none, leaving date of those missing */
    struct date on;
};

/* Read the files, work out what they would change. The register is not touched.
 *
 * files    paths; pupils' and staff's files are told apart by their headings
 * policy   gives the column mapping ([import]); borrowed for the call
 * *out     owned; import_free
 * fails    FORMAT with file (and row): a file as a whole is not understood (no heading row, a
 *          consent column unmapped, unknown encoding), or more than a quarter of the roll would
 *          leave and neither `partial` nor `full` was said. IO, LIMIT, NOMEM
 */
enum status import_read(struct register_db *r, const struct policy *policy,
                        const char *const *files, size_t n_files,
                        const struct import_options *options, struct import **out,
                        struct err *err);
const struct change *import_changes(const struct import *plan, size_t *n);
size_t import_count(const struct import *plan, enum change_kind kind);
bool import_is_empty(const struct import *plan); /* nothing would change */

/* What the ledger records of an import: digest per file, never a name. */
struct import_file {
    struct text name; /* base name */
    struct digest digest;
    uint32_t n_rows, n_refused;
    bool staff;
};
const struct import_file *import_files(const struct import *plan, size_t *n);

/* Apply in one transaction; on failure nothing has changed. *version is the register's new version.
 */
enum status import_apply(struct register_db *r, const struct import *plan, int64_t *version,
                         struct err *err);
void import_free(struct import *plan);

const char *change_words(enum change_kind k); /* "New people" */

/* Delete people and everything on record about them, in one transaction: their consent events,
 * status history and rows. The triggers that forbid it are taken away and put back within it; if
 * they would not be as before, nothing is deleted. Then the file is written anew without the
 * deleted content (secure_delete, VACUUM).
 *
 * ids      persons' numbers (struct person), each once; n > 0
 * *version the register's new version
 * fails    FORMAT nobody of that number; BUSY, IO, NOMEM. Only with *version set were they deleted:
 *          then the file could not be written anew
 */
enum status register_erase(struct register_db *r, const int64_t *ids, size_t n, int64_t *version,
                           struct err *err);

/* Check letter and form of a Unique Pupil Number (DfE, UPN guide): letter of
 * ABCDEFGHJKLMNPQRTUVWXYZ, 11 digits, digit or letter (temporary). Pure. */
bool upn_is_valid(struct text upn);

#ifdef __cplusplus
}
#endif
#endif
