/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/clearance.h"
#include "photogate/run.h"

struct clear_options {
    const char *reason, *as, *photo;
    bool list, destroy, yes, dry_run;
};

static bool role_of(const char *value, enum role *out)
{
    *out = value ? role_from_name(text_of(value)) : ROLE_NONE;
    if (value && *out == ROLE_NONE) {
        (void)cli_usage("clear", "'%s' is no role; there are: office, senior, head, dpo", value);
        return false;
    }
    return true;
}

static void print_roles(unsigned roles, bool all)
{
    struct buffer b;
    buffer_init(&b, 200);
    roles_words(&b, roles);
    print_text(stdout, (struct text){(const char *)b.at, b.n});
    fputs(all ? " (each of them)" : "", stdout);
    buffer_release(&b);
}

static enum status print_held(void *context, const struct held_case *c, struct err *err)
{
    size_t *n = context;
    (void)err;
    if (c->roles == 0) { /* mended at its source, or not at all */
        return STATUS_OK;
    }
    printf("case %-4lld %s  batch ", (long long)c->case_no, c->held_on);
    print_text(stdout, text_of(c->batch));
    printf("  rules %.*s  ", TEXT_ARG(c->codes));
    unsigned left = c->all ? c->roles & ~c->given : c->given ? 0 : c->roles;
    if (c->given) {
        fputs("cleared by: ", stdout);
        print_roles(c->given, false);
        fputs(left ? "; " : "", stdout);
    }
    if (left) {
        fputs(c->given ? "still has to clear it: " : "may be cleared by: ", stdout);
        print_roles(left, c->all && !c->given);
    } else {
        fputs("; run the folder again", stdout);
    }
    puts(c->own ? "; not by you, who handed it in" : "");
    ++*n;
    return STATUS_OK;
}

static enum status list(struct home *h, const struct actor *actor, struct err *err)
{
    size_t n = 0;
    enum status st = cases_held(h, actor, print_held, &n, err);
    if (st == STATUS_OK && n == 0) {
        puts("No held case can be cleared.");
    }
    return st;
}

/* Who clears a case is to know what: each rule in its own words. Whom it is about stands in the
 * DPO's report alone. */
static void print_rules(int64_t case_no, const struct clear_result *result)
{
    printf("Clearing case %lld means that a person looked, and that this is no reason to hold the "
           "photo:\n",
           (long long)case_no);
    for (size_t i = 0; i < result->n_rules; i++) {
        printf("  %s  %s.\n       %s\n", result->rules[i]->code, result->rules[i]->title,
               result->rules[i]->remedy);
    }
    printf("The photo, and whom each is about, stand in the reports of batch %s.\n", result->batch);
}

static enum status clear_case(struct home *h, const struct clear_request *r, struct err *err)
{
    struct clear_result result;
    struct clear_request look = *r;
    look.dry_run = true;
    enum status st = case_clear(h, &look, &result, err);
    if (st == STATUS_OK) {
        print_rules(r->case_no, &result);
    }
    if (st == STATUS_OK && r->dry_run) {
        printf("Nothing is recorded: without --dry-run it is cleared by %s (%s).\n", r->actor->name,
               role_name(result.role));
        return STATUS_OK;
    }
    st = st == STATUS_OK ? case_clear(h, r, &result, err) : st;
    if (st != STATUS_OK) {
        return st;
    }
    printf("Case %lld is cleared by %s (%s).\n", (long long)r->case_no, r->actor->name,
           role_name(result.role));
    if (result.missing) {
        fputs("The policy wants one more, from another account: ", stdout);
        print_roles(result.missing, false);
        puts(".");
    } else {
        printf("Run the folder of batch %s again: the photo passes if nothing about it has "
               "changed.\n",
               result.batch);
    }
    return STATUS_OK;
}

/* Deleting is for good: a person types the case's number. */
static bool is_confirmed(const struct destruction *d)
{
    char line[32] = "";
    uint64_t typed;
    if (!isatty(STDIN_FILENO)) {
        return false;
    }
    fprintf(stderr,
            "The photo of case %lld will be deleted for good. Type the case's number to do it: ",
            (long long)d->request.case_no);
    return fgets(line, sizeof line, stdin) &&
           text_to_number(text_trim(text_of(line)), INT64_MAX, &typed) &&
           typed == (uint64_t)d->request.case_no;
}

static enum status destroy(struct home *h, const struct clear_request *r,
                           const struct clear_options *o, struct err *err)
{
    struct destruction d;
    enum status st = destruction_check(h, r, o->photo, &d, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!o->yes && !is_confirmed(&d)) {
        st = err_set(err, STATUS_USAGE,
                     "nothing was deleted; type the case's number when asked, or give --yes");
    } else {
        st = destruction_do(h, &d, err);
    }
    if (st == STATUS_OK) {
        printf("The photo of case %lld is deleted; the ledger keeps its digest alone, and the "
               "picture cannot come back.\n"
               "Reports of batch %s held a small picture of it and were removed: run the folder "
               "again to have them written anew.\n"
               "Copies elsewhere are out of reach: the phone or camera it came from, a backup, a "
               "message. Have them deleted too.\n",
               (long long)r->case_no, d.result.batch);
        if (d.n_links > 1) {
            puts("The file had another name in the file system: that one still holds the "
                 "picture. Delete it too.");
        }
    }
    destruction_release(&d);
    return st;
}

static int work(const struct cli *cli, const struct clear_options *o,
                const struct clear_request *asked)
{
    struct clear_request r = *asked;
    struct home h;
    struct err err = {0};
    struct actor actor;
    struct recovery recovery = {0};
    unsigned needs = HOME_REGISTER | (o->list ? HOME_LEDGER : HOME_LEDGER_WRITE | HOME_LOCK);
    enum status st = home_open(cli->home, needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    actor_now(&actor);
    r.actor = &actor;
    if (!o->list) { /* what a kill left may settle the case */
        st = run_recover(&h, &recovery, &err);
    }
    if (st == STATUS_OK) {
        st = o->list      ? list(&h, &actor, &err)
             : o->destroy ? destroy(&h, &r, o, &err)
                          : clear_case(&h, &r, &err);
    }
    int code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    if (recovery.n_alarms) {
        fputs("photogate: ALARM: ", stderr);
        print_text(stderr, text_of(recovery.first_alarm));
        fputc('\n', stderr);
        code = EXIT_BROKEN;
    }
    home_close(&h);
    return code;
}

int cmd_clear(const struct cli *cli, int argc, char **argv)
{
    struct clear_options o = {0};
    const struct cli_option options[] = {{"reason", &o.reason, NULL},   {"as", &o.as, NULL},
                                         {"photo", &o.photo, NULL},     {"list", NULL, &o.list},
                                         {"destroy", NULL, &o.destroy}, {"yes", NULL, &o.yes},
                                         {"dry-run", NULL, &o.dry_run}};
    char **operands;
    int n, code;
    uint64_t number = 0;
    struct clear_request r = {0};
    if (!cli_options("clear", options, sizeof options / sizeof options[0], argc, argv, &operands,
                     &n, &code)) {
        return code;
    }
    if (o.list ? n != 0 : n != 1 || !text_to_number(text_of(operands[0]), INT64_MAX, &number)) {
        return cli_usage("clear", "name one case by its number, or give --list");
    }
    if (!role_of(o.as, &r.as)) {
        return EXIT_USAGE;
    }
    if (o.dry_run && (o.list || o.destroy)) {
        return cli_usage("clear",
                         "--dry-run shows what clearing a case means; it goes with neither "
                         "--list nor --destroy");
    }
    if (!o.list && !o.reason && !o.dry_run) {
        return cli_usage("clear", "say why: --reason \"...\"");
    }
    if (o.destroy != (o.photo != NULL)) {
        return cli_usage("clear", "--destroy and --photo PATH go together");
    }
    r.case_no = (int64_t)number;
    r.dry_run = o.dry_run;
    r.reason = text_of(o.reason ? o.reason : "");
    return work(cli, &o, &r);
}
