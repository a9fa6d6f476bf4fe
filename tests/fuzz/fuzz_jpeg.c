/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JPEG reader of ours, held against libjpeg: what is carried over, libjpeg reads without a word and as the same picture. */
#include "fuzz.h"
#include "image/jpeg_inventory.h"
#include "image/jpeg_picture.h"
#include "../unit/read_coefficients.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static bool is_small(struct bytes file)
{
    struct jpeg_walk w;
    jpeg_walk_init(&w, file);
    while (!w.ended) {
        struct jpeg_segment s;
        struct jpeg_frame f;
        if (jpeg_walk_next(&w, &s, NULL) != STATUS_OK) {
            return false;
        }
        if (jpeg_marker_is_frame(s.marker) && (jpeg_frame_parse(&s, &f, NULL) != STATUS_OK ||
                                               f.width_px * f.height_px > FUZZ_PIXELS)) {
            return false;
        }
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct bytes file = {at, n};
    struct err err = {.status = STATUS_BUG};
    struct jpeg_facts facts;
    struct digest before, after;
    struct buffer release;
    bool carried = false;
    if (!is_small(file)) {
        return 0;
    }
    buffer_init(&release, FUZZ_RELEASE_BYTES);
    enum status st = jpeg_carry(file, &release, &facts, &carried, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    if (st == STATUS_OK && carried) {
        struct bytes out = buffer_view(&release);
        FUZZ_CHECK(release_check(out, &err) == STATUS_OK, "not a release: %s", err.text);
        FUZZ_CHECK(read_coefficients(file, &before), "carried, though damaged");
        FUZZ_CHECK(read_coefficients(out, &after), "a damaged release");
        FUZZ_CHECK(digest_equal(&before, &after), "another picture");
    }
    buffer_release(&release);
    return 0;
}
