/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger's files: who may read them, who waits for whom, what is no ledger. */
#include "test_ledger_school.h"

#include <fcntl.h>

static void the_ledger_and_its_key_are_the_owners_only(void **state)
{
    struct school *s = *state;
    static const char *const FILES[] = {"ledger.db", "ledger.key", "ledger.db-wal"};
    mode_t old = umask(0);
    ledger_close(s->l);
    s->l = NULL;
    char path[128];
    for (size_t i = 0; i < 3; i++) {
        (void)unlink(home_path(s, FILES[i], path));
    }
    OK(ledger_open(s->home, LEDGER_CREATE, &s->l, &s->err), s);
    write_a_day(s);
    for (size_t i = 0; i < 3; i++) {
        struct stat st;
        assert_int_equal(stat(home_path(s, FILES[i], path), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }
    umask(old);
}

static void a_second_creation_leaves_the_first_alone(void **state)
{
    struct school *s = *state;
    struct ledger *l = NULL;
    write_a_day(s);
    FAILS(STATUS_IO, ledger_open(s->home, LEDGER_CREATE, &l, &s->err), s);
    char path[128];
    assert_int_equal(unlink(home_path(s, "ledger.db", path)), 0);
    FAILS(STATUS_IO, ledger_open(s->home, LEDGER_CREATE, &l, &s->err), s);
    assert_int_equal(access(home_path(s, "ledger.key", path), F_OK), 0);
    assert_int_not_equal(access(home_path(s, "ledger.db", path), F_OK), 0);
    assert_null(l);
}

static void a_pseudonym_is_stable_and_needs_the_key(void **state)
{
    struct school *s = *state;
    char a[PSEUDONYM_BYTES], b[PSEUDONYM_BYTES], path[128];
    OK(ledger_pseudonym(s->l, TEXT("P-1001"), a, &s->err), s);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    OK(ledger_pseudonym(s->l, TEXT("P-1002"), b, &s->err), s);
    assert_string_not_equal(a, b);
    school_reopens(s, LEDGER_READ);
    OK(ledger_pseudonym(s->l, TEXT("P-1001"), b, &s->err), s);
    assert_string_equal(a, b);
    /* Without the key the record can be read and verified; nobody can be found in it. */
    assert_int_equal(unlink(home_path(s, "ledger.key", path)), 0);
    school_reopens(s, LEDGER_READ);
    FAILS(STATUS_IO, ledger_pseudonym(s->l, TEXT("P-1001"), b, &s->err), s);
    ledger_close(s->l);
    s->l = NULL;
    FAILS(STATUS_IO, ledger_open(s->home, LEDGER_WRITE, &s->l, &s->err), s);
    /* another key, other pseudonyms */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_int_equal(write(fd, "0123456789abcdef0123456789abcdef", 32), 32);
    assert_int_equal(close(fd), 0);
    school_reopens(s, LEDGER_WRITE);
    OK(ledger_pseudonym(s->l, TEXT("P-1001"), b, &s->err), s);
    assert_string_not_equal(a, b);
    assert_int_equal(chmod(path, 0640), 0);
    ledger_close(s->l);
    s->l = NULL;
    FAILS(STATUS_IO, ledger_open(s->home, LEDGER_WRITE, &s->l, &s->err), s);
}

static void a_second_writer_is_told_to_wait(void **state)
{
    struct school *s = *state;
    struct ledger *other = NULL;
    OK(ledger_open(s->home, LEDGER_WRITE, &other, &s->err), s);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_RUN, json_object());
    (void)sqlite3_busy_timeout(other->db, 50); /* the same answer, sooner */
    FAILS(STATUS_BUSY, ledger_begin(other, &s->err), s);
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_begin(other, &s->err), s);
    json_t *body = json_object();
    int64_t seq = 0;
    OK(ledger_append(other, ENTRY_RUN, NOON, body, &seq, &s->err), s);
    assert_int_equal(seq, 2);
    json_decref(body);
    OK(ledger_commit(other, &s->err), s);
    ledger_close(other);
}

static void a_reader_sees_only_what_was_committed(void **state)
{
    struct school *s = *state;
    struct ledger *reader = NULL;
    struct entry e;
    bool found = true;
    OK(ledger_open(s->home, LEDGER_READ, &reader, &s->err), s);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_RUN, json_object());
    OK(ledger_head(reader, &e, &found, &s->err), s);
    assert_false(found);
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_head(reader, &e, &found, &s->err), s);
    assert_true(found);
    entry_release(&e);
    ledger_close(reader);
}

static void overwrite(const char *path, off_t at, const char *bytes, size_t n)
{
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
    assert_int_equal(close(fd), 0);
}

static void a_file_that_is_no_ledger_is_said_to_be_none(void **state)
{
    struct school *s = *state;
    char path[128], junk[4096];
    write_a_day(s);
    ledger_close(s->l);
    s->l = NULL;
    (void)home_path(s, "ledger.db", path);

    memset(junk, 'x', sizeof junk);
    overwrite(path, 4096, junk, sizeof junk); /* one page */
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_WRITE, &s->l, &s->err), s);
    overwrite(path, 0, junk, sizeof junk); /* the first page, too */
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);
    assert_int_equal(truncate(path, 0), 0);
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_WRITE, &s->l, &s->err), s);

    sqlite3 *other = NULL; /* somebody else's database */
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE t (x)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);

    assert_int_equal(unlink(path), 0);
    FAILS(STATUS_IO, ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);
    FAILS(STATUS_IO, ledger_open(s->home, LEDGER_WRITE, &s->l, &s->err), s);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);
    FAILS(STATUS_IO, ledger_open("/nowhere/at/all", LEDGER_READ, &s->l, &s->err), s);
    assert_null(s->l);
}

static void a_ledger_of_a_newer_program_is_left_alone(void **state)
{
    struct school *s = *state;
    sqlite3 *raw = NULL;
    char path[128];
    ledger_close(s->l);
    s->l = NULL;
    assert_int_equal(sqlite3_open(home_path(s, "ledger.db", path), &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "PRAGMA user_version = 2", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    FAILS(STATUS_FORMAT, ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);
}

/* A DPO's account that may read the files and change nothing. Root is let through everywhere, so it
 * becomes somebody else. */
static void a_reader_needs_no_write_permission(void **state)
{
    struct school *s = *state;
    struct ledger_state is = {0};
    struct ledger *reader = NULL;
    static const char *const FILES[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm"};
    char path[128];
    write_a_day(s);
    ledger_close(s->l);
    s->l = NULL;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(chmod(home_path(s, FILES[i], path), 0444), 0);
    }
    assert_int_equal(chmod(s->home, 0555), 0);
    uid_t me = geteuid();
    if (me == 0) {
        assert_int_equal(seteuid(65534), 0);
    }
    enum status opened = ledger_open(s->home, LEDGER_READ, &reader, &s->err);
    enum status read = opened == STATUS_OK ? ledger_verify(reader, &is, &s->err) : opened;
    ledger_close(reader);
    if (me == 0) {
        assert_int_equal(seteuid(0), 0);
    }
    assert_int_equal(chmod(s->home, 0700), 0);
    OK(read, s);
    assert_int_equal(is.n_entries, 8);
    assert_int_equal(is.first_bad, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, school_opens, school_closes)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_ledger_and_its_key_are_the_owners_only),
        TEST(a_second_creation_leaves_the_first_alone),
        TEST(a_pseudonym_is_stable_and_needs_the_key),
        TEST(a_second_writer_is_told_to_wait),
        TEST(a_reader_sees_only_what_was_committed),
        TEST(a_file_that_is_no_ledger_is_said_to_be_none),
        TEST(a_ledger_of_a_newer_program_is_left_alone),
        TEST(a_reader_needs_no_write_permission),
    };
    return cmocka_run_group_tests_name("ledger_file", tests, NULL, NULL);
}
