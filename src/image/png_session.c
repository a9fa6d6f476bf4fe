/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/png_session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"

/* Chunks that are no part of the picture: libpng is not even asked to look at them. */
static const png_byte PASSED_OVER[] = "bKGD\0hIST\0pHYs\0sBIT\0sPLT\0tIME\0oFFs\0pCAL\0sCAL\0eXIf";
static const png_byte TEXTS[] = "tEXt\0zTXt\0iTXt";
enum { NAME_STRIDE = 5 };

/* PNG third edition, 11.3.2.3: "Gray color space not permitted on RGB PNG", or the reverse. */
static bool is_of_other_space(const char *message)
{
    return strstr(message, "iCCP") && strstr(message, "color space not permitted");
}

static void say(struct png_session *s, const char *message)
{
    /* libpng quotes the profile's name, which is anybody's text. */
    bool is_profile = strstr(message, "iCCP") != NULL;
    (void)snprintf(
        s->message, sizeof s->message, "%s",
        is_of_other_space(message) ? "a colour profile of grays on a picture in colours, "
                                     "or the reverse: viewers differ"
        : is_profile               ? "the colour profile is broken"
        : strstr(message, "unhandled critical chunk") ? "it has a part that no viewer knows"
        : strstr(message, "CRC error")                ? "the picture data are damaged"
                                                      : message);
    for (char *c = s->message; *c; c++) {
        if (*c < ' ' || *c > '~') {
            *c = '?';
        }
    }
}

_Noreturn void png_session_fail(struct png_session *s, enum status status, const char *message)
{
    say(s, message);
    s->failed = status;
    longjmp(s->escape, 1);
}

static enum status status_of(const char *message)
{
    if (strstr(message,
               "emory")) { /* libpng has no codes: "Out of memory", "insufficient memory" */
        return STATUS_NOMEM;
    }
    if (is_of_other_space(message)) {
        return STATUS_UNSUPPORTED;
    }
    return strstr(message, "chunk cache") || strstr(message, "user limit") ? STATUS_LIMIT
                                                                           : STATUS_FORMAT;
}

static void on_error(png_structp png, png_const_charp message)
{
    png_session_fail(png_get_error_ptr(png), status_of(message), message);
}

/* PNG third edition, 10.1: data behind the end of the zlib datastream. */
static void on_warning(png_structp png, png_const_charp message)
{
    struct png_session *s = png_get_error_ptr(png);
    if (strcmp(message, "IDAT: Extra compressed data") != 0) {
        png_session_fail(s, status_of(message), message);
    }
    s->has_surplus = true;
}

static void on_read(png_structp png, png_bytep to, size_t n)
{
    struct png_session *s = png_get_io_ptr(png);
    if (n > s->file.n) {
        png_error(png, "the file ends before the picture's end");
    }
    memcpy(to, s->file.at, n);
    s->file = bytes_slice(s->file, n, s->file.n);
}

static void on_write(png_structp png, png_bytep at, size_t n)
{
    struct png_session *s = png_get_io_ptr(png);
    buffer_add(s->sink, at, n);
    if (s->sink->failed != STATUS_OK) {
        png_session_fail(s, s->sink->failed, "the rebuilt picture is too large");
    }
}

static void on_flush(png_structp png)
{
    (void)png;
}

struct png_session *png_session_new(struct err *err)
{
    struct png_session *s = calloc(1, sizeof *s);
    if (!s) {
        (void)err_set(err, STATUS_NOMEM, "no memory for a PNG session");
    }
    return s;
}

void png_session_free(struct png_session *s)
{
    if (s) {
        if (s->in) {
            png_destroy_read_struct(&s->in, &s->in_info, NULL);
        }
        if (s->out) {
            png_destroy_write_struct(&s->out, &s->out_info);
        }
        free(s->whole);
        free(s->row);
        free(s);
    }
}

/* The one setjmp for PNG: no local here changes after it. */
enum status png_session_run(struct png_session *s, void (*work)(void *job), void *job,
                            struct err *err)
{
    if (setjmp(s->escape)) {
        assert(s->failed != STATUS_OK);
        return err_set(err, s->failed, "%s", s->message);
    }
    work(job);
    return STATUS_OK;
}

void png_session_open_in(struct png_session *s, struct bytes file, enum png_wants wants)
{
    s->in = png_create_read_struct(PNG_LIBPNG_VER_STRING, s, on_error, on_warning);
    s->in_info = s->in ? png_create_info_struct(s->in) : NULL;
    if (!s->in_info) {
        png_session_fail(s, STATUS_NOMEM, "no memory for a PNG reader");
    }
    s->file = file;
    png_set_read_fn(s->in, s, on_read);
    png_set_benign_errors(s->in, 1); /* as warnings, for on_warning to tell apart */
    png_set_user_limits(s->in, MAX_PNG_EDGE_PX, MAX_PNG_EDGE_PX);
    png_set_chunk_cache_max(s->in, MAX_PNG_CACHED_CHUNKS);
    png_set_chunk_malloc_max(s->in, MAX_PNG_CHUNK_BYTES);
    /* The profile that Hewlett-Packard gave out for sRGB in 1998 is in very many pictures; libpng
     * warns of it by its checksum. It is rebuilt like any other. */
    (void)png_set_option(s->in, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
    png_set_crc_action(s->in, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_keep_unknown_chunks(s->in, PNG_HANDLE_CHUNK_NEVER, PASSED_OVER,
                                (int)(sizeof PASSED_OVER / NAME_STRIDE));
    if (wants == PNG_WANTS_PICTURE) {
        png_set_keep_unknown_chunks(s->in, PNG_HANDLE_CHUNK_NEVER, TEXTS,
                                    (int)(sizeof TEXTS / NAME_STRIDE));
    }
    png_read_info(s->in, s->in_info);
}

void png_session_open_out(struct png_session *s, struct buffer *sink)
{
    s->out = png_create_write_struct(PNG_LIBPNG_VER_STRING, s, on_error, on_error);
    s->out_info = s->out ? png_create_info_struct(s->out) : NULL;
    if (!s->out_info) {
        png_session_fail(s, STATUS_NOMEM, "no memory for a PNG writer");
    }
    s->sink = sink;
    png_set_write_fn(s->out, s, on_write, on_flush);
    png_set_benign_errors(s->out, 0);
    png_set_user_limits(s->out, MAX_PNG_EDGE_PX, MAX_PNG_EDGE_PX);
}

static void read_whole(struct png_session *s, size_t row_bytes, uint32_t height)
{
    if (row_bytes > MAX_PNG_WHOLE_BYTES / height) {
        png_session_fail(s, STATUS_LIMIT, "a picture too large to be turned or de-interlaced");
    }
    int passes = png_set_interlace_handling(s->in);
    s->whole = malloc(row_bytes * height);
    if (!s->whole) {
        png_session_fail(s, STATUS_NOMEM, "no memory for the picture");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < height; y++) {
            png_read_row(s->in, s->whole + row_bytes * y, NULL);
        }
    }
}

void png_session_read_rows(struct png_session *s, bool whole, row_taker *take, void *job)
{
    size_t row_bytes = png_get_rowbytes(s->in, s->in_info);
    uint32_t height = png_get_image_height(s->in, s->in_info);
    if (whole || png_get_interlace_type(s->in, s->in_info) != PNG_INTERLACE_NONE) {
        read_whole(s, row_bytes, height);
    } else {
        s->row = malloc(row_bytes);
        if (!s->row) {
            png_session_fail(s, STATUS_NOMEM, "no memory for a row");
        }
    }
    for (uint32_t y = 0; y < height; y++) {
        uint8_t *row = s->whole ? s->whole + row_bytes * y : s->row;
        if (!s->whole) {
            png_read_row(s->in, row, NULL);
        }
        take(job, y, row);
    }
    png_read_end(s->in, s->in_info);
}
