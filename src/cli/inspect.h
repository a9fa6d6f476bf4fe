/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PHOTOGATE_CLI_INSPECT_H
#define PHOTOGATE_CLI_INSPECT_H

#include "photogate/evidence.h"

/* Print to stdout what a photo gives away. The functions that return false could not build or write
 * their JSON. */
void inspect_words(const struct evidence *e);
bool inspect_json(const struct evidence *e);

/* Print every place in a photo where something can stand, and what becomes of it. */
bool inspect_carriers(bool json);

#endif
