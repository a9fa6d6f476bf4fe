/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/run.h"
#include "photogate/sign_off.h"

enum { MAX_TURNED_DOWN = 256 };

struct sign_options {
    const char *confirm, *refused, *reason, *as;
    bool list, alone;
};

/* The next item of a list separated by commas; empty when there is none. */
static struct text next_item(struct text *rest)
{
    while (rest->n) {
        size_t n = 0;
        while (n < rest->n && rest->at[n] != ',') {
            n++;
        }
        struct text item = text_trim(text_slice(*rest, 0, n));
        *rest = text_slice(*rest, n + 1, rest->n);
        if (item.n) {
            return item;
        }
    }
    return TEXT_NONE;
}

static enum status print_batch(void *context, const char *batch, size_t n_photos, struct err *err)
{
    bool *any = context;
    (void)err;
    print_text(stdout, text_of(batch));
    printf(": %zu photo%s\n", n_photos, plural(n_photos));
    *any = true;
    return STATUS_OK;
}

static void print_photos(const struct home *h, const char *batch, const struct sign_off *s)
{
    size_t n;
    const struct sign_off_photo *photos = sign_off_photos(s, &n);
    printf("%zu photo%s of batch %s wait%s for a second person, in:\n%s/awaiting/%s\n", n,
           plural(n), batch, n == 1 ? "s" : "", h->path, batch);
    for (size_t i = 0; i < n; i++) {
        const struct sign_off_photo *p = &photos[i];
        printf("  %s  handed in by ", p->file);
        print_text(stdout, text_of(p->submitter));
        printf(" on %s\n", p->waiting_since);
        if (p->people.n) {
            fputs("      people:  ", stdout);
            print_text(stdout, p->people);
            putchar('\n');
        }
        if (p->caption.n) {
            fputs("      caption: ", stdout);
            print_text(stdout, p->caption);
            putchar('\n');
        }
        if (p->credit.n) {
            fputs("      credit:  ", stdout);
            print_text(stdout, p->credit);
            putchar('\n');
        }
        if (p->cleared) {
            puts("      it was held, and a person cleared it");
        }
        if (p->bar != BAR_NONE) {
            printf("      cannot be signed off now: %s\n", sign_bar_words(p->bar));
        }
    }
}

static void print_checklist(void)
{
    puts("Of every photo that goes out, this must be true:");
    for (int c = 0; c < N_CHECK_POINTS; c++) {
        enum check_point p = (enum check_point)c;
        printf("  %-9s %s (%s)\n", check_name(p), check_words(p), check_source(p));
    }
}

/* Each point named, once. */
static bool confirms_all(const char *confirm)
{
    bool seen[N_CHECK_POINTS] = {false};
    struct text rest = text_of(confirm);
    size_t n = 0;
    if (text_equal(rest, TEXT("all"))) {
        return true;
    }
    for (struct text item = next_item(&rest); item.n; item = next_item(&rest)) {
        for (int c = 0; c < N_CHECK_POINTS; c++) {
            if (text_equal(item, text_of(check_name((enum check_point)c))) && !seen[c]) {
                seen[c] = true;
                n++;
            }
        }
    }
    return n == N_CHECK_POINTS;
}

static bool says_yes(const char *question)
{
    char line[16] = "";
    fprintf(stderr, "%s [yes/no] ", question);
    if (!fgets(line, sizeof line, stdin)) {
        return false;
    }
    struct text t = text_trim(text_of(line));
    return text_equal(t, TEXT("yes")) || text_equal(t, TEXT("y"));
}

/* Every point is asked; one no ends it. */
static enum status confirm(const struct sign_options *o, struct err *err)
{
    if (o->confirm) {
        return confirms_all(o->confirm)
                   ? STATUS_OK
                   : err_set(err, STATUS_USAGE,
                             "every point of the checklist must be confirmed: --confirm all, or "
                             "their names with commas between");
    }
    if (!isatty(STDIN_FILENO)) {
        return err_set(err, STATUS_USAGE,
                       "nobody is there to be asked: look at the photos, then give --confirm all");
    }
    for (int c = 0; c < N_CHECK_POINTS; c++) {
        if (!says_yes(check_words((enum check_point)c))) {
            return err_set(err, STATUS_USAGE,
                           "nothing was published. Turn down the photo it is not true of: --not "
                           "photo-0001.jpg --reason \"...\"");
        }
    }
    return STATUS_OK;
}

static int tell(const struct home *h, const char *batch, const struct sign_off_result *r)
{
    printf("%zu signed off as %s and now in %s/approved/%s; %zu turned down; %zu still waiting.\n",
           r->n_published, role_name(r->role), h->path, batch, r->n_turned_down, r->n_left);
    puts("The batch's reports tell so after the next run of its folder.");
    if (r->n_turned_down) {
        printf("Turned down: held from now on, case %lld%s.\n", (long long)r->first_case,
               r->n_turned_down > 1 ? " and following" : "");
    }
    return r->n_turned_down || r->n_left ? EXIT_REFUSED : EXIT_APPROVED;
}

/* Is there anything for this person to do? */
static enum status check_any(const struct sign_off *s, const struct sign_options *o,
                             struct err *err)
{
    size_t n;
    const struct sign_off_photo *photos = sign_off_photos(s, &n);
    for (size_t i = 0; i < n; i++) {
        if (photos[i].bar == BAR_NONE) {
            return STATUS_OK;
        }
    }
    return o->refused ? STATUS_OK
                      : err_set(err, STATUS_USAGE, "none of them can be signed off now: %s",
                                sign_bar_words(photos[0].bar));
}

static enum status sign(struct home *h, const char *batch, const struct sign_options *o,
                        enum role as, int *code, struct err *err)
{
    struct text turned_down[MAX_TURNED_DOWN];
    struct sign_off_order order = {
        .as = as, .turned_down = turned_down, .reason = text_of(o->reason ? o->reason : "")};
    struct sign_off *s = NULL;
    struct sign_off_result result;
    struct actor actor;
    struct text rest = text_of(o->refused ? o->refused : "");
    for (struct text t = next_item(&rest); t.n && order.n_turned_down < MAX_TURNED_DOWN;
         t = next_item(&rest)) {
        turned_down[order.n_turned_down++] = t;
    }
    actor_now(&actor);
    enum status st = sign_off_open(h, text_of(batch), &actor, o->alone, &s, err);
    if (st != STATUS_OK) {
        return st;
    }
    enum role role;
    if (!o->list) { /* the list names children: not for whoever cannot sign */
        st = sign_off_role(s, as, &role, err);
    }
    if (st == STATUS_OK) {
        print_photos(h, batch, s);
    }
    if (st == STATUS_OK && !o->list) {
        print_checklist();
        st = check_any(s, o, err);
        if (st == STATUS_OK) {
            st = confirm(o, err);
        }
        if (st == STATUS_OK) {
            st = sign_off_do(s, &order, &result, err);
        }
        *code = st == STATUS_OK ? tell(h, batch, &result) : *code;
    }
    sign_off_close(s);
    return st;
}

static int work(const struct cli *cli, const char *batch, const struct sign_options *o,
                enum role as)
{
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    bool any = false;
    int code = EXIT_APPROVED;
    unsigned needs = o->list ? HOME_LEDGER : HOME_LEDGER_WRITE | HOME_LOCK;
    enum status st = home_open(cli->home, HOME_REGISTER | needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    if (!o->list) {
        st = run_recover(&h, &recovery, &err);
    }
    if (st == STATUS_OK && batch) {
        st = sign(&h, batch, o, as, &code, &err);
    } else if (st == STATUS_OK) {
        st = batches_waiting(&h, print_batch, &any, &err);
        if (st == STATUS_OK && !any) {
            puts("Nothing waits for a second person.");
        }
    }
    code = st == STATUS_OK ? code : cli_fail(st, &err);
    if (recovery.n_alarms) {
        fputs("photogate: ALARM: ", stderr);
        print_text(stderr, text_of(recovery.first_alarm));
        fputc('\n', stderr);
        code = EXIT_BROKEN;
    }
    home_close(&h);
    return code;
}

int cmd_sign_off(const struct cli *cli, int argc, char **argv)
{
    struct sign_options o = {0};
    const struct cli_option options[] = {{"confirm", &o.confirm, NULL}, {"not", &o.refused, NULL},
                                         {"reason", &o.reason, NULL},   {"as", &o.as, NULL},
                                         {"list", NULL, &o.list},       {"alone", NULL, &o.alone}};
    char **operands;
    int n, code;
    if (!cli_options("sign-off", options, sizeof options / sizeof options[0], argc, argv, &operands,
                     &n, &code)) {
        return code;
    }
    if (n > 1 || (n == 0 && !o.list)) {
        return cli_usage("sign-off", "name one batch, or give --list");
    }
    enum role as = o.as ? role_from_name(text_of(o.as)) : ROLE_NONE;
    if (o.as && as == ROLE_NONE) {
        return cli_usage("sign-off", "'%s' is no role; there are: office, senior, head, dpo", o.as);
    }
    return work(cli, n ? operands[0] : NULL, &o, as);
}
