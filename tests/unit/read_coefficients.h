/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libjpeg makes of a JPEG, for tests: strictly, and without a word of ours in between.
 * Included once by each test that needs it. */
#ifndef PHOTOGATE_TESTS_READ_COEFFICIENTS_H
#define PHOTOGATE_TESTS_READ_COEFFICIENTS_H

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "photogate/bytes.h"
#include "photogate/digest.h"

struct strict_reader {
    struct jpeg_decompress_struct in;
    struct jpeg_error_mgr errors;
    jmp_buf escape;
};

static void strict_error(j_common_ptr c)
{
    struct strict_reader *r = c->client_data;
    longjmp(r->escape, 1);
}

static void strict_message(j_common_ptr c, int level)
{
    if (level < 0) {
        strict_error(c);
    }
}

/* Size, colours, sampling, quantisation tables and every coefficient that is shown. */
static void strict_describe(struct strict_reader *r, struct buffer *out)
{
    jvirt_barray_ptr *blocks = jpeg_read_coefficients(&r->in);
    uint32_t shape[] = {r->in.image_width, r->in.image_height, (uint32_t)r->in.jpeg_color_space,
                        (uint32_t)r->in.num_components};
    buffer_add(out, shape, sizeof shape);
    for (int c = 0; c < r->in.num_components; c++) {
        const jpeg_component_info *info = &r->in.comp_info[c];
        uint32_t grid[] = {(uint32_t)info->h_samp_factor, (uint32_t)info->v_samp_factor,
                           info->width_in_blocks, info->height_in_blocks};
        buffer_add(out, grid, sizeof grid);
        buffer_add(out, info->quant_table->quantval, sizeof info->quant_table->quantval);
        for (JDIMENSION y = 0; y < info->height_in_blocks; y++) {
            JBLOCKARRAY row =
                (*r->in.mem->access_virt_barray)((j_common_ptr)&r->in, blocks[c], y, 1, FALSE);
            buffer_add(out, row[0], info->width_in_blocks * sizeof(JBLOCK));
        }
    }
    (void)jpeg_finish_decompress(&r->in);
}

/* The digest of all that; false when libjpeg has anything to say. */
static inline bool read_coefficients(struct bytes jpeg, struct digest *out)
{
    enum { MOST_BYTES = 64 * 1024 * 1024 };
    struct err err = {.status = STATUS_BUG};
    struct strict_reader *r = calloc(1, sizeof *r);
    struct buffer *told = calloc(1, sizeof *told);
    volatile bool is_good = false;
    assert(r && told);
    buffer_init(told, MOST_BYTES);
    r->in.err = jpeg_std_error(&r->errors);
    r->in.client_data = r;
    r->errors.error_exit = strict_error;
    r->errors.emit_message = strict_message;
    if (!setjmp(r->escape)) {
        jpeg_create_decompress(&r->in);
        jpeg_mem_src(&r->in, jpeg.at, jpeg.n);
        (void)jpeg_read_header(&r->in, TRUE);
        strict_describe(r, told);
        is_good = true;
    }
    jpeg_destroy_decompress(&r->in);
    if (is_good) {
        enum status st = buffer_status(told, &err);
        st = st == STATUS_OK ? digest_of(buffer_view(told), out, &err) : st;
        assert(st == STATUS_OK);
    }
    buffer_release(told);
    free(told);
    free(r);
    return is_good;
}

#endif
