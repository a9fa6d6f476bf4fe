/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target without libFuzzer: each file named on the command line is one input. */
#include "fuzz.h"

static bool replay(const char *path)
{
    struct buffer b;
    uint8_t block[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    buffer_init(&b, MAX_PHOTO_BYTES);
    while (f && (n = fread(block, 1, sizeof block, f)) > 0) {
        buffer_add(&b, block, n);
    }
    bool good = f && !ferror(f) && b.failed == STATUS_OK;
    if (f) {
        (void)fclose(f);
    }
    if (good) {
        /* Of exactly this size, so that a sanitizer sees a byte read behind it. */
        uint8_t *own = malloc(b.n ? b.n : 1);
        good = own != NULL;
        if (good) {
            memcpy(own, b.n ? b.at : block, b.n);
            (void)LLVMFuzzerTestOneInput(own, b.n);
        }
        free(own);
    } else {
        perror(path);
    }
    buffer_release(&b);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    (void)LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        good = replay(argv[i]) && good;
    }
    return good ? 0 : 1;
}
