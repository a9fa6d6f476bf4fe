/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong, and how it is told.
 *
 * A refusal is data (ruling.h): the photo was judged and may not pass. An error is an `enum
 * status`: the work itself could not be done. Every function that can fail returns a status and
 * writes its diagnostic into the caller's `struct err`. The first (deepest) message wins, so a
 * caller may add its own without losing the cause.
 *
 * The zero is BUG, never success: a status that nobody set publishes nothing.
 */
#ifndef PHOTOGATE_STATUS_H
#define PHOTOGATE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* symbol, exit class of the program when the status reaches main, words */
#define STATUS_LIST(X)                                                                             \
    X(BUG, 4, "a fault in photogate")                                                              \
    X(OK, 0, "no error")                                                                           \
    X(NOMEM, 3, "out of memory")                                                                   \
    X(IO, 3, "a file or folder could not be read or written")                                      \
    X(LIMIT, 3, "over a limit")                                                                    \
    X(FORMAT, 3, "not in the form it should have")                                                 \
    X(UNSUPPORTED, 3, "of a kind that is not supported")                                           \
    X(LIBRARY, 3, "a library failed")                                                              \
    X(BUSY, 3, "somebody else is at work here")                                                    \
    X(BROKEN, 4, "a record that must not change has changed")                                      \
    X(USAGE, 2, "the command was not understood")

enum status {
#define X(symbol, exit_class, words) STATUS_##symbol,
    STATUS_LIST(X)
#undef X
};

/* The caller's diagnostic: one line, no pupil's name, no line end. */
struct err {
    enum status status; /* of the first failure; BUG while `text` is empty */
    char text[480];
};

/* Record a failure, printf-fashion, unless `err` already holds one. `err` may be NULL.
 * Returns `status`, so that `return err_set(...)` reads naturally. Pure. */
enum status err_set(struct err *err, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put a context in front of the message already there ("pupils.csv: row 12: ..."). Pure. */
void err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forget the failure, so that the same `err` can serve another call. Pure. */
void err_clear(struct err *err);

/* The exit class (0 to 4) and the general words of a status. Pure. */
int status_exit_class(enum status status);
const char *status_words(enum status status);
const char *status_symbol(enum status status);

#ifdef __cplusplus
}
#endif
#endif
