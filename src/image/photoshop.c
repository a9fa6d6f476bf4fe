/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photoshop image resource blocks: the wrapping of IPTC in JPEG, and sometimes of EXIF and XMP. */
#include "image/gathering.h"

/* Adobe Photoshop File Formats, "Image resource IDs". */
enum {
    RESOURCE_IPTC = 0x0404,
    RESOURCE_EXIF = 0x0422,
    RESOURCE_EXIF_3 = 0x0423,
    RESOURCE_XMP = 0x0424
};
enum { MAX_NESTING = 3 };

/* The signatures that Photoshop and its relatives use. */
static bool is_signature(struct bytes b)
{
    return bytes_start_with(b, "8BIM", 4) || bytes_start_with(b, "MeSa", 4) ||
           bytes_start_with(b, "PHUT", 4) || bytes_start_with(b, "AgHg", 4) ||
           bytes_start_with(b, "DCSR", 4);
}

static bool is_all_nul(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        if (b.at[i] != 0) {
            return false;
        }
    }
    return true;
}

struct block {
    unsigned id;
    struct bytes data;
    size_t n_bytes; /* of the whole block, padding included */
};

/* "Image Resource Blocks": signature, id, Pascal string padded to even, length, data padded to
 * even. */
static bool block_at(struct bytes b, struct block *out)
{
    if (b.n < 8 || !is_signature(b)) {
        return false;
    }
    size_t name = ((size_t)b.at[6] + 2) / 2 * 2; /* the length byte and the name, made even */
    if (name > b.n - 6 || b.n - 6 - name < 4) {
        return false;
    }
    size_t at = 6 + name + 4;
    size_t length = bytes_be32(b, at - 4);
    if (length > b.n - at) {
        return false;
    }
    out->id = bytes_be16(b, 4);
    out->data = bytes_slice(b, at, length);
    /* The last block's padding is often left off. */
    out->n_bytes = at + length + (length % 2 && at + length < b.n);
    return true;
}

static enum status use_block(struct gathering *g, const struct block *block, struct err *err)
{
    switch (block->id) {
    case RESOURCE_IPTC:
        return iptc_read(g, block->data, err);
    case RESOURCE_EXIF:
    case RESOURCE_EXIF_3:
        return exif_read(g, block->data, err);
    case RESOURCE_XMP:
        return xmp_read(g, CARRIER_XMP, block->data, err);
    default:
        return STATUS_OK;
    }
}

enum status photoshop_read(struct gathering *g, struct bytes resources, struct err *err)
{
    const char *fault = NULL;
    enum status st = STATUS_OK;
    struct block block;
    struct bytes rest = resources;
    if (g->nesting >= MAX_NESTING) {
        fault = "Photoshop resources within themselves";
        goto out;
    }
    g->nesting++;
    while (st == STATUS_OK && rest.n && !is_all_nul(rest)) {
        if (!block_at(rest, &block)) {
            fault = "Photoshop resources that break off";
            break;
        }
        st = use_block(g, &block, err);
        rest = bytes_slice(rest, block.n_bytes, rest.n);
    }
    g->nesting--;
out:
    gather_carrier(g, CARRIER_PHOTOSHOP, fault ? CARRIER_UNPARSABLE : CARRIER_DROPPED, resources.n,
                   fault);
    return st;
}
