/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The office's report: which photos may go out, which not, why not in words that name nobody, and
 * what to do. */
#include "html.h"

static void where_the_approved_are(struct buffer *b, const struct report *r, size_t n_published)
{
    html_fact_open(b, "The photos that may be published");
    if (n_published == 0) {
        buffer_add_cstr(b, "None in this batch");
    } else {
        html_wrap(b, "In the folder <code>approved/", r->batch, "/</code>, ");
        buffer_add_cstr(b, n_published == 1 ? "ready to use, with its caption in "
                                            : "ready to use, with their captions in ");
        buffer_add_cstr(b, "<code>captions.csv</code>. Use these copies, never the originals.");
    }
    html_fact_close(b);
}

static void at_a_glance(struct buffer *b, const struct report *r)
{
    size_t n_published = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        n_published += item_is_published(&r->items[i]);
    }
    const struct channel_policy *c = r->channel;
    buffer_add_cstr(b, "<section aria-label=\"At a glance\">\n<dl class=\"glance\">\n");
    html_fact(b, "Checked for", c->title.n ? c->title : c->name);
    html_fact_open(b, "On");
    html_date(b, r->date);
    html_fact_close(b);
    where_the_approved_are(b, r, n_published);
    html_fact_open(b, "Who can help");
    if (r->dpo_contact.n) {
        html_wrap(b, "The DPO, the school&#39;s data protection officer: ", r->dpo_contact, "");
    } else {
        buffer_add_cstr(b, "The DPO, the school&#39;s data protection officer");
    }
    buffer_add_cstr(b, ". Give the case number; no more is needed.");
    html_fact_close(b);
    buffer_add_cstr(b, "</dl>\n");
    html_review_notice(b, r);
    buffer_add_cstr(b, "</section>\n");
}

static void sentence(struct buffer *b, const struct office_sentence *s)
{
    html_text(b, s->words);
    if (s->code) {
        html_wrap(b, " <span class=\"code\">rule ", text_of(s->code), "</span>");
    }
}

static void reasons(struct buffer *b, const struct office_telling *t)
{
    buffer_add_cstr(b, "<h4>Why</h4>\n");
    if (t->n_sentences == 1) {
        buffer_add_cstr(b, "<p>");
        sentence(b, &t->sentences[0]);
        buffer_add_cstr(b, "</p>\n");
    } else {
        buffer_add_cstr(b, "<ul>\n");
        for (size_t i = 0; i < t->n_sentences; i++) {
            buffer_add_cstr(b, "<li>");
            sentence(b, &t->sentences[i]);
            buffer_add_cstr(b, "</li>\n");
        }
        buffer_add_cstr(b, "</ul>\n");
    }
}

static void remedies(struct buffer *b, const struct office_telling *t)
{
    buffer_add_cstr(b, "<h4>What to do</h4>\n");
    if (t->n_remedies == 1) {
        html_wrap(b, "<p>", t->remedies[0], "</p>\n");
    } else {
        buffer_add_cstr(b, "<ul>\n");
        for (size_t i = 0; i < t->n_remedies; i++) {
            html_wrap(b, "<li>", t->remedies[i], "</li>\n");
        }
        buffer_add_cstr(b, "</ul>\n");
    }
}

/* Where a person's look can settle all of it, who that is. */
static void who_may_clear(struct buffer *b, const struct report *r, const struct report_item *item)
{
    bool all = false;
    unsigned roles = item->ruling->verdict == VERDICT_HELD && item->case_no > 0 ? ~0u : 0;
    for (size_t i = 0; i < item->ruling->n_hits; i++) {
        bool each;
        roles &= rule_cleared_by(item->ruling->hits[i].rule, r->policy, &each);
        all = all || each;
    }
    if (roles == 0 || item->ruling->n_hits == 0) {
        return;
    }
    buffer_add_cstr(b, "<p>If the photo is right as it is, somebody who may clear it can say so (");
    roles_words(b, roles);
    buffer_format(b, "%s): <code>photogate clear %lld --reason &quot;...&quot;</code></p>\n",
                  all ? ", each of them" : "", (long long)item->case_no);
}

static enum status card(struct buffer *b, const struct report *r, const struct report_item *item,
                        struct err *err)
{
    struct arena a;
    struct office_telling t;
    arena_init(&a, TELLING_MAX_BYTES);
    enum status st = office_telling_make(item->ruling, &a, &t, err);
    if (st != STATUS_OK) {
        goto out;
    }
    buffer_format(b, "<article class=\"card %s\">\n", verdict_class(item->ruling->verdict));
    html_picture(b, item);
    html_wrap(b, "<div class=\"told\">\n<h3>", item->shown_name, "</h3>\n<p class=\"which\">");
    html_verdict(b, item->ruling->verdict);
    buffer_add_cstr(b, " <span class=\"case\">");
    html_case(b, item);
    buffer_add_cstr(b, "</span></p>\n");
    reasons(b, &t);
    remedies(b, &t);
    who_may_clear(b, r, item);
    buffer_add_cstr(b, "</div>\n</article>\n");
out:
    arena_release(&a);
    return st;
}

static enum status cards(struct buffer *b, const struct report *r, enum verdict verdict, size_t n,
                         struct err *err)
{
    enum status st = STATUS_OK;
    if (n == 0) {
        return st;
    }
    if (verdict == VERDICT_HELD) {
        buffer_format(
            b,
            "<section>\n<h2>%zu need%s a person&#39;s look</h2>\n"
            "<p class=\"intro\">Not published for now. Do what the card says, then run "
            "photogate on the same folder again; photos already approved stay as they are.</p>\n",
            n, n == 1 ? "s" : "");
    } else {
        buffer_format(
            b,
            "<section>\n<h2>%zu may not be published</h2>\n"
            "<p class=\"intro\">Do not publish %s here. Where a card says what to change, "
            "change it and run photogate on the same folder again.</p>\n",
            n, n == 1 ? "it" : "them");
    }
    for (size_t i = 0; st == STATUS_OK && i < r->n_items; i++) {
        const struct report_item *item = &r->items[i];
        bool held = item->ruling->verdict == VERDICT_HELD;
        if (!item_is_approved(item) && held == (verdict == VERDICT_HELD)) {
            st = card(b, r, item, err);
        }
    }
    buffer_add_cstr(b, "</section>\n");
    return st;
}

/* "photo-0001.jpg (1 face covered)" */
static void release_cell(struct html_table *t, struct buffer *b, struct text name,
                         const struct report_item *item)
{
    char words[COVERED_WORDS_BYTES];
    html_cell_open(t);
    html_text(b, name);
    if (item_covered(item)) {
        html_wrap(b, " (", text_of(covered_words(item_covered(item), words)), ")");
    }
    html_cell_close(t);
}

static void approved(struct buffer *b, const struct report *r, size_t n)
{
    static const char *const HEADINGS[] = {"Published as", "Your photo", "Caption", "Credit"};
    if (n == 0) {
        return;
    }
    buffer_format(b, "<section>\n<h2>%zu may be published</h2>\n", n);
    struct html_table t;
    html_table_open(&t, b, "Photos that may be published, in the order of the folder", HEADINGS, 4);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *item = &r->items[i];
        if (!item_is_approved(item) || item_waits(item)) {
            continue;
        }
        release_cell(&t, b, item->published_name.n ? item->published_name : TEXT("not written"),
                     item);
        html_cell(&t, item->shown_name);
        html_cell(&t, item->published_caption.n ? item->published_caption : TEXT("none"));
        html_cell(&t, item->published_credit.n ? item->published_credit : TEXT("none"));
    }
    html_table_close(&t);
    buffer_add_cstr(b, "</section>\n");
}

/* Nothing stops these; they are not out yet. */
static void waiting(struct buffer *b, const struct report *r, size_t n)
{
    static const char *const HEADINGS[] = {"Waits as", "Your photo", "Caption", "Credit"};
    if (n == 0) {
        return;
    }
    buffer_format(b, "<section>\n<h2>%zu wait%s for a second person</h2>\n", n, n == 1 ? "s" : "");
    html_wrap(
        b,
        "<p class=\"intro\">Not published for now. The policy wants somebody who did not hand "
        "the photos in to look at them first: <code>photogate sign-off ",
        r->batch, "</code></p>\n");
    struct html_table t;
    html_table_open(&t, b, "Photos that wait, in the order of the folder", HEADINGS, 4);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *item = &r->items[i];
        if (item_waits(item)) {
            release_cell(&t, b, item->waiting_name, item);
            html_cell(&t, item->shown_name);
            html_cell(&t, item->published_caption.n ? item->published_caption : TEXT("none"));
            html_cell(&t, item->published_credit.n ? item->published_credit : TEXT("none"));
        }
    }
    html_table_close(&t);
    buffer_add_cstr(b, "</section>\n");
}

static void how_it_was_checked(struct buffer *b, const struct report *r)
{
    const struct policy *p = r->policy;
    buffer_add_cstr(b, "<section>\n<h2>How this was checked</h2>\n");
    html_assurance(b, r->face_assurance);
    html_wrap(b, "<p>The policy in force was &#8220;", p->title.n ? p->title : p->name,
              "&#8221; (<code>");
    html_text(b, p->name);
    if (p->version.n) {
        html_wrap(b, "</code>, version ", p->version, ").");
    } else {
        buffer_add_cstr(b, "</code>).");
    }
    buffer_add_cstr(b, " What is not known, not clear or not said is not published.</p>\n");
    if (r->n_litter) {
        buffer_format(b,
                      "<p>%llu other file%s in the folder %s no photo%s and %s passed over.</p>\n",
                      (unsigned long long)r->n_litter, r->n_litter == 1 ? "" : "s",
                      r->n_litter == 1 ? "is" : "are", r->n_litter == 1 ? "" : "s",
                      r->n_litter == 1 ? "was" : "were");
    }
    buffer_add_cstr(b, "</section>\n");
}

enum status report_office_html(const struct report *r, struct buffer *out, struct err *err)
{
    report_check(r);
    struct report_counts n = report_count(r);
    html_open(out, r, "Photo report");
    html_masthead(out, r, "Photo report");
    buffer_add_cstr(out, "<main id=\"main\">\n");
    at_a_glance(out, r);
    html_notes(out, r);
    enum status st = cards(out, r, VERDICT_HELD, n.held, err);
    if (st == STATUS_OK) {
        st = cards(out, r, VERDICT_REJECTED, n.rejected, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    waiting(out, r, n.awaiting);
    approved(out, r, n.approved);
    how_it_was_checked(out, r);
    buffer_add_cstr(out, "</main>\n");
    html_close(out, r, "This report names no pupil. The DPO has one that does.");
    return buffer_status(out, err);
}
