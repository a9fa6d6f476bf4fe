/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files the ledger names, and a walk over those that stand in approved/. */
#ifndef PHOTOGATE_GATE_APPROVED_H
#define PHOTOGATE_GATE_APPROVED_H

#include "photogate/home.h"

struct named_file {
    char batch[65], file[PHOTO_FILE_BYTES];
    struct digest release, source;
    char name[PSEUDONYM_BYTES]; /* pseudonym of the original's file name */
    int64_t intent;
    bool published; /* an entry says it was put in place */
    bool recalled;  /* ... and taken out again */
    bool seen;      /* for the caller */
};

struct named_files {
    struct named_file *at; /* owned; sorted by batch, file */
    size_t n, cap;
};

/* Everything published according to the ledger, what was recalled since included. */
enum status named_files_read(struct ledger *l, struct named_files *out, struct err *err);
void named_files_release(struct named_files *files);
struct named_file *named_files_find(const struct named_files *files, const char *batch,
                                    const char *file);

/* Move a recalled photo out of approved/BATCH (`dir`) into recalled/BATCH; durable when it returns.
 */
enum status recalled_move(const struct home *home, int dir, const char *batch, const char *file,
                          struct err *err);

/* Call `visit` for everything in approved/ but captions.csv, SHA256SUMS and desktop litter; `batch`
 * is empty for what stands beside the batches. `dir` is the folder it stands in. */
typedef enum status approved_visit(void *context, int dir, const char *batch, const char *name,
                                   struct err *err);
enum status approved_each(const struct home *home, approved_visit *visit, void *context,
                          struct err *err);

#endif
