/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch is named after its folder, unless that would publish a name: "Sports Day 2026" -> "sports-day-2026". */
#include <stdlib.h>
#include <string.h>

#include "photogate/limits.h"
#include "photogate/names.h"
#include "photogate/run.h"

enum { SLUG_BYTES = 48 };

static struct text last_component(struct text path)
{
    while (path.n > 1 && path.at[path.n - 1] == '/') {
        path.n--;
    }
    for (size_t i = path.n; i > 0; i--) {
        if (path.at[i - 1] == '/') {
            return text_slice(path, i, path.n);
        }
    }
    return path;
}

/* ASCII letters and digits in lower case, everything else one '-'. */
static size_t slug(struct text name, char out[SLUG_BYTES + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < SLUG_BYTES; i++) {
        char c = name.at[i];
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c + ('a' - 'A'));
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out[n++] = c;
        } else if (n && out[n - 1] != '-') {
            out[n++] = '-';
        }
    }
    while (n && out[n - 1] == '-') {
        n--;
    }
    out[n] = '\0';
    return n;
}

/* Does the folder's own name pass the caption rules? An error in judging is a no. */
static bool names_nobody(const struct lexicon *lexicon, struct text name, struct arena *a)
{
    const struct finding *findings;
    size_t n;
    enum judgement verdict = JUDGE_BLOCK;
    struct err ignored = {0};
    return names_judge(lexicon, name, TEXT_ROLE_FILE_NAME, NAMES_NEVER, a, &findings, &n, &verdict,
                       &ignored) == STATUS_OK &&
           verdict == JUDGE_ALLOW;
}

enum status batch_name(const char *intake, const struct lexicon *lexicon, struct arena *a,
                       struct text *out, struct err *err)
{
    char made[SLUG_BYTES + 1], hex[DIGEST_HEX_BYTES];
    char *whole = realpath(intake, NULL);
    if (!whole) {
        return err_set(err, STATUS_IO, "the folder of photos cannot be read");
    }
    struct text name = last_component(text_of(whole));
    size_t n = slug(name, made);
    enum status st = STATUS_OK;
    struct buffer b;
    buffer_init(&b, MAX_PATH_BYTES);
    if (n && names_nobody(lexicon, name, a)) {
        buffer_add(&b, made, n);
    } else { /* the same folder always gives the same batch */
        struct digest d;
        st = digest_of((struct bytes){(const uint8_t *)name.at, name.n}, &d, err);
        if (st == STATUS_OK) {
            buffer_format(&b, "batch-%.8s", digest_hex(&d, hex));
        }
    }
    if (st == STATUS_OK) {
        st = buffer_status(&b, err);
    }
    if (st == STATUS_OK && !arena_dup(a, (struct text){(const char *)b.at, b.n}, out)) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
    }
    buffer_release(&b);
    free(whole);
    return st;
}
