/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "cli.h"
#include "photogate/checkpoint.h"

static int print_note(const struct home *h, struct err *err)
{
    struct ledger_state state;
    struct buffer note;
    int code = EXIT_APPROVED;
    buffer_init(&note, CHECKPOINT_MAX_BYTES);
    enum status st = ledger_verify(h->ledger, &state, err);
    if (st == STATUS_OK && state.first_bad) {
        st = err_set(err, STATUS_BROKEN,
                     "the ledger is broken at entry %lld and is not signed for; 'photogate verify' "
                     "says more",
                     (long long)state.first_bad);
    }
    st = st == STATUS_OK ? checkpoint_sign(h->fd, h->ledger, &note, err) : st;
    if (st == STATUS_OK && fwrite(note.at, 1, note.n, stdout) != note.n) {
        st = err_set(err, STATUS_IO, "the checkpoint could not be written: %s", strerror(errno));
    }
    if (st != STATUS_OK) {
        code = cli_fail(st, err);
    }
    buffer_release(&note);
    return code;
}

static int print_key(const struct home *h, struct err *err)
{
    char vkey[CHECKPOINT_VKEY_BYTES];
    enum status st = checkpoint_vkey(h->fd, h->ledger, vkey, err);
    if (st != STATUS_OK) {
        return cli_fail(st, err);
    }
    puts(vkey);
    return EXIT_APPROVED;
}

int cmd_checkpoint(const struct cli *cli, int argc, char **argv)
{
    bool key = false;
    const struct cli_option options[] = {{"key", NULL, &key}};
    char **operands;
    int n, code;
    if (!cli_options("checkpoint", options, 1, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 0) {
        return cli_usage("checkpoint",
                         "takes no file; 'photogate verify --checkpoint FILE' checks");
    }
    struct home h;
    struct err err = {0};
    enum status st = home_open(cli->home, HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    code = key ? print_key(&h, &err) : print_note(&h, &err);
    home_close(&h);
    return code;
}
