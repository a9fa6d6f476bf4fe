/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The intake: a folder of files somebody dropped, listed once, in one order, opened without trust.
 *
 * Names are compared bytewise, so the order is the same on every machine. Every open goes through
 * openat2 beneath the folder: no symbolic link, no magic link, no way out. Nothing in the folder is
 * ever written, moved or deleted.
 *
 * Sequence: intake_open; read items; intake_open_item for those wanted; intake_close.
 */
#ifndef PHOTOGATE_INTAKE_H
#define PHOTOGATE_INTAKE_H

#include <sys/stat.h>

#include "photogate/arena.h"
#include "photogate/evidence.h"
#include "photogate/photo.h"

#ifdef __cplusplus
extern "C" {
#endif

enum item_class {
    ITEM_UNKNOWN,
    ITEM_CANDIDATE, /* a regular file that is neither of the below: perhaps a photo */
    ITEM_SPECIAL,   /* a link, device, pipe, socket, or a file with a second name (hard link) */
    ITEM_UNREADABLE,
    ITEM_SIDECAR,   /* *.xmp: read with its photo */
    ITEM_TAKEOUT,   /* *.json, as Google Takeout writes it: read with its photo */
    ITEM_PICASA,    /* .picasa.ini: read with every photo of its folder, and of those below */
    ITEM_MANIFEST,  /* photos.csv */
    ITEM_LITTER     /* Thumbs.db and its like */
};

struct item {
    struct text name;   /* path below the intake; any bytes but NUL; '/' between folders */
    struct text folder; /* part of `name` before the last '/', or empty */
    struct text base;   /* the rest */
    enum item_class class;
    uint64_t size_bytes;
    bool name_clash;    /* another candidate has the same name after case folding */
};

struct intake {
    int fd; /* the folder, O_PATH */
    const struct item *items; /* sorted bytewise by name */
    size_t n_items;
    size_t n_candidates; /* CANDIDATE, SPECIAL and UNREADABLE: what gets a ruling */
    struct arena memory;
};

/* List a folder, recursively.
 *
 * fails    IO the folder itself cannot be read; LIMIT more than MAX_ITEMS files or MAX_FOLDER_DEPTH
 *          folders deep; NOMEM (a sub-folder that cannot be read becomes an UNREADABLE item)
 */
enum status intake_open(const char *path, struct intake *out, struct err *err);
/* The same without the folders within: for a look at one photo and what lies beside it. */
enum status intake_open_flat(const char *path, struct intake *out, struct err *err);
void intake_close(struct intake *in);

/* Open one item for reading: regular, not a link at any step, one name, at most `max_bytes`.
 * *fd      owned, close-on-exec; *facts as fstat gave them
 * fails    IO, LIMIT, UNSUPPORTED (not a regular file of one name)
 */
enum status intake_open_item(const struct intake *in, const struct item *item, uint64_t max_bytes,
                             int *fd, struct stat *facts, struct err *err);

/* True when size, times, inode and device are those of before. */
bool intake_same_file(const struct stat *before, const struct stat *after);

/* Which files tell about which photo.
 *
 * A sidecar (IMG.xmp, IMG.jpg.xmp; case of letters and Unicode composition do not count) belongs to
 * the photos of its folder whose name or stem it bears. A Takeout file belongs to the photos that
 * its name may mean (companion_names.h); its album's metadata.json, and a .picasa.ini, to all of
 * the folder; of a .picasa.ini in a folder above the names of people. A sidecar or Takeout file
 * that belongs to no photo may tell about any photo of its folder: then `folder_unclear` is true
 * for all of them.
 *
 * Sequence: companions_build once over a listed intake; companions_of for each photo. Borrows from
 * the intake.
 */
struct companions;
enum status companions_build(const struct intake *in, struct companions **out, struct err *err);
void companions_free(struct companions *c);

/* Indexes into in->items of what lies beside the photo; how many there are may be more than `cap`.
 * Pure. */
size_t companions_of(const struct companions *c, const struct item *photo, size_t *indexes,
                     size_t cap);
/* Of a .picasa.ini the names of its folder's photos, as `struct sidecar` wants them; of any other
 * nothing. Pure. */
struct text companions_siblings(const struct companions *c, const struct item *companion);
/* What such an item is to the photo. Pure. */
enum companion_kind companion_kind_of(const struct item *companion, const struct item *photo);
bool companions_folder_unclear(const struct companions *c, struct text folder);

/* The class a file's base name alone gives it. Pure. */
enum item_class intake_class_of_name(struct text base);

#ifdef __cplusplus
}
#endif
#endif
