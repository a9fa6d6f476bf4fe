/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour profiles. What is rebuilt is neutral, and is rebuilt to itself. */
#include "fuzz.h"
#include "image/icc.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static void check_rebuilt(struct bytes profile, enum icc_space space)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer once, again;
    buffer_init(&once, MAX_ICC_BYTES);
    buffer_init(&again, MAX_ICC_BYTES);
    enum status st = icc_rebuild(profile, space, &once, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    if (st == STATUS_OK && once.n) {
        struct bytes neutral = buffer_view(&once);
        FUZZ_CHECK(icc_check(neutral, &err) == STATUS_OK, "not neutral: %s", err.text);
        FUZZ_CHECK(icc_rebuild(neutral, space, &again, &err) == STATUS_OK, "%s", err.text);
        FUZZ_CHECK(bytes_equal(neutral, buffer_view(&again)), "it is not rebuilt to itself");
    }
    buffer_release(&once);
    buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct bytes profile = {at, n};
    struct err err = {.status = STATUS_BUG};
    enum status st = icc_check(profile, &err);
    FUZZ_CHECK(st == STATUS_OK || st == STATUS_FORMAT, "%s: %s", status_symbol(st), err.text);
    check_rebuilt(profile, ICC_RGB);
    check_rebuilt(profile, ICC_GRAY);
    return 0;
}
