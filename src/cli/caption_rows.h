/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Posts of a CSV file: a heading row, then one post a row, whose columns go out together. */
#ifndef PHOTOGATE_CAPTION_ROWS_H
#define PHOTOGATE_CAPTION_ROWS_H

#include <stdio.h>

#include "photogate/names.h"

enum { MAX_POST_FIELDS = 32 };

struct post {
    size_t row;            /* of the file, the heading is 1 */
    const char **headings; /* as we call them: "caption", "title" ... */
    const struct text_field *fields;
    size_t n_fields;
};

/* Call `judge` for each post. Columns whose heading says nothing of a text to publish are passed
 * over.
 *
 * from     borrowed; hostile; UTF-8 with or without a byte order mark
 * fails    FORMAT no column to judge, bad quoting, a row too long; IO; NOMEM; whatever `judge`
 *          fails with
 */
enum status caption_rows(FILE *from,
                         enum status (*judge)(void *to, const struct post *, struct err *),
                         void *to, struct err *err);

#endif
