/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting in force with where it is said, and how two policies differ. */
#include <stdlib.h>

#include "policy/profile_keys.h"

static enum status value_of(const struct draft *d, const struct key_place *place,
                            struct policy_value *out, struct err *err)
{
    char key[256];
    enum status st = key_place_name(place, d->arena, &out->key, err);
    if (st == STATUS_OK) {
        st = key_value(d->policy, place, d->arena, &out->value, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    size_t n = 0; /* a key's name has at most 255 bytes: key_place_name */
    for (; n < out->key.n && n + 1 < sizeof key; n++) {
        key[n] = out->key.at[n];
    }
    key[n] = '\0';
    out->clause = policy_clause(d->policy, key);
    const struct origin *o = draft_origin(d, place);
    if (o) {
        out->file = o->file->shown;
        out->line = o->line;
    }
    return STATUS_OK;
}

enum status draft_values(struct draft *d, struct err *err)
{
    struct key_place *places;
    size_t n;
    enum status st = key_places(d->policy, d->arena, &places, &n, err);
    struct policy_value *values = st == STATUS_OK ? arena_alloc(d->arena, n, sizeof *values) : NULL;
    if (st == STATUS_OK && !values) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = value_of(d, &places[i], &values[i], err);
    }
    if (st == STATUS_OK) {
        d->policy->values = values;
        d->policy->n_values = n;
    }
    return st;
}

static const struct policy_value *find_value(const struct policy *p, struct text key)
{
    for (size_t i = 0; i < p->n_values; i++) {
        if (text_equal(p->values[i].key, key)) {
            return &p->values[i];
        }
    }
    return NULL;
}

/* The values and the places of a policy are made by the same walk, so place i is value i. */
static size_t differ(const struct policy *was, const struct policy *now,
                     const struct key_place *places, const struct key_place *gone, size_t n_gone,
                     struct policy_difference *out)
{
    size_t n = 0;
    for (size_t i = 0; i < now->n_values; i++) {
        struct policy_difference d = {find_value(was, now->values[i].key), &now->values[i],
                                      POLICY_OTHER};
        if (key_change(was, now, &places[i], &d.change)) {
            out[n++] = d;
        }
    }
    for (size_t i = 0; i < n_gone; i++) {
        struct policy_difference d = {&was->values[i], NULL, POLICY_OTHER};
        if (!find_value(now, was->values[i].key) && key_change(was, now, &gone[i], &d.change)) {
            out[n++] = d;
        }
    }
    return n;
}

enum status policy_diff(const struct policy *was, const struct policy *now,
                        struct policy_difference **out, size_t *n, struct err *err)
{
    struct arena a;
    struct key_place *places, *gone;
    size_t n_places, n_gone;
    arena_init(&a, MAX_POLICY_MEMORY_BYTES);
    struct policy_difference *list = malloc((was->n_values + now->n_values + 1) * sizeof *list);
    enum status st = list ? key_places(now, &a, &places, &n_places, err)
                          : err_set(err, STATUS_NOMEM, "out of memory");
    if (st == STATUS_OK) {
        st = key_places(was, &a, &gone, &n_gone, err);
    }
    if (st == STATUS_OK) {
        *n = differ(was, now, places, gone, n_gone, list);
        *out = list;
        list = NULL;
    }
    free(list);
    arena_release(&a);
    return st;
}

const char *policy_change_words(enum policy_change c)
{
    return c == POLICY_LOOSER ? "looser" : c == POLICY_STRICTER ? "stricter" : "changed";
}
