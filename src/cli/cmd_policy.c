/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli.h"

static void print_line(const char *label, struct text value)
{
    if (value.n) {
        printf("%-16s", label);
        print_text(stdout, value);
        putchar('\n');
    }
}

static void print_channel(const struct policy *p, const struct channel_policy *c)
{
    printf("channel %.*s: ", TEXT_ARG(c->name));
    print_text(stdout, c->title);
    if (!c->official) {
        puts(" - not an account of the school; nothing may go there");
        return;
    }
    fputs(" - needs consent for", stdout);
    for (int u = PURPOSE_UNKNOWN + 1; u < N_PURPOSES; u++) {
        if (c->needs[u]) {
            printf(" %s", purpose_name((enum purpose)u));
            if (p->purposes[u].written_only) {
                fputs(" (written)", stdout);
            }
            if (p->purposes[u].max_age_months) {
                printf(" (at most %u months old)", p->purposes[u].max_age_months);
            }
        }
    }
    putchar('\n');
}

static void show(const struct policy *p)
{
    char hex[DIGEST_HEX_BYTES], date[DATE_TEXT_BYTES];
    print_line("policy", p->name);
    print_line("title", p->title);
    print_line("source", p->source);
    print_line("version", p->version);
    if (date_is_set(p->review_date)) {
        bool overdue = date_compare(p->review_date, date_today()) < 0;
        printf("%-16s%s%s\n", "review by", date_format(p->review_date, date),
               overdue ? " - OVERDUE" : "");
    }
    printf("%-16s%s\n", "digest", digest_hex(&p->digest, hex));
    for (size_t i = 0; i < p->n_channels; i++) {
        print_channel(p, &p->channels[i]);
    }
    for (size_t i = 0; i < p->n_clauses; i++) {
        printf("%.*s: ", TEXT_ARG(p->clauses[i].field));
        print_text(stdout, p->clauses[i].header);
        putchar('\n');
    }
    for (size_t i = 0; i < p->n_lists; i++) {
        printf("word list %.*s: %zu entries\n", TEXT_ARG(p->lists[i].name), p->lists[i].n_words);
    }
}

/* Settings and policy are each right by now; together they may not be. */
static enum status check_together(const struct home *h, struct err *err)
{
    struct text channel = h->school->default_channel;
    if (channel.n == 0 || policy_channel(h->policy, channel)) {
        return STATUS_OK;
    }
    return err_set(err, STATUS_FORMAT,
                   "photogate.conf: [run] channel = %.*s: the policy '%.*s' has no such channel; "
                   "'photogate policy show' lists those it has",
                   TEXT_ARG(channel), TEXT_ARG(h->policy->name));
}

int cmd_policy(const struct cli *cli, int argc, char **argv)
{
    char **operands;
    int n, code;
    if (!cli_options("policy", NULL, 0, argc, argv, &operands, &n, &code)) {
        return code;
    }
    bool checking = n == 1 && strcmp(operands[0], "check") == 0;
    if (!checking && !(n == 1 && strcmp(operands[0], "show") == 0)) {
        return cli_usage("policy", "say 'check' or 'show'");
    }
    struct home h;
    struct err err = {0};
    enum status st = home_open(cli->home, HOME_POLICY, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    code = EXIT_APPROVED;
    st = checking ? check_together(&h, &err) : STATUS_OK;
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
    } else if (checking) {
        printf("The policy '%.*s' and the school's settings are in order.\n",
               TEXT_ARG(h.policy->name));
    } else {
        show(h.policy);
    }
    home_close(&h);
    return code;
}
