/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/loose_text.h"

#include <string.h>

#include "photogate/limits.h"

/* The shortest forename and surname ("Li Wu"); a UPN has twelve digits or more of them. */
enum { MIN_LETTERS = 4, UPN_DIGITS = 10 };
/* Shorter ones could be a UPN whose letters are hexadecimal; GUIDs have 32. */
enum { MIN_HEX_BYTES = 16 };
enum { MIN_BASE64_BYTES = 128, MIN_BASE64_LINE_BYTES = 60 };
/* No name is longer, so one that is cut at a piece's end is whole in the next. */
enum { OVERLAP_BYTES = MAX_TAG_BYTES };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* RFC 4648, 4. */
static bool is_base64(char c)
{
    return is_digit(c) || (is_letter(c) && (unsigned char)c < 0x80) || c == '+' || c == '/' ||
           c == '=';
}

/* "2024-05-17T10:30:00.12+01:00", "0, 255", "1/250", "-0.50": from a digit or sign on, and of
 * digits, with too few letters for a name. */
static bool is_numbers(struct text t)
{
    size_t n_letters = 0, n_digits = 0;
    for (size_t i = 0; i < t.n; i++) {
        n_letters += is_letter(t.at[i]);
        n_digits += is_digit(t.at[i]);
    }
    bool begins = is_digit(t.at[0]) || t.at[0] == '-' || t.at[0] == '+';
    return n_letters < MIN_LETTERS && (n_digits < UPN_DIGITS || (begins && n_letters <= 1));
}

/* "xmp.iid:6f1c...", "uuid:...", a plain MD5: what stands behind the last colon. */
static bool is_identifier(struct text t)
{
    const char *colon = memrchr(t.at, ':', t.n);
    struct text id = colon ? text_slice(t, (size_t)(colon - t.at) + 1, t.n) : t;
    size_t n = 0;
    for (size_t i = 0; i < id.n; i++) {
        if (!is_hex(id.at[i]) && id.at[i] != '-') {
            return false;
        }
        n += is_hex(id.at[i]);
    }
    /* What stands before it is a scheme, a word or two without a space. */
    return n >= MIN_HEX_BYTES && t.n - id.n < MIN_HEX_BYTES * 2 && !memchr(t.at, ' ', t.n);
}

static bool is_schema(struct text t)
{
    static const char *const OWNERS[] = {"http://ns.adobe.com/", "http://www.w3.org/",
                                         "http://purl.org/dc/", "http://iptc.org/std/",
                                         "http://cv.iptc.org/newscodes/"};
    for (size_t i = 0; i < sizeof OWNERS / sizeof OWNERS[0]; i++) {
        if (text_starts_with(t, text_of(OWNERS[i]))) {
            return !memchr(t.at, ' ', t.n);
        }
    }
    return false;
}

/* Pictures in text form, in one line or in many as long as each other. */
static bool is_data(struct text t)
{
    if (t.n < MIN_BASE64_BYTES) {
        return false;
    }
    while (t.n) {
        struct text line = text_trim(text_cut(t, '\n', &t));
        for (size_t i = 0; i < line.n; i++) {
            if (!is_base64(line.at[i])) {
                return false;
            }
        }
        if (line.n < MIN_BASE64_LINE_BYTES && t.n) {
            return false;
        }
    }
    return true;
}

/* Words that programs write for a choice of theirs, in very many pictures. */
static bool is_word(struct text t)
{
    static const char *const WORDS[] = {
        "True",       "False",      "None",     "Custom",          "Face",      "Focus",
        "normalized", "pixel",      "pixels",   "saved",           "created",   "derived",
        "converted",  "modified",   "edited",   "opened",          "copied",    "produced",
        "inch",       "/metadata",  "/content", "image/jpeg",      "image/png", "image/tiff",
        "image/heic", "image/webp", "sRGB",     "Adobe RGB (1998)"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (text_equal_nocase(t, text_of(WORDS[i]))) {
            return true;
        }
    }
    return false;
}

bool loose_text_is_nobodys(struct text t)
{
    t = text_trim(t);
    return t.n == 0 || is_numbers(t) || is_identifier(t) || is_schema(t) || is_data(t) ||
           is_word(t);
}

/* As a text, or as a tag, which is looked at more closely. */
static bool is_given(const struct gathering *g, struct text t)
{
    for (size_t i = 0; i < g->n_texts; i++) {
        if (text_equal(g->texts[i].text, t)) {
            return true;
        }
    }
    for (size_t i = 0; i < g->n_tags; i++) {
        if (text_equal(g->tags[i].name, t)) {
            return true;
        }
    }
    return false;
}

/* The start of the character at or before `at`. */
static size_t character_at(struct text t, size_t at)
{
    while (at && ((unsigned char)t.at[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

/* One text of at most MAX_TEXT_BYTES. */
static void gather_piece(struct gathering *g, enum carrier_id carrier, struct text t)
{
    t = text_trim(t);
    if (is_given(g, t)) {
        return;
    }
    if (t.n > MAX_LOOSE_BYTES - g->n_loose_bytes) {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, "more texts than can be checked");
        return;
    }
    g->n_loose_bytes += t.n;
    gather_text(g, carrier, t);
}

void loose_text_gather(struct gathering *g, enum carrier_id carrier, struct text t)
{
    if (loose_text_is_nobodys(t)) {
        return;
    }
    if (!text_is_utf8(t)) {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, "a text in an unknown encoding");
        return;
    }
    if (t.n > MAX_LOOSE_BYTES) {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, "a text longer than can be checked");
        return;
    }
    while (t.n > MAX_TEXT_BYTES) {
        gather_piece(g, carrier, text_slice(t, 0, character_at(t, MAX_TEXT_BYTES)));
        t = text_slice(t, character_at(t, MAX_TEXT_BYTES - OVERLAP_BYTES), t.n);
    }
    gather_piece(g, carrier, t);
}
