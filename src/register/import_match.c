/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of whom does a row speak? By UPN, then admission number, then name and date of birth; whatever is
 * not certain is refused, because a consent given to the wrong child of two is the mistake that
 * this program exists to prevent. */
#include "register/import_parts.h"

#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"
#include "photogate/names.h"

/* One way to find a person or a row: a kind letter and a value. */
struct lookup {
    struct text key;
    uint32_t at; /* index of the person or row */
};

struct lookups {
    struct lookup *rows;
    size_t n;
};

enum { KEYS_PER_PERSON = 4 };

struct matcher {
    struct import *plan;
    struct lookups people, rows;
    uint32_t *claimed; /* by index into was.people: 1 + the row that is about this bare name */
    struct err *err;
};

static int compare_lookups(const void *a, const void *b)
{
    const struct lookup *x = a, *y = b;
    int order = text_compare(x->key, y->key);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* The range of lookups with `key`: `*first` and a count. */
static size_t find_range(const struct lookups *l, struct text key, size_t *first)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(l->rows[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *first = low;
    size_t n = 0;
    while (low + n < l->n && text_equal(l->rows[low + n].key, key)) {
        n++;
    }
    return n;
}

/* The keys of one person; an empty text where there is none. The unit separator cannot occur in a
 * folded name. */
struct keys {
    struct text upn, admission_no;
    struct text name_and_birth; /* pupils with a date of birth */
    struct text name;
};

static enum status fold_names(const struct person *p, struct buffer *b, struct err *err)
{
    enum status st = STATUS_OK;
    if (p->legal_forename.n) {
        st = name_fold(p->legal_forename, b, err);
    }
    buffer_add_byte(b, 0x1F);
    if (st == STATUS_OK && p->legal_surname.n) {
        st = name_fold(p->legal_surname, b, err);
    }
    return st == STATUS_OK ? buffer_status(b, err) : st;
}

static enum status keys_of(struct arena *a, const struct person *p, struct keys *out,
                           struct err *err)
{
    struct buffer b;
    char iso[DATE_TEXT_BYTES];
    const char kind = p->kind == PERSON_STAFF ? 's' : 'p';
    struct keys k = {TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE};
    buffer_init(&b, 64 * (size_t)MAX_NAME_BYTES);
    enum status st = fold_names(p, &b, err);
    if (st == STATUS_OK) {
        struct text folded = {(const char *)b.at, b.n};
        k.name = line_format(a, "%cn%.*s", kind, TEXT_ARG(folded));
        if (date_is_set(p->date_of_birth)) {
            k.name_and_birth = line_format(a, "%cb%.*s\x1F%s", kind, TEXT_ARG(folded),
                                           date_format(p->date_of_birth, iso));
        }
        if (p->upn.n) {
            k.upn = line_format(a, "%cu%.*s", kind, TEXT_ARG(p->upn));
        }
        if (p->admission_no.n) {
            k.admission_no = line_format(a, "%ca%.*s", kind, TEXT_ARG(p->admission_no));
        }
        bool made = k.name.n && (k.upn.n || !p->upn.n) &&
                    (k.admission_no.n || !p->admission_no.n) &&
                    (k.name_and_birth.n || !date_is_set(p->date_of_birth));
        if (made) {
            *out = k;
        } else {
            st = err_set(err, STATUS_NOMEM, "out of memory");
        }
    }
    buffer_release(&b);
    return st;
}

static enum status add_keys(struct lookups *l, struct arena *a, const struct person *p, uint32_t at,
                            struct err *err)
{
    struct keys k;
    enum status st = keys_of(a, p, &k, err);
    if (st == STATUS_OK) {
        const struct text all[KEYS_PER_PERSON] = {k.upn, k.admission_no, k.name_and_birth, k.name};
        for (size_t i = 0; i < KEYS_PER_PERSON; i++) {
            if (all[i].n) {
                l->rows[l->n++] = (struct lookup){all[i], at};
            }
        }
    }
    return st;
}

static enum status build(struct matcher *m)
{
    struct import *plan = m->plan;
    struct arena *a = &plan->arena;
    enum status st = STATUS_OK;
    m->people.rows = arena_alloc(a, plan->was.n_people, KEYS_PER_PERSON * sizeof(struct lookup));
    m->rows.rows = arena_alloc(a, plan->n_rows, KEYS_PER_PERSON * sizeof(struct lookup));
    m->claimed = arena_alloc(a, plan->was.n_people, sizeof *m->claimed);
    if (!m->people.rows || !m->rows.rows || !m->claimed) {
        return err_set(m->err, STATUS_NOMEM, "out of memory");
    }
    for (size_t i = 0; st == STATUS_OK && i < plan->was.n_people; i++) {
        st = add_keys(&m->people, a, &plan->was.people[i], (uint32_t)i, m->err);
    }
    for (size_t i = 0; st == STATUS_OK && i < plan->n_rows; i++) {
        st = add_keys(&m->rows, a, &plan->rows[i].says, (uint32_t)i, m->err);
    }
    if (st == STATUS_OK) {
        qsort(m->people.rows, m->people.n, sizeof *m->people.rows, compare_lookups);
        qsort(m->rows.rows, m->rows.n, sizeof *m->rows.rows, compare_lookups);
    }
    return st;
}

static void refuse(struct import_row *row, const char *why)
{
    if (row->refused.n == 0) {
        row->refused = text_of(why);
    }
}

/* Both sides have a value and the values differ. */
static bool differ(struct text a, struct text b)
{
    return a.n && b.n && !text_equal(a, b);
}

/* Something on both sides that can be held against each other. */
static bool comparable(const struct person *a, const struct person *b)
{
    return (a->upn.n && b->upn.n) || (a->admission_no.n && b->admission_no.n) ||
           (date_is_set(a->date_of_birth) && date_is_set(b->date_of_birth));
}

static bool has_number_or_birth(const struct person *p)
{
    return p->upn.n || p->admission_no.n || date_is_set(p->date_of_birth);
}

static bool is_temporary(struct text upn)
{
    return upn.n && (upn.at[upn.n - 1] < '0' || upn.at[upn.n - 1] > '9');
}

static enum status same_folded(struct text a, struct text b, bool *same, struct err *err)
{
    struct buffer x, y;
    *same = text_equal(a, b);
    if (*same || !a.n || !b.n) {
        return STATUS_OK;
    }
    buffer_init(&x, 64 * (size_t)MAX_NAME_BYTES);
    buffer_init(&y, 64 * (size_t)MAX_NAME_BYTES);
    enum status st = name_fold(a, &x, err);
    if (st == STATUS_OK) {
        st = name_fold(b, &y, err);
    }
    if (st == STATUS_OK && (st = buffer_status(&x, err)) == STATUS_OK) {
        st = buffer_status(&y, err);
    }
    *same = st == STATUS_OK && x.n > 0 && bytes_equal(buffer_view(&x), buffer_view(&y));
    buffer_release(&x);
    buffer_release(&y);
    return st;
}

/* A number matched: is it also the same child? A row that slipped by one line has another's name
 * and birthday. */
static enum status vouched(const struct person *known, const struct person *says, bool *out,
                           struct err *err)
{
    *out = date_is_set(known->date_of_birth) &&
           date_compare(known->date_of_birth, says->date_of_birth) == 0;
    const struct text pairs[][2] = {
        {known->legal_surname, says->legal_surname},
        {known->legal_forename, says->legal_forename},
        {known->known_forename, says->legal_forename},
        {known->legal_forename, says->known_forename},
    };
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && !*out && i < COUNT_OF(pairs); i++) {
        if (pairs[i][0].n && pairs[i][1].n) {
            st = same_folded(pairs[i][0], pairs[i][1], out, err);
        }
    }
    return st;
}

/* Every person a key finds has been spoken of and has not left. Returns their number, and the
 * first. */
static size_t look(struct matcher *m, struct text key, uint32_t *person)
{
    size_t first, n = key.n ? find_range(&m->people, key, &first) : 0;
    *person = n ? m->people.rows[first].at : NO_PERSON;
    for (size_t i = 0; i < n; i++) {
        m->plan->seen[m->people.rows[first + i].at] = true;
    }
    return n;
}

/* Does the key find people, and `person` is not among them? */
static bool finds_another(struct matcher *m, struct text key, uint32_t person)
{
    size_t first, n = key.n ? find_range(&m->people, key, &first) : 0;
    for (size_t i = 0; i < n; i++) {
        if (m->people.rows[first + i].at == person) {
            return false;
        }
    }
    return n > 0;
}

static enum status by_number(struct matcher *m, struct import_row *row, uint32_t person,
                             const struct keys *k)
{
    bool same = false;
    enum status st = vouched(&m->plan->was.people[person], &row->says, &same, m->err);
    if (st != STATUS_OK) {
        return st;
    }
    row->person = person;
    /* Brothers and sisters share a surname, twins a birthday too: the name must not be another's.
     */
    if (!same || finds_another(m, k->name_and_birth, person)) {
        refuse(row, "its number belongs to somebody of another name or date of birth");
        (void)look(m, k->name_and_birth, &person);
    }
    return STATUS_OK;
}

static void by_name_and_birth(struct matcher *m, struct import_row *row, uint32_t person, size_t n)
{
    const struct person *known = &m->plan->was.people[person];
    const struct person *says = &row->says;
    if (n > 1) {
        refuse(row,
               "several people of that name and date of birth: give a UPN or admission number");
        return;
    }
    row->person = person;
    /* A temporary UPN gives way to a permanent one. */
    if (differ(known->upn, says->upn) && !is_temporary(known->upn)) {
        refuse(row, "the same name and date of birth as somebody with another UPN");
    }
}

/* Somebody of whom a refused row has left the name; and on the list only if `says` is too, so that
 * taking the name over ends no protection. */
static bool is_bare_name(const struct person *p, const struct person *says)
{
    bool listed = p->do_not_publish == KNOWN_YES && says->do_not_publish == KNOWN_YES;
    return !has_number_or_birth(p) && p->n_consents == 0 &&
           (listed || text_equal(p->do_not_publish_unclear, ROW_REFUSED));
}

/* Among the `n` people from `first`: a bare name is taken by the first row that can say who it is;
 * it holds no consent that could come to the wrong child. A second refused row may share it. */
static bool claim_bare_name(struct matcher *m, struct import_row *row, size_t first, size_t n)
{
    struct import *plan = m->plan;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = m->people.rows[first + i].at;
        if (is_bare_name(&plan->was.people[at], &row->says) && !m->claimed[at]) {
            m->claimed[at] = (uint32_t)(row - plan->rows) + 1;
            plan->seen[at] = true;
            row->person = at;
            return true;
        }
    }
    for (size_t i = 0; i < n && row->refused.n; i++) {
        uint32_t at = m->people.rows[first + i].at;
        if (m->claimed[at] && plan->rows[m->claimed[at] - 1].refused.n) {
            return true;
        }
    }
    return false;
}

/* Nobody on the register. If the row is refused its name must be known all the same, or a namesake
 * would stand alone under it; once for all such rows of a name. */
static void hold_by_name(struct matcher *m, struct import_row *row, struct text key)
{
    size_t first = 0, n = find_range(&m->rows, key, &first);
    row->held_by_name = row->refused.n && row->name_read;
    for (size_t i = 0; i < n && row->held_by_name; i++) {
        const struct import_row *other = &m->plan->rows[m->rows.rows[first + i].at];
        row->held_by_name = other == row || !other->held_by_name;
    }
}

/* Nothing but the name: sure only if there is nothing to hold against it and nobody else of that
 * name. */
static void by_name(struct matcher *m, struct import_row *row, struct text key)
{
    size_t first, in_file, open = 0;
    size_t n = find_range(&m->people, key, &first);
    uint32_t person = NO_PERSON;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = m->people.rows[first + i].at;
        const struct person *known = &m->plan->was.people[at];
        bool claims = has_number_or_birth(&row->says) && is_bare_name(known, &row->says);
        if (!claims && !comparable(known, &row->says)) {
            person = at;
            open++;
        }
    }
    if (open == 0) { /* somebody new, perhaps of a name that another has */
        if (!has_number_or_birth(&row->says) || !claim_bare_name(m, row, first, n)) {
            hold_by_name(m, row, key);
        }
        return;
    }
    in_file = find_range(&m->rows, key, &first);
    m->plan->seen[person] = true;
    row->person = open == 1 ? person : NO_PERSON;
    bool staff = row->says.kind == PERSON_STAFF;
    bool sure = staff || has_number_or_birth(&row->says) ||
                !has_number_or_birth(&m->plan->was.people[person]);
    if (open > 1 || in_file > 1 || !sure) {
        refuse(row,
               "could be somebody on the register already: give a UPN, admission number or date "
               "of birth");
    }
}

static enum status match_row(struct matcher *m, struct import_row *row)
{
    struct keys k;
    uint32_t upn, admission, birth;
    enum status st = keys_of(&m->plan->arena, &row->says, &k, m->err);
    if (st != STATUS_OK) {
        return st;
    }
    size_t n_upn = look(m, k.upn, &upn), n_admission = look(m, k.admission_no, &admission);
    if (n_upn && n_admission && (n_admission > 1 || upn != admission)) {
        refuse(row, "its UPN and its admission number belong to different people");
        return STATUS_OK;
    }
    if (n_admission > 1) {
        refuse(row, "several people have its admission number: give a UPN");
        return STATUS_OK;
    }
    if (n_upn || n_admission) {
        return by_number(m, row, n_upn ? upn : admission, &k);
    }
    size_t n_birth = look(m, k.name_and_birth, &birth);
    if (n_birth) {
        by_name_and_birth(m, row, birth, n_birth);
    } else {
        by_name(m, row, k.name);
    }
    return STATUS_OK;
}

/* Two rows, one person: neither can be believed, since nobody knows which. */
static void refuse_double(struct import *plan, struct import_row *a, struct import_row *b)
{
    struct import_row *pair[2] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        struct import_row *row = pair[i], *other = pair[1 - i];
        struct text file = plan->files[other->file].name;
        struct text why =
            other->file == row->file
                ? line_format(&plan->arena, "the same person as row %u", (unsigned)other->line)
                : line_format(&plan->arena, "the same person as row %u of %.*s",
                              (unsigned)other->line, TEXT_ARG(file));
        if (row->refused.n == 0) {
            row->refused = why.n ? why : TEXT("the same person as another row");
        }
    }
}

/* Rows that share a number; or a name and birthday, or a bare name, without two numbers that tell
 * them apart. */
static bool are_one(const struct lookup *key, const struct person *a, const struct person *b)
{
    char how = key->key.at[1];
    if (how == 'u' || how == 'a') {
        return true;
    }
    if (how == 'b') {
        return !differ(a->upn, b->upn) && !differ(a->admission_no, b->admission_no);
    }
    return a->kind == PERSON_STAFF || !has_number_or_birth(a) || !has_number_or_birth(b);
}

static void refuse_doubles_by_key(struct matcher *m)
{
    struct import_row *rows = m->plan->rows;
    for (size_t i = 0, end; i < m->rows.n; i = end) {
        for (end = i + 1; end < m->rows.n && text_equal(m->rows.rows[i].key, m->rows.rows[end].key);
             end++) {
            struct import_row *a = &rows[m->rows.rows[end - 1].at],
                              *b = &rows[m->rows.rows[end].at];
            if (are_one(&m->rows.rows[i], &a->says, &b->says)) {
                refuse_double(m->plan, a, b);
            }
        }
    }
}

static enum status refuse_doubles_by_person(struct matcher *m)
{
    struct import *plan = m->plan;
    uint32_t *first = arena_alloc(&plan->arena, plan->was.n_people, sizeof *first);
    if (!first) {
        return err_set(m->err, STATUS_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < plan->n_rows; i++) { /* 0 = no row yet, else index + 1 */
        struct import_row *row = &plan->rows[i];
        if (row->person == NO_PERSON) {
            continue;
        }
        if (first[row->person]) {
            refuse_double(plan, &plan->rows[first[row->person] - 1], row);
        } else {
            first[row->person] = (uint32_t)i + 1;
        }
    }
    return STATUS_OK;
}

enum status import_match(struct import *plan, struct err *err)
{
    struct matcher m = {.plan = plan, .err = err};
    enum status st = build(&m);
    if (st != STATUS_OK) {
        return st;
    }
    refuse_doubles_by_key(&m);
    for (size_t i = 0; st == STATUS_OK && i < plan->n_rows; i++) {
        st = match_row(&m, &plan->rows[i]);
    }
    return st == STATUS_OK ? refuse_doubles_by_person(&m) : st;
}
