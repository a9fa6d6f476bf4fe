/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PHOTOGATE_IMAGE_FILE_NAME_H
#define PHOTOGATE_IMAGE_FILE_NAME_H

#include "photogate/arena.h"
#include "photogate/status.h"
#include "photogate/text.h"

/* A file's name in the form in which two spellings of it are the same: composed (NFC) and
 * case-folded, since one program writes "cafe + accent" and another "CAFÉ". A name that is not
 * UTF-8, or is longer than any file system allows, stands for itself.
 *
 * *out     in arena `a`
 * fails    NOMEM
 * threads  pure, after metadata_prepare
 */
enum status file_name_fold(struct text name, struct arena *a, struct text *out, struct err *err);

#endif
