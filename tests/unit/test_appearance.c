/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet of who may not be shown must say what the rules say of a photo of that pupil alone. */
#include "rules_case.h"

/* What the rules say, of those that look at the person and the channel; a photo of one pupil with
 * one face has nothing else against it. */
static enum appearance by_rules(struct rules_case *c)
{
    case_judge(c);
    return c->ruling.verdict == VERDICT_APPROVED ? APPEARS
           : c->ruling.verdict == VERDICT_HELD   ? APPEARS_UNSETTLED
                                                 : APPEARS_NOT;
}

static void agree(struct rules_case *c)
{
    enum appearance sheet = may_appear(&c->people[JACK], &c->policy, &c->channel, c->hearing.date);
    assert_int_equal(sheet, by_rules(c));
}

static void every_standing_is_told_as_the_rules_tell_it(void **state)
{
    (void)state;
    static const enum consent_state STATES[] = {
        CONSENT_UNKNOWN,   CONSENT_REFUSED, CONSENT_WITHDRAWN, CONSENT_OBJECTED,
        CONSENT_REQUESTED, CONSENT_UNCLEAR, CONSENT_GRANTED};
    static const enum known KNOWN[] = {KNOWN_UNKNOWN, KNOWN_NO, KNOWN_YES};
    size_t n[3] = {0};
    for (size_t s = 0; s < 7; s++) {
        for (size_t dnp = 0; dnp < 3; dnp++) {
            for (size_t child = 0; child < 3; child++) {
                for (int roll = 0; roll < 3; roll++) {
                    for (int other = 0; other < 8; other++) {
                        struct rules_case c;
                        case_init(&c);
                        struct person *p = &c.people[JACK];
                        c.consents[JACK][0].state = STATES[s];
                        p->do_not_publish = KNOWN[dnp];
                        p->child_objection = KNOWN[child];
                        p->on_roll = KNOWN[roll];
                        c.consents[JACK][0].method = other & 1 ? METHOD_VERBAL : METHOD_PAPER;
                        c.policy.purposes[PURPOSE_WEBSITE].written_only = true;
                        c.channel.official = !(other & 2);
                        c.channel.needs[PURPOSE_PRESS] = other & 4;
                        if (roll == 1) {
                            p->date_of_leaving = day(2026, 9, 20);
                            c.policy.leavers = LEAVERS_GRACE;
                            c.policy.leaver_grace_days = other & 1 ? 30 : 5;
                        }
                        agree(&c);
                        n[may_appear(p, &c.policy, &c.channel, c.hearing.date)]++;
                        case_release(&c);
                    }
                }
            }
        }
    }
    /* all three answers were met */
    assert_true(n[APPEARS] > 0 && n[APPEARS_UNSETTLED] > 0 && n[APPEARS_NOT] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_standing_is_told_as_the_rules_tell_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
