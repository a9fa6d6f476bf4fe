/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make_seeds FOLDER PHOTO...: what the fuzz targets start from, in FOLDER/TARGET/. Small drawn photos with all that cameras and
 * picture libraries write, in every form of JPEG and PNG; out of them and of each PHOTO, the metadata; and the messages about them. */
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include <lcms2.h>

#include "image/jpeg_walk.h" /* before libjpeg, whose macros have the same names */

#include "../../fixtures/write_parts.h"
#include "fuzz.h"

#define fail_msg(...) ((void)fprintf(stderr, __VA_ARGS__), exit(3))
#include "../unit/make_foreign.h"

enum { WIDTH_PX = 48, HEIGHT_PX = 40, N_ORIENTATIONS = 8 };

static const char *folder;

static void must(bool good, const char *what)
{
    if (!good) {
        perror(what);
        exit(3);
    }
}

static void put(const char *target, const char *name, struct bytes b)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, target);
    must(mkdir(path, 0755) == 0 || errno == EEXIST, path);
    (void)snprintf(path, sizeof path, "%s/%s/%s", folder, target, name);
    FILE *f = fopen(path, "wb");
    must(f && fwrite(b.at, 1, b.n, f) == b.n && fclose(f) == 0, path);
}

/* --- metadata and messages --- */

struct place {
    unsigned marker;
    const char *signature;
    size_t n;
    const char *target;
};

static const struct place PLACES[] = {
    {JPEG_APP0 + 1, "Exif\0\0", 6, "exif"},
    {JPEG_APP0 + 1, "http://ns.adobe.com/xap/1.0/\0", 29, "xmp"},
    {JPEG_APP0 + 2, "ICC_PROFILE\0\1\1", 14, "icc"},
    {JPEG_APP0 + 13, "Photoshop 3.0\0", 14, "photoshop"},
};

static void put_iptc(const char *name, struct bytes resources)
{
    const uint8_t *at = memmem(resources.at, resources.n, "\x1C\1Z", 3);
    at = at ? at : memmem(resources.at, resources.n, "\x1C\2", 2);
    if (at) {
        put("iptc", name, (struct bytes){at, resources.n - (size_t)(at - resources.at)});
    }
}

static void put_parts(const char *name, struct bytes file)
{
    struct jpeg_walk w;
    jpeg_walk_init(&w, file);
    while (!w.ended) {
        struct jpeg_segment s;
        if (jpeg_walk_next(&w, &s, NULL) != STATUS_OK) {
            return;
        }
        for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
            const struct place *p = &PLACES[i];
            if (s.marker == p->marker && bytes_start_with(s.payload, p->signature, p->n)) {
                struct bytes rest = bytes_slice(s.payload, p->n, s.payload.n);
                put(p->target, name, rest);
                put_iptc(name, rest);
            }
        }
    }
}

static void put_message(const char *name, uint8_t kind, const struct buffer *payload)
{
    struct buffer b;
    buffer_init(&b, MAX_MESSAGE_BYTES);
    buffer_add_byte(&b, kind);
    buffer_add(&b, payload->at, payload->n);
    put("wire", name, buffer_view(&b));
    buffer_release(&b);
}

/* The four kinds of message: evidence, readiness, proof, failure. */
static void put_messages(const char *name, struct bytes file)
{
    struct err err = {.status = STATUS_BUG};
    struct evidence e = {.exam = EXAM_NOT_DONE};
    struct readiness r = {.detector = TEXT("a detector")};
    struct proof p = {.same_picture = KNOWN_NO};
    struct buffer b, release;
    struct arena a;
    char other[NAME_MAX];
    arena_init(&a, FUZZ_MEMORY);
    buffer_init(&b, MAX_MESSAGE_BYTES);
    buffer_init(&release, MAX_PHOTO_BYTES);
    must(photo_examine(file, NULL, 0, NULL, &a, &e, &err) == STATUS_OK, name);
    e.preview.n = e.preview.n > 16 ? 16 : e.preview.n;
    wire_put_evidence(&b, &e);
    put_message(name, 0, &b);
    buffer_reset(&b);
    wire_put_readiness(&b, &r);
    put_message("readiness", 1, &b);
    if (photo_cleanse(file, NULL, &release, &p, &err) == STATUS_OK) {
        buffer_reset(&b);
        wire_put_proof(&b, &p);
        (void)snprintf(other, sizeof other, "%s-proof", name);
        put_message(other, 2, &b);
    } else {
        buffer_reset(&b);
        wire_put_failure(&b, err.status, text_of(err.text));
        (void)snprintf(other, sizeof other, "%s-failure", name);
        put_message(other, 3, &b);
    }
    buffer_release(&release);
    buffer_release(&b);
    arena_release(&a);
}

static void put_photo(const char *name, struct bytes file)
{
    put("cleanse", name, file);
    put(bytes_start_with(file, "\xFF\xD8", 2) ? "jpeg" : "png", name, file);
    put_parts(name, file);
    put_messages(name, file);
}

/* --- photos --- */

static void draw(unsigned orientation, bool is_png)
{
    static const char *const PEOPLE[] = {"Ottoline Marchbanks", "Zo\xC3\xAB Prudhoe", NULL};
    static const char *const KEYWORDS[] = {"science fair", "Ottoline Marchbanks", NULL};
    struct photo_region regions[] = {{PEOPLE[0], NULL, {4, 4, 16, 16}},
                                     {NULL, NULL, {24, 8, 12, 12}}};
    struct scene scene = {.seed = orientation, .width_px = WIDTH_PX, .height_px = HEIGHT_PX};
    struct err err = {.status = STATUS_BUG};
    struct drawing picture;
    struct buffer photo;
    char name[32];
    must(drawing_make(&scene, &picture), "drawing");
    struct photo_spec s = {.picture = &picture, .is_png = is_png, .orientation = orientation};
    s.exif.make = "Larkfield";
    s.exif.serial = "LF12-004711";
    s.exif.taken = "2026:11:13 10:30:00";
    s.exif.artist = "A. Nother";
    s.exif.description = "Science fair";
    s.exif.user_comment = "ready";
    s.exif.has_place = true;
    s.exif.latitude = 53.4;
    s.exif.longitude = -2.1;
    s.exif.maker_note = "makers";
    s.xmp.regions = regions;
    s.xmp.n_regions = 2;
    s.xmp.people = PEOPLE;
    s.xmp.keywords = KEYWORDS;
    s.xmp.description = s.xmp.title = "Science fair";
    s.xmp.creator = s.xmp.rights = "A. Nother";
    s.iptc.caption = is_png ? NULL : "Science fair";
    s.iptc.keywords = is_png ? NULL : KEYWORDS;
    s.comment = "Zo\xC3\xAB";
    s.after_end = (struct bytes){(const uint8_t *)"behind", 6};
    buffer_init(&photo, MAX_PHOTO_BYTES);
    must(photo_write(&s, &photo, &err) == STATUS_OK, err.text);
    (void)snprintf(name, sizeof name, "drawn-%u.%s", orientation, is_png ? "png" : "jpg");
    put_photo(name, buffer_view(&photo));
    buffer_release(&photo);
    drawing_release(&picture);
}

static void make_forms(void)
{
    static const struct jpeg_recipe JPEGS[] = {
        {.width = 19, .height = 17},
        {.width = 33, .height = 19, .h = 2, .v = 2},
        {.width = 33, .height = 19, .h = 2, .v = 1, .restart = 1},
        {.width = 33, .height = 19, .gray = true, .restart = 2},
        {.width = 19, .height = 17, .rgb = true},
        {.width = 33, .height = 19, .h = 2, .v = 2, .progressive = true},
    };
    static const int PNGS[][2] = {{PNG_COLOR_TYPE_GRAY, 1},       {PNG_COLOR_TYPE_GRAY, 16},
                                  {PNG_COLOR_TYPE_PALETTE, 4},    {PNG_COLOR_TYPE_RGB, 8},
                                  {PNG_COLOR_TYPE_GRAY_ALPHA, 8}, {PNG_COLOR_TYPE_RGB_ALPHA, 16}};
    char name[32];
    for (size_t i = 0; i < sizeof JPEGS / sizeof JPEGS[0]; i++) {
        struct buffer b;
        make_jpeg(JPEGS[i], &b);
        (void)snprintf(name, sizeof name, "form-%zu.jpg", i);
        put_photo(name, buffer_view(&b));
        buffer_release(&b);
    }
    for (size_t i = 0; i < sizeof PNGS / sizeof PNGS[0]; i++) {
        struct buffer b;
        make_png((struct png_recipe){.width = 13,
                                     .height = 9,
                                     .colour_type = PNGS[i][0],
                                     .bit_depth = PNGS[i][1],
                                     .interlaced = i % 2},
                 &b);
        (void)snprintf(name, sizeof name, "form-%zu.png", i);
        put_photo(name, buffer_view(&b));
        buffer_release(&b);
    }
}

/* --- other formats --- */

static void put_release(const char *target, const char *name, struct buffer *b)
{
    put(target, name, buffer_view(b));
    put("cleanse", name, buffer_view(b));
    buffer_release(b);
}

static void make_heifs(struct bytes exif, struct bytes xmp, struct bytes profile)
{
    static const enum heif_compression_format FORMS[] = {heif_compression_HEVC,
                                                         heif_compression_AV1};
    struct image p = scene_of(WIDTH_PX, HEIGHT_PX);
    for (unsigned i = 0; i < 2; i++) {
        const struct heif_recipe recipes[] = {
            {.form = FORMS[i]},
            {.form = FORMS[i], .orientation = 6, .exif = exif, .xmp = xmp},
            {.form = FORMS[i], .orientation = 5, .profile = profile},
            {.form = FORMS[i], .primaries = 12, .curve = 13},
        };
        for (unsigned k = 0; k < sizeof recipes / sizeof recipes[0]; k++) {
            struct buffer b;
            char name[32];
            (void)snprintf(name, sizeof name, "form-%u-%u.%s", i, k, i ? "avif" : "heic");
            if (make_heif(&recipes[k], &p, &b)) {
                put_release("heif", name, &b);
            }
        }
    }
    free(p.at);
}

static void make_webps(struct bytes exif, struct bytes xmp, struct bytes profile)
{
    enum { HAS_XMP = 4, HAS_EXIF = 8, HAS_ICC = 32 };
    struct image p = scene_of(WIDTH_PX, HEIGHT_PX);
    for (unsigned i = 0; i < 4; i++) {
        struct buffer b;
        char name[32];
        make_webp(&p, i & 1, &b);
        if (i & 2) {
            add_webp_chunk(&b, &p, "EXIF", HAS_EXIF, exif);
            add_webp_chunk(&b, &p, "XMP ", HAS_XMP, xmp);
            add_webp_chunk(&b, &p, "ICCP", HAS_ICC, profile);
        }
        (void)snprintf(name, sizeof name, "form-%u.webp", i);
        put_release("webp", name, &b);
    }
    free(p.at);
}

static void make_tiffs(struct bytes xmp)
{
    const struct tiff_recipe recipes[] = {
        {.gray = true},
        {.sixteen = true, .orientation = 6},
        {.inks = true},
        {.compression = COMPRESSION_LZW, .artist = "A. Nother", .description = "Science fair"},
        {.compression = COMPRESSION_ADOBE_DEFLATE, .xmp = xmp, .orientation = 3},
        {.compression = COMPRESSION_PACKBITS, .pages = 2},
    };
    struct image p = scene_of(WIDTH_PX / 2, HEIGHT_PX / 2);
    for (size_t i = 0; i < sizeof recipes / sizeof recipes[0]; i++) {
        struct buffer b;
        char name[32];
        make_tiff(recipes[i], &p, &b);
        (void)snprintf(name, sizeof name, "form-%zu.tiff", i);
        put_release("tiff", name, &b);
    }
    free(p.at);
}

static void make_gifs(void)
{
    for (unsigned frames = 1; frames <= 2; frames++) {
        struct image p = scene_of(WIDTH_PX / 2, HEIGHT_PX / 2);
        struct buffer b;
        char name[32];
        make_gif(&p, frames, frames == 1 ? "Zo\xC3\xAB" : NULL, &b);
        (void)snprintf(name, sizeof name, "frames-%u.gif", frames);
        put_release("gif", name, &b);
        free(p.at);
    }
}

/* Colours by a table, as cameras' and scanners' profiles have them. */
static cmsHPROFILE table_profile(void)
{
    enum { POINTS = 2, CHANNELS = 3, CURVES = 3 };
    static const cmsUInt16Number TABLE[POINTS * POINTS * POINTS * CHANNELS] = {
        0,      0x8080, 0x8080, 0x4A00, 0xB000, 0x3000, 0xA000, 0x3000,
        0xB000, 0xB800, 0x6000, 0x7000, 0x6000, 0xD000, 0xC000, 0x7800,
        0xE000, 0x5000, 0xF000, 0x7000, 0xF000, 0xFF00, 0x8080, 0x8080};
    cmsHPROFILE p = cmsCreateProfilePlaceholder(NULL);
    cmsPipeline *pipeline = cmsPipelineAlloc(NULL, CHANNELS, CHANNELS);
    must(p && pipeline, "profile");
    cmsSetProfileVersion(p, 4.3);
    cmsSetDeviceClass(p, cmsSigInputClass);
    cmsSetColorSpace(p, cmsSigRgbData);
    cmsSetPCS(p, cmsSigLabData);
    must(cmsPipelineInsertStage(pipeline, cmsAT_BEGIN,
                                cmsStageAllocToneCurves(NULL, CURVES, NULL)) &&
             cmsPipelineInsertStage(
                 pipeline, cmsAT_END,
                 cmsStageAllocCLut16bit(NULL, POINTS, CHANNELS, CHANNELS, TABLE)) &&
             cmsPipelineInsertStage(pipeline, cmsAT_END,
                                    cmsStageAllocToneCurves(NULL, CURVES, NULL)) &&
             cmsWriteTag(p, cmsSigAToB0Tag, pipeline) &&
             cmsWriteTag(p, cmsSigMediaWhitePointTag, cmsD50_XYZ()),
         "profile");
    cmsPipelineFree(pipeline);
    return p;
}

static void put_profile(const char *name, cmsHPROFILE p, struct buffer *copy)
{
    cmsUInt32Number n = 0;
    must(p && cmsSaveProfileToMem(p, NULL, &n), name);
    buffer_reset(copy);
    uint8_t *at = buffer_extend(copy, n);
    must(at && cmsSaveProfileToMem(p, at, &n) && cmsCloseProfile(p), name);
    put("icc", name, buffer_view(copy));
}

/* `one` gets the last: a plain one. */
static void make_profiles(struct buffer *one)
{
    static const cmsCIExyY WHITE = {0.3127, 0.3290, 1};
    static const cmsCIExyYTRIPLE P3 = {{0.68, 0.32, 1}, {0.265, 0.69, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 2.2);
    cmsToneCurve *const curves[] = {curve, curve, curve};
    cmsHPROFILE version2 = cmsCreateRGBProfile(&WHITE, &P3, curves);
    must(curve && version2, "profile");
    cmsSetProfileVersion(version2, 2.1);
    put_profile("table", table_profile(), one);
    put_profile("gray", cmsCreateGrayProfile(&WHITE, curve), one);
    put_profile("version-2", version2, one);
    put_profile("srgb", cmsCreate_sRGBProfile(), one);
    cmsFreeToneCurve(curve);
}

static void make_others(void)
{
    static const char *const PEOPLE[] = {"Ottoline Marchbanks", NULL};
    enum { SIGNATURE_BYTES = 6 };
    struct photo_spec says = {.orientation = 6};
    says.exif.make = "Larkfield";
    says.exif.artist = "A. Nother";
    says.exif.description = "Science fair";
    says.exif.has_place = true;
    says.xmp.people = PEOPLE;
    says.xmp.description = "Science fair";
    struct err err = {.status = STATUS_BUG};
    struct buffer exif, xmp, profile;
    buffer_init(&exif, MAX_TEXT_BYTES);
    buffer_init(&xmp, MAX_TEXT_BYTES);
    buffer_init(&profile, MAX_ICC_BYTES);
    must(write_exif(&says, &exif, &err) == STATUS_OK, "exif");
    must(photo_xmp(&says, &xmp, &err) == STATUS_OK, "xmp");
    make_profiles(&profile);
    struct bytes tiff = bytes_slice(buffer_view(&exif), SIGNATURE_BYTES, exif.n);
    make_heifs(tiff, buffer_view(&xmp), buffer_view(&profile));
    make_webps(tiff, buffer_view(&xmp), buffer_view(&profile));
    make_tiffs(buffer_view(&xmp));
    make_gifs();
    buffer_release(&exif);
    buffer_release(&xmp);
    buffer_release(&profile);
}

/* --- files beside photos --- */

#define PUT_TEXT(target, name, literal)                                                            \
    put(target, name, (struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

static void make_companions(void)
{
    PUT_TEXT("takeout", "photo",
             "{\"title\":\"IMG_0001.jpg\",\"description\":\"Science fair\",\"imageViews\":\"3\","
             "\"creationTime\":{\"timestamp\":\"1763000000\",\"formatted\":\"13 Nov 2026\"},"
             "\"photoTakenTime\":{\"timestamp\":\"1763000000\",\"formatted\":\"13 Nov 2026\"},"
             "\"geoData\":{\"latitude\":53.4,\"longitude\":-2.1,\"altitude\":0.0},"
             "\"people\":[{\"name\":\"Ottoline Marchbanks\"},{\"name\":\"Zo\\u00eb\"},{}],"
             "\"url\":\"https://photos.example/1\",\"googlePhotosOrigin\":{\"mobileUpload\":{}}}");
    PUT_TEXT("takeout", "album",
             "\xEF\xBB\xBF{\"title\":\"Fair\",\"description\":\"\",\"access\":\"protected\","
             "\"date\":{\"timestamp\":\"0\"},\"enrichments\":[{\"narrativeEnrichment\":"
             "{\"text\":\"Zo\xC3\xAB\"}}]}");
    PUT_TEXT(
        "picasa", "photo",
        "[Picasa]\r\nname=Fair\r\n[IMG_0001.jpg]\r\ncaption=Science fair\r\nrotate=rotate(1)\r\n"
        "faces=rect64(3f845bcb59418507),8e62398ebda8c1a5;rect64(59d4),ffffffffffffffff\r\n"
        "keywords=fair,science\r\n[Contacts2]\r\n8e62398ebda8c1a5=Ottoline Marchbanks;;\r\n");
    PUT_TEXT("picasa", "photo-and-contacts",
             "[img_0001.JPG]\nfaces=rect64(1),d04ca592f8868c2\nstar=yes\n\0"
             "[Contacts]\nd04ca592f8868c2=Zo\xC3\xAB,z@example.org,\n");
}

static void take_photo(const char *path)
{
    struct buffer b;
    FILE *f = fopen(path, "rb");
    must(f && fseek(f, 0, SEEK_END) == 0, path);
    long n = ftell(f);
    must(n >= 0 && fseek(f, 0, SEEK_SET) == 0, path);
    buffer_init(&b, MAX_PHOTO_BYTES);
    uint8_t *at = buffer_extend(&b, (size_t)n);
    must(at && fread(at, 1, (size_t)n, f) == (size_t)n && fclose(f) == 0, path);
    const char *slash = strrchr(path, '/');
    put_parts(slash ? slash + 1 : path, buffer_view(&b));
    buffer_release(&b);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("usage: make_seeds FOLDER PHOTO...\n", stderr);
        return 2;
    }
    folder = argv[1];
    fuzz_prepare();
    for (unsigned o = 1; o <= N_ORIENTATIONS; o++) {
        draw(o, false);
        draw(o, true);
    }
    make_forms();
    make_others();
    make_companions();
    for (int i = 2; i < argc; i++) {
        take_photo(argv[i]);
    }
    return 0;
}
