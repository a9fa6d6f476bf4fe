/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts that the office's page and the DPO's share. */
#include "html.h"

#include <assert.h>

#include "photogate/limits.h"

/* Nothing is fetched and nothing runs, whatever a name or a caption says (W3C Content Security
 * Policy Level 3). */
#define POLICY_OF_CONTENT                                                                          \
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "              \
    "form-action 'none'"

void html_open(struct buffer *b, const struct report *r, const char *kind)
{
    buffer_add_cstr(b, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY_OF_CONTENT
                       "\"/>\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                       "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                       "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
                       "<meta name=\"robots\" content=\"noindex\"/>\n<title>");
    html_cstr(b, kind);
    html_wrap(b, ": ", r->batch, "");
    html_wrap(b, ", ", r->school, "</title>\n");
    html_style(b);
    buffer_add_cstr(b,
                    "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n");
}

void html_close(struct buffer *b, const struct report *r, const char *promise)
{
    buffer_add_cstr(b, "<footer>\n<p>");
    html_cstr(b, promise);
    html_wrap(b, "</p>\n<p>Written by photogate ", r->program_version, ".</p>\n</footer>\n");
    buffer_add_cstr(b, "</body>\n</html>\n");
}

const char *verdict_class(enum verdict v)
{
    return v == VERDICT_APPROVED ? "approved" : v == VERDICT_HELD ? "held" : "rejected";
}

static const char *verdict_words(enum verdict v)
{
    return v == VERDICT_APPROVED ? "May be published"
           : v == VERDICT_HELD   ? "Needs a person&#39;s look"
                                 : "May not be published";
}

/* A tick, an eye, a cross: told apart without colour. The word stands beside each, so a screen
 * reader skips them. */
static void verdict_sign(struct buffer *b, enum verdict v)
{
    static const char *const PATHS[] = {
        [VERDICT_REJECTED] = "M4.5 4.5l7 7M11.5 4.5l-7 7",
        [VERDICT_HELD] = "M1.5 8C3.2 5.3 5.4 4 8 4s4.8 1.3 6.5 4C12.8 10.7 10.6 12 8 12S3.2 10.7 "
                         "1.5 8zM8 6.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2z",
        [VERDICT_APPROVED] = "M3.5 8.5l3 3l6-7"};
    enum verdict shown = v == VERDICT_APPROVED || v == VERDICT_HELD ? v : VERDICT_REJECTED;
    buffer_format(b,
                  "<svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\" "
                  "focusable=\"false\"><path d=\"%s\"/></svg>",
                  PATHS[shown]);
}

void html_verdict(struct buffer *b, enum verdict v)
{
    buffer_format(b, "<span class=\"verdict %s\">", verdict_class(v));
    verdict_sign(b, v);
    buffer_format(b, "%s</span>", verdict_words(v));
}

static void tally(struct buffer *b, enum verdict v, size_t n)
{
    static const char *const ONE[] = {[VERDICT_REJECTED] = "may not be published",
                                      [VERDICT_HELD] = "needs a person&#39;s look",
                                      [VERDICT_APPROVED] = "may be published"};
    static const char *const MANY[] = {[VERDICT_REJECTED] = "may not be published",
                                       [VERDICT_HELD] = "need a person&#39;s look",
                                       [VERDICT_APPROVED] = "may be published"};
    buffer_format(b, "<li class=\"%s\"><b>%zu</b> <span>", verdict_class(v), n);
    verdict_sign(b, v);
    buffer_format(b, "%s</span></li>\n", n == 1 ? ONE[v] : MANY[v]);
}

void html_masthead(struct buffer *b, const struct report *r, const char *kind)
{
    struct report_counts n = report_count(r);
    html_wrap(b, "<header>\n<p class=\"school\">", r->school, "</p>\n<h1>");
    html_cstr(b, kind);
    html_wrap(b, ": <span class=\"batch\">", r->batch, "</span></h1>\n<p class=\"lead\">");
    report_count_words(b, &n);
    buffer_add_cstr(b, ".</p>\n");
    if (n.photos) {
        buffer_add_cstr(b, "<ul class=\"tally\" aria-hidden=\"true\">\n");
        tally(b, VERDICT_APPROVED, n.approved);
        if (n.awaiting) {
            buffer_format(
                b, "<li class=\"%s\"><b>%zu</b> <span>%s for a second person</span></li>\n",
                verdict_class(VERDICT_HELD), n.awaiting, n.awaiting == 1 ? "waits" : "wait");
        }
        tally(b, VERDICT_HELD, n.held);
        tally(b, VERDICT_REJECTED, n.rejected);
        buffer_add_cstr(b, "</ul>\n");
    }
    buffer_add_cstr(b, "</header>\n");
}

void html_case(struct buffer *b, const struct report_item *item)
{
    if (item->case_no > 0) {
        buffer_format(b, "case %lld", (long long)item->case_no);
    } else {
        buffer_format(b, "photo %u", (unsigned)item->evidence->position);
    }
}

/* ITU-T T.81, B.1.1.3: a JPEG starts with SOI. What does not is not put before a browser. */
static bool is_preview(struct bytes b)
{
    return b.n <= MAX_PREVIEW_BYTES && bytes_start_with(b, "\xFF\xD8\xFF", 3);
}

/* As it would go out: what is to be covered is covered here too, also for who decides about it. */
static void covered_picture(struct buffer *b, const struct report_item *item)
{
    const struct evidence *e = item->evidence;
    unsigned width = e->width_px, height = e->height_px;
    buffer_format(b,
                  "<div class=\"shot\"><svg role=\"img\" viewBox=\"0 0 %u %u\" "
                  "style=\"width:100%%;height:auto;max-height:13rem;stroke:none\" "
                  "aria-label=\"Small picture of the photo in ",
                  width, height);
    html_case(b, item);
    buffer_format(b, ", with what will be covered\"><image width=\"%u\" height=\"%u\" href=\"",
                  width, height);
    html_jpeg_uri(b, e->preview);
    buffer_add_cstr(b, "\"/>");
    for (size_t i = 0; i < item->ruling->n_covered; i++) {
        const struct box *box = &item->ruling->covered[i].box;
        buffer_format(b,
                      "<rect x=\"%lld\" y=\"%lld\" width=\"%lld\" height=\"%lld\" "
                      "fill=\"#808080\"/>",
                      (long long)box->x_ppm * width / 1000000,
                      (long long)box->y_ppm * height / 1000000,
                      (long long)box->w_ppm * width / 1000000 + 1,
                      (long long)box->h_ppm * height / 1000000 + 1);
    }
    buffer_add_cstr(b, "</svg></div>\n");
}

void html_picture(struct buffer *b, const struct report_item *item)
{
    if (is_preview(item->evidence->preview) && item->ruling->n_covered) {
        covered_picture(b, item);
        return;
    }
    if (!is_preview(item->evidence->preview)) {
        buffer_add_cstr(b, "<div class=\"shot none\"><span>No small picture</span></div>\n");
        return;
    }
    buffer_add_cstr(b, "<div class=\"shot\"><img alt=\"Small picture of the photo in ");
    html_case(b, item);
    buffer_add_cstr(b, "\" src=\"");
    html_jpeg_uri(b, item->evidence->preview);
    buffer_add_cstr(b, "\"/></div>\n");
}

void html_fact_open(struct buffer *b, const char *term)
{
    buffer_add_cstr(b, "<div><dt>");
    html_cstr(b, term);
    buffer_add_cstr(b, "</dt><dd>");
}

void html_fact_close(struct buffer *b)
{
    buffer_add_cstr(b, "</dd></div>\n");
}

void html_fact(struct buffer *b, const char *term, struct text t)
{
    html_fact_open(b, term);
    html_text(b, t);
    html_fact_close(b);
}

void html_table_open(struct html_table *t, struct buffer *b, const char *caption,
                     const char *const *headings, size_t n_columns)
{
    *t = (struct html_table){.b = b, .headings = headings, .n_columns = n_columns};
    buffer_add_cstr(b, "<table>\n<caption>");
    html_cstr(b, caption);
    buffer_add_cstr(b, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < n_columns; i++) {
        html_wrap(b, "<th scope=\"col\">", text_of(headings[i]), "</th>");
    }
    buffer_add_cstr(b, "</tr></thead>\n<tbody>\n");
}

void html_cell_open(struct html_table *t)
{
    if (t->column == 0) {
        buffer_add_cstr(t->b, "<tr><th scope=\"row\">");
    } else {
        html_wrap(t->b, "<td data-label=\"", text_of(t->headings[t->column]), "\">");
    }
}

void html_cell_close(struct html_table *t)
{
    buffer_add_cstr(t->b, t->column == 0 ? "</th>" : "</td>");
    t->column++;
    if (t->column == t->n_columns) {
        buffer_add_cstr(t->b, "</tr>\n");
        t->column = 0;
    }
}

void html_cell(struct html_table *t, struct text content)
{
    html_cell_open(t);
    html_text(t->b, content);
    html_cell_close(t);
}

void html_cell_cstr(struct html_table *t, const char *content)
{
    html_cell(t, text_of(content));
}

void html_table_close(struct html_table *t)
{
    assert(t->column == 0);
    buffer_add_cstr(t->b, "</tbody>\n</table>\n");
}

void html_date(struct buffer *b, struct date d)
{
    char iso[DATE_TEXT_BYTES], words[DATE_WORDS_BYTES];
    if (date_is_set(d)) {
        buffer_format(b, "<time datetime=\"%s\">%s</time>", date_format(d, iso),
                      date_words(d, words));
    } else {
        buffer_add_cstr(b, date_words(d, words));
    }
}

void html_assurance(struct buffer *b, enum assurance a)
{
    switch (a) {
    case ASSURANCE_HIGH:
        buffer_add_cstr(b, "<p>The better face detector counted the faces in each photo, and the "
                           "count was compared with the people named. It counts faces; it "
                           "recognises nobody.</p>\n");
        return;
    case ASSURANCE_LOW:
        buffer_add_cstr(
            b,
            "<p>Faces were counted by the simple face detector, which <strong>misses somebody in "
            "about half of all group photos</strong>. So its count alone lets no photo of "
            "people through: a person has to count them and write the number into "
            "<code>photos.csv</code>, in the column <code>people_count</code>.</p>\n"
            "<p>The better face detector saves most of that work. Whoever looks after the "
            "computer installs it once with this command: "
            "<code>scripts/fetch-face-model</code></p>\n");
        return;
    case ASSURANCE_NONE:
        break;
    }
    buffer_add_cstr(b, "<p><strong>Nothing looked for faces in this run.</strong> No photo of "
                       "people was let through because of it. Tell whoever looks after the "
                       "computer that the face detector does not work.</p>\n");
}

void html_review_notice(struct buffer *b, const struct report *r)
{
    if (!report_review_is_overdue(r)) {
        return;
    }
    buffer_add_cstr(b, "<p class=\"notice\"><strong>The photo policy is due to be looked at "
                       "again</strong> since ");
    html_date(b, r->policy->review_date);
    buffer_add_cstr(b, ". Photos are still checked against it. Please tell the DPO.</p>\n");
}

static void note_list(struct buffer *b, const char *heading, const struct report_note *notes,
                      size_t n)
{
    if (n == 0) {
        return;
    }
    buffer_format(b, "<section>\n<h2>%s</h2>\n<ul class=\"notes\">\n", heading);
    for (size_t i = 0; i < n; i++) {
        html_wrap(b, "<li>", notes[i].text, "</li>\n");
    }
    buffer_add_cstr(b, "</ul>\n</section>\n");
}

void html_notes(struct buffer *b, const struct report *r)
{
    note_list(b, "Please note", r->notes, r->n_notes);
}

void html_dpo_notes(struct buffer *b, const struct report *r)
{
    note_list(b, "Recalled and published", r->dpo_notes, r->n_dpo_notes);
}
