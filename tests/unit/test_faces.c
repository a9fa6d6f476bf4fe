/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The face detectors on drawn people. Two detectors, one set of expectations: what is drawn is
 * found, once, where it is. The real model is used when PHOTOGATE_FACE_MODEL names its file; a
 * test that needs it says so when it is skipped. */
#include "photogate/faces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <seccomp.h>

#include "photogate/limits.h"

#include "../../fixtures/draw.h"

enum { WIDTH_PX = 720, HEIGHT_PX = 480, MAX_MODEL_BYTES = 1 << 20, ROOM = 32 };

static const char CASCADE_DIR[] = "/usr/share/opencv4/haarcascades";

/* Opened once: opening takes longer than looking. */
struct detectors {
    struct detector *cascades, *yunet, *fast; /* the last two are NULL without the model */
};

static struct detectors *detectors(void **state)
{
    return *state;
}

static struct detector *yunet_or_skip(void **state)
{
    if (!detectors(state)->yunet) {
        print_message("skipped: no face model (PHOTOGATE_FACE_MODEL)\n");
        skip();
    }
    return detectors(state)->yunet;
}

static size_t read_model(const char *path, uint8_t *into)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(into, 1, MAX_MODEL_BYTES, f);
    fclose(f);
    return n;
}

static int open_detectors(void **state)
{
    struct detectors *d = calloc(1, sizeof *d);
    struct err err = {.status = STATUS_BUG};
    const char *path = getenv("PHOTOGATE_FACE_MODEL");
    assert_non_null(d);
    assert_int_equal(
        detector_open((struct bytes){NULL, 0}, CASCADE_DIR, FACES_STRICT, &d->cascades, &err),
        STATUS_OK);
    if (path && *path && strcmp(path, "none") != 0) {
        uint8_t *model = malloc(MAX_MODEL_BYTES);
        assert_non_null(model);
        size_t n = read_model(path, model);
        assert_int_equal(
            detector_open((struct bytes){model, n}, NULL, FACES_STRICT, &d->yunet, &err),
            STATUS_OK);
        assert_int_equal(detector_open((struct bytes){model, n}, NULL, FACES_FAST, &d->fast, &err),
                         STATUS_OK);
        free(model); /* the detector keeps nothing of it */
    }
    *state = d;
    return 0;
}

static int close_detectors(void **state)
{
    detector_close(detectors(state)->cascades);
    detector_close(detectors(state)->yunet);
    detector_close(detectors(state)->fast);
    free(*state);
    return 0;
}

static struct scene scene_of(uint64_t seed, enum backdrop backdrop, uint32_t width_px,
                             uint32_t height_px, const struct head *heads, size_t n_heads)
{
    return (struct scene){.seed = seed,
                          .backdrop = backdrop,
                          .width_px = width_px,
                          .height_px = height_px,
                          .heads = heads,
                          .n_heads = n_heads};
}

/* The drawing's bytes in the order detectors take: blue first. */
static struct pixels drawn(const struct scene *scene)
{
    struct drawing d = {.rgb = NULL};
    assert_true(drawing_make(scene, &d));
    for (size_t i = 0; i < (size_t)d.width_px * d.height_px; i++) {
        uint8_t red = d.rgb[3 * i];
        d.rgb[3 * i] = d.rgb[3 * i + 2];
        d.rgb[3 * i + 2] = red;
    }
    return (struct pixels){d.rgb, d.width_px, d.height_px};
}

/* Common part of a found box and a drawn one, of their union. */
static double agreement(const struct box *b, struct face_box f, const struct pixels *p)
{
    double x = b->x_ppm * 1e-6 * p->width_px, y = b->y_ppm * 1e-6 * p->height_px;
    double w = b->w_ppm * 1e-6 * p->width_px, h = b->h_ppm * 1e-6 * p->height_px;
    double right = x + w < f.x_px + f.w_px ? x + w : f.x_px + f.w_px;
    double low = y + h < f.y_px + f.h_px ? y + h : f.y_px + f.h_px;
    double across = right - (x > f.x_px ? x : f.x_px), down = low - (y > f.y_px ? y : f.y_px);
    double common = across > 0 && down > 0 ? across * down : 0;
    return common / (w * h + f.w_px * f.h_px - common);
}

static size_t look(struct detector *d, const struct scene *scene, struct face faces[ROOM])
{
    struct pixels p = drawn(scene);
    struct err err = {.status = STATUS_BUG};
    size_t n = SIZE_MAX;
    enum status st = detector_find(d, &p, faces, ROOM, &n, &err);
    free(p.at);
    if (st != STATUS_OK) {
        fail_msg("%s", err.text);
    }
    return n;
}

/* Exactly the heads drawn: as many boxes, and each head under one of them. */
static void finds_exactly(struct detector *d, struct scene scene)
{
    struct face faces[ROOM];
    struct pixels p = {NULL, scene.width_px, scene.height_px};
    size_t n = look(d, &scene, faces);
    if (n != scene.n_heads) {
        fail_msg("seed %u, backdrop %d: %zu faces found, %zu drawn", (unsigned)scene.seed,
                 (int)scene.backdrop, n, scene.n_heads);
    }
    for (size_t i = 0; i < scene.n_heads; i++) {
        size_t n_over = 0;
        for (size_t k = 0; k < n; k++) {
            n_over += agreement(&faces[k].box, head_face_box(&scene.heads[i]), &p) > 0.4;
        }
        if (n_over != 1) {
            fail_msg("seed %u, backdrop %d: %zu boxes over head %zu", (unsigned)scene.seed,
                     (int)scene.backdrop, n_over, i);
        }
    }
}

static void finds_groups(struct detector *d, size_t n_seeds)
{
    static const size_t SIZES[] = {1, 2, 3, 5};
    for (size_t k = 0; k < sizeof SIZES / sizeof *SIZES; k++) {
        for (uint64_t seed = 1; seed <= n_seeds; seed++) {
            struct head heads[ROOM];
            heads_arrange(seed, WIDTH_PX, HEIGHT_PX, heads, SIZES[k]);
            finds_exactly(d, scene_of(seed, (enum backdrop)(seed % N_BACKDROPS), WIDTH_PX,
                                      HEIGHT_PX, heads, SIZES[k]));
        }
    }
}

static void finds_nobody(struct detector *d)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        finds_exactly(
            d, scene_of(seed, (enum backdrop)(seed % N_BACKDROPS), WIDTH_PX, HEIGHT_PX, NULL, 0));
    }
}

static void cascades_find_exactly_the_drawn_faces(void **state)
{
    finds_groups(detectors(state)->cascades, 6);
}

static void yunet_finds_exactly_the_drawn_faces(void **state)
{
    finds_groups(yunet_or_skip(state), 4);
}

static void yunet_in_a_hurry_finds_exactly_the_drawn_faces(void **state)
{
    (void)yunet_or_skip(state);
    finds_groups(detectors(state)->fast, 6);
}

/* A photo stored on its side, and nobody says so: the turned passes find the heads, and tell where
 * they are in the picture as it is. */
static void finds_heads_on_their_side(struct detector *d, bool clockwise)
{
    struct head heads[2];
    heads_arrange(4, WIDTH_PX, HEIGHT_PX, heads, 2);
    struct scene scene = scene_of(4, BACKDROP_HALL, WIDTH_PX, HEIGHT_PX, heads, 2);
    struct pixels p = drawn(&scene);
    struct pixels turned = {malloc((size_t)WIDTH_PX * HEIGHT_PX * 3), HEIGHT_PX, WIDTH_PX};
    assert_non_null(turned.at);
    for (uint32_t y = 0; y < HEIGHT_PX; y++) {
        for (uint32_t x = 0; x < WIDTH_PX; x++) {
            uint32_t to_x = clockwise ? HEIGHT_PX - 1 - y : y,
                     to_y = clockwise ? x : WIDTH_PX - 1 - x;
            memcpy(turned.at + 3 * ((size_t)to_y * HEIGHT_PX + to_x),
                   p.at + 3 * ((size_t)y * WIDTH_PX + x), 3);
        }
    }
    struct face faces[ROOM];
    struct err err = {.status = STATUS_BUG};
    size_t n = 0;
    assert_int_equal(detector_find(d, &turned, faces, ROOM, &n, &err), STATUS_OK);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < 2; i++) {
        struct face_box b = head_face_box(&heads[i]), t = b;
        t.x_px = clockwise ? HEIGHT_PX - b.y_px - b.h_px : b.y_px;
        t.y_px = clockwise ? b.x_px : WIDTH_PX - b.x_px - b.w_px;
        t.w_px = b.h_px;
        t.h_px = b.w_px;
        assert_true(agreement(&faces[0].box, t, &turned) > 0.4 ||
                    agreement(&faces[1].box, t, &turned) > 0.4);
    }
    free(turned.at);
    free(p.at);
}

static void yunet_finds_heads_on_their_side(void **state)
{
    finds_heads_on_their_side(yunet_or_skip(state), true);
    finds_heads_on_their_side(yunet_or_skip(state), false);
    finds_heads_on_their_side(detectors(state)->fast, true);
    finds_heads_on_their_side(detectors(state)->fast, false);
}

static void cascades_find_nobody_in_empty_scenes(void **state)
{
    finds_nobody(detectors(state)->cascades);
}

static void yunet_finds_nobody_in_empty_scenes(void **state)
{
    finds_nobody(yunet_or_skip(state));
}

/* Each skin with each hair, alone: no detector may be worse for some pupils than for others. */
static void finds_each_look(struct detector *d)
{
    for (unsigned i = 0; i < N_SKINS * N_HAIRS; i++) {
        struct head h = {.x_px = 180,
                         .y_px = 150,
                         .width_px = 100 + 2 * i,
                         .skin = i % N_SKINS,
                         .hair = i / N_SKINS,
                         .clothes = i % N_CLOTHES,
                         .long_hair = i % 2 == 1};
        finds_exactly(d, scene_of(100 + i, BACKDROP_HALL, 360, 360, &h, 1));
    }
}

static void cascades_find_every_skin_and_hair(void **state)
{
    finds_each_look(detectors(state)->cascades);
}

static void yunet_finds_every_skin_and_hair(void **state)
{
    finds_each_look(yunet_or_skip(state));
}

static void finds_no_face_on_a_turned_head(struct detector *d)
{
    struct face faces[ROOM];
    struct head heads[2];
    heads_arrange(3, WIDTH_PX, HEIGHT_PX, heads, 2);
    heads[0].turned_away = true;
    struct scene scene = scene_of(3, BACKDROP_HALL, WIDTH_PX, HEIGHT_PX, heads, 2);
    assert_int_equal(look(d, &scene, faces), 1);
}

static void cascades_find_no_face_on_a_turned_head(void **state)
{
    finds_no_face_on_a_turned_head(detectors(state)->cascades);
}

static void yunet_finds_no_face_on_a_turned_head(void **state)
{
    finds_no_face_on_a_turned_head(yunet_or_skip(state));
}

/* A panorama and its opposite: the letterbox must not move or stretch a box. */
static void finds_in_long_pictures(struct detector *d)
{
    for (int tall = 0; tall <= 1; tall++) {
        uint32_t w = tall ? 300 : 1200, h = tall ? 1200 : 300;
        struct head head = {
            .x_px = 0.5 * w, .y_px = 0.5 * h, .width_px = 110, .skin = 2, .hair = 4};
        finds_exactly(d, scene_of(5, BACKDROP_HALL, w, h, &head, 1));
    }
}

static void cascades_find_faces_in_long_pictures(void **state)
{
    finds_in_long_pictures(detectors(state)->cascades);
}

static void yunet_finds_faces_in_long_pictures(void **state)
{
    finds_in_long_pictures(yunet_or_skip(state));
}

static void more_faces_than_room_are_counted_and_the_largest_written(void **state)
{
    struct head heads[5];
    heads_arrange(1, WIDTH_PX, HEIGHT_PX, heads, 5);
    struct scene scene = scene_of(1, BACKDROP_FIELD, WIDTH_PX, HEIGHT_PX, heads, 5);
    struct face all[ROOM], some[3];
    assert_int_equal(look(detectors(state)->cascades, &scene, all), 5);
    memset(some, 0x5a, sizeof some);
    struct pixels p = drawn(&scene);
    struct err err = {.status = STATUS_BUG};
    size_t n = 0;
    assert_int_equal(detector_find(detectors(state)->cascades, &p, some, 2, &n, &err), STATUS_OK);
    assert_int_equal(n, 5);
    assert_memory_equal(some, all, 2 * sizeof *all);
    assert_int_equal(some[2].box.x_ppm, 0x5a5a5a5a); /* beyond the room nothing is written */
    for (size_t i = 0; i + 1 < 5; i++) {
        int64_t area = (int64_t)all[i].box.w_ppm * all[i].box.h_ppm;
        assert_true(area >= (int64_t)all[i + 1].box.w_ppm * all[i + 1].box.h_ppm);
    }
    n = 0;
    assert_int_equal(detector_find(detectors(state)->cascades, &p, NULL, 0, &n, &err), STATUS_OK);
    assert_int_equal(n, 5);
    free(p.at);
}

/* A face cut by the edge of the picture: its box ends there. */
static void boxes_stay_inside_the_picture(struct detector *d)
{
    struct head head = {.x_px = 60, .y_px = 70, .width_px = 190, .skin = 1, .hair = 2};
    struct scene scene = scene_of(9, BACKDROP_HALL, 400, 300, &head, 1);
    struct face faces[ROOM];
    size_t n = look(d, &scene, faces);
    assert_int_equal(n, 1);
    const struct box *b = &faces[0].box;
    assert_true(b->x_ppm >= 0 && b->y_ppm >= 0 && b->w_ppm > 0 && b->h_ppm > 0);
    assert_true(b->x_ppm + b->w_ppm <= 1000000 && b->y_ppm + b->h_ppm <= 1000000);
    assert_true(faces[0].score_ppm > 0 && faces[0].score_ppm <= 1000000);
}

static void yunet_boxes_stay_inside_the_picture(void **state)
{
    boxes_stay_inside_the_picture(yunet_or_skip(state));
}

static void refuses_what_is_no_picture(struct detector *d)
{
    uint8_t dots[16 * 16 * 3];
    memset(dots, 127, sizeof dots);
    struct err err = {.status = STATUS_BUG};
    struct face faces[ROOM];
    size_t n = 77;
    struct pixels smallest = {dots, 16, 16};
    assert_int_equal(detector_find(d, &smallest, faces, ROOM, &n, &err), STATUS_OK);
    assert_int_equal(n, 0);

    n = 77;
    struct pixels low = {dots, 16, 15}, narrow = {dots, 15, 16}, none = {NULL, 100, 100};
    struct pixels empty = {dots, 0, 0}, immense = {dots, 16, UINT32_MAX};
    assert_int_equal(detector_find(d, &low, faces, ROOM, &n, &err), STATUS_UNSUPPORTED);
    assert_string_equal(err.text, "cannot look for faces in a picture of 16 x 15 pixels");
    assert_int_equal(detector_find(d, &narrow, faces, ROOM, &n, NULL), STATUS_UNSUPPORTED);
    assert_int_equal(detector_find(d, &empty, faces, ROOM, &n, NULL), STATUS_UNSUPPORTED);
    assert_int_equal(detector_find(d, &immense, faces, ROOM, &n, NULL), STATUS_UNSUPPORTED);
    assert_int_equal(detector_find(d, &none, faces, ROOM, &n, NULL), STATUS_BUG);
    assert_int_equal(detector_find(d, NULL, faces, ROOM, &n, NULL), STATUS_BUG);
    assert_int_equal(detector_find(NULL, &smallest, faces, ROOM, &n, NULL), STATUS_BUG);
    assert_int_equal(n, 77);
}

static void cascades_refuse_what_is_no_picture(void **state)
{
    refuses_what_is_no_picture(detectors(state)->cascades);
}

static void yunet_refuses_what_is_no_picture(void **state)
{
    refuses_what_is_no_picture(yunet_or_skip(state));
}

static void an_unknown_model_is_refused(void **state)
{
    (void)state;
    const uint8_t junk[] = "not a model";
    struct detector *d = NULL;
    struct err err = {.status = STATUS_BUG};
    assert_int_equal(
        detector_open((struct bytes){junk, sizeof junk}, CASCADE_DIR, FACES_STRICT, &d, &err),
        STATUS_FORMAT);
    assert_non_null(strstr(err.text, "not the known face model"));
    assert_null(d);
}

static void a_model_with_one_bit_changed_is_refused(void **state)
{
    (void)yunet_or_skip(state);
    uint8_t *model = malloc(MAX_MODEL_BYTES);
    assert_non_null(model);
    size_t n = read_model(getenv("PHOTOGATE_FACE_MODEL"), model);
    model[n / 2] ^= 1;
    struct detector *d = NULL;
    struct err err = {.status = STATUS_BUG};
    assert_int_equal(detector_open((struct bytes){model, n}, CASCADE_DIR, FACES_STRICT, &d, &err),
                     STATUS_FORMAT);
    assert_null(d);
    free(model);
}

static void cascades_that_are_not_there_are_an_io_error(void **state)
{
    (void)state;
    struct detector *d = NULL;
    struct err err = {.status = STATUS_BUG};
    struct bytes none = {NULL, 0};
    assert_int_equal(detector_open(none, "/nonexistent", FACES_STRICT, &d, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "opencv-data"));
    err_clear(&err);
    assert_int_equal(detector_open(none, NULL, FACES_STRICT, &d, &err), STATUS_IO);
    assert_null(d);
}

static void the_cascades_say_that_they_are_a_stand_in(void **state)
{
    struct detector *d = detectors(state)->cascades;
    assert_int_equal(detector_assurance(d), ASSURANCE_LOW);
    assert_non_null(strstr(detector_description(d), "stand-in"));
    assert_string_equal(assurance_name(ASSURANCE_NONE), "none");
    assert_string_equal(assurance_name(ASSURANCE_LOW), "low");
    assert_string_equal(assurance_name(ASSURANCE_HIGH), "high");
}

static void yunet_says_which_model_it_is(void **state)
{
    struct detector *d = yunet_or_skip(state);
    assert_int_equal(detector_assurance(d), ASSURANCE_HIGH);
    assert_string_equal(
        detector_description(d),
        "YuNet 2023mar (SHA-256 8f2383e4...), strict: at 640, 960, 1280 and 1920 px");
    assert_string_equal(detector_description(detectors(state)->fast),
                        "YuNet 2023mar (SHA-256 8f2383e4...), fast: at 640 and 1024 px");
    assert_int_equal(detector_edge_px(d), DETECT_EDGE_PX);
    assert_int_equal(detector_edge_px(detectors(state)->fast), 1024);
    assert_int_equal(detector_edge_px(detectors(state)->cascades), 1280);
}

/* The examiner confines itself after opening: from then on no file may be opened and no thread or
 * process started. */
static void looks_without_files_or_threads(struct detector *d, uint32_t width_px,
                                           uint32_t height_px)
{
    struct head heads[2];
    heads_arrange(2, width_px, height_px, heads, 2);
    struct scene scene = scene_of(2, BACKDROP_HALL, width_px, height_px, heads, 2);
    struct pixels p = drawn(&scene);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static const char *const FORBIDDEN[] = {"open",  "openat", "openat2", "socket",
                                                "clone", "clone3", "execve",  "fork"};
        struct face faces[ROOM];
        size_t n = 0;
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        int failed = !filter;
        for (size_t i = 0; i < sizeof FORBIDDEN / sizeof *FORBIDDEN && !failed; i++) {
            failed = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
                                      seccomp_syscall_resolve_name(FORBIDDEN[i]), 0);
        }
        if (failed || seccomp_load(filter)) {
            _exit(2);
        }
        enum status st = detector_find(d, &p, faces, ROOM, &n, NULL);
        _exit(st == STATUS_OK && n == 2 ? 0 : 1);
    }
    int how = -1;
    assert_int_equal(waitpid(child, &how, 0), child);
    free(p.at);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void opened_cascades_need_no_files_or_threads(void **state)
{
    looks_without_files_or_threads(detectors(state)->cascades, WIDTH_PX, HEIGHT_PX);
    looks_without_files_or_threads(detectors(state)->cascades, DETECT_EDGE_PX, 853);
}

static void an_opened_yunet_needs_no_files_or_threads(void **state)
{
    looks_without_files_or_threads(yunet_or_skip(state), WIDTH_PX, HEIGHT_PX);
    looks_without_files_or_threads(yunet_or_skip(state), 853, DETECT_EDGE_PX);
}

static void the_same_picture_gives_the_same_answer_after_others(void **state)
{
    struct detector *d = yunet_or_skip(state);
    struct head heads[3];
    heads_arrange(4, WIDTH_PX, HEIGHT_PX, heads, 3);
    struct scene scene = scene_of(4, BACKDROP_CLASSROOM, WIDTH_PX, HEIGHT_PX, heads, 3);
    struct face first[ROOM], again[ROOM], other[ROOM];
    assert_int_equal(look(d, &scene, first), 3);
    struct scene different = scene_of(8, BACKDROP_FIELD, 200, 500, NULL, 0);
    (void)look(d, &different, other);
    assert_int_equal(look(d, &scene, again), 3);
    assert_memory_equal(first, again, 3 * sizeof *first);
}

static void a_drawing_follows_from_its_seed(void **state)
{
    (void)state;
    struct head heads[3];
    heads_arrange(7, 300, 200, heads, 3);
    struct scene scene = scene_of(7, BACKDROP_FIELD, 300, 200, heads, 3);
    struct drawing a = {.rgb = NULL}, b = {.rgb = NULL}, c = {.rgb = NULL};
    assert_true(drawing_make(&scene, &a));
    assert_true(drawing_make(&scene, &b));
    scene.seed = 8;
    assert_true(drawing_make(&scene, &c));
    assert_memory_equal(a.rgb, b.rgb, (size_t)300 * 200 * 3);
    assert_memory_not_equal(a.rgb, c.rgb, (size_t)300 * 200 * 3);
    drawing_release(&a);
    drawing_release(&b);
    drawing_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cascades_find_exactly_the_drawn_faces),
        cmocka_unit_test(yunet_finds_exactly_the_drawn_faces),
        cmocka_unit_test(yunet_in_a_hurry_finds_exactly_the_drawn_faces),
        cmocka_unit_test(yunet_finds_heads_on_their_side),
        cmocka_unit_test(cascades_find_nobody_in_empty_scenes),
        cmocka_unit_test(yunet_finds_nobody_in_empty_scenes),
        cmocka_unit_test(cascades_find_every_skin_and_hair),
        cmocka_unit_test(yunet_finds_every_skin_and_hair),
        cmocka_unit_test(cascades_find_no_face_on_a_turned_head),
        cmocka_unit_test(yunet_finds_no_face_on_a_turned_head),
        cmocka_unit_test(cascades_find_faces_in_long_pictures),
        cmocka_unit_test(yunet_finds_faces_in_long_pictures),
        cmocka_unit_test(more_faces_than_room_are_counted_and_the_largest_written),
        cmocka_unit_test(yunet_boxes_stay_inside_the_picture),
        cmocka_unit_test(cascades_refuse_what_is_no_picture),
        cmocka_unit_test(yunet_refuses_what_is_no_picture),
        cmocka_unit_test(an_unknown_model_is_refused),
        cmocka_unit_test(a_model_with_one_bit_changed_is_refused),
        cmocka_unit_test(cascades_that_are_not_there_are_an_io_error),
        cmocka_unit_test(the_cascades_say_that_they_are_a_stand_in),
        cmocka_unit_test(yunet_says_which_model_it_is),
        cmocka_unit_test(opened_cascades_need_no_files_or_threads),
        cmocka_unit_test(an_opened_yunet_needs_no_files_or_threads),
        cmocka_unit_test(the_same_picture_gives_the_same_answer_after_others),
        cmocka_unit_test(a_drawing_follows_from_its_seed),
    };
    return cmocka_run_group_tests(tests, open_detectors, close_detectors);
}
