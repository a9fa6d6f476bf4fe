/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases that stand as held, and who still has to look at them. */
#include "photogate/clearance.h"

#include <stdio.h>
#include <string.h>

#include "clearing.h"
#include "photogate/limits.h"

enum { KEY_BYTES = 400 };

/* One walk over the ledger to learn what came after what, one to tell. */
struct held_walk {
    struct home *home;
    const struct actor *actor;
    enum status (*each)(void *context, const struct held_case *c, struct err *err);
    void *context;
    json_t *newest; /* key of a photo: seq of its last ruling */
    json_t *given;  /* seq of a held entry: ROLE_BITs of its clearances */
};

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

/* A photo is the same by its place (the name of its file in the batch), or by its bytes. */
static const char *key_by_name(const json_t *body, char key[KEY_BYTES])
{
    (void)snprintf(key, KEY_BYTES, "name %s %s", body_text(body, "batch"), body_text(body, "name"));
    return key;
}

static const char *key_by_source(const json_t *body, char key[KEY_BYTES])
{
    (void)snprintf(key, KEY_BYTES, "source %s %s", body_text(body, "channel"),
                   body_text(body, "source"));
    return key;
}

static const char *key_by_entry(int64_t seq, char key[KEY_BYTES])
{
    (void)snprintf(key, KEY_BYTES, "%lld", (long long)seq);
    return key;
}

static enum status learn(void *context, const struct entry *e, struct err *err)
{
    struct held_walk *w = context;
    char key[KEY_BYTES];
    int bad;
    if (e->kind == ENTRY_CLEARED) {
        int64_t held = json_integer_value(json_object_get(e->body, "held"));
        json_int_t roles = json_integer_value(json_object_get(w->given, key_by_entry(held, key)));
        roles |= (json_int_t)ROLE_BIT(role_from_name(text_of(body_text(e->body, "role"))));
        bad = json_object_set_new(w->given, key, json_integer(roles));
    } else {
        bad = json_object_set_new(w->newest, key_by_name(e->body, key), json_integer(e->seq)) ||
              json_object_set_new(w->newest, key_by_source(e->body, key), json_integer(e->seq));
    }
    return bad ? err_set(err, STATUS_NOMEM, "out of memory while reading the ledger") : STATUS_OK;
}

static bool is_overtaken(const struct held_walk *w, const struct entry *e)
{
    char key[KEY_BYTES];
    return json_integer_value(json_object_get(w->newest, key_by_name(e->body, key))) != e->seq ||
           json_integer_value(json_object_get(w->newest, key_by_source(e->body, key))) != e->seq;
}

static enum status tell(void *context, const struct entry *e, struct err *err)
{
    struct held_walk *w = context;
    struct buffer codes;
    char key[KEY_BYTES], day[11];
    size_t i;
    const json_t *hit;
    const struct rule *stands;
    struct held_case c = {.case_no = json_integer_value(json_object_get(e->body, "case"))};
    if (is_overtaken(w, e)) {
        return STATUS_OK;
    }
    buffer_init(&codes, MAX_ENTRY_BYTES);
    json_array_foreach(json_object_get(e->body, "hits"), i, hit)
    {
        buffer_format(&codes, "%s%s", i ? ", " : "", body_text(hit, "code"));
    }
    enum status st = buffer_status(&codes, err);
    (void)snprintf(day, sizeof day, "%.10s", e->time);
    c.codes = (struct text){(const char *)codes.at, codes.n};
    c.batch = body_text(e->body, "batch");
    c.held_on = day;
    c.roles = case_roles(e->body, w->home->policy, &c.all, &stands);
    c.given = (unsigned)json_integer_value(json_object_get(w->given, key_by_entry(e->seq, key)));
    c.own = actor_handed_in(w->actor, e->body) &&
            !channel_wants_nobody(w->home, body_text(e->body, "channel"));
    st = st == STATUS_OK ? w->each(w->context, &c, err) : st;
    buffer_release(&codes);
    return st;
}

enum status cases_held(struct home *home, const struct actor *actor,
                       enum status (*each)(void *context, const struct held_case *c,
                                           struct err *err),
                       void *context, struct err *err)
{
    const unsigned rulings =
        1u << ENTRY_HELD | 1u << ENTRY_REJECTED | 1u << ENTRY_AWAITING | 1u << ENTRY_INTENT;
    struct held_walk w = {home, actor, each, context, json_object(), json_object()};
    enum status st = w.newest && w.given
                         ? STATUS_OK
                         : err_set(err, STATUS_NOMEM, "out of memory while reading the ledger");
    st = st == STATUS_OK ? ledger_each(home->ledger, rulings | 1u << ENTRY_CLEARED, learn, &w, err)
                         : st;
    st = st == STATUS_OK ? ledger_each(home->ledger, 1u << ENTRY_HELD, tell, &w, err) : st;
    json_decref(w.newest);
    json_decref(w.given);
    return st;
}
