/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/digest.h"

#include <limits.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum status digest_of(struct bytes data, struct digest *out, struct err *err)
{
    unsigned n = DIGEST_BYTES;
    if (EVP_Digest(data.n ? data.at : (const uint8_t *)"", data.n, out->b, &n, EVP_sha256(),
                   NULL) != 1) {
        return err_set(err, STATUS_LIBRARY, "SHA-256 failed");
    }
    return STATUS_OK;
}

enum status digest_hmac(struct bytes key, struct bytes data, struct digest *out, struct err *err)
{
    unsigned n = DIGEST_BYTES;
    if (key.n == 0 || key.n > INT_MAX) {
        return err_set(err, STATUS_BUG, "HMAC without a key");
    }
    if (!HMAC(EVP_sha256(), key.at, (int)key.n, data.n ? data.at : (const uint8_t *)"", data.n,
              out->b, &n)) {
        return err_set(err, STATUS_LIBRARY, "HMAC-SHA-256 failed");
    }
    return STATUS_OK;
}

enum status digest_fold(struct digest *chain, struct bytes part, struct err *err)
{
    uint8_t frame[8];
    uint64_t length = part.n;
    for (int i = 7; i >= 0; i--) {
        frame[i] = (uint8_t)length;
        length >>= 8;
    }
    enum status st = STATUS_LIBRARY;
    struct digest next;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    if (md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1 &&
        EVP_DigestUpdate(md, chain->b, sizeof chain->b) == 1 &&
        EVP_DigestUpdate(md, frame, sizeof frame) == 1 &&
        (part.n == 0 || EVP_DigestUpdate(md, part.at, part.n) == 1) &&
        EVP_DigestFinal_ex(md, next.b, NULL) == 1) {
        *chain = next;
        st = STATUS_OK;
    }
    EVP_MD_CTX_free(md);
    return st == STATUS_OK ? st : err_set(err, st, "SHA-256 failed");
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->b, b->b, DIGEST_BYTES) == 0;
}

const char *digest_hex(const struct digest *d, char out[DIGEST_HEX_BYTES])
{
    static const char DIGITS[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = DIGITS[d->b[i] >> 4];
        out[2 * i + 1] = DIGITS[d->b[i] & 15];
    }
    out[2 * DIGEST_BYTES] = '\0';
    return out;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool digest_from_hex(struct text hex, struct digest *out)
{
    struct digest d;
    if (hex.n != (size_t)2 * DIGEST_BYTES) {
        return false;
    }
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = hex_value(hex.at[2 * i]), low = hex_value(hex.at[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        d.b[i] = (uint8_t)(high << 4 | low);
    }
    *out = d;
    return true;
}
