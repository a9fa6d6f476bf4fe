/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EXIF, by libexif. Three guards stand around the library, because it passes over in silence what
 * it cannot read:
 *
 * - the structure is checked first (tiff_walk.h), and every entry that matters to us must lie
 * inside the data, once;
 * - libexif gets a private copy in which what is dropped unread (maker notes, location,
 * interoperability, thumbnail) is blanked,
 *   so that its parsers stay unused, and EXIF 3.0's UTF-8 type, which it does not know, is called
 *   ASCII;
 * - each entry that the walk saw must come out of the library with the size it had.
 */
#include "image/gathering.h"

#include <string.h>

#include <libexif/exif-data.h>
#include <libexif/exif-utils.h>

#include "image/charset.h"
#include "image/exif_facts.h"
#include "image/exif_texts.h"
#include "image/loose_text.h"
#include "image/tiff_walk.h"
#include "photogate/limits.h"

enum {
    TAG_GPS_VERSION = 0,
    TAG_THUMBNAIL = 0x0201,
    TAG_THUMBNAIL_BYTES = 0x0202,
    TAG_MAKER_NOTE = 0x927C,
    TAG_INTEROPERABILITY_IFD = 0xA005
};
enum { MAX_NESTING = 3 }; /* EXIF in Photoshop resources in EXIF: no program does it twice */

static const char EXIF_SIGNATURE[6] = "Exif\0";
/* libexif takes the block for a JPEG segment and reads no further. */
enum { MAX_READ_BYTES = 0xFFFE - sizeof EXIF_SIGNATURE };

enum use {
    USE_CAPTION,
    USE_TEXT,
    USE_COMMENT,
    USE_WIDE_TEXT,
    USE_WIDE_CREATOR,
    USE_WIDE_KEYWORDS,
    USE_CREATOR,
    USE_COPYRIGHT,
    USE_OWNER,
    USE_SERIAL,
    USE_ORIENTATION,
    USE_XMP,
    USE_IPTC,
    USE_PHOTOSHOP,
};

struct row {
    uint16_t tag;
    enum use use;
};

/* EXIF 2.32, 4.6.4 and 4.6.5; TIFF 6.0; XP*: Microsoft, WIC metadata; 0xA436 on: EXIF 3.0, 4.6.6.
 */
static const struct row ROWS[] = {
    {0x010D, USE_TEXT},                                   /* DocumentName */
    {0x010E, USE_CAPTION},                                /* ImageDescription */
    {0x0112, USE_ORIENTATION},                            /* Orientation */
    {0x011D, USE_TEXT},                                   /* PageName */
    {0x013B, USE_CREATOR},                                /* Artist */
    {0x013C, USE_OWNER},                                  /* HostComputer */
    {0x02BC, USE_XMP},                                    /* XMLPacket */
    {0x8298, USE_COPYRIGHT},                              /* Copyright */
    {0x83BB, USE_IPTC},                                   /* IPTC-NAA */
    {0x8649, USE_PHOTOSHOP},                              /* ImageResources */
    {0x9286, USE_COMMENT},                                /* UserComment */
    {0x9C9B, USE_WIDE_TEXT},                              /* XPTitle */
    {0x9C9C, USE_WIDE_TEXT},                              /* XPComment */
    {0x9C9D, USE_WIDE_CREATOR},                           /* XPAuthor */
    {0x9C9E, USE_WIDE_KEYWORDS}, {0x9C9F, USE_WIDE_TEXT}, /* XPSubject */
    {0xA430, USE_OWNER},                                  /* CameraOwnerName */
    {0xA431, USE_SERIAL},                                 /* BodySerialNumber */
    {0xA435, USE_SERIAL},                                 /* LensSerialNumber */
    {0xA436, USE_TEXT},                                   /* ImageTitle */
    {0xA437, USE_CREATOR},                                /* Photographer */
    {0xA438, USE_OWNER},                                  /* ImageEditor */
    {0xC62F, USE_SERIAL},                                 /* CameraSerialNumber */
};
enum { N_ROWS = sizeof ROWS / sizeof ROWS[0] };

struct reading {
    struct gathering *g;
    struct bytes tiff;
    struct exif_facts facts;
    struct buffer copy, text;
    const char *fault; /* the first */
    /* as the walk saw them; n_bytes 0 = absent or empty */
    struct {
        uint32_t n_bytes;
        size_t at;
    } seen[N_TIFF_IFDS][N_ROWS];
    bool has_gps_ifd, has_gps_version, has_gps_more, has_thumbnail, has_maker_note;
    size_t maker_note_bytes;
    bool log_corrupt, log_no_memory;
    enum status st; /* of texts that no row knows */
    struct err *err;
};

static void fault(struct reading *r, const char *what)
{
    if (!r->fault) {
        r->fault = what;
    }
}

static void see_row(struct reading *r, const struct tiff_entry *e, size_t row)
{
    if (e->n_bytes == 0) {
        /* No components is an empty value; a type that nobody knows is not. */
        if (tiff_u32(r->tiff, e->at + 4) != 0) {
            fault(r, "EXIF entry of an unknown type");
        }
    } else if (!e->is_inside) {
        fault(r, "EXIF entry outside the data");
    } else if (r->seen[e->ifd][row].n_bytes == 0) {
        r->seen[e->ifd][row].n_bytes = (uint32_t)e->n_bytes;
        r->seen[e->ifd][row].at = e->at;
    } else if (memcmp(r->tiff.at + e->at, r->tiff.at + r->seen[e->ifd][row].at, TIFF_ENTRY_BYTES) !=
               0) {
        /* The library takes the first; some programs write the very same entry twice. */
        fault(r, "EXIF entry given twice");
    }
}

/* Whether an entry is dropped unread, and recorded as what it is. */
static bool see_dropped(struct reading *r, const struct tiff_entry *e)
{
    r->has_thumbnail = r->has_thumbnail || e->ifd == TIFF_IFD_1;
    switch (e->tag) {
    case TAG_MAKER_NOTE:
        r->has_maker_note = true;
        r->maker_note_bytes = e->is_inside ? (size_t)e->n_bytes : 0;
        return true;
    case TIFF_TAG_GPS_IFD:
        r->has_gps_ifd = true;
        return true;
    case TAG_THUMBNAIL:
    case TAG_THUMBNAIL_BYTES:
        r->has_thumbnail = true;
        return true;
    case TAG_INTEROPERABILITY_IFD:
        return true;
    default:
        return false;
    }
}

static void see_text(struct reading *r, const struct tiff_entry *e)
{
    if (r->st == STATUS_OK) {
        r->st = exif_texts_see(r->g, r->tiff, e, r->err);
    }
}

static void see_entry(void *context, const struct tiff_entry *e)
{
    struct reading *r = context;
    uint8_t *entry = r->copy.at + sizeof EXIF_SIGNATURE + e->at;
    exif_facts_see(&r->facts, e);
    if (e->ifd == TIFF_IFD_GPS) {
        r->has_gps_version = r->has_gps_version || e->tag == TAG_GPS_VERSION;
        r->has_gps_more = r->has_gps_more || e->tag != TAG_GPS_VERSION;
        see_text(r, e);
        return;
    }
    if (see_dropped(r, e)) {
        memset(entry, 0, TIFF_ENTRY_BYTES);
        return;
    }
    if (e->type == TIFF_TYPE_UTF8) {
        entry[2] = r->tiff.at[0] == 'I' ? TIFF_TYPE_ASCII : 0;
        entry[3] = r->tiff.at[0] == 'I' ? 0 : TIFF_TYPE_ASCII;
    }
    for (size_t i = 0; i < N_ROWS; i++) {
        if (ROWS[i].tag == e->tag) {
            see_row(r, e, i);
            return;
        }
    }
    see_text(r, e);
}

static void on_log(ExifLog *log, ExifLogCode code, const char *domain, const char *format,
                   va_list args, void *data)
{
    struct reading *r = data;
    (void)log, (void)domain, (void)format, (void)args;
    r->log_corrupt = r->log_corrupt || code == EXIF_LOG_CODE_CORRUPT_DATA;
    r->log_no_memory = r->log_no_memory || code == EXIF_LOG_CODE_NO_MEMORY;
}

/* Decode into r->text. False when there is nothing to use: the fault is recorded, or *st says why.
 */
static bool decode(struct reading *r, enum charset charset, struct bytes raw, struct text *out,
                   enum status *st, struct err *err)
{
    struct err own = {.status = STATUS_BUG};
    enum status did = charset_decode(charset, raw, &r->text, &own);
    if (did == STATUS_LIMIT || did == STATUS_FORMAT) {
        fault(r, did == STATUS_LIMIT ? "EXIF text longer than can be checked"
                                     : "EXIF text that does not fit its encoding");
        return false;
    }
    if (did != STATUS_OK) {
        *st = err_set(err, did, "%s", own.text);
        return false;
    }
    struct text t = {(const char *)r->text.at, r->text.n};
    t = text_starts_with(t, TEXT("\xEF\xBB\xBF")) ? text_slice(t, 3, t.n) : t;
    /* Padding: white space and NUL in any mixture. */
    for (size_t before = t.n + 1; before != t.n;) {
        before = t.n;
        t = text_trim(t);
        while (t.n && t.at[t.n - 1] == '\0') {
            t.n--;
        }
    }
    *out = t;
    return t.n > 0;
}

static void use_text(struct reading *r, enum use use, struct text t)
{
    struct gathering *g = r->g;
    switch (use) {
    case USE_CAPTION:
        gather_caption(g, CARRIER_EXIF_TEXT, t);
        gather_carrier(g, CARRIER_EXIF_TEXT, CARRIER_READ, t.n, NULL);
        gather_text(g, CARRIER_EXIF_TEXT, t);
        break;
    case USE_TEXT:
    case USE_COMMENT:
    case USE_WIDE_TEXT:
        gather_carrier(g, CARRIER_EXIF_TEXT, CARRIER_READ, t.n, NULL);
        gather_text(g, CARRIER_EXIF_TEXT, t);
        break;
    case USE_WIDE_KEYWORDS:
        gather_carrier(g, CARRIER_EXIF_TEXT, CARRIER_READ, t.n, NULL);
        for (struct text rest = t; rest.n;) {
            struct text keyword = text_cut(rest, ';', &rest);
            gather_tag(g, CARRIER_EXIF_TEXT, TAG_KEYWORD, keyword, NULL);
        }
        break;
    case USE_CREATOR:
    case USE_WIDE_CREATOR:
        gather_carrier(g, CARRIER_EXIF_OWNER, CARRIER_READ, t.n, NULL);
        gather_creator(g, CARRIER_EXIF_OWNER, t);
        break;
    case USE_COPYRIGHT:
        gather_carrier(g, CARRIER_EXIF_OWNER, CARRIER_READ, t.n, NULL);
        gather_copyright(g, CARRIER_EXIF_OWNER, t);
        break;
    case USE_OWNER:
        gather_carrier(g, CARRIER_EXIF_OWNER, CARRIER_READ, t.n, NULL);
        loose_text_gather(g, CARRIER_EXIF_OWNER, t);
        break;
    case USE_SERIAL:
        gather_carrier(g, CARRIER_EXIF_SERIAL, CARRIER_DROPPED, t.n, NULL);
        loose_text_gather(g, CARRIER_EXIF, t);
        break;
    case USE_ORIENTATION:
    case USE_XMP:
    case USE_IPTC:
    case USE_PHOTOSHOP:
        break;
    }
}

/* EXIF 2.32, 4.6.2: ASCII ends with NUL. Copyright holds two strings, and an older text or filler
 * may stand behind the first NUL: each string that is one is used. `is_declared`: the first is a
 * text whatever it looks like. */
static enum status use_ascii(struct reading *r, enum use use, struct bytes raw, bool is_declared,
                             struct err *err)
{
    enum status st = STATUS_OK;
    while (raw.n && st == STATUS_OK) {
        const uint8_t *nul = memchr(raw.at, 0, raw.n);
        size_t n = nul ? (size_t)(nul - raw.at) : raw.n;
        struct bytes string = bytes_slice(raw, 0, n);
        struct text t;
        if ((is_declared || !charset_is_filler(string)) &&
            decode(r, CHARSET_UTF8_OR_1252, string, &t, &st, err)) {
            use_text(r, use, t);
        }
        is_declared = use == USE_COPYRIGHT;
        raw = bytes_slice(raw, nul ? n + 1 : n, raw.n);
    }
    return st;
}

/* EXIF 2.32, 4.6.5 D, UserComment: eight bytes name the encoding. What has no such name is taken as
 * it stands. */
static enum status use_comment(struct reading *r, struct bytes raw, struct err *err)
{
    enum charset charset = CHARSET_UTF8_OR_1252;
    bool is_ascii = bytes_start_with(raw, "ASCII\0\0\0", 8);
    struct bytes value = bytes_slice(raw, 8, raw.n);
    if (bytes_start_with(raw, "UNICODE\0", 8)) {
        charset =
            charset_of_utf16(value, r->tiff.at[0] == 'I' ? CHARSET_UTF16_LE : CHARSET_UTF16_BE);
    } else if (bytes_start_with(raw, "JIS\0\0\0\0\0", 8)) {
        charset = CHARSET_JIS;
    } else if (!is_ascii && !bytes_start_with(raw, "\0\0\0\0\0\0\0\0", 8)) {
        value = raw;
    }
    if (charset == CHARSET_UTF8_OR_1252) {
        return use_ascii(r, USE_COMMENT, value, is_ascii, err);
    }
    enum status st = STATUS_OK;
    struct text t;
    value.n -= charset == CHARSET_JIS ? 0 : value.n % 2;
    if (decode(r, charset, value, &t, &st, err)) {
        use_text(r, USE_COMMENT, t);
    }
    return st;
}

/* Microsoft, WIC "System.Photo" policies: XP* is UTF-16, little-endian whatever the block's order,
 * ended by NUL. */
static enum status use_wide(struct reading *r, enum use use, struct bytes raw, struct err *err)
{
    enum status st = STATUS_OK;
    struct text t;
    raw.n -= raw.n % 2;
    if (decode(r, CHARSET_UTF16_LE, raw, &t, &st, err)) {
        use_text(r, use, t);
    }
    return st;
}

static void use_orientation(struct reading *r, const ExifEntry *e, enum tiff_ifd ifd)
{
    ExifByteOrder order = exif_data_get_byte_order(e->parent->parent);
    uint32_t value = 0;
    if (ifd != TIFF_IFD_0) {
        return; /* the thumbnail's */
    }
    if (e->format == EXIF_FORMAT_SHORT) {
        value = exif_get_short(e->data, order);
    } else if (e->format == EXIF_FORMAT_LONG && e->size >= 4) {
        value = exif_get_long(e->data, order);
    } else if (e->format == EXIF_FORMAT_BYTE) {
        value = e->data[0];
    } else {
        fault(r, "EXIF orientation that is no number");
    }
    /* 0 is what cameras without a sensor write; anything above 8 shows as 1 everywhere. */
    if (value < 1 || value > 8) {
        return;
    }
    struct gathering *g = r->g;
    if (g->orientation_is_exif && g->orientation != value) {
        fault(r, "two EXIF blocks with different orientations");
        return;
    }
    g->orientation = value;
    g->orientation_is_exif = true;
}

static enum status use_entry(struct reading *r, const ExifEntry *e, enum tiff_ifd ifd, enum use use,
                             struct err *err)
{
    struct bytes raw = {e->data, e->size};
    switch (use) {
    case USE_ORIENTATION:
        use_orientation(r, e, ifd);
        return STATUS_OK;
    case USE_XMP:
        return xmp_read(r->g, CARRIER_XMP, raw, err);
    case USE_IPTC:
        return iptc_read(r->g, raw, err);
    case USE_PHOTOSHOP:
        return photoshop_read(r->g, raw, err);
    case USE_COMMENT:
        return use_comment(r, raw, err);
    case USE_WIDE_TEXT:
    case USE_WIDE_CREATOR:
    case USE_WIDE_KEYWORDS:
        return use_wide(r, use, raw, err);
    case USE_CAPTION:
    case USE_TEXT:
    case USE_CREATOR:
    case USE_COPYRIGHT:
    case USE_OWNER:
    case USE_SERIAL:
        break;
    }
    return use_ascii(r, use, raw, true, err);
}

/* Every entry that the walk saw, out of the library. */
static enum status use_entries(struct reading *r, ExifData *data, struct err *err)
{
    static const ExifIfd IFDS[N_TIFF_IFDS] = {
        [TIFF_IFD_0] = EXIF_IFD_0,
        [TIFF_IFD_1] = EXIF_IFD_1,
        [TIFF_IFD_EXIF] = EXIF_IFD_EXIF,
        [TIFF_IFD_GPS] = EXIF_IFD_GPS,
    };
    for (int ifd = 0; ifd < N_TIFF_IFDS; ifd++) {
        for (size_t i = 0; i < N_ROWS; i++) {
            if (r->seen[ifd][i].n_bytes == 0) {
                continue;
            }
            const ExifEntry *e = exif_content_get_entry(data->ifd[IFDS[ifd]], (ExifTag)ROWS[i].tag);
            if (!e || e->size != r->seen[ifd][i].n_bytes) {
                fault(r, "EXIF entry that could not be read");
                continue;
            }
            enum status st = use_entry(r, e, (enum tiff_ifd)ifd, ROWS[i].use, err);
            if (st != STATUS_OK) {
                return st;
            }
        }
    }
    return STATUS_OK;
}

static enum status load(struct reading *r, struct err *err)
{
    enum status st = STATUS_NOMEM;
    ExifLog *log = exif_log_new();
    ExifData *data = exif_data_new();
    if (!log || !data) {
        (void)err_set(err, st, "no memory for EXIF");
        goto out;
    }
    exif_log_set_func(log, on_log, r);
    exif_data_log(data, log);
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_load_data(data, r->copy.at, (unsigned)r->copy.n);
    if (r->log_no_memory) {
        (void)err_set(err, st, "no memory for EXIF");
        goto out;
    }
    if (r->log_corrupt) {
        fault(r, "EXIF that its library calls corrupt");
    }
    st = use_entries(r, data, err);
out:
    exif_data_unref(data);
    exif_log_unref(log);
    return st;
}

static void record_parts(const struct reading *r)
{
    struct gathering *g = r->g;
    /* A directory with nothing but its version is what cameras without a receiver write. */
    if (r->has_gps_ifd && (r->has_gps_more || !r->has_gps_version)) {
        gather_carrier(g, CARRIER_EXIF_GPS, CARRIER_DROPPED, 0, NULL);
    }
    if (r->has_thumbnail) {
        gather_carrier(g, CARRIER_EXIF_THUMBNAIL, CARRIER_DROPPED, 0, NULL);
    }
    if (r->has_maker_note) {
        gather_carrier(g, CARRIER_EXIF_MAKERNOTE, CARRIER_DROPPED, r->maker_note_bytes, NULL);
    }
}

enum status exif_read(struct gathering *g, struct bytes tiff, struct err *err)
{
    if (g->nesting >= MAX_NESTING) {
        gather_carrier(g, CARRIER_EXIF, CARRIER_UNPARSABLE, tiff.n, "EXIF within itself");
        return STATUS_OK;
    }
    struct reading r = {
        .g = g, .tiff = bytes_slice(tiff, 0, MAX_READ_BYTES), .st = STATUS_OK, .err = err};
    enum status st;
    r.facts.tiff = r.tiff;
    buffer_init(&r.copy, MAX_READ_BYTES + sizeof EXIF_SIGNATURE);
    buffer_init(&r.text, (size_t)3 * 0x10000);
    g->nesting++;
    buffer_add(&r.copy, EXIF_SIGNATURE, sizeof EXIF_SIGNATURE);
    buffer_add(&r.copy, r.tiff.at, r.tiff.n);
    st = buffer_status(&r.copy, err);
    if (st == STATUS_OK) {
        fault(&r, tiff_walk(r.tiff, see_entry, &r));
        record_parts(&r);
        exif_facts_record(&r.facts, g);
        st = r.st;
    }
    /* What does not hold together is not handed to the library. */
    if (st == STATUS_OK && !r.fault) {
        st = load(&r, err);
    }
    gather_carrier(g, CARRIER_EXIF, r.fault ? CARRIER_UNPARSABLE : CARRIER_READ, tiff.n, r.fault);
    g->nesting--;
    buffer_release(&r.text);
    buffer_release(&r.copy);
    return st;
}
