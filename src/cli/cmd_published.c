/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "cli.h"
#include "photogate/posted.h"
#include "photogate/run.h"
#include "takedowns.h"

struct published_wish {
    const char *at, *on;
    bool list, open, json;
    struct date day;
    struct text *photos;
    size_t n_photos;
};

static void print_posting(const struct posting *p)
{
    printf("%s/%s  on %s by ", p->batch, p->file, p->on);
    print_text(stdout, text_of(p->by));
    fputs(": ", stdout);
    print_text(stdout, text_of(p->url));
    if (p->taken_down[0]) {
        printf(" (taken down on %.10s)", p->taken_down);
    } else if (p->recalled[0]) {
        fputs(" (recalled: must come down)", stdout);
    }
    putchar('\n');
}

static int print_list_json(const struct postings *all, bool open)
{
    json_t *list = json_array();
    int bad = list ? 0 : 1;
    for (size_t i = 0; !bad && i < all->n; i++) {
        if (!open || posting_is_open(&all->at[i])) {
            bad |= json_array_append_new(list, posting_json(&all->at[i]));
        }
    }
    json_t *root = bad ? NULL : json_pack("{s:O}", open ? "take_down" : "published", list);
    json_decref(list);
    return print_json_whole(root);
}

/* --open ends with 1 while something must come down, so that a timer can watch it. */
static int print_list(const struct postings *all, const struct published_wish *w)
{
    size_t n_open = postings_open(all);
    int code = w->open && n_open ? EXIT_REFUSED : EXIT_APPROVED;
    if (w->json) {
        int bad = print_list_json(all, w->open);
        return bad ? bad : code;
    }
    if (w->open) {
        puts(n_open ? "Recalled, and still published:" : "Nothing has to be taken down.");
        print_takedowns(all);
        return code;
    }
    for (size_t i = 0; i < all->n; i++) {
        print_posting(&all->at[i]);
    }
    if (all->n == 0) {
        puts("Nobody has recorded where a photo was published.");
    }
    return code;
}

static enum status look(struct home *h, const struct published_wish *w, int *code, struct err *err)
{
    struct postings all;
    enum status st = postings_read(h->ledger, h->policy, &all, err);
    if (st == STATUS_OK) {
        *code = print_list(&all, w);
        postings_release(&all);
    }
    return st;
}

static enum status write_down(struct home *h, const struct published_wish *w, struct err *err)
{
    struct actor actor;
    actor_now(&actor);
    enum status st = posted_record(h, w->photos, w->n_photos, text_of(w->at), w->day, &actor, err);
    if (st == STATUS_OK) {
        printf("Recorded: %zu photo%s published at ", w->n_photos, plural(w->n_photos));
        print_text(stdout, text_of(w->at));
        puts(".");
    }
    return st;
}

static int work(const struct cli *cli, const struct published_wish *w)
{
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    int code = EXIT_APPROVED;
    bool looks = w->list || w->open;
    unsigned needs = looks ? HOME_LEDGER : HOME_REGISTER | HOME_LEDGER_WRITE | HOME_LOCK;
    enum status st = home_open(cli->home, needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    if (!looks) { /* what a kill left is published or not from then on */
        st = run_recover(&h, &recovery, &err);
    }
    if (st == STATUS_OK) {
        st = looks ? look(&h, w, &code, &err) : write_down(&h, w, &err);
    }
    code = st == STATUS_OK ? code : cli_fail(st, &err);
    home_close(&h);
    return tell_alarm(&recovery, code);
}

int cmd_published(const struct cli *cli, int argc, char **argv)
{
    struct published_wish w = {0};
    const struct cli_option options[] = {{"at", &w.at, NULL},
                                         {"on", &w.on, NULL},
                                         {"list", NULL, &w.list},
                                         {"open", NULL, &w.open},
                                         {"json", NULL, &w.json}};
    char **operands;
    int n, code;
    if (!cli_options("published", options, sizeof options / sizeof options[0], argc, argv,
                     &operands, &n, &code)) {
        return code;
    }
    bool looks = w.list || w.open;
    if (looks ? n || w.at || w.on : n == 0 || !w.at) {
        return cli_usage("published",
                         "name approved photos and where they are (--at URL), or give --list");
    }
    if (!cli_date("published", w.on, &w.day)) {
        return EXIT_USAGE;
    }
    if (!date_is_set(w.day)) {
        w.day = date_today();
    }
    w.n_photos = (size_t)n;
    w.photos = calloc(w.n_photos ? w.n_photos : 1, sizeof *w.photos);
    if (!w.photos) {
        struct err err = {0};
        return cli_fail(err_set(&err, STATUS_NOMEM, "out of memory"), &err);
    }
    for (size_t i = 0; i < w.n_photos; i++) {
        w.photos[i] = text_of(operands[i]);
    }
    code = work(cli, &w);
    free(w.photos);
    return code;
}
