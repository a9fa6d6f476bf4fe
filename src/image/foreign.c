/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/foreign.h"

#include "photogate/limits.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct foreign_format FORMATS[] = {
    {FILE_HEIF, heif_inventory, heif_picture, heif_prepare},
    {FILE_AVIF, heif_inventory, heif_picture, NULL},
    {FILE_WEBP, webp_inventory, webp_picture, NULL},
    {FILE_TIFF, tiff_inventory, tiff_picture, tiff_prepare},
    {FILE_GIF, gif_inventory, gif_picture, NULL},
};

const struct foreign_format *foreign_format(enum file_kind kind)
{
    for (size_t i = 0; i < COUNT(FORMATS); i++) {
        if (FORMATS[i].kind == kind) {
            return &FORMATS[i];
        }
    }
    return NULL;
}

enum status foreign_prepare(struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < COUNT(FORMATS) && st == STATUS_OK; i++) {
        st = FORMATS[i].prepare ? FORMATS[i].prepare(err) : STATUS_OK;
    }
    return st;
}

void foreign_note(struct gathering *g, const struct carrier_row *row, size_t size_bytes)
{
    if (row->handling == HANDLING_DROPPED) {
        gather_carrier(g, row->carrier, CARRIER_DROPPED, size_bytes, NULL);
    } else if (row->handling == HANDLING_HELD) {
        gather_carrier(g, row->carrier, CARRIER_NOT_READ, size_bytes, "of an unknown form");
    }
}

enum status foreign_text(struct gathering *g, enum carrier_id carrier, struct bytes text,
                         struct err *err)
{
    struct text t = {(const char *)text.at, text.n};
    if (t.n > MAX_TEXT_BYTES || !text_is_utf8(t)) {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, t.n,
                       t.n > MAX_TEXT_BYTES ? "longer than can be checked"
                                            : "its encoding is not known");
        return STATUS_OK;
    }
    return text_read(g, carrier, TEXT_NONE, t, err);
}
