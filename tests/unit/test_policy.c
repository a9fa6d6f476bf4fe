/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a profile says, what it inherits, what its digest covers. */
#include "policy_folder.h"

#include "photogate/arena.h"
#include "policy/profile_keys.h"

static const char EVERYTHING[] = HEADING
    "[people]\nuntagged = hold\nunknown = reject\nambiguous = hold\nunnamed_region = reject\n"
    "leavers = grace\nleaver_grace_days = 30\nfaces = count-needed\n"
    "[names]\nwith_photo = initials\ntext_only = full\nstaff = hold\n"
    "[metadata]\nmax_edge_px = 2048\njpeg_quality = 0\nthird_party_rights = ignore\nown_rights = "
    "Oakmere School,\n"
    "    The Office,\n    J. Ash\n"
    "[examiner]\nrequire_confinement = no\n"
    "[consent.website]\nwritten_only = no\nmax_age_months = 13\n"
    "[channel.website]\ntitle = Our website\nofficial = yes\nneeds = website, name_with_photo\n"
    "owners = Mrs Ash, Mr Beech\n"
    "[channel.news-letter]\nneeds = press\n"
    "[contacts]\nphones = 01632 960441\nemails = office@oakmere.example\n"
    "links = https://oakmere.example/?a=b,\n    https://oakmere.example/news\nhandles = "
    "@OakmereCP\n"
    "houses = Fisher, Grace\n"
    "[import]\nupn = UPN | Unique Pupil No\nphoto_website = Web photos?\n"
    "[clauses]\npeople.untagged = s11 \"a senior\n    colleague checks\"\n"
    "consent.written_only = s9\nconsent.press.written_only = s10\nchannel.website.needs = (c)\n";

static void every_key_reaches_its_field(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "all.ini", EVERYTHING);
    struct policy *p = folder_load(f, "all", NULL);
    assert_text(p->name, "all");
    assert_text(p->title, "T");
    assert_text(p->source, "S");
    assert_text(p->version, "1");
    assert_int_equal(p->review_date.year, 2030);
    assert_int_equal(p->untagged, TAGS_HOLD);
    assert_int_equal(p->unknown_tag, TAGS_REJECT);
    assert_int_equal(p->ambiguous_tag, TAGS_HOLD);
    assert_int_equal(p->unnamed_region, TAGS_REJECT);
    assert_int_equal(p->leavers, LEAVERS_GRACE);
    assert_int_equal(p->leaver_grace_days, 30);
    assert_false(p->require_high_face_assurance);
    assert_int_equal(p->names_with_photo, NAMES_INITIALS);
    assert_int_equal(p->names_text_only, NAMES_FULL);
    assert_int_equal(p->staff, STAFF_HOLD);
    assert_false(p->third_party_rights_hold);
    assert_int_equal(p->max_edge_px, 2048);
    assert_int_equal(p->jpeg_quality, 0);
    assert_false(p->require_confinement);
    assert_false(p->purposes[PURPOSE_WEBSITE].written_only);
    assert_int_equal(p->purposes[PURPOSE_WEBSITE].max_age_months, 13);
    assert_int_equal(p->n_own_rights, 3);
    assert_text(p->own_rights[0], "Oakmere School");
    assert_text(p->own_rights[1], "The Office");
    assert_text(p->own_rights[2], "J. Ash");
    assert_int_equal(p->n_own_links, 2);
    assert_text(p->own_links[0], "https://oakmere.example/?a=b");
    assert_text(p->own_links[1], "https://oakmere.example/news");
    assert_text(p->own_phones[0], "01632 960441");
    assert_text(p->own_emails[0], "office@oakmere.example");
    assert_text(p->own_handles[0], "@OakmereCP");
    assert_int_equal(p->n_houses, 2);
    assert_text(p->houses[1], "Grace");
    assert_int_equal(p->n_columns, 2);
    assert_text(p->columns[0].field, "upn");
    assert_text(p->columns[0].header, "UPN | Unique Pupil No");
    assert_text(p->columns[1].field, "photo_website");
    policy_free(p);
}

static void channels_are_found_by_name(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "all.ini", EVERYTHING);
    struct policy *p = folder_load(f, "all", NULL);
    const struct channel_policy *c = policy_channel(p, TEXT("website"));
    assert_non_null(c);
    assert_text(c->title, "Our website");
    assert_text(c->owners, "Mrs Ash, Mr Beech");
    assert_true(c->official);
    assert_true(c->needs[PURPOSE_WEBSITE]);
    assert_true(c->needs[PURPOSE_NAME_WITH_PHOTO]);
    assert_false(c->needs[PURPOSE_PRESS]);
    c = policy_channel(p, TEXT("news-letter"));
    assert_non_null(c);
    assert_text(c->title, "news-letter");
    assert_false(c->official); /* nobody said it is the school's */
    assert_null(policy_channel(p, TEXT("Website")));
    assert_null(policy_channel(p, TEXT_NONE));
    policy_free(p);
}

static void a_clause_is_found_for_its_key_or_its_family(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "all.ini", EVERYTHING);
    struct policy *p = folder_load(f, "all", NULL);
    assert_text(policy_clause(p, "people.untagged"), "s11 \"a senior colleague checks\"");
    assert_text(policy_clause(p, "consent.website.written_only"), "s9");
    assert_text(policy_clause(p, "consent.press.written_only"), "s10");
    assert_text(policy_clause(p, "consent.written_only"), "s9");
    assert_text(policy_clause(p, "channel.website.needs"), "(c)");
    assert_text(policy_clause(p, "channel.press.needs"), "");
    assert_text(policy_clause(p, "people.unknown"), "");
    policy_free(p);
}

/* I3: a profile that says nothing refuses wherever a profile can. */
static void what_no_file_says_is_the_strictest(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "bare.ini", HEADING);
    struct policy *p = folder_load(f, "bare", NULL);
    assert_int_equal(p->untagged, TAGS_REJECT);
    assert_int_equal(p->unknown_tag, TAGS_REJECT);
    assert_int_equal(p->ambiguous_tag, TAGS_REJECT);
    assert_int_equal(p->unnamed_region, TAGS_REJECT);
    assert_int_equal(p->leavers, LEAVERS_DENY);
    assert_int_equal(p->leaver_grace_days, 0);
    assert_true(p->require_high_face_assurance);
    assert_true(p->require_confinement);
    assert_true(p->third_party_rights_hold);
    assert_int_equal(p->names_with_photo, NAMES_NEVER);
    assert_int_equal(p->names_text_only, NAMES_NEVER);
    assert_int_equal(p->staff, STAFF_BLOCK);
    for (int i = 0; i < N_PURPOSES; i++) {
        assert_true(p->purposes[i].written_only);
        assert_int_equal(p->purposes[i].max_age_months, 1);
    }
    assert_int_equal(p->n_channels, 0);
    assert_int_equal(p->n_own_rights + p->n_own_phones + p->n_own_emails + p->n_own_links, 0);
    assert_int_equal(p->n_own_handles + p->n_houses + p->n_columns, 0);
    policy_free(p);
}

static void a_child_changes_only_what_it_says(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "all.ini", EVERYTHING);
    folder_write(f->near, "child.ini",
                 "[profile]\ninherits = all\ntitle = Child\nsource = C\nversion = 2\n"
                 "review_date = 2031-02-28\n[people]\nuntagged = reject\n"
                 "[channel.website]\nofficial = no\n[contacts]\nhouses =\n"
                 "[import]\nupn =\nphoto_website = Photos\n[clauses]\npeople.untagged = s1\n");
    struct policy *p = folder_load(f, "child", NULL);
    assert_text(p->title, "Child");
    assert_text(p->version, "2");
    assert_int_equal(p->review_date.year, 2031);
    assert_int_equal(p->untagged, TAGS_REJECT);
    assert_int_equal(p->unnamed_region, TAGS_REJECT);
    assert_int_equal(p->leaver_grace_days, 30);
    assert_int_equal(p->n_channels, 2);
    assert_false(policy_channel(p, TEXT("website"))->official);
    assert_text(policy_channel(p, TEXT("website"))->title, "Our website");
    assert_true(policy_channel(p, TEXT("website"))->needs[PURPOSE_WEBSITE]);
    assert_int_equal(p->n_houses, 0);
    assert_int_equal(p->n_columns, 1);
    assert_text(p->columns[0].header, "Photos");
    assert_text(policy_clause(p, "people.untagged"), "s1");
    policy_free(p);
}

static void the_nearest_profile_of_a_name_counts(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "a.ini", HEADING "[names]\nstaff = allow\n");
    folder_write(f->near, "a.ini", HEADING "[names]\nstaff = hold\n");
    struct policy *p = folder_load(f, "a", NULL);
    assert_int_equal(p->staff, STAFF_HOLD);
    policy_free(p);
}

static void the_schools_settings_come_on_top(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "all.ini", EVERYTHING);
    folder_write(f->root, "photogate.conf",
                 "[school]\nname = Oakmere\n[policy]\nprofile = all\n[run]\njobs = 3\n"
                 "[names]\nstaff = block\n[contacts]\nphones = 1, 2\n");
    struct policy *p = folder_load(f, "all", f->conf);
    assert_int_equal(p->staff, STAFF_BLOCK);
    assert_int_equal(p->n_own_phones, 2);
    assert_int_equal(p->leaver_grace_days, 30);
    policy_free(p);
    folder_write(f->root, "photogate.conf", "[people]\nfaces = maybe\n");
    folder_refuses(f, "all", f->conf, STATUS_FORMAT, "photogate.conf:2: ");
    folder_write(f->root, "photogate.conf", HEADING);
    folder_refuses(f, "all", f->conf, STATUS_FORMAT, "photogate.conf:2: [profile] belongs");
    (void)unlink(f->conf);
    folder_refuses(f, "all", f->conf, STATUS_IO, "photogate.conf: No such file");
}

static struct digest digest_now(struct policy_folder *f, const char *conf)
{
    struct policy *p = folder_load(f, "child", conf);
    struct digest d = p->digest;
    policy_free(p);
    return d;
}

static void the_digest_covers_what_decides_and_nothing_else(void **state)
{
    struct policy_folder *f = *state;
    static const char CHILD[] = "[profile]\ninherits = all\ntitle = C\nsource = C\nversion = 2\n"
                                "review_date = 2031-02-28\n";
    folder_write(f->far, "all.ini", EVERYTHING);
    folder_write(f->near, "child.ini", CHILD);
    folder_write(f->far_words, "weak.txt", "May\n");
    folder_write(f->root, "photogate.conf", "[run]\njobs = 1\n");
    struct digest first = digest_now(f, f->conf), next;
    next = digest_now(f, f->conf);
    assert_true(digest_equal(&first, &next));
    folder_write(f->root, "photogate.conf", "# a remark\n[run]\njobs = 2\n");
    next = digest_now(f, f->conf);
    assert_true(digest_equal(&first, &next)); /* workers are no policy */
    next = digest_now(f, NULL);
    assert_true(digest_equal(&first, &next));

    folder_write(f->root, "photogate.conf", "[names]\nstaff = hold\n");
    next = digest_now(f, f->conf);
    assert_false(digest_equal(&first, &next));
    folder_write(f->far, "all.ini", HEADING); /* the ancestor */
    next = digest_now(f, NULL);
    assert_false(digest_equal(&first, &next));
    folder_write(f->far, "all.ini", EVERYTHING);
    folder_write(f->far_words, "weak.txt", "May\nJune\n");
    next = digest_now(f, NULL);
    assert_false(digest_equal(&first, &next));
    folder_write(f->far_words, "weak.txt", "May\n");
    folder_write(f->near_words, "strong.txt", "");
    next = digest_now(f, NULL);
    assert_false(digest_equal(&first, &next));
    char path[160];
    (void)snprintf(path, sizeof path, "%s/strong.txt", f->near_words);
    assert_int_equal(unlink(path), 0);
    next = digest_now(f, NULL);
    assert_true(digest_equal(&first, &next));
}

/* The profiles of the tree itself, with its word lists. Unit tests are run from the top of the
 * tree. */
static const char *const TREE_PROFILES[] = {"consent/policies"};
static const char *const TREE_WORDS[] = {"consent/words"};

static struct policy *tree_load(struct policy_folder *f, const char *name)
{
    f->places = (struct policy_places){TREE_PROFILES, 1, TREE_WORDS, 1};
    return folder_load(f, name, NULL);
}

static void the_safe_default_is_safe(void **state)
{
    struct policy *p = tree_load(*state, "safe-default");
    assert_int_equal(p->leavers, LEAVERS_DENY);
    assert_int_equal(p->names_with_photo, NAMES_NEVER);
    assert_int_equal(p->names_text_only, NAMES_NEVER);
    assert_true(p->third_party_rights_hold);
    assert_int_equal(p->n_own_rights + p->n_own_phones + p->n_own_emails, 0);
    assert_int_equal(p->n_own_links + p->n_own_handles, 0);
    for (int i = PURPOSE_UNKNOWN + 1; i < N_PURPOSES; i++) {
        assert_true(p->purposes[i].written_only);
        assert_in_range(p->purposes[i].max_age_months, 1, 36);
    }
    static const struct {
        const char *channel;
        enum purpose needs;
    } CHANNELS[] = {{"website", PURPOSE_WEBSITE},
                    {"social_media", PURPOSE_SOCIAL_MEDIA},
                    {"press", PURPOSE_PRESS},
                    {"displays", PURPOSE_DISPLAYS}};
    assert_int_equal(p->n_channels, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct channel_policy *c = policy_channel(p, text_of(CHANNELS[i].channel));
        assert_non_null(c);
        assert_true(c->needs[CHANNELS[i].needs]);
    }
    /* every field of the templates has a heading, but for none that would be guessed */
    size_t n_fields;
    (void)import_fields(&n_fields);
    assert_int_equal(p->n_columns, n_fields);
    policy_free(p);
}

/* The data protection officer reads one file and sees every setting there is. */
static void the_safe_default_says_every_key(void **state)
{
    (void)state;
    struct arena a;
    struct settings file;
    struct bytes content;
    struct err err = {0};
    size_t n;
    arena_init(&a, (size_t)1024 * 1024);
    assert_int_equal(
        settings_read("consent/policies/safe-default.ini", NULL, &a, &file, &content, &err),
        STATUS_OK);
    const struct key_row *rows = key_rows(&n);
    for (size_t i = 0; i < n; i++) {
        bool optional = rows[i].home == HOME_SCHOOL || rows[i].type == KEY_NONE ||
                        strcmp(rows[i].key, "owners") == 0 || strcmp(rows[i].key, "*") == 0;
        size_t said = 0;
        for (size_t k = 0; k < file.n; k++) {
            const struct key_row *row = NULL;
            assert_int_equal(key_find(&file, &file.at[k], &row, &err), STATUS_OK);
            said += row == &rows[i];
        }
        size_t wanted = rows[i].home == HOME_PURPOSE ? N_PURPOSES - 1 : 1;
        if (!optional && said < wanted) {
            print_error("[%s] %s is not said\n", rows[i].section, rows[i].key);
            fail();
        }
    }
    arena_release(&a);
}

static void gaskell_publishes_on_its_two_channels_only(void **state)
{
    struct policy *p = tree_load(*state, "gaskell");
    for (size_t i = 0; i < p->n_channels; i++) {
        bool named = text_equal(p->channels[i].name, TEXT("website")) ||
                     text_equal(p->channels[i].name, TEXT("twitter"));
        assert_int_equal(p->channels[i].official, named);
    }
    assert_true(policy_channel(p, TEXT("twitter"))->needs[PURPOSE_SOCIAL_MEDIA]);
    assert_true(p->purposes[PURPOSE_WEBSITE].written_only);
    assert_true(p->purposes[PURPOSE_SOCIAL_MEDIA].written_only);
    assert_int_equal(p->names_with_photo, NAMES_NEVER);
    assert_int_equal(p->names_text_only, NAMES_FORENAME);
    assert_int_equal(p->untagged, TAGS_HOLD); /* inherited */
    char day[DATE_TEXT_BYTES];
    assert_string_equal(date_format(p->review_date, day), "2025-06-30");
    assert_true(text_starts_with(policy_clause(p, "names.with_photo"), TEXT("(c)")));
    assert_true(text_starts_with(policy_clause(p, "consent.website.written_only"), TEXT("s9")));
    assert_true(text_starts_with(policy_clause(p, "people.untagged"), TEXT("Safe default")));
    policy_free(p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_key_reaches_its_field),
        TEST(channels_are_found_by_name),
        TEST(a_clause_is_found_for_its_key_or_its_family),
        TEST(what_no_file_says_is_the_strictest),
        TEST(a_child_changes_only_what_it_says),
        TEST(the_nearest_profile_of_a_name_counts),
        TEST(the_schools_settings_come_on_top),
        TEST(the_digest_covers_what_decides_and_nothing_else),
        TEST(the_safe_default_is_safe),
        TEST(the_safe_default_says_every_key),
        TEST(gaskell_publishes_on_its_two_channels_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
