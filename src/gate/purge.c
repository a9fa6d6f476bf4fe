/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record first: what was due is on it, whatever a kill leaves to be done. */
#include "photogate/purge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clearing.h"
#include "folder_tree.h"
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
        bad |= json_object_set_new(
            days, name, json_integer(purge_days(home->policy, (enum purge_kind)k)));
    }
    time_now(when);
    json_t *body =
        bad ? NULL
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

/* A recalled batch's folder goes with its last photo. */
static void remove_empty_above(struct home *home, struct text path, struct err *err)
{
    char folder[MAX_PATH_BYTES];
    const char *slash = memrchr(path.at, '/', path.n);
    int n = slash ? snprintf(folder, sizeof folder, "%.*s", (int)(slash - path.at), path.at) : 0;
    if (n > 0 && n < (int)sizeof folder && memchr(folder, '/', (size_t)n)) {
        bool any = false;
        (void)tree_is_empty(home->fd, folder, &any, err);
        if (!any) {
            (void)tree_delete(home->fd, folder, err);
        }
    }
}

enum status purge_do(struct home *home, const struct purge *p, const struct actor *actor,
                     struct err *err)
{
    enum status st = record(home, p, actor, err);
    st = st == STATUS_OK ? take_photos_out(home, p, actor, err) : st;
    for (size_t i = 0; st == STATUS_OK && i < p->n_items; i++) {
        const struct purge_item *item = &p->items[i];
        if (item->stays || item->kind == PURGE_LEAVER || item->kind == PURGE_APPROVED) {
            continue;
        }
        st = tree_delete(home->fd, item->path.at, err);
        if (st == STATUS_OK && item->kind == PURGE_RECALLED) {
            remove_empty_above(home, item->path, err);
        }
    }
    return st == STATUS_OK ? erase_leavers(home, p, actor, err) : st;
}
