/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/xmp_extended.h"

#include "photogate/limits.h"

enum { GUID_BYTES = 32, PREFIX_BYTES = GUID_BYTES + 8 };

static void fault(struct xmp_extended *x, const char *what)
{
    if (!x->fault) {
        x->fault = what;
    }
}

void xmp_extended_add(struct xmp_extended *x, struct bytes payload)
{
    x->n_bytes += payload.n;
    if (payload.n <= PREFIX_BYTES) {
        fault(x, "extended XMP cut short");
        return;
    }
    struct bytes guid = bytes_slice(payload, 0, GUID_BYTES);
    uint32_t length = bytes_be32(payload, GUID_BYTES);
    if (x->n_parts == 0) {
        x->guid = guid;
        x->length = length;
    }
    if (length > MAX_XMP_BYTES) {
        fault(x, "extended XMP larger than can be checked");
    } else if (!bytes_equal(x->guid, guid) || x->length != length) {
        fault(x, "extended XMP of two packets");
    } else if (x->n_parts == MAX_XMP_PARTS) {
        fault(x, "extended XMP in more parts than can be checked");
    } else {
        x->parts[x->n_parts].offset = bytes_be32(payload, GUID_BYTES + 4);
        x->parts[x->n_parts].bytes = bytes_slice(payload, PREFIX_BYTES, payload.n);
        x->n_parts++;
    }
}

/* The part that begins at `offset`, or NULL. */
static const struct bytes *part_at(const struct xmp_extended *x, size_t offset)
{
    for (size_t i = 0; i < x->n_parts; i++) {
        if (x->parts[i].offset == offset) {
            return &x->parts[i].bytes;
        }
    }
    return NULL;
}

/* Every part follows another, none is left over, and together they are as long as each of them
 * says. */
static void join(struct xmp_extended *x, struct buffer *out)
{
    size_t n_used = 0;
    while (out->n < x->length && out->failed == STATUS_OK) {
        const struct bytes *part = part_at(x, out->n);
        if (!part) {
            break;
        }
        buffer_add(out, part->at, part->n);
        n_used++;
    }
    if (out->failed != STATUS_NOMEM && (out->n != x->length || n_used != x->n_parts)) {
        fault(x, "extended XMP with a part missing or too many");
    }
}

enum status xmp_extended_read(struct xmp_extended *x, struct gathering *g, struct err *err)
{
    struct buffer packet;
    enum status st = STATUS_OK;
    buffer_init(&packet, MAX_XMP_BYTES);
    if (!x->fault) {
        join(x, &packet);
    }
    if (packet.failed == STATUS_NOMEM) {
        st = err_set(err, STATUS_NOMEM, "no memory for XMP");
    } else if (x->fault) {
        gather_carrier(g, CARRIER_XMP_EXTENDED, CARRIER_UNPARSABLE, x->n_bytes, x->fault);
    } else {
        st = xmp_read(g, CARRIER_XMP_EXTENDED, buffer_view(&packet), err);
    }
    buffer_release(&packet);
    return st;
}
