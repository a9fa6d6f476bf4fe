/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a taken-over examiner would try, tried in a process that has entered the sandbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "photogate/examiner.h"
#include "photogate/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#else
#define UNDER_SANITIZER 0
#endif

enum { DONE = 0, REFUSED = 7, SUCCEEDED = 9 };

typedef int attempt(void);

/* How a confined process ends that makes the attempt: by SIGSYS, or with the attempt's own code. */
static int end_of(attempt *try)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct confinement in_force;
        struct err err = {0};
        if (sandbox_enter(&in_force, &err) != STATUS_OK) {
            _exit(99);
        }
        _exit(try());
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_false(WIFEXITED(how) && WEXITSTATUS(how) == 99);
    return how;
}

static int open_a_file(void)
{
    return open("/etc/hostname", O_RDONLY) < 0 ? REFUSED : SUCCEEDED;
}

static int make_a_file(void)
{
    return open("/tmp/photogate-sandbox-escape", O_WRONLY | O_CREAT, 0600) < 0 ? REFUSED
                                                                               : SUCCEEDED;
}

static int connect_somewhere(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    return s >= 0 && connect(s, (const struct sockaddr *)&to, sizeof to) == 0 ? SUCCEEDED : REFUSED;
}

static int fork_a_child(void)
{
    return fork() < 0 ? REFUSED : SUCCEEDED;
}

static int trace_the_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 ? REFUSED : SUCCEEDED;
}

static int run_a_program(void)
{
    char name[] = "/bin/true";
    char *args[] = {name, NULL};
    (void)execv(name, args);
    return REFUSED;
}

static int signal_the_parent(void)
{
    return kill(getppid(), 0) < 0 ? REFUSED : SUCCEEDED;
}

static int make_memory_executable(void)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(at, 4096, PROT_READ | PROT_EXEC) < 0 ? REFUSED : SUCCEEDED;
}

static int map_executable_memory(void)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? REFUSED : SUCCEEDED;
}

static int do_honest_work(void)
{
    char *memory = malloc(1 << 20);
    struct stat st;
    if (!memory || fstat(0, &st) != 0) {
        return REFUSED;
    }
    memset(memory, 1, 1 << 20);
    free(memory);
    return DONE;
}

static int take_too_much_memory(void)
{
    void *at = mmap(NULL, EXAMINER_ADDRESS_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? REFUSED : SUCCEEDED;
}

static void honest_work_goes_on(void **state)
{
    (void)state;
    int how = end_of(do_honest_work);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == DONE);
}

static void what_an_examiner_may_not_do_ends_it(void **state)
{
    (void)state;
    if (UNDER_SANITIZER) {
        print_message("skipped: seccomp is off under a sanitizer\n");
        skip();
    }
    attempt *const tries[] = {
        open_a_file,          make_a_file,      connect_somewhere, fork_a_child,
        run_a_program,        trace_the_parent, signal_the_parent, make_memory_executable,
        map_executable_memory};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        int how = end_of(tries[i]);
        assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGSYS);
    }
    assert_int_not_equal(access("/tmp/photogate-sandbox-escape", F_OK), 0);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    if (UNDER_SANITIZER) {
        print_message("skipped: memory is not bounded under a sanitizer\n");
        skip();
    }
    int how = end_of(take_too_much_memory);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_work_goes_on),
        cmocka_unit_test(what_an_examiner_may_not_do_ends_it),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
