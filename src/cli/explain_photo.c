/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for one photo's whole reasoning: what was found, who that is, what they agreed to, which
 * rules hit. Names pupils. */
#include "explain.h"

#include "cli.h"
#include "photogate/ruling.h"

void explain_person(const struct person *p)
{
    struct text forename = p->known_forename.n ? p->known_forename : p->legal_forename;
    struct text surname = p->known_surname.n ? p->known_surname : p->legal_surname;
    if (p->kind == PERSON_STAFF) {
        print_text(stdout, p->title);
        putchar(' ');
    }
    print_text(stdout, forename);
    putchar(' ');
    print_text(stdout, surname);
    struct text where = p->kind == PERSON_STAFF ? p->staff_role : p->reg_group;
    if (where.n) {
        printf(" (");
        print_text(stdout, where);
        putchar(')');
    }
}

void explain_consent(const struct consent *c)
{
    char date[DATE_TEXT_BYTES];
    printf("consent event %lld: %s %s", (long long)c->event, purpose_name(c->purpose),
           consent_state_name(c->state));
    if (date_is_set(c->event_date)) {
        printf(" on %s", date_format(c->event_date, date));
    }
    if (c->given_by.n) {
        printf(" by ");
        print_text(stdout, c->given_by);
    }
    if (c->method != METHOD_UNKNOWN) {
        printf(", %s", consent_method_name(c->method));
    }
    if (c->notice_version.n) {
        printf(", notice ");
        print_text(stdout, c->notice_version);
    }
    if (date_is_set(c->expires)) {
        printf(", expires %s", date_format(c->expires, date));
    }
    char hex[DIGEST_HEX_BYTES];
    printf("; recorded %s from ", date_format(c->recorded_on, date));
    print_text(stdout, c->source_file);
    printf(" row %u (file SHA-256 %.16s...)\n", c->source_row, digest_hex(&c->source_digest, hex));
}

static const char *resolution_words(const struct tag *t)
{
    switch (t->resolution) {
    case RESOLVED_PERSON:
        return "";
    case RESOLVED_AMBIGUOUS:
        return "could be several people";
    case RESOLVED_UNNAMED:
        return "a marked face without a name";
    case RESOLVED_TOPIC:
        return "a topic, nobody's name";
    case RESOLVED_UNKNOWN:
        break;
    }
    return t->kind == TAG_KEYWORD ? "neither a person on the register nor a known topic"
                                  : "nobody on the register";
}

static void explain_tags(const struct evidence *e, const struct snapshot *s)
{
    printf("Tags: %zu\n", e->n_tags);
    for (size_t i = 0; i < e->n_tags; i++) {
        const struct tag *t = &e->tags[i];
        printf("  %s: \"", carrier_words(t->carrier));
        print_text(stdout, t->name);
        printf("\"%s -> ", t->has_box ? " (with a box)" : "");
        if (t->resolution == RESOLVED_PERSON && t->person < s->n_people) {
            explain_person(&s->people[t->person]);
            putchar('\n');
        } else {
            printf("%s", resolution_words(t));
            if (t->resolution == RESOLVED_UNKNOWN && t->nearly && t->nearly <= s->n_people) {
                printf("; did you mean ");
                explain_person(&s->people[t->nearly - 1]);
                putchar('?');
            }
            putchar('\n');
        }
    }
}

static void explain_carriers(const struct evidence *e)
{
    static const char *const STATES[] = {[CARRIER_NOT_READ] = "present, NOT READ",
                                         [CARRIER_UNPARSABLE] = "CANNOT BE PARSED",
                                         [CARRIER_READ] = "read",
                                         [CARRIER_DROPPED] = "left out"};
    printf("Carried inside: %zu kind%s of data\n", e->n_carriers, plural(e->n_carriers));
    for (size_t i = 0; i < e->n_carriers; i++) {
        const struct carrier *c = &e->carriers[i];
        printf("  %s, %u bytes: %s", carrier_words(c->id), c->size_bytes, STATES[c->state]);
        if (c->note.n) {
            printf(" (");
            print_text(stdout, c->note);
            putchar(')');
        }
        putchar('\n');
    }
}

/* Everybody found, with what they agreed to for each purpose the channel needs. */
static void explain_people(const struct report *r, const struct evidence *e)
{
    const struct snapshot *s = r->snapshot;
    for (size_t i = 0; i < e->n_tags; i++) {
        const struct tag *t = &e->tags[i];
        bool seen = t->resolution != RESOLVED_PERSON || t->person >= s->n_people;
        for (size_t k = 0; !seen && k < i; k++) {
            seen = e->tags[k].resolution == RESOLVED_PERSON && e->tags[k].person == t->person;
        }
        if (seen) {
            continue;
        }
        const struct person *p = &s->people[t->person];
        printf("Person: ");
        explain_person(p);
        printf("%s%s\n", p->do_not_publish == KNOWN_YES ? ", DO NOT PUBLISH" : "",
               p->child_objection == KNOWN_YES ? ", the child objects" : "");
        for (int u = PURPOSE_UNKNOWN + 1; u < N_PURPOSES; u++) {
            const struct consent *event = NULL;
            if (!r->channel->needs[u]) {
                continue;
            }
            enum consent_standing st =
                consent_on(p, (enum purpose)u, &r->policy->purposes[u], r->date, &event);
            printf("  %s: %s\n", purpose_words((enum purpose)u), consent_standing_words(st));
            if (event) {
                printf("    ");
                explain_consent(event);
            }
        }
    }
}

static void explain_hits(const struct ruling *ruling)
{
    if (ruling->n_hits == 0) {
        puts("No rule stops it.");
    }
    for (size_t i = 0; i < ruling->n_hits; i++) {
        const struct hit *h = &ruling->hits[i];
        printf("%s %s (%s): ", h->rule->code, h->rule->name, verdict_name(h->verdict));
        print_text(stdout, h->dpo);
        printf("\n  clause: %s\n  what to do: %s\n", h->rule->clause, h->rule->remedy);
        if (h->consent) {
            printf("  ");
            explain_consent(h->consent);
        }
    }
}

static void explain_covered(const struct report *r, const struct ruling *ruling)
{
    for (size_t i = 0; i < ruling->n_covered; i++) {
        const struct covered_face *f = &ruling->covered[i];
        const struct person *p = &r->snapshot->people[f->person];
        printf("Face to be covered: ");
        print_text(stdout, p->legal_forename);
        putchar(' ');
        print_text(stdout, p->legal_surname);
        printf(" %s, %s\n", box_place_words(&f->box),
               f->seen ? "where a face was found" : "where no face was found");
    }
}

static void explain_statement(const struct statement *said)
{
    if (said->present != KNOWN_YES) {
        puts(said->present == KNOWN_NO ? "Manifest: photos.csv has no row for this photo"
                                       : "Manifest: none");
        return;
    }
    printf("Manifest: photos.csv row %u", said->row);
    if (said->count_given == KNOWN_YES) {
        printf(", people_count %u", said->people_count);
    }
    if (said->no_pupils_identifiable == KNOWN_YES) {
        printf(", says no pupil can be recognised");
    }
    putchar('\n');
}

void explain_item(const struct report *r, const struct report_item *item)
{
    const struct evidence *e = item->evidence;
    char date[DATE_TEXT_BYTES], hex[DIGEST_HEX_BYTES];
    printf("Photo: ");
    print_text(stdout, e->name);
    printf("\nFor %.*s on %s, policy %.*s (%.16s...), register version %lld\n",
           TEXT_ARG(r->channel->name), date_format(r->date, date), TEXT_ARG(r->policy->name),
           digest_hex(&r->policy->digest, hex), (long long)r->snapshot->version);
    printf("File: %s, %llu bytes, SHA-256 %s, %s", file_kind_words(e->kind),
           (unsigned long long)e->size_bytes, digest_hex(&e->digest, hex), exam_words(e->exam));
    if (e->exam_note.n) {
        printf(" (");
        print_text(stdout, e->exam_note);
        putchar(')');
    }
    putchar('\n');
    if (e->width_px) {
        printf("Picture: %u x %u pixels upright; faces found: %zu (%s assurance)\n", e->width_px,
               e->height_px, e->n_faces, assurance_name(r->face_assurance));
    }
    explain_carriers(e);
    explain_statement(&e->said);
    explain_tags(e, r->snapshot);
    explain_people(r, e);
    struct text caption = evidence_caption(e);
    if (caption.n) {
        printf("Caption: \"");
        print_text(stdout, caption);
        puts("\"");
    }
    explain_hits(item->ruling);
    explain_covered(r, item->ruling);
    printf("Ruling: %s\n", verdict_name(item->ruling->verdict));
}
