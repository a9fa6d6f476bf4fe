/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger in use: writing, looking up, refusing. Its files are test_ledger_file.c; altering
 * them, test_ledger_tamper.c. */
#include "test_ledger_school.h"

static void an_empty_ledger_is_whole(void **state)
{
    struct school *s = *state;
    struct ledger_state is;
    struct entry e;
    bool found = true;
    int64_t n = -1;
    static const struct digest ZERO;
    OK(ledger_verify(s->l, &is, &s->err), s);
    assert_int_equal(is.n_entries, 0);
    assert_int_equal(is.first_bad, 0);
    assert_true(digest_equal(&is.head, &ZERO));
    OK(ledger_head(s->l, &e, &found, &s->err), s);
    assert_false(found);
    OK(ledger_last_case(s->l, &n, &s->err), s);
    assert_int_equal(n, 0);
    OK(ledger_last_photo(s->l, TEXT("trip"), &n, &s->err), s);
    assert_int_equal(n, 0);
}

static void what_was_appended_is_read_back(void **state)
{
    struct school *s = *state;
    struct ledger_state is;
    struct entry e;
    bool found = false;
    write_a_day(s);
    school_reopens(s, LEDGER_READ);
    OK(ledger_verify(s->l, &is, &s->err), s);
    assert_int_equal(is.n_entries, 8);
    assert_int_equal(is.first_bad, 0);
    assert_string_equal(is.trouble, "");
    OK(ledger_head(s->l, &e, &found, &s->err), s);
    assert_true(found);
    assert_int_equal(e.seq, 8);
    assert_int_equal(e.kind, ENTRY_REJECTED);
    assert_string_equal(e.time, NOON);
    assert_true(digest_equal(&e.digest, &is.head));
    json_t *body = refusal_body("trip", 4, 18);
    assert_true(json_equal(e.body, body));
    json_decref(body);
    entry_release(&e);
    OK(ledger_entry(s->l, 9, &e, &found, &s->err), s);
    assert_false(found);
}

/* The digest of a known first entry, worked out by hand: printf '{"body":...}' behind 32 zero bytes
 * | sha256sum. */
static void the_digest_is_that_of_the_documented_bytes(void **state)
{
    struct school *s = *state;
    struct entry e;
    bool found = false;
    char hex[DIGEST_HEX_BYTES];
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_FOUNDED, json_pack("{s:s, s:i}", "school", "Elm Grove", "n", 1));
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_entry(s->l, 1, &e, &found, &s->err), s);
    assert_string_equal(digest_hex(&e.digest, hex),
                        "834c06529e760e8b4fb495dafc8bb1aa1c49b6bb99d0392dfbf39f77b13cfcd5");
    entry_release(&e);
}

static void canonical_json_has_one_form(void **state)
{
    (void)state;
    struct err err = {0};
    struct buffer b;
    buffer_init(&b, 4096);
    json_t *v =
        json_loads("{ \"b\" : [1, -2, 0, true, false, null, {}, []], \"a\":"
                   "\"\\u0001\\u0008\\u0009\\u000A\\u000c\\u000d\\u001F\\u007f\\/\\\"\\\\\\u00e9\","
                   "\"\\ud83d\\ude00\":1, \"\\uff5e\":2, \"aa\":9007199254740991, \"\":3}",
                   0, NULL);
    assert_non_null(v);
    assert_int_equal(json_canonical(v, &b, &err), STATUS_OK);
    buffer_add_byte(&b, 0);
    assert_string_equal((const char *)b.at,
                        "{\"\":3,\"a\":\"\\u0001\\b\\t\\n\\f\\r\\u001f\x7f/\\\"\\\\\xc3\xa9\","
                        "\"aa\":9007199254740991,\"b\":[1,-2,0,true,false,null,{},[]],"
                        "\"\xef\xbd\x9e\":2,\"\xf0\x9f\x98\x80\":1}");
    json_decref(v);
    buffer_release(&b);
}

static void canonical_json_refuses_what_readers_disagree_on(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"[1.0]", "[1e3]", "[9007199254740992]",
                                        "[-9007199254740992]"};
    struct err err = {0};
    struct buffer b;
    buffer_init(&b, 4096);
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        json_t *v = json_loads(WRONG[i], 0, NULL);
        assert_non_null(v);
        assert_int_equal(json_canonical(v, &b, &err), STATUS_FORMAT);
        json_decref(v);
        err_clear(&err);
        buffer_reset(&b);
    }
    json_t *bad = json_stringn_nocheck("\xff", 1);
    assert_int_equal(json_canonical(bad, &b, &err), STATUS_FORMAT);
    json_decref(bad);
    json_t *deep = json_array();
    for (int i = 0; i < 100; i++) {
        json_t *outer = json_array();
        (void)json_array_append_new(outer, deep);
        deep = outer;
    }
    buffer_reset(&b);
    assert_int_equal(json_canonical(deep, &b, &err), STATUS_LIMIT);
    json_decref(deep);
    buffer_release(&b);
}

static void a_rollback_leaves_nothing(void **state)
{
    struct school *s = *state;
    struct entry e;
    bool found = true;
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_RUN, json_object());
    ledger_rollback(s->l);
    OK(ledger_head(s->l, &e, &found, &s->err), s);
    assert_false(found);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_RUN, json_object());
    school_reopens(s, LEDGER_WRITE); /* closed in the midst of it */
    OK(ledger_head(s->l, &e, &found, &s->err), s);
    assert_false(found);
    OK(ledger_begin(s->l, &s->err), s);
    assert_int_equal(append(s, ENTRY_RUN, json_object()), 1);
    OK(ledger_commit(s->l, &s->err), s);
}

struct wrong_body {
    enum entry_kind kind;
    const char *json, *time;
};

static void an_entry_that_could_not_be_found_again_is_refused(void **state)
{
#define HEX "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\""
    static const struct wrong_body WRONG[] = {
        {ENTRY_RUN, "[]", NOON},
        {ENTRY_RUN, "{\"x\":1.5}", NOON},
        {ENTRY_RUN, "{}", "2026-11-20T12:00:00+00:00"},
        {ENTRY_RUN, "{}", "2026-02-30T12:00:00Z"},
        {ENTRY_RUN, "{}", "2026-11-20T24:00:00Z"},
        {ENTRY_RUN, "{}", ""},
        {ENTRY_HELD, "{\"batch\":\"b\",\"source\":" HEX "}", NOON},
        {ENTRY_HELD, "{\"batch\":\"b\",\"source\":" HEX ",\"case\":0}", NOON},
        {ENTRY_HELD, "{\"batch\":\"b\",\"source\":" HEX ",\"case\":\"1\"}", NOON},
        {ENTRY_HELD, "{\"batch\":\"b\",\"source\":\"00\",\"case\":1}", NOON},
        {ENTRY_HELD, "{\"batch\":\"../b\",\"source\":" HEX ",\"case\":1}", NOON},
        {ENTRY_INTENT,
         "{\"batch\":\"b\",\"file\":\"x/y.jpg\",\"source\":" HEX ",\"release\":" HEX
         ",\"photo\":1}",
         NOON},
        {ENTRY_INTENT, "{\"batch\":\"b\",\"file\":\"y.jpg\",\"source\":" HEX ",\"photo\":1}", NOON},
        {ENTRY_PUBLISHED, "{\"intent\":1}", NOON},
    };
#undef HEX
    struct school *s = *state;
    struct entry e;
    bool found = true;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        json_t *good = json_object(), *bad = json_loads(WRONG[i].json, 0, NULL);
        assert_non_null(bad);
        OK(ledger_begin(s->l, &s->err), s);
        OK(ledger_append(s->l, ENTRY_RUN, NOON, good, NULL, &s->err), s);
        FAILS(STATUS_FORMAT, ledger_append(s->l, WRONG[i].kind, WRONG[i].time, bad, NULL, &s->err),
              s);
        /* all or nothing, even for a caller who overlooks the failure */
        FAILS(STATUS_IO, ledger_append(s->l, ENTRY_RUN, NOON, good, NULL, &s->err), s);
        FAILS(STATUS_IO, ledger_commit(s->l, &s->err), s);
        json_decref(good);
        json_decref(bad);
    }
    OK(ledger_head(s->l, &e, &found, &s->err), s);
    assert_false(found);
}

static void an_intent_ends_once(void **state)
{
    struct school *s = *state;
    static const int64_t WRONG[] = {3, 4, 1, 99}; /* published, abandoned, no intent, not there */
    write_a_day(s);
    for (size_t i = 0; i < 4; i++) {
        json_t *body = ending_body(WRONG[i]);
        OK(ledger_begin(s->l, &s->err), s);
        FAILS(STATUS_BROKEN, ledger_append(s->l, ENTRY_PUBLISHED, NOON, body, NULL, &s->err), s);
        ledger_rollback(s->l);
        json_decref(body);
    }
}

static enum status note_seq(void *context, const struct entry *e, struct err *err)
{
    (void)err;
    char *to = context;
    (void)snprintf(to + strlen(to), 16, "%lld ", (long long)e->seq);
    return STATUS_OK;
}

static void pending_intents_are_those_that_nothing_ended(void **state)
{
    struct school *s = *state;
    char seqs[128] = "";
    OK(ledger_begin(s->l, &s->err), s);
    for (unsigned i = 1; i <= 5; i++) {
        append(s, ENTRY_INTENT, intent_body("trip", i));
    }
    append(s, ENTRY_PUBLISHED, ending_body(2));
    append(s, ENTRY_ABANDONED, ending_body(4));
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_pending(s->l, note_seq, seqs, &s->err), s);
    assert_string_equal(seqs, "1 3 5 ");
}

/* What a start after a kill does: every pending intent gets its end while they are being walked. */
static enum status settle(void *context, const struct entry *e, struct err *err)
{
    struct school *s = context;
    json_t *body = ending_body(e->seq);
    enum status st = ledger_begin(s->l, err);
    if (st == STATUS_OK) {
        st = ledger_append(s->l, ENTRY_ABANDONED, NOON, body, NULL, err);
    }
    if (st == STATUS_OK) {
        st = ledger_commit(s->l, err);
    }
    json_decref(body);
    return st;
}

static void pending_intents_can_be_settled_as_they_are_met(void **state)
{
    struct school *s = *state;
    char seqs[128] = "";
    OK(ledger_begin(s->l, &s->err), s);
    for (unsigned i = 1; i <= 3; i++) {
        append(s, ENTRY_INTENT, intent_body("trip", i));
    }
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_pending(s->l, settle, s, &s->err), s);
    OK(ledger_pending(s->l, note_seq, seqs, &s->err), s);
    assert_string_equal(seqs, "");
    OK(ledger_each(s->l, 1u << ENTRY_ABANDONED, note_seq, seqs, &s->err), s);
    assert_string_equal(seqs, "4 5 6 ");
}

static enum status stop_at_once(void *context, const struct entry *e, struct err *err)
{
    (void)e;
    ++*(int *)context;
    return err_set(err, STATUS_LIMIT, "enough");
}

static void each_visits_the_kinds_asked_for_in_order(void **state)
{
    struct school *s = *state;
    char seqs[128] = "";
    int n = 0;
    write_a_day(s);
    OK(ledger_each(s->l, 1u << ENTRY_HELD | 1u << ENTRY_REJECTED | 1u << ENTRY_INTENT, note_seq,
                   seqs, &s->err),
       s);
    assert_string_equal(seqs, "3 4 5 8 ");
    seqs[0] = '\0';
    OK(ledger_each(s->l, ~0u, note_seq, seqs, &s->err), s);
    assert_string_equal(seqs, "1 2 3 4 5 6 7 8 ");
    FAILS(STATUS_LIMIT, ledger_each(s->l, ~0u, stop_at_once, &n, &s->err), s);
    assert_int_equal(n, 1);
}

static int64_t last_ruling(struct school *s, const char *batch, unsigned photo)
{
    struct entry e;
    bool found = false;
    struct digest source = digest_number(photo);
    OK(ledger_last_ruling(s->l, text_of(batch), &source, &e, &found, &s->err), s);
    int64_t seq = found ? e.seq : 0;
    if (found) {
        entry_release(&e);
    }
    return seq;
}

static void the_last_ruling_is_the_newest_that_took_effect(void **state)
{
    struct school *s = *state;
    write_a_day(s);
    assert_int_equal(last_ruling(s, "trip", 1), 3); /* published */
    assert_int_equal(last_ruling(s, "trip", 2), 0); /* abandoned */
    assert_int_equal(last_ruling(s, "trip", 3), 5);
    assert_int_equal(last_ruling(s, "trip", 4), 8);
    assert_int_equal(last_ruling(s, "fair", 1), 0);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_INTENT, intent_body("trip", 3));        /* 9 */
    append(s, ENTRY_REJECTED, refusal_body("trip", 1, 19)); /* 10 */
    append(s, ENTRY_HELD, refusal_body("fair", 1, 20));     /* 11 */
    assert_int_equal(last_ruling(s, "trip", 3), 5);         /* not published yet */
    append(s, ENTRY_PUBLISHED, ending_body(9));
    OK(ledger_commit(s->l, &s->err), s);
    assert_int_equal(last_ruling(s, "trip", 3), 9);
    assert_int_equal(last_ruling(s, "trip", 1), 10);
    assert_int_equal(last_ruling(s, "fair", 1), 11);
}

static void cases_and_photos_are_numbered_from_what_is_there(void **state)
{
    struct school *s = *state;
    struct entry e;
    bool found = false;
    int64_t n = 0;
    write_a_day(s);
    OK(ledger_last_case(s->l, &n, &s->err), s);
    assert_int_equal(n, 18);
    OK(ledger_last_photo(s->l, TEXT("trip"), &n, &s->err), s);
    assert_int_equal(n, 2);
    OK(ledger_last_photo(s->l, TEXT("fair"), &n, &s->err), s);
    assert_int_equal(n, 0);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_REJECTED, refusal_body("trip", 3, 17));
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_last_case(s->l, &n, &s->err), s);
    assert_int_equal(n, 18);
    OK(ledger_case(s->l, 17, &e, &found, &s->err), s);
    assert_true(found);
    assert_int_equal(e.seq, 9);
    entry_release(&e);
    OK(ledger_case(s->l, 21, &e, &found, &s->err), s);
    assert_false(found);
}

static int note_most_steps(unsigned what, void *context, void *statement, void *unused)
{
    (void)what;
    (void)unused;
    int steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    int *most = context;
    *most = steps > *most ? steps : *most;
    return 0;
}

/* Among 900 entries, reading all of any one kind takes over a thousand steps of SQLite's machine;
 * an index, a hundred. */
static void neither_look_ups_nor_appends_read_the_whole_table(void **state)
{
    struct school *s = *state;
    struct entry e = {0};
    bool found = false;
    int64_t n;
    int most = 0;
    char seqs[256] = "";
    OK(ledger_begin(s->l, &s->err), s);
    assert_int_equal(sqlite3_trace_v2(s->l->db, SQLITE_TRACE_PROFILE, note_most_steps, &most), 0);
    for (unsigned i = 1; i <= 300; i++) {
        append(s, ENTRY_HELD, refusal_body(i % 2 ? "trip" : "fair", i, (int)i));
        int64_t seq = append(s, ENTRY_INTENT, intent_body("trip", i));
        append(s, ENTRY_PUBLISHED, ending_body(seq));
    }
    OK(ledger_commit(s->l, &s->err), s);
    assert_int_not_equal(last_ruling(s, "fair", 2), 0);
    assert_int_not_equal(last_ruling(s, "trip", 1), 0);
    OK(ledger_case(s->l, 7, &e, &found, &s->err), s);
    entry_release(&e);
    OK(ledger_last_case(s->l, &n, &s->err), s);
    OK(ledger_last_photo(s->l, TEXT("trip"), &n, &s->err), s);
    OK(ledger_head(s->l, &e, &found, &s->err), s);
    entry_release(&e);
    assert_in_range(most, 1, 300);
    most = 0;
    OK(ledger_pending(s->l, note_seq, seqs, &s->err), s); /* asks of each intent, once */
    assert_in_range(most, 300, 300 * 40);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, school_opens, school_closes)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_ledger_is_whole),
        TEST(what_was_appended_is_read_back),
        TEST(the_digest_is_that_of_the_documented_bytes),
        cmocka_unit_test(canonical_json_has_one_form),
        cmocka_unit_test(canonical_json_refuses_what_readers_disagree_on),
        TEST(a_rollback_leaves_nothing),
        TEST(an_entry_that_could_not_be_found_again_is_refused),
        TEST(an_intent_ends_once),
        TEST(pending_intents_are_those_that_nothing_ended),
        TEST(pending_intents_can_be_settled_as_they_are_met),
        TEST(each_visits_the_kinds_asked_for_in_order),
        TEST(the_last_ruling_is_the_newest_that_took_effect),
        TEST(cases_and_photos_are_numbered_from_what_is_there),
        TEST(neither_look_ups_nor_appends_read_the_whole_table),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
