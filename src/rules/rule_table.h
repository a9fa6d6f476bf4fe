/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules share: who is in the photo, and where hits go. Private to the room.
 *
 * A rule's check reads the hearing and the cast and files hits; it returns nothing. What goes wrong
 * on the way (no memory, no ICU) sticks to the sink and fails the ruling as a whole, so that a
 * check never has to decide what half a result means.
 */
#ifndef PHOTOGATE_RULE_TABLE_H
#define PHOTOGATE_RULE_TABLE_H

#include "photogate/ruling.h"
#include "rules/face_match.h"

/* Who is in the photo, as far as anybody says: worked out once per ruling, the same for any order
 * of the tags. */
struct cast {
    const uint32_t *tagged; /* register people tagged, ascending, each once */
    size_t n_tagged;
    const uint32_t *shown; /* those, and the ones mentioned in texts */
    size_t n_shown;
    const struct tag *const
        *doubtful; /* tags that name nobody or several, or that nobody named; sorted */
    size_t n_doubtful;
    /* faces under no box, and those tagged who have none and so may be one of them */
    struct face_match faces;
    size_t n_boxless;

    /* pupils whose face is covered instead of refusing the photo (rules/redaction.h) */
    const struct covered_face *covered;
    size_t n_covered;

    bool examined; /* the photo was looked at: rules about what is in it apply */
    bool
        /* the manifest could not be used: M03 holds, rules about its silence keep still */
        word_lost;
    bool none_identifiable; /* the manifest: no pupil can be recognised */
    bool counted;           /* the manifest: there are `count` people */
    uint32_t count;
};

struct rule_sink {
    struct arena *a;
    struct err *err;
    enum status failed;      /* OK until something goes wrong */
    const struct rule *rule; /* the one that is running */
    const struct cast *cast;
    struct hit *hits;
    size_t n, cap;
};

/* Work out the cast. Fails NOMEM; BUG for a mention of nobody on the register. */
enum status cast_make(const struct hearing *h, struct arena *a, struct cast *out, struct err *err);

/* How many people are accounted for: each register person once, each doubtful tag as one. */
size_t cast_accounted(const struct cast *c);

/* How many faces belong to nobody tagged: no box covers them, nor is there somebody without a box
 * for each. */
size_t cast_unnamed_faces(const struct cast *c);

/* Nobody is tagged and nobody says that nobody need be. */
bool cast_is_untagged(const struct cast *c);

/* File a hit of the running rule. `office` and `dpo` live in the arena (sink_say) or are literals.
 */
void sink_hit(struct rule_sink *k, enum verdict verdict, uint32_t person,
              const struct consent *consent, struct text office, struct text dpo);

/* Zeroed memory in the arena; NULL after a failure, which sticks. */
void *sink_alloc(struct rule_sink *k, size_t n, size_t size);

/* A sentence in the arena, printf-fashion; empty after a failure. */
struct text sink_say(struct rule_sink *k, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Text from outside made harmless, in the arena. */
struct text sink_print(struct rule_sink *k, struct text t);

/* "Jack Smith, known as Jacky Smith (4B)": for the DPO only. */
struct text sink_person(struct rule_sink *k, const struct hearing *h, uint32_t person);

/* The folded form (name_fold) in the arena; empty after a failure. Text that is not UTF-8 folds to
 * nothing. */
struct text sink_fold(struct rule_sink *k, struct text t);

/* The sentences every refusal for a person's sake shares, whatever its reason: who reads them
 * learns nothing from the choice. */
struct text sink_refused_sentence(struct rule_sink *k, const struct hearing *h);
struct text sink_unsettled_sentence(struct rule_sink *k, const struct hearing *h);

/* The remedies that go with them: the rows of the table use these words and no others. */
#define REMEDY_REFUSED "Do not use this photo here. Ask the DPO about this case."
#define REMEDY_UNSETTLED "Ask the DPO about this case; a record has to be settled first."

/* rules_file.c */
void check_file_unsupported(const struct hearing *h, struct rule_sink *k);
void check_file_damaged(const struct hearing *h, struct rule_sink *k);
void check_file_unsafe(const struct hearing *h, struct rule_sink *k);
void check_file_changed(const struct hearing *h, struct rule_sink *k);
void check_file_unreadable(const struct hearing *h, struct rule_sink *k);
void check_file_duplicate(const struct hearing *h, struct rule_sink *k);
void check_file_name_unprintable(const struct hearing *h, struct rule_sink *k);
void check_file_name_clash(const struct hearing *h, struct rule_sink *k);
void check_near_copy(const struct hearing *h, struct rule_sink *k);

/* rules_past.c */
void check_destroyed_before(const struct hearing *h, struct rule_sink *k);
void check_turned_down(const struct hearing *h, struct rule_sink *k);

/* rules_metadata.c */
void check_carrier_unread(const struct hearing *h, struct rule_sink *k);
void check_third_party_rights(const struct hearing *h, struct rule_sink *k);
void check_manifest_unusable(const struct hearing *h, struct rule_sink *k);

/* rules_tags.c */
void check_untagged(const struct hearing *h, struct rule_sink *k);
void check_unknown_person(const struct hearing *h, struct rule_sink *k);
void check_nearly_a_pupil(const struct hearing *h, struct rule_sink *k);
void check_ambiguous_person(const struct hearing *h, struct rule_sink *k);
void check_unnamed_region(const struct hearing *h, struct rule_sink *k);
void check_leaver(const struct hearing *h, struct rule_sink *k);
void check_mentioned_not_tagged(const struct hearing *h, struct rule_sink *k);

/* rules_consent.c */
void check_consent_none(const struct hearing *h, struct rule_sink *k);
void check_consent_refused(const struct hearing *h, struct rule_sink *k);
void check_consent_withdrawn(const struct hearing *h, struct rule_sink *k);
void check_consent_expired(const struct hearing *h, struct rule_sink *k);
void check_consent_not_yet(const struct hearing *h, struct rule_sink *k);
void check_consent_wrong_purpose(const struct hearing *h, struct rule_sink *k);
void check_consent_not_written(const struct hearing *h, struct rule_sink *k);
void check_consent_unclear(const struct hearing *h, struct rule_sink *k);
void check_consent_requested(const struct hearing *h, struct rule_sink *k);
void check_consent_objected(const struct hearing *h, struct rule_sink *k);
void check_redacted_look(const struct hearing *h, struct rule_sink *k);

/* rules_protect.c */
void check_do_not_publish(const struct hearing *h, struct rule_sink *k);
void check_child_objection(const struct hearing *h, struct rule_sink *k);
void check_protection_unclear(const struct hearing *h, struct rule_sink *k);

/* rules_faces.c */
void check_more_faces(const struct hearing *h, struct rule_sink *k);
void check_face_not_marked(const struct hearing *h, struct rule_sink *k);
void check_low_assurance(const struct hearing *h, struct rule_sink *k);
void check_count_contradicted(const struct hearing *h, struct rule_sink *k);
void check_no_people_contradicted(const struct hearing *h, struct rule_sink *k);
void check_faces_not_looked_for(const struct hearing *h, struct rule_sink *k);
void check_too_many_faces(const struct hearing *h, struct rule_sink *k);

/* rules_text.c */
void check_caption_name(const struct hearing *h, struct rule_sink *k);
void check_caption_identifier(const struct hearing *h, struct rule_sink *k);
void check_caption_review(const struct hearing *h, struct rule_sink *k);
void check_file_name_name(const struct hearing *h, struct rule_sink *k);
void check_file_name_review(const struct hearing *h, struct rule_sink *k);
void check_text_not_judged(const struct hearing *h, struct rule_sink *k);
void check_credit_name(const struct hearing *h, struct rule_sink *k);
void check_credit_review(const struct hearing *h, struct rule_sink *k);
void check_caption_exception(const struct hearing *h, struct rule_sink *k);
void check_event_name(const struct hearing *h, struct rule_sink *k);
void check_event_review(const struct hearing *h, struct rule_sink *k);

/* rules_channel.c */
void check_channel_not_official(const struct hearing *h, struct rule_sink *k);

#endif
