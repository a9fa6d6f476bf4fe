/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An arena: memory with one lifetime, released all at once.
 *
 * Two lifetimes use one: the run (policy, register snapshot, items: frozen after load) and the
 * photo (evidence, ruling: reset after commit). An arena has a ceiling; an allocation over it, or
 * without memory, returns NULL.
 */
#ifndef PHOTOGATE_ARENA_H
#define PHOTOGATE_ARENA_H

#include <stddef.h>

#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

struct arena_block;

struct arena {
    struct arena_block *first; /* owned chain, newest first */
    size_t used_bytes, max_bytes;
};

/* An empty arena that may hand out up to `max_bytes`. Pure. */
void arena_init(struct arena *a, size_t max_bytes);

/* Free everything; the arena is as after arena_init. Zeroed storage is accepted. Pure. */
void arena_release(struct arena *a);

/* Zeroed memory for `n` objects of `size` bytes, aligned for any type, valid until release; NULL
 * over the ceiling, on overflow, or without memory. n == 0 gives a valid pointer. Pure. */
void *arena_alloc(struct arena *a, size_t n, size_t size);

/* A copy of `t` with a NUL behind it (not counted in n). Returns false, with *out untouched,
 * without memory. Pure. */
bool arena_dup(struct arena *a, struct text t, struct text *out);

#ifdef __cplusplus
}
#endif
#endif
