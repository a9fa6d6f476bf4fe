/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where photos were published: what the ledger takes, and what both verifiers say of the rest. */
#include "test_ledger_python.h"

#include <sqlite3.h>

#define PAGE "https://school.example/news/12"

static json_t *posted_body(int64_t intent)
{
    return json_pack("{s:I, s:s, s:s, s:s}", "intent", (json_int_t)intent, "url", PAGE, "on",
                     "2026-11-20", "by", "office");
}

static json_t *one(const char *key, int64_t seq)
{
    return json_pack("{s:I}", key, (json_int_t)seq);
}

/* In a transaction of its own: the sequence number, or 0 when the ledger refuses it. */
static int64_t try_append(struct school *s, enum entry_kind kind, json_t *body)
{
    int64_t seq = 0;
    OK(ledger_begin(s->l, &s->err), s);
    if (ledger_append(s->l, kind, NOON, body, &seq, &s->err) == STATUS_OK) {
        OK(ledger_commit(s->l, &s->err), s);
    } else {
        ledger_rollback(s->l);
        err_clear(&s->err);
        seq = 0;
    }
    json_decref(body);
    return seq;
}

static void only_what_stands_is_posted_and_what_was_posted_ends_once(void **state)
{
    struct school *s = *state;
    write_a_day(s); /* 3 is published, 4 abandoned */
    assert_int_equal(try_append(s, ENTRY_POSTED, posted_body(4)), 0);
    assert_int_equal(try_append(s, ENTRY_POSTED, posted_body(6)), 0);
    assert_int_equal(try_append(s, ENTRY_POSTED, one("intent", 3)), 0); /* where? */
    int64_t posted = try_append(s, ENTRY_POSTED, posted_body(3));
    int64_t twice = try_append(s, ENTRY_POSTED, posted_body(3)); /* another page */
    assert_true(posted > 0 && twice > 0);
    assert_int_equal(try_append(s, ENTRY_TAKEN_DOWN, one("posted", 3)), 0);
    assert_true(try_append(s, ENTRY_TAKEN_DOWN, one("posted", posted)) > 0);
    assert_int_equal(try_append(s, ENTRY_TAKEN_DOWN, one("posted", posted)), 0);
    assert_true(try_append(s, ENTRY_RECALLED, one("intent", 3)) > 0);
    assert_int_equal(try_append(s, ENTRY_POSTED, posted_body(3)), 0); /* it stands no longer */
    assert_true(try_append(s, ENTRY_TAKEN_DOWN, one("posted", twice)) > 0);
    struct ledger_state whole;
    char line[256];
    OK(ledger_verify(s->l, &whole, &s->err), s);
    assert_int_equal(whole.first_bad, 0);
    int code = python_says(s, NULL, line);
    assert_true(code == 0 || code == -1);
}

static void execute(struct school *s, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(home_path(s, "ledger.db", path), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Nothing held them back: the chain is whole, and yet both verifiers name the entry. */
static void unguarded(struct school *s, enum entry_kind kind, json_t *body, const char *says)
{
    struct ledger_state state;
    char line[256];
    int64_t seq = try_append(s, kind, body);
    assert_true(seq > 0);
    OK(ledger_verify(s->l, &state, &s->err), s);
    assert_int_equal(state.first_bad, seq);
    assert_string_equal(state.trouble, says);
    int code = python_says(s, NULL, line);
    assert_true(code == 4 || code == -1);
    assert_true(code == -1 || strstr(line, says));
}

static void both_verifiers_see_a_posting_of_nothing(void **state)
{
    struct school *s = *state;
    write_a_day(s);
    execute(s, "DROP TRIGGER entry_posts_what_stands");
    unguarded(s, ENTRY_POSTED, posted_body(4), "it is posted and names nothing that is published");
}

static void both_verifiers_see_a_posting_of_what_was_recalled(void **state)
{
    struct school *s = *state;
    write_a_day(s);
    assert_true(try_append(s, ENTRY_RECALLED, one("intent", 3)) > 0);
    execute(s, "DROP TRIGGER entry_posts_what_stands");
    unguarded(s, ENTRY_POSTED, posted_body(3), "it is posted and names nothing that is published");
}

static void both_verifiers_see_something_taken_down_twice(void **state)
{
    struct school *s = *state;
    write_a_day(s);
    int64_t posted = try_append(s, ENTRY_POSTED, posted_body(3));
    assert_true(try_append(s, ENTRY_TAKEN_DOWN, one("posted", posted)) > 0);
    execute(s, "DROP TRIGGER entry_takes_down_once");
    unguarded(s, ENTRY_TAKEN_DOWN, one("posted", posted),
              "it is taken-down and names nothing that is posted");
}

static void both_verifiers_see_something_taken_down_that_was_never_posted(void **state)
{
    struct school *s = *state;
    write_a_day(s);
    execute(s, "DROP TRIGGER entry_takes_down_once");
    unguarded(s, ENTRY_TAKEN_DOWN, one("posted", 3),
              "it is taken-down and names nothing that is posted");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
#define SCHOOL(f) cmocka_unit_test_setup_teardown(f, school_opens, school_closes)
        SCHOOL(only_what_stands_is_posted_and_what_was_posted_ends_once),
        SCHOOL(both_verifiers_see_a_posting_of_nothing),
        SCHOOL(both_verifiers_see_a_posting_of_what_was_recalled),
        SCHOOL(both_verifiers_see_something_taken_down_twice),
        SCHOOL(both_verifiers_see_something_taken_down_that_was_never_posted),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
