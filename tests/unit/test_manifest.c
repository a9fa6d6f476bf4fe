/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "photogate/limits.h"
#include "photogate/manifest.h"

struct read {
    struct arena arena;
    struct manifest manifest;
    struct err err;
    enum status status;
};

static struct read *read_bytes(const void *at, size_t n)
{
    struct read *r = calloc(1, sizeof *r);
    assert_non_null(r);
    arena_init(&r->arena, (size_t)256 * 1024 * 1024);
    /* A copy of exactly that length, so that a sanitizer sees a byte too far. */
    uint8_t *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    if (n) {
        memcpy(copy, at, n);
    }
    r->status = manifest_parse((struct bytes){copy, n}, &r->arena, &r->manifest, &r->err);
    free(copy);
    return r;
}

static struct read *read_text(const char *csv)
{
    return read_bytes(csv, strlen(csv));
}

static void done(struct read *r)
{
    arena_release(&r->arena);
    free(r);
}

static const struct manifest_row *row(const struct read *r, const char *name)
{
    const struct manifest_row *found = manifest_row_for(&r->manifest, text_of(name));
    assert_non_null(found);
    return found;
}

static void assert_text(struct text got, const char *want)
{
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.n ? got.at : "", want, got.n);
}

/* The manifest is refused as a whole, with a message that says so. */
static void refused(const char *csv, enum status status, const char *words)
{
    struct read *r = read_text(csv);
    assert_int_equal(r->status, status);
    if (!strstr(r->err.text, words)) {
        print_error("%s\n", r->err.text);
        fail();
    }
    assert_null(r->manifest.rows);
    done(r);
}

/* One row "a.jpg" cannot be used, for a reason that says `words`; the manifest as a whole can. */
static void troubled(const char *csv, const char *words)
{
    struct read *r = read_text(csv);
    assert_int_equal(r->status, STATUS_OK);
    const struct manifest_row *found = row(r, "a.jpg");
    assert_true(found->trouble.n > 0);
    if (!strstr(found->trouble.at, words)) {
        print_error("%s\n", found->trouble.at);
        fail();
    }
    done(r);
}

static void every_column_is_read(void **state)
{
    (void)state;
    struct read *r = read_text(
        "Credit,PHOTOGRAPHER,No pupils identifiable,People_Count,taken on,Event,caption,People,"
        "File Name\n"
        "Oakmere School,Mrs Ash,no,12,2026-06-01,Sports Day,The relay,"
        " Ada Byron ;; B123; Tom Wren;,IMG_1.jpg\n");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(r->manifest.n_rows, 1);
    const struct manifest_row *m = row(r, "IMG_1.jpg");
    assert_text(m->filename, "IMG_1.jpg");
    assert_int_equal(m->said.present, KNOWN_YES);
    assert_int_equal(m->said.row, 2);
    assert_text(m->said.caption, "The relay");
    assert_text(m->said.event, "Sports Day");
    assert_text(m->said.taken_on, "2026-06-01");
    assert_text(m->said.photographer, "Mrs Ash");
    assert_text(m->said.credit, "Oakmere School");
    assert_int_equal(m->said.count_given, KNOWN_YES);
    assert_int_equal(m->said.people_count, 12);
    assert_int_equal(m->said.no_pupils_identifiable, KNOWN_NO);
    assert_int_equal(m->n_people, 3);
    assert_text(m->people[0], "Ada Byron");
    assert_text(m->people[1], "B123");
    assert_text(m->people[2], "Tom Wren");
    assert_int_equal(m->trouble.n, 0);
    done(r);
}

static void a_blank_count_and_a_blank_answer_say_nothing(void **state)
{
    (void)state;
    struct read *r = read_text("filename,people_count,no_pupils_identifiable\na.jpg,,\n");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(row(r, "a.jpg")->said.count_given, KNOWN_UNKNOWN);
    assert_int_equal(row(r, "a.jpg")->said.no_pupils_identifiable, KNOWN_UNKNOWN);
    assert_int_equal(row(r, "a.jpg")->trouble.n, 0);
    done(r);
}

static void a_count_of_none_is_a_count(void **state)
{
    (void)state;
    struct read *r = read_text("filename,people_count,no_pupils_identifiable\na.jpg,0,TRUE\n");
    assert_int_equal(row(r, "a.jpg")->said.count_given, KNOWN_YES);
    assert_int_equal(row(r, "a.jpg")->said.people_count, 0);
    assert_int_equal(row(r, "a.jpg")->said.no_pupils_identifiable, KNOWN_YES);
    done(r);
}

static void a_byte_order_mark_semicolons_and_tabs_are_understood(void **state)
{
    (void)state;
    struct read *r = read_text("\xEF\xBB\xBF"
                               "filename;people;caption\r\na.jpg;\"Ada; Tom\";One, two\r\n");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(row(r, "a.jpg")->n_people, 2);
    assert_text(row(r, "a.jpg")->said.caption, "One, two");
    done(r);
    r = read_text("filename\tpeople\tcaption\na.jpg\tAda; Tom\tOne, two");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(row(r, "a.jpg")->n_people, 2);
    assert_text(row(r, "a.jpg")->said.caption, "One, two");
    done(r);
}

static void rows_are_counted_in_lines_of_the_file(void **state)
{
    (void)state;
    struct read *r = read_text("\n"                                    /* 1 */
                               "filename,caption\r\n"                  /* 2 */
                               "a.jpg,\"first\nsecond\n\nfourth\"\r\n" /* 3 to 6 */
                               ",\n"                                   /* 7 */
                               "\r\n"                                  /* 8 */
                               "b.jpg,x\n"                             /* 9 */
                               "\"c.jpg\",\"\n\"");                    /* 10 */
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(r->manifest.n_rows, 3);
    assert_int_equal(row(r, "a.jpg")->said.row, 3);
    assert_int_equal(row(r, "b.jpg")->said.row, 9);
    assert_int_equal(row(r, "c.jpg")->said.row, 10);
    assert_text(row(r, "a.jpg")->said.caption, "first\nsecond\n\nfourth");
    done(r);
    r = read_text("filename\ra.jpg\r\rb.jpg\r"); /* line ends of old Macs */
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(row(r, "b.jpg")->said.row, 4);
    done(r);
}

static void a_file_name_is_found_in_either_unicode_form(void **state)
{
    (void)state;
    struct read *r = read_text("filename\nZo\xC3\xAB.jpg\ncafe\xCC\x81.jpg\n");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(row(r, "Zoe\xCC\x88.jpg")->said.row, 2);
    assert_int_equal(row(r, "Zo\xC3\xAB.jpg")->said.row, 2);
    assert_int_equal(row(r, "caf\xC3\xA9.jpg")->said.row, 3);
    /* accents and case still count */
    assert_null(manifest_row_for(&r->manifest, TEXT("Zoe.jpg")));
    assert_null(manifest_row_for(&r->manifest, TEXT("zo\xC3\xAB.jpg")));
    done(r);
}

static void a_photo_without_a_row_has_none(void **state)
{
    (void)state;
    struct manifest none = {0};
    char long_name[2000];
    memset(long_name, 'x', sizeof long_name);
    assert_null(manifest_row_for(&none, TEXT("a.jpg")));
    struct read *r = read_text("filename\nb.jpg\nd.jpg\n");
    assert_null(manifest_row_for(&r->manifest, TEXT("a.jpg")));
    assert_null(manifest_row_for(&r->manifest, TEXT("c.jpg")));
    assert_null(manifest_row_for(&r->manifest, TEXT("e.jpg")));
    assert_null(manifest_row_for(&r->manifest, TEXT_NONE));
    assert_null(manifest_row_for(&r->manifest, TEXT("\xFF.jpg")));
    assert_null(manifest_row_for(&r->manifest, (struct text){long_name, sizeof long_name}));
    done(r);
}

static void a_row_that_cannot_be_used_is_trouble_for_its_photo_alone(void **state)
{
    (void)state;
    static const char *const BAD_COUNTS[] = {"?",   "-1",  "10001",
                                             "3.5", "ten", "99999999999999999999"};
    char csv[128];
    for (size_t i = 0; i < sizeof BAD_COUNTS / sizeof BAD_COUNTS[0]; i++) {
        (void)snprintf(csv, sizeof csv, "filename,people_count\na.jpg,%s\n", BAD_COUNTS[i]);
        troubled(csv, "people_count");
    }
    troubled("filename,no_pupils_identifiable\na.jpg,maybe\n", "neither yes nor no");
    troubled("filename,no_pupils_identifiable\na.jpg,?\n", "neither yes nor no");
    troubled("filename,people\na.jpg,Ada Byron; ?\n", "'?'");
    troubled("filename,people,caption\na.jpg,Ada\n", "fewer fields");
    struct read *r = read_text("filename,people_count\na.jpg,?\nb.jpg,2\n");
    assert_int_equal(row(r, "a.jpg")->said.present, KNOWN_YES);
    assert_int_equal(row(r, "a.jpg")->said.count_given, KNOWN_UNKNOWN);
    assert_int_equal(row(r, "a.jpg")->said.row, 2);
    assert_int_equal(row(r, "b.jpg")->trouble.n, 0);
    done(r);
}

static void a_file_named_twice_is_trouble_in_both_rows(void **state)
{
    (void)state;
    struct read *r =
        read_text("filename,people\nZo\xC3\xAB.jpg,Ada\nb.jpg,\nZoe\xCC\x88.jpg,Tom\n");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(r->manifest.n_rows, 3);
    size_t troubles = 0;
    for (size_t i = 0; i < r->manifest.n_rows; i++) {
        troubles += r->manifest.rows[i].trouble.n > 0;
    }
    assert_int_equal(troubles, 2);
    assert_true(row(r, "Zo\xC3\xAB.jpg")->trouble.n > 0);
    assert_int_equal(row(r, "b.jpg")->trouble.n, 0);
    done(r);
}

static void what_is_not_understood_as_a_whole_is_refused(void **state)
{
    (void)state;
    refused("", STATUS_FORMAT, "no row of headings");
    refused("\n \n\r\n", STATUS_FORMAT, "no row of headings");
    refused("people,caption\nAda,x\n", STATUS_FORMAT, "row 1: no column 'filename'");
    refused("filename,people,colour\na.jpg,Ada,red\n", STATUS_FORMAT,
            "row 1: column 3 is none that photos.csv knows; known are filename, people,");
    refused("filename,File_Name\na.jpg,b.jpg\n", STATUS_FORMAT, "same heading");
    refused("filename,caption\na.jpg,One, two\n", STATUS_FORMAT, "row 2: more fields");
    refused("filename,caption,\na.jpg,One,two\n", STATUS_FORMAT, "row 2: more fields");
    refused("filename,people\na.jpg,Ada\n,Tom\n", STATUS_FORMAT, "row 3: no file name");
    refused("filename\ntrip/a.jpg\n", STATUS_FORMAT, "row 2: the file is in another folder");
    refused("filename\ntrip\\a.jpg\n", STATUS_FORMAT, "row 2: the file is in another folder");
    refused("filename,caption\na.jpg,\"One\nb.jpg,two\n", STATUS_FORMAT, "row 2: a quotation mark");
    refused("filename,caption\na.jpg,x\nb.jpg,\"One\" two\n", STATUS_FORMAT,
            "row 3: a quotation mark");
    refused("filename,caption\na.jpg,x\nb.jpg,caf\xE9\n", STATUS_FORMAT, "row 3: not UTF-8");
    refused("\xFF\xFE"
            "f",
            STATUS_FORMAT, "row 1: not UTF-8");
}

static void a_nul_is_refused(void **state)
{
    (void)state;
    static const char CSV[] = "filename\na.jpg\0b\n";
    struct read *r = read_bytes(CSV, sizeof CSV - 1);
    assert_int_equal(r->status, STATUS_FORMAT);
    done(r);
}

/* A list of pupils taken for a manifest: their names must not get into the diagnostic. */
static void a_message_repeats_no_cell_of_a_file_without_headings(void **state)
{
    (void)state;
    struct read *r = read_text("Ada Byron,4B\nTom Wren,4B\n");
    assert_int_equal(r->status, STATUS_FORMAT);
    assert_null(strstr(r->err.text, "Byron"));
    done(r);
}

static void no_message_repeats_a_heading(void **state)
{
    (void)state;
    static const char CSV[] = "filename,Kayode Okonedo\na.jpg,b\n";
    struct read *r = read_text(CSV);
    assert_int_equal(r->status, STATUS_FORMAT);
    assert_non_null(strstr(r->err.text, "row 1: column 2 is none"));
    assert_null(strstr(r->err.text, "Kayode"));
    done(r);
}

static void empty_columns_of_a_spreadsheet_do_no_harm(void **state)
{
    (void)state;
    struct read *r = read_text("filename,people,,,\na.jpg,Ada,,,\nb.jpg,Tom\n,,,,\n");
    assert_int_equal(r->status, STATUS_OK);
    assert_int_equal(r->manifest.n_rows, 2);
    assert_int_equal(row(r, "a.jpg")->trouble.n, 0);
    assert_int_equal(row(r, "b.jpg")->trouble.n, 0);
    done(r);
}

/* head, n times `unit`, tail */
static struct buffer repeated(const char *head, const char *unit, size_t n, const char *tail)
{
    struct buffer b;
    buffer_init(&b, (size_t)64 * 1024 * 1024);
    buffer_add_cstr(&b, head);
    for (size_t i = 0; i < n; i++) {
        buffer_add_cstr(&b, unit);
    }
    buffer_add_cstr(&b, tail);
    assert_int_equal(b.failed, STATUS_OK);
    return b;
}

static struct read *read_buffer(struct buffer *b)
{
    struct read *r = read_bytes(b->at, b->n);
    buffer_release(b);
    return r;
}

static void what_is_too_large_is_held_not_cut(void **state)
{
    (void)state;
    struct buffer b = repeated("filename,caption\na.jpg,\"", "x", 1024 * 1024, "\"\nb.jpg,y\n");
    struct read *r = read_buffer(&b);
    assert_int_equal(r->status, STATUS_OK);
    assert_true(row(r, "a.jpg")->trouble.n > 0);
    assert_int_equal(row(r, "a.jpg")->said.caption.n, 0);
    assert_text(row(r, "b.jpg")->said.caption, "y");
    done(r);

    b = repeated("filename,caption\na.jpg,", "x", MAX_TEXT_BYTES, "\n");
    r = read_buffer(&b);
    assert_int_equal(row(r, "a.jpg")->trouble.n, 0);
    assert_int_equal(row(r, "a.jpg")->said.caption.n, MAX_TEXT_BYTES);
    done(r);

    b = repeated("filename,people\na.jpg,", "A;", MAX_TAGS + 1, "\n");
    r = read_buffer(&b);
    assert_true(row(r, "a.jpg")->trouble.n > 0);
    assert_int_equal(row(r, "a.jpg")->n_people, 0);
    done(r);

    b = repeated("filename,people\na.jpg,", "A", MAX_TAG_BYTES + 1, "\n");
    r = read_buffer(&b);
    assert_true(row(r, "a.jpg")->trouble.n > 0);
    done(r);

    b = repeated("filename\n", "x", 256, "\n");
    r = read_buffer(&b);
    assert_int_equal(r->status, STATUS_FORMAT);
    done(r);
}

static void the_whole_has_its_limits(void **state)
{
    (void)state;
    struct buffer b = repeated("filename\n", "x", MAX_MANIFEST_BYTES, "\n");
    struct read *r = read_buffer(&b);
    assert_int_equal(r->status, STATUS_LIMIT);
    done(r);
    b = repeated("filename\n", "a\n", MAX_MANIFEST_ROWS + 1, "");
    r = read_buffer(&b);
    assert_int_equal(r->status, STATUS_LIMIT);
    done(r);
    b = repeated("filename", ",", MAX_MANIFEST_COLUMNS, "\n");
    r = read_buffer(&b);
    assert_int_equal(r->status, STATUS_LIMIT);
    done(r);
}

static void a_full_arena_is_the_manifests_fault(void **state)
{
    (void)state;
    struct buffer b = repeated("filename,caption\n", "a.jpg,0123456789\n", 1000, "");
    struct arena small;
    struct manifest out = {0};
    struct err err = {0};
    arena_init(&small, 8192);
    assert_int_equal(manifest_parse(buffer_view(&b), &small, &out, &err), STATUS_LIMIT);
    assert_null(out.rows);
    arena_release(&small);
    buffer_release(&b);
}

/* Every beginning of a valid manifest is read or refused, and what is read is whole. */
static void every_truncation_ends_well(void **state)
{
    (void)state;
    static const char CSV[] =
        "\xEF\xBB\xBF"
        "filename,people,caption\r\n\"a.jpg\",\"Ada;\nTom\",\"x \"\"y\"\"\"\r\n"
        "b\xC3\xA9.jpg,Tom,z";
    for (size_t n = 0; n < sizeof CSV; n++) {
        struct read *r = read_bytes(CSV, n);
        assert_true(r->status == STATUS_OK || r->status == STATUS_FORMAT);
        for (size_t i = 0; r->status == STATUS_OK && i < r->manifest.n_rows; i++) {
            assert_true(r->manifest.rows[i].filename.n > 0);
            assert_int_equal(r->manifest.rows[i].said.present, KNOWN_YES);
            assert_true(r->manifest.rows[i].said.row >= 2);
        }
        done(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_read),
        cmocka_unit_test(a_blank_count_and_a_blank_answer_say_nothing),
        cmocka_unit_test(a_count_of_none_is_a_count),
        cmocka_unit_test(a_byte_order_mark_semicolons_and_tabs_are_understood),
        cmocka_unit_test(rows_are_counted_in_lines_of_the_file),
        cmocka_unit_test(a_file_name_is_found_in_either_unicode_form),
        cmocka_unit_test(a_photo_without_a_row_has_none),
        cmocka_unit_test(a_row_that_cannot_be_used_is_trouble_for_its_photo_alone),
        cmocka_unit_test(a_file_named_twice_is_trouble_in_both_rows),
        cmocka_unit_test(what_is_not_understood_as_a_whole_is_refused),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(a_message_repeats_no_cell_of_a_file_without_headings),
        cmocka_unit_test(no_message_repeats_a_heading),
        cmocka_unit_test(empty_columns_of_a_spreadsheet_do_no_harm),
        cmocka_unit_test(what_is_too_large_is_held_not_cut),
        cmocka_unit_test(the_whole_has_its_limits),
        cmocka_unit_test(a_full_arena_is_the_manifests_fault),
        cmocka_unit_test(every_truncation_ends_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
