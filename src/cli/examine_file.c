/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "examine_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static enum status ask(struct pool *pool, int fd, struct arena *a, struct evidence *e,
                       struct err *err)
{
    struct answer answer = {.exam = EXAM_NOT_DONE};
    bool got = false;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && pool_idle(pool) < 0) { /* one that died is being replaced */
        st = pool_wait(pool, -1, &answer, &got, err);
    }
    if (st == STATUS_OK) {
        st = pool_examine(pool, pool_idle(pool), 0, fd, NULL, 0, err);
    }
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

enum status examine_file(struct pool *pool, const char *path, struct arena *a, struct evidence *e,
                         struct err *err)
{
    int fd = -1;
    uint64_t n_bytes = 0;
    struct evidence found = {.exam = EXAM_NOT_DONE};
    enum status st = open_photo(path, &fd, &n_bytes, err);
    if (st == STATUS_OK) {
        st = ask(pool, fd, a, &found, err);
        (void)close(fd);
    }
    if (st == STATUS_OK) {
        found.name = text_of(path);
        found.size_bytes = n_bytes;
        *e = found;
    }
    return st;
}
