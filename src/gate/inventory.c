/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/inventory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "folder_tree.h"

#define INVENTORY_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)
enum { MAX_ROWS = 128 };

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while counting");
}

/* Which of a folder's files belong to a row. */
enum part { PART_ALL, PART_OFFICE, PART_DPO, PART_PHOTOS };

enum limit { LIMIT_NONE, LIMIT_APPROVED, LIMIT_REPORTS, LIMIT_LEAVERS };

/* What stands in folders. `goes` stands for itself where the policy sets no time. */
static const struct folder_row {
    const char *name, *folder, *what, *unit;
    enum part part;
    enum limit limit;
    const char *goes;
} FOLDERS[] = {
    {"approved photos", "approved", "photos that may be published", "photos", PART_PHOTOS,
     LIMIT_APPROVED, "after publication"},
    {"awaiting", "awaiting", "photos that wait for a second person", "photos", PART_ALL, LIMIT_NONE,
     "when it is signed off or turned down"},
    {"recalled", "recalled", "photos taken out of approved/", "photos", PART_ALL, LIMIT_APPROVED,
     "after it was approved"},
    {"captions", "captions", "captions and credits of approved and waiting photos", "batches",
     PART_ALL, LIMIT_NONE, "with the batch's last photo"},
    {"reports", "reports", "reports for the office: small pictures, no pupil's name", "files",
     PART_OFFICE, LIMIT_REPORTS, "after the batch's last run"},
    {"DPO's reports", "reports/*/dpo", "reports that name pupils", "files", PART_DPO, LIMIT_REPORTS,
     "after the batch's last run"},
    {"look-for sheets", "look-for", "who may not be shown", "files", PART_ALL, LIMIT_APPROVED,
     "after it was made"},
    {"set aside", "set-aside", "what stood in approved/ without an entry; edited captions", "files",
     PART_ALL, LIMIT_APPROVED, "after it was last changed"},
    {"copies for people", "subject-access", "all that is held on somebody who asked", "files",
     PART_ALL, LIMIT_REPORTS, "after it was made"},
    {"staging", "staging", "photos on their way, and what a kill left", "files", PART_ALL,
     LIMIT_NONE, "at the next run"},
};
enum { N_FOLDERS = sizeof FOLDERS / sizeof FOLDERS[0] };

/* Folders that hold no personal data of pupils: settings, word lists, headings. */
static const char *const SETTINGS[] = {"policies", "words", "templates"};

struct count {
    enum part part;
    uint64_t n, bytes;
    time_t oldest;
};

static uint32_t days_of(const struct policy *p, enum limit limit)
{
    return limit == LIMIT_APPROVED  ? p->retention.approved_days
           : limit == LIMIT_REPORTS ? p->retention.reports_days
           : limit == LIMIT_LEAVERS ? p->retention.leavers_days
                                    : 0;
}

static struct date day_of(time_t at)
{
    struct date day = DATE_NONE;
    struct tm local;
    if (at && localtime_r(&at, &local)) {
        (void)date_make(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &day);
    }
    return day;
}

static bool is_part(enum part part, const char *below)
{
    const char *slash = strrchr(below, '/');
    const char *name = slash ? slash + 1 : below;
    bool dpo = strstr(below, "/dpo/") != NULL;
    switch (part) {
    case PART_OFFICE:
        return !dpo;
    case PART_DPO:
        return dpo;
    case PART_PHOTOS:
        return strcmp(name, "captions.csv") != 0 && strcmp(name, "SHA256SUMS") != 0;
    case PART_ALL:
        break;
    }
    return true;
}

static enum status count_file(void *context, const char *below, const struct stat *facts,
                              struct err *err)
{
    struct count *c = context;
    (void)err;
    if (is_part(c->part, below)) {
        c->n++;
        c->bytes += (uint64_t)facts->st_size;
        c->oldest = c->oldest == 0 || facts->st_mtime < c->oldest ? facts->st_mtime : c->oldest;
    }
    return STATUS_OK;
}

/* "1095 days after publication", or when else. */
static enum status say_when(struct inventory *i, struct inventory_row *row, bool limited,
                            const char *goes, struct err *err)
{
    char text[200];
    if (limited && row->days) {
        (void)snprintf(text, sizeof text, "%u days %s", row->days, goes);
    } else {
        (void)snprintf(text, sizeof text, "%s", limited ? "no limit is set" : goes);
    }
    if (row->days && date_is_set(row->oldest)) {
        row->next = date_from_days(date_to_days(row->oldest) + (int32_t)row->days + 1);
    }
    return arena_dup(&i->memory, text_of(text), &row->goes) ? STATUS_OK : no_memory(err);
}

static enum status take_folder(struct home *home, struct inventory *i, const struct folder_row *f,
                               struct err *err)
{
    struct count c = {.part = f->part};
    const char *top = f->part == PART_DPO ? "reports" : f->folder;
    enum status st = tree_each(home->fd, top, count_file, &c, err);
    struct inventory_row *row = &i->rows[i->n_rows++];
    *row = (struct inventory_row){.name = text_of(f->name),
                                  .where = text_of(f->folder),
                                  .what = text_of(f->what),
                                  .unit = text_of(f->unit),
                                  .n = c.n,
                                  .bytes = c.bytes,
                                  .oldest = day_of(c.oldest),
                                  .days = days_of(home->policy, f->limit)};
    return st == STATUS_OK ? say_when(i, row, f->limit != LIMIT_NONE, f->goes, err) : st;
}

/* ---- the databases --------------------------------------------------------------------------- */

static uint64_t size_of(const struct home *home, const char *name)
{
    static const char *const BESIDE[] = {"", "-wal"};
    uint64_t bytes = 0;
    for (size_t k = 0; k < sizeof BESIDE / sizeof BESIDE[0]; k++) {
        struct stat facts;
        char path[64];
        (void)snprintf(path, sizeof path, "%s%s", name, BESIDE[k]);
        bytes +=
            fstatat(home->fd, path, &facts, AT_SYMLINK_NOFOLLOW) == 0 ? (uint64_t)facts.st_size : 0;
    }
    return bytes;
}

static void take_earlier(struct date *oldest, struct date d)
{
    if (date_is_set(d) && (!date_is_set(*oldest) || date_compare(d, *oldest) < 0)) {
        *oldest = d;
    }
}

static enum status take_register(struct home *home, struct inventory *i, struct err *err)
{
    struct snapshot people;
    struct inventory_row *person = &i->rows[i->n_rows++], *consent = &i->rows[i->n_rows++];
    struct date left = DATE_NONE;
    *person = (struct inventory_row){.name = TEXT("register"),
                                     .where = TEXT("register.db"),
                                     .what = TEXT("names, numbers, birth dates, classes, lists"),
                                     .unit = TEXT("people"),
                                     .bytes = size_of(home, "register.db"),
                                     .days = home->policy->retention.leavers_days};
    *consent = (struct inventory_row){.name = TEXT("consents"),
                                      .where = TEXT("register.db"),
                                      .what = TEXT("who said what, how, and where it was read"),
                                      .unit = TEXT("events"),
                                      .goes = TEXT("with the person")};
    enum status st = register_snapshot(home->people, &i->memory, &people, err);
    if (st != STATUS_OK) {
        return st;
    }
    person->n = people.n_people;
    for (size_t k = 0; k < people.n_people; k++) {
        const struct person *p = &people.people[k];
        consent->n += p->n_consents;
        if (p->n_history) {
            take_earlier(&person->oldest, p->history[0].recorded_on);
        }
        if (p->n_consents) {
            take_earlier(&consent->oldest, p->consents[0].recorded_on);
        }
        if (p->on_roll != KNOWN_YES) {
            take_earlier(&left, p->date_of_leaving);
        }
    }
    st = say_when(i, person, true, "after leaving", err);
    person->next = person->days && date_is_set(left)
                       ? date_from_days(date_to_days(left) + (int32_t)person->days + 1)
                       : DATE_NONE;
    return st;
}

static enum status take_ledger(struct home *home, struct inventory *i, struct err *err)
{
    struct inventory_row *row = &i->rows[i->n_rows++];
    struct entry e;
    bool found = false;
    *row = (struct inventory_row){.name = TEXT("ledger"),
                                  .where = TEXT("ledger.db"),
                                  .what = TEXT("decisions under pseudonyms; accounts of staff"),
                                  .unit = TEXT("entries"),
                                  .bytes = size_of(home, "ledger.db"),
                                  .goes = TEXT("never: it shows what was decided")};
    enum status st = ledger_head(home->ledger, &e, &found, err);
    if (st == STATUS_OK && found) {
        row->n = (uint64_t)e.seq;
        entry_release(&e);
        st = ledger_entry(home->ledger, 1, &e, &found, err);
    }
    if (st == STATUS_OK && found) {
        (void)date_parse_iso(text_slice(text_of(e.time), 0, 10), &row->oldest);
        entry_release(&e);
    }
    return st;
}

/* ---- what else stands there ------------------------------------------------------------------ */

static bool is_known(const char *name)
{
    for (size_t k = 0; k < N_FOLDERS; k++) {
        if (strcmp(FOLDERS[k].folder, name) == 0) {
            return true;
        }
    }
    for (size_t k = 0; k < sizeof SETTINGS / sizeof SETTINGS[0]; k++) {
        if (strcmp(SETTINGS[k], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum status take_unknown(struct home *home, struct inventory *i, const char *name,
                                struct err *err)
{
    struct count c = {.part = PART_ALL};
    struct stat facts;
    if (fstatat(home->fd, name, &facts, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(facts.st_mode) ||
        is_known(name) || i->n_rows == MAX_ROWS) {
        return STATUS_OK;
    }
    enum status st = tree_each(home->fd, name, count_file, &c, err);
    struct inventory_row *row = &i->rows[i->n_rows++];
    *row = (struct inventory_row){.name = TEXT("another folder"),
                                  .what = TEXT("not one that purge knows"),
                                  .unit = TEXT("files"),
                                  .n = c.n,
                                  .bytes = c.bytes,
                                  .oldest = day_of(c.oldest),
                                  .goes = TEXT("when somebody deletes it")};
    return st == STATUS_OK && !arena_dup(&i->memory, text_of(name), &row->where) ? no_memory(err)
                                                                                 : st;
}

static enum status take_others(struct home *home, struct inventory *i, struct err *err)
{
    int copy = openat(home->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    if (!dir) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return err_set(err, STATUS_IO, "%s: %s", home->path, strerror(errno));
    }
    enum status st = STATUS_OK;
    for (const struct dirent *e = readdir(dir); e && st == STATUS_OK; e = readdir(dir)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            st = take_unknown(home, i, e->d_name, err);
        }
    }
    (void)closedir(dir);
    return st;
}

static int by_folder(const void *a, const void *b)
{
    return text_compare(((const struct inventory_row *)a)->where,
                        ((const struct inventory_row *)b)->where);
}

enum status inventory_take(struct home *home, struct date today, struct inventory *out,
                           struct err *err)
{
    *out = (struct inventory){.today = today};
    arena_init(&out->memory, INVENTORY_MEMORY_BYTES);
    out->rows = arena_alloc(&out->memory, MAX_ROWS, sizeof *out->rows);
    if (!out->rows) {
        return no_memory(err);
    }
    enum status st = take_register(home, out, err);
    st = st == STATUS_OK ? take_ledger(home, out, err) : st;
    for (size_t k = 0; st == STATUS_OK && k < N_FOLDERS; k++) {
        st = take_folder(home, out, &FOLDERS[k], err);
    }
    size_t known = out->n_rows;
    st = st == STATUS_OK ? take_others(home, out, err) : st;
    if (st == STATUS_OK && out->n_rows > known) {
        qsort(out->rows + known, out->n_rows - known, sizeof *out->rows, by_folder);
    }
    return st;
}

void inventory_release(struct inventory *i)
{
    arena_release(&i->memory);
    *i = (struct inventory){0};
}
