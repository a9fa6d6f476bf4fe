/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may be shown where, with the reason left out; and what the register once said of somebody. */
#include "photogate/ruling.h"

/* Days of grace run from a leaving date that is known and not in the future. */
static bool is_in_grace(const struct person *p, const struct policy *policy, struct date date)
{
    if (policy->leavers != LEAVERS_GRACE || !date_is_set(p->date_of_leaving)) {
        return false;
    }
    int64_t since = (int64_t)date_to_days(date) - date_to_days(p->date_of_leaving);
    return since >= 0 && since <= (int64_t)policy->leaver_grace_days;
}

bool has_left(const struct person *p, const struct policy *policy, struct date date)
{
    bool left = p->kind == PERSON_STAFF ? p->on_roll == KNOWN_NO : p->on_roll != KNOWN_YES;
    if (date_is_set(p->date_of_leaving) && date_compare(p->date_of_leaving, date) < 0) {
        left = true;
    }
    return left && !is_in_grace(p, policy, date);
}

static enum appearance agreed(const struct person *p, const struct policy *policy,
                              const struct channel_policy *channel, struct date date)
{
    enum appearance worst = APPEARS;
    for (int n = PURPOSE_UNKNOWN + 1; n < N_PURPOSES; n++) {
        enum purpose purpose = (enum purpose)n;
        const struct consent *event;
        if (!channel->needs[purpose]) {
            continue;
        }
        enum consent_standing standing =
            consent_on(p, purpose, &policy->purposes[purpose], date, &event);
        enum appearance this_one = standing == STANDING_GRANTED   ? APPEARS
                                   : standing == STANDING_UNCLEAR ? APPEARS_UNSETTLED
                                                                  : APPEARS_NOT;
        worst = this_one < worst ? this_one : worst;
    }
    return worst;
}

enum appearance may_appear(const struct person *p, const struct policy *policy,
                           const struct channel_policy *channel, struct date date)
{
    if (!channel->official || p->do_not_publish == KNOWN_YES || p->child_objection == KNOWN_YES ||
        has_left(p, policy, date)) {
        return APPEARS_NOT;
    }
    enum appearance consent = agreed(p, policy, channel, date);
    bool settled = p->do_not_publish == KNOWN_NO && p->child_objection == KNOWN_NO;
    return consent == APPEARS && !settled ? APPEARS_UNSETTLED : consent;
}

enum known status_on(const struct person *p, enum status_field field, struct date date,
                     int64_t *import)
{
    enum known value = KNOWN_UNKNOWN;
    *import = 0;
    for (size_t i = 0; i < p->n_history; i++) {
        const struct status_event *e = &p->history[i];
        if (e->field == field && date_compare(e->recorded_on, date) <= 0) {
            value = e->value;
            *import = e->import;
        }
    }
    return value;
}
