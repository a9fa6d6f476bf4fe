/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make_seeds FOLDER PHOTO...: what the fuzz targets start from, in FOLDER/TARGET/. Small drawn photos with all that cameras and
 * picture libraries write, in every form of JPEG and PNG; out of them and of each PHOTO, the metadata; and the messages about them. */
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "image/jpeg_walk.h" /* before libjpeg, whose macros have the same names */

#include "../../fixtures/write_photo.h"
#include "../unit/make_picture.h"
#include "fuzz.h"

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
    for (int i = 2; i < argc; i++) {
        take_photo(argv[i]);
    }
    return 0;
}
