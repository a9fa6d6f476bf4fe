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
    {HOW_WHOLE, "Thumbs.db", ITEM_LITTER},     /* Windows Explorer */
    {HOW_WHOLE, "ehthumbs.db", ITEM_LITTER},   /* Windows Media Center */
    {HOW_WHOLE, "desktop.ini", ITEM_LITTER},   /* Windows Explorer */
    {HOW_WHOLE, ".DS_Store", ITEM_LITTER},     /* macOS Finder */
    {HOW_WHOLE, ".localized", ITEM_LITTER},    /* macOS Finder */
    {HOW_WHOLE, ".nomedia", ITEM_LITTER},      /* Android */
    {HOW_WHOLE, ".directory", ITEM_LITTER},    /* KDE */
    {HOW_PREFIX, "._", ITEM_LITTER},           /* macOS resource forks on other file systems */
    {HOW_PREFIX, ".~lock.", ITEM_LITTER},      /* LibreOffice lock files */
    {HOW_PREFIX, ".nfs", ITEM_LITTER},         /* NFS: deleted while open */
    {HOW_PREFIX, ".fuse_hidden", ITEM_LITTER}, /* FUSE: likewise */
    {HOW_PREFIX, "~$", ITEM_LITTER},           /* Office lock files */
    {HOW_WHOLE, ".picasa.ini", ITEM_PICASA},   /* Picasa: names and faces of the folder */
    {HOW_WHOLE, "Picasa.ini", ITEM_PICASA},
    {HOW_SUFFIX, ".xmp", ITEM_SIDECAR},
    {HOW_SUFFIX, ".json", ITEM_TAKEOUT}, /* Google Takeout: people, place, description */
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
