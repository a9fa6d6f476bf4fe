/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H: may anything go where this photo is meant to go? */
#include "rules/rule_table.h"

/* A channel that needs no purpose would let every photo pass without anybody's consent. */
static bool needs_known_purposes(const struct channel_policy *channel)
{
    bool any = false;
    for (int p = PURPOSE_UNKNOWN + 1; p < N_PURPOSES; p++) {
        any = any || channel->needs[p];
    }
    return any && !channel->needs[PURPOSE_UNKNOWN];
}

void check_channel_not_official(const struct hearing *h, struct rule_sink *k)
{
    struct text title = sink_print(k, h->channel->title.n ? h->channel->title : h->channel->name);
    struct text sentence;
    if (!h->channel->official) {
        sentence =
            sink_say(k, "\"%.*s\" is not an official account of the school.", TEXT_ARG(title));
    } else if (!needs_known_purposes(h->channel)) {
        sentence =
            sink_say(k, "The policy does not say which consent \"%.*s\" needs.", TEXT_ARG(title));
    } else {
        return;
    }
    sink_hit(k, k->rule->verdict, NO_PERSON, NULL, sentence, sentence);
}
