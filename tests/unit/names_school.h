/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up school for the tests of the caption engine. Nobody in it exists.
 *
 * The word lists are the real ones of consent/words (or $WORDS_DIR): the engine is tested with what
 * it ships with.
 */
#ifndef NAMES_SCHOOL_H
#define NAMES_SCHOOL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "photogate/names.h"

struct names_school {
    struct person *people;
    struct snapshot snapshot;
    struct policy policy;
    struct arena words, results;
    struct word_list lists[32];
    struct lexicon *lexicon;
    const struct finding *found;
    size_t n_found;
};

struct pupil_row {
    const char *forename, *surname, *known, *group, *upn, *admission_no, *born;
};

static const struct pupil_row NAMES_PUPILS[] = {
    {"Kayode", "Okonedo", "", "3K", "H801200001001", "B20417", "2015-03-09"},
    {"Siôn", "Gwynfryn", "", "4T", "", "B20418", ""},
    {"Gráinne", "O'Shaughnessy", "", "4T", "", "B20419", ""},
    {"Bogusława", "Wójtowicz", "", "5A", "", "B20420", ""},
    {"Navdeep", "Dhaliwal", "", "5A", "", "B20421", ""},
    {"Muhammad", "Al-Qadir", "", "3K", "", "B20422", ""},
    {"Temitope", "Adebayo-Wilson", "Temi", "6M", "", "B20423", ""},
    {"Xiu", "Ouyang", "", "2B", "", "B20424", ""},
    {"Gökçe", "Yıldırım", "", "2B", "", "B20425", ""},
    {"Poppy", "Meadows", "", "3K", "", "B20426", ""},
    {"Grace", "King", "", "4T", "", "B20427", ""},
    {"Will", "Carter", "", "6M", "", "B20428", ""},
    {"Bo", "Lindqvist", "", "2B", "", "B20429", ""},
    {"An", "Pham", "", "5A", "", "B20430", ""},
    {"Florence", "Bolton", "", "6M", "", "B20431", ""},
    {"Jürgen", "Weiß", "", "3K", "", "B20432", ""},
    {"Marie-Claire", "de la Fontaine", "", "4T", "", "B20433", ""},
    {"Ffion", "ap Rhydderch", "", "5A", "", "B20434", ""},
    {"Robert", "Lockhart", "Robbie", "6M", "", "B20435", ""},
    {"April", "Winterbourne", "", "2B", "", "B20436", ""},
    {"Deirdre", "Mac Conmara", "", "3K", "", "B20437", ""},
    {"Olive", "Thwaite", "", "4T", "", "B20438", ""},
    {"Tobias", "Jankowski", "TJ", "6M", "", "B20439", ""},
};

enum { N_NAMES_PUPILS = sizeof NAMES_PUPILS / sizeof NAMES_PUPILS[0], N_NAMES_STAFF = 4 };

static inline void read_word_lists(struct names_school *s)
{
    const char *folder = getenv("WORDS_DIR");
    folder = folder ? folder : "consent/words";
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        struct text name = text_of(e->d_name);
        if (!text_ends_with_nocase(name, TEXT(".txt"))) {
            continue;
        }
        char path[1024];
        assert_true(snprintf(path, sizeof path, "%s/%s", folder, e->d_name) < (int)sizeof path);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        char *all = arena_alloc(&s->words, 256 * 1024, 1);
        struct text *words = arena_alloc(&s->words, 8192, sizeof *words);
        assert_non_null(all);
        assert_non_null(words);
        struct text rest = {all, fread(all, 1, 256 * 1024, f)};
        (void)fclose(f);
        size_t n = 0;
        while (rest.n) {
            struct text line = text_trim(text_cut(rest, '\n', &rest));
            if (line.n && line.at[0] != '#') {
                assert_true(n < 8192);
                words[n++] = line;
            }
        }
        struct word_list *list = &s->lists[s->policy.n_lists++];
        assert_true(arena_dup(&s->words, text_slice(name, 0, name.n - 4), &list->name));
        list->words = words;
        list->n_words = n;
    }
    (void)closedir(d);
    assert_true(s->policy.n_lists >= 10);
}

static inline struct names_school *names_school_new(void)
{
    static const struct text PHONES[] = {{"01632 960112", 12}};
    static const struct text EMAILS[] = {{"office@hillcrest.example", 24}};
    static const struct text LINKS[] = {{"hillcrest.example", 17}, {"bbc.co.uk/bitesize", 18}};
    static const struct text HANDLES[] = {{"@HillcrestPrimary", 17}};
    static const struct text HOUSES[] = {{"Carter", 6}, {"Lovelace", 8}};
    static const char *const STAFF[N_NAMES_STAFF][3] = {{"Mrs", "Poppy", "Ravensworth"},
                                                        {"Mr", "Idris", "Carter"},
                                                        {"Miss", "Oonagh", "Thistlewood"},
                                                        {"Dr", "Alan", "Featherstone"}};
    struct names_school *s = calloc(1, sizeof *s);
    assert_non_null(s);
    arena_init(&s->words, (size_t)64 * 1024 * 1024);
    arena_init(&s->results, (size_t)64 * 1024 * 1024);
    s->people = calloc(N_NAMES_PUPILS + N_NAMES_STAFF, sizeof *s->people);
    assert_non_null(s->people);
    for (size_t i = 0; i < N_NAMES_PUPILS; i++) {
        const struct pupil_row *row = &NAMES_PUPILS[i];
        struct person *p = &s->people[i];
        p->kind = PERSON_PUPIL;
        p->legal_forename = text_of(row->forename);
        p->legal_surname = text_of(row->surname);
        p->known_forename = text_of(row->known);
        p->reg_group = text_of(row->group);
        p->upn = text_of(row->upn);
        p->admission_no = text_of(row->admission_no);
        (void)date_parse_iso(text_of(row->born), &p->date_of_birth);
    }
    for (size_t i = 0; i < N_NAMES_STAFF; i++) {
        struct person *p = &s->people[N_NAMES_PUPILS + i];
        p->kind = PERSON_STAFF;
        p->title = text_of(STAFF[i][0]);
        p->legal_forename = text_of(STAFF[i][1]);
        p->legal_surname = text_of(STAFF[i][2]);
    }
    s->snapshot.people = s->people;
    s->snapshot.n_people = N_NAMES_PUPILS + N_NAMES_STAFF;
    s->policy.staff = STAFF_ALLOW;
    s->policy.own_phones = PHONES;
    s->policy.n_own_phones = 1;
    s->policy.own_emails = EMAILS;
    s->policy.n_own_emails = 1;
    s->policy.own_links = LINKS;
    s->policy.n_own_links = 2;
    s->policy.own_handles = HANDLES;
    s->policy.n_own_handles = 1;
    s->policy.houses = HOUSES;
    s->policy.n_houses = 2;
    s->policy.lists = s->lists;
    read_word_lists(s);
    struct err err = {.text = ""};
    enum status st = lexicon_build(&s->snapshot, &s->policy, &s->lexicon, &err);
    if (st != STATUS_OK) {
        print_error("%s\n", err.text);
    }
    assert_int_equal(st, STATUS_OK);
    return s;
}

static inline void names_school_free(struct names_school *s)
{
    lexicon_free(s->lexicon);
    arena_release(&s->words);
    arena_release(&s->results);
    free(s->people);
    free(s);
}

static inline enum judgement judged_as(struct names_school *s, struct text text,
                                       enum text_role role, enum name_policy names)
{
    enum judgement verdict = JUDGE_BLOCK;
    struct err err = {.text = ""};
    arena_release(&s->results);
    enum status st = names_judge(s->lexicon, text, role, names, &s->results, &s->found, &s->n_found,
                                 &verdict, &err);
    if (st != STATUS_OK) {
        print_error("%s\n", err.text);
    }
    assert_int_equal(st, STATUS_OK);
    for (size_t i = 0; i < s->n_found; i++) {
        assert_true(s->found[i].start < s->found[i].end || text.n == 0);
        assert_true(s->found[i].end <= text.n);
        assert_true(i == 0 || s->found[i].start >= s->found[i - 1].start);
        assert_true(s->found[i].kind != FINDING_UNKNOWN);
    }
    return verdict;
}

static inline enum judgement judged(struct names_school *s, const char *caption)
{
    return judged_as(s, text_of(caption), TEXT_ROLE_CAPTION, NAMES_NEVER);
}

static inline bool has_finding(const struct names_school *s, enum finding_kind kind)
{
    for (size_t i = 0; i < s->n_found; i++) {
        if (s->found[i].kind == kind) {
            return true;
        }
    }
    return false;
}

#define assert_judged(s, caption, verdict)                                                         \
    do {                                                                                           \
        enum judgement got_ = judged((s), (caption));                                              \
        if (got_ != (verdict)) {                                                                   \
            print_error("\"%s\": %s\n", (caption), judgement_name(got_));                          \
        }                                                                                          \
        assert_int_equal(got_, (verdict));                                                         \
    } while (0)

#endif
