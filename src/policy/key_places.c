/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a policy one by one, with their channels and purposes: to print it, to compare it. */
#include <assert.h>
#include <string.h>

#include "photogate/roles.h"
#include "policy/profile_keys.h"

static bool same_section(const struct key_row *a, const struct key_row *b)
{
    return a->home == b->home && strcmp(a->section, b->section) == 0;
}

/* How many channels, purposes or import fields a section's rows are about, and their names. */
static size_t n_names(const struct policy *p, const struct key_row *row)
{
    switch (row->home) {
    case HOME_POLICY:
        return row->type == KEY_COLUMN ? p->n_columns : row->type == KEY_CLAUSE ? 0 : 1;
    case HOME_PURPOSE:
        return N_PURPOSES - 1;
    case HOME_CHANNEL:
        return p->n_channels;
    case HOME_UNKNOWN:
    case HOME_PROFILE:
    case HOME_SCHOOL:
        break;
    }
    return 0;
}

static struct text name_at(const struct policy *p, const struct key_row *row, size_t i)
{
    if (row->home == HOME_PURPOSE) {
        return text_of(purpose_name((enum purpose)(i + 1)));
    }
    if (row->home == HOME_CHANNEL) {
        return p->channels[i].name;
    }
    return row->type == KEY_COLUMN ? p->columns[i].field : TEXT_NONE;
}

/* Append the places of the rows [from, to), which are one section's; the number there are. */
static size_t section_places(const struct policy *p, const struct key_row *rows, size_t from,
                             size_t to, struct key_place *out)
{
    size_t n = 0;
    for (size_t name = 0; name < n_names(p, &rows[from]); name++) {
        for (size_t i = from; i < to; i++, n++) {
            if (out) {
                out[n] = (struct key_place){&rows[i], name_at(p, &rows[i], name)};
            }
        }
    }
    return n;
}

static size_t all_places(const struct policy *p, struct key_place *out)
{
    size_t n_rows, n = 0, to;
    const struct key_row *rows = key_rows(&n_rows);
    for (size_t from = 0; from < n_rows; from = to) {
        for (to = from + 1; to < n_rows && same_section(&rows[from], &rows[to]); to++) {
        }
        n += section_places(p, rows, from, to, out ? out + n : NULL);
    }
    return n;
}

enum status key_places(const struct policy *p, struct arena *a, struct key_place **out, size_t *n,
                       struct err *err)
{
    size_t wanted = all_places(p, NULL);
    struct key_place *places = arena_alloc(a, wanted, sizeof *places);
    if (!places) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    *n = all_places(p, places);
    assert(*n == wanted);
    *out = places;
    return STATUS_OK;
}

static enum status keep(struct buffer *b, struct arena *a, struct text *out, struct err *err)
{
    enum status st = buffer_status(b, err);
    struct bytes v = buffer_view(b);
    if (st == STATUS_OK && !arena_dup(a, (struct text){(const char *)v.at, v.n}, out)) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
    }
    buffer_release(b);
    return st;
}

/* "channel.website" of "channel.*". */
static void section_of(struct buffer *b, const struct key_place *place)
{
    struct text section = text_of(place->row->section);
    if (text_ends_with_nocase(section, TEXT(".*"))) {
        buffer_format(b, "%.*s%.*s", (int)(section.n - 1), section.at, TEXT_ARG(place->name));
    } else {
        buffer_add(b, section.at, section.n);
    }
}

static struct text key_of(const struct key_place *place)
{
    return place->row->type == KEY_COLUMN ? place->name : text_of(place->row->key);
}

enum status key_place_name(const struct key_place *place, struct arena *a, struct text *out,
                           struct err *err)
{
    struct buffer b;
    buffer_init(&b, 256);
    section_of(&b, place);
    buffer_format(&b, ".%.*s", TEXT_ARG(key_of(place)));
    return keep(&b, a, out, err);
}

const struct origin *draft_origin(const struct draft *d, const struct key_place *place)
{
    struct text pattern = text_of(place->row->section), key = key_of(place);
    bool family = text_ends_with_nocase(pattern, TEXT(".*"));
    for (size_t i = 0; i < d->n_origins; i++) {
        const struct origin *o = &d->origins[i];
        struct text prefix = text_slice(pattern, 0, family ? pattern.n - 1 : pattern.n);
        struct text rest = text_slice(o->section, prefix.n, SIZE_MAX);
        if (text_equal(o->key, key) && text_starts_with(o->section, prefix) &&
            text_equal(rest, family ? place->name : TEXT_NONE)) {
            return o;
        }
    }
    return NULL;
}

const void *key_home(const struct policy *p, const struct key_place *place)
{
    if (place->row->home == HOME_PURPOSE) {
        return &p->purposes[purpose_from_name(place->name)];
    }
    if (place->row->home == HOME_CHANNEL) {
        return policy_channel(p, place->name);
    }
    return p;
}

static const void *field(const void *home, size_t offset)
{
    return (const char *)home + offset;
}

static const struct key_choice *choice_at(const void *home, const struct key_row *row)
{
    unsigned value = 0;
    bool on = false;
    if (row->type == KEY_BOOL) {
        memcpy(&on, field(home, row->offset), sizeof on);
        value = on;
    } else {
        memcpy(&value, field(home, row->offset), sizeof value);
    }
    const struct key_choice *c = row->choices;
    while (c->name && c->value != value) {
        c++;
    }
    assert(c->name);
    return c;
}

static struct text heading_at(const struct policy *p, struct text name)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        if (text_equal(p->columns[i].field, name)) {
            return p->columns[i].header;
        }
    }
    return TEXT_NONE;
}

/* Nothing said is everybody who may look. */
static unsigned roles_at(const void *home, const struct key_row *row)
{
    unsigned roles = *(const unsigned *)field(home, row->offset);
    return roles ? roles : ROLES_THAT_LOOK;
}

static void add_item(struct buffer *b, struct text item)
{
    buffer_format(b, "%s%.*s", b->n ? ", " : "", TEXT_ARG(item));
}

static void add_list(struct buffer *b, const struct key_row *row, const void *home)
{
    const struct text *const *items = field(home, row->offset);
    const size_t *n = field(home, row->offset_n);
    for (size_t i = 0; i < *n; i++) {
        add_item(b, (*items)[i]);
    }
}

static void add_purposes(struct buffer *b, const bool *needs)
{
    for (int i = PURPOSE_UNKNOWN + 1; i < N_PURPOSES; i++) {
        if (needs[i]) {
            add_item(b, text_of(purpose_name((enum purpose)i)));
        }
    }
}

static void add_roles(struct buffer *b, unsigned roles)
{
    for (int i = ROLE_NONE + 1; i < N_ROLES; i++) {
        if (roles & ROLE_BIT(i)) {
            add_item(b, text_of(role_name((enum role)i)));
        }
    }
}

static void add_value(struct buffer *b, const struct policy *p, const struct key_place *place,
                      const void *home)
{
    const struct key_row *row = place->row;
    char day[DATE_TEXT_BYTES];
    uint32_t number = 0;
    if (row->type == KEY_NUMBER || row->type == KEY_YEAR_DAY) {
        memcpy(&number, field(home, row->offset), sizeof number);
    }
    switch (row->type) {
    case KEY_BOOL:
    case KEY_ENUM:
        buffer_add_cstr(b, choice_at(home, row)->name);
        return;
    case KEY_NUMBER:
        buffer_format(b, "%u", number);
        return;
    case KEY_TEXT:
        add_item(b, *(const struct text *)field(home, row->offset));
        return;
    case KEY_LIST:
        add_list(b, row, home);
        return;
    case KEY_DATE:
        buffer_add_cstr(b, date_format(*(const struct date *)field(home, row->offset), day));
        return;
    case KEY_YEAR_DAY:
        if (number) {
            buffer_format(b, "%02u-%02u", number / 100, number % 100);
        }
        return;
    case KEY_PURPOSES:
        add_purposes(b, field(home, row->offset));
        return;
    case KEY_ROLES:
        add_roles(b, roles_at(home, row));
        return;
    case KEY_COLUMN:
        add_item(b, heading_at(p, place->name));
        return;
    case KEY_NONE:
    case KEY_CLAUSE:
        return;
    }
}

enum status key_value(const struct policy *p, const struct key_place *place, struct arena *a,
                      struct text *out, struct err *err)
{
    struct buffer b;
    const void *home = key_home(p, place);
    buffer_init(&b, (size_t)2 * MAX_POLICY_BYTES);
    if (home) {
        add_value(&b, p, place, home);
    }
    return keep(&b, a, out, err);
}

static enum policy_change by_rank(uint64_t was, uint64_t now)
{
    return now > was ? POLICY_LOOSER : now < was ? POLICY_STRICTER : POLICY_OTHER;
}

/* 0 is no limit where the row says so. */
static uint64_t number_rank(const struct key_row *row, const void *home)
{
    uint32_t n = *(const uint32_t *)field(home, row->offset);
    return n == 0 && row->looser == LOOSER_MORE_OR_ZERO ? UINT64_MAX : n;
}

static enum policy_change purposes_change(const bool *was, const bool *now)
{
    bool more = false;
    for (int i = 0; i < N_PURPOSES; i++) {
        if (was[i] && !now[i]) {
            return POLICY_LOOSER;
        }
        more = more || (now[i] && !was[i]);
    }
    return more ? POLICY_STRICTER : POLICY_OTHER;
}

static enum policy_change value_change(const struct key_row *row, const void *was, const void *now)
{
    switch (row->type) {
    case KEY_BOOL:
    case KEY_ENUM:
        return by_rank(choice_at(was, row)->looseness, choice_at(now, row)->looseness);
    case KEY_NUMBER:
        return row->looser == LOOSER_NONE ? POLICY_OTHER
                                          : by_rank(number_rank(row, was), number_rank(row, now));
    case KEY_YEAR_DAY:
        return number_rank(row, now) == 0   ? POLICY_LOOSER
               : number_rank(row, was) == 0 ? POLICY_STRICTER
                                            : POLICY_OTHER;
    case KEY_ROLES:
        return roles_at(now, row) & ~roles_at(was, row) ? POLICY_LOOSER : POLICY_STRICTER;
    case KEY_PURPOSES:
        return purposes_change(field(was, row->offset), field(now, row->offset));
    case KEY_NONE:
    case KEY_TEXT:
    case KEY_LIST:
    case KEY_DATE:
    case KEY_COLUMN:
    case KEY_CLAUSE:
        break;
    }
    return POLICY_OTHER;
}

/* Columns that only ever take somebody out. A school whose export has no such column need not say
 * so; one that has it and does not read it publishes whom it should not. */
static bool column_protects(struct text name)
{
    static const char *const FIELDS[] = {"do_not_publish", "child_objection", "consent_expiry",
                                         "on_roll", "date_of_leaving"};
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        if (text_equal(name, text_of(FIELDS[i]))) {
            return true;
        }
    }
    return false;
}

static bool same_text(const struct policy *was, const struct policy *now,
                      const struct key_place *place, const void *a, const void *b)
{
    struct buffer x, y;
    buffer_init(&x, (size_t)2 * MAX_POLICY_BYTES);
    buffer_init(&y, (size_t)2 * MAX_POLICY_BYTES);
    add_value(&x, was, place, a);
    add_value(&y, now, place, b);
    bool same = x.failed == STATUS_OK && y.failed == STATUS_OK &&
                bytes_equal(buffer_view(&x), buffer_view(&y));
    buffer_release(&x);
    buffer_release(&y);
    return same;
}

bool key_change(const struct policy *was, const struct policy *now, const struct key_place *place,
                enum policy_change *change)
{
    static const struct channel_policy CLOSED = {0};
    const void *a = key_home(was, place), *b = key_home(now, place);
    bool about_channel = place->row->home == HOME_CHANNEL;
    const void *from = a ? a : &CLOSED, *to = b ? b : &CLOSED;
    assert(about_channel || (a && b));
    if (a && b && same_text(was, now, place, a, b)) {
        return false;
    }
    *change = value_change(place->row, from, to);
    if (place->row->type == KEY_COLUMN && column_protects(place->name) &&
        heading_at(now, place->name).n == 0) {
        *change = POLICY_LOOSER;
    }
    if (!about_channel) {
        return true;
    }
    /* Of a channel that only one has, what counts is whether it is open; and nothing goes to a
     * closed one, whatever else is said of it. */
    bool is_official = place->row->offset == offsetof(struct channel_policy, official);
    if ((!is_official && !(a && b)) ||
        (*change == POLICY_LOOSER && !((const struct channel_policy *)to)->official)) {
        *change = POLICY_OTHER;
    }
    return true;
}
