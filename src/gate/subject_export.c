/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source   UK GDPR Art 15 (access), Art 12(1) (intelligible form), Art 15(4) (not at the cost of
 * others) */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clearing.h"
#include "folder_tree.h"
#include "photogate/report.h"
#include "subject_parts.h"

#define PAGE_MAX_BYTES ((size_t)256 * 1024 * 1024)

/* subject-access/PSEUDONYM, empty. */
static enum status own_folder(struct home *home, const struct subject *s, int *fd,
                              char path[MAX_PATH_BYTES], struct err *err)
{
    int above = -1;
    char name[64];
    (void)snprintf(name, sizeof name, "subject-access/%s", s->pseudonym);
    if (!home_path(home, name, path, MAX_PATH_BYTES)) {
        return err_set(err, STATUS_LIMIT, "the path of the school's folder is too long");
    }
    enum status st = folder_open(home->fd, "subject-access", 0700, &above, err);
    st = st == STATUS_OK ? tree_delete(above, s->pseudonym, err) : st;
    st = st == STATUS_OK ? folder_open(above, s->pseudonym, 0700, fd, err) : st;
    if (above >= 0) {
        (void)close(above);
    }
    return st;
}

static enum status note_any(void *context, const char *below, const struct stat *facts,
                            struct err *err)
{
    bool *any = context;
    (void)below;
    (void)facts;
    (void)err;
    *any = true;
    return STATUS_OK;
}

static enum status given_folder(const char *folder, int *fd, char path[MAX_PATH_BYTES],
                                struct err *err)
{
    bool any = false;
    int n = snprintf(path, MAX_PATH_BYTES, "%s", folder);
    if (n <= 0 || n >= (int)MAX_PATH_BYTES) {
        return err_set(err, STATUS_USAGE, "the path of the folder is too long");
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return err_set(err, STATUS_IO, "%s: cannot be made: %s", folder, strerror(errno));
    }
    *fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd < 0) {
        return err_set(err, STATUS_IO, "%s: cannot be opened: %s", folder, strerror(errno));
    }
    enum status st = tree_each(AT_FDCWD, folder, note_any, &any, err);
    if (st == STATUS_OK && any) {
        st = err_set(err, STATUS_USAGE, "%s is not empty; name a new folder", folder);
    }
    /* one that was there may be open to others */
    if (st == STATUS_OK && fchmod(*fd, 0700) != 0) {
        st = err_set(err, STATUS_IO, "%s: %s", folder, strerror(errno));
    }
    return st;
}

static enum status record(struct home *home, const struct subject *s, const struct actor *actor,
                          const struct digest *page, int64_t size, struct err *err)
{
    char hex[DIGEST_HEX_BYTES], when[TIME_TEXT_BYTES];
    time_now(when);
    json_t *body =
        json_pack("{s:s, s:s, s:I, s:I, s:I}", "person", s->pseudonym, "copy",
                  digest_hex(page, hex), "entries", (json_int_t)s->n_entries, "ledger_size",
                  (json_int_t)size, "register_version", (json_int_t)s->people.version);
    enum status st = body && actor_record(actor, body) == STATUS_OK
                         ? ledger_record(home->ledger, ENTRY_DISCLOSED, when, body, err)
                         : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    json_decref(body);
    return st;
}

/* subject.json and subject.html, from the same model. The entry comes first: no copy stands there
 * that is not on record. */
static enum status write_pages(struct home *home, const struct subject *s,
                               const struct actor *actor, int dir, int64_t size,
                               const json_t *model, struct err *err)
{
    struct buffer html;
    struct digest digest;
    struct bytes whole = {NULL, 0};
    char *text = json_dumps(model, JSON_INDENT(2));
    buffer_init(&html, PAGE_MAX_BYTES);
    enum status st = text ? report_subject_html(model, &html, err)
                          : err_set(err, STATUS_NOMEM, "out of memory while writing a copy");
    if (st == STATUS_OK) {
        whole = (struct bytes){(const uint8_t *)text, strlen(text)};
        st = digest_of(whole, &digest, err);
    }
    st = st == STATUS_OK ? record(home, s, actor, &digest, size, err) : st;
    st = st == STATUS_OK ? file_replace(dir, "subject.json", whole, 0600, err) : st;
    st = st == STATUS_OK ? file_replace(dir, "subject.html", buffer_view(&html), 0600, err) : st;
    buffer_release(&html);
    free(text);
    return st;
}

enum status subject_export(struct home *home, const struct subject *s, const struct actor *actor,
                           const char *folder, char path[MAX_PATH_BYTES], struct err *err)
{
    int64_t size = 0;
    int dir = -1;
    json_t *model = subject_model(home, s, err);
    enum status st = model ? STATUS_OK : STATUS_NOMEM;
    if (st == STATUS_OK) {
        st = folder ? given_folder(folder, &dir, path, err) : own_folder(home, s, &dir, path, err);
    }
    st = st == STATUS_OK ? subject_proofs_write(home, s, dir, &size, err) : st;
    st = st == STATUS_OK ? write_pages(home, s, actor, dir, size, model, err) : st;
    if (dir >= 0) {
        (void)close(dir);
    }
    json_decref(model);
    return st;
}
