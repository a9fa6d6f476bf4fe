/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands are rows. Only this room prints: results on stdout, diagnostics on stderr, progress on a
 * terminal. */
#ifndef PHOTOGATE_CLI_H
#define PHOTOGATE_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "photogate/home.h"

enum { EXIT_APPROVED = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EXIT_BROKEN = 4 };

struct cli {
    const char *home; /* --home, PHOTOGATE_HOME, or the current folder */
};

struct command {
    const char *name;
    const char *arguments; /* for the usage line */
    const char *summary;   /* one line, for the list of commands */
    const char *help;      /* what it does and its options, printed by --help */
    int (*run)(const struct cli *cli, int argc, char **argv);
};

/* NULL for no such command. */
const struct command *command_find(const char *name);
const struct command *commands_all(size_t *n);
void command_help(const struct command *c);

int cmd_init(const struct cli *cli, int argc, char **argv);
int cmd_import(const struct cli *cli, int argc, char **argv);
int cmd_run(const struct cli *cli, int argc, char **argv);
int cmd_explain(const struct cli *cli, int argc, char **argv);
int cmd_inspect(const struct cli *cli, int argc, char **argv);
int cmd_faces(const struct cli *cli, int argc, char **argv);
int cmd_check_caption(const struct cli *cli, int argc, char **argv);
int cmd_look_for(const struct cli *cli, int argc, char **argv);
int cmd_consent(const struct cli *cli, int argc, char **argv);
int cmd_clear(const struct cli *cli, int argc, char **argv);
int cmd_sign_off(const struct cli *cli, int argc, char **argv);
int cmd_subject(const struct cli *cli, int argc, char **argv);
int cmd_purge(const struct cli *cli, int argc, char **argv);
int cmd_inventory(const struct cli *cli, int argc, char **argv);
int cmd_checkpoint(const struct cli *cli, int argc, char **argv);
int cmd_recall(const struct cli *cli, int argc, char **argv);
int cmd_published(const struct cli *cli, int argc, char **argv);
int cmd_taken_down(const struct cli *cli, int argc, char **argv);
int cmd_verify(const struct cli *cli, int argc, char **argv);
int cmd_rules(const struct cli *cli, int argc, char **argv);
int cmd_policy(const struct cli *cli, int argc, char **argv);

/* Options of one command. A row's `value` or `flag` is set when the option is given. */
struct cli_option {
    const char *name;   /* "batch", without dashes */
    const char **value; /* takes a value; or NULL */
    bool *flag;         /* takes none; or NULL */
};

/* Sort out options from operands (GNU style: anywhere; "--" ends options). On success *operands are
 * the argv's rest and true is returned. On --help the command's help has been printed, *exit is 0
 * and false is returned; on a mistake it has been told, *exit is EXIT_USAGE. */
bool cli_options(const char *command, const struct cli_option *options, size_t n_options, int argc,
                 char **argv, char ***operands, int *n_operands, int *exit_code);

/* Tell of a failure on stderr ("photogate: ..."), made printable. Returns the exit code of the
 * status. */
int cli_fail(enum status status, const struct err *err);
int cli_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Print text from outside: harmless for a terminal. */
void print_text(FILE *to, struct text t);

/* A date option: ISO, or a complaint and false. NULL gives DATE_NONE. */
bool cli_date(const char *command, const char *value, struct date *out);

/* "1 photo", "2 photos". */
const char *plural(size_t n);

#endif
