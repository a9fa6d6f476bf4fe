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
    /* names_judge over the caption to be published, with its file's other texts */
    const struct finding *caption;
    size_t n_caption;
    /* names_judge over the file's name and folders below the intake */
    const struct finding *file_name;
    size_t n_file_name;
    /* names_judge over the manifest's credit line, which is published beside the caption */
    const struct finding *credit;
    size_t n_credit;
    /* register people named in texts found inside the photo, file name included */
    const struct mention *mentions;
    size_t n_mentions;
    /* YES once the four lists above are filled; otherwise the caption rules hold the photo */
    enum known judged;
};

/* A person whom a text found in the photo names. */
struct mention {
    enum carrier_id carrier; /* CARRIER_UNKNOWN: the file's name */
    uint32_t person;         /* index into snapshot.people */
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

struct ruling {
    enum verdict verdict; /* the worst of the hits; APPROVED without any */
    const struct hit *hits;
    size_t n_hits;
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

const char *verdict_name(enum verdict v); /* "approved", "held", "rejected" */

/* Whom do the tags name? UPN, admission number, full legal or known-as name in either order,
 * folded; a class, year, UPN or admission number beside the name ("Jack Smith 4B") tells namesakes
 * apart, and one that fits nobody makes the tag UNKNOWN. Never by similarity.
 *
 * A keyword that is nobody's full name is a topic, with these exceptions, which hold the photo: it
 * is exactly one forename or surname, alone or with an initial, and not in lower case ("Jack",
 * "Grace", "G. Field"; "grace" and "Grace Dieu Priory" are topics) - UNKNOWN; it holds a full name
 * among other words, as an owner's or joined ("Jack Smith's team", "JackSmith") - AMBIGUOUS; it is
 * an admission number that does not look like a year - AMBIGUOUS; it mixes scripts or is not
 * printable UTF-8 - UNKNOWN. Of a hierarchy ("People|Jack Smith", "People/Jack Smith") each level
 * is looked at; below a heading for people one that would be a topic is UNKNOWN, unless it is a
 * class. Whether a topic's words give a name away in other ways is for names_judge to say.
 *
 * tags     rewritten in place: `resolution` and `person` of each; all UNKNOWN when it fails
 * index    from person_index_build over the same snapshot, which it borrows
 * fails    NOMEM; LIBRARY ICU; LIMIT
 * threads  pure; an index may be read by any number of threads
 */
struct person_index;
enum status person_index_build(const struct snapshot *s, struct person_index **out, struct err *err);
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

#ifdef __cplusplus
}
#endif
#endif
