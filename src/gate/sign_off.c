/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commit.h"
#include "photogate/limits.h"
#include "photogate/ruling.h"
#include "photogate/run.h"
#include "record.h"
#include "run_files.h"

#define SIGN_OFF_BYTES ((size_t)4 * 1024 * 1024 * 1024)
#define PEOPLE_BYTES ((size_t)1024 * 1024) /* the names of one photo */

struct check_row {
    const char *name, *words, *source;
};

static const struct check_row CHECKS[] = {
#define X(symbol, name, words, source) [CHECK_##symbol] = {name, words, source},
    CHECKLIST(X)
#undef X
};

const char *check_name(enum check_point p)
{
    return CHECKS[p].name;
}

const char *check_words(enum check_point p)
{
    return CHECKS[p].words;
}

const char *check_source(enum check_point p)
{
    return CHECKS[p].source;
}

const char *sign_bar_words(enum sign_bar b)
{
    switch (b) {
    case BAR_STALE:
        return "the register, the policy or its caption changed since: run the folder again";
    case BAR_PERSON:
        return "somebody in it may not be shown today: run the folder again";
    case BAR_OWN:
        return "this account handed it in: somebody else must look at it";
    case BAR_GONE:
        return "its picture is missing or changed: run the folder again";
    case BAR_NONE:
        return "nothing bars it";
    case BAR_UNKNOWN:
        break;
    }
    return "it was not looked at";
}

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while looking at what waits");
}

static enum status make_pseudonyms(struct sign_off *s, struct err *err)
{
    enum status st = STATUS_OK;
    s->pseudonyms = arena_alloc(&s->memory, s->people.n_people, sizeof s->pseudonyms[0]);
    if (!s->pseudonyms) {
        return no_memory(err);
    }
    for (size_t i = 0; st == STATUS_OK && i < s->people.n_people; i++) {
        st =
            ledger_pseudonym(s->home->ledger, s->people.people[i].reference, s->pseudonyms[i], err);
    }
    return st;
}

/* NULL: nobody on today's register. */
static const struct person *person_of(const struct sign_off *s, const char *pseudonym)
{
    for (size_t i = 0; i < s->people.n_people; i++) {
        if (strcmp(s->pseudonyms[i], pseudonym) == 0) {
            return &s->people.people[i];
        }
    }
    return NULL;
}

/* Is their face covered in what waits? */
static bool is_covered(const json_t *body, const char *pseudonym)
{
    size_t i;
    const json_t *o;
    json_array_foreach(json_object_get(body, "covered"), i, o)
    {
        if (strcmp(body_text(o, "person"), pseudonym) == 0) {
            return true;
        }
    }
    return false;
}

/* May everybody whom the entry names be shown today, or is covered and not protected? */
static bool people_may_appear(const struct sign_off *s, const json_t *body)
{
    size_t i;
    const json_t *o;
    bool may = true;
    json_array_foreach(json_object_get(body, "people"), i, o)
    {
        const char *who = body_text(o, "person");
        const struct person *p = person_of(s, who);
        bool appears = p && may_appear(p, s->home->policy, s->channel, date_today()) == APPEARS;
        bool unseen = p && is_covered(body, who) && p->do_not_publish == KNOWN_NO &&
                      p->child_objection == KNOWN_NO;
        may = may && (appears || unseen);
    }
    return may;
}

/* Who is listed, for the person who compares that with the photo. */
static enum status list_people(struct sign_off *s, const json_t *body, struct text *out,
                               struct err *err)
{
    size_t i;
    const json_t *o;
    struct buffer b;
    buffer_init(&b, PEOPLE_BYTES);
    json_array_foreach(json_object_get(body, "people"), i, o)
    {
        const struct person *p = person_of(s, body_text(o, "person"));
        buffer_add_cstr(&b, i ? ", " : "");
        if (p) {
            buffer_format(&b, "%.*s %.*s", TEXT_ARG(p->legal_forename), TEXT_ARG(p->legal_surname));
            buffer_format(&b, p->reg_group.n ? " (%.*s)" : "%.*s", TEXT_ARG(p->reg_group));
        } else {
            buffer_add_cstr(&b, "somebody no longer on the register");
        }
    }
    enum status st = buffer_status(&b, err);
    if (st == STATUS_OK && !arena_dup(&s->memory, (struct text){(const char *)b.at, b.n}, out)) {
        st = no_memory(err);
    }
    buffer_release(&b);
    return st;
}

static bool is_stale(const struct sign_off *s, const json_t *body)
{
    char policy[DIGEST_HEX_BYTES], people[DIGEST_HEX_BYTES], today[DATE_TEXT_BYTES];
    /* What a person cleared was cleared for a day's ruling: only a run looks at it all again. */
    bool other_day = json_object_get(body, "cleared") &&
                     strcmp(body_text(body, "date"), date_format(date_today(), today)) != 0;
    return other_day ||
           strcmp(body_text(body, "policy"), digest_hex(&s->home->policy->digest, policy)) != 0 ||
           strcmp(body_text(body, "register"), digest_hex(&s->people.digest, people)) != 0 ||
           json_integer_value(json_object_get(body, "register_version")) != s->people.version;
}

/* The words kept for it are those that were judged. */
static enum status has_its_words(const struct sign_off *s, size_t i, bool *same, struct err *err)
{
    char texts[PSEUDONYM_BYTES];
    const struct sign_off_photo *p = &s->photos[i];
    enum status st = record_texts(s->home->ledger, p->caption, p->credit, texts, err);
    *same = st == STATUS_OK && strcmp(body_text(s->bodies[i], "texts"), texts) == 0;
    return st;
}

static enum status find_bar(const struct sign_off *s, size_t i, enum sign_bar *out, struct err *err)
{
    const json_t *body = s->bodies[i];
    bool same = false;
    enum status st = has_its_words(s, i, &same, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (is_stale(s, body) || !same) {
        *out = BAR_STALE;
    } else if (file_standing(s->awaiting, s->open[i]->file, &s->open[i]->release) != STANDS) {
        *out = BAR_GONE;
    } else if (!s->alone && actor_handed_in(&s->actor, body)) {
        *out = BAR_OWN;
    } else {
        *out = people_may_appear(s, body) ? BAR_NONE : BAR_PERSON;
    }
    return STATUS_OK;
}

static struct text caption_of(const struct sign_off *s, const char *file, const char *key)
{
    const json_t *t = json_object_get(json_object_get(s->captions, file), key);
    return (struct text){json_string_value(t), json_string_length(t)};
}

static enum status look_at_photo(struct sign_off *s, struct waiting *w, struct err *err)
{
    struct entry e;
    bool found = false;
    size_t i = s->n;
    enum status st = ledger_entry(s->home->ledger, w->entry, &e, &found, err);
    if (st != STATUS_OK || !found) {
        return st == STATUS_OK ? err_set(err, STATUS_BROKEN, "an entry is missing") : st;
    }
    s->open[i] = w;
    s->bodies[i] = json_incref(e.body);
    (void)snprintf(s->since[i], sizeof s->since[i], "%.10s", e.time);
    entry_release(&e);
    s->photos[i] = (struct sign_off_photo){
        .file = w->file,
        .caption = caption_of(s, w->file, "caption"),
        .credit = caption_of(s, w->file, "credit"),
        .submitter = body_text(s->bodies[i], "by"),
        .waiting_since = s->since[i],
        .cleared = json_object_get(s->bodies[i], "cleared") != NULL,
    };
    s->n++;
    return list_people(s, s->bodies[i], &s->photos[i].people, err);
}

static enum status gather(struct sign_off *s, struct err *err)
{
    size_t cap = s->waiting.n ? s->waiting.n : 1;
    s->open = calloc(cap, sizeof(struct waiting *));
    s->bodies = calloc(cap, sizeof(json_t *));
    s->since = calloc(cap, sizeof s->since[0]);
    s->photos = calloc(cap, sizeof s->photos[0]);
    if (!s->open || !s->bodies || !s->since || !s->photos) {
        return no_memory(err);
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < s->waiting.n; i++) {
        struct waiting *w = &s->waiting.at[i];
        if (!w->over && strcmp(w->batch, s->batch) == 0) {
            st = look_at_photo(s, w, err);
        }
    }
    if (st == STATUS_OK && s->n == 0) {
        st = err_set(err, STATUS_USAGE,
                     "nothing waits in a batch '%s'; 'photogate sign-off --list' tells what does",
                     s->batch);
    }
    return st;
}

static enum status check_channel(struct sign_off *s, struct err *err)
{
    const char *name = body_text(s->bodies[0], "channel"); /* a batch has one */
    s->channel = policy_channel(s->home->policy, text_of(name));
    if (!s->channel) {
        return err_set(err, STATUS_USAGE, "the policy has no channel '%s' any more", name);
    }
    return s->alone && s->channel->second_person != SECOND_IF_POSSIBLE
               ? err_set(err, STATUS_USAGE,
                         "for %s the policy wants a second person; nobody signs alone", name)
               : STATUS_OK;
}

enum status sign_off_open(struct home *home, struct text batch, const struct actor *actor,
                          bool alone, struct sign_off **out, struct err *err)
{
    if (!batch_name_is_valid(batch)) {
        return err_set(err, STATUS_USAGE, "that is no batch's name");
    }
    struct sign_off *s = calloc(1, sizeof *s);
    if (!s) {
        return no_memory(err);
    }
    s->home = home;
    s->actor = *actor;
    s->alone = alone;
    s->awaiting = -1;
    arena_init(&s->memory, SIGN_OFF_BYTES);
    (void)snprintf(s->batch, sizeof s->batch, "%.*s", TEXT_ARG(batch));
    enum status st = waitings_read(home->ledger, &s->waiting, err);
    if (st == STATUS_OK) {
        st = register_snapshot(home->people, &s->memory, &s->people, err);
    }
    if (st == STATUS_OK) {
        st = make_pseudonyms(s, err);
    }
    if (st == STATUS_OK) {
        st = captions_kept(home, batch, &s->captions, err);
    }
    if (st == STATUS_OK) {
        st = gather(s, err);
    }
    if (st == STATUS_OK) {
        st = check_channel(s, err);
    }
    if (st == STATUS_OK) {
        st = awaiting_open(home, batch, &s->awaiting, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < s->n; i++) {
        st = find_bar(s, i, &s->photos[i].bar, err);
    }
    if (st == STATUS_OK) {
        *out = s;
    } else {
        sign_off_close(s);
    }
    return st;
}

void sign_off_close(struct sign_off *s)
{
    if (!s) {
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        json_decref(s->bodies[i]);
    }
    free(s->open);
    free(s->bodies);
    free(s->since);
    free(s->photos);
    json_decref(s->captions);
    waitings_release(&s->waiting);
    arena_release(&s->memory);
    if (s->awaiting >= 0) {
        (void)close(s->awaiting);
    }
    free(s);
}

const struct sign_off_photo *sign_off_photos(const struct sign_off *s, size_t *n)
{
    *n = s->n;
    return s->photos;
}

enum status batches_waiting(struct home *home,
                            enum status (*each)(void *context, const char *batch, size_t n_photos,
                                                struct err *err),
                            void *context, struct err *err)
{
    struct waitings all = {0};
    enum status st = waitings_read(home->ledger, &all, err);
    for (size_t i = 0; st == STATUS_OK && i < all.n; i++) {
        size_t n = 0;
        bool first = !all.at[i].over;
        for (size_t k = 0; first && k < all.n; k++) {
            bool same = !all.at[k].over && strcmp(all.at[k].batch, all.at[i].batch) == 0;
            first = !(same && k < i);
            n += same;
        }
        if (first) {
            st = each(context, all.at[i].batch, n, err);
        }
    }
    waitings_release(&all);
    return st;
}
