/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source   C2SP signed-note (note, verifier key, key hash), tlog-checkpoint (origin, size, root,
 * extension lines); RFC 8032 (Ed25519); RFC 4648, 4 (base64) */
#include "photogate/checkpoint.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_db.h"

enum { SEED_BYTES = 32, PUBLIC_BYTES = 32, SIGNATURE_BYTES = 64, KEY_HASH_BYTES = 4 };
enum { SIGNED_BYTES = KEY_HASH_BYTES + SIGNATURE_BYTES, MAX_BASE64 = 256 };
enum { ALGORITHM_ED25519 = 0x01 };
#define KEY_NAME "checkpoint.key"
#define EM_DASH "\xE2\x80\x94"

/* A public key and the name it signs under. */
struct verifier {
    char name[CHECKPOINT_NAME_BYTES];
    uint8_t key[PUBLIC_BYTES];
    uint8_t hash[KEY_HASH_BYTES];
};

static enum status crypto_failed(struct err *err)
{
    return err_set(err, STATUS_LIBRARY, "libcrypto could not sign or check a checkpoint");
}

/* ---- base64 ------------------------------------------------------------------------------------
 */

static void to_base64(const uint8_t *at, int n, char out[MAX_BASE64])
{
    (void)EVP_EncodeBlock((unsigned char *)out, at, n);
}

/* Exactly `want` bytes, written in the one way there is. */
static bool from_base64(struct text t, uint8_t *out, int want)
{
    uint8_t room[MAX_BASE64];
    char again[MAX_BASE64];
    if (t.n == 0 || t.n % 4 != 0 || t.n >= MAX_BASE64 ||
        EVP_DecodeBlock(room, (const unsigned char *)t.at, (int)t.n) < want) {
        return false;
    }
    to_base64(room, want, again);
    if (!text_equal(t, text_of(again))) {
        return false;
    }
    memcpy(out, room, (size_t)want);
    return true;
}

/* ---- keys --------------------------------------------------------------------------------------
 */

enum status checkpoint_key_make(int folder, struct err *err)
{
    uint8_t seed[SEED_BYTES];
    bool made = false;
    enum status st = key_file_make(folder, KEY_NAME, seed, &made, err);
    explicit_bzero(seed, sizeof seed);
    return st;
}

/* The key pair; EVP_PKEY_free. */
static enum status read_pair(int folder, EVP_PKEY **out, struct err *err)
{
    uint8_t seed[SEED_BYTES];
    enum status st = key_file_read(folder, KEY_NAME, true, seed, err);
    if (st == STATUS_OK) {
        *out = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
        st = *out ? st : crypto_failed(err);
    }
    explicit_bzero(seed, sizeof seed);
    return st;
}

/* C2SP signed-note: SHA-256(name || 0x0A || 0x01 || key), first four bytes. */
static enum status hash_key(struct verifier *v, struct err *err)
{
    struct buffer b;
    struct digest d;
    buffer_init(&b, 1024);
    buffer_add_cstr(&b, v->name);
    buffer_add_byte(&b, '\n');
    buffer_add_byte(&b, ALGORITHM_ED25519);
    buffer_add(&b, v->key, sizeof v->key);
    enum status st = buffer_status(&b, err);
    st = st == STATUS_OK ? digest_of(buffer_view(&b), &d, err) : st;
    if (st == STATUS_OK) {
        memcpy(v->hash, d.b, sizeof v->hash);
    }
    buffer_release(&b);
    return st;
}

static enum status name_ledger(struct ledger *l, char out[CHECKPOINT_NAME_BYTES],
                               struct entry *founded, struct err *err)
{
    bool found = false;
    char hex[DIGEST_HEX_BYTES];
    enum status st = ledger_entry(l, 1, founded, &found, err);
    if (st == STATUS_OK && !found) {
        st = err_set(err, STATUS_FORMAT, "the ledger is empty");
    }
    if (st == STATUS_OK) {
        (void)snprintf(out, CHECKPOINT_NAME_BYTES, "photogate-%.16s",
                       digest_hex(&founded->digest, hex));
    }
    return st;
}

/* Of the school's own key. The founding entry, where it names a key, must name this one. */
static enum status own_verifier(EVP_PKEY *pair, struct ledger *l, struct verifier *v,
                                struct err *err)
{
    struct entry founded = {0};
    size_t n = sizeof v->key;
    char base64[MAX_BASE64];
    const char *named = NULL;
    enum status st = name_ledger(l, v->name, &founded, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (EVP_PKEY_get_raw_public_key(pair, v->key, &n) != 1 || n != sizeof v->key) {
        st = crypto_failed(err);
        goto out;
    }
    to_base64(v->key, sizeof v->key, base64);
    named = json_string_value(json_object_get(founded.body, "checkpoint_key"));
    if (named && strcmp(named, base64) != 0) {
        st = err_set(err, STATUS_BROKEN,
                     KEY_NAME " is not the key that this ledger was founded with");
        goto out;
    }
    st = hash_key(v, err);
out:
    entry_release(&founded);
    return st;
}

enum status checkpoint_public(int folder, char out[CHECKPOINT_PUBLIC_BYTES], struct err *err)
{
    EVP_PKEY *pair = NULL;
    uint8_t key[PUBLIC_BYTES];
    char base64[MAX_BASE64];
    size_t n = sizeof key;
    enum status st = read_pair(folder, &pair, err);
    if (st == STATUS_OK && EVP_PKEY_get_raw_public_key(pair, key, &n) != 1) {
        st = crypto_failed(err);
    }
    if (st == STATUS_OK) {
        to_base64(key, sizeof key, base64);
        (void)snprintf(out, CHECKPOINT_PUBLIC_BYTES, "%.44s", base64);
    }
    EVP_PKEY_free(pair);
    return st;
}

enum status checkpoint_vkey(int folder, struct ledger *l, char out[CHECKPOINT_VKEY_BYTES],
                            struct err *err)
{
    EVP_PKEY *pair = NULL;
    struct verifier v = {0};
    enum status st = read_pair(folder, &pair, err);
    st = st == STATUS_OK ? own_verifier(pair, l, &v, err) : st;
    if (st == STATUS_OK) {
        uint8_t typed[1 + PUBLIC_BYTES] = {ALGORITHM_ED25519};
        char base64[MAX_BASE64];
        memcpy(typed + 1, v.key, sizeof v.key);
        to_base64(typed, sizeof typed, base64);
        (void)snprintf(out, CHECKPOINT_VKEY_BYTES, "%s+%02x%02x%02x%02x+%.44s", v.name, v.hash[0],
                       v.hash[1], v.hash[2], v.hash[3], base64);
    }
    EVP_PKEY_free(pair);
    return st;
}

/* NAME+HASH+KEY, and the hash must be that of the other two. */
static enum status parse_vkey(struct text t, struct verifier *v, struct err *err)
{
    struct text hash, key;
    struct text name = text_cut(text_trim(t), '+', &hash);
    uint8_t typed[1 + PUBLIC_BYTES];
    char written[2 * KEY_HASH_BYTES + 1];
    hash = text_cut(hash, '+', &key);
    enum status st = STATUS_FORMAT;
    if (name.n && name.n < sizeof v->name && from_base64(key, typed, sizeof typed) &&
        typed[0] == ALGORITHM_ED25519) {
        memcpy(v->name, name.at, name.n);
        v->name[name.n] = '\0';
        memcpy(v->key, typed + 1, sizeof v->key);
        st = hash_key(v, err);
    }
    if (st == STATUS_OK) {
        (void)snprintf(written, sizeof written, "%02x%02x%02x%02x", v->hash[0], v->hash[1],
                       v->hash[2], v->hash[3]);
        st = text_equal(hash, text_of(written)) ? st : STATUS_FORMAT;
    }
    return st == STATUS_FORMAT
               ? err_set(err, st,
                         "the verifier key is not one (NAME+HASH+KEY, as 'photogate "
                         "checkpoint --key' prints it)")
               : st;
}

/* ---- the tree ----------------------------------------------------------------------------------
 */

static enum status add_leaf(struct ledger *l, const struct row *r, struct buffer *out,
                            struct err *err)
{
    struct buffer *b = &l->chain;
    struct digest leaf;
    buffer_reset(b);
    buffer_add_byte(b, 0x00);
    buffer_add_cstr(b, "{\"body\":");
    buffer_add(b, r->body.at, r->body.n);
    buffer_format(b, ",\"kind\":\"%.*s\",\"seq\":%lld,\"time\":\"%.*s\"}", TEXT_ARG(r->kind),
                  (long long)r->seq, TEXT_ARG(r->time));
    enum status st = buffer_status(b, err);
    st = st == STATUS_OK ? digest_of(buffer_view(b), &leaf, err) : st;
    if (st == STATUS_OK) {
        buffer_add(out, leaf.b, sizeof leaf.b);
        st = buffer_status(out, err);
    }
    return st;
}

enum status ledger_leaves(struct ledger *l, int64_t n, struct buffer *out, struct err *err)
{
    sqlite3_stmt *q = NULL;
    int64_t read = 0;
    int rc = SQLITE_DONE;
    enum status st = ledger_prepare(
        l->db, "SELECT " ENTRY_COLUMNS("") " FROM entry NOT INDEXED WHERE seq <= ?1 ORDER BY seq",
        &q, err);
    if (st == STATUS_OK) {
        (void)sqlite3_bind_int64(q, 1, n);
    }
    while (st == STATUS_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        struct row row = row_at(q);
        st = add_leaf(l, &row, out, err);
        read++;
    }
    if (st == STATUS_OK && rc != SQLITE_DONE) {
        st = ledger_fail(l->db, rc, "reading its entries", err);
    }
    if (st == STATUS_OK && read != n) {
        st = err_set(err, STATUS_LIMIT, "the ledger has no %lld entries", (long long)n);
    }
    (void)sqlite3_finalize(q);
    return st;
}

/* The root over the first n entries, and the digest of the n-th. */
static enum status measure(struct ledger *l, int64_t n, struct digest *root, struct digest *head,
                           struct err *err)
{
    struct buffer leaves;
    struct entry last;
    bool found = false;
    buffer_init(&leaves, (size_t)INT32_MAX * DIGEST_BYTES);
    enum status st = ledger_leaves(l, n, &leaves, err);
    st = st == STATUS_OK ? merkle_root(buffer_view(&leaves), root, err) : st;
    st = st == STATUS_OK ? ledger_entry(l, n, &last, &found, err) : st;
    if (st == STATUS_OK && found) {
        *head = last.digest;
        entry_release(&last);
    }
    buffer_release(&leaves);
    return st;
}

/* ---- signing -----------------------------------------------------------------------------------
 */

static enum status sign(EVP_PKEY *pair, const struct verifier *v, struct buffer *out,
                        struct err *err)
{
    uint8_t both[SIGNED_BYTES];
    size_t n = SIGNATURE_BYTES;
    char base64[MAX_BASE64];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    memcpy(both, v->hash, sizeof v->hash);
    bool fine = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, pair) == 1 &&
                EVP_DigestSign(ctx, both + KEY_HASH_BYTES, &n, out->at, out->n) == 1 &&
                n == SIGNATURE_BYTES;
    EVP_MD_CTX_free(ctx);
    if (!fine) {
        return crypto_failed(err);
    }
    to_base64(both, sizeof both, base64);
    buffer_format(out, "\n" EM_DASH " %s %s\n", v->name, base64);
    return buffer_status(out, err);
}

enum status checkpoint_sign(int folder, struct ledger *l, struct buffer *out, struct err *err)
{
    EVP_PKEY *pair = NULL;
    struct verifier v = {0};
    struct entry last;
    struct digest root, head;
    bool found = false;
    char base64[MAX_BASE64], hex[DIGEST_HEX_BYTES];
    struct buffer note;
    buffer_init(&note, CHECKPOINT_MAX_BYTES);
    enum status st = read_pair(folder, &pair, err);
    st = st == STATUS_OK ? own_verifier(pair, l, &v, err) : st;
    st = st == STATUS_OK ? ledger_head(l, &last, &found, err) : st;
    if (st == STATUS_OK && found) {
        int64_t n = last.seq;
        entry_release(&last);
        st = measure(l, n, &root, &head, err);
        if (st == STATUS_OK) {
            to_base64(root.b, sizeof root.b, base64);
            buffer_format(&note, "%s\n%lld\n%s\nhead %s\n", v.name, (long long)n, base64,
                          digest_hex(&head, hex));
            st = buffer_status(&note, err);
        }
        st = st == STATUS_OK ? sign(pair, &v, &note, err) : st;
    }
    if (st == STATUS_OK) {
        buffer_add(out, note.at, note.n);
        st = buffer_status(out, err);
    }
    buffer_release(&note);
    EVP_PKEY_free(pair);
    return st;
}

/* ---- checking ----------------------------------------------------------------------------------
 */

/* A note taken apart. */
struct note {
    struct text body; /* what is signed: up to and with the last line end before the blank line */
    struct text origin, signatures;
    int64_t size;
    struct digest root, head;
};

static bool parse_note(struct text t, struct note *n)
{
    struct text rest, size, root, head;
    uint64_t number;
    const char *blank = t.n ? memmem(t.at, t.n, "\n\n", 2) : NULL;
    if (!blank || !text_is_utf8(t)) {
        return false;
    }
    n->body = (struct text){t.at, (size_t)(blank - t.at) + 1};
    n->signatures = text_slice(t, n->body.n + 1, t.n);
    n->origin = text_cut(n->body, '\n', &rest);
    size = text_cut(rest, '\n', &rest);
    root = text_cut(rest, '\n', &rest);
    head = text_cut(rest, '\n', &rest);
    n->size = text_to_number(size, INT32_MAX, &number) ? (int64_t)number : 0;
    return n->size > 0 && from_base64(root, n->root.b, DIGEST_BYTES) &&
           text_starts_with(head, TEXT("head ")) &&
           digest_from_hex(text_slice(head, 5, head.n), &n->head);
}

/* One good signature by this key under this name is enough; others are others' business. */
static bool is_signed(const struct note *n, const struct verifier *v)
{
    struct text rest = n->signatures;
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, v->key, sizeof v->key);
    bool good = false;
    while (key && !good && rest.n) {
        struct text line = text_cut(rest, '\n', &rest), encoded;
        uint8_t both[SIGNED_BYTES];
        if (!text_starts_with(line, TEXT(EM_DASH " "))) {
            continue;
        }
        struct text name = text_cut(text_slice(line, 4, line.n), ' ', &encoded);
        if (!text_equal(name, text_of(v->name)) || !from_base64(encoded, both, sizeof both) ||
            memcmp(both, v->hash, sizeof v->hash) != 0) {
            continue;
        }
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        good = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
               EVP_DigestVerify(ctx, both + KEY_HASH_BYTES, SIGNATURE_BYTES,
                                (const uint8_t *)n->body.at, n->body.n) == 1;
        EVP_MD_CTX_free(ctx);
    }
    EVP_PKEY_free(key);
    return good;
}

static void trouble(struct checkpoint_check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void trouble(struct checkpoint_check *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(c->trouble, sizeof c->trouble, format, args);
    va_end(args);
}

static enum status compare(struct ledger *l, const struct note *n, struct checkpoint_check *c,
                           struct err *err)
{
    struct entry last;
    struct digest root, head;
    bool found = false;
    enum status st = ledger_head(l, &last, &found, err);
    if (st != STATUS_OK) {
        return st;
    }
    int64_t size = found ? last.seq : 0;
    if (found) {
        entry_release(&last);
    }
    if (size < n->size) {
        trouble(c, "entries are missing at its end: it had %lld, it has %lld", (long long)n->size,
                (long long)size);
        return STATUS_OK;
    }
    st = measure(l, n->size, &root, &head, err);
    if (st == STATUS_OK && !(digest_equal(&root, &n->root) && digest_equal(&head, &n->head))) {
        trouble(c, "its first %lld entries are not those that were signed: it was made anew",
                (long long)n->size);
    }
    return st;
}

enum status checkpoint_verify(int folder, struct ledger *l, struct text note, struct text vkey,
                              struct checkpoint_check *out, struct err *err)
{
    EVP_PKEY *pair = NULL;
    struct verifier v = {0};
    struct note n = {0};
    struct checkpoint_check c = {0};
    char name[CHECKPOINT_NAME_BYTES];
    struct entry founded = {0};
    enum status st = STATUS_OK;
    if (!parse_note(note, &n)) {
        return err_set(err, STATUS_FORMAT, "not a checkpoint of a photogate ledger");
    }
    if (vkey.n) {
        st = parse_vkey(vkey, &v, err);
    } else {
        st = read_pair(folder, &pair, err);
        st = st == STATUS_OK ? own_verifier(pair, l, &v, err) : st;
    }
    st = st == STATUS_OK ? name_ledger(l, name, &founded, err) : st;
    if (st == STATUS_OK) {
        c.size = n.size;
        entry_release(&founded);
        if (!text_equal(n.origin, text_of(name))) {
            trouble(&c, "it is a checkpoint of another ledger (%.*s; this one is %s)",
                    (int)(n.origin.n < 40 ? n.origin.n : 40), n.origin.at, name);
        } else if (!is_signed(&n, &v)) {
            trouble(&c, "its signature is not that of the key %s", v.name);
        } else {
            st = compare(l, &n, &c, err);
        }
    }
    EVP_PKEY_free(pair);
    if (st == STATUS_OK) {
        c.holds = c.trouble[0] == '\0';
        *out = c;
    }
    return st;
}
