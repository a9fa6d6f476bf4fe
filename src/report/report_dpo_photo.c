/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything known about one photo, for the DPO. */
#include "html.h"
#include "photogate/ruling.h"

static void name_of(struct buffer *b, struct buffer *scratch, const struct person *p)
{
    scratch->n = 0; /* a failure stays: report_dpo_html asks for it */
    person_name(scratch, p);
    html_text(b, (struct text){(const char *)scratch->at, scratch->n});
    struct text place = person_place(p);
    if (place.n) {
        html_wrap(b, " (", place, ")");
    }
}

static void dated(struct buffer *b, const char *what, struct date d)
{
    char iso[DATE_TEXT_BYTES];
    if (date_is_set(d)) {
        buffer_format(b, "%s %s", what, date_format(d, iso));
    }
}

void dpo_consent(struct buffer *b, const struct consent *c)
{
    char hex[DIGEST_HEX_BYTES];
    buffer_format(b, "event %lld: %s %s", (long long)c->event, purpose_name(c->purpose),
                  consent_state_name(c->state));
    dated(b, " on", c->event_date);
    if (c->given_by.n) {
        html_wrap(b, " by ", c->given_by, "");
    }
    if (c->method != METHOD_UNKNOWN) {
        buffer_format(b, ", %s", consent_method_name(c->method));
    }
    if (c->notice_version.n) {
        html_wrap(b, ", notice ", c->notice_version, "");
    }
    dated(b, ", counts from", c->effective_from);
    dated(b, ", expires", c->expires);
    dated(b, "; recorded", c->recorded_on);
    if (c->source_file.n) {
        html_wrap(b, " from ", c->source_file, "");
    }
    buffer_format(b, " row %u (file SHA-256 <code>%.16s</code>&#8230;)", (unsigned)c->source_row,
                  digest_hex(&c->source_digest, hex));
}

static void file_facts(struct buffer *b, const struct report_item *item)
{
    const struct evidence *e = item->evidence;
    html_fact_open(b, "File");
    html_cstr(b, file_kind_words(e->kind));
    buffer_format(b, ", %llu bytes", (unsigned long long)e->size_bytes);
    if (e->width_px) {
        buffer_format(b, ", %u &#215; %u px upright", (unsigned)e->width_px,
                      (unsigned)e->height_px);
    }
    buffer_add_cstr(b, "; ");
    html_cstr(b, exam_words(e->exam));
    if (e->exam_note.n) {
        html_wrap(b, " (", e->exam_note, ")");
    }
    html_fact_close(b);
    html_fact_open(b, "Source SHA-256");
    html_digest(b, &e->digest);
    html_fact_close(b);
    const struct proof *p = item_is_approved(item) ? item->proof : NULL;
    if (!p) {
        return;
    }
    if (item->signed_off.n) {
        html_fact(b, "Signed off", item->signed_off);
    }
    html_fact_open(b, "Release SHA-256");
    html_digest(b, &p->release_digest);
    html_fact_close(b);
    html_fact_open(b, "Release");
    buffer_format(b, "%u &#215; %u px, ", (unsigned)p->width_px, (unsigned)p->height_px);
    html_cstr(b, p->same_picture == KNOWN_YES ? "proven the same picture"
                                              : "not proven the same picture");
    if (p->trimmed_right_px || p->trimmed_bottom_px) {
        buffer_format(
            b, "; trimmed by %u px on the right and %u px at the bottom to turn it without loss",
            (unsigned)p->trimmed_right_px, (unsigned)p->trimmed_bottom_px);
    }
    if (item_covered(item)) {
        char words[COVERED_WORDS_BYTES];
        html_wrap(b, "; ", text_of(covered_words(item_covered(item), words)), "");
    }
    html_fact_close(b);
}

static void said_facts(struct buffer *b, const struct statement *said)
{
    html_fact_open(b, "Manifest");
    if (said->present != KNOWN_YES) {
        buffer_add_cstr(b, said->present == KNOWN_NO ? "photos.csv has no row for this photo"
                                                     : "none");
    } else {
        buffer_format(b, "photos.csv row %u", (unsigned)said->row);
        if (said->count_given == KNOWN_YES) {
            buffer_format(b, ", people_count %u", (unsigned)said->people_count);
        }
        buffer_add_cstr(b, said->no_pupils_identifiable == KNOWN_YES
                               ? ", says that no pupil can be recognised"
                               : "");
    }
    if (said->trouble.n) {
        html_wrap(b, "; ", said->trouble, "");
    }
    html_fact_close(b);
}

static void optional_fact(struct buffer *b, const char *term, struct text t)
{
    if (t.n) {
        html_fact(b, term, t);
    }
}

/* "Jack Smith (4B) in the middle" */
static void covered_fact(struct buffer *b, struct buffer *scratch, const struct report *r,
                         const struct ruling *ruling)
{
    if (ruling->n_covered == 0) {
        return;
    }
    html_fact_open(b, ruling->verdict == VERDICT_APPROVED ? "Covered" : "Would be covered");
    for (size_t i = 0; i < ruling->n_covered; i++) {
        const struct covered_face *f = &ruling->covered[i];
        buffer_add_cstr(b, i ? "; " : "");
        name_of(b, scratch, &r->snapshot->people[f->person]);
        buffer_format(b, " %s, who did not agree", box_place_words(&f->box));
    }
    html_fact_close(b);
}

static void facts(struct buffer *b, struct buffer *scratch, const struct report *r,
                  const struct report_item *item)
{
    const struct evidence *e = item->evidence;
    buffer_add_cstr(b, "<dl class=\"glance\">\n");
    file_facts(b, item);
    covered_fact(b, scratch, r, item->ruling);
    html_fact_open(b, "Faces found");
    if (e->faces_looked_for == KNOWN_YES) {
        buffer_format(b, "%zu, %s assurance", e->n_faces, assurance_name(r->face_assurance));
    } else {
        buffer_add_cstr(b, "not looked for");
    }
    html_fact_close(b);
    said_facts(b, &e->said);
    optional_fact(b, "Caption", evidence_caption(e));
    optional_fact(b, "Credit", e->said.credit);
    optional_fact(b, "Creator in the file", e->creator);
    optional_fact(b, "Copyright in the file", e->copyright);
    buffer_add_cstr(b, "</dl>\n");
}

static const char *carrier_state_words(enum carrier_state s)
{
    static const char *const WORDS[] = {[CARRIER_NOT_READ] = "NOT READ",
                                        [CARRIER_UNPARSABLE] = "CANNOT BE PARSED",
                                        [CARRIER_READ] = "read",
                                        [CARRIER_DROPPED] = "left out, unread"};
    return (size_t)s < sizeof WORDS / sizeof WORDS[0] ? WORDS[s] : WORDS[CARRIER_NOT_READ];
}

/* "It gave away: where it was taken (51.50735 N, 0.12776 W)." */
static void given_away(struct buffer *b, const struct evidence *e)
{
    for (size_t i = 0; i < e->n_facts; i++) {
        buffer_add_cstr(b, i ? ", " : "<p>It gave away: ");
        html_cstr(b, fact_words(e->facts[i].id));
        html_wrap(b, " (", e->facts[i].value, ")");
    }
    buffer_add_cstr(b, e->n_facts ? ".</p>\n" : "");
}

/* "This photo carried: EXIF location, colour profile." */
static void carried(struct buffer *b, const struct evidence *e)
{
    static const char *const HEADINGS[] = {"What", "May give away", "Bytes", "State"};
    buffer_add_cstr(b, "<h4>Carried inside</h4>\n");
    if (e->n_carriers == 0) {
        buffer_add_cstr(b, "<p>Nothing but the picture was found.</p>\n");
        return;
    }
    buffer_add_cstr(b, "<p>This photo carried: ");
    for (size_t i = 0; i < e->n_carriers; i++) {
        buffer_add_cstr(b, i ? ", " : "");
        html_cstr(b, carrier_words(e->carriers[i].id));
    }
    buffer_add_cstr(b, ".</p>\n");
    given_away(b, e);
    struct html_table t;
    html_table_open(&t, b, "What it may give away", HEADINGS, 4);
    for (size_t i = 0; i < e->n_carriers; i++) {
        const struct carrier *c = &e->carriers[i];
        const char *identifies = carrier_identifies(c->id);
        html_cell_cstr(&t, carrier_words(c->id));
        html_cell_cstr(&t, identifies[0] ? identifies : "nothing");
        html_cell_open(&t);
        buffer_format(b, "%u", (unsigned)c->size_bytes);
        html_cell_close(&t);
        html_cell_open(&t);
        html_cstr(b, carrier_state_words(c->state));
        if (c->note.n) {
            html_wrap(b, " (", c->note, ")");
        }
        html_cell_close(&t);
    }
    html_table_close(&t);
}

static const char *resolution_words(enum resolution r)
{
    static const char *const WORDS[] = {[RESOLVED_UNKNOWN] = "nobody on the register",
                                        [RESOLVED_AMBIGUOUS] = "could be several people",
                                        [RESOLVED_UNNAMED] = "a marked face without a name",
                                        [RESOLVED_TOPIC] = "a topic, nobody's name",
                                        [RESOLVED_PERSON] = "nobody on the register"};
    return (size_t)r < sizeof WORDS / sizeof WORDS[0] ? WORDS[r] : WORDS[RESOLVED_UNKNOWN];
}

static void tags(struct buffer *b, struct buffer *scratch, const struct report *r,
                 const struct evidence *e)
{
    static const char *const HEADINGS[] = {"Tag", "Found in", "Is"};
    if (e->n_tags == 0) {
        return;
    }
    buffer_add_cstr(b, "<h4>Tags</h4>\n");
    struct html_table t;
    html_table_open(&t, b, "Who the photo says is in it", HEADINGS, 3);
    for (size_t i = 0; i < e->n_tags; i++) {
        const struct tag *tag = &e->tags[i];
        html_cell(&t, tag->name.n ? tag->name : TEXT("(no name)"));
        html_cell_open(&t);
        html_cstr(b, carrier_words(tag->carrier));
        buffer_add_cstr(b, tag->has_box ? ", with a box" : "");
        html_cell_close(&t);
        html_cell_open(&t);
        if (tag->resolution == RESOLVED_PERSON && tag->person < r->snapshot->n_people) {
            name_of(b, scratch, &r->snapshot->people[tag->person]);
        } else {
            html_cstr(b, resolution_words(tag->resolution));
        }
        html_cell_close(&t);
    }
    html_table_close(&t);
}

static void person(struct buffer *b, struct buffer *scratch, const struct report *r,
                   const struct person *p)
{
    buffer_add_cstr(b, "<div class=\"person\">\n<p><strong>");
    name_of(b, scratch, p);
    buffer_add_cstr(b, "</strong>");
    buffer_add_cstr(b, p->do_not_publish == KNOWN_YES       ? ", <strong>do not publish</strong>"
                       : p->do_not_publish == KNOWN_UNKNOWN ? ", do-not-publish entry unclear"
                                                            : "");
    buffer_add_cstr(b, p->child_objection == KNOWN_YES ? ", <strong>the child objects</strong>"
                       : p->child_objection == KNOWN_UNKNOWN ? ", objection entry unclear"
                                                             : "");
    buffer_add_cstr(b, "</p>\n<ul>\n");
    for (int u = PURPOSE_UNKNOWN + 1; u < N_PURPOSES; u++) {
        if (!r->channel->needs[u]) {
            continue;
        }
        const struct consent *event = NULL;
        enum consent_standing standing =
            consent_on(p, (enum purpose)u, &r->policy->purposes[u], r->date, &event);
        buffer_add_cstr(b, "<li>");
        html_cstr(b, purpose_words((enum purpose)u));
        buffer_add_cstr(b, ": <strong>");
        html_cstr(b, consent_standing_words(standing));
        buffer_add_cstr(b, "</strong>");
        if (event) {
            buffer_add_cstr(b, "; ");
            dpo_consent(b, event);
        }
        buffer_add_cstr(b, "</li>\n");
    }
    buffer_add_cstr(b, "</ul>\n</div>\n");
}

static void people(struct buffer *b, struct buffer *scratch, const struct report *r,
                   const struct evidence *e)
{
    bool any = false;
    for (size_t i = 0; i < e->n_tags; i++) {
        if (tag_names_anew(r, e, i)) {
            buffer_add_cstr(b, any ? "" : "<h4>People and their consents</h4>\n");
            person(b, scratch, r, &r->snapshot->people[e->tags[i].person]);
            any = true;
        }
    }
}

static void hit(struct buffer *b, const struct report *r, const struct hit *h)
{
    const struct rule *rule = h->rule;
    struct text own = rule->policy_key ? policy_clause(r->policy, rule->policy_key) : TEXT_NONE;
    buffer_format(b, "<div class=\"hit %s\">\n<p><strong>", verdict_class(h->verdict));
    html_cstr(b, rule->code);
    buffer_add_cstr(b, " ");
    html_cstr(b, rule->title);
    html_wrap(b, "</strong> <span class=\"code\">", text_of(rule->name), "");
    buffer_format(b, ", %s</span></p>\n", verdict_name(h->verdict));
    html_wrap(b, "<p>", h->dpo, "</p>\n<dl>\n");
    html_fact(b, "Clause", text_of(rule->clause));
    optional_fact(b, "This school's policy", own);
    html_fact(b, "What to do", text_of(rule->remedy));
    if (h->consent) {
        html_fact_open(b, "Consent");
        dpo_consent(b, h->consent);
        html_fact_close(b);
    }
    buffer_add_cstr(b, "</dl>\n</div>\n");
}

/* What held it, and who settled that. */
static void cleared(struct buffer *b, const struct report *r, const struct ruling *ruling)
{
    buffer_add_cstr(b, "<h4>What held it, and a person cleared</h4>\n");
    for (size_t i = 0; i < ruling->n_cleared; i++) {
        hit(b, r, &ruling->cleared[i]);
    }
    buffer_add_cstr(b, "<ul>\n");
    for (size_t i = 0; i < ruling->n_clearances; i++) {
        const struct clearance *c = &ruling->clearances[i];
        buffer_format(b, "<li>Cleared as %s", role_name(c->role));
        html_wrap(b, " by the account ", c->by, "");
        html_wrap(b, " on ", c->on, "");
        html_wrap(b, ": ", c->reason, "");
        buffer_format(b, " (ledger entry %lld)</li>\n", (long long)c->entry);
    }
    buffer_add_cstr(b, "</ul>\n");
}

static void hits(struct buffer *b, const struct report *r, const struct ruling *ruling)
{
    if (ruling->n_cleared) {
        cleared(b, r, ruling);
        return;
    }
    if (ruling->n_hits == 0) {
        buffer_add_cstr(b, ruling->verdict == VERDICT_APPROVED
                               ? "<p>No rule stops it.</p>\n"
                               : "<p>Refused without a reason: a fault in photogate.</p>\n");
        return;
    }
    buffer_add_cstr(b, "<h4>Why it was stopped</h4>\n");
    for (size_t i = 0; i < ruling->n_hits; i++) {
        hit(b, r, &ruling->hits[i]);
    }
}

void dpo_photo(struct buffer *b, struct buffer *scratch, const struct report *r,
               const struct report_item *item)
{
    const struct evidence *e = item->evidence;
    enum verdict verdict = item->ruling->verdict;
    buffer_format(b, "<article class=\"file %s\" id=\"photo-%u\">\n<div class=\"top\">\n",
                  verdict_class(verdict), (unsigned)e->position);
    html_picture(b, item);
    buffer_format(b, "<div>\n<h3>%u. ", (unsigned)e->position);
    html_wrap(b, "", e->name, "</h3>\n<p class=\"which\">");
    html_verdict(b, verdict);
    buffer_add_cstr(b, " <span class=\"case\">");
    if (item_is_published(item)) {
        html_wrap(b, "as ", item->published_name, "");
    } else if (item_waits(item)) {
        html_wrap(b, "waits for a second person as ", item->waiting_name, "");
    } else {
        html_case(b, item);
    }
    buffer_add_cstr(b, "</span></p>\n");
    facts(b, scratch, r, item);
    buffer_add_cstr(b, "</div>\n</div>\n");
    hits(b, r, item->ruling);
    tags(b, scratch, r, e);
    people(b, scratch, r, e);
    carried(b, e);
    buffer_add_cstr(b, "</article>\n");
}
