/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include "photogate/run.h"

static void print_plain(const struct ledger_state *l, const struct approved_state *a)
{
    char hex[DIGEST_HEX_BYTES];
    if (l->first_bad) {
        printf("ledger: broken at entry %lld: %s\n", (long long)l->first_bad, l->trouble);
        return;
    }
    printf("ledger: %lld entries, whole, head %s\n", (long long)l->n_entries,
           digest_hex(&l->head, hex));
    if (a->n_missing || a->n_altered || a->n_unknown) {
        printf("approved: %zu as named, %zu missing, %zu altered, %zu unknown; first: ", a->n_files,
               a->n_missing, a->n_altered, a->n_unknown);
        print_text(stdout, text_of(a->first_trouble));
        putchar('\n');
    } else {
        printf("approved: %zu photo%s, each as the ledger names it\n", a->n_files,
               plural(a->n_files));
    }
}

static void print_json(const struct ledger_state *l, const struct approved_state *a)
{
    char hex[DIGEST_HEX_BYTES];
    json_t *o = json_pack("{s:{s:I, s:b, s:I, s:s, s:s}, s:{s:I, s:I, s:I, s:I}}", "ledger",
                          "entries", (json_int_t)l->n_entries, "whole", l->first_bad == 0,
                          "first_bad", (json_int_t)l->first_bad, "trouble", l->trouble, "head",
                          digest_hex(&l->head, hex), "approved", "as_named", (json_int_t)a->n_files,
                          "missing", (json_int_t)a->n_missing, "altered", (json_int_t)a->n_altered,
                          "unknown", (json_int_t)a->n_unknown);
    if (o) {
        (void)json_dumpf(o, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
        putchar('\n');
    }
    json_decref(o);
}

int cmd_verify(const struct cli *cli, int argc, char **argv)
{
    bool json = false;
    const struct cli_option options[] = {{"json", NULL, &json}};
    char **operands;
    int n, code;
    if (!cli_options("verify", options, 1, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 0) {
        return cli_usage("verify", "takes no file");
    }
    struct home h;
    struct err err = {0};
    struct ledger_state ledger = {0};
    struct approved_state approved = {0};
    enum status st = home_open(cli->home, HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = ledger_verify(h.ledger, &ledger, &err);
    if (st == STATUS_OK && ledger.first_bad == 0) {
        st = approved_verify(&h, &approved, &err);
    }
    home_close(&h);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    if (json) {
        print_json(&ledger, &approved);
    } else {
        print_plain(&ledger, &approved);
    }
    bool whole = ledger.first_bad == 0 && approved.n_missing == 0 && approved.n_altered == 0 &&
                 approved.n_unknown == 0;
    return whole ? EXIT_APPROVED : EXIT_BROKEN;
}
