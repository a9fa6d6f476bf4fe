/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "photogate/limits.h"

enum { MAX_OPTIONS = 16, FIRST_CODE = 1000 };

void print_text(FILE *to, struct text t)
{
    struct buffer b;
    buffer_init(&b, 16 * MAX_TEXT_BYTES);
    text_print(&b, t);
    (void)fwrite(b.at ? b.at : (const uint8_t *)"", 1, b.n, to);
    buffer_release(&b);
}

const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

int cli_fail(enum status status, const struct err *err)
{
    fputs("photogate: ", stderr);
    print_text(stderr, text_of(err->text[0] ? err->text : status_words(status)));
    fputc('\n', stderr);
    return status_exit_class(status);
}

int cli_usage(const char *command, const char *format, ...)
{
    char line[600];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "photogate %s: ", command);
    print_text(stderr, text_of(line));
    fprintf(stderr, "\nTry 'photogate %s --help'.\n", command);
    return EXIT_USAGE;
}

bool cli_date(const char *command, const char *value, struct date *out)
{
    *out = DATE_NONE;
    if (!value || date_parse_iso(text_of(value), out)) {
        return true;
    }
    (void)cli_usage(command, "'%s' is no date; write it as YYYY-MM-DD", value);
    return false;
}

bool cli_options(const char *command, const struct cli_option *options, size_t n_options, int argc,
                 char **argv, char ***operands, int *n_operands, int *exit_code)
{
    struct option longs[MAX_OPTIONS + 2] = {{0}};
    if (n_options > MAX_OPTIONS) {
        abort();
    }
    for (size_t i = 0; i < n_options; i++) {
        longs[i] =
            (struct option){options[i].name, options[i].value ? required_argument : no_argument,
                            NULL, FIRST_CODE + (int)i};
    }
    longs[n_options] = (struct option){"help", no_argument, NULL, 'h'};
    optind = 0; /* glibc: start over */
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, ":h", longs, NULL);
        if (code == -1) {
            break;
        }
        if (code == 'h') {
            command_help(command_find(command));
            *exit_code = EXIT_APPROVED;
            return false;
        }
        if (code == ':' || code == '?') {
            /* A short option may stand in the middle of its word; a long one has just been passed.
             */
            const char letter[] = {'-', (char)optopt, '\0'};
            bool is_short = optopt > 0 && optopt < FIRST_CODE;
            *exit_code = cli_usage(command, code == ':' ? "%s needs a value" : "unknown option %s",
                                   is_short ? letter : argv[optind - 1]);
            return false;
        }
        const struct cli_option *o = &options[code - FIRST_CODE];
        if (o->value && !*optarg) { /* an unset variable of a script, not a choice */
            *exit_code = cli_usage(command, "--%s needs a value", o->name);
            return false;
        }
        if (o->value) {
            *o->value = optarg;
        } else {
            *o->flag = true;
        }
    }
    *operands = argv + optind;
    *n_operands = argc - optind;
    return true;
}
