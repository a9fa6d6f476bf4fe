/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record first: what was due is on it, whatever a kill leaves to be done. */
#include "photogate/purge.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clearing.h"
#include "folder_tree.h"
#include "photogate/run.h"
#include "subject_parts.h"
#include "take_out.h"

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while deleting what is due");
}

/* {"leavers":3,...}, {"leavers":365,...}; counts of what goes only. */
static enum status record(struct home *home, const struct purge *p, const struct actor *actor,
                          struct err *err)
{
    char when[TIME_TEXT_BYTES], day[DATE_TEXT_BYTES];
    json_t *counts = json_object(), *days = json_object();
    int bad = !counts || !days;
    for (unsigned k = 0; !bad && k < N_PURGE_KINDS; k++) {
        const char *name = purge_kind_name((enum purge_kind)k);
        bad |= json_object_set_new(counts, name, json_integer((json_int_t)p->n_going[k]));
        bad |= json_object_set_new(days, name,
                                   json_integer(purge_days(home->policy, (enum purge_kind)k)));
    }
    time_now(when);
    json_t *body = bad ? NULL
                       : json_pack("{s:O, s:O, s:s, s:s%}", "counts", counts, "days", days, "as_of",
                                   date_format(p->today, day), "policy_name", home->policy->name.at,
                                   home->policy->name.n);
    enum status st = body && actor_record(actor, body) == STATUS_OK
                         ? ledger_record(home->ledger, ENTRY_PURGED, when, body, err)
                         : no_memory(err);
    json_decref(body);
    json_decref(counts);
    json_decref(days);
    return st;
}

static enum status take_photos_out(struct home *home, const struct purge *p,
                                   const struct actor *actor, struct err *err)
{
    struct leaving *leaving = calloc(p->n_items + 1, sizeof *leaving);
    size_t n = 0;
    for (size_t i = 0; leaving && i < p->n_items; i++) {
        const struct purge_item *item = &p->items[i];
        if (item->kind == PURGE_APPROVED && !item->stays) {
            leaving[n++] = (struct leaving){item->batch.at, item->file.at, item->intent};
        }
    }
    enum status st =
        leaving ? photos_take_out(home, leaving, n, "retention", actor, err) : no_memory(err);
    free(leaving);
    return st;
}

static enum status erase_leavers(struct home *home, const struct purge *p,
                                 const struct actor *actor, struct err *err)
{
    struct erasure *people = calloc(p->n_items + 1, sizeof *people);
    size_t n = 0;
    int64_t version;
    for (size_t i = 0; people && i < p->n_items; i++) {
        const struct purge_item *item = &p->items[i];
        if (item->kind == PURGE_LEAVER && !item->stays) {
            people[n].person = item->person;
            memcpy(people[n++].pseudonym, item->pseudonym, sizeof item->pseudonym);
        }
    }
    enum status st = people ? people_erase(home, people, n, actor, TEXT("retention"), &version, err)
                            : no_memory(err);
    free(people);
    return st;
}

/* A recalled photo may have been left there by a kill before the lists of its batch were written:
 * they are written first. A batch's folder goes with its last photo. */
static enum status delete_recalled(struct home *home, struct text path, char renewed[65],
                                   struct err *err)
{
    struct text rest, batch;
    char name[65];
    (void)text_cut(path, '/', &rest); /* recalled/BATCH/file */
    batch = text_cut(rest, '/', &rest);
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARG(batch));
    enum status st = STATUS_OK;
    if (batch_name_is_valid(batch) && strcmp(name, renewed) != 0) {
        st = batch_lists_renew(home, name, err);
        memcpy(renewed, name, sizeof name);
    }
    st = st == STATUS_OK ? tree_delete(home->fd, path.at, err) : st;
    if (st == STATUS_OK && batch_name_is_valid(batch)) {
        char folder[80];
        (void)snprintf(folder, sizeof folder, "recalled/%s", name);
        (void)unlinkat(home->fd, folder, AT_REMOVEDIR);
    }
    return st;
}

enum status purge_do(struct home *home, const struct purge *p, const struct actor *actor,
                     struct err *err)
{
    char renewed[65] = "";
    enum status st = record(home, p, actor, err);
    st = st == STATUS_OK ? take_photos_out(home, p, actor, err) : st;
    for (size_t i = 0; st == STATUS_OK && i < p->n_items; i++) {
        const struct purge_item *item = &p->items[i];
        if (item->stays || item->kind == PURGE_LEAVER || item->kind == PURGE_APPROVED) {
            continue;
        }
        st = item->kind == PURGE_RECALLED ? delete_recalled(home, item->path, renewed, err)
                                          : tree_delete(home->fd, item->path.at, err);
    }
    return st == STATUS_OK ? erase_leavers(home, p, actor, err) : st;
}
