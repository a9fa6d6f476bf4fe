/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words and bytes for a page. */
#include <openssl/evp.h>

#include "html.h"

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* The five are ASCII, so that a cut before one never splits a character. */
void html_text(struct buffer *b, struct text t)
{
    size_t from = 0;
    for (size_t i = 0; i < t.n; i++) {
        const char *escaped = entity(t.at[i]);
        if (escaped) {
            text_print(b, text_slice(t, from, i - from));
            buffer_add_cstr(b, escaped);
            from = i + 1;
        }
    }
    text_print(b, text_slice(t, from, t.n - from));
}

void html_cstr(struct buffer *b, const char *s)
{
    html_text(b, text_of(s));
}

void html_wrap(struct buffer *b, const char *before, struct text t, const char *after)
{
    buffer_add_cstr(b, before);
    html_text(b, t);
    buffer_add_cstr(b, after);
}

/* RFC 4648, 4: three bytes become four characters, so that blocks of a multiple of three join
 * without padding between. */
void html_jpeg_uri(struct buffer *b, struct bytes jpeg)
{
    enum { BLOCK = 3 * 256 };
    unsigned char encoded[BLOCK / 3 * 4 + 1];
    buffer_add_cstr(b, "data:image/jpeg;base64,");
    for (size_t from = 0; from < jpeg.n; from += BLOCK) {
        struct bytes block = bytes_slice(jpeg, from, BLOCK);
        int n = EVP_EncodeBlock(encoded, block.at, (int)block.n);
        buffer_add(b, encoded, (size_t)n);
    }
}

void html_digest(struct buffer *b, const struct digest *d)
{
    char hex[DIGEST_HEX_BYTES];
    if (digest_is_known(d)) {
        buffer_format(b, "<code class=\"digest\">%s</code>", digest_hex(d, hex));
    } else {
        buffer_add_cstr(b, "not known");
    }
}
