/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text being judged: the passes read it, mask what is harmless, and claim what is not.
 *
 * The order of the passes is the order of the decision rules: disguises and identifiers first, full
 * names before any mask, then staff and safe phrases, then single names, initials and tags. A token
 * claimed or masked is no evidence against itself later.
 */
#ifndef NAMES_JUDGING_H
#define NAMES_JUDGING_H

#include "lexicon.h"

struct judging {
    const struct lexicon *l;
    struct reading *r;
    enum name_policy names;
    struct buffer findings; /* struct finding; those that `names` allows are left out */
};

/* Record a finding of `kind` over tokens [i, i + n) and claim them. `form` says which kind of name
 * it is, for the name policy; FINDING_UNKNOWN: none that a policy could allow. */
void judging_claim(struct judging *j, size_t i, size_t n, struct finding f, enum finding_kind form);
/* Record a finding over bytes; its tokens are claimed. */
void judging_claim_bytes(struct judging *j, struct finding f);
/* Mark the tokens within bytes [start, end). */
void judging_flag_bytes(struct judging *j, size_t start, size_t end, uint32_t flags);

/* Do the gaps of tokens [i, i + n) stand where the entry may break? `widest` is the loosest join
 * allowed there. *odd: broken by a hyphen or a symbol where the name has none: a disguise. */
bool window_fits(const struct reading *r, size_t i, size_t n, const struct entry *e,
                 enum join widest, bool *odd);
/* The most tokens from `i` that can make a key. */
size_t window_limit(const struct judging *j, size_t i);
/* The longest window from `i` that is a key of that class; 0 without one. */
size_t phrase_at(const struct judging *j, size_t i, enum entry_class class);
/* Does a phrase of that class end right before token `i`, in the same sentence? */
bool phrase_before(const struct judging *j, size_t i, enum entry_class class);
bool token_is(const struct judging *j, size_t i, enum entry_class class);
bool token_has(const struct judging *j, size_t i, uint32_t flags);
/* The first token that ends behind that byte. */
size_t judging_token_at(const struct judging *j, size_t byte);
/* Is `d`, written from token `i` on, a pupil's date of birth, or said to be a child's? */
bool date_is_birthday(const struct judging *j, size_t i, struct date d);
/* What stands before token `i`; JOIN_SENTENCE behind the last. */
enum join judging_join(const struct judging *j, size_t i);
/* Is token `i` one of the folded words? */
bool judging_word(const struct judging *j, size_t i, const char *const *words, size_t n);
#define WORD_IN(j, i, words) judging_word((j), (i), (words), sizeof(words) / sizeof((words)[0]))
/* A capital where lower case was possible. */
bool token_is_capital(const struct judging *j, size_t i);
/* One capital letter. */
bool token_is_initial(const struct judging *j, size_t i);

/* What a full-name entry means over tokens [i, i + n): ALLOW when both parts are words and nothing
 * says they are a name here. */
enum judgement full_name_judged(const struct reading *r, size_t i, size_t n, const struct entry *e,
                                bool *odd);

/* A single name that is also a word, found over tokens [i, i + n). */
struct doubtful {
    const struct judging *j;
    size_t i, n;
    enum strength strength;
    bool forename, surname;
    bool initial_after, initial_before; /* the fitting initial stands beside it */
};
enum judgement doubtful_judged(const struct doubtful *d);
/* Does the sentence show that the word is no name? Asked only where nothing says that it is one. */
bool is_harmless(const struct doubtful *d);
/* Does the word name a place, a month, an animal here? Part of is_harmless. */
bool names_something_else(const struct doubtful *d);
/* "Maisie, 6", "Evie (Y3)", "Ivy in 4R": evidence of a child beside the word. */
bool has_age_beside(const struct doubtful *d);
bool has_year_beside(const struct doubtful *d);
bool has_class_beside(const struct doubtful *d);
/* Does a year or a class end right before token `i` ("Year 3's", "4B's")? */
bool is_year_before(const struct judging *j, size_t i);
/* A word in lower case, or in whatever case the whole text is written. */
bool is_plain_word(const struct judging *j, size_t i);
/* A word that no list knows, nor one it may be a form of. */
bool is_unknown(const struct judging *j, size_t i);
/* A listed thing, or a word that by its ending is one: "moorland", "decorations". */
bool is_thing(const struct judging *j, size_t i);
/* Do tokens [i, i + n) name an animal ("a donkey called Derek", "Daisy the cow")? */
bool is_animals_name(const struct judging *j, size_t i, size_t n);
/* The same, and nothing but: "a cow called Daisy". A part in a play is not called. */
bool is_called_animal(const struct judging *j, size_t i);
/* "PC", "Imam", "MP": an office outside the school, before its holder's name. */
bool is_office(const struct judging *j, size_t i);
/* Is the name from token `i` on that of such a grown-up: "The Reverend John Bishop", "our MP, Sarah
 * Jones"? */
bool is_office_holder(const struct judging *j, size_t i);
/* "Oliver! The musical", "Tom cat": a work or a cartoon's animal of that name. */
bool is_work(const struct judging *j, size_t i, size_t n);
/* Do they begin the name of a shop or firm ("Rosa's Thai Cafe")? */
bool is_business(const struct judging *j, size_t i, size_t n);

/* The passes. */
void judge_disguises(struct judging *j);
void judge_identifiers(struct judging *j);
void judge_contacts(struct judging *j);
void judge_numbers(struct judging *j);
void judge_places(struct judging *j);
void judge_full_names(struct judging *j);
void judge_staff(struct judging *j);
void judge_masks(struct judging *j);
void judge_initials(struct judging *j);
void judge_names(struct judging *j);
void judge_spellings(struct judging *j);
void judge_tags(struct judging *j);
void judge_near(struct judging *j);
void judge_context(struct judging *j);
void judge_strangers(struct judging *j);
void judge_hidden(struct judging *j);
void judge_presence(struct judging *j);

#endif
