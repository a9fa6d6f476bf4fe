/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the policy's time takes, and what stays. The school is a real one, its ledger years old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/folder_tree.h"
#include "photogate/inventory.h"
#include "photogate/purge.h"
#include "photogate/run.h"
#include "photogate/subject.h"

#define LONG_AGO "2020-03-01T12:00:00Z"
#define A_YEAR_AGO "2025-09-01T12:00:00Z"

static const struct date TODAY = {2026, 11, 20};

static const char PUPILS[] =
    "admission_no,legal_forename,legal_surname,date_of_birth,reg_group,on_roll,date_of_leaving,"
    "do_not_publish,photo_website,photo_social_media,photo_press,photo_displays,name_with_photo,"
    "consent_given_by,consent_date,consent_method\n"
    "1,Amara,Okafor,03/05/2017,4F,yes,,no,yes,no,no,no,no,mother,01/09/2025,form\n"
    "2,Tomasz,Berriman,14/11/2008,11F,no,20/07/2021,no,yes,no,no,no,no,mother,01/09/2020,form\n"
    "3,Zoya,Lindqvist,02/02/2008,11F,no,20/07/2021,yes,yes,no,no,no,no,mother,01/09/2020,form\n"
    "4,Idris,Penhale,19/07/2008,11F,no,20/07/2021,no,yes,no,no,no,no,mother,01/09/2020,form\n"
    "5,Wen,Harcastle,19/07/2010,11F,no,20/07/2026,no,yes,no,no,no,no,mother,01/09/2020,form\n";

struct room {
    char path[64];
    struct home home;
    struct err err;
};

static void must(enum status st, const struct err *err, int line)
{
    if (st != STATUS_OK) {
        fail_msg("line %d: %s: %s", line, status_symbol(st), err->text);
    }
}
#define OK(call) must((call), &r->err, __LINE__)

static void put(int dir, const char *name, const char *content)
{
    struct err err = {0};
    must(file_replace(dir, name, (struct bytes){(const uint8_t *)content, strlen(content)}, 0640,
                      &err),
         &err, __LINE__);
}

static void import(struct room *r)
{
    char file[128];
    const char *files[] = {file};
    const struct import_options how = {.full = true, .on = TODAY};
    struct import *plan = NULL;
    int64_t version;
    put(r->home.fd, "pupils.csv", PUPILS);
    (void)snprintf(file, sizeof file, "%s/pupils.csv", r->path);
    OK(import_read(r->home.people, r->home.policy, files, 1, &how, &plan, &r->err));
    OK(import_apply(r->home.people, plan, &version, &r->err));
    import_free(plan);
    assert_int_equal(unlink(file), 0);
}

static void pseudonym(struct room *r, const char *surname, char out[PSEUDONYM_BYTES])
{
    struct arena a;
    struct snapshot s;
    bool found = false;
    arena_init(&a, (size_t)1 << 26);
    OK(register_snapshot(r->home.people, &a, &s, &r->err));
    for (size_t i = 0; i < s.n_people; i++) {
        if (text_equal(s.people[i].legal_surname, text_of(surname))) {
            OK(ledger_pseudonym(r->home.ledger, s.people[i].reference, out, &r->err));
            found = true;
        }
    }
    arena_release(&a);
    assert_true(found);
}

/* A photo that was published then, with one person in it: entries and file. */
static void publish(struct room *r, const char *file, const char *surname, const char *when)
{
    char who[PSEUDONYM_BYTES], hex[DIGEST_HEX_BYTES];
    struct digest release;
    int approved, batch, number = atoi(file + 6);
    int64_t intent;
    pseudonym(r, surname, who);
    OK(digest_of((struct bytes){(const uint8_t *)file, strlen(file)}, &release, &r->err));
    OK(folder_open(r->home.fd, "approved", 0750, &approved, &r->err));
    OK(folder_open(approved, "trip", 0750, &batch, &r->err));
    put(batch, file, file);
    (void)close(batch);
    (void)close(approved);
    (void)digest_hex(&release, hex);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:i, s:[{s:s, s:[]}]}", "batch", "trip", "file",
                             file, "source", hex, "release", hex, "photo", number, "people",
                             "person", who, "events");
    OK(ledger_begin(r->home.ledger, &r->err));
    OK(ledger_append(r->home.ledger, ENTRY_INTENT, when, body, &intent, &r->err));
    json_decref(body);
    body = json_pack("{s:I, s:b}", "intent", (json_int_t)intent, "recovered", 0);
    OK(ledger_append(r->home.ledger, ENTRY_PUBLISHED, when, body, NULL, &r->err));
    json_decref(body);
    OK(ledger_commit(r->home.ledger, &r->err));
}

static int room_opens(void **state)
{
    struct room *r = test_calloc(1, sizeof *r);
    const unsigned needs = HOME_REGISTER_WRITE | HOME_LEDGER_WRITE | HOME_LOCK;
    assert_int_equal(setenv("PHOTOGATE_DATADIR", "consent", 1), 0);
    (void)snprintf(r->path, sizeof r->path, "/tmp/photogate-purge-XXXXXX");
    assert_non_null(mkdtemp(r->path));
    OK(home_init(r->path, "A school", &r->err));
    OK(home_open(r->path, needs, &r->home, &r->err));
    import(r);
    publish(r, "photo-0001.jpg", "Okafor", LONG_AGO);
    publish(r, "photo-0002.jpg", "Okafor", A_YEAR_AGO);
    publish(r, "photo-0003.jpg", "Penhale", A_YEAR_AGO);
    *state = r;
    return 0;
}

static int room_closes(void **state)
{
    struct room *r = *state;
    struct err err = {0};
    home_close(&r->home);
    assert_int_equal(tree_delete(AT_FDCWD, r->path, &err), STATUS_OK);
    test_free(r);
    return 0;
}

static bool stands(const struct room *r, const char *path)
{
    return faccessat(r->home.fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* An old file of the school's folder. */
static void leave(struct room *r, const char *folder, const char *inner, const char *name)
{
    int outer, dir;
    const struct timespec then[2] = {{.tv_sec = 1583064000}, {.tv_sec = 1583064000}};
    OK(folder_open(r->home.fd, folder, 0700, &outer, &r->err));
    dir = outer;
    if (inner) {
        OK(folder_open(outer, inner, 0700, &dir, &r->err));
        (void)close(outer);
    }
    put(dir, name, "Tomasz Berriman");
    assert_int_equal(utimensat(dir, name, then, 0), 0);
    (void)close(dir);
}

static void is_whole(struct room *r, size_t n_photos)
{
    struct ledger_state ledger;
    struct approved_state approved;
    OK(ledger_verify(r->home.ledger, &ledger, &r->err));
    assert_int_equal(ledger.first_bad, 0);
    OK(approved_verify(&r->home, &approved, &r->err));
    if (approved.n_missing + approved.n_altered + approved.n_unknown) {
        fail_msg("%s", approved.first_trouble);
    }
    assert_int_equal(approved.n_files, n_photos);
}

static void what_is_due_is_what_the_policy_says(void **state)
{
    struct room *r = *state;
    struct purge p;
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    assert_int_equal(p.n_going[PURGE_APPROVED], 1);
    assert_int_equal(p.n_going[PURGE_LEAVER], 1);   /* Berriman */
    assert_int_equal(p.n_staying[PURGE_LEAVER], 2); /* Lindqvist protected, Penhale in a photo */
    assert_int_equal(p.n_items, 4);
    purge_release(&p);
    is_whole(r, 3);
    assert_true(stands(r, "approved/trip/photo-0001.jpg"));
}

static void nothing_is_due_where_no_limit_is_set(void **state)
{
    struct room *r = *state;
    struct purge p;
    r->home.policy->retention = (struct retention_policy){0};
    leave(r, "set-aside", NULL, "entry-1");
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    assert_int_equal(p.n_items, 0);
    purge_release(&p);
}

static void a_day_is_not_over_before_it_is_over(void **state)
{
    struct room *r = *state;
    struct purge p;
    r->home.policy->retention = (struct retention_policy){.approved_days = 2455};
    assert_int_equal(date_to_days(TODAY) - date_to_days((struct date){2020, 3, 1}), 2455);
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    assert_int_equal(p.n_items, 0);
    purge_release(&p);
    OK(purge_look(&r->home, (struct date){2026, 11, 21}, &p, &r->err));
    assert_int_equal(p.n_items, 1);
    purge_release(&p);
}

static void what_goes_is_gone_and_the_ledger_holds(void **state)
{
    struct room *r = *state;
    struct purge p;
    struct actor actor;
    struct entry head;
    bool found;
    leave(r, "set-aside", NULL, "entry-1");
    leave(r, "recalled", "old", "photo-0001.jpg");
    leave(r, "look-for", NULL, "look-for.html");
    leave(r, "reports", "old", "report.html");
    leave(r, "subject-access", "somebody", "subject.json");
    actor_now(&actor);
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    assert_int_equal(p.n_items, 9);
    OK(purge_do(&r->home, &p, &actor, &r->err));
    purge_release(&p);
    is_whole(r, 2);
    assert_false(stands(r, "approved/trip/photo-0001.jpg"));
    assert_true(stands(r, "approved/trip/photo-0002.jpg"));
    assert_false(stands(r, "recalled/trip"));
    assert_false(stands(r, "recalled/old"));
    assert_false(stands(r, "set-aside/entry-1"));
    assert_false(stands(r, "look-for/look-for.html"));
    assert_false(stands(r, "reports/old"));
    assert_false(stands(r, "subject-access/somebody"));
    OK(ledger_head(r->home.ledger, &head, &found, &r->err));
    assert_int_equal(head.kind, ENTRY_IMPORT); /* what the register is now */
    assert_int_equal(json_integer_value(json_object_get(head.body, "erased")), 1);
    entry_release(&head);
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    assert_int_equal(p.n_going[PURGE_LEAVER], 0);
    assert_int_equal(p.people.n_people, 4);
    assert_int_equal(p.n_items, 2); /* those who stay */
    purge_release(&p);
}

static void links_are_neither_followed_nor_counted_in(void **state)
{
    struct room *r = *state;
    struct err err = {0};
    char elsewhere[] = "/tmp/photogate-else-XXXXXX", path[160];
    assert_non_null(mkdtemp(elsewhere));
    int dir = open(elsewhere, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    put(dir, "original.jpg", "x");
    leave(r, "reports", "old", "report.html");
    (void)snprintf(path, sizeof path, "%s/reports/old/link", r->path);
    assert_int_equal(symlink(elsewhere, path), 0);
    assert_int_equal(tree_delete(r->home.fd, "reports/old", &err), STATUS_OK);
    assert_false(stands(r, "reports/old"));
    assert_int_equal(faccessat(dir, "original.jpg", F_OK, 0), 0);
    (void)close(dir);
    assert_int_equal(tree_delete(AT_FDCWD, elsewhere, &err), STATUS_OK);
}

/* A kill after the entry and before the register: the same order again finishes it. */
static void an_erasure_that_was_cut_short_is_finished(void **state)
{
    struct room *r = *state;
    struct subject s;
    struct actor actor;
    int64_t version = 0;
    char who[PSEUDONYM_BYTES];
    actor_now(&actor);
    pseudonym(r, "Penhale", who);
    json_t *body = json_pack("{s:s}", "person", who);
    OK(ledger_begin(r->home.ledger, &r->err));
    OK(ledger_append(r->home.ledger, ENTRY_ERASED, A_YEAR_AGO, body, NULL, &r->err));
    OK(ledger_commit(r->home.ledger, &r->err));
    json_decref(body);
    OK(subject_open(&r->home, TEXT("Idris Penhale"), &s, &r->err));
    assert_int_equal(s.n_entries, 3);
    assert_int_equal(subject_count(&s, SUBJECT_APPROVED), 1);
    struct erase_options how = {.actor = &actor};
    assert_int_equal(subject_erase_check(&r->home, &s, &how, &r->err), STATUS_USAGE);
    how.photos = true;
    err_clear(&r->err);
    OK(subject_erase_check(&r->home, &s, &how, &r->err));
    OK(subject_erase(&r->home, &s, &how, &version, &r->err));
    subject_close(&s);
    assert_int_equal(version, 2);
    is_whole(r, 2);
    assert_int_equal(subject_open(&r->home, TEXT("Idris Penhale"), &s, &r->err), STATUS_USAGE);
    subject_close(&s);
}

static bool file_holds(struct room *r, const char *path, const char *word)
{
    struct buffer b;
    buffer_init(&b, 65536);
    OK(file_read(r->home.fd, path, 65536, &b, &r->err));
    bool holds = memmem(b.at, b.n, word, strlen(word)) != NULL;
    buffer_release(&b);
    return holds;
}

/* A kill after the entry and before the lists: the next purge makes them true. */
static void a_purge_that_was_cut_short_is_finished(void **state)
{
    struct room *r = *state;
    struct purge p;
    struct actor actor;
    struct recovery recovery;
    int dir;
    const struct timespec then[2] = {{.tv_sec = 1583064000}, {.tv_sec = 1583064000}};
    actor_now(&actor);
    OK(folder_open(r->home.fd, "captions", 0700, &dir, &r->err));
    put(dir, "trip.json",
        "{\"photos\":{\"photo-0001.jpg\":{\"caption\":\"Old\",\"credit\":\"\"},"
        "\"photo-0002.jpg\":{\"caption\":\"New\",\"credit\":\"\"}}}");
    (void)close(dir);
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    const struct purge_item *approved = &p.items[p.n_items - 1];
    assert_int_equal(approved->kind, PURGE_APPROVED);
    json_t *body = json_pack("{s:I}", "intent", (json_int_t)approved->intent);
    OK(ledger_begin(r->home.ledger, &r->err));
    OK(ledger_append(r->home.ledger, ENTRY_RECALLED, A_YEAR_AGO, body, NULL, &r->err));
    OK(ledger_commit(r->home.ledger, &r->err));
    json_decref(body);
    purge_release(&p);

    OK(run_recover(&r->home, &recovery, &r->err));
    assert_int_equal(utimensat(r->home.fd, "recalled/trip/photo-0001.jpg", then, 0), 0);
    OK(purge_look(&r->home, TODAY, &p, &r->err));
    assert_int_equal(p.n_going[PURGE_RECALLED], 1);
    assert_int_equal(p.n_going[PURGE_APPROVED], 0);
    OK(purge_do(&r->home, &p, &actor, &r->err));
    purge_release(&p);
    is_whole(r, 2);
    assert_false(stands(r, "recalled/trip"));
    assert_false(file_holds(r, "approved/trip/SHA256SUMS", "photo-0001.jpg"));
    assert_true(file_holds(r, "approved/trip/SHA256SUMS", "photo-0002.jpg"));
    assert_false(file_holds(r, "approved/trip/captions.csv", "Old"));
    assert_true(file_holds(r, "approved/trip/captions.csv", "New"));
    assert_false(file_holds(r, "captions/trip.json", "Old"));
}

static void the_inventory_counts_what_stands_there(void **state)
{
    struct room *r = *state;
    struct inventory inv;
    size_t seen = 0;
    leave(r, "our-notes", NULL, "list.txt");
    OK(inventory_take(&r->home, TODAY, &inv, &r->err));
    for (size_t i = 0; i < inv.n_rows; i++) {
        const struct inventory_row *row = &inv.rows[i];
        if (text_equal(row->name, TEXT("register"))) {
            assert_int_equal(row->n, 5);
            assert_int_equal(date_compare(row->next, (struct date){2022, 7, 21}), 0);
            seen++;
        } else if (text_equal(row->name, TEXT("approved photos"))) {
            assert_int_equal(row->n, 3);
            seen++;
        } else if (text_equal(row->where, TEXT("our-notes"))) {
            assert_int_equal(row->n, 1);
            assert_int_equal(date_compare(row->oldest, (struct date){2020, 3, 1}), 0);
            seen++;
        }
    }
    assert_int_equal(seen, 3);
    inventory_release(&inv);
}

#define T(name) cmocka_unit_test_setup_teardown(name, room_opens, room_closes)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_due_is_what_the_policy_says),       T(nothing_is_due_where_no_limit_is_set),
        T(a_day_is_not_over_before_it_is_over),       T(what_goes_is_gone_and_the_ledger_holds),
        T(links_are_neither_followed_nor_counted_in), T(an_erasure_that_was_cut_short_is_finished),
        T(a_purge_that_was_cut_short_is_finished),    T(the_inventory_counts_what_stands_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
