/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stations of an import, in order:
 *
 *   decode    bytes of the file         -> UTF-8 text
 *   table     text                      -> rows of cells, each with its line in the file
 *   columns   the rows, the policy      -> which column holds what, where the data begin
 *   rows      a row, the columns        -> what it says of one person (cells: the words of a cell)
 *   match     rows, register            -> which row speaks of whom
 *   plan      all of it                 -> changes to show, and what to write
 *
 * Everything lives in the plan's arena until import_free.
 */
#ifndef REGISTER_IMPORT_PARTS_H
#define REGISTER_IMPORT_PARTS_H

#include "photogate/arena.h"
#include "photogate/bytes.h"
#include "photogate/register.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* decode -------------------------------------------------------------------------------------- */

/* The file's text as UTF-8 without a byte order mark, appended to `out`.
 * fails    FORMAT mixed or unknown encoding, a NUL, a workbook instead of a text; NOMEM, LIMIT,
 *          LIBRARY */
enum status import_decode(struct bytes file, struct buffer *out, struct err *err);

/* table --------------------------------------------------------------------------------------- */

struct table_row {
    uint32_t line; /* of the file, from 1: where the row begins */
    uint32_t n_cells;
    const struct text *cells; /* trimmed, runs of white space made one space */
};

struct table {
    struct table_row *rows;
    size_t n_rows;
};

/* Take a leading `sep=,` line off `*csv`. Returns the separator it names, or 0; *line is the line
 * that follows. */
char table_separator(struct text *csv, uint32_t *line);

/* Parse `csv`, whose first line is `first_line`, up to `max_rows` rows. Blank lines are no rows.
 * fails    FORMAT with the line: a quotation mark out of place or never closed; LIMIT, NOMEM */
enum status table_parse(struct text csv, uint32_t first_line, char separator, size_t max_rows,
                        struct arena *a, struct table *out, struct err *err);

/* columns ------------------------------------------------------------------------------------- */

/* Consent fields stand in the order of enum purpose, so that FIELD_CONSENT + purpose is the
 * purpose's field. */
enum field {
    FIELD_UPN,
    FIELD_ADMISSION_NO,
    FIELD_TITLE,
    FIELD_LEGAL_FORENAME,
    FIELD_MIDDLE_NAMES,
    FIELD_LEGAL_SURNAME,
    FIELD_NAME,
    FIELD_PREFERRED_FORENAME,
    FIELD_PREFERRED_SURNAME,
    FIELD_KNOWN_AS,
    FIELD_DATE_OF_BIRTH,
    FIELD_YEAR_GROUP,
    FIELD_REG_GROUP,
    FIELD_ROLE,
    FIELD_ON_ROLL,
    FIELD_DATE_OF_LEAVING,
    FIELD_DO_NOT_PUBLISH,
    FIELD_CHILD_OBJECTION,
    FIELD_CONSENT_GIVEN_BY,
    FIELD_CONSENT_DATE,
    FIELD_CONSENT_EXPIRY,
    FIELD_CONSENT_METHOD,
    FIELD_NOTICE_VERSION,
    FIELD_STAFF_CONSENT,
    FIELD_CONSENT, /* + PURPOSE_WEBSITE ... */
    N_FIELDS = FIELD_CONSENT + N_PURPOSES
};

#define NO_COLUMN UINT32_MAX

struct columns {
    bool staff;
    size_t heading;        /* index of the heading row in the table */
    uint32_t at[N_FIELDS]; /* column, or NO_COLUMN */
    uint32_t n_headings;   /* cells of the heading row */
    uint32_t n_needed;     /* a row with fewer cells cannot be understood */
    size_t n_found;        /* fields that have a column */
};

/* Find the heading row and what each column is. `*found` tells whether there is a heading row at
 * all.
 * fails    FORMAT a consent column of the policy missing, two columns for one field, no
 *          do-not-publish column; NOMEM */
enum status columns_find(const struct table *t, const struct policy *policy, struct columns *out,
                         bool *found, struct err *err);

/* How many fields the best heading row knows, 0 without one. Never fails: for comparing separators.
 */
size_t columns_score(const struct table *t, const struct policy *policy);

/* Why column `i` of the heading row is left unread in a way the office should know; NULL for
 * ordinary ones. */
const char *column_note(const struct table *t, const struct columns *c, uint32_t i);

/* cells --------------------------------------------------------------------------------------- */

/* What a consent cell says. */
enum answer {
    ANSWER_UNCLEAR, /* a condition, a question mark, a lone X, words nobody listed */
    ANSWER_BLANK,
    ANSWER_NO,
    ANSWER_WITHDRAWN,
    ANSWER_OBJECTED,
    ANSWER_REQUESTED,
    ANSWER_YES
};

enum answer cell_answer(struct text cell);

/* A list such as do-not-publish: blank is no; anything that begins like yes is yes, and so is
 * "refused"; what is neither is UNKNOWN. */
enum known cell_listed(struct text cell);

/* "Y", "Current", "Leaver" ..., the whole cell; anything else is UNKNOWN. */
enum known cell_on_roll(struct text cell);

/* A form by its whole cell ("Paper form"); other words are VERBAL or UNKNOWN: neither is written.
 */
enum consent_method cell_method(struct text cell);

/* dd/mm/yyyy, dd-Mon-yy, ISO, a spreadsheet's serial number; `on` decides the century of two
 * digits. */
bool cell_date(struct text cell, struct date on, struct date *out);

bool cell_is_formula(struct text cell);    /* "=A2", "#REF!" */
bool cell_is_scientific(struct text cell); /* "9.99E+11" */

/* A cell whose name has lost or garbled letters, or holds something invisible; NULL when it is
 * sound. */
const char *cell_name_fault(struct text cell);

/* rows ---------------------------------------------------------------------------------------- */

struct import_row {
    size_t file;        /* index into the plan's files */
    uint32_t line;      /* of that file */
    struct person says; /* names, numbers, dates, flags; no events */
    bool has[N_FIELDS]; /* the row says something of that field: otherwise what is known stays */
    enum answer answers[N_PURPOSES]; /* where has[FIELD_CONSENT + purpose] */
    enum consent_method method;
    struct text given_by, notice_version;
    struct date consent_date, consent_expiry;
    struct text who;          /* "Smith, Jack (4B)", printable */
    struct text refused;      /* why nobody gains anything by this row; empty for a sound row */
    bool garbled;             /* cells may stand in the wrong columns: not even a "no" is certain */
    bool name_read;           /* its name can be trusted although the row may be refused */
    bool held_by_name;        /* refused and about nobody known: somebody of that name is held */
    const struct text *notes; /* warnings, printable */
    size_t n_notes;
    uint32_t person; /* index into the snapshot of whom it speaks, or NO_PERSON */
};

struct row_reader {
    const struct columns *columns;
    struct date on;
    struct arena *arena;
};

/* A total, a repeated heading row or an empty row: no person. */
bool row_is_nobody(const struct table_row *r, const struct table *t, const struct columns *c);

/* What a row says. A row that cannot be understood comes back with `refused` set: that is no
 * failure.
 * fails    NOMEM */
enum status row_read(const struct row_reader *reader, const struct table_row *r,
                     struct import_row *out, struct err *err);

/* "Smith, Jack" or "Jack Smith" into its parts (particles such as "van" belong to the surname). */
void name_split(struct text name, struct text *forename, struct text *middle, struct text *surname);

/* A printable line in arena `a`; empty without memory. */
struct text line_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* plan ---------------------------------------------------------------------------------------- */

/* One person to write. */
struct plan_op {
    const struct person *was; /* NULL: a new person */
    struct person now;
    bool details;           /* the person's own row changes */
    struct consent *events; /* to append; source_row set */
    size_t n_events;
    size_t file; /* that the events are read from; meaningless without events */
};

struct import {
    struct arena arena;
    struct text policy;
    struct import_options options;
    struct snapshot was;
    bool *seen;      /* by index into was.people: some row spoke of them */
    uint32_t *op_of; /* by index into was.people: 1 + index of their last operation, or 0 */

    struct import_file *files;
    struct text *paths; /* as given */
    size_t n_files;

    struct import_row *rows; /* heap */
    size_t n_rows, cap_rows;
    struct change *changes; /* heap */
    size_t n_changes, cap_changes;
    struct plan_op *ops; /* heap */
    size_t n_ops, cap_ops;
    size_t counts[N_CHANGE_KINDS];
};

/* Append a change about `row` (NULL: about a person no file names). `what` is printable.
 * fails    NOMEM */
enum status plan_change(struct import *plan, enum change_kind kind, const struct import_row *row,
                        struct text who, struct text what, struct err *err);

/* Append an operation; false without memory. */
bool plan_add(struct import *plan, const struct plan_op *op);

/* What do_not_publish_unclear holds of somebody a refused row could not be understood about, until
 * a sound row comes. */
#define ROW_REFUSED TEXT("row refused")

/* Decide of whom each row speaks, refuse rows that are doubtful or double, mark who was seen.
 * fails    NOMEM, LIBRARY, FORMAT */
enum status import_match(struct import *plan, struct err *err);

/* The differences a row makes: changes and operations. A refused row takes away and never gives;
 * about nobody known, its name is kept and held.
 * fails    NOMEM */
enum status import_diff(struct import *plan, const struct import_row *row, struct err *err);

/* Everything after the rows have been read. Fails as import_read. */
enum status import_plan(struct import *plan, struct err *err);

#endif
