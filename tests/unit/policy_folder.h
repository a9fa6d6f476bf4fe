/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the tests of the policy room: a folder with two places for profiles and two for word lists,
 * nearest first. */
#ifndef PHOTOGATE_TESTS_POLICY_FOLDER_H
#define PHOTOGATE_TESTS_POLICY_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/policy.h"

struct policy_folder {
    char root[64];
    char near[80], far[80], near_words[80], far_words[80], conf[80];
    const char *profile_dirs[2], *word_dirs[2];
    struct policy_places places;
    struct err err;
};

#define HEADING "[profile]\ntitle = T\nsource = S\nversion = 1\nreview_date = 2030-01-31\n"

/* What profiles are measured by, so loose that a test of something else needs nobody's approval. */
#define LOOSEST                                                                                    \
    HEADING                                                                                        \
    "[people]\nuntagged = hold\nunknown = hold\nambiguous = hold\nunnamed_region = hold\n"         \
    "leavers = grace\nleaver_grace_days = 366\nfaces = count-needed\nface_search = fast\n"         \
    "no_consent = redact\nredacted = approve\nany_refusal_wins = no\n"                             \
    "[names]\nwith_photo = full\ntext_only = full\nstaff = allow\n"                                \
    "[metadata]\nthird_party_rights = ignore\n[examiner]\nrequire_confinement = no\n"              \
    "[consent.website]\nwritten_only = no\nmax_age_months = 0\n"                                   \
    "[channel.website]\nofficial = yes\nneeds = website\nsecond_person = never\n"                  \
    "takedown_hours = 720\n"

static inline void folder_write_bytes(const char *dir, const char *name, const void *at, size_t n)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static inline void folder_write(const char *dir, const char *name, const char *content)
{
    folder_write_bytes(dir, name, content, strlen(content));
}

static inline int folder_setup(void **state)
{
    struct policy_folder *f = calloc(1, sizeof *f);
    assert_non_null(f);
    (void)snprintf(f->root, sizeof f->root, "/tmp/photogate-policy-XXXXXX");
    assert_non_null(mkdtemp(f->root));
    char *const paths[] = {f->near, f->far, f->near_words, f->far_words};
    const char *const names[] = {"near", "far", "near-words", "far-words"};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(paths[i], sizeof f->near, "%s/%s", f->root, names[i]);
        assert_int_equal(mkdir(paths[i], 0700), 0);
    }
    (void)snprintf(f->conf, sizeof f->conf, "%s/photogate.conf", f->root);
    f->profile_dirs[0] = f->near;
    f->profile_dirs[1] = f->far;
    f->word_dirs[0] = f->near_words;
    f->word_dirs[1] = f->far_words;
    f->places = (struct policy_places){f->profile_dirs, 2, f->word_dirs, 2};
    folder_write(f->far, "safe-default.ini", LOOSEST);
    *state = f;
    return 0;
}

static inline int folder_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static inline int folder_teardown(void **state)
{
    struct policy_folder *f = *state;
    (void)nftw(f->root, folder_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

static inline struct policy *folder_load(struct policy_folder *f, const char *name,
                                         const char *overrides)
{
    struct policy *p = NULL;
    err_clear(&f->err);
    enum status st = policy_load(&f->places, text_of(name), overrides, &p, &f->err);
    if (st != STATUS_OK) {
        print_error("%s\n", f->err.text);
    }
    assert_int_equal(st, STATUS_OK);
    assert_non_null(p);
    return p;
}

/* Loading fails with a message that holds `words`, and gives nothing. */
static inline void folder_refuses(struct policy_folder *f, const char *name, const char *overrides,
                                  enum status status, const char *words)
{
    struct policy *p = NULL;
    err_clear(&f->err);
    enum status st = policy_load(&f->places, text_of(name), overrides, &p, &f->err);
    if (st != status || !strstr(f->err.text, words)) {
        print_error("got %s: %s\nwanted %s: %s\n", status_symbol(st), f->err.text,
                    status_symbol(status), words);
    }
    assert_int_equal(st, status);
    assert_non_null(strstr(f->err.text, words));
    assert_null(p);
}

static inline void assert_text(struct text got, const char *want)
{
    if (!text_equal(got, text_of(want))) {
        print_error("got \"%.*s\", wanted \"%s\"\n", TEXT_ARG(got), want);
        fail();
    }
}

#endif
