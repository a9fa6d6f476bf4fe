/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libjpeg, strictly: every warning is an error, memory is bounded, and no failure unwinds through a
 * function that owns something.
 *
 *     struct jpeg_session *s = jpeg_session_new(err);
 *     st = jpeg_session_run(s, work, &job, err);
 *     jpeg_session_free(s);
 *
 * `work` may call libjpeg on s->in and s->out; what it makes lives in the job.
 *
 * A session reads (`in`), writes (`out`), or transcodes (both).
 */
#ifndef PHOTOGATE_IMAGE_JPEG_SESSION_H
#define PHOTOGATE_IMAGE_JPEG_SESSION_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "photogate/bytes.h"

enum { JPEG_SINK_BYTES = 32 * 1024 };

struct jpeg_session {
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    struct buffer *sink; /* borrowed */
    JOCTET block[JPEG_SINK_BYTES];
    jmp_buf escape;
    enum status failed;
    char message[JMSG_LENGTH_MAX];
};

struct jpeg_session *jpeg_session_new(struct err *err); /* owned; NULL: NOMEM */
void jpeg_session_free(struct jpeg_session *s);

/* Run `work`; a libjpeg error or warning inside ends it. Fails FORMAT, LIMIT, UNSUPPORTED, NOMEM
 * with libjpeg's message. */
enum status jpeg_session_run(struct jpeg_session *s, void (*work)(void *job), void *job,
                             struct err *err);

/* For use inside `work` only. */
void jpeg_session_open_in(struct jpeg_session *s, struct bytes file); /* up to jpeg_read_header */

/* Only for memory that is asked of `in` before its file is there. */
void jpeg_session_begin_in(struct jpeg_session *s);

/* After all scans were read: fails FORMAT for a progressive picture whose last scans are missing.
 * It would show blurred or blocky, smoothed by each viewer in its own way. */
void jpeg_session_check_complete(struct jpeg_session *s);
void jpeg_session_open_out(struct jpeg_session *s, struct buffer *sink);

/* The one name of component `i` that a release gives it: R, G, B, or 1, 2, 3. A name of its own
 * would be three bytes of anything. */
uint8_t jpeg_component_name(J_COLOR_SPACE space, int i);

_Noreturn void jpeg_session_fail(struct jpeg_session *s, enum status status, const char *message);

#endif
