/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include "photogate/posted.h"
#include "photogate/run.h"
#include "takedowns.h"

static enum status take_down(struct home *h, const char *photo, const char *at, const char *reason,
                             struct err *err)
{
    struct actor actor;
    struct postings all;
    size_t n = 0;
    actor_now(&actor);
    enum status st = posted_end(h, text_of(photo), text_of(at ? at : ""),
                                text_of(reason ? reason : ""), &actor, &n, err);
    if (st == STATUS_OK) {
        st = postings_read(h->ledger, h->policy, &all, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    printf("Recorded: taken down from %zu address%s.\n", n, n == 1 ? "" : "es");
    if (postings_open(&all)) {
        puts("Still to be taken down:");
        print_takedowns(&all);
    }
    postings_release(&all);
    return st;
}

int cmd_taken_down(const struct cli *cli, int argc, char **argv)
{
    const char *at = NULL, *reason = NULL;
    const struct cli_option options[] = {{"at", &at, NULL}, {"reason", &reason, NULL}};
    char **operands;
    int n, code;
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    if (!cli_options("taken-down", options, sizeof options / sizeof options[0], argc, argv,
                     &operands, &n, &code)) {
        return code;
    }
    if (n != 1) {
        return cli_usage("taken-down", "name one photo: BATCH/photo-0001.jpg");
    }
    enum status st = home_open(cli->home, HOME_REGISTER | HOME_LEDGER_WRITE | HOME_LOCK, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = run_recover(&h, &recovery, &err);
    if (st == STATUS_OK) {
        st = take_down(&h, operands[0], at, reason, &err);
    }
    code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    home_close(&h);
    return tell_alarm(&recovery, code);
}
