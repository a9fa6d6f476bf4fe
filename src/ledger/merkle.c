/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Merkle tree of RFC 9162, section 2.1, over leaf hashes that lie one behind the other. */
#include "photogate/checkpoint.h"

#include <assert.h>
#include <string.h>

static enum status node(const struct digest *left, const struct digest *right, struct digest *out,
                        struct err *err)
{
    uint8_t both[1 + 2 * DIGEST_BYTES];
    both[0] = 0x01;
    memcpy(both + 1, left->b, DIGEST_BYTES);
    memcpy(both + 1 + DIGEST_BYTES, right->b, DIGEST_BYTES);
    return digest_of((struct bytes){both, sizeof both}, out, err);
}

/* The largest power of two below n, for n > 1. */
static size_t split(size_t n)
{
    size_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    return k;
}

/* As deep as the tree is high: 64 levels at most. */
static enum status root_of(const uint8_t *leaves, size_t n, struct digest *out, struct err *err)
{
    if (n == 1) {
        memcpy(out->b, leaves, DIGEST_BYTES);
        return STATUS_OK;
    }
    struct digest left, right;
    size_t k = split(n);
    enum status st = root_of(leaves, k, &left, err);
    st = st == STATUS_OK ? root_of(leaves + k * DIGEST_BYTES, n - k, &right, err) : st;
    return st == STATUS_OK ? node(&left, &right, out, err) : st;
}

enum status merkle_root(struct bytes leaves, struct digest *out, struct err *err)
{
    assert(leaves.n % DIGEST_BYTES == 0);
    return leaves.n ? root_of(leaves.at, leaves.n / DIGEST_BYTES, out, err)
                    : digest_of((struct bytes){NULL, 0}, out, err);
}

static enum status path_of(const uint8_t *leaves, size_t n, size_t index, struct buffer *out,
                           struct err *err)
{
    struct digest beside;
    if (n == 1) {
        return STATUS_OK;
    }
    size_t k = split(n);
    bool left = index < k;
    enum status st = left ? path_of(leaves, k, index, out, err)
                          : path_of(leaves + k * DIGEST_BYTES, n - k, index - k, out, err);
    if (st == STATUS_OK) {
        st = left ? root_of(leaves + k * DIGEST_BYTES, n - k, &beside, err)
                  : root_of(leaves, k, &beside, err);
    }
    if (st == STATUS_OK) {
        buffer_add(out, beside.b, sizeof beside.b);
        st = buffer_status(out, err);
    }
    return st;
}

enum status merkle_path(struct bytes leaves, size_t index, struct buffer *out, struct err *err)
{
    size_t n = leaves.n / DIGEST_BYTES;
    assert(leaves.n % DIGEST_BYTES == 0 && index < n);
    return path_of(leaves.at, n, index, out, err);
}

enum status merkle_path_holds(const struct digest *leaf, uint64_t index, uint64_t size,
                              struct bytes path, const struct digest *root, bool *holds,
                              struct err *err)
{
    uint64_t fn = index, sn = size - 1;
    struct digest r = *leaf;
    *holds = false;
    if (index >= size || path.n % DIGEST_BYTES != 0) {
        return STATUS_OK;
    }
    for (size_t at = 0; at < path.n; at += DIGEST_BYTES) {
        struct digest p;
        memcpy(p.b, path.at + at, DIGEST_BYTES);
        if (sn == 0) {
            return STATUS_OK; /* more hashes than levels */
        }
        bool from_right = (fn & 1) || fn == sn;
        enum status st = from_right ? node(&p, &r, &r, err) : node(&r, &p, &r, err);
        if (st != STATUS_OK) {
            return st;
        }
        while (from_right && !(fn & 1) && fn != 0) {
            fn >>= 1;
            sn >>= 1;
        }
        fn >>= 1;
        sn >>= 1;
    }
    *holds = sn == 0 && digest_equal(&r, root);
    return STATUS_OK;
}
