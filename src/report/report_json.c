/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json: what a program may know of a run. It names no pupil, no file and no rule that protects.
 */
#include <jansson.h>

#include "report_words.h"

#define PRINTED_MAX_BYTES ((size_t)1024 * 1024)

/* A document in the making: a value that could not be made leaves `failed`, so that it is asked
 * once at the end. */
struct document {
    struct buffer printed; /* a text made printable: jansson takes UTF-8 alone */
    bool failed;
};

static void put(struct document *d, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        d->failed = true;
    }
}

static void push(struct document *d, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) != 0) {
        d->failed = true;
    }
}

static json_t *printable(struct document *d, struct text t)
{
    buffer_reset(&d->printed);
    text_print(&d->printed, t);
    if (d->printed.failed != STATUS_OK) {
        return NULL;
    }
    return d->printed.n ? json_stringn((const char *)d->printed.at, d->printed.n) : json_string("");
}

static json_t *hex(const struct digest *d)
{
    char digits[DIGEST_HEX_BYTES];
    return digest_is_known(d) ? json_string(digest_hex(d, digits)) : json_null();
}

static json_t *day(struct date d)
{
    char iso[DATE_TEXT_BYTES];
    return date_is_set(d) ? json_string(date_format(d, iso)) : json_null();
}

static json_t *number(size_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *counts(struct document *d, const struct report *r)
{
    struct report_counts n = report_count(r);
    json_t *o = json_object();
    put(d, o, "photos", number(n.photos));
    put(d, o, "approved", number(n.approved));
    put(d, o, "awaiting", number(n.awaiting));
    put(d, o, "held", number(n.held));
    put(d, o, "rejected", number(n.rejected));
    put(d, o, "passed_over", number((size_t)r->n_litter));
    return o;
}

static json_t *policy(struct document *d, const struct report *r)
{
    json_t *o = json_object();
    put(d, o, "name", printable(d, r->policy->name));
    put(d, o, "version", printable(d, r->policy->version));
    put(d, o, "digest", hex(&r->policy->digest));
    put(d, o, "review_date", day(r->policy->review_date));
    put(d, o, "review_overdue", json_boolean(report_review_is_overdue(r)));
    return o;
}

static void in_force(struct document *d, const struct report *r, json_t *root)
{
    json_t *reg = json_object(), *faces = json_object(), *ledger = json_object();
    put(d, reg, "version", json_integer(r->snapshot->version));
    put(d, reg, "digest", hex(&r->snapshot->digest));
    put(d, faces, "assurance", json_string(assurance_name(r->face_assurance)));
    put(d, faces, "detector", printable(d, r->face_detector));
    put(d, ledger, "head", hex(&r->ledger_head));
    put(d, ledger, "entries", json_integer(r->ledger_entries));
    put(d, root, "register", reg);
    put(d, root, "faces", faces);
    put(d, root, "ledger", ledger);
    put(d, root, "confinement", printable(d, r->confinement));
}

static json_t *rules(struct document *d, const struct ruling *ruling, struct err *err)
{
    struct arena a;
    struct office_telling t;
    arena_init(&a, TELLING_MAX_BYTES);
    json_t *list = NULL;
    if (office_telling_make(ruling, &a, &t, err) == STATUS_OK) {
        list = json_array();
        if (t.asks_dpo) {
            push(d, list, json_string("PROTECTED"));
        }
        for (size_t i = 0; i < t.n_codes; i++) {
            push(d, list, json_string(t.codes[i]));
        }
    }
    arena_release(&a);
    return list;
}

/* What a person settled, by whom in which role; nothing that protects is ever settled so. */
static json_t *cleared(struct document *d, const struct ruling *ruling)
{
    json_t *o = json_object(), *codes = json_array(), *people = json_array();
    put(d, o, "rules", codes);
    put(d, o, "by", people);
    for (size_t i = 0; i < ruling->n_cleared; i++) {
        push(d, codes, json_string(ruling->cleared[i].rule->code));
    }
    for (size_t i = 0; i < ruling->n_clearances; i++) {
        const struct clearance *c = &ruling->clearances[i];
        json_t *who = json_object();
        put(d, who, "role", json_string(role_name(c->role)));
        put(d, who, "account", printable(d, c->by));
        put(d, who, "on", printable(d, c->on));
        put(d, who, "reason", printable(d, c->reason));
        put(d, who, "entry", json_integer(c->entry));
        push(d, people, who);
    }
    return o;
}

static json_t *photo(struct document *d, const struct report_item *item, struct err *err)
{
    bool released = item_is_published(item) && item->proof;
    json_t *o = json_object();
    put(d, o, "position", json_integer(item->evidence->position));
    put(d, o, "verdict", json_string(verdict_name(item->ruling->verdict)));
    put(d, o, "case", item->case_no > 0 ? json_integer(item->case_no) : json_null());
    put(d, o, "published_as",
        item_is_published(item) ? printable(d, item->published_name) : json_null());
    put(d, o, "source_sha256", hex(&item->evidence->digest));
    put(d, o, "release_sha256", released ? hex(&item->proof->release_digest) : json_null());
    put(d, o, "rules", rules(d, item->ruling, err));
    if (item_waits(item)) {
        put(d, o, "waiting_as", printable(d, item->waiting_name));
    }
    if (item_covered(item)) {
        put(d, o, "faces_covered", json_integer(item_covered(item)));
    }
    if (item->ruling->n_cleared) {
        put(d, o, "cleared", cleared(d, item->ruling));
    }
    return o;
}

static json_t *build(struct document *d, const struct report *r, struct err *err)
{
    json_t *root = json_object(), *photos = json_array(), *notes = json_array();
    put(d, root, "program", printable(d, r->program_version));
    put(d, root, "school", printable(d, r->school));
    put(d, root, "batch", printable(d, r->batch));
    put(d, root, "channel", printable(d, r->channel->name));
    put(d, root, "date", day(r->date));
    if (r->request.n) {
        put(d, root, "request", printable(d, r->request));
    }
    put(d, root, "counts", counts(d, r));
    put(d, root, "policy", policy(d, r));
    in_force(d, r, root);
    for (size_t i = 0; i < r->n_items; i++) {
        push(d, photos, photo(d, &r->items[i], err));
    }
    for (size_t i = 0; i < r->n_notes; i++) {
        push(d, notes, printable(d, r->notes[i].text));
    }
    put(d, root, "photos", photos);
    put(d, root, "notes", notes);
    return root;
}

static int append(const char *text, size_t n, void *out)
{
    buffer_add(out, text, n);
    return 0;
}

enum status report_run_json(const struct report *r, struct buffer *out, struct err *err)
{
    report_check(r);
    struct document d = {.failed = false};
    buffer_init(&d.printed, PRINTED_MAX_BYTES);
    json_t *root = build(&d, r, err);
    enum status st = STATUS_OK;
    /* jansson fails on no memory alone here: what goes in is UTF-8 and no loop. */
    if (!root || d.failed ||
        json_dump_callback(root, append, out, JSON_INDENT(2) | JSON_SORT_KEYS)) {
        st = err_set(err, STATUS_NOMEM, "out of memory while writing run.json");
        goto out;
    }
    buffer_add_byte(out, '\n');
    st = buffer_status(out, err);
out:
    json_decref(root);
    buffer_release(&d.printed);
    return st;
}
