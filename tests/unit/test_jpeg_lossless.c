/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JPEG leaves without loss: not our word for it, but that of djpeg and jpegtran. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "make_picture.h"
#include "other_program.h"
#include "photogate/photo.h"
#include "read_coefficients.h"

enum { N_TURNS = 8, TRANSPOSED = 5, LARGEST_STRIP_PX = 15 };

/* What jpegtran is asked for to stand each orientation upright: EXIF 2.32, table 6. */
static const char *const JPEGTRAN[N_TURNS + 1] = {
    [1] = "-copy none",
    [2] = "-copy none -trim -flip horizontal",
    [3] = "-copy none -trim -rotate 180",
    [4] = "-copy none -trim -flip vertical",
    [5] = "-copy none -trim -transpose",
    [6] = "-copy none -trim -rotate 90",
    [7] = "-copy none -trim -transverse",
    [8] = "-copy none -trim -rotate 270",
};

/* 192 x 96 is whole MCUs of every sampling, either way up; 203 x 107 of none. */
#define SAMPLINGS(w, ht)                                                                           \
    {.width = (w), .height = (ht)}, {.width = (w), .height = (ht), .h = 2, .v = 1},                \
        {.width = (w), .height = (ht), .h = 1, .v = 2},                                            \
        {.width = (w), .height = (ht), .h = 2, .v = 2},                                            \
        {.width = (w), .height = (ht), .h = 4, .v = 1},                                            \
        {.width = (w), .height = (ht), .gray = true}, {.width = (w), .height = (ht), .rgb = true}, \
        {.width = (w), .height = (ht), .h = 2, .v = 2, .restart = 3},                              \
    {                                                                                              \
        .width = (w), .height = (ht), .h = 2, .v = 2, .progressive = true                          \
    }
static const struct jpeg_recipe WHOLE[] = {SAMPLINGS(192, 96)};
static const struct jpeg_recipe RAGGED[] = {SAMPLINGS(203, 107)};
enum { N_RECIPES = sizeof WHOLE / sizeof WHOLE[0] };

static struct proof release_of(const struct buffer *photo, struct buffer *release)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof = {.same_picture = KNOWN_UNKNOWN};
    buffer_init(release, TEST_CEILING);
    enum status st = photo_cleanse(buffer_view(photo), NULL, release, &proof, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_int_equal(proof.same_picture, KNOWN_YES);
    return proof;
}

/* --- coefficients and tables, as libjpeg reads them --- */

static void check_as_jpegtran(struct jpeg_recipe r, unsigned orientation)
{
    struct buffer photo, meant, release;
    struct digest a, b;
    make_jpeg(r, &photo);
    other_program("jpegtran", JPEGTRAN[orientation], buffer_view(&photo), &meant);
    add_orientation(&photo, (uint8_t)orientation);
    (void)release_of(&photo, &release);
    assert_true(read_coefficients(buffer_view(&meant), &a));
    assert_true(read_coefficients(buffer_view(&release), &b));
    if (!digest_equal(&a, &b)) {
        fail_msg("%u x %u at %d x %d, orientation %u: other coefficients than jpegtran's", r.width,
                 r.height, r.h, r.v, orientation);
    }
    buffer_release(&photo);
    buffer_release(&meant);
    buffer_release(&release);
}

static void an_upright_jpeg_keeps_every_coefficient_and_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * (size_t)N_RECIPES; i++) {
        struct buffer photo, release;
        struct digest before, after;
        make_jpeg(i < N_RECIPES ? WHOLE[i] : RAGGED[i - N_RECIPES], &photo);
        add_orientation(&photo, 1);
        struct proof p = release_of(&photo, &release);
        assert_int_equal(p.trimmed_right_px + p.trimmed_bottom_px, 0);
        assert_true(read_coefficients(buffer_view(&photo), &before));
        assert_true(read_coefficients(buffer_view(&release), &after));
        assert_true(digest_equal(&before, &after));
        buffer_release(&photo);
        buffer_release(&release);
    }
}

static void a_turned_jpeg_has_the_coefficients_that_jpegtran_gives_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_RECIPES; i++) {
        for (unsigned o = 1; o <= N_TURNS; o++) {
            check_as_jpegtran(WHOLE[i], o);
            check_as_jpegtran(RAGGED[i], o);
        }
    }
}

/* --- pixels, as djpeg decodes them --- */

/* The floating-point transform and no smoothing of chroma: others round by rows and columns in
 * turn, and are not symmetric. */
static struct image djpeg(struct bytes jpeg)
{
    struct buffer pnm;
    unsigned width = 0, height = 0;
    int n_head = 0;
    other_program("djpeg", "-pnm -dct float -nosmooth", jpeg, &pnm);
    buffer_add_byte(&pnm, '\0');
    assert_true(pnm.n > 3 && pnm.at[0] == 'P' && (pnm.at[1] == '5' || pnm.at[1] == '6'));
    assert_int_equal(sscanf((const char *)pnm.at + 2, "%u %u 255%n", &width, &height, &n_head), 2);
    struct image out = {.width = width, .height = height, .channels = pnm.at[1] == '6' ? 3u : 1u};
    size_t from = 2 + (size_t)n_head + 1, n = (size_t)width * height * out.channels;
    assert_int_equal(pnm.n - 1 - from, n);
    out.at = malloc(n);
    assert_non_null(out.at);
    memcpy(out.at, pnm.at + from, n);
    buffer_release(&pnm);
    return out;
}

static struct image cropped(const struct image *p, uint32_t width, uint32_t height)
{
    struct image out = {.width = width, .height = height, .channels = p->channels};
    size_t row = (size_t)width * p->channels;
    out.at = malloc(row * height);
    assert_non_null(out.at);
    assert_true(width <= p->width && height <= p->height);
    for (uint32_t y = 0; y < height; y++) {
        memcpy(out.at + y * row, p->at + (size_t)y * p->width * p->channels, row);
    }
    return out;
}

/* Returns what was cut off. `rounding` is how much a sample may differ. */
static struct proof check_pixels(struct jpeg_recipe r, unsigned orientation, unsigned rounding)
{
    struct buffer photo, release;
    make_jpeg(r, &photo);
    add_orientation(&photo, (uint8_t)orientation);
    struct proof p = release_of(&photo, &release);
    struct image stored = djpeg(buffer_view(&photo)), got = djpeg(buffer_view(&release));
    struct image kept =
        cropped(&stored, r.width - p.trimmed_right_px, r.height - p.trimmed_bottom_px);
    struct image upright = turned(&kept, orientation);
    unsigned most = difference(&upright, &got);
    if (most > rounding) {
        fail_msg("%u x %u at %d x %d, orientation %u: a pixel differs by %u", r.width, r.height,
                 r.h, r.v, orientation, most);
    }
    free(stored.at);
    free(kept.at);
    free(upright.at);
    free(got.at);
    buffer_release(&photo);
    buffer_release(&release);
    return p;
}

static void djpeg_sees_every_pixel_of_whole_mcus_turned_and_unchanged(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_RECIPES; i++) {
        for (unsigned o = 1; o <= N_TURNS; o++) {
            struct proof p = check_pixels(WHOLE[i], o, 0);
            assert_int_equal(p.trimmed_right_px + p.trimmed_bottom_px, 0);
        }
    }
}

/* Only an edge that a mirror would move inside is cut, by what it is more than whole MCUs. With
 * rows for columns, even the floating-point transform may round a half the other way. */
static void
of_a_ragged_picture_at_most_15_pixels_of_an_edge_are_cut_and_the_rest_is_equal(void **state)
{
    (void)state;
    unsigned n_cut = 0;
    for (size_t i = 0; i < N_RECIPES; i++) {
        const struct jpeg_recipe r = RAGGED[i];
        for (unsigned o = 1; o <= N_TURNS; o++) {
            struct proof p = check_pixels(r, o, o >= TRANSPOSED ? 1 : 0);
            uint32_t mcu_w = r.h ? 8u * (uint32_t)r.h : 8, mcu_h = r.v ? 8u * (uint32_t)r.v : 8;
            bool mirror_x = o == 2 || o == 3 || o == 7 || o == 8;
            bool mirror_y = o == 3 || o == 4 || o == 6 || o == 7;
            assert_int_equal(p.trimmed_right_px, mirror_x ? r.width % mcu_w : 0);
            assert_int_equal(p.trimmed_bottom_px, mirror_y ? r.height % mcu_h : 0);
            assert_true(r.h == 4 || p.trimmed_right_px <= LARGEST_STRIP_PX);
            assert_true(p.trimmed_bottom_px <= LARGEST_STRIP_PX);
            n_cut += p.trimmed_right_px || p.trimmed_bottom_px;
        }
    }
    assert_true(n_cut > N_RECIPES);
}

/* --- coefficients for which T.81, K.3, has no code --- */

/* Two grey blocks with these DC coefficients, and the same first AC one. The codes that
 * the tables of K.3 lack, 12 bits of DC and 11 of AC, are put in place of ones not used here. */
static void make_blocks(const int16_t dc[2], int16_t ac, struct buffer *out)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *at = NULL;
    unsigned long n = 0;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &at, &n);
    c.image_width = 16;
    c.image_height = 8;
    c.input_components = 1;
    c.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 100, TRUE);
    c.dc_huff_tbl_ptrs[0]->huffval[9] = 12; /* in place of 9 */
    c.ac_huff_tbl_ptrs[0]->huffval[160] = 0x0B;
    j_common_ptr owner = (j_common_ptr)&c;
    jvirt_barray_ptr blocks = (*c.mem->request_virt_barray)(owner, JPOOL_IMAGE, TRUE, 2, 1, 1);
    jpeg_write_coefficients(&c, &blocks);
    JBLOCKARRAY row = (*c.mem->access_virt_barray)(owner, blocks, 0, 1, TRUE);
    for (size_t i = 0; i < 2; i++) {
        row[0][i][0] = dc[i];
        row[0][i][1] = ac;
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    buffer_init(out, TEST_CEILING);
    buffer_add(out, at, n);
    free(at);
}

/* Turned by a quarter. */
static void check_turned_blocks(int16_t first_dc, int16_t second_dc, int16_t ac)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer photo, meant, release;
    struct proof proof;
    struct digest a, b;
    make_blocks((const int16_t[]){first_dc, second_dc}, ac, &photo);
    assert_true(read_coefficients(buffer_view(&photo), &a)); /* libjpeg reads them all */
    other_program("jpegtran", "-copy none -optimize -rotate 90", buffer_view(&photo), &meant);
    add_orientation(&photo, 6);
    buffer_init(&release, TEST_CEILING);
    enum status st = photo_cleanse(buffer_view(&photo), NULL, &release, &proof, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_true(read_coefficients(buffer_view(&meant), &a));
    assert_true(read_coefficients(buffer_view(&release), &b));
    assert_true(digest_equal(&a, &b));
    buffer_release(&photo);
    buffer_release(&meant);
    buffer_release(&release);
}

static void the_largest_coefficients_survive_a_turn(void **state)
{
    (void)state;
    check_turned_blocks(-1024, 1023, 1023); /* the most that tables F.1 and F.2 allow */
    check_turned_blocks(1023, -1024, -1023);
    check_turned_blocks(2000, 1900, 5); /* more, but little between them */
}

static void a_coefficient_too_large_for_any_code_is_refused(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    struct buffer photo, release;
    struct proof proof;
    struct digest any;
    static const int16_t DC[][2] = {{5, 5}, {5, 5}, {1500, -1500}};
    static const int16_t AC[] = {1024, -1024, 5};
    for (size_t i = 0; i < sizeof AC / sizeof AC[0]; i++) {
        make_blocks(DC[i], AC[i], &photo);
        assert_true(read_coefficients(buffer_view(&photo), &any)); /* libjpeg reads it */
        add_orientation(&photo, 6);
        buffer_init(&release, TEST_CEILING);
        assert_int_equal(photo_cleanse(buffer_view(&photo), NULL, &release, &proof, &err),
                         STATUS_FORMAT);
        assert_int_equal(release.n, 0);
        buffer_release(&photo);
        buffer_release(&release);
        err.status = STATUS_BUG;
    }
}

/* Whatever the damage: a release that is proved, or a refusal that blames the photo. */
static void no_damaged_bit_of_a_turned_photo_is_a_fault_of_ours(void **state)
{
    (void)state;
    unsigned n_released = 0, n_refused = 0;
    uint64_t random = 1;
    for (size_t i = 0; i < N_RECIPES; i++) {
        struct buffer photo, release;
        make_jpeg(RAGGED[i], &photo);
        add_orientation(&photo, (uint8_t)(2 + i % 7));
        for (unsigned k = 0; k < 200; k++) {
            struct err err = {.status = STATUS_BUG};
            struct proof proof;
            random = random * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
            size_t bit = (size_t)(random >> 33) % (8 * photo.n);
            photo.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
            buffer_init(&release, TEST_CEILING);
            enum status st = photo_cleanse(buffer_view(&photo), NULL, &release, &proof, &err);
            if (st == STATUS_OK) {
                assert_int_equal(release_check(buffer_view(&release), &err), STATUS_OK);
                n_released++;
            } else if (st == STATUS_FORMAT || st == STATUS_UNSUPPORTED || st == STATUS_LIMIT) {
                n_refused++;
            } else {
                fail_msg("recipe %zu, bit %zu: %s: %s", i, bit, status_symbol(st), err.text);
            }
            buffer_release(&release);
            photo.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        buffer_release(&photo);
    }
    assert_true(n_released > 100 && n_refused > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upright_jpeg_keeps_every_coefficient_and_table),
        cmocka_unit_test(a_turned_jpeg_has_the_coefficients_that_jpegtran_gives_it),
        cmocka_unit_test(djpeg_sees_every_pixel_of_whole_mcus_turned_and_unchanged),
        cmocka_unit_test(
            of_a_ragged_picture_at_most_15_pixels_of_an_edge_are_cut_and_the_rest_is_equal),
        cmocka_unit_test(the_largest_coefficients_survive_a_turn),
        cmocka_unit_test(a_coefficient_too_large_for_any_code_is_refused),
        cmocka_unit_test(no_damaged_bit_of_a_turned_photo_is_a_fault_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
