/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person decided about these very bytes before. */
#include "rules/rule_table.h"

void check_destroyed_before(const struct hearing *h, struct rule_sink *k)
{
    enum past past = h->evidence->past;
    if (past != PAST_NOTHING && past != PAST_TURNED_DOWN) {
        struct text words =
            past == PAST_DESTROYED
                ? TEXT("This picture was destroyed before, and may not come back.")
                : TEXT("It is not known whether this picture was destroyed before.");
        sink_hit(k, k->rule->verdict, NO_PERSON, NULL, words, words);
    }
}

void check_turned_down(const struct hearing *h, struct rule_sink *k)
{
    if (h->evidence->past == PAST_TURNED_DOWN) {
        sink_hit(k, k->rule->verdict, NO_PERSON, NULL, TEXT(TURNED_DOWN_WORDS),
                 TEXT(TURNED_DOWN_WORDS));
    }
}
