/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the ledger room: the handle, a row as SQLite gives it, and what several of the files
 * need. */
#ifndef LEDGER_LEDGER_DB_H
#define LEDGER_LEDGER_DB_H

#include <sqlite3.h>

#include "photogate/ledger.h"
#include "photogate/limits.h"

#define LEDGER_KEY_BYTES 32u
#define LEDGER_DB_NAME "ledger.db"
#define LEDGER_KEY_NAME "ledger.key"
#define LEDGER_APPLICATION_ID 1885826148 /* "pgld", as in consent/sql/ledger.sql */
#define LEDGER_VERSION 1
#define LEDGER_GUARDS_CHANGED "the triggers and indexes that guard it were changed or removed"

struct ledger {
    sqlite3 *db;          /* owned */
    sqlite3_stmt *insert; /* owned; NULL in LEDGER_READ */
    struct buffer text;   /* canonical body of the entry at hand */
    struct buffer chain;  /* the bytes its digest is made of */
    bool schema_is_ours;  /* the file declares what consent/sql/ledger.sql does, no more, no less */
    bool in_transaction;
    bool spoilt;      /* an append failed: this transaction can only be rolled back */
    int64_t head_seq; /* valid in a transaction: the entry that the next one follows */
    struct digest head;
    bool has_key;
    uint8_t key[LEDGER_KEY_BYTES];
};

/* The schema's text (ledger_schema.c). */
extern const char ledger_schema_sql[];

/* ledger_key.c. `folder` is the school's folder, opened; *made tells whether a file was left behind
 * on failure. `strict` also wants it closed to everybody but its owner. */
enum status key_file_make(int folder, const char *name, uint8_t key[LEDGER_KEY_BYTES], bool *made,
                          struct err *err);
enum status key_file_read(int folder, const char *name, bool strict, uint8_t key[LEDGER_KEY_BYTES],
                          struct err *err);

/* The status of SQLite's result `rc`, with its message behind `doing`. */
enum status ledger_fail(sqlite3 *db, int rc, const char *doing, struct err *err);
enum status ledger_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *err);

/* A row of `entry` as it stands, trusted in nothing. The columns are selected in this order. */
#define ENTRY_COLUMNS(of) of "seq, " of "time, " of "kind, " of "body, " of "prev, " of "digest"

struct row {
    int64_t seq;
    struct text time, kind, body;
    struct bytes prev, digest;
};
struct row row_at(sqlite3_stmt *q);

/* Whether `r` is what its own digest vouches for.
 *
 * *flaw    what is wrong with it in plain words, or NULL; static
 * *out     set when *flaw is NULL; entry_release
 * fails    NOMEM LIBRARY LIMIT
 */
enum status row_check(struct ledger *l, const struct row *r, const char **flaw, struct entry *out,
                      struct err *err);

/* The digest of an entry that follows `prev`; `body` is canonical, kind and time need no escapes.
 */
enum status entry_digest(struct ledger *l, const struct digest *prev, int64_t seq, const char *kind,
                         struct text time, struct text body, struct digest *out, struct err *err);

/* "2026-11-20T18:00:00Z" (RFC 3339, section 5.6), a real day and a real time. */
bool entry_time_is_valid(struct text t);
enum entry_kind entry_kind_of(struct text name);

#endif
