/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Full names: decision rule 3. They come before any mask; and whom a text names in full. */
#include <string.h>

#include "judging.h"
#include "photogate/limits.h"

/* The first token of the name's second part. */
static size_t second_part(const struct reading *r, size_t i, size_t n, const struct entry *e)
{
    uint32_t first = reading_token(r, i)->folded;
    for (size_t k = 1; k < n; k++) {
        if (reading_token(r, i + k)->folded - first >= e->forename_bytes) {
            return i + k;
        }
    }
    return i;
}

static bool is_capital(const struct reading *r, size_t i)
{
    enum shape shape = reading_token(r, i)->shape;
    return shape == SHAPE_TITLE || shape == SHAPE_CAPS;
}

/* "Ja ck Smi th": the whole name, in pieces that no name has. */
static bool is_scattered(const struct reading *r, size_t i, size_t n, const struct entry *e)
{
    enum { MIN_SCATTERED_BYTES = 8 }; /* shorter ones come about by chance */
    if (e->strength != STRENGTH_STRONG || e->n_key < MIN_SCATTERED_BYTES) {
        return false;
    }
    for (size_t k = 1; k < n; k++) {
        if (reading_token(r, i + k)->join > JOIN_SPACE) {
            return false;
        }
    }
    return true;
}

enum judgement full_name_judged(const struct reading *r, size_t i, size_t n, const struct entry *e,
                                bool *odd)
{
    if (!window_fits(r, i, n, e, JOIN_PUNCT, odd)) {
        *odd = is_scattered(r, i, n, e);
        return *odd ? JUDGE_BLOCK : JUDGE_ALLOW;
    }
    if (e->strength == STRENGTH_STRONG) {
        return JUDGE_BLOCK;
    }
    /* Both parts are ordinary words: they must stand side by side and look like a name. */
    size_t second = second_part(r, i, n, e);
    enum join join = reading_token(r, second)->join;
    enum join widest = e->reversed ? JOIN_COMMA : JOIN_SPACE;
    if (second != i && join > widest && !(r->role == TEXT_ROLE_FILE_NAME)) {
        return JUDGE_ALLOW;
    }
    if (!r->has_upper) {
        return JUDGE_REVIEW;
    }
    if (is_capital(r, i) && is_capital(r, second)) {
        bool heading = e->reversed && r->title_case && join != JOIN_COMMA;
        return heading ? JUDGE_REVIEW : JUDGE_BLOCK;
    }
    if (reading_token(r, i)->flags & TOKEN_TAG || second == i) {
        return JUDGE_REVIEW;
    }
    return JUDGE_ALLOW;
}

static size_t claim_full_name(struct judging *j, size_t i)
{
    for (size_t n = window_limit(j, i); n; n--) {
        struct finding f = {
            .kind = FINDING_FULL_NAME, .judgement = JUDGE_ALLOW, .person = NO_PERSON};
        size_t found = 0;
        struct text key = reading_window(j->r, i, n);
        for (const struct entry *e = NULL; (e = lexicon_next(j->l, key, e));) {
            bool odd = false;
            enum judgement judged =
                e->class == ENTRY_FULL_NAME ? full_name_judged(j->r, i, n, e, &odd) : JUDGE_ALLOW;
            if (judged == JUDGE_ALLOW) {
                continue;
            }
            f.person = found == 0 || f.person == e->person ? e->person : NO_PERSON;
            found++;
            f.judgement = judged < f.judgement ? judged : f.judgement;
            f.kind = odd ? FINDING_DISGUISED : f.kind;
        }
        if (found) {
            /* A visitor may share a pupil's name: a person looks. */
            f.judgement = is_office_holder(j, i) ? JUDGE_REVIEW : f.judgement;
            bool disguised = f.kind == FINDING_DISGUISED;
            judging_claim(j, i, n, f, disguised ? FINDING_UNKNOWN : FINDING_FULL_NAME);
            return n;
        }
    }
    return 0;
}

void judge_full_names(struct judging *j)
{
    for (size_t i = 0; i < j->r->n_tokens;) {
        size_t n = claim_full_name(j, i);
        i += n ? n : 1;
    }
}

/* Insert into the ascending list without repeats. */
static enum status add_person(uint32_t *people, size_t cap, size_t *n, uint32_t person,
                              struct err *err)
{
    size_t at = 0;
    while (at < *n && people[at] < person) {
        at++;
    }
    if (at < *n && people[at] == person) {
        return STATUS_OK;
    }
    if (*n >= cap) {
        return err_set(err, STATUS_LIMIT, "a text names more than %zu people", cap);
    }
    memmove(people + at + 1, people + at, (*n - at) * sizeof *people);
    people[at] = person;
    (*n)++;
    return STATUS_OK;
}

static bool names_person(const struct judging *j, size_t i, size_t n, const struct entry *e)
{
    bool odd = false;
    switch ((int)e->class) {
    case ENTRY_FULL_NAME:
        return full_name_judged(j->r, i, n, e, &odd) != JUDGE_ALLOW;
    case ENTRY_STAFF_FULL:
        return window_fits(j->r, i, n, e, JOIN_SPACE, &odd);
    case ENTRY_UPN:
    case ENTRY_ADMISSION_NO:
        return window_fits(j->r, i, n, e, JOIN_GLUE, &odd);
    default:
        return false;
    }
}

static enum status mention_all(const struct judging *j, uint32_t *people, size_t cap,
                               size_t *n_people, struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < j->r->n_tokens; i++) {
        for (size_t n = window_limit(j, i); n; n--) {
            struct text key = reading_window(j->r, i, n);
            for (const struct entry *e = NULL; (e = lexicon_next(j->l, key, e));) {
                if (st == STATUS_OK && names_person(j, i, n, e)) {
                    st = add_person(people, cap, n_people, e->person, err);
                }
            }
        }
    }
    return st;
}

enum status names_mentioned(const struct lexicon *l, struct text text, uint32_t *people, size_t cap,
                            size_t *n_people, struct err *err)
{
    if (text.n > MAX_TEXT_BYTES) {
        return err_set(err, STATUS_LIMIT, "a text of more than %u bytes", MAX_TEXT_BYTES);
    }
    if (!text_is_utf8(text)) {
        return err_set(err, STATUS_FORMAT, "a text that is not UTF-8");
    }
    size_t found = 0;
    enum status st = STATUS_OK;
    for (int decode = 0; decode < 2 && st == STATUS_OK; decode++) {
        struct reading reading;
        struct judging j = {.l = l, .r = &reading};
        reading_init(&reading);
        st = reading_make(&reading, text, TEXT_ROLE_CAPTION, decode == 1, err);
        if (st == STATUS_OK && (!decode || reading.changed_by_decoding)) {
            st = mention_all(&j, people, cap, &found, err);
        }
        reading_release(&reading);
    }
    if (st == STATUS_OK) {
        *n_people = found;
    }
    return st;
}
