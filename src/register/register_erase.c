/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erasure: the one way in which a person leaves the register.
 *
 * The triggers that forbid deleting are dropped and made again, by their own text, inside the
 * transaction that deletes: nobody else ever sees the register without them, and a kill rolls all
 * of it back. What was deleted is overwritten (secure_delete), and what earlier changes left in the
 * gaps of pages goes when the file is written anew. */
#include "register/register_db.h"

#include <assert.h>
#include <string.h>

static const char *const LIFTED[] = {"consent_is_never_deleted", "status_is_never_deleted",
                                     "person_is_never_deleted"};
enum { N_LIFTED = sizeof LIFTED / sizeof LIFTED[0] };

static const char *const DROPS[N_LIFTED] = {"DROP TRIGGER consent_is_never_deleted",
                                            "DROP TRIGGER status_is_never_deleted",
                                            "DROP TRIGGER person_is_never_deleted"};

/* By what it refers to: what others refer to goes last. */
static const char *const DELETES[] = {"DELETE FROM consent WHERE person = ?1",
                                      "DELETE FROM status WHERE person = ?1",
                                      "DELETE FROM person WHERE id = ?1"};

/* The text that makes a trigger, as the register holds it; appended with a NUL. */
static enum status trigger_text(struct register_db *r, const char *name, struct buffer *out,
                                struct err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    enum status st = register_prepare(
        r, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1", &s, err);
    if (st == STATUS_OK) {
        bind_text(s, 1, text_of(name));
        st = register_step(r, s, &row, err);
    }
    const char *sql = st == STATUS_OK && row ? (const char *)sqlite3_column_text(s, 0) : NULL;
    if (st == STATUS_OK && !sql) {
        st = err_set(err, STATUS_FORMAT, "register: a trigger of it is missing");
    }
    if (st == STATUS_OK) {
        buffer_add_cstr(out, sql);
        buffer_add_byte(out, '\0');
        st = buffer_status(out, err);
    }
    (void)sqlite3_finalize(s);
    return st;
}

static enum status delete_people(struct register_db *r, const int64_t *ids, size_t n,
                                 struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t k = 0; st == STATUS_OK && k < sizeof DELETES / sizeof DELETES[0]; k++) {
        sqlite3_stmt *s = NULL;
        st = register_prepare(r, DELETES[k], &s, err);
        for (size_t i = 0; st == STATUS_OK && i < n; i++) {
            (void)sqlite3_bind_int64(s, 1, ids[i]);
            st = register_write(r, s, err);
            if (st == STATUS_OK && k == 2 && sqlite3_changes(r->db) != 1) {
                st = err_set(err, STATUS_FORMAT, "register: nobody of that number is in it");
            }
        }
        (void)sqlite3_finalize(s);
    }
    return st;
}

static enum status count_up(struct register_db *r, int64_t *version, struct err *err)
{
    enum status st = register_do(r, "UPDATE meta SET version = version + 1 WHERE one = 1", err);
    return st == STATUS_OK ? register_version(r, version, err) : st;
}

static enum status erase_within(struct register_db *r, const int64_t *ids, size_t n,
                                int64_t *version, struct err *err)
{
    enum { TEXT_BYTES = 4096 };
    struct buffer made[N_LIFTED];
    enum status st = STATUS_OK;
    for (size_t i = 0; i < N_LIFTED; i++) {
        buffer_init(&made[i], TEXT_BYTES);
    }
    for (size_t i = 0; st == STATUS_OK && i < N_LIFTED; i++) {
        st = trigger_text(r, LIFTED[i], &made[i], err);
        st = st == STATUS_OK ? register_do(r, DROPS[i], err) : st;
    }
    st = st == STATUS_OK ? delete_people(r, ids, n, err) : st;
    for (size_t i = 0; st == STATUS_OK && i < N_LIFTED; i++) {
        st = register_do(r, (const char *)made[i].at, err);
    }
    st = st == STATUS_OK ? count_up(r, version, err) : st;
    st = st == STATUS_OK ? register_same_schema(r, err) : st;
    for (size_t i = 0; i < N_LIFTED; i++) {
        buffer_release(&made[i]);
    }
    return st;
}

enum status register_erase(struct register_db *r, const int64_t *ids, size_t n, int64_t *version,
                           struct err *err)
{
    int64_t now = 0;
    assert(n > 0);
    enum status st = register_do(r, "BEGIN IMMEDIATE", err);
    if (st != STATUS_OK) {
        return st;
    }
    st = erase_within(r, ids, n, &now, err);
    st = st == STATUS_OK ? register_do(r, "COMMIT", err) : st;
    if (st != STATUS_OK) {
        if (!sqlite3_get_autocommit(r->db)) {
            (void)register_do(r, "ROLLBACK", NULL); /* the cause is in err already */
        }
        return st;
    }
    *version = now;
    /* in memory: a copy of everybody in the system's folder for temporary files is not wanted */
    st = register_do(r, "PRAGMA temp_store = MEMORY", err);
    st = st == STATUS_OK ? register_do(r, "VACUUM", err) : st;
    if (st != STATUS_OK) {
        err_prefix(err,
                   "they are erased, but the file could not be written anew without the gaps: ");
    }
    return st;
}
