/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/limits.h"
#include "photogate/look_for.h"

enum { PAGE_MAX_BYTES = 256 * 1024 * 1024, MAX_OPERANDS = 256 };

/* A class, or a file with the pupils of a trip? What is there as a file, is one. */
static bool sort_operands(char **operands, int n, const char *groups[MAX_OPERANDS],
                          const char *lists[MAX_OPERANDS], struct sheet_options *how)
{
    if (n > MAX_OPERANDS) {
        return false;
    }
    for (int i = 0; i < n; i++) {
        struct text t = text_of(operands[i]);
        bool file = memchr(t.at, '/', t.n) || text_ends_with_nocase(t, TEXT(".csv")) ||
                    text_ends_with_nocase(t, TEXT(".txt"));
        if (file) {
            lists[how->n_lists++] = operands[i];
        } else {
            groups[how->n_groups++] = operands[i];
        }
    }
    how->groups = groups;
    how->lists = lists;
    return true;
}

/* Both forms of the sheet, in the folder look-for/ that only this account can read. */
static enum status write_sheet(const struct home *h, const struct sheet_made *made,
                               struct digest *page, struct err *err)
{
    struct buffer html, csv;
    int dir = -1;
    buffer_init(&html, PAGE_MAX_BYTES);
    buffer_init(&csv, PAGE_MAX_BYTES);
    enum status st = report_sheet_html(&made->sheet, &html, err);
    st = st == STATUS_OK ? report_sheet_csv(&made->sheet, &csv, err) : st;
    st = st == STATUS_OK ? digest_of(buffer_view(&html), page, err) : st;
    st = st == STATUS_OK ? folder_open(h->fd, "look-for", 0700, &dir, err) : st;
    st = st == STATUS_OK ? sheet_record(h, made, page, err) : st;
    st = st == STATUS_OK ? file_replace(dir, "look-for.html", buffer_view(&html), 0600, err) : st;
    st = st == STATUS_OK ? file_replace(dir, "look-for.csv", buffer_view(&csv), 0600, err) : st;
    if (dir >= 0) {
        (void)close(dir);
    }
    buffer_release(&html);
    buffer_release(&csv);
    return st;
}

static enum status print_csv(const struct home *h, const struct sheet_made *made, struct err *err)
{
    struct buffer csv;
    struct digest page;
    buffer_init(&csv, PAGE_MAX_BYTES);
    enum status st = report_sheet_csv(&made->sheet, &csv, err);
    st = st == STATUS_OK ? digest_of(buffer_view(&csv), &page, err) : st;
    st = st == STATUS_OK ? sheet_record(h, made, &page, err) : st;
    if (st == STATUS_OK && fwrite(csv.at, 1, csv.n, stdout) != csv.n) {
        st = err_set(err, STATUS_IO, "the sheet could not be written: %s", strerror(errno));
    }
    buffer_release(&csv);
    return st;
}

int cmd_look_for(const struct cli *cli, int argc, char **argv)
{
    const char *channel = NULL, *date = NULL;
    bool csv = false;
    struct sheet_options how = {0};
    const struct cli_option options[] = {{"channel", &channel, NULL},
                                         {"date", &date, NULL},
                                         {"csv", NULL, &csv},
                                         {"staff", NULL, &how.staff}};
    char **operands;
    int n, code;
    const char *groups[MAX_OPERANDS], *lists[MAX_OPERANDS];
    if (!cli_options("look-for", options, 4, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n < 1) {
        return cli_usage("look-for", "name a class, a year, a file with a trip's pupils, or 'all'");
    }
    bool all = n == 1 && strcmp(operands[0], "all") == 0;
    if (!sort_operands(operands, all ? 0 : n, groups, lists, &how)) {
        return cli_usage("look-for", "more than %d classes at once", MAX_OPERANDS);
    }
    if (!cli_date("look-for", date, &how.date)) {
        return EXIT_USAGE;
    }
    how.channel = text_of(channel);

    struct home h;
    struct err err = {0};
    struct sheet_made made;
    struct digest page;
    enum status st = home_open(cli->home, HOME_REGISTER | HOME_LEDGER_WRITE | HOME_LOCK, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = sheet_make(&h, &how, &made, &err);
    if (st == STATUS_OK) {
        st = csv ? print_csv(&h, &made, &err) : write_sheet(&h, &made, &page, &err);
    }
    if (st == STATUS_OK && !csv) {
        printf("%zu of %zu pupil%s may not be shown in at least one place.\n", made.sheet.n_rows,
               made.sheet.n_people, plural(made.sheet.n_people));
        if (made.sheet.lists_staff) {
            printf("%zu member%s of staff may not be shown in at least one place.\n",
                   made.sheet.n_staff, plural(made.sheet.n_staff));
        } else {
            puts("The sheet lists pupils only; with --staff it lists members of staff too.");
        }
        if (made.sheet.n_unread) {
            printf("%zu line%s of the list name%s nobody for certain: see the sheet.\n",
                   made.sheet.n_unread, plural(made.sheet.n_unread),
                   made.sheet.n_unread == 1 ? "s" : "");
        }
        printf(
            "Sheet:  %s/look-for/look-for.html (to print), look-for.csv\n"
            "It names children: keep it to whoever picks the photos, and delete it afterwards.\n",
            h.path);
    }
    code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    sheet_release(&made);
    home_close(&h);
    return code;
}
