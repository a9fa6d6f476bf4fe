/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF: one page, decoded by libtiff from memory. */
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "image/foreign.h"
#include "image/tiff_metadata.h"
#include "photogate/limits.h"

enum { INKS = 4, BITS = 8, OPAQUE = 255, MAX_TABLE_BYTES = 256 * 1024 * 1024 };

struct tiff {
    TIFF *handle; /* owned */
    struct bytes file;
    size_t at;
    bool is_damaged, is_unsupported;
};

/* --- libtiff's view of memory --- */

static tmsize_t on_read(thandle_t client, void *to, tmsize_t n)
{
    struct tiff *t = client;
    struct bytes part = bytes_slice(t->file, t->at, n > 0 ? (size_t)n : 0);
    if (part.n) {
        memcpy(to, part.at, part.n);
    }
    t->at += part.n;
    return (tmsize_t)part.n;
}

static tmsize_t on_write(thandle_t client, void *from, tmsize_t n)
{
    (void)client;
    (void)from;
    (void)n;
    return 0;
}

static toff_t on_seek(thandle_t client, toff_t offset, int whence)
{
    struct tiff *t = client;
    toff_t from = whence == SEEK_CUR ? t->at : whence == SEEK_END ? t->file.n : 0;
    toff_t to = from + offset;
    t->at = to < t->file.n ? (size_t)to : t->file.n;
    return to;
}

static int on_close(thandle_t client)
{
    (void)client;
    return 0;
}

static toff_t on_size(thandle_t client)
{
    const struct tiff *t = client;
    return t->file.n;
}

static int on_error(TIFF *handle, void *client, const char *module, const char *format,
                    va_list args)
{
    struct tiff *t = client;
    (void)handle, (void)module, (void)args;
    t->is_unsupported = t->is_unsupported || strstr(format, "not configured") ||
                        strstr(format, "not supported") || strstr(format, "not implemented");
    t->is_damaged = true;
    return 1;
}

/* A warning of the directory's reader is about a tag it does not know or a count that is off: very
 * many programs write such. One of a decoder is about pixels. */
static int on_warning(TIFF *handle, void *client, const char *module, const char *format,
                      va_list args)
{
    struct tiff *t = client;
    (void)handle, (void)format, (void)args;
    t->is_damaged = t->is_damaged || !module || strncmp(module, "TIFF", 4) != 0;
    return 1;
}

static enum status tiff_failed(const struct tiff *t, struct err *err)
{
    return t->is_unsupported
               ? err_set(err, STATUS_UNSUPPORTED, "a TIFF of a form that is not supported")
               : err_set(err, STATUS_FORMAT, "the picture's data are damaged or cut short");
}

static enum status tiff_open(struct tiff *t, struct bytes file, struct err *err)
{
    *t = (struct tiff){.file = file};
    if (bytes_start_with(file, "II+\0", 4) || bytes_start_with(file, "MM\0+", 4)) {
        return err_set(err, STATUS_UNSUPPORTED, "a TIFF for more than 4 GB");
    }
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) {
        return err_set(err, STATUS_NOMEM, "no memory to read a TIFF");
    }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, MAX_TABLE_BYTES);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, t);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, t);
    /* 'm': the file is in memory already. */
    t->handle = TIFFClientOpenExt("photo", "rm", t, on_read, on_write, on_seek, on_close, on_size,
                                  NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return t->handle && !t->is_damaged ? STATUS_OK : tiff_failed(t, err);
}

static void tiff_close(struct tiff *t)
{
    if (t->handle) {
        TIFFClose(t->handle);
    }
}

/* --- what it carries --- */

static void note_place(struct gathering *g, unsigned place)
{
    foreign_note(g, carrier_row_for(FILE_TIFF, place, (struct bytes){NULL, 0}), 0);
}

/* How far the strips or tiles of a directory reach. */
static uint64_t end_of_pixels(TIFF *handle)
{
    uint32_t n = TIFFIsTiled(handle) ? TIFFNumberOfTiles(handle) : TIFFNumberOfStrips(handle);
    uint64_t end = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t here = TIFFGetStrileOffset(handle, i) + TIFFGetStrileByteCount(handle, i);
        end = here > end ? here : end;
    }
    return end;
}

/* A second directory may hold the same picture small; anything else is another page. */
static enum status check_pages(struct tiff *t, struct gathering *g, uint64_t *end, struct err *err)
{
    uint32_t type = 0;
    *end = end_of_pixels(t->handle);
    if (TIFFLastDirectory(t->handle)) {
        return STATUS_OK;
    }
    if (!TIFFReadDirectory(t->handle)) {
        return tiff_failed(t, err);
    }
    uint64_t second = end_of_pixels(t->handle);
    *end = second > *end ? second : *end;
    (void)TIFFGetFieldDefaulted(t->handle, TIFFTAG_SUBFILETYPE, &type);
    if (!(type & FILETYPE_REDUCEDIMAGE) || !TIFFLastDirectory(t->handle)) {
        note_place(g, PLACE_TIFF_FURTHER_PAGE);
        return err_set(err, STATUS_UNSUPPORTED, "several pages");
    }
    note_place(g, PLACE_TIFF_SECOND_PICTURE);
    return STATUS_OK;
}

enum status tiff_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                           struct err *err)
{
    struct tiff t;
    uint64_t end = 0;
    enum status st = tiff_open(&t, file, err);
    if (st == STATUS_OK) {
        (void)TIFFGetField(t.handle, TIFFTAG_IMAGEWIDTH, &facts->width_px);
        (void)TIFFGetField(t.handle, TIFFTAG_IMAGELENGTH, &facts->height_px);
        st = check_pages(&t, g, &end, err);
    }
    tiff_close(&t);
    return st == STATUS_OK ? tiff_metadata(file, end, g, err) : st;
}

/* --- the picture --- */

struct form {
    uint32_t width, height;
    uint16_t photometric, compression, bits, samples, planes, inks;
};

static struct form form_of(TIFF *handle)
{
    struct form f = {.photometric = PHOTOMETRIC_RGB};
    (void)TIFFGetField(handle, TIFFTAG_IMAGEWIDTH, &f.width);
    (void)TIFFGetField(handle, TIFFTAG_IMAGELENGTH, &f.height);
    (void)TIFFGetField(handle, TIFFTAG_PHOTOMETRIC, &f.photometric);
    (void)TIFFGetFieldDefaulted(handle, TIFFTAG_COMPRESSION, &f.compression);
    (void)TIFFGetFieldDefaulted(handle, TIFFTAG_BITSPERSAMPLE, &f.bits);
    (void)TIFFGetFieldDefaulted(handle, TIFFTAG_SAMPLESPERPIXEL, &f.samples);
    (void)TIFFGetFieldDefaulted(handle, TIFFTAG_PLANARCONFIG, &f.planes);
    (void)TIFFGetFieldDefaulted(handle, TIFFTAG_INKSET, &f.inks);
    return f;
}

static struct bytes profile_of(TIFF *handle)
{
    uint32_t n = 0;
    void *at = NULL;
    bool given = TIFFGetField(handle, TIFFTAG_ICCPROFILE, &n, &at) != 0;
    return given ? (struct bytes){at, n} : (struct bytes){NULL, 0};
}

static bool loses_nothing(uint16_t compression)
{
    return compression != COMPRESSION_JPEG && compression != COMPRESSION_OJPEG &&
           compression != COMPRESSION_WEBP && compression != COMPRESSION_LERC &&
           compression != COMPRESSION_JP2000;
}

/* In place, from what libtiff packs into 32 bits, alpha multiplied in: laid on white, as gray when
 * it is. */
static void unpack(struct raster *r, bool is_gray)
{
    size_t n = (size_t)r->width_px * r->height_px;
    const uint8_t *from = r->at;
    uint8_t *to = r->at;
    for (size_t i = 0; i < n; i++, from += sizeof(uint32_t)) {
        uint32_t pixel;
        memcpy(&pixel, from, sizeof pixel);
        uint32_t white = OPAQUE - TIFFGetA(pixel);
        const uint32_t bgr[] = {TIFFGetB(pixel), TIFFGetG(pixel), TIFFGetR(pixel)};
        for (size_t c = is_gray ? 2 : 0; c < RASTER_BGR; c++) {
            uint32_t v = bgr[c] + white;
            *to++ = (uint8_t)(v < OPAQUE ? v : OPAQUE);
        }
    }
    r->channels = is_gray ? RASTER_GRAY : RASTER_BGR;
}

static enum status read_packed(struct tiff *t, const struct form *f, struct raster *out,
                               struct err *err)
{
    char why[1024];
    if (!TIFFRGBAImageOK(t->handle, why)) {
        return err_set(err, STATUS_UNSUPPORTED, "a TIFF of unusual colours");
    }
    enum status st = raster_alloc(out, f->width, f->height, RASTER_BGRA, err);
    if (st != STATUS_OK) {
        return st;
    }
    /* As stored: turning is ours, for libtiff does a part of it. */
    (void)TIFFSetField(t->handle, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    void *pixels = out->at; /* malloc's, aligned for anything */
    if (!TIFFReadRGBAImageOriented(t->handle, f->width, f->height, pixels, ORIENTATION_TOPLEFT,
                                   1) ||
        t->is_damaged) {
        return tiff_failed(t, err);
    }
    unpack(out,
           f->photometric == PHOTOMETRIC_MINISBLACK || f->photometric == PHOTOMETRIC_MINISWHITE);
    return raster_take_profile(out, profile_of(t->handle), err);
}

static enum status read_rows_of_inks(struct tiff *t, const struct ink_converter *c,
                                     struct raster *out, struct err *err)
{
    tmsize_t n = TIFFScanlineSize(t->handle);
    if (n != (tmsize_t)out->width_px * INKS) {
        return err_set(err, STATUS_FORMAT, "rows of a wrong length");
    }
    uint8_t *row = malloc((size_t)n);
    if (!row) {
        return err_set(err, STATUS_NOMEM, "no memory for a row");
    }
    enum status st = STATUS_OK;
    for (uint32_t y = 0; y < out->height_px && st == STATUS_OK; y++) {
        if (TIFFReadScanline(t->handle, row, y, 0) != 1 || t->is_damaged) {
            st = tiff_failed(t, err);
        } else {
            ink_convert(c, row, out->width_px, raster_row(out, y));
        }
    }
    free(row);
    return st;
}

/* TIFF 6.0, section 16: 0 is no ink. */
static enum status read_inks(struct tiff *t, const struct form *f, struct raster *out,
                             struct err *err)
{
    struct ink_converter *converter = NULL;
    if (f->bits != BITS || f->samples != INKS || f->planes != PLANARCONFIG_CONTIG ||
        f->inks != INKSET_CMYK || TIFFIsTiled(t->handle)) {
        return err_set(err, STATUS_UNSUPPORTED, "a TIFF for printing, of an unusual form");
    }
    enum status st = raster_alloc(out, f->width, f->height, RASTER_BGR, err);
    if (st == STATUS_OK) {
        st = ink_converter_new(profile_of(t->handle), false, &converter, err);
    }
    if (st == STATUS_OK) {
        st = read_rows_of_inks(t, converter, out, err);
    }
    ink_converter_free(converter);
    return st;
}

enum status tiff_picture(struct bytes file, struct raster *out, struct err *err)
{
    struct tiff t;
    enum status st = tiff_open(&t, file, err);
    if (st == STATUS_OK) {
        struct form f = form_of(t.handle);
        st = f.photometric == PHOTOMETRIC_SEPARATED ? read_inks(&t, &f, out, err)
                                                    : read_packed(&t, &f, out, err);
        out->is_lossless = loses_nothing(f.compression);
    }
    tiff_close(&t);
    if (st != STATUS_OK) {
        raster_release(out);
    }
    return st;
}

/* libtiff sorts its table of tags at each opening, and the C library's sort asks, the first time,
 * how much memory the machine has: one pixel makes it do so now. */
enum status tiff_prepare(struct err *err)
{
#define ENTRY(tag, value) (tag) & 0xFF, (tag) >> 8, 3, 0, 1, 0, 0, 0, (value), 0, 0, 0
    static const uint8_t PIXEL[] = {'I',
                                    'I',
                                    '*',
                                    0,
                                    8,
                                    0,
                                    0,
                                    0,
                                    8,
                                    0, /* header, eight entries */
                                    ENTRY(TIFFTAG_IMAGEWIDTH, 1),
                                    ENTRY(TIFFTAG_IMAGELENGTH, 1),
                                    ENTRY(TIFFTAG_BITSPERSAMPLE, BITS),
                                    ENTRY(TIFFTAG_COMPRESSION, COMPRESSION_NONE),
                                    ENTRY(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK),
                                    ENTRY(TIFFTAG_STRIPOFFSETS, 8),
                                    ENTRY(TIFFTAG_ROWSPERSTRIP, 1),
                                    ENTRY(TIFFTAG_STRIPBYTECOUNTS, 1),
                                    0,
                                    0,
                                    0,
                                    0};
#undef ENTRY
    struct raster r;
    raster_init(&r);
    enum status st = tiff_picture((struct bytes){PIXEL, sizeof PIXEL}, &r, err);
    raster_release(&r);
    return st;
}
