/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a page. Private to the room.
 *
 * Markup is written by buffer_add_cstr and buffer_format from literals alone; every other word goes
 * through html_text. The pages are well-formed XML as well as HTML5, so that a strict parser can
 * check them: each element is closed, each attribute quoted.
 */
#ifndef PHOTOGATE_HTML_H
#define PHOTOGATE_HTML_H

#include "photogate/report.h"
#include "report_words.h"

/* html_text.c: text from anywhere, as element content or within a quoted attribute: & < > " '
 * escaped, what is not printable told. */
void html_text(struct buffer *b, struct text t);
void html_cstr(struct buffer *b, const char *s);

/* `before` and `after` are markup: html_wrap(b, "<p>", text, "</p>"). */
void html_wrap(struct buffer *b, const char *before, struct text t, const char *after);

/* A data: URI (RFC 2397) of a JPEG. */
void html_jpeg_uri(struct buffer *b, struct bytes jpeg);

void html_digest(struct buffer *b, const struct digest *d); /* 64 digits */

/* style.c: the style sheet of every page, as a <style> element. */
void html_style(struct buffer *b);

/* html_parts.c */

/* From the doctype to <body>, skip link included. `kind` goes into the title: "Photo report". */
void html_open(struct buffer *b, const struct report *r, const char *kind);
void html_close(struct buffer *b, const struct report *r, const char *promise);

/* The heading of the page: school, kind and batch, the counts in one sentence and as a row of
 * figures. */
void html_masthead(struct buffer *b, const struct report *r, const char *kind);

/* "May be published" with its sign; never colour alone. */
void html_verdict(struct buffer *b, enum verdict v);
const char *verdict_class(enum verdict v);

/* The small picture of an item, or words in its place. */
void html_picture(struct buffer *b, const struct report_item *item);

/* "case 17", or "photo 3" where no case was opened. */
void html_case(struct buffer *b, const struct report_item *item);

/* A row of a description list: html_fact_open, content, html_fact_close. */
void html_fact_open(struct buffer *b, const char *term);
void html_fact_close(struct buffer *b);
void html_fact(struct buffer *b, const char *term, struct text t);

/* A table whose rows turn into blocks on a narrow screen, each cell with its heading in front. The
 * first cell of a row heads it. */
struct html_table {
    struct buffer *b;
    const char *const *headings;
    size_t n_columns, column;
};

void html_table_open(struct html_table *t, struct buffer *b, const char *caption,
                     const char *const *headings, size_t n_columns);
void html_cell_open(struct html_table *t);
void html_cell_close(struct html_table *t);
void html_cell(struct html_table *t, struct text content);
void html_cell_cstr(struct html_table *t, const char *content);
void html_table_close(struct html_table *t);

void html_date(struct buffer *b, struct date d); /* "Friday 20 November 2026" as a <time> */

/* What an assurance means, in plain words, as paragraphs; with the command that raises a low one.
 */
void html_assurance(struct buffer *b, enum assurance a);
void html_review_notice(struct buffer *b, const struct report *r); /* nothing unless overdue */
void html_notes(struct buffer *b, const struct report *r);         /* nothing without notes */
void html_dpo_notes(struct buffer *b, const struct report *r);     /* likewise; for the DPO only */

/* report_dpo_photo.c: everything known about one photo. `scratch` holds what is put together on the
 * way. */
void dpo_photo(struct buffer *b, struct buffer *scratch, const struct report *r,
               const struct report_item *item);
void dpo_consent(struct buffer *b, const struct consent *c); /* one event, in words */

#endif
