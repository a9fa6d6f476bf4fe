/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reports of a batch, all from one model.
 *
 * report.html       for the office: plain words, counts first, every refused photo with a small
 *                   picture, reason, remedy and case number; no pupil named, no reason that
 *                   protects; one file, no script, nothing fetched
 * rejections.csv    the same rows for a spreadsheet: UTF-8 with BOM, CRLF, no cell that a
 *                   spreadsheet would run
 * run.json          for machines: counts, codes, digests, what was in force; no pupil named
 * dpo/report.html   for the data protection officer: people, consent events, policy digest,
 *                   carriers found and removed
 * dpo/evidence.csv  one row per hit
 *
 * Byte-identical for the same model: nothing here asks a clock, and the number of workers is not in
 * it. Everything in the model is borrowed. `*out` buffers are the caller's.
 */
#ifndef PHOTOGATE_REPORT_H
#define PHOTOGATE_REPORT_H

#include "photogate/evidence.h"
#include "photogate/faces.h"
#include "photogate/photo.h"
#include "photogate/policy.h"
#include "photogate/ruling.h"

#ifdef __cplusplus
extern "C" {
#endif

struct report_item {
    const struct evidence *evidence;
    const struct ruling *ruling;
    /* the file's name made printable, with any name found in it masked: for the office */
    struct text shown_name;
    struct text published_name; /* "photo-0001.jpg"; empty unless approved */
    struct text published_caption, published_credit;
    int64_t case_no;            /* 0 when approved */
    const struct proof *proof;  /* NULL unless approved */
    bool as_before;             /* the ledger knew this ruling already */
};

/* A file that is no photo and no litter worth naming, or something about the batch as a whole. */
struct report_note {
    /* one printable line, no pupil's name: "photos.csv, row 7: no file of that name" */
    struct text text;
};

struct report {
    struct text school, batch, dpo_contact;
    struct text program_version;
    const struct channel_policy *channel;
    const struct policy *policy;
    const struct snapshot *snapshot;
    struct date date; /* the day ruled for */
    enum assurance face_assurance;
    struct text face_detector; /* detector_description */
    struct text confinement;   /* "Landlock ABI 6, seccomp, memory 1536 MiB, ..." */
    struct digest ledger_head;
    int64_t ledger_entries;
    const struct report_item *items; /* in intake order */
    size_t n_items;
    const struct report_note *notes;
    size_t n_notes;
    uint64_t n_litter; /* files known to be no photos and passed over */
};

enum status report_office_html(const struct report *r, struct buffer *out, struct err *err);
enum status report_rejections_csv(const struct report *r, struct buffer *out, struct err *err);
enum status report_run_json(const struct report *r, struct buffer *out, struct err *err);
enum status report_dpo_html(const struct report *r, struct buffer *out, struct err *err);
enum status report_evidence_csv(const struct report *r, struct buffer *out, struct err *err);

/* captions.csv beside the approved photos: file, caption, credit. Same safety as rejections.csv. */
enum status report_captions_csv(const struct report *r, struct buffer *out, struct err *err);

/* One CSV cell that no spreadsheet runs: RFC 4180 quoting; a leading = + - @ tab or CR gets an
 * apostrophe in front (OWASP, CSV injection). Pure. */
void csv_cell(struct buffer *out, struct text cell);

#ifdef __cplusplus
}
#endif
#endif
