/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include "photogate/posted.h"
#include "photogate/recall.h"
#include "photogate/run.h"
#include "takedowns.h"

struct recall_wish {
    const char *batch;
    bool dry_run, json, reasons;
};

static void print_photos(const struct recall_result *r, const struct recall_wish *w)
{
    for (size_t i = 0; i < r->n_photos; i++) {
        const struct recalled_photo *p = &r->photos[i];
        printf("  %s/%s  ", p->batch, p->file);
        puts(w->dry_run ? "may not be published any more" : RECALL_OFFICE_WORDS);
        for (size_t k = 0; w->reasons && k < p->n_reasons; k++) {
            fputs("      ", stdout);
            print_text(stdout, p->reasons[k]);
            putchar('\n');
        }
    }
}

static void print_result(const struct home *h, const struct recall_result *r,
                         const struct postings *posted, const struct recall_wish *w)
{
    printf("%zu approved photo%s looked at: %zu %s.\n", r->n_looked, plural(r->n_looked),
           r->n_photos, w->dry_run ? "would be recalled" : "recalled");
    print_photos(r, w);
    if (r->n_photos && !w->reasons) {
        puts("Why is for the DPO: photogate explain BATCH/photo-0001.jpg");
    }
    if (r->n_photos && !w->dry_run) {
        printf("They were moved to %s/recalled.\n", h->path);
    }
    if (r->n_captions) {
        printf("%zu caption%s would not pass today and %s left out of captions.csv.\n",
               r->n_captions, plural(r->n_captions), r->n_captions == 1 ? "was" : "were");
    }
    if (r->n_edited) {
        puts("A captions.csv had been changed by hand; it was kept in set-aside/ and written "
             "anew.");
    }
    if (postings_open(posted)) {
        puts("Still published, and to be taken down (then: photogate taken-down "
             "BATCH/photo-0001.jpg):");
        print_takedowns(posted);
    }
}

static json_t *photo_json(const struct recalled_photo *p, bool with_reasons)
{
    json_t *o = json_pack("{s:s, s:s, s:I}", "batch", p->batch, "file", p->file, "intent",
                          (json_int_t)p->intent);
    json_t *reasons = o && with_reasons ? json_array() : NULL;
    int bad = reasons ? json_object_set_new(o, "reasons", reasons) : 0;
    for (size_t i = 0; reasons && i < p->n_reasons; i++) {
        bad |= json_array_append_new(reasons, json_stringn(p->reasons[i].at, p->reasons[i].n));
    }
    if (bad || (o && with_reasons && !reasons)) {
        json_decref(o);
        o = NULL;
    }
    return o;
}

static int print_json(const struct recall_result *r, const struct postings *posted,
                      const struct recall_wish *w)
{
    json_t *photos = json_array(), *open = json_array();
    int bad = !photos || !open;
    for (size_t i = 0; !bad && i < r->n_photos; i++) {
        bad |= json_array_append_new(photos, photo_json(&r->photos[i], w->reasons));
    }
    for (size_t i = 0; !bad && i < posted->n; i++) {
        if (posting_is_open(&posted->at[i])) {
            bad |= json_array_append_new(open, posting_json(&posted->at[i]));
        }
    }
    json_t *root =
        bad ? NULL
            : json_pack("{s:b, s:I, s:I, s:O, s:O}", "dry_run", w->dry_run, "looked_at",
                        (json_int_t)r->n_looked, "captions_left_out", (json_int_t)r->n_captions,
                        "recalled", photos, "take_down", open);
    json_decref(photos);
    json_decref(open);
    return print_json_whole(root);
}

static enum status recall(struct home *h, const struct recall_wish *w, int *code, struct err *err)
{
    struct actor actor;
    struct recall_result r;
    struct postings posted = {0};
    actor_now(&actor);
    const struct recall_options options = {.actor = &actor,
                                           .date = date_today(),
                                           .only = text_of(w->batch ? w->batch : ""),
                                           .dry_run = w->dry_run};
    enum status st = recall_photos(h, &options, &r, err);
    if (st != STATUS_OK) {
        return st;
    }
    st = postings_read(h->ledger, h->policy, &posted, err);
    if (st == STATUS_OK) {
        *code = r.n_photos ? EXIT_REFUSED : EXIT_APPROVED;
        if (w->json) {
            int bad = print_json(&r, &posted, w);
            *code = bad ? bad : *code;
        } else {
            print_result(h, &r, &posted, w);
        }
    }
    postings_release(&posted);
    recall_release(&r);
    return st;
}

int cmd_recall(const struct cli *cli, int argc, char **argv)
{
    struct recall_wish w = {0};
    const struct cli_option options[] = {{"batch", &w.batch, NULL},
                                         {"dry-run", NULL, &w.dry_run},
                                         {"reasons", NULL, &w.reasons},
                                         {"json", NULL, &w.json}};
    char **operands;
    int n, code;
    struct home h;
    struct err err = {0};
    struct recovery recovery = {0};
    if (!cli_options("recall", options, sizeof options / sizeof options[0], argc, argv, &operands,
                     &n, &code)) {
        return code;
    }
    if (n) {
        return cli_usage("recall", "it looks at every batch, or at one: --batch NAME");
    }
    if (w.batch && !batch_name_is_valid(text_of(w.batch))) {
        return cli_usage("recall", "that is no batch's name");
    }
    unsigned needs = w.dry_run ? HOME_LEDGER : HOME_LEDGER_WRITE | HOME_LOCK;
    enum status st = home_open(cli->home, HOME_REGISTER | needs, &h, &err);
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    if (!w.dry_run) {
        st = run_recover(&h, &recovery, &err);
    }
    if (st == STATUS_OK) {
        st = recall(&h, &w, &code, &err);
    }
    code = st == STATUS_OK ? code : cli_fail(st, &err);
    home_close(&h);
    return tell_alarm(&recovery, code);
}
