/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which face model is in force: the file that a run would hand to its examiners.
 *
 * Looked for where PHOTOGATE_FACE_MODEL says, else where photogate.conf says ([faces] model), else
 * where scripts/fetch-face-model and a package put it. "none" for either means: do without. What
 * the file is worth, its SHA-256 tells; only a known one is opened by detector_open.
 */
#ifndef PHOTOGATE_FACE_MODEL_H
#define PHOTOGATE_FACE_MODEL_H

#include "photogate/digest.h"
#include "photogate/limits.h"
#include "photogate/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

struct face_model {
    int fd;                    /* owned; -1: none is installed, or none is wanted */
    char path[MAX_PATH_BYTES]; /* "" without one */
    const char *chosen_by;     /* what named it, for people: "PHOTOGATE_FACE_MODEL"; static */
    bool declined;             /* "none" was asked for */
};

/* Find and open the model.
 *
 * school   may be NULL: then photogate.conf has no say
 * fails    IO when a file was named that cannot be read; LIMIT for its path
 */
enum status face_model_find(const struct school *school, struct face_model *out, struct err *err);
void face_model_close(struct face_model *m); /* {.fd = -1} is accepted */

/* "YuNet 2023mar", or NULL for a file that is not known. Pure. */
const char *face_model_known_name(const struct digest *d);

#ifdef __cplusplus
}
#endif
#endif
