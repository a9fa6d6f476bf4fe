/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/look_for.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LIST_BYTES = 4 * 1024 * 1024, MAX_CELLS = 64, MAX_LINE_BYTES = 64 * 1024 };
enum { SHEET_MEMORY_BYTES = 1024 * 1024 * 1024 };

/* A sheet under way. */
struct making {
    const struct home *home;
    const struct sheet_options *options;
    struct sheet_made *made;
    struct snapshot people;
    struct person_index *index;
    bool *chosen; /* of each person of the register */
    struct text *unread;
    size_t n_unread, cap_unread;
    struct err *err;
};

static enum status no_memory(struct making *m)
{
    return err_set(m->err, STATUS_NOMEM, "out of memory while making the sheet");
}

/* ---- classes -----------------------------------------------------------------------------------
 */

/* Whoever of a class is not on the sheet is taken for somebody who may be shown: only those who are
 * known to have left are left out. */
static bool is_on_sheet(const struct person *p)
{
    return p->kind == PERSON_PUPIL && p->on_roll != KNOWN_NO;
}

static enum status choose_group(struct making *m, struct text group)
{
    size_t found = 0;
    for (size_t i = 0; i < m->people.n_people; i++) {
        const struct person *p = &m->people.people[i];
        bool in = false;
        enum status st = is_on_sheet(p) ? person_in_group(p, group, &in, m->err) : STATUS_OK;
        if (st != STATUS_OK) {
            return st;
        }
        m->chosen[i] = m->chosen[i] || in;
        found += in;
    }
    if (found == 0) {
        struct buffer shown;
        buffer_init(&shown, 4096);
        text_print(&shown, text_slice(group, 0, 100));
        (void)err_set(m->err, STATUS_USAGE, "no pupil on the register is in class or year \"%.*s\"",
                      (int)shown.n, shown.at ? (const char *)shown.at : "");
        buffer_release(&shown);
    }
    return found ? STATUS_OK : STATUS_USAGE;
}

static void choose_everybody(struct making *m)
{
    for (size_t i = 0; i < m->people.n_people; i++) {
        m->chosen[i] = is_on_sheet(&m->people.people[i]);
    }
}

/* ---- lists -------------------------------------------------------------------------------------
 */

static enum status who_is(struct making *m, struct text name, uint32_t *person)
{
    struct tag tag = {.kind = TAG_STATED, .name = name};
    enum status st = resolve_people(m->index, &tag, 1, m->err);
    *person = st == STATUS_OK && tag.resolution == RESOLVED_PERSON ? tag.person : NO_PERSON;
    return st;
}

/* The cells of a line, whatever parts them; quotes off. Within quotes a comma parts nothing. */
static size_t cells_of(struct text line, struct text cells[MAX_CELLS])
{
    size_t n = 0, from = 0;
    bool quoted = false;
    for (size_t i = 0; i <= line.n && n < MAX_CELLS; i++) {
        char c = i < line.n ? line.at[i] : ',';
        quoted = c == '"' ? !quoted : quoted;
        if (i < line.n && (quoted || !(c == ',' || c == ';' || c == '\t'))) {
            continue;
        }
        struct text cell = text_trim(text_slice(line, from, i - from));
        if (cell.n >= 2 && cell.at[0] == '"' && cell.at[cell.n - 1] == '"') {
            cell = text_trim(text_slice(cell, 1, cell.n - 2));
        }
        cells[n++] = cell;
        from = i + 1;
    }
    return n;
}

static bool is_heading(const struct text *cells, size_t n)
{
    static const char *const WORDS[] = {
        "name",    "full name", "upn",           "forename", "first name", "pupil",       "student",
        "surname", "last name", "legal surname", "class",    "adno",       "admission no"};
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++) {
            if (text_equal_nocase(cells[i], text_of(WORDS[k]))) {
                return true;
            }
        }
    }
    return false;
}

/* The line as a whole ("Smith, Jack"), then two neighbouring cells, then each alone: the first that
 * names somebody for certain. Two cells that name two people are no certainty. */
static enum status who_is_on_line(struct making *m, struct text line, const struct text *cells,
                                  size_t n, uint32_t *person)
{
    struct buffer two;
    buffer_init(&two, MAX_LINE_BYTES);
    enum status st = who_is(m, line, person);
    for (size_t width = 2; st == STATUS_OK && *person == NO_PERSON && width >= 1; width--) {
        bool several = false;
        for (size_t i = 0; st == STATUS_OK && i + width <= n; i++) {
            uint32_t found;
            buffer_reset(&two);
            buffer_add(&two, cells[i].at, cells[i].n);
            if (width == 2) {
                buffer_add_byte(&two, ' ');
                buffer_add(&two, cells[i + 1].at, cells[i + 1].n);
            }
            st = buffer_status(&two, m->err);
            st = st == STATUS_OK ? who_is(m, (struct text){(const char *)two.at, two.n}, &found)
                                 : st;
            if (st == STATUS_OK && found != NO_PERSON) {
                several = several || (*person != NO_PERSON && *person != found);
                *person = found;
            }
        }
        if (several) {
            *person = NO_PERSON;
            break;
        }
    }
    buffer_release(&two);
    return st;
}

static enum status add_unread(struct making *m, struct text line)
{
    if (m->n_unread == m->cap_unread) {
        size_t cap = m->cap_unread ? 2 * m->cap_unread : 16;
        struct text *more = arena_alloc(&m->made->memory, cap, sizeof *more);
        if (!more) {
            return no_memory(m);
        }
        if (m->n_unread) {
            memcpy(more, m->unread, m->n_unread * sizeof *more);
        }
        m->unread = more;
        m->cap_unread = cap;
    }
    return arena_dup(&m->made->memory, line, &m->unread[m->n_unread++]) ? STATUS_OK : no_memory(m);
}

static enum status choose_line(struct making *m, struct text line, bool first)
{
    struct text cells[MAX_CELLS];
    uint32_t person = NO_PERSON;
    size_t n = cells_of(line, cells);
    enum status st = who_is_on_line(m, line, cells, n, &person);
    if (st == STATUS_OK && person != NO_PERSON) {
        m->chosen[person] = m->people.people[person].kind == PERSON_PUPIL;
    } else if (st == STATUS_OK && !(first && is_heading(cells, n))) {
        st = add_unread(m, line);
    }
    return st;
}

static enum status choose_listed(struct making *m, const char *file, json_t *digests)
{
    struct buffer content;
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];
    buffer_init(&content, MAX_LIST_BYTES);
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    enum status st = fd >= 0 ? file_content(fd, MAX_LIST_BYTES, &content, m->err)
                             : err_set(m->err, STATUS_IO, "%s", strerror(errno));
    struct text rest = {(const char *)content.at, content.n};
    if (st == STATUS_OK && !text_is_utf8(rest)) {
        st = err_set(m->err, STATUS_FORMAT, "not a text in UTF-8: save it as \"CSV UTF-8\"");
    }
    if (st == STATUS_OK && text_starts_with(rest, TEXT("\xEF\xBB\xBF"))) {
        rest = text_slice(rest, 3, rest.n);
    }
    for (bool first = true; st == STATUS_OK && rest.n;) {
        struct text line = text_trim(text_cut(rest, '\n', &rest));
        if (line.n) {
            st = choose_line(m, line, first);
            first = false;
        }
    }
    if (st == STATUS_OK) {
        st = digest_of(buffer_view(&content), &digest, m->err);
    }
    if (st == STATUS_OK && json_array_append_new(digests, json_string(digest_hex(&digest, hex)))) {
        st = no_memory(m);
    }
    if (st != STATUS_OK) {
        err_prefix(m->err, "%s: ", file);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    buffer_release(&content);
    return st;
}

/* ---- the sheet ---------------------------------------------------------------------------------
 */

static enum status choose_channels(struct making *m)
{
    const struct policy *p = m->home->policy;
    struct sheet *s = &m->made->sheet;
    const struct channel_policy **at = arena_alloc(&m->made->memory, p->n_channels, sizeof *at);
    if (!at) {
        return no_memory(m);
    }
    for (size_t i = 0; i < p->n_channels; i++) {
        const struct channel_policy *c = &p->channels[i];
        bool wanted =
            m->options->channel.n ? text_equal(c->name, m->options->channel) : c->official;
        if (wanted) {
            at[s->n_channels++] = c;
        }
    }
    s->channels = at;
    return s->n_channels ? STATUS_OK
                         : err_set(m->err, STATUS_USAGE,
                                   "the policy has no such channel; 'photogate policy show' lists "
                                   "them");
}

static int compare_rows(const void *x, const void *y)
{
    const struct person *a = ((const struct sheet_row *)x)->person;
    const struct person *b = ((const struct sheet_row *)y)->person;
    int order = text_compare(a->year_group, b->year_group);
    order = order ? order : text_compare(a->reg_group, b->reg_group);
    order = order ? order : text_compare(a->legal_surname, b->legal_surname);
    order = order ? order : text_compare(a->legal_forename, b->legal_forename);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* The pupils who were chosen, or every member of staff: those who may not be shown somewhere. */
static enum status list_rows(struct making *m, enum person_kind kind, const struct sheet_row **out,
                             size_t *n_out, size_t *n_looked_at)
{
    const struct sheet *s = &m->made->sheet;
    size_t n = 0;
    struct sheet_row *rows = arena_alloc(&m->made->memory, m->people.n_people, sizeof *rows);
    if (!rows) {
        return no_memory(m);
    }
    for (size_t i = 0; i < m->people.n_people; i++) {
        const struct person *p = &m->people.people[i];
        bool everywhere = true;
        bool listed = kind == PERSON_STAFF ? !has_left(p, m->home->policy, s->date) : m->chosen[i];
        if (p->kind != kind || !listed) {
            continue;
        }
        enum appearance *on = arena_alloc(&m->made->memory, s->n_channels, sizeof *on);
        if (!on) {
            return no_memory(m);
        }
        for (size_t c = 0; c < s->n_channels; c++) {
            on[c] = may_appear(p, m->home->policy, s->channels[c], s->date);
            everywhere = everywhere && on[c] == APPEARS;
        }
        ++*n_looked_at;
        if (!everywhere) {
            rows[n++] = (struct sheet_row){p, on};
        }
    }
    if (n) {
        qsort(rows, n, sizeof *rows, compare_rows);
    }
    *out = rows;
    *n_out = n;
    return STATUS_OK;
}

static enum status fill_rows(struct making *m)
{
    struct sheet *s = &m->made->sheet;
    size_t n_staff = 0;
    enum status st = list_rows(m, PERSON_PUPIL, &s->rows, &s->n_rows, &s->n_people);
    s->lists_staff = m->options->staff;
    if (st == STATUS_OK && s->lists_staff) {
        st = list_rows(m, PERSON_STAFF, &s->staff, &s->n_staff, &n_staff);
    }
    s->unread = m->unread;
    s->n_unread = m->n_unread;
    return st;
}

/* "4B, 4C and a list", for the heading. */
static enum status name_subject(struct making *m)
{
    const struct sheet_options *o = m->options;
    struct buffer b;
    buffer_init(&b, MAX_LINE_BYTES);
    for (size_t i = 0; i < o->n_groups; i++) {
        buffer_add_cstr(&b, i ? ", " : "");
        text_print(&b, text_of(o->groups[i]));
    }
    if (o->n_lists) {
        buffer_format(&b, "%s%s", o->n_groups ? " and " : "",
                      o->n_lists == 1 ? "a list of pupils" : "lists of pupils");
    }
    if (b.n == 0) {
        buffer_add_cstr(&b, "the whole school");
    }
    enum status st = buffer_status(&b, m->err);
    if (st == STATUS_OK && !arena_dup(&m->made->memory, (struct text){(const char *)b.at, b.n},
                                      &m->made->sheet.subject)) {
        st = no_memory(m);
    }
    buffer_release(&b);
    return st;
}

static enum status write_record(struct making *m, json_t *digests)
{
    const struct sheet *s = &m->made->sheet;
    char day[DATE_TEXT_BYTES];
    json_t *groups = json_array(), *channels = json_array();
    int failed = !groups || !channels;
    for (size_t i = 0; !failed && i < m->options->n_groups; i++) {
        failed = json_array_append_new(groups, json_string(m->options->groups[i]));
    }
    for (size_t i = 0; !failed && i < s->n_channels; i++) {
        struct text name = s->channels[i]->name;
        failed = json_array_append_new(channels, json_stringn(name.at, name.n));
    }
    m->made->record = json_pack("{s:s, s:o, s:o, s:O, s:s, s:I, s:I}", "sheet", "look-for",
                                "classes", groups, "channels", channels, "lists", digests, "date",
                                date_format(s->date, day), "pupils", (json_int_t)s->n_people,
                                "register_version", (json_int_t)s->register_version);
    bool fine =
        m->made->record && !failed && actor_record(&m->made->actor, m->made->record) == STATUS_OK;
    return fine ? STATUS_OK : no_memory(m);
}

static enum status choose(struct making *m, json_t *digests)
{
    const struct sheet_options *o = m->options;
    enum status st = STATUS_OK;
    if (o->n_groups == 0 && o->n_lists == 0) {
        choose_everybody(m);
    }
    for (size_t i = 0; st == STATUS_OK && i < o->n_groups; i++) {
        st = choose_group(m, text_of(o->groups[i]));
    }
    for (size_t i = 0; st == STATUS_OK && i < o->n_lists; i++) {
        st = choose_listed(m, o->lists[i], digests);
    }
    return st;
}

enum status sheet_make(const struct home *home, const struct sheet_options *options,
                       struct sheet_made *out, struct err *err)
{
    struct making m = {.home = home, .options = options, .made = out, .err = err};
    json_t *digests = json_array();
    memset(out, 0, sizeof *out);
    arena_init(&out->memory, SHEET_MEMORY_BYTES);
    out->sheet.school = home->school->name;
    out->sheet.program_version = TEXT(PHOTOGATE_VERSION);
    actor_now(&out->actor);
    out->sheet.printed_by = text_of(out->actor.name);
    out->sheet.date = date_is_set(options->date) ? options->date : date_today();
    enum status st =
        digests ? register_snapshot(home->people, &out->memory, &m.people, err) : no_memory(&m);
    if (st == STATUS_OK) {
        out->sheet.register_version = m.people.version;
        m.chosen = arena_alloc(&out->memory, m.people.n_people, sizeof *m.chosen);
        st = m.chosen ? person_index_build(&m.people, &m.index, err) : no_memory(&m);
    }
    st = st == STATUS_OK ? choose_channels(&m) : st;
    st = st == STATUS_OK ? choose(&m, digests) : st;
    st = st == STATUS_OK ? fill_rows(&m) : st;
    st = st == STATUS_OK ? name_subject(&m) : st;
    st = st == STATUS_OK ? write_record(&m, digests) : st;
    person_index_free(m.index);
    json_decref(digests);
    return st;
}

enum status sheet_record(const struct home *home, const struct sheet_made *made,
                         const struct digest *page, struct err *err)
{
    char when[TIME_TEXT_BYTES], hex[DIGEST_HEX_BYTES];
    if (json_object_set_new(made->record, "page", json_string(digest_hex(page, hex))) != 0) {
        return err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    }
    time_now(when);
    enum status st = ledger_begin(home->ledger, err);
    if (st != STATUS_OK) {
        return st;
    }
    st = ledger_append(home->ledger, ENTRY_PRINTED, when, made->record, NULL, err);
    st = st == STATUS_OK ? ledger_commit(home->ledger, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(home->ledger);
    }
    return st;
}

void sheet_release(struct sheet_made *made)
{
    json_decref(made->record);
    arena_release(&made->memory);
    memset(made, 0, sizeof *made);
}
