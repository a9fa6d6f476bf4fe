/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/icc.h"

#include <stdlib.h>
#include <string.h>

#include <lcms2.h>

#include "photogate/limits.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ICC_HEADER_BYTES = 128 };

static const char NEUTRAL_TEXT[] = "photogate";

/* The tags that say what a colour looks like (ICC.1:2022, 8.3 and 8.4), in the order written. */
static const cmsTagSignature COLOUR_TAGS[] = {
    cmsSigMediaWhitePointTag, cmsSigChromaticAdaptationTag,
    cmsSigRedColorantTag,     cmsSigGreenColorantTag,
    cmsSigBlueColorantTag,    cmsSigRedTRCTag,
    cmsSigGreenTRCTag,        cmsSigBlueTRCTag,
    cmsSigGrayTRCTag,         cmsSigAToB0Tag,
    cmsSigAToB1Tag,           cmsSigAToB2Tag,
    cmsSigBToA0Tag,           cmsSigBToA1Tag,
    cmsSigBToA2Tag,
};

/* lcms2 tells its reasons through a callback; the words may quote the profile, so they
 * are not passed on. */
static void quiet(cmsContext context, cmsUInt32Number code, const char *text)
{
    (void)context;
    (void)code;
    (void)text;
}

/* ICC.1 7.2: what is not colour in the header, and its neutral value: CMM, date, platform,
 * manufacturer, model, creator, ID, and the bytes kept for later. Flags and attributes say how a
 * profile may be used, which nothing needs here. */
static void neutralise_header(uint8_t *at)
{
    static const uint8_t DATE[12] = {0x07, 0xD0, 0, 1, 0, 1}; /* 2000-01-01 00:00:00 */
    memset(at + 4, 0, 4);
    memcpy(at + 24, DATE, sizeof DATE);
    memset(at + 40, 0, 24);
    memset(at + 80, 0, 48);
}

static bool write_text(cmsContext context, cmsHPROFILE to, cmsTagSignature tag)
{
    cmsMLU *text = cmsMLUalloc(context, 1);
    bool done =
        text && cmsMLUsetASCII(text, "en", "US", NEUTRAL_TEXT) && cmsWriteTag(to, tag, text);
    cmsMLUfree(text);
    return done;
}

static enum status copy_colours(cmsHPROFILE from, cmsHPROFILE to, struct err *err)
{
    cmsSetProfileVersion(to, cmsGetProfileVersion(from));
    cmsSetDeviceClass(to, cmsGetDeviceClass(from));
    cmsSetColorSpace(to, cmsGetColorSpace(from));
    cmsSetPCS(to, cmsGetPCS(from));
    cmsUInt32Number intent = cmsGetHeaderRenderingIntent(from);
    cmsSetHeaderRenderingIntent(to, intent <= INTENT_ABSOLUTE_COLORIMETRIC ? intent : 0);
    for (size_t i = 0; i < COUNT(COLOUR_TAGS); i++) {
        if (!cmsIsTag(from, COLOUR_TAGS[i])) {
            continue;
        }
        const void *value = cmsReadTag(from, COLOUR_TAGS[i]);
        if (!value || !cmsWriteTag(to, COLOUR_TAGS[i], value)) {
            return err_set(err, STATUS_FORMAT, "the colour profile is broken");
        }
    }
    return STATUS_OK;
}

/* A profile without colours would be an empty shell that viewers treat each in its own way. */
static bool has_colours(cmsHPROFILE p, enum icc_space space)
{
    bool matrix = cmsIsTag(p, cmsSigRedColorantTag) && cmsIsTag(p, cmsSigGreenColorantTag) &&
                  cmsIsTag(p, cmsSigBlueColorantTag) && cmsIsTag(p, cmsSigRedTRCTag) &&
                  cmsIsTag(p, cmsSigGreenTRCTag) && cmsIsTag(p, cmsSigBlueTRCTag);
    return cmsIsTag(p, cmsSigAToB0Tag) ||
           (space == ICC_GRAY ? cmsIsTag(p, cmsSigGrayTRCTag) != 0 : matrix);
}

static enum status save(cmsHPROFILE p, struct buffer *out, struct err *err)
{
    cmsUInt32Number n = 0;
    if (!cmsSaveProfileToMem(p, NULL, &n) || n < ICC_HEADER_BYTES) {
        return err_set(err, STATUS_FORMAT, "the colour profile cannot be written");
    }
    uint8_t *at = buffer_extend(out, n);
    if (!at) {
        return buffer_status(out, err);
    }
    if (!cmsSaveProfileToMem(p, at, &n)) {
        return err_set(err, STATUS_FORMAT, "the colour profile cannot be written");
    }
    neutralise_header(at);
    return STATUS_OK;
}

static enum status rebuild_into(cmsContext context, cmsHPROFILE from, enum icc_space space,
                                struct buffer *out, struct err *err)
{
    cmsHPROFILE to = cmsCreateProfilePlaceholder(context);
    enum status st = STATUS_NOMEM;
    if (!to) {
        return err_set(err, st, "no memory for a colour profile");
    }
    if (!has_colours(from, space)) {
        st = err_set(err, STATUS_FORMAT, "the colour profile holds no colours");
        goto out;
    }
    st = copy_colours(from, to, err);
    if (st == STATUS_OK && !(write_text(context, to, cmsSigProfileDescriptionTag) &&
                             write_text(context, to, cmsSigCopyrightTag))) {
        st = err_set(err, STATUS_LIBRARY, "the colour profile cannot be named");
    }
    if (st == STATUS_OK) {
        st = save(to, out, err);
    }
out:
    (void)cmsCloseProfile(to);
    return st;
}

/* 7.2.5, 7.2.7: a screen's, camera's, printer's or colour space's; versions 2 and 4 (5 is another
 * format); PCS XYZ or Lab. */
static bool is_of_a_picture(cmsHPROFILE p)
{
    cmsProfileClassSignature class = cmsGetDeviceClass(p);
    cmsColorSpaceSignature pcs = cmsGetPCS(p);
    unsigned major = cmsGetEncodedICCversion(p) >> 24;
    bool class_fits = class == cmsSigDisplayClass || class == cmsSigInputClass ||
                      class == cmsSigOutputClass || class == cmsSigColorSpaceClass;
    return class_fits && (pcs == cmsSigXYZData || pcs == cmsSigLabData) && major >= 2 && major <= 4;
}

/* The curve by which the profile's grays get lighter: its own where it has one for each colour,
 * else what comes out of it. NULL: it has none. */
static cmsToneCurve *gray_curve(cmsContext context, cmsHPROFILE from)
{
    enum { N_STEPS = 1024, FULL = 65535 };
    cmsUInt16Number in[N_STEPS][3], curve[N_STEPS];
    cmsCIEXYZ out[N_STEPS];
    if (!cmsIsTag(from, cmsSigAToB0Tag)) {
        const cmsToneCurve *green = cmsReadTag(from, cmsSigGreenTRCTag);
        return green ? cmsDupToneCurve(green) : NULL;
    }
    for (size_t i = 0; i < N_STEPS; i++) {
        in[i][0] = in[i][1] = in[i][2] = (cmsUInt16Number)(i * FULL / (N_STEPS - 1));
    }
    cmsHPROFILE xyz = cmsCreateXYZProfileTHR(context);
    cmsHTRANSFORM t = xyz ? cmsCreateTransformTHR(context, from, TYPE_RGB_16, xyz, TYPE_XYZ_DBL,
                                                  INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE)
                          : NULL;
    if (t) {
        cmsDoTransform(t, in, out, N_STEPS);
        cmsDeleteTransform(t);
    }
    if (xyz) {
        (void)cmsCloseProfile(xyz);
    }
    for (size_t i = 0; t && i < N_STEPS; i++) {
        double y = out[i].Y < 0 ? 0 : out[i].Y > 1 ? 1 : out[i].Y;
        curve[i] = (cmsUInt16Number)(y * FULL + 0.5);
    }
    return t ? cmsBuildTabulatedToneCurve16(context, N_STEPS, curve) : NULL;
}

/* A gray picture under a profile for colours: browsers show it by the profile's grays, so a profile
 * of these alone is what it leaves with. */
static enum status rebuild_grays(cmsContext context, cmsHPROFILE from, struct buffer *out,
                                 struct err *err)
{
    enum status st = STATUS_FORMAT;
    cmsToneCurve *curve = gray_curve(context, from);
    cmsHPROFILE gray = curve ? cmsCreateGrayProfileTHR(context, cmsD50_xyY(), curve) : NULL;
    if (gray) {
        st = rebuild_into(context, gray, ICC_GRAY, out, err);
        (void)cmsCloseProfile(gray);
    } else {
        st = err_set(err, st, "the colour profile holds no colours");
    }
    if (curve) {
        cmsFreeToneCurve(curve);
    }
    return st;
}

static enum status rebuild_opened(cmsContext context, cmsHPROFILE from, enum icc_space space,
                                  struct buffer *out, struct err *err)
{
    if (!is_of_a_picture(from)) {
        return err_set(err, STATUS_UNSUPPORTED, "a colour profile that is none of a picture");
    }
    cmsColorSpaceSignature wanted = space == ICC_GRAY ? cmsSigGrayData : cmsSigRgbData;
    if (space == ICC_GRAY && cmsGetColorSpace(from) == cmsSigRgbData) {
        return rebuild_grays(context, from, out, err);
    }
    if (cmsGetColorSpace(from) != wanted) {
        return STATUS_OK;
    }
    return rebuild_into(context, from, space, out, err);
}

enum status icc_rebuild(struct bytes profile, enum icc_space space, struct buffer *out,
                        struct err *err)
{
    if (profile.n > MAX_ICC_BYTES) {
        return err_set(err, STATUS_LIMIT, "a colour profile of %zu bytes", profile.n);
    }
    /* 7.2.2: lcms2 reads what is there; a profile cut short, or with something behind it, is not
     * what its maker wrote. */
    if (profile.n < ICC_HEADER_BYTES || bytes_be32(profile, 0) != profile.n) {
        return err_set(err, STATUS_FORMAT, "the colour profile's length is not what it says");
    }
    cmsContext context = cmsCreateContext(NULL, NULL);
    if (!context) {
        return err_set(err, STATUS_NOMEM, "no memory for a colour profile");
    }
    cmsSetLogErrorHandlerTHR(context, quiet);
    enum status st;
    cmsHPROFILE from = cmsOpenProfileFromMemTHR(context, profile.at, (cmsUInt32Number)profile.n);
    if (from) {
        st = rebuild_opened(context, from, space, out, err);
        (void)cmsCloseProfile(from);
    } else {
        st = err_set(err, STATUS_FORMAT, "the colour profile is broken");
    }
    cmsDeleteContext(context);
    return st;
}

enum status icc_prepare(struct err *err)
{
    struct buffer profile, rebuilt;
    cmsHPROFILE p = cmsCreate_sRGBProfile();
    enum status st = STATUS_NOMEM;
    buffer_init(&profile, MAX_ICC_BYTES);
    buffer_init(&rebuilt, MAX_ICC_BYTES);
    if (!p) {
        st = err_set(err, st, "no memory for a colour profile");
        goto out;
    }
    st = save(p, &profile, err);
    if (st == STATUS_OK) {
        st = icc_rebuild(buffer_view(&profile), ICC_RGB, &rebuilt, err);
    }
    if (st == STATUS_OK) {
        st = icc_check(buffer_view(&rebuilt), err);
    }
out:
    if (p) {
        (void)cmsCloseProfile(p);
    }
    buffer_release(&profile);
    buffer_release(&rebuilt);
    return st;
}
