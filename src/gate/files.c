/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small file work that must be right: whole or not at all, durable when it returns. */
#include "photogate/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

void time_now(char out[TIME_TEXT_BYTES])
{
    time_t now = time(NULL);
    struct tm utc;
    if (!gmtime_r(&now, &utc) || strftime(out, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        (void)snprintf(out, TIME_TEXT_BYTES, "1970-01-01T00:00:00Z");
    }
}

struct date date_today(void)
{
    struct date today = DATE_NONE;
    time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local)) {
        (void)date_make(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &today);
    }
    return today;
}

enum status folder_open(int dir, const char *name, unsigned mode, int *fd, struct err *err)
{
    bool made = mkdirat(dir, name, mode) == 0;
    if (!made && errno != EEXIST) {
        return err_set(err, STATUS_IO, "%s: cannot be made: %s", name, strerror(errno));
    }
    int opened = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) {
        return err_set(err, STATUS_IO, "%s: cannot be opened: %s", name, strerror(errno));
    }
    /* mkdir's mode is cut by the umask; ours is meant. A new name is durable once its folder is. */
    if (made && (fchmod(opened, mode) != 0 || fsync(dir) != 0)) {
        enum status st = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
        (void)close(opened);
        return st;
    }
    *fd = opened;
    return STATUS_OK;
}

static enum status write_all(int fd, struct bytes data)
{
    for (size_t done = 0; done < data.n;) {
        ssize_t n = write(fd, data.at + done, data.n - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}

enum status file_replace(int dir, const char *name, struct bytes content, unsigned mode,
                         struct err *err)
{
    char temporary[300];
    int n = snprintf(temporary, sizeof temporary, ".%s.new", name);
    if (n < 0 || (size_t)n >= sizeof temporary) {
        return err_set(err, STATUS_LIMIT, "%s: the name is too long", name);
    }
    (void)unlinkat(dir, temporary, 0); /* left by a kill */
    int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return err_set(err, STATUS_IO, "%s: cannot be written: %s", name, strerror(errno));
    }
    bool ok = write_all(fd, content) == STATUS_OK && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int why = errno;
    ok = close(fd) == 0 && ok;
    if (ok && renameat(dir, temporary, dir, name) != 0) {
        ok = false;
        why = errno;
    }
    if (ok && fsync(dir) != 0) {
        ok = false;
        why = errno;
    }
    if (!ok) {
        (void)unlinkat(dir, temporary, 0);
        return err_set(err, STATUS_IO, "%s: cannot be written: %s", name, strerror(why));
    }
    return STATUS_OK;
}

enum status file_content(int fd, size_t max_bytes, struct buffer *out, struct err *err)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return err_set(err, STATUS_IO, "it is not an ordinary file");
    }
    if (facts.st_size < 0 || (uint64_t)facts.st_size > max_bytes) {
        return err_set(err, STATUS_LIMIT, "it is larger than %zu bytes", max_bytes);
    }
    size_t size = (size_t)facts.st_size, done = 0;
    uint8_t *at = buffer_extend(out, size);
    enum status st = at ? STATUS_OK : buffer_status(out, err);
    while (st == STATUS_OK && done < size) {
        ssize_t n = pread(fd, at + done, size - done, (off_t)done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            st = err_set(err, STATUS_IO, "it could not be read to its end");
        }
    }
    return st;
}

enum status file_digest(int fd, struct digest *out, struct err *err)
{
    enum { CHUNK_BYTES = 256 * 1024 };
    uint8_t *chunk = malloc(CHUNK_BYTES);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    enum status st = chunk && md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1
                         ? STATUS_OK
                         : err_set(err, STATUS_NOMEM, "out of memory while reading a photo back");
    off_t at = 0;
    while (st == STATUS_OK) {
        ssize_t n = pread(fd, chunk, CHUNK_BYTES, at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            st = err_set(err, STATUS_IO, "a photo could not be read back: %s", strerror(errno));
        }
        if (n <= 0) {
            break;
        }
        at += n;
        if (EVP_DigestUpdate(md, chunk, (size_t)n) != 1) {
            st = err_set(err, STATUS_LIBRARY, "SHA-256 failed");
        }
    }
    if (st == STATUS_OK && EVP_DigestFinal_ex(md, out->b, NULL) != 1) {
        st = err_set(err, STATUS_LIBRARY, "SHA-256 failed");
    }
    EVP_MD_CTX_free(md);
    free(chunk);
    return st;
}

enum status file_read(int dir, const char *name, size_t max_bytes, struct buffer *out,
                      struct err *err)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return err_set(err, STATUS_IO, "%s: cannot be read: %s", name, strerror(errno));
    }
    struct err why = {0};
    enum status st = file_content(fd, max_bytes, out, &why);
    (void)close(fd);
    return st == STATUS_OK ? st : err_set(err, st, "%s: %s", name, why.text);
}
