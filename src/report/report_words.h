/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every form of the report says alike: counts, dates in words, and what the office may be
 * told. Private to the room.
 *
 * The office learns about a refusal from an `office_telling` and from nothing else, in HTML, CSV
 * and JSON alike: there is one place where a protected reason could leak, and it is
 * office_telling_make.
 */
#ifndef PHOTOGATE_REPORT_WORDS_H
#define PHOTOGATE_REPORT_WORDS_H

#include "photogate/arena.h"
#include "photogate/report.h"

struct report_counts {
    size_t photos, approved, held, rejected;
    size_t awaiting; /* passed and wait for a second person; not among the approved */
};

/* Abort on a model that no run could have made. */
void report_check(const struct report *r);

struct report_counts report_count(const struct report *r);

/* "12 photos: 7 may be published, 1 waits for a second person, ...": the waiting only where some
 * do. "12 photos: 7 may be published, 3 need a person's look, 2 may not be published" */
void report_count_words(struct buffer *b, const struct report_counts *n);

bool item_is_approved(const struct report_item *item);
bool item_waits(const struct report_item *item);        /* approved, and standing in awaiting/ */
bool item_is_published(const struct report_item *item); /* approved, and standing in approved/ */

/* How many faces are covered in its release; 0 where there is none. */
unsigned item_covered(const struct report_item *item);

#define COVERED_WORDS_BYTES 40
/* "1 face covered" into `out`. Returns `out`. */
const char *covered_words(unsigned n, char out[COVERED_WORDS_BYTES]);

/* A photo that could not be read has no digest: all zeros, which no file has. */
bool digest_is_known(const struct digest *d);

/* The day from which the profile is due to be looked at again has come. */
bool report_review_is_overdue(const struct report *r);

#define DATE_WORDS_BYTES 40
/* "Friday 20 November 2026" into `out`; "no date" without one. Returns `out`. */
const char *date_words(struct date d, char out[DATE_WORDS_BYTES]);

/* What the office is told about one refused photo: each sentence once, each remedy once.
 *
 * Sentences that protect come first, sorted by what they say and not by the rule they come from, so
 * that their order tells nothing; the others follow in the order of the codes. `codes` names the
 * rules that may be named, each once; `asks_dpo` stands for all that may not. A refusal without any
 * hit is a fault of the program and is told as one.
 */
struct office_telling {
    struct office_sentence *sentences;
    size_t n_sentences;
    struct text *remedies;
    size_t n_remedies;
    const char **codes;
    size_t n_codes;
    bool asks_dpo;
};

struct office_sentence {
    struct text words;
    const char *code; /* of the rule it comes from; NULL when that rule protects */
};

/* *out     in arena `a`; the texts are borrowed from the ruling
 * fails    NOMEM, LIMIT
 */
enum status office_telling_make(const struct ruling *ruling, struct arena *a,
                                struct office_telling *out, struct err *err);

/* Memory for one photo's telling: a few pointers for each of its hits. */
#define TELLING_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* "Mr Jack Smith, known as Jacky Smith", as the register writes it: for the DPO alone; not escaped.
 */
void person_name(struct buffer *b, const struct person *p);
struct text person_place(const struct person *p); /* class, or a member of staff's role */

/* Is tag number `tag` the first that names its person? False for a tag that names nobody on the
 * register. */
bool tag_names_anew(const struct report *r, const struct evidence *e, size_t tag);

#endif
