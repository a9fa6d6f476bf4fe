/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_session.h"

#include <assert.h>
#include <stdlib.h>

#include <jerror.h>

#include "photogate/limits.h"

enum { ICC_MARKER = JPEG_APP0 + 2 };

/* libjpeg has one way to fail, many reasons. A photo is not to blame for the machine's memory. */
static enum status status_of(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return STATUS_NOMEM;
    case JERR_NO_BACKING_STORE:
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return STATUS_LIMIT;
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
        return STATUS_UNSUPPORTED;
    default:
        return STATUS_FORMAT;
    }
}

_Noreturn void jpeg_session_fail(struct jpeg_session *s, enum status status, const char *message)
{
    (void)snprintf(s->message, sizeof s->message, "%s", message);
    s->failed = status;
    longjmp(s->escape, 1);
}

static void on_error(j_common_ptr c)
{
    struct jpeg_session *s = c->client_data;
    if (c->err->msg_code == JERR_NO_BACKING_STORE) { /* libjpeg's words for it help nobody */
        jpeg_session_fail(s, STATUS_LIMIT, "the picture needs more memory than it may have");
    }
    s->failed = status_of(c->err->msg_code);
    if (s->failed == STATUS_FORMAT) {
        /* libjpeg's words ("18 extraneous bytes before marker 0xd9") name no remedy: it is one. */
        bool is_cut = c->err->msg_code == JWRN_JPEG_EOF || c->err->msg_code == JERR_INPUT_EOF;
        jpeg_session_fail(s, STATUS_FORMAT,
                          is_cut ? "the picture breaks off before its end"
                                 : "the picture data are damaged");
    }
    (*c->err->format_message)(c, s->message);
    longjmp(s->escape, 1);
}

static void on_message(j_common_ptr c, int level)
{
    if (level < 0) { /* a warning: libjpeg would repair and go on */
        on_error(c);
    }
}

static void on_output(j_common_ptr c)
{
    (void)c;
}

struct jpeg_session *jpeg_session_new(struct err *err)
{
    struct jpeg_session *s = calloc(1, sizeof *s);
    if (!s) {
        (void)err_set(err, STATUS_NOMEM, "no memory for a JPEG session");
        return NULL;
    }
    (void)jpeg_std_error(&s->errors);
    s->errors.error_exit = on_error;
    s->errors.emit_message = on_message;
    s->errors.output_message = on_output;
    s->in.err = s->out.err = &s->errors;
    s->in.client_data = s->out.client_data = s;
    return s;
}

void jpeg_session_free(struct jpeg_session *s)
{
    if (s) { /* both accept a struct that was never created */
        jpeg_destroy_compress(&s->out);
        jpeg_destroy_decompress(&s->in);
        free(s);
    }
}

/* The one setjmp for JPEG: no local here changes after it. */
enum status jpeg_session_run(struct jpeg_session *s, void (*work)(void *job), void *job,
                             struct err *err)
{
    if (setjmp(s->escape)) {
        assert(s->failed != STATUS_OK);
        return err_set(err, s->failed, "%s", s->message);
    }
    work(job);
    return STATUS_OK;
}

void jpeg_session_begin_in(struct jpeg_session *s)
{
    jpeg_create_decompress(&s->in);
    s->in.mem->max_memory_to_use = MAX_JPEG_MEMORY_BYTES;
}

void jpeg_session_open_in(struct jpeg_session *s, struct bytes file)
{
    if (!s->in.mem) {
        jpeg_session_begin_in(s);
    }
    jpeg_mem_src(&s->in, file.at, file.n);
    jpeg_save_markers(&s->in, ICC_MARKER, 0xFFFF); /* where a colour profile is */
    (void)jpeg_read_header(&s->in, TRUE);
}

/* coef_bits: -1 for a coefficient never sent, else the lowest bit not sent yet. */
void jpeg_session_check_complete(struct jpeg_session *s)
{
    for (int c = 0; s->in.progressive_mode && s->in.coef_bits && c < s->in.num_components; c++) {
        for (int k = 0; k < DCTSIZE2; k++) {
            int bits = s->in.coef_bits[c][k];
            if (bits > 0 || (bits < 0 && k == 0)) {
                jpeg_session_fail(s, STATUS_FORMAT, "the last scans of the picture are missing");
            }
        }
    }
}

static void sink_init(j_compress_ptr c)
{
    struct jpeg_session *s = c->client_data;
    s->destination.next_output_byte = s->block;
    s->destination.free_in_buffer = sizeof s->block;
}

static void sink_add(struct jpeg_session *s, size_t n)
{
    buffer_add(s->sink, s->block, n);
    if (s->sink->failed != STATUS_OK) {
        jpeg_session_fail(s, s->sink->failed, "the rebuilt picture is too large");
    }
}

/* libjpeg hands over the whole block, whatever free_in_buffer says at that moment. */
static boolean sink_full(j_compress_ptr c)
{
    struct jpeg_session *s = c->client_data;
    sink_add(s, sizeof s->block);
    sink_init(c);
    return TRUE;
}

static void sink_end(j_compress_ptr c)
{
    struct jpeg_session *s = c->client_data;
    sink_add(s, sizeof s->block - s->destination.free_in_buffer);
}

uint8_t jpeg_component_name(J_COLOR_SPACE space, int i)
{
    return (uint8_t)(space == JCS_RGB ? "RGB"[i] : i + 1);
}

void jpeg_session_open_out(struct jpeg_session *s, struct buffer *sink)
{
    jpeg_create_compress(&s->out);
    s->out.mem->max_memory_to_use = MAX_JPEG_MEMORY_BYTES;
    s->sink = sink;
    s->destination.init_destination = sink_init;
    s->destination.empty_output_buffer = sink_full;
    s->destination.term_destination = sink_end;
    s->out.dest = &s->destination;
}
