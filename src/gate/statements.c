/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside the photos: manifests, and companions that this version cannot read. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decide.h"
#include "photogate/limits.h"

static enum status read_item(const struct intake *in, const struct item *item, size_t max_bytes,
                             struct buffer *out, struct err *err)
{
    int fd = -1;
    struct stat before, after;
    enum status st = intake_open_item(in, item, max_bytes, &fd, &before, err);
    if (st != STATUS_OK) {
        return st;
    }
    size_t size = (size_t)before.st_size, done = 0;
    uint8_t *at = buffer_extend(out, size);
    st = at ? STATUS_OK : buffer_status(out, err);
    while (st == STATUS_OK && done < size) {
        ssize_t n = pread(fd, at + done, size - done, (off_t)done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            st = err_set(err, STATUS_IO, "it could not be read to its end");
        }
    }
    if (st == STATUS_OK && (fstat(fd, &after) != 0 || !intake_same_file(&before, &after))) {
        st = err_set(err, STATUS_IO, "it changed while it was being read");
    }
    (void)close(fd);
    return st;
}

static enum status read_manifest(const struct intake *in, const struct item *item, struct arena *a,
                                 struct folder_manifest *out, struct err *err)
{
    struct buffer b;
    struct err why = {0};
    buffer_init(&b, MAX_MANIFEST_BYTES);
    enum status st = read_item(in, item, MAX_MANIFEST_BYTES, &b, &why);
    if (st == STATUS_OK) {
        st = manifest_parse(buffer_view(&b), a, &out->manifest, &why);
    }
    buffer_release(&b);
    out->folder = item->folder;
    if (st == STATUS_OK) {
        return STATUS_OK;
    }
    if (st == STATUS_NOMEM || !arena_dup(a, text_of(why.text), &out->trouble)) {
        return err_set(err, STATUS_NOMEM, "out of memory while reading photos.csv");
    }
    return STATUS_OK;
}

enum status manifests_read(const struct intake *in, struct arena *a, struct folder_manifest **out,
                           size_t *n_out, struct err *err)
{
    size_t n = 0, done = 0;
    for (size_t i = 0; i < in->n_items; i++) {
        n += in->items[i].class == ITEM_MANIFEST;
    }
    struct folder_manifest *rows = arena_alloc(a, n, sizeof *rows);
    if (!rows) {
        return err_set(err, STATUS_NOMEM, "out of memory while reading photos.csv");
    }
    for (size_t i = 0; i < in->n_items; i++) {
        if (in->items[i].class == ITEM_MANIFEST) {
            enum status st = read_manifest(in, &in->items[i], a, &rows[done++], err);
            if (st != STATUS_OK) {
                return st;
            }
        }
    }
    *out = rows;
    *n_out = n;
    return STATUS_OK;
}

/* The people a manifest row names become tags like any other, found in the carrier "manifest". */
static enum status add_people(struct evidence *e, const struct manifest_row *row, struct arena *a,
                              struct err *err)
{
    struct tag *tags = arena_alloc(a, e->n_tags + row->n_people, sizeof *tags);
    if (!tags) {
        return err_set(err, STATUS_NOMEM, "out of memory while reading photos.csv");
    }
    if (e->n_tags) {
        memcpy(tags, e->tags, e->n_tags * sizeof *tags);
    }
    for (size_t i = 0; i < row->n_people; i++) {
        tags[e->n_tags + i] = (struct tag){.kind = TAG_STATED,
                                           .carrier = CARRIER_MANIFEST,
                                           .name = row->people[i],
                                           .person = NO_PERSON};
    }
    e->tags = tags;
    e->n_tags += row->n_people;
    return STATUS_OK;
}

static enum status add_carrier(struct evidence *e, struct carrier carrier, struct arena *a,
                               struct err *err)
{
    struct carrier *rows = arena_alloc(a, e->n_carriers + 1, sizeof *rows);
    if (!rows) {
        return err_set(err, STATUS_NOMEM, "out of memory while examining a photo");
    }
    if (e->n_carriers) {
        memcpy(rows, e->carriers, e->n_carriers * sizeof *rows);
    }
    rows[e->n_carriers++] = carrier;
    e->carriers = rows;
    return STATUS_OK;
}

enum status evidence_add_statement(struct evidence *e, const struct intake *in,
                                   const struct item *item, const struct folder_manifest *manifests,
                                   size_t n_manifests, struct arena *a, struct err *err)
{
    size_t unread;
    enum status st = STATUS_OK;
    if (intake_companions(in, item, ITEM_UNREAD_COMPANION, &unread, 1) > 0) {
        struct carrier c = {
            .id = CARRIER_SIDECAR,
            .state = CARRIER_NOT_READ,
            .size_bytes = (uint32_t)in->items[unread].size_bytes,
            .note = TEXT("a file of names or places beside the photo (.json or .picasa.ini) that "
                         "this version cannot read"),
        };
        st = add_carrier(e, c, a, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < n_manifests; i++) {
        const struct folder_manifest *m = &manifests[i];
        if (!text_equal(m->folder, item->folder)) {
            continue;
        }
        const struct manifest_row *row =
            m->trouble.n ? NULL : manifest_row_for(&m->manifest, item->base);
        e->said.present = row ? KNOWN_YES : KNOWN_NO;
        e->said.trouble = m->trouble;
        if (row) {
            e->said = row->said;
            e->said.present = KNOWN_YES;
            e->said.trouble = row->trouble;
            st = add_people(e, row, a, err);
        }
    }
    return st;
}
