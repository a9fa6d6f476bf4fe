/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the caption engine costs at a large school.
 *
 *   bench_names DATA-FOLDER N-PUPILS        DATA-FOLDER holds policies/ and words/
 *
 * One line: pupils, milliseconds to build the lexicon, its memory in KiB, captions judged,
 * microseconds for each, and how many were stopped. Names and captions are put together from parts,
 * the same every time.
 */
#include <limits.h>
#include <malloc.h>
#include <string.h>

#include "bench_clock.h"
#include "photogate/names.h"

enum { N_CAPTIONS = 4000, ROUNDS = 3, CAPTION_BYTES = 256, NAME_BYTES = 32, GROUPS = 70 };

static const char *const STARTS[] = {"Ba", "Ce", "Do", "El", "Fi", "Ga",  "Ha", "Is", "Jo", "Ka",
                                     "Le", "Ma", "No", "Or", "Pe", "Qui", "Ro", "Sa", "Te", "Vi"};
static const char *const MIDDLES[] = {"la", "ren", "mi", "do", "shi", "na", "va", "ri", "ko", "be"};
static const char *const ENDS[] = {"n", "ra", "th", "lle", "s", "ka", "na", "ro", "m", "y"};
static const char *const SURNAME_ENDS[] = {"worth", "field", "ley", "owski", "ade",
                                           "ham",   "singh", "sen", "well",  "idze"};

/* %s is a pupil's forename, or words in its place. */
static const char *const CAPTIONS[] = {
    "Year 4 found out how bridges stand up, and %s tested them with water bottles.",
    "A wonderful afternoon at the science fair: rockets, slime and %s.",
    "Well done %s! Three goals in the cup match against the school down the road.",
    "Our readers enjoyed the library bus on Tuesday. Thank you to the volunteers and %s.",
    "The choir sang in the market square, with %s and hot chocolate afterwards.",
    "Class 3K planted potatoes, leeks and %s in the new garden.",
};
static const char *const NOBODY[] = {"a great team", "our helpers", "everybody",
                                     "two brave parents", "plenty of mud"};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define PICK(a, i) ((a)[(i) % COUNT(a)])

struct row {
    char forename[NAME_BYTES], surname[NAME_BYTES], group[NAME_BYTES], admission_no[NAME_BYTES];
};

/* 2,000 forenames and 1,000 surnames at most: in a large school many share one. */
static void name_pupil(size_t i, struct row *r, struct person *p)
{
    size_t f = i * 7919, s = i * 104729;
    (void)snprintf(r->forename, sizeof r->forename, "%s%s%s", PICK(STARTS, f),
                   PICK(MIDDLES, f / 20), PICK(ENDS, f / 200));
    (void)snprintf(r->surname, sizeof r->surname, "%s%s%s", PICK(STARTS, s), PICK(ENDS, s / 20),
                   PICK(SURNAME_ENDS, s / 200));
    (void)snprintf(r->group, sizeof r->group, "%zu%c", i % GROUPS / 10 + 1,
                   (char)('A' + i % GROUPS % 10));
    (void)snprintf(r->admission_no, sizeof r->admission_no, "B%05zu", i + 1);
    *p = (struct person){.kind = PERSON_PUPIL,
                         .id = (int64_t)i + 1,
                         .admission_no = text_of(r->admission_no),
                         .legal_forename = text_of(r->forename),
                         .legal_surname = text_of(r->surname),
                         .reg_group = text_of(r->group),
                         .on_roll = KNOWN_YES};
}

/* Two of three name nobody, as captions do. */
static void write_caption(size_t i, const struct row *rows, size_t n, char out[CAPTION_BYTES])
{
    const char *who = i % 3 ? PICK(NOBODY, i) : rows[i * 31 % n].forename;
    const char *before = PICK(CAPTIONS, i / 3), *at = strstr(before, "%s");
    (void)snprintf(out, CAPTION_BYTES, "%.*s%s%s", (int)(at - before), before, who, at + 2);
}

static double judge_all(const struct lexicon *l, char (*captions)[CAPTION_BYTES], size_t *stopped)
{
    struct err err = {.status = STATUS_BUG};
    double from = cpu_ms();
    *stopped = 0;
    for (size_t i = 0; i < N_CAPTIONS; i++) {
        struct arena a;
        const struct finding *found;
        size_t n;
        enum judgement verdict = JUDGE_BLOCK;
        arena_init(&a, (size_t)1 << 20);
        must(names_judge(l, text_of(captions[i]), TEXT_ROLE_CAPTION, NAMES_NEVER, &a, &found, &n,
                         &verdict, &err),
             &err, "judging");
        *stopped += verdict != JUDGE_ALLOW;
        arena_release(&a);
    }
    return (cpu_ms() - from) * 1e3 / N_CAPTIONS;
}

static struct policy *load_policy(const char *data)
{
    struct err err = {.status = STATUS_BUG};
    char profiles[PATH_MAX], words[PATH_MAX];
    const char *profile_places[] = {profiles}, *word_places[] = {words};
    struct policy_places places = {profile_places, 1, word_places, 1};
    struct policy *policy = NULL;
    if (snprintf(profiles, sizeof profiles, "%s/policies", data) >= (int)sizeof profiles ||
        snprintf(words, sizeof words, "%s/words", data) >= (int)sizeof words) {
        must(STATUS_LIMIT, &err, "the path of the data");
    }
    must(policy_load(&places, TEXT("safe-default"), NULL, &policy, &err), &err, "the policy");
    return policy;
}

static size_t heap_bytes(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static void bench_captions(const char *data, size_t n, struct row *rows, struct person *people,
                           char (*captions)[CAPTION_BYTES])
{
    struct err err = {.status = STATUS_BUG};
    struct policy *policy = load_policy(data);
    struct lexicon *l = NULL;
    for (size_t i = 0; i < n; i++) {
        name_pupil(i, &rows[i], &people[i]);
    }
    for (size_t i = 0; i < N_CAPTIONS; i++) {
        write_caption(i, rows, n, captions[i]);
    }
    struct snapshot snapshot = {.people = people, .n_people = n};
    size_t heap = heap_bytes(), stopped = 0;
    double from = cpu_ms();
    must(lexicon_build(&snapshot, policy, &l, &err), &err, "the lexicon");
    double build_ms = cpu_ms() - from, best_us = 0;
    heap = heap_bytes() - heap;
    for (int round = 0; round < ROUNDS; round++) {
        double us = judge_all(l, captions, &stopped);
        best_us = round == 0 || us < best_us ? us : best_us;
    }
    printf("%zu\t%.1f\t%zu\t%d\t%.2f\t%zu\n", n, build_ms, heap / 1024, N_CAPTIONS, best_us,
           stopped);
    lexicon_free(l);
    policy_free(policy);
}

int main(int argc, char **argv)
{
    char *rest = NULL;
    unsigned long n = argc == 3 ? strtoul(argv[2], &rest, 10) : 0;
    if (n == 0 || n > 1000000 || *rest) {
        (void)fputs("usage: bench_names DATA-FOLDER N-PUPILS\n", stderr);
        return 2;
    }
    struct row *rows = calloc(n, sizeof *rows);
    struct person *people = calloc(n, sizeof *people);
    char(*captions)[CAPTION_BYTES] = calloc(N_CAPTIONS, sizeof *captions);
    int code = 3;
    if (rows && people && captions) {
        bench_captions(argv[1], n, rows, people, captions);
        code = 0;
    }
    free(rows);
    free(people);
    free(captions);
    return code;
}
