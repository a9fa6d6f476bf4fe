/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzz targets share. A target is a file with LLVMFuzzerTestOneInput: it reads the input as what its name says and checks
 * what must hold for any input at all. libFuzzer drives it (`make fuzz`), or replay_main.c with files (`make test`).
 *
 * A broken property aborts, as a crash does: the input that broke it becomes a file of cases/TARGET. */
#ifndef PHOTOGATE_TESTS_FUZZ_H
#define PHOTOGATE_TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/gathering.h"
#include "photogate/limits.h"
#include "photogate/photo.h"
#include "photogate/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define FUZZ_CHECK(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "property broken, %s:%d: ", __FILE__, __LINE__);                 \
            (void)fprintf(stderr, __VA_ARGS__);                                                    \
            (void)fputc('\n', stderr);                                                             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#define FUZZ_MEMORY ((size_t)64 * 1024 * 1024)
/* Enough for every structure, little enough for thousands of inputs a second. */
enum { FUZZ_PIXELS = 512 * 512, FUZZ_RELEASE_BYTES = 16 * 1024 * 1024 };

/* Statuses that say nothing about the input. */
static inline bool fuzz_is_about_input(enum status st)
{
    return st != STATUS_BUG && st != STATUS_IO && st != STATUS_BROKEN && st != STATUS_USAGE;
}

static inline void fuzz_prepare(void)
{
    struct err err = {.status = STATUS_BUG};
    FUZZ_CHECK(photo_prepare(&err) == STATUS_OK, "%s", err.text);
}

static inline struct text fuzz_text(struct bytes b)
{
    return (struct text){(const char *)b.at, b.n};
}

/* Evidence crosses the wire whole and unchanged: what the readers record is what the gate accepts. */
static inline void fuzz_check_evidence(const struct evidence *e)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer once, again;
    struct arena a;
    struct evidence got = {.exam = EXAM_NOT_DONE};
    buffer_init(&once, MAX_MESSAGE_BYTES);
    buffer_init(&again, MAX_MESSAGE_BYTES);
    arena_init(&a, FUZZ_MEMORY);
    wire_put_evidence(&once, e);
    FUZZ_CHECK(buffer_status(&once, &err) == STATUS_OK, "evidence too large: %s", err.text);
    FUZZ_CHECK(wire_get_evidence(buffer_view(&once), &a, &got, &err) == STATUS_OK,
               "evidence refused: %s", err.text);
    wire_put_evidence(&again, &got);
    FUZZ_CHECK(bytes_equal(buffer_view(&once), buffer_view(&again)), "evidence changed");
    arena_release(&a);
    buffer_release(&once);
    buffer_release(&again);
}

/* One metadata reader alone: it never fails for the input's sake, and what it records is evidence. */
static inline void fuzz_reader(enum status (*read)(struct gathering *, struct bytes, struct err *),
                               const uint8_t *at, size_t n)
{
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_DONE, .kind = FILE_JPEG};
    struct gathering g;
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    FUZZ_CHECK(gathering_init(&g, &a, &err) == STATUS_OK, "no gathering");
    enum status st = read(&g, (struct bytes){at, n}, &err);
    FUZZ_CHECK(st == STATUS_OK, "%s: %s", status_symbol(st), err.text);
    FUZZ_CHECK(g.n_carriers > 0, "nothing recorded");
    FUZZ_CHECK(g.nesting == 0, "a carrier never left");
    gathering_turn_boxes(&g, g.orientation);
    FUZZ_CHECK(gathering_finish(&g, &e, &err) == STATUS_OK, "%s", err.text);
    fuzz_check_evidence(&e);
    arena_release(&a);
}

#endif
