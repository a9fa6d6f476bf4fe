/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/intake.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <unicode/ucasemap.h>

#include "photogate/limits.h"

#define INTAKE_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)

struct scan {
    struct intake *in;
    struct item *items; /* grown with realloc, copied into the arena at the end */
    size_t n, cap;
    bool is_flat; /* folders within are left out */
};

/* openat2 beneath the intake: a link at any step, or a step out, fails with ELOOP or EXDEV. */
static int open_beneath(int dir, const char *name, int flags)
{
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
}

static enum status add_item(struct scan *s, struct text name, enum item_class class, uint64_t size,
                            struct err *err)
{
    if (s->n >= MAX_ITEMS) {
        return err_set(err, STATUS_LIMIT,
                       "the folder holds more than %u files: name smaller folders", MAX_ITEMS);
    }
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 256;
        struct item *grown = realloc(s->items, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
        }
        s->items = grown;
        s->cap = cap;
    }
    struct item item = {.class = class, .size_bytes = size};
    if (!arena_dup(&s->in->memory, name, &item.name)) {
        return err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
    }
    item.base = item.name;
    for (size_t i = item.name.n; i > 0; i--) {
        if (item.name.at[i - 1] == '/') {
            item.folder = text_slice(item.name, 0, i - 1);
            item.base = text_slice(item.name, i, item.name.n);
            break;
        }
    }
    s->items[s->n++] = item;
    return STATUS_OK;
}

static enum status scan_folder(struct scan *s, int fd, struct text path, unsigned depth,
                               struct err *err);

/* One directory entry: a folder is gone into, anything else becomes an item. */
static enum status scan_entry(struct scan *s, int dir, struct text path, const char *base,
                              unsigned depth, struct err *err)
{
    struct stat st;
    if (fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
        return errno == ENOENT ? STATUS_OK /* gone since it was listed */
                               : add_item(s, path, ITEM_UNREADABLE, 0, err);
    }
    if (S_ISDIR(st.st_mode) && s->is_flat) {
        return STATUS_OK;
    }
    if (S_ISDIR(st.st_mode)) {
        if (depth >= MAX_FOLDER_DEPTH) {
            return err_set(err, STATUS_LIMIT, "folders are nested more than %u deep",
                           MAX_FOLDER_DEPTH);
        }
        int fd = open_beneath(dir, base, O_RDONLY | O_DIRECTORY);
        if (fd < 0) {
            return add_item(s, path, ITEM_UNREADABLE, 0, err);
        }
        return scan_folder(s, fd, path, depth + 1, err);
    }
    enum item_class class = intake_class_of_name(text_of(base));
    bool ordinary = S_ISREG(st.st_mode) && st.st_nlink == 1;
    if (!ordinary && class != ITEM_LITTER) {
        class = class == ITEM_CANDIDATE ? ITEM_SPECIAL : class;
    }
    return add_item(s, path, class, st.st_size > 0 ? (uint64_t)st.st_size : 0, err);
}

/* Takes `fd`. */
static enum status scan_folder(struct scan *s, int fd, struct text path, unsigned depth,
                               struct err *err)
{
    DIR *dir = fdopendir(fd);
    if (!dir) {
        (void)close(fd);
        return err_set(err, STATUS_IO, "a folder could not be listed: %s", strerror(errno));
    }
    struct buffer name;
    buffer_init(&name, MAX_PATH_BYTES);
    enum status st = STATUS_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry) {
            if (errno) {
                st = err_set(err, STATUS_IO, "a folder could not be listed: %s", strerror(errno));
            }
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        buffer_reset(&name);
        if (path.n) {
            buffer_add(&name, path.at, path.n);
            buffer_add_byte(&name, '/');
        }
        buffer_add_cstr(&name, entry->d_name);
        st = buffer_status(&name, err);
        if (st == STATUS_OK) {
            struct text whole = {(const char *)name.at, name.n};
            st = scan_entry(s, dirfd(dir), whole, entry->d_name, depth, err);
        }
        if (st != STATUS_OK) {
            break;
        }
    }
    buffer_release(&name);
    (void)closedir(dir);
    return st;
}

static int item_order(const void *a, const void *b)
{
    return text_compare(((const struct item *)a)->name, ((const struct item *)b)->name);
}

struct folded {
    struct text key;
    size_t item;
};

static int folded_order(const void *a, const void *b)
{
    return text_compare(((const struct folded *)a)->key, ((const struct folded *)b)->key);
}

/* Two names that one file system or one reader takes for the same: neither may pass. */
static enum status mark_clashes(struct item *items, size_t n, struct err *err)
{
    enum status st = STATUS_NOMEM;
    struct arena keys;
    arena_init(&keys, INTAKE_MEMORY_BYTES);
    UErrorCode code = U_ZERO_ERROR;
    UCaseMap *map = ucasemap_open("", U_FOLD_CASE_DEFAULT, &code);
    struct folded *folded = calloc(n ? n : 1, sizeof *folded);
    if (!map || U_FAILURE(code) || !folded) {
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        /* Case folding lengthens UTF-8 at most threefold; ill-formed bytes become U+FFFD, also
         * three. */
        int32_t cap = (int32_t)(items[i].name.n * 3 + 1);
        char *key = arena_alloc(&keys, (size_t)cap, 1);
        if (!key) {
            goto out;
        }
        code = U_ZERO_ERROR;
        int32_t used =
            ucasemap_utf8FoldCase(map, key, cap, items[i].name.at, (int32_t)items[i].name.n, &code);
        folded[i].item = i;
        folded[i].key = U_SUCCESS(code) ? (struct text){key, (size_t)used} : items[i].name;
    }
    qsort(folded, n, sizeof *folded, folded_order);
    for (size_t i = 1; i < n; i++) {
        if (text_equal(folded[i].key, folded[i - 1].key)) {
            items[folded[i].item].name_clash = true;
            items[folded[i - 1].item].name_clash = true;
        }
    }
    st = STATUS_OK;
out:
    free(folded);
    ucasemap_close(map);
    arena_release(&keys);
    return st == STATUS_OK ? st : err_set(err, st, "out of memory while comparing file names");
}

static enum status list_folder(const char *path, bool is_flat, struct intake *out, struct err *err)
{
    struct intake in = {.fd = -1};
    struct scan s = {.in = &in, .is_flat = is_flat};
    arena_init(&in.memory, INTAKE_MEMORY_BYTES);
    struct item *items = NULL;
    enum status st = STATUS_OK;

    /* The folder itself may be reached by links: the person named it. What is inside may not. */
    in.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = in.fd < 0 ? -1 : openat(in.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        st = err_set(err, STATUS_IO, "%s: cannot be read as a folder of photos: %s", path,
                     strerror(errno));
        goto out;
    }
    st = scan_folder(&s, fd, TEXT_NONE, 0, err);
    if (st != STATUS_OK) {
        goto out;
    }
    if (s.n) {
        qsort(s.items, s.n, sizeof *s.items, item_order);
    }
    st = mark_clashes(s.items, s.n, err);
    if (st != STATUS_OK) {
        goto out;
    }
    items = arena_alloc(&in.memory, s.n, sizeof *items);
    if (!items) {
        st = err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
        goto out;
    }
    for (size_t i = 0; i < s.n; i++) {
        items[i] = s.items[i];
        enum item_class c = items[i].class;
        in.n_candidates += c == ITEM_CANDIDATE || c == ITEM_SPECIAL || c == ITEM_UNREADABLE;
    }
    in.items = items;
    in.n_items = s.n;
    *out = in;
    in.fd = -1;
    arena_init(&in.memory, 0);
out:
    free(s.items);
    intake_close(&in);
    return st;
}

enum status intake_open(const char *path, struct intake *out, struct err *err)
{
    return list_folder(path, false, out, err);
}

enum status intake_open_flat(const char *path, struct intake *out, struct err *err)
{
    return list_folder(path, true, out, err);
}

void intake_close(struct intake *in)
{
    if (!in) {
        return;
    }
    if (in->fd >= 0) {
        (void)close(in->fd);
    }
    arena_release(&in->memory);
    *in = (struct intake){.fd = -1};
}

enum status intake_open_item(const struct intake *in, const struct item *item, uint64_t max_bytes,
                             int *fd, struct stat *facts, struct err *err)
{
    /* arena_dup left a NUL behind the name, and a name holds none itself. */
    int opened = open_beneath(in->fd, item->name.at, O_RDONLY);
    if (opened < 0) {
        bool link = errno == ELOOP || errno == EXDEV || errno == ENXIO;
        return err_set(err, link ? STATUS_UNSUPPORTED : STATUS_IO, "%s",
                       link ? "it is a link or a special file" : strerror(errno));
    }
    enum status st = STATUS_OK;
    struct stat now;
    if (fstat(opened, &now) != 0) {
        st = err_set(err, STATUS_IO, "%s", strerror(errno));
    } else if (!S_ISREG(now.st_mode)) {
        st = err_set(err, STATUS_UNSUPPORTED, "it is not an ordinary file");
    } else if (now.st_nlink != 1) {
        st = err_set(err, STATUS_UNSUPPORTED, "the file has a second name elsewhere (a hard link)");
    } else if ((uint64_t)now.st_size > max_bytes) {
        st = err_set(err, STATUS_LIMIT, "%llu bytes, more than %llu",
                     (unsigned long long)now.st_size, (unsigned long long)max_bytes);
    }
    if (st != STATUS_OK) {
        (void)close(opened);
        return st;
    }
    *fd = opened;
    *facts = now;
    return STATUS_OK;
}

bool intake_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_nlink == b->st_nlink && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}
