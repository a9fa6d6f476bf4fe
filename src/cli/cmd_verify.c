/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <string.h>

#include "cli.h"
#include "photogate/checkpoint.h"
#include "photogate/run.h"

/* What was found of each part; a part that was not looked at is zero. */
struct findings {
    struct ledger_state ledger;
    struct approved_state approved;
    struct checkpoint_check checkpoint;
    bool checkpoint_given;
};

static void print_plain(const struct findings *f)
{
    const struct ledger_state *l = &f->ledger;
    const struct approved_state *a = &f->approved;
    char hex[DIGEST_HEX_BYTES];
    if (l->first_bad) {
        printf("ledger: broken at entry %lld: %s\n", (long long)l->first_bad, l->trouble);
        return;
    }
    printf("ledger: %lld entries, whole, head %s\n", (long long)l->n_entries,
           digest_hex(&l->head, hex));
    if (f->checkpoint_given && f->checkpoint.holds) {
        printf("checkpoint: holds; the first %lld entries are those that were signed\n",
               (long long)f->checkpoint.size);
    } else if (f->checkpoint_given) {
        printf("checkpoint: DOES NOT HOLD: ");
        print_text(stdout, text_of(f->checkpoint.trouble));
        putchar('\n');
    }
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

static void print_json(const struct findings *f)
{
    const struct ledger_state *l = &f->ledger;
    const struct approved_state *a = &f->approved;
    char hex[DIGEST_HEX_BYTES];
    json_t *o = json_pack("{s:{s:I, s:b, s:I, s:s, s:s}, s:{s:I, s:I, s:I, s:I}}", "ledger",
                          "entries", (json_int_t)l->n_entries, "whole", l->first_bad == 0,
                          "first_bad", (json_int_t)l->first_bad, "trouble", l->trouble, "head",
                          digest_hex(&l->head, hex), "approved", "as_named", (json_int_t)a->n_files,
                          "missing", (json_int_t)a->n_missing, "altered", (json_int_t)a->n_altered,
                          "unknown", (json_int_t)a->n_unknown);
    if (o && f->checkpoint_given) {
        (void)json_object_set_new(o, "checkpoint",
                                  json_pack("{s:b, s:I, s:s}", "holds", f->checkpoint.holds,
                                            "entries", (json_int_t)f->checkpoint.size, "trouble",
                                            f->checkpoint.trouble));
    }
    if (o) {
        (void)json_dumpf(o, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
        putchar('\n');
    }
    json_decref(o);
}

static enum status check_checkpoint(const struct home *h, const char *file, const char *key,
                                    struct checkpoint_check *out, struct err *err)
{
    struct buffer note;
    buffer_init(&note, CHECKPOINT_MAX_BYTES);
    enum status st = file_read(AT_FDCWD, file, CHECKPOINT_MAX_BYTES, &note, err);
    if (st == STATUS_OK) {
        st = checkpoint_verify(h->fd, h->ledger, (struct text){(const char *)note.at, note.n},
                               text_of(key), out, err);
        if (st != STATUS_OK) {
            err_prefix(err, "%s: ", file);
        }
    }
    buffer_release(&note);
    return st;
}

static bool is_whole(const struct findings *f)
{
    return f->ledger.first_bad == 0 && f->approved.n_missing == 0 && f->approved.n_altered == 0 &&
           f->approved.n_unknown == 0 && (!f->checkpoint_given || f->checkpoint.holds);
}

int cmd_verify(const struct cli *cli, int argc, char **argv)
{
    bool json = false;
    const char *checkpoint = NULL, *key = NULL;
    const struct cli_option options[] = {
        {"json", NULL, &json}, {"checkpoint", &checkpoint, NULL}, {"key", &key, NULL}};
    char **operands;
    int n, code;
    if (!cli_options("verify", options, 3, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 0) {
        return cli_usage("verify", "takes no file");
    }
    if (key && !checkpoint) {
        return cli_usage("verify", "--key goes with --checkpoint");
    }
    struct home h;
    struct err err = {0};
    struct findings f = {.checkpoint_given = checkpoint != NULL};
    enum status st = home_open(cli->home, HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = ledger_verify(h.ledger, &f.ledger, &err);
    if (st == STATUS_OK && f.ledger.first_bad == 0) {
        st = approved_verify(&h, &f.approved, &err);
    }
    if (st == STATUS_OK && f.ledger.first_bad == 0 && checkpoint) {
        st = check_checkpoint(&h, checkpoint, key, &f.checkpoint, &err);
    }
    home_close(&h);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    if (json) {
        print_json(&f);
    } else {
        print_plain(&f);
    }
    return is_whole(&f) ? EXIT_APPROVED : EXIT_BROKEN;
}
