/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate's side of the examiners: start them, hand out work, gather answers byte by byte, replace
 * the dead. */
#include "photogate/examiner.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "photogate/limits.h"

enum worker_state { WORKER_DEAD, WORKER_STARTING, WORKER_IDLE, WORKER_BUSY };

enum {
    START_MS = 60000,
    MAX_START_FAILURES = 3,
    EXAMINER_SOCKET = 3,
    EXAMINER_MODEL = 4,
    READINESS_BYTES = 65536,
    WISHES_BYTES = 64 + MAX_COVERED * 16
};

struct worker {
    enum worker_state state;
    pid_t pid;
    int socket;
    size_t ticket;
    int64_t deadline_ms;
    struct buffer in; /* header and payload of the frame being received */
};

struct pool {
    struct pool_options options;
    struct worker workers[MAX_WORKERS];
    struct readiness readiness;
    bool ready; /* `readiness` is set */
    unsigned start_failures;
    struct arena memory; /* the readiness's text */
};

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Descriptors above those the examiner will see, so that no dup2 overwrites the next one's source.
 */
static int lift(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, 16);
}

static enum status spawn_examiner(const struct pool *p, int socket, pid_t *pid, struct err *err)
{
    const char *program = p->options.program ? p->options.program : "/proc/self/exe";
    char name[] = "photogate", command[] = "examiner", with_model[] = "model";
    char no_model[] = "no-model", strict[] = "strict", fast[] = "fast";
    char *args[] = {name, command, p->options.model >= 0 ? with_model : no_model,
                    p->options.search == FACES_FAST ? fast : strict, NULL};
    char locale[] = "LC_ALL=C.UTF-8", log[] = "OPENCV_LOG_LEVEL=SILENT";
    char *environment[] = {locale, log, NULL};

    enum status st = STATUS_IO;
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return err_set(err, STATUS_NOMEM, "out of memory while starting an examiner");
    }
    int sock = lift(socket), model = p->options.model >= 0 ? lift(p->options.model) : -1;
    int bad = sock < 0 || (p->options.model >= 0 && model < 0);
    bad |= posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    bad |= posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    bad |= posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
#endif
    bad |= posix_spawn_file_actions_adddup2(&actions, sock, EXAMINER_SOCKET);
    if (model >= 0) {
        bad |= posix_spawn_file_actions_adddup2(&actions, model, EXAMINER_MODEL);
    }
    bad |= posix_spawn_file_actions_addclosefrom_np(&actions, model >= 0 ? 5 : 4);
    int why = bad ? EMFILE : posix_spawn(pid, program, &actions, NULL, args, environment);
    if (why == 0) {
        st = STATUS_OK;
    } else {
        (void)err_set(err, st, "an examiner could not be started: %s", strerror(why));
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    if (sock >= 0) {
        (void)close(sock);
    }
    if (model >= 0) {
        (void)close(model);
    }
    return st;
}

static enum status worker_start(struct pool *p, struct worker *w, struct err *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return err_set(err, STATUS_IO, "an examiner could not be started: %s", strerror(errno));
    }
    enum status st = spawn_examiner(p, pair[1], &w->pid, err);
    (void)close(pair[1]);
    if (st != STATUS_OK) {
        (void)close(pair[0]);
        return st;
    }
    w->socket = pair[0];
    w->state = WORKER_STARTING;
    w->deadline_ms = now_ms() + START_MS;
    buffer_reset(&w->in);
    return STATUS_OK;
}

/* End a worker, whatever it is doing. Returns how its process ended, as waitpid tells it. */
static int worker_stop(struct worker *w)
{
    int how = 0;
    if (w->state == WORKER_DEAD) {
        return how;
    }
    (void)kill(w->pid, SIGKILL);
    (void)close(w->socket);
    while (waitpid(w->pid, &how, 0) < 0 && errno == EINTR) {
    }
    w->state = WORKER_DEAD;
    return how;
}

/* How a process that closed its socket ended by itself: give it a moment to be reaped before it is
 * killed. */
static int worker_reap(struct worker *w)
{
    int how = 0;
    (void)close(w->socket);
    for (int tries = 0; tries < 200; tries++) {
        pid_t got = waitpid(w->pid, &how, WNOHANG);
        if (got == w->pid) {
            w->state = WORKER_DEAD;
            return how;
        }
        struct timespec pause = {0, 5 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
    }
    (void)kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &how, 0) < 0 && errno == EINTR) {
    }
    w->state = WORKER_DEAD;
    return how;
}

const struct readiness *pool_readiness(const struct pool *p)
{
    return &p->readiness;
}

int pool_idle(const struct pool *p)
{
    for (unsigned i = 0; i < p->options.n_workers; i++) {
        if (p->workers[i].state == WORKER_IDLE) {
            return (int)i;
        }
    }
    return -1;
}

enum status pool_distrust(struct pool *p, int worker, struct err *err)
{
    struct worker *w = &p->workers[worker];
    if (w->state != WORKER_IDLE) {
        return STATUS_OK; /* dead, and replaced already */
    }
    (void)worker_stop(w);
    return worker_start(p, w, err);
}

static enum status hand_over(struct pool *p, int worker, size_t ticket, enum frame_type type,
                             struct bytes payload, const int *fds, size_t n_fds)
{
    struct worker *w = &p->workers[worker];
    struct err ignored = {0};
    w->ticket = ticket;
    w->state = WORKER_BUSY;
    w->deadline_ms = now_ms() + p->options.wall_ms;
    buffer_reset(&w->in);
    uint8_t early;
    if (recv(w->socket, &early, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
        /* It speaks before it is asked: its words would be taken for the answer. */
        (void)kill(w->pid, SIGKILL);
        (void)shutdown(w->socket, SHUT_RDWR);
    }
    /* A worker that died just now shows as end of stream at the next wait: nothing to tell here. */
    (void)wire_send(w->socket, type, payload, fds, n_fds, &ignored);
    return STATUS_OK;
}

enum status pool_examine(struct pool *p, int worker, size_t ticket, int photo,
                         const struct companion_file *beside, size_t n_beside, struct err *err)
{
    int fds[FRAME_MAX_FDS] = {photo};
    struct sidecar rows[MAX_SIDECARS] = {{.kind = COMPANION_UNKNOWN}};
    struct buffer request;
    if (n_beside > MAX_SIDECARS || p->workers[worker].state != WORKER_IDLE) {
        return err_set(err, STATUS_BUG, "work for an examiner that cannot take it");
    }
    for (size_t i = 0; i < n_beside; i++) {
        fds[i + 1] = beside[i].fd;
        rows[i].kind = beside[i].kind;
        rows[i].name = beside[i].name;
        rows[i].siblings = beside[i].siblings;
    }
    buffer_init(&request, MAX_MESSAGE_BYTES);
    wire_put_companions(&request, rows, n_beside);
    enum status st = buffer_status(&request, err);
    if (st == STATUS_OK) {
        st = hand_over(p, worker, ticket, FRAME_EXAMINE, buffer_view(&request), fds, n_beside + 1);
    }
    buffer_release(&request);
    return st;
}

enum status pool_cleanse(struct pool *p, int worker, size_t ticket, const struct cover *cover,
                         int out, struct err *err)
{
    struct worker *w = &p->workers[worker];
    if (w->state != WORKER_IDLE || w->ticket != ticket) {
        return err_set(err, STATUS_BUG, "cleansing by an examiner that saw another photo");
    }
    struct buffer request;
    buffer_init(&request, WISHES_BYTES);
    wire_put_wishes(&request, &p->options.wishes, cover);
    enum status st = buffer_status(&request, err);
    if (st == STATUS_OK) {
        st = hand_over(p, worker, ticket, FRAME_CLEANSE, buffer_view(&request), &out, 1);
    }
    buffer_release(&request);
    return st;
}

/* Read what is there. *whole when a frame is complete; *gone at end of stream. */
static enum status gather(struct worker *w, enum frame_type *type, bool *whole, bool *gone,
                          struct err *err)
{
    *whole = *gone = false;
    for (;;) {
        size_t want = FRAME_HEADER_BYTES;
        if (w->in.n >= FRAME_HEADER_BYTES) {
            uint32_t length = 0;
            enum status st = wire_header(bytes_slice(buffer_view(&w->in), 0, FRAME_HEADER_BYTES),
                                         type, &length, err);
            if (st != STATUS_OK) {
                return st;
            }
            want += length;
        }
        if (w->in.n == want && want >= FRAME_HEADER_BYTES && w->in.n >= FRAME_HEADER_BYTES) {
            *whole = true;
            return STATUS_OK;
        }
        size_t had = w->in.n;
        uint8_t *room = buffer_extend(&w->in, want - had);
        if (!room) {
            return buffer_status(&w->in, err);
        }
        ssize_t n = recv(w->socket, room, want - had, MSG_DONTWAIT);
        w->in.n = had + (n > 0 ? (size_t)n : 0);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            *gone = true;
            return STATUS_OK;
        }
        if (n < 0 && errno == EAGAIN) {
            return STATUS_OK;
        }
    }
}

static struct bytes frame_payload(const struct worker *w)
{
    return bytes_slice(buffer_view(&w->in), FRAME_HEADER_BYTES, w->in.n);
}

static bool same_readiness(const struct readiness *a, const struct readiness *b)
{
    return a->assurance == b->assurance && text_equal(a->detector, b->detector) &&
           a->confinement.landlock_abi == b->confinement.landlock_abi &&
           a->confinement.seccomp == b->confinement.seccomp &&
           a->confinement.address_bytes == b->confinement.address_bytes;
}

/* The first to be ready says what is in force; all others must say the same. */
static enum status welcome(struct pool *p, struct worker *w, struct err *err)
{
    struct readiness r;
    struct arena memory;
    arena_init(&memory, READINESS_BYTES);
    enum status st = wire_get_readiness(frame_payload(w), &memory, &r, err);
    if (st == STATUS_OK && !p->ready) {
        p->readiness = r;
        p->memory = memory;
        p->ready = true;
        arena_init(&memory, 0);
    } else if (st == STATUS_OK && !same_readiness(&r, &p->readiness)) {
        st = err_set(err, STATUS_BUG, "two examiners differ in what confines them");
    }
    if (st == STATUS_OK) {
        w->state = WORKER_IDLE;
    }
    arena_release(&memory);
    return st;
}

/* A starting worker has spoken, or gone. */
static enum status greet(struct pool *p, struct worker *w, enum frame_type type, bool gone,
                         struct err *err)
{
    enum status st = STATUS_OK;
    if (!gone && type == FRAME_READY) {
        return welcome(p, w, err);
    }
    if (!gone && type == FRAME_FAILED) {
        struct err words = {0};
        enum status said = STATUS_BUG;
        st = wire_get_failure(frame_payload(w), &said, &words, err);
        (void)worker_stop(w);
        return st == STATUS_OK ? err_set(err, said, "the examiner cannot start: %s", words.text)
                               : st;
    }
    (void)worker_stop(w);
    if (++p->start_failures > MAX_START_FAILURES || !p->ready) {
        return err_set(err, STATUS_LIBRARY, "examiners die as they start: nothing can be examined");
    }
    return worker_start(p, w, err);
}

static void answer_dead(const struct worker *w, int how, bool late, struct answer *out)
{
    *out = (struct answer){.ticket = w->ticket, .type = FRAME_FAILED, .exam = EXAM_CRASHED};
    out->status = STATUS_LIBRARY;
    if (late) {
        out->exam = EXAM_TIMED_OUT;
        (void)err_set(&out->words, STATUS_LIMIT, "no answer in time");
    } else if (WIFSIGNALED(how) && WTERMSIG(how) == SIGSYS) {
        (void)err_set(&out->words, STATUS_LIBRARY, "stopped: it tried what an examiner may not do");
    } else if (WIFSIGNALED(how)) {
        (void)err_set(&out->words, STATUS_LIBRARY, "ended by signal %d", WTERMSIG(how));
    } else {
        (void)err_set(&out->words, STATUS_LIBRARY, "ended with code %d", WEXITSTATUS(how));
    }
}

/* A busy worker has answered with a whole frame. */
static void answer_frame(struct worker *w, enum frame_type type, struct answer *out)
{
    *out = (struct answer){.ticket = w->ticket, .type = type, .exam = EXAM_DONE};
    out->payload = frame_payload(w);
    out->status = STATUS_OK;
    if (type == FRAME_FAILED) {
        struct err bad = {0};
        if (wire_get_failure(out->payload, &out->status, &out->words, &bad) != STATUS_OK) {
            out->exam = EXAM_BAD_REPLY;
            out->status = STATUS_FORMAT;
        } else {
            out->exam = out->status == STATUS_NOMEM ? EXAM_OUT_OF_MEMORY : EXAM_CRASHED;
        }
    } else if (type != FRAME_EVIDENCE && type != FRAME_RELEASE) {
        out->type = FRAME_FAILED;
        out->exam = EXAM_BAD_REPLY;
        out->status = STATUS_FORMAT;
    }
    w->state = WORKER_IDLE;
}

/* Look at one worker that has something to say or is late. */
static enum status attend(struct pool *p, int index, bool readable, struct answer *out, bool *got,
                          struct err *err)
{
    struct worker *w = &p->workers[index];
    bool late = now_ms() >= w->deadline_ms, whole = false, gone = false;
    enum frame_type type = FRAME_UNKNOWN;
    struct err bad = {0};
    if (readable && gather(w, &type, &whole, &gone, &bad) != STATUS_OK) {
        /* Nonsense on the wire: the process is not to be trusted with another photo. */
        bool was_busy = w->state == WORKER_BUSY;
        (void)worker_stop(w);
        if (was_busy) {
            *out = (struct answer){.ticket = w->ticket,
                                   .worker = index,
                                   .type = FRAME_FAILED,
                                   .exam = EXAM_BAD_REPLY,
                                   .status = STATUS_FORMAT,
                                   .words = bad};
            *got = true;
            return worker_start(p, w, err);
        }
        return greet(p, w, FRAME_UNKNOWN, true, err);
    }
    if (w->state == WORKER_STARTING) {
        return whole || gone || late ? greet(p, w, type, gone || (late && !whole), err) : STATUS_OK;
    }
    if (whole) {
        answer_frame(w, type, out);
        out->worker = index;
        *got = true;
        return STATUS_OK;
    }
    if (gone || late) {
        int how = gone ? worker_reap(w) : worker_stop(w);
        answer_dead(w, how, !gone, out);
        out->worker = index;
        *got = true;
        return worker_start(p, w, err);
    }
    return STATUS_OK;
}

/* How long poll may sleep: until the caller's patience or the next deadline ends. */
static int patience(const struct pool *p, int64_t until_ms)
{
    int64_t first = until_ms;
    for (unsigned i = 0; i < p->options.n_workers; i++) {
        const struct worker *w = &p->workers[i];
        if ((w->state == WORKER_BUSY || w->state == WORKER_STARTING) &&
            (first < 0 || w->deadline_ms < first)) {
            first = w->deadline_ms;
        }
    }
    int64_t left = first - now_ms();
    return first < 0 ? -1 : left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

/* One round: sleep until something happens, look at every worker concerned. */
static enum status pool_round(struct pool *p, int64_t until_ms, struct answer *out, bool *got,
                              bool *nobody, struct err *err)
{
    struct pollfd fds[MAX_WORKERS];
    int who[MAX_WORKERS];
    nfds_t n = 0;
    for (unsigned i = 0; i < p->options.n_workers; i++) {
        const struct worker *w = &p->workers[i];
        if (w->state == WORKER_BUSY || w->state == WORKER_STARTING) {
            fds[n] = (struct pollfd){.fd = w->socket, .events = POLLIN};
            who[n++] = (int)i;
        }
    }
    *nobody = n == 0;
    if (n == 0) {
        return STATUS_OK;
    }
    if (poll(fds, n, patience(p, until_ms)) < 0 && errno != EINTR) {
        return err_set(err, STATUS_IO, "waiting for the examiners: %s", strerror(errno));
    }
    for (nfds_t i = 0; i < n && !*got; i++) {
        enum status st = attend(p, who[i], fds[i].revents != 0, out, got, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

enum status pool_wait(struct pool *p, int timeout_ms, struct answer *out, bool *got,
                      struct err *err)
{
    int64_t until = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
    *got = false;
    for (;;) {
        bool nobody = false, had_idle = pool_idle(p) >= 0;
        enum status st = pool_round(p, until, out, got, &nobody, err);
        /* A worker that has just become ready is news too: there is somebody to give work to. */
        if (st != STATUS_OK || *got || nobody || (!had_idle && pool_idle(p) >= 0) ||
            (until >= 0 && now_ms() >= until)) {
            return st;
        }
    }
}

enum status pool_open(const struct pool_options *options, struct pool **out, struct err *err)
{
    assert(options->n_workers >= 1 && options->n_workers <= MAX_WORKERS);
    struct pool *p = calloc(1, sizeof *p);
    if (!p) {
        return err_set(err, STATUS_NOMEM, "out of memory while starting the examiners");
    }
    p->options = *options;
    arena_init(&p->memory, 0);
    enum status st = STATUS_OK;
    for (unsigned i = 0; i < options->n_workers; i++) {
        buffer_init(&p->workers[i].in, MAX_MESSAGE_BYTES + FRAME_HEADER_BYTES);
    }
    for (unsigned i = 0; st == STATUS_OK && i < options->n_workers; i++) {
        st = worker_start(p, &p->workers[i], err);
    }
    while (st == STATUS_OK && !p->ready) {
        struct answer none;
        bool got;
        st = pool_wait(p, -1, &none, &got, err);
    }
    if (st != STATUS_OK) {
        pool_close(p);
        return st;
    }
    *out = p;
    return STATUS_OK;
}

void pool_close(struct pool *p)
{
    if (!p) {
        return;
    }
    for (unsigned i = 0; i < p->options.n_workers; i++) {
        (void)worker_stop(&p->workers[i]);
        buffer_release(&p->workers[i].in);
    }
    arena_release(&p->memory);
    free(p);
}
