/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What crosses the socket between the gate and an examiner process.
 *
 * A frame is a 12-byte header (magic, type, payload length; little-endian) and the payload. The
 * gate trusts nothing in it: every length, count, enum and text is checked against limits.h before
 * it is believed, and a frame that does not decode to its last byte is refused. File descriptors
 * ride on the frame's header (SCM_RIGHTS), from the gate to the examiner only.
 *
 * The examiner is sent a photo and sends back evidence; it never learns a pupil's name from the
 * register.
 */
#ifndef PHOTOGATE_WIRE_H
#define PHOTOGATE_WIRE_H

#include "photogate/arena.h"
#include "photogate/evidence.h"
#include "photogate/faces.h"
#include "photogate/photo.h"
#include "photogate/limits.h"

#ifdef __cplusplus
extern "C" {
#endif

enum frame_type {
    FRAME_UNKNOWN,
    FRAME_READY,    /* examiner: what is in force */
    FRAME_EXAMINE,  /* gate: a photo, its sidecars (descriptors) */
    FRAME_EVIDENCE, /* examiner */
    FRAME_CLEANSE,  /* gate: wishes, areas to cover, where the release goes (descriptor) */
    FRAME_RELEASE,  /* examiner: the proof */
    FRAME_FAILED    /* examiner: status and words */
};

#define FRAME_HEADER_BYTES 12
#define FRAME_MAX_FDS (1 + MAX_SIDECARS)

/* What confines an examiner, told by itself when it is ready. */
struct confinement {
    uint32_t landlock_abi; /* 0 = not in force */
    bool seccomp;
    uint64_t address_bytes; /* RLIMIT_AS; 0 = not in force */
};

struct readiness {
    struct confinement confinement;
    enum assurance assurance;
    struct text detector;
};

/* Send one frame whole. fails IO (peer gone), LIMIT */
enum status wire_send(int socket, enum frame_type type, struct bytes payload, const int *fds,
                      size_t n_fds, struct err *err);

/* Receive one frame whole, blocking. *type, `payload` (reset first) and up to `cap` descriptors
 * (owned by the caller).
 * fails    IO end of stream or error; FORMAT not a frame; LIMIT payload over MAX_MESSAGE_BYTES */
enum status wire_receive(int socket, enum frame_type *type, struct buffer *payload, int *fds,
                         size_t cap, size_t *n_fds, struct err *err);

/* A frame header, checked: for a reader that gathers bytes as they come. fails FORMAT, LIMIT. Pure.
 */
enum status wire_header(struct bytes header, enum frame_type *type, uint32_t *payload_bytes,
                        struct err *err);

/* Payloads. Encoders append to `out`; decoders copy into the arena, except `preview`, which borrows
 * from the payload. Decoders fail FORMAT or LIMIT for anything out of place, NOMEM. Pure. */
void wire_put_readiness(struct buffer *out, const struct readiness *r);
enum status wire_get_readiness(struct bytes payload, struct arena *a, struct readiness *out,
                               struct err *err);
void wire_put_evidence(struct buffer *out, const struct evidence *e);
enum status wire_get_evidence(struct bytes payload, struct arena *a, struct evidence *e,
                              struct err *err);
/* What each descriptor behind the photo's is; `bytes` is left empty. At most MAX_SIDECARS. */
void wire_put_companions(struct buffer *out, const struct sidecar *beside, size_t n);
enum status wire_get_companions(struct bytes payload, struct arena *a,
                                struct sidecar out[MAX_SIDECARS], size_t *n, struct err *err);
void wire_put_wishes(struct buffer *out, const struct release_wishes *w, const struct cover *cover);
enum status wire_get_wishes(struct bytes payload, struct arena *a, struct release_wishes *out,
                            struct cover *cover, struct err *err);
void wire_put_proof(struct buffer *out, const struct proof *p);
enum status wire_get_proof(struct bytes payload, struct proof *out, struct err *err);
void wire_put_failure(struct buffer *out, enum status status, struct text words);
enum status wire_get_failure(struct bytes payload, enum status *status, struct err *words,
                             struct err *err);

#ifdef __cplusplus
}
#endif
#endif
