/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key of a profile and of photogate.conf: a row with its type, range and field. */
#ifndef PHOTOGATE_POLICY_PROFILE_KEYS_H
#define PHOTOGATE_POLICY_PROFILE_KEYS_H

#include <stddef.h>

#include "photogate/limits.h"
#include "photogate/policy.h"
#include "policy/ini_file.h"

enum key_type {
    KEY_NONE,   /* read elsewhere: [profile] inherits */
    KEY_BOOL,   /* one of `choices`, into a bool */
    KEY_ENUM,   /* one of `choices`, into an enum */
    KEY_NUMBER, /* decimal, 0..max, into a uint32_t */
    KEY_TEXT,   /* into a struct text */
    KEY_LIST, /* separated by commas or lines, into a pointer to texts and, at offset_n, a size_t */
    KEY_DATE, /* YYYY-MM-DD */
    KEY_PURPOSES, /* a list of purposes, into bool[N_PURPOSES] */
    KEY_COLUMN,   /* [import] FIELD = heading | heading */
    KEY_CLAUSE    /* [clauses] section.key = text */
};

/* Whose settings a section holds, and so what `offset` counts from. */
enum key_home {
    HOME_UNKNOWN,
    HOME_PROFILE, /* struct policy; in a profile's own file only */
    HOME_POLICY,  /* struct policy */
    HOME_PURPOSE, /* struct purpose_policy, the section being "consent.PURPOSE" */
    HOME_CHANNEL, /* struct channel_policy, the section being "channel.NAME" */
    HOME_SCHOOL   /* struct school; in photogate.conf only */
};

struct key_choice {
    const char *name; /* NULL ends the list */
    unsigned value;
};

struct key_row {
    enum key_home home;
    const char *section; /* "consent.*": any name behind the dot */
    const char *key;     /* "*": any, checked by the type */
    enum key_type type;
    size_t offset;
    size_t offset_n; /* of a list: where its length goes; of a number: the least but for 0 */
    const struct key_choice *choices;
    uint32_t max;
};

const struct key_row *key_rows(size_t *n);

/* The fields of photogate's import templates that [import] may map. */
const char *const *import_fields(size_t *n);

/* A policy in the making. */
struct draft {
    struct policy *policy;
    struct school *school; /* NULL: its values are checked and go nowhere */
    struct arena *arena;
    struct channel_policy *channels; /* MAX_POLICY_CHANNELS */
    size_t n_channels;
    struct column_map *columns; /* one per import field, by its place in import_fields */
    struct column_map *clauses; /* MAX_POLICY_SETTINGS */
    size_t n_clauses;
};

/* Room for everything; the policy starts as the strictest there is, so that a key nobody set
 * refuses. fails NOMEM */
enum status draft_init(struct draft *d, struct arena *a, struct err *err);

/* The row for a setting.
 * fails FORMAT "file:line: unknown section ..." or "... unknown key ..., expected one of: ..." */
enum status key_find(const struct settings *file, const struct setting *s,
                     const struct key_row **row, struct err *err);

/* Put one setting into the draft. `row` from key_find. fails FORMAT "file:line: ..."; LIMIT; NOMEM
 */
enum status key_apply(struct draft *d, const struct settings *file, const struct setting *s,
                      const struct key_row *row, struct err *err);

/* Letters, digits and '-', 1 to 64: safe as part of a file's name. Pure. */
bool is_plain_name(struct text t);

#endif
