/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Code points to glyphs: NFKC piece by piece (UAX #15, 9.1 boundaries), so that every glyph keeps
 * its bytes. */
#include <string.h>

#include <unicode/unorm2.h>

#include "fold.h"
#include "reading.h"

enum {
    MAX_CLUSTER_POINTS =
        24, /* a letter and its marks; Vietnamese and Indic scripts need fewer than ten */
    MAX_CLUSTER_UNITS = 512, /* UTF-16 after NFKC; the longest single expansion is 18 */
    MAX_GLYPHS_BYTES = 32 * 1024 * 1024
};

struct span {
    uint32_t first, last,
        letter; /* letter: the plain letter that `first` stands for; 0 = leave it to NFKC */
};

/* Letters dressed up as symbols. With a letter: NFKC knows no plain form, or puts brackets round
 * it. */
static const struct span STYLED[] = {
    {0x249C, 0x24B5, 'a'},   {0x24B6, 0x24CF, 'A'},   {0x24D0, 0x24E9, 'a'},
    {0x1F110, 0x1F129, 'A'}, {0x1F130, 0x1F149, 'A'}, {0x1F150, 0x1F169, 'A'},
    {0x1F170, 0x1F189, 'A'}, {0x1D400, 0x1D7FF, 0},   {0xFF21, 0xFF3A, 0},
    {0xFF41, 0xFF5A, 0},     {0x210A, 0x2115, 0},     {0x2118, 0x211D, 0},
    {0x2124, 0x2124, 0},     {0x2128, 0x2128, 0},     {0x212C, 0x2134, 0},
    {0x1D2C, 0x1D6A, 0},     {0x02B0, 0x02B8, 0},     {0x2C7C, 0x2C7D, 0},
    {0xE0041, 0xE005A, 'A'}, {0xE0061, 0xE007A, 'a'},
};

struct small_capital {
    uint32_t code;
    char letter;
};

/* Phonetic letters that look like small capitals, and letters turned upside down. */
static const struct small_capital SMALL_CAPITALS[] = {
    {0x1D00, 'a'}, {0x299, 'b'},  {0x1D04, 'c'}, {0x1D05, 'd'}, {0x1D07, 'e'}, {0xA730, 'f'},
    {0x262, 'g'},  {0x29C, 'h'},  {0x26A, 'i'},  {0x1D0A, 'j'}, {0x1D0B, 'k'}, {0x29F, 'l'},
    {0x1D0C, 'l'}, {0x1D0D, 'm'}, {0x274, 'n'},  {0x1D0F, 'o'}, {0x1D18, 'p'}, {0x280, 'r'},
    {0xA731, 's'}, {0x1D1B, 't'}, {0x1D1C, 'u'}, {0x1D20, 'v'}, {0x1D21, 'w'}, {0x28F, 'y'},
    {0x1D22, 'z'}, {0x1D06, 'd'}, {0x251, 'a'},  {0x261, 'g'},  {0x250, 'a'},  {0x265, 'h'},
    {0x279, 'r'},  {0x287, 't'},  {0x28C, 'v'},  {0x28D, 'w'},  {0x28E, 'y'},  {0x29E, 'k'},
    {0x26F, 'm'},
};

enum hidden { HIDDEN_NO, HIDDEN_SILENT, HIDDEN_ZERO_WIDTH, HIDDEN_BIDI };

/* A soft hyphen comes from type-setting and is silent; the others have no business inside an
 * English word. */
static enum hidden hidden_kind(uint32_t c)
{
    if (c == 0xAD || (c >= 0xFE00 && c <= 0xFE0F)) {
        return HIDDEN_SILENT;
    }
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
        return HIDDEN_BIDI;
    }
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x2065) || c == 0xFEFF || c == 0x34F ||
        c == 0x61C || c == 0x180E || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 ||
        (c >= 0x206A && c <= 0x206F) || (c >= 0xE0100 && c <= 0xE01EF)) {
        return HIDDEN_ZERO_WIDTH;
    }
    return HIDDEN_NO;
}

/* Make a dressed-up letter plain where NFKC would not. Returns whether it was dressed up. */
static bool undress(uint32_t *code)
{
    if (*code < 0x250) {
        return false;
    }
    for (size_t i = 0; i < sizeof STYLED / sizeof STYLED[0]; i++) {
        if (*code >= STYLED[i].first && *code <= STYLED[i].last) {
            if (STYLED[i].letter) {
                *code = STYLED[i].letter + (*code - STYLED[i].first);
            }
            return true;
        }
    }
    for (size_t i = 0; i < sizeof SMALL_CAPITALS / sizeof SMALL_CAPITALS[0]; i++) {
        if (*code == SMALL_CAPITALS[i].code) {
            *code = (uint32_t)SMALL_CAPITALS[i].letter;
            return true;
        }
    }
    return false;
}

static void add_glyph(struct reading *r, uint32_t code, const struct glyph *first, uint32_t end)
{
    struct glyph g = {code, first->start, end, first->flags};
    buffer_add(&r->glyphs, &g, sizeof g);
}

/* Normalise points [0, n) of one cluster and append its glyphs, all with the cluster's bytes. */
static bool add_cluster(struct reading *r, const UNormalizer2 *nfkc, const struct glyph *points,
                        size_t n)
{
    uint32_t end = points[n - 1].end;
    if (n == 1 && points[0].code < 0x80) {
        add_glyph(r, points[0].code, &points[0], end);
        return true;
    }
    UChar in[2 * MAX_CLUSTER_POINTS], out[MAX_CLUSTER_UNITS];
    int32_t n_in = 0;
    struct glyph whole = points[0];
    for (size_t i = 0; i < n; i++) {
        uint32_t c = points[i].code;
        if (c > 0xFFFF) {
            in[n_in++] = (UChar)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        in[n_in++] = (UChar)c;
        whole.flags |= points[i].flags;
    }
    UErrorCode status = U_ZERO_ERROR;
    int32_t n_out = unorm2_normalize(nfkc, in, n_in, out, MAX_CLUSTER_UNITS, &status);
    if (U_FAILURE(status)) {
        return false;
    }
    for (int32_t i = 0; i < n_out;) {
        add_glyph(r, utf16_next((const uint16_t *)out, &i, n_out), &whole, end);
        whole.flags &= ~(uint32_t)(GLYPH_HIDDEN_BEFORE | GLYPH_BIDI_BEFORE);
    }
    return true;
}

/* Regional indicators in pairs are flags; in any other number they spell. Returns how many stand
 * from `i` on. */
static size_t undress_regional(struct glyph *points, size_t n, size_t i)
{
    size_t end = i;
    while (end < n && points[end].code >= 0x1F1E6 && points[end].code <= 0x1F1FF) {
        end++;
    }
    for (size_t k = i; end - i != 2 && k < end; k++) {
        points[k].code = 'A' + (points[k].code - 0x1F1E6);
    }
    return end - i;
}

/* Take the hidden characters out of `points`, noting on the next one that they stood there; undress
 * the styled ones. */
static size_t take_out_hidden(struct glyph *points, size_t n)
{
    size_t kept = 0;
    uint32_t pending = 0;
    size_t regional = 0; /* of the run looked at: left as it was */
    for (size_t i = 0; i < n; i++) {
        regional = regional ? regional - 1 : undress_regional(points, n, i);
        enum hidden kind = hidden_kind(points[i].code);
        if (kind == HIDDEN_NO) {
            struct glyph g = points[i];
            g.flags |= pending;
            g.flags |= undress(&g.code) ? (uint32_t)GLYPH_STYLED : 0;
            points[kept++] = g;
            pending = 0;
        } else if (kind == HIDDEN_BIDI) {
            pending |= GLYPH_BIDI_BEFORE;
        } else if (kind == HIDDEN_ZERO_WIDTH) {
            pending |= GLYPH_HIDDEN_BEFORE;
        }
    }
    return kept;
}

static enum status add_clusters(struct reading *r, const UNormalizer2 *nfkc, struct buffer *points,
                                struct err *err)
{
    struct glyph *at = (struct glyph *)(void *)points->at;
    size_t n = take_out_hidden(at, points->n / sizeof *at);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && at[end].code >= 0x300 &&
               !unorm2_hasBoundaryBefore(nfkc, (UChar32)at[end].code)) {
            end++;
        }
        if (end - i > MAX_CLUSTER_POINTS) {
            r->too_dense = true;
            end = i + MAX_CLUSTER_POINTS;
        }
        if (!add_cluster(r, nfkc, at + i, end - i)) {
            return err_set(err, STATUS_LIBRARY, "ICU: a text could not be normalised");
        }
        i = end;
    }
    r->n_glyphs = r->glyphs.n / sizeof(struct glyph);
    return buffer_status(&r->glyphs, err);
}

enum status reading_glyphs(struct reading *r, struct text text, bool decode, struct err *err)
{
    enum status st = STATUS_LIBRARY;
    struct buffer points;
    buffer_init(&points, MAX_GLYPHS_BYTES);
    UErrorCode icu = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&icu);
    if (U_FAILURE(icu)) {
        err_set(err, st, "ICU: no NFKC data: %s", u_errorName(icu));
        goto out;
    }
    decode_points(r, text, decode, &points);
    st = buffer_status(&points, err);
    if (st == STATUS_OK) {
        st = add_clusters(r, nfkc, &points, err);
    }
out:
    buffer_release(&points);
    return st;
}

void reading_init(struct reading *r)
{
    memset(r, 0, sizeof *r);
    buffer_init(&r->glyphs, MAX_GLYPHS_BYTES);
    buffer_init(&r->tokens, MAX_GLYPHS_BYTES);
    buffer_init(&r->folded, MAX_GLYPHS_BYTES);
}

void reading_release(struct reading *r)
{
    if (r) {
        buffer_release(&r->glyphs);
        buffer_release(&r->tokens);
        buffer_release(&r->folded);
    }
}

enum status reading_make(struct reading *r, struct text text, enum text_role role, bool decode,
                         struct err *err)
{
    r->text = text;
    r->role = role;
    enum status st = reading_glyphs(r, text, decode, err);
    if (st != STATUS_OK) {
        return st;
    }
    tokens_cut(r);
    st = buffer_status(&r->tokens, err);
    return st == STATUS_OK ? buffer_status(&r->folded, err) : st;
}
