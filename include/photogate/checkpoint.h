/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signed statement of what the ledger held at one moment, for keeping elsewhere.
 *
 * The chain shows that nothing inside the ledger was altered; that its end was cut off, or that all
 * of it was made anew, only something noted elsewhere can show. A checkpoint is that: the number of
 * entries, the root of the Merkle tree over them, and the chain's head, signed with the school's
 * Ed25519 key (checkpoint.key). Its form is C2SP tlog-checkpoint in a C2SP signed-note, so that
 * other programs can read it:
 *
 *     photogate-0123456789abcdef          origin: from the digest of the ledger's first entry
 *     86                                  entries
 *     rcmkZAhHbgW7X4vn...=                root, base64
 *     head 64 hex digits                  the chain's head after them
 *
 *     - photogate-0123456789abcdef ...    signature (with an em dash in front)
 *
 * The leaf of an entry is SHA-256(0x00 || canonical JSON of {body, kind, seq, time}), an inner node
 * SHA-256(0x01 || left || right) (RFC 9162, 2.1.1): so that one entry can be proved to be in the
 * tree by showing it and about log2(n) hashes, and nothing of the others (RFC 9162, 2.1.3).
 *
 * threads  each ledger its own; the merkle functions are pure
 */
#ifndef PHOTOGATE_CHECKPOINT_H
#define PHOTOGATE_CHECKPOINT_H

#include "photogate/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CHECKPOINT_NAME_BYTES 64  /* an origin and NUL */
#define CHECKPOINT_VKEY_BYTES 160 /* a verifier key and NUL */
#define CHECKPOINT_MAX_BYTES 4096u

/* Make checkpoint.key (32 random bytes, mode 0600) in the school's folder; an existing one is not
 * replaced. fails IO, LIBRARY */
enum status checkpoint_key_make(int folder, struct err *err);

/* The public half, as C2SP signed-note writes it: NAME+HASH+KEY. The ledger has its first entry.
 * fails    IO no key here, or open to others; FORMAT; LIBRARY */
enum status checkpoint_vkey(int folder, struct ledger *l, char out[CHECKPOINT_VKEY_BYTES],
                            struct err *err);

/* The same of a ledger about to be founded, whose first entry is not written: the key alone,
 * base64. The founding entry names it, so that another key cannot sign for this ledger. */
#define CHECKPOINT_PUBLIC_BYTES 48
enum status checkpoint_public(int folder, char out[CHECKPOINT_PUBLIC_BYTES], struct err *err);

/* Sign for all of the ledger as it is; the note is appended to `out`. The ledger should have been
 * verified. fails as checkpoint_vkey; BROKEN the key is not the one the ledger was founded with */
enum status checkpoint_sign(int folder, struct ledger *l, struct buffer *out, struct err *err);

/* What a checkpoint kept elsewhere says of this ledger. */
struct checkpoint_check {
    bool holds;
    int64_t size;        /* entries it is about */
    char trouble[200];   /* plain words when it does not hold */
};

/* Is the ledger still one that the checkpoint was signed for: the same school's, no shorter, and
 * the same in its first entries?
 *
 * vkey     the verifier key kept with the checkpoint; empty: the school's own, of checkpoint.key
 * fails    FORMAT the note is no checkpoint; IO; LIBRARY; NOMEM. That it does not hold is data
 */
enum status checkpoint_verify(int folder, struct ledger *l, struct text note, struct text vkey,
                              struct checkpoint_check *out, struct err *err);

/* The leaf hashes of the first `n` entries, 32 bytes each, appended to `out`.
 * fails    LIMIT fewer than n entries; IO, NOMEM, LIBRARY */
enum status ledger_leaves(struct ledger *l, int64_t n, struct buffer *out, struct err *err);

/* RFC 9162, 2.1.1: the root over leaf hashes (n a multiple of 32; none: SHA-256 of nothing). */
enum status merkle_root(struct bytes leaves, struct digest *out, struct err *err);

/* RFC 9162, 2.1.3.1: the hashes beside the way from leaf `index` up to the root, appended to `out`.
 */
enum status merkle_path(struct bytes leaves, size_t index, struct buffer *out, struct err *err);

/* RFC 9162, 2.1.3.2: does the path lead from `leaf`, number `index` of `size`, to `root`? */
enum status merkle_path_holds(const struct digest *leaf, uint64_t index, uint64_t size,
                              struct bytes path, const struct digest *root, bool *holds,
                              struct err *err);

#ifdef __cplusplus
}
#endif
#endif
