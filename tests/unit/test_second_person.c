/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may settle what, and what the ledger remembers of it. */
#include "gate/awaiting.h"
#include "gate/history.h"
#include "photogate/actor.h"
#include "photogate/sign_off.h"
#include "rules_case.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- rules ----------------------------------------------------------------------------------- */

static struct clearance by(enum role role, const char *account)
{
    return (struct clearance){
        .role = role, .by = text_of(account), .on = TEXT("2026-11-20"), .reason = TEXT("seen")};
}

static enum verdict cleared(struct rules_case *c, const struct clearance *given, size_t n)
{
    struct ruling out;
    case_judge(c);
    assert_int_equal(rules_clear(&c->hearing, &c->ruling, given, n, &c->arena, &out, &c->err),
                     STATUS_OK);
    if (out.verdict == VERDICT_APPROVED) {
        assert_int_equal(out.n_hits, 0);
        assert_int_equal(out.n_cleared, c->ruling.n_hits);
        assert_int_equal(out.n_clearances, n);
    } else {
        assert_int_equal(out.n_hits, c->ruling.n_hits);
        assert_int_equal(out.n_cleared, 0);
    }
    return out.verdict;
}

static void a_look_clears_what_a_look_can_settle(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_doubt(&c, "Visiting Author", RESOLVED_UNKNOWN);
    const struct clearance senior = by(ROLE_SENIOR, "bell"), office = by(ROLE_OFFICE, "ward");
    assert_int_equal(cleared(&c, &senior, 1), VERDICT_APPROVED);
    assert_int_equal(cleared(&c, &office, 1), VERDICT_HELD);
    assert_int_equal(cleared(&c, &senior, 0), VERDICT_HELD);
    arena_release(&c.arena);
}

static void one_hit_that_nobody_clears_keeps_all(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    const struct clearance dpo = by(ROLE_DPO, "shaw");
    tag_doubt(&c, "Visiting Author", RESOLVED_UNKNOWN);
    tag_doubt(&c, "Jack", RESOLVED_AMBIGUOUS); /* T03: it is said who, or it stays held */
    assert_int_equal(cleared(&c, &dpo, 1), VERDICT_HELD);
    arena_release(&c.arena);
}

static void no_role_clears_what_is_rejected(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    const struct clearance all[] = {by(ROLE_SENIOR, "a"), by(ROLE_HEAD, "b"), by(ROLE_DPO, "c")};
    c.people[JACK].do_not_publish = KNOWN_YES;
    assert_int_equal(cleared(&c, all, 3), VERDICT_REJECTED);
    arena_release(&c.arena);
    case_init(&c);
    tag_doubt(&c, "Visiting Author", RESOLVED_UNKNOWN);
    c.policy.unknown_tag = TAGS_REJECT; /* the same rule, but the policy rejects */
    assert_int_equal(cleared(&c, all, 3), VERDICT_REJECTED);
    arena_release(&c.arena);
}

static void a_rejecting_or_protecting_rule_has_nobody_to_clear_it(void **state)
{
    (void)state;
    size_t n;
    const struct rule *rules = rules_all(&n);
    const struct policy policy = {.name_exception = EXCEPTION_BOTH};
    for (size_t i = 0; i < n; i++) {
        bool all;
        unsigned may = rule_cleared_by(&rules[i], &policy, &all);
        if (rules[i].verdict == VERDICT_REJECTED || rules[i].protects) {
            assert_int_equal(may, 0);
        }
        assert_int_equal(may & ROLE_BIT(ROLE_OFFICE), 0);
    }
}

static void a_name_beside_a_photo_is_cleared_by_whom_the_policy_says(void **state)
{
    (void)state;
    const struct rule rule = {.cleared_by = CLEARED_BY_EXCEPTION};
    static const struct {
        enum name_exception exception;
        unsigned roles;
        bool passes;
    } CASES[] = {
        {EXCEPTION_NONE, ~0u, false},
        {EXCEPTION_HEAD, ROLE_BIT(ROLE_HEAD), true},
        {EXCEPTION_HEAD, ROLE_BIT(ROLE_DPO) | ROLE_BIT(ROLE_SENIOR), false},
        {EXCEPTION_DPO, ROLE_BIT(ROLE_DPO), true},
        {EXCEPTION_DPO, ROLE_BIT(ROLE_HEAD), false},
        {EXCEPTION_BOTH, ROLE_BIT(ROLE_HEAD), false},
        {EXCEPTION_BOTH, ROLE_BIT(ROLE_DPO), false},
        {EXCEPTION_BOTH, ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_DPO), true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct policy policy = {.name_exception = CASES[i].exception};
        assert_int_equal(rule_is_cleared(&rule, &policy, CASES[i].roles), CASES[i].passes);
    }
}

static void one_account_in_two_roles_is_one_person(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    const struct rule both = {.code = "X01", .cleared_by = CLEARED_BY_EXCEPTION};
    const struct hit hit = {.rule = &both, .verdict = VERDICT_HELD, .person = NO_PERSON};
    const struct ruling held = {.verdict = VERDICT_HELD, .hits = &hit, .n_hits = 1};
    const struct clearance same[] = {by(ROLE_HEAD, "bell"), by(ROLE_DPO, "bell")};
    const struct clearance two[] = {by(ROLE_HEAD, "bell"), by(ROLE_DPO, "shaw")};
    struct ruling out;
    c.policy.name_exception = EXCEPTION_BOTH;
    assert_int_equal(rules_clear(&c.hearing, &held, same, 2, &c.arena, &out, &c.err), STATUS_OK);
    assert_int_equal(out.verdict, VERDICT_HELD);
    assert_int_equal(rules_clear(&c.hearing, &held, two, 2, &c.arena, &out, &c.err), STATUS_OK);
    assert_int_equal(out.verdict, VERDICT_APPROVED);
    arena_release(&c.arena);
}

/* Were a rule lost from the table, a clearance of the others must not become an approval. */
static void a_clearance_needs_ground_to_stand_on(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    const struct clearance dpo = by(ROLE_DPO, "shaw");
    const struct hit hit = {
        .rule = rule_by_code(TEXT("V01")), .verdict = VERDICT_HELD, .person = NO_PERSON};
    const struct ruling held = {.verdict = VERDICT_HELD, .hits = &hit, .n_hits = 1};
    struct ruling out;
    c.evidence.exam = EXAM_DAMAGED;
    assert_int_equal(rules_clear(&c.hearing, &held, &dpo, 1, &c.arena, &out, &c.err), STATUS_OK);
    assert_int_equal(out.verdict, VERDICT_HELD);
    arena_release(&c.arena);
}

/* ---- roles ----------------------------------------------------------------------------------- */

static void a_role_is_had_by_whoever_is_listed(void **state)
{
    (void)state;
    const struct text senior[] = {TEXT("bell"), TEXT("shaw")}, dpo[] = {TEXT("shaw")};
    struct school school = {.name = TEXT("Oakmere")};
    school.accounts[ROLE_SENIOR] = senior;
    school.n_accounts[ROLE_SENIOR] = 2;
    school.accounts[ROLE_DPO] = dpo;
    school.n_accounts[ROLE_DPO] = 1;
    const struct actor bell = {.name = "bell"}, shaw = {.name = "shaw"}, ward = {.name = "ward"};
    enum role role = ROLE_NONE;
    struct err err = {0};
    assert_int_equal(actor_roles(&school, &shaw), ROLE_BIT(ROLE_SENIOR) | ROLE_BIT(ROLE_DPO));
    assert_int_equal(actor_roles(&school, &ward), 0);
    assert_int_equal(actor_role(&school, &shaw, ROLES_THAT_LOOK, ROLE_NONE, &role, &err),
                     STATUS_OK);
    assert_int_equal(role, ROLE_SENIOR);
    assert_int_equal(actor_role(&school, &shaw, ROLES_THAT_LOOK, ROLE_DPO, &role, &err), STATUS_OK);
    assert_int_equal(role, ROLE_DPO);
    assert_int_equal(actor_role(&school, &bell, ROLES_THAT_LOOK, ROLE_DPO, &role, &err),
                     STATUS_USAGE);
    assert_non_null(strstr(err.text, "dpo = bell"));
    err_clear(&err);
    assert_int_equal(actor_role(&school, &ward, ROLES_THAT_LOOK, ROLE_NONE, &role, &err),
                     STATUS_USAGE);
    assert_non_null(strstr(err.text, "[roles]"));
    err_clear(&err);
    assert_int_equal(actor_role(&school, &shaw, ROLES_THAT_LOOK, ROLE_OFFICE, &role, &err),
                     STATUS_USAGE);
    assert_int_equal(role, ROLE_DPO); /* untouched */
}

static void every_role_and_point_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        assert_int_equal(role_from_name(text_of(role_name((enum role)r))), r);
    }
    assert_int_equal(role_from_name(TEXT("none")), ROLE_NONE);
    assert_int_equal(role_from_name(TEXT("Head")), ROLE_NONE);
    for (int a = 0; a < N_CHECK_POINTS; a++) {
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(check_name((enum check_point)a),
                                    check_name((enum check_point)b));
        }
    }
}

static void who_is_at_work_has_a_name(void **state)
{
    (void)state;
    struct actor a;
    actor_now(&a);
    assert_true(a.name[0] != '\0');
    assert_string_not_equal(a.name, a.runs_as);
}

/* ---- the ledger's memory --------------------------------------------------------------------- */

struct book {
    char home[64];
    struct ledger *l;
    struct err err;
};

static int book_opens(void **state)
{
    struct book *b = test_calloc(1, sizeof *b);
    (void)snprintf(b->home, sizeof b->home, "/tmp/photogate-second-XXXXXX");
    assert_non_null(mkdtemp(b->home));
    assert_int_equal(ledger_open(b->home, LEDGER_CREATE, &b->l, &b->err), STATUS_OK);
    *state = b;
    return 0;
}

static int book_closes(void **state)
{
    static const char *const FILES[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm",
                                        "ledger.key"};
    struct book *b = *state;
    ledger_close(b->l);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", b->home, FILES[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(b->home), 0);
    test_free(b);
    return 0;
}

/* A digest of one letter, in hex. */
static const char *sixty_four(char letter)
{
    static char hex[DIGEST_HEX_BYTES];
    memset(hex, letter, DIGEST_HEX_BYTES - 1);
    hex[DIGEST_HEX_BYTES - 1] = '\0';
    return hex;
}

static struct digest digest_of_letter(char letter)
{
    struct digest d;
    assert_true(digest_from_hex(text_of(sixty_four(letter)), &d));
    return d;
}

/* Append `body` (taken) in a transaction of its own; what the ledger says to it. */
static enum status write_entry(struct book *b, enum entry_kind kind, json_t *body, int64_t *seq)
{
    assert_non_null(body);
    err_clear(&b->err);
    assert_int_equal(ledger_begin(b->l, &b->err), STATUS_OK);
    enum status st = ledger_append(b->l, kind, "2026-11-20T12:00:00Z", body, seq, &b->err);
    st = st == STATUS_OK ? ledger_commit(b->l, &b->err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(b->l);
    }
    json_decref(body);
    return st;
}

static json_t *photo_body(char source, int photo)
{
    char file[32];
    (void)snprintf(file, sizeof file, "photo-%04d.jpg", photo);
    json_t *body = json_pack("{s:s, s:s, s:i, s:s, s:s}", "batch", "trip", "file", file, "photo",
                             photo, "by", "ward", "name", "0123456789abcdef0123456789abcdef");
    assert_int_equal(json_object_set_new(body, "source", json_string(sixty_four(source))), 0);
    assert_int_equal(json_object_set_new(body, "release", json_string(sixty_four('f'))), 0);
    return body;
}

static json_t *with(json_t *body, const char *key, int64_t value)
{
    assert_int_equal(json_object_set_new(body, key, json_integer(value)), 0);
    return body;
}

static size_t n_waiting(struct book *b)
{
    struct waitings all;
    size_t n = 0;
    assert_int_equal(waitings_read(b->l, &all, &b->err), STATUS_OK);
    for (size_t i = 0; i < all.n; i++) {
        n += !all.at[i].over;
    }
    waitings_release(&all);
    return n;
}

static void a_photo_waits_until_it_is_out_declined_or_renewed(void **state)
{
    struct book *b = *state;
    int64_t first, second, third, intent, seq;
    assert_int_equal(write_entry(b, ENTRY_AWAITING, photo_body('a', 1), &first), STATUS_OK);
    assert_int_equal(write_entry(b, ENTRY_AWAITING, photo_body('b', 2), &second), STATUS_OK);
    assert_int_equal(n_waiting(b), 2);
    /* begun and cut short: it waits again */
    assert_int_equal(
        write_entry(b, ENTRY_INTENT, with(photo_body('a', 1), "awaiting", first), &intent),
        STATUS_OK);
    assert_int_equal(n_waiting(b), 1);
    assert_int_equal(write_entry(b, ENTRY_ABANDONED, with(json_object(), "intent", intent), &seq),
                     STATUS_OK);
    assert_int_equal(n_waiting(b), 2);
    /* and then out */
    assert_int_equal(
        write_entry(b, ENTRY_INTENT, with(photo_body('a', 1), "awaiting", first), &intent),
        STATUS_OK);
    assert_int_equal(n_waiting(b), 1);
    assert_int_equal(
        write_entry(b, ENTRY_AWAITING, with(photo_body('b', 2), "renews", second), &third),
        STATUS_OK);
    assert_int_equal(n_waiting(b), 1);
    assert_int_equal(
        write_entry(b, ENTRY_DECLINED, with(photo_body('b', 2), "awaiting", third), &seq),
        STATUS_OK);
    assert_int_equal(n_waiting(b), 0);
    struct ledger_state whole;
    assert_int_equal(ledger_verify(b->l, &whole, &b->err), STATUS_OK);
    assert_int_equal(whole.first_bad, 0);
}

static void the_ledger_declines_only_what_waits_and_clears_only_what_is_held(void **state)
{
    struct book *b = *state;
    int64_t waiting, held, rejected, seq;
    assert_int_equal(write_entry(b, ENTRY_AWAITING, photo_body('a', 1), &waiting), STATUS_OK);
    assert_int_equal(write_entry(b, ENTRY_HELD, with(photo_body('b', 1), "case", 1), &held),
                     STATUS_OK);
    assert_int_equal(write_entry(b, ENTRY_REJECTED, with(photo_body('c', 1), "case", 2), &rejected),
                     STATUS_OK);
    assert_int_not_equal(
        write_entry(b, ENTRY_DECLINED, with(photo_body('a', 1), "awaiting", held), &seq),
        STATUS_OK);
    assert_int_not_equal(write_entry(b, ENTRY_CLEARED,
                                     with(with(photo_body('c', 1), "held", rejected), "case", 2),
                                     &seq),
                         STATUS_OK);
    assert_int_equal(write_entry(b, ENTRY_CLEARED,
                                 with(with(photo_body('b', 1), "held", held), "case", 1), &seq),
                     STATUS_OK);
    assert_int_equal(
        write_entry(b, ENTRY_DECLINED, with(photo_body('a', 1), "awaiting", waiting), &seq),
        STATUS_OK);
    assert_int_not_equal(
        write_entry(b, ENTRY_DECLINED, with(photo_body('a', 1), "awaiting", waiting), &seq),
        STATUS_OK);
}

static void what_was_done_to_a_photo_is_remembered(void **state)
{
    struct book *b = *state;
    int64_t waiting, seq;
    struct history h;
    const struct digest a = digest_of_letter('a'), c = digest_of_letter('c'),
                        d = digest_of_letter('d');
    assert_int_equal(write_entry(b, ENTRY_AWAITING, photo_body('a', 1), &waiting), STATUS_OK);
    assert_int_equal(
        write_entry(b, ENTRY_DECLINED, with(photo_body('a', 1), "awaiting", waiting), &seq),
        STATUS_OK);
    assert_int_equal(write_entry(b, ENTRY_DESTROYED, with(photo_body('c', 1), "case", 4), &seq),
                     STATUS_OK);
    /* a run's own declining is no person's */
    assert_int_equal(write_entry(b, ENTRY_AWAITING, photo_body('d', 2), &waiting), STATUS_OK);
    json_t *by_a_run = with(photo_body('d', 2), "awaiting", waiting);
    assert_int_equal(json_object_del(by_a_run, "by"), 0);
    assert_int_equal(write_entry(b, ENTRY_DECLINED, by_a_run, &seq), STATUS_OK);
    assert_int_equal(history_read(b->l, &h, &b->err), STATUS_OK);
    assert_int_equal(history_past(&h, TEXT("trip"), &a), PAST_TURNED_DOWN);
    assert_int_equal(history_past(&h, TEXT("other"), &a), PAST_NOTHING);
    assert_int_equal(history_past(&h, TEXT("trip"), &c), PAST_DESTROYED);
    assert_int_equal(history_past(&h, TEXT("other"), &c), PAST_DESTROYED);
    assert_int_equal(history_past(&h, TEXT("trip"), &d), PAST_NOTHING);
    history_release(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_look_clears_what_a_look_can_settle),
        cmocka_unit_test(one_hit_that_nobody_clears_keeps_all),
        cmocka_unit_test(no_role_clears_what_is_rejected),
        cmocka_unit_test(a_rejecting_or_protecting_rule_has_nobody_to_clear_it),
        cmocka_unit_test(a_name_beside_a_photo_is_cleared_by_whom_the_policy_says),
        cmocka_unit_test(one_account_in_two_roles_is_one_person),
        cmocka_unit_test(a_clearance_needs_ground_to_stand_on),
        cmocka_unit_test(a_role_is_had_by_whoever_is_listed),
        cmocka_unit_test(every_role_and_point_has_a_name_of_its_own),
        cmocka_unit_test(who_is_at_work_has_a_name),
        cmocka_unit_test_setup_teardown(a_photo_waits_until_it_is_out_declined_or_renewed,
                                        book_opens, book_closes),
        cmocka_unit_test_setup_teardown(
            the_ledger_declines_only_what_waits_and_clears_only_what_is_held, book_opens,
            book_closes),
        cmocka_unit_test_setup_teardown(what_was_done_to_a_photo_is_remembered, book_opens,
                                        book_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
