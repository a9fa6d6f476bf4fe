/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "takedowns.h"

#include <stdlib.h>

#include "cli.h"

enum { LINE_BYTES = 16 * 1024 };

void print_takedowns(const struct postings *all)
{
    time_t now = time(NULL);
    for (size_t i = 0; i < all->n; i++) {
        struct buffer b;
        if (!posting_is_open(&all->at[i])) {
            continue;
        }
        buffer_init(&b, LINE_BYTES);
        posting_words(&all->at[i], now, &b);
        fputs("  ", stdout);
        print_text(stdout, (struct text){(const char *)b.at, b.n});
        putchar('\n');
        buffer_release(&b);
    }
}

json_t *posting_json(const struct posting *p)
{
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "batch", p->batch, "file", p->file,
                          "channel", p->channel, "url", p->url, "on", p->on, "by", p->by, "entry",
                          (json_int_t)p->entry);
    int bad = o ? 0 : 1;
    if (!bad && p->recalled[0]) {
        bad |= json_object_set_new(o, "recalled", json_string(p->recalled));
    }
    if (!bad && p->taken_down[0]) {
        bad |= json_object_set_new(o, "taken_down", json_string(p->taken_down));
    }
    if (!bad && posting_is_open(p)) {
        bad |= json_object_set_new(o, "seconds_left",
                                   json_integer(posting_seconds_left(p, time(NULL))));
    }
    if (bad) {
        json_decref(o);
        o = NULL;
    }
    return o;
}

int print_json_whole(json_t *root)
{
    struct err err = {0};
    char *dump = root ? json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
    int code = EXIT_APPROVED;
    if (dump) {
        puts(dump);
    } else {
        code = cli_fail(err_set(&err, STATUS_NOMEM, "out of memory"), &err);
    }
    free(dump);
    json_decref(root);
    return code;
}

int tell_alarm(const struct recovery *r, int code)
{
    if (r->n_alarms == 0) {
        return code;
    }
    fputs("photogate: ALARM: ", stderr);
    print_text(stderr, text_of(r->first_alarm));
    fputc('\n', stderr);
    return EXIT_BROKEN;
}
