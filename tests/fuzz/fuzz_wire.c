/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a captured examiner could say. The first byte chooses the kind of message; one that is accepted is printed back byte for
 * byte, so that nothing in it was passed over. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static enum status read_back(unsigned kind, struct bytes message, struct arena *a,
                             struct buffer *out, struct err *err)
{
    struct evidence e = {.exam = EXAM_NOT_DONE};
    struct readiness r;
    struct proof p;
    struct err words = {.status = STATUS_BUG};
    enum status said = STATUS_BUG, st;
    switch (kind % 4) {
    case 0:
        st = wire_get_evidence(message, a, &e, err);
        if (st == STATUS_OK) {
            wire_put_evidence(out, &e);
        }
        return st;
    case 1:
        st = wire_get_readiness(message, a, &r, err);
        if (st == STATUS_OK) {
            wire_put_readiness(out, &r);
        }
        return st;
    case 2:
        st = wire_get_proof(message, &p, err);
        if (st == STATUS_OK) {
            wire_put_proof(out, &p);
        }
        return st;
    default:
        st = wire_get_failure(message, &said, &words, err);
        if (st == STATUS_OK) {
            FUZZ_CHECK(text_is_printable(text_of(words.text)), "words that cannot be printed");
            wire_put_failure(out, said, text_of(words.text));
        }
        return st;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer out;
    struct arena a;
    if (n == 0) {
        return 0;
    }
    struct bytes message = {at + 1, n - 1};
    arena_init(&a, FUZZ_MEMORY);
    buffer_init(&out, MAX_MESSAGE_BYTES);
    enum status st = read_back(at[0], message, &a, &out, &err);
    FUZZ_CHECK(fuzz_is_about_input(st), "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(st != STATUS_OK || bytes_equal(message, buffer_view(&out)), "another message");
    buffer_release(&out);
    arena_release(&a);
    return 0;
}
