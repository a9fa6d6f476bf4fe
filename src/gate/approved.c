/* SPDX-License-Identifier: GPL-3.0-or-later */
/* approved/: what stands there, and whether it is what the ledger names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "approved.h"
#include "commit.h"
#include "photogate/intake.h"
#include "photogate/run.h"

bool batch_name_is_valid(struct text name)
{
    if (name.n == 0 || name.n > 64 || name.at[0] == '.' || name.at[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.';
        if (!good) {
            return false;
        }
    }
    return true;
}

enum status approved_open(const struct home *home, struct text batch, int *fd, struct err *err)
{
    int approved = -1;
    char name[65];
    if (!batch_name_is_valid(batch)) {
        return err_set(err, STATUS_BUG, "a batch name that is none");
    }
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARG(batch));
    enum status st = folder_open(home->fd, "approved", 0750, &approved, err);
    if (st == STATUS_OK) {
        st = folder_open(approved, name, 0750, fd, err);
        (void)close(approved);
    }
    return st;
}

enum standing file_standing(int dir, const char *name, const struct digest *want)
{
    struct digest now;
    struct stat facts;
    struct err ignored = {0};
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT ? STANDS_GONE : STANDS_ALTERED;
    }
    bool same = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
                file_digest(fd, &now, &ignored) == STATUS_OK && digest_equal(&now, want) &&
                fsync(fd) == 0;
    (void)close(fd);
    return same ? STANDS : STANDS_ALTERED;
}

enum status recalled_move(const struct home *home, int dir, const char *batch, const char *file,
                          struct err *err)
{
    int recalled = -1, to = -1;
    enum status st = folder_open(home->fd, "recalled", 0700, &recalled, err);
    if (st == STATUS_OK) {
        st = folder_open(recalled, batch, 0700, &to, err);
    }
    if (st == STATUS_OK && (renameat2(dir, file, to, file, RENAME_NOREPLACE) != 0 ||
                            fsync(to) != 0 || fsync(dir) != 0)) {
        st = err_set(err, STATUS_IO, "approved/%s/%s could not be taken out: %s", batch, file,
                     strerror(errno));
    }
    if (to >= 0) {
        (void)close(to);
    }
    if (recalled >= 0) {
        (void)close(recalled);
    }
    return st;
}

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

/* Intents come in the order of their numbers. */
static struct named_file *by_intent(const struct named_files *files, int64_t intent)
{
    size_t low = 0, high = files->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (files->at[middle].intent < intent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < files->n && files->at[low].intent == intent ? &files->at[low] : NULL;
}

static enum status add_named(void *context, const struct entry *e, struct err *err)
{
    struct named_files *files = context;
    if (e->kind != ENTRY_INTENT) {
        struct named_file *f =
            by_intent(files, json_integer_value(json_object_get(e->body, "intent")));
        if (f) {
            f->published = f->published || e->kind == ENTRY_PUBLISHED;
            f->recalled = f->recalled || e->kind == ENTRY_RECALLED;
        }
        return STATUS_OK;
    }
    if (files->n == files->cap) {
        size_t cap = files->cap ? files->cap * 2 : 256;
        struct named_file *grown = realloc(files->at, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while reading the ledger");
        }
        files->at = grown;
        files->cap = cap;
    }
    struct named_file f = {.intent = e->seq};
    (void)snprintf(f.batch, sizeof f.batch, "%s", body_text(e->body, "batch"));
    (void)snprintf(f.file, sizeof f.file, "%s", body_text(e->body, "file"));
    (void)snprintf(f.name, sizeof f.name, "%s", body_text(e->body, "name"));
    if (!digest_from_hex(text_of(body_text(e->body, "release")), &f.release) ||
        !digest_from_hex(text_of(body_text(e->body, "source")), &f.source)) {
        return err_set(err, STATUS_BROKEN, "ledger entry %lld names no release", (long long)e->seq);
    }
    files->at[files->n++] = f;
    return STATUS_OK;
}

static int named_order(const void *a, const void *b)
{
    const struct named_file *x = a, *y = b;
    int order = strcmp(x->batch, y->batch);
    order = order ? order : strcmp(x->file, y->file);
    return order ? order : (x->intent > y->intent) - (x->intent < y->intent);
}

enum status named_files_read(struct ledger *l, struct named_files *out, struct err *err)
{
    struct named_files files = {0};
    enum status st =
        ledger_each(l, 1u << ENTRY_INTENT | 1u << ENTRY_PUBLISHED | 1u << ENTRY_RECALLED, add_named,
                    &files, err);
    if (st != STATUS_OK) {
        named_files_release(&files);
        return st;
    }
    /* What was abandoned never stood anywhere. */
    size_t kept = 0;
    for (size_t i = 0; i < files.n; i++) {
        if (files.at[i].published) {
            files.at[kept++] = files.at[i];
        }
    }
    files.n = kept;
    if (kept) {
        qsort(files.at, kept, sizeof *files.at, named_order);
    }
    *out = files;
    return STATUS_OK;
}

void named_files_release(struct named_files *files)
{
    free(files->at);
    *files = (struct named_files){0};
}

struct named_file *named_files_find(const struct named_files *files, const char *batch,
                                    const char *file)
{
    size_t low = 0, high = files->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct named_file *f = &files->at[middle];
        int order = strcmp(f->batch, batch);
        order = order ? order : strcmp(f->file, file);
        if (order == 0) {
            return &files->at[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* Ours beside the photos, and what desktops leave in every folder. */
static bool is_furniture(const char *name)
{
    return strcmp(name, "captions.csv") == 0 || strcmp(name, "SHA256SUMS") == 0 ||
           strcmp(name, ".captions.csv.new") == 0 || strcmp(name, ".SHA256SUMS.new") == 0 ||
           intake_class_of_name(text_of(name)) == ITEM_LITTER;
}

static enum status each_in_batch(int approved, const char *batch, approved_visit *visit,
                                 void *context, struct err *err)
{
    int fd = openat(approved, batch, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && (errno == ENOTDIR || errno == ELOOP)) {
        return is_furniture(batch) ? STATUS_OK : visit(context, approved, "", batch, err);
    }
    if (fd < 0) {
        return err_set(err, STATUS_IO, "approved/%s: %s", batch, strerror(errno));
    }
    DIR *dir = fdopendir(fd);
    if (!dir) {
        (void)close(fd);
        return err_set(err, STATUS_IO, "approved/%s: %s", batch, strerror(errno));
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(dir); e && st == STATUS_OK; e = readdir(dir)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            !is_furniture(e->d_name)) {
            st = visit(context, dirfd(dir), batch, e->d_name, err);
        }
    }
    (void)closedir(dir);
    return st;
}

enum status approved_each(const struct home *home, approved_visit *visit, void *context,
                          struct err *err)
{
    int fd = openat(home->fd, "approved", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int why = errno;
        if (fd >= 0) {
            (void)close(fd);
        }
        return why == ENOENT ? STATUS_OK : err_set(err, STATUS_IO, "approved: %s", strerror(why));
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(dir); e && st == STATUS_OK; e = readdir(dir)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            st = each_in_batch(dirfd(dir), e->d_name, visit, context, err);
        }
    }
    (void)closedir(dir);
    return st;
}

struct verifying {
    struct named_files named;
    struct approved_state state;
};

static void note_trouble(struct approved_state *s, const char *batch, const char *file,
                         const char *what)
{
    if (!s->first_trouble[0]) {
        struct buffer b;
        buffer_init(&b, 1024);
        text_print(&b, text_of(batch));
        buffer_add_cstr(&b, batch[0] ? "/" : "");
        text_print(&b, text_of(file));
        (void)snprintf(s->first_trouble, sizeof s->first_trouble, "approved/%.*s: %s", (int)b.n,
                       b.n ? (const char *)b.at : "", what);
        buffer_release(&b);
    }
}

static enum status verify_file(void *context, int dir, const char *batch, const char *name,
                               struct err *err)
{
    struct verifying *v = context;
    struct named_file *f = named_files_find(&v->named, batch, name);
    (void)err;
    if (!f || f->recalled) {
        v->state.n_unknown++;
        note_trouble(&v->state, batch, name,
                     f ? "is there, and was recalled"
                       : "is there, and the ledger does not name it");
        return STATUS_OK;
    }
    f->seen = true;
    if (file_standing(dir, name, &f->release) == STANDS) {
        v->state.n_files++;
    } else {
        v->state.n_altered++;
        note_trouble(&v->state, batch, name, "is not the picture that was approved");
    }
    return STATUS_OK;
}

enum status approved_verify(const struct home *home, struct approved_state *out, struct err *err)
{
    struct verifying v = {0};
    enum status st = named_files_read(home->ledger, &v.named, err);
    if (st == STATUS_OK) {
        st = approved_each(home, verify_file, &v, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < v.named.n; i++) {
        if (!v.named.at[i].seen && !v.named.at[i].recalled) {
            v.state.n_missing++;
            note_trouble(&v.state, v.named.at[i].batch, v.named.at[i].file,
                         "was approved and is no longer there");
        }
    }
    named_files_release(&v.named);
    if (st == STATUS_OK) {
        *out = v.state;
    }
    return st;
}

enum status batch_sums(struct ledger *l, struct text batch, struct buffer *out, struct err *err)
{
    struct named_files named = {0};
    enum status st = named_files_read(l, &named, err);
    for (size_t i = 0; st == STATUS_OK && i < named.n; i++) {
        const struct named_file *f = &named.at[i];
        if (!f->recalled && text_equal(text_of(f->batch), batch)) {
            char hex[DIGEST_HEX_BYTES];
            buffer_format(out, "%s  %s\n", digest_hex(&f->release, hex), f->file);
        }
    }
    named_files_release(&named);
    return st == STATUS_OK ? buffer_status(out, err) : st;
}
