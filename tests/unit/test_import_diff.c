/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a second import changes. */
#include "import_office.h"

#define SHORT                                                                                      \
    "upn,admission_no,legal_forename,legal_surname,date_of_birth,reg_group,do_not_publish,"        \
    "photo_website,photo_social_media,photo_press,photo_displays,name_with_photo\n"
#define POPPY(consents)                                                                            \
    "B801200005001,A1,Poppy,Field,01/09/2015,4B,," consents ",01/09/2025,Paper form\n"
#define ZOE(dnp, consents)                                                                         \
    "Q801200005002,A2,Zoe,Abara,02/10/2015,4B," dnp "," consents ",01/09/2025,Parent app\n"

static void the_same_file_again_changes_nothing(void **state)
{
    struct office *s = *state;
    static const char CSV[] =
        HEAD POPPY("Yes,No,?,Pending,") ZOE("Y", "Withdrawn,Objected,n/a,X,Y");
    assert_int_equal(office_import(s, CSV), 1);
    s->options.on = (struct date){2026, 4, 1}; /* nor does it on another day */
    assert_int_equal(office_plan(s, CSV), STATUS_OK);
    assert_true(import_is_empty(s->plan));
    assert_int_equal(import_count(s->plan, CHANGE_NEW), 0);
    int64_t version;
    assert_int_equal(import_apply(s->reg, s->plan, &version, &s->err), STATUS_OK);
    assert_int_equal(version, 1);
}

static void consents_flip_both_ways(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Yes,No,,Yes,No"));
    assert_int_equal(office_import(s, HEAD POPPY("No,Yes,Yes,,No")), 2);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_WITHDRAWN);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_SOCIAL_MEDIA), CONSENT_GRANTED);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_PRESS), CONSENT_GRANTED);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_DISPLAYS),
                     CONSENT_WITHDRAWN); /* blank */
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_NAME_WITH_PHOTO), CONSENT_REFUSED);
    assert_int_equal(import_count(s->plan, CHANGE_CONSENT_LOST), 2);
    assert_int_equal(import_count(s->plan, CHANGE_CONSENT_GIVEN), 2);
    assert_says(office_change(s, CHANGE_CONSENT_LOST, 2), "website: granted -> withdrawn");
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_int_equal(p->n_consents, 4 + 4); /* the old events are still there */
    assert_int_equal(p->consents[0].state, CONSENT_GRANTED);
}

static void a_withdrawal_is_of_the_day_it_was_learnt(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Yes,No,No,No,No"));
    s->options.on = (struct date){2026, 4, 1};
    (void)office_import(s, HEAD POPPY("No,No,No,No,No"));
    const struct consent *c = office_latest(office_person(s, "Field", "Poppy"), PURPOSE_WEBSITE);
    /* the form's day is the day of the old yes */
    assert_int_equal(date_compare(c->event_date, s->options.on), 0);
    assert_int_equal(date_compare(c->effective_from, s->options.on), 0);
    (void)office_import(s, HEAD
                        "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Yes,,,,,05/04/2026,Paper\n");
    s->options.on = (struct date){2026, 5, 1};
    (void)office_import(s, HEAD
                        "B801200005001,A1,Poppy,Field,01/09/2015,4B,,No,,,,,20/04/2026,Paper\n");
    c = office_latest(office_person(s, "Field", "Poppy"), PURPOSE_WEBSITE);
    assert_int_equal(c->state, CONSENT_WITHDRAWN);
    assert_int_equal(date_compare(c->event_date, (struct date){2026, 4, 20}), 0);
}

static void an_old_yes_does_not_undo_a_withdrawal(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Yes,,,,"));
    (void)office_import(s, HEAD POPPY("No,,,,"));
    assert_int_equal(office_plan(s, HEAD POPPY("Yes,,,,")), STATUS_OK); /* still dated 01/09/2025 */
    assert_true(import_is_empty(s->plan));
    assert_says(office_change(s, CHANGE_ROW_WARNING, 2), "older");
    (void)office_import(
        s, HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Yes,,,,,01/03/2026,Paper form\n");
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_GRANTED);
}

static void leaving_columns_out_makes_no_consent_fresher(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Yes,Yes,Yes,Yes,Yes"));
    s->options.on = (struct date){2026, 4, 1};
    assert_int_equal(
        office_plan(s, SHORT "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Y,Y,Y,Y,Y\n"), STATUS_OK);
    assert_true(import_is_empty(s->plan));
    (void)office_import(s,
                        HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Y,Y,Y,Y,Y,,Phone call\n");
    const struct consent *c = office_latest(office_person(s, "Field", "Poppy"), PURPOSE_WEBSITE);
    assert_int_equal(c->method, METHOD_VERBAL);
    assert_int_equal(date_compare(c->event_date, (struct date){2025, 9, 1}), 0);
    assert_int_equal(date_compare(c->effective_from, (struct date){2025, 9, 1}), 0);
}

static void a_renewed_consent_is_a_new_event(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Yes,,,,"));
    (void)office_import(
        s, HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Yes,,,,,01/02/2026,Paper form\n");
    assert_int_equal(import_count(s->plan, CHANGE_CONSENT_OTHER), 1);
    assert_int_equal(office_person(s, "Field", "Poppy")->n_consents, 2);
}

static void do_not_publish_goes_on_and_off(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD ZOE("", "Y,Y,Y,Y,Y"));
    (void)office_import(s, HEAD ZOE("Y", "Y,Y,Y,Y,Y"));
    assert_non_null(office_change(s, CHANGE_DENY_ON, 2));
    assert_int_equal(office_person(s, "Abara", "Zoe")->do_not_publish, KNOWN_YES);
    (void)office_import(s, HEAD ZOE("?", "Y,Y,Y,Y,Y"));
    assert_int_equal(office_person(s, "Abara", "Zoe")->do_not_publish, KNOWN_UNKNOWN);
    assert_true(text_equal(office_person(s, "Abara", "Zoe")->do_not_publish_unclear, TEXT("?")));
    (void)office_import(s, HEAD ZOE("N", "Y,Y,Y,Y,Y"));
    assert_non_null(office_change(s, CHANGE_DENY_OFF, 2));
    assert_int_equal(office_person(s, "Abara", "Zoe")->do_not_publish, KNOWN_NO);
}

static void who_is_missing_has_left_and_may_return(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y") ZOE("", "Y,Y,Y,Y,Y"));
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y"));
    assert_who(office_change(s, CHANGE_LEFT, 0), "Abara, Zoe (4B)");
    const struct person *p = office_person(s, "Abara", "Zoe");
    assert_int_equal(p->on_roll, KNOWN_NO);
    assert_int_equal(date_compare(p->date_of_leaving, s->options.on), 0);
    assert_int_equal(p->n_consents, 5);
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y") ZOE("", "Y,Y,Y,Y,Y"));
    assert_non_null(office_change(s, CHANGE_RETURNED, 3));
    p = office_person(s, "Abara", "Zoe");
    assert_int_equal(p->on_roll, KNOWN_YES);
    assert_false(date_is_set(p->date_of_leaving));
    assert_int_equal(p->n_consents, 5);
    assert_int_equal(s->now.n_people, 2);
}

static void a_partial_file_makes_nobody_leave(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y") ZOE("", "Y,Y,Y,Y,Y"));
    s->options.partial = true;
    assert_int_equal(office_plan(s, HEAD POPPY("Y,Y,Y,Y,Y")), STATUS_OK);
    assert_true(import_is_empty(s->plan));
}

static void half_a_file_is_not_taken_for_a_whole_one(void **state)
{
    struct office *s = *state;
    char csv[4096];
    size_t n = 0;
    n += (size_t)snprintf(csv, sizeof csv, "%s", HEAD);
    for (int i = 0; i < 20; i++) {
        n += (size_t)snprintf(csv + n, sizeof csv - n,
                              ",A%d,Pupil%c,Number%c,0%d/09/2015,4B,,Y,,,,,,\n", i, 'a' + i,
                              'a' + i, i % 9 + 1);
    }
    (void)office_import(s, csv);
    assert_int_equal(s->now.n_people, 20);
    /* 5 of 20 may leave, 6 may not */
    char *cut = csv;
    for (int lines = 0; lines < 16; lines++) {
        cut = strchr(cut, '\n') + 1;
    }
    *cut = '\0';
    assert_int_equal(office_plan(s, csv), STATUS_OK);
    assert_int_equal(import_count(s->plan, CHANGE_LEFT), 5);
    cut[-1] = '\0';
    *(strrchr(csv, '\n') + 1) = '\0';
    assert_int_equal(office_plan(s, csv), STATUS_FORMAT);
    assert_non_null(strstr(s->err.text, "6 of 20"));
    s->options.partial = true;
    assert_int_equal(office_plan(s, csv), STATUS_OK);
    assert_int_equal(import_count(s->plan, CHANGE_LEFT), 0);
    s->options.partial = false;
    s->options.full = true;
    (void)office_import(s, csv);
    assert_int_equal(import_count(s->plan, CHANGE_LEFT), 6);
    assert_int_equal(office_person(s, "Numbert", "Pupilt")->on_roll, KNOWN_NO);
    assert_int_equal(office_person(s, "Numbera", "Pupila")->on_roll, KNOWN_YES);
}

static void people_are_found_again_by_each_of_their_marks(void **state)
{
    struct office *s = *state;
    (void)office_import(
        s, HEAD POPPY("Y,,,,")
               ZOE("", "Y,,,,") "E801200005003,A3,Łukasz,Nowak,03/10/2015,4B,,Y,,,,,,\n");
    struct text reference = office_person(s, "Nowak", "Łukasz")->reference;
    char kept[33];
    (void)snprintf(kept, sizeof kept, "%.*s", TEXT_ARG(reference));
    (void)office_import(
        s,
        HEAD "B801200005001,A1,Poppy,Meadow,01/09/2015,5B,,Y,,,,,01/09/2025,Paper form\n" /* UPN */
             ",A2,Zoe,Abara,02/10/2015,4B,,Y,,,,,01/09/2025,Parent app\n" /* admission no */
             ",,LUKASZ,nowak,03/10/2015,4B,,Y,,,,,,\n");                  /* name, birthday */
    assert_int_equal(s->now.n_people, 3);
    assert_int_equal(import_count(s->plan, CHANGE_NEW), 0);
    assert_says(office_change(s, CHANGE_DETAILS, 2), "surname, class");
    const struct person *p = office_person(s, "nowak", "LUKASZ");
    assert_true(text_equal(p->reference, text_of(kept)));
    assert_true(text_equal(p->upn, TEXT("E801200005003"))); /* a blank number is not forgotten */
}

static void two_rows_for_one_person_are_both_refused_and_a_no_in_either_counts(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y"));
    (void)office_import(
        s, HEAD POPPY("Y,Y,Y,Y,Y") "B801200005001,A1,Poppy,Field,01/09/2015,4C,,No,Y,Y,Y,Y,,\n"
                                   "B801200005001,A1,Poppy,Field,01/09/2015,4C,Y,No,Y,No,Y,Y,,\n");
    assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 3);
    assert_says(office_change(s, CHANGE_ROW_REFUSED, 2), "the same person as row");
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_true(text_equal(p->reg_group, TEXT("4B")));
    assert_int_equal(p->on_roll, KNOWN_YES);
    assert_int_equal(p->do_not_publish, KNOWN_YES);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_WITHDRAWN);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_PRESS), CONSENT_WITHDRAWN);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_DISPLAYS), CONSENT_GRANTED);
    assert_int_equal(p->n_consents, 7); /* both rows refuse the website: one event */
    /* two new rows give nobody anything; the name is kept, once */
    for (int i = 0; i < 2; i++) {
        (void)office_import(s, HEAD ZOE("", "Y,Y,Y,Y,Y") ZOE("", "Y,Y,Y,Y,Y"));
        assert_int_equal(import_count(s->plan, CHANGE_NEW), 0);
        assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 2);
        assert_int_equal(s->now.n_people, 2);
        assert_int_equal(office_person(s, "Abara", "Zoe")->do_not_publish, KNOWN_UNKNOWN);
        assert_int_equal(office_person(s, "Abara", "Zoe")->n_consents, 0);
    }
}

static void what_two_refused_rows_take_away_adds_up(void **state)
{
    struct office *s = *state;
#define OBJECTIONS                                                                                 \
    "upn,forename,surname,do_not_publish,child_objection,photo_website,photo_social_media,"        \
    "photo_press,photo_displays,name_with_photo\n"
    (void)office_import(s, OBJECTIONS "B801200005001,Poppy,Field,,,Y,Y,Y,Y,Y\n");
    (void)office_import(s, OBJECTIONS "B801200005001,Poppy,Field,Y,,Y,Y,Y,Y,Y\n"
                                      "B801200005001,Poppy,Field,,Y,Y,Y,Y,Y,N\n");
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_int_equal(p->do_not_publish, KNOWN_YES);
    assert_int_equal(p->child_objection, KNOWN_YES);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_NAME_WITH_PHOTO), CONSENT_WITHDRAWN);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_GRANTED);
}

static void a_refused_row_gives_nothing_and_only_its_clear_yes_keeps(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD POPPY("Y,No,Y,Y,Y"));
    (void)office_import(s, HEAD "B801200005001,A1,Pop?y,Field,01/09/2015,4C,X,No,Yes,,?,Y,,\n");
    assert_says(office_change(s, CHANGE_ROW_REFUSED, 2), "lost");
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_true(text_equal(p->reg_group, TEXT("4B")));
    assert_int_equal(p->on_roll, KNOWN_YES); /* the row spoke of her: she has not left */
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_WITHDRAWN);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_SOCIAL_MEDIA), CONSENT_REFUSED);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_PRESS), CONSENT_WITHDRAWN);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_DISPLAYS), CONSENT_UNCLEAR);
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_NAME_WITH_PHOTO), CONSENT_GRANTED);
    assert_int_equal(p->do_not_publish, KNOWN_UNKNOWN);
    assert_says(office_change(s, CHANGE_DENY_ON, 2), "unclear, held");
    assert_int_equal(import_count(s->plan, CHANGE_CONSENT_LOST), 3);
}

static void a_refused_row_takes_off_the_roll(void **state)
{
    struct office *s = *state;
#define LEAVING                                                                                    \
    "upn,forename,surname,on_roll,date_of_leaving,do_not_publish,consent_date,photo_website,"      \
    "photo_social_media,photo_press,photo_displays,name_with_photo\n"
    static const struct {
        const char *cells;
        enum known on_roll;
        struct date left;
    } CASES[] = {
        {"N,", KNOWN_NO, {2026, 3, 1}},           {"Yes - leaving,", KNOWN_UNKNOWN, {0}},
        {"Y,01/02/2026", KNOWN_NO, {2026, 2, 1}}, {"Y,20/07/2026", KNOWN_YES, {2026, 7, 20}},
        {"Y,July?", KNOWN_UNKNOWN, {0}},          {"Y,", KNOWN_YES, {0}},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char csv[1024];
        s->options.on = (struct date){2026, 3, 1};
        (void)office_import(s, LEAVING "B801200005001,Poppy,Field,Y,,,,Y,Y,Y,Y,Y\n");
        (void)snprintf(csv, sizeof csv, "%sB801200005001,Poppy,Field,%s,,soon,Y,Y,Y,Y,Y\n", LEAVING,
                       CASES[i].cells);
        (void)office_import(s, csv);
        assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 1);
        const struct person *p = office_person(s, "Field", "Poppy");
        assert_int_equal(p->on_roll, CASES[i].on_roll);
        assert_int_equal(date_compare(p->date_of_leaving, CASES[i].left), 0);
        assert_int_equal(p->n_consents, 5);
        assert_int_equal(import_count(s->plan, CHANGE_LEFT), CASES[i].on_roll != KNOWN_YES);
    }
}

static void a_garbled_row_holds_until_a_sound_one_comes(void **state)
{
    struct office *s = *state;
    static const char GARBLED[] =
        HEAD "B801200005001,A1,Field, Poppy,Field,01/09/2015,4B,,Y,Y,Y,Y,Y,,Form\n";
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y"));
    (void)office_import(s, GARBLED);
    assert_says(office_change(s, CHANGE_DENY_ON, 2), "row refused");
    const struct person *p = office_person(s, "Field", "Poppy");
    assert_int_equal(p->do_not_publish, KNOWN_UNKNOWN);
    assert_true(text_equal(p->do_not_publish_unclear, TEXT("row refused")));
    assert_int_equal(p->on_roll, KNOWN_YES);
    assert_int_equal(p->n_consents, 5);
    assert_int_equal(s->now.n_people, 1);
    assert_int_equal(office_plan(s, GARBLED), STATUS_OK);
    assert_true(import_is_empty(s->plan));
    (void)office_import(s, HEAD POPPY("Y,Y,Y,Y,Y"));
    assert_non_null(office_change(s, CHANGE_DENY_OFF, 2));
    assert_int_equal(office_person(s, "Field", "Poppy")->do_not_publish, KNOWN_NO);
    (void)office_import(s, HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,Y,Y,Y,Y,Y,Y,,\n");
    assert_int_equal(office_plan(s, GARBLED), STATUS_OK); /* a yes is not made a question */
    assert_true(import_is_empty(s->plan));
}

static void a_garbled_row_of_staff_holds_until_a_sound_one_comes(void **state)
{
    struct office *s = *state;
#define STAFF "title,forename,surname,role,consent\n"
    (void)office_import(s, STAFF "Mrs,Alma,Reed,Teacher 4B,Yes\n");
    (void)office_import(s, STAFF "Mrs,Alma,Reed,Teacher, 4B,Yes\n");
    assert_int_equal(office_person(s, "Reed", "Alma")->do_not_publish, KNOWN_UNKNOWN);
    (void)office_import(s, STAFF "Mrs,Alma,Reed,Teacher 4B,Yes\n");
    assert_int_equal(office_person(s, "Reed", "Alma")->do_not_publish, KNOWN_NO);
    assert_true(import_count(s->plan, CHANGE_DENY_OFF) == 1);
}

static void a_refused_newcomer_is_held_under_the_name_until_a_sound_row_comes(void **state)
{
    struct office *s = *state;
#define JACK "B801200005001,A1,Jack,Smith,01/09/2015,4B,,Y,Y,Y,Y,Y,,\n"
    static const char *const REFUSED[] = {
        "9.99E+11,,Jack,Smith,05/05/2014,5C,,Y,Y,Y,Y,Y,,\n", /* another, with a birthday */
        "Q801200005002,A2,Jack,Smith,05/05/2014,5C,,Y,Y,Y,Y,Y,soon,\n",
        "Q801200005002,A2,Jack,Smith,05/05/2014\n",
    };
    (void)office_import(s, HEAD JACK);
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        char csv[1024];
        (void)snprintf(csv, sizeof csv, "%s%s%s", HEAD, JACK, REFUSED[i]);
        (void)office_import(s, csv);
        assert_int_equal(s->now.n_people, 2); /* the same one every time */
        assert_int_equal(import_count(s->plan, CHANGE_LEFT), 0);
        const struct person *p = &s->now.people[1];
        assert_true(text_equal(p->legal_surname, TEXT("Smith")));
        assert_int_equal(p->do_not_publish, KNOWN_UNKNOWN);
        assert_int_equal(p->upn.n, 0);
        assert_int_equal(p->n_consents, 0);
        assert_int_equal(s->now.people[0].do_not_publish, KNOWN_NO);
    }
    (void)office_import(s, HEAD JACK "Q801200005002,A2,Jack,Smith,05/05/2014,5C,,Y,Y,Y,Y,Y,,\n"
                                     "E801200005003,A3,Jack,Smith,06/06/2014,5C,,N,N,N,N,N,,\n");
    assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 0);
    assert_int_equal(s->now.n_people, 3);
    assert_int_equal(s->now.people[1].do_not_publish, KNOWN_NO);
    assert_true(text_equal(s->now.people[1].upn, TEXT("Q801200005002")));
    assert_int_equal(s->now.people[1].n_consents, 5);
}

static void a_refused_newcomer_on_the_list_stays_on_it(void **state)
{
    struct office *s = *state;
    (void)office_import(s,
                        HEAD JACK "Q801200005002,A2,Jack,Smith,05/05/2014,5C,Y,Y,Y,Y,Y,Y,soon,\n");
    assert_says(office_change(s, CHANGE_DENY_ON, 3), "do not publish: yes");
    (void)office_import(s, HEAD JACK "Q801200005002,A2,Jack,Smith,05/05/2014,5C,Y,,,,,,,\n");
    assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 0);
    assert_int_equal(s->now.n_people, 2);
    assert_int_equal(s->now.people[1].do_not_publish, KNOWN_YES);
    assert_true(text_equal(s->now.people[1].upn, TEXT("Q801200005002")));
}

static void a_refused_newcomer_without_a_name_is_only_told(void **state)
{
    struct office *s = *state;
    assert_int_equal(office_plan(s, HEAD "Q801200005002,A2,Zo?,Abara,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n"
                                         "E801200005003,A3,=A1,Long,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n"
                                         "U801200005004,A4,,,02/10/2015,4B,,Y,Y,Y,Y,Y,,\n"
                                         "H801200005005,Eve,Wood,02/10/2015,4B,,Y\n"),
                     STATUS_OK);
    assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 4);
    assert_true(import_is_empty(s->plan));
}

static void a_question_in_between_does_not_wake_an_old_yes(void **state)
{
    struct office *s = *state;
#define FORM(cell) HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,," cell ",,,,,02/09/2024,Form\n"
    static const char *const ROWS[] = {FORM("Yes"), FORM("Pending"), FORM("No"), FORM("Yes")};
    for (int i = 0; i < 4; i++) {
        s->options.on = (struct date){2026, 3, (uint8_t)(1 + i)};
        (void)office_import(s, ROWS[i]);
    }
    assert_says(office_change(s, CHANGE_ROW_WARNING, 2), "older");
    assert_int_equal(office_state(s, "Field", "Poppy", PURPOSE_WEBSITE), CONSENT_REFUSED);
    const struct consent *c = office_latest(office_person(s, "Field", "Poppy"), PURPOSE_WEBSITE);
    assert_int_equal(date_compare(c->event_date, (struct date){2026, 3, 3}), 0);
}

static void a_row_in_doubt_about_whom_is_refused(void **state)
{
    struct office *s = *state;
    static const struct {
        const char *row, *why;
    } CASES[] = {
        /* another's number on a name and birthday of her own */
        {"B801200005001,,Max,Long,09/09/2014,4B,,Y,Y,Y,Y,Y,,\n", "somebody of another name"},
        /* the UPN of one twin, the name of the other */
        {"B801200005001,,Lily,Field,01/09/2015,4B,,Y,Y,Y,Y,Y,,\n", "somebody of another name"},
        {"B801200005001,A2,Poppy,Field,01/09/2015,4B,,Y,Y,Y,Y,Y,,\n", "different people"},
        /* name and birthday agree, UPN does not */
        {"H801200005005,A9,Poppy,Field,01/09/2015,4B,,Y,Y,Y,Y,Y,,\n", "another UPN"},
        /* nothing but a name */
        {",,Poppy,Field,,4B,,Y,Y,Y,Y,Y,,\n", "already"},
    };
    s->options.partial = true;
    (void)office_import(
        s, HEAD POPPY("N,N,N,N,N") "E801200005003,A3,Lily,Field,01/09/2015,4B,,N,N,N,N,N,,\n" ZOE(
               "", "N,N,N,N,N"));
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char csv[1024];
        (void)snprintf(csv, sizeof csv, "%s%s", HEAD, CASES[i].row);
        assert_int_equal(office_plan(s, csv), STATUS_OK);
        assert_says(office_change(s, CHANGE_ROW_REFUSED, 2), CASES[i].why);
        assert_int_equal(import_count(s->plan, CHANGE_NEW), 0);
        assert_int_equal(import_count(s->plan, CHANGE_CONSENT_GIVEN), 0);
        assert_true(import_is_empty(s->plan));
    }
}

static void two_pupils_of_one_name_are_two_people(void **state)
{
    struct office *s = *state;
    static const char CSV[] = HEAD "B801200005001,A1,Jack,Smith,01/09/2015,4B,,Y,,,,,,\n"
                                   "Q801200005002,A2,Jack,Smith,01/09/2015,4C,Y,N,,,,,,\n"
                                   ",A3,Jack,Smith,05/05/2014,5C,,N,,,,,,\n";
    (void)office_import(s, CSV);
    assert_int_equal(s->now.n_people, 3);
    assert_int_equal(office_plan(s, CSV), STATUS_OK);
    assert_true(import_is_empty(s->plan));
}

static void a_temporary_upn_gives_way_to_a_permanent_one(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD "M80120000500A,,Poppy,Field,01/09/2015,4B,,Y,,,,,,\n");
    (void)office_import(s, HEAD "B801200005001,,Poppy,Field,01/09/2015,4B,,Y,,,,,,\n");
    assert_int_equal(s->now.n_people, 1);
    assert_true(text_equal(s->now.people[0].upn, TEXT("B801200005001")));
}

static void numbers_that_change_hands_are_put_right_in_two_steps(void **state)
{
    struct office *s = *state;
    (void)office_import(s, HEAD "M80120000500A,A1,Poppy,Field,01/09/2015,4B,,Y,,,,,,\n"
                                "B80120000500B,A2,Zoe,Abara,02/10/2015,4B,,N,,,,,,\n");
    /* refused while the other's UPN stands there: nobody is mixed up */
    (void)office_import(s, HEAD "B80120000500B,A1,Poppy,Field,01/09/2015,4B,,Y,,,,,,\n"
                                "M80120000500A,A2,Zoe,Abara,02/10/2015,4B,,N,,,,,,\n");
    assert_int_equal(import_count(s->plan, CHANGE_ROW_REFUSED), 2);
    (void)office_import(s, HEAD "B801200005001,A1,Poppy,Field,01/09/2015,4B,,Y,,,,,,\n"
                                "Q801200005002,A2,Zoe,Abara,02/10/2015,4B,,N,,,,,,\n");
    assert_true(text_equal(office_person(s, "Field", "Poppy")->upn, TEXT("B801200005001")));
}

static void roll_and_leaving_dates_are_followed(void **state)
{
    struct office *s = *state;
#define ROLL                                                                                       \
    "upn,forename,surname,on_roll,date_of_leaving,do_not_publish,photo_website,photo_social_"      \
    "media,"                                                                                       \
    "photo_press,photo_displays,name_with_photo\n"
    (void)office_import(
        s, ROLL
        "B801200005001,Poppy,Field,Y,,,,,,,\nQ801200005002,Zoe,Abara,N,21/12/2025,,,,,,\n"
        "E801200005003,Max,Long,Y,20/07/2026,,,,,,\nU801200005004,Ann,Hill,Y,01/02/2026,,,,,,\n"
        "H801200005005,Eve,Wood,,,,,,,,\n");
    assert_int_equal(office_person(s, "Field", "Poppy")->on_roll, KNOWN_YES);
    assert_int_equal(office_person(s, "Abara", "Zoe")->on_roll, KNOWN_NO);
    assert_int_equal(office_person(s, "Long", "Max")->on_roll, KNOWN_YES); /* not yet */
    assert_int_equal(office_person(s, "Hill", "Ann")->on_roll, KNOWN_NO);  /* the day has passed */
    assert_int_equal(office_person(s, "Wood", "Eve")->on_roll, KNOWN_UNKNOWN);
    (void)office_import(
        s, ROLL
        "B801200005001,Poppy,Field,N,,,,,,,\nQ801200005002,Zoe,Abara,N,21/12/2025,,,,,,\n"
        "E801200005003,Max,Long,Y,20/07/2026,,,,,,\nU801200005004,Ann,Hill,Y,01/02/2026,,,,,,\n"
        "H801200005005,Eve,Wood,,,,,,,,\n");
    assert_non_null(office_change(s, CHANGE_LEFT, 2));
    assert_int_equal(
        date_compare(office_person(s, "Field", "Poppy")->date_of_leaving, s->options.on), 0);
}

static void several_files_are_one_roll(void **state)
{
    struct office *s = *state;
    char second[160];
    int64_t version;
    (void)snprintf(second, sizeof second, "%s/second.csv", s->dir);
    const char *const files[] = {s->csv, second};
    static const char ZOE_CSV[] = HEAD ZOE("", "Y,,,,");
    office_put(s, "pupils.csv", HEAD POPPY("Y,,,,"), strlen(HEAD POPPY("Y,,,,")));
    office_put(s, "second.csv", ZOE_CSV, strlen(ZOE_CSV));
    for (int i = 0; i < 2; i++) {
        import_free(s->plan);
        s->plan = NULL;
        assert_int_equal(import_read(s->reg, &s->policy, files, 2, &s->options, &s->plan, &s->err),
                         STATUS_OK);
        assert_int_equal(import_apply(s->reg, s->plan, &version, &s->err), STATUS_OK);
        assert_int_equal(version, 1);
        assert_int_equal(import_count(s->plan, CHANGE_LEFT), 0);
    }
    office_look(s);
    const struct consent *c = office_latest(office_person(s, "Abara", "Zoe"), PURPOSE_WEBSITE);
    assert_true(text_equal(c->source_file, TEXT("second.csv")));
}

#define T(name) cmocka_unit_test_setup_teardown(name, office_open, office_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_same_file_again_changes_nothing),
        T(consents_flip_both_ways),
        T(a_withdrawal_is_of_the_day_it_was_learnt),
        T(an_old_yes_does_not_undo_a_withdrawal),
        T(leaving_columns_out_makes_no_consent_fresher),
        T(a_renewed_consent_is_a_new_event),
        T(do_not_publish_goes_on_and_off),
        T(who_is_missing_has_left_and_may_return),
        T(a_partial_file_makes_nobody_leave),
        T(half_a_file_is_not_taken_for_a_whole_one),
        T(people_are_found_again_by_each_of_their_marks),
        T(two_rows_for_one_person_are_both_refused_and_a_no_in_either_counts),
        T(what_two_refused_rows_take_away_adds_up),
        T(a_refused_row_gives_nothing_and_only_its_clear_yes_keeps),
        T(a_refused_row_takes_off_the_roll),
        T(a_garbled_row_holds_until_a_sound_one_comes),
        T(a_garbled_row_of_staff_holds_until_a_sound_one_comes),
        T(a_refused_newcomer_is_held_under_the_name_until_a_sound_row_comes),
        T(a_refused_newcomer_on_the_list_stays_on_it),
        T(a_refused_newcomer_without_a_name_is_only_told),
        T(a_question_in_between_does_not_wake_an_old_yes),
        T(a_row_in_doubt_about_whom_is_refused),
        T(two_pupils_of_one_name_are_two_people),
        T(a_temporary_upn_gives_way_to_a_permanent_one),
        T(numbers_that_change_hands_are_put_right_in_two_steps),
        T(roll_and_leaving_dates_are_followed),
        T(several_files_are_one_roll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
