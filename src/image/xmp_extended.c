/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/xmp_extended.h"

#include <string.h>

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
    if (length > MAX_XMP_EXTENDED_BYTES) {
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

/* RFC 4648, 4. */
static bool is_base64(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
}

/* Phones lay depth maps and second pictures into a property, in base64 (Google, Depth Map Metadata
 * and Panorama Metadata). So many letters without a space or a sign are no name and no text: they
 * are left out. What the packet says around them stays as it is. */
static void leave_pictures_out(struct buffer *packet)
{
    enum { LONGEST_WORD_BYTES = 4096 };
    size_t to = 0;
    for (size_t from = 0; from < packet->n;) {
        size_t end = from;
        while (end < packet->n && is_base64(packet->at[end])) {
            end++;
        }
        size_t n = end - from;
        if (n <= LONGEST_WORD_BYTES) {
            n += end < packet->n; /* the sign that ended it */
            memmove(packet->at + to, packet->at + from, n);
            to += n;
            from += n;
        } else {
            from = end;
        }
    }
    packet->n = to;
}

enum status xmp_extended_read(struct xmp_extended *x, struct gathering *g, struct err *err)
{
    struct buffer packet;
    enum status st = STATUS_OK;
    buffer_init(&packet, MAX_XMP_EXTENDED_BYTES);
    if (!x->fault) {
        join(x, &packet);
    }
    if (!x->fault && packet.failed == STATUS_OK) {
        leave_pictures_out(&packet);
        x->fault = packet.n > MAX_XMP_BYTES ? "extended XMP larger than can be checked" : NULL;
    }
    if (packet.failed == STATUS_NOMEM) {
        st = err_set(err, STATUS_NOMEM, "no memory for XMP");
    } else if (x->fault) {
        gather_carrier(g, CARRIER_XMP_EXTENDED, CARRIER_UNPARSABLE, x->n_bytes, x->fault);
    } else {
        st = xmp_read(g, CARRIER_XMP_EXTENDED, buffer_view(&packet), err);
        gather_carrier(g, CARRIER_XMP_EXTENDED, CARRIER_DROPPED, x->length - packet.n, NULL);
    }
    buffer_release(&packet);
    return st;
}
