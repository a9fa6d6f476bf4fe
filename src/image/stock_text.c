/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/stock_text.h"

#include <string.h>

/* Whole texts, any case. Each was found in pictures of the camera or program that it comes from; a
 * phrase that a person could have typed about people is not on the list. */
static const char *const WHOLE[] = {
    "AppleMark",
    "ASCII",
    "Camera",
    "cof",
    "Default",
    "DIGITAL CAMERA",
    "Digital image",
    "Digital Still Camera",
    "Digital StillCamera",
    "edf",
    "EXIF PICTURE",
    "Exif_JPEG_PICTURE",
    "GoogleUploaded",
    "hdr",
    "hdrpl",
    "JPEG Image",
    "KONICA MINOLTA DIGITAL CAMERA",
    "mde",
    "MINOLTA DIGITAL CAMERA",
    "My beautiful picture",
    "NIKON DIGITAL CAMERA",
    "OLYMPUS DIGITAL CAMERA",
    "oznor",
    "oznorCO",
    "oznorWO",
    "PENTAX Image",
    "ptr",
    "rhdr",
    "SAMSUNG",
    "SAMSUNG DIGITAL CAMERA",
    "SANYO DIGITAL CAMERA",
    "sdr",
    "SONY DSC",
    "Untitled",
};

/* Beginnings, any case; what follows is digits, versions and punctuation in every sample, and is
 * checked to be that. */
static const char *const BEGINNINGS[] = {
    "CREATOR: gd-jpeg v",
    "Created with GIMP",
    "Created with The GIMP",
    "DCIM\\",
    "DCIM/",
    "File written by Adobe Photoshop",
    "KODAK Digital Still Camera",
    "LEAD Technologies Inc.",
    "Lavc",
};

/* After a beginning: no word of more than a few letters that could be a name, but for these. */
static const char *const TAILS[] = {"DSC",     "IMG",   "JPG",   "IJG",     "JPEG",
                                    "quality", "using", "MEDIA", "default", "DJI"};

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool tail_is_stock(struct text t)
{
    for (size_t i = 0; i < t.n;) {
        size_t n = 0;
        while (i + n < t.n && is_letter(t.at[i + n])) {
            n++;
        }
        struct text word = text_slice(t, i, n);
        bool known = n <= 1;
        for (size_t k = 0; k < sizeof TAILS / sizeof TAILS[0] && !known; k++) {
            known = text_equal_nocase(word, text_of(TAILS[k]));
        }
        if (!known) {
            return false;
        }
        i += n ? n : 1;
    }
    return true;
}

bool stock_text(struct text t)
{
    t = text_trim(t);
    for (size_t i = 0; i < sizeof WHOLE / sizeof WHOLE[0]; i++) {
        if (text_equal_nocase(t, text_of(WHOLE[i]))) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof BEGINNINGS[0]; i++) {
        struct text start = text_of(BEGINNINGS[i]);
        if (t.n >= start.n && text_equal_nocase(text_slice(t, 0, start.n), start) &&
            tail_is_stock(text_slice(t, start.n, t.n))) {
            return true;
        }
    }
    return false;
}
