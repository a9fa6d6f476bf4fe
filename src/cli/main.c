/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "photogate/examiner.h"

static void help(FILE *to)
{
    size_t n;
    const struct command *all = commands_all(&n);
    fputs("photogate lets a school photo out only when it can show why that was right.\n\n"
          "usage: photogate [--home FOLDER] COMMAND ...\n\n",
          to);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "  %-14s %s\n", all[i].name, all[i].summary);
    }
    fputs(
        "\n  --home FOLDER  the school's folder (default: $PHOTOGATE_HOME, else the current "
        "folder)\n"
        "  --version      version of the program\n"
        "  --help         this; 'photogate COMMAND --help' for each command\n"
        "\nExit codes: 0 all approved, 1 something held, rejected, waiting or recalled, 2 usage,\n"
        "3 the environment (nothing more was published), 4 the ledger or approved/ is not as it "
        "must be.\n",
        to);
}

/* What the standard streams could not take must not look like success. */
static int flushed(int code)
{
    if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
        fputs("photogate: the output could not be written\n", stderr);
        return code > EXIT_ENVIRONMENT ? code : EXIT_ENVIRONMENT;
    }
    return code;
}

int main(int argc, char **argv)
{
    /* Started by the gate itself (examiner_pool.c), never by a person. */
    if (argc >= 2 && strcmp(argv[1], "examiner") == 0) {
        bool model = argc > 2 && strcmp(argv[2], "model") == 0;
        bool fast = argc > 3 && strcmp(argv[3], "fast") == 0;
        return examiner_main(3, model ? 4 : -1, fast ? FACES_FAST : FACES_STRICT);
    }
    (void)signal(SIGPIPE, SIG_IGN);
    struct cli cli = {.home = getenv("PHOTOGATE_HOME")};
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--home") == 0 && at + 1 < argc) {
            cli.home = argv[++at];
        } else if (strncmp(argv[at], "--home=", 7) == 0) {
            cli.home = argv[at] + 7;
        } else if (strcmp(argv[at], "--home") == 0) {
            fputs("photogate: --home needs a folder\nTry 'photogate --help'.\n", stderr);
            return EXIT_USAGE;
        } else if (strcmp(argv[at], "--version") == 0) {
            puts("photogate " PHOTOGATE_VERSION);
            return flushed(EXIT_APPROVED);
        } else if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            help(stdout);
            return flushed(EXIT_APPROVED);
        } else {
            fputs("photogate: unknown option ", stderr);
            print_text(stderr, text_of(argv[at]));
            fputs("\nTry 'photogate --help'.\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (at == argc) {
        help(stderr);
        return EXIT_USAGE;
    }
    if (!cli.home || !*cli.home) {
        cli.home = ".";
    }
    if (strcmp(argv[at], "help") == 0) {
        const struct command *about = at + 1 < argc ? command_find(argv[at + 1]) : NULL;
        if (about) {
            command_help(about);
        } else {
            help(stdout);
        }
        return flushed(EXIT_APPROVED);
    }
    const struct command *c = command_find(argv[at]);
    if (!c) {
        fputs("photogate: no such command: ", stderr);
        print_text(stderr, text_of(argv[at]));
        fputs("\nTry 'photogate --help'.\n", stderr);
        return EXIT_USAGE;
    }
    return flushed(c->run(&cli, argc - at, argv + at));
}
