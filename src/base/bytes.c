/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void buffer_init(struct buffer *b, size_t max_bytes)
{
    *b = (struct buffer){.at = NULL, .n = 0, .cap = 0, .max = max_bytes, .failed = STATUS_OK};
}

void buffer_release(struct buffer *b)
{
    if (b) {
        free(b->at);
        buffer_init(b, b->max);
    }
}

void buffer_reset(struct buffer *b)
{
    b->n = 0;
    b->failed = STATUS_OK;
}

uint8_t *buffer_extend(struct buffer *b, size_t n)
{
    if (b->failed != STATUS_OK) {
        return NULL;
    }
    if (n > b->max - b->n) {
        b->failed = STATUS_LIMIT;
        return NULL;
    }
    if (n > b->cap - b->n || !b->at) {
        size_t want = b->n + n;
        size_t cap = b->cap ? b->cap : FIRST_CAPACITY;
        while (cap < want) {
            cap = cap > b->max / 2 ? want : cap * 2;
        }
        uint8_t *at = realloc(b->at, cap);
        if (!at) {
            b->failed = STATUS_NOMEM;
            return NULL;
        }
        b->at = at;
        b->cap = cap;
    }
    uint8_t *room = b->at + b->n;
    b->n += n;
    return room;
}

void buffer_add(struct buffer *b, const void *at, size_t n)
{
    uint8_t *room = buffer_extend(b, n);
    if (room && n) {
        memcpy(room, at, n);
    }
}

void buffer_add_byte(struct buffer *b, uint8_t byte)
{
    buffer_add(b, &byte, 1);
}

void buffer_add_cstr(struct buffer *b, const char *s)
{
    buffer_add(b, s, strlen(s));
}

void buffer_format(struct buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = b->failed == STATUS_OK ? STATUS_LIMIT : b->failed;
    } else {
        /* vsnprintf writes a NUL behind the text: make room for it, then give that byte back. */
        uint8_t *room = buffer_extend(b, (size_t)n + 1);
        if (room) {
            (void)vsnprintf((char *)room, (size_t)n + 1, format, again);
            b->n--;
        }
    }
    va_end(again);
}

enum status buffer_status(const struct buffer *b, struct err *err)
{
    if (b->failed == STATUS_OK) {
        return STATUS_OK;
    }
    return err_set(err, b->failed, "%s (ceiling %zu bytes)", status_words(b->failed), b->max);
}

struct bytes buffer_view(const struct buffer *b)
{
    return (struct bytes){b->at, b->n};
}

struct bytes bytes_slice(struct bytes b, size_t from, size_t n)
{
    if (from >= b.n) {
        return (struct bytes){NULL, 0};
    }
    size_t left = b.n - from;
    return (struct bytes){b.at + from, n < left ? n : left};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

bool bytes_start_with(struct bytes b, const void *prefix, size_t n)
{
    return b.n >= n && (n == 0 || memcmp(b.at, prefix, n) == 0);
}

uint16_t bytes_be16(struct bytes b, size_t from)
{
    return (uint16_t)((unsigned)b.at[from] << 8 | b.at[from + 1]);
}

uint32_t bytes_be32(struct bytes b, size_t from)
{
    return (uint32_t)bytes_be16(b, from) << 16 | bytes_be16(b, from + 2);
}
