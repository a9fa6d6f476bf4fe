/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/intake.h"

static char folder[64];

static void put(const char *name, const char *content)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    (void)close(fd);
}

static int make_folder(void **state)
{
    (void)state;
    (void)strcpy(folder, "/tmp/photogate-intake-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const struct item *find(const struct intake *in, const char *name)
{
    for (size_t i = 0; i < in->n_items; i++) {
        if (text_equal(in->items[i].name, text_of(name))) {
            return &in->items[i];
        }
    }
    return NULL;
}

static void items_are_in_byte_order_and_classified(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    char sub[128];
    put("b.jpg", "x");
    put("B.png", "x");
    put("a.JPG", "x");
    put("Thumbs.db", "x");
    put("photos.csv", "filename\n");
    put("b.xmp", "x");
    put("b.jpg.xmp", "x");
    put("b.jpg.json", "{}");
    (void)snprintf(sub, sizeof sub, "%s/trip", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    put("trip/a.jpg", "x");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    for (size_t i = 1; i < in.n_items; i++) {
        assert_true(text_compare(in.items[i - 1].name, in.items[i].name) < 0);
    }
    assert_int_equal(in.n_candidates, 4);
    assert_int_equal(find(&in, "Thumbs.db")->class, ITEM_LITTER);
    assert_int_equal(find(&in, "photos.csv")->class, ITEM_MANIFEST);
    assert_true(text_equal(find(&in, "trip/a.jpg")->folder, TEXT("trip")));
    size_t beside[4];
    struct companions *c = NULL;
    assert_int_equal(companions_build(&in, &c, &err), STATUS_OK);
    assert_int_equal(companions_of(c, find(&in, "b.jpg"), beside, 4), 3);
    assert_int_equal(companions_of(c, find(&in, "trip/a.jpg"), beside, 4), 0);
    assert_false(companions_folder_unclear(c, TEXT_NONE));
    assert_false(companions_folder_unclear(c, TEXT("trip")));
    companions_free(c);
    intake_close(&in);
}

/* One tool composes the accent, another does not; one writes .XMP. */
static void a_sidecar_is_found_however_its_name_is_spelt(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct companions *c = NULL;
    size_t beside[4];
    put("caf\xC3\xA9.JPG", "x");
    put("cafe\xCC\x81.XMP", "x");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(companions_build(&in, &c, &err), STATUS_OK);
    assert_int_equal(companions_of(c, find(&in, "caf\xC3\xA9.JPG"), beside, 4), 1);
    assert_false(companions_folder_unclear(c, TEXT_NONE));
    companions_free(c);
    intake_close(&in);
}

/* It may be about any photo of its folder: a tool numbered it differently, or cut its name. */
static void a_sidecar_of_no_photo_makes_its_folder_unclear(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct companions *c = NULL;
    put("IMG(1).jpg", "x");
    put("IMG.jpg(1).xmp", "x");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(companions_build(&in, &c, &err), STATUS_OK);
    assert_true(companions_folder_unclear(c, TEXT_NONE));
    companions_free(c);
    intake_close(&in);
}

static enum companion_kind kind_beside(const struct intake *in, const struct companions *c,
                                       const char *photo, const char *companion)
{
    size_t beside[8];
    size_t n = companions_of(c, find(in, photo), beside, 8);
    for (size_t i = 0; i < n && i < 8; i++) {
        if (text_equal(in->items[beside[i]].name, text_of(companion))) {
            return companion_kind_of(&in->items[beside[i]], find(in, photo));
        }
    }
    return COMPANION_UNKNOWN;
}

static void picasa_speaks_of_its_folder_and_names_people_of_those_below(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct companions *c = NULL;
    char sub[128];
    put("a.jpg", "x");
    put(".picasa.ini", "");
    (void)snprintf(sub, sizeof sub, "%s/trip", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    put("trip/b.jpg", "x");
    put("trip/Picasa.ini", "");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(companions_build(&in, &c, &err), STATUS_OK);
    assert_int_equal(kind_beside(&in, c, "a.jpg", ".picasa.ini"), COMPANION_PICASA);
    assert_int_equal(kind_beside(&in, c, "trip/b.jpg", "trip/Picasa.ini"), COMPANION_PICASA);
    assert_int_equal(kind_beside(&in, c, "trip/b.jpg", ".picasa.ini"), COMPANION_PICASA_CONTACTS);
    assert_int_equal(kind_beside(&in, c, "a.jpg", "trip/Picasa.ini"), COMPANION_UNKNOWN);
    assert_false(companions_folder_unclear(c, TEXT_NONE));
    companions_free(c);
    intake_close(&in);
}

static void takeout_files_go_to_their_photos_and_lost_ones_hold_the_folder(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct companions *c = NULL;
    put("IMG_1.jpg", "x");
    put("IMG_1-edited.jpg", "x");
    put("IMG_1(1).jpg", "x");
    put("IMG_1.jpg.supplemental-me.json", "{}");
    put("IMG_1.jpg.supplemental-me(1).json", "{}");
    put("metadata.json", "{}");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(companions_build(&in, &c, &err), STATUS_OK);
    static const char PLAIN[] = "IMG_1.jpg.supplemental-me.json";
    static const char SECOND[] = "IMG_1.jpg.supplemental-me(1).json";
    assert_int_equal(kind_beside(&in, c, "IMG_1.jpg", PLAIN), COMPANION_TAKEOUT);
    assert_int_equal(kind_beside(&in, c, "IMG_1-edited.jpg", PLAIN), COMPANION_TAKEOUT);
    assert_int_equal(kind_beside(&in, c, "IMG_1(1).jpg", PLAIN), COMPANION_UNKNOWN);
    assert_int_equal(kind_beside(&in, c, "IMG_1(1).jpg", SECOND), COMPANION_TAKEOUT);
    assert_int_equal(kind_beside(&in, c, "IMG_1.jpg", SECOND), COMPANION_UNKNOWN);
    assert_int_equal(kind_beside(&in, c, "IMG_1.jpg", "metadata.json"), COMPANION_TAKEOUT_ALBUM);
    assert_false(companions_folder_unclear(c, TEXT_NONE));
    companions_free(c);
    intake_close(&in);
    put("IMG_7.jpg.json", "{}");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(companions_build(&in, &c, &err), STATUS_OK);
    assert_true(companions_folder_unclear(c, TEXT_NONE));
    companions_free(c);
    intake_close(&in);
}

static void a_flat_look_leaves_the_folders_within_out(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    char sub[128];
    put("a.jpg", "x");
    (void)snprintf(sub, sizeof sub, "%s/trip", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    put("trip/b.jpg", "x");
    assert_int_equal(intake_open_flat(folder, &in, &err), STATUS_OK);
    assert_int_equal(in.n_items, 1);
    intake_close(&in);
}

static void links_and_pipes_are_never_opened(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    char path[160], other[160];
    put("real.jpg", "x");
    (void)snprintf(path, sizeof path, "%s/link.jpg", folder);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    (void)snprintf(path, sizeof path, "%s/pipe.jpg", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    (void)snprintf(path, sizeof path, "%s/real.jpg", folder);
    (void)snprintf(other, sizeof other, "%s/second.jpg", folder);
    assert_int_equal(link(path, other), 0);
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(in.n_candidates, 4);
    for (size_t i = 0; i < in.n_items; i++) {
        int fd = -1;
        struct stat facts;
        assert_int_equal(in.items[i].class, ITEM_SPECIAL);
        err_clear(&err);
        assert_int_equal(intake_open_item(&in, &in.items[i], 100, &fd, &facts, &err),
                         STATUS_UNSUPPORTED);
        assert_int_equal(fd, -1);
    }
    intake_close(&in);
}

/* Listed as a folder, swapped for a link before the file in it is opened. */
static void a_folder_swapped_for_a_link_is_not_followed(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct stat facts;
    char sub[128], away[128];
    int fd = -1;
    (void)snprintf(sub, sizeof sub, "%s/trip", folder);
    (void)snprintf(away, sizeof away, "%s/away", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    put("trip/a.jpg", "x");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(rename(sub, away), 0);
    assert_int_equal(symlink("away", sub), 0);
    assert_int_equal(intake_open_item(&in, find(&in, "trip/a.jpg"), 100, &fd, &facts, &err),
                     STATUS_UNSUPPORTED);
    intake_close(&in);
}

static void names_equal_after_case_folding_clash(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    put("Stra\xC3\x9F"
        "e.jpg",
        "x");
    put("STRASSE.JPG", "y");
    put("other.jpg", "z");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_true(find(&in, "STRASSE.JPG")->name_clash);
    assert_false(find(&in, "other.jpg")->name_clash);
    intake_close(&in);
}

static void a_file_over_the_limit_is_not_opened(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct stat facts;
    int fd = -1;
    put("big.jpg", "0123456789");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(intake_open_item(&in, &in.items[0], 9, &fd, &facts, &err), STATUS_LIMIT);
    intake_close(&in);
}

static void a_changed_file_is_told_from_an_unchanged_one(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    struct stat before, after;
    int fd = -1;
    char path[160];
    put("a.jpg", "0123456789");
    assert_int_equal(intake_open(folder, &in, &err), STATUS_OK);
    assert_int_equal(intake_open_item(&in, &in.items[0], 99, &fd, &before, &err), STATUS_OK);
    assert_int_equal(fstat(fd, &after), 0);
    assert_true(intake_same_file(&before, &after));
    (void)snprintf(path, sizeof path, "%s/a.jpg", folder);
    assert_int_equal(truncate(path, 3), 0);
    assert_int_equal(fstat(fd, &after), 0);
    assert_false(intake_same_file(&before, &after));
    (void)close(fd);
    intake_close(&in);
}

static void a_missing_folder_is_told(void **state)
{
    (void)state;
    struct intake in;
    struct err err = {0};
    assert_int_equal(intake_open("/tmp/photogate-there-is-no-such-folder", &in, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "No such file"));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        CASE(items_are_in_byte_order_and_classified),
        CASE(a_sidecar_is_found_however_its_name_is_spelt),
        CASE(a_sidecar_of_no_photo_makes_its_folder_unclear),
        CASE(picasa_speaks_of_its_folder_and_names_people_of_those_below),
        CASE(takeout_files_go_to_their_photos_and_lost_ones_hold_the_folder),
        CASE(a_flat_look_leaves_the_folders_within_out),
        CASE(links_and_pipes_are_never_opened),
        CASE(a_folder_swapped_for_a_link_is_not_followed),
        CASE(names_equal_after_case_folding_clash),
        CASE(a_file_over_the_limit_is_not_opened),
        CASE(a_changed_file_is_told_from_an_unchanged_one),
        CASE(a_missing_folder_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
