/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes with people in XMP: the regions of the Metadata Working Group, of Microsoft and of ACDSee.
 * Private to the XMP reader. */
#ifndef PHOTOGATE_IMAGE_XMP_REGIONS_H
#define PHOTOGATE_IMAGE_XMP_REGIONS_H

#include <exempi/xmp.h>

#include "image/gathering.h"

#define XMP_NS_MWG "http://www.metadataworkinggroup.com/schemas/regions/"
#define XMP_NS_AREA "http://ns.adobe.com/xmp/sType/Area#"
#define XMP_NS_DIMENSIONS "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
#define XMP_NS_MP "http://ns.microsoft.com/photo/1.2/"
#define XMP_NS_MP_BARE "http://ns.microsoft.com/photo/1.2" /* as some programs write it */
#define XMP_NS_MPRI "http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
#define XMP_NS_MPREG "http://ns.microsoft.com/photo/1.2/t/Region#"

#define XMP_NS_EXT "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
#define XMP_NS_ACDSEE "http://ns.acdsee.com/regions/"
#define XMP_NS_ACDSEE_AREA "http://ns.acdsee.com/sType/Area#"
#define XMP_NS_ACDSEE_DIMENSIONS "http://ns.acdsee.com/sType/Dimensions#"

enum { MAX_XMP_PREFIX_BYTES = 64 };

/* Record the regions of `xmp` as tags of `carrier`. A region that makes no sense turns the carrier
 * UNPARSABLE.
 *
 * fails    NOMEM; LIBRARY when a namespace is not registered
 * source   MWG Guidelines for Handling Image Metadata 2.0, 5.9; Microsoft, "People Tagging
 *          Overview"; IPTC Photo Metadata 2023.1, Image Region
 */
enum status xmp_regions_read(struct gathering *g, enum carrier_id carrier, XmpPtr xmp,
                             struct err *err);

/* The prefix, with its colon, under which exempi knows `uri`. fails LIBRARY, NOMEM */
enum status xmp_prefix(const char *uri, char out[MAX_XMP_PREFIX_BYTES], struct err *err);

/* A number as programs write it in XMP: digits with a point or comma, an exponent. False for
 * anything else, so for "nan". Pure. */
bool xmp_number(struct text t, double *out);

/* A box in parts of the picture's width and height, as its top left corner and size: true and *out
 * set if its middle lies in the picture and something of it remains after what hangs over the edge
 * is cut off. Pure. */
bool xmp_box(double x, double y, double w, double h, struct box *out);

/* Four numbers "x, y, w, h" of Microsoft's rectangles, also with decimal commas. Pure. */
bool xmp_rectangle(struct text t, double out[4]);

/* The text of acdsee:categories, which is XML once more, as keywords of `carrier`. One that cannot
 * be read turns the carrier UNPARSABLE. */
void xmp_categories_read(struct gathering *g, enum carrier_id carrier, struct text value);

#endif
