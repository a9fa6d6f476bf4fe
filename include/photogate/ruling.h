/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules are rows, rulings are data.
 *
 * A rule is a code, a name, the clause it serves, the verdict its hit means, a remedy in plain
 * words, and one pure function of (evidence, policy, register snapshot, channel, date). All rules
 * run; none stops another. A ruling is approved only when no rule hit. Codes are never reused.
 *
 * Two readers see a hit. The office reads the rule's remedy and `office`, which never name a pupil
 * nor say why one may not be shown. The DPO reads `dpo`, with the person and the consent event it
 * rests on.
 */
#ifndef PHOTOGATE_RULING_H
#define PHOTOGATE_RULING_H

#include "photogate/arena.h"
#include "photogate/evidence.h"
#include "photogate/names.h"
#include "photogate/person.h"
#include "photogate/policy.h"
#include "photogate/roles.h"

#ifdef __cplusplus
extern "C" {
#endif

enum verdict { VERDICT_REJECTED, VERDICT_HELD, VERDICT_APPROVED };

/* The whole case as the rules see it. All borrowed, all frozen. */
struct hearing {
    const struct evidence *evidence;
    const struct policy *policy;
    const struct channel_policy *channel;
    const struct snapshot *snapshot;
    struct date date;              /* the day the ruling is for */
    int face_assurance;            /* enum assurance of faces.h */
    /* names_judge_fields over what goes with the photo, each alone and one after the other: the
     * caption to be published, */
    const struct finding *caption;
    size_t n_caption;
    /* the file's name and folders below the intake, */
    const struct finding *file_name;
    size_t n_file_name;
    /* the manifest's credit line, which is published beside the caption, */
    const struct finding *credit;
    size_t n_credit;
    /* and the manifest's event, which heads the post */
    const struct finding *event;
    size_t n_event;
    /* register people named in texts found inside the photo, file name included */
    const struct mention *mentions;
    size_t n_mentions;
    /* YES once the five lists above are filled; otherwise the caption rules hold the photo */
    enum known judged;
    /* A release of this photo stands in which the face that would be covered is not: then none is,
     * and the rules about consent refuse the photo, so that the release is recalled. */
    bool stands_uncovered;
};

/* A person whom a text found in the photo names. */
struct mention {
    enum carrier_id carrier; /* CARRIER_UNKNOWN: the file's name */
    uint32_t person;         /* index into snapshot.people */
    /* Another rule holds the photo for these words already (a tag in doubt, the caption): they say
     * who may be shown, and ask for no tag. */
    bool told;
};

struct rule;

struct hit {
    const struct rule *rule;
    enum verdict verdict; /* what this hit means under the policy: HELD or REJECTED */
    /* one sentence, no name, no reason that protects: "One person in this photo ..." */
    struct text office;
    struct text dpo;      /* one sentence with the facts */
    uint32_t person;      /* index into snapshot.people, or NO_PERSON */
    const struct consent *consent; /* the event it rests on, or NULL */
};

/* What a person in a role said of a held photo. */
struct clearance {
    enum role role;
    struct text by;     /* account */
    struct text on;     /* "2026-11-20" */
    struct text reason; /* their words; name nobody */
    int64_t entry;      /* of the ledger */
};

/* A pupil who lacks nothing but consent and whose face is covered before the photo goes out
 * (people.no_consent = redact). Their hits about consent are left out of the ruling. */
struct covered_face {
    uint32_t person; /* index into snapshot.people */
    struct box box;  /* all of it is covered; inside the picture; margin and all */
    bool seen;       /* the face detector found a face where the person is marked */
};

struct ruling {
    enum verdict verdict; /* the worst of the hits; APPROVED without any */
    const struct hit *hits;
    size_t n_hits;
    /* by person, each once; what is released without all of these covered is no release of this
     * ruling */
    const struct covered_face *covered;
    size_t n_covered;
    /* hits that were settled by clearances, and those clearances; none without the other */
    const struct hit *cleared;
    size_t n_cleared;
    const struct clearance *clearances;
    size_t n_clearances;
};

struct rule_sink; /* collects a rule's hits; rules/rule_table.h */

struct rule {
    const char *code;   /* "F01": family letter and number, never reused */
    const char *name;   /* "file-damaged": stable, for machines */
    const char *title;  /* "The file is damaged" */
    const char *clause; /* where the requirement comes from */
    enum verdict verdict; /* on a hit, unless policy says harder */
    const char *policy_key; /* the profile key that governs it, or NULL */
    const char *remedy; /* plain words: what the person who reads it does next */
    /* Its reason is hidden from the office (do-not-publish, objection, every answer about consent):
     * the office's report shows neither code, name, title nor clause, only `office` and `remedy`,
     * equal sentences once, so that nothing can be inferred. */
    bool protects;
    /* ROLE_BITs of who may clear a hit of HELD after a look; 0 = it is mended at its source or not
     * at all. A hit of REJECTED is never cleared. */
    unsigned cleared_by;
    void (*check)(const struct hearing *, struct rule_sink *);
};

/* The rule table, in the order of the codes. Static. */
const struct rule *rules_all(size_t *n);
const struct rule *rule_by_code(struct text code);

/* Judge one photo by every rule.
 *
 * *out     in arena `a`
 * fails    NOMEM; LIMIT; BUG for a hearing without evidence, policy, channel, snapshot or date
 * threads  pure; any thread
 */
enum status rules_judge(const struct hearing *h, struct arena *a, struct ruling *out,
                        struct err *err);

/* For `cleared_by` of the rule about a name beside a photo: whom the policy's [names] exception
 * says. */
#define CLEARED_BY_EXCEPTION (1u << 31)

/* Who may clear a hit of `rule` under `policy`: ROLE_BITs. *all: each of them must, and no account
 * twice; else any one of them. Pure. */
unsigned rule_cleared_by(const struct rule *rule, const struct policy *policy, bool *all);

/* Do these roles clear such a hit? Pure. */
bool rule_is_cleared(const struct rule *rule, const struct policy *policy, unsigned roles);

/* Settle a held photo's hits by clearances that were given for exactly this ruling (whose matter it
 * is to know that). All hits are lifted, or none: *out is `r` again when one stands.
 *
 * h        as for rules_judge; the findings in it are not read again
 * *out     in arena `a`; borrows `r` and `given`
 * fails    NOMEM; BUG for an incomplete hearing
 * threads  pure
 */
enum status rules_clear(const struct hearing *h, const struct ruling *r,
                        const struct clearance *given, size_t n_given, struct arena *a,
                        struct ruling *out, struct err *err);

/* The rule that stops what was turned down at sign-off, and its one sentence. */
#define RULE_TURNED_DOWN "S02"
#define TURNED_DOWN_WORDS "Who looked at this photo before it went out turned it down."

const char *verdict_name(enum verdict v); /* "approved", "held", "rejected" */

/* Whom do the tags name? UPN, admission number, full legal or known-as name in either order,
 * folded; a class, year, UPN or admission number beside the name ("Jack Smith 4B") tells namesakes
 * apart, and one that fits nobody makes the tag UNKNOWN. Never by similarity.
 *
 * "Mrs Castleford" is the one member of staff of that title and surname, unless a pupil has the
 * surname too. A full name without its space ("JackSmith") is AMBIGUOUS.
 * A keyword is a topic only if it is a known one: a phrase of the policy's word list "topics" or of
 * the lists beside it, a class of the register, or made of such phrases, numbers and words of those
 * lists (rules/topics.h). All else is held. It is UNKNOWN if it is exactly one forename or surname,
 * alone or with an initial, and not in lower case ("Jack", "Grace", "G. Field"), mixes scripts, is
 * not printable UTF-8, or is simply not known; AMBIGUOUS if it holds a full name among other words,
 * as an owner's or joined ("Jack Smith's team", "JackSmith"), or is an admission number that does
 * not look like a year. Of a hierarchy ("People|Jack Smith", "People/Jack Smith") each level is
 * looked at; below a heading for people one that would be a topic is UNKNOWN, unless it is a class.
 * Whether a topic's words give a name away in other ways is for names_judge to say.
 *
 * tags     rewritten in place: `resolution`, `person`, `nearly` and `nearly_pupil` of each; all
 *          UNKNOWN when it fails
 * index    from person_index_build over the same snapshot, which it borrows
 * fails    NOMEM; LIBRARY ICU; LIMIT
 * threads  pure; an index may be read by any number of threads
 */
struct person_index;
enum status person_index_build(const struct snapshot *s, struct person_index **out, struct err *err);
/* Learn the topics of the policy's word lists and the classes of the snapshot. Without it no
 * keyword is a topic. Once, before the index is read. fails NOMEM, LIBRARY, LIMIT, FORMAT */
enum status person_index_learn_topics(struct person_index *index, const struct policy *policy,
                                      struct err *err);
void person_index_free(struct person_index *index);
enum status resolve_people(const struct person_index *index, struct tag *tags, size_t n_tags,
                           struct err *err);

/* What a person's consent for a purpose is worth on a date. */
enum consent_standing {
    STANDING_NONE, /* nothing was ever said */
    STANDING_REFUSED,
    STANDING_WITHDRAWN,
    STANDING_OBJECTED,
    STANDING_REQUESTED, /* asked, no answer */
    STANDING_UNCLEAR,
    STANDING_NOT_YET,  /* granted from a later day */
    STANDING_EXPIRED,  /* its own last day, or the policy's maximum age, has passed */
    STANDING_NOT_WRITTEN,
    STANDING_GRANTED
};

/* The standing of `purpose` for `p` on `date`, and the event it rests on (NULL for NONE).
 *
 * Only events recorded on or before the date are known. Of these the last recorded decides, with
 * three cautions:
 * - a grant counts from the later of event_date and effective_from; until then what stood before
 * stands (NOT_YET only if nothing did).
 *   Everything else counts at once, whatever day it carries;
 * - a grant said before a refusal, withdrawal or objection already recorded does not undo it (an
 * old form entered late). Any of
 *   them without event_date counts as said on the day it was recorded;
 * - an objection gives way only to a grant from the same person (given_by).
 * With a maximum age, a grant without event_date is EXPIRED: its age cannot be shown.
 * threads  pure
 */
enum consent_standing consent_on(const struct person *p, enum purpose purpose,
                                 const struct purpose_policy *policy, struct date date,
                                 const struct consent **event);
const char *consent_standing_words(enum consent_standing s);

/* The last day a grant counts, by its own end, the policy's maximum age and its day of the year;
 * none: no end, or nobody can tell and it counts no more. Pure. */
struct date consent_last_day(const struct consent *grant, const struct purpose_policy *policy);

/* What the register said of `p` on `date`, and since which import; UNKNOWN and 0 before the first
 * that named them. Pure. */
enum known status_on(const struct person *p, enum status_field field, struct date date,
                     int64_t *import);

/* Is `p` of the class or year somebody asks for? "4", "Year 4" and "year 4" are one, whichever way
 * the register writes it. fails NOMEM, LIBRARY, FORMAT (not UTF-8). Pure. */
enum status person_in_group(const struct person *p, struct text group, bool *in, struct err *err);

/* Whether somebody may be shown, with the reason left out: what a sheet for whoever picks photos
 * says. */
enum appearance {
    APPEARS_NOT,
    APPEARS_UNSETTLED, /* the register is unclear: ask the DPO */
    APPEARS
};

/* May a photo of `p` alone go to `channel` on `date`, as far as the register says? The same answer
 * as the rules about leavers, consent, protection and the channel would give of a photo of them.
 * threads  pure */
enum appearance may_appear(const struct person *p, const struct policy *policy,
                           const struct channel_policy *channel, struct date date);

/* Has `p` left by `date`, the policy's days of grace over? Staff leave only when the register says
 * so; of a pupil, unknown counts as left. Pure. */
bool has_left(const struct person *p, const struct policy *policy, struct date date);

#ifdef __cplusplus
}
#endif
#endif
