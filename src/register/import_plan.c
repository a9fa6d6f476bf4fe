/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/import_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    FEW_LEAVERS = 5, /* fewer than this leave any day */
    LEAVERS_SHARE =
        4 /* more than one in four is a year group and then some: half a file, more likely */
};

/* Make room for one more element of `size` bytes behind `n`; the new array, or NULL. */
static void *grown(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) {
        return array;
    }
    size_t wanted = *cap ? 2 * *cap : 64;
    void *more = reallocarray(array, wanted, size);
    if (more) {
        *cap = wanted;
    }
    return more;
}

enum status plan_change(struct import *plan, enum change_kind kind, const struct import_row *row,
                        struct text who, struct text what, struct err *err)
{
    struct change *changes =
        grown(plan->changes, plan->n_changes, &plan->cap_changes, sizeof *changes);
    if (!changes) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    plan->changes = changes;
    changes[plan->n_changes++] = (struct change){.kind = kind,
                                                 .file = row ? plan->paths[row->file] : TEXT_NONE,
                                                 .row = row ? row->line : 0,
                                                 .who = who,
                                                 .what = what};
    plan->counts[kind]++;
    return STATUS_OK;
}

bool plan_add(struct import *plan, const struct plan_op *op)
{
    struct plan_op *ops = grown(plan->ops, plan->n_ops, &plan->cap_ops, sizeof *ops);
    if (!ops) {
        return false;
    }
    plan->ops = ops;
    ops[plan->n_ops++] = *op;
    if (op->was) {
        plan->op_of[op->was - plan->was.people] = (uint32_t)plan->n_ops;
    }
    return true;
}

static struct text who_is(struct import *plan, const struct person *p)
{
    struct buffer b;
    struct text group = p->reg_group.n ? p->reg_group : p->staff_role, out = TEXT_NONE;
    buffer_init(&b, (size_t)64 * 1024);
    text_print(&b, p->legal_surname);
    if (p->legal_surname.n && p->legal_forename.n) {
        buffer_add_cstr(&b, ", ");
    }
    text_print(&b, p->legal_forename);
    if (group.n) {
        buffer_add_cstr(&b, " (");
        text_print(&b, group);
        buffer_add_cstr(&b, ")");
    }
    if (b.failed == STATUS_OK) {
        (void)arena_dup(&plan->arena, (struct text){(const char *)b.at, b.n}, &out);
    }
    buffer_release(&b);
    return out;
}

/* Whether the files are a full list of that kind of people. */
static bool lists_kind(const struct import *plan, enum person_kind kind)
{
    for (size_t i = 0; i < plan->n_files; i++) {
        if (plan->files[i].staff == (kind == PERSON_STAFF)) {
            return true;
        }
    }
    return false;
}

static bool is_missing(const struct import *plan, size_t i, enum person_kind kind)
{
    const struct person *p = &plan->was.people[i];
    return p->kind == kind && p->on_roll != KNOWN_NO && !plan->seen[i];
}

static enum status leave(struct import *plan, const struct person *p, struct err *err)
{
    struct plan_op op = {.was = p, .now = *p, .details = true};
    struct text who = who_is(plan, p);
    op.now.on_roll = KNOWN_NO;
    if (!date_is_set(p->date_of_leaving) ||
        date_compare(p->date_of_leaving, plan->options.on) > 0) {
        op.now.date_of_leaving = plan->options.on;
    }
    if (!who.n || !plan_add(plan, &op)) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    return plan_change(plan, CHANGE_LEFT, NULL, who, TEXT("no longer in the file"), err);
}

static enum status leavers(struct import *plan, enum person_kind kind, struct err *err)
{
    size_t roll = 0, missing = 0;
    if (plan->options.partial || !lists_kind(plan, kind)) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < plan->was.n_people; i++) {
        const struct person *p = &plan->was.people[i];
        roll += p->kind == kind && p->on_roll != KNOWN_NO;
        missing += is_missing(plan, i, kind);
    }
    if (!plan->options.full && missing >= FEW_LEAVERS && missing * LEAVERS_SHARE > roll) {
        return err_set(err, STATUS_FORMAT,
                       "%zu of %zu %s on the roll are missing from the files: say --full if all of "
                       "them have left, or --partial if the files do not list everybody",
                       missing, roll, kind == PERSON_STAFF ? "staff" : "pupils");
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < plan->was.n_people; i++) {
        if (is_missing(plan, i, kind)) {
            st = leave(plan, &plan->was.people[i], err);
        }
    }
    return st;
}

enum status import_plan(struct import *plan, struct err *err)
{
    plan->seen = arena_alloc(&plan->arena, plan->was.n_people, sizeof *plan->seen);
    plan->op_of = arena_alloc(&plan->arena, plan->was.n_people, sizeof *plan->op_of);
    if (!plan->seen || !plan->op_of) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    enum status st = import_match(plan, err);
    for (size_t i = 0; st == STATUS_OK && i < plan->n_rows; i++) {
        const struct import_row *row = &plan->rows[i];
        plan->files[row->file].n_refused += row->refused.n > 0;
        st = import_diff(plan, row, err);
    }
    if (st == STATUS_OK) {
        st = leavers(plan, PERSON_PUPIL, err);
    }
    return st == STATUS_OK ? leavers(plan, PERSON_STAFF, err) : st;
}
