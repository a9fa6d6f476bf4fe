/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/xmp_regions.h"

#include <stdio.h>
#include <string.h>

#include <exempi/xmperrors.h>

#include "photogate/limits.h"

enum { MAX_STEP_BYTES = 512 };

struct reading {
    struct gathering *g;
    enum carrier_id carrier;
    XmpPtr xmp;
    XmpStringPtr value;
    char mwg[MAX_XMP_PREFIX_BYTES], area[MAX_XMP_PREFIX_BYTES], dimensions[MAX_XMP_PREFIX_BYTES];
    const char *mp_ns; /* the one of the two now being read */
    char mp_bare[MAX_XMP_PREFIX_BYTES];
    char mp[MAX_XMP_PREFIX_BYTES], mpri[MAX_XMP_PREFIX_BYTES], mpreg[MAX_XMP_PREFIX_BYTES];
    char acd[MAX_XMP_PREFIX_BYTES], acd_area[MAX_XMP_PREFIX_BYTES];
    char acd_dimensions[MAX_XMP_PREFIX_BYTES];
    char ext[MAX_XMP_PREFIX_BYTES];
};

/* Two programs' regions of one shape: a list of structs with Name, Type and an area whose x and y
 * are its middle. */
struct dialect {
    const char *ns;                       /* of the list */
    const char *list, *area, *dimensions; /* prefixes */
    const char *applied;                  /* the struct of the picture's edges, local name */
    const char *areas[2];                 /* what the area may be called; the first that is there */
};

/* Of a field: absent, there as text, or there as something else. */
enum field { FIELD_NONE, FIELD_TEXT, FIELD_OTHER };

enum status xmp_prefix(const char *uri, char out[MAX_XMP_PREFIX_BYTES], struct err *err)
{
    enum status st = STATUS_OK;
    XmpStringPtr prefix = xmp_string_new();
    if (!prefix) {
        return err_set(err, STATUS_NOMEM, "no memory for XMP");
    }
    if (!xmp_namespace_prefix(uri, prefix) || xmp_string_len(prefix) >= MAX_XMP_PREFIX_BYTES) {
        st = err_set(err, STATUS_LIBRARY, "an XMP namespace is not registered");
    } else {
        memcpy(out, xmp_string_cstr(prefix), xmp_string_len(prefix) + 1);
    }
    xmp_string_free(prefix);
    return st;
}

static void spoil(struct reading *r, const char *note)
{
    gather_carrier(r->g, r->carrier, CARRIER_UNPARSABLE, 0, note);
}

/* The field `prefix``local` of the struct at `path`, borrowed until the next call. */
static enum field field(struct reading *r, const char *ns, const char *path, const char *prefix,
                        const char *local, struct text *out)
{
    char full[MAX_STEP_BYTES];
    uint32_t bits = 0;
    int n = snprintf(full, sizeof full, "%s/%s%s", path, prefix, local);
    *out = TEXT_NONE;
    if (n < 0 || (size_t)n >= sizeof full) {
        return FIELD_OTHER;
    }
    if (!xmp_get_property(r->xmp, ns, full, r->value, &bits)) {
        return FIELD_NONE;
    }
    if (!XMP_IS_PROP_SIMPLE(bits)) {
        return FIELD_OTHER;
    }
    *out = (struct text){xmp_string_cstr(r->value), xmp_string_len(r->value)};
    return FIELD_TEXT;
}

static enum field number(struct reading *r, const char *ns, const char *path, const char *prefix,
                         const char *local, double *out)
{
    struct text t;
    enum field f = field(r, ns, path, prefix, local, &t);
    return f == FIELD_TEXT && !xmp_number(t, out) ? FIELD_OTHER : f;
}

/* Areas are in parts of the picture, or in pixels of the picture that the list was made for. */
static bool scale(struct reading *r, const struct dialect *d, const char *area, double *wide,
                  double *high)
{
    char path[MAX_STEP_BYTES];
    struct text unit;
    *wide = *high = 1;
    if (field(r, d->ns, area, d->area, "unit", &unit) == FIELD_NONE ||
        text_equal_nocase(unit, TEXT("normalized")) ||
        text_equal_nocase(unit, TEXT("normalised"))) {
        return true;
    }
    (void)snprintf(path, sizeof path, "%sRegions/%s%s", d->list, d->list, d->applied);
    return text_equal_nocase(unit, TEXT("pixel")) &&
           number(r, d->ns, path, d->dimensions, "w", wide) == FIELD_TEXT && *wide >= 1 &&
           number(r, d->ns, path, d->dimensions, "h", high) == FIELD_TEXT && *high >= 1;
}

/* MWG 2.0, 5.9.1: stArea x and y are the middle; w and h are absent from a point or a circle. True
 * with *has_box false for those. */
static bool area(struct reading *r, const struct dialect *d, const char *item, struct box *box,
                 bool *has_box)
{
    char path[MAX_STEP_BYTES];
    double x, y, w, h, wide, high;
    *has_box = false;
    for (size_t i = 0; i < 2 && d->areas[i]; i++) {
        uint32_t bits;
        int n = snprintf(path, sizeof path, "%s/%s%s", item, d->list, d->areas[i]);
        if (n < 0 || (size_t)n >= sizeof path) {
            return false;
        }
        if (xmp_get_property(r->xmp, d->ns, path, r->value, &bits)) {
            break;
        }
    }
    enum field has_x = number(r, d->ns, path, d->area, "x", &x);
    enum field has_y = number(r, d->ns, path, d->area, "y", &y);
    enum field has_w = number(r, d->ns, path, d->area, "w", &w);
    enum field has_h = number(r, d->ns, path, d->area, "h", &h);
    if (has_w == FIELD_NONE && has_h == FIELD_NONE && has_x == has_y && has_x != FIELD_OTHER) {
        return true;
    }
    *has_box = has_x == FIELD_TEXT && has_y == FIELD_TEXT && has_w == FIELD_TEXT &&
               has_h == FIELD_TEXT && scale(r, d, path, &wide, &high) &&
               xmp_box((x - w / 2) / wide, (y - h / 2) / high, w / wide, h / high, box);
    return *has_box;
}

static void record(struct reading *r, bool is_sound, struct text name, const struct box *box)
{
    if (!is_sound) {
        spoil(r, "a region that is not in the picture");
    }
    gather_tag(r->g, r->carrier, TAG_REGION, name, box);
}

/* MWG 2.0, 5.9.2, Type: Face, Pet, Focus or BarCode. What is none of the last three is taken for a
 * person. */
static void centred_region(struct reading *r, const struct dialect *d, const char *item)
{
    struct text type, name;
    struct box box;
    bool has_box;
    (void)field(r, d->ns, item, d->list, "Type", &type);
    type = text_trim(type);
    bool is_person = !text_equal_nocase(type, TEXT("Pet")) &&
                     !text_equal_nocase(type, TEXT("Focus")) &&
                     !text_equal_nocase(type, TEXT("BarCode"));
    bool is_sound = is_person ? area(r, d, item, &box, &has_box) : true;
    enum field has_name = field(r, d->ns, item, d->list, "Name", &name);
    if (has_name == FIELD_OTHER) {
        spoil(r, "a region whose name is not text");
    }
    if (is_person) {
        record(r, is_sound, name, has_box ? &box : NULL);
    } else {
        /* Somebody's name may stand on a pet all the same: it is looked at as a text. */
        gather_text(r->g, r->carrier, name);
    }
}

static void mwg_region(struct reading *r, const char *item)
{
    const struct dialect d = {XMP_NS_MWG,    r->mwg, r->area, r->dimensions, "AppliedToDimensions",
                              {"Area", NULL}};
    centred_region(r, &d, item);
}

/* ACDSee writes the area it drew (DLYArea) and the one its detector found (ALGArea). */
static void acdsee_region(struct reading *r, const char *item)
{
    const struct dialect d = {XMP_NS_ACDSEE,         r->acd,
                              r->acd_area,           r->acd_dimensions,
                              "AppliedToDimensions", {"DLYArea", "ALGArea"}};
    centred_region(r, &d, item);
}

/* "People Tagging Overview": Rectangle is "x, y, w, h" in parts of the picture, x and y the top
 * left corner, and may be absent. */
static void microsoft_region(struct reading *r, const char *item)
{
    struct text name, rectangle;
    struct box box;
    double at[4];
    enum field has = field(r, r->mp_ns, item, r->mpreg, "Rectangle", &rectangle);
    bool has_box = has == FIELD_TEXT && rectangle.n && xmp_rectangle(rectangle, at) &&
                   xmp_box(at[0], at[1], at[2], at[3], &box);
    bool is_sound = has_box || has == FIELD_NONE || (has == FIELD_TEXT && rectangle.n == 0);
    if (field(r, r->mp_ns, item, r->mpreg, "PersonDisplayName", &name) == FIELD_OTHER) {
        spoil(r, "a region whose name is not text");
    }
    record(r, is_sound, name, has_box ? &box : NULL);
}

/* What an IPTC image region says of itself. */
struct image_region {
    bool has_boundary, has_kind, is_of_people;
    struct text name;             /* the first, of `copy` */
    char copy[MAX_TAG_BYTES + 1]; /* one more than a tag may have: gather_tag then says so */
};

static bool says(struct text t, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= t.n; i++) {
        if (text_equal_nocase(text_slice(t, i, n), text_of(word))) {
            return true;
        }
    }
    return false;
}

/* One leaf, `path` from the region on: "/Iptc4xmpExt:rCtype[1]/xmp:Identifier[1]". */
static void see_leaf(struct image_region *region, struct text path, struct text value)
{
    static const char *const PEOPLE[] = {"human", "person", "people", "face"};
    bool is_language = says(path, "xml:lang");
    bool is_kind = says(path, ":rCtype") || says(path, ":rRole");
    bool is_name = says(path, ":PersonInImage") || (says(path, ":Name") && !is_kind);
    value = text_trim(value);
    region->has_boundary = region->has_boundary || says(path, ":RegionBoundary");
    region->has_kind = region->has_kind || is_kind;
    for (size_t i = 0; i < sizeof PEOPLE / sizeof PEOPLE[0]; i++) {
        region->is_of_people =
            region->is_of_people || (is_kind && !is_language && says(value, PEOPLE[i]));
    }
    if (is_name && !is_language && value.n && region->name.n == 0) {
        region->name = text_slice((struct text){region->copy, sizeof region->copy}, 0, value.n);
        memcpy(region->copy, value.at, region->name.n);
    }
}

static bool see_leaves(struct reading *r, const char *item, struct image_region *region)
{
    uint32_t bits = 0;
    XmpStringPtr ns = xmp_string_new(), path = xmp_string_new();
    XmpIteratorPtr nodes = xmp_iterator_new(r->xmp, XMP_NS_EXT, item, XMP_ITER_JUSTLEAFNODES);
    bool is_seen = ns && path && nodes;
    while (is_seen && xmp_iterator_next(nodes, ns, path, r->value, &bits)) {
        struct text whole = {xmp_string_cstr(path), xmp_string_len(path)};
        see_leaf(region, text_slice(whole, strlen(item), whole.n),
                 (struct text){xmp_string_cstr(r->value), xmp_string_len(r->value)});
    }
    if (nodes) {
        xmp_iterator_free(nodes);
    }
    xmp_string_free(path);
    xmp_string_free(ns);
    return is_seen;
}

/* IPTC Photo Metadata 2023.1, Image Region. One of people is a person; one that says neither what
 * it is nor what it is for, nor a name, may be somebody too. What only says where the picture can
 * be cropped is nobody, and a name on it is a text. */
static void iptc_region(struct reading *r, const char *item)
{
    struct image_region region = {.has_kind = false};
    char path[MAX_STEP_BYTES];
    struct text shape, unit;
    struct box box;
    double x, y, w, h;
    if (!see_leaves(r, item, &region)) {
        r->g->no_memory = true;
        return;
    }
    bool is_anybody = region.has_boundary && !region.has_kind && region.name.n == 0;
    if (!region.is_of_people && !is_anybody) {
        return;
    }
    int n = snprintf(path, sizeof path, "%s/%sRegionBoundary", item, r->ext);
    bool has_path = n > 0 && (size_t)n < sizeof path;
    bool is_rectangle = has_path &&
                        field(r, XMP_NS_EXT, path, r->ext, "rbShape", &shape) == FIELD_TEXT &&
                        text_equal_nocase(shape, TEXT("rectangle"));
    bool is_relative = is_rectangle &&
                       field(r, XMP_NS_EXT, path, r->ext, "rbUnit", &unit) == FIELD_TEXT &&
                       text_equal_nocase(unit, TEXT("relative"));
    /* A circle, a polygon or pixels of a size that is not told: a person without a box. */
    bool has_box = is_relative && number(r, XMP_NS_EXT, path, r->ext, "rbX", &x) == FIELD_TEXT &&
                   number(r, XMP_NS_EXT, path, r->ext, "rbY", &y) == FIELD_TEXT &&
                   number(r, XMP_NS_EXT, path, r->ext, "rbW", &w) == FIELD_TEXT &&
                   number(r, XMP_NS_EXT, path, r->ext, "rbH", &h) == FIELD_TEXT &&
                   xmp_box(x, y, w, h, &box);
    record(r, has_box || !is_relative, region.name, has_box ? &box : NULL);
}

/* Every item of the list at `list`; the carrier is recorded if the list is there. */
static void regions(struct reading *r, const char *ns, const char *list,
                    void (*region)(struct reading *, const char *item))
{
    char item[MAX_STEP_BYTES];
    uint32_t bits = 0;
    if (!xmp_get_property(r->xmp, ns, list, r->value, &bits)) {
        return;
    }
    gather_carrier(r->g, r->carrier, CARRIER_READ, 0, NULL);
    if (!XMP_IS_PROP_ARRAY(bits)) {
        spoil(r, "a list of regions that is none");
        return;
    }
    /* One more than can be recorded: gather_tag then says so. */
    for (int32_t i = 1; i <= (int32_t)MAX_TAGS + 1; i++) {
        if (!xmp_get_array_item(r->xmp, ns, list, i, r->value, &bits)) {
            return;
        }
        int n = snprintf(item, sizeof item, "%s[%d]", list, (int)i);
        if (n < 0 || (size_t)n >= sizeof item || !XMP_IS_PROP_STRUCT(bits)) {
            spoil(r, "a region that is none");
        } else {
            region(r, item);
        }
    }
    spoil(r, "more regions than can be checked");
}

enum status xmp_regions_read(struct gathering *g, enum carrier_id carrier, XmpPtr xmp,
                             struct err *err)
{
    struct reading r = {.g = g, .carrier = carrier, .xmp = xmp};
    const struct {
        const char *uri;
        char *prefix;
    } namespaces[] = {
        {XMP_NS_MWG, r.mwg},
        {XMP_NS_AREA, r.area},
        {XMP_NS_DIMENSIONS, r.dimensions},
        {XMP_NS_MP, r.mp},
        {XMP_NS_MPRI, r.mpri},
        {XMP_NS_MPREG, r.mpreg},
        {XMP_NS_MP_BARE, r.mp_bare},
        {XMP_NS_ACDSEE, r.acd},
        {XMP_NS_ACDSEE_AREA, r.acd_area},
        {XMP_NS_ACDSEE_DIMENSIONS, r.acd_dimensions},
        {XMP_NS_EXT, r.ext},
    };
    char list[MAX_STEP_BYTES];
    enum status st = STATUS_OK;
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0] && st == STATUS_OK; i++) {
        st = xmp_prefix(namespaces[i].uri, namespaces[i].prefix, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    r.value = xmp_string_new();
    if (!r.value) {
        return err_set(err, STATUS_NOMEM, "no memory for XMP");
    }
    (void)snprintf(list, sizeof list, "%sRegions/%sRegionList", r.mwg, r.mwg);
    regions(&r, XMP_NS_MWG, list, mwg_region);
    for (size_t i = 0; i < 2; i++) {
        r.mp_ns = i ? XMP_NS_MP_BARE : XMP_NS_MP;
        (void)snprintf(list, sizeof list, "%sRegionInfo/%sRegions", i ? r.mp_bare : r.mp, r.mpri);
        regions(&r, r.mp_ns, list, microsoft_region);
    }
    (void)snprintf(list, sizeof list, "%sRegions/%sRegionList", r.acd, r.acd);
    regions(&r, XMP_NS_ACDSEE, list, acdsee_region);
    (void)snprintf(list, sizeof list, "%sImageRegion", r.ext);
    regions(&r, XMP_NS_EXT, list, iptc_region);
    xmp_string_free(r.value);
    return st;
}
