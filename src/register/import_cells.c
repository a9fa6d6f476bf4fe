/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a cell. Only a word on the list of yes is a yes; what is on no list, or carries a
 * condition, is unclear: a person must read it. source  ARCHITECTURE.md, principle 1 */
#include "register/import_parts.h"

#include <string.h>

struct answer_word {
    const char *word;
    enum answer answer;
};

static const struct answer_word ANSWERS[] = {
    {"y", ANSWER_YES},
    {"yes", ANSWER_YES},
    {"true", ANSWER_YES},
    {"t", ANSWER_YES},
    {"1", ANSWER_YES},
    {"granted", ANSWER_YES},
    {"confirmed", ANSWER_YES},
    {"received", ANSWER_YES},
    {"consented", ANSWER_YES},
    {"given", ANSWER_YES},
    {"n", ANSWER_NO},
    {"no", ANSWER_NO},
    {"false", ANSWER_NO},
    {"f", ANSWER_NO},
    {"0", ANSWER_NO},
    {"not", ANSWER_NO},
    {"none", ANSWER_NO},
    {"never", ANSWER_NO},
    {"n/a", ANSWER_NO},
    {"na", ANSWER_NO},
    {"-", ANSWER_NO},
    {"refused", ANSWER_NO},
    {"denied", ANSWER_NO},
    {"declined", ANSWER_NO},
    {"withheld", ANSWER_NO},
    {"withdrawn", ANSWER_WITHDRAWN},
    {"withdrew", ANSWER_WITHDRAWN},
    {"revoked", ANSWER_WITHDRAWN},
    {"objected", ANSWER_OBJECTED},
    {"objects", ANSWER_OBJECTED},
    {"objection", ANSWER_OBJECTED},
    {"requested", ANSWER_REQUESTED},
    {"pending", ANSWER_REQUESTED},
    {"awaiting", ANSWER_REQUESTED},
    {"awaited", ANSWER_REQUESTED},
    {"outstanding", ANSWER_REQUESTED},
};

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

/* The letters and digits `t` begins with; "n/a" is one word. */
static struct text first_word(struct text t)
{
    size_t n = 0;
    while (n < t.n && is_letter_or_digit(t.at[n])) {
        n++;
    }
    return text_slice(t, 0, n);
}

static bool look_up(struct text word, enum answer *out)
{
    for (size_t i = 0; i < COUNT_OF(ANSWERS); i++) {
        if (text_equal_nocase(word, text_of(ANSWERS[i].word))) {
            *out = ANSWERS[i].answer;
            return true;
        }
    }
    return false;
}

static struct text without_full_stop(struct text t)
{
    return t.n > 1 && t.at[t.n - 1] == '.' ? text_slice(t, 0, t.n - 1) : t;
}

enum answer cell_answer(struct text cell)
{
    enum answer answer = ANSWER_UNCLEAR;
    struct text t = without_full_stop(text_trim(cell));
    if (t.n == 0) {
        return ANSWER_BLANK;
    }
    if (look_up(t, &answer)) {
        return answer;
    }
    if (memchr(t.at, '?', t.n)) {
        return ANSWER_UNCLEAR;
    }
    /* More words: "Not Granted", "No - see letter", "Pending reply" take away and may be read by
     * their first; "Y - not Facebook" gives something that no column holds. */
    if (!look_up(first_word(t), &answer) || answer == ANSWER_YES) {
        return ANSWER_UNCLEAR;
    }
    return answer;
}

/* What a do-not-publish or objection cell says. Not the list of the answers: "refused" in a consent
 * column is a no, and in one of these it puts the child on the list. */
static const struct {
    const char *word;
    enum known listed;
} LISTED[] = {
    {"n", KNOWN_NO},
    {"no", KNOWN_NO},
    {"false", KNOWN_NO},
    {"f", KNOWN_NO},
    {"0", KNOWN_NO},
    {"none", KNOWN_NO},
    {"n/a", KNOWN_NO},
    {"na", KNOWN_NO},
    {"-", KNOWN_NO},
    {"refused", KNOWN_YES},
    {"objected", KNOWN_YES},
    {"objects", KNOWN_YES},
    {"withheld", KNOWN_YES},
    {"declined", KNOWN_YES},
    {"never", KNOWN_YES},
    {"denied", KNOWN_YES},
    {"do not publish", KNOWN_YES},
    {"listed", KNOWN_YES},
};

enum known cell_listed(struct text cell)
{
    enum answer answer;
    struct text t = without_full_stop(text_trim(cell));
    if (t.n == 0) {
        return KNOWN_NO;
    }
    for (size_t i = 0; i < COUNT_OF(LISTED); i++) {
        if (text_equal_nocase(t, text_of(LISTED[i].word))) {
            return LISTED[i].listed;
        }
    }
    /* "Yes - ask the office": listed, and the rest is a reason, which is not kept. "No photos" is
     * not a no. */
    return look_up(first_word(t), &answer) && answer == ANSWER_YES ? KNOWN_YES : KNOWN_UNKNOWN;
}

/* A cell as words with one space between: "Single (E-mail)" is "single e mail". Any other mark is
 * part of its word, so that "form?" is on no list. */
struct plain_words {
    char at[64];
    size_t n;
};

static bool is_between_words(char c)
{
    return memchr(" -()./,:", c, sizeof " -()./,:" - 1) != NULL;
}

/* In `out`; empty when there is no word, or more than any list holds. */
static struct text plain(struct text cell, struct plain_words *out)
{
    out->n = 0;
    for (size_t i = 0; i < cell.n; i++) {
        char c = cell.at[i];
        if (is_between_words(c)) {
            continue;
        }
        if (out->n + 2 > sizeof out->at) {
            return TEXT_NONE;
        }
        if (out->n && is_between_words(cell.at[i - 1])) {
            out->at[out->n++] = ' ';
        }
        out->at[out->n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return (struct text){out->at, out->n};
}

/* Enrolment as schools' systems write it (Common Basic Data Set, "enrolment status": C current, M
 * current main, S current subsidiary, G guest, F future, O other, P previous). The whole cell: "1 -
 * left" is nobody on the roll. */
static const struct {
    const char *words;
    enum known on_roll;
} ENROLMENT[] = {
    {"y", KNOWN_YES},
    {"yes", KNOWN_YES},
    {"true", KNOWN_YES},
    {"t", KNOWN_YES},
    {"1", KNOWN_YES},
    {"c", KNOWN_YES},
    {"m", KNOWN_YES},
    {"s", KNOWN_YES},
    {"g", KNOWN_YES},
    {"current", KNOWN_YES},
    {"c current", KNOWN_YES},
    {"on roll", KNOWN_YES},
    {"single", KNOWN_YES},
    {"single registration", KNOWN_YES},
    {"current single", KNOWN_YES},
    {"current single registration", KNOWN_YES},
    {"current single registration at this school", KNOWN_YES},
    {"main", KNOWN_YES},
    {"m main", KNOWN_YES},
    {"main dual registration", KNOWN_YES},
    {"current main", KNOWN_YES},
    {"current main dual registration", KNOWN_YES},
    {"subsidiary", KNOWN_YES},
    {"s subsidiary", KNOWN_YES},
    {"subsidiary dual registration", KNOWN_YES},
    {"current subsidiary", KNOWN_YES},
    {"current subsidiary dual registration", KNOWN_YES},
    {"guest", KNOWN_YES},
    {"g guest", KNOWN_YES},
    {"guest pupil", KNOWN_YES},
    {"dual", KNOWN_YES},
    {"dual registration", KNOWN_YES},
    {"active", KNOWN_YES},
    {"enrolled", KNOWN_YES},
    {"n", KNOWN_NO},
    {"no", KNOWN_NO},
    {"false", KNOWN_NO},
    {"f", KNOWN_UNKNOWN}, /* "false", or a future pupil */
    {"0", KNOWN_NO},
    {"p", KNOWN_NO},
    {"previous", KNOWN_NO},
    {"p previous", KNOWN_NO},
    {"leaver", KNOWN_NO},
    {"left", KNOWN_NO},
    {"former", KNOWN_NO},
    {"leavers", KNOWN_NO},
    {"inactive", KNOWN_NO},
};

enum known cell_on_roll(struct text cell)
{
    struct plain_words words;
    struct text t = plain(cell, &words);
    for (size_t i = 0; i < COUNT_OF(ENROLMENT); i++) {
        if (text_equal(t, text_of(ENROLMENT[i].words))) {
            return ENROLMENT[i].on_roll;
        }
    }
    return KNOWN_UNKNOWN;
}

/* The whole cell: "no form returned" and "said yes, form to follow" hold the word and are none. */
static const struct {
    const char *words;
    enum consent_method method;
} METHODS[] = {
    {"paper", METHOD_PAPER},
    {"on paper", METHOD_PAPER},
    {"paper form", METHOD_PAPER},
    {"paper form signed", METHOD_PAPER},
    {"paper consent form", METHOD_PAPER},
    {"paper letter", METHOD_PAPER},
    {"form", METHOD_PAPER},
    {"by form", METHOD_PAPER},
    {"signed form", METHOD_PAPER},
    {"signed paper form", METHOD_PAPER},
    {"signed consent form", METHOD_PAPER},
    {"consent form", METHOD_PAPER},
    {"permission form", METHOD_PAPER},
    {"photo form", METHOD_PAPER},
    {"photo consent form", METHOD_PAPER},
    {"admission form", METHOD_PAPER},
    {"admissions form", METHOD_PAPER},
    {"enrolment form", METHOD_PAPER},
    {"data collection form", METHOD_PAPER},
    {"data collection sheet", METHOD_PAPER},
    {"letter", METHOD_PAPER},
    {"by letter", METHOD_PAPER},
    {"signed letter", METHOD_PAPER},
    {"slip", METHOD_PAPER},
    {"signed slip", METHOD_PAPER},
    {"reply slip", METHOD_PAPER},
    {"permission slip", METHOD_PAPER},
    {"written", METHOD_PAPER},
    {"in writing", METHOD_PAPER},
    {"app", METHOD_APP},
    {"by app", METHOD_APP},
    {"parent app", METHOD_APP},
    {"parents app", METHOD_APP},
    {"school app", METHOD_APP},
    {"mobile app", METHOD_APP},
    {"parentmail", METHOD_APP},
    {"parentpay", METHOD_APP},
    {"arbor", METHOD_APP},
    {"arbor app", METHOD_APP},
    {"arbor parent portal", METHOD_APP},
    {"sims parent", METHOD_APP},
    {"bromcom", METHOD_APP},
    {"mychildatschool", METHOD_APP},
    {"mcas", METHOD_APP},
    {"studybugs", METHOD_APP},
    {"weduc", METHOD_APP},
    {"portal", METHOD_APP},
    {"parent portal", METHOD_APP},
    {"online", METHOD_APP},
    {"online form", METHOD_APP},
    {"online portal", METHOD_APP},
    {"web form", METHOD_APP},
    {"webform", METHOD_APP},
    {"electronic form", METHOD_APP},
    {"google form", METHOD_APP},
    {"microsoft form", METHOD_APP},
    {"microsoft forms", METHOD_APP},
    {"ms forms", METHOD_APP},
    {"e mail", METHOD_EMAIL},
    {"email", METHOD_EMAIL},
    {"by e mail", METHOD_EMAIL},
    {"by email", METHOD_EMAIL},
};

/* Neither counts as written; what was plainly said aloud needs no question about what it is. */
static const char *const SPOKEN[] = {"verbal", "verbally", "phone",  "phoned",    "spoken",
                                     "spoke",  "oral",     "orally", "telephone", "call",
                                     "called", "said",     "told",   "person"};

enum consent_method cell_method(struct text cell)
{
    struct plain_words words;
    struct text t = plain(cell, &words);
    for (size_t i = 0; i < COUNT_OF(METHODS); i++) {
        if (text_equal(t, text_of(METHODS[i].words))) {
            return METHODS[i].method;
        }
    }
    while (t.n) {
        struct text word = text_cut(t, ' ', &t);
        for (size_t i = 0; i < COUNT_OF(SPOKEN); i++) {
            if (text_equal(word, text_of(SPOKEN[i]))) {
                return METHOD_VERBAL;
            }
        }
    }
    return METHOD_UNKNOWN;
}

bool cell_is_formula(struct text cell)
{
    if (cell.n == 0) {
        return false;
    }
    char c = cell.at[0], next = cell.n > 1 ? cell.at[1] : ' ';
    if (c == '=' || c == '@') {
        return true;
    }
    if (c == '#') { /* a spreadsheet's error: #REF!, #N/A, #NAME? */
        return next >= 'A' && next <= 'Z';
    }
    return (c == '+' || c == '-') && is_letter_or_digit(next) && (next < '0' || next > '9');
}

bool cell_is_scientific(struct text cell)
{
    size_t digits = 0, i = 0;
    while (i < cell.n && ((cell.at[i] >= '0' && cell.at[i] <= '9') || cell.at[i] == '.')) {
        digits += cell.at[i] != '.';
        i++;
    }
    if (digits == 0 || i + 1 >= cell.n || (cell.at[i] != 'E' && cell.at[i] != 'e')) {
        return false;
    }
    i++;
    if (cell.at[i] == '+' || cell.at[i] == '-') {
        i++;
    }
    uint64_t exponent;
    return text_to_number(text_slice(cell, i, cell.n), 999, &exponent);
}

/* What the bytes 80 to BF are in Windows-1252, when UTF-8 was read as that: the second half of a
 * garbled letter. */
static bool is_1252_high_half(uint32_t c)
{
    static const uint16_t SPECIALS[] = {
        0x20AC, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
        0x0160, 0x2039, 0x0152, 0x017D, 0x2018, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x017E, 0x0178, 0x2019,
    };
    if (c >= 0x80 && c <= 0xBF) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(SPECIALS); i++) {
        if (SPECIALS[i] == c) {
            return true;
        }
    }
    return false;
}

const char *cell_name_fault(struct text cell)
{
    uint32_t before = 0;
    if (!text_is_printable(cell)) {
        return "the name holds characters that cannot be seen";
    }
    for (size_t i = 0; i < cell.n;) {
        uint32_t c = text_next(cell, &i);
        if (c == '?' || c == 0xFFFD) {
            return "a letter of the name is lost ('?'); export as 'CSV UTF-8'";
        }
        if (before >= 0xC2 && before <= 0xC5 && is_1252_high_half(c)) {
            return "letters of the name are garbled; export as 'CSV UTF-8'";
        }
        before = c;
    }
    return NULL;
}
