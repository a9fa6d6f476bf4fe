/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool against real examiners: the program itself, built beside this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "photogate/arena.h"
#include "photogate/examiner.h"
#include "photogate/limits.h"

enum { PATIENCE_MS = 60000, SHORT_MS = 1500 };

/* BUILD/tests/unit/test_examiner_pool -> BUILD/photogate */
static void program_path(char out[4096])
{
    ssize_t n = readlink("/proc/self/exe", out, 4000);
    assert_true(n > 0);
    out[n] = '\0';
    for (int up = 0; up < 3; up++) {
        *strrchr(out, '/') = '\0';
    }
    (void)strcat(out, "/photogate");
    assert_int_equal(access(out, X_OK), 0);
}

static struct pool *start(unsigned n_workers, unsigned wall_ms)
{
    static char program[4096];
    struct pool *p = NULL;
    struct err err = {0};
    program_path(program);
    struct pool_options options = {
        .n_workers = n_workers, .model = -1, .program = program, .wall_ms = wall_ms};
    assert_int_equal(pool_open(&options, &p, &err), STATUS_OK);
    return p;
}

/* A file in memory with this content. */
static int file_of(const void *content, size_t n)
{
    int fd = memfd_create("photo", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, n), (ssize_t)n);
    return fd;
}

static int idle_worker(struct pool *p)
{
    struct answer a;
    struct err err = {0};
    bool got = false;
    while (pool_idle(p) < 0) {
        assert_int_equal(pool_wait(p, PATIENCE_MS, &a, &got, &err), STATUS_OK);
        assert_false(got);
    }
    return pool_idle(p);
}

static struct answer examine(struct pool *p, size_t ticket, int fd)
{
    struct answer a;
    struct err err = {0};
    bool got = false;
    assert_int_equal(pool_examine(p, idle_worker(p), ticket, fd, NULL, 0, &err), STATUS_OK);
    while (!got) {
        assert_int_equal(pool_wait(p, PATIENCE_MS, &a, &got, &err), STATUS_OK);
    }
    assert_int_equal(a.ticket, ticket);
    return a;
}

/* The one child process of this test. */
static pid_t examiner_pid(void)
{
    char path[64];
    long pid = 0;
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%ld", &pid), 1);
    (void)fclose(f);
    return (pid_t)pid;
}

static void an_examiner_answers_with_evidence(void **state)
{
    (void)state;
    struct pool *p = start(1, PATIENCE_MS);
    struct arena memory;
    struct evidence e = {0};
    struct err err = {0};
    int fd = file_of("%PDF-1.4 not a photo", 20);
    struct answer a = examine(p, 3, fd);
    arena_init(&memory, 1 << 20);
    assert_int_equal(a.type, FRAME_EVIDENCE);
    assert_int_equal(wire_get_evidence(a.payload, &memory, &e, &err), STATUS_OK);
    assert_int_equal(e.kind, FILE_PDF);
    assert_int_not_equal(e.exam, EXAM_DONE);
    arena_release(&memory);
    (void)close(fd);
    pool_close(p);
}

static void a_crash_costs_one_photo_and_the_worker_is_replaced(void **state)
{
    (void)state;
    struct pool *p = start(1, PATIENCE_MS);
    struct err err = {0};
    struct answer a;
    bool got = false;
    int fd = file_of("%PDF-1.4", 8);
    pid_t first = examiner_pid();
    (void)kill(first, SIGSTOP);
    assert_int_equal(pool_examine(p, 0, 1, fd, NULL, 0, &err), STATUS_OK);
    (void)kill(first, SIGKILL);
    assert_int_equal(pool_wait(p, PATIENCE_MS, &a, &got, &err), STATUS_OK);
    assert_true(got);
    assert_int_equal(a.ticket, 1);
    assert_int_equal(a.type, FRAME_FAILED);
    assert_int_equal(a.exam, EXAM_CRASHED);
    a = examine(p, 2, fd);
    assert_int_equal(a.type, FRAME_EVIDENCE);
    assert_int_not_equal(examiner_pid(), first);
    (void)close(fd);
    pool_close(p);
}

static void a_hang_ends_at_the_time_limit(void **state)
{
    (void)state;
    struct pool *p = start(1, SHORT_MS);
    struct err err = {0};
    struct answer a;
    bool got = false;
    int fd = file_of("%PDF-1.4", 8);
    (void)kill(examiner_pid(), SIGSTOP);
    assert_int_equal(pool_examine(p, 0, 1, fd, NULL, 0, &err), STATUS_OK);
    while (!got) {
        assert_int_equal(pool_wait(p, PATIENCE_MS, &a, &got, &err), STATUS_OK);
    }
    assert_int_equal(a.exam, EXAM_TIMED_OUT);
    (void)close(fd);
    pool_close(p);
}

static void a_program_that_is_no_examiner_is_told(void **state)
{
    (void)state;
    struct pool *p = NULL;
    struct err err = {0};
    struct pool_options options = {
        .n_workers = 2, .model = -1, .program = "/bin/true", .wall_ms = 100};
    assert_int_not_equal(pool_open(&options, &p, &err), STATUS_OK);
    assert_null(p);
    assert_true(err.text[0]);
}

static void a_model_that_is_not_the_known_one_is_refused(void **state)
{
    (void)state;
    static char program[4096];
    struct pool *p = NULL;
    struct err err = {0};
    int model = file_of("not a model", 11);
    program_path(program);
    struct pool_options options = {
        .n_workers = 1, .model = model, .program = program, .wall_ms = PATIENCE_MS};
    assert_int_equal(pool_open(&options, &p, &err), STATUS_FORMAT);
    (void)close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_examiner_answers_with_evidence),
        cmocka_unit_test(a_crash_costs_one_photo_and_the_worker_is_replaced),
        cmocka_unit_test(a_hang_ends_at_the_time_limit),
        cmocka_unit_test(a_program_that_is_no_examiner_is_told),
        cmocka_unit_test(a_model_that_is_not_the_known_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
