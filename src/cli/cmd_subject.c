/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "explain.h"
#include "photogate/run.h"
#include "photogate/subject.h"

struct subject_options {
    const char *output, *reason;
    bool yes, photos, reports, forget_protection;
};

static void print_path(const char *before, struct text path, const char *after)
{
    fputs(before, stdout);
    print_text(stdout, path);
    fputs(after, stdout);
}

/* ---- export ---------------------------------------------------------------------------------- */

static enum status export(struct home *h, const struct subject *s, const struct actor *actor,
                          const struct subject_options *o, struct err *err) {
    char path[MAX_PATH_BYTES]; size_t n_withheld = 0;
    enum status st = subject_export(h, s, actor, o->output, path, err);
    if (st != STATUS_OK){return st;}
for (size_t i = 0; i < s->n_entries; i++)
{
    n_withheld += s->entries[i].others;
}
explain_person(s->person);
printf("\n%zu consent event%s, %zu status line%s, %zu ledger entr%s, %zu photo%s, %zu report%s "
       "about them.\n",
       s->person->n_consents, plural(s->person->n_consents), s->person->n_history,
       plural(s->person->n_history), s->n_entries, s->n_entries == 1 ? "y" : "ies", s->n_photos,
       plural(s->n_photos), s->n_documents, plural(s->n_documents));
print_path("Copy:   ", text_of(path), "/subject.html (to print), subject.json\n");
puts("Proofs: proofs/ with checkpoint.txt and verifier-key.txt; scripts/ledger_verify.py "
     "checks one");
if (n_withheld) {
    printf("Not to be handed out: dpo/, the text of %zu entr%s in which other people are.\n",
           n_withheld, n_withheld == 1 ? "y" : "ies");
}
puts("Photos and reports themselves are not copied: cover other people before you add one.");
if (s->person->do_not_publish != KNOWN_NO || s->person->child_objection != KNOWN_NO) {
    puts("Read it before you hand it out: it tells that they may not be shown. Who asks may be "
         "the one\nthey are protected from.");
}
return STATUS_OK;
}

/* ---- erase ----------------------------------------------------------------------------------- */

static void print_photos(const struct subject *s, enum subject_place place, const char *folder)
{
    for (size_t i = 0; i < s->n_photos; i++) {
        const struct subject_photo *p = &s->photos[i];
        if (p->place == place) {
            printf("    %s/%s/%s\n", folder, p->batch, p->file);
        }
    }
}

/* Where their photos were published and may still be. */
static void print_posted(const struct subject *s)
{
    size_t i, k;
    const json_t *e, *later;
    json_array_foreach(s->told, i, e)
    {
        const json_t *url = json_object_get(json_object_get(e, "says"), "url");
        json_int_t seq = json_integer_value(json_object_get(e, "entry"));
        bool down = false;
        json_array_foreach(s->told, k, later)
        {
            const json_t *posted = json_object_get(json_object_get(later, "says"), "posted");
            down = down || (json_is_integer(posted) && json_integer_value(posted) == seq);
        }
        if (json_is_string(url) && !down) {
            print_path("  to be taken down by hand: ", text_of(json_string_value(url)), "\n");
        }
    }
}

static void print_plan(const struct subject *s, const struct subject_options *o)
{
    explain_person(s->person);
    puts("\n\nGoes:");
    printf("  from the register: the row, %zu consent event%s, %zu status line%s\n",
           s->person->n_consents, plural(s->person->n_consents), s->person->n_history,
           plural(s->person->n_history));
    if (s->copied) {
        puts("  the copy made for them: subject-access/");
    }
    if (s->n_photos) {
        printf("  photos they are in%s:\n", o->photos ? "" : " (approved ones with --also-photos)");
        print_photos(s, SUBJECT_APPROVED, "approved");
        print_photos(s, SUBJECT_WAITING, "awaiting");
        print_photos(s, SUBJECT_RECALLED, "recalled");
    }
    if (s->n_documents) {
        printf("%s:\n", o->reports ? "  reports that name or show them, and others"
                                   : "\nStays, unless you give --also-reports or delete it: "
                                     "reports that name or show them, and others");
        for (size_t i = 0; i < s->n_documents; i++) {
            print_path("    ", s->documents[i], "\n");
        }
    }
    printf("\nStays, and why:\n"
           "  %zu ledger entr%s, under a code that nobody can match to them any more: the school "
           "must be\n"
           "  able to show what it decided (UK GDPR Art 5(2), 17(3)(b) and (e))\n"
           "  what is out of reach: originals, backups of this folder, copies handed out, what was "
           "published,\n"
           "  and the school's own system: while they are in its export, the next import brings "
           "them back\n",
           s->n_entries, s->n_entries == 1 ? "y" : "ies");
    print_posted(s);
}

static bool is_confirmed(void)
{
    char line[32] = "";
    if (!isatty(STDIN_FILENO)) {
        return false;
    }
    fputs("\nThis cannot be undone. Type 'erase' to do it: ", stderr);
    return fgets(line, sizeof line, stdin) && text_equal(text_trim(text_of(line)), TEXT("erase"));
}

static enum status erase(struct home *h, const struct subject *s, const struct actor *actor,
                         const struct subject_options *o, struct err *err)
{
    int64_t version = 0;
    const struct erase_options how = {.actor = actor,
                                      .reason = text_of(o->reason),
                                      .photos = o->photos,
                                      .reports = o->reports,
                                      .forget_protection = o->forget_protection};
    print_plan(s, o);
    fflush(stdout);
    enum status st = subject_erase_check(h, s, &how, err);
    if (st == STATUS_OK && !o->yes && !is_confirmed()) {
        st = err_set(err, STATUS_USAGE,
                     "nothing was erased; type 'erase' when asked, or give --yes");
    }
    st = st == STATUS_OK ? subject_erase(h, s, &how, &version, err) : st;
    if (st == STATUS_OK) {
        printf("\nErased. The register is now version %lld; the ledger records that it was done.\n",
               (long long)version);
    }
    return st;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int work(const struct cli *cli, const char *who, bool erasing,
                const struct subject_options *o)
{
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    struct subject s;
    struct actor actor;
    unsigned needs =
        HOME_LEDGER_WRITE | HOME_LOCK | (erasing ? HOME_REGISTER_WRITE : HOME_REGISTER);
    enum status st = home_open(cli->home, needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    actor_now(&actor);
    st = run_recover(&h, &recovery, &err);
    if (st == STATUS_OK) {
        st = subject_open(&h, text_of(who), &s, &err);
        if (st == STATUS_OK) {
            st = erasing ? erase(&h, &s, &actor, o, &err) : export(&h, &s, &actor, o, &err);
        }
        subject_close(&s);
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

int cmd_subject(const struct cli *cli, int argc, char **argv)
{
    struct subject_options o = {0};
    const struct cli_option options[] = {{"output", &o.output, NULL},
                                         {"reason", &o.reason, NULL},
                                         {"yes", NULL, &o.yes},
                                         {"also-photos", NULL, &o.photos},
                                         {"also-reports", NULL, &o.reports},
                                         {"forget-protection", NULL, &o.forget_protection}};
    char **operands;
    int n, code;
    if (!cli_options("subject", options, sizeof options / sizeof options[0], argc, argv, &operands,
                     &n, &code)) {
        return code;
    }
    bool exporting = n == 2 && strcmp(operands[1], "export") == 0;
    bool erasing = n == 2 && strcmp(operands[1], "erase") == 0;
    if (!exporting && !erasing) {
        return cli_usage("subject", "name a person, then 'export' or 'erase'");
    }
    if (erasing && o.output) {
        return cli_usage("subject", "--output goes with 'export'");
    }
    if (exporting && (o.reason || o.yes || o.photos || o.reports || o.forget_protection)) {
        return cli_usage("subject", "'export' takes --output only");
    }
    return work(cli, operands[0], erasing, &o);
}
