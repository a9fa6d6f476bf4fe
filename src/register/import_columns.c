/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which column holds what. Headings are compared without case, space and punctuation, against a
 * list of the names that schools' systems use. A consent column is never guessed: only the policy
 * says which heading is which purpose, and a column it names must be there. */
#include "register/import_parts.h"

#include <string.h>

#include <unicode/uchar.h>

#include "photogate/limits.h"

enum { HEADINGS_WITHIN_ROWS = 40, MAX_KEY_BYTES = 128 };

struct field_row {
    enum field field;
    const char *name;     /* in photogate's own templates, and in [import] of a policy */
    const char *synonyms; /* as keys, '|' between, best first; empty = only by the policy */
};

/* In this order each field takes the best heading that is still free: a plain "forename" beside a
 * "legal forename" is the preferred one. `class` and `form` are the registration group's. */
static const struct field_row FIELDS[] = {
    {FIELD_UPN, "upn", "upn|uniquepupilnumber|upnnumber"},
    {FIELD_ADMISSION_NO, "admission_no",
     "admissionno|admissionnumber|adno|admno|admissionnum|studentid|pupilid|pupilnumber"},
    {FIELD_TITLE, "title", "title|salutation"},
    {FIELD_LEGAL_FORENAME, "legal_forename",
     "legalforename|legalfirstname|forename|firstname|givenname|forenames|firstnames"},
    {FIELD_MIDDLE_NAMES, "middle_names", "middlenames|middlename|legalmiddlenames|othernames"},
    {FIELD_LEGAL_SURNAME, "legal_surname",
     "legalsurname|legallastname|surname|lastname|familyname|legalfamilyname"},
    {FIELD_NAME, "name", "name|fullname|pupilname|studentname|legalname|staffname"},
    {FIELD_PREFERRED_FORENAME, "preferred_forename",
     "preferredforename|preferredfirstname|chosenforename|chosenfirstname|knownasforename|"
     "knownasfirstname|forename|firstname"},
    {FIELD_PREFERRED_SURNAME, "preferred_surname",
     "preferredsurname|preferredlastname|preferredfamilyname|chosensurname|chosenlastname|"
     "knownassurname|knownaslastname|surname|lastname"},
    {FIELD_KNOWN_AS, "known_as", "knownas|preferredname|chosenname|knownname|knownasname"},
    {FIELD_DATE_OF_BIRTH, "date_of_birth", "dateofbirth|dob|birthdate|birthday"},
    {FIELD_YEAR_GROUP, "year_group", "yeargroup|year|ncyear|nationalcurriculumyear|yr"},
    {FIELD_REG_GROUP, "reg_group",
     "reggroup|registrationgroup|tutorgroup|class|form|classname|registration|tutor"},
    {FIELD_ROLE, "role", "role|jobtitle|post|position|staffrole"},
    {FIELD_ON_ROLL, "on_roll", "onroll|enrolmentstatus|enrollmentstatus|rollstatus"},
    {FIELD_DATE_OF_LEAVING, "date_of_leaving",
     "dateofleaving|leavingdate|dol|leavedate|dateleft|enddate"},
    {FIELD_DO_NOT_PUBLISH, "do_not_publish", "donotpublish|donotpublishlist|dnp"},
    {FIELD_CHILD_OBJECTION, "child_objection", "childobjection|pupilobjection|childobjects"},
    {FIELD_CONSENT_GIVEN_BY, "consent_given_by", "consentgivenby|consentby"},
    {FIELD_CONSENT_DATE, "consent_date", "consentdate|dateofconsent"},
    {FIELD_CONSENT_EXPIRY, "consent_expiry", "consentexpiry|consentexpires|consentexpirydate"},
    {FIELD_CONSENT_METHOD, "consent_method", "consentmethod|methodofconsent"},
    {FIELD_NOTICE_VERSION, "notice_version", "noticeversion|privacynotice|privacynoticeversion"},
    {FIELD_STAFF_CONSENT, "staff_consent", "consent|photoconsent"},
    {FIELD_CONSENT + PURPOSE_WEBSITE, "photo_website", ""},
    {FIELD_CONSENT + PURPOSE_SOCIAL_MEDIA, "photo_social_media", ""},
    {FIELD_CONSENT + PURPOSE_PRESS, "photo_press", ""},
    {FIELD_CONSENT + PURPOSE_DISPLAYS, "photo_displays", ""},
    {FIELD_CONSENT + PURPOSE_NAME_WITH_PHOTO, "name_with_photo", ""},
};

static bool is_pupil_consent(enum field f)
{
    return f > FIELD_CONSENT;
}

/* A heading or synonym as it is compared: letters and digits only, lower case. Over-long headings
 * have no key. */
struct key {
    char at[MAX_KEY_BYTES];
    size_t n;
};

static struct text key_text(const struct key *k)
{
    return (struct text){k->at, k->n};
}

static struct key key_of(struct text heading)
{
    struct key k = {.n = 0};
    for (size_t i = 0; i < heading.n;) {
        uint32_t c = text_next(heading, &i);
        if (c == UINT32_MAX || !u_isalnum((UChar32)c)) {
            continue;
        }
        c = (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT);
        if (k.n + 4 > sizeof k.at) {
            k.n = 0;
            break;
        }
        if (c < 0x80) {
            k.at[k.n++] = (char)c;
        } else { /* two to four bytes; the value itself is what is compared */
            for (int shift = 21; shift >= 0; shift -= 7) {
                k.at[k.n++] = (char)(0x80u | (c >> shift & 0x7Fu));
            }
        }
    }
    return k;
}

struct finder {
    const struct table_row *row;
    const struct policy *policy;
    struct key keys[MAX_IMPORT_COLUMNS];
    bool taken[MAX_IMPORT_COLUMNS];
    struct columns *out;
};

/* The column with that heading which no other field has; NO_COLUMN without one; `*twice` when two
 * have it. */
static uint32_t column_of(const struct finder *f, struct text key, bool *twice)
{
    uint32_t found = NO_COLUMN;
    for (uint32_t i = 0; key.n && i < f->row->n_cells; i++) {
        if (!f->taken[i] && text_equal(key_text(&f->keys[i]), key)) {
            *twice = found != NO_COLUMN;
            found = found == NO_COLUMN ? i : found;
        }
    }
    return found;
}

/* Try each alternative of `list`, as keys; the first with a column wins. */
static uint32_t first_of(const struct finder *f, struct text list, bool *twice)
{
    uint32_t found = NO_COLUMN;
    while (list.n && found == NO_COLUMN) {
        struct key k = key_of(text_cut(list, '|', &list));
        found = column_of(f, key_text(&k), twice);
    }
    return found;
}

/* What the policy says of a field. False when it says nothing; an empty heading means "no such
 * column". */
static bool mapped(const struct policy *p, const char *field, struct text *out)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        if (text_equal(p->columns[i].field, text_of(field))) {
            *out = p->columns[i].header;
            return true;
        }
    }
    return false;
}

/* What stops a row from being the heading row of a file that is understood; the first trouble
 * counts. */
struct trouble {
    const char *field; /* a consent column that the policy names and the file lacks */
    struct text header;
    uint32_t twice; /* a column whose heading stands there twice */
};

static void take_columns(struct finder *f, struct trouble *trouble)
{
    for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
        const struct field_row *row = &FIELDS[i];
        struct text said = TEXT_NONE;
        bool twice = false;
        bool switched_off = mapped(f->policy, row->name, &said) && !said.n;
        uint32_t at = first_of(f, said, &twice);
        if (at == NO_COLUMN && !switched_off) {
            at = first_of(f, text_of(row->synonyms), &twice);
        }
        if (twice && trouble->twice == NO_COLUMN) {
            trouble->twice = at;
        }
        if (at == NO_COLUMN && said.n && is_pupil_consent(row->field) && !trouble->field) {
            trouble->field = row->name;
            trouble->header = said;
        }
        f->out->at[row->field] = at;
        if (at != NO_COLUMN) {
            f->taken[at] = true;
            f->out->n_found++;
            if (at + 1 > f->out->n_needed) {
                f->out->n_needed = at + 1;
            }
        }
    }
}

static bool has(const struct columns *c, enum field f)
{
    return c->at[f] != NO_COLUMN;
}

static bool has_pupil_consent(const struct columns *c)
{
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES; p++) {
        if (has(c, (enum field)(FIELD_CONSENT + p))) {
            return true;
        }
    }
    return false;
}

/* A heading row names people and at least one other thing we know. */
static bool is_heading(struct columns *c)
{
    bool names =
        has(c, FIELD_NAME) || (has(c, FIELD_LEGAL_FORENAME) && has(c, FIELD_LEGAL_SURNAME));
    bool pupil = has(c, FIELD_UPN) || has(c, FIELD_ADMISSION_NO) || has(c, FIELD_DATE_OF_BIRTH) ||
                 has(c, FIELD_YEAR_GROUP) || has(c, FIELD_REG_GROUP) ||
                 has(c, FIELD_DO_NOT_PUBLISH) || has_pupil_consent(c);
    bool staff = has(c, FIELD_ROLE) || has(c, FIELD_TITLE) || has(c, FIELD_STAFF_CONSENT);
    c->staff = staff && !pupil;
    return names && (pupil || staff);
}

static enum status judge(const struct finder *f, const struct trouble *t, struct err *err)
{
    const struct columns *c = f->out;
    if (t->twice != NO_COLUMN) {
        return err_set(err, STATUS_FORMAT, "line %u: two columns have the heading of column %u",
                       (unsigned)f->row->line, (unsigned)t->twice + 1);
    }
    if (c->staff) {
        return STATUS_OK;
    }
    if (t->field) {
        return err_set(err, STATUS_FORMAT,
                       "line %u: no column '%.*s', which the policy's [import] gives for %s",
                       (unsigned)f->row->line, (int)(t->header.n < 100 ? t->header.n : 100),
                       t->header.at, t->field);
    }
    if (!has_pupil_consent(c)) {
        return err_set(err, STATUS_FORMAT,
                       "line %u: the policy's [import] maps no consent column: say which heading "
                       "is photo_website and so on",
                       (unsigned)f->row->line);
    }
    if (!has(c, FIELD_DO_NOT_PUBLISH)) {
        return err_set(err, STATUS_FORMAT,
                       "line %u: no column 'do_not_publish': add one, blank where nobody is "
                       "listed, or name yours in the policy's [import]",
                       (unsigned)f->row->line);
    }
    return STATUS_OK;
}

/* Read row `i` as headings. True if it is a heading row. */
static bool try_row(struct finder *f, const struct table *t, size_t i, struct columns *c,
                    struct trouble *trouble)
{
    const struct table_row *row = &t->rows[i];
    *c = (struct columns){.heading = i, .n_headings = row->n_cells};
    *trouble = (struct trouble){.field = NULL, .twice = NO_COLUMN};
    for (size_t k = 0; k < N_FIELDS; k++) {
        c->at[k] = NO_COLUMN;
    }
    f->row = row;
    f->out = c;
    memset(f->taken, 0, sizeof f->taken);
    for (uint32_t k = 0; k < row->n_cells; k++) {
        f->keys[k] = key_of(row->cells[k]);
    }
    take_columns(f, trouble);
    return is_heading(c);
}

size_t columns_score(const struct table *t, const struct policy *policy)
{
    struct finder f = {.policy = policy};
    struct columns c;
    struct trouble trouble;
    for (size_t i = 0; i < t->n_rows && i < HEADINGS_WITHIN_ROWS; i++) {
        if (try_row(&f, t, i, &c, &trouble)) {
            return c.n_found;
        }
    }
    return 0;
}

enum status columns_find(const struct table *t, const struct policy *policy, struct columns *out,
                         bool *found, struct err *err)
{
    struct finder f = {.policy = policy};
    struct columns c;
    struct trouble trouble;
    *found = false;
    for (size_t i = 0; i < t->n_rows && i < HEADINGS_WITHIN_ROWS; i++) {
        if (try_row(&f, t, i, &c, &trouble)) {
            *found = true;
            enum status st = judge(&f, &trouble, err);
            if (st == STATUS_OK) {
                *out = c;
            }
            return st;
        }
    }
    return STATUS_OK;
}

/* Columns whose very presence in an export is more than photogate may hold. */
static const char *const SENSITIVE[] = {
    "lookedafter",
    "lookedafterchild",
    "incare",
    "lac",
    "cla",
    "sen",
    "senstatus",
    "sendstatus",
    "fsm",
    "freemeals",
    "freeschoolmeals",
    "pupilpremium",
    "ethnicity",
    "religion",
    "medical",
    "medicalnotes",
    "medicalconditions",
    "safeguarding",
    "childprotection",
    "adopted",
    "nationality",
    "firstlanguage",
    "eal",
    "servicechild",
    "postcode",
    "address",
};

const char *column_note(const struct table *t, const struct columns *c, uint32_t i)
{
    for (size_t k = 0; k < N_FIELDS; k++) {
        if (c->at[k] == i) {
            return NULL;
        }
    }
    struct key k = key_of(t->rows[c->heading].cells[i]);
    struct text key = key_text(&k);
    for (size_t at = 0; at + 6 <= key.n; at++) {
        if (text_equal(text_slice(key, at, 6), TEXT("reason"))) {
            return "reasons are never stored";
        }
    }
    for (size_t s = 0; s < COUNT_OF(SENSITIVE); s++) {
        if (text_equal_nocase(key, text_of(SENSITIVE[s]))) {
            return "photogate does not need it: leave it out of the export";
        }
    }
    if (!c->staff &&
        (text_starts_with(key, TEXT("photo")) || text_starts_with(key, TEXT("consent")) ||
         text_ends_with_nocase(key, TEXT("consent")))) {
        return "if it holds a consent, map it in the policy's [import]";
    }
    return NULL;
}
