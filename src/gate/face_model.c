/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/face_model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "photogate/faces.h"

#define MODEL_FILE "face_detection_yunet_2023mar.onnx"

static const char *const PLACES[] = {
    PHOTOGATE_DATADIR "/models/" MODEL_FILE,
    "/usr/local/share/photogate/models/" MODEL_FILE,
    "/usr/share/photogate/models/" MODEL_FILE,
};

static enum status open_named(const char *path, struct face_model *m, struct err *err)
{
    if (strlen(path) >= sizeof m->path) {
        return err_set(err, STATUS_LIMIT, "%s names a face model with too long a path",
                       m->chosen_by);
    }
    m->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (m->fd < 0) {
        return err_set(err, STATUS_IO, "%s names a face model that cannot be read: %s: %s",
                       m->chosen_by, path, strerror(errno));
    }
    (void)snprintf(m->path, sizeof m->path, "%s", path);
    return STATUS_OK;
}

enum status face_model_find(const struct school *school, struct face_model *out, struct err *err)
{
    struct face_model m = {.fd = -1, .chosen_by = "PHOTOGATE_FACE_MODEL"};
    const char *asked = getenv("PHOTOGATE_FACE_MODEL");
    if ((!asked || !*asked) && school && school->face_model.n) {
        asked = school->face_model.at; /* the arena put a NUL behind it */
        m.chosen_by = "photogate.conf, [faces] model";
    }
    enum status st = STATUS_OK;
    if (asked && strcmp(asked, "none") == 0) {
        m.declined = true;
    } else if (asked && *asked) {
        st = open_named(asked, &m, err);
    } else {
        m.chosen_by = "where it is installed";
        for (size_t i = 0; m.fd < 0 && i < sizeof PLACES / sizeof PLACES[0]; i++) {
            struct err not_there = {.status = STATUS_BUG};
            (void)open_named(PLACES[i], &m, &not_there);
        }
    }
    if (st == STATUS_OK) {
        *out = m;
    }
    return st;
}

void face_model_close(struct face_model *m)
{
    if (m->fd >= 0) {
        (void)close(m->fd);
    }
    *m = (struct face_model){.fd = -1};
}

const char *face_model_known_name(const struct digest *d)
{
    char hex[DIGEST_HEX_BYTES];
    return strcmp(digest_hex(d, hex), YUNET_SHA256) == 0 ? "YuNet 2023mar" : NULL;
}
