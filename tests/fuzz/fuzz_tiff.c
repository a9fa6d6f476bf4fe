/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF: the metadata as we copy them out, whatever libtiff thinks of the file; then the picture. */
#include "fuzz_foreign.h"
#include "image/tiff_metadata.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static enum status read_metadata(struct gathering *g, struct bytes file, struct err *err)
{
    return tiff_metadata(file, 0, g, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct bytes file = {at, n};
    const struct foreign_format *f = fuzz_format(file, FILE_TIFF);
    if (f && (bytes_start_with(file, "II*\0", 4) || bytes_start_with(file, "MM\0*", 4))) {
        fuzz_reader(read_metadata, at, n);
    }
    if (f) {
        fuzz_foreign(f, file);
    }
    return 0;
}
