/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A full name in one cell, taken apart. Where the parts are in doubt both readings are names the
 * captions must not hold, so that a wrong cut still protects. */
#include "register/import_parts.h"

/* Words that begin a surname: "van der Berg", "Mac Gabhann", "al Hassan". */
static const char *const PARTICLES[] = {"van", "von", "de",  "der", "den", "del", "della", "di",
                                        "da",  "dos", "du",  "la",  "le",  "al",  "el",    "bin",
                                        "ibn", "abu", "mac", "mc",  "nic", "ni",  "san",   "st",
                                        "st.", "ter", "ten", "ap",  "af",  "zu"};

static bool is_particle(struct text word)
{
    for (size_t i = 0; i < COUNT_OF(PARTICLES); i++) {
        if (text_equal_nocase(word, text_of(PARTICLES[i]))) {
            return true;
        }
    }
    return false;
}

/* Everything of `whole` from `part`, which lies in it, to the end. */
static struct text from(struct text whole, struct text part)
{
    return part.n ? text_slice(whole, (size_t)(part.at - whole.at), whole.n) : TEXT_NONE;
}

void name_split(struct text name, struct text *forename, struct text *middle, struct text *surname)
{
    struct text rest, family = TEXT_NONE;
    struct text before = text_trim(text_cut(name, ',', &rest));
    rest = text_trim(rest);
    *middle = TEXT_NONE;
    if (rest.n) { /* "Smith, Jack William" */
        *surname = before;
        *forename = text_cut(rest, ' ', middle);
        *middle = text_trim(*middle);
        return;
    }
    /* "Jack William van der Berg": the last word, with the particles before it */
    *forename = text_cut(before, ' ', &rest);
    struct text after = rest;
    for (struct text left = rest; left.n;) {
        struct text word = text_cut(left, ' ', &left);
        if (left.n == 0 || is_particle(word)) {
            family = word;
            break;
        }
    }
    *surname = from(after, family);
    if (surname->n) {
        *middle = text_trim(text_slice(after, 0, after.n - surname->n));
    }
}
