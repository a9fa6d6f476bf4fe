/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/register_db.h"

#include <stdio.h>
#include <string.h>

#include "photogate/limits.h"

/* Rows to structs. `failed` is sticky: a row is read whole, then asked once. */
struct reader {
    struct register_db *db;
    struct arena *arena;
    enum status failed;
    struct err *err;
};

static void fail(struct reader *r, enum status st, const char *what)
{
    if (r->failed == STATUS_OK) {
        r->failed = err_set(r->err, st, "register: %s", what);
    }
}

static struct text column_text(struct reader *r, sqlite3_stmt *s, int i)
{
    struct text out = TEXT_NONE;
    const char *at = (const char *)sqlite3_column_text(s, i);
    int n = sqlite3_column_bytes(s, i);
    if (at && n > 0 && !arena_dup(r->arena, (struct text){at, (size_t)n}, &out)) {
        fail(r, STATUS_NOMEM, "out of memory");
    }
    return out;
}

/* A column whose text is borrowed until the next step. */
static struct text column_view(sqlite3_stmt *s, int i)
{
    const char *at = (const char *)sqlite3_column_text(s, i);
    int n = sqlite3_column_bytes(s, i);
    return at && n > 0 ? (struct text){at, (size_t)n} : TEXT_NONE;
}

static struct date column_date(struct reader *r, sqlite3_stmt *s, int i)
{
    struct date out = DATE_NONE;
    struct text iso = column_view(s, i);
    if (iso.n && !date_parse_iso(iso, &out)) {
        fail(r, STATUS_FORMAT, "damaged: a date is not a date");
    }
    return out;
}

static enum known column_known(sqlite3_stmt *s, int i)
{
    struct text t = column_view(s, i);
    return text_equal(t, TEXT("yes"))  ? KNOWN_YES
           : text_equal(t, TEXT("no")) ? KNOWN_NO
                                       : KNOWN_UNKNOWN;
}

static enum consent_state state_of(struct text t)
{
#define X(symbol, name)                                                                            \
    if (text_equal(t, TEXT(name))) {                                                               \
        return CONSENT_##symbol;                                                                   \
    }
    CONSENT_STATE_LIST(X)
#undef X
    return CONSENT_UNKNOWN;
}

static enum consent_method method_of(struct text t)
{
#define X(symbol, name, written)                                                                   \
    if (text_equal(t, TEXT(name))) {                                                               \
        return METHOD_##symbol;                                                                    \
    }
    CONSENT_METHOD_LIST(X)
#undef X
    return METHOD_UNKNOWN;
}

static void read_person(struct reader *r, sqlite3_stmt *s, struct person *p)
{
    p->id = sqlite3_column_int64(s, 0);
    struct text kind = column_view(s, 1);
    p->kind = text_equal(kind, TEXT("pupil"))   ? PERSON_PUPIL
              : text_equal(kind, TEXT("staff")) ? PERSON_STAFF
                                                : PERSON_UNKNOWN;
    p->reference = column_text(r, s, 2);
    p->upn = column_text(r, s, 3);
    p->admission_no = column_text(r, s, 4);
    p->title = column_text(r, s, 5);
    p->legal_forename = column_text(r, s, 6);
    p->middle_names = column_text(r, s, 7);
    p->legal_surname = column_text(r, s, 8);
    p->known_forename = column_text(r, s, 9);
    p->known_surname = column_text(r, s, 10);
    p->year_group = column_text(r, s, 11);
    p->reg_group = column_text(r, s, 12);
    p->staff_role = column_text(r, s, 13);
    p->date_of_birth = column_date(r, s, 14);
    p->date_of_leaving = column_date(r, s, 15);
    p->on_roll = column_known(s, 16);
    p->do_not_publish = column_known(s, 17);
    p->child_objection = column_known(s, 18);
    p->do_not_publish_unclear = column_text(r, s, 19);
}

static const char PEOPLE_SQL[] =
    "SELECT id, kind, reference, upn, admission_no, title, legal_forename, middle_names,"
    " legal_surname, known_forename, known_surname, year_group, reg_group, staff_role,"
    " date_of_birth, date_of_leaving, on_roll, do_not_publish, child_objection,"
    " do_not_publish_unclear FROM person ORDER BY id";

static const char CONSENTS_SQL[] =
    "SELECT c.id, c.person, c.purpose, c.state, c.method, c.given_by, c.notice_version,"
    " c.event_date, c.effective_from, c.expires, i.applied_on, f.name, c.row, f.sha256, i.id"
    " FROM consent c JOIN import_file f ON f.id = c.file JOIN import i ON i.id = f.import"
    " ORDER BY c.person, c.id";

static void read_consent(struct reader *r, sqlite3_stmt *s, struct consent *c)
{
    c->event = sqlite3_column_int64(s, 0);
    c->purpose = purpose_from_name(column_view(s, 2));
    c->state = state_of(column_view(s, 3));
    c->method = method_of(column_view(s, 4));
    c->given_by = column_text(r, s, 5);
    c->notice_version = column_text(r, s, 6);
    c->event_date = column_date(r, s, 7);
    c->effective_from = column_date(r, s, 8);
    c->expires = column_date(r, s, 9);
    c->recorded_on = column_date(r, s, 10);
    c->source_file = column_text(r, s, 11);
    c->source_row = (uint32_t)sqlite3_column_int64(s, 12);
    if (!digest_from_hex(column_view(s, 13), &c->source_digest)) {
        fail(r, STATUS_FORMAT, "damaged: a digest is not a digest");
    }
    c->import = sqlite3_column_int64(s, 14);
}

static const char STATUS_SQL[] =
    "SELECT s.person, s.field, s.value, i.applied_on, i.id FROM status s"
    " JOIN import i ON i.id = s.import ORDER BY s.person, s.id";

static void read_status(struct reader *r, sqlite3_stmt *s, struct status_event *e)
{
    struct text field = column_view(s, 1);
    e->field = N_STATUS_FIELDS;
    for (int f = 0; f < N_STATUS_FIELDS; f++) {
        if (text_equal(field, text_of(status_field_name((enum status_field)f)))) {
            e->field = (enum status_field)f;
        }
    }
    if (e->field == N_STATUS_FIELDS) {
        fail(r, STATUS_FORMAT, "damaged: a status of nothing");
    }
    e->value = column_known(s, 2);
    e->recorded_on = column_date(r, s, 3);
    e->import = sqlite3_column_int64(s, 4);
}

static enum status count_rows(struct register_db *db, const char *sql, size_t *out, struct err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    enum status st = register_prepare(db, sql, &s, err);
    if (st == STATUS_OK) {
        st = register_step(db, s, &row, err);
    }
    if (st == STATUS_OK) {
        *out = row ? (size_t)sqlite3_column_int64(s, 0) : 0;
    }
    (void)sqlite3_finalize(s);
    return st;
}

static enum status read_people(struct reader *r, struct person *people, size_t n)
{
    sqlite3_stmt *s = NULL;
    bool row = true;
    size_t i = 0;
    enum status st = register_prepare(r->db, PEOPLE_SQL, &s, r->err);
    while (st == STATUS_OK && row) {
        st = register_step(r->db, s, &row, r->err);
        if (st == STATUS_OK && row) {
            if (i < n) {
                read_person(r, s, &people[i]);
            }
            i++;
            st = r->failed;
        }
    }
    if (st == STATUS_OK && i != n) {
        st = err_set(r->err, STATUS_FORMAT, "register: damaged: people do not add up");
    }
    (void)sqlite3_finalize(s);
    return st;
}

/* Events of one kind, read in the order of their people. */
struct event_list {
    const char *sql; /* column `person` tells whose */
    int person;
    size_t n; /* there are so many */
    void (*take)(struct reader *r, sqlite3_stmt *s, struct person *p, void *events, size_t i);
    void *events;
    const char *stray, *miscounted;
};

static void take_consent(struct reader *r, sqlite3_stmt *s, struct person *p, void *events,
                         size_t i)
{
    struct consent *c = (struct consent *)events + i;
    read_consent(r, s, c);
    p->consents = p->n_consents++ ? p->consents : c;
}

static void take_status(struct reader *r, sqlite3_stmt *s, struct person *p, void *events, size_t i)
{
    struct status_event *e = (struct status_event *)events + i;
    read_status(r, s, e);
    p->history = p->n_history++ ? p->history : e;
}

/* Both lists are ordered by person: one walk along both gives every person their events. */
static enum status read_events(struct reader *r, struct person *people, size_t n_people,
                               const struct event_list *list)
{
    sqlite3_stmt *s = NULL;
    bool row = true;
    size_t i = 0, at = 0;
    enum status st = register_prepare(r->db, list->sql, &s, r->err);
    while (st == STATUS_OK && row) {
        st = register_step(r->db, s, &row, r->err);
        if (st != STATUS_OK || !row) {
            break;
        }
        int64_t person = sqlite3_column_int64(s, list->person);
        while (at < n_people && people[at].id < person) {
            at++;
        }
        if (i >= list->n || at >= n_people || people[at].id != person) {
            st = err_set(r->err, STATUS_FORMAT, "register: damaged: %s", list->stray);
            break;
        }
        list->take(r, s, &people[at], list->events, i);
        i++;
        st = r->failed;
    }
    if (st == STATUS_OK && i != list->n) {
        st = err_set(r->err, STATUS_FORMAT, "register: damaged: %s", list->miscounted);
    }
    (void)sqlite3_finalize(s);
    return st;
}

/* The canonical rendering: each field framed by its length, in the order of the structs. */
static void render_text(struct buffer *b, struct text t)
{
    buffer_format(b, "%zu:", t.n);
    buffer_add(b, t.at, t.n);
}

static void render_date(struct buffer *b, struct date d)
{
    char iso[DATE_TEXT_BYTES];
    render_text(b, text_of(date_format(d, iso)));
}

static void render_consent(struct buffer *b, const struct consent *c)
{
    char hex[DIGEST_HEX_BYTES];
    buffer_format(b, "event %lld,%s,%s,%s,", (long long)c->event, purpose_name(c->purpose),
                  consent_state_name(c->state), consent_method_name(c->method));
    render_text(b, c->given_by);
    render_text(b, c->notice_version);
    render_date(b, c->event_date);
    render_date(b, c->effective_from);
    render_date(b, c->expires);
    render_date(b, c->recorded_on);
    render_text(b, c->source_file);
    buffer_format(b, "%u,%s", (unsigned)c->source_row, digest_hex(&c->source_digest, hex));
}

static void render_person(struct buffer *b, const struct person *p)
{
    const struct text texts[] = {p->reference,
                                 p->upn,
                                 p->admission_no,
                                 p->title,
                                 p->legal_forename,
                                 p->middle_names,
                                 p->legal_surname,
                                 p->known_forename,
                                 p->known_surname,
                                 p->year_group,
                                 p->reg_group,
                                 p->staff_role,
                                 p->do_not_publish_unclear};
    buffer_format(b, "person %lld,%d,%d,%d,%d,", (long long)p->id, (int)p->kind, (int)p->on_roll,
                  (int)p->do_not_publish, (int)p->child_objection);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        render_text(b, texts[i]);
    }
    render_date(b, p->date_of_birth);
    render_date(b, p->date_of_leaving);
    for (size_t i = 0; i < p->n_consents; i++) {
        render_consent(b, &p->consents[i]);
    }
    for (size_t i = 0; i < p->n_history; i++) {
        const struct status_event *e = &p->history[i];
        buffer_format(b, "status %d,%d,%lld,", (int)e->field, (int)e->value, (long long)e->import);
        render_date(b, e->recorded_on);
    }
}

static enum status snapshot_digest(struct snapshot *s, struct err *err)
{
    struct buffer b;
    struct digest chain = {{0}};
    buffer_init(&b, (size_t)64 * 1024 * 1024); /* one person; thousands of events fit */
    buffer_format(&b, "photogate register snapshot 2, version %lld", (long long)s->version);
    enum status st = buffer_status(&b, err);
    if (st == STATUS_OK) {
        st = digest_fold(&chain, buffer_view(&b), err);
    }
    for (size_t i = 0; st == STATUS_OK && i < s->n_people; i++) {
        buffer_reset(&b);
        render_person(&b, &s->people[i]);
        st = buffer_status(&b, err);
        if (st == STATUS_OK) {
            st = digest_fold(&chain, buffer_view(&b), err);
        }
    }
    if (st == STATUS_OK) {
        s->digest = chain;
    }
    buffer_release(&b);
    return st;
}

static enum status read_all(struct reader *r, struct snapshot *out)
{
    struct snapshot s = {0};
    size_t n_people = 0, n_consents = 0, n_events = 0;
    enum status st = register_version(r->db, &s.version, r->err);
    if (st == STATUS_OK) {
        st = count_rows(r->db, "SELECT count(*) FROM person", &n_people, r->err);
    }
    if (st == STATUS_OK) {
        st = count_rows(r->db, "SELECT count(*) FROM consent", &n_consents, r->err);
    }
    if (st == STATUS_OK) {
        st = count_rows(r->db, "SELECT count(*) FROM status", &n_events, r->err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    struct person *people = arena_alloc(r->arena, n_people, sizeof *people);
    struct consent *consents = arena_alloc(r->arena, n_consents, sizeof *consents);
    struct status_event *events = arena_alloc(r->arena, n_events, sizeof *events);
    if (!people || !consents || !events) {
        return err_set(r->err, STATUS_NOMEM, "register: out of memory for %zu people", n_people);
    }
    st = read_people(r, people, n_people);
    if (st == STATUS_OK) {
        const struct event_list list = {.sql = CONSENTS_SQL,
                                        .person = 1,
                                        .n = n_consents,
                                        .take = take_consent,
                                        .events = consents,
                                        .stray = "a consent of nobody",
                                        .miscounted = "consents do not add up"};
        st = read_events(r, people, n_people, &list);
    }
    if (st == STATUS_OK) {
        const struct event_list list = {.sql = STATUS_SQL,
                                        .person = 0,
                                        .n = n_events,
                                        .take = take_status,
                                        .events = events,
                                        .stray = "a status of nobody",
                                        .miscounted = "its history does not add up"};
        st = read_events(r, people, n_people, &list);
    }
    if (st == STATUS_OK) {
        s.people = people;
        s.n_people = n_people;
        st = snapshot_digest(&s, r->err);
    }
    if (st == STATUS_OK) {
        *out = s;
    }
    return st;
}

enum status register_snapshot(struct register_db *r, struct arena *a, struct snapshot *out,
                              struct err *err)
{
    struct reader reader = {r, a, STATUS_OK, err};
    /* One read transaction: people and events of the same moment. */
    enum status st = register_do(r, "BEGIN", err);
    if (st != STATUS_OK) {
        return st;
    }
    struct snapshot s;
    st = read_all(&reader, &s);
    enum status ended = register_do(r, "ROLLBACK", err);
    if (st == STATUS_OK) {
        st = ended;
    }
    if (st == STATUS_OK) {
        *out = s;
    }
    return st;
}
