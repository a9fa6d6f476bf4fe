/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/foreign.h"

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
