/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same bytes under two names: whatever is said of one copy is said of the picture, so the
 * copies are found before anything is judged. The first in intake order speaks for all of them,
 * with everything that lies beside any; the others are held. */
#include <stdlib.h>
#include <unistd.h>

#include "photogate/limits.h"
#include "run_memory.h"

struct sized {
    uint64_t size_bytes;
    size_t work;
    struct digest digest;
    bool hashed;
};

static int size_order(const void *a, const void *b)
{
    const struct sized *x = a, *y = b;
    int order = (x->size_bytes > y->size_bytes) - (x->size_bytes < y->size_bytes);
    return order ? order : (x->work > y->work) - (x->work < y->work);
}

/* A file that cannot be read now is judged by itself, and held by that. */
static void hash(const struct run_memory *m, struct sized *s)
{
    struct err ignored = {0};
    struct stat facts;
    int fd = -1;
    if (intake_open_item(&m->intake, m->works[s->work].item, MAX_PHOTO_BYTES, &fd, &facts,
                         &ignored) == STATUS_OK) {
        s->hashed = file_digest(fd, &s->digest, &ignored) == STATUS_OK;
        (void)close(fd);
    }
}

/* Within a run of equal sizes: chain each copy behind the first photo with its digest. */
static void chain(struct run_memory *m, struct sized *all, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        hash(m, &all[i]);
    }
    for (size_t i = from + 1; i < to; i++) {
        for (size_t k = from; all[i].hashed && k < i; k++) {
            if (all[k].hashed && digest_equal(&all[k].digest, &all[i].digest)) {
                struct work *first = &m->works[all[k].work], *copy = &m->works[all[i].work];
                copy->evidence.duplicate_of_earlier = KNOWN_YES;
                copy->evidence.duplicate_position = first->evidence.position;
                copy->next_copy = first->next_copy;
                first->next_copy = copy;
                break;
            }
        }
    }
}

enum status copies_find(struct run_memory *m, struct err *err)
{
    struct sized *all = calloc(m->n_works ? m->n_works : 1, sizeof *all);
    size_t n = 0;
    if (!all) {
        return err_set(err, STATUS_NOMEM, "out of memory while looking for copies");
    }
    for (size_t i = 0; i < m->n_works; i++) {
        if (m->works[i].item->class == ITEM_CANDIDATE && m->works[i].item->size_bytes) {
            all[n++] = (struct sized){.size_bytes = m->works[i].item->size_bytes, .work = i};
        }
    }
    if (n) {
        qsort(all, n, sizeof *all, size_order);
    }
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && all[to].size_bytes == all[from].size_bytes; to++) {
        }
        if (to - from > 1) {
            chain(m, all, from, to);
        }
    }
    free(all);
    return STATUS_OK;
}
