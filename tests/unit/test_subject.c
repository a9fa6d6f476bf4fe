/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy for one person says nothing of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "gate/subject_parts.h"

#define OWN "00000000000000000000000000000001"
#define OTHER "00000000000000000000000000000002"
#define THIRD "00000000000000000000000000000003"
#define NAME "000000000000000000000000000000aa"

static json_t *parse(const char *text)
{
    json_t *o = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(o);
    return o;
}

static void becomes(const char *body, const char *wanted, size_t others)
{
    size_t n = 99;
    json_t *from = parse(body), *want = parse(wanted);
    json_t *got = json_without_others(from, OWN, &n);
    assert_non_null(got);
    char *text = json_dumps(got, JSON_SORT_KEYS);
    if (!json_equal(got, want)) {
        fail_msg("%s", text);
    }
    assert_int_equal(n, others);
    free(text);
    json_decref(from);
    json_decref(want);
    json_decref(got);
}

static void others_are_left_out_and_counted_once(void **state)
{
    (void)state;
    becomes("{\"people\":[{\"person\":\"" OWN "\",\"events\":[1]},{\"person\":\"" OTHER
            "\",\"events\":[2]}],\"hits\":[{\"code\":\"D01\",\"person\":\"" OTHER
            "\"},{\"code\":\"V01\"},{\"code\":\"C02\",\"person\":\"" OWN "\"}]}",
            "{\"people\":[{\"person\":\"" OWN "\",\"events\":[1]}],\"hits\":[{\"code\":\"V01\"},"
            "{\"code\":\"C02\",\"person\":\"" OWN "\"}]}",
            1);
}

static void a_list_of_pseudonyms_keeps_the_own(void **state)
{
    (void)state;
    becomes("{\"who\":[\"" OTHER "\",\"" OWN "\",\"" THIRD "\"]}", "{\"who\":[\"" OWN "\"]}", 2);
}

static void somebody_else_alone_is_left_out(void **state)
{
    (void)state;
    becomes("{\"person\":\"" OTHER "\",\"n\":1}", "{\"n\":1}", 1);
    becomes("{\"deep\":{\"deeper\":[{\"person\":\"" OTHER "\"}]}}", "{\"deep\":{\"deeper\":[]}}",
            1);
}

static void keyed_digests_tell_a_reader_nothing_and_go(void **state)
{
    (void)state;
    becomes("{\"name\":\"" NAME "\",\"texts\":\"" NAME "\",\"source\":\"ab\"}",
            "{\"source\":\"ab\"}", 0);
}

static void a_pseudonym_is_found_wherever_it_stands(void **state)
{
    (void)state;
    json_t *o = parse("{\"a\":[1,{\"b\":[\"" OWN "\"]}],\"c\":null}");
    assert_true(json_names(o, OWN));
    assert_false(json_names(o, OTHER));
    json_decref(o);
}

/* From "rejected, and not because of your child" a parent would know of the other one's. */
static void why_a_photo_with_others_was_refused_is_not_told(void **state)
{
    (void)state;
    size_t n = 0;
    struct entry e = {.seq = 7, .kind = ENTRY_REJECTED, .time = "2026-11-20T12:00:00Z"};
    e.body = parse("{\"verdict\":\"rejected\",\"people\":[{\"person\":\"" OWN
                   "\"},{\"person\":\"" OTHER "\"}],\"hits\":[{\"code\":\"V01\"},"
                   "{\"code\":\"P01\",\"person\":\"" OTHER "\"}]}");
    json_t *told = subject_entry_told(&e, OWN, false, &n);
    assert_int_equal(n, 1);
    char *text = json_dumps(told, JSON_SORT_KEYS);
    assert_null(strstr(text, "V01"));
    assert_null(strstr(text, "P01"));
    assert_null(strstr(text, "\"rejected\""));
    assert_null(strstr(text, OTHER));
    free(text);
    json_decref(told);
    e.kind = ENTRY_HELD; /* and a held one looks the same */
    json_t *held = subject_entry_told(&e, OWN, false, &n);
    e.kind = ENTRY_REJECTED;
    told = subject_entry_told(&e, OWN, false, &n);
    assert_true(json_equal(held, told));
    json_decref(held);
    json_decref(told);
    json_decref(e.body);
}

/* "Recalled, for an erasure": whose, if not this one's? */
static void why_a_photo_with_others_left_is_not_told(void **state)
{
    (void)state;
    size_t n = 0;
    struct entry e = {.seq = 9, .kind = ENTRY_RECALLED, .time = "2026-11-20T12:00:00Z"};
    e.body = parse("{\"intent\":4,\"reason\":\"erasure\",\"hits\":[{\"code\":\"C02\","
                   "\"person\":\"" OTHER "\"}]}");
    json_t *told = subject_entry_told(&e, OWN, true, &n);
    json_t *says = json_object_get(told, "says");
    assert_null(json_object_get(says, "reason"));
    assert_int_equal(json_array_size(json_object_get(says, "hits")), 0);
    assert_non_null(json_object_get(says, "intent"));
    json_decref(told);
    json_decref(e.body);
    e.body = parse("{\"intent\":4,\"reason\":\"retention\"}");
    told = subject_entry_told(&e, OWN, false, &n); /* alone in it: nobody else's reason */
    assert_non_null(json_object_get(json_object_get(told, "says"), "reason"));
    json_decref(told);
    json_decref(e.body);
}

static void their_own_reasons_are_told(void **state)
{
    (void)state;
    size_t n = 0;
    struct entry e = {.seq = 7, .kind = ENTRY_REJECTED, .time = "2026-11-20T12:00:00Z"};
    e.body = parse("{\"verdict\":\"rejected\",\"hits\":[{\"code\":\"V01\"},{\"code\":\"C02\","
                   "\"person\":\"" OWN "\"}]}");
    json_t *told = subject_entry_told(&e, OWN, false, &n);
    json_t *says = json_object_get(told, "says");
    assert_int_equal(json_array_size(json_object_get(says, "hits")), 2);
    assert_string_equal(json_string_value(json_object_get(told, "kind")), "rejected");
    json_decref(told);
    json_decref(e.body);
}

static void every_kind_has_words(void **state)
{
    (void)state;
    for (unsigned k = ENTRY_UNKNOWN; k < N_ENTRY_KINDS; k++) {
        assert_true(subject_entry_words((enum entry_kind)k)[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_are_left_out_and_counted_once),
        cmocka_unit_test(a_list_of_pseudonyms_keeps_the_own),
        cmocka_unit_test(somebody_else_alone_is_left_out),
        cmocka_unit_test(keyed_digests_tell_a_reader_nothing_and_go),
        cmocka_unit_test(a_pseudonym_is_found_wherever_it_stands),
        cmocka_unit_test(why_a_photo_with_others_was_refused_is_not_told),
        cmocka_unit_test(why_a_photo_with_others_left_is_not_told),
        cmocka_unit_test(their_own_reasons_are_told),
        cmocka_unit_test(every_kind_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
