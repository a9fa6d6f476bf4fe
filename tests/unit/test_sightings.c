/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what several passes saw to faces: no detector is needed to get this wrong. */
#include "image/sightings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 64 };

static struct finding seen(double x, double y, double edge, double score, unsigned pass)
{
    return (struct finding){x, y, x + edge, y + edge, score, pass};
}

static void a_sure_look_makes_a_face_and_a_doubtful_one_does_not(void **state)
{
    (void)state;
    struct finding f[] = {seen(0.1, 0.1, 0.1, 0.74, 0), seen(0.5, 0.1, 0.1, 0.75, 3)};
    assert_int_equal(findings_agree(f, 2, 0.75, 1.3), 1);
    assert_true(f[0].x0 > 0.4);
}

static void doubtful_looks_at_the_same_place_add_up(void **state)
{
    (void)state;
    struct finding f[] = {seen(0.1, 0.1, 0.1, 0.45, 0), seen(0.11, 0.1, 0.1, 0.45, 1),
                          seen(0.1, 0.11, 0.1, 0.45, 2), seen(0.5, 0.5, 0.1, 0.6, 3)};
    assert_int_equal(findings_agree(f, 4, 0.75, 1.3), 1);
    assert_true(f[0].x0 < 0.2 && f[0].score > 0.4);
}

/* One pass sees a face in several cells of its grid: that is one look. */
static void one_pass_counts_once(void **state)
{
    (void)state;
    struct finding f[] = {seen(0.1, 0.1, 0.1, 0.6, 2), seen(0.11, 0.1, 0.1, 0.6, 2),
                          seen(0.1, 0.11, 0.1, 0.6, 2), seen(0.1, 0.1, 0.11, 0.6, 2)};
    assert_int_equal(findings_agree(f, 4, 0.75, 1.3), 0);
}

static void neighbours_do_not_help_each_other(void **state)
{
    (void)state;
    struct finding f[] = {seen(0.1, 0.1, 0.1, 0.7, 0), seen(0.17, 0.1, 0.1, 0.7, 1)};
    assert_int_equal(findings_agree(f, 2, 0.75, 1.3), 0);
    struct finding g[] = {seen(0.1, 0.1, 0.1, 0.7, 0), seen(0.12, 0.1, 0.1, 0.7, 1)};
    assert_int_equal(findings_agree(g, 2, 0.75, 1.3), 1);
}

static void nothing_seen_is_nobody(void **state)
{
    (void)state;
    assert_int_equal(findings_agree(NULL, 0, 0.75, 1.3), 0);
    assert_int_equal(findings_merge(NULL, 0), 0);
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void any_order_of_passes_gives_the_same_faces(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 500; round++) {
        struct finding f[ROOM], g[ROOM];
        size_t n = next(&seed) % ROOM;
        for (size_t i = 0; i < n; i++) {
            f[i] = seen(next(&seed) % 20 / 20.0, next(&seed) % 10 / 10.0, 0.1,
                        0.25 + next(&seed) % 700 / 1000.0, next(&seed) % 4);
        }
        for (size_t i = 0; i < n; i++) {
            g[i] = f[n - 1 - i];
        }
        size_t faces = findings_agree(f, n, 0.75, 1.3);
        assert_int_equal(findings_agree(g, n, 0.75, 1.3), faces);
        for (size_t i = 0; i < faces; i++) {
            assert_true(f[i].x0 == g[i].x0 && f[i].y0 == g[i].y0 && f[i].score == g[i].score);
        }
        for (size_t i = 0; i + 1 < faces; i++) {
            assert_true(f[i].score >= f[i + 1].score);
            assert_false(finding_is_same(&f[i], &f[i + 1]));
        }
    }
}

static void merged_faces_are_clipped_distinct_and_largest_first(void **state)
{
    (void)state;
    struct finding f[] = {seen(0.5, 0.5, 0.1, 0.9, 0), seen(-0.1, -0.1, 0.4, 0.8, 0),
                          seen(0.51, 0.5, 0.1, 0.7, 1), seen(1.2, 0.5, 0.1, 0.9, 0)};
    assert_int_equal(findings_merge(f, 4), 2);
    assert_true(f[0].x0 == 0 && f[0].y0 == 0 && f[0].x1 > 0.29 && f[0].x1 < 0.31);
    assert_true(f[1].x0 > 0.49 && f[1].x0 < 0.505);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sure_look_makes_a_face_and_a_doubtful_one_does_not),
        cmocka_unit_test(doubtful_looks_at_the_same_place_add_up),
        cmocka_unit_test(one_pass_counts_once),
        cmocka_unit_test(neighbours_do_not_help_each_other),
        cmocka_unit_test(nothing_seen_is_nobody),
        cmocka_unit_test(any_order_of_passes_gives_the_same_faces),
        cmocka_unit_test(merged_faces_are_clipped_distinct_and_largest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
