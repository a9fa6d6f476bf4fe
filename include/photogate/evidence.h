/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything known about one photo before it is judged.
 *
 * The examiner process fills the first half from the photo's bytes and sidecars; it crosses a
 * socket in one checked message (wire.h) and the parent trusts none of it. The parent adds what
 * only it knows: intake findings, the manifest row, whom the tags name (`resolve_people`). Then the
 * evidence is frozen and the rules read it.
 *
 * A zeroed evidence is of a photo that nobody looked at: every rule that needs a fact refuses
 * without it.
 */
#ifndef PHOTOGATE_EVIDENCE_H
#define PHOTOGATE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "photogate/digest.h"
#include "photogate/person.h"
#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the look at the photo ended. Words are for a person and say what happened, not what to do. */
#define EXAM_LIST(X)                                                                               \
    X(DONE, "examined")                                                                            \
    X(NOT_A_PHOTO, "not a photo")                                                                  \
    X(UNSUPPORTED, "a kind of photo that cannot be checked")                                       \
    X(DAMAGED, "damaged or cut short")                                                             \
    X(OVER_LIMIT, "larger than can be checked safely")                                             \
    X(CRASHED, "the examiner crashed on it")                                                       \
    X(TIMED_OUT, "took too long to examine")                                                       \
    X(OUT_OF_MEMORY, "needed too much memory to examine")                                          \
    X(CHANGED, "changed while it was being read")                                                  \
    X(UNREADABLE, "could not be read")                                                             \
    X(NOT_REGULAR, "a link, a device or another special file")                                     \
    X(BAD_REPLY, "the examiner's answer made no sense")                                            \
    X(NOT_COVERED, "a face could not be covered safely")

enum exam {
    EXAM_NOT_DONE,
#define X(symbol, words) EXAM_##symbol,
    EXAM_LIST(X)
#undef X
    N_EXAMS
};

/* What a file is, by content. Only those marked `true` are photos this version can release. */
#define FILE_KIND_LIST(X)                                                                          \
    X(JPEG, "JPEG photo", true)                                                                    \
    X(PNG, "PNG picture", true)                                                                    \
    X(HEIF, "HEIC or HEIF photo", true)                                                           \
    X(AVIF, "AVIF photo", true)                                                                   \
    X(WEBP, "WebP picture", true)                                                                 \
    X(GIF, "GIF picture", true)                                                                   \
    X(TIFF, "TIFF picture", true)                                                                 \
    X(BMP, "BMP picture", false)                                                                   \
    X(RAW, "camera RAW photo", false)                                                              \
    X(PSD, "Photoshop file", false)                                                                \
    X(SVG, "SVG drawing", false)                                                                   \
    X(VIDEO, "video", false)                                                                       \
    X(AUDIO, "sound recording", false)                                                             \
    X(PDF, "PDF document", false)                                                                  \
    X(OFFICE, "office document", false)                                                            \
    X(ARCHIVE, "archive (ZIP, RAR, 7z ...)", false)                                                \
    X(EMPTY, "empty file", false)                                                                  \
    X(OTHER, "file of an unknown kind", false)

enum file_kind {
    FILE_UNKNOWN,
#define X(symbol, words, releasable) FILE_##symbol,
    FILE_KIND_LIST(X)
#undef X
    N_FILE_KINDS
};

/* Where something was found. `identifies` says what it may give away, for the inventory. */
#define CARRIER_LIST(X)                                                                            \
    X(JFIF, "JFIF header", "")                                                                     \
    X(EXIF, "EXIF", "camera, times, settings")                                                     \
    X(EXIF_GPS, "EXIF location", "where it was taken")                                             \
    X(EXIF_OWNER, "EXIF owner or artist", "who took it or owns the camera")                        \
    X(EXIF_SERIAL, "EXIF serial number", "which camera or lens")                                   \
    X(EXIF_THUMBNAIL, "EXIF thumbnail", "an earlier version of the picture")                       \
    X(EXIF_MAKERNOTE, "camera maker's notes", "serial numbers, names of recognised faces")         \
    X(EXIF_TEXT, "EXIF description or comment", "free text")                                       \
    X(XMP, "XMP packet", "names, places, edit history")                                            \
    X(XMP_EXTENDED, "extended XMP", "names, places, embedded pictures")                            \
    X(XMP_REGIONS, "XMP face regions (MWG)", "names of people and where they are")                 \
    X(XMP_PERSON, "XMP person in image", "names of people")                                        \
    X(XMP_KEYWORDS, "XMP keywords", "names and topics")                                            \
    X(XMP_TEXT, "XMP description or title", "free text")                                           \
    X(IPTC, "IPTC-IIM record", "names, places, captions")                                          \
    X(IPTC_KEYWORDS, "IPTC keywords", "names and topics")                                          \
    X(IPTC_TEXT, "IPTC caption or headline", "free text")                                          \
    X(PHOTOSHOP, "Photoshop resources", "thumbnail, edit history")                                 \
    X(ICC, "colour profile", "whose computer made it")                                             \
    X(ADOBE, "Adobe colour marker", "")                                                            \
    X(MPF, "further pictures (MPF)", "other frames, gain map")                                     \
    X(C2PA, "content credentials (C2PA)", "author, history")                                       \
    X(COMMENT, "comment in the file", "free text")                                                 \
    X(APP_OTHER, "other application data", "unknown")                                              \
    X(TRAILER, "bytes after the end of the picture", "video, other pictures, unknown")             \
    X(PNG_TEXT, "PNG text", "free text, EXIF in hexadecimal")                                      \
    X(PNG_TIME, "PNG time", "when it was changed")                                                 \
    X(PNG_OTHER, "other PNG chunk", "unknown")                                                     \
    X(PNG_FRAMES, "animation frames", "other pictures")                                            \
    X(SIDECAR, "XMP sidecar file", "names, places, captions")                                      \
    X(PICASA, "Picasa file (.picasa.ini)", "names of people and where they are")                   \
    X(TAKEOUT, "Google Takeout file (.json)", "names of people, places, captions")                 \
    X(MANIFEST, "manifest (photos.csv)", "who is in the photo, caption") /* last: no examiner's */

enum carrier_id {
    CARRIER_UNKNOWN,
#define X(symbol, words, identifies) CARRIER_##symbol,
    CARRIER_LIST(X)
#undef X
    N_CARRIERS
};

enum carrier_state {
    CARRIER_NOT_READ,   /* present, and nothing more is known: holds the photo */
    CARRIER_UNPARSABLE, /* present, its reader failed: holds the photo */
    CARRIER_READ,       /* its tags and texts are below */
    CARRIER_DROPPED     /* holds nobody's tag by its definition; it goes, unread */
};

struct carrier {
    enum carrier_id id;
    enum carrier_state state;
    uint32_t size_bytes;
    struct text note; /* why unparsable; one printable line without names */
};

/* A rectangle in the upright picture, in millionths of its width and height; x, y is the top left.
 */
struct box {
    int32_t x_ppm, y_ppm, w_ppm, h_ppm;
};

/* Where the middle of a box is, for people: "at the upper left", "in the middle", one of nine.
 * Pure, static. */
const char *box_place_words(const struct box *b);

/* The area of the picture that both cover, in millionths of a millionth of it: at most 10^12. What
 * lies outside the picture does not count. With itself: a box's own area. Pure. */
uint64_t box_common(const struct box *a, const struct box *b);

enum tag_kind {
    TAG_UNKNOWN, /* holds the photo */
    TAG_REGION,  /* a box, perhaps with a name */
    TAG_PERSON,  /* a list of people: a name without a box */
    TAG_KEYWORD, /* people mixed with topics: a match is a person, a topic is none */
    TAG_STATED   /* the manifest: a person's word */
};

enum resolution {
    RESOLVED_UNKNOWN,   /* matches nobody */
    RESOLVED_AMBIGUOUS, /* matches several */
    RESOLVED_UNNAMED,   /* a region without a name */
    RESOLVED_TOPIC,     /* a keyword that names nobody */
    RESOLVED_PERSON     /* exactly one: `person` */
};

struct tag {
    enum tag_kind kind;
    enum carrier_id carrier;
    struct text name; /* as found; UTF-8; may be empty for a region */
    bool has_box;
    struct box box;
    enum resolution resolution; /* set by resolve_people */
    uint32_t person;            /* index into snapshot.people, or NO_PERSON */
    /* 1 + index of the one person whom a name that matches nobody nearly names, or whom a doubtful
     * one names when its words are parted; 0: nobody, or several. For the DPO to look at */
    uint32_t nearly;
    bool nearly_pupil; /* a name that matches nobody is a slip or two from a pupil's, or several */
};

/* Free text found in a carrier: scanned for who is in the photo. */
struct found_text {
    enum carrier_id carrier;
    struct text text;
};

/* What a photo gives away beside names and texts. For telling people; no rule reads it, and one
 * that is left out holds nothing. */
#define FACT_LIST(X)                                                                               \
    X(PLACE, "place", "where it was taken")                                                        \
    X(PLACE_NAME, "place_name", "the name of a place")                                             \
    X(TAKEN, "taken", "when it was taken")                                                         \
    X(OWNER, "owner", "who took it, or whose camera it is")                                        \
    X(SERIAL, "serial_number", "the serial number of a camera or lens")                            \
    X(CAMERA, "camera", "which camera or lens")                                                    \
    X(SOFTWARE, "program", "which program or machine wrote it")                                    \
    X(INSIDE, "inside", "something else inside")

enum fact_id {
    FACT_UNKNOWN,
#define X(symbol, name, words) FACT_##symbol,
    FACT_LIST(X)
#undef X
    N_FACTS
};

struct found_fact {
    enum fact_id id;
    enum carrier_id carrier;
    struct text value; /* one printable line: "51.50735 N, 0.12776 W" */
};

struct face {
    struct box box;
    uint32_t score_ppm; /* the detector's own confidence */
};

/* What a picture looks like, so coarsely that a copy made smaller, brighter or a little cropped
 * looks the same: for each of 16 x 16 fields, is it darker than the field to its right? Nobody can
 * be told by it. */
#define LIKENESS_EDGE 16
struct likeness {
    enum known known; /* NO: too plain to be told from another; UNKNOWN: not looked at */
    uint64_t fields[LIKENESS_EDGE * LIKENESS_EDGE / 64]; /* row by row, the first in bit 0 */
};

/* In how many of the 256 fields two pictures differ; all of them unless both are known. Pure. */
unsigned likeness_distance(const struct likeness *a, const struct likeness *b);
/* Are they near copies of one another: the same picture worked over, or, of the same moment,
 * cropped or the next of a burst? Many portraits before one wall look much alike: so a moment
 * counts. Pure. */
bool likeness_is_near(const struct likeness *a, const struct likeness *b, bool same_moment);

/* What the ledger knows a person to have done with a photo. */
enum past {
    PAST_UNKNOWN,
    PAST_NOTHING,
    PAST_TURNED_DOWN, /* at the sign-off of this batch */
    PAST_DESTROYED    /* as a compromising picture, in any batch */
};

/* The manifest's row for this photo: a person's word, recorded as such. */
struct statement {
    /* YES: the row below; NO: a manifest is there, without this photo; UNKNOWN: no manifest */
    enum known present;
    uint32_t row;       /* line of photos.csv, from 1 */
    struct text caption, event, taken_on, photographer, credit;
    enum known count_given;
    uint32_t people_count; /* pupils and staff a person counted, when count_given is YES */
    enum known no_pupils_identifiable;
    /* empty, or why the manifest or this row cannot be used: holds the photo; one printable line,
     * no names */
    struct text trouble;
};

struct evidence {
    /* from the intake */
    /* path below the intake folder, as the file system has it: any bytes but NUL */
    struct text name;
    uint32_t position;     /* place in the sorted folder, from 1 */
    uint64_t size_bytes;
    enum exam exam;
    struct text exam_note; /* one printable line, no names */
    /* same bytes as an earlier photo of this batch; UNKNOWN counts as yes */
    enum known duplicate_of_earlier;
    uint32_t duplicate_position;
    /* another file has the same name after case folding; UNKNOWN counts as yes */
    enum known name_clash;
    /* it looks like a photo that was refused for somebody's sake; UNKNOWN counts as yes */
    enum known near_refused;
    uint32_t near_position; /* of that photo in this folder; 0: an earlier batch's */
    int64_t near_case;      /* and its case; 0: of this run, not numbered yet */
    /* what a person decided about these bytes before; UNKNOWN refuses */
    enum past past;

    /* from the examiner */
    enum file_kind kind;
    struct digest digest; /* of the bytes examined */
    uint32_t width_px, height_px; /* upright */
    uint32_t orientation;         /* EXIF/TIFF 1..8; 0 = not known */
    const struct carrier *carriers;
    size_t n_carriers;
    const struct tag *tags; /* rewritten by resolve_people, then frozen */
    size_t n_tags;
    const struct found_text *texts;
    size_t n_texts;
    const struct found_fact *facts;
    size_t n_facts;
    /* the picture's caption field; published when the manifest gives none */
    struct text own_caption;
    enum carrier_id own_caption_carrier;
    struct text creator, copyright;
    enum known faces_looked_for;
    const struct face *faces;
    size_t n_faces;
    struct likeness likeness;
    struct bytes preview; /* a small clean JPEG for the report; may be empty */

    /* from the manifest */
    struct statement said;
};

const char *fact_name(enum fact_id f);  /* "serial_number" */
const char *fact_words(enum fact_id f); /* "the serial number of a camera or lens" */
const char *exam_words(enum exam e);
const char *file_kind_words(enum file_kind k);
bool file_kind_is_releasable(enum file_kind k);
const char *carrier_words(enum carrier_id c);
const char *carrier_identifies(enum carrier_id c);

/* The caption that would be published: the manifest's, else the picture's own, else none. Pure,
 * borrowed. */
struct text evidence_caption(const struct evidence *e);

#ifdef __cplusplus
}
#endif
#endif
