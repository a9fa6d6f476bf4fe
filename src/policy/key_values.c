/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/profile_keys.h"

#include <string.h>

#include "photogate/roles.h"

/* One setting on its way into the draft, with what a message about it needs. */
struct placing {
    struct draft *draft;
    const struct settings *file;
    const struct setting *setting;
    const struct key_row *row;
    void *home; /* the struct that row->offset counts from; NULL = check only */
    struct err *err;
};

_Static_assert(sizeof(enum name_policy) == sizeof(unsigned), "enums are stored as unsigned");

enum status draft_init(struct draft *d, struct arena *a, struct err *err)
{
    size_t n_fields;
    (void)import_fields(&n_fields);
    *d = (struct draft){.arena = a};
    d->policy = arena_alloc(a, 1, sizeof *d->policy);
    d->channels = arena_alloc(a, MAX_POLICY_CHANNELS, sizeof *d->channels);
    d->columns = arena_alloc(a, n_fields, sizeof *d->columns);
    d->clauses = arena_alloc(a, MAX_POLICY_SETTINGS, sizeof *d->clauses);
    d->origins = arena_alloc(a, MAX_POLICY_SETTINGS, sizeof *d->origins);
    d->approvals = arena_alloc(a, MAX_POLICY_ANCESTORS + 2, sizeof *d->approvals);
    if (!d->policy || !d->channels || !d->columns || !d->clauses || !d->origins || !d->approvals) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    /* Zero refuses for most fields; for these it would allow. */
    struct policy *p = d->policy;
    p->untagged = p->unknown_tag = p->ambiguous_tag = p->unnamed_region = TAGS_REJECT;
    p->third_party_rights_hold = true;
    p->require_confinement = true;
    p->require_high_face_assurance = true;
    for (int i = 0; i < N_PURPOSES; i++) {
        p->purposes[i] = (struct purpose_policy){
            .written_only = true, .max_age_months = 1, .any_refusal_wins = true};
    }
    return STATUS_OK;
}

static enum status bad_value(const struct placing *at, const char *expected)
{
    struct text v = at->setting->value;
    bool shown = v.n <= 48 && !memchr(v.n ? v.at : "", '\n', v.n);
    return err_set(at->err, STATUS_FORMAT, "%.*s:%u: %.*s = %.*s: expected %s",
                   TEXT_ARG(at->file->shown), (unsigned)at->setting->line,
                   TEXT_ARG(at->setting->key), shown ? (int)v.n : 3, shown && v.n ? v.at : "...",
                   expected);
}

static enum status no_memory(const struct placing *at)
{
    return err_set(at->err, STATUS_NOMEM, "out of memory");
}

/* Where the value goes, or NULL when it is only checked. */
static void *field_at(const struct placing *at, size_t offset)
{
    return at->home ? (char *)at->home + offset : NULL;
}

static enum status place_choice(const struct placing *at)
{
    char expected[96] = "one of: ";
    for (const struct key_choice *c = at->row->choices; c->name; c++) {
        if (text_equal(at->setting->value, text_of(c->name))) {
            void *field = field_at(at, at->row->offset);
            if (field && at->row->type == KEY_BOOL) {
                const bool on = c->value != 0;
                memcpy(field, &on, sizeof on);
            } else if (field) {
                memcpy(field, &c->value, sizeof c->value);
            }
            return STATUS_OK;
        }
        size_t used = strlen(expected);
        struct text name = text_of(c->name);
        struct text comma = c[1].name ? TEXT(", ") : TEXT_NONE;
        if (used + name.n + comma.n < sizeof expected) {
            memcpy(expected + used, name.at, name.n);
            memcpy(expected + used + name.n, comma.n ? comma.at : "", comma.n);
            expected[used + name.n + comma.n] = '\0';
        }
    }
    return bad_value(at, expected);
}

static enum status place_number(const struct placing *at)
{
    uint64_t number;
    unsigned least = (unsigned)at->row->offset_n;
    if (!text_to_number(at->setting->value, at->row->max, &number) || (number && number < least)) {
        struct buffer words;
        buffer_init(&words, 64);
        buffer_format(&words, "a whole number from %u to %u%s", least, (unsigned)at->row->max,
                      least ? ", or 0" : "");
        buffer_add_byte(&words, '\0');
        enum status st =
            bad_value(at, words.failed == STATUS_OK ? (const char *)words.at : "a whole number");
        buffer_release(&words);
        return st;
    }
    uint32_t *field = field_at(at, at->row->offset);
    if (field) {
        *field = (uint32_t)number;
    }
    return STATUS_OK;
}

/* A copy of the value on one line. */
static enum status one_line(const struct placing *at, struct text *out)
{
    struct text t = at->setting->value;
    char *copy = arena_alloc(at->draft->arena, t.n + 1, 1);
    if (!copy) {
        return no_memory(at);
    }
    for (size_t i = 0; i < t.n; i++) {
        copy[i] = t.at[i] == '\n' || t.at[i] == '\t' ? ' ' : t.at[i];
    }
    *out = (struct text){copy, t.n};
    return STATUS_OK;
}

static enum status place_text(const struct placing *at)
{
    struct text *field = field_at(at, at->row->offset);
    return field ? one_line(at, field) : STATUS_OK;
}

static enum status place_date(const struct placing *at)
{
    struct date day;
    if (!date_parse_iso(at->setting->value, &day)) {
        return bad_value(at, "a day as YYYY-MM-DD");
    }
    struct date *field = field_at(at, at->row->offset);
    if (field) {
        *field = day;
    }
    return STATUS_OK;
}

/* The 29th of February comes every fourth year only, so it is no day a consent could end with. */
static enum status place_year_day(const struct placing *at)
{
    struct text t = at->setting->value, rest;
    uint64_t month = 0, day = 0;
    struct date any;
    if (t.n) {
        struct text first = text_cut(t, '-', &rest);
        bool told = t.n == 5 && first.n == 2 && text_to_number(first, 12, &month) &&
                    text_to_number(rest, 31, &day) && date_make(2025, (int)month, (int)day, &any);
        if (!told) {
            return bad_value(at, "a day of the year as MM-DD, 08-31, or nothing");
        }
    }
    uint32_t *field = field_at(at, at->row->offset);
    if (field) {
        *field = (uint32_t)(month * 100 + day);
    }
    return STATUS_OK;
}

/* The next item of a list separated by commas or lines; empty when there is none. */
static struct text next_item(struct text *rest)
{
    while (rest->n) {
        size_t n = 0;
        while (n < rest->n && rest->at[n] != ',' && rest->at[n] != '\n') {
            n++;
        }
        struct text item = text_trim(text_slice(*rest, 0, n));
        *rest = text_slice(*rest, n + 1, rest->n);
        if (item.n) {
            return item;
        }
    }
    return TEXT_NONE;
}

static enum status place_list(const struct placing *at)
{
    size_t n = 0;
    struct text rest = at->setting->value;
    while (next_item(&rest).n) {
        n++;
    }
    if (n > MAX_POLICY_LIST) {
        return err_set(at->err, STATUS_LIMIT, "%.*s:%u: %.*s: more than %u values",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line,
                       TEXT_ARG(at->setting->key), MAX_POLICY_LIST);
    }
    struct text *items = arena_alloc(at->draft->arena, n, sizeof *items);
    if (!items) {
        return no_memory(at);
    }
    /* The setting's value is in the file's arena, which is the draft's: items may point into it. */
    rest = at->setting->value;
    for (size_t i = 0; i < n; i++) {
        items[i] = next_item(&rest);
    }
    const struct text **field = field_at(at, at->row->offset);
    size_t *count = field_at(at, at->row->offset_n);
    if (field && count) {
        *field = items;
        *count = n;
    }
    return STATUS_OK;
}

static enum status place_purposes(const struct placing *at)
{
    static const char EXPECTED[] =
        "a list with at least one of: website, social_media, press, displays "
        "(name_with_photo may stand beside them)";
    bool needs[N_PURPOSES] = {false};
    bool for_pictures = false;
    struct text rest = at->setting->value;
    for (struct text item = next_item(&rest); item.n; item = next_item(&rest)) {
        enum purpose p = purpose_from_name(item);
        if (p == PURPOSE_UNKNOWN) {
            return bad_value(at, EXPECTED);
        }
        needs[p] = true;
        for_pictures = for_pictures || p != PURPOSE_NAME_WITH_PHOTO;
    }
    /* A channel that needs no consent would publish without one. */
    if (!for_pictures) {
        return bad_value(at, EXPECTED);
    }
    void *field = field_at(at, at->row->offset);
    if (field) {
        memcpy(field, needs, sizeof needs);
    }
    return STATUS_OK;
}

/* The office hands photos in: it cannot be the second to look. */
static enum status place_roles(const struct placing *at)
{
    unsigned roles = 0;
    struct text rest = at->setting->value;
    for (struct text item = next_item(&rest); item.n; item = next_item(&rest)) {
        enum role r = role_from_name(item);
        if (r == ROLE_NONE || !(ROLES_THAT_LOOK & ROLE_BIT(r))) {
            return bad_value(at, "a list of: senior, head, dpo; or nothing, for any of them");
        }
        roles |= ROLE_BIT(r);
    }
    unsigned *field = field_at(at, at->row->offset);
    if (field) {
        *field = roles;
    }
    return STATUS_OK;
}

/* Whether something stands on either side of each '|'. */
static bool headings_are_whole(struct text t)
{
    size_t from = 0;
    for (size_t i = 0; t.n && i <= t.n; i++) {
        if (i == t.n || t.at[i] == '|') {
            if (text_trim(text_slice(t, from, i - from)).n == 0) {
                return false;
            }
            from = i + 1;
        }
    }
    return true;
}

static enum status place_column(const struct placing *at)
{
    size_t n, i = 0;
    const char *const *fields = import_fields(&n);
    while (i < n && !text_equal(at->setting->key, text_of(fields[i]))) {
        i++;
    }
    if (i == n) {
        return err_set(at->err, STATUS_FORMAT,
                       "%.*s:%u: unknown import field \"%.*s\", expected one of those of the "
                       "templates: upn, admission_no, legal_forename, photo_website, ...",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line,
                       TEXT_ARG(text_slice(at->setting->key, 0, 64)));
    }
    if (!headings_are_whole(at->setting->value)) {
        return bad_value(at, "headings with '|' between, or nothing for no such column");
    }
    at->draft->columns[i].field = text_of(fields[i]);
    return one_line(at, &at->draft->columns[i].header);
}

/* "people.untagged", "consent.website.written_only", or "consent.written_only" for every purpose.
 */
static bool clause_key_is_known(struct text key)
{
    size_t n;
    const struct key_row *rows = key_rows(&n);
    size_t dot = key.n;
    while (dot > 0 && key.at[dot - 1] != '.') {
        dot--;
    }
    if (dot < 2) {
        return false;
    }
    struct text section = text_slice(key, 0, dot - 1), last = text_slice(key, dot, key.n);
    for (size_t i = 0; i < n; i++) {
        struct text want = text_of(rows[i].section);
        if (rows[i].home == HOME_SCHOOL || !text_equal(text_of(rows[i].key), last)) {
            continue;
        }
        bool family = rows[i].home == HOME_PURPOSE || rows[i].home == HOME_CHANNEL;
        if (text_equal(section, family ? text_slice(want, 0, want.n - 2) : want)) {
            return true;
        }
        if (family && text_starts_with(section, text_slice(want, 0, want.n - 1))) {
            struct text name = text_slice(section, want.n - 1, section.n);
            return rows[i].home == HOME_CHANNEL ? name.n > 0
                                                : purpose_from_name(name) != PURPOSE_UNKNOWN;
        }
    }
    return false;
}

static enum status place_clause(const struct placing *at)
{
    struct draft *d = at->draft;
    if (!clause_key_is_known(at->setting->key)) {
        return err_set(at->err, STATUS_FORMAT,
                       "%.*s:%u: [clauses] \"%.*s\" is no key of a profile, expected "
                       "section.key, for example people.untagged",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line,
                       TEXT_ARG(text_slice(at->setting->key, 0, 64)));
    }
    size_t i = 0;
    while (i < d->n_clauses && !text_equal(d->clauses[i].field, at->setting->key)) {
        i++;
    }
    if (i == MAX_POLICY_SETTINGS) {
        return err_set(at->err, STATUS_LIMIT, "%.*s:%u: more than %u clauses",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line, MAX_POLICY_SETTINGS);
    }
    d->n_clauses += i == d->n_clauses;
    d->clauses[i].field = at->setting->key;
    return one_line(at, &d->clauses[i].header);
}

static bool is_channel_name(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
            return false;
        }
    }
    return t.n >= 1 && t.n <= 32;
}

/* The channel of a section "channel.NAME", a new one when it is not there yet. */
static enum status find_channel(struct placing *at)
{
    struct draft *d = at->draft;
    struct text name = text_slice(at->setting->section, sizeof "channel." - 1, SIZE_MAX);
    if (!is_channel_name(name)) {
        return err_set(at->err, STATUS_FORMAT,
                       "%.*s:%u: [%.*s]: a channel's name is 1 to 32 small letters, digits, '_' "
                       "or '-'",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line,
                       TEXT_ARG(at->setting->section));
    }
    size_t i = 0;
    while (i < d->n_channels && !text_equal(d->channels[i].name, name)) {
        i++;
    }
    if (i == MAX_POLICY_CHANNELS) {
        return err_set(at->err, STATUS_LIMIT, "%.*s:%u: more than %u channels",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line, MAX_POLICY_CHANNELS);
    }
    if (i == d->n_channels) {
        d->channels[i].name = name;
        d->channels[i].title = name;
        d->n_channels++;
    }
    at->home = &d->channels[i];
    return STATUS_OK;
}

static enum status find_purpose(struct placing *at)
{
    struct text name = text_slice(at->setting->section, sizeof "consent." - 1, SIZE_MAX);
    enum purpose p = purpose_from_name(name);
    if (p == PURPOSE_UNKNOWN) {
        return err_set(at->err, STATUS_FORMAT,
                       "%.*s:%u: [%.*s]: expected one of: consent.website, consent.social_media, "
                       "consent.press, consent.displays, consent.name_with_photo",
                       TEXT_ARG(at->file->shown), (unsigned)at->setting->line,
                       TEXT_ARG(at->setting->section));
    }
    at->home = &at->draft->policy->purposes[p];
    return STATUS_OK;
}

static enum status find_home(struct placing *at)
{
    switch (at->row->home) {
    case HOME_PROFILE:
    case HOME_POLICY:
        at->home = at->draft->policy;
        return STATUS_OK;
    case HOME_PURPOSE:
        return find_purpose(at);
    case HOME_CHANNEL:
        return find_channel(at);
    case HOME_SCHOOL:
        at->home = at->draft->school;
        return STATUS_OK;
    case HOME_UNKNOWN:
        break;
    }
    return err_set(at->err, STATUS_BUG, "a key without a home");
}

/* Remember where the setting stands; of several files the last counts. */
static enum status note_origin(const struct placing *at)
{
    struct draft *d = at->draft;
    const struct setting *s = at->setting;
    size_t i = 0;
    while (i < d->n_origins && !(text_equal(d->origins[i].key, s->key) &&
                                 text_equal(d->origins[i].section, s->section))) {
        i++;
    }
    if (i == MAX_POLICY_SETTINGS) {
        return err_set(at->err, STATUS_LIMIT, "%.*s:%u: more than %u settings",
                       TEXT_ARG(at->file->shown), (unsigned)s->line, MAX_POLICY_SETTINGS);
    }
    d->n_origins += i == d->n_origins;
    d->origins[i] = (struct origin){s->section, s->key, at->file, s->line};
    return STATUS_OK;
}

enum status key_apply(struct draft *d, const struct settings *file, const struct setting *s,
                      const struct key_row *row, struct err *err)
{
    struct placing at = {.draft = d, .file = file, .setting = s, .row = row, .err = err};
    enum status st = find_home(&at);
    if (st == STATUS_OK && row->type != KEY_CLAUSE) {
        st = note_origin(&at);
    }
    if (st != STATUS_OK) {
        return st;
    }
    switch (row->type) {
    case KEY_NONE:
        return STATUS_OK;
    case KEY_BOOL:
    case KEY_ENUM:
        return place_choice(&at);
    case KEY_NUMBER:
        return place_number(&at);
    case KEY_TEXT:
        return place_text(&at);
    case KEY_LIST:
        return place_list(&at);
    case KEY_DATE:
        return place_date(&at);
    case KEY_YEAR_DAY:
        return place_year_day(&at);
    case KEY_PURPOSES:
        return place_purposes(&at);
    case KEY_ROLES:
        return place_roles(&at);
    case KEY_COLUMN:
        return place_column(&at);
    case KEY_CLAUSE:
        return place_clause(&at);
    }
    return err_set(err, STATUS_BUG, "a key without a type");
}
