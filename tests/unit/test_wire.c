/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/limits.h"
#include "photogate/wire.h"

static const struct carrier CARRIERS[] = {
    {CARRIER_EXIF_GPS, CARRIER_READ, 120, {"", 0}},
    {CARRIER_XMP, CARRIER_UNPARSABLE, 999, {"not well formed", 15}},
};
static const struct tag TAGS[] = {
    {.kind = TAG_REGION,
     .carrier = CARRIER_XMP_REGIONS,
     .name = {"Si\xC3\xA2n Prys", 10},
     .has_box = true,
     .box = {100000, 200000, 300000, 400000}},
    {.kind = TAG_KEYWORD, .carrier = CARRIER_XMP_KEYWORDS, .name = {"sports day", 10}},
};
static const struct found_text TEXTS[] = {{CARRIER_IPTC_TEXT, {"a caption", 9}}};
static const struct face FACES[] = {{{1, 2, 3, 4}, 999999}, {{0, 0, 1000000, 1000000}, 500000}};

static const struct found_fact FACTS[] = {
    {FACT_PLACE, CARRIER_EXIF_GPS, {"51.50735 N, 0.12776 W", 21}}};

static struct evidence sample(void)
{
    return (struct evidence){
        .exam = EXAM_DONE,
        .kind = FILE_JPEG,
        .digest = {{1, 2, 3}},
        .width_px = 4000,
        .height_px = 3000,
        .orientation = 6,
        .carriers = CARRIERS,
        .n_carriers = 2,
        .tags = TAGS,
        .n_tags = 2,
        .texts = TEXTS,
        .n_texts = 1,
        .facts = FACTS,
        .n_facts = 1,
        .own_caption = {"a caption", 9},
        .own_caption_carrier = CARRIER_IPTC_TEXT,
        .creator = {"Somebody", 8},
        .faces_looked_for = KNOWN_YES,
        .faces = FACES,
        .n_faces = 2,
        .likeness = {KNOWN_YES, {1, UINT64_MAX, 0, (uint64_t)1 << 63}},
        .preview = {(const uint8_t *)"\xFF\xD8", 2},
    };
}

static void evidence_crosses_the_wire_whole(void **state)
{
    (void)state;
    struct buffer b;
    struct arena a;
    struct err err = {0};
    buffer_init(&b, MAX_MESSAGE_BYTES);
    arena_init(&a, 1 << 20);
    struct evidence in = sample(), out = {.position = 7};
    wire_put_evidence(&b, &in);
    assert_int_equal(wire_get_evidence(buffer_view(&b), &a, &out, &err), STATUS_OK);
    assert_int_equal(out.position, 7); /* what the intake knows stays */
    assert_int_equal(out.exam, EXAM_DONE);
    assert_int_equal(out.width_px, 4000);
    assert_int_equal(out.n_tags, 2);
    assert_true(text_equal(out.tags[0].name, TAGS[0].name));
    assert_int_equal(out.tags[0].box.w_ppm, 300000);
    assert_int_equal(out.tags[0].person, NO_PERSON);
    assert_int_equal(out.n_faces, 2);
    assert_int_equal(out.n_facts, 1);
    assert_int_equal(out.facts[0].id, FACT_PLACE);
    assert_true(text_equal(out.facts[0].value, FACTS[0].value));
    assert_int_equal(out.carriers[1].state, CARRIER_UNPARSABLE);
    assert_true(text_equal(out.creator, in.creator));
    assert_int_equal(out.preview.n, 2);
    assert_int_equal(likeness_distance(&out.likeness, &in.likeness), 0);
    arena_release(&a);
    buffer_release(&b);
}

static void a_message_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct buffer b;
    struct err err = {0};
    buffer_init(&b, MAX_MESSAGE_BYTES);
    struct evidence in = sample();
    wire_put_evidence(&b, &in);
    for (size_t n = 0; n < b.n; n++) {
        struct arena a;
        struct evidence out = {0};
        arena_init(&a, 1 << 20);
        assert_int_not_equal(wire_get_evidence(bytes_slice(buffer_view(&b), 0, n), &a, &out, &err),
                             STATUS_OK);
        assert_int_equal(out.exam, EXAM_NOT_DONE); /* outs are written on success only */
        arena_release(&a);
    }
    buffer_add_byte(&b, 0);
    struct arena a;
    struct evidence out = {0};
    arena_init(&a, 1 << 20);
    assert_int_not_equal(wire_get_evidence(buffer_view(&b), &a, &out, &err), STATUS_OK);
    arena_release(&a);
    buffer_release(&b);
}

/* Whatever a taken-over examiner writes, every value the gate reads is inside its range. */
static void a_message_altered_anywhere_is_refused_or_in_range(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b, MAX_MESSAGE_BYTES);
    struct evidence in = sample();
    wire_put_evidence(&b, &in);
    for (size_t i = 0; i < b.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct arena a;
            struct err err = {0};
            struct evidence e = {0};
            arena_init(&a, 1 << 20);
            b.at[i] ^= (uint8_t)(1 << bit);
            if (wire_get_evidence(buffer_view(&b), &a, &e, &err) == STATUS_OK) {
                assert_true(e.exam < N_EXAMS && e.kind < N_FILE_KINDS && e.orientation <= 8);
                assert_true(e.n_tags <= MAX_TAGS && e.n_faces <= MAX_FACES);
                for (size_t k = 0; k < e.n_tags; k++) {
                    assert_true(text_is_utf8(e.tags[k].name));
                    assert_true(e.tags[k].kind <= TAG_STATED && e.tags[k].carrier < N_CARRIERS);
                }
                for (size_t k = 0; k < e.n_carriers; k++) {
                    assert_true(text_is_printable(e.carriers[k].note));
                }
                assert_true(text_is_printable(e.exam_note));
            }
            b.at[i] ^= (uint8_t)(1 << bit);
            arena_release(&a);
        }
    }
    buffer_release(&b);
}

static void frames_carry_descriptors(void **state)
{
    (void)state;
    int pair[2], fds[FRAME_MAX_FDS];
    size_t n = 0;
    enum frame_type type = FRAME_UNKNOWN;
    struct err err = {0};
    struct buffer b;
    buffer_init(&b, 1024);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    int here = open("/", O_RDONLY | O_DIRECTORY);
    assert_int_equal(wire_send(pair[0], FRAME_EXAMINE, (struct bytes){(const uint8_t *)"abc", 3},
                               &here, 1, &err),
                     STATUS_OK);
    assert_int_equal(wire_receive(pair[1], &type, &b, fds, FRAME_MAX_FDS, &n, &err), STATUS_OK);
    assert_int_equal(type, FRAME_EXAMINE);
    assert_int_equal(n, 1);
    assert_int_equal(b.n, 3);
    struct stat x, y;
    assert_int_equal(fstat(here, &x), 0);
    assert_int_equal(fstat(fds[0], &y), 0);
    assert_true(x.st_ino == y.st_ino && fds[0] != here);
    (void)close(fds[0]);
    (void)close(here);
    (void)close(pair[0]);
    assert_int_equal(wire_receive(pair[1], &type, &b, fds, FRAME_MAX_FDS, &n, &err), STATUS_IO);
    (void)close(pair[1]);
    buffer_release(&b);
}

static void a_frame_without_its_mark_is_refused(void **state)
{
    (void)state;
    uint8_t header[FRAME_HEADER_BYTES] = {'P', 'T', 'G', '1', FRAME_EVIDENCE, 0, 0, 0, 5, 0, 0, 0};
    enum frame_type type;
    uint32_t n;
    struct err err = {0};
    struct bytes whole = {header, sizeof header};
    assert_int_equal(wire_header(whole, &type, &n, &err), STATUS_OK);
    assert_int_equal(n, 5);
    header[0] = 'X';
    assert_int_equal(wire_header(whole, &type, &n, &err), STATUS_FORMAT);
    header[0] = 'P';
    header[4] = 99;
    assert_int_equal(wire_header(whole, &type, &n, &err), STATUS_FORMAT);
    header[4] = FRAME_EVIDENCE;
    header[11] = 0x7F;
    assert_int_equal(wire_header(whole, &type, &n, &err), STATUS_LIMIT);
}

static void a_failure_may_not_claim_success_nor_move_a_terminal(void **state)
{
    (void)state;
    struct buffer b;
    struct err words = {0}, err = {0};
    enum status st;
    buffer_init(&b, 1024);
    wire_put_failure(&b, STATUS_OK, TEXT("fine"));
    assert_int_equal(wire_get_failure(buffer_view(&b), &st, &words, &err), STATUS_FORMAT);
    buffer_reset(&b);
    wire_put_failure(&b, STATUS_FORMAT, TEXT("\033[2Jgone"));
    assert_int_equal(wire_get_failure(buffer_view(&b), &st, &words, &err), STATUS_FORMAT);
    buffer_reset(&b);
    wire_put_failure(&b, STATUS_NOMEM, TEXT("no memory"));
    assert_int_equal(wire_get_failure(buffer_view(&b), &st, &words, &err), STATUS_OK);
    assert_int_equal(st, STATUS_NOMEM);
    assert_string_equal(words.text, "no memory");
    buffer_release(&b);
}

/* It is shown as it comes: one that would act on a terminal, or is too long, ends the message. */
static void a_fact_that_cannot_be_shown_is_refused(void **state)
{
    (void)state;
    static char line[MAX_FACT_BYTES + 1];
    memset(line, 'x', sizeof line);
    const struct text values[] = {TEXT("\x1B[31m"), TEXT("\xFF"), {line, sizeof line}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct buffer b;
        struct arena a;
        struct err err = {0};
        struct found_fact fact = {FACT_CAMERA, CARRIER_EXIF, values[i]};
        struct evidence in = sample(), out = {0};
        buffer_init(&b, MAX_MESSAGE_BYTES);
        arena_init(&a, 1 << 20);
        in.facts = &fact;
        wire_put_evidence(&b, &in);
        assert_int_not_equal(wire_get_evidence(buffer_view(&b), &a, &out, &err), STATUS_OK);
        assert_int_equal(out.n_facts, 0);
        arena_release(&a);
        buffer_release(&b);
    }
}

static void wishes_cross_the_wire_within_their_limits(void **state)
{
    (void)state;
    static const struct {
        struct release_wishes wishes;
        enum status want;
    } CASES[] = {
        {{0, 0}, STATUS_OK},
        {{MAX_RELEASE_EDGE_PX, MAX_JPEG_QUALITY}, STATUS_OK},
        {{320, MIN_JPEG_QUALITY}, STATUS_OK},
        {{MAX_RELEASE_EDGE_PX + 1, 0}, STATUS_LIMIT},
        {{0, MAX_JPEG_QUALITY + 1}, STATUS_LIMIT},
        {{0, MIN_JPEG_QUALITY - 1}, STATUS_LIMIT},
    };
    static const struct box BOXES[] = {{-10000, 0, 1000000, 20}, {1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer b;
        struct arena a;
        struct err err = {0};
        struct release_wishes got = {1, 1};
        const struct cover cover = {BOXES, i % 3};
        struct cover covered = {NULL, 77};
        buffer_init(&b, 64);
        arena_init(&a, 4096);
        wire_put_wishes(&b, &CASES[i].wishes, &cover);
        assert_int_equal(wire_get_wishes(buffer_view(&b), &a, &got, &covered, &err), CASES[i].want);
        bool good = CASES[i].want == STATUS_OK;
        assert_int_equal(got.max_edge_px, good ? CASES[i].wishes.max_edge_px : 1);
        assert_int_equal(got.jpeg_quality, good ? CASES[i].wishes.jpeg_quality : 1);
        assert_int_equal(covered.n, good ? cover.n : 77);
        for (size_t k = 0; good && k < cover.n; k++) {
            assert_memory_equal(&covered.boxes[k], &BOXES[k], sizeof BOXES[k]);
        }
        for (size_t cut = 0; good && cut < b.n; cut++) {
            struct bytes less = bytes_slice(buffer_view(&b), 0, cut);
            assert_int_equal(wire_get_wishes(less, &a, &got, &covered, &err), STATUS_FORMAT);
        }
        arena_release(&a);
        buffer_release(&b);
    }
}

static void a_cover_on_the_wire_is_of_so_many_boxes_and_in_the_picture(void **state)
{
    (void)state;
    static const uint8_t MANY[] = {0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0};
    static const struct box OUTSIDE = {2000000, 0, 5, 5};
    const struct cover cover = {&OUTSIDE, 1};
    struct release_wishes wishes = {0, 0};
    struct cover none;
    struct buffer b;
    struct arena a;
    struct err err = {0};
    arena_init(&a, 4096);
    buffer_init(&b, 64);
    assert_int_equal(wire_get_wishes((struct bytes){MANY, sizeof MANY}, &a, &wishes, &none, &err),
                     STATUS_LIMIT);
    wire_put_wishes(&b, &wishes, &cover);
    assert_int_equal(wire_get_wishes(buffer_view(&b), &a, &wishes, &none, &err), STATUS_FORMAT);
    arena_release(&a);
    buffer_release(&b);
}

/* A file's name may be any bytes; what is told of too many files, or of none, is refused. */
static void what_lies_beside_a_photo_crosses_the_wire(void **state)
{
    (void)state;
    static const struct sidecar ROWS[] = {
        {.kind = COMPANION_PICASA, .name = {"\xFF.jpg", 5}, .siblings = {"a\0b", 4}},
        {.kind = COMPANION_XMP}};
    struct sidecar got[MAX_SIDECARS];
    struct err err = {0};
    struct arena a;
    struct buffer b;
    size_t n = 77;
    arena_init(&a, (size_t)64 * 1024);
    buffer_init(&b, 4096);
    wire_put_companions(&b, ROWS, 2);
    assert_int_equal(wire_get_companions(buffer_view(&b), &a, got, &n, &err), STATUS_OK);
    assert_int_equal(n, 2);
    assert_int_equal(got[0].kind, COMPANION_PICASA);
    assert_true(text_equal(got[0].name, ROWS[0].name));
    assert_true(text_equal(got[0].siblings, ROWS[0].siblings));
    assert_int_equal(got[1].kind, COMPANION_XMP);
    for (size_t cut = 0; cut < b.n; cut++) {
        n = 77;
        assert_int_not_equal(
            wire_get_companions(bytes_slice(buffer_view(&b), 0, cut), &a, got, &n, &err),
            STATUS_OK);
        assert_int_equal(n, 77);
    }
    b.at[0] = MAX_SIDECARS + 1;
    assert_int_equal(wire_get_companions(buffer_view(&b), &a, got, &n, &err), STATUS_LIMIT);
    b.at[0] = 2;
    b.at[4] = N_COMPANION_KINDS;
    assert_int_equal(wire_get_companions(buffer_view(&b), &a, got, &n, &err), STATUS_FORMAT);
    buffer_release(&b);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evidence_crosses_the_wire_whole),
        cmocka_unit_test(a_fact_that_cannot_be_shown_is_refused),
        cmocka_unit_test(a_message_cut_anywhere_is_refused),
        cmocka_unit_test(a_message_altered_anywhere_is_refused_or_in_range),
        cmocka_unit_test(wishes_cross_the_wire_within_their_limits),
        cmocka_unit_test(a_cover_on_the_wire_is_of_so_many_boxes_and_in_the_picture),
        cmocka_unit_test(what_lies_beside_a_photo_crosses_the_wire),
        cmocka_unit_test(frames_carry_descriptors),
        cmocka_unit_test(a_frame_without_its_mark_is_refused),
        cmocka_unit_test(a_failure_may_not_claim_success_nor_move_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
