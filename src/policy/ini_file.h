/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that a person at the school edits, read with no forgiveness: what is not understood is an
 * error with file and line.
 *
 * The form is inih's: `[section]`, `key = value`, comments on lines of their own with '#' or ';'. A
 * value goes on in the next line when that line is indented; the parts are joined with '\n'. inih
 * forgives several things in silence (a long line cut in two, text behind a heading, a setting
 * swallowed by the one above it, a tail taken for a comment): each is an error here.
 */
#ifndef PHOTOGATE_POLICY_INI_FILE_H
#define PHOTOGATE_POLICY_INI_FILE_H

#include "photogate/arena.h"
#include "photogate/bytes.h"
#include "photogate/text.h"

struct setting {
    struct text section, key; /* as written; case counts */
    struct text value;        /* trimmed, printable but for '\n' between its lines and tabs */
    uint32_t line;            /* of the key, from 1 */
};

struct settings {
    struct text shown; /* the file's path, printable, for messages */
    const struct setting *at;
    size_t n; /* in file order; no key twice in a section */
};

/* Read a regular file whole, without following a link in its last part or waiting on a FIFO.
 *
 * dir      an open folder, or AT_FDCWD
 * shown    what messages call the file
 * *missing true when there is no such file; NULL if that is an error like any other
 * out      receives the bytes; its ceiling is the file's
 * fails    IO, LIMIT, NOMEM
 */
enum status plain_file_read(int dir, const char *path, const char *shown, bool *missing,
                            struct buffer *out, struct err *err);

/* The settings of an INI file of at most MAX_POLICY_BYTES.
 *
 * *out      in arena `a`
 * *content  the file's bytes, in arena `a`, for its digest
 * *missing  as above
 * fails     FORMAT "file:line: ..."; IO, LIMIT, NOMEM
 */
enum status settings_read(const char *path, bool *missing, struct arena *a, struct settings *out,
                          struct bytes *content, struct err *err);

/* Parse what was read. As settings_read; `shown` is kept. */
enum status settings_parse(struct bytes file, struct text shown, struct arena *a,
                           struct settings *out, struct err *err);

#endif
