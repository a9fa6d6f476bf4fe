/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/ini_file.h"

static enum status read_all(int fd, const char *shown, struct buffer *out, struct err *err)
{
    uint8_t block[16384];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return err_set(err, STATUS_IO, "%s: %s", shown, strerror(errno));
        }
        if (n == 0) {
            return STATUS_OK;
        }
        buffer_add(out, block, (size_t)n);
        if (out->failed == STATUS_LIMIT) {
            return err_set(err, STATUS_LIMIT, "%s: larger than %zu bytes", shown, out->max);
        }
        if (out->failed != STATUS_OK) {
            return buffer_status(out, err);
        }
    }
}

enum status plain_file_read(int dir, const char *path, const char *shown, bool *missing,
                            struct buffer *out, struct err *err)
{
    enum status st;
    struct stat about;
    int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENOENT && missing) {
        *missing = true;
        return STATUS_OK;
    }
    if (fd < 0) {
        return err_set(err, STATUS_IO, "%s: %s", shown,
                       errno == ELOOP ? "is a link, which is not followed" : strerror(errno));
    }
    if (fstat(fd, &about) != 0) {
        st = err_set(err, STATUS_IO, "%s: %s", shown, strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        st = err_set(err, STATUS_IO, "%s: is not a regular file", shown);
    } else {
        st = read_all(fd, shown, out, err);
    }
    (void)close(fd);
    if (st == STATUS_OK && missing) {
        *missing = false;
    }
    return st;
}
