/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "photogate/arena.h"
#include "photogate/limits.h"
#include "photogate/policy.h"
#include "policy/ini_file.h"
#include "policy/profile_keys.h"

/* Every setting is checked, the policy's too: a slip is told at once, not when it next matters. */
static enum status school_fill(struct draft *d, const char *path, struct err *err)
{
    struct settings file;
    struct bytes content;
    enum status st = settings_read(path, NULL, d->arena, &file, &content, err);
    for (size_t i = 0; st == STATUS_OK && i < file.n; i++) {
        const struct key_row *row;
        st = key_find(&file, &file.at[i], &row, err);
        if (st == STATUS_OK && row->home == HOME_PROFILE) {
            st = err_set(err, STATUS_FORMAT, "%.*s:%u: [%.*s] belongs in a profile, not here",
                         TEXT_ARG(file.shown), (unsigned)file.at[i].line,
                         TEXT_ARG(file.at[i].section));
        }
        if (st == STATUS_OK) {
            st = key_apply(d, &file, &file.at[i], row, err);
        }
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (d->school->name.n == 0) {
        return err_set(err, STATUS_FORMAT, "%.*s:1: [school] has no \"name\"",
                       TEXT_ARG(file.shown));
    }
    if (!is_plain_name(d->school->policy)) {
        return err_set(err, STATUS_FORMAT,
                       "%.*s:1: [policy] has no \"profile\" that is a profile's name: letters, "
                       "digits and '-'",
                       TEXT_ARG(file.shown));
    }
    return STATUS_OK;
}

enum status school_load(const char *path, struct school **out, struct err *err)
{
    struct draft d;
    struct arena *a = malloc(sizeof *a);
    if (!a) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    arena_init(a, MAX_POLICY_MEMORY_BYTES);
    enum status st = draft_init(&d, a, err);
    if (st == STATUS_OK) {
        d.school = arena_alloc(a, 1, sizeof *d.school);
        st = d.school ? school_fill(&d, path, err) : err_set(err, STATUS_NOMEM, "out of memory");
    }
    if (st != STATUS_OK) {
        arena_release(a);
        free(a);
        return st;
    }
    d.school->memory = a;
    *out = d.school;
    return STATUS_OK;
}

void school_free(struct school *s)
{
    if (s) {
        struct arena *a = s->memory;
        arena_release(a);
        free(a);
    }
}
