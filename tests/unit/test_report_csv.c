/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spreadsheets and run.json, read back by libraries that know nothing of how they were written.
 */
#include <stdio.h>

#include <csv.h>
#include <jansson.h>

#include "report_model.h"

/* libcsv's view of a file. */
enum { MAX_ROWS = 64, MAX_COLUMNS = 24, MAX_CELL = 512 };

struct read_csv {
    char cells[MAX_ROWS][MAX_COLUMNS][MAX_CELL];
    size_t columns[MAX_ROWS];
    size_t row, column;
};

static void on_cell(void *at, size_t n, void *sheet)
{
    struct read_csv *s = sheet;
    assert_true(s->row < MAX_ROWS && s->column < MAX_COLUMNS && n < MAX_CELL);
    memcpy(s->cells[s->row][s->column], at ? at : "", n);
    s->cells[s->row][s->column++][n] = '\0';
}

static void on_row(int end, void *sheet)
{
    struct read_csv *s = sheet;
    (void)end;
    s->columns[s->row++] = s->column;
    s->column = 0;
}

static void read_sheet(const char *file, struct read_csv *s)
{
    struct csv_parser parser;
    memset(s, 0, sizeof *s);
    assert_memory_equal(file, "\xEF\xBB\xBF", 3);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    assert_int_equal(csv_parse(&parser, file + 3, strlen(file + 3), on_cell, on_row, s),
                     strlen(file + 3));
    assert_int_equal(csv_fini(&parser, on_cell, on_row, s), 0);
    csv_free(&parser);
}

static const char *cell_of(struct text t, struct buffer *b)
{
    buffer_init(b, 4096);
    csv_cell(b, t);
    buffer_add_byte(b, 0);
    assert_int_equal(b->failed, STATUS_OK);
    return (const char *)b->at;
}

static void a_cell_is_quoted_only_when_it_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *written;
    } CASES[] = {
        {"", ""},
        {"photo-0001.jpg", "photo-0001.jpg"},
        {"Goal, the last", "\"Goal, the last\""},
        {"a;b", "\"a;b\""},
        {"so \"safe\"", "\"so \"\"safe\"\"\""},
        {" blank ", "\" blank \""},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"two\nlines", "two\\x0Alines"},
        {"a\xe2\x80\xae"
         "b",
         "a\\u{202E}b"},
        {"bad \xff", "bad \\xFF"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer b;
        assert_string_equal(cell_of(text_of(CASES[i].cell), &b), CASES[i].written);
        buffer_release(&b);
    }
    struct buffer b;
    assert_string_equal(cell_of((struct text){"a\0b", 3}, &b), "a\\x00b");
    buffer_release(&b);
}

static void no_cell_starts_a_formula(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *written;
    } CASES[] = {
        {"=1+1", "'=1+1"},
        {"+44 20 7946 0000", "'+44 20 7946 0000"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\t=1", "'\\x09=1"},
        {"\r=1", "'\\x0D=1"},
        {"\n=1", "'\\x0A=1"},
        {"  =1", "\"'  =1\""},
        {"\"=1", "\"'\"\"=1\""},
        {"'=1", "''=1"},
        {"\xc2\xa0=1", "'\xc2\xa0=1"},
        {"\xe2\x80\x8b=1", "'\\u{200B}=1"},
        {"\xef\xbc\x9d"
         "1",
         "'\xef\xbc\x9d"
         "1"},
        {"\xef\xbc\x8b"
         "1",
         "'\xef\xbc\x8b"
         "1"},
        {"\xef\xbc\x8d"
         "1",
         "'\xef\xbc\x8d"
         "1"},
        {"\xef\xbc\xa0"
         "x",
         "'\xef\xbc\xa0"
         "x"},
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {"1=1", "1=1"},
        {"a@b", "a@b"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct buffer b;
        assert_string_equal(cell_of(text_of(CASES[i].cell), &b), CASES[i].written);
        buffer_release(&b);
    }
}

static void rejections_read_back_row_by_row(void **state)
{
    (void)state;
    static struct report_model m;
    static struct read_csv s;
    struct buffer b;
    model_make(&m);
    const char *file = model_write(report_rejections_csv, &m.report, &b);
    read_sheet(file, &s);
    assert_int_equal(s.row, 1 + 6);
    for (size_t i = 0; i < s.row; i++) {
        assert_int_equal(s.columns[i], 6);
    }
    assert_int_equal(count_of(file, "\n"), count_of(file, "\r\n"));
    assert_string_equal(s.cells[0][5], "what_to_do");
    assert_string_equal(s.cells[1][0], "18");
    assert_string_equal(s.cells[1][1], "held");
    assert_string_equal(s.cells[1][3], "T01 V02");
    assert_string_equal(s.cells[1][4],
                        "Nobody says who is in this photo. Nobody has counted the people.");
    assert_string_equal(s.cells[2][1], "rejected");
    assert_string_equal(s.cells[2][2], "[name].jpg");
    assert_string_equal(s.cells[2][3], "ask DPO");
    assert_string_equal(s.cells[2][4], SECRET_REFUSED);
    assert_string_equal(s.cells[3][3], "ask DPO K01");
    assert_string_equal(s.cells[3][4],
                        SECRET_REFUSED " " SECRET_UNSETTLED " The caption names a pupil: word 3.");
    buffer_release(&b);
}

static void captions_are_of_published_photos_alone_and_one_line_each(void **state)
{
    (void)state;
    static struct report_model m;
    static struct read_csv s;
    struct buffer b;
    model_make(&m);
    m.items[EMPTY_HALL].published_caption = TEXT("=cmd|' /C calc'!A0");
    m.items[EMPTY_HALL].published_credit = TEXT("one\r\n\xe2\x80\xa8two\n");
    const char *file = model_write(report_captions_csv, &m.report, &b);
    read_sheet(file, &s);
    assert_int_equal(s.row, 3);
    assert_string_equal(s.cells[0][0], "file");
    assert_string_equal(s.cells[1][1], "Relay, the last lap");
    assert_string_equal(s.cells[1][2], "Photo: the school");
    assert_string_equal(s.cells[2][1], "'=cmd|' /C calc'!A0");
    assert_string_equal(s.cells[2][2], "one two");
    assert_has(file, "\r\nphoto-0001.jpg,"); /* the file's name is never quoted */
    assert_has(file, "\r\nphoto-0002.png,");
    buffer_release(&b);
}

static void evidence_has_a_row_for_each_hit_and_each_consent(void **state)
{
    (void)state;
    static struct report_model m;
    static struct read_csv s;
    struct buffer b;
    model_make(&m);
    read_sheet(model_write(report_evidence_csv, &m.report, &b), &s);
    /* two approved, hits 2 + 3 + 3 + 1 + 1, one without a hit */
    assert_int_equal(s.row, 1 + 2 + 10 + 1);
    for (size_t i = 0; i < s.row; i++) {
        assert_int_equal(s.columns[i], 20);
    }
    static const char *const PRIYAS[] = {"sports/IMG_0001.jpg",
                                         "1",
                                         NULL,
                                         "approved",
                                         "photo-0001.jpg",
                                         "",
                                         "",
                                         "",
                                         "Priya Raman",
                                         "4B",
                                         "website",
                                         "41",
                                         "granted",
                                         "2026-09-03",
                                         "Mother",
                                         "paper",
                                         "2026-1",
                                         "pupils.csv",
                                         "12"};
    for (size_t i = 0; i < sizeof PRIYAS / sizeof PRIYAS[0]; i++) {
        if (PRIYAS[i]) {
            assert_string_equal(s.cells[1][i], PRIYAS[i]);
        }
    }
    assert_string_equal(s.cells[2][0], "hall.png");
    assert_string_equal(s.cells[2][19], "approved: nobody on the register is tagged");
    assert_string_equal(s.cells[5][6], "C02");
    assert_string_equal(s.cells[5][8], "Oskar Brandt");
    assert_string_equal(s.cells[5][12], "refused");
    assert_string_equal(s.cells[7][6], "P01");
    assert_string_equal(s.cells[7][11], "");
    buffer_release(&b);
}

static void hostile_cells_read_back_as_one_cell(void **state)
{
    (void)state;
    static struct report_model m;
    static struct read_csv s;
    static report_writer *const SHEETS[] = {report_rejections_csv, report_evidence_csv,
                                            report_captions_csv};
    static const size_t COLUMNS[] = {6, 20, 3};
    model_make(&m);
    struct text evil = TEXT("=\"<script>\",\r\n;\x1b[2J\xe2\x80\xae\xff+1");
    m.people[PRIYA].legal_forename = m.people[OSKAR].reg_group = evil;
    m.consents[PRIYA].given_by = m.consents[PRIYA].source_file = evil;
    for (size_t i = 0; i < N_MODEL_PHOTOS; i++) {
        m.evidence[i].name = m.items[i].shown_name = evil;
        m.items[i].published_caption = m.items[i].published_credit = evil;
        for (size_t k = 0; k < m.rulings[i].n_hits; k++) {
            m.hits[i][k].office = m.hits[i][k].dpo = evil;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        struct buffer b;
        const char *file = model_write(SHEETS[i], &m.report, &b);
        read_sheet(file, &s);
        assert_true(s.row > 1);
        assert_int_equal(count_of(file, "\n"), s.row);
        for (size_t row = 0; row < s.row; row++) {
            assert_int_equal(s.columns[row], COLUMNS[i]);
            for (size_t column = 0; column < s.columns[row]; column++) {
                const char *cell = s.cells[row][column];
                assert_null(cell[0] ? strchr("=+-@\t\r", cell[0]) : NULL);
                assert_true(text_is_printable(text_of(cell)));
            }
        }
        buffer_release(&b);
    }
}

static const char *string_at(json_t *o, const char *outer, const char *key)
{
    const char *s = json_string_value(json_object_get(outer ? json_object_get(o, outer) : o, key));
    assert_non_null(s);
    return s;
}

static void run_json_says_what_was_in_force(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    json_error_t error;
    model_make(&m);
    m.report.confinement = TEXT("bad \xff");
    const char *text = model_write(report_run_json, &m.report, &b);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(root);
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_string_equal(string_at(root, NULL, "date"), "2026-11-20");
    assert_string_equal(string_at(root, NULL, "channel"), "website");
    assert_string_equal(string_at(root, NULL, "confinement"), "bad \\xFF");
    assert_string_equal(string_at(root, "faces", "assurance"), "low");
    assert_int_equal(strlen(string_at(root, "policy", "digest")), 64);
    json_t *n = json_object_get(root, "counts");
    assert_int_equal(json_integer_value(json_object_get(n, "photos")), 8);
    assert_int_equal(json_integer_value(json_object_get(n, "approved")), 2);
    assert_int_equal(json_integer_value(json_object_get(n, "held")), 2);
    assert_int_equal(json_integer_value(json_object_get(n, "rejected")), 4);
    json_t *photos = json_object_get(root, "photos");
    assert_int_equal(json_array_size(photos), 8);
    json_t *approved = json_array_get(photos, SPORTS_DAY);
    assert_string_equal(string_at(approved, NULL, "published_as"), "photo-0001.jpg");
    assert_int_equal(strlen(string_at(approved, NULL, "release_sha256")), 64);
    assert_true(json_is_null(json_object_get(approved, "case")));
    json_t *mixed = json_object_get(json_array_get(photos, MIXED), "rules");
    assert_int_equal(json_array_size(mixed), 2);
    assert_string_equal(json_string_value(json_array_get(mixed, 0)), "PROTECTED");
    assert_string_equal(json_string_value(json_array_get(mixed, 1)), "K01");
    json_t *back = json_array_get(photos, CAME_BACK);
    assert_true(json_is_null(json_object_get(back, "published_as")));
    json_decref(root);
    buffer_release(&b);
}

static void a_photo_that_was_never_read_has_no_digest(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    json_error_t error;
    model_make(&m);
    memset(&m.evidence[DAMAGED].digest, 0, sizeof m.evidence[DAMAGED].digest);
    json_t *root = json_loads(model_write(report_run_json, &m.report, &b), 0, &error);
    json_t *photo = json_array_get(json_object_get(root, "photos"), DAMAGED);
    assert_true(json_is_null(json_object_get(photo, "source_sha256")));
    json_decref(root);
    buffer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_quoted_only_when_it_must_be),
        cmocka_unit_test(no_cell_starts_a_formula),
        cmocka_unit_test(rejections_read_back_row_by_row),
        cmocka_unit_test(captions_are_of_published_photos_alone_and_one_line_each),
        cmocka_unit_test(evidence_has_a_row_for_each_hit_and_each_consent),
        cmocka_unit_test(hostile_cells_read_back_as_one_cell),
        cmocka_unit_test(run_json_says_what_was_in_force),
        cmocka_unit_test(a_photo_that_was_never_read_has_no_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
