/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commit.h"
#include "photogate/limits.h"

#define REPORT_MAX_BYTES ((size_t)1024 * 1024 * 1024)

typedef enum status report_writer(const struct report *r, struct buffer *out, struct err *err);

struct report_file {
    const char *name;
    report_writer *write;
    bool dpo; /* in dpo/, for the data protection officer's eyes */
};

static const struct report_file REPORTS[] = {
    {"rejections.csv", report_rejections_csv, false},
    {"run.json", report_run_json, false},
    {"report.html", report_dpo_html, true},
    {"evidence.csv", report_evidence_csv, true},
    {"checkpoint.txt", report_checkpoint, true},
    {"report.html", report_office_html, false}, /* last: who opens it finds the rest */
};

static enum status write_report(int dir, const struct report_file *f, const struct report *r,
                                struct err *err)
{
    struct buffer b;
    buffer_init(&b, REPORT_MAX_BYTES);
    enum status st = f->write(r, &b, err);
    if (st == STATUS_OK) {
        st = buffer_status(&b, err);
    }
    if (st == STATUS_OK) {
        st = file_replace(dir, f->name, buffer_view(&b), f->dpo ? 0600 : 0640, err);
    }
    buffer_release(&b);
    return st;
}

enum status run_write_reports(struct home *home, const struct report *r, char *path, size_t cap,
                              struct err *err)
{
    int reports = -1, batch = -1, dpo = -1;
    char name[65];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARG(r->batch));
    enum status st = folder_open(home->fd, "reports", 0750, &reports, err);
    if (st == STATUS_OK) {
        st = folder_open(reports, name, 0750, &batch, err);
    }
    if (st == STATUS_OK) {
        st = folder_open(batch, "dpo", 0700, &dpo, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < sizeof REPORTS / sizeof REPORTS[0]; i++) {
        st = write_report(REPORTS[i].dpo ? dpo : batch, &REPORTS[i], r, err);
    }
    int n = snprintf(path, cap, "%s/reports/%s/report.html", home->path, name);
    if (st == STATUS_OK && (n < 0 || (size_t)n >= cap)) {
        path[0] = '\0';
    }
    if (dpo >= 0) {
        (void)close(dpo);
    }
    if (batch >= 0) {
        (void)close(batch);
    }
    if (reports >= 0) {
        (void)close(reports);
    }
    return st;
}

enum status run_write_batch(const struct captions_context *c, struct captions_told *told,
                            struct err *err)
{
    int dir = -1;
    struct buffer sums;
    buffer_init(&sums, REPORT_MAX_BYTES);
    *told = (struct captions_told){0};
    enum status st = approved_open(c->home, c->report->batch, &dir, err);
    if (st == STATUS_OK) {
        st = batch_sums(c->home->ledger, c->report->batch, &sums, err);
    }
    /* A batch without a photo gets no lists: sha256sum -c takes an empty one for a damaged one. */
    bool any = sums.n > 0 || faccessat(dir, "SHA256SUMS", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    bool waits = false;
    for (size_t i = 0; i < c->report->n_items; i++) {
        waits = waits || c->report->items[i].waiting_name.n;
    }
    if (st == STATUS_OK && (any || waits)) { /* what waits has its captions kept */
        st = captions_write(c, dir, any, told, err);
    }
    if (st == STATUS_OK && any) {
        st = file_replace(dir, "SHA256SUMS", buffer_view(&sums), 0640, err);
    }
    buffer_release(&sums);
    if (dir >= 0) {
        (void)close(dir);
    }
    return st;
}
