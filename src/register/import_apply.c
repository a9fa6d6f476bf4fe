/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan becomes rows, in one transaction. The register must still be the one that the plan was
 * made from. */
#include "register/import_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "register/register_db.h"

enum { REFERENCE_BYTES = 16 };

struct applier {
    struct register_db *db;
    const struct import *plan;
    int64_t import;
    int64_t first_file; /* row of the plan's first file; the others follow */
    sqlite3_stmt *insert_person, *update_person, *insert_consent, *insert_status;
    struct err *err;
};

static const char INSERT_PERSON[] =
    "INSERT INTO person (kind, reference, upn, admission_no, title, legal_forename, middle_names,"
    " legal_surname, known_forename, known_surname, year_group, reg_group, staff_role,"
    " date_of_birth, date_of_leaving, on_roll, do_not_publish, child_objection,"
    " do_not_publish_unclear, first_import, last_import)"
    " VALUES (?20, ?21, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
    " ?18, ?18)";

static const char UPDATE_PERSON[] =
    "UPDATE person SET upn = ?1, admission_no = ?2, title = ?3, legal_forename = ?4,"
    " middle_names = ?5, legal_surname = ?6, known_forename = ?7, known_surname = ?8,"
    " year_group = ?9, reg_group = ?10, staff_role = ?11, date_of_birth = ?12,"
    " date_of_leaving = ?13, on_roll = ?14, do_not_publish = ?15, child_objection = ?16,"
    " do_not_publish_unclear = ?17, last_import = ?18 WHERE id = ?19";

static const char INSERT_CONSENT[] =
    "INSERT INTO consent (person, purpose, state, method, given_by, notice_version, event_date,"
    " effective_from, expires, file, row) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

static const char INSERT_STATUS[] =
    "INSERT INTO status (person, field, value, import) VALUES (?1, ?2, ?3, ?4)";

/* Parameters 1 to 18, the same of both statements. */
static void bind_person(const struct applier *a, sqlite3_stmt *s, const struct person *p)
{
    bind_text_or_null(s, 1, p->upn);
    bind_text_or_null(s, 2, p->admission_no);
    bind_text(s, 3, p->title);
    bind_text(s, 4, p->legal_forename);
    bind_text(s, 5, p->middle_names);
    bind_text(s, 6, p->legal_surname);
    bind_text(s, 7, p->known_forename);
    bind_text(s, 8, p->known_surname);
    bind_text(s, 9, p->year_group);
    bind_text(s, 10, p->reg_group);
    bind_text(s, 11, p->staff_role);
    bind_date_or_null(s, 12, p->date_of_birth);
    bind_date_or_null(s, 13, p->date_of_leaving);
    bind_text(s, 14, text_of(known_name(p->on_roll)));
    bind_text(s, 15, text_of(known_name(p->do_not_publish)));
    bind_text(s, 16, text_of(known_name(p->child_objection)));
    bind_text(s, 17, p->do_not_publish_unclear);
    (void)sqlite3_bind_int64(s, 18, a->import);
}

static enum status new_reference(char out[2 * REFERENCE_BYTES + 1], struct err *err)
{
    static const char DIGITS[] = "0123456789abcdef";
    uint8_t random[REFERENCE_BYTES];
    ssize_t n;
    do {
        n = getrandom(random, sizeof random, 0);
    } while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof random) {
        return err_set(err, STATUS_IO, "no random numbers: %s", strerror(errno));
    }
    for (size_t i = 0; i < sizeof random; i++) {
        out[2 * i] = DIGITS[random[i] >> 4];
        out[2 * i + 1] = DIGITS[random[i] & 15];
    }
    out[2 * sizeof random] = '\0';
    return STATUS_OK;
}

static enum status write_person(struct applier *a, const struct plan_op *op, int64_t *id)
{
    sqlite3_stmt *s = op->was ? a->update_person : a->insert_person;
    char reference[2 * REFERENCE_BYTES + 1];
    if (op->was && !op->details) {
        *id = op->was->id;
        return STATUS_OK;
    }
    bind_person(a, s, &op->now);
    if (op->was) {
        (void)sqlite3_bind_int64(s, 19, op->was->id);
    } else {
        enum status st = new_reference(reference, a->err);
        if (st != STATUS_OK) {
            return st;
        }
        bind_text(s, 20, op->now.kind == PERSON_STAFF ? TEXT("staff") : TEXT("pupil"));
        bind_text(s, 21, text_of(reference));
    }
    enum status st = register_write(a->db, s, a->err);
    if (st == STATUS_OK) {
        *id = op->was ? op->was->id : sqlite3_last_insert_rowid(a->db->db);
    }
    return st;
}

/* What the register says of them from now on, as far as it is new. */
static enum status write_status(struct applier *a, int64_t person, const struct plan_op *op)
{
    const struct person *was = op->was, *now = &op->now;
    const enum known before[] = {was ? was->on_roll : KNOWN_UNKNOWN,
                                 was ? was->do_not_publish : KNOWN_UNKNOWN,
                                 was ? was->child_objection : KNOWN_UNKNOWN};
    const enum known after[] = {now->on_roll, now->do_not_publish, now->child_objection};
    enum status st = STATUS_OK;
    for (int f = 0; st == STATUS_OK && f < N_STATUS_FIELDS; f++) {
        if (was && (!op->details || before[f] == after[f])) {
            continue;
        }
        sqlite3_stmt *s = a->insert_status;
        (void)sqlite3_bind_int64(s, 1, person);
        bind_text(s, 2, text_of(status_field_name((enum status_field)f)));
        bind_text(s, 3, text_of(known_name(after[f])));
        (void)sqlite3_bind_int64(s, 4, a->import);
        st = register_write(a->db, s, a->err);
    }
    return st;
}

static enum status write_consent(struct applier *a, int64_t person, size_t file,
                                 const struct consent *c)
{
    sqlite3_stmt *s = a->insert_consent;
    (void)sqlite3_bind_int64(s, 1, person);
    bind_text(s, 2, text_of(purpose_name(c->purpose)));
    bind_text(s, 3, text_of(consent_state_name(c->state)));
    bind_text_or_null(
        s, 4, c->method == METHOD_UNKNOWN ? TEXT_NONE : text_of(consent_method_name(c->method)));
    bind_text(s, 5, c->given_by);
    bind_text(s, 6, c->notice_version);
    bind_date_or_null(s, 7, c->event_date);
    bind_date_or_null(s, 8, c->effective_from);
    bind_date_or_null(s, 9, c->expires);
    (void)sqlite3_bind_int64(s, 10, a->first_file + (int64_t)file);
    (void)sqlite3_bind_int64(s, 11, c->source_row);
    return register_write(a->db, s, a->err);
}

static enum status write_history(struct applier *a)
{
    const struct import *plan = a->plan;
    sqlite3_stmt *import = NULL, *file = NULL;
    char iso[DATE_TEXT_BYTES], hex[DIGEST_HEX_BYTES];
    enum status st = register_prepare(
        a->db, "INSERT INTO import (id, applied_on, policy) VALUES (?1, ?2, ?3)", &import, a->err);
    if (st == STATUS_OK) {
        st = register_prepare(
            a->db,
            "INSERT INTO import_file (import, name, sha256, kind, n_rows, n_refused)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &file, a->err);
    }
    if (st == STATUS_OK) {
        (void)sqlite3_bind_int64(import, 1, a->import);
        bind_text(import, 2, text_of(date_format(plan->options.on, iso)));
        bind_text(import, 3, plan->policy);
        st = register_write(a->db, import, a->err);
    }
    for (size_t i = 0; st == STATUS_OK && i < plan->n_files; i++) {
        const struct import_file *f = &plan->files[i];
        (void)sqlite3_bind_int64(file, 1, a->import);
        bind_text(file, 2, f->name);
        bind_text(file, 3, text_of(digest_hex(&f->digest, hex)));
        bind_text(file, 4, f->staff ? TEXT("staff") : TEXT("pupil"));
        (void)sqlite3_bind_int64(file, 5, f->n_rows);
        (void)sqlite3_bind_int64(file, 6, f->n_refused);
        st = register_write(a->db, file, a->err);
        if (st == STATUS_OK && i == 0) {
            a->first_file = sqlite3_last_insert_rowid(a->db->db);
        }
    }
    (void)sqlite3_finalize(import);
    (void)sqlite3_finalize(file);
    return st;
}

static enum status count_up(struct applier *a)
{
    sqlite3_stmt *s = NULL;
    enum status st =
        register_prepare(a->db, "UPDATE meta SET version = ?1 WHERE one = 1", &s, a->err);
    if (st == STATUS_OK) {
        (void)sqlite3_bind_int64(s, 1, a->import);
        st = register_write(a->db, s, a->err);
    }
    (void)sqlite3_finalize(s);
    return st;
}

static enum status write_plan(struct applier *a)
{
    enum status st = write_history(a);
    for (size_t i = 0; st == STATUS_OK && i < a->plan->n_ops; i++) {
        const struct plan_op *op = &a->plan->ops[i];
        int64_t person = 0;
        st = write_person(a, op, &person);
        st = st == STATUS_OK ? write_status(a, person, op) : st;
        for (size_t e = 0; st == STATUS_OK && e < op->n_events; e++) {
            st = write_consent(a, person, op->file, &op->events[e]);
        }
    }
    return st == STATUS_OK ? count_up(a) : st;
}

static enum status transaction(struct applier *a)
{
    int64_t version = -1;
    enum status st = register_do(a->db, "BEGIN IMMEDIATE", a->err);
    if (st != STATUS_OK) {
        return st;
    }
    st = register_version(a->db, &version, a->err);
    if (st == STATUS_OK && version != a->plan->was.version) {
        st = err_set(a->err, STATUS_BUSY,
                     "the register has changed since the files were compared with it; start again");
    }
    if (st == STATUS_OK) {
        a->import = version + 1;
        st = write_plan(a);
    }
    if (st == STATUS_OK) {
        st = register_do(a->db, "COMMIT", a->err);
    }
    if (st != STATUS_OK && !sqlite3_get_autocommit(a->db->db)) {
        (void)register_do(a->db, "ROLLBACK", NULL); /* the cause is in err already */
    }
    return st;
}

enum status import_apply(struct register_db *r, const struct import *plan, int64_t *version,
                         struct err *err)
{
    struct applier a = {.db = r, .plan = plan, .import = plan->was.version, .err = err};
    if (import_is_empty(plan)) {
        *version = plan->was.version;
        return STATUS_OK;
    }
    enum status st = register_prepare(r, INSERT_PERSON, &a.insert_person, err);
    if (st == STATUS_OK) {
        st = register_prepare(r, UPDATE_PERSON, &a.update_person, err);
    }
    if (st == STATUS_OK) {
        st = register_prepare(r, INSERT_CONSENT, &a.insert_consent, err);
    }
    if (st == STATUS_OK) {
        st = register_prepare(r, INSERT_STATUS, &a.insert_status, err);
    }
    if (st == STATUS_OK) {
        st = transaction(&a);
    }
    (void)sqlite3_finalize(a.insert_person);
    (void)sqlite3_finalize(a.update_person);
    (void)sqlite3_finalize(a.insert_consent);
    (void)sqlite3_finalize(a.insert_status);
    if (st == STATUS_OK) {
        *version = a.import;
    }
    return st;
}
