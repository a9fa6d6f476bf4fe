/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/icc_make.h"

#include <lcms2.h>

#include "photogate/limits.h"

const struct icc_figures ICC_SRGB = {
    {0.3127, 0.3290}, {0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}, 0};
const struct icc_figures ICC_DISPLAY_P3 = {
    {0.3127, 0.3290}, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, 0};

enum { GREATEST_GAMMA = 10, SRGB_CURVE = 4 };

/* IEC 61966-2-1, as lcms2's parametric type 4: Y = (aX + b)^g from d on, cX below. */
static cmsToneCurve *make_curve(double gamma)
{
    static const cmsFloat64Number SRGB[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return gamma > 0 ? cmsBuildGamma(NULL, gamma)
                     : cmsBuildParametricToneCurve(NULL, SRGB_CURVE, SRGB);
}

static bool is_colour(const double xy[2])
{
    return xy[0] > 0 && xy[1] > 0 && xy[0] < 1 && xy[1] < 1;
}

static enum status rebuild(cmsHPROFILE p, enum icc_space space, struct buffer *out, struct err *err)
{
    struct buffer saved;
    cmsUInt32Number n = 0;
    enum status st = STATUS_FORMAT;
    buffer_init(&saved, MAX_ICC_BYTES);
    uint8_t *at = cmsSaveProfileToMem(p, NULL, &n) ? buffer_extend(&saved, n) : NULL;
    if (at && cmsSaveProfileToMem(p, at, &n)) {
        st = icc_rebuild(buffer_view(&saved), space, out, err);
    } else {
        st = err_set(err, st, "colours that no profile can hold");
    }
    buffer_release(&saved);
    return st;
}

enum status icc_make(const struct icc_figures *f, enum icc_space space, struct buffer *out,
                     struct err *err)
{
    const cmsCIExyY white = {f->white[0], f->white[1], 1};
    const cmsCIExyYTRIPLE primaries = {
        {f->red[0], f->red[1], 1}, {f->green[0], f->green[1], 1}, {f->blue[0], f->blue[1], 1}};
    if (!is_colour(f->white) || !is_colour(f->red) || !is_colour(f->green) || f->blue[0] <= 0 ||
        f->blue[1] <= 0 || f->gamma < 0 || f->gamma > GREATEST_GAMMA) {
        return err_set(err, STATUS_FORMAT, "figures that are no colours");
    }
    cmsToneCurve *curve = make_curve(f->gamma);
    if (!curve) {
        return err_set(err, STATUS_NOMEM, "no memory for a colour profile");
    }
    cmsToneCurve *curves[] = {curve, curve, curve};
    cmsHPROFILE p = space == ICC_GRAY ? cmsCreateGrayProfile(&white, curve)
                                      : cmsCreateRGBProfile(&white, &primaries, curves);
    cmsFreeToneCurve(curve);
    if (!p) {
        return err_set(err, STATUS_FORMAT, "figures that are no colours");
    }
    enum status st = rebuild(p, space, out, err);
    (void)cmsCloseProfile(p);
    return st;
}
