/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom do the tags name? By exact folded look-up, never by similarity: a near miss is nobody, and
 * holds the photo, for good if it nearly names a pupil (rule T07). */
#include <stdlib.h>
#include <string.h>

#include <unicode/uscript.h>

#include "photogate/limits.h"
#include "rules/person_index.h"
#include "rules/topics.h"

enum {
    MAX_FOLDED_BYTES =
        64 * 1024,       /* compatibility forms grow when folded; a tag is at most MAX_TAG_BYTES */
    MAX_CLASS_WORDS = 3, /* "Year 4 Maple" */
    MAX_NAME_WORDS = 8   /* windows of a keyword that are looked up as names */
};

struct naming {
    enum resolution resolution;
    uint32_t person;
};

static const struct naming NOBODY = {RESOLVED_UNKNOWN, NO_PERSON};
static const struct naming SEVERAL = {RESOLVED_AMBIGUOUS, NO_PERSON};
static const struct naming A_TOPIC = {RESOLVED_TOPIC, NO_PERSON};

/* One resolution at work: buffers for what is folded on the way, and the first thing that went
 * wrong. */
struct resolver {
    const struct person_index *index;
    struct buffer name, number, qualifier, group;
    enum status failed;
    struct err *err;
};

static struct text view(const struct buffer *b)
{
    return (struct text){(const char *)b->at, b->n};
}

static struct text fold_into(struct resolver *r, struct buffer *b, struct text t, bool squeeze)
{
    enum status st = r->failed == STATUS_OK ? fold_key(t, squeeze, b, r->err) : r->failed;
    r->failed = st;
    return st == STATUS_OK ? view(b) : TEXT_NONE;
}

static struct naming only(struct key_range range)
{
    return range.n == 0   ? NOBODY
           : range.n == 1 ? (struct naming){RESOLVED_PERSON, range.at->person}
                          : SEVERAL;
}

/* ---- a name with a class, a year or a number beside it ----------------------------------------
 */

/* "Year 4", "Blwyddyn 4", "Y4", "4" and "Class 4B", "4B" name the same group: leave out the word
 * for it, then spaces. */
static struct text group_key(struct resolver *r, struct buffer *b, struct text group)
{
    static const char *const PREFIXES[] = {"year",  "yr",       "class",    "form",
                                           "group", "blwyddyn", "dosbarth", "y"};
    struct text t = fold_into(r, b, group, true);
    for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        struct text prefix = text_of(PREFIXES[i]);
        struct text rest = text_slice(t, prefix.n, t.n);
        bool digit = rest.n && rest.at[0] >= '0' && rest.at[0] <= '9';
        if (text_starts_with(t, prefix) && digit) {
            return rest;
        }
    }
    return t;
}

static bool qualifier_fits(struct resolver *r, const struct person *p, struct text qualifier)
{
    struct text want = group_key(r, &r->qualifier, qualifier);
    if (want.n == 0) {
        return false;
    }
    const struct text groups[] = {p->reg_group, p->year_group};
    for (size_t i = 0; i < 2; i++) {
        if (text_equal(want, group_key(r, &r->group, groups[i]))) {
            return true;
        }
    }
    want = fold_into(r, &r->qualifier, qualifier, true);
    const struct text numbers[] = {p->upn, p->admission_no};
    for (size_t i = 0; i < 2; i++) {
        if (text_equal(want, fold_into(r, &r->group, numbers[i], true))) {
            return true;
        }
    }
    return false;
}

/* Of the people called `name`, those whom the qualifier fits. */
static struct naming among(struct resolver *r, struct text name, struct text qualifier)
{
    struct key_range range = person_index_find(r->index, KEY_FULL_NAME, name);
    struct naming out = NOBODY;
    for (size_t i = 0; i < range.n; i++) {
        if (!qualifier_fits(r, &r->index->snapshot->people[range.at[i].person], qualifier)) {
            continue;
        }
        if (out.resolution == RESOLVED_PERSON) {
            return SEVERAL;
        }
        out = (struct naming){RESOLVED_PERSON, range.at[i].person};
    }
    return out;
}

/* Where the n-th space from the start or, backwards, from the end stands; t.n when there are fewer.
 */
static size_t nth_space(struct text t, size_t n, bool backwards)
{
    for (size_t i = 0; i < t.n; i++) {
        size_t at = backwards ? t.n - 1 - i : i;
        if (t.at[at] == ' ' && --n == 0) {
            return at;
        }
    }
    return t.n;
}

static struct naming find_qualified(struct resolver *r, struct text folded)
{
    for (size_t words = 1; words <= MAX_CLASS_WORDS; words++) {
        for (int backwards = 1; backwards >= 0; backwards--) {
            size_t space = nth_space(folded, words, backwards);
            if (space >= folded.n) {
                continue;
            }
            struct text front = text_slice(folded, 0, space);
            struct text back = text_slice(folded, space + 1, folded.n);
            struct naming f = backwards ? among(r, front, back) : among(r, back, front);
            if (f.resolution != RESOLVED_UNKNOWN) {
                return f;
            }
        }
    }
    return NOBODY;
}

/* ---- keywords -------------------------------------------------------------------------------- */

static bool is_lower_case(struct text t)
{
    return t.n && t.at[0] >= 'a' && t.at[0] <= 'z';
}

/* A keyword of four digits is a year far more often than an admission number. */
static bool looks_like_year(struct text number)
{
    uint64_t year;
    return number.n == 4 && text_to_number(number, 2199, &year) && year >= 1900;
}

/* A full name, as words or joined ("GraceField"), or a UPN. */
static bool is_person(const struct person_index *index, struct text window, bool one_word)
{
    return person_index_find(index, KEY_FULL_NAME, window).n ||
           (one_word && (person_index_find(index, KEY_JOINED_NAME, window).n ||
                         person_index_find(index, KEY_UPN, window).n));
}

/* With any words before and after it; folding has taken the apostrophe out of "Grace Field's team".
 */
static bool holds_person(const struct person_index *index, struct text folded)
{
    while (folded.n) {
        for (size_t words = 1; words <= MAX_NAME_WORDS; words++) {
            size_t end = nth_space(folded, words, false);
            struct text window = text_slice(folded, 0, end);
            bool possessive = window.n > 1 && window.at[window.n - 1] == 's';
            struct text owner = text_slice(window, 0, window.n - 1);
            if (is_person(index, window, words == 1) ||
                (possessive && is_person(index, owner, words == 1))) {
                return true;
            }
            if (end == folded.n) {
                break;
            }
        }
        (void)text_cut(folded, ' ', &folded);
    }
    return false;
}

static bool is_name_part(const struct person_index *index, struct text folded)
{
    return person_index_find(index, KEY_FORENAME, folded).n ||
           person_index_find(index, KEY_SURNAME, folded).n;
}

/* "Grace F", "G. Field": one letter before or after a name. */
static bool is_name_with_initial(const struct person_index *index, struct text folded)
{
    if (folded.n < 3) {
        return false;
    }
    size_t last = folded.n - 1;
    bool before = folded.at[1] == ' ' && folded.at[0] >= 'a' && folded.at[0] <= 'z';
    bool after = folded.at[last - 1] == ' ' && folded.at[last] >= 'a' && folded.at[last] <= 'z';
    return (before && is_name_part(index, text_slice(folded, 2, folded.n))) ||
           (after && is_name_part(index, text_slice(folded, 0, last - 1)));
}

/* Exactly one forename or surname, with or without an initial, or one pupil's forename with
 * another's surname: perhaps a child whose full name the register does not have in this form. */
static bool looks_like_name(const struct person_index *index, struct text folded)
{
    if (is_name_part(index, folded) || is_name_with_initial(index, folded)) {
        return true;
    }
    struct text last, first = text_cut(folded, ' ', &last);
    while (last.n) {
        struct text begin = (struct text){folded.at, first.n};
        if ((person_index_find(index, KEY_FORENAME, begin).n &&
             person_index_find(index, KEY_SURNAME, last).n) ||
            (person_index_find(index, KEY_SURNAME, begin).n &&
             person_index_find(index, KEY_FORENAME, last).n)) {
            return true;
        }
        struct text word = text_cut(last, ' ', &last);
        first.n += 1 + word.n;
    }
    return false;
}

/* Chinese, Japanese and Korean write in several scripts at once; for all others letters of two are
 * a disguise. */
static bool mixes_scripts(struct text name)
{
    UScriptCode first = USCRIPT_COMMON;
    for (size_t i = 0; i < name.n;) {
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript((UChar32)text_next(name, &i), &status);
        if (U_FAILURE(status)) {
            return true;
        }
        if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED || script == USCRIPT_UNKNOWN) {
            continue;
        }
        bool east_asian = script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
                          script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO;
        script = east_asian ? USCRIPT_HAN : script;
        if (first != USCRIPT_COMMON && script != first) {
            return true;
        }
        first = script;
    }
    return false;
}

/* What programs and people call the part of their keywords that holds names. */
static bool is_people_heading(struct text squeezed)
{
    static const char *const HEADINGS[] = {
        "people",    "peoples",    "person",     "persons",   "personen", "personer", "personnes",
        "personne",  "personas",   "persona",    "persone",   "pessoas",  "mensen",   "ludzie",
        "osoby",     "pobl",       "gens",       "gente",     "leute",    "faces",    "face",
        "gesichter", "visages",    "caras",      "volti",     "wynebau",  "names",    "name",
        "namen",     "noms",       "nombres",    "nomi",      "enwau",    "who",      "whosinit",
        "whoisinit", "whosinthis", "wer",        "qui",       "quien",    "pwy",      "pupils",
        "pupil",     "students",   "student",    "children",  "kids",     "staff",    "teachers",
        "family",    "friends",    "disgyblion", "peopletags"};
    for (size_t i = 0; i < sizeof HEADINGS / sizeof HEADINGS[0]; i++) {
        if (text_equal(squeezed, text_of(HEADINGS[i]))) {
            return true;
        }
    }
    return false;
}

/* "JackSmith": for a person to write out; whom it names, when it is one, is known all the same. */
static struct naming find_joined(struct resolver *r, struct text number)
{
    struct naming f = only(person_index_find(r->index, KEY_JOINED_NAME, number));
    f.resolution = f.resolution == RESOLVED_PERSON ? RESOLVED_AMBIGUOUS : f.resolution;
    return f;
}

static struct naming judge_keyword(struct resolver *r, struct text name, struct text folded,
                                   struct text number)
{
    if (holds_person(r->index, folded)) {
        return SEVERAL;
    }
    if (mixes_scripts(name)) {
        return NOBODY;
    }
    if (person_index_find(r->index, KEY_ADMISSION_NO, number).n && !looks_like_year(number)) {
        return SEVERAL;
    }
    if (looks_like_name(r->index, folded) && !is_lower_case(name)) {
        return NOBODY;
    }
    return is_people_heading(number) || topic_is_known(r->index, name, folded) ? A_TOPIC : NOBODY;
}

/* "Mrs Castleford": the title and surname of exactly one member of staff. Where a pupil has that
 * surname too it may be their mother, and is nobody. */
static struct naming find_titled(struct resolver *r, struct text folded)
{
    struct text surname, title = text_cut(folded, ' ', &surname);
    struct key_range range = person_index_find(r->index, KEY_SURNAME, surname);
    struct naming out = NOBODY;
    for (size_t i = 0; surname.n && i < range.n; i++) {
        const struct person *p = &r->index->snapshot->people[range.at[i].person];
        struct text own = fold_into(r, &r->group, p->title, false);
        if (p->kind != PERSON_STAFF) {
            return NOBODY;
        }
        if (!own.n || !text_equal(title, own)) {
            continue;
        }
        if (out.resolution == RESOLVED_PERSON) {
            return SEVERAL;
        }
        out = (struct naming){RESOLVED_PERSON, range.at[i].person};
    }
    return out;
}

/* ---- one tag --------------------------------------------------------------------------------- */

static struct naming resolve_name(struct resolver *r, struct text name, bool keyword)
{
    struct text folded = fold_into(r, &r->name, name, false);
    struct text number = fold_into(r, &r->number, name, true);
    if (r->failed != STATUS_OK || folded.n == 0) {
        return keyword ? A_TOPIC : NOBODY;
    }
    struct naming f = only(person_index_find(r->index, KEY_FULL_NAME, folded));
    if (f.resolution == RESOLVED_UNKNOWN) {
        f = only(person_index_find(r->index, KEY_UPN, number));
    }
    if (f.resolution == RESOLVED_UNKNOWN && !keyword) {
        f = only(person_index_find(r->index, KEY_ADMISSION_NO, number));
    }
    if (f.resolution == RESOLVED_UNKNOWN) {
        f = find_qualified(r, folded);
    }
    if (f.resolution == RESOLVED_UNKNOWN) {
        f = find_titled(r, folded);
    }
    if (f.resolution == RESOLVED_UNKNOWN) {
        f = find_joined(r, number);
    }
    if (f.resolution == RESOLVED_UNKNOWN && keyword) {
        f = judge_keyword(r, name, folded, number);
    }
    return f;
}

/* Two levels of a hierarchy taken together: people before topics, doubt before both. */
static struct naming both(struct naming a, struct naming b)
{
    if (a.resolution == RESOLVED_TOPIC) {
        return b;
    }
    if (b.resolution == RESOLVED_TOPIC) {
        return a;
    }
    bool same = a.resolution == b.resolution && a.person == b.person;
    return same ? a : SEVERAL;
}

/* "Year 4", "4B": a group of people, and nobody's name. */
static bool is_class(struct resolver *r, struct text level)
{
    enum { LONGEST_CLASS = 3 };
    struct text key = group_key(r, &r->group, level);
    return key.n && key.n <= LONGEST_CLASS && key.at[0] >= '0' && key.at[0] <= '9';
}

static bool is_level_mark(char c)
{
    return c == '|' || c == '/' || c == '\\';
}

/* "People|Jack Smith" (Lightroom), "People/Jack Smith" (digiKam): each level is a keyword of its
 * own, and below a heading for people one that names nobody known is a person who is not. */
static struct naming resolve_keyword(struct resolver *r, struct text name)
{
    struct naming out = A_TOPIC;
    bool of_people = false;
    for (size_t from = 0; from <= name.n;) {
        size_t to = from;
        while (to < name.n && !is_level_mark(name.at[to])) {
            to++;
        }
        struct text level = text_trim(text_slice(name, from, to - from));
        from = to + 1;
        if (level.n == 0) {
            continue;
        }
        struct naming f = resolve_name(r, level, true);
        if (f.resolution == RESOLVED_TOPIC) {
            bool heading = is_people_heading(fold_into(r, &r->number, level, true));
            f = of_people && !heading && !is_class(r, level) ? NOBODY : f;
            of_people = of_people || heading;
        }
        out = both(out, f);
    }
    return out;
}

/* ---- near misses ----------------------------------------------------------------------------- */

/* The later one wins: the last level of a hierarchy is the name. */
static void add_miss(struct near_miss *all, struct near_miss one)
{
    all->nearest = one.nearest ? one.nearest : all->nearest;
    all->pupil = all->pupil || one.pupil;
}

/* A level as a whole; of a longer one ("Grace Feild in goal") two and three words together too. */
static void look_near(const struct person_index *index, struct text folded, struct near_miss *all)
{
    add_miss(all, person_index_nearly(index, folded));
    for (size_t from = 0; from < MAX_NAME_WORDS && nth_space(folded, 2, false) < folded.n; from++) {
        for (size_t words = 2; words <= 3; words++) {
            struct text window = text_slice(folded, 0, nth_space(folded, words, false));
            add_miss(all, person_index_nearly(index, window));
        }
        (void)text_cut(folded, ' ', &folded);
    }
    if (nth_space(folded, 1, false) < folded.n) { /* the last two */
        add_miss(all, person_index_nearly(index, folded));
    }
}

static struct near_miss near_misses(struct resolver *r, struct text name)
{
    struct near_miss all = {0};
    for (size_t from = 0; from <= name.n;) {
        size_t to = from;
        while (to < name.n && !is_level_mark(name.at[to])) {
            to++;
        }
        look_near(r->index, fold_into(r, &r->name, text_slice(name, from, to - from), false), &all);
        from = to + 1;
    }
    return all;
}

static struct naming resolve_tag(struct resolver *r, const struct tag *t)
{
    struct text name = text_trim(t->name);
    if (t->kind == TAG_UNKNOWN || !text_is_printable(name)) {
        return NOBODY;
    }
    if (t->kind == TAG_KEYWORD) {
        return resolve_keyword(r, name);
    }
    if (name.n == 0) {
        return t->kind == TAG_REGION ? (struct naming){RESOLVED_UNNAMED, NO_PERSON} : NOBODY;
    }
    return resolve_name(r, name, false);
}

enum status resolve_people(const struct person_index *index, struct tag *tags, size_t n_tags,
                           struct err *err)
{
    struct resolver r = {.index = index, .failed = STATUS_OK, .err = err};
    buffer_init(&r.name, MAX_FOLDED_BYTES);
    buffer_init(&r.number, MAX_FOLDED_BYTES);
    buffer_init(&r.qualifier, MAX_FOLDED_BYTES);
    buffer_init(&r.group, MAX_FOLDED_BYTES);
    for (size_t i = 0; i < n_tags; i++) {
        struct naming f = resolve_tag(&r, &tags[i]);
        tags[i].resolution = f.resolution;
        tags[i].person = f.resolution == RESOLVED_PERSON ? f.person : NO_PERSON;
        bool lost = f.resolution == RESOLVED_UNKNOWN && text_is_printable(tags[i].name);
        struct near_miss near = lost ? near_misses(&r, tags[i].name) : (struct near_miss){0};
        bool joined = f.resolution == RESOLVED_AMBIGUOUS && f.person != NO_PERSON;
        tags[i].nearly = joined ? f.person + 1 : near.nearest;
        tags[i].nearly_pupil = near.pupil;
    }
    for (size_t i = 0; r.failed != STATUS_OK && i < n_tags; i++) {
        tags[i].resolution = RESOLVED_UNKNOWN;
        tags[i].person = NO_PERSON;
    }
    buffer_release(&r.name);
    buffer_release(&r.number);
    buffer_release(&r.qualifier);
    buffer_release(&r.group);
    return r.failed;
}
