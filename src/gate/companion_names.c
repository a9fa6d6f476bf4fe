/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "companion_names.h"

/* Takeout cuts names at 46 characters before ".json", 51 with it; a folded name may have lost a few
 * bytes, none below this. */
enum { SHORTEST_CUT_BYTES = 40 };

#define SUPPLEMENT ".supplemental-metadata"

struct text name_stem(struct text base)
{
    for (size_t i = base.n; i > 1; i--) {
        if (base.at[i - 1] == '.') {
            return text_slice(base, 0, i - 1);
        }
    }
    return base;
}

/* "img_1(2)" -> "img_1", *number "(2)"; else whole, *number empty. */
static struct text without_number(struct text t, struct text *number)
{
    size_t i = t.n;
    *number = TEXT_NONE;
    if (i < 3 || t.at[i - 1] != ')') {
        return t;
    }
    for (i--; i > 0 && t.at[i - 1] >= '0' && t.at[i - 1] <= '9'; i--) {
    }
    if (i < 2 || i == t.n - 1 || t.at[i - 1] != '(') {
        return t;
    }
    *number = text_slice(t, i - 1, t.n);
    return text_slice(t, 0, i - 1);
}

/* What Google Photos puts behind the name of an edited copy, in the languages seen. */
static struct text without_edited(struct text stem)
{
    static const char *const WORDS[] = {
        "-edited",  "-edit",    "-bearbeitet", "-modifi\u00E9", "-modificato", "-modificada",
        "-editado", "-editada", "-bewerkt",    "-redigerad",    "-edytowane",  "-golygwyd"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        struct text word = text_of(WORDS[i]);
        if (stem.n > word.n && text_equal(text_slice(stem, stem.n - word.n, word.n), word)) {
            return text_slice(stem, 0, stem.n - word.n);
        }
    }
    return stem;
}

/* `t` is `name`, or `name` and the beginning of the supplement, or the beginning of a `name` that
 * was too long. `name` is given in two pieces. */
static bool is_cut_of(struct text t, struct text stem, struct text suffix)
{
    struct text rest = text_slice(t, stem.n, t.n);
    if (t.n < stem.n) {
        return t.n >= SHORTEST_CUT_BYTES && text_starts_with(stem, t);
    }
    if (!text_starts_with(t, stem)) {
        return false;
    }
    if (rest.n == 0) {
        return true; /* "IMG_1.json" beside IMG_1.jpg, as early Takeouts had it */
    }
    if (rest.n < suffix.n) {
        return t.n >= SHORTEST_CUT_BYTES && text_starts_with(suffix, rest);
    }
    return text_starts_with(rest, suffix) &&
           text_starts_with(TEXT(SUPPLEMENT), text_slice(rest, suffix.n, rest.n));
}

bool takeout_may_mean(struct text json, struct text photo)
{
    struct text stem = name_stem(photo), suffix = text_slice(photo, stem.n, photo.n);
    struct text number, json_number;
    struct text bare = without_number(stem, &number);
    struct text json_bare = without_number(json, &json_number);
    if (is_cut_of(json, stem, suffix) || is_cut_of(json, without_edited(stem), suffix)) {
        return true;
    }
    /* The number is the photo's, in another place: "IMG_1-edited(1).jpg", "IMG_1.jpg(1).json". */
    return number.n && text_equal(number, json_number) &&
           (is_cut_of(json_bare, bare, suffix) ||
            is_cut_of(json_bare, without_edited(bare), suffix));
}

struct text takeout_common_start(struct text photo)
{
    struct text number;
    struct text bare = without_edited(without_number(without_edited(name_stem(photo)), &number));
    return text_slice(bare, 0, SHORTEST_CUT_BYTES);
}

bool takeout_is_of_album(struct text json)
{
    static const char *const NAMES[] = {"metadata", "metadaten", "m\u00E9tadonn\u00E9es",
                                        "metadati", "metadatos", "metadados"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (text_equal(json, text_of(NAMES[i]))) {
            return true;
        }
    }
    return false;
}
