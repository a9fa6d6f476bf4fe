/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file's name alone says about it. */
#include "photogate/intake.h"

enum how { HOW_WHOLE, HOW_PREFIX, HOW_SUFFIX };

struct name_row {
    enum how how;
    const char *text;
    enum item_class class;
};

/* First match wins. Names without case. */
static const struct name_row NAMES[] = {
    {HOW_WHOLE, "photos.csv", ITEM_MANIFEST},
    {HOW_WHOLE, "Thumbs.db", ITEM_LITTER},   /* Windows Explorer */
    {HOW_WHOLE, "ehthumbs.db", ITEM_LITTER}, /* Windows Media Center */
    {HOW_WHOLE, "desktop.ini", ITEM_LITTER}, /* Windows Explorer */
    {HOW_WHOLE, ".DS_Store", ITEM_LITTER},   /* macOS Finder */
    {HOW_WHOLE, ".localized", ITEM_LITTER},  /* macOS Finder */
    {HOW_WHOLE, ".nomedia", ITEM_LITTER},    /* Android */
    {HOW_WHOLE, ".directory", ITEM_LITTER},  /* KDE */
    {HOW_PREFIX, "._", ITEM_LITTER},         /* macOS resource forks on other file systems */
    {HOW_PREFIX, "~$", ITEM_LITTER},         /* Office lock files */
    {HOW_WHOLE, ".picasa.ini", ITEM_UNREAD_COMPANION}, /* Picasa: names and faces of the folder */
    {HOW_WHOLE, "Picasa.ini", ITEM_UNREAD_COMPANION},
    {HOW_SUFFIX, ".xmp", ITEM_SIDECAR},
    {HOW_SUFFIX, ".json", ITEM_UNREAD_COMPANION}, /* Google Takeout: people, place, description */
};

enum item_class intake_class_of_name(struct text base)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct text t = text_of(NAMES[i].text);
        bool match = false;
        switch (NAMES[i].how) {
        case HOW_WHOLE:
            match = text_equal_nocase(base, t);
            break;
        case HOW_PREFIX:
            match = text_starts_with(base, t);
            break;
        case HOW_SUFFIX:
            match = text_ends_with_nocase(base, t);
            break;
        }
        if (match) {
            return NAMES[i].class;
        }
    }
    return ITEM_CANDIDATE;
}

/* "IMG_1.jpg" -> "IMG_1"; a leading dot is no suffix. */
static struct text stem(struct text base)
{
    for (size_t i = base.n; i > 1; i--) {
        if (base.at[i - 1] == '.') {
            return text_slice(base, 0, i - 1);
        }
    }
    return base;
}

/* Is `companion` about `photo`? Sidecars: IMG.xmp and IMG.jpg.xmp. Takeout: IMG.jpg.json, IMG.jpg.supplemental-metadata.json and its cut
 * forms, so any .json whose name starts with the photo's stem. Picasa's file is about the whole folder. */
static bool is_companion(struct text photo, struct text companion, enum item_class class)
{
    struct text before = stem(companion);
    if (class == ITEM_SIDECAR) {
        return text_equal_nocase(before, photo) || text_equal_nocase(before, stem(photo));
    }
    if (text_ends_with_nocase(companion, TEXT(".ini"))) {
        return true;
    }
    struct text start = stem(photo);
    return companion.n >= start.n && text_equal_nocase(text_slice(companion, 0, start.n), start);
}

size_t intake_companions(const struct intake *in, const struct item *photo, enum item_class class,
                         size_t *indexes, size_t cap)
{
    /* Items are sorted by whole name, so a folder's own files stand within the run of names that start with the folder. */
    size_t low = 0, high = in->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(in->items[middle].name, photo->folder) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t n = 0;
    for (size_t i = low; i < in->n_items && n < cap; i++) {
        const struct item *it = &in->items[i];
        if (photo->folder.n && !text_starts_with(it->name, photo->folder)) {
            break;
        }
        if (it->class == class && text_equal(it->folder, photo->folder) &&
            is_companion(photo->base, it->base, class)) {
            indexes[n++] = i;
        }
    }
    return n;
}
