/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_office.h"

#include <fcntl.h>
#include <sqlite3.h>

#include "photogate/ruling.h"

static const char TWO_PUPILS[] =
    HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Yes,No,Yes,Yes,No,01/09/2025,Paper form\n"
         "Q801200005002,A2,Zoë,Abara,02/10/2015,4B,Y,Yes,Yes,,Yes,No,01/09/2025,Parent app\n";

/* Run SQL beside the program, as somebody with a database tool would. Returns SQLite's code. */
static int outside(const struct office *s, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(s->db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA recursive_triggers = ON", NULL, NULL, NULL),
                     SQLITE_OK);
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return rc;
}

static enum status reopen(struct office *s, enum register_mode mode)
{
    register_close(s->reg);
    s->reg = NULL;
    err_clear(&s->err);
    return register_open(s->db, mode, &s->reg, &s->err);
}

static void a_new_register_is_empty_and_private(void **state)
{
    struct office *s = *state;
    struct stat at;
    assert_int_equal(stat(s->db, &at), 0);
    assert_int_equal(at.st_mode & 07777, 0600);
    office_look(s);
    assert_int_equal(s->now.n_people, 0);
    assert_int_equal(s->now.version, 0);
}

static void the_mode_does_not_depend_on_the_umask(void **state)
{
    struct office *s = *state;
    struct stat at;
    register_close(s->reg);
    s->reg = NULL;
    assert_int_equal(unlink(s->db), 0);
    mode_t was = umask(0777);
    enum status st = register_open(s->db, REGISTER_CREATE, &s->reg, &s->err);
    (void)umask(was);
    assert_int_equal(st, STATUS_OK);
    assert_int_equal(stat(s->db, &at), 0);
    assert_int_equal(at.st_mode & 07777, 0600);
}

static void create_refuses_what_is_there(void **state)
{
    struct office *s = *state;
    struct register_db *r = NULL;
    assert_int_equal(register_open(s->db, REGISTER_CREATE, &r, &s->err), STATUS_IO);
    assert_null(r);
    assert_int_equal(access(s->db, F_OK), 0);
    assert_int_equal(reopen(s, REGISTER_READ), STATUS_OK);
}

static void a_missing_register_is_not_made(void **state)
{
    struct office *s = *state;
    struct register_db *r = NULL;
    struct err err = {.text = ""};
    char path[160];
    (void)snprintf(path, sizeof path, "%s/none.db", s->dir);
    assert_int_equal(register_open(path, REGISTER_WRITE, &r, &err), STATUS_IO);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_non_null(strstr(err.text, "none.db"));
}

static void reading_does_not_write(void **state)
{
    struct office *s = *state;
    int64_t version;
    (void)office_import(s, TWO_PUPILS);
    assert_int_equal(reopen(s, REGISTER_READ), STATUS_OK);
    assert_int_equal(office_plan(s, HEAD "B801200005001,A1,Poppy,Fields,01/09/2015,4B,,,,,,,,\n"),
                     STATUS_OK);
    assert_int_equal(import_apply(s->reg, s->plan, &version, &s->err), STATUS_IO);
    office_look(s);
    assert_int_equal(s->now.version, 1);
}

static void the_snapshot_holds_what_was_imported(void **state)
{
    struct office *s = *state;
    assert_int_equal(office_import(s, TWO_PUPILS), 1);
    assert_int_equal(s->now.n_people, 2);
    const struct person *p = office_person(s, "Abara", "Zoë");
    assert_int_equal(p->kind, PERSON_PUPIL);
    assert_int_equal(p->reference.n, 32);
    assert_true(text_equal(p->upn, TEXT("Q801200005002")));
    assert_int_equal(p->do_not_publish, KNOWN_YES);
    assert_int_equal(p->on_roll, KNOWN_YES);
    assert_int_equal(p->n_consents, 4); /* the blank cell is no event */
    const struct consent *c = office_latest(p, PURPOSE_DISPLAYS);
    assert_int_equal(c->state, CONSENT_GRANTED);
    assert_int_equal(c->method, METHOD_APP);
    assert_int_equal(c->source_row, 3);
    assert_true(text_equal(c->source_file, TEXT("pupils.csv")));
    struct digest file;
    assert_int_equal(
        digest_of((struct bytes){(const uint8_t *)TWO_PUPILS, strlen(TWO_PUPILS)}, &file, &s->err),
        STATUS_OK);
    assert_true(digest_equal(&c->source_digest, &file));
    assert_int_equal(date_compare(c->recorded_on, s->options.on), 0);
    assert_int_equal(date_compare(c->event_date, (struct date){2025, 9, 1}), 0);
    assert_int_equal(date_compare(c->effective_from, (struct date){2025, 9, 1}), 0);
}

static void the_same_content_has_the_same_digest(void **state)
{
    struct office *s = *state;
    (void)office_import(s, TWO_PUPILS);
    struct digest before = s->now.digest;
    assert_int_equal(reopen(s, REGISTER_READ), STATUS_OK);
    office_look(s);
    assert_true(digest_equal(&before, &s->now.digest));
    assert_int_equal(reopen(s, REGISTER_WRITE), STATUS_OK);
    (void)office_import(s, HEAD
                        "B801200005001,A1,Poppy,Field,01/09/2015,4C,,Yes,No,Yes,Yes,No,01/09/2025,"
                        "Paper form\n"
                        "Q801200005002,A2,Zoë,Abara,02/10/2015,4B,Y,Yes,Yes,,Yes,No,01/09/2025,"
                        "Parent app\n");
    assert_false(digest_equal(&before, &s->now.digest));
}

/* A ruling names the digest: whatever somebody changes behind the program's back must show in it.
 */
static void the_digest_covers_every_field(void **state)
{
    struct office *s = *state;
    static const char *const CHANGES[] = {
        "UPDATE person SET upn = 'E801200005003' WHERE id = 1",
        "UPDATE person SET admission_no = 'A9' WHERE id = 1",
        "UPDATE person SET title = 'x' WHERE id = 1",
        "UPDATE person SET legal_forename = 'x' WHERE id = 1",
        "UPDATE person SET middle_names = 'x' WHERE id = 1",
        "UPDATE person SET legal_surname = 'x' WHERE id = 1",
        "UPDATE person SET known_forename = 'x' WHERE id = 1",
        "UPDATE person SET known_surname = 'x' WHERE id = 1",
        "UPDATE person SET year_group = 'x' WHERE id = 1",
        "UPDATE person SET reg_group = 'x' WHERE id = 1",
        "UPDATE person SET staff_role = 'x' WHERE id = 1",
        "UPDATE person SET date_of_birth = '2015-09-09' WHERE id = 1",
        "UPDATE person SET date_of_leaving = '2026-09-09' WHERE id = 1",
        "UPDATE person SET on_roll = 'no' WHERE id = 1",
        "UPDATE person SET do_not_publish = 'unknown' WHERE id = 1",
        "UPDATE person SET do_not_publish_unclear = '?' WHERE id = 1",
        "UPDATE person SET child_objection = 'yes' WHERE id = 1",
        "UPDATE consent SET purpose = 'name_with_photo' WHERE id = 1",
        "UPDATE consent SET state = 'withdrawn' WHERE id = 1",
        "UPDATE consent SET method = 'verbal' WHERE id = 1",
        "UPDATE consent SET given_by = 'x' WHERE id = 1",
        "UPDATE consent SET notice_version = 'x' WHERE id = 1",
        "UPDATE consent SET event_date = '2026-01-01' WHERE id = 1",
        "UPDATE consent SET effective_from = '2026-01-01' WHERE id = 1",
        "UPDATE consent SET expires = '2026-01-01' WHERE id = 1",
        "UPDATE consent SET row = 9 WHERE id = 1",
        "UPDATE consent SET person = 2 WHERE id = 1",
        "UPDATE import SET applied_on = '2026-01-01'",
        "UPDATE import_file SET name = 'x'",
        "UPDATE import_file SET sha256 = printf('%064d', 2)",
        "UPDATE meta SET version = 2",
    };
    (void)office_import(s, TWO_PUPILS);
    assert_int_equal(outside(s, "DROP TRIGGER consent_is_never_changed;"
                                "DROP TRIGGER import_is_never_changed;"
                                "DROP TRIGGER import_file_is_never_changed;"
                                "UPDATE import_file SET sha256 = printf('%064d', 1)"),
                     SQLITE_OK);
    office_look(s);
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++) {
        struct digest before = s->now.digest;
        assert_int_equal(outside(s, CHANGES[i]), SQLITE_OK);
        office_look(s);
        if (digest_equal(&before, &s->now.digest)) {
            fail_msg("not covered: %s", CHANGES[i]);
        }
    }
}

static void history_cannot_be_rewritten(void **state)
{
    struct office *s = *state;
    static const char *const FORBIDDEN[] = {
        "UPDATE consent SET state = 'granted'",
        "DELETE FROM consent",
        "INSERT OR REPLACE INTO consent SELECT * FROM consent",
        "UPDATE import SET policy = 'other'",
        "DELETE FROM import",
        "UPDATE import_file SET name = 'x'",
        "DELETE FROM import_file",
        "UPDATE status SET value = 'no'",
        "DELETE FROM status",
        "DELETE FROM person",
        "UPDATE person SET reference = '00000000000000000000000000000000' WHERE id = 1",
        "UPDATE meta SET version = 0",
        "DELETE FROM meta",
    };
    (void)office_import(s, TWO_PUPILS);
    struct digest before = s->now.digest;
    for (size_t i = 0; i < sizeof FORBIDDEN / sizeof FORBIDDEN[0]; i++) {
        assert_int_equal(outside(s, FORBIDDEN[i]), SQLITE_CONSTRAINT);
    }
    office_look(s);
    assert_true(digest_equal(&before, &s->now.digest));
}

static void sql_knows_every_purpose_state_and_method(void **state)
{
    struct office *s = *state;
    char sql[512];
    (void)office_import(s, TWO_PUPILS);
#define TRY(purpose, state_name, method)                                                           \
    (void)snprintf(                                                                                \
        sql, sizeof sql,                                                                           \
        "INSERT INTO consent (person, purpose, state, method, given_by, notice_version,"           \
        " effective_from, file, row) VALUES (1, '%s', '%s', '%s', '', '', '2026-01-01',"           \
        " 1, 1)",                                                                                  \
        purpose, state_name, method);                                                              \
    assert_int_equal(outside(s, sql), expected)
    int expected = SQLITE_OK;
#define X(symbol, name, words) TRY(name, "granted", "paper");
    PURPOSE_LIST(X)
#undef X
#define X(symbol, name) TRY("website", name, "paper");
    CONSENT_STATE_LIST(X)
#undef X
#define X(symbol, name, written) TRY("website", "granted", name);
    CONSENT_METHOD_LIST(X)
#undef X
    expected = SQLITE_CONSTRAINT;
    TRY("posters", "granted", "paper");
    TRY("website", "maybe", "paper");
    TRY("website", "granted", "telepathy");
    office_look(s);
    assert_int_equal(office_latest(&s->now.people[0], PURPOSE_WEBSITE)->method, METHOD_EMAIL);
}

static void a_register_without_its_triggers_is_refused(void **state)
{
    struct office *s = *state;
    assert_int_equal(outside(s, "DROP TRIGGER consent_is_never_deleted"), SQLITE_OK);
    assert_int_equal(reopen(s, REGISTER_READ), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "triggers"));
}

static void a_damaged_register_is_named_as_that(void **state)
{
    struct office *s = *state;
    (void)office_import(s, TWO_PUPILS);
    register_close(s->reg);
    s->reg = NULL;
    int fd = open(s->db, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    char rubbish[9000];
    memset(rubbish, 0x5A, sizeof rubbish);
    assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, 4096), sizeof rubbish);
    assert_int_equal(close(fd), 0);
    assert_int_equal(register_open(s->db, REGISTER_READ, &s->reg, &s->err), STATUS_FORMAT);
    assert_null(s->reg);
    assert_true(s->err.text[0] != '\0');
}

static void a_text_file_is_no_register(void **state)
{
    struct office *s = *state;
    register_close(s->reg);
    s->reg = NULL;
    office_put(s, "register.db", TWO_PUPILS, strlen(TWO_PUPILS));
    assert_int_equal(register_open(s->db, REGISTER_READ, &s->reg, &s->err), STATUS_FORMAT);
}

static void another_programs_database_is_no_register(void **state)
{
    struct office *s = *state;
    assert_int_equal(outside(s, "PRAGMA application_id = 7"), SQLITE_OK);
    assert_int_equal(reopen(s, REGISTER_READ), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "not a register"));
}

static void a_newer_register_is_refused(void **state)
{
    struct office *s = *state;
    assert_int_equal(outside(s, "PRAGMA user_version = 2"), SQLITE_OK);
    assert_int_equal(reopen(s, REGISTER_READ), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "version 2"));
}

static void a_plan_of_an_older_register_is_not_applied(void **state)
{
    struct office *s = *state;
    int64_t version = -1;
    const char *file = s->csv;
    struct import *early = NULL;
    office_put(s, "pupils.csv", TWO_PUPILS, strlen(TWO_PUPILS));
    assert_int_equal(import_read(s->reg, &s->policy, &file, 1, &s->options, &early, &s->err),
                     STATUS_OK);
    (void)office_import(s, TWO_PUPILS);
    assert_int_equal(import_apply(s->reg, early, &version, &s->err), STATUS_BUSY);
    assert_int_equal(version, -1);
    import_free(early);
    office_look(s);
    assert_int_equal(s->now.n_people, 2);
}

static void every_import_stays_on_record(void **state)
{
    struct office *s = *state;
    (void)office_import(s, TWO_PUPILS);
    assert_int_equal(office_import(s, HEAD
                                   "B801200005001,A1,Poppy,Field,01/09/2015,4B,,No,No,Yes,Yes,No,"
                                   "01/09/2025,Paper form\n"
                                   "Q801200005002,A2,Zoë,Abara,02/10/2015,4B,Y,Yes,Yes,,Yes,No,"
                                   "01/09/2025,Parent app\n"),
                     2);
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_open_v2(s->db, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT count(*), count(DISTINCT sha256), sum(n_rows),"
                                        " max(import) FROM import_file",
                                        -1, &q, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(q, 0), 2);
    assert_int_equal(sqlite3_column_int(q, 1), 2);
    assert_int_equal(sqlite3_column_int(q, 2), 4);
    assert_int_equal(sqlite3_column_int(q, 3), 2);
    (void)sqlite3_finalize(q);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Each change of the list and of the roll is on record with its import; what stays the same adds
 * nothing. */
static void what_was_said_of_a_person_stays_on_record(void **state)
{
    struct office *s = *state;
    static const struct {
        const char *listed;
        struct date on;
        enum known value;
    } IMPORTS[] = {{"", {2026, 3, 1}, KNOWN_NO},
                   {"Yes", {2026, 4, 1}, KNOWN_YES},
                   {"Yes", {2026, 5, 1}, KNOWN_YES},
                   {"", {2026, 6, 1}, KNOWN_NO}};
    int64_t import = -1;
    for (size_t i = 0; i < sizeof IMPORTS / sizeof IMPORTS[0]; i++) {
        char csv[512];
        (void)snprintf(csv, sizeof csv,
                       HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,%s,%s,No,Yes,Yes,No,"
                            "01/09/2025,Paper form\n",
                       IMPORTS[i].listed, i % 2 ? "Yes" : "No");
        s->options.on = IMPORTS[i].on;
        (void)office_import(s, csv);
    }
    const struct person *p = office_person(s, "Field", "Poppy");
    for (size_t i = 0; i < sizeof IMPORTS / sizeof IMPORTS[0]; i++) {
        assert_int_equal(status_on(p, STATUS_OF_DO_NOT_PUBLISH, IMPORTS[i].on, &import),
                         IMPORTS[i].value);
        assert_int_equal(import, i == 2 ? 2 : (int64_t)i + 1);
        assert_int_equal(status_on(p, STATUS_OF_ON_ROLL, IMPORTS[i].on, &import), KNOWN_YES);
        assert_int_equal(import, 1);
    }
    assert_int_equal(status_on(p, STATUS_OF_DO_NOT_PUBLISH, (struct date){2026, 2, 28}, &import),
                     KNOWN_UNKNOWN);
    assert_int_equal(import, 0);
    assert_int_equal(p->n_history, 5);
}

static void a_writer_elsewhere_is_busy_and_nothing_changes(void **state)
{
    struct office *s = *state;
    sqlite3 *db = NULL;
    int64_t version = -1;
    assert_int_equal(office_plan(s, TWO_PUPILS), STATUS_OK);
    assert_int_equal(sqlite3_open_v2(s->db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(import_apply(s->reg, s->plan, &version, &s->err), STATUS_BUSY);
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    office_look(s);
    assert_int_equal(s->now.n_people, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, office_open, office_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_new_register_is_empty_and_private),
        T(the_mode_does_not_depend_on_the_umask),
        T(create_refuses_what_is_there),
        T(a_missing_register_is_not_made),
        T(reading_does_not_write),
        T(the_snapshot_holds_what_was_imported),
        T(the_same_content_has_the_same_digest),
        T(the_digest_covers_every_field),
        T(history_cannot_be_rewritten),
        T(sql_knows_every_purpose_state_and_method),
        T(a_register_without_its_triggers_is_refused),
        T(a_damaged_register_is_named_as_that),
        T(a_text_file_is_no_register),
        T(another_programs_database_is_no_register),
        T(a_newer_register_is_refused),
        T(a_plan_of_an_older_register_is_not_applied),
        T(every_import_stays_on_record),
        T(what_was_said_of_a_person_stays_on_record),
        T(a_writer_elsewhere_is_busy_and_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
