/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole way of a photo through an examiner. What comes out stays inside the keep-list, carries nothing when it is examined,
 * and cleans to itself. */
#include "fuzz.h"
#include "image/jpeg_inventory.h"
#include "image/png_inventory.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static struct evidence examine(struct bytes file, struct arena *a)
{
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_NOT_DONE};
    enum status st = photo_examine(file, NULL, 0, NULL, a, &e, &err);
    FUZZ_CHECK(st == STATUS_OK, "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(e.exam != EXAM_NOT_DONE, "no finding");
    fuzz_check_evidence(&e);
    return e;
}

static void check_release(struct bytes release, const struct proof *proof)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer again;
    struct proof second;
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    buffer_init(&again, FUZZ_RELEASE_BYTES);
    FUZZ_CHECK(proof->same_picture == KNOWN_YES, "nothing proved");
    FUZZ_CHECK(release_check(release, &err) == STATUS_OK, "not a release: %s", err.text);
    struct evidence e = examine(release, &a);
    FUZZ_CHECK(e.exam == EXAM_DONE, "%s", exam_words(e.exam));
    FUZZ_CHECK(e.width_px == proof->width_px && e.height_px == proof->height_px, "another size");
    FUZZ_CHECK(e.n_tags == 0 && e.n_texts == 0 && e.own_caption.n == 0, "it says something");
    for (size_t i = 0; i < e.n_carriers; i++) {
        enum carrier_id id = e.carriers[i].id;
        FUZZ_CHECK(id == CARRIER_JFIF || id == CARRIER_ADOBE || id == CARRIER_ICC, "it carries %s",
                   carrier_words(id));
    }
    FUZZ_CHECK(photo_cleanse(release, NULL, &again, &second, &err) == STATUS_OK, "%s", err.text);
    FUZZ_CHECK(bytes_equal(release, buffer_view(&again)), "it does not clean to itself");
    buffer_release(&again);
    arena_release(&a);
}

/* The same with an area covered: what comes out has been proved to hold nothing there. */
static void check_covered(struct bytes file)
{
    static const struct box BOX = {201003, 333331, 250007, 400009};
    static const struct cover COVER = {&BOX, 1};
    struct err err = {.status = STATUS_BUG};
    struct buffer release;
    struct proof proof;
    buffer_init(&release, FUZZ_RELEASE_BYTES);
    enum status st = photo_cleanse_covered(file, NULL, &COVER, NULL, &release, &proof, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(st == STATUS_OK || release.n == 0, "a release of a failure");
    if (st == STATUS_OK) {
        FUZZ_CHECK(proof.n_covered == 1, "nothing covered");
        check_release(buffer_view(&release), &proof);
    }
    buffer_release(&release);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct bytes file = {at, n};
    struct err err = {.status = STATUS_BUG};
    struct buffer release;
    struct proof proof;
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    buffer_init(&release, FUZZ_RELEASE_BYTES);
    struct evidence e = examine(file, &a);
    if (e.exam != EXAM_DONE || (uint64_t)e.width_px * e.height_px <= FUZZ_PIXELS) {
        enum status st = photo_cleanse(file, NULL, &release, &proof, &err);
        FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
        FUZZ_CHECK(st == STATUS_OK || release.n == 0, "a release of a failure");
        if (st == STATUS_OK) {
            check_release(buffer_view(&release), &proof);
            check_covered(file);
        }
    }
    buffer_release(&release);
    arena_release(&a);
    return 0;
}
