/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli.h"
#include "photogate/ruling.h"

static void print_plain(const struct rule *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        printf("%s  %-24s %s\n     %s.\n     Source: %s\n     What to do: %s\n\n", all[i].code,
               all[i].name, verdict_name(all[i].verdict), all[i].title, all[i].clause,
               all[i].remedy);
    }
}

/* A cell of a Markdown table may hold no bar. */
static void print_cell(const char *s)
{
    for (; *s; s++) {
        fputs(*s == '|' ? "\\|" : (char[]){*s, '\0'}, stdout);
    }
    fputs(" | ", stdout);
}

static void print_markdown(const struct rule *all, size_t n)
{
    puts("| Code | Rule | Means | When | Source | What to do |\n|---|---|---|---|---|---|");
    for (size_t i = 0; i < n; i++) {
        fputs("| ", stdout);
        print_cell(all[i].code);
        print_cell(all[i].name);
        print_cell(verdict_name(all[i].verdict));
        print_cell(all[i].title);
        print_cell(all[i].clause);
        print_cell(all[i].remedy);
        putchar('\n');
    }
}

static int print_json(const struct rule *all, size_t n)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        json_t *o = json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:s*, s:s, s:b}", "code", all[i].code, "name", all[i].name,
            "title", all[i].title, "clause", all[i].clause, "verdict", verdict_name(all[i].verdict),
            "policy_key", all[i].policy_key, "remedy", all[i].remedy, "protects", all[i].protects);
        ok = json_array_append_new(list, o) == 0;
    }
    ok = ok && json_dumpf(list, stdout, JSON_INDENT(2)) == 0;
    putchar('\n');
    json_decref(list);
    return ok ? EXIT_APPROVED : EXIT_ENVIRONMENT;
}

int cmd_rules(const struct cli *cli, int argc, char **argv)
{
    bool markdown = false, json = false;
    const struct cli_option options[] = {{"markdown", NULL, &markdown}, {"json", NULL, &json}};
    char **operands;
    int n_operands, code;
    size_t n;
    (void)cli;
    if (!cli_options("rules", options, 2, argc, argv, &operands, &n_operands, &code)) {
        return code;
    }
    if (n_operands || (markdown && json)) {
        return cli_usage("rules", "takes --markdown or --json, and nothing else");
    }
    const struct rule *all = rules_all(&n);
    if (json) {
        return print_json(all, n);
    }
    if (markdown) {
        print_markdown(all, n);
    } else {
        print_plain(all, n);
    }
    return EXIT_APPROVED;
}
