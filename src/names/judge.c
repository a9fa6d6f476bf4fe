/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names_judge and names_mentioned: the order of the passes, and what they share. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "judging.h"
#include "photogate/limits.h"

enum { MAX_FINDINGS_BYTES = 16 * 1024 * 1024, MIN_ODD_BREAK_BYTES = 4 };

struct pass {
    const char *name; /* for a person in a debugger */
    void (*run)(struct judging *);
};

static const struct pass PASSES[] = {
    {"disguises", judge_disguises}, {"identifiers", judge_identifiers},
    {"contacts", judge_contacts},   {"numbers", judge_numbers},
    {"places", judge_places},       {"full names", judge_full_names},
    {"staff", judge_staff},         {"masks", judge_masks},
    {"initials", judge_initials},   {"names", judge_names},
    {"spellings", judge_spellings}, {"tags", judge_tags},
    {"near misses", judge_near},    {"context", judge_context},
    {"presence", judge_presence},   {"strangers", judge_strangers},
    {"hidden", judge_hidden},
};

/* Does the policy for names let a name of this form stand? */
static bool is_allowed(enum name_policy names, enum finding_kind form)
{
    switch (names) {
    case NAMES_FULL:
        return form == FINDING_FULL_NAME || form == FINDING_FORENAME || form == FINDING_SURNAME ||
               form == FINDING_INITIALS;
    case NAMES_FORENAME:
        return form == FINDING_FORENAME || form == FINDING_INITIALS;
    case NAMES_INITIALS:
        return form == FINDING_INITIALS;
    case NAMES_NEVER:
        break;
    }
    return false;
}

void judging_claim(struct judging *j, size_t i, size_t n, struct finding f, enum finding_kind form)
{
    for (size_t k = i; k < i + n; k++) {
        reading_token(j->r, k)->flags |= TOKEN_CLAIMED;
    }
    f.start = reading_token(j->r, i)->start;
    f.end = reading_token(j->r, i + n - 1)->end;
    if (f.judgement != JUDGE_ALLOW && !is_allowed(j->names, form)) {
        buffer_add(&j->findings, &f, sizeof f);
    }
}

size_t judging_token_at(const struct judging *j, size_t byte)
{
    size_t low = 0, high = j->r->n_tokens;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading_token(j->r, middle)->end <= byte) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void judging_flag_bytes(struct judging *j, size_t start, size_t end, uint32_t flags)
{
    size_t i = judging_token_at(j, start);
    for (; i < j->r->n_tokens && reading_token(j->r, i)->start < end; i++) {
        reading_token(j->r, i)->flags |= flags;
    }
}

void judging_claim_bytes(struct judging *j, struct finding f)
{
    judging_flag_bytes(j, f.start, f.end, TOKEN_CLAIMED);
    if (f.judgement != JUDGE_ALLOW) {
        buffer_add(&j->findings, &f, sizeof f);
    }
}

bool window_fits(const struct reading *r, size_t i, size_t n, const struct entry *e,
                 enum join widest, bool *odd)
{
    uint32_t first = reading_token(r, i)->folded;
    *odd = false;
    for (size_t k = 1; k < n; k++) {
        const struct token *t = reading_token(r, i + k);
        size_t at = t->folded - first;
        bool may_break = at == 0 || at > 64 || (e->breaks >> (at - 1) & 1);
        if (t->join == JOIN_CAMEL || (may_break && t->join <= widest)) {
            continue;
        }
        if (t->join > JOIN_GLUE || e->n_key < MIN_ODD_BREAK_BYTES) {
            return false;
        }
        *odd = true;
    }
    return true;
}

size_t window_limit(const struct judging *j, size_t i)
{
    size_t n = 0;
    while (n < MAX_WINDOW_TOKENS && i + n < j->r->n_tokens &&
           reading_window(j->r, i, n + 1).n <= j->l->longest_key) {
        n++;
    }
    return n;
}

size_t phrase_at(const struct judging *j, size_t i, enum entry_class class)
{
    for (size_t n = window_limit(j, i); n; n--) {
        struct text key = reading_window(j->r, i, n);
        for (const struct entry *e = NULL; (e = lexicon_next(j->l, key, e));) {
            bool odd;
            if (e->class == class && window_fits(j->r, i, n, e, JOIN_COMMA, &odd) && !odd) {
                return n;
            }
        }
    }
    return 0;
}

bool phrase_before(const struct judging *j, size_t i, enum entry_class class)
{
    if (i == 0 || i >= j->r->n_tokens || reading_token(j->r, i)->join > JOIN_COMMA) {
        return false;
    }
    size_t from = i > MAX_WINDOW_TOKENS ? i - MAX_WINDOW_TOKENS : 0;
    for (size_t k = i; k-- > from;) {
        struct text key = reading_window(j->r, k, i - k);
        bool odd;
        const struct entry *e = lexicon_find(j->l, key, class);
        if (e && window_fits(j->r, k, i - k, e, JOIN_COMMA, &odd) && !odd) {
            return true;
        }
    }
    return false;
}

bool token_is(const struct judging *j, size_t i, enum entry_class class)
{
    return i < j->r->n_tokens && lexicon_find(j->l, token_word(j->r, i), class);
}

bool token_has(const struct judging *j, size_t i, uint32_t flags)
{
    return i < j->r->n_tokens && (reading_token(j->r, i)->flags & flags);
}

bool token_is_capital(const struct judging *j, size_t i)
{
    if (i >= j->r->n_tokens) {
        return false;
    }
    enum shape shape = reading_token(j->r, i)->shape;
    return shape == SHAPE_TITLE || shape == SHAPE_CAPS;
}

bool token_is_initial(const struct judging *j, size_t i)
{
    return i < j->r->n_tokens && reading_token(j->r, i)->shape == SHAPE_TITLE &&
           reading_token(j->r, i)->n_glyphs == 1;
}

enum join judging_join(const struct judging *j, size_t i)
{
    return i < j->r->n_tokens ? reading_token(j->r, i)->join : JOIN_SENTENCE;
}

bool judging_word(const struct judging *j, size_t i, const char *const *words, size_t n)
{
    if (i >= j->r->n_tokens) {
        return false;
    }
    struct text word = token_word(j->r, i);
    for (size_t k = 0; k < n; k++) {
        if (text_equal(word, text_of(words[k]))) {
            return true;
        }
    }
    return false;
}

/* Worst first within the same start, longest first within the same judgement. */
static int finding_order(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    if (a->judgement != b->judgement) {
        return a->judgement < b->judgement ? -1 : 1;
    }
    if (a->end != b->end) {
        return a->end > b->end ? -1 : 1;
    }
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* Sort; leave out what lies inside a finding at least as bad. The two readings of a text find most
 * things twice. */
static size_t tidy(struct finding *f, size_t n)
{
    size_t kept = 0;
    if (n) {
        qsort(f, n, sizeof *f, finding_order);
    }
    for (size_t i = 0; i < n; i++) {
        const struct finding *last = kept ? &f[kept - 1] : NULL;
        bool inside = last && f[i].end <= last->end && f[i].judgement >= last->judgement;
        if (!inside) {
            f[kept++] = f[i];
        }
    }
    return kept;
}

/* Why a text is not even read; FINDING_UNKNOWN when it can be. Control characters hide or forge;
 * line ends and tabs do not. */
static enum finding_kind unreadable_as(struct text text)
{
    if (text.n > MAX_TEXT_BYTES) {
        return FINDING_TOO_LONG;
    }
    if (!text_is_utf8(text)) {
        return FINDING_NOT_TEXT;
    }
    for (size_t i = 0; i < text.n;) {
        uint32_t c = text_next(text, &i);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F) ||
            c == 0xFFFD) {
            return FINDING_CONTROL;
        }
    }
    return FINDING_UNKNOWN;
}

static enum status judge_reading(struct judging *j, struct text text, enum text_role role,
                                 bool decode, struct err *err)
{
    struct reading reading;
    reading_init(&reading);
    enum status st = reading_make(&reading, text, role, decode, err);
    j->r = &reading;
    if (st == STATUS_OK && decode && !reading.changed_by_decoding) {
        goto out; /* as the raw reading: judged already */
    }
    if (st == STATUS_OK && reading.too_dense) {
        judging_claim_bytes(j, (struct finding){.kind = FINDING_UNREADABLE,
                                                .judgement = JUDGE_REVIEW,
                                                .end = text.n,
                                                .person = NO_PERSON});
    }
    for (size_t i = 0; st == STATUS_OK && i < sizeof PASSES / sizeof PASSES[0]; i++) {
        PASSES[i].run(j);
        st = buffer_status(&j->findings, err);
    }
out:
    reading_release(&reading);
    j->r = NULL;
    return st;
}

/* A photo's suffix says what it is, not who is in it. Any other ending is read: "trip.kayode"
 * tells. */
static struct text without_suffix(struct text name)
{
    static const char *const SUFFIXES[] = {".jpg",  ".jpeg", ".jpe",  ".jfif", ".png", ".heic",
                                           ".heif", ".avif", ".webp", ".gif",  ".tif", ".tiff",
                                           ".bmp",  ".dng",  ".cr2",  ".nef",  ".arw", ".mp4",
                                           ".mov",  ".pdf",  ".xmp",  ".json", ".csv"};
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof SUFFIXES[0]; i++) {
        struct text suffix = text_of(SUFFIXES[i]);
        if (name.n > suffix.n && text_ends_with_nocase(name, suffix)) {
            return text_slice(name, 0, name.n - suffix.n);
        }
    }
    return name;
}

/* Whether decoding could change anything: an entity, %xx, \uXXXX, or the first byte of a mojibake
 * pair (Ã, Ä, Å). */
static bool may_be_encoded(struct text t)
{
    return t.n && (memchr(t.at, '&', t.n) || memchr(t.at, '%', t.n) || memchr(t.at, '\\', t.n) ||
                   memchr(t.at, 0xC3, t.n));
}

/* Raw first, then decoded: undoing an entity must not hide what stood there before. */
static enum status judge_both_readings(struct judging *j, struct text text, enum text_role role,
                                       struct err *err)
{
    enum status st = judge_reading(j, text, role, false, err);
    if (st == STATUS_OK && may_be_encoded(text)) {
        st = judge_reading(j, text, role, true, err);
    }
    return st;
}

/* The findings in order, in arena `a`, and the worst of them. */
static enum status report_findings(struct judging *j, struct arena *a, const struct finding **out,
                                   size_t *n_out, enum judgement *verdict, struct err *err)
{
    struct finding *found = (struct finding *)(void *)j->findings.at;
    size_t n = tidy(found, j->findings.n / sizeof *found);
    struct finding *kept = arena_alloc(a, n, sizeof *kept);
    if (!kept) {
        return err_set(err, STATUS_NOMEM, "no memory for the findings of a text");
    }
    enum judgement worst = JUDGE_ALLOW;
    for (size_t i = 0; i < n; i++) {
        kept[i] = found[i];
        worst = found[i].judgement < worst ? found[i].judgement : worst;
    }
    *out = kept;
    *n_out = n;
    *verdict = worst;
    return STATUS_OK;
}

enum status names_judge(const struct lexicon *l, struct text text, enum text_role role,
                        enum name_policy names, struct arena *a, const struct finding **out,
                        size_t *n_out, enum judgement *verdict, struct err *err)
{
    assert(l && a && out && n_out && verdict);
    struct judging j = {.l = l, .r = NULL, .names = names};
    buffer_init(&j.findings, MAX_FINDINGS_BYTES);
    enum status st = STATUS_OK;
    enum finding_kind unreadable = unreadable_as(text);
    if (unreadable == FINDING_UNKNOWN) {
        struct text stem = without_suffix(text);
        st = judge_both_readings(&j, role == TEXT_ROLE_FILE_NAME ? stem : text, role, err);
        if (st == STATUS_OK && role != TEXT_ROLE_FILE_NAME && stem.n < text.n) {
            /* a caption that is a photo's name: its words are also read as a name's */
            st = judge_both_readings(&j, stem, TEXT_ROLE_FILE_NAME, err);
        }
    } else {
        struct finding f = {unreadable, JUDGE_REVIEW, 0, text.n, NO_PERSON};
        buffer_add(&j.findings, &f, sizeof f);
    }
    if (st == STATUS_OK) {
        st = buffer_status(&j.findings, err);
    }
    if (st == STATUS_OK) {
        st = report_findings(&j, a, out, n_out, verdict, err);
    }
    buffer_release(&j.findings);
    return st;
}
