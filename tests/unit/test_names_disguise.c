/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A property: whatever is done to the letters, a pupil's full name never passes. */
#include <time.h>

#include "names_school.h"

#include "photogate/limits.h"

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

/* A disguise writes one full name into `out`. */
struct disguise {
    const char *name;
    void (*write)(struct buffer *out, struct text forename, struct text surname);
};

static void plain(struct buffer *out, struct text f, struct text s)
{
    buffer_add(out, f.at, f.n);
    buffer_add_byte(out, ' ');
    buffer_add(out, s.at, s.n);
}

static void reversed(struct buffer *out, struct text f, struct text s)
{
    buffer_add(out, s.at, s.n);
    buffer_add_cstr(out, ", ");
    buffer_add(out, f.at, f.n);
}

static void possessive(struct buffer *out, struct text f, struct text s)
{
    plain(out, f, s);
    buffer_add_cstr(out, "’s model");
}

static void folded(struct buffer *out, struct text f, struct text s)
{
    struct err err = {.text = ""};
    assert_int_equal(name_fold(f, out, &err), STATUS_OK);
    buffer_add_byte(out, ' ');
    assert_int_equal(name_fold(s, out, &err), STATUS_OK);
}

static void glued(struct buffer *out, struct text f, struct text s)
{
    buffer_add(out, f.at, f.n);
    buffer_add(out, s.at, s.n);
}

static void underscored(struct buffer *out, struct text f, struct text s)
{
    buffer_add(out, f.at, f.n);
    buffer_add_byte(out, '_');
    buffer_add(out, s.at, s.n);
}

static void starred(struct buffer *out, struct text f, struct text s)
{
    buffer_add(out, f.at, f.n);
    buffer_add_cstr(out, "⭐");
    buffer_add(out, s.at, s.n);
}

static void hashtag(struct buffer *out, struct text f, struct text s)
{
    buffer_add_cstr(out, "#Team");
    glued(out, f, s);
}

static void no_break_space(struct buffer *out, struct text f, struct text s)
{
    buffer_add(out, f.at, f.n);
    buffer_add_cstr(out, "&nbsp;");
    buffer_add(out, s.at, s.n);
}

static void between(struct buffer *out, struct text f, struct text s, const char *what)
{
    struct text parts[2] = {f, s};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < parts[k].n;) {
            size_t from = i;
            (void)text_next(parts[k], &i);
            buffer_add(out, parts[k].at + from, i - from);
            if (i < parts[k].n) {
                buffer_add_cstr(out, what);
            }
        }
        buffer_add_cstr(out, k ? "" : "   ");
    }
}

static void spaced(struct buffer *out, struct text f, struct text s)
{
    between(out, f, s, " ");
}
static void dotted(struct buffer *out, struct text f, struct text s)
{
    between(out, f, s, ".");
}
static void hidden(struct buffer *out, struct text f, struct text s)
{
    between(out, f, s, "\u200B");
}
static void soft(struct buffer *out, struct text f, struct text s)
{
    between(out, f, s, "\u00AD");
}

static void entities(struct buffer *out, struct text f, struct text s)
{
    struct buffer whole;
    buffer_init(&whole, 1024);
    plain(&whole, f, s);
    struct text t = {(const char *)whole.at, whole.n};
    for (size_t i = 0; i < t.n;) {
        buffer_format(out, "&#x%X;", (unsigned)text_next(t, &i));
    }
    buffer_release(&whole);
}

static void percent(struct buffer *out, struct text f, struct text s)
{
    struct buffer whole;
    buffer_init(&whole, 1024);
    plain(&whole, f, s);
    for (size_t i = 0; i < whole.n; i++) {
        buffer_format(out, "%%%02X", (unsigned)whole.at[i]);
    }
    buffer_release(&whole);
}

/* Letters a to z moved by `offset` code points into a styled alphabet; the others as they are. */
static void styled(struct buffer *out, struct text f, struct text s, uint32_t small)
{
    struct buffer whole;
    buffer_init(&whole, 1024);
    folded(&whole, f, s);
    for (size_t i = 0; i < whole.n; i++) {
        uint32_t c = whole.at[i];
        text_append_codepoint(out, c >= 'a' && c <= 'z' ? small + (c - 'a') : c);
    }
    buffer_release(&whole);
}

static void circled(struct buffer *out, struct text f, struct text s)
{
    styled(out, f, s, 0x24D0);
}
static void script(struct buffer *out, struct text f, struct text s)
{
    styled(out, f, s, 0x1D4EA);
}
static void wide(struct buffer *out, struct text f, struct text s)
{
    styled(out, f, s, 0xFF41);
}

static void swapped(struct buffer *out, struct text f, struct text s, const char *from,
                    const char *const *to)
{
    struct buffer whole;
    buffer_init(&whole, 1024);
    folded(&whole, f, s);
    for (size_t i = 0; i < whole.n; i++) {
        const char *at = whole.at[i] ? strchr(from, (char)whole.at[i]) : NULL;
        if (at) {
            buffer_add_cstr(out, to[at - from]);
        } else {
            buffer_add_byte(out, whole.at[i]);
        }
    }
    buffer_release(&whole);
}

static void cyrillic(struct buffer *out, struct text f, struct text s)
{
    static const char *const TO[] = {"а", "е", "о", "і"};
    swapped(out, f, s, "aeoi", TO);
}

static void leet(struct buffer *out, struct text f, struct text s)
{
    static const char *const TO[] = {"4", "3", "0", "1"};
    swapped(out, f, s, "aeoi", TO);
}

static void right_to_left(struct buffer *out, struct text f, struct text s)
{
    buffer_add_cstr(out, "\u202E");
    struct buffer whole;
    buffer_init(&whole, 1024);
    folded(&whole, f, s);
    for (size_t i = whole.n; i > 0; i--) {
        buffer_add_byte(out, whole.at[i - 1]);
    }
    buffer_add_cstr(out, "\u202C");
    buffer_release(&whole);
}

static const struct disguise DISGUISES[] = {
    {"plain", plain},       {"reversed", reversed}, {"possessive", possessive},
    {"folded", folded},     {"glued", glued},       {"underscored", underscored},
    {"starred", starred},   {"hashtag", hashtag},   {"no-break space", no_break_space},
    {"spaced", spaced},     {"dotted", dotted},     {"zero width", hidden},
    {"soft hyphens", soft}, {"entities", entities}, {"percent", percent},
    {"circled", circled},   {"script", script},     {"full width", wide},
    {"cyrillic", cyrillic}, {"leet", leet},         {"right to left", right_to_left},
};

/* %s is the name. */
static const char *const FRAMES[] = {"%s", "%s won the race.",
                                     "A big thank you to %s for the cake.",
                                     "Year 4 at the farm with %s and friends"};

static void try_name(struct names_school *s, const struct disguise *d, struct text f, struct text n)
{
    struct buffer name, caption;
    buffer_init(&name, 4096);
    buffer_init(&caption, 8192);
    d->write(&name, f, n);
    buffer_add_byte(&name, 0);
    for (size_t k = 0; k < sizeof FRAMES / sizeof FRAMES[0]; k++) {
        const char *hole = strstr(FRAMES[k], "%s");
        buffer_reset(&caption);
        buffer_add(&caption, FRAMES[k], (size_t)(hole - FRAMES[k]));
        buffer_add(&caption, name.at, name.n - 1);
        buffer_add_cstr(&caption, hole + 2);
        struct text text = {(const char *)caption.at, caption.n};
        for (int role = TEXT_ROLE_CAPTION; role <= TEXT_ROLE_CREDIT; role++) {
            enum judgement got = judged_as(s, text, (enum text_role)role, NAMES_NEVER);
            if (got == JUDGE_ALLOW) {
                print_error("%s passes (role %d): %.*s\n", d->name, role, TEXT_ARG(text));
            }
            assert_int_not_equal(got, JUDGE_ALLOW);
        }
    }
    buffer_release(&name);
    buffer_release(&caption);
}

static void no_disguise_lets_a_full_name_pass(void **state)
{
    struct names_school *s = *state;
    for (size_t i = 0; i < N_NAMES_PUPILS; i++) {
        const struct person *p = &s->people[i];
        for (size_t d = 0; d < sizeof DISGUISES / sizeof DISGUISES[0]; d++) {
            /* "poppy meadows" in lower case, among words with capitals, are flowers: rule 3 */
            bool words = text_equal(p->legal_forename, TEXT("Poppy")) ||
                         text_equal(p->legal_forename, TEXT("Grace")) ||
                         text_equal(p->legal_forename, TEXT("Will")) ||
                         text_equal(p->legal_forename, TEXT("Florence"));
            if (words && DISGUISES[d].write == folded) {
                continue;
            }
            try_name(s, &DISGUISES[d], p->legal_forename, p->legal_surname);
            if (p->known_forename.n) {
                try_name(s, &DISGUISES[d], p->known_forename, p->legal_surname);
            }
        }
    }
}

static void ordinary_use_of_odd_characters_passes(void **state)
{
    struct names_school *s = *state;
    assert_judged(s, "A 5 µm filter and a 3 kΩ resistor™", JUDGE_ALLOW);
    assert_judged(s, "Family day 👨‍👩‍👧 at the farm 🐑", JUDGE_ALLOW);
    assert_judged(s, "Crêpes, pâté and jalapeños", JUDGE_ALLOW);
    assert_judged(s, "\uFEFFOur harvest assembly", JUDGE_ALLOW);
    assert_judged(s, "Ⓜ marks the metro station", JUDGE_ALLOW);
    assert_judged(s, "No. 1 team: 50% &amp; rising", JUDGE_ALLOW);
}

static void marks_without_end_are_held(void **state)
{
    struct names_school *s = *state;
    struct buffer b;
    buffer_init(&b, MAX_TEXT_BYTES);
    buffer_add_cstr(&b, "Z");
    for (int i = 0; i < 400; i++) {
        buffer_add_cstr(&b, "\u0337");
    }
    assert_int_equal(
        judged_as(s, (struct text){(const char *)b.at, b.n}, TEXT_ROLE_CAPTION, NAMES_NEVER),
        JUDGE_REVIEW);
    buffer_release(&b);
}

/* Hostile texts of full length stay linear: each is judged well within a second, sanitizers
 * included. */
static void the_longest_hostile_text_is_judged_in_time(void **state)
{
    static const char *const UNITS[] = {"a ",      "K",   "K.",         "&",   "%C3",     "ﷺ",
                                        "1 ",      "#a",  "@",          "o'",  "0 ",      "a@",
                                        "a.b",     "\\u", "Will ",      "ﬃ",   "st ",     "1.1",
                                        "May is ", "Mr ", "back at 5 ", "مر ", "will be "};
    struct names_school *s = *state;
    struct buffer b;
    buffer_init(&b, MAX_TEXT_BYTES + 16);
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        buffer_reset(&b);
        while (b.n + strlen(UNITS[i]) <= MAX_TEXT_BYTES) {
            buffer_add_cstr(&b, UNITS[i]);
        }
        clock_t begun = clock();
        (void)judged_as(s, (struct text){(const char *)b.at, b.n}, TEXT_ROLE_CAPTION, NAMES_NEVER);
        double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
        if (seconds > 1.0) {
            print_error("\"%s\" repeated: %.2f s\n", UNITS[i], seconds);
        }
        assert_true(seconds <= 1.0);
    }
    buffer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_disguise_lets_a_full_name_pass),
        cmocka_unit_test(ordinary_use_of_odd_characters_passes),
        cmocka_unit_test(marks_without_end_are_held),
        cmocka_unit_test(the_longest_hostile_text_is_judged_in_time),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
