/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy_print.h"

#include <string.h>

bool review_is_due(const struct policy *p, struct date today)
{
    return date_is_set(p->review_date) && date_compare(p->review_date, today) <= 0;
}

static void print_line(const char *label, struct text value)
{
    if (value.n) {
        printf("%-16s", label);
        print_text(stdout, value);
        putchar('\n');
    }
}

static void print_heading(const struct policy *p)
{
    char hex[DIGEST_HEX_BYTES], day[DATE_TEXT_BYTES];
    print_line("policy", p->name);
    print_line("title", p->title);
    print_line("source", p->source);
    print_line("version", p->version);
    if (date_is_set(p->review_date)) {
        printf("%-16s%s%s\n", "review by", date_format(p->review_date, day),
               review_is_due(p, date_today()) ? " - OVERDUE" : "");
    }
    for (size_t i = 0; i < p->n_approvals; i++) {
        printf("%-16s", "loosening by");
        print_text(stdout, p->approvals[i].by);
        printf(", %s, in ", date_format(p->approvals[i].on, day));
        print_text(stdout, p->approvals[i].file);
        putchar('\n');
    }
    printf("%-16s%s\n", "digest", digest_hex(&p->digest, hex));
}

/* "policies/gaskell.ini:31", or that nobody said it. */
static void print_place(const struct policy_value *v)
{
    if (v->line == 0) {
        fputs("said by no file", stdout);
        return;
    }
    print_text(stdout, v->file);
    printf(":%u", (unsigned)v->line);
}

static void print_value(const struct policy_value *v)
{
    print_text(stdout, v->key);
    fputs(v->value.n ? " = " : " =", stdout);
    print_text(stdout, v->value);
    fputs("\n    ", stdout);
    print_place(v);
    if (v->clause.n) {
        fputs("\n    ", stdout);
        print_text(stdout, v->clause);
    }
    putchar('\n');
}

void policy_print(const struct policy *p)
{
    print_heading(p);
    putchar('\n');
    for (size_t i = 0; i < p->n_values; i++) {
        print_value(&p->values[i]);
    }
    putchar('\n');
    for (size_t i = 0; i < p->n_lists; i++) {
        printf("word list %.*s: %zu entries\n", TEXT_ARG(p->lists[i].name), p->lists[i].n_words);
    }
}

static void print_side(const char *label, const struct policy_value *v)
{
    printf("    %-4s", label);
    if (!v) {
        fputs("no such setting\n", stdout);
        return;
    }
    print_text(stdout, v->value.n ? v->value : TEXT("nothing"));
    fputs("  (", stdout);
    print_place(v);
    puts(")");
}

void policy_print_diff(const struct policy *was, const struct policy *now,
                       const struct policy_difference *list, size_t n)
{
    size_t counts[3] = {0};
    for (size_t i = 0; i < n; i++) {
        const struct policy_value *v = list[i].now ? list[i].now : list[i].was;
        counts[list[i].change]++;
        printf("%-8s  ", policy_change_words(list[i].change));
        print_text(stdout, v->key);
        putchar('\n');
        print_side("was", list[i].was);
        print_side("is", list[i].now);
    }
    if (n == 0) {
        printf("'%.*s' and '%.*s' say the same.\n", TEXT_ARG(was->name), TEXT_ARG(now->name));
        return;
    }
    printf("'%.*s' against '%.*s': %zu looser, %zu stricter, %zu neither.\n", TEXT_ARG(now->name),
           TEXT_ARG(was->name), counts[POLICY_LOOSER], counts[POLICY_STRICTER],
           counts[POLICY_OTHER]);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *json_of(struct text t)
{
    return json_stringn(t.n ? t.at : "", t.n);
}

static bool put(json_t *o, const char *key, json_t *value)
{
    return json_object_set_new(o, key, value) == 0;
}

static json_t *place_json(const struct policy_value *v)
{
    json_t *o = json_object();
    bool ok = o && put(o, "value", json_of(v->value)) &&
              put(o, "file", v->line ? json_of(v->file) : json_null()) &&
              put(o, "line", v->line ? json_integer((json_int_t)v->line) : json_null());
    if (!ok) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static json_t *setting_json(const struct policy_value *v)
{
    json_t *o = place_json(v);
    bool ok = o && put(o, "key", json_of(v->key)) && put(o, "clause", json_of(v->clause));
    if (!ok) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static json_t *approval_json(const struct policy_approval *a)
{
    char day[DATE_TEXT_BYTES];
    json_t *o = json_object();
    bool ok = o && put(o, "by", json_of(a->by)) &&
              put(o, "on", json_string(date_format(a->on, day))) &&
              put(o, "file", json_of(a->file));
    if (!ok) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static bool dump(json_t *o, bool ok)
{
    ok = ok && json_dumpf(o, stdout, JSON_INDENT(2)) == 0;
    putchar('\n');
    json_decref(o);
    return ok;
}

bool policy_print_json(const struct policy *p)
{
    char hex[DIGEST_HEX_BYTES], day[DATE_TEXT_BYTES];
    json_t *o = json_object(), *approvals = json_array(), *settings = json_array();
    json_t *lists = json_object();
    bool ok = o && approvals && settings && lists;
    for (size_t i = 0; ok && i < p->n_approvals; i++) {
        ok = json_array_append_new(approvals, approval_json(&p->approvals[i])) == 0;
    }
    for (size_t i = 0; ok && i < p->n_values; i++) {
        ok = json_array_append_new(settings, setting_json(&p->values[i])) == 0;
    }
    for (size_t i = 0; ok && i < p->n_lists; i++) {
        ok = json_object_setn_new(lists, p->lists[i].name.at, p->lists[i].name.n,
                                  json_integer((json_int_t)p->lists[i].n_words)) == 0;
    }
    bool due = review_is_due(p, date_today());
    ok = ok && put(o, "profile", json_of(p->name)) && put(o, "title", json_of(p->title)) &&
         put(o, "source", json_of(p->source)) && put(o, "version", json_of(p->version)) &&
         put(o, "review_date", json_string(date_format(p->review_date, day))) &&
         put(o, "review_overdue", json_boolean(due)) &&
         put(o, "digest", json_string(digest_hex(&p->digest, hex))) &&
         put(o, "approvals", json_incref(approvals)) && put(o, "settings", json_incref(settings)) &&
         put(o, "word_lists", json_incref(lists));
    json_decref(approvals);
    json_decref(settings);
    json_decref(lists);
    return dump(o, ok);
}

bool policy_print_diff_json(const struct policy *was, const struct policy *now,
                            const struct policy_difference *list, size_t n)
{
    json_t *o = json_object(), *all = json_array();
    bool ok = o && all;
    for (size_t i = 0; ok && i < n; i++) {
        const struct policy_difference *d = &list[i];
        json_t *one = json_object();
        ok = one && put(one, "key", json_of((d->now ? d->now : d->was)->key)) &&
             put(one, "change", json_string(policy_change_words(d->change))) &&
             put(one, "was", d->was ? place_json(d->was) : json_null()) &&
             put(one, "is", d->now ? place_json(d->now) : json_null());
        if (ok) {
            ok = json_array_append_new(all, one) == 0;
        } else {
            json_decref(one);
        }
    }
    ok = ok && put(o, "was", json_of(was->name)) && put(o, "is", json_of(now->name)) &&
         put(o, "differences", json_incref(all));
    json_decref(all);
    return dump(o, ok);
}
