/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draw the photos that `make bench` measures with.
 *
 *   bench_photos FOLDER N      photo-01.jpg ... of 4000 x 3000 pixels, and photos.csv
 *
 * Each shows four of the pupils in scripts/bench, one from behind, names them as cameras and
 * picture libraries do, and says where and when it was taken. Every fourth is stored turned, as
 * phones do held upright.
 */
#include <limits.h>
#include <string.h>

#include "bench_clock.h"
#include "../../fixtures/write_photo.h"
#include "photogate/limits.h"

enum {
    WIDTH_PX = 4000,
    HEIGHT_PX = 3000,
    THUMBNAIL_DIVISOR = 25,
    N_HEADS = 4,
    N_FACES = 3,
    N_PUPILS = 6
};
enum { TURNED_EACH = 4, UPRIGHT = 1, TURNED = 6, MAKER_NOTE_BYTES = 16384, GRAIN = 15 };

/* The same as in scripts/bench. Nobody of this name exists. */
static const char *const PUPILS[N_PUPILS] = {"Bogumila Quenby",    "Tarquin Oyelaran",
                                             "Siobhan Vantreight", "Ikechukwu Brambell",
                                             "Marisol Thackwray",  "Emrys Dhaliwall"};

/* Drawn surfaces are smoother than any real one: a real photo of this size and quality has about
 * 4 MB, and what a decoder costs goes by the bytes. Fine grain on every pixel makes up for it. */
static void roughen(struct drawing *d, uint64_t seed)
{
    uint64_t state = seed * 2 + 1;
    for (size_t i = 0; i < (size_t)d->width_px * d->height_px; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX generator */
        int grain = (int)(state >> 33) % (2 * GRAIN + 1) - GRAIN;
        for (size_t k = 0; k < 3; k++) {
            int v = d->rgb[3 * i + k] + grain;
            d->rgb[3 * i + k] = (uint8_t)(v < 0 ? 0 : v > UINT8_MAX ? UINT8_MAX : v);
        }
    }
}

/* Every pixel stands for many: good enough for a camera's own thumbnail. */
static struct drawing thumbnail_of(const struct drawing *d)
{
    struct drawing t = {.width_px = d->width_px / THUMBNAIL_DIVISOR,
                        .height_px = d->height_px / THUMBNAIL_DIVISOR};
    t.rgb = malloc((size_t)t.width_px * t.height_px * 3);
    for (uint32_t y = 0; t.rgb && y < t.height_px; y++) {
        for (uint32_t x = 0; x < t.width_px; x++) {
            size_t from = (size_t)y * THUMBNAIL_DIVISOR * d->width_px + x * THUMBNAIL_DIVISOR;
            memcpy(t.rgb + ((size_t)y * t.width_px + x) * 3, d->rgb + from * 3, 3);
        }
    }
    return t;
}

static void write_file(const char *folder, const char *name, struct bytes b)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = n > 0 && n < (int)sizeof path ? fopen(path, "wb") : NULL;
    if (!f || fwrite(b.at, 1, b.n, f) != b.n || fclose(f) != 0) {
        perror("bench: a photo could not be written");
        exit(3);
    }
}

/* The photo of one drawing, with everything a phone and a picture library leave in it. */
static void describe(struct photo_spec *s, unsigned i, const struct head *heads,
                     struct photo_region *regions, const char **people, const char *maker_note)
{
    for (size_t k = 0; k < N_HEADS; k++) {
        people[k] = PUPILS[(i + k) % N_PUPILS];
    }
    for (size_t k = 0; k < N_FACES; k++) {
        regions[k] = (struct photo_region){people[k], NULL, head_face_box(&heads[k])};
    }
    people[N_HEADS] = NULL;
    s->orientation = i % TURNED_EACH == TURNED_EACH - 1 ? TURNED : UPRIGHT;
    s->exif.make = "Larkfield";
    s->exif.model = "LF-12";
    s->exif.serial = "LF12-004711";
    s->exif.taken = "2026:11:13 10:30:00";
    s->exif.has_place = true;
    s->exif.latitude = 53.4;
    s->exif.longitude = -2.1;
    s->exif.maker_note = maker_note;
    s->xmp.regions = regions;
    s->xmp.n_regions = N_FACES;
    s->xmp.people = people;
    s->xmp.keywords = people;
    s->xmp.description = "Pupils at the science fair";
    s->iptc.caption = "Pupils at the science fair";
    s->iptc.keywords = people;
}

static void make_photo(const char *folder, unsigned i, struct buffer *manifest)
{
    struct err err = {.status = STATUS_BUG};
    struct head heads[N_HEADS];
    struct photo_region regions[N_FACES];
    const char *people[N_HEADS + 1];
    char name[32], maker_note[MAKER_NOTE_BYTES + 1];
    struct buffer photo;
    struct drawing picture;
    buffer_init(&photo, MAX_PHOTO_BYTES);
    memset(maker_note, 'm', MAKER_NOTE_BYTES);
    maker_note[MAKER_NOTE_BYTES] = '\0';
    heads_arrange(1000 + i, WIDTH_PX, HEIGHT_PX, heads, N_HEADS);
    heads[N_HEADS - 1].turned_away = true;
    struct scene scene = {.seed = 1000 + i,
                          .backdrop = (enum backdrop)(i % N_BACKDROPS),
                          .width_px = WIDTH_PX,
                          .height_px = HEIGHT_PX,
                          .heads = heads,
                          .n_heads = N_HEADS};
    if (!drawing_make(&scene, &picture)) {
        must(STATUS_NOMEM, &err, "drawing");
    }
    roughen(&picture, scene.seed);
    struct drawing thumbnail = thumbnail_of(&picture);
    struct photo_spec spec = {.picture = &picture};
    describe(&spec, i, heads, regions, people, maker_note);
    spec.exif.thumbnail = &thumbnail;
    must(photo_write(&spec, &photo, &err), &err, "writing a photo");
    (void)snprintf(name, sizeof name, "photo-%02u.jpg", i + 1);
    write_file(folder, name, buffer_view(&photo));
    buffer_format(manifest, "%s,%s; %s; %s; %s,%d\n", name, people[0], people[1], people[2],
                  people[3], N_HEADS);
    drawing_release(&thumbnail);
    drawing_release(&picture);
    buffer_release(&photo);
}

int main(int argc, char **argv)
{
    char *end = NULL;
    unsigned long n = argc == 3 ? strtoul(argv[2], &end, 10) : 0;
    if (n == 0 || n > 99 || *end) {
        (void)fputs("usage: bench_photos FOLDER N\n", stderr);
        return 2;
    }
    struct buffer manifest;
    struct err err = {.status = STATUS_BUG};
    buffer_init(&manifest, MAX_MANIFEST_BYTES);
    buffer_add_cstr(&manifest, "filename,people,people_count\n");
    for (unsigned i = 0; i < n; i++) {
        make_photo(argv[1], i, &manifest);
    }
    must(buffer_status(&manifest, &err), &err, "writing photos.csv");
    write_file(argv[1], "photos.csv", buffer_view(&manifest));
    buffer_release(&manifest);
    return 0;
}
