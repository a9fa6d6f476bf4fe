/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libde265 for libheif, without threads.
 *
 * libheif's own door to libde265 starts a thread for each tile, which the examiner may not. This
 * one decodes in the caller, and takes no warning.
 */
#ifndef PHOTOGATE_IMAGE_HEIF_HEVC_H
#define PHOTOGATE_IMAGE_HEIF_HEVC_H

#include "photogate/status.h"

#define HEIF_HEVC_ID "photogate-hevc" /* for heif_decoding_options.decoder_id */

/* Make it known to libheif. Once per process, before confinement. Fails LIBRARY. */
enum status heif_hevc_register(struct err *err);

#endif
