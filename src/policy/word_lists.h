/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Word lists: a folder of NAME.txt files, a word or phrase per line. */
#ifndef PHOTOGATE_POLICY_WORD_LISTS_H
#define PHOTOGATE_POLICY_WORD_LISTS_H

#include "photogate/policy.h"

/* Read every list of the folders. A list of a nearer folder extends the same-named one behind it:
 * its lines are added, a line '!word' takes out a word spelt exactly so. Folders that are not there
 * are passed over, unless none is.
 *
 * dirs      nearest first
 * *lists    in arena `a`, by name; untouched on failure
 * *chain    folded with (file name, content) of each file, lists by name, farthest folder first
 * fails     FORMAT "file:line: ..."; IO, LIMIT, NOMEM, LIBRARY
 */
enum status word_lists_read(const char *const *dirs, size_t n_dirs, struct arena *a,
                            const struct word_list **lists, size_t *n_lists, struct digest *chain,
                            struct err *err);

#endif
