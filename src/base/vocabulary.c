/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of every enum that reports, files and messages share: one list each, in the headers. */
#include "photogate/evidence.h"
#include "photogate/faces.h"
#include "photogate/person.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *word(const char *const *words, size_t n, size_t i, const char *otherwise)
{
    return i < n && words[i] ? words[i] : otherwise;
}

const char *purpose_name(enum purpose p)
{
    static const char *const NAMES[] = {
#define X(symbol, name, words) [PURPOSE_##symbol] = name,
        PURPOSE_LIST(X)
#undef X
    };
    return word(NAMES, COUNT(NAMES), (size_t)p, "unknown");
}

const char *purpose_words(enum purpose p)
{
    static const char *const WORDS[] = {
#define X(symbol, name, words) [PURPOSE_##symbol] = words,
        PURPOSE_LIST(X)
#undef X
    };
    return word(WORDS, COUNT(WORDS), (size_t)p, "an unknown purpose");
}

enum purpose purpose_from_name(struct text name)
{
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES; p++) {
        if (text_equal(name, text_of(purpose_name((enum purpose)p)))) {
            return (enum purpose)p;
        }
    }
    return PURPOSE_UNKNOWN;
}

const char *consent_state_name(enum consent_state s)
{
    static const char *const NAMES[] = {
#define X(symbol, name) [CONSENT_##symbol] = name,
        CONSENT_STATE_LIST(X)
#undef X
    };
    return word(NAMES, COUNT(NAMES), (size_t)s, "unknown");
}

const char *status_field_name(enum status_field f)
{
    static const char *const NAMES[] = {
#define X(symbol, name) [STATUS_OF_##symbol] = name,
        STATUS_FIELD_LIST(X)
#undef X
    };
    return word(NAMES, COUNT(NAMES), (size_t)f, "unknown");
}

const char *known_name(enum known k)
{
    return k == KNOWN_YES ? "yes" : k == KNOWN_NO ? "no" : "unknown";
}

const char *consent_method_name(enum consent_method m)
{
    static const char *const NAMES[] = {
#define X(symbol, name, written) [METHOD_##symbol] = name,
        CONSENT_METHOD_LIST(X)
#undef X
    };
    return word(NAMES, COUNT(NAMES), (size_t)m, "unknown");
}

bool consent_method_is_written(enum consent_method m)
{
    static const bool WRITTEN[] = {
#define X(symbol, name, written) [METHOD_##symbol] = written,
        CONSENT_METHOD_LIST(X)
#undef X
    };
    return (size_t)m < COUNT(WRITTEN) && WRITTEN[m];
}

const char *fact_name(enum fact_id f)
{
    static const char *const NAMES[] = {
#define X(symbol, name, words) [FACT_##symbol] = name,
        FACT_LIST(X)
#undef X
    };
    return word(NAMES, COUNT(NAMES), (size_t)f, "unknown");
}

const char *fact_words(enum fact_id f)
{
    static const char *const WORDS[] = {
#define X(symbol, name, words) [FACT_##symbol] = words,
        FACT_LIST(X)
#undef X
    };
    return word(WORDS, COUNT(WORDS), (size_t)f, "something unknown");
}

const char *box_place_words(const struct box *b)
{
    static const char *const WORDS[] = {
        "at the upper left", "at the top",    "at the upper right",
        "at the left",       "in the middle", "at the right",
        "at the lower left", "at the bottom", "at the lower right",
    };
    const int64_t third = 1000000 / 3;
    int64_t x = ((int64_t)b->x_ppm + b->w_ppm / 2) / third;
    int64_t y = ((int64_t)b->y_ppm + b->h_ppm / 2) / third;
    x = x < 0 ? 0 : x > 2 ? 2 : x;
    y = y < 0 ? 0 : y > 2 ? 2 : y;
    return WORDS[y * 3 + x];
}

const char *exam_words(enum exam e)
{
    static const char *const WORDS[] = {
#define X(symbol, words) [EXAM_##symbol] = words,
        EXAM_LIST(X)
#undef X
    };
    return word(WORDS, COUNT(WORDS), (size_t)e, "not examined");
}

const char *file_kind_words(enum file_kind k)
{
    static const char *const WORDS[] = {
#define X(symbol, words, releasable) [FILE_##symbol] = words,
        FILE_KIND_LIST(X)
#undef X
    };
    return word(WORDS, COUNT(WORDS), (size_t)k, "file of an unknown kind");
}

bool file_kind_is_releasable(enum file_kind k)
{
    static const bool RELEASABLE[] = {
#define X(symbol, words, releasable) [FILE_##symbol] = releasable,
        FILE_KIND_LIST(X)
#undef X
    };
    return (size_t)k < COUNT(RELEASABLE) && RELEASABLE[k];
}

const char *carrier_words(enum carrier_id c)
{
    static const char *const WORDS[] = {
#define X(symbol, words, identifies) [CARRIER_##symbol] = words,
        CARRIER_LIST(X)
#undef X
    };
    return word(WORDS, COUNT(WORDS), (size_t)c, "file name");
}

const char *carrier_identifies(enum carrier_id c)
{
    static const char *const WORDS[] = {
#define X(symbol, words, identifies) [CARRIER_##symbol] = identifies,
        CARRIER_LIST(X)
#undef X
    };
    return word(WORDS, COUNT(WORDS), (size_t)c, "");
}

const char *assurance_name(enum assurance a)
{
    return a == ASSURANCE_HIGH ? "high" : a == ASSURANCE_LOW ? "low" : "none";
}

struct text evidence_caption(const struct evidence *e)
{
    return e->said.present == KNOWN_YES && e->said.caption.n ? e->said.caption : e->own_caption;
}
