/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "near_copies.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Photos of one burst are taken so close together. Whole seconds are all that cameras write. */
enum { BURST_SECONDS = 3 };
#define NO_MOMENT INT64_MIN

/* Because of so many people in one photo it is worth looking whether all are listed in another. */
enum { MOST_REFUSED = 8 };

/* A refused photo. */
struct refused {
    struct likeness likeness;
    int64_t taken;        /* seconds of a clock without zone, as the camera's; NO_MOMENT */
    int64_t seq, case_no; /* of the ledger; 0: of this run */
    uint32_t position;    /* of this run; 0: of the ledger */
    struct digest source;
    bool is_of_batch;              /* of the batch of this run */
    uint32_t people[MOST_REFUSED]; /* of this run: because of whom, n_people of them */
    size_t n_people;               /* more than MOST_REFUSED: not all are here */
};

struct near_copies {
    struct ledger *ledger;
    struct near_grounds grounds;
    struct text batch;
    struct refused *at; /* owned */
    size_t n, cap;
    struct digest *judged; /* owned; sources ruled on in this run; zero: a free slot */
    size_t n_judged, n_slots;
};

/* "2026:11:12 10:41:07" (EXIF) or "2026-11-12T10:41:07..." (XMP). */
static int64_t moment_of(struct text t)
{
    uint64_t at[6];
    struct date day;
    static const struct {
        uint8_t from, n;
        uint16_t max;
    } PARTS[] = {{0, 4, 9999}, {5, 2, 12}, {8, 2, 31}, {11, 2, 23}, {14, 2, 59}, {17, 2, 60}};
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        if (t.n < (size_t)PARTS[i].from + PARTS[i].n ||
            !text_to_number(text_slice(t, PARTS[i].from, PARTS[i].n), PARTS[i].max, &at[i])) {
            return NO_MOMENT;
        }
    }
    if (!date_make((int)at[0], (int)at[1], (int)at[2], &day)) {
        return NO_MOMENT;
    }
    return (int64_t)date_to_days(day) * 86400 + (int64_t)(at[3] * 3600 + at[4] * 60 + at[5]);
}

static int64_t taken(const struct evidence *e)
{
    int64_t moment = NO_MOMENT;
    for (size_t i = 0; moment == NO_MOMENT && i < e->n_facts; i++) {
        if (e->facts[i].id == FACT_TAKEN) {
            moment = moment_of(e->facts[i].value);
        }
    }
    return moment;
}

static bool is_same_moment(int64_t a, int64_t b)
{
    return a != NO_MOMENT && b != NO_MOMENT && a - b <= BURST_SECONDS && b - a <= BURST_SECONDS;
}

static bool is_protection(const struct hit *h)
{
    return h->rule->code[0] == 'P';
}

static bool is_because_of_somebody(const struct hit *h)
{
    return h->verdict == VERDICT_REJECTED && h->rule->protects && h->person != NO_PERSON;
}

bool refuses_somebody(const struct ruling *ruling)
{
    for (size_t i = 0; i < ruling->n_hits; i++) {
        if (is_because_of_somebody(&ruling->hits[i])) {
            return true;
        }
    }
    return false;
}

bool refuses_everywhere(const struct ruling *ruling)
{
    for (size_t i = 0; i < ruling->n_hits; i++) {
        if (ruling->hits[i].verdict == VERDICT_REJECTED && is_protection(&ruling->hits[i])) {
            return true;
        }
    }
    return false;
}

bool likeness_hex(const struct likeness *l, char out[DIGEST_HEX_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof l->fields / sizeof l->fields[0]; i++) {
        n += (size_t)snprintf(out + n, DIGEST_HEX_BYTES - n, "%016llx",
                              (unsigned long long)l->fields[i]);
    }
    assert(n == DIGEST_HEX_BYTES - 1);
    return l->known == KNOWN_YES;
}

bool likeness_from_hex(const char *hex, struct likeness *out)
{
    struct digest d;
    if (!hex || !digest_from_hex(text_of(hex), &d)) {
        return false;
    }
    *out = (struct likeness){.known = KNOWN_YES};
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out->fields[i / 8] = out->fields[i / 8] << 8 | d.b[i];
    }
    return true;
}

static enum status add(struct near_copies *n, const struct refused *one, struct err *err)
{
    if (n->n == n->cap) {
        size_t cap = n->cap ? 2 * n->cap : 64;
        struct refused *more = realloc(n->at, cap * sizeof *more);
        if (!more) {
            return err_set(err, STATUS_NOMEM, "out of memory during the run");
        }
        n->at = more;
        n->cap = cap;
    }
    n->at[n->n++] = *one;
    return STATUS_OK;
}

static enum status note_entry(void *context, const struct entry *e, struct err *err)
{
    struct near_copies *n = context;
    struct refused one = {.seq = e->seq, .taken = NO_MOMENT};
    const char *channel = json_string_value(json_object_get(e->body, "channel"));
    const char *source = json_string_value(json_object_get(e->body, "source"));
    const json_t *everywhere = json_object_get(e->body, "everywhere");
    if (!everywhere || !digest_from_hex(text_of(source), &one.source) ||
        (!json_is_true(everywhere) && !text_equal(text_of(channel), n->grounds.channel->name))) {
        return STATUS_OK;
    }
    /* of a picture too plain to have a likeness, only the very bytes are known again */
    (void)likeness_from_hex(json_string_value(json_object_get(e->body, "likeness")), &one.likeness);
    one.is_of_batch =
        text_equal(text_of(json_string_value(json_object_get(e->body, "batch"))), n->batch);
    one.case_no = json_integer_value(json_object_get(e->body, "case"));
    return add(n, &one, err);
}

enum status near_copies_open(struct ledger *l, struct text batch,
                             const struct near_grounds *grounds, struct near_copies **out,
                             struct err *err)
{
    struct near_copies *n = calloc(1, sizeof *n);
    if (!n) {
        return err_set(err, STATUS_NOMEM, "out of memory during the run");
    }
    *n = (struct near_copies){.ledger = l, .grounds = *grounds, .batch = batch};
    enum status st = ledger_each(l, 1u << ENTRY_REJECTED, note_entry, n, err);
    if (st == STATUS_OK) {
        *out = n;
    } else {
        near_copies_close(n);
    }
    return st;
}

void near_copies_close(struct near_copies *n)
{
    if (n) {
        free(n->at);
        free(n->judged);
        free(n);
    }
}

/* The slot of a source, or the free one where it belongs. There always is a free one. */
static size_t slot_of(const struct near_copies *n, const struct digest *source)
{
    static const struct digest FREE = {{0}};
    size_t at = 0;
    memcpy(&at, source->b, sizeof at);
    for (;; at++) {
        const struct digest *d = &n->judged[at & (n->n_slots - 1)];
        if (digest_equal(d, &FREE) || digest_equal(d, source)) {
            return at & (n->n_slots - 1);
        }
    }
}

static bool was_judged(const struct near_copies *n, const struct digest *source)
{
    return n->n_slots && digest_equal(&n->judged[slot_of(n, source)], source);
}

static enum status mark_judged(struct near_copies *n, const struct digest *source, struct err *err)
{
    if (2 * (n->n_judged + 1) > n->n_slots) {
        struct near_copies larger = *n;
        larger.n_slots = n->n_slots ? 2 * n->n_slots : 256;
        larger.judged = calloc(larger.n_slots, sizeof *larger.judged);
        if (!larger.judged) {
            return err_set(err, STATUS_NOMEM, "out of memory during the run");
        }
        for (size_t i = 0; i < n->n_slots; i++) {
            larger.judged[slot_of(&larger, &n->judged[i])] = n->judged[i];
        }
        free(n->judged);
        *n = larger;
    }
    struct digest *slot = &n->judged[slot_of(n, source)];
    n->n_judged += !digest_equal(slot, source);
    *slot = *source;
    return STATUS_OK;
}

enum status near_copies_judged(struct near_copies *n, const struct digest *source,
                               const struct evidence *e, const struct ruling *ruling,
                               struct err *err)
{
    struct refused one = {.likeness = e->likeness,
                          .taken = taken(e),
                          .position = e->position,
                          .source = *source,
                          .is_of_batch = true};
    enum status st = mark_judged(n, source, err);
    if (st != STATUS_OK || !refuses_somebody(ruling)) {
        return st;
    }
    for (size_t i = 0; i < ruling->n_hits; i++) {
        const struct hit *h = &ruling->hits[i];
        if (is_because_of_somebody(h)) {
            if (one.n_people < MOST_REFUSED) {
                one.people[one.n_people] = h->person;
            }
            one.n_people++;
        }
    }
    return add(n, &one, err);
}

/* ---- who is listed here too
 * ---------------------------------------------------------------------- */

static bool lists(const struct evidence *e, uint32_t person)
{
    for (size_t i = 0; i < e->n_tags; i++) {
        if (e->tags[i].resolution == RESOLVED_PERSON && e->tags[i].person == person) {
            return true;
        }
    }
    return false;
}

/* Is a person of the ledger listed here, or may they be shown by now? */
static enum status is_settled(const struct near_copies *n, const struct evidence *e,
                              const char *pseudonym, bool *settled, struct err *err)
{
    const struct snapshot *s = n->grounds.people;
    char made[PSEUDONYM_BYTES];
    enum status st = STATUS_OK;
    *settled = false; /* nobody on the register: nothing is known of them */
    for (size_t i = 0; st == STATUS_OK && i < s->n_people; i++) {
        st = ledger_pseudonym(n->ledger, s->people[i].reference, made, err);
        if (st == STATUS_OK && strcmp(made, pseudonym) == 0) {
            *settled =
                lists(e, (uint32_t)i) || may_appear(&s->people[i], n->grounds.policy,
                                                    n->grounds.channel, n->grounds.date) == APPEARS;
            break;
        }
    }
    return st;
}

/* Is everybody, because of whom it was refused, listed in this photo too? Then the rules have
 * judged this photo by them, and its likeness says nothing more. Nor does it if they may be shown
 * by now. */
static enum status all_are_settled(const struct near_copies *n, const struct refused *one,
                                   const json_t *refusal, const struct evidence *e, bool *all,
                                   struct err *err)
{
    enum status st = STATUS_OK;
    const json_t *hit;
    size_t i, known = 0;
    *all = true;
    if (one->seq == 0) {
        *all = one->n_people <= MOST_REFUSED;
        for (size_t k = 0; *all && k < one->n_people; k++) {
            *all = lists(e, one->people[k]);
        }
        return st;
    }
    json_array_foreach(json_object_get(refusal, "hits"), i, hit)
    {
        const char *person = json_string_value(json_object_get(hit, "person"));
        const char *verdict = json_string_value(json_object_get(hit, "verdict"));
        bool here = true;
        if (person && verdict && strcmp(verdict, verdict_name(VERDICT_REJECTED)) == 0) {
            known++;
            st = is_settled(n, e, person, &here, err);
        }
        *all = *all && here;
        if (st != STATUS_OK) {
            return st;
        }
    }
    *all = *all && known > 0;
    return st;
}

/* Is it still refused, and because of somebody who is not listed in this photo? What this run says
 * of a photo counts more than what the ledger says, whose entries of this run may or may not be
 * there yet; else the ledger's last ruling of it does. */
static enum status counts(const struct near_copies *n, const struct refused *one,
                          const struct evidence *e, bool *yes, struct err *err)
{
    struct entry refusal = {0}, last = {0};
    bool found = one->seq == 0, all = false;
    enum status st = STATUS_OK;
    *yes = false;
    if (one->seq) {
        st = ledger_entry(n->ledger, one->seq, &refusal, &found, err);
    }
    if (st == STATUS_OK && found && one->seq) {
        struct text batch = text_of(json_string_value(json_object_get(refusal.body, "batch")));
        found = false;
        if (!one->is_of_batch || !was_judged(n, &one->source)) {
            st = ledger_last_ruling(n->ledger, batch, &one->source, &last, &found, err);
        }
        if (st == STATUS_OK && found) {
            found = last.seq == one->seq;
            entry_release(&last);
        }
    }
    if (st == STATUS_OK && found) {
        st = all_are_settled(n, one, refusal.body, e, &all, err);
        *yes = !all;
    }
    entry_release(&refusal);
    return st;
}

/* The photo itself, as this run or an earlier one of its batch knows it. */
static bool is_itself(const struct refused *one, const struct digest *source,
                      const struct evidence *e)
{
    return one->seq == 0 ? one->position == e->position
                         : one->is_of_batch && digest_equal(&one->source, source);
}

enum status near_copies_look(struct near_copies *n, const struct digest *source, struct evidence *e,
                             struct err *err)
{
    e->near_refused = KNOWN_NO;
    e->near_position = 0;
    e->near_case = 0;
    int64_t now = taken(e);
    for (size_t i = 0; i < n->n; i++) {
        const struct refused *one = &n->at[i];
        bool same = digest_equal(&one->source, &e->digest);
        bool yes = false;
        if (is_itself(one, source, e) ||
            !(same ||
              likeness_is_near(&one->likeness, &e->likeness, is_same_moment(one->taken, now)))) {
            continue;
        }
        enum status st = counts(n, one, e, &yes, err);
        if (st != STATUS_OK) {
            return st;
        }
        if (yes) {
            e->near_refused = KNOWN_YES;
            e->near_position = one->position;
            e->near_case = one->case_no;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}
