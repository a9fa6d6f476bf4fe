/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person's rights: everything held on them in one place (UK GDPR Art 15), and its erasure
 * (Art 17).
 *
 * Sequence: subject_open under the lock; then subject_export, or subject_erase_check and
 * subject_erase; subject_close.
 *
 * The copy for the person says nothing of other people: their pseudonyms are left out and counted,
 * and why a photo with them in it was refused is told as far as it is about this person. Each entry
 * of the ledger in it is proved to be one without showing the rest (checkpoint.h); where others are
 * in an entry, what goes out with the proof is its hash alone, and its text stays with the DPO.
 */
#ifndef PHOTOGATE_SUBJECT_H
#define PHOTOGATE_SUBJECT_H

#include "photogate/actor.h"

#ifdef __cplusplus
extern "C" {
#endif

enum subject_place { SUBJECT_APPROVED, SUBJECT_WAITING, SUBJECT_RECALLED };

/* A published photo, or one that waits, in which they were named. */
struct subject_photo {
    enum subject_place place;
    char batch[65], file[PHOTO_FILE_BYTES];
    struct digest release;
    int64_t entry; /* the intent, or what waits */
};

/* An entry of the ledger that is about them. */
struct subject_entry {
    int64_t seq;
    enum entry_kind kind;
    bool named;  /* their pseudonym is in it; else it is about an entry in which it is */
    bool others; /* and so are those of others */
};

struct subject {
    const struct person *person; /* in `people` */
    char pseudonym[PSEUDONYM_BYTES];
    struct snapshot people;
    json_t *told; /* array: their entries, for reading, without others */
    struct subject_entry *entries;
    size_t n_entries, cap_entries;
    struct subject_photo *photos;
    size_t n_photos;
    struct text *documents; /* reports/BATCH/dpo/report.html, look-for/...: what names them */
    size_t n_documents, cap_documents;
    bool copied; /* subject-access/PSEUDONYM is there */
    struct arena memory;
};

/* Gather what is held on the person whom `who` (UPN, admission number or name) names for certain.
 * `home` has policy, register and ledger open.
 *
 * *out     owned; subject_close, on failure too
 * fails    USAGE nobody of that name is on the register, or several; IO, BROKEN, LIMIT, NOMEM
 */
enum status subject_open(struct home *home, struct text who, struct subject *out, struct err *err);
void subject_close(struct subject *s);

/* How many of the photos stand in that place. Pure. */
size_t subject_count(const struct subject *s, enum subject_place place);

/* Write subject.json, subject.html, checkpoint.txt, verifier-key.txt, proofs/ and dpo/ into
 * `folder` (0700, files 0600), and record it in the ledger, open for writing.
 *
 * folder   NULL: subject-access/PSEUDONYM of the school's folder, in place of the copy before; else
 *          a path, made when missing, which must be empty
 * *path    where they are
 * fails    USAGE the folder is not empty; IO, LIBRARY, NOMEM, BROKEN
 */
enum status subject_export(struct home *home, const struct subject *s, const struct actor *actor,
                           const char *folder, char path[MAX_PATH_BYTES], struct err *err);

struct erase_options {
    const struct actor *actor;
    struct text reason;     /* one line that names nobody; may be empty */
    bool photos;            /* take out the photos they are in */
    bool reports;           /* delete the documents that name them */
    bool forget_protection; /* even if the register says that they may not be shown */
};

/* May it be done so? Changes nothing. fails USAGE with what to do first */
enum status subject_erase_check(struct home *home, const struct subject *s,
                                const struct erase_options *options, struct err *err);

/* Take out the photos, record it, delete the documents and copies, and last the register rows, so
 * that it can be given again after a kill. The register and the ledger are open for writing.
 *
 * *version the register's new version */
enum status subject_erase(struct home *home, const struct subject *s,
                          const struct erase_options *options, int64_t *version, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
