/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google Takeout's JSON beside a photo. */
#include "fuzz.h"
#include "image/companion_readers.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static enum status read_file(struct gathering *g, struct bytes file, struct err *err)
{
    return takeout_read(g, file, false, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    fuzz_reader(read_file, at, n);
    return 0;
}
