/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets of 32 random bytes, the owner's only: ledger.key turns a register reference into a
 * pseudonym, checkpoint.key signs. */
#include "ledger/ledger_db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status fill_random(uint8_t *at, size_t n, struct err *err)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = getrandom(at + done, n - done, 0);
        if (got < 0 && errno != EINTR) {
            return err_set(err, STATUS_LIBRARY, "no random bytes: %s", strerror(errno));
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return STATUS_OK;
}

static bool write_all(int fd, const uint8_t *at, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t put = write(fd, at + done, n - done);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return true;
}

enum status key_file_make(int folder, const char *name, uint8_t key[LEDGER_KEY_BYTES], bool *made,
                          struct err *err)
{
    enum status st = fill_random(key, LEDGER_KEY_BYTES, err);
    if (st != STATUS_OK) {
        return st;
    }
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST
                   ? err_set(err, STATUS_IO, "%s is already there; it is not replaced", name)
                   : err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    }
    *made = true;
    /* fchmod: a umask may have taken the owner's own bits */
    if (fchmod(fd, 0600) != 0 || !write_all(fd, key, LEDGER_KEY_BYTES) || fsync(fd) != 0) {
        st = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    }
    if (close(fd) != 0 && st == STATUS_OK) {
        st = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    }
    return st;
}

/* `strict` also wants it closed to everybody but its owner, as ssh does with its keys. */
enum status key_file_read(int folder, const char *name, bool strict, uint8_t key[LEDGER_KEY_BYTES],
                          struct err *err)
{
    enum status st = STATUS_OK;
    uint8_t bytes[LEDGER_KEY_BYTES + 1];
    size_t n = 0;
    struct stat s;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &s) != 0) {
        st = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
        goto out;
    }
    if (!S_ISREG(s.st_mode)) {
        st = err_set(err, STATUS_FORMAT, "%s is not a regular file", name);
        goto out;
    }
    if (strict && (s.st_mode & 077) != 0) {
        st = err_set(err, STATUS_IO, "%s is open to others than its owner; chmod 600 it", name);
        goto out;
    }
    while (n < sizeof bytes) {
        ssize_t got = read(fd, bytes + n, sizeof bytes - n);
        if (got < 0 && errno != EINTR) {
            st = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
            goto out;
        }
        if (got == 0) {
            break;
        }
        n += got > 0 ? (size_t)got : 0;
    }
    if (n != LEDGER_KEY_BYTES) {
        st = err_set(err, STATUS_FORMAT, "%s does not hold a key of %u bytes", name,
                     LEDGER_KEY_BYTES);
        goto out;
    }
    memcpy(key, bytes, LEDGER_KEY_BYTES);
out:
    explicit_bzero(bytes, sizeof bytes);
    if (fd >= 0) {
        (void)close(fd);
    }
    return st;
}

enum status ledger_pseudonym(const struct ledger *l, struct text reference,
                             char out[PSEUDONYM_BYTES], struct err *err)
{
    if (!l->has_key) {
        return err_set(err, STATUS_IO, LEDGER_KEY_NAME " is not here or may not be read");
    }
    struct digest mac;
    char hex[DIGEST_HEX_BYTES];
    enum status st =
        digest_hmac((struct bytes){l->key, sizeof l->key},
                    (struct bytes){(const uint8_t *)reference.at, reference.n}, &mac, err);
    if (st == STATUS_OK) {
        memcpy(out, digest_hex(&mac, hex), PSEUDONYM_BYTES - 1);
        out[PSEUDONYM_BYTES - 1] = '\0';
    }
    return st;
}
