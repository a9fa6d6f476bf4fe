/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/tiff_metadata.h"

#include <string.h>

#include "image/foreign.h"
#include "image/tiff_walk.h"
#include "photogate/limits.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
    TAG_USER_COMMENT = 0x9286,
    TAG_XP_FIRST = 0x9C9B,
    TAG_XP_LAST = 0x9C9F,
    TAG_INTEROPERABILITY_IFD = 0xA005,
    TAG_FIRST_PRIVATE = 0x8000,
    TYPE_LONG = TIFF_TYPE_LONG,
    TYPE_SIGNED_BYTE = 6,
    TYPE_UNDEFINED = 7,
    HEADER_BYTES = 8,
    MAX_COPY_BYTES = 60000
};

/* Where the pixels lie and how they are coded; read by libtiff. */
static const uint16_t PIXEL_TAGS[] = {273, 279, 320, 324, 325, 347, 513, 514, 519, 520, 521};

/* Tags beyond the private bound that EXIF, TIFF/EP or the table name: the readers know them. */
static const struct {
    uint16_t first, last;
} KNOWN_PRIVATE[] = {
    {32995, 32998}, /* SGI's Matteing, DataType, ImageDepth, TileDepth */
    {33432, 33437}, /* Copyright, ExposureTime, FNumber */
    {33723, 33723}, /* IPTC */
    {34377, 34377}, /* Photoshop */
    {34665, 34665}, /* EXIF */
    {34675, 34675}, /* ICC */
    {34850, 34867}, /* ExposureProgram ... */
    {36864, 37522}, /* ExifVersion ... SubSecTimeDigitized */
    {37724, 37724}, /* ImageSourceData */
    {40091, 40095}, /* XPTitle ... XPSubject */
    {40960, 42240}, /* FlashpixVersion ... Gamma */
    {50341, 50341}, /* PrintIM: a printer's settings */
    {59932, 59933}, /* Padding, OffsetSchema: Microsoft's */
};

struct copying {
    struct bytes file;
    struct gathering *g;
    struct buffer copy;              /* header and values, then the directories */
    struct buffer dirs[N_TIFF_IFDS]; /* entries */
    size_t n_entries[N_TIFF_IFDS];
    const char *fault;
    struct bytes found[3]; /* XMP, IPTC, Photoshop */
    uint64_t end;          /* of what is pointed to; UINT64_MAX = not known */
};

static void put(struct copying *c, struct buffer *to, uint32_t value, size_t n)
{
    bool is_little = c->file.at[0] == 'I';
    for (size_t i = 0; i < n; i++) {
        buffer_add_byte(to, (uint8_t)(value >> 8 * (is_little ? i : n - 1 - i)));
    }
}

static bool is_pixel_tag(uint16_t tag)
{
    for (size_t i = 0; i < COUNT(PIXEL_TAGS); i++) {
        if (PIXEL_TAGS[i] == tag) {
            return true;
        }
    }
    return false;
}

static struct bytes value_of(const struct copying *c, const struct tiff_entry *e)
{
    size_t n = (size_t)e->n_bytes;
    return n <= 4 ? bytes_slice(c->file, e->at + 8, n)
                  : bytes_slice(c->file, tiff_u32(c->file, e->at + 8), n);
}

static bool is_private(const struct tiff_entry *e)
{
    bool is_known = e->tag < TAG_FIRST_PRIVATE || e->ifd != TIFF_IFD_0;
    for (size_t i = 0; i < COUNT(KNOWN_PRIVATE); i++) {
        is_known =
            is_known || (e->tag >= KNOWN_PRIVATE[i].first && e->tag <= KNOWN_PRIVATE[i].last);
    }
    return !is_known && e->tag != TIFF_TAG_GPS_IFD;
}

static bool holds_bytes(const struct tiff_entry *e)
{
    return e->type == TIFF_TYPE_BYTE || e->type == TIFF_TYPE_ASCII || e->type == TIFF_TYPE_UTF8 ||
           e->type == TYPE_SIGNED_BYTE || e->type == TYPE_UNDEFINED || e->n_bytes == 0;
}

static const struct carrier_row *row_of(const struct tiff_entry *e)
{
    unsigned place = is_pixel_tag(e->tag) ? TIFF_TAG_PICTURE
                     : !is_private(e)     ? e->tag
                     : holds_bytes(e)     ? PLACE_TIFF_PRIVATE_BYTES
                                          : PLACE_TIFF_PRIVATE_NUMBERS;
    return carrier_row_for(FILE_TIFF, place, (struct bytes){NULL, 0});
}

/* Carriers of their own, and what is no text. True when the entry is dealt with. */
static bool set_aside(struct copying *c, const struct tiff_entry *e)
{
    if (e->tag == TIFF_TAG_EXIF_IFD || e->tag == TIFF_TAG_GPS_IFD) {
        return true; /* written anew */
    }
    const struct carrier_row *row = row_of(e);
    bool is_found =
        row->reader == READER_XMP || row->reader == READER_IPTC || row->reader == READER_PHOTOSHOP;
    if (is_found && !e->is_inside) {
        c->fault = "an entry outside the file";
    } else if (is_found) {
        c->found[row->reader == READER_XMP    ? 0
                 : row->reader == READER_IPTC ? 1
                                              : 2] = value_of(c, e);
    }
    foreign_note(c->g, row, e->is_inside ? (size_t)e->n_bytes : 0);
    return row->reader != READER_EXIF;
}

/* How far the entry, and the offset behind its directory, reach into the file. */
static void note_end(struct copying *c, const struct tiff_entry *e)
{
    uint64_t end = e->at + TIFF_ENTRY_BYTES + sizeof(uint32_t);
    if (e->is_inside && e->n_bytes > 4) {
        uint64_t value_end = tiff_u32(c->file, e->at + 8) + e->n_bytes;
        end = value_end > end ? value_end : end;
    }
    if (e->tag == TIFF_TAG_SUB_IFDS || e->tag == TAG_INTEROPERABILITY_IFD ||
        e->tag == TIFF_TAG_MAKER_NOTE) {
        end = UINT64_MAX; /* what these point to is not walked */
    }
    c->end = end > c->end ? end : c->end;
}

static bool may_be_text(const struct tiff_entry *e)
{
    return e->type == TIFF_TYPE_ASCII || e->type == TIFF_TYPE_UTF8 || e->tag == TAG_USER_COMMENT ||
           (e->tag >= TAG_XP_FIRST && e->tag <= TAG_XP_LAST);
}

static void copy_entry(void *context, const struct tiff_entry *e)
{
    struct copying *c = context;
    note_end(c, e);
    if (e->ifd == TIFF_IFD_1 || set_aside(c, e)) {
        return; /* a second page is looked at by tiff_inventory */
    }
    if (e->n_bytes > MAX_TEXT_BYTES || !e->is_inside) {
        if (may_be_text(e)) {
            c->fault = "a text longer than can be checked";
        }
        return;
    }
    if (++c->n_entries[e->ifd] > MAX_TIFF_ENTRIES) {
        c->fault = "more entries than can be checked";
        return;
    }
    struct buffer *dir = &c->dirs[e->ifd];
    struct bytes value = value_of(c, e);
    buffer_add(dir, c->file.at + e->at, 8); /* tag, type, count */
    if (value.n <= 4) {
        buffer_add(dir, c->file.at + e->at + 8, 4);
    } else {
        put(c, dir, (uint32_t)c->copy.n, 4);
        buffer_add(&c->copy, value.at, value.n);
    }
}

/* A directory at the end of the copy; returns where. */
static uint32_t add_directory(struct copying *c, enum tiff_ifd ifd)
{
    uint32_t at = (uint32_t)c->copy.n;
    put(c, &c->copy, (uint32_t)c->n_entries[ifd], 2);
    buffer_add(&c->copy, c->dirs[ifd].at, c->dirs[ifd].n);
    put(c, &c->copy, 0, 4);
    return at;
}

static void point_to(struct copying *c, enum tiff_ifd ifd, uint16_t tag)
{
    if (c->n_entries[ifd] == 0) {
        return;
    }
    uint32_t at = add_directory(c, ifd);
    struct buffer *dir = &c->dirs[TIFF_IFD_0];
    put(c, dir, tag, 2);
    put(c, dir, TYPE_LONG, 2);
    put(c, dir, 1, 4);
    put(c, dir, at, 4);
    c->n_entries[TIFF_IFD_0]++;
}

static void finish_copy(struct copying *c)
{
    point_to(c, TIFF_IFD_EXIF, TIFF_TAG_EXIF_IFD);
    point_to(c, TIFF_IFD_GPS, TIFF_TAG_GPS_IFD);
    uint32_t first = add_directory(c, TIFF_IFD_0);
    for (size_t i = 0; c->copy.failed == STATUS_OK && i < 4; i++) {
        c->copy.at[4 + i] = (uint8_t)(first >> 8 * (c->file.at[0] == 'I' ? i : 3 - i));
    }
}

static enum status use_found(struct copying *c, struct err *err)
{
    enum status st = STATUS_OK;
    if (c->found[0].n) {
        st = xmp_read(c->g, CARRIER_XMP, c->found[0], err);
    }
    if (st == STATUS_OK && c->found[1].n) {
        st = iptc_read(c->g, c->found[1], err);
    }
    if (st == STATUS_OK && c->found[2].n) {
        st = photoshop_read(c->g, c->found[2], err);
    }
    return st;
}

static enum status use_copy(struct copying *c, struct err *err)
{
    bool full = c->copy.failed == STATUS_LIMIT;
    for (int i = 0; i < N_TIFF_IFDS; i++) {
        full = full || c->dirs[i].failed == STATUS_LIMIT;
        if (c->dirs[i].failed == STATUS_NOMEM) {
            return buffer_status(&c->dirs[i], err);
        }
    }
    if (c->copy.failed == STATUS_NOMEM) {
        return buffer_status(&c->copy, err);
    }
    if (full) {
        c->fault = "more EXIF than can be checked";
    }
    if (c->fault) {
        gather_carrier(c->g, CARRIER_EXIF, CARRIER_UNPARSABLE, c->copy.n, c->fault);
        return STATUS_OK;
    }
    return exif_read(c->g, buffer_view(&c->copy), err);
}

enum status tiff_metadata(struct bytes file, uint64_t end, struct gathering *g, struct err *err)
{
    struct copying c = {.file = file, .g = g, .end = end};
    buffer_init(&c.copy, MAX_COPY_BYTES);
    for (int i = 0; i < N_TIFF_IFDS; i++) {
        buffer_init(&c.dirs[i], MAX_COPY_BYTES);
    }
    buffer_add(&c.copy, file.at, HEADER_BYTES);
    const char *fault = tiff_walk(file, copy_entry, &c);
    c.fault = fault ? fault : c.fault;
    finish_copy(&c);
    enum status st = use_copy(&c, err);
    if (st == STATUS_OK) {
        st = use_found(&c, err);
    }
    if (st == STATUS_OK && c.end < file.n) {
        gather_trailer(g, bytes_slice(file, (size_t)c.end, file.n));
    }
    for (int i = 0; i < N_TIFF_IFDS; i++) {
        buffer_release(&c.dirs[i]);
    }
    buffer_release(&c.copy);
    return st;
}
