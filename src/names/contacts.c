/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E-mail addresses, links and handles: decision rule 11. The school's own, listed in the policy,
 * may stand. */
#include <string.h>

#include "fold.h"
#include "judging.h"

enum { MAX_ADDRESS_GLYPHS = 254 }; /* RFC 5321, 4.5.3.1.3: the longest path */

/* A span of glyphs without white space, and its bytes as plain text. */
struct chunk {
    size_t from, to;
    char ascii[MAX_ADDRESS_GLYPHS];
    size_t n;
};

static char ascii_at(const struct reading *r, size_t i)
{
    uint32_t c = reading_glyph(r, i)->code;
    return c < 0x80 ? (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c) : '\x7f';
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\x7f';
}

static void block(struct judging *j, size_t from, size_t to, enum finding_kind kind)
{
    struct finding f = {.kind = kind,
                        .judgement = JUDGE_BLOCK,
                        .start = reading_glyph(j->r, from)->start,
                        .end = reading_glyph(j->r, to - 1)->end,
                        .person = NO_PERSON};
    buffer_add(&j->findings, &f, sizeof f);
    judging_flag_bytes(j, f.start, f.end, TOKEN_LINK);
}

static void allow(struct judging *j, size_t from, size_t to)
{
    judging_flag_bytes(j, reading_glyph(j->r, from)->start, reading_glyph(j->r, to - 1)->end,
                       TOKEN_MASKED | TOKEN_LINK);
}

static bool is_listed(struct text what, const struct text *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct text own = list[i];
        if (own.n && (own.at[0] == '@') && !(what.n && what.at[0] == '@')) {
            own = text_slice(own, 1, own.n);
        }
        if (text_equal_nocase(what, own)) {
            return true;
        }
    }
    return false;
}

/* A host that is on the list, or below one that is. The list may hold a path: then that page alone.
 */
static bool is_own_link(const struct policy *p, struct text link)
{
    struct text path = TEXT_NONE;
    struct text host = text_cut(link, '/', &path);
    for (size_t i = 0; i < p->n_own_links; i++) {
        struct text own = p->own_links[i];
        if (text_starts_with(own, TEXT("https://"))) {
            own = text_slice(own, 8, own.n);
        } else if (text_starts_with(own, TEXT("http://"))) {
            own = text_slice(own, 7, own.n);
        }
        if (text_starts_with(own, TEXT("www."))) {
            own = text_slice(own, 4, own.n);
        }
        while (own.n && own.at[own.n - 1] == '/') {
            own.n--;
        }
        if (own.n == 0) {
            continue;
        }
        if (memchr(own.at, '/', own.n)) {
            struct text rest = text_slice(link, own.n, link.n);
            if (text_equal_nocase(text_slice(link, 0, own.n), own) &&
                (rest.n == 0 || rest.at[0] == '/' || rest.at[0] == '?' || rest.at[0] == '#')) {
                return true;
            }
            continue;
        }
        bool below = host.n > own.n && host.at[host.n - own.n - 1] == '.';
        if (text_equal_nocase(host, own) || (below && text_ends_with_nocase(host, own))) {
            return true;
        }
    }
    return false;
}

/* Last labels under which people put pages. A full list would be out of date; a path or a scheme
 * needs no list. */
static bool is_top_level(struct text label)
{
    static const char *const LABELS[] = {
        "com",     "org", "net",  "uk",     "eu",   "io",    "info", "biz",   "edu",
        "gov",     "tv",  "me",   "co",     "ly",   "app",   "page", "site",  "blog",
        "school",  "dev", "link", "online", "ie",   "wales", "scot", "cymru", "london",
        "example", "gg",  "fm",   "be",     "club", "xyz",   "shop"};
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++) {
        if (text_equal(label, text_of(LABELS[i]))) {
            return true;
        }
    }
    return false;
}

/* The host at the start of `t`: labels and dots. Returns its length, 0 when it is none; *last is
 * its last label. */
static size_t host_length(struct text t, struct text *last)
{
    size_t n = 0, label = 0, dots = 0;
    while (n < t.n && (is_name_char(t.at[n]) || t.at[n] == '-' || t.at[n] == '.')) {
        if (t.at[n] == '.') {
            if (n == label || n + 1 >= t.n || !is_name_char(t.at[n + 1])) {
                break;
            }
            label = n + 1;
            dots++;
        }
        n++;
    }
    *last = text_slice(t, label, n - label);
    return dots && n > label ? n : 0;
}

/* What ends an address: white space, quotation marks and all that stands between words; a colon
 * unless "//" follows. */
static bool ends_chunk(const struct reading *r, size_t i)
{
    uint32_t c = reading_glyph(r, i)->code;
    if (c == ':') {
        return i + 1 >= r->n_glyphs || reading_glyph(r, i + 1)->code != '/';
    }
    return c <= ' ' || (c < 0x80 && strchr("\"<>(),;|[]{}", (int)c)) ||
           (c >= 0x80 && !is_word_glyph(c));
}

static void judge_address(struct judging *j, const struct chunk *c, size_t at)
{
    struct text text = {c->ascii, c->n};
    size_t from = at;
    while (from && (is_name_char(text.at[from - 1]) || strchr("._%+-'", text.at[from - 1]))) {
        from--;
    }
    struct text last;
    size_t host = host_length(text_slice(text, at + 1, text.n), &last);
    if (from == at || host == 0) {
        size_t end = at + 1;
        while (end < text.n &&
               (is_name_char(text.at[end]) || text.at[end] == '_' ||
                (text.at[end] == '.' && end + 1 < text.n && is_name_char(text.at[end + 1])))) {
            end++;
        }
        struct text handle = text_slice(text, at, end - at);
        const struct policy *p = j->l->policy;
        if (is_listed(handle, p->own_handles, p->n_own_handles)) {
            allow(j, c->from + at, c->from + end);
        }
        return;
    }
    size_t end = at + 1 + host;
    const struct policy *p = j->l->policy;
    if (is_listed(text_slice(text, from, end - from), p->own_emails, p->n_own_emails)) {
        allow(j, c->from + from, c->from + end);
    } else {
        block(j, c->from + from, c->from + end, FINDING_EMAIL);
    }
}

static void judge_link(struct judging *j, const struct chunk *c)
{
    struct text text = {c->ascii, c->n}, last;
    bool scheme = false, www = false;
    size_t from = 0;
    for (size_t i = 0; i + 3 <= text.n; i++) {
        if (memcmp(text.at + i, "://", 3) == 0) {
            from = i + 3;
            scheme = true;
            break;
        }
    }
    while (from < text.n && !is_name_char(text.at[from])) {
        from++;
    }
    if (text_starts_with(text_slice(text, from, text.n), TEXT("www."))) {
        from += 4;
        www = true;
    }
    size_t host = host_length(text_slice(text, from, text.n), &last);
    size_t end = from + host;
    bool path = end < text.n && text.at[end] == '/' && end + 1 < text.n;
    if (!scheme && !www && (host == 0 || !(is_top_level(last) || (path && last.n >= 2)))) {
        return;
    }
    end = path ? text.n : end;
    while (end > from && strchr(".,!?:;'*", text.at[end - 1])) {
        end--;
    }
    if (end <= from) {
        return;
    }
    if (is_own_link(j->l->policy, text_slice(text, from, end - from))) {
        allow(j, c->from, c->from + end);
    } else {
        block(j, c->from + from, c->from + end, FINDING_LINK);
    }
}

static bool word_is(const struct judging *j, size_t i, const char *word)
{
    return i < j->r->n_tokens && text_equal(token_word(j->r, i), text_of(word));
}

/* "name at mail dot com", "name (at) mail [dot] com" */
static void judge_spoken_address(struct judging *j, size_t at)
{
    size_t end = at + 1, dots = 0;
    for (;;) {
        while (judging_join(j, end + 1) <= JOIN_HYPHEN) {
            end++;
        }
        if (!word_is(j, end + 1, "dot") || judging_join(j, end + 2) > JOIN_PUNCT) {
            break;
        }
        end += 2;
        dots++;
    }
    if (dots == 0 || end >= j->r->n_tokens || !is_top_level(token_word(j->r, end))) {
        return;
    }
    size_t from = at - 1;
    while (from >= 2 && word_is(j, from - 1, "dot")) {
        from -= 2;
    }
    while (from && reading_token(j->r, from)->join <= JOIN_GLUE) {
        from--;
    }
    struct finding f = {.kind = FINDING_EMAIL, .judgement = JUDGE_BLOCK, .person = NO_PERSON};
    judging_claim(j, from, end + 1 - from, f, FINDING_UNKNOWN);
}

void judge_contacts(struct judging *j)
{
    for (size_t i = 1; i < j->r->n_tokens; i++) {
        if (word_is(j, i, "at") && judging_join(j, i + 1) <= JOIN_PUNCT) {
            judge_spoken_address(j, i);
        }
    }
    const struct reading *r = j->r;
    for (size_t i = 0; i < r->n_glyphs;) {
        struct chunk c = {.from = i, .n = 0};
        while (i < r->n_glyphs && c.n < MAX_ADDRESS_GLYPHS && !ends_chunk(r, i)) {
            c.ascii[c.n++] = ascii_at(r, i++);
        }
        c.to = i;
        i += c.n == 0;
        bool address = false;
        for (size_t k = 0; k < c.n; k++) {
            /* "site.example/@name" is a page, not an address */
            bool path = k && c.ascii[k - 1] == '/' && k > 1 && c.ascii[k - 2] != '/';
            if (c.ascii[k] == '@' && !path) {
                judge_address(j, &c, k);
                address = true;
            }
        }
        if (c.n && !address && j->r->role != TEXT_ROLE_FILE_NAME) {
            judge_link(j, &c);
        }
    }
}
