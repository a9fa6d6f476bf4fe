/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XMP, by exempi. The packet's shape is checked first (xmp_survey.h) and held against what exempi
 * gives back. Properties are known by the URI of their namespace and their local name, wherever in
 * the packet's tree they stand. */
#include "image/gathering.h"

#include <stdio.h>
#include <string.h>

#include <exempi/xmp.h>
#include <exempi/xmpconsts.h>
#include <exempi/xmperrors.h>

#include "image/charset.h"
#include "image/loose_text.h"
#include "image/xmp_facts.h"
#include "image/xmp_references.h"
#include "image/xmp_regions.h"
#include "image/xmp_survey.h"
#include "photogate/limits.h"

enum use {
    USE_PERSON,
    USE_KEYWORD,
    USE_CATEGORIES,
    USE_TEXT,
    USE_CAPTION,
    USE_CREATOR,
    USE_COPYRIGHT,
    USE_ORIENTATION,
    USE_PROMISE /* of extended XMP */
};

struct row {
    const char *uri, *local;
    enum use use;
};

#define NS_DC_ "http://purl.org/dc/elements/1.1/"
#define NS_TIFF_ "http://ns.adobe.com/tiff/1.0/"
#define NS_EXIF_ "http://ns.adobe.com/exif/1.0/"
#define NS_PS_ "http://ns.adobe.com/photoshop/1.0/"
#define NS_CORE_ "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
#define NS_EXT_ "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
#define NS_ACDSEE_ "http://ns.acdsee.com/iptc/1.0/"
#define NS_NOTE_ "http://ns.adobe.com/xmp/note/"

/* ISO 16684-1, 8; IPTC Photo Metadata 2023.1; MWG 2.0; the others: what the named programs write.
 */
static const struct row ROWS[] = {
    {NS_EXT_, "PersonInImage", USE_PERSON},
    {NS_EXT_, "PersonName", USE_PERSON}, /* in PersonInImageWDetails */
    {"http://ns.iview-multimedia.com/mediapro/1.0/", "People", USE_PERSON},
    {"http://ns.microsoft.com/expressionmedia/1.0/", "People", USE_PERSON},
    {"http://xmp.gettyimages.com/gift/1.0/", "Personality", USE_PERSON},
    {"http://prismstandard.org/namespaces/basic/2.0/", "person", USE_PERSON},
    {NS_DC_, "subject", USE_KEYWORD},
    {"http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject", USE_KEYWORD},
    {"http://www.digikam.org/ns/1.0/", "TagsList", USE_KEYWORD},
    {"http://ns.microsoft.com/photo/1.0", "LastKeywordXMP", USE_KEYWORD},
    {"http://ns.microsoft.com/photo/1.0/", "LastKeywordXMP", USE_KEYWORD},
    {"http://ns.microsoft.com/photo/1.0", "LastKeywordIPTC", USE_KEYWORD},
    {"http://ns.microsoft.com/photo/1.0/", "LastKeywordIPTC", USE_KEYWORD},
    {"http://ns.adobe.com/mediapro/1.0/", "CatalogSets", USE_KEYWORD},
    {"http://ns.iview-multimedia.com/mediapro/1.0/", "CatalogSets", USE_KEYWORD},
    {"http://www.metadataworkinggroup.com/schemas/keywords/", "Keyword", USE_KEYWORD},
    {NS_ACDSEE_, "keywords", USE_KEYWORD},
    {NS_DC_, "description", USE_CAPTION},
    {NS_DC_, "title", USE_TEXT},
    {NS_PS_, "Headline", USE_TEXT},
    {NS_PS_, "Instructions", USE_TEXT},
    {NS_PS_, "CaptionWriter", USE_TEXT},
    {NS_CORE_, "AltTextAccessibility", USE_TEXT},
    {NS_CORE_, "ExtDescrAccessibility", USE_TEXT},
    {NS_EXT_, "Event", USE_TEXT},
    {NS_EXT_, "PersonDescription", USE_TEXT},
    {NS_EXT_, "Name", USE_TEXT}, /* of an image region */
    {XMP_NS_MWG, "Description", USE_TEXT},
    {NS_TIFF_, "ImageDescription", USE_TEXT},
    {NS_EXIF_, "UserComment", USE_TEXT},
    {NS_ACDSEE_, "caption", USE_TEXT},
    {NS_ACDSEE_, "notes", USE_TEXT},
    {NS_ACDSEE_, "categories", USE_CATEGORIES},
    {NS_DC_, "creator", USE_CREATOR},
    {NS_TIFF_, "Artist", USE_CREATOR},
    {NS_PS_, "Credit", USE_CREATOR},
    {NS_DC_, "rights", USE_COPYRIGHT},
    {"http://ns.adobe.com/xap/1.0/rights/", "Owner", USE_COPYRIGHT},
    {NS_TIFF_, "Orientation", USE_ORIENTATION},
    {NS_NOTE_, "HasExtendedXMP", USE_PROMISE},
};
/* The same properties under other namespaces and in other letters, as programs that never read the
 * standards write them, any case. Those of HOMES hold the packet besides. */
static const struct near_miss {
    const char *local;
    enum use use;
} NEAR_MISSES[] = {
    {"People", USE_PERSON},
    {"Person", USE_PERSON},
    {"Persons", USE_PERSON},
    {"PersonInImage", USE_PERSON},
    {"Personality", USE_PERSON},
    {"PersonName", USE_PERSON},
    {"PeopleInImage", USE_PERSON},
    {"subject", USE_KEYWORD},
    {"hierarchicalSubject", USE_KEYWORD},
    {"TagsList", USE_KEYWORD},
};
enum { N_NEAR_MISSES = sizeof NEAR_MISSES / sizeof NEAR_MISSES[0] };
/* Properties that can be nothing but people or their keywords, and where they are at home. Under
 * another namespace nobody would read them: then the packet is held. */
static const struct home {
    const char *local, *uri;
} HOMES[] = {
    {"RegionList", XMP_NS_MWG},
    {"RegionList", XMP_NS_ACDSEE},
    {"PersonDisplayName", XMP_NS_MPREG},
    {"PersonInImage", NS_EXT_},
    {"PersonInImageWDetails", NS_EXT_},
    {"PersonName", NS_EXT_},
    {"hierarchicalSubject", "http://ns.adobe.com/lightroom/1.0/"},
    {"TagsList", "http://www.digikam.org/ns/1.0/"},
};
enum { N_HOMES = sizeof HOMES / sizeof HOMES[0] };
enum { MAX_LANGUAGES = 64 }; /* among which the default one is looked for */
enum { N_ROWS = sizeof ROWS / sizeof ROWS[0] };

struct suggestion {
    const char *uri, *prefix;
};

/* Namespaces that exempi does not know of itself, or under another name. */
static const struct suggestion SUGGESTIONS[] = {
    {NS_DC_, "dc"},
    {NS_TIFF_, "tiff"},
    {NS_EXIF_, "exif"},
    {NS_PS_, "photoshop"},
    {NS_CORE_, "Iptc4xmpCore"},
    {NS_EXT_, "Iptc4xmpExt"},
    {NS_ACDSEE_, "acdsee"},
    {NS_NOTE_, "xmpNote"},
    {XMP_NS_ACDSEE, "acdsee-rs"},
    {XMP_NS_ACDSEE_AREA, "acdsee-stArea"},
    {XMP_NS_ACDSEE_DIMENSIONS, "acdsee-stDim"},
    {"http://ns.adobe.com/xap/1.0/rights/", "xmpRights"},
    {"http://ns.adobe.com/lightroom/1.0/", "lr"},
    {"http://ns.adobe.com/mediapro/1.0/", "mediaproAdobe"},
    {"http://ns.iview-multimedia.com/mediapro/1.0/", "mediapro"},
    {"http://xmp.gettyimages.com/gift/1.0/", "GettyImagesGIFT"},
    {"http://ns.microsoft.com/expressionmedia/1.0/", "expressionmedia"},
    {"http://prismstandard.org/namespaces/basic/2.0/", "prism"},
    {"http://www.digikam.org/ns/1.0/", "digiKam"},
    {"http://ns.microsoft.com/photo/1.0", "MicrosoftPhotoOld"},
    {"http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"},
    {"http://www.metadataworkinggroup.com/schemas/keywords/", "mwg-kw"},
    {XMP_NS_MWG, "mwg-rs"},
    {XMP_NS_AREA, "stArea"},
    {XMP_NS_DIMENSIONS, "stDim"},
    {XMP_NS_MP, "MP"},
    {XMP_NS_MP_BARE, "MPBare"},
    {XMP_NS_MPRI, "MPRI"},
    {XMP_NS_MPREG, "MPReg"},
};

struct reading {
    struct gathering *g;
    enum carrier_id carrier; /* XMP or SIDECAR */
    char prefixes[N_ROWS][MAX_XMP_PREFIX_BYTES], homes[N_HOMES][MAX_XMP_PREFIX_BYTES];
    bool is_astray;          /* a property of HOMES stands under another namespace */
    struct xmp_survey given; /* what exempi gave back */
    uint32_t orientation;
};

/* Everything in a sidecar is the sidecar's. */
static enum carrier_id part(const struct reading *r, enum carrier_id id)
{
    return r->carrier == CARRIER_SIDECAR ? CARRIER_SIDECAR : id;
}

/* A hierarchy is one keyword, its levels apart by '|', '/' or '\': resolve_people looks at each
 * level, and at what stands above it. */
static void use_keyword(struct reading *r, struct text value)
{
    enum carrier_id carrier = part(r, CARRIER_XMP_KEYWORDS);
    gather_carrier(r->g, carrier, CARRIER_READ, 0, NULL);
    while (value.n) {
        gather_tag(r->g, carrier, TAG_KEYWORD, text_cut(value, ';', &value), NULL);
    }
}

static void use_value(struct reading *r, enum use use, struct text value)
{
    struct gathering *g = r->g;
    double number;
    switch (use) {
    case USE_PERSON:
        gather_carrier(g, part(r, CARRIER_XMP_PERSON), CARRIER_READ, 0, NULL);
        gather_tag(g, part(r, CARRIER_XMP_PERSON), TAG_PERSON, value, NULL);
        break;
    case USE_KEYWORD:
        use_keyword(r, value);
        break;
    case USE_CATEGORIES:
        xmp_categories_read(g, part(r, CARRIER_XMP_KEYWORDS), value);
        break;
    case USE_CAPTION:
    case USE_TEXT:
        gather_carrier(g, part(r, CARRIER_XMP_TEXT), CARRIER_READ, 0, NULL);
        gather_text(g, part(r, CARRIER_XMP_TEXT), value);
        if (use == USE_CAPTION) {
            gather_caption(g, part(r, CARRIER_XMP_TEXT), value);
        }
        break;
    case USE_CREATOR:
        gather_creator(g, r->carrier, value);
        break;
    case USE_COPYRIGHT:
        gather_copyright(g, r->carrier, value);
        break;
    case USE_ORIENTATION:
        if (xmp_number(value, &number) && number >= 1 && number <= 8) {
            r->orientation = (uint32_t)number;
        }
        break;
    case USE_PROMISE:
        g->has_promised_xmp = true;
        break;
    }
}

/* "mwg-rs:Regions/mwg-rs:RegionList[2]/mwg-rs:Name" -> "mwg-rs:" and "Name". *is_item: the path
 * ends in an index. */
static struct text last_step(struct text path, struct text *prefix, bool *is_item)
{
    *is_item = false;
    while (path.n && path.at[path.n - 1] == ']') {
        const char *open = memrchr(path.at, '[', path.n);
        if (!open) {
            break;
        }
        *is_item = true;
        path.n = (size_t)(open - path.at);
    }
    const char *slash = path.n ? memrchr(path.at, '/', path.n) : NULL;
    struct text step = slash ? text_slice(path, (size_t)(slash - path.at) + 1, path.n) : path;
    /* A property may stand as a qualifier of another. */
    step = text_starts_with(step, TEXT("?")) ? text_slice(step, 1, step.n) : step;
    const char *colon = step.n ? memchr(step.at, ':', step.n) : NULL;
    size_t n = colon ? (size_t)(colon - step.at) + 1 : 0;
    *prefix = text_slice(step, 0, n);
    return text_slice(step, n, step.n);
}

static bool is_astray(const struct reading *r, struct text prefix, struct text local)
{
    bool is_listed = false;
    for (size_t i = 0; i < N_HOMES; i++) {
        if (text_equal_nocase(local, text_of(HOMES[i].local))) {
            if (text_equal(prefix, text_of(r->homes[i]))) {
                return false;
            }
            is_listed = true;
        }
    }
    return is_listed;
}

/* What no row knows. */
static void use_other(struct reading *r, struct text local, struct text value)
{
    for (size_t i = 0; i < N_NEAR_MISSES; i++) {
        /* "People: 3", "PersonInImage: yes" are about nobody in particular. */
        if (text_equal_nocase(local, text_of(NEAR_MISSES[i].local)) &&
            !loose_text_is_nobodys(value)) {
            use_value(r, NEAR_MISSES[i].use, value);
            return;
        }
    }
    loose_text_gather(r->g, r->carrier, value);
}

static void use_node(struct reading *r, struct text path, struct text value, uint32_t bits)
{
    struct text prefix;
    bool is_item;
    struct text local = last_step(path, &prefix, &is_item);
    r->given.watched |= xmp_watched_bit(local);
    r->given.n_items += is_item;
    r->is_astray = r->is_astray || is_astray(r, prefix, local);
    if (!XMP_IS_PROP_SIMPLE(bits)) {
        return;
    }
    bool is_known = text_equal(prefix, TEXT("xml:")); /* a language */
    for (size_t i = 0; i < N_ROWS; i++) {
        if (text_equal(local, text_of(ROWS[i].local)) &&
            text_equal(prefix, text_of(r->prefixes[i]))) {
            use_value(r, ROWS[i].use, value);
            is_known = true;
        }
    }
    if (!is_known) {
        use_other(r, local, value);
    }
}

static struct text view(XmpStringPtr s)
{
    return (struct text){xmp_string_cstr(s), xmp_string_len(s)};
}

/* The description in the default language comes before those in others. */
static void offer_default_caption(struct reading *r, XmpPtr xmp, XmpStringPtr value)
{
    char path[64];
    uint32_t bits;
    for (int i = 1; i <= MAX_LANGUAGES; i++) {
        (void)snprintf(path, sizeof path, "description[%d]/?xml:lang", i);
        if (xmp_get_property(xmp, NS_DC_, path, value, &bits) &&
            text_equal(text_trim(view(value)), TEXT(XMP_DEFAULT_LANGUAGE)) &&
            xmp_get_array_item(xmp, NS_DC_, "description", i, value, &bits) &&
            XMP_IS_PROP_SIMPLE(bits)) {
            gather_caption(r->g, part(r, CARRIER_XMP_TEXT), view(value));
            return;
        }
    }
}

static enum status use_tree(struct reading *r, XmpPtr xmp, struct err *err)
{
    enum status st = STATUS_NOMEM;
    uint32_t bits = 0;
    XmpStringPtr ns = xmp_string_new(), path = xmp_string_new(), value = xmp_string_new();
    XmpIteratorPtr nodes = xmp_iterator_new(xmp, NULL, NULL, XMP_ITER_PROPERTIES);
    if (!ns || !path || !value || !nodes) {
        (void)err_set(err, st, "no memory for XMP");
        goto out;
    }
    offer_default_caption(r, xmp, value);
    while (xmp_iterator_next(nodes, ns, path, value, &bits)) {
        use_node(r, view(path), view(value), bits);
    }
    st = STATUS_OK;
out:
    if (nodes) {
        xmp_iterator_free(nodes);
    }
    xmp_string_free(value);
    xmp_string_free(path);
    xmp_string_free(ns);
    return st;
}

/* A packet without its wrapper's padding, NUL among it. */
static struct text without_padding(struct bytes packet)
{
    struct text t = {(const char *)packet.at, packet.n};
    while (t.n && (t.at[t.n - 1] == '\0' || text_trim(text_slice(t, t.n - 1, 1)).n == 0)) {
        t.n--;
    }
    /* A byte order mark says UTF-8, which is known. */
    return text_starts_with(t, TEXT("\xEF\xBB\xBF")) ? text_slice(t, 3, t.n) : t;
}

/* Hand a surveyed packet to the library and record what comes back. *fault says why it is
 * UNPARSABLE. */
static enum status parse(struct reading *r, struct text packet, const struct xmp_survey *survey,
                         const char **fault, struct err *err)
{
    XmpPtr xmp = xmp_new(packet.at, packet.n);
    if (!xmp && xmp_get_error() == XMPErr_NoMemory) {
        return err_set(err, STATUS_NOMEM, "no memory for XMP");
    }
    if (!xmp) {
        *fault = "XMP that its library cannot read";
        return STATUS_OK;
    }
    /* Regions first: their names are then no texts besides. */
    enum status st = xmp_regions_read(r->g, part(r, CARRIER_XMP_REGIONS), xmp, err);
    if (st == STATUS_OK) {
        st = use_tree(r, xmp, err);
    }
    if (st == STATUS_OK) {
        st = xmp_facts_read(r->g, r->carrier, xmp, err);
    }
    xmp_free(xmp);
    if ((survey->watched & ~r->given.watched) || survey->n_items > r->given.n_items) {
        *fault = "XMP of which its library reads only a part";
    } else if (r->is_astray) {
        *fault = "XMP with people under a namespace that is not known";
    }
    return st;
}

enum status xmp_read(struct gathering *g, enum carrier_id carrier, struct bytes packet,
                     struct err *err)
{
    struct reading r = {.g = g, .carrier = carrier};
    struct text bare = without_padding(packet);
    struct buffer own;
    struct xmp_survey survey;
    const char *fault = bare.n > MAX_XMP_BYTES ? "XMP larger than can be checked" : NULL;
    enum status st = STATUS_OK;
    /* A reference may grow by one byte in ten; xmp_survey holds it against the cap once more. */
    buffer_init(&own, (size_t)2 * MAX_XMP_BYTES);
    for (size_t i = 0; i < N_ROWS && st == STATUS_OK; i++) {
        st = xmp_prefix(ROWS[i].uri, r.prefixes[i], err);
    }
    for (size_t i = 0; i < N_HOMES && st == STATUS_OK; i++) {
        st = xmp_prefix(HOMES[i].uri, r.homes[i], err);
    }
    if (st == STATUS_OK && !fault) {
        fault = xmp_references(bare, &own);
        st = buffer_status(&own, err);
    }
    if (st == STATUS_OK && !fault) {
        struct text copy = {(char *)own.at, own.n};
        fault = xmp_survey((char *)own.at, own.n, &survey);
        st = fault ? STATUS_OK : parse(&r, copy, &survey, &fault, err);
    }
    buffer_release(&own);
    gather_carrier(g, carrier, fault ? CARRIER_UNPARSABLE : CARRIER_READ, packet.n, fault);
    if (r.orientation && g->orientation == 0 && carrier == CARRIER_XMP) {
        g->orientation = r.orientation; /* an EXIF block read later overrules it */
    }
    return st;
}

enum status metadata_prepare(struct err *err)
{
    static const char PACKET[] =
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/"
        "22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:dc=\"" NS_DC_
        "\" dc:format=\"image/jpeg\"/></rdf:RDF></x:xmpmeta>";
    if (!xmp_init()) {
        return err_set(err, STATUS_LIBRARY, "the XMP library does not start");
    }
    for (size_t i = 0; i < sizeof SUGGESTIONS / sizeof SUGGESTIONS[0]; i++) {
        if (!xmp_register_namespace(SUGGESTIONS[i].uri, SUGGESTIONS[i].prefix, NULL)) {
            return err_set(err, STATUS_LIBRARY, "the XMP library does not take a namespace");
        }
    }
    XmpPtr xmp = xmp_new(PACKET, sizeof PACKET - 1);
    if (!xmp) {
        return err_set(err, STATUS_LIBRARY, "the XMP library cannot read XMP");
    }
    xmp_free(xmp);
    return charset_prepare(err);
}
