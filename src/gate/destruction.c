/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A compromising picture is deleted at once; what stays is its digest, so that it cannot come back.
 * source  Ladysmith, Use of images */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clearing.h"
#include "photogate/clearance.h"
#include "photogate/intake.h"
#include "photogate/limits.h"

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

static enum status split(const char *path, char folder[MAX_PATH_BYTES], char name[256],
                         struct err *err)
{
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;
    int n = slash ? snprintf(folder, MAX_PATH_BYTES, "%.*s", (int)(slash - path) + 1, path)
                  : snprintf(folder, MAX_PATH_BYTES, ".");
    if (n < 0 || n >= (int)MAX_PATH_BYTES || !*last || strlen(last) > 255) {
        return err_set(err, STATUS_USAGE, "name the photo's file: --photo PATH");
    }
    (void)snprintf(name, 256, "%s", last);
    return STATUS_OK;
}

/* Is the file that stands there the case's original, and the one that was looked at? */
static enum status look_at_original(struct destruction *d, struct stat *facts, struct err *err)
{
    struct digest now = {{0}};
    int fd = openat(d->folder, d->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    enum status st = STATUS_OK;
    if (fd < 0 || fstat(fd, facts) != 0) {
        st = err_set(err, STATUS_IO, "the photo cannot be opened: %s", strerror(errno));
    } else if (!S_ISREG(facts->st_mode)) {
        st = err_set(err, STATUS_USAGE, "that is no ordinary file");
    } else {
        st = file_digest(fd, &now, err);
    }
    if (st == STATUS_OK && !digest_equal(&now, &d->source)) {
        st = err_set(err, STATUS_USAGE,
                     "that file is not the photo of case %lld: its digest is another",
                     (long long)d->request.case_no);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return st;
}

enum status destruction_check(struct home *home, const struct clear_request *r, const char *path,
                              struct destruction *out, struct err *err)
{
    struct destruction d = {.request = *r, .folder = -1};
    struct entry refused;
    char folder[MAX_PATH_BYTES];
    enum status st = case_find(home, r->case_no, &refused, err);
    if (st != STATUS_OK) {
        return st;
    }
    (void)snprintf(d.result.batch, sizeof d.result.batch, "%s", body_text(refused.body, "batch"));
    /* a copy and an unread file are known by another digest than that of their bytes */
    const char *bytes = body_text(refused.body, "bytes");
    bool known =
        digest_from_hex(text_of(*bytes ? bytes : body_text(refused.body, "source")), &d.source);
    entry_release(&refused);
    if (!known) {
        return err_set(err, STATUS_BROKEN, "case %lld names no photo", (long long)r->case_no);
    }
    st = actor_role(home->school, r->actor, ROLES_THAT_LOOK, r->as, &d.result.role, err);
    if (st == STATUS_OK) {
        st = reason_check(home, r->reason, err);
    }
    if (st == STATUS_OK) {
        st = split(path, folder, d.name, err);
    }
    if (st == STATUS_OK) {
        d.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        st = d.folder >= 0 ? look_at_original(&d, &d.facts, err)
                           : err_set(err, STATUS_IO, "%s: %s", folder, strerror(errno));
    }
    d.n_links = (uint64_t)d.facts.st_nlink;
    if (st == STATUS_OK) {
        *out = d;
    } else {
        destruction_release(&d);
    }
    return st;
}

/* The batch's reports hold a small picture of it. The next run writes them anew. */
static enum status remove_reports(struct home *home, const char *batch, struct err *err)
{
    static const char *const PAGES[] = {"report.html", "dpo/report.html"};
    for (size_t i = 0; i < sizeof PAGES / sizeof PAGES[0]; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "reports/%s/%s", batch, PAGES[i]);
        if (unlinkat(home->fd, path, 0) != 0 && errno != ENOENT) {
            return err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
        }
    }
    return STATUS_OK;
}

enum status destruction_do(struct home *home, struct destruction *d, struct err *err)
{
    struct stat now;
    char hex[DIGEST_HEX_BYTES], when[TIME_TEXT_BYTES];
    enum status st = look_at_original(d, &now, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!intake_same_file(&d->facts, &now)) {
        return err_set(err, STATUS_BROKEN, "the file was changed meanwhile; nothing was deleted");
    }
    time_now(when);
    json_t *body =
        json_pack("{s:I, s:s, s:s, s:s, s:s%}", "case", (json_int_t)d->request.case_no, "batch",
                  d->result.batch, "source", digest_hex(&d->source, hex), "role",
                  role_name(d->result.role), "reason", d->request.reason.at, d->request.reason.n);
    st = body && actor_record(d->request.actor, body) == STATUS_OK
             ? STATUS_OK
             : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    /* The entry first: if the computer stops now, the picture is refused for good, and the same
     * command can be given again. */
    if (st == STATUS_OK) {
        st = ledger_record(home->ledger, ENTRY_DESTROYED, when, body, err);
    }
    json_decref(body);
    if (st == STATUS_OK && (unlinkat(d->folder, d->name, 0) != 0 || fsync(d->folder) != 0)) {
        st = err_set(err, STATUS_IO, "the photo could not be deleted: %s; delete it by hand",
                     strerror(errno));
    }
    return st == STATUS_OK ? remove_reports(home, d->result.batch, err) : st;
}

void destruction_release(struct destruction *d)
{
    if (d->folder >= 0) {
        (void)close(d->folder);
    }
    d->folder = -1;
}
