/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "photogate/limits.h"
#include "photogate/names.h"

struct asked {
    const struct lexicon *lexicon;
    enum name_policy names;
    bool json;
};

static json_t *findings_json(struct text text, const struct finding *all, size_t n)
{
    json_t *list = json_array();
    (void)text;
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_pack("{s:s, s:s, s:I, s:I, s:s, s:s}", "rule", finding_name(all[i].kind),
                              "verdict", judgement_name(all[i].judgement), "start",
                              (json_int_t)all[i].start, "end", (json_int_t)all[i].end, "kind",
                              finding_words(all[i].kind), "fix", finding_fix(all[i].kind));
        if (json_array_append_new(list, o) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static void print_plain(struct text text, enum judgement verdict, const struct finding *all,
                        size_t n)
{
    static const char *const WORDS[] = {
        [JUDGE_BLOCK] = "STOP", [JUDGE_REVIEW] = "CHECK", [JUDGE_ALLOW] = "OK"};
    printf("%-5s  ", WORDS[verdict]);
    print_text(stdout, text);
    putchar('\n');
    for (size_t i = 0; i < n; i++) {
        printf("       \"");
        print_text(stdout, text_slice(text, all[i].start, all[i].end - all[i].start));
        printf("\": %s. %s\n", finding_words(all[i].kind), finding_fix(all[i].kind));
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
                                  findings_json(text, all, n));
            if (o) {
                (void)json_dumpf(o, stdout, JSON_COMPACT);
                putchar('\n');
            } else {
                err_clear(&err);
                (void)err_set(&err, STATUS_NOMEM, "out of memory");
                code = cli_fail(STATUS_NOMEM, &err);
            }
            json_decref(o);
        } else {
            print_plain(text, verdict, all, n);
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

static int check_file(const struct asked *q, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        struct err err = {0};
        enum status st = err_set(&err, STATUS_IO, "%s: %s", path, strerror(errno));
        return cli_fail(st, &err);
    }
    int code = check_lines(q, f, path);
    (void)fclose(f);
    return code;
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
                          json || lines};
        code = file         ? check_file(&q, file)
               : from_stdin ? check_lines(&q, stdin, "standard input")
                            : check(&q, text_of(operands[0]));
    }
    lexicon_free(lexicon);
    arena_release(&a);
    home_close(&h);
    return code;
}
