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
    {"rejections.csv", report_rejections_csv, false}, {"run.json", report_run_json, false},
    {"report.html", report_dpo_html, true},           {"evidence.csv", report_evidence_csv, true},
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

/* Is this line of captions.csv about a photo that today's run speaks of? Lines start with the file's name, never quoted. */
static bool is_of_this_run(const struct report *r, struct text line)
{
    struct text rest;
    struct text file = text_cut(line, ',', &rest);
    for (size_t i = 0; i < r->n_items; i++) {
        if (text_equal(file, r->items[i].published_name)) {
            return true;
        }
    }
    return false;
}

/* The captions of photos published by earlier runs, whose originals are no longer in the intake. */
static void keep_earlier_captions(const struct report *r, struct text old, struct buffer *out)
{
    struct text rest = old;
    bool heading = true;
    while (rest.n) {
        struct text line = text_cut(rest, '\n', &rest);
        if (!heading && line.n > 1 && text_starts_with(line, TEXT("photo-")) &&
            !is_of_this_run(r, line)) {
            buffer_add(out, line.at, line.n);
            buffer_add_byte(out, '\n');
        }
        heading = false;
    }
}

static enum status write_captions(int dir, const struct report *r, struct err *err)
{
    struct buffer out, old;
    buffer_init(&out, REPORT_MAX_BYTES);
    buffer_init(&old, REPORT_MAX_BYTES);
    enum status st = report_captions_csv(r, &out, err);
    struct err missing = {0};
    if (st == STATUS_OK && faccessat(dir, "captions.csv", F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        st = file_read(dir, "captions.csv", REPORT_MAX_BYTES, &old, &missing);
        if (st == STATUS_OK) {
            keep_earlier_captions(r, (struct text){(const char *)old.at, old.n}, &out);
            st = buffer_status(&out, err);
        } else {
            st = err_set(err, st, "%s", missing.text);
        }
    }
    if (st == STATUS_OK) {
        st = file_replace(dir, "captions.csv", buffer_view(&out), 0640, err);
    }
    buffer_release(&out);
    buffer_release(&old);
    return st;
}

enum status run_write_batch(struct home *home, const struct report *r, struct err *err)
{
    int dir = -1;
    struct buffer sums;
    buffer_init(&sums, REPORT_MAX_BYTES);
    enum status st = approved_open(home, r->batch, &dir, err);
    if (st == STATUS_OK) {
        st = write_captions(dir, r, err);
    }
    if (st == STATUS_OK) {
        st = batch_sums(home->ledger, r->batch, &sums, err);
    }
    if (st == STATUS_OK) {
        st = file_replace(dir, "SHA256SUMS", buffer_view(&sums), 0640, err);
    }
    buffer_release(&sums);
    if (dir >= 0) {
        (void)close(dir);
    }
    return st;
}
