/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy_folder.h"

#include "photogate/limits.h"

static struct policy *load(struct policy_folder *f)
{
    folder_write(f->far, "a.ini", HEADING);
    return folder_load(f, "a", NULL);
}

static void refused(struct policy_folder *f, enum status status, const char *words)
{
    folder_write(f->far, "a.ini", HEADING);
    folder_refuses(f, "a", NULL, status, words);
}

static void assert_words(struct word_list list, const char *const *want, size_t n)
{
    assert_int_equal(list.n_words, n);
    for (size_t i = 0; i < n; i++) {
        assert_text(list.words[i], want[i]);
    }
}

static void remarks_blank_lines_and_blanks_are_left_out(void **state)
{
    struct policy_folder *f = *state;
    folder_write(
        f->far_words, "weak.txt",
        "\xEF\xBB\xBF# Ordinary words\r\n\r\n  May \r\nmay # not a remark\n#x\nZo\xC3\xAB");
    struct policy *p = load(f);
    assert_words(policy_words(p, "weak"),
                 (const char *const[]){"May", "may # not a remark", "Zo\xC3\xAB"}, 3);
    policy_free(p);
}

static void a_school_extends_a_list_and_takes_words_out(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far_words, "weak.txt", "May\nJune\nMay\nWill\n");
    folder_write(f->near_words, "weak.txt", "Art\n!May\n! June\nPip\n");
    folder_write(f->near_words, "own.txt", "Oak\n");
    struct policy *p = load(f);
    assert_words(policy_words(p, "weak"), (const char *const[]){"Will", "Art", "Pip"}, 3);
    assert_words(policy_words(p, "own"), (const char *const[]){"Oak"}, 1);
    policy_free(p);
}

static void lists_stand_in_the_order_of_their_names(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far_words, "b.txt", "x\n");
    folder_write(f->near_words, "c.txt", "x\n");
    folder_write(f->far_words, "a.txt", "x\n");
    folder_write(f->far_words, "README", "no list\n");
    folder_write(f->far_words, ".b.txt", "an editor's own\n");
    struct policy *p = load(f);
    assert_int_equal(p->n_lists, 3);
    assert_text(p->lists[0].name, "a");
    assert_text(p->lists[1].name, "b");
    assert_text(p->lists[2].name, "c");
    assert_int_equal(policy_words(p, "d").n_words, 0);
    policy_free(p);
}

static void taking_out_what_is_not_there_is_refused(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far_words, "weak.txt", "May\n");
    folder_write(f->near_words, "weak.txt", "# ours\n!may\n");
    refused(f, STATUS_FORMAT, "near-words/weak.txt:2: '!' takes out a word");
    folder_write(f->near_words, "weak.txt", "May2\n!May2\n");
    refused(f, STATUS_FORMAT, "near-words/weak.txt:2: '!' takes out a word");
    folder_write(f->near_words, "weak.txt", "!\n");
    refused(f, STATUS_FORMAT, "near-words/weak.txt:1: '!' takes out a word");
    folder_write(f->near_words, "new.txt", "!May\n");
    folder_write(f->near_words, "weak.txt", "");
    refused(f, STATUS_FORMAT, "near-words/new.txt:1: '!' takes out a word");
}

static void hostile_lists_are_refused_with_their_line(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far_words, "weak.txt", "May\nJ\xFCne\n");
    refused(f, STATUS_FORMAT, "far-words/weak.txt:2: not UTF-8");
    folder_write_bytes(f->far_words, "weak.txt", "May\n\nx\0y\n", 9);
    refused(f, STATUS_FORMAT, "far-words/weak.txt:3: not UTF-8, or with a control");
    folder_write(f->far_words, "weak.txt", "Ma\xE2\x80\x8By");
    refused(f, STATUS_FORMAT, "far-words/weak.txt:1: not UTF-8, or with a control");
    struct buffer b;
    buffer_init(&b, (size_t)8 * 1024 * 1024);
    memset(buffer_extend(&b, MAX_WORDLIST_BYTES + 1), 'x', MAX_WORDLIST_BYTES + 1);
    folder_write_bytes(f->far_words, "weak.txt", b.at, b.n);
    refused(f, STATUS_LIMIT, "far-words/weak.txt: larger than");
    folder_write_bytes(f->far_words, "weak.txt", b.at, 1024 * 1024);
    refused(f, STATUS_LIMIT, "far-words/weak.txt:1: longer than 512 bytes");
    buffer_release(&b);
}

/* A folder of lists that nobody reads would be a hole nobody sees. */
static void a_list_that_would_be_passed_over_is_refused(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->near_words, "weak names.txt", "May\n");
    refused(f, STATUS_FORMAT, "\"weak names.txt\" is no name for a word list");
    char path[160];
    (void)snprintf(path, sizeof path, "%s/weak names.txt", f->near_words);
    assert_int_equal(unlink(path), 0);
    folder_write(f->near_words, "weak.TXT", "May\n");
    refused(f, STATUS_FORMAT, "\"weak.TXT\" is no name for a word list");
    (void)snprintf(path, sizeof path, "%s/weak.TXT", f->near_words);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof path, "%s/weak.txt", f->near_words);
    assert_int_equal(symlink("/dev/null", path), 0);
    refused(f, STATUS_IO, "weak.txt: is a link");
}

static void a_school_without_lists_of_its_own_has_the_installed_ones(void **state)
{
    struct policy_folder *f = *state;
    folder_write(f->far_words, "weak.txt", "May\n");
    assert_int_equal(rmdir(f->near_words), 0);
    struct policy *p = load(f);
    assert_int_equal(policy_words(p, "weak").n_words, 1);
    policy_free(p);
    f->word_dirs[1] = f->near_words; /* neither is there: the installation is broken */
    refused(f, STATUS_IO, "no such folder of word lists");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(remarks_blank_lines_and_blanks_are_left_out),
        TEST(a_school_extends_a_list_and_takes_words_out),
        TEST(lists_stand_in_the_order_of_their_names),
        TEST(taking_out_what_is_not_there_is_refused),
        TEST(hostile_lists_are_refused_with_their_line),
        TEST(a_list_that_would_be_passed_over_is_refused),
        TEST(a_school_without_lists_of_its_own_has_the_installed_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
