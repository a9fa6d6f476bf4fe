/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/gathering.h"

#include <assert.h>
#include <string.h>

#include "image/stock_text.h"
#include "photogate/limits.h"

enum { WHOLE_PPM = 1000000 };

enum status gathering_init(struct gathering *g, struct arena *a, struct err *err)
{
    *g = (struct gathering){.a = a};
    g->tags = arena_alloc(a, MAX_TAGS, sizeof *g->tags);
    g->texts = arena_alloc(a, MAX_TEXTS, sizeof *g->texts);
    g->facts = arena_alloc(a, MAX_FACTS_FOUND, sizeof *g->facts);
    if (!g->tags || !g->texts || !g->facts) {
        return err_set(err, STATUS_NOMEM, "no memory for a photo's evidence");
    }
    return STATUS_OK;
}

static void keep(struct gathering *g, struct text t, struct text *out)
{
    if (!arena_dup(g->a, t, out)) {
        g->no_memory = true;
    }
}

void gather_carrier(struct gathering *g, enum carrier_id id, enum carrier_state state,
                    size_t size_bytes, const char *note)
{
    assert((int)id >= 0 && id < N_CARRIERS);
    struct carrier *c = g->carriers;
    while (c < g->carriers + g->n_carriers && c->id != id) {
        c++;
    }
    /* One slot for each id there is: the table cannot overflow. */
    bool is_new = c == g->carriers + g->n_carriers;
    if (is_new) {
        *c = (struct carrier){.id = id, .state = state};
        g->n_carriers++;
    }
    size_t room = UINT32_MAX - c->size_bytes;
    c->size_bytes += (uint32_t)(size_bytes < room ? size_bytes : room);
    /* The enum runs from worst to best. */
    if (is_new || state < c->state) {
        c->state = state;
        c->note = TEXT_NONE;
        if (note) {
            keep(g, text_of(note), &c->note);
        }
    }
}

static void spoil(struct gathering *g, enum carrier_id carrier, const char *note)
{
    gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, note);
}

static bool is_given(const struct gathering *g, enum carrier_id carrier, enum tag_kind kind,
                     struct text name)
{
    for (size_t i = 0; i < g->n_tags; i++) {
        const struct tag *t = &g->tags[i];
        if (t->kind == kind && t->carrier == carrier && text_equal(t->name, name)) {
            return true;
        }
    }
    return false;
}

void gather_tag(struct gathering *g, enum carrier_id carrier, enum tag_kind kind, struct text name,
                const struct box *box)
{
    name = text_trim(name);
    if (name.n == 0 && kind != TAG_REGION) {
        return;
    }
    if (name.n > MAX_TAG_BYTES) {
        spoil(g, carrier, "a name longer than any name is");
    } else if (!text_is_utf8(name)) {
        spoil(g, carrier, "a name that is not text");
    } else if (kind == TAG_KEYWORD && is_given(g, carrier, kind, name)) {
        return;
    } else if (g->n_tags >= MAX_TAGS) {
        spoil(g, carrier, "more tags than can be checked");
    } else {
        struct tag *t = &g->tags[g->n_tags];
        *t = (struct tag){.kind = kind, .carrier = carrier};
        if (box) {
            t->has_box = true;
            t->box = *box;
        }
        keep(g, name, &t->name);
        g->n_tags++;
    }
}

void gather_text(struct gathering *g, enum carrier_id carrier, struct text text)
{
    text = text_trim(text);
    if (text.n == 0 || stock_text(text)) {
        return;
    }
    if (text.n > MAX_TEXT_BYTES) {
        spoil(g, carrier, "a text longer than can be checked");
    } else if (!text_is_utf8(text)) {
        spoil(g, carrier, "a text in an unknown encoding");
    } else if (g->n_texts >= MAX_TEXTS) {
        spoil(g, carrier, "more texts than can be checked");
    } else {
        struct found_text *t = &g->texts[g->n_texts];
        t->carrier = carrier;
        keep(g, text, &t->text);
        g->n_texts++;
    }
}

void gather_fact(struct gathering *g, enum carrier_id carrier, enum fact_id id, struct text value)
{
    value = text_trim(value);
    if (value.n == 0 || value.n > MAX_FACT_BYTES || g->n_facts >= MAX_FACTS_FOUND ||
        !text_is_utf8(value) || !text_is_printable(value)) {
        return;
    }
    for (size_t i = 0; i < g->n_facts; i++) {
        if (g->facts[i].id == id && text_equal(g->facts[i].value, value)) {
            return;
        }
    }
    struct found_fact *f = &g->facts[g->n_facts];
    *f = (struct found_fact){.id = id, .carrier = carrier};
    keep(g, value, &f->value);
    g->n_facts++;
}

/* Lower is better; what is not in the table comes last. */
static unsigned rank(enum carrier_id carrier)
{
    static const enum carrier_id ORDER[] = {
        CARRIER_XMP,  CARRIER_XMP_TEXT,  CARRIER_SIDECAR,    CARRIER_IPTC,     CARRIER_IPTC_TEXT,
        CARRIER_EXIF, CARRIER_EXIF_TEXT, CARRIER_EXIF_OWNER, CARRIER_PNG_TEXT,
    };
    unsigned n = sizeof ORDER / sizeof ORDER[0];
    for (unsigned i = 0; i < n; i++) {
        if (ORDER[i] == carrier) {
            return i;
        }
    }
    return n;
}

static bool is_offer(struct gathering *g, enum carrier_id carrier, struct text t)
{
    if (t.n > MAX_TEXT_BYTES || !text_is_utf8(t)) {
        spoil(g, carrier,
              t.n > MAX_TEXT_BYTES ? "a text longer than can be checked"
                                   : "a text in an unknown encoding");
        return false;
    }
    return t.n > 0;
}

void gather_caption(struct gathering *g, enum carrier_id carrier, struct text caption)
{
    caption = text_trim(caption);
    if (is_offer(g, carrier, caption) && !stock_text(caption) &&
        (g->caption.n == 0 || rank(carrier) < rank(g->caption_carrier))) {
        keep(g, caption, &g->caption);
        g->caption_carrier = carrier;
    }
}

static bool contains(struct text t, struct text part)
{
    return t.n && memmem(t.at, t.n, part.at, part.n) != NULL;
}

static void gather_right(struct gathering *g, enum carrier_id carrier, struct text offer,
                         struct text *best, enum carrier_id *best_carrier)
{
    offer = text_trim(offer);
    if (!is_offer(g, carrier, offer)) {
        return;
    }
    if (best->n == 0 || rank(carrier) < rank(*best_carrier)) {
        keep(g, offer, best);
        *best_carrier = carrier;
    } else if (carrier == *best_carrier && !contains(*best, offer)) {
        if (offer.n + 2 > MAX_TEXT_BYTES - best->n) {
            spoil(g, carrier, "a text longer than can be checked");
            return;
        }
        char *joined = arena_alloc(g->a, best->n + 2 + offer.n, 1);
        if (!joined) {
            g->no_memory = true;
            return;
        }
        memcpy(joined, best->at, best->n);
        memcpy(joined + best->n, "; ", 2);
        memcpy(joined + best->n + 2, offer.at, offer.n);
        *best = (struct text){joined, best->n + 2 + offer.n};
    }
}

void gather_creator(struct gathering *g, enum carrier_id carrier, struct text creator)
{
    gather_right(g, carrier, creator, &g->creator, &g->creator_carrier);
}

void gather_copyright(struct gathering *g, enum carrier_id carrier, struct text copyright)
{
    gather_right(g, carrier, copyright, &g->copyright, &g->copyright_carrier);
}

/* EXIF 2.32, 4.6.4 A: the value says on which side of the upright picture the stored row 0 and
 * column 0 lie. */
static struct box box_upright(struct box b, uint32_t orientation)
{
    const int32_t right = WHOLE_PPM - b.x_ppm - b.w_ppm, bottom = WHOLE_PPM - b.y_ppm - b.h_ppm;
    switch (orientation) {
    case 2:
        return (struct box){right, b.y_ppm, b.w_ppm, b.h_ppm};
    case 3:
        return (struct box){right, bottom, b.w_ppm, b.h_ppm};
    case 4:
        return (struct box){b.x_ppm, bottom, b.w_ppm, b.h_ppm};
    case 5:
        return (struct box){b.y_ppm, b.x_ppm, b.h_ppm, b.w_ppm};
    case 6:
        return (struct box){bottom, b.x_ppm, b.h_ppm, b.w_ppm};
    case 7:
        return (struct box){bottom, right, b.h_ppm, b.w_ppm};
    case 8:
        return (struct box){b.y_ppm, right, b.h_ppm, b.w_ppm};
    default:
        return b;
    }
}

void gathering_turn_boxes(struct gathering *g, uint32_t orientation)
{
    assert(orientation <= 8);
    for (size_t i = 0; i < g->n_tags; i++) {
        if (g->tags[i].has_box) {
            g->tags[i].box = box_upright(g->tags[i].box, orientation);
        }
    }
}

enum status gathering_finish(struct gathering *g, struct evidence *e, struct err *err)
{
    struct carrier *carriers = arena_alloc(g->a, g->n_carriers, sizeof *carriers);
    if (!carriers || g->no_memory) {
        return err_set(err, STATUS_NOMEM, "no memory for a photo's evidence");
    }
    memcpy(carriers, g->carriers, g->n_carriers * sizeof *carriers);
    e->carriers = carriers;
    e->n_carriers = g->n_carriers;
    e->tags = g->tags;
    e->n_tags = g->n_tags;
    e->texts = g->texts;
    e->n_texts = g->n_texts;
    e->facts = g->facts;
    e->n_facts = g->n_facts;
    e->own_caption = g->caption;
    e->own_caption_carrier = g->caption_carrier;
    e->creator = g->creator;
    e->copyright = g->copyright;
    e->orientation = g->orientation;
    return STATUS_OK;
}
