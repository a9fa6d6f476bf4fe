/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one row says of one person. A row that cannot be understood is refused whole as far as it
 * gives anything; what it takes away (a "no", a do-not-publish) is read all the same, for the plan
 * to use if it is certain whom the row is about. */
#include "register/import_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "photogate/limits.h"

enum { MAX_NOTES = 16, SHOWN_BYTES = 60 };

struct text line_format(struct arena *a, const char *format, ...)
{
    va_list args, again;
    struct text out = TEXT_NONE;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *at = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1, 1);
    if (at) {
        (void)vsnprintf(at, (size_t)n + 1, format, again);
        out = (struct text){at, (size_t)n};
    }
    va_end(again);
    return out;
}

/* One row on its way. The notes are gathered here and copied once. */
struct row_maker {
    const struct row_reader *reader;
    const struct table_row *row;
    struct import_row *out;
    struct text notes[MAX_NOTES];
    size_t n_notes;
    bool failed; /* out of memory */
};

static struct text cell(const struct row_maker *m, enum field f)
{
    uint32_t at = m->reader->columns->at[f];
    return at == NO_COLUMN || at >= m->row->n_cells ? TEXT_NONE : m->row->cells[at];
}

static bool has_column(const struct row_maker *m, enum field f)
{
    return m->reader->columns->at[f] != NO_COLUMN;
}

static void note(struct row_maker *m, struct text line)
{
    if (line.n == 0) {
        m->failed = true;
    } else if (m->n_notes < MAX_NOTES) {
        m->notes[m->n_notes++] = line;
    }
}

/* The first reason to refuse is the one that is shown. */
static void refuse(struct row_maker *m, const char *why)
{
    if (m->out->refused.n == 0) {
        m->out->refused = text_of(why);
    }
}

/* A cell for a message: made harmless, cut short. */
static struct text shown(struct row_maker *m, struct text t)
{
    struct buffer b;
    struct text out = TEXT_NONE;
    buffer_init(&b, 16 * (SHOWN_BYTES + 1));
    text_print(&b, text_slice(t, 0, SHOWN_BYTES));
    struct bytes made = buffer_view(&b);
    if (b.failed != STATUS_OK ||
        !arena_dup(m->reader->arena, (struct text){(const char *)made.at, made.n}, &out)) {
        m->failed = true;
        out = TEXT_NONE;
    }
    buffer_release(&b);
    return out;
}

/* names --------------------------------------------------------------------------------------- */

static struct text name_cell(struct row_maker *m, enum field f)
{
    struct text t = cell(m, f);
    const char *fault = cell_name_fault(t);
    if (fault) {
        refuse(m, fault);
        m->out->name_read = false;
    } else if (t.n > MAX_NAME_BYTES) {
        refuse(m, "a name is too long");
        m->out->name_read = false;
    } else if (cell_is_formula(t)) {
        m->out->name_read = false;
    }
    return t;
}

/* In a row whose cells may have moved, a name is what has two parts and no digit. */
static bool looks_like_a_name(const struct person *p)
{
    const struct text parts[] = {p->legal_forename, p->legal_surname};
    for (size_t k = 0; k < COUNT_OF(parts); k++) {
        for (size_t i = 0; i < parts[k].n; i++) {
            if (parts[k].at[i] >= '0' && parts[k].at[i] <= '9') {
                return false;
            }
        }
    }
    return parts[0].n && parts[1].n;
}

/* "Known as" may be a forename or a whole name. */
static void read_known_as(struct row_maker *m)
{
    struct person *p = &m->out->says;
    struct text known = name_cell(m, FIELD_KNOWN_AS), middle, forename, surname;
    if (!known.n || p->known_forename.n) {
        return;
    }
    name_split(known, &forename, &middle, &surname);
    /* what stands between the two belongs to the forename: "Mary Ann Smith" */
    p->known_forename = middle.n && middle.at > forename.at
                            ? text_slice(known, (size_t)(forename.at - known.at),
                                         (size_t)(middle.at - forename.at) + middle.n)
                            : forename;
    if (surname.n && !p->known_surname.n) {
        p->known_surname = surname;
        m->out->has[FIELD_PREFERRED_SURNAME] = true;
    }
    m->out->has[FIELD_PREFERRED_FORENAME] = true;
}

static void read_names(struct row_maker *m)
{
    struct person *p = &m->out->says;
    m->out->name_read = true;
    p->legal_forename = name_cell(m, FIELD_LEGAL_FORENAME);
    p->middle_names = name_cell(m, FIELD_MIDDLE_NAMES);
    p->legal_surname = name_cell(m, FIELD_LEGAL_SURNAME);
    p->known_forename = name_cell(m, FIELD_PREFERRED_FORENAME);
    p->known_surname = name_cell(m, FIELD_PREFERRED_SURNAME);
    if (!p->legal_forename.n && !p->legal_surname.n) {
        struct text middle;
        name_split(name_cell(m, FIELD_NAME), &p->legal_forename, &middle, &p->legal_surname);
        if (middle.n && !p->middle_names.n) {
            p->middle_names = middle;
            m->out->has[FIELD_MIDDLE_NAMES] = true;
        }
    }
    read_known_as(m);
    m->out->has[FIELD_LEGAL_FORENAME] = m->out->has[FIELD_LEGAL_SURNAME] = true;
    if (text_equal(p->known_forename, p->legal_forename)) {
        p->known_forename = TEXT_NONE;
    }
    if (text_equal(p->known_surname, p->legal_surname)) {
        p->known_surname = TEXT_NONE;
    }
    if (m->out->garbled && !looks_like_a_name(p)) {
        m->out->name_read = false;
    }
    if (!p->legal_forename.n && !p->legal_surname.n) {
        refuse(m, "no name");
        m->out->name_read = false;
    } else if (!p->legal_forename.n || !p->legal_surname.n) {
        note(m, line_format(m->reader->arena, "only one name: captions are checked for that one"));
    }
}

/* numbers and dates --------------------------------------------------------------------------- */

static void read_upn(struct row_maker *m)
{
    struct text raw = cell(m, FIELD_UPN);
    m->out->has[FIELD_UPN] = false;
    if (!raw.n) {
        return;
    }
    if (cell_is_scientific(raw)) {
        refuse(m,
               "the UPN has been shortened to a number like 9.99E+11; format the column as text");
        return;
    }
    char *upn = arena_alloc(m->reader->arena, raw.n, 1);
    if (!upn) {
        m->failed = true;
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.at[i];
        if (c != ' ') {
            upn[n++] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
        }
    }
    if (upn_is_valid((struct text){upn, n})) {
        m->out->says.upn = (struct text){upn, n};
        m->out->has[FIELD_UPN] = true;
    } else {
        note(m, line_format(m->reader->arena,
                            "the UPN is wrong (its check letter or its form) and is not used"));
    }
}

static void read_admission_no(struct row_maker *m)
{
    struct text t = cell(m, FIELD_ADMISSION_NO);
    if (cell_is_scientific(t)) {
        refuse(m, "the admission number has been shortened to a number like 1E+05; format the "
                  "column as text");
    } else if (t.n) {
        m->out->says.admission_no = t;
    }
    m->out->has[FIELD_ADMISSION_NO] = m->out->says.admission_no.n > 0;
}

/* A date whose loss would give: a consent would look fresher, or never lapse. */
static struct date strict_date(struct row_maker *m, enum field f, const char *complaint)
{
    struct date d = DATE_NONE;
    struct text t = cell(m, f);
    if (t.n && !cell_date(t, m->reader->on, &d)) {
        refuse(m, complaint);
    }
    return d;
}

static void read_birth(struct row_maker *m)
{
    struct text t = cell(m, FIELD_DATE_OF_BIRTH);
    struct date d = DATE_NONE, on = m->reader->on;
    if (!t.n) {
        return;
    }
    if (!cell_date(t, on, &d)) {
        note(m, line_format(m->reader->arena, "the date of birth cannot be read and is not used"));
        return;
    }
    if (date_compare(d, on) > 0 && t.n <= 9) { /* two digits of a year: nobody is born ahead */
        (void)date_make(d.year - 100, d.month, d.day, &d);
    }
    if (date_compare(d, on) > 0) {
        note(m, line_format(m->reader->arena, "the date of birth is to come and is not used"));
        return;
    }
    m->out->says.date_of_birth = d;
    m->out->has[FIELD_DATE_OF_BIRTH] = true;
}

static void read_roll(struct row_maker *m)
{
    struct person *p = &m->out->says;
    struct date left = strict_date(m, FIELD_DATE_OF_LEAVING,
                                   "the date of leaving cannot be read (day/month/year)");
    p->on_roll = KNOWN_YES; /* who stands in a list of the school's people is one of them */
    if (has_column(m, FIELD_ON_ROLL)) {
        p->on_roll = cell_on_roll(cell(m, FIELD_ON_ROLL));
        if (p->on_roll == KNOWN_UNKNOWN) {
            note(m,
                 line_format(m->reader->arena, "on roll or not cannot be read: held as a leaver"));
        }
    }
    if (date_is_set(left) && date_compare(left, m->reader->on) <= 0) {
        p->on_roll = KNOWN_NO;
    } else if (!date_is_set(left) && cell(m, FIELD_DATE_OF_LEAVING).n && p->on_roll == KNOWN_YES) {
        p->on_roll = KNOWN_UNKNOWN; /* leaving, and nobody knows when */
    }
    p->date_of_leaving = left;
    m->out->has[FIELD_ON_ROLL] = m->out->has[FIELD_DATE_OF_LEAVING] = true;
}

/* protection and consents --------------------------------------------------------------------- */

/* The words of a do-not-publish cell may be the reason. A mark ("?", "X") is kept to show; words
 * are not. */
static struct text unclear_mark(struct text t)
{
    return t.n <= 2 ? t : TEXT("(words, not kept)");
}

static void read_protection(struct row_maker *m)
{
    struct person *p = &m->out->says;
    p->do_not_publish = cell_listed(cell(m, FIELD_DO_NOT_PUBLISH));
    p->child_objection = cell_listed(cell(m, FIELD_CHILD_OBJECTION));
    if (p->do_not_publish == KNOWN_UNKNOWN) {
        struct text kept = unclear_mark(cell(m, FIELD_DO_NOT_PUBLISH));
        p->do_not_publish_unclear = shown(m, kept);
        note(m,
             line_format(m->reader->arena,
                         "do_not_publish is neither yes nor no: every photo is held until it is"));
    }
    if (p->child_objection == KNOWN_UNKNOWN) {
        note(m,
             line_format(m->reader->arena,
                         "child_objection is neither yes nor no: every photo is held until it is"));
    }
}

/* One line for all unclear cells of the row: "website, press: neither yes nor no ("Y - not
 * Facebook")". */
static void note_unclear(struct row_maker *m)
{
    struct text list = TEXT_NONE, example = TEXT_NONE;
    struct arena *a = m->reader->arena;
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES; p++) {
        enum field f = (enum field)(FIELD_CONSENT + p);
        if (!m->out->has[f] || m->out->answers[p] != ANSWER_UNCLEAR) {
            continue;
        }
        list = list.n ? line_format(a, "%.*s, %s", TEXT_ARG(list), purpose_name((enum purpose)p))
                      : text_of(purpose_name((enum purpose)p));
        if (!example.n) {
            example = cell(m, m->reader->columns->staff ? FIELD_STAFF_CONSENT : f);
        }
    }
    if (list.n) {
        struct text said = shown(m, example);
        note(m, line_format(a, "%.*s: neither yes nor no (\"%.*s\"): held until a person decides",
                            TEXT_ARG(list), TEXT_ARG(said)));
    }
}

static void read_consents(struct row_maker *m)
{
    struct import_row *out = m->out;
    bool staff = m->reader->columns->staff;
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES; p++) {
        enum field own = (enum field)(FIELD_CONSENT + p);
        enum field f = staff ? FIELD_STAFF_CONSENT : own;
        /* staff are named by the policy's rule for staff names, not by a consent */
        out->has[own] = has_column(m, f) && !(staff && p == PURPOSE_NAME_WITH_PHOTO);
        out->answers[p] = out->has[own] ? cell_answer(cell(m, f)) : ANSWER_BLANK;
    }
    note_unclear(m);
    out->given_by = cell(m, FIELD_CONSENT_GIVEN_BY);
    out->notice_version = cell(m, FIELD_NOTICE_VERSION);
    out->consent_date = strict_date(m, FIELD_CONSENT_DATE,
                                    "the date of the consent cannot be read (day/month/year)");
    out->consent_expiry = strict_date(m, FIELD_CONSENT_EXPIRY,
                                      "the expiry of the consent cannot be read (day/month/year)");
    struct text method = cell(m, FIELD_CONSENT_METHOD);
    out->method = cell_method(method);
    if (method.n && out->method == METHOD_UNKNOWN) {
        struct text said = shown(m, method);
        note(m, line_format(m->reader->arena,
                            "consent_method \"%.*s\" is not known: it does not count as written",
                            TEXT_ARG(said)));
    }
}

/* the row ------------------------------------------------------------------------------------- */

/* "Smith, Jack (4B)": the best that can be said of whom, even of a refused row. */
static void read_who(struct row_maker *m)
{
    const struct person *p = &m->out->says;
    struct text surname = shown(m, p->legal_surname), forename = shown(m, p->legal_forename);
    struct text group = shown(m, p->reg_group.n ? p->reg_group : p->staff_role);
    struct arena *a = m->reader->arena;
    struct text name = surname.n && forename.n
                           ? line_format(a, "%.*s, %.*s", TEXT_ARG(surname), TEXT_ARG(forename))
                       : surname.n  ? surname
                       : forename.n ? forename
                                    : TEXT("(no name)");
    m->out->who = group.n ? line_format(a, "%.*s (%.*s)", TEXT_ARG(name), TEXT_ARG(group)) : name;
    m->failed = m->failed || m->out->who.n == 0;
}

static void check_cells(struct row_maker *m)
{
    const struct columns *c = m->reader->columns;
    if (m->row->n_cells < c->n_needed) {
        refuse(m, "fewer cells than headings");
        m->out->garbled = true;
    }
    for (uint32_t i = c->n_headings; i < m->row->n_cells; i++) {
        if (m->row->cells[i].n) {
            refuse(m, "more cells than headings (a separator inside a name?)");
            m->out->garbled = true;
        }
    }
    for (int f = 0; f < N_FIELDS; f++) {
        if (cell_is_formula(cell(m, (enum field)f))) {
            refuse(m, "a formula or a spreadsheet error instead of a value");
        }
    }
}

enum status row_read(const struct row_reader *reader, const struct table_row *r,
                     struct import_row *out, struct err *err)
{
    struct row_maker m = {.reader = reader, .row = r, .out = out};
    *out = (struct import_row){.line = r->line, .person = NO_PERSON};
    struct person *p = &out->says;
    p->kind = reader->columns->staff ? PERSON_STAFF : PERSON_PUPIL;
    for (int f = 0; f < N_FIELDS; f++) {
        out->has[f] = has_column(&m, (enum field)f);
    }
    p->title = cell(&m, FIELD_TITLE);
    p->year_group = cell(&m, FIELD_YEAR_GROUP);
    p->reg_group = cell(&m, FIELD_REG_GROUP);
    p->staff_role = cell(&m, FIELD_ROLE);
    check_cells(&m);
    read_names(&m);
    read_upn(&m);
    read_admission_no(&m);
    read_birth(&m);
    read_roll(&m);
    read_protection(&m);
    read_consents(&m);
    read_who(&m);
    struct text *notes = arena_alloc(reader->arena, m.n_notes, sizeof *notes);
    if (m.failed || !notes) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    if (m.n_notes) {
        memcpy(notes, m.notes, m.n_notes * sizeof *notes);
    }
    out->notes = notes;
    out->n_notes = m.n_notes;
    return STATUS_OK;
}

/* What exports put below the data. */
static const char *const FOOTERS[] = {"total",     "grand total", "count",      "record count",
                                      "number of", "end of",      "printed on", "generated",
                                      "produced",  "report run",  "exported"};

static bool is_footer(struct text t)
{
    for (size_t i = 0; i < COUNT_OF(FOOTERS); i++) {
        struct text f = text_of(FOOTERS[i]);
        if (text_equal_nocase(text_slice(t, 0, f.n), f) &&
            (t.n == f.n || !((t.at[f.n] | 0x20) >= 'a' && (t.at[f.n] | 0x20) <= 'z') ||
             t.at[f.n] == 's')) {
            return true;
        }
    }
    return false;
}

bool row_is_nobody(const struct table_row *r, const struct table *t, const struct columns *c)
{
    const struct table_row *heading = &t->rows[c->heading];
    size_t n = 0, same = 0;
    struct text first = TEXT_NONE;
    for (uint32_t i = 0; i < r->n_cells; i++) {
        struct text cell_text = r->cells[i];
        if (cell_text.n == 0) {
            continue;
        }
        first = n == 0 ? cell_text : first;
        n++;
        same += i < heading->n_cells && text_equal(cell_text, heading->cells[i]);
    }
    /* A line of totals says little and says it at once; a pupil called Total has a class and
     * consents too. */
    return n == 0 || (n > 1 && same == n) || (n <= 3 && is_footer(first));
}
