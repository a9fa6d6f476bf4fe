/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faces and boxes: which face lies under nobody's box, whatever the order of either. */
#include "rules/face_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "photogate/limits.h"
#include "rules_case.h"

enum { ROOM = 16, ARENA_BYTES = 64 * 1024 * 1024 };

/* Thousandths of the picture. */
static struct box at(int32_t x, int32_t y, int32_t w, int32_t h)
{
    return (struct box){x * 1000, y * 1000, w * 1000, h * 1000};
}

struct scene {
    struct face faces[ROOM];
    struct tag tags[ROOM];
    struct boxed boxed[ROOM];
    size_t n_faces, n_boxed;
    struct arena arena;
    struct face_match found;
};

static void scene_init(struct scene *s)
{
    memset(s, 0, sizeof *s);
    arena_init(&s->arena, ARENA_BYTES);
}

static void add_face(struct scene *s, struct box box)
{
    assert_true(s->n_faces < ROOM);
    s->faces[s->n_faces++] = (struct face){box, 900000};
}

static void add_box(struct scene *s, uint32_t owner, struct box box)
{
    assert_true(s->n_boxed < ROOM);
    s->tags[s->n_boxed] = (struct tag){.kind = TAG_REGION, .has_box = true, .box = box};
    s->boxed[s->n_boxed] = (struct boxed){&s->tags[s->n_boxed], owner};
    s->n_boxed++;
}

static size_t uncovered(struct scene *s)
{
    struct err err = {.status = STATUS_BUG};
    assert_int_equal(
        faces_match(s->faces, s->n_faces, s->boxed, s->n_boxed, &s->arena, &s->found, &err),
        STATUS_OK);
    return s->found.n_uncovered;
}

static void a_box_of_another_tool_covers_its_face(void **state)
{
    (void)state;
    static const struct box BOXES[] = {
        {400000, 400000, 100000, 100000}, /* the same */
        {380000, 340000, 140000, 200000}, /* the whole head */
        {250000, 350000, 400000, 600000}, /* the whole person */
        {430000, 420000, 40000, 50000},   /* eyes and mouth only */
        {460000, 400000, 100000, 100000}, /* off by more than half */
        {449999, 449999, 1, 1},           /* a point */
    };
    for (size_t i = 0; i < sizeof BOXES / sizeof BOXES[0]; i++) {
        struct scene s;
        scene_init(&s);
        add_face(&s, at(400, 400, 100, 100));
        add_box(&s, 7, BOXES[i]);
        if (uncovered(&s) != 0) {
            fail_msg("box %zu does not cover the face", i);
        }
        arena_release(&s.arena);
    }
}

static void a_box_beside_the_face_covers_nothing(void **state)
{
    (void)state;
    static const struct box BOXES[] = {
        {490000, 400000, 100000, 100000}, /* a tenth in common */
        {600000, 400000, 100000, 100000}, {400000, 400000, 0, 0},
        {-300000, 0, 200000, 1000000},    {1200000, 0, 100000, 100000},
    };
    for (size_t i = 0; i < sizeof BOXES / sizeof BOXES[0]; i++) {
        struct scene s;
        scene_init(&s);
        add_face(&s, at(400, 400, 100, 100));
        add_box(&s, 7, BOXES[i]);
        if (uncovered(&s) != 1) {
            fail_msg("box %zu covers the face", i);
        }
        arena_release(&s.arena);
    }
}

static void a_box_over_everybody_covers_one_face(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    add_face(&s, at(100, 400, 100, 100));
    add_face(&s, at(400, 400, 100, 100));
    add_face(&s, at(700, 400, 100, 100));
    add_box(&s, 1, at(0, 0, 1000, 1000));
    assert_int_equal(uncovered(&s), 2);
    add_box(&s, 2, at(0, 0, 1000, 1000));
    assert_int_equal(uncovered(&s), 1);
    assert_int_equal(s.found.n_owners, 2);
    arena_release(&s.arena);
}

static void boxes_of_one_person_cover_one_face(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    add_face(&s, at(100, 400, 100, 100));
    add_face(&s, at(700, 400, 100, 100));
    add_box(&s, 1, at(100, 400, 100, 100));
    add_box(&s, 1, at(700, 400, 90, 100)); /* another carrier says elsewhere, and a little off */
    assert_int_equal(uncovered(&s), 1);
    assert_int_equal(s.found.n_owners, 1);
    assert_int_equal(s.found.uncovered[0], 1); /* the closer one is hers */
    arena_release(&s.arena);
}

/* The box over both faces goes to the one that has no other. */
static void a_wide_box_leaves_the_narrow_one_its_face(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    add_face(&s, at(400, 400, 100, 100));
    add_face(&s, at(550, 400, 60, 60));
    add_box(&s, 1, at(380, 390, 240, 120)); /* both, closer to the first */
    add_box(&s, 2, at(350, 350, 200, 300)); /* the first only */
    assert_int_equal(uncovered(&s), 0);
    arena_release(&s.arena);
}

static void neighbours_in_a_row_keep_their_boxes(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    for (int32_t i = 0; i < 8; i++) {
        add_face(&s, at(50 + 110 * i, 400, 70, 90));
        if (i != 5) {
            add_box(&s, (uint32_t)i,
                    at(50 + 110 * i + 25, 380, 90, 120)); /* all a bit to the right */
        }
    }
    assert_int_equal(uncovered(&s), 1);
    assert_int_equal(s.found.uncovered[0], 5);
    arena_release(&s.arena);
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* What is uncovered, as places in reading order. */
static void list_places(const struct scene *s, struct box *out)
{
    for (size_t i = 0; i < s->found.n_uncovered; i++) {
        out[i] = s->faces[s->found.uncovered[i]].box;
    }
}

static void any_order_of_faces_and_carriers_gives_the_same_answer(void **state)
{
    (void)state;
    uint32_t seed = 20261120;
    for (int round = 0; round < 400; round++) {
        struct scene s, t;
        scene_init(&s);
        size_t n_faces = 1 + next(&seed) % 8, n_boxes = next(&seed) % 12;
        for (size_t i = 0; i < n_faces; i++) {
            add_face(&s, at((int32_t)(next(&seed) % 8) * 100, (int32_t)(next(&seed) % 3) * 200, 100,
                            120));
        }
        for (size_t i = 0; i < n_boxes; i++) {
            add_box(
                &s, next(&seed) % 6,
                at((int32_t)(next(&seed) % 80) * 10, (int32_t)(next(&seed) % 50) * 10, 130, 160));
        }
        struct box first[ROOM], again[ROOM];
        scene_init(&t);
        for (size_t i = n_faces; i-- > 0;) {
            add_face(&t, s.faces[i].box);
        }
        for (size_t i = 0; i < n_boxes; i++) {
            size_t k = (i * 5 + 3) % n_boxes; /* a permutation unless 5 divides n_boxes */
            k = n_boxes % 5 == 0 ? n_boxes - 1 - i : k;
            add_box(&t, s.boxed[k].owner, s.boxed[k].tag->box);
        }
        size_t n = uncovered(&s);
        list_places(&s, first);
        assert_int_equal(uncovered(&t), n);
        list_places(&t, again);
        assert_memory_equal(first, again, n * sizeof first[0]);
        assert_true(n + s.found.n_owners >= n_faces); /* nobody covers two */
        arena_release(&s.arena);
        arena_release(&t.arena);
    }
}

static void the_most_there_can_be_are_matched(void **state)
{
    (void)state;
    enum { N = MAX_FACES };
    struct scene s;
    scene_init(&s);
    static struct face faces[N];
    static struct tag tags[N];
    static struct boxed boxed[N];
    for (int32_t i = 0; i < N; i++) {
        faces[i] = (struct face){{1000 * i, 500000, 5000, 5000}, 500000};
        tags[i] = (struct tag){.has_box = true, .box = {0, 0, 1000000, 1000000}};
        boxed[i] = (struct boxed){&tags[i], (uint32_t)(N - i)};
    }
    struct err err = {.status = STATUS_BUG};
    assert_int_equal(faces_match(faces, N, boxed, N, &s.arena, &s.found, &err), STATUS_OK);
    assert_int_equal(s.found.n_uncovered, 0);
    assert_int_equal(faces_match(faces, N, boxed, N - 3, &s.arena, &s.found, &err), STATUS_OK);
    assert_int_equal(s.found.n_uncovered, 3);
    arena_release(&s.arena);
}

static void too_little_memory_is_no_answer(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    add_face(&s, at(400, 400, 100, 100));
    add_box(&s, 1, at(400, 400, 100, 100));
    for (size_t bytes = 1; bytes < 128; bytes += 16) {
        struct arena small;
        struct err err = {.status = STATUS_BUG};
        arena_init(&small, bytes);
        assert_int_equal(
            faces_match(s.faces, s.n_faces, s.boxed, s.n_boxed, &small, &s.found, &err),
            STATUS_NOMEM);
        arena_release(&small);
    }
    arena_release(&s.arena);
}

/* --- the rules --- */

static void box_tag(struct rules_case *c, size_t tag, struct box box)
{
    c->tags[tag].has_box = true;
    c->tags[tag].box = box;
}

static void office_says(const struct rules_case *c, const char *words)
{
    for (size_t i = 0; i < c->ruling.n_hits; i++) {
        struct text said = c->ruling.hits[i].office;
        if (said.n == strlen(words) && memcmp(said.at, words, said.n) == 0) {
            return;
        }
    }
    fail_msg("nobody says: %s", words);
}

static void a_face_under_no_box_is_told_with_its_place(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_person(&c, AMY);
    box_tag(&c, 0, at(100, 400, 100, 150));
    box_tag(&c, 1, at(450, 400, 100, 150));
    c.faces[0].box = at(90, 390, 110, 160);
    c.faces[1].box = at(800, 50, 100, 150);
    c.evidence.n_faces = 2;
    assert_codes(&c, "V07");
    office_says(&c, "The face at the upper right has no name: nobody is marked there.");
    case_release(&c);
}

static void somebody_listed_without_a_box_may_be_the_unmarked_face(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_person(&c, AMY); /* in a list, without a box */
    box_tag(&c, 0, at(100, 400, 100, 150));
    c.faces[0].box = at(90, 390, 110, 160);
    c.faces[1].box = at(800, 50, 100, 150);
    c.evidence.n_faces = 2;
    assert_codes(&c, "");
    c.faces[0].box = at(450, 450, 100, 150); /* now neither is Jack's */
    assert_codes(&c, "V07");
    office_says(&c, "2 faces are not marked: one at the upper right and one in the middle. Only 1 "
                    "person is named without a mark.");
    case_release(&c);
}

static void more_faces_than_people_are_told_with_their_places(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    box_tag(&c, 0, at(100, 400, 100, 150));
    c.faces[0].box = at(800, 400, 110, 160);
    c.faces[1].box = at(100, 400, 100, 150);
    c.evidence.n_faces = 2;
    assert_codes(&c, "V01");
    office_says(&c, "2 faces were found in this photo, but only 1 person is accounted for. Not "
                    "marked: the one at the right.");
    case_release(&c);
}

static void a_box_without_a_face_is_no_error(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    tag_person(&c, AMY);
    box_tag(&c, 0, at(100, 400, 100, 150));
    box_tag(&c, 1, at(700, 400, 100, 150)); /* her back is turned */
    c.faces[0].box = at(90, 390, 110, 160);
    assert_codes(&c, "");
    c.evidence.n_faces = 0;
    assert_codes(&c, "");
    case_release(&c);
}

/* Two faces, two boxes over one of them, one person of the staff tagged: a stranger is there. */
static void no_pupils_is_contradicted_by_an_unmarked_face(void **state)
{
    (void)state;
    struct rules_case c;
    case_init(&c);
    c.tags[0].person = TEACHER;
    box_tag(&c, 0, at(100, 400, 100, 150));
    c.faces[0].box = at(800, 400, 110, 160);
    c.evidence.said = (struct statement){.present = KNOWN_YES, .no_pupils_identifiable = KNOWN_YES};
    assert_codes(&c, "V04");
    c.faces[0].box = at(100, 400, 110, 160);
    assert_codes(&c, "");
    case_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_box_of_another_tool_covers_its_face),
        cmocka_unit_test(a_box_beside_the_face_covers_nothing),
        cmocka_unit_test(a_box_over_everybody_covers_one_face),
        cmocka_unit_test(boxes_of_one_person_cover_one_face),
        cmocka_unit_test(a_wide_box_leaves_the_narrow_one_its_face),
        cmocka_unit_test(neighbours_in_a_row_keep_their_boxes),
        cmocka_unit_test(any_order_of_faces_and_carriers_gives_the_same_answer),
        cmocka_unit_test(the_most_there_can_be_are_matched),
        cmocka_unit_test(too_little_memory_is_no_answer),
        cmocka_unit_test(a_face_under_no_box_is_told_with_its_place),
        cmocka_unit_test(somebody_listed_without_a_box_may_be_the_unmarked_face),
        cmocka_unit_test(more_faces_than_people_are_told_with_their_places),
        cmocka_unit_test(a_box_without_a_face_is_no_error),
        cmocka_unit_test(no_pupils_is_contradicted_by_an_unmarked_face),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
