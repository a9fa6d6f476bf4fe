/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_DEPTH = 8 };

struct walk {
    tree_visit *visit; /* NULL: delete */
    void *context;
    struct err *err;
};

static enum status walk_folder(const struct walk *w, int dir, const char *name, const char *below,
                               int depth);

static enum status failed(const struct walk *w, const char *name)
{
    return err_set(w->err, STATUS_IO, "%s: %s", name, strerror(errno));
}

static enum status walk_item(const struct walk *w, int dir, const char *name, const char *below,
                             int depth)
{
    struct stat facts;
    char path[MAX_PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s%s%s", below, *below ? "/" : "", name);
    if (n < 0 || n >= (int)sizeof path || depth > MAX_DEPTH) {
        return err_set(w->err, STATUS_LIMIT, "%s: folders inside folders, too deep", name);
    }
    if (fstatat(dir, name, &facts, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? STATUS_OK : failed(w, name);
    }
    if (S_ISDIR(facts.st_mode)) {
        enum status st = walk_folder(w, dir, name, path, depth + 1);
        return st == STATUS_OK && !w->visit && unlinkat(dir, name, AT_REMOVEDIR) != 0
                   ? failed(w, name)
                   : st;
    }
    if (w->visit) {
        return w->visit(w->context, path, &facts, w->err);
    }
    return unlinkat(dir, name, 0) == 0 ? STATUS_OK : failed(w, name);
}

static enum status walk_folder(const struct walk *w, int dir, const char *name, const char *below,
                               int depth)
{
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *open = fd < 0 ? NULL : fdopendir(fd);
    if (!open) {
        enum status st = errno == ENOENT || errno == ENOTDIR ? STATUS_OK : failed(w, name);
        if (fd >= 0) {
            (void)close(fd);
        }
        return st;
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(open); e && st == STATUS_OK; e = readdir(open)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            st = walk_item(w, dirfd(open), e->d_name, below, depth);
        }
    }
    (void)closedir(open);
    return st;
}

enum status tree_each(int dir, const char *path, tree_visit *visit, void *context, struct err *err)
{
    const struct walk w = {visit, context, err};
    return walk_folder(&w, dir, path, "", 0);
}

enum status tree_delete(int dir, const char *path, struct err *err)
{
    const struct walk w = {NULL, NULL, err};
    return walk_item(&w, dir, path, "", 0);
}
