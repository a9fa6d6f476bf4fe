/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/register_db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x50475247, /* "PGRG", as in consent/sql/register.sql */
    SCHEMA_VERSION = 1,
    BUSY_MS = 5000 /* an import of a whole trust commits in less */
};

enum status register_failed(const struct register_db *r, const char *doing, struct err *err)
{
    int code = r->db ? sqlite3_errcode(r->db) & 0xFF : SQLITE_NOMEM;
    const char *why = r->db ? sqlite3_errmsg(r->db) : "out of memory";
    enum status st = STATUS_LIBRARY;
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        st = STATUS_BUSY;
        break;
    case SQLITE_NOMEM:
        st = STATUS_NOMEM;
        break;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        st = STATUS_IO;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
        st = STATUS_FORMAT;
        break;
    default:
        break;
    }
    return err_set(err, st, "register: %s: %s", doing, why);
}

enum status register_prepare(struct register_db *r, const char *sql, sqlite3_stmt **out,
                             struct err *err)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(r->db, sql, -1, &s, NULL) != SQLITE_OK) {
        return register_failed(r, "prepare", err);
    }
    *out = s;
    return STATUS_OK;
}

enum status register_step(struct register_db *r, sqlite3_stmt *s, bool *row, struct err *err)
{
    int rc = sqlite3_step(s);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        return register_failed(r, "read", err);
    }
    *row = rc == SQLITE_ROW;
    return STATUS_OK;
}

enum status register_write(struct register_db *r, sqlite3_stmt *s, struct err *err)
{
    enum status st = STATUS_OK;
    if (sqlite3_step(s) != SQLITE_DONE) {
        st = register_failed(r, "write", err);
    }
    /* The verdict was the step's: reset repeats its code. */
    (void)sqlite3_reset(s);
    (void)sqlite3_clear_bindings(s);
    return st;
}

enum status register_do(struct register_db *r, const char *sql, struct err *err)
{
    sqlite3_stmt *s = NULL;
    enum status st = register_prepare(r, sql, &s, err);
    if (st == STATUS_OK) {
        int rc = sqlite3_step(s);
        if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
            st = register_failed(r, "statement", err);
        }
    }
    (void)sqlite3_finalize(s);
    return st;
}

/* The integer that `sql` yields in its first row. */
static enum status query_number(struct register_db *r, const char *sql, int64_t *out,
                                struct err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    enum status st = register_prepare(r, sql, &s, err);
    if (st != STATUS_OK) {
        goto out;
    }
    st = register_step(r, s, &row, err);
    if (st != STATUS_OK) {
        goto out;
    }
    if (!row || sqlite3_column_type(s, 0) != SQLITE_INTEGER) {
        st = err_set(err, STATUS_FORMAT, "register: damaged: a number is missing");
        goto out;
    }
    *out = sqlite3_column_int64(s, 0);
out:
    (void)sqlite3_finalize(s);
    return st;
}

enum status register_version(struct register_db *r, int64_t *out, struct err *err)
{
    return query_number(r, "SELECT version FROM meta WHERE one = 1", out, err);
}

void bind_text(sqlite3_stmt *s, int i, struct text t)
{
    assert(t.n <= INT_MAX);
    (void)sqlite3_bind_text(s, i, t.n ? t.at : "", (int)t.n, SQLITE_TRANSIENT);
}

void bind_text_or_null(sqlite3_stmt *s, int i, struct text t)
{
    if (t.n) {
        bind_text(s, i, t);
    } else {
        (void)sqlite3_bind_null(s, i);
    }
}

void bind_date_or_null(sqlite3_stmt *s, int i, struct date d)
{
    char iso[DATE_TEXT_BYTES];
    bind_text_or_null(s, i, text_of(date_format(d, iso)));
}

/* What every connection needs, before the first statement that reads the file. */
static enum status configure(struct register_db *r, struct err *err)
{
    static const char *const SETTINGS[] = {
        "PRAGMA trusted_schema = OFF",
        "PRAGMA cell_size_check = ON",
        "PRAGMA foreign_keys = ON",
        /* without it, INSERT OR REPLACE walks past the delete triggers */
        "PRAGMA recursive_triggers = ON",
        "PRAGMA secure_delete = ON",
        "PRAGMA synchronous = FULL",
    };
    (void)sqlite3_extended_result_codes(r->db, 1);
    (void)sqlite3_busy_timeout(r->db, BUSY_MS);
    if (sqlite3_db_config(r->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK) {
        return register_failed(r, "configure", err);
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < sizeof SETTINGS / sizeof SETTINGS[0]; i++) {
        st = register_do(r, SETTINGS[i], err);
    }
    return st;
}

static enum status define_tables(struct register_db *r, struct err *err)
{
    if (sqlite3_exec(r->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(r->db, register_schema_sql, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(r->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        return register_failed(r, "create", err);
    }
    return STATUS_OK;
}

/* A register without its triggers opens as damaged. */
enum status register_same_schema(struct register_db *r, struct err *err)
{
    static const char SQL[] = "SELECT type || ' ' || name || ' ' || coalesce(sql, '')"
                              " FROM sqlite_schema ORDER BY type, name";
    struct register_db fresh = {NULL};
    sqlite3_stmt *here = NULL, *there = NULL;
    bool row_here = true, row_there = true, same = true;
    enum status st;
    if (sqlite3_open_v2(":memory:", &fresh.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK) {
        st = register_failed(&fresh, "compare", err);
        goto out;
    }
    if ((st = define_tables(&fresh, err)) != STATUS_OK ||
        (st = register_prepare(r, SQL, &here, err)) != STATUS_OK ||
        (st = register_prepare(&fresh, SQL, &there, err)) != STATUS_OK) {
        goto out;
    }
    while (same && row_here && row_there) {
        if ((st = register_step(r, here, &row_here, err)) != STATUS_OK ||
            (st = register_step(&fresh, there, &row_there, err)) != STATUS_OK) {
            goto out;
        }
        same = row_here == row_there;
        if (same && row_here) {
            const char *a = (const char *)sqlite3_column_text(here, 0);
            const char *b = (const char *)sqlite3_column_text(there, 0);
            same = a && b && strcmp(a, b) == 0;
        }
    }
    if (!same) {
        st = err_set(err, STATUS_FORMAT,
                     "register: its tables or triggers are not as photogate made them");
    }
out:
    (void)sqlite3_finalize(here);
    (void)sqlite3_finalize(there);
    (void)sqlite3_close(fresh.db);
    return st;
}

static enum status sound(struct register_db *r, struct err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    enum status st = register_prepare(r, "PRAGMA quick_check(1)", &s, err);
    if (st == STATUS_OK) {
        st = register_step(r, s, &row, err);
    }
    if (st == STATUS_OK) {
        const char *said = row ? (const char *)sqlite3_column_text(s, 0) : NULL;
        if (!said || strcmp(said, "ok") != 0) {
            st = err_set(err, STATUS_FORMAT,
                         "register: damaged; restore it from a backup (SQLite says: %.80s)",
                         said ? said : "nothing");
        }
    }
    (void)sqlite3_finalize(s);
    return st;
}

static enum status recognise(struct register_db *r, struct err *err)
{
    int64_t application = 0, schema = 0;
    enum status st = query_number(r, "PRAGMA application_id", &application, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (application != APPLICATION_ID) {
        return err_set(err, STATUS_FORMAT, "register: this is not a register of photogate");
    }
    st = query_number(r, "PRAGMA user_version", &schema, err);
    if (st == STATUS_OK && schema != SCHEMA_VERSION) {
        st = err_set(err, STATUS_FORMAT, "register: of version %lld; this program reads version %d",
                     (long long)schema, SCHEMA_VERSION);
    }
    if (st == STATUS_OK) {
        st = sound(r, err);
    }
    return st == STATUS_OK ? register_same_schema(r, err) : st;
}

/* A new, empty file of mode 0600 whatever the umask; refuses one that is there. */
static enum status new_file(const char *path, struct err *err)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return err_set(err, STATUS_IO, "cannot be created: %s", strerror(errno));
    }
    enum status st = STATUS_OK;
    if (fchmod(fd, 0600) != 0) {
        st = err_set(err, STATUS_IO, "cannot be made private: %s", strerror(errno));
        (void)unlink(path);
    }
    (void)close(fd); /* nothing was written through it */
    return st;
}

static enum status existing_file(const char *path, struct err *err)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return err_set(err, STATUS_IO, "%s", strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return err_set(err, STATUS_IO, "not a file");
    }
    return STATUS_OK;
}

enum status register_open(const char *path, enum register_mode mode, struct register_db **out,
                          struct err *err)
{
    assert(path && out);
    const int flags = mode == REGISTER_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    bool made = false;
    enum status st = STATUS_NOMEM;
    struct register_db *r = calloc(1, sizeof *r);
    if (!r) {
        (void)err_set(err, st, "register: out of memory");
        goto out;
    }
    st = mode == REGISTER_CREATE ? new_file(path, err) : existing_file(path, err);
    if (st != STATUS_OK) {
        goto out;
    }
    made = mode == REGISTER_CREATE;
    if (sqlite3_open_v2(path, &r->db, flags | SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK) {
        st = register_failed(r, "open", err);
        goto out;
    }
    st = configure(r, err);
    if (st == STATUS_OK) {
        st = made ? define_tables(r, err) : recognise(r, err);
    }
out:
    if (st == STATUS_OK) {
        *out = r;
    } else {
        err_prefix(err, "%s: ", path);
        register_close(r);
        if (made) {
            (void)unlink(path);
        }
    }
    return st;
}

void register_close(struct register_db *r)
{
    if (r) {
        int rc = sqlite3_close(r->db);
        assert(rc == SQLITE_OK); /* every statement was finalised */
        free(r);
    }
}
