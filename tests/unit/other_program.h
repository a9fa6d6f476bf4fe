/* SPDX-License-Identifier: GPL-3.0-or-later */
/* djpeg and jpegtran as outside referees. Included once by each test that asks them. */
#ifndef PHOTOGATE_TESTS_OTHER_PROGRAM_H
#define PHOTOGATE_TESTS_OTHER_PROGRAM_H

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "photogate/bytes.h"

extern char **environ;

enum { OTHER_MOST_ARGS = 12 };

static inline void other_write(const char *path, struct bytes b)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(b.at, 1, b.n, f), b.n);
    assert_int_equal(fclose(f), 0);
}

static inline void other_read(const char *path, struct buffer *out)
{
    enum { MOST_BYTES = 64 * 1024 * 1024 };
    FILE *f = fopen(path, "rb");
    char block[4096];
    size_t n;
    buffer_init(out, MOST_BYTES);
    assert_non_null(f);
    while ((n = fread(block, 1, sizeof block, f)) > 0) {
        buffer_add(out, block, n);
    }
    (void)fclose(f);
}

/* Run `program OPTIONS -outfile OUT IN` over `jpeg`: what it wrote. `options` are words with single
 * spaces between them. The test is skipped when the program is not there. */
static inline void other_program(const char *program, const char *options, struct bytes jpeg,
                                 struct buffer *out)
{
    char folder[] = "/tmp/photogate-referee-XXXXXX", from[64], to[64], words[128], *rest = words;
    char *args[OTHER_MOST_ARGS + 4];
    size_t n = 0;
    pid_t pid;
    int how = 0;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(from, sizeof from, "%s/in.jpg", folder);
    (void)snprintf(to, sizeof to, "%s/out", folder);
    (void)snprintf(words, sizeof words, "%s %s -outfile %s", program, options, to);
    for (char *word; n < OTHER_MOST_ARGS && (word = strsep(&rest, " ")) != NULL;) {
        if (*word) {
            args[n++] = word;
        }
    }
    args[n++] = from;
    args[n] = NULL;
    other_write(from, jpeg);
    int why = posix_spawnp(&pid, program, NULL, NULL, args, environ);
    if (why == 0) {
        assert_int_equal(waitpid(pid, &how, 0), pid);
        other_read(to, out);
    }
    (void)unlink(from);
    (void)unlink(to);
    assert_int_equal(rmdir(folder), 0);
    if (why != 0) {
        print_message("skipped: %s is not installed\n", program);
        skip();
    }
    assert_int_equal(how, 0);
}

#endif
