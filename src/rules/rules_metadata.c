/* SPDX-License-Identifier: GPL-3.0-or-later */
/* M: was everything read that may name somebody, and whose picture is it? */
#include "rules/rule_table.h"

#include <string.h>

/* ---- M01 ------------------------------------------------------------------------------------- */

static bool is_read(const struct carrier *c)
{
    return c->id > CARRIER_UNKNOWN && c->id < N_CARRIERS &&
           (c->state == CARRIER_READ || c->state == CARRIER_DROPPED);
}

static bool is_first_unread_of_its_kind(const struct evidence *e, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (e->carriers[j].id == e->carriers[i].id && !is_read(&e->carriers[j])) {
            return false;
        }
    }
    return true;
}

void check_carrier_unread(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    for (size_t i = 0; k->cast->examined && i < e->n_carriers; i++) {
        const struct carrier *c = &e->carriers[i];
        if (is_read(c) || !is_first_unread_of_its_kind(e, i)) {
            continue;
        }
        bool named = c->id > CARRIER_UNKNOWN && c->id < N_CARRIERS;
        const char *what = named ? carrier_words(c->id) : "data of an unknown kind";
        struct text note = sink_print(k, c->note);
        sink_hit(k, k->rule->verdict, NO_PERSON, NULL,
                 sink_say(k, "Hidden data in this photo could not be read (%s).", what),
                 sink_say(k, "%s, %u bytes: %s%s%.*s.", what, (unsigned)c->size_bytes,
                          c->state == CARRIER_UNPARSABLE ? "could not be parsed" : "was not read",
                          note.n ? "; " : "", TEXT_ARG(note)));
    }
}

/* ---- M02 ------------------------------------------------------------------------------------- */

/* What people write around the holder's name. */
static bool is_boilerplate(struct text word)
{
    static const char *const WORDS[] = {
        "copyright", "copr", "c",     "all",    "rights",     "reserved",     "by",
        "and",       "the",  "photo", "photos", "photograph", "photographer", "photography"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (text_equal(word, text_of(WORDS[i]))) {
            return true;
        }
    }
    uint64_t year;
    return word.n == 4 && text_to_number(word, 2199, &year) && year >= 1900;
}

/* Folded text has one space between words and no signs. Step over `name` if `*rest` begins with its
 * words. */
static bool skip_name(struct text *rest, struct text name)
{
    struct text left = *rest;
    if (name.n == 0) {
        return false;
    }
    while (name.n) {
        struct text want = text_cut(name, ' ', &name), have = text_cut(left, ' ', &left);
        if (!text_equal(want, have)) {
            return false;
        }
    }
    *rest = left;
    return true;
}

static bool has_word(struct text t, struct text word)
{
    while (t.n) {
        if (text_equal(text_cut(t, ' ', &t), word)) {
            return true;
        }
    }
    return false;
}

struct claim {
    bool made;         /* there are words at all */
    bool ours;         /* a holder of the school's is named, and nobody else */
    bool acknowledged; /* the credit line names everybody who is not ours */
};

/* Read a creator or copyright field: with the school's own names, years and the usual words taken
 * out, nothing may be left. */
static struct claim claim_read(struct text claim, const struct text *own, size_t n_own,
                               struct text credit, struct text photographer)
{
    struct claim out = {.made = false, .ours = false, .acknowledged = credit.n != 0};
    bool named_ours = false, named_others = false;
    while (claim.n) {
        out.made = true;
        struct text after = claim;
        for (size_t i = 0; i < n_own; i++) {
            struct text left = claim;
            if (skip_name(&left, own[i]) && left.n < after.n) {
                after = left;
            }
        }
        if (after.n < claim.n) {
            named_ours = true;
            claim = after;
            continue;
        }
        struct text word = text_cut(claim, ' ', &claim);
        if (!is_boilerplate(word)) {
            named_others = true;
            out.acknowledged =
                out.acknowledged && (has_word(credit, word) || has_word(photographer, word));
        }
    }
    out.ours = named_ours && !named_others;
    return out;
}

void check_third_party_rights(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    if (!k->cast->examined || !h->policy->third_party_rights_hold) {
        return;
    }
    size_t n_own = h->policy->n_own_rights;
    struct text *own = sink_alloc(k, n_own, sizeof own[0]);
    for (size_t i = 0; own && i < n_own; i++) {
        own[i] = sink_fold(k, h->policy->own_rights[i]);
    }
    bool stated = e->said.present == KNOWN_YES && !k->cast->word_lost;
    struct text credit = stated ? sink_fold(k, e->said.credit) : TEXT_NONE;
    struct text photographer = stated ? sink_fold(k, e->said.photographer) : TEXT_NONE;
    const struct {
        const char *field;
        struct text value;
    } claims[] = {{"creator", e->creator}, {"copyright", e->copyright}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        bool readable = text_is_utf8(claims[i].value);
        struct claim c =
            claim_read(sink_fold(k, claims[i].value), own, own ? n_own : 0, credit, photographer);
        if (readable && (!c.made || c.ours || c.acknowledged)) {
            continue;
        }
        struct text value = sink_print(k, claims[i].value);
        sink_hit(k, k->rule->verdict, NO_PERSON, NULL,
                 sink_say(k, "The photo names a %s that is not the school.",
                          i == 0 ? "photographer" : "copyright holder"),
                 sink_say(k, "The %s field says \"%.*s\".", claims[i].field, TEXT_ARG(value)));
        return;
    }
}

/* ---- M03 ------------------------------------------------------------------------------------- */

void check_manifest_unusable(const struct hearing *h, struct rule_sink *k)
{
    if (k->cast->word_lost) {
        struct text trouble = sink_print(k, h->evidence->said.trouble);
        struct text sentence = sink_say(
            k, "What photos.csv says about this photo cannot be used: %.*s.", TEXT_ARG(trouble));
        sink_hit(k, k->rule->verdict, NO_PERSON, NULL, sentence, sentence);
    }
}
