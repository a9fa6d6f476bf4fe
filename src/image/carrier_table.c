/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/carrier_table.h"

#include <assert.h>
#include <string.h>

#include "image/jpeg_walk.h"
#include "image/tiff_walk.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KEY(literal) (literal), sizeof(literal) - 1, 1
#define TYPES(literal) (literal), 4, sizeof(literal) / 4
#define APP(n) ((unsigned)JPEG_APP0 + (n))
#define JPEG_ROW(marker, key, carrier, handling, reader)                                           \
    FILE_JPEG, (marker), key, CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define PNG_ROW(key, carrier, handling, reader)                                                    \
    FILE_PNG, 0, KEY(key), CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define HEIF_ROW(place, key, carrier, handling, reader)                                            \
    FILE_HEIF, PLACE_HEIF_##place, KEY(key), CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define WEBP_ROW(key, carrier, handling, reader)                                                   \
    FILE_WEBP, 0, KEY(key), CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define TIFF_ROW(place, carrier, handling, reader)                                                 \
    FILE_TIFF, (place), KEY(""), CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define GIF_ROW(place, key, carrier, handling, reader)                                             \
    FILE_GIF, (place), KEY(key), CARRIER_##carrier, HANDLING_##handling, READER_##reader
#define HEIF_LIST(place, types)                                                                    \
    FILE_HEIF, PLACE_HEIF_##place, TYPES(types), CARRIER_UNKNOWN, HANDLING_PICTURE, READER_NONE
#define FOUND(format, carrier, handling)                                                           \
    FILE_##format, 0, NULL, 0, 0, CARRIER_##carrier, HANDLING_##handling, READER_NONE

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
    {JPEG_ROW(APP(1), KEY("exif\0\0"), EXIF, READ, EXIF), "APP1 exif (in small letters)",
     "EXIF 2.32, 4.5.4, as some programs write it", "as APP1 Exif"},
    {JPEG_ROW(APP(1), KEY("http://ns.adobe.com/xap/1.0/\0"), XMP, READ, XMP), "APP1 XMP",
     "ISO 16684-3, JPEG", "names of people and where they are, places, texts, edit history"},
    {JPEG_ROW(APP(1), KEY("XMP\0://ns.adobe.com/xap/1.0/\0"), XMP, READ, XMP),
     "APP1 XMP (its address overwritten)", "ISO 16684-3, JPEG, as some programs leave it",
     "as APP1 XMP"},
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
    {JPEG_ROW(APP(12), KEY("Ducky"), COMMENT, READ, DUCKY), "APP12 Ducky", "Adobe, Save for Web",
     "quality, a comment, a copyright line"},
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
    {FOUND(JPEG, UNKNOWN, REFUSED), "between two segments", "ITU-T T.81, B.1.1.2",
     "anything but fill bytes"},
    {FOUND(JPEG, TRAILER, DROPPED), "after EOI", "ITU-T T.81, B.2.1",
     "a video with sound, further pictures, the maker's data"},

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
    {PNG_ROW("cICP", UNKNOWN, PICTURE, NONE), "cICP", "PNG third edition, 11.3.2.6",
     "colours; others than sRGB's are held"},
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
    {FOUND(PNG, TRAILER, DROPPED), "after IEND", "PNG third edition, 5.6",
     "anything: a second file, rows of an earlier version"},

    {HEIF_ROW(ITEM, "Exif", EXIF, READ, EXIF), "item Exif", "ISO/IEC 23008-12, A.2.1",
     "as APP1 Exif; of another picture than the first: held"},
    {HEIF_ROW(ITEM, "mimeapplication/rdf+xml", XMP, READ, XMP), "item mime, XMP",
     "ISO/IEC 23008-12, A.3.1", "as APP1 XMP; of another picture than the first: held"},
    {HEIF_ROW(ITEM, "mime", APP_OTHER, HELD, NONE), "item mime, anything else",
     "ISO/IEC 14496-12, 8.11.6.2", "unknown"},
    {HEIF_ROW(ITEM, "uri ", APP_OTHER, HELD, NONE), "item uri", "ISO/IEC 14496-12, 8.11.6.2",
     "unknown"},
    {HEIF_LIST(ITEM, "hvc1av01gridideniovl"), "items hvc1, av01, grid, iden, iovl",
     "ISO/IEC 23008-12, 6.6.2, 7 and B.3; AV1 in HEIF 1.2, 2.2", "pictures and their tiles"},
    {HEIF_ROW(ITEM, "tmap", MPF, DROPPED, NONE), "item tmap", "ISO/IEC 23008-12:2022, 6.6.2.4",
     "how a gain map makes it brighter"},
    {HEIF_ROW(ITEM, "jpeg", MPF, DROPPED, NONE), "item jpeg", "ISO/IEC 23008-12, annex H",
     "another picture, with all that a JPEG may carry"},
    {HEIF_ROW(ITEM, "avc1", MPF, DROPPED, NONE), "item avc1", "ISO/IEC 23008-12, annex E",
     "another picture"},
    {HEIF_ROW(ITEM, "", APP_OTHER, HELD, NONE), "item of any other kind",
     "ISO/IEC 14496-12, 8.11.6.2", "unknown"},
    {HEIF_ROW(ITEM_NAME, "", COMMENT, READ, TEXT), "an item's name", "ISO/IEC 14496-12, 8.11.6.2",
     "free text"},
    {HEIF_ROW(PROPERTY, "colrprof", ICC, DROPPED, NONE), "property colr, prof",
     "ISO/IEC 14496-12, 12.1.5", "colours (rebuilt); whose computer made it, and when"},
    {HEIF_ROW(PROPERTY, "colrrICC", ICC, DROPPED, NONE), "property colr, rICC",
     "ISO/IEC 14496-12, 12.1.5", "as property colr, prof"},
    {HEIF_ROW(PROPERTY, "colr", UNKNOWN, PICTURE, NONE), "property colr, nclx",
     "ISO/IEC 14496-12, 12.1.5", "colours"},
    {HEIF_ROW(PROPERTY, "udes", COMMENT, READ, TEXT), "property udes", "ISO/IEC 23008-12, 6.5.20",
     "a name, a description and keywords"},
    {HEIF_ROW(PROPERTY, "altt", COMMENT, READ, TEXT), "property altt", "ISO/IEC 23008-12, 6.5.21",
     "what the picture shows, in words"},
    {HEIF_LIST(PROPERTY, "ispepixihvcCav1CirotimirclappaspauxCa1opa1lxlselcllimdcvcclv"),
     "properties ispe, pixi, hvcC, av1C, irot, imir, clap, pasp, auxC and the like",
     "ISO/IEC 23008-12, 6.5; AV1 in HEIF 1.2, 2.2.1", "size, turn, crop and how pixels are coded"},
    {HEIF_ROW(PROPERTY, "", APP_OTHER, DROPPED, NONE), "any other property",
     "ISO/IEC 23008-12, 6.5.1", "when it was made, a program's own data, unknown"},
    {HEIF_ROW(REFERENCE, "thmb", MPF, DROPPED, NONE), "reference thmb", "ISO/IEC 23008-12, 6.4.4",
     "a small picture, perhaps of an earlier version"},
    {HEIF_ROW(REFERENCE, "auxl", MPF, DROPPED, NONE), "reference auxl", "ISO/IEC 23008-12, 6.4.5",
     "a gain map, depth, a mask of people; transparency is kept"},
    {HEIF_ROW(REFERENCE, "", UNKNOWN, PICTURE, NONE), "any other reference",
     "ISO/IEC 14496-12, 8.11.12", "which items belong together; compositions in a loop are held"},
    {FOUND(HEIF, MPF, DROPPED), "further pictures", "ISO/IEC 23008-12, 6.2",
     "bursts, other versions"},
    {HEIF_LIST(META, "hdlrpitmilociinfirefiprpidatdinfgrpl"),
     "meta: hdlr, pitm, iloc, iinf, iref, iprp, idat, dinf, grpl", "ISO/IEC 14496-12, 8.11",
     "where the items lie"},
    {HEIF_ROW(META, "xml ", APP_OTHER, HELD, NONE), "meta: xml", "ISO/IEC 14496-12, 8.11.2",
     "unknown"},
    {HEIF_ROW(META, "bxml", APP_OTHER, HELD, NONE), "meta: bxml", "ISO/IEC 14496-12, 8.11.2",
     "unknown"},
    {HEIF_ROW(META, "", APP_OTHER, DROPPED, NONE), "meta: any other box",
     "ISO/IEC 14496-12, 8.11.1", "a program's own data, unknown"},
    {HEIF_LIST(BOX, "ftypmetamdat"), "boxes ftyp, meta, mdat",
     "ISO/IEC 14496-12, 4.3, 8.1.1, 8.11.1",
     "brands, items and their data; data of no item are not carried"},
    {HEIF_ROW(BOX, "uuid\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81", C2PA,
              DROPPED, NONE),
     "box uuid of content credentials", "C2PA 1.3, A.4", "author, history, thumbnails"},
    {HEIF_ROW(BOX, "uuid", APP_OTHER, DROPPED, NONE), "any other box uuid",
     "ISO/IEC 14496-12, 11.1", "a maker's own data, unknown"},
    {HEIF_ROW(BOX, "moov", TRAILER, DROPPED, NONE), "box moov", "ISO/IEC 14496-12, 8.2.1",
     "a film, perhaps with sound; its place, its maker"},
    {HEIF_ROW(BOX, "mpvd", TRAILER, DROPPED, NONE), "box mpvd", "Google, Motion Photo format 1.0",
     "a film with sound"},
    {HEIF_ROW(BOX, "free", APP_OTHER, DROPPED, NONE), "box free", "ISO/IEC 14496-12, 8.1.2",
     "anything: no viewer reads it"},
    {HEIF_ROW(BOX, "skip", APP_OTHER, DROPPED, NONE), "box skip", "ISO/IEC 14496-12, 8.1.2",
     "anything: no viewer reads it"},
    {HEIF_ROW(BOX, "", TRAILER, DROPPED, NONE), "any other box", "ISO/IEC 14496-12, 4.2",
     "a maker's own data, unknown"},

    {WEBP_ROW("VP8X", UNKNOWN, PICTURE, NONE), "VP8X", "RFC 9649, 2.7", "size, and what follows"},
    {WEBP_ROW("VP8 ", UNKNOWN, PICTURE, NONE), "VP8", "RFC 9649, 2.5", "the picture"},
    {WEBP_ROW("VP8L", UNKNOWN, PICTURE, NONE), "VP8L", "RFC 9649, 2.6 and 3",
     "the picture; colour under full transparency is not carried"},
    {WEBP_ROW("ALPH", UNKNOWN, PICTURE, NONE), "ALPH", "RFC 9649, 2.7.1.2", "transparency"},
    {WEBP_ROW("EXIF", EXIF, READ, EXIF), "EXIF", "RFC 9649, 2.7.1.5", "as APP1 Exif"},
    {WEBP_ROW("XMP ", XMP, READ, XMP), "XMP", "RFC 9649, 2.7.1.5", "as APP1 XMP"},
    {WEBP_ROW("ICCP", ICC, DROPPED, NONE), "ICCP", "RFC 9649, 2.7.1.4",
     "colours (rebuilt); whose computer made it, and when"},
    {WEBP_ROW("C2PA", C2PA, DROPPED, NONE), "C2PA", "C2PA 1.3, A.7",
     "content credentials: author, history, thumbnails"},
    {WEBP_ROW("ANIM", PNG_FRAMES, HELD, NONE), "ANIM", "RFC 9649, 2.7.1.1",
     "how often an animation is shown"},
    {WEBP_ROW("ANMF", PNG_FRAMES, HELD, NONE), "ANMF", "RFC 9649, 2.7.1.1", "other pictures"},
    {WEBP_ROW("", APP_OTHER, DROPPED, NONE), "any other chunk", "RFC 9649, 2.7.1.6",
     "a program's own data, unknown"},
    {FOUND(WEBP, TRAILER, DROPPED), "after the RIFF container", "RFC 9649, 2.4",
     "anything: no viewer reads it"},

    {TIFF_ROW(TIFF_TAG_XMP, XMP, READ, XMP), "tag 700 XMP", "ISO 16684-3, TIFF", "as APP1 XMP"},
    {TIFF_ROW(TIFF_TAG_IPTC, IPTC, READ, IPTC), "tag 33723 IPTC", "TIFF/EP, 5.2.58",
     "names, places, captions"},
    {TIFF_ROW(TIFF_TAG_PHOTOSHOP, PHOTOSHOP, READ, PHOTOSHOP), "tag 34377 Photoshop",
     "Adobe Photoshop TIFF Technical Notes", "as APP13 Photoshop"},
    {TIFF_ROW(37724, PHOTOSHOP, DROPPED, NONE), "tag 37724 ImageSourceData",
     "Adobe Photoshop TIFF Technical Notes", "layers: other pictures, texts"},
    {TIFF_ROW(TIFF_TAG_ICC, ICC, DROPPED, NONE), "tag 34675 ICC profile", "ICC.1:2022, B.3",
     "colours (rebuilt); whose computer made it, and when"},
    {TIFF_ROW(TIFF_TAG_EXIF_IFD, EXIF, READ, EXIF), "tag 34665 EXIF directory", "EXIF 2.32, 4.6.3",
     "as APP1 Exif"},
    {TIFF_ROW(TIFF_TAG_GPS_IFD, EXIF_GPS, DROPPED, NONE), "tag 34853 GPS directory",
     "EXIF 2.32, 4.6.3", "where it was taken"},
    {TIFF_ROW(TIFF_TAG_MAKER_NOTE, EXIF_MAKERNOTE, DROPPED, NONE), "tag 37500 MakerNote",
     "EXIF 2.32, 4.6.5", "serial numbers, names of recognised faces"},
    {TIFF_ROW(TIFF_TAG_SUB_IFDS, MPF, DROPPED, NONE), "tag 330 SubIFDs",
     "Adobe PageMaker 6.0 TIFF Technical Notes, 1", "further pictures"},
    {TIFF_ROW(TIFF_TAG_PICTURE, UNKNOWN, PICTURE, NONE), "tags of the picture: 256 to 266, 273 ...",
     "TIFF 6.0, section 8", "size, colours, where strips and tiles lie and how they are coded"},
    {TIFF_ROW(PLACE_TIFF_PRIVATE_BYTES, APP_OTHER, HELD, NONE),
     "private tag of bytes or text, from 32768 on", "TIFF 6.0, section 2, private fields",
     "unknown"},
    {TIFF_ROW(PLACE_TIFF_PRIVATE_NUMBERS, APP_OTHER, DROPPED, NONE),
     "private tag of numbers, from 32768 on", "TIFF 6.0, section 2, private fields",
     "scales, places on a map, settings"},
    {TIFF_ROW(PLACE_TIFF_SECOND_PICTURE, EXIF_THUMBNAIL, DROPPED, NONE),
     "second directory, the same picture small", "TIFF 6.0, section 8, NewSubfileType",
     "an earlier version of the picture"},
    {TIFF_ROW(PLACE_TIFF_FURTHER_PAGE, MPF, HELD, NONE), "further pages",
     "TIFF 6.0, section 8, NewSubfileType", "other pictures"},
    {FOUND(TIFF, TRAILER, DROPPED), "after all that is pointed to", "TIFF 6.0, section 2",
     "anything: no viewer reads it"},
    {TIFF_ROW(0, EXIF, READ, EXIF), "any other tag", "TIFF 6.0, section 8; EXIF 2.32, 4.6",
     "who made it, with what and when; texts; a place"},

    {GIF_ROW(0xFE, "", COMMENT, READ, TEXT), "comment extension", "GIF 89a, 24", "free text"},
    {GIF_ROW(0x01, "", COMMENT, READ, TEXT), "plain text extension", "GIF 89a, 25",
     "free text, shown on the picture"},
    {GIF_ROW(0xF9, "", UNKNOWN, PICTURE, NONE), "graphic control extension", "GIF 89a, 23",
     "which colour is transparent"},
    {GIF_ROW(0xFF, "XMP DataXMP", XMP, READ, XMP), "application extension XMP",
     "XMP specification part 3, 1.1.2", "as APP1 XMP"},
    {GIF_ROW(0xFF, "ICCRGBG1012", ICC, DROPPED, NONE), "application extension ICC",
     "ICC.1:2022, B.6", "colours (not used by viewers); whose computer made it, and when"},
    {GIF_ROW(0xFF, "NETSCAPE2.0", APP_OTHER, DROPPED, NONE), "application extension NETSCAPE2.0",
     "Netscape, looping", "how often an animation is shown"},
    {GIF_ROW(0xFF, "ANIMEXTS1.0", APP_OTHER, DROPPED, NONE), "application extension ANIMEXTS1.0",
     "as NETSCAPE2.0", "how often an animation is shown"},
    {GIF_ROW(0xFF, "ImageMagick", APP_OTHER, DROPPED, NONE), "application extension ImageMagick",
     "ImageMagick, coders/gif.c", "gamma"},
    {GIF_ROW(0xFF, "", APP_OTHER, HELD, NONE), "application extension, anything else",
     "GIF 89a, 26", "unknown"},
    {GIF_ROW(PLACE_GIF_FURTHER_PICTURE, "", PNG_FRAMES, HELD, NONE), "further pictures",
     "GIF 89a, 20", "other pictures"},
    {GIF_ROW(0, "", APP_OTHER, HELD, NONE), "any other extension", "GIF 89a, 16 and appendix A",
     "unknown"},
    {FOUND(GIF, UNKNOWN, PICTURE), "header, screen, colours, pictures", "GIF 89a, 17 to 22",
     "the picture; unused colours, and bytes behind its last code, are not carried"},
    {FOUND(GIF, TRAILER, DROPPED), "after the trailer", "GIF 89a, 27",
     "anything: no viewer reads it"},
};

const struct carrier_row *carrier_rows(size_t *n)
{
    *n = COUNT(ROWS);
    return ROWS;
}

static bool key_fits(const struct carrier_row *r, struct bytes key)
{
    for (size_t i = 0; i < r->n_keys; i++) {
        if (bytes_start_with(key, r->key + i * r->n_key, r->n_key)) {
            return true;
        }
    }
    return false;
}

const struct carrier_row *carrier_row_for(enum file_kind format, unsigned place, struct bytes key)
{
    format = format == FILE_AVIF ? FILE_HEIF : format;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct carrier_row *r = &ROWS[i];
        if (r->format == format && r->key && (r->place == place || r->place == 0) &&
            key_fits(r, key)) {
            return r;
        }
    }
    assert(!"the table's row for anything else is missing");
    return ROWS;
}

const struct carrier_row *carrier_row_for_segment(unsigned marker, struct bytes payload)
{
    return carrier_row_for(FILE_JPEG, marker, payload);
}

const struct carrier_row *carrier_row_for_chunk(const char type[4])
{
    return carrier_row_for(FILE_PNG, 0, (struct bytes){(const uint8_t *)type, 4});
}

const char *carrier_format_name(enum file_kind format)
{
    static const char *const NAMES[N_FILE_KINDS] = {
        [FILE_JPEG] = "JPEG", [FILE_PNG] = "PNG",   [FILE_HEIF] = "HEIF", [FILE_AVIF] = "HEIF",
        [FILE_WEBP] = "WebP", [FILE_TIFF] = "TIFF", [FILE_GIF] = "GIF",
    };
    return format < N_FILE_KINDS && NAMES[format] ? NAMES[format] : "other";
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
