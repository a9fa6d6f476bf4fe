/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an examiner gives up before it sees its first photo: files and network (Landlock), every
 * system call it does not need (seccomp), memory, files and processes beyond its share (rlimits),
 * and any way to gain privileges. */
#include "photogate/examiner.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "photogate/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#else
#define UNDER_SANITIZER 0
#endif

/* The kernel's own structure grows with its ABI (linux/landlock.h); this is ABI 6's, and older
 * kernels are given a shorter size. */
struct ruleset {
    uint64_t files, network, scopes;
};

/* All rights an ABI knows are handled, and none is granted. */
static struct ruleset everything(int abi)
{
    /* Bits in order of introduction: 13 in ABI 1, then refer (2), truncate (3), ioctl on devices
     * (5). */
    unsigned n_files = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
    return (struct ruleset){
        .files = (1ULL << n_files) - 1,
        .network = abi >= 4 ? 3 : 0, /* bind and connect over TCP */
        .scopes = abi >= 6 ? 3 : 0,  /* abstract sockets, signals */
    };
}

static enum status landlock_enter(uint32_t *in_force, struct err *err)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        *in_force = 0; /* the kernel has none, or it is switched off: said in the run's record */
        return STATUS_OK;
    }
    struct ruleset rules = everything((int)abi);
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (fd < 0) {
        return err_set(err, STATUS_LIBRARY, "Landlock: %s", strerror(errno));
    }
    long done = syscall(SYS_landlock_restrict_self, fd, 0);
    int why = errno;
    (void)close(fd);
    if (done != 0) {
        return err_set(err, STATUS_LIBRARY, "Landlock: %s", strerror(why));
    }
    *in_force = (uint32_t)abi;
    return STATUS_OK;
}

/* Reading what it was handed, writing the release and answers, memory, the clock. Nothing that
 * opens, connects, forks, signals others or inspects. */
static const int ALLOWED[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(pwrite64),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendto),
    SCMP_SYS(fstat),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(restart_syscall),
};

static int allow_narrowly(scmp_filter_ctx filter)
{
    /* Memory that is never executable; tgkill only to itself, so that abort() ends as an abort. */
    int bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    /* glibc's fstat. The flag lets it ask about a descriptor; at worst a name's size and dates are
     * told, never its content. */
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                            SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH));
    return bad;
}

static enum status seccomp_enter(struct err *err)
{
    enum status st = STATUS_LIBRARY;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) {
        return err_set(err, STATUS_NOMEM, "seccomp: out of memory");
    }
    int bad = 0;
    for (size_t i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0]; i++) {
        bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0);
    }
    bad |= allow_narrowly(filter);
    if (bad == 0 && seccomp_load(filter) == 0) {
        st = STATUS_OK;
    }
    seccomp_release(filter);
    return st == STATUS_OK ? st : err_set(err, st, "seccomp: the filter was not accepted");
}

static bool limit(int what, uint64_t most)
{
    struct rlimit l = {most, most};
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)what, &now) == 0 && now.rlim_max < most) {
        l.rlim_cur = l.rlim_max = now.rlim_max; /* already tighter */
    }
    return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

enum status sandbox_enter(struct confinement *out, struct err *err)
{
    struct confinement c = {0};
    bool ok = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 2ull * MAX_PHOTO_BYTES) &&
              limit(RLIMIT_NOFILE, 16) && limit(RLIMIT_MEMLOCK, 0);
    if (!UNDER_SANITIZER) { /* a sanitizer reserves terabytes of addresses */
        ok = ok && limit(RLIMIT_AS, EXAMINER_ADDRESS_BYTES);
        c.address_bytes = EXAMINER_ADDRESS_BYTES;
    }
    ok = ok && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0;
    if (!ok) {
        return err_set(err, STATUS_IO, "limits: %s", strerror(errno));
    }
    enum status st = landlock_enter(&c.landlock_abi, err);
    if (st == STATUS_OK && !UNDER_SANITIZER) { /* a sanitizer makes calls of its own */
        st = seccomp_enter(err);
        c.seccomp = st == STATUS_OK;
    }
    if (st == STATUS_OK) {
        *out = c;
    }
    return st;
}
