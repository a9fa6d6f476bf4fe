/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/tiff_walk.h"

struct walk {
    struct bytes tiff;
    size_t offsets[N_TIFF_IFDS]; /* where each directory is; 0 = not named yet */
    void (*visit)(void *context, const struct tiff_entry *);
    void *context;
};

uint16_t tiff_u16(struct bytes t, size_t from)
{
    return t.at[0] == 'I' ? (uint16_t)(t.at[from] | (unsigned)t.at[from + 1] << 8)
                          : bytes_be16(t, from);
}

uint32_t tiff_u32(struct bytes t, size_t from)
{
    return t.at[0] == 'I' ? tiff_u16(t, from) | (uint32_t)tiff_u16(t, from + 2) << 16
                          : bytes_be32(t, from);
}

/* TIFF 6.0, section 2, "Types"; 13 (IFD) from the TIFF Technical Note 1; 129 (UTF-8) from EXIF 3.0,
 * 4.6.2. */
static unsigned type_bytes(uint16_t type)
{
    static const uint8_t BYTES[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    if (type < sizeof BYTES) {
        return BYTES[type];
    }
    return type == TIFF_TYPE_UTF8 ? 1 : 0;
}

static struct tiff_entry entry_at(struct bytes tiff, enum tiff_ifd ifd, size_t at)
{
    struct tiff_entry e = {.ifd = ifd, .at = at};
    e.tag = tiff_u16(tiff, at);
    e.type = tiff_u16(tiff, at + 2);
    e.n_bytes = (uint64_t)tiff_u32(tiff, at + 4) * type_bytes(e.type);
    /* A value of up to four bytes stands in the entry itself. */
    uint64_t from = e.n_bytes <= 4 ? at + 8 : tiff_u32(tiff, at + 8);
    e.is_inside = from <= tiff.n && e.n_bytes <= tiff.n - from;
    return e;
}

/* TIFF 6.0, section 2: up to four bytes stand in the entry itself. */
struct bytes tiff_value(struct bytes tiff, const struct tiff_entry *e)
{
    if (!e->is_inside) {
        return (struct bytes){NULL, 0};
    }
    size_t from = e->n_bytes <= 4 ? e->at + 8 : tiff_u32(tiff, e->at + 8);
    return bytes_slice(tiff, from, (size_t)e->n_bytes);
}

/* A directory that an entry or a directory's end points at. NULL, or what is wrong. */
static const char *point(struct walk *w, enum tiff_ifd ifd, uint32_t offset)
{
    if (w->offsets[ifd]) {
        return "EXIF names a directory twice";
    }
    for (int i = 0; i < N_TIFF_IFDS; i++) {
        if (w->offsets[i] == offset) {
            return "EXIF directories in a loop";
        }
    }
    w->offsets[ifd] = offset;
    return NULL;
}

static const char *walk_entry(struct walk *w, const struct tiff_entry *e)
{
    const char *fault = NULL;
    uint32_t offset = tiff_u32(w->tiff, e->at + 8);
    if (e->tag == TIFF_TAG_EXIF_IFD && e->ifd != TIFF_IFD_0) {
        fault = "EXIF directory pointer where none belongs";
    } else if (e->tag == TIFF_TAG_EXIF_IFD) {
        fault = e->n_bytes == 4 ? point(w, TIFF_IFD_EXIF, offset)
                                : "EXIF directory pointer of a wrong size";
    } else if (e->tag == TIFF_TAG_GPS_IFD && e->ifd == TIFF_IFD_0 && e->n_bytes == 4) {
        (void)point(w, TIFF_IFD_GPS, offset);
    }
    if (!fault) {
        w->visit(w->context, e);
    }
    return fault;
}

static const char *walk_ifd(struct walk *w, enum tiff_ifd ifd)
{
    size_t at = w->offsets[ifd], n = w->tiff.n;
    /* The header is 8 bytes; a directory is a count, entries of 12 bytes, and the next directory's
     * offset. */
    if (at < 8 || at > n || n - at < 2) {
        return "EXIF directory outside the data";
    }
    size_t n_entries = tiff_u16(w->tiff, at);
    if (n_entries > (n - at - 2) / TIFF_ENTRY_BYTES) {
        return "EXIF directory cut short";
    }
    for (size_t i = 0; i < n_entries; i++) {
        struct tiff_entry e = entry_at(w->tiff, ifd, at + 2 + i * TIFF_ENTRY_BYTES);
        const char *fault = walk_entry(w, &e);
        if (fault) {
            return fault;
        }
    }
    /* Many cameras leave the offset off behind the last directory of all. */
    size_t next = at + 2 + n_entries * TIFF_ENTRY_BYTES;
    if (ifd == TIFF_IFD_0 && n - next >= 4 && tiff_u32(w->tiff, next)) {
        return point(w, TIFF_IFD_1, tiff_u32(w->tiff, next));
    }
    return NULL;
}

const char *tiff_walk(struct bytes tiff, void (*visit)(void *context, const struct tiff_entry *),
                      void *context)
{
    struct walk w = {.tiff = tiff, .visit = visit, .context = context};
    if (tiff.n < 8 ||
        (!bytes_start_with(tiff, "II*\0", 4) && !bytes_start_with(tiff, "MM\0*", 4))) {
        return "EXIF without a TIFF header";
    }
    const char *fault = point(&w, TIFF_IFD_0, tiff_u32(tiff, 4));
    for (int ifd = 0; ifd < TIFF_IFD_GPS && !fault; ifd++) {
        if (w.offsets[ifd]) {
            fault = walk_ifd(&w, (enum tiff_ifd)ifd);
        }
    }
    if (!fault && w.offsets[TIFF_IFD_GPS]) {
        (void)walk_ifd(&w, TIFF_IFD_GPS);
    }
    return fault;
}
