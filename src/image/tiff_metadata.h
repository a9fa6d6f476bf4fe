/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PHOTOGATE_IMAGE_TIFF_METADATA_H
#define PHOTOGATE_IMAGE_TIFF_METADATA_H

#include "image/gathering.h"

/* Hand what a TIFF file carries in its first directory, its EXIF and its GPS directory to the
 * readers. They are made for metadata of 64 kB at the start of a photo: the entries are copied into
 * such a block, pixels and tables left out.
 *
 * file     borrowed; "II*\0" or "MM\0*" first; hostile
 * end      of the pixels; what lies behind these, and behind everything else that is pointed to, is
 *          recorded as a trailer
 * fails    NOMEM, LIBRARY, BUG; what cannot be read is recorded as such
 * source   TIFF 6.0, section 2; XMP specification part 3, 2.2 (700); IPTC (33723), Photoshop
 *          (34377)
 */
enum status tiff_metadata(struct bytes file, uint64_t end, struct gathering *g, struct err *err);

#endif
