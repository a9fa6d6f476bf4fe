/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers about consent, for a spreadsheet and for machines. They name pupils. */
#include "csv_row.h"
#include "report_words.h"

#include <jansson.h>
#include <stdlib.h>

static const char *what(const struct consent_answer *one)
{
    return one->field < N_STATUS_FIELDS ? status_field_name(one->field)
                                        : purpose_name(one->purpose);
}

static const char *standing(const struct consent_answer *one)
{
    return one->field < N_STATUS_FIELDS ? known_name(one->value)
                                        : consent_standing_words(one->standing);
}

enum status report_consents_csv(const struct consent_answer *answers, size_t n, struct buffer *out,
                                struct err *err)
{
    static const char *const HEADINGS[] = {
        "upn",         "admission_no",   "forename",      "surname",
        "class",       "what",           "standing",      "counts_until",
        "event",       "said",           "said_on",       "given_by",
        "method",      "notice_version", "recorded_on",   "effective_from",
        "source_file", "source_row",     "source_sha256", "import"};
    struct csv_rows c;
    csv_open(&c, out, HEADINGS, sizeof HEADINGS / sizeof HEADINGS[0]);
    for (size_t i = 0; i < n; i++) {
        static const struct consent NOTHING = {0};
        const struct consent_answer *one = &answers[i];
        const struct person *p = one->person;
        const struct consent *e = one->event ? one->event : &NOTHING;
        csv_put(&c, p->upn);
        csv_put(&c, p->admission_no);
        csv_put(&c, p->legal_forename);
        csv_put(&c, p->legal_surname);
        csv_put(&c, p->reg_group.n ? p->reg_group : p->year_group);
        csv_put_cstr(&c, what(one));
        csv_put_cstr(&c, standing(one));
        csv_put_date(&c, one->last_day);
        csv_put_number(&c, e->event);
        csv_put_cstr(&c, one->event ? consent_state_name(e->state) : "");
        csv_put_date(&c, e->event_date);
        csv_put(&c, e->given_by);
        csv_put_cstr(&c, one->event ? consent_method_name(e->method) : "");
        csv_put(&c, e->notice_version);
        csv_put_date(&c, one->since);
        csv_put_date(&c, e->effective_from);
        csv_put(&c, e->source_file);
        csv_put_number(&c, e->source_row);
        if (one->event) {
            csv_put_digest(&c, &e->source_digest);
        } else {
            csv_put_cstr(&c, "");
        }
        csv_put_number(&c, one->event ? e->import : one->import);
    }
    return csv_close(&c, err);
}

static json_t *json_text(struct text t)
{
    return t.n && text_is_utf8(t) ? json_stringn(t.at, t.n) : json_null();
}

static json_t *json_date(struct date d)
{
    char iso[DATE_TEXT_BYTES];
    return date_is_set(d) ? json_string(date_format(d, iso)) : json_null();
}

json_t *report_consent_event_json(const struct consent *e)
{
    char hex[DIGEST_HEX_BYTES];
    if (!e) {
        return json_null();
    }
    return json_pack("{s:I, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:s, s:I}", "event",
                     (json_int_t)e->event, "said", consent_state_name(e->state), "said_on",
                     json_date(e->event_date), "given_by", json_text(e->given_by), "method",
                     consent_method_name(e->method), "notice_version", json_text(e->notice_version),
                     "recorded_on", json_date(e->recorded_on), "effective_from",
                     json_date(e->effective_from), "expires", json_date(e->expires), "source_file",
                     json_text(e->source_file), "source_row", (int)e->source_row, "source_sha256",
                     digest_hex(&e->source_digest, hex), "import", (json_int_t)e->import);
}

static json_t *answer_json(const struct consent_answer *one)
{
    const struct person *p = one->person;
    json_t *o =
        json_pack("{s:{s:o, s:o, s:o, s:o, s:o}, s:s, s:s, s:o}", "person", "upn",
                  json_text(p->upn), "admission_no", json_text(p->admission_no), "forename",
                  json_text(p->legal_forename), "surname", json_text(p->legal_surname), "class",
                  json_text(p->reg_group.n ? p->reg_group : p->year_group), "what", what(one),
                  "standing", standing(one), "counts_until", json_date(one->last_day));
    int failed = !o;
    if (o && one->field < N_STATUS_FIELDS) {
        failed |= json_object_set_new(o, "since", json_date(one->since));
        failed |= json_object_set_new(o, "import", json_integer(one->import));
    } else if (o) {
        failed |= json_object_set_new(o, "counts", json_boolean(one->standing == STANDING_GRANTED));
        failed |= json_object_set_new(o, "rests_on", report_consent_event_json(one->event));
    }
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

enum status report_consents_json(const struct consent_answer *answers, size_t n, struct date date,
                                 const struct snapshot *s, const struct policy *policy,
                                 struct buffer *out, struct err *err)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; fine && i < n; i++) {
        fine = json_array_append_new(list, answer_json(&answers[i])) == 0;
    }
    json_t *whole =
        fine ? json_pack("{s:o, s:I, s:o, s:O}", "as_at", json_date(date), "register_version",
                         (json_int_t)s->version, "policy", json_text(policy->name), "answers", list)
             : NULL;
    char *text = whole ? json_dumps(whole, JSON_INDENT(2)) : NULL;
    if (text) {
        buffer_add_cstr(out, text);
        buffer_add_byte(out, '\n');
    }
    free(text);
    json_decref(whole);
    json_decref(list);
    return text ? buffer_status(out, err)
                : err_set(err, STATUS_NOMEM, "out of memory for the answers");
}
