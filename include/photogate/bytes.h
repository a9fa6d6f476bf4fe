/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes: borrowed (`struct bytes`) and owned (`struct buffer`) are two types.
 *
 * A buffer is born with a ceiling. An append over it, or without memory, makes the buffer fail;
 * failure is sticky, later appends do nothing, and the caller tests once at the end with
 * `buffer_status`.
 */
#ifndef PHOTOGATE_BYTES_H
#define PHOTOGATE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "photogate/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bytes {
    const uint8_t *at; /* borrowed; NULL only when n is 0 */
    size_t n;
};

struct buffer {
    uint8_t *at; /* owned */
    size_t n, cap;
    size_t max;         /* ceiling in bytes, fixed by buffer_init */
    enum status failed; /* OK, NOMEM or LIMIT; the first failure stays */
};

/* An empty buffer that may grow to `max_bytes`. Nothing is allocated yet. Pure. */
void buffer_init(struct buffer *b, size_t max_bytes);

/* Free the contents; the buffer is empty, with the same ceiling, and its failure forgotten. Zeroed
 * storage is accepted. Pure. */
void buffer_release(struct buffer *b);

/* Empty the buffer but keep its memory. Clears a failure. Pure. */
void buffer_reset(struct buffer *b);

/* Append; on failure the buffer turns sticky-failed and keeps what it had. Pure. */
void buffer_add(struct buffer *b, const void *at, size_t n);
void buffer_add_byte(struct buffer *b, uint8_t byte);
void buffer_add_cstr(struct buffer *b, const char *s);
void buffer_format(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for `n` more bytes at the end, already counted in `b->n`; NULL after a failure. Pure. */
uint8_t *buffer_extend(struct buffer *b, size_t n);

/* Fails NOMEM or LIMIT if any append since the last reset did. Pure. */
enum status buffer_status(const struct buffer *b, struct err *err);

/* The contents, borrowed until the next append. Pure. */
struct bytes buffer_view(const struct buffer *b);

/* A part of `b`, clipped to what is there. Pure. */
struct bytes bytes_slice(struct bytes b, size_t from, size_t n);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_start_with(struct bytes b, const void *prefix, size_t n);

/* Read a big- or little-endian integer at `from`; the caller has checked that it is inside. Pure.
 */
uint16_t bytes_be16(struct bytes b, size_t from);
uint32_t bytes_be32(struct bytes b, size_t from);

#ifdef __cplusplus
}
#endif
#endif
