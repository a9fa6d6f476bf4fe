/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside a photo: Picasa's and Google Takeout's files, and whom they name. Nobody named
 * here exists. */
#include "metadata_room.h"

#include "gate/companion_names.h"
#include "image/companion_readers.h"
#include "image/xmp_regions.h"

static struct sidecar file_of(enum companion_kind kind, const char *name, const char *content)
{
    return (struct sidecar){
        .bytes = {(const uint8_t *)content, strlen(content)}, .kind = kind, .name = text_of(name)};
}

/* ---- Picasa ---------------------------------------------------------------------------------- */

static void read_picasa(struct room *r, const struct sidecar *files, size_t n)
{
    room_open(r);
    assert_int_equal(picasa_read(&r->g, files, n, &r->err), STATUS_OK);
}

static void read_ini(struct room *r, const char *ini)
{
    struct sidecar file = file_of(COMPANION_PICASA, "img_1.jpg", ini);
    file.siblings = (struct text){"img_0.jpg\0img_1.jpg\0", 20};
    read_picasa(r, &file, 1);
}

#define MIA "8e62398ebda8c1a5=Mia Osei;;\n"

static void faces_are_read_with_their_names_and_boxes(void **state)
{
    (void)state;
    struct room r;
    read_ini(&r, "[Picasa]\r\nname=Farm visit\r\n[Contacts2]\r\n" MIA
                 "b1=Kofi Mensah;kofi@example.org;\r\n[IMG_0.jpg]\r\n"
                 "faces=rect64(1),8e62398ebda8c1a5\r\n[IMG_1.jpg]\r\nbackuphash=1\r\n"
                 "faces=rect64(40004000c000c000),8e62398ebda8c1a5;rect64(33332667333),00b1;"
                 "rect64(8000800090009000),ffffffffffffffff;rect64(10001000200020),77\r\n"
                 "keywords=farm,Ana Li\r\ncaption=At the gate\r\ngeotag=54.25,1.75\r\n");
    assert_state(&r, CARRIER_PICASA, CARRIER_READ);
    const struct tag *mia = room_tag(&r, CARRIER_PICASA, TAG_REGION, "Mia Osei");
    const struct tag *kofi = room_tag(&r, CARRIER_PICASA, TAG_REGION, "Kofi Mensah");
    if (!mia || !mia->has_box || !kofi || !kofi->has_box) {
        fail_msg("a face without its box");
        return;
    }
    assert_in_range(mia->box.x_ppm, 249900, 250100);
    assert_in_range(mia->box.w_ppm, 499900, 500100);
    /* 0000 0333 3266 7333, its leading zeros left out */
    assert_int_equal(kofi->box.x_ppm, 0);
    assert_in_range(kofi->box.y_ppm, 12400, 12600);
    size_t n_unnamed = 0;
    for (size_t i = 0; i < r.g.n_tags; i++) {
        n_unnamed += r.g.tags[i].kind == TAG_REGION && r.g.tags[i].name.n == 0;
    }
    assert_int_equal(n_unnamed, 2); /* nobody, and a number that no file knows */
    assert_non_null(room_tag(&r, CARRIER_PICASA, TAG_KEYWORD, "Ana Li"));
    assert_true(room_has_text(&r, CARRIER_PICASA, "At the gate"));
    assert_true(room_has_text(&r, CARRIER_PICASA, "Farm visit"));
    assert_int_equal(r.g.n_facts, 1);
    room_close(&r);
}

static void names_may_stand_in_a_folder_above(void **state)
{
    (void)state;
    struct room r;
    const struct sidecar files[] = {
        file_of(COMPANION_PICASA, "img_1.jpg",
                "[img_1.JPG]\nfaces=rect64(40004000c000c000),8e62398ebda8c1a5\n"),
        file_of(COMPANION_PICASA_CONTACTS, "img_1.jpg",
                "[Contacts]\n" MIA
                "[img_1.jpg]\nfaces=rect64(1000100020002000),8e62398ebda8c1a5\n"),
    };
    read_picasa(&r, files, 2);
    assert_int_equal(r.g.n_tags, 1); /* the faces of another folder's photo are not this one's */
    assert_non_null(room_tag(&r, CARRIER_PICASA, TAG_REGION, "Mia Osei"));
    room_close(&r);
}

/* Renamed outside Picasa, a photo leaves its section behind. */
static void faces_of_a_photo_that_is_not_here_hold_those_without_a_section(void **state)
{
    (void)state;
    struct room r;
    static const char SIBLINGS[] = "img_1.jpg\0img_2.jpg\0caf\u00E9.jpg\0";
    static const struct {
        const char *ini;
        enum carrier_state state;
    } CASES[] = {
        {"[img_2.jpg]\nfaces=rect64(40004000c000c000),a1\n", CARRIER_READ},
        {"[CAFE\u0301.JPG]\nfaces=rect64(40004000c000c000),a1\n", CARRIER_READ},
        {"[img_9.jpg]\nbackuphash=7\n", CARRIER_READ},
        {"[img_9.jpg]\nfaces=rect64(40004000c000c000),a1\n[img_1.jpg]\nstar=yes\n", CARRIER_READ},
        {"[img_9.jpg]\nfaces=rect64(40004000c000c000),a1\n", CARRIER_UNPARSABLE},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct sidecar file = file_of(COMPANION_PICASA, "img_1.jpg", CASES[i].ini);
        file.siblings = (struct text){SIBLINGS, sizeof SIBLINGS - 1};
        read_picasa(&r, &file, 1);
        assert_state(&r, CARRIER_PICASA, CASES[i].state);
        assert_int_equal(r.g.n_tags, 0);
        room_close(&r);
    }
}

static void a_photo_that_picasa_turned_has_no_boxes(void **state)
{
    (void)state;
    struct room r;
    read_ini(&r, "[Contacts2]\n" MIA "[img_1.jpg]\n"
                 "faces=rect64(40004000c000c000),8e62398ebda8c1a5\nrotate=rotate(1)\n");
    const struct tag *mia = room_tag(&r, CARRIER_PICASA, TAG_REGION, "Mia Osei");
    assert_true(mia && !mia->has_box);
    room_close(&r);
}

static void what_picasa_cannot_mean_is_held_and_its_names_kept(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        "[Contacts2]\n" MIA "[img_1.jpg]\nfaces=rect64(4000c000c0004000),8e62398ebda8c1a5\n",
        "[Contacts2]\n" MIA "[img_1.jpg]\nfaces=rect64(40004000c000c000c),8e62398ebda8c1a5\n",
        "[Contacts2]\n" MIA "[img_1.jpg]\nfaces=rect64(x),8e62398ebda8c1a5\n",
        "[Contacts2]\n" MIA "[img_1.jpg]\nfaces=rect64(),8e62398ebda8c1a5\n",
        "[Contacts2]\n" MIA "[img_1.jpg]\nfaces=,8e62398ebda8c1a5\n",
        "[Contacts2]\n" MIA "8e62398ebda8c1a5=Ana Li;;\n"
        "[img_1.jpg]\nfaces=rect64(40004000c000c000),8e62398ebda8c1a5\n",
    };
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        struct room r;
        read_ini(&r, BROKEN[i]);
        assert_state(&r, CARRIER_PICASA, CARRIER_UNPARSABLE);
        assert_int_equal(r.g.n_tags, 1);
        room_close(&r);
    }
    static const char *const NONSENSE[] = {"Mia Osei was here\n", "[img_1.jpg\nx\n",
                                           "[img_1.jpg]\nfaces=rect64(40004000c000c000),Mia\n"};
    for (size_t i = 0; i < sizeof NONSENSE / sizeof NONSENSE[0]; i++) {
        struct room r;
        read_ini(&r, NONSENSE[i]);
        assert_state(&r, CARRIER_PICASA, CARRIER_UNPARSABLE);
        room_close(&r);
    }
}

static void old_files_in_another_code_page_are_read(void **state)
{
    (void)state;
    struct room r;
    read_ini(&r, "[Contacts]\na1=Zo\xEB Osei;;\n[img_1.jpg]\nfaces=rect64(40004000c000c000),a1\n");
    assert_non_null(room_tag(&r, CARRIER_PICASA, TAG_REGION, "Zo\u00EB Osei"));
    room_close(&r);
    struct sidecar wide = {.bytes = {(const uint8_t *)"[\0i\0m\0", 6},
                           .kind = COMPANION_PICASA,
                           .name = TEXT("img_1.jpg")};
    read_picasa(&r, &wide, 1);
    assert_state(&r, CARRIER_PICASA, CARRIER_UNPARSABLE);
    room_close(&r);
}

/* Ten thousand faces, a name of one mebibyte. */
static void too_much_of_picasa_is_held(void **state)
{
    (void)state;
    struct room r;
    struct buffer b;
    buffer_init(&b, 4u * 1024 * 1024);
    buffer_add_cstr(&b, "[img_1.jpg]\nfaces=");
    for (int i = 0; i < 10000; i++) {
        buffer_add_cstr(&b, "rect64(40004000c000c000),ffffffffffffffff;");
    }
    buffer_add_byte(&b, 0);
    read_ini(&r, (const char *)b.at);
    assert_state(&r, CARRIER_PICASA, CARRIER_UNPARSABLE);
    room_close(&r);
    buffer_reset(&b);
    buffer_add_cstr(&b, "[Contacts2]\na1=");
    for (int i = 0; i < 1024 * 1024; i++) {
        buffer_add_byte(&b, 'x');
    }
    buffer_add_cstr(&b, ";;\n[img_1.jpg]\nfaces=rect64(40004000c000c000),a1\n");
    buffer_add_byte(&b, 0);
    read_ini(&r, (const char *)b.at);
    assert_state(&r, CARRIER_PICASA, CARRIER_UNPARSABLE);
    room_close(&r);
    buffer_release(&b);
}

/* ---- Takeout --------------------------------------------------------------------------------- */

static void read_json(struct room *r, const char *json)
{
    struct bytes own = exact(json, strlen(json));
    room_open(r);
    assert_int_equal(takeout_read(&r->g, own, false, &r->err), STATUS_OK);
    exact_free(own);
}

static void people_texts_and_place_of_a_takeout_are_read(void **state)
{
    (void)state;
    struct room r;
    read_json(&r, "{\"title\": \"IMG_1.jpg\", \"description\": \"Kofi at the gate\", "
                  "\"imageViews\": \"3\", \"url\": \"https://photos.google.com/photo/x\", "
                  "\"photoTakenTime\": {\"timestamp\": \"1\", \"formatted\": \"1 Jan 2026\"}, "
                  "\"geoData\": {\"latitude\": 54.25, \"longitude\": 1.75}, "
                  "\"people\": [{\"name\": \"Mia Osei\"}, {}], "
                  "\"sharedAlbumComments\": [{\"text\": \"Lovely, Ana\"}]}");
    assert_state(&r, CARRIER_TAKEOUT, CARRIER_READ);
    assert_non_null(room_tag(&r, CARRIER_TAKEOUT, TAG_PERSON, "Mia Osei"));
    assert_non_null(room_tag(&r, CARRIER_TAKEOUT, TAG_REGION, ""));
    assert_true(room_has_text(&r, CARRIER_TAKEOUT, "Kofi at the gate"));
    assert_true(room_has_text(&r, CARRIER_TAKEOUT, "Lovely, Ana"));
    assert_int_equal(r.g.n_facts, 2);
    assert_int_equal(r.g.n_texts, 3); /* the title too; not the address of a page */
    room_close(&r);
}

static void what_is_no_takeout_is_held(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"people\": []}",
        "{\"title\": \"a\", \"title\": \"b\"}",
        "{\"title\": \"a\", \"people\": {\"name\": \"Mia\"}}",
        "{\"title\": \"a\", \"people\": [\"Mia\"]}",
        "{\"title\": \"a\", \"people\": [{\"name\": 7}]}",
        "{\"title\": \"a\", \"people\": [{\"name\": \"Mia\\u0000Osei\"}]}",
        "{\"title\": \"a\"} x",
        "{\"title\": \"\xE9\"}",
        "{\"title\": \"a\", \"geoData\": {\"latitude\": 1e999}}"};
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        struct room r;
        read_json(&r, BROKEN[i]);
        assert_state(&r, CARRIER_TAKEOUT, CARRIER_UNPARSABLE);
        room_close(&r);
    }
}

static char *repeated(const char *before, const char *part, size_t times, const char *after)
{
    struct buffer b;
    buffer_init(&b, 4u * 1024 * 1024);
    buffer_add_cstr(&b, before);
    for (size_t i = 0; i < times; i++) {
        buffer_add_cstr(&b, part);
    }
    buffer_add_cstr(&b, after);
    buffer_add_byte(&b, 0);
    assert_int_equal(b.failed, STATUS_OK);
    char *s = strdup((const char *)b.at);
    buffer_release(&b);
    assert_non_null(s);
    return s;
}

static void json_bombs_are_held(void **state)
{
    (void)state;
    char *const bombs[] = {
        repeated("{\"title\": \"a\", \"x\": ", "[", 100000, ""),
        repeated("{\"title\": \"a\", \"x\": ", "{\"y\":", 100000, ""),
        repeated("{\"title\": \"a\", \"people\": [", "{\"name\": \"Mia\"},", 10000,
                 "{\"name\": \"Mia\"}]}"),
        repeated("{\"title\": \"a\", \"people\": [{\"name\": \"", "x", 1024 * 1024 - 100, "\"}]}"),
        repeated("{\"title\": \"a\", \"x\": [", "\"text\",", 10000, "\"text\"]}"),
        repeated("{\"title\": \"a\"", " ", 2 * 1024 * 1024, "}"),
    };
    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        struct room r;
        read_json(&r, bombs[i]);
        assert_state(&r, CARRIER_TAKEOUT, CARRIER_UNPARSABLE);
        room_close(&r);
        free(bombs[i]);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

#define FORTY "0123456789012345678901234567890123456789"

static void a_takeout_file_is_found_under_every_name_that_takeout_gives_it(void **state)
{
    (void)state;
    static const struct {
        const char *json, *photo;
        bool fits;
    } CASES[] = {
        {"img_1.jpg", "img_1.jpg", true},
        {"img_1.jpg.supplemental-metadata", "img_1.jpg", true},
        {"img_1.jpg.supplemental-me", "img_1.jpg", true},
        {"img_1.jpg.s", "img_1.jpg", true},
        {"img_1.jpg.", "img_1.jpg", true},
        {"img_1", "img_1.jpg", true},
        {"img_1.jpg", "img_1-edited.jpg", true},
        {"img_1.jpg.supplemental-metadata", "img_1-edited.jpg", true},
        {"img_1.jpg(1)", "img_1(1).jpg", true},
        {"img_1.jpg.supplemental-metadata(1)", "img_1(1).jpg", true},
        {"img_1.jpg.suppl(1)", "img_1(1).jpg", true},
        {"img_1.jpg(1)", "img_1-edited(1).jpg", true},
        {"img_1(1).jpg", "img_1(1).jpg", true},
        {FORTY "abcdef", FORTY "abcdefg.jpg", true},       /* the name itself cut, its end lost */
        {FORTY "abcdef(2)", FORTY "abcdefg(2).jpg", true}, /* likewise, numbered */
        {FORTY "ab.jp", FORTY "ab.jpg", true},
        {FORTY "a.jpg.", FORTY "a.jpg", true},
        {"img_1.jpg", "img_1(1).jpg", false},
        {"img_1.jpg(1)", "img_1.jpg", false},
        {"img_1.jpg(1)", "img_1(2).jpg", false},
        {"img_10.jpg", "img_1.jpg", false},
        {"img_1.jpg.other", "img_1.jpg", false},
        {"img_1.jp", "img_1.jpg", false},
        {"img_1.png", "img_1.jpg", false},
        {"package", "img_1.jpg", false},
        {"", "img_1.jpg", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct text json = text_of(CASES[i].json), photo = text_of(CASES[i].photo);
        if (takeout_may_mean(json, photo) != CASES[i].fits) {
            fail_msg("%s.json and %s", CASES[i].json, CASES[i].photo);
        }
        /* what may mean it is found where it is looked for */
        assert_true(!CASES[i].fits || text_starts_with(json, takeout_common_start(photo)));
    }
    assert_true(takeout_is_of_album(TEXT("metadata")));
    assert_false(takeout_is_of_album(TEXT("img_1.jpg")));
}

/* ---- boxes ----------------------------------------------------------------------------------- */

static void the_same_box(struct room *r, uint32_t orientation, struct box expected)
{
    gathering_turn_boxes(&r->g, orientation);
    assert_int_equal(r->g.n_tags, 3);
    for (size_t i = 0; i < r->g.n_tags; i++) {
        const struct box *b = &r->g.tags[i].box;
        assert_true(r->g.tags[i].has_box);
        assert_in_range(b->x_ppm + 20, expected.x_ppm, expected.x_ppm + 40);
        assert_in_range(b->y_ppm + 20, expected.y_ppm, expected.y_ppm + 40);
        assert_in_range(b->w_ppm + 20, expected.w_ppm, expected.w_ppm + 40);
        assert_in_range(b->h_ppm + 20, expected.h_ppm, expected.h_ppm + 40);
    }
}

/* Three programs mark one face in the stored picture: MWG by its middle, Microsoft by its corner,
 * Picasa in 65,535ths. Left 0.1, top 0.2, width 0.3, height 0.4; and where that stands upright. */
static void every_carriers_box_stands_upright_in_the_same_place(void **state)
{
    (void)state;
    static const struct box UPRIGHT[9] = {
        [1] = {100000, 200000, 300000, 400000}, [2] = {600000, 200000, 300000, 400000},
        [3] = {600000, 400000, 300000, 400000}, [4] = {100000, 400000, 300000, 400000},
        [5] = {200000, 100000, 400000, 300000}, [6] = {400000, 100000, 400000, 300000},
        [7] = {400000, 600000, 400000, 300000}, [8] = {200000, 600000, 400000, 300000},
    };
    static const char XMP[] =
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/"
        "22-rdf-syntax-ns#'><rdf:Description rdf:about='' xmlns:rs='" XMP_NS_MWG
        "' xmlns:a='" XMP_NS_AREA "' xmlns:MP='" XMP_NS_MP "' xmlns:MPRI='" XMP_NS_MPRI
        "' xmlns:MPReg='" XMP_NS_MPREG "'><rs:Regions rdf:parseType='Resource'><rs:RegionList>"
        "<rdf:Bag><rdf:li rdf:parseType='Resource'><rs:Name>Mia</rs:Name><rs:Area a:x='0.25' "
        "a:y='0.4' a:w='0.3' a:h='0.4'/></rdf:li></rdf:Bag></rs:RegionList></rs:Regions>"
        "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag><rdf:li "
        "MPReg:PersonDisplayName='Mia' MPReg:Rectangle='0.1, 0.2, 0.3, 0.4'/></rdf:Bag>"
        "</MPRI:Regions></MP:RegionInfo></rdf:Description></rdf:RDF></x:xmpmeta>";
    /* 0.1, 0.2, 0.4, 0.6 of 65,535 are 199a, 3333, 6666, 9999 */
    struct sidecar ini = file_of(COMPANION_PICASA, "img_1.jpg",
                                 "[Contacts2]\na1=Mia;;\n[img_1.jpg]\n"
                                 "faces=rect64(199a333366669999),a1\n");
    for (uint32_t orientation = 1; orientation <= 8; orientation++) {
        struct room r;
        room_open(&r);
        struct bytes xmp = exact(XMP, sizeof XMP - 1);
        assert_int_equal(xmp_read(&r.g, CARRIER_XMP, xmp, &r.err), STATUS_OK);
        assert_int_equal(picasa_read(&r.g, &ini, 1, &r.err), STATUS_OK);
        the_same_box(&r, orientation, UPRIGHT[orientation]);
        exact_free(xmp);
        room_close(&r);
    }
}

static int prepare(void **state)
{
    struct err err = {.text = ""};
    (void)state;
    return metadata_prepare(&err) == STATUS_OK && companion_readers_prepare(&err) == STATUS_OK ? 0
                                                                                               : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faces_are_read_with_their_names_and_boxes),
        cmocka_unit_test(names_may_stand_in_a_folder_above),
        cmocka_unit_test(faces_of_a_photo_that_is_not_here_hold_those_without_a_section),
        cmocka_unit_test(a_photo_that_picasa_turned_has_no_boxes),
        cmocka_unit_test(what_picasa_cannot_mean_is_held_and_its_names_kept),
        cmocka_unit_test(old_files_in_another_code_page_are_read),
        cmocka_unit_test(too_much_of_picasa_is_held),
        cmocka_unit_test(people_texts_and_place_of_a_takeout_are_read),
        cmocka_unit_test(what_is_no_takeout_is_held),
        cmocka_unit_test(json_bombs_are_held),
        cmocka_unit_test(a_takeout_file_is_found_under_every_name_that_takeout_gives_it),
        cmocka_unit_test(every_carriers_box_stands_upright_in_the_same_place),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
