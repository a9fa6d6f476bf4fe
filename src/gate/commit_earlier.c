/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What earlier runs made of a photo, and what of that can no longer stand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "committer.h"

/* What this batch's last published ruling of the photo left standing. */
static void look_at_standing(const struct committer *c, struct earlier *e)
{
    struct digest release;
    const char *hex = json_string_value(json_object_get(e->body, "release"));
    e->standing = hex && digest_from_hex(text_of(hex), &release)
                      ? file_standing(c->approved, e->file, &release)
                      : STANDS_ALTERED;
}

static bool was_recalled(const struct committer *c, const json_t *intent)
{
    const char *batch = json_string_value(json_object_get(intent, "batch"));
    const char *file = json_string_value(json_object_get(intent, "file"));
    const struct named_file *f = batch && file ? named_files_find(&c->standing, batch, file) : NULL;
    return f && f->recalled;
}

/* It waits for a second person since its last ruling: approved, and known as such while its file
 * stands there. */
static enum status take_waiting(struct committer *c, const struct waiting *w, struct earlier *out,
                                struct err *err)
{
    struct entry e;
    bool found = false;
    if (!c->second || file_standing(c->awaiting, w->file, &w->release) != STANDS) {
        return STATUS_OK; /* it is made and judged as if it were new, and this entry is declined */
    }
    enum status st = ledger_entry(c->context.home->ledger, w->entry, &e, &found, err);
    if (st == STATUS_OK && found) {
        *out = (struct earlier){.known = true,
                                .verdict = VERDICT_APPROVED,
                                .standing = STANDS,
                                .waiting = w->entry,
                                .body = json_incref(e.body)};
        (void)snprintf(out->file, sizeof out->file, "%s", w->file);
        entry_release(&e);
    }
    return st;
}

enum status committer_earlier(struct committer *c, const struct digest *source, struct earlier *out,
                              struct err *err)
{
    struct entry e;
    bool found = false;
    *out = (struct earlier){0};
    enum status st =
        ledger_last_ruling(c->context.home->ledger, c->context.batch, source, &e, &found, err);
    const struct waiting *w = waitings_find(&c->waiting, c->context.batch, source);
    if (st == STATUS_OK && w && (!found || w->entry > e.seq)) {
        if (found) {
            entry_release(&e);
        }
        return take_waiting(c, w, out, err);
    }
    if (st != STATUS_OK || !found) {
        return st;
    }
    if (e.kind == ENTRY_INTENT && was_recalled(c, e.body)) {
        entry_release(&e); /* it stands no longer: the photo is new again */
        return STATUS_OK;
    }
    out->known = true;
    out->body = json_incref(e.body);
    out->case_no = json_integer_value(json_object_get(e.body, "case"));
    out->verdict = e.kind == ENTRY_INTENT ? VERDICT_APPROVED
                   : e.kind == ENTRY_HELD ? VERDICT_HELD
                                          : VERDICT_REJECTED;
    if (e.kind == ENTRY_INTENT) {
        const char *file = json_string_value(json_object_get(e.body, "file"));
        out->intent = e.seq;
        (void)snprintf(out->file, sizeof out->file, "%s", file ? file : "");
        look_at_standing(c, out);
    }
    entry_release(&e);
    return STATUS_OK;
}

void earlier_release(struct earlier *e)
{
    json_decref(e->body);
    *e = (struct earlier){0};
}

static enum status add_recall(struct committer *c, struct named_file *f, struct outcome *o,
                              struct err *err)
{
    if (c->n_recalls == c->cap_recalls) {
        size_t cap = c->cap_recalls ? c->cap_recalls * 2 : COMMIT_GROUP_PHOTOS;
        struct recall *grown = realloc(c->recalls, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
        }
        c->recalls = grown;
        c->cap_recalls = cap;
    }
    f->recalled = true;
    c->recalls[c->n_recalls++] = (struct recall){f, o};
    (void)snprintf(o->recalled, sizeof o->recalled, "%s", f->file);
    return STATUS_OK;
}

static enum status add_decline(struct committer *c, struct waiting *w, struct outcome *o,
                               struct err *err)
{
    if (c->n_declines == c->cap_declines) {
        size_t cap = c->cap_declines ? c->cap_declines * 2 : COMMIT_GROUP_PHOTOS;
        struct decline *grown = realloc(c->declines, cap * sizeof *grown);
        if (!grown) {
            return err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
        }
        c->declines = grown;
        c->cap_declines = cap;
    }
    w->over = true;
    c->declines[c->n_declines++] = (struct decline){w, o};
    if (o->ruling->verdict != VERDICT_APPROVED) {
        (void)snprintf(o->declined, sizeof o->declined, "%s", w->file);
    }
    return STATUS_OK;
}

/* Is what has this source and name the outcome's photo, or an older version of its file? For the
 * bytes of a copy their first file speaks. */
static bool is_of(const struct outcome *o, const char *pseudonym, const struct digest *source,
                  const char *name)
{
    bool of_first = digest_equal(source, &o->evidence->digest) && !digest_equal(source, &o->source);
    return !of_first && (digest_equal(source, &o->source) || strcmp(name, pseudonym) == 0);
}

enum status find_superseded(struct committer *c, struct outcome *o, struct err *err)
{
    char name[PSEUDONYM_BYTES];
    enum status st = ledger_pseudonym(c->context.home->ledger, o->evidence->name, name, err);
    bool refused = o->ruling->verdict != VERDICT_APPROVED;
    for (size_t i = 0; st == STATUS_OK && refused && i < c->standing.n; i++) {
        struct named_file *f = &c->standing.at[i];
        if (!f->recalled && text_equal(text_of(f->batch), c->context.batch) &&
            is_of(o, name, &f->source, f->name)) {
            st = add_recall(c, f, o, err);
        }
    }
    for (size_t i = 0; st == STATUS_OK && i < c->waiting.n; i++) {
        struct waiting *w = &c->waiting.at[i];
        bool stays = !refused && w->entry == o->earlier->waiting;
        if (!w->over && !stays && text_equal(text_of(w->batch), c->context.batch) &&
            is_of(o, name, &w->source, w->name)) {
            st = add_decline(c, w, o, err);
        }
    }
    return st;
}
