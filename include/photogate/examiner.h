/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examiners: one confined process per worker that reads hostile photos, and the pool that drives
 * them.
 *
 * An examiner is this program executed anew (`photogate examiner`), so that nothing of the gate's
 * memory (register, keys) is in it. It opens its face detector, gives up files, network and most
 * system calls (Landlock, seccomp, rlimits), says READY, and then lives on descriptors it is
 * handed. A crash, a hang or a bomb costs one photo its approval and one process.
 *
 * The pool belongs to one thread. Sequence: pool_open; pool_idle / pool_examine / pool_cleanse;
 * pool_wait; pool_close.
 */
#ifndef PHOTOGATE_EXAMINER_H
#define PHOTOGATE_EXAMINER_H

#include "photogate/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The examiner process's whole life; called by cli for the internal command. `socket` and `model`
 * are descriptors (model -1 for none). Returns the exit code. */
int examiner_main(int socket, int model, enum face_search search);

/* Give up everything an examiner does not need. Once per process; irrevocable.
 * *out says what is in force; what the kernel lacks is not an error here. fails LIBRARY, IO when a
 * step that exists fails. */
enum status sandbox_enter(struct confinement *out, struct err *err);

struct pool;

struct pool_options {
    unsigned n_workers;     /* 1..MAX_WORKERS */
    int model;              /* descriptor of the face model, borrowed; -1 for none */
    enum face_search search; /* how thoroughly faces are looked for */
    const char *program;    /* what to execute as `program examiner`; NULL: this program */
    unsigned wall_ms;       /* time one photo may take */
    struct release_wishes wishes;
};

/* Start the workers and wait until the first is ready. fails with the examiner's own message when
 * it cannot start. */
enum status pool_open(const struct pool_options *options, struct pool **out, struct err *err);
void pool_close(struct pool *p);

/* What the first examiner said of itself; borrowed. Every later one must say the same, or the run
 * stops. */
const struct readiness *pool_readiness(const struct pool *p);

/* A worker without work, or -1. */
int pool_idle(const struct pool *p);

/* A file that lies beside a photo: its descriptor, and what `struct sidecar` says of it. */
struct companion_file {
    int fd;
    enum companion_kind kind;
    struct text name, siblings;
};

/* Hand a photo to an idle worker. Descriptors are borrowed. `ticket` comes back with the answer. */
enum status pool_examine(struct pool *p, int worker, size_t ticket, int photo,
                         const struct companion_file *beside, size_t n_beside, struct err *err);

/* Have the worker that just examined `ticket` write the release, covered as asked for, into `out`
 * (borrowed descriptor). */
enum status pool_cleanse(struct pool *p, int worker, size_t ticket, const struct cover *cover,
                         int out, struct err *err);

/* Replace a worker whose answer made no sense: it is not to see another photo. */
enum status pool_distrust(struct pool *p, int worker, struct err *err);

struct answer {
    size_t ticket;
    int worker;
    enum frame_type type; /* EVIDENCE, RELEASE or FAILED */
    enum exam exam;       /* DONE, or CRASHED, TIMED_OUT, OUT_OF_MEMORY, BAD_REPLY for FAILED */
    enum status status;   /* FAILED: what the examiner said */
    struct err words;
    struct bytes payload; /* borrowed until the worker's next work */
};

/* Wait for the next answer, at most `timeout_ms` (-1 for ever). *got is false on time-out or when
 * nobody works. Workers that died or overran their time have been replaced when their answer is
 * handed out.
 * fails    IO, LIBRARY: no worker can be started any more */
enum status pool_wait(struct pool *p, int timeout_ms, struct answer *out, bool *got,
                      struct err *err);

#ifdef __cplusplus
}
#endif
#endif
