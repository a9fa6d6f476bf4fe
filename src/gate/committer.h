/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The committer's own memory: shared by the files that make it up, by nobody else. */
#ifndef PHOTOGATE_GATE_COMMITTER_H
#define PHOTOGATE_GATE_COMMITTER_H

#include "approved.h"
#include "awaiting.h"
#include "commit.h"
#include "photogate/limits.h"

/* Where a photo of the group goes. */
enum goes { GOES_NOWHERE, GOES_OUT, GOES_WAITING, GOES_ON_WAITING };

/* A photo of the group being gathered. */
struct pending {
    struct outcome *outcome;
    json_t *body; /* owned until appended */
    char staged[32];
    int fd;        /* the staged file, until it is durable; else -1 */
    int64_t entry; /* its own, once committed */
    enum goes goes;
};

/* A photo to be taken out of approved/: what was published of it, and the case that says why. */
struct recall {
    struct named_file *file;
    struct outcome *outcome;
};

/* A photo to be taken out of awaiting/. */
struct decline {
    struct waiting *waiting;
    struct outcome *outcome;
};

struct committer {
    struct commit_context context;
    bool second;                 /* what passes waits for a second person */
    struct named_files standing; /* what earlier runs published */
    struct waitings waiting;     /* what earlier runs left waiting */
    struct recall *recalls;      /* of the group; owned */
    size_t n_recalls, cap_recalls;
    struct decline *declines; /* of the group; owned */
    size_t n_declines, cap_declines;
    int approved, staging, awaiting; /* approved/BATCH, staging, awaiting/BATCH or -1 */
    int64_t last_photo, last_case;
    struct pending group[COMMIT_GROUP_PHOTOS];
    size_t n_group;
    int64_t published
        [COMMIT_GROUP_PHOTOS]; /* intents renamed, whose `published` rides in the next commit */
    size_t n_published;
    int64_t first_ms; /* when the group was begun */
    bool run_recorded;
    bool failed; /* something may be half done: nothing more is written, recovery will tell */
};

/* What stands or waits of the photo from earlier runs and may do so no longer: the same bytes, or
 * another version of the file of that name (tags were added to it, say). Marked, and gathered into
 * `recalls` and `declines`. Of a photo that passes, only what waits is looked for, and what it has
 * itself waiting stays.
 * fails    NOMEM, IO */
enum status find_superseded(struct committer *c, struct outcome *o, struct err *err);

#endif
