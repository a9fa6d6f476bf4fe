/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with a register and small exports, for the tests of the import. Everybody in it is made
 * up. */
#ifndef TESTS_IMPORT_OFFICE_H
#define TESTS_IMPORT_OFFICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/register.h"

/* Every UPN of these tests has the right check letter, unless a test is about that. */
#define HEAD                                                                                       \
    "upn,admission_no,legal_forename,legal_surname,date_of_birth,reg_group,do_not_publish,"        \
    "photo_website,photo_social_media,photo_press,photo_displays,name_with_photo,consent_date,"    \
    "consent_method\n"

struct office {
    char dir[64];
    char db[96];
    char csv[96];
    struct register_db *reg;
    struct import *plan;
    struct policy policy;
    struct import_options options;
    struct err err;
    struct arena arena;
    struct snapshot now;
};

#define LITERAL(s)                                                                                 \
    {                                                                                              \
        (s), sizeof(s) - 1                                                                         \
    }
static const struct column_map SCHOOL_COLUMNS[] = {
    {LITERAL("photo_website"), LITERAL("photo_website|Web pictures")},
    {LITERAL("photo_social_media"), LITERAL("photo_social_media|Social media")},
    {LITERAL("photo_press"), LITERAL("photo_press|Press")},
    {LITERAL("photo_displays"), LITERAL("photo_displays|Displays")},
    {LITERAL("name_with_photo"), LITERAL("name_with_photo|Name beside photo")},
};

static inline int office_open(void **state)
{
    struct office *s = calloc(1, sizeof *s);
    assert_non_null(s);
    (void)snprintf(s->dir, sizeof s->dir, "%s/photogate-import-XXXXXX",
                   getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 30 ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(s->dir));
    (void)snprintf(s->db, sizeof s->db, "%s/register.db", s->dir);
    (void)snprintf(s->csv, sizeof s->csv, "%s/pupils.csv", s->dir);
    s->policy = (struct policy){.name = TEXT("test"), .columns = SCHOOL_COLUMNS, .n_columns = 5};
    s->options.on = (struct date){2026, 3, 1};
    arena_init(&s->arena, (size_t)1 << 28);
    assert_int_equal(register_open(s->db, REGISTER_CREATE, &s->reg, &s->err), STATUS_OK);
    *state = s;
    return 0;
}

static inline int office_close(void **state)
{
    struct office *s = *state;
    char path[160];
    static const char *const NAMES[] = {"register.db", "register.db-journal", "pupils.csv",
                                        "staff.csv", "second.csv"};
    import_free(s->plan);
    register_close(s->reg);
    arena_release(&s->arena);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", s->dir, NAMES[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(s->dir), 0);
    free(s);
    return 0;
}

static inline void office_put(struct office *s, const char *name, const void *at, size_t n)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", s->dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* Read pupils.csv as it is in the folder. */
static inline enum status office_read(struct office *s)
{
    const char *file = s->csv;
    import_free(s->plan);
    s->plan = NULL;
    err_clear(&s->err);
    return import_read(s->reg, &s->policy, &file, 1, &s->options, &s->plan, &s->err);
}

static inline enum status office_plan(struct office *s, const char *csv)
{
    office_put(s, "pupils.csv", csv, strlen(csv));
    return office_read(s);
}

static inline void office_look(struct office *s)
{
    arena_release(&s->arena);
    assert_int_equal(register_snapshot(s->reg, &s->arena, &s->now, &s->err), STATUS_OK);
}

/* Plan, apply, look. */
static inline int64_t office_import(struct office *s, const char *csv)
{
    int64_t version = -1;
    if (office_plan(s, csv) != STATUS_OK) {
        fail_msg("%s", s->err.text);
    }
    if (import_apply(s->reg, s->plan, &version, &s->err) != STATUS_OK) {
        fail_msg("%s", s->err.text);
    }
    office_look(s);
    return version;
}

/* The person; the test fails without one. */
static inline const struct person *office_person(const struct office *s, const char *surname,
                                                 const char *forename)
{
    for (size_t i = 0; i < s->now.n_people; i++) {
        const struct person *p = &s->now.people[i];
        if (text_equal(p->legal_surname, text_of(surname)) &&
            text_equal(p->legal_forename, text_of(forename))) {
            return p;
        }
    }
    fail_msg("%s %s is not on the register", forename, surname);
    abort(); /* the compiler does not know that a failed test does not come back */
}

/* The last event of that purpose; the test fails without one. */
static inline const struct consent *office_latest(const struct person *p, enum purpose purpose)
{
    for (size_t i = p->n_consents; i > 0; i--) {
        if (p->consents[i - 1].purpose == purpose) {
            return &p->consents[i - 1];
        }
    }
    fail_msg("no event for %s", purpose_name(purpose));
    abort();
}

/* The state of the last event of that purpose, UNKNOWN without one. */
static inline enum consent_state office_state(const struct office *s, const char *surname,
                                              const char *forename, enum purpose purpose)
{
    const struct person *p = office_person(s, surname, forename);
    enum consent_state state = CONSENT_UNKNOWN;
    for (size_t i = 0; i < p->n_consents; i++) {
        state = p->consents[i].purpose == purpose ? p->consents[i].state : state;
    }
    return state;
}

/* The change of that kind in that row of the file, or NULL. */
static inline const struct change *office_change(const struct office *s, enum change_kind kind,
                                                 uint32_t row)
{
    size_t n;
    const struct change *c = import_changes(s->plan, &n);
    for (size_t i = 0; i < n; i++) {
        if (c[i].kind == kind && c[i].row == row) {
            return &c[i];
        }
    }
    return NULL;
}

static inline void assert_who(const struct change *c, const char *who)
{
    if (!c || !text_equal(c->who, text_of(who))) {
        fail_msg("not a change about %s", who);
    }
}

static inline void assert_says(const struct change *c, const char *words)
{
    struct text part = text_of(words);
    for (size_t i = 0; c && i + part.n <= c->what.n; i++) {
        if (text_equal(text_slice(c->what, i, part.n), part)) {
            return;
        }
    }
    fail_msg("\"%.*s\" does not say \"%s\"", c ? (int)c->what.n : 0, c ? c->what.at : "", words);
}

#endif
