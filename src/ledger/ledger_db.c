/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger's file: made, opened, looked over, closed. */
#include "ledger/ledger_db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* trusted_schema stays on: with it off, SQLite 3.40 refuses json_extract in an index. check_schema
 * does more than it would: nothing is written through a schema that is not ours to the letter, and
 * no function of this connection has side effects. */
static const char SETTINGS[] =
    "PRAGMA cell_size_check = ON;"
    "PRAGMA recursive_triggers = ON;"; /* REPLACE deletes through the triggers */

/* WAL with FULL syncs the log at each commit. The limit makes the log of a closed ledger empty. */
static const char WRITER_SETTINGS[] = "PRAGMA synchronous = FULL;"
                                      "PRAGMA journal_size_limit = 4194304;";

enum status ledger_fail(sqlite3 *db, int rc, const char *doing, struct err *err)
{
    enum status st = STATUS_LIBRARY;
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        st = STATUS_BUSY;
        break;
    case SQLITE_NOMEM:
        st = STATUS_NOMEM;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        st = STATUS_FORMAT;
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        st = STATUS_IO;
        break;
    case SQLITE_CONSTRAINT:
        st = STATUS_BROKEN;
        break;
    case SQLITE_TOOBIG:
        st = STATUS_LIMIT;
        break;
    default:
        break;
    }
    return err_set(err, st, LEDGER_DB_NAME ": %s: %s", doing,
                   db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
}

enum status ledger_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *err)
{
    int rc = sqlite3_prepare_v2(db, sql, -1, out, NULL);
    return rc == SQLITE_OK ? STATUS_OK : ledger_fail(db, rc, "preparing a query", err);
}

static enum status run_sql(sqlite3 *db, const char *sql, const char *doing, struct err *err)
{
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? STATUS_OK : ledger_fail(db, rc, doing, err);
}

/* The one number or text a PRAGMA or SELECT gives. */
static enum status one_number(sqlite3 *db, const char *sql, int64_t *out, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st = ledger_prepare(db, sql, &q, err);
    if (st == STATUS_OK) {
        int rc = sqlite3_step(q);
        if (rc == SQLITE_ROW) {
            *out = sqlite3_column_int64(q, 0);
        } else {
            st = ledger_fail(db, rc, "reading its header", err);
        }
    }
    (void)sqlite3_finalize(q);
    return st;
}

/* The file that SQLite is about to open. Not opened here: closing any descriptor of it would drop
 * the locks that SQLite holds on it elsewhere in this process (POSIX, fcntl). */
static enum status check_file(int folder, struct err *err)
{
    struct stat s;
    if (fstatat(folder, LEDGER_DB_NAME, &s, AT_SYMLINK_NOFOLLOW) != 0) {
        return err_set(err, STATUS_IO, LEDGER_DB_NAME ": %s", strerror(errno));
    }
    if (!S_ISREG(s.st_mode)) {
        return err_set(err, STATUS_FORMAT, LEDGER_DB_NAME " is not a regular file");
    }
    if (s.st_size == 0) {
        return err_set(err, STATUS_FORMAT, LEDGER_DB_NAME " is not a ledger: it is empty");
    }
    return STATUS_OK;
}

static enum status make_file(int folder, bool *made, struct err *err)
{
    int fd = openat(folder, LEDGER_DB_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST
                   ? err_set(err, STATUS_IO, LEDGER_DB_NAME " is already there; it is not replaced")
                   : err_set(err, STATUS_IO, LEDGER_DB_NAME ": %s", strerror(errno));
    }
    *made = true;
    enum status st = STATUS_OK;
    if (fchmod(fd, 0600) != 0) { /* the log and its index take this mode from it */
        st = err_set(err, STATUS_IO, LEDGER_DB_NAME ": %s", strerror(errno));
    }
    (void)close(fd);
    return st;
}

/* "file:" with everything but the plainest characters escaped, for a file that nothing can change.
 */
static enum status immutable_uri(const char *path, struct buffer *out, struct err *err)
{
    buffer_add_cstr(out, "file:");
    for (const char *c = path; *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("/._-", *c);
        if (plain) {
            buffer_add_byte(out, (uint8_t)*c);
        } else {
            buffer_format(out, "%%%02X", (unsigned)(unsigned char)*c);
        }
    }
    buffer_add_cstr(out, "?immutable=1");
    buffer_add_byte(out, '\0');
    return buffer_status(out, err);
}

/* Whether the folder's file system is mounted read-only and no log stands beside the file: then the
 * file is all there is and it cannot change under a reader, which is what SQLite's immutable asks
 * for. Anywhere else it would be a lie. */
static bool is_frozen(int folder)
{
    struct statvfs fs;
    struct stat s;
    bool log =
        fstatat(folder, LEDGER_DB_NAME "-wal", &s, AT_SYMLINK_NOFOLLOW) == 0 && s.st_size > 0;
    return !log && fstatvfs(folder, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
}

static enum status connect_to(struct ledger *l, const char *name, int flags, struct err *err)
{
    int rc = sqlite3_open_v2(name, &l->db, flags, NULL);
    if (rc != SQLITE_OK) {
        return ledger_fail(l->db, rc, "opening it", err);
    }
    (void)sqlite3_extended_result_codes(l->db, 1);
    (void)sqlite3_busy_timeout(l->db, LEDGER_BUSY_MS);
    (void)sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    enum status st = run_sql(l->db, SETTINGS, "setting it up", err);
    if (st == STATUS_OK && (flags & SQLITE_OPEN_READWRITE)) {
        /* keep the log's files when the last writer leaves, so that a reader who may not make them
         * can still read */
        int keep = 1;
        (void)sqlite3_file_control(l->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep);
        st = run_sql(l->db, WRITER_SETTINGS, "setting it up", err);
    }
    return st;
}

static enum status connect_reader(struct ledger *l, int folder, const char *path, struct err *err)
{
    struct buffer uri;
    int rc;
    buffer_init(&uri, 4u * MAX_PATH_BYTES);
    enum status st = connect_to(
        l, path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE, err);
    if (st != STATUS_OK) {
        goto out;
    }
    rc = sqlite3_exec(l->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    if ((rc & 0xff) == SQLITE_CANTOPEN && is_frozen(folder)) {
        (void)sqlite3_close(l->db);
        l->db = NULL;
        st = immutable_uri(path, &uri, err);
        if (st == STATUS_OK) {
            st = connect_to(l, (const char *)uri.at, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
        }
    } else if ((rc & 0xff) == SQLITE_CANTOPEN) {
        st = err_set(err, STATUS_IO,
                     LEDGER_DB_NAME
                     " cannot be read without making files beside it; copy it, with " LEDGER_DB_NAME
                     "-wal if there is one, to a folder of your own");
    } else if (rc != SQLITE_OK) {
        st = ledger_fail(l->db, rc, "opening it", err);
    }
out:
    buffer_release(&uri);
    return st;
}

static enum status make_schema(struct ledger *l, struct err *err)
{
    enum status st = run_sql(l->db, "PRAGMA journal_mode = WAL", "setting it up", err);
    if (st == STATUS_OK) {
        st = run_sql(l->db, "BEGIN IMMEDIATE", "starting it", err);
    }
    if (st == STATUS_OK) {
        st = run_sql(l->db, ledger_schema_sql, "making its table", err);
    }
    if (st == STATUS_OK) {
        st = run_sql(l->db, "COMMIT", "making its table", err);
    }
    return st;
}

/* SQLite's own look at the file: pages, order, types. That is not the chain, but a chain cannot be
 * read without it. */
static enum status check_pages(sqlite3 *db, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st = ledger_prepare(db, "PRAGMA quick_check(1)", &q, err);
    if (st == STATUS_OK) {
        int rc = sqlite3_step(q);
        const char *says =
            rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : "it cannot be read";
        if (rc != SQLITE_ROW && (rc & 0xff) != SQLITE_CORRUPT) {
            st = ledger_fail(db, rc, "looking it over", err);
        } else if (!says || strcmp(says, "ok") != 0) {
            st = err_set(err, STATUS_FORMAT, LEDGER_DB_NAME " is damaged: %.200s",
                         says ? says : "no memory");
        }
    }
    (void)sqlite3_finalize(q);
    return st;
}

static enum status check_header(sqlite3 *db, struct err *err)
{
    int64_t id = 0, version = 0;
    enum status st = one_number(db, "PRAGMA application_id", &id, err);
    if (st == STATUS_OK) {
        st = one_number(db, "PRAGMA user_version", &version, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (id != LEDGER_APPLICATION_ID || version < 1) {
        return err_set(err, STATUS_FORMAT, LEDGER_DB_NAME " is not a ledger of photogate");
    }
    if (version > LEDGER_VERSION) {
        return err_set(err, STATUS_FORMAT,
                       LEDGER_DB_NAME
                       " was made by a newer photogate (form %lld, this one knows %d)",
                       (long long)version, LEDGER_VERSION);
    }
    return STATUS_OK;
}

/* Everything the file declares, as one text in a fixed order. */
static enum status schema_text(sqlite3 *db, struct buffer *out, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st = ledger_prepare(db,
                                    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE "
                                    "'sqlite_stat%' ORDER BY name",
                                    &q, err);
    int rc = SQLITE_DONE;
    while (st == STATUS_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        for (int i = 0; i < 3; i++) {
            const char *at = (const char *)sqlite3_column_text(q, i);
            buffer_add_cstr(out, at ? at : "");
            buffer_add_byte(out, '\n');
        }
        st = buffer_status(out, err);
    }
    if (st == STATUS_OK && rc != SQLITE_DONE) {
        st = ledger_fail(db, rc, "reading its schema", err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

/* Compare what the file declares with consent/sql/ledger.sql: no trigger gone, none that is not
 * ours. */
static enum status check_schema(struct ledger *l, struct err *err)
{
    sqlite3 *model = NULL;
    struct buffer is, should;
    buffer_init(&is, MAX_ENTRY_BYTES);
    buffer_init(&should, MAX_ENTRY_BYTES);
    enum status st = STATUS_OK;
    int rc = sqlite3_open_v2(":memory:", &model, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, NULL);
    if (rc != SQLITE_OK) {
        st = ledger_fail(model, rc, "checking its schema", err);
        goto out;
    }
    if ((st = run_sql(model, ledger_schema_sql, "checking its schema", err)) != STATUS_OK ||
        (st = schema_text(model, &should, err)) != STATUS_OK ||
        (st = schema_text(l->db, &is, err)) != STATUS_OK) {
        goto out;
    }
    l->schema_is_ours = bytes_equal(buffer_view(&is), buffer_view(&should));
out:
    buffer_release(&is);
    buffer_release(&should);
    (void)sqlite3_close(model);
    return st;
}

/* The last entry is what its digest vouches for and follows from the one before it. */
static enum status check_head(struct ledger *l, struct err *err)
{
    static const struct digest ZERO;
    struct entry head = {0}, before = {0};
    struct digest link = ZERO, fits;
    bool found = false;
    struct buffer body;
    buffer_init(&body, MAX_ENTRY_BYTES);
    enum status st = ledger_head(l, &head, &found, err);
    if (st != STATUS_OK || !found) {
        goto out;
    }
    if (head.seq > 1) {
        if ((st = ledger_entry(l, head.seq - 1, &before, &found, err)) != STATUS_OK) {
            goto out;
        }
        link = before.digest;
    }
    if ((st = json_canonical(head.body, &body, err)) != STATUS_OK ||
        (st = entry_digest(l, &link, head.seq, entry_kind_name(head.kind), text_of(head.time),
                           (struct text){(const char *)body.at, body.n}, &fits, err)) !=
            STATUS_OK) {
        goto out;
    }
    if (!found || !digest_equal(&fits, &head.digest)) {
        st = err_set(err, STATUS_BROKEN,
                     LEDGER_DB_NAME ": entry %lld does not follow from the entry before it",
                     (long long)head.seq);
    }
out:
    buffer_release(&body);
    entry_release(&head);
    entry_release(&before);
    return st;
}

static enum status connect_writer(struct ledger *l, const char *path, bool create, struct err *err)
{
    enum status st = connect_to(
        l, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE, err);
    return st == STATUS_OK && create ? make_schema(l, err) : st;
}

static enum status look_over(struct ledger *l, bool write, struct err *err)
{
    enum status st = check_header(l->db, err);
    if (st == STATUS_OK) {
        st = check_schema(l, err);
    }
    if (st == STATUS_OK) {
        st = check_pages(l->db, err);
    }
    if (st != STATUS_OK || !write) {
        return st; /* a reader may look at a ledger whose guards are gone: ledger_verify tells */
    }
    if (!l->schema_is_ours) {
        return err_set(err, STATUS_BROKEN, LEDGER_DB_NAME ": " LEDGER_GUARDS_CHANGED);
    }
    if ((st = check_head(l, err)) != STATUS_OK) {
        return st;
    }
    return ledger_prepare(
        l->db, "INSERT INTO entry (" ENTRY_COLUMNS("") ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &l->insert, err);
}

/* A reader without the key can still read and verify; only pseudonyms are out of reach. */
static enum status get_key(struct ledger *l, int folder, enum ledger_mode mode, bool *made,
                           struct err *err)
{
    enum status st =
        mode == LEDGER_CREATE  ? key_file_make(folder, LEDGER_KEY_NAME, l->key, made, err)
        : mode == LEDGER_WRITE ? key_file_read(folder, LEDGER_KEY_NAME, true, l->key, err)
                               : key_file_read(folder, LEDGER_KEY_NAME, false, l->key, NULL);
    l->has_key = st == STATUS_OK;
    return mode == LEDGER_READ ? STATUS_OK : st;
}

static void unmake(int folder, bool made_key, bool made_db)
{
    if (made_db) {
        (void)unlinkat(folder, LEDGER_DB_NAME, 0);
        (void)unlinkat(folder, LEDGER_DB_NAME "-wal", 0);
        (void)unlinkat(folder, LEDGER_DB_NAME "-shm", 0);
    }
    if (made_key) {
        (void)unlinkat(folder, LEDGER_KEY_NAME, 0);
    }
}

enum status ledger_open(const char *home, enum ledger_mode mode, struct ledger **out,
                        struct err *err)
{
    enum status st = STATUS_OK;
    bool made_key = false, made_db = false;
    char *real = NULL, *path = NULL;
    int folder = -1;
    struct ledger *l = calloc(1, sizeof *l);
    if (!l) {
        return err_set(err, STATUS_NOMEM, "no memory for the ledger");
    }
    buffer_init(&l->text, MAX_ENTRY_BYTES);
    buffer_init(&l->chain, MAX_ENTRY_BYTES + 512u);

    /* A link in the way to the folder is the school's business; one in place of the ledger is not.
     */
    real = realpath(home, NULL);
    folder =
        real ? open(real, (mode == LEDGER_READ ? O_PATH : O_RDONLY) | O_DIRECTORY | O_CLOEXEC) : -1;
    if (folder < 0) {
        st = err_set(err, STATUS_IO, "the ledger's folder: %s", strerror(errno));
        goto out;
    }
    if (asprintf(&path, "%s/" LEDGER_DB_NAME, real) < 0) {
        path = NULL;
        st = err_set(err, STATUS_NOMEM, "no memory for the ledger");
        goto out;
    }
    if (mode == LEDGER_CREATE) {
        st = make_file(folder, &made_db, err);
    } else {
        st = check_file(folder, err);
    }
    if (st != STATUS_OK || (st = get_key(l, folder, mode, &made_key, err)) != STATUS_OK) {
        goto out;
    }
    st = mode == LEDGER_READ ? connect_reader(l, folder, path, err)
                             : connect_writer(l, path, mode == LEDGER_CREATE, err);
    if (st == STATUS_OK) {
        st = look_over(l, mode != LEDGER_READ, err);
    }
    if (st == STATUS_OK && mode == LEDGER_CREATE && fsync(folder) != 0) {
        st = err_set(err, STATUS_IO, "the ledger's folder: %s", strerror(errno));
    }
    if (st == STATUS_OK) {
        *out = l;
        l = NULL;
    }
out:
    ledger_close(l);
    if (st != STATUS_OK && folder >= 0) {
        unmake(folder, made_key, made_db);
    }
    if (folder >= 0) {
        (void)close(folder);
    }
    free(path);
    free(real);
    return st;
}

void ledger_close(struct ledger *l)
{
    if (!l) {
        return;
    }
    ledger_rollback(l);
    (void)sqlite3_finalize(l->insert);
    int rc = sqlite3_close(l->db);
    assert(rc == SQLITE_OK); /* every statement is finalized by whoever prepared it */
    (void)rc;
    buffer_release(&l->text);
    buffer_release(&l->chain);
    explicit_bzero(l->key, sizeof l->key);
    free(l);
}
