/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key of a profile and of photogate.conf: a row with its type, range and field. */
#ifndef PHOTOGATE_POLICY_PROFILE_KEYS_H
#define PHOTOGATE_POLICY_PROFILE_KEYS_H

#include <stddef.h>

#include "photogate/limits.h"
#include "photogate/policy.h"
#include "policy/ini_file.h"

enum key_type {
    KEY_NONE,   /* read elsewhere: [profile] inherits, approved_by */
    KEY_BOOL,   /* one of `choices`, into a bool */
    KEY_ENUM,   /* one of `choices`, into an enum */
    KEY_NUMBER, /* decimal, 0..max, into a uint32_t */
    KEY_TEXT,   /* into a struct text */
    KEY_LIST, /* separated by commas or lines, into a pointer to texts and, at offset_n, a size_t */
    KEY_DATE, /* YYYY-MM-DD */
    KEY_YEAR_DAY, /* MM-DD, or nothing, into a uint32_t: month * 100 + day, or 0 */
    KEY_PURPOSES, /* a list of purposes, into bool[N_PURPOSES] */
    KEY_ROLES,    /* a list of roles, into an unsigned of ROLE_BITs */
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
    unsigned looseness; /* the higher, the more goes out */
};

/* Which numbers let more go out. */
enum key_looser {
    LOOSER_NONE,         /* none does; or, of a choice, its `looseness` says */
    LOOSER_MORE,         /* the larger */
    LOOSER_MORE_OR_ZERO, /* the larger, and 0, which is no limit, most of all */
    LOOSER_UNSET,        /* none at all, against some */
    LOOSER_FEWER,        /* of a list of purposes: the one with fewer in it */
    LOOSER_WIDER         /* of a list of roles: the one with more in it */
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
    enum key_looser looser;
};

/* One row with the channel, purpose or import field it is about. */
struct key_place {
    const struct key_row *row;
    struct text name; /* "website"; empty when the row is about no one of several */
};

/* Where a setting of the draft was set last. */
struct origin {
    struct text section, key;
    const struct settings *file;
    uint32_t line;
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
    struct origin *origins; /* MAX_POLICY_SETTINGS */
    size_t n_origins;
    const struct settings *files[MAX_POLICY_ANCESTORS + 2]; /* in the order applied */
    size_t n_files;
    struct policy_approval *approvals; /* at most one a file */
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

/* The places of a policy with these channels and columns, a section after the other, as a profile
 * would say them. The clauses are no places. *out in arena `a`. fails NOMEM */
enum status key_places(const struct policy *p, struct arena *a, struct key_place **out, size_t *n,
                       struct err *err);

/* "people.untagged", "channel.website.needs", "import.upn". In arena `a`. fails NOMEM */
enum status key_place_name(const struct key_place *place, struct arena *a, struct text *out,
                           struct err *err);

/* The struct that the row's offsets count from, or NULL: the policy has no such channel. */
const void *key_home(const struct policy *p, const struct key_place *place);

/* A place's value as a profile would say it, on one line. fails NOMEM, LIMIT */
enum status key_value(const struct policy *p, const struct key_place *place, struct arena *a,
                      struct text *out, struct err *err);

/* How the value of `now` stands to that of `was`; false when it is the same. A channel that `was`
 * does not have is the strictest one; a closed channel is never looser. Pure. */
bool key_change(const struct policy *was, const struct policy *now, const struct key_place *place,
                enum policy_change *change);

/* The draft's origin for a place, or NULL. Pure. */
const struct origin *draft_origin(const struct draft *d, const struct key_place *place);

/* The setting of a file, or NULL. Pure. */
const struct setting *settings_find(const struct settings *file, struct text section,
                                    struct text key);

/* Who approved what a file loosens, from its [profile] or, of photogate.conf, [policy].
 * *found   false when it names nobody
 * fails    FORMAT: half of it, no role, no day */
enum status approval_read(const struct settings *file, struct policy_approval *out, bool *found,
                          struct err *err);

/* Refuse what is looser than `safe` and approved by nobody. fails FORMAT; NOMEM */
enum status approvals_check(const struct draft *d, const struct policy *safe, struct err *err);

/* Refuse settings that cannot all be meant. fails FORMAT */
enum status contradictions_check(const struct draft *d, struct err *err);

/* Fill in policy->values. fails NOMEM, LIMIT */
enum status draft_values(struct draft *d, struct err *err);

/* Letters, digits and '-', 1 to 64: safe as part of a file's name. Pure. */
bool is_plain_name(struct text t);

#endif
