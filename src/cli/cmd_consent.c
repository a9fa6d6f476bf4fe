/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "cli.h"
#include "explain.h"
#include "photogate/consents.h"
#include "photogate/report.h"

enum { MAX_DAYS = 3660, MEMORY_BYTES = 1024 * 1024 * 1024, OUTPUT_BYTES = 1024 * 1024 * 1024 };

/* The command line, sorted. */
struct wish {
    struct consent_query query;
    struct text channel;
    bool csv, json;
};

/* A day, or the number of an import. */
static bool take_since(const char *value, struct consent_query *q)
{
    uint64_t number;
    if (text_to_number(text_of(value), INT64_MAX, &number) && number > 0) {
        q->since_import = (int64_t)number;
        return true;
    }
    return cli_date("consent", value, &q->since);
}

/* What beats every consent, before any consent is read. `all`: from the first of the person's
 * answers on. */
static void print_protection(const struct consent_answer *all, size_t n)
{
    static const char *const YES[] = {[STATUS_OF_DO_NOT_PUBLISH] = "On the do-not-publish list",
                                      [STATUS_OF_CHILD_OBJECTION] = "Asked not to be shown"};
    static const char *const UNCLEAR[] = {
        [STATUS_OF_DO_NOT_PUBLISH] = "The do-not-publish entry is unclear",
        [STATUS_OF_CHILD_OBJECTION] = "The child's objection is unclear"};
    for (size_t i = 0; i < n && all[i].person == all[0].person; i++) {
        const struct consent_answer *one = &all[i];
        bool protects =
            one->field == STATUS_OF_DO_NOT_PUBLISH || one->field == STATUS_OF_CHILD_OBJECTION;
        if (!protects || one->value == KNOWN_NO) {
            continue;
        }
        printf("  %s", one->value == KNOWN_YES ? YES[one->field] : UNCLEAR[one->field]);
        if (one->import) {
            printf(" since import %lld", (long long)one->import);
        }
        puts(one->value == KNOWN_YES
                 ? ": may not be shown anywhere, whatever the consents say."
                 : ": may not be shown until it is settled, whatever the consents say.");
    }
}

static void print_answer(const struct consent_answer *one)
{
    char day[DATE_TEXT_BYTES];
    if (one->field < N_STATUS_FIELDS) {
        printf("  %-16s %s", status_field_name(one->field), known_name(one->value));
        if (one->import) {
            printf(" (import %lld of %s)", (long long)one->import, date_format(one->since, day));
        }
        putchar('\n');
        return;
    }
    printf("  %-16s %s", purpose_name(one->purpose), consent_standing_words(one->standing));
    if (one->standing == STANDING_GRANTED && date_is_set(one->last_day)) {
        printf(", until %s", date_format(one->last_day, day));
    }
    putchar('\n');
    if (one->event) {
        printf("    ");
        explain_consent(one->event);
    }
}

/* Where one person may be shown, by what was on record on the day. */
static void print_channels(const struct home *h, const struct person *p, struct date date)
{
    static const char *const WORDS[] = {[APPEARS_NOT] = "may not be shown",
                                        [APPEARS_UNSETTLED] = "unsettled: the register is unclear",
                                        [APPEARS] = "may be shown"};
    for (size_t i = 0; i < h->policy->n_channels; i++) {
        const struct channel_policy *c = &h->policy->channels[i];
        if (c->official) {
            printf("  -> ");
            print_text(stdout, c->name);
            printf(": %s\n", WORDS[consents_may_appear(p, h->policy, c, date)]);
        }
    }
}

static void print_answers(const struct home *h, const struct wish *w,
                          const struct consent_answer *answers, size_t n)
{
    char day[DATE_TEXT_BYTES];
    printf("As at %s, by the policy ", date_format(w->query.date, day));
    print_text(stdout, h->policy->name);
    printf(": %zu answer%s\n", n, plural(n));
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || answers[i - 1].person != answers[i].person) {
            explain_person(answers[i].person);
            putchar('\n');
            if (w->query.ask == ASK_STANDING) {
                print_protection(&answers[i], n - i);
            }
        }
        print_answer(&answers[i]);
        bool last = i + 1 == n || answers[i + 1].person != answers[i].person;
        if (last && w->query.ask == ASK_STANDING) {
            print_channels(h, answers[i].person, w->query.date);
        }
    }
}

static enum status write_answers(const struct home *h, const struct wish *w,
                                 const struct snapshot *s, const struct consent_answer *answers,
                                 size_t n, struct err *err)
{
    struct buffer b;
    if (!w->csv && !w->json) {
        print_answers(h, w, answers, n);
        return STATUS_OK;
    }
    buffer_init(&b, OUTPUT_BYTES);
    enum status st = w->csv
                         ? report_consents_csv(answers, n, &b, err)
                         : report_consents_json(answers, n, w->query.date, s, h->policy, &b, err);
    if (st == STATUS_OK && fwrite(b.at, 1, b.n, stdout) != b.n) {
        st = err_set(err, STATUS_IO, "the answers could not be written: %s", strerror(errno));
    }
    buffer_release(&b);
    return st;
}

static enum status ask(const struct home *h, struct wish *w, struct arena *a, struct err *err)
{
    struct snapshot s;
    struct person_index *index = NULL;
    const struct consent_answer *answers = NULL;
    size_t n = 0;
    enum status st = register_snapshot(h->people, a, &s, err);
    if (st == STATUS_OK && w->channel.n) {
        w->query.channel = policy_channel(h->policy, w->channel);
        st = w->query.channel ? st
                              : err_set(err, STATUS_USAGE,
                                        "the policy has no such channel; 'photogate policy show' "
                                        "lists them");
    }
    st = st == STATUS_OK ? person_index_build(&s, &index, err) : st;
    st = st == STATUS_OK ? consents_ask(&s, h->policy, index, &w->query, a, &answers, &n, err) : st;
    st = st == STATUS_OK ? write_answers(h, w, &s, answers, n, err) : st;
    person_index_free(index);
    return st;
}

/* Exactly one question, or a complaint and false. */
static bool sort_question(char **operands, int n, bool missing, const char *expiring,
                          const char *changed, const char *group, struct wish *w)
{
    uint64_t days = 0;
    int lists = missing + (expiring != NULL) + (changed != NULL);
    if (lists > 1 || (lists == 1 && n) || n > 1 || (n == 1 && group) ||
        (lists == 0 && n == 0 && !group)) {
        (void)cli_usage("consent", "ask one thing: a pupil, --class, --missing, --expiring DAYS or "
                                   "--changed-since DAY");
        return false;
    }
    if (expiring && !text_to_number(text_of(expiring), MAX_DAYS, &days)) {
        (void)cli_usage("consent", "--expiring takes a number of days, up to %d", MAX_DAYS);
        return false;
    }
    w->query.ask = missing    ? ASK_MISSING
                   : expiring ? ASK_EXPIRING
                   : changed  ? ASK_CHANGED
                              : ASK_STANDING;
    w->query.days = (uint32_t)days;
    w->query.person = n ? text_of(operands[0]) : TEXT_NONE;
    w->query.group = text_of(group);
    return !changed || take_since(changed, &w->query);
}

int cmd_consent(const struct cli *cli, int argc, char **argv)
{
    const char *as_at = NULL, *expiring = NULL, *changed = NULL, *group = NULL, *channel = NULL;
    bool missing = false;
    struct wish w = {0};
    const struct cli_option options[] = {
        {"as-at", &as_at, NULL},       {"missing", NULL, &missing},
        {"expiring", &expiring, NULL}, {"changed-since", &changed, NULL},
        {"class", &group, NULL},       {"channel", &channel, NULL},
        {"csv", NULL, &w.csv},         {"json", NULL, &w.json}};
    char **operands;
    int n, code;
    if (!cli_options("consent", options, sizeof options / sizeof options[0], argc, argv, &operands,
                     &n, &code)) {
        return code;
    }
    if (w.csv && w.json) {
        return cli_usage("consent", "--csv and --json contradict each other");
    }
    if (!cli_date("consent", as_at, &w.query.date) ||
        !sort_question(operands, n, missing, expiring, changed, group, &w)) {
        return EXIT_USAGE;
    }
    w.query.date = date_is_set(w.query.date) ? w.query.date : date_today();
    if (date_compare(w.query.date, date_today()) > 0) {
        return cli_usage("consent", "--as-at lies in the future; --expiring tells what will lapse");
    }
    w.channel = text_of(channel);

    struct home h;
    struct arena a;
    struct err err = {0};
    arena_init(&a, MEMORY_BYTES);
    enum status st = home_open(cli->home, HOME_REGISTER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = ask(&h, &w, &a, &err);
    code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    arena_release(&a);
    home_close(&h);
    return code;
}
