/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names_school.h"

static int set_up(void **state)
{
    *state = names_school_new();
    return 0;
}

static int tear_down(void **state)
{
    names_school_free(*state);
    return 0;
}

static void blocks(struct names_school *s, const char *caption, enum finding_kind kind)
{
    assert_judged(s, caption, JUDGE_BLOCK);
    if (!has_finding(s, kind)) {
        print_error("\"%s\": no %s\n", caption, finding_name(kind));
    }
    assert_true(has_finding(s, kind));
}

static void pupil_numbers_block_known_or_not(void **state)
{
    blocks(*state, "Entry H801200001001 is in.", FINDING_UPN);
    blocks(*state, "upn h801200001001", FINDING_UPN);
    blocks(*state, "Number Z99943212317U waits.", FINDING_UPN);
    blocks(*state, "Number A 1234 5678 9012 is new.", FINDING_UPN);
    assert_judged(*state, "Code AB12345678901 on the box.", JUDGE_ALLOW);
}

static void admission_numbers_of_the_register_block(void **state)
{
    blocks(*state, "Locker B20418 is full.", FINDING_ADMISSION_NO);
    assert_judged(*state, "Locker B99999 is full.", JUDGE_ALLOW);
}

static void telephone_numbers_block_but_not_the_schools_own(void **state)
{
    blocks(*state, "Ring 07700 900123 tonight.", FINDING_PHONE);
    blocks(*state, "Ring (01632) 960-999 tonight.", FINDING_PHONE);
    blocks(*state, "Ring +44 7700 900123.", FINDING_PHONE);
    blocks(*state, "Ring 0044 (0)7700 900123.", FINDING_PHONE);
    assert_judged(*state, "Call 01632 960112 to book.", JUDGE_ALLOW);
    assert_judged(*state, "Call +44 (0)1632 960 112 to book.", JUDGE_ALLOW);
    assert_judged(*state, "We raised 1234567 pennies in 2024.", JUDGE_ALLOW);
    assert_judged(*state, "Doors open 09:30, 10:15 and 11:00.", JUDGE_ALLOW);
}

static void mail_addresses_block_but_not_the_schools_own(void **state)
{
    blocks(*state, "Write to parent.rep@mail.example please.", FINDING_EMAIL);
    blocks(*state, "Write to office@hillcrest.example.evil.example please.", FINDING_EMAIL);
    assert_judged(*state, "Write to Office@Hillcrest.example.", JUDGE_ALLOW);
}

static void links_off_the_list_block(void **state)
{
    blocks(*state, "See https://photos.example.com/album/4 for more.", FINDING_LINK);
    blocks(*state, "See www.myblog.example for more.", FINDING_LINK);
    blocks(*state, "See evilhillcrest.example/x for more.", FINDING_LINK);
    blocks(*state, "See bbc.co.uk/news today.", FINDING_LINK);
    blocks(*state, "Photos:www.myblog.example", FINDING_LINK);
    blocks(*state, "More—myblog.example.com/4T", FINDING_LINK);
    blocks(*state, "office@hillcrest.example/rider@mail.example", FINDING_EMAIL);
    assert_judged(*state, "More–hillcrest.example/clubs (today)", JUDGE_ALLOW);
    assert_judged(*state, "See www.hillcrest.example/clubs for more.", JUDGE_ALLOW);
    assert_judged(*state, "See https://news.hillcrest.example for more.", JUDGE_ALLOW);
    assert_judged(*state, "Try bbc.co.uk/bitesize/maths at home.", JUDGE_ALLOW);
    assert_judged(*state, "Thanks to @HillcrestPrimary friends.", JUDGE_ALLOW);
    assert_judged(*state, "It was fun.We did it again.", JUDGE_ALLOW);
}

static void postcodes_block(void **state)
{
    blocks(*state, "Meet at ZE99 1AB after lunch.", FINDING_POSTCODE);
    blocks(*state, "Meet at ze99 1ab after lunch.", FINDING_POSTCODE);
    blocks(*state, "Meet at W1A 1AA today.", FINDING_POSTCODE);
    blocks(*state, "Meet at M11AE today.", FINDING_POSTCODE);
    assert_judged(*state, "KS2 4th in the relay.", JUDGE_ALLOW);
    assert_judged(*state, "Year 4 beat Year 5 by 6 points.", JUDGE_ALLOW);
}

static void a_pupils_date_of_birth_blocks(void **state)
{
    blocks(*state, "Party on 09/03/2015!", FINDING_DATE_OF_BIRTH);
    blocks(*state, "Born 9.3.15, ten today.", FINDING_DATE_OF_BIRTH);
    blocks(*state, "2015-03-09 was a Monday.", FINDING_DATE_OF_BIRTH);
    assert_judged(*state, "The fair is on 10/03/2015.", JUDGE_ALLOW);
}

static void exact_places_block(void **state)
{
    blocks(*state, "We are camping: 51.50740, -0.12780", FINDING_LOCATION);
    blocks(*state, "Find us: ///lamp.spoon.cactus", FINDING_LOCATION);
    assert_judged(*state, "Scores: 7.5, 8.2 and 9.1.", JUDGE_ALLOW);
}

static void a_finding_names_the_bytes_it_is_about(void **state)
{
    struct names_school *s = *state;
    const char *caption = "Crêpes! Locker B20418, thanks.";
    assert_judged(s, caption, JUDGE_BLOCK);
    assert_int_equal(s->n_found, 1);
    assert_memory_equal(caption + s->found[0].start, "B20418", 6);
    assert_int_equal(s->found[0].end - s->found[0].start, 6);
    assert_int_equal(s->found[0].person, 1);
    struct buffer masked;
    buffer_init(&masked, 1024);
    names_mask(&masked, text_of(caption), s->found, s->n_found);
    buffer_add_byte(&masked, 0);
    assert_string_equal((const char *)masked.at, "Crêpes! Locker [number], thanks.");
    buffer_release(&masked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pupil_numbers_block_known_or_not),
        cmocka_unit_test(admission_numbers_of_the_register_block),
        cmocka_unit_test(telephone_numbers_block_but_not_the_schools_own),
        cmocka_unit_test(mail_addresses_block_but_not_the_schools_own),
        cmocka_unit_test(links_off_the_list_block),
        cmocka_unit_test(postcodes_block),
        cmocka_unit_test(a_pupils_date_of_birth_blocks),
        cmocka_unit_test(exact_places_block),
        cmocka_unit_test(a_finding_names_the_bytes_it_is_about),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
