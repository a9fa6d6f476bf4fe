/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/arena.h"
#include "photogate/limits.h"
#include "policy/ini_file.h"
#include "policy/profile_keys.h"
#include "policy/word_lists.h"

/* A profile's file, read. */
struct profile {
    struct text name;
    struct settings settings;
    struct bytes content;
};

/* The profile asked for, its parent, ... up to the root. */
struct lineage {
    struct profile at[MAX_POLICY_ANCESTORS + 1];
    size_t n;
};

/* Read NAME.ini from the nearest folder that has it. */
static enum status profile_read(const struct policy_places *places, struct text name,
                                struct arena *a, struct profile *out, bool *missing,
                                struct err *err)
{
    struct buffer path;
    enum status st = STATUS_OK;
    *missing = true;
    buffer_init(&path, MAX_PATH_BYTES);
    for (size_t i = 0; st == STATUS_OK && *missing && i < places->n_profile_dirs; i++) {
        buffer_reset(&path);
        buffer_format(&path, "%s/%.*s.ini", places->profile_dirs[i], TEXT_ARG(name));
        buffer_add_byte(&path, '\0');
        st = buffer_status(&path, err);
        if (st == STATUS_OK) {
            st = settings_read((const char *)path.at, missing, a, &out->settings, &out->content,
                               err);
        }
    }
    buffer_release(&path);
    out->name = name;
    return st;
}

/* What a profile says about itself must be its own, not its parent's. */
static enum status check_heading(const struct settings *file, struct err *err)
{
    static const char *const KEYS[] = {"title", "source", "version", "review_date"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        const struct setting *s = settings_find(file, TEXT("profile"), text_of(KEYS[i]));
        if (!s) {
            return err_set(err, STATUS_FORMAT, "%.*s:1: [profile] has no \"%s\"",
                           TEXT_ARG(file->shown), KEYS[i]);
        }
        if (s->value.n == 0) {
            return err_set(err, STATUS_FORMAT, "%.*s:%u: [profile] %s = : expected some text",
                           TEXT_ARG(file->shown), (unsigned)s->line, KEYS[i]);
        }
    }
    return STATUS_OK;
}

static enum status check_parent(const struct lineage *l, const struct settings *file,
                                const struct setting *inherits, struct err *err)
{
    if (!is_plain_name(inherits->value)) {
        return err_set(err, STATUS_FORMAT,
                       "%.*s:%u: inherits: expected a profile's name: letters, digits and '-'",
                       TEXT_ARG(file->shown), (unsigned)inherits->line);
    }
    for (size_t i = 0; i < l->n; i++) {
        if (text_equal(l->at[i].name, inherits->value)) {
            return err_set(err, STATUS_FORMAT,
                           "%.*s:%u: inherits = %.*s: a profile cannot inherit from itself, not "
                           "even by way of others",
                           TEXT_ARG(file->shown), (unsigned)inherits->line,
                           TEXT_ARG(inherits->value));
        }
    }
    if (l->n == sizeof l->at / sizeof l->at[0]) {
        return err_set(err, STATUS_LIMIT, "%.*s:%u: inherits = %.*s: more than %u ancestors",
                       TEXT_ARG(file->shown), (unsigned)inherits->line, TEXT_ARG(inherits->value),
                       MAX_POLICY_ANCESTORS);
    }
    return STATUS_OK;
}

static enum status lineage_read(const struct policy_places *places, struct text name,
                                struct arena *a, struct lineage *l, struct err *err)
{
    const struct settings *child = NULL;
    const struct setting *inherits = NULL;
    for (;;) {
        bool missing;
        struct profile *p = &l->at[l->n];
        enum status st = profile_read(places, name, a, p, &missing, err);
        if (st != STATUS_OK) {
            return st;
        }
        if (missing && inherits) {
            return err_set(err, STATUS_FORMAT, "%.*s:%u: inherits = %.*s: there is no such profile",
                           TEXT_ARG(child->shown), (unsigned)inherits->line, TEXT_ARG(name));
        }
        if (missing) {
            return err_set(err, STATUS_IO, "there is no policy profile \"%.*s\" (%.*s.ini)",
                           TEXT_ARG(name), TEXT_ARG(name));
        }
        st = check_heading(&p->settings, err);
        if (st != STATUS_OK) {
            return st;
        }
        l->n++;
        child = &p->settings;
        inherits = settings_find(child, TEXT("profile"), TEXT("inherits"));
        if (!inherits) {
            return STATUS_OK;
        }
        st = check_parent(l, child, inherits, err);
        if (st != STATUS_OK) {
            return st;
        }
        name = inherits->value;
    }
}

static enum status fold(struct digest *chain, struct text name, struct bytes content,
                        struct err *err)
{
    enum status st = digest_fold(chain, (struct bytes){(const uint8_t *)name.at, name.n}, err);
    return st == STATUS_OK ? digest_fold(chain, content, err) : st;
}

static enum status fold_profile(struct digest *chain, const struct profile *p, struct err *err)
{
    struct buffer name;
    buffer_init(&name, 128);
    buffer_format(&name, "%.*s.ini", TEXT_ARG(p->name));
    enum status st = buffer_status(&name, err);
    if (st == STATUS_OK) {
        struct bytes view = buffer_view(&name);
        st = fold(chain, (struct text){(const char *)view.at, view.n}, p->content, err);
    }
    buffer_release(&name);
    return st;
}

/* A file whose settings come on top; who approved it is checked even if nothing is loosened. */
static enum status file_begin(struct draft *d, const struct settings *file, struct err *err)
{
    struct policy_approval approval;
    bool approved;
    struct policy *p = d->policy;
    d->files[d->n_files++] = file;
    enum status st = approval_read(file, &approval, &approved, err);
    if (st == STATUS_OK && approved) {
        d->approvals[p->n_approvals++] = approval;
        p->approvals = d->approvals;
    }
    return st;
}

/* Put a profile's settings on top of what its ancestors set. */
static enum status profile_apply(struct draft *d, const struct profile *p, struct err *err)
{
    enum status begun = file_begin(d, &p->settings, err);
    if (begun != STATUS_OK) {
        return begun;
    }
    for (size_t i = 0; i < p->settings.n; i++) {
        const struct setting *s = &p->settings.at[i];
        const struct key_row *row;
        enum status st = key_find(&p->settings, s, &row, err);
        if (st == STATUS_OK && row->home == HOME_SCHOOL) {
            st = err_set(err, STATUS_FORMAT, "%.*s:%u: [%.*s] belongs in photogate.conf",
                         TEXT_ARG(p->settings.shown), (unsigned)s->line, TEXT_ARG(s->section));
        }
        if (st == STATUS_OK) {
            st = key_apply(d, &p->settings, s, row, err);
        }
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

/* Put the policy's part of photogate.conf on top; the digest covers that part and nothing else of
 * the file, so that a change of, say, the number of workers is no change of policy. */
static enum status overrides_apply(struct draft *d, const char *path, struct digest *chain,
                                   struct err *err)
{
    struct settings *file = arena_alloc(d->arena, 1, sizeof *file); /* origins point to it */
    struct bytes content;
    struct buffer part;
    if (!file) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    buffer_init(&part, (size_t)2 * MAX_POLICY_BYTES);
    enum status st = settings_read(path, NULL, d->arena, file, &content, err);
    if (st == STATUS_OK) {
        st = file_begin(d, file, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < file->n; i++) {
        const struct setting *s = &file->at[i];
        const struct key_row *row;
        st = key_find(file, s, &row, err);
        if (st != STATUS_OK || (row->home == HOME_SCHOOL && row->type != KEY_NONE)) {
            continue;
        }
        if (row->home == HOME_PROFILE) {
            st = err_set(err, STATUS_FORMAT, "%.*s:%u: [%.*s] belongs in a profile, not here",
                         TEXT_ARG(file->shown), (unsigned)s->line, TEXT_ARG(s->section));
            continue;
        }
        /* Who approved is no setting, but the digest covers it. */
        st = row->home == HOME_SCHOOL ? STATUS_OK : key_apply(d, file, s, row, err);
        buffer_format(&part, "[%.*s] %.*s = ", TEXT_ARG(s->section), TEXT_ARG(s->key));
        buffer_add(&part, s->value.at, s->value.n);
        buffer_add_byte(&part, '\0');
    }
    if (st == STATUS_OK) {
        st = buffer_status(&part, err);
    }
    if (st == STATUS_OK && part.n) {
        st = fold(chain, TEXT("photogate.conf"), buffer_view(&part), err);
    }
    buffer_release(&part);
    return st;
}

/* The draft's arrays become the policy's. */
static enum status draft_finish(struct draft *d, struct err *err)
{
    struct policy *p = d->policy;
    for (size_t i = 0; i < d->n_channels; i++) {
        bool any = !d->channels[i].official; /* nothing goes there */
        for (int k = PURPOSE_UNKNOWN + 1; k < N_PURPOSES; k++) {
            any = any || d->channels[i].needs[k];
        }
        if (!any) {
            return err_set(err, STATUS_FORMAT,
                           "profile \"%.*s\": [channel.%.*s] has no \"needs\": which consents does "
                           "a photo need there?",
                           TEXT_ARG(p->name), TEXT_ARG(d->channels[i].name));
        }
    }
    size_t n_fields, n = 0;
    (void)import_fields(&n_fields);
    for (size_t i = 0; i < n_fields; i++) {
        if (d->columns[i].header.n) {
            d->columns[n++] = d->columns[i];
        }
    }
    p->columns = d->columns;
    p->n_columns = n;
    p->channels = d->channels;
    p->n_channels = d->n_channels;
    p->clauses = d->clauses;
    p->n_clauses = d->n_clauses;
    const struct purpose_policy *shared = &p->purposes[PURPOSE_UNKNOWN];
    for (int i = 0; i < N_PURPOSES; i++) {
        p->purposes[i].any_refusal_wins = shared->any_refusal_wins;
        p->purposes[i].pupil_decides_from_age = shared->pupil_decides_from_age;
    }
    return STATUS_OK;
}

/* The safe default as installed, whatever a school's folder calls so: what a profile is measured
 * by. Where there is none, the strictest there is. */
static enum status safe_default(const struct policy_places *places, struct arena *a,
                                struct draft *safe, struct err *err)
{
    struct policy_places installed = *places;
    bool missing = true;
    struct profile *p = arena_alloc(a, 1, sizeof *p);
    enum status st = draft_init(safe, a, err);
    if (st == STATUS_OK && !p) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
    }
    for (size_t i = places->n_profile_dirs; st == STATUS_OK && missing && i > 0; i--) {
        installed.profile_dirs = &places->profile_dirs[i - 1];
        installed.n_profile_dirs = 1;
        st = profile_read(&installed, TEXT("safe-default"), a, p, &missing, err);
    }
    if (st == STATUS_OK && !missing) {
        st = profile_apply(safe, p, err);
    }
    return st == STATUS_OK ? draft_finish(safe, err) : st;
}

/* What the draft says is complete: may it say so? */
static enum status draft_check(struct draft *d, const struct policy_places *places, struct err *err)
{
    struct draft safe;
    enum status st = contradictions_check(d, err);
    if (st == STATUS_OK) {
        st = safe_default(places, d->arena, &safe, err);
    }
    if (st == STATUS_OK) {
        st = approvals_check(d, safe.policy, err);
    }
    return st == STATUS_OK ? draft_values(d, err) : st;
}

/* A profile's own safe phrases and acronyms, behind those of the word lists. */
static enum status list_extend(struct draft *d, struct text name, const struct text *words,
                               size_t n, struct err *err)
{
    struct policy *p = d->policy;
    size_t at = 0;
    if (n == 0) {
        return STATUS_OK;
    }
    struct word_list *lists = arena_alloc(d->arena, p->n_lists + 1, sizeof *lists);
    if (lists && p->n_lists) {
        memcpy(lists, p->lists, p->n_lists * sizeof *lists);
    }
    while (lists && at < p->n_lists && !text_equal(lists[at].name, name)) {
        at++;
    }
    size_t had = lists && at < p->n_lists ? lists[at].n_words : 0;
    struct text *all = lists ? arena_alloc(d->arena, had + n, sizeof *all) : NULL;
    if (!all) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    if (had) {
        memcpy(all, lists[at].words, had * sizeof *all);
    }
    memcpy(all + had, words, n * sizeof *all);
    lists[at] = (struct word_list){name, all, had + n};
    p->n_lists += at == p->n_lists;
    p->lists = lists;
    return STATUS_OK;
}

static enum status draft_fill(struct draft *d, const struct policy_places *places, struct text name,
                              const char *overrides, struct err *err)
{
    struct policy *p = d->policy;
    struct lineage *l = arena_alloc(d->arena, 1, sizeof *l);
    if (!l || !arena_dup(d->arena, name, &p->name)) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    enum status st = lineage_read(places, p->name, d->arena, l, err);
    for (size_t i = l->n; st == STATUS_OK && i > 0; i--) {
        st = profile_apply(d, &l->at[i - 1], err);
        if (st == STATUS_OK) {
            st = fold_profile(&p->digest, &l->at[i - 1], err);
        }
    }
    if (st == STATUS_OK && overrides) {
        st = overrides_apply(d, overrides, &p->digest, err);
    }
    if (st == STATUS_OK) {
        st = word_lists_read(places->word_dirs, places->n_word_dirs, d->arena, &p->lists,
                             &p->n_lists, &p->digest, err);
    }
    if (st == STATUS_OK) {
        st = list_extend(d, TEXT("safe-phrases"), p->safe_phrases, p->n_safe_phrases, err);
    }
    if (st == STATUS_OK) {
        st = list_extend(d, TEXT("acronyms"), p->acronyms, p->n_acronyms, err);
    }
    if (st == STATUS_OK) {
        st = draft_finish(d, err);
    }
    return st == STATUS_OK ? draft_check(d, places, err) : st;
}

enum status policy_load(const struct policy_places *places, struct text name, const char *overrides,
                        struct policy **out, struct err *err)
{
    assert(places && out);
    struct draft d;
    if (!is_plain_name(name)) {
        return err_set(err, STATUS_FORMAT,
                       "a policy profile's name is 1 to 64 letters, digits and '-'");
    }
    struct arena *a = malloc(sizeof *a);
    if (!a) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    arena_init(a, MAX_POLICY_MEMORY_BYTES);
    enum status st = draft_init(&d, a, err);
    if (st == STATUS_OK) {
        st = draft_fill(&d, places, name, overrides, err);
    }
    if (st != STATUS_OK) {
        arena_release(a);
        free(a);
        return st;
    }
    d.policy->memory = a;
    *out = d.policy;
    return STATUS_OK;
}

void policy_free(struct policy *p)
{
    if (p) {
        struct arena *a = p->memory;
        arena_release(a);
        free(a);
    }
}

const struct channel_policy *policy_channel(const struct policy *p, struct text name)
{
    for (size_t i = 0; i < p->n_channels; i++) {
        if (text_equal(p->channels[i].name, name)) {
            return &p->channels[i];
        }
    }
    return NULL;
}

struct word_list policy_words(const struct policy *p, const char *list)
{
    for (size_t i = 0; i < p->n_lists; i++) {
        if (text_equal(p->lists[i].name, text_of(list))) {
            return p->lists[i];
        }
    }
    return (struct word_list){.name = text_of(list)};
}

/* `key` without its middle part, "consent.website.written_only" against "consent.written_only". */
static bool is_family_of(struct text key, struct text family)
{
    struct text rest, tail, last;
    struct text first = text_cut(key, '.', &rest);
    (void)text_cut(rest, '.', &tail);
    struct text family_first = text_cut(family, '.', &last);
    return tail.n && text_equal(first, family_first) && text_equal(tail, last);
}

struct text policy_clause(const struct policy *p, const char *key)
{
    struct text found = TEXT_NONE;
    for (size_t i = 0; i < p->n_clauses; i++) {
        if (text_equal(p->clauses[i].field, text_of(key))) {
            return p->clauses[i].header;
        }
        if (is_family_of(text_of(key), p->clauses[i].field)) {
            found = p->clauses[i].header;
        }
    }
    return found;
}
