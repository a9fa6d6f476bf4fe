/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy profile: what this school allows, as data.
 *
 * A profile is an INI file in consent/policies/. It inherits from another (`inherits =
 * safe-default`), names the document it comes from, and may cite the document's clause for each key
 * (`[clauses]`). Every key is a row of a table with its type and its range; an unknown key, a bad
 * value or a missing parent is an error with file and line. The profile's digest covers the files
 * of the whole chain of inheritance and the word lists; every ruling names it.
 *
 * Sequence: policy_load, read the struct, policy_free. Frozen after load.
 */
#ifndef PHOTOGATE_POLICY_H
#define PHOTOGATE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "photogate/date.h"
#include "photogate/digest.h"
#include "photogate/person.h"
#include "photogate/roles.h"
#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum tag_policy { TAGS_HOLD, TAGS_REJECT };      /* what to do with a doubtful tag */
enum leaver_policy { LEAVERS_DENY, LEAVERS_GRACE };
enum name_policy { NAMES_NEVER, NAMES_INITIALS, NAMES_FORENAME, NAMES_FULL };
enum staff_names { STAFF_BLOCK, STAFF_HOLD, STAFF_ALLOW };
/* Who may let a pupil's name stand beside a photo, post by post, where everybody named consented to
 * name_with_photo. BOTH: the head and the DPO. */
enum name_exception { EXCEPTION_NONE, EXCEPTION_HEAD, EXCEPTION_DPO, EXCEPTION_BOTH };
/* Must somebody who did not hand the photos in look before they go out? IF_POSSIBLE: the one who
 * handed them in may, with a reason; ON_HOLD_ONLY: only before a held photo is cleared. */
enum second_person { SECOND_ALWAYS, SECOND_IF_POSSIBLE, SECOND_ON_HOLD_ONLY, SECOND_NEVER };
enum face_search { FACES_STRICT, FACES_FAST };
/* A pupil who is boxed in the photo and lacks only consent: refuse the photo, or cover the face. */
enum no_consent { NO_CONSENT_REJECT, NO_CONSENT_REDACT };
/* OPT_OUT would take silence for a yes: it can be written down, and no profile with it is loaded.
 */
enum lawful_basis { BASIS_OPT_IN, BASIS_OPT_OUT };

/* Per purpose: [consent.website] ... */
struct purpose_policy {
    bool written_only;      /* a verbal consent does not count */
    uint32_t max_age_months; /* older consents have lapsed; 0 = no limit */
    enum lawful_basis basis;
    /* a yes ends with the first such day after it was said: month * 100 + day, 831 is 31 August;
     * 0 = with no day of the year */
    uint32_t ends_each_year;
    /* the same for every purpose, from [people], so that consent_on needs no more than this */
    bool any_refusal_wins; /* one parent's no stands until the same parent says yes */
    uint32_t pupil_decides_from_age; /* from then on only the pupil's own yes counts; 0 = never */
};

/* Per channel: [channel.website] ... */
struct channel_policy {
    struct text name;     /* "website" */
    struct text title;    /* "School website" */
    bool official;        /* an account of the school; false = nothing goes there */
    bool needs[N_PURPOSES]; /* every purpose marked must be consented to */
    struct text owners;   /* named staff, free text, reported */
    struct text risk_assessment; /* reference of the channel's risk assessment, reported */
    enum second_person second_person;
    bool needs_request;      /* a batch must name the request it answers */
    uint32_t takedown_hours; /* to take a photo down after its recall; 0 = at once */
    /* ROLE_BITs of who may be the second person; 0 = ROLES_THAT_LOOK */
    unsigned sign_off_roles;
};

/* Which column of an import holds what: [import]. Field names are those of photogate's own
 * templates. */
struct column_map {
    struct text field;  /* "photo_website" */
    /* the school's heading, compared without case, space, underscore, punctuation */
    struct text header;
};

/* For how many days something is kept before a purge takes it; 0 = no purge takes it. */
struct retention_policy {
    uint32_t approved_days; /* published photos, from their publication */
    uint32_t reports_days;  /* a batch's reports, from its last run */
    uint32_t leavers_days;  /* pupils on the register, from the day they left */
};

/* A setting in force, or what is taken because nobody set it. */
struct policy_value {
    struct text key;    /* "channel.website.needs" */
    struct text value;  /* as a profile would say it, on one line */
    struct text file;   /* the file that says it, printable; empty = no file does */
    uint32_t line;      /* in that file, from 1; 0 = no file says it */
    struct text clause; /* that it rests on; may be empty */
};

/* Who answers for what a file loosens: its `approved_by` and `approved_on`. */
struct policy_approval {
    struct text file, by;
    struct date on;
};

struct policy {
    struct text name;   /* "safe-default" */
    struct text title, source, version;
    struct date review_date;
    struct digest digest; /* over every file read, in order of inheritance, and the word lists */

    struct purpose_policy purposes[N_PURPOSES];
    const struct channel_policy *channels;
    size_t n_channels;

    enum tag_policy untagged, unknown_tag, ambiguous_tag, unnamed_region;
    enum leaver_policy leavers;
    uint32_t leaver_grace_days;
    bool third_party_rights_hold; /* a creator or copyright that is not the school's */
    struct text const *own_rights; /* creators and copyright holders that are the school's */
    size_t n_own_rights;
    uint32_t max_edge_px;  /* a longer release is made smaller; 0 = none is */
    uint32_t jpeg_quality; /* of photos that must be encoded anew; 0 = the program's own */
    bool require_confinement; /* examiners without Landlock and seccomp: no run */
    bool require_high_face_assurance;
    enum face_search face_search;
    enum no_consent no_consent;
    bool redacted_may_pass; /* a photo with a covered face needs no person's look */

    enum name_policy names_with_photo, names_text_only;
    enum staff_names staff;
    enum name_exception name_exception;
    /* the school's own contact points and words: the only ones a caption may carry */
    const struct text *own_phones, *own_emails, *own_links, *own_handles;
    size_t n_own_phones, n_own_emails, n_own_links, n_own_handles;
    const struct text *houses; /* house and class names that are also words or names */
    size_t n_houses;
    /* beside the word lists of these names, which hold them too once the policy is loaded */
    const struct text *safe_phrases, *acronyms;
    size_t n_safe_phrases, n_acronyms;

    struct retention_policy retention;

    const struct column_map *columns;
    size_t n_columns;

    /* every setting of every channel and purpose, in the order of the table of keys */
    const struct policy_value *values;
    size_t n_values;
    const struct policy_approval *approvals; /* in the order the files were applied */
    size_t n_approvals;

    /* clause per policy key ("people.untagged" -> "s11 ..."), for reports */
    const struct column_map *clauses;
    size_t n_clauses;

    /* the word lists found in the words folders, whole files, by list name ("weak-names") */
    const struct word_list *lists;
    size_t n_lists;

    struct arena *memory; /* owns all of the above */
};

struct word_list {
    struct text name;
    /* comments and blank lines left out, white space trimmed, in file order */
    const struct text *words;
    size_t n_words;
};

/* Where profiles and word lists are looked for, first match first: the school's folder, then the
 * installed ones. */
struct policy_places {
    const char *const *profile_dirs;
    size_t n_profile_dirs;
    const char *const *word_dirs;
    size_t n_word_dirs;
};

/* A school's settings from photogate.conf override or extend a profile's, in the same sections and
 * keys; `overrides` is that file's path or NULL. Sections of photogate.conf that are not a policy's
 * ([school], [policy], [faces], [run]) are school_load's. What no file sets is the strictest there
 * is. A setting that is looser than the safe default's (the farthest folder's safe-default.ini; the
 * strictest there is, where there is none) is refused unless its own file names who approved it;
 * so are settings that contradict each other. Word lists: a nearer folder's NAME.txt extends the
 * farther one's; its line '!word' takes a word out.
 *
 * name     a profile's name, without folder or suffix: letters, digits and '-'
 * *out     owned; policy_free
 * fails    FORMAT with "file:line: ..." for anything not understood; IO when a file is missing, a
 *          link or no regular file; LIMIT; NOMEM; LIBRARY
 */
enum status policy_load(const struct policy_places *places, struct text name, const char *overrides,
                        struct policy **out, struct err *err);
void policy_free(struct policy *p);

/* The channel of that name, or NULL. Pure, borrowed. */
const struct channel_policy *policy_channel(const struct policy *p, struct text name);

/* The list of that name, or an empty one. Pure, borrowed. */
struct word_list policy_words(const struct policy *p, const char *list);

/* The clause a key cites, or empty. "consent.website.written_only" falls back on
 * "consent.written_only". Pure, borrowed. */
struct text policy_clause(const struct policy *p, const char *key);

/* How a setting of one policy stands to that of another. OTHER: neither is stricter. A channel that
 * only one of them has is a closed one in the other. */
enum policy_change { POLICY_OTHER, POLICY_LOOSER, POLICY_STRICTER };

struct policy_difference {
    const struct policy_value *was, *now; /* either may be NULL; borrowed from the policies */
    enum policy_change change;            /* of `now` against `was` */
};

/* What `now` says differently, in the order of its values, then what only `was` has.
 * *out     owned; free()
 * fails    NOMEM
 * threads  pure */
enum status policy_diff(const struct policy *was, const struct policy *now,
                        struct policy_difference **out, size_t *n, struct err *err);
const char *policy_change_words(enum policy_change c); /* "looser" */

/* photogate.conf: the school's own settings. */
struct school {
    struct text name;           /* "Oakmere Community Primary School" */
    struct text policy;         /* profile in force */
    struct text default_channel; /* where a run goes that is not told; empty = must be told */
    struct text dpo_contact;    /* "Mrs ... , dpo@..." shown in the office's report */
    struct text face_model;     /* path of YuNet's ONNX file; empty = look in the system's places */
    uint32_t jobs;              /* 0 = as many as cores */
    struct text const *accounts[N_ROLES]; /* [roles]: the operating system's, by role */
    size_t n_accounts[N_ROLES];
    struct arena *memory;
};

/* Every setting is checked, the policy's too. *out owned; school_free. fails as policy_load */
enum status school_load(const char *path, struct school **out, struct err *err);
void school_free(struct school *s);

#ifdef __cplusplus
}
#endif
#endif
