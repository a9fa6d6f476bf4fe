/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "explain.h"
#include "photogate/limits.h"
#include "photogate/posted.h"
#include "photogate/run.h"

/* Whose pseudonym is this? Nobody's, once the pupil's register row is erased. */
static const struct person *person_of(struct ledger *l, const struct snapshot *s,
                                      const char *pseudonym)
{
    char made[PSEUDONYM_BYTES];
    struct err ignored = {0};
    for (size_t i = 0; pseudonym && i < s->n_people; i++) {
        if (ledger_pseudonym(l, s->people[i].reference, made, &ignored) == STATUS_OK &&
            strcmp(made, pseudonym) == 0) {
            return &s->people[i];
        }
    }
    return NULL;
}

static const struct consent *event_of(const struct person *p, json_int_t event)
{
    for (size_t i = 0; p && i < p->n_consents; i++) {
        if (p->consents[i].event == event) {
            return &p->consents[i];
        }
    }
    return NULL;
}

static const char *text_in(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "?";
}

static void print_person_or_erased(const struct person *p)
{
    if (p) {
        explain_person(p);
    } else {
        fputs("a person no longer on the register", stdout);
    }
}

static void explain_recorded_hit(struct ledger *l, const struct snapshot *s, const json_t *hit)
{
    const char *code = text_in(hit, "code");
    const struct rule *rule = rule_by_code(text_of(code));
    printf("%s %s (%s): %s\n", code, rule ? rule->name : "?", text_in(hit, "verdict"),
           rule ? rule->title : "a rule this version does not know");
    const char *pseudonym = json_string_value(json_object_get(hit, "person"));
    if (pseudonym) {
        const struct person *p = person_of(l, s, pseudonym);
        printf("  person: ");
        print_person_or_erased(p);
        putchar('\n');
        const struct consent *c = event_of(p, json_integer_value(json_object_get(hit, "event")));
        if (c) {
            printf("  ");
            explain_consent(c);
        }
    }
    if (rule) {
        printf("  clause: %s\n  what to do: %s\n", rule->clause, rule->remedy);
    }
}

static void explain_entry(struct ledger *l, const struct snapshot *s, const struct entry *e)
{
    char hex[DIGEST_HEX_BYTES];
    size_t i;
    const json_t *o;
    if (e->kind == ENTRY_INTENT) {
        printf("Approved as %s/%s; ledger entry %lld of %s (digest %.16s...)\n",
               text_in(e->body, "batch"), text_in(e->body, "file"), (long long)e->seq, e->time,
               digest_hex(&e->digest, hex));
    } else {
        printf("Case %lld, %s; ledger entry %lld of %s (digest %.16s...)\n",
               (long long)json_integer_value(json_object_get(e->body, "case")),
               entry_kind_name(e->kind), (long long)e->seq, e->time, digest_hex(&e->digest, hex));
    }
    printf("Batch %s, for %s on %s, policy %s (%.16s...), register version %lld\n",
           text_in(e->body, "batch"), text_in(e->body, "channel"), text_in(e->body, "date"),
           text_in(e->body, "policy_name"), text_in(e->body, "policy"),
           (long long)json_integer_value(json_object_get(e->body, "register_version")));
    printf("Photo: SHA-256 %s, %lld bytes, %s; faces found: %lld\n", text_in(e->body, "source"),
           (long long)json_integer_value(json_object_get(e->body, "size")),
           text_in(e->body, "exam"),
           (long long)json_integer_value(json_object_get(e->body, "faces")));
    json_array_foreach(json_object_get(e->body, "people"), i, o)
    {
        const struct person *p = person_of(l, s, json_string_value(json_object_get(o, "person")));
        size_t k;
        const json_t *event;
        printf("Person: ");
        print_person_or_erased(p);
        putchar('\n');
        json_array_foreach(json_object_get(o, "events"), k, event)
        {
            const struct consent *c = event_of(p, json_integer_value(event));
            if (c) {
                printf("  ");
                explain_consent(c);
            }
        }
    }
    json_array_foreach(json_object_get(e->body, "hits"), i, o)
    {
        explain_recorded_hit(l, s, o);
    }
    printf("Ruling: %s\n", text_in(e->body, "verdict"));
}

/* What people did about the case: cleared it, turned it down at sign-off, destroyed the photo. */
static enum status explain_deed(void *context, const struct entry *e, struct err *err)
{
    const uint64_t *number = context;
    (void)err;
    if (json_integer_value(json_object_get(e->body, "case")) == (json_int_t)*number &&
        json_object_get(e->body, "by")) {
        printf("%s on %.10s by the account ",
               e->kind == ENTRY_CLEARED    ? "Cleared"
               : e->kind == ENTRY_DECLINED ? "Turned down at sign-off"
                                           : "Original destroyed",
               e->time);
        print_text(stdout, text_of(text_in(e->body, "by")));
        printf(" as %s: ", text_in(e->body, "role"));
        print_text(stdout, text_of(text_in(e->body, "reason")));
        printf(" (ledger entry %lld)\n", (long long)e->seq);
    }
    return STATUS_OK;
}

/* Whose publications are told: of an intent, or of all that the case's photo was approved as. */
struct explaining {
    struct home *home;
    const struct snapshot *people;
    int64_t intent, case_no; /* one of them, the other is 0 */
    const char *batch, *source;
};

static void explain_recall(const struct explaining *x, const struct entry *e)
{
    size_t i;
    const json_t *hit;
    const char *why = json_string_value(json_object_get(e->body, "reason"));
    printf("Recalled on %.10s (ledger entry %lld)", e->time, (long long)e->seq);
    if (json_object_get(e->body, "case") && !x->case_no) {
        printf(" by case %lld", (long long)json_integer_value(json_object_get(e->body, "case")));
    }
    fputs(why ? ": " : "", stdout);
    print_text(stdout, text_of(why ? why : ""));
    putchar('\n');
    json_array_foreach(json_object_get(e->body, "hits"), i, hit)
    {
        const char *words = json_string_value(json_object_get(hit, "why"));
        if (words) {
            printf("%s\n", words);
        } else {
            explain_recorded_hit(x->home->ledger, x->people, hit);
        }
    }
}

static enum status explain_recalls(void *context, const struct entry *e, struct err *err)
{
    const struct explaining *x = context;
    int64_t intent = json_integer_value(json_object_get(e->body, "intent"));
    int64_t case_no = json_integer_value(json_object_get(e->body, "case"));
    (void)err;
    if (x->intent ? intent == x->intent : case_no == x->case_no) {
        explain_recall(x, e);
    }
    return STATUS_OK;
}

/* Was it published as the photo that is explained? */
static enum status is_of_photo(const struct explaining *x, const struct posting *p, bool *is,
                               struct err *err)
{
    struct entry e;
    bool found = false;
    *is = x->intent && p->intent == x->intent;
    if (x->intent || strcmp(p->batch, x->batch) != 0) {
        return STATUS_OK;
    }
    enum status st = ledger_entry(x->home->ledger, p->intent, &e, &found, err);
    if (st == STATUS_OK && found) {
        *is = strcmp(text_in(e.body, "source"), x->source) == 0;
        entry_release(&e);
    }
    return st;
}

static enum status explain_postings(const struct explaining *x, struct err *err)
{
    struct postings all;
    enum status st = postings_read(x->home->ledger, x->home->policy, &all, err);
    if (st != STATUS_OK) {
        return st;
    }
    for (size_t i = 0; st == STATUS_OK && i < all.n; i++) {
        const struct posting *p = &all.at[i];
        bool is = false;
        st = is_of_photo(x, p, &is, err);
        if (st == STATUS_OK && is) {
            printf("Published on %s as %s/%s at ", p->on, p->batch, p->file);
            print_text(stdout, text_of(p->url));
            fputs(" by the account ", stdout);
            print_text(stdout, text_of(p->by));
            printf(" (ledger entry %lld)", (long long)p->entry);
            fputs(p->taken_down[0]     ? "; taken down on "
                  : posting_is_open(p) ? "; must be taken down"
                                       : "",
                  stdout);
            printf("%.10s\n", p->taken_down);
        }
    }
    postings_release(&all);
    return st;
}

static enum status explain_publications(struct explaining *x, struct err *err)
{
    enum status st = ledger_each(x->home->ledger, 1u << ENTRY_RECALLED, explain_recalls, x, err);
    return st == STATUS_OK ? explain_postings(x, err) : st;
}

/* An approved photo, by its name in approved/. */
static int explain_approved(const struct cli *cli, const char *photo)
{
    struct home h;
    struct err err = {0};
    struct arena a;
    struct snapshot people;
    struct entry e;
    bool found = false;
    int64_t intent = 0;
    enum status st = home_open(cli->home, HOME_REGISTER | HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    arena_init(&a, (size_t)4 * 1024 * 1024 * 1024);
    st = register_snapshot(h.people, &a, &people, &err);
    if (st == STATUS_OK) {
        st = posted_find(h.ledger, text_of(photo), &intent, &err);
        if (st == STATUS_USAGE) { /* then it was meant as a file */
            err_clear(&err);
            st = err_set(&err, STATUS_IO, "%s: %s", photo, strerror(ENOENT));
        }
    }
    if (st == STATUS_OK) {
        st = ledger_entry(h.ledger, intent, &e, &found, &err);
    }
    if (st == STATUS_OK && found) {
        struct explaining x = {.home = &h, .people = &people, .intent = intent};
        explain_entry(h.ledger, &people, &e);
        entry_release(&e);
        st = explain_publications(&x, &err);
    }
    int code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    arena_release(&a);
    home_close(&h);
    return code;
}

static int explain_case(const struct cli *cli, uint64_t number)
{
    struct home h;
    struct err err = {0};
    struct arena a;
    struct snapshot people;
    struct entry e;
    bool found = false;
    arena_init(&a, (size_t)4 * 1024 * 1024 * 1024);
    enum status st = home_open(cli->home, HOME_REGISTER | HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = register_snapshot(h.people, &a, &people, &err);
    if (st == STATUS_OK) {
        st = ledger_case(h.ledger, (int64_t)number, &e, &found, &err);
    }
    if (st == STATUS_OK && !found) {
        st = err_set(&err, STATUS_USAGE, "there is no case %llu", (unsigned long long)number);
    }
    if (st == STATUS_OK) {
        struct explaining x = {.home = &h,
                               .people = &people,
                               .case_no = (int64_t)number,
                               .batch = text_in(e.body, "batch"),
                               .source = text_in(e.body, "source")};
        explain_entry(h.ledger, &people, &e);
        st = ledger_each(h.ledger,
                         1u << ENTRY_CLEARED | 1u << ENTRY_DECLINED | 1u << ENTRY_DESTROYED,
                         explain_deed, &number, &err);
        st = st == STATUS_OK ? explain_publications(&x, &err) : st;
        entry_release(&e);
    }
    int code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    arena_release(&a);
    home_close(&h);
    return code;
}

/* The folder a photo stands in, and its name there. */
static bool split_path(const char *photo, char folder[MAX_PATH_BYTES], const char **name)
{
    const char *slash = strrchr(photo, '/');
    *name = slash ? slash + 1 : photo;
    int n = slash ? snprintf(folder, MAX_PATH_BYTES, "%.*s", (int)(slash - photo) + 1, photo)
                  : snprintf(folder, MAX_PATH_BYTES, ".");
    return n > 0 && n < (int)MAX_PATH_BYTES && **name;
}

static int explain_photo(const struct cli *cli, const char *photo, struct run_options *how)
{
    struct home h;
    struct err err = {0};
    struct run_result result;
    char folder[MAX_PATH_BYTES];
    const char *name;
    if (!split_path(photo, folder, &name)) {
        return cli_usage("explain", "'%s' is neither a case number nor a photo", photo);
    }
    if (access(photo, F_OK) != 0 && errno == ENOENT && strchr(photo, '/')) {
        return explain_approved(cli, photo);
    }
    if (access(photo, F_OK) != 0) {
        return cli_fail(err_set(&err, STATUS_IO, "%s: %s", photo, strerror(errno)), &err);
    }
    how->intake = folder;
    how->only = text_of(name);
    how->dry_run = true;
    how->jobs = 1;
    enum status st = home_open(cli->home, HOME_REGISTER | HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = run_batch(&h, how, &result, &err);
    int code;
    if (st == STATUS_OK) {
        explain_item(&result.report, &result.report.items[0]);
        code = result.n_approved ? EXIT_APPROVED : EXIT_REFUSED;
        run_release(&result);
    } else {
        code = cli_fail(st, &err);
    }
    home_close(&h);
    return code;
}

int cmd_explain(const struct cli *cli, int argc, char **argv)
{
    const char *channel = NULL, *date = NULL;
    const struct cli_option options[] = {{"channel", &channel, NULL}, {"date", &date, NULL}};
    char **operands;
    int n, code;
    uint64_t number;
    struct run_options how = {0};
    if (!cli_options("explain", options, 2, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 1) {
        return cli_usage("explain", "name a case number or a photo");
    }
    if (!cli_date("explain", date, &how.date)) {
        return EXIT_USAGE;
    }
    how.channel = text_of(channel);
    if (text_to_number(text_of(operands[0]), INT64_MAX, &number)) {
        return explain_case(cli, number);
    }
    return explain_photo(cli, operands[0], &how);
}
