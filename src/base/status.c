/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    const char *symbol;
    int exit_class;
    const char *words;
};

static const struct status_row STATUS_ROWS[] = {
#define X(symbol, exit_class, words) [STATUS_##symbol] = {#symbol, exit_class, words},
    STATUS_LIST(X)
#undef X
};

/* A value outside the list came from a fault of ours: it reads as one. */
static const struct status_row *status_row(enum status status)
{
    size_t i = (size_t)status;
    if (i >= sizeof STATUS_ROWS / sizeof STATUS_ROWS[0]) {
        i = STATUS_BUG;
    }
    return &STATUS_ROWS[i];
}

int status_exit_class(enum status status)
{
    return status_row(status)->exit_class;
}

const char *status_words(enum status status)
{
    return status_row(status)->words;
}

const char *status_symbol(enum status status)
{
    return status_row(status)->symbol;
}

enum status err_set(struct err *err, enum status status, const char *format, ...)
{
    assert(status != STATUS_OK);
    if (err && !err->text[0]) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
        err->status = status;
    }
    return status;
}

void err_prefix(struct err *err, const char *format, ...)
{
    if (!err || !err->text[0]) {
        return;
    }
    char with[sizeof err->text];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(with, sizeof with, format, args);
    va_end(args);
    if (n < 0) {
        return;
    }
    size_t used = (size_t)n < sizeof with ? (size_t)n : sizeof with - 1;
    size_t room = sizeof with - 1 - used;
    size_t rest = strlen(err->text);
    if (rest > room) {
        rest = room;
    }
    memcpy(with + used, err->text, rest);
    with[used + rest] = '\0';
    memcpy(err->text, with, used + rest + 1);
}

void err_clear(struct err *err)
{
    if (err) {
        err->status = STATUS_BUG;
        err->text[0] = '\0';
    }
}
