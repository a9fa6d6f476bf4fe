/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canonical JSON: one value, one sequence of bytes (RFC 8785, for the types the ledger uses). */
#include "ledger/ledger_db.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    struct buffer *out;
    enum status st;
    struct err *err;
};

static void refuse(struct writer *w, enum status st, const char *why)
{
    if (w->st == STATUS_OK) {
        w->st = err_set(w->err, st, "%s", why);
    }
}

/* RFC 8785, 3.2.2.2: two-character escapes where JSON has one, \u00xx in lower case for other
 * controls, nothing else. */
static void put_string(struct writer *w, struct text t)
{
    if (!text_is_utf8(t)) {
        refuse(w, STATUS_FORMAT, "a string of a ledger entry is not UTF-8");
        return;
    }
    static const char SHORT[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    buffer_add_byte(w->out, '"');
    size_t plain = 0; /* start of the stretch that goes out as it is */
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buffer_add(w->out, t.at + plain, i - plain);
        plain = i + 1;
        if (c >= 0x20) {
            buffer_format(w->out, "\\%c", c);
        } else if (SHORT[c]) {
            buffer_format(w->out, "\\%c", SHORT[c]);
        } else {
            buffer_format(w->out, "\\u%04x", c);
        }
    }
    if (plain < t.n) {
        buffer_add(w->out, t.at + plain, t.n - plain);
    }
    buffer_add_byte(w->out, '"');
}

struct member {
    struct text key;
    const json_t *value;
};

static int by_key(const void *a, const void *b)
{
    const struct member *x = (const struct member *)a, *y = (const struct member *)b;
    return text_compare(x->key, y->key);
}

static void put_value(struct writer *w, const json_t *v, unsigned depth);

/* The order of UTF-8 bytes is the order of code points. RFC 8785 orders by UTF-16 units, which
 * differs only beyond U+FFFF. */
static void put_object(struct writer *w, const json_t *v, unsigned depth)
{
    /* jansson's iterator wants a mutable object, which it does not change */
    json_t *object = (json_t *)(uintptr_t)v;
    size_t n = json_object_size(v), i = 0;
    struct member *members = calloc(n ? n : 1, sizeof *members);
    if (!members) {
        refuse(w, STATUS_NOMEM, "no memory for a ledger entry");
        return;
    }
    for (void *at = json_object_iter(object); at && i < n;
         at = json_object_iter_next(object, at), i++) {
        members[i].key = (struct text){json_object_iter_key(at), json_object_iter_key_len(at)};
        members[i].value = json_object_iter_value(at);
    }
    qsort(members, n, sizeof *members, by_key);
    buffer_add_byte(w->out, '{');
    for (i = 0; i < n && w->st == STATUS_OK; i++) {
        if (i) {
            buffer_add_byte(w->out, ',');
        }
        if (members[i].key.n && memchr(members[i].key.at, '\0', members[i].key.n)) {
            refuse(w, STATUS_FORMAT,
                   "a key of a ledger entry holds a NUL"); /* no parser reads it back */
        }
        put_string(w, members[i].key);
        buffer_add_byte(w->out, ':');
        put_value(w, members[i].value, depth + 1);
    }
    buffer_add_byte(w->out, '}');
    free(members);
}

static void put_array(struct writer *w, const json_t *v, unsigned depth)
{
    size_t n = json_array_size(v);
    buffer_add_byte(w->out, '[');
    for (size_t i = 0; i < n && w->st == STATUS_OK; i++) {
        if (i) {
            buffer_add_byte(w->out, ',');
        }
        put_value(w, json_array_get(v, i), depth + 1);
    }
    buffer_add_byte(w->out, ']');
}

/* RFC 7493, 2.2: integers beyond 2^53 - 1 are not the same number to every reader. */
static void put_integer(struct writer *w, json_int_t n)
{
    const json_int_t most = ((json_int_t)1 << 53) - 1;
    if (n > most || n < -most) {
        refuse(w, STATUS_FORMAT, "a number of a ledger entry is too large");
        return;
    }
    buffer_format(w->out, "%lld", (long long)n);
}

static void put_value(struct writer *w, const json_t *v, unsigned depth)
{
    if (depth > MAX_ENTRY_DEPTH) {
        refuse(w, STATUS_LIMIT, "a ledger entry is nested too deeply");
        return;
    }
    if (!v) {
        refuse(w, STATUS_FORMAT, "a value of a ledger entry is missing");
        return;
    }
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        put_object(w, v, depth);
        break;
    case JSON_ARRAY:
        put_array(w, v, depth);
        break;
    case JSON_STRING:
        put_string(w, (struct text){json_string_value(v), json_string_length(v)});
        break;
    case JSON_INTEGER:
        put_integer(w, json_integer_value(v));
        break;
    case JSON_TRUE:
        buffer_add_cstr(w->out, "true");
        break;
    case JSON_FALSE:
        buffer_add_cstr(w->out, "false");
        break;
    case JSON_NULL:
        buffer_add_cstr(w->out, "null");
        break;
    case JSON_REAL:
    default:
        refuse(w, STATUS_FORMAT, "a number of a ledger entry is not an integer");
        break;
    }
}

enum status json_canonical(const json_t *value, struct buffer *out, struct err *err)
{
    struct writer w = {out, STATUS_OK, err};
    put_value(&w, value, 0);
    return w.st != STATUS_OK ? w.st : buffer_status(out, err);
}
