/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small files that ask for years or for all memory: each ends held, or is done, within the time and
 * the memory that an examiner is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "examine_photo.h"
#include "hide_canary.h"

enum { MAX_SECONDS = 15, MAX_MEGABYTES = 1024, RELEASED = 40, NOT_RELEASED = 80 };

#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 }; /* memory and time are the sanitizer's */
#else
enum { IS_SANITIZED = 0 };
#endif

/* In the child: both looks that a photo gets. */
static int look_twice(const struct buffer *photo)
{
    struct look l;
    struct buffer release;
    struct proof proof;
    struct err err = {.status = STATUS_BUG};
    look_at(&l, photo);
    buffer_init(&release, TEST_CEILING);
    bool done = photo_cleanse(buffer_view(photo), NULL, &release, &proof, &err) == STATUS_OK;
    int code = (int)l.e.exam + (done ? RELEASED : NOT_RELEASED);
    buffer_release(&release);
    look_away(&l);
    return code;
}

/* How the examination ended; the file is let go of. */
static enum exam ends_in_time(struct buffer *photo, const char *what, bool *released)
{
    struct rusage used;
    int how = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(look_twice(photo));
    }
    assert_int_equal(wait4(child, &how, 0, &used), child);
    buffer_release(photo);
    long seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec, mb = used.ru_maxrss / 1024;
    if (!WIFEXITED(how) || (!IS_SANITIZED && (seconds > MAX_SECONDS || mb > MAX_MEGABYTES))) {
        fail_msg("%s: ended with 0x%x after %ld s, %ld MB", what, (unsigned)how, seconds, mb);
    }
    int code = WEXITSTATUS(how);
    *released = code < NOT_RELEASED;
    return (enum exam)(code - (*released ? RELEASED : NOT_RELEASED));
}

static void check_ends(struct buffer *photo, const char *what, enum exam want)
{
    bool released = true;
    enum exam got = ends_in_time(photo, what, &released);
    if (got != want || released) {
        fail_msg("%s: %s, not %s%s", what, exam_words(got), exam_words(want),
                 released ? ", and released" : "");
    }
}

/* --- edges --- */

static void set_all_sizes(struct buffer *heif, uint32_t edge_px)
{
    for (size_t at = 0; at + 16 < heif->n; at++) {
        if (memcmp(heif->at + at, "ispe", 4) == 0) {
            put_be32(heif->at + at + 8, edge_px);
            put_be32(heif->at + at + 12, edge_px);
        }
    }
}

static void make_plain_tiff(struct buffer *photo)
{
    static const struct carrier_row DESCRIPTION = {.format = FILE_TIFF, .place = 0, .key = ""};
    hide_in_tiff(&DESCRIPTION, photo);
}

static uint8_t *tiff_entry(struct buffer *tiff, uint16_t tag)
{
    size_t at = (size_t)tiff->at[4] | (size_t)tiff->at[5] << 8;
    for (size_t i = at + 2; i + TIFF_ENTRY_BYTES <= tiff->n; i += TIFF_ENTRY_BYTES) {
        if (((unsigned)tiff->at[i] | (unsigned)tiff->at[i + 1] << 8) == tag) {
            return tiff->at + i;
        }
    }
    fail_msg("no tag %u", (unsigned)tag);
    return NULL;
}

static void headers_that_promise_too_much_are_not_decoded(void **state)
{
    (void)state;
    struct buffer photo;
    make_plain_tiff(&photo);
    put_le(tiff_entry(&photo, 256) + 8, 60000, 4);
    put_le(tiff_entry(&photo, 257) + 8, 60000, 4);
    check_ends(&photo, "TIFF edges", EXAM_OVER_LIMIT);

    /* RFC 9649, 3.4: 14 bits each, less one */
    static const uint8_t VP8L[] = "RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2F\xFF\xFF\xFF\x0F";
    buffer_init(&photo, TEST_CEILING);
    buffer_add(&photo, VP8L, sizeof VP8L);
    check_ends(&photo, "WebP edges", EXAM_OVER_LIMIT);

    struct image p = scene_of(HIDING_WIDTH, HIDING_HEIGHT);
    struct heif_recipe heic = {.form = heif_compression_HEVC},
                       avif = {.form = heif_compression_AV1};
    if (make_heif(&heic, &p, &photo)) {
        set_all_sizes(&photo, 30000);
        check_ends(&photo, "HEIC edges", EXAM_OVER_LIMIT);
    }
    if (make_heif(&avif, &p, &photo)) {
        set_all_sizes(&photo, 30000);
        check_ends(&photo, "AVIF edges", EXAM_OVER_LIMIT);
    }
    free(p.at);
}

/* A few hundred kilobytes of one colour, as many pixels as are allowed: it is released, in time. */
static void the_largest_picture_that_is_allowed_is_done_in_time(void **state)
{
    (void)state;
    enum { EDGE = 7990 };
    GifColorType white[2] = {{255, 255, 255}, {0, 0, 0}};
    int code = 0;
    bool released = false;
    struct buffer photo;
    ColorMapObject *map = GifMakeMapObject(2, white);
    buffer_init(&photo, TEST_CEILING);
    GifFileType *gif = EGifOpen(&photo, gif_to_buffer, &code);
    uint8_t *row = calloc(EDGE, 1);
    assert_true(gif && map && row);
    assert_int_equal(EGifPutScreenDesc(gif, EDGE, EDGE, 2, 0, map), GIF_OK);
    assert_int_equal(EGifPutImageDesc(gif, 0, 0, EDGE, EDGE, false, NULL), GIF_OK);
    for (unsigned y = 0; y < EDGE; y++) {
        assert_int_equal(EGifPutLine(gif, row, EDGE), GIF_OK);
    }
    assert_int_equal(EGifCloseFile(gif, &code), GIF_OK);
    GifFreeMapObject(map);
    free(row);
    assert_true(photo.n < 200000);
    assert_int_equal(ends_in_time(&photo, "GIF of 64 MP", &released), EXAM_DONE);
    assert_true(released);
}

/* --- loops and counts --- */

static void directories_in_a_loop_end(void **state)
{
    (void)state;
    struct buffer photo;
    make_plain_tiff(&photo);
    size_t first = (size_t)photo.at[4] | (size_t)photo.at[5] << 8;
    put_le(photo.at + photo.n - 4, (uint32_t)first, 4); /* the next directory is this one */
    check_ends(&photo, "TIFF loop", EXAM_DAMAGED);

    make_plain_tiff(&photo);
    uint8_t *entry = tiff_entry(&photo, 270);
    put_le(entry, TIFF_TAG_EXIF_IFD, 2);
    put_le(entry + 2, 4, 2);
    put_le(entry + 4, 1, 4);
    put_le(entry + 8, (uint32_t)first, 4); /* and so is the EXIF directory: out of order, too */
    struct look l;
    look_at(&l, &photo);
    if (l.e.exam == EXAM_DONE) {
        check_carrier(&l, CARRIER_EXIF, CARRIER_UNPARSABLE);
    }
    look_away(&l);
    buffer_release(&photo);
}

static void counts_without_end_are_refused(void **state)
{
    (void)state;
    struct buffer photo;
    make_plain_tiff(&photo);
    put_le(tiff_entry(&photo, 278) + 8, 1, 4);          /* a strip for each row */
    put_le(tiff_entry(&photo, 273) + 4, 0xFFFFFFF0, 4); /* and offsets of four thousand millions */
    check_ends(&photo, "TIFF strips", EXAM_DAMAGED);

    struct image p = scene_of(HIDING_WIDTH, HIDING_HEIGHT);
    make_gif(&p, 1, NULL, &photo);
    struct buffer many;
    buffer_init(&many, TEST_CEILING);
    for (unsigned i = 0; i < 100000; i++) {
        buffer_add(&many, "\x21\xFE\0", 3);
    }
    splice(&photo, 13 + 768, many.at, many.n);
    buffer_release(&many);
    check_ends(&photo, "GIF blocks", EXAM_OVER_LIMIT);

    make_webp(&p, false, &photo);
    for (unsigned i = 0; i < 100000; i++) {
        buffer_add(&photo, "junk\0\0\0\0", 8);
    }
    put_le(photo.at + 4, (uint32_t)photo.n - 8, 4);
    check_ends(&photo, "WebP chunks", EXAM_OVER_LIMIT);
    free(p.at);
}

/* --- what inflates --- */

/* So many letters, deflated: out of the zTXt chunk that libpng makes of them. */
static void deflate_letters(size_t n, struct buffer *out)
{
    char key[] = "Comment", *letters = malloc(n + 1);
    uint8_t row[3] = {1, 2, 3};
    struct buffer png;
    assert_non_null(letters);
    memset(letters, 'a', n);
    letters[n] = '\0';
    png_text text = {.compression = PNG_TEXT_COMPRESSION_zTXt, .key = key, .text = letters};
    png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(writer);
    buffer_init(&png, TEST_CEILING);
    png_set_write_fn(writer, &png, png_to_buffer, png_no_flush);
    png_set_IHDR(writer, info, 1, 1, 8, PNG_COLOR_TYPE_RGB, 0, 0, 0);
    png_set_text(writer, info, &text, 1);
    png_write_info(writer, info);
    png_write_row(writer, row);
    png_write_end(writer, info);
    png_destroy_write_struct(&writer, &info);
    free(letters);
    const uint8_t *type = memmem(png.at, png.n, "zTXtComment", 11);
    assert_non_null(type);
    size_t head = sizeof key + 1, data = bytes_be32(buffer_view(&png), (size_t)(type - png.at) - 4);
    buffer_init(out, TEST_CEILING);
    buffer_add(out, type + 4 + head, data - head);
    buffer_release(&png);
}

static void add_deflated(struct buffer *png, const char *type, const char *head, size_t n_head,
                         const struct buffer *deflated)
{
    struct buffer data;
    buffer_init(&data, TEST_CEILING);
    buffer_add(&data, head, n_head);
    buffer_add(&data, deflated->at, deflated->n);
    add_chunk(png, AFTER_IHDR, type, data.at, data.n);
    buffer_release(&data);
}

static void chunks_that_inflate_without_end_are_refused(void **state)
{
    (void)state;
    static const char XMP[] = "XML:com.adobe.xmp\0\1\0\0", TEXT_HEAD[] = "Comment\0",
                      PROFILE[] = "profile\0";
    static const struct {
        const char *type, *head;
        size_t n_head;
    } CASES[] = {{"iTXt", XMP, sizeof XMP},
                 {"zTXt", TEXT_HEAD, sizeof TEXT_HEAD},
                 {"iCCP", PROFILE, sizeof PROFILE}};
    struct buffer deflated;
    deflate_letters((size_t)100 * 1000 * 1000, &deflated);
    assert_true(deflated.n < 200000);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer photo;
        bool released = true;
        make_png(
            (struct png_recipe){
                .width = 31, .height = 23, .bit_depth = 8, .colour_type = PNG_COLOR_TYPE_RGB},
            &photo);
        add_deflated(&photo, CASES[i].type, CASES[i].head, CASES[i].n_head, &deflated);
        enum exam got = ends_in_time(&photo, CASES[i].type, &released);
        assert_true(got == EXAM_DAMAGED || got == EXAM_OVER_LIMIT || got == EXAM_OUT_OF_MEMORY);
    }
    buffer_release(&deflated);
}

/* ICC.1:2022, B.4: 255 parts at most, of 64 kB each: more than any profile needs. */
static void a_profile_without_end_is_not_released(void **state)
{
    (void)state;
    enum { PARTS = 255, PART_BYTES = 65000 };
    struct buffer photo, part;
    bool released = true;
    make_jpeg((struct jpeg_recipe){.width = 64, .height = 48, .h = 2, .v = 2}, &photo);
    for (unsigned i = PARTS; i > 0; i--) {
        buffer_init(&part, TEST_CEILING);
        buffer_add(&part, "ICC_PROFILE\0", 12);
        buffer_add_byte(&part, (uint8_t)i);
        buffer_add_byte(&part, PARTS);
        memset(buffer_extend(&part, PART_BYTES), 'a', PART_BYTES);
        add_segment(&photo, AFTER_SOI, 0xE2, part.at, part.n);
        buffer_release(&part);
    }
    (void)ends_in_time(&photo, "ICC in 255 parts", &released);
    assert_false(released);
}

static int prepare(void **state)
{
    struct err err = {.status = STATUS_BUG};
    (void)state;
    return photo_prepare(&err) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_that_promise_too_much_are_not_decoded),
        cmocka_unit_test(the_largest_picture_that_is_allowed_is_done_in_time),
        cmocka_unit_test(directories_in_a_loop_end),
        cmocka_unit_test(counts_without_end_are_refused),
        cmocka_unit_test(chunks_that_inflate_without_end_are_refused),
        cmocka_unit_test(a_profile_without_end_is_not_released),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
