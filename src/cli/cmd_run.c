/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/limits.h"
#include "photogate/run.h"
#include "policy_print.h"

static void show_progress(void *context, size_t done, size_t total, size_t held, size_t rejected)
{
    (void)context;
    fprintf(stderr, "\r%zu of %zu photos, %zu held, %zu rejected ", done, total, held, rejected);
    if (done == total) {
        fputc('\n', stderr);
    }
}

static void tell_recovery(const struct recovery *r)
{
    if (r->n_recovered || r->n_abandoned) {
        fprintf(
            stderr,
            "An earlier run was cut short: %zu photo%s put in place now, %zu to be judged again.\n",
            r->n_recovered, plural(r->n_recovered), r->n_abandoned);
    }
}

/* The ruling's first sentence, by its bytes, after `last`; NULL when there is none. */
static const struct text *next_sentence(const struct ruling *ruling, const struct text *last)
{
    const struct text *next = NULL;
    for (size_t i = 0; i < ruling->n_hits; i++) {
        const struct text *t = &ruling->hits[i].office;
        if ((!last || text_compare(*t, *last) > 0) && (!next || text_compare(*t, *next) < 0)) {
            next = t;
        }
    }
    return next;
}

/* A few lines per refused photo, for who reads a terminal or a mail; the report has the rest. Equal
 * sentences once, and sorted by what they say: the order of the rules would tell which of those
 * that protect it was. */
static void print_refused(const struct report *r, bool only_new)
{
    size_t n_before = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        const struct report_item *it = &r->items[i];
        if (it->ruling->verdict == VERDICT_APPROVED) {
            continue;
        }
        if (only_new && it->as_before) {
            n_before++;
            continue;
        }
        printf("  %-8s ", verdict_name(it->ruling->verdict));
        if (it->case_no) {
            printf("case %-4lld ", (long long)it->case_no);
        }
        print_text(stdout, it->shown_name);
        for (const struct text *t = NULL; (t = next_sentence(it->ruling, t));) {
            printf("\n           ");
            print_text(stdout, *t);
        }
        putchar('\n');
    }
    if (n_before) {
        printf("  and %zu as before, told by an earlier run; the report has them all.\n", n_before);
    }
}

/* Is there anything that no earlier run has told? */
static bool has_news(const struct run_result *res)
{
    const struct report *r = &res->report;
    bool news = r->n_notes > 0 || res->n_recalled > 0;
    for (size_t i = 0; !news && i < r->n_items; i++) {
        const struct report_item *it = &r->items[i];
        bool needs_somebody = it->ruling->verdict != VERDICT_APPROVED || it->waiting_name.n;
        news = needs_somebody && !it->as_before;
    }
    return news;
}

static void print_result(const struct run_result *res, bool dry, bool only_new)
{
    const struct report *r = &res->report;
    printf("%zu photo%s for %.*s: %zu approved, ", r->n_items, plural(r->n_items),
           TEXT_ARG(r->channel->name), res->n_approved);
    if (res->n_awaiting) {
        printf("%zu waiting for a second person, ", res->n_awaiting);
    }
    printf("%zu held, %zu rejected", res->n_held, res->n_rejected);
    if (res->n_as_before) {
        printf(" (%zu as before)", res->n_as_before);
    }
    puts(".");
    if (r->n_items == 0) {
        puts("  There is no photo in that folder.");
    }
    print_refused(r, only_new);
    if (res->n_recalled) {
        printf("%zu photo%s approved earlier may not be shown any more and %s taken out of "
               "approved/; the notes tell which.\n",
               res->n_recalled, plural(res->n_recalled), res->n_recalled == 1 ? "was" : "were");
    }
    for (size_t i = 0; i < r->n_notes; i++) {
        printf("  note: ");
        print_text(stdout, r->notes[i].text);
        putchar('\n');
    }
    if (res->n_awaiting) {
        printf("Waiting for a second person: photogate sign-off %.*s\n", TEXT_ARG(r->batch));
    }
    printf("Face detection: %s assurance: ", assurance_name(r->face_assurance));
    print_text(stdout, r->face_detector);
    puts(".");
    if (review_is_due(r->policy, r->date)) {
        char day[DATE_TEXT_BYTES];
        printf("The photo policy is due to be looked at again since %s.\n",
               date_format(r->policy->review_date, day));
    }
    if (dry) {
        puts("Dry run: nothing was written.");
    } else {
        if (res->n_approved) {
            printf("Approved photos: %s\n", res->approved_path);
        }
        printf("Report: %s\n", res->report_path);
    }
}

static int print_json(const struct run_result *res)
{
    struct buffer b;
    struct err err = {0};
    buffer_init(&b, (size_t)1024 * 1024 * 1024);
    enum status st = report_run_json(&res->report, &b, &err);
    if (st == STATUS_OK) {
        (void)fwrite(b.at, 1, b.n, stdout);
    }
    buffer_release(&b);
    return st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
}

static int tell(const struct run_result *res, bool dry, bool quiet, bool json)
{
    size_t refused = res->n_held + res->n_rejected;
    bool all_well = !refused && !res->n_awaiting && !res->n_recalled;
    int code = all_well ? EXIT_APPROVED : EXIT_REFUSED;
    if (json) {
        int bad = print_json(res);
        code = bad ? bad : code;
    } else if (!quiet || has_news(res)) {
        print_result(res, dry, quiet);
    }
    if (res->alarm) {
        fputs(
            "photogate: ALARM: a cleaned photo, or one in approved/, did not stand up to checking; "
            "run 'photogate verify'\n",
            stderr);
        code = EXIT_BROKEN;
    }
    return code;
}

static int run(const struct cli *cli, struct run_options *options, bool quiet, bool json)
{
    unsigned needs = HOME_REGISTER | HOME_LEDGER_WRITE | HOME_LOCK;
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    struct run_result result;
    enum status st =
        home_open(cli->home, options->dry_run ? HOME_REGISTER | HOME_LEDGER : needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    if (!options->dry_run) {
        st = run_recover(&h, &recovery, &err);
        tell_recovery(&recovery);
    }
    if (st == STATUS_OK) {
        st = run_batch(&h, options, &result, &err);
    }
    int code;
    if (st == STATUS_OK) {
        code = tell(&result, options->dry_run, quiet, json);
        run_release(&result);
    } else {
        code = cli_fail(st, &err);
        if (st != STATUS_USAGE) { /* then nothing was begun */
            fputs("Nothing more was published.\n", stderr);
        }
    }
    if (recovery.n_alarms) { /* whatever else happened: somebody must look */
        fputs("photogate: ALARM: ", stderr);
        print_text(stderr, text_of(recovery.first_alarm));
        fputc('\n', stderr);
        code = EXIT_BROKEN;
    }
    home_close(&h);
    return code;
}

int cmd_run(const struct cli *cli, int argc, char **argv)
{
    const char *channel = NULL, *batch = NULL, *date = NULL, *jobs = NULL, *request = NULL;
    bool dry = false, quiet = false, json = false;
    const struct cli_option options[] = {{"channel", &channel, NULL}, {"batch", &batch, NULL},
                                         {"date", &date, NULL},       {"jobs", &jobs, NULL},
                                         {"request", &request, NULL}, {"dry-run", NULL, &dry},
                                         {"quiet", NULL, &quiet},     {"json", NULL, &json}};
    char **operands;
    int n, code;
    uint64_t workers = 0;
    struct run_options how = {0};
    if (!cli_options("run", options, sizeof options / sizeof options[0], argc, argv, &operands, &n,
                     &code)) {
        return code;
    }
    if (n != 1) {
        return cli_usage("run", "name one folder of photos");
    }
    if (jobs && (!text_to_number(text_of(jobs), MAX_WORKERS, &workers) || workers == 0)) {
        return cli_usage("run", "--jobs takes a number from 1 to %u", MAX_WORKERS);
    }
    if (!cli_date("run", date, &how.date)) {
        return EXIT_USAGE;
    }
    how.intake = operands[0];
    how.channel = text_of(channel);
    how.batch = text_of(batch);
    how.request = text_of(request ? request : "");
    how.jobs = (unsigned)workers;
    how.dry_run = dry;
    how.progress = !quiet && isatty(STDERR_FILENO) ? show_progress : NULL;
    return run(cli, &how, quiet, json);
}
