/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person leaves the register: all of them, nobody else, and the triggers stay. */
#include "import_office.h"

#include <sqlite3.h>

static const char TWO_PUPILS[] =
    HEAD "B801200005001,A1,Poppy,Fieldgate,01/09/2015,4B,,Yes,No,Yes,Yes,No,01/09/2025,Paper form\n"
         "Q801200005002,A2,Zoë,Abara,02/10/2015,4B,Y,Yes,Yes,,Yes,No,01/09/2025,Parent app\n";
static const char CHANGED[] =
    HEAD "B801200005001,A1,Poppy,Fieldgate,01/09/2015,4B,,No,No,Yes,Yes,No,01/12/2025,Paper form\n"
         "Q801200005002,A2,Zoë,Abara,02/10/2015,4B,Y,Yes,Yes,,Yes,No,01/09/2025,Parent app\n";

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

/* The file's bytes, and whether `word` stands in them. */
static bool file_holds(const struct office *s, const char *word)
{
    static char room[1 << 20];
    FILE *f = fopen(s->db, "rb");
    assert_non_null(f);
    size_t n = fread(room, 1, sizeof room, f);
    assert_int_equal(fclose(f), 0);
    assert_in_range(n, 1, sizeof room - 1);
    return memmem(room, n, word, strlen(word)) != NULL;
}

static void erase(struct office *s, const char *surname, const char *forename, int64_t *version)
{
    const int64_t id = office_person(s, surname, forename)->id;
    if (register_erase(s->reg, &id, 1, version, &s->err) != STATUS_OK) {
        fail_msg("%s", s->err.text);
    }
    office_look(s);
}

static void one_person_goes_with_everything_and_nobody_else(void **state)
{
    struct office *s = *state;
    int64_t version = 0;
    (void)office_import(s, TWO_PUPILS);
    assert_int_equal(office_import(s, CHANGED), 2);
    const size_t kept = office_person(s, "Abara", "Zoë")->n_consents;
    assert_true(file_holds(s, "Fieldgate"));
    erase(s, "Fieldgate", "Poppy", &version);
    assert_int_equal(version, 3);
    assert_int_equal(s->now.version, 3);
    assert_int_equal(s->now.n_people, 1);
    assert_int_equal(s->now.people[0].n_consents, kept);
    assert_int_equal(s->now.people[0].n_history, 3);
    assert_false(file_holds(s, "Fieldgate"));
    assert_false(file_holds(s, "B801200005001"));
    assert_true(file_holds(s, "Abara"));
}

static void the_triggers_are_as_before(void **state)
{
    struct office *s = *state;
    int64_t version;
    (void)office_import(s, TWO_PUPILS);
    erase(s, "Fieldgate", "Poppy", &version);
    register_close(s->reg);
    s->reg = NULL;
    assert_int_equal(register_open(s->db, REGISTER_WRITE, &s->reg, &s->err), STATUS_OK);
    assert_int_equal(outside(s, "DELETE FROM person"), SQLITE_CONSTRAINT);
    assert_int_equal(outside(s, "DELETE FROM consent"), SQLITE_CONSTRAINT);
    assert_int_equal(outside(s, "DELETE FROM status"), SQLITE_CONSTRAINT);
    assert_int_equal(outside(s, "UPDATE consent SET state = 'granted'"), SQLITE_CONSTRAINT);
}

static void nobody_of_that_number_changes_nothing(void **state)
{
    struct office *s = *state;
    int64_t version = -1;
    (void)office_import(s, TWO_PUPILS);
    const int64_t ids[] = {office_person(s, "Fieldgate", "Poppy")->id, 4711};
    assert_int_equal(register_erase(s->reg, ids, 2, &version, &s->err), STATUS_FORMAT);
    assert_int_equal(version, -1);
    office_look(s);
    assert_int_equal(s->now.n_people, 2);
    assert_int_equal(s->now.version, 1);
    assert_int_equal(outside(s, "DELETE FROM person"), SQLITE_CONSTRAINT);
}

/* The ledger names events by number: a number must never mean another event. */
static void numbers_are_not_used_again(void **state)
{
    struct office *s = *state;
    int64_t version, last = 0;
    (void)office_import(s, TWO_PUPILS);
    const struct person *zoe = office_person(s, "Abara", "Zoë");
    const int64_t id = zoe->id;
    for (size_t i = 0; i < zoe->n_consents; i++) {
        last = zoe->consents[i].event > last ? zoe->consents[i].event : last;
    }
    char reference[33];
    (void)snprintf(reference, sizeof reference, "%.*s", TEXT_ARG(zoe->reference));
    erase(s, "Abara", "Zoë", &version);
    (void)office_import(s, TWO_PUPILS); /* the school's system still has her */
    zoe = office_person(s, "Abara", "Zoë");
    assert_true(zoe->id > id);
    assert_true(zoe->consents[0].event > last);
    assert_false(text_equal(zoe->reference, text_of(reference)));
}

#define T(name) cmocka_unit_test_setup_teardown(name, office_open, office_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(one_person_goes_with_everything_and_nobody_else),
        T(the_triggers_are_as_before),
        T(nobody_of_that_number_changes_nothing),
        T(numbers_are_not_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
