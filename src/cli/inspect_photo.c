/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <jansson.h>

#include "cli.h"
#include "image/carrier_table.h"
#include "inspect.h"

/* --- what is counted --- */

static bool is_named(const struct tag *t)
{
    return (t->kind == TAG_REGION || t->kind == TAG_PERSON) && t->name.n > 0;
}

/* The first of its name: several carriers say the same. */
static bool is_first(const struct evidence *e, size_t i, bool (*counts)(const struct tag *))
{
    for (size_t k = 0; k < i; k++) {
        if (counts(&e->tags[k]) && text_equal(e->tags[k].name, e->tags[i].name)) {
            return false;
        }
    }
    return counts(&e->tags[i]);
}

static bool is_keyword(const struct tag *t)
{
    return t->kind == TAG_KEYWORD;
}

static size_t count(const struct evidence *e, bool (*counts)(const struct tag *))
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_tags; i++) {
        n += is_first(e, i, counts);
    }
    return n;
}

static size_t count_unnamed(const struct evidence *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_tags; i++) {
        n += e->tags[i].kind == TAG_REGION && e->tags[i].name.n == 0;
    }
    return n;
}

static bool text_is_first(const struct evidence *e, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (text_equal(e->texts[k].text, e->texts[i].text)) {
            return false;
        }
    }
    return true;
}

/* "Praktica" of a camera "Praktica DCZ 14" is told once. */
static bool fact_tells(const struct evidence *e, struct text t)
{
    for (size_t i = 0; i < e->n_facts; i++) {
        struct text value = e->facts[i].value;
        if (t.n && value.n && memmem(value.at, value.n, t.at, t.n)) {
            return true;
        }
    }
    return false;
}

/* Carriers that say by being there what no fact, tag or text tells. */
static const char *words_for(const struct evidence *e, const struct carrier *c)
{
    switch ((int)c->id) {
    case CARRIER_EXIF_THUMBNAIL:
        return "a small picture, perhaps of an earlier version";
    case CARRIER_EXIF_MAKERNOTE:
        return "the camera maker's own notes: serial numbers, names of recognised faces, unknown";
    case CARRIER_MPF:
        return "further pictures: other frames, a gain map";
    case CARRIER_C2PA:
        return "content credentials: author, history";
    case CARRIER_PHOTOSHOP:
        return "Photoshop's data: a thumbnail, edit history";
    case CARRIER_ICC:
        return "a colour profile, which may name a computer and a day";
    case CARRIER_APP_OTHER:
    case CARRIER_PNG_OTHER:
        return "data of a program or camera that nobody else reads";
    case CARRIER_PNG_FRAMES:
        return "further frames of an animation";
    case CARRIER_PNG_TIME:
        return "when it was changed";
    case CARRIER_XMP:
        return e->n_tags == 0 && e->n_texts == 0 ? "an XMP packet: edit history, settings" : NULL;
    default:
        return NULL;
    }
}

/* --- in words --- */

static void line_open(bool *any, const char *what)
{
    if (!*any) {
        puts("\nThis photo carries:");
    }
    *any = true;
    printf("  %s", what);
}

static void quote(struct text t)
{
    putchar('"');
    print_text(stdout, t);
    putchar('"');
}

static void tell_facts(const struct evidence *e, bool *any)
{
    for (int id = FACT_UNKNOWN + 1; id < N_FACTS; id++) {
        for (size_t i = 0; i < e->n_facts; i++) {
            if ((int)e->facts[i].id == id) {
                line_open(any, fact_words((enum fact_id)id));
                printf(": ");
                print_text(stdout, e->facts[i].value);
                printf(" (%s)\n", carrier_words(e->facts[i].carrier));
            }
        }
    }
}

static void tell_tags(const struct evidence *e, bool (*counts)(const struct tag *),
                      const char *words, bool *any)
{
    size_t n = count(e, counts);
    bool first = true;
    if (n == 0) {
        return;
    }
    line_open(any, "");
    printf("%zu %s%s: ", n, words, plural(n));
    for (size_t i = 0; i < e->n_tags; i++) {
        if (is_first(e, i, counts)) {
            printf(first ? "" : ", ");
            quote(e->tags[i].name);
            first = false;
        }
    }
    putchar('\n');
}

static void tell_texts(const struct evidence *e, bool *any)
{
    for (size_t i = 0; i < e->n_texts; i++) {
        if (text_is_first(e, i) && !fact_tells(e, e->texts[i].text)) {
            line_open(any, "a text: ");
            quote(e->texts[i].text);
            printf(" (%s)\n", carrier_words(e->texts[i].carrier));
        }
    }
    if (e->creator.n) {
        line_open(any, "who made it: ");
        quote(e->creator);
        putchar('\n');
    }
    if (e->copyright.n) {
        line_open(any, "whose it is: ");
        quote(e->copyright);
        putchar('\n');
    }
}

static void tell_carriers(const struct evidence *e, bool *any)
{
    for (size_t i = 0; i < e->n_carriers; i++) {
        const struct carrier *c = &e->carriers[i];
        const char *words = words_for(e, c);
        bool is_lost = c->state == CARRIER_NOT_READ || c->state == CARRIER_UNPARSABLE;
        if (!words && !is_lost) {
            continue;
        }
        line_open(any, words ? words : carrier_words(c->id));
        if (is_lost) {
            printf("; it cannot be read");
            if (c->note.n) {
                printf(": ");
                print_text(stdout, c->note);
            }
        }
        putchar('\n');
    }
}

static void tell_unnamed(const struct evidence *e, bool *any)
{
    size_t n = count_unnamed(e);
    if (n) {
        line_open(any, "");
        printf("%zu marked face%s without a name\n", n, plural(n));
    }
}

void inspect_words(const struct evidence *e)
{
    bool any = false;
    print_text(stdout, e->name);
    printf(": %s", file_kind_words(e->kind));
    if (e->width_px) {
        printf(", %u x %u pixels", e->width_px, e->height_px);
    }
    printf(", %llu bytes\n", (unsigned long long)e->size_bytes);
    if (e->exam != EXAM_DONE) {
        printf("It could not be looked at whole: %s", exam_words(e->exam));
        if (e->exam_note.n) {
            printf(" (");
            print_text(stdout, e->exam_note);
            putchar(')');
        }
        putchar('\n');
    }
    tell_facts(e, &any);
    tell_tags(e, is_named, "name", &any);
    tell_unnamed(e, &any);
    tell_tags(e, is_keyword, "keyword", &any);
    tell_texts(e, &any);
    tell_carriers(e, &any);
    if (!any && e->exam == EXAM_DONE) {
        puts("\nThis photo carries nothing but the picture.");
    }
}

/* --- for machines --- */

static json_t *json_text(struct text t)
{
    return json_stringn(t.n ? t.at : "", t.n);
}

static bool append(json_t *list, json_t *row)
{
    return json_array_append_new(list, row) == 0;
}

static bool add_lists(const struct evidence *e, json_t *facts, json_t *names, json_t *keywords,
                      json_t *texts, json_t *carriers)
{
    static const char *const STATES[] = {[CARRIER_NOT_READ] = "not_read",
                                         [CARRIER_UNPARSABLE] = "unparsable",
                                         [CARRIER_READ] = "read",
                                         [CARRIER_DROPPED] = "left_out"};
    bool ok = true;
    for (size_t i = 0; ok && i < e->n_facts; i++) {
        ok = append(facts, json_pack("{s:s, s:o, s:s}", "what", fact_name(e->facts[i].id), "value",
                                     json_text(e->facts[i].value), "carrier",
                                     carrier_words(e->facts[i].carrier)));
    }
    for (size_t i = 0; ok && i < e->n_tags; i++) {
        ok = (!is_first(e, i, is_named) || append(names, json_text(e->tags[i].name))) &&
             (!is_first(e, i, is_keyword) || append(keywords, json_text(e->tags[i].name)));
    }
    for (size_t i = 0; ok && i < e->n_texts; i++) {
        ok = append(texts, json_pack("{s:o, s:s}", "text", json_text(e->texts[i].text), "carrier",
                                     carrier_words(e->texts[i].carrier)));
    }
    for (size_t i = 0; ok && i < e->n_carriers; i++) {
        const struct carrier *c = &e->carriers[i];
        ok = append(carriers, json_pack("{s:s, s:s, s:I, s:o}", "carrier", carrier_words(c->id),
                                        "state", STATES[c->state], "bytes",
                                        (json_int_t)c->size_bytes, "note", json_text(c->note)));
    }
    return ok;
}

bool inspect_json(const struct evidence *e)
{
    char hex[DIGEST_HEX_BYTES];
    json_t *facts = json_array(), *names = json_array(), *keywords = json_array(),
           *texts = json_array(), *carriers = json_array();
    bool ok = facts && names && keywords && texts && carriers &&
              add_lists(e, facts, names, keywords, texts, carriers);
    /* json_pack takes the lists over, even when it fails */
    json_t *o = json_pack(
        "{s:s, s:s, s:o, s:I, s:s, s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "kind",
        file_kind_words(e->kind), "exam", exam_words(e->exam), "exam_note", json_text(e->exam_note),
        "bytes", (json_int_t)e->size_bytes, "sha256", digest_hex(&e->digest, hex), "width_px",
        (json_int_t)e->width_px, "height_px", (json_int_t)e->height_px, "facts", facts, "names",
        names, "unnamed_faces", (json_int_t)count_unnamed(e), "keywords", keywords, "texts", texts,
        "creator", json_text(e->creator), "copyright", json_text(e->copyright), "carriers",
        carriers);
    ok = ok && o && json_dumpf(o, stdout, JSON_INDENT(2)) == 0;
    putchar('\n');
    json_decref(o);
    return ok;
}

/* --- the table --- */

bool inspect_carriers(bool json)
{
    size_t n;
    const struct carrier_row *rows = carrier_rows(&n);
    json_t *list = json ? json_array() : NULL;
    bool ok = !json || list;
    for (size_t i = 0; ok && i < n; i++) {
        const struct carrier_row *r = &rows[i];
        if (json) {
            ok = append(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "format",
                                        carrier_format_name(r->format), "place", r->where, "holds",
                                        r->holds, "becomes", handling_words(r->handling), "source",
                                        r->source));
        } else {
            printf("%-4s  %s\n      holds: %s\n      becomes: %s\n      source: %s\n",
                   carrier_format_name(r->format), r->where, r->holds, handling_words(r->handling),
                   r->source);
        }
    }
    if (json) {
        ok = ok && json_dumpf(list, stdout, JSON_INDENT(2)) == 0;
        putchar('\n');
        json_decref(list);
    }
    return ok;
}
