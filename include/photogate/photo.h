/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a photo's bytes to evidence, and from the photo to a release that carries nothing but the
 * picture.
 *
 * These functions run in the examiner process, confined, on hostile bytes. They open no file. A
 * library's warning (truncated JPEG, bad CRC) is an error here: the photo is held, never repaired
 * in silence.
 *
 * Sequence: photo_examine; the parent judges; photo_cleanse; release_check by the parent over the
 * bytes it read back from disk.
 */
#ifndef PHOTOGATE_PHOTO_H
#define PHOTOGATE_PHOTO_H

#include "photogate/arena.h"
#include "photogate/bytes.h"
#include "photogate/evidence.h"
#include "photogate/faces.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a file is, by content. `head` is its first 4096 bytes or all of it. Pure. */
enum file_kind file_identify(struct bytes head);

/* Let every library open what it needs and allocate its tables, before the process is confined.
 * Once per process. */
enum status photo_prepare(struct err *err);

/* How the office wants its pictures: [metadata] of the profile. */
struct release_wishes {
    uint32_t max_edge_px;  /* a longer picture is made smaller; 0 = none is */
    /* of pictures encoded anew: MIN_JPEG_QUALITY..MAX_JPEG_QUALITY; 0 = DEFAULT_JPEG_QUALITY */
    uint32_t jpeg_quality;
};

/* What lies beside a photo and speaks of it. */
enum companion_kind {
    COMPANION_UNKNOWN,        /* holds the photo */
    COMPANION_XMP,            /* an XMP packet with or without its wrapper */
    COMPANION_TAKEOUT,        /* Google Takeout's JSON of one photo */
    COMPANION_TAKEOUT_ALBUM,  /* ... of the album the photo is in */
    COMPANION_PICASA,         /* the .picasa.ini of the photo's folder */
    COMPANION_PICASA_CONTACTS, /* one of a folder above: only its names of people count */
    N_COMPANION_KINDS
};

struct sidecar {
    struct bytes bytes;
    enum companion_kind kind;
    /* the photo's own, folded (image/file_name.h): the section of a .picasa.ini */
    struct text name;
    /* PICASA: the folded names of all photos of its folder, each with a NUL behind it */
    struct text siblings;
};

/* Look at everything in a photo.
 *
 * file      borrowed; whole file; hostile
 * sidecars  borrowed; at most MAX_SIDECARS
 * detector  may be NULL: then faces_looked_for stays NO
 * *e        filled from `exam` down to `preview`; everything in arena `a`. A file that is no
 *           releasable photo has exam NOT_A_PHOTO or UNSUPPORTED, a damaged one DAMAGED, one over a
 *           limit OVER_LIMIT: that is a result, not a failure
 * fails     NOMEM, LIBRARY, BUG: nothing is known about the photo
 */
enum status photo_examine(struct bytes file, const struct sidecar *sidecars, size_t n_sidecars,
                          struct detector *detector, struct arena *a, struct evidence *e,
                          struct err *err);

/* What the examiner proved about the release it made. */
struct proof {
    struct digest release_digest;
    uint32_t width_px, height_px;
    enum file_kind kind;
    /* edge of the stored picture lost to a lossless turn; each under one MCU */
    uint32_t trimmed_right_px, trimmed_bottom_px;
    /* JPEG and PNG as they came: coefficients or pixels of release and upright original are equal.
     * Of a JPEG that stands upright already and is plain (one scan, Huffman, each table once) they
     * are equal by construction: size, sampling, tables and entropy-coded data of the release,
     * taken apart again, are the original's byte for byte; and those data have been read to their
     * last bit, so that they hold coefficients and nothing else (image/jpeg_parts.h). Of any other
     * JPEG, libjpeg reads both. Encoded anew (another format, CMYK, made smaller): a PNG's pixels
     * are those meant; a JPEG, decoded again, has the edges, the colour profile and, block by
     * block, the mean colours meant. */
    enum known same_picture;
    uint32_t n_covered; /* areas covered, every one as asked for: one colour, and no face found */
};

/* Areas of the upright picture that nobody may see. */
struct cover {
    const struct box *boxes; /* borrowed; at most MAX_COVERED */
    size_t n;
};

/* Rebuild the picture from a keep-list, turned upright, with nothing else copied; read the release
 * back with a strict decoder and prove it the same picture. JPEG and PNG leave without loss. Other
 * formats, JPEG in four inks, and pictures larger than wished are decoded and encoded anew: as PNG
 * what came without loss and is small, as JPEG the rest. proof->kind says which.
 *
 * file     the bytes examined
 * wishes   may be NULL: none
 * out      the release; empty on failure; its ceiling bounds the result
 * fails    FORMAT, LIMIT, UNSUPPORTED: the photo is held; NOMEM; LIBRARY; BUG when the proof fails
 * source   ITU-T T.81 Annex B; PNG (W3C, third edition) 11; Cherry Trees s3 (location is content)
 */
enum status photo_cleanse(struct bytes file, const struct release_wishes *wishes,
                          struct buffer *out, struct proof *proof, struct err *err);

/* The same, with areas covered by one solid gray. Nothing of what was under them is in the release:
 * a JPEG's coefficients there are replaced before it is coded anew, whole MCUs of them; the pixels
 * of any other picture before they are made smaller, and again after. Then the release is decoded,
 * every area found to be one colour, and `detector` finds no face in it.
 *
 * cover     may be empty: then this is photo_cleanse
 * detector  may be NULL: then nothing looks
 * fails     besides: FORMAT an area of no size, or a face still found where one was covered
 */
enum status photo_cleanse_covered(struct bytes file, const struct release_wishes *wishes,
                                  const struct cover *cover, struct detector *detector,
                                  struct buffer *out, struct proof *proof, struct err *err);

/* The stranger's look: is this a JPEG or PNG that holds only the structures the keep-list allows,
 * whole, with nothing between or after them? Reads markers and chunks only; no library, no
 * decoding; safe on hostile bytes. Called by the parent over what stands on disk before it is named
 * in the ledger.
 *
 * fails    FORMAT naming the structure and its offset
 */
enum status release_check(struct bytes release, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
