/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many faces, and where. Detection only: nobody is recognised (Protection of Freedoms Act 2012,
 * s.26).
 *
 * The one door to OpenCV. Behind it C++, in front of it C: an opaque detector, decoded pixels,
 * boxes. A detector belongs to one process and one thread. It never sees a file of the user's:
 * pixels are decoded by image/.
 *
 * Assurance is a fact of the run. HIGH: YuNet with the known digest. LOW: Debian's cascades, which
 * miss a face in about half of group photos; then no photo of people passes without a count that a
 * person made (rules V02).
 */
#ifndef PHOTOGATE_FACES_H
#define PHOTOGATE_FACES_H

#include <stddef.h>
#include <stdint.h>

#include "photogate/bytes.h"
#include "photogate/evidence.h"
#include "photogate/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

enum assurance { ASSURANCE_NONE, ASSURANCE_LOW, ASSURANCE_HIGH };

/* Interleaved 8-bit blue, green, red; rows without padding. */
struct pixels {
    uint8_t *at; /* owned by whoever made it; width * height * 3 bytes */
    uint32_t width_px, height_px;
};

/* SHA-256 of OpenCV Zoo's face_detection_yunet_2023mar.onnx (232,589 bytes), the only model that
 * earns HIGH. */
#define YUNET_SHA256 "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"

struct detector;

/* Open a detector. To be called before the process is confined: cascades are read from their files
 * here.
 *
 * model        the ONNX file's bytes, or empty: then the cascades are used. Other bytes than
 *              YUNET_SHA256's are refused (FORMAT).
 * cascade_dir  folder of haarcascade_frontalface_alt2.xml and its fellows
 * search       how thoroughly the model looks; the cascades know one way only
 * *out         owned; detector_close
 * fails        FORMAT model unknown; LIBRARY OpenCV; IO no cascades there; NOMEM
 */
enum status detector_open(struct bytes model, const char *cascade_dir, enum face_search search,
                          struct detector **out, struct err *err);
void detector_close(struct detector *d);

enum assurance detector_assurance(const struct detector *d);

/* One line for reports: "YuNet 2023mar (SHA-256 8f2383e4...), fast: at 640 and 1024 px". Borrowed,
 * lives as long as the detector. */
const char *detector_description(const struct detector *d);

/* The longest edge of the picture that a pass looks at: what a decoder gives beyond it is thrown
 * away. At most DETECT_EDGE_PX. */
uint32_t detector_edge_px(const struct detector *d);

/* Find faces in a picture.
 *
 * picture  borrowed; both edges at least 16 px
 * faces    at most `cap` written, largest first; *n_faces may say more than `cap` were found (then
 *          the photo is held)
 * fails    UNSUPPORTED smaller than 16 px (holds the photo); LIBRARY, NOMEM; a detector that failed
 *          has looked at nothing
 */
enum status detector_find(struct detector *d, const struct pixels *picture, struct face *faces,
                          size_t cap, size_t *n_faces, struct err *err);

const char *assurance_name(enum assurance a); /* "none", "low", "high" */

#ifdef __cplusplus
}
#endif
#endif
