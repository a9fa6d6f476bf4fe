/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of the school's folder, as a whole: counted, and deleted. Links are never followed. */
#ifndef PHOTOGATE_GATE_FOLDER_TREE_H
#define PHOTOGATE_GATE_FOLDER_TREE_H

#include <sys/stat.h>

#include "photogate/home.h"

/* Call `visit` for every file below `path` (below `dir`); `below` is its path from there. A folder
 * that is missing has none. Deeper than 8 folders: LIMIT */
typedef enum status tree_visit(void *context, const char *below, const struct stat *facts,
                               struct err *err);
enum status tree_each(int dir, const char *path, tree_visit *visit, void *context, struct err *err);

/* Delete the folder or file `path` and all in it; missing is fine. fails IO */
enum status tree_delete(int dir, const char *path, struct err *err);

#endif
