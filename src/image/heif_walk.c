/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/heif_walk.h"

#include <string.h>

#include "image/carrier_table.h"
#include "photogate/limits.h"
#include "photogate/text.h"

enum { FULL_HEADER_BYTES = 4, MAX_PROPERTIES = 0x7FFF, TYPE_BYTES = 4, KEY_BYTES = 64 };

/* ISO/IEC 23008-12, 6.6.2: items that are made of other items. */
struct composed {
    uint32_t ids[MAX_HEIF_COMPOSED];
    bool is_identity[MAX_HEIF_COMPOSED];
    size_t n;
    struct { /* every item there is */
        uint32_t id;
        bool is_picture;
    } items[MAX_HEIF_ITEMS];
    size_t n_items;
};

struct iso_box {
    char type[5];
    struct bytes content;
};

/* ISO/IEC 14496-12, 4.2: size, type; size 1: 64 bits follow, size 0: to the end. */
static enum status next_box(struct bytes *rest, struct iso_box *out, struct err *err)
{
    size_t head = 8;
    uint64_t size = rest->n >= head ? bytes_be32(*rest, 0) : 0;
    if (rest->n >= 16 && size == 1) {
        head = 16;
        size = (uint64_t)bytes_be32(*rest, 8) << 32 | bytes_be32(*rest, 12);
    } else if (rest->n >= head && size == 0) {
        size = rest->n;
    }
    if (size < head || size > rest->n) {
        return err_set(err, STATUS_FORMAT, "a part of the file is cut short");
    }
    memcpy(out->type, rest->at + 4, 4);
    out->type[4] = '\0';
    out->content = bytes_slice(*rest, head, (size_t)size - head);
    *rest = bytes_slice(*rest, (size_t)size, rest->n);
    return STATUS_OK;
}

static bool is(const struct iso_box *b, const char *type)
{
    return memcmp(b->type, type, 4) == 0;
}

/* Tell the visitor, if there is one, of a type and what follows it. */
static enum status tell(const struct heif_visitor *v, unsigned place, const void *type,
                        struct bytes follows, struct bytes content, struct err *err)
{
    uint8_t key[KEY_BYTES];
    struct bytes more = bytes_slice(follows, 0, KEY_BYTES - TYPE_BYTES);
    if (!v) {
        return STATUS_OK;
    }
    memcpy(key, type, TYPE_BYTES);
    if (more.n) {
        memcpy(key + TYPE_BYTES, more.at, more.n);
    }
    return v->visit(v->context, place, (struct bytes){key, TYPE_BYTES + more.n}, content, err);
}

static enum status tell_of_box(const struct heif_visitor *v, unsigned place,
                               const struct iso_box *b, struct err *err)
{
    return tell(v, place, b->type, b->content, b->content, err);
}

static enum status tell_of_boxes(const struct heif_visitor *v, unsigned place, struct bytes in,
                                 struct err *err)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && in.n) {
        struct iso_box b;
        st = next_box(&in, &b, err);
        if (st == STATUS_OK) {
            st = tell_of_box(v, place, &b, err);
        }
    }
    return st;
}

/* The first box of a type, or an empty one. */
static enum status find_box(struct bytes in, const char *type, struct iso_box *out, struct err *err)
{
    enum status st = STATUS_OK;
    *out = (struct iso_box){.content = {NULL, 0}};
    while (st == STATUS_OK && in.n) {
        struct iso_box b;
        st = next_box(&in, &b, err);
        if (st == STATUS_OK && is(&b, type)) {
            *out = b;
            return STATUS_OK;
        }
    }
    return st;
}

/* A reader that yields zeros beyond the end; `is_short` is asked once. */
struct reader {
    struct bytes left;
    bool is_short;
};

static uint32_t take(struct reader *r, size_t n)
{
    uint32_t value = 0;
    if (r->left.n < n) {
        r->is_short = true;
        r->left.n = 0;
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        value = value << 8 | r->left.at[i];
    }
    r->left = bytes_slice(r->left, n, r->left.n);
    return value;
}

static struct text take_string(struct reader *r)
{
    const uint8_t *nul = r->left.n ? memchr(r->left.at, 0, r->left.n) : NULL;
    size_t n = nul ? (size_t)(nul - r->left.at) : r->left.n;
    struct text t = {(const char *)r->left.at, n};
    r->left = bytes_slice(r->left, nul ? n + 1 : n, r->left.n);
    return t;
}

static void note_composed(struct composed *c, uint32_t id, struct bytes type)
{
    bool is_identity = bytes_start_with(type, "iden", 4);
    if (!is_identity && !bytes_start_with(type, "grid", 4) && !bytes_start_with(type, "iovl", 4)) {
        return;
    }
    if (c->n < MAX_HEIF_COMPOSED) {
        c->ids[c->n] = id;
        c->is_identity[c->n] = is_identity;
    }
    c->n++;
}

/* NULL, or whether the item is a picture: libheif takes for granted that the parts of one are. */
static const bool *find_item(const struct composed *c, uint32_t id)
{
    for (size_t i = 0; i < c->n_items; i++) {
        if (c->items[i].id == id) {
            return &c->items[i].is_picture;
        }
    }
    return NULL;
}

static enum status add_item(struct composed *c, uint32_t id, struct bytes type, struct err *err)
{
    static const char *const PICTURES[] = {"hvc1", "av01", "grid", "iovl", "iden"};
    if (c->n_items == MAX_HEIF_ITEMS || find_item(c, id)) {
        return err_set(err, STATUS_FORMAT, "two items of one number");
    }
    c->items[c->n_items].id = id;
    c->items[c->n_items].is_picture = false;
    for (size_t i = 0; i < sizeof PICTURES / sizeof PICTURES[0]; i++) {
        c->items[c->n_items].is_picture |= bytes_start_with(type, PICTURES[i], TYPE_BYTES);
    }
    c->n_items++;
    return STATUS_OK;
}

/* 8.11.6.2, ItemInfoEntry of versions 2 and 3; the older ones have no type: nobody knows what they
 * are. */
static enum status note_item(struct heif_layout *l, struct composed *c,
                             const struct heif_visitor *v, struct bytes entry, struct err *err)
{
    static const uint8_t UNTYPED[TYPE_BYTES] = "none", NAME[TYPE_BYTES] = "name";
    struct reader r = {entry, false};
    unsigned version = take(&r, 4) >> 24;
    uint32_t id = take(&r, version >= 3 ? 4 : 2);
    (void)take(&r, 2); /* its protection */
    struct bytes type = bytes_slice(r.left, 0, TYPE_BYTES);
    (void)take(&r, TYPE_BYTES);
    struct text name = take_string(&r);
    l->n_items++;
    note_composed(c, id, type);
    enum status st = add_item(c, id, type, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (version < 2 || r.is_short || type.n < TYPE_BYTES) {
        return tell(v, PLACE_HEIF_ITEM, UNTYPED, (struct bytes){NULL, 0}, entry, err);
    }
    struct text form = bytes_start_with(type, "mime", 4) ? take_string(&r) : TEXT_NONE;
    l->n_exif += bytes_start_with(type, "Exif", 4);
    l->n_xmp += text_equal(form, TEXT("application/rdf+xml"));
    st = tell(v, PLACE_HEIF_ITEM, type.at, (struct bytes){(const uint8_t *)form.at, form.n}, entry,
              err);
    if (st == STATUS_OK && name.n) {
        struct bytes words = {(const uint8_t *)name.at, name.n};
        st = tell(v, PLACE_HEIF_ITEM_NAME, NAME, words, words, err);
    }
    return st;
}

/* 8.11.6 */
static enum status note_items(struct heif_layout *l, struct composed *c,
                              const struct heif_visitor *v, struct bytes iinf, struct err *err)
{
    struct reader r = {iinf, false};
    unsigned version = take(&r, FULL_HEADER_BYTES) >> 24;
    uint32_t n = take(&r, version ? 4 : 2);
    enum status st = STATUS_OK;
    if (n > MAX_HEIF_ITEMS) {
        return err_set(err, STATUS_LIMIT, "a file of %u items", (unsigned)n);
    }
    for (uint32_t i = 0; i < n && st == STATUS_OK; i++) {
        struct iso_box b;
        st = next_box(&r.left, &b, err);
        if (st == STATUS_OK) {
            st = note_item(l, c, v, b.content, err);
        }
    }
    return st;
}

static const bool *find_composed(const struct composed *c, uint32_t id)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->ids[i] == id) {
            return &c->is_identity[i];
        }
    }
    return NULL;
}

/* 14496-12, 8.11.12: what each item is made of (dimg). A turned grid is well formed; a grid of
 * grids is nobody's photo. */
static enum status check_parts(const struct heif_layout *l, const struct composed *c,
                               struct bytes iref, struct err *err)
{
    struct reader head = {iref, false};
    size_t id_bytes = take(&head, FULL_HEADER_BYTES) >> 24 ? 4 : 2, n_parts = 0;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && head.left.n) {
        struct iso_box b;
        st = next_box(&head.left, &b, err);
        if (st != STATUS_OK || !is(&b, "dimg")) {
            continue;
        }
        struct reader r = {b.content, false};
        const bool *whole = find_composed(c, take(&r, id_bytes));
        uint32_t n = take(&r, 2);
        n_parts += n;
        for (uint32_t i = 0; whole && i < n && !r.is_short; i++) {
            uint32_t id = take(&r, id_bytes);
            const bool *part = find_composed(c, id), *is_picture = find_item(c, id);
            if (part && (!*whole || *part)) {
                return err_set(err, STATUS_UNSUPPORTED, "a picture composed of composed ones");
            }
            if (!is_picture || !*is_picture) {
                return err_set(err, STATUS_FORMAT, "a picture composed of what is none");
            }
        }
    }
    return st == STATUS_OK && n_parts > 2 * l->n_items
               ? err_set(err, STATUS_LIMIT, "a picture of %zu parts in a file of %zu", n_parts,
                         l->n_items)
               : st;
}

struct turns {
    unsigned quarters; /* to the left */
    unsigned mirror;   /* 0 none; 1 imir axis 0, top to bottom; 2 axis 1, left to right */
};

/* 23008-12, 6.5.10 and 6.5.12. MIAF (23000-22, 7.3.6.7) has irot before imir. */
static enum status note_property(struct bytes ipco, uint32_t index, struct turns *t,
                                 struct err *err)
{
    enum status st = STATUS_OK;
    for (uint32_t i = 1; st == STATUS_OK && ipco.n && i <= index; i++) {
        struct iso_box b;
        st = next_box(&ipco, &b, err);
        if (st != STATUS_OK || i != index || b.content.n < 1) {
            continue;
        }
        if (is(&b, "irot")) {
            t->quarters = b.content.at[0] & 3;
        } else if (is(&b, "imir")) {
            t->mirror = 1 + (b.content.at[0] & 1);
        }
    }
    return st;
}

/* 14496-12, 8.11.14.2: which properties each item has. */
static enum status note_associations(struct bytes ipma, struct bytes ipco, uint32_t primary,
                                     struct turns *t, struct err *err)
{
    struct reader r = {ipma, false};
    uint32_t head = take(&r, FULL_HEADER_BYTES);
    uint32_t n = take(&r, 4);
    size_t wide = head & 1 ? 2 : 1;
    enum status st = STATUS_OK;
    for (uint32_t i = 0; i < n && !r.is_short && st == STATUS_OK; i++) {
        uint32_t item = take(&r, head >> 24 ? 4 : 2);
        uint32_t n_properties = take(&r, 1);
        for (uint32_t k = 0; k < n_properties && st == STATUS_OK; k++) {
            uint32_t index = take(&r, wide) & (wide == 2 ? MAX_PROPERTIES : 0x7F);
            if (item == primary && index) {
                st = note_property(ipco, index, t, err);
            }
        }
    }
    return r.is_short ? err_set(err, STATUS_FORMAT, "a list of properties is cut short") : st;
}

static enum status note_orientation(struct heif_layout *l, struct bytes meta, struct err *err)
{
    static const uint8_t ORIENTATIONS[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};
    struct iso_box pitm, iprp, ipco = {.content = {NULL, 0}}, ipma = ipco;
    struct turns turns = {0, 0};
    enum status st = find_box(meta, "pitm", &pitm, err);
    if (st == STATUS_OK) {
        st = find_box(meta, "iprp", &iprp, err);
    }
    if (st == STATUS_OK) {
        st = find_box(iprp.content, "ipco", &ipco, err);
    }
    if (st == STATUS_OK) {
        st = find_box(iprp.content, "ipma", &ipma, err);
    }
    if (st == STATUS_OK && ipma.content.n) {
        struct reader r = {pitm.content, false};
        unsigned version = take(&r, FULL_HEADER_BYTES) >> 24;
        uint32_t primary = take(&r, version ? 4 : 2);
        st = note_associations(ipma.content, ipco.content, primary, &turns, err);
    }
    l->orientation = ORIENTATIONS[turns.quarters][turns.mirror];
    return st;
}

static enum status tell_of_meta(const struct heif_visitor *v, struct bytes meta,
                                struct bytes references, struct err *err)
{
    struct iso_box iprp, ipco = {.content = {NULL, 0}};
    enum status st = tell_of_boxes(v, PLACE_HEIF_META, meta, err);
    if (st == STATUS_OK) {
        st = tell_of_boxes(v, PLACE_HEIF_REFERENCE, references, err);
    }
    if (st == STATUS_OK) {
        st = find_box(meta, "iprp", &iprp, err);
    }
    if (st == STATUS_OK) {
        st = find_box(iprp.content, "ipco", &ipco, err);
    }
    return st == STATUS_OK ? tell_of_boxes(v, PLACE_HEIF_PROPERTY, ipco.content, err) : st;
}

static enum status note_meta(struct heif_layout *l, const struct heif_visitor *v,
                             struct bytes content, struct err *err)
{
    struct bytes meta = bytes_slice(content, FULL_HEADER_BYTES, content.n);
    struct composed composed = {.n = 0};
    struct iso_box iinf, iref;
    l->has_items = true;
    enum status st = find_box(meta, "iinf", &iinf, err);
    if (st == STATUS_OK && iinf.content.n) {
        st = note_items(l, &composed, v, iinf.content, err);
    }
    if (st == STATUS_OK && composed.n > MAX_HEIF_COMPOSED) {
        st = err_set(err, STATUS_LIMIT, "a file of %zu composed pictures", composed.n);
    }
    if (st == STATUS_OK) {
        st = find_box(meta, "iref", &iref, err);
    }
    if (st == STATUS_OK && iref.content.n) {
        st = check_parts(l, &composed, iref.content, err);
    }
    if (st == STATUS_OK && v) {
        st = tell_of_meta(v, meta, bytes_slice(iref.content, FULL_HEADER_BYTES, iref.content.n),
                          err);
    }
    return st == STATUS_OK ? note_orientation(l, meta, err) : st;
}

enum status heif_walk(struct bytes file, const struct heif_visitor *visitor,
                      struct heif_layout *out, struct err *err)
{
    struct heif_layout l = {.orientation = 1};
    enum status st = STATUS_OK;
    while (st == STATUS_OK && file.n) {
        struct iso_box b;
        st = next_box(&file, &b, err);
        if (st != STATUS_OK) {
            break;
        }
        if (is(&b, "meta") && l.has_items) {
            st = err_set(err, STATUS_FORMAT, "two lists of items");
        } else if (is(&b, "meta")) {
            st = note_meta(&l, visitor, b.content, err);
        } else {
            st = tell_of_box(visitor, PLACE_HEIF_BOX, &b, err);
        }
    }
    if (st == STATUS_OK) {
        *out = l;
    }
    return st;
}
