/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spreadsheets that the office and whoever publishes work with. They name no pupil. */
#include "csv_row.h"
#include "report_words.h"

static enum status rejection(struct csv_rows *c, const struct report_item *item, struct err *err)
{
    struct arena a;
    struct office_telling t;
    arena_init(&a, TELLING_MAX_BYTES);
    enum status st = office_telling_make(item->ruling, &a, &t, err);
    if (st != STATUS_OK) {
        goto out;
    }
    csv_put_number(c, item->case_no);
    csv_put_cstr(c, item->ruling->verdict == VERDICT_HELD ? "held" : "rejected");
    csv_put(c, item->shown_name);
    if (t.asks_dpo) {
        csv_join(c, TEXT("ask DPO"));
    }
    for (size_t i = 0; i < t.n_codes; i++) {
        csv_join(c, text_of(t.codes[i]));
    }
    csv_put_joined(c);
    for (size_t i = 0; i < t.n_sentences; i++) {
        csv_join(c, t.sentences[i].words);
    }
    csv_put_joined(c);
    for (size_t i = 0; i < t.n_remedies; i++) {
        csv_join(c, t.remedies[i]);
    }
    csv_put_joined(c);
out:
    arena_release(&a);
    return st;
}

enum status report_rejections_csv(const struct report *r, struct buffer *out, struct err *err)
{
    static const char *const HEADINGS[] = {"case", "verdict", "photo",
                                           "rule", "reason",  "what_to_do"};
    report_check(r);
    struct csv_rows c;
    csv_open(&c, out, HEADINGS, sizeof HEADINGS / sizeof HEADINGS[0]);
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < r->n_items; i++) {
        if (!item_is_approved(&r->items[i])) {
            st = rejection(&c, &r->items[i], err);
        }
    }
    enum status closed = csv_close(&c, err);
    return st == STATUS_OK ? closed : st;
}

enum status report_captions_csv(const struct report *r, struct buffer *out, struct err *err)
{
    static const char *const HEADINGS[] = {"file", "caption", "credit"};
    report_check(r);
    struct csv_rows c;
    csv_open(&c, out, HEADINGS, sizeof HEADINGS / sizeof HEADINGS[0]);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *item = &r->items[i];
        if (item_is_published(item)) {
            csv_put(&c, item->published_name);
            csv_put_line(&c, item->published_caption);
            csv_put_line(&c, item->published_credit);
        }
    }
    return csv_close(&c, err);
}
