/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bench programs share: the clock, and the one way to end when something is wrong. */
#ifndef TESTS_BENCH_CLOCK_H
#define TESTS_BENCH_CLOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "photogate/status.h"

/* CPU time of this process, user and system, in milliseconds. Others on the machine do not count.
 */
static inline double cpu_ms(void)
{
    struct timespec t = {0, 0};
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0) {
        perror("clock_gettime");
        exit(3);
    }
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A figure of work that failed is worse than none. */
static inline void must(enum status st, const struct err *err, const char *what)
{
    if (st != STATUS_OK) {
        (void)fprintf(stderr, "bench: %s: %s: %s\n", what, status_symbol(st), err->text);
        exit(3);
    }
}

#endif
