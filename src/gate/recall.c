/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/recall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "approved.h"
#include "commit.h"
#include "photogate/names.h"
#include "recall_judge.h"
#include "recall_lists.h"

#define RESULT_BYTES ((size_t)2 * 1024 * 1024 * 1024)

struct recalling {
    struct home *home;
    const struct recall_options *options;
    const struct snapshot *people;
    const struct lexicon *lexicon;
    struct named_files named; /* `seen`: it may not stand */
    struct history history;
    struct recall_judge *judge;
    struct recall_result result;
    struct recalled_photo *photos;
    json_t **hits; /* of each; owned */
    size_t n;
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while recalling photos");
}

static bool is_asked_about(const struct recall_options *o, const char *batch)
{
    return (!o->only.n || text_equal(o->only, text_of(batch))) &&
           (!o->except.n || !text_equal(o->except, text_of(batch)));
}

static const char *body_text(const json_t *body, const char *key)
{
    const char *s = json_string_value(json_object_get(body, key));
    return s ? s : "";
}

static enum status look_at_intent(void *context, const struct entry *e, struct err *err)
{
    struct recalling *r = context;
    bool may = false;
    struct named_file *f =
        named_files_find(&r->named, body_text(e->body, "batch"), body_text(e->body, "file"));
    if (!f || f->intent != e->seq || f->recalled || !is_asked_about(r->options, f->batch)) {
        return STATUS_OK; /* it stands nowhere */
    }
    r->result.n_looked++;
    enum status st = recall_may_stand(r->judge, e->body, &may, err);
    f->seen = !may;
    r->n += !may;
    return st;
}

static enum status explain(struct recalling *r, const struct named_file *f, struct err *err)
{
    struct entry e;
    bool found = false;
    struct arena *a = r->result.memory;
    struct recalled_photo *p = &r->photos[r->result.n_photos];
    struct text batch, file;
    enum status st = ledger_entry(r->home->ledger, f->intent, &e, &found, err);
    if (st != STATUS_OK || !found) {
        return st == STATUS_OK ? err_set(err, STATUS_BROKEN, "an entry is missing") : st;
    }
    if (!arena_dup(a, text_of(f->batch), &batch) || !arena_dup(a, text_of(f->file), &file)) {
        st = no_memory(err);
    }
    if (st == STATUS_OK) {
        *p = (struct recalled_photo){.intent = f->intent, .batch = batch.at, .file = file.at};
        st = recall_reasons(r->judge, e.body, a, &r->hits[r->result.n_photos], &p->reasons,
                            &p->n_reasons, err);
    }
    r->result.n_photos += st == STATUS_OK;
    entry_release(&e);
    return st;
}

static enum status explain_all(struct recalling *r, struct err *err)
{
    r->photos = arena_alloc(r->result.memory, r->n, sizeof *r->photos);
    r->hits = calloc(r->n ? r->n : 1, sizeof(json_t *));
    r->result.photos = r->photos;
    enum status st = r->photos && r->hits ? STATUS_OK : no_memory(err);
    for (size_t i = 0; st == STATUS_OK && i < r->named.n; i++) {
        if (r->named.at[i].seen) {
            st = explain(r, &r->named.at[i], err);
        }
    }
    return st;
}

/* {"intent", "hits", "date", "policy", "register_version", "by"}: what it was judged by. */
static json_t *make_body(const struct recalling *r, size_t i)
{
    char policy[DIGEST_HEX_BYTES], date[DATE_TEXT_BYTES];
    json_t *body = json_pack("{s:I, s:O, s:s, s:s, s:I}", "intent", (json_int_t)r->photos[i].intent,
                             "hits", r->hits[i], "date", date_format(r->options->date, date),
                             "policy", digest_hex(&r->home->policy->digest, policy),
                             "register_version", (json_int_t)r->people->version);
    if (body && actor_record(r->options->actor, body) != STATUS_OK) {
        json_decref(body);
        body = NULL;
    }
    return body;
}

static enum status record(struct recalling *r, struct err *err)
{
    struct ledger *l = r->home->ledger;
    char now[TIME_TEXT_BYTES];
    time_now(now);
    enum status st = ledger_begin(l, err);
    if (st != STATUS_OK) {
        return st;
    }
    for (size_t i = 0; st == STATUS_OK && i < r->result.n_photos; i++) {
        json_t *body = make_body(r, i);
        st = body ? ledger_append(l, ENTRY_RECALLED, now, body, NULL, err) : no_memory(err);
        json_decref(body);
    }
    st = st == STATUS_OK ? ledger_commit(l, err) : st;
    if (st != STATUS_OK) {
        ledger_rollback(l);
    }
    return st;
}

/* Out of approved/ go the photos of one batch, from row `i` of the result on; *i is moved behind.
 */
static enum status move_batch(struct recalling *r, size_t *i, struct err *err)
{
    int dir = -1;
    const char *batch = r->photos[*i].batch;
    enum status st = approved_open(r->home, text_of(batch), &dir, err);
    for (; *i < r->result.n_photos && strcmp(r->photos[*i].batch, batch) == 0; ++*i) {
        const char *file = r->photos[*i].file;
        struct named_file *f = named_files_find(&r->named, batch, file);
        if (st == STATUS_OK && faccessat(dir, file, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
            st = recalled_move(r->home, dir, batch, file, err);
        } /* else somebody took it out before us */
        f->recalled = true;
    }
    if (dir >= 0) {
        (void)close(dir);
    }
    return st;
}

static enum status take_out(struct recalling *r, struct err *err)
{
    enum status st = r->result.n_photos ? record(r, err) : STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < r->result.n_photos;) {
        st = move_batch(r, &i, err);
    }
    if (st != STATUS_OK || r->options->leave_lists) {
        return st;
    }
    struct recall_lists lists = {.home = r->home,
                                 .people = r->people,
                                 .lexicon = r->lexicon,
                                 .date = r->options->date,
                                 .only = r->options->only,
                                 .except = r->options->except,
                                 .named = &r->named};
    st = recall_write_lists(&lists, err);
    r->result.n_captions = lists.n_captions;
    r->result.n_lists = lists.n_lists;
    r->result.n_edited = lists.n_edited;
    return st;
}

static enum status judge_all(struct recalling *r, struct err *err)
{
    enum status st = history_read(r->home->ledger, &r->history, err);
    if (st == STATUS_OK) {
        st = recall_judge_open(r->home, r->people, &r->history, r->options->date, &r->judge, err);
    }
    if (st == STATUS_OK) {
        st = named_files_read(r->home->ledger, &r->named, err);
    }
    if (st == STATUS_OK) {
        st = ledger_each(r->home->ledger, 1u << ENTRY_INTENT, look_at_intent, r, err);
    }
    return st == STATUS_OK ? explain_all(r, err) : st;
}

/* An empty register would recall everything: a folder made anew, or a register that was lost. */
static enum status check_register(const struct recalling *r, struct err *err)
{
    return r->people->version > 0
               ? STATUS_OK
               : err_set(err, STATUS_USAGE,
                         "the register is empty; import the school's export first: photogate "
                         "import pupils.csv staff.csv");
}

enum status recall_photos(struct home *home, const struct recall_options *options,
                          struct recall_result *out, struct err *err)
{
    struct snapshot own;
    struct lexicon *lexicon = NULL;
    struct recalling r = {
        .home = home, .options = options, .people = options->people, .lexicon = options->lexicon};
    enum status st = STATUS_OK;
    r.result.memory = calloc(1, sizeof *r.result.memory);
    if (!r.result.memory) {
        return no_memory(err);
    }
    arena_init(r.result.memory, RESULT_BYTES);
    if (!r.people) {
        st = register_snapshot(home->people, r.result.memory, &own, err);
        r.people = &own;
        st = st == STATUS_OK ? register_check(home->ledger, &own, !options->dry_run, err) : st;
        if (st == STATUS_OK && !options->dry_run) {
            st = lexicon_build(&own, home->policy, &lexicon, err);
            r.lexicon = lexicon;
        }
    }
    if (st == STATUS_OK) {
        st = check_register(&r, err);
    }
    if (st == STATUS_OK) {
        st = judge_all(&r, err);
    }
    if (st == STATUS_OK && !options->dry_run) {
        st = take_out(&r, err);
    }
    for (size_t i = 0; r.hits && i < r.result.n_photos; i++) {
        json_decref(r.hits[i]);
    }
    free(r.hits);
    recall_judge_close(r.judge);
    named_files_release(&r.named);
    history_release(&r.history);
    lexicon_free(lexicon);
    if (st == STATUS_OK) {
        *out = r.result;
    } else {
        recall_release(&r.result);
    }
    return st;
}

void recall_release(struct recall_result *r)
{
    if (r->memory) {
        arena_release(r->memory);
        free(r->memory);
    }
    *r = (struct recall_result){0};
}
