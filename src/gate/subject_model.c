/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is held on one person, as data: subject.json, and the page made from it. */
#include <stdio.h>
#include <string.h>

#include "photogate/report.h"
#include "run_files.h"
#include "subject_parts.h"

/* ---- other people ---------------------------------------------------------------------------- */

bool json_names(const json_t *value, const char *pseudonym)
{
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_string(value)) {
        return strcmp(json_string_value(value), pseudonym) == 0;
    }
    if (json_is_array(value)) {
        json_array_foreach(value, i, member)
        {
            if (json_names(member, pseudonym)) {
                return true;
            }
        }
        return false;
    }
    /* jansson's iteration takes no const object; nothing is changed */
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (json_names(member, pseudonym)) {
            return true;
        }
    }
    return false;
}

/* What an HMAC of the ledger looks like: of a person, a name, a text, a fact. */
static bool is_keyed(const json_t *value)
{
    const char *s = json_string_value(value);
    return s && strlen(s) == PSEUDONYM_BYTES - 1 &&
           strspn(s, "0123456789abcdef") == PSEUDONYM_BYTES - 1;
}

struct masking {
    const char *own;
    json_t *others; /* an object whose keys are the others' pseudonyms */
    bool failed;
};

/* Is the element about somebody else, or a keyed digest? Then who it is, is noted. */
static bool is_others(struct masking *m, const json_t *element)
{
    const json_t *who = json_is_object(element) ? json_object_get(element, "person") : element;
    if (!is_keyed(who) || strcmp(json_string_value(who), m->own) == 0) {
        return false;
    }
    m->failed |= json_object_set_new(m->others, json_string_value(who), json_true()) != 0;
    return true;
}

static json_t *without_others(struct masking *m, const json_t *value)
{
    const char *key;
    json_t *member, *out;
    size_t i;
    if (json_is_array(value)) {
        out = json_array();
        json_array_foreach(value, i, member)
        {
            if (!is_others(m, member)) {
                m->failed |= json_array_append_new(out, without_others(m, member)) != 0;
            }
        }
        return out;
    }
    if (!json_is_object(value)) {
        return json_deep_copy(value);
    }
    out = json_object();
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (strcmp(key, "person") == 0 && is_others(m, member)) {
            continue;
        }
        if (!is_keyed(member) || strcmp(json_string_value(member), m->own) == 0) {
            m->failed |= json_object_set_new(out, key, without_others(m, member)) != 0;
        }
    }
    return out;
}

json_t *json_without_others(const json_t *body, const char *pseudonym, size_t *n_others)
{
    struct masking m = {.own = pseudonym, .others = json_object()};
    json_t *out = m.others ? without_others(&m, body) : NULL;
    *n_others = json_object_size(m.others);
    json_decref(m.others);
    if (m.failed) {
        json_decref(out);
        out = NULL;
    }
    return out;
}

/* Only hits that are on them. */
static int keep_own_hits(json_t *says, const char *pseudonym)
{
    size_t i;
    json_t *hit, *own = json_array();
    int bad = !own;
    json_array_foreach(json_object_get(says, "hits"), i, hit)
    {
        const char *who = json_string_value(json_object_get(hit, "person"));
        if (who && strcmp(who, pseudonym) == 0) {
            bad |= json_array_append(own, hit);
        }
    }
    return bad | json_object_set_new(says, "hits", own);
}

/* What may be about somebody else: the verdict, why, and by which rules. */
static int hide_reasons(enum entry_kind kind, json_t *says, const char *pseudonym)
{
    static const char *const MEMBERS[] = {"verdict", "reason", "rules", "cleared"};
    if (kind == ENTRY_INTENT || kind == ENTRY_AWAITING) {
        return 0; /* nothing was against it */
    }
    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        (void)json_object_del(says, MEMBERS[i]);
    }
    return json_object_get(says, "hits") ? keep_own_hits(says, pseudonym) : 0;
}

json_t *subject_entry_told(const struct entry *e, const char *pseudonym, bool among_others,
                           size_t *n_others)
{
    json_t *says = json_without_others(e->body, pseudonym, n_others);
    const char *kind = entry_kind_name(e->kind), *means = subject_entry_words(e->kind);
    int bad = says == NULL;
    if (!bad && (among_others || *n_others)) {
        bad |= hide_reasons(e->kind, says, pseudonym);
        if (e->kind == ENTRY_HELD || e->kind == ENTRY_REJECTED) {
            kind = "held or rejected";
            means = "a photo with this person and others was not let out";
        }
    }
    json_t *told = bad ? NULL
                       : json_pack("{s:I, s:s, s:s, s:s, s:I, s:O}", "entry", (json_int_t)e->seq,
                                   "time", e->time, "kind", kind, "means", means, "other_people",
                                   (json_int_t)*n_others, "says", says);
    json_decref(says);
    return told;
}

const char *subject_entry_words(enum entry_kind kind)
{
    static const char *const WORDS[N_ENTRY_KINDS] = {
        [ENTRY_INTENT] = "a photo with this person passed every rule and was to be published",
        [ENTRY_PUBLISHED] = "that photo was put into the folder of approved photos",
        [ENTRY_ABANDONED] = "that photo was not put there: the run was cut short",
        [ENTRY_HELD] = "a photo with this person was held back until somebody has looked",
        [ENTRY_REJECTED] = "a photo with this person may not be published",
        [ENTRY_RECALLED] = "that photo was taken out of the approved ones",
        [ENTRY_POSTED] = "that photo was published at an address",
        [ENTRY_TAKEN_DOWN] = "that photo is no longer at that address",
        [ENTRY_AWAITING] = "a photo with this person passed every rule and waits for a second look",
        [ENTRY_DECLINED] = "that photo waits no longer and was not published",
        [ENTRY_CLEARED] = "somebody looked at that photo and let it pass",
        [ENTRY_DESTROYED] = "the original of that photo was deleted",
        [ENTRY_DISCLOSED] = "a copy of what is held on this person was made",
        [ENTRY_ERASED] = "this person was taken off the register",
    };
    const char *words = (unsigned)kind < N_ENTRY_KINDS ? WORDS[kind] : NULL;
    return words ? words : entry_kind_name(kind);
}

/* ---- the register ---------------------------------------------------------------------------- */

static json_t *text_json(struct text t)
{
    return t.n && text_is_utf8(t) ? json_stringn(t.at, t.n) : json_null();
}

static json_t *date_json(struct date d)
{
    char iso[DATE_TEXT_BYTES];
    return date_is_set(d) ? json_string(date_format(d, iso)) : json_null();
}

static json_t *person_json(const struct person *p)
{
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, "
        "s:s}",
        "kind", p->kind == PERSON_STAFF ? "staff" : "pupil", "upn", text_json(p->upn),
        "admission_no", text_json(p->admission_no), "title", text_json(p->title), "legal_forename",
        text_json(p->legal_forename), "middle_names", text_json(p->middle_names), "legal_surname",
        text_json(p->legal_surname), "known_forename", text_json(p->known_forename),
        "known_surname", text_json(p->known_surname), "year_group", text_json(p->year_group),
        "reg_group", text_json(p->reg_group), "staff_role", text_json(p->staff_role),
        "date_of_birth", date_json(p->date_of_birth), "date_of_leaving",
        date_json(p->date_of_leaving), "on_roll", known_name(p->on_roll), "do_not_publish",
        known_name(p->do_not_publish), "do_not_publish_unclear",
        text_json(p->do_not_publish_unclear), "child_objection", known_name(p->child_objection));
}

static json_t *consents_json(const struct person *p)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < p->n_consents; i++) {
        json_t *o = report_consent_event_json(&p->consents[i]);
        int bad = !o || json_object_set_new(o, "purpose",
                                            json_string(purpose_name(p->consents[i].purpose)));
        if (bad || json_array_append(list, o) != 0) {
            json_decref(list);
            list = NULL;
        }
        json_decref(o);
    }
    return list;
}

static json_t *status_json(const struct person *p)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < p->n_history; i++) {
        const struct status_event *e = &p->history[i];
        json_t *o = json_pack("{s:s, s:s, s:o, s:I}", "what", status_field_name(e->field), "said",
                              known_name(e->value), "recorded_on", date_json(e->recorded_on),
                              "import", (json_int_t)e->import);
        if (json_array_append_new(list, o) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

/* ---- photos and documents -------------------------------------------------------------------- */

static const char *place_words(enum subject_place place)
{
    static const char *const WORDS[] = {[SUBJECT_APPROVED] = "approved",
                                        [SUBJECT_WAITING] = "awaiting",
                                        [SUBJECT_RECALLED] = "recalled"};
    return WORDS[place];
}

static json_t *photo_json(struct home *home, const struct subject_photo *p, struct err *err)
{
    json_t *kept = NULL;
    char hex[DIGEST_HEX_BYTES];
    if (captions_kept(home, text_of(p->batch), &kept, err) != STATUS_OK) {
        return NULL;
    }
    const json_t *row = json_object_get(kept, p->file);
    const char *caption = json_string_value(json_object_get(row, "caption"));
    const char *credit = json_string_value(json_object_get(row, "credit"));
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "stands_in", place_words(p->place),
                          "batch", p->batch, "file", p->file, "sha256",
                          digest_hex(&p->release, hex), "entry", (json_int_t)p->entry, "caption",
                          caption ? caption : "", "credit", credit ? credit : "");
    json_decref(kept);
    return o;
}

static json_t *photos_json(struct home *home, const struct subject *s, struct err *err)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < s->n_photos; i++) {
        if (json_array_append_new(list, photo_json(home, &s->photos[i], err)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *documents_json(const struct subject *s)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < s->n_documents; i++) {
        if (json_array_append_new(list, text_json(s->documents[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

/* ---- all of it ------------------------------------------------------------------------------- */

json_t *subject_model(struct home *home, const struct subject *s, struct err *err)
{
    const struct school *school = home->school;
    json_t *photos = photos_json(home, s, err);
    json_t *model =
        photos ? json_pack("{s:o, s:o, s:o, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:O, s:o}", "school",
                           text_json(school->name), "dpo_contact", text_json(school->dpo_contact),
                           "made_on", date_json(date_today()), "program",
                           "photogate " PHOTOGATE_VERSION, "pseudonym", s->pseudonym,
                           "register_version", (json_int_t)s->people.version, "person",
                           person_json(s->person), "consents", consents_json(s->person), "status",
                           status_json(s->person), "photos", photos, "ledger_entries", s->told,
                           "documents", documents_json(s))
               : NULL;
    if (!model) {
        (void)err_set(err, STATUS_NOMEM, "out of memory while writing what is held on a person");
    }
    return model;
}
