/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room's own door to SQLite: every statement is prepared, every step is checked, every failure
 * has one translation. */
#ifndef REGISTER_REGISTER_DB_H
#define REGISTER_REGISTER_DB_H

#include <sqlite3.h>

#include "photogate/date.h"
#include "photogate/register.h"

struct register_db {
    sqlite3 *db;
};

/* consent/sql/register.sql, whole, NUL behind it (register_schema.c). */
extern const char register_schema_sql[];

/* Record SQLite's present complaint about `r`. Its words may quote a constraint, never a value.
 * fails    BUSY, NOMEM, IO, FORMAT (damaged, not a database, a constraint), LIBRARY for the rest */
enum status register_failed(const struct register_db *r, const char *doing, struct err *err);

/* Prepare `sql`; *out is the caller's, sqlite3_finalize. */
enum status register_prepare(struct register_db *r, const char *sql, sqlite3_stmt **out,
                             struct err *err);

/* Run one statement that returns no row worth reading. */
enum status register_do(struct register_db *r, const char *sql, struct err *err);

/* Step a statement that yields rows; *row tells whether one is there. */
enum status register_step(struct register_db *r, sqlite3_stmt *s, bool *row, struct err *err);

/* Step a statement that writes, and make it ready for its next use. */
enum status register_write(struct register_db *r, sqlite3_stmt *s, struct err *err);

/* Are the tables, indexes and triggers those of the schema, to the letter? fails FORMAT if not */
enum status register_same_schema(struct register_db *r, struct err *err);

/* Bind parameter `i`. An empty text or a missing date is NULL for the *_or_null forms. Failure
 * shows in the step. */
void bind_text(sqlite3_stmt *s, int i, struct text t);
void bind_text_or_null(sqlite3_stmt *s, int i, struct text t);
void bind_date_or_null(sqlite3_stmt *s, int i, struct date d);

#endif
