/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/limits.h"

bool home_path(const struct home *h, const char *name, char *out, size_t cap)
{
    int n = snprintf(out, cap, "%s/%s", h->path, name);
    return n > 0 && (size_t)n < cap;
}

static const char *join(char *out, const char *a, const char *b)
{
    int n = snprintf(out, MAX_PATH_BYTES, "%s/%s", a, b);
    return n > 0 && n < (int)MAX_PATH_BYTES ? out : NULL;
}

/* consent/ beside the build folder of the tree the program stands in, so that it runs before it is
 * installed. */
static bool source_tree(char out[MAX_PATH_BYTES])
{
    char self[MAX_PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) {
        return false;
    }
    self[n] = '\0';
    for (int up = 0; up < 5; up++) {
        char *slash = strrchr(self, '/');
        if (!slash || slash == self) {
            return false;
        }
        *slash = '\0';
        if (join(out, self, "consent/policies/safe-default.ini") && access(out, R_OK) == 0) {
            return join(out, self, "consent") != NULL;
        }
    }
    return false;
}

void home_places(const char *home, struct home_places *out)
{
    memset(out, 0, sizeof *out);
    size_t profiles = 0, words = 0;
    const char *given = getenv("PHOTOGATE_DATADIR");
    char tree[MAX_PATH_BYTES];
    const char *installed = given && *given ? given : source_tree(tree) ? tree : PHOTOGATE_DATADIR;
    if (home) {
        out->profiles[profiles++] = join(out->text[0], home, "policies");
        out->words[words++] = join(out->text[1], home, "words");
    }
    out->profiles[profiles++] = join(out->text[2], installed, "policies");
    out->words[words++] = join(out->text[3], installed, "words");
    out->places = (struct policy_places){out->profiles, profiles, out->words, words};
}

static enum status take_lock(struct home *h, struct err *err)
{
    h->lock = openat(h->fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (h->lock < 0) {
        return err_set(err, STATUS_IO, "%s/lock: %s", h->path, strerror(errno));
    }
    if (flock(h->lock, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK
                   ? err_set(err, STATUS_BUSY,
                             "another photogate is at work in %s; wait until it has finished",
                             h->path)
                   : err_set(err, STATUS_IO, "%s/lock: %s", h->path, strerror(errno));
    }
    return STATUS_OK;
}

static enum status open_settings(struct home *h, struct err *err)
{
    char conf[MAX_PATH_BYTES];
    if (!home_path(h, "photogate.conf", conf, sizeof conf)) {
        return err_set(err, STATUS_LIMIT, "the path of the school's folder is too long");
    }
    if (access(conf, F_OK) != 0) {
        return err_set(err, STATUS_IO,
                       "%s is not a school's folder (no photogate.conf in it); make one with "
                       "'photogate init %s'",
                       h->path, h->path);
    }
    struct home_places places;
    home_places(h->path, &places);
    enum status st = school_load(conf, &h->school, err);
    return st == STATUS_OK ? policy_load(&places.places, h->school->policy, conf, &h->policy, err)
                           : st;
}

enum status home_open(const char *path, unsigned needs, struct home *out, struct err *err)
{
    struct home h = {.fd = -1, .lock = -1};
    enum status st = STATUS_OK;
    if (!realpath(path, h.path)) {
        return err_set(err, STATUS_IO, "%s: %s; make a school's folder with 'photogate init %s'",
                       path, strerror(errno), path);
    }
    h.fd = open(h.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* no O_PATH: it is synced */
    if (h.fd < 0) {
        st = err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
    }
    if (st == STATUS_OK) {
        st = open_settings(&h, err);
    }
    if (st == STATUS_OK && (needs & HOME_LOCK)) {
        st = take_lock(&h, err);
    }
    char file[MAX_PATH_BYTES];
    if (st == STATUS_OK && (needs & (HOME_REGISTER | HOME_REGISTER_WRITE))) {
        enum register_mode mode = needs & HOME_REGISTER_WRITE ? REGISTER_WRITE : REGISTER_READ;
        st = home_path(&h, "register.db", file, sizeof file)
                 ? register_open(file, mode, &h.people, err)
                 : err_set(err, STATUS_LIMIT, "the path of the school's folder is too long");
    }
    if (st == STATUS_OK && (needs & (HOME_LEDGER | HOME_LEDGER_WRITE))) {
        enum ledger_mode mode = needs & HOME_LEDGER_WRITE ? LEDGER_WRITE : LEDGER_READ;
        st = ledger_open(h.path, mode, &h.ledger, err);
    }
    if (st == STATUS_OK) {
        *out = h;
    } else {
        home_close(&h);
    }
    return st;
}

void home_close(struct home *h)
{
    if (!h) {
        return;
    }
    ledger_close(h->ledger);
    register_close(h->people);
    policy_free(h->policy);
    school_free(h->school);
    if (h->lock >= 0) {
        (void)close(h->lock);
    }
    if (h->fd >= 0) {
        (void)close(h->fd);
    }
    *h = (struct home){.fd = -1, .lock = -1};
}
