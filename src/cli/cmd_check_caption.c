/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "caption_rows.h"
#include "cli.h"
#include "photogate/limits.h"
#include "photogate/names.h"

struct asked {
    const struct lexicon *lexicon;
    enum name_policy names;
    const char *exception; /* whoever may clear a pupil's name with a photo; NULL: nobody */
    bool json;
    int worst; /* exit code of the rows so far */
};

enum { FIX_BYTES = 400 };

/* What to do about it. Where the policy lets somebody clear a name, that is another way. */
static const char *fix_words(const struct asked *q, const struct finding *f, char out[FIX_BYTES])
{
    bool is_name =
        f->judgement == JUDGE_BLOCK &&
        (f->kind == FINDING_FULL_NAME || f->kind == FINDING_FORENAME || f->kind == FINDING_SURNAME);
    if (!q->exception || !is_name) {
        return finding_fix(f->kind);
    }
    (void)snprintf(out, FIX_BYTES,
                   "%s Or, if every pupil named has consented to name_with_photo, %s can clear it "
                   "once the photo is run with this caption.",
                   finding_fix(f->kind), q->exception);
    return out;
}

static json_t *finding_json(const struct asked *q, const struct finding *f)
{
    char fix[FIX_BYTES];
    return json_pack("{s:s, s:s, s:I, s:I, s:s, s:s}", "rule", finding_name(f->kind), "verdict",
                     judgement_name(f->judgement), "start", (json_int_t)f->start, "end",
                     (json_int_t)f->end, "kind", finding_words(f->kind), "fix",
                     fix_words(q, f, fix));
}

static json_t *findings_json(const struct asked *q, const struct finding *all, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        if (json_array_append_new(list, finding_json(q, &all[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Print and let go; NULL is no memory. */
static enum status put_json(json_t *o, struct err *err)
{
    if (!o) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    (void)json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
    return STATUS_OK;
}

static const char *verdict_word(enum judgement verdict)
{
    return verdict == JUDGE_ALLOW ? "OK" : verdict == JUDGE_REVIEW ? "CHECK" : "STOP";
}

/* Printable, and no more of it than a person reads; the JSON form has the whole extent. */
static void print_some(struct text text)
{
    enum { MAX_SHOWN_BYTES = 400 };
    size_t n = text.n;
    if (n > MAX_SHOWN_BYTES) {
        n = MAX_SHOWN_BYTES;
        while (n && ((unsigned char)text.at[n] & 0xC0) == 0x80) {
            n--; /* not inside a character */
        }
    }
    print_text(stdout, text_slice(text, 0, n));
    if (n < text.n) {
        printf(" ... (%zu bytes in all)", text.n);
    }
}

static void print_finding(const struct asked *q, struct text text, const struct finding *f)
{
    char fix[FIX_BYTES];
    printf("       \"");
    print_some(text_slice(text, f->start, f->end - f->start));
    printf("\": %s. %s\n", finding_words(f->kind), fix_words(q, f, fix));
}

static void print_plain(const struct asked *q, struct text text, enum judgement verdict,
                        const struct finding *all, size_t n)
{
    printf("%-5s  ", verdict_word(verdict));
    print_some(text);
    putchar('\n');
    for (size_t i = 0; i < n; i++) {
        print_finding(q, text, &all[i]);
    }
}

/* Judge and tell one text; the exit code it calls for. An error in judging is not a pass. */
static int check(const struct asked *q, struct text text)
{
    struct arena a;
    struct err err = {0};
    const struct finding *all = NULL;
    size_t n = 0;
    enum judgement verdict = JUDGE_BLOCK;
    int code;
    arena_init(&a, (size_t)64 * 1024 * 1024);
    enum status st =
        names_judge(q->lexicon, text, TEXT_ROLE_CAPTION, q->names, &a, &all, &n, &verdict, &err);
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
    } else {
        code = verdict == JUDGE_ALLOW ? EXIT_APPROVED : EXIT_REFUSED;
        if (q->json) {
            json_t *o = json_pack("{s:s, s:o}", "verdict", judgement_name(verdict), "findings",
                                  findings_json(q, all, n));
            st = put_json(o, &err);
            code = st == STATUS_OK ? code : cli_fail(st, &err);
        } else {
            print_plain(q, text, verdict, all, n);
        }
    }
    arena_release(&a);
    return code;
}

static int check_lines(const struct asked *q, FILE *from, const char *name)
{
    char *line = NULL;
    size_t room = 0;
    int worst = EXIT_APPROVED;
    errno = 0;
    for (;;) {
        ssize_t n = getline(&line, &room, from);
        if (n < 0) {
            break;
        }
        struct text t = {line, (size_t)n};
        while (t.n && (t.at[t.n - 1] == '\n' || t.at[t.n - 1] == '\r')) {
            t.n--;
        }
        if (t.n == 0 && !q->json) {
            continue;
        }
        int code = check(q, t);
        worst = code > worst ? code : worst;
        (void)fflush(stdout); /* a form may be waiting for this line's answer */
    }
    if (ferror(from)) {
        struct err err = {0};
        enum status st = err_set(&err, STATUS_IO, "%s: %s", name, strerror(errno));
        worst = cli_fail(st, &err);
    }
    free(line);
    return worst;
}

static json_t *post_json(const struct asked *q, const struct post *post, enum judgement verdict,
                         const struct field_finding *all, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = finding_json(q, &all[i].finding);
        (void)json_object_set_new(o, "field", json_string(post->headings[all[i].field]));
        if (json_array_append_new(list, o) != 0) {
            json_decref(list);
            list = NULL;
            break;
        }
    }
    return json_pack("{s:I, s:s, s:o}", "row", (json_int_t)post->row, "verdict",
                     judgement_name(verdict), "findings", list);
}

static void print_post(const struct asked *q, const struct post *post, enum judgement verdict,
                       const struct field_finding *all, size_t n)
{
    printf("%-5s  row %zu\n", verdict_word(verdict), post->row);
    for (size_t i = 0; i < n; i++) {
        printf("     %s:\n", post->headings[all[i].field]);
        print_finding(q, post->fields[all[i].field].text, &all[i].finding);
    }
}

/* One row of a CSV file: its fields alone and together. */
static enum status check_post(void *asked, const struct post *post, struct err *err)
{
    struct asked *q = asked;
    struct arena a;
    const struct field_finding *all = NULL;
    size_t n = 0;
    enum judgement verdict = JUDGE_BLOCK;
    arena_init(&a, (size_t)64 * 1024 * 1024);
    enum status st = names_judge_fields(q->lexicon, post->fields, post->n_fields, q->names, &a,
                                        &all, &n, &verdict, err);
    if (st == STATUS_OK) {
        q->worst = verdict == JUDGE_ALLOW ? q->worst : EXIT_REFUSED;
        if (q->json) {
            st = put_json(post_json(q, post, verdict, all, n), err);
        } else {
            print_post(q, post, verdict, all, n);
        }
    }
    arena_release(&a);
    return st;
}

static int check_rows(struct asked *q, FILE *from, const char *name)
{
    struct err why = {0}, err = {0};
    q->worst = EXIT_APPROVED;
    enum status st = caption_rows(from, check_post, q, &why);
    if (st == STATUS_OK) {
        return q->worst;
    }
    (void)err_set(&err, st, "%s: %s", name, why.text);
    return cli_fail(st, &err);
}

static int check_file(struct asked *q, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        struct err err = {0};
        enum status st = err_set(&err, STATUS_IO, "%s: %s", path, strerror(errno));
        return cli_fail(st, &err);
    }
    bool rows = text_ends_with_nocase(text_of(path), TEXT(".csv"));
    int code = rows ? check_rows(q, f, path) : check_lines(q, f, path);
    (void)fclose(f);
    return code;
}

static const char *exception_words(enum name_exception e)
{
    switch (e) {
    case EXCEPTION_HEAD:
        return "the head";
    case EXCEPTION_DPO:
        return "the data protection officer";
    case EXCEPTION_BOTH:
        return "the head and the data protection officer together";
    case EXCEPTION_NONE:
        break;
    }
    return NULL;
}

int cmd_check_caption(const struct cli *cli, int argc, char **argv)
{
    bool json = false, text_only = false, lines = false;
    const char *file = NULL;
    const struct cli_option options[] = {{"json", NULL, &json},
                                         {"text-only", NULL, &text_only},
                                         {"lines", NULL, &lines},
                                         {"file", &file, NULL}};
    char **operands;
    int n, code;
    if (!cli_options("check-caption", options, 4, argc, argv, &operands, &n, &code)) {
        return code;
    }
    bool from_stdin = lines || (n == 1 && strcmp(operands[0], "-") == 0);
    bool has_text = n == 1 && (!lines || strcmp(operands[0], "-") == 0);
    if (n > 1 || has_text + (file != NULL) + (lines && n == 0) != 1) {
        return cli_usage("check-caption", "give one caption (in quotes), or '-', or --file");
    }
    struct home h;
    struct err err = {0};
    struct arena a;
    struct snapshot people;
    struct lexicon *lexicon = NULL;
    arena_init(&a, (size_t)4 * 1024 * 1024 * 1024);
    enum status st = home_open(cli->home, HOME_REGISTER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = register_snapshot(h.people, &a, &people, &err);
    if (st == STATUS_OK && people.version == 0) {
        st = err_set(&err, STATUS_USAGE,
                     "the register is empty: no caption can be judged against it");
    }
    if (st == STATUS_OK) {
        st = lexicon_build(&people, h.policy, &lexicon, &err);
    }
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
    } else {
        struct asked q = {lexicon,
                          text_only ? h.policy->names_text_only : h.policy->names_with_photo,
                          text_only ? NULL : exception_words(h.policy->name_exception),
                          json || lines, EXIT_APPROVED};
        code = file         ? check_file(&q, file)
               : from_stdin ? check_lines(&q, stdin, "standard input")
                            : check(&q, text_of(operands[0]));
    }
    lexicon_free(lexicon);
    arena_release(&a);
    home_close(&h);
    return code;
}
