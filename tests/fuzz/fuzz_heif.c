/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HEIC, HEIF and AVIF: our walk over the boxes first, then libheif with its decoders. */
#include "fuzz_foreign.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct bytes file = {at, n};
    const struct foreign_format *f = fuzz_format(file, FILE_HEIF);
    f = f ? f : fuzz_format(file, FILE_AVIF);
    if (f) {
        fuzz_foreign(f, file);
    }
    return 0;
}
