/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include "image/jpeg_parts.h"
#include "image/jpeg_picture.h"
#include "make_picture.h"
#include "other_program.h"
#include "photogate/photo.h"
#include "read_coefficients.h"

static bool carry(const struct buffer *photo, struct buffer *release)
{
    struct err err = {.status = STATUS_BUG};
    struct jpeg_facts facts;
    bool carried = false;
    buffer_init(release, TEST_CEILING);
    enum status st = jpeg_carry(buffer_view(photo), release, &facts, &carried, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_true(carried || release->n == 0);
    return carried;
}

static bool is_carried(const struct buffer *photo)
{
    struct buffer release;
    bool carried = carry(photo, &release);
    buffer_release(&release);
    return carried;
}

/* Every coefficient, as libjpeg reads it; false when libjpeg has anything to say. */
static bool facts_of(const struct buffer *photo, struct digest *out)
{
    return read_coefficients(buffer_view(photo), out);
}

static void check_same(const struct buffer *photo, const struct buffer *release)
{
    struct digest a, b;
    struct err err = {.status = STATUS_BUG};
    assert_true(facts_of(photo, &a) && facts_of(release, &b));
    assert_true(digest_equal(&a, &b));
    if (release_check(buffer_view(release), &err) != STATUS_OK) {
        fail_msg("%s", err.text);
    }
}

static const struct jpeg_recipe RECIPES[] = {
    {.width = 123, .height = 77},
    {.width = 123, .height = 77, .h = 2, .v = 2},
    {.width = 123, .height = 77, .h = 2, .v = 1},
    {.width = 123, .height = 77, .h = 1, .v = 2},
    {.width = 123, .height = 77, .h = 4, .v = 1},
    {.width = 123, .height = 77, .gray = true},
    {.width = 123, .height = 77, .gray = true, .h = 2, .v = 2},
    {.width = 123, .height = 77, .rgb = true},
    {.width = 123, .height = 77, .h = 2, .v = 2, .restart = 1},
    {.width = 123, .height = 77, .h = 2, .v = 2, .restart = 3},
    {.width = 123, .height = 77, .gray = true, .restart = 7},
    {.width = 64, .height = 48, .h = 2, .v = 2, .restart = 12},
    {.width = 1, .height = 1, .h = 2, .v = 2},
};
enum { N_RECIPES = sizeof RECIPES / sizeof RECIPES[0] };

static void a_plain_jpeg_is_carried_with_every_coefficient(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_RECIPES; i++) {
        struct buffer photo, release, again;
        make_jpeg(RECIPES[i], &photo);
        if (!carry(&photo, &release)) {
            fail_msg("recipe %zu is not carried", i);
        }
        check_same(&photo, &release);
        assert_true(carry(&release, &again));
        assert_true(bytes_equal(buffer_view(&release), buffer_view(&again)));
        buffer_release(&photo);
        buffer_release(&release);
        buffer_release(&again);
    }
}

static void what_is_not_plain_is_not_carried(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .progressive = true}, &photo);
    assert_false(is_carried(&photo));
    buffer_release(&photo);
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
    static const uint8_t TABLE[65] = {0};
    add_segment(&photo, AFTER_SOI, JPEG_DQT, TABLE, sizeof TABLE); /* which is defined again */
    assert_false(is_carried(&photo));
    buffer_release(&photo);
}

/* A photo whose last byte is filled up: flipping its last bit changes nothing that libjpeg reads.
 */
static void make_padded(struct buffer *photo)
{
    for (uint32_t width = 40;; width++) {
        struct digest was, is;
        assert_true(width < 80);
        make_jpeg((struct jpeg_recipe){.width = width, .height = 48, .h = 2, .v = 2}, photo);
        assert_true(facts_of(photo, &was));
        photo->at[photo->n - 3] ^= 1;
        if (facts_of(photo, &is) && digest_equal(&was, &is)) {
            return;
        }
        buffer_release(photo);
    }
}

static void check_rebuilt(const struct buffer *photo)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof;
    struct buffer release;
    buffer_init(&release, TEST_CEILING);
    assert_int_equal(photo_cleanse(buffer_view(photo), NULL, &release, &proof, &err), STATUS_OK);
    check_same(photo, &release);
    assert_true(is_carried(&release));
    buffer_release(&release);
}

static void a_bit_in_the_padding_is_not_carried(void **state)
{
    (void)state;
    struct buffer photo;
    make_padded(&photo);
    assert_false(is_carried(&photo));
    check_rebuilt(&photo);
    photo.at[photo.n - 3] ^= 1;
    assert_true(is_carried(&photo));
    buffer_release(&photo);
}

/* The same in front of each restart marker. libjpeg is the judge of which bits are padding. */
static void a_bit_before_a_restart_marker_is_not_carried(void **state)
{
    (void)state;
    struct buffer photo;
    struct digest was, is;
    unsigned n_padded = 0;
    make_jpeg((struct jpeg_recipe){.width = 123, .height = 77, .h = 2, .v = 2, .restart = 2},
              &photo);
    assert_true(facts_of(&photo, &was));
    for (size_t i = 1; i + 1 < photo.n; i++) {
        if (photo.at[i] != 0xFF || photo.at[i + 1] < JPEG_RST0 || photo.at[i + 1] > JPEG_RST7) {
            continue;
        }
        photo.at[i - 1] ^= 1;
        bool is_padding = facts_of(&photo, &is) && digest_equal(&was, &is);
        n_padded += is_padding;
        assert_false(is_padding && is_carried(&photo));
        photo.at[i - 1] ^= 1;
    }
    assert_true(n_padded > 3);
    buffer_release(&photo);
}

static void bytes_after_the_last_mcu_are_not_carried(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 8; n++) {
        struct buffer photo;
        make_jpeg((struct jpeg_recipe){.width = 64, .height = 48}, &photo);
        splice(&photo, photo.n - 2, "CANARY..", n);
        assert_false(is_carried(&photo));
        buffer_release(&photo);
    }
}

/* 32 pixels at 4:2:0 are four blocks; called 24, the fourth is beyond the edge, and in the file all
 * the same. */
static void a_block_beyond_the_edge_is_not_carried(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 32, .height = 48, .h = 2, .v = 2}, &photo);
    uint8_t *frame = memmem(photo.at, photo.n, "\xFF\xC0", 2);
    assert_non_null(frame);
    assert_true(is_carried(&photo));
    frame[8] = 24;
    assert_false(is_carried(&photo));
    check_rebuilt(&photo);
    buffer_release(&photo);
}

static void restart_markers_in_disorder_are_not_carried(void **state)
{
    (void)state;
    struct buffer photo;
    make_jpeg((struct jpeg_recipe){.width = 123, .height = 77, .restart = 20}, &photo);
    uint8_t *first = memmem(photo.at, photo.n, "\xFF\xD0", 2);
    uint8_t *interval = memmem(photo.at, photo.n, "\xFF\xDD\0\4", 4);
    assert_true(first && interval);
    first[1] = JPEG_RST0 + 1;
    assert_false(is_carried(&photo));
    first[1] = JPEG_RST0;
    assert_true(is_carried(&photo));
    interval[5] = 21;
    assert_false(is_carried(&photo));
    buffer_release(&photo);
}

/* Tables made for the picture, each code of them used. One code more, for a value that the picture
 * does not have. */
static void a_code_that_nothing_uses_is_not_carried(void **state)
{
    (void)state;
    struct buffer photo, rebuilt;
    make_jpeg((struct jpeg_recipe){.width = 24, .height = 24, .gray = true}, &photo);
    other_program("jpegtran", "-copy none -optimize", buffer_view(&photo), &rebuilt);
    assert_true(is_carried(&rebuilt));
    uint8_t *table =
        memmem(rebuilt.at, rebuilt.n, "\xFF\xC4", 2); /* length, name, counts, values */
    assert_non_null(table);
    size_t end = (size_t)(table - rebuilt.at) + 2 + (size_t)(table[2] << 8 | table[3]);
    assert_int_equal(table[5 + 15], 0); /* no code is so long that there is no room for another */
    table[5 + 15] = 1;
    table[3]++;
    splice(&rebuilt, end, "\xB", 1);
    assert_false(is_carried(&rebuilt));
    check_rebuilt(&rebuilt);
    buffer_release(&photo);
    buffer_release(&rebuilt);
}

/* Whatever is carried, libjpeg reads without a word, and as the same picture: no damage passes. */
static void no_damaged_bit_is_carried(void **state)
{
    (void)state;
    unsigned n_carried = 0, n_refused = 0;
    uint64_t random = 1;
    for (size_t i = 0; i < N_RECIPES; i++) {
        struct buffer photo, release;
        make_jpeg(RECIPES[i], &photo);
        for (unsigned k = 0; k < 300; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
            size_t bit = (size_t)(random >> 33) % (8 * photo.n);
            photo.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (carry(&photo, &release)) {
                check_same(&photo, &release);
                n_carried++;
            } else {
                n_refused++;
            }
            buffer_release(&release);
            photo.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        buffer_release(&photo);
    }
    assert_true(n_carried > 100 && n_refused > 1000);
}

/* --- another program's word --- */

static void djpeg_sees_the_same_pixels(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_RECIPES; i++) {
        struct buffer photo, release, before, after;
        make_jpeg(RECIPES[i], &photo);
        assert_true(carry(&photo, &release));
        other_program("djpeg", "-pnm", buffer_view(&photo), &before);
        other_program("djpeg", "-pnm", buffer_view(&release), &after);
        assert_true(before.n > 3 && bytes_equal(buffer_view(&before), buffer_view(&after)));
        buffer_release(&photo);
        buffer_release(&release);
        buffer_release(&before);
        buffer_release(&after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_jpeg_is_carried_with_every_coefficient),
        cmocka_unit_test(what_is_not_plain_is_not_carried),
        cmocka_unit_test(a_bit_in_the_padding_is_not_carried),
        cmocka_unit_test(a_bit_before_a_restart_marker_is_not_carried),
        cmocka_unit_test(bytes_after_the_last_mcu_are_not_carried),
        cmocka_unit_test(a_block_beyond_the_edge_is_not_carried),
        cmocka_unit_test(restart_markers_in_disorder_are_not_carried),
        cmocka_unit_test(a_code_that_nothing_uses_is_not_carried),
        cmocka_unit_test(no_damaged_bit_is_carried),
        cmocka_unit_test(djpeg_sees_the_same_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
