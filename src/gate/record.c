/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record.h"
#include "near_copies.h"

#include <string.h>

static enum status set_digest(json_t *body, const char *key, const struct digest *d)
{
    char hex[DIGEST_HEX_BYTES];
    return json_object_set_new(body, key, json_string(digest_hex(d, hex))) == 0 ? STATUS_OK
                                                                                : STATUS_NOMEM;
}

static enum status set_pseudonym(const struct ledger *l, json_t *o, const char *key,
                                 struct text reference, struct err *err)
{
    char pseudonym[PSEUDONYM_BYTES];
    enum status st = ledger_pseudonym(l, reference, pseudonym, err);
    if (st == STATUS_OK && json_object_set_new(o, key, json_string(pseudonym)) != 0) {
        st = STATUS_NOMEM;
    }
    return st;
}

/* [{"code":"C02","person":"9f..","event":17}, ...] in the rules' order. */
static enum status add_hits(const struct commit_context *c, const struct ruling *r, json_t *body,
                            struct err *err)
{
    json_t *hits = json_array();
    enum status st = json_object_set_new(body, "hits", hits) == 0 ? STATUS_OK : STATUS_NOMEM;
    for (size_t i = 0; st == STATUS_OK && i < r->n_hits; i++) {
        const struct hit *h = &r->hits[i];
        json_t *o =
            json_pack("{s:s, s:s}", "code", h->rule->code, "verdict", verdict_name(h->verdict));
        if (json_array_append_new(hits, o) != 0) {
            return STATUS_NOMEM;
        }
        if (h->person != NO_PERSON) {
            st = set_pseudonym(c->home->ledger, o, "person",
                               c->snapshot->people[h->person].reference, err);
        }
        if (st == STATUS_OK && h->rule->cleared_by) {
            /* so that a clearance answers these facts and no others; they may name somebody */
            st = set_pseudonym(c->home->ledger, o, "facts", h->dpo, err);
        }
        if (st == STATUS_OK && h->consent &&
            json_object_set_new(o, "event", json_integer(h->consent->event)) != 0) {
            st = STATUS_NOMEM;
        }
    }
    return st;
}

/* [{"person":"9f..","events":[12,13]}, ...]: who was found in the photo and which consents counted,
 * each person once. */
static enum status add_people(const struct commit_context *c, const struct evidence *e,
                              json_t *body, struct err *err)
{
    json_t *people = json_array();
    enum status st = json_object_set_new(body, "people", people) == 0 ? STATUS_OK : STATUS_NOMEM;
    for (size_t i = 0; st == STATUS_OK && i < e->n_tags; i++) {
        const struct tag *t = &e->tags[i];
        bool seen = t->resolution != RESOLVED_PERSON || t->person == NO_PERSON;
        for (size_t k = 0; !seen && k < i; k++) {
            seen = e->tags[k].resolution == RESOLVED_PERSON && e->tags[k].person == t->person;
        }
        if (seen) {
            continue;
        }
        const struct person *p = &c->snapshot->people[t->person];
        json_t *events = json_array();
        json_t *o = json_pack("{s:o}", "events", events);
        if (json_array_append_new(people, o) != 0) {
            return STATUS_NOMEM;
        }
        st = set_pseudonym(c->home->ledger, o, "person", p->reference, err);
        for (int u = PURPOSE_UNKNOWN + 1; st == STATUS_OK && u < N_PURPOSES; u++) {
            const struct consent *event = NULL;
            if (!c->channel->needs[u]) {
                continue;
            }
            (void)consent_on(p, (enum purpose)u, &c->home->policy->purposes[u], c->date, &event);
            if (event && json_array_append_new(events, json_integer(event->event)) != 0) {
                st = STATUS_NOMEM;
            }
        }
    }
    return st;
}

/* What a person stated is recorded as a person's word. */
static enum status add_statement(const struct evidence *e, json_t *body)
{
    if (e->said.present != KNOWN_YES) {
        return STATUS_OK;
    }
    json_t *said = json_object();
    int bad = json_object_set_new(body, "stated", said);
    if (bad == 0 && e->said.count_given == KNOWN_YES) {
        bad = json_object_set_new(said, "people_count", json_integer(e->said.people_count));
    }
    if (bad == 0 && e->said.no_pupils_identifiable != KNOWN_UNKNOWN) {
        bad = json_object_set_new(said, "no_pupils_identifiable",
                                  json_boolean(e->said.no_pupils_identifiable == KNOWN_YES));
    }
    return bad == 0 ? STATUS_OK : STATUS_NOMEM;
}

enum status record_texts(const struct ledger *l, struct text caption, struct text credit,
                         char out[PSEUDONYM_BYTES], struct err *err)
{
    struct buffer b;
    buffer_init(&b, caption.n + credit.n + 2);
    buffer_add(&b, caption.at, caption.n);
    buffer_add_byte(&b, '\0');
    buffer_add(&b, credit.at, credit.n);
    buffer_add_byte(&b, '\0');
    enum status st = buffer_status(&b, err);
    if (st == STATUS_OK) {
        st = ledger_pseudonym(l, (struct text){(const char *)b.at, b.n}, out, err);
    }
    buffer_release(&b);
    return st;
}

static enum status add_texts(const struct ledger *l, const struct evidence *e, json_t *body,
                             struct err *err)
{
    char texts[PSEUDONYM_BYTES];
    enum status st = record_texts(l, evidence_caption(e), e->said.credit, texts, err);
    return st == STATUS_OK && json_object_set_new(body, "texts", json_string(texts)) != 0
               ? STATUS_NOMEM
               : st;
}

/* The entries in which people cleared it. */
static enum status add_clearances(const struct ruling *r, json_t *body)
{
    json_t *list = r->n_clearances ? json_array() : NULL;
    int bad = list ? json_object_set_new(body, "cleared", list) : 0;
    for (size_t i = 0; list && i < r->n_clearances; i++) {
        bad |= json_array_append_new(list, json_integer(r->clearances[i].entry));
    }
    return bad || (r->n_clearances && !list) ? STATUS_NOMEM : STATUS_OK;
}

/* What a photo that was refused for somebody's sake looks like, so that a near copy of it is known.
 */
static enum status add_likeness(const struct outcome *o, json_t *body)
{
    char hex[DIGEST_HEX_BYTES];
    if (!refuses_somebody(o->ruling)) {
        return STATUS_OK;
    }
    bool bad =
        json_object_set_new(body, "everywhere", json_boolean(refuses_everywhere(o->ruling))) != 0;
    if (likeness_hex(&o->evidence->likeness, hex)) {
        bad = bad || json_object_set_new(body, "likeness", json_string(hex)) != 0;
    }
    return bad ? STATUS_NOMEM : STATUS_OK;
}

/* [{"person":"9f..","box":[x,y,w,h]}, ...]: whose face is covered, and where, in millionths of the
 * upright picture. Left out when nobody's is. */
static enum status add_covered(const struct commit_context *c, const struct ruling *r, json_t *body,
                               struct err *err)
{
    if (r->n_covered == 0) {
        return STATUS_OK;
    }
    json_t *list = json_array();
    enum status st = json_object_set_new(body, "covered", list) == 0 ? STATUS_OK : STATUS_NOMEM;
    for (size_t i = 0; st == STATUS_OK && i < r->n_covered; i++) {
        const struct box *b = &r->covered[i].box;
        json_t *o = json_pack("{s:[i,i,i,i]}", "box", (int)b->x_ppm, (int)b->y_ppm, (int)b->w_ppm,
                              (int)b->h_ppm);
        if (json_array_append_new(list, o) != 0) {
            return STATUS_NOMEM;
        }
        st = set_pseudonym(c->home->ledger, o, "person",
                           c->snapshot->people[r->covered[i].person].reference, err);
    }
    return st;
}

bool record_covers(const struct commit_context *c, const json_t *earlier, const struct ruling *r)
{
    const json_t *had = json_object_get(earlier, "covered");
    struct err unheard = {.status = STATUS_OK};
    json_t *now = json_object();
    bool all = r->n_covered == 0 || (now && add_covered(c, r, now, &unheard) == STATUS_OK);
    for (size_t i = 0; all && i < r->n_covered; i++) {
        const json_t *wanted = json_array_get(json_object_get(now, "covered"), i);
        bool found = false;
        for (size_t k = 0; !found && k < json_array_size(had); k++) {
            found = json_equal(json_array_get(had, k), wanted);
        }
        all = found;
    }
    json_decref(now);
    return all;
}

json_t *record_ruling(const struct commit_context *c, const struct outcome *o, struct err *err)
{
    const struct evidence *e = o->evidence;
    const struct ruling *ruling = o->ruling;
    char date[DATE_TEXT_BYTES];
    const struct policy *policy = c->home->policy;
    json_t *body = json_pack(
        "{s:s%, s:s%, s:s, s:s, s:s%, s:I, s:I, s:I, s:s}", "batch", c->batch.at, c->batch.n,
        "channel", c->channel->name.at, c->channel->name.n, "date", date_format(c->date, date),
        "verdict", verdict_name(ruling->verdict), "policy_name", policy->name.at, policy->name.n,
        "register_version", (json_int_t)c->snapshot->version, "faces", (json_int_t)e->n_faces,
        "size", (json_int_t)e->size_bytes, "exam", exam_words(e->exam));
    enum status st = body ? STATUS_OK : STATUS_NOMEM;
    if (st == STATUS_OK) {
        st = set_digest(body, "source", &o->source);
    }
    if (st == STATUS_OK && !digest_equal(&o->source, &e->digest)) {
        st = set_digest(body, "bytes", &e->digest);
    }
    if (st == STATUS_OK) {
        st = set_digest(body, "policy", &policy->digest);
    }
    if (st == STATUS_OK) {
        st = set_digest(body, "register", &c->snapshot->digest);
    }
    if (st ==
        STATUS_OK) { /* which file it was can be proved by who holds it, and read by nobody else */
        st = set_pseudonym(c->home->ledger, body, "name", e->name, err);
    }
    if (st == STATUS_OK) {
        st = add_hits(c, ruling, body, err);
    }
    if (st == STATUS_OK) {
        st = add_people(c, e, body, err);
    }
    if (st == STATUS_OK) {
        st = add_covered(c, ruling, body, err);
    }
    if (st == STATUS_OK) {
        st = add_statement(e, body);
    }
    if (st == STATUS_OK) {
        st = add_texts(c->home->ledger, e, body, err);
    }
    if (st == STATUS_OK) {
        st = add_likeness(o, body);
    }
    if (st == STATUS_OK) {
        st = add_clearances(ruling, body);
    }
    if (st == STATUS_OK) {
        st = actor_record(c->actor, body);
    }
    char owner[ACCOUNT_BYTES];
    if (st == STATUS_OK && o->owner != NO_OWNER && account_of(o->owner, owner)[0] &&
        strcmp(owner, c->actor->name) != 0 &&
        json_object_set_new(body, "owner", json_string(owner)) != 0) {
        st = STATUS_NOMEM;
    }
    if (st != STATUS_OK) {
        (void)err_set(err, st, "a ledger entry could not be made: %s", status_words(st));
        json_decref(body);
        body = NULL;
    }
    return body;
}

json_t *record_picture(const struct proof *p)
{
    return json_pack("{s:i, s:i, s:b, s:i, s:i}", "width", (int)p->width_px, "height",
                     (int)p->height_px, "png", p->kind == FILE_PNG, "trimmed_right",
                     (int)p->trimmed_right_px, "trimmed_bottom", (int)p->trimmed_bottom_px);
}

bool record_read_picture(const json_t *intent, struct proof *out)
{
    int width, height, png, right, bottom;
    const char *release;
    json_t *whole = json_deep_copy(intent); /* json_unpack wants a writable one */
    bool ok = whole && json_unpack(whole, "{s:s, s:{s:i, s:i, s:b, s:i, s:i}}", "release", &release,
                                   "picture", "width", &width, "height", &height, "png", &png,
                                   "trimmed_right", &right, "trimmed_bottom", &bottom) == 0;
    struct proof p = {.same_picture = KNOWN_YES};
    if (ok && width > 0 && height > 0 && right >= 0 && bottom >= 0 &&
        digest_from_hex(text_of(release), &p.release_digest)) {
        p.width_px = (uint32_t)width;
        p.height_px = (uint32_t)height;
        p.kind = png ? FILE_PNG : FILE_JPEG;
        p.trimmed_right_px = (uint32_t)right;
        p.trimmed_bottom_px = (uint32_t)bottom;
        p.n_covered = (uint32_t)json_array_size(json_object_get(intent, "covered"));
        *out = p;
    } else {
        ok = false;
    }
    json_decref(whole);
    return ok;
}

bool record_same_ruling(const json_t *a, const json_t *b)
{
    static const char *const COUNTS[] = {"verdict", "channel", "hits",  "people",
                                         "stated",  "name",    "texts", "covered"};
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++) {
        const json_t *x = json_object_get(a, COUNTS[i]), *y = json_object_get(b, COUNTS[i]);
        if ((x || y) && !json_equal(x, y)) {
            return false;
        }
    }
    return true;
}
