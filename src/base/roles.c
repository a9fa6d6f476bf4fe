/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/roles.h"

static const char *const NAMES[] = {[ROLE_NONE] = "none",
#define X(symbol, name, words) [ROLE_##symbol] = name,
                                    ROLE_LIST(X)
#undef X
};

static const char *const WORDS[] = {[ROLE_NONE] = "nobody",
#define X(symbol, name, words) [ROLE_##symbol] = words,
                                    ROLE_LIST(X)
#undef X
};

const char *role_name(enum role r)
{
    return NAMES[r < N_ROLES ? r : ROLE_NONE];
}

const char *role_words(enum role r)
{
    return WORDS[r < N_ROLES ? r : ROLE_NONE];
}

enum role role_from_name(struct text name)
{
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        if (text_equal(name, text_of(NAMES[r]))) {
            return (enum role)r;
        }
    }
    return ROLE_NONE;
}

void roles_words(struct buffer *out, unsigned roles)
{
    unsigned left = 0;
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        left += (roles >> r) & 1u;
    }
    if (left == 0) {
        buffer_add_cstr(out, role_words(ROLE_NONE));
    }
    bool first = true;
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        if ((roles >> r) & 1u) {
            buffer_add_cstr(out, first ? "" : left == 1 ? " or " : ", ");
            buffer_add_cstr(out, NAMES[r]);
            first = false;
            left--;
        }
    }
}
