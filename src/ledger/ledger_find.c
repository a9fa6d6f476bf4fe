/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups. The expressions are those of the indexes in consent/sql/ledger.sql, letter for letter,
 * so that SQLite uses them. No look-up hands out an entry that its own digest does not vouch for.
 */
#include "ledger/ledger_db.h"

#include <string.h>

#define SELECT_ENTRY "SELECT " ENTRY_COLUMNS("e.") " FROM entry AS e "
#define IS_RULING "e.kind IN ('intent', 'held', 'rejected') "
#define IS_REFUSAL "e.kind IN ('held', 'rejected') "
/* The entry that ended intent e. The plus takes the column's affinity off, without which SQLite
 * would not use the index. */
#define ENDING                                                                                     \
    "SELECT 1 FROM entry AS o WHERE o.kind IN ('published', 'abandoned') "                         \
    "AND json_extract(o.body, '$.intent') = +e.seq "

static enum status bind_failed(struct ledger *l, int rc, struct err *err)
{
    return rc == SQLITE_OK ? STATUS_OK : ledger_fail(l->db, rc, "preparing a query", err);
}

static int bind_text(sqlite3_stmt *q, int at, struct text t)
{
    return sqlite3_bind_text64(q, at, t.n ? t.at : "", t.n, SQLITE_STATIC, SQLITE_UTF8);
}

/* The row that `q` stands on. */
static enum status check_entry(struct ledger *l, const struct row *row, struct entry *out,
                               struct err *err)
{
    const char *flaw = NULL;
    enum status st = row_check(l, row, &flaw, out, err);
    if (st == STATUS_OK && flaw) {
        st = err_set(err, STATUS_BROKEN, LEDGER_DB_NAME ": entry %lld was altered: %s",
                     (long long)row->seq, flaw);
    }
    return st;
}

/* The one row that `q` gives, or none. */
static enum status take_entry(struct ledger *l, sqlite3_stmt *q, struct entry *out, bool *found,
                              struct err *err)
{
    int rc = sqlite3_step(q);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        return ledger_fail(l->db, rc, "looking up an entry", err);
    }
    if (rc == SQLITE_DONE) {
        *found = false;
        return STATUS_OK;
    }
    struct row row = row_at(q);
    enum status st = check_entry(l, &row, out, err);
    if (st == STATUS_OK) {
        *found = true;
    }
    return st;
}

static enum status find_by_number(struct ledger *l, const char *sql, int64_t n, struct entry *out,
                                  bool *found, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st = ledger_prepare(l->db, sql, &q, err);
    if (st == STATUS_OK && sqlite3_bind_parameter_count(q) > 0) {
        st = bind_failed(l, sqlite3_bind_int64(q, 1, n), err);
    }
    if (st == STATUS_OK) {
        st = take_entry(l, q, out, found, err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

enum status ledger_entry(struct ledger *l, int64_t seq, struct entry *out, bool *found,
                         struct err *err)
{
    return find_by_number(l, SELECT_ENTRY "WHERE e.seq = ?1", seq, out, found, err);
}

enum status ledger_head(struct ledger *l, struct entry *out, bool *found, struct err *err)
{
    return find_by_number(l, SELECT_ENTRY "ORDER BY e.seq DESC LIMIT 1", 0, out, found, err);
}

enum status ledger_case(struct ledger *l, int64_t case_no, struct entry *out, bool *found,
                        struct err *err)
{
    return find_by_number(l,
                          SELECT_ENTRY "WHERE " IS_REFUSAL
                                       "AND json_extract(e.body, '$.case') = ?1 "
                                       "ORDER BY e.seq DESC LIMIT 1",
                          case_no, out, found, err);
}

enum status ledger_last_ruling(struct ledger *l, struct text batch, const struct digest *source,
                               struct entry *out, bool *found, struct err *err)
{
    static const char SQL[] =
        SELECT_ENTRY "WHERE " IS_RULING "AND json_extract(e.body, '$.batch') = ?1 "
                     "AND json_extract(e.body, '$.source') = ?2 "
                     "AND (e.kind <> 'intent' OR EXISTS (" ENDING "AND o.kind = 'published')) "
                     "ORDER BY e.seq DESC LIMIT 1";
    char hex[DIGEST_HEX_BYTES];
    sqlite3_stmt *q = NULL;
    enum status st = ledger_prepare(l->db, SQL, &q, err);
    if (st == STATUS_OK) {
        int rc = bind_text(q, 1, batch);
        rc = rc ? rc : bind_text(q, 2, text_of(digest_hex(source, hex)));
        st = bind_failed(l, rc, err);
    }
    if (st == STATUS_OK) {
        st = take_entry(l, q, out, found, err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

/* The number that `q` gives in its first column; 0 when it gives no row. */
static enum status take_number(struct ledger *l, sqlite3_stmt *q, int64_t *out, struct err *err)
{
    int rc = sqlite3_step(q);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        return ledger_fail(l->db, rc, "looking up a number", err);
    }
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    return STATUS_OK;
}

enum status ledger_last_case(struct ledger *l, int64_t *out, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st =
        ledger_prepare(l->db,
                       "SELECT json_extract(e.body, '$.case') FROM entry AS e "
                       "WHERE " IS_REFUSAL "ORDER BY json_extract(e.body, '$.case') DESC LIMIT 1",
                       &q, err);
    if (st == STATUS_OK) {
        st = take_number(l, q, out, err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

enum status ledger_last_photo(struct ledger *l, struct text batch, int64_t *out, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st =
        ledger_prepare(l->db,
                       "SELECT json_extract(e.body, '$.photo') FROM entry AS e "
                       "WHERE e.kind = 'intent' AND json_extract(e.body, '$.batch') = ?1 "
                       "ORDER BY json_extract(e.body, '$.photo') DESC LIMIT 1",
                       &q, err);
    if (st == STATUS_OK) {
        st = bind_failed(l, bind_text(q, 1, batch), err);
    }
    if (st == STATUS_OK) {
        st = take_number(l, q, out, err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

/* What a walk calls (a function type, not a struct). */
typedef enum status each_entry(void *context, const struct entry *e, struct err *err);

/* Step to the next row of `q` after *from; an entry of another kind is passed over unread. */
static enum status next_entry(struct ledger *l, sqlite3_stmt *q, unsigned kinds, int64_t *from,
                              int64_t to, struct entry *out, bool *wanted, struct err *err)
{
    int rc = sqlite3_bind_int64(q, 1, *from);
    rc = rc ? rc : sqlite3_bind_int64(q, 2, to);
    rc = rc ? rc : sqlite3_step(q);
    enum status st = STATUS_OK;
    *wanted = false;
    if (rc == SQLITE_ROW) {
        struct row row = row_at(q);
        enum entry_kind kind = entry_kind_of(row.kind);
        *from = row.seq;
        if (kind == ENTRY_UNKNOWN || (kinds >> kind & 1u)) {
            st = check_entry(l, &row, out, err);
            *wanted = st == STATUS_OK;
        }
    } else if (rc == SQLITE_DONE) {
        *from = to;
    } else {
        st = ledger_fail(l->db, rc, "looking up an entry", err);
    }
    (void)sqlite3_reset(q);
    return st;
}

/* Walk the rows of `sql`, which gives the first after ?1 up to ?2. No statement is open while
 * `each` runs, so it may look up and append; what it appends is not walked. */
static enum status walk(struct ledger *l, const char *sql, unsigned kinds, each_entry *each,
                        void *context, struct err *err)
{
    sqlite3_stmt *q = NULL, *last = NULL;
    int64_t from = 0, to = 0;
    enum status st = ledger_prepare(l->db, "SELECT max(seq) FROM entry", &last, err);
    if (st == STATUS_OK) {
        st = take_number(l, last, &to, err);
    }
    (void)sqlite3_finalize(last);
    if (st == STATUS_OK) {
        st = ledger_prepare(l->db, sql, &q, err);
    }
    while (st == STATUS_OK && from < to) {
        struct entry e = {0};
        bool wanted;
        st = next_entry(l, q, kinds, &from, to, &e, &wanted, err);
        if (wanted) {
            st = each(context, &e, err);
            entry_release(&e);
        }
    }
    (void)sqlite3_finalize(q);
    return st;
}

enum status ledger_each(struct ledger *l, unsigned kinds,
                        enum status (*each)(void *context, const struct entry *e, struct err *err),
                        void *context, struct err *err)
{
    return walk(l, SELECT_ENTRY "WHERE e.seq > ?1 AND e.seq <= ?2 ORDER BY e.seq LIMIT 1", kinds,
                each, context, err);
}

enum status ledger_pending(struct ledger *l,
                           enum status (*each)(void *context, const struct entry *e,
                                               struct err *err),
                           void *context, struct err *err)
{
    return walk(l,
                SELECT_ENTRY "WHERE e.kind = 'intent' AND e.seq > ?1 AND e.seq <= ?2 "
                             "AND NOT EXISTS (" ENDING ") ORDER BY e.seq LIMIT 1",
                1u << ENTRY_INTENT, each, context, err);
}
