/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is held on one person, for that person: readable, printable, and nothing of anybody else.
 * source  UK GDPR Art 12(1), Art 15 */
#include "html.h"

#include <stdio.h>
#include <string.h>

static struct text member(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? (struct text){json_string_value(v), json_string_length(v)}
                             : TEXT_NONE;
}

static void cell(struct html_table *t, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    if (json_is_integer(v)) {
        char digits[24];
        (void)snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(v));
        html_cell_cstr(t, digits);
    } else {
        html_cell(t, member(o, key));
    }
}

/* Plain words for what is written as a code; none: as it is. */
static struct text words_for(const char *key, struct text value)
{
    static const char *const WORDS[][2] = {{"on_roll", "on the roll"},
                                           {"do_not_publish", "on the do-not-publish list"},
                                           {"child_objection", "objects to photos"}};
    if (strcmp(key, "purpose") == 0) {
        return text_of(purpose_words(purpose_from_name(value)));
    }
    for (size_t i = 0; strcmp(key, "what") == 0 && i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (text_equal(value, text_of(WORDS[i][0]))) {
            return text_of(WORDS[i][1]);
        }
    }
    return TEXT_NONE;
}

/* A table with a row for each object of a list, or a sentence where there is none. */
static void list(struct buffer *b, const json_t *rows, const char *caption,
                 const char *const *headings, const char *const *keys, size_t n, const char *none)
{
    struct html_table t;
    size_t i;
    const json_t *row;
    if (json_array_size(rows) == 0) {
        html_wrap(b, "<p>", text_of(none), "</p>\n");
        return;
    }
    html_table_open(&t, b, caption, headings, n);
    json_array_foreach(rows, i, row)
    {
        for (size_t k = 0; k < n; k++) {
            struct text words = words_for(keys[k], member(row, keys[k]));
            if (words.n) {
                html_cell(&t, words);
            } else {
                cell(&t, row, keys[k]);
            }
        }
    }
    html_table_close(&t);
}

static void about(struct buffer *b, const json_t *person)
{
    static const char *const FACTS[][2] = {{"legal_forename", "Forename"},
                                           {"middle_names", "Middle names"},
                                           {"legal_surname", "Surname"},
                                           {"known_forename", "Known as (forename)"},
                                           {"known_surname", "Known as (surname)"},
                                           {"upn", "UPN"},
                                           {"admission_no", "Admission number"},
                                           {"date_of_birth", "Date of birth"},
                                           {"year_group", "Year"},
                                           {"reg_group", "Class"},
                                           {"staff_role", "Role"},
                                           {"on_roll", "On the roll"},
                                           {"date_of_leaving", "Left on"},
                                           {"do_not_publish", "On the do-not-publish list"},
                                           {"do_not_publish_unclear", "The list says"},
                                           {"child_objection", "Objects to photos"}};
    buffer_add_cstr(b, "<section>\n<h2>In the register</h2>\n<dl class=\"glance\">\n");
    for (size_t i = 0; i < sizeof FACTS / sizeof FACTS[0]; i++) {
        struct text t = member(person, FACTS[i][0]);
        if (t.n) {
            html_fact(b, FACTS[i][1], t);
        }
    }
    buffer_add_cstr(b, "</dl>\n</section>\n");
}

/* "before X", or nothing where X is not known. */
static void part(struct buffer *b, const char *before, struct text t)
{
    if (t.n) {
        html_wrap(b, before, t, "");
    }
}

static void consent(struct html_table *t, const json_t *c)
{
    html_cell(t, words_for("purpose", member(c, "purpose")));
    html_cell_open(t);
    part(t->b, "<strong>", member(c, "said"));
    part(t->b, "</strong> on ", member(c, "said_on"));
    buffer_add_cstr(t->b, member(c, "said_on").n ? "" : "</strong>");
    html_cell_close(t);
    html_cell_open(t);
    part(t->b, "", member(c, "given_by"));
    part(t->b, ", ", member(c, "method"));
    part(t->b, "; privacy notice ", member(c, "notice_version"));
    html_cell_close(t);
    html_cell_open(t);
    part(t->b, "from ", member(c, "effective_from"));
    part(t->b, " until ", member(c, "expires"));
    html_cell_close(t);
    html_cell_open(t);
    part(t->b, "on ", member(c, "recorded_on"));
    part(t->b, " from ", member(c, "source_file"));
    buffer_format(t->b, ", row %lld",
                  (long long)json_integer_value(json_object_get(c, "source_row")));
    html_cell_close(t);
}

static void consents(struct buffer *b, const json_t *model)
{
    static const char *const HEADINGS[] = {"For", "Said", "By and how", "Counts", "Recorded"};
    static const char *const STATUS_HEADINGS[] = {"Recorded", "What", "The register said"};
    static const char *const STATUS_KEYS[] = {"recorded_on", "what", "said"};
    const json_t *events = json_object_get(model, "consents"), *c;
    struct html_table t;
    size_t i;
    buffer_add_cstr(b, "<section>\n<h2>What was said about photos</h2>\n");
    if (json_array_size(events)) {
        html_table_open(&t, b, "Consents, in the order recorded", HEADINGS,
                        sizeof HEADINGS / sizeof HEADINGS[0]);
        json_array_foreach(events, i, c)
        {
            consent(&t, c);
        }
        html_table_close(&t);
    } else {
        buffer_add_cstr(b, "<p>No consent was ever recorded.</p>\n");
    }
    list(b, json_object_get(model, "status"), "The roll and the lists, in the order recorded",
         STATUS_HEADINGS, STATUS_KEYS, sizeof STATUS_KEYS / sizeof STATUS_KEYS[0],
         "Nothing was recorded.");
    buffer_add_cstr(b, "</section>\n");
}

static void photos(struct buffer *b, const json_t *model)
{
    static const char *const HEADINGS[] = {"Folder", "Batch", "File", "Caption", "Credit"};
    static const char *const KEYS[] = {"stands_in", "batch", "file", "caption", "credit"};
    buffer_add_cstr(b, "<section>\n<h2>Photos</h2>\n");
    list(b, json_object_get(model, "photos"), "Photos in which this person was named", HEADINGS,
         KEYS, sizeof KEYS / sizeof KEYS[0], "No photo that the program keeps names this person.");
    buffer_add_cstr(b, "<p>Original photos are not kept by this program: ask the school for "
                       "them.</p>\n</section>\n");
}

/* The rules that hit, about this person or the photo as a whole. */
static void reasons(struct html_table *t, const json_t *hits, bool others)
{
    size_t i;
    const json_t *hit;
    html_cell_open(t);
    if (others && json_is_array(hits) && json_array_size(hits) == 0) {
        buffer_add_cstr(t->b, "not told: others are in it");
    }
    json_array_foreach(hits, i, hit)
    {
        const struct rule *rule = rule_by_code(member(hit, "code"));
        html_wrap(t->b, i ? "; " : "", rule ? text_of(rule->title) : member(hit, "code"), "");
    }
    html_cell_close(t);
}

static void decision(struct html_table *t, const json_t *e)
{
    const json_t *says = json_object_get(e, "says");
    json_int_t n = json_integer_value(json_object_get(e, "other_people"));
    char others[32];
    (void)snprintf(others, sizeof others, n ? "and %lld other%s" : "none", (long long)n,
                   n == 1 ? "" : "s");
    cell(t, e, "entry");
    struct text when = member(e, "time");
    html_cell_open(t);
    html_wrap(t->b, "", text_slice(when, 0, 10), " ");
    html_text(t->b, text_slice(when, 11, 5)); /* UTC */
    html_cell_close(t);
    cell(t, e, "means");
    reasons(t, json_object_get(says, "hits"), n > 0);
    cell(t, says, json_object_get(says, "url") ? "url" : "batch");
    html_cell_cstr(t, others);
}

static void decisions(struct buffer *b, const json_t *model)
{
    static const char *const HEADINGS[] = {"Entry", "When (UTC)",    "What it says",
                                           "Why",   "Batch or page", "Other people in it"};
    const json_t *entries = json_object_get(model, "ledger_entries"), *e;
    struct html_table t;
    size_t i;
    buffer_add_cstr(b, "<section>\n<h2>What was decided</h2>\n<p class=\"intro\">The record of "
                       "decisions holds no names, only a code for each person: here ");
    html_wrap(b, "<code>", member(model, "pseudonym"),
              "</code>. The whole of each entry is in <code>subject.json</code>. Where other "
              "people are in a photo, only reasons that are about this person are told.</p>\n");
    if (json_array_size(entries)) {
        html_table_open(&t, b, "Entries about this person, oldest first", HEADINGS,
                        sizeof HEADINGS / sizeof HEADINGS[0]);
        json_array_foreach(entries, i, e)
        {
            decision(&t, e);
        }
        html_table_close(&t);
    } else {
        buffer_add_cstr(b, "<p>No entry is about this person.</p>\n");
    }
    buffer_add_cstr(b, "</section>\n");
}

static void documents(struct buffer *b, const json_t *model)
{
    const json_t *paths = json_object_get(model, "documents"), *path;
    size_t i;
    buffer_add_cstr(b, "<section>\n<h2>Reports in which this person is</h2>\n");
    if (json_array_size(paths) == 0) {
        buffer_add_cstr(b, "<p>None is kept.</p>\n");
    } else {
        buffer_add_cstr(b, "<ul class=\"notes\">\n");
        json_array_foreach(paths, i, path)
        {
            html_wrap(b, "<li><code>", text_of(json_string_value(path)), "</code></li>\n");
        }
        buffer_add_cstr(b, "</ul>\n<p>Other people are in them too; they tell no more of this "
                           "person than stands here.</p>\n");
    }
    buffer_add_cstr(b, "</section>\n");
}

static const char CHECKING[] =
    "<section>\n<h2>How this can be checked</h2>\n<p>For each entry there is a file in "
    "<code>proofs/</code> that shows it to be one of the school&#39;s record, which a signature "
    "(<code>checkpoint.txt</code>) fixes as a whole, without showing the rest of it. The program "
    "<code>ledger_verify.py --proof FILE --key KEY</code>, which comes with the source of "
    "photogate, checks one; the key is in <code>verifier-key.txt</code>. Where other people are in "
    "an entry, the proof goes without its text, and the data protection officer has it.</p>\n"
    "</section>\n";

enum status report_subject_html(const json_t *model, struct buffer *out, struct err *err)
{
    const json_t *person = json_object_get(model, "person");
    struct buffer name;
    struct date made = DATE_NONE;
    buffer_init(&name, 65536);
    struct text forename = member(person, "legal_forename");
    struct text surname = member(person, "legal_surname");
    buffer_add(&name, forename.at, forename.n);
    buffer_add_cstr(&name, forename.n && surname.n ? " " : "");
    buffer_add(&name, surname.at, surname.n);
    enum status st = buffer_status(&name, err);
    if (st == STATUS_OK) {
        const struct report page = {.school = member(model, "school"),
                                    .batch = {(const char *)name.at, name.n},
                                    .program_version = TEXT(PHOTOGATE_VERSION)};
        (void)date_parse_iso(member(model, "made_on"), &made);
        html_open(out, &page, "What is held on one person");
        html_wrap(out, "<header>\n<p class=\"school\">", page.school,
                  "</p>\n<h1>What is held about photos of <span class=\"batch\">");
        html_wrap(out, "", page.batch, "</span></h1>\n<p class=\"lead\">As of ");
        html_date(out, made);
        buffer_add_cstr(out, ".</p>\n<p class=\"secret\">Confidential: for this person, or whoever "
                             "may ask for them.</p>\n</header>\n<main id=\"main\">\n");
        about(out, person);
        consents(out, model);
        photos(out, model);
        decisions(out, model);
        documents(out, model);
        buffer_add_cstr(out, CHECKING);
        buffer_add_cstr(out, "</main>\n");
        html_close(out, &page, "Questions: ask the school's data protection officer.");
        st = buffer_status(out, err);
    }
    buffer_release(&name);
    return st;
}
