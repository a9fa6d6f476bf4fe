/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy_folder.h"

static void refused(struct policy_folder *f, const char *conf, enum status status,
                    const char *words)
{
    struct school *s = NULL;
    folder_write(f->root, "photogate.conf", conf);
    err_clear(&f->err);
    enum status st = school_load(f->conf, &s, &f->err);
    if (st != status || !strstr(f->err.text, words)) {
        print_error("got %s: %s\nwanted: %s\n", status_symbol(st), f->err.text, words);
    }
    assert_int_equal(st, status);
    assert_non_null(strstr(f->err.text, words));
    assert_null(s);
}

static void every_setting_is_read(void **state)
{
    struct policy_folder *f = *state;
    struct school *s = NULL;
    folder_write(f->root, "photogate.conf",
                 "# ours\n[school]\nname = Oakmere Primary\ndpo_contact = Mrs Ash,\n"
                 "  dpo@oakmere.example\n[policy]\nprofile = gaskell\n[run]\nchannel = website\n"
                 "jobs = 4\n[faces]\nmodel = /var/lib/x y/yunet.onnx\n"
                 "[contacts]\nphones = 01632 960441\n[channel.website]\nowners = Mrs Ash\n");
    assert_int_equal(school_load(f->conf, &s, &f->err), STATUS_OK);
    assert_text(s->name, "Oakmere Primary");
    assert_text(s->dpo_contact, "Mrs Ash, dpo@oakmere.example");
    assert_text(s->policy, "gaskell");
    assert_text(s->default_channel, "website");
    assert_text(s->face_model, "/var/lib/x y/yunet.onnx");
    assert_int_equal(s->jobs, 4);
    school_free(s);
}

static void what_may_be_left_out_is_empty(void **state)
{
    struct policy_folder *f = *state;
    struct school *s = NULL;
    folder_write(f->root, "photogate.conf",
                 "[school]\nname = O\n[policy]\nprofile = safe-default\n[faces]\nmodel =\n");
    assert_int_equal(school_load(f->conf, &s, &f->err), STATUS_OK);
    assert_int_equal(s->jobs, 0);
    assert_int_equal(s->face_model.n, 0);
    assert_int_equal(s->default_channel.n, 0);
    assert_int_equal(s->dpo_contact.n, 0);
    school_free(s);
}

static void a_slip_is_told_with_its_line(void **state)
{
    struct policy_folder *f = *state;
    refused(
        f, "[school]\nnaem = O\n", STATUS_FORMAT,
        "photogate.conf:2: unknown key \"naem\" in [school], expected one of: name, dpo_contact");
    refused(f, "[shcool]\nname = O\n", STATUS_FORMAT, "photogate.conf:2: unknown section [shcool]");
    refused(f, "[run]\njobs = many\n", STATUS_FORMAT,
            "jobs = many: expected a whole number from 0 to 64");
    refused(f, "[run]\njobs = 65\n", STATUS_FORMAT, "jobs = 65: expected");
    /* the policy's part is checked too */
    refused(f, "[people]\nuntagged = allow\n", STATUS_FORMAT, "expected one of: hold, reject");
    refused(f, HEADING, STATUS_FORMAT, "photogate.conf:2: [profile] belongs in a profile");
    refused(f, "[school]\nname = O\nname = P\n", STATUS_FORMAT, "\"name\" stands twice");
}

static void a_school_has_a_name_and_a_profile(void **state)
{
    struct policy_folder *f = *state;
    refused(f, "", STATUS_FORMAT, "[school] has no \"name\"");
    refused(f, "[policy]\nprofile = a\n", STATUS_FORMAT, "[school] has no \"name\"");
    refused(f, "[school]\nname = O\n", STATUS_FORMAT, "[policy] has no \"profile\"");
    refused(f, "[school]\nname = O\n[policy]\nprofile = ../../x\n", STATUS_FORMAT,
            "[policy] has no \"profile\"");
}

static void a_missing_file_is_told(void **state)
{
    struct policy_folder *f = *state;
    struct school *s = NULL;
    assert_int_equal(school_load(f->conf, &s, &f->err), STATUS_IO);
    assert_non_null(strstr(f->err.text, "photogate.conf: No such file"));
    assert_null(s);
    policy_free(NULL);
    school_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_setting_is_read),        TEST(what_may_be_left_out_is_empty),
        TEST(a_slip_is_told_with_its_line), TEST(a_school_has_a_name_and_a_profile),
        TEST(a_missing_file_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
