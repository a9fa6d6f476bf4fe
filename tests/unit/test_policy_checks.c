/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile that lets more out needs somebody to answer for it; one that contradicts itself is no
 * profile. Both are measured by the tree's own safe default. */
#include "policy_folder.h"

#include "photogate/roles.h"
#include "policy/profile_keys.h"

#define CHILD                                                                                      \
    "[profile]\ninherits = safe-default\ntitle = T\nsource = S\nversion = 1\n"                     \
    "review_date = 2030-01-31\n"
#define APPROVED "[profile]\napproved_by = Mrs A. Example, head teacher\napproved_on = 2026-09-01\n"

static const char *const PROFILES[] = {NULL, "consent/policies"};

/* The school's folder first, then the tree's. */
static void measure_by_the_tree(struct policy_folder *f)
{
    static const char *dirs[2];
    dirs[0] = f->near;
    dirs[1] = PROFILES[1];
    f->places.profile_dirs = dirs;
    f->places.n_profile_dirs = 2;
}

static void write_child(struct policy_folder *f, const char *body, const char *more)
{
    struct buffer b;
    buffer_init(&b, (size_t)64 * 1024);
    buffer_add_cstr(&b, CHILD);
    buffer_add_cstr(&b, body);
    buffer_add_cstr(&b, more);
    folder_write_bytes(f->near, "a.ini", b.at, b.n);
    buffer_release(&b);
}

/* One row of what lets more out, what less, and what is neither. */
struct direction {
    const char *body; /* its setting is in line 8 */
    const char *told; /* what the refusal begins with; NULL: it is no loosening */
};

static const struct direction DIRECTIONS[] = {
    {"[people]\nuntagged = reject\n", NULL},
    {"[people]\nunnamed_region = reject\n", NULL},
    {"[people]\nleavers = grace\nleaver_grace_days = 30\n", "people.leavers = grace"},
    {"[people]\nface_search = fast\n", "people.face_search = fast"},
    {"[people]\nfaces = high-assurance\n", NULL},
    {"[people]\nno_consent = redact\n", "people.no_consent = redact"},
    {"[people]\nany_refusal_wins = no\n", "people.any_refusal_wins = no"},
    {"[people]\npupil_decides_from_age = 13\n", NULL},
    {"[names]\ntext_only = initials\n", "names.text_only = initials"},
    {"[names]\nstaff = hold\n", NULL},
    {"[names]\nexception = both\n", "names.exception = both"},
    {"[metadata]\nthird_party_rights = ignore\n", "metadata.third_party_rights = ignore"},
    {"[metadata]\nown_rights = The Office\n", NULL},
    {"[metadata]\nmax_edge_px = 2048\n", NULL},
    {"[metadata]\njpeg_quality = 98\n", NULL},
    {"[examiner]\nrequire_confinement = yes\n", NULL},
    {"[consent.website]\nwritten_only = no\n", "consent.website.written_only = no"},
    {"[consent.press]\nmax_age_months = 25\n", "consent.press.max_age_months = 25"},
    {"[consent.press]\nmax_age_months = 0\n", "consent.press.max_age_months = 0"},
    {"[consent.press]\nmax_age_months = 12\n", NULL},
    {"[consent.press]\nends_each_year = 08-31\n", NULL},
    {"[channel.press]\nneeds = website\n", "channel.press.needs = website"},
    {"[channel.press]\nneeds = press, website\n", NULL},
    {"[channel.press]\nofficial = no\n", NULL},
    {"[channel.press]\nsecond_person = never\n", "channel.press.second_person = never"},
    {"[channel.press]\nsecond_person = always\n", NULL},
    {"[channel.press]\ntakedown_hours = 25\n", "channel.press.takedown_hours = 25"},
    {"[channel.press]\ntakedown_hours = 0\n", NULL},
    {"[channel.press]\nneeds_request = yes\n", NULL},
    {"[channel.press]\nsign_off_roles = head\n", NULL},
    {"[channel.blog]\nofficial = yes\nneeds = website\n", "channel.blog.official = yes"},
    {"[channel.blog]\nofficial = no\n", NULL},
    {"[channel.blog]\nneeds = website\n", NULL},
    {"[contacts]\nphones = 01632 960441\n", NULL},
    {"[captions]\nsafe_phrases = Poppy Day\n", NULL},
    {"[retention]\nreports_days = 0\n", "retention.reports_days = 0"},
    {"[retention]\nleavers_days = 366\n", "retention.leavers_days = 366"},
    {"[retention]\napproved_days = 30\n", NULL},
    {"[import]\nphoto_website = Photos?\n", NULL},
    {"[import]\nphoto_website =\n", NULL},
    {"[import]\ndo_not_publish =\n", "import.do_not_publish = "},
    {"[import]\nconsent_expiry =\n", "import.consent_expiry = "},
    {"[import]\ndo_not_publish = court order\n", NULL},
};

static void what_lets_more_out_needs_an_approver(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    for (size_t i = 0; i < sizeof DIRECTIONS / sizeof DIRECTIONS[0]; i++) {
        const struct direction *d = &DIRECTIONS[i];
        char words[256];
        write_child(f, d->body, "");
        if (d->told) {
            (void)snprintf(words, sizeof words, "a.ini:8: %s lets more out", d->told);
            folder_refuses(f, "a", NULL, STATUS_FORMAT, words);
            folder_refuses(f, "a", NULL, STATUS_FORMAT,
                           "approved_by = NAME, ROLE and approved_on = YYYY-MM-DD in [profile]");
            write_child(f, d->body, APPROVED);
        }
        policy_free(folder_load(f, "a", NULL));
    }
}

/* Every key whose values have an order is in the table above, or in this list with the reason. */
static void every_ordered_key_has_its_direction_tested(void **state)
{
    (void)state;
    static const char *const ELSEWHERE[] = {
        "unknown",
        "ambiguous",         /* as untagged */
        "leaver_grace_days", /* beside leavers */
        "with_photo",        /* cannot be looser than text_only; below */
        "redacted",          /* needs no_consent; below */
        "basis",             /* always refused */
    };
    size_t n;
    const struct key_row *rows = key_rows(&n);
    for (size_t i = 0; i < n; i++) {
        bool ordered = rows[i].choices || rows[i].looser != LOOSER_NONE;
        bool told = !ordered || rows[i].home == HOME_SCHOOL;
        char line[64];
        (void)snprintf(line, sizeof line, "\n%s = ", rows[i].key);
        for (size_t k = 0; k < sizeof DIRECTIONS / sizeof DIRECTIONS[0]; k++) {
            told = told || strstr(DIRECTIONS[k].body, line);
        }
        for (size_t k = 0; k < sizeof ELSEWHERE / sizeof ELSEWHERE[0]; k++) {
            told = told || strcmp(ELSEWHERE[k], rows[i].key) == 0;
        }
        if (!told) {
            print_error("nobody tests which way %s.%s is looser\n", rows[i].section, rows[i].key);
            fail();
        }
    }
}

static void a_file_answers_for_what_it_says_itself(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    /* what an ancestor loosened and approved needs nobody else */
    write_child(f, "[names]\ntext_only = forename\n", APPROVED);
    folder_write(f->near, "b.ini",
                 "[profile]\ninherits = a\ntitle = T\nsource = S\nversion = 1\n"
                 "review_date = 2030-01-31\n");
    struct policy *p = folder_load(f, "b", NULL);
    assert_int_equal(p->n_approvals, 1);
    assert_text(p->approvals[0].by, "Mrs A. Example, head teacher");
    assert_true(text_ends_with_nocase(p->approvals[0].file, TEXT("near/a.ini")));
    assert_int_equal(p->approvals[0].on.year, 2026);
    policy_free(p);
    /* but the ancestor's approval does not cover what the child adds */
    folder_write(f->near, "b.ini",
                 "[profile]\ninherits = a\ntitle = T\nsource = S\nversion = 1\n"
                 "review_date = 2030-01-31\n[names]\ntext_only = full\n");
    folder_refuses(f, "b", NULL, STATUS_FORMAT, "b.ini:8: names.text_only = full lets more out");
    /* nor does a profile's cover photogate.conf */
    folder_write(f->root, "photogate.conf", "[policy]\nprofile = a\n[names]\ntext_only = full\n");
    folder_refuses(f, "a", f->conf, STATUS_FORMAT, "photogate.conf:4: names.text_only = full");
    folder_refuses(f, "a", f->conf, STATUS_FORMAT, "in [policy] of this file");
    folder_write(f->root, "photogate.conf",
                 "[policy]\nprofile = a\napproved_by = Mr B. Example, data protection officer\n"
                 "approved_on = 2026-09-02\n[names]\ntext_only = full\n");
    p = folder_load(f, "a", f->conf);
    assert_int_equal(p->n_approvals, 2);
    assert_text(p->approvals[1].by, "Mr B. Example, data protection officer");
    policy_free(p);
}

static void a_schools_own_safe_default_is_measured_by_the_installed_one(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    folder_write(f->near, "safe-default.ini", HEADING "[names]\nstaff = block\ntext_only = full\n");
    folder_refuses(f, "safe-default", NULL, STATUS_FORMAT,
                   "safe-default.ini:8: names.text_only = full lets more out");
}

static void a_profile_without_ancestors_reads_who_must_not_be_shown(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    folder_write(f->near, "a.ini", HEADING "[import]\nupn = UPN\nphoto_website = Photos\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "profile \"a\": [import] reads no ");
    folder_write(f->near, "a.ini",
                 HEADING "[import]\nupn = UPN\non_roll = on roll\ndate_of_leaving = left\n"
                         "do_not_publish = court order\nchild_objection = objects\n"
                         "consent_expiry = until\n");
    policy_free(folder_load(f, "a", NULL));
}

static void with_no_safe_default_the_strictest_is_the_measure(void **state)
{
    struct policy_folder *f = *state;
    char path[160];
    (void)snprintf(path, sizeof path, "%s/safe-default.ini", f->far);
    assert_int_equal(unlink(path), 0);
    folder_write(f->far, "a.ini", HEADING "[people]\nuntagged = hold\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:7: people.untagged = hold lets more out");
    folder_write(f->far, "a.ini", HEADING "[people]\nuntagged = reject\n");
    policy_free(folder_load(f, "a", NULL));
}

static void an_approval_is_whole(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "a.ini", HEADING "approved_by = Mrs Ash, head teacher\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT,
                   "a.ini:6: [profile] has approved_by and no "
                   "approved_on");
    folder_write(f->far, "a.ini", HEADING "approved_on = 2026-09-01\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:6: [profile] has approved_on and no");
    static const char *const NOBODY[] = {"Mrs Ash", "Mrs Ash,", ", head teacher", ""};
    for (size_t i = 0; i < sizeof NOBODY / sizeof NOBODY[0]; i++) {
        char body[256];
        (void)snprintf(body, sizeof body, HEADING "approved_by = %s\napproved_on = 2026-09-01\n",
                       NOBODY[i]);
        folder_write(f->far, "a.ini", body);
        folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:6: approved_by: expected a name");
    }
    folder_write(f->far, "a.ini", HEADING "approved_by = Mrs Ash, head\napproved_on = 1/9/26\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:7: approved_on: expected a day");
}

/* Approved or not: no approval makes sense of these. */
static void a_profile_that_contradicts_itself_is_refused(void **state)
{
    struct policy_folder *f = *state;
    static const struct {
        const char *body, *told;
    } CASES[] = {
        {"[people]\nleavers = grace\n", "a.ini:8: [people] leavers: leavers = grace with"},
        {"[people]\nleaver_grace_days = 30\n", "a.ini:8: [people] leaver_grace_days: leavers = "
                                               "deny gives no days"},
        {"[people]\nleaver_grace_days = 30\nleavers = deny\n", "a.ini:9: [people] leavers"},
        {"[names]\nwith_photo = initials\n", "a.ini:8: [names] with_photo: with_photo allows more"},
        {"[names]\ntext_only = full\nwith_photo = full\nexception = head\n",
         "a.ini:10: [names] exception: with_photo = full leaves nothing"},
        {"[names]\nexception = head\n[import]\nname_with_photo =\n",
         "a.ini:10: [import] name_with_photo: the exception needs the consent"},
        {"[people]\nredacted = approve\n", "a.ini:8: [people] redacted: no_consent = reject"},
        {"[names]\nexception = dpo\n[channel.press]\nsecond_person = never\n",
         "a.ini:10: [channel.press] second_person: the exception for names"},
        {"[channel.press]\nsign_off_roles = head\nsecond_person = never\n",
         "a.ini:9: [channel.press] second_person: second_person = never asks nobody"},
        {"[channel.press]\nofficial = no\nneeds = press\n",
         "a.ini:9: [channel.press] official = no: nothing goes there"},
        {"[consent.press]\nbasis = opt-out\n",
         "a.ini:8: [consent.press] basis: opt-out takes silence for a yes"},
    };
    measure_by_the_tree(f);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        write_child(f, CASES[i].body, APPROVED);
        folder_refuses(f, "a", NULL, STATUS_FORMAT, CASES[i].told);
    }
}

/* The second file of two that do not fit is told: the first was whole when it was written. */
static void the_nearer_file_is_told(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    write_child(f, "[people]\nleavers = grace\nleaver_grace_days = 30\n", APPROVED);
    folder_write(f->root, "photogate.conf", "[people]\nleaver_grace_days = 0\n");
    folder_refuses(f, "a", f->conf, STATUS_FORMAT, "photogate.conf:2: [people] leaver_grace_days");
}

static void what_fits_together_is_no_contradiction(void **state)
{
    struct policy_folder *f = *state;
    static const char *const CASES[] = {
        "[people]\nleavers = grace\nleaver_grace_days = 1\n",
        "[names]\ntext_only = full\nwith_photo = forename\nexception = both\n",
        "[people]\nno_consent = redact\nredacted = approve\n",
        "[names]\nexception = head\n[channel.press]\nofficial = no\nsecond_person = never\n",
        "[channel.press]\nofficial = no\n", /* what it needs is inherited */
    };
    measure_by_the_tree(f);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        write_child(f, CASES[i], APPROVED);
        policy_free(folder_load(f, "a", NULL));
    }
}

static void a_day_of_the_year_is_one(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    static const char *const WRONG[] = {"31-08", "8-31",  "08-32", "02-29",
                                        "0831",  "08/31", "00-10"};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        char body[128];
        (void)snprintf(body, sizeof body, "[consent.press]\nends_each_year = %s\n", WRONG[i]);
        write_child(f, body, "");
        folder_refuses(f, "a", NULL, STATUS_FORMAT, "expected a day of the year as MM-DD");
    }
    write_child(f, "[consent.press]\nends_each_year = 08-31\n", "");
    struct policy *p = folder_load(f, "a", NULL);
    assert_int_equal(p->purposes[PURPOSE_PRESS].ends_each_year, 831);
    assert_int_equal(p->purposes[PURPOSE_WEBSITE].ends_each_year, 0);
    policy_free(p);
}

static void roles_that_may_look_are_named(void **state)
{
    struct policy_folder *f = *state;
    measure_by_the_tree(f);
    static const char *const WRONG[] = {"office", "teacher", "head, nobody", "Head"};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        char body[128];
        (void)snprintf(body, sizeof body, "[channel.press]\nsign_off_roles = %s\n", WRONG[i]);
        write_child(f, body, "");
        folder_refuses(f, "a", NULL, STATUS_FORMAT, "expected a list of: senior, head, dpo");
    }
    write_child(f, "[channel.press]\nsign_off_roles = dpo,\n  head\n", "");
    struct policy *p = folder_load(f, "a", NULL);
    const struct channel_policy *c = policy_channel(p, TEXT("press"));
    assert_int_equal(c->sign_off_roles, ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_DPO));
    assert_int_equal(policy_channel(p, TEXT("website"))->sign_off_roles, 0);
    policy_free(p);
}

static void a_profiles_own_words_join_the_word_lists(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far_words, "acronyms.txt", "PE\n");
    folder_write(f->far_words, "praise.txt", "well done\n");
    folder_write(f->far, "a.ini",
                 HEADING "[captions]\nsafe_phrases = Poppy Day, Will Power Week\nacronyms = HPA\n");
    struct policy *p = folder_load(f, "a", NULL);
    struct word_list acronyms = policy_words(p, "acronyms");
    assert_int_equal(acronyms.n_words, 2);
    assert_text(acronyms.words[0], "PE");
    assert_text(acronyms.words[1], "HPA");
    struct word_list phrases = policy_words(p, "safe-phrases"); /* no file of that name at all */
    assert_int_equal(phrases.n_words, 2);
    assert_text(phrases.words[1], "Will Power Week");
    assert_int_equal(policy_words(p, "praise").n_words, 1);
    policy_free(p);
}

static void what_is_said_of_people_reaches_every_purpose(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "a.ini",
                 HEADING "[people]\nany_refusal_wins = no\npupil_decides_from_age = 13\n"
                         "[retention]\napproved_days = 1\nreports_days = 2\nleavers_days = 3\n");
    struct policy *p = folder_load(f, "a", NULL);
    for (int i = 0; i < N_PURPOSES; i++) {
        assert_false(p->purposes[i].any_refusal_wins);
        assert_int_equal(p->purposes[i].pupil_decides_from_age, 13);
    }
    assert_int_equal(p->retention.approved_days, 1);
    assert_int_equal(p->retention.reports_days, 2);
    assert_int_equal(p->retention.leavers_days, 3);
    policy_free(p);
    folder_write(f->far, "a.ini", HEADING);
    p = folder_load(f, "a", NULL);
    assert_true(p->purposes[PURPOSE_PRESS].any_refusal_wins);
    policy_free(p);
}

static void a_difference_has_its_direction(void **state)
{
    struct policy_folder *f = *state;
    static const struct {
        const char *key, *was, *now;
        enum policy_change change;
    } WANT[] = {
        {"names.text_only", "never", "forename", POLICY_LOOSER},
        {"names.staff", "allow", "hold", POLICY_STRICTER},
        {"channel.press.official", "yes", "no", POLICY_STRICTER},
        {"channel.press.takedown_hours", "24", "48", POLICY_OTHER}, /* nothing goes there */
        {"channel.blog.title", NULL, "blog", POLICY_OTHER},
        {"channel.blog.official", NULL, "yes", POLICY_LOOSER},
        {"contacts.phones", "", "1, 2", POLICY_OTHER},
        {"import.upn", "UPN | unique pupil number", NULL, POLICY_OTHER},
    };
    struct policy_difference *list;
    struct err err = {0};
    size_t n;
    measure_by_the_tree(f);
    write_child(f,
                "[names]\ntext_only = forename\nstaff = hold\n[channel.press]\nofficial = no\n"
                "takedown_hours = 48\n[channel.blog]\nofficial = yes\nneeds = website\n"
                "[contacts]\nphones = 1,\n  2\n[import]\nupn =\n",
                APPROVED);
    struct policy *was = folder_load(f, "safe-default", NULL), *now = folder_load(f, "a", NULL);
    assert_int_equal(policy_diff(was, now, &list, &n, &err), STATUS_OK);
    for (size_t i = 0; i < sizeof WANT / sizeof WANT[0]; i++) {
        size_t found = 0;
        for (size_t k = 0; k < n; k++) {
            const struct policy_difference *d = &list[k];
            if (!text_equal((d->now ? d->now : d->was)->key, text_of(WANT[i].key))) {
                continue;
            }
            found++;
            assert_int_equal(d->change, WANT[i].change);
            assert_int_equal(d->was != NULL, WANT[i].was != NULL);
            assert_int_equal(d->now != NULL, WANT[i].now != NULL);
            assert_text(d->was ? d->was->value : TEXT_NONE, WANT[i].was ? WANT[i].was : "");
            assert_text(d->now ? d->now->value : TEXT_NONE, WANT[i].now ? WANT[i].now : "");
        }
        if (found != 1) {
            print_error("%s stands %zu times in the difference\n", WANT[i].key, found);
        }
        assert_int_equal(found, 1);
    }
    free(list);
    assert_int_equal(policy_diff(now, now, &list, &n, &err), STATUS_OK);
    assert_int_equal(n, 0);
    free(list);
    policy_free(was);
    policy_free(now);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_lets_more_out_needs_an_approver),
        TEST(every_ordered_key_has_its_direction_tested),
        TEST(a_file_answers_for_what_it_says_itself),
        TEST(a_schools_own_safe_default_is_measured_by_the_installed_one),
        TEST(a_profile_without_ancestors_reads_who_must_not_be_shown),
        TEST(with_no_safe_default_the_strictest_is_the_measure),
        TEST(an_approval_is_whole),
        TEST(a_profile_that_contradicts_itself_is_refused),
        TEST(the_nearer_file_is_told),
        TEST(what_fits_together_is_no_contradiction),
        TEST(roles_that_may_look_are_named),
        TEST(a_day_of_the_year_is_one),
        TEST(a_profiles_own_words_join_the_word_lists),
        TEST(what_is_said_of_people_reaches_every_purpose),
        TEST(a_difference_has_its_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
