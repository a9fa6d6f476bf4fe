/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms in which one person's name may stand in a text.
 *
 * Legal and known-as names and every mixture of them; both orders; with and without the middle
 * names; each spelling of the spelling families; ü as u and as ue; the parts of double barrels; the
 * plural; initials. A name that cannot become a key (longer than a window) is told, not skipped: it
 * could not be protected.
 */
#include <assert.h>
#include <string.h>

#include "fold.h"
#include "lexicon.h"
#include "photogate/limits.h"

enum { MAX_SPELLINGS = 40, MIN_PART_BYTES = 3, MIN_PLURAL_BYTES = 4 };

struct spellings {
    struct key keys[MAX_SPELLINGS];
    size_t n;
};

struct builder {
    struct lexicon *l;
    const struct person *p;
    uint32_t person;
    const struct word_list *families, *particles;
    struct spellings forenames, surnames;
    struct key middle;
};

static bool same_letters(const struct key *a, const struct key *b)
{
    return a->n == b->n && a->breaks == b->breaks && memcmp(a->at, b->at, a->n) == 0;
}

static void add_spelling(struct spellings *s, const struct key *key)
{
    for (size_t i = 0; i < s->n; i++) {
        if (same_letters(&s->keys[i], key)) {
            return;
        }
    }
    if (s->n < MAX_SPELLINGS) {
        s->keys[s->n++] = *key;
    }
}

/* All spellings of the families that the name belongs to: "Said" stands in two. */
static void add_family(struct builder *b, struct spellings *s, const struct key *key)
{
    struct text letters = {key->at, key->n};
    for (const struct entry *e = NULL; (e = lexicon_next(b->l, letters, e));) {
        if (e->class != ENTRY_FAMILY) {
            continue;
        }
        assert(e->person < b->families->n_words);
        for (struct text rest = b->families->words[e->person]; rest.n;) {
            struct key other;
            struct text word = text_cut(rest, ' ', &rest);
            if (key_make(&other, word, false)) {
                add_spelling(s, &other);
            }
        }
    }
}

/* A dash or a dot where there is no name. */
static bool has_letters(struct text name)
{
    struct buffer folded;
    buffer_init(&folded, 4 * MAX_FIELD_BYTES);
    bool letters = name_fold(name, &folded, NULL) != STATUS_OK || folded.n > 0;
    buffer_release(&folded);
    return letters;
}

static enum status add_name(struct builder *b, struct spellings *s, struct text name,
                            struct err *err)
{
    struct key key;
    if (name.n == 0 || !has_letters(name)) {
        return STATUS_OK;
    }
    if (!key_make(&key, name, false)) {
        return err_set(
            err, STATUS_FORMAT,
            "person %u of the register: a name that is not UTF-8, of more than %d words or "
            "over %d letters",
            (unsigned)b->person + 1, MAX_WINDOW_TOKENS, MAX_KEY_BYTES);
    }
    add_spelling(s, &key);
    add_family(b, s, &key);
    if (key_make(&key, name, true)) {
        add_spelling(s, &key);
    }
    return STATUS_OK;
}

static bool is_particle(const struct builder *b, struct text part)
{
    for (size_t i = 0; i < b->particles->n_words; i++) {
        if (text_equal(b->particles->words[i], part)) {
            return true;
        }
    }
    return false;
}

static struct text key_part(const struct key *key, size_t i)
{
    return (struct text){key->at + key->part[i], key->part[i + 1] - key->part[i]};
}

/* Whether the register writes a one- or two-letter name in capitals. */
static bool in_capitals(struct text name)
{
    return name.n == 2 && name.at[0] >= 'A' && name.at[0] <= 'Z' && name.at[1] >= 'A' &&
           name.at[1] <= 'Z';
}

static struct key key_slice(const struct key *from, size_t first, size_t end)
{
    struct key out = {.n = from->part[end] - from->part[first], .n_parts = end - first};
    memcpy(out.at, from->at + from->part[first], out.n);
    for (size_t i = first; i <= end; i++) {
        out.part[i - first] = from->part[i] - from->part[first];
        if (i > first && i < end && out.part[i - first] <= 64) {
            out.breaks |= 1ull << (out.part[i - first] - 1);
        }
    }
    return out;
}

/* One name and, where nothing but a name, its plural: "the Szymanskis". */
static void add_single(struct builder *b, const struct key *key, enum entry_class class,
                       uint32_t initials, bool capitals)
{
    struct entry like = {
        .class = (uint8_t) class, .person = b->person, .initials = initials, .capitals = capitals};
    lexicon_add(b->l, key, like);
    if (key->n >= MIN_PLURAL_BYTES && key->n < MAX_KEY_BYTES && key->at[key->n - 1] != 's') {
        struct text letters = {key->at, key->n};
        struct key plural = *key;
        plural.at[plural.n++] = 's';
        plural.part[plural.n_parts] = plural.n;
        bool word = lexicon_find(b->l, letters, ENTRY_WEAK) ||
                    lexicon_find(b->l, letters, ENTRY_PROPER) ||
                    lexicon_find(b->l, letters, ENTRY_FUNCTION) ||
                    lexicon_find(b->l, (struct text){plural.at, plural.n}, ENTRY_THING);
        if (!word) {
            like.plural = true;
            lexicon_add(b->l, &plural, like);
        }
    }
}

/* The parts of a double barrel, but never a particle alone, nor what is too short to mean anybody.
 */
static void add_parts(struct builder *b, const struct key *key, enum entry_class class,
                      uint32_t initials)
{
    for (size_t i = 0; key->n_parts > 1 && i < key->n_parts; i++) {
        struct text part = key_part(key, i);
        if (part.n >= MIN_PART_BYTES && !is_particle(b, part)) {
            struct key one = key_slice(key, i, i + 1);
            add_single(b, &one, class, initials, false);
        }
        if (is_particle(b, part) && i + 2 < key->n_parts) {
            struct key rest = key_slice(key, i + 1, key->n_parts);
            add_single(b, &rest, class, initials, false);
        }
    }
}

static enum strength single_strength(const struct builder *b, const struct key *key,
                                     enum entry_class class)
{
    struct text letters = {key->at, key->n};
    for (const struct entry *e = NULL; (e = lexicon_next(b->l, letters, e));) {
        if (e->class == class) {
            return (enum strength)e->strength; /* the same for everybody of that name */
        }
    }
    return STRENGTH_STRONG;
}

static void add_full(struct builder *b, const struct key *forename, const struct key *surname,
                     enum entry_class class, enum strength strength)
{
    struct key key;
    struct entry like = {
        .class = (uint8_t) class, .person = b->person, .strength = (uint8_t)strength};
    if (key_join(&key, forename, surname)) {
        like.forename_bytes = (uint8_t)forename->n;
        lexicon_add(b->l, &key, like);
    }
    if (class == ENTRY_FULL_NAME && key_join(&key, surname, forename)) {
        like.reversed = true;
        like.forename_bytes = (uint8_t)surname->n;
        lexicon_add(b->l, &key, like);
    }
    struct key long_forename;
    if (b->middle.n && key_join(&long_forename, forename, &b->middle) &&
        key_join(&key, &long_forename, surname)) {
        like.reversed = false;
        like.forename_bytes = (uint8_t)long_forename.n;
        lexicon_add(b->l, &key, like);
    }
}

static void add_initials_key(struct builder *b, const char *letters, size_t n)
{
    struct key key = {.n = n, .n_parts = 1};
    memcpy(key.at, letters, n);
    key.part[1] = n;
    for (size_t i = 1; i < n; i++) {
        key.breaks |= 1ull << (i - 1);
    }
    lexicon_add(b->l, &key, (struct entry){.class = ENTRY_INITIALS, .person = b->person});
}

/* J.S., J.P.S., H.A.C., B.C. and B.D.L.C. Only ASCII letters: others fold to themselves and stand
 * for nothing in capitals. */
static void add_initials(struct builder *b, const struct key *forename, const struct key *surname)
{
    char all[2 * MAX_WINDOW_TOKENS + 2];
    char forename_first = forename->at[0];
    add_initials_key(b, (char[]){forename_first, surname->at[0]}, 2);
    if (b->middle.n) {
        add_initials_key(b, (char[]){forename_first, b->middle.at[0], surname->at[0]}, 3);
    }
    for (size_t i = 0; i < surname->n_parts && surname->n_parts > 1; i++) {
        if (!is_particle(b, key_part(surname, i))) {
            add_initials_key(b, (char[]){forename_first, surname->at[surname->part[i]]}, 2);
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < forename->n_parts; i++) {
        all[n++] = forename->at[forename->part[i]];
    }
    for (size_t i = 0; i < surname->n_parts; i++) {
        all[n++] = surname->at[surname->part[i]];
    }
    if (n > 2) {
        add_initials_key(b, all, n);
    }
}

static void add_pupil(struct builder *b)
{
    const struct spellings *f = &b->forenames, *s = &b->surnames;
    uint32_t f_initial = f->n ? initial_bit(f->keys[0].at[0]) : 0;
    uint32_t s_initial = s->n ? initial_bit(s->keys[0].at[0]) : 0;
    bool capitals = in_capitals(b->p->known_forename) || in_capitals(b->p->legal_forename);
    for (size_t i = 0; i < f->n; i++) {
        add_single(b, &f->keys[i], ENTRY_FORENAME, s_initial, capitals);
        add_parts(b, &f->keys[i], ENTRY_FORENAME, s_initial);
    }
    for (size_t i = 0; i < s->n; i++) {
        add_single(b, &s->keys[i], ENTRY_SURNAME, f_initial, false);
        add_parts(b, &s->keys[i], ENTRY_SURNAME, f_initial);
    }
    for (size_t i = 0; i < f->n; i++) {
        enum strength one = single_strength(b, &f->keys[i], ENTRY_FORENAME);
        for (size_t k = 0; k < s->n; k++) {
            enum strength two = single_strength(b, &s->keys[k], ENTRY_SURNAME);
            bool words = one != STRENGTH_STRONG && one != STRENGTH_SHORT &&
                         two != STRENGTH_STRONG && two != STRENGTH_SHORT;
            add_full(b, &f->keys[i], &s->keys[k], ENTRY_FULL_NAME,
                     words ? STRENGTH_WEAK : STRENGTH_STRONG);
            add_initials(b, &f->keys[i], &s->keys[k]);
        }
    }
}

static void add_staff(struct builder *b)
{
    const struct spellings *f = &b->forenames, *s = &b->surnames;
    struct entry like = {.class = ENTRY_STAFF_FORENAME, .person = b->person};
    like.initials = s->n ? initial_bit(s->keys[0].at[0]) : 0;
    for (size_t i = 0; i < f->n; i++) {
        lexicon_add(b->l, &f->keys[i], like);
        for (size_t k = 0; k < s->n; k++) {
            add_full(b, &f->keys[i], &s->keys[k], ENTRY_STAFF_FULL, STRENGTH_STRONG);
        }
    }
    like.class = ENTRY_STAFF_SURNAME;
    like.initials = f->n ? initial_bit(f->keys[0].at[0]) : 0;
    for (size_t k = 0; k < s->n; k++) {
        lexicon_add(b->l, &s->keys[k], like);
    }
}

static void add_number(struct builder *b, struct text number, enum entry_class class)
{
    struct key key;
    if (number.n && key_make(&key, number, false)) {
        lexicon_add(b->l, &key, (struct entry){.class = (uint8_t) class, .person = b->person});
    }
}

enum status forms_add(struct lexicon *l, uint32_t person, const struct word_list *families,
                      const struct word_list *particles, struct err *err)
{
    const struct person *p = &l->snapshot->people[person];
    struct builder b = {.l = l, .p = p, .person = person, .families = families};
    b.particles = particles;
    const struct text forenames[] = {p->legal_forename, p->known_forename};
    const struct text surnames[] = {p->legal_surname, p->known_surname};
    for (size_t i = 0; i < 2; i++) {
        enum status st = add_name(&b, &b.forenames, forenames[i], err);
        if (st == STATUS_OK) {
            st = add_name(&b, &b.surnames, surnames[i], err);
        }
        if (st != STATUS_OK) {
            return st;
        }
    }
    if (p->middle_names.n && !key_make(&b.middle, p->middle_names, false)) {
        b.middle.n = 0;
    }
    if (p->kind == PERSON_STAFF) {
        add_staff(&b);
    } else {
        add_pupil(&b);
        add_number(&b, p->upn, ENTRY_UPN);
        add_number(&b, p->admission_no, ENTRY_ADMISSION_NO);
    }
    return STATUS_OK;
}
