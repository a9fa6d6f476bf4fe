/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caption engine: does a text give away who somebody is?
 *
 * A lexicon is built once per run from the register snapshot, the policy's word lists and the
 * school's own contact points; it is frozen afterwards and may be read by any number of threads.
 * names_judge looks up normalised windows of a few words in it: linear in the text, no similarity
 * search on the path to ALLOW.
 *
 * Every finding carries bytes of the text given: [start, end). What could not be judged (not UTF-8,
 * over-long, control characters, out of memory) is a REVIEW finding or a failed status, never
 * silence.
 *
 * source   ARCHITECTURE.md, "Captions", rules 1 to 12; UAX #15 (NFKC), UTS #39 (confusables)
 */
#ifndef PHOTOGATE_NAMES_H
#define PHOTOGATE_NAMES_H

#include "photogate/arena.h"
#include "photogate/person.h"
#include "photogate/policy.h"
#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum judgement { JUDGE_BLOCK, JUDGE_REVIEW, JUDGE_ALLOW };

/* What a text is for: file names are split at CamelCase, digits, '_' and '-'; the suffix is left
 * out. */
enum text_role { TEXT_ROLE_CAPTION, TEXT_ROLE_FILE_NAME, TEXT_ROLE_CREDIT };

/* rule, what it means when hit, words for the finding, what to do about it */
#define FINDING_LIST(X)                                                                            \
    X(FULL_NAME, "full-name", BLOCK, "a pupil's full name",                                        \
      "Take the name out, or write for example 'a Year 4 pupil'.")                                 \
    X(FORENAME, "forename", BLOCK, "a pupil's first name",                                         \
      "Take the name out, or write for example 'a Year 4 pupil'.")                                 \
    X(SURNAME, "surname", BLOCK, "a pupil's surname",                                              \
      "Take the name out, or write for example 'a Year 4 pupil'.")                                 \
    X(INITIALS, "initials", BLOCK, "a pupil's initials", "Take the initials out.")                 \
    X(WEAK_NAME, "weak-name", REVIEW, "a word that is also a pupil's name",                        \
      "If it means a pupil, take it out; if not, write it another way.")                 \
    X(DISGUISED, "disguised", BLOCK, "a name in disguise",                                         \
      "Take the name out, however it is spelt.")                                                   \
    X(PARENT, "parent", BLOCK, "a parent's or family's name",                                      \
      "Take the name out, or write for example 'a parent'.")                                       \
    X(STAFF, "staff", REVIEW, "a member of staff's name",                                          \
      "Check that the member of staff agreed to be named.")                                        \
    X(UNREGISTERED, "unregistered", REVIEW, "a child who is not on the register",                  \
      "Take the name out, or write for example 'a new starter'.")                                  \
    X(UPN, "upn", BLOCK, "a pupil number", "Take the number out.")                                 \
    X(ADMISSION_NO, "admission-no", BLOCK, "an admission number", "Take the number out.")          \
    X(PHONE, "phone", BLOCK, "a telephone number",                                                 \
      "Take the number out; only the school's own may stand there.")                               \
    X(EMAIL, "email", BLOCK, "an e-mail address",                                                  \
      "Take the address out; only the school's own may stand there.")                              \
    X(POSTCODE, "postcode", BLOCK, "a postcode", "Take the postcode out.")                         \
    X(ADDRESS, "address", BLOCK, "a street address", "Take the address out.")                      \
    X(LINK, "link", BLOCK, "a link that is not on the school's list",                              \
      "Take the link out; only links on the school's list may stand there.")                       \
    X(DATE_OF_BIRTH, "date-of-birth", BLOCK, "a pupil's date of birth", "Take the date out.")      \
    X(LOCATION, "location", BLOCK, "coordinates or a what3words address", "Take the place out.")   \
    X(WHEREABOUTS, "whereabouts", REVIEW, "where children are now or will be",                     \
      "Publish it afterwards, and write where they were.")                                         \
    X(SENSITIVE, "sensitive", REVIEW, "a fact that may not be told about a child",                 \
      "If it is about a child, take it out; if not, write it another way.")                    \
    X(UNREADABLE, "unreadable", REVIEW, "text that cannot be read safely",                         \
      "Type the text again in plain letters.")                                                     \
    X(TOO_LONG, "too-long", REVIEW, "a text too long to be checked",                               \
      "Shorten it, or publish it in parts.")                                                       \
    X(NOT_TEXT, "not-text", REVIEW, "bytes that are not text (not UTF-8)",                         \
      "Type the text again, or save its file as UTF-8.")                                           \
    X(CONTROL, "control-character", REVIEW, "a character that cannot be seen",                     \
      "Type the text again in plain letters.")

enum finding_kind {
    FINDING_UNKNOWN,
#define X(symbol, name, judgement, words, fix) FINDING_##symbol,
    FINDING_LIST(X)
#undef X
    N_FINDINGS
};

struct finding {
    enum finding_kind kind;
    enum judgement judgement;
    size_t start, end; /* bytes of the text given */
    uint32_t person;   /* index into snapshot.people, NO_PERSON when none or several */
};

struct lexicon;

/* Build the look-up for one register snapshot and policy.
 *
 * snapshot, policy   borrowed for the lexicon's whole life
 * *out     owned; lexicon_free
 * fails    NOMEM; FORMAT for a word list line without letters or too long, and for a person's name
 *          too long to look for
 */
enum status lexicon_build(const struct snapshot *snapshot, const struct policy *policy,
                          struct lexicon **out, struct err *err);
void lexicon_free(struct lexicon *l);

/* Judge one text.
 *
 * names    how names may appear: policy->names_with_photo or names_text_only
 * *out     in arena `a`, ordered by start; every finding that is not allowed by `names`
 * returns  through *verdict the worst of the findings, ALLOW without any
 * fails    NOMEM, LIBRARY: the caller treats the text as REVIEW
 * units    bytes
 * threads  pure; any thread
 */
enum status names_judge(const struct lexicon *l, struct text text, enum text_role role,
                        enum name_policy names, struct arena *a, const struct finding **out,
                        size_t *n_out, enum judgement *verdict, struct err *err);

/* One of the texts that go out together: caption, title, headline, alternative text, event, file's
 * name ... */
struct text_field {
    struct text text;
    enum text_role role;
};

struct field_finding {
    size_t field; /* which of the fields */
    struct finding finding; /* bytes of that field */
};

/* Judge all that a post carries: each text alone, and all but file names read one after the other,
 * so that "Well done" in one and a name in the next are seen together. A finding over several
 * fields is reported in each of them.
 * *out     in arena `a`, ordered by field and start
 * Everything else as names_judge. */
enum status names_judge_fields(const struct lexicon *l, const struct text_field *fields,
                               size_t n_fields, enum name_policy names, struct arena *a,
                               const struct field_finding **out, size_t *n_out,
                               enum judgement *verdict, struct err *err);

/* Which register people does a text name in full (forename and surname, UPN or admission number)?
 * For texts found inside a photo: they say who may be in it. `people` receives indexes, ascending,
 * no repeats. Fails LIMIT for more than `cap` people or an over-long text, FORMAT when not UTF-8,
 * NOMEM, LIBRARY: the caller holds the photo. Pure. */
enum status names_mentioned(const struct lexicon *l, struct text text, uint32_t *people, size_t cap,
                            size_t *n_people, struct err *err);

/* `text` with every finding replaced by "[name]" or "[number]", for a report that must not repeat
 * it. Pure. */
void names_mask(struct buffer *out, struct text text, const struct finding *findings, size_t n);

const char *finding_name(enum finding_kind k);  /* "full-name" */
const char *finding_words(enum finding_kind k); /* "a pupil's full name" */
const char *finding_fix(enum finding_kind k);
const char *judgement_name(enum judgement j); /* "block", "review", "allow" */

/* The form in which two spellings of a name are the same: NFKC, case-folded, accents off (of Latin,
 * Greek and Cyrillic letters), Polish l, German sharp s, Danish o, quotes off, one space for
 * hyphens and all else between words. (ue for a German u is a second spelling, not a folding: else
 * Sue were Su. The lexicon holds both.) Appends to `out`. Shared by the caption engine,
 * `resolve_people` and the import. Fails LIBRARY, NOMEM, FORMAT (not UTF-8). Pure. */
enum status name_fold(struct text name, struct buffer *out, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
