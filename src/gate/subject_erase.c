/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source   UK GDPR Art 17(1) (erasure), 17(3)(b) and (e) with Art 5(2) (what must be kept to show
 * that the law was kept), Art 11 (nobody is identified to keep it) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awaiting.h"
#include "clearing.h"
#include "folder_tree.h"
#include "photogate/run.h"
#include "subject_parts.h"
#include "take_out.h"

#define REGISTER_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while erasing");
}

enum status subject_erase_check(struct home *home, const struct subject *s,
                                const struct erase_options *options, struct err *err)
{
    const struct person *p = s->person;
    size_t standing = subject_count(s, SUBJECT_APPROVED) + subject_count(s, SUBJECT_WAITING);
    bool is_protected = p->do_not_publish != KNOWN_NO || p->child_objection != KNOWN_NO;
    if (is_protected && !options->forget_protection) {
        return err_set(err, STATUS_USAGE,
                       "nothing was erased: the register says that they may not be shown, and "
                       "erasing forgets it. If photos of them may still be handed in, leave them "
                       "on the register; else give --forget-protection");
    }
    if (standing && !options->photos) {
        return err_set(err, STATUS_USAGE,
                       "nothing was erased: %zu photo%s they are in still stand%s in approved/ or "
                       "awaiting/. Give --also-photos to take %s out, and take down what was "
                       "published",
                       standing, standing == 1 ? "" : "s", standing == 1 ? "s" : "",
                       standing == 1 ? "it" : "them");
    }
    return options->reason.n ? reason_check(home, options->reason, err) : STATUS_OK;
}

/* ---- photos ---------------------------------------------------------------------------------- */

static enum status decline_waiting(struct home *home, const struct subject *s, struct err *err)
{
    struct waitings all = {0};
    char when[TIME_TEXT_BYTES];
    time_now(when);
    enum status st = waitings_read(home->ledger, &all, err);
    st = st == STATUS_OK ? ledger_begin(home->ledger, err) : st;
    bool begun = st == STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < s->n_photos; i++) {
        const struct subject_photo *p = &s->photos[i];
        struct waiting *w = p->place == SUBJECT_WAITING
                                ? waitings_file(&all, text_of(p->batch), text_of(p->file))
                                : NULL;
        if (w) {
            st = waiting_decline(home->ledger, w, when, NULL, ROLE_NONE, "erasure", 0, err);
        }
    }
    st = st == STATUS_OK ? ledger_commit(home->ledger, err) : st;
    if (begun && st != STATUS_OK) {
        ledger_rollback(home->ledger);
    }
    waitings_release(&all);
    return st == STATUS_OK ? awaiting_sweep(home, err) : st;
}

/* The lists and kept captions of every batch that ever had a photo of them: a kill may have come
 * between a photo and its lists, and then nothing else tells. */
static enum status renew_lists(struct home *home, const struct subject *s, struct err *err)
{
    json_t *done = json_object();
    enum status st = done ? STATUS_OK : no_memory(err);
    for (size_t i = 0; st == STATUS_OK && i < s->n_entries; i++) {
        const json_t *says = json_object_get(json_array_get(s->told, i), "says");
        const char *batch = json_string_value(json_object_get(says, "batch"));
        enum entry_kind kind = s->entries[i].kind;
        if ((kind != ENTRY_INTENT && kind != ENTRY_AWAITING) || !batch ||
            !batch_name_is_valid(text_of(batch)) || json_object_get(done, batch)) {
            continue;
        }
        st = json_object_set_new(done, batch, json_true()) == 0
                 ? batch_lists_renew(home, batch, err)
                 : no_memory(err);
    }
    json_decref(done);
    return st;
}

static enum status take_photos_out(struct home *home, const struct subject *s,
                                   const struct actor *actor, struct err *err)
{
    struct leaving *leaving = calloc(s->n_photos + 1, sizeof *leaving);
    size_t n = 0;
    enum status st = leaving ? STATUS_OK : no_memory(err);
    for (size_t i = 0; st == STATUS_OK && i < s->n_photos; i++) {
        const struct subject_photo *p = &s->photos[i];
        if (p->place == SUBJECT_APPROVED) {
            leaving[n++] = (struct leaving){p->batch, p->file, p->entry};
        }
    }
    st = st == STATUS_OK && subject_count(s, SUBJECT_WAITING) ? decline_waiting(home, s, err) : st;
    st = st == STATUS_OK ? photos_take_out(home, leaving, n, "erasure", actor, err) : st;
    for (size_t i = 0; st == STATUS_OK && i < s->n_photos; i++) {
        const struct subject_photo *p = &s->photos[i];
        char path[160];
        (void)snprintf(path, sizeof path, "recalled/%s/%s", p->batch, p->file);
        st = p->place == SUBJECT_RECALLED ? tree_delete(home->fd, path, err) : st;
    }
    free(leaving);
    return st == STATUS_OK ? renew_lists(home, s, err) : st;
}

/* ---- the person ------------------------------------------------------------------------------ */

static enum status record(struct home *home, const struct erasure *e, const struct actor *actor,
                          struct text reason, struct err *err)
{
    char when[TIME_TEXT_BYTES];
    int64_t version = 0;
    enum status st = register_version(home->people, &version, err);
    if (st != STATUS_OK) {
        return st;
    }
    time_now(when);
    json_t *body =
        json_pack("{s:s, s:s%, s:I}", "person", e->pseudonym, "reason", reason.n ? reason.at : "",
                  reason.n, "register_version", (json_int_t)version);
    int bad = !body || (e->counts && json_object_set(body, "counts", e->counts) != 0) ||
              actor_record(actor, body) != STATUS_OK;
    st = bad ? no_memory(err) : ledger_record(home->ledger, ENTRY_ERASED, when, body, err);
    json_decref(body);
    return st;
}

/* What the register is from now on: an older copy of it, which would bring them back, is then known
 * as one (register_check). */
static enum status record_register(struct home *home, size_t n, struct err *err)
{
    struct arena a;
    struct snapshot now;
    char when[TIME_TEXT_BYTES], hex[DIGEST_HEX_BYTES];
    arena_init(&a, REGISTER_MEMORY_BYTES);
    enum status st = register_snapshot(home->people, &a, &now, err);
    if (st == STATUS_OK) {
        time_now(when);
        json_t *body =
            json_pack("{s:[], s:I, s:s, s:I}", "files", "register_version", (json_int_t)now.version,
                      "register", digest_hex(&now.digest, hex), "erased", (json_int_t)n);
        st = body ? ledger_record(home->ledger, ENTRY_IMPORT, when, body, err) : no_memory(err);
        json_decref(body);
    }
    arena_release(&a);
    return st;
}

static enum status note_erased(void *context, const struct entry *e, struct err *err)
{
    json_t *erased = context;
    const char *who = json_string_value(json_object_get(e->body, "person"));
    return who && json_object_set_new(erased, who, json_true()) != 0 ? no_memory(err) : STATUS_OK;
}

enum status people_erase(struct home *home, const struct erasure *people, size_t n,
                         const struct actor *actor, struct text reason, int64_t *version,
                         struct err *err)
{
    json_t *erased = json_object(); /* a kill may have come after the entry */
    int64_t *ids = calloc(n + 1, sizeof *ids);
    enum status st = erased && ids
                         ? ledger_each(home->ledger, 1u << ENTRY_ERASED, note_erased, erased, err)
                         : no_memory(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        char copy[64];
        ids[i] = people[i].person->id;
        if (!json_object_get(erased, people[i].pseudonym)) {
            st = record(home, &people[i], actor, reason, err);
        }
        (void)snprintf(copy, sizeof copy, "subject-access/%s", people[i].pseudonym);
        st = st == STATUS_OK ? tree_delete(home->fd, copy, err) : st;
    }
    if (st == STATUS_OK && n) {
        *version = 0;
        st = register_erase(home->people, ids, n, version, err);
        if (*version > 0) {
            enum status said = record_register(home, n, st == STATUS_OK ? err : NULL);
            st = st == STATUS_OK ? said : st;
        }
    }
    json_decref(erased);
    free(ids);
    return st;
}

enum status subject_erase(struct home *home, const struct subject *s,
                          const struct erase_options *options, int64_t *version, struct err *err)
{
    enum status st = take_photos_out(home, s, options->actor, err);
    for (size_t i = 0; st == STATUS_OK && options->reports && i < s->n_documents; i++) {
        st = tree_delete(home->fd, s->documents[i].at, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    struct erasure e = {.person = s->person};
    (void)snprintf(e.pseudonym, sizeof e.pseudonym, "%s", s->pseudonym);
    e.counts =
        json_pack("{s:I, s:I, s:I, s:I}", "consents", (json_int_t)s->person->n_consents, "status",
                  (json_int_t)s->person->n_history, "photos", (json_int_t)s->n_photos, "documents",
                  (json_int_t)(options->reports ? s->n_documents : 0));
    st = e.counts ? people_erase(home, &e, 1, options->actor, options->reason, version, err)
                  : no_memory(err);
    json_decref(e.counts);
    return st;
}
