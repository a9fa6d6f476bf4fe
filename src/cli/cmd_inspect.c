/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a photo gives away, told to a person. No school's folder is needed; the photo is read by a
 * confined examiner all the same. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "inspect.h"
#include "photogate/examiner.h"

#define EVIDENCE_BYTES ((size_t)64 * 1024 * 1024)

/* A regular file, not waited for and not followed to somewhere else. */
static enum status open_photo(const char *path, int *fd, uint64_t *n_bytes, struct err *err)
{
    struct stat st;
    int got = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (got < 0) {
        return err_set(err, STATUS_IO, "%s: %s", path,
                       errno == ELOOP ? "a link; name the photo itself" : strerror(errno));
    }
    if (fstat(got, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(got);
        return err_set(err, STATUS_IO, "%s: not a regular file", path);
    }
    *fd = got;
    *n_bytes = (uint64_t)st.st_size;
    return STATUS_OK;
}

/* What the examiner says, or what became of it. */
static enum status examine(struct pool *pool, int fd, struct arena *a, struct evidence *e,
                           struct err *err)
{
    struct answer answer = {.exam = EXAM_NOT_DONE};
    bool got = false;
    enum status st = pool_examine(pool, pool_idle(pool), 0, fd, NULL, 0, err);
    if (st == STATUS_OK) {
        st = pool_wait(pool, -1, &answer, &got, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (got && answer.type == FRAME_EVIDENCE) {
        return wire_get_evidence(answer.payload, a, e, err);
    }
    e->exam = got ? answer.exam : EXAM_CRASHED;
    return arena_dup(a, text_of(answer.words.text), &e->exam_note)
               ? STATUS_OK
               : err_set(err, STATUS_NOMEM, "out of memory");
}

static int inspect(const char *path, bool json)
{
    struct pool_options options = {.n_workers = 1, .model = -1, .wall_ms = EXAMINER_WALL_MS};
    struct pool *pool = NULL;
    struct evidence e = {.exam = EXAM_NOT_DONE};
    struct err err = {0};
    struct arena a;
    int fd = -1, code = EXIT_APPROVED;
    arena_init(&a, EVIDENCE_BYTES);
    enum status st = open_photo(path, &fd, &e.size_bytes, &err);
    if (st == STATUS_OK) {
        st = pool_open(&options, &pool, &err);
    }
    if (st == STATUS_OK) {
        uint64_t n_bytes = e.size_bytes;
        st = examine(pool, fd, &a, &e, &err);
        e.size_bytes = n_bytes;
        e.name = text_of(path);
    }
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
    } else if (json && !inspect_json(&e)) {
        code = EXIT_ENVIRONMENT;
    } else {
        if (!json) {
            inspect_words(&e);
        }
        code = e.exam == EXAM_DONE ? EXIT_APPROVED : EXIT_REFUSED;
    }
    pool_close(pool);
    if (fd >= 0) {
        (void)close(fd);
    }
    arena_release(&a);
    return code;
}

int cmd_inspect(const struct cli *cli, int argc, char **argv)
{
    bool json = false, carriers = false;
    const struct cli_option options[] = {{"json", NULL, &json}, {"carriers", NULL, &carriers}};
    char **operands;
    int n, code;
    (void)cli;
    if (!cli_options("inspect", options, 2, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (carriers && n == 0) {
        return inspect_carriers(json) ? EXIT_APPROVED : EXIT_ENVIRONMENT;
    }
    if (carriers || n != 1) {
        return cli_usage("inspect", "name one photo, or say --carriers");
    }
    return inspect(operands[0], json);
}
