/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Near copies look alike, other pictures do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/likeness.h"

enum { W = 320, H = 240 };

struct drawn {
    uint8_t at[W * H * 3];
    struct pixels p;
};

/* Soft blobs on a slope: a scene of its own for each seed. */
static void draw(struct drawn *d, unsigned seed, int shift, int brighter)
{
    int cx[24], cy[24], size[24], tone[24];
    unsigned s = seed * 2654435761u + 12345u;
    for (int i = 0; i < 24; i++) {
        int *const of[] = {&cx[i], &cy[i], &size[i], &tone[i]};
        static const int RANGE[] = {W, H, 40, 240};
        for (int k = 0; k < 4; k++) {
            s = s * 1664525u + 1013904223u;
            *of[k] = (int)((s >> 8) % (unsigned)RANGE[k]);
        }
    }
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            int v = 60 + (x * (int)(seed % 5) + y * (int)(seed % 7)) / 40;
            for (int i = 0; i < 24; i++) {
                int dx = x - shift - cx[i], dy = y - cy[i], r = 10 + size[i];
                if (dx * dx + dy * dy < r * r) {
                    v = tone[i];
                }
            }
            v += brighter;
            memset(d->at + 3 * (y * W + x), v < 0 ? 0 : v > 255 ? 255 : v, 3);
        }
    }
    d->p = (struct pixels){d->at, W, H};
}

static struct likeness drawn_likeness(unsigned seed, int shift, int brighter)
{
    struct drawn *d = malloc(sizeof *d);
    assert_non_null(d);
    draw(d, seed, shift, brighter);
    struct likeness l = likeness_of(&d->p);
    free(d);
    return l;
}

static void worked_over_is_near(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 30; seed++) {
        struct likeness a = drawn_likeness(seed, 0, 0);
        struct likeness brighter = drawn_likeness(seed, 0, 12);
        struct likeness moved = drawn_likeness(seed, 3, 0);
        assert_int_equal(a.known, KNOWN_YES);
        assert_int_equal(likeness_distance(&a, &a), 0);
        assert_true(likeness_is_near(&a, &brighter, false));
        assert_true(likeness_is_near(&a, &moved, true));
        assert_int_equal(likeness_distance(&a, &moved), likeness_distance(&moved, &a));
    }
}

static void others_are_not_near(void **state)
{
    (void)state;
    struct likeness all[40];
    for (unsigned i = 0; i < 40; i++) {
        all[i] = drawn_likeness(100 + i, 0, 0);
    }
    for (size_t i = 0; i < 40; i++) {
        for (size_t k = i + 1; k < 40; k++) {
            assert_false(likeness_is_near(&all[i], &all[k], true));
        }
    }
}

static void a_plain_picture_is_like_nothing(void **state)
{
    (void)state;
    struct drawn *d = malloc(sizeof *d);
    assert_non_null(d);
    memset(d->at, 200, sizeof d->at);
    d->p = (struct pixels){d->at, W, H};
    struct likeness plain = likeness_of(&d->p);
    assert_int_equal(plain.known, KNOWN_NO);
    assert_false(likeness_is_near(&plain, &plain, true));
    d->p = (struct pixels){d->at, 16, 15};
    assert_int_equal(likeness_of(&d->p).known, KNOWN_NO);
    struct likeness unseen = {.known = KNOWN_UNKNOWN};
    assert_false(likeness_is_near(&unseen, &unseen, true));
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_over_is_near),
        cmocka_unit_test(others_are_not_near),
        cmocka_unit_test(a_plain_picture_is_like_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
