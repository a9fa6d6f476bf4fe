/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P: whom must nobody show? These beat every consent, and count for whoever is tagged or merely
 * mentioned. */
#include "rules/rule_table.h"

static void protect_hit(const struct hearing *h, struct rule_sink *k, uint32_t person,
                        const char *fact)
{
    struct text name = sink_person(k, h, person);
    sink_hit(k, k->rule->verdict, person, NULL, sink_refused_sentence(k, h),
             sink_say(k, "%.*s %s.", TEXT_ARG(name), fact));
}

void check_do_not_publish(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_shown; i++) {
        if (h->snapshot->people[k->cast->shown[i]].do_not_publish == KNOWN_YES) {
            protect_hit(h, k, k->cast->shown[i], "is on the do-not-publish list");
        }
    }
}

void check_child_objection(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_shown; i++) {
        if (h->snapshot->people[k->cast->shown[i]].child_objection == KNOWN_YES) {
            protect_hit(h, k, k->cast->shown[i], "has asked not to be shown");
        }
    }
}

static bool is_settled(enum known k)
{
    return k == KNOWN_YES || k == KNOWN_NO;
}

void check_protection_unclear(const struct hearing *h, struct rule_sink *k)
{
    for (size_t i = 0; k->cast->examined && i < k->cast->n_shown; i++) {
        uint32_t person = k->cast->shown[i];
        const struct person *p = &h->snapshot->people[person];
        bool list = is_settled(p->do_not_publish), child = is_settled(p->child_objection);
        if (list && child) {
            continue;
        }
        const char *doubt = list ? "whether they have objected"
                            : child
                                ? "whether they are on the do-not-publish list"
                                : "whether they are on the do-not-publish list or have objected";
        struct text name = sink_person(k, h, person);
        struct text cell = sink_print(k, p->do_not_publish_unclear);
        sink_hit(k, k->rule->verdict, person, NULL, sink_unsettled_sentence(k, h),
                 sink_say(k, "%.*s: the register does not say clearly %s%s%.*s%s.", TEXT_ARG(name),
                          doubt, cell.n ? " (the cell says \"" : "", TEXT_ARG(cell),
                          cell.n ? "\")" : ""));
    }
}
