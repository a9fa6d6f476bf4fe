/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/subject.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "approved.h"
#include "awaiting.h"
#include "photogate/ruling.h"
#include "subject_parts.h"

#define SUBJECT_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)
#define DOCUMENT_MAX_BYTES ((size_t)1024 * 1024 * 1024)

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while gathering what is held on a person");
}

/* ---- who ------------------------------------------------------------------------------------- */

static enum status find_person(struct subject *s, struct text who, struct err *err)
{
    struct person_index *index = NULL;
    struct tag tag = {.kind = TAG_STATED, .name = who};
    enum status st = person_index_build(&s->people, &index, err);
    st = st == STATUS_OK ? resolve_people(index, &tag, 1, err) : st;
    person_index_free(index);
    if (st != STATUS_OK) {
        return st;
    }
    if (tag.resolution == RESOLVED_AMBIGUOUS) {
        return err_set(err, STATUS_USAGE,
                       "several people are called that; add the class (\"Jack Smith 4B\") or give "
                       "the UPN or admission number");
    }
    if (tag.resolution != RESOLVED_PERSON) {
        return err_set(err, STATUS_USAGE,
                       "nobody of that name or number is on the register; give the full name, the "
                       "UPN or the admission number");
    }
    s->person = &s->people.people[tag.person];
    return STATUS_OK;
}

/* ---- the ledger ------------------------------------------------------------------------------ */

static const struct subject_entry *entry_of(const struct subject *s, int64_t seq)
{
    size_t low = 0, high = s->n_entries;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->entries[middle].seq < seq) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < s->n_entries && s->entries[low].seq == seq ? &s->entries[low] : NULL;
}

/* The entry before it that is about them and that the body names; NULL: none. What ends, recalls,
 * clears or tells where a photo went, does so by number. */
static const struct subject_entry *named_by(const struct subject *s, const json_t *body)
{
    static const char *const MEMBERS[] = {"intent", "held", "awaiting", "renews", "posted"};
    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        const json_t *seq = json_object_get(body, MEMBERS[i]);
        const struct subject_entry *e =
            json_is_integer(seq) ? entry_of(s, json_integer_value(seq)) : NULL;
        if (e) {
            return e;
        }
    }
    return NULL;
}

/* The refusal of the case whose original was destroyed. */
static const struct subject_entry *case_of(const struct subject *s, const json_t *destroyed)
{
    const json_t *number = json_object_get(destroyed, "case"), *e;
    size_t i;
    json_array_foreach(s->told, i, e)
    {
        const json_t *one = json_object_get(json_object_get(e, "says"), "case");
        if (one && json_equal(one, number)) {
            return entry_of(s, json_integer_value(json_object_get(e, "entry")));
        }
    }
    return NULL;
}

static enum status add_entry(struct subject *s, const struct entry *e, bool named, bool others,
                             struct err *err)
{
    if (s->n_entries == s->cap_entries) {
        size_t cap = s->cap_entries ? 2 * s->cap_entries : 64;
        struct subject_entry *grown = realloc(s->entries, cap * sizeof *grown);
        if (!grown) {
            return no_memory(err);
        }
        s->entries = grown;
        s->cap_entries = cap;
    }
    s->entries[s->n_entries++] =
        (struct subject_entry){.seq = e->seq, .kind = e->kind, .named = named, .others = others};
    return STATUS_OK;
}

static enum status look_at_entry(void *context, const struct entry *e, struct err *err)
{
    struct subject *s = context;
    size_t n_others = 0;
    bool named = json_names(e->body, s->pseudonym);
    const struct subject_entry *of =
        e->kind == ENTRY_DESTROYED ? case_of(s, e->body) : named_by(s, e->body);
    if (!named && !of) {
        return STATUS_OK;
    }
    bool among_others = of && of->others;
    json_t *told = subject_entry_told(e, s->pseudonym, among_others, &n_others);
    if (json_array_append_new(s->told, told) != 0) {
        return no_memory(err);
    }
    return add_entry(s, e, named, n_others > 0 || among_others, err);
}

/* ---- photos ---------------------------------------------------------------------------------- */

static void add_photo(struct subject *s, enum subject_place place, const char *batch,
                      const char *file, const struct digest *release, int64_t entry)
{
    struct subject_photo *p = &s->photos[s->n_photos++];
    *p = (struct subject_photo){.place = place, .release = *release, .entry = entry};
    (void)snprintf(p->batch, sizeof p->batch, "%s", batch);
    (void)snprintf(p->file, sizeof p->file, "%s", file);
}

static bool is_in_recalled(const struct home *home, const struct named_file *f)
{
    char path[160];
    (void)snprintf(path, sizeof path, "recalled/%s/%s", f->batch, f->file);
    return faccessat(home->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool names_them(const struct subject *s, int64_t seq)
{
    const struct subject_entry *e = entry_of(s, seq);
    return e && e->named;
}

static enum status find_photos(struct home *home, struct subject *s, struct err *err)
{
    struct named_files named = {0};
    struct waitings waiting = {0};
    enum status st = named_files_read(home->ledger, &named, err);
    st = st == STATUS_OK ? waitings_read(home->ledger, &waiting, err) : st;
    if (st == STATUS_OK) {
        s->photos = calloc(named.n + waiting.n + 1, sizeof *s->photos);
        st = s->photos ? STATUS_OK : no_memory(err);
    }
    for (size_t i = 0; st == STATUS_OK && i < named.n; i++) {
        const struct named_file *f = &named.at[i];
        if (names_them(s, f->intent) && (!f->recalled || is_in_recalled(home, f))) {
            add_photo(s, f->recalled ? SUBJECT_RECALLED : SUBJECT_APPROVED, f->batch, f->file,
                      &f->release, f->intent);
        }
    }
    for (size_t i = 0; st == STATUS_OK && i < waiting.n; i++) {
        const struct waiting *w = &waiting.at[i];
        if (!w->over && names_them(s, w->entry)) {
            add_photo(s, SUBJECT_WAITING, w->batch, w->file, &w->release, w->entry);
        }
    }
    waitings_release(&waiting);
    named_files_release(&named);
    return st;
}

size_t subject_count(const struct subject *s, enum subject_place place)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_photos; i++) {
        n += s->photos[i].place == place;
    }
    return n;
}

/* ---- documents ------------------------------------------------------------------------------- */

/* What a document that names them would hold. */
struct marks {
    struct buffer legal, known;
    struct text upn;
};

static void join_name(struct buffer *b, struct text forename, struct text surname)
{
    buffer_add(b, forename.at, forename.n);
    buffer_add_cstr(b, forename.n && surname.n ? " " : "");
    buffer_add(b, surname.at, surname.n);
}

static bool holds(struct bytes b, const void *at, size_t n)
{
    return n && b.n && memmem(b.at, b.n, at, n) != NULL;
}

static bool is_marked(const struct marks *m, struct bytes b)
{
    return holds(b, m->legal.at, m->legal.n) || holds(b, m->known.at, m->known.n) ||
           holds(b, m->upn.at, m->upn.n);
}

static enum status add_document(struct subject *s, const char *folder, const char *name,
                                struct err *err)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (s->n_documents == s->cap_documents) {
        size_t cap = s->cap_documents ? 2 * s->cap_documents : 16;
        struct text *grown = realloc(s->documents, cap * sizeof *grown);
        if (!grown) {
            return no_memory(err);
        }
        s->documents = grown;
        s->cap_documents = cap;
    }
    return arena_dup(&s->memory, text_of(path), &s->documents[s->n_documents++]) ? STATUS_OK
                                                                                 : no_memory(err);
}

/* A batch whose entries are about them has reports that name or show them, in whatever spelling. */
static bool is_about(const struct subject *s, const char *batch)
{
    size_t i;
    const json_t *e;
    json_array_foreach(s->told, i, e)
    {
        const char *of = json_string_value(json_object_get(json_object_get(e, "says"), "batch"));
        if (of && strcmp(of, batch) == 0) {
            return true;
        }
    }
    return false;
}

static enum status look_into(struct home *home, struct subject *s, const struct marks *m,
                             const char *folder, bool all, struct err *err)
{
    int fd = openat(home->fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int why = errno;
        if (fd >= 0) {
            (void)close(fd);
        }
        return why == ENOENT || why == ENOTDIR
                   ? STATUS_OK
                   : err_set(err, STATUS_IO, "%s: %s", folder, strerror(why));
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(dir); e && st == STATUS_OK; e = readdir(dir)) {
        struct stat facts;
        struct buffer b;
        if (fstatat(dirfd(dir), e->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(facts.st_mode)) {
            continue;
        }
        buffer_init(&b, DOCUMENT_MAX_BYTES);
        st = file_read(dirfd(dir), e->d_name, DOCUMENT_MAX_BYTES, &b, err);
        bool report = text_ends_with_nocase(text_of(e->d_name), TEXT(".html")) ||
                      text_ends_with_nocase(text_of(e->d_name), TEXT(".csv"));
        if (st == STATUS_OK && ((all && report) || is_marked(m, buffer_view(&b)))) {
            st = add_document(s, folder, e->d_name, err);
        }
        buffer_release(&b);
    }
    (void)closedir(dir);
    return st;
}

static bool has_report(const struct home *home, const char *folder)
{
    char path[340];
    (void)snprintf(path, sizeof path, "%s/report.html", folder);
    return faccessat(home->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum status look_into_reports(struct home *home, struct subject *s, const struct marks *m,
                                     struct err *err)
{
    int fd = openat(home->fd, "reports", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return STATUS_OK;
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(dir); e && st == STATUS_OK; e = readdir(dir)) {
        char folder[300];
        if (e->d_name[0] == '.') {
            continue;
        }
        bool about = is_about(s, e->d_name);
        (void)snprintf(folder, sizeof folder, "reports/%s", e->d_name);
        /* the office's page has small pictures, and no name */
        st = about && has_report(home, folder) ? add_document(s, folder, "report.html", err) : st;
        (void)snprintf(folder, sizeof folder, "reports/%s/dpo", e->d_name);
        st = st == STATUS_OK ? look_into(home, s, m, folder, about, err) : st;
    }
    (void)closedir(dir);
    return st;
}

static int text_order(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static enum status find_documents(struct home *home, struct subject *s, struct err *err)
{
    const struct person *p = s->person;
    struct marks m = {.upn = p->upn};
    buffer_init(&m.legal, MAX_FIELD_BYTES);
    buffer_init(&m.known, MAX_FIELD_BYTES);
    join_name(&m.legal, p->legal_forename, p->legal_surname);
    join_name(&m.known, p->known_forename.n ? p->known_forename : p->legal_forename,
              p->known_surname.n ? p->known_surname : p->legal_surname);
    enum status st = buffer_status(&m.legal, err);
    st = st == STATUS_OK ? buffer_status(&m.known, err) : st;
    st = st == STATUS_OK ? look_into_reports(home, s, &m, err) : st;
    st = st == STATUS_OK ? look_into(home, s, &m, "look-for", false, err) : st;
    st = st == STATUS_OK ? look_into(home, s, &m, "set-aside", false, err) : st;
    buffer_release(&m.legal);
    buffer_release(&m.known);
    if (st == STATUS_OK && s->n_documents) {
        qsort(s->documents, s->n_documents, sizeof *s->documents, text_order);
    }
    return st;
}

/* ---- all of it ------------------------------------------------------------------------------- */

enum status subject_open(struct home *home, struct text who, struct subject *out, struct err *err)
{
    const unsigned all = (1u << N_ENTRY_KINDS) - (1u << (ENTRY_UNKNOWN + 1));
    *out = (struct subject){.told = json_array()};
    arena_init(&out->memory, SUBJECT_MEMORY_BYTES);
    enum status st = out->told ? register_snapshot(home->people, &out->memory, &out->people, err)
                               : no_memory(err);
    st = st == STATUS_OK ? register_check(home->ledger, &out->people, home->lock >= 0, err) : st;
    st = st == STATUS_OK ? find_person(out, who, err) : st;
    st = st == STATUS_OK
             ? ledger_pseudonym(home->ledger, out->person->reference, out->pseudonym, err)
             : st;
    st = st == STATUS_OK ? ledger_each(home->ledger, all, look_at_entry, out, err) : st;
    st = st == STATUS_OK ? find_photos(home, out, err) : st;
    st = st == STATUS_OK ? find_documents(home, out, err) : st;
    if (st == STATUS_OK) {
        char path[80];
        (void)snprintf(path, sizeof path, "subject-access/%s", out->pseudonym);
        out->copied = faccessat(home->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    }
    return st;
}

void subject_close(struct subject *s)
{
    json_decref(s->told);
    free(s->entries);
    free(s->photos);
    free(s->documents);
    arena_release(&s->memory);
    *s = (struct subject){0};
}
