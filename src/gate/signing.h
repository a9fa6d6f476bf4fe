/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sign-off under way: shared by sign_off.c, which looks, and sign_off_publish.c, which acts. */
#ifndef PHOTOGATE_GATE_SIGNING_H
#define PHOTOGATE_GATE_SIGNING_H

#include "awaiting.h"
#include "photogate/person.h"
#include "photogate/sign_off.h"

struct sign_off {
    struct home *home;
    struct actor actor;
    char batch[65];
    bool alone;
    const struct channel_policy *channel;
    struct waitings waiting;
    struct waiting **open;         /* those of the batch; owned list, by entry */
    json_t **bodies;               /* of their entries; owned */
    char (*since)[11];             /* day of each */
    struct sign_off_photo *photos; /* one for each */
    size_t n;
    json_t *captions;
    struct arena memory; /* of the snapshot */
    struct snapshot people;
    char (*pseudonyms)[PSEUDONYM_BYTES]; /* of each person; in `memory` */
    int awaiting;
};

#endif
