/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPTC-IIM, by libiptcdata. The library stops at the first thing that it does not understand and
 * returns what it has, so the stream's structure is checked first, and the library must come back
 * with as many data sets as stand there. */
#include "image/gathering.h"

#include <libiptcdata/iptc-data.h>

#include "image/charset.h"
#include "image/loose_text.h"
#include "photogate/limits.h"

enum {
    TAG_MARKER = 0x1C,
    RECORD_ENVELOPE = 1,
    RECORD_APPLICATION = 2,
    DATASET_CHARSET = 90, /* 1:90 */
    DATASET_DATE = 55,    /* 2:55 */
    MAX_DATASETS = 8192   /* a stream in a JPEG segment cannot hold more of them with a value */
};

enum use { USE_OTHER, USE_TEXT, USE_CAPTION, USE_KEYWORD, USE_CREATOR, USE_COPYRIGHT };

struct row {
    uint8_t dataset;
    enum use use;
};

/* IIM 4.2, chapter 6, record 2. */
static const struct row ROWS[] = {
    {5, USE_TEXT},                            /* object name */
    {22, USE_TEXT},                           /* fixture identifier */
    {25, USE_KEYWORD},                        /* keywords */
    {40, USE_TEXT},                           /* special instructions */
    {80, USE_CREATOR},                        /* by-line */
    {105, USE_TEXT},                          /* headline */
    {110, USE_CREATOR},                       /* credit */
    {116, USE_COPYRIGHT}, {120, USE_CAPTION}, /* caption, abstract */
    {122, USE_TEXT},                          /* writer */
};

struct reading {
    struct gathering *g;
    struct buffer text;
    bool is_utf8;  /* 1:90 says so */
    bool is_other; /* 1:90 names something else than UTF-8, Latin-1 or ASCII */
    const char *fault;
};

/* IIM 4.2, 1.5: marker, record, data set, length; the high bit set makes it the length of the
 * length. Returns how many data sets there are, and in *used where they end; false for a stream
 * that is none. */
static bool survey(struct bytes iim, size_t *n_sets, size_t *used)
{
    size_t at = 0, n = 0;
    while (at < iim.n && iim.at[at] == TAG_MARKER) {
        if (iim.n - at < 5) {
            return false;
        }
        size_t length = bytes_be16(iim, at + 3);
        at += 5;
        if (length & 0x8000) {
            size_t more = length & 0x7FFF;
            if (more < 1 || more > 4 || more > iim.n - at) {
                return false;
            }
            length = 0;
            for (size_t i = 0; i < more; i++) {
                length = length << 8 | iim.at[at + i];
            }
            at += more;
        }
        if (length > iim.n - at || ++n > MAX_DATASETS) {
            return false;
        }
        at += length;
    }
    *n_sets = n;
    *used = at;
    /* Blocks are padded with NUL, to two or four bytes or to a size kept free. */
    for (; at < iim.n; at++) {
        if (iim.at[at] != 0) {
            return false;
        }
    }
    return true;
}

/* IIM 4.2, 1:90: ISO 2022 escape sequences. */
static void read_charset(struct reading *r, struct bytes value)
{
    static const char *const SIMPLE[] = {"\x1B(B", "\x1B-A", "\x1B.A", "\x1B,A"};
    if (bytes_start_with(value, "\x1B%G", 3) || bytes_start_with(value, "\x1B%/", 3)) {
        r->is_utf8 = true;
        return;
    }
    for (size_t i = 0; i < sizeof SIMPLE / sizeof SIMPLE[0]; i++) {
        if (bytes_start_with(value, SIMPLE[i], 3)) {
            return;
        }
    }
    /* NUL and white space say nothing; anything else says something that is not understood. */
    for (size_t i = 0; i < value.n; i++) {
        r->is_other = r->is_other || value.at[i] > ' ';
    }
}

/* Fields have a largest size in bytes, and programs cut UTF-8 there, in the middle of a character.
 */
static struct bytes without_cut_tail(struct bytes raw)
{
    for (size_t back = 1; back <= 3 && back <= raw.n; back++) {
        uint8_t b = raw.at[raw.n - back];
        if (b >= 0xC0) {
            size_t whole = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
            return back < whole ? bytes_slice(raw, 0, raw.n - back) : raw;
        }
        if (b < 0x80) {
            break;
        }
    }
    return raw;
}

static void use_value(struct reading *r, enum use use, struct text t)
{
    struct gathering *g = r->g;
    while (t.n && t.at[t.n - 1] == '\0') {
        t.n--;
    }
    switch (use) {
    case USE_OTHER:
        loose_text_gather(g, CARRIER_IPTC, t);
        break;
    case USE_KEYWORD:
        gather_carrier(g, CARRIER_IPTC_KEYWORDS, CARRIER_READ, t.n, NULL);
        for (struct text rest = t; rest.n;) {
            struct text keyword = text_cut(rest, ';', &rest);
            gather_tag(g, CARRIER_IPTC_KEYWORDS, TAG_KEYWORD, keyword, NULL);
        }
        break;
    case USE_CAPTION:
        gather_caption(g, CARRIER_IPTC_TEXT, t);
        gather_carrier(g, CARRIER_IPTC_TEXT, CARRIER_READ, t.n, NULL);
        gather_text(g, CARRIER_IPTC_TEXT, t);
        break;
    case USE_TEXT:
        gather_carrier(g, CARRIER_IPTC_TEXT, CARRIER_READ, t.n, NULL);
        gather_text(g, CARRIER_IPTC_TEXT, t);
        break;
    case USE_CREATOR:
        gather_creator(g, CARRIER_IPTC, t);
        break;
    case USE_COPYRIGHT:
        gather_copyright(g, CARRIER_IPTC, t);
        break;
    }
}

static enum status use_dataset(struct reading *r, enum use use, struct bytes raw, struct err *err)
{
    struct text as_is = {(const char *)raw.at, raw.n};
    if (r->is_utf8 && !text_is_utf8(as_is)) {
        raw = without_cut_tail(raw);
        as_is.n = raw.n;
        if (!text_is_utf8(as_is)) {
            r->fault = "IPTC text that is not the UTF-8 it says it is";
            return STATUS_OK;
        }
    } else if (r->is_other && !text_is_utf8(as_is)) {
        r->fault = "IPTC text in an unknown encoding";
        return STATUS_OK;
    }
    if (raw.n > MAX_TEXT_BYTES) {
        r->fault = "IPTC text longer than can be checked";
        return STATUS_OK;
    }
    enum status st = charset_decode(CHARSET_UTF8_OR_1252, raw, &r->text, err);
    if (st == STATUS_OK) {
        use_value(r, use, (struct text){(const char *)r->text.at, r->text.n});
    }
    return st;
}

/* IIM 4.2, chapter 6: date created; city, sub-location, state, country. */
static void tell(struct gathering *g, const IptcDataSet *d)
{
    static const uint8_t PLACES[] = {90, 92, 95, 101};
    struct text value = {(const char *)d->data, d->size};
    for (size_t i = 0; i < sizeof PLACES; i++) {
        if (PLACES[i] == (unsigned)d->tag) {
            gather_fact(g, CARRIER_IPTC, FACT_PLACE_NAME, value);
        }
    }
    if ((unsigned)d->tag == DATASET_DATE) {
        gather_fact(g, CARRIER_IPTC, FACT_TAKEN, value);
    }
}

static enum use use_of(const IptcDataSet *d)
{
    for (size_t k = 0; k < sizeof ROWS / sizeof ROWS[0]; k++) {
        if (ROWS[k].dataset == (unsigned)d->tag) {
            return ROWS[k].use;
        }
    }
    return USE_OTHER;
}

/* Record 2 has data sets of numbers and pictures too (version, preview). Texts have no control
 * characters but white space (IIM 4.2, 1.6), and NUL where a program padded them. */
static bool is_data(struct bytes raw)
{
    while (raw.n && raw.at[raw.n - 1] == 0) {
        raw.n--;
    }
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.at[i] < ' ' && raw.at[i] != '\t' && raw.at[i] != '\n' && raw.at[i] != '\r') {
            return true;
        }
    }
    return false;
}

static enum status use_datasets(struct reading *r, const IptcData *data, struct err *err)
{
    for (unsigned i = 0; i < data->count; i++) {
        const IptcDataSet *d = data->datasets[i];
        if ((int)d->record == RECORD_ENVELOPE && (int)d->tag == DATASET_CHARSET) {
            read_charset(r, (struct bytes){d->data, d->size});
        }
    }
    for (unsigned i = 0; i < data->count; i++) {
        const IptcDataSet *d = data->datasets[i];
        if ((int)d->record != RECORD_APPLICATION || d->size == 0) {
            continue;
        }
        tell(r->g, d);
        struct bytes raw = {d->data, d->size};
        enum use use = use_of(d);
        if (use == USE_OTHER && is_data(raw)) {
            continue;
        }
        enum status st = use_dataset(r, use, raw, err);
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

enum status iptc_read(struct gathering *g, struct bytes iim, struct err *err)
{
    struct reading r = {.g = g};
    enum status st = STATUS_OK;
    IptcData *data = NULL;
    size_t n_sets, used;
    buffer_init(&r.text, (size_t)3 * MAX_TEXT_BYTES + 3);
    if (iim.n > UINT32_MAX / 2 || !survey(iim, &n_sets, &used)) {
        r.fault = "IPTC record that breaks off or is none";
        goto out;
    }
    if (n_sets == 0) {
        goto out;
    }
    data = iptc_data_new();
    if (!data) {
        st = err_set(err, STATUS_NOMEM, "no memory for IPTC");
        goto out;
    }
    if (iptc_data_load(data, iim.at, (unsigned)used) < 0 || data->count != n_sets) {
        r.fault = "IPTC record that its library cannot read";
        goto out;
    }
    st = use_datasets(&r, data, err);
out:
    gather_carrier(g, CARRIER_IPTC, r.fault ? CARRIER_UNPARSABLE : CARRIER_READ, iim.n, r.fault);
    if (data) {
        iptc_data_unref(data);
    }
    buffer_release(&r.text);
    return st;
}
