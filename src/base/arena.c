/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used, size; /* of `space` */
    max_align_t space[];
};

enum { FIRST_BLOCK_BYTES = 4096, LARGEST_BLOCK_BYTES = 1 << 20 };

void arena_init(struct arena *a, size_t max_bytes)
{
    *a = (struct arena){.first = NULL, .used_bytes = 0, .max_bytes = max_bytes};
}

void arena_release(struct arena *a)
{
    if (!a) {
        return;
    }
    for (struct arena_block *b = a->first; b;) {
        struct arena_block *next = b->next;
        free(b);
        b = next;
    }
    arena_init(a, a->max_bytes);
}

static struct arena_block *block_new(struct arena *a, size_t at_least)
{
    size_t size = a->first ? a->first->size * 2 : FIRST_BLOCK_BYTES;
    if (size > LARGEST_BLOCK_BYTES) {
        size = LARGEST_BLOCK_BYTES;
    }
    if (size < at_least) {
        size = at_least;
    }
    struct arena_block *b = malloc(sizeof *b + size);
    if (b) {
        b->next = a->first;
        b->used = 0;
        b->size = size;
        a->first = b;
    }
    return b;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
    const size_t align = sizeof(max_align_t);
    if (size && n > (SIZE_MAX - align) / size) {
        return NULL;
    }
    size_t want = (n * size + align - 1) / align * align;
    if (want == 0) {
        want = align;
    }
    if (want > a->max_bytes - a->used_bytes) {
        return NULL;
    }
    struct arena_block *b = a->first;
    if (!b || want > b->size - b->used) {
        b = block_new(a, want);
        if (!b) {
            return NULL;
        }
    }
    void *out = (char *)b->space + b->used;
    b->used += want;
    a->used_bytes += want;
    memset(out, 0, want);
    return out;
}

bool arena_dup(struct arena *a, struct text t, struct text *out)
{
    if (t.n == SIZE_MAX) {
        return false;
    }
    char *copy = arena_alloc(a, t.n + 1, 1);
    if (!copy) {
        return false;
    }
    if (t.n) {
        memcpy(copy, t.at, t.n);
    }
    *out = (struct text){copy, t.n};
    return true;
}
