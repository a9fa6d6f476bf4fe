/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/register.h"

static void print_changes(const struct import *plan)
{
    size_t n;
    const struct change *all = import_changes(plan, &n);
    for (int kind = CHANGE_UNKNOWN + 1; kind < N_CHANGE_KINDS; kind++) {
        size_t count = import_count(plan, (enum change_kind)kind);
        if (count == 0) {
            continue;
        }
        printf("%s: %zu\n", change_words((enum change_kind)kind), count);
        for (size_t i = 0; i < n; i++) {
            if (all[i].kind != (enum change_kind)kind) {
                continue;
            }
            printf("  ");
            if (all[i].row) {
                print_text(stdout, all[i].file);
                printf(", row %u: ", all[i].row);
            }
            print_text(stdout, all[i].who);
            if (all[i].what.n) {
                printf("%s", all[i].who.n ? ": " : "");
                print_text(stdout, all[i].what);
            }
            putchar('\n');
        }
    }
}

static bool person_agrees(void)
{
    char line[16] = "";
    if (!isatty(STDIN_FILENO)) {
        fputs("photogate import: nobody to ask; nothing was applied (use --yes)\n", stderr);
        return false;
    }
    printf("Apply this? [y/N] ");
    (void)fflush(stdout);
    return fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
}

/* Digests and counts, no names: what the ledger may know of an import. */
static json_t *describe(const struct import *plan, int64_t version, const struct digest *people)
{
    size_t n;
    const struct import_file *files = import_files(plan, &n);
    char hex[DIGEST_HEX_BYTES];
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_pack("{s:s, s:I, s:I, s:b}", "digest", digest_hex(&files[i].digest, hex),
                              "rows", (json_int_t)files[i].n_rows, "refused",
                              (json_int_t)files[i].n_refused, "staff", files[i].staff);
        if (json_array_append_new(list, o) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return json_pack("{s:o, s:I, s:s}", "files", list, "register_version", (json_int_t)version,
                     "register", digest_hex(people, hex));
}

static enum status record(struct home *h, const struct import *plan, int64_t version,
                          struct err *err)
{
    struct arena a;
    struct snapshot now;
    char when[TIME_TEXT_BYTES];
    arena_init(&a, (size_t)1024 * 1024 * 1024);
    enum status st = register_snapshot(h->people, &a, &now, err);
    json_t *body = st == STATUS_OK ? describe(plan, version, &now.digest) : NULL;
    if (st == STATUS_OK && !body) {
        st = err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    }
    if (st == STATUS_OK) {
        st = ledger_begin(h->ledger, err);
    }
    if (st == STATUS_OK) {
        int64_t seq;
        time_now(when);
        st = ledger_append(h->ledger, ENTRY_IMPORT, when, body, &seq, err);
        st = st == STATUS_OK ? ledger_commit(h->ledger, err) : st;
        if (st != STATUS_OK) {
            ledger_rollback(h->ledger);
        }
    }
    json_decref(body);
    arena_release(&a);
    return st;
}

/* Nothing is imported on top of a register that is not the one the ledger knows. */
static enum status check_register(struct home *h, struct err *err)
{
    struct arena a;
    struct snapshot s;
    arena_init(&a, (size_t)1024 * 1024 * 1024);
    enum status st = register_snapshot(h->people, &a, &s, err);
    st = st == STATUS_OK ? register_check(h->ledger, &s, true, err) : st;
    arena_release(&a);
    return st;
}

static int apply(struct home *h, const struct import *plan, struct err *err)
{
    int64_t version = 0;
    enum status st = import_apply(h->people, plan, &version, err);
    if (st == STATUS_OK) {
        st = record(h, plan, version, err);
        err_prefix(err, "the register was changed, but the ledger could not be written: ");
    }
    if (st != STATUS_OK) {
        return cli_fail(st, err);
    }
    printf("Applied. The register is now at version %lld.\n", (long long)version);
    return import_count(plan, CHANGE_ROW_REFUSED) ? EXIT_REFUSED : EXIT_APPROVED;
}

int cmd_import(const struct cli *cli, int argc, char **argv)
{
    bool yes = false, dry = false, partial = false, full = false;
    const char *date = NULL;
    const struct cli_option options[] = {{"yes", NULL, &yes},
                                         {"dry-run", NULL, &dry},
                                         {"partial", NULL, &partial},
                                         {"full", NULL, &full},
                                         {"date", &date, NULL}};
    char **files;
    int n, code;
    struct import_options how = {0};
    if (!cli_options("import", options, 5, argc, argv, &files, &n, &code)) {
        return code;
    }
    if (n < 1) {
        return cli_usage("import", "name the files to read");
    }
    if (partial && full) {
        return cli_usage("import", "--partial and --full contradict each other");
    }
    if (!cli_date("import", date, &how.on)) {
        return EXIT_USAGE;
    }
    how.partial = partial;
    how.full = full;
    how.on = date_is_set(how.on) ? how.on : date_today();
    if (date_compare(how.on, date_today()) > 0) {
        return cli_usage("import", "--date lies in the future: nothing read then would count yet");
    }

    struct home h;
    struct err err = {0};
    struct import *plan = NULL;
    enum status st =
        home_open(cli->home, HOME_REGISTER_WRITE | HOME_LEDGER_WRITE | HOME_LOCK, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = check_register(&h, &err);
    st = st != STATUS_OK ? st
                         : import_read(h.people, h.policy, (const char *const *)files, (size_t)n,
                                       &how, &plan, &err);
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
        fputs("Nothing was changed.\n", stderr);
    } else {
        print_changes(plan);
        bool refused = import_count(plan, CHANGE_ROW_REFUSED) > 0;
        if (import_is_empty(plan)) {
            puts("Nothing to change.");
            code = refused ? EXIT_REFUSED : EXIT_APPROVED;
        } else if (dry) {
            puts("Dry run: nothing was changed.");
            code = refused ? EXIT_REFUSED : EXIT_APPROVED;
        } else if (yes || person_agrees()) {
            code = apply(&h, plan, &err);
        } else {
            puts("Nothing was changed.");
            code = EXIT_REFUSED;
        }
    }
    import_free(plan);
    home_close(&h);
    return code;
}
