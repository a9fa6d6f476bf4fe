/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metadata_room.h"

#include "image/stock_text.h"

static void a_carrier_keeps_its_worse_state_and_adds_its_size(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    gather_carrier(&r.g, CARRIER_EXIF, CARRIER_DROPPED, 10, NULL);
    gather_carrier(&r.g, CARRIER_EXIF, CARRIER_UNPARSABLE, 5, "broken");
    gather_carrier(&r.g, CARRIER_EXIF, CARRIER_READ, 1, NULL);
    assert_int_equal(r.g.n_carriers, 1);
    assert_state(&r, CARRIER_EXIF, CARRIER_UNPARSABLE);
    assert_int_equal(r.g.carriers[0].size_bytes, 16);
    assert_text(r.g.carriers[0].note, "broken");
    gather_carrier(&r.g, CARRIER_EXIF, CARRIER_NOT_READ, SIZE_MAX, NULL);
    assert_int_equal(r.g.carriers[0].state, CARRIER_NOT_READ);
    assert_int_equal(r.g.carriers[0].size_bytes, UINT32_MAX);
    room_close(&r);
}

static void every_kind_of_carrier_has_a_place(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    for (int id = 0; id < N_CARRIERS; id++) {
        gather_carrier(&r.g, (enum carrier_id)id, CARRIER_READ, 1, NULL);
    }
    assert_int_equal(r.g.n_carriers, N_CARRIERS);
    room_close(&r);
}

static void a_tag_is_trimmed_and_only_a_region_may_be_nameless(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    gather_tag(&r.g, CARRIER_XMP_PERSON, TAG_PERSON, TEXT(" Mia Osei \n"), NULL);
    gather_tag(&r.g, CARRIER_XMP_PERSON, TAG_PERSON, TEXT("  "), NULL);
    gather_tag(&r.g, CARRIER_XMP_REGIONS, TAG_REGION, TEXT_NONE, NULL);
    gather_tag(&r.g, CARRIER_XMP_KEYWORDS, TAG_KEYWORD, TEXT("sports day"), NULL);
    gather_tag(&r.g, CARRIER_XMP_KEYWORDS, TAG_KEYWORD, TEXT("sports day"), NULL);
    assert_int_equal(r.g.n_tags, 3);
    assert_text(r.g.tags[0].name, "Mia Osei");
    assert_int_equal(r.g.tags[1].name.n, 0);
    room_close(&r);
}

static void what_is_over_a_cap_makes_its_carrier_unparsable(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    for (unsigned i = 0; i <= MAX_TAGS; i++) {
        assert_null(room_carrier(&r, CARRIER_XMP_PERSON));
        gather_tag(&r.g, CARRIER_XMP_PERSON, TAG_PERSON, TEXT("Mia Osei"), NULL);
    }
    assert_state(&r, CARRIER_XMP_PERSON, CARRIER_UNPARSABLE);
    for (unsigned i = 0; i <= MAX_TEXTS; i++) {
        assert_null(room_carrier(&r, CARRIER_COMMENT));
        gather_text(&r.g, CARRIER_COMMENT, TEXT("a text"));
    }
    assert_state(&r, CARRIER_COMMENT, CARRIER_UNPARSABLE);
    assert_int_equal(r.g.n_tags, MAX_TAGS);
    assert_int_equal(r.g.n_texts, MAX_TEXTS);
    room_close(&r);
}

static void what_is_too_long_or_no_text_makes_its_carrier_unparsable(void **state)
{
    (void)state;
    static char big[MAX_TEXT_BYTES + 1];
    struct room r;
    memset(big, 'x', sizeof big);
    room_open(&r);
    gather_tag(&r.g, CARRIER_XMP_PERSON, TAG_PERSON, (struct text){big, MAX_TAG_BYTES + 1}, NULL);
    gather_tag(&r.g, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, TEXT("Zo\xEB"), NULL);
    gather_text(&r.g, CARRIER_XMP_TEXT, (struct text){big, sizeof big});
    gather_text(&r.g, CARRIER_COMMENT, TEXT("Zo\xEB"));
    gather_creator(&r.g, CARRIER_EXIF_OWNER, (struct text){big, sizeof big});
    assert_state(&r, CARRIER_XMP_PERSON, CARRIER_UNPARSABLE);
    assert_state(&r, CARRIER_IPTC_KEYWORDS, CARRIER_UNPARSABLE);
    assert_state(&r, CARRIER_XMP_TEXT, CARRIER_UNPARSABLE);
    assert_state(&r, CARRIER_COMMENT, CARRIER_UNPARSABLE);
    assert_state(&r, CARRIER_EXIF_OWNER, CARRIER_UNPARSABLE);
    assert_int_equal(r.g.n_tags + r.g.n_texts, 0);
    room_close(&r);
}

static void the_best_ranked_caption_wins_in_any_order(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    gather_caption(&r.g, CARRIER_EXIF_TEXT, TEXT("from EXIF"));
    gather_caption(&r.g, CARRIER_PNG_TEXT, TEXT("from PNG"));
    assert_text(r.g.caption, "from EXIF");
    gather_caption(&r.g, CARRIER_XMP_TEXT, TEXT("from XMP"));
    gather_caption(&r.g, CARRIER_IPTC_TEXT, TEXT("from IPTC"));
    gather_caption(&r.g, CARRIER_XMP_TEXT, TEXT("in Welsh"));
    assert_text(r.g.caption, "from XMP");
    assert_int_equal(r.g.caption_carrier, CARRIER_XMP_TEXT);
    room_close(&r);
}

static void creators_of_one_carrier_are_joined(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    gather_creator(&r.g, CARRIER_EXIF_OWNER, TEXT("A. Camera"));
    gather_creator(&r.g, CARRIER_IPTC, TEXT("Press Pictures"));
    gather_creator(&r.g, CARRIER_IPTC, TEXT("J. Agency"));
    gather_creator(&r.g, CARRIER_IPTC, TEXT("J. Agency"));
    gather_copyright(&r.g, CARRIER_EXIF_OWNER, TEXT("(c) School"));
    assert_text(r.g.creator, "Press Pictures; J. Agency");
    assert_text(r.g.copyright, "(c) School");
    room_close(&r);
}

static void what_a_camera_writes_by_itself_is_no_text(void **state)
{
    (void)state;
    static const char *const STOCK[] = {
        "OLYMPUS DIGITAL CAMERA         ",
        "SONY DSC",
        "DCIM\\100MEDIA\\DJI_0042.JPG",
        "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n",
        "Created with GIMP",
    };
    static const char *const OWN[] = {
        "Year 4 at the farm",
        "Created with GIMP by Mia Osei",
        "DCIM\\Mia\\1.JPG",
        "SONY DSC Mia",
        "Norm",
    };
    for (size_t i = 0; i < sizeof STOCK / sizeof STOCK[0]; i++) {
        assert_true(stock_text(text_of(STOCK[i])));
    }
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++) {
        assert_false(stock_text(text_of(OWN[i])));
    }
    struct room r;
    room_open(&r);
    gather_caption(&r.g, CARRIER_EXIF_TEXT, TEXT("SONY DSC"));
    gather_text(&r.g, CARRIER_EXIF_TEXT, TEXT("SONY DSC"));
    assert_int_equal(r.g.caption.n + r.g.n_texts, 0);
    room_close(&r);
}

/* EXIF 2.32, 4.6.4 A: "the 0th row is at the visual <row> of the image, the 0th column the visual
 * <column>". */
static const struct side {
    char row, column; /* t, b, l, r */
} SIDES[9] = {{'t', 'l'}, {'t', 'l'}, {'t', 'r'}, {'b', 'r'}, {'b', 'l'},
              {'l', 't'}, {'r', 't'}, {'r', 'b'}, {'l', 'b'}};

/* Where the stored pixel (row, column) is seen, on a picture of `wide` x `high` upright pixels. */
static void seen_at(uint32_t orientation, int row, int column, int wide, int high, int *x, int *y)
{
    const struct side s = SIDES[orientation];
    const char ends[2] = {s.row, s.column};
    const int steps[2] = {row, column};
    for (int i = 0; i < 2; i++) {
        switch (ends[i]) {
        case 't':
            *y = steps[i];
            break;
        case 'b':
            *y = high - 1 - steps[i];
            break;
        case 'l':
            *x = steps[i];
            break;
        default:
            *x = wide - 1 - steps[i];
            break;
        }
    }
}

static void boxes_turn_as_the_pixels_do(void **state)
{
    (void)state;
    enum { STORED_WIDE = 8, STORED_HIGH = 5 };
    /* A box over stored columns 1 to 3 and row 2. */
    const struct box box = {1000000 / STORED_WIDE, 2 * 1000000 / STORED_HIGH,
                            3 * 1000000 / STORED_WIDE, 1000000 / STORED_HIGH};
    for (uint32_t o = 0; o <= 8; o++) {
        struct room r;
        int wide = o >= 5 ? STORED_HIGH : STORED_WIDE, high = o >= 5 ? STORED_WIDE : STORED_HIGH;
        int left = wide, top = high, right = -1, bottom = -1;
        for (int column = 1; column <= 3; column++) {
            int x = -1, y = -1;
            seen_at(o, 2, column, wide, high, &x, &y);
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y > bottom ? y : bottom;
        }
        room_open(&r);
        gather_tag(&r.g, CARRIER_XMP_REGIONS, TAG_REGION, TEXT("Mia Osei"), &box);
        gather_tag(&r.g, CARRIER_XMP_PERSON, TAG_PERSON, TEXT("Mia Osei"), NULL);
        gathering_turn_boxes(&r.g, o);
        const struct box b = r.g.tags[0].box;
        assert_int_equal(b.x_ppm, left * 1000000 / wide);
        assert_int_equal(b.y_ppm, top * 1000000 / high);
        assert_int_equal(b.w_ppm, (right - left + 1) * 1000000 / wide);
        assert_int_equal(b.h_ppm, (bottom - top + 1) * 1000000 / high);
        assert_false(r.g.tags[1].has_box);
        room_close(&r);
    }
}

static void the_evidence_holds_what_was_gathered(void **state)
{
    (void)state;
    struct room r;
    struct evidence e = {0};
    room_open(&r);
    gather_tag(&r.g, CARRIER_XMP_PERSON, TAG_PERSON, TEXT("Mia Osei"), NULL);
    gather_text(&r.g, CARRIER_COMMENT, TEXT("at the farm"));
    gather_carrier(&r.g, CARRIER_ICC, CARRIER_DROPPED, 3, NULL);
    gather_caption(&r.g, CARRIER_IPTC_TEXT, TEXT("The farm"));
    r.g.orientation = 6;
    assert_int_equal(gathering_finish(&r.g, &e, &r.err), STATUS_OK);
    assert_int_equal(e.n_tags, 1);
    assert_int_equal(e.n_texts, 1);
    assert_int_equal(e.n_carriers, 1);
    assert_int_equal(e.orientation, 6);
    assert_text(e.own_caption, "The farm");
    assert_int_equal(e.own_caption_carrier, CARRIER_IPTC_TEXT);
    room_close(&r);
}

static void a_full_arena_is_told_at_the_end(void **state)
{
    (void)state;
    static char big[MAX_TEXT_BYTES];
    struct room r;
    struct evidence e = {0};
    memset(&r, 0, sizeof r);
    memset(big, 'x', sizeof big);
    arena_init(&r.arena, (size_t)64 * 1024);
    assert_int_equal(gathering_init(&r.g, &r.arena, &r.err), STATUS_OK);
    for (int i = 0; i < 8; i++) {
        gather_text(&r.g, CARRIER_COMMENT, (struct text){big, sizeof big});
    }
    assert_int_equal(gathering_finish(&r.g, &e, &r.err), STATUS_NOMEM);
    arena_release(&r.arena);
    arena_init(&r.arena, 16);
    err_clear(&r.err);
    assert_int_equal(gathering_init(&r.g, &r.arena, &r.err), STATUS_NOMEM);
    room_close(&r);
}

static void a_png_key_says_what_its_text_is(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    assert_int_equal(text_read(&r.g, CARRIER_PNG_TEXT, TEXT("Author"), TEXT("Press"), &r.err),
                     STATUS_OK);
    assert_int_equal(
        text_read(&r.g, CARRIER_PNG_TEXT, TEXT("description"), TEXT("At the farm"), &r.err),
        STATUS_OK);
    assert_int_equal(text_read(&r.g, CARRIER_PNG_TEXT, TEXT("Software"), TEXT("Paint"), &r.err),
                     STATUS_OK);
    assert_int_equal(text_read(&r.g, CARRIER_PNG_TEXT, TEXT("Pupil"), TEXT("Mia Osei"), &r.err),
                     STATUS_OK);
    assert_int_equal(text_read(&r.g, CARRIER_COMMENT, TEXT_NONE, TEXT("with Mia"), &r.err),
                     STATUS_OK);
    assert_text(r.g.creator, "Press");
    assert_text(r.g.caption, "At the farm");
    assert_int_equal(text_read(&r.g, CARRIER_PNG_TEXT, TEXT("Ana Li"), TEXT("2024-05-17"), &r.err),
                     STATUS_OK);
    assert_int_equal(r.g.n_texts, 7);
    assert_true(room_has_text(&r, CARRIER_PNG_TEXT, "Paint")); /* as good a place as any */
    assert_true(room_has_text(&r, CARRIER_PNG_TEXT, "Ana Li"));
    assert_true(room_has_text(&r, CARRIER_PNG_TEXT, "At the farm"));
    assert_true(room_has_text(&r, CARRIER_PNG_TEXT, "Mia Osei"));
    assert_true(room_has_text(&r, CARRIER_COMMENT, "with Mia"));
    assert_state(&r, CARRIER_PNG_TEXT, CARRIER_READ);
    assert_state(&r, CARRIER_COMMENT, CARRIER_READ);
    room_close(&r);
}

static void a_raw_profile_in_png_text_reaches_its_reader(void **state)
{
    (void)state;
    struct room r;
    room_open(&r);
    /* 2:25 "Mia Osei", its hexadecimal cut in the middle of a byte */
    assert_int_equal(text_read(&r.g, CARRIER_PNG_TEXT, TEXT("Raw profile type iptc"),
                               TEXT("\niptc\n      13\n1c021900084d696\n1204f736569\n"), &r.err),
                     STATUS_OK);
    assert_non_null(room_tag(&r, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, "Mia Osei"));
    assert_state(&r, CARRIER_PNG_TEXT, CARRIER_READ);
    room_close(&r);
}

static void a_raw_profile_that_lies_is_unparsable(void **state)
{
    (void)state;
    static const char *const LIES[] = {
        "",
        "\niptc\n",
        "\niptc\n 3\n1c02",
        "\niptc\n 2\n1c0",
        "\nexif\nx\n",
        "\niptc\n 2\n1c\x01"
        "02",
        "\niptc\n 99999999999999999999\n1c02",
    };
    for (size_t i = 0; i < sizeof LIES / sizeof LIES[0]; i++) {
        struct room r;
        room_open(&r);
        assert_int_equal(text_read(&r.g, CARRIER_PNG_TEXT, TEXT("Raw profile type exif"),
                                   text_of(LIES[i]), &r.err),
                         STATUS_OK);
        assert_state(&r, CARRIER_PNG_TEXT, CARRIER_UNPARSABLE);
        room_close(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_carrier_keeps_its_worse_state_and_adds_its_size),
        cmocka_unit_test(every_kind_of_carrier_has_a_place),
        cmocka_unit_test(a_tag_is_trimmed_and_only_a_region_may_be_nameless),
        cmocka_unit_test(what_is_over_a_cap_makes_its_carrier_unparsable),
        cmocka_unit_test(what_is_too_long_or_no_text_makes_its_carrier_unparsable),
        cmocka_unit_test(the_best_ranked_caption_wins_in_any_order),
        cmocka_unit_test(creators_of_one_carrier_are_joined),
        cmocka_unit_test(what_a_camera_writes_by_itself_is_no_text),
        cmocka_unit_test(boxes_turn_as_the_pixels_do),
        cmocka_unit_test(the_evidence_holds_what_was_gathered),
        cmocka_unit_test(a_full_arena_is_told_at_the_end),
        cmocka_unit_test(a_png_key_says_what_its_text_is),
        cmocka_unit_test(a_raw_profile_in_png_text_reaches_its_reader),
        cmocka_unit_test(a_raw_profile_that_lies_is_unparsable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
