/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet of who may not be shown: on paper in a teacher's hand, or beside the photos. It says
 * that somebody may not be shown, never why: refused, withdrawn and protected look the same. */
#include "csv_row.h"
#include "html.h"

#include <assert.h>
#include <string.h>

enum { FIXED_COLUMNS = 2, MAX_COLUMNS = FIXED_COLUMNS + 32 };

static const char *appearance_words(enum appearance a)
{
    return a == APPEARS ? "yes" : a == APPEARS_UNSETTLED ? "ask the DPO" : "NO";
}

static void add_name(struct buffer *b, struct text forename, struct text surname)
{
    html_text(b, forename);
    html_wrap(b, forename.n && surname.n ? " " : "", surname, "");
}

/* The name a teacher knows the child by, and the legal one behind it when it is another. */
static void name_pupil(struct buffer *b, const struct person *p)
{
    struct text forename = p->known_forename.n ? p->known_forename : p->legal_forename;
    struct text surname = p->known_surname.n ? p->known_surname : p->legal_surname;
    add_name(b, forename, surname);
    if (!text_equal(forename, p->legal_forename) || !text_equal(surname, p->legal_surname)) {
        buffer_add_cstr(b, " (");
        add_name(b, p->legal_forename, p->legal_surname);
        buffer_add_cstr(b, ")");
    }
}

static void masthead(struct buffer *b, const struct sheet *s)
{
    html_wrap(b, "<header>\n<p class=\"school\">", s->school,
              "</p>\n<h1>Who may not be shown: <span class=\"batch\">");
    html_wrap(b, "", s->subject, "</span></h1>\n<p class=\"lead\">");
    buffer_format(b, "%zu of %zu pupil%s may not be shown in at least one place, as of ", s->n_rows,
                  s->n_people, s->n_people == 1 ? "" : "s");
    html_date(b, s->date);
    buffer_add_cstr(b,
                    ".</p>\n<p class=\"secret\">Confidential: this sheet names children. Keep it "
                    "out of sight of pupils and parents, do not copy it, and destroy it when the "
                    "photos are picked.</p>\n</header>\n");
}

static void unread(struct buffer *b, const struct sheet *s)
{
    if (s->n_unread == 0) {
        return;
    }
    buffer_add_cstr(b, "<section>\n<h2>Nobody for certain</h2>\n<p class=\"intro\">These lines of "
                       "the list name nobody on the register, or more than one. Until it is known "
                       "who they are, take them for pupils who may not be shown.</p>\n"
                       "<ul class=\"notes\">\n");
    for (size_t i = 0; i < s->n_unread; i++) {
        html_wrap(b, "<li>", s->unread[i], "</li>\n");
    }
    buffer_add_cstr(b, "</ul>\n</section>\n");
}

static size_t headings_of(const struct sheet *s, const char *headings[MAX_COLUMNS],
                          char room[MAX_COLUMNS][64])
{
    size_t n = 0;
    headings[n++] = "Pupil";
    headings[n++] = "Class";
    for (size_t i = 0; i < s->n_channels && n < MAX_COLUMNS; i++, n++) {
        const struct channel_policy *c = s->channels[i];
        struct text title = text_slice(c->title.n ? c->title : c->name, 0, sizeof room[n] - 1);
        memcpy(room[n], title.at, title.n);
        room[n][title.n] = '\0';
        headings[n] = room[n];
    }
    return n;
}

static struct text group_of(const struct person *p)
{
    return p->kind == PERSON_STAFF ? p->staff_role : p->reg_group.n ? p->reg_group : p->year_group;
}

static void rows(struct buffer *b, const struct sheet *s, const struct sheet_row *all, size_t n,
                 bool staff)
{
    const char *headings[MAX_COLUMNS];
    char room[MAX_COLUMNS][64];
    struct html_table t;
    size_t n_columns = headings_of(s, headings, room);
    if (n == 0) {
        buffer_add_cstr(b, "<p>Everybody may be shown.</p>\n");
        return;
    }
    if (staff) {
        headings[0] = "Member of staff";
        headings[1] = "Role";
    }
    html_table_open(&t, b,
                    staff ? "By name; yes: may be shown there"
                          : "By class and name; yes: may be shown there",
                    headings, n_columns);
    for (size_t i = 0; i < n; i++) {
        const struct sheet_row *row = &all[i];
        html_cell_open(&t);
        name_pupil(b, row->person);
        html_cell_close(&t);
        html_cell(&t, group_of(row->person));
        for (size_t c = 0; c + FIXED_COLUMNS < t.n_columns; c++) {
            html_cell_open(&t);
            buffer_add_cstr(b, row->on[c] == APPEARS ? "" : "<strong>");
            html_cstr(b, appearance_words(row->on[c]));
            buffer_add_cstr(b, row->on[c] == APPEARS ? "" : "</strong>");
            html_cell_close(&t);
        }
    }
    html_table_close(&t);
}

enum status report_sheet_html(const struct sheet *s, struct buffer *out, struct err *err)
{
    const struct report page = {
        .school = s->school, .batch = s->subject, .program_version = s->program_version};
    assert(s->n_channels + FIXED_COLUMNS <= MAX_COLUMNS);
    html_open(out, &page, "Who may not be shown");
    masthead(out, s);
    buffer_add_cstr(out, "<main id=\"main\">\n<section>\n");
    rows(out, s, s->rows, s->n_rows, false);
    buffer_add_cstr(out, "</section>\n");
    unread(out, s);
    if (s->lists_staff) {
        buffer_add_cstr(out, "<section>\n<h2>Staff</h2>\n");
        rows(out, s, s->staff, s->n_staff, true);
        buffer_add_cstr(out, "</section>\n");
    }
    buffer_format(out,
                  "<section>\n<h2>How to use it</h2>\n<p>Leave out every photo in which one "
                  "of these %s can be recognised, also in the background. %s "
                  "For the reasons ask the DPO: they do not "
                  "stand here.</p>\n</section>\n</main>\n",
                  s->lists_staff ? "people" : "pupils",
                  s->lists_staff ? "Whoever was asked about and is not on the sheet may be shown."
                                 : "A pupil asked about who is not on the sheet may be shown. The "
                                   "sheet lists pupils only, no staff.");
    struct buffer promise;
    buffer_init(&promise, 1024);
    buffer_format(&promise, "Printed by %.*s from register version %lld; the printing is recorded.",
                  TEXT_ARG(s->printed_by), (long long)s->register_version);
    buffer_add_byte(&promise, '\0');
    enum status st = buffer_status(&promise, err);
    if (st == STATUS_OK) {
        html_close(out, &page, (const char *)promise.at);
        st = buffer_status(out, err);
    }
    buffer_release(&promise);
    return st;
}

enum status report_sheet_csv(const struct sheet *s, struct buffer *out, struct err *err)
{
    const char *headings[MAX_COLUMNS];
    char room[MAX_COLUMNS][64];
    struct csv_rows c;
    assert(s->n_channels + FIXED_COLUMNS <= MAX_COLUMNS);
    size_t n = headings_of(s, headings, room);
    csv_open(&c, out, headings, n);
    for (size_t i = 0; i < s->n_rows + s->n_staff; i++) {
        const struct sheet_row *row = i < s->n_rows ? &s->rows[i] : &s->staff[i - s->n_rows];
        const struct person *p = row->person;
        csv_join(&c, p->known_forename.n ? p->known_forename : p->legal_forename);
        csv_join(&c, p->known_surname.n ? p->known_surname : p->legal_surname);
        csv_put_joined(&c);
        csv_put(&c, p->kind == PERSON_STAFF ? TEXT("staff") : group_of(p));
        for (size_t k = 0; k + FIXED_COLUMNS < n; k++) {
            csv_put_cstr(&c, appearance_words(row->on[k]));
        }
    }
    for (size_t i = 0; i < s->n_unread; i++) {
        csv_put(&c, s->unread[i]);
        csv_put_cstr(&c, "not known");
        for (size_t k = 0; k + FIXED_COLUMNS < n; k++) {
            csv_put_cstr(&c, appearance_words(APPEARS_NOT));
        }
    }
    return csv_close(&c, err);
}
