/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/xmp_survey.h"

#include <string.h>

#include "photogate/limits.h"

struct scan {
    struct text t;
    char *own; /* the same bytes */
    size_t at;
    unsigned depth;
    size_t n_tags, n_namespaces;
    struct xmp_survey *out;
};

/* exempi's work on some shapes grows with the square of these: with 60,000 different properties it
 * takes 14 s, with 30,000 namespaces more than a minute, at these caps about one second. 400 people
 * in both kinds of regions need under 8,000 tags. */
enum { MAX_XMP_TAGS = 16384, MAX_XMP_NAMESPACES = 512 };

uint32_t xmp_watched_bit(struct text local)
{
    static const char *const LOCALS[N_XMP_WATCHED] = {
#define X(symbol, local) [XMP_WATCHED_##symbol] = local,
        XMP_WATCHED_LIST(X)
#undef X
    };
    for (int i = 0; i < N_XMP_WATCHED; i++) {
        if (text_equal(local, text_of(LOCALS[i]))) {
            return UINT32_C(1) << i;
        }
    }
    return 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct text left(const struct scan *s)
{
    return text_slice(s->t, s->at, s->t.n);
}

static bool starts(const struct scan *s, const char *with)
{
    return text_starts_with(left(s), text_of(with));
}

static void skip_space(struct scan *s)
{
    while (s->at < s->t.n && is_space(s->t.at[s->at])) {
        s->at++;
    }
}

/* Step behind the next `end`; false if there is none. */
static bool skip_to(struct scan *s, const char *end)
{
    struct text rest = left(s);
    const char *found = rest.n ? memmem(rest.at, rest.n, end, strlen(end)) : NULL;
    if (!found) {
        return false;
    }
    s->at = (size_t)(found - s->t.at) + strlen(end);
    return true;
}

static struct text name_here(struct scan *s)
{
    size_t from = s->at;
    while (s->at < s->t.n && !is_space(s->t.at[s->at]) && !strchr("/>=<\"'", s->t.at[s->at])) {
        s->at++;
    }
    return text_slice(s->t, from, s->at - from);
}

static struct text local_of(struct text name)
{
    struct text local;
    struct text prefix = text_cut(name, ':', &local);
    return local.n ? local : prefix;
}

/* The XML declaration may name an encoding, which the library would follow. */
static const char *declaration(struct text pi)
{
    struct text encoding = TEXT("encoding");
    const char *at = memmem(pi.at, pi.n, encoding.at, encoding.n);
    if (!at) {
        return NULL;
    }
    struct text value = text_slice(pi, (size_t)(at - pi.at) + encoding.n, pi.n);
    while (value.n && (is_space(value.at[0]) || strchr("='\"", value.at[0]))) {
        value = text_slice(value, 1, value.n);
    }
    return value.n >= 5 && text_equal_nocase(text_slice(value, 0, 5), TEXT("utf-8"))
               ? NULL
               : "XMP in another encoding than UTF-8";
}

static const char *markup(struct scan *s)
{
    if (starts(s, "<!--")) {
        s->at += 4;
        return skip_to(s, "-->") ? NULL : "XMP cut short in a comment";
    }
    if (starts(s, "<![CDATA[")) {
        return skip_to(s, "]]>") ? NULL : "XMP cut short in a section";
    }
    if (starts(s, "<!")) {
        return "XMP that declares a document type or entities";
    }
    size_t from = s->at;
    bool is_declaration = starts(s, "<?xml") && s->t.n - s->at > 5 && is_space(s->t.at[s->at + 5]);
    if (!skip_to(s, "?>")) {
        return "XMP cut short in an instruction";
    }
    return is_declaration ? declaration(text_slice(s->t, from, s->at - from)) : NULL;
}

/* The value of xml:lang from `from` to the closing quote. */
static const char *language(struct scan *s, size_t from)
{
    struct text value = text_slice(s->t, from, s->at - 1 - from);
    if (value.n && memchr(value.at, '&', value.n)) {
        return "XMP with a disguised language";
    }
    if (text_equal_nocase(text_trim(value), TEXT("x-default"))) {
        memcpy(s->own + (text_trim(value).at - s->t.at), XMP_DEFAULT_LANGUAGE,
               sizeof XMP_DEFAULT_LANGUAGE - 1);
    }
    return NULL;
}

/* Attributes up to and with the tag's end. *n_attributes leaves out xmlns declarations. */
static const char *attributes(struct scan *s, bool *closes, size_t *n_attributes)
{
    for (;;) {
        skip_space(s);
        if (starts(s, ">") || starts(s, "/>")) {
            *closes = starts(s, "/>");
            s->at += *closes ? 2 : 1;
            return NULL;
        }
        struct text name = name_here(s);
        skip_space(s);
        if (name.n == 0 || !starts(s, "=")) {
            return "XMP with a malformed tag";
        }
        s->at++;
        skip_space(s);
        if (!starts(s, "\"") && !starts(s, "'")) {
            return "XMP with a malformed tag";
        }
        char quote[2] = {s->t.at[s->at++], '\0'};
        size_t from = s->at;
        if (!skip_to(s, quote)) {
            return "XMP cut short in a tag";
        }
        if (text_equal(name, TEXT("xml:lang"))) {
            const char *fault = language(s, from);
            if (fault) {
                return fault;
            }
        }
        if (++s->n_tags > MAX_XMP_TAGS) {
            return "XMP with more tags than can be checked";
        }
        if (text_starts_with(name, TEXT("xmlns"))) {
            if (++s->n_namespaces > MAX_XMP_NAMESPACES) {
                return "XMP with more namespaces than can be checked";
            }
        } else {
            ++*n_attributes;
            s->out->watched |= xmp_watched_bit(local_of(name));
        }
    }
}

/* rdf:li, or rdf:_1, which RDF allows and exempi drops. */
static bool is_item(struct text local)
{
    return text_equal(local, TEXT("li")) ||
           (local.n > 1 && local.at[0] == '_' && local.at[1] >= '0' && local.at[1] <= '9');
}

static const char *start_tag(struct scan *s)
{
    bool closes = false;
    size_t n_attributes = 0;
    s->at++;
    struct text local = local_of(name_here(s));
    if (local.n == 0) {
        return "XMP with a malformed tag";
    }
    if (++s->n_tags > MAX_XMP_TAGS) {
        return "XMP with more tags than can be checked";
    }
    const char *fault = attributes(s, &closes, &n_attributes);
    if (fault) {
        return fault;
    }
    bool is_empty = closes || starts(s, "</");
    s->out->watched |= xmp_watched_bit(local);
    s->out->n_rdf += text_equal(local, TEXT("RDF"));
    s->out->n_items += is_item(local) && (!is_empty || n_attributes > 0);
    s->depth += !closes;
    return s->depth > MAX_XMP_DEPTH ? "XMP nested deeper than can be checked" : NULL;
}

static const char *end_tag(struct scan *s)
{
    if (s->depth == 0 || !skip_to(s, ">")) {
        return "XMP with a malformed tag";
    }
    s->depth--;
    return NULL;
}

const char *xmp_survey(char *own, size_t n, struct xmp_survey *out)
{
    struct text packet = {own, n};
    *out = (struct xmp_survey){0};
    if (packet.n > MAX_XMP_BYTES) {
        return "XMP larger than can be checked";
    }
    /* UTF-16 and UTF-32 are not well-formed UTF-8 or have NUL, which XML does not allow, in every
     * tag. */
    if (!text_is_utf8(packet) || (packet.n && memchr(packet.at, '\0', packet.n))) {
        return "XMP in another encoding than UTF-8";
    }
    struct scan s = {.t = packet, .own = own, .out = out};
    while (skip_to(&s, "<")) {
        s.at--;
        const char *fault = starts(&s, "<!") || starts(&s, "<?") ? markup(&s)
                            : starts(&s, "</")                   ? end_tag(&s)
                                                                 : start_tag(&s);
        if (fault) {
            return fault;
        }
    }
    if (s.depth != 0) {
        return "XMP cut short";
    }
    return out->n_rdf == 1 ? NULL
           : out->n_rdf    ? "XMP with two descriptions"
                           : "XMP without content";
}
