/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several commands tell of photos that were published and must come down. */
#ifndef PHOTOGATE_CLI_TAKEDOWNS_H
#define PHOTOGATE_CLI_TAKEDOWNS_H

#include "photogate/posted.h"
#include "photogate/run.h"

/* A line for each address that must come down, with its clock, on stdout. */
void print_takedowns(const struct postings *all);

/* One posting as an object, for --json; NULL: out of memory. */
json_t *posting_json(const struct posting *p);

/* Print `root` (taken over; NULL: out of memory) on stdout. Returns the exit code. */
int print_json_whole(json_t *root);

/* Tell of files that nobody approved, found in approved/ at the start. Returns the exit code. */
int tell_alarm(const struct recovery *r, int code);

#endif
