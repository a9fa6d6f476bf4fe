/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.csv, for the DPO: a row for each hit, and for each approved photo a row for each person
 * and purpose that was agreed to. No photo is left out: an approved one that shows nobody has a row
 * that says so. */
#include "csv_row.h"
#include "photogate/ruling.h"
#include "report_words.h"

static const char *const HEADINGS[] = {
    "photo",   "position",      "source_sha256", "verdict",    "published_as",
    "case",    "rule",          "rule_name",     "person",     "class",
    "purpose", "consent_event", "consent_state", "event_date", "given_by",
    "method",  "notice",        "source_file",   "source_row", "detail"};

static void photo_cells(struct csv_rows *c, const struct report_item *item)
{
    csv_put(c, item->evidence->name);
    csv_put_number(c, item->evidence->position);
    csv_put_digest(c, &item->evidence->digest);
    csv_put_cstr(c, verdict_name(item->ruling->verdict));
    csv_put(c, item_is_published(item) ? item->published_name : TEXT_NONE);
    csv_put_number(c, item->case_no);
}

static void rule_cells(struct csv_rows *c, const struct rule *rule)
{
    csv_put_cstr(c, rule ? rule->code : "");
    csv_put_cstr(c, rule ? rule->name : "");
}

static void person_cells(struct csv_rows *c, const struct snapshot *s, uint32_t person)
{
    if (person >= s->n_people) {
        csv_put(c, TEXT_NONE);
        csv_put(c, TEXT_NONE);
        return;
    }
    person_name(&c->joined, &s->people[person]);
    csv_put_joined(c);
    csv_put(c, person_place(&s->people[person]));
}

static void consent_cells(struct csv_rows *c, enum purpose purpose, const struct consent *event)
{
    csv_put_cstr(c, purpose == PURPOSE_UNKNOWN ? "" : purpose_name(purpose));
    if (!event) {
        for (int i = 0; i < 8; i++) {
            csv_put(c, TEXT_NONE);
        }
        return;
    }
    csv_put_number(c, event->event);
    csv_put_cstr(c, consent_state_name(event->state));
    csv_put_date(c, event->event_date);
    csv_put(c, event->given_by);
    csv_put_cstr(c, event->method == METHOD_UNKNOWN ? "" : consent_method_name(event->method));
    csv_put(c, event->notice_version);
    csv_put(c, event->source_file);
    csv_put_number(c, event->source_row);
}

static void hit_row(struct csv_rows *c, const struct report *r, const struct report_item *item,
                    const struct hit *h)
{
    photo_cells(c, item);
    rule_cells(c, h->rule);
    person_cells(c, r->snapshot, h->person);
    consent_cells(c, h->consent ? h->consent->purpose : PURPOSE_UNKNOWN, h->consent);
    csv_put(c, h->dpo);
}

static void silent_row(struct csv_rows *c, const struct report_item *item, const char *detail)
{
    photo_cells(c, item);
    rule_cells(c, NULL);
    csv_put(c, TEXT_NONE);
    csv_put(c, TEXT_NONE);
    consent_cells(c, PURPOSE_UNKNOWN, NULL);
    csv_put_cstr(c, detail);
}

static void approval_rows(struct csv_rows *c, const struct report *r,
                          const struct report_item *item)
{
    const struct evidence *e = item->evidence;
    size_t n_rows = 0;
    for (size_t i = 0; i < e->n_tags; i++) {
        if (!tag_names_anew(r, e, i)) {
            continue;
        }
        for (int u = PURPOSE_UNKNOWN + 1; u < N_PURPOSES; u++) {
            enum purpose purpose = (enum purpose)u;
            if (!r->channel->needs[purpose]) {
                continue;
            }
            const struct consent *event = NULL;
            enum consent_standing standing =
                consent_on(&r->snapshot->people[e->tags[i].person], purpose,
                           &r->policy->purposes[purpose], r->date, &event);
            photo_cells(c, item);
            rule_cells(c, NULL);
            person_cells(c, r->snapshot, e->tags[i].person);
            consent_cells(c, purpose, event);
            csv_put_cstr(c, consent_standing_words(standing));
            n_rows++;
        }
    }
    if (n_rows == 0) {
        silent_row(c, item, "approved: nobody on the register is tagged");
    }
}

enum status report_evidence_csv(const struct report *r, struct buffer *out, struct err *err)
{
    report_check(r);
    struct csv_rows c;
    csv_open(&c, out, HEADINGS, sizeof HEADINGS / sizeof HEADINGS[0]);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *item = &r->items[i];
        for (size_t k = 0; k < item->ruling->n_hits; k++) {
            hit_row(&c, r, item, &item->ruling->hits[k]);
        }
        for (size_t k = 0; k < item->ruling->n_cleared; k++) { /* a person settled it */
            hit_row(&c, r, item, &item->ruling->cleared[k]);
        }
        if (item_is_approved(item)) {
            approval_rows(&c, r, item);
        } else if (item->ruling->n_hits == 0) {
            silent_row(&c, item, "refused without a reason: a fault in photogate");
        }
    }
    return csv_close(&c, err);
}
