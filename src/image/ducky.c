/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/ducky.h"

#include "image/charset.h"
#include "image/loose_text.h"

enum { BLOCK_END = 0, BLOCK_QUALITY = 1, HEAD_BYTES = 4, COUNT_BYTES = 4, MAX_BYTES = 0x10000 };

/* How many characters, then UTF-16, the higher byte first. */
static enum status read_text(struct gathering *g, struct bytes value, struct err *err)
{
    struct buffer utf8;
    struct bytes wide = bytes_slice(value, COUNT_BYTES, value.n);
    wide.n -= wide.n % 2;
    buffer_init(&utf8, (size_t)3 * MAX_BYTES);
    enum status st = charset_decode(CHARSET_UTF16_BE, wide, &utf8, err);
    if (st == STATUS_OK) {
        loose_text_gather(g, CARRIER_COMMENT, (struct text){(const char *)utf8.at, utf8.n});
    }
    buffer_release(&utf8);
    return st;
}

enum status ducky_read(struct gathering *g, struct bytes ducky, struct err *err)
{
    enum status st = STATUS_OK;
    bool is_sound = true;
    size_t n_all = ducky.n;
    while (ducky.n && st == STATUS_OK) {
        unsigned kind = ducky.n < 2 ? BLOCK_QUALITY : bytes_be16(ducky, 0);
        if (kind == BLOCK_END) {
            break;
        }
        size_t n = ducky.n < HEAD_BYTES ? ducky.n : bytes_be16(ducky, 2);
        is_sound = ducky.n >= HEAD_BYTES && n <= ducky.n - HEAD_BYTES;
        if (!is_sound) {
            break;
        }
        if (kind != BLOCK_QUALITY) {
            st = read_text(g, bytes_slice(ducky, HEAD_BYTES, n), err);
        }
        ducky = bytes_slice(ducky, HEAD_BYTES + n, ducky.n);
    }
    gather_carrier(g, CARRIER_COMMENT, is_sound ? CARRIER_READ : CARRIER_UNPARSABLE, n_all,
                   is_sound ? NULL : "a program's comment that cannot be read");
    return st;
}
