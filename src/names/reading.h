/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reading: one text, taken apart into glyphs and tokens that still know which bytes they came
 * from.
 *
 *   bytes -> code points (entities, %xx and \uXXXX undone when `decode`) -> glyphs (NFKC, styled
 *   letters made plain, hidden characters taken out and noted) -> tokens (split at spaces,
 *   punctuation, CamelCase and digits), each with its folded letters
 *
 * The folded letters of all tokens stand one behind the other in one buffer, so that a window of
 * tokens is a slice of it.
 */
#ifndef NAMES_READING_H
#define NAMES_READING_H

#include "photogate/names.h"

struct glyph {
    uint32_t code;       /* NFKC */
    uint32_t start, end; /* bytes of the text */
    uint32_t flags;      /* enum glyph_flag */
};

enum glyph_flag {
    GLYPH_STYLED = 1, /* mathematical, circled, small capital ...: a plain letter dressed up */
    GLYPH_HIDDEN_BEFORE = 2, /* a character that shows nothing stood before it */
    GLYPH_BIDI_BEFORE = 4    /* a character that turns the direction of writing stood before it */
};

/* What stands between a token and the one before it; the later, the further apart. */
enum join {
    JOIN_CAMEL,  /* nothing */
    JOIN_HYPHEN, /* one hyphen */
    /* other characters, none of them white space: "Jack*Smith", "jack_smith", "J.Smith" */
    JOIN_GLUE,
    JOIN_SPACE,    /* white space, with or without an abbreviation's dot */
    JOIN_COMMA,    /* a comma or an ampersand */
    JOIN_PUNCT,    /* brackets, dashes, quotation marks, emoji ... */
    JOIN_SENTENCE, /* . ! ? : or a line's end */
};

enum shape { SHAPE_OTHER, SHAPE_LOWER, SHAPE_TITLE, SHAPE_CAPS, SHAPE_DIGITS };

enum token_flag {
    TOKEN_POSSESSIVE = 1, /* 's or s' was taken off */
    TOKEN_STARTS = 2,     /* first of a sentence: its capital says nothing */
    TOKEN_TAG = 4,        /* part of a #hashtag or an @handle */
    TOKEN_DOT = 8,        /* a dot follows at once */
    TOKEN_LINK = 16,      /* part of a link or an e-mail address */
    TOKEN_MASKED = 32,    /* known to be harmless here */
    TOKEN_CLAIMED = 64,   /* a finding covers it */
    TOKEN_LETTERS = 128,  /* holds a letter */
    TOKEN_DOUBTED = 256   /* claimed, but only as a word that may be a name */
};

struct token {
    uint32_t start, end;       /* bytes of the text, a possessive included */
    uint32_t glyph, n_glyphs;  /* its glyphs */
    uint32_t folded, n_folded; /* slice of reading.folded */
    uint32_t run;              /* number of the unbroken run of letters and digits it is part of */
    uint32_t flags;            /* enum token_flag */
    enum join join;
    enum shape shape;
};

struct reading {
    struct text text; /* borrowed */
    enum text_role role;
    struct buffer glyphs; /* struct glyph */
    struct buffer tokens; /* struct token */
    struct buffer folded;
    size_t n_glyphs, n_tokens;
    bool changed_by_decoding; /* an entity, %xx, \uXXXX or mojibake was undone */
    bool too_dense;           /* more marks on one letter than any language needs */
    bool has_lower, has_upper;
    bool title_case; /* most words have a capital: capitals say nothing */
};

enum {
    MAX_WINDOW_TOKENS = 12, /* the longest full name of an honest register has nine parts */
    MAX_KEY_BYTES = 160     /* letters of one window */
};

void reading_init(struct reading *r);
void reading_release(struct reading *r);

/* Fill in the glyphs. `text` is UTF-8. Fails NOMEM, LIMIT, LIBRARY. */
enum status reading_glyphs(struct reading *r, struct text text, bool decode, struct err *err);

/* Glyphs and tokens. Fails as reading_glyphs. */
enum status reading_make(struct reading *r, struct text text, enum text_role role, bool decode,
                         struct err *err);

/* Undo entities, %xx, \uXXXX and twice-encoded UTF-8: append struct glyph, one per code point, to
 * `points`. */
void decode_points(struct reading *r, struct text text, bool decode, struct buffer *points);

/* Cut the glyphs into tokens. */
void tokens_cut(struct reading *r);

static inline struct glyph *reading_glyph(const struct reading *r, size_t i)
{
    return (struct glyph *)(void *)r->glyphs.at + i;
}

static inline struct token *reading_token(const struct reading *r, size_t i)
{
    return (struct token *)(void *)r->tokens.at + i;
}

/* The folded letters of tokens [i, i + n). */
static inline struct text reading_window(const struct reading *r, size_t i, size_t n)
{
    const struct token *first = reading_token(r, i), *last = reading_token(r, i + n - 1);
    return (struct text){(const char *)r->folded.at + first->folded,
                         last->folded + last->n_folded - first->folded};
}

static inline struct text token_word(const struct reading *r, size_t i)
{
    return reading_window(r, i, 1);
}

#endif
