/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/word_lists.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "photogate/arena.h"
#include "photogate/limits.h"
#include "policy/ini_file.h"
#include "policy/profile_keys.h"

/* One file while it is folded into its list. */
struct source {
    struct text shown; /* path, printable */
    struct text content;
    const struct word_list *base; /* what the folders behind gave */
    const struct text **sorted;   /* of base->words; NULL until something is taken out */
    bool *gone;                   /* per base word */
};

struct folders {
    struct arena *arena;
    struct word_list *lists; /* MAX_WORDLISTS */
    size_t n_lists;
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory");
}

static int by_spelling(const void *a, const void *b)
{
    const struct text *const *x = a, *const *y = b;
    return text_compare(**x, **y);
}

/* Mark `word` as gone. */
static enum status take_out(struct source *s, struct arena *a, struct text word, uint32_t line,
                            struct err *err)
{
    size_t n = s->base->n_words;
    if (!s->sorted) {
        s->sorted = arena_alloc(a, n, sizeof(const struct text *));
        s->gone = arena_alloc(a, n, sizeof *s->gone);
        if (!s->sorted || !s->gone) {
            return no_memory(err);
        }
        for (size_t i = 0; i < n; i++) {
            s->sorted[i] = &s->base->words[i];
        }
        qsort((void *)s->sorted, n, sizeof(const struct text *), by_spelling);
    }
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(*s->sorted[middle], word) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == n || !text_equal(*s->sorted[low], word)) {
        return err_set(err, STATUS_FORMAT,
                       "%.*s:%u: '!' takes out a word of the list this one extends, and there is "
                       "none spelt so",
                       TEXT_ARG(s->shown), (unsigned)line);
    }
    for (; low < n && text_equal(*s->sorted[low], word); low++) {
        s->gone[s->sorted[low] - s->base->words] = true;
    }
    return STATUS_OK;
}

static bool line_is_readable(struct text line)
{
    while (line.n) {
        struct text part = text_cut(line, '\t', &line);
        if (!text_is_utf8(part) || !text_is_printable(part)) {
            return false;
        }
    }
    return true;
}

/* The words of a file that are no removals go to added[]; removals are carried out. */
static enum status read_lines(struct source *s, struct arena *a, struct text *added,
                              size_t *n_added, struct err *err)
{
    struct text rest = s->content;
    uint32_t number = 0;
    if (text_starts_with(rest, TEXT("\xEF\xBB\xBF"))) {
        rest = text_slice(rest, 3, rest.n);
    }
    while (rest.n) {
        struct text word = text_trim(text_cut(rest, '\n', &rest));
        number++;
        if (!line_is_readable(word)) {
            return err_set(err, STATUS_FORMAT,
                           "%.*s:%u: not UTF-8, or with a control or invisible character",
                           TEXT_ARG(s->shown), (unsigned)number);
        }
        if (word.n == 0 || word.at[0] == '#') {
            continue;
        }
        if (word.n > MAX_TAG_BYTES) {
            return err_set(err, STATUS_LIMIT, "%.*s:%u: longer than %u bytes", TEXT_ARG(s->shown),
                           (unsigned)number, MAX_TAG_BYTES);
        }
        if (word.at[0] != '!') {
            added[(*n_added)++] = word;
            continue;
        }
        enum status st = take_out(s, a, text_trim(text_slice(word, 1, word.n)), number, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

static size_t count_lines(struct text t)
{
    size_t n = 1;
    for (size_t i = 0; i < t.n; i++) {
        n += t.at[i] == '\n';
    }
    return n;
}

/* What is left of the base, then what the file adds. */
static enum status list_extend(struct word_list *list, struct source *s, struct arena *a,
                               struct err *err)
{
    s->base = list;
    size_t n_added = 0;
    struct text *added = arena_alloc(a, count_lines(s->content), sizeof *added);
    if (!added) {
        return no_memory(err);
    }
    enum status st = read_lines(s, a, added, &n_added, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (list->n_words == 0) {
        list->words = added;
        list->n_words = n_added;
        return STATUS_OK;
    }
    struct text *all = arena_alloc(a, list->n_words + n_added, sizeof *all);
    if (!all) {
        return no_memory(err);
    }
    size_t n = 0;
    for (size_t i = 0; i < list->n_words; i++) {
        if (!s->gone || !s->gone[i]) {
            all[n++] = list->words[i];
        }
    }
    for (size_t i = 0; i < n_added; i++) {
        all[n++] = added[i];
    }
    list->words = all;
    list->n_words = n;
    return STATUS_OK;
}

/* Which of the folder's entries are lists: NAME.txt. Hidden files are an editor's own; a list that
 * nobody would find by its name is an error rather than left out in silence. */
static enum status list_name(const char *file, const char *dir, struct text *name, struct err *err)
{
    struct text t = text_of(file);
    *name = TEXT_NONE;
    if (t.at[0] == '.' || !text_ends_with_nocase(t, TEXT(".txt"))) {
        return STATUS_OK;
    }
    struct text stem = text_slice(t, 0, t.n - 4);
    if (!is_plain_name(stem) || !text_equal(text_slice(t, t.n - 4, 4), TEXT(".txt"))) {
        struct buffer shown;
        buffer_init(&shown, 4096);
        text_print(&shown, t);
        enum status st =
            err_set(err, STATUS_FORMAT,
                    "%s: \"%.*s\" is no name for a word list: letters, digits and '-', "
                    "then .txt",
                    dir, (int)shown.n, shown.n ? (const char *)shown.at : "");
        buffer_release(&shown);
        return st;
    }
    *name = stem;
    return STATUS_OK;
}

static int by_list_name(const void *a, const void *b)
{
    const struct word_list *x = a, *y = b;
    return text_compare(x->name, y->name);
}

/* Learn the lists' names from one folder. *found tells whether it is there. */
static enum status folder_scan(struct folders *f, const char *dir, bool *found, struct err *err)
{
    enum status st = STATUS_OK;
    DIR *d = opendir(dir);
    if (!d && errno == ENOENT) {
        return STATUS_OK;
    }
    if (!d) {
        return err_set(err, STATUS_IO, "%s: %s", dir, strerror(errno));
    }
    *found = true;
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(d);
        if (!e) {
            st = errno ? err_set(err, STATUS_IO, "%s: %s", dir, strerror(errno)) : STATUS_OK;
            break;
        }
        struct text name;
        st = list_name(e->d_name, dir, &name, err);
        if (st != STATUS_OK) {
            break;
        }
        size_t i = 0;
        while (i < f->n_lists && !text_equal(f->lists[i].name, name)) {
            i++;
        }
        if (name.n == 0 || i < f->n_lists) {
            continue;
        }
        if (f->n_lists == MAX_WORDLISTS) {
            st = err_set(err, STATUS_LIMIT, "%s: more than %u word lists", dir, MAX_WORDLISTS);
            break;
        }
        if (!arena_dup(f->arena, name, &f->lists[f->n_lists].name)) {
            st = no_memory(err);
            break;
        }
        f->n_lists++;
    }
    (void)closedir(d);
    return st;
}

/* Extend one list by one folder's file, if there is one. */
static enum status list_read(struct word_list *list, const char *dir, struct arena *a,
                             struct digest *chain, struct err *err)
{
    enum status st;
    struct buffer path, bytes, shown;
    struct source source = {0};
    struct text base_name;
    const char *whole;
    bool missing;
    size_t dir_bytes = strlen(dir);
    buffer_init(&path, MAX_PATH_BYTES);
    buffer_init(&shown, (size_t)4 * MAX_PATH_BYTES);
    buffer_init(&bytes, MAX_WORDLIST_BYTES);
    buffer_format(&path, "%s/%.*s.txt", dir, TEXT_ARG(list->name));
    buffer_add_byte(&path, '\0');
    st = buffer_status(&path, err);
    if (st != STATUS_OK) {
        goto out;
    }
    whole = (const char *)path.at;
    text_print(&shown, text_of(whole));
    buffer_add_byte(&shown, '\0');
    st = buffer_status(&shown, err);
    if (st != STATUS_OK) {
        goto out;
    }
    source.shown = text_of((const char *)shown.at);
    st = plain_file_read(AT_FDCWD, whole, source.shown.at, &missing, &bytes, err);
    if (st != STATUS_OK || missing) {
        goto out;
    }
    if (!arena_dup(a, (struct text){(const char *)bytes.at, bytes.n}, &source.content)) {
        st = no_memory(err);
        goto out;
    }
    base_name = text_of(whole + dir_bytes + 1);
    st = digest_fold(chain, (struct bytes){(const uint8_t *)base_name.at, base_name.n}, err);
    if (st == STATUS_OK) {
        st = digest_fold(chain, buffer_view(&bytes), err);
    }
    if (st == STATUS_OK) {
        st = list_extend(list, &source, a, err);
    }
out:
    buffer_release(&path);
    buffer_release(&shown);
    buffer_release(&bytes);
    return st;
}

enum status word_lists_read(const char *const *dirs, size_t n_dirs, struct arena *a,
                            const struct word_list **lists, size_t *n_lists, struct digest *chain,
                            struct err *err)
{
    struct folders f = {.arena = a, .lists = arena_alloc(a, MAX_WORDLISTS, sizeof *f.lists)};
    bool found = n_dirs == 0;
    if (!f.lists) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n_dirs; i++) {
        enum status st = folder_scan(&f, dirs[i], &found, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    if (!found) {
        return err_set(err, STATUS_IO, "%s: no such folder of word lists, nor any other",
                       dirs[n_dirs - 1]);
    }
    qsort(f.lists, f.n_lists, sizeof *f.lists, by_list_name);
    for (size_t i = 0; i < f.n_lists; i++) {
        for (size_t k = n_dirs; k > 0; k--) {
            enum status st = list_read(&f.lists[i], dirs[k - 1], a, chain, err);
            if (st != STATUS_OK) {
                return st;
            }
        }
    }
    *lists = f.lists;
    *n_lists = f.n_lists;
    return STATUS_OK;
}
