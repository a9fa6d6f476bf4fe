/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside the photos: manifests, and companions that this version cannot read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decide.h"
#include "photogate/home.h"
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
    st = file_content(fd, max_bytes, out, err);
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

/* A row that names no file: a typing mistake, or a photo taken out. */
static void find_lost_row(const struct intake *in, struct folder_manifest *m, bool *claimed)
{
    for (size_t i = 0; i < in->n_items; i++) {
        if (text_equal(in->items[i].folder, m->folder)) {
            const struct manifest_row *row = manifest_row_for(&m->manifest, in->items[i].base);
            if (row) {
                claimed[row - m->manifest.rows] = true;
            }
        }
    }
    for (size_t i = 0; i < m->manifest.n_rows && m->lost_row == 0; i++) {
        m->lost_row = claimed[i] ? 0 : m->manifest.rows[i].said.row;
    }
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
        if (in->items[i].class != ITEM_MANIFEST) {
            continue;
        }
        struct folder_manifest *m = &rows[done++];
        enum status st = read_manifest(in, &in->items[i], a, m, err);
        if (st != STATUS_OK) {
            return st;
        }
        /* PHOTOS.CSV beside photos.csv: which one is meant? */
        for (size_t k = 0; k + 1 < done; k++) {
            if (text_equal(rows[k].folder, m->folder)) {
                m->trouble = rows[k].trouble =
                    TEXT("two files of one folder are called photos.csv");
            }
        }
        bool *claimed = arena_alloc(a, m->manifest.n_rows, sizeof *claimed);
        if (!claimed) {
            return err_set(err, STATUS_NOMEM, "out of memory while reading photos.csv");
        }
        find_lost_row(in, m, claimed);
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

/* Trouble already told is never overruled. */
static void trouble(struct statement *said, struct text what)
{
    if (said->trouble.n == 0) {
        said->trouble = what;
    }
}

/* One more row about the same photo. */
static void merge(struct statement *said, const struct statement *row, struct text row_trouble)
{
    if (said->present != KNOWN_YES) {
        struct text told = said->trouble;
        *said = *row;
        said->present = KNOWN_YES;
        said->trouble = told;
    } else if (said->count_given != row->count_given || said->people_count != row->people_count ||
               said->no_pupils_identifiable != row->no_pupils_identifiable ||
               !text_equal(said->caption, row->caption) || !text_equal(said->credit, row->credit)) {
        trouble(said, TEXT("two rows of photos.csv disagree about this picture"));
    }
    trouble(said, row_trouble);
}

/* Somebody wrote a row that fits no file, and none for this one: it may be this one's. */
static enum status lost_row(struct statement *said, uint32_t row, struct arena *a, struct err *err)
{
    struct buffer b;
    struct text line = TEXT_NONE;
    buffer_init(&b, 256);
    buffer_format(&b, "row %u names a file that is not here, and may mean this photo", row);
    bool ok = arena_dup(a, (struct text){(const char *)b.at, b.n}, &line);
    buffer_release(&b);
    if (!ok) {
        return err_set(err, STATUS_NOMEM, "out of memory while reading photos.csv");
    }
    trouble(said, line);
    return STATUS_OK;
}

enum status evidence_add_statement(struct evidence *e, const struct item *item,
                                   const struct beside *beside, struct arena *a, struct err *err)
{
    enum status st = STATUS_OK;
    if (companions_folder_unclear(beside->companions, item->folder)) {
        struct carrier c = {
            .id = CARRIER_SIDECAR,
            .state = CARRIER_NOT_READ,
            .note = TEXT("the folder holds a file of names or places (.json or .xmp) that fits no "
                         "photo by its name, and may speak of this one"),
        };
        st = add_carrier(e, c, a, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < beside->n_manifests; i++) {
        const struct folder_manifest *m = &beside->manifests[i];
        if (!text_equal(m->folder, item->folder)) {
            continue;
        }
        const struct manifest_row *row =
            m->trouble.n ? NULL : manifest_row_for(&m->manifest, item->base);
        if (row) {
            merge(&e->said, &row->said, row->trouble);
            st = add_people(e, row, a, err);
        } else {
            e->said.present = e->said.present == KNOWN_UNKNOWN ? KNOWN_NO : e->said.present;
            trouble(&e->said, m->trouble);
            if (m->lost_row && e->said.present != KNOWN_YES) {
                st = lost_row(&e->said, m->lost_row, a, err);
            }
        }
    }
    return st;
}
