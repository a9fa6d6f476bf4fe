/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/import_parts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/limits.h"

/* A million rows with their cells, the register as it was, and what is said about each. */
#define MAX_PLAN_BYTES ((size_t)4 * 1024 * 1024 * 1024)

enum { SNIFF_ROWS = 48 }; /* the heading row is looked for in the first 40 */

static enum status read_file(const char *path, struct buffer *out, struct err *err)
{
    enum status st = STATUS_IO;
    struct stat at;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &at) != 0) {
        (void)err_set(err, st, "%s", strerror(errno));
        goto out;
    }
    if (!S_ISREG(at.st_mode)) {
        (void)err_set(err, st, "not a file");
        goto out;
    }
    for (;;) {
        uint8_t chunk[65536];
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            (void)err_set(err, st, "%s", strerror(errno));
            goto out;
        }
        if (n == 0) {
            break;
        }
        buffer_add(out, chunk, (size_t)n);
    }
    st = buffer_status(out, err);
out:
    if (fd >= 0) {
        (void)close(fd);
    }
    return st;
}

/* The separator under which the first rows hold a heading row with the most columns that we know. A
 * parse that fails, or a file that is not understood with one separator, tells nothing of the
 * others. */
static char sniff(struct text csv, const struct policy *policy)
{
    static const char CANDIDATES[] = {',', ';', '\t'};
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof CANDIDATES; i++) {
        struct arena a;
        struct table t;
        size_t widest = 0;
        arena_init(&a, (size_t)64 * 1024 * 1024);
        if (table_parse(csv, 1, CANDIDATES[i], SNIFF_ROWS, &a, &t, NULL) == STATUS_OK) {
            widest = columns_score(&t, policy);
        }
        arena_release(&a);
        if (widest > most) {
            most = widest;
            best = CANDIDATES[i];
        }
    }
    return best;
}

static enum status add_row(struct import *plan, const struct import_row *row, struct err *err)
{
    if (plan->n_rows == plan->cap_rows) {
        size_t cap = plan->cap_rows ? 2 * plan->cap_rows : 256;
        struct import_row *rows = reallocarray(plan->rows, cap, sizeof *rows);
        if (!rows) {
            return err_set(err, STATUS_NOMEM, "out of memory");
        }
        plan->rows = rows;
        plan->cap_rows = cap;
    }
    plan->rows[plan->n_rows++] = *row;
    return STATUS_OK;
}

/* Say once which columns were left unread that somebody might think were read, or should not be in
 * an export. */
static enum status note_columns(struct import *plan, size_t file, const struct table *t,
                                const struct columns *c, struct err *err)
{
    const struct table_row *heading = &t->rows[c->heading];
    const struct import_row at = {.file = file, .line = heading->line, .person = NO_PERSON};
    enum status st = STATUS_OK;
    for (uint32_t i = 0; st == STATUS_OK && i < heading->n_cells; i++) {
        const char *why = column_note(t, c, i);
        if (!why) {
            continue;
        }
        struct buffer b;
        buffer_init(&b, 8 * (size_t)MAX_FIELD_BYTES);
        text_print(&b, text_slice(heading->cells[i], 0, 60));
        struct text what = line_format(&plan->arena, "column '%.*s' is not read: %s", (int)b.n,
                                       b.at ? (const char *)b.at : "", why);
        st = buffer_status(&b, err);
        buffer_release(&b);
        if (st == STATUS_OK) {
            st = what.n ? plan_change(plan, CHANGE_ROW_WARNING, &at, TEXT_NONE, what, err)
                        : err_set(err, STATUS_NOMEM, "out of memory");
        }
    }
    return st;
}

static enum status read_rows(struct import *plan, size_t file, const struct table *t,
                             const struct columns *c, struct err *err)
{
    const struct row_reader reader = {c, plan->options.on, &plan->arena};
    enum status st = note_columns(plan, file, t, c, err);
    for (size_t i = c->heading + 1; st == STATUS_OK && i < t->n_rows; i++) {
        struct import_row row;
        if (row_is_nobody(&t->rows[i], t, c)) {
            continue;
        }
        st = row_read(&reader, &t->rows[i], &row, err);
        if (st == STATUS_OK) {
            row.file = file;
            plan->files[file].n_rows++;
            st = add_row(plan, &row, err);
        }
    }
    if (st == STATUS_OK && plan->files[file].n_rows == 0) {
        st = err_set(err, STATUS_FORMAT, "a heading row and nobody under it");
    }
    return st;
}

static enum status read_text(struct import *plan, size_t file, struct text csv,
                             const struct policy *policy, struct err *err)
{
    uint32_t line;
    struct table t;
    struct columns c;
    bool found = false;
    char separator = table_separator(&csv, &line);
    if (!separator) {
        separator = sniff(csv, policy);
    }
    enum status st = table_parse(csv, line, separator, MAX_IMPORT_ROWS + 1, &plan->arena, &t, err);
    if (st == STATUS_OK) {
        st = columns_find(&t, policy, &c, &found, err);
    }
    if (st == STATUS_OK && !found) {
        st = err_set(err, STATUS_FORMAT,
                     "no heading row: expected one with legal_forename, legal_surname and upn or "
                     "consents (pupils), or forename, surname and role (staff)");
    }
    if (st == STATUS_OK) {
        plan->files[file].staff = c.staff;
        st = read_rows(plan, file, &t, &c, err);
    }
    return st;
}

static enum status take_file(struct import *plan, size_t i, const char *path,
                             const struct policy *policy, struct err *err)
{
    struct buffer raw, text;
    struct import_file *f = &plan->files[i];
    const char *slash = strrchr(path, '/');
    buffer_init(&raw, MAX_IMPORT_BYTES);
    buffer_init(&text, 3 * (size_t)MAX_IMPORT_BYTES); /* Windows-1252 grows at most threefold */
    enum status st = STATUS_NOMEM;
    if (!arena_dup(&plan->arena, text_of(path), &plan->paths[i]) ||
        !arena_dup(&plan->arena, text_of(slash ? slash + 1 : path), &f->name)) {
        (void)err_set(err, st, "out of memory");
        goto out;
    }
    st = read_file(path, &raw, err);
    if (st == STATUS_OK) {
        st = digest_of(buffer_view(&raw), &f->digest, err);
    }
    if (st == STATUS_OK) {
        st = import_decode(buffer_view(&raw), &text, err);
    }
    if (st == STATUS_OK) {
        st = read_text(plan, i, (struct text){(const char *)text.at, text.n}, policy, err);
    }
out:
    buffer_release(&raw);
    buffer_release(&text);
    return st;
}

/* The same bytes twice would make every row its own double: said plainly. */
static enum status files_differ(const struct import *plan, size_t i, struct err *err)
{
    for (size_t k = 0; k < i; k++) {
        if (digest_equal(&plan->files[k].digest, &plan->files[i].digest)) {
            return err_set(err, STATUS_FORMAT, "the same file was given twice");
        }
    }
    return STATUS_OK;
}

enum status import_read(struct register_db *r, const struct policy *policy,
                        const char *const *files, size_t n_files,
                        const struct import_options *options, struct import **out, struct err *err)
{
    assert(r && policy && files && options && date_is_set(options->on));
    enum status st = STATUS_NOMEM;
    struct import *plan = calloc(1, sizeof *plan);
    if (!plan) {
        return err_set(err, st, "out of memory");
    }
    arena_init(&plan->arena, MAX_PLAN_BYTES);
    plan->options = *options;
    plan->n_files = n_files;
    plan->files = arena_alloc(&plan->arena, n_files, sizeof *plan->files);
    plan->paths = arena_alloc(&plan->arena, n_files, sizeof *plan->paths);
    if (!plan->files || !plan->paths || !arena_dup(&plan->arena, policy->name, &plan->policy)) {
        (void)err_set(err, st, "out of memory");
        goto out;
    }
    st = register_snapshot(r, &plan->arena, &plan->was, err);
    for (size_t i = 0; st == STATUS_OK && i < n_files; i++) {
        st = take_file(plan, i, files[i], policy, err);
        if (st == STATUS_OK) {
            st = files_differ(plan, i, err);
        }
        if (st != STATUS_OK) {
            err_prefix(err, "%s: ", files[i]);
        }
    }
    if (st == STATUS_OK) {
        st = import_plan(plan, err);
    }
out:
    if (st == STATUS_OK) {
        *out = plan;
    } else {
        import_free(plan);
    }
    return st;
}

void import_free(struct import *plan)
{
    if (plan) {
        free(plan->rows);
        free(plan->changes);
        free(plan->ops);
        arena_release(&plan->arena);
        free(plan);
    }
}

const struct change *import_changes(const struct import *plan, size_t *n)
{
    *n = plan->n_changes;
    return plan->changes;
}

size_t import_count(const struct import *plan, enum change_kind kind)
{
    assert((size_t)kind < N_CHANGE_KINDS);
    return plan->counts[kind];
}

bool import_is_empty(const struct import *plan)
{
    return plan->n_ops == 0;
}

const struct import_file *import_files(const struct import *plan, size_t *n)
{
    *n = plan->n_files;
    return plan->files;
}

const char *change_words(enum change_kind k)
{
    static const char *const WORDS[N_CHANGE_KINDS] = {
        [CHANGE_UNKNOWN] = "Unknown changes",
        [CHANGE_NEW] = "New people",
        [CHANGE_RETURNED] = "Back on the roll",
        [CHANGE_LEFT] = "Left",
        [CHANGE_DETAILS] = "Changed details",
        [CHANGE_DENY_ON] = "Now not to be shown",
        [CHANGE_DENY_OFF] = "No longer on a list of those not to be shown",
        [CHANGE_CONSENT_GIVEN] = "Consents given",
        [CHANGE_CONSENT_LOST] = "Consents withdrawn or no longer clear",
        [CHANGE_CONSENT_OTHER] = "Other changes of consents",
        [CHANGE_ROW_REFUSED] = "Rows refused",
        [CHANGE_ROW_WARNING] = "To look at",
    };
    size_t i = (size_t)k;
    return i < N_CHANGE_KINDS ? WORDS[i] : WORDS[CHANGE_UNKNOWN];
}
