/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/carrier_table.h"

#include <assert.h>
#include <string.h>

#include "image/jpeg_walk.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KEY(literal) (literal), sizeof(literal) - 1
#define APP(n) ((unsigned)JPEG_APP0 + (n))
#define JPEG_ROW(marker, key, carrier, handling, reader)                                           \
    FILE_JPEG, (marker), key, CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define PNG_ROW(key, carrier, handling, reader)                                                    \
    FILE_PNG, 0, KEY(key), CARRIER_##carrier, HANDLING_##handling, READER_##reader

/* In APP1 and APP13, where names and places live, what nobody understands holds the photo. */
static const struct carrier_row ROWS[] = {
    {JPEG_ROW(APP(0), KEY("JFIF\0"), JFIF, DROPPED, NONE), "APP0 JFIF", "ITU-T T.871, 10.1",
     "resolution, a thumbnail"},
    {JPEG_ROW(APP(0), KEY("JFXX\0"), JFIF, DROPPED, NONE), "APP0 JFXX", "ITU-T T.871, 10.2",
     "a thumbnail of an earlier version"},
    {JPEG_ROW(APP(1), KEY("Exif\0\0"), EXIF, READ, EXIF), "APP1 Exif", "EXIF 2.32, 4.5.4",
     "camera, serial numbers, owner, time, place, texts, a thumbnail, the maker's notes"},
    {JPEG_ROW(APP(1), KEY("Exif\0\xFF"), EXIF, READ, EXIF), "APP1 Exif (padded with 0xFF)",
     "EXIF 2.32, 4.5.4, as some cameras write it", "as APP1 Exif"},
    {JPEG_ROW(APP(1), KEY("http://ns.adobe.com/xap/1.0/\0"), XMP, READ, XMP), "APP1 XMP",
     "ISO 16684-3, JPEG", "names of people and where they are, places, texts, edit history"},
    {JPEG_ROW(APP(1), KEY("http://ns.adobe.com/xmp/extension/\0"), XMP_EXTENDED, READ,
              XMP_EXTENDED),
     "APP1 extended XMP", "ISO 16684-3, JPEG: extended XMP", "as APP1 XMP; whole pictures, depth"},
    {JPEG_ROW(APP(1), KEY("FLIR\0"), APP_OTHER, DROPPED, NONE), "APP1 FLIR",
     "FLIR Systems, radiometric JPEG", "temperatures, camera serial number"},
    {JPEG_ROW(APP(1), KEY(""), APP_OTHER, HELD, NONE), "APP1, anything else", "ITU-T T.81, B.2.4.6",
     "unknown"},
    {JPEG_ROW(APP(2), KEY("ICC_PROFILE\0"), ICC, DROPPED, NONE), "APP2 ICC profile",
     "ICC.1:2022, B.4", "colours (rebuilt); whose computer made it, and when"},
    {JPEG_ROW(APP(2), KEY("MPF\0"), MPF, DROPPED, NONE), "APP2 MPF", "CIPA DC-007",
     "where further pictures are: other frames, gain maps, previews"},
    {JPEG_ROW(APP(11), KEY("JP"), C2PA, DROPPED, NONE), "APP11 JUMBF",
     "ISO/IEC 19566-5; C2PA 1.3, A.3", "content credentials: author, history, thumbnails"},
    {JPEG_ROW(APP(13), KEY("Photoshop 3.0\0"), PHOTOSHOP, READ, PHOTOSHOP), "APP13 Photoshop",
     "Adobe Photoshop File Formats, image resources", "IPTC record, EXIF, XMP, a thumbnail"},
    {JPEG_ROW(APP(13), KEY("Adobe_CM\0"), APP_OTHER, DROPPED, NONE), "APP13 Adobe_CM",
     "Adobe, colour management", "colour settings"},
    {JPEG_ROW(APP(13), KEY(""), APP_OTHER, HELD, NONE), "APP13, anything else",
     "ITU-T T.81, B.2.4.6", "unknown"},
    {JPEG_ROW(APP(14), KEY("Adobe"), ADOBE, DROPPED, NONE), "APP14 Adobe", "Adobe TN 5116, 18",
     "how colours are coded (written anew); bytes behind it"},
    {JPEG_ROW(JPEG_COM, KEY(""), COMMENT, READ, TEXT), "COM", "ITU-T T.81, B.2.4.5", "free text"},
    {JPEG_ROW(0, KEY(""), APP_OTHER, DROPPED, NONE), "APP0, 2 to 12, 14 and 15, anything else",
     "ITU-T T.81, B.2.4.6", "printer settings, maker's data, previews, unknown"},

    {JPEG_ROW(JPEG_DQT, KEY(""), UNKNOWN, PICTURE, NONE), "DQT", "ITU-T T.81, B.2.4.1",
     "tables; unused ones are left out"},
    {JPEG_ROW(JPEG_DHT, KEY(""), UNKNOWN, PICTURE, NONE), "DHT", "ITU-T T.81, B.2.4.2",
     "tables; unused ones, and codes that nothing uses, are left out"},
    {JPEG_ROW(JPEG_SOF0, KEY(""), UNKNOWN, PICTURE, NONE), "SOF", "ITU-T T.81, B.2.2",
     "size and colours; a height lowered to hide rows is found"},
    {JPEG_ROW(JPEG_DRI, KEY(""), UNKNOWN, PICTURE, NONE), "DRI", "ITU-T T.81, B.2.4.4",
     "restart interval"},
    {JPEG_ROW(JPEG_SOS, KEY(""), UNKNOWN, PICTURE, NONE), "SOS and the data behind it",
     "ITU-T T.81, B.2.3 and F.1.2",
     "the picture; padding bits, blocks beyond the edge, bytes after the last MCU are not carried"},
    {JPEG_ROW(JPEG_JPG, KEY(""), UNKNOWN, REFUSED, NONE), "JPG, JPGn, RES, DHP, EXP, DNL, TEM",
     "ITU-T T.81, table B.1", "anything: no viewer reads them"},
    {FILE_JPEG, 0, NULL, 0, CARRIER_UNKNOWN, HANDLING_REFUSED, READER_NONE, "between two segments",
     "ITU-T T.81, B.1.1.2", "anything but fill bytes"},
    {FILE_JPEG, 0, NULL, 0, CARRIER_TRAILER, HANDLING_DROPPED, READER_NONE, "after EOI",
     "ITU-T T.81, B.2.1", "a video with sound, further pictures, the maker's data"},

    {PNG_ROW("IHDR", UNKNOWN, PICTURE, NONE), "IHDR", "PNG third edition, 11.2.1",
     "size and colours"},
    {PNG_ROW("PLTE", UNKNOWN, PICTURE, NONE), "PLTE", "PNG third edition, 11.2.2",
     "colours; unused ones are left out"},
    {PNG_ROW("IDAT", UNKNOWN, PICTURE, NONE), "IDAT", "PNG third edition, 11.2.3",
     "the picture; bytes after the last row, and colour under full transparency, are not carried"},
    {PNG_ROW("IEND", UNKNOWN, PICTURE, NONE), "IEND", "PNG third edition, 11.2.4", "nothing"},
    {PNG_ROW("tRNS", UNKNOWN, PICTURE, NONE), "tRNS", "PNG third edition, 11.3.1.1",
     "transparency"},
    {PNG_ROW("gAMA", UNKNOWN, PICTURE, NONE), "gAMA", "PNG third edition, 11.3.2.2", "colours"},
    {PNG_ROW("cHRM", UNKNOWN, PICTURE, NONE), "cHRM", "PNG third edition, 11.3.2.1", "colours"},
    {PNG_ROW("sRGB", UNKNOWN, PICTURE, NONE), "sRGB", "PNG third edition, 11.3.2.5", "colours"},
    {PNG_ROW("tEXt", PNG_TEXT, READ, TEXT), "tEXt", "PNG third edition, 11.3.3.2",
     "free text; EXIF, IPTC and XMP in hexadecimal"},
    {PNG_ROW("zTXt", PNG_TEXT, READ, TEXT), "zTXt", "PNG third edition, 11.3.3.3", "as tEXt"},
    {PNG_ROW("iTXt", PNG_TEXT, READ, TEXT), "iTXt", "PNG third edition, 11.3.3.4",
     "free text; XMP"},
    {PNG_ROW("eXIf", EXIF, READ, EXIF), "eXIf", "PNG third edition, 11.3.4.5", "as APP1 Exif"},
    {PNG_ROW("iCCP", ICC, DROPPED, NONE), "iCCP", "PNG third edition, 11.3.2.3",
     "colours (rebuilt); whose computer made it, and when"},
    {PNG_ROW("tIME", PNG_TIME, DROPPED, NONE), "tIME", "PNG third edition, 11.3.5.1",
     "when it was changed"},
    {PNG_ROW("acTL", PNG_FRAMES, DROPPED, NONE), "acTL", "PNG third edition, 11.3.6.1",
     "how many frames"},
    {PNG_ROW("fcTL", PNG_FRAMES, DROPPED, NONE), "fcTL", "PNG third edition, 11.3.6.2",
     "where frames are shown"},
    {PNG_ROW("fdAT", PNG_FRAMES, DROPPED, NONE), "fdAT", "PNG third edition, 11.3.6.3",
     "other pictures"},
    {PNG_ROW("caBX", C2PA, DROPPED, NONE), "caBX", "C2PA 1.3, A.5",
     "content credentials: author, history, thumbnails"},
    {PNG_ROW("pHYs", PNG_OTHER, DROPPED, NONE), "pHYs", "PNG third edition, 11.3.4.3",
     "resolution"},
    {PNG_ROW("bKGD", PNG_OTHER, DROPPED, NONE), "bKGD", "PNG third edition, 11.3.4.1", "a colour"},
    {PNG_ROW("sBIT", PNG_OTHER, DROPPED, NONE), "sBIT", "PNG third edition, 11.3.2.4",
     "how exact the colours are"},
    {PNG_ROW("hIST", PNG_OTHER, DROPPED, NONE), "hIST", "PNG third edition, 11.3.4.2",
     "how often colours are used"},
    {PNG_ROW("sPLT", PNG_OTHER, DROPPED, NONE), "sPLT", "PNG third edition, 11.3.4.4",
     "colours under a name"},
    {PNG_ROW("oFFs", PNG_OTHER, DROPPED, NONE), "oFFs", "PNG extensions 1.6, 2.1", "a position"},
    {PNG_ROW("pCAL", PNG_OTHER, DROPPED, NONE), "pCAL", "PNG extensions 1.6, 2.2",
     "measurements under a name"},
    {PNG_ROW("sCAL", PNG_OTHER, DROPPED, NONE), "sCAL", "PNG extensions 1.6, 2.3", "a scale"},
    {PNG_ROW("dSIG", PNG_OTHER, DROPPED, NONE), "dSIG", "PNG digital signatures 1.0",
     "who signed it"},
    {PNG_ROW("", PNG_OTHER, DROPPED, NONE), "any other chunk", "PNG third edition, 5.4",
     "a program's own data, unknown"},
    {FILE_PNG, 0, NULL, 0, CARRIER_TRAILER, HANDLING_DROPPED, READER_NONE, "after IEND",
     "PNG third edition, 5.6", "anything: a second file, rows of an earlier version"},
};

const struct carrier_row *carrier_rows(size_t *n)
{
    *n = COUNT(ROWS);
    return ROWS;
}

const struct carrier_row *carrier_row_for_segment(unsigned marker, struct bytes payload)
{
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct carrier_row *r = &ROWS[i];
        if (r->format == FILE_JPEG && r->key && (r->marker == marker || r->marker == 0) &&
            bytes_start_with(payload, r->key, r->n_key)) {
            return r;
        }
    }
    assert(!"the table's row for other segments is missing");
    return ROWS;
}

const struct carrier_row *carrier_row_for_chunk(const char type[4])
{
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct carrier_row *r = &ROWS[i];
        if (r->format == FILE_PNG && r->key && memcmp(r->key, type, r->n_key) == 0) {
            return r;
        }
    }
    assert(!"the table's row for other chunks is missing");
    return ROWS;
}

const char *handling_words(enum handling h)
{
    switch (h) {
    case HANDLING_HELD:
        break;
    case HANDLING_READ:
        return "read, then left out";
    case HANDLING_DROPPED:
        return "left out, unread";
    case HANDLING_PICTURE:
        return "the picture: written anew";
    case HANDLING_REFUSED:
        return "the photo is refused as damaged";
    }
    return "the photo is held";
}
