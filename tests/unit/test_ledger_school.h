/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ledger's tests share: a folder of its own for each test, and bodies of entries. */
#ifndef TEST_LEDGER_SCHOOL_H
#define TEST_LEDGER_SCHOOL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/ledger_db.h"

#define NOON "2026-11-20T12:00:00Z"

struct school {
    char home[64];
    struct ledger *l;
    struct err err;
};

static inline void must_be_ok(enum status st, const struct err *err, int line)
{
    if (st != STATUS_OK) {
        fail_msg("line %d: %s: %s", line, status_symbol(st), err->text);
    }
}
#define OK(call, school) must_be_ok((call), &(school)->err, __LINE__)

/* `call` fails with `wanted`, and says why; the message is then forgotten. */
#define FAILS(wanted, call, school)                                                                \
    do {                                                                                           \
        assert_string_equal(status_symbol(call), status_symbol(wanted));                           \
        assert_true((school)->err.text[0] != '\0');                                                \
        err_clear(&(school)->err);                                                                 \
    } while (0)

static inline const char *home_path(const struct school *s, const char *name, char out[128])
{
    (void)snprintf(out, 128, "%s/%s", s->home, name);
    return out;
}

static inline int school_opens(void **state)
{
    struct school *s = test_calloc(1, sizeof *s);
    (void)snprintf(s->home, sizeof s->home, "/tmp/photogate-ledger-XXXXXX");
    assert_non_null(mkdtemp(s->home));
    OK(ledger_open(s->home, LEDGER_CREATE, &s->l, &s->err), s);
    *state = s;
    return 0;
}

static inline int school_closes(void **state)
{
    static const char *const FILES[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.key",
                                        "copy.db"};
    struct school *s = *state;
    char path[128];
    ledger_close(s->l);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        (void)unlink(home_path(s, FILES[i], path));
    }
    assert_int_equal(rmdir(s->home), 0);
    test_free(s);
    return 0;
}

static inline void school_reopens(struct school *s, enum ledger_mode mode)
{
    ledger_close(s->l);
    s->l = NULL;
    OK(ledger_open(s->home, mode, &s->l, &s->err), s);
}

static inline struct digest digest_number(unsigned n)
{
    struct digest d;
    struct err err = {0};
    must_be_ok(digest_of((struct bytes){(const uint8_t *)&n, sizeof n}, &d, &err), &err, __LINE__);
    return d;
}

/* Bodies: new references. `photo` stands for the photo's bytes, too. */
static inline json_t *intent_body(const char *batch, unsigned photo)
{
    char source[DIGEST_HEX_BYTES], release[DIGEST_HEX_BYTES], file[32];
    struct digest a = digest_number(photo), b = digest_number(photo + 1000);
    (void)snprintf(file, sizeof file, "photo-%04u.jpg", photo);
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:[s]}", "batch", batch, "source",
                     digest_hex(&a, source), "release", digest_hex(&b, release), "file", file,
                     "photo", (int)photo, "people", "00112233445566778899aabbccddeeff");
}

static inline json_t *refusal_body(const char *batch, unsigned photo, int case_no)
{
    char source[DIGEST_HEX_BYTES];
    struct digest a = digest_number(photo);
    return json_pack("{s:s, s:s, s:i, s:[{s:s, s:b}]}", "batch", batch, "source",
                     digest_hex(&a, source), "case", case_no, "hits", "rule", "F01", "protects", 0);
}

static inline json_t *ending_body(int64_t intent)
{
    return json_pack("{s:I, s:b, s:s}", "intent", (json_int_t)intent, "recovered", 0, "reason",
                     "caf\xc3\xa9 \"\\\b\t\n\f\r\x01\x1f\x7f\xf0\x9f\x93\xb7");
}

/* Append `body` (taken) in the transaction that is open. */
static inline int64_t append(struct school *s, enum entry_kind kind, json_t *body)
{
    int64_t seq = 0;
    assert_non_null(body);
    OK(ledger_append(s->l, kind, NOON, body, &seq, &s->err), s);
    json_decref(body);
    return seq;
}

/* Eight entries of most kinds, committed in two transactions: seq 1 to 8. */
static inline void write_a_day(struct school *s)
{
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_FOUNDED, json_pack("{s:s, s:s}", "school", "Elm Grove", "version", "0.1.0"));
    append(s, ENTRY_RUN, json_pack("{s:s, s:n, s:{}}", "batch", "trip", "channel", "empty"));
    append(s, ENTRY_INTENT, intent_body("trip", 1));
    append(s, ENTRY_INTENT, intent_body("trip", 2));
    append(s, ENTRY_HELD, refusal_body("trip", 3, 17));
    OK(ledger_commit(s->l, &s->err), s);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_PUBLISHED, ending_body(3));
    append(s, ENTRY_ABANDONED, ending_body(4));
    append(s, ENTRY_REJECTED, refusal_body("trip", 4, 18));
    OK(ledger_commit(s->l, &s->err), s);
}

#endif
