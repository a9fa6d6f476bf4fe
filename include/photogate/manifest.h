/* SPDX-License-Identifier: GPL-3.0-or-later */
/* photos.csv: what the person who took or sorted the photos says about them.
 *
 * Columns (any order, headings without case, space, underscore): filename, people (';' between),
 * caption, event, taken_on, people_count, no_pupils_identifiable, photographer, credit. One
 * manifest per folder, for the files of that folder. A manifest that cannot be understood as a
 * whole holds every photo of its folder; a row that cannot holds its photo.
 */
#ifndef PHOTOGATE_MANIFEST_H
#define PHOTOGATE_MANIFEST_H

#include "photogate/arena.h"
#include "photogate/evidence.h"

#ifdef __cplusplus
extern "C" {
#endif

struct manifest_row {
    struct text filename; /* UTF-8 in NFC, of a file in the manifest's folder */
    struct statement said;
    const struct text *people;
    size_t n_people;
    struct text
        /* empty, or why this row cannot be used: its photo is held. One printable line without
         * names */
        trouble;
};

struct manifest {
    const struct manifest_row *rows; /* by filename, bytewise; rows for the same file by line */
    size_t n_rows;
};

/* Parse a manifest. `file` borrowed, hostile; *out in arena `a`, untouched on failure.
 * Rows are counted in lines of the file, from 1, line ends inside quotes included: what an editor
 * shows. The same file named twice is trouble in both rows, and so is a row with fewer fields than
 * there are headings.
 * fails  FORMAT with the row: not UTF-8, no filename column, unknown column, a row with too many
 *        fields or without a file name, a file of another folder; LIMIT; NOMEM; LIBRARY
 * source RFC 4180, read strictly; comma, semicolon or tab */
enum status manifest_parse(struct bytes file, struct arena *a, struct manifest *out,
                           struct err *err);

/* The row for a file name, compared bytewise after NFC; NULL when there is none. Borrowed. Pure. */
const struct manifest_row *manifest_row_for(const struct manifest *m, struct text filename);

#ifdef __cplusplus
}
#endif
#endif
