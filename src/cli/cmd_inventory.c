/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli.h"
#include "photogate/inventory.h"

/* "1.2 MB": as people read sizes. */
static const char *size_words(uint64_t bytes, char out[24])
{
    static const char *const UNITS[] = {"kB", "MB", "GB", "TB"};
    double size = (double)bytes / 1000;
    size_t u = 0;
    while (size >= 1000 && u + 1 < sizeof UNITS / sizeof UNITS[0]) {
        size /= 1000;
        u++;
    }
    (void)snprintf(out, 24, size < 10 ? "%.1f %s" : "%.0f %s", size, UNITS[u]);
    return out;
}

static void print_plain(const struct inventory *inv)
{
    char day[DATE_TEXT_BYTES], size[24], name[32], count[40];
    printf("%-18s %-16s %9s  %-11s %s\n", "what", "how many", "size", "oldest", "goes");
    for (size_t i = 0; i < inv->n_rows; i++) {
        const struct inventory_row *r = &inv->rows[i];
        (void)snprintf(name, sizeof name, "%.*s", TEXT_ARG(r->name));
        (void)snprintf(count, sizeof count, "%.*s: %llu", TEXT_ARG(r->unit),
                       (unsigned long long)r->n);
        printf("%-18s %-16s %9s  %-11s %.*s\n", name, count,
               r->bytes ? size_words(r->bytes, size) : "",
               date_is_set(r->oldest) ? date_format(r->oldest, day) : "-", TEXT_ARG(r->goes));
        printf("    ");
        print_text(stdout, r->where);
        printf(": %.*s", TEXT_ARG(r->what));
        if (date_is_set(r->next) && date_compare(r->next, inv->today) <= 0) {
            printf("; DUE since %s: photogate purge", date_format(r->next, day));
        } else if (date_is_set(r->next)) {
            printf("; the first is due on %s", date_format(r->next, day));
        }
        putchar('\n');
    }
}

static json_t *date_json(struct date d)
{
    char day[DATE_TEXT_BYTES];
    return date_is_set(d) ? json_string(date_format(d, day)) : json_null();
}

static enum status print_json(const struct inventory *inv, struct err *err)
{
    json_t *rows = json_array();
    bool bad = !rows;
    for (size_t i = 0; !bad && i < inv->n_rows; i++) {
        const struct inventory_row *r = &inv->rows[i];
        json_t *o = json_pack(
            "{s:s%, s:s%, s:s%, s:I, s:s%, s:I, s:o, s:s%, s:o}", "name", r->name.at, r->name.n,
            "where", r->where.at, r->where.n, "what", r->what.at, r->what.n, "n", (json_int_t)r->n,
            "unit", r->unit.at, r->unit.n, "bytes", (json_int_t)r->bytes, "oldest",
            date_json(r->oldest), "goes", r->goes.at, r->goes.n, "next_due", date_json(r->next));
        bad = json_array_append_new(rows, o) != 0;
    }
    if (!bad) {
        (void)json_dumpf(rows, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(rows);
    return bad ? err_set(err, STATUS_NOMEM, "out of memory while printing") : STATUS_OK;
}

int cmd_inventory(const struct cli *cli, int argc, char **argv)
{
    bool json = false;
    const struct cli_option options[] = {{"json", NULL, &json}};
    char **operands;
    int n, code;
    if (!cli_options("inventory", options, 1, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 0) {
        return cli_usage("inventory", "takes no file");
    }
    struct home h;
    struct err err = {0};
    struct inventory inv;
    enum status st = home_open(cli->home, HOME_REGISTER | HOME_LEDGER, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    st = inventory_take(&h, date_today(), &inv, &err);
    if (st == STATUS_OK && json) {
        st = print_json(&inv, &err);
    } else if (st == STATUS_OK) {
        print_plain(&inv);
    }
    code = st == STATUS_OK ? EXIT_APPROVED : cli_fail(st, &err);
    inventory_release(&inv);
    home_close(&h);
    return code;
}
