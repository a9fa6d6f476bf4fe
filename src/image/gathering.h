/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of one photo collect: carriers, tags, texts, rights.
 *
 * photo.c makes one, walks the photo's segments or chunks, hands each carrier to its reader, and
 * moves the result into the evidence. A reader that cannot parse its carrier records it as
 * UNPARSABLE (which holds the photo) and returns OK; it fails only for NOMEM, LIBRARY and BUG. Over
 * a cap (limits.h) a reader records its carrier as UNPARSABLE with a note, never drops in silence.
 * Everything recorded is copied into the arena; text that is not UTF-8 has been converted by the
 * reader, or the carrier is UNPARSABLE.
 */
#ifndef PHOTOGATE_IMAGE_GATHERING_H
#define PHOTOGATE_IMAGE_GATHERING_H

#include "photogate/arena.h"
#include "photogate/evidence.h"

struct gathering {
    struct arena *a; /* borrowed; the photo's */
    struct carrier carriers[N_CARRIERS];
    size_t n_carriers;
    struct tag *tags; /* MAX_TAGS, in the arena */
    size_t n_tags;
    struct found_text *texts; /* MAX_TEXTS, in the arena */
    size_t n_texts;
    size_t n_loose_bytes;     /* of the texts from loose_text.h: at most MAX_LOOSE_BYTES */
    struct found_fact *facts; /* MAX_FACTS_FOUND, in the arena */
    size_t n_facts;
    struct text
        /* best caption so far: XMP dc:description, else the sidecar's, else IPTC 2:120, else EXIF
         * ImageDescription */
        caption;
    enum carrier_id caption_carrier;
    struct text creator, copyright; /* of the first of XMP, sidecar, IPTC, EXIF that says */
    enum carrier_id creator_carrier, copyright_carrier;
    uint32_t orientation; /* EXIF 0x0112, else XMP tiff:Orientation, 1..8; 0 = not given */
    bool orientation_is_exif;
    bool has_promised_xmp; /* a packet says that extended XMP goes with it */
    unsigned nesting; /* carriers within carriers (EXIF in Photoshop in EXIF ...) now being read */
    bool no_memory;   /* sticky: the arena was full; photo.c turns it into NOMEM */
};

enum status gathering_init(struct gathering *g, struct arena *a, struct err *err);

/* Record that a carrier is there. A second record of the same id adds its size and keeps the worse
 * state (NOT_READ is worst, then UNPARSABLE, READ, DROPPED) with that state's note. `note` may be
 * NULL. */
void gather_carrier(struct gathering *g, enum carrier_id id, enum carrier_state state,
                    size_t size_bytes, const char *note);

/* Record a tag, name trimmed, over MAX_TAG_BYTES or MAX_TAGS: its carrier turns UNPARSABLE. `box`
 * may be NULL; it is of the stored picture, before orientation, and is turned upright by photo.c
 * (gathering_turn_boxes) once the orientation is known. Only a region may be without a name; a
 * keyword that this carrier has given already is passed over. */
void gather_tag(struct gathering *g, enum carrier_id carrier, enum tag_kind kind, struct text name,
                const struct box *box);

/* Record a free text (empty ones, and what cameras and programs write into every picture, are
 * passed over); over MAX_TEXT_BYTES or MAX_TEXTS: its carrier turns UNPARSABLE. */
void gather_text(struct gathering *g, enum carrier_id carrier, struct text text);

/* Record what a photo gives away beside names and texts. It is for telling people: one that is
 * given already, is no printable UTF-8, is over MAX_FACT_BYTES or over MAX_FACTS_FOUND is passed
 * over, and holds nothing. */
void gather_fact(struct gathering *g, enum carrier_id carrier, enum fact_id id, struct text value);

/* What stands behind the end of a picture: its carrier, and what it seems to be. */
void gather_trailer(struct gathering *g, struct bytes trailer);

/* Offer a caption, creator or copyright; the carrier ranked first in the comment above wins. Of one
 * carrier the first caption wins, creators and copyrights are joined by "; ". Stock captions
 * (stock_text.h) are none. */
void gather_caption(struct gathering *g, enum carrier_id carrier, struct text caption);
void gather_creator(struct gathering *g, enum carrier_id carrier, struct text creator);
void gather_copyright(struct gathering *g, enum carrier_id carrier, struct text copyright);

/* Boxes as stored -> boxes of the upright picture, for EXIF orientation 1..8; 0 counts as 1. Once.
 *
 * source   EXIF 2.32, 4.6.4 A, Orientation
 */
void gathering_turn_boxes(struct gathering *g, uint32_t orientation);

/* Into the evidence: carriers, tags, texts, caption, rights, orientation. Fails NOMEM. */
enum status gathering_finish(struct gathering *g, struct evidence *e, struct err *err);

/* The readers (metadata). Each gets its carrier's payload without the marker's signature.
 *
 * exif_read       a TIFF structure ("II*\0" or "MM\0*" first): EXIF 2.32 / TIFF 6.0
 * xmp_read        an XMP packet: ISO 16684-1; `carrier` is XMP, XMP_EXTENDED or SIDECAR
 * photoshop_read  image resource blocks ("8BIM"...), those of several segments already joined:
 *                 finds 0x0404 (IPTC-IIM) and 0x0422/0x0424 (EXIF, XMP), records the rest
 * iptc_read       an IPTC-IIM stream: IIM 4.2, records 1 and 2
 * text_read       a free text given as UTF-8 (JPEG COM, PNG text after conversion): `key` may be
 *                 empty; the keys under which programs hide EXIF, IPTC and XMP in PNG text are
 *                 handed on to those readers
 */
enum status exif_read(struct gathering *g, struct bytes tiff, struct err *err);
enum status xmp_read(struct gathering *g, enum carrier_id carrier, struct bytes packet,
                     struct err *err);
enum status photoshop_read(struct gathering *g, struct bytes resources, struct err *err);
enum status iptc_read(struct gathering *g, struct bytes iim, struct err *err);
enum status text_read(struct gathering *g, enum carrier_id carrier, struct text key,
                      struct text value, struct err *err);

/* Libraries that must open files or allocate tables at their first use do it here, before the
 * process is confined. Called once by photo_prepare, before any reader. */
enum status metadata_prepare(struct err *err);

#endif
