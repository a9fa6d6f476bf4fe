/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/xmp_facts.h"

#include "image/exif_facts.h"
#include "image/xmp_regions.h"

#define NS_EXIF_ "http://ns.adobe.com/exif/1.0/"
#define NS_AUX_ "http://ns.adobe.com/exif/1.0/aux/"
#define NS_CIPA_ "http://cipa.jp/exif/1.0/"
#define NS_PS_ "http://ns.adobe.com/photoshop/1.0/"
#define NS_XMP_ "http://ns.adobe.com/xap/1.0/"
#define NS_TIFF_ "http://ns.adobe.com/tiff/1.0/"

struct row {
    const char *uri, *local;
    enum fact_id fact;
};

/* ISO 16684-1, 8.4; CIPA DC-010 (Exif metadata for XMP); IPTC Photo Metadata 2023.1. */
static const struct row ROWS[] = {
    {NS_PS_, "City", FACT_PLACE_NAME},
    {NS_PS_, "State", FACT_PLACE_NAME},
    {NS_PS_, "Country", FACT_PLACE_NAME},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Location", FACT_PLACE_NAME},
    {NS_EXIF_, "DateTimeOriginal", FACT_TAKEN},
    {NS_PS_, "DateCreated", FACT_TAKEN},
    {NS_XMP_, "CreateDate", FACT_TAKEN},
    {NS_AUX_, "OwnerName", FACT_OWNER},
    {NS_CIPA_, "CameraOwnerName", FACT_OWNER},
    {NS_AUX_, "SerialNumber", FACT_SERIAL},
    {NS_AUX_, "LensSerialNumber", FACT_SERIAL},
    {NS_CIPA_, "BodySerialNumber", FACT_SERIAL},
    {NS_CIPA_, "LensSerialNumber", FACT_SERIAL},
    {NS_TIFF_, "Model", FACT_CAMERA},
    {NS_AUX_, "Lens", FACT_CAMERA},
    {NS_XMP_, "CreatorTool", FACT_SOFTWARE},
};

static struct text view(XmpStringPtr s)
{
    return (struct text){xmp_string_cstr(s), xmp_string_len(s)};
}

static bool get(XmpPtr xmp, const char *uri, const char *local, XmpStringPtr value,
                struct text *out)
{
    uint32_t bits = 0;
    if (!xmp_get_property(xmp, uri, local, value, &bits) || !XMP_IS_PROP_SIMPLE(bits)) {
        return false;
    }
    *out = text_trim(view(value));
    return out->n > 0;
}

/* ISO 16684-1, 8.2.2.5 (GPSCoordinate): "DDD,MM,SSk" or "DDD,MM.mmk", k one of N, S, E, W. */
static bool degrees_of(struct text t, double *out)
{
    static const double PARTS[] = {1, 60, 3600};
    double sum = 0;
    if (t.n == 0) {
        return false;
    }
    char side = t.at[t.n - 1];
    t.n--;
    for (size_t i = 0; t.n; i++) {
        double number;
        if (i == sizeof PARTS / sizeof PARTS[0] || !xmp_number(text_cut(t, ',', &t), &number)) {
            return false;
        }
        sum += number / PARTS[i];
    }
    *out = side == 'S' || side == 'W' ? -sum : sum;
    return side == 'N' || side == 'S' || side == 'E' || side == 'W';
}

static void read_place(struct gathering *g, enum carrier_id carrier, XmpPtr xmp, XmpStringPtr value)
{
    struct text t;
    double latitude, longitude;
    bool found = get(xmp, NS_EXIF_, "GPSLatitude", value, &t) && degrees_of(t, &latitude);
    if (found && get(xmp, NS_EXIF_, "GPSLongitude", value, &t) && degrees_of(t, &longitude)) {
        gather_place(g, carrier, latitude, longitude, false, 0);
    }
}

enum status xmp_facts_read(struct gathering *g, enum carrier_id carrier, XmpPtr xmp,
                           struct err *err)
{
    struct text t;
    XmpStringPtr value = xmp_string_new();
    if (!value) {
        return err_set(err, STATUS_NOMEM, "no memory for XMP");
    }
    read_place(g, carrier, xmp, value);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (get(xmp, ROWS[i].uri, ROWS[i].local, value, &t)) {
            gather_fact(g, carrier, ROWS[i].fact, t);
        }
    }
    xmp_string_free(value);
    return STATUS_OK;
}
