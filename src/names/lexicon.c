/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lexicon.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "near.h"
#include "photogate/limits.h"

enum {
    MAX_KEYS_BYTES = 1 << 30,
    MAX_ENTRIES_BYTES = 1 << 30,
    MIN_BUCKETS = 1024,
    SHORT_NAME_BYTES = 2
};

struct list_row {
    const char *name; /* base name of the file */
    enum entry_class class;
};

/* The word lists and what their lines become. Lines of a list missing from the policy are simply
 * not known: then more is blocked or held, never less. */
static const struct list_row LISTS[] = {
    {"safe-phrases", ENTRY_SAFE},
    {"acronyms", ENTRY_ACRONYM},
    {"weak-names", ENTRY_WEAK},
    {"proper-words", ENTRY_PROPER},
    {"function-words", ENTRY_FUNCTION},
    {"praise", ENTRY_PRAISE},
    {"person-verbs", ENTRY_VERB},
    {"titles", ENTRY_TITLE},
    {"name-follows", ENTRY_CALLED},
    {"things", ENTRY_THING},
    {"people-words", ENTRY_PERSON_WORD},
    {"command-words", ENTRY_COMMAND},
    {"place-nouns", ENTRY_PLACE_NOUN},
    {"place-follows", ENTRY_PLACE_BEFORE},
    {"common-forenames", ENTRY_COMMON_FORENAME},
    {"child-follows", ENTRY_STARTER},
    {"sensitive", ENTRY_SENSITIVE},
    {"conditions", ENTRY_CONDITION},
    {"whereabouts", ENTRY_WHEREABOUTS},
    {"topics", ENTRY_TOPIC},
    {"organisations", ENTRY_ORGANISATION},
};

struct word_list word_list_of(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->n_lists; i++) {
        if (text_equal(policy->lists[i].name, text_of(name))) {
            return policy->lists[i];
        }
    }
    return (struct word_list){.name = TEXT_NONE, .words = NULL, .n_words = 0};
}

/* FNV-1a, 64 bit. The keys are the school's own; a text cannot add to the table. */
static uint64_t hash_of(struct text key)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < key.n; i++) {
        h = (h ^ (unsigned char)key.at[i]) * 0x100000001b3u;
    }
    return h;
}

static struct entry *entry_at(const struct lexicon *l, size_t i)
{
    return (struct entry *)(void *)l->entries.at + i;
}

static size_t n_entries(const struct lexicon *l)
{
    return l->entries.n / sizeof(struct entry);
}

static struct text entry_key(const struct lexicon *l, const struct entry *e)
{
    return (struct text){(const char *)l->keys.at + e->key, e->n_key};
}

static void key_end_part(struct key *key, bool *open)
{
    if (*open) {
        key->n_parts++;
        *open = false;
    }
}

/* The 's of "St David's Day", which tokens lose, too. */
static bool ends_possessive(const struct reading *r, size_t i)
{
    uint32_t s = i + 1 < r->n_glyphs ? reading_glyph(r, i + 1)->code : 0;
    return i > 1 && (s == 's' || s == 'S') &&
           (i + 2 >= r->n_glyphs || !is_word_glyph(reading_glyph(r, i + 2)->code));
}

bool key_make(struct key *key, struct text words, bool germanic)
{
    bool fits = false, open = false;
    struct reading reading;
    struct buffer folded;
    *key = (struct key){.n = 0, .breaks = 0, .n_parts = 0};
    reading_init(&reading);
    buffer_init(&folded, MAX_KEY_BYTES);
    if (!text_is_utf8(words) || reading_glyphs(&reading, words, false, NULL) != STATUS_OK) {
        goto out;
    }
    for (size_t i = 0; i < reading.n_glyphs; i++) {
        uint32_t code = reading_glyph(&reading, i)->code;
        bool apostrophe = is_apostrophe(code);
        if (!is_word_glyph(code)) {
            key_end_part(key, &open);
            if (apostrophe && ends_possessive(&reading, i)) {
                i++;
                continue;
            }
            if (apostrophe && folded.n && folded.n <= 64) {
                key->breaks |= 1ull << (folded.n - 1);
            }
            continue;
        }
        if (is_mark(code) && !open) {
            continue;
        }
        if (!open) {
            if (key->n_parts >= MAX_WINDOW_TOKENS) {
                goto out;
            }
            key->part[key->n_parts] = folded.n;
            if (folded.n && folded.n <= 64) {
                key->breaks |= 1ull << (folded.n - 1);
            }
            open = true;
        }
        fold_codepoint(&folded, code, germanic ? FOLD_GERMANIC : FOLD_PLAIN);
    }
    key_end_part(key, &open);
    if (folded.failed != STATUS_OK || folded.n == 0) {
        goto out;
    }
    memcpy(key->at, folded.at, folded.n);
    key->n = folded.n;
    key->part[key->n_parts] = key->n;
    fits = true;
out:
    buffer_release(&folded);
    reading_release(&reading);
    return fits;
}

bool key_join(struct key *out, const struct key *a, const struct key *b)
{
    if (a->n == 0 || b->n == 0 || a->n + b->n > MAX_KEY_BYTES ||
        a->n_parts + b->n_parts > MAX_WINDOW_TOKENS) {
        return false;
    }
    struct key joined = *a;
    memcpy(joined.at + a->n, b->at, b->n);
    joined.n = a->n + b->n;
    joined.breaks |= a->n < 64 ? b->breaks << a->n : 0;
    joined.breaks |= a->n <= 64 ? 1ull << (a->n - 1) : 0;
    for (size_t i = 0; i <= b->n_parts; i++) {
        joined.part[a->n_parts + i] = a->n + b->part[i];
    }
    joined.n_parts = a->n_parts + b->n_parts;
    *out = joined;
    return true;
}

static void grow_buckets(struct lexicon *l)
{
    if (l->buckets && n_entries(l) < l->n_buckets) {
        return;
    }
    size_t n = l->n_buckets ? l->n_buckets * 4 : MIN_BUCKETS;
    uint32_t *buckets = malloc(n * sizeof *buckets);
    if (!buckets) {
        l->entries.failed = STATUS_NOMEM;
        return;
    }
    memset(buckets, 0xFF, n * sizeof *buckets);
    for (size_t i = 0; i < n_entries(l); i++) {
        struct entry *e = entry_at(l, i);
        size_t b = hash_of(entry_key(l, e)) & (n - 1);
        e->next = buckets[b];
        buckets[b] = (uint32_t)i;
    }
    free(l->buckets);
    l->buckets = buckets;
    l->n_buckets = n;
}

/* What a single name is worth: as the lists say, or strong. */
static enum strength strength_of(const struct lexicon *l, const struct key *key)
{
    struct text letters = {key->at, key->n};
    if (lexicon_find(l, letters, ENTRY_FUNCTION)) {
        return STRENGTH_FUNCTION;
    }
    if (lexicon_find(l, letters, ENTRY_PROPER)) {
        return STRENGTH_PROPER;
    }
    if (lexicon_find(l, letters, ENTRY_WEAK)) {
        return STRENGTH_WEAK;
    }
    return key->n <= SHORT_NAME_BYTES ? STRENGTH_SHORT : STRENGTH_STRONG;
}

uint32_t initial_bit(char letter)
{
    return letter >= 'a' && letter <= 'z' ? 1u << (letter - 'a') : 0;
}

/* Is the person (or the line) of an entry of that class worth an entry of its own? Of single names
 * only the letters matter. */
static bool is_personal(enum entry_class class)
{
    return class == ENTRY_FULL_NAME || class == ENTRY_STAFF_FULL || class == ENTRY_UPN ||
           class == ENTRY_ADMISSION_NO || class == ENTRY_FAMILY;
}

/* The entry that says the same already. People are added one by one and the newest entry stands
 * first in its bucket, so that the first of another person ends the search: a name that a thousand
 * people share costs no more than one of its own. */
static struct entry *same_entry(struct lexicon *l, struct text letters, const struct key *key,
                                const struct entry *like)
{
    for (const struct entry *e = NULL; (e = lexicon_next(l, letters, e));) {
        if (e->class != like->class) {
            continue;
        }
        if (is_personal((enum entry_class)like->class) && e->person != like->person) {
            return NULL;
        }
        if (e->breaks == key->breaks && e->reversed == like->reversed &&
            e->forename_bytes == like->forename_bytes) {
            return entry_at(l, (size_t)(e - entry_at(l, 0)));
        }
    }
    return NULL;
}

void lexicon_add(struct lexicon *l, const struct key *key, struct entry like)
{
    struct text letters = {key->at, key->n};
    struct entry *same = same_entry(l, letters, key, &like);
    if (same) {
        same->person = same->person == like.person ? like.person : NO_PERSON;
        same->initials |= like.initials;
        same->capitals |= like.capitals;
        return;
    }
    if (like.class == ENTRY_FORENAME || like.class == ENTRY_SURNAME) {
        like.strength = (uint8_t)strength_of(l, key);
    }
    if (l->keys.n > UINT32_MAX - MAX_KEY_BYTES) {
        l->keys.failed = STATUS_LIMIT;
    }
    like.key = (uint32_t)l->keys.n;
    like.n_key = (uint8_t)key->n;
    like.breaks = key->breaks;
    buffer_add(&l->keys, key->at, key->n);
    grow_buckets(l);
    if (l->keys.failed != STATUS_OK || l->entries.failed != STATUS_OK) {
        return;
    }
    size_t bucket = hash_of(letters) & (l->n_buckets - 1);
    like.next = l->buckets[bucket];
    buffer_add(&l->entries, &like, sizeof like);
    if (l->entries.failed == STATUS_OK) {
        bool name = like.class == ENTRY_FORENAME || like.class == ENTRY_SURNAME;
        if (name && like.strength == STRENGTH_STRONG && !like.plural) {
            near_add(&l->near, letters, (uint32_t)(n_entries(l) - 1));
        }
        uint32_t at = (uint32_t)(n_entries(l) - 1);
        if (like.class == ENTRY_FULL_NAME) {
            buffer_add(&l->full_names, &at, sizeof at);
        }
        l->buckets[bucket] = at;
        l->by_class[like.class]++;
        l->longest_key = key->n > l->longest_key ? key->n : l->longest_key;
    }
}

const struct entry *lexicon_entry(const struct lexicon *l, uint32_t i)
{
    return entry_at(l, i);
}

struct text lexicon_key(const struct lexicon *l, const struct entry *e)
{
    return entry_key(l, e);
}

const struct entry *lexicon_next(const struct lexicon *l, struct text key,
                                 const struct entry *after)
{
    if (!l->buckets || key.n == 0 || key.n > l->longest_key) {
        return NULL;
    }
    uint32_t i = after ? after->next : l->buckets[hash_of(key) & (l->n_buckets - 1)];
    while (i != NO_ENTRY) {
        const struct entry *e = entry_at(l, i);
        if (text_equal(entry_key(l, e), key)) {
            return e;
        }
        i = e->next;
    }
    return NULL;
}

const struct entry *lexicon_find(const struct lexicon *l, struct text key, enum entry_class class)
{
    for (const struct entry *e = NULL; (e = lexicon_next(l, key, e));) {
        if (e->class == class) {
            return e;
        }
    }
    return NULL;
}

static enum status add_words(struct lexicon *l, const struct text *words, size_t n,
                             enum entry_class class, const char *list, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct key key;
        if (!key_make(&key, words[i], false)) {
            return err_set(err, STATUS_FORMAT,
                           "%s: entry %zu has no letters, more than %d words or over %d bytes",
                           list, i + 1, MAX_WINDOW_TOKENS, MAX_KEY_BYTES);
        }
        lexicon_add(l, &key, (struct entry){.class = (uint8_t) class, .person = NO_PERSON});
    }
    return STATUS_OK;
}

/* A line of the spelling families holds spellings of one name, separated by spaces. */
static enum status add_families(struct lexicon *l, struct err *err)
{
    struct word_list families = word_list_of(l->policy, "spelling-families");
    for (size_t i = 0; i < families.n_words; i++) {
        for (struct text rest = families.words[i]; rest.n;) {
            struct key key;
            struct text word = text_cut(rest, ' ', &rest);
            if (word.n == 0) {
                continue;
            }
            if (!key_make(&key, word, false)) {
                return err_set(err, STATUS_FORMAT, "spelling-families: entry %zu is no name",
                               i + 1);
            }
            lexicon_add(l, &key, (struct entry){.class = ENTRY_FAMILY, .person = (uint32_t)i});
        }
    }
    return STATUS_OK;
}

/* Register groups: known even where a group is also a word ("Willow"). A group that cannot be a key
 * is of no use, and no error. */
static void add_class(struct lexicon *l, const struct person *p)
{
    struct key key;
    if (p->kind == PERSON_PUPIL && p->reg_group.n && key_make(&key, p->reg_group, false)) {
        lexicon_add(l, &key, (struct entry){.class = ENTRY_CLASS, .person = NO_PERSON});
    }
}

/* The bit of a day, from 1900-01-01 on. */
static size_t birthday_bit(struct date d)
{
    return (size_t)(date_to_days(d) - date_to_days((struct date){1900, 1, 1}));
}

static void add_birthday(struct lexicon *l, const struct person *p)
{
    if (p->kind != PERSON_STAFF && date_is_set(p->date_of_birth)) {
        size_t bit = birthday_bit(p->date_of_birth);
        assert(bit / 8 < sizeof l->birthdays);
        l->birthdays[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

bool lexicon_is_birthday(const struct lexicon *l, struct date d)
{
    size_t bit = date_is_set(d) ? birthday_bit(d) : 0;
    return date_is_set(d) && l->birthdays[bit / 8] >> bit % 8 & 1;
}

static enum status add_people(struct lexicon *l, struct err *err)
{
    struct word_list families = word_list_of(l->policy, "spelling-families");
    struct word_list particles = word_list_of(l->policy, "particles");
    for (size_t i = 0; i < l->snapshot->n_people; i++) {
        add_class(l, &l->snapshot->people[i]);
        add_birthday(l, &l->snapshot->people[i]);
        enum status st = forms_add(l, (uint32_t)i, &families, &particles, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

enum status lexicon_build(const struct snapshot *snapshot, const struct policy *policy,
                          struct lexicon **out, struct err *err)
{
    assert(snapshot && policy && out);
    struct lexicon *l = calloc(1, sizeof *l);
    if (!l) {
        return err_set(err, STATUS_NOMEM, "no memory for the name look-up");
    }
    l->snapshot = snapshot;
    l->policy = policy;
    buffer_init(&l->keys, MAX_KEYS_BYTES);
    buffer_init(&l->entries, MAX_ENTRIES_BYTES);
    buffer_init(&l->near, MAX_ENTRIES_BYTES);
    buffer_init(&l->full_names, MAX_ENTRIES_BYTES);
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < sizeof LISTS / sizeof LISTS[0]; i++) {
        struct word_list list = word_list_of(policy, LISTS[i].name);
        st = add_words(l, list.words, list.n_words, LISTS[i].class, LISTS[i].name, err);
    }
    if (st == STATUS_OK) {
        st = add_words(l, policy->houses, policy->n_houses, ENTRY_HOUSE, "houses", err);
    }
    if (st == STATUS_OK) {
        st = add_families(l, err);
    }
    if (st == STATUS_OK) {
        st = add_people(l, err);
    }
    if (st == STATUS_OK) {
        st = buffer_status(&l->keys, err);
    }
    if (st == STATUS_OK) {
        st = buffer_status(&l->entries, err);
    }
    if (st == STATUS_OK) {
        st = buffer_status(&l->near, err);
    }
    if (st == STATUS_OK) {
        st = buffer_status(&l->full_names, err);
    }
    if (st != STATUS_OK) {
        lexicon_free(l);
        return st;
    }
    near_sort(&l->near);
    *out = l;
    return STATUS_OK;
}

void lexicon_free(struct lexicon *l)
{
    if (l) {
        buffer_release(&l->keys);
        buffer_release(&l->entries);
        buffer_release(&l->near);
        buffer_release(&l->full_names);
        free(l->buckets);
        free(l);
    }
}
