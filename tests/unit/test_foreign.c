/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HEIC, AVIF, WebP, TIFF and GIF: read, and converted for the release. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sys/wait.h>

#include "examine_photo.h"
#include "image/icc_make.h"
#include "make_foreign.h"
#include "photogate/examiner.h"

enum { WIDTH = 96, HEIGHT = 64, LOSS = 450, N_FORMATS = 7 };

static const char XMP[] =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/"
    "22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/"
    "Iptc4xmpExt/2008-02-29/\"><Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Maya Fenwick</rdf:li>"
    "</rdf:Bag></Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>";
#define XMP_BYTES                                                                                  \
    (struct bytes)                                                                                 \
    {                                                                                              \
        (const uint8_t *)XMP, sizeof XMP - 1                                                       \
    }

static void prepare(void)
{
    static bool done;
    struct err err = {.status = STATUS_BUG};
    if (!done) {
        assert_int_equal(photo_prepare(&err), STATUS_OK);
        done = true;
    }
}

static struct proof cleanse(const struct buffer *photo, const struct release_wishes *wishes,
                            struct buffer *release)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof = {.same_picture = KNOWN_UNKNOWN};
    buffer_init(release, TEST_CEILING);
    enum status st = photo_cleanse(buffer_view(photo), wishes, release, &proof, &err);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_symbol(st), err.text);
    }
    assert_int_equal(proof.same_picture, KNOWN_YES);
    assert_int_equal(release_check(buffer_view(release), &err), STATUS_OK);
    return proof;
}

/* One file of each format, or an empty one where the library cannot write it. */
static void make_each(struct buffer files[N_FORMATS])
{
    struct image p = scene_of(WIDTH, HEIGHT), coarse = scene_of(WIDTH, HEIGHT);
    struct heif_recipe heic = {.form = heif_compression_HEVC},
                       avif = {.form = heif_compression_AV1};
    (void)make_heif(&heic, &p, &files[0]);
    (void)make_heif(&avif, &p, &files[1]);
    make_webp(&p, false, &files[2]);
    make_webp(&p, true, &files[3]);
    make_tiff((struct tiff_recipe){.compression = COMPRESSION_LZW}, &p, &files[4]);
    make_tiff((struct tiff_recipe){.compression = COMPRESSION_JPEG}, &p, &files[5]);
    make_gif(&coarse, 1, NULL, &files[6]);
    free(p.at);
    free(coarse.at);
}

static void release_each(struct buffer files[N_FORMATS])
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        buffer_release(&files[i]);
    }
}

/* --- in the sandbox --- */

static int look_confined(struct bytes file)
{
    struct confinement c;
    struct err err = {.status = STATUS_BUG};
    struct buffer release;
    struct proof proof;
    struct arena a;
    struct evidence e = {.exam = EXAM_NOT_DONE};
    arena_init(&a, MAX_MESSAGE_BYTES);
    buffer_init(&release, TEST_CEILING);
    if (photo_prepare(&err) != STATUS_OK || sandbox_enter(&c, &err) != STATUS_OK) {
        return 2;
    }
    bool good = photo_examine(file, NULL, 0, NULL, &a, &e, &err) == STATUS_OK &&
                e.exam == EXAM_DONE &&
                photo_cleanse(file, NULL, &release, &proof, &err) == STATUS_OK;
    return good ? 0 : 3;
}

/* What a library does only once must be done before: so the files are made in another process. */
static void each_format_is_decoded_in_the_sandbox(void **state)
{
    (void)state;
    int fds[N_FORMATS], how = 0;
    for (size_t i = 0; i < N_FORMATS; i++) {
        fds[i] = memfd_create("photo", MFD_CLOEXEC);
        assert_true(fds[i] >= 0);
    }
    pid_t maker = fork();
    if (maker == 0) {
        struct buffer files[N_FORMATS];
        bool good = true;
        make_each(files);
        for (size_t i = 0; i < N_FORMATS; i++) {
            good = good && write(fds[i], files[i].at, files[i].n) == (ssize_t)files[i].n;
        }
        _exit(good ? 0 : 1);
    }
    assert_int_equal(waitpid(maker, &how, 0), maker);
    assert_int_equal(how, 0);
    for (size_t i = 0; i < N_FORMATS; i++) {
        struct buffer file;
        off_t n = lseek(fds[i], 0, SEEK_END);
        buffer_init(&file, TEST_CEILING);
        assert_true(n == 0 || pread(fds[i], buffer_extend(&file, (size_t)n), (size_t)n, 0) == n);
        pid_t child = n ? fork() : -1;
        if (child == 0) {
            _exit(look_confined(buffer_view(&file)));
        }
        if (n && (waitpid(child, &how, 0) != child || how != 0)) {
            fail_msg("format %zu ended with 0x%x", i, (unsigned)how);
        }
        buffer_release(&file);
        (void)close(fds[i]);
    }
}

/* --- the picture --- */

static void each_format_leaves_as_the_same_picture(void **state)
{
    (void)state;
    static const enum file_kind KINDS[N_FORMATS] = {FILE_JPEG, FILE_JPEG, FILE_JPEG, FILE_PNG,
                                                    FILE_PNG,  FILE_JPEG, FILE_PNG};
    struct buffer files[N_FORMATS];
    prepare();
    make_each(files);
    for (size_t i = 0; i < N_FORMATS; i++) {
        struct image meant = scene_of(WIDTH, HEIGHT);
        struct buffer release, gif;
        struct look l;
        if (files[i].n == 0) {
            print_message("this libheif has no encoder for format %zu\n", i);
            free(meant.at);
            continue;
        }
        look_at(&l, &files[i]);
        assert_int_equal(l.e.exam, EXAM_DONE);
        assert_int_equal(l.e.width_px, WIDTH);
        assert_int_equal(l.e.height_px, HEIGHT);
        assert_true(l.e.preview.n > 0);
        look_away(&l);
        if (i == 6) { /* to six levels a colour, as the GIF holds it */
            make_gif(&meant, 1, NULL, &gif);
            buffer_release(&gif);
        }
        assert_int_equal(cleanse(&files[i], NULL, &release).kind, KINDS[i]);
        struct image got = decode_release(&release);
        unsigned d = mean_difference(&got, &meant);
        if (d > (KINDS[i] == FILE_PNG ? 0u : LOSS)) {
            fail_msg("format %zu differs by %u hundredths", i, d);
        }
        free(got.at);
        free(meant.at);
        buffer_release(&release);
    }
    release_each(files);
}

static void check_turned(const struct buffer *photo, const struct image *stored,
                         unsigned orientation)
{
    struct buffer release;
    struct image meant = turned(stored, orientation);
    struct proof proof = cleanse(photo, NULL, &release);
    struct image got = decode_release(&release);
    unsigned d = mean_difference(&got, &meant);
    if (d > LOSS) {
        fail_msg("orientation %u differs by %u hundredths", orientation, d);
    }
    assert_int_equal(proof.width_px, meant.width);
    assert_int_equal(proof.height_px, meant.height);
    free(got.at);
    free(meant.at);
    buffer_release(&release);
}

/* ISO/IEC 23008-12, 6.5.10: EXIF's orientation says nothing in a HEIF. */
static void a_heif_is_turned_by_its_own_boxes_and_not_by_exif(void **state)
{
    (void)state;
    uint8_t exif[EXIF_BYTES];
    struct image p = scene_of(WIDTH, HEIGHT);
    prepare();
    for (unsigned o = 1; o <= 8; o++) {
        (void)exif_with_orientation((uint8_t)(9 - o), exif);
        struct heif_recipe r = {
            .form = heif_compression_HEVC, .orientation = o, .exif = {exif + 6, EXIF_BYTES - 6}};
        struct buffer photo;
        struct look l;
        if (!make_heif(&r, &p, &photo)) {
            free(p.at);
            skip();
        }
        look_at(&l, &photo);
        assert_int_equal(l.e.orientation, o);
        assert_int_equal(l.e.width_px, o >= 5 ? HEIGHT : WIDTH);
        look_away(&l);
        check_turned(&photo, &p, o);
        buffer_release(&photo);
    }
    free(p.at);
}

static void tiff_and_webp_are_turned_by_their_orientation(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    uint8_t exif[EXIF_BYTES];
    prepare();
    for (unsigned o = 1; o <= 8; o++) {
        struct buffer tiff, webp;
        make_tiff((struct tiff_recipe){.orientation = (uint16_t)o}, &p, &tiff);
        check_turned(&tiff, &p, o);
        make_webp(&p, o % 2 == 0, &webp);
        (void)exif_with_orientation((uint8_t)o, exif);
        add_webp_chunk(&webp, &p, "EXIF", 8, (struct bytes){exif + 6, EXIF_BYTES - 6});
        check_turned(&webp, &p, o);
        buffer_release(&tiff);
        buffer_release(&webp);
    }
    free(p.at);
}

static void every_form_of_tiff_keeps_its_pixels(void **state)
{
    (void)state;
    static const struct tiff_recipe RECIPES[] = {
        {.compression = COMPRESSION_ADOBE_DEFLATE},
        {.compression = COMPRESSION_PACKBITS},
        {.sixteen = true},
        {.inks = true},
    };
    struct image p = scene_of(WIDTH, HEIGHT);
    prepare();
    for (size_t i = 0; i < sizeof RECIPES / sizeof RECIPES[0]; i++) {
        struct buffer photo, release;
        make_tiff(RECIPES[i], &p, &photo);
        assert_int_equal(cleanse(&photo, NULL, &release).kind, FILE_PNG);
        struct image got = decode_release(&release);
        assert_int_equal(difference(&got, &p), 0);
        free(got.at);
        buffer_release(&release);
        buffer_release(&photo);
    }
    free(p.at);
}

/* --- colours --- */

static void a_profile_of_a_heif_keeps_its_colours(void **state)
{
    (void)state;
    struct err err = {.status = STATUS_BUG};
    struct buffer profile, photo, release;
    struct image p = scene_of(WIDTH, HEIGHT);
    prepare();
    buffer_init(&profile, MAX_ICC_BYTES);
    assert_int_equal(icc_make(&ICC_DISPLAY_P3, ICC_RGB, &profile, &err), STATUS_OK);
    struct heif_recipe r = {.form = heif_compression_HEVC, .profile = buffer_view(&profile)};
    if (make_heif(&r, &p, &photo)) {
        (void)cleanse(&photo, NULL, &release);
        assert_non_null(memmem(release.at, release.n, profile.at, profile.n));
        buffer_release(&release);
    }
    buffer_release(&photo);
    r = (struct heif_recipe){.form = heif_compression_HEVC, .primaries = 12, .curve = 13};
    if (make_heif(&r, &p, &photo)) {
        (void)cleanse(&photo, NULL, &release);
        assert_non_null(memmem(release.at, release.n, profile.at, profile.n));
        buffer_release(&release);
    }
    buffer_release(&photo);
    buffer_release(&profile);
    free(p.at);
}

static void a_heif_brighter_than_screens_is_unsupported(void **state)
{
    (void)state;
    struct buffer photo;
    struct image p = scene_of(WIDTH, HEIGHT);
    struct heif_recipe r = {.form = heif_compression_HEVC, .primaries = 9, .curve = 16};
    prepare();
    if (make_heif(&r, &p, &photo)) {
        check_exam(&photo, EXAM_UNSUPPORTED);
    }
    buffer_release(&photo);
    free(p.at);
}

/* --- what they carry --- */

static void check_names_maya(const struct buffer *photo)
{
    struct look l;
    look_at(&l, photo);
    assert_int_equal(l.e.exam, EXAM_DONE);
    assert_int_equal(l.e.n_tags, 1);
    assert_true(text_equal(l.e.tags[0].name, TEXT("Maya Fenwick")));
    check_carrier(&l, CARRIER_XMP, CARRIER_READ);
    look_away(&l);
    struct buffer release;
    (void)cleanse(photo, NULL, &release);
    assert_false(holds(&release, "Maya"));
    buffer_release(&release);
}

static void names_in_any_format_are_found_and_left_behind(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    struct buffer photo;
    prepare();
    struct heif_recipe r = {.form = heif_compression_HEVC, .xmp = XMP_BYTES};
    if (make_heif(&r, &p, &photo)) {
        check_names_maya(&photo);
    }
    buffer_release(&photo);
    make_webp(&p, false, &photo);
    add_webp_chunk(&photo, &p, "XMP ", 4, XMP_BYTES);
    check_names_maya(&photo);
    buffer_release(&photo);
    make_tiff((struct tiff_recipe){.xmp = XMP_BYTES}, &p, &photo);
    check_names_maya(&photo);
    buffer_release(&photo);
    /* XMP specification part 3, 1.1.2: the packet, then the magic trailer, before the picture. */
    make_gif(&p, 1, NULL, &photo);
    uint8_t trailer[258] = {1};
    for (unsigned i = 0; i < 256; i++) {
        trailer[1 + i] = (uint8_t)(255 - i);
    }
    enum { AFTER_COLOURS = 13 + 768 };
    splice(&photo, AFTER_COLOURS, trailer, sizeof trailer);
    splice(&photo, AFTER_COLOURS, XMP, sizeof XMP - 1);
    splice(&photo, AFTER_COLOURS, "\x21\xFF\x0BXMP DataXMP", 14);
    check_names_maya(&photo);
    buffer_release(&photo);
    free(p.at);
}

static void texts_and_places_of_a_tiff_are_read(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    struct buffer photo;
    struct look l;
    prepare();
    make_tiff((struct tiff_recipe){.artist = "Ada Long", .description = "Maya at the fair"}, &p,
              &photo);
    look_at(&l, &photo);
    assert_true(says(&l, CARRIER_EXIF_TEXT, "Maya at the fair"));
    assert_true(text_equal(l.e.creator, TEXT("Ada Long")));
    look_away(&l);
    buffer_release(&photo);
    free(p.at);
}

static void a_comment_of_a_gif_is_read(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    struct buffer photo;
    struct look l;
    prepare();
    make_gif(&p, 1, "Maya, age 7", &photo);
    look_at(&l, &photo);
    assert_true(says(&l, CARRIER_COMMENT, "Maya, age 7"));
    look_away(&l);
    buffer_release(&photo);
    make_gif(&p, 1, "M\xE4ya", &photo);
    look_at(&l, &photo);
    check_carrier(&l, CARRIER_COMMENT, CARRIER_UNPARSABLE);
    look_away(&l);
    buffer_release(&photo);
    free(p.at);
}

/* --- what cannot be released --- */

static void animations_and_pages_are_unsupported(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    struct buffer photo;
    prepare();
    make_gif(&p, 2, NULL, &photo);
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    make_tiff((struct tiff_recipe){.pages = 2}, &p, &photo);
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    make_webp(&p, false, &photo);
    add_webp_chunk(&photo, &p, "ANIM", 2, (struct bytes){(const uint8_t *)"\0\0\0\0\0\0", 6});
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    buffer_init(&photo, TEST_CEILING);
    buffer_add(&photo,
               "\0\0\0\x18"
               "ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat",
               32);
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    free(p.at);
}

static void the_film_of_a_live_photo_is_called_so(void **state)
{
    (void)state;
    static const char FILM[] = "\0\0\0\x14"
                               "ftypqt  \0\0\0\0qt  \0\0\0\x2E"
                               "meta"
                               "com.apple.quicktime.content.identifier";
    struct buffer photo;
    struct look l;
    buffer_init(&photo, TEST_CEILING);
    buffer_add(&photo, FILM, sizeof FILM - 1);
    look_at(&l, &photo);
    assert_int_equal(l.e.kind, FILE_VIDEO);
    assert_int_equal(l.e.exam, EXAM_NOT_A_PHOTO);
    assert_non_null(memmem(l.e.exam_note.at, l.e.exam_note.n, "Live Photo", 10));
    look_away(&l);
    buffer_release(&photo);
}

static void a_header_that_promises_too_much_is_over_the_limit(void **state)
{
    (void)state;
    struct image p = scene_of(WIDTH, HEIGHT);
    struct buffer photo;
    prepare();
    make_gif(&p, 1, NULL, &photo);
    put_le(photo.at + 6, 0xFFFF, 2);
    put_le(photo.at + 8, 0xFFFF, 2);
    check_exam(&photo, EXAM_OVER_LIMIT);
    buffer_release(&photo);
    make_webp(&p, false, &photo);
    add_webp_chunk(&photo, &p, "junk", 0, (struct bytes){(const uint8_t *)"", 0});
    put_le(photo.at + 24, 16383, 3);
    put_le(photo.at + 27, 16383, 3);
    check_exam(&photo, EXAM_DAMAGED); /* its two headers say different things */
    buffer_release(&photo);
    free(p.at);
}

/* --- hostile --- */

static size_t box(uint8_t *to, const char *type, const void *content, size_t n)
{
    put_be32(to, (uint32_t)n + 8);
    memcpy(to + 4, type, 4);
    memcpy(to + 8, content, n);
    return n + 8;
}

/* A HEIC whose items 1 and 2 are of these types, the first made of `n_parts` times the second. */
static void make_composed(const char *first, const char *second, uint8_t n_parts,
                          struct buffer *out)
{
    uint8_t entry[] = "\2\0\0\0\0\1\0\0____", content[600] = {0}, iinf[200], iref[600], meta[1400];
    size_t n = 6;
    content[5] = 2; /* entries */
    for (uint8_t i = 1; i <= 2; i++) {
        entry[5] = i;
        memcpy(entry + 8, i == 1 ? first : second, 4);
        n += box(content + n, "infe", entry, 13);
    }
    size_t n_iinf = box(iinf, "iinf", content, n);
    uint8_t parts[520] = {0, 1, 0, n_parts};
    for (size_t i = 0; i < n_parts; i++) {
        parts[5 + 2 * i] = 2;
    }
    memset(content, 0, 4);
    n = 4 + box(content + 4, "dimg", parts, 4 + 2 * (size_t)n_parts);
    size_t n_iref = box(iref, "iref", content, n);
    memset(meta, 0, 4);
    memcpy(meta + 4, iinf, n_iinf);
    memcpy(meta + 4 + n_iinf, iref, n_iref);
    uint8_t whole[1500];
    buffer_init(out, TEST_CEILING);
    buffer_add(out,
               "\0\0\0\x18"
               "ftypheic\0\0\0\0mif1heic",
               24);
    buffer_add(out, whole, box(whole, "meta", meta, 4 + n_iinf + n_iref));
}

static void pictures_composed_of_themselves_are_not_begun(void **state)
{
    (void)state;
    struct buffer photo;
    prepare();
    make_composed("grid", "grid", 1, &photo);
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    make_composed("iden", "iden", 1, &photo);
    check_exam(&photo, EXAM_UNSUPPORTED);
    buffer_release(&photo);
    make_composed("grid", "hvc1", 200, &photo);
    check_exam(&photo, EXAM_OVER_LIMIT);
    buffer_release(&photo);
    make_composed("grid", "hvc1", 1, &photo); /* and this one is only damaged */
    check_exam(&photo, EXAM_DAMAGED);
    buffer_release(&photo);
}

static void a_cut_file_is_damaged_at_every_length(void **state)
{
    (void)state;
    struct buffer files[N_FORMATS];
    prepare();
    make_each(files);
    for (size_t i = 0; i < N_FORMATS; i++) {
        size_t whole = files[i].n;
        for (size_t n = 40; n < whole; n += 1 + whole / 200) {
            struct look l;
            files[i].n = n;
            look_at(&l, &files[i]);
            if (l.e.exam == EXAM_DONE) {
                fail_msg("format %zu cut at %zu of %zu", i, n, whole);
            }
            look_away(&l);
        }
        files[i].n = whole;
    }
    release_each(files);
}

/* Whatever is written over it: an end, and a release only of what stands the strict look. */
static void no_byte_written_over_brings_the_examiner_down(void **state)
{
    (void)state;
    struct buffer files[N_FORMATS];
    uint32_t seed = 20261120;
    prepare();
    make_each(files);
    for (size_t i = 0; i < N_FORMATS; i++) {
        for (unsigned round = 0; files[i].n && round < 150; round++) {
            seed = seed * 1664525u + 1013904223u;
            size_t at = seed % (round % 2 ? files[i].n : files[i].n < 400 ? files[i].n : 400);
            uint8_t before = files[i].at[at];
            struct buffer release;
            struct proof proof;
            struct err err = {.status = STATUS_BUG};
            struct look l;
            files[i].at[at] = (uint8_t)(seed >> 24);
            look_at(&l, &files[i]);
            look_away(&l);
            buffer_init(&release, TEST_CEILING);
            enum status st = photo_cleanse(buffer_view(&files[i]), NULL, &release, &proof, &err);
            assert_int_not_equal(st, STATUS_BUG);
            assert_int_equal(st == STATUS_OK, release.n > 0);
            buffer_release(&release);
            files[i].at[at] = before;
        }
    }
    release_each(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_is_decoded_in_the_sandbox), /* first: see there */
        cmocka_unit_test(each_format_leaves_as_the_same_picture),
        cmocka_unit_test(a_heif_is_turned_by_its_own_boxes_and_not_by_exif),
        cmocka_unit_test(tiff_and_webp_are_turned_by_their_orientation),
        cmocka_unit_test(every_form_of_tiff_keeps_its_pixels),
        cmocka_unit_test(a_profile_of_a_heif_keeps_its_colours),
        cmocka_unit_test(a_heif_brighter_than_screens_is_unsupported),
        cmocka_unit_test(names_in_any_format_are_found_and_left_behind),
        cmocka_unit_test(texts_and_places_of_a_tiff_are_read),
        cmocka_unit_test(a_comment_of_a_gif_is_read),
        cmocka_unit_test(animations_and_pages_are_unsupported),
        cmocka_unit_test(the_film_of_a_live_photo_is_called_so),
        cmocka_unit_test(a_header_that_promises_too_much_is_over_the_limit),
        cmocka_unit_test(pictures_composed_of_themselves_are_not_begun),
        cmocka_unit_test(a_cut_file_is_damaged_at_every_length),
        cmocka_unit_test(no_byte_written_over_brings_the_examiner_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
