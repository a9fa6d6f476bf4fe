/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for findings, and texts with their findings covered. */
#include "photogate/names.h"

struct finding_row {
    const char *name, *words, *fix;
};

static const struct finding_row *finding_row(enum finding_kind k)
{
    static const struct finding_row ROWS[] = {
        {"unknown", "something that cannot be told", "Ask the data protection officer."},
#define X(symbol, name, judgement, words, fix) {name, words, fix},
        FINDING_LIST(X)
#undef X
    };
    size_t i = (size_t)k;
    return &ROWS[i < sizeof ROWS / sizeof ROWS[0] ? i : 0];
}

const char *finding_name(enum finding_kind k)
{
    return finding_row(k)->name;
}

const char *finding_words(enum finding_kind k)
{
    return finding_row(k)->words;
}

const char *finding_fix(enum finding_kind k)
{
    return finding_row(k)->fix;
}

const char *judgement_name(enum judgement j)
{
    return j == JUDGE_ALLOW ? "allow" : j == JUDGE_REVIEW ? "review" : "block";
}

static bool is_number(enum finding_kind k)
{
    return k == FINDING_UPN || k == FINDING_ADMISSION_NO || k == FINDING_PHONE ||
           k == FINDING_DATE_OF_BIRTH || k == FINDING_POSTCODE;
}

void names_mask(struct buffer *out, struct text text, const struct finding *findings, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t start = findings[i].start, end = findings[i].end;
        if (end <= at || start > text.n) {
            continue; /* inside the one before */
        }
        if (start > at) {
            buffer_add(out, text.at + at, start - at);
        }
        if (start >= at) { /* one mask for findings that overlap */
            buffer_add_cstr(out, is_number(findings[i].kind) ? "[number]" : "[name]");
        }
        at = end < text.n ? end : text.n;
    }
    if (at < text.n) {
        buffer_add(out, text.at + at, text.n - at);
    }
}
