/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captions. Findings lie inside the text and in order; what cannot be judged is held; a pupil's full name on a line of its own is
 * never passed over, whatever stands before it. */
#include "fuzz.h"
#include "photogate/names.h"
#include "photogate/policy.h"

static const char PUPIL[] = "\nKayode Okonedo";

/* A school of a few, made once. */
static const struct lexicon *school(void)
{
    static struct person people[4];
    static struct snapshot snapshot = {.people = people, .n_people = 4};
    static struct policy *policy;
    static struct lexicon *lexicon;
    if (lexicon) {
        return lexicon;
    }
    static const char *const NAMES[][2] = {
        {"Kayode", "Okonedo"}, {"Grace", "King"}, {"Gr\u00e1inne", "O'Shaughnessy"}, {"Bo", "Li"}};
    for (size_t i = 0; i < 4; i++) {
        people[i] = (struct person){.kind = PERSON_PUPIL,
                                    .legal_forename = text_of(NAMES[i][0]),
                                    .legal_surname = text_of(NAMES[i][1]),
                                    .reg_group = TEXT("4B"),
                                    .upn = i == 0 ? TEXT("H801200001001") : TEXT_NONE,
                                    .date_of_birth = {2015, 3, 9}};
    }
    const char *data = getenv("PHOTOGATE_DATADIR");
    char profiles[4096], words[4096];
    (void)snprintf(profiles, sizeof profiles, "%s/policies", data ? data : "consent");
    (void)snprintf(words, sizeof words, "%s/words", data ? data : "consent");
    const char *in_profiles[] = {profiles}, *in_words[] = {words};
    struct policy_places places = {in_profiles, 1, in_words, 1};
    struct err err = {.status = STATUS_BUG};
    FUZZ_CHECK(policy_load(&places, TEXT("safe-default"), NULL, &policy, &err) == STATUS_OK, "%s",
               err.text);
    FUZZ_CHECK(lexicon_build(&snapshot, policy, &lexicon, &err) == STATUS_OK, "%s", err.text);
    return lexicon;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    (void)school();
    return 0;
}

static enum judgement judge(struct text text, enum text_role role)
{
    const struct finding *found = NULL;
    size_t n = 0;
    enum judgement verdict = JUDGE_BLOCK, worst = JUDGE_ALLOW;
    struct err err = {.status = STATUS_BUG};
    struct arena a;
    arena_init(&a, FUZZ_MEMORY);
    enum status st = names_judge(school(), text, role, NAMES_NEVER, &a, &found, &n, &verdict, &err);
    FUZZ_CHECK(st == STATUS_OK, "%s: %s", status_symbol(st), err.text);
    for (size_t i = 0; i < n; i++) {
        FUZZ_CHECK(found[i].start < found[i].end || text.n == 0, "an empty finding");
        FUZZ_CHECK(found[i].end <= text.n, "a finding outside the text");
        FUZZ_CHECK(i == 0 || found[i].start >= found[i - 1].start, "findings in disorder");
        FUZZ_CHECK(found[i].judgement != JUDGE_ALLOW, "a finding that is none");
        worst = found[i].judgement < worst ? found[i].judgement : worst;
    }
    FUZZ_CHECK(verdict == worst, "a verdict that is not the worst finding's");
    struct buffer masked;
    buffer_init(&masked, FUZZ_MEMORY);
    names_mask(&masked, text, found, n);
    FUZZ_CHECK(masked.failed == STATUS_OK, "a mask without end");
    buffer_release(&masked);
    arena_release(&a);
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
    struct text text = fuzz_text((struct bytes){at, n});
    enum judgement alone = judge(text, TEXT_ROLE_CAPTION);
    (void)judge(text, TEXT_ROLE_FILE_NAME);
    (void)judge(text, TEXT_ROLE_CREDIT);
    FUZZ_CHECK(alone != JUDGE_ALLOW || text_is_utf8(text), "ill-formed text allowed");
    struct buffer more;
    buffer_init(&more, FUZZ_MEMORY);
    buffer_add(&more, at, n);
    buffer_add_cstr(&more, PUPIL);
    FUZZ_CHECK(judge(fuzz_text(buffer_view(&more)), TEXT_ROLE_CAPTION) != JUDGE_ALLOW,
               "a pupil's full name allowed");
    buffer_release(&more);
    return 0;
}
