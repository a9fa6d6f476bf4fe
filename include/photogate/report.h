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
 * dpo/checkpoint.txt  the ledger's signed checkpoint
 *
 * Byte-identical for the same model: nothing here asks a clock, and the number of workers is not in
 * it. Everything in the model is borrowed. `*out` buffers are the caller's.
 */
#ifndef PHOTOGATE_REPORT_H
#define PHOTOGATE_REPORT_H

#include <jansson.h>

#include "photogate/consents.h"
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
    struct text signed_off;     /* "by the account x as head on 2026-11-20"; empty if nobody did */
    struct text waiting_name;   /* "photo-0001.jpg" in awaiting/, for a second person; or empty */
    bool as_before;             /* the ledger knew this ruling already */
};

/* A file that is no photo and no litter worth naming, or something about the batch as a whole. */
struct report_note {
    /* one printable line, no pupil's name: "photos.csv, row 7: no file of that name" */
    struct text text;
};

struct report {
    struct text school, batch, dpo_contact;
    struct text request; /* what the batch answers; may be empty */
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
    struct text checkpoint; /* signed (checkpoint.h), for keeping elsewhere; empty: not signed */
    const struct report_item *items; /* in intake order */
    size_t n_items;
    const struct report_note *notes;
    size_t n_notes;
    /* the same, naming pupils: why photos were recalled, where those of the batch were published */
    const struct report_note *dpo_notes;
    size_t n_dpo_notes;
    uint64_t n_litter; /* files known to be no photos and passed over */
};

enum status report_office_html(const struct report *r, struct buffer *out, struct err *err);
enum status report_rejections_csv(const struct report *r, struct buffer *out, struct err *err);
enum status report_run_json(const struct report *r, struct buffer *out, struct err *err);
enum status report_dpo_html(const struct report *r, struct buffer *out, struct err *err);
enum status report_checkpoint(const struct report *r, struct buffer *out, struct err *err);
enum status report_evidence_csv(const struct report *r, struct buffer *out, struct err *err);

/* captions.csv beside the approved photos: file, caption, credit. Same safety as rejections.csv. */
enum status report_captions_csv(const struct report *r, struct buffer *out, struct err *err);

/* A sheet for whoever picks photos: which pupils may not be shown where, and no reason. It names
 * pupils who must be protected, and says so. `rows` is sorted by whoever makes the sheet. */
struct sheet_row {
    const struct person *person;
    const enum appearance *on; /* one for each channel */
};

struct sheet {
    struct text school, subject; /* "4B, 4C" */
    struct text program_version, printed_by;
    struct date date;
    int64_t register_version;
    const struct channel_policy *const *channels; /* columns */
    size_t n_channels;
    const struct sheet_row *rows; /* those who may not be shown somewhere */
    size_t n_rows;
    size_t n_people;           /* pupils looked at */
    bool lists_staff;          /* members of staff were looked at too; else pupils alone */
    const struct sheet_row *staff; /* those of them who may not be shown somewhere */
    size_t n_staff;
    const struct text *unread; /* lines of a list of pupils that name nobody for certain */
    size_t n_unread;
};

enum status report_sheet_html(const struct sheet *s, struct buffer *out, struct err *err);
enum status report_sheet_csv(const struct sheet *s, struct buffer *out, struct err *err);

/* Answers about consent (consents.h), one row each; they name pupils. */
enum status report_consents_csv(const struct consent_answer *answers, size_t n, struct buffer *out,
                                struct err *err);
enum status report_consents_json(const struct consent_answer *answers, size_t n, struct date date,
                                 const struct snapshot *s, const struct policy *policy,
                                 struct buffer *out, struct err *err);

/* One event with its source, as a new object; null for NULL. NULL: out of memory. */
json_t *report_consent_event_json(const struct consent *e);

/* What is held on one person, readable and to print. `model` is that of subject.json (gate). */
enum status report_subject_html(const json_t *model, struct buffer *out, struct err *err);

/* One CSV cell that no spreadsheet runs: RFC 4180 quoting; a leading = + - @ tab or CR gets an
 * apostrophe in front (OWASP, CSV injection). Pure. */
void csv_cell(struct buffer *out, struct text cell);

#ifdef __cplusplus
}
#endif
#endif
