/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms in which schools' systems and spreadsheets write a list, and the ones that are refused.
 */
#include "import_office.h"

#define POPPY                                                                                      \
    "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Yes,No,Yes,Yes,No,01/09/2025,Paper form\n"
#define ZOE(name) "Q801200005002,A2," name ",Abara,02/10/2015,4B,,No,No,No,No,No,,\n"

static enum status plan_bytes(struct office *s, const void *at, size_t n)
{
    office_put(s, "pupils.csv", at, n);
    return office_read(s);
}

/* `utf8` with every character of Latin-1 as two bytes, low or high first. Returns bytes written. */
static size_t to_utf16(const char *utf8, bool big, bool mark, uint8_t *out)
{
    size_t n = 0;
    struct text t = text_of(utf8);
    if (mark) {
        out[n++] = big ? 0xFE : 0xFF;
        out[n++] = big ? 0xFF : 0xFE;
    }
    for (size_t i = 0; i < t.n;) {
        uint32_t c = text_next(t, &i);
        assert_true(c < 0x10000);
        out[n++] = (uint8_t)(big ? c >> 8 : c);
        out[n++] = (uint8_t)(big ? c : c >> 8);
    }
    return n;
}

static void assert_reads_zoe(struct office *s, enum status st)
{
    int64_t version;
    if (st != STATUS_OK || import_apply(s->reg, s->plan, &version, &s->err) != STATUS_OK) {
        fail_msg("%s", s->err.text);
    }
    office_look(s);
    assert_int_equal(s->now.n_people, 2);
    (void)office_person(s, "Abara", "Zoë");
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_GRANTED);
}

static void utf8_without_a_mark_is_read(void **state)
{
    struct office *s = *state;
    assert_reads_zoe(s, office_plan(s, HEAD POPPY ZOE("Zoë")));
}

static void utf8_with_a_mark_is_read(void **state)
{
    struct office *s = *state;
    assert_reads_zoe(s, office_plan(s, "\xEF\xBB\xBF" HEAD POPPY ZOE("Zoë")));
}

static void windows_1252_is_read(void **state)
{
    struct office *s = *state;
    assert_reads_zoe(s, office_plan(s, HEAD POPPY ZOE("Zo\xEB")));
}

static void utf16_of_either_order_with_or_without_a_mark_is_read(void **state)
{
    struct office *s = *state;
    static const char CSV[] = HEAD POPPY ZOE("Zoë");
    uint8_t *bytes = malloc(2 * sizeof CSV + 2);
    assert_non_null(bytes);
    for (int form = 0; form < 4; form++) {
        size_t n = to_utf16(CSV, form & 1, form & 2, bytes);
        assert_int_equal(plan_bytes(s, bytes, n), STATUS_OK);
        assert_int_equal(import_count(s->plan, CHANGE_NEW), 2);
        assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 0);
    }
    size_t n = to_utf16(CSV, false, true, bytes);
    assert_reads_zoe(s, plan_bytes(s, bytes, n));
    assert_int_equal(plan_bytes(s, bytes, n - 1), STATUS_FORMAT); /* half a character at the end */
    free(bytes);
}

static void two_encodings_in_one_file_are_refused(void **state)
{
    struct office *s = *state;
    assert_int_equal(office_plan(s, HEAD ZOE("Zoë") ZOE("Zo\xEB")), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "pupils.csv"));
    assert_int_equal(office_plan(s, "\xEF\xBB\xBF" HEAD ZOE("Zo\xEB")), STATUS_FORMAT);
}

static void a_nul_or_another_control_is_refused(void **state)
{
    struct office *s = *state;
    static const char NUL[] = HEAD "B801200005001,A1,Pop\0py,Field,,,,,,,,,,\n";
    assert_int_equal(plan_bytes(s, NUL, sizeof NUL - 1), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "line 2"));
    assert_int_equal(office_plan(s, HEAD "B801200005001,A1,Pop\033py,Field,,,,,,,,,,\n"),
                     STATUS_FORMAT);
    assert_int_equal(office_plan(s, HEAD "B801200005001,A1,Pop\x81py,Field,,,,,,,,,,\n"),
                     STATUS_FORMAT);
}

static void a_workbook_is_named_as_that(void **state)
{
    struct office *s = *state;
    assert_int_equal(plan_bytes(s, "PK\x03\x04rest", 8), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "Excel"));
}

static void semicolons_and_tabs_are_found(void **state)
{
    struct office *s = *state;
    static const char SEPARATORS[] = ";\t";
    for (size_t k = 0; k < 2; k++) {
        char csv[] = HEAD POPPY ZOE("Zoë");
        for (char *c = csv; *c; c++) {
            *c = *c == ',' ? SEPARATORS[k] : *c;
        }
        assert_int_equal(office_plan(s, csv), STATUS_OK);
        assert_int_equal(import_count(s->plan, CHANGE_NEW), 2);
    }
}

static void a_sep_line_is_obeyed_and_counted(void **state)
{
    struct office *s = *state;
    char csv[] = "sep=;\r\n" HEAD "Q801200005002;A2;;;;;;;;;;;;\n";
    for (char *c = csv; *c; c++) {
        *c = *c == ',' ? ';' : *c;
    }
    assert_int_equal(office_plan(s, csv), STATUS_OK);
    assert_says(office_change(s, CHANGE_ROW_REFUSED, 3), "no name");
}

static void titles_above_totals_below_and_blank_lines_are_no_people(void **state)
{
    struct office *s = *state;
    assert_int_equal(
        office_plan(s, "Oakfield Primary School,,,\n\nPupils on 1 March 2026\n\n" HEAD POPPY
                       "\n,,,,,,,,,,,,,\n" ZOE("Zoë") HEAD "Total: 2,,,,,,,,,,,,,\n"
                                                           "Printed on 01/03/2026 by office\n"),
        STATUS_OK);
    assert_int_equal(import_count(s->plan, CHANGE_NEW), 2);
    assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 0);
    size_t n;
    assert_int_equal(import_files(s->plan, &n)[0].n_rows, 2);
    assert_non_null(office_change(s, CHANGE_NEW, 6));
    assert_non_null(office_change(s, CHANGE_NEW, 9));
}

static void rows_are_numbered_by_line_although_cells_hold_line_ends(void **state)
{
    struct office *s = *state;
    assert_int_equal(
        office_plan(s, HEAD "B801200005001,A1,\"Poppy\r\nRose\",Field,01/09/2015,4B,,,,,,,,\r\n"
                            "\r\n" ZOE("Zo?")),
        STATUS_OK);
    assert_who(office_change(s, CHANGE_NEW, 2), "Field, Poppy Rose (4B)");
    assert_says(office_change(s, CHANGE_ROW_REFUSED, 5), "lost");
}

static void headings_are_compared_without_case_space_and_punctuation(void **state)
{
    struct office *s = *state;
    assert_int_equal(
        office_plan(s, "Unique Pupil Number;Adm. No;LEGAL FORENAME;Family-Name;DOB;Tutor Group;"
                       "Do not publish?;Web Pictures;SOCIAL MEDIA;press;Displays;"
                       "Name beside photo\n"
                       "B801200005001;A1;Poppy;Field;42248;4B;;Y;N;N;N;N\n"),
        STATUS_OK);
    assert_int_equal(import_count(s->plan, CHANGE_NEW), 1);
    int64_t version;
    assert_int_equal(import_apply(s->reg, s->plan, &version, &s->err), STATUS_OK);
    office_look(s);
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_int_equal(date_compare(p->date_of_birth, (struct date){2015, 9, 1}), 0);
    assert_true(text_equal(p->reg_group, TEXT("4B")));
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_GRANTED);
}

static void a_plain_forename_beside_a_legal_one_is_the_preferred_one(void **state)
{
    struct office *s = *state;
    (void)office_import(
        s, "UPN,Forename,Surname,Legal Forename,Legal Surname,do_not_publish,photo_website,"
           "photo_social_media,photo_press,photo_displays,name_with_photo\n"
           "B801200005001,Will,Ash,William,Ashdown,,,,,,\n");
    const struct person *p = office_person(s, "Ashdown", "William");
    assert_true(text_equal(p->known_forename, TEXT("Will")));
    assert_true(text_equal(p->known_surname, TEXT("Ash")));
}

static void full_names_in_one_column_are_taken_apart(void **state)
{
    struct office *s = *state;
    (void)office_import(
        s, "UPN,Name,Known as,do_not_publish,photo_website,photo_social_media,photo_press,"
           "photo_displays,name_with_photo\n"
           "B801200005001,\"Smith, Jack William\",,,,,,,\n"
           "Q801200005002,Anna van der Berg,,,,,,,\n"
           "E801200005003,Joseph Thomas Hill,Joey Mountain,,,,,,\n");
    assert_true(text_equal(office_person(s, "Smith", "Jack")->middle_names, TEXT("William")));
    (void)office_person(s, "van der Berg", "Anna");
    const struct person *p = office_person(s, "Hill", "Joseph");
    assert_true(text_equal(p->middle_names, TEXT("Thomas")));
    assert_true(text_equal(p->known_forename, TEXT("Joey")));
    assert_true(text_equal(p->known_surname, TEXT("Mountain")));
}

static void a_missing_consent_column_refuses_the_file_by_name(void **state)
{
    struct office *s = *state;
    assert_int_equal(
        office_plan(s, "upn,forename,surname,do_not_publish,photo_website,photo_press,"
                       "photo_displays,name_with_photo\nB801200005001,Poppy,Field,,Y,Y,Y,Y\n"),
        STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "photo_social_media"));
    assert_null(s->plan);
}

static void a_consent_column_is_never_guessed(void **state)
{
    struct office *s = *state;
    s->policy.n_columns = 1; /* only the website is mapped */
    (void)office_import(s, HEAD POPPY);
    assert_int_equal(office_person(s, "Field", "Poppy")->n_consents, 1);
    assert_says(office_change(s, CHANGE_ROW_WARNING, 1), "map it");
    s->policy.n_columns = 0;
    assert_int_equal(office_plan(s, HEAD POPPY), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "maps no consent column"));
}

static void a_file_without_do_not_publish_is_refused(void **state)
{
    struct office *s = *state;
    assert_int_equal(
        office_plan(s, "upn,forename,surname,photo_website,photo_social_media,photo_press,"
                       "photo_displays,name_with_photo\nB801200005001,Poppy,Field,Y,Y,Y,Y,Y\n"),
        STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "do_not_publish"));
}

static void two_columns_of_one_heading_are_refused(void **state)
{
    struct office *s = *state;
    assert_int_equal(office_plan(s,
                                 "upn,forename,surname,do_not_publish,photo_website,Photo Website,"
                                 "photo_social_media,photo_press,photo_displays,name_with_photo\n"
                                 "B801200005001,Poppy,Field,,Y,N,Y,Y,Y,Y\n"),
                     STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "two columns"));
}

static void what_is_no_list_of_people_is_refused(void **state)
{
    struct office *s = *state;
    static const char *const BAD[] = {"",
                                      "\n\n",
                                      "hello\n",
                                      "a,b,c\n1,2,3\n",
                                      HEAD,
                                      HEAD "B801200005001,\"A1,Poppy,Field\n",
                                      HEAD "B801200005001,A1,Pop\"py,Field,,,,,,,,,,\n"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_int_equal(office_plan(s, BAD[i]), STATUS_FORMAT);
        assert_non_null(strstr(s->err.text, "pupils.csv: "));
        assert_null(s->plan);
    }
    assert_non_null(strstr(s->err.text, "line 2"));
}

static void rows_that_cannot_be_understood_are_refused_one_by_one(void **state)
{
    struct office *s = *state;
    static const struct {
        const char *row, *why;
    } CASES[] = {
        {"Q801200005002,A2,Zo?,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n", "lost"},
        {"Q801200005002,A2,Zo\xC3\x83\xC2\xAB,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n", "garbled"},
        {"Q801200005002,A2,Zo\xE2\x80\x8B"
         "e,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n",
         "cannot be seen"},
        {"9.99E+11,A2,Zoe,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n", "shortened"},
        {"=B2,A2,Zoe,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n", "formula"},
        {"Q801200005002,#REF!,Zoe,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n", "formula"},
        {"Q801200005002,A2,,,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n", "no name"},
        {"Q801200005002,A2,Zoe,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,13/13/2025,\n",
         "date of the consent"},
        {"Q801200005002,A2,Abara, Zoe,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,Paper\n", "more cells"},
        {"Q801200005002,A2,Zoe,Abara,02/10/2015\n", "fewer cells"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char csv[1024];
        (void)snprintf(csv, sizeof csv, "%s%s%s", HEAD POPPY, CASES[i].row,
                       "E801200005003,A3,Max,Long,03/10/2015,4B,,,,,,,,\n");
        assert_int_equal(office_plan(s, csv), STATUS_OK);
        assert_says(office_change(s, CHANGE_ROW_REFUSED, 3), CASES[i].why);
        assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 1);
        assert_int_equal(import_count(s->plan, CHANGE_NEW), 2);
        size_t n;
        assert_int_equal(import_files(s->plan, &n)[0].n_refused, 1);
    }
}

static void a_wrong_upn_is_told_and_not_stored(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD "C801200005001,A1,Poppy,Field,01/09/2015,4B,,,,,,,,\n");
    assert_says(office_change(s, CHANGE_ROW_WARNING, 2), "UPN");
    assert_int_equal(office_person(s, "Field", "Poppy")->upn.n, 0);
}

static void reasons_and_sensitive_columns_are_told_once_and_never_stored(void **state)
{
    struct office *s = *state;
    (void)office_import(
        s, "upn,forename,surname,looked_after,do_not_publish,Do-not-publish REASON,"
           "photo_website,photo_social_media,photo_press,photo_displays,name_with_photo\n"
           "B801200005001,Poppy,Field,Y,Y,zebracrossing,Y,Y,Y,Y,Y\n"
           "Q801200005002,Zoe,Abara,N,court zebracrossing,,Y,Y,Y,Y,Y\n"
           "E801200005003,Max,Long,N,Yes - zebracrossing,,Y,Y,Y,Y,Y\n");
    size_t n, told = 0;
    const struct change *c = import_changes(s->plan, &n);
    for (size_t i = 0; i < n; i++) {
        told += c[i].kind == CHANGE_ROW_WARNING && c[i].row == 1;
    }
    assert_int_equal(told, 2);
    assert_int_equal(office_person(s, "Field", "Poppy")->do_not_publish, KNOWN_YES);
    assert_int_equal(office_person(s, "Abara", "Zoe")->do_not_publish, KNOWN_UNKNOWN);
    assert_true(office_person(s, "Abara", "Zoe")->do_not_publish_unclear.n > 0);
    assert_int_equal(office_person(s, "Long", "Max")->do_not_publish, KNOWN_YES);
    FILE *f = fopen(s->db, "rb");
    assert_non_null(f);
    char *all = calloc(1, 1 << 20);
    assert_non_null(all);
    size_t got = fread(all, 1, (1 << 20) - 1, f);
    assert_int_equal(fclose(f), 0);
    assert_null(memmem(all, got, "zebracrossing", 13));
    assert_non_null(memmem(all, got, "Poppy", 5)); /* the search can find */
    free(all);
}

static void staff_and_pupils_are_told_apart_by_their_headings(void **state)
{
    struct office *s = *state;
    static const char STAFF[] =
        "title,forename,surname,role,consent\n"
        "Mrs,Alma,Reed,Teacher 4B,Yes\nMr,Tom,Bright,Cook,\nMs,Eve,Stone,TA,?\n";
    (void)office_import(s, STAFF);
    size_t n;
    assert_true(import_files(s->plan, &n)[0].staff);
    const struct person *p = office_person(s, "Reed", "Alma");
    assert_int_equal(p->kind, PERSON_STAFF);
    assert_true(text_equal(p->title, TEXT("Mrs")));
    assert_true(text_equal(p->staff_role, TEXT("Teacher 4B")));
    assert_int_equal(p->n_consents, 4);
    assert_int_equal(office_state(s, "Reed", "Alma", PURPOSE_PRESS), CONSENT_GRANTED);
    assert_int_equal(office_state(s, "Reed", "Alma", PURPOSE_NAME_WITH_PHOTO), CONSENT_UNKNOWN);
    assert_int_equal(office_person(s, "Bright", "Tom")->n_consents, 0);
    assert_int_equal(office_state(s, "Stone", "Eve", PURPOSE_WEBSITE), CONSENT_UNCLEAR);
    /* a pupils' file says nothing of the staff */
    (void)office_import(s, HEAD POPPY);
    assert_int_equal(import_count(s->plan, CHANGE_LEFT), 0);
}

/* The headings that `init` hands out (make runs at the top of the tree): each is read. */
static void the_templates_are_understood_whole(void **state)
{
    struct office *s = *state;
    static const struct {
        const char *path, *row;
    } TEMPLATES[] = {
        {"consent/templates/pupils.csv",
         "B801200005001,A1,Poppy,Rose,Field,Pip,Fields,01/09/2015,5,5B,Y,01/09/2027,N,N,Y,Y,Y,Y,Y,"
         "Mother,01/09/2025,01/09/2028,Paper form,PN-1\n"},
        {"consent/templates/staff.csv", "Mrs,Alma,Reed,Teacher 5B,Yes,01/09/2025,Paper form\n"},
    };
    for (size_t i = 0; i < 2; i++) {
        char csv[2048] = "";
        FILE *f = fopen(TEMPLATES[i].path, "rb");
        assert_non_null(f);
        size_t n = fread(csv, 1, sizeof csv - 1, f);
        assert_int_equal(fclose(f), 0);
        (void)snprintf(csv + n, sizeof csv - n, "%s", TEMPLATES[i].row);
        (void)office_import(s, csv);
        assert_int_equal(import_count(s->plan, CHANGE_NEW), 1);
        assert_int_equal(import_count(s->plan, CHANGE_ROW_WARNING), 0);
    }
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_true(text_equal(p->middle_names, TEXT("Rose")));
    assert_true(text_equal(p->known_forename, TEXT("Pip")));
    assert_true(text_equal(p->known_surname, TEXT("Fields")));
    assert_true(text_equal(p->year_group, TEXT("5")));
    assert_true(text_equal(p->reg_group, TEXT("5B")));
    assert_int_equal(date_compare(p->date_of_leaving, (struct date){2027, 9, 1}), 0);
    const struct consent *c = office_latest(p, PURPOSE_NAME_WITH_PHOTO);
    assert_int_equal(c->method, METHOD_PAPER);
    assert_true(text_equal(c->given_by, TEXT("Mother")));
    assert_true(text_equal(c->notice_version, TEXT("PN-1")));
    assert_int_equal(date_compare(c->expires, (struct date){2028, 9, 1}), 0);
}

static void a_folder_or_a_missing_file_is_an_error(void **state)
{
    struct office *s = *state;
    const char *const folder = s->dir, *const missing = s->csv;
    assert_int_equal(import_read(s->reg, &s->policy, &folder, 1, &s->options, &s->plan, &s->err),
                     STATUS_IO);
    err_clear(&s->err);
    assert_int_equal(import_read(s->reg, &s->policy, &missing, 1, &s->options, &s->plan, &s->err),
                     STATUS_IO);
    assert_non_null(strstr(s->err.text, "pupils.csv"));
}

static void the_same_file_twice_is_refused(void **state)
{
    struct office *s = *state;
    const char *const files[] = {s->csv, s->csv};
    office_put(s, "pupils.csv", HEAD POPPY, strlen(HEAD POPPY));
    assert_int_equal(import_read(s->reg, &s->policy, files, 2, &s->options, &s->plan, &s->err),
                     STATUS_FORMAT);
}

#define T(name) cmocka_unit_test_setup_teardown(name, office_open, office_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(utf8_without_a_mark_is_read),
        T(utf8_with_a_mark_is_read),
        T(windows_1252_is_read),
        T(utf16_of_either_order_with_or_without_a_mark_is_read),
        T(two_encodings_in_one_file_are_refused),
        T(a_nul_or_another_control_is_refused),
        T(a_workbook_is_named_as_that),
        T(semicolons_and_tabs_are_found),
        T(a_sep_line_is_obeyed_and_counted),
        T(titles_above_totals_below_and_blank_lines_are_no_people),
        T(rows_are_numbered_by_line_although_cells_hold_line_ends),
        T(headings_are_compared_without_case_space_and_punctuation),
        T(a_plain_forename_beside_a_legal_one_is_the_preferred_one),
        T(full_names_in_one_column_are_taken_apart),
        T(a_missing_consent_column_refuses_the_file_by_name),
        T(a_consent_column_is_never_guessed),
        T(a_file_without_do_not_publish_is_refused),
        T(two_columns_of_one_heading_are_refused),
        T(what_is_no_list_of_people_is_refused),
        T(rows_that_cannot_be_understood_are_refused_one_by_one),
        T(a_wrong_upn_is_told_and_not_stored),
        T(reasons_and_sensitive_columns_are_told_once_and_never_stored),
        T(staff_and_pupils_are_told_apart_by_their_headings),
        T(the_templates_are_understood_whole),
        T(a_folder_or_a_missing_file_is_an_error),
        T(the_same_file_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
