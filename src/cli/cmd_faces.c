/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks for faces, what it is worth, and what it finds in a photo. No school's folder is
 * needed; photos are read by a confined examiner all the same. */
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "examine_file.h"
#include "photogate/face_model.h"

enum { MAX_MODEL_BYTES = 64 * 1024 * 1024 };

static const char ADVICE[] =
    "Install the better detector with scripts/fetch-face-model (as root; --from FILE for a copy "
    "brought\nalong), then look again with 'photogate faces --check'.";

/* Figures with their source. The first of each model's lines is what to plan with; what was
 * measured on few photos promises nothing. */
static const char EXPECT_STRICT[] =
    "What to expect: a face is missed in up to 2 photos of 100 that show people, and up to 25 of "
    "100 photos\nwithout people are held for a face that is none. About 0.4 s a photo of 12 "
    "megapixels.\nMeasured ('make corpus-faces'): no face missed in 38 photos with 85 faces (COCO, "
    "Pascal VOC), 8 of 48\nphotos without people held. Dark, blurred, tilted or very small faces "
    "are "
    "missed more often.";
static const char EXPECT_FAST[] =
    "What to expect: a face is missed in up to 5 photos of 100 that show people, and up to 15 of "
    "100 photos\nwithout people are held for a face that is none. About 0.1 s a photo of 12 "
    "megapixels.\nMeasured ('make corpus-faces'): no face missed in 38 photos with 85 faces (COCO, "
    "Pascal VOC), 7 of 48\nphotos without people held. Dark, blurred, tilted or very small faces "
    "are "
    "missed more often.";
static const char EXPECT_LOW[] =
    "What to expect: a face is missed in about half of the photos that show people; so a photo of "
    "people\npasses only if somebody has counted them (people_count in photos.csv, rule V02).\n"
    "Measured on 599 photos with about 1,200 faces: missed in 39 to 61 of 100 photos, depending on "
    "the cascade;\n23 to 58 of 100 photos without people held.";

static const struct expectation {
    enum assurance assurance;
    enum face_search search;
    const char *words;
} EXPECTATIONS[] = {
    {ASSURANCE_HIGH, FACES_STRICT, EXPECT_STRICT},
    {ASSURANCE_HIGH, FACES_FAST, EXPECT_FAST},
    {ASSURANCE_LOW, FACES_STRICT, EXPECT_LOW},
    {ASSURANCE_LOW, FACES_FAST, EXPECT_LOW},
};

/* Everything that decides how faces are looked for here. */
struct outlook {
    struct home home; /* .school is NULL without a school's folder */
    struct face_model model;
    bool model_is_read;
    struct digest digest; /* of the model's file */
    enum face_search search;
    const char *search_from;
    struct pool *pool;
};

static const char *search_name(enum face_search s)
{
    return s == FACES_FAST ? "fast" : "strict";
}

static const char *expectation(enum assurance a, enum face_search s)
{
    for (size_t i = 0; i < sizeof EXPECTATIONS / sizeof EXPECTATIONS[0]; i++) {
        if (EXPECTATIONS[i].assurance == a && EXPECTATIONS[i].search == s) {
            return EXPECTATIONS[i].words;
        }
    }
    return "Nothing looks for faces: every photo is held.";
}

/* The school's folder, if there is one here; one that was named must be one. */
static enum status find_school(const struct cli *cli, struct outlook *o, struct err *err)
{
    bool named = strcmp(cli->home, ".") != 0;
    if (!named && access("photogate.conf", F_OK) != 0) {
        return STATUS_OK;
    }
    return home_open(cli->home, HOME_POLICY, &o->home, err);
}

static enum status read_model(struct outlook *o, struct err *err)
{
    if (o->model.fd < 0) {
        return STATUS_OK;
    }
    struct buffer b;
    buffer_init(&b, MAX_MODEL_BYTES);
    enum status st = file_content(o->model.fd, MAX_MODEL_BYTES, &b, err);
    if (st == STATUS_OK) {
        st = digest_of(buffer_view(&b), &o->digest, err);
        o->model_is_read = st == STATUS_OK;
    } else {
        st = err_set(err, STATUS_IO, "the face model cannot be read: %s", o->model.path);
    }
    buffer_release(&b);
    return st;
}

static enum status refuse_unknown(const struct outlook *o, struct err *err)
{
    char hex[DIGEST_HEX_BYTES];
    if (!o->model_is_read || face_model_known_name(&o->digest)) {
        return STATUS_OK;
    }
    return err_set(err, STATUS_FORMAT,
                   "unknown or damaged face model: %s has the SHA-256 %.12s..., YuNet 2023mar has "
                   "%.12s... No run starts with it. Get it anew with scripts/fetch-face-model, or "
                   "set PHOTOGATE_FACE_MODEL=none to do with the cascades",
                   o->model.path, digest_hex(&o->digest, hex), YUNET_SHA256);
}

static enum status outlook_open(const struct cli *cli, const char *search, struct outlook *o,
                                struct err *err)
{
    enum status st = find_school(cli, o, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (search) {
        o->search = strcmp(search, "fast") == 0 ? FACES_FAST : FACES_STRICT;
        o->search_from = "--search";
    } else if (o->home.policy) {
        o->search = o->home.policy->face_search;
        o->search_from = "people.face_search of the policy";
    } else {
        o->search = FACES_STRICT;
        o->search_from = "where no policy says otherwise";
    }
    st = face_model_find(o->home.school, &o->model, err);
    if (st == STATUS_OK) {
        st = read_model(o, err);
    }
    return st;
}

static enum status outlook_start(struct outlook *o, struct err *err)
{
    struct pool_options options = {
        .n_workers = 1, .model = o->model.fd, .search = o->search, .wall_ms = EXAMINER_WALL_MS};
    enum status st = refuse_unknown(o, err);
    return st == STATUS_OK ? pool_open(&options, &o->pool, err) : st;
}

static void outlook_close(struct outlook *o)
{
    pool_close(o->pool);
    face_model_close(&o->model);
    home_close(&o->home);
}

/* --- --check --- */

static const char *model_words(const struct outlook *o)
{
    if (o->model.fd < 0) {
        return o->model.declined ? "none wanted" : "none installed";
    }
    const char *name = face_model_known_name(&o->digest);
    return name ? name : "unknown model";
}

static void check_words(const struct outlook *o, const struct readiness *r)
{
    char hex[DIGEST_HEX_BYTES];
    printf("model      %s\n", model_words(o));
    if (o->model.fd >= 0) {
        fputs("file       ", stdout);
        print_text(stdout, text_of(o->model.path));
        printf("\nSHA-256    %s\n", digest_hex(&o->digest, hex));
    }
    if (o->model.fd >= 0 || o->model.declined) {
        printf("chosen by  %s\n", o->model.chosen_by);
    }
    if (!r) {
        return;
    }
    printf("assurance  %s\n", assurance_name(r->assurance));
    fputs("detector   ", stdout);
    print_text(stdout, r->detector);
    printf("\nsetting    %s (%s)\n\n%s\n", search_name(o->search), o->search_from,
           expectation(r->assurance, o->search));
    if (r->assurance != ASSURANCE_HIGH) {
        printf("\n%s\n", ADVICE);
    }
}

static bool print_json(json_t *root)
{
    bool good = root && json_dumpf(root, stdout, JSON_INDENT(2)) == 0;
    if (good) {
        putchar('\n');
    }
    json_decref(root);
    return good;
}

static bool check_json(const struct outlook *o, const struct readiness *r)
{
    char hex[DIGEST_HEX_BYTES];
    bool has_model = o->model.fd >= 0;
    const char *name = has_model ? face_model_known_name(&o->digest) : NULL;
    json_t *model = has_model ? json_pack("{s:s, s:s, s:s?, s:s}", "path", o->model.path, "sha256",
                                          digest_hex(&o->digest, hex), "name", name, "chosen_by",
                                          o->model.chosen_by)
                              : json_null();
    enum assurance a = r ? r->assurance : ASSURANCE_NONE;
    struct text detector = r ? r->detector : TEXT_NONE;
    return print_json(json_pack("{s:o?, s:s, s:s%, s:s, s:s}", "model", model, "assurance",
                                assurance_name(a), "detector", detector.n ? detector.at : "",
                                detector.n, "setting", search_name(o->search), "expect",
                                expectation(a, o->search)));
}

static int check(struct outlook *o, bool json)
{
    struct err err = {0};
    enum status st = outlook_start(o, &err);
    const struct readiness *r = st == STATUS_OK ? pool_readiness(o->pool) : NULL;
    int code = EXIT_APPROVED;
    if (json && !check_json(o, r)) {
        code = EXIT_ENVIRONMENT;
    } else if (!json) {
        check_words(o, r);
    }
    if (st != STATUS_OK) {
        return cli_fail(st, &err);
    }
    return code == EXIT_APPROVED && r->assurance != ASSURANCE_HIGH ? EXIT_REFUSED : code;
}

/* --- PHOTO... --- */

static void photo_words(const struct evidence *e)
{
    print_text(stdout, e->name);
    if (e->exam != EXAM_DONE || e->faces_looked_for != KNOWN_YES) {
        printf(": not looked at: %s",
               e->exam == EXAM_DONE ? "too small for a face" : exam_words(e->exam));
        if (e->exam_note.n) {
            fputs(" (", stdout);
            print_text(stdout, e->exam_note);
            putchar(')');
        }
        putchar('\n');
        return;
    }
    printf(": %zu face%s\n", e->n_faces, plural(e->n_faces));
    for (size_t i = 0; i < e->n_faces; i++) {
        const struct box *b = &e->faces[i].box;
        printf("  %-19s x %.1f %%, y %.1f %%, width %.1f %%, height %.1f %%; score %.2f\n",
               box_place_words(b), b->x_ppm / 1e4, b->y_ppm / 1e4, b->w_ppm / 1e4, b->h_ppm / 1e4,
               e->faces[i].score_ppm / 1e6);
    }
}

static json_t *photo_json(const struct evidence *e)
{
    json_t *faces = e->faces_looked_for == KNOWN_YES ? json_array() : json_null();
    for (size_t i = 0; i < e->n_faces && json_is_array(faces); i++) {
        const struct face *f = &e->faces[i];
        (void)json_array_append_new(faces, json_pack("{s:i, s:i, s:i, s:i, s:I, s:s}", "x_ppm",
                                                     f->box.x_ppm, "y_ppm", f->box.y_ppm, "w_ppm",
                                                     f->box.w_ppm, "h_ppm", f->box.h_ppm,
                                                     "score_ppm", (json_int_t)f->score_ppm, "where",
                                                     box_place_words(&f->box)));
    }
    /* A name of the command line may be no UTF-8: it is shown as everywhere. */
    struct buffer name;
    buffer_init(&name, 16 * MAX_PATH_BYTES);
    text_print(&name, e->name);
    json_t *out = json_pack("{s:s%, s:s, s:i, s:i, s:o?}", "photo", (const char *)name.at, name.n,
                            "exam", exam_words(e->exam), "width_px", (int)e->width_px, "height_px",
                            (int)e->height_px, "faces", faces);
    buffer_release(&name);
    return out;
}

static int list_faces(struct outlook *o, char **photos, int n, bool json)
{
    struct err err = {0};
    json_t *all = json_array();
    int code = EXIT_APPROVED;
    enum status st = outlook_start(o, &err);
    for (int i = 0; i < n && st == STATUS_OK; i++) {
        struct arena a;
        struct evidence e = {.exam = EXAM_NOT_DONE};
        arena_init(&a, EVIDENCE_BYTES);
        st = examine_file(o->pool, photos[i], &a, &e, &err);
        if (st == STATUS_OK && json) {
            (void)json_array_append_new(all, photo_json(&e));
        } else if (st == STATUS_OK) {
            photo_words(&e);
        }
        if (st == STATUS_OK && (e.exam != EXAM_DONE || e.faces_looked_for != KNOWN_YES)) {
            code = EXIT_REFUSED;
        }
        arena_release(&a);
    }
    if (st != STATUS_OK) {
        json_decref(all);
        return cli_fail(st, &err);
    }
    if (!json) {
        json_decref(all);
        return code;
    }
    const struct readiness *r = pool_readiness(o->pool);
    bool good = print_json(
        json_pack("{s:s, s:s%, s:s, s:o}", "assurance", assurance_name(r->assurance), "detector",
                  r->detector.at, r->detector.n, "setting", search_name(o->search), "photos", all));
    return good ? code : EXIT_ENVIRONMENT;
}

int cmd_faces(const struct cli *cli, int argc, char **argv)
{
    bool checking = false, json = false;
    const char *search = NULL;
    const struct cli_option options[] = {
        {"check", NULL, &checking}, {"json", NULL, &json}, {"search", &search, NULL}};
    char **operands;
    int n, code;
    if (!cli_options("faces", options, 3, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (checking ? n != 0 : n == 0) {
        return cli_usage("faces", "say --check, or name photos");
    }
    if (search && strcmp(search, "strict") != 0 && strcmp(search, "fast") != 0) {
        return cli_usage("faces", "--search is strict or fast, not '%s'", search);
    }
    struct outlook o = {.home = {.fd = -1, .lock = -1}, .model = {.fd = -1}};
    struct err err = {0};
    enum status st = outlook_open(cli, search, &o, &err);
    code = st != STATUS_OK ? cli_fail(st, &err)
           : checking      ? check(&o, json)
                           : list_faces(&o, operands, n, json);
    outlook_close(&o);
    return code;
}
