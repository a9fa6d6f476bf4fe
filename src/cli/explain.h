/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PHOTOGATE_CLI_EXPLAIN_H
#define PHOTOGATE_CLI_EXPLAIN_H

#include "photogate/report.h"

/* Print to stdout, names and all: for the data protection officer. */
void explain_item(const struct report *r, const struct report_item *item);
void explain_person(const struct person *p);
void explain_consent(const struct consent *c);

#endif
