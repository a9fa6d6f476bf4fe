/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where photos were published: the list, the clock, and the addresses that may be kept. */
#include "names_school.h"
#include "photogate/posted.h"

#include <time.h>
#include <unistd.h>

#define PAGE "https://school.example/news/12"

/* ---- the list -------------------------------------------------------------------------------- */

#define NOON "2026-11-20T12:00:00Z"

static int64_t write_down(struct ledger *l, enum entry_kind kind, json_t *body)
{
    struct err err = {0};
    int64_t seq = 0;
    assert_non_null(body);
    if (ledger_begin(l, &err) != STATUS_OK ||
        ledger_append(l, kind, NOON, body, &seq, &err) != STATUS_OK ||
        ledger_commit(l, &err) != STATUS_OK) {
        fail_msg("%s", err.text);
    }
    json_decref(body);
    return seq;
}

/* An intent that is published. */
static int64_t approve(struct ledger *l, int photo, const char *channel)
{
    char file[PHOTO_FILE_BYTES];
    (void)snprintf(file, sizeof file, "photo-%04d.jpg", photo);
    const char *digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    int64_t intent = write_down(l, ENTRY_INTENT,
                                json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "batch", "fair", "file",
                                          file, "channel", channel, "source", digest, "release",
                                          digest, "photo", photo));
    (void)write_down(l, ENTRY_PUBLISHED,
                     json_pack("{s:I, s:b}", "intent", (json_int_t)intent, "recovered", 0));
    return intent;
}

static int64_t post(struct ledger *l, int64_t intent)
{
    return write_down(l, ENTRY_POSTED,
                      json_pack("{s:I, s:s, s:s, s:s}", "intent", (json_int_t)intent, "url", PAGE,
                                "on", "2026-11-20", "by", "office"));
}

static json_t *one(const char *key, int64_t seq)
{
    return json_pack("{s:I}", key, (json_int_t)seq);
}

static void the_list_tells_both_ends_and_the_hours_of_the_channel(void **state)
{
    (void)state;
    static const char *const FILES[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm",
                                        "ledger.key"};
    const struct channel_policy website = {.name = TEXT("website"), .takedown_hours = 24};
    const struct policy policy = {.channels = &website, .n_channels = 1};
    char folder[] = "/tmp/photogate-posted-XXXXXX", path[64];
    struct ledger *l = NULL;
    struct postings all;
    struct err err = {0};
    assert_non_null(mkdtemp(folder));
    assert_int_equal(ledger_open(folder, LEDGER_CREATE, &l, &err), STATUS_OK);
    int64_t on_website = approve(l, 7, "website"), elsewhere = approve(l, 8, "fan-page");
    int64_t first = post(l, on_website);
    (void)post(l, elsewhere);
    assert_int_equal(postings_read(l, &policy, &all, &err), STATUS_OK);
    assert_int_equal(postings_open(&all), 0);
    postings_release(&all);
    (void)write_down(l, ENTRY_RECALLED, one("intent", on_website));
    (void)write_down(l, ENTRY_RECALLED, one("intent", elsewhere));
    assert_int_equal(postings_read(l, &policy, &all, &err), STATUS_OK);
    assert_int_equal(all.n, 2);
    assert_int_equal(postings_open(&all), 2);
    assert_string_equal(all.at[0].batch, "fair");
    assert_string_equal(all.at[0].file, "photo-0007.jpg");
    assert_string_equal(all.at[0].url, PAGE);
    assert_string_equal(all.at[0].recalled, NOON);
    assert_int_equal(all.at[0].takedown_hours, 24);
    assert_int_equal(all.at[1].takedown_hours, 0); /* a channel that is no more: at once */
    postings_release(&all);
    (void)write_down(l, ENTRY_TAKEN_DOWN, one("posted", first));
    assert_int_equal(postings_read(l, &policy, &all, &err), STATUS_OK);
    assert_int_equal(postings_open(&all), 1);
    assert_string_equal(all.at[0].taken_down, NOON);
    postings_release(&all);
    ledger_close(l);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* ---- the clock ------------------------------------------------------------------------------- */

/* Recalled on 2026-11-20T12:00:00Z, which is 1795176000 seconds of the epoch (date -u -d ... +%s).
 */
enum { NOON_SECONDS = 1795176000, HOUR = 3600 };

static void clock_says(uint32_t hours, int64_t after, const char *words)
{
    const struct posting p = {.batch = "trip",
                              .file = "photo-0001.jpg",
                              .url = PAGE,
                              .recalled = NOON,
                              .taken_down = "",
                              .takedown_hours = hours};
    struct buffer b;
    char whole[256];
    buffer_init(&b, 4096);
    posting_words(&p, (time_t)(NOON_SECONDS + after), &b);
    assert_int_equal(posting_seconds_left(&p, (time_t)(NOON_SECONDS + after)),
                     (int64_t)hours * HOUR - after);
    (void)snprintf(whole, sizeof whole, "take down " PAGE " (trip/photo-0001.jpg) by %s", words);
    assert_int_equal(b.n, strlen(whole));
    assert_memory_equal(b.at, whole, b.n);
    buffer_release(&b);
}

static void the_clock_counts_down_and_then_up(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "UTC", 1), 0);
    tzset();
    clock_says(24, 0, "2026-11-21 12:00 (24 hours left)");
    clock_says(24, 1, "2026-11-21 12:00 (23 hours left)");
    clock_says(24, 22 * HOUR, "2026-11-21 12:00 (2 hours left)");
    clock_says(24, 23 * HOUR, "2026-11-21 12:00 (1 hour left)");
    clock_says(24, 23 * HOUR + 60, "2026-11-21 12:00 (59 minutes left)");
    clock_says(24, 24 * HOUR, "2026-11-21 12:00 (0 minutes left)");
    clock_says(24, 24 * HOUR + 60, "2026-11-21 12:00 (OVERDUE by 1 minute)");
    clock_says(24, 27 * HOUR, "2026-11-21 12:00 (OVERDUE by 3 hours)");
    clock_says(0, 30 * 60, "2026-11-20 12:00 (OVERDUE by 30 minutes)");
    clock_says(72, 0, "2026-11-23 12:00 (72 hours left)");
}

/* ---- the address ----------------------------------------------------------------------------- */

static int names_open(void **state)
{
    *state = names_school_new();
    return *state ? 0 : -1;
}

static int names_close(void **state)
{
    names_school_free(*state);
    return 0;
}

static bool is_taken(const struct names_school *s, const char *url)
{
    struct err err = {0};
    enum status st = posted_url_check(s->lexicon, text_of(url), &err);
    assert_true(st == STATUS_OK || (st == STATUS_USAGE && err.text[0]));
    return st == STATUS_OK;
}

static void an_address_is_a_page_that_names_nobody(void **state)
{
    static const char *const GOOD[] = {
        "https://www.school.example/news/2026/11/20/autumn-fair",
        "HTTP://school.example",
        "https://www.facebook.com/schoolpage/posts/10158273645120394",
        "https://school.example:8443/gallery?album=7#photo-3",
        "https://school.example/year%204/leaves.html",
    };
    static const char *const BAD[] = {
        "",
        "school.example/news",
        "ftp://school.example/x",
        "javascript:alert(1)",
        "https://",
        "https:///news",
        "https://:80/",
        "https://office@school.example/",
        "https://office:secret@school.example/",
        "https://school.example/a b",
        "https://school.example/caf\xc3\xa9",
        "https://school.example/\x1b[2J",
        "https://school.example/kayode-okonedo",
        "https://school.example/Kayode%20Okonedo",
        "https://school.example/%4Bayode_%4Fkonedo.html",
        "https://school.example/news?pupil=H801200001001",
        "https://kayode-okonedo.example/",
        "https://school.example/#okonedo",
    };
    const struct names_school *s = *state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        if (!is_taken(s, GOOD[i])) {
            fail_msg("refused: %s", GOOD[i]);
        }
    }
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        if (is_taken(s, BAD[i])) {
            fail_msg("taken: %s", BAD[i]);
        }
    }
    char longest[2100];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "https://", 8);
    longest[2001] = '\0';
    assert_false(is_taken(s, longest));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(the_list_tells_both_ends_and_the_hours_of_the_channel),
        cmocka_unit_test(the_clock_counts_down_and_then_up),
        cmocka_unit_test_setup_teardown(an_address_is_a_page_that_names_nobody, names_open,
                                        names_close),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
