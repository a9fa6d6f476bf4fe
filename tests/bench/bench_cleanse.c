/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it costs to cleanse a photo of any format, in milliseconds of CPU time, the mean over the
 * photos.
 *
 *   bench_cleanse PHOTO...
 *
 * Two lines, a name, a tab, a figure: `cleanse` is everything from the photo in memory to a release
 * that may be published: the photo's digest, by the examiner and by the parent; the release, its
 * proof, its digest and the stranger's look, by the examiner and by the parent. `decode`, of JPEG
 * only, is the one that the face detector needs, and is not part of it. The first photo is taken
 * once before anything is counted.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench_clock.h"
#include "image/jpeg_picture.h"
#include "image/reduce.h"
#include "photogate/digest.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

struct bench {
    struct buffer photo, release;
    double cleanse_ms, decode_ms; /* sums */
};

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

static void examiner_part(struct bench *b, struct bytes file, struct proof *proof)
{
    struct err err = {.status = STATUS_BUG};
    struct digest digest;
    must(digest_of(file, &digest, &err), &err, "SHA-256");
    must(photo_cleanse(file, NULL, &b->release, proof, &err), &err, "cleansing");
}

static void parent_part(struct bench *b, struct bytes file, const struct proof *proof)
{
    struct err err = {.status = STATUS_BUG};
    struct digest digest;
    must(digest_of(file, &digest, &err), &err, "SHA-256");
    must(digest_of(buffer_view(&b->release), &digest, &err), &err, "SHA-256");
    must(release_check(buffer_view(&b->release), &err), &err, "checking");
    if (!digest_equal(&digest, &proof->release_digest) || proof->same_picture != KNOWN_YES) {
        (void)fputs("bench: the release is not what was proved\n", stderr);
        exit(3);
    }
}

static void bench_photo(struct bench *b, const char *path)
{
    struct err err = {.status = STATUS_BUG};
    struct pixels pixels = {.at = NULL};
    struct proof proof;
    read_photo(path, &b->photo);
    struct bytes file = buffer_view(&b->photo);
    double from = cpu_ms();
    examiner_part(b, file, &proof);
    parent_part(b, file, &proof);
    double then = cpu_ms();
    if (file_identify(file) == FILE_JPEG) {
        must(jpeg_decode(file, DETECT_EDGE_PX, &pixels, &err), &err, "decoding");
        b->decode_ms += cpu_ms() - then;
    }
    b->cleanse_ms += then - from;
    pixels_release(&pixels);
    buffer_release(&b->release);
}

int main(int argc, char **argv)
{
    struct err err = {.status = STATUS_BUG};
    struct bench b = {.cleanse_ms = 0};
    if (argc < 2) {
        (void)fputs("usage: bench_cleanse PHOTO...\n", stderr);
        return 2;
    }
    buffer_init(&b.photo, MAX_PHOTO_BYTES);
    buffer_init(&b.release, 2 * (size_t)MAX_PHOTO_BYTES);
    must(photo_prepare(&err), &err, "getting ready");
    bench_photo(&b, argv[1]);
    b.cleanse_ms = b.decode_ms = 0;
    for (int i = 1; i < argc; i++) {
        bench_photo(&b, argv[i]);
    }
    printf("cleanse\t%.3f\ndecode\t%.3f\n", b.cleanse_ms / (argc - 1), b.decode_ms / (argc - 1));
    buffer_release(&b.photo);
    buffer_release(&b.release);
    return 0;
}
