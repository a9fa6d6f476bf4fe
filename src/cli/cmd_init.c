/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

int cmd_init(const struct cli *cli, int argc, char **argv)
{
    const char *name = "Our School";
    const struct cli_option options[] = {{"name", &name, NULL}};
    char **operands;
    int n, code;
    (void)cli;
    if (!cli_options("init", options, 1, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (n != 1) {
        return cli_usage("init", "name one folder to make");
    }
    if (!text_trim(text_of(name)).n) {
        return cli_usage("init", "--name is empty; it is shown in every report");
    }
    struct err err = {0};
    enum status st = home_init(operands[0], name, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    printf("Made ");
    print_text(stdout, text_of(operands[0]));
    printf(". Next:\n"
           "  1. look through photogate.conf in it (name, contact points, whom to ask)\n"
           "  2. photogate --home ");
    print_text(stdout, text_of(operands[0]));
    printf(" import pupils.csv staff.csv\n  3. photogate --home ");
    print_text(stdout, text_of(operands[0]));
    printf(" run FOLDER-OF-PHOTOS\n");
    return EXIT_APPROVED;
}
