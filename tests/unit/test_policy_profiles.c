/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profiles of the tree: the safe default and the five schools'. Unit tests are run from the top
 * of the tree. */
#include "policy_folder.h"

#include "photogate/arena.h"
#include "photogate/roles.h"
#include "policy/profile_keys.h"

static const char *const TREE_PROFILES[] = {"consent/policies"};
static const char *const TREE_WORDS[] = {"consent/words"};
static const char *const ALL[] = {"safe-default", "west-hampstead", "cherry-trees",
                                  "gaskell",      "ladysmith",      "st-annes"};

static struct policy *tree_load(struct policy_folder *f, const char *name)
{
    f->places = (struct policy_places){TREE_PROFILES, 1, TREE_WORDS, 1};
    return folder_load(f, name, NULL);
}

static const struct policy_value *value_of(const struct policy *p, const char *key)
{
    for (size_t i = 0; i < p->n_values; i++) {
        if (text_equal(p->values[i].key, text_of(key))) {
            return &p->values[i];
        }
    }
    print_error("%s is no value\n", key);
    fail();
    return NULL;
}

/* ---- Quotations ------------------------------------------------------------------------------ */

/* The words inside quotation marks; the longest quotation's number, and whether all are closed. */
static size_t longest_quotation(struct text t)
{
    size_t longest = 0, words = 0;
    bool inside = false, in_word = false;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        if (c == '"') {
            longest = words > longest ? words : longest;
            inside = !inside;
            words = 0;
            in_word = false;
        } else if (inside) {
            words += c != ' ' && !in_word;
            in_word = c != ' ';
        }
    }
    assert_false(inside);
    return longest;
}

static void the_longest_quotation_is_counted(void **state)
{
    (void)state;
    assert_int_equal(longest_quotation(TEXT("s1: \"one two  three\" and \"four\"")), 3);
    assert_int_equal(longest_quotation(TEXT("s1 says nothing")), 0);
}

/* Does this file's own [clauses] cite something for the key, or for its family? */
static struct text own_clause(const struct settings *file, const char *section, const char *key)
{
    char full[600], family[600];
    (void)snprintf(full, sizeof full, "%s.%s", section, key);
    (void)snprintf(family, sizeof family, "%.*s.%s", (int)strcspn(section, "."), section, key);
    const struct setting *s = settings_find(file, TEXT("clauses"), text_of(full));
    s = s ? s : settings_find(file, TEXT("clauses"), text_of(family));
    return s ? s->value : TEXT_NONE;
}

static void check_clauses(const char *name, const struct settings *file)
{
    for (size_t i = 0; i < file->n; i++) {
        const struct setting *s = &file->at[i];
        char section[256], key[256];
        if (text_equal(s->section, TEXT("clauses"))) {
            assert_in_range(longest_quotation(s->value), 0, 40);
            continue;
        }
        if (text_equal(s->section, TEXT("profile")) || text_equal(s->section, TEXT("import"))) {
            continue; /* what it is called and how an export is read are no rules */
        }
        (void)snprintf(section, sizeof section, "%.*s", TEXT_ARG(s->section));
        (void)snprintf(key, sizeof key, "%.*s", TEXT_ARG(s->key));
        struct text clause = own_clause(file, section, key);
        bool quotes = longest_quotation(clause) > 0;
        if (clause.n == 0 || (!quotes && strcmp(name, "safe-default") != 0)) {
            print_error("%s: [%s] %s is set and cites no words of its document\n", name, section,
                        key);
            fail();
        }
    }
}

static void every_setting_cites_its_own_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++) {
        struct arena a;
        struct settings file;
        struct bytes content;
        struct err err = {0};
        char path[128];
        arena_init(&a, (size_t)1024 * 1024);
        (void)snprintf(path, sizeof path, "consent/policies/%s.ini", ALL[i]);
        assert_int_equal(settings_read(path, NULL, &a, &file, &content, &err), STATUS_OK);
        assert_true(file.n > 5);
        check_clauses(ALL[i], &file);
        arena_release(&a);
    }
}

static void every_value_in_force_rests_on_a_clause(void **state)
{
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++) {
        struct policy *p = tree_load(*state, ALL[i]);
        assert_true(p->n_values > 60);
        for (size_t k = 0; k < p->n_values; k++) {
            const struct policy_value *v = &p->values[k];
            if (v->clause.n == 0 && !text_starts_with(v->key, TEXT("import."))) {
                print_error("%s: %.*s rests on no clause\n", ALL[i], TEXT_ARG(v->key));
                fail();
            }
        }
        policy_free(p);
    }
}

/* ---- What they say --------------------------------------------------------------------------- */

static void the_schools_say_what_their_documents_say(void **state)
{
    static const struct {
        const char *profile, *key, *value;
    } SAID[] = {
        {"west-hampstead", "channel.website.sign_off_roles", "senior, head"},
        {"west-hampstead", "channel.website.second_person", "on-hold-only"},
        {"west-hampstead", "names.staff", "allow"},
        {"cherry-trees", "channel.website.second_person", "always"},
        {"cherry-trees", "channel.social_media.second_person", "always"},
        {"cherry-trees", "channel.website.needs_request", "yes"},
        {"cherry-trees", "channel.press.needs_request", "no"},
        {"cherry-trees", "names.staff", "block"},
        {"gaskell", "channel.twitter.official", "yes"},
        {"gaskell", "channel.twitter.needs", "social_media"},
        {"gaskell", "channel.twitter.second_person", "if-possible"},
        {"gaskell", "channel.social_media.official", "no"},
        {"gaskell", "channel.press.official", "no"},
        {"gaskell", "names.exception", "both"},
        {"gaskell", "names.with_photo", "never"},
        {"gaskell", "names.text_only", "forename"},
        {"ladysmith", "channel.press.official", "no"},
        {"ladysmith", "channel.website.official", "yes"},
        {"ladysmith", "channel.website.takedown_hours", "24"},
        {"ladysmith", "consent.website.basis", "opt-in"},
        {"ladysmith", "people.any_refusal_wins", "yes"},
        {"st-annes", "names.staff", "hold"},
        {"st-annes", "names.with_photo", "never"},
        {"st-annes", "metadata.third_party_rights", "hold"},
    };
    for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
        struct policy *p = tree_load(*state, SAID[i].profile);
        assert_text(value_of(p, SAID[i].key)->value, SAID[i].value);
        policy_free(p);
    }
}

/* Nothing a school's document says lets more out than the safe default, but for what its own
 * approval covers. */
static void only_gaskell_loosens_and_says_who_approved(void **state)
{
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++) {
        struct policy *safe = tree_load(*state, "safe-default"), *p = tree_load(*state, ALL[i]);
        struct policy_difference *list;
        struct err err = {0};
        size_t n, looser = 0;
        assert_int_equal(policy_diff(safe, p, &list, &n, &err), STATUS_OK);
        for (size_t k = 0; k < n; k++) {
            looser += list[k].change == POLICY_LOOSER;
        }
        bool is_gaskell = strcmp(ALL[i], "gaskell") == 0;
        assert_true(is_gaskell ? looser > 0 : looser == 0);
        assert_int_equal(p->n_approvals, is_gaskell);
        assert_int_equal(n == 0, strcmp(ALL[i], "safe-default") == 0);
        free(list);
        policy_free(safe);
        policy_free(p);
    }
}

static void all_five_reviews_are_overdue(void **state)
{
    struct date today = DATE_NONE;
    assert_true(date_make(2026, 9, 1, &today));
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++) {
        struct policy *p = tree_load(*state, ALL[i]);
        assert_int_equal(date_compare(p->review_date, today) < 0,
                         strcmp(ALL[i], "safe-default") != 0);
        policy_free(p);
    }
}

static void each_names_its_document(void **state)
{
    for (size_t i = 1; i < sizeof ALL / sizeof ALL[0]; i++) {
        struct policy *p = tree_load(*state, ALL[i]);
        char source[512];
        (void)snprintf(source, sizeof source, "%.*s", TEXT_ARG(p->source));
        assert_non_null(strstr(source, "seed document 00"));
        policy_free(p);
    }
}

static void a_value_knows_the_file_and_line_that_say_it(void **state)
{
    struct policy *p = tree_load(*state, "cherry-trees");
    const struct policy_value *own = value_of(p, "names.staff");
    assert_true(text_ends_with_nocase(own->file, TEXT("policies/cherry-trees.ini")));
    assert_true(own->line > 0);
    assert_true(text_starts_with(own->clause, TEXT("8.5: ")));
    const struct policy_value *inherited = value_of(p, "names.exception");
    assert_true(text_ends_with_nocase(inherited->file, TEXT("policies/safe-default.ini")));
    assert_text(value_of(p, "import.upn")->value, "UPN | unique pupil number");
    const struct policy_value *nobodys = value_of(p, "channel.press.owners");
    assert_int_equal(nobodys->file.n, 0);
    assert_int_equal(nobodys->line, 0);
    policy_free(p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_longest_quotation_is_counted),
        TEST(every_setting_cites_its_own_document),
        TEST(every_value_in_force_rests_on_a_clause),
        TEST(the_schools_say_what_their_documents_say),
        TEST(only_gaskell_loosens_and_says_who_approved),
        TEST(all_five_reviews_are_overdue),
        TEST(each_names_its_document),
        TEST(a_value_knows_the_file_and_line_that_say_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
