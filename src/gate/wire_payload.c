/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a frame. Integers are little-endian; a text is its length (32 bits) and its bytes;
 * a list is its count and its rows. A reader is sticky like a buffer: after the first thing out of
 * place it yields zeros, and the caller asks once at the end. */
#include "photogate/wire.h"

#include <string.h>

#include "photogate/limits.h"

struct reader {
    struct bytes left;
    struct arena *a;
    enum status failed;
};

static void put_u32(struct buffer *b, uint32_t v)
{
    uint8_t at[4];
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(v >> (8 * i));
    }
    buffer_add(b, at, sizeof at);
}

static void put_u64(struct buffer *b, uint64_t v)
{
    put_u32(b, (uint32_t)v);
    put_u32(b, (uint32_t)(v >> 32));
}

static void put_bytes(struct buffer *b, struct bytes v)
{
    put_u32(b, (uint32_t)v.n);
    buffer_add(b, v.at, v.n);
}

static void put_text(struct buffer *b, struct text t)
{
    put_bytes(b, (struct bytes){(const uint8_t *)t.at, t.n});
}

static void put_box(struct buffer *b, const struct box *x)
{
    put_u32(b, (uint32_t)x->x_ppm);
    put_u32(b, (uint32_t)x->y_ppm);
    put_u32(b, (uint32_t)x->w_ppm);
    put_u32(b, (uint32_t)x->h_ppm);
}

static void fail(struct reader *r, enum status st)
{
    if (r->failed == STATUS_OK) {
        r->failed = st;
    }
    r->left = (struct bytes){NULL, 0};
}

static uint32_t get_u32(struct reader *r)
{
    if (r->left.n < 4) {
        fail(r, STATUS_FORMAT);
        return 0;
    }
    const uint8_t *p = r->left.at;
    uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    r->left = bytes_slice(r->left, 4, r->left.n);
    return v;
}

static uint64_t get_u64(struct reader *r)
{
    uint64_t low = get_u32(r);
    return low | (uint64_t)get_u32(r) << 32;
}

/* An enum, or its zero (the unsafe answer) and a failure. */
static uint32_t get_enum(struct reader *r, uint32_t n_values)
{
    uint32_t v = get_u32(r);
    if (v >= n_values) {
        fail(r, STATUS_FORMAT);
        return 0;
    }
    return v;
}

static uint32_t get_count(struct reader *r, uint32_t max)
{
    uint32_t n = get_u32(r);
    if (n > max) {
        fail(r, STATUS_LIMIT);
        return 0;
    }
    return n;
}

/* Borrowed from the payload. */
static struct bytes get_bytes(struct reader *r, size_t max)
{
    uint32_t n = get_u32(r);
    if (n > max || n > r->left.n) {
        fail(r, n > max ? STATUS_LIMIT : STATUS_FORMAT);
        return (struct bytes){NULL, 0};
    }
    struct bytes v = bytes_slice(r->left, 0, n);
    r->left = bytes_slice(r->left, n, r->left.n);
    return v;
}

static struct text get_text(struct reader *r, size_t max)
{
    struct bytes v = get_bytes(r, max);
    struct text t = {(const char *)v.at, v.n}, copy = TEXT_NONE;
    if (!text_is_utf8(t)) {
        fail(r, STATUS_FORMAT);
    } else if (t.n && !arena_dup(r->a, t, &copy)) {
        fail(r, STATUS_NOMEM);
    }
    return copy;
}

/* One printable line: the only form in which an examiner's words are shown. */
static struct text get_line(struct reader *r)
{
    struct text t = get_text(r, sizeof((struct err *)0)->text);
    if (!text_is_printable(t)) {
        fail(r, STATUS_FORMAT);
    }
    return t;
}

static struct digest get_digest(struct reader *r)
{
    struct digest d = {{0}};
    if (r->left.n < sizeof d.b) {
        fail(r, STATUS_FORMAT);
        return d;
    }
    memcpy(d.b, r->left.at, sizeof d.b);
    r->left = bytes_slice(r->left, sizeof d.b, r->left.n);
    return d;
}

/* A rectangle may stand out of the picture by rounding only. */
static struct box get_box(struct reader *r)
{
    struct box x = {(int32_t)get_u32(r), (int32_t)get_u32(r), (int32_t)get_u32(r),
                    (int32_t)get_u32(r)};
    const int32_t whole = 1000000, slack = 10000;
    bool inside = x.x_ppm >= -slack && x.y_ppm >= -slack && x.w_ppm >= 0 && x.h_ppm >= 0 &&
                  x.w_ppm <= whole + slack && x.h_ppm <= whole + slack &&
                  x.x_ppm <= whole + slack && x.y_ppm <= whole + slack;
    if (!inside) {
        fail(r, STATUS_FORMAT);
        return (struct box){0, 0, 0, 0};
    }
    return x;
}

static void *get_rows(struct reader *r, uint32_t n, size_t size)
{
    void *rows = arena_alloc(r->a, n, size);
    if (!rows) {
        fail(r, STATUS_NOMEM);
    }
    return rows;
}

/* Nothing may be left over. */
static enum status finish(const struct reader *r, const char *what, struct err *err)
{
    if (r->failed != STATUS_OK) {
        return err_set(err, r->failed, "the examiner's %s makes no sense", what);
    }
    if (r->left.n) {
        return err_set(err, STATUS_FORMAT, "the examiner's %s has %zu bytes too many", what,
                       r->left.n);
    }
    return STATUS_OK;
}

void wire_put_readiness(struct buffer *out, const struct readiness *r)
{
    put_u32(out, r->confinement.landlock_abi);
    put_u32(out, r->confinement.seccomp);
    put_u64(out, r->confinement.address_bytes);
    put_u32(out, (uint32_t)r->assurance);
    put_text(out, r->detector);
}

enum status wire_get_readiness(struct bytes payload, struct arena *a, struct readiness *out,
                               struct err *err)
{
    struct reader r = {payload, a, STATUS_OK};
    struct readiness v = {0};
    v.confinement.landlock_abi = get_count(&r, 1000);
    v.confinement.seccomp = get_enum(&r, 2) == 1;
    v.confinement.address_bytes = get_u64(&r);
    v.assurance = (enum assurance)get_enum(&r, ASSURANCE_HIGH + 1);
    v.detector = get_line(&r);
    enum status st = finish(&r, "greeting", err);
    if (st == STATUS_OK) {
        *out = v;
    }
    return st;
}

void wire_put_evidence(struct buffer *out, const struct evidence *e)
{
    put_u32(out, (uint32_t)e->exam);
    put_text(out, e->exam_note);
    put_u32(out, (uint32_t)e->kind);
    buffer_add(out, e->digest.b, sizeof e->digest.b);
    put_u32(out, e->width_px);
    put_u32(out, e->height_px);
    put_u32(out, e->orientation);
    put_u32(out, (uint32_t)e->n_carriers);
    for (size_t i = 0; i < e->n_carriers; i++) {
        put_u32(out, (uint32_t)e->carriers[i].id);
        put_u32(out, (uint32_t)e->carriers[i].state);
        put_u32(out, e->carriers[i].size_bytes);
        put_text(out, e->carriers[i].note);
    }
    put_u32(out, (uint32_t)e->n_tags);
    for (size_t i = 0; i < e->n_tags; i++) {
        put_u32(out, (uint32_t)e->tags[i].kind);
        put_u32(out, (uint32_t)e->tags[i].carrier);
        put_text(out, e->tags[i].name);
        put_u32(out, e->tags[i].has_box);
        put_box(out, &e->tags[i].box);
    }
    put_u32(out, (uint32_t)e->n_texts);
    for (size_t i = 0; i < e->n_texts; i++) {
        put_u32(out, (uint32_t)e->texts[i].carrier);
        put_text(out, e->texts[i].text);
    }
    put_u32(out, (uint32_t)e->n_facts);
    for (size_t i = 0; i < e->n_facts; i++) {
        put_u32(out, (uint32_t)e->facts[i].id);
        put_u32(out, (uint32_t)e->facts[i].carrier);
        put_text(out, e->facts[i].value);
    }
    put_text(out, e->own_caption);
    put_u32(out, (uint32_t)e->own_caption_carrier);
    put_text(out, e->creator);
    put_text(out, e->copyright);
    put_u32(out, (uint32_t)e->faces_looked_for);
    put_u32(out, (uint32_t)e->n_faces);
    for (size_t i = 0; i < e->n_faces; i++) {
        put_box(out, &e->faces[i].box);
        put_u32(out, e->faces[i].score_ppm);
    }
    put_u32(out, (uint32_t)e->likeness.known);
    for (size_t i = 0; i < sizeof e->likeness.fields / sizeof e->likeness.fields[0]; i++) {
        put_u64(out, e->likeness.fields[i]);
    }
    put_bytes(out, e->preview);
}

static void get_carriers(struct reader *r, struct evidence *e)
{
    uint32_t n = get_count(r, MAX_CARRIERS);
    struct carrier *rows = get_rows(r, n, sizeof *rows);
    for (uint32_t i = 0; r->failed == STATUS_OK && i < n; i++) {
        rows[i].id = (enum carrier_id)get_enum(r, N_CARRIERS);
        rows[i].state = (enum carrier_state)get_enum(r, CARRIER_DROPPED + 1);
        rows[i].size_bytes = get_u32(r);
        rows[i].note = get_line(r);
    }
    e->carriers = rows;
    e->n_carriers = n;
}

static void get_tags(struct reader *r, struct evidence *e)
{
    uint32_t n = get_count(r, MAX_TAGS);
    struct tag *rows = get_rows(r, n, sizeof *rows);
    for (uint32_t i = 0; r->failed == STATUS_OK && i < n; i++) {
        /* what a person states, only the gate reads */
        rows[i].kind = (enum tag_kind)get_enum(r, TAG_STATED);
        rows[i].carrier = (enum carrier_id)get_enum(r, CARRIER_MANIFEST);
        rows[i].name = get_text(r, MAX_TAG_BYTES);
        rows[i].has_box = get_enum(r, 2) == 1;
        rows[i].box = get_box(r);
        rows[i].person = NO_PERSON;
    }
    e->tags = rows;
    e->n_tags = n;
}

static void get_texts(struct reader *r, struct evidence *e)
{
    uint32_t n = get_count(r, MAX_TEXTS);
    struct found_text *rows = get_rows(r, n, sizeof *rows);
    for (uint32_t i = 0; r->failed == STATUS_OK && i < n; i++) {
        rows[i].carrier = (enum carrier_id)get_enum(r, N_CARRIERS);
        rows[i].text = get_text(r, MAX_TEXT_BYTES);
    }
    e->texts = rows;
    e->n_texts = n;
}

static void get_facts(struct reader *r, struct evidence *e)
{
    uint32_t n = get_count(r, MAX_FACTS_FOUND);
    struct found_fact *rows = get_rows(r, n, sizeof *rows);
    for (uint32_t i = 0; r->failed == STATUS_OK && i < n; i++) {
        rows[i].id = (enum fact_id)get_enum(r, N_FACTS);
        rows[i].carrier = (enum carrier_id)get_enum(r, N_CARRIERS);
        rows[i].value = get_text(r, MAX_FACT_BYTES);
        if (!text_is_printable(rows[i].value)) {
            fail(r, STATUS_FORMAT);
        }
    }
    e->facts = rows;
    e->n_facts = n;
}

static void get_faces(struct reader *r, struct evidence *e)
{
    e->faces_looked_for = (enum known)get_enum(r, KNOWN_YES + 1);
    uint32_t n = get_count(r, MAX_FACES);
    struct face *rows = get_rows(r, n, sizeof *rows);
    for (uint32_t i = 0; r->failed == STATUS_OK && i < n; i++) {
        rows[i].box = get_box(r);
        rows[i].score_ppm = get_count(r, 1000000);
    }
    e->faces = rows;
    e->n_faces = n;
}

enum status wire_get_evidence(struct bytes payload, struct arena *a, struct evidence *e,
                              struct err *err)
{
    struct reader r = {payload, a, STATUS_OK};
    struct evidence v = *e; /* what the intake wrote stays */
    v.exam = (enum exam)get_enum(&r, N_EXAMS);
    v.exam_note = get_line(&r);
    v.kind = (enum file_kind)get_enum(&r, N_FILE_KINDS);
    v.digest = get_digest(&r);
    v.width_px = get_u32(&r);
    v.height_px = get_u32(&r);
    v.orientation = get_count(&r, 8);
    get_carriers(&r, &v);
    get_tags(&r, &v);
    get_texts(&r, &v);
    get_facts(&r, &v);
    v.own_caption = get_text(&r, MAX_TEXT_BYTES);
    v.own_caption_carrier = (enum carrier_id)get_enum(&r, N_CARRIERS);
    v.creator = get_text(&r, MAX_TEXT_BYTES);
    v.copyright = get_text(&r, MAX_TEXT_BYTES);
    get_faces(&r, &v);
    v.likeness.known = (enum known)get_enum(&r, KNOWN_YES + 1);
    for (size_t i = 0; i < sizeof v.likeness.fields / sizeof v.likeness.fields[0]; i++) {
        v.likeness.fields[i] = get_u64(&r);
    }
    v.preview = get_bytes(&r, MAX_PREVIEW_BYTES);
    enum status st = finish(&r, "evidence", err);
    if (st == STATUS_OK) {
        *e = v;
    }
    return st;
}

static struct text get_raw(struct reader *r, size_t max)
{
    struct bytes v = get_bytes(r, max);
    struct text copy = TEXT_NONE;
    if (v.n && !arena_dup(r->a, (struct text){(const char *)v.at, v.n}, &copy)) {
        fail(r, STATUS_NOMEM);
    }
    return copy;
}

void wire_put_companions(struct buffer *out, const struct sidecar *beside, size_t n)
{
    put_u32(out, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        put_u32(out, (uint32_t)beside[i].kind);
        put_text(out, beside[i].name);
        put_text(out, beside[i].siblings);
    }
}

enum status wire_get_companions(struct bytes payload, struct arena *a,
                                struct sidecar out[MAX_SIDECARS], size_t *n, struct err *err)
{
    struct reader r = {payload, a, STATUS_OK};
    size_t count = get_count(&r, MAX_SIDECARS);
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct sidecar){.kind = (enum companion_kind)get_enum(&r, N_COMPANION_KINDS)};
        /* names may be any bytes */
        out[i].name = get_raw(&r, MAX_COMPANION_NAME_BYTES);
        out[i].siblings = get_raw(&r, MAX_SIBLINGS_BYTES);
    }
    enum status st = finish(&r, "request", err);
    if (st == STATUS_OK) {
        *n = count;
    }
    return st;
}

void wire_put_wishes(struct buffer *out, const struct release_wishes *w, const struct cover *cover)
{
    put_u32(out, w->max_edge_px);
    put_u32(out, w->jpeg_quality);
    put_u32(out, (uint32_t)cover->n);
    for (size_t i = 0; i < cover->n; i++) {
        put_box(out, &cover->boxes[i]);
    }
}

static void get_cover(struct reader *r, struct cover *out)
{
    uint32_t n = get_count(r, MAX_COVERED);
    struct box *boxes = get_rows(r, n, sizeof *boxes);
    for (uint32_t i = 0; r->failed == STATUS_OK && i < n; i++) {
        boxes[i] = get_box(r);
    }
    *out = (struct cover){boxes, n};
}

enum status wire_get_wishes(struct bytes payload, struct arena *a, struct release_wishes *out,
                            struct cover *cover, struct err *err)
{
    struct reader r = {payload, a, STATUS_OK};
    struct cover c;
    struct release_wishes w = {0, 0};
    w.max_edge_px = get_count(&r, MAX_RELEASE_EDGE_PX);
    w.jpeg_quality = get_count(&r, MAX_JPEG_QUALITY);
    if (w.jpeg_quality && w.jpeg_quality < MIN_JPEG_QUALITY) {
        fail(&r, STATUS_LIMIT);
    }
    get_cover(&r, &c);
    enum status st = finish(&r, "request", err);
    if (st == STATUS_OK) {
        *out = w;
        *cover = c;
    }
    return st;
}

void wire_put_proof(struct buffer *out, const struct proof *p)
{
    buffer_add(out, p->release_digest.b, sizeof p->release_digest.b);
    put_u32(out, p->width_px);
    put_u32(out, p->height_px);
    put_u32(out, (uint32_t)p->kind);
    put_u32(out, p->trimmed_right_px);
    put_u32(out, p->trimmed_bottom_px);
    put_u32(out, (uint32_t)p->same_picture);
    put_u32(out, p->n_covered);
}

enum status wire_get_proof(struct bytes payload, struct proof *out, struct err *err)
{
    struct reader r = {payload, NULL, STATUS_OK};
    struct proof p = {0};
    p.release_digest = get_digest(&r);
    p.width_px = get_u32(&r);
    p.height_px = get_u32(&r);
    p.kind = (enum file_kind)get_enum(&r, N_FILE_KINDS);
    p.trimmed_right_px = get_count(&r, 64);
    p.trimmed_bottom_px = get_count(&r, 64);
    p.same_picture = (enum known)get_enum(&r, KNOWN_YES + 1);
    p.n_covered = get_count(&r, MAX_COVERED);
    enum status st = finish(&r, "proof", err);
    if (st == STATUS_OK) {
        *out = p;
    }
    return st;
}

void wire_put_failure(struct buffer *out, enum status status, struct text words)
{
    put_u32(out, (uint32_t)status);
    put_text(out, words);
}

enum status wire_get_failure(struct bytes payload, enum status *status, struct err *words,
                             struct err *err)
{
    struct reader r = {payload, NULL, STATUS_OK};
    uint32_t value = get_enum(&r, STATUS_USAGE + 1);
    struct bytes said = get_bytes(&r, sizeof words->text - 1);
    struct text t = {(const char *)said.at, said.n};
    if (!text_is_printable(t) || value == STATUS_OK) {
        fail(&r, STATUS_FORMAT);
    }
    enum status st = finish(&r, "complaint", err);
    if (st == STATUS_OK) {
        *status = (enum status)value;
        err_clear(words);
        (void)err_set(words, *status, "%.*s", TEXT_ARG(t));
    }
    return st;
}
