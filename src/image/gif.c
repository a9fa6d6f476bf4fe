/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GIF: 87a and 89a (CompuServe, 1990). The blocks are walked here, the one picture is giflib's. */
#include <string.h>

#include <gif_lib.h>

#include "image/foreign.h"
#include "photogate/limits.h"

enum {
    HEADER_BYTES = 13,
    DESCRIPTOR_BYTES = 9,
    BLOCK_EXTENSION = 0x21,
    BLOCK_IMAGE = 0x2C,
    BLOCK_TRAILER = 0x3B,
    OPAQUE = 255
};

struct walk {
    struct bytes rest;
    uint32_t width_px, height_px; /* of the screen */
    struct gathering *g;
    size_t n_images, n_blocks;
};

static enum status cut_short(struct err *err)
{
    return err_set(err, STATUS_FORMAT, "the file is cut short");
}

/* 15: data sub-blocks, each behind its length, to one of length zero. `to` may be NULL. */
static enum status take_blocks(struct walk *w, struct buffer *to, struct err *err)
{
    for (;;) {
        size_t n = w->rest.n ? w->rest.at[0] : 0;
        if (w->rest.n == 0 || n > w->rest.n - 1) {
            return cut_short(err);
        }
        if (to) {
            buffer_add(to, w->rest.at + 1, n);
        }
        w->rest = bytes_slice(w->rest, 1 + n, w->rest.n);
        if (n == 0) {
            return STATUS_OK;
        }
    }
}

/* XMP specification part 3, 1.1.2: the packet stands as it is, and the 258 bytes of the "magic
 * trailer" behind it bring a reader of sub-blocks to their end. */
static enum status take_xmp(struct walk *w, struct err *err)
{
    enum { TRAILER = 257 };
    const uint8_t *end =
        w->rest.n ? memmem(w->rest.at, w->rest.n, "\x01\xFF\xFE\xFD\xFC", 5) : NULL;
    size_t n = end ? (size_t)(end - w->rest.at) : 0;
    if (!end || w->rest.n - n < TRAILER + 1) {
        return cut_short(err);
    }
    enum status st = xmp_read(w->g, CARRIER_XMP, bytes_slice(w->rest, 0, n), err);
    w->rest = bytes_slice(w->rest, n + TRAILER + 1, w->rest.n);
    return st;
}

/* 24, 25: free text. No encoding is declared; seven bits are meant. */
static enum status take_text(struct walk *w, enum carrier_id carrier, struct err *err)
{
    struct buffer b;
    buffer_init(&b, MAX_TEXT_BYTES);
    enum status st = take_blocks(w, &b, err);
    if (st != STATUS_OK) {
        goto out;
    }
    if (b.failed == STATUS_LIMIT) {
        gather_carrier(w->g, carrier, CARRIER_UNPARSABLE, b.n, "longer than can be checked");
    } else if (b.failed != STATUS_OK) {
        st = buffer_status(&b, err);
    } else {
        st = foreign_text(w->g, carrier, buffer_view(&b), err);
    }
out:
    buffer_release(&b);
    return st;
}

/* 23 to 26: what an extension is, its label says; an application's, the eleven bytes of its first
 * block. */
static enum status take_extension(struct walk *w, struct err *err)
{
    enum { APPLICATION = 0xFF, NAME_BYTES = 11 };
    unsigned label = w->rest.n ? w->rest.at[0] : 0;
    w->rest = bytes_slice(w->rest, 1, w->rest.n);
    bool has_name = label == APPLICATION && w->rest.n && w->rest.at[0] == NAME_BYTES;
    struct bytes name = bytes_slice(w->rest, 1, has_name ? NAME_BYTES : 0);
    const struct carrier_row *row = carrier_row_for(FILE_GIF, label, name);
    if (row->reader == READER_TEXT) {
        return take_text(w, row->carrier, err);
    }
    if (row->reader == READER_XMP) {
        w->rest = bytes_slice(w->rest, 1 + NAME_BYTES, w->rest.n);
        return take_xmp(w, err);
    }
    size_t before = w->rest.n;
    enum status st = take_blocks(w, NULL, err);
    if (st == STATUS_OK) {
        foreign_note(w->g, row, before - w->rest.n);
    }
    return st;
}

static uint32_t le16(struct bytes b, size_t at)
{
    return b.at[at] | (uint32_t)b.at[at + 1] << 8;
}

static size_t table_bytes(unsigned packed)
{
    return packed & 0x80 ? (size_t)3 << ((packed & 7) + 1) : 0;
}

/* 20 to 22: descriptor, colours, the code size, data. */
static enum status take_image(struct walk *w, struct err *err)
{
    if (w->rest.n < DESCRIPTOR_BYTES) {
        return cut_short(err);
    }
    size_t n = DESCRIPTOR_BYTES + table_bytes(w->rest.at[8]) + 1;
    if (n > w->rest.n) {
        return cut_short(err);
    }
    if (le16(w->rest, 0) + le16(w->rest, 4) > w->width_px ||
        le16(w->rest, 2) + le16(w->rest, 6) > w->height_px) {
        return err_set(err, STATUS_FORMAT, "a picture that reaches beyond its screen");
    }
    w->rest = bytes_slice(w->rest, n, w->rest.n);
    if (++w->n_images > 1) {
        foreign_note(w->g, carrier_row_for(FILE_GIF, PLACE_GIF_FURTHER_PICTURE, w->rest), 0);
        return err_set(err, STATUS_UNSUPPORTED, "an animation");
    }
    return take_blocks(w, NULL, err);
}

static enum status take_block(struct walk *w, bool *ended, struct err *err)
{
    if (w->rest.n == 0) {
        return cut_short(err);
    }
    unsigned kind = w->rest.at[0];
    w->rest = bytes_slice(w->rest, 1, w->rest.n);
    *ended = kind == BLOCK_TRAILER;
    if (kind == BLOCK_EXTENSION) {
        return take_extension(w, err);
    }
    if (kind == BLOCK_IMAGE) {
        return take_image(w, err);
    }
    return *ended ? STATUS_OK : err_set(err, STATUS_FORMAT, "a block of no known kind");
}

enum status gif_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                          struct err *err)
{
    size_t head = file.n >= HEADER_BYTES ? HEADER_BYTES + table_bytes(file.at[10]) : SIZE_MAX;
    bool ended = false;
    enum status st = STATUS_OK;
    if (head > file.n) {
        return cut_short(err);
    }
    facts->width_px = le16(file, 6);
    facts->height_px = le16(file, 8);
    struct walk w = {.rest = bytes_slice(file, head, file.n),
                     .width_px = facts->width_px,
                     .height_px = facts->height_px,
                     .g = g};
    while (st == STATUS_OK && !ended) {
        st = take_block(&w, &ended, err);
        if (st == STATUS_OK && ++w.n_blocks > MAX_SEGMENTS) {
            st = err_set(err, STATUS_LIMIT, "more than %u blocks", MAX_SEGMENTS);
        }
    }
    if (st == STATUS_OK && w.n_images == 0) {
        st = err_set(err, STATUS_FORMAT, "no picture is in it");
    }
    if (st == STATUS_OK) {
        gather_trailer(g, w.rest);
    }
    return st;
}

/* --- the picture --- */

static int on_read(GifFileType *gif, GifByteType *to, int n)
{
    struct bytes *rest = gif->UserData;
    size_t want = n > 0 ? (size_t)n : 0;
    want = want < rest->n ? want : rest->n;
    memcpy(to, rest->at, want);
    *rest = bytes_slice(*rest, want, rest->n);
    return (int)want;
}

/* The index that is see-through, or -1. */
static int transparent_index(GifFileType *gif)
{
    GraphicsControlBlock control;
    return DGifSavedExtensionToGCB(gif, 0, &control) == GIF_OK ? control.TransparentColor : -1;
}

/* The screen may be larger than the picture in it: what no pixel covers is see-through. */
static enum status paint(GifFileType *gif, struct raster *out, struct err *err)
{
    const SavedImage *image = &gif->SavedImages[0];
    const GifImageDesc *d = &image->ImageDesc;
    const ColorMapObject *map = d->ColorMap ? d->ColorMap : gif->SColorMap;
    int hidden = transparent_index(gif);
    if (!map || d->Left < 0 || d->Top < 0 || d->Width <= 0 || d->Height <= 0 ||
        d->Left + d->Width > gif->SWidth || d->Top + d->Height > gif->SHeight) {
        return err_set(err, STATUS_FORMAT, "a picture without colours, or beyond its screen");
    }
    memset(out->at, 0, raster_row_bytes(out) * out->height_px);
    const GifByteType *from = image->RasterBits;
    for (int y = 0; y < d->Height; y++) {
        uint8_t *to = raster_row(out, (uint32_t)(d->Top + y)) + (size_t)d->Left * RASTER_BGRA;
        for (int x = 0; x < d->Width; x++, from++, to += RASTER_BGRA) {
            if (*from == hidden) {
                continue;
            }
            if (*from >= map->ColorCount) {
                return err_set(err, STATUS_FORMAT, "a colour that is not in the table");
            }
            const GifColorType *c = &map->Colors[*from];
            const uint8_t pixel[] = {c->Blue, c->Green, c->Red, OPAQUE};
            memcpy(to, pixel, sizeof pixel);
        }
    }
    return STATUS_OK;
}

static enum status slurp(GifFileType *gif, struct raster *out, struct err *err)
{
    enum status st =
        raster_alloc(out, (uint32_t)gif->SWidth, (uint32_t)gif->SHeight, RASTER_BGRA, err);
    if (st != STATUS_OK) {
        return st;
    }
    /* gif_inventory has seen that there is one picture only: this is bounded. */
    if (DGifSlurp(gif) != GIF_OK || gif->ImageCount != 1) {
        return gif->Error == D_GIF_ERR_NOT_ENOUGH_MEM
                   ? err_set(err, STATUS_NOMEM, "no memory to decode a GIF")
                   : err_set(err, STATUS_FORMAT, "the picture's data are damaged or cut short");
    }
    return paint(gif, out, err);
}

enum status gif_picture(struct bytes file, struct raster *out, struct err *err)
{
    struct bytes rest = file;
    int code = 0;
    GifFileType *gif = DGifOpen(&rest, on_read, &code);
    if (!gif) {
        return code == D_GIF_ERR_NOT_ENOUGH_MEM
                   ? err_set(err, STATUS_NOMEM, "no memory to decode a GIF")
                   : err_set(err, STATUS_FORMAT, "the picture's header is damaged");
    }
    enum status st = slurp(gif, out, err);
    (void)DGifCloseFile(gif, &code);
    if (st == STATUS_OK) {
        out->is_lossless = true;
        raster_clear_hidden(out);
    } else {
        raster_release(out);
    }
    return st;
}
