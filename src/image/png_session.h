/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libpng, strictly: every warning and every benign error but one is an error, sizes are bounded,
 * and no failure unwinds through a function that owns something. As jpeg_session.h.
 *
 * The one: bytes behind the end of the compressed picture. All rows and their checksum have come by
 * then, so that nothing is wrong with the picture; the bytes are not carried over. */
#ifndef PHOTOGATE_IMAGE_PNG_SESSION_H
#define PHOTOGATE_IMAGE_PNG_SESSION_H

#include <setjmp.h>

#include <png.h>

#include "photogate/bytes.h"

struct png_session {
    png_structp in, out;
    png_infop in_info, out_info;
    struct bytes file;   /* borrowed; what is still to be read */
    struct buffer *sink; /* borrowed */
    uint8_t *whole;      /* owned; a picture that must be held whole */
    uint8_t *row;        /* owned; one row of a picture that need not */
    bool has_surplus;    /* bytes behind the compressed picture */
    jmp_buf escape;
    enum status failed;
    char message[160];
};

struct png_session *png_session_new(struct err *err); /* owned; NULL: NOMEM */
void png_session_free(struct png_session *s);

/* Run `work`; a libpng error or warning inside ends it. Fails FORMAT, LIMIT,
 * UNSUPPORTED, NOMEM, LIBRARY. */
enum status png_session_run(struct png_session *s, void (*work)(void *job), void *job,
                            struct err *err);

/* For use inside `work` only. */
enum png_wants { PNG_WANTS_PICTURE, PNG_WANTS_TEXTS_TOO };
void png_session_open_in(struct png_session *s, struct bytes file,
                         enum png_wants wants); /* up to png_read_info */
void png_session_open_out(struct png_session *s, struct buffer *sink);
_Noreturn void png_session_fail(struct png_session *s, enum status status, const char *message);

/* Read every row, top to bottom, after the transforms were set and png_read_update_info called. An
 * interlaced picture, or one that is wanted `whole`, is read into s->whole first. `take` may change
 * the row. Ends with png_read_end. */
typedef void row_taker(void *job, uint32_t y, uint8_t *row);
void png_session_read_rows(struct png_session *s, bool whole, row_taker *take, void *job);

#endif
