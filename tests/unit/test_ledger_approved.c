/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The approved folder against the ledger, as scripts/ledger_verify.py sees it. */
#include "test_ledger_python.h"

static void put_file(const char *folder, const char *name, const char *content)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    assert_int_equal(close(fd), 0);
}

static void remove_file(const char *folder, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

static void approved_must(struct school *s, const char *approved, int wanted, const char *says)
{
    char out[256];
    int code = python_says(s, approved, out);
    if (code != wanted || !strstr(out, says)) {
        fail_msg("exit %d: %s", code, out);
    }
}

static void the_second_verifier_compares_the_approved_folder(void **state)
{
    struct school *s = *state;
    char approved[128], batch[160], unused[256];
    struct digest d;
    char hex[DIGEST_HEX_BYTES];
    if (python_says(s, NULL, unused) < 0) {
        print_message("SKIPPED: no python3, the second verifier was not asked\n");
        skip();
    }
    OK(digest_of((struct bytes){(const uint8_t *)"picture", 7}, &d, &s->err), s);
    json_t *body = intent_body("trip", 1);
    assert_int_equal(json_object_set_new(body, "release", json_string(digest_hex(&d, hex))), 0);
    OK(ledger_begin(s->l, &s->err), s);
    append(s, ENTRY_INTENT, body);
    append(s, ENTRY_PUBLISHED, ending_body(1));
    OK(ledger_commit(s->l, &s->err), s);

    (void)snprintf(approved, sizeof approved, "%s/approved", s->home);
    (void)snprintf(batch, sizeof batch, "%s/trip", approved);
    assert_int_equal(mkdir(approved, 0700), 0);
    assert_int_equal(mkdir(batch, 0700), 0);
    approved_must(s, approved, 4, "approved: trip/photo-0001.jpg: published, but not there");
    put_file(batch, "photo-0001.jpg", "picture");
    put_file(batch, "captions.csv", "");
    put_file(batch, "SHA256SUMS", "");
    approved_must(s, approved, 0, "approved: 1 files, each as published, and no other");
    put_file(batch, "photo-0002.jpg", "picture");
    approved_must(s, approved, 4, "approved: trip/photo-0002.jpg: in no entry of the ledger");
    remove_file(batch, "photo-0002.jpg");
    put_file(batch, "photo-0001.jpg", "another");
    approved_must(s, approved, 4, "approved: trip/photo-0001.jpg: not the file that was published");
    remove_file(batch, "photo-0001.jpg");
    put_file(approved, "captions.csv", "");
    approved_must(s, approved, 4, "approved: captions.csv: in no entry of the ledger");
    remove_file(approved, "captions.csv");
    remove_file(batch, "captions.csv");
    remove_file(batch, "SHA256SUMS");
    assert_int_equal(rmdir(batch), 0);
    assert_int_equal(rmdir(approved), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_second_verifier_compares_the_approved_folder,
                                        school_opens, school_closes),
    };
    return cmocka_run_group_tests_name("ledger_approved", tests, NULL, NULL);
}
