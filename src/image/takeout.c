/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google Takeout's JSON beside a photo, by jansson: whom Google Photos was told is in it, what was
 * written about it, where it was taken. There is no published schema; what is known of it stands in
 * the table, and every other text of the file is looked at as a text. */
#include "image/companion_readers.h"

#include <jansson.h>

#include "image/exif_facts.h"
#include "image/file_name.h"
#include "photogate/limits.h"

enum use { USE_TEXTS, USE_PEOPLE, USE_PLACE, USE_TIME, USE_NOTHING };

struct row {
    const char *key;
    enum use use;
};

static const struct row ROWS[] = {
    {"people", USE_PEOPLE},
    {"geoData", USE_PLACE},
    {"geoDataExif", USE_PLACE},
    {"photoTakenTime", USE_TIME},
    /* times, counts, programs and addresses of pages: they name nobody */
    {"creationTime", USE_NOTHING},
    {"modificationTime", USE_NOTHING},
    {"photoLastModifiedTime", USE_NOTHING},
    {"date", USE_NOTHING},
    {"imageViews", USE_NOTHING},
    {"url", USE_NOTHING},
    {"googlePhotosOrigin", USE_NOTHING},
    {"appSource", USE_NOTHING},
    {"access", USE_NOTHING},
};

static enum use use_of(const char *key)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (text_equal(text_of(key), text_of(ROWS[i].key))) {
            return ROWS[i].use;
        }
    }
    return USE_TEXTS;
}

static struct text text_in(const json_t *string)
{
    return (struct text){json_string_value(string), json_string_length(string)};
}

static void spoil(struct gathering *g, const char *note)
{
    gather_carrier(g, CARRIER_TAKEOUT, CARRIER_UNPARSABLE, 0, note);
}

/* "people": [{"name": "Jack Smith"}]. An entry without a name is a person nobody named. */
static void use_people(struct gathering *g, const json_t *people)
{
    size_t i;
    const json_t *entry;
    if (!json_is_array(people)) {
        spoil(g, "a list of people that is none");
        return;
    }
    json_array_foreach(people, i, entry)
    {
        const json_t *name = json_object_get(entry, "name");
        if (!json_is_object(entry) || (name && !json_is_string(name))) {
            spoil(g, "a person without a name that can be read");
        } else if (json_string_length(name) == 0) {
            gather_tag(g, CARRIER_TAKEOUT, TAG_REGION, TEXT_NONE, NULL);
        } else {
            gather_tag(g, CARRIER_TAKEOUT, TAG_PERSON, text_in(name), NULL);
        }
    }
}

static void use_place(struct gathering *g, const json_t *place)
{
    const json_t *latitude = json_object_get(place, "latitude");
    const json_t *longitude = json_object_get(place, "longitude");
    if (json_is_number(latitude) && json_is_number(longitude)) {
        gather_place(g, CARRIER_TAKEOUT, json_number_value(latitude), json_number_value(longitude),
                     false, 0);
    }
}

/* Every text in `value`, whatever its form. jansson has bounded the depth. */
static void use_texts(struct gathering *g, const json_t *value)
{
    size_t i;
    const char *key;
    const json_t *inner;
    if (json_is_string(value)) {
        gather_text(g, CARRIER_TAKEOUT, text_in(value));
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, inner)
        {
            use_texts(g, inner);
        }
    } else if (json_is_object(value)) {
        /* jansson's macro asks for an object that may be changed; only looking is done here. */
        for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
             at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
            key = json_object_iter_key(at);
            if (use_of(key) != USE_NOTHING) {
                use_texts(g, json_object_iter_value(at));
            }
        }
    }
}

static void use_members(struct gathering *g, json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        switch (use_of(key)) {
        case USE_PEOPLE:
            use_people(g, value);
            break;
        case USE_PLACE:
            use_place(g, value);
            break;
        case USE_TIME:
            gather_fact(g, CARRIER_TAKEOUT, FACT_TAKEN,
                        text_in(json_object_get(value, "formatted")));
            break;
        case USE_TEXTS:
            use_texts(g, value);
            break;
        case USE_NOTHING:
            break;
        }
    }
}

enum status takeout_read(struct gathering *g, struct bytes file, bool is_album, struct err *err)
{
    json_error_t why;
    json_t *root = NULL;
    const char *fault = NULL;
    struct bytes bare =
        bytes_start_with(file, "\xEF\xBB\xBF", 3) ? bytes_slice(file, 3, file.n) : file;
    if (file.n > MAX_TAKEOUT_BYTES) {
        fault = "a file larger than can be checked";
    } else {
        root = json_loadb((const char *)bare.at, bare.n, JSON_REJECT_DUPLICATES, &why);
        if (!root && json_error_code(&why) == json_error_out_of_memory) {
            return err_set(err, STATUS_NOMEM, "no memory for a JSON file");
        }
        fault =
            !root ? "a file that is no JSON, or breaks off"
            : !json_is_object(root) || !(is_album || json_is_string(json_object_get(root, "title")))
                ? "a file that is none of a Google Takeout"
                : NULL;
    }
    if (!fault) {
        use_members(g, root);
    }
    gather_carrier(g, CARRIER_TAKEOUT, fault ? CARRIER_UNPARSABLE : CARRIER_READ, file.n, fault);
    json_decref(root);
    return STATUS_OK;
}

enum status companion_readers_prepare(struct err *err)
{
    struct arena scratch;
    struct text folded;
    json_object_seed(0);
    arena_init(&scratch, 4096);
    enum status st = file_name_fold(TEXT("CAFE\u0301.JPG"), &scratch, &folded, err);
    arena_release(&scratch);
    return st;
}
