/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picasa's .picasa.ini. inih cuts lines at 200 bytes, and a line of faces is as long as the people
 * are many: so the lines are taken apart here. */
#include "image/companion_readers.h"

#include <stdlib.h>
#include <string.h>

#include "image/charset.h"
#include "image/exif_facts.h"
#include "image/file_name.h"
#include "image/xmp_regions.h"
#include "photogate/limits.h"

enum {
    MAX_CONTACTS = 65536, /* Picasa's users had hundreds */
    RECT64_DIGITS = 16,
    SCRATCH_BYTES = 16 * 1024 * 1024
};

static const uint64_t NOBODY = UINT64_MAX;

struct contact {
    uint64_t id;
    struct text name;
};

struct line {
    struct text section, key, value; /* key empty: a section begins */
};

struct reading {
    struct gathering *g;
    struct arena scratch;
    struct contact *contacts; /* MAX_CONTACTS; sorted once all files are seen */
    size_t n_contacts;
};

static void spoil(struct gathering *g, const char *note)
{
    gather_carrier(g, CARRIER_PICASA, CARRIER_UNPARSABLE, 0, note);
}

/* The next line that says something; false at the end. `line` keeps the section between calls. */
static bool next_line(struct gathering *g, struct text *rest, struct line *line)
{
    while (rest->n) {
        struct text t = text_trim(text_cut(*rest, '\n', rest));
        if (t.n == 0 || t.at[0] == '#' || t.at[0] == ';') {
            continue;
        }
        if (t.at[0] == '[' && t.at[t.n - 1] == ']') {
            *line = (struct line){.section = text_slice(t, 1, t.n - 2)};
            return true;
        }
        if (!memchr(t.at, '=', t.n)) {
            spoil(g, "a line that is neither a section nor a setting");
            continue;
        }
        line->key = text_trim(text_cut(t, '=', &line->value));
        return true;
    }
    return false;
}

static bool hex_number(struct text t, uint64_t *out)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return false;
        }
        n = n << 4 | (uint64_t)digit;
    }
    *out = n;
    return t.n > 0 && t.n <= RECT64_DIGITS;
}

/* ---- who is who ------------------------------------------------------------------------------ */

static int contact_order(const void *a, const void *b)
{
    const struct contact *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id ? -1 : 1) : text_compare(x->name, y->name);
}

/* [Contacts] and [Contacts2]: number = name ; address ; ... */
static void read_contacts(struct reading *r, struct text file)
{
    struct line line = {.section = TEXT_NONE};
    while (next_line(r->g, &file, &line)) {
        struct contact c;
        struct text rest;
        if (!line.key.n || !(text_equal_nocase(line.section, TEXT("Contacts")) ||
                             text_equal_nocase(line.section, TEXT("Contacts2")))) {
            continue;
        }
        c.name = text_trim(text_cut(line.value, ';', &rest));
        if (!hex_number(line.key, &c.id)) {
            spoil(r->g, "a person whose number cannot be read");
        } else if (r->n_contacts == MAX_CONTACTS) {
            spoil(r->g, "more people than can be checked");
        } else if (c.name.n) {
            r->contacts[r->n_contacts++] = c;
        }
    }
}

/* The name of number `id`, empty if none is known. Two different ones spoil the carrier. */
static struct text name_of(struct reading *r, uint64_t id)
{
    size_t low = 0, high = r->n_contacts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->contacts[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (id == NOBODY || low == r->n_contacts || r->contacts[low].id != id) {
        return TEXT_NONE;
    }
    for (size_t i = low + 1; i < r->n_contacts && r->contacts[i].id == id; i++) {
        if (!text_equal(r->contacts[i].name, r->contacts[low].name)) {
            spoil(r->g, "a face that has two names");
        }
    }
    return r->contacts[low].name;
}

/* ---- one photo ------------------------------------------------------------------------------- */

static bool rect64(struct text t, struct box *out)
{
    const struct text open = TEXT("rect64(");
    uint64_t n;
    const double whole = 65535;
    if (!text_starts_with(t, open) || t.at[t.n - 1] != ')' ||
        !hex_number(text_slice(t, open.n, t.n - open.n - 1), &n)) {
        return false;
    }
    double left = (double)(n >> 48) / whole, top = (double)(n >> 32 & 0xFFFF) / whole;
    double right = (double)(n >> 16 & 0xFFFF) / whole, bottom = (double)(n & 0xFFFF) / whole;
    return xmp_box(left, top, right - left, bottom - top, out);
}

/* rect64(...),number;rect64(...),number */
static void use_faces(struct reading *r, struct text faces, bool is_turned)
{
    while (faces.n) {
        struct text id, face = text_trim(text_cut(faces, ';', &faces));
        uint64_t number = NOBODY;
        struct box box;
        if (face.n == 0) {
            continue;
        }
        struct text rectangle = text_trim(text_cut(face, ',', &id));
        bool has_box = rect64(rectangle, &box);
        if (!hex_number(text_trim(id), &number)) {
            spoil(r->g, "a face whose number cannot be read");
        }
        if (!has_box) {
            spoil(r->g, "a face that is not in the picture");
        }
        gather_tag(r->g, CARRIER_PICASA, TAG_REGION, name_of(r, number),
                   has_box && !is_turned ? &box : NULL);
    }
}

static void use_keywords(struct gathering *g, struct text words)
{
    while (words.n) {
        gather_tag(g, CARRIER_PICASA, TAG_KEYWORD, text_cut(words, ',', &words), NULL);
    }
}

static void use_geotag(struct gathering *g, struct text value)
{
    double latitude, longitude;
    struct text east, north = text_cut(value, ',', &east);
    if (xmp_number(north, &latitude) && xmp_number(east, &longitude)) {
        gather_place(g, CARRIER_PICASA, latitude, longitude, false, 0);
    }
}

/* ASCII names, nearly all, are told apart without folding. */
static enum status is_section_of(struct reading *r, struct text section, struct text photo,
                                 bool *same, struct err *err)
{
    bool is_plain = true;
    for (size_t i = 0; i < section.n && is_plain; i++) {
        is_plain = (unsigned char)section.at[i] < 0x80;
    }
    *same = text_equal_nocase(section, photo);
    if (is_plain || *same) {
        return STATUS_OK;
    }
    struct text folded;
    enum status st = file_name_fold(section, &r->scratch, &folded, err);
    *same = st == STATUS_OK && text_equal(folded, photo);
    return st;
}

/* What the photo's own section says. *faces and *albums are lists that are used afterwards. */
struct own_section {
    struct text faces, albums;
    bool is_there;
    bool is_turned; /* by Picasa alone: which way its boxes then stand, nobody has written down */
};

static void use_setting(struct gathering *g, const struct line *line, struct own_section *own)
{
    static const char *const TEXTS[] = {"caption", "text"};
    if (text_equal_nocase(line->key, TEXT("faces"))) {
        own->faces = line->value;
    } else if (text_equal_nocase(line->key, TEXT("albums"))) {
        own->albums = line->value;
    } else if (text_equal_nocase(line->key, TEXT("rotate"))) {
        own->is_turned = !text_equal_nocase(text_trim(line->value), TEXT("rotate(0)"));
    } else if (text_equal_nocase(line->key, TEXT("keywords"))) {
        use_keywords(g, line->value);
    } else if (text_equal_nocase(line->key, TEXT("geotag"))) {
        use_geotag(g, line->value);
    }
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        if (text_equal_nocase(line->key, text_of(TEXTS[i]))) {
            gather_text(g, CARRIER_PICASA, line->value);
        }
    }
}

static bool is_sibling(struct text siblings, struct text folded)
{
    while (siblings.n) {
        if (text_equal(text_cut(siblings, '\0', &siblings), folded)) {
            return true;
        }
    }
    return false;
}

/* Faces of a picture that is not in the folder any more, or bears another name now: then it may be
 * this one, if this one has no section of its own. */
static enum status find_lost_faces(struct reading *r, struct text file, struct text siblings,
                                   struct err *err)
{
    struct line line = {.section = TEXT_NONE};
    while (next_line(r->g, &file, &line)) {
        struct text folded;
        struct arena scratch;
        if (!text_equal_nocase(line.key, TEXT("faces"))) {
            continue;
        }
        arena_init(&scratch, (size_t)64 * 1024);
        enum status st = file_name_fold(text_slice(line.section, 0, MAX_COMPANION_NAME_BYTES),
                                        &scratch, &folded, err);
        bool is_lost = st == STATUS_OK && !is_sibling(siblings, folded);
        arena_release(&scratch);
        if (st != STATUS_OK || is_lost) {
            if (is_lost) {
                spoil(r->g, "faces of a photo that is not here by that name, and may be this one");
            }
            return st;
        }
    }
    return STATUS_OK;
}

static enum status read_photo(struct reading *r, struct text file, const struct sidecar *s,
                              struct err *err)
{
    struct line line = {.section = TEXT_NONE};
    struct own_section own = {.faces = TEXT_NONE};
    struct text rest = file;
    bool is_own = false;
    while (next_line(r->g, &rest, &line)) {
        if (line.key.n) {
            if (is_own) {
                use_setting(r->g, &line, &own);
            }
            continue;
        }
        enum status st = is_section_of(r, line.section, s->name, &is_own, err);
        if (st != STATUS_OK) {
            return st;
        }
        own.is_there = own.is_there || is_own;
        if (is_own && own.faces.n) {
            use_faces(r, own.faces, own.is_turned); /* it has two sections: both count */
            own.faces = TEXT_NONE;
        }
    }
    use_faces(r, own.faces, own.is_turned);
    /* Names and descriptions of the folder and of the albums that the photo is in. */
    const struct text album = TEXT(".album:");
    for (rest = file, line = (struct line){.section = TEXT_NONE}; next_line(r->g, &rest, &line);) {
        struct text id = text_slice(line.section, album.n, line.section.n);
        bool mine = text_equal_nocase(line.section, TEXT("Picasa")) ||
                    (text_starts_with(line.section, album) && id.n && own.albums.n &&
                     memmem(own.albums.at, own.albums.n, id.at, id.n));
        if (mine && (text_equal_nocase(line.key, TEXT("name")) ||
                     text_equal_nocase(line.key, TEXT("description")))) {
            gather_text(r->g, CARRIER_PICASA, line.value);
        }
    }
    return own.is_there ? STATUS_OK : find_lost_faces(r, file, s->siblings, err);
}

static bool is_picasa(const struct sidecar *s)
{
    return s->kind == COMPANION_PICASA || s->kind == COMPANION_PICASA_CONTACTS;
}

/* The files as UTF-8: older ones are in the code page of their computer. */
static enum status decode_all(struct reading *r, const struct sidecar *beside, size_t n,
                              struct text *files, struct err *err)
{
    struct buffer wide;
    enum status st = STATUS_OK;
    buffer_init(&wide, (size_t)3 * MAX_COMPANION_BYTES + 3);
    for (size_t i = 0; i < n && st == STATUS_OK; i++) {
        struct bytes raw = beside[i].bytes;
        if (!is_picasa(&beside[i])) {
            continue;
        }
        gather_carrier(r->g, CARRIER_PICASA, CARRIER_READ, raw.n, NULL);
        if (raw.n && memchr(raw.at, '\0', raw.n)) {
            spoil(r->g, "a file that is no text");
            continue;
        }
        st = charset_decode(CHARSET_UTF8_OR_1252, raw, &wide, err);
        struct text t = {(const char *)wide.at, wide.n};
        if (st == STATUS_OK && !arena_dup(&r->scratch, t, &files[i])) {
            st = err_set(err, STATUS_NOMEM, "no memory for Picasa's file");
        }
        if (st == STATUS_OK && text_starts_with(files[i], TEXT("\xEF\xBB\xBF"))) {
            files[i] = text_slice(files[i], 3, files[i].n);
        }
    }
    buffer_release(&wide);
    return st;
}

enum status picasa_read(struct gathering *g, const struct sidecar *beside, size_t n,
                        struct err *err)
{
    struct reading r = {.g = g};
    struct text files[MAX_SIDECARS] = {TEXT_NONE};
    size_t n_files = 0;
    enum status st = STATUS_OK;
    n = n < MAX_SIDECARS ? n : MAX_SIDECARS;
    for (size_t i = 0; i < n; i++) {
        n_files += is_picasa(&beside[i]);
    }
    if (n_files == 0) {
        return STATUS_OK;
    }
    arena_init(&r.scratch, SCRATCH_BYTES + n_files * (size_t)3 * MAX_COMPANION_BYTES);
    r.contacts = arena_alloc(&r.scratch, MAX_CONTACTS, sizeof *r.contacts);
    st = r.contacts ? decode_all(&r, beside, n, files, err)
                    : err_set(err, STATUS_NOMEM, "no memory for Picasa's file");
    for (size_t i = 0; i < n && st == STATUS_OK; i++) {
        read_contacts(&r, files[i]);
    }
    if (r.n_contacts) {
        qsort(r.contacts, r.n_contacts, sizeof *r.contacts, contact_order);
    }
    for (size_t i = 0; i < n && st == STATUS_OK; i++) {
        if (beside[i].kind == COMPANION_PICASA) {
            st = read_photo(&r, files[i], &beside[i], err);
        }
    }
    arena_release(&r.scratch);
    return st;
}
