/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The examiner process: get ready, give everything up, then answer until the gate goes away. */
#include "photogate/examiner.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/home.h"
#include "photogate/limits.h"

#define CASCADE_DIR "/usr/share/opencv4/haarcascades"
#define PHOTO_MEMORY_BYTES ((size_t)64 * 1024 * 1024)

struct examiner {
    int socket;
    struct detector *detector;
    struct buffer file; /* the photo examined last: what is cleansed is what was examined */
    struct buffer request, reply;
    struct arena memory; /* one photo's */
};

static enum status write_whole(int fd, struct bytes data, struct err *err)
{
    for (size_t done = 0; done < data.n;) {
        ssize_t n = write(fd, data.at + done, data.n - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return err_set(err, STATUS_IO, "the cleaned photo could not be written: %s",
                           n == 0 ? "no progress" : strerror(errno));
        }
    }
    return STATUS_OK;
}

static enum status answer(struct examiner *x, enum frame_type type, struct err *err)
{
    enum status st = buffer_status(&x->reply, err);
    return st == STATUS_OK ? wire_send(x->socket, type, buffer_view(&x->reply), NULL, 0, err) : st;
}

/* The gate prints our words: they must be one printable line. */
static enum status answer_failure(struct examiner *x, const struct err *why, struct err *err)
{
    struct buffer line;
    buffer_init(&line, MAX_TEXT_BYTES);
    text_print(&line, text_of(why->text));
    struct text words =
        text_slice((struct text){(const char *)line.at, line.n}, 0, sizeof why->text - 8);
    buffer_reset(&x->reply);
    wire_put_failure(&x->reply, why->status, words);
    buffer_release(&line);
    return answer(x, FRAME_FAILED, err);
}

static enum status do_examine(struct examiner *x, const int *fds, size_t n_fds, struct err *err)
{
    struct buffer sidecars[MAX_SIDECARS];
    struct sidecar views[MAX_SIDECARS];
    size_t n = n_fds ? n_fds - 1 : 0, n_told = 0;
    enum status st = n_fds ? STATUS_OK : err_set(err, STATUS_BUG, "no photo was handed over");

    for (size_t i = 0; i < n; i++) {
        buffer_init(&sidecars[i], MAX_COMPANION_BYTES);
    }
    buffer_release(&x->file);
    arena_release(&x->memory);
    if (st == STATUS_OK) {
        st = wire_get_companions(buffer_view(&x->request), &x->memory, views, &n_told, err);
    }
    if (st == STATUS_OK && n_told != n) {
        st = err_set(err, STATUS_BUG, "other files than were told of");
    }
    if (st == STATUS_OK) {
        /* private memory, so that a writer on the share cannot change bytes between hash and copy
         */
        st = file_content(fds[0], MAX_PHOTO_BYTES, &x->file, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = file_content(fds[i + 1], MAX_COMPANION_BYTES, &sidecars[i], err);
        views[i].bytes = buffer_view(&sidecars[i]);
    }
    struct evidence e = {0};
    if (st == STATUS_OK) {
        st = photo_examine(buffer_view(&x->file), views, n, x->detector, &x->memory, &e, err);
    }
    if (st == STATUS_OK) {
        buffer_reset(&x->reply);
        wire_put_evidence(&x->reply, &e);
    }
    for (size_t i = 0; i < n; i++) {
        buffer_release(&sidecars[i]);
    }
    return st;
}

static enum status do_cleanse(struct examiner *x, const int *fds, size_t n_fds, struct err *err)
{
    if (n_fds != 1 || x->file.n == 0) {
        return err_set(err, STATUS_BUG, "no photo was examined before");
    }
    struct buffer release;
    struct proof proof = {0};
    struct release_wishes wishes;
    struct cover cover;
    enum status st = wire_get_wishes(buffer_view(&x->request), &x->memory, &wishes, &cover, err);
    if (st != STATUS_OK) {
        return st;
    }
    buffer_init(&release, 2 * (size_t)MAX_PHOTO_BYTES);
    st = photo_cleanse_covered(buffer_view(&x->file), &wishes, &cover, x->detector, &release,
                               &proof, err);
    if (st == STATUS_OK) {
        st = write_whole(fds[0], buffer_view(&release), err);
    }
    if (st == STATUS_OK) {
        buffer_reset(&x->reply);
        wire_put_proof(&x->reply, &proof);
    }
    buffer_release(&release);
    return st;
}

/* One request, one answer. Fails only when the gate cannot be answered. */
static enum status serve(struct examiner *x, struct err *err)
{
    int fds[FRAME_MAX_FDS];
    size_t n_fds = 0;
    enum frame_type type = FRAME_UNKNOWN;
    enum status st = wire_receive(x->socket, &type, &x->request, fds, FRAME_MAX_FDS, &n_fds, err);
    if (st != STATUS_OK) {
        return st;
    }
    struct err why = {0};
    enum frame_type reply = FRAME_FAILED;
    if (type == FRAME_EXAMINE) {
        reply = FRAME_EVIDENCE;
        st = do_examine(x, fds, n_fds, &why);
    } else if (type == FRAME_CLEANSE) {
        reply = FRAME_RELEASE;
        st = do_cleanse(x, fds, n_fds, &why);
    } else {
        st = err_set(&why, STATUS_BUG, "an unexpected request");
    }
    for (size_t i = 0; i < n_fds; i++) {
        (void)close(fds[i]);
    }
    return st == STATUS_OK ? answer(x, reply, err) : answer_failure(x, &why, err);
}

static enum status get_ready(struct examiner *x, int model, enum face_search search,
                             struct err *err)
{
    struct buffer bytes;
    buffer_init(&bytes, 64u * 1024 * 1024);
    enum status st = model < 0 ? STATUS_OK : file_content(model, 64u * 1024 * 1024, &bytes, err);
    if (st == STATUS_OK) {
        st = photo_prepare(err);
    }
    if (st == STATUS_OK) {
        st = detector_open(buffer_view(&bytes), CASCADE_DIR, search, &x->detector, err);
    }
    buffer_release(&bytes);
    struct readiness r = {0};
    if (st == STATUS_OK) {
        st = sandbox_enter(&r.confinement, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    r.assurance = detector_assurance(x->detector);
    r.detector = text_of(detector_description(x->detector));
    wire_put_readiness(&x->reply, &r);
    return answer(x, FRAME_READY, err);
}

int examiner_main(int socket, int model, enum face_search search)
{
    struct examiner x = {.socket = socket};
    struct err err = {0};
    buffer_init(&x.file, MAX_PHOTO_BYTES);
    buffer_init(&x.request, MAX_MESSAGE_BYTES);
    buffer_init(&x.reply, MAX_MESSAGE_BYTES);
    arena_init(&x.memory, PHOTO_MEMORY_BYTES);

    /* The gate's death is ours; its death before this line shows as end of stream. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    enum status st = get_ready(&x, model, search, &err);
    if (model >= 0) {
        (void)close(model);
    }
    if (st != STATUS_OK) {
        struct err ignored = {0};
        (void)answer_failure(&x, &err, &ignored);
        _exit(status_exit_class(st));
    }
    while (st == STATUS_OK) {
        err_clear(&err);
        st = serve(&x, &err);
    }
    /* No destructors: libraries' exit handlers make system calls that are no longer allowed. */
    _exit(st == STATUS_IO ? 0 : 1);
}
