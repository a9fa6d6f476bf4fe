/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "companion_names.h"
#include "image/file_name.h"
#include "photogate/intake.h"
#include "photogate/limits.h"

#define COMPANION_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)

/* A name under which photos are looked for: folder, and name in the form in which two spellings are
 * the same. */
struct name_key {
    struct text folder, name;
    size_t item;
};

/* Keys in order of folder, name, item. */
struct name_list {
    struct name_key *at;
    size_t n;
};

struct companions {
    struct arena memory;
    const struct intake *in;
    struct name_list sidecars; /* without their suffix */
    struct name_list takeouts; /* likewise, those of an album apart */
    struct name_list of_all;   /* of every photo of the folder: an album's, Picasa's; name empty */
    struct text *siblings;     /* beside of_all: of Picasa's, the names of its folder's photos */
    struct text *unclear;      /* folders, sorted; repeats allowed */
    size_t n_unclear;
};

static int key_order(const void *a, const void *b)
{
    const struct name_key *x = a, *y = b;
    int order = text_compare(x->folder, y->folder);
    order = order ? order : text_compare(x->name, y->name);
    return order ? order : (x->item > y->item) - (x->item < y->item);
}

static int folder_order(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* The first of the list that is not before (folder, name). */
static size_t lower_bound(const struct name_list *list, struct text folder, struct text name)
{
    struct name_key want = {folder, name, 0};
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_order(&list->at[middle], &want) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_photo(const struct item *it)
{
    return it->class == ITEM_CANDIDATE || it->class == ITEM_SPECIAL || it->class == ITEM_UNREADABLE;
}

/* ---- what lies beside one photo -------------------------------------------------------------- */

/* Items as they are found; those over `cap` are counted only. */
struct found {
    size_t *at;
    size_t n, cap;
};

static void found_add(struct found *f, size_t item)
{
    if (f->n < f->cap) {
        f->at[f->n] = item;
    }
    f->n++;
}

/* "IMG.jpg.xmp" and "IMG.xmp". */
static void find_sidecars(const struct companions *c, struct text folder, struct text photo,
                          struct found *f)
{
    const struct text names[] = {photo, name_stem(photo)};
    const struct name_list *list = &c->sidecars;
    for (size_t k = 0; k < 2 && (k == 0 || names[1].n < names[0].n); k++) {
        for (size_t i = lower_bound(list, folder, names[k]);
             i < list->n && text_equal(list->at[i].folder, folder) &&
             text_equal(list->at[i].name, names[k]);
             i++) {
            found_add(f, list->at[i].item);
        }
    }
}

static void find_takeouts(const struct companions *c, struct text folder, struct text photo,
                          struct found *f)
{
    struct text start = takeout_common_start(photo);
    const struct name_list *list = &c->takeouts;
    for (size_t i = lower_bound(list, folder, start);
         i < list->n && text_equal(list->at[i].folder, folder) &&
         text_starts_with(list->at[i].name, start);
         i++) {
        if (takeout_may_mean(list->at[i].name, photo)) {
            found_add(f, list->at[i].item);
        }
    }
}

/* Of the folder itself all; of those above it Picasa's, for the people that it names. */
static void find_of_all(const struct companions *c, struct text folder, struct found *f)
{
    const struct name_list *list = &c->of_all;
    for (struct text above = folder;;) {
        for (size_t i = lower_bound(list, above, TEXT_NONE);
             i < list->n && text_equal(list->at[i].folder, above); i++) {
            bool picasa = c->in->items[list->at[i].item].class == ITEM_PICASA;
            if (picasa || above.n == folder.n) {
                found_add(f, list->at[i].item);
            }
        }
        if (above.n == 0) {
            return;
        }
        const char *slash = memrchr(above.at, '/', above.n);
        above = slash ? text_slice(above, 0, (size_t)(slash - above.at)) : TEXT_NONE;
    }
}

static enum status find_all(const struct companions *c, const struct item *photo, struct found *f,
                            struct err *err)
{
    struct arena scratch;
    struct text name;
    arena_init(&scratch, (size_t)64 * 1024);
    enum status st = file_name_fold(photo->base, &scratch, &name, err);
    if (st == STATUS_OK) {
        find_sidecars(c, photo->folder, name, f);
        find_takeouts(c, photo->folder, name, f);
        find_of_all(c, photo->folder, f);
    }
    arena_release(&scratch);
    return st;
}

size_t companions_of(const struct companions *c, const struct item *photo, size_t *indexes,
                     size_t cap)
{
    struct found f = {.at = indexes, .cap = cap};
    struct err ignored = {0};
    /* What cannot be told is too much to read, which holds the photo. */
    return find_all(c, photo, &f, &ignored) == STATUS_OK ? f.n : cap + 1;
}

enum companion_kind companion_kind_of(const struct item *companion, const struct item *photo)
{
    switch (companion->class) {
    case ITEM_SIDECAR:
        return COMPANION_XMP;
    case ITEM_TAKEOUT: {
        struct err ignored = {0};
        struct arena scratch;
        struct text name = TEXT_NONE;
        arena_init(&scratch, (size_t)64 * 1024);
        bool is_album =
            file_name_fold(name_stem(companion->base), &scratch, &name, &ignored) == STATUS_OK &&
            takeout_is_of_album(name);
        arena_release(&scratch);
        return is_album ? COMPANION_TAKEOUT_ALBUM : COMPANION_TAKEOUT;
    }
    case ITEM_PICASA:
        return text_equal(companion->folder, photo->folder) ? COMPANION_PICASA
                                                            : COMPANION_PICASA_CONTACTS;
    case ITEM_UNKNOWN:
    case ITEM_CANDIDATE:
    case ITEM_SPECIAL:
    case ITEM_UNREADABLE:
    case ITEM_MANIFEST:
    case ITEM_LITTER:
        break;
    }
    return COMPANION_UNKNOWN;
}

/* ---- all of an intake ------------------------------------------------------------------------ */

static enum status sort_in(struct companions *c, size_t item, struct err *err)
{
    const struct item *it = &c->in->items[item];
    struct name_key key = {.folder = it->folder, .item = item};
    struct name_list *list = &c->of_all;
    if (it->class != ITEM_PICASA) {
        enum status st = file_name_fold(name_stem(it->base), &c->memory, &key.name, err);
        if (st != STATUS_OK) {
            return st;
        }
        list = it->class == ITEM_SIDECAR ? &c->sidecars : &c->takeouts;
        if (it->class == ITEM_TAKEOUT && takeout_is_of_album(key.name)) {
            list = &c->of_all;
            key.name = TEXT_NONE;
        }
    }
    list->at[list->n++] = key;
    return STATUS_OK;
}

/* Every photo claims what is its; what nobody claims may be anybody's of its folder. */
static enum status claim_all(struct companions *c, bool *claimed, struct err *err)
{
    const struct intake *in = c->in;
    size_t *mine = arena_alloc(&c->memory, in->n_items, sizeof *mine);
    if (!mine) {
        return err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
    }
    for (size_t i = 0; i < in->n_items; i++) {
        struct found f = {.at = mine, .cap = in->n_items};
        enum status st = is_photo(&in->items[i]) ? find_all(c, &in->items[i], &f, err) : STATUS_OK;
        if (st != STATUS_OK) {
            return st;
        }
        for (size_t k = 0; k < f.n && k < f.cap; k++) {
            claimed[mine[k]] = true;
        }
    }
    return STATUS_OK;
}

/* The folded names of a folder's photos, a NUL behind each: of a section of Picasa's that is about
 * none of them nobody knows whom it means. */
static enum status list_siblings(struct companions *c, struct text folder, struct text *out,
                                 struct err *err)
{
    struct arena scratch;
    struct buffer names;
    enum status st = STATUS_OK;
    arena_init(&scratch, COMPANION_MEMORY_BYTES);
    buffer_init(&names, MAX_SIBLINGS_BYTES);
    for (size_t i = 0; i < c->in->n_items && st == STATUS_OK; i++) {
        const struct item *it = &c->in->items[i];
        struct text name;
        if (is_photo(it) && text_equal(it->folder, folder)) {
            st = file_name_fold(it->base, &scratch, &name, err);
            if (st == STATUS_OK) {
                buffer_add(&names, name.at, name.n);
                buffer_add_byte(&names, '\0');
            }
        }
    }
    st = st == STATUS_OK ? buffer_status(&names, err) : st;
    if (st == STATUS_OK &&
        !arena_dup(&c->memory, (struct text){(const char *)names.at, names.n}, out)) {
        st = err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
    }
    buffer_release(&names);
    arena_release(&scratch);
    return st;
}

struct text companions_siblings(const struct companions *c, const struct item *companion)
{
    for (size_t i = lower_bound(&c->of_all, companion->folder, TEXT_NONE);
         i < c->of_all.n && text_equal(c->of_all.at[i].folder, companion->folder); i++) {
        if (&c->in->items[c->of_all.at[i].item] == companion) {
            return c->siblings[i];
        }
    }
    return TEXT_NONE;
}

static enum status build(struct companions *c, struct err *err)
{
    const struct intake *in = c->in;
    struct name_list *const lists[] = {&c->sidecars, &c->takeouts, &c->of_all};
    enum status st = STATUS_OK;
    bool *claimed = arena_alloc(&c->memory, in->n_items, sizeof *claimed);
    c->unclear = arena_alloc(&c->memory, in->n_items, sizeof *c->unclear);
    c->siblings = arena_alloc(&c->memory, in->n_items, sizeof *c->siblings);
    for (size_t i = 0; i < 3; i++) {
        lists[i]->at = arena_alloc(&c->memory, in->n_items, sizeof *lists[i]->at);
        st = lists[i]->at ? st : STATUS_NOMEM;
    }
    if (!claimed || !c->unclear || !c->siblings || st != STATUS_OK) {
        return err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
    }
    for (size_t i = 0; st == STATUS_OK && i < in->n_items; i++) {
        enum item_class class = in->items[i].class;
        bool speaks = class == ITEM_SIDECAR || class == ITEM_TAKEOUT || class == ITEM_PICASA;
        st = speaks ? sort_in(c, i, err) : STATUS_OK;
    }
    for (size_t i = 0; i < 3; i++) {
        if (lists[i]->n) {
            qsort(lists[i]->at, lists[i]->n, sizeof *lists[i]->at, key_order);
        }
    }
    if (st == STATUS_OK && c->sidecars.n + c->takeouts.n) {
        st = claim_all(c, claimed, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < c->of_all.n; i++) {
        const struct item *it = &in->items[c->of_all.at[i].item];
        st = it->class == ITEM_PICASA ? list_siblings(c, it->folder, &c->siblings[i], err) : st;
    }
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < lists[k]->n; i++) {
            if (!claimed[lists[k]->at[i].item]) {
                c->unclear[c->n_unclear++] = lists[k]->at[i].folder;
            }
        }
    }
    if (c->n_unclear) {
        qsort(c->unclear, c->n_unclear, sizeof *c->unclear, folder_order);
    }
    return st;
}

enum status companions_build(const struct intake *in, struct companions **out, struct err *err)
{
    struct companions *c = calloc(1, sizeof *c);
    if (!c) {
        return err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
    }
    c->in = in;
    arena_init(&c->memory, COMPANION_MEMORY_BYTES);
    enum status st = build(c, err);
    if (st != STATUS_OK) {
        companions_free(c);
        return st;
    }
    *out = c;
    return STATUS_OK;
}

void companions_free(struct companions *c)
{
    if (c) {
        arena_release(&c->memory);
        free(c);
    }
}

bool companions_folder_unclear(const struct companions *c, struct text folder)
{
    return c->n_unclear &&
           bsearch(&folder, c->unclear, c->n_unclear, sizeof *c->unclear, folder_order) != NULL;
}
