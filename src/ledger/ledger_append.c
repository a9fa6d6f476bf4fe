/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing: begin, append, commit, rollback. */
#include "ledger/ledger_db.h"

#include <assert.h>
#include <string.h>

/* The members that look-ups rely on (photogate/ledger.h). An entry without them would be there and
 * never found. */
enum member_form {
    MEMBER_BATCH,
    MEMBER_DIGEST,
    MEMBER_FILE,
    MEMBER_COUNT,
    MEMBER_FLAG,
    MEMBER_TEXT
};

struct member_rule {
    enum entry_kind kind;
    const char *name;
    enum member_form form;
};

static const struct member_rule MEMBER_RULES[] = {
    {ENTRY_INTENT, "batch", MEMBER_BATCH},       {ENTRY_INTENT, "source", MEMBER_DIGEST},
    {ENTRY_INTENT, "release", MEMBER_DIGEST},    {ENTRY_INTENT, "file", MEMBER_FILE},
    {ENTRY_INTENT, "photo", MEMBER_COUNT},       {ENTRY_PUBLISHED, "intent", MEMBER_COUNT},
    {ENTRY_PUBLISHED, "recovered", MEMBER_FLAG}, {ENTRY_ABANDONED, "intent", MEMBER_COUNT},
    {ENTRY_HELD, "batch", MEMBER_BATCH},         {ENTRY_HELD, "source", MEMBER_DIGEST},
    {ENTRY_HELD, "case", MEMBER_COUNT},          {ENTRY_REJECTED, "batch", MEMBER_BATCH},
    {ENTRY_REJECTED, "source", MEMBER_DIGEST},   {ENTRY_REJECTED, "case", MEMBER_COUNT},
    {ENTRY_RECALLED, "intent", MEMBER_COUNT},    {ENTRY_POSTED, "intent", MEMBER_COUNT},
    {ENTRY_POSTED, "url", MEMBER_TEXT},          {ENTRY_TAKEN_DOWN, "posted", MEMBER_COUNT},
    {ENTRY_AWAITING, "batch", MEMBER_BATCH},     {ENTRY_AWAITING, "source", MEMBER_DIGEST},
    {ENTRY_AWAITING, "release", MEMBER_DIGEST},  {ENTRY_AWAITING, "file", MEMBER_FILE},
    {ENTRY_AWAITING, "photo", MEMBER_COUNT},     {ENTRY_DECLINED, "awaiting", MEMBER_COUNT},
    {ENTRY_DECLINED, "batch", MEMBER_BATCH},     {ENTRY_DECLINED, "source", MEMBER_DIGEST},
    {ENTRY_CLEARED, "held", MEMBER_COUNT},       {ENTRY_CLEARED, "case", MEMBER_COUNT},
    {ENTRY_CLEARED, "batch", MEMBER_BATCH},      {ENTRY_CLEARED, "source", MEMBER_DIGEST},
    {ENTRY_DISCLOSED, "person", MEMBER_TEXT},    {ENTRY_ERASED, "person", MEMBER_TEXT},
    {ENTRY_DESTROYED, "case", MEMBER_COUNT},     {ENTRY_DESTROYED, "source", MEMBER_DIGEST},
};

static bool member_fits(const json_t *value, enum member_form form)
{
    struct text t = {json_string_value(value), json_string_length(value)};
    struct digest d;
    switch (form) {
    case MEMBER_BATCH: /* names a folder below approved/ */
    case MEMBER_FILE:  /* names a file in it */
        return json_is_string(value) && t.n > 0 && t.at[0] != '.' && !memchr(t.at, '/', t.n) &&
               !memchr(t.at, '\0', t.n);
    case MEMBER_DIGEST:
        return json_is_string(value) && digest_from_hex(t, &d);
    case MEMBER_COUNT:
        return json_is_integer(value) && json_integer_value(value) > 0;
    case MEMBER_FLAG:
        return json_is_boolean(value);
    case MEMBER_TEXT:
        return json_is_string(value) && t.n > 0;
    }
    return false;
}

static enum status check_body(enum entry_kind kind, const json_t *body, struct err *err)
{
    if (!json_is_object(body)) {
        return err_set(err, STATUS_FORMAT, "the body of a ledger entry is not an object");
    }
    for (size_t i = 0; i < sizeof MEMBER_RULES / sizeof MEMBER_RULES[0]; i++) {
        const struct member_rule *r = &MEMBER_RULES[i];
        if (r->kind == kind && !member_fits(json_object_get(body, r->name), r->form)) {
            return err_set(err, STATUS_FORMAT, "a ledger entry of kind %s has no proper \"%s\"",
                           entry_kind_name(kind), r->name);
        }
    }
    return STATUS_OK;
}

static enum status read_head(struct ledger *l, struct err *err)
{
    sqlite3_stmt *q = NULL;
    enum status st =
        ledger_prepare(l->db, "SELECT seq, digest FROM entry ORDER BY seq DESC LIMIT 1", &q, err);
    if (st != STATUS_OK) {
        return st;
    }
    int rc = sqlite3_step(q);
    l->head_seq = 0;
    memset(&l->head, 0, sizeof l->head);
    if (rc == SQLITE_ROW && sqlite3_column_bytes(q, 1) == DIGEST_BYTES) {
        l->head_seq = sqlite3_column_int64(q, 0);
        memcpy(l->head.b, sqlite3_column_blob(q, 1), DIGEST_BYTES);
    } else if (rc == SQLITE_ROW) {
        st = err_set(err, STATUS_BROKEN, LEDGER_DB_NAME ": its last entry has no digest");
    } else if (rc != SQLITE_DONE) {
        st = ledger_fail(l->db, rc, "reading its last entry", err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

enum status ledger_begin(struct ledger *l, struct err *err)
{
    assert(l->insert && !l->in_transaction);
    /* IMMEDIATE: who cannot write learns it now, and the head read below stays the head. */
    int rc = sqlite3_exec(l->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        return ledger_fail(l->db, rc, "starting to write", err);
    }
    l->in_transaction = true;
    l->spoilt = false;
    enum status st = read_head(l, err);
    if (st != STATUS_OK) {
        ledger_rollback(l);
    }
    return st;
}

static enum status insert_entry(struct ledger *l, int64_t seq, enum entry_kind kind,
                                struct text time, const struct digest *digest, struct err *err)
{
    sqlite3_stmt *q = l->insert;
    const char *name = entry_kind_name(kind);
    int rc = sqlite3_bind_int64(q, 1, seq);
    rc = rc ? rc : sqlite3_bind_text(q, 2, time.at, (int)time.n, SQLITE_STATIC);
    rc = rc ? rc : sqlite3_bind_text(q, 3, name, -1, SQLITE_STATIC);
    rc = rc ? rc : sqlite3_bind_text(q, 4, (const char *)l->text.at, (int)l->text.n, SQLITE_STATIC);
    rc = rc ? rc : sqlite3_bind_blob(q, 5, l->head.b, DIGEST_BYTES, SQLITE_STATIC);
    rc = rc ? rc : sqlite3_bind_blob(q, 6, digest->b, DIGEST_BYTES, SQLITE_STATIC);
    rc = rc ? rc : sqlite3_step(q);
    enum status st =
        rc == SQLITE_DONE ? STATUS_OK : ledger_fail(l->db, rc, "writing an entry", err);
    (void)sqlite3_reset(q);
    (void)sqlite3_clear_bindings(q);
    return st;
}

enum status ledger_append(struct ledger *l, enum entry_kind kind, const char *time, json_t *body,
                          int64_t *seq, struct err *err)
{
    assert(l->in_transaction);
    assert(kind > ENTRY_UNKNOWN && kind < N_ENTRY_KINDS);
    struct text when = text_of(time);
    struct digest digest;
    enum status st = STATUS_OK;
    if (l->spoilt || sqlite3_get_autocommit(l->db)) {
        /* SQLite has rolled back by itself: an insert now would stand alone */
        st = err_set(err, STATUS_IO, LEDGER_DB_NAME ": an entry before this one was not written");
        goto out;
    }
    if (!entry_time_is_valid(when)) {
        st = err_set(err, STATUS_FORMAT,
                     "the time of a ledger entry is not like 2026-11-20T18:00:00Z");
        goto out;
    }
    buffer_reset(&l->text);
    if ((st = check_body(kind, body, err)) != STATUS_OK ||
        (st = json_canonical(body, &l->text, err)) != STATUS_OK ||
        (st = entry_digest(l, &l->head, l->head_seq + 1, entry_kind_name(kind), when,
                           (struct text){(const char *)l->text.at, l->text.n}, &digest, err)) !=
            STATUS_OK ||
        (st = insert_entry(l, l->head_seq + 1, kind, when, &digest, err)) != STATUS_OK) {
        goto out;
    }
    l->head = digest;
    l->head_seq++;
    if (seq) {
        *seq = l->head_seq;
    }
out:
    l->spoilt = l->spoilt || st != STATUS_OK;
    return st;
}

enum status ledger_commit(struct ledger *l, struct err *err)
{
    assert(l->in_transaction);
    enum status st = STATUS_OK;
    if (l->spoilt || sqlite3_get_autocommit(l->db)) {
        st = err_set(err, STATUS_IO, LEDGER_DB_NAME ": an entry was not written, so none are");
    } else {
        int rc = sqlite3_exec(l->db, "COMMIT", NULL, NULL, NULL);
        st = rc == SQLITE_OK ? STATUS_OK : ledger_fail(l->db, rc, "writing entries", err);
    }
    if (st == STATUS_OK) {
        l->in_transaction = false;
    } else {
        ledger_rollback(l);
    }
    return st;
}

void ledger_rollback(struct ledger *l)
{
    if (l->in_transaction && !sqlite3_get_autocommit(l->db)) {
        /* a failure here (memory, disk) leaves nothing committed either: closing the file forgets
         * it */
        (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    }
    l->in_transaction = false;
    l->spoilt = false;
}
