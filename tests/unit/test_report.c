/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages: what the office reads, what the DPO reads, and that neither can be broken by what
 * stands in a photo. */
#include <stdio.h>
#include <stdlib.h>

#include "report_model.h"

static report_writer *const WRITERS[] = {report_office_html,  report_rejections_csv,
                                         report_run_json,     report_dpo_html,
                                         report_evidence_csv, report_captions_csv};
enum { N_WRITERS = sizeof WRITERS / sizeof WRITERS[0] };

/* One that names nobody: everything but the DPO's two. */
static report_writer *const NAMELESS[] = {report_office_html, report_rejections_csv,
                                          report_run_json, report_captions_csv};
enum { N_NAMELESS = sizeof NAMELESS / sizeof NAMELESS[0] };

#define HOSTILE "\"'><script>alert(1)</script>\n\x1b[31m\xe2\x80\xae\xff=1+1,@SUM(A1)&amp;"

/* Is `page` well-formed: each element closed in order, no raw '<' or '&' in text, attributes
 * quoted? */
static void assert_well_formed(const char *page)
{
    char open[64][16];
    size_t depth = 0;
    const char *at = page;
    assert_memory_equal(at, "<!DOCTYPE html>", 15);
    for (at += 15; *at; at++) {
        if (*at == '&') {
            size_t n = strspn(at + 1, "#abcdefghijklmnopqrstuvwxyz0123456789");
            assert_true(n > 0 && at[1 + n] == ';');
        }
        assert_true(*at != '>');
        if (*at != '<') {
            continue;
        }
        bool closing = at[1] == '/';
        const char *name = at + 1 + closing;
        size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz1234");
        assert_in_range(n, 1, 15);
        bool in_quotes = false;
        for (at = name + n; *at && (in_quotes || *at != '>'); at++) {
            in_quotes ^= *at == '"';
            assert_true(*at != '<');
        }
        assert_true(*at == '>' && !in_quotes);
        if (closing) {
            assert_true(depth > 0);
            depth--;
            assert_int_equal(strlen(open[depth]), n);
            assert_memory_equal(open[depth], name, n);
        } else if (at[-1] != '/') {
            assert_true(depth < 64);
            memcpy(open[depth], name, n);
            open[depth++][n] = '\0';
            if (strncmp(name, "style", 5) == 0) {
                at = strstr(at, "</style>") - 1; /* its '>' are combinators */
            }
        }
    }
    assert_int_equal(depth, 0);
}

static void the_office_sees_the_counts_first(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    const char *page = model_write(report_office_html, &m.report, &b);
    assert_has(page,
               "8 photos: 2 may be published, 2 need a person's look, 4 may not be published");
    assert_true(strstr(page, "8 photos:") < strstr(page, "<main"));
    assert_has(page, "School website");
    assert_has(page, "Friday 20 November 2026");
    assert_has(page, "approved/sports-week/");
    assert_has(page, "Mrs Hale, dpo@oakmere.example");
    assert_has(page, "photos.csv, row 7");
    assert_has(page, "2 other files in the folder are no photos and were passed over");
    buffer_release(&b);
}

static void one_photo_is_counted_in_the_singular(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    m.report.items = &m.items[UNTAGGED];
    m.report.n_items = 1;
    const char *page = model_write(report_office_html, &m.report, &b);
    assert_has(page, "1 photo: 0 may be published, 1 needs a person's look, 0 may not");
    assert_has(page, "None in this batch");
    buffer_release(&b);
}

static void an_empty_folder_has_a_report(void **state)
{
    (void)state;
    static struct report_model m;
    model_make(&m);
    m.report.n_items = 0;
    m.report.items = NULL;
    for (size_t i = 0; i < N_WRITERS; i++) {
        struct buffer b;
        (void)model_write(WRITERS[i], &m.report, &b);
        buffer_release(&b);
    }
    struct buffer b;
    assert_has(model_write(report_office_html, &m.report, &b), "No photos were found");
    buffer_release(&b);
}

static void no_report_but_the_dpos_names_a_pupil(void **state)
{
    (void)state;
    static struct report_model m;
    model_make(&m);
    static const char *const NAMES[] = {"Oskar", "Brandt", "Priya", "Raman", "Goal by"};
    for (size_t i = 0; i < N_NAMELESS; i++) {
        struct buffer b;
        const char *text = model_write(NAMELESS[i], &m.report, &b);
        for (size_t k = 0; k < sizeof NAMES / sizeof NAMES[0]; k++) {
            assert_lacks(text, NAMES[k]);
        }
        buffer_release(&b);
    }
}

/* Neither code, name, title nor clause of a rule that protects: nor anything that differs between
 * two of them. */
static void no_report_but_the_dpos_says_why_somebody_is_protected(void **state)
{
    (void)state;
    static struct report_model m;
    size_t n_rules;
    const struct rule *rules = rules_all(&n_rules);
    for (size_t i = 0; i < N_NAMELESS; i++) {
        struct buffer first, second;
        model_make(&m);
        const char *text = model_write(NAMELESS[i], &m.report, &first);
        for (size_t k = 0; k < n_rules; k++) {
            if (rules[k].protects) {
                assert_lacks(text, rules[k].code);
                assert_lacks(text, rules[k].name);
                assert_lacks(text, rules[k].title);
                assert_lacks(text, rules[k].clause);
            }
        }
        m.hits[PROTECTED][0].rule = rule_by_code(TEXT("P02"));
        m.hits[PROTECTED][1].rule = rule_by_code(TEXT("C01"));
        m.rulings[PROTECTED].n_hits = 2;
        /* the other way round: C08 after P01 is the order in which other rules would have filed
         * them */
        struct hit swapped = m.hits[MIXED][0];
        m.hits[MIXED][0] = m.hits[MIXED][1];
        m.hits[MIXED][1] = swapped;
        assert_string_equal(text, model_write(NAMELESS[i], &m.report, &second));
        buffer_release(&first);
        buffer_release(&second);
    }
}

static void equal_sentences_and_remedies_are_told_once(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    m.report.items = &m.items[PROTECTED];
    m.report.n_items = 1;
    const char *page = model_write(report_office_html, &m.report, &b);
    assert_int_equal(count_of(page, SECRET_REFUSED), 1);
    assert_int_equal(count_of(page, "Do not use this photo here."), 1);
    buffer_release(&b);
}

static void an_open_reason_has_its_code_and_its_remedy(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    const char *page = model_write(report_office_html, &m.report, &b);
    assert_has(page, "This file is damaged or cut short. <span class=\"code\">rule F02</span>");
    assert_has(page, "Copy the photo again from the camera");
    assert_has(page, "case 21");
    buffer_release(&b);
}

static void a_refusal_without_a_reason_is_told_as_a_fault(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    assert_has(model_write(report_office_html, &m.report, &b), "This is a fault in photogate");
    buffer_release(&b);
    assert_has(model_write(report_rejections_csv, &m.report, &b), "This is a fault in photogate");
    buffer_release(&b);
    assert_has(model_write(report_dpo_html, &m.report, &b), "Refused without a reason");
    buffer_release(&b);
    assert_has(model_write(report_evidence_csv, &m.report, &b), "refused without a reason");
    buffer_release(&b);
}

static void pages_are_well_formed_whatever_stands_in_a_photo(void **state)
{
    (void)state;
    static struct report_model m;
    model_make(&m);
    struct text evil = TEXT(HOSTILE);
    m.report.school = m.report.batch = m.report.dpo_contact = m.report.program_version = evil;
    m.report.face_detector = m.report.confinement = m.notes[0].text = evil;
    m.channel.name = m.channel.title = m.channel.owners = evil;
    m.policy.name = m.policy.title = m.policy.version = m.policy.source = evil;
    m.clauses[0].header = evil;
    m.consents[OSKAR].given_by = m.consents[OSKAR].notice_version = evil;
    m.consents[OSKAR].source_file = m.people[OSKAR].reg_group = evil;
    m.people[OSKAR].legal_forename = m.people[OSKAR].known_surname = evil;
    m.carriers[0].note = evil;
    for (size_t i = 0; i < N_MODEL_PHOTOS; i++) {
        struct evidence *e = &m.evidence[i];
        e->name = e->exam_note = e->own_caption = e->creator = e->copyright = evil;
        e->said = (struct statement){.present = KNOWN_YES, .caption = evil, .credit = evil};
        e->said.trouble = evil;
        m.tags[i][0].name = m.items[i].shown_name = evil;
        m.items[i].published_caption = m.items[i].published_credit = evil;
        m.items[i].published_name = evil;
        for (size_t k = 0; k < m.rulings[i].n_hits; k++) {
            m.hits[i][k].office = m.hits[i][k].dpo = evil;
        }
    }
    static report_writer *const PAGES[] = {report_office_html, report_dpo_html};
    for (size_t i = 0; i < 2; i++) {
        struct buffer b;
        const char *page = model_write(PAGES[i], &m.report, &b);
        assert_well_formed(page);
        assert_lacks(page, "<script");
        assert_lacks(page, "\x1b");
        assert_lacks(page, "\xe2\x80\xae");
        assert_true(text_is_utf8(text_of(page)));
        assert_has(page, "&lt;script&gt;");
        assert_has(page, "\\u{202E}");
        assert_has(page, "&amp;amp;");
        buffer_release(&b);
    }
}

/* Nothing fetched, nothing run, and the structure that a screen reader walks by. */
static void pages_stand_alone_and_can_be_walked(void **state)
{
    (void)state;
    static struct report_model m;
    model_make(&m);
    static report_writer *const PAGES[] = {report_office_html, report_dpo_html};
    for (size_t i = 0; i < 2; i++) {
        struct buffer b;
        const char *page = model_write(PAGES[i], &m.report, &b);
        assert_well_formed(page);
        assert_has(page, "<html lang=\"en-GB\">");
        assert_has(page, "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'");
        assert_has(page, "name=\"viewport\"");
        static const char *const ABSENT[] = {"<script", "http:", "https:",   "<link",
                                             "@import", "url(",  "style=\"", "onload"};
        for (size_t k = 0; k < sizeof ABSENT / sizeof ABSENT[0]; k++) {
            assert_lacks(page, ABSENT[k]);
        }
        assert_int_equal(count_of(page, "<h1>"), 1);
        assert_int_equal(count_of(page, "<main id=\"main\">"), 1);
        assert_int_equal(count_of(page, "<header>"), 1);
        assert_int_equal(count_of(page, "<footer>"), 1);
        assert_has(page, "href=\"#main\"");
        int level = 0;
        for (const char *at = strstr(page, "<h"); at; at = strstr(at + 1, "<h")) {
            if (at[2] >= '1' && at[2] <= '6') {
                assert_true(at[2] - '0' <= level + 1);
                level = at[2] - '0';
            }
        }
        assert_int_equal(count_of(page, "<img "), count_of(page, "<img alt=\"Small picture"));
        assert_int_equal(count_of(page, "<th>"), 0);
        assert_has(page, "<th scope=\"row\">");
        buffer_release(&b);
    }
}

static void a_small_picture_is_carried_in_the_page(void **state)
{
    (void)state;
    static struct report_model m;
    static const uint8_t JPEG[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2};
    static const uint8_t OTHER[] = "<svg onload=alert(1)>";
    struct buffer b;
    model_make(&m);
    m.evidence[PROTECTED].preview = (struct bytes){JPEG, sizeof JPEG};
    m.evidence[MIXED].preview = (struct bytes){OTHER, sizeof OTHER - 1};
    const char *page = model_write(report_office_html, &m.report, &b);
    assert_has(page, "<img alt=\"Small picture of the photo in case 19\" "
                     "src=\"data:image/jpeg;base64,/9j/4AABAg==\"/>");
    assert_int_equal(count_of(page, "<img "), 1);
    assert_int_equal(count_of(page, "No small picture"), 5);
    buffer_release(&b);
}

/* Longer than one block of the encoder: decoded by hand, it is the picture again. */
static void a_long_picture_comes_through_whole(void **state)
{
    (void)state;
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static struct report_model m;
    static uint8_t jpeg[5000];
    struct buffer b;
    for (size_t i = 0; i < sizeof jpeg; i++) {
        jpeg[i] = (uint8_t)(i * i / 7);
    }
    memcpy(jpeg, "\xFF\xD8\xFF", 3);
    model_make(&m);
    m.evidence[PROTECTED].preview = (struct bytes){jpeg, sizeof jpeg};
    const char *at = strstr(model_write(report_office_html, &m.report, &b), "base64,");
    assert_non_null(at);
    at += 7;
    uint32_t bits = 0;
    size_t n_bits = 0, n = 0;
    for (; *at != '"' && *at != '='; at++) {
        const char *digit = strchr(DIGITS, *at);
        assert_non_null(digit);
        bits = bits << 6 | (uint32_t)(digit - DIGITS);
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            assert_true(n < sizeof jpeg);
            assert_int_equal(bits >> n_bits & 0xFF, jpeg[n]);
            n++;
        }
    }
    assert_int_equal(n, sizeof jpeg);
    buffer_release(&b);
}

static void each_assurance_is_explained(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    assert_has(model_write(report_office_html, &m.report, &b), "scripts/fetch-face-model");
    buffer_release(&b);
    m.report.face_assurance = ASSURANCE_HIGH;
    const char *page = model_write(report_office_html, &m.report, &b);
    assert_lacks(strstr(page, "How this was checked"), "fetch-face-model");
    assert_has(page, "recognises nobody");
    buffer_release(&b);
    m.report.face_assurance = ASSURANCE_NONE;
    assert_has(model_write(report_office_html, &m.report, &b), "Nothing looked for faces");
    buffer_release(&b);
}

static void an_overdue_policy_is_told_from_its_day_on(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    m.policy.review_date = model_day(2026, 11, 21);
    assert_lacks(model_write(report_office_html, &m.report, &b), "due to be looked at");
    buffer_release(&b);
    m.policy.review_date = model_day(2026, 11, 20);
    assert_has(model_write(report_office_html, &m.report, &b), "due to be looked at");
    buffer_release(&b);
    assert_has(model_write(report_dpo_html, &m.report, &b), "due to be looked at");
    buffer_release(&b);
}

static void the_dpo_reads_who_approved_what_is_loose(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    assert_lacks(model_write(report_dpo_html, &m.report, &b), "Looser than the safe default");
    buffer_release(&b);
    const struct policy_approval approval = {TEXT("conf"), TEXT("Mrs <Ash>, head teacher"),
                                             model_day(2026, 9, 1)};
    m.policy.approvals = &approval;
    m.policy.n_approvals = 1;
    const char *page = model_write(report_dpo_html, &m.report, &b);
    assert_has(page, "Looser than the safe default, approved by");
    assert_has(page, "Mrs &lt;Ash&gt;, head teacher");
    buffer_release(&b);
    assert_lacks(model_write(report_office_html, &m.report, &b), "head teacher");
    buffer_release(&b);
}

static void the_dpo_reads_people_events_and_digests(void **state)
{
    (void)state;
    static struct report_model m;
    struct buffer b;
    model_make(&m);
    const char *page = model_write(report_dpo_html, &m.report, &b);
    static const char *const THERE[] = {
        "Confidential",
        "4444444444444444",
        "3333333333333333",
        "6666666666666666",
        "77 entries",
        "version 3, 3 people",
        "Landlock ABI 6",
        "Oskar_Brandt.jpg",
        "a3a3a3a3a3a3a3a3",
        "5555555555555555",
        "trimmed by 0 px on the right and 8 px at the bottom",
        "This photo carried: EXIF location, XMP person in image, camera maker&#39;s notes.",
        "It gave away: where it was taken (51.50735 N, 0.12776 W).",
        "Priya Raman (4B)",
        "event 41: website granted on 2026-09-03 by Mother, paper, notice 2026-1; recorded "
        "2026-09-04 from pupils.csv row 12",
        "Oskar Brandt (4B) is on the do-not-publish list.",
        "<strong>do not publish</strong>",
        "P01 Somebody must not be published",
        "Section 11, paragraph 4",
        "Goal by Oskar Brandt",
        "No rule stops it.",
    };
    for (size_t i = 0; i < sizeof THERE / sizeof THERE[0]; i++) {
        assert_has(page, THERE[i]);
    }
    buffer_release(&b);
}

static void the_same_model_gives_the_same_bytes(void **state)
{
    (void)state;
    static struct report_model m, again;
    model_make(&m);
    model_make(&again);
    for (size_t i = 0; i < N_MODEL_PHOTOS; i++) {
        again.items[i].as_before = true; /* what the ledger knew already changes nothing */
    }
    for (size_t i = 0; i < N_WRITERS; i++) {
        struct buffer one, two;
        assert_string_equal(model_write(WRITERS[i], &m.report, &one),
                            model_write(WRITERS[i], &again.report, &two));
        buffer_release(&one);
        buffer_release(&two);
    }
}

/* A report cut short must not pass for one. */
static void a_full_buffer_is_a_failure(void **state)
{
    (void)state;
    static struct report_model m;
    model_make(&m);
    for (size_t i = 0; i < N_WRITERS; i++) {
        struct buffer b;
        struct err err = {0};
        buffer_init(&b, 60);
        assert_int_equal(WRITERS[i](&m.report, &b, &err), STATUS_LIMIT);
        assert_true(err.text[0] != '\0');
        buffer_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_office_sees_the_counts_first),
        cmocka_unit_test(one_photo_is_counted_in_the_singular),
        cmocka_unit_test(an_empty_folder_has_a_report),
        cmocka_unit_test(no_report_but_the_dpos_names_a_pupil),
        cmocka_unit_test(no_report_but_the_dpos_says_why_somebody_is_protected),
        cmocka_unit_test(equal_sentences_and_remedies_are_told_once),
        cmocka_unit_test(an_open_reason_has_its_code_and_its_remedy),
        cmocka_unit_test(a_refusal_without_a_reason_is_told_as_a_fault),
        cmocka_unit_test(pages_are_well_formed_whatever_stands_in_a_photo),
        cmocka_unit_test(pages_stand_alone_and_can_be_walked),
        cmocka_unit_test(a_small_picture_is_carried_in_the_page),
        cmocka_unit_test(a_long_picture_comes_through_whole),
        cmocka_unit_test(each_assurance_is_explained),
        cmocka_unit_test(an_overdue_policy_is_told_from_its_day_on),
        cmocka_unit_test(the_dpo_reads_who_approved_what_is_loose),
        cmocka_unit_test(the_dpo_reads_people_events_and_digests),
        cmocka_unit_test(the_same_model_gives_the_same_bytes),
        cmocka_unit_test(a_full_buffer_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
