/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/limits.h"
#include "policy_print.h"

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

static int check(const struct cli *cli)
{
    struct home h;
    struct err err = {0};
    char day[DATE_TEXT_BYTES];
    enum status st = home_open(cli->home, HOME_POLICY, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = check_together(&h, &err);
    int code = EXIT_APPROVED;
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
    } else {
        printf("The policy '%.*s' and the school's settings are in order.\n",
               TEXT_ARG(h.policy->name));
        if (review_is_due(h.policy, date_today())) {
            printf("Its review was due on %s: whoever answers for the policy looks at it again "
                   "and sets a new review_date.\n",
                   date_format(h.policy->review_date, day));
        }
    }
    home_close(&h);
    return code;
}

/* A policy to print: the one in force, with what photogate.conf says on top, or a profile by its
 * name alone, for which no school's folder is needed. */
struct subject {
    struct home home; /* its policy, when it is the one in force */
    bool is_open;
    struct policy *policy; /* owned when it is not */
};

/* A name typed wrongly is a mistake of whoever typed it, not of the installation. */
static bool profile_exists(const struct policy_places *places, const char *profile)
{
    char path[MAX_PATH_BYTES];
    for (size_t i = 0; i < places->n_profile_dirs; i++) {
        int n = snprintf(path, sizeof path, "%s/%s.ini", places->profile_dirs[i], profile);
        if (n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0) {
            return true;
        }
    }
    return false;
}

static enum status subject_open(const struct cli *cli, const char *profile, struct subject *s,
                                struct err *err)
{
    *s = (struct subject){.is_open = !profile};
    if (!profile) {
        enum status st = home_open(cli->home, HOME_POLICY, &s->home, err);
        s->is_open = st == STATUS_OK;
        s->policy = st == STATUS_OK ? s->home.policy : NULL;
        return st;
    }
    struct home_places places;
    home_places(cli->home, &places);
    if (!profile_exists(&places.places, profile)) {
        return err_set(err, STATUS_USAGE, "there is no policy profile \"%s\" (%s.ini)", profile,
                       profile);
    }
    return policy_load(&places.places, text_of(profile), NULL, &s->policy, err);
}

static void subject_close(struct subject *s)
{
    if (s->is_open) {
        home_close(&s->home);
    } else {
        policy_free(s->policy);
    }
    *s = (struct subject){0};
}

static int show(const struct cli *cli, const char *profile, bool json)
{
    struct subject s;
    struct err err = {0};
    enum status st = subject_open(cli, profile, &s, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    bool ok = true;
    if (json) {
        ok = policy_print_json(s.policy);
    } else {
        policy_print(s.policy);
    }
    subject_close(&s);
    return ok ? EXIT_APPROVED : EXIT_ENVIRONMENT;
}

static int diff(const struct cli *cli, const char *a, const char *b, bool json)
{
    struct subject was, now = {0};
    struct policy_difference *list = NULL;
    struct err err = {0};
    size_t n = 0;
    bool ok = true;
    enum status st = subject_open(cli, a, &was, &err);
    if (st == STATUS_OK) {
        st = subject_open(cli, b, &now, &err);
    }
    if (st == STATUS_OK) {
        st = policy_diff(was.policy, now.policy, &list, &n, &err);
    }
    if (st == STATUS_OK && json) {
        ok = policy_print_diff_json(was.policy, now.policy, list, n);
    } else if (st == STATUS_OK) {
        policy_print_diff(was.policy, now.policy, list, n);
    }
    free(list);
    subject_close(&was);
    subject_close(&now);
    return st != STATUS_OK ? cli_fail(st, &err) : ok ? EXIT_APPROVED : EXIT_ENVIRONMENT;
}

int cmd_policy(const struct cli *cli, int argc, char **argv)
{
    bool json = false;
    const struct cli_option options[] = {{"json", NULL, &json}};
    char **operands;
    int n, code;
    if (!cli_options("policy", options, 1, argc, argv, &operands, &n, &code)) {
        return code;
    }
    const char *verb = n > 0 ? operands[0] : "";
    if (strcmp(verb, "check") == 0 && n == 1 && !json) {
        return check(cli);
    }
    if (strcmp(verb, "show") == 0 && n <= 2) {
        return show(cli, n > 1 ? operands[1] : NULL, json);
    }
    if (strcmp(verb, "diff") == 0 && n <= 3) {
        return diff(cli, n > 1 ? operands[1] : "safe-default", n > 2 ? operands[2] : NULL, json);
    }
    return cli_usage("policy", "say 'check', 'show [PROFILE]' or 'diff [PROFILE [PROFILE]]'");
}
