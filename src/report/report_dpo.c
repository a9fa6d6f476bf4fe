/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DPO's report: the same photos with the people, the consents and everything that was in force.
 * It names pupils. */
#include "html.h"

#define SCRATCH_MAX_BYTES ((size_t)1024 * 1024) /* one person's names */

static void fact_digest(struct buffer *b, const char *term, const struct digest *d)
{
    html_fact_open(b, term);
    html_digest(b, d);
    html_fact_close(b);
}

static void channel_fact(struct buffer *b, const struct report *r)
{
    const struct channel_policy *c = r->channel;
    html_fact_open(b, "Channel");
    html_text(b, c->title.n ? c->title : c->name);
    html_wrap(b, " (<code>", c->name, "</code>)");
    buffer_add_cstr(b, c->official ? ", an account of the school; consent needed for "
                                   : ", NOT an account of the school; consent needed for ");
    bool any = false;
    for (int u = PURPOSE_UNKNOWN + 1; u < N_PURPOSES; u++) {
        if (c->needs[u]) {
            buffer_add_cstr(b, any ? ", " : "");
            html_cstr(b, purpose_words((enum purpose)u));
            any = true;
        }
    }
    buffer_add_cstr(b, any ? "" : "nothing named");
    if (c->owners.n) {
        html_wrap(b, ". Owners: ", c->owners, "");
    }
    html_fact_close(b);
}

static void policy_facts(struct buffer *b, const struct report *r)
{
    const struct policy *p = r->policy;
    html_fact_open(b, "Policy");
    html_text(b, p->title.n ? p->title : p->name);
    html_wrap(b, " (<code>", p->name, "</code>");
    if (p->version.n) {
        html_wrap(b, ", version ", p->version, "");
    }
    buffer_add_cstr(b, ")");
    if (p->source.n) {
        html_wrap(b, ", from: ", p->source, "");
    }
    html_fact_close(b);
    html_fact_open(b, "Policy to be reviewed");
    html_date(b, p->review_date);
    html_fact_close(b);
    for (size_t i = 0; i < p->n_approvals; i++) {
        html_fact_open(b, "Looser than the safe default, approved by");
        html_text(b, p->approvals[i].by);
        buffer_add_cstr(b, ", ");
        html_date(b, p->approvals[i].on);
        html_fact_close(b);
    }
    fact_digest(b, "Policy SHA-256", &p->digest);
}

enum status report_checkpoint(const struct report *r, struct buffer *out, struct err *err)
{
    buffer_add(out, r->checkpoint.at, r->checkpoint.n);
    return buffer_status(out, err);
}

/* To be copied or printed, and kept where whoever can write the school's folder cannot. */
static void checkpoint(struct buffer *b, const struct report *r)
{
    if (r->checkpoint.n == 0) {
        buffer_add_cstr(b, "<section>\n<h2>Checkpoint</h2>\n<p>This ledger was not signed: "
                           "<code>checkpoint.key</code> is missing from the school's folder or may "
                           "not be read. Tell whoever looks after the computer.</p>\n</section>\n");
        return;
    }
    buffer_add_cstr(b,
                    "<section>\n<h2>Checkpoint</h2>\n<p class=\"intro\">What the ledger held when "
                    "this was written, signed. Keep it elsewhere: <code>photogate verify "
                    "--checkpoint</code> then tells a ledger whose end was cut off, or that was "
                    "made anew. It stands beside this page as checkpoint.txt.</p>\n<pre>");
    for (struct text rest = r->checkpoint; rest.n;) {
        html_wrap(b, "", text_cut(rest, '\n', &rest), "\n");
    }
    buffer_add_cstr(b, "</pre>\n</section>\n");
}

static void in_force(struct buffer *b, const struct report *r)
{
    buffer_add_cstr(b, "<section>\n<h2>What was in force</h2>\n<dl class=\"glance\">\n");
    html_fact_open(b, "Ruled for");
    html_date(b, r->date);
    html_fact_close(b);
    channel_fact(b, r);
    policy_facts(b, r);
    html_fact_open(b, "Register");
    buffer_format(b, "version %lld, %zu people", (long long)r->snapshot->version,
                  r->snapshot->n_people);
    html_fact_close(b);
    fact_digest(b, "Register SHA-256", &r->snapshot->digest);
    html_fact_open(b, "Ledger");
    buffer_format(b, "%lld entries", (long long)r->ledger_entries);
    html_fact_close(b);
    fact_digest(b, "Ledger head", &r->ledger_head);
    html_fact(b, "Confinement", r->confinement.n ? r->confinement : TEXT("none"));
    html_fact_open(b, "Face detector");
    buffer_format(b, "%s assurance", assurance_name(r->face_assurance));
    if (r->face_detector.n) {
        html_wrap(b, ": ", r->face_detector, "");
    }
    html_fact_close(b);
    if (r->request.n) {
        html_fact(b, "Request", r->request);
    }
    html_fact(b, "DPO", r->dpo_contact.n ? r->dpo_contact : TEXT("not named in photogate.conf"));
    buffer_add_cstr(b, "</dl>\n");
    html_review_notice(b, r);
    buffer_add_cstr(b, "</section>\n");
}

/* One line a photo, with links down to the whole story. */
static void overview(struct buffer *b, const struct report *r)
{
    static const char *const HEADINGS[] = {"Photo", "Ruling", "Case or published name"};
    struct html_table t;
    if (r->n_items == 0) {
        return;
    }
    buffer_add_cstr(b, "<section>\n<h2>All photos</h2>\n");
    html_table_open(&t, b, "In the order of the folder", HEADINGS, 3);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *item = &r->items[i];
        html_cell_open(&t);
        buffer_format(b, "%u. <a href=\"#photo-%u\">", (unsigned)item->evidence->position,
                      (unsigned)item->evidence->position);
        html_wrap(b, "", item->evidence->name, "</a>");
        html_cell_close(&t);
        html_cell_open(&t);
        html_verdict(b, item->ruling->verdict);
        html_cell_close(&t);
        html_cell_open(&t);
        if (item_is_published(item)) {
            html_text(b, item->published_name);
        } else if (item_waits(item)) {
            html_wrap(b, "waits as ", item->waiting_name, "");
        } else {
            html_case(b, item);
        }
        html_cell_close(&t);
    }
    html_table_close(&t);
    buffer_add_cstr(b, "</section>\n");
}

enum status report_dpo_html(const struct report *r, struct buffer *out, struct err *err)
{
    report_check(r);
    struct buffer scratch;
    buffer_init(&scratch, SCRATCH_MAX_BYTES);
    html_open(out, r, "DPO report");
    html_masthead(out, r, "DPO report");
    buffer_add_cstr(out, "<main id=\"main\">\n<p class=\"secret\">Confidential: for the data "
                         "protection officer. This page names pupils and says what was agreed "
                         "to for them. Do not send it on.</p>\n");
    in_force(out, r);
    html_notes(out, r);
    html_dpo_notes(out, r);
    overview(out, r);
    buffer_add_cstr(out, "<section>\n<h2>Photo by photo</h2>\n");
    for (size_t i = 0; i < r->n_items; i++) {
        dpo_photo(out, &scratch, r, &r->items[i]);
    }
    buffer_add_cstr(out, r->n_items ? "" : "<p>None.</p>\n");
    buffer_add_cstr(out, "</section>\n<section>\n<h2>How faces were counted</h2>\n");
    html_assurance(out, r->face_assurance);
    buffer_add_cstr(out, "</section>\n");
    checkpoint(out, r);
    buffer_add_cstr(out, "</main>\n");
    html_close(out, r, "Confidential. The same rows for a spreadsheet: evidence.csv.");
    enum status st = buffer_status(&scratch, err);
    if (st == STATUS_OK) {
        st = buffer_status(out, err);
    }
    buffer_release(&scratch);
    return st;
}
