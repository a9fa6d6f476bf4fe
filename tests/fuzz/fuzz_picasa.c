/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picasa's file in a photo's folder. */
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
    const struct sidecar ini = {.bytes = file, .kind = COMPANION_PICASA, .name = TEXT("a.jpg")};
    return picasa_read(g, &ini, 1, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    fuzz_reader(read_file, at, n);
    return 0;
}
