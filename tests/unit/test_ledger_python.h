/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The independent verifier, asked by the ledger's tests. */
#ifndef TEST_LEDGER_PYTHON_H
#define TEST_LEDGER_PYTHON_H

#include "test_ledger_school.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

/* Run it on the school; its first line into `line`. Its exit code, or -1 where there is no python3.
 */
static inline int python_says(struct school *s, const char *approved, char line[256])
{
    char python[] = "python3", script[] = "scripts/ledger_verify.py", home[64], folder[128] = "",
         option[] = "--approved";
    char *argv[] = {python, script, home, approved ? option : NULL, folder, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], code = 0;
    pid_t child = 0;
    size_t n = 0;
    (void)snprintf(home, sizeof home, "%s", s->home);
    (void)snprintf(folder, sizeof folder, "%s", approved ? approved : "");
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[1], 1), 0);
    int failed = posix_spawnp(&child, python, &actions, NULL, argv, environ);
    assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
    assert_int_equal(close(ends[1]), 0);
    for (ssize_t got; !failed && (got = read(ends[0], line + n, 255 - n)) > 0;) {
        n += (size_t)got;
    }
    assert_int_equal(close(ends[0]), 0);
    line[n] = '\0';
    if (failed) {
        return -1;
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    return WIFEXITED(code) && WEXITSTATUS(code) != 127 ? WEXITSTATUS(code) : -1;
}

#endif
