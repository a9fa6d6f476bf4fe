/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each step of an examiner costs, in milliseconds of CPU time for one photo.
 *
 *   bench_stages CASCADE-FOLDER MODEL|- ROUNDS PHOTO...
 *
 * One line for each step: its name, a tab, the figure: the mean over the photos of a round that
 * take this step, and of the rounds the median. A step that others are part of comes before them.
 * The first photo is taken once before anything is counted.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench_clock.h"
#include "image/gathering.h"
#include "image/jpeg_inventory.h"
#include "image/jpeg_picture.h"
#include "image/reduce.h"
#include "photogate/digest.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

#define STAGE_LIST(X)                                                                              \
    X(READ, "read")                                                                                \
    X(EXAMINE, "examine")                                                                          \
    X(DIGEST, "examine.digest")                                                                    \
    X(METADATA, "examine.metadata")                                                                \
    X(DECODE, "examine.decode")                                                                    \
    X(CASCADES, "faces.cascades")                                                                  \
    X(YUNET, "faces.yunet")                                                                        \
    X(CLEANSE, "cleanse")                                                                          \
    X(CARRY, "cleanse.carry")                                                                      \
    X(REBUILD, "cleanse.rebuild")                                                                  \
    X(CHECK, "cleanse.release_check")

enum stage {
#define X(symbol, name) STAGE_##symbol,
    STAGE_LIST(X)
#undef X
        N_STAGES
};

static const char *const NAMES[N_STAGES] = {
#define X(symbol, name) name,
    STAGE_LIST(X)
#undef X
};

enum { MAX_ROUNDS = 99, MODEL_BYTES = 1 << 24 };
#define EXAMINE_MEMORY_BYTES ((size_t)64 * 1024 * 1024)

struct bench {
    struct detector *cascades, *yunet; /* owned; yunet may be NULL */
    struct buffer photo, release;
    double started_ms;
    double ms[N_STAGES][MAX_ROUNDS]; /* sums over the photos of a round */
    size_t n_photos[N_STAGES];       /* of all rounds */
    size_t round;
    bool is_counted;
};

static void begin(struct bench *b)
{
    b->started_ms = cpu_ms();
}

static void end(struct bench *b, enum stage s)
{
    if (b->is_counted) {
        b->ms[s][b->round] += cpu_ms() - b->started_ms;
        b->n_photos[s]++;
    }
}

static void read_photo(const char *path, struct buffer *out)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    buffer_release(out);
    uint8_t *at = fd >= 0 && fstat(fd, &st) == 0 ? buffer_extend(out, (size_t)st.st_size) : NULL;
    if (!at || pread(fd, at, (size_t)st.st_size, 0) != st.st_size) {
        perror(path);
        exit(3);
    }
    (void)close(fd);
}

/* Without a detector: its time is taken apart. Returns the orientation. */
static uint32_t bench_examine(struct bench *b, struct bytes file)
{
    struct err err = {.status = STATUS_BUG};
    struct arena memory;
    struct evidence e = {.exam = EXAM_NOT_DONE};
    arena_init(&memory, EXAMINE_MEMORY_BYTES);
    begin(b);
    must(photo_examine(file, NULL, 0, NULL, &memory, &e, &err), &err, "examining");
    arena_release(&memory);
    end(b, STAGE_EXAMINE);
    if (e.exam != EXAM_DONE) {
        (void)fputs("bench: a photo cannot be examined\n", stderr);
        exit(3);
    }
    return e.orientation;
}

/* All carriers, and the EXIF once more for the orientation alone, as photo_examine does. */
static void bench_metadata(struct bench *b, struct bytes file)
{
    struct err err = {.status = STATUS_BUG};
    begin(b);
    for (int pass = 0; pass < 2; pass++) {
        struct arena memory;
        struct gathering g;
        struct jpeg_frame frame = {0};
        arena_init(&memory, EXAMINE_MEMORY_BYTES);
        must(gathering_init(&g, &memory, &err), &err, "metadata");
        must(jpeg_inventory(file, pass ? INVENTORY_ORIENTATION : INVENTORY_ALL, &g, &frame, &err),
             &err, "metadata");
        arena_release(&memory);
    }
    end(b, STAGE_METADATA);
}

static void bench_faces(struct bench *b, struct detector *d, const struct pixels *p, enum stage s)
{
    struct err err = {.status = STATUS_BUG};
    struct face faces[MAX_FACES];
    size_t n = 0;
    begin(b);
    must(detector_find(d, p, faces, MAX_FACES, &n, &err), &err, "faces");
    end(b, s);
}

static void bench_picture(struct bench *b, struct bytes file, struct turn turn)
{
    struct err err = {.status = STATUS_BUG};
    struct pixels p = {.at = NULL};
    begin(b);
    must(jpeg_decode(file, DETECT_EDGE_PX, &p, &err), &err, "decoding");
    end(b, STAGE_DECODE);
    struct pixels upright = {malloc((size_t)p.width_px * p.height_px * 3),
                             turn.transpose ? p.height_px : p.width_px,
                             turn.transpose ? p.width_px : p.height_px};
    if (!upright.at) {
        must(STATUS_NOMEM, &err, "turning");
    }
    turn_pixels(turn, p.at, p.width_px, p.height_px, 3, upright.at);
    bench_faces(b, b->cascades, &upright, STAGE_CASCADES);
    if (b->yunet) {
        bench_faces(b, b->yunet, &upright, STAGE_YUNET);
    }
    pixels_release(&upright);
    pixels_release(&p);
}

/* As photo_cleanse does it: what stands upright and is plain is carried over, the rest is rebuilt,
 * read again and compared. */
static void bench_release(struct bench *b, struct bytes file, struct turn turn)
{
    struct err err = {.status = STATUS_BUG};
    struct jpeg_facts facts;
    bool is_carried = false;
    if (turn_is_none(turn)) {
        begin(b);
        must(jpeg_carry(file, &b->release, &facts, &is_carried, &err), &err, "carrying over");
        end(b, STAGE_CARRY);
    }
    if (!is_carried) {
        buffer_release(&b->release);
        begin(b);
        must(jpeg_rebuild(file, turn, NULL, &b->release, &facts, &err), &err, "rebuilding");
        end(b, STAGE_REBUILD);
    }
    begin(b);
    must(release_check(buffer_view(&b->release), &err), &err, "checking");
    end(b, STAGE_CHECK);
    buffer_release(&b->release);
}

static void bench_cleanse(struct bench *b, struct bytes file, struct turn turn)
{
    struct err err = {.status = STATUS_BUG};
    struct proof proof;
    begin(b);
    must(photo_cleanse(file, NULL, &b->release, &proof, &err), &err, "cleansing");
    end(b, STAGE_CLEANSE);
    buffer_release(&b->release);
    bench_release(b, file, turn);
}

static void bench_photo(struct bench *b, const char *path)
{
    struct err err = {.status = STATUS_BUG};
    struct digest digest;
    begin(b);
    read_photo(path, &b->photo);
    end(b, STAGE_READ);
    struct bytes file = buffer_view(&b->photo);
    begin(b);
    must(digest_of(file, &digest, &err), &err, "SHA-256");
    end(b, STAGE_DIGEST);
    struct turn turn = turn_for(bench_examine(b, file));
    bench_metadata(b, file);
    bench_picture(b, file, turn);
    bench_cleanse(b, file, turn);
}

static int by_size(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void print_stages(struct bench *b, size_t n_rounds)
{
    for (size_t s = 0; s < N_STAGES; s++) {
        if (b->n_photos[s]) {
            double a_round = (double)b->n_photos[s] / (double)n_rounds;
            qsort(b->ms[s], n_rounds, sizeof b->ms[s][0], by_size);
            printf("%s\t%.3f\n", NAMES[s], b->ms[s][n_rounds / 2] / a_round);
        }
    }
}

static void open_detectors(struct bench *b, const char *cascade_dir, const char *model)
{
    struct err err = {.status = STATUS_BUG};
    struct buffer bytes;
    buffer_init(&bytes, MODEL_BYTES);
    must(photo_prepare(&err), &err, "getting ready");
    must(detector_open((struct bytes){NULL, 0}, cascade_dir, FACES_STRICT, &b->cascades, &err), &err,
         "the cascades");
    if (strcmp(model, "-") != 0) {
        read_photo(model, &bytes);
        must(detector_open(buffer_view(&bytes), NULL, FACES_STRICT, &b->yunet, &err), &err, "the face model");
    }
    buffer_release(&bytes);
}

int main(int argc, char **argv)
{
    char *rest = NULL;
    unsigned long n_rounds = argc > 4 ? strtoul(argv[3], &rest, 10) : 0;
    if (n_rounds == 0 || n_rounds > MAX_ROUNDS || *rest) {
        (void)fputs("usage: bench_stages CASCADE-FOLDER MODEL|- ROUNDS PHOTO...\n", stderr);
        return 2;
    }
    struct bench *b = calloc(1, sizeof *b);
    if (!b) {
        return 3;
    }
    buffer_init(&b->photo, MAX_PHOTO_BYTES);
    buffer_init(&b->release, 2 * (size_t)MAX_PHOTO_BYTES);
    open_detectors(b, argv[1], argv[2]);
    bench_photo(b, argv[4]);
    b->is_counted = true;
    for (b->round = 0; b->round < n_rounds; b->round++) {
        for (int i = 4; i < argc; i++) {
            bench_photo(b, argv[i]);
        }
    }
    print_stages(b, n_rounds);
    detector_close(b->yunet);
    detector_close(b->cascades);
    buffer_release(&b->photo);
    buffer_release(&b->release);
    free(b);
    return 0;
}
