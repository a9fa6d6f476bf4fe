/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), by OpenSSL's libcrypto. */
#ifndef PHOTOGATE_DIGEST_H
#define PHOTOGATE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "photogate/bytes.h"
#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DIGEST_BYTES 32
#define DIGEST_HEX_BYTES 65 /* 64 hex digits and NUL */

struct digest {
    uint8_t b[DIGEST_BYTES];
};

/* Fails LIBRARY when libcrypto does. Pure. */
enum status digest_of(struct bytes data, struct digest *out, struct err *err);
enum status digest_hmac(struct bytes key, struct bytes data, struct digest *out, struct err *err);

/* A digest of parts, each framed by its length, so that ("ab","c") and ("a","bc") differ. `fold`
 * starts from and returns a chain: next = SHA-256(previous || 8-byte big-endian length || part).
 * Pure. */
enum status digest_fold(struct digest *chain, struct bytes part, struct err *err);

bool digest_equal(const struct digest *a, const struct digest *b);

/* 64 lower-case hex digits and NUL into `out`; returns `out`. Pure. */
const char *digest_hex(const struct digest *d, char out[DIGEST_HEX_BYTES]);
bool digest_from_hex(struct text hex, struct digest *out);

#ifdef __cplusplus
}
#endif
#endif
