/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch is named after its folder and channel, unless that would publish a name: "Sports Day" for
 * the website becomes "sports-day-website". */
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "photogate/limits.h"
#include "photogate/names.h"
#include "photogate/run.h"

enum { SLUG_BYTES = 40, MAX_SAME_NAMES = 10000 };

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
bool batch_names_nobody(const struct lexicon *lexicon, struct text name, struct arena *a)
{
    const struct finding *findings;
    size_t n;
    enum judgement verdict = JUDGE_BLOCK;
    struct err ignored = {0};
    return names_judge(lexicon, name, TEXT_ROLE_FILE_NAME, NAMES_NEVER, a, &findings, &n, &verdict,
                       &ignored) == STATUS_OK &&
           verdict == JUDGE_ALLOW;
}

/* What the last RUN of a batch says of it. */
struct last_run {
    struct text batch;
    struct arena *a;
    struct text channel, intake;
};

static enum status note_run(void *context, const struct entry *e, struct err *err)
{
    struct last_run *l = context;
    struct text batch = text_of(json_string_value(json_object_get(e->body, "batch")));
    struct text channel = text_of(json_string_value(json_object_get(e->body, "channel")));
    struct text intake = text_of(json_string_value(json_object_get(e->body, "intake")));
    if (!text_equal(batch, l->batch)) {
        return STATUS_OK;
    }
    return arena_dup(l->a, channel, &l->channel) && arena_dup(l->a, intake, &l->intake)
               ? STATUS_OK
               : err_set(err, STATUS_NOMEM, "out of memory while reading the ledger");
}

enum status batch_last_run(struct ledger *l, struct text batch, struct arena *a,
                           struct text *channel, struct text *intake, struct err *err)
{
    struct last_run last = {.batch = batch, .a = a};
    enum status st = ledger_each(l, 1u << ENTRY_RUN, note_run, &last, err);
    if (st == STATUS_OK) {
        *channel = last.channel;
        *intake = last.intake;
    }
    return st;
}

enum status intake_pseudonym(const char *intake, const struct ledger *l, char out[PSEUDONYM_BYTES],
                             struct err *err)
{
    char *whole = realpath(intake, NULL);
    if (!whole) {
        return err_set(err, STATUS_IO, "the folder of photos cannot be read");
    }
    enum status st = ledger_pseudonym(l, text_of(whole), out, err);
    free(whole);
    return st;
}

/* "sports-day", or what nobody without the key can guess a name from. */
static enum status plain_name(const char *intake, const struct lexicon *lexicon,
                              const struct ledger *l, struct arena *a, struct buffer *out,
                              struct err *err)
{
    char made[SLUG_BYTES + 1], pseudonym[PSEUDONYM_BYTES];
    char *whole = realpath(intake, NULL);
    if (!whole) {
        return err_set(err, STATUS_IO, "the folder of photos cannot be read");
    }
    struct text name = last_component(text_of(whole));
    enum status st = STATUS_OK;
    if (slug(name, made) && batch_names_nobody(lexicon, name, a)) {
        buffer_add_cstr(out, made);
    } else {
        st = ledger_pseudonym(l, name, pseudonym, err);
        if (st == STATUS_OK) {
            buffer_format(out, "batch-%.8s", pseudonym);
        }
    }
    free(whole);
    return st == STATUS_OK ? buffer_status(out, err) : st;
}

enum status batch_name(const char *intake, struct text channel, const struct lexicon *lexicon,
                       struct ledger *l, struct arena *a, struct text *out, struct err *err)
{
    char here[PSEUDONYM_BYTES];
    struct buffer plain, name;
    buffer_init(&plain, MAX_PATH_BYTES);
    buffer_init(&name, MAX_PATH_BYTES);
    enum status st = plain_name(intake, lexicon, l, a, &plain, err);
    if (st == STATUS_OK) {
        st = intake_pseudonym(intake, l, here, err);
    }
    /* Another folder of the same name had this batch: the next number is ours. */
    for (unsigned n = 1; st == STATUS_OK && n < MAX_SAME_NAMES; n++) {
        struct text there = TEXT_NONE, its_channel = TEXT_NONE;
        buffer_reset(&name);
        buffer_add(&name, plain.at, plain.n);
        buffer_format(&name, n == 1 ? "-%.*s" : "-%.*s-%u", TEXT_ARG(channel), n);
        st = buffer_status(&name, err);
        struct text candidate = {(const char *)name.at, name.n};
        if (st == STATUS_OK) {
            st = batch_last_run(l, candidate, a, &its_channel, &there, err);
        }
        if (st == STATUS_OK && (!there.n || text_equal(there, text_of(here)))) {
            break;
        }
    }
    if (st == STATUS_OK && !arena_dup(a, (struct text){(const char *)name.at, name.n}, out)) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
    }
    buffer_release(&plain);
    buffer_release(&name);
    return st;
}
