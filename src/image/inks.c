/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/raster.h"

#include <stdlib.h>

#include <lcms2.h>

#include "photogate/limits.h"

enum { INKS = 4, FULL = 255 };

struct ink_converter {
    cmsContext context;      /* owned */
    cmsHTRANSFORM transform; /* owned; NULL: each ink takes its share of white */
    bool is_inverted;
};

/* As in icc.c: the words may quote the profile. */
static void quiet(cmsContext context, cmsUInt32Number code, const char *text)
{
    (void)context;
    (void)code;
    (void)text;
}

static enum status open_transform(struct ink_converter *c, struct bytes profile, struct err *err)
{
    enum status st = STATUS_FORMAT;
    cmsHPROFILE from = cmsOpenProfileFromMemTHR(c->context, profile.at, (cmsUInt32Number)profile.n);
    cmsHPROFILE to = cmsCreate_sRGBProfileTHR(c->context);
    if (!from || !to) {
        st = err_set(err, st, "the colour profile is broken");
    } else if (cmsGetColorSpace(from) != cmsSigCmykData) {
        st =
            /* a profile for other colours is ignored by everything that shows pictures */
            STATUS_OK;
    } else {
        c->transform =
            cmsCreateTransformTHR(c->context, from, c->is_inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8,
                                  to, TYPE_BGR_8, INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE);
        st = c->transform ? STATUS_OK : err_set(err, st, "the colour profile cannot be used");
    }
    if (from) {
        (void)cmsCloseProfile(from);
    }
    if (to) {
        (void)cmsCloseProfile(to);
    }
    return st;
}

enum status ink_converter_new(struct bytes profile, bool is_inverted, struct ink_converter **out,
                              struct err *err)
{
    enum status st = STATUS_OK;
    if (profile.n > MAX_ICC_BYTES) {
        return err_set(err, STATUS_LIMIT, "a colour profile of %zu bytes", profile.n);
    }
    struct ink_converter *c = calloc(1, sizeof *c);
    if (c) {
        c->is_inverted = is_inverted;
        c->context = cmsCreateContext(NULL, NULL);
    }
    if (!c || !c->context) {
        ink_converter_free(c);
        return err_set(err, STATUS_NOMEM, "no memory to convert colours");
    }
    cmsSetLogErrorHandlerTHR(c->context, quiet);
    if (profile.n) {
        st = open_transform(c, profile, err);
    }
    if (st != STATUS_OK) {
        ink_converter_free(c);
        return st;
    }
    *out = c;
    return STATUS_OK;
}

void ink_converter_free(struct ink_converter *c)
{
    if (!c) {
        return;
    }
    if (c->transform) {
        cmsDeleteTransform(c->transform);
    }
    if (c->context) {
        cmsDeleteContext(c->context);
    }
    free(c);
}

void ink_convert(const struct ink_converter *c, const uint8_t *inks, size_t n_pixels, uint8_t *bgr)
{
    if (c->transform) {
        cmsDoTransform(c->transform, inks, bgr, (cmsUInt32Number)n_pixels);
        return;
    }
    for (size_t i = 0; i < n_pixels; i++, inks += INKS, bgr += RASTER_BGR) {
        unsigned flip = c->is_inverted ? 0 : FULL; /* x ^ 255 is 255 - x */
        unsigned black = inks[3] ^ flip;
        for (size_t k = 0; k < RASTER_BGR; k++) {
            bgr[RASTER_BGR - 1 - k] = (uint8_t)(((inks[k] ^ flip) * black + FULL / 2) / FULL);
        }
    }
}
