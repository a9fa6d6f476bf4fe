/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli.h"
#include "photogate/purge.h"
#include "photogate/run.h"

static void print_who(const struct person *p)
{
    print_text(stdout, p->legal_forename);
    putchar(' ');
    print_text(stdout, p->legal_surname);
    struct text number = p->admission_no.n ? p->admission_no : p->upn;
    if (number.n) {
        fputs(" (", stdout);
        print_text(stdout, number);
        putchar(')');
    }
}

static void print_kind(const struct home *h, const struct purge *p, enum purge_kind kind)
{
    uint32_t days = purge_days(h->policy, kind);
    if (p->n_going[kind] + p->n_staying[kind] == 0) {
        return;
    }
    printf("%s, older than %u days: %zu\n", purge_kind_words(kind), days, p->n_going[kind]);
    for (size_t i = 0; i < p->n_items; i++) {
        const struct purge_item *item = &p->items[i];
        char day[DATE_TEXT_BYTES];
        if (item->kind != kind) {
            continue;
        }
        printf("  %s  ", date_format(item->since, day));
        if (item->person) {
            print_who(item->person);
        } else {
            print_text(stdout, item->path);
        }
        printf(item->stays ? ": STAYS: %s\n" : "%s\n", item->stays ? item->stays : "");
    }
}

static size_t n_going(const struct purge *p)
{
    size_t n = 0;
    for (unsigned k = 0; k < N_PURGE_KINDS; k++) {
        n += p->n_going[k];
    }
    return n;
}

static void print_plain(const struct home *h, const struct purge *p, bool done)
{
    char day[DATE_TEXT_BYTES];
    for (unsigned k = 0; k < N_PURGE_KINDS; k++) {
        print_kind(h, p, (enum purge_kind)k);
    }
    if (n_going(p) == 0) {
        printf("Nothing is due by %s, by the policy ", date_format(p->today, day));
        print_text(stdout, h->policy->name);
        puts(".");
    } else if (done) {
        printf("Deleted: %zu. The ledger records it.%s\n", n_going(p),
               p->n_going[PURGE_APPROVED] ? " Take down what was published of these photos." : "");
    } else {
        printf("Due: %zu. Nothing was deleted: give --yes to delete it.\n", n_going(p));
    }
}

static enum status print_json(const struct purge *p, bool done, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    json_t *items = json_array();
    bool bad = !items;
    for (size_t i = 0; !bad && i < p->n_items; i++) {
        const struct purge_item *item = &p->items[i];
        bool leaver = item->person != NULL;
        struct text what = leaver ? text_of(item->pseudonym) : item->path;
        json_t *o = json_pack("{s:s, s:s%, s:s, s:b, s:s?}", "kind", purge_kind_name(item->kind),
                              leaver ? "person" : "path", what.at, what.n, "since",
                              date_format(item->since, day), "goes", item->stays == NULL, "stays",
                              item->stays);
        bad = json_array_append_new(items, o) != 0;
    }
    json_t *whole = bad ? NULL
                        : json_pack("{s:s, s:b, s:I, s:O}", "as_of", date_format(p->today, day),
                                    "deleted", done, "due", (json_int_t)n_going(p), "items", items);
    json_decref(items);
    if (!whole) {
        return err_set(err, STATUS_NOMEM, "out of memory while printing");
    }
    (void)json_dumpf(whole, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(whole);
    return STATUS_OK;
}

static enum status work(struct home *h, struct date day, bool yes, bool json, struct err *err)
{
    struct purge p;
    struct actor actor;
    actor_now(&actor);
    enum status st = purge_look(h, day, &p, err);
    bool done = yes && st == STATUS_OK && n_going(&p) > 0;
    st = done ? purge_do(h, &p, &actor, err) : st;
    if (st == STATUS_OK && json) {
        st = print_json(&p, done, err);
    } else if (st == STATUS_OK) {
        print_plain(h, &p, done);
    }
    purge_release(&p);
    return st;
}

int cmd_purge(const struct cli *cli, int argc, char **argv)
{
    bool yes = false, json = false;
    const char *date = NULL;
    struct date day;
    const struct cli_option options[] = {
        {"yes", NULL, &yes}, {"json", NULL, &json}, {"date", &date, NULL}};
    char **operands;
    int n, code;
    if (!cli_options("purge", options, 3, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 0) {
        return cli_usage("purge", "takes no file: what is due follows from the policy");
    }
    if (!cli_date("purge", date, &day)) {
        return EXIT_USAGE;
    }
    if (date && yes) {
        return cli_usage("purge", "--date only asks; what is due today goes with --yes");
    }
    day = date_is_set(day) ? day : date_today();
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    unsigned needs =
        yes ? HOME_REGISTER_WRITE | HOME_LEDGER_WRITE | HOME_LOCK : HOME_REGISTER | HOME_LEDGER;
    enum status st = home_open(cli->home, needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = yes ? run_recover(&h, &recovery, &err) : st;
    st = st == STATUS_OK ? work(&h, day, yes, json, &err) : st;
    code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    if (recovery.n_alarms) {
        fputs("photogate: ALARM: ", stderr);
        print_text(stderr, text_of(recovery.first_alarm));
        fputc('\n', stderr);
        code = EXIT_BROKEN;
    }
    home_close(&h);
    return code;
}
