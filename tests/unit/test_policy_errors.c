/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not understood is an error with file and line. */
#include "policy_folder.h"

#include "photogate/limits.h"

/* Five lines of heading, so that `body` starts in line 6. */
static void body_refused(struct policy_folder *f, const char *body, const char *words)
{
    struct buffer b;
    buffer_init(&b, (size_t)1024 * 1024);
    buffer_add_cstr(&b, HEADING);
    buffer_add_cstr(&b, body);
    folder_write_bytes(f->far, "a.ini", b.at, b.n);
    buffer_release(&b);
    folder_refuses(f, "a", NULL, STATUS_FORMAT, words);
}

static void an_unknown_word_is_named_with_its_line(void **state)
{
    struct policy_folder *f = *state;
    body_refused(f, "[peopel]\nuntagged = hold\n", "a.ini:7: unknown section [peopel]");
    body_refused(
        f, "[people]\n\n# x\nuntaged = hold\n",
        "a.ini:9: unknown key \"untaged\" in [people], expected one of: untagged, unknown");
    body_refused(f, "[people]\nUntagged = hold\n", "a.ini:7: unknown key \"Untagged\"");
    body_refused(f, "[consent.web]\nwritten_only = yes\n",
                 "a.ini:7: [consent.web]: expected one of: consent.website");
    body_refused(f, "[consent.unknown]\nwritten_only = yes\n", "a.ini:7: [consent.unknown]");
    body_refused(f, "[consent]\nwritten_only = yes\n", "a.ini:7: unknown section [consent]");
    body_refused(f, "[channel.]\nofficial = yes\n", "a.ini:7: unknown section [channel.]");
    body_refused(f, "[channel.A b]\nofficial = yes\n", "a.ini:7: [channel.A b]: a channel's name");
    body_refused(f, "[import]\nphoto_web = x\n", "a.ini:7: unknown import field \"photo_web\"");
    body_refused(f, "[clauses]\npeople.nobody = s1\n", "a.ini:7: [clauses] \"people.nobody\"");
    body_refused(f, "[clauses]\nconsent.web.written_only = s1\n", "a.ini:7: [clauses]");
    body_refused(f, "[clauses]\nuntagged = s1\n", "a.ini:7: [clauses]");
    body_refused(f, "[school]\nname = x\n", "a.ini:7: [school] belongs in photogate.conf");
}

static void a_bad_value_is_named_with_what_was_expected(void **state)
{
    struct policy_folder *f = *state;
    body_refused(f, "[people]\nuntagged = allow\n",
                 "a.ini:7: untagged = allow: expected one of: hold, reject");
    body_refused(f, "[people]\nuntagged = Hold\n", "expected one of: hold, reject");
    body_refused(f, "[people]\nuntagged =\n", "a.ini:7: untagged = ");
    body_refused(f, "[names]\nwith_photo = surname\n",
                 "expected one of: never, initials, forename, full");
    body_refused(f, "[examiner]\nrequire_confinement = true\n", "expected one of: yes, no");
    body_refused(f, "[people]\nleaver_grace_days = 367\n", "a whole number from 0 to 366");
    body_refused(f, "[people]\nleaver_grace_days = -1\n", "a whole number from 0 to 366");
    body_refused(f, "[people]\nleaver_grace_days = 4294967296\n", "a whole number from 0 to 366");
    body_refused(f, "[metadata]\njpeg_quality = 49\n",
                 "a.ini:7: jpeg_quality = 49: expected a whole number from 50 to 98, or 0");
    body_refused(f, "[metadata]\nmax_edge_px = 20001\n",
                 "expected a whole number from 320 to 20000, or 0");
    body_refused(f, "[people]\nuntagged = hold\n   reject\n", "a.ini:7: untagged = ...: expected");
    body_refused(f, "[import]\nupn = UPN |\n", "a.ini:7: upn = UPN |: expected headings");
    body_refused(f, "[import]\nupn = UPN || No\n", "expected headings");
    folder_write(f->far, "a.ini",
                 "[profile]\ntitle = T\nsource = S\nversion = 1\nreview_date = 31/01/2030\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT,
                   "a.ini:5: review_date = 31/01/2030: expected a day");
}

/* It would publish without anybody's consent. */
static void a_channel_that_needs_no_consent_is_refused(void **state)
{
    struct policy_folder *f = *state;
    body_refused(f, "[channel.blog]\nofficial = yes\n", "[channel.blog] has no \"needs\"");
    body_refused(f, "[channel.blog]\nneeds =\n",
                 "a.ini:7: needs = : expected a list with at least");
    body_refused(f, "[channel.blog]\nneeds = ,\n", "expected a list with at least");
    body_refused(f, "[channel.blog]\nneeds = name_with_photo\n", "expected a list with at least");
    body_refused(f, "[channel.blog]\nneeds = website, webiste\n", "expected a list with at least");
    body_refused(f, "[channel.blog]\nneeds = unknown\n", "expected a list with at least");
}

static void a_profile_says_who_it_is(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "a.ini", "[profile]\ntitle = T\nsource = S\nversion = 1\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:1: [profile] has no \"review_date\"");
    folder_write(f->far, "a.ini",
                 "[profile]\ntitle =\nsource = S\nversion = 1\nreview_date = 2030-01-31\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:2: [profile] title");
    folder_write(f->far, "a.ini", "");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:1: [profile] has no \"title\"");
}

static void a_key_twice_is_refused_even_in_a_section_that_comes_twice(void **state)
{
    struct policy_folder *f = *state;
    body_refused(f, "[names]\nstaff = hold\nstaff = hold\n",
                 "a.ini:8: \"staff\" stands twice in [names], first in line 7");
    body_refused(f,
                 "[names]\nstaff = hold\n[people]\nfaces = count-needed\n[names]\nstaff = allow\n",
                 "a.ini:11: \"staff\" stands twice in [names], first in line 7");
}

static void what_inih_would_forgive_is_refused(void **state)
{
    struct policy_folder *f = *state;
    char wide[512] = "[contacts]\nhouses = ";
    size_t n = strlen(wide);
    memset(wide + n, 'x', 300);
    wide[n + 300] = '\n';
    body_refused(f, wide, "a.ini:7: the line is too long");
    body_refused(f, "[names] x\nstaff = hold\n", "a.ini:6: expected a section's heading");
    body_refused(f, "[names\nstaff = hold\n", "a.ini:6: expected a section's heading");
    body_refused(f, "[]\nstaff = hold\n", "a.ini:6: expected a section's heading");
    body_refused(f, "[names]\nstaff\n", "a.ini:7: expected [section], key = value");
    body_refused(f, "[names]\n= hold\n", "a.ini:7: expected a setting's name");
    body_refused(f, "[people]\nuntagged = hold\n  unknown = hold\n",
                 "a.ini:8: an indented line goes on with the value above it");
    body_refused(f, "[people]\nuntagged = hold\n\tunknown: hold\n", "a.ini:8: an indented line");
    body_refused(f, "[people]\nuntagged = hold\n  [names]\n", "a.ini:8: an indented line");
    body_refused(f, "[contacts]\nhouses = Fisher ; Grace\n", "a.ini:7: a ';' behind a blank");
    folder_write(f->far, "a.ini", "title = x\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:1: expected a section's heading");
    /* a name cut off at inih's 49 bytes is not taken for the shorter one */
    body_refused(f, "[channel.aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee]\nneeds = press\n",
                 "a.ini:7: [channel.aaaa");
}

/* The line of the first error counts, whoever finds it. */
static void the_first_error_is_told(void **state)
{
    struct policy_folder *f = *state;
    body_refused(f, "[names]\nstaff\nstaff = hold\nstaff = hold\n", "a.ini:7: expected [section]");
    body_refused(f, "[names]\nstaff = hold\nstaff = hold\nstaff\n",
                 "a.ini:8: \"staff\" stands twice");
}

static void hostile_bytes_are_refused(void **state)
{
    struct policy_folder *f = *state;
    static const char NUL[] = HEADING "[names]\nstaff = hold\0x\n";
    folder_write_bytes(f->far, "a.ini", NUL, sizeof NUL - 1);
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:7: a control or invisible character");
    body_refused(f, "[names]\nstaff = h\xF6ld\n", "a.ini:7: not UTF-8");
    body_refused(f, "# caf\xE9\n", "a.ini:6: not UTF-8");
    body_refused(f, "[names]\nstaff = ho\xE2\x80\x8Bld\n", "a.ini:7: a control or invisible");
    body_refused(f, "[names]\nstaff = \x1B[31mhold\n", "a.ini:7: a control or invisible");
    body_refused(f, "[names]\rstaff = hold\r", "a.ini:6: a control or invisible");
}

static void a_mebibyte_in_one_line_or_file_is_refused(void **state)
{
    struct policy_folder *f = *state;
    struct buffer b;
    buffer_init(&b, (size_t)2 * 1024 * 1024);
    buffer_add_cstr(&b, HEADING "[contacts]\nhouses = ");
    size_t head = b.n;
    memset(buffer_extend(&b, 1024 * 1024), 'x', 1024 * 1024);
    folder_write_bytes(f->far, "a.ini", b.at, b.n);
    folder_refuses(f, "a", NULL, STATUS_LIMIT, "a.ini: larger than");
    folder_write_bytes(f->far, "a.ini", b.at, MAX_POLICY_BYTES);
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:7: the line is too long");
    b.n = head;
    for (int i = 0; i < 1000; i++) {
        buffer_add_cstr(&b, "\n  0123456789012345678");
    }
    folder_write_bytes(f->far, "a.ini", b.at, b.n);
    folder_refuses(f, "a", NULL, STATUS_LIMIT, ": the value is too long");
    b.n = head;
    for (unsigned i = 0; i < MAX_POLICY_SETTINGS + 1; i++) {
        buffer_format(&b, "\nk%u=", i);
    }
    folder_write_bytes(f->far, "a.ini", b.at, b.n);
    folder_refuses(f, "a", NULL, STATUS_LIMIT, ": too many settings");
    b.n = head;
    for (unsigned i = 0; i < MAX_POLICY_LIST + 1; i++) {
        buffer_add_cstr(&b, "\n  x");
    }
    folder_write_bytes(f->far, "a.ini", b.at, b.n);
    folder_refuses(f, "a", NULL, STATUS_LIMIT, "more than 1024 values");
    buffer_release(&b);
}

static void windows_line_ends_a_mark_and_no_last_line_end_are_understood(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "a.ini",
                 "\xEF\xBB\xBF[profile]\r\ntitle = Caf\xC3\xA9\r\nsource = S\r\nversion = 1\r\n"
                 "review_date = 2030-01-31\r\n; a remark, and a long one: "
                 "........................................................................"
                 "........................................................................"
                 "........................................................................\r\n"
                 "[names]\r\n\r\nstaff = hold");
    struct policy *p = folder_load(f, "a", NULL);
    assert_text(p->title, "Caf\xC3\xA9");
    assert_int_equal(p->staff, STAFF_HOLD);
    policy_free(p);
}

static void a_profiles_name_is_no_path(void **state)
{
    struct policy_folder *f = *state;
    static const char *const NAMES[] = {
        "",
        "../far/a",
        "/etc/passwd",
        ".",
        "a/b",
        "a.",
        "a b",
        "a\n",
        "caf\xC3\xA9",
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg"};
    folder_write(f->far, "a.ini", HEADING);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        folder_refuses(f, NAMES[i], NULL, STATUS_FORMAT, "letters, digits and '-'");
    }
}

static void a_missing_profile_is_told(void **state)
{
    struct policy_folder *f = *state;
    folder_refuses(f, "nowhere", NULL, STATUS_IO, "no policy profile \"nowhere\"");
    folder_write(f->far, "a.ini", HEADING "inherits = nowhere\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT,
                   "a.ini:6: inherits = nowhere: there is no such profile");
    folder_write(f->far, "a.ini", HEADING "inherits = ../far/a\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:6: inherits: expected a profile's name");
    folder_write(f->far, "a.ini", HEADING "inherits =\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:6: inherits: expected a profile's name");
}

static void inheritance_in_a_circle_is_refused(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far, "a.ini", HEADING "inherits = a\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "a.ini:6: inherits = a: a profile cannot");
    folder_write(f->far, "a.ini", HEADING "inherits = b\n");
    folder_write(f->far, "b.ini", HEADING "inherits = c\n");
    folder_write(f->far, "c.ini", HEADING "inherits = b\n");
    folder_refuses(f, "a", NULL, STATUS_FORMAT, "c.ini:6: inherits = b: a profile cannot");
}

static void inheritance_has_its_depth(void **state)
{
    struct policy_folder *f = *state;
    char name[16], body[256];
    for (unsigned i = 0; i <= MAX_POLICY_ANCESTORS + 1; i++) {
        (void)snprintf(name, sizeof name, "p%u.ini", i);
        (void)snprintf(body, sizeof body, HEADING "inherits = p%u\n[names]\nstaff = %s\n", i + 1,
                       i == MAX_POLICY_ANCESTORS ? "hold" : "allow");
        if (i == MAX_POLICY_ANCESTORS) {
            (void)snprintf(body, sizeof body,
                           HEADING "[people]\nleavers = grace\nleaver_grace_days = 7\n");
        }
        folder_write(f->far, name, body);
    }
    struct policy *p = folder_load(f, "p0", NULL); /* eight ancestors */
    assert_int_equal(p->leaver_grace_days, 7);
    policy_free(p);
    (void)snprintf(body, sizeof body, HEADING "inherits = p%u\n", MAX_POLICY_ANCESTORS + 1);
    (void)snprintf(name, sizeof name, "p%u.ini", MAX_POLICY_ANCESTORS);
    folder_write(f->far, name, body);
    folder_refuses(f, "p0", NULL, STATUS_LIMIT, "p8.ini:6: inherits = p9: more than 8 ancestors");
}

static void only_regular_files_are_read_and_no_links_followed(void **state)
{
    struct policy_folder *f = *state;
    char path[160], target[160];
    folder_write(f->far, "real.ini", HEADING);
    (void)snprintf(target, sizeof target, "%s/real.ini", f->far);
    (void)snprintf(path, sizeof path, "%s/a.ini", f->near);
    assert_int_equal(symlink(target, path), 0);
    folder_refuses(f, "a", NULL, STATUS_IO, "a.ini: is a link");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    folder_refuses(f, "a", NULL, STATUS_IO, "a.ini: is not a regular file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    folder_refuses(f, "a", NULL, STATUS_IO, "a.ini: is not a regular file");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_word_is_named_with_its_line),
        TEST(a_bad_value_is_named_with_what_was_expected),
        TEST(a_channel_that_needs_no_consent_is_refused),
        TEST(a_profile_says_who_it_is),
        TEST(a_key_twice_is_refused_even_in_a_section_that_comes_twice),
        TEST(what_inih_would_forgive_is_refused),
        TEST(the_first_error_is_told),
        TEST(hostile_bytes_are_refused),
        TEST(a_mebibyte_in_one_line_or_file_is_refused),
        TEST(windows_line_ends_a_mark_and_no_last_line_end_are_understood),
        TEST(a_profiles_name_is_no_path),
        TEST(a_missing_profile_is_told),
        TEST(inheritance_in_a_circle_is_refused),
        TEST(inheritance_has_its_depth),
        TEST(only_regular_files_are_read_and_no_links_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
