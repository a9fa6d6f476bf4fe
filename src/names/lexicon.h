/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-up: keys are folded letters without spaces, with the places where a space or hyphen may
 * stand.
 *
 * "Saoirse O'Neill" has the key "saoirseoneill" with breaks after "saoirse" and after "o": so
 * O'Neill, ONeill, O Neill and "saoirseoneill" all find it, and "be a" does not find Bea.
 */
#ifndef NAMES_LEXICON_H
#define NAMES_LEXICON_H

#include <assert.h>

#include "photogate/names.h"
#include "reading.h"

/* What a key is. Names of people first; then the words of lists. */
enum entry_class {
    ENTRY_NONE,
    ENTRY_FULL_NAME, /* pupil: forename and surname, either order */
    ENTRY_FORENAME,
    ENTRY_SURNAME,
    ENTRY_INITIALS,
    ENTRY_CLASS, /* "4B": a register group */
    ENTRY_STAFF_FULL,
    ENTRY_STAFF_FORENAME,
    ENTRY_STAFF_SURNAME,
    ENTRY_UPN,
    ENTRY_ADMISSION_NO,
    ENTRY_HOUSE,
    ENTRY_SAFE,
    ENTRY_ACRONYM,
    ENTRY_WEAK,         /* an ordinary word */
    ENTRY_PROPER,       /* a place, month, day: has a capital anyway */
    ENTRY_FUNCTION,     /* an, he, so: a capital at the start of a sentence says nothing */
    ENTRY_PRAISE,       /* "well done" */
    ENTRY_VERB,         /* "scored": what a person does */
    ENTRY_TITLE,        /* "Mrs" */
    ENTRY_CALLED,       /* "by", "says", "our": a name follows */
    ENTRY_THING,        /* "wreaths": a thing, never a person */
    ENTRY_PERSON_WORD,  /* "friends": what people are called */
    ENTRY_COMMAND,      /* "mark": what one can be told to do */
    ENTRY_PLACE_NOUN,   /* "street": the last word of a place, a prize, a day */
    ENTRY_PLACE_BEFORE, /* "in", "visit to": a place or a month follows */
    ENTRY_COMMON_FORENAME,
    ENTRY_STARTER, /* "new starter", "birthday boy": a child is about to be named */
    ENTRY_SENSITIVE,
    ENTRY_CONDITION, /* "autism": sensitive where a child is pointed at */
    ENTRY_WHEREABOUTS,
    ENTRY_TOPIC,        /* "netball": what a photo may be about */
    ENTRY_ORGANISATION, /* "Tesco": a firm, a team, a charity */
    ENTRY_FAMILY,       /* a spelling; `person` is the line of spelling-families it stands in */
    N_ENTRY_CLASSES
};

/* How much a name says by itself. The unsafe answer is to take a name for a word. */
enum strength {
    STRENGTH_STRONG, /* nothing but a name: blocks in any case */
    STRENGTH_SHORT,  /* one or two letters */
    STRENGTH_WEAK,
    STRENGTH_PROPER,
    STRENGTH_FUNCTION
};

struct entry {
    uint64_t breaks;   /* bit i: a space may stand after i + 1 bytes */
    uint32_t key;      /* where it starts in the lexicon's keys */
    uint32_t next;     /* in its bucket; NO_ENTRY ends */
    uint32_t person;   /* index into snapshot.people; NO_PERSON for none or several */
    uint32_t initials; /* single name: first letters of the other part of the name, bit 0 = a */
    uint8_t n_key;
    uint8_t class;          /* enum entry_class */
    uint8_t strength;       /* enum strength */
    uint8_t forename_bytes; /* full name: where its second part starts */
    bool reversed;          /* full name: surname first */
    bool capitals;          /* short name that the register writes in capitals: "HJ" */
    bool plural;            /* "the Szymanskis" */
};
static_assert(MAX_KEY_BYTES <= UINT8_MAX && N_ENTRY_CLASSES <= UINT8_MAX,
              "an entry's small fields");

/* The bit of a name's first letter; 0 for a letter that is none of a to z. */
uint32_t initial_bit(char letter);

#define NO_ENTRY UINT32_MAX

enum { BIRTHDAY_BYTES = (301 * 366 + 7) / 8 }; /* the years a struct date can hold */

struct lexicon {
    const struct snapshot *snapshot;
    const struct policy *policy;
    struct buffer keys;       /* letters */
    struct buffer entries;    /* struct entry */
    struct buffer near;       /* near.h */
    struct buffer full_names; /* uint32_t: the entries that are pupils' full names */
    uint32_t *buckets;        /* heads */
    size_t n_buckets;         /* power of two */
    size_t longest_key;
    uint32_t by_class[N_ENTRY_CLASSES]; /* how many */
    uint8_t birthdays[BIRTHDAY_BYTES];  /* bit per day from 1900 on: some pupil was born then */
};

/* One word or phrase while it is taken apart: its letters and where they may break. */
struct key {
    char at[MAX_KEY_BYTES];
    size_t n;
    uint64_t breaks;
    size_t n_parts;
    size_t part[MAX_WINDOW_TOKENS + 1]; /* where each part starts; part[n_parts] == n */
};

/* Fold `words` and note its parts. False when it has none, or is longer than a window can be. */
bool key_make(struct key *key, struct text words, bool germanic);
/* `a` then `b`, with a break between. False when too long. */
bool key_join(struct key *out, const struct key *a, const struct key *b);

/* Add an entry. A single name that several people have is one entry for all of them; a full name is
 * one for each, but once. */
void lexicon_add(struct lexicon *l, const struct key *key, struct entry like);

/* Add all forms of one person's names. */
enum status forms_add(struct lexicon *l, uint32_t person, const struct word_list *families,
                      const struct word_list *particles, struct err *err);

/* Walk the entries of that key: start with NO_ENTRY. NULL at the end. */
const struct entry *lexicon_next(const struct lexicon *l, struct text key,
                                 const struct entry *after);
/* The first entry of that key and class, or NULL. */
const struct entry *lexicon_find(const struct lexicon *l, struct text key, enum entry_class class);

/* The entry of that number, and the letters of an entry. */
const struct entry *lexicon_entry(const struct lexicon *l, uint32_t i);
struct text lexicon_key(const struct lexicon *l, const struct entry *e);

/* Was some pupil born on that day? */
bool lexicon_is_birthday(const struct lexicon *l, struct date d);

/* The policy's list of that name, or an empty one. (policy_words does the same; policy stands above
 * this room.) */
struct word_list word_list_of(const struct policy *policy, const char *name);

#endif
