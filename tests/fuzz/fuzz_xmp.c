/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_prepare();
    return 0;
}

static enum status read_packet(struct gathering *g, struct bytes packet, struct err *err)
{
    return xmp_read(g, CARRIER_XMP, packet, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    fuzz_reader(read_packet, at, n);
    return 0;
}
