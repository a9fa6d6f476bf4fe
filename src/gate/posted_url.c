/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An address that may stand in the ledger for good. */
#include <string.h>

#include "photogate/limits.h"
#include "photogate/names.h"
#include "photogate/posted.h"

enum { JUDGE_BYTES = 64 * 1024 * 1024 };

static bool starts_with(struct text t, const char *scheme)
{
    size_t n = strlen(scheme);
    bool same = t.n > n;
    for (size_t i = 0; same && i < n; i++) {
        char c = t.at[i] >= 'A' && t.at[i] <= 'Z' ? (char)(t.at[i] - 'A' + 'a') : t.at[i];
        same = c == scheme[i];
    }
    return same;
}

static size_t find_any(struct text t, const char *any)
{
    size_t i = 0;
    while (i < t.n && !strchr(any, t.at[i])) {
        i++;
    }
    return i;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_word(uint8_t c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '\'';
}

/* "/news/jack-smith%20wins" as the words it is read as: percent escapes decoded (RFC 3986, 2.1),
 * the rest of its punctuation gone. */
static enum status words_of(struct text url, struct buffer *out, struct err *err)
{
    for (size_t i = 0; i < url.n; i++) {
        uint8_t c = (uint8_t)url.at[i];
        int high = c == '%' && i + 2 < url.n ? hex_value(url.at[i + 1]) : -1;
        int low = high >= 0 ? hex_value(url.at[i + 2]) : -1;
        if (low >= 0) {
            c = (uint8_t)(high * 16 + low);
            i += 2;
        }
        buffer_add_byte(out, is_word(c) ? c : ' ');
    }
    return buffer_status(out, err);
}

/* Numbers, dates and links are what addresses are made of; names and a pupil's own number are not.
 */
static bool gives_away(const struct finding *f)
{
    static const enum finding_kind KINDS[] = {
        FINDING_FULL_NAME, FINDING_FORENAME, FINDING_SURNAME,  FINDING_DISGUISED, FINDING_PARENT,
        FINDING_UPN,       FINDING_EMAIL,    FINDING_NOT_TEXT, FINDING_UNREADABLE};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (f->kind == KINDS[i]) {
            return true;
        }
    }
    return false;
}

static bool names_nobody(const struct lexicon *lexicon, struct text text)
{
    struct arena a;
    struct err ignored = {0};
    const struct finding *findings;
    size_t n = 0;
    enum judgement verdict;
    arena_init(&a, JUDGE_BYTES);
    bool nobody = names_judge(lexicon, text, TEXT_ROLE_FILE_NAME, NAMES_NEVER, &a, &findings, &n,
                              &verdict, &ignored) == STATUS_OK;
    for (size_t i = 0; nobody && i < n; i++) {
        nobody = !gives_away(&findings[i]);
    }
    arena_release(&a);
    return nobody;
}

enum status posted_url_check(const struct lexicon *lexicon, struct text url, struct err *err)
{
    size_t scheme = starts_with(url, "https://") ? 8 : starts_with(url, "http://") ? 7 : 0;
    bool plain = url.n <= MAX_URL_BYTES;
    for (size_t i = 0; plain && i < url.n; i++) {
        plain = url.at[i] > ' ' && url.at[i] <= '~';
    }
    if (!scheme || !plain) {
        return err_set(err, STATUS_USAGE,
                       "give the address of the page as the browser shows it: https://..., without "
                       "spaces, at most %u characters",
                       MAX_URL_BYTES);
    }
    struct text rest = text_slice(url, scheme, url.n);
    struct text host = text_slice(rest, 0, find_any(rest, "/?#"));
    if (memchr(host.at, '@', host.n)) {
        return err_set(err, STATUS_USAGE,
                       "the address holds a user name (before the '@'); give it without");
    }
    if (!host.n || host.at[0] == ':' || host.at[0] == '.') {
        return err_set(err, STATUS_USAGE, "the address names no computer");
    }
    struct buffer words;
    buffer_init(&words, url.n + 1);
    enum status st = words_of(rest, &words, err);
    if (st == STATUS_OK && !names_nobody(lexicon, (struct text){(const char *)words.at, words.n})) {
        st = err_set(err, STATUS_USAGE,
                     "the address would stand in the ledger for good, and it looks as if it named "
                     "a pupil; publish the photo under an address that names nobody");
    }
    buffer_release(&words);
    return st;
}
