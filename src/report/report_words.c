/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void report_check(const struct report *r)
{
    assert(r && r->channel && r->policy && r->snapshot);
    assert(r->n_items == 0 || r->items);
    for (size_t i = 0; i < r->n_items; i++) {
        assert(r->items[i].evidence && r->items[i].ruling);
    }
}

bool item_is_approved(const struct report_item *item)
{
    return item->ruling->verdict == VERDICT_APPROVED;
}

unsigned item_covered(const struct report_item *item)
{
    return item_is_approved(item) && item->proof ? (unsigned)item->proof->n_covered : 0;
}

const char *covered_words(unsigned n, char out[COVERED_WORDS_BYTES])
{
    (void)snprintf(out, COVERED_WORDS_BYTES, "%u face%s covered", n, n == 1 ? "" : "s");
    return out;
}

bool item_is_published(const struct report_item *item)
{
    return item_is_approved(item) && item->published_name.n > 0;
}

bool item_waits(const struct report_item *item)
{
    return item_is_approved(item) && item->waiting_name.n > 0;
}

struct report_counts report_count(const struct report *r)
{
    struct report_counts n = {.photos = r->n_items};
    for (size_t i = 0; i < r->n_items; i++) {
        if (item_waits(&r->items[i])) {
            n.awaiting++;
        } else if (item_is_approved(&r->items[i])) {
            n.approved++;
        } else if (r->items[i].ruling->verdict == VERDICT_HELD) {
            n.held++;
        } else {
            n.rejected++;
        }
    }
    return n;
}

void report_count_words(struct buffer *b, const struct report_counts *n)
{
    if (n->photos == 0) {
        buffer_add_cstr(b, "No photos were found in the folder");
        return;
    }
    buffer_format(b, "%zu photo%s: %zu may be published, ", n->photos, n->photos == 1 ? "" : "s",
                  n->approved);
    if (n->awaiting) {
        buffer_format(b, "%zu wait%s for a second person, ", n->awaiting,
                      n->awaiting == 1 ? "s" : "");
    }
    buffer_format(b, "%zu need%s a person's look, ", n->held, n->held == 1 ? "s" : "");
    buffer_format(b, "%zu may not be published", n->rejected);
}

bool digest_is_known(const struct digest *d)
{
    static const struct digest NONE;
    return !digest_equal(d, &NONE);
}

bool report_review_is_overdue(const struct report *r)
{
    return date_is_set(r->policy->review_date) && date_is_set(r->date) &&
           date_compare(r->policy->review_date, r->date) <= 0;
}

const char *date_words(struct date d, char out[DATE_WORDS_BYTES])
{
    static const char *const MONTHS[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    static const char *const DAYS[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    if (!date_is_set(d)) {
        (void)snprintf(out, DATE_WORDS_BYTES, "no date");
        return out;
    }
    /* 1970-01-01 was a Thursday; days before it count backwards. */
    int weekday = (date_to_days(d) % 7 + 7 + 3) % 7;
    (void)snprintf(out, DATE_WORDS_BYTES, "%s %d %s %d", DAYS[weekday], (int)d.day,
                   MONTHS[(d.month + 11) % 12], (int)d.year);
    return out;
}

/* A hit and its place among the ruling's hits, to be put into the order the office sees. */
struct seat {
    const struct hit *hit;
    size_t place;
};

static int compare_seats(const void *left, const void *right)
{
    const struct seat *a = left, *b = right;
    bool a_protects = a->hit->rule->protects, b_protects = b->hit->rule->protects;
    if (a_protects != b_protects) {
        return a_protects ? -1 : 1;
    }
    if (!a_protects) {
        return (a->place > b->place) - (a->place < b->place);
    }
    if (a->hit->verdict != b->hit->verdict) {
        return a->hit->verdict < b->hit->verdict ? -1 : 1;
    }
    return text_compare(a->hit->office, b->hit->office);
}

static void tell_sentence(struct office_telling *t, const struct hit *h)
{
    for (size_t i = 0; i < t->n_sentences; i++) {
        if (text_equal(t->sentences[i].words, h->office)) {
            return;
        }
    }
    t->sentences[t->n_sentences++] =
        (struct office_sentence){h->office, h->rule->protects ? NULL : h->rule->code};
}

static void tell_remedy(struct office_telling *t, struct text remedy)
{
    for (size_t i = 0; i < t->n_remedies; i++) {
        if (text_equal(t->remedies[i], remedy)) {
            return;
        }
    }
    t->remedies[t->n_remedies++] = remedy;
}

static void tell_code(struct office_telling *t, const struct rule *rule)
{
    if (rule->protects) {
        t->asks_dpo = true;
        return;
    }
    for (size_t i = 0; i < t->n_codes; i++) {
        if (text_equal(text_of(t->codes[i]), text_of(rule->code))) {
            return;
        }
    }
    t->codes[t->n_codes++] = rule->code;
}

enum status office_telling_make(const struct ruling *ruling, struct arena *a,
                                struct office_telling *out, struct err *err)
{
    size_t n = ruling->n_hits;
    struct office_telling t = {.sentences = arena_alloc(a, n + 1, sizeof *t.sentences),
                               .remedies = arena_alloc(a, n + 1, sizeof *t.remedies),
                               .codes = arena_alloc(a, n + 1, sizeof *t.codes)};
    struct seat *seats = arena_alloc(a, n + 1, sizeof *seats);
    if (!t.sentences || !t.remedies || !t.codes || !seats) {
        return err_set(err, STATUS_NOMEM, "out of memory while writing the report");
    }
    for (size_t i = 0; i < n; i++) {
        seats[i] = (struct seat){&ruling->hits[i], i};
    }
    qsort(seats, n, sizeof *seats, compare_seats);
    for (size_t i = 0; i < n; i++) {
        tell_sentence(&t, seats[i].hit);
        tell_remedy(&t, text_of(seats[i].hit->rule->remedy));
        tell_code(&t, seats[i].hit->rule);
    }
    if (n == 0 && ruling->verdict != VERDICT_APPROVED) {
        t.sentences[t.n_sentences++].words = TEXT("No reason was recorded.");
        t.remedies[t.n_remedies++] = TEXT("Do not publish it. This is a fault in photogate: tell "
                                          "whoever looks after it.");
    }
    *out = t;
    return STATUS_OK;
}

static void add_text(struct buffer *b, struct text t)
{
    buffer_add(b, t.at, t.n);
}

static void add_words(struct buffer *b, struct text first, struct text second)
{
    add_text(b, first);
    buffer_add_cstr(b, first.n && second.n ? " " : "");
    add_text(b, second);
}

void person_name(struct buffer *b, const struct person *p)
{
    if (p->title.n) {
        add_text(b, p->title);
        buffer_add_byte(b, ' ');
    }
    add_words(b, p->legal_forename, p->legal_surname);
    if (p->known_forename.n || p->known_surname.n) {
        buffer_add_cstr(b, ", known as ");
        add_words(b, p->known_forename.n ? p->known_forename : p->legal_forename,
                  p->known_surname.n ? p->known_surname : p->legal_surname);
    }
}

struct text person_place(const struct person *p)
{
    return p->kind == PERSON_STAFF ? p->staff_role : p->reg_group;
}

bool tag_names_anew(const struct report *r, const struct evidence *e, size_t tag)
{
    const struct tag *t = &e->tags[tag];
    if (t->resolution != RESOLVED_PERSON || t->person >= r->snapshot->n_people) {
        return false;
    }
    for (size_t i = 0; i < tag; i++) {
        if (e->tags[i].resolution == RESOLVED_PERSON && e->tags[i].person == t->person) {
            return false;
        }
    }
    return true;
}
