/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is, by its first bytes. A suffix is what somebody called it; this is what a program
 * will open it as. */
#include <string.h>

#include "photogate/photo.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct magic {
    enum file_kind kind;
    uint16_t offset;
    uint8_t n;
    const char *at;
};

/* The first row that fits decides. Kinds that need a second look (TIFF, ISO media, RIFF, ZIP, XML)
 * come after. */
static const struct magic MAGICS[] = {
    {FILE_JPEG, 0, 3, "\xFF\xD8\xFF"},
    {FILE_PNG, 0, 8, "\x89PNG\r\n\x1A\n"},
    {FILE_GIF, 0, 6, "GIF87a"},
    {FILE_GIF, 0, 6, "GIF89a"},
    {FILE_PSD, 0, 4, "8BPS"},
    {FILE_RAW, 0, 15, "FUJIFILMCCD-RAW"}, /* RAF */
    {FILE_RAW, 0, 4, "IIRO"},             /* ORF, three byte orders and versions */
    {FILE_RAW, 0, 4, "IIRS"},
    {FILE_RAW, 0, 4, "MMOR"},
    {FILE_RAW, 0, 4, "IIU\0"},    /* RW2 */
    {FILE_RAW, 0, 4, "FOVb"},     /* X3F */
    {FILE_RAW, 0, 4, "\0MRM"},    /* MRW */
    {FILE_RAW, 6, 8, "HEAPCCDR"}, /* CRW */
    {FILE_PDF, 0, 5, "%PDF-"},
    {FILE_VIDEO, 0, 4, "\x1A\x45\xDF\xA3"}, /* EBML: Matroska, WebM */
    {FILE_VIDEO, 0, 4, "FLV\x01"},
    {FILE_VIDEO, 0, 4, "\0\0\x01\xBA"}, /* MPEG program stream */
    {FILE_VIDEO, 0, 4, "\0\0\x01\xB3"},
    {FILE_VIDEO, 0, 8, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"}, /* ASF: WMV, WMA */
    {FILE_VIDEO, 4, 4, "moov"},                             /* QuickTime before it had ftyp */
    {FILE_VIDEO, 4, 4, "mdat"},
    {FILE_VIDEO, 4, 4, "wide"},
    {FILE_AUDIO, 0, 3, "ID3"},
    {FILE_AUDIO, 0, 4, "OggS"},
    {FILE_AUDIO, 0, 4, "fLaC"},
    {FILE_AUDIO, 0, 5, "#!AMR"},
    {FILE_AUDIO, 0, 4, "MThd"},
    {FILE_OFFICE, 0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"}, /* OLE: doc, xls, ppt, msg */
    {FILE_OFFICE, 0, 5, "{\\rtf"},
    {FILE_ARCHIVE, 0, 6, "Rar!\x1A\x07"},
    {FILE_ARCHIVE, 0, 6, "7z\xBC\xAF\x27\x1C"},
    {FILE_ARCHIVE, 0, 3, "\x1F\x8B\x08"},
    {FILE_ARCHIVE, 0, 3, "BZh"},
    {FILE_ARCHIVE, 0, 6,
     "\xFD"
     "7zXZ\0"},
    {FILE_ARCHIVE, 0, 4, "\x28\xB5\x2F\xFD"}, /* zstd */
    {FILE_ARCHIVE, 0, 4, "MSCF"},
    {FILE_ARCHIVE, 257, 5, "ustar"},
};

/* ISO/IEC 14496-12, 4.3: the major brand of the ftyp box. A brand that is not here is a video's:
 * most are. */
static const struct magic BRANDS[] = {
    {FILE_AVIF, 0, 4, "avif"},  {FILE_AVIF, 0, 4, "avis"},  {FILE_HEIF, 0, 4, "heic"},
    {FILE_HEIF, 0, 4, "heix"},  {FILE_HEIF, 0, 4, "heim"},  {FILE_HEIF, 0, 4, "heis"},
    {FILE_HEIF, 0, 4, "hevc"},  {FILE_HEIF, 0, 4, "hevx"},  {FILE_HEIF, 0, 4, "mif1"},
    {FILE_HEIF, 0, 4, "mif2"},  {FILE_HEIF, 0, 4, "msf1"},  {FILE_RAW, 0, 4, "crx "},
    {FILE_AUDIO, 0, 4, "M4A "}, {FILE_AUDIO, 0, 4, "M4B "},
};

/* How the first entry of a ZIP is called when the ZIP is a document: OOXML, iWork. */
static const char *const OFFICE_ENTRIES[] = {
    "[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/", "Index/"};

static bool has(struct bytes b, size_t offset, const char *at, size_t n)
{
    return b.n >= offset + n && memcmp(b.at + offset, at, n) == 0;
}

static enum file_kind first_match(struct bytes b, const struct magic *rows, size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        if (has(b, rows[i].offset, rows[i].at, rows[i].n)) {
            return rows[i].kind;
        }
    }
    return FILE_UNKNOWN;
}

static enum file_kind identify_iso_media(struct bytes head)
{
    enum file_kind kind = first_match(bytes_slice(head, 8, 4), BRANDS, COUNT(BRANDS));
    if (kind == FILE_HEIF) { /* mif1 says only "an image"; a compatible brand says which */
        size_t size = bytes_be32(head, 0);
        for (size_t at = 16; at + 4 <= size && at + 4 <= head.n; at += 4) {
            if (has(head, at, "avif", 4)) {
                return FILE_AVIF;
            }
        }
    }
    return kind == FILE_UNKNOWN ? FILE_VIDEO : kind;
}

static uint32_t tiff_number(struct bytes b, size_t at, size_t n, bool big_endian)
{
    uint32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        value = value << 8 | b.at[at + (big_endian ? i : n - 1 - i)];
    }
    return value;
}

/* TIFF 6.0, section 2: camera RAW is a TIFF whose first directory says so by a tag of its own (DNG)
 * or a compression that no picture program writes, or that holds only a small picture and points to
 * the real one (NEF, ARW). */
static enum file_kind identify_tiff(struct bytes head)
{
    enum { NEW_SUBFILE_TYPE = 0x00FE, COMPRESSION = 0x0103, SUB_IFDS = 0x014A, DNG = 0xC612 };
    enum { SONY = 32767, NIKON = 34713, PENTAX = 65535, ENTRY_BYTES = 12 };
    bool big = head.at[0] == 'M', reduced = false, points = false;
    size_t at = tiff_number(head, 4, 4, big);
    if (has(head, 8, "CR", 2)) {
        return FILE_RAW; /* CR2 */
    }
    if (at < 8 || at > head.n - 2) {
        return FILE_TIFF;
    }
    size_t n = tiff_number(head, at, 2, big);
    at += 2;
    for (size_t i = 0; i < n && at + ENTRY_BYTES <= head.n; i++, at += ENTRY_BYTES) {
        uint32_t tag = tiff_number(head, at, 2, big), type = tiff_number(head, at + 2, 2, big);
        uint32_t value = tiff_number(head, at + 8, type == 3 ? 2 : 4, big);
        if (tag == DNG ||
            (tag == COMPRESSION && (value == SONY || value == NIKON || value == PENTAX))) {
            return FILE_RAW;
        }
        reduced = reduced || (tag == NEW_SUBFILE_TYPE && (value & 1));
        points = points || tag == SUB_IFDS;
    }
    return reduced && points ? FILE_RAW : FILE_TIFF;
}

/* APPNOTE.TXT 4.3.7: local file header; the name is at 30, its length at 26. */
static enum file_kind identify_zip(struct bytes head)
{
    if (head.n < 30) {
        return FILE_ARCHIVE;
    }
    size_t n_name = (size_t)head.at[26] | (size_t)head.at[27] << 8;
    struct bytes name = bytes_slice(head, 30, n_name);
    for (size_t i = 0; i < COUNT(OFFICE_ENTRIES); i++) {
        if (bytes_start_with(name, OFFICE_ENTRIES[i], strlen(OFFICE_ENTRIES[i]))) {
            return FILE_OFFICE;
        }
    }
    bool is_odf = bytes_equal(name, (struct bytes){(const uint8_t *)"mimetype", 8}) &&
                  has(head, 38, "application/vnd.", 16);
    return is_odf ? FILE_OFFICE : FILE_ARCHIVE;
}

static bool is_svg(struct bytes head)
{
    size_t at = has(head, 0, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (at < head.n && memchr(" \t\r\n", head.at[at], 4)) {
        at++;
    }
    return at < head.n && head.at[at] == '<' &&
           memmem(head.at + at, head.n - at, "<svg", 4) != NULL;
}

/* MPEG-1 audio frame: eleven sync bits, then a layer, bit rate and sampling rate that are not
 * reserved (ISO/IEC 11172-3, 2.4.1.3). */
static bool is_mpeg_audio(struct bytes head)
{
    return head.n >= 4 && head.at[0] == 0xFF && (head.at[1] & 0xE0) == 0xE0 &&
           (head.at[1] & 0x06) != 0 && (head.at[2] & 0xF0) != 0xF0 && (head.at[2] & 0x0C) != 0x0C;
}

static bool is_bmp(struct bytes head)
{
    return has(head, 0, "BM", 2) && has(head, 6, "\0\0\0\0", 4) && head.n >= 18 &&
           head.at[14] >= 12 && head.at[14] <= 124;
}

static bool is_transport_stream(struct bytes head)
{
    enum { PACKET_BYTES = 188 };
    return head.n > 2 * PACKET_BYTES && head.at[0] == 0x47 && head.at[PACKET_BYTES] == 0x47 &&
           head.at[2 * PACKET_BYTES] == 0x47;
}

enum file_kind file_identify(struct bytes head)
{
    if (head.n == 0) {
        return FILE_EMPTY;
    }
    enum file_kind kind = first_match(head, MAGICS, COUNT(MAGICS));
    if (kind != FILE_UNKNOWN) {
        return kind;
    }
    if (has(head, 4, "ftyp", 4) && head.n >= 12) {
        return identify_iso_media(head);
    }
    if (head.n >= 10 && (has(head, 0, "II*\0", 4) || has(head, 0, "MM\0*", 4))) {
        return identify_tiff(head);
    }
    if (has(head, 0, "II+\0", 4) || has(head, 0, "MM\0+", 4)) {
        return FILE_TIFF; /* BigTIFF */
    }
    if (has(head, 0, "RIFF", 4) && head.n >= 12) {
        return has(head, 8, "WEBP", 4)   ? FILE_WEBP
               : has(head, 8, "AVI ", 4) ? FILE_VIDEO
               : has(head, 8, "WAVE", 4) ? FILE_AUDIO
                                         : FILE_OTHER;
    }
    if (has(head, 0, "FORM", 4) && (has(head, 8, "AIFF", 4) || has(head, 8, "AIFC", 4))) {
        return FILE_AUDIO;
    }
    if (has(head, 0, "PK\x03\x04", 4) || has(head, 0, "PK\x05\x06", 4)) {
        return identify_zip(head);
    }
    return is_svg(head)                ? FILE_SVG
           : is_bmp(head)              ? FILE_BMP
           : is_transport_stream(head) ? FILE_VIDEO
           : is_mpeg_audio(head)       ? FILE_AUDIO
                                       : FILE_OTHER;
}
