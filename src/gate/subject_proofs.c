/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One entry of the ledger, shown to be one without the others: the way from its leaf up to the root
 * that a signed checkpoint names (RFC 9162, 2.1.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "photogate/checkpoint.h"
#include "subject_parts.h"

#define LEAVES_MAX_BYTES ((size_t)4 * 1024 * 1024 * 1024 - 1)

/* The tree as it is now, and the note that signs for it. */
struct tree {
    struct buffer leaves, note;
    struct digest root;
    int64_t size;
    int proofs, dpo; /* folders */
};

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while proving entries of the ledger");
}

static json_t *hex_list(struct bytes path)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i + DIGEST_BYTES <= path.n; i += DIGEST_BYTES) {
        struct digest d;
        char hex[DIGEST_HEX_BYTES];
        memcpy(d.b, path.at + i, DIGEST_BYTES);
        if (json_array_append_new(list, json_string(digest_hex(&d, hex))) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static enum status write_json(int dir, int64_t seq, const json_t *value, struct err *err)
{
    char name[48];
    char *text = json_dumps(value, JSON_INDENT(1) | JSON_SORT_KEYS);
    if (!text) {
        return no_memory(err);
    }
    (void)snprintf(name, sizeof name, "entry-%lld.json", (long long)seq);
    enum status st =
        file_replace(dir, name, (struct bytes){(const uint8_t *)text, strlen(text)}, 0600, err);
    free(text);
    return st;
}

/* The entry as its leaf has it, seq and all. */
static enum status read_entry(struct home *home, int64_t seq, json_t **out, struct err *err)
{
    struct entry e;
    bool found = false;
    enum status st = ledger_entry(home->ledger, seq, &e, &found, err);
    if (st == STATUS_OK && !found) {
        st = err_set(err, STATUS_BROKEN, "ledger entry %lld is missing", (long long)seq);
    }
    if (st == STATUS_OK) {
        *out = json_pack("{s:O, s:s, s:I, s:s}", "body", e.body, "kind", entry_kind_name(e.kind),
                         "seq", (json_int_t)seq, "time", e.time);
        st = *out ? STATUS_OK : no_memory(err);
        entry_release(&e);
    }
    return st;
}

static enum status prove(struct home *home, const struct tree *t, const struct subject_entry *e,
                         struct err *err)
{
    struct buffer path;
    struct digest leaf;
    json_t *entry = NULL, *proof = NULL;
    char leaf_hex[DIGEST_HEX_BYTES], root_hex[DIGEST_HEX_BYTES];
    size_t index = (size_t)e->seq - 1;
    buffer_init(&path, (size_t)64 * DIGEST_BYTES);
    enum status st = merkle_path(buffer_view(&t->leaves), index, &path, err);
    st = st == STATUS_OK ? read_entry(home, e->seq, &entry, err) : st;
    if (st == STATUS_OK) {
        memcpy(leaf.b, t->leaves.at + index * DIGEST_BYTES, DIGEST_BYTES);
        proof = json_pack("{s:s, s:I, s:I, s:o, s:s, s:s%}", "leaf", digest_hex(&leaf, leaf_hex),
                          "index", (json_int_t)index, "size", (json_int_t)t->size, "path",
                          hex_list(buffer_view(&path)), "root", digest_hex(&t->root, root_hex),
                          "checkpoint", (const char *)t->note.at, t->note.n);
        st = proof ? STATUS_OK : no_memory(err);
    }
    if (st == STATUS_OK && !e->others) {
        st = json_object_set(proof, "entry", entry) == 0 ? STATUS_OK : no_memory(err);
    } else if (st == STATUS_OK) {
        st = write_json(t->dpo, e->seq, entry, err);
    }
    st = st == STATUS_OK ? write_json(t->proofs, e->seq, proof, err) : st;
    json_decref(entry);
    json_decref(proof);
    buffer_release(&path);
    return st;
}

static enum status read_tree(struct home *home, struct tree *t, struct err *err)
{
    struct entry head;
    bool found = false;
    enum status st = ledger_head(home->ledger, &head, &found, err);
    if (st == STATUS_OK && !found) {
        st = err_set(err, STATUS_FORMAT, "the ledger is empty");
    }
    if (st == STATUS_OK) {
        t->size = head.seq;
        entry_release(&head);
        st = ledger_leaves(home->ledger, t->size, &t->leaves, err);
    }
    st = st == STATUS_OK ? merkle_root(buffer_view(&t->leaves), &t->root, err) : st;
    return st == STATUS_OK ? checkpoint_sign(home->fd, home->ledger, &t->note, err) : st;
}

enum status subject_proofs_write(struct home *home, const struct subject *s, int dir, int64_t *size,
                                 struct err *err)
{
    struct tree t = {.proofs = -1, .dpo = -1};
    char vkey[CHECKPOINT_VKEY_BYTES + 1];
    buffer_init(&t.leaves, LEAVES_MAX_BYTES);
    buffer_init(&t.note, CHECKPOINT_MAX_BYTES);
    enum status st = read_tree(home, &t, err);
    st = st == STATUS_OK ? checkpoint_vkey(home->fd, home->ledger, vkey, err) : st;
    if (st == STATUS_OK) {
        size_t n = strlen(vkey);
        vkey[n] = '\n';
        st = file_replace(dir, "verifier-key.txt", (struct bytes){(const uint8_t *)vkey, n + 1},
                          0600, err);
    }
    st =
        st == STATUS_OK ? file_replace(dir, "checkpoint.txt", buffer_view(&t.note), 0600, err) : st;
    st = st == STATUS_OK ? folder_open(dir, "proofs", 0700, &t.proofs, err) : st;
    st = st == STATUS_OK ? folder_open(dir, "dpo", 0700, &t.dpo, err) : st;
    for (size_t i = 0; st == STATUS_OK && i < s->n_entries; i++) {
        st = prove(home, &t, &s->entries[i], err);
    }
    if (t.proofs >= 0) {
        (void)close(t.proofs);
    }
    if (t.dpo >= 0) {
        (void)close(t.dpo);
    }
    *size = t.size;
    buffer_release(&t.leaves);
    buffer_release(&t.note);
    return st;
}
