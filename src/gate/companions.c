/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "photogate/intake.h"
#include "photogate/limits.h"

#define COMPANION_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)

/* A name under which photos are looked for: folder, and base or stem in the form in which two
 * spellings are the same. */
struct name_key {
    struct text folder, name;
    size_t item;
};

struct companions {
    struct arena memory;
    const struct intake *in;
    struct name_key *sidecars; /* sorted by folder, name */
    size_t n_sidecars;
    struct text *unclear; /* folders, sorted; repeats allowed */
    size_t n_unclear;
};

/* "IMG_1.jpg" -> "IMG_1"; a leading dot is no suffix. */
static struct text stem(struct text base)
{
    for (size_t i = base.n; i > 1; i--) {
        if (base.at[i - 1] == '.') {
            return text_slice(base, 0, i - 1);
        }
    }
    return base;
}

/* Composed (NFC) and case-folded, since one tool writes "cafe + accent" and another "café". A name
 * that is not UTF-8 stands for itself. */
static enum status fold_name(struct text name, struct arena *a, struct text *out, struct err *err)
{
    enum { MOST = 1024 };
    UChar wide[MOST], composed[MOST], folded[MOST];
    char narrow[4 * MOST];
    int32_t n = 0;
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    (void)u_strFromUTF8(wide, MOST, &n, name.at, (int32_t)name.n, &code);
    if (U_SUCCESS(code)) {
        n = u_strFoldCase(folded, MOST, wide, n, U_FOLD_CASE_DEFAULT, &code);
    }
    if (U_SUCCESS(code)) {
        n = unorm2_normalize(nfc, folded, n, composed, MOST, &code);
    }
    if (U_SUCCESS(code)) {
        (void)u_strToUTF8(narrow, sizeof narrow, &n, composed, n, &code);
    }
    bool ok = U_SUCCESS(code) ? arena_dup(a, (struct text){narrow, (size_t)n}, out)
                              : arena_dup(a, name, out);
    return ok ? STATUS_OK : err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
}

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

/* The first sidecar that is not before (folder, name). */
static size_t lower_bound(const struct companions *c, struct text folder, struct text name)
{
    struct name_key want = {folder, name, 0};
    size_t low = 0, high = c->n_sidecars;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_order(&c->sidecars[middle], &want) < 0) {
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

/* Mark in `claimed` the sidecars whose key is one of the photo's two names. */
static enum status claim(struct companions *c, const struct item *photo, bool *claimed,
                         struct err *err)
{
    const struct text names[] = {photo->base, stem(photo->base)};
    struct arena scratch;
    arena_init(&scratch, 64 * 1024);
    enum status st = STATUS_OK;
    for (size_t k = 0; k < 2 && st == STATUS_OK; k++) {
        struct text name;
        st = fold_name(names[k], &scratch, &name, err);
        size_t at = st == STATUS_OK ? lower_bound(c, photo->folder, name) : c->n_sidecars;
        for (; at < c->n_sidecars && text_equal(c->sidecars[at].folder, photo->folder) &&
               text_equal(c->sidecars[at].name, name);
             at++) {
            claimed[at] = true;
        }
    }
    arena_release(&scratch);
    return st;
}

static enum status build(struct companions *c, struct err *err)
{
    const struct intake *in = c->in;
    c->sidecars = arena_alloc(&c->memory, in->n_items, sizeof *c->sidecars);
    c->unclear = arena_alloc(&c->memory, in->n_items, sizeof *c->unclear);
    bool *claimed = arena_alloc(&c->memory, in->n_items, sizeof *claimed);
    if (!c->sidecars || !c->unclear || !claimed) {
        return err_set(err, STATUS_NOMEM, "out of memory while listing the folder");
    }
    for (size_t i = 0; i < in->n_items; i++) {
        const struct item *it = &in->items[i];
        if (it->class == ITEM_UNREAD_COMPANION) {
            c->unclear[c->n_unclear++] = it->folder;
        } else if (it->class == ITEM_SIDECAR) {
            struct name_key *k = &c->sidecars[c->n_sidecars++];
            *k = (struct name_key){.folder = it->folder, .item = i};
            enum status st = fold_name(stem(it->base), &c->memory, &k->name, err);
            if (st != STATUS_OK) {
                return st;
            }
        }
    }
    if (c->n_sidecars) {
        qsort(c->sidecars, c->n_sidecars, sizeof *c->sidecars, key_order);
    }
    for (size_t i = 0; i < in->n_items && c->n_sidecars; i++) {
        enum status st =
            is_photo(&in->items[i]) ? claim(c, &in->items[i], claimed, err) : STATUS_OK;
        if (st != STATUS_OK) {
            return st;
        }
    }
    for (size_t i = 0; i < c->n_sidecars; i++) {
        if (!claimed[i]) {
            c->unclear[c->n_unclear++] = c->sidecars[i].folder;
        }
    }
    if (c->n_unclear) {
        qsort(c->unclear, c->n_unclear, sizeof *c->unclear, folder_order);
    }
    return STATUS_OK;
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

size_t companions_of(const struct companions *c, const struct item *photo, size_t *indexes,
                     size_t cap)
{
    const struct text names[] = {photo->base, stem(photo->base)};
    struct arena scratch;
    size_t n = 0;
    arena_init(&scratch, 64 * 1024);
    for (size_t k = 0; k < 2; k++) {
        struct text name;
        struct err ignored = {0};
        if (fold_name(names[k], &scratch, &name, &ignored) != STATUS_OK) {
            n = cap + 1; /* cannot be told: too many to read, which holds the photo */
            break;
        }
        for (size_t at = lower_bound(c, photo->folder, name);
             at < c->n_sidecars && text_equal(c->sidecars[at].folder, photo->folder) &&
             text_equal(c->sidecars[at].name, name);
             at++) {
            if (n < cap) {
                indexes[n] = c->sidecars[at].item;
            }
            n++;
        }
    }
    arena_release(&scratch);
    return n;
}

bool companions_folder_unclear(const struct companions *c, struct text folder)
{
    return c->n_unclear &&
           bsearch(&folder, c->unclear, c->n_unclear, sizeof *c->unclear, folder_order) != NULL;
}
