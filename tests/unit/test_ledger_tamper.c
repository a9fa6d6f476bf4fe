/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who can write the file alters it, with SQLite's own tools: ledger_verify names the
 * entry, and so does scripts/ledger_verify.py, which shares no line with it. */
#include "test_ledger_python.h"

struct vandal {
    struct school *s;
    sqlite3 *raw;
};

static void raw_sql(struct vandal *v, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(v->raw, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
}

static const char DROP_GUARDS[] =
    "DROP TRIGGER entry_is_not_changed; DROP TRIGGER entry_is_not_deleted;"
    "DROP TRIGGER entry_is_the_next; DROP TRIGGER entry_ends_an_intent;"
    "DROP INDEX entry_of_intents; DROP INDEX entry_by_source; DROP INDEX entry_by_case;"
    "DROP INDEX entry_by_photo; DROP INDEX entry_by_intent;";

/* The day's eight entries, open for reading, and a second connection that nothing holds back. */
static int vandal_comes(void **state)
{
    struct vandal *v = test_calloc(1, sizeof *v);
    void *school = NULL;
    char path[128];
    school_opens(&school);
    v->s = school;
    write_a_day(v->s);
    assert_int_equal(sqlite3_open(home_path(v->s, "ledger.db", path), &v->raw), SQLITE_OK);
    school_reopens(v->s, LEDGER_READ);
    raw_sql(v, DROP_GUARDS);
    *state = v;
    return 0;
}

static int vandal_goes(void **state)
{
    struct vandal *v = *state;
    void *school = v->s;
    assert_int_equal(sqlite3_close(v->raw), SQLITE_OK);
    test_free(v);
    return school_closes(&school);
}

static struct ledger_state verify(struct school *s)
{
    struct ledger_state is = {0};
    OK(ledger_verify(s->l, &is, &s->err), s);
    return is;
}

static void verify_names(struct vandal *v, int64_t seq, const char *trouble)
{
    struct ledger_state is = verify(v->s);
    if (is.first_bad != seq || strncmp(is.trouble, trouble, strlen(trouble)) != 0) {
        fail_msg("entry %lld (%s) was named, not %lld (%s)", (long long)is.first_bad, is.trouble,
                 (long long)seq, trouble);
    }
}

static void first_line_only(char *text)
{
    text[strcspn(text, "\n")] = '\0';
}

/* The line that `photogate verify` prints for this state. */
static void verdict_line(const struct ledger_state *is, char out[256])
{
    char hex[DIGEST_HEX_BYTES];
    if (is->first_bad) {
        (void)snprintf(out, 256, "ledger: broken at entry %lld: %s", (long long)is->first_bad,
                       is->trouble);
    } else {
        (void)snprintf(out, 256, "ledger: %lld entries, whole, head %s", (long long)is->n_entries,
                       digest_hex(&is->head, hex));
    }
}

static void both_verifiers_agree(struct school *s)
{
    char ours[256], theirs[256];
    struct ledger_state is = verify(s);
    verdict_line(&is, ours);
    int code = python_says(s, NULL, theirs);
    if (code < 0) {
        print_message("SKIPPED: no python3, the second verifier was not asked\n");
        skip();
    }
    first_line_only(theirs);
    assert_string_equal(ours, theirs);
    assert_int_equal(code, is.first_bad ? 4 : 0);
}

/* --- the acts
 * -----------------------------------------------------------------------------------------------------
 */

static void an_untouched_ledger_is_whole_to_both_verifiers(void **state)
{
    struct vandal *v = *state;
    struct ledger_state is = verify(v->s);
    assert_int_equal(is.first_bad, 0);
    both_verifiers_agree(v->s);
}

struct cell {
    uint8_t at[1024];
    size_t n;
};

static void read_cell(struct vandal *v, const char *column, int64_t seq, struct cell *out)
{
    char sql[128];
    sqlite3_stmt *q = NULL;
    (void)snprintf(sql, sizeof sql, "SELECT %s FROM entry WHERE seq = ?1", column);
    assert_int_equal(sqlite3_prepare_v2(v->raw, sql, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(q, 1, seq), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    const void *at = sqlite3_column_blob(q, 0);
    out->n = (size_t)sqlite3_column_bytes(q, 0);
    assert_in_range(out->n, 1, sizeof out->at);
    memcpy(out->at, at, out->n);
    assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
}

static void write_cell(struct vandal *v, const char *column, int64_t seq, const struct cell *c)
{
    bool blob = strcmp(column, "prev") == 0 || strcmp(column, "digest") == 0;
    char sql[128];
    sqlite3_stmt *q = NULL;
    (void)snprintf(sql, sizeof sql, "UPDATE entry SET %s = ?2 WHERE seq = ?1", column);
    assert_int_equal(sqlite3_prepare_v2(v->raw, sql, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(q, 1, seq), SQLITE_OK);
    int rc = blob ? sqlite3_bind_blob(q, 2, c->at, (int)c->n, SQLITE_STATIC)
                  : sqlite3_bind_text(q, 2, (const char *)c->at, (int)c->n, SQLITE_STATIC);
    assert_int_equal(rc, SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
}

static const char *const COLUMNS[] = {"time", "kind", "body", "prev", "digest"};

static void every_bit_flipped_is_traced_to_its_entry(void **state)
{
    struct vandal *v = *state;
    static const uint8_t FLIPS[] = {0x01, 0x80};
    raw_sql(v, "PRAGMA synchronous = OFF");
    for (int64_t seq = 1; seq <= 8; seq++) {
        for (size_t c = 0; c < 5; c++) {
            struct cell is, bad;
            read_cell(v, COLUMNS[c], seq, &is);
            for (size_t i = 0; i < is.n; i++) {
                bad = is;
                bad.at[i] ^= FLIPS[i & 1];
                write_cell(v, COLUMNS[c], seq, &bad);
                verify_names(v, seq, "it was altered: ");
            }
            write_cell(v, COLUMNS[c], seq, &is);
        }
    }
    assert_int_equal(verify(v->s).n_entries, 8);
    assert_int_equal(verify(v->s).first_bad, 0);
}

static void the_second_verifier_traces_it_to_the_same_entry(void **state)
{
    struct vandal *v = *state;
    for (int64_t seq = 1; seq <= 8; seq++) {
        for (size_t c = 0; c < 5; c++) {
            struct cell is, bad;
            read_cell(v, COLUMNS[c], seq, &is);
            bad = is;
            bad.at[(size_t)seq % is.n] ^= 0x02;
            write_cell(v, COLUMNS[c], seq, &bad);
            verify_names(v, seq, "it was altered: ");
            both_verifiers_agree(v->s);
            write_cell(v, COLUMNS[c], seq, &is);
        }
    }
}

static void a_body_written_another_way_is_an_altered_body(void **state)
{
    struct vandal *v = *state;
    static const char *const BODIES[] = {
        "{\"school\": \"Elm Grove\",\"version\":\"0.1.0\"}",
        "{\"version\":\"0.1.0\",\"school\":\"Elm Grove\"}",
        "{\"school\":\"Elm Grove\",\"version\":\"0.1.0\"}\n",
        "{\"school\":\"Elm Gr\\u006fve\",\"version\":\"0.1.0\"}",
        "{\"school\":\"Elm Grove\",\"school\":\"Elm Grove\",\"version\":\"0.1.0\"}",
        "{\"school\":\"\\ud800\",\"version\":\"0.1.0\"}",
        "{\"school\":1.0}",
        "{\"school\":-0}",
        "{\"school\":1e2}",
        "{\"school\":9007199254740992}",
        "{\"school\":NaN}",
        "[]",
        "null",
        "1",
        " ",
    };
    for (size_t i = 0; i < sizeof BODIES / sizeof BODIES[0]; i++) {
        struct cell c;
        c.n = strlen(BODIES[i]);
        memcpy(c.at, BODIES[i], c.n);
        write_cell(v, "body", 1, &c);
        verify_names(v, 1, "it was altered: its body is not canonical JSON");
        both_verifiers_agree(v->s);
    }
}

static void a_deleted_entry_is_missed(void **state)
{
    struct vandal *v = *state;
    for (int64_t seq = 1; seq <= 7; seq++) {
        char sql[64];
        (void)snprintf(sql, sizeof sql, "DELETE FROM entry WHERE seq = %lld", (long long)seq);
        raw_sql(v, "BEGIN");
        raw_sql(v, "CREATE TABLE kept AS SELECT * FROM entry");
        raw_sql(v, sql);
        raw_sql(v, "COMMIT");
        verify_names(v, seq, "it is missing");
        both_verifiers_agree(v->s);
        raw_sql(v, "DELETE FROM entry; INSERT INTO entry SELECT * FROM kept; DROP TABLE kept;");
    }
    assert_int_equal(verify(v->s).first_bad, 0);
}

static void a_deletion_closed_up_is_still_seen(void **state)
{
    struct vandal *v = *state;
    raw_sql(v, "DELETE FROM entry WHERE seq = 5; UPDATE entry SET seq = seq - 1 WHERE seq > 5");
    verify_names(v, 5, "it was altered: its digest does not match its content");
    both_verifiers_agree(v->s);
}

static void two_entries_swapped_are_seen(void **state)
{
    struct vandal *v = *state;
    raw_sql(v, "UPDATE entry SET seq = 99 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 5;"
               "UPDATE entry SET seq = 5 WHERE seq = 99");
    verify_names(v, 4, "it was altered: ");
    both_verifiers_agree(v->s);
}

static void a_row_put_before_the_first_is_seen(void **state)
{
    struct vandal *v = *state;
    raw_sql(v,
            "INSERT INTO entry SELECT 0, time, kind, body, prev, digest FROM entry WHERE seq = 1");
    verify_names(v, 1, "an entry numbered below 1");
    both_verifiers_agree(v->s);
}

/* No chain can show that its end was cut off: only a head noted elsewhere can. The verdict line
 * carries it. */
static void a_tail_cut_off_leaves_a_whole_ledger_with_another_head(void **state)
{
    struct vandal *v = *state;
    struct ledger_state before = verify(v->s);
    raw_sql(v, "DELETE FROM entry WHERE seq > 6");
    struct ledger_state after = verify(v->s);
    assert_int_equal(after.first_bad, 0);
    assert_int_equal(after.n_entries, 6);
    assert_false(digest_equal(&before.head, &after.head));
    both_verifiers_agree(v->s);
}

/* Somebody who knows how digests are made replaces one entry: the next one no longer follows. */
static void an_entry_forged_with_its_digest_is_seen_at_the_next(void **state)
{
    struct vandal *v = *state;
    struct cell body = {.n = 2}, prev, digest = {.n = DIGEST_BYTES};
    struct digest link, forged;
    memcpy(body.at, "{}", 2);
    read_cell(v, "prev", 2, &prev);
    memcpy(link.b, prev.at, DIGEST_BYTES);
    OK(entry_digest(v->s->l, &link, 2, "run", TEXT(NOON), TEXT("{}"), &forged, &v->s->err), v->s);
    memcpy(digest.at, forged.b, DIGEST_BYTES);
    write_cell(v, "body", 2, &body);
    write_cell(v, "digest", 2, &digest);
    verify_names(v, 3, "it does not follow from the entry before it");
    both_verifiers_agree(v->s);
}

/* Add an entry that fits the chain but not the story. */
static void append_forged(struct vandal *v, const char *kind, const char *body)
{
    struct ledger_state is = verify(v->s);
    struct digest d;
    sqlite3_stmt *q = NULL;
    OK(entry_digest(v->s->l, &is.head, is.n_entries + 1, kind, TEXT(NOON), text_of(body), &d,
                    &v->s->err),
       v->s);
    assert_int_equal(sqlite3_prepare_v2(v->raw, "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                        -1, &q, NULL),
                     SQLITE_OK);
    (void)sqlite3_bind_int64(q, 1, is.n_entries + 1);
    (void)sqlite3_bind_text(q, 2, NOON, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(q, 3, kind, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(q, 4, body, -1, SQLITE_STATIC);
    (void)sqlite3_bind_blob(q, 5, is.head.b, DIGEST_BYTES, SQLITE_STATIC);
    (void)sqlite3_bind_blob(q, 6, d.b, DIGEST_BYTES, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
}

static void a_publication_without_its_intent_breaks_the_ledger(void **state)
{
    struct vandal *v = *state;
    static const char *const BODIES[] = {"{\"intent\":2}",    "{\"intent\":9}",  "{\"intent\":99}",
                                         "{\"intent\":true}", "{\"intent\":-3}", "{}"};
    for (size_t i = 0; i < sizeof BODIES / sizeof BODIES[0]; i++) {
        append_forged(v, "published", BODIES[i]);
        verify_names(v, 9, "it is published and names no intent");
        both_verifiers_agree(v->s);
        raw_sql(v, "DELETE FROM entry WHERE seq = 9");
    }
}

static void a_second_end_of_an_intent_breaks_the_ledger(void **state)
{
    struct vandal *v = *state;
    append_forged(v, "published", "{\"intent\":3}");
    verify_names(v, 9, "it is published, but an entry before it ended intent 3 already");
    both_verifiers_agree(v->s);
    raw_sql(v, "DELETE FROM entry WHERE seq = 9");
    append_forged(v, "abandoned", "{\"intent\":3}");
    verify_names(v, 9, "it is abandoned, but");
    both_verifiers_agree(v->s);
}

static void a_look_up_does_not_hand_out_an_altered_entry(void **state)
{
    struct vandal *v = *state;
    struct entry e;
    bool found = false;
    raw_sql(v, "UPDATE entry SET body = replace(body, 'trip', 'fair') WHERE seq = 5");
    FAILS(STATUS_BROKEN, ledger_entry(v->s->l, 5, &e, &found, &v->s->err), v->s);
    assert_false(found);
    OK(ledger_entry(v->s->l, 6, &e, &found, &v->s->err), v->s);
    entry_release(&e);
}

static void nothing_is_written_to_a_ledger_without_its_guards(void **state)
{
    struct vandal *v = *state;
    struct ledger_state is;
    school_reopens(v->s, LEDGER_READ);
    FAILS(STATUS_BROKEN, ledger_verify(v->s->l, &is, &v->s->err), v->s);
    ledger_close(v->s->l);
    v->s->l = NULL;
    FAILS(STATUS_BROKEN, ledger_open(v->s->home, LEDGER_WRITE, &v->s->l, &v->s->err), v->s);
}

/* --- with the guards on
 * ------------------------------------------------------------------------------------------- */

static void the_guards_refuse_accidents(void **state)
{
    struct school *s = *state;
    static const char *const ACTS[] = {
        "UPDATE entry SET time = time",
        "UPDATE OR REPLACE entry SET seq = 2 WHERE seq = 3",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE seq = 8",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 3",
        "REPLACE INTO entry SELECT seq, time, 'held', body, prev, digest FROM entry WHERE seq = 8",
        "INSERT INTO entry SELECT * FROM entry WHERE seq = 3 ON CONFLICT DO UPDATE SET kind = "
        "'held'",
        "INSERT INTO entry SELECT 10, time, kind, body, digest, digest FROM entry WHERE seq = 8",
        "INSERT INTO entry SELECT NULL, time, kind, body, digest, digest FROM entry WHERE seq = 8",
        "INSERT INTO entry SELECT 9, time, kind, body, prev, digest FROM entry WHERE seq = 8",
        "INSERT INTO entry SELECT 9, time, kind, 'x', digest, digest FROM entry WHERE seq = 8",
        "INSERT INTO entry SELECT 9, time, kind, body, digest, x'00' FROM entry WHERE seq = 8",
        "INSERT INTO entry SELECT 9, time, 'published', '{\"intent\":3}', digest, digest FROM "
        "entry "
        "WHERE seq = 8",
        "INSERT OR REPLACE INTO entry SELECT 9, time, 'published', '{\"intent\":1}', digest, "
        "digest "
        "FROM entry WHERE seq = 8",
    };
    sqlite3 *raw = NULL;
    char path[128];
    write_a_day(s);
    assert_int_equal(sqlite3_open(home_path(s, "ledger.db", path), &raw), SQLITE_OK);
    for (size_t i = 0; i < sizeof ACTS / sizeof ACTS[0]; i++) {
        for (int triggers = 0; triggers < 2; triggers++) {
            assert_int_equal(sqlite3_exec(raw,
                                          triggers ? "PRAGMA recursive_triggers = ON"
                                                   : "PRAGMA recursive_triggers = OFF",
                                          NULL, NULL, NULL),
                             SQLITE_OK);
            int rc = sqlite3_exec(raw, ACTS[i], NULL, NULL, NULL);
            if (rc == SQLITE_OK) {
                fail_msg("done without a murmur: %s", ACTS[i]);
            }
        }
    }
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    struct ledger_state is;
    OK(ledger_verify(s->l, &is, &s->err), s);
    assert_int_equal(is.n_entries, 8);
    assert_int_equal(is.first_bad, 0);
}

/* An index that says otherwise than its entries would hide one from a look-up. */
static void an_index_that_lies_is_found(void **state)
{
    struct school *s = *state;
    sqlite3 *raw = NULL;
    char path[128];
    write_a_day(s);
    ledger_close(s->l);
    s->l = NULL;
    assert_int_equal(sqlite3_open(home_path(s, "ledger.db", path), &raw), SQLITE_OK);
    /* the index of another ledger, whose case 17 is case 71, under the same schema */
    assert_int_equal(
        sqlite3_exec(raw,
                     "PRAGMA writable_schema = ON;"
                     "UPDATE sqlite_schema SET sql = replace(sql, '''$.case''', '''$.hits''') "
                     "WHERE name = 'entry_by_case';",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(raw,
                     "REINDEX entry_by_case; PRAGMA writable_schema = ON;"
                     "UPDATE sqlite_schema SET sql = replace(sql, '''$.hits''', '''$.case''') "
                     "WHERE name = 'entry_by_case';",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    struct ledger_state is;
    OK(ledger_open(s->home, LEDGER_READ, &s->l, &s->err), s);
    FAILS(STATUS_FORMAT, ledger_verify(s->l, &is, &s->err), s);
}

#define TAMPER(name) cmocka_unit_test_setup_teardown(name, vandal_comes, vandal_goes)
#define SOUND(name) cmocka_unit_test_setup_teardown(name, school_opens, school_closes)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TAMPER(an_untouched_ledger_is_whole_to_both_verifiers),
        TAMPER(every_bit_flipped_is_traced_to_its_entry),
        TAMPER(the_second_verifier_traces_it_to_the_same_entry),
        TAMPER(a_body_written_another_way_is_an_altered_body),
        TAMPER(a_deleted_entry_is_missed),
        TAMPER(a_deletion_closed_up_is_still_seen),
        TAMPER(two_entries_swapped_are_seen),
        TAMPER(a_row_put_before_the_first_is_seen),
        TAMPER(a_tail_cut_off_leaves_a_whole_ledger_with_another_head),
        TAMPER(an_entry_forged_with_its_digest_is_seen_at_the_next),
        TAMPER(a_publication_without_its_intent_breaks_the_ledger),
        TAMPER(a_second_end_of_an_intent_breaks_the_ledger),
        TAMPER(a_look_up_does_not_hand_out_an_altered_entry),
        TAMPER(nothing_is_written_to_a_ledger_without_its_guards),
        SOUND(the_guards_refuse_accidents),
        SOUND(an_index_that_lies_is_found),
    };
    return cmocka_run_group_tests_name("ledger_tamper", tests, NULL, NULL);
}
