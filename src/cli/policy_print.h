/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy, or what two say differently, on stdout: for a person, or as JSON for a program. */
#ifndef PHOTOGATE_CLI_POLICY_PRINT_H
#define PHOTOGATE_CLI_POLICY_PRINT_H

#include "cli.h"

/* Has the policy's review date come? Every report says so from that day on. */
bool review_is_due(const struct policy *p, struct date today);

void policy_print(const struct policy *p);
bool policy_print_json(const struct policy *p); /* false: no memory, or stdout is gone */

void policy_print_diff(const struct policy *was, const struct policy *now,
                       const struct policy_difference *list, size_t n);
bool policy_print_diff_json(const struct policy *was, const struct policy *now,
                            const struct policy_difference *list, size_t n);

#endif
