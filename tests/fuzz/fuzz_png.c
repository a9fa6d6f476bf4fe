/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PNG that is read at all is written anew as the same pixels, in the form a release has. */
#include "fuzz.h"
#include "image/png_inventory.h"
#include "image/png_picture.h"
#include "image/reduce.h"

enum { SMALL_PX = 64 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static void check_rebuilt(struct bytes file)
{
    struct err err = {.status = STATUS_BUG};
    struct png_facts meant, found;
    struct buffer release;
    buffer_init(&release, FUZZ_RELEASE_BYTES);
    enum status st = png_rebuild(file, turn_for(1), &release, &meant, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    if (st == STATUS_OK) {
        struct bytes out = buffer_view(&release);
        FUZZ_CHECK(release_check(out, &err) == STATUS_OK, "not a release: %s", err.text);
        FUZZ_CHECK(png_facts_of(out, &found, &err) == STATUS_OK, "damaged: %s", err.text);
        FUZZ_CHECK(digest_equal(&meant.pixels, &found.pixels), "another picture");
    }
    buffer_release(&release);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct bytes file = {at, n};
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_DONE, .kind = FILE_PNG};
    struct png_header header;
    struct gathering g;
    struct pixels p = {.at = NULL};
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    FUZZ_CHECK(gathering_init(&g, &a, &err) == STATUS_OK, "no gathering");
    enum status st = png_inventory(file, &g, &header, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    if (st == STATUS_OK && (uint64_t)header.width_px * header.height_px <= FUZZ_PIXELS) {
        st = png_decode(file, SMALL_PX, &g, &p, &err);
        FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
        check_rebuilt(file);
    }
    FUZZ_CHECK(gathering_finish(&g, &e, NULL) == STATUS_OK, "no evidence");
    fuzz_check_evidence(&e);
    pixels_release(&p);
    arena_release(&a);
    return 0;
}
