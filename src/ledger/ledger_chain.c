/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain: what an entry's digest is made of, whether a row fits its own, and the full reading of
 * them all. */
#include "ledger/ledger_db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "photogate/date.h"

static const char *const KIND_NAMES[] = {[ENTRY_UNKNOWN] = "unknown",
#define X(symbol, name) [ENTRY_##symbol] = name,
                                         ENTRY_KIND_LIST(X)
#undef X
};

const char *entry_kind_name(enum entry_kind k)
{
    return KIND_NAMES[(unsigned)k < N_ENTRY_KINDS ? k : ENTRY_UNKNOWN];
}

enum entry_kind entry_kind_of(struct text name)
{
    for (unsigned k = ENTRY_UNKNOWN + 1; k < N_ENTRY_KINDS; k++) {
        if (text_equal(name, text_of(KIND_NAMES[k]))) {
            return (enum entry_kind)k;
        }
    }
    return ENTRY_UNKNOWN;
}

bool entry_time_is_valid(struct text t)
{
    struct date day;
    uint64_t hour, minute, second;
    return t.n == 20 && date_parse_iso(text_slice(t, 0, 10), &day) && t.at[10] == 'T' &&
           text_to_number(text_slice(t, 11, 2), 23, &hour) && t.at[13] == ':' &&
           text_to_number(text_slice(t, 14, 2), 59, &minute) && t.at[16] == ':' &&
           text_to_number(text_slice(t, 17, 2), 60, &second) && t.at[19] == 'Z';
}

/* The members in the order of their keys, which is what canonical JSON asks for. */
enum status entry_digest(struct ledger *l, const struct digest *prev, int64_t seq, const char *kind,
                         struct text time, struct text body, struct digest *out, struct err *err)
{
    struct buffer *b = &l->chain;
    buffer_reset(b);
    buffer_add(b, prev->b, sizeof prev->b);
    buffer_add_cstr(b, "{\"body\":");
    buffer_add(b, body.at, body.n);
    buffer_format(b, ",\"kind\":\"%s\",\"seq\":%lld,\"time\":\"%.*s\"}", kind, (long long)seq,
                  TEXT_ARG(time));
    enum status st = buffer_status(b, err);
    return st == STATUS_OK ? digest_of(buffer_view(b), out, err) : st;
}

static struct bytes column(sqlite3_stmt *q, int i)
{
    const uint8_t *at =
        sqlite3_column_blob(q, i); /* before its length: a conversion may change that */
    int n = sqlite3_column_bytes(q, i);
    return (struct bytes){n > 0 ? at : NULL, at && n > 0 ? (size_t)n : 0};
}

struct row row_at(sqlite3_stmt *q)
{
    struct bytes time = column(q, 1), kind = column(q, 2), body = column(q, 3);
    return (struct row){
        .seq = sqlite3_column_int64(q, 0),
        .time = {(const char *)time.at, time.n},
        .kind = {(const char *)kind.at, kind.n},
        .body = {(const char *)body.at, body.n},
        .prev = column(q, 4),
        .digest = column(q, 5),
    };
}

/* Whether `text` is the canonical form of an object, which becomes *out. */
static enum status parse_body(struct ledger *l, struct text text, json_t **out, struct err *err)
{
    json_error_t error;
    json_t *body =
        json_loadb(text.n ? text.at : "", text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!body) {
        return json_error_code(&error) == json_error_out_of_memory
                   ? err_set(err, STATUS_NOMEM, "no memory for a ledger entry")
                   : STATUS_OK;
    }
    buffer_reset(&l->text);
    enum status st = json_canonical(body, &l->text, NULL);
    if (st == STATUS_OK && json_is_object(body) && text.n == l->text.n &&
        memcmp(text.at, l->text.at, text.n) == 0) {
        *out = body;
        return STATUS_OK;
    }
    json_decref(body);
    return st == STATUS_NOMEM ? err_set(err, st, "no memory for a ledger entry") : STATUS_OK;
}

enum status row_check(struct ledger *l, const struct row *r, const char **flaw, struct entry *out,
                      struct err *err)
{
    json_t *body = NULL;
    struct digest prev, fits;
    enum entry_kind kind = entry_kind_of(r->kind);
    *flaw = NULL;
    if (kind == ENTRY_UNKNOWN) {
        *flaw = "its kind is not one that a ledger has";
        return STATUS_OK;
    }
    if (!entry_time_is_valid(r->time)) {
        *flaw = "its time is not a time";
        return STATUS_OK;
    }
    enum status st = parse_body(l, r->body, &body, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!body) {
        *flaw = "its body is not canonical JSON";
        return STATUS_OK;
    }
    bool whole = r->prev.n == DIGEST_BYTES && r->digest.n == DIGEST_BYTES;
    if (whole) {
        memcpy(prev.b, r->prev.at, DIGEST_BYTES);
        st = entry_digest(l, &prev, r->seq, KIND_NAMES[kind], r->time, r->body, &fits, err);
    }
    if (st == STATUS_OK && whole && memcmp(fits.b, r->digest.at, DIGEST_BYTES) == 0) {
        *out = (struct entry){.seq = r->seq, .kind = kind, .body = body, .digest = fits};
        memcpy(out->time, r->time.at, r->time.n);
        return STATUS_OK;
    }
    json_decref(body);
    *flaw = "its digest does not match its content";
    return st;
}

void entry_release(struct entry *e)
{
    if (e) {
        json_decref(e->body);
        e->body = NULL;
    }
}

/* What is known of each entry read so far, at [seq - 1]: one byte each is all that a reading keeps.
 */
enum {
    NO_INTENT,
    HELD_PHOTO,
    WAITING_PHOTO,
    DECLINED_PHOTO,
    POSTED_PHOTO,
    TAKEN_DOWN_PHOTO,
    OPEN_INTENT, /* this and what follows: intents */
    PUBLISHED_INTENT,
    ABANDONED_INTENT,
    RECALLED_INTENT
};

struct reading {
    struct ledger_state state;
    struct buffer intents;
};

static void trouble(struct reading *r, int64_t seq, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void trouble(struct reading *r, int64_t seq, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    r->state.first_bad = seq;
    (void)vsnprintf(r->state.trouble, sizeof r->state.trouble, format, args);
    va_end(args);
}

/* What was published may be recalled, once. */
static void read_recall(struct reading *r, const struct entry *e)
{
    json_int_t intent = json_integer_value(json_object_get(e->body, "intent"));
    uint8_t *mark =
        intent > 0 && (uint64_t)intent <= r->intents.n ? &r->intents.at[(size_t)intent - 1] : NULL;
    if (!mark || *mark != PUBLISHED_INTENT) {
        trouble(r, e->seq, "it is recalled and names nothing that is published");
    } else {
        *mark = RECALLED_INTENT;
    }
}

/* An intent is ended by one entry, later than itself. */
static void read_ending(struct reading *r, const struct entry *e)
{
    const json_t *member = json_object_get(e->body, "intent");
    json_int_t intent = json_integer_value(member); /* 0 unless it is an integer */
    uint8_t *mark =
        intent > 0 && (uint64_t)intent <= r->intents.n ? &r->intents.at[(size_t)intent - 1] : NULL;
    if (!mark || *mark < OPEN_INTENT) {
        trouble(r, e->seq, "it is %s and names no intent", entry_kind_name(e->kind));
    } else if (*mark != OPEN_INTENT) {
        trouble(r, e->seq, "it is %s, but an entry before it ended intent %lld already",
                entry_kind_name(e->kind), (long long)intent);
    } else {
        *mark = e->kind == ENTRY_PUBLISHED ? PUBLISHED_INTENT : ABANDONED_INTENT;
    }
}

/* What a person did with a photo: what is declined waits, and is declined once; what is cleared is
 * held. */
static void read_look(struct reading *r, const struct entry *e)
{
    bool declines = e->kind == ENTRY_DECLINED;
    json_int_t named = json_integer_value(json_object_get(e->body, declines ? "awaiting" : "held"));
    uint8_t *mark =
        named > 0 && (uint64_t)named <= r->intents.n ? &r->intents.at[(size_t)named - 1] : NULL;
    if (!mark || *mark != (declines ? WAITING_PHOTO : HELD_PHOTO)) {
        trouble(r, e->seq, "it is %s and names nothing that %s", entry_kind_name(e->kind),
                declines ? "waits" : "is held");
    } else if (declines) {
        *mark = DECLINED_PHOTO;
    }
}

/* What is posted stands in approved/; what is taken down was posted, and once. */
static void read_posting(struct reading *r, const struct entry *e)
{
    bool ends = e->kind == ENTRY_TAKEN_DOWN;
    json_int_t named = json_integer_value(json_object_get(e->body, ends ? "posted" : "intent"));
    uint8_t *mark =
        named > 0 && (uint64_t)named <= r->intents.n ? &r->intents.at[(size_t)named - 1] : NULL;
    if (!mark || *mark != (ends ? POSTED_PHOTO : PUBLISHED_INTENT)) {
        trouble(r, e->seq, "it is %s and names nothing that is %s", entry_kind_name(e->kind),
                ends ? "posted" : "published");
    } else if (ends) {
        *mark = TAKEN_DOWN_PHOTO;
    }
}

static uint8_t mark_of(enum entry_kind kind)
{
    return kind == ENTRY_INTENT     ? OPEN_INTENT
           : kind == ENTRY_AWAITING ? WAITING_PHOTO
           : kind == ENTRY_HELD     ? HELD_PHOTO
           : kind == ENTRY_POSTED   ? POSTED_PHOTO
                                    : NO_INTENT;
}

static enum status read_row(struct ledger *l, struct reading *r, const struct row *row,
                            struct err *err)
{
    int64_t next = r->state.n_entries + 1;
    const char *flaw = NULL;
    struct entry e = {0};
    if (row->seq != next) {
        trouble(r, next,
                row->seq < next ? "an entry numbered below 1 stands before it" : "it is missing");
        return STATUS_OK;
    }
    enum status st = row_check(l, row, &flaw, &e, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (flaw) {
        trouble(r, next, "it was altered: %s", flaw);
        return STATUS_OK;
    }
    if (memcmp(row->prev.at, r->state.head.b, DIGEST_BYTES) != 0) {
        trouble(r, next, "it does not follow from the entry before it: one of the two was altered");
        goto out;
    }
    if (e.kind == ENTRY_PUBLISHED || e.kind == ENTRY_ABANDONED) {
        read_ending(r, &e);
    } else if (e.kind == ENTRY_RECALLED) {
        read_recall(r, &e);
    } else if (e.kind == ENTRY_DECLINED || e.kind == ENTRY_CLEARED) {
        read_look(r, &e);
    } else if (e.kind == ENTRY_POSTED || e.kind == ENTRY_TAKEN_DOWN) {
        read_posting(r, &e);
    }
    if (r->state.first_bad == 0) {
        buffer_add_byte(&r->intents, mark_of(e.kind));
        st = buffer_status(&r->intents, err);
        r->state.n_entries = next;
        r->state.head = e.digest;
    }
out:
    entry_release(&e);
    return st;
}

/* The look-ups go through indexes: they must say what the rows say. */
static enum status check_indexes(struct ledger *l, struct err *err)
{
    sqlite3_stmt *q = NULL;
    if (!l->schema_is_ours) {
        return err_set(err, STATUS_BROKEN,
                       "every entry is whole, but in " LEDGER_DB_NAME " " LEDGER_GUARDS_CHANGED);
    }
    enum status st = ledger_prepare(l->db, "PRAGMA integrity_check(1)", &q, err);
    if (st == STATUS_OK) {
        int rc = sqlite3_step(q);
        const char *says = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : NULL;
        if (rc != SQLITE_ROW) {
            st = ledger_fail(l->db, rc, "checking its indexes", err);
        } else if (!says || strcmp(says, "ok") != 0) {
            st = err_set(err, STATUS_FORMAT,
                         "every entry is whole, but " LEDGER_DB_NAME " is damaged: %.200s",
                         says ? says : "no memory");
        }
    }
    (void)sqlite3_finalize(q);
    return st;
}

enum status ledger_verify(struct ledger *l, struct ledger_state *out, struct err *err)
{
    struct reading r = {0};
    sqlite3_stmt *q = NULL;
    int rc = SQLITE_DONE;
    buffer_init(&r.intents, INT32_MAX);
    /* NOT INDEXED: the table itself, in the order of its key */
    enum status st = ledger_prepare(
        l->db, "SELECT " ENTRY_COLUMNS("") " FROM entry NOT INDEXED ORDER BY seq", &q, err);
    while (st == STATUS_OK && r.state.first_bad == 0 && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        struct row row = row_at(q);
        st = read_row(l, &r, &row, err);
    }
    if (st == STATUS_OK && rc != SQLITE_ROW && rc != SQLITE_DONE) {
        st = ledger_fail(l->db, rc, "reading its entries", err);
    }
    (void)sqlite3_finalize(q);
    if (st == STATUS_OK && r.state.first_bad == 0) {
        st = check_indexes(l, err);
    }
    if (st == STATUS_OK) {
        *out = r.state;
    }
    buffer_release(&r.intents);
    return st;
}
