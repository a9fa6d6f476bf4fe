/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One photo named on the command line, looked at by a confined examiner. */
#ifndef PHOTOGATE_CLI_EXAMINE_FILE_H
#define PHOTOGATE_CLI_EXAMINE_FILE_H

#include "photogate/examiner.h"

/* Memory of one photo's evidence. */
#define EVIDENCE_BYTES ((size_t)64 * 1024 * 1024)

/* What the examiner says of the file at `path`, or what became of it: then *e has its exam and
 * exam_note. Sidecars are not looked for.
 *
 * path     a regular file, not waited for and not followed to somewhere else; borrowed by *e
 * *e       in arena `a`
 * fails    IO the file cannot be opened; LIBRARY no examiner; NOMEM
 */
enum status examine_file(struct pool *pool, const char *path, struct arena *a, struct evidence *e,
                         struct err *err);

#endif
