/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names_judge_fields: what a post carries, alone and joined. */
#include <assert.h>
#include <stdlib.h>

#include "photogate/limits.h"
#include "photogate/names.h"

/* Between two fields: a new line begins, and the sentence may go on (U+2028 LINE SEPARATOR). */
static const char SEPARATOR[] = "\u2028";

enum { MAX_FIELD_FINDINGS_BYTES = 16 * 1024 * 1024 };

struct fields {
    const struct lexicon *l;
    const struct text_field *at;
    size_t n;
    enum name_policy names;
    struct arena *arena;
    struct buffer found; /* struct field_finding */
    enum judgement worst;
};

static struct field_finding *found_at(const struct fields *f, size_t i)
{
    return (struct field_finding *)(void *)f->found.at + i;
}

static void add(struct fields *f, size_t field, struct finding finding)
{
    struct field_finding one = {field, finding};
    buffer_add(&f->found, &one, sizeof one);
}

/* Is that part of the field covered by a finding at least as bad? */
static bool is_known(const struct fields *f, size_t n, size_t field, const struct finding *what)
{
    for (size_t i = 0; i < n; i++) {
        const struct field_finding *one = found_at(f, i);
        if (one->field == field && one->finding.start <= what->start &&
            one->finding.end >= what->end && one->finding.judgement <= what->judgement) {
            return true;
        }
    }
    return false;
}

static enum status judge_alone(struct fields *f, struct err *err)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct finding *found;
        size_t n;
        enum judgement verdict = JUDGE_BLOCK;
        enum status st = names_judge(f->l, f->at[i].text, f->at[i].role, f->names, f->arena, &found,
                                     &n, &verdict, err);
        if (st != STATUS_OK) {
            return st;
        }
        f->worst = verdict < f->worst ? verdict : f->worst;
        for (size_t k = 0; k < n; k++) {
            add(f, i, found[k]);
        }
    }
    return STATUS_OK;
}

static bool is_joined(const struct text_field *field)
{
    return field->text.n && field->role != TEXT_ROLE_FILE_NAME;
}

/* Put a finding of the joined text into the fields that it covers. */
static void spread(struct fields *f, size_t n_alone, const struct finding *joined, bool backward)
{
    size_t begin = 0;
    for (size_t k = 0; k < f->n; k++) {
        size_t i = backward ? f->n - 1 - k : k;
        if (!is_joined(&f->at[i])) {
            continue;
        }
        size_t end = begin + f->at[i].text.n;
        struct finding part = *joined;
        part.start = joined->start > begin ? joined->start - begin : 0;
        part.end = (joined->end < end ? joined->end : end) - begin;
        if (joined->start < end && joined->end > begin && !is_known(f, n_alone, i, &part)) {
            add(f, i, part);
            f->worst = part.judgement < f->worst ? part.judgement : f->worst;
        }
        begin = end + sizeof SEPARATOR - 1;
    }
}

/* All fields as one text, in their order or from the last to the first: who reads a post does not
 * know which was written first. Over-long together: each alone was judged, and a name across them
 * cannot be ruled out, so it is held. */
static enum status judge_joined(struct fields *f, bool backward, struct err *err)
{
    struct buffer all;
    size_t parts = 0, n = 0, n_alone = f->found.n / sizeof(struct field_finding);
    const struct finding *found = NULL;
    enum judgement verdict = JUDGE_BLOCK;
    buffer_init(&all, (size_t)MAX_TEXTS * MAX_TEXT_BYTES + MAX_TEXT_BYTES);
    for (size_t k = 0; k < f->n; k++) {
        size_t i = backward ? f->n - 1 - k : k;
        if (is_joined(&f->at[i])) {
            buffer_add_cstr(&all, parts++ ? SEPARATOR : "");
            buffer_add(&all, f->at[i].text.at, f->at[i].text.n);
        }
    }
    enum status st = buffer_status(&all, err);
    if (st == STATUS_OK && parts > 1) {
        struct text text = {(const char *)all.at, all.n};
        st = names_judge(f->l, text, TEXT_ROLE_CAPTION, f->names, f->arena, &found, &n, &verdict,
                         err);
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        spread(f, n_alone, &found[i], backward);
    }
    buffer_release(&all);
    return st;
}

static int field_order(const void *left, const void *right)
{
    const struct field_finding *a = left, *b = right;
    if (a->field != b->field) {
        return a->field < b->field ? -1 : 1;
    }
    if (a->finding.start != b->finding.start) {
        return a->finding.start < b->finding.start ? -1 : 1;
    }
    return (a->finding.judgement > b->finding.judgement) -
           (a->finding.judgement < b->finding.judgement);
}

enum status names_judge_fields(const struct lexicon *l, const struct text_field *fields,
                               size_t n_fields, enum name_policy names, struct arena *a,
                               const struct field_finding **out, size_t *n_out,
                               enum judgement *verdict, struct err *err)
{
    assert(l && a && out && n_out && verdict && (fields || n_fields == 0));
    struct fields f = {.l = l, .at = fields, .n = n_fields, .names = names, .arena = a};
    f.worst = JUDGE_ALLOW;
    buffer_init(&f.found, MAX_FIELD_FINDINGS_BYTES);
    enum status st = judge_alone(&f, err);
    for (int backward = 0; st == STATUS_OK && backward < 2; backward++) {
        st = judge_joined(&f, backward == 1, err);
    }
    if (st == STATUS_OK) {
        st = buffer_status(&f.found, err);
    }
    size_t n = f.found.n / sizeof(struct field_finding);
    struct field_finding *kept = NULL;
    if (st == STATUS_OK && n) {
        kept = arena_alloc(a, n, sizeof *kept);
        st = kept ? STATUS_OK : err_set(err, STATUS_NOMEM, "no memory for the findings of a post");
    }
    if (st == STATUS_OK) {
        for (size_t i = 0; i < n; i++) {
            kept[i] = *found_at(&f, i);
        }
        if (n) {
            qsort(kept, n, sizeof *kept, field_order);
        }
        *out = kept;
        *n_out = n;
        *verdict = f.worst;
    }
    buffer_release(&f.found);
    return st;
}
